//! Reports that cannot be written: the ones of the run before stay whole.

use std::fmt::Write as _;
use std::path::Path;

use super::super::common::{AS_OF, Workspace, command, hegui};
use super::{DATA, report_bytes};

/// A word that is no report is a fault with its place, and only the reports that were asked for are written.
#[test]
fn a_report_format_nobody_has() {
    let workspace = Workspace::small();
    workspace.edit("hegui.yaml", "gate:", "report: {formats: [json, pdf]}\ngate:");
    workspace.check(&[]).status(4).says(&["policy/wrong-word", "hegui.yaml:6:26", "`pdf`"]);
    let names: Vec<String> = report_bytes(&workspace).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["assessment.json"]);
}

/// Nothing is written through a link out of the workspace, unless `--out` names the place.
#[cfg(unix)]
#[test]
fn reports_that_lead_out_of_the_workspace() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let empty = || std::fs::read_dir(outside.path()).unwrap().next().is_none();
    for link in ["reports", "reports/2026Q3"] {
        let workspace = Workspace::small();
        std::fs::create_dir_all(workspace.join(link).parent().unwrap()).unwrap();
        symlink(outside.path(), workspace.join(link)).unwrap();
        workspace.check(&[]).status(74).says(&["leads out of the workspace", "--out"]);
        let path = workspace.path().to_str().unwrap();
        hegui(["check", path, "--as-of", AS_OF]).status(74).says(&["指向工作区之外"]);
        assert!(empty(), "{link}");
    }
    let workspace = Workspace::small();
    symlink("/nowhere/at/all", workspace.join("reports")).unwrap();
    workspace.check(&[]).status(74);
    // Inside the workspace a link is as good as a folder, and a folder that is named is meant.
    let workspace = Workspace::small();
    std::fs::create_dir(workspace.join("elsewhere")).unwrap();
    symlink("elsewhere", workspace.join("reports")).unwrap();
    workspace.check(&[]).status(0);
    assert!(workspace.join("elsewhere/2026Q3/assessment.json").exists());
    workspace.check(&["--out", outside.path().to_str().unwrap()]).status(0);
    assert!(!empty());
}

#[test]
fn an_output_directory_that_is_a_file() {
    let workspace = Workspace::small();
    workspace.write("taken", "x");
    let out = workspace.join("taken");
    workspace.check(&["--out", out.to_str().unwrap()]).status(74).says(&["taken"]);
    assert_eq!(std::fs::read_to_string(out).unwrap(), "x");
}

/// Root may write anywhere; `/proc` refuses even root.
#[cfg(target_os = "linux")]
#[test]
fn an_output_directory_that_cannot_be_written() {
    let workspace = Workspace::small();
    workspace.check(&["--out", "/proc/hegui-cannot-write-here"]).status(74).says(&["/proc/hegui-cannot-write-here"]);
}

/// A file size limit makes every write beyond it fail, as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_report_whole() {
    let workspace = Workspace::small();
    workspace.check(&[]).status(0);
    let before = report_bytes(&workspace);
    assert!(before.len() >= 3, "{:?}", before.iter().map(|(name, _)| name).collect::<Vec<_>>());
    // Another verdict, so that a new report would differ.
    workspace.edit(DATA, "w1,2026-09-01,1", "w1,2026-09-01,0");
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec '{}' check '{}' --as-of {AS_OF} --lang en",
        env!("CARGO_BIN_EXE_hegui"),
        workspace.path().display()
    );
    let output = std::process::Command::new("bash").args(["-c", &script]).env_clear().output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(74), "{err}");
    assert!(err.contains("cannot write"), "{err}");
    assert_eq!(report_bytes(&workspace), before, "the old report is whole, and nothing lies beside it");
}

/// A disk that is full indeed: a file system of its own, where the machine lets us have one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_file_system_leaves_the_old_report_whole() {
    let workspace = Workspace::small();
    std::fs::create_dir(workspace.join("reports")).unwrap();
    let (path, binary) = (workspace.path().display(), env!("CARGO_BIN_EXE_hegui"));
    let check = format!("'{binary}' check '{path}' --as-of {AS_OF} --lang en");
    // Room for the first report; what is left is filled up, but for a part of the second.
    let script = format!(
        "mount -t tmpfs -o size=512k tmpfs '{path}/reports' || exit 99; cd '{path}'
         {check} --quiet || exit 98
         sha256sum reports/2026Q3/* > before
         sed -i s/w1,2026-09-01,1/w1,2026-09-01,0/ {DATA}
         head -c 10000000 /dev/zero > reports/filler 2>/dev/null
         truncate -s -8k reports/filler
         {check}; echo \"status $?\" >&2
         sha256sum reports/2026Q3/* > after; ls -A reports/2026Q3 >&2"
    );
    let mut unshare = std::process::Command::new("unshare");
    let Ok(output) = unshare.args(["-rm", "sh", "-c", &script]).output() else { return };
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if !err.contains("status ") {
        // No namespaces here, or no mounting in them.
        assert!(output.status.code() != Some(98), "{err}");
        return;
    }
    assert!(err.contains("status 74") && err.contains("cannot write"), "{err}");
    assert!(err.contains("No space left on device"), "{err}");
    let read = |name| std::fs::read_to_string(workspace.join(name)).unwrap();
    assert!(!read("before").is_empty());
    assert_eq!(read("before"), read("after"), "the old report is whole, and nothing lies beside it: {err}");
}

/// Ctrl-C while a large file is read: 130, and no report half-written.
#[cfg(unix)]
#[test]
fn ctrl_c() {
    let workspace = Workspace::small();
    workspace.check(&[]).status(0);
    let before = report_bytes(&workspace);
    let mut rows = String::from("编号,日期,数量\n");
    for row in 0..1_500_000 {
        let _ = writeln!(rows, "w{row},2026-09-01,0");
    }
    workspace.write(DATA, rows);
    let mut child = command()
        .args(["check".as_ref(), workspace.path().as_os_str(), "--as-of".as_ref(), AS_OF.as_ref()])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success(), "the run was over before it could be interrupted");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(report_bytes(&workspace), before);
    assert!(no_leftovers(&workspace.join("reports")));
}

fn no_leftovers(dir: &Path) -> bool {
    std::fs::read_dir(dir).unwrap().all(|entry| entry.unwrap().file_name() == "2026Q3")
}
