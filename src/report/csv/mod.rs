//! Lists for spreadsheets: UTF-8 with BOM, CRLF, RFC 4180 quoting, formula-safe; headings are machine names.

mod lists;

use std::borrow::Cow;

use super::escape::visible;
pub use lists::{List, render};

/// A cell, by what a spreadsheet may make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text of any origin: shown visible and defused.
    Text(String),
    /// A number, a date or a word of ours: left alone.
    Plain(String),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    #[expect(clippy::needless_pass_by_value, reason = "numbers and borrowed texts come by value where a cell is made")]
    pub(super) fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    pub(super) fn option<T: ToString>(value: Option<T>) -> Self {
        Self::Plain(value.map(|value| value.to_string()).unwrap_or_default())
    }
}

/// The bytes of a file: heading, then rows.
pub(super) fn encode(header: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    text.push_str(&header.join(","));
    text.push_str("\r\n");
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            match cell {
                Cell::Plain(value) => text.push_str(&quoted(value)),
                Cell::Text(value) => text.push_str(&quoted(&defused(&visible(value)))),
            }
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// Puts `'` before text that a spreadsheet would take for a formula; a plain number is none.
fn defused(text: &str) -> Cow<'_, str> {
    let first = text.trim_start().chars().next();
    let formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if formula && !is_number(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction)
}

fn quoted(text: &str) -> Cow<'_, str> {
    let needed = text.contains(['"', ',', '\r', '\n', ';', '\t']) || text.starts_with(' ') || text.ends_with(' ');
    if needed { Cow::Owned(format!("\"{}\"", text.replace('"', "\"\""))) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cell: Cell) -> String {
        let bytes = encode(&["a"], &[vec![cell]]);
        let text = String::from_utf8(bytes).unwrap();
        let (header, rest) = text.split_once("\r\n").unwrap();
        assert_eq!(header, "\u{feff}a");
        rest.strip_suffix("\r\n").unwrap().to_owned()
    }

    #[test]
    fn no_text_becomes_a_formula_or_another_cell() {
        let cases = [
            ("plain", "账套", "账套"),
            ("equals", "=1+1", "'=1+1"),
            ("plus", "+8613800000000", "'+8613800000000"),
            ("minus", "-1+2", "'-1+2"),
            ("minus and word", "-cmd", "'-cmd"),
            ("at", "@SUM(A1)", "'@SUM(A1)"),
            ("full-width equals", "＝1+1", "'＝1+1"),
            ("full-width plus", "＋1", "'＋1"),
            ("full-width minus", "－1", "'－1"),
            ("full-width at", "＠x", "'＠x"),
            ("after blanks", "  =1", "'  =1"),
            ("after an ideographic blank", "\u{3000}=1", "'\u{3000}=1"),
            ("after a no-break blank", "\u{a0}=1", "'\u{a0}=1"),
            ("after a tab", "\t=1", r"\u{9}=1"),
            ("after a return", "\r=1", r"\u{d}=1"),
            ("a number", "-12.50", "-12.50"),
            ("a positive number", "12", "12"),
            ("a date", "2026-09-30", "2026-09-30"),
            ("not quite a number", "-12.", "'-12."),
            ("comma", "a,b", "\"a,b\""),
            ("quote", "a\"b", "\"a\"\"b\""),
            ("formula with quote and comma", "=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""),
            ("line break", "a\nb", r"a\u{a}b"),
            ("semicolon", "a;b", "\"a;b\""),
            ("blank at the end", "a ", "\"a \""),
            ("empty", "", ""),
        ];
        for (name, text, expected) in cases {
            assert_eq!(line(Cell::text(text)), expected, "{name}");
        }
        assert_eq!(line(Cell::plain(-5)), "-5");
    }
}
