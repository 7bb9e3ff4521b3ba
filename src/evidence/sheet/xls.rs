//! XLS (BIFF 5 and 8, [MS-XLS]): records of a stream that is held whole; cells are sorted, texts copied when a block is
//! filled.

use std::collections::BTreeMap;
use std::sync::Arc;

use encoding_rs::Encoding;

use super::block::{Block, Filler, What};
use super::fault::Fault;
use super::format_code::FormatCode;
use super::mark::Mark;
use super::number::Style;
use super::ole::{Compound, u16_at, u32_at};
use super::print::{self, Pages};
use super::sheets::{Sheet, Sheets};
use super::sst::{Fonts, characters, shared_strings, unicode};
use super::strings::Strings;
use super::{Besides, Book, Each, Region, Regions, Rows};
use crate::evidence::Limits;
use crate::evidence::stated::Stated;

/// An open workbook.
pub(crate) struct Xls {
    stream: Vec<u8>,
    /// Name, hidden, place of each worksheet.
    sheets: Vec<(String, bool, usize)>,
    strings: Arc<Strings>,
    styles: Vec<Style>,
    since_1904: bool,
    biff8: bool,
    /// Written by a library that leaves the results of formulas to whoever opens the file first.
    uncalculated: bool,
    fonts: Fonts,
    /// What is printed on the pages of sheets, once they were asked for.
    pages: Pages,
    besides: Besides,
    encoding: &'static Encoding,
    limits: Limits,
}

/// A record: type, data.
type Record<'a> = (u16, &'a [u8]);

/// The records from a place on.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let (ty, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((ty, data))
    })
}

fn damaged() -> Fault {
    Fault::damaged("工作簿的记录不完整".into(), "a record of the workbook is not whole".into())
}

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const CONTINUE: u16 = 0x003c;

impl Xls {
    /// Reads what sheets there are, the shared texts and the number formats.
    ///
    /// # Errors
    /// When the workbook is damaged, encrypted or too old.
    pub(crate) fn open(file: &Compound<'_>, limits: &Limits) -> Result<Self, Fault> {
        let stream = match file.stream("Workbook")? {
            Some(stream) => stream,
            None => file.stream("Book")?.ok_or_else(damaged)?,
        };
        let mut book = Self {
            stream,
            sheets: Vec::new(),
            strings: Arc::default(),
            styles: Vec::new(),
            since_1904: false,
            biff8: true,
            // Programs that people work with say who saved it when, or what versions of them have.
            uncalculated: !file.has("\u{5}SummaryInformation"),
            fonts: Fonts::default(),
            pages: Pages::default(),
            besides: Besides::default(),
            encoding: encoding_rs::WINDOWS_1252,
            limits: limits.clone(),
        };
        book.globals()?;
        Ok(book)
    }

