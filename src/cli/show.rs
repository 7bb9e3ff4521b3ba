//! `hegui evidence show`: one table as it was read, each row with its place, unreadable cells and why.

use std::collections::HashMap;

use serde_json::json;

use super::args::{EvidenceShowArgs, Format};
use super::evidence::{file_json, missing_json};
use super::progress::Progress;
use super::session::{self, LISTED, Opened};
use super::table::{Tone, Value, table};
use super::{Console, Environment, ExitStatus, diagnostics, plain};
use crate::evidence::{
    Batch, FileEntry, FileScan, FileStatus, KindScan, TablePath, column_info, display_in, mask, nested_lists,
    table_columns,
};
use crate::expr::{Column, Doubt};
use crate::model::{EvidenceKind, KindId, MissingEvidence, Sensitivity};
use crate::text::{Diagnostic, Lang, Level, Place, sort_diagnostics};

/// One table as read.
pub(super) fn show(console: &mut Console<'_>, args: &EvidenceShowArgs, environment: &Environment) -> ExitStatus {
    let request = session::request(&args.workspace, &args.policy, &args.time, environment);
    let opened = match session::open(console, &request) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    if opened.opened.faulty() {
        // A kind with a fault cannot be shown, and nothing else is wrong with the words of the command.
        diagnostics::show(console, &opened.opened.diagnostics, LISTED);
        let kind = KindId::new(args.what.split('.').next().unwrap_or_default());
        let known = opened.index.kind(&kind).is_some();
        let is_file = asked_file(&opened, args)
            .and_then(|file| opened.index.files().get(file))
            .is_some_and(|file| file.kind.is_some());
        if !known && !is_file {
            return ExitStatus::Policy;
        }
    }
    let Some(wanted) = wanted(console, &opened, args) else { return ExitStatus::Usage };
    let Some(kind) = opened.index.kind(&wanted.path.kind) else { return ExitStatus::Usage };
    let lang = console.lang;
    let index = &opened.index;

    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let masks = masks(kind, &wanted, args.unmask);
    let mut rows: Vec<Row> = Vec::new();
    let mut total = 0_u64;
    let request = [(wanted.path.clone(), wanted.columns.clone())];
    let progress = Progress::start(console, false, "正在读取证据", "reading the evidence");
    let scan = index.scan(&wanted.path.kind, &request, &mut |_, batch| {
        if wanted.file.is_some_and(|file| file != batch.rows.file) {
            return;
        }
        for row in 0..batch.len() {
            total += 1;
            if rows.len() >= limit {
                continue;
            }
            let masks = masks.iter().zip(&batch.columns);
            let cells = masks.map(|(mask, column)| cell(column, row, opened.opened.clock.zone, *mask)).collect();
            let path = index.files().get(batch.rows.file as usize).map(|file| file.path.clone()).unwrap_or_default();
            let number = batch.rows.row.get(row).copied().unwrap_or_default();
            let pointer = batch.rows.pointer.as_ref().and_then(|all| all.get(row)).map(ToString::to_string);
            let sheet = batch.rows.sheet.as_ref().map(ToString::to_string);
            rows.push(Row { path, sheet, number, pointer, place: place_of(&batch, row), cells, written: Vec::new() });
        }
    });
    for row in &mut rows {
        for lacking in scan.lacking.iter().filter(|lacking| lacking.file == row.path) {
            let at = wanted.columns.iter().position(|name| *name == lacking.column);
            if let Some(cell) = at.and_then(|at| row.cells.get_mut(at)) {
                *cell = Cell::Lacking;
            }
        }
    }
    if args.raw {
        add_written(&opened, &wanted, &masks, &mut rows);
    }
    drop(progress);
    let file = wanted.file.and_then(|file| index.files().get(file as usize)).map(|file| file.path.clone());
    let mut faults: Vec<Diagnostic> = scan.diagnostics.clone();
    faults.extend(scan.lacking_columns(&|_, _| true));
    faults.retain(|fault| file.is_none() || fault.place.as_ref().map(Place::file) == file.as_deref());
    sort_diagnostics(&mut faults);

    let concerns = |missing: &&MissingEvidence| file.is_none() || missing.file == file;
    let missing: Vec<&MissingEvidence> = scan.missing.iter().filter(concerns).collect();
    match args.format {
        Format::Json => {
            let value = shown_json(&opened, &wanted, &scan, (&rows, total), &missing, &faults);
            console.line(&serde_json::to_string_pretty(&value).unwrap_or_default());
        }
        Format::Table => {
            for line in file_lines(&opened, &scan, wanted.file, lang) {
                console.line(&line);
            }
            let mut header = vec![if lang == Lang::Zh { "出处" } else { "place" }];
            header.extend(wanted.columns.iter().map(String::as_str));
            let drawn: Vec<Vec<Value>> = rows
                .iter()
                .map(|row| {
                    let mut line = vec![Value::from(row.place())];
                    let written = row.written.iter().map(Option::as_deref).chain(std::iter::repeat(None));
                    line.extend(row.cells.iter().zip(written).map(|(cell, written)| cell.value(lang, written)));
                    line
                })
                .collect();
            let text = table(console.out_ability, &header, &drawn);
            console.print(&text);
            let shown = rows.len();
            let count = match lang {
                Lang::Zh => format!("共 {total} 行，列出 {shown} 行"),
                Lang::En => format!("{total} rows, {shown} listed"),
            };
            console.line(&count);
            if !wanted.lists.is_empty() {
                let words = if lang == Lang::Zh { "其中的列表：" } else { "lists inside: " };
                let names: Vec<String> = wanted.lists.iter().map(|list| format!("{}.{list}", wanted.name())).collect();
                console.line(&format!("{words}{}", names.join("  ")));
            }
        }
    }
    for other in others(&opened, args) {
        let words = console.choose("同一工作簿的其他台账", "another register of the workbook").to_owned();
        console.note_line(&format!("{words}: hegui evidence show '{}'", plain(&other)));
    }
    for missing in &missing {
        console.note_line(&plain(missing.detail.get(lang)));
    }
    diagnostics::show(console, &faults, LISTED);
    let broken = faults.iter().any(|fault| fault.code.level == Level::Error);
    if broken || !missing.is_empty() { ExitStatus::Untested } else { ExitStatus::Satisfied }
}

