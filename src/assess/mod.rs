//! Findings → outcomes, gaps, scores, conclusion: everything DESIGN §8 and REPORTS §8 decide. No I/O, no clock.
//!
//! [`assess`] turns an [`Input`] into the [`crate::model::Assessment`]; [`gate`] and [`ExitStatus`] turn that into an
//! exit status. A run of the engine becomes an input by `Input::from(Run { … })`.

mod assemble;
mod baseline;
mod check;
mod conclude;
mod control;
mod evidence;
mod exit;
mod from_run;
mod gaps;
mod input;
mod procedure;
mod score;
mod self_check;

pub use assemble::assess;
pub use evidence::evidence_files;
pub use exit::{ExitFacts, ExitStatus, GateResult, exit_status, gate};
pub use from_run::Run;
pub use gaps::{default_due, gap_id};
pub use input::{Applies, CheckFault, CheckInput, ControlInput, Input, WHOLE};
pub use procedure::procedure;

#[cfg(test)]
pub(crate) mod fixture;
