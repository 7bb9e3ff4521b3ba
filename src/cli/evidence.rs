//! `hegui evidence status|show`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::json;

use super::args::{EvidenceStatusArgs, Format};
use super::diagnostics;
use super::progress::Progress;
use super::session::{self, LISTED, Opened};
use super::table::{Tone, Value, table};
use super::{Console, Environment, ExitStatus};
use crate::engine::{columns_needed, plan_all};
use crate::evidence::{
    CapturedFrom, FileEntry, FileScan, FileStatus, KindScan, TablePath, column_info, date_text, table_columns,
};
use crate::model::{ControlId, EvidenceKind, KindId, MissingEvidence, NotTested};
use crate::text::{Diagnostic, Lang, Text, sort_diagnostics};

/// What is there, what is owed, what is stale, what nobody uses.
pub(super) fn status(console: &mut Console<'_>, args: &EvidenceStatusArgs, environment: &Environment) -> ExitStatus {
    let request = session::request(&args.workspace, &args.policy, &args.time, environment);
    let opened = match session::open(console, &request) {
        Ok(opened) => opened,
        Err(status) => return status,
    };
    let mut needed = needed(&opened);
    let planned = plan_all(&opened.opened.pack, &opened.opened.facts, &opened.opened.clock);
    let columns = columns_needed(&planned);
    let index = &opened.index;
    let progress = Progress::start(console, false, "正在读取证据", "reading the evidence");
    let mut scans: Vec<KindScan> = Vec::new();
    let mut lacking = Vec::new();
    for kind in index.kinds() {
        let wanted = wanted(kind, &columns);
        let scan = index.scan(&kind.id, &wanted, &mut |_, _| {});
        let is_needed = |table: usize, column: &str| {
            let Some((table, _)) = wanted.get(table) else { return false };
            // What every row must have, whether or not a check decides by it.
            let must = || {
                let field = kind.record.fields.get(column).filter(|_| table.list.is_empty());
                field.is_some_and(|field| field.required || kind.key.contains(&field.name))
            };
            columns.get(table).is_some_and(|columns| columns.contains(column)) || must()
        };
        lacking.extend(scan.lacking_columns(&is_needed));
        if let Some(need) = needed.get_mut(&kind.id) {
            need.read(&scan, &wanted, &columns);
        }
        scans.push(scan);
    }
    scans.sort_by(|a, b| a.kind.cmp(&b.kind));
    let (unused, unused_faults) = index.scan_unused();
    drop(progress);
    let mut faults = opened.opened.diagnostics.clone();
    faults.extend(index.diagnostics().iter().cloned());
    faults.extend(scans.iter().flat_map(|scan| scan.diagnostics.iter().cloned()));
    faults.extend(unused_faults);
    faults.extend(lacking);
    sort_diagnostics(&mut faults);

    match args.format {
        Format::Json => {
            let value = status_json(&opened, &scans, &unused, &needed, &faults);
            console.line(&serde_json::to_string_pretty(&value).unwrap_or_default());
        }
        Format::Table => status_table(console, &opened, &scans, &unused, &needed),
    }
    diagnostics::show(console, &faults, LISTED);
    let incomplete = needed.values().any(|need| !need.is_usable());
    if opened.opened.faulty() {
        ExitStatus::Policy
    } else if incomplete {
        ExitStatus::Untested
    } else {
        ExitStatus::Satisfied
    }
}

/// What is asked of a kind, and what stands in the way.
#[derive(Default)]
struct Need {
    /// Selected controls that read it.
    controls: BTreeSet<ControlId>,
    /// Why it cannot be used as it is; `None` when its definition has faults and it was not read.
    missing: Option<Vec<MissingEvidence>>,
}

impl Need {
    fn is_usable(&self) -> bool {
        self.missing.as_ref().is_some_and(Vec::is_empty)
    }

    /// What keeps checks from using the kind, or a column that one of them decides by.
    fn read(
        &mut self,
        scan: &KindScan,
        wanted: &[(TablePath, Vec<String>)],
        columns: &BTreeMap<TablePath, BTreeSet<String>>,
    ) {
        let of_table = |(at, (table, _)): (usize, &(TablePath, Vec<String>))| {
            scan.missing_for(at, columns.get(table).into_iter().flatten().map(String::as_str))
        };
        let all: BTreeSet<MissingEvidence> = wanted.iter().enumerate().flat_map(of_table).collect();
        self.missing = Some(all.into_iter().collect());
    }
}

/// Kinds that the selected controls read.
fn needed(opened: &Opened) -> BTreeMap<KindId, Need> {
    let mut needed: BTreeMap<KindId, Need> = BTreeMap::new();
    for control in opened.opened.pack.selected_controls() {
        for kind in session::kinds_of_control(control) {
            if opened.opened.pack.kinds.contains_key(&kind) {
                needed.entry(kind).or_default().controls.insert(control.id.clone());
            }
        }
    }
    needed
}

