//! Canonical words of enums, and places of citations, as several outputs print them.

use crate::model::{Citation, FindingReason, Level, NotTested, ReportKind, Severity};

/// `high`.
pub(super) const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "info",
    }
}

/// `evidence_missing`.
pub(super) const fn not_tested_word(reason: NotTested) -> &'static str {
    match reason {
        NotTested::EvidenceMissing => "evidence_missing",
        NotTested::EvidenceEmpty => "evidence_empty",
        NotTested::EvidenceUnreadable => "evidence_unreadable",
        NotTested::EvidenceIncomplete => "evidence_incomplete",
        NotTested::EvidenceStale => "evidence_stale",
        NotTested::FactMissing => "fact_missing",
        NotTested::NoOccurrence => "no_occurrence",
        NotTested::ManualPending => "manual_pending",
        NotTested::Error => "error",
    }
}

/// `not_met`.
pub(super) const fn reason_word(reason: FindingReason) -> &'static str {
    match reason {
        FindingReason::NotMet => "not_met",
        FindingReason::Undecided => "undecided",
        FindingReason::NoPartner => "no_partner",
        FindingReason::Unreadable => "unreadable",
    }
}

/// `must`.
pub(super) const fn level_word(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
    }
}

/// `self`.
pub(super) const fn kind_word(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::SelfAssessment => "self",
        ReportKind::ThirdParty => "third_party",
    }
}

/// `file:row`, `file[sheet]:row` or `file#/pointer`: what a person types to get there.
pub(super) fn place(citation: &Citation) -> String {
    let sheet = citation.sheet.as_ref().map(|name| format!("[{name}]")).unwrap_or_default();
    let row = citation.row.map(|row| format!(":{row}")).unwrap_or_default();
    let pointer = citation.pointer.as_ref().map(|pointer| format!("#{pointer}")).unwrap_or_default();
    format!("{}{sheet}{row}{pointer}", citation.file)
}
