//! The output of real tools, kept in `tests/fixtures/adapters/`, gives the rows that were worked out without hegui.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hegui::evidence::{Index, KindScan, Limits, MemoryFile, MemoryOptions, TablePath, display};
use hegui::model::{EvidenceKind, KindId, Manifest, NotTested};
use hegui::policy::{self, Pack, ProfileChoice};

use super::common::repository;

fn fixtures() -> PathBuf {
    repository().join("tests/fixtures/adapters")
}

fn pack() -> Pack {
    policy::load(policy::shipped(), Vec::new(), &ProfileChoice::default(), false).pack
}

fn kinds(pack: &Pack) -> Vec<Arc<EvidenceKind>> {
    pack.kinds.values().cloned().map(Arc::new).collect()
}

/// The evidence of one folder, as it would lie in a workspace; `expected.csv` left out.
fn index(pack: &Pack, folder: &Path) -> Index {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name != "expected.csv" {
            files.push(MemoryFile { path: name, kind: None, bytes: std::fs::read(&path).unwrap() });
        }
    }
    let options = MemoryOptions {
        // The end of 2026: after every run of every tool.
        as_of: 20_818,
        zone: chrono_tz::Asia::Shanghai,
        manifest: Manifest::default(),
        captured_on: Some(20_818),
        columns_may_be_absent: false,
        limits: Limits::default(),
    };
    Index::from_memory(kinds(pack), files, options)
}

/// Rows of a kind: file and the columns asked for, as `expected.csv` writes them.
fn rows(index: &Index, kind: &KindId, columns: &[String]) -> (Vec<Vec<String>>, KindScan) {
    let wanted = [(TablePath { kind: kind.clone(), list: Vec::new() }, columns.to_vec())];
    let mut rows = Vec::new();
    let scan = index.scan(kind, &wanted, &mut |_, batch| {
        for row in 0..batch.len() {
            let file = index.files()[batch.rows.file as usize].path.clone();
            let cell = |column| {
                let text = display(column, row).unwrap_or_default();
                match serde_json::from_str::<Vec<String>>(&text) {
                    Ok(items) => items.join("|"),
                    Err(_) => text,
                }
            };
            rows.push(std::iter::once(file).chain(batch.columns.iter().map(cell)).collect());
        }
    });
    (rows, scan)
}

/// Lines of a CSV file; cells with commas are quoted.
fn expected(folder: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    let cells = |line: &str| {
        let (mut cells, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
        }
        cells
    };
    let mut lines = text.lines().map(cells);
    (lines.next().unwrap(), lines.collect())
}

/// Adapters by id, with their kind.
fn adapters(pack: &Pack) -> BTreeMap<String, KindId> {
    let all = pack.kinds.values().flat_map(|kind| kind.adapters.iter().map(|one| (one.id.clone(), kind.id.clone())));
    all.collect()
}

