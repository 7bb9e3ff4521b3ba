//! Diagnostics on the terminal: code, `file:line:column`, caret, label and help, drawn by miette.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode,
    SourceSpan, SpanContents,
};
use unicode_width::UnicodeWidthStr;

use super::console::{Ability, Console};
use super::plain::{plain, plain_same_length};
use crate::text::{Diagnostic, Lang, Level, LineColumn, Place, Source, Span};

/// Of lines longer than this only a piece is shown: the line would fill the screen and hide the message.
const LONGEST_LINE: usize = 1_000;
/// Of spans of more lines than this only the first is shown.
const MOST_LINES: usize = 30;
/// Characters of a long line shown on either side of the caret.
const BESIDE: usize = 60;
/// Width when nobody looks: wide enough that a wrapped help is an exception.
const PIPE_WIDTH: usize = 120;
/// Narrower than this and wrapping does more harm than the terminal's own.
const NARROWEST: usize = 40;

/// Prints all of them to stderr, then how many there were. `limit` caps how many are shown.
pub fn show(console: &mut Console<'_>, diagnostics: &[Diagnostic], limit: usize) {
    for diagnostic in diagnostics.iter().take(limit) {
        let text = render(diagnostic, console.lang, console.err_ability);
        console.note_line(&text);
    }
    if diagnostics.is_empty() {
        return;
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.code.level == Level::Error).count();
    let warnings = diagnostics.len() - errors;
    let hidden = diagnostics.len().saturating_sub(limit);
    let mut counted = match console.lang {
        Lang::Zh => format!("{errors} 个错误，{warnings} 个警告"),
        Lang::En => format!("{errors} {}, {warnings} {}", plural(errors, "error"), plural(warnings, "warning")),
    };
    if hidden > 0 {
        let _ = match console.lang {
            Lang::Zh => write!(counted, "（另有 {hidden} 个未列出）"),
            Lang::En => write!(counted, " ({hidden} more not listed)"),
        };
    }
    console.note_line(&counted);
}

/// One diagnostic as the terminal shows it, ending with a line break.
///
/// A place in a policy or workspace file is drawn with the line and a caret; a row of an evidence file and a file as
/// a whole are named in one line, as the table they come from is not text that a caret could point into.
pub fn render(diagnostic: &Diagnostic, lang: Lang, ability: Ability) -> String {
    match &diagnostic.place {
        Some(Place::Source { source, span }) if drawable(source, *span) => {
            draw(diagnostic, source, *span, None, lang, ability)
        }
        Some(Place::Source { source, span }) => match piece(source, *span) {
            Some((piece, span, shift)) => draw(diagnostic, &piece, span, Some(shift), lang, ability),
            None => line(diagnostic, lang, ability),
        },
        _ => line(diagnostic, lang, ability),
    }
}

/// One diagnostic for programs. Lines, columns and rows count from 1.
pub fn json(diagnostic: &Diagnostic) -> serde_json::Value {
    let both = |text: &crate::text::Text| serde_json::json!({"zh": text.zh, "en": text.en});
    let related: Vec<serde_json::Value> = diagnostic
        .related
        .iter()
        .map(|label| serde_json::json!({"place": place_json(&label.place), "text": both(&label.text)}))
        .collect();
    serde_json::json!({
        "code": diagnostic.code.id,
        "level": match diagnostic.code.level {
            Level::Error => "error",
            Level::Warning => "warning",
        },
        "message": both(&diagnostic.message),
        "place": diagnostic.place.as_ref().map(place_json),
        "label": diagnostic.label.as_ref().map(both),
        "help": diagnostic.help.as_ref().map(both),
        "related": related,
    })
}

