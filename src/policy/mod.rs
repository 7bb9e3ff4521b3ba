//! Packs on disk → model: load, overlay, validate, lint.

mod pack;
mod test_file;
pub mod yaml;

pub use pack::{
    BrokenControl, CalendarYear, FactDeclaration, Override, OverrideKind, Pack, PackFile, VerificationSource,
};
pub use test_file::{ExpectedOutcome, Expectation, TestCase, TestEvidence, TestFile};
