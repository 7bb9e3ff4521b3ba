//! Rows of cells under a header: which row that is, what its cells mean, and the rows below it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::aside::Aside;
use super::bytes::Origin;
use super::cells::{Cell, Cells as RowCells, Dress, Raw};
use super::columns::field_at;
use super::csv::{Bounds, Record, Run, Spaced, Splitter, guess_delimiter, spaced};
use super::frame::At;
use super::gather::{Gather, Gathered, Purpose, place};
use super::header::{Bound, Headings, Numbering, bind};
use super::sheet::column_name;
use super::stated::Stated;
use super::{Limits, codes, excerpt, explain, sequence, wording};
use crate::expr::Type;
use crate::model::{FieldKind, ReadOptions};
use crate::text::{Diagnostic, Text};

/// Rows among which a header is looked for.
pub(crate) const HEADER_ROWS: u64 = 30;

/// Fields of a header that leaves no doubt.
const PERFECT: usize = 3;
/// Rows below the header among which some may say that they are examples.
const EXAMPLES: u64 = 3;

/// The header of a table.
#[derive(Debug)]
pub(crate) struct Header {
    /// Its row.
    pub(crate) row: u64,
    /// What splits the cells.
    pub(crate) delimiter: u8,
    /// What its cells mean.
    pub(crate) bound: Bound,
}

impl Header {
    /// Whether most of its cells are no field: it may be a row of data that has a word of the header in it.
    pub(crate) fn is_weak(&self) -> bool {
        self.bound.fields.len() * 2 < self.bound.headed.len()
    }
}

/// Delimiters that are tried when no usual one gives a header; what they give must leave no doubt.
const RARE: [u8; 2] = [b'^', b'~'];

/// The row among the first that names the most fields, under the delimiter that lets it.
pub(crate) fn find_header(
    body: &[u8],
    headings: &Headings,
    options: &ReadOptions,
    delimiter: Option<char>,
    limits: &Limits,
) -> Option<Header> {
    let fixed = options.delimiter.or(delimiter).filter(char::is_ascii);
    if let Some(fixed) = fixed.and_then(|delimiter| u8::try_from(delimiter).ok()) {
        return best_header(body, headings, options, &[fixed], limits);
    }
    let mut candidates = vec![guess_delimiter(body), b',', b'\t', b';', b'|'];
    candidates.dedup();
    best_header(body, headings, options, &candidates, limits).or_else(|| {
        let rare: Vec<u8> = RARE.into_iter().filter(|delimiter| body.contains(delimiter)).collect();
        best_header(body, headings, options, &rare, limits).filter(|header| header.bound.has_all(headings))
    })
}

fn best_header(
    body: &[u8],
    headings: &Headings,
    options: &ReadOptions,
    delimiters: &[u8],
    limits: &Limits,
) -> Option<Header> {
    let mut best: Option<Header> = None;
    for delimiter in delimiters {
        let Ok(mut blocks) = Origin::Memory(body.into()).open() else { continue };
        let mut splitter = Splitter::new(&mut blocks, *delimiter, bounds(limits));
        'runs: while let Ok(Some(run)) = splitter.next() {
            for record in run.records() {
                if record.row > options.header_row.unwrap_or(HEADER_ROWS) {
                    break 'runs;
                }
                if options.header_row.is_some_and(|row| row != record.row) {
                    continue;
                }
                let bound = bind(headings, texts(&record).map(Into::into));
                let most = best.as_ref().map_or(0, |best| best.bound.fields.len());
                // Every cell is a field, and all that a row must have are among them: no other row is more of a header.
                let perfect = bound.extra.is_empty() && bound.has_all(headings);
                if bound.fields.len() > most {
                    best = Some(Header { row: record.row, delimiter: *delimiter, bound });
                }
                if perfect {
                    return best;
                }
            }
        }
    }
    best
}

impl Bound {
    /// Whether it leaves no doubt: fields enough, and all that a row must have.
    fn has_all(&self, headings: &Headings) -> bool {
        self.fields.len() >= PERFECT && headings.required.iter().all(|name| self.fields.contains_key(name))
    }
}

/// The texts of a record's cells, for headers and guesses.
fn texts<'r>(record: &'r Record<'r>) -> impl Iterator<Item = String> + 'r {
    record.cells().map(|cell| {
        let text = String::from_utf8_lossy(&cell);
        match text.starts_with(' ').then(|| spaced(&text)) {
            Some(Spaced::Quoted(inner)) => inner.into_owned(),
            _ => text.into_owned(),
        }
    })
}

