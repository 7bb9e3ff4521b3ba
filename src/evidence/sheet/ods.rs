//! ODS (`OpenDocument` 1.3, part 3): all sheets stand in one XML, rows and cells that repeat are written once.

use chrono::NaiveDate;
use quick_xml::events::{BytesStart, Event};

use super::block::{Block, Filler, What};
use super::fault::Fault;
use super::mark::{Mark, STRUCK, end_signs};
use super::number::{self, Format, Style};
use super::ods_style::Styles;
use super::package::{Package, Part, Xml, attribute, characters, cut_short};
use super::print::Pages;
use super::sheets::{Sheet, Sheets};
use super::{Besides, Book, Each, Region, Regions, Rows};
use crate::evidence::Limits;
use crate::evidence::explain::short;
use crate::evidence::stated::Stated;

/// What an ODS package says of itself.
const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
/// Rows of a sheet, as the programs that write ODS end them. A few bytes can say that a row repeats without end.
const ROWS: u64 = 1 << 20;

/// Whether a package is one.
pub(crate) fn is_one(package: &mut Package<'_>) -> Result<bool, Fault> {
    Ok(package.small("mimetype", 64)?.is_some_and(|mimetype| mimetype.starts_with(MIMETYPE)))
}

/// An open workbook.
pub(crate) struct Ods<'b> {
    package: Package<'b>,
    limits: Limits,
    /// What is printed on the pages of sheets, once they were asked for.
    pages: Pages,
    besides: Besides,
}

impl<'b> Ods<'b> {
    /// Takes a package; its content is read when it is asked for its sheets.
    ///
    /// # Errors
    /// When it is encrypted or has no content.
    pub(crate) fn open(mut package: Package<'b>, limits: &Limits) -> Result<Self, Fault> {
        if let Some(mut manifest) = package.part("META-INF/manifest.xml")? {
            loop {
                match manifest.next()? {
                    Event::Start(element) if element.local_name().as_ref() == "encryption-data" => {
                        return Err(Fault::encrypted());
                    }
                    Event::Eof => break,
                    _ => {}
                }
            }
        }
        if !package.has("content.xml") {
            return Err(Fault::damaged("缺少 content.xml".into(), "content.xml is not there".into()));
        }
        Ok(Self { package, limits: limits.clone(), pages: Pages::default(), besides: Besides::default() })
    }

    fn content(&mut self) -> Result<Content<'_>, Fault> {
        let mut styles = Styles::default();
        if let Some(mut xml) = self.package.part("styles.xml")? {
            loop {
                let start = match xml.next()? {
                    Event::Start(element) => Some(element.into_owned()),
                    Event::Eof => break,
                    _ => None,
                };
                if let Some(element) = start {
                    styles.element(&element, &mut xml)?;
                }
            }
        }
        let xml = self.package.part("content.xml")?.ok_or_else(cut_short)?;
        Ok(Content {
            xml,
            styles,
            filler: Filler::new(&self.limits, false),
            since_1904: false,
            limits: self.limits.clone(),
            columns: Vec::new(),
            row_style: None,
            cells: Vec::new(),
            scratch: String::new(),
            besides: Besides::default(),
            last: u64::MAX,
            next_row: 1,
            repeat: Repeat::default(),
            merges: Regions::default(),
            hidden_columns: Vec::new(),
            hidden_rows: 0,
            ended: false,
        })
    }
}

