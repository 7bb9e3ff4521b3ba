//! Whether evidence can be relied on: missing, empty, stale, incomplete, future, superseded, twice.

use super::*;

const HEADER: &str = "id,done_at\n";

fn judged(
    files: Vec<MemoryFile>,
    manifest: Vec<ManifestFile>,
    captured_on: Option<i32>,
) -> (Vec<Vec<String>>, KindScan) {
    let options = MemoryOptions { manifest: Manifest { files: manifest }, captured_on, ..options() };
    let index = Index::from_memory([jobs()], files, options);
    let (mut rows, scan) = rows_of(&index, &[table("jobs", &[], &["id", "file.captured_on"])]);
    (rows.remove(0), scan)
}

#[test]
fn absence_is_never_silent() {
    use NotTested::{
        EvidenceEmpty as Empty, EvidenceIncomplete as Incomplete, EvidenceMissing as Missing, EvidenceStale as Stale,
        EvidenceUnreadable as Unreadable,
    };
    let one = format!("{HEADER}a,2026-09-20 08:00\n");
    let jobs_file = |text: &str| vec![file("jobs.csv", "jobs", text)];
    let with = |change: &dyn Fn(&mut ManifestFile)| {
        let mut entry = stated("jobs.csv");
        change(&mut entry);
        vec![entry]
    };
    let cases: Vec<(&str, Vec<MemoryFile>, Vec<ManifestFile>, Vec<NotTested>)> = vec![
        ("all well", jobs_file(&one), vec![], vec![]),
        ("no file", vec![], vec![], vec![Missing]),
        (
            "a listed file is not there",
            jobs_file(&one),
            vec![ManifestFile { kind: Some(KindId::new("jobs")), ..stated("more.csv") }],
            vec![Missing],
        ),
        ("a listed file, its kind told by its name", jobs_file(&one), vec![stated("jobs2.csv")], vec![Missing]),
        ("no bytes", jobs_file(""), vec![], vec![Empty, Stale]),
        ("only a header", jobs_file(HEADER), vec![], vec![Empty]),
        (
            "a nil return",
            jobs_file(HEADER),
            with(&|entry| (entry.rows, entry.captured_on) = (Some(0), Some(AS_OF))),
            vec![],
        ),
        ("all its rows lie in the future", jobs_file(&format!("{HEADER}a,2026-10-01 00:00\n")), vec![], vec![Empty]),
        (
            "rows in the future are no nil return, whatever the manifest says",
            jobs_file(&format!("{HEADER}a,2026-10-01 00:00\n")),
            with(&|entry| (entry.rows, entry.captured_on) = (Some(1), Some(AS_OF))),
            vec![Empty],
        ),
        ("fewer rows than stated", jobs_file(&one), with(&|entry| entry.rows = Some(2)), vec![Incomplete]),
        ("more rows than stated", jobs_file(&one), with(&|entry| entry.rows = Some(0)), vec![]),
        (
            "fewer days than stated",
            jobs_file(&one),
            with(&|entry| entry.period = Some((AS_OF - 91, AS_OF))),
            vec![Incomplete],
        ),
        (
            "quiet days, all rows there",
            jobs_file(&one),
            with(&|entry| (entry.rows, entry.period) = (Some(1), Some((AS_OF - 91, AS_OF)))),
            vec![],
        ),
        (
            "another hash than stated",
            jobs_file(&one),
            with(&|entry| entry.sha256 = Some("00".into())),
            vec![Unreadable],
        ),
        ("old", jobs_file(&format!("{HEADER}a,2026-08-30 23:59\n")), vec![], vec![Stale]),
        ("as old as allowed", jobs_file(&format!("{HEADER}a,2026-08-31 00:00\n")), vec![], vec![]),
        (
            "captured after the day of judging",
            jobs_file(&one),
            with(&|entry| entry.captured_on = Some(AS_OF + 1)),
            vec![Stale],
        ),
        ("a row rejected", jobs_file(&format!("{one}b\n")), vec![], vec![Incomplete]),
        ("cut in half", jobs_file("id,done_at,status\na,2026-09-20 08:00,成功\nb,2026-09-2"), vec![], vec![Incomplete]),
    ];
    for (name, files, manifest, expected) in cases {
        let (_, scan) = judged(files, manifest, None);
        let mut found = reasons(&scan);
        found.dedup();
        let expected: Vec<NotTested> =
            if name == "no bytes" || name == "only a header" { vec![Empty] } else { expected };
        assert_eq!(found, expected, "{name}: {:?}", scan.missing);
    }
}

