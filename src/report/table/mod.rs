//! The terminal summary: conclusion first, one row per control, then gaps, what could not be tested, what to do next.
//!
//! Width and colour are passed in; nothing here looks at a terminal. State is a sign and a word, colour only adds.

mod sections;
mod wrap;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table};

use super::Templates;
use super::escape::visible;
use super::locale::{Locale, symbol};
use crate::model::{Assessment, CheckOutcome, ControlResult, Outcome};
use crate::text::Lang;
use wrap::wrap;

/// How the summary is to look.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Cells per line; at least 40.
    pub width: usize,
    /// Whether ANSI colours are wanted (a terminal, and no `NO_COLOR`).
    pub colour: bool,
    /// The language.
    pub lang: Lang,
    /// Whether a report is written, which lists what the summary leaves out.
    pub report: bool,
}

/// Narrower than this a table has no room for titles, and the same rows are printed as a list.
const TABLE_FROM: usize = 72;

/// Characters of a sentence; the reports have longer ones whole.
const LONGEST: usize = 2_000;

/// The summary in the shipped words, lines ended by `\n`.
pub fn summary(assessment: &Assessment, style: Style) -> String {
    summary_with(assessment, style, &Templates::shipped())
}

/// The summary in the words of `templates`.
pub fn summary_with(assessment: &Assessment, style: Style, templates: &Templates) -> String {
    let mut page = Page {
        style: Style { width: style.width.max(40), ..style },
        locale: templates.locale(style.lang, assessment.metadata.profile.vocabulary.as_deref()),
        text: String::new(),
    };
    page.head(assessment);
    if page.style.width >= TABLE_FROM {
        page.table(assessment);
    } else {
        page.list(assessment);
    }
    sections::all(&mut page, assessment);
    page.text
}

/// What is being written, with the means to write it.
struct Page {
    style: Style,
    locale: Locale,
    text: String,
}

impl Page {
    /// Text wrapped at the width, the lines after the first indented. Nobody reads pages of one value in a terminal.
    fn line(&mut self, first: &str, text: &str, paint: Option<Outcome>) {
        let cut = text.char_indices().nth(LONGEST).map(|(at, _)| format!("{}…", text.get(..at).unwrap_or_default()));
        let text = cut.as_deref().unwrap_or(text);
        let rest = " ".repeat(unicode_width::UnicodeWidthStr::width(first).min(12));
        for line in wrap(&visible(text), first, &rest, self.style.width) {
            match paint.and_then(ansi).filter(|_| self.style.colour) {
                Some(code) => self.text.extend(["\u{1b}[", code, "m", &line, "\u{1b}[0m\n"]),
                None => {
                    self.text.push_str(&line);
                    self.text.push('\n');
                }
            }
        }
    }

    fn heading(&mut self, key: &str) {
        let heading = self.locale.get(key).to_owned();
        self.text.push('\n');
        if self.style.colour {
            self.text.extend(["\u{1b}[1m", &heading, "\u{1b}[0m\n"]);
        } else {
            self.text.push_str(&heading);
            self.text.push('\n');
        }
    }

    /// `✗ 不符合`.
    fn state(&self, outcome: Outcome) -> String {
        format!("{} {}", symbol(outcome), self.locale.outcome(outcome))
    }

    fn head(&mut self, assessment: &Assessment) {
        let lang = self.style.lang;
        let conclusion = &assessment.conclusion;
        self.line("", conclusion.line.get(lang), Some(conclusion.outcome));
        let metadata = &assessment.metadata;
        let about = [
            metadata.entity.name.get(lang).to_owned(),
            format!("{} {} – {}", metadata.period.id, metadata.period.start, metadata.period.end),
            format!("{} {}", self.locale.get("report.as_of"), metadata.as_of),
            self.locale.word("kind", super::words::kind_word(metadata.report_kind)).to_owned(),
        ];
        self.line("", &about.join(" · "), None);
        let scores = &assessment.scores;
        let values = [
            ("rate", super::number::percent(scores.before_waivers.tenths)),
            ("sum", super::number::halves(scores.before_waivers.halves)),
            ("n", scores.before_waivers.n.to_string()),
            ("tested", super::number::percent(scores.tested_only.tenths)),
            ("coverage", super::number::percent(scores.coverage_tenths)),
        ];
        let rates = self.locale.fill("table.rates", &values);
        self.line("", &rates, None);
        self.overrides(assessment);
        self.text.push('\n');
    }

