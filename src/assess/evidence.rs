//! The evidence index as reports print it: ids, who uses what, digest, window.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};
use sha2::{Digest, Sha256};

use super::gaps::hex;
use crate::model::{ControlId, EvidenceFile, EvidenceKind, FileStatus, Inputs, KindId};
use crate::text::Text;

/// The id of an evidence file: stable for its path.
pub(super) fn evidence_id(path: &str) -> String {
    let digest = Sha256::digest(path.as_bytes());
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
    for file in files.iter_mut() {
        file.id = evidence_id(&file.path);
        let Some(kind) = &file.kind else { continue };
        file.kind_title = titles.get(kind).map(|title| (*title).clone());
        if file.status != FileStatus::Used {
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
    files.sort_by(|a, b| (&a.path, a.status).cmp(&(&b.path, b.status)));
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

/// Earliest and latest time among the rows that were judged.
pub(super) fn window(files: &[EvidenceFile]) -> Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)> {
    let used = || files.iter().filter(|file| file.status == FileStatus::Used);
    let earliest = used().filter_map(|file| file.earliest).min()?;
    let latest = used().filter_map(|file| file.latest).max()?;
    Some((earliest, latest))
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
