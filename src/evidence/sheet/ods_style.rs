//! Styles of an ODS workbook (`OpenDocument` 1.3, part 3): how cells and stretches of their text are shown.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::CHARACTER;
use super::cell_style::{CellStyle, CellStyles};
use super::fault::Fault;
use super::format_code::{Condition, FormatCode};
use super::mark::{Mark, is_symbol_font};
use super::number::{Format, Shows, Style};
use super::package::{Xml, attribute, cut_short};
use crate::evidence::cells::Dress;

/// Styles that say what a number is.
#[derive(Default)]
pub(super) struct Styles {
    /// Formats by the name of their data style: what it shows itself, and what its sections make of it.
    data: BTreeMap<String, (Format, FormatCode)>,
    /// Styles of cells; the one without a name is that of cells whose styles say nothing.
    cells: CellStyles,
    /// Styles of cells by the names under which people see them.
    shown: BTreeMap<String, String>,
    /// Styles that others become by a condition.
    conditional: BTreeSet<String>,
    /// Names that the document has for symbol fonts.
    symbol_fonts: BTreeSet<String>,
    /// Styles of stretches of text that are marked.
    pub(super) marks: BTreeMap<String, Mark>,
    /// Styles of hidden tables.
    pub(super) hidden: BTreeSet<String>,
    /// Families and names of styles of columns and rows that are too small for anything to be seen.
    slight: BTreeSet<(String, String)>,
    /// Pages that tables are printed on, by the style of the table.
    pages: BTreeMap<String, String>,
    /// What stands above and below every page, by the name of the page.
    printed: BTreeMap<String, String>,
}

/// What is filled in where a page is printed.
const FILLED_IN: [&str; 9] =
    ["page-number", "page-count", "sheet-name", "title", "file-name", "date", "time", "print-date", "print-time"];
/// Bytes of what stands above and below pages that are looked at.
const PRINTED: usize = 1 << 16;

/// What stands above and below a page, up to its end; what is filled in when it is printed is left out.
fn printed<R: Read>(xml: &mut Xml<R>) -> Result<String, Fault> {
    let (mut printed, mut depth) = (String::new(), 0_u64);
    loop {
        match xml.next()? {
            Event::Start(part) => {
                let name = part.local_name();
                let is_part = ["header", "footer", "region"].iter().any(|part| name.as_ref().starts_with(part));
                if is_part && attribute(&part, "display").as_deref() != Some("false") {
                    depth += 1;
                } else if depth > 0 && name.as_ref() == "p" && printed.len() < PRINTED {
                    xml.text(&FILLED_IN, &mut printed)?;
                    printed.push(' ');
                } else {
                    xml.skip()?;
                }
            }
            Event::End(_) if depth > 0 => depth -= 1,
            Event::End(_) => return Ok(printed.trim().to_owned()),
            Event::Eof => return Err(cut_short()),
            _ => {}
        }
    }
}

/// What the elements within a style say.
#[derive(Default)]
struct Said {
    hidden: bool,
    /// Of a column narrower than a character or a row lower than a point.
    slight: bool,
    struck: Option<bool>,
    symbol: Option<bool>,
    raised: bool,
    /// Styles that cells have instead by a condition.
    conditional: Vec<String>,
}

/// A length (XSL 1.1, 5.9.13) in points; one that cannot be read is of any size.
fn points(length: &str) -> f64 {
    let length = length.trim();
    let unit = length.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    let per_unit = match unit {
        "pt" => 1.0,
        "pc" => 12.0,
        "in" => 72.0,
        "cm" => 72.0 / 2.54,
        "mm" => 7.2 / 2.54,
        "px" => 0.75,
        // Nought needs no unit.
        "" => 1.0,
        _ => return f64::INFINITY,
    };
    length
        .strip_suffix(unit)
        .and_then(|number| number.parse::<f64>().ok())
        .map_or(f64::INFINITY, |size| size * per_unit)
}

