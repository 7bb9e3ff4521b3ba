//! One file → rows of every wanted table: its format recognised, its bytes hashed on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::beside;
use super::blocks::BlockLayout;
use super::bytes::{Blocks, Digested, Expands, Opening, Origin};
use super::cells::{CellFault, Raw};
use super::csv::{CsvFault, Splitter};
use super::decode::{self, Encoding};
use super::document::{self, DocumentFault, Kind, Value};
use super::explain;
use super::frame::{At, Context, TAKEN};
use super::gather::{Gather, Gathered, Purpose, Tally, place};
use super::header::Headings;
use super::json::{self, Bounds};
use super::lines::{LineFault, LineLayout, Lines};
use super::plan::{ColumnPlan, Plan};
use super::sheet::{self, Container};
use super::spares::Spares;
use super::table::{self, HEADER_ROWS, Layout, Titles, find_header};
use super::wrapped::{self, Place};
use super::{Batch, FileEntry, Limits, codes, xml, yaml};
use crate::model::{EvidenceKind, FieldKind, Record};
use crate::text::{Diagnostic, Text};

/// Bytes looked at to recognise encoding, delimiter and header.
pub(crate) const HEAD: usize = 64 << 10;

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Delimited text.
    Csv,
    /// Delimited by tabs.
    Tsv,
    /// One JSON document.
    Json,
    /// A JSON document per line.
    JsonLines,
    /// One YAML document.
    Yaml,
    /// One XML document.
    Xml,
    /// Lines with fields, by the pattern of the kind.
    Lines,
    /// Text in which every match of the kind's pattern is a row.
    Blocks,
    /// A workbook.
    Workbook(Container),
    /// A page with tables.
    Html,
    /// Known, and not read yet.
    Unsupported,
}

impl Format {
    /// The format that a file's suffix names; without one that is known, what the bytes look like.
    pub(crate) fn of(path: &str, head: &[u8]) -> Self {
        if let Some(container) = Container::of(head) {
            return Self::Workbook(container);
        }
        let path = path.strip_suffix(".gz").or_else(|| path.strip_suffix(".GZ")).unwrap_or(path);
        let suffix =
            path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, suffix)| suffix.to_lowercase());
        match suffix.as_deref() {
            _ if sheet::looks_like_html(head) => Self::Html,
            Some("csv") => Self::Csv,
            Some("tsv" | "tab") => Self::Tsv,
            Some("json") if !is_json_lines(head) => Self::Json,
            Some("json") => Self::JsonLines,
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("yaml" | "yml") => Self::Yaml,
            Some("xml") => Self::Xml,
            Some("parquet" | "docx" | "doc" | "wps" | "pdf" | "png" | "jpg" | "jpeg" | "zip" | "rar" | "7z") => {
                Self::Unsupported
            }
            // Text under the name of a workbook.
            Some("xlsx" | "xls" | "xlsm" | "xlsb" | "ods" | "et") if head.trim_ascii_start().starts_with(b"<?xml") => {
                Self::Unsupported
            }
            Some("xlsx" | "xls" | "xlsm" | "xlsb" | "ods" | "et") => Self::Csv,
            _ => match head.trim_ascii_start().first() {
                Some(b'{') if is_json_lines(head) => Self::JsonLines,
                Some(b'{' | b'[') => Self::Json,
                Some(b'<') if head.trim_ascii_start().starts_with(b"<?xml") => Self::Xml,
                _ => Self::Csv,
            },
        }
    }

    /// The word outputs use.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Csv => Some("csv"),
            Self::Tsv => Some("tsv"),
            Self::Json => Some("json"),
            Self::JsonLines => Some("jsonl"),
            Self::Yaml => Some("yaml"),
            Self::Xml => Some("xml"),
            Self::Lines => Some("lines"),
            Self::Blocks => Some("blocks"),
            Self::Html => Some("html"),
            Self::Workbook(_) | Self::Unsupported => None,
        }
    }
}