/// What hides a header in how its file is written: a delimiter that is not tried, or single quotes.
pub(crate) fn hidden_header(body: &[u8], headings: &Headings) -> Option<Text> {
    const DELIMITERS: [char; 10] = [',', '\t', ';', '|', '^', '~', ':', '\u{1}', '§', '，'];
    let text = String::from_utf8_lossy(body);
    let lines = || text.lines().take(usize::try_from(HEADER_ROWS).unwrap_or(usize::MAX));
    let names = |line: &str, delimiter: char, quote: char| {
        let cells = line.split(delimiter).map(|cell| Cow::Borrowed(cell.trim().trim_matches(quote)));
        bind(headings, cells).fields.len() > 1
    };
    let with = |quote: char| DELIMITERS.into_iter().find(|one| lines().any(|line| names(line, *one, quote)));
    if let Some(delimiter) = with('"') {
        let shown = delimiter.escape_default();
        return Some(if delimiter.is_ascii() {
            Text::new(
                format!(
                    "文件看来以 `{shown}` 分隔：在证据类型或适配器的 `read.csv.delimiter` 中写明，或另存为以逗号分隔"
                ),
                format!(
                    "it seems to be delimited by `{shown}`: say so in `read.csv.delimiter` of the kind or an adapter, or save it with commas"
                ),
            )
        } else {
            Text::new(
                format!("文件看来以 `{delimiter}` 分隔，这样的字符不能作分隔符：请另存为以逗号分隔"),
                format!("it seems to be delimited by `{delimiter}`, which cannot be a delimiter: save it with commas"),
            )
        });
    }
    with('\'').map(|_| {
        Text::new(
            "单元格看来写在单引号中：请改用双引号导出",
            "its cells seem to stand in single quotes: export it with double quotes",
        )
    })
}

/// What the rows above a header state, and those among them that are no titles: rows of the table above a better header.
pub(crate) fn preamble(body: &[u8], header: &Header, titles: &mut Titles, limits: &Limits) -> (Stated, Vec<At>) {
    let (mut stated, mut rows) = (Stated::default(), Vec::new());
    let Ok(mut blocks) = Origin::Memory(body.into()).open() else { return (stated, rows) };
    let mut splitter = Splitter::new(&mut blocks, header.delimiter, bounds(limits));
    while let Ok(Some(run)) = splitter.next() {
        for record in run.records() {
            if record.row >= header.row {
                return (stated, rows);
            }
            let cells: Vec<String> = texts(&record).map(|cell| cell.trim().to_owned()).collect();
            if titles.is_row_of_any(&cells) {
                rows.push(At { row: record.row, line: record.line, child: 0 });
            }
            stated.mine(&cells.join(" "), record.row);
        }
    }
    (stated, rows)
}

/// Cells that the rows of a text have with the blank ones at their end: as many as the header, or as the rows at its beginning
/// have as a rule.
pub(crate) fn habit(body: &[u8], header: &Header, limits: &Limits) -> usize {
    let width = header.bound.width;
    let (mut most, mut longest, mut more, mut exact, mut seen) = (width, width, 0, 0, 0);
    let Ok(mut blocks) = Origin::Memory(body.into()).open() else { return most };
    let mut splitter = Splitter::new(&mut blocks, header.delimiter, bounds(limits));
    while let Ok(Some(run)) = splitter.next() {
        let below = run.records().filter(|record| record.row >= header.row && !record.is_blank_from(0));
        for record in below.take(HABIT - seen) {
            seen += 1;
            if record.row == header.row {
                most = most.max(record.len());
            } else if record.is_blank_from(width) {
                longest = longest.max(record.len());
                more += usize::from(record.len() > width);
                exact += usize::from(record.len() == width);
            }
        }
        if seen == HABIT {
            break;
        }
    }
    if more > exact { most.max(longest) } else { most }
}

/// Rows that show what is usual, the header among them.
const HABIT: usize = 100;

