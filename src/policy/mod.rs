//! Packs on disk → model: load, overlay, validate, lint.

pub mod codes;
pub mod date;
mod decode;
pub mod duration;
mod embedded;
mod file;
mod files;
mod load;
pub mod number;
mod pack;
pub mod period;
mod shape;
mod test_file;
mod tree;
pub mod yaml;

pub use decode::typed::{compare, written};
pub use embedded::shipped;
pub use file::read_yaml;
pub use files::{PackFiles, PolicyError};
pub use load::{Loaded, ProfileChoice, load, tailored};
pub use pack::{
    BrokenControl, CalendarYear, FactDeclaration, Override, OverrideKind, Pack, PackFile, VerificationSource,
};
pub use test_file::{Expectation, ExpectedOutcome, TestCase, TestEvidence, TestFile};
pub use tree::{Sort, Value};

/// The JSON Schema of every file kind: file name under `policies/schema/` and content.
pub fn schemas() -> Vec<(String, serde_json::Value)> {
    shape::schema::schemas()
}

#[cfg(test)]
mod tests;
