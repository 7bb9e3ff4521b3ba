//! Which lists there are, and their columns (REPORTS §4–§6).

use super::{Cell, encode};
use crate::model::{Assessment, CheckId, CheckOutcome, Citation, ControlResult, Finding, Outcome, ProvisionId};
use crate::report::number::share;
use crate::report::words::{not_tested_word, place, reason_word, severity_word};
use crate::text::{Lang, Text};

/// A list that is written as CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// `gaps.csv`: the remediation ledger as far as a run knows it.
    Gaps,
    /// `controls.csv`.
    Controls,
    /// `checks.csv`.
    Checks,
    /// `findings.csv`: the listed findings.
    Findings,
    /// `evidence.csv`: the evidence index.
    Evidence,
}

impl List {
    /// All of them, in the order they are written.
    pub const ALL: [Self; 5] = [Self::Controls, Self::Checks, Self::Findings, Self::Gaps, Self::Evidence];

    /// Its file name without suffix.
    pub const fn stem(self) -> &'static str {
        match self {
            Self::Gaps => "gaps",
            Self::Controls => "controls",
            Self::Checks => "checks",
            Self::Findings => "findings",
            Self::Evidence => "evidence",
        }
    }
}

/// One list as the bytes of its file.
pub fn render(assessment: &Assessment, list: List, lang: Lang) -> Vec<u8> {
    match list {
        List::Gaps => gaps(assessment, lang),
        List::Controls => controls(assessment, lang),
        List::Checks => checks(assessment, lang),
        List::Findings => findings(assessment, lang),
        List::Evidence => evidence(assessment, lang),
    }
}

/// As many objects and places as fit a cell; the rest stands in `findings.csv`.
const LISTED: usize = 20;

fn gaps(assessment: &Assessment, lang: Lang) -> Vec<u8> {
    let header = [
        "gap_id",
        "period_found",
        "found_on",
        "source",
        "control_id",
        "check_id",
        "law_refs",
        "title",
        "description",
        "objects",
        "findings_total",
        "findings_open",
        "evidence",
        "severity",
        "advice",
        "due",
        "state",
        "baseline",
        "caveats",
    ];
    let rows = assessment.gaps.iter().map(|gap| {
        let found = find(assessment, &gap.check);
        let listed = found.map(|(_, check)| check.findings.as_slice()).unwrap_or_default();
        let law = found.map(|(control, _)| control.provisions.as_slice()).unwrap_or_default();
        vec![
            Cell::plain(&gap.id),
            Cell::text(&gap.period_found),
            Cell::plain(gap.found_on),
            Cell::plain(crate::report::words::kind_word(assessment.metadata.report_kind)),
            Cell::plain(&gap.control),
            Cell::plain(&gap.check),
            Cell::plain(ids(law)),
            text(&gap.title, lang),
            text(&gap.description, lang),
            Cell::text(some(listed, gap.findings_total, lang, |finding| Some(key(finding)))),
            Cell::plain(gap.findings_total),
            Cell::plain(gap.findings_open),
            Cell::text(some(listed, gap.findings_total, lang, |finding| finding.citations.first().map(place))),
            Cell::plain(severity_word(gap.severity)),
            text(&gap.advice, lang),
            Cell::plain(gap.due),
            Cell::plain(gap.state.word()),
            Cell::plain(gap.baseline.map(crate::model::Baseline::word).unwrap_or_default()),
            Cell::text(found.map(|(control, _)| caveats(control, lang)).unwrap_or_default()),
        ]
    });
    encode(&header, &rows.collect::<Vec<_>>())
}

fn controls(assessment: &Assessment, lang: Lang) -> Vec<u8> {
    let header = [
        "control_id",
        "title",
        "domain",
        "law_refs",
        "requirement",
        "severity",
        "result",
        "reason",
        "detail",
        "checks",
        "gap_ids",
        "caveats",
    ];
    let rows = assessment.controls.iter().map(|control| {
        let gaps = assessment.gaps.iter().filter(|gap| gap.control == control.id);
        vec![
            Cell::plain(&control.id),
            text(&control.title, lang),
            text(&control.family_title, lang),
            Cell::plain(ids(&control.provisions)),
            text(&control.objective, lang),
            Cell::plain(severity_word(control.severity)),
            Cell::plain(control.outcome.word()),
            Cell::plain(reason(control.outcome)),
            optional(control.detail.as_ref(), lang),
            Cell::plain(control.checks.len()),
            Cell::plain(gaps.map(|gap| gap.id.as_str()).collect::<Vec<_>>().join("; ")),
            Cell::text(caveats(control, lang)),
        ]
    });
    encode(&header, &rows.collect::<Vec<_>>())
}