#[test]
fn rows_after_the_day_of_judging_are_counted_and_not_shown() {
    let text = format!("{HEADER}a,2026-09-30 23:59:59\nb,2026-10-01 00:00:00\nc,\n");
    let (rows, scan) = judged(vec![file("jobs.csv", "jobs", &text)], vec![], None);
    assert_eq!(rows, [["a", "2026-09-30"], ["c", "2026-09-30"]]);
    let found = &scan.files[0];
    assert_eq!((found.rows_read, found.rows_future, found.covers), (3, 1, Some((AS_OF, AS_OF))));
    assert_eq!(found.captured_on, Some((AS_OF, CapturedFrom::TimeColumn)));
    assert_eq!(told(&scan.diagnostics), ["future jobs.csv", "unreadable-cell jobs.csv:4:done_at"]);
}

#[test]
fn where_the_day_of_capture_comes_from() {
    let one = format!("{HEADER}a,2026-09-20 08:00\n");
    let manifest = ManifestFile { captured_on: Some(AS_OF - 1), ..stated("jobs_20260925.csv") };
    for (name, path, manifest, expected) in [
        ("the manifest first", "jobs_20260925.csv", vec![manifest], (AS_OF - 1, CapturedFrom::Manifest)),
        ("then the data's own time", "jobs_20260925.csv", vec![], (AS_OF - 10, CapturedFrom::TimeColumn)),
    ] {
        let (rows, scan) = judged(vec![file(path, "jobs", &one)], manifest, None);
        assert_eq!(scan.files[0].captured_on, Some(expected), "{name}");
        assert_eq!(rows[0][1], date_text(expected.0), "{name}");
    }
    let (_, scan) = judged(vec![file("jobs_20260925.csv", "jobs", "id\na\n")], vec![], None);
    assert_eq!(scan.files[0].captured_on, Some((AS_OF - 5, CapturedFrom::FileName)), "then a date in the file name");
    let early = ManifestFile { captured_on: Some(AS_OF - 12), ..stated("jobs.csv") };
    let (_, scan) = judged(vec![file("jobs.csv", "jobs", &one)], vec![early], None);
    assert_eq!(told(&scan.diagnostics), ["future jobs.csv"], "captured before its newest row");
}

#[test]
fn the_same_bytes_count_once() {
    let one = format!("{HEADER}a,2026-09-20 08:00\n");
    let (rows, scan) =
        judged(vec![file("b/jobs.csv", "jobs", &one), file("a/jobs.csv", "jobs", &one)], vec![], Some(AS_OF));
    assert_eq!(rows.len(), 1);
    assert_eq!(scan.files[1].status, FileStatus::Duplicate { of: "a/jobs.csv".into() });
    assert_eq!(told(&scan.diagnostics), ["duplicate-file b/jobs.csv"]);
    assert_eq!(reasons(&scan), []);
}

