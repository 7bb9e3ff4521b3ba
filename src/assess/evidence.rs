//! The evidence index as reports print it: ids, who uses what, digest, window.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::gaps::hex;
use crate::evidence::{self, FileScan, Index, KindScan};
use crate::model::{ControlId, EvidenceFile, EvidenceKind, FileStatus, Inputs, KindId, NotTested, evidence_name};
use crate::text::Text;

/// The evidence index from what scanning gave: every file once, those that a manifest names and nobody finds, and what
/// could not be opened.
///
/// `unused` is what [`Index::scan_unused`] gave. The order does not matter: [`super::assess`] sorts.
pub fn evidence_files(index: &Index, kinds: &[KindScan], unused: &[FileScan]) -> Vec<EvidenceFile> {
    let limit = |kind: &KindId| index.kind(kind).and_then(|kind| kind.max_age_days);
    let mut files: Vec<EvidenceFile> = kinds
        .iter()
        .flat_map(|kind| &kind.files)
        .chain(unused)
        .filter_map(|scan| listed(index, scan, &limit))
        .collect();
    let stale =
        kinds.iter().flat_map(|kind| &kind.missing).filter(|missing| missing.reason == NotTested::EvidenceStale);
    for missing in stale {
        let named = |file: &&mut EvidenceFile| {
            file.status.counts()
                && missing.file.as_ref() == Some(&file.path)
                && file.kind.as_ref() == Some(&missing.kind)
        };
        for file in files.iter_mut().filter(named) {
            file.status = FileStatus::Stale;
            file.reason = Some(without_path(&missing.detail, &file.path));
        }
    }
    let known: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let lost =
        kinds.iter().flat_map(|kind| &kind.missing).filter(|missing| missing.reason == NotTested::EvidenceMissing);
    for missing in lost {
        let Some(path) = missing.file.as_ref().filter(|path| !known.contains(*path)) else { continue };
        let mut file = blank(path, FileStatus::Missing);
        file.kind = Some(missing.kind.clone());
        file.max_age_days = limit(&missing.kind);
        file.reason = Some(missing.detail.clone());
        files.push(file);
    }
    for (path, kind, why) in index.unopened() {
        let mut file = blank(path, FileStatus::Unreadable);
        file.kind = kind.cloned();
        file.max_age_days = kind.and_then(limit);
        file.reason = Some(why.clone());
        files.push(file);
    }
    sort(&mut files);
    // The same register once; registers of one file are of different kinds.
    files.dedup_by(|a, b| a.path == b.path && (a.kind == b.kind || a.kind.is_none() || b.kind.is_none()));
    files
}

/// What is said of a file, where its path stands beside it.
fn without_path(detail: &Text, path: &str) -> Text {
    let strip = |text: &str, colon: &str| text.strip_prefix(&format!("`{path}`{colon}")).unwrap_or(text).to_owned();
    Text::new(strip(&detail.zh, "："), strip(&detail.en, ": "))
}

fn listed(index: &Index, scan: &FileScan, limit: &dyn Fn(&KindId) -> Option<i64>) -> Option<EvidenceFile> {
    let entry = index.files().get(scan.file as usize)?;
    let stated = entry.stated.as_ref();
    let (status, reason) = status(&scan.status);
    let mut file = blank(&entry.path, status);
    file.sheets = entry.sheets().to_vec();
    file.reason = entry.unused.clone().or(reason);
    file.kind.clone_from(&entry.kind);
    file.format = scan.format.map(str::to_owned);
    file.encoding = scan.encoding.map(str::to_owned);
    file.bytes = Some(scan.bytes);
    file.sha256 = Some(scan.sha256.clone()).filter(|digest| !digest.is_empty());
    file.rows_read = entry.kind.is_some().then_some(scan.rows_read);
    file.rows_rejected = scan.rows_rejected;
    file.rows_future = scan.rows_future;
    file.cells_unreadable = scan.cells_unreadable;
    file.adapter = entry.adapter().map(|adapter| adapter.id.clone());
    file.rows_left_out = scan.left_out;
    file.rows_set_aside = scan.footer_rows;
    file.stated_rows = stated.and_then(|stated| stated.rows).or(scan.own_rows);
    file.stated_period = stated.and_then(|stated| stated.period).or(scan.own_period).and_then(span);
    file.captured_on = scan.captured_on.and_then(|(day, _)| super::assemble::date(day));
    file.captured_from = scan.captured_on.map(|(_, from)| from.word().to_owned());
    file.covers = scan.covers.and_then(span);
    file.age_days = scan.age_days;
    file.max_age_days = entry.kind.as_ref().and_then(limit);
    file.source_system = stated.and_then(|stated| stated.source_system.clone());
    file.custodian = stated.and_then(|stated| stated.custodian.clone());
    Some(file)
}

fn span((first, last): (i32, i32)) -> Option<(NaiveDate, NaiveDate)> {
    Some((super::assemble::date(first)?, super::assemble::date(last)?))
}

fn blank(path: &str, status: FileStatus) -> EvidenceFile {
    EvidenceFile {
        id: evidence_id(path, &[]),
        path: path.to_owned(),
        sheets: Vec::new(),
        status,
        reason: None,
        kind: None,
        kind_title: None,
        format: None,
        encoding: None,
        bytes: None,
        sha256: None,
        rows_read: None,
        rows_rejected: 0,
        rows_future: 0,
        cells_unreadable: 0,
        adapter: None,
        rows_left_out: 0,
        rows_set_aside: 0,
        stated_rows: None,
        stated_period: None,
        captured_on: None,
        captured_from: None,
        covers: None,
        age_days: None,
        max_age_days: None,
        source_system: None,
        custodian: None,
        used_by: Vec::new(),
    }
}

