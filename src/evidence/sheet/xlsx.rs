//! XLSX and XLSM (ECMA-376): cells as they come in the sheet's XML, row by row, nothing held but the shared texts.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::block::{Block, Filler, What, write_number};
use super::fault::Fault;
use super::format_code::FormatCode;
use super::mark::{Mark, is_symbol_font};
use super::number::Style;
use super::package::{Package, Part, Xml, attribute, characters, cut_short, key, says_yes};
use super::print::{self, Pages};
use super::sheets::{SHEETS, Sheet, Sheets, too_many};
use super::strings::Strings;
use super::{Besides, Book, Each, Region, Regions, Rows};
use crate::evidence::Limits;
use crate::evidence::stated::{LONGEST, Stated};

/// Stretches of hidden columns kept of a sheet.
const HIDDEN: usize = 10_000;

/// Relations of a part.
const RELATIONS: usize = 100_000;

/// An open workbook.
pub(crate) struct Xlsx<'b> {
    package: Package<'b>,
    /// Name, hidden, part of each worksheet.
    sheets: Vec<(String, bool, String)>,
    strings: Strings,
    /// Cell styles, by number.
    styles: Vec<Style>,
    /// Numbers of the styles of conditional formats that strike out.
    marking: BTreeSet<usize>,
    /// Positions of the sheets that have such a format.
    ruled: BTreeSet<usize>,
    /// What is printed on the pages of sheets, once they were asked for.
    pages: Pages,
    /// What the sheets have besides, once rows were read.
    besides: Besides,
    since_1904: bool,
    /// Formulas are calculated when the workbook is opened: a nought beside them is a place held, no result.
    calculated_on_load: bool,
    limits: Limits,
}

impl<'b> Xlsx<'b> {
    /// Reads what sheets there are, the shared texts and the number formats.
    ///
    /// # Errors
    /// When the workbook is damaged or passes a limit.
    pub(crate) fn open(mut package: Package<'b>, limits: &Limits) -> Result<Self, Fault> {
        let top = relations(&mut package, "_rels/.rels")?;
        let workbook = top
            .into_iter()
            .find(|relation| relation.kind.ends_with("/officeDocument"))
            .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| joined("", &relation.target));
        let folder = workbook.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let name = workbook.rsplit('/').next().unwrap_or_default();
        let related = relations(&mut package, &joined(&folder, &format!("_rels/{name}.rels")))?;
        let Listed { sheets: listed, since_1904, calculated_on_load } = sheets(&mut package, &workbook)?;
        let part_of = |suffix: &str| {
            let relation = related.iter().find(|relation| relation.kind.ends_with(suffix))?;
            Some(joined(&folder, &relation.target))
        };
        let of_sheets = related.iter().rev().filter(|relation| relation.kind.ends_with("/worksheet"));
        let by_id: HashMap<&str, &Relation> = of_sheets.map(|relation| (relation.id.as_str(), relation)).collect();
        let of_sheet = |(name, hidden, id): (String, bool, String)| {
            Some((name, hidden, joined(&folder, &by_id.get(id.as_str())?.target)))
        };
        let sheets: Vec<(String, bool, String)> = listed.into_iter().filter_map(of_sheet).collect();
        let parts: BTreeSet<String> = sheets.iter().map(|(_, _, part)| key(part)).collect();
        if parts.len() < sheets.len() {
            // However often it is named, a part is one sheet.
            return Err(Fault::damaged("两张工作表是同一部分".into(), "two sheets are the same part".into()));
        }
        let of_cells = part_of("/styles").unwrap_or_else(|| joined(&folder, "styles.xml"));
        let texts = part_of("/sharedStrings").unwrap_or_else(|| joined(&folder, "sharedStrings.xml"));
        let (styles, marking) = styles(&mut package, &of_cells)?;
        Ok(Self {
            styles,
            marking,
            ruled: BTreeSet::new(),
            pages: Pages::default(),
            besides: Besides::default(),
            strings: strings(&mut package, &texts)?,
            sheets,
            package,
            since_1904,
            calculated_on_load,
            limits: limits.clone(),
        })
    }
}

