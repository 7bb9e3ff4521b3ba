//! The consistency self-check of REPORTS §10: what has to agree before anybody signs.
//!
//! An error is a fault of the tool and fails the run (exit status 70); a warning asks somebody to look.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Assessment, CheckOutcome, ControlResult, EvidenceFile, FileStatus, KindId, NotTested, Outcome, SelfCheck,
    SelfCheckLevel,
};
use crate::text::Text;

/// Runs every point that concerns the assessment itself.
pub(super) fn self_check(assessment: &Assessment) -> Vec<SelfCheck> {
    let mut found = Found(Vec::new());
    counts(assessment, &mut found);
    gaps(assessment, &mut found);
    citations(assessment, &mut found);
    dates(assessment, &mut found);
    reasons(assessment, &mut found);
    texts(assessment, &mut found);
    people(assessment, &mut found);
    let mut lines = found.0;
    lines.sort();
    lines.dedup();
    lines
}

struct Found(Vec<SelfCheck>);

impl Found {
    fn error(&mut self, point: u8, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(SelfCheck { level: SelfCheckLevel::Error, point, text: Text::new(zh, en) });
    }

    fn warning(&mut self, point: u8, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(SelfCheck { level: SelfCheckLevel::Warning, point, text: Text::new(zh, en) });
    }
}

fn checks(assessment: &Assessment) -> impl Iterator<Item = (&ControlResult, &CheckOutcome)> {
    assessment.controls.iter().flat_map(|control| control.checks.iter().map(move |check| (control, check)))
}

/// Point 1: counts agree everywhere.
fn counts(assessment: &Assessment, found: &mut Found) {
    for (_, check) in checks(assessment) {
        let id = &check.id;
        if check.adds_up && check.population != check.conforming.saturating_add(check.findings_total) {
            let (n, conforming, findings) = (check.population, check.conforming, check.findings_total);
            found.error(
                1,
                format!("{id} 总体 {n} 不等于符合 {conforming} 加例外 {findings}"),
                format!("{id}: population {n} is not {conforming} conforming plus {findings} findings"),
            );
        }
        let listed = u64::try_from(check.findings.len()).unwrap_or(u64::MAX);
        let prints = check.fingerprints.as_ref().map_or(check.findings_total, |all| all.len() as u64);
        if listed > check.findings_total || prints != check.findings_total {
            found.error(
                1,
                format!("{id} 例外 {} 条，列出 {listed} 条，指纹 {prints} 个", check.findings_total),
                format!("{id}: {} findings, {listed} listed, {prints} fingerprints", check.findings_total),
            );
        }
    }
    let all = assessment.scores.controls;
    let total =
        all.satisfied + all.partial + all.not_satisfied + all.not_tested + all.no_occurrence + all.not_applicable;
    if total != assessment.controls.len() as u64 {
        let listed = assessment.controls.len();
        found.error(
            1,
            format!("控制点计数 {total} 与列出的 {listed} 不一致"),
            format!("{total} controls counted, {listed} listed"),
        );
    }
    let mut ids = BTreeSet::new();
    for (_, check) in checks(assessment) {
        if !ids.insert(&check.id) {
            found.error(1, format!("检查 {} 出现两次", check.id), format!("check {} occurs twice", check.id));
        }
    }
}

/// Points 3 and 7: every failing check has one gap, every gap one failing check, of the same severity.
fn gaps(assessment: &Assessment, found: &mut Found) {
    let mut by_check = BTreeMap::new();
    for gap in &assessment.gaps {
        if by_check.insert(&gap.check, gap).is_some() {
            found.error(3, format!("检查 {} 有两个问题", gap.check), format!("check {} has two gaps", gap.check));
        }
    }
    for (control, check) in checks(assessment) {
        match (check.is_gap(), by_check.remove(&check.id)) {
            (true, None) => found.error(
                3,
                format!("{} 不符合却没有问题编号", check.id),
                format!("{} fails and has no gap", check.id),
            ),
            (false, Some(gap)) => {
                found.error(3, format!("{} 没有对应的不符合", gap.id), format!("{} has no failing check", gap.id));
            }
            (true, Some(gap)) if gap.severity != control.severity => found.error(
                7,
                format!("{} 的风险等级与控制点不一致", gap.id),
                format!("{}: severity differs from its control", gap.id),
            ),
            (true, Some(gap)) if gap.findings_open > gap.findings_total => found.error(
                1,
                format!("{} 未关闭的例外多于全部例外", gap.id),
                format!("{}: more open findings than findings", gap.id),
            ),
            _ => {}
        }
    }
    for gap in by_check.values() {
        found.error(3, format!("{} 没有对应的检查", gap.id), format!("{} has no check", gap.id));
    }
}