    /// How much of the pack is not as it was shipped: the one who is judged may have written it.
    fn overrides(&mut self, assessment: &Assessment) {
        let overrides = &assessment.overrides;
        if overrides.is_empty() {
            return;
        }
        let count = |what: &str| overrides.iter().filter(|change| change.kind.ends_with(what)).count().to_string();
        let values = [
            ("n", overrides.len().to_string()),
            ("replaced", count("_replaced")),
            ("added", count("_added")),
            ("params", count("param")),
        ];
        let line = self.locale.fill("table.overrides", &values);
        self.line("", &line, None);
    }

    fn table(&mut self, assessment: &Assessment) {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.force_no_tty();
        table.set_width(u16::try_from(self.style.width).unwrap_or(u16::MAX));
        if self.style.colour {
            table.enforce_styling();
        }
        let keys = ["column.control", "column.title", "column.outcome", "column.severity", "column.conforming"];
        table.set_header(keys.map(|key| self.locale.get(key).to_owned()));
        for control in &assessment.controls {
            table.add_row([
                Cell::new(visible(control.id.as_str())),
                Cell::new(visible(control.title.get(self.style.lang))),
                self.state_cell(control.outcome),
                Cell::new(self.locale.severity(control.severity)),
                Cell::new(""),
            ]);
            for check in &control.checks {
                table.add_row([
                    Cell::new(format!("  {}", visible(check.id.as_str()))),
                    Cell::new(visible(check.title.get(self.style.lang))),
                    self.state_cell(check.outcome),
                    Cell::new(""),
                    Cell::new(conforming(check)).set_alignment(CellAlignment::Right),
                ]);
            }
        }
        // Titles wrap; what people look up does not.
        for index in [0, 2, 3, 4] {
            if let Some(column) = table.column_mut(index) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        for line in table.lines() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn state_cell(&self, outcome: Outcome) -> Cell {
        let cell = Cell::new(self.state(outcome));
        match outcome {
            Outcome::Satisfied => cell.fg(Color::Green),
            Outcome::Partial => cell.fg(Color::Yellow),
            Outcome::NotSatisfied => cell.fg(Color::Red),
            Outcome::NotTested(_) => cell.fg(Color::Magenta),
            Outcome::NotApplicable => cell,
        }
    }

    fn list(&mut self, assessment: &Assessment) {
        for control in &assessment.controls {
            self.control_item(control);
        }
    }

    fn control_item(&mut self, control: &ControlResult) {
        let lang = self.style.lang;
        let state = self.state(control.outcome);
        let severity = self.locale.severity(control.severity).to_owned();
        let text = format!("{state}  {} {} [{severity}]", control.id, control.title.get(lang));
        self.line("", &text, Some(control.outcome));
        for check in &control.checks {
            let state = self.state(check.outcome);
            let text = format!("{state}  {} {} {}", check.id, check.title.get(lang), conforming(check));
            self.line("  ", text.trim_end(), None);
        }
    }
}

/// `7/10`; blank when nothing was examined, or nothing that may be counted: beside "not tested" a full share would read
/// as a verdict.
fn conforming(check: &CheckOutcome) -> String {
    let judged = !matches!(check.outcome, Outcome::NotTested(_) | Outcome::NotApplicable);
    if judged && check.population > 0 { format!("{}/{}", check.conforming, check.population) } else { String::new() }
}

const fn ansi(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Satisfied => Some("32"),
        Outcome::Partial => Some("33"),
        Outcome::NotSatisfied => Some("31"),
        Outcome::NotTested(_) => Some("35"),
        Outcome::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::assess::fixture;

    fn plain(width: usize, lang: Lang) -> String {
        summary(&fixture::rich(), Style { width, colour: false, lang, report: true })
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for assessment in [fixture::rich(), fixture::hostile()] {
            for lang in [Lang::Zh, Lang::En] {
                for width in [40, 41, 57, 71, 72, 80, 100, 200] {
                    let text = summary(&assessment, Style { width, colour: false, lang, report: true });
                    for line in text.lines() {
                        assert!(line.width() <= width, "{width}: {} cells: {line}", line.width());
                        assert_eq!(line, line.trim_end(), "trailing blanks");
                    }
                }
            }
        }
    }

    #[test]
    fn tables_are_straight_with_hanzi() {
        let text = plain(100, Lang::Zh);
        let table: Vec<&str> = text.lines().filter(|line| line.starts_with(['│', '┌', '╞', '└'])).collect();
        assert!(table.len() >= 9, "{text}");
        assert!(table.iter().all(|line| line.width() == table[0].width()), "{text}");
    }

    #[test]
    fn every_width_and_language_tells_the_same() {
        for (width, lang) in [(40, Lang::Zh), (80, Lang::Zh), (120, Lang::En), (40, Lang::En)] {
            let text = plain(width, lang);
            let joined: String = text.split_whitespace().collect();
            for word in ["BAK-01.1", "7/10", "BAK-02", "2026-09-30", "backup_jobs.csv:2"] {
                assert!(joined.contains(word), "{width} {lang:?}: {word} is missing in\n{text}");
            }
        }
    }

    #[test]
    fn the_conclusion_comes_first() {
        assert!(plain(200, Lang::Zh).starts_with("结论：不符合 — 适用 2 项"));
        assert!(plain(200, Lang::En).starts_with("Conclusion: not satisfied — 2 applicable"));
    }

    #[test]
    fn what_stands_beside_a_result_is_said_once() {
        let mut assessment = fixture::rich();
        for control in &mut assessment.controls {
            control.caveats = vec![crate::text::Text::new("条号未核对", "number not checked")];
        }
        let text = summary(&assessment, Style { width: 100, colour: false, lang: Lang::En, report: true });
        assert!(text.contains("Beside the results\n  BAK-01 BAK-02  number not checked\n"), "{text}");
    }

    #[test]
    fn what_to_do_about_problems_alike_is_said_once() {
        let mut assessment = fixture::rich();
        let found = assessment.diagnostics[0].clone();
        let problem = |place: &str, help: Option<&str>| crate::model::Problem {
            place: Some(place.to_owned()),
            help: help.map(|help| crate::text::Text::new(help, help)),
            ..found.clone()
        };
        assessment.diagnostics = vec![
            problem("a", Some("say when")),
            problem("b", Some("say when")),
            problem("c", None),
            problem("d", Some("say who")),
        ];
        let text = summary(&assessment, Style { width: 100, colour: false, lang: Lang::En, report: true });
        let said = "`x` is not a date (evidence/unreadable-cell)";
        let expected =
            format!("  a  {said}\n  b  {said}\n    help: say when\n  c  {said}\n  d  {said}\n    help: say who\n");
        assert!(text.contains(&expected), "{text}");
    }

    #[test]
    fn a_value_of_pages_is_cut() {
        let mut assessment = fixture::rich();
        let long = "值".repeat(LONGEST + 1);
        assessment.diagnostics[0].message = crate::text::Text::new(long.clone(), long);
        let text = summary(&assessment, Style { width: 100, colour: false, lang: Lang::Zh, report: true });
        let whole = |text: &str| text.chars().filter(|character| *character == '值').count();
        assert!((1_900..LONGEST).contains(&whole(&text)), "{}", whole(&text));
        assert!(text.contains("值…\n"), "{text}");
    }

    #[test]
    fn colour_only_adds() {
        let style = |colour| Style { width: 100, colour, lang: Lang::Zh, report: true };
        let coloured = summary(&fixture::rich(), style(true));
        assert!(coloured.contains("\u{1b}["));
        let mut stripped = String::new();
        let mut parts = coloured.split('\u{1b}');
        stripped.push_str(parts.next().unwrap());
        for part in parts {
            stripped.push_str(part.split_once('m').unwrap().1);
        }
        let trim = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert_eq!(trim(&stripped), trim(&summary(&fixture::rich(), style(false))));
    }

    #[test]
    fn evidence_cannot_act_on_the_terminal() {
        for width in [40, 100] {
            let text = summary(&fixture::hostile(), Style { width, colour: false, lang: Lang::Zh, report: true });
            let found = text.chars().find(|character| super::super::escape::acts(*character) && *character != '\n');
            assert_eq!(found, None);
            assert!(text.split_whitespace().collect::<String>().contains(r"\u{1b}[31m"));
        }
    }

    #[test]
    fn the_summary_as_printed() {
        insta::assert_snapshot!("zh-100", plain(100, Lang::Zh));
        insta::assert_snapshot!("en-100", plain(100, Lang::En));
        insta::assert_snapshot!("zh-48", plain(48, Lang::Zh));
    }
}
