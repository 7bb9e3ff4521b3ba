//! Tables on the terminal: boxed for people, bare columns in a pipe.

use comfy_table::{Cell, Color, ContentArrangement, Table, presets};

use super::console::Ability;
use super::plain::plain;

/// A cell with its colour, if it deserves one.
#[derive(Debug, Clone, Default)]
pub(super) struct Value {
    text: String,
    tone: Tone,
}

/// What a colour stands for. The words beside it say the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// In order.
    Good,
    /// Somebody should look.
    Doubt,
    /// Not in order.
    Bad,
}

impl Value {
    /// A cell in a tone; hostile characters are made visible.
    pub(super) fn toned(text: &str, tone: Tone) -> Self {
        Self { text: plain(text).into_owned(), tone }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::toned(text, Tone::Plain)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// Draws a table, ending with a line break.
pub(super) fn table(ability: Ability, header: &[&str], rows: &[Vec<Value>]) -> String {
    let mut table = Table::new();
    // INVARIANT: the table never asks the terminal itself; what it can show is passed in.
    table.force_no_tty();
    if ability.colour {
        table.enforce_styling();
    }
    if ability.terminal {
        table.load_style(presets::UTF8_FULL_CONDENSED);
    } else {
        table.load_style(presets::NOTHING);
    }
    if let Some(width) = ability.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(header.iter().map(Cell::new));
    for row in rows {
        table.add_row(row.iter().map(|value| {
            let cell = Cell::new(&value.text);
            match (ability.colour, value.tone) {
                (true, Tone::Good) => cell.fg(Color::Green),
                (true, Tone::Doubt) => cell.fg(Color::Yellow),
                (true, Tone::Bad) => cell.fg(Color::Red),
                (false, _) | (true, Tone::Plain) => cell,
            }
        }));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn sample(ability: Ability) -> String {
        let rows = vec![
            vec![Value::from("备份任务记录"), Value::toned("已过期", Tone::Bad)],
            vec![Value::from("a"), Value::from("b\u{1b}[0m")],
        ];
        table(ability, &["种类", "状态"], &rows)
    }

    #[test]
    fn borders_line_up_under_hanzi() {
        let text = sample(Ability { terminal: true, colour: false, width: Some(60) });
        let widths: Vec<usize> = text.lines().map(UnicodeWidthStr::width).collect();
        assert!(widths.iter().all(|width| Some(width) == widths.first()), "{text}");
    }

    #[test]
    fn a_pipe_gets_bare_columns_and_no_escape_ever_comes_from_a_cell() {
        let text = sample(Ability::PLAIN);
        assert!(!text.contains('│') && !text.contains('\u{1b}'), "{text}");
        assert!(text.contains("b\\u{1b}[0m"), "{text}");
        assert!(sample(Ability { terminal: true, colour: true, width: None }).contains("\u{1b}["));
    }

    #[test]
    fn narrow_terminals_wrap_cells() {
        let text = sample(Ability { terminal: true, colour: false, width: Some(20) });
        assert!(text.lines().all(|line| line.width() <= 20), "{text}");
    }
}
