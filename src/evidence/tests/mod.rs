//! Evidence from bytes to typed rows, as an engine would see it.

use std::sync::Arc;

use super::*;
use crate::model::{EvidenceKind, KindId, Manifest, ManifestFile, NotTested};
use crate::policy::{PackFiles, ProfileChoice};

mod adapters;
mod archives;
mod differential;
mod disk;
mod documents;
mod exports;
mod judging;
mod meaning;
mod sheets;
mod tables;
mod templates;

/// 2026-09-30.
const AS_OF: i32 = 20_726;

/// A kind from the body of its declaration.
fn kind(id: &str, body: &str) -> Arc<EvidenceKind> {
    let text = format!(
        "schema: hegui/evidence/v1\nid: {id}\ntitle: {{zh: {id}, en: {id}}}\ncollect: {{zh: 导出, en: Export it}}\n{body}"
    );
    let path = format!("evidence/{id}.yaml");
    let loaded = crate::policy::load(
        PackFiles::from_memory([(path.as_str(), text.as_str())]),
        Vec::new(),
        &ProfileChoice::default(),
        false,
    );
    let found = loaded.pack.kinds.get(&KindId::new(id));
    Arc::new(found.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics)).clone())
}

/// Jobs as most tests need them.
fn jobs() -> Arc<EvidenceKind> {
    static JOBS: std::sync::LazyLock<Arc<EvidenceKind>> = std::sync::LazyLock::new(make_jobs);
    Arc::clone(&JOBS)
}

fn make_jobs() -> Arc<EvidenceKind> {
    kind(
        "jobs",
        r#"
files: ["**/jobs*", "**/*备份*"]
max_age: 30 days
time: done_at
key: [id]
several: all
may_be_empty: true
record:
  type: object
  required: [id, done_at]
  properties:
    id: {type: string, title: 编号}
    dataset: {type: string, title: 数据集, x-aliases: [库名]}
    status: {type: string, title: 状态, enum: [success, failed], x-synonyms: {success: [成功], failed: [失败]}}
    copies: {type: integer, title: 份数, minimum: 0}
    ratio: {type: number, title: 比例}
    offsite: {type: boolean, title: 异地}
    started_at: {type: string, format: date-time, title: 开始}
    done_at: {type: string, format: date-time, title: 完成, x-not-before: started_at}
    keep_until: {type: string, format: date, title: 保留至, x-synonyms: {9999-12-31: [永久]}, x-null: [无]}
    tags: {type: array, items: {type: string}, x-separator: ";", title: 标签}
    holder: {type: string, title: 保管人, x-sensitive: name, pattern: "^[^0-9]+$"}
"#,
    )
}

/// A file of a kind.
fn file(path: &str, kind: &str, text: &str) -> MemoryFile {
    MemoryFile { path: path.into(), kind: Some(KindId::new(kind)), bytes: text.as_bytes().to_vec() }
}

fn options() -> MemoryOptions {
    MemoryOptions {
        as_of: AS_OF,
        zone: chrono_tz::Asia::Shanghai,
        manifest: Manifest::default(),
        captured_on: Some(AS_OF),
        columns_may_be_absent: false,
        limits: Limits::default(),
    }
}

fn table(kind: &str, list: &[&str], columns: &[&str]) -> (TablePath, Vec<String>) {
    let list = list.iter().map(|&name| name.to_owned()).collect();
    (TablePath { kind: KindId::new(kind), list }, columns.iter().map(|&name| name.to_owned()).collect())
}

