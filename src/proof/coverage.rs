//! The cases every check must have (LANGUAGE §7), and which of them it lacks.

use std::collections::BTreeSet;

use super::case::CaseRun;
use super::{codes, compare};
use crate::model::{Check, Control, NotTested, Outcome};
use crate::text::{Diagnostic, Text};

/// One diagnostic for each check that lacks a case, saying which.
pub(super) fn lacking(control: &Control, runs: &[CaseRun<'_>]) -> Vec<Diagnostic> {
    control.checks.iter().filter_map(|check| lacks(control, check, runs)).collect()
}

fn lacks(control: &Control, check: &Check, runs: &[CaseRun<'_>]) -> Option<Diagnostic> {
    let shown = |admits: &dyn Fn(Outcome) -> bool| {
        runs.iter().any(|run| {
            let outcome = run.outcomes.get(&check.id);
            let expectations = run.case.expect.iter().filter(|expectation| expectation.check == check.id);
            outcome.is_some_and(|outcome| {
                admits(outcome.outcome)
                    && expectations.into_iter().any(|expectation| compare::holds(expectation, outcome))
            })
        })
    };
    let mut zh = Vec::new();
    let mut en = Vec::new();
    if !shown(&|outcome| outcome == Outcome::Satisfied) {
        zh.push("符合的用例".to_owned());
        en.push("a case that satisfies it".to_owned());
    }
    if !shown(&|outcome| matches!(outcome, Outcome::NotSatisfied | Outcome::Partial)) {
        zh.push("不符合的用例".to_owned());
        en.push("a case that fails it".to_owned());
    }
    let reads_evidence = runs.iter().any(|run| run.nulls.get(&check.id).is_some_and(|columns| !columns.is_empty()));
    if reads_evidence && !shown(&|outcome| outcome == Outcome::NotTested(NotTested::EvidenceMissing)) {
        zh.push("缺少证据的用例".to_owned());
        en.push("a case with its evidence missing".to_owned());
    }
    let mut without: BTreeSet<&str> = BTreeSet::new();
    let mut with: BTreeSet<&str> = BTreeSet::new();
    for run in runs {
        let expected = run.case.expect.iter().any(|expectation| expectation.check == check.id);
        for (column, null) in run.nulls.get(&check.id).into_iter().flatten() {
            if *null && expected {
                with.insert(column)
            } else {
                without.insert(column)
            };
        }
    }
    let never: Vec<&str> = without.difference(&with).copied().collect();
    if !never.is_empty() {
        zh.push(format!("这些列为空的用例：{}", never.join("、")));
        en.push(format!("a case with a null in {}", never.join(", ")));
    }
    if zh.is_empty() {
        return None;
    }
    let message =
        Text::new(format!("{} 缺少{}", check.id, zh.join("；")), format!("{} lacks {}", check.id, en.join("; ")));
    let help = Text::new(
        format!("在 `tests/{family}/{id}.yaml` 补上用例", family = control.family, id = control.id),
        format!("add the cases to `tests/{family}/{id}.yaml`", family = control.family, id = control.id),
    );
    Some(Diagnostic::new(&codes::TEST_COVERAGE, message).at_place(check.place.whole()).help(help))
}