/// A file to read.
pub(crate) struct Job<'a> {
    /// Its entry in the index.
    pub(crate) entry: &'a FileEntry,
    /// Where its bytes are.
    pub(crate) origin: &'a Origin,
    /// Its kind.
    pub(crate) kind: &'a EvidenceKind,
    /// What is wanted.
    pub(crate) plan: &'a Plan,
    /// Bounds.
    pub(crate) limits: &'a Limits,
    /// Columns may be absent from a table.
    pub(crate) lenient: bool,
    /// Whether hashes of keys are gathered.
    pub(crate) gather_keys: bool,
    /// Whether columns that are not declared are told of: of the output of a tool only some are wanted.
    pub(crate) tells_extra: bool,
}

impl Job<'_> {
    /// What its rows are gathered for.
    pub(crate) fn purpose<'a>(&'a self, context: &'a Context<'a>) -> Purpose<'a> {
        Purpose {
            kind: self.kind,
            plan: self.plan,
            limits: self.limits,
            lenient: self.lenient,
            gather_keys: self.gather_keys,
            context,
            sheet: None,
        }
    }
}

/// Columns that are lacking, by level and column; with the sheet that lacks it where the file has several tables.
pub(crate) type Lacks = BTreeMap<(usize, usize), Option<Arc<str>>>;

/// What reading gave.
pub(crate) struct Outcome {
    /// Bytes and hash.
    pub(crate) digested: Digested,
    /// Format, when it is one that is read.
    pub(crate) format: Option<&'static str>,
    /// Encoding.
    pub(crate) encoding: Option<&'static str>,
    /// The file as a whole cannot be read: why.
    pub(crate) broken: Option<Text>,
    /// Columns that the file lacks.
    pub(crate) lacking: Lacks,
    /// Parts of the file that may hold rows of the kind were not read: which, and why.
    pub(crate) unread: Option<Text>,
    /// What was noticed of its rows.
    pub(crate) tally: Tally,
}

/// Where batches go: the wanted table, its rows.
pub(crate) type Sink<'s> = dyn FnMut(usize, Batch) + Send + 's;

/// Reads a file to its end.
pub(crate) fn read(job: &Job<'_>, context: &Context<'_>, sink: &mut Sink<'_>) -> Outcome {
    let purpose = job.purpose(context);
    let mut reader = Reader {
        job,
        purpose,
        sink,
        tally: Tally::new(&purpose),
        broken: None,
        lacking: Lacks::new(),
        unread: None,
        sheets: Vec::new(),
        encoding: None,
        format: None,
    };
    let digested = reader.run().unwrap_or_else(|fault| {
        // What cannot be read on cannot be hashed to its end either.
        if reader.broken.is_none() {
            reader.cannot_read(&fault);
        }
        Digested::default()
    });
    reader.finish(digested)
}

/// A file being read.
pub(super) struct Reader<'a, 'j> {
    pub(super) job: &'a Job<'j>,
    pub(super) purpose: Purpose<'a>,
    sink: &'a mut Sink<'a>,
    pub(super) tally: Tally,
    broken: Option<Text>,
    pub(super) lacking: Lacks,
    pub(super) unread: Option<Text>,
    /// Names of the sheets read so far.
    pub(super) sheets: Vec<Option<Arc<str>>>,
    encoding: Option<&'static str>,
    pub(super) format: Option<&'static str>,
}

impl Reader<'_, '_> {
    fn run(&mut self) -> std::io::Result<Digested> {
        let head = self.job.origin.opening(HEAD)?;
        let mut blocks = self.job.origin.open()?;
        if head.gzip {
            blocks.gunzip();
        }
        if let Err(fault) = self.contents(&head, &mut blocks) {
            self.cannot_read(&fault);
        }
        let digested = blocks.finish()?;
        if digested.changed {
            let message = Text::new("文件在读取时被改动", "the file changed while it was read");
            self.break_off(
                &codes::CHANGED,
                message,
                Some(Text::new("待写入结束后再运行", "run again when nothing writes to it")),
            );
        }
        Ok(digested)
    }

