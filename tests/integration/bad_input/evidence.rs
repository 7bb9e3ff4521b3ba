//! Evidence that is met and cannot be read, or must not be shown as it is.

use std::path::Path;

use super::super::common::{AS_OF, Workspace, command, hegui};
use super::{CONTROL, DATA, KIND};

#[test]
fn evidence_that_nests_100_000_deep() {
    for (suffix, text) in [
        ("json", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))),
        ("json", format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000))),
        ("jsonl", format!("{}1{}\n", "[".repeat(100_000), "]".repeat(100_000))),
        ("yaml", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))),
    ] {
        let workspace = Workspace::small();
        workspace.write(&format!("evidence/2026Q3/widgets2.{suffix}"), text);
        let run = workspace.check(&["--report", "none"]).status(3);
        run.tells(&["widgets2", "nested more than"]);
    }
}

#[test]
fn two_kinds_claiming_one_file() {
    let workspace = Workspace::small();
    let kind = std::fs::read_to_string(workspace.join(KIND)).unwrap().replace("id: widgets", "id: gadgets");
    workspace.write("policies/evidence/gadgets.yaml", kind);
    workspace.check(&["--report", "none"]).status(3).tells(&["evidence/two-kinds", "widgets.csv", "gadgets"]);
    // The manifest decides.
    workspace.write(
        "evidence/2026Q3/manifest.yaml",
        "schema: hegui/manifest/v1\nfiles:\n  - {path: widgets.csv, kind: widgets, captured_on: 2026-09-30}\n",
    );
    workspace.check(&["--report", "none"]).status(0);
}

#[test]
fn faults_of_a_manifest() {
    let cases = [
        ("unknown key", "files:\n  - {path: widgets.csv, knid: widgets}", 4, "knid"),
        ("unknown kind", "files:\n  - {path: widgets.csv, kind: wigdets}", 4, "wigdets"),
        ("a file nobody finds", "files:\n  - {path: gone.csv, kind: widgets}", 3, "gone.csv"),
        ("a path that climbs out", "files:\n  - {path: ../../../etc/passwd, kind: widgets}", 4, "passwd"),
        ("fewer rows than stated", "files:\n  - {path: widgets.csv, kind: widgets, rows: 3}", 3, "widgets.csv"),
    ];
    for (name, text, status, words) in cases {
        let workspace = Workspace::small();
        workspace.write("evidence/2026Q3/manifest.yaml", format!("schema: hegui/manifest/v1\n{text}\n"));
        let run = workspace.check(&["--report", "none"]);
        assert_eq!(run.status, status, "{name}:\n{}\n{}", run.out, run.err);
        assert!(format!("{}{}", run.out, run.err).contains(words), "{name}:\n{}\n{}", run.out, run.err);
    }
}

/// An export of a quarter whose one row is of one day: satisfied, as its rows are as many as it states, and not in silence.
#[test]
fn a_stated_period_that_is_mostly_quiet() {
    let workspace = Workspace::small();
    let text = "起始日期:2026-07-01 终止日期:2026-09-30\n编号,日期,数量\nw1,2026-09-01,1\n共1笔\n";
    workspace.write("evidence/2026Q3/widgets.csv", text);
    let words = ["evidence/period-stated", "the file states 2026-07-01 to 2026-09-30", "2026-09-01 to 2026-09-01"];
    workspace.check(&["--report", "none"]).status(0).tells(&words);
    let path = workspace.path().to_str().unwrap();
    let status = ["evidence", "status", path, "--as-of", AS_OF, "--lang"];
    hegui([&status[..], &["en"]].concat()).status(0).tells(&words);
    hegui([&status[..], &["zh"]].concat()).status(0).tells(&["文件写明期间 2026-07-01 至 2026-09-30"]);
}