/// Points 3 and 6: findings cite, and what they cite is in the evidence index.
fn citations(assessment: &Assessment, found: &mut Found) {
    let files: BTreeSet<&str> = assessment.evidence.iter().map(|file| file.path.as_str()).collect();
    for (_, check) in checks(assessment) {
        for finding in &check.findings {
            if finding.citations.is_empty() && finding.policy.is_none() && finding.searched.is_empty() {
                found.error(
                    3,
                    format!("{} 有一条例外没有出处", check.id),
                    format!("{}: a finding cites nothing", check.id),
                );
            }
            let cited = finding.citations.iter().map(|citation| &citation.file).chain(&finding.searched);
            for file in cited.filter(|file| !files.contains(file.as_str())) {
                found.error(
                    6,
                    format!("{} 引用的 {file} 不在证据索引中", check.id),
                    format!("{} cites {file}, which is not in the evidence index", check.id),
                );
            }
        }
    }
}

/// Point 9: dates lie in order, nothing after the as-of date.
fn dates(assessment: &Assessment, found: &mut Found) {
    let metadata = &assessment.metadata;
    if metadata.period.start > metadata.period.end {
        found.error(9, "评估期间的起止颠倒", "the period ends before it starts");
    }
    if metadata.period.start > metadata.as_of {
        found.warning(9, "基准日早于评估期间", "the as-of date lies before the period");
    } else if metadata.period.end > metadata.as_of {
        found.warning(9, "基准日时评估期间尚未结束", "the period had not ended on the as-of date");
    }
    for file in &assessment.evidence {
        let used = file.status.counts();
        if used && file.captured_on.is_some_and(|day| day > metadata.as_of) {
            let path = &file.path;
            found.warning(9, format!("{path} 的采集日晚于基准日"), format!("{path} was captured after the as-of date"));
        }
    }
    for gap in assessment.gaps.iter().filter(|gap| gap.found_on > metadata.as_of || gap.due < gap.found_on) {
        found.error(9, format!("{} 的日期先后颠倒", gap.id), format!("{}: dates out of order", gap.id));
    }
}

/// Point 10: 符合 without evidence, 不适用 or 未检测 without reason.
fn reasons(assessment: &Assessment, found: &mut Found) {
    // What was stale was read: whether it may be relied on is the check's affair.
    let read = |file: &&EvidenceFile| file.status.counts() || file.status == FileStatus::Stale;
    let used: BTreeSet<&KindId> =
        assessment.evidence.iter().filter(read).filter_map(|file| file.kind.as_ref()).collect();
    let indexed: BTreeSet<&KindId> = assessment.evidence.iter().filter_map(|file| file.kind.as_ref()).collect();
    for (_, check) in checks(assessment) {
        // `catalog`, `calendar`, `values` and `evidence.files` are not files; kinds never met are not in the index.
        let kinds = &check.kinds;
        let unread = !kinds.is_empty() && kinds.iter().all(|kind| indexed.contains(kind) && !used.contains(kind));
        if check.outcome == Outcome::Satisfied && unread {
            let id = &check.id;
            found.error(10, format!("{id} 符合，但没有证据"), format!("{id} is satisfied without evidence"));
        }
        if owes_reason(check.outcome) && check.detail.is_none() {
            found.error(10, format!("{} 没有写明理由", check.id), format!("{} gives no reason", check.id));
        }
    }
    for control in &assessment.controls {
        if owes_reason(control.outcome) && control.detail.is_none() {
            found.error(10, format!("{} 没有写明理由", control.id), format!("{} gives no reason", control.id));
        }
        let tested = control.checks.iter().any(|check| {
            !matches!(check.outcome, Outcome::NotApplicable | Outcome::NotTested(NotTested::NoOccurrence))
        });
        if control.outcome == Outcome::Satisfied && !tested {
            let id = &control.id;
            found.error(10, format!("{id} 符合，但没有一项检查"), format!("{id} is satisfied without a check"));
        }
    }
}