/// One file saved over another: the bytes count once, and what the manifest states of the other is gone.
#[test]
fn the_same_bytes_under_two_statements_are_incomplete() {
    use NotTested::{EvidenceIncomplete as Incomplete, EvidenceUnreadable as Unreadable};
    let one = format!("{HEADER}a,2026-09-20 08:00\n");
    let of = |path: &str, rows: Option<u64>, system: Option<&str>, sha256: Option<&str>| ManifestFile {
        rows,
        source_system: system.map(Into::into),
        sha256: sha256.map(Into::into),
        ..stated(path)
    };
    let other = "0".repeat(64);
    for (name, second, expected, code) in [
        ("the same is stated", of("b/jobs.csv", Some(1), Some("nas"), None), vec![], None),
        ("nothing is stated", of("b/jobs.csv", None, None, None), vec![], None),
        ("more rows", of("b/jobs.csv", Some(7), None, None), vec![Incomplete], Some("rows-stated b/jobs.csv")),
        ("fewer rows", of("b/jobs.csv", Some(0), None, None), vec![Incomplete], Some("rows-stated b/jobs.csv")),
        ("another system", of("b/jobs.csv", None, Some("cloud"), None), vec![Incomplete], Some("changed b/jobs.csv")),
        ("another hash", of("b/jobs.csv", None, None, Some(&other)), vec![Unreadable], Some("changed b/jobs.csv")),
    ] {
        let files = vec![file("b/jobs.csv", "jobs", &one), file("a/jobs.csv", "jobs", &one)];
        let manifest = vec![of("a/jobs.csv", Some(1), Some("nas"), None), second];
        let (rows, scan) = judged(files, manifest, Some(AS_OF));
        assert_eq!((rows.len(), reasons(&scan)), (1, expected), "{name}");
        let mut found = told(&scan.diagnostics);
        found.retain(|one| one != "duplicate-file b/jobs.csv");
        assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{name}");
    }
    // Two systems in which nothing happened export the same header.
    let files = vec![file("b/jobs.csv", "jobs", HEADER), file("a/jobs.csv", "jobs", HEADER)];
    let manifest = vec![of("a/jobs.csv", None, Some("nas"), None), of("b/jobs.csv", None, Some("cloud"), None)];
    let (_, scan) = judged(files, manifest, Some(AS_OF));
    assert_eq!(reasons(&scan), [NotTested::EvidenceEmpty]);
}

fn register() -> Arc<EvidenceKind> {
    kind(
        "accounts",
        "files: [\"**/accounts*\"]\nmax_age: 30 days\nseveral: newest\nrecord: {type: object, required: [id], properties: {id: {type: string}, note: {type: string}}}\n",
    )
}

#[test]
fn of_a_register_the_newest_capture_of_each_system_counts() {
    let from = |path: &str, day: Option<i32>, system: Option<&str>| ManifestFile {
        captured_on: day,
        source_system: system.map(Into::into),
        ..stated(path)
    };
    let files = || {
        ["accounts_1.csv", "accounts_2.csv", "accounts_3.csv"]
            .iter()
            .enumerate()
            .map(|(n, path)| file(path, "accounts", &format!("id\nu{n}\n")))
            .collect::<Vec<_>>()
    };
    let cases: Vec<(&str, Vec<ManifestFile>, Vec<&str>, Vec<NotTested>)> = vec![
        (
            "one system",
            vec![
                from("accounts_1.csv", Some(AS_OF - 2), None),
                from("accounts_2.csv", Some(AS_OF - 1), None),
                from("accounts_3.csv", Some(AS_OF - 3), None),
            ],
            vec!["u1"],
            vec![],
        ),
        (
            "two systems",
            vec![
                from("accounts_1.csv", Some(AS_OF - 2), Some("oa")),
                from("accounts_2.csv", Some(AS_OF - 1), Some("erp")),
                from("accounts_3.csv", Some(AS_OF - 1), Some("oa")),
            ],
            vec!["u1", "u2"],
            vec![],
        ),
        (
            "one system's newest is old",
            vec![
                from("accounts_1.csv", Some(AS_OF - 31), Some("oa")),
                from("accounts_2.csv", Some(AS_OF), Some("erp")),
                from("accounts_3.csv", Some(AS_OF - 1), Some("erp")),
            ],
            vec!["u0", "u1"],
            vec![NotTested::EvidenceStale],
        ),
        (
            "which is the newest cannot be told",
            vec![
                from("accounts_1.csv", Some(AS_OF), None),
                from("accounts_2.csv", None, None),
                from("accounts_3.csv", Some(AS_OF - 1), None),
            ],
            vec!["u0", "u1"],
            vec![NotTested::EvidenceStale],
        ),
    ];
    for (name, manifest, expected, why) in cases {
        let options = MemoryOptions { manifest: Manifest { files: manifest }, captured_on: None, ..options() };
        let index = Index::from_memory([register()], files(), options);
        let (rows, scan) = rows_of(&index, &[table("accounts", &[], &["id"])]);
        assert_eq!(rows[0].concat(), expected, "{name}");
        let mut found = reasons(&scan);
        found.dedup();
        assert_eq!(found, why, "{name}");
        assert_eq!(scan.files.len(), 3, "{name}: superseded ones are listed");
    }
}