/// What a row above a header is held against: the cells of the table by their positions.
pub(crate) struct Titles {
    /// Position, cells, whether a row must have it and whether its type tells it from a title.
    columns: Vec<(usize, RowCells, bool, bool)>,
    headed: usize,
    headings: Arc<Headings>,
    key: Vec<String>,
    /// Whether the place of the header is declared.
    declared: bool,
    /// Whether a row before was the header of another table of the kind.
    other: bool,
}

impl Titles {
    /// The columns of a kind under a header; nothing is held against a row above one whose place is declared.
    pub(crate) fn new(header: &Header, purpose: &Purpose<'_>) -> Self {
        let declared = purpose.kind.read.header_row.is_some();
        let required = &purpose.plan.headings.required;
        let column = |(name, (position, _)): (&String, &(usize, String))| {
            let FieldKind::Column(kind) = &field_at(&purpose.kind.record, name)?.kind else { return None };
            let cells = RowCells::new(kind, purpose.context.zone);
            Some((*position, cells, required.contains(name), kind.ty != Type::Text || !kind.allowed.is_empty()))
        };
        let columns = header.bound.fields.iter().filter(|_| !declared).filter_map(column).collect();
        Self {
            columns,
            headed: header.bound.headed.len(),
            headings: Arc::clone(&purpose.plan.headings),
            key: purpose.kind.key.clone(),
            declared,
            other: false,
        }
    }

    /// Whether a row above the header is one of a table, this or another of the kind; rows are asked for in their order.
    pub(crate) fn is_row_of_any(&mut self, cells: &[String]) -> bool {
        if self.is_row_of_table(cells) {
            return true;
        }
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        if self.is_other_header(cells, filled) {
            self.other = true;
            return false;
        }
        self.other && filled > 1
    }

    /// Whether a row names fields of the kind, its key among them, and hardly anything else: a part of the report that has
    /// fewer columns, in another order. In a line of labels with their values no two names follow each other.
    fn is_other_header(&self, cells: &[String], filled: usize) -> bool {
        if self.declared || filled < 2 {
            return false;
        }
        let fields = bind(&self.headings, cells.iter().map(|cell| Cow::Borrowed(cell.as_str()))).fields;
        if fields.len() * 2 <= filled || !self.key.iter().all(|name| fields.contains_key(name)) {
            return false;
        }
        let named: BTreeSet<usize> = fields.values().map(|(position, _)| *position).collect();
        let filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(position, _)| position);
        let filled: Vec<usize> = filled.collect();
        filled.windows(2).any(|pair| pair.iter().all(|position| named.contains(position)))
    }

    /// Whether a row is one of the table, if up to `shifted` cells before it are left out: of a table without types one that
    /// begins where it does.
    pub(crate) fn is_shifted_row_of_table(&self, cells: &[String], width: usize, shifted: usize) -> bool {
        let has_types = self.columns.iter().any(|(.., has_type)| *has_type);
        (0..=if has_types { shifted } else { 0 }).any(|before| {
            let behind = cells.get(before..).unwrap_or_default();
            self.is_row_of_table(behind.get(..width.min(behind.len())).unwrap_or_default())
        })
    }

    /// Whether a row above the header is one of the table: what a row must have is there, and what has a type reads as it.
    pub(crate) fn is_row_of_table(&self, cells: &[String]) -> bool {
        // 导出日期,2026-10-01 may have a date where the table has one; but it ends before the table does, and says what
        // its date is.
        let width = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if (2..self.headed).contains(&width) && cells.first().is_some_and(|first| wording::is_label(first)) {
            return false;
        }
        let (mut typed, mut readable) = (0, 0);
        for (position, kind, required, has_type) in &self.columns {
            let text = cells.get(*position).map_or("", String::as_str);
            let read = kind.read(Raw::Text(text)).ok().filter(|cell| *cell != Cell::Null);
            if *required && read.is_none() {
                return false;
            }
            if *has_type && !text.is_empty() {
                typed += 1;
                readable += usize::from(read.is_some());
            }
        }
        if typed > 0 {
            return readable * 2 > typed;
        }
        // Nothing but text: a title hardly ever has a cell under every heading, unless it says of what each is.
        let has_types = self.columns.iter().any(|(.., has_type)| *has_type);
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        !has_types && filled > 2 && filled >= self.headed && !cells.iter().any(|cell| cell.contains([':', '：']))
    }
}

