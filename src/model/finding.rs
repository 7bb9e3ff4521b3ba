//! What running a check yields: a population, findings with citations, or the evidence that was not there.

use super::{CheckId, KindId, NotTested};
use crate::text::Text;

/// Why a population row is a finding.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FindingReason {
    /// The expectation is FALSE, a partner is missing, a forbidden one is there.
    NotMet,
    /// A null leaves a condition undecided.
    Undecided,
    /// A join that the condition reads matched nothing.
    NoPartner,
    /// A cell that the condition reads could not be read.
    Unreadable,
}

/// A place in the evidence, numbered as the program that opens the file shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// Path relative to the workspace.
    pub file: String,
    /// Sheet, for workbooks.
    pub sheet: Option<String>,
    /// Row from 1; `None` cites the file as a whole.
    pub row: Option<u64>,
    /// Physical line of a text file, from 1.
    pub line: Option<u64>,
    /// JSON pointer, for documents.
    pub pointer: Option<String>,
    /// Columns that decided, by field name.
    pub columns: Vec<String>,
}

/// One population row that missed the expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// 64-bit hash of check and key: stable across runs.
    pub fingerprint: u64,
    /// What the finding is about, readable: key columns, the group's key, a value, a label. Masked where sensitive.
    pub key: Vec<(String, String)>,
    /// Why.
    pub reason: FindingReason,
    /// The rows it rests on; for a group up to five that decided it, with their columns, then its first and last row.
    pub citations: Vec<Citation>,
    /// Files searched, when the finding is about something missing.
    pub searched: Vec<String>,
    /// Place of the demand in the policy (`file:line:column`), when the finding is about something missing.
    pub policy: Option<String>,
    /// Number of rows behind a group.
    pub rows: Option<u64>,
    /// Values the text needed, masked where sensitive; JSON nested by dots.
    pub values: serde_json::Value,
    /// The rendered text.
    pub text: Text,
}

/// One piece of evidence a check needed and could not use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingEvidence {
    /// Why.
    pub reason: NotTested,
    /// The kind.
    pub kind: KindId,
    /// The column, when it is about one.
    pub column: Option<String>,
    /// The file, when it is about one.
    pub file: Option<String>,
    /// The reason in words.
    pub detail: Text,
}

/// What running one check gave, before it is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// Which check.
    pub check: CheckId,
    /// Rows examined, undecided ones included.
    pub population: u64,
    /// Rows that conform; `population = conforming + findings_total` except for `count`.
    pub conforming: u64,
    /// Exact number of findings.
    pub findings_total: u64,
    /// The first findings by file and row, up to the cap.
    pub findings: Vec<Finding>,
    /// Fingerprints of all findings, ascending; `None` past a million.
    pub fingerprints: Option<Vec<u64>>,
    /// Undecided rows left out by `undecided: exclude`.
    pub excluded_undecided: u64,
    /// Those of them that a cell which could not be read left undecided.
    pub excluded_unreadable: u64,
    /// Evidence of `over` and of joins that `where` or `group_by` read, that cannot be used (DESIGN §8 rule 2).
    pub missing_population: Vec<MissingEvidence>,
    /// Evidence of other partners that cannot be used (rule 4).
    pub missing_partners: Vec<MissingEvidence>,
    /// Every kind the check read.
    pub kinds: Vec<KindId>,
    /// Warnings beside the result: a literal no row has, a filter nothing passes.
    pub notes: Vec<Text>,
    /// Fault while evaluating, which makes the check `not_tested: error`.
    pub error: Option<Text>,
}
