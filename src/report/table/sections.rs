//! What follows the table: gaps, what could not be tested, evidence problems, faults, comparison, what to do next.

use super::Page;
use crate::model::{Assessment, Baseline, CheckOutcome, EvidenceFile, FileStatus, NotTested, Outcome, Problem};
use crate::report::words::{not_tested_word, place};
use crate::text::{Lang, Text};

/// Findings shown for each gap.
const FINDINGS: usize = 3;
/// Lines shown in a section of problems.
const PROBLEMS: usize = 10;

/// All sections that have something to say.
pub(super) fn all(page: &mut Page, assessment: &Assessment) {
    gaps(page, assessment);
    untested(page, assessment);
    not_applicable(page, assessment);
    caveats(page, assessment);
    evidence(page, assessment);
    faults(page, assessment);
    comparison(page, assessment);
    self_check(page, assessment);
    next(page, assessment);
}

fn gaps(page: &mut Page, assessment: &Assessment) {
    let lang = page.style.lang;
    page.heading("table.gaps");
    if assessment.gaps.is_empty() {
        let none = page.locale.get("table.no_gaps").to_owned();
        page.line("  ", &none, None);
    }
    for gap in &assessment.gaps {
        let check = checks(assessment).find(|check| check.id == gap.check);
        let outcome = check.map_or(Outcome::NotSatisfied, |check| check.outcome);
        let mut parts = vec![
            format!("{} {} {}", page.state(outcome), gap.check, gap.title.get(lang)),
            page.locale.severity(gap.severity).to_owned(),
            page.locale.fill("table.findings", &[("n", gap.findings_total.to_string())]),
            page.locale.fill("table.due", &[("date", gap.due.to_string())]),
            gap.id.clone(),
        ];
        if let Some(mark) = gap.baseline {
            parts.insert(2, page.locale.word("baseline", mark.word()).to_owned());
        }
        page.line("  ", &parts.join(" · "), Some(outcome));
        let findings = check.map(|check| check.findings.as_slice()).unwrap_or_default();
        for finding in findings.iter().take(FINDINGS) {
            let at = finding.citations.first().map(place).or_else(|| finding.policy.clone()).unwrap_or_default();
            page.line("    ", &format!("{at}  {}", finding.text.get(lang)), None);
        }
        let shown = u64::try_from(findings.len().min(FINDINGS)).unwrap_or(u64::MAX);
        if gap.findings_total > shown && shown > 0 {
            let key = if page.style.report { "table.more_findings" } else { "table.more_findings_unwritten" };
            let more = page.locale.fill(key, &[("n", (gap.findings_total - shown).to_string())]);
            page.line("    ", &more, None);
        }
    }
}

fn checks(assessment: &Assessment) -> impl Iterator<Item = &CheckOutcome> {
    assessment.controls.iter().flat_map(|control| &control.checks)
}

/// Each reason once, with the checks that it keeps from being tested: one file may be missed by many.
fn untested(page: &mut Page, assessment: &Assessment) {
    let lang = page.style.lang;
    let mut said: Vec<(NotTested, &str, Vec<&str>)> = Vec::new();
    for control in &assessment.controls {
        let own = control.checks.is_empty().then_some((control.id.as_str(), control.outcome, &control.detail));
        let checks = control.checks.iter().map(|check| (check.id.as_str(), check.outcome, &check.detail));
        for (id, outcome, detail) in own.into_iter().chain(checks) {
            let Outcome::NotTested(reason) = outcome else { continue };
            if reason == NotTested::NoOccurrence {
                continue;
            }
            let detail = detail.as_ref().map(|detail| detail.get(lang)).unwrap_or_default();
            match said.iter_mut().find(|(why, text, _)| (*why, *text) == (reason, detail)) {
                Some((.., ids)) => ids.push(id),
                None => said.push((reason, detail, vec![id])),
            }
        }
    }
    let line = |(reason, detail, ids): (NotTested, &str, Vec<&str>)| {
        let outcome = Outcome::NotTested(reason);
        let word = page.locale.word("reason", not_tested_word(reason));
        Line::of(outcome, format!("{} {}  {word}: {detail}", super::symbol(outcome), ids.join(" ")))
    };
    let lines = said.into_iter().map(line).collect();
    section(page, "table.untested", lines, usize::MAX);
}

/// 不适用 stays visible, with what decided it (REPORTS §1.1).
fn not_applicable(page: &mut Page, assessment: &Assessment) {
    let lang = page.style.lang;
    let mut lines = Vec::new();
    for control in &assessment.controls {
        let whole =
            control.outcome == Outcome::NotApplicable && control.checks.iter().all(|c| c.detail == control.detail);
        let own = (whole, control.id.as_str(), control.outcome, &control.detail);
        let checks = control.checks.iter().map(|check| (!whole, check.id.as_str(), check.outcome, &check.detail));
        for (shown, id, outcome, detail) in std::iter::once(own).chain(checks) {
            if shown && outcome == Outcome::NotApplicable {
                let detail = detail.as_ref().map(|detail| detail.get(lang)).unwrap_or_default();
                lines.push(Line::of(outcome, format!("{} {id}  {detail}", super::symbol(outcome))));
            }
        }
    }
    section(page, "table.not_applicable", lines, usize::MAX);
}

/// What a reader must know beside a result, each sentence once with the controls it concerns.
fn caveats(page: &mut Page, assessment: &Assessment) {
    let mut said: Vec<(&Text, Vec<&str>)> = Vec::new();
    for control in &assessment.controls {
        for caveat in &control.caveats {
            match said.iter_mut().find(|(text, _)| *text == caveat) {
                Some((_, ids)) => ids.push(control.id.as_str()),
                None => said.push((caveat, vec![control.id.as_str()])),
            }
        }
    }
    let lines = said.iter().map(|(text, ids)| Line::plain(format!("{}  {}", ids.join(" "), text.get(page.style.lang))));
    let lines = lines.collect();
    section(page, "table.caveats", lines, usize::MAX);
}

