//! Files that somebody made to hurt, or that a broken export left: each ends soon, in bounded memory, with words in both
//! languages and the right status, and never looks like compliance. What workbooks and XML may do to us stands in
//! `src/evidence/tests/sheets.rs` and `src/evidence/xml.rs`; what policies may, in `bad_input/`.

use std::fmt::Write as _;

use super::common::{AS_OF, Run, Workspace, hegui, repository};

const DATA: &str = "evidence/2026Q3/widgets.csv";
const HEADER: &str = "编号,日期,数量\n";

/// Characters that a terminal would obey, and those that turn the direction of text.
fn obeyed(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A second file of the kind beside the good one, and what must be said of it.
struct Hostile {
    name: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    status: i32,
    code: &'static str,
    en: &'static str,
    zh: &'static str,
}

fn hostile(
    name: &'static str,
    file: &'static str,
    bytes: impl Into<Vec<u8>>,
    status: i32,
    code: &'static str,
    en: &'static str,
    zh: &'static str,
) -> Hostile {
    Hostile { name, file, bytes: bytes.into(), status, code, en, zh }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(repository().join("tests/fixtures/sheets").join(name)).unwrap()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn utf16(units: impl IntoIterator<Item = u16>) -> Vec<u8> {
    std::iter::once(0xfeff).chain(units).flat_map(u16::to_le_bytes).collect()
}

fn cases() -> Vec<Hostile> {
    let row = |id: &str| format!("{id},2026-09-01,1\n");
    let many: String = (0..400_000).map(|number| row(&format!("x{number}"))).collect();
    let mut half: Vec<u16> = format!("{HEADER}x1,2026-09-01,1\n").encode_utf16().collect();
    half.splice(9..9, [0xd800]);
    let mut utf8_with_gbk =
        format!("{HEADER}{}", (0..30).map(|number| row(&format!("甲{number}"))).collect::<String>()).into_bytes();
    utf8_with_gbk.extend(gbk(&row("乙二")));
    let mut gbk_with_utf8 = gbk(&format!("{HEADER}{}", row("甲一二三四五六")));
    gbk_with_utf8.extend(row("乙").into_bytes());
    vec![
        hostile(
            "a row too short",
            "csv",
            format!("{HEADER}x1,2026-09-01\n"),
            3,
            "evidence/rejected-row",
            "the row has 2 cells, the header 3",
            "此行有 2 格",
        ),
        hostile(
            "a row too long",
            "csv",
            format!("{HEADER}x1,2026-09-01,1,2,3\n"),
            3,
            "evidence/rejected-row",
            "the row has 5 cells, the header 3",
            "此行有 5 格",
        ),
        hostile(
            "5,000 columns",
            "csv",
            "编号,".repeat(5_000) + "\n",
            3,
            "evidence/too-large",
            "more than 2000 columns",
            "超过 2000 列",
        ),
        hostile(
            "a quote open from the top of 8 MB",
            "csv",
            format!("{HEADER}\"{many}"),
            3,
            "evidence/too-large",
            "its quote may never be closed",
            "引号可能没有闭合",
        ),
        hostile(
            "a quote open to the end",
            "csv",
            format!("{HEADER}{}\"{}", row("x1"), row("x2")),
            3,
            "evidence/unclosed-quote",
            "a quote is never closed",
            "引号没有闭合",
        ),
        hostile(
            "a quote that another cell closes",
            "csv",
            format!("{HEADER}\"x1,2026-09-01,1\n{}\"x3\",2026-09-01,1\n", row("x2")),
            3,
            "evidence/unclosed-quote",
            "a quote is never closed",
            "引号没有闭合",
        ),
        hostile(
            "a line of 40 MB",
            "csv",
            format!("{HEADER}x1,{}", "9".repeat(40 << 20)),
            3,
            "evidence/too-large",
            "more than 1048576 bytes",
            "超过 1048576 字节",
        ),
        hostile(
            "a line of 40 MB",
            "jsonl",
            format!("{{\"id\": \"{}\"}}", "9".repeat(40 << 20)),
            3,
            "evidence/too-large",
            "more than 1048576 bytes",
            "超过 1048576 字节",
        ),
        hostile(
            "NUL in a number",
            "csv",
            format!("{HEADER}x1,2026-09-01,1\0\n"),
            1,
            "evidence/unreadable-cell",
            "cannot be read",
            "不能",
        ),
        hostile("nothing but NUL", "csv", vec![0; 10_000], 3, "evidence/", "widgets2.csv", "widgets2.csv"),
        hostile(
            "UTF-8 with a line of GBK",
            "csv",
            utf8_with_gbk,
            0,
            "evidence/unreadable-cell",
            "no characters",
            "不是",
        ),
        hostile(
            "GBK with a line of UTF-8",
            "csv",
            gbk_with_utf8,
            0,
            "evidence/unreadable-cell",
            "no characters",
            "不是",
        ),
        hostile(
            "half a surrogate in JSON",
            "json",
            r#"[{"id": "\ud800", "made_on": "2026-09-01", "amount": 1}]"#,
            0,
            "evidence/unreadable-cell",
            "no characters",
            "不是",
        ),
        hostile(
            "half a surrogate in UTF-16",
            "csv",
            utf16(half),
            0,
            "evidence/unreadable-cell",
            "no characters",
            "不是",
        ),
        hostile(
            "the header among the rows",
            "csv",
            format!("{HEADER}{}{HEADER}{}", row("x1"), row("x2")),
            0,
            "evidence/repeated-header",
            "1 more time;",
            "又出现 1 次",
        ),
        hostile(
            "a workbook with a password",
            "xlsx",
            fixture("encrypted.xlsx"),
            3,
            "evidence/encrypted",
            "encrypted",
            "已加密",
        ),
        hostile(
            "an XML entity of its own",
            "xml",
            "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>",
            3,
            "evidence/syntax",
            "entit",
            "实体",
        ),
        hostile(
            "an XML entity of another file",
            "xml",
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
            3,
            "evidence/syntax",
            "entit",
            "实体",
        ),
    ]
}

#[test]
fn hostile_files_are_told_in_both_languages_and_satisfy_nothing() {
    let mut misses = Vec::new();
    for Hostile { name, file, bytes, status, code, en, zh } in cases() {
        let workspace = Workspace::small();
        workspace.write(&format!("evidence/2026Q3/widgets2.{file}"), bytes);
        let path = workspace.path().to_str().unwrap().to_owned();
        let check = |lang| hegui(["check", &path, "--as-of", AS_OF, "--report", "none", "--lang", lang]);
        for (run, words) in [(check("en"), en), (check("zh"), zh)] {
            let all = format!("{}\n{}", run.out, run.err);
            let held = [
                ("status", run.status == status),
                ("code", all.contains(code)),
                ("words", all.contains(words)),
                ("no control characters", !all.contains(obeyed)),
                ("short", all.len() < 20_000),
            ];
            let lacks: Vec<&str> = held.iter().filter(|(_, held)| !held).map(|(what, _)| *what).collect();
            if !lacks.is_empty() {
                misses.push(format!("{name} ({file}): {lacks:?} of {status} {code} {words}:\n{} {all}", run.status));
            }
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// A file far larger than the memory allowed, without a line break: a hole that takes no room on the disk.
#[cfg(target_os = "linux")]
#[test]
fn a_huge_line_takes_no_memory() {
    const ROOM_KB: u64 = 450 << 10;
    for suffix in ["csv", "jsonl"] {
        let workspace = Workspace::small();
        let path = workspace.join(&format!("evidence/2026Q3/widgets2.{suffix}"));
        std::fs::write(&path, if suffix == "csv" { HEADER } else { "{\"id\": \"" }).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(600 << 20).unwrap();
        let script = format!(
            "ulimit -v {ROOM_KB}; exec '{}' check '{}' --as-of {AS_OF} --lang en --report none --jobs 1",
            env!("CARGO_BIN_EXE_hegui"),
            workspace.path().display()
        );
        let output = std::process::Command::new("bash").args(["-c", &script]).env_clear().output().unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(3), "{out}\n{}", String::from_utf8_lossy(&output.stderr));
        assert!(out.contains("evidence/too-large") && out.contains("1048576 bytes"), "{out}");
    }
}

/// Things that are no files, under names of the kind: told, not opened, and the kind is incomplete.
#[cfg(unix)]
#[test]
fn sockets_and_devices_are_not_opened() {
    let told = |workspace: &Workspace, name: &str| {
        let words = ["BAK-90.1  evidence incomplete", name, "evidence/not-regular"];
        workspace.check(&["--report", "none"]).status(3).prints(&words);
    };
    let workspace = Workspace::small();
    let _socket = std::os::unix::net::UnixListener::bind(workspace.join("evidence/2026Q3/widgets-s.csv")).unwrap();
    told(&workspace, "widgets-s.csv");
    let workspace = Workspace::small();
    let device = workspace.join("evidence/2026Q3/widgets-zero.csv");
    let made = std::process::Command::new("mknod").arg(&device).args(["c", "1", "5"]).output();
    // Only root may make a device, and not in every container.
    if made.is_ok_and(|made| made.status.success()) {
        told(&workspace, "widgets-zero.csv");
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
    let mode =
        |path: &std::path::Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(workspace.path(), 0o755);
    mode(&locked, 0o000);
    let mut run = if std::fs::read(&locked).is_ok() {
        let mut run = std::process::Command::new("setpriv");
        run.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_hegui")]).env_clear();
        run
    } else {
        super::common::command()
    };
    run.arg("check").arg(workspace.path()).args(["--as-of", AS_OF, "--lang", "en", "--report", "none"]);
    // Nobody to step down to, or the build is where nobody else may look: nothing to be seen here.
    let Ok(output) = run.current_dir(std::env::temp_dir()).output() else { return };
    let out = String::from_utf8_lossy(&output.stdout);
    if out.is_empty() {
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{out}");
    for words in ["evidence/unreadable-file", "widgets7.csv", "ermission denied"] {
        assert!(out.contains(words), "{words}:\n{out}");
    }
}

#[test]
fn names_as_long_as_a_file_system_takes_are_read() {
    let workspace = Workspace::small();
    let long = format!("widgets{}.csv", "长".repeat(81));
    workspace.write(&format!("evidence/2026Q3/{long}"), format!("{HEADER}w7,2026-09-30,0\n"));
    let run = workspace.check(&["--report", "csv,md,json"]).status(1);
    assert!(run.out.contains("w7"), "{}", run.out);
    let index = std::fs::read_to_string(workspace.join("reports/2026Q3/evidence.csv")).unwrap();
    assert!(index.contains(&long), "{index}");
}

/// Two names that another system takes for one: both files are read, and it is said.
#[cfg(target_os = "linux")]
#[test]
fn names_that_differ_only_by_case_or_unicode_form_are_told() {
    for (one, other) in [("widgets-a.csv", "Widgets-A.csv"), ("widgets-\u{e9}.csv", "widgets-e\u{301}.csv")] {
        let workspace = Workspace::small();
        workspace.write(&format!("evidence/2026Q3/{one}"), format!("{HEADER}x1,2026-09-30,1\n"));
        workspace.write(&format!("evidence/2026Q3/{other}"), format!("{HEADER}x2,2026-09-30,0\n"));
        let run = workspace.check(&["--report", "none"]).status(1);
        run.prints(&["evidence/similar-names", "its name differs from", "x2"]);
        let path = workspace.path().to_str().unwrap();
        let run = hegui(["check", path, "--as-of", AS_OF, "--report", "none"]).status(1);
        run.prints(&["只差大小写"]);
    }
}

/// Evidence text in every output: cells in findings and diagnostics, headings, file names.
#[test]
fn no_output_holds_what_a_terminal_would_obey() {
    let workspace = Workspace::small();
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{8}\u{7f}";
    let mut text = format!("编号,日期,数量,{evil}\n");
    let _ = writeln!(text, "{evil}w1,2026-09-01,0,x");
    let _ = writeln!(text, "w2,2026-09-01,{evil},x");
    workspace.write(DATA, text);
    workspace
        .write(&format!("evidence/2026Q3/widgets{}.csv", evil.replace('/', "")), format!("{HEADER}w3,2026-09-01,0\n"));
    workspace.write(&format!("evidence/2026Q3/{evil}.txt"), "x");
    workspace
        .write("evidence/2026Q3/manifest.yaml", "schema: hegui/manifest/v1\nfiles:\n  - {path: \"g\\e[2Jone.csv\"}\n");
    let held = |run: &Run| {
        for text in [&run.out, &run.err] {
            assert!(!text.contains(obeyed), "{text:?}");
        }
    };
    for lang in ["zh", "en"] {
        for more in [&["--report", "csv,md,json"][..], &["--report", "none", "--format", "json"]] {
            let path = workspace.path().to_str().unwrap();
            let mut arguments = vec!["check", path, "--as-of", AS_OF, "--lang", lang];
            arguments.extend(more);
            held(&hegui(arguments).status(1));
        }
        let path = workspace.path().to_str().unwrap();
        held(&hegui(["evidence", "status", path, "--as-of", AS_OF, "--lang", lang]));
        held(&hegui(["evidence", "show", "widgets", path, "--as-of", AS_OF, "--lang", lang]));
    }
    let mut reports = 0;
    for entry in std::fs::read_dir(workspace.join("reports/2026Q3")).unwrap().map(Result::unwrap) {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let found: Vec<char> = text.chars().filter(|c| obeyed(*c)).collect();
        assert!(found.is_empty(), "{}: {found:?}", entry.file_name().display());
        reports += 1;
    }
    assert!(reports >= 6);
}
