//! Outcomes and severities (REPORTS §1).

use serde::{Deserialize, Serialize};

/// How grave a gap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Advisory.
    Info,
    /// 低风险.
    Low,
    /// 中风险.
    Medium,
    /// 高风险.
    High,
    /// 重大风险.
    Critical,
}

/// Why something could not be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotTested {
    /// No file of the kind, or one that the manifest names is not there.
    EvidenceMissing,
    /// Files without rows.
    EvidenceEmpty,
    /// A file or a needed column cannot be read.
    EvidenceUnreadable,
    /// Rejected rows, or fewer rows or days than stated.
    EvidenceIncomplete,
    /// Older than the kind allows.
    EvidenceStale,
    /// A fact it needs was not stated.
    FactMissing,
    /// Nothing of the kind happened.
    NoOccurrence,
    /// A person has to judge.
    ManualPending,
    /// A fault in the policy or while evaluating.
    Error,
}

/// Outcome of a check or a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// 符合.
    Satisfied,
    /// 部分符合.
    Partial,
    /// 不符合.
    NotSatisfied,
    /// 不适用.
    NotApplicable,
    /// 未检测, with the reason.
    NotTested(NotTested),
}

impl Outcome {
    /// The canonical word without its reason: `not_tested`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::Partial => "partial",
            Self::NotSatisfied => "not_satisfied",
            Self::NotApplicable => "not_applicable",
            Self::NotTested(_) => "not_tested",
        }
    }
}
