//! XML of Excel 2003 (`SpreadsheetML`), which bookkeeping and tax systems export under the name `.xls`: all sheets stand in
//! one text; blank rows and cells are left out, and those that follow say where they stand.

use quick_xml::events::{BytesStart, Event};

use super::block::{Block, Filler, What, is_error, write_number};
use super::fault::Fault;
use super::mark::Mark;
use super::markup::first_tag;
use super::number::{Format, Style};
use super::package::{Xml, attribute, characters, cut_short, says_yes};
use super::print::{self, Pages};
use super::sheets::{Sheet, Sheets};
use super::spreadsheetml_style::{Styles, serial};
use super::{Besides, Book, CHARACTER, Each, Region, Regions, Rows};
use crate::evidence::Limits;
use crate::evidence::cells::Dress;
use crate::evidence::explain::short;
use crate::evidence::stated::{LONGEST, Stated};

/// Rows of a sheet, more than programs ever wrote in this format.
const ROWS: u64 = 1 << 20;

/// What the stylesheet of LibreOffice says in the first element; Excel does not.
const LIBRE_OFFICE: &str = "urn:schemas-microsoft-com:office:component:spreadsheet";

/// Whether a text begins as one: the first element is a workbook of this namespace.
pub(crate) fn looks_like(head: &[u8]) -> bool {
    let is_workbook = |tag: String| {
        let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
        name.rsplit(':').next() == Some("Workbook")
    };
    let head = head.get(..head.len().min(16_384)).unwrap_or_default();
    first_tag(head).is_some_and(is_workbook)
        && memchr::memmem::find(head, b"urn:schemas-microsoft-com:office:spreadsheet").is_some()
}

/// A workbook held whole.
pub(crate) struct SpreadsheetMl<'b> {
    text: &'b str,
    limits: Limits,
    /// What is printed on the pages of sheets, once they were asked for.
    pages: Pages,
    besides: Besides,
}

impl<'b> SpreadsheetMl<'b> {
    /// Takes a workbook; it is read when it is asked for its sheets.
    pub(crate) fn new(text: &'b str, limits: &Limits) -> Self {
        Self { text, limits: limits.clone(), pages: Pages::default(), besides: Besides::default() }
    }

    fn content(&self) -> Content<'b> {
        Content {
            xml: Xml::new(self.text.as_bytes(), self.limits.cell_bytes.saturating_mul(8)),
            styles: Styles::default(),
            filler: Filler::new(&self.limits, false),
            since_1904: false,
            limits: self.limits.clone(),
            columns: Vec::new(),
            table_style: None,
            scratch: String::new(),
            besides: Besides::default(),
            printed: String::new(),
            last: u64::MAX,
            next_row: 1,
            covered: Vec::new(),
            uncounted: None,
            merges: Regions::default(),
            hidden: false,
            hidden_columns: Vec::new(),
            hidden_rows: 0,
            counts_blindly: false,
            at: At::Head,
        }
    }
}

impl Book for SpreadsheetMl<'_> {
    fn sheets(&mut self, head_rows: u64) -> Result<Vec<Sheet>, Fault> {
        let mut content = self.content();
        let (mut sheets, mut pages) = (Sheets::new(head_rows), Pages::default());
        while let Some(name) = content.next_sheet()? {
            content.last = head_rows;
            content.merges = sheets.regions();
            let head = sheets.head(&mut content)?;
            pages.add(sheets.len(), &content.printed);
            sheets.push(Sheet {
                name: name.into(),
                hidden: content.hidden,
                head,
                merges: std::mem::take(&mut content.merges),
                hidden_columns: std::mem::take(&mut content.hidden_columns),
            })?;
        }
        self.pages = pages;
        Ok(sheets.into_found())
    }

    fn rows(&mut self, sheets: &[usize], each: &mut Each<'_>) -> Result<(), Fault> {
        let mut content = self.content();
        let mut at = 0;
        for position in sheets {
            while at < *position {
                content.next_sheet()?;
                content.last = 0;
                content.next()?;
                at += 1;
            }
            content.next_sheet()?.ok_or_else(cut_short)?;
            content.last = u64::MAX;
            at += 1;
            each(*position, &mut content)?;
        }
        self.besides = content.besides;
        Ok(())
    }

    fn around(&mut self, sheets: &[usize]) -> Stated {
        self.pages.stated(sheets)
    }

    fn besides(&self) -> Besides {
        self.besides
    }
}