    fn globals(&mut self) -> Result<(), Fault> {
        let stream = std::mem::take(&mut self.stream);
        let (mut codes, mut styles, mut sheets) = (BTreeMap::new(), Vec::new(), Vec::new());
        let (mut shared, mut in_shared, mut ended, mut depth) = (Vec::new(), false, false, 0_u32);
        for (ty, data) in records(&stream, 0) {
            if in_shared && ty == CONTINUE {
                shared.push(data);
                continue;
            }
            in_shared = false;
            match ty {
                BOF => {
                    depth += 1;
                    if depth == 1 {
                        self.biff8 = match u16_at(data, 0) {
                            Some(0x0600) => true,
                            Some(0x0500) => false,
                            _ => {
                                return Err(Fault::format(
                                    "这种旧版 XLS（Excel 4 及更早）不能读取",
                                    "an XLS of Excel 4 or older is not read",
                                ));
                            }
                        };
                        self.uncalculated &= u32_at(data, 8).is_none_or(|history| history == 0);
                    }
                }
                EOF => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        ended = true;
                        break;
                    }
                }
                _ if depth > 1 => {}
                0x002f => return Err(Fault::encrypted()),
                0x0042 => self.encoding = u16_at(data, 0).map_or(self.encoding, code_page),
                0x0022 => self.since_1904 = u16_at(data, 0) == Some(1),
                0x041e => {
                    let code = if self.biff8 {
                        data.get(2..).and_then(unicode)
                    } else {
                        let length = data.get(2).copied().map_or(0, usize::from);
                        data.get(3..3 + length)
                            .map(|bytes| self.encoding.decode_without_bom_handling(bytes).0.into_owned())
                    };
                    if let (Some(id), Some(code)) = (u16_at(data, 0), code) {
                        codes.insert(id, FormatCode::of(&code));
                    }
                }
                0x0031 => self.fonts.add(data, self.biff8),
                0x00e0 => {
                    styles.push((u16_at(data, 0).unwrap_or_default(), u16_at(data, 2).unwrap_or_default()));
                }
                0x0085 => sheets.extend(self.sheet(data)),
                0x00fc => {
                    shared.push(data);
                    in_shared = true;
                }
                _ => {}
            }
        }
        if !ended {
            return Err(damaged());
        }
        self.strings = Arc::new(shared_strings(shared, &self.fonts).ok_or_else(damaged)?);
        let style = |(font, id): (u16, u16)| {
            let Mark { struck, symbol, .. } = self.fonts.get(font);
            let format = codes.get(&id).copied().unwrap_or_else(|| FormatCode::built_in(id));
            Style { format, struck, symbol }
        };
        self.styles = styles.into_iter().map(style).collect();
        self.sheets = sheets;
        self.stream = stream;
        Ok(())
    }

    /// A worksheet; `None` for charts and macro sheets.
    fn sheet(&self, data: &[u8]) -> Option<(String, bool, usize)> {
        let place = u32_at(data, 0)? as usize;
        let (hidden, ty) = (*data.get(4)? & 3 != 0, *data.get(5)?);
        let length = usize::from(*data.get(6)?);
        let name = if self.biff8 {
            characters(data.get(8..)?, length, *data.get(7)? & 1 == 1)?.0
        } else {
            self.encoding.decode_without_bom_handling(data.get(7..7 + length)?).0.into_owned()
        };
        (ty == 0).then_some((name, hidden, place))
    }

    /// Everything of a sheet up to a row: its cells in order, and what surrounds them.
    fn cells(&self, place: usize, last: u64, merges: Regions) -> Result<Cells, Fault> {
        let mut cells = Cells { merges, ..Cells::default() };
        let (mut depth, mut pending) = (0_u32, None);
        for (ty, data) in records(&self.stream, place) {
            cells.length += 4 + data.len();
            match ty {
                BOF => depth += 1,
                EOF => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        cells.whole = true;
                        break;
                    }
                }
                // Charts within the sheet have cells of their own.
                _ if depth != 1 => {}
                _ => self.record(ty, data, last, &mut cells, &mut pending).ok_or_else(damaged)?,
            }
        }
        if !cells.whole {
            return Err(damaged());
        }
        // Writers need not keep to the order.
        if !cells.filled.is_sorted_by_key(|cell| (cell.place.row, cell.place.column)) {
            cells.filled.sort_by_key(|cell| (cell.place.row, cell.place.column));
        }
        cells.hidden_rows.sort_unstable();
        Ok(cells)
    }

    fn record(&self, ty: u16, data: &[u8], last: u64, cells: &mut Cells, pending: &mut Option<Place>) -> Option<()> {
        let number_at = |at: usize| Some(f64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?));
        match ty {
            // Hidden, or lower than a point, which is twenty of its units.
            0x0208 if u16_at(data, 12)? & 0x20 != 0 || u16_at(data, 6)? & 0x7fff < 20 => {
                cells.hidden_rows.push(u16_at(data, 0)?);
            }
            // Hidden, or narrower than a character, which is 256 of its units.
            0x007d if u16_at(data, 8)? & 1 != 0 || u16_at(data, 4)? < 256 => {
                cells.hidden_columns.push((usize::from(u16_at(data, 0)?), usize::from(u16_at(data, 2)?)));
            }
            0x001c => cells.besides.comments = true,
            PRINT_HEADER | PRINT_FOOTER => {
                let code = if self.biff8 {
                    unicode(data)
                } else {
                    data.get(1..).map(|bytes| self.encoding.decode_without_bom_handling(bytes).0.into_owned())
                };
                cells.printed.push_str(&print::words(&code.unwrap_or_default()));
                cells.printed.push(' ');
            }
            OBJECT => cells.is_note = u16_at(data, 4) == Some(NOTE),
            // What a drawing before it says; a comment is a drawing, too.
            TEXT_OBJECT => cells.besides.drawings |= !cells.is_note && u16_at(data, 10) != Some(0),
            CF | CF12 | CF_EX => cells.besides.marking_rules |= marks(ty, data).unwrap_or_default(),
            0x00e5 => {
                for region in data.get(2..)?.chunks_exact(8) {
                    cells.merges.add(Region {
                        top: u64::from(u16_at(region, 0)?) + 1,
                        bottom: u64::from(u16_at(region, 2)?) + 1,
                        left: usize::from(u16_at(region, 4)?),
                        right: usize::from(u16_at(region, 6)?),
                    });
                }
            }
            0x00bd => {
                let (row, first) = (u16_at(data, 0)?, u16_at(data, 2)?);
                let numbers = data.get(4..data.len().checked_sub(2)?)?;
                for (at, number) in numbers.chunks_exact(6).enumerate() {
                    let value = Value::Number(rk(u32_at(number, 2)?));
                    let column = first.checked_add(u16::try_from(at).ok()?)?;
                    cells.push(Place { row, column, style: u16_at(number, 0)? }, value, last);
                }
            }
            // Text that the formula before it gave.
            0x0207 => {
                let place = pending.take()?;
                let text = if self.biff8 {
                    unicode(data)?
                } else {
                    let length = usize::from(u16_at(data, 0)?);
                    self.encoding.decode_without_bom_handling(data.get(2..2 + length)?).0.into_owned()
                };
                cells.text(place, &text, last);
            }
            0x0203 | 0x027e | 0x00fd | 0x0204 | 0x00d6 | 0x0205 | 0x0006 => {
                let place = Place { row: u16_at(data, 0)?, column: u16_at(data, 2)?, style: u16_at(data, 4)? };
                let value = match ty {
                    0x0203 => Value::Number(number_at(6)?),
                    0x027e => Value::Number(rk(u32_at(data, 6)?)),
                    0x00fd => Value::Shared(u32_at(data, 6)?),
                    0x0205 => truth_or_error(*data.get(6)?, *data.get(7)?),
                    0x0006 => {
                        let kind = [data.get(6), data.get(8), data.get(12), data.get(13)].map(Option::<&u8>::copied);
                        match kind {
                            [Some(ty), Some(value), Some(0xff), Some(0xff)] => match ty {
                                0 => {
                                    *pending = Some(place);
                                    return Some(());
                                }
                                1 | 2 => truth_or_error(value, ty - 1),
                                _ if self.uncalculated => Value::Uncalculated,
                                // An empty text.
                                _ => return Some(()),
                            },
                            _ => Value::Number(number_at(6)?),
                        }
                    }
                    _ => {
                        let text = if self.biff8 {
                            unicode(data.get(6..)?)?
                        } else {
                            let length = usize::from(u16_at(data, 6)?);
                            let bytes = data.get(8..8 + length)?;
                            let runs = data.get(8 + length..).filter(|_| ty == 0x00d6).unwrap_or_default();
                            let (text, marked) = self.fonts.marked_bytes(bytes, runs, |bytes| {
                                self.encoding.decode_without_bom_handling(bytes).0.into_owned()
                            });
                            cells.marked |= marked;
                            text
                        };
                        cells.text(place, &text, last);
                        return Some(());
                    }
                };
                cells.push(place, value, last);
            }
            _ => {}
        }
        Some(())
    }
}

