//! The command line as a person or a script meets it.

use std::io::Read as _;
use std::process::Stdio;

use hegui::text::Lang;

use super::common::{AS_OF, Workspace, command, hegui, repository};

#[test]
fn help_and_version_go_to_stdout() {
    let help = hegui(["--help"]).status(0).prints(&["hegui check", "退出状态", "Exit status"]);
    assert_eq!(help.err, "");
    hegui(["--version"]).status(0).prints(&[env!("CARGO_PKG_VERSION")]);
    for command in [&["check"][..], &["init"], &["evidence", "show"], &["policy", "test"], &["explain"]] {
        let mut arguments = command.to_vec();
        arguments.push("--help");
        hegui(arguments).status(0).prints(&["示例 Examples:"]);
    }
}

#[test]
fn a_wrong_command_line_is_2_and_goes_to_stderr() {
    let cases: [(&str, &[&str], &str); 9] = [
        ("no subcommand", &[], "Usage"),
        ("said in English when asked", &["check", "--frobnicate", "--lang", "en"], "unexpected argument"),
        ("unknown subcommand", &["chekc"], "check"),
        ("unknown flag", &["check", "--frobnicate"], "--frobnicate"),
        ("a date that is none", &["check", "--as-of", "2026-02-30"], "2026-02-30"),
        ("an unknown severity", &["check", "--fail-on", "urgent"], "urgent"),
        ("no jobs at all", &["check", "--jobs", "0"], "--jobs"),
        ("an unknown shell", &["completions", "tcsh2"], "tcsh2"),
        ("an unknown language", &["check", "--lang", "fr"], "fr"),
    ];
    for (name, arguments, word) in cases {
        let run = hegui(arguments);
        assert_eq!(run.status, 2, "{name}: {}", run.err);
        assert_eq!(run.out, "", "{name}");
        assert!(run.err.contains(word), "{name}: {}", run.err);
    }
}

#[test]
fn completions_and_manual_pages_are_made() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        hegui(["completions", shell]).status(0).prints(&["hegui"]);
    }
    hegui(["man"]).status(0).prints(&[".TH", "hegui"]);
    let dir = tempfile::tempdir().unwrap();
    hegui(["man".as_ref(), "--out".as_ref(), dir.path().as_os_str()]).status(0);
    for page in ["hegui.1", "hegui-check.1", "hegui-policy-test.1"] {
        assert!(dir.path().join(page).is_file(), "{page}");
    }
}

