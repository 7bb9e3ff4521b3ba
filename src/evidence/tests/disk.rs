//! Folders as they are: links, pipes, cycles, names, periods.

use std::fs;
use std::path::Path;

use super::*;
use crate::text::Text;

fn request(workspace: &Path) -> Request {
    Request {
        workspace: workspace.to_owned(),
        roots: vec!["evidence".into()],
        period: Some("2026Q3".into()),
        manifest: Manifest::default(),
        as_of: AS_OF,
        zone: chrono_tz::Asia::Shanghai,
        limits: Limits::default(),
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const ONE: &str = "id,done_at\na,2026-09-20 08:00\n";

#[test]
fn the_period_and_what_lies_outside_any_period_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("evidence");
    for path in [
        "2026Q3/jobs1.csv",
        "2026Q2/jobs2.csv",
        "2025/jobs3.csv",
        "2026-08/jobs4.csv",
        "其他/jobs5.csv",
        "jobs6.csv",
        "2026Q3/2026Q2/jobs7.csv",
        "2026Q3/manifest.yaml",
    ] {
        write(&root.join(path), ONE);
    }
    let index = Index::build([jobs()], &request(folder.path()));
    let paths: Vec<&str> = index.files().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "evidence/2026Q3/2026Q2/jobs7.csv",
            "evidence/2026Q3/jobs1.csv",
            "evidence/jobs6.csv",
            "evidence/其他/jobs5.csv"
        ]
    );
    assert!(index.diagnostics().is_empty());
    let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!((rows[0].len(), reasons(&scan)), (1, vec![]), "four copies of the same bytes");
}

#[test]
fn a_workspace_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::build([jobs()], &request(&folder.path().join("none")));
    assert_eq!(index.diagnostics()[0].code.id, "evidence/unreadable-file");
}

#[cfg(unix)]
#[test]
fn links_pipes_cycles_and_names() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let root = folder.path().join("evidence/2026Q3");
    write(&root.join("jobs.csv"), ONE);
    write(&folder.path().join("shared/jobs_shared.csv"), "id,done_at\nb,2026-09-20 08:00\n");
    write(&outside.path().join("jobs_secret.csv"), "id,done_at\nsecret,2026-09-20 08:00\n");
    symlink(outside.path().join("jobs_secret.csv"), root.join("jobs_link.csv")).unwrap();
    symlink(outside.path(), root.join("folder_link")).unwrap();
    symlink(folder.path().join("shared"), root.join("shared")).unwrap();
    symlink(&root, root.join("cycle")).unwrap();
    symlink("nowhere", root.join("jobs_broken.csv")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(root.join("jobs_pipe.csv")).status().unwrap().success());
    fs::write(root.join(std::ffi::OsStr::from_bytes(b"jobs_\xff.csv")), ONE).unwrap();
    let index = Index::build([jobs()], &request(folder.path()));
    let paths: Vec<&str> = index.files().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["evidence/2026Q3/jobs.csv", "evidence/2026Q3/shared/jobs_shared.csv"]);
    let mut found = told(index.diagnostics());
    found.sort();
    assert_eq!(
        found,
        [
            "file-name evidence/2026Q3/jobs_\u{fffd}.csv",
            "folder-cycle evidence/2026Q3/cycle",
            "not-regular evidence/2026Q3/jobs_pipe.csv",
            "outside-workspace evidence/2026Q3/folder_link",
            "outside-workspace evidence/2026Q3/jobs_link.csv",
            "unreadable-file evidence/2026Q3/jobs_broken.csv",
        ]
    );
    let machine = folder.path().to_string_lossy().into_owned();
    assert!(!format!("{:?}", index.diagnostics()).contains(&machine), "no machine path is told");
    let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(rows[0], [["a"], ["b"]]);
    // Whatever was not opened might have been of the kind, by its name or because nobody knows what is inside.
    let lacking: Vec<_> = scan.missing.iter().map(|missing| (missing.file.clone().unwrap(), missing.reason)).collect();
    let names = ["folder_link", "jobs_broken.csv", "jobs_link.csv", "jobs_pipe.csv", "jobs_\u{fffd}.csv"];
    let expected = names.map(|name| (format!("evidence/2026Q3/{name}"), NotTested::EvidenceIncomplete));
    assert_eq!(lacking, expected);
}

/// One name to another system or to a reader's eye, two files here: both are read, the second is told of.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_one_elsewhere_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("evidence/2026Q3");
    for (number, name) in
        ["jobs_\u{e9}.csv", "jobs_e\u{301}.csv", "Jobs.csv", "jobs.csv", "jobs2.csv"].iter().enumerate()
    {
        write(&root.join(name), &format!("id,done_at\nj{number},2026-09-20 08:00\n"));
    }
    let index = Index::build([jobs()], &request(folder.path()));
    let expected = ["similar-names evidence/2026Q3/jobs.csv", "similar-names evidence/2026Q3/jobs_\u{e9}.csv"];
    assert_eq!(told(index.diagnostics()), expected);
    let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!((rows[0].len(), reasons(&scan).len()), (5, 0));
}

