//! `hegui evidence status|show`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::json;

use super::args::{EvidenceShowArgs, EvidenceStatusArgs, Format};
use super::diagnostics;
use super::progress::Progress;
use super::session::{self, LISTED, Opened};
use super::table::{Tone, Value, table};
use super::{Console, Environment, ExitStatus, plain};
use crate::evidence::{
    CapturedFrom, FileEntry, FileScan, FileStatus, KindScan, TablePath, column_info, date_text, display_in, mask,
    nested_lists, table_columns,
};
use crate::expr::{Column, Doubt};
use crate::model::{ControlId, KindId, NotTested};
use crate::text::{Diagnostic, Lang, Level, Place, Text, sort_diagnostics};

/// What is there, what is owed, what is stale, what nobody uses.
pub(super) fn status(console: &mut Console<'_>, args: &EvidenceStatusArgs, environment: &Environment) -> ExitStatus {
    let request = session::request(&args.workspace, &args.policy, &args.time, environment);
    let opened = match session::open(console, &request) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let needed = needed(&opened);
    let index = &opened.index;
    let progress = Progress::start(console, false, "正在读取证据", "reading the evidence");
    let mut scans: Vec<KindScan> = index.kinds().map(|kind| index.scan(&kind.id, &[], &mut |_, _| {})).collect();
    scans.sort_by(|a, b| a.kind.cmp(&b.kind));
    let (unused, unused_faults) = index.scan_unused();
    drop(progress);
    let mut faults = opened.opened.diagnostics.clone();
    faults.extend(index.diagnostics().iter().cloned());
    faults.extend(scans.iter().flat_map(|scan| scan.diagnostics.iter().cloned()));
    faults.extend(unused_faults);
    sort_diagnostics(&mut faults);

    match args.format {
        Format::Json => {
            let value = status_json(&opened, &scans, &unused, &needed);
            console.line(&serde_json::to_string_pretty(&value).unwrap_or_default());
        }
        Format::Table => status_table(console, &opened, &scans, &unused, &needed),
    }
    diagnostics::show(console, &faults, LISTED);
    let incomplete = needed
        .keys()
        .any(|kind| scans.iter().find(|scan| scan.kind == *kind).is_none_or(|scan| !scan.missing.is_empty()));
    if opened.opened.faulty() {
        ExitStatus::Policy
    } else if incomplete {
        ExitStatus::Untested
    } else {
        ExitStatus::Satisfied
    }
}

/// Kinds that the selected controls read, and which controls.
fn needed(opened: &Opened) -> BTreeMap<KindId, BTreeSet<ControlId>> {
    let mut needed: BTreeMap<KindId, BTreeSet<ControlId>> = BTreeMap::new();
    for control in opened.opened.pack.selected_controls() {
        for kind in session::kinds_of_control(control) {
            if opened.opened.pack.kinds.contains_key(&kind) {
                needed.entry(kind).or_default().insert(control.id.clone());
            }
        }
    }
    needed
}

fn status_word(status: &FileStatus) -> Text {
    match status {
        FileStatus::Used => Text::new("采用", "used"),
        FileStatus::NilReturn => Text::new("零报告", "nil return"),
        FileStatus::Empty => Text::new("空文件", "empty"),
        FileStatus::Unreadable => Text::new("无法读取", "unreadable"),
        FileStatus::Superseded { by } => Text::new(format!("已被 {by} 取代"), format!("superseded by {by}")),
        FileStatus::Duplicate { of } => Text::new(format!("与 {of} 重复"), format!("duplicate of {of}")),
        FileStatus::Future => Text::new("采集日期晚于基准日", "captured after the as-of date"),
        FileStatus::Unused => Text::new("未使用", "unused"),
    }
}

fn captured_word(from: CapturedFrom) -> Text {
    match from {
        CapturedFrom::Manifest => Text::new("清单", "manifest"),
        CapturedFrom::TimeColumn => Text::new("数据", "data"),
        CapturedFrom::FileName => Text::new("文件名", "file name"),
    }
}