#[test]
fn every_adapter_reads_what_its_tool_writes() {
    let pack = pack();
    let mut wrong = Vec::new();
    for (id, kind) in adapters(&pack) {
        let folder = fixtures().join(&id);
        assert!(folder.is_dir(), "no sample of {id}");
        let index = index(&pack, &folder);
        for file in index.files() {
            let found = (file.kind.clone(), file.adapter().map(|adapter| adapter.id.as_str()));
            assert_eq!(found, (Some(kind.clone()), Some(id.as_str())), "{id}: {}", file.path);
        }
        let (header, mut expected) = expected(&folder);
        let (mut found, scan) = rows(&index, &kind, &header[1..]);
        // Files of a register stand in for one another; their rows are looked at one file at a time below.
        let used: Vec<&str> = scan.used().map(|file| index.files()[file.file as usize].path.as_str()).collect();
        expected.retain(|row| used.contains(&row[0].as_str()));
        expected.sort();
        found.sort();
        if found != expected {
            for row in &expected {
                if !found.contains(row) {
                    wrong.push(format!("{id} lacks {row:?}"));
                }
            }
            for row in found.iter().filter(|row| !expected.contains(row)) {
                wrong.push(format!("{id} has {row:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_sample_by_itself_gives_its_rows() {
    let pack = pack();
    let mut wrong = Vec::new();
    for (id, kind) in adapters(&pack) {
        let folder = fixtures().join(&id);
        let (header, expected) = expected(&folder);
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name == "expected.csv" {
                continue;
            }
            let alone = tempfile::tempdir().unwrap();
            std::fs::copy(&path, alone.path().join(&name)).unwrap();
            let index = index(&pack, alone.path());
            let (mut found, scan) = rows(&index, &kind, &header[1..]);
            let rejected: u64 = scan.files.iter().map(|file| file.rows_rejected).sum();
            assert_eq!(rejected, 0, "{id} {name}: {:?}", said(&scan));
            let mut wanted: Vec<Vec<String>> = expected.iter().filter(|row| row[0] == name).cloned().collect();
            wanted.sort();
            found.sort();
            if found != wanted {
                wrong.push(format!("{id} {name}\n  found {found:?}\n  wanted {wanted:?}\n  {:?}", said(&scan)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn said(scan: &KindScan) -> Vec<String> {
    scan.diagnostics.iter().map(|fault| format!("{} {}", fault.code.id, fault.message.en)).collect()
}

/// A table as an office writes it, saved by LibreOffice in three formats, needs no adapter.
#[test]
fn sheets_of_an_office_need_no_adapter() {
    let pack = pack();
    let folder = fixtures().join("backup_jobs_sheet");
    let (header, expected) = expected(&folder);
    let index = index(&pack, &folder);
    for file in index.files() {
        assert_eq!(file.kind.as_ref().map(KindId::as_str), Some("backup_jobs"), "{}", file.path);
    }
    for file in index.files() {
        let alone = tempfile::tempdir().unwrap();
        std::fs::copy(folder.join(&file.path), alone.path().join(&file.path)).unwrap();
        let one = self::index(&pack, alone.path());
        let (found, scan) = rows(&one, &KindId::new("backup_jobs"), &header[1..]);
        let wanted: Vec<Vec<String>> = expected.iter().filter(|row| row[0] == file.path).cloned().collect();
        assert_eq!(found, wanted, "{}: {:?}", file.path, said(&scan));
    }
}

/// Rows of `backup_verify` out of a log of the backup script, written into a folder of its own.
fn verified(log: &str) -> (Vec<Vec<String>>, KindScan) {
    let pack = pack();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("borg-verify.log"), log).unwrap();
    let columns = ["verified_at", "job_id", "result"].map(str::to_owned);
    rows(&index(&pack, folder.path()), &KindId::new("backup_verify"), &columns)
}

#[test]
fn lines_of_a_banner_hide_no_failure_and_a_stray_end_is_not_silent() {
    let good = "== borg verify A 2026-11-25T22:00:00+08:00\nx\n== borg exit 0 2026-11-25T22:01:00+08:00\n";
    let banner = "== borg verify B 2026-11-25T23:00:00+08:00\n==== WARNING: authorised use only ====\n== boring ==\n\
                  == borg exit 2 2026-11-25T23:01:00+08:00\n";
    let (found, scan) = verified(&format!("{good}{banner}"));
    let results: Vec<&str> = found.iter().map(|row| row[3].as_str()).collect();
    assert_eq!((results, said(&scan)), (vec!["pass", "fail"], vec![]));
    // A run that was cut off verified nothing.
    let (found, _) = verified(&format!("{good}== borg verify C 2026-11-26T22:00:00+08:00\nx\n"));
    assert_eq!(found[1][3], "fail");
    // The beginning of the log is gone: what ends there cannot be read as a job, and that is said.
    let (found, scan) = verified(&format!("{good}x\n== borg exit 2 2026-11-25T23:01:00+08:00\n"));
    assert_eq!(found.len(), 2);
    assert!(said(&scan).iter().any(|line| line.starts_with("evidence/unreadable-cell")), "{:?}", said(&scan));
    // Cut off in mid-line, a run is glued to the next: neither can be trusted, and that is said.
    let (_, scan) = verified(&format!("== borg verify D 2026-11-26T22:00:00+08:00\n{{\"na{good}"));
    assert!(said(&scan).iter().any(|line| line.starts_with("evidence/rejected-row")), "{:?}", said(&scan));
    // What another tool wrote into the same log is not left out without a word.
    let other = "== restic backup 账套 nas2 2026-11-26T22:00:00+08:00\nx\n== restic exit 1 2026-11-26T22:01:00+08:00\n";
    let (_, scan) = verified(&format!("{}{other}", good.repeat(5_000)));
    assert!(said(&scan).iter().any(|line| line.starts_with("evidence/rejected-row")), "{:?}", said(&scan));
}

/// A scan that was stopped lists what it had come to, and looks like one of fewer services.
#[test]
fn a_scan_that_did_not_end_well_gives_no_rows() {
    let pack = pack();
    let sample = std::fs::read_to_string(fixtures().join("nmap_tls/nmap-tls.xml")).unwrap();
    let (before, rest) = sample.split_once("<runstats>").unwrap();
    let (_, behind) = rest.split_once("</runstats>").unwrap();
    for text in [sample.replace(r#"exit="success""#, r#"exit="error""#), format!("{before}{behind}")] {
        assert_ne!(text, sample);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("nmap-tls.xml"), text).unwrap();
        let index = index(&pack, folder.path());
        let (rows, scan) = rows(&index, &KindId::new("tls_scan"), &["host".to_owned()]);
        assert!(rows.is_empty(), "{rows:?}");
        assert!(
            scan.missing.iter().any(|missing| missing.reason == NotTested::EvidenceIncomplete),
            "{:?}",
            scan.missing
        );
    }
}