impl Book for Xls {
    fn sheets(&mut self, head_rows: u64) -> Result<Vec<Sheet>, Fault> {
        let (mut sheets, mut pages) = (Sheets::new(head_rows), Pages::default());
        let mut places: Vec<usize> = self.sheets.iter().map(|(.., place)| *place).collect();
        places.sort_unstable();
        for (name, hidden, place) in &self.sheets {
            let mut cells = self.cells(*place, head_rows, sheets.regions())?;
            // Records of one sheet are those of no other: else a few bytes could have them read without end.
            let first = places.partition_point(|other| other < place);
            if places.get(first + 1).is_some_and(|next| place + cells.length > *next) {
                return Err(Fault::damaged("工作表互相重叠".into(), "its sheets overlap".into()));
            }
            pages.add(sheets.len(), &cells.printed);
            let merges = std::mem::take(&mut cells.merges);
            let hidden_columns = std::mem::take(&mut cells.hidden_columns);
            let head = sheets.head(&mut self.of_cells(cells))?;
            sheets.push(Sheet { name: name.as_str().into(), hidden: *hidden, head, merges, hidden_columns })?;
        }
        self.pages = pages;
        Ok(sheets.into_found())
    }

    fn rows(&mut self, sheets: &[usize], each: &mut Each<'_>) -> Result<(), Fault> {
        let mut besides = Besides::default();
        for position in sheets {
            let (_, _, place) = self.sheets.get(*position).ok_or_else(damaged)?;
            let cells = self.cells(*place, u64::MAX, Regions::default())?;
            besides.comments |= cells.besides.comments;
            besides.marking_rules |= cells.besides.marking_rules;
            besides.drawings |= cells.besides.drawings;
            each(*position, &mut self.of_cells(cells))?;
        }
        self.besides = besides;
        Ok(())
    }