    fn contents(&mut self, head: &Opening, blocks: &mut Blocks) -> std::io::Result<()> {
        let declared = &self.job.kind.read;
        let format = match (&declared.lines, &declared.blocks) {
            (Some(_), _) => Format::Lines,
            (None, Some(_)) => Format::Blocks,
            (None, None) => Format::of(&self.job.entry.path, &head.bytes),
        };
        self.format = format.name();
        let streamed = matches!(format, Format::Csv | Format::Tsv | Format::JsonLines | Format::Lines);
        let limit = if streamed { self.job.limits.streamed_bytes } else { self.job.limits.whole_bytes };
        let size = blocks.size;
        if format == Format::Unsupported {
            self.break_off(
                &codes::FORMAT,
                Text::new("这种格式尚不能读取", "files of this format cannot be read yet"),
                Some(Text::new(
                    "另存为 XLSX、CSV（UTF-8）、JSON 或 YAML",
                    "save it as XLSX, CSV (UTF-8), JSON or YAML",
                )),
            );
        } else if size > limit {
            self.too_large(size, limit);
        } else if let Format::Workbook(container) = format {
            self.workbook(blocks, container, limit)?;
        } else if let Some(encoding) = self.encoding(head) {
            blocks.decode(encoding);
            match format {
                Format::Json | Format::Yaml | Format::Xml | Format::Blocks => self.document(blocks, format, limit)?,
                Format::JsonLines => self.json_lines(blocks)?,
                Format::Lines => self.pattern_lines(blocks)?,
                Format::Html => self.page(blocks, limit)?,
                _ => self.table(blocks, &decode::head_as_utf8(&head.bytes, encoding), format)?,
            }
            self.encoding = Some(blocks.encoding().name());
        }
        Ok(())
    }

    fn finish(mut self, digested: Digested) -> Outcome {
        self.tally.end();
        if let Some(heading) = self.tally.sequence.without_numbers().map(str::to_owned) {
            self.tally.extra(&heading);
        }
        self.lacking.extend(self.lacking_keys().into_iter().map(|column| (column, None)));
        let (noticed, faults) = (&self.tally.noticed, &mut self.tally.faults);
        let sheets = self.sheets.as_slice();
        for (level, column, at) in &noticed.before.listed {
            let Some(plan) = self.job.plan.levels.get(*level).and_then(|level| level.columns.get(*column)) else {
                continue;
            };
            let message = explain::cell(CellFault::Before, plan, Raw::Absent);
            let name = plan.name.clone();
            faults.push(&codes::UNREADABLE_CELL, |path| {
                let sheet = sheet::sheet_of(sheets, at.child);
                Diagnostic::new(&codes::UNREADABLE_CELL, message).at_place(place(path, sheet, *at, Some(name)))
            });
        }
        faults.more(&codes::UNREADABLE_CELL, noticed.before.count - noticed.before.listed.len());
        for at in &noticed.repeated.listed {
            let key = self.job.kind.key.join(", ");
            faults.push(&codes::DUPLICATE_KEY, |path| {
                let message = Text::new(
                    format!("另有一行的主键（{key}）与此行相同"),
                    format!("another row has the same key ({key})"),
                );
                let sheet = sheet::sheet_of(sheets, at.child);
                Diagnostic::new(&codes::DUPLICATE_KEY, message).at_place(place(path, sheet, *at, Some(key)))
            });
        }
        faults.more(&codes::DUPLICATE_KEY, noticed.repeated.count - noticed.repeated.listed.len());
        if let Some(at) = noticed.headers.listed.first() {
            let count = noticed.headers.count;
            faults.push(&codes::REPEATED_HEADER, |path| {
                let message = Text::new(
                    format!("表头在数据中又出现 {count} 次，这些行不是数据，没有读取"),
                    format!(
                        "the header stands among the rows {count} more time{}; such a row is no data and was skipped",
                        if count == 1 { "" } else { "s" }
                    ),
                );
                let sheet = sheet::sheet_of(sheets, at.child);
                Diagnostic::new(&codes::REPEATED_HEADER, message).at_place(place(path, sheet, *at, None))
            });
        }
        if self.job.tells_extra && !self.tally.extra.is_empty() {
            let names: Vec<String> =
                self.tally.extra.iter().take(20).map(|name| format!("`{}`", explain::short(name))).collect();
            let (count, names) = (self.tally.extra.len(), names.join(", "));
            let (more_zh, more_en) = if self.tally.more_extra { ("超过 ", "more than ") } else { ("", "") };
            let message = if self.tally.weak_header && is_sensitive(&self.job.kind.record) {
                // What was taken for headings may be somebody's data.
                Text::new(
                    format!("{more_zh}{count} 列没有声明，未使用；表头中认得的列太少，列名不显示"),
                    format!(
                        "undeclared columns, not used: {more_en}{count}; too few of the header are known to show their names"
                    ),
                )
            } else {
                Text::new(
                    format!("{more_zh}{count} 列没有声明，未使用：{names}"),
                    format!("undeclared columns, not used ({more_en}{count}): {names}"),
                )
            };
            faults.file(&codes::EXTRA_COLUMN, message, None);
        }
        Outcome {
            digested,
            format: self.format,
            encoding: self.encoding,
            broken: self.broken,
            lacking: self.lacking,
            unread: self.unread,
            tally: self.tally,
        }
    }