fn checks(assessment: &Assessment, lang: Lang) -> Vec<u8> {
    let header = [
        "check_id",
        "control_id",
        "title",
        "level",
        "method",
        "procedure",
        "population",
        "conforming",
        "findings_total",
        "share",
        "excluded_undecided",
        "evidence",
        "result",
        "reason",
        "detail",
        "notes",
        "policy",
    ];
    let rows = all_checks(assessment).map(|(control, check)| {
        vec![
            Cell::plain(&check.id),
            Cell::plain(&control.id),
            text(&check.title, lang),
            Cell::plain(crate::report::words::level_word(check.level)),
            Cell::text(check.method.clone().unwrap_or_default()),
            Cell::text(check.procedure.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" | ")),
            Cell::plain(check.population),
            Cell::plain(check.conforming),
            Cell::plain(check.findings_total),
            Cell::plain(share(check.conforming, check.population)),
            Cell::plain(check.excluded_undecided),
            Cell::plain(check.evidence.join("; ")),
            Cell::plain(check.outcome.word()),
            Cell::plain(reason(check.outcome)),
            optional(check.detail.as_ref(), lang),
            Cell::text(check.notes.iter().map(|note| note.get(lang)).collect::<Vec<_>>().join("; ")),
            Cell::text(&check.policy),
        ]
    });
    encode(&header, &rows.collect::<Vec<_>>())
}

fn findings(assessment: &Assessment, lang: Lang) -> Vec<u8> {
    let header = [
        "fingerprint",
        "control_id",
        "check_id",
        "gap_id",
        "severity",
        "object",
        "reason",
        "description",
        "file",
        "sheet",
        "row",
        "line",
        "pointer",
        "columns",
        "further_places",
        "searched",
        "policy",
        "rows",
    ];
    let mut rows = Vec::new();
    for (control, check) in all_checks(assessment) {
        let gap = assessment.gaps.iter().find(|gap| gap.check == check.id);
        for finding in &check.findings {
            let first = finding.citations.first();
            let further: Vec<String> = finding.citations.iter().skip(1).map(place).collect();
            rows.push(vec![
                Cell::plain(format!("{:016x}", finding.fingerprint)),
                Cell::plain(&control.id),
                Cell::plain(&check.id),
                Cell::plain(gap.map(|gap| gap.id.as_str()).unwrap_or_default()),
                Cell::plain(severity_word(control.severity)),
                Cell::text(key(finding)),
                Cell::plain(reason_word(finding.reason)),
                text(&finding.text, lang),
                Cell::text(first.map(|place| place.file.as_str()).unwrap_or_default()),
                Cell::text(first.and_then(|place| place.sheet.as_deref()).unwrap_or_default()),
                Cell::option(first.and_then(|place| place.row)),
                Cell::option(first.and_then(|place| place.line)),
                Cell::text(first.and_then(|place| place.pointer.as_deref()).unwrap_or_default()),
                Cell::text(first.map(|place: &Citation| place.columns.join("; ")).unwrap_or_default()),
                Cell::text(further.join("; ")),
                Cell::text(finding.searched.join("; ")),
                Cell::text(finding.policy.clone().unwrap_or_default()),
                Cell::option(finding.rows),
            ]);
        }
    }
    encode(&header, &rows)
}

fn evidence(assessment: &Assessment, lang: Lang) -> Vec<u8> {
    let header = [
        "evidence_id",
        "path",
        "kind",
        "kind_title",
        "status",
        "reason",
        "source_system",
        "custodian",
        "captured_on",
        "captured_from",
        "age_days",
        "max_age_days",
        "covers_from",
        "covers_to",
        "format",
        "encoding",
        "bytes",
        "sha256",
        "rows",
        "rows_rejected",
        "rows_future",
        "cells_unreadable",
        "stated_rows",
        "stated_from",
        "stated_to",
        "used_by",
        "sheets",
    ];
    let rows = assessment.evidence.iter().map(|file| {
        vec![
            Cell::plain(&file.id),
            Cell::text(&file.path),
            Cell::option(file.kind.as_ref()),
            optional(file.kind_title.as_ref(), lang),
            Cell::plain(file.status.word()),
            optional(file.reason.as_ref(), lang),
            Cell::text(file.source_system.clone().unwrap_or_default()),
            Cell::text(file.custodian.clone().unwrap_or_default()),
            Cell::option(file.captured_on),
            Cell::plain(file.captured_from.as_deref().unwrap_or_default()),
            Cell::option(file.age_days),
            Cell::option(file.max_age_days),
            Cell::option(file.covers.map(|(from, _)| from)),
            Cell::option(file.covers.map(|(_, to)| to)),
            Cell::text(file.format.clone().unwrap_or_default()),
            Cell::text(file.encoding.clone().unwrap_or_default()),
            Cell::option(file.bytes),
            Cell::text(file.sha256.clone().unwrap_or_default()),
            Cell::option(file.rows_read),
            Cell::plain(file.rows_rejected),
            Cell::plain(file.rows_future),
            Cell::plain(file.cells_unreadable),
            Cell::option(file.stated_rows),
            Cell::option(file.stated_period.map(|(from, _)| from)),
            Cell::option(file.stated_period.map(|(_, to)| to)),
            Cell::plain(file.used_by.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
            Cell::text(file.sheets.join("; ")),
        ]
    });
    encode(&header, &rows.collect::<Vec<_>>())
}

fn all_checks(assessment: &Assessment) -> impl Iterator<Item = (&ControlResult, &CheckOutcome)> {
    assessment.controls.iter().flat_map(|control| control.checks.iter().map(move |check| (control, check)))
}

fn find<'a>(assessment: &'a Assessment, id: &CheckId) -> Option<(&'a ControlResult, &'a CheckOutcome)> {
    all_checks(assessment).find(|(_, check)| check.id == *id)
}