fn status_table(
    console: &mut Console<'_>,
    opened: &Opened,
    scans: &[KindScan],
    unused: &[FileScan],
    needed: &BTreeMap<KindId, BTreeSet<ControlId>>,
) {
    let lang = console.lang;
    let index = &opened.index;
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let heading = match lang {
        Lang::Zh => format!("期间 {}，基准日 {}", opened.opened.period, date_text(opened.opened.clock.as_of)),
        Lang::En => format!("period {}, as of {}", opened.opened.period, date_text(opened.opened.clock.as_of)),
    };
    console.line(&heading);

    let mut rows = Vec::new();
    for scan in scans {
        let limit = index.kind(&scan.kind).and_then(|kind| kind.max_age_days);
        for file in &scan.files {
            let Some(entry) = index.files().get(file.file as usize) else { continue };
            rows.push((entry.path.clone(), file_row(entry, file, limit, is_stale(scan, &entry.path), lang)));
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rows: Vec<Vec<Value>> = rows.into_iter().map(|(_, row)| row).collect();
    if !rows.is_empty() {
        let header = match lang {
            Lang::Zh => ["文件", "种类", "行数", "采集日期", "时效（天）", "状态"],
            Lang::En => ["file", "kind", "rows", "captured on", "age (days)", "state"],
        };
        console.line("");
        let text = table(console.out_ability, &header, &rows);
        console.print(&text);
    }

    let mut missing = Vec::new();
    for (id, controls) in needed {
        let Some(kind) = opened.opened.pack.kinds.get(id) else { continue };
        let reasons: Vec<String> = match scans.iter().find(|scan| scan.kind == *id) {
            Some(scan) => scan.missing.iter().map(|missing| missing.detail.get(lang).to_owned()).collect(),
            None => vec![say("种类定义有误", "its definition has faults").to_owned()],
        };
        if reasons.is_empty() {
            continue;
        }
        let controls: Vec<&str> = controls.iter().map(ControlId::as_str).collect();
        missing.push(vec![
            Value::from(format!("{id} {}", kind.title.get(lang))),
            Value::toned(&reasons.join(say("；", "; ")), Tone::Bad),
            Value::from(kind.owner.as_deref().unwrap_or("—")),
            Value::from(controls.join(" ")),
        ]);
    }
    if !missing.is_empty() {
        console.line("");
        console.line(say("所需证据尚不能用：", "evidence that is needed and cannot be used:"));
        let header = match lang {
            Lang::Zh => ["种类", "原因", "提供部门", "控制点"],
            Lang::En => ["kind", "reason", "owed by", "controls"],
        };
        let text = table(console.out_ability, &header, &missing);
        console.print(&text);
    }

    let left: Vec<Vec<Value>> = unused
        .iter()
        .filter_map(|scan| index.files().get(scan.file as usize))
        .map(|entry| {
            let reason = entry.unused.as_ref().map(|reason| reason.get(lang)).unwrap_or_default();
            vec![Value::from(entry.path.as_str()), Value::toned(reason, Tone::Doubt)]
        })
        .collect();
    if !left.is_empty() {
        console.line("");
        console.line(say("没有使用的文件：", "files nobody uses:"));
        let header = if lang == Lang::Zh { ["文件", "原因"] } else { ["file", "reason"] };
        let text = table(console.out_ability, &header, &left);
        console.print(&text);
    }
    console.line("");
    let usable = needed.len() - missing.len();
    let summary = match lang {
        Lang::Zh => format!(
            "所需证据 {} 类，可用 {usable} 类，不可用 {} 类；未使用的文件 {} 个",
            needed.len(),
            missing.len(),
            left.len()
        ),
        Lang::En => format!(
            "{} kinds needed: {usable} usable, {} not; {} files unused",
            needed.len(),
            missing.len(),
            left.len()
        ),
    };
    console.line(&summary);
}

/// Whether the file makes its kind stale. Age alone does not: a journal is as old as its newest file.
fn is_stale(scan: &KindScan, path: &str) -> bool {
    scan.missing
        .iter()
        .any(|missing| missing.reason == NotTested::EvidenceStale && missing.file.as_deref() == Some(path))
}

fn file_row(entry: &FileEntry, scan: &FileScan, limit: Option<i64>, stale: bool, lang: Lang) -> Vec<Value> {
    let mut rows = scan.rows_read.to_string();
    let by_manifest = entry.stated.as_ref().and_then(|stated| stated.rows);
    for (stated, zh, en) in [(by_manifest, "清单", "manifest"), (scan.own_rows, "文件自述", "file itself")] {
        let Some(stated) = stated.filter(|stated| *stated != scan.rows_read) else { continue };
        let _ = match lang {
            Lang::Zh => write!(rows, "（{zh} {stated}）"),
            Lang::En => write!(rows, " ({en}: {stated})"),
        };
    }
    for (count, zh, en) in [
        (scan.rows_rejected, "拒收", "rejected"),
        (scan.rows_future, "未到期日", "in the future"),
        (scan.footer_rows, "合计与备注", "totals and remarks"),
    ] {
        if count > 0 {
            let _ = match lang {
                Lang::Zh => write!(rows, "，{zh} {count}"),
                Lang::En => write!(rows, ", {count} {en}"),
            };
        }
    }
    let captured = scan.captured_on.map_or_else(
        || "—".to_owned(),
        |(day, from)| match lang {
            Lang::Zh => format!("{}（{}）", date_text(day), captured_word(from).zh),
            Lang::En => format!("{} ({})", date_text(day), captured_word(from).en),
        },
    );
    let age = scan.age_days.map_or_else(|| "—".to_owned(), |age| age.to_string());
    let age = match limit {
        Some(limit) => format!("{age} / {limit}"),
        None => age,
    };
    let counts = matches!(scan.status, FileStatus::Used | FileStatus::NilReturn);
    let (word, tone) = if counts && stale {
        (say_stale(lang).to_owned(), Tone::Bad)
    } else {
        let tone = match scan.status {
            FileStatus::Used | FileStatus::NilReturn => Tone::Good,
            FileStatus::Superseded { .. } | FileStatus::Duplicate { .. } | FileStatus::Unused => Tone::Doubt,
            FileStatus::Empty | FileStatus::Unreadable | FileStatus::Future => Tone::Bad,
        };
        (status_word(&scan.status).get(lang).to_owned(), tone)
    };
    vec![
        Value::from(entry.path.as_str()),
        Value::from(entry.kind.as_ref().map_or("—", KindId::as_str)),
        Value::from(rows),
        Value::from(captured),
        Value::toned(&age, if stale { Tone::Bad } else { Tone::Plain }),
        Value::toned(&word, tone),
    ]
}

fn say_stale(lang: Lang) -> &'static str {
    if lang == Lang::Zh { "已过期" } else { "stale" }
}

fn status_json(
    opened: &Opened,
    scans: &[KindScan],
    unused: &[FileScan],
    needed: &BTreeMap<KindId, BTreeSet<ControlId>>,
) -> serde_json::Value {
    let index = &opened.index;
    let mut files: Vec<(&FileEntry, serde_json::Value)> = Vec::new();
    for scan in scans {
        let limit = index.kind(&scan.kind).and_then(|kind| kind.max_age_days);
        for file in &scan.files {
            let Some(entry) = index.files().get(file.file as usize) else { continue };
            files.push((entry, file_json(entry, file, limit, is_stale(scan, &entry.path))));
        }
    }
    for file in unused {
        let Some(entry) = index.files().get(file.file as usize) else { continue };
        files.push((entry, file_json(entry, file, None, false)));
    }
    files.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    let kinds: Vec<serde_json::Value> = needed
        .iter()
        .map(|(id, controls)| {
            let missing: Vec<serde_json::Value> = scans
                .iter()
                .find(|scan| scan.kind == *id)
                .map(|scan| {
                    let reasons = scan.missing.iter();
                    reasons
                        .map(
                            |missing| json!({"reason": missing.reason, "file": missing.file, "detail": missing.detail}),
                        )
                        .collect()
                })
                .unwrap_or_default();
            json!({
                "kind": id,
                "title": opened.opened.pack.kinds.get(id).map(|kind| &kind.title),
                "owner": opened.opened.pack.kinds.get(id).and_then(|kind| kind.owner.as_deref()),
                "controls": controls,
                "usable": missing.is_empty() && scans.iter().any(|scan| scan.kind == *id),
                "missing": missing,
            })
        })
        .collect();
    json!({
        "schema": "hegui/evidence-status/v1",
        "period": opened.opened.period,
        "as_of": date_text(opened.opened.clock.as_of),
        "files": files.into_iter().map(|(_, value)| value).collect::<Vec<_>>(),
        "needed": kinds,
    })
}

fn file_json(entry: &FileEntry, scan: &FileScan, limit: Option<i64>, stale: bool) -> serde_json::Value {
    json!({
        "path": entry.path,
        "kind": entry.kind,
        "recognised_by": entry.recognised_by,
        "status": scan.status.word(),
        "unused_because": entry.unused,
        "format": scan.format,
        "encoding": scan.encoding,
        "bytes": scan.bytes,
        "sha256": scan.sha256,
        "rows_read": scan.rows_read,
        "rows_rejected": scan.rows_rejected,
        "rows_future": scan.rows_future,
        "rows_stated": entry.stated.as_ref().and_then(|stated| stated.rows),
        "rows_stated_by_file": scan.own_rows,
        "period_stated_by_file": scan.own_period.map(|(from, to)| json!({"from": date_text(from), "to": date_text(to)})),
        "rows_of_footer": scan.footer_rows,
        "header_row": scan.header_row,
        "adapter": entry.adapter().map(|adapter| &adapter.id),
        "covers": scan.covers.map(|(from, to)| json!({"from": date_text(from), "to": date_text(to)})),
        "captured_on": scan.captured_on.map(|(day, _)| date_text(day)),
        "captured_from": scan.captured_on.map(|(_, from)| from.word()),
        "age_days": scan.age_days,
        "max_age_days": limit,
        "stale": stale,
    })
}

/// One table as read.
pub(super) fn show(console: &mut Console<'_>, args: &EvidenceShowArgs, environment: &Environment) -> ExitStatus {
    let request = session::request(&args.workspace, &args.policy, &args.time, environment);
    let opened = match session::open(console, &request) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let Some(wanted) = wanted(console, &opened, args) else { return ExitStatus::Usage };
    let Some(kind) = opened.index.kind(&wanted.path.kind) else { return ExitStatus::Usage };
    let lang = console.lang;
    let index = &opened.index;

    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
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
            let cells = wanted
                .columns
                .iter()
                .zip(&batch.columns)
                .map(|(name, column)| {
                    let sensitivity = column_info(kind, &wanted.path.list, name).and_then(|info| info.sensitivity);
                    cell(column, row, opened.opened.clock.zone, sensitivity.filter(|_| !args.raw))
                })
                .collect();
            let path = index.files().get(batch.rows.file as usize).map(|file| file.path.clone()).unwrap_or_default();
            let number = batch.rows.row.get(row).copied().unwrap_or_default();
            let pointer = batch.rows.pointer.as_ref().and_then(|all| all.get(row)).map(ToString::to_string);
            let sheet = batch.rows.sheet.as_ref().map(ToString::to_string);
            rows.push(Row { path, sheet, number, pointer, cells });
        }
    });
    drop(progress);

    match args.format {
        Format::Json => {
            for row in &rows {
                let mut object = serde_json::Map::new();
                object.insert("file".into(), row.path.clone().into());
                if let Some(sheet) = &row.sheet {
                    object.insert("sheet".into(), sheet.clone().into());
                }
                object.insert("row".into(), row.number.into());
                if let Some(pointer) = &row.pointer {
                    object.insert("pointer".into(), pointer.clone().into());
                }
                let cells = wanted.columns.iter().zip(&row.cells).map(|(name, cell)| (name.clone(), cell.json()));
                object.insert("values".into(), serde_json::Value::Object(cells.collect()));
                console.line(&serde_json::Value::Object(object).to_string());
            }
        }
        Format::Table => {
            let mut header = vec![if lang == Lang::Zh { "出处" } else { "place" }];
            header.extend(wanted.columns.iter().map(String::as_str));
            let drawn: Vec<Vec<Value>> = rows
                .iter()
                .map(|row| {
                    let mut line = vec![Value::from(row.place())];
                    line.extend(row.cells.iter().map(|cell| cell.value(lang)));
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
    let file = wanted.file.and_then(|file| index.files().get(file as usize)).map(|file| file.path.clone());
    let mut faults: Vec<Diagnostic> = scan.diagnostics.clone();
    faults.extend(scan.lacking_columns(&|_, _| true));
    faults.retain(|fault| file.is_none() || fault.place.as_ref().map(Place::file) == file.as_deref());
    sort_diagnostics(&mut faults);
    for missing in &scan.missing {
        console.note_line(&plain(missing.detail.get(lang)));
    }
    diagnostics::show(console, &faults, LISTED);
    let broken = faults.iter().any(|fault| fault.code.level == Level::Error);
    if broken || !scan.missing.is_empty() { ExitStatus::Untested } else { ExitStatus::Satisfied }
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

fn wanted(console: &mut Console<'_>, opened: &Opened, args: &EvidenceShowArgs) -> Option<Wanted> {
    let index = &opened.index;
    let asked = args.what.trim_start_matches("./");
    let file = index
        .files()
        .iter()
        .position(|file| file.path == asked || args.workspace.join(&file.path) == std::path::Path::new(&args.what));
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
    cells: Vec<Cell>,
}

impl Row {
    fn place(&self) -> String {
        let sheet = self.sheet.as_ref().map(|sheet| format!("[{sheet}]")).unwrap_or_default();
        let pointer = self.pointer.as_ref().map(|pointer| format!(" {pointer}")).unwrap_or_default();
        format!("{}{sheet}:{}{pointer}", self.path, self.number)
    }
}

enum Cell {
    Blank,
    Unreadable,
    Text(String),
}

impl Cell {
    fn value(&self, lang: Lang) -> Value {
        match self {
            Self::Blank => Value::from(""),
            Self::Unreadable => Value::toned(if lang == Lang::Zh { "⚠无法读取" } else { "⚠unreadable" }, Tone::Bad),
            Self::Text(text) => Value::from(text.as_str()),
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Blank => serde_json::Value::Null,
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
