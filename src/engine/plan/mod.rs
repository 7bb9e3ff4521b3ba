//! From a check as written to a [`Plan`]: names resolved, types checked, parameters and facts bound, columns collected.

mod builder;
mod check;
mod constants;
mod demand;
mod finish;
mod frame;
mod ir;
mod lets;
mod literals;
mod partner;
mod scope;
mod source;
#[cfg(test)]
mod tests;
mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use ir::{
    AggregateOutput, Applies, Calendar, Catalog, Demand, Group, JoinOutput, JoinPlan, LiteralUse, Order, Origin,
    PartnerPlan, Plan, Relation, RowKey, Slot, Source, Step, TextValue, ValuesTable,
};

use crate::engine::Clock;
use crate::expr::{Scalar, Type};
use crate::model::{CheckId, Control, ControlId, EvidenceKind, KindId};
use crate::policy::{BrokenControl, Pack};
use crate::text::{Diagnostic, sort_diagnostics};
use builder::Builder;
use constants::Constants;
pub(crate) use source::{CONTROLS, PROVISIONS};

/// All checks of a pack, planned.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Plans of the checks without fault, by control and in the order of its file.
    pub plans: Vec<Plan>,
    /// Checks that cannot run because of a fault in the policy: `not_tested: error`.
    pub faulty: BTreeSet<CheckId>,
    /// Whether each control applies, by its own `applies_if`.
    pub applies: BTreeMap<ControlId, Applies>,
    /// Every fault, by file and position.
    pub diagnostics: Vec<Diagnostic>,
    /// The clock they were planned for.
    pub clock: Clock,
    /// Rows of `catalog.provisions` and `catalog.controls`.
    pub catalog: super::CatalogTables,
}

/// Plans every check of the selected controls.
///
/// `facts` are the entity's, by name; one that is not stated is absent or NULL.
pub fn plan_all(pack: &Pack, facts: &BTreeMap<String, Scalar>, clock: &Clock) -> Planned {
    plan_controls(pack, pack.selected_controls(), facts, clock)
}

/// The faults in the expressions of controls whose files have others: nothing of them is planned to run, and what could
/// not be read is told already.
pub fn faults_of_broken<'a>(
    pack: &Pack,
    controls: impl Iterator<Item = &'a BrokenControl>,
    facts: &BTreeMap<String, Scalar>,
    clock: &Clock,
) -> Vec<Diagnostic> {
    plan_controls(pack, controls.filter_map(|broken| broken.partial.as_deref()), facts, clock).diagnostics
}

/// Plans the checks of some controls; lint plans every control of the pack.
pub fn plan_controls<'a>(
    pack: &Pack,
    controls: impl Iterator<Item = &'a Control>,
    facts: &BTreeMap<String, Scalar>,
    clock: &Clock,
) -> Planned {
    let kinds: BTreeMap<KindId, Arc<EvidenceKind>> =
        pack.kinds.iter().map(|(id, kind)| (id.clone(), Arc::new(kind.clone()))).collect();
    let types: BTreeMap<String, Type> =
        pack.facts.iter().map(|(name, fact)| (name.clone(), fact.ty.expression_type())).collect();
    let mut planned = Planned {
        plans: Vec::new(),
        faulty: BTreeSet::new(),
        applies: BTreeMap::new(),
        diagnostics: Vec::new(),
        clock: clock.clone(),
        catalog: super::CatalogTables::of(pack, clock),
    };
    for control in controls {
        let constants = Constants::new(control, &types, facts, clock);
        let builder = |failed| Builder {
            kinds: &kinds,
            broken_kinds: &pack.broken_kinds,
            broken_calendar: !pack.broken_calendars.is_empty(),
            constants: &constants,
            diagnostics: Vec::new(),
            failed,
        };
        let mut whole = builder(false);
        let applies = whole.applies(control.applies_if.as_ref(), clock);
        planned.diagnostics.append(&mut whole.diagnostics);
        for check in &control.checks {
            let mut builder = builder(whole.failed);
            let parts = builder.check(check);
            let plan = builder.finish(control, check, parts, &applies, clock, &pack.provisions);
            match plan.filter(|_| !builder.failed) {
                Some(plan) => planned.plans.push(plan),
                None => {
                    planned.faulty.insert(check.id.clone());
                }
            }
            planned.diagnostics.append(&mut builder.diagnostics);
        }
        planned.applies.insert(control.id.clone(), applies);
    }
    sort_diagnostics(&mut planned.diagnostics);
    planned
}