fn text(text: &Text, lang: Lang) -> Cell {
    Cell::text(text.get(lang))
}

fn optional(text: Option<&Text>, lang: Lang) -> Cell {
    Cell::text(text.map(|text| text.get(lang)).unwrap_or_default())
}

fn caveats(control: &ControlResult, lang: Lang) -> String {
    control.caveats.iter().map(|caveat| caveat.get(lang)).collect::<Vec<_>>().join("; ")
}

fn ids(ids: &[ProvisionId]) -> String {
    ids.iter().map(ProvisionId::as_str).collect::<Vec<_>>().join("; ")
}

fn reason(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotTested(reason) => not_tested_word(reason),
        _ => "",
    }
}

/// What a finding is about, on one line.
fn key(finding: &Finding) -> String {
    finding.key.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" / ")
}

fn some(findings: &[Finding], total: u64, lang: Lang, show: impl Fn(&Finding) -> Option<String>) -> String {
    let shown: Vec<String> = findings.iter().filter_map(show).take(LISTED).collect();
    let mut text = shown.join("; ");
    let shown = u64::try_from(shown.len()).unwrap_or(u64::MAX);
    if total > shown && shown > 0 {
        text.push_str(match lang {
            Lang::Zh => " 等",
            Lang::En => "; …",
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::fixture;

    fn lines(list: List, lang: Lang) -> Vec<String> {
        let text = String::from_utf8(render(&fixture::rich(), list, lang)).unwrap();
        text.trim_start_matches('\u{feff}').split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn gaps_have_the_keys_of_the_ledger() {
        let zh = lines(List::Gaps, Lang::Zh);
        assert_eq!(zh.len(), 2);
        assert!(zh[0].starts_with("gap_id,period_found,found_on,source,control_id,check_id,law_refs,title,"));
        assert!(zh[1].contains(",2026Q3,2026-09-30,self,BAK-01,BAK-01.1,LAW-1,备份任务成功,共检查 10 项"), "{}", zh[1]);
        assert!(zh[1].contains("\"J-2; J-3; J-4\",3,3,\"evidence/2026Q3/backup_jobs.csv:2; "), "{}", zh[1]);
        assert!(zh[1].ends_with(",high,查明失败原因并补做备份。,2026-10-30,open,worsened,"), "{}", zh[1]);
        assert!(lines(List::Gaps, Lang::En)[1].contains("Backup jobs succeed,\"10 examined, 3 fell short\""));
    }

    #[test]
    fn every_row_has_a_cell_for_every_heading() {
        for list in List::ALL {
            let text = String::from_utf8(render(&fixture::hostile(), list, Lang::Zh)).unwrap();
            let mut counts = Vec::new();
            for line in text.split_terminator("\r\n") {
                assert!(!line.chars().any(|c| super::super::super::escape::acts(c) && c != '\u{feff}'), "{line:?}");
                let mut quoted = false;
                counts.push(
                    1 + line
                        .chars()
                        .filter(|c| {
                            quoted ^= *c == '"';
                            *c == ',' && !quoted
                        })
                        .count(),
                );
            }
            assert!(counts.len() > 1, "{list:?} is empty");
            assert!(counts.iter().all(|count| *count == counts[0]), "{list:?}: {counts:?}");
        }
    }

    /// A control that rests on unverified law says so beside its gaps too.
    #[test]
    fn caveats_stand_beside_gaps() {
        let mut assessment = fixture::rich();
        let caveat = crate::text::Text::new("未核对", "not verified");
        for control in &mut assessment.controls {
            control.caveats = vec![caveat.clone()];
        }
        for (list, lang, word) in [(List::Gaps, Lang::Zh, "未核对"), (List::Controls, Lang::En, "not verified")] {
            let text = String::from_utf8(render(&assessment, list, lang)).unwrap();
            assert!(text.lines().skip(1).all(|line| line.ends_with(word)), "{text}");
        }
    }

    #[test]
    fn the_numbers_of_the_lists_are_those_of_the_assessment() {
        let assessment = fixture::rich();
        let checks: usize = assessment.controls.iter().map(|control| control.checks.len()).sum();
        assert_eq!(lines(List::Controls, Lang::Zh).len() - 1, assessment.controls.len());
        assert_eq!(lines(List::Checks, Lang::Zh).len() - 1, checks);
        assert_eq!(lines(List::Findings, Lang::Zh).len() - 1, 3);
        assert_eq!(lines(List::Evidence, Lang::Zh).len() - 1, assessment.evidence.len());
    }
}
