//! From what planning and running gave to the [`Input`] of an assessment.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence_files;
use super::input::{Applies, CheckFault, CheckInput, ControlInput, Input, WHOLE};
use crate::engine::plan::{self, Plan};
use crate::engine::{Planned, RunOutcome};
use crate::evidence::Index;
use crate::model::{Assessment, CheckId, Control, ControlId, Metadata, Unselected};
use crate::policy::Pack;
use crate::text::{Diagnostic, Text};

/// One run of the engine, with everything it was run on.
#[derive(Debug)]
pub struct Run<'a> {
    /// The metadata block, as [`Input::metadata`].
    pub metadata: Metadata,
    /// The effective pack.
    pub pack: &'a Pack,
    /// What was planned.
    pub planned: &'a Planned,
    /// Where the evidence was found.
    pub index: &'a Index,
    /// What running gave.
    pub outcome: RunOutcome,
    /// Controls asked for by `--only`; `None`: all the profile selects.
    pub only: Option<&'a BTreeSet<ControlId>>,
    /// Faults of the pack and the workspace; those of planning, indexing and running are added here.
    pub diagnostics: Vec<Diagnostic>,
    /// The earlier assessment of `--baseline`.
    pub baseline: Option<&'a Assessment>,
}

impl<'a> From<Run<'a>> for Input<'a> {
    fn from(run: Run<'a>) -> Self {
        let Run { metadata, pack, planned, index, mut outcome, only, mut diagnostics, baseline } = run;
        let asked = |id: &ControlId| only.is_none_or(|only| only.contains(id));
        let files = evidence_files(index, &outcome.scans, &outcome.unused);
        diagnostics.extend(planned.diagnostics.iter().cloned());
        diagnostics.extend(index.diagnostics().iter().cloned());
        diagnostics.append(&mut outcome.diagnostics);
        let plans: BTreeMap<&CheckId, &Plan> = planned.plans.iter().map(|plan| (&plan.check, plan)).collect();
        let controls = pack
            .selected_controls()
            .filter(|control| asked(&control.id))
            .map(|control| control_input(control, planned, &plans, &mut outcome))
            .collect();
        let broken =
            pack.broken_controls.values().filter(|broken| pack.selected.contains(&broken.id) && asked(&broken.id));
        let unselected = pack.controls.values().filter_map(|control| {
            let reason = if !pack.selected.contains(&control.id) {
                Text::new("不在所选配置内", "the profile does not select it")
            } else if !asked(&control.id) {
                Text::new("不在 --only 之列", "`--only` leaves it out")
            } else {
                return None;
            };
            Some(Unselected { id: control.id.clone(), title: control.title.clone(), reason })
        });
        Self {
            metadata,
            controls,
            unselected: unselected.collect(),
            provisions: pack.provisions.values().collect(),
            laws: pack.laws.values().collect(),
            kinds: pack.kinds.values().collect(),
            files,
            families: pack.families.clone(),
            broken: broken.collect(),
            overrides: pack.overrides.iter().map(Into::into).collect(),
            diagnostics,
            baseline,
        }
    }
}

fn control_input<'a>(
    control: &'a Control,
    planned: &Planned,
    plans: &BTreeMap<&CheckId, &Plan>,
    outcome: &mut RunOutcome,
) -> ControlInput<'a> {
    let checks = control.checks.iter().map(|check| {
        let plan = plans.get(&check.id);
        // Without a plan there is nothing to run, whatever the reason: never satisfied.
        let fault = plan.is_none().then(|| {
            CheckFault::Policy(Text::new("检查有误，见文件中的错误", "the check has a fault, see the faults listed"))
        });
        CheckInput {
            check,
            applies: plan.map_or(Applies::Yes, |plan| applies(&plan.applies)),
            fault,
            at_least: plan.map_or(WHOLE, |plan| plan.at_least),
            partial_from: plan.and_then(|plan| plan.partial_from),
            result: outcome.results.remove(&check.id),
        }
    });
    ControlInput {
        control,
        applies: planned.applies.get(&control.id).map_or(Applies::Yes, applies),
        fault: None,
        checks: checks.collect(),
    }
}

fn applies(applies: &plan::Applies) -> Applies {
    match applies {
        plan::Applies::Yes => Applies::Yes,
        plan::Applies::No(why) => Applies::No(why.clone()),
        plan::Applies::FactMissing(facts) => Applies::FactMissing(Text::new(
            format!("工作区没有声明事实 {}", facts.join("、")),
            format!("the workspace does not state the fact {}", facts.join(", ")),
        )),
        plan::Applies::LawNotInForce(laws) => {
            let ids: Vec<&str> = laws.iter().map(crate::model::ProvisionId::as_str).collect();
            Applies::No(Text::new(
                format!("阈值所依据的 {} 在基准日未施行", ids.join("、")),
                format!("the threshold rests on {}, not in force on the as-of date", ids.join(", ")),
            ))
        }
    }
}