impl Book for Ods<'_> {
    fn sheets(&mut self, head_rows: u64) -> Result<Vec<Sheet>, Fault> {
        let mut content = self.content()?;
        content.last = head_rows;
        let (mut sheets, mut pages) = (Sheets::new(head_rows), Pages::default());
        while let Some(Table { name, style, hidden }) = content.next_table()? {
            pages.add(sheets.len(), content.styles.printed(&style));
            content.merges = sheets.regions();
            let head = sheets.head(&mut content)?;
            sheets.push(Sheet {
                name: name.into(),
                hidden,
                head,
                merges: std::mem::take(&mut content.merges),
                hidden_columns: std::mem::take(&mut content.hidden_columns),
            })?;
        }
        drop(content);
        self.pages = pages;
        Ok(sheets.into_found())
    }

    fn rows(&mut self, sheets: &[usize], each: &mut Each<'_>) -> Result<(), Fault> {
        let mut content = self.content()?;
        let mut at = 0;
        for position in sheets {
            content.last = 0;
            while at < *position {
                content.next_table()?;
                content.next()?;
                at += 1;
            }
            content.last = u64::MAX;
            content.next_table()?.ok_or_else(cut_short)?;
            at += 1;
            each(*position, &mut content)?;
        }
        let mut besides = content.besides;
        // Of which sheet is not known; a condition elsewhere may be about the table as well.
        besides.marking_rules |= content.styles.marks_by_condition();
        drop(content);
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

/// A sheet at its beginning.
struct Table {
    name: String,
    style: String,
    hidden: bool,
}

/// A filled cell of the row being read: place, how often it repeats, what it holds.
struct Filled {
    column: usize,
    repeated: usize,
    text: std::ops::Range<usize>,
    what: What,
}

/// How often the row read last still comes, and where next.
#[derive(Default)]
struct Repeat {
    row: u64,
    left: u64,
    hidden: bool,
}

/// The content being read.
struct Content<'a> {
    xml: Xml<Part<'a>>,
    styles: Styles,
    filler: Filler,
    /// Numbers that are days count from 1904.
    since_1904: bool,
    limits: Limits,
    /// Style of each column with one of its own: first, behind the last.
    columns: Vec<(usize, usize, Style)>,
    /// Style of the cells of the row that have none of their own.
    row_style: Option<Style>,
    cells: Vec<Filled>,
    scratch: String,
    besides: Besides,
    /// The last row wanted.
    last: u64,
    next_row: u64,
    repeat: Repeat,
    merges: Regions,
    hidden_columns: Vec<(usize, usize)>,
    hidden_rows: u64,
    /// Past the table.
    ended: bool,
}

/// How often something repeats, or how far it goes: at least once, however large the number.
fn count(element: &BytesStart<'_>, name: &str) -> usize {
    let Some(text) = attribute(element, name) else { return 1 };
    let digits = text.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().unwrap_or(if is_number { usize::MAX } else { 1 }).max(1)
}

/// What a cell is merged with.
fn spanned(cell: &BytesStart<'_>, row: u64, column: usize) -> Option<Region> {
    let (right, bottom) = (count(cell, "number-columns-spanned"), count(cell, "number-rows-spanned"));
    (right > 1 || bottom > 1).then(|| Region {
        top: row,
        left: column,
        bottom: row.saturating_add(bottom as u64 - 1),
        right: column.saturating_add(right - 1),
    })
}

