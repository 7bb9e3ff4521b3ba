//! Packs on disk → model: load, overlay, validate, lint.

pub mod codes;
pub mod date;
mod decode;
pub mod duration;
mod embedded;
mod file;
mod files;
mod lint;
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
pub use lint::{lint_static, weak_basis};
pub use load::{Loaded, ProfileChoice, load, tailored};
pub use pack::{
    BrokenControl, CalendarYear, FactDeclaration, Override, OverrideKind, Pack, PackFile, VerificationSource,
};
pub use test_file::{Equivalent, Expectation, ExpectedOutcome, TestCase, TestEvidence, TestFile};
pub use tree::{Sort, Value};

pub(crate) use files::{read_text, regular_inside};

/// Appends every way in which a value is not a workspace file.
pub(crate) fn check_workspace(root: Value<'_>, faults: &mut Vec<crate::text::Diagnostic>) {
    shape::check::check_shape(root, &shape::WORKSPACE, faults);
}

/// Appends every way in which a value is not a manifest.
pub(crate) fn check_manifest(root: Value<'_>, faults: &mut Vec<crate::text::Diagnostic>) {
    shape::check::check_shape(root, &shape::MANIFEST, faults);
}

/// A time zone by its IANA name; an unknown one is a fault.
pub(crate) fn time_zone(value: Value<'_>, faults: &mut Vec<crate::text::Diagnostic>) -> Option<chrono_tz::Tz> {
    decode::pack::time_zone(value, &mut decode::Decoder { faults, trusted: false })
}

/// Stated facts, typed by the pack's declarations.
pub(crate) fn typed_facts(
    value: Option<Value<'_>>,
    pack: &Pack,
    faults: &mut Vec<crate::text::Diagnostic>,
) -> std::collections::BTreeMap<String, crate::expr::Scalar> {
    decode::pack::facts(value, &pack.facts, &mut decode::Decoder { faults, trusted: false })
}

/// The JSON Schema of every file kind: file name under `policies/schema/` and content.
pub fn schemas() -> Vec<(String, serde_json::Value)> {
    shape::schema::schemas()
}

/// A schema as its file holds it.
pub fn schema_text(schema: &serde_json::Value) -> String {
    format!("{schema:#}\n")
}

#[cfg(test)]
mod tests;
