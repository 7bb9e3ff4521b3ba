//! Gaps: one for each failing or partial check (REPORTS §1.2, §5).

use chrono::{Datelike, Days, Months, NaiveDate};
use sha2::{Digest, Sha256};

use crate::model::{CheckId, CheckOutcome, ControlResult, Entity, Gap, GapState, Metadata, Outcome, Severity};
use crate::text::Text;

/// The id of a gap: made of entity and check alone, so that it is the same in every run.
///
/// The entity is known by its unified social credit code, else by its Chinese name.
pub fn gap_id(entity: &Entity, check: &CheckId) -> String {
    let entity = entity.known_by();
    let digest = Sha256::digest(format!("hegui/gap/v1\0{entity}\0{check}").as_bytes());
    format!("GAP-{check}-{}", hex(digest.get(..4).unwrap_or_default()))
}

/// Bytes as lowercase hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Default due date (REPORTS §1.2): 7, 30, 90 and 180 days; advice by the end of the next quarter.
pub fn default_due(severity: Severity, as_of: NaiveDate) -> NaiveDate {
    let days = match severity {
        Severity::Critical => 7,
        Severity::High => 30,
        Severity::Medium => 90,
        Severity::Low => 180,
        Severity::Info => return end_of_next_quarter(as_of),
    };
    as_of.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

fn end_of_next_quarter(day: NaiveDate) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(day.year(), (day.month0() / 3) * 3 + 1, 1);
    first
        .and_then(|first| first.checked_add_months(Months::new(6)))
        .and_then(|after| after.pred_opt())
        .unwrap_or(NaiveDate::MAX)
}

/// The gaps of all controls: open first, then by severity, due date and id.
pub(super) fn gaps(metadata: &Metadata, controls: &[ControlResult]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = controls
        .iter()
        .flat_map(|control| control.checks.iter().filter(|check| check.is_gap()).map(move |check| (control, check)))
        .map(|(control, check)| Gap {
            id: gap_id(&metadata.entity, &check.id),
            control: control.id.clone(),
            check: check.id.clone(),
            title: check.title.clone(),
            description: describe(check),
            advice: control.remedy.clone(),
            severity: control.severity,
            findings_total: check.findings_total,
            findings_open: check.findings_total,
            period_found: metadata.period.id.clone(),
            found_on: metadata.as_of,
            due: default_due(control.severity, metadata.as_of),
            state: GapState::Open,
            baseline: None,
        })
        .collect();
    gaps.sort_by(|a, b| {
        let key = |gap: &Gap| (!gap.state.is_open(), std::cmp::Reverse(gap.severity), gap.due);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    gaps
}

fn describe(check: &CheckOutcome) -> Text {
    if check.population == 0 {
        return Text::new("没有任何记录，而制度要求必须有", "there is no record at all, and there has to be");
    }
    let (n, total) = (check.findings_total, check.population);
    let mut text = if check.adds_up {
        Text::new(format!("共检查 {total} 项，例外 {n} 项"), format!("{total} examined, {n} fell short"))
    } else {
        Text::new(format!("数量不符合要求，例外 {n} 项"), format!("the number required is not met, {n} findings"))
    };
    if check.outcome == Outcome::Partial {
        text.zh.push_str("，达到部分符合的比例");
        text.en.push_str(", enough for partial");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{check_outcome, control_result, metadata};
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn due_dates_by_severity() {
        let cases = [
            ("critical: 7 days", Severity::Critical, "2026-09-30", "2026-10-07"),
            ("high: 30 days", Severity::High, "2026-09-30", "2026-10-30"),
            ("medium: 90 days", Severity::Medium, "2026-09-30", "2026-12-29"),
            ("low: 180 days", Severity::Low, "2026-09-30", "2027-03-29"),
            ("info: end of the next quarter", Severity::Info, "2026-09-30", "2026-12-31"),
            ("info: over the turn of the year", Severity::Info, "2026-11-22", "2027-03-31"),
            ("info: first day of a quarter", Severity::Info, "2026-01-01", "2026-06-30"),
        ];
        for (name, severity, as_of, due) in cases {
            assert_eq!(default_due(severity, date(as_of)), date(due), "{name}");
        }
    }

    #[test]
    fn ids_depend_on_entity_and_check_only() {
        let mut entity = metadata().entity;
        let id = gap_id(&entity, &CheckId::new("BAK-02.1"));
        assert!(id.starts_with("GAP-BAK-02.1-") && id.len() == "GAP-BAK-02.1-".len() + 8, "{id}");
        entity.address = Some(Text::same("elsewhere"));
        entity.name.en = "Another Spelling".to_owned();
        assert_eq!(gap_id(&entity, &CheckId::new("BAK-02.1")), id);
        entity.uscc = Some("another".to_owned());
        assert_ne!(gap_id(&entity, &CheckId::new("BAK-02.1")), id);
    }

    #[test]
    fn one_gap_for_each_failing_check_and_none_for_tolerated_exceptions() {
        let mut medium = control_result("AAA-01", Severity::Medium, Outcome::NotSatisfied);
        medium.checks = vec![
            check_outcome("AAA-01.1", Outcome::NotSatisfied, 10, 4),
            check_outcome("AAA-01.2", Outcome::Partial, 10, 9),
            check_outcome("AAA-01.3", Outcome::Satisfied, 100, 99),
        ];
        let mut high = control_result("ZZZ-01", Severity::High, Outcome::NotSatisfied);
        high.checks = vec![check_outcome("ZZZ-01.1", Outcome::NotSatisfied, 0, 0)];
        let gaps = gaps(&metadata(), &[medium, high]);
        let listed: Vec<_> = gaps.iter().map(|gap| (gap.check.as_str(), gap.severity, gap.findings_open)).collect();
        assert_eq!(
            listed,
            [("ZZZ-01.1", Severity::High, 0), ("AAA-01.1", Severity::Medium, 6), ("AAA-01.2", Severity::Medium, 1)]
        );
        assert_eq!(gaps[1].description.en, "10 examined, 6 fell short");
    }
}
