//! Checks × evidence → findings.
//!
//! [`plan`] resolves the names of a check and types its expressions; [`run`](mod@run) executes all plans over one scan of
//! the evidence; [`sql`] prints a plan as one SQL statement for a second opinion. Judging the result is `assess`'s work.

mod catalog;
mod clock;
pub mod codes;
pub mod plan;
pub mod run;
pub mod sql;
#[cfg(test)]
mod testing;

pub use catalog::CatalogTables;
pub use clock::Clock;
pub use plan::{Planned, plan_all, plan_controls};
pub use run::{RunOptions, RunOutcome, columns_needed, run};
