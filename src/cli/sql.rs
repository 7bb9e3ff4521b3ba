//! `hegui policy show --sql`: the second opinion an assessor runs by hand.

use std::collections::BTreeMap;

use super::{Console, ExitStatus, diagnostics, session};
use crate::engine::sql::{OwnFunctions, statement};
use crate::engine::{Clock, plan_controls};
use crate::expr::Scalar;
use crate::expr::sql::Dialect;
use crate::model::Control;
use crate::policy::Pack;

/// Prints the tables and the statement of every check of a control, or of the one that was named.
pub(super) fn show(
    console: &mut Console<'_>,
    pack: &Pack,
    control: &Control,
    check: Option<&str>,
    facts: &BTreeMap<String, Scalar>,
    clock: &Clock,
) -> ExitStatus {
    let planned = plan_controls(pack, std::iter::once(control), facts, clock);
    diagnostics::show(console, &planned.diagnostics, session::LISTED);
    let context = clock.context();
    for plan in planned.plans.iter().filter(|plan| check.is_none_or(|id| plan.check.as_str() == id)) {
        let statement = statement(plan, &context, Dialect::Sqlite, OwnFunctions::Beside);
        for table in &statement.tables {
            console.line(&format!("{};", table.create().trim_end().trim_end_matches(';')));
        }
        console.line(&format!("{};\n", statement.sql.trim_end().trim_end_matches(';')));
    }
    if planned.faulty.is_empty() { ExitStatus::Satisfied } else { ExitStatus::Policy }
}