impl Said {
    fn of<R: Read>(xml: &mut Xml<R>, symbol_fonts: &BTreeSet<String>) -> Result<Self, Fault> {
        let is_symbol = |font: &str| is_symbol_font(font) || symbol_fonts.contains(font);
        let mut said = Self::default();
        xml.within(|event| {
            let Event::Start(inner) = event else { return Ok(()) };
            said.hidden |= attribute(inner, "display").as_deref() == Some("false");
            for name in ["text-line-through-style", "text-line-through-type"] {
                said.struck = attribute(inner, name).map(|line| line != "none").or(said.struck);
            }
            // Where the height is the best one, what is stated of it may be of another day.
            let is_best = || attribute(inner, "use-optimal-row-height").as_deref() == Some("true");
            let is_below = |name: &str, least| attribute(inner, name).is_some_and(|size| points(&size) < least);
            said.slight |= is_below("column-width", CHARACTER) || is_below("row-height", 1.0) && !is_best();
            if inner.local_name().as_ref() == "text-properties" {
                let fonts = ["font-name", "font-family"].into_iter().filter_map(|name| attribute(inner, name));
                let symbol = fonts.map(|font| is_symbol(&font)).reduce(|one, other| one || other);
                said.symbol = symbol.or(said.symbol);
                // Beside it stands the font of Chinese characters, which may be another.
                if attribute(inner, "font-name-asian").is_some_and(|font| is_symbol(&font)) {
                    said.symbol = Some(true);
                }
            }
            if inner.local_name().as_ref() == "map" {
                said.conditional.extend(attribute(inner, "apply-style-name"));
            }
            let position = attribute(inner, "text-position");
            said.raised |= position.is_some_and(|position| !position.starts_with("0%"));
            Ok(())
        })?;
        Ok(said)
    }
}