impl Book for Xlsx<'_> {
    fn sheets(&mut self, head_rows: u64) -> Result<Vec<Sheet>, Fault> {
        let mut sheets = Sheets::new(head_rows);
        for (position, (name, hidden, part)) in self.sheets.iter().enumerate() {
            let Some(xml) = self.package.part(part)? else {
                return Err(Fault::damaged(format!("缺少工作表“{name}”"), format!("the sheet `{name}` is not there")));
            };
            let mut rows = SheetRows::new(xml, &self.strings, &self.styles, self.since_1904, &self.limits);
            rows.last = head_rows;
            rows.calculated_on_load = self.calculated_on_load;
            let head = sheets.head(&mut rows)?;
            let SheetRows { xml, ended, hidden_columns, .. } = rows;
            let behind = if ended { Some(xml) } else { xml.skip_past(b"sheetData>")? };
            let mut merges = sheets.regions();
            if let Some(xml) = behind {
                let mut printed = String::new();
                if behind_rows(xml, &mut merges, &self.marking, &mut printed)? {
                    self.ruled.insert(position);
                }
                self.pages.add(position, &printed);
            }
            sheets.push(Sheet { name: name.as_str().into(), hidden: *hidden, head, merges, hidden_columns })?;
        }
        Ok(sheets.into_found())
    }

    fn rows(&mut self, sheets: &[usize], each: &mut Each<'_>) -> Result<(), Fault> {
        for position in sheets {
            let (_, _, part) = self.sheets.get(*position).ok_or_else(cut_short)?;
            let xml = self.package.part(part)?.ok_or_else(cut_short)?;
            self.besides.marking_rules |= self.ruled.contains(position);
            let mut rows = SheetRows::new(xml, &self.strings, &self.styles, self.since_1904, &self.limits);
            rows.calculated_on_load = self.calculated_on_load;
            each(*position, &mut rows)?;
        }
        // Nobody knows what one says that cannot be read.
        self.besides.drawings = has_text_boxes(&mut self.package).unwrap_or(true);
        Ok(())
    }

    fn around(&mut self, sheets: &[usize]) -> Stated {
        self.pages.stated(sheets)
    }

    fn besides(&self) -> Besides {
        // Of which sheet they are stands in relations of its own; a comment elsewhere may be about the table as well.
        let comments = ["xl/comments", "xl/threadedcomments"].iter().any(|part| self.package.has_under(part));
        Besides { comments, ..self.besides }
    }
}