    /// Columns that no record of a document has a key of, where records have keys that are no column: one of these may be it. A
    /// key that some records lack is blank in them.
    fn lacking_keys(&self) -> Vec<(usize, usize)> {
        let tally = &self.tally;
        if !tally.odd_keys || tally.more_extra || !self.job.tells_extra {
            return Vec::new();
        }
        let columns = self.job.plan.levels.first().map(|level| level.columns.as_slice()).unwrap_or_default();
        let is_named = |column: &ColumnPlan| column.path.first().is_none_or(|names| tally.named.contains(&names.name));
        columns.iter().enumerate().filter(|(_, column)| !is_named(column)).map(|(index, _)| (0, index)).collect()
    }

    /// The file as a whole cannot be read.
    pub(super) fn break_off(&mut self, code: &'static crate::text::Code, message: Text, help: Option<Text>) {
        self.tally.faults.file(code, message.clone(), help);
        self.broken.get_or_insert(message);
    }

    fn cannot_read(&mut self, fault: &std::io::Error) {
        if let Some(Expands { limit }) = fault.get_ref().and_then(|inner| inner.downcast_ref()) {
            let message = Text::new(
                format!("解压后超过 {limit} 字节，没有继续读取"),
                format!("it expands to more than {limit} bytes and was not read on"),
            );
            return self.break_off(&codes::TOO_LARGE, message, None);
        }
        self.break_off(&codes::UNREADABLE_FILE, super::find::unreadable(fault), None);
    }

    pub(super) fn too_large(&mut self, size: u64, limit: u64) {
        let message = Text::new(
            format!("文件有 {size} 字节，超过上限 {limit}"),
            format!("the file has {size} bytes, more than the limit of {limit}"),
        );
        self.break_off(&codes::TOO_LARGE, message, None);
    }