/// A capture that was changed until it looked older is not set aside without a word.
#[test]
fn a_superseded_file_is_held_against_its_hash() {
    let other = "0".repeat(64);
    let hashed = ManifestFile { captured_on: Some(AS_OF - 20), sha256: Some(other), ..stated("accounts1.csv") };
    let newest = ManifestFile { captured_on: Some(AS_OF), ..stated("accounts2.csv") };
    let files = vec![file("accounts1.csv", "accounts", "id\na\n"), file("accounts2.csv", "accounts", "id\nb\n")];
    let options = MemoryOptions { manifest: Manifest { files: vec![hashed, newest] }, ..options() };
    let index = Index::from_memory([register()], files, options);
    let (rows, scan) = rows_of(&index, &[table("accounts", &[], &["id"])]);
    assert_eq!(rows[0], [["b"]]);
    assert_eq!(scan.files[0].status, FileStatus::Superseded { by: "accounts2.csv".into() });
    assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable]);
    assert_eq!(told(&scan.diagnostics), ["changed accounts1.csv"]);
}

#[test]
fn files_are_recognised_by_manifest_name_and_header() {
    let free = |path: &str, text: &str| MemoryFile { path: path.into(), kind: None, bytes: text.as_bytes().to_vec() };
    let rival = kind(
        "rival",
        "files: [\"**/*记录*\"]\nrecord: {type: object, required: [x], properties: {x: {type: string}}}\n",
    );
    let files = vec![
        free("evidence/JOBS-september.CSV", "id,done_at\na,2026-09-20 08:00\n"),
        free("evidence/三季度备份情况.csv", "id,done_at\nb,2026-09-20 08:00\n"),
        free("evidence/导出.csv", "编号,完成,状态\nc,2026-09-20 08:00,成功\n"),
        free("evidence/export.json", r#"[{"编号": "d", "done_at": "2026-09-20 08:00"}]"#),
        free("evidence/备份记录.csv", "id,done_at\ne,2026-09-20 08:00\n"),
        free("evidence/other.bin", "hello"),
        free("evidence/named.txt", "id,done_at\nf,2026-09-20 08:00\n"),
    ];
    let manifest = Manifest {
        files: vec![
            ManifestFile { kind: Some(KindId::new("jobs")), ..stated("evidence/named.txt") },
            ManifestFile { kind: Some(KindId::new("jbos")), ..stated("evidence/other.bin") },
            stated("evidence/named.txt"),
            stated("../outside.csv"),
        ],
    };
    let index = Index::from_memory([jobs(), rival], files, MemoryOptions { manifest, ..options() });
    let by: Vec<(&str, Option<&str>, Option<&str>)> = index
        .files()
        .iter()
        .map(|file| (file.path.as_str(), file.kind.as_ref().map(KindId::as_str), file.recognised_by))
        .collect();
    assert_eq!(
        by,
        [
            ("evidence/JOBS-september.CSV", Some("jobs"), Some("name")),
            ("evidence/export.json", Some("jobs"), Some("header")),
            ("evidence/named.txt", Some("jobs"), Some("manifest")),
            ("evidence/other.bin", None, None),
            ("evidence/三季度备份情况.csv", Some("jobs"), Some("name")),
            ("evidence/备份记录.csv", None, None),
            ("evidence/导出.csv", Some("jobs"), Some("header")),
        ]
    );
    assert_eq!(
        told(index.diagnostics()),
        [
            "missing-file ../outside.csv",
            "outside-workspace ../outside.csv",
            "stated-twice evidence/named.txt",
            "unknown-kind evidence/other.bin",
            "unused-file evidence/other.bin",
            "two-kinds evidence/备份记录.csv",
        ]
    );
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete], "a file that may be of the kind was left out");
    let (unused, _) = index.scan_unused();
    assert_eq!(unused.iter().map(|scan| scan.file).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(unused[0].sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    let mut all = scan.files.clone();
    all.extend(unused);
    let batch = files_batch(&index, &all, &["path".into(), "rows_read".into(), "status".into()]);
    assert_eq!(display(&batch.columns[1], 0).as_deref(), Some("1"));
    assert_eq!(batch.len(), all.len());
}

/// The manifest decides which kind a file is of; but where that is plainly a slip, the kind it slipped from lacks a file.
#[test]
fn a_file_that_cannot_be_of_its_stated_kind_is_missed_by_the_other() {
    let free = |path: &str, text: &str| MemoryFile { path: path.into(), kind: None, bytes: text.as_bytes().to_vec() };
    let rows = format!("{HEADER}a,2026-09-20 08:00\n");
    for (name, path, text, kind, missed) in [
        ("its name and header say otherwise", "jobs9.csv", rows.as_str(), "accounts", true),
        ("its name says otherwise, and nothing can be read", "jobs9.csv", "x", "accounts", true),
        ("its header says otherwise", "export.csv", "编号,完成,状态\na,2026-09-20 08:00,成功\n", "other", true),
        ("its name is of another, its columns are right", "jobs9.csv", "id,note\na,x\n", "accounts", false),
        ("its name is right", "accounts.csv", "编号,完成,状态\na,2026-09-20 08:00,成功\n", "accounts", false),
        ("nobody knows it", "export.csv", "x,y\n1,2\n", "other", false),
    ] {
        let other = super::kind(
            "other",
            "files: [\"**/other*\"]\nrecord: {type: object, required: [who], properties: {who: {type: string}}}\n",
        );
        let statement = ManifestFile { kind: Some(KindId::new(kind)), ..stated(path) };
        let manifest = Manifest { files: vec![statement] };
        let files = vec![free(path, text), free("jobs.csv", &rows)];
        let index = Index::from_memory([jobs(), register(), other], files, MemoryOptions { manifest, ..options() });
        assert_eq!(
            index.files().iter().find(|file| file.path == path).unwrap().recognised_by,
            Some("manifest"),
            "{name}"
        );
        let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
        let expected = if missed { vec![NotTested::EvidenceIncomplete] } else { vec![] };
        assert_eq!(reasons(&scan), expected, "{name}");
        assert_eq!(told(index.diagnostics()).contains(&format!("two-kinds {path}")), missed, "{name}");
    }
}

#[test]
fn each_judgement_has_its_code() {
    let one = format!("{HEADER}a,2026-09-20 08:00\n");
    let entry = |change: &dyn Fn(&mut ManifestFile)| {
        let mut entry = stated("jobs.csv");
        change(&mut entry);
        vec![entry]
    };
    for (name, text, manifest, codes) in [
        ("no date anywhere", "id\na\n", vec![], vec!["evidence/undated"]),
        ("old", "id,done_at\na,2026-01-01 08:00\n", vec![], vec!["evidence/stale"]),
        ("no rows", "id,done_at\n", entry(&|entry| entry.captured_on = Some(AS_OF)), vec!["evidence/empty"]),
        ("more rows than stated", &one, entry(&|entry| entry.rows = Some(0)), vec!["evidence/rows-stated"]),
        (
            "rows outside the stated days",
            &one,
            entry(&|entry| (entry.rows, entry.period) = (Some(1), Some((AS_OF - 5, AS_OF)))),
            vec!["evidence/period-stated"],
        ),
    ] {
        let (_, scan) = judged(vec![file("jobs.csv", "jobs", text)], manifest, None);
        let found: Vec<&str> =
            scan.diagnostics.iter().map(|d| d.code.id).filter(|code| *code != "evidence/missing-column").collect();
        assert_eq!(found, codes, "{name}");
    }
}