/// Whether words float over a sheet. Of which sheet stands in relations of its own, as with comments.
fn has_text_boxes(package: &mut Package<'_>) -> Result<bool, Fault> {
    let drawings: Vec<String> = package.under("xl/drawings/drawing").map(str::to_owned).collect();
    for part in drawings {
        let Some(mut xml) = package.part(&part)? else { continue };
        let mut words = String::new();
        loop {
            match xml.next()? {
                Event::Start(start) if start.local_name().as_ref() == "txBody" => xml.text(&[], &mut words)?,
                Event::Eof => break,
                _ => continue,
            }
            if !words.trim().is_empty() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations(package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, Fault> {
    let mut found = Vec::new();
    let Some(mut xml) = package.part(part)? else { return Ok(found) };
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                if found.len() >= RELATIONS {
                    return Err(Fault::too_large(
                        format!("工作簿的部分之间有超过 {RELATIONS} 处关联"),
                        format!("parts of the workbook have more than {RELATIONS} relations"),
                    ));
                }
                let get = |name| attribute(&element, name).unwrap_or_default();
                found.push(Relation { id: get("Id"), kind: get("Type"), target: get("Target").replace('\\', "/") });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The name of a part that is named from a folder.
fn joined(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "" | "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What a workbook says of its sheets.
struct Listed {
    /// Name, hidden and relation of each.
    sheets: Vec<(String, bool, String)>,
    /// Whether days count from 1904.
    since_1904: bool,
    /// Whether formulas are calculated when it is opened.
    calculated_on_load: bool,
}

fn sheets(package: &mut Package<'_>, part: &str) -> Result<Listed, Fault> {
    let Some(mut xml) = package.part(part)? else {
        return Err(Fault::damaged("缺少 workbook.xml".into(), "workbook.xml is not there".into()));
    };
    let (mut sheets, mut since_1904, mut calculated_on_load) = (Vec::new(), false, false);
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "workbookPr" => since_1904 = says_yes(&element, "date1904"),
                "calcPr" => calculated_on_load = says_yes(&element, "fullCalcOnLoad"),
                "sheet" if sheets.len() >= SHEETS => return Err(too_many()),
                "sheet" => {
                    let hidden = attribute(&element, "state").is_some_and(|state| state != "visible");
                    let name = attribute(&element, "name").unwrap_or_default();
                    sheets.push((name, hidden, attribute(&element, "id").unwrap_or_default()));
                }
                _ => {}
            },
            Event::Eof => return Ok(Listed { sheets, since_1904, calculated_on_load }),
            _ => {}
        }
    }
}

/// The styles of cells, and the numbers of those of conditional formats that strike out or hide.
fn styles(package: &mut Package<'_>, part: &str) -> Result<(Vec<Style>, BTreeSet<usize>), Fault> {
    let mut custom = std::collections::BTreeMap::new();
    let (mut styles, mut of_cells) = (Vec::new(), false);
    // How each font sets text apart.
    let (mut fonts, mut of_fonts) = (Vec::new(), false);
    let (mut marking, mut of_rules) = (BTreeSet::new(), None::<usize>);
    let Some(mut xml) = package.part(part)? else { return Ok((styles, marking)) };
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    let code = attribute(&element, "formatCode").map(|code| FormatCode::of(&code));
                    if let Some(number) = of_rules {
                        marking.extend(number.checked_sub(1).filter(|_| code.is_some_and(FormatCode::hides)));
                    } else if let (Some(id), Some(code)) = (id, code) {
                        custom.insert(id, code);
                    }
                }
                "fonts" => of_fonts = true,
                "font" if of_fonts => fonts.push(Mark::default()),
                "strike" if of_fonts => {
                    if let Some(font) = fonts.last_mut() {
                        font.struck = strikes(&element);
                    }
                }
                "name" if of_fonts => {
                    if let Some(font) = fonts.last_mut() {
                        font.symbol = is_symbol(&element);
                    }
                }
                // Each has a font of its own.
                "dxfs" => of_rules = Some(0),
                "dxf" => of_rules = of_rules.map(|number| number + 1),
                "strike" if strikes(&element) => marking.extend(of_rules.and_then(|number| number.checked_sub(1))),
                "cellXfs" => of_cells = true,
                "xf" if of_cells => {
                    let number = |name| attribute(&element, name).and_then(|id| id.parse::<u32>().ok());
                    let id = number("numFmtId").unwrap_or_default();
                    let built_in = || u16::try_from(id).map_or_else(|_| FormatCode::default(), FormatCode::built_in);
                    let font = number("fontId").and_then(|font| usize::try_from(font).ok());
                    let font = font.and_then(|font| fonts.get(font).copied()).unwrap_or_default();
                    styles.push(Style {
                        format: custom.get(&id).copied().unwrap_or_else(built_in),
                        struck: font.struck,
                        symbol: font.symbol,
                    });
                }
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "fonts" => of_fonts = false,
                "dxfs" => of_rules = None,
                "cellXfs" => of_cells = false,
                _ => {}
            },
            Event::Eof => return Ok((styles, marking)),
            _ => {}
        }
    }
}

/// Whether a `strike` draws a line through the text: it is on unless it says otherwise.
fn strikes(element: &BytesStart<'_>) -> bool {
    attribute(element, "val").is_none_or(|val| !matches!(val.as_str(), "0" | "false"))
}

/// Whether the name of a font is that of a symbol font.
fn is_symbol(element: &BytesStart<'_>) -> bool {
    attribute(element, "val").is_some_and(|name| is_symbol_font(&name))
}