    /// The encoding that the manifest or the kind states, else the one found; `None` for what is no text.
    fn encoding(&mut self, head: &Opening) -> Option<Encoding> {
        let stated = self.job.entry.stated.as_ref().and_then(|stated| stated.encoding.as_deref());
        let declared = self.job.kind.read.encoding.as_deref().filter(|label| *label != "auto");
        let detected = decode::detect(&head.bytes, head.whole);
        let encoding = match stated.or(declared) {
            Some(label) => match Encoding::from_label(label) {
                Some(Encoding::Utf8) if detected == Encoding::Utf8Bom => detected,
                Some(named) => named,
                None => {
                    let label = explain::short(label);
                    self.break_off(
                        &codes::ENCODING,
                        Text::new(format!("不认识编码 `{label}`"), format!("no encoding is called `{label}`")),
                        Some(Text::new("写 utf-8、gb18030、utf-16le 等", "write utf-8, gb18030, utf-16le or the like")),
                    );
                    return None;
                }
            },
            None => detected,
        };
        self.encoding = Some(encoding.name());
        if encoding != Encoding::Unknown {
            return Some(encoding);
        }
        let message = Text::new("不是文本文件，或编码无法识别", "not a text file, or of an unknown encoding");
        let help = Text::new(
            "另存为“CSV UTF-8（逗号分隔）”，或在 manifest.yaml 中写明 encoding",
            "save it as \"CSV UTF-8 (comma delimited)\", or state `encoding` in manifest.yaml",
        );
        self.break_off(&codes::ENCODING, message, Some(help));
        None
    }

    /// Adds a part of the file: its rows go on, what was noticed adds up.
    fn take(&mut self, part: Gathered) {
        for (table, batch) in part.batches {
            (self.sink)(table, batch);
        }
        self.tally.append(part.tally, &self.purpose);
        if let (Some(at), None) = (self.tally.noticed.outer, &self.broken) {
            let row = at.row;
            let message = Text::new(
                format!("从第 {row} 行起，列表各项所带的外层文本合起来超过 {TAKEN} 字节"),
                format!(
                    "from row {row} on, the elements of a list have more than {TAKEN} bytes of the texts around them"
                ),
            );
            self.break_off(&codes::TOO_LARGE, message, None);
        }
    }

    /// Three things side by side: the next parts of the file are cut off, those before are parsed, and the rows of those
    /// before that are judged. Parts are cut and judged in order, so threads change nothing.
    pub(super) fn stream<P: Send, F: Send>(
        &mut self,
        mut next: impl FnMut() -> Result<Option<P>, F> + Send,
        parse: impl Fn(P) -> Gathered + Sync,
    ) -> Result<(), F> {
        let ahead = AHEAD * rayon::current_num_threads();
        let mut cut = || {
            let mut parts = Vec::with_capacity(ahead);
            while parts.len() < ahead {
                match next() {
                    Ok(Some(part)) => parts.push(part),
                    Ok(None) => return (parts, Some(Ok(()))),
                    Err(fault) => return (parts, Some(Err(fault))),
                }
            }
            (parts, None)
        };
        let (mut parts, mut end) = cut();
        if end.is_some() && parts.len() <= 1 {
            // One part: nothing to do side by side.
            parts.into_iter().for_each(|part| self.take(parse(part)));
            return end.unwrap_or(Ok(()));
        }
        let mut parsed: Vec<Gathered> = Vec::new();
        while !parts.is_empty() || !parsed.is_empty() {
            let go_on = end.is_none();
            let before = std::mem::take(&mut parsed);
            let (more, (now, ())) = rayon::join(
                || if go_on { cut() } else { (Vec::new(), None) },
                || {
                    rayon::join(
                        || parts.into_par_iter().map(&parse).collect::<Vec<_>>(),
                        || before.into_iter().for_each(|part| self.take(part)),
                    )
                },
            );
            parsed = now;
            parts = more.0;
            if go_on {
                end = more.1;
            }
        }
        end.unwrap_or(Ok(()))
    }

    // --- tables ---

