//! From a workbook to rows: which of its sheets are read, and what is said about the others.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use super::block::{Row, column_name};
use super::{Besides, Block, Container, Fault, Head, Merged, Opened, REGIONS, Rows, Sheet, head_rows, open};
use crate::evidence::Limits;
use crate::evidence::bytes::Blocks;
use crate::evidence::codes;
use crate::evidence::columns::field_at;
use crate::evidence::explain::short;
use crate::evidence::frame::At;
use crate::evidence::gather::{Gather, Purpose};
use crate::evidence::header::Headings;
use crate::evidence::read::Reader;
use crate::evidence::registers::{Part, same};
use crate::evidence::table::{self, Header, Layout, Titles};
use crate::text::Text;

/// Sheets named in one sentence.
const NAMED: usize = 20;

/// A sheet by its position, and what its header lacks.
type Lacking = (usize, Vec<String>);

/// What the sheets of a workbook are.
struct Chosen {
    /// Tables of the kind, with their headers.
    tables: Vec<(usize, Header)>,
    /// Sheets that have most of a table of the kind, and not what every row must have.
    lacking: Vec<Lacking>,
}

impl Chosen {
    /// The sheets whose header names the most fields are tables of the kind. So are those that lack none of the fields that
    /// every row must have and that others name, and hardly name anything else: one month may have a column less than the next.
    fn among(found: Vec<(usize, Header)>, headings: &Headings, key: &[String]) -> Self {
        let fields = |header: &Header| header.bound.fields.len();
        let most = found.iter().map(|(_, header)| fields(header)).max().unwrap_or_default();
        let best = |header: &&Header| fields(header) == most;
        let all = || found.iter().map(|(_, header)| header);
        let named = |name: &&String| all().filter(best).any(|header| header.bound.fields.contains_key(*name));
        let needed: Vec<String> = headings.required.iter().filter(named).cloned().collect();
        let (mut tables, mut lacking) = (Vec::new(), Vec::new());
        for (position, header) in found {
            let bound = &header.bound.fields;
            let missing: Vec<String> = needed.iter().filter(|name| !bound.contains_key(*name)).cloned().collect();
            // Among many others they are headings of something else that shares a few; a single word stands in notes too.
            let has_most = bound.len() * 2 > most && !header.is_weak();
            let has_all = missing.is_empty() && bound.len() >= most.min(2) && !header.is_weak();
            let is_like_the_best = if needed.is_empty() { has_most } else { has_all };
            if bound.len() == most || is_like_the_best {
                tables.push((position, header));
            } else if has_most && bound.len() > 1 && key.iter().all(|name| bound.contains_key(name)) {
                // Without the key no row is one of the kind: a sum by days has days and amounts.
                lacking.push((position, missing));
            }
        }
        Self { tables, lacking }
    }
}

/// Columns that a sheet may have before those of the table that goes on in it.
const SHIFTED: usize = 2;

/// A sheet that is a table of the kind.
#[derive(Clone, Copy)]
struct Table<'s> {
    sheet: &'s Sheet,
    header: &'s Header,
    /// A table of a page.
    is_text: bool,
    /// What places in it are told by, where the file has others.
    name: Option<&'s Arc<str>>,
}

impl Reader<'_, '_> {
    /// The rows of a workbook.
    pub(in crate::evidence) fn workbook(
        &mut self,
        blocks: &mut Blocks,
        container: Container,
        limit: u64,
    ) -> io::Result<()> {
        let Some(whole) = blocks.read_whole(limit)? else {
            self.too_large(blocks.contents(), limit);
            return Ok(());
        };
        let opened = open(container, &whole, self.job.limits);
        let read = opened.and_then(|opened| self.book(opened));
        self.tell(read);
        Ok(())
    }