#[test]
fn nothing_is_coloured_when_piped() {
    for arguments in [&["--help"][..], &["policy", "list"], &["explain", "BAK-02"], &["explain", "nothing-like-it"]] {
        let run = hegui(arguments);
        assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = command().args(["policy", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
}

/// Work of well over a second: told of on a terminal, plain when piped. Needs `script` of util-linux for the terminal.
#[cfg(target_os = "linux")]
#[test]
fn long_work_is_told_of_on_a_terminal_only() {
    let workspace = Workspace::small();
    let terminal = |workspace: &Workspace| {
        let binary = env!("CARGO_BIN_EXE_hegui");
        let path = workspace.path().display();
        let line = format!("'{binary}' check '{path}' --as-of {AS_OF} --lang en --report none");
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm").stdin(Stdio::null());
        script.output().ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let mut rows = 200_000;
    let shown = loop {
        let mut text = String::from("编号,日期,数量\n");
        text.extend((0..rows).map(|row| format!("w{row},2026-09-01,0\n")));
        workspace.write("evidence/2026Q3/widgets.csv", text);
        let Some(shown) = terminal(&workspace) else { return };
        // Long enough on any machine, however busy it is just now.
        if shown.matches("checking ").count() > 2 || rows > 10_000_000 {
            break shown;
        }
        rows *= 2;
    };
    let run = workspace.check(&["--report", "none"]).status(1);
    for text in [&run.out, &run.err] {
        assert!(!text.contains(['\u{1b}', '\r']) && !text.contains("checking"), "{text:?}");
    }
    assert!(shown.contains("BAK-90"), "{shown:?}");
    // Drawn, drawn again, and cleared before the summary.
    let last = shown.rfind("checking ").expect("the spinner on the terminal");
    assert!(shown.matches("checking ").count() > 1, "{shown:?}");
    assert!(last < shown.find("Conclusion").expect("the summary"), "{shown:?}");
    let short = terminal(&Workspace::small()).unwrap();
    assert!(short.contains("BAK-90") && !short.contains("checking"), "{short:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_74() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = command().args(["policy", "list"]).stdout(full).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(74));
}

#[test]
fn explain_knows_codes_controls_checks_provisions_kinds_functions_and_facts() {
    let cases = [
        ("policy/unknown-column", "policy/unknown-column"),
        ("BAK-02", "MLPS-7.1.4.8"),
        ("bak-02", "BAK-02.1"),
        ("BAK-02.1", "expect: b.copies >= $min_copies"),
        ("AIS-42", "BAK-02"),
        ("backup_jobs", "target_type"),
        ("MAX_GAP", "MAX_GAP"),
        ("$facts.employees", "employees"),
    ];
    for (term, expected) in cases {
        let run = hegui(["explain", term, "--lang", "en"]);
        assert_eq!(run.status, 0, "{term}: {}", run.err);
        assert!(run.out.contains(expected), "{term}: {}", run.out);
    }
    hegui(["explain", "BAK-20", "--lang", "en"]).status(2).says(&["BAK-20", "did you mean `BAK-02`?"]);
    hegui(["explain", "functions"]).status(0).prints(&["COALESCE", "WORKING_DAYS_BETWEEN"]);
    hegui(["explain", "codes"]).status(0).prints(&["expr/type", "evidence/two-kinds"]);
}

#[test]
fn a_control_is_shown_in_words_and_as_sql() {
    hegui(["policy", "show", "BAK-02", "--lang", "zh", "--as-of", "2026-09-30"]).status(0).prints(&[
        "多副本与异地备份",
        "$min_copies = 3",
        "高风险",
        "核实",
        "整改建议",
    ]);
    hegui(["policy", "show", "BAK-02", "--sql", "--as-of", "2026-09-30"]).status(0).prints(&["SELECT", "BAK-02.1"]);
    hegui(["policy", "show", "BAK-99", "--lang", "en"]).status(2).says(&["no such control", "BAK-99"]);
}

#[test]
fn a_new_workspace_is_whole_and_nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let acme = dir.path().join("示例 acme");
    let path = acme.to_str().unwrap();
    hegui(["init", path, "--period", "2026Q3"]).status(0).prints(&["hegui.yaml", "evidence/2026Q3"]);
    for file in [
        "hegui.yaml",
        "README.md",
        "evidence/2026Q3/manifest.yaml",
        "templates/README.md",
        "templates/backup_jobs.xlsx",
    ] {
        assert!(acme.join(file).is_file(), "{file}");
    }
    let page = std::fs::read_to_string(acme.join("templates/README.md")).unwrap();
    assert!(
        page.contains("- 模板：`backup_jobs.xlsx`") && page.contains("| `datasets.name` | 数据集名称；文字；必填 |"),
        "{page}"
    );
    // As it stands it can be checked: nothing is there, so nothing is tested, and no file has a fault.
    hegui(["check", path, "--as-of", "2026-10-15", "--report", "none", "--lang", "en"]).status(3);
    let before = std::fs::read(acme.join("hegui.yaml")).unwrap();
    hegui(["init", path, "--lang", "en"]).status(2).says(&["not empty"]);
    assert_eq!(std::fs::read(acme.join("hegui.yaml")).unwrap(), before);
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    hegui(["init", file.to_str().unwrap()]).status(2);
}

#[test]
fn blank_templates_are_recognised_as_their_kind() {
    let dir = tempfile::tempdir().unwrap();
    let acme = dir.path().join("acme");
    hegui(["init".as_ref(), acme.as_os_str(), "--period".as_ref(), "2026Q3".as_ref()]).status(0);
    let mut kinds = Vec::new();
    for entry in std::fs::read_dir(acme.join("templates")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name != "README.md") {
            kinds.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
            std::fs::copy(&path, acme.join("evidence/2026Q3").join(path.file_name().unwrap())).unwrap();
        }
    }
    assert!(kinds.len() >= 10, "{kinds:?}");
    let run =
        hegui(["evidence", "status", acme.to_str().unwrap(), "--as-of", "2026-10-15", "--format", "json"]).status(3);
    let status: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let files = status["files"].as_array().unwrap();
    for kind in kinds {
        assert!(files.iter().any(|file| file["kind"] == kind.as_str()), "{kind}: {files:#?}");
    }
}

#[test]
fn the_shipped_pack_is_listed_whole() {
    let run = hegui(["policy", "list", "--format", "json"]).status(0);
    let list: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let listed: Vec<&str> = list.as_array().unwrap().iter().map(|control| control["id"].as_str().unwrap()).collect();
    let mut files: Vec<String> = walkdir::WalkDir::new(repository().join("policies/controls"))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "yaml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    assert_eq!(listed, files);
}

#[test]
fn the_shipped_pack_has_no_fault_and_its_tests_pass() {
    let policies = repository().join("policies");
    let policies = policies.to_str().unwrap();
    let lint = hegui(["policy", "lint", policies, "--lang", "en"]).status(0);
    assert!(lint.err.contains("0 errors, 1 warning"), "{}", lint.err);
    hegui(["policy", "test", policies, "--lang", "en"]).status(0).prints(&["cases"]);
}

/// What LANGUAGE §7 asks of every check is asked: a control without its tests, or without one of them, fails.
#[test]
fn policy_tests_that_lack_a_case_fail() {
    let pack = tempfile::tempdir().unwrap();
    super::common::copy(&repository().join("policies"), pack.path());
    let folder = pack.path().to_str().unwrap().to_owned();
    let test = |more: &[&str]| {
        let mut arguments = vec!["policy", "test", &folder, "--only", "BAK-02", "--lang", "en"];
        arguments.extend(more);
        hegui(arguments)
    };
    test(&["--mutate"]).status(0).prints(&["0 noticed by no case"]);
    let path = pack.path().join("tests/BAK/BAK-02.yaml");
    let text = std::fs::read_to_string(&path).unwrap();

    // A heading that nobody reads is told by name, before anybody wonders why cases fail.
    std::fs::write(&path, text.replacen("dataset,target,", "datset,target,", 1)).unwrap();
    let misspelt = ["policy/test-column", "no column `datset` in `backup_jobs`", "did you mean `dataset`?"];
    let run = test(&[]).status(4).says(&misspelt).says(&["policy/test-failed"]);
    let chinese = run.err.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    assert!(chinese < 200, "only what evidence and cases say is Chinese:\n{}", run.err);
    hegui(["policy", "lint", &folder, "--lang", "en"]).status(4).says(&misspelt);

    std::fs::remove_file(&path).unwrap();
    let run = test(&[]).status(4).says(&["policy/test-coverage", "BAK-02.1 lacks a case that satisfies it"]);
    assert!(run.err.contains("errors, 0 warnings"), "{}", run.err);
    let whole = hegui(["policy", "test", &folder, "--lang", "en"]).status(4);
    whole.says(&["BAK-02.1 lacks", "BAK-02.2 lacks", "BAK-02.3 lacks"]);
}

#[test]
fn a_small_workspace_passes_and_its_reports_are_there() {
    let workspace = Workspace::small();
    workspace.check(&[]).status(0).prints(&["BAK-90"]);
    for file in ["assessment.json", "gaps.csv", "report.md"] {
        assert!(workspace.join("reports/2026Q3").join(file).is_file(), "{file}");
    }
    let quiet = workspace.check(&["--quiet", "--report", "none"]).status(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
}

#[test]
fn every_status_of_a_check() {
    // A gap.
    let workspace = Workspace::small();
    workspace.edit("evidence/2026Q3/widgets.csv", "w1,2026-09-01,1", "w1,2026-09-01,0");
    workspace.check(&["--report", "none"]).status(1).prints(&["BAK-90"]);
    workspace.check(&["--report", "none", "--fail-on", "critical"]).status(0);
    workspace.check(&["--report", "none", "--fail-on", "never"]).status(0);
    // Nothing tested.
    std::fs::remove_file(workspace.join("evidence/2026Q3/widgets.csv")).unwrap();
    workspace.check(&["--report", "none"]).status(3);
    workspace.check(&["--report", "none", "--fail-on", "never"]).status(3);
    // A policy fault comes before both.
    workspace.edit("policies/controls/BAK/BAK-90.yaml", "amount >=", "amonut >=");
    workspace.check(&["--report", "none"]).status(4).says(&["amonut", "did you mean `amount`?", "BAK-90.yaml:13:13"]);
    // Nothing selected is nothing tested.
    Workspace::small().check(&["--report", "none", "--only", "ZZZ-*"]).status(2);
}

#[test]
fn several_workspaces_give_the_gravest_status_and_a_folder_each() {
    let (good, bad) = (Workspace::small(), Workspace::small());
    bad.edit("evidence/2026Q3/widgets.csv", "w1,2026-09-01,1", "w1,2026-09-01,0");
    let out = tempfile::tempdir().unwrap();
    let run = hegui([
        "check",
        good.path().to_str().unwrap(),
        bad.path().to_str().unwrap(),
        "--as-of",
        "2026-10-15",
        "--out",
        out.path().to_str().unwrap(),
        "--report",
        "json",
    ]);
    run.status(1);
    for workspace in [&good, &bad] {
        let name = workspace.path().file_name().unwrap();
        assert!(out.path().join(name).join("assessment.json").is_file(), "{name:?}");
    }
}

#[test]
fn a_baseline_lets_only_new_gaps_count() {
    let workspace = Workspace::small();
    workspace.edit("evidence/2026Q3/widgets.csv", "w1,2026-09-01,1", "w1,2026-09-01,0");
    workspace.check(&["--report", "json", "--out", workspace.join("old").to_str().unwrap()]).status(1);
    let baseline = workspace.join("old/assessment.json");
    let baseline = baseline.to_str().unwrap();
    workspace.check(&["--report", "none", "--baseline", baseline]).status(0);
    workspace.edit("evidence/2026Q3/widgets.csv", "w2,2026-09-30,2", "w2,2026-09-30,0");
    workspace.check(&["--report", "none", "--baseline", baseline]).status(1);
    workspace.check(&["--report", "none", "--baseline", "no-such.json"]).status(2).says(&["no-such.json"]);
    workspace.write("bad.json", "{}");
    let bad = workspace.join("bad.json");
    workspace.check(&["--report", "none", "--baseline", bad.to_str().unwrap()]).status(2).says(&["bad.json"]);
}

/// The report of an earlier period is named by the next one, and only looked at: a run writes its own period alone.
#[test]
fn the_prior_report_is_named() {
    let workspace = Workspace::small();
    let report = |period: &str| workspace.join("reports").join(period);
    let path = workspace.path().to_str().unwrap();
    hegui(["check", path, "--period", "2026Q2", "--as-of", "2026-07-15"]).status(3);
    let json = std::fs::read(report("2026Q2").join("assessment.json")).unwrap();
    let number = hegui::report::json::from_json(&json).unwrap().metadata.report_id;
    workspace.check(&[]).status(0);
    let text = std::fs::read_to_string(report("2026Q3").join("report.md")).unwrap();
    assert!(text.contains(&format!("| Prior report | {number} |")), "{text}");
    assert_eq!(std::fs::read(report("2026Q2").join("assessment.json")).unwrap(), json);
    // One that cannot be read is told of and changes no status.
    std::fs::write(report("2026Q2").join("assessment.json"), "{").unwrap();
    let run = workspace.check(&["--format", "json"]).status(0);
    let run = run.says(&["workspace/prior-unreadable", "reports/2026Q2/assessment.json"]);
    let printed: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(printed["metadata"]["prior"], serde_json::Value::Null);
    assert_eq!(printed["diagnostics"][0]["place"], "reports/2026Q2/assessment.json");
}

/// A folder of templates and words, on the command line or in `hegui.yaml`, changes what people read and not one byte of
/// what was found; a fault in it is 4, and everything is written all the same.
#[test]
fn templates_and_words_can_be_laid_over_the_shipped_ones() {
    let workspace = Workspace::small();
    let report = |name: &str| std::fs::read_to_string(workspace.join("reports/2026Q3").join(name)).unwrap();
    workspace.check(&[]).status(0);
    let (json, shipped) = (report("assessment.json"), report("report.md"));

    workspace.write("design/locales/en.json", r#"{"outcome.satisfied": "met", "report.title": "Quarterly"}"#);
    let design = workspace.join("design");
    let design = design.to_str().unwrap();
    workspace.check(&["--templates", design]).status(0).prints(&["✓ met"]);
    assert!(report("report.md").starts_with("# Quarterly\n") && report("report.md").contains("`locales/en.json`"));
    assert_eq!(report("assessment.json"), json);

    workspace.edit("hegui.yaml", "profile:", "report: {templates: design}\nprofile:");
    workspace.write("design/templates/report.md", "{{ t('report.title') }}: {{ a.controls | length }}\n");
    workspace.check(&[]).status(0).prints(&["✓ met"]);
    assert_eq!(report("report.md"), "Quarterly: 1\n");

    workspace.write("design/templates/report.md", "one\n{{ a.contrils }}\n");
    workspace.edit("design/locales/en.json", "\"met\"", "5");
    let run = workspace.check(&["--quiet"]).status(4);
    run.says(&["report/template", "design/templates/report.md:2:4", "report/locale", "design/locales/en.json:1:23"]);
    assert_eq!(report("assessment.json"), json);
    let expected = shipped.replace("# Data security compliance report\n", "# Quarterly\n");
    let row = "| Own templates and words | `locales/en.json` |\n";
    assert_eq!(report("report.md").replace(row, ""), expected);

    workspace.check(&["--templates", "no/such/folder"]).status(2).says(&["no/such/folder"]);
    std::fs::remove_dir_all(design).unwrap();
    workspace.check(&[]).status(4).says(&["workspace/path", "hegui.yaml:4:21", "no folder: `design`"]);
    assert!(report("report.md").starts_with("# Data security compliance report\n"));
}

#[test]
fn json_on_stdout_is_the_assessment() {
    let workspace = Workspace::small();
    let run = workspace.check(&["--format", "json", "--report", "json"]).status(0);
    let printed: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(printed["controls"][0]["id"], "BAK-90");
    assert_eq!(printed["controls"][0]["checks"][0]["population"], 2);
    let written = std::fs::read_to_string(workspace.join("reports/2026Q3/assessment.json")).unwrap();
    assert_eq!(run.out.trim(), written.trim());
}

/// The language is that of what is shown: the assessment holds every text in both and is the same.
#[test]
fn an_assessment_renders_again_in_the_other_language() {
    let workspace = Workspace::small();
    workspace.edit(
        "hegui.yaml",
        "entity: {name: 测试单位}",
        "entity: {name: {zh: 测试单位, en: Test Unit}, contact: {zh: 联络人, en: Liaison}}\n\
         responsible: {data_security: {zh: 数据岗, en: Data desk}}\n\
         scope: {systems: [{zh: 账务, en: Ledger}, NAS], business: [{zh: 记账, en: Bookkeeping}], clients: 七家}\n\
         report: {prepared_by: {zh: 甲岗, en: Desk A}}",
    );
    let path = workspace.path().to_str().unwrap();
    let run = |lang: &str, out: &str| {
        let out = workspace.join(out);
        let arguments = ["check", path, "--as-of", AS_OF, "--lang", lang, "--report", "json,md", "--out"];
        let printed = hegui(arguments.iter().copied().chain([out.to_str().unwrap()])).status(0).out;
        (printed, std::fs::read(out.join("assessment.json")).unwrap(), std::fs::read_to_string(out.join("report.md")))
    };
    let (zh_summary, zh_json, zh) = run("zh", "zh");
    let (en_summary, en_json, en) = run("en", "en");
    assert!(zh_json == en_json, "the language changes the assessment");
    assert!(zh_summary.contains("测试单位 · ") && en_summary.contains("Test Unit · "), "{zh_summary}\n{en_summary}");
    let read = hegui::report::json::from_json(&zh_json).unwrap();
    let again = |lang| hegui::report::markdown::render(&read, lang).unwrap();
    assert_eq!((again(Lang::Zh), again(Lang::En)), (zh.unwrap(), en.unwrap()));
    let told = [
        (
            Lang::Zh,
            [
                "测试单位",
                "联络人",
                "数据岗",
                "系统: 账务、NAS; 数据: —; 业务: 记账; 客户: 七家 |",
                "甲岗",
                "--lang zh`",
            ],
        ),
        (
            Lang::En,
            [
                "Test Unit",
                "Liaison",
                "Data desk",
                "systems: Ledger, NAS; data: —; business: Bookkeeping; clients: 七家 |",
                "Desk A",
                "--lang en`",
            ],
        ),
    ];
    for (lang, words) in told {
        let report = again(lang);
        for word in words {
            assert!(report.contains(word), "{lang:?}: {word} is missing in\n{report}");
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let workspace = Workspace::small();
    let one = workspace.check(&["--format", "json", "--report", "none", "--jobs", "1"]).status(0);
    let many = workspace.check(&["--format", "json", "--report", "none", "--jobs", "7"]).status(0);
    // The printed command names the flag it was given.
    let without = |text: &str| text.replace("--jobs 1", "").replace("--jobs 7", "");
    assert_eq!(without(&one.out), without(&many.out));
}

#[test]
fn one_table_is_shown_as_read() {
    let workspace = Workspace::small();
    workspace.write("evidence/2026Q3/widgets.csv", "编号,日期,数量\nw1,2026-09-01,一\n\u{1b}[31mw2,2026-09-30,2\n");
    let path = workspace.path().to_str().unwrap();
    let show = |what: &str| hegui(["evidence", "show", what, "-w", path, "--as-of", "2026-10-15", "--lang", "en"]);
    let run = show("widgets").prints(&["evidence/2026Q3/widgets.csv:2", "unreadable", "2 rows"]);
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);
    run.says(&["evidence/unreadable-cell", "widgets.csv:2"]);
    show("evidence/2026Q3/widgets.csv").prints(&["2 rows"]);
    show("widgts").status(2).says(&["did you mean `widgets`?"]);
}

#[test]
fn a_table_is_shown_with_what_its_file_says_beside_it() {
    let workspace = Workspace::example();
    let path = workspace.path().to_str().unwrap().to_owned();
    let show = |what: &str, more: &[&str]| {
        let all = ["evidence", "show", what, "-w", &path, "--as-of", "2026-10-15", "--lang", "en"];
        hegui(all.into_iter().chain(more.iter().copied()))
    };
    let run = show("storage_encryption", &["--raw"]);
    run.prints(&[
        "utf-8-bom · header in row 1 · 43 rows read",
        "true ← 是",
        "2026-09-23T00:00:00+08:00 ← 2026年9月23日",
    ]);
    let json = show("backup_jobs", &["--raw", "--format", "json", "--limit", "0"]);
    let shown: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let rows = shown["rows"].as_array().unwrap();
    let unreadable = rows.iter().find(|row| row["row"] == 532).unwrap();
    assert_eq!(unreadable["values"]["encrypted"], serde_json::json!({"unreadable": true}));
    assert_eq!(unreadable["written"]["encrypted"], "待确认");
    let files = shown["files"].as_array().unwrap();
    let read: u64 = files.iter().map(|file| file["rows_read"].as_u64().unwrap()).sum();
    assert_eq!((shown["rows_total"].as_u64(), rows.len() as u64), (Some(read), read));
    assert_eq!(files[0]["encoding"], "utf-8");
    // Sensitive cells are masked on both sides, unless they are asked for in clear; a column the file lacks is no cell.
    workspace.write("evidence/2026Q3/人事/员工花名册.csv", "工号,姓名,入职日期\nE1, 甲某某 ,2020-01-01\n");
    let masked = show("roster", &["--raw"]);
    assert!(!masked.out.contains("甲某某"), "{}", masked.out);
    show("roster", &["--raw", "--unmask"]).prints(&["甲某某 ←  甲某某 ", "no column"]);
}

#[test]
fn a_workbook_is_shown_with_its_sheet() {
    let workspace = Workspace::example();
    let folder = "evidence/2026Q3/人事";
    let saved = super::common::repository().join("tests/fixtures/sheets/agency/员工花名册.xls");
    std::fs::copy(saved, workspace.join(&format!("{folder}/员工花名册.xls"))).unwrap();
    std::fs::remove_file(workspace.join(&format!("{folder}/员工花名册.csv"))).unwrap();
    workspace.edit("evidence/2026Q3/manifest.yaml", "员工花名册.csv", "员工花名册.xls");
    let path = workspace.path().to_str().unwrap();
    let day = ["-w", path, "--as-of", "2026-10-15", "--lang", "en"];
    let show = hegui(["evidence", "show", "roster"].into_iter().chain(day)).status(3);
    show.prints(&["员工花名册.xls[员工花名册]:3", "E001", "40 rows"]);
    let json = hegui(["evidence", "show", "roster", "--format", "json"].into_iter().chain(day)).status(3);
    let shown: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&shown["rows"][0]["sheet"], &shown["rows"][0]["row"]), (&"员工花名册".into(), &3.into()));
    assert_eq!((&shown["files"][0]["format"], &shown["files"][0]["header_row"]), (&"xls".into(), &2.into()));
    assert_eq!((&shown["rows_total"], shown["rows"].as_array().unwrap().len()), (&40.into(), 40));
    let codes = shown["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap());
    assert_eq!(codes.collect::<Vec<_>>(), ["evidence/missing-column", "evidence/missing-column"]);
    let status = hegui(["evidence", "status", path, "--as-of", "2026-10-15", "--lang", "en", "--format", "json"]);
    status.prints(&["\"format\": \"xls\"", "\"rows_read\": 40"]);
    assert_eq!(shown["missing"], serde_json::json!([]));
    // What no row and no file of the table speaks of: an archive that could not be looked into.
    workspace.write("evidence/2026Q3/其他.zip", "PK\u{3}\u{4}");
    let json = hegui(["evidence", "show", "roster", "--format", "json"].into_iter().chain(day)).status(3);
    let shown: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(shown["missing"][0]["file"], "evidence/2026Q3/其他.zip", "{}", shown["missing"]);
}

/// One file that many checks read is missed once, with all their names.
#[test]
fn a_reason_that_keeps_many_checks_from_being_tested_is_told_once() {
    let workspace = Workspace::example();
    std::fs::remove_file(workspace.join("evidence/2026Q3/备份/备份策略.yaml")).unwrap();
    let path = workspace.path().to_str().unwrap();
    let run = hegui(["check", path, "--as-of", "2026-10-15", "--lang", "zh", "--report", "none"]).status(1);
    let run = run.prints(&["? BAK-01.1 BAK-01.2 BAK-02.1 BAK-02.2 BAK-03.1 BAK-04.2  缺少证据: 没有找到“备份策略”的"]);
    assert_eq!(run.out.matches("没有找到“备份策略”的文件").count(), 1, "{}", run.out);
}

#[test]
fn evidence_status_names_what_is_missing_and_what_nobody_uses() {
    let workspace = Workspace::small();
    workspace.write("evidence/2026Q3/holiday.csv", "何时,何地\n夏,海\n");
    let path = workspace.path().to_str().unwrap();
    let status = || hegui(["evidence", "status", path, "--as-of", "2026-10-15", "--lang", "en"]);
    status().status(0).prints(&["widgets.csv", "holiday.csv", "files nobody uses", "2026-09-30"]);
    std::fs::remove_file(workspace.join("evidence/2026Q3/widgets.csv")).unwrap();
    status().status(3).prints(&["cannot be used", "widgets", "BAK-90"]);
}

/// The officer looks here before she has it judged: what `check` would refuse is refused here.
#[test]
fn evidence_status_tells_a_column_that_a_check_decides_by_and_a_file_lacks() {
    let cases = [
        (
            "编号,日期,数两\nw1,2026-09-01,1\n",
            "evidence/missing-column",
            ["lacks the column `amount` (数量)", "is it `数两`", "columns"],
            ["缺少列 `数量`", "是文件中的 `数两` 吗", "columns"],
        ),
        (
            "编号,日期,数量,数 量\nw1,2026-09-01,1,0\n",
            "evidence/duplicate-column",
            ["lacks the column `amount`", "both mean the field", ""],
            ["缺少列 `数量`", "两列都对应字段", ""],
        ),
    ];
    for (text, code, en, zh) in cases {
        let workspace = Workspace::small();
        workspace.write("evidence/2026Q3/widgets.csv", text);
        let path = workspace.path().to_str().unwrap();
        for (lang, words, count) in [("en", en, "1 kinds needed: 0 usable"), ("zh", zh, "所需证据 1 类，可用 0 类")]
        {
            let status = hegui(["evidence", "status", path, "--as-of", "2026-10-15", "--lang", lang]).status(3);
            status.tells(&[code]).says(&words).prints(&[count]);
            let check = ["check", path, "--as-of", "2026-10-15", "--report", "none", "--lang", lang];
            hegui(check).status(3).tells(&words[..1]);
        }
        let json = hegui(["evidence", "status", path, "--as-of", "2026-10-15", "--format", "json"]).status(3);
        let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        let need = &json["needed"][0];
        assert_eq!((&need["usable"], &need["missing"][0]["reason"]), (&false.into(), &"evidence_unreadable".into()));
    }
}

#[test]
fn schemas_are_printed_and_written() {
    hegui(["policy", "schema"]).status(0).prints(&["control", "evidence", "profile", "test", "workspace"]);
    let run = hegui(["policy", "schema", "control"]).status(0);
    let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(schema["properties"]["checks"].is_object());
    hegui(["policy", "schema", "nonsense", "--lang", "en"]).status(2).says(&["control"]);
}

/// A journal is as old as its newest file: the older one is used, not stale. The register beside it is stale.
/// A file that makes its kind stale is not "used": nothing was judged by it (REPORTS §6).
#[test]
fn a_stale_file_is_not_listed_as_used() {
    let workspace = Workspace::small();
    workspace.write("evidence/2026Q3/widgets.csv", "编号,日期,数量\nw1,2026-01-01,1\n");
    workspace.check(&["--report", "csv,json"]).status(3).prints(&["evidence/2026Q3/widgets.csv  captured on"]);
    let index = std::fs::read_to_string(workspace.join("reports/2026Q3/evidence.csv")).unwrap();
    assert!(
        index.contains(",stale,\"captured on 2026-01-01, 287 days before the as-of date; the limit is 100\","),
        "{index}"
    );
    let json = std::fs::read_to_string(workspace.join("reports/2026Q3/assessment.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let file = &json["evidence"][0];
    assert_eq!((&file["status"], &file["used_by"]), (&"stale".into(), &serde_json::json!([])));
    assert_eq!(json["controls"][0]["checks"][0]["evidence"], serde_json::json!([]));
}

#[test]
fn evidence_status_calls_stale_what_makes_its_kind_stale() {
    let workspace = Workspace::example();
    let path = workspace.path().to_str().unwrap();
    let run = hegui(["evidence", "status", path, "--as-of", "2026-10-15", "--lang", "en", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let file = |name: &str| {
        let files = status["files"].as_array().unwrap();
        files.iter().find(|file| file["path"].as_str().unwrap().contains(name)).unwrap()
    };
    let journal = file("培训签到记录_2025年10月");
    assert_eq!((journal["age_days"].as_i64(), journal["max_age_days"].as_i64()), (Some(105), Some(100)));
    assert_eq!(journal["stale"], false);
    assert_eq!(file("权限矩阵")["stale"], true);
}

/// Nobody has published the working days of 2027: what rests on them says so, and is no fault of the tool.
#[test]
fn a_calendar_nobody_knows_yet_is_named() {
    let workspace = Workspace::small();
    workspace.edit("policies/controls/BAK/BAK-90.yaml", "over: widgets", "over: calendar.working_days");
    workspace.edit("policies/controls/BAK/BAK-90.yaml", "amount >= $least", "label <> ''");
    workspace.edit("policies/controls/BAK/BAK-90.yaml", "{{ id }} 只有 {{ amount }}", "{{ label }}");
    let path = workspace.path().to_str().unwrap().to_owned();
    let check = |lang| {
        let more = ["--period", "2027Q1", "--as-of", "2027-04-15", "--lang", lang];
        hegui([&["check", path.as_str()], more.as_slice()].concat()).status(1)
    };
    check("en").prints(&["BAK-90.yaml:13:", "2027-01-01: cannot tell whether"]);
    check("zh").prints(&["2027-01-01：无法判断是否属于检查范围"]);
    let report = std::fs::read_to_string(workspace.join("reports/2027Q1/report.md")).unwrap();
    for words in ["2027-01-01：无法判断是否属于检查范围（2027 年的官方放假安排未知）", "策略包收录 2024–2026 年"]
    {
        assert!(report.contains(words), "{words}:\n{report}");
    }
}

#[test]
fn a_folder_of_waivers_is_not_passed_over_in_silence() {
    let workspace = Workspace::small();
    workspace.write("waivers/w1.yaml", "anything: [");
    let run = workspace.check(&["--report", "json"]).status(0).says(&["workspace/not-read", "`waivers`"]);
    assert!(!run.out.contains("waivers"), "no rate after waivers while there can be none:\n{}", run.out);
    let json = std::fs::read_to_string(workspace.join("reports/2026Q3/assessment.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["scores"]["after_waivers"], json["scores"]["before_waivers"]);
    assert!(json["scores"]["after_waivers"].is_object());
}

#[test]
fn faults_in_files_no_selected_control_reads_are_not_told() {
    let workspace = Workspace::example();
    let path = workspace.path().to_str().unwrap();
    let check = |only: &[&str]| {
        let more = ["--as-of", AS_OF, "--lang", "en", "--report", "none", "--quiet"];
        hegui([&["check", path], only, more.as_slice()].concat())
    };
    let run = check(&["--only", "TRN-01"]).status(0);
    assert_eq!(run.err, "", "nothing that concerns TRN-01 is wrong");
    // BAK-04 does read the permission matrix.
    check(&["--only", "BAK-04"]).status(1).says(&["evidence/stale", "权限矩阵_2025年9月.csv"]);
}

#[test]
fn without_a_report_the_summary_does_not_point_at_one() {
    let workspace = Workspace::small();
    let rows: String = (0..9).map(|row| format!("w{row},2026-09-01,0\n")).collect();
    workspace.write("evidence/2026Q3/widgets.csv", format!("编号,日期,数量\n{rows}"));
    workspace.check(&[]).status(1).prints(&["6 more, see the report"]);
    let run = workspace.check(&["--report", "none"]).status(1).prints(&["6 more; no report was written to list them"]);
    assert!(!run.out.contains("see the report"), "{}", run.out);
    workspace.edit("hegui.yaml", "gate:", "report: {formats: none}\ngate:");
    workspace.check(&[]).status(1).prints(&["6 more; no report was written to list them"]);
}

/// The line that a report prints gives the same verdict on the same inputs, run where the report says.
#[test]
fn the_reproduction_line_reproduces() {
    let workspace = Workspace::small();
    let root = workspace.path();
    // The workspace below a folder of its own, with policies beside it and inside it.
    for (place, policies) in [("ext/my pack", "../../ext/my pack"), ("clients/acme/own", "own")] {
        let acme = root.join("clients/acme");
        for file in ["hegui.yaml", "evidence/2026Q3/widgets.csv"] {
            std::fs::create_dir_all(acme.join(file).parent().unwrap()).unwrap();
            std::fs::copy(root.join(file), acme.join(file)).unwrap();
        }
        for file in ["evidence/widgets.yaml", "controls/BAK/BAK-90.yaml", "profiles/small.yaml"] {
            let target = root.join(place).join(file);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(root.join("policies").join(file), target).unwrap();
        }
        let run = |directory: &std::path::Path, line: &str| {
            let script = format!("exec '{}' {}", env!("CARGO_BIN_EXE_hegui"), line.strip_prefix("hegui ").unwrap());
            let mut shell = std::process::Command::new("sh");
            let output = shell.args(["-c", &script]).env_clear().current_dir(directory).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
            let bytes = std::fs::read(acme.join("reports/2026Q3/assessment.json")).unwrap();
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()
        };
        let first = run(root, &format!("hegui check clients/acme --as-of {AS_OF} --policies '{place}'"));
        let line = first["metadata"]["repro"].as_str().unwrap();
        assert!(line.contains(policies), "{line}");
        let again = run(&acme, line);
        for part in ["metadata", "conclusion", "scores", "evidence", "gaps"] {
            assert!(again[part] == first[part], "{part}: {line}");
        }
        let report = std::fs::read_to_string(acme.join("reports/2026Q3/report.md")).unwrap();
        assert!(report.contains("在工作区的文件夹里"), "{report}");
    }
}

/// In a Chinese message no sentence of a library or of the system stands in English.
#[test]
fn what_others_say_is_said_in_chinese_too() {
    let workspace = Workspace::small();
    workspace.write("taken", "x").write("bad.json", "{");
    let path = workspace.path().to_str().unwrap().to_owned();
    let join = |name: &str| workspace.join(name).to_str().unwrap().to_owned();
    let cases: [(&[&str], i32, &str); 8] = [
        (&["check", &path, "--out", &join("taken/x")], 74, "无法写入"),
        (&["check", &path, "--only", "BAK-["], 2, "方括号没有闭合"),
        (&["policy", "list", "--only", "BAK-{"], 2, "花括号没有闭合"),
        (&["check", &path, "--baseline", &join("none.json")], 2, "文件或文件夹不存在"),
        (&["check", &path, "--baseline", &join("bad.json")], 2, "内容提前结束"),
        (&["policy", "schema", "--out", &join("taken/x")], 74, "不是文件夹"),
        (&["init", &join("taken/x")], 74, "不是文件夹"),
        (&["check", &path, "--frobnicate"], 2, "没有参数 `--frobnicate`"),
    ];
    for (arguments, status, words) in cases {
        let run = hegui(arguments).status(status).says(&[words]);
        for english in ["cannot", "No such", "Not a directory", "error", "unclosed", "EOF", "os error"] {
            assert!(!run.err.contains(english), "{arguments:?}: {english}\n{}", run.err);
        }
    }
}

#[test]
fn an_adapter_is_explained_and_a_faulty_one_is_told_where_its_kind_is_asked_for() {
    hegui(["explain", "nmap_tls", "--lang", "en"])
        .status(0)
        .prints(&["nmap -Pn -n", "tls_scan: host, port, protocols"]);
    hegui(["explain", "tls_scan", "--lang", "zh"]).status(0).prints(&["适配器 nmap_tls", "适配器 testssl_json"]);
    let workspace = Workspace::small();
    let adapter = "schema: hegui/adapter/v1\nid: tool\nkind: widgets\ntitle: x\ncollect: x\nfiles: [\"**/tool*\"]\n\
                   record: {type: object, properties: {a: {type: string}}}\ncolumns: {id: b}\n";
    workspace.write("policies/evidence/adapters/tool.yaml", adapter);
    let path = workspace.path().to_str().unwrap();
    let run = hegui(["evidence", "show", "widgets", "-w", path, "--as-of", "2026-10-15", "--lang", "en"]).status(4);
    run.says(&["tool.yaml:8:15", "the file has no column `b`"]);
    hegui(["check", path, "--as-of", "2026-10-15", "--lang", "en"]).status(4).prints(&["not tested"]);
}

#[test]
fn a_form_of_an_unknown_suffix_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("r.pdf");
    let out = out.to_str().unwrap();
    hegui(["evidence", "template", "roster", "--out", out, "--lang", "en"])
        .status(2)
        .says(&["no form has this suffix"]);
}
