//! Rows of a sheet on their way: cells with their places, and the text they stand in.

use std::sync::Arc;

use super::fault::Fault;
use super::format_code::FormatCode;
use super::mark::{STRUCK, SYMBOL, has_signs};
use super::number::{Format, Style};
use crate::evidence::Limits;
use crate::evidence::cells::{Dress, Raw};
use crate::evidence::frame::At;
use crate::evidence::table;

/// Text of a block; fuller ones are handed on.
pub(crate) const FULL: usize = 1 << 20;
/// Cells of a block: those of formulas that nobody calculated have no text.
const CELLS: usize = 1 << 18;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Text, or a value in a form that text is read in.
    Text,
    /// A number.
    Number,
    /// A number, or a day, that is shown as something else.
    Dressed(Dress),
    /// Something that is struck out.
    Struck,
    /// Something that a symbol font shows as signs.
    Symbol,
    /// An error; its text is the name.
    Error,
    /// A formula without a value.
    Uncalculated,
    /// Text with bytes that are no characters.
    Undecodable,
}

impl What {
    /// What a number is whose text a format has written, as a value of its own or as the number it is.
    pub(crate) fn of_number(format: Format, as_text: bool) -> Self {
        match format {
            Format::PartOfDay => Self::Dressed(Dress::Signs),
            _ if as_text => Self::Text,
            Format::Dressed(dress) => Self::Dressed(dress),
            Format::Nothing => Self::Dressed(Dress::Nothing),
            _ => Self::Number,
        }
    }

    /// The same in a cell of a style.
    pub(crate) fn of_style(self, style: Style) -> Self {
        match self {
            _ if style.struck => Self::Struck,
            // A number that is not shown is no sign, either.
            Self::Dressed(Dress::Nothing) => self,
            Self::Text | Self::Number | Self::Dressed(_) if style.symbol => Self::Symbol,
            _ => self,
        }
    }

    /// What a text is in which stretches are struck out, each between two `~`, or in a symbol font, each between two `¤`:
    /// nothing is left when all of it is.
    pub(crate) fn marked(text: &str) -> Self {
        let is_all = |sign: char| {
            let mut stretches = text.split(sign).skip(1).step_by(2);
            let is_alone = text.split(sign).step_by(2).all(|rest| rest.trim().is_empty());
            is_alone && stretches.any(|stretch| !stretch.trim().is_empty())
        };
        if is_all(STRUCK) {
            Self::Struck
        } else if is_all(SYMBOL) {
            Self::Symbol
        } else {
            Self::Text
        }
    }

    /// What decoded text is: `U+FFFD` stands where it could not be decoded.
    pub(crate) fn decoded(text: &str) -> Self {
        if text.contains('\u{fffd}') { Self::Undecodable } else { Self::Text }
    }
}

/// Whether a text is an error that a spreadsheet wrote.
pub(super) fn is_error(text: &str) -> bool {
    matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NUM!" | "#NULL!")
}

