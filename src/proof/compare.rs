//! What a case demands against what it gave.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::case::CaseRun;
use super::{Failure, codes};
use crate::model::{CheckOutcome, Finding, NotTested, Outcome};
use crate::policy::{Expectation, ExpectedOutcome};
use crate::text::{Diagnostic, Text};

/// One line of what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `outcome`, `population`, `findings` …
    pub what: &'static str,
    /// What the case demands.
    pub expected: String,
    /// What the check gave.
    pub found: Text,
}

/// Every expectation of a case that does not hold.
pub(super) fn compare(run: &CaseRun<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for expectation in &run.case.expect {
        // A check the control does not have is reported once, elsewhere.
        let Some(outcome) = run.outcomes.get(&expectation.check) else { continue };
        let mut differences = differ(expectation, outcome);
        if differences.is_empty() {
            continue;
        }
        if outcome.outcome == Outcome::NotTested(NotTested::Error) {
            differences.extend(run.faults.iter().map(|fault| Difference {
                what: "fault",
                expected: String::new(),
                found: fault.clone(),
            }));
        }
        let (case, check) = (&run.case.name.text, &expectation.check);
        let message = Text::new(
            format!("用例“{case}”：{check} 的结果与期望不同"),
            format!("case `{case}`: {check} gives another result than expected"),
        );
        let diagnostic = Diagnostic::new(&codes::TEST_FAILED, message)
            .at_place(expectation.place.whole())
            .label(Text::new("这里的期望没有成立", "this expectation does not hold"))
            .help(Text::new("改正控制点，或改正用例的期望", "correct the control, or what the case expects"));
        failures.push(Failure { diagnostic, differences });
    }
    failures
}

/// Whether the outcome is what the expectation demands, in every respect it names.
pub(super) fn holds(expectation: &Expectation, outcome: &CheckOutcome) -> bool {
    differ(expectation, outcome).is_empty()
}

fn differ(expectation: &Expectation, outcome: &CheckOutcome) -> Vec<Difference> {
    let mut differences = Vec::new();
    if !expectation.outcome.admits(outcome.outcome) {
        let mut found = Text::same(word(outcome.outcome));
        if let Some(detail) = &outcome.detail {
            let _ = (write!(found.zh, "（{}）", detail.zh), write!(found.en, " ({})", detail.en));
        }
        differences.push(Difference { what: "outcome", expected: expected_word(expectation.outcome), found });
    }
    let counts = [
        ("population", expectation.population, outcome.population),
        ("conforming", expectation.conforming, outcome.conforming),
        ("undecided", expectation.excluded, outcome.excluded_undecided),
    ];
    for (what, expected, found) in counts {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            differences.push(Difference { what, expected: expected.to_string(), found: Text::same(found.to_string()) });
        }
    }
    if let Some(expected) = &expectation.findings {
        findings(expected, &outcome.findings, outcome.findings_total, &mut differences);
    }
    differences
}

fn findings(expected: &[BTreeMap<String, String>], found: &[Finding], total: u64, differences: &mut Vec<Difference>) {
    // Each demanded finding takes one that is there. Demands may be subsets of one another, so the pairing is a
    // matching, found by augmenting paths; tests are small.
    let fits: Vec<Vec<usize>> = expected
        .iter()
        .map(|wanted| {
            (0..found.len()).filter(|at| found.get(*at).is_some_and(|finding| matches(wanted, finding))).collect()
        })
        .collect();
    let mut taken: Vec<Option<usize>> = vec![None; found.len()];
    let mut unmatched = Vec::new();
    for demand in 0..expected.len() {
        let mut seen = vec![false; found.len()];
        if !augment(demand, &fits, &mut taken, &mut seen) {
            unmatched.push(demand);
        }
    }
    for demand in unmatched {
        let wanted = expected.get(demand).map(show_wanted).unwrap_or_default();
        differences.push(Difference { what: "finding", expected: wanted, found: Text::same("—") });
    }
    for (at, _) in taken.iter().enumerate().filter(|(_, demand)| demand.is_none()) {
        let extra = found.get(at).map(show_found).unwrap_or_default();
        differences.push(Difference { what: "finding", expected: "—".to_owned(), found: extra });
    }
    let listed = u64::try_from(found.len()).unwrap_or(u64::MAX);
    if total > listed {
        let rest = total - listed;
        let more = Text::new(format!("另有 {rest} 项未列出"), format!("{rest} more, not listed"));
        differences.push(Difference { what: "finding", expected: "—".to_owned(), found: more });
    }
}

fn augment(demand: usize, fits: &[Vec<usize>], taken: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for at in fits.get(demand).into_iter().flatten().copied() {
        match seen.get_mut(at) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let free = match taken.get(at).copied().flatten() {
            None => true,
            Some(other) => augment(other, fits, taken, seen),
        };
        if free {
            if let Some(slot) = taken.get_mut(at) {
                *slot = Some(demand);
            }
            return true;
        }
    }
    false
}

/// Whether a finding has every demanded value, in its key or among its values.
fn matches(wanted: &BTreeMap<String, String>, finding: &Finding) -> bool {
    wanted.iter().all(|(name, value)| {
        let in_key = finding.key.iter().any(|(key, text)| key == name && text == value);
        let reason = name == "reason" && reason_word(finding) == *value;
        in_key || reason || lookup(&finding.values, name).is_some_and(|found| text(found) == *value)
    })
}

fn lookup<'a>(values: &'a serde_json::Value, name: &str) -> Option<&'a serde_json::Value> {
    name.split('.').try_fold(values, |value, part| value.get(part))
}

fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn reason_word(finding: &Finding) -> String {
    serde_json::to_value(finding.reason).ok().map(|value| text(&value)).unwrap_or_default()
}

fn show_wanted(wanted: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = wanted.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn show_found(finding: &Finding) -> Text {
    let pairs: Vec<String> = finding.key.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let start = format!("{{{}}} {} — ", pairs.join(", "), reason_word(finding));
    Text::new(format!("{start}{}", finding.text.zh), format!("{start}{}", finding.text.en))
}

fn expected_word(expected: ExpectedOutcome) -> String {
    match expected {
        ExpectedOutcome::Is(outcome) => word(outcome),
        ExpectedOutcome::NotTested => "not_tested".to_owned(),
    }
}

fn word(outcome: Outcome) -> String {
    match outcome {
        Outcome::NotTested(reason) => {
            let reason = serde_json::to_value(reason).ok().map(|value| text(&value)).unwrap_or_default();
            format!("not_tested: {reason}")
        }
        other => other.word().to_owned(),
    }
}
