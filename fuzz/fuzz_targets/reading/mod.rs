//! Any bytes as an evidence file of a shipped kind: read to the end, every table of it, with every promise held.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use hegui::evidence::{Index, Limits, MemoryFile, MemoryOptions, TablePath, nested_lists, table_columns};
use hegui::expr::Doubt;
use hegui::model::{EvidenceKind, KindId, Manifest};
use hegui::policy::{self, Pack, ProfileChoice};

static PACK: LazyLock<Pack> =
    LazyLock::new(|| policy::load(policy::shipped(), Vec::new(), &ProfileChoice::default(), false).pack);

/// Reads `bytes` as the file `name` of the shipped `kind`.
#[allow(dead_code, reason = "one target brings its own kind")]
pub fn read(kind: &str, name: &str, bytes: &[u8]) {
    read_of(&Arc::new(PACK.kinds.get(kind).expect("a shipped kind").clone()), name, bytes);
}

/// Reads `bytes` as the file `name` of `kind`.
#[allow(dead_code, reason = "one target leaves it to the name")]
pub fn read_of(kind: &Arc<EvidenceKind>, name: &str, bytes: &[u8]) {
    scan(kind, MemoryFile { path: name.into(), kind: Some(kind.id.clone()), bytes: bytes.to_vec() });
}

/// Reads `bytes` as the file `name`, of which its name and beginning say whether it is of `kind`, and by what adapter.
#[allow(dead_code, reason = "only adapters are told by name")]
pub fn read_named(kind: &Arc<EvidenceKind>, name: &str, bytes: &[u8]) {
    scan(kind, MemoryFile { path: name.into(), kind: None, bytes: bytes.to_vec() });
}

/// Reads `bytes` as the file `name` of which nothing is said: its headers tell which of all kinds it has registers of.
#[allow(dead_code, reason = "only workbooks have several registers")]
pub fn read_unsaid(name: &str, bytes: &[u8]) {
    static KINDS: LazyLock<Vec<Arc<EvidenceKind>>> =
        LazyLock::new(|| PACK.kinds.values().cloned().map(Arc::new).collect());
    let index = index(&KINDS, MemoryFile { path: name.into(), kind: None, bytes: bytes.to_vec() });
    let mut met = BTreeSet::new();
    for id in index.files().iter().filter_map(|file| file.kind.clone()) {
        let kind = index.kind(&id).expect("one of them");
        scan_of(&index, kind);
        assert!(met.insert(id), "two entries of a file are of one kind");
    }
}

fn scan(kind: &Arc<EvidenceKind>, file: MemoryFile) {
    scan_of(&index(std::slice::from_ref(kind), file), kind);
}

fn index(kinds: &[Arc<EvidenceKind>], file: MemoryFile) -> Index {
    let options = MemoryOptions {
        as_of: 20_741,
        zone: chrono_tz::Asia::Shanghai,
        manifest: Manifest::default(),
        captured_on: Some(20_741),
        columns_may_be_absent: true,
        limits: Limits::default(),
    };
    Index::from_memory(kinds.iter().cloned(), vec![file], options)
}

fn scan_of(index: &Index, kind: &Arc<EvidenceKind>) {
    let id: KindId = kind.id.clone();
    let wanted = tables(kind, Vec::new());
    let mut rows = vec![0_u64; wanted.len()];
    let scan = index.scan(&id, &wanted, &mut |table, batch| {
        rows[table] += batch.len() as u64;
        assert_eq!(batch.columns.len(), wanted[table].1.len());
        for column in &batch.columns {
            assert_eq!(column.len(), batch.len());
            for row in 0..batch.len() {
                let doubted = column.doubt.at(row) != 0;
                assert!(!doubted || arrow_is_null(column, row), "a doubtful cell has a value");
                assert!(column.doubt.at(row) & !(Doubt::UNREADABLE) == 0, "a reader raises no other doubt");
            }
        }
    });
    let read: u64 = scan.files.iter().map(|file| file.rows_read).sum();
    let future: u64 = scan.files.iter().map(|file| file.rows_future).sum();
    assert!(rows[0] <= read, "{} rows came, {read} were read", rows[0]);
    assert!(rows[0] + future >= read || !scan.missing.is_empty(), "rows went missing without a word");
}

fn arrow_is_null(column: &hegui::expr::Column, row: usize) -> bool {
    use arrow::array::Array;
    column.values.is_null(row)
}

fn tables(kind: &EvidenceKind, list: Vec<String>) -> Vec<(TablePath, Vec<String>)> {
    let columns = table_columns(kind, &list).into_iter().flatten().map(|(name, _)| name).collect();
    let mut all = vec![(TablePath { kind: kind.id.clone(), list: list.clone() }, columns)];
    for nested in nested_lists(kind, &list) {
        let mut path = list.clone();
        path.push(nested);
        all.extend(tables(kind, path));
    }
    all
}
