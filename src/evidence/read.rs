//! One file → rows of every wanted table: its format recognised, its bytes hashed on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::bytes::{Blocks, Digested, Expands, Opening, Origin};
use super::cells::{CellFault, Raw};
use super::csv::{CsvFault, Splitter};
use super::decode::{self, Encoding};
use super::explain;
use super::frame::{Context, TAKEN};
use super::gather::{Gathered, Purpose, Tally, place};
use super::header::Headings;
use super::plan::Plan;
use super::sheet::{self, Container};
use super::spares::Spares;
use super::table::{self, HEADER_ROWS, Layout, Titles, find_header};
use super::{Batch, FileEntry, Limits, codes};
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
    /// A workbook that is XML of Excel 2003.
    SpreadsheetMl,
    /// A page with tables.
    Html,
    /// Known, and not read yet.
    Unsupported,
}

/// What a file is that no suffix makes a table, by its beginning.
fn foreign(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const KINDS: [(&[u8], &str, &str); 8] = [
        (b"%PDF-1.", " PDF 文件", "a PDF file"),
        (b"%PDF-2.", " PDF 文件", "a PDF file"),
        (b"Rar!\x1a\x07", " RAR 压缩包", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", " 7z 压缩包", "a 7z archive"),
        (b"\x89PNG\r\n", " PNG 图片", "a PNG picture"),
        (b"\xff\xd8\xff", " JPEG 图片", "a JPEG picture"),
        (b"{\\rtf1", " RTF 文档", "an RTF document"),
        (b"SQLite format 3\0", " SQLite 数据库", "an SQLite database"),
    ];
    if head.starts_with(b"PAR1") && head.contains(&0) {
        return Some((" Parquet 文件", "a Parquet file"));
    }
    KINDS.iter().find(|(begins, ..)| head.starts_with(begins)).map(|(_, zh, en)| (*zh, *en))
}

/// That a format cannot be read, and which one it is where the beginning says so.
fn unsupported(head: &[u8]) -> Text {
    match foreign(head) {
        Some((zh, en)) => Text::new(format!("文件是{zh}，尚不能读取"), format!("it is {en}, which cannot be read yet")),
        None => Text::new("这种格式尚不能读取", "files of this format cannot be read yet"),
    }
}

impl Format {
    /// The format that a file's suffix names; without one that is known, what the bytes look like.
    pub(crate) fn of(path: &str, head: &[u8]) -> Self {
        if let Some(container) = Container::of(head) {
            return Self::Workbook(container);
        }
        // What a text begins with is looked for in its characters.
        let may_be_utf_16 = head.iter().take(4).any(|byte| matches!(byte, 0 | 0xfe | 0xff));
        let encoding = may_be_utf_16.then(|| decode::detect(head, false)).filter(|encoding| encoding.is_utf_16());
        let decoded = encoding.map(|encoding| decode::head_as_utf8(head, encoding));
        let head = decoded.as_deref().unwrap_or(head);
        let path = path.strip_suffix(".gz").or_else(|| path.strip_suffix(".GZ")).unwrap_or(path);
        let suffix =
            path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, suffix)| suffix.to_lowercase());
        match suffix.as_deref() {
            _ if sheet::looks_like_html(head) => Self::Html,
            _ if sheet::looks_like_spreadsheetml(head) => Self::SpreadsheetMl,
            _ if foreign(head).is_some() => Self::Unsupported,
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
            Self::SpreadsheetMl => Some("spreadsheetml"),
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
        unit_above: None,
        headings: BTreeMap::new(),
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
    pub(super) broken: Option<Text>,
    pub(super) lacking: Lacks,
    pub(super) unread: Option<Text>,
    /// The unit that a line above the table last read states of its numbers.
    unit_above: Option<String>,
    /// Fields that columns were read for, with their headings.
    headings: BTreeMap<String, String>,
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
        if decode::is_mhtml(&head.bytes) {
            self.break_off(
                &codes::FORMAT,
                Text::new(
                    "这是单个文件网页（MHTML），不是表格",
                    "it is a web page saved as a single file (MHTML), and no table",
                ),
                Some(Text::new("打开后另存为 XLSX 或 CSV", "open it and save it as XLSX or CSV")),
            );
        } else if format == Format::Unsupported {
            self.break_off(
                &codes::FORMAT,
                unsupported(&head.bytes),
                Some(Text::new(
                    "另存为 XLSX、CSV（UTF-8）、JSON 或 YAML",
                    "save it as XLSX, CSV (UTF-8), JSON or YAML",
                )),
            );
        } else if let Some(sheet) = self.sheet_of_none(format) {
            self.break_off(
                &codes::NO_SHEET,
                Text::new(
                    format!("清单写明工作表“{sheet}”，而文件不是工作簿"),
                    format!("the manifest names the sheet `{sheet}`, and the file is no workbook"),
                ),
                Some(Text::new("删去清单中的 sheet", "leave out `sheet` in the manifest")),
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
                Format::Html => self.book_of_text(blocks, limit, sheet::open_html)?,
                Format::SpreadsheetMl => self.book_of_text(blocks, limit, sheet::open_spreadsheetml)?,
                _ => self.table(blocks, &decode::head_as_utf8(&head.bytes, encoding), format)?,
            }
            self.encoding = Some(blocks.encoding().name());
        }
        Ok(())
    }

    /// The sheet that the manifest names of a file which has none.
    fn sheet_of_none(&self, format: Format) -> Option<String> {
        let has_sheets = matches!(format, Format::Workbook(_) | Format::SpreadsheetMl | Format::Html);
        let stated = self.job.entry.part.as_ref()?.stated()?;
        stated.first().filter(|_| !has_sheets).map(|sheet| explain::short(sheet))
    }

    fn finish(mut self, digested: Digested) -> Outcome {
        self.tally.end();
        self.tell_unit_below();
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

    /// Columns that no record of a document has a key of, where its records have keys that are no column: one of these may be
    /// it. A key that some records lack is blank in them.
    fn lacking_keys(&self) -> Vec<(usize, usize)> {
        if !self.job.tells_extra {
            return Vec::new();
        }
        let of_level = |level: &usize| self.job.plan.levels.get(*level).map_or(0, |level| level.columns.len());
        let columns = self.tally.odd_keys.iter().flat_map(|level| (0..of_level(level)).map(|column| (*level, column)));
        columns.filter(|column| !self.tally.named.contains(column)).collect()
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
    pub(super) fn take(&mut self, part: Gathered) {
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
        self.read_as(&layout);
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
    fn tell_contradicted(&mut self, layout: &Layout) {
        let Some(unit) = self.tally.stated.unit().map(explain::short) else { return };
        for heading in &layout.contradicted {
            let heading = format!("{heading}（单位：{unit}）");
            self.tally.extra(&heading);
        }
    }

    /// What the columns of a table are read as, by what stands above it.
    pub(super) fn read_as(&mut self, layout: &Layout) {
        self.unit_above = self.tally.stated.unit().map(str::to_owned);
        self.headings.extend(layout.fields_read().map(|(field, heading)| (field.to_owned(), heading.to_owned())));
        self.tell_contradicted(layout);
    }

    /// A line below the table that makes columns something else than the kind counts: their numbers were taken for the kind's.
    fn tell_unit_below(&mut self) {
        let Some(unit) = self.tally.stated.unit().filter(|unit| self.unit_above.as_deref() != Some(*unit)) else {
            return;
        };
        let headings = &self.job.plan.headings;
        // Of a document the unit stands beside the rows.
        let level = self.job.plan.levels.first();
        let keys = self.tally.named.iter().filter(|(level, _)| *level == 0);
        let names = keys.filter_map(|(_, column)| level?.columns.get(*column)).map(|column| column.name.clone());
        let keys = names.map(|name| (name.clone(), self.title(&name)));
        let read: BTreeMap<String, String> = self.headings.clone().into_iter().chain(keys).collect();
        let other = read.iter().filter(|(field, heading)| headings.contradicts(unit, field, heading));
        let other: Vec<String> = other.map(|(_, heading)| format!("`{}`", explain::short(heading))).collect();
        if other.is_empty() {
            return;
        }
        let unit = explain::short(unit);
        self.unread.get_or_insert(Text::new(
            format!("表格之外写明单位：{unit}，而这些列已按证据类型的单位读取：{}", other.join("、")),
            format!(
                "what stands outside the table states the unit {unit}, and columns were read in that of the kind: {}",
                other.join(", ")
            ),
        ));
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