impl Content<'_> {
    /// Goes into the next table.
    fn next_table(&mut self) -> Result<Option<Table>, Fault> {
        loop {
            let element = match self.xml.next()? {
                Event::Start(element) => element.into_owned(),
                Event::Eof => return Ok(None),
                _ => continue,
            };
            if element.name().as_ref() == "table:table" {
                let style = attribute(&element, "style-name").unwrap_or_default();
                let hidden = self.styles.hidden.contains(&style);
                self.filler = Filler::new(&self.limits, self.since_1904);
                (self.next_row, self.hidden_rows, self.ended) = (1, 0, false);
                self.repeat = Repeat::default();
                self.columns.clear();
                let name = attribute(&element, "name").unwrap_or_default();
                return Ok(Some(Table { name, style, hidden }));
            }
            if element.name().as_ref() == "table:null-date" {
                let day = attribute(&element, "date-value").unwrap_or_default();
                self.since_1904 = day.starts_with("1904-01-01");
                // Numbers would be days that nobody meant.
                if !self.since_1904 && !matches!(day.as_str(), "" | "1899-12-30") {
                    return Err(Fault::format(
                        "日期不从 1899-12-30 或 1904-01-01 起算，尚不能读取",
                        "its days count from another day than 1899-12-30 or 1904-01-01, and cannot be read yet",
                    ));
                }
            }
            if matches!(element.name().as_ref(), "table:tracked-changes" | "office:annotation") {
                self.xml.skip()?;
            } else {
                self.styles.element(&element, &mut self.xml)?;
            }
        }
    }

    fn row(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let repeated = count(element, "number-rows-repeated");
        let hidden = self.styles.hides(element);
        let first = self.next_row;
        self.next_row = first.saturating_add(repeated as u64);
        if first > self.last {
            return if self.last == 0 { self.xml.skip() } else { self.spans(first) };
        }
        self.cells.clear();
        self.scratch.clear();
        self.row_style = attribute(element, "default-cell-style-name").map(|style| self.styles.of_cell(&style));
        let mut column = 0_usize;
        loop {
            let cell = match self.xml.next()? {
                Event::Start(cell) => cell.into_owned(),
                Event::End(_) => break,
                Event::Eof => return Err(cut_short()),
                _ => continue,
            };
            let times = count(&cell, "number-columns-repeated");
            match cell.name().as_ref() {
                "table:table-cell" => {
                    if let Some(region) = spanned(&cell, first, column) {
                        self.merges.add(region);
                    }
                    self.cell(&cell, column, times)?;
                }
                // What a merged cell covers is not shown.
                _ => self.xml.skip()?,
            }
            column = column.saturating_add(times);
        }
        if self.cells.is_empty() {
            return Ok(());
        }
        let behind = self.next_row.min(self.last.saturating_add(1));
        // Where rows are read for good, none is left out without a word.
        if self.last == u64::MAX && behind > ROWS + 1 {
            return Err(if repeated == 1 {
                Fault::too_large(
                    format!("第 {first} 行有内容：超过 {ROWS} 行"),
                    format!("row {first} is filled: more than {ROWS} rows"),
                )
            } else {
                // As the file has it: the number may be beyond all counting.
                let times = attribute(element, "number-rows-repeated").unwrap_or_default();
                let times = short(times.trim());
                Fault::too_large(
                    format!("第 {first} 行有内容，重复 {times} 次：超过 {ROWS} 行"),
                    format!("row {first} is filled {times} times: more than {ROWS} rows"),
                )
            });
        }
        self.repeat = Repeat { row: first, left: behind.saturating_sub(first), hidden };
        Ok(())
    }

    /// A row that is not wanted for itself: what its cells cover of those below.
    fn spans(&mut self, row: u64) -> Result<(), Fault> {
        let mut column = 0_usize;
        loop {
            let (region, times) = match self.xml.next()? {
                Event::Start(cell) => (spanned(&cell, row, column), count(&cell, "number-columns-repeated")),
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(cut_short()),
                _ => continue,
            };
            if let Some(region) = region {
                self.merges.add(region);
            }
            column = column.saturating_add(times);
            self.xml.skip()?;
        }
    }

    /// The row read last, once more.
    fn again(&mut self) -> Result<(), Fault> {
        self.filler.row(self.repeat.row, 0)?;
        for Filled { column, repeated, text, what } in &self.cells {
            let text = self.scratch.get(text.clone()).unwrap_or_default();
            for column in *column..column.saturating_add(*repeated) {
                self.filler.cell(column, |into| {
                    into.push_str(text);
                    *what
                })?;
            }
        }
        self.hidden_rows += u64::from(self.repeat.hidden && self.filler.has_row());
        self.repeat.row += 1;
        self.repeat.left -= 1;
        Ok(())
    }

    fn cell(&mut self, element: &BytesStart<'_>, column: usize, times: usize) -> Result<(), Fault> {
        let get = |wanted: &str| {
            let found = element.attributes().with_checks(false).flatten().find(|found| found.key.as_ref() == wanted);
            found.and_then(|found| quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned))
        };
        let style = get("table:style-name");
        let ty = get("office:value-type");
        let start = self.scratch.len();
        let formula = get("table:formula").is_some();
        let error = get("calcext:value-type").as_deref() == Some("error");
        let marked = self.paragraphs()?;
        let style = style.map_or_else(
            || {
                let at = self.columns.iter().find(|(first, behind, _)| (*first..*behind).contains(&column));
                self.row_style.or(at.map(|(_, _, style)| *style)).unwrap_or_default()
            },
            |style| self.styles.of_cell(&style),
        );
        let shown = |scratch: &mut String, text: &str| {
            scratch.truncate(start);
            scratch.push_str(text);
        };
        let what = match ty.as_deref() {
            _ if error => What::Error,
            Some("float" | "currency" | "percentage") => {
                let value = get("office:value").unwrap_or_default();
                // LibreOffice saves the boolean of another program as a formula that gives a number.
                let word = self.scratch.get(start..).filter(|word| matches!(*word, "TRUE" | "FALSE"));
                if let Some(word) = word.map(str::to_owned) {
                    shown(&mut self.scratch, &word);
                    self.filled(column, times, start, What::Text.of_style(style.of_truth()));
                    return Ok(());
                }
                shown(&mut self.scratch, "");
                match value.trim().parse::<f64>() {
                    Ok(value) => {
                        let format = style.format.for_value(|| value);
                        What::of_number(format, format.write(value, false, &mut self.scratch))
                    }
                    Err(_) => {
                        shown(&mut self.scratch, &value);
                        What::Text
                    }
                }
            }
            Some("date") => {
                let value = get("office:date-value").unwrap_or_default();
                let (day, time) = value.split_once('T').unwrap_or((&value, ""));
                let format = style.format.for_value(|| serial(day, time));
                let text = match (format, time) {
                    (Format::Nothing, _) => "0".to_owned(),
                    (Format::DateTime, "") => format!("{day} 00:00:00"),
                    (Format::Utc, "") => format!("{day} 00:00:00Z"),
                    (Format::Utc, time) => format!("{day} {time}Z"),
                    (Format::Date | Format::PartOfDay, _) | (_, "") => day.to_owned(),
                    _ => format!("{day} {time}"),
                };
                shown(&mut self.scratch, &text);
                What::of_number(format, !matches!(format, Format::Nothing | Format::Dressed(_)))
            }
            Some("time") => {
                let value = get("office:time-value").unwrap_or_default();
                let is_nought = !value.contains(|c: char| c.is_ascii_digit() && c != '0');
                let format = style.format.for_value(|| if is_nought { 0.0 } else { 1.0 });
                let text = duration(&value, format).unwrap_or(value);
                shown(&mut self.scratch, &text);
                What::of_number(format, !matches!(format, Format::Nothing | Format::Dressed(_)))
            }
            Some("boolean") => {
                let value = get("office:boolean-value").unwrap_or_default();
                let word = match value.trim() {
                    "true" => "TRUE",
                    "false" => "FALSE",
                    // A number that its format shows as one of the two.
                    other => other,
                };
                shown(&mut self.scratch, word);
                What::Text
            }
            Some(_) => {
                if let Some(text) = get("office:string-value").filter(|text| !text.is_empty()) {
                    shown(&mut self.scratch, &text);
                }
                What::Text
            }
            None if formula && self.scratch.get(start..).is_none_or(str::is_empty) => What::Uncalculated,
            None => What::Text,
        };
        let text = self.scratch.get(start..).unwrap_or_default();
        let what = if marked && what == What::Text { What::marked(text) } else { what };
        let style = if ty.as_deref() == Some("boolean") { style.of_truth() } else { style };
        let what = if what == What::Uncalculated { what } else { what.of_style(style) };
        self.filled(column, times, start, what);
        Ok(())
    }

    fn filled(&mut self, column: usize, times: usize, start: usize, what: What) {
        let end = self.scratch.len();
        let blank = self.scratch.get(start..).is_none_or(|text| text.trim().is_empty());
        if !blank || what == What::Uncalculated {
            // Blank cells to the right of a sheet repeat without end; filled ones that do are bounded by the columns.
            let repeated = times.min(self.limits.columns.saturating_add(1));
            self.cells.push(Filled { column, repeated, text: start..end, what });
        }
    }

    /// The text of a cell up to its end: paragraphs, without comments; whether some of it is struck out, or in a symbol
    /// font.
    fn paragraphs(&mut self) -> Result<bool, Fault> {
        let (mut depth, mut paragraphs, mut inside, mut hidden) = (1_u64, 0_u64, 0_u64, 0_u64);
        // How deep the stretch of text is that is struck out, and the one in a symbol font, and where that begins.
        let (mut struck, mut symbol, mut start, mut any) = (0_u64, 0_u64, 0, false);
        loop {
            let event = self.xml.next()?;
            match event {
                Event::Start(element) => {
                    depth += 1;
                    match element.local_name().as_ref() {
                        _ if hidden > 0 => {}
                        // What floats over a cell is none of it.
                        _ if element.name().as_ref().starts_with("draw:") => {
                            hidden = depth;
                            self.besides.drawings = true;
                        }
                        name @ ("annotation" | "shapes" | "table" | "ruby-text") => {
                            hidden = depth;
                            self.besides.comments |= name == "annotation";
                        }
                        "p" | "h" if inside == 0 => {
                            inside = depth;
                            paragraphs += 1;
                            if paragraphs > 1 {
                                self.scratch.push('\n');
                            }
                        }
                        "s" if inside > 0 => {
                            let blanks = count(&element, "c").min(self.limits.cell_bytes + 1);
                            self.scratch.extend(std::iter::repeat_n(' ', blanks));
                        }
                        "span" if inside > 0 && !self.styles.marks.is_empty() => {
                            let style = attribute(&element, "style-name");
                            let mark = style.and_then(|style| self.styles.marks.get(&style).copied());
                            let mark = mark.unwrap_or_default();
                            // Within a stretch that is struck out another is no more so.
                            let mark =
                                Mark { struck: mark.struck && struck == 0, symbol: mark.symbol && symbol == 0, ..mark };
                            if mark.struck {
                                struck = depth;
                            }
                            if mark.symbol {
                                (symbol, start) = (depth, self.scratch.len());
                            }
                            mark.begin(&mut self.scratch);
                            any |= mark.bars_reading();
                        }
                        "tab" if inside > 0 => self.scratch.push('\t'),
                        "line-break" if inside > 0 => self.scratch.push('\n'),
                        _ => {}
                    }
                }
                Event::End(_) => {
                    if hidden == depth {
                        hidden = 0;
                    }
                    if inside == depth {
                        inside = 0;
                    }
                    if symbol == depth {
                        symbol = 0;
                        end_signs(&mut self.scratch, start);
                    }
                    if struck == depth {
                        struck = 0;
                        self.scratch.push(STRUCK);
                    }
                    depth -= 1;
                    if depth == 0 {
                        return Ok(any);
                    }
                }
                Event::Eof => return Err(cut_short()),
                event if inside > 0 && hidden == 0 => characters(&event, &mut self.scratch)?,
                _ => {}
            }
            if self.scratch.len() > self.limits.row_bytes {
                return Err(Fault::too_large("有一行过长".into(), "a row is too long".into()));
            }
        }
    }
}

