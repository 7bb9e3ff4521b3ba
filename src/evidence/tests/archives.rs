//! ZIP archives: members are files of their own, and what cannot be opened is no absence.

use std::fs;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::*;

const ONE: &[u8] = b"id,done_at\na,2026-09-20 08:00\n";

/// An archive of these members, stored as they are unless they are large.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let method =
            if bytes.len() > 1_000 { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The index of a workspace with these files as its evidence.
fn index(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_owned();
    fs::create_dir_all(root.join("evidence")).unwrap();
    for (name, bytes) in files {
        fs::write(root.join("evidence").join(name), bytes).unwrap();
    }
    let request = Request {
        workspace: root,
        roots: vec!["evidence".into()],
        period: None,
        manifest: Manifest::default(),
        as_of: AS_OF,
        zone: chrono_tz::Asia::Shanghai,
        limits: Limits::default(),
    };
    (folder, Index::build([jobs()], &request))
}

/// Rows of the jobs in a workspace whose only file is this archive, its scan and its index.
fn scanned(bytes: &[u8]) -> (Vec<String>, KindScan, Index) {
    let (_folder, index) = index(&[("导出.ZIP", bytes)]);
    let (mut rows, scan) = rows_of(&index, &[table("jobs", &[], &["id", "file.path", "file.row"])]);
    (rows.remove(0).into_iter().map(|row| row.join("|")).collect(), scan, index)
}

/// Every place where `from` stands becomes `to`.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes.clone(), from).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn members_are_files_of_their_own() {
    let large: String = "id,done_at\n"
        .chars()
        .chain((0..200).flat_map(|n| format!("x{n},2026-09-20 08:00\n").chars().collect::<Vec<_>>()))
        .collect();
    // `jobs库.csv` as a Chinese system names it: GBK, without a word that it is not the code page of old.
    let named = archive(&[("九月/jobs1.csv", ONE), ("jobs??.csv", large.as_bytes()), ("__MACOSX/._jobs1.csv", b"x")]);
    let (rows, scan, index) = scanned(&replaced(&named, b"jobs??.csv", b"jobs\xbf\xe2.csv"));
    let paths: Vec<&str> = index.files().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["evidence/导出.ZIP/jobs库.csv", "evidence/导出.ZIP/九月/jobs1.csv"]);
    assert_eq!((rows.len(), rows[0].as_str()), (201, "x0|evidence/导出.ZIP/jobs库.csv|2"));
    assert_eq!((reasons(&scan), told(index.diagnostics())), (vec![], vec![]));
    // The hash is that of what comes out of the archive.
    let direct: String = <sha2::Sha256 as sha2::Digest>::digest(ONE).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(scan.files[1].sha256, direct);
}