/// Where in the workbook the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the first sheet.
    Head,
    /// In a sheet.
    Sheet,
    /// Behind a sheet.
    Behind,
}

/// The workbook being read.
struct Content<'b> {
    xml: Xml<&'b [u8]>,
    styles: Styles,
    filler: Filler,
    /// Days count from 1904.
    since_1904: bool,
    limits: Limits,
    /// Style of each column that has one: first, behind the last.
    columns: Vec<(usize, usize, Style)>,
    /// Style of the cells of the sheet that have none otherwise.
    table_style: Option<Style>,
    scratch: String,
    besides: Besides,
    /// What is printed on every page of the sheet.
    printed: String,
    /// The last row wanted.
    last: u64,
    next_row: u64,
    /// The last row that a cell above covers, by column.
    covered: Vec<u64>,
    /// The first column of the row that one covers which the writer did not count.
    uncounted: Option<usize>,
    merges: Regions,
    hidden: bool,
    hidden_columns: Vec<(usize, usize)>,
    hidden_rows: u64,
    /// Written by a program that does not count the cells which merged ones cover.
    counts_blindly: bool,
    at: At,
}

/// A number that an attribute gives, as large as can be when it is larger.
fn number(element: &BytesStart<'_>, name: &str) -> Result<Option<usize>, Fault> {
    let Some(text) = attribute(element, name) else { return Ok(None) };
    let digits = text.trim();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let shown = short(digits);
        return Err(Fault::damaged(
            format!("`{name}` 是 `{shown}`，不是数"),
            format!("`{name}` is `{shown}`, no number"),
        ));
    }
    Ok(Some(digits.parse().unwrap_or(usize::MAX)))
}

/// A place from 1, as an attribute states it, from 0.
fn place(element: &BytesStart<'_>, name: &str) -> Result<Option<usize>, Fault> {
    match number(element, name)? {
        Some(0) => Err(Fault::damaged(format!("`{name}` 是 0"), format!("`{name}` is 0"))),
        place => Ok(place.map(|place| place - 1)),
    }
}

/// Whether an event is text with more than blanks.
fn says_something(event: &Event<'_>) -> bool {
    match event {
        Event::Text(text) => !text.xml10_content().trim().is_empty(),
        Event::CData(text) => !text.xml10_content().trim().is_empty(),
        Event::GeneralRef(_) => true,
        _ => false,
    }
}

/// Text that no cell has for its value.
fn loose() -> Fault {
    Fault::damaged(
        "有文字不在任何单元格的 Data 之内".into(),
        "text stands in a row outside the `Data` of its cells".into(),
    )
}

/// That something stands where this reader does not look, or where no program does.
fn misplaced(name: &str) -> Fault {
    let name = short(name);
    Fault::damaged(format!("`{name}` 不在它该在的位置"), format!("`{name}` is not where it belongs"))
}

/// The size in points that an attribute gives, where it is less than `least`.
fn is_slight(element: &BytesStart<'_>, name: &str, least: f64) -> bool {
    attribute(element, name).is_some_and(|text| text.trim().parse::<f64>().is_ok_and(|size| size < least))
}

fn out_of_order(row: u64) -> Fault {
    Fault::damaged(format!("第 {row} 行的位置在前面的内容之前"), format!("row {row} comes before what stands above it"))
}