/// What is met and cannot be opened, alone beside a good file: whether the kind `jobs` may still be relied on.
#[cfg(unix)]
#[test]
fn what_cannot_be_opened_leaves_the_kind_incomplete() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    type Make = fn(&Path);
    let cases: [(&str, Make, bool); 9] = [
        (
            "a file outside, of the kind by its name",
            |root| symlink("/etc/hostname", root.join("jobs9.csv")).unwrap(),
            true,
        ),
        ("a file outside, of no kind by its name", |root| symlink("/etc/hostname", root.join("a.csv")).unwrap(), false),
        ("a folder outside, whatever its name", |root| symlink("/etc", root.join("a")).unwrap(), true),
        ("a link to nowhere, of the kind", |root| symlink("nowhere", root.join("jobs9.csv")).unwrap(), true),
        (
            "a link to nowhere, of no kind: an editor's lock",
            |root| symlink("x@y", root.join(".#a.csv")).unwrap(),
            false,
        ),
        ("a link to nowhere that may have been a folder", |root| symlink("/mnt/no", root.join("nas")).unwrap(), true),
        (
            "a name that cannot be read",
            |root| {
                fs::write(root.join(std::ffi::OsStr::from_bytes(b"\xc5\xe0\xd1\xb5.csv")), ONE).unwrap();
            },
            true,
        ),
        ("another period's link", |root| symlink("/etc", root.join("../2026Q2")).unwrap(), false),
        ("another period's link to nowhere", |root| symlink("/no", root.join("../2026Q2")).unwrap(), false),
    ];
    for (name, make, incomplete) in cases {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("evidence/2026Q3");
        write(&root.join("jobs.csv"), ONE);
        make(&root);
        let index = Index::build([jobs()], &request(folder.path()));
        let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
        let expected: &[NotTested] = if incomplete { &[NotTested::EvidenceIncomplete] } else { &[] };
        assert_eq!(reasons(&scan), expected, "{name}");
    }
}

#[test]
fn a_limit_that_stopped_the_walk_leaves_every_kind_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("evidence/2026Q3/deep/er/jobs.csv"), ONE);
    write(&folder.path().join("evidence/2026Q3/jobs.csv"), ONE);
    write(&folder.path().join("evidence/2026Q3/other.txt"), "");
    let cases = [
        (Limits { folders: 2, ..Limits::default() }, "too-deep evidence/2026Q3/deep"),
        (Limits { files: 1, ..Limits::default() }, "too-large evidence"),
    ];
    for (limits, expected) in cases {
        let index = Index::build([jobs()], &Request { limits, ..request(folder.path()) });
        assert!(told(index.diagnostics()).contains(&expected.to_owned()), "{:?}", told(index.diagnostics()));
        let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
        let missing: Vec<_> = scan.missing.iter().map(|missing| (missing.reason, missing.detail.en.clone())).collect();
        let told = missing.iter().any(|(reason, words)| {
            *reason == NotTested::EvidenceIncomplete
                && words.ends_with("nobody knows whether it holds evidence of this kind")
        });
        assert!(told, "{missing:?}");
    }
}

/// The manifest says which kind a file is of, also when it cannot be opened.
#[cfg(unix)]
#[test]
fn a_stated_file_that_cannot_be_opened_is_not_called_missing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("evidence/2026Q3");
    write(&root.join("jobs.csv"), ONE);
    std::os::unix::fs::symlink("/etc/hostname", root.join("x.csv")).unwrap();
    let stated =
        ManifestFile { path: "evidence/2026Q3/x.csv".into(), kind: Some("jobs".into()), ..ManifestFile::default() };
    let manifest = Manifest { files: vec![stated] };
    let index = Index::build([jobs()], &Request { manifest, ..request(folder.path()) });
    assert_eq!(told(index.diagnostics()), ["outside-workspace evidence/2026Q3/x.csv"]);
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
}

#[cfg(unix)]
#[test]
fn a_root_that_leads_out_is_not_read() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(&outside.path().join("jobs.csv"), ONE);
    std::os::unix::fs::symlink(outside.path(), folder.path().join("evidence")).unwrap();
    let index = Index::build([jobs()], &request(folder.path()));
    assert_eq!(told(index.diagnostics()), ["outside-workspace evidence"]);
    assert!(index.files().is_empty());
}

