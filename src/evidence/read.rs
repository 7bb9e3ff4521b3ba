//! One file → rows of every wanted table: its format recognised, its bytes hashed on the way.

use std::collections::{BTreeSet, HashSet};

use regex::Regex;

use super::bytes::{Blocks, Digested, Origin};
use super::cells::{CellFault, Raw};
use super::csv::{CsvFault, Records, guess_delimiter};
use super::decode::{self, Encoding};
use super::document::{self, DocumentFault, Kind, Value};
use super::explain;
use super::faults::Faults;
use super::frame::{At, Context, Frame, Noticed};
use super::header::{Bound, Headings, Names, bind};
use super::json::{self, Bounds};
use super::plan::Plan;
use super::{Batch, FileEntry, Limits, codes, yaml};
use crate::model::{EvidenceKind, ReadOptions};
use crate::text::{Diagnostic, Place, Text};

/// Bytes looked at to recognise encoding, delimiter and header.
pub(crate) const HEAD: usize = 64 << 10;
/// Rows among which a header is looked for.
const HEADER_ROWS: u64 = 30;

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
    /// Known, and not read yet.
    Unsupported,
}

impl Format {
    /// The format that a file's suffix names; without one that is known, what the bytes look like.
    pub(crate) fn of(path: &str, head: &[u8]) -> Self {
        let suffix =
            path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, suffix)| suffix.to_lowercase());
        match suffix.as_deref() {
            Some("csv") => Self::Csv,
            Some("tsv" | "tab") => Self::Tsv,
            Some("json") => Self::Json,
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("yaml" | "yml") => Self::Yaml,
            Some(
                "xlsx" | "xls" | "xlsm" | "xlsb" | "ods" | "et" | "xml" | "parquet" | "docx" | "doc" | "wps" | "pdf"
                | "png" | "jpg" | "jpeg" | "zip" | "rar" | "7z" | "gz",
            ) => Self::Unsupported,
            _ => match head.trim_ascii_start().first() {
                Some(b'{') if head.split(|byte| *byte == b'\n').nth(1).is_some_and(|line| line.starts_with(b"{")) => {
                    Self::JsonLines
                }
                Some(b'{' | b'[') => Self::Json,
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
            Self::Unsupported => None,
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
}

/// What reading gave.
pub(crate) struct Outcome {
    /// Bytes and hash.
    pub(crate) digested: Digested,
    /// Format, when it is one that is read.
    pub(crate) format: Option<&'static str>,
    /// Encoding.
    pub(crate) encoding: Option<&'static str>,
    /// Rows read, those after the day of judging included.
    pub(crate) rows_read: u64,
    /// Rows that could not be read.
    pub(crate) rows_rejected: u64,
    /// Cells that could not be read.
    pub(crate) unreadable: u64,
    /// The file as a whole cannot be read: why.
    pub(crate) broken: Option<Text>,
    /// What the frame noticed.
    pub(crate) noticed: Noticed,
    /// Headings that are no field.
    pub(crate) extra: Vec<String>,
    /// Columns that the file lacks: level, column.
    pub(crate) lacking: BTreeSet<(usize, usize)>,
    /// Tables that the file has something else in place of.
    pub(crate) no_list: BTreeSet<usize>,
    /// Rows shown of each table.
    pub(crate) shown: Vec<u64>,
    /// Its faults.
    pub(crate) faults: Faults,
}

/// Reads a file to its end.
pub(crate) fn read(job: &Job<'_>, context: &Context<'_>, sink: &mut dyn FnMut(usize, Batch)) -> Outcome {
    let mut frame = Frame::new(job.plan);
    frame.gather_keys = job.gather_keys;
    let mut reader = Reader {
        job,
        context,
        sink,
        frame,
        faults: Faults::new(&job.entry.path, job.limits.diagnostics),
        rows_read: 0,
        rows_rejected: 0,
        unreadable: 0,
        broken: None,
        extra: Vec::new(),
        extra_seen: HashSet::new(),
        lacking: BTreeSet::new(),
        no_list: BTreeSet::new(),
        encoding: None,
        format: None,
    };
    let digested = reader.run().unwrap_or_else(|fault| {
        reader.cannot_read(&fault);
        Digested::default()
    });
    reader.finish(digested)
}

struct Reader<'a, 'j> {
    job: &'a Job<'j>,
    context: &'a Context<'a>,
    sink: &'a mut dyn FnMut(usize, Batch),
    frame: Frame<'a>,
    faults: Faults,
    rows_read: u64,
    rows_rejected: u64,
    unreadable: u64,
    broken: Option<Text>,
    extra: Vec<String>,
    extra_seen: HashSet<String>,
    lacking: BTreeSet<(usize, usize)>,
    no_list: BTreeSet<usize>,
    encoding: Option<&'static str>,
    format: Option<&'static str>,
}

impl Reader<'_, '_> {
    fn run(&mut self) -> std::io::Result<Digested> {
        let head = self.job.origin.head(HEAD)?;
        let mut blocks = self.job.origin.open()?;
        let format = Format::of(&self.job.entry.path, &head);
        self.format = format.name();
        let streamed = matches!(format, Format::Csv | Format::Tsv | Format::JsonLines);
        let limit = if streamed { self.job.limits.streamed_bytes } else { self.job.limits.whole_bytes };
        let size = blocks.size;
        if format == Format::Unsupported {
            self.break_off(
                &codes::FORMAT,
                Text::new("这种格式尚不能读取", "files of this format cannot be read yet"),
                Some(Text::new("另存为 CSV（UTF-8）、JSON 或 YAML", "save it as CSV (UTF-8), JSON or YAML")),
            );
        } else if size > limit {
            self.too_large(size, limit);
        } else if let Some(encoding) = self.readable_encoding(&head, size) {
            match format {
                Format::Json | Format::Yaml => self.document(&mut blocks, encoding, format, limit)?,
                Format::JsonLines => self.json_lines(&mut blocks, encoding)?,
                _ => self.table(&mut blocks, encoding, &head, format)?,
            }
        }
        let digested = blocks.finish()?;
        if digested.bytes != size {
            let message = Text::new("文件在读取时被改动", "the file changed while it was read");
            self.break_off(
                &codes::CHANGED,
                message,
                Some(Text::new("待写入结束后再运行", "run again when nothing writes to it")),
            );
        }
        Ok(digested)
    }

    fn finish(mut self, digested: Digested) -> Outcome {
        self.frame.flush(self.context, self.sink);
        let noticed = std::mem::take(&mut self.frame.noticed);
        for (level, column, at) in &noticed.before {
            let Some(plan) = self.job.plan.levels.get(*level).and_then(|level| level.columns.get(*column)) else {
                continue;
            };
            let message = explain::cell(CellFault::Before, plan, Raw::Absent);
            let name = plan.name.clone();
            self.faults.push(&codes::UNREADABLE_CELL, |path| {
                Diagnostic::new(&codes::UNREADABLE_CELL, message).at_place(place(path, *at, Some(name)))
            });
        }
        for at in &noticed.repeated {
            let key = self.job.kind.key.join(", ");
            self.faults.push(&codes::DUPLICATE_KEY, |path| {
                let message = Text::new(
                    format!("另有一行的主键（{key}）与此行相同"),
                    format!("another row has the same key ({key})"),
                );
                Diagnostic::new(&codes::DUPLICATE_KEY, message).at_place(place(path, *at, Some(key)))
            });
        }
        if !self.extra.is_empty() {
            let names: Vec<String> =
                self.extra.iter().take(20).map(|name| format!("`{}`", explain::short(name))).collect();
            let (count, names) = (self.extra.len(), names.join(", "));
            let message = Text::new(
                format!("{count} 列没有声明，未使用：{names}"),
                format!("undeclared columns, not used ({count}): {names}"),
            );
            self.faults.file(&codes::EXTRA_COLUMN, message, None);
        }
        Outcome {
            digested,
            format: self.format,
            encoding: self.encoding,
            rows_read: self.rows_read,
            rows_rejected: self.rows_rejected,
            unreadable: self.unreadable + noticed.unreadable,
            broken: self.broken,
            shown: (0..self.job.plan.levels.len()).map(|level| self.frame.shown(level)).collect(),
            noticed,
            extra: self.extra,
            lacking: self.lacking,
            no_list: self.no_list,
            faults: self.faults,
        }
    }

    /// The file as a whole cannot be read.
    fn break_off(&mut self, code: &'static crate::text::Code, message: Text, help: Option<Text>) {
        self.faults.file(code, message.clone(), help);
        self.broken.get_or_insert(message);
    }

    fn cannot_read(&mut self, fault: &std::io::Error) {
        let message = Text::new(format!("不能读取（{fault}）"), format!("cannot be read: {fault}"));
        self.break_off(&codes::UNREADABLE_FILE, message, None);
    }

    fn too_large(&mut self, size: u64, limit: u64) {
        let message = Text::new(
            format!("文件有 {size} 字节，超过上限 {limit}"),
            format!("the file has {size} bytes, more than the limit of {limit}"),
        );
        self.break_off(&codes::TOO_LARGE, message, None);
    }

    fn readable_encoding(&mut self, head: &[u8], size: u64) -> Option<Encoding> {
        let stated = self.job.entry.stated.as_ref().and_then(|stated| stated.encoding.as_deref());
        let declared = self.job.kind.read.encoding.as_deref().filter(|label| *label != "auto");
        let detected = decode::detect(head, size <= head.len() as u64);
        let named = stated.or(declared).map(|label| Encoding::from_label(label).unwrap_or(Encoding::Unknown));
        let encoding = match named {
            Some(Encoding::Utf8) if detected == Encoding::Utf8Bom => detected,
            Some(named) => named,
            None => detected,
        };
        self.encoding = Some(encoding.name());
        if encoding.is_utf8() {
            return Some(encoding);
        }
        let (zh, en) = if encoding == Encoding::Unknown {
            ("不是文本文件，或编码无法识别".to_owned(), "not a text file, or of an unknown encoding".to_owned())
        } else {
            (
                format!("编码是 {}，尚不能读取", encoding.name()),
                format!("its encoding is {}, which cannot be read yet", encoding.name()),
            )
        };
        let help = Text::new("另存为“CSV UTF-8（逗号分隔）”", "save it as \"CSV UTF-8 (comma delimited)\"");
        self.break_off(&codes::ENCODING, Text::new(zh, en), Some(help));
        None
    }

    fn flush_when_full(&mut self) {
        if self.frame.len(0) >= self.context.batch_rows {
            self.frame.flush(self.context, self.sink);
        }
    }

    fn cell(&mut self, level: usize, column: usize, raw: Raw<'_>, at: At, shown_as: &dyn Fn() -> String) {
        let Err(fault) = self.frame.cell(level, column, raw) else { return };
        self.unreadable += 1;
        let Some(plan) = self.job.plan.levels.get(level).and_then(|level| level.columns.get(column)) else { return };
        self.faults.push(&codes::UNREADABLE_CELL, |path| {
            Diagnostic::new(&codes::UNREADABLE_CELL, explain::cell(fault, plan, raw)).at_place(place(
                path,
                at,
                Some(shown_as()),
            ))
        });
    }

    fn reject(&mut self, at: At, message: Text) {
        self.rows_rejected += 1;
        self.faults.push(&codes::REJECTED_ROW, |path| {
            Diagnostic::new(&codes::REJECTED_ROW, message).at_place(place(path, at, None))
        });
    }

    // --- tables ---

    fn table(&mut self, blocks: &mut Blocks, encoding: Encoding, head: &[u8], format: Format) -> std::io::Result<()> {
        let headings = Headings::of(&self.job.kind.record);
        let body = head.get(encoding.mark()..).unwrap_or_default();
        let tab = (format == Format::Tsv).then_some('\t');
        let Some(header) = find_header(body, &headings, &self.job.kind.read, tab, self.job.limits) else {
            // A first row that is too wide or too long hides the header.
            let mut records =
                Records::new(blocks, encoding.mark(), self.job.limits.columns, self.job.limits.cell_bytes)?;
            if let Err(fault) = records.next() {
                self.csv_fault(&fault);
            } else if !body.trim_ascii().is_empty() {
                let wanted: Vec<&str> = headings.all.iter().take(12).map(String::as_str).collect();
                self.break_off(
                    &codes::HEADER,
                    Text::new("没有找到表头行", "no header row was found"),
                    Some(Text::new(
                        format!("前 {HEADER_ROWS} 行中应有一行列名：{}", wanted.join("、")),
                        format!("one of the first {HEADER_ROWS} rows must hold column names: {}", wanted.join(", ")),
                    )),
                );
            }
            return Ok(());
        };
        self.extra.clone_from(&header.bound.extra);
        let mut twice: BTreeSet<&str> = BTreeSet::new();
        for (field, first, second) in &header.bound.twice {
            twice.insert(field);
            let (field, first, second) = (field.clone(), explain::short(first), explain::short(second));
            let at = At { row: header.row, line: header.row, child: 0 };
            self.faults.push(&codes::DUPLICATE_COLUMN, |path| {
                let message = Text::new(
                    format!("`{first}` 与 `{second}` 两列都对应字段 `{field}`"),
                    format!("`{first}` and `{second}` both mean the field `{field}`"),
                );
                Diagnostic::new(&codes::DUPLICATE_COLUMN, message).at_place(place(path, at, Some(second)))
            });
        }
        // What each level takes from where: column, position of the cell, heading.
        let mut own: Vec<(usize, Option<(usize, String)>)> = Vec::new();
        let mut lists: Vec<(usize, Option<(usize, String)>)> = Vec::new();
        for (index, level) in self.job.plan.levels.iter().enumerate() {
            let found = |name: &str| header.bound.fields.get(name).filter(|_| !twice.contains(name)).cloned();
            if index == 0 {
                own.extend(level.columns.iter().enumerate().map(|(at, column)| (at, found(&column.name))));
                let lacking = own.iter().filter(|(_, found)| found.is_none()).map(|(at, _)| (0, *at));
                self.lacking.extend(lacking);
            } else if level.scalars && level.parent == Some(0) {
                let found = level.list.first().and_then(|name| found(name));
                if found.is_none() {
                    self.no_list.insert(index);
                }
                lists.push((index, found));
            } else {
                self.no_list.insert(index);
            }
        }
        let footer = self.job.kind.read.footer.as_ref().and_then(|pattern| Regex::new(pattern).ok());
        let mut records = Records::new(blocks, encoding.mark(), self.job.limits.columns, self.job.limits.cell_bytes)?;
        records.set_delimiter(header.delimiter);
        loop {
            let record = match records.next() {
                Ok(Some(record)) => record,
                Ok(None) => return Ok(()),
                Err(CsvFault::Io(fault)) => return Err(fault),
                Err(fault) => {
                    self.csv_fault(&fault);
                    return Ok(());
                }
            };
            if record.row <= header.row || record.is_blank_from(0) {
                continue;
            }
            let at = At { row: record.row, line: record.line, child: 0 };
            if record.unclosed {
                let message = Text::new(
                    "引号没有闭合，文件可能被截断",
                    "a quote is never closed; the file may have been cut short",
                );
                self.rows_rejected += 1;
                self.faults.push(&codes::UNCLOSED_QUOTE, |path| {
                    Diagnostic::new(&codes::UNCLOSED_QUOTE, message).at_place(place(path, at, None))
                });
                continue;
            }
            if let Some(footer) = &footer {
                let first = record.cells().find(|cell| !cell.trim_ascii().is_empty());
                if first.is_some_and(|cell| std::str::from_utf8(&cell).is_ok_and(|text| footer.is_match(text.trim()))) {
                    continue;
                }
            }
            let (cells, width) = (record.len(), header.bound.width);
            if cells < width || !record.is_blank_from(width) {
                self.reject(
                    at,
                    Text::new(
                        format!("此行有 {cells} 格，表头有 {width} 列"),
                        format!("the row has {cells} cells, the header {width}"),
                    ),
                );
                continue;
            }
            let parent = u32::try_from(self.frame.len(0)).unwrap_or(u32::MAX);
            self.rows_read += 1;
            self.frame.begin(0, at, 0, None);
            for (column, found) in &own {
                let Some((index, heading)) = found else {
                    self.frame.absent(0, *column, self.job.lenient);
                    continue;
                };
                let bytes = record.get(*index).unwrap_or_default();
                let raw = std::str::from_utf8(&bytes).map_or(Raw::Undecodable, Raw::Text);
                self.cell(0, *column, raw, at, &|| heading.clone());
            }
            for (level, found) in &lists {
                let Some((index, heading)) = found else { continue };
                let bytes = record.get(*index).unwrap_or_default();
                self.list_cell(*level, &bytes, at, parent, heading);
            }
            self.flush_when_full();
        }
    }

    /// Child rows out of one cell.
    fn list_cell(&mut self, level: usize, bytes: &[u8], at: At, parent: u32, heading: &str) {
        let Some(plan) = self.job.plan.levels.get(level) else { return };
        let text = std::str::from_utf8(bytes);
        let Some(cells) = plan.columns.first().map(|column| &column.cells) else { return };
        let parsed;
        let items: Vec<Raw<'_>> = match text {
            Err(_) => vec![Raw::Undecodable],
            Ok(text) if cells.is_null(text) => Vec::new(),
            Ok(text) if text.trim_start().starts_with('[') => {
                match json::parse(text.as_bytes(), 1, Bounds { depth: 1, nodes: 100_000 }) {
                    Ok(Value { kind: Kind::List(values), .. }) => {
                        parsed = values;
                        parsed.iter().map(Raw::from).collect()
                    }
                    _ => vec![Raw::Map],
                }
            }
            Ok(text) => cells.split(text).into_iter().map(Raw::Text).collect(),
        };
        for (child, raw) in items.into_iter().enumerate() {
            let at = At { child: child as u64, ..at };
            self.frame.begin(level, at, parent, None);
            self.cell(level, 0, raw, at, &|| heading.to_owned());
        }
    }

    fn csv_fault(&mut self, fault: &CsvFault) {
        let (message, help) = match fault {
            CsvFault::TooLong { row, line, quoted } => {
                let limit = self.job.limits.cell_bytes;
                (
                    Text::new(
                        format!("第 {row} 行（物理行 {line}）有一格超过 {limit} 字节"),
                        format!("a cell of row {row} (line {line}) has more than {limit} bytes"),
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
        self.faults.push(fault.code, |path| {
            Diagnostic::new(fault.code, fault.message.clone()).at_place(place(path, at, None))
        });
        self.broken.get_or_insert(fault.message);
    }

    fn document(&mut self, blocks: &mut Blocks, encoding: Encoding, format: Format, limit: u64) -> std::io::Result<()> {
        let Some(whole) = blocks.read_whole(limit)? else {
            self.too_large(blocks.bytes(), limit);
            return Ok(());
        };
        let body = whole.get(encoding.mark()..).unwrap_or_default();
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
        match yaml::parse(text, self.bounds()) {
            Ok(Some(node)) => self.rows_of(&yaml::value(&node, text)),
            Ok(None) => {}
            Err(fault) => self.document_fault(fault),
        }
        Ok(())
    }

    fn rows_of(&mut self, root: &Value<'_>) {
        if root.kind == Kind::Null {
            return;
        }
        let pointer = self.job.kind.rows.as_deref();
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
        for (pointer, value) in rows {
            // Rows that share a line are told apart by their number on it.
            same = if value.line == line { same + 1 } else { 0 };
            line = value.line;
            self.row(value, At { row: line, line, child: same }, &pointer);
        }
    }

    fn json_lines(&mut self, blocks: &mut Blocks, encoding: Encoding) -> std::io::Result<()> {
        let mut window = Vec::new();
        let mut ended = blocks.read_into(&mut window)? == 0;
        let (mut at, mut line) = (encoding.mark().min(window.len()), 0_u64);
        loop {
            let rest = window.get(at..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == b'\n');
            let Some(length) = length.or((ended && !rest.is_empty()).then_some(rest.len())) else {
                if ended {
                    return Ok(());
                }
                if rest.len() > self.job.limits.cell_bytes {
                    let limit = self.job.limits.cell_bytes;
                    let message = Text::new(
                        format!("第 {} 行超过 {limit} 字节", line + 1),
                        format!("line {} has more than {limit} bytes", line + 1),
                    );
                    self.break_off(&codes::TOO_LARGE, message, None);
                    return Ok(());
                }
                window.drain(..at);
                at = 0;
                ended = blocks.read_into(&mut window)? == 0;
                continue;
            };
            line += 1;
            let text = rest.get(..length).unwrap_or_default();
            if !text.trim_ascii().is_empty() {
                let place = At { row: line, line, child: 0 };
                match json::parse(text, line, self.bounds()) {
                    Ok(value) => self.row(&value, place, ""),
                    Err(fault) => self.reject(place, fault.message),
                }
            }
            at = (at + length + 1).min(window.len());
        }
    }

    fn row(&mut self, value: &Value<'_>, at: At, pointer: &str) {
        let Kind::Map(entries) = &value.kind else {
            self.reject(at, Text::new("此处不是一个对象", "this is not an object"));
            return;
        };
        for (key, _) in entries {
            if self.extra_seen.len() < 4_096 && !self.extra_seen.contains(key.as_ref()) {
                let known = self.job.kind.record.fields.values().any(|field| Names::of(field).matches(key));
                self.extra_seen.insert(key.to_string());
                if !known {
                    self.extra.push(key.to_string());
                }
            }
        }
        self.rows_read += 1;
        let mut counts = vec![0; self.job.plan.levels.len()];
        self.record(0, value, at, pointer, 0, &mut counts);
        self.flush_when_full();
    }

    fn record(&mut self, level: usize, value: &Value<'_>, at: At, pointer: &str, parent: u32, counts: &mut [u64]) {
        let Some(plan) = self.job.plan.levels.get(level) else { return };
        let position = u32::try_from(self.frame.len(level)).unwrap_or(u32::MAX);
        self.frame.begin(level, at, parent, Some(pointer.into()));
        for (index, column) in plan.columns.iter().enumerate() {
            let found = if plan.scalars { Found::Here(value) } else { find(value, &column.path) };
            let (raw, line) = match found {
                Found::Here(value) => (Raw::from(value), value.line),
                Found::Absent => (Raw::Absent, at.line),
                Found::NoObject => (Raw::Map, at.line),
            };
            let shown_as = || {
                if plan.scalars {
                    pointer.to_owned()
                } else {
                    column.path.iter().fold(pointer.to_owned(), |path, names| document::child(&path, &names.name))
                }
            };
            self.cell(level, index, raw, At { line, ..at }, &shown_as);
        }
        for (child, inner) in self.job.plan.levels.iter().enumerate().filter(|(_, inner)| inner.parent == Some(level)) {
            let path = inner.path.iter().fold(pointer.to_owned(), |path, names| document::child(&path, &names.name));
            let list = match find(value, &inner.path) {
                Found::Here(list) => list,
                Found::Absent if !inner.required => continue,
                Found::Absent | Found::NoObject => {
                    self.not_a_list(child, at, path);
                    continue;
                }
            };
            match &list.kind {
                Kind::Null => {}
                Kind::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.element(child, inner.scalars, item, &format!("{path}/{index}"), position, counts);
                    }
                }
                Kind::Text(text) if text.trim().is_empty() => {}
                Kind::Text(text) if inner.scalars => {
                    // A list written into one text, as in a table.
                    let parts: Vec<&str> =
                        inner.columns.first().map(|column| column.cells.split(text)).unwrap_or_default();
                    for part in parts {
                        let item = Value { line: list.line, kind: Kind::Text(part.into()) };
                        self.element(child, true, &item, &path, position, counts);
                    }
                }
                Kind::Map(_) if !inner.scalars => {
                    // A list of one, without brackets.
                    self.element(child, false, list, &path, position, counts);
                }
                _ => self.not_a_list(child, At { line: list.line, ..at }, path),
            }
        }
    }

    fn element(
        &mut self,
        level: usize,
        scalars: bool,
        item: &Value<'_>,
        pointer: &str,
        parent: u32,
        counts: &mut [u64],
    ) {
        let count = counts.get_mut(level).map_or(0, |count| {
            *count += 1;
            *count - 1
        });
        let at = At { row: item.line, line: item.line, child: count };
        if scalars || matches!(item.kind, Kind::Map(_)) {
            self.record(level, item, at, pointer, parent, counts);
        } else {
            self.reject(at, Text::new("列表的这一项不是对象", "this element of the list is not an object"));
        }
    }

    fn not_a_list(&mut self, level: usize, at: At, pointer: String) {
        self.no_list.insert(level);
        self.faults.push(&codes::NOT_A_LIST, |path| {
            let message = Text::new("这里应当是列表", "a list belongs here");
            Diagnostic::new(&codes::NOT_A_LIST, message).at_place(place(path, at, Some(pointer)))
        });
    }
}

enum Found<'v> {
    Here(&'v Value<'v>),
    Absent,
    NoObject,
}

/// Follows names through objects.
fn find<'v>(value: &'v Value<'_>, path: &[Names]) -> Found<'v> {
    let mut at = value;
    for names in path {
        match &at.kind {
            Kind::Map(entries) => {
                let exact = entries.iter().find(|(key, _)| *key == names.name);
                match exact.or_else(|| entries.iter().find(|(key, _)| names.matches(key))) {
                    Some((_, value)) => at = value,
                    None => return Found::Absent,
                }
            }
            Kind::Null => return Found::Absent,
            _ => return Found::NoObject,
        }
    }
    Found::Here(at)
}

/// Place of a row or cell.
pub(crate) fn place(path: &str, at: At, column: Option<String>) -> Place {
    Place::Row { file: path.to_owned(), sheet: None, row: at.row, line: Some(at.line), column }
}

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

/// The row among the first that names the most fields, under the delimiter that lets it.
pub(crate) fn find_header(
    body: &[u8],
    headings: &Headings,
    options: &ReadOptions,
    delimiter: Option<char>,
    limits: &Limits,
) -> Option<Header> {
    let fixed = options.delimiter.or(delimiter).and_then(|delimiter| u8::try_from(delimiter).ok());
    let guessed = guess_delimiter(body);
    let mut candidates = fixed.map_or_else(|| vec![guessed, b',', b'\t', b';', b'|'], |fixed| vec![fixed]);
    candidates.dedup();
    let mut best: Option<Header> = None;
    for delimiter in candidates {
        let Ok(mut blocks) = Origin::Memory(body.into()).open() else { continue };
        let Ok(mut records) = Records::new(&mut blocks, 0, limits.columns, limits.cell_bytes) else { continue };
        records.set_delimiter(delimiter);
        while let Ok(Some(record)) = records.next() {
            if record.row > options.header_row.unwrap_or(HEADER_ROWS) {
                break;
            }
            if options.header_row.is_some_and(|row| row != record.row) {
                continue;
            }
            let cells: Vec<String> = record.cells().map(|cell| String::from_utf8_lossy(&cell).into_owned()).collect();
            let bound = bind(headings, cells.into_iter().map(Into::into));
            let most = best.as_ref().map_or(0, |best| best.bound.fields.len());
            if bound.fields.len() > most {
                best = Some(Header { row: record.row, delimiter, bound });
            }
        }
    }
    best
}