impl Content<'_> {
    /// Goes into the next sheet; gives its name.
    fn next_sheet(&mut self) -> Result<Option<String>, Fault> {
        loop {
            let element = match self.xml.next()? {
                Event::Start(element) => element.into_owned(),
                Event::Eof if self.at != At::Head => return Ok(None),
                Event::Eof => {
                    return Err(Fault::damaged("其中没有工作表".into(), "it has no sheet".into()));
                }
                _ => continue,
            };
            match element.local_name().as_ref() {
                "Worksheet" => {
                    self.filler = Filler::new(&self.limits, self.since_1904);
                    (self.next_row, self.hidden_rows, self.hidden, self.at) = (1, 0, false, At::Sheet);
                    (self.table_style, self.printed) = (None, String::new());
                    self.columns.clear();
                    self.covered.clear();
                    self.hidden_columns.clear();
                    return Ok(Some(attribute(&element, "Name").unwrap_or_default()));
                }
                // Behind a sheet they would be too late for it.
                name @ ("Style" | "Date1904") if self.at != At::Head => return Err(misplaced(name)),
                "Style" => self.styles.add(&element, &mut self.xml)?,
                "Date1904" => self.since_1904 = true,
                "Workbook" => self.counts_blindly = element.attributes().flatten().any(|one| one.value == LIBRE_OFFICE),
                "Styles" | "ExcelWorkbook" => {}
                // Those who write it name its elements.
                "DocumentProperties" | "CustomDocumentProperties" => self.xml.skip()?,
                _ => self.pass(&element, &["Worksheet", "Cell"])?,
            }
        }
    }

    /// Goes behind the end of an element that is none of a table: were it one out of place, or did it hold any of these, they
    /// would be missed. Page breaks and links to other workbooks hold a `Row`, too, which is a number.
    fn pass(&mut self, element: &BytesStart<'_>, missed: &[&str]) -> Result<(), Fault> {
        let name = element.local_name();
        if ["Worksheet", "Table", "Row", "Cell", "Data"].iter().any(|one| one.eq_ignore_ascii_case(name.as_ref())) {
            return Err(misplaced(name.as_ref()));
        }
        self.xml.within(|event| match event {
            Event::Start(inner) if missed.contains(&inner.local_name().as_ref()) => {
                Err(misplaced(inner.local_name().as_ref()))
            }
            _ => Ok(()),
        })
    }

    fn table(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        if place(element, "TopCell")?.unwrap_or_default() > 0 || place(element, "LeftCell")?.unwrap_or_default() > 0 {
            return Err(Fault::format(
                "表不从 A1 开始，尚不能读取",
                "its table does not begin at A1, and cannot be read yet",
            ));
        }
        self.table_style = attribute(element, "StyleID").map(|style| self.styles.of(&style));
        Ok(())
    }

    fn column(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let next = self.columns.last().map_or(0, |(_, behind, _)| *behind);
        let first = place(element, "Index")?.unwrap_or(next);
        if first < next {
            return Err(misplaced("Column"));
        }
        let behind = first.saturating_add(number(element, "Span")?.unwrap_or_default()).saturating_add(1);
        let style = attribute(element, "StyleID").map(|style| self.styles.of(&style));
        if self.columns.len() >= self.limits.columns {
            return Ok(());
        }
        self.columns.push((first, behind, style.or(self.table_style).unwrap_or_else(|| self.styles.of_none())));
        if says_yes(element, "Hidden") || is_slight(element, "Width", CHARACTER) {
            self.hidden_columns.push((first, behind - 1));
        }
        Ok(())
    }

    fn row(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let row = place(element, "Index")?.map_or(self.next_row, |row| row as u64 + 1);
        if row < self.next_row {
            return Err(out_of_order(row));
        }
        self.next_row = row.saturating_add(number(element, "Span")?.unwrap_or_default() as u64).saturating_add(1);
        if self.last == 0 {
            return self.xml.skip();
        }
        let is_wanted = row <= self.last;
        if is_wanted {
            if row > ROWS {
                return Err(Fault::too_large(
                    format!("第 {row} 行：超过 {ROWS} 行"),
                    format!("row {row}: more than {ROWS} rows"),
                ));
            }
            self.filler.row(row, 0)?;
        }
        let first_covered = || self.covered.iter().position(|last| *last >= row);
        self.uncounted = self.counts_blindly.then(first_covered).flatten();
        let style = attribute(element, "StyleID").map(|style| self.styles.of(&style));
        let mut column = 0_usize;
        loop {
            let cell = match self.xml.next()? {
                Event::Start(cell) => cell.into_owned(),
                Event::End(_) => break,
                Event::Eof => return Err(cut_short()),
                other if says_something(&other) => return Err(loose()),
                _ => continue,
            };
            if cell.local_name().as_ref() == "Cell" {
                column = self.cell(&cell, (row, column), style, is_wanted)?;
            } else {
                self.pass(&cell, &["Cell", "Data"])?;
            }
        }
        let hides = says_yes(element, "Hidden") || is_slight(element, "Height", 1.0);
        self.hidden_rows += u64::from(is_wanted && hides && self.filler.has_row());
        Ok(())
    }

    /// A cell of a row, behind those before `next`; gives the column behind it.
    fn cell(
        &mut self,
        element: &BytesStart<'_>,
        (row, next): (u64, usize),
        of_row: Option<Style>,
        is_wanted: bool,
    ) -> Result<usize, Fault> {
        let column = match place(element, "Index")? {
            Some(column) if column < next => return Err(out_of_order(row)),
            Some(column) => column,
            None => next,
        };
        let is_beneath = self.covered.get(column).is_some_and(|last| *last >= row)
            || self.uncounted.is_some_and(|uncounted| uncounted < column);
        let across = number(element, "MergeAcross")?.unwrap_or_default();
        let down = number(element, "MergeDown")?.unwrap_or_default() as u64;
        let (right, bottom) = (column.saturating_add(across), row.saturating_add(down));
        if across > 0 || down > 0 {
            self.merges.add(Region { top: row, left: column, bottom, right });
        }
        if down > 0 {
            // A cell beyond the columns of a sheet is refused when it is filled.
            let behind = right.min(self.limits.columns).saturating_add(1);
            self.covered.resize(self.covered.len().max(behind), 0);
            let under = self.covered.get_mut(column..behind).unwrap_or_default();
            under.iter_mut().for_each(|last| *last = bottom.max(*last));
        }
        if is_wanted {
            let style = attribute(element, "StyleID").map(|style| self.styles.of(&style));
            let style = style.or(of_row).unwrap_or_else(|| {
                let at = self.columns.partition_point(|(_, behind, _)| *behind <= column);
                let of_column = self.columns.get(at).filter(|(first, ..)| *first <= column).map(|(_, _, style)| *style);
                of_column.or(self.table_style).unwrap_or_else(|| self.styles.of_none())
            });
            self.value(column, attribute(element, "Formula").is_some(), style)?;
            // Excel opens no file with a value beneath a merged cell. LibreOffice writes it and means the next column, as it
            // does of all that stands further right.
            if is_beneath && !self.scratch.trim().is_empty() {
                return Err(Fault::damaged(
                    format!("第 {row} 行有一格在上方的合并单元格之下或其右，不能判断它在哪一列"),
                    format!(
                        "row {row} has a cell beneath a merged one, or right of it, and nobody can tell its column"
                    ),
                ));
            }
        } else {
            self.xml.skip()?;
        }
        Ok(right.saturating_add(1))
    }

    /// What a cell holds, up to its end.
    fn value(&mut self, column: usize, is_formula: bool, style: Style) -> Result<(), Fault> {
        self.scratch.clear();
        let (mut ty, mut marked, mut has_data) = (None, false, false);
        loop {
            let element = match self.xml.next()? {
                Event::Start(element) => element.into_owned(),
                Event::End(_) => break,
                Event::Eof => return Err(cut_short()),
                other if says_something(&other) => return Err(loose()),
                _ => continue,
            };
            match element.local_name().as_ref() {
                "Data" if has_data => return Err(misplaced("Data")),
                "Data" => {
                    has_data = true;
                    ty = attribute(&element, "Type");
                    marked = self.data()?;
                }
                "Comment" => {
                    self.besides.comments = true;
                    self.xml.skip()?;
                }
                _ => self.pass(&element, &["Cell", "Data"])?,
            }
        }
        let (value, since_1904) = (self.scratch.as_str(), self.since_1904);
        self.filler.cell(column, |text| match ty.as_deref() {
            // Writers that do not calculate hold the place of the result with nothing, or with a nought.
            _ if is_formula && value.trim().is_empty() => What::Uncalculated,
            Some("Number") if is_formula && value.trim() == "0" => What::Uncalculated,
            Some("Number") => write_number(value, style.format, since_1904, text).of_style(style),
            Some("DateTime") => moment(value, style, since_1904, text).of_style(style),
            Some("Boolean") => {
                text.push_str(match value.trim() {
                    "1" => "TRUE",
                    "0" => "FALSE",
                    other => other,
                });
                What::Text.of_style(style.of_truth())
            }
            Some("Error") => {
                text.push_str(value);
                What::Error
            }
            // A formula that gave one, by a writer that knows texts and numbers only.
            _ if is_formula && is_error(value) => {
                text.push_str(value);
                What::Error
            }
            _ => {
                text.push_str(value);
                if marked { What::marked(value) } else { What::decoded(value) }.of_style(style)
            }
        })
    }

    /// The text of a cell up to its end, without how it is spoken; whether some of it is struck out, or in a symbol font.
    fn data(&mut self) -> Result<bool, Fault> {
        // The stretches that are open, and where each begins.
        let (mut open, mut any): (Vec<(Mark, usize)>, bool) = (Vec::new(), false);
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "PhoneticText" => self.xml.skip()?,
                Event::Start(element) => {
                    let is_open = |is: fn(Mark) -> bool| open.iter().any(|(mark, _)| is(*mark));
                    let mark = match element.local_name().as_ref() {
                        "S" => Mark { struck: !is_open(|mark| mark.struck), ..Mark::default() },
                        "Sup" | "Sub" => Mark { raised: true, ..Mark::default() },
                        "Font" => {
                            let font = attribute(&element, "Face").unwrap_or_default();
                            let symbol = super::mark::is_symbol_font(&font) && !is_open(|mark| mark.symbol);
                            Mark { symbol, ..Mark::default() }
                        }
                        _ => Mark::default(),
                    };
                    let start = self.scratch.len();
                    mark.begin(&mut self.scratch);
                    any |= mark.bars_reading();
                    open.push((mark, start));
                }
                Event::End(_) => match open.pop() {
                    Some((mark, start)) => mark.end(&mut self.scratch, start),
                    None => return Ok(any),
                },
                Event::Eof => return Err(cut_short()),
                event => characters(&event, &mut self.scratch)?,
            }
            if self.scratch.len() > self.limits.row_bytes {
                return Err(Fault::too_large("有一行过长".into(), "a row is too long".into()));
            }
        }
    }

    /// Whether the sheet is hidden, and what is printed on its pages.
    fn options(&mut self) -> Result<(), Fault> {
        let (mut is_visible, mut visible) = (false, String::new());
        let Self { xml, printed, .. } = self;
        xml.within(|event| {
            match event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "Visible" => is_visible = true,
                    "Header" | "Footer" if printed.len() < LONGEST => {
                        printed.push_str(&print::words(&attribute(element, "Data").unwrap_or_default()));
                        printed.push(' ');
                    }
                    _ => {}
                },
                Event::End(_) => is_visible = false,
                event if is_visible => characters(event, &mut visible)?,
                _ => {}
            }
            Ok(())
        })?;
        self.hidden |= matches!(visible.trim(), "SheetHidden" | "SheetVeryHidden");
        Ok(())
    }

    /// Whether a conditional format strikes out what meets it, or shows something else.
    fn rule(&mut self) -> Result<(), Fault> {
        let mut marks = false;
        self.xml.within(|event| {
            if let Event::Start(element) = event {
                let style = attribute(element, "Style").unwrap_or_default();
                let strikes = style.contains("line-through") && !style.contains("line-through:none");
                marks |= strikes || style.contains("mso-number-format");
            }
            Ok(())
        })?;
        self.besides.marking_rules |= self.last > 0 && marks;
        Ok(())
    }
}