fn place_json(place: &Place) -> serde_json::Value {
    match place {
        Place::Source { source, span } => {
            let (start, end) = (source.line_column(span.start), source.line_column(span.end));
            serde_json::json!({
                "file": source.name, "line": start.line, "column": start.column,
                "end_line": end.line, "end_column": end.column,
            })
        }
        Place::Row { file, sheet, row, line, column } => {
            serde_json::json!({"file": file, "sheet": sheet, "row": row, "line": line, "field": column})
        }
        Place::File { path } => serde_json::json!({"file": path}),
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn drawable(source: &Source, span: Span) -> bool {
    let text = source.text.as_ref();
    let (start, end) = (span.start as usize, span.end as usize);
    if end > text.len() || text.get(start..end).is_none() {
        return false;
    }
    // The lines of the span and the one before and after it, which are drawn too.
    let before = text.get(..start).unwrap_or_default().rsplit('\n').take(2).map(str::len).max();
    let after = text.get(end..).unwrap_or_default().split('\n').take(2).map(str::len).max();
    let within = text.get(start..end).unwrap_or_default();
    before.max(after) <= Some(LONGEST_LINE)
        && within.lines().all(|line| line.len() <= LONGEST_LINE)
        && within.lines().count() <= MOST_LINES
}

/// The piece of a long line around a span, with the span in it and what its positions lack to those of the file.
fn piece(source: &Source, span: Span) -> Option<(Arc<Source>, Span, LineColumn)> {
    let text = source.text.as_ref();
    let (start, end) = (span.start as usize, (span.end as usize).min(text.len()));
    let (before, after) = (text.get(..start)?, text.get(start..)?);
    text.get(start..end)?;
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let first = before.char_indices().rev().take(BESIDE).last().map_or(start, |(at, _)| at).max(line);
    let rest = after.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let shown = rest.char_indices().nth(BESIDE).map_or(rest, |(at, _)| rest.get(..at).unwrap_or_default());
    let (left, right) = (if first > line { "…" } else { "" }, if shown.len() < rest.len() { "…" } else { "" });
    let kept = text.get(first..start)?;
    let at = left.len() + kept.len();
    let moved = Span::new(at, at + shown.len().min(end - start));
    let (real, here) = (source.line_column(span.start), left.chars().count() + kept.chars().count());
    let shift = LineColumn { line: real.line - 1, column: real.column - 1 - here };
    Some((Source::new(source.name.clone(), format!("{left}{kept}{shown}{right}")), moved, shift))
}

/// `error evidence/unreadable-cell: evidence/a.csv:12:金额: …`, with help on a line of its own.
fn line(diagnostic: &Diagnostic, lang: Lang, ability: Ability) -> String {
    let (word, colour) = match (diagnostic.code.level, lang) {
        (Level::Error, Lang::Zh) => ("错误", "31"),
        (Level::Error, Lang::En) => ("error", "31"),
        (Level::Warning, Lang::Zh) => ("警告", "33"),
        (Level::Warning, Lang::En) => ("warning", "33"),
    };
    let mut text = if ability.colour { format!("\u{1b}[{colour}m{word}\u{1b}[0m") } else { word.to_owned() };
    text.push(' ');
    text.push_str(diagnostic.code.id);
    text.push_str(": ");
    if let Some(place) = &diagnostic.place {
        text.push_str(&plain(&place.display()));
        text.push_str(": ");
    }
    text.push_str(&plain(diagnostic.message.get(lang)));
    if let Some(label) = &diagnostic.label {
        let _ = write!(text, " ({})", plain(label.get(lang)));
    }
    text.push('\n');
    for label in &diagnostic.related {
        let _ = writeln!(text, "  {}: {}", plain(&label.place.display()), plain(label.text.get(lang)));
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(text, "  {}: {}", if lang == Lang::Zh { "帮助" } else { "help" }, plain(help.get(lang)));
    }
    text
}

fn draw(
    diagnostic: &Diagnostic,
    source: &Arc<Source>,
    span: Span,
    shift: Option<LineColumn>,
    lang: Lang,
    ability: Ability,
) -> String {
    let theme = match (ability.terminal, ability.colour) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, _) => GraphicalTheme::none(),
    };
    let width = ability.width.map_or(PIPE_WIDTH, |width| usize::from(width).max(NARROWEST));
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_urls(false).with_context_lines(1);
    let drawing = Drawing::new(diagnostic, source, span, shift, lang);
    let mut text = String::new();
    if handler.render_report(&mut text, &drawing).is_err() {
        return line(diagnostic, lang, ability);
    }
    let mut text = localise_help(text, lang);
    for elsewhere in drawing.elsewhere {
        text.push_str(&elsewhere);
    }
    text
}

/// miette writes `help:` in English whatever the language; `帮助` is as wide, so the wrapped lines stay aligned.
fn localise_help(text: String, lang: Lang) -> String {
    if lang == Lang::En {
        return text;
    }
    debug_assert_eq!("help".width(), "帮助".width());
    let mut localised = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let coloured = line.starts_with("\u{1b}[36m  help: ");
        if coloured || line.starts_with("  help: ") {
            localised.push_str(&line.replacen("help", "帮助", 1));
        } else {
            localised.push_str(line);
        }
    }
    localised
}