    fn table(&mut self, blocks: &mut Blocks, body: &[u8], format: Format) -> std::io::Result<()> {
        let headings = Arc::clone(&self.job.plan.headings);
        let tab = (format == Format::Tsv).then_some('\t');
        let bounds = table::bounds(self.job.limits);
        let Some(header) = find_header(body, &headings, &self.job.kind.read, tab, self.job.limits) else {
            // A first row that is too wide or too long hides the header.
            match Splitter::new(blocks, b',', bounds).next() {
                Err(CsvFault::Io(fault)) => return Err(fault),
                Err(fault) => self.csv_fault(&fault),
                Ok(_) if !body.trim_ascii().is_empty() => {
                    self.no_header(&headings, table::hidden_header(body, &headings));
                }
                Ok(_) => {}
            }
            return Ok(());
        };
        for heading in &header.bound.extra {
            self.tally.extra(heading);
        }
        table::tell_twice(&header, None, &mut self.tally.faults);
        self.tally.header_row = Some(header.row);
        self.tally.weak_header |= header.is_weak();
        if header.row > 1 {
            let mut titles = Titles::new(&header, &self.purpose);
            let (stated, rows) = table::preamble(body, &header, &mut titles, self.job.limits);
            self.tally.stated = stated;
            for at in rows {
                self.tally.rejected(at, None, table::above_the_header());
            }
        }
        let mut layout = Layout::new(&header, self.tally.stated.unit(), &self.purpose);
        self.tell_contradicted(&layout);
        layout.most = table::habit(body, &header, self.job.limits);
        self.lacking.extend(layout.lacking.iter().map(|column| (*column, None)));
        self.tally.no_list.extend(&layout.no_list);
        let mut splitter = Splitter::new(blocks, header.delimiter, bounds);
        let (purpose, spares) = (self.purpose, Spares::default());
        let parse = |run| {
            let part = layout.gather(&run, purpose);
            spares.give(run);
            part
        };
        match self.stream(|| splitter.next_in(spares.take()), parse) {
            Err(CsvFault::Io(fault)) => return Err(fault),
            Err(fault) => self.csv_fault(&fault),
            Ok(()) => {}
        }
        Ok(())
    }

    /// Columns that a line above the table makes something else than the kind counts.
    pub(super) fn tell_contradicted(&mut self, layout: &Layout) {
        let Some(unit) = self.tally.stated.unit().map(explain::short) else { return };
        for heading in &layout.contradicted {
            let heading = format!("{heading}（单位：{unit}）");
            self.tally.extra(&heading);
        }
    }

    /// No header; `why` says what in the file's form hides it.
    pub(super) fn no_header(&mut self, headings: &Headings, why: Option<Text>) {
        let wanted: Vec<&str> = headings.all.iter().take(12).map(String::as_str).collect();
        let titles: Vec<String> = wanted.iter().map(|name| self.title(name)).collect();
        let help = why.unwrap_or_else(|| {
            Text::new(
                format!("前 {HEADER_ROWS} 行中应有一行列名：{}", titles.join("、")),
                format!("one of the first {HEADER_ROWS} rows must hold column names: {}", wanted.join(", ")),
            )
        });
        self.break_off(&codes::HEADER, Text::new("没有找到表头行", "no header row was found"), Some(help));
    }

    fn csv_fault(&mut self, fault: &CsvFault) {
        let (message, help) = match fault {
            CsvFault::TooLong { row, line, quoted } => {
                let limit = self.job.limits.cell_bytes;
                // What is most likely: a quote that is never closed takes the rest of the file into one cell.
                let (zh, en) =
                    if *quoted { ("；引号可能没有闭合", "; its quote may never be closed") } else { ("", "") };
                (
                    Text::new(
                        format!("第 {row} 行（物理行 {line}）有一格超过 {limit} 字节，或整行过长{zh}"),
                        format!(
                            "a cell of row {row} (line {line}) has more than {limit} bytes, or the row is too long{en}"
                        ),
                    ),
                    quoted.then(|| Text::new("检查该行的引号是否闭合", "see whether a quote in that row is closed")),
                )
            }
            CsvFault::TooManyColumns { row, line } => {
                let limit = self.job.limits.columns;
                (
                    Text::new(
                        format!("第 {row} 行（物理行 {line}）超过 {limit} 列"),
                        format!("row {row} (line {line}) has more than {limit} columns"),
                    ),
                    None,
                )
            }
            CsvFault::Io(fault) => return self.cannot_read(fault),
        };
        self.break_off(&codes::TOO_LARGE, message, help);
    }

    // --- documents ---