impl Styles {
    /// Takes an element of the styles; `false` when it is something else.
    pub(super) fn element<R: Read>(&mut self, element: &BytesStart<'_>, xml: &mut Xml<R>) -> Result<bool, Fault> {
        let name = attribute(element, "name").unwrap_or_default();
        match element.name().as_ref() {
            "number:date-style"
            | "number:time-style"
            | "number:number-style"
            | "number:percentage-style"
            | "number:currency-style"
            | "number:boolean-style"
            | "number:text-style" => {
                let (own, sections) = data_style(element, xml)?;
                // Sections are styles of their own, each with the condition under which it is the one.
                let of_style = |style: &String| self.data.get(style).map_or(Format::Number, |(own, _)| *own);
                let sections = sections.iter().map(|(condition, style)| (*condition, of_style(style)));
                let code = FormatCode::of_sections(sections.chain(std::iter::once((Condition::Always, own))));
                self.data.insert(name, (own, code));
            }
            "style:style" | "style:default-style" => {
                let data = attribute(element, "data-style-name");
                let parent = attribute(element, "parent-style-name");
                let format = data.and_then(|data| self.data.get(&data)).map(|(_, code)| *code);
                let family = attribute(element, "family").unwrap_or_default();
                let page = attribute(element, "master-page-name");
                if let Some(page) = page.filter(|_| family == "table") {
                    self.pages.insert(name.clone(), page);
                }
                let said = Said::of(xml, &self.symbol_fonts)?;
                match family.as_str() {
                    "table" if said.hidden => {
                        self.hidden.insert(name);
                    }
                    "table-column" | "table-row" if said.slight => {
                        self.slight.insert((family, name));
                    }
                    // What the content says of a name counts before what the document's styles say.
                    "table-column" | "table-row" => {
                        self.slight.remove(&(family, name));
                    }
                    "table-cell" => {
                        if let Some(shown) = attribute(element, "display-name") {
                            self.shown.insert(shown, name.clone());
                        }
                        self.conditional.extend(said.conditional);
                        let (struck, symbol) = (said.struck, said.symbol);
                        self.cells.insert(name, CellStyle { format, struck, symbol, parent })?;
                    }
                    "text" => {
                        let mark = Mark {
                            raised: said.raised,
                            struck: said.struck.unwrap_or_default(),
                            symbol: said.symbol.unwrap_or_default(),
                        };
                        if mark != Mark::default() {
                            self.marks.insert(name, mark);
                        }
                    }
                    _ => {}
                }
            }
            // Programs number the names of fonts that differ in other things.
            "style:font-face" => {
                if attribute(element, "font-family").is_some_and(|family| is_symbol_font(&family)) {
                    self.symbol_fonts.insert(name);
                }
            }
            "style:master-page" => {
                let printed = printed(xml)?;
                if !printed.is_empty() {
                    self.printed.insert(name, printed);
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether a column or row is hidden, or of a style too small for anything in it to be seen.
    pub(super) fn hides(&self, element: &BytesStart<'_>) -> bool {
        attribute(element, "visibility").is_some_and(|word| word != "visible")
            || (!self.slight.is_empty()
                && attribute(element, "style-name").is_some_and(|style| {
                    // The family of an element is its name.
                    self.slight.contains(&(element.local_name().as_ref().to_owned(), style))
                }))
    }

    /// What stands on every page that tables of a style are printed on.
    pub(super) fn printed(&self, table: &str) -> &str {
        let page = self.pages.get(table).map_or("Default", String::as_str);
        self.printed.get(page).map_or("", String::as_str)
    }

    /// Whether a style strikes out or hides that people see under a name.
    pub(super) fn marks(&self, shown: &str) -> bool {
        self.of_cell(self.shown.get(shown).map_or(shown, String::as_str)).marks()
    }

    /// Whether some cells would be struck out or hidden by a condition of their style.
    pub(super) fn marks_by_condition(&self) -> bool {
        self.conditional.iter().any(|name| self.of_cell(name).marks())
    }

    /// How the cells of a style are shown.
    pub(super) fn of_cell(&self, name: &str) -> Style {
        self.cells.of(name)
    }
}

/// What a data style makes of a number itself, and the conditions and styles of the other sections of its code.
fn data_style<R: Read>(
    element: &BytesStart<'_>,
    xml: &mut Xml<R>,
) -> Result<(Format, Vec<(Condition, String)>), Fault> {
    let elapsed = attribute(element, "truncate-on-overflow").as_deref() == Some("false");
    let (mut day, mut clock, mut digits, mut depth) = (false, false, 0_u8, 1_u64);
    let (mut shows, mut sections, mut has_digits) = (Shows::default(), Vec::new(), false);
    let is_share = element.name().as_ref() == "number:percentage-style";
    if is_share {
        shows.add(Dress::Share);
    }
    let (mut year, mut month, mut day_of_month, mut in_symbol) = (false, false, false, false);
    while depth > 0 {
        match xml.next()? {
            Event::Start(inner) => {
                depth += 1;
                match inner.local_name().as_ref() {
                    "year" => (day, year) = (true, true),
                    "month" => (day, month) = (true, true),
                    "day" => (day, day_of_month) = (true, true),
                    "map" => {
                        let condition = attribute(&inner, "condition").unwrap_or_default();
                        let condition = condition.trim().strip_prefix("value()").and_then(Condition::of);
                        sections.extend(condition.zip(attribute(&inner, "apply-style-name")));
                    }
                    "scientific-number" | "fraction" => {
                        has_digits = true;
                        shows.add(Dress::Signs);
                    }
                    "day-of-week" | "era" | "quarter" | "week-of-year" => day = true,
                    "hours" | "minutes" | "seconds" | "am-pm" => clock = true,
                    "text-content" | "boolean" => has_digits = true,
                    // Of which currency a number is makes none of another.
                    "currency-symbol" => in_symbol = true,
                    "number" => {
                        has_digits = true;
                        if attribute(&inner, "display-factor").is_some_and(|factor| factor.trim() != "1") {
                            shows.add(Dress::Words);
                        }
                        let places = attribute(&inner, "decimal-places").is_none_or(|places| places == "0");
                        let grouped = attribute(&inner, "grouping").as_deref() == Some("true");
                        let least = attribute(&inner, "min-integer-digits").and_then(|text| text.parse().ok());
                        digits = least.filter(|least| places && !grouped && (2..=15).contains(least)).unwrap_or(0);
                    }
                    _ => {}
                }
            }
            Event::End(_) => {
                depth -= 1;
                in_symbol = false;
            }
            Event::Eof => return Err(cut_short()),
            Event::Text(_) if in_symbol => {}
            // The sign of a share is no unit.
            Event::Text(text) if is_share && text.xml10_content().trim() == "%" => {}
            Event::Text(text) => shows.text(&text.xml10_content()),
            _ => {}
        }
    }
    let format = match (day, clock) {
        (true, true) if shows.utc => Format::Utc,
        (true, true) => Format::DateTime,
        (true, false) if year && month && day_of_month => Format::Date,
        (true, false) => Format::PartOfDay,
        (false, true) if elapsed => Format::Elapsed,
        (false, true) => Format::Time,
        (false, false) if !has_digits => shows.instead(),
        (false, false) => {
            let plain = if digits > 0 { Format::Digits(digits) } else { Format::Number };
            shows.format().unwrap_or(plain)
        }
    };
    Ok((format, sections))
}