struct Wanted {
    path: TablePath,
    columns: Vec<String>,
    lists: Vec<String>,
    /// Only rows of this file.
    file: Option<u32>,
}

impl Wanted {
    fn name(&self) -> String {
        let words = std::iter::once(self.path.kind.as_str()).chain(self.path.list.iter().map(String::as_str));
        words.collect::<Vec<_>>().join(".")
    }
}

/// Position of the file that is asked for, by its path in the workspace or from here; of the first register of a
/// workbook, when none of them is named.
fn asked_file(opened: &Opened, args: &EvidenceShowArgs) -> Option<usize> {
    let asked = args.what.trim_start_matches("./");
    let here = |path: &str| args.workspace.join(path) == std::path::Path::new(&args.what);
    let files = opened.index.files();
    let is = |name: &str| name == asked || here(name);
    let of_path = |file: &FileEntry| is(&file.path);
    let by_name = files.iter().position(|file| !file.sheets().is_empty() && is(&file.name()));
    by_name
        .or_else(|| files.iter().position(|file| of_path(file) && file.kind.is_some()))
        .or_else(|| files.iter().position(of_path))
}

/// The other registers of a workbook of which the first is shown, because none was named.
fn others(opened: &Opened, args: &EvidenceShowArgs) -> Vec<String> {
    let files = opened.index.files();
    let Some(shown) = asked_file(opened, args).and_then(|file| files.get(file)) else { return Vec::new() };
    // The sheets of one that is named stand behind its path.
    if shown.sheets().is_empty() || args.what.ends_with(']') {
        return Vec::new();
    }
    let other = |file: &&FileEntry| file.path == shown.path && file.kind != shown.kind && file.kind.is_some();
    files.iter().filter(other).map(FileEntry::name).collect()
}

