//! Files that somebody made to hurt, or that a broken export left: each ends soon, in bounded memory, with words in both
//! languages and the right status, and never looks like compliance. More of what workbooks and XML may do to us stands in
//! `src/evidence/tests/sheets.rs` and `src/evidence/xml.rs`; what policies may, in `bad_input/`.

mod places;
mod workbooks;

use std::fmt::Write as _;
use std::io::Read;
use std::process::Stdio;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::common::{AS_OF, Run, Workspace, hegui, repository};

const DATA: &str = "evidence/2026Q3/widgets.csv";
const HEADER: &str = "编号,日期,数量\n";

/// Characters that a terminal would obey, and those that turn the direction of text.
fn obeyed(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Address space of a run, whatever the file: several times what it takes, a fraction of what it would take to hold.
const ROOM_KB: u64 = 450 << 10;
/// Seconds of computing that a run may take; it takes less than one, and several on a slow machine.
const CPU_SECONDS: u64 = 30;
/// The same by the clock, of a machine that has much else to do; waiting for a pipe takes no computing.
const PATIENCE: Duration = Duration::from_mins(2);

/// `hegui check` of a workspace, ended when it takes more memory or time than it may.
fn bounded(workspace: &Workspace, lang: &str) -> Run {
    let room = if cfg!(target_os = "linux") { format!("ulimit -v {ROOM_KB}; ") } else { String::new() };
    let mut run = if cfg!(unix) {
        let mut run = std::process::Command::new("bash");
        let script = format!("{room}ulimit -t {CPU_SECONDS}; exec \"$0\" \"$@\"");
        run.args(["-c", &script, env!("CARGO_BIN_EXE_hegui")]).env_clear();
        run
    } else {
        super::common::command()
    };
    run.arg("check").arg(workspace.path());
    run.args(["--as-of", AS_OF, "--report", "none", "--jobs", "1", "--lang", lang]);
    let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (out, err) = (said(child.stdout.take().unwrap()), said(child.stderr.take().unwrap()));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Run { status: status.code().unwrap_or(-1), out: out.join().unwrap(), err: err.join().unwrap() }
}

/// What comes out of a pipe, read beside the waiting for its end: a full one would stop who writes.
fn said(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    })
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
        hostile(
            "nothing but NUL",
            "csv",
            vec![0; 10_000],
            3,
            "evidence/header",
            "no header row was found",
            "没有找到表头行",
        ),
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
fn hostile_files_are_told_in_both_languages_with_the_status_that_each_deserves() {
    let mut misses = Vec::new();
    for Hostile { name, file, bytes, status, code, en, zh } in cases().into_iter().chain(workbooks::cases()) {
        let workspace = Workspace::small();
        workspace.write(&format!("evidence/2026Q3/widgets2.{file}"), bytes);
        for (lang, words) in [("en", en), ("zh", zh)] {
            let run = bounded(&workspace, lang);
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
    for suffix in ["csv", "jsonl"] {
        let workspace = Workspace::small();
        let path = workspace.join(&format!("evidence/2026Q3/widgets2.{suffix}"));
        std::fs::write(&path, if suffix == "csv" { HEADER } else { "{\"id\": \"" }).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(2 << 30).unwrap();
        let run = bounded(&workspace, "en").status(3);
        run.prints(&["evidence/too-large", "1048576 bytes"]);
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
