//! Things under names of the kind that are no files, or none that may be read: told, not opened, and the kind is incomplete.
#![cfg(unix)]

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::super::common::{AS_OF, Workspace};
use super::{HEADER, bounded};

/// What is met beside a good file, and what must be said of it.
struct Place {
    name: &'static str,
    /// Puts it into the folder; `false` where this machine cannot.
    make: fn(&Path) -> bool,
    /// Its name, as it is shown.
    shown: &'static str,
    code: &'static str,
    en: &'static str,
    zh: &'static str,
}

fn not_regular(name: &'static str, make: fn(&Path) -> bool, shown: &'static str) -> Place {
    let (en, zh) = ("not a regular file; it was not opened", "不是普通文件，没有打开");
    Place { name, make, shown, code: "evidence/not-regular", en, zh }
}

fn outside(name: &'static str, make: fn(&Path) -> bool) -> Place {
    let (en, zh) = ("leads out of the workspace", "指向工作区之外，没有读取");
    Place { name, make, shown: "widgets-link.csv", code: "evidence/outside-workspace", en, zh }
}

fn ran(program: &str, path: &Path, more: &[&str]) -> bool {
    let made = std::process::Command::new(program).arg(path).args(more).output();
    made.is_ok_and(|made| made.status.success())
}

const PLACES: [fn() -> Place; 6] = [
    || not_regular("a pipe", |folder| ran("mkfifo", &folder.join("widgets-pipe.csv"), &[]), "widgets-pipe.csv"),
    || {
        let make = |folder: &Path| {
            std::os::unix::net::UnixListener::bind(folder.join("widgets-s.csv")).unwrap();
            true
        };
        not_regular("a socket", make, "widgets-s.csv")
    },
    // Only root may make a device, and not in every container.
    || not_regular("a device", |folder| ran("mknod", &folder.join("widgets-d.csv"), &["c", "1", "5"]), "widgets-d.csv"),
    || outside("a link to a device", |folder| symlink("/dev/zero", folder.join("widgets-link.csv")).is_ok()),
    || outside("a link to a file outside", |folder| symlink("/etc/passwd", folder.join("widgets-link.csv")).is_ok()),
    || Place {
        name: "a name that is not UTF-8",
        // Some file systems take no such name.
        make: |folder| {
            let name = std::ffi::OsStr::from_bytes(b"widgets-\xb2\xbf\xbc\xfe.csv");
            std::fs::write(folder.join(name), format!("{HEADER}w7,2026-09-30,0\n")).is_ok()
        },
        shown: "widgets-\u{fffd}",
        code: "evidence/file-name",
        en: "the name of the file is not UTF-8; it was not read",
        zh: "文件名不是 UTF-8，没有读取",
    },
];

#[test]
fn what_is_no_file_is_told_in_both_languages_and_not_opened() {
    for place in PLACES {
        let Place { name, make, shown, code, en, zh } = place();
        let workspace = Workspace::small();
        if !make(&workspace.join("evidence/2026Q3")) {
            let skipped = matches!(name, "a device" | "a name that is not UTF-8");
            assert!(skipped, "{name}: cannot be made here");
            eprintln!("skipped: this machine does not make {name}");
            continue;
        }
        bounded(&workspace, "en").status(3).prints(&["BAK-90.1  evidence incomplete", shown, code, en]);
        bounded(&workspace, "zh").status(3).prints(&["BAK-90.1  证据不完整", shown, code, zh]);
    }
}

/// A file that the user may not read. Root may read everything, so the test steps down where it can.
#[cfg(target_os = "linux")]
#[test]
fn a_file_without_permission_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let workspace = Workspace::small();
    let locked = workspace
        .write("evidence/2026Q3/widgets7.csv", format!("{HEADER}w7,2026-09-30,0\n"))
        .join("evidence/2026Q3/widgets7.csv");
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(workspace.path(), 0o755);
    mode(&locked, 0o000);
    let steps_down = std::fs::read(&locked).is_ok();
    for (lang, words) in [("en", "ermission denied"), ("zh", "不能读取（没有权限）")] {
        let mut run = if steps_down {
            let mut run = std::process::Command::new("setpriv");
            run.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_hegui")]).env_clear();
            run
        } else {
            super::super::common::command()
        };
        run.arg("check").arg(workspace.path()).args(["--as-of", AS_OF, "--lang", lang, "--report", "none"]);
        let output = match run.current_dir(std::env::temp_dir()).output() {
            Ok(output) => output,
            Err(fault) if steps_down => {
                eprintln!("skipped: nothing to step down with: {fault}");
                return;
            }
            Err(fault) => panic!("{fault}"),
        };
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // Nobody to step down to, or the build is where nobody else may look: `setpriv` says so, and ours never began.
        if steps_down && err.starts_with("setpriv: ") {
            eprintln!("skipped: {err}");
            return;
        }
        assert_eq!(output.status.code(), Some(3), "{out}\n{err}");
        for words in ["evidence/unreadable-file", "widgets7.csv", words] {
            assert!(out.contains(words), "{words}:\n{out}\n{err}");
        }
    }
}