fn strings(package: &mut Package<'_>, part: &str) -> Result<Strings, Fault> {
    let mut strings = Strings::default();
    let Some(mut xml) = package.part(part)? else { return Ok(strings) };
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                let start = strings.text.len();
                strings.marked |= rich_text(&mut xml, &mut strings.text)?;
                unescape(&mut strings.text, start);
                strings.ends.push(strings.text.len());
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The runs of a text, without how it is pronounced; whether some are struck out, or in a symbol font.
fn rich_text<R: Read>(xml: &mut Xml<R>, into: &mut String) -> Result<bool, Fault> {
    let (mut depth, mut spoken, mut text) = (1_u64, 0_u64, 0_u64);
    let (mut mark, mut start, mut any) = (Mark::default(), 0, false);
    loop {
        let event = xml.next()?;
        match event {
            Event::Start(element) => {
                depth += 1;
                match element.local_name().as_ref() {
                    "rPh" => spoken = depth,
                    "r" => mark = Mark::default(),
                    "vertAlign" => mark.raised = attribute(&element, "val").is_some_and(|at| at != "baseline"),
                    "strike" => mark.struck = strikes(&element),
                    "rFont" => mark.symbol = is_symbol(&element),
                    "t" if spoken == 0 => {
                        text = depth;
                        start = into.len();
                        mark.begin(into);
                        any |= mark.bars_reading();
                    }
                    _ => {}
                }
            }
            Event::End(_) => {
                if spoken == depth {
                    spoken = 0;
                }
                if text == depth {
                    text = 0;
                    mark.end(into, start);
                }
                depth -= 1;
                if depth == 0 {
                    return Ok(any);
                }
            }
            Event::Eof => return Err(cut_short()),
            event if text > 0 => characters(&event, into)?,
            _ => {}
        }
    }
}

/// Characters that XML cannot hold are written `_x000D_` (ECMA-376 part 1, 22.9.2.19).
fn unescape(text: &mut String, start: usize) {
    let Some(escaped) = text.get(start..).filter(|text| text.contains("_x")) else { return };
    let mut plain = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = rest.find("_x") {
        plain.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let code = rest.get(2..6).filter(|_| rest.as_bytes().get(6) == Some(&b'_'));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                plain.push(character);
                rest = rest.get(7..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = rest.get(2..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    text.truncate(start);
    text.push_str(&plain);
}

/// What stands behind the rows: regions that are merged; whether a conditional format has one of some styles.
fn behind_rows<R: Read>(
    mut xml: Xml<R>,
    merges: &mut Regions,
    styles: &BTreeSet<usize>,
    printed: &mut String,
) -> Result<bool, Fault> {
    let mut styled = false;
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "mergeCell" => {
                    if let Some(region) = attribute(&element, "ref").as_deref().and_then(region) {
                        merges.add(region);
                    }
                }
                "cfRule" if !styled => {
                    let style = attribute(&element, "dxfId").and_then(|style| style.trim().parse().ok());
                    styled = style.is_some_and(|style| styles.contains(&style));
                }
                // Rules that go by other sheets have their style with them.
                "strike" => styled |= strikes(&element),
                name if name.ends_with("Header") || name.ends_with("Footer") => {
                    let mut code = String::new();
                    xml.text(&[], &mut code)?;
                    if printed.len() < LONGEST {
                        printed.push_str(&print::words(&code));
                        printed.push(' ');
                    }
                }
                "numFmt" => {
                    styled |= attribute(&element, "formatCode").is_some_and(|code| FormatCode::of(&code).hides());
                }
                _ => {}
            },
            Event::Eof => return Ok(styled),
            _ => {}
        }
    }
}

fn region(name: &str) -> Option<Region> {
    let (first, last) = name.split_once(':')?;
    let ((left, top), (right, bottom)) = (cell_name(first)?, cell_name(last)?);
    Some(Region { top, left, bottom, right })
}

/// Column from 0 and row from 1 of a name such as `B12`.
fn cell_name(name: &str) -> Option<(usize, u64)> {
    let (mut column, mut row, mut letters) = (0_usize, 0_u64, true);
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' if letters => column = column * 26 + usize::from(byte - b'A') + 1,
            b'a'..=b'z' if letters => column = column * 26 + usize::from(byte - b'a') + 1,
            b'0'..=b'9' => {
                letters = false;
                row = row * 10 + u64::from(byte - b'0');
            }
            _ => return None,
        }
        if column > 100_000 || row > 100_000_000 {
            return None;
        }
    }
    (row > 0).then_some(()).and_then(|()| Some((column.checked_sub(1)?, row)))
}

