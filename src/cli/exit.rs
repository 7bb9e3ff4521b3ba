//! Exit statuses: the one number a script or CI job looks at. Decided in `assess`; only the signal's is added here.

pub use crate::assess::ExitStatus;

/// Status of a run stopped with Ctrl-C, as shells have it: 128 + SIGINT.
pub const INTERRUPTED: u8 = 130;
