//! Folders as they are: links, pipes, cycles, names, periods.

use std::fs;
use std::path::Path;

use super::*;

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
    let (rows, _) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(rows[0], [["a"], ["b"]]);
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