    fn bounds(&self) -> Bounds {
        Bounds { depth: self.job.limits.depth, nodes: self.job.limits.nodes }
    }

    fn document_fault(&mut self, fault: DocumentFault) {
        let at = At { row: fault.line, line: fault.line, child: 0 };
        self.tally.faults.push(fault.code, |path| {
            Diagnostic::new(fault.code, fault.message.clone()).at_place(place(path, None, at, None))
        });
        self.broken.get_or_insert(fault.message);
    }

    fn document(&mut self, blocks: &mut Blocks, format: Format, limit: u64) -> std::io::Result<()> {
        let Some(whole) = blocks.read_whole(limit)? else {
            self.too_large(blocks.contents(), limit);
            return Ok(());
        };
        let body = whole.as_slice();
        if body.trim_ascii().is_empty() {
            return Ok(());
        }
        if format == Format::Json {
            match json::parse(body, 1, self.bounds()) {
                Ok(root) => self.rows_of(&root),
                Err(fault) => self.document_fault(fault),
            }
            return Ok(());
        }
        let Ok(text) = std::str::from_utf8(body) else {
            self.break_off(&codes::ENCODING, Text::new("文件不是有效的 UTF-8", "the file is not valid UTF-8"), None);
            return Ok(());
        };
        if format == Format::Xml {
            match xml::parse(text, self.bounds()) {
                Ok(root) => self.rows_of(&root),
                Err(fault) => self.document_fault(fault),
            }
            return Ok(());
        }
        if format == Format::Blocks {
            self.blocks_of(text);
            return Ok(());
        }
        match yaml::parse(text, self.bounds()) {
            Ok(Some(node)) => self.rows_of(&yaml::value(&node, text)),
            Ok(None) => {}
            Err(fault) => self.document_fault(fault),
        }
        Ok(())
    }

    /// Every match of the declared pattern is a row. A text without one is none of those it was declared for.
    fn blocks_of(&mut self, text: &str) {
        let Some(layout) = self.job.kind.read.blocks.as_ref().and_then(BlockLayout::new) else { return };
        let part = layout.gather(text, self.purpose);
        self.take(part);
    }

    fn rows_of(&mut self, root: &Value<'_>) {
        if root.kind == Kind::Null {
            return;
        }
        let found;
        let pointer = match self.job.kind.rows.as_deref() {
            // An adapter says what it finds where.
            None if self.job.tells_extra && !self.job.lenient => {
                found = match wrapped::find(root, &self.job.kind.record) {
                    Place::Root => None,
                    Place::At(pointer) => Some(pointer),
                    Place::Several(pointers) => return self.several_places(&pointers),
                    Place::Nowhere => return self.no_keys(),
                };
                found.as_deref()
            }
            declared => declared,
        };
        let Some(rows) = document::rows(root, pointer) else {
            let pointer = pointer.unwrap_or_default().to_owned();
            self.break_off(
                &codes::ROWS_POINTER,
                Text::new(format!("文件中没有 `{pointer}`"), format!("the file has nothing at `{pointer}`")),
                None,
            );
            return;
        };
        let (mut line, mut same) = (0, 0);
        let mut gather = Gather::new(self.purpose);
        gather.tally.stated.mine_keys(beside::entries(root, pointer));
        beside::tell_lists(root, pointer, &mut gather);
        for (pointer, value) in rows {
            // Rows that share a line are told apart by their number on it.
            same = if value.line == line { same + 1 } else { 0 };
            line = value.line;
            gather.object(value, At { row: line, line, child: same }, &pointer);
            if gather.held() >= self.purpose.context.batch_rows {
                let full = std::mem::replace(&mut gather, Gather::new(self.purpose));
                self.take(full.finish());
            }
        }
        self.take(gather.finish());
    }