/// Rows as text: cells as displayed, `·` for null, `?` for doubt.
fn rows_of(index: &Index, wanted: &[(TablePath, Vec<String>)]) -> (Vec<Vec<Vec<String>>>, KindScan) {
    let mut rows = vec![Vec::new(); wanted.len()];
    let kind = &wanted[0].0.kind;
    let mut scan = index.scan(kind, wanted, &mut |table, batch| {
        for column in &batch.columns {
            assert_eq!(column.len(), batch.len());
        }
        for row in 0..batch.len() {
            let cell = |column: &crate::expr::Column| match (
                column.doubt.at(row),
                display_in(column, row, chrono_tz::Asia::Shanghai),
            ) {
                (0, Some(text)) => text,
                (0, None) => "·".to_owned(),
                (_, None) => "?".to_owned(),
                (_, Some(text)) => panic!("a doubt with the value {text}"),
            };
            rows[table].push(batch.columns.iter().map(cell).collect());
        }
    });
    scan.diagnostics.extend(scan.lacking_columns(&|_, _| true));
    crate::text::sort_diagnostics(&mut scan.diagnostics);
    (rows, scan)
}

/// Rows of one table of one file.
fn read(kind: &Arc<EvidenceKind>, path: &str, text: &str, list: &[&str], columns: &[&str]) -> (Vec<String>, KindScan) {
    let index = Index::from_memory([Arc::clone(kind)], vec![file(path, kind.id.as_str(), text)], options());
    let (mut rows, scan) = rows_of(&index, &[table(kind.id.as_str(), list, columns)]);
    (rows.remove(0).into_iter().map(|row| row.join("|")).collect(), scan)
}

/// `code place` of every diagnostic.
fn told(diagnostics: &[crate::text::Diagnostic]) -> Vec<String> {
    let place = |diagnostic: &crate::text::Diagnostic| {
        diagnostic.place.as_ref().map(crate::text::Place::display).unwrap_or_default()
    };
    diagnostics
        .iter()
        .map(|diagnostic| format!("{} {}", diagnostic.code.id.trim_start_matches("evidence/"), place(diagnostic)))
        .collect()
}

/// Diagnostics with their English messages.
fn said(scan: &KindScan) -> Vec<String> {
    told(&scan.diagnostics)
        .iter()
        .zip(&scan.diagnostics)
        .map(|(told, diagnostic)| format!("{told}: {}", diagnostic.message.en))
        .collect()
}

/// Reasons why the kind as a whole cannot be used.
fn reasons(scan: &KindScan) -> Vec<NotTested> {
    scan.missing.iter().map(|missing| missing.reason).collect()
}

/// Does what takes a second or two, unless it takes time that grows faster than what it reads.
pub(super) fn in_time(work: impl FnOnce() + Send + 'static) {
    let (done, wait) = std::sync::mpsc::channel();
    let worker = std::thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    let ended = wait.recv_timeout(std::time::Duration::from_secs(30));
    assert_ne!(ended, Err(std::sync::mpsc::RecvTimeoutError::Timeout), "still at it");
    worker.join().unwrap();
}

fn stated(path: &str) -> ManifestFile {
    ManifestFile { path: path.into(), ..ManifestFile::default() }
}

#[test]
fn codes_are_unique_and_each_has_a_test() {
    let mut ids: Vec<&str> = codes::ALL.iter().map(|code| code.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), codes::ALL.len());
    let tests = [
        include_str!("tables.rs"),
        include_str!("documents.rs"),
        include_str!("judging.rs"),
        include_str!("disk.rs"),
        include_str!("sheets.rs"),
        include_str!("sheets/merged.rs"),
        include_str!("sheets/shown.rs"),
        include_str!("exports.rs"),
        include_str!("archives.rs"),
        // Partners are the engine's matter.
        include_str!("../../engine/run/tests.rs"),
    ]
    .concat();
    for code in codes::ALL {
        let word = code.id.trim_start_matches("evidence/");
        // As it is, or as `told` shows it with the file; the word alone may stand for anything.
        let shown = regex::Regex::new(&format!("\"(evidence/{word}\"|{word} [^ \"]*[./{{])")).unwrap();
        assert!(shown.is_match(&tests), "no test shows {}", code.id);
        assert!(code.explain_zh.len() > 20 && code.explain_en.len() > 20, "{}", code.id);
    }
}