fn evidence(page: &mut Page, assessment: &Assessment) {
    let lang = page.style.lang;
    let quiet = |status: FileStatus| status.counts() || status == FileStatus::Unneeded;
    let problems = || assessment.diagnostics.iter().filter(|problem| problem.code.starts_with("evidence/"));
    // A file of which a problem is told as a whole is not told of twice.
    let told = |file: &EvidenceFile| {
        let reason = file.reason.as_ref();
        problems().any(|problem| problem.place.as_ref() == Some(&file.path) && Some(&problem.message) == reason)
    };
    let files = assessment.evidence.iter().filter(|file| !quiet(file.status)).map(|file| {
        let word = page.locale.word("file", file.status.word());
        let reason = file.reason.as_ref().map(|reason| format!(": {}", reason.get(lang))).unwrap_or_default();
        (!told(file)).then(|| Line::plain(format!("{}  {word}{reason}", file.name())))
    });
    let lines: Vec<Line> = files.flatten().chain(problems().map(|problem| Line::problem(problem, lang))).collect();
    section(page, "table.evidence", lines, PROBLEMS);
}

fn faults(page: &mut Page, assessment: &Assessment) {
    let lang = page.style.lang;
    let faults =
        assessment.diagnostics.iter().filter(|problem| problem.error && !problem.code.starts_with("evidence/"));
    let painted = |line| Line { paint: Some(Outcome::NotSatisfied), ..line };
    let lines = faults.map(|problem| painted(Line::problem(problem, lang))).collect();
    section(page, "table.faults", lines, PROBLEMS);
}

fn comparison(page: &mut Page, assessment: &Assessment) {
    let Some(comparison) = &assessment.comparison else { return };
    let count = |mark: Baseline| assessment.gaps.iter().filter(|gap| gap.baseline == Some(mark)).count().to_string();
    let values = [
        ("id", comparison.report_id.clone()),
        ("date", comparison.as_of.to_string()),
        ("new", count(Baseline::New)),
        ("worse", count(Baseline::Worsened)),
        ("still", count(Baseline::StillOpen)),
        ("unknown", count(Baseline::Incomparable)),
        ("fixed", comparison.fixed.len().to_string()),
        ("lost", comparison.undetermined.len().to_string()),
    ];
    let line = page.locale.fill("table.comparison", &values);
    page.text.push('\n');
    page.line("", &line, None);
    let notes: Vec<String> = comparison.notes.iter().map(|note| note.get(page.style.lang).to_owned()).collect();
    for note in notes {
        page.line("  ", &note, None);
    }
}

fn self_check(page: &mut Page, assessment: &Assessment) {
    let lines: Vec<_> = assessment
        .self_check
        .iter()
        .map(|line| {
            let word = match line.level {
                crate::model::SelfCheckLevel::Error => "error",
                crate::model::SelfCheckLevel::Warning => "warning",
            };
            Line::plain(format!("{}: {}", page.locale.word("self_check", word), line.text.get(page.style.lang)))
        })
        .collect();
    section(page, "table.self_check", lines, PROBLEMS);
}

fn next(page: &mut Page, assessment: &Assessment) {
    let mut lines = Vec::new();
    if assessment.has_fault() {
        lines.push(Line::plain(page.locale.get("table.next_faults").to_owned()));
    }
    if assessment.scores.controls.not_tested > 0 {
        lines.push(Line::plain(page.locale.get("table.next_evidence").to_owned()));
    }
    if let Some(gap) = assessment.gaps.first() {
        lines.push(Line::plain(page.locale.fill("table.next_gaps", &[("id", gap.control.to_string())])));
    }
    let unused = assessment.evidence.iter().filter(|file| file.status == FileStatus::Unused).count();
    if unused > 0 {
        lines.push(Line::plain(page.locale.fill("table.next_unused", &[("n", unused.to_string())])));
    }
    section(page, "table.next", lines, usize::MAX);
}

/// One line of a section, and what to do about it.
struct Line {
    text: String,
    paint: Option<Outcome>,
    help: Option<String>,
}

impl Line {
    const fn plain(text: String) -> Self {
        Self { text, paint: None, help: None }
    }

    const fn of(outcome: Outcome, text: String) -> Self {
        Self { text, paint: Some(outcome), help: None }
    }

    fn problem(problem: &Problem, lang: Lang) -> Self {
        let at = problem.place.as_ref().map(|at| format!("{at}  ")).unwrap_or_default();
        let text = format!("{at}{} ({})", problem.message.get(lang), problem.code);
        Self { help: problem.help.as_ref().map(|help| help.get(lang).to_owned()), ..Self::plain(text) }
    }
}

/// A heading and its lines. What is to be done about neighbours alike is said once, beneath the last of them.
fn section(page: &mut Page, heading: &str, lines: Vec<Line>, limit: usize) {
    if lines.is_empty() {
        return;
    }
    page.heading(heading);
    let rest = lines.len().saturating_sub(limit);
    let mut lines = lines.into_iter().take(limit).peekable();
    while let Some(line) = lines.next() {
        page.line("  ", &line.text, line.paint);
        if let Some(help) = line.help.filter(|help| lines.peek().is_none_or(|next| next.help.as_ref() != Some(help))) {
            let help = page.locale.fill("table.help", &[("help", help)]);
            page.line("    ", &help, None);
        }
    }
    if rest > 0 {
        let more = page.locale.fill("table.more", &[("n", rest.to_string())]);
        page.line("  ", &more, None);
    }
}