    /// The rows of the tables that a text holds, by how such a text is opened.
    pub(in crate::evidence) fn book_of_text(
        &mut self,
        blocks: &mut Blocks,
        limit: u64,
        open: impl for<'b> FnOnce(&'b str, &Limits) -> Opened<'b>,
    ) -> io::Result<()> {
        let Some(whole) = blocks.read_whole(limit)? else {
            self.too_large(blocks.contents(), limit);
            return Ok(());
        };
        let Ok(text) = std::str::from_utf8(&whole) else {
            let message = Text::new("文件中有不是文字的字节", "the file has bytes that are no characters");
            self.break_off(&codes::ENCODING, message, None);
            return Ok(());
        };
        let read = self.book(open(text, self.job.limits));
        self.tell(read);
        Ok(())
    }

    fn tell(&mut self, read: Result<(), Fault>) {
        if let Err(Fault { code, message, help }) = read {
            self.break_off(code, message, help);
        }
    }

    fn book(&mut self, opened: Opened<'_>) -> Result<(), Fault> {
        let Opened { mut book, format, macros } = opened;
        self.format = Some(format);
        if macros {
            let message = Text::new("工作簿带有宏；宏不会运行", "the workbook has macros; they are never run");
            self.tally.faults.file(&codes::MACROS, message, None);
        }
        let options = &self.job.kind.read;
        let headings = Arc::clone(&self.job.plan.headings);
        let sheets = book.sheets(head_rows(options))?;
        let Some(chosen) = self.choose(&sheets, &headings) else { return Ok(()) };
        let is_text = book.is_text();
        let Chosen { tables: chosen, lacking } = chosen;
        let positions: Vec<usize> = chosen.iter().map(|(position, _)| *position).collect();
        self.tally.sheets = positions.len();
        self.tally.stated.append(book.around(&positions));
        self.tell_unused(&sheets, &chosen, &lacking, is_text);
        self.tell_lacking(&sheets, &lacking, is_text);
        self.tell_headless(&sheets, &chosen, &lacking, is_text);
        self.tell_examples(&sheets, &chosen);
        let is_named = !is_text || sheets.len() > 1;
        let mut headers = chosen.iter().map(|(_, header)| header);
        let mut left = self.job.limits.expanded_bytes;
        book.rows(&positions, &mut |position, rows| {
            let (Some(sheet), Some(header)) = (sheets.get(position), headers.next()) else { return Ok(()) };
            let table = Table { sheet, header, is_text, name: is_named.then_some(&sheet.name) };
            self.sheet_rows(&table, positions.len() > 1, rows, &mut left)
        })?;
        self.tell_besides(book.besides());
        Ok(())
    }

    fn tell_besides(&mut self, besides: Besides) {
        let Besides { comments, drawings, marking_rules, list_items } = besides;
        if drawings {
            let message = Text::new(
                "工作表上有文本框或图形；其中的文字不读取",
                "text boxes or drawings float over the sheets, and what they say is not read",
            );
            self.tally.faults.file(&codes::COMMENTS, message, None);
        }
        if comments {
            let message = Text::new("单元格带有批注；批注不读取", "cells have comments, and comments are not read");
            self.tally.faults.file(&codes::COMMENTS, message, None);
        }
        if marking_rules {
            let message = Text::new(
                "条件格式会给单元格加删除线或改变、隐藏其内容；条件不计算，这些单元格照常读取",
                "a conditional format strikes out or hides cells; its condition is not worked out, and they are read as usual",
            );
            self.tally.faults.file(&codes::CONDITIONAL_FORMAT, message, None);
        }
        if list_items > 0 {
            let message = Text::new(
                format!("表格之外有列表，共 {list_items} 项，没有读取"),
                format!("items of lists outside the tables were not read: {list_items}"),
            );
            self.tally.faults.file(&codes::OUTSIDE_TABLE, message, None);
        }
    }

    /// A sheet that is called an example, or what does not count, beside others of the same columns.
    fn tell_examples(&mut self, sheets: &[Sheet], chosen: &[(usize, Header)]) {
        let example = |(position, header): &(usize, Header)| {
            sheets.get(*position).filter(|sheet| sheet.is_called_aside() && sheet.has_rows_below(header.row))
        };
        let examples: Vec<&Sheet> = chosen.iter().filter_map(example).collect();
        if examples.is_empty()
            || examples.len() == chosen.len()
            || self.unread.is_some()
            || self.job.kind.read.sheet.is_some()
            || self.job.entry.part.as_ref().is_some_and(|part| part.stated().is_some())
        {
            return;
        }
        let names = names(&examples);
        let (zh, en) = if self.sheets_can_be_stated() {
            ("；在 manifest.yaml 中用 sheet 写明算数的工作表", "; name those that count in manifest.yaml, with `sheet`")
        } else {
            ("", "")
        };
        self.unread = Some(Text::new(
            format!("看名称像是说明、示例或不再算数的工作表中也有该类型的行，不知道是否算数：{}{zh}", names.zh),
            format!(
                "sheets that are called notes, examples or what does not count any more have rows of the kind, too, and nobody knows whether these count: {}{en}",
                names.en
            ),
        ));
    }

    /// Whether the manifest can name sheets: tables of a page have no names of their own.
    fn sheets_can_be_stated(&self) -> bool {
        self.format != Some("html")
    }

    /// The rows of a sheet that is a table of the kind, its head mined. All such sheets together may take what is `left`:
    /// texts that cells share, and rows that repeat, cost nothing in the file.
    fn sheet_rows(
        &mut self,
        table: &Table<'_>,
        one_of_many: bool,
        rows: &mut (dyn Rows + Send),
        left: &mut u64,
    ) -> Result<(), Fault> {
        let Table { sheet, header, is_text, name } = *table;
        let ordinal = self.sheets.len() as u64;
        self.sheets.push(name.cloned());
        table::tell_twice(header, name, &mut self.tally.faults);
        for heading in &header.bound.extra {
            self.tally.extra(heading);
        }
        self.tally.header_row.get_or_insert(header.row);
        self.tally.weak_header |= header.is_weak();
        self.mine_head(table, ordinal);
        let purpose = Purpose { sheet: name, ..self.purpose };
        let layout = Layout::new(header, self.tally.stated.unit(), &purpose);
        self.read_as(&layout);
        let which = name.filter(|_| one_of_many);
        for column in &layout.lacking {
            self.lacking.entry(*column).or_insert_with(|| which.cloned());
        }
        self.tally.no_list.extend(&layout.no_list);
        let read = header.bound.fields.values().map(|(position, _)| *position).collect();
        let mut merged = Merged::new(&sheet.merges, header.row, read, self.job.limits.row_bytes, *left);
        if sheet.merges.more {
            return Err(too_many_merged(&sheet.name));
        }
        let headed = &header.bound.headed;
        self.stream(
            || merged.next(rows),
            |block| {
                let mut gather = Gather::new(purpose);
                let mut unheaded = BTreeSet::new();
                for mut row in block.rows().filter(|row| row.number > header.row) {
                    row.sheet = ordinal;
                    unheaded.extend(row.texts().map(|(column, _)| column).filter(|column| !headed.contains(column)));
                    layout.row(&row, &mut gather);
                }
                for column in unheaded {
                    gather.tally.extra(&format!("[{}]", column_name(column)));
                }
                gather.finish()
            },
        )?;
        *left = merged.left;
        self.tell_hidden(sheet, header, rows.hidden_rows());
        self.tell_merged(sheet, merged.count, is_text);
        Ok(())
    }

    /// What stands above the header: counts and days that are stated, and rows that belong below it.
    fn mine_head(&mut self, table: &Table<'_>, ordinal: u64) {
        let Table { sheet, header, name, .. } = *table;
        let mut titles = (header.row > 1).then(|| Titles::new(header, &self.purpose));
        for row in sheet.head.iter().flat_map(Block::rows).filter(|row| row.number < header.row) {
            self.tally.stated.mine(&table::Cells::text(&row), row.number);
            let cells = texts(&row, header.bound.width);
            if titles.as_mut().is_some_and(|titles| titles.is_row_of_any(&cells)) {
                let at = At { row: row.number, line: 0, child: ordinal << 32 };
                self.tally.rejected(at, name, table::above_the_header());
            }
        }
    }

    /// The sheets to read, with their headers; `None` when there is none, which was told.
    fn choose(&mut self, sheets: &[Sheet], headings: &Headings) -> Option<Chosen> {
        let options = &self.job.kind.read;
        let part = self.job.entry.part.as_ref();
        // What the manifest says of this file stands before what its kind says of every one.
        let stated = part.and_then(Part::stated);
        let of_kind = options.sheet.as_ref().filter(|_| stated.is_none());
        let wanted = stated.unwrap_or_else(|| of_kind.map(std::slice::from_ref).unwrap_or_default());
        let own = part.map(|part| part.positions(&sheets.iter().map(|sheet| &*sheet.name).collect::<Vec<_>>()));
        let named = |position: usize, sheet: &Sheet| {
            !sheet.is_notes()
                && of_kind.is_none_or(|name| same(name, &sheet.name))
                && own.as_ref().is_none_or(|own| own.contains(&position))
        };
        let is_there = |name: &str| sheets.iter().any(|sheet| same(name, &sheet.name) && !sheet.is_notes());
        if let Some(name) = wanted.iter().find(|name| !is_there(name)) {
            let all = names(&sheets.iter().filter(|sheet| !sheet.is_notes()).collect::<Vec<_>>());
            let name = short(name);
            self.break_off(
                &codes::NO_SHEET,
                Text::new(format!("没有工作表“{name}”"), format!("there is no sheet `{name}`")),
                Some(Text::new(format!("有：{}", all.zh), format!("there are: {}", all.en))),
            );
            return None;
        }
        let mut found: Vec<(usize, Header)> = Vec::new();
        for (position, sheet) in sheets.iter().enumerate().filter(|(position, sheet)| named(*position, sheet)) {
            found.extend(Head::of(sheet).find(headings, options).map(|header| (position, header)));
        }
        if found.is_empty() {
            let mut named = sheets.iter().enumerate().filter(|(position, sheet)| named(*position, sheet));
            if named.any(|(_, sheet)| !sheet.head.is_empty()) {
                self.no_header(headings, None);
            }
            return None;
        }
        Some(Chosen::among(found, headings, &self.job.kind.key))
    }

    /// Names the sheets that are not read, but for the notes of a form.
    fn tell_unused(&mut self, sheets: &[Sheet], chosen: &[(usize, Header)], lacking: &[Lacking], is_text: bool) {
        let told = chosen.iter().map(|(position, _)| position).chain(lacking.iter().map(|(position, _)| position));
        let part = self.job.entry.part.as_ref();
        let unused = |position: &usize| !told.clone().any(|told| told == position);
        let tells = |position: usize, sheet: &Sheet| {
            !sheet.is_notes() && part.is_none_or(|part| part.tells(position, &sheet.name))
        };
        let unused = sheets.iter().enumerate().filter(|(position, sheet)| unused(position) && tells(*position, sheet));
        let unused: Vec<&Sheet> = unused.map(|(_, sheet)| sheet).collect();
        if unused.is_empty() {
            return;
        }
        // What the manifest names is there to be read, as a file is that it names.
        let stated = part.and_then(Part::stated).unwrap_or_default();
        let is_stated = |sheet: &&Sheet| stated.iter().any(|name| same(name, &sheet.name)) && !sheet.head.is_empty();
        let lost: Vec<&Sheet> = unused.iter().copied().filter(is_stated).collect();
        if !lost.is_empty() {
            let names = names(&lost);
            self.unread = Some(Text::new(
                format!("清单写明的工作表不是该类型的表格，没有读取：{}", names.zh),
                format!("sheets that the manifest names are no tables of the kind and were not read: {}", names.en),
            ));
        }
        let names = names(&unused);
        let (zh, en) = if is_text { ("表格", "tables") } else { ("工作表", "sheets") };
        let message = Text::new(format!("{zh}未使用：{}", names.zh), format!("{en} that are not used: {}", names.en));
        let help = Text::new(
            "其中若有别的台账，在 manifest.yaml 中按 sheet 各列一条",
            "if a register is among them, list each in manifest.yaml with its `sheet`",
        );
        self.tally.faults.file(&codes::UNUSED_SHEET, message, (!is_text).then_some(help));
    }

    /// Sheets with most of a table of the kind: nobody knows what is left out with them.
    fn tell_lacking(&mut self, sheets: &[Sheet], lacking: &[Lacking], is_text: bool) {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (position, columns) in lacking.iter().take(NAMED) {
            let Some(sheet) = sheets.get(*position) else { continue };
            let name = short(&sheet.name);
            let columns: Vec<String> = columns.iter().map(|column| format!("`{}`", self.title(column))).collect();
            zh.push(format!("`{name}` 缺 {}", columns.join("、")));
            en.push(format!("`{name}` lacks {}", columns.join(", ")));
        }
        if zh.is_empty() {
            return;
        }
        let (what_zh, what_en) = if is_text { ("表格", "tables") } else { ("工作表", "sheets") };
        self.unread = Some(Text::new(
            format!("有该类型大部分列的{what_zh}缺少每行必有的列，没有读取（{}）：{}", lacking.len(), zh.join("；")),
            format!(
                "{what_en} that have most columns of the kind lack what every row must have and were not read ({}): {}",
                lacking.len(),
                en.join("; ")
            ),
        ));
    }

    /// A table that goes on in the next sheet, where nobody repeated its header: its rows are left out with that sheet.
    fn tell_headless(&mut self, sheets: &[Sheet], chosen: &[(usize, Header)], lacking: &[Lacking], is_text: bool) {
        let part = self.job.entry.part.as_ref();
        let is_other = |position: usize, name: &str| part.is_some_and(|part| !part.tells(position, name));
        let told = |position: usize| lacking.iter().any(|(other, _)| *other == position);
        let mut above = chosen.iter().peekable();
        let (mut titles, mut headless): (Option<(Titles, usize)>, Vec<&Sheet>) = (None, Vec::new());
        for (position, sheet) in sheets.iter().enumerate() {
            if let Some((_, header)) = above.next_if(|(first, _)| *first == position) {
                titles = Some((Titles::new(header, &self.purpose), header.bound.width));
            } else if let Some((titles, width)) =
                titles.as_ref().filter(|_| !told(position) && !is_other(position, &sheet.name))
            {
                // Something else begins with a header of its own; a title may stand above either, and a column before.
                let mut rows = sheet.head.iter().flat_map(Block::rows);
                let filled = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
                let first = rows.find_map(|row| {
                    let cells = texts(&row, *width + SHIFTED);
                    (*width < 2 || filled(&cells) * 2 > *width).then_some(cells)
                });
                if first.is_some_and(|cells| titles.is_shifted_row_of_table(&cells, *width, SHIFTED)) {
                    headless.push(sheet);
                }
            }
        }
        if headless.is_empty() || self.unread.is_some() || self.job.kind.read.sheet.is_some() {
            return;
        }
        let (names, (what_zh, what_en)) =
            (names(&headless), if is_text { ("表格", "tables") } else { ("工作表", "sheets") });
        self.unread = Some(Text::new(
            format!("没有表头的{what_zh}，其中有上一张表的行，没有读取：{}", names.zh),
            format!("{what_en} without a header have rows of the table before them and were not read: {}", names.en),
        ));
    }

    /// A field by the heading that people know it by.
    pub(in crate::evidence) fn title(&self, name: &str) -> String {
        let title = field_at(&self.job.kind.record, name).and_then(|field| field.title.as_deref());
        short(title.unwrap_or(name))
    }

    /// Says that rows have values which stand in a row above.
    fn tell_merged(&mut self, sheet: &Sheet, count: u64, is_text: bool) {
        if count == 0 {
            return;
        }
        let name = short(&sheet.name);
        let (what_zh, what_en) = if is_text { ("表格", "table") } else { ("工作表", "sheet") };
        let cells = if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
        let message = Text::new(
            format!("{what_zh}“{name}”有 {count} 处跨行合并的单元格，所盖各行都按第一格的值读取"),
            format!(
                "the {what_en} `{name}` has {cells} merged across rows; each row covered is read with the value of the first"
            ),
        );
        self.tally.faults.file(&codes::MERGED_CELLS, message, None);
    }

    /// Says what of a sheet is read though people do not see it.
    fn tell_hidden(&mut self, sheet: &Sheet, header: &Header, rows: u64) {
        let name = short(&sheet.name);
        let is_hidden =
            |column: &usize| sheet.hidden_columns.iter().any(|(first, last)| (first..=last).contains(&column));
        let columns: Vec<String> =
            header.bound.headed.iter().filter(|column| is_hidden(column)).map(|column| column_name(*column)).collect();
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        if sheet.hidden {
            zh.push("整张表".to_owned());
            en.push("the sheet itself".to_owned());
        }
        if rows > 0 {
            zh.push(format!("{rows} 行"));
            en.push(if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") });
        }
        if !columns.is_empty() {
            zh.push(format!("列 {}", columns.join("、")));
            en.push(format!("columns {}", columns.join(", ")));
        }
        if zh.is_empty() {
            return;
        }
        let message = Text::new(
            format!("工作表“{name}”中隐藏的内容照样读取：{}", zh.join("，")),
            format!("what is hidden in the sheet `{name}` is read all the same: {}", en.join(", ")),
        );
        self.tally.faults.file(&codes::HIDDEN, message, None);
    }
}