#[test]
fn a_file_that_changes_or_vanishes_during_the_run_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evidence/jobs.csv");
    write(&path, ONE);
    let index = Index::build([jobs()], &request(folder.path()));
    write(&path, &format!("{ONE}b,2026-09-21 08:00\n"));
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(
        (reasons(&scan), told(&scan.diagnostics)),
        (vec![NotTested::EvidenceUnreadable], vec!["changed evidence/jobs.csv".to_owned()])
    );
    fs::remove_file(&path).unwrap();
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable]);
    let limits = Limits { streamed_bytes: 10, ..Limits::default() };
    write(&path, ONE);
    let index = Index::build([jobs()], &Request { limits, ..request(folder.path()) });
    let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!((rows[0].len(), told(&scan.diagnostics)), (0, vec!["too-large evidence/jobs.csv".to_owned()]));
}

/// Writes over a file in place: as many bytes, and the time of change of before if `hidden`.
fn overwrite(path: &Path, text: &str, hidden: bool) {
    let before = fs::metadata(path).unwrap();
    assert_eq!(before.len(), text.len() as u64, "as many bytes as before");
    let later = before.modified().unwrap() + std::time::Duration::from_secs(1);
    fs::write(path, text).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(if hidden { before.modified().unwrap() } else { later }).unwrap();
}

#[test]
fn a_file_overwritten_while_it_is_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (large, small) = (folder.path().join("evidence/jobs1.csv"), folder.path().join("evidence/jobs2.csv"));
    let row = |row: u32| format!("n{row:07},2026-09-20 08:00\n");
    let text: String = std::iter::once("id,done_at\n".to_owned()).chain((0..400_000).map(row)).collect();
    for (name, changed, hidden) in
        [("nobody", None, false), ("seen", Some(&large), false), ("hidden", Some(&small), true)]
    {
        write(&large, &text);
        write(&small, ONE);
        let index = Index::build([jobs()], &request(folder.path()));
        let mut times = 0;
        let scan = index.scan(&"jobs".into(), &[table("jobs", &[], &["id"])], &mut |_, _| {
            times += 1;
            if let Some(path) = changed.filter(|_| times == 1) {
                overwrite(path, &fs::read_to_string(path).unwrap().replace(":00", ":01"), hidden);
            }
        });
        let Some(path) = changed else {
            assert_eq!((reasons(&scan), told(&scan.diagnostics)), (vec![], vec![]), "{name}");
            continue;
        };
        let path = format!("changed evidence/{}", path.file_name().unwrap().to_str().unwrap());
        assert_eq!(
            (reasons(&scan), told(&scan.diagnostics)),
            (vec![NotTested::EvidenceUnreadable], vec![path]),
            "{name}"
        );
        let Text { zh, en } = &scan.diagnostics[0].message;
        assert!(
            matches!(
                (zh.as_str(), en.as_str()),
                ("文件在读取时被改动", "the file changed while it was read")
                    | ("文件在本次运行中被改动", "the file changed during this run")
            ),
            "{name}: {zh} {en}"
        );
    }
}

/// Twice the same row is one job or two: nobody knows, so nothing that counts them may hold.
#[test]
fn rows_that_share_a_key_leave_their_kind_incomplete() {
    let (_, scan) = read(&jobs(), "jobs.csv", &format!("{ONE}a,2026-09-20 08:00\n"), &[], &["id"]);
    assert_eq!((reasons(&scan), told(&scan.diagnostics).len()), (vec![NotTested::EvidenceIncomplete], 2));
    assert!(
        scan.missing[0].detail.en.contains('2') && scan.missing[0].detail.zh.contains("2 行"),
        "{:?}",
        scan.missing
    );
    let (_, scan) = read(&jobs(), "jobs.csv", &format!("{ONE}b,2026-09-20 08:00\n"), &[], &["id"]);
    assert_eq!(reasons(&scan), []);
}

/// A file that is gone is no other that the manifest lists, however alike their folders are; one of nearly its name may be.
#[test]
fn what_a_missing_file_may_be_called() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("evidence/2026Q3");
    write(&root.join("备份记录/jobs-b.csv"), ONE);
    let listed = ["evidence/2026Q3/备份记录/jobs-a.csv", "evidence/2026Q3/备份记录/jobs-b.csv"];
    let help = || {
        let manifest = Manifest { files: listed.map(stated).into() };
        let index = Index::build([jobs()], &Request { manifest, ..request(folder.path()) });
        let missing: Vec<_> = index.diagnostics().iter().filter(|one| one.code.id == codes::MISSING_FILE.id).collect();
        assert_eq!(missing.len(), 1);
        missing[0].help.as_ref().map(|help| help.en.clone())
    };
    assert_eq!(help(), None);
    write(&root.join("其他/jobs-aa.csv"), "id,done_at\nb,2026-09-20 08:00\n");
    assert_eq!(help().as_deref(), Some("did you mean `evidence/2026Q3/其他/jobs-aa.csv`?"));
}
