//! Tables of an HTML page, as systems export them under the name `.xls`: rows of cells, entities decoded, nothing else.

use std::collections::BTreeSet;

use super::block::{Block, Filler, What, is_error};
use super::fault::Fault;
use super::mark::{STRUCK, SYMBOL, end_signs};
use super::markup::{Classes, VOID, attribute, decode, find_without_case, first_tag, has, is_hidden, tag_end};
use super::number::Style;
use super::sheets::{SHEETS, Sheet, Sheets, too_many};
use super::{Besides, Book, Each, REGIONS, Region, Regions, Rows};
use crate::evidence::Limits;
use crate::evidence::stated::{LONGEST, Stated};

/// Columns that one cell may span.
const SPAN: usize = 1_000;
/// Stretches of text around the tables that are looked at.
const STRETCHES: usize = 1_000;

/// Elements that stand within a line of text.
const INLINE: &[&str] = &["a", "b", "big", "em", "font", "i", "label", "small", "span", "strong", "u"];

/// Elements that pages begin with; exports often leave `html` out.
const FIRST: &[&str] = &["html", "head", "meta", "style", "title", "body", "table", "div", "center", "p", "font"];

/// Whether text looks like a page. XML of other kinds may have a `table` somewhere; what counts is the first element.
pub(crate) fn looks_like(head: &[u8]) -> bool {
    let Some(tag) = first_tag(head.get(..head.len().min(4_096)).unwrap_or_default()) else { return false };
    let tag = tag.to_ascii_lowercase();
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    tag.starts_with("!doctype html") || FIRST.contains(&name)
}

/// A page held whole.
pub(crate) struct Html<'b> {
    text: &'b str,
    limits: Limits,
    /// What is stated around the tables.
    around: Stated,
    /// Items of lists outside the tables.
    items: u64,
}

struct Table {
    /// Its position in the page, by where it begins.
    number: usize,
    blocks: Vec<Block>,
    merges: Regions,
    /// Rows with content that the page does not show.
    hidden_rows: u64,
    /// Columns in which it hides a cell with content.
    hidden_columns: BTreeSet<usize>,
}

impl<'b> Html<'b> {
    /// Takes a page; it is read when it is asked for its tables.
    pub(crate) fn new(text: &'b str, limits: &Limits) -> Self {
        Self { text, limits: limits.clone(), around: Stated::default(), items: 0 }
    }
}

impl Book for Html<'_> {
    fn sheets(&mut self, head_rows: u64) -> Result<Vec<Sheet>, Fault> {
        let mut sheets = Sheets::new(head_rows);
        let mut parser = Parser::new(self.text, &self.limits, head_rows);
        let tables = parser.run()?;
        (self.around, self.items) = (parser.around, parser.items.found);
        for table in tables {
            sheets.push(Sheet {
                name: format!("table {}", table.number + 1).into(),
                hidden: false,
                head: table.blocks,
                merges: table.merges,
                hidden_columns: table.hidden_columns.into_iter().map(|column| (column, column)).collect(),
            })?;
        }
        Ok(sheets.into_found())
    }

    fn rows(&mut self, sheets: &[usize], each: &mut Each<'_>) -> Result<(), Fault> {
        let mut tables = Parser::new(self.text, &self.limits, u64::MAX).run()?;
        for position in sheets {
            let Some(table) = tables.get_mut(*position) else { continue };
            let blocks = std::mem::take(&mut table.blocks).into_iter();
            each(*position, &mut Held { blocks, hidden_rows: table.hidden_rows })?;
        }
        Ok(())
    }

    fn is_text(&self) -> bool {
        true
    }

    fn besides(&self) -> Besides {
        Besides { list_items: self.items, ..Besides::default() }
    }

    fn around(&mut self, _: &[usize]) -> Stated {
        std::mem::take(&mut self.around)
    }
}

/// Rows that are there already.
struct Held {
    blocks: std::vec::IntoIter<Block>,
    hidden_rows: u64,
}

impl Rows for Held {
    fn next(&mut self) -> Result<Option<Block>, Fault> {
        Ok(self.blocks.next())
    }

    fn hidden_rows(&self) -> u64 {
        self.hidden_rows
    }
}

/// How a row or a cell says that it is shown.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    hidden: bool,
    struck: bool,
    /// In a symbol font.
    symbol: bool,
}