/// The rows of a sheet, as its XML comes.
struct SheetRows<'a> {
    xml: Xml<Part<'a>>,
    strings: &'a Strings,
    styles: &'a [Style],
    filler: Filler,
    value: String,
    /// The last row wanted.
    last: u64,
    /// A nought beside a formula is no result.
    calculated_on_load: bool,
    /// Past the rows.
    ended: bool,
    done: bool,
    hidden_rows: u64,
    hidden_columns: Vec<(usize, usize)>,
}

impl<'a> SheetRows<'a> {
    fn new(xml: Xml<Part<'a>>, strings: &'a Strings, styles: &'a [Style], since_1904: bool, limits: &Limits) -> Self {
        Self {
            xml,
            strings,
            styles,
            filler: Filler::new(limits, since_1904),
            value: String::new(),
            last: u64::MAX,
            calculated_on_load: false,
            ended: false,
            done: false,
            hidden_rows: 0,
            hidden_columns: Vec::new(),
        }
    }

    /// The cells of the row begun last.
    fn row(&mut self) -> Result<(), Fault> {
        let mut column = 0;
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "c" => {
                    let (named, style, ty) = cell_attributes(&element, self.filler.at())?;
                    column = named.unwrap_or(column);
                    self.cell(column, style, ty)?;
                    column += 1;
                }
                Event::Start(_) => self.xml.skip()?,
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
    }

    fn cell(&mut self, column: usize, style: usize, ty: CellType) -> Result<(), Fault> {
        let (mut formula, mut inline, mut marked) = (false, false, false);
        self.value.clear();
        loop {
            match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" if !inline => self.xml.text(&[], &mut self.value)?,
                    "is" => {
                        inline = true;
                        self.value.clear();
                        marked = rich_text(&mut self.xml, &mut self.value)?;
                    }
                    "f" => {
                        formula = true;
                        self.xml.skip()?;
                    }
                    _ => self.xml.skip()?,
                },
                Event::End(_) => break,
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
        let style = self.styles.get(style).copied().unwrap_or_default();
        let value = self.value.as_str();
        if value.is_empty() && !(formula && ty != CellType::FormulaText) {
            return Ok(());
        }
        // Libraries that write formulas and do not calculate them write a nought.
        let is_held = formula && self.calculated_on_load && value == "0" && ty == CellType::Number;
        if value.is_empty() || is_held {
            return self.filler.cell(column, |_| What::Uncalculated);
        }
        let text_of = |text: &mut String, value: &str, marked: bool| {
            text.push_str(value);
            let what = if marked { What::marked(value) } else { What::Text };
            what.of_style(style)
        };
        match ty {
            _ if inline || ty == CellType::FormulaText => self.filler.cell(column, |text| {
                let start = text.len();
                let what = text_of(text, value, marked);
                unescape(text, start);
                what
            }),
            CellType::Shared => {
                let Some(shared) = value.trim().parse().ok().and_then(|index| self.strings.get(index)) else {
                    return Err(Fault::damaged(
                        format!("没有第 {value} 个共享文字"),
                        format!("there is no shared text {value}"),
                    ));
                };
                let marked = self.strings.marked;
                self.filler.cell(column, |text| text_of(text, shared, marked))
            }
            CellType::Plain | CellType::FormulaText => self.filler.cell(column, |text| text_of(text, value, false)),
            CellType::Boolean => self.filler.cell(column, |text| {
                text.push_str(match value.trim() {
                    "1" | "true" => "TRUE",
                    "0" | "false" => "FALSE",
                    other => other,
                });
                What::Text.of_style(style.of_truth())
            }),
            CellType::Error => self.filler.cell(column, |text| {
                text.push_str(value);
                What::Error
            }),
            CellType::Number => {
                let since_1904 = self.filler.since_1904();
                self.filler.cell(column, |text| write_number(value, style.format, since_1904, text).of_style(style))
            }
        }
    }
}