/// A diagnostic in one language, in the shape miette draws.
struct Drawing {
    code: &'static str,
    level: Level,
    message: String,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    source: Numbered,
    /// Related places in other files, one line each.
    elsewhere: Vec<String>,
}

impl Drawing {
    fn new(diagnostic: &Diagnostic, source: &Arc<Source>, span: Span, shift: Option<LineColumn>, lang: Lang) -> Self {
        let label = diagnostic.label.as_ref().map(|label| plain(label.get(lang)).into_owned());
        let mut labels = vec![LabeledSpan::new_primary_with_span(label, source_span(span))];
        let mut elsewhere = Vec::new();
        for related in &diagnostic.related {
            let text = plain(related.text.get(lang)).into_owned();
            match &related.place {
                Place::Source { source: other, span } if Arc::ptr_eq(other, source) && drawable(other, *span) => {
                    labels.push(LabeledSpan::new_with_span(Some(text), source_span(*span)));
                }
                place => elsewhere.push(format!("  {}: {text}\n", plain(&place.display()))),
            }
        }
        Self {
            code: diagnostic.code.id,
            level: diagnostic.code.level,
            message: plain(diagnostic.message.get(lang)).into_owned(),
            help: diagnostic.help.as_ref().map(|help| plain(help.get(lang)).into_owned()),
            labels,
            source: Numbered {
                name: plain(&source.name).into_owned(),
                text: plain_same_length(&source.text).into_owned(),
                source: Arc::clone(source),
                shift: shift.unwrap_or(LineColumn { line: 0, column: 0 }),
            },
            elsewhere,
        }
    }
}