    fn around(&mut self, sheets: &[usize]) -> Stated {
        self.pages.stated(sheets)
    }

    fn besides(&self) -> Besides {
        self.besides
    }
}

impl Xls {
    fn of_cells(&self, cells: Cells) -> SheetRows<'_> {
        SheetRows {
            filler: Filler::new(&self.limits, self.since_1904),
            at: 0,
            hidden: 0,
            cells,
            strings: &self.strings,
            styles: &self.styles,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Value {
    Number(f64),
    Shared(u32),
    /// Bytes of the texts of the sheet's own.
    Own(u32, u32),
    Boolean(bool),
    Error(&'static str),
    Uncalculated,
}

/// Where a cell is, and how it is shown.
#[derive(Debug, Clone, Copy)]
struct Place {
    row: u16,
    column: u16,
    style: u16,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    place: Place,
    value: Value,
}

#[derive(Default)]
struct Cells {
    filled: Vec<Cell>,
    own: String,
    merges: Regions,
    hidden_rows: Vec<u16>,
    hidden_columns: Vec<(usize, usize)>,
    besides: Besides,
    /// What is printed on every page.
    printed: String,
    /// The drawing last met is the box of a comment.
    is_note: bool,
    /// Stretches of texts of its own are struck out, or in a symbol font.
    marked: bool,
    /// Bytes of the records.
    length: usize,
    whole: bool,
}

impl Cells {
    fn push(&mut self, place: Place, value: Value, last: u64) {
        if u64::from(place.row) < last {
            self.filled.push(Cell { place, value });
        }
    }

    fn text(&mut self, place: Place, text: &str, last: u64) {
        let range = (u32::try_from(self.own.len()), u32::try_from(self.own.len() + text.len()));
        if let ((Ok(start), Ok(end)), true) = (range, u64::from(place.row) < last) {
            self.own.push_str(text);
            self.push(place, Value::Own(start, end), last);
        }
    }
}

/// What a text is that a cell shows; `marked` when signs in it may stand for stretches that are set apart.
fn shown(text: &str, marked: bool, style: Style) -> What {
    match if marked { What::marked(text) } else { What::Text } {
        What::Text => What::decoded(text).of_style(style),
        marked => marked,
    }
}

/// A conditional format ([MS-XLS] 2.4.42), one that Excel has since 2007 (2.4.43), and what that adds to an older one
/// (2.4.44).
/// What is printed above and below every page.
const PRINT_HEADER: u16 = 0x0014;
const PRINT_FOOTER: u16 = 0x0015;
/// A drawing, and the kind of it that is the box of a comment.
const OBJECT: u16 = 0x005d;
const NOTE: u16 = 0x0019;
/// What a drawing says.
const TEXT_OBJECT: u16 = 0x01b6;
const CF: u16 = 0x01b1;
const CF12: u16 = 0x087a;
const CF_EX: u16 = 0x087b;

/// Whether a conditional format strikes out or hides what meets it.
fn marks(ty: u16, rule: &[u8]) -> Option<bool> {
    match ty {
        CF => marks_cells(rule.get(6..)?),
        CF12 if u32_at(rule, 18)? > 0 => marks_cells(rule.get(22..)?),
        // One that goes with a CF12 has no format, and others need not.
        CF_EX if u32_at(rule, 12)? == 0 && *rule.get(25)? != 0 && u32_at(rule, 26)? > 0 => marks_cells(rule.get(30..)?),
        _ => Some(false),
    }
}

/// Whether a format by difference (`DXFN`, [MS-XLS] 2.5.65) strikes out or hides.
fn marks_cells(format: &[u8]) -> Option<bool> {
    const NUMBER: u32 = 1 << 25;
    const FONT: u32 = 1 << 26;
    const STRUCK: u32 = 1 << 7;
    let (has, own_number) = (u32_at(format, 0)?, u16_at(format, 4)? & 1 != 0);
    let number = match (has & NUMBER != 0, own_number) {
        (true, true) => {
            let code = format.get(8..).and_then(unicode);
            if code.is_some_and(|code| FormatCode::of(&code).hides()) {
                return Some(true);
            }
            usize::from(u16_at(format, 6)?)
        }
        (true, false) => 2,
        (false, _) => 0,
    };
    if has & FONT == 0 {
        return Some(false);
    }
    let font = format.get(6 + number..)?;
    // What the font says of itself, and what of that it leaves as it was.
    Some(u32_at(font, 68)? & !u32_at(font, 88)? & STRUCK != 0)
}

fn truth_or_error(value: u8, is_error: u8) -> Value {
    if is_error == 0 {
        return Value::Boolean(value != 0);
    }
    Value::Error(match value {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        _ => "#ERROR!",
    })
}

/// A number in four bytes.
fn rk(packed: u32) -> f64 {
    let value = if packed & 2 != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 != 0 { value / 100.0 } else { value }
}

/// Rows out of cells that are there already.
struct SheetRows<'a> {
    filler: Filler,
    at: usize,
    hidden: u64,
    cells: Cells,
    strings: &'a Strings,
    styles: &'a [Style],
}

impl Rows for SheetRows<'_> {
    fn next(&mut self) -> Result<Option<Block>, Fault> {
        let Self { filler, at, cells, strings, styles, hidden } = self;
        while let Some(cell) = cells.filled.get(*at) {
            let row = u64::from(cell.place.row) + 1;
            if row != filler.at() {
                if filler.is_full() {
                    break;
                }
                filler.row(row, 0)?;
            }
            let had = filler.has_row();
            let column = usize::from(cell.place.column);
            let style = styles.get(usize::from(cell.place.style)).copied().unwrap_or_default();
            match cell.value {
                Value::Number(value) => {
                    let (format, since_1904) = (style.format.for_value(|| value), filler.since_1904());
                    filler.cell(column, |text| {
                        What::of_number(format, format.write(value, since_1904, text)).of_style(style)
                    })?;
                }
                Value::Shared(index) => {
                    let text = strings.get(index as usize).ok_or_else(damaged)?;
                    filler.cell(column, |into| {
                        into.push_str(text);
                        shown(text, strings.marked, style)
                    })?;
                }
                Value::Own(start, end) => {
                    let text = cells.own.get(start as usize..end as usize).unwrap_or_default();
                    filler.cell(column, |into| {
                        into.push_str(text);
                        shown(text, cells.marked, style)
                    })?;
                }
                Value::Boolean(value) => filler.cell(column, |into| {
                    into.push_str(if value { "TRUE" } else { "FALSE" });
                    What::Text.of_style(style.of_truth())
                })?,
                Value::Error(name) => filler.cell(column, |into| {
                    into.push_str(name);
                    What::Error
                })?,
                Value::Uncalculated => filler.cell(column, |_| What::Uncalculated)?,
            }
            *hidden += u64::from(!had && filler.has_row() && cells.hidden_rows.binary_search(&cell.place.row).is_ok());
            *at += 1;
        }
        Ok(filler.take())
    }

    fn hidden_rows(&self) -> u64 {
        self.hidden
    }
}

/// The encoding of a Windows code page.
fn code_page(page: u16) -> &'static Encoding {
    match page {
        936 | 54_936 => encoding_rs::GBK,
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        65_001 => encoding_rs::UTF_8,
        1_250 => encoding_rs::WINDOWS_1250,
        1_251 => encoding_rs::WINDOWS_1251,
        _ => encoding_rs::WINDOWS_1252,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A format by difference with a number format, a font, or neither.
    fn format(code: Option<&str>, struck: Option<bool>) -> Vec<u8> {
        let has = u32::from(code.is_some()) << 25 | u32::from(struck.is_some()) << 26;
        let mut format = has.to_le_bytes().to_vec();
        format.extend(u16::from(code.is_some()).to_le_bytes());
        if let Some(code) = code {
            let length = u16::try_from(code.len()).unwrap();
            format.extend((length + 5).to_le_bytes());
            format.extend(length.to_le_bytes());
            format.push(0);
            format.extend(code.bytes());
        }
        if let Some(struck) = struck {
            let mut font = [0; 118];
            font[68] = u8::from(struck) << 7;
            format.extend(font);
        }
        format
    }

    /// One record of each kind with a format.
    fn records(format: &[u8]) -> [(u16, Vec<u8>); 3] {
        let length = u32::try_from(format.len()).unwrap().to_le_bytes();
        let with = |head: &[u8]| [head, format].concat();
        let newer = |head: usize| [vec![0; head], length.to_vec()].concat();
        let mut more = newer(26);
        more[25] = 1;
        [(CF, with(&[1, 0, 0, 0, 0, 0])), (CF12, with(&newer(18))), (CF_EX, with(&more))]
    }

    #[test]
    fn rules_of_newer_programs() {
        for (code, struck, expected) in [
            (None, None, false),
            (None, Some(true), true),
            (None, Some(false), false),
            (Some(";;;"), None, true),
            (Some("0.00"), None, false),
            (Some("0.00"), Some(true), true),
        ] {
            for (ty, record) in records(&format(code, struck)) {
                assert_eq!(marks(ty, &record), Some(expected), "{ty:#x} {code:?} {struck:?}");
            }
        }
        for (ty, record) in records(&format(Some("0"), Some(true))) {
            // Cut anywhere, it is no rule.
            for length in 0..record.len() - 30 {
                assert_ne!(marks(ty, &record[..length]), Some(true), "{ty:#x} {length}");
            }
        }
        // Without a format, and one that goes with a record of its own.
        assert_eq!(marks(CF12, &[0; 22]), Some(false));
        assert_eq!(marks(CF_EX, &[0; 30]), Some(false));
    }
}