/// The cells of a row by their columns.
fn texts(row: &Row<'_>, width: usize) -> Vec<String> {
    let mut cells = vec![String::new(); width];
    for (column, text) in row.texts() {
        if let Some(cell) = cells.get_mut(column) {
            text.trim().clone_into(cell);
        }
    }
    cells
}

/// The first sheets by name, and how many more there are.
fn names(sheets: &[&Sheet]) -> Text {
    let names: Vec<String> = sheets.iter().take(NAMED).map(|sheet| format!("`{}`", short(&sheet.name))).collect();
    let (mut zh, mut en) = (names.join("、"), names.join(", "));
    let rest = sheets.len().saturating_sub(NAMED);
    if rest > 0 {
        zh.push_str(&format!("，另有 {rest} 张"));
        en.push_str(&format!(", {rest} more"));
    }
    Text::new(zh, en)
}

/// More than anybody merges: to leave some out would be to guess which rows have which values.
fn too_many_merged(sheet: &str) -> Fault {
    let name = short(sheet);
    Fault::too_large(
        format!("工作表“{name}”中合并的区域太多：一个工作簿最多 {REGIONS} 处"),
        format!("the sheet `{name}` has too many merged regions: a workbook may have {REGIONS}"),
    )
}

/// The name of the sheet a row is of; rows of sheets are numbered in [`table::Cells::at`].
pub(crate) fn sheet_of(sheets: &[Option<Arc<str>>], child: u64) -> Option<&Arc<str>> {
    sheets.get(usize::try_from(child >> 32).ok()?)?.as_ref()
}
