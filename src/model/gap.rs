//! A gap: one failing check of one entity, on its way to being closed (REPORTS §5).

use chrono::NaiveDate;

use super::{Baseline, CheckId, ControlId, Severity};
use crate::text::Text;

/// Remediation state of a gap; `overdue` is derived from the as-of date, never stored (REPORTS §1.3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum GapState {
    /// 未整改.
    Open,
    /// 整改中.
    InProgress,
    /// 待复核.
    Submitted,
    /// 已整改.
    Closed,
    /// 风险接受, with approver and expiry.
    RiskAccepted,
    /// 误报.
    FalsePositive,
}

impl GapState {
    /// Whether somebody still has to act.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::InProgress | Self::Submitted)
    }

    /// The canonical word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::Closed => "closed",
            Self::RiskAccepted => "risk_accepted",
            Self::FalsePositive => "false_positive",
        }
    }
}

/// A check that is `not_satisfied` or `partial`.
///
/// Its findings, law references and evidence stand in the check; the gap adds what remediation needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Stable across runs: made of entity and check, never of the objects concerned.
    pub id: String,
    /// The failing control.
    pub control: ControlId,
    /// The failing check.
    pub check: CheckId,
    /// One line: the check's title.
    pub title: Text,
    /// What is so, in numbers.
    pub description: Text,
    /// What to do.
    pub advice: Text,
    /// Severity of the control.
    pub severity: Severity,
    /// Exact number of findings.
    pub findings_total: u64,
    /// Findings still open; waivers and acceptances take theirs out.
    pub findings_open: u64,
    /// Period in which it was found.
    pub period_found: String,
    /// The as-of date of the run that found it.
    pub found_on: NaiveDate,
    /// Default due date by severity.
    pub due: NaiveDate,
    /// Where remediation stands.
    pub state: GapState,
    /// Against an earlier assessment, when one was given.
    pub baseline: Option<Baseline>,
}