/// Evidence that was met and not read: the check that could have needed it is never satisfied, and says why.
#[cfg(unix)]
#[test]
fn a_symlink_out_of_the_workspace_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("widgets9.csv"), "编号,日期,数量\nw9,2026-09-30,0\n").unwrap();
    for (target, link) in [("widgets9.csv", "widgets9.csv"), ("", "folder")] {
        let workspace = Workspace::small();
        std::os::unix::fs::symlink(outside.path().join(target), workspace.join("evidence/2026Q3").join(link)).unwrap();
        let run = workspace.check(&["--report", "none"]).status(3);
        let run = run.prints(&["evidence/outside-workspace", "BAK-90.1  evidence incomplete", link]);
        assert!(!run.out.contains("w9 ") && !run.err.contains("w9 "), "{}", run.out);
        // It is listed, as what it is.
        workspace.check(&["--report", "csv"]).status(3);
        let index = std::fs::read_to_string(workspace.join("reports/2026Q3/evidence.csv")).unwrap();
        let line = index.lines().find(|line| line.contains(&format!(",evidence/2026Q3/{link},"))).unwrap();
        assert!(line.contains(",unreadable,leads out of the workspace"), "{line}");
        hegui(["evidence", "status", workspace.path().to_str().unwrap(), "--as-of", AS_OF, "--lang", "en"]).status(3);
    }
    // A root that leads out.
    let workspace = Workspace::small();
    workspace.edit("hegui.yaml", "profile:", "evidence: [evidence, more]\nprofile:");
    workspace.check(&["--report", "none"]).status(0);
    std::os::unix::fs::symlink(outside.path(), workspace.join("more")).unwrap();
    workspace.check(&["--report", "none"]).status(3).prints(&["`more`: leads out of the workspace"]);
    // A policy file outside is not read either.
    let workspace = Workspace::small();
    std::os::unix::fs::symlink("/etc/passwd", workspace.join("policies/controls/BAK/BAK-91.yaml")).unwrap();
    let run = workspace.check(&["--report", "none"]).status(4);
    assert!(!run.err.contains("root:"), "{}", run.err);
    run.says(&["BAK-91.yaml"]);
}

/// A folder that the user may not open; root may open everything, so the test steps down where it can.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_without_permission_leaves_every_kind_in_doubt() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let workspace = Workspace::small();
    let locked = workspace.join("evidence/2026Q3/locked");
    workspace.write("evidence/2026Q3/locked/widgets7.csv", "编号,日期,数量\nw7,2026-09-30,0\n");
    mode(workspace.path(), 0o755);
    mode(&locked, 0o000);
    let mut run = if std::fs::read_dir(&locked).is_ok() {
        let mut run = std::process::Command::new("setpriv");
        run.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_hegui")]).env_clear();
        run
    } else {
        command()
    };
    run.arg("check").arg(workspace.path()).args(["--as-of", AS_OF, "--lang", "en", "--report", "none"]);
    let output = run.current_dir(std::env::temp_dir()).output();
    mode(&locked, 0o755);
    // Nobody to step down to, or the build is where nobody else may look: nothing to be seen here.
    let Ok(output) = output else { return };
    let out = String::from_utf8_lossy(&output.stdout);
    if out.is_empty() {
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{out}");
    for words in ["BAK-90.1  evidence incomplete", "evidence/2026Q3/locked", "nobody knows whether it holds"] {
        assert!(out.contains(words), "{words}:\n{out}");
    }
}

#[cfg(unix)]
#[test]
fn a_cycle_of_directories_ends() {
    let workspace = Workspace::small();
    std::os::unix::fs::symlink("..", workspace.join("evidence/2026Q3/again")).unwrap();
    // What the link leads back to is read anyway: nothing is in doubt.
    workspace.check(&["--report", "none"]).status(0).prints(&["evidence/2026Q3/again", "evidence/folder-cycle"]);
    // What lies behind a link in a policy folder is not judged, and that is no small thing.
    let workspace = Workspace::small();
    std::os::unix::fs::symlink(".", workspace.join("policies/controls/BAK/again")).unwrap();
    let run = workspace.check(&["--report", "none"]).status(4);
    run.says(&["policy/file-unreadable", "policies/controls/BAK/again", "a link to a folder", "help: "]);
}

