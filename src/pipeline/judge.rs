//! Plans × evidence → what `assess` judges: the part that a policy test and a real run share.

use std::collections::BTreeMap;

use crate::assess::{Applies, CheckFault, CheckInput, ControlInput, WHOLE};
use crate::engine::plan::{self, Plan};
use crate::engine::{Clock, Planned, RunOptions, RunOutcome, plan_controls, run};
use crate::evidence::Index;
use crate::expr::Scalar;
use crate::model::{CheckId, Control};
use crate::policy::Pack;
use crate::text::Text;

/// Controls planned and run over the evidence, nothing judged yet.
#[derive(Debug)]
pub struct Evaluated {
    /// The plans, and the faults found while planning.
    pub planned: Planned,
    /// What running gave.
    pub ran: RunOutcome,
}

/// Plans and runs the checks of some controls.
pub fn evaluate<'a>(
    pack: &Pack,
    controls: impl Iterator<Item = &'a Control>,
    facts: &BTreeMap<String, Scalar>,
    clock: &Clock,
    index: &Index,
    options: &RunOptions,
) -> Evaluated {
    let planned = plan_controls(pack, controls, facts, clock);
    let ran = run(&planned, index, options);
    Evaluated { planned, ran }
}

/// What [`crate::assess::assess`] needs of each control.
pub fn control_inputs<'a>(
    pack: &Pack,
    controls: impl Iterator<Item = &'a Control>,
    evaluated: &Evaluated,
) -> Vec<ControlInput<'a>> {
    let plans: BTreeMap<&CheckId, &Plan> = evaluated.planned.plans.iter().map(|plan| (&plan.check, plan)).collect();
    controls
        .map(|control| {
            let applies = evaluated.planned.applies.get(&control.id);
            let checks = control
                .checks
                .iter()
                .map(|check| {
                    let plan = plans.get(&check.id);
                    let faulty = evaluated.planned.faulty.contains(&check.id);
                    CheckInput {
                        check,
                        applies: plan.map_or(Applies::Yes, |plan| words(pack, &plan.applies)),
                        fault: faulty.then(|| {
                            CheckFault::Policy(Text::new(
                                "策略文件有误，见诊断",
                                "the policy has a fault, see the diagnostics",
                            ))
                        }),
                        at_least: plan.map_or(WHOLE, |plan| plan.at_least),
                        partial_from: plan.and_then(|plan| plan.partial_from),
                        result: evaluated.ran.results.get(&check.id).cloned(),
                    }
                })
                .collect();
            ControlInput {
                control,
                applies: applies.map_or(Applies::Yes, |applies| words(pack, applies)),
                fault: None,
                checks,
            }
        })
        .collect()
}

fn words(pack: &Pack, applies: &plan::Applies) -> Applies {
    match applies {
        // The law of a threshold is judged by `assess`, from the threshold itself.
        plan::Applies::Yes | plan::Applies::LawNotInForce(_) => Applies::Yes,
        plan::Applies::No(why) => Applies::No(why.clone()),
        plan::Applies::FactMissing(names) => {
            let titled = |name: &String| match pack.facts.get(name) {
                Some(fact) => (format!("{name}（{}）", fact.title.zh), format!("{name} ({})", fact.title.en)),
                None => (name.clone(), name.clone()),
            };
            let (zh, en): (Vec<String>, Vec<String>) = names.iter().map(titled).unzip();
            Applies::FactMissing(Text::new(
                format!("没有写明事实：{}", zh.join("、")),
                format!("nobody stated the fact {}", en.join(", ")),
            ))
        }
    }
}