/// Appends a number that is written out; text that is none stays as it is.
pub(super) fn write_number(value: &str, format: FormatCode, since_1904: bool, text: &mut String) -> What {
    let digits = value.as_bytes();
    let plain = digits.len() <= 15 && digits.iter().all(u8::is_ascii_digit);
    if plain && format.is_plain() && (digits.first() != Some(&b'0') || digits.len() == 1) {
        text.push_str(value);
        return What::Number;
    }
    match value.trim().parse::<f64>() {
        Ok(number) => {
            let format = format.for_value(|| number);
            What::of_number(format, format.write(number, since_1904, text))
        }
        Err(_) => {
            text.push_str(value);
            What::Text
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct CellSpan {
    column: u32,
    start: u32,
    end: u32,
    what: What,
}

#[derive(Debug, Clone, Copy)]
struct RowSpan {
    row: u64,
    line: u64,
    first: u32,
}

/// Rows that follow each other. Rows without content are none.
#[derive(Debug, Default)]
pub(crate) struct Block {
    text: String,
    cells: Vec<CellSpan>,
    rows: Vec<RowSpan>,
    /// Values of merged cells, by column and row.
    covering: Arc<[Covering]>,
    /// Numbers that are dates count from 1904.
    pub(crate) since_1904: bool,
}

/// A merged cell, as the rows below its first have it: in its first column, first and last of them.
#[derive(Debug, Clone)]
pub(crate) struct Covering {
    pub(crate) column: usize,
    pub(crate) top: u64,
    pub(crate) bottom: u64,
    pub(crate) text: Arc<str>,
    pub(crate) what: What,
}

/// Fills blocks, within bounds.
#[derive(Debug)]
pub(crate) struct Filler {
    block: Block,
    row: u64,
    line: u64,
    /// Where the text of the row begins.
    start: usize,
    columns: usize,
    cell_bytes: usize,
    row_bytes: usize,
    batch_rows: usize,
}

/// What a cell takes besides its text.
const CELL: u64 = 16;
/// What a row takes besides its cells: it has all columns of the kind, and a key.
const ROW: u64 = 128;

impl Filler {
    /// No rows yet.
    pub(crate) fn new(limits: &Limits, since_1904: bool) -> Self {
        Self {
            block: Block { since_1904, ..Block::default() },
            row: 0,
            line: 0,
            start: 0,
            columns: limits.columns,
            cell_bytes: limits.cell_bytes,
            row_bytes: limits.row_bytes,
            batch_rows: limits.batch_rows.max(1),
        }
    }

    /// Begins a row, from 1; `line` is 0 where the file is no text.
    ///
    /// # Errors
    /// When the row does not come after the one before.
    pub(crate) fn row(&mut self, row: u64, line: u64) -> Result<(), Fault> {
        if row <= self.row {
            return Err(Fault::damaged(
                format!("第 {row} 行出现在第 {} 行之后", self.row),
                format!("row {row} comes after row {}", self.row),
            ));
        }
        (self.row, self.line, self.start) = (row, line, self.block.text.len());
        Ok(())
    }

    /// The row begun last.
    pub(crate) const fn at(&self) -> u64 {
        self.row
    }

    /// Whether numbers that are dates count from 1904.
    pub(crate) const fn since_1904(&self) -> bool {
        self.block.since_1904
    }

    /// Whether the row begun last has content.
    pub(crate) fn has_row(&self) -> bool {
        self.block.rows.last().is_some_and(|last| last.row == self.row)
    }

    /// A cell of the row, column from 0; `write` appends its text. A blank one is none.
    ///
    /// # Errors
    /// When a limit is passed.
    pub(crate) fn cell(&mut self, column: usize, write: impl FnOnce(&mut String) -> What) -> Result<(), Fault> {
        let start = self.block.text.len();
        let mut what = write(&mut self.block.text);
        let length = self.block.text.len() - start;
        let blank = || self.block.text.get(start..).is_none_or(|text| text.trim().is_empty());
        if what != What::Uncalculated && (length == 0 || blank()) {
            self.block.text.truncate(start);
            return Ok(());
        }
        // Words that the font has no signs for are shown as they are, in another.
        if what == What::Symbol && !has_signs(self.block.text.get(start..).unwrap_or_default()) {
            what = What::Text;
        }
        if column >= self.columns {
            let (row, most, name) = (self.row, self.columns, column_name(column));
            return Err(Fault::too_large(
                format!("{name}{row} 有内容：超过 {most} 列"),
                format!("{name}{row} is filled: more than {most} columns"),
            ));
        }
        if length > self.cell_bytes {
            let (row, most, name) = (self.row, self.cell_bytes, column_name(column));
            return Err(Fault::too_large(
                format!("{name}{row} 超过 {most} 字节"),
                format!("{name}{row} has more than {most} bytes"),
            ));
        }
        if start + length - self.start > self.row_bytes {
            let (row, most) = (self.row, self.row_bytes);
            return Err(Fault::too_large(
                format!("第 {row} 行超过 {most} 字节"),
                format!("row {row} has more than {most} bytes"),
            ));
        }
        let block = &mut self.block;
        if block.rows.last().is_none_or(|last| last.row != self.row) {
            block.rows.push(RowSpan { row: self.row, line: self.line, first: small(block.cells.len()) });
        }
        block.cells.push(CellSpan { column: small(column), start: small(start), end: small(start + length), what });
        Ok(())
    }

    /// Whether the block is worth handing on; to be asked between rows.
    pub(crate) fn is_full(&self) -> bool {
        let Block { text, cells, rows, .. } = &self.block;
        text.len() >= FULL || cells.len() >= CELLS || rows.len() >= self.batch_rows
    }

    /// The block so far; `None` when it has no rows.
    pub(crate) fn take(&mut self) -> Option<Block> {
        if self.block.rows.is_empty() {
            return None;
        }
        let next = Block {
            // One long row does not mean that others are.
            text: String::with_capacity(self.block.text.len().min(2 * FULL)),
            cells: Vec::with_capacity(self.block.cells.len()),
            rows: Vec::with_capacity(self.block.rows.len()),
            covering: Arc::default(),
            since_1904: self.block.since_1904,
        };
        let mut block = std::mem::replace(&mut self.block, next);
        // Files may name the cells of a row in any order.
        for at in 0..block.rows.len() {
            let range = block.range(at);
            if let Some(cells) = block.cells.get_mut(range).filter(|cells| !cells.is_sorted_by_key(|cell| cell.column))
            {
                cells.sort_by_key(|cell| cell.column);
            }
        }
        Some(block)
    }
}

/// A place within a block, which is bounded far below 4 GiB.
fn small(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Block {
    fn range(&self, row: usize) -> std::ops::Range<usize> {
        let start = self.rows.get(row).map_or(self.cells.len(), |row| row.first as usize);
        start..self.rows.get(row + 1).map_or(self.cells.len(), |row| row.first as usize)
    }

    /// What its rows take, without the values that cover them from above.
    pub(crate) fn bytes(&self) -> u64 {
        self.text.len() as u64 + CELL * self.cells.len() as u64 + ROW * self.rows.len() as u64
    }

    /// How many cells it has.
    pub(crate) fn cells(&self) -> usize {
        self.cells.len()
    }

    /// Gives rows the values of merged cells that begin above them.
    pub(crate) fn covered_by(&mut self, mut covering: Vec<Covering>) {
        covering.sort_by_key(|one| (one.column, one.top));
        self.covering = covering.into();
    }

    /// Takes the rows from one on as a block of their own.
    pub(crate) fn split_off(&mut self, row: usize) -> Self {
        let first = self.range(row).start;
        let mut rows = self.rows.split_off(row.min(self.rows.len()));
        let mut cells = self.cells.split_off(first.min(self.cells.len()));
        let start = cells.iter().map(|cell| cell.start).min().map_or(self.text.len(), |start| start as usize);
        let text = self.text.split_off(start);
        rows.iter_mut().for_each(|row| row.first -= small(first));
        for cell in &mut cells {
            cell.start -= small(start);
            cell.end -= small(start);
        }
        Self { text, cells, rows, covering: Arc::clone(&self.covering), since_1904: self.since_1904 }
    }

    /// The merged cell that covers a place.
    fn covering(&self, row: u64, column: usize) -> Option<&Covering> {
        let behind = self.covering.partition_point(|one| (one.column, one.top) <= (column, row));
        let last = self.covering.get(behind.checked_sub(1)?)?;
        (last.column == column && last.bottom >= row).then_some(last)
    }

    fn raw<'a>(&self, what: What, text: &'a str) -> Raw<'a> {
        match what {
            What::Text => Raw::Text(text),
            What::Number => Raw::SheetNumber { text, since_1904: self.since_1904, dress: None },
            What::Dressed(dress) => Raw::SheetNumber { text, since_1904: self.since_1904, dress: Some(dress) },
            What::Error => Raw::SheetError(text),
            What::Uncalculated => Raw::Uncalculated,
            What::Undecodable => Raw::Undecodable,
            What::Struck => Raw::Struck(text),
            What::Symbol => Raw::Symbol(text),
        }
    }

    /// The rows, in order. One in which people see nothing, only noughts of formulas made ready, is none.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let row = |(at, row): (usize, &RowSpan)| Row {
            number: row.row,
            line: row.line,
            sheet: 0,
            block: self,
            cells: self.cells.get(self.range(at)).unwrap_or_default(),
        };
        let is_blank = |row: &Row<'_>| row.cells.iter().all(|cell| cell.what == What::Dressed(Dress::Nothing));
        self.rows.iter().enumerate().map(row).filter(move |row| !is_blank(row))
    }
}