fn status(status: &evidence::FileStatus) -> (FileStatus, Option<Text>) {
    use evidence::FileStatus as E;
    match status {
        E::Used => (FileStatus::Used, None),
        E::NilReturn => {
            (FileStatus::NilReturn, Some(Text::new("零报告：清单声明没有记录", "nil return: stated to have no rows")))
        }
        E::Empty => (
            FileStatus::Empty,
            Some(Text::new("没有记录，也没有声明为零报告", "no rows, and no statement that none is right")),
        ),
        E::Unreadable => (FileStatus::Unreadable, Some(Text::new("无法读取", "cannot be read"))),
        E::Superseded { by } => (
            FileStatus::Superseded,
            Some(Text::new(format!("已被更新的 {by} 取代"), format!("superseded by the newer {by}"))),
        ),
        E::Duplicate { of } => {
            (FileStatus::Duplicate, Some(Text::new(format!("与 {of} 内容相同"), format!("the same bytes as {of}"))))
        }
        E::Future => (FileStatus::Future, Some(Text::new("采集日晚于基准日", "captured after the as-of date"))),
        E::Unused => (FileStatus::Unused, None),
    }
}

/// By path, then by sheets in their order, then by what became of it, then by kind.
fn sort(files: &mut [EvidenceFile]) {
    files.sort_by(|a, b| (&a.path, &a.sheets, a.status, &a.kind).cmp(&(&b.path, &b.sheets, b.status, &b.kind)));
}

/// The id of an evidence file: stable for its path and the sheets that are meant.
pub(super) fn evidence_id(path: &str, sheets: &[String]) -> String {
    let digest = Sha256::digest(evidence_name(path, sheets).as_bytes());
    format!("E-{}", hex(digest.get(..5).unwrap_or_default()))
}

/// Fills in what follows from the rest and sorts by path.
///
/// `readers` are the controls that read a kind.
pub(super) fn complete(
    files: &mut [EvidenceFile],
    kinds: &[&EvidenceKind],
    readers: &BTreeMap<KindId, BTreeSet<ControlId>>,
) {
    let titles: BTreeMap<&KindId, &Text> = kinds.iter().map(|kind| (&kind.id, &kind.title)).collect();
    sort(files);
    let mut ids = BTreeSet::new();
    for file in files.iter_mut() {
        file.id = evidence_id(&file.path, &file.sheets);
        // Sheets of one name, and registers of a workbook that is not there, differ by their kind only.
        if !ids.insert(file.id.clone()) {
            let kind = file.kind.as_ref().map(ToString::to_string).unwrap_or_default();
            file.id = evidence_id(&format!("{} {kind}", file.path), &file.sheets);
        }
        let Some(kind) = &file.kind else { continue };
        file.kind_title = titles.get(kind).map(|title| (*title).clone());
        if !file.status.counts() {
            continue;
        }
        match readers.get(kind) {
            Some(controls) => file.used_by = controls.iter().cloned().collect(),
            None => {
                file.status = FileStatus::Unneeded;
                file.reason.get_or_insert_with(|| {
                    Text::new("所选控制点没有用到这类证据", "no selected control reads this kind of evidence")
                });
            }
        }
    }
    sort(files);
}

/// Number of hashed files, and the digest over the lines `<sha256>  <path>\n` sorted by path.
pub(super) fn inputs(files: &[EvidenceFile]) -> Inputs {
    let lines: BTreeSet<(&str, &str)> =
        files.iter().filter_map(|file| Some((file.path.as_str(), file.sha256.as_deref()?))).collect();
    let mut hasher = Sha256::new();
    for (path, sha256) in &lines {
        hasher.update(format!("{sha256}  {path}\n").as_bytes());
    }
    Inputs { files: u64::try_from(lines.len()).unwrap_or(u64::MAX), digest: hex(&hasher.finalize()) }
}

/// Days of the earliest and latest of the rows that were judged.
pub(super) fn window(files: &[EvidenceFile]) -> Option<(NaiveDate, NaiveDate)> {
    let covered = || files.iter().filter(|file| file.status == FileStatus::Used).filter_map(|file| file.covers);
    Some((covered().map(|(first, _)| first).min()?, covered().map(|(_, last)| last).max()?))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::evidence_file;
    use super::*;

    #[test]
    fn the_digest_is_what_sha256sum_would_print() {
        let mut a = evidence_file("evidence/b.csv", "backup_jobs");
        a.sha256 = Some("bb".repeat(32));
        let mut b = evidence_file("evidence/a.csv", "backup_jobs");
        b.sha256 = Some("aa".repeat(32));
        let mut unhashed = evidence_file("evidence/c.csv", "backup_jobs");
        unhashed.sha256 = None;
        let text = format!("{}  evidence/a.csv\n{}  evidence/b.csv\n", "aa".repeat(32), "bb".repeat(32));
        let expected = Inputs { files: 2, digest: hex(&Sha256::digest(text.as_bytes())) };
        assert_eq!(inputs(&[a.clone(), b.clone(), unhashed.clone()]), expected);
        assert_eq!(inputs(&[unhashed, b, a]), expected);
    }

    #[test]
    fn files_no_check_reads_are_named() {
        let mut files = [evidence_file("z.csv", "roster"), evidence_file("a.csv", "backup_jobs")];
        let readers = BTreeMap::from([(KindId::new("backup_jobs"), BTreeSet::from([ControlId::new("BAK-01")]))]);
        complete(&mut files, &[], &readers);
        let listed: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.status, file.used_by.len())).collect();
        assert_eq!(listed, [("a.csv", FileStatus::Used, 1), ("z.csv", FileStatus::Unneeded, 0)]);
        assert!(files[1].reason.is_some());
    }
}