#[cfg(unix)]
#[test]
fn things_that_are_no_files() {
    let workspace = Workspace::small();
    let pipe = workspace.join("evidence/2026Q3/widgets-pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    workspace.check(&["--report", "none"]).status(3).prints(&[
        "BAK-90.1  evidence incomplete",
        "widgets-pipe.csv",
        "evidence/not-regular",
    ]);
    // Named like no kind, it is only told.
    std::fs::rename(&pipe, workspace.join("evidence/2026Q3/pipe")).unwrap();
    workspace.check(&["--report", "none"]).status(0).prints(&["evidence/2026Q3/pipe", "evidence/not-regular"]);
    // A link to nowhere.
    std::os::unix::fs::symlink("nowhere.csv", workspace.join("evidence/2026Q3/widgets-gone.csv")).unwrap();
    workspace.check(&["--report", "none"]).status(3).prints(&["BAK-90.1  evidence incomplete", "widgets-gone.csv"]);
}

#[test]
fn evidence_text_cannot_reach_the_terminal_as_escapes() {
    let workspace = Workspace::small();
    workspace.write(DATA, "编号,日期,数量\n\u{1b}]0;owned\u{7}w1,2026-09-01,0\n\u{202e}w2,2026-09-30,0\n");
    let run = workspace.check(&["--report", "none"]).status(1);
    for text in [&run.out, &run.err] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
}

#[test]
fn names_that_are_hostile() {
    let workspace = Workspace::small();
    workspace.write("evidence/2026Q3/\u{1b}[31mred.csv", "a,b\n1,2\n");
    let run = workspace.check(&["--report", "none"]).status(0).prints(&[r"\u{1b}[31mred.csv", "evidence/unused-file"]);
    assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{:?}", run.err);
}

/// An account of somebody who left must not pass because a spreadsheet spoiled the id in the one file or the other: an id that
/// cannot be read belongs to nobody knows whom, and is a finding.
#[test]
fn a_spoilt_id_is_read_as_what_it_says_or_not_at_all() {
    let cases = [
        ("plain", "0012345", 1, ""),
        ("a formula that keeps the zeros", "=\"0012345\"", 1, ""),
        ("the same, quoted", "\"=\"\"0012345\"\"\"", 1, ""),
        ("an apostrophe", "'0012345", 1, ""),
        ("a backtick", "`0012345", 1, ""),
        ("full width", "００１２３４５", 1, ""),
        ("a blank nobody sees behind it", "0012345\u{200b}", 1, ""),
        ("and within it", "00\u{200b}12345", 1, "看不见的字符"),
        ("a zero byte", "00\x0012345", 1, "看不见的字符"),
        ("a formula", "=A1", 1, "是公式而不是它的值"),
        ("a long number", "1.23E+17", 1, "位数已经丢失"),
        ("the same, written otherwise", "1.23E17", 1, "位数已经丢失"),
        ("somebody else", "0012346", 0, ""),
    ];
    for (name, id, status, words) in cases {
        let workspace = Workspace::small();
        let kind = std::fs::read_to_string(workspace.join(KIND)).unwrap();
        let kind = kind.replace("id: widgets", "id: leavers").replace("**/widgets*", "**/leavers*");
        workspace.write("policies/evidence/leavers.yaml", kind);
        workspace.edit(CONTROL, "    expect: amount >= $least\n", "    has_no: {in: leavers, on: id = id}\n");
        workspace.edit(CONTROL, "只有 {{ amount }}", "已离职");
        workspace.edit(
            CONTROL,
            "params:\n  least: {type: integer, default: 1, min: 1, max: 5, source: practice}\n",
            "",
        );
        workspace.write(DATA, "编号,日期,数量\n0012345,2026-09-30,1\n");
        workspace.write("evidence/2026Q3/leavers.csv", format!("编号,日期\n{id},2026-09-30\n"));
        let path = workspace.path().to_str().unwrap();
        let run = hegui(["check", path, "--as-of", AS_OF, "--report", "none", "--lang", "zh"]);
        assert_eq!(run.status, status, "{name}:\n{}\n{}", run.out, run.err);
        assert!(run.out.contains(words) || run.err.contains(words), "{name}:\n{}\n{}", run.out, run.err);
    }
}