fn wanted(console: &mut Console<'_>, opened: &Opened, args: &EvidenceShowArgs) -> Option<Wanted> {
    let index = &opened.index;
    let asked = args.what.trim_start_matches("./");
    let file = asked_file(opened, args);
    let path = if let Some(file) = file {
        let entry = index.files().get(file)?;
        let Some(kind) = &entry.kind else {
            let reason = entry.unused.as_ref().map(|why| why.get(console.lang).to_owned()).unwrap_or_default();
            console.fail(
                "这个文件没有对应的证据种类",
                "this file is of no evidence kind",
                &format!("{} {reason}", entry.path),
            );
            return None;
        };
        TablePath { kind: kind.clone(), list: Vec::new() }
    } else {
        let mut words = asked.split('.');
        let kind = KindId::new(words.next().unwrap_or_default());
        TablePath { kind, list: words.map(str::to_owned).collect() }
    };
    let Some(columns) = index.kind(&path.kind).and_then(|kind| table_columns(kind, &path.list)) else {
        console.fail("既不是证据种类，也不是证据文件", "neither an evidence kind nor an evidence file", &args.what);
        let mut known: Vec<String> = index.kinds().map(|kind| kind.id.to_string()).collect();
        known.extend(index.files().iter().map(|file| file.path.clone()));
        if let Some(meant) = crate::text::suggest::nearest(&args.what, known.iter().map(String::as_str)) {
            let help = console.choose("  帮助: 是否指", "  help: did you mean").to_owned();
            console.note_line(&format!("{help} `{meant}`?"));
        }
        return None;
    };
    let lists = index.kind(&path.kind).map(|kind| nested_lists(kind, &path.list)).unwrap_or_default();
    let file = file.and_then(|file| u32::try_from(file).ok());
    Some(Wanted { columns: columns.into_keys().collect(), lists, path, file })
}

struct Row {
    path: String,
    sheet: Option<String>,
    number: u64,
    pointer: Option<String>,
    place: (u32, u64, u64),
    cells: Vec<Cell>,
    /// The same cells as the file has them, when they are asked for.
    written: Vec<Option<String>>,
}

impl Row {
    fn place(&self) -> String {
        let sheet = self.sheet.as_ref().map(|sheet| format!("[{sheet}]")).unwrap_or_default();
        let pointer = self.pointer.as_ref().map(|pointer| format!(" {pointer}")).unwrap_or_default();
        format!("{}{sheet}:{}{pointer}", self.path, self.number)
    }

    /// Place and values, unreadable ones and columns that the file lacks told from blanks.
    fn json(&self, columns: &[String]) -> serde_json::Value {
        let cells = columns.iter().zip(&self.cells).map(|(name, cell)| (name.clone(), cell.json()));
        let mut row = json!({
            "file": self.path,
            "sheet": self.sheet,
            "row": self.number,
            "pointer": self.pointer,
            "values": serde_json::Value::Object(cells.collect()),
        });
        if let (false, Some(row)) = (self.written.is_empty(), row.as_object_mut()) {
            let written = columns.iter().zip(&self.written).map(|(name, text)| (name.clone(), text.clone().into()));
            row.insert("written".into(), serde_json::Value::Object(written.collect()));
        }
        row
    }
}

enum Cell {
    Blank,
    /// The file has no such column.
    Lacking,
    Unreadable,
    Text(String),
}

impl Cell {
    /// The value; with what the file has behind it, where that is written otherwise.
    fn value(&self, lang: Lang, written: Option<&str>) -> Value {
        let beside = |value: &str| match written.filter(|written| *written != value) {
            Some(written) => format!("{value} ← {written}"),
            None => value.to_owned(),
        };
        match self {
            Self::Blank => Value::from(beside("").trim_start()),
            Self::Lacking => Value::from(if lang == Lang::Zh { "（无此列）" } else { "(no column)" }),
            Self::Unreadable => {
                Value::toned(&beside(if lang == Lang::Zh { "⚠无法读取" } else { "⚠unreadable" }), Tone::Bad)
            }
            Self::Text(text) => Value::from(beside(text)),
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Blank => serde_json::Value::Null,
            Self::Lacking => json!({"lacking": true}),
            Self::Unreadable => json!({"unreadable": true}),
            Self::Text(text) => text.clone().into(),
        }
    }
}

fn cell(column: &Column, row: usize, zone: chrono_tz::Tz, masked: Option<crate::model::Sensitivity>) -> Cell {
    if column.doubt.at(row) & Doubt::UNREADABLE != 0 {
        return Cell::Unreadable;
    }
    match (display_in(column, row, zone), masked) {
        (None, _) => Cell::Blank,
        (Some(text), Some(sensitivity)) => Cell::Text(mask(sensitivity, &text)),
        (Some(text), None) => Cell::Text(text),
    }
}