impl Look {
    fn of(tag: &str, classes: &Classes) -> Self {
        Self { hidden: is_hidden(tag), struck: classes.strikes(tag), symbol: classes.shows_signs(tag) }
    }
}

/// A table being read.
struct Open {
    table: Table,
    filler: Filler,
    row: u64,
    /// The table is struck out, or the part of it that its row is in.
    struck: bool,
    /// Some of the text of the open cell is struck out, or in a symbol font.
    marked: bool,
    /// How the row is shown.
    look: Look,
    column: usize,
    /// The last row that a cell above covers, by column.
    covered: Vec<u64>,
    cell: Option<String>,
    /// How the open cell is shown.
    cell_look: Look,
    /// Columns and rows the open cell spans.
    span: (usize, u64),
}

/// Items of lists outside the cells: what leads to other pages is none.
#[derive(Default)]
struct Items {
    /// How many with words there were.
    found: u64,
    /// An item is open that had no words so far.
    open: bool,
    /// A link is open.
    link: bool,
    /// Lists within each other that are hidden or lead elsewhere.
    aside: u64,
}

/// Classes of lists that lead elsewhere.
const BARS: &[&str] = &["breadcrumb", "crumbs", "pagination", "pager", "navbar", "menu", "tabs", "toolbar"];

impl Items {
    fn tag(&mut self, name: &str, tag: &str, closes: bool) {
        match (name, closes) {
            ("a" | "button", _) => self.link = !closes && (name == "button" || has(tag, "href")),
            ("nav" | "ul" | "ol", false) => {
                let class = attribute(tag, "class").unwrap_or_default().to_ascii_lowercase();
                let is_bar = name == "nav" || BARS.iter().any(|bar| class.contains(bar));
                self.aside += u64::from(self.aside > 0 || is_bar || is_hidden(tag));
            }
            ("nav" | "ul" | "ol", true) => {
                self.open = false;
                self.aside = self.aside.saturating_sub(1);
            }
            ("li", _) => (self.open, self.link) = (!closes && !is_hidden(tag), false),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.open && !self.link && self.aside == 0 {
            let mut shown = String::new();
            decode(text, &mut shown);
            if shown.contains(char::is_alphabetic) {
                self.found += 1;
                self.open = false;
            }
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// Line breaks before `counted`.
    lines: u64,
    counted: usize,
    limits: &'t Limits,
    last: u64,
    /// Tables that are read.
    tables: Vec<Table>,
    /// Tables that are being read, each but the first within a cell of the one before.
    open: Vec<Open>,
    /// Tables begun.
    begun: usize,
    /// Merged regions that may still be kept.
    regions: usize,
    /// The element of a cell that nobody sees, and how many of its name are open.
    unseen: Option<(String, usize)>,
    /// The element of a cell that its style strikes out, and how many of its name are open.
    line: Option<(String, usize)>,
    /// The element of a cell that is in a symbol font, how many of its name are open, and where it begins in its cell.
    signs: Option<(String, usize, usize)>,
    /// Where the text of a list to choose from begins in its cell, and whether the choice was met.
    choice: Option<(usize, bool)>,
    /// The text is that of an option that was not chosen.
    unchosen: bool,
    /// Classes that the page shows in ways that matter.
    classes: Classes,
    /// The stretch of text outside the cells that is open, and where it begins.
    loose: String,
    loose_at: usize,
    stretches: usize,
    around: Stated,
    items: Items,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, limits: &'t Limits, last: u64) -> Self {
        Self {
            text,
            at: 0,
            lines: 0,
            counted: 0,
            limits,
            last,
            tables: Vec::new(),
            open: Vec::new(),
            begun: 0,
            regions: REGIONS,
            unseen: None,
            line: None,
            signs: None,
            choice: None,
            unchosen: false,
            classes: Classes::default(),
            loose: String::new(),
            loose_at: 0,
            stretches: 0,
            around: Stated::default(),
            items: Items::default(),
        }
    }

    fn run(&mut self) -> Result<Vec<Table>, Fault> {
        while let Some(rest) = self.text.get(self.at..).filter(|rest| !rest.is_empty()) {
            let open = rest.find('<').unwrap_or(rest.len());
            let is_seen = self.unseen.is_none() && !self.unchosen;
            match (self.open.last_mut().and_then(|open| open.cell.as_mut()), rest.get(..open)) {
                (Some(cell), Some(text)) if is_seen => decode(text, cell),
                (Some(_), _) => {}
                (None, Some(text)) => {
                    self.items.text(text);
                    self.stretch(text);
                }
                (_, None) => {}
            }
            self.at += open;
            let Some(rest) = rest.get(open..).filter(|rest| !rest.is_empty()) else { break };
            if let Some(comment) = rest.strip_prefix("<!--") {
                self.at += comment.find("-->").map_or(rest.len(), |end| end + 7);
                continue;
            }
            let end = tag_end(rest);
            let tag = rest.get(1..end).unwrap_or_default();
            let start = self.at;
            self.at += (end + 1).min(rest.len());
            let name: String = tag
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_lowercase())
                .collect();
            if !tag.starts_with('/') && matches!(name.as_str(), "script" | "style" | "template" | "title") {
                // What stands in these is no text of the page.
                let close = format!("</{name}");
                let rest = self.text.get(self.at..).unwrap_or_default();
                let length = find_without_case(rest, &close).unwrap_or(rest.len());
                if name == "style" {
                    self.classes.add(rest.get(..length).unwrap_or_default());
                }
                self.at += length;
                continue;
            }
            if !INLINE.contains(&name.as_str()) {
                self.end_stretch();
            }
            if self.open.last().is_none_or(|open| open.cell.is_none()) {
                self.items.tag(&name, tag, tag.starts_with('/'));
            }
            self.tag(&name, tag, start)?;
        }
        self.end_stretch();
        while !self.open.is_empty() {
            self.end_table()?;
        }
        let mut tables = std::mem::take(&mut self.tables);
        tables.sort_by_key(|table| table.number);
        Ok(tables)
    }

    /// Text outside the cells: systems write there how many rows follow, and of which days.
    fn stretch(&mut self, text: &str) {
        if self.stretches >= STRETCHES || self.loose.len() >= LONGEST || text.trim().is_empty() {
            return;
        }
        if self.loose.is_empty() {
            self.loose_at = self.at + text.len() - text.trim_start().len();
        }
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
        decode(text.get(..end).unwrap_or_default(), &mut self.loose);
    }

    fn end_stretch(&mut self) {
        if self.loose.is_empty() {
            return;
        }
        let line = self.line(self.loose_at);
        self.around.mine(&tidy(&self.loose), line);
        self.stretches += 1;
        self.loose.clear();
    }

    fn tag(&mut self, name: &str, tag: &str, start: usize) -> Result<(), Fault> {
        let closes = tag.starts_with('/');
        if matches!(name, "table" | "tr" | "td" | "th") {
            // Cells end whatever is open in them.
            (self.unseen, self.line, self.signs) = (None, None, None);
            (self.choice, self.unchosen) = (None, false);
        } else if self.is_unseen(name, tag, closes) {
            return Ok(());
        } else {
            self.control(name, tag, closes);
        }
        match (name, closes) {
            ("table", false) => self.begin_table(tag)?,
            ("tbody", false) => {
                if let Some(open) = self.open.last_mut() {
                    open.struck |= self.classes.strikes(tag);
                }
            }
            ("table", true) => self.end_table()?,
            ("tr", false) => {
                if self.open.is_empty() {
                    // Rows behind a table that another one ended: a browser shows what they say.
                    self.begin_table("")?;
                }
                let line = self.line(start);
                if let Some(open) = self.open.last_mut() {
                    open.begin_row(line, self.limits, self.last)?;
                    open.look = Look::of(tag, &self.classes);
                }
            }
            ("td" | "th", false) => {
                if let Some(open) = self.open.last_mut() {
                    open.end_cell(self.limits, self.last)?;
                    let number = |name| attribute(tag, name).and_then(|value| value.trim().parse::<u64>().ok());
                    let columns = number("colspan").unwrap_or(1).clamp(1, SPAN as u64);
                    open.span =
                        (usize::try_from(columns).unwrap_or(1), number("rowspan").unwrap_or(1).clamp(1, 65_534));
                    open.cell = Some(String::new());
                    open.cell_look = Look::of(tag, &self.classes);
                }
            }
            ("td" | "th" | "tr", true) => {
                if let Some(open) = self.open.last_mut() {
                    open.end_cell(self.limits, self.last)?;
                }
            }
            ("br", _) | ("p" | "div" | "li", true) => {
                if let Some(cell) = self.open.last_mut().and_then(|open| open.cell.as_mut()) {
                    cell.push('\n');
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a tag stands in a part of a cell that is not shown, or begins one: grids keep what they sort by there.
    fn is_unseen(&mut self, name: &str, tag: &str, closes: bool) -> bool {
        let is_void = VOID.contains(&name) || tag.ends_with('/');
        match &mut self.unseen {
            Some((unseen, depth)) => {
                if unseen == name && closes {
                    *depth -= 1;
                } else if unseen == name && !is_void {
                    *depth += 1;
                }
                if *depth == 0 {
                    self.unseen = None;
                }
                true
            }
            None => {
                let in_cell = self.open.last().is_some_and(|open| open.cell.is_some());
                let begins = in_cell && !closes && is_hidden(tag);
                if begins && !is_void {
                    self.unseen = Some((name.to_owned(), 1));
                }
                begins
            }
        }
    }

    /// What a person sees of a control: the text in a field, a mark, the words of a picture, the choice of a list. A mark that
    /// is not set is a blank.
    fn control(&mut self, name: &str, tag: &str, closes: bool) {
        let Some(Open { cell: Some(cell), marked, .. }) = self.open.last_mut() else { return };
        if let Some((_, depth)) = self.line.as_mut().filter(|(line, _)| line == name) {
            *depth = if closes { *depth - 1 } else { *depth + 1 };
            if *depth == 0 {
                cell.push(STRUCK);
                self.line = None;
            }
        }
        if let Some((_, depth, start)) = self.signs.as_mut().filter(|(signs, ..)| signs == name) {
            *depth = if closes { *depth - 1 } else { *depth + 1 };
            if *depth == 0 {
                end_signs(cell, *start);
                self.signs = None;
            }
        }
        match (name, closes) {
            ("input", false) => {
                let kind = attribute(tag, "type").unwrap_or("text").to_ascii_lowercase();
                match kind.as_str() {
                    "checkbox" if has(tag, "checked") => cell.push('√'),
                    "text" | "number" | "date" | "datetime-local" | "time" | "month" | "email" | "tel" | "search"
                    | "url" => {
                        decode(attribute(tag, "value").unwrap_or_default(), cell);
                    }
                    _ => {}
                }
            }
            // A footnote is no digit, and what is struck out is not what counts: a cell with more than that is unreadable as
            // a number or a word.
            ("sup", false) if !cell.trim().is_empty() => cell.push('^'),
            ("sub", false) if !cell.trim().is_empty() => cell.push('_'),
            ("del" | "s" | "strike", _) => {
                *marked = true;
                cell.push(STRUCK);
            }
            (name, false) if self.line.is_none() && !VOID.contains(&name) && self.classes.strikes(tag) => {
                *marked = true;
                cell.push(STRUCK);
                self.line = Some((name.to_owned(), 1));
            }
            ("img", false) => decode(attribute(tag, "alt").unwrap_or_default(), cell),
            ("select", false) => self.choice = Some((cell.len(), false)),
            ("option", false) => {
                if let Some((start, chosen)) = &mut self.choice {
                    let is_chosen = has(tag, "selected");
                    if is_chosen && !*chosen {
                        // Without a choice the first is shown.
                        cell.truncate(*start);
                    }
                    self.unchosen = *chosen || (!is_chosen && cell.len() > *start);
                    *chosen |= is_chosen;
                }
            }
            ("select", true) => (self.choice, self.unchosen) = (None, false),
            (name, false) if self.signs.is_none() && !VOID.contains(&name) && self.classes.shows_signs(tag) => {
                *marked = true;
                self.signs = Some((name.to_owned(), 1, cell.len()));
                cell.push(SYMBOL);
            }
            _ => {}
        }
    }

    /// A table within a cell has rows of its own; one that begins elsewhere ends the one that was not closed, as in a browser.
    fn begin_table(&mut self, tag: &str) -> Result<(), Fault> {
        if self.open.last().is_some_and(|open| open.cell.is_none()) {
            self.end_table()?;
        }
        if self.begun >= SHEETS {
            return Err(too_many());
        }
        let merges = Regions::new(self.last, self.regions);
        self.open.push(Open {
            table: Table {
                number: self.begun,
                blocks: Vec::new(),
                merges,
                hidden_rows: 0,
                hidden_columns: BTreeSet::new(),
            },
            filler: Filler::new(self.limits, false),
            row: 0,
            struck: self.classes.strikes(tag),
            marked: false,
            look: Look::default(),
            column: 0,
            covered: Vec::new(),
            cell: None,
            cell_look: Look::default(),
            span: (1, 1),
        });
        self.begun += 1;
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), Fault> {
        if let Some(mut open) = self.open.pop() {
            open.end_cell(self.limits, self.last)?;
            open.table.blocks.extend(open.filler.take());
            self.regions = self.regions.saturating_sub(open.table.merges.len());
            self.tables.push(open.table);
        }
        Ok(())
    }

    /// Physical line of a place that only ever goes on.
    fn line(&mut self, at: usize) -> u64 {
        let between = self.text.as_bytes().get(self.counted..at).unwrap_or_default();
        self.lines += memchr::memchr_iter(b'\n', between).count() as u64;
        self.counted = at;
        self.lines + 1
    }
}

impl Open {
    fn begin_row(&mut self, line: u64, limits: &Limits, last: u64) -> Result<(), Fault> {
        self.end_cell(limits, last)?;
        self.row += 1;
        self.column = 0;
        if self.filler.is_full() {
            self.table.blocks.extend(self.filler.take());
        }
        self.filler.row(self.row, line)
    }

    /// The open cell is whole. Of rows beyond `last` only what they merge is kept.
    fn end_cell(&mut self, limits: &Limits, last: u64) -> Result<(), Fault> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        while self.covered.get(self.column).is_some_and(|last| *last >= self.row) {
            self.column += 1;
        }
        let (columns, rows) = self.span;
        let (column, row) = (self.column, self.row);
        self.column += columns;
        if column > limits.columns.saturating_add(SPAN) {
            let most = limits.columns;
            return Err(Fault::too_large(
                format!("第 {row} 行超过 {most} 列"),
                format!("row {row} has more than {most} columns"),
            ));
        }
        let (right, bottom) = (column + columns - 1, row + rows - 1);
        if rows > 1 {
            self.covered.resize(self.covered.len().max(right + 1), 0);
            let under = self.covered.get_mut(column..=right).unwrap_or_default();
            under.iter_mut().for_each(|last| *last = bottom.max(*last));
        }
        if row == 0 {
            return Ok(());
        }
        // A page has no cells beneath others: below the head a region of one row covers nothing.
        if rows > 1 || (columns > 1 && row <= last) {
            self.table.merges.add(Region { top: row, left: column, bottom, right });
        }
        if row > last {
            return Ok(());
        }
        let (text, had) = (tidy(&cell), self.filler.has_row());
        let style = Style {
            struck: self.struck || self.look.struck || self.cell_look.struck,
            symbol: self.look.symbol || self.cell_look.symbol,
            ..Style::default()
        };
        let marked = std::mem::take(&mut self.marked);
        self.filler.cell(column, |into| {
            into.push_str(&text);
            let what = if is_error(&text) {
                What::Error
            } else if marked {
                What::marked(&text)
            } else {
                What::Text
            };
            what.of_style(style)
        })?;
        if self.cell_look.hidden && !text.is_empty() {
            self.table.hidden_columns.insert(column);
        }
        self.table.hidden_rows += u64::from(self.look.hidden && !had && self.filler.has_row());
        Ok(())
    }
}

/// Blanks as a page shows them: runs of them are one.
fn tidy(text: &str) -> String {
    let lines = text.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<(u64, usize, String)>> {
        let limits = Limits::default();
        let tables = Parser::new(text, &limits, u64::MAX).run().unwrap();
        let of_table = |table: &Table| {
            let rows = table.blocks.iter().flat_map(Block::rows);
            rows.flat_map(|row| {
                row.texts().map(|(column, text)| (row.number, column, text.to_owned())).collect::<Vec<_>>()
            })
            .collect()
        };
        tables.iter().map(of_table).collect()
    }

    #[test]
    fn tables_of_pages_as_systems_write_them() {
        let cell = |row, column, text: &str| (row, column, text.to_owned());
        for (name, page, expected) in [
            (
                "rows without end tags, entities",
                "<table><tr><td>a<td>b &lt;1&gt;&nbsp;<tr><td>&#20013;&#x6587;<td>x<br>y</table>",
                vec![vec![cell(1, 0, "a"), cell(1, 1, "b <1>"), cell(2, 0, "中文"), cell(2, 1, "x\ny")]],
            ),
            (
                "spans",
                "<TABLE><TR><TH colspan=2>u</TH><TH rowspan='2'>v</TH></TR><TR><TD>a</TD><TD>b</TD></TR>\
                 <tr><td></td><td>c</td><td>d</td></tr></TABLE>",
                vec![vec![
                    cell(1, 0, "u"),
                    cell(1, 2, "v"),
                    cell(2, 0, "a"),
                    cell(2, 1, "b"),
                    cell(3, 1, "c"),
                    cell(3, 2, "d"),
                ]],
            ),
            (
                "two tables, styles and comments",
                "<style>td{a>b}</style><table><tr><td>a</td></tr></table><!-- <table><tr><td>no --><table>\
                 <tr><td title='x>y' class=z>b</td></tr></table>",
                vec![vec![cell(1, 0, "a")], vec![cell(1, 0, "b")]],
            ),
            (
                "a table within a cell",
                "<table><tr><td>a<td>b<table><tr><td>c</table><td>d<tr><td>e</table>",
                vec![vec![cell(1, 0, "a"), cell(1, 1, "b"), cell(1, 2, "d"), cell(2, 0, "e")], vec![cell(1, 0, "c")]],
            ),
            (
                "tables that nobody closes",
                "<table><tr><td>a</td></tr><table><tr><td>b</td></tr>",
                vec![vec![cell(1, 0, "a")], vec![cell(1, 0, "b")]],
            ),
            (
                "what a grid hides in its cells",
                "<table><tr><td><span style='display: none'>0007<i>x</i></span>7<td><b hidden>9</b>8<td title='hidden'>6</table>",
                vec![vec![cell(1, 0, "7"), cell(1, 1, "8"), cell(1, 2, "6")]],
            ),
            (
                "controls",
                "<table><tr><td><input value='nas-01'><td><input type=checkbox checked><td><input type=checkbox>\
                 <td><img alt=\"是\"><td><select><option>账套<option selected>凭证</select>\
                 <td><select><option>甲</option><option>乙</option></select>。<td><input type=hidden value=x>y</table>",
                vec![vec![
                    cell(1, 0, "nas-01"),
                    cell(1, 1, "√"),
                    cell(1, 3, "是"),
                    cell(1, 4, "凭证"),
                    cell(1, 5, "甲。"),
                    cell(1, 6, "y"),
                ]],
            ),
            (
                "footnotes, and what is struck out",
                "<table><tr><td>2<sup>1</sup><td><del>30</del>25<td><s>成功</s><td>H<sub>2</sub>O</table>",
                vec![vec![cell(1, 0, "2^1"), cell(1, 1, "~30~25"), cell(1, 2, "~成功~"), cell(1, 3, "H_2O")]],
            ),
            (
                "an element that nobody closes",
                "<table><tr><td><span style=display:none>1<td>2<tr><td>3</table>",
                vec![vec![cell(1, 1, "2"), cell(2, 0, "3")]],
            ),
            ("no table", "<html><body>Not logged in</body></html>", vec![]),
            ("cut short", "<table><tr><td>a</td><td>b", vec![vec![cell(1, 0, "a"), cell(1, 1, "b")]]),
            ("a stray ampersand", "<table><tr><td>R&D &unknown; &", vec![vec![cell(1, 0, "R&D &unknown; &")]]),
        ] {
            assert_eq!(cells(page), expected, "{name}");
        }
    }

    #[test]
    fn pages_are_told_from_other_text() {
        for (text, expected) in [
            ("<html><table>", true),
            ("\u{feff}<!DOCTYPE HTML>", true),
            ("  <table border=1>", true),
            ("<?xml version=\"1.0\"?><Workbook>", false),
            ("<?xml version=\"1.0\"?>\n<!-- made --><html lang='zh'>", true),
            ("<?xml version=\"1.0\"?><nmaprun><host><table key=\"a\"/></host></nmaprun>", false),
            ("<meta http-equiv=x><TABLE>", true),
            ("a,b\n<table>", false),
        ] {
            assert_eq!(looks_like(text.as_bytes()), expected, "{text}");
        }
    }
}