/// A row of a sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    /// As the program that opens the workbook numbers it.
    pub(crate) number: u64,
    line: u64,
    /// Number of the sheet among those that are read.
    pub(crate) sheet: u64,
    block: &'a Block,
    cells: &'a [CellSpan],
}

impl<'a> Row<'a> {
    fn span(&self, column: usize) -> Option<&'a CellSpan> {
        let cells = self.cells;
        // Most rows have every cell.
        let straight = cells.get(column).filter(|cell| cell.column as usize == column);
        straight.or_else(|| {
            let at = cells.binary_search_by_key(&column, |cell| cell.column as usize).ok()?;
            cells.get(at)
        })
    }

    fn text_of(&self, span: &CellSpan) -> &'a str {
        self.block.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// What stands in the cell itself.
    pub(crate) fn own(&self, column: usize) -> Option<(What, &'a str)> {
        self.span(column).map(|span| (span.what, self.text_of(span)))
    }

    /// Columns and texts of the cells, as a header.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (usize, &'a str)> + '_ {
        self.cells.iter().map(|cell| (cell.column as usize, self.text_of(cell)))
    }
}

impl table::Cells for Row<'_> {
    fn at(&self) -> At {
        At { row: self.number, line: self.line, child: self.sheet << 32 }
    }

    fn misfit(&self, _width: usize, _most: usize) -> Option<usize> {
        // Cells of a sheet have their places: none can slip.
        None
    }

    fn first(&self) -> Option<&str> {
        self.cells.first().map(|cell| self.text_of(cell).trim())
    }

    fn begins_with_digit(&self) -> bool {
        let first = self.cells.first().filter(|cell| cell.column == 0);
        first.is_some_and(|cell| self.text_of(cell).starts_with(|c: char| c.is_ascii_digit()))
    }

    fn is_alone(&self) -> bool {
        self.cells.get(1..).unwrap_or_default().iter().all(|cell| self.text_of(cell).trim().is_empty())
    }

    fn text(&self) -> String {
        self.cells.iter().map(|cell| self.text_of(cell).trim()).collect::<Vec<_>>().join(" ")
    }

    fn cell(&self, index: usize, take: impl FnOnce(Raw<'_>)) {
        let covering = self.block.covering(self.number, index).map(|one| (one.what, &*one.text));
        take(covering.or_else(|| self.own(index)).map_or(Raw::Text(""), |(what, text)| self.block.raw(what, text)));
    }

    fn shown(&self, index: usize, take: impl FnOnce(Raw<'_>)) {
        match self.block.covering(self.number, index) {
            Some(_) => take(Raw::Text("")),
            None => self.cell(index, take),
        }
    }
}

/// `A` for 0, `AA` for 26.
pub(crate) fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
        match (column / 26).checked_sub(1) {
            Some(next) => column = next,
            None => return letters.into_iter().rev().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(column_name(column), name);
        }
    }
}