impl Rows for Content<'_> {
    fn next(&mut self) -> Result<Option<Block>, Fault> {
        while !self.filler.is_full() {
            // However often a row repeats, no more of them stand in memory than fill a block.
            if self.repeat.left > 0 {
                self.again()?;
                continue;
            }
            if self.ended {
                break;
            }
            let element = match self.xml.next()? {
                Event::Start(element) => element.into_owned(),
                Event::End(element) if element.name().as_ref() == "table:table" => {
                    self.ended = true;
                    break;
                }
                Event::Eof => return Err(cut_short()),
                _ => continue,
            };
            match element.name().as_ref() {
                "table:table-row" => self.row(&element)?,
                "table:table-column" => {
                    let first = self.columns.last().map_or(0, |(_, behind, _)| *behind);
                    let behind = first.saturating_add(count(&element, "number-columns-repeated"));
                    let style = attribute(&element, "default-cell-style-name");
                    let style = self.styles.of_cell(style.as_deref().unwrap_or_default());
                    let hidden = self.styles.hides(&element);
                    if self.columns.len() < self.limits.columns {
                        self.columns.push((first, behind, style));
                        if hidden {
                            self.hidden_columns.push((first, behind - 1));
                        }
                    }
                }
                "table:table-columns"
                | "table:table-header-columns"
                | "table:table-column-group"
                | "table:table-rows"
                | "table:table-header-rows"
                | "table:table-row-group"
                | "calcext:conditional-formats"
                | "calcext:conditional-format" => {}
                "calcext:condition" | "calcext:date-is" => {
                    let style = attribute(&element, "apply-style-name").or_else(|| attribute(&element, "style"));
                    let marks = |style: String| self.styles.marks(&style);
                    self.besides.marking_rules |= self.last > 0 && style.is_some_and(marks);
                }
                "table:shapes" => {
                    self.besides.drawings |= self.last > 0;
                    self.xml.skip()?;
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(self.filler.take())
    }

    fn hidden_rows(&self) -> u64 {
        self.hidden_rows
    }
}

/// A time as `PT08H30M00S` says it.
fn duration(text: &str, format: Format) -> Option<String> {
    let rest = text.strip_prefix("PT")?;
    let (hours, rest) = rest.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| (0.0..1e6).contains(number));
    let days = (number(hours)? * 3_600.0 + number(minutes)? * 60.0 + number(seconds)?) / 86_400.0;
    let mut shown = String::new();
    let format = if format == Format::Elapsed { format } else { Format::Time };
    let days = if format == Format::Time { days.fract() } else { days };
    if !format.write(days, false, &mut shown) {
        shown.clear();
        number::number(days, &mut shown);
    }
    Some(shown)
}

/// A day and a time as a spreadsheet counts them, near enough for the conditions of a format; nought for the two days that
/// programs count from.
fn serial(day: &str, time: &str) -> f64 {
    let begins = matches!(time, "" | "00:00:00");
    if begins && matches!(day, "1899-12-30" | "1904-01-01") {
        return 0.0;
    }
    let first = NaiveDate::from_ymd_opt(1899, 12, 30);
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok();
    let days = day.zip(first).and_then(|(day, first)| i32::try_from((day - first).num_days()).ok());
    days.map_or(1.0, f64::from) + if begins { 0.0 } else { 0.5 }
}