/// Every column of the rows of a kind, so that cells nobody can read and keys that repeat are told before any check asks
/// for them, and of the lists inside them what checks decide by.
fn wanted(kind: &EvidenceKind, columns: &BTreeMap<TablePath, BTreeSet<String>>) -> Vec<(TablePath, Vec<String>)> {
    let own = table_columns(kind, &[]).unwrap_or_default().into_keys().collect();
    let lists = columns.iter().filter(|(table, _)| table.kind == kind.id && !table.list.is_empty());
    std::iter::once((TablePath { kind: kind.id.clone(), list: Vec::new() }, own))
        .chain(lists.map(|(table, names)| (table.clone(), names.iter().cloned().collect())))
        .collect()
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
    needed: &BTreeMap<KindId, Need>,
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
            rows.push((entry.name(), file_row(entry, file, limit, is_stale(scan, &entry.path), lang)));
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
    for (id, need) in needed {
        let Some(kind) = opened.opened.pack.kinds.get(id) else { continue };
        let reasons: Vec<String> = match &need.missing {
            Some(missing) => reasons(kind, missing, lang),
            None => vec![say("种类定义有误", "its definition has faults").to_owned()],
        };
        if reasons.is_empty() {
            continue;
        }
        let controls: Vec<&str> = need.controls.iter().map(ControlId::as_str).collect();
        missing.push(vec![
            Value::from(format!("{id} {}", kind.title.get(lang))),
            Value::from(kind.owner.as_deref().unwrap_or("—")),
            Value::from(controls.join(" ")),
            // Last, so that its length moves nothing else.
            Value::toned(&reasons.join(say("；", "; ")), Tone::Bad),
        ]);
    }
    if !missing.is_empty() {
        console.line("");
        console.line(say("所需证据尚不能用：", "evidence that is needed and cannot be used:"));
        let header = match lang {
            Lang::Zh => ["种类", "提供部门", "控制点", "原因"],
            Lang::En => ["kind", "owed by", "controls", "reason"],
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

/// Why a kind cannot be used. Files that lack the same columns are named together: exports of one tool lack the same.
fn reasons(kind: &EvidenceKind, missing: &[MissingEvidence], lang: Lang) -> Vec<String> {
    let mut columns_of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut said = Vec::new();
    for missing in missing {
        let (Some(column), Some(file)) = (&missing.column, &missing.file) else {
            said.push(missing.detail.get(lang).to_owned());
            continue;
        };
        let title = column_info(kind, &[], column).map(|info| info.title).filter(|title| title != column);
        let shown = match (title, lang) {
            (None, _) => format!("`{column}`"),
            (Some(title), Lang::Zh) => format!("`{title}`（{column}）"),
            (Some(title), Lang::En) => format!("`{column}` ({title})"),
        };
        columns_of.entry(file).or_default().push(shown);
    }
    let mut files_of: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for (file, mut columns) in columns_of {
        columns.dedup();
        files_of.entry(columns).or_default().push(file);
    }
    said.extend(files_of.into_iter().map(|(columns, files)| {
        let files: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
        match lang {
            Lang::Zh => format!("{} 缺少列 {}", files.join("、"), columns.join("、")),
            Lang::En => {
                let verb = if files.len() == 1 { "lacks" } else { "lack" };
                let word = if columns.len() == 1 { "column" } else { "columns" };
                format!("{} {verb} the {word} {}", files.join(", "), columns.join(", "))
            }
        }
    }));
    said
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
        (scan.rows_future, "晚于基准日", "in the future"),
        (scan.left_out, "适配器略过", "left out by the adapter"),
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
        Value::from(entry.name()),
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
    needed: &BTreeMap<KindId, Need>,
    faults: &[Diagnostic],
) -> serde_json::Value {
    let index = &opened.index;
    let mut files: Vec<(&FileEntry, serde_json::Value)> = Vec::new();
    for scan in scans {
        for file in &scan.files {
            let Some(entry) = index.files().get(file.file as usize) else { continue };
            files.push((entry, file_json(entry, file, Some(scan), opened)));
        }
    }
    for file in unused {
        let Some(entry) = index.files().get(file.file as usize) else { continue };
        files.push((entry, file_json(entry, file, None, opened)));
    }
    files.sort_by_key(|(entry, _)| entry.name());
    let kinds: Vec<serde_json::Value> = needed
        .iter()
        .map(|(id, need)| {
            let missing: Vec<serde_json::Value> = need.missing.iter().flatten().map(missing_json).collect();
            json!({
                "kind": id,
                "title": opened.opened.pack.kinds.get(id).map(|kind| &kind.title),
                "owner": opened.opened.pack.kinds.get(id).and_then(|kind| kind.owner.as_deref()),
                "controls": need.controls,
                "usable": need.is_usable(),
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
        "diagnostics": faults.iter().map(diagnostics::json).collect::<Vec<_>>(),
    })
}

/// Why a kind cannot be used, for programs.
pub(super) fn missing_json(missing: &MissingEvidence) -> serde_json::Value {
    json!({"reason": missing.reason, "file": missing.file, "detail": missing.detail})
}

/// A file for programs; `of_kind` is the reading of the kind that it is of.
pub(super) fn file_json(
    entry: &FileEntry,
    scan: &FileScan,
    of_kind: Option<&KindScan>,
    opened: &Opened,
) -> serde_json::Value {
    let limit = of_kind.and_then(|of_kind| opened.index.kind(&of_kind.kind)?.max_age_days);
    let stale = of_kind.is_some_and(|of_kind| is_stale(of_kind, &entry.path));
    json!({
        "path": entry.path,
        "sheets": entry.sheets(),
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
        "rows_left_out": scan.left_out,
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