fn owes_reason(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::NotApplicable | Outcome::NotTested(_))
}

/// Point 11: no placeholder, and every text in both languages.
fn texts(assessment: &Assessment, found: &mut Found) {
    let titles = assessment.controls.iter().flat_map(|control| {
        let own = [&control.title, &control.objective, &control.remedy].map(|text| (control.id.as_str(), text));
        own.into_iter().chain(control.checks.iter().map(|check| (check.id.as_str(), &check.title)))
    });
    for (id, text) in titles {
        if text.zh.trim().is_empty() || text.en.trim().is_empty() {
            found.warning(11, format!("{id} 缺少一种语言的文字"), format!("{id} lacks a text in one language"));
        }
        let placeholder = |text: &str| ["TODO", "XXX", "FIXME", "[ ]"].iter().any(|word| text.contains(word));
        if placeholder(&text.zh) || placeholder(&text.en) {
            found.warning(11, format!("{id} 的文字里有占位符"), format!("{id} has a placeholder in its text"));
        }
    }
}

/// §9: the preparer does not review.
fn people(assessment: &Assessment, found: &mut Found) {
    let metadata = &assessment.metadata;
    // One of the two may have written the name once for both languages.
    let same = |one: &Text, other: &Text| one.zh == other.zh || one.en == other.en;
    if metadata.prepared_by.as_ref().zip(metadata.reviewed_by.as_ref()).is_some_and(|(one, other)| same(one, other)) {
        found.warning(8, "编制人与复核人是同一人", "preparer and reviewer are the same person");
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::assessment;
    use super::*;
    use crate::model::Severity;

    #[test]
    fn a_consistent_assessment_has_no_lines() {
        assert_eq!(self_check(&assessment()), []);
    }

    #[test]
    fn what_does_not_agree_is_found() {
        use SelfCheckLevel::{Error, Warning};
        type Change = fn(&mut Assessment);
        let cases: &[(&str, Change, u8, SelfCheckLevel)] = &[
            ("counts of a check", |a| a.controls[0].checks[0].conforming += 1, 1, Error),
            ("counts of controls", |a| a.scores.controls.satisfied += 1, 1, Error),
            ("fingerprints", |a| a.controls[0].checks[0].fingerprints = Some(vec![]), 1, Error),
            ("a lost gap", |a| a.gaps.clear(), 3, Error),
            ("a gap of another check", |a| a.gaps[0].check = "X-1".into(), 3, Error),
            ("a gap of another severity", |a| a.gaps[0].severity = Severity::Info, 7, Error),
            ("a finding without a place", |a| a.controls[0].checks[0].findings[0].citations.clear(), 3, Error),
            ("a file not in the index", |a| a.evidence.clear(), 6, Error),
            ("period upside down", |a| a.metadata.period.start = a.metadata.as_of + chrono::Days::new(9), 9, Error),
            ("due before found", |a| a.gaps[0].due = a.gaps[0].found_on - chrono::Days::new(1), 9, Error),
            ("not tested without a reason", |a| a.controls[1].detail = None, 10, Error),
            ("a placeholder", |a| a.controls[0].title.en = "TODO".to_owned(), 11, Warning),
            ("one language", |a| a.controls[0].title.en.clear(), 11, Warning),
            ("one person", |a| a.metadata.reviewed_by = a.metadata.prepared_by.clone(), 8, Warning),
        ];
        for (name, change, point, level) in cases {
            let mut assessment = assessment();
            change(&mut assessment);
            let lines = self_check(&assessment);
            assert!(lines.iter().any(|line| (line.point, line.level) == (*point, *level)), "{name}: {lines:?}");
        }
    }

    #[test]
    fn satisfied_without_evidence_is_an_error() {
        let mut assessment = assessment();
        assessment.controls[0].checks[1].outcome = Outcome::Satisfied;
        for file in &mut assessment.evidence {
            file.status = crate::model::FileStatus::Unreadable;
        }
        assert!(self_check(&assessment).iter().any(|line| line.point == 10));
    }
}