    /// Several places of a document may be its records.
    fn several_places(&mut self, pointers: &[String]) {
        let shown: Vec<String> =
            pointers.iter().take(5).map(|pointer| format!("`{}`", explain::short(pointer))).collect();
        self.break_off(
            &codes::ROWS_POINTER,
            Text::new(
                format!("文件中有几处都像是记录：{}", shown.join("、")),
                format!("several places of the file look like its records: {}", shown.join(", ")),
            ),
            Some(Text::new(
                "在证据类型或适配器的 `rows` 中写明记录在哪里",
                "say in `rows` of the kind or an adapter where the records are",
            )),
        );
    }

    /// No key of a document is a column.
    fn no_keys(&mut self) {
        let headings = Arc::clone(&self.job.plan.headings);
        let wanted: Vec<&String> = headings.all.iter().take(12).collect();
        let titles: Vec<String> = wanted.iter().map(|name| self.title(name)).collect();
        let names: Vec<&str> = wanted.iter().map(|name| name.as_str()).collect();
        self.break_off(
            &codes::HEADER,
            Text::new(
                format!("文件中没有该类型的字段（{}）", titles.join("、")),
                format!("no key of the file is a column of the kind ({})", names.join(", ")),
            ),
            Some(Text::new(
                "记录在别处时，在证据类型或适配器的 `rows` 中写明",
                "if the records are elsewhere, say where in `rows` of the kind or an adapter",
            )),
        );
    }

    fn json_lines(&mut self, blocks: &mut Blocks) -> std::io::Result<()> {
        let (purpose, bounds) = (self.purpose, self.bounds());
        let mut lines = Lines::new(blocks, self.job.limits.cell_bytes);
        let spares = Spares::default();
        let ended = self.stream(
            || lines.next_in(spares.take()),
            |run| {
                let mut gather = Gather::new(purpose);
                for (line, text) in run.lines().filter(|(_, text)| !text.trim_ascii().is_empty()) {
                    let place = At { row: line, line, child: 0 };
                    match json::parse(text, line, bounds) {
                        Ok(value) => gather.object(&value, place, ""),
                        Err(fault) => gather.reject(place, fault.message),
                    }
                }
                spares.give(run);
                gather.finish()
            },
        );
        self.lines_ended(ended)
    }

    /// Lines whose named groups are columns.
    fn pattern_lines(&mut self, blocks: &mut Blocks) -> std::io::Result<()> {
        let Some(layout) = self.job.kind.read.lines.as_ref().and_then(LineLayout::new) else { return Ok(()) };
        let (purpose, spares) = (self.purpose, Spares::default());
        let mut lines = Lines::new(blocks, self.job.limits.cell_bytes);
        let parse = |run| {
            let part = layout.gather(&run, purpose);
            spares.give(run);
            part
        };
        let ended = self.stream(|| lines.next_in(spares.take()), parse);
        self.lines_ended(ended)
    }

    fn lines_ended(&mut self, ended: Result<(), LineFault>) -> std::io::Result<()> {
        match ended {
            Err(LineFault::Io(fault)) => return Err(fault),
            Err(LineFault::TooLong { line }) => {
                let limit = self.job.limits.cell_bytes;
                let message = Text::new(
                    format!("第 {line} 行超过 {limit} 字节"),
                    format!("line {line} has more than {limit} bytes"),
                );
                self.break_off(&codes::TOO_LARGE, message, None);
            }
            Ok(()) => {}
        }
        Ok(())
    }
}

/// Whether a file begins with an object in its first line and another in its second.
fn is_json_lines(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.next().is_some_and(|line| line.starts_with(b"{") && line.ends_with(b"}"))
        && lines.next().is_some_and(|line| line.starts_with(b"{"))
}

/// Whether a record has a column that is masked.
pub(crate) fn is_sensitive(record: &Record) -> bool {
    record.fields.values().any(|field| {
        field.sensitivity.is_some()
            || match &field.kind {
                FieldKind::Struct(inner) | FieldKind::Children { record: inner, .. } => is_sensitive(inner),
                FieldKind::Column(_) => false,
            }
    })
}

/// Parts of a file that each thread may have waiting, at each of the three stages.
const AHEAD: usize = 1;