fn place_of(batch: &Batch, row: usize) -> (u32, u64, u64) {
    let get = |numbers: &[u64]| numbers.get(row).copied().unwrap_or_default();
    (batch.rows.file, get(&batch.rows.row), get(&batch.rows.child))
}

/// How each column is masked.
fn masks(kind: &EvidenceKind, wanted: &Wanted, unmask: bool) -> Vec<Option<Sensitivity>> {
    let of = |name: &String| column_info(kind, &wanted.path.list, name).and_then(|info| info.sensitivity);
    wanted.columns.iter().map(|name| of(name).filter(|_| !unmask)).collect()
}

/// Puts beside the rows listed what their cells are in the file. Sensitive cells stay masked.
fn add_written(opened: &Opened, wanted: &Wanted, masks: &[Option<Sensitivity>], rows: &mut [Row]) {
    let listed: HashMap<(u32, u64, u64), usize> = rows.iter().enumerate().map(|(at, row)| (row.place, at)).collect();
    let request = [(wanted.path.clone(), wanted.columns.clone())];
    let zone = opened.opened.clock.zone;
    opened.index.scan_as_written(&wanted.path.kind, &request, &mut |_, batch| {
        for at in 0..batch.len() {
            let Some(row) = listed.get(&place_of(&batch, at)).and_then(|row| rows.get_mut(*row)) else { continue };
            let texts = masks.iter().zip(&batch.columns).map(|(masked, column)| {
                let text = display_in(column, at, zone)?;
                Some(masked.map_or_else(|| text.clone(), |sensitivity| mask(sensitivity, &text)))
            });
            row.written = texts.collect();
        }
    });
}

/// The table for programs: the files it is of, as `evidence status` has them, its rows, and what is wrong with it.
fn shown_json(
    opened: &Opened,
    wanted: &Wanted,
    scan: &KindScan,
    (rows, total): (&[Row], u64),
    missing: &[&MissingEvidence],
    faults: &[Diagnostic],
) -> serde_json::Value {
    let files = scan.files.iter().filter(|file| wanted.file.is_none_or(|only| file.file == only));
    let files = files
        .filter_map(|file| Some(file_json(opened.index.files().get(file.file as usize)?, file, Some(scan), opened)));
    json!({
        "schema": "hegui/evidence-show/v1",
        "table": wanted.name(),
        "columns": wanted.columns,
        "lists": wanted.lists,
        "files": files.collect::<Vec<_>>(),
        "rows_total": total,
        "rows": rows.iter().map(|row| row.json(&wanted.columns)).collect::<Vec<_>>(),
        "missing": missing.iter().map(|missing| missing_json(missing)).collect::<Vec<_>>(),
        "diagnostics": faults.iter().map(diagnostics::json).collect::<Vec<_>>(),
    })
}

/// One line for every file that was read: format, encoding, header, and what was not taken for data.
fn file_lines(opened: &Opened, scan: &KindScan, only: Option<u32>, lang: Lang) -> Vec<String> {
    let files = scan.files.iter().filter(|file| only.map_or(file.status == FileStatus::Used, |only| file.file == only));
    files.filter_map(|file| file_line(opened, file, lang)).collect()
}

fn file_line(opened: &Opened, file: &FileScan, lang: Lang) -> Option<String> {
    let entry = opened.index.files().get(file.file as usize)?;
    let mut parts: Vec<String> = [file.format, file.encoding].into_iter().flatten().map(str::to_owned).collect();
    let mut say = |zh: String, en: String| parts.push(if lang == Lang::Zh { zh } else { en });
    if let Some(adapter) = entry.adapter() {
        say(format!("适配器 {}", adapter.id), format!("adapter {}", adapter.id));
    }
    if let Some(row) = file.header_row {
        say(format!("表头第 {row} 行"), format!("header in row {row}"));
    }
    say(format!("读入 {} 行", file.rows_read), format!("{} rows read", file.rows_read));
    for (count, zh, en) in [
        (file.rows_rejected, "拒收", "rejected"),
        (file.rows_future, "晚于基准日", "in the future"),
        (file.left_out, "适配器略过", "left out by the adapter"),
        (file.footer_rows, "合计与备注", "of totals and remarks"),
    ] {
        if count > 0 {
            say(format!("{zh} {count} 行"), format!("{count} {en}"));
        }
    }
    Some(format!("{}  {}", plain(&entry.name()), parts.join(" · ")))
}