impl Rows for Content<'_> {
    fn next(&mut self) -> Result<Option<Block>, Fault> {
        while self.at == At::Sheet && !self.filler.is_full() {
            let element = match self.xml.next()? {
                Event::Start(element) => element.into_owned(),
                Event::End(element) => {
                    if element.local_name().as_ref() == "Worksheet" {
                        self.at = At::Behind;
                    }
                    continue;
                }
                Event::Eof => return Err(cut_short()),
                _ => continue,
            };
            match element.local_name().as_ref() {
                "Table" => self.table(&element)?,
                "Column" => {
                    self.column(&element)?;
                    self.pass(&element, &[])?;
                }
                "Row" => self.row(&element)?,
                "WorksheetOptions" => self.options()?,
                "ConditionalFormatting" => self.rule()?,
                _ => self.pass(&element, &["Worksheet", "Cell"])?,
            }
        }
        Ok(self.filler.take())
    }

    fn hidden_rows(&self) -> u64 {
        self.hidden_rows
    }
}

/// Appends a day and a time as its style shows them.
fn moment(value: &str, style: Style, since_1904: bool, text: &mut String) -> What {
    let Some(serial) = serial(value, since_1904) else {
        text.push_str(value);
        // One library means an instant by the sign, another the time people see, and both are in use.
        let is_instant = value.trim_end().ends_with('Z');
        return if is_instant || style.format.hides() { What::Dressed(Dress::Words) } else { What::Text };
    };
    let format = style.format.for_value(|| serial);
    match format {
        // A program shows a number, which somebody may have taken for an id; that it is a day its type says.
        Format::Number | Format::Digits(_) => {
            let format = if serial.fract() == 0.0 { Format::Date } else { Format::DateTime };
            format.write(serial, since_1904, text);
            What::Dressed(Dress::Signs)
        }
        Format::Dressed(dress) => {
            text.push_str(value);
            What::Dressed(dress)
        }
        format => What::of_number(format, format.write(serial, since_1904, text)),
    }
}
