//! Policy tests as written (LANGUAGE §7): evidence inline, and what each check must say of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::expr::Scalar;
use crate::model::{CheckId, ControlId, KindId, NotTested, Outcome};
use crate::text::{Excerpt, Source};

/// The cases of one control.
#[derive(Debug, Clone)]
pub struct TestFile {
    /// The control under test.
    pub control: ControlId,
    /// The cases, in the order of the file.
    pub cases: Vec<TestCase>,
    /// Changes that no case can notice, as they mean the same.
    pub equivalent: Vec<Equivalent>,
    /// The file.
    pub source: Arc<Source>,
}

/// A change of a check that means the same as what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivalent {
    /// The check.
    pub check: CheckId,
    /// What stands there, as the change is printed.
    pub from: String,
    /// What it is changed to.
    pub to: String,
    /// Where it is written.
    pub place: Excerpt,
}

/// One case, with what the file says for all of them already filled in.
#[derive(Debug, Clone)]
pub struct TestCase {
    /// What it shows.
    pub name: Excerpt,
    /// Day of judging, days since 1970-01-01.
    pub as_of: i32,
    /// What is judged, first and last day; the quarter of `as_of` when not written.
    pub period: (i32, i32),
    /// Stated facts.
    pub facts: BTreeMap<String, Scalar>,
    /// Parameter → value as written; typed by the control.
    pub params: BTreeMap<String, Excerpt>,
    /// Evidence files.
    pub files: Vec<TestEvidence>,
    /// What each check must say.
    pub expect: Vec<Expectation>,
}

/// One evidence file of a case.
#[derive(Debug, Clone)]
pub struct TestEvidence {
    /// Its kind.
    pub kind: KindId,
    /// Name of the file: `<kind>.csv`, `<kind>.json`.
    pub path: String,
    /// Its text: CSV as written, or the YAML value as JSON.
    pub text: String,
    /// Day of capture, as a manifest would state it; `as_of` when not written.
    pub captured_on: Option<i32>,
    /// Source system, as a manifest would state it.
    pub source_system: Option<String>,
    /// Stated number of rows.
    pub rows: Option<u64>,
    /// Where it stands in the test file.
    pub place: Excerpt,
}

/// What a case demands of one check. `None`: not compared.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The check.
    pub check: CheckId,
    /// Outcome; a `not_tested` without reason accepts any.
    pub outcome: ExpectedOutcome,
    /// Rows examined.
    pub population: Option<u64>,
    /// Rows that conform.
    pub conforming: Option<u64>,
    /// Rows left out by `undecided: exclude`.
    pub excluded: Option<u64>,
    /// The findings, in any order: each a set of values that the finding's key or values must hold, as text.
    pub findings: Option<Vec<BTreeMap<String, String>>>,
    /// The check's id in the test file.
    pub place: Excerpt,
}

/// An outcome, or "not tested, whatever the reason".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedOutcome {
    /// Exactly this.
    Is(Outcome),
    /// `not_tested` for any reason.
    NotTested,
}

impl ExpectedOutcome {
    /// Whether `outcome` is what was demanded.
    pub fn admits(self, outcome: Outcome) -> bool {
        match self {
            Self::Is(expected) => expected == outcome,
            Self::NotTested => matches!(outcome, Outcome::NotTested(_)),
        }
    }

    /// From the words of a test file.
    pub fn from_words(outcome: &str, reason: Option<NotTested>) -> Option<Self> {
        Some(match (outcome, reason) {
            ("satisfied", None) => Self::Is(Outcome::Satisfied),
            ("partial", None) => Self::Is(Outcome::Partial),
            ("not_satisfied", None) => Self::Is(Outcome::NotSatisfied),
            ("not_applicable", None) => Self::Is(Outcome::NotApplicable),
            ("not_tested", None) => Self::NotTested,
            ("not_tested", Some(reason)) => Self::Is(Outcome::NotTested(reason)),
            _ => return None,
        })
    }
}
