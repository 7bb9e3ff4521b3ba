//! `hegui policy show --sql`: the second opinion an assessor runs by hand.

use std::collections::BTreeMap;

use super::{Console, ExitStatus, diagnostics, session};
use crate::engine::sql::{OwnFunctions, script};
use crate::engine::{Clock, plan_controls};
use crate::expr::Scalar;
use crate::expr::sql::Dialect;
use crate::model::Control;
use crate::policy::Pack;

/// What the statements need: `ORDER BY` within aggregates came with 3.44, and decimals are text that only the functions of
/// the decimal extension look at.
const RUNS_IN: [&str; 2] = [
    "-- SQLite 3.44 or later with its decimal extension, as its command line `sqlite3` has it",
    "-- 需要 SQLite 3.44 及以上和 decimal 扩展（命令行 `sqlite3` 自带）",
];

/// Prints the tables once, then the statement of every check of a control, or of the one that was named.
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
    let plans = planned.plans.iter().filter(|plan| check.is_none_or(|id| plan.check.as_str() == id));
    let script = script(plans, &clock.context(), Dialect::Sqlite, OwnFunctions::Beside);
    for line in RUNS_IN {
        console.line(line);
    }
    for table in &script.tables {
        console.line(&format!("{};", table.create().trim_end().trim_end_matches(';')));
    }
    for statement in &script.statements {
        console.line(&format!("\n{};", statement.sql.trim_end().trim_end_matches(';')));
    }
    if planned.faulty.is_empty() { ExitStatus::Satisfied } else { ExitStatus::Policy }
}