/// That a row above the header is one of the table.
pub(crate) fn above_the_header() -> Text {
    Text::new(
        "此行在表头上方，看来是另一个表头或数据，没有读取",
        "this row stands above the header and looks like another header or a row of data; it was not read",
    )
}

/// Bounds of a record.
pub(crate) fn bounds(limits: &Limits) -> Bounds {
    Bounds { columns: limits.columns, cell_bytes: limits.cell_bytes, row_bytes: limits.row_bytes }
}

/// The cells of a row, whatever they stand in.
pub(crate) trait Cells {
    /// Where the row is.
    fn at(&self) -> At;

    /// Number of cells, if that shows that the row is none of a table of `width` columns whose rows have `most` cells, blank
    /// ones at their end included.
    fn misfit(&self, width: usize, most: usize) -> Option<usize>;

    /// The first cell that is not blank, trimmed; `None` when it is no text.
    fn first(&self) -> Option<&str>;

    /// Whether the first column holds text that begins with a digit, as rows that sum up hardly ever do.
    fn begins_with_digit(&self) -> bool;

    /// Whether one cell at most is filled.
    fn is_alone(&self) -> bool;

    /// The cells, parted by blanks.
    fn text(&self) -> String;

    /// Hands the cell at a position to `take`.
    fn cell(&self, index: usize, take: impl FnOnce(Raw<'_>));

    /// Hands what the row itself shows at a position to `take`: nothing where a cell of a row above covers it.
    fn shown(&self, index: usize, take: impl FnOnce(Raw<'_>)) {
        self.cell(index, take);
    }
}

/// A record of delimited text; `text` is that of its run, when all of it is.
struct Fields<'r> {
    record: Record<'r>,
    text: Option<&'r str>,
}

impl Fields<'_> {
    fn first_filled(&self) -> Option<usize> {
        (0..self.record.len()).find(|index| !self.record.is_blank(*index))
    }
}

impl Cells for Fields<'_> {
    fn at(&self) -> At {
        At { row: self.record.row, line: self.record.line, child: 0 }
    }

    fn misfit(&self, width: usize, most: usize) -> Option<usize> {
        let cells = self.record.len();
        // A blank cell too many in this row alone: a delimiter that nobody quoted may have moved the others.
        let surplus = cells > width && (cells > most || !self.record.is_blank_from(width));
        (cells < width || surplus).then_some(cells)
    }

    fn first(&self) -> Option<&str> {
        std::str::from_utf8(self.record.raw(self.first_filled()?)?).ok().map(str::trim)
    }

    fn begins_with_digit(&self) -> bool {
        self.record.raw(0).is_some_and(|cell| cell.first().is_some_and(u8::is_ascii_digit))
    }

    fn is_alone(&self) -> bool {
        self.first_filled().is_none_or(|first| self.record.is_blank_from(first + 1))
    }

    fn text(&self) -> String {
        let cells = self.record.cells().map(|cell| String::from_utf8_lossy(&cell).trim().to_owned());
        cells.collect::<Vec<_>>().join(" ")
    }

