//! Where the rows and cells of an evidence file stand: enough of each format to break one of them and nothing else.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A cell of a table, or a value of a document.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Its heading or key; empty for an element of a list.
    pub(super) column: String,
    /// Where it stands, quotes included.
    pub(super) at: Range<usize>,
}

/// A row of a table, or a line of a document.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its cells.
    pub(super) cells: Vec<Cell>,
    /// Where it stands, its end of line included.
    pub(super) at: Range<usize>,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Rows of cells under a header.
    Table { delimiter: char },
    /// A document on each line: JSON Lines.
    Lines,
    /// One document: a line of it is not a row.
    Document,
}

impl Form {
    /// By the suffix; `None` for what is no evidence.
    pub(super) fn of(path: &str) -> Option<Self> {
        Some(match path.rsplit('.').next()? {
            "csv" => Self::Table { delimiter: ',' },
            "tsv" => Self::Table { delimiter: '\t' },
            "jsonl" => Self::Lines,
            "json" | "yaml" => Self::Document,
            _ => return None,
        })
    }
}

/// A file taken apart.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    /// The header of a table.
    pub(super) head: Option<Row>,
    /// The rows below it, or the lines.
    pub(super) rows: Vec<Row>,
}

/// `key: value` and `"key": value`, else a text alone on its line.
static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""?([A-Za-z_0-9]+)"?\s*:\s*("[^"]*"|[^\s,{}\[\]"][^,{}\[\]\r\n]*)|^\s*("[^"]*"),?\s*$"#).unwrap()
});

impl Parsed {
    /// Takes a file apart.
    pub(super) fn of(form: Form, text: &str) -> Self {
        let Form::Table { delimiter } = form else { return Self { head: None, rows: lines(text) } };
        let mut rows = records(text, delimiter).into_iter();
        // A title above the header fills one cell.
        let head = rows.find(|row| row.cells.iter().filter(|cell| !cell.at.is_empty()).count() > 1).unwrap();
        let names: Vec<&str> = head.cells.iter().map(|cell| text[cell.at.clone()].trim_matches('\u{feff}')).collect();
        let named = |mut row: Row| {
            for (cell, name) in row.cells.iter_mut().zip(&names) {
                (*name).clone_into(&mut cell.column);
            }
            row
        };
        let rows = rows.map(named).collect();
        Self { head: Some(head), rows }
    }

    /// All cells of the rows.
    pub(super) fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells)
    }
}

fn lines(text: &str) -> Vec<Row> {
    let mut start = 0;
    let mut rows = Vec::new();
    for line in text.split_inclusive('\n') {
        let cells = VALUES.captures_iter(line.trim_end()).map(|found| {
            let value = found.get(2).or(found.get(3)).unwrap();
            let column = found.get(1).map(|key| key.as_str().to_owned()).unwrap_or_default();
            Cell { column, at: start + value.start()..start + value.end() }
        });
        rows.push(Row { cells: cells.collect(), at: start..start + line.len() });
        start += line.len();
    }
    rows
}

fn records(text: &str, delimiter: char) -> Vec<Row> {
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    let (mut row, mut cell, mut quoted) = (0, 0, false);
    for (at, c) in text.char_indices() {
        let mut end = |cells: &mut Vec<Cell>, next: usize| {
            cells.push(Cell { column: String::new(), at: cell..at });
            cell = next;
        };
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => {
                end(&mut cells, at + 1);
                let mut cells = std::mem::take(&mut cells);
                if let Some(last) = cells.last_mut().filter(|last| text[last.at.clone()].ends_with('\r')) {
                    last.at.end -= 1;
                }
                rows.push(Row { cells, at: row..at + 1 });
                row = at + 1;
            }
            c if c == delimiter && !quoted => end(&mut cells, at + c.len_utf8()),
            _ => {}
        }
    }
    rows
}