#[test]
fn what_of_an_archive_cannot_be_read_is_told_and_leaves_the_kind_incomplete() {
    let whole = archive(&[("jobs1.csv", ONE), ("jobs2.csv", b"id,done_at\nb,2026-09-21 08:00\n")]);
    let nested = archive(&[("jobs1.csv", ONE), ("more.zip", &archive(&[("jobs2.csv", ONE)]))]);
    let encrypted = {
        // The flag of a password, in the member's header and in the directory.
        let mut bytes = whole.clone();
        for (mark, at) in [(b"PK\x03\x04".as_slice(), 6), (b"PK\x01\x02", 8)] {
            let place = memchr::memmem::find(&bytes, mark).unwrap();
            bytes[place + at] |= 1;
        }
        bytes
    };
    let damaged = replaced(&whole, b"b,2026", b"c,2026");
    let twice = replaced(&whole, b"jobs2.csv", b"jobs1.csv");
    let short = whole[..whole.len() - 30].to_vec();
    let joined = [whole.clone(), archive(&[("jobs3.csv", ONE)])].concat();
    let commented = {
        // Another end, of an empty archive, in a comment that claims to reach the end of the file.
        let mut bytes = whole.clone();
        let length = bytes.len();
        bytes[length - 2..].copy_from_slice(&22_u16.to_le_bytes());
        bytes.extend(b"PK\x05\x06");
        bytes.extend([0; 18]);
        bytes
    };
    let same = archive(&[("jobs1.csv", ONE), ("./jobs1.csv", b"id,done_at\nb,2026-09-21 08:00\n")]);
    let in_folder = replaced(
        &archive(&[("jobs1.csv", ONE), ("jobs2.csv_", b"id,done_at\nb,2026-09-21 08:00\n")]),
        b"jobs2.csv_",
        b"jobs2.csv/",
    );
    let left_behind = archive(&[("jobs1.csv", ONE), ("__MACOSX/jobs2.csv", b"id,done_at\nb,2026-09-21 08:00\n")]);
    let bomb = archive(&[("jobs1.csv", &vec![b'x'; 80 << 20])]);
    for (name, bytes, rows, faults) in [
        ("nested", nested, 1, vec!["format evidence/导出.ZIP/more.zip"]),
        ("encrypted", encrypted, 1, vec!["encrypted evidence/导出.ZIP/jobs1.csv"]),
        ("two of one name", twice, 0, vec!["unreadable-file evidence/导出.ZIP"]),
        ("cut short", short, 0, vec!["unreadable-file evidence/导出.ZIP"]),
        ("a wrong checksum", damaged, 1, vec!["unreadable-file evidence/导出.ZIP/jobs2.csv"]),
        ("two joined", joined, 0, vec!["unreadable-file evidence/导出.ZIP"]),
        ("two ways to one name", same, 0, vec!["unreadable-file evidence/导出.ZIP"]),
        ("a bomb", bomb, 0, vec!["too-large evidence/导出.ZIP/jobs1.csv"]),
    ] {
        let (found, scan, index) = scanned(&bytes);
        let mut all = told(index.diagnostics());
        all.extend(told(&scan.diagnostics));
        assert_eq!((found.len(), all), (rows, faults.iter().map(|&fault| fault.to_owned()).collect()), "{name}");
        let reasons = reasons(&scan);
        let doubtful =
            |reason: &NotTested| matches!(reason, NotTested::EvidenceIncomplete | NotTested::EvidenceUnreadable);
        assert!(reasons.iter().any(doubtful), "{name}: {reasons:?}");
    }
    // A record for large archives, as some programs always write it, makes a sound archive no worse.
    let large = {
        let mut bytes = whole.clone();
        let end = memchr::memmem::rfind(&bytes, b"PK\x05\x06").unwrap();
        let field = |at: usize, length: usize| bytes[end + at..end + at + length].to_vec();
        let (members, size, offset) = (field(10, 2), field(12, 4), field(16, 4));
        let wide = |number: &[u8]| [number, &[0; 8][number.len()..]].concat();
        let mut record = b"PK\x06\x06".to_vec();
        record.extend(44_u64.to_le_bytes());
        record.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        record.extend([wide(&members), wide(&members), wide(&size), wide(&offset)].concat());
        let mut locator = b"PK\x06\x07\0\0\0\0".to_vec();
        locator.extend((end as u64).to_le_bytes());
        locator.extend(1_u32.to_le_bytes());
        bytes.splice(end..end, [record, locator].concat());
        let end = memchr::memmem::rfind(&bytes, b"PK\x05\x06").unwrap();
        bytes[end + 8..end + 12].fill(0xff);
        bytes[end + 12..end + 20].fill(0xff);
        bytes
    };
    let (found, scan, index) = scanned(&large);
    assert_eq!((found.len(), reasons(&scan), told(index.diagnostics())), (2, vec![], vec![]));
    // None of these hides anything.
    for (name, bytes, rows) in [
        ("an end in a comment", commented, 2),
        ("a folder with contents", in_folder, 2),
        ("a folder of another system", left_behind, 2),
    ] {
        let (found, scan, index) = scanned(&bytes);
        let told_of = reasons(&scan).contains(&NotTested::EvidenceIncomplete) || !index.diagnostics().is_empty();
        assert!(found.len() == rows || told_of, "{name}: {found:?}");
    }
}

#[test]
fn archives_of_another_sort_may_hold_anything() {
    let (_folder, index) = index(&[("jobs.csv", ONE), ("旧.rar", b"Rar!")]);
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(told(index.diagnostics()), ["format evidence/旧.rar"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
}