    fn cell(&self, index: usize, take: impl FnOnce(Raw<'_>)) {
        // Most cells are a piece of a text that was looked at as a whole.
        if let Some(whole) = self.text.and_then(|text| text.get(self.record.span(index)?)) {
            return unquoted(whole, take);
        }
        let bytes = self.record.get(index).unwrap_or_default();
        match std::str::from_utf8(&bytes) {
            Err(_) => take(Raw::Undecodable),
            Ok(text) if self.record.is_backslashed(index) => take(Raw::Quotes(text)),
            Ok(text) if self.record.span(index).is_some() => unquoted(text, take),
            Ok(text) => take(Raw::Text(text)),
        }
    }
}

/// Hands on the text of a cell that had no quotes at its very beginning.
fn unquoted(text: &str, take: impl FnOnce(Raw<'_>)) {
    if !text.starts_with(' ') {
        return take(Raw::Text(text));
    }
    match spaced(text) {
        Spaced::Plain => take(Raw::Text(text)),
        Spaced::Quoted(inner) => take(Raw::Text(&inner)),
        Spaced::Torn => take(Raw::Quotes(text)),
    }
}

/// Where the cells of a row go.
pub(crate) struct Layout {
    /// Row of the header; nothing up to it is data.
    pub(super) header_row: u64,
    /// Cells up to the last heading.
    pub(super) width: usize,
    /// The kind's own columns: number, and position and heading of its cell if the file has one.
    own: Vec<(usize, Option<(usize, String)>)>,
    /// Lists written into one cell: level, position and heading.
    lists: Vec<(usize, usize, String)>,
    /// Position, heading and field of every cell of the header that is one.
    pub(super) headings: Vec<(usize, String, String)>,
    /// Rows that only sum up, as declared; without a declaration they are recognised.
    footer: Option<Regex>,
    /// The column that numbers the rows.
    pub(super) numbering: Option<Numbering>,
    /// Positions of the fields that a row must have.
    pub(super) must: Vec<usize>,
    /// Cells that rows may have, blank ones at their end included.
    pub(crate) most: usize,
    /// Positions before the last heading that have none.
    unheaded: Vec<usize>,
    /// What parts the cells of text; 0 in a workbook.
    delimiter: u8,
    /// Own columns that the file lacks.
    pub(crate) lacking: BTreeSet<(usize, usize)>,
    /// Nested tables that the file cannot have or lacks.
    pub(crate) no_list: BTreeSet<usize>,
    /// Headings of own columns whose numbers count something else by a line above the table.
    pub(crate) contradicted: Vec<String>,
    /// Position, whether it is a day, and cells of every column with a type, once a row was met that may stand below the table.
    pub(super) typed: OnceLock<Vec<(usize, bool, RowCells)>>,
}

impl Layout {
    /// Where the cells under a header go; columns that two headings claim go nowhere, nor do those that count something else by
    /// the `unit` that a line above states.
    pub(crate) fn new(header: &Header, unit: Option<&str>, purpose: &Purpose<'_>) -> Self {
        let twice: BTreeSet<&str> = header.bound.twice.iter().map(|(field, ..)| field.as_str()).collect();
        let headings = &purpose.plan.headings;
        let is_other = |name: &str, heading: &str| unit.is_some_and(|unit| headings.contradicts(unit, name, heading));
        let usable = |name: &str, heading: &str| !twice.contains(name) && !is_other(name, heading);
        let found = |name: &str| header.bound.fields.get(name).filter(|(_, heading)| usable(name, heading)).cloned();
        let contradicted = header.bound.fields.iter().filter(|(name, (_, heading))| is_other(name, heading));
        let contradicted = contradicted.map(|(_, (_, heading))| heading.clone()).collect();
        let mut layout = Self {
            header_row: header.row,
            width: header.bound.width,
            own: Vec::new(),
            lists: Vec::new(),
            headings: header
                .bound
                .fields
                .iter()
                .map(|(field, (at, heading))| (*at, heading.clone(), field.clone()))
                .collect(),
            footer: purpose.kind.read.footer.as_ref().and_then(|pattern| Regex::new(pattern).ok()),
            numbering: header.bound.numbering.clone(),
            must: purpose
                .plan
                .headings
                .required
                .iter()
                .filter_map(|name| Some(header.bound.fields.get(name)?.0))
                .collect(),
            most: header.bound.width,
            unheaded: (0..header.bound.width).filter(|at| !header.bound.headed.contains(at)).collect(),
            delimiter: header.delimiter,
            lacking: BTreeSet::new(),
            no_list: BTreeSet::new(),
            contradicted,
            typed: OnceLock::new(),
        };
        for (index, level) in purpose.plan.levels.iter().enumerate() {
            if index == 0 {
                layout.own.extend(level.columns.iter().enumerate().map(|(at, column)| (at, found(&column.name))));
                let lacking = layout.own.iter().filter(|(_, found)| found.is_none()).map(|(at, _)| (0, *at));
                layout.lacking.extend(lacking);
                continue;
            }
            let name = level.list.first().filter(|_| level.scalars && level.parent == Some(0));
            match name.and_then(|name| found(name)) {
                Some((position, heading)) => layout.lists.push((index, position, heading)),
                None => {
                    layout.no_list.insert(index);
                }
            }
        }
        layout
    }

    /// The fields that columns are read for, with their headings.
    pub(crate) fn fields_read(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.headings.iter().map(|(_, heading, field)| (field.as_str(), heading.as_str()));
        fields.filter(|(_, heading)| !self.contradicted.iter().any(|other| other == heading))
    }

    /// The rows of a run.
    pub(crate) fn gather(&self, run: &Run, purpose: Purpose<'_>) -> Gathered {
        let mut gather = Gather::new(purpose);
        let text = run.text();
        let mut unheaded = BTreeSet::new();
        let mut records = run.records().peekable();
        while let Some(record) = records.next() {
            // Some old programs end their files with a character for it.
            let is_end = record.len() == 1 && record.raw(0) == Some(b"\x1a");
            if record.row <= self.header_row || record.is_blank_from(0) || is_end {
                continue;
            }
            let at = At { row: record.row, line: record.line, child: 0 };
            if record.unclosed {
                unclosed(at, &mut gather);
                continue;
            }
            // Of the last record of a run nobody knows here whether it has several lines.
            let has_breaks = records.peek().is_none_or(|next| next.line - record.line > next.row - record.row);
            if has_breaks && texts(&record).any(|cell| self.holds_a_row(&cell)) {
                gather.reject(at, swallowed());
                continue;
            }
            let filled = |at: &usize| texts(&record).nth(*at).is_some_and(|cell| !cell.trim().is_empty());
            if unheaded.len() < self.unheaded.len() {
                unheaded.extend(self.unheaded.iter().copied().filter(filled));
            }
            self.row(&Fields { record, text }, &mut gather);
        }
        for column in unheaded {
            gather.tally.extra(&format!("[{}]", column_name(column)));
        }
        gather.finish()
    }

    /// Whether a cell has a line break and as many delimiters as a row: a quote that stands in one row by mistake goes on to
    /// that of another. Of few columns a remark may have as many commas.
    fn holds_a_row(&self, cell: &str) -> bool {
        self.width > 4
            && cell.contains('\n')
            && memchr::memchr_iter(self.delimiter, cell.as_bytes()).count() + 1 == self.width
    }

    /// One row below the header.
    pub(crate) fn row(&self, row: &impl Cells, gather: &mut Gather<'_>) {
        let at = row.at();
        let misfit = row.misfit(self.width, self.most);
        // Headings, totals and remarks hardly ever begin with a digit; most rows do.
        if self.footer.is_some()
            || misfit.is_some()
            || !row.begins_with_digit()
            || gather.is_in_remark()
            || row.is_alone()
        {
            if self.repeats_header(row, &gather.purpose.plan.headings) {
                gather.frame.noticed.headers.extend(std::iter::once(at), 1);
                return;
            }
            let first = row.first().unwrap_or_default();
            if self.names_columns(row, first, &gather.purpose.plan.headings) {
                return gather.reject(at, other_header());
            }
            let total = match &self.footer {
                Some(footer) => footer.is_match(first),
                None => wording::is_total(first) && self.lacks_what_rows_have(row),
            };
            if total {
                return gather.total(at, &row.text());
            }
            if self.is_ruled(row, first) || self.is_count(row, first) {
                return gather.total(at, &row.text());
            }
            if row.is_alone() && wording::is_page_mark(first) {
                return gather.total(at, &row.text());
            }
            if row.is_alone() && (wording::is_line(first) || (self.width > 1 && excerpt::is_one(first))) {
                return gather.total(at, &row.text());
            }
            if wording::is_example(first) {
                return gather.reject(at, example());
            }
            let goes_on = || gather.is_in_remark() && row.is_alone() && self.lacks_what_rows_have(row);
            let is_remark = || {
                (wording::is_remark(first) && (row.is_alone() || self.only_remarks(row)))
                    || self.is_label_with_value(row, first)
            };
            let aside = || self.aside(row, gather.is_in_remark(), &gather.purpose);
            let is_below = || is_remark() || goes_on() || aside() == Aside::Below;
            if self.width > 1 && is_below() {
                let fault = misfit.map_or_else(remark_among_rows, |cells| cells_and_headings(cells, self.width));
                return gather.remark(at, row.text(), fault);
            }
            if self.width > 1 && aside() == Aside::Doubtful {
                return gather.reject(at, signature());
            }
            // An id alone is a row of which nothing else is known; a sentence is none.
            let is_note =
                || ((self.must.len() > 1 || self.width > 3) && wording::is_note(first)) || wording::is_group(first);
            if misfit.is_none() && self.width > 2 && row.is_alone() && is_note() {
                return gather.reject(at, alone());
            }
        }
        if let Some(cells) = misfit {
            return gather.reject(at, cells_and_headings(cells, self.width));
        }
        if self.is_only_numbered(row) {
            // Blank lines at the end of the table; among its rows nobody knows what is missing.
            return gather.remark(at, String::new(), only_numbered());
        }
        if at.row <= self.header_row + EXAMPLES && self.says_example(row) {
            return gather.reject(at, example());
        }
        gather.begun(at);
        gather.tally.rows_read += 1;
        if let Some(Numbering { column, heading, certain }) = &self.numbering {
            row.cell(*column, |raw| match raw {
                Raw::SheetNumber { dress: Some(Dress::Nothing), .. } => {}
                Raw::Text(text) | Raw::SheetNumber { text, .. } | Raw::Struck(text) => match sequence::number(text) {
                    Some(number) => gather.tally.sequence.add(number, at, *certain),
                    None if *certain && !text.trim().is_empty() => gather.tally.sequence.other(at, heading),
                    None => {}
                },
                _ => {}
            });
        }
        gather.frame.begin(0, at, 0, None);
        for (column, found) in &self.own {
            let Some((index, heading)) = found else {
                gather.frame.absent(0, *column, gather.purpose.lenient);
                continue;
            };
            row.cell(*index, |raw| gather.cell(0, *column, raw, at, &|| heading.clone()));
        }
        for (level, index, heading) in &self.lists {
            row.cell(*index, |raw| gather.list_cell(*level, raw, at, heading));
        }
    }
}

fn only_numbered() -> Text {
    Text::new("此行只有序号，没有内容", "this row has nothing but its number")
}

fn swallowed() -> Text {
    Text::new(
        "一个单元格里有换行，还有整整一行的分隔符：引号可能打开在这一行、闭合在另一行",
        "a cell has a line break and the delimiters of a whole row: a quote may open in this row and close in another",
    )
}

fn other_header() -> Text {
    Text::new(
        "此行是另一个表头，下面的行按上面的表头读取",
        "the row is another header, and what follows is read under the one above",
    )
}

fn example() -> Text {
    Text::new("此行像是填写示例；请删去", "the row looks like an example of how to fill in the others; delete it")
}

fn alone() -> Text {
    Text::new(
        "此行只有一格，像是说明或分组的名称：先把分组的名称写进所属各行的列，再把此行移到表头上方或删去",
        "the row has one cell only and looks like a note or the name of a group: write such a name into a column of its rows, then move this row above the header or delete it",
    )
}

fn signature() -> Text {
    Text::new(
        "此行像是表下的签字，也可能是一行数据：是签字的请删去或加上冒号，如“审核：”；是数据的请写全其余各列",
        "the row looks like those who sign below a table, and may be a row of it: delete it or put a colon behind the word, as in 审核：, or fill in its other columns",
    )
}

fn remark_among_rows() -> Text {
    Text::new("此行像是备注，后面却还有数据行", "the row looks like a remark, and rows of the table follow it")
}

fn cells_and_headings(cells: usize, width: usize) -> Text {
    Text::new(format!("此行有 {cells} 格，表头有 {width} 列"), format!("the row has {cells} cells, the header {width}"))
}

#[cold]
fn unclosed(at: At, gather: &mut Gather<'_>) {
    gather.tally.rows_rejected += 1;
    gather.tally.faults.push(&codes::UNCLOSED_QUOTE, |path| {
        let message =
            Text::new("引号没有闭合，文件可能被截断", "a quote is never closed; the file may have been cut short");
        Diagnostic::new(&codes::UNCLOSED_QUOTE, message).at_place(place(path, None, at, None))
    });
}

/// Headings that claim one field together: it is read from neither.
pub(crate) fn tell_twice(header: &Header, sheet: Option<&Arc<str>>, faults: &mut super::faults::Faults) {
    for (field, first, second) in &header.bound.twice {
        let (first, second) = (explain::short(first), explain::short(second));
        let line = if sheet.is_some() { 0 } else { header.row };
        let at = At { row: header.row, line, child: 0 };
        faults.push(&codes::DUPLICATE_COLUMN, |path| {
            let message = Text::new(
                format!("`{first}` 与 `{second}` 两列都对应字段 `{field}`"),
                format!("`{first}` and `{second}` both mean the field `{field}`"),
            );
            Diagnostic::new(&codes::DUPLICATE_COLUMN, message).at_place(place(path, sheet, at, Some(second)))
        });
    }
}