fn source_span(span: Span) -> SourceSpan {
    SourceSpan::new((span.start as usize).into(), (span.end.saturating_sub(span.start)) as usize)
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl miette::Diagnostic for Drawing {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A source whose columns count characters: miette's own count bytes, and every hanzi would shift the column by three.
#[derive(Debug)]
struct Numbered {
    name: String,
    text: String,
    source: Arc<Source>,
    /// Lines and columns before the text, when it is a piece of a file.
    shift: LineColumn,
}

impl SourceCode for Numbered {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, context_lines_before, context_lines_after)?;
        let column = if context_lines_before == 0 {
            let offset = u32::try_from(span.offset()).unwrap_or(u32::MAX);
            self.source.line_column(offset).column.saturating_sub(1) + self.shift.column
        } else {
            contents.column()
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line() + self.shift.line,
            column,
            contents.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Code, Text};

    static CODE: Code = Code { id: "policy/unknown-column", level: Level::Error, explain_zh: "", explain_en: "" };

    const SOURCE: &str =
        "title: {zh: 管理员, en: x}\nwhere: role = '管理员' AND mfa_enabld = true\non_empty: not_tested\n";

    fn fault() -> Diagnostic {
        let source = Source::new("policies/controls/IAM/IAM-02.yaml", SOURCE);
        let start = SOURCE.find("mfa_enabld").unwrap();
        Diagnostic::new(
            &CODE,
            Text::new("证据 `accounts` 没有列 `mfa_enabld`", "no column `mfa_enabld` in evidence `accounts`"),
        )
        .at(&source, Span::new(start, start + 10))
        .label(Text::new("证据中没有这一列", "not a column of this evidence"))
        .help(Text::new("是否要写 `mfa_enabled`？", "did you mean `mfa_enabled`?"))
    }

    #[test]
    fn a_caret_stands_under_the_word_also_after_hanzi() {
        let text = render(&fault(), Lang::En, Ability::PLAIN);
        // The column counts characters: `where: role = '管理员' AND ` is 24 of them, 30 bytes, 27 cells.
        assert!(text.contains("[policies/controls/IAM/IAM-02.yaml:2:25]"), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let code = lines.iter().position(|line| line.contains("mfa_enabld =")).unwrap();
        let cells = |line: &str, word: &str| line.split(word).next().unwrap().width();
        let at = cells(lines[code], "mfa_enabld");
        let caret = lines[code + 1].chars().position(|c| c == '^').unwrap();
        assert_eq!(caret, at, "{text}");
        assert!(lines[0].starts_with("policy/unknown-column"), "{text}");
        assert!(text.contains("  help: did you mean `mfa_enabled`?"), "{text}");
        assert!(text.contains("not a column of this evidence"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn chinese_has_its_own_words() {
        let text = render(&fault(), Lang::Zh, Ability::PLAIN);
        assert!(text.contains("证据 `accounts` 没有列"), "{text}");
        assert!(text.contains("  帮助: 是否要写"), "{text}");
        assert!(!text.contains("help"), "{text}");
    }

    #[test]
    fn colour_only_where_it_is_welcome() {
        let colour = Ability { terminal: true, colour: true, width: Some(80) };
        assert!(render(&fault(), Lang::Zh, colour).contains("\u{1b}["));
        let no_colour = Ability { colour: false, ..colour };
        let text = render(&fault(), Lang::Zh, no_colour);
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(text.contains('╭'), "{text}");
    }

    #[test]
    fn narrow_terminals_wrap_messages() {
        let narrow = Ability { terminal: true, colour: false, width: Some(44) };
        let long = Diagnostic::new(&CODE, Text::same("很长的说明".repeat(20)))
            .at(&Source::new("a.yaml", "a: b\n"), Span::new(0, 1));
        let text = render(&long, Lang::Zh, narrow);
        for line in text.lines() {
            assert!(line.width() <= 44, "{} cells: {line}", line.width());
        }
    }

    #[test]
    fn rows_and_files_are_lines() {
        let place = Place::Row {
            file: "evidence/a.csv".into(),
            sheet: None,
            row: 12,
            line: Some(14),
            column: Some("金额".into()),
        };
        let fault = Diagnostic::new(&CODE, Text::same("`1,2,3` is not a number")).at_place(place);
        assert_eq!(
            render(&fault, Lang::En, Ability::PLAIN),
            "error policy/unknown-column: evidence/a.csv:12:金额: `1,2,3` is not a number\n"
        );
    }

    #[test]
    fn hostile_text_stays_text() {
        let source = Source::new("a\u{1b}.yaml", "a: \u{1b}[31m\u{9b}b\n");
        let fault = Diagnostic::new(&CODE, Text::same("\u{1b}]0;x\u{7}")).at(&source, Span::new(3, 6));
        let text = render(&fault, Lang::En, Ability::PLAIN);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }

    #[test]
    fn of_an_endless_line_a_piece_is_shown() {
        let long = Source::new("a.yaml", format!("a: 1\nb: {}工号{}\n", "x".repeat(5_000), "y".repeat(5_000)));
        let at = long.text.find('工').unwrap();
        let fault = Diagnostic::new(&CODE, Text::same("m")).at(&long, Span::new(at, at + 6));
        let text = render(&fault, Lang::En, Ability::PLAIN);
        assert!(text.contains("[a.yaml:2:5004]"), "{text}");
        assert!(text.contains(" 2 | …xxx") && text.contains("^^^^") && text.contains("yyy…"), "{text}");
        assert!(text.lines().all(|line| line.len() < 200), "{text}");
        // A span of many lines is shown by its first.
        let many = Source::new("b.yaml", format!("a: 1\nb:\n{}", "  c: d\n".repeat(100)));
        let fault = Diagnostic::new(&CODE, Text::same("m")).at(&many, Span::new(10, many.text.len()));
        let text = render(&fault, Lang::En, Ability::PLAIN);
        assert!(text.contains("[b.yaml:3:3]") && text.contains(" 3 |   c: d") && text.contains("^^^^"), "{text}");
    }

    #[test]
    fn places_out_of_range_fall_back_to_a_line() {
        let short = Source::new("b.yaml", "x: 账");
        let cases =
            [("past the end", short.clone(), Span::new(90, 95)), ("inside a character", short, Span::new(4, 5))];
        for (name, source, span) in cases {
            let text = render(&Diagnostic::new(&CODE, Text::same("m")).at(&source, span), Lang::En, Ability::PLAIN);
            assert_eq!(text.lines().count(), 1, "{name}: {text}");
        }
        let whole = Source::new("c.yaml", "");
        let text =
            render(&Diagnostic::new(&CODE, Text::same("m")).at(&whole, Span::new(0, 0)), Lang::En, Ability::PLAIN);
        assert!(text.contains("c.yaml"), "{text}");
    }
}