/// Whether a height in points, or a width in characters, is too small for anything to be seen.
fn is_nought(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|text| text.trim().parse::<f64>().is_ok_and(|size| size < 1.0))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellType {
    Number,
    Shared,
    /// Text that a formula gave.
    FormulaText,
    /// A date in ISO 8601, and what else is text.
    Plain,
    Boolean,
    Error,
}

/// Column, style and type of a cell.
fn cell_attributes(element: &BytesStart<'_>, row: u64) -> Result<(Option<usize>, usize, CellType), Fault> {
    let (mut column, mut style, mut ty) = (None, 0, CellType::Number);
    for attribute in element.attributes().with_checks(false).flatten() {
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => {
                let named = cell_name(value).filter(|(_, named)| *named == row);
                let Some((found, _)) = named else {
                    return Err(Fault::damaged(
                        format!("第 {row} 行中有单元格“{}”", crate::evidence::explain::short(value)),
                        format!("row {row} has the cell `{}`", crate::evidence::explain::short(value)),
                    ));
                };
                column = Some(found);
            }
            "s" => style = value.parse().unwrap_or_default(),
            "t" => {
                ty = match value {
                    "s" => CellType::Shared,
                    "str" => CellType::FormulaText,
                    "b" => CellType::Boolean,
                    "e" => CellType::Error,
                    "n" => CellType::Number,
                    _ => CellType::Plain,
                }
            }
            _ => {}
        }
    }
    Ok((column, style, ty))
}

impl Rows for SheetRows<'_> {
    fn next(&mut self) -> Result<Option<Block>, Fault> {
        while !self.done && !self.filler.is_full() {
            match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "row" => {
                        let named = attribute(&element, "r").and_then(|row| row.trim().parse().ok());
                        let hidden = says_yes(&element, "hidden") || is_nought(&element, "ht");
                        let row = named.unwrap_or(self.filler.at() + 1);
                        if row > self.last {
                            self.done = true;
                            break;
                        }
                        self.filler.row(row, 0)?;
                        self.row()?;
                        self.hidden_rows += u64::from(hidden && self.filler.has_row());
                    }
                    "col" => {
                        let number = |name| attribute(&element, name).and_then(|text| text.parse::<usize>().ok());
                        if let (true, Some(first), Some(last)) =
                            (says_yes(&element, "hidden") || is_nought(&element, "width"), number("min"), number("max"))
                            && self.hidden_columns.len() < HIDDEN
                        {
                            self.hidden_columns.push((first.saturating_sub(1), last.saturating_sub(1)));
                        }
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "sheetData" => {
                    (self.done, self.ended) = (true, true);
                }
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
        Ok(self.filler.take())
    }

    fn hidden_rows(&self) -> u64 {
        self.hidden_rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_and_parts() {
        for (name, expected) in [
            ("A1", Some((0, 1))),
            ("XFD1048576", Some((16_383, 1_048_576))),
            ("b2", Some((1, 2))),
            ("A0", None),
            ("1A", None),
            ("A", None),
            ("7", None),
            ("ZZZZZZZZZZ1", None),
        ] {
            assert_eq!(cell_name(name), expected, "{name}");
        }
        assert_eq!(joined("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(joined("xl/a", "../b.xml"), "xl/b.xml");
        assert_eq!(joined("xl", "/xl/c.xml"), "xl/c.xml");
    }

    #[test]
    fn escaped_characters_come_back() {
        for (written, expected) in
            [("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("_xZZZZ_", "_xZZZZ_"), ("x_x", "x_x")]
        {
            let mut text = String::from(written);
            unescape(&mut text, 0);
            assert_eq!(text, expected);
        }
    }
}
