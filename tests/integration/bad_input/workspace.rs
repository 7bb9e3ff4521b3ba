//! Workspaces that are none, their settings, and command lines that ask for what is not there.

use super::super::common::{Workspace, hegui};
use super::{CONTROL, alias_bomb, report_bytes};

#[test]
fn no_such_workspace() {
    let run = hegui(["check", "/no/such/workspace", "--lang", "en"]).status(2);
    run.says(&["/no/such/workspace"]);
    hegui(["evidence", "status", "/no/such/workspace", "--lang", "en"]).status(2).says(&["/no/such/workspace"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    hegui(["check".as_ref(), file.path().as_os_str()]).status(2);
}

#[test]
fn empty_workspace() {
    let workspace = Workspace::empty();
    workspace.check(&["--report", "none"]).status(2).says(&["hegui.yaml", "hegui init"]);
    let workspace = Workspace::small();
    std::fs::remove_dir_all(workspace.join("evidence")).unwrap();
    workspace.check(&["--report", "none"]).status(3);
}

/// The same in every other file that is YAML: what is wrong with it is told with its place, and nothing is unfolded.
#[test]
fn alias_bombs_in_the_workspace() {
    let deep = format!("a: {}x{}\n", "[".repeat(20_000), "]".repeat(20_000));
    let cases = [
        ("hegui.yaml", alias_bomb("schema: hegui/workspace/v1\n"), 4, "policy/yaml-limit"),
        ("hegui.yaml", deep.clone(), 4, "policy/yaml-limit"),
        ("evidence/2026Q3/manifest.yaml", alias_bomb("schema: hegui/manifest/v1\n"), 4, "policy/yaml-limit"),
        ("evidence/2026Q3/manifest.yaml", deep.clone(), 4, "policy/yaml-limit"),
        ("evidence/2026Q3/widgets2.yaml", alias_bomb(""), 3, "evidence/"),
        ("evidence/2026Q3/widgets2.yaml", deep, 3, "evidence/too-deep"),
    ];
    for (path, text, status, code) in cases {
        let workspace = Workspace::small();
        workspace.write(path, text);
        let run = workspace.check(&["--report", "none"]).status(status).tells(&[code, path]);
        assert!(run.err.len() + run.out.len() < 20_000, "{path}: {} bytes", run.err.len() + run.out.len());
    }
}

/// What decides the judgement and cannot be read is not guessed: nothing is judged, and the report of the run before stays.
#[test]
fn a_broken_hegui_yaml_does_not_overwrite_the_report() {
    let cases = [
        ("not closed", "fail_on: low}", "fail_on: low", "policy/yaml-syntax"),
        ("as_of", "time_zone:", "as_of: 2026-13-01\ntime_zone:", "policy/wrong-word"),
        ("time zone", "Asia/Shanghai", "Asia/Shangai", "workspace/time-zone"),
        ("profile", "profile: small", "profile: smal", "policy/unknown-profile"),
        ("a fact's value", "employees: 3", "employees: many", "policy/wrong-type"),
        ("gate", "fail_on: low", "fail_on: lowe", "policy/wrong-word"),
        ("evidence root", "gate:", "evidence: ../x\ngate:", "workspace/path"),
        ("misspelt key", "profile: small", "profil: small", "policy/unknown-key"),
    ];
    for (name, from, to, code) in cases {
        let workspace = Workspace::small();
        workspace.check(&[]).status(0);
        let before = report_bytes(&workspace);
        workspace.edit("hegui.yaml", from, to);
        // Faults elsewhere are told in the same run.
        workspace.edit(CONTROL, "amount >= $least", "amonut >= $least");
        let path = workspace.path().to_str().unwrap().to_owned();
        let run = hegui(["check", path.as_str(), "--lang", "en"]).status(4);
        let run = run.says(&[code, "hegui.yaml:", "`amonut`", "nothing was judged and no report was written"]);
        assert_eq!(run.out, "", "{name}: nothing is judged");
        assert_eq!(report_bytes(&workspace), before, "{name}");
        hegui(["evidence", "status", path.as_str(), "--lang", "en"]).status(4).says(&["nothing was judged"]);
        let run = hegui(["check", path.as_str(), "--format", "json"]).status(4).says(&["没有评估"]);
        assert_eq!(run.out, "", "{name}: nothing is judged");
    }
    let workspace = Workspace::small();
    workspace.write("hegui.yaml", "");
    workspace.check(&[]).status(4).says(&["policy/file-empty", "nothing was judged"]);
    assert!(!workspace.join("reports").exists());
}

/// What the command line states itself is not asked of the file; faults in words of the report are told beside the
/// judgement.
#[test]
fn faults_of_hegui_yaml_that_decide_nothing_are_told_beside_the_judgement() {
    for (from, to, more) in [
        ("time_zone:", "as_of: 2026-13-01\ntime_zone:", &[][..]),
        ("profile: small", "profile: [small]", &["--profile", "small"][..]),
        ("fail_on: low", "fail_on: lowe", &["--fail-on", "low"][..]),
        ("entity: {name: 测试单位}", "entity: {nmae: 测试单位}", &[][..]),
        ("gate:", "scope: {sistems: x}\ngate:", &[][..]),
        ("gate:", "report: {kind: slef}\ngate:", &[][..]),
        ("employees: 3", "emploees: 3", &[][..]),
    ] {
        let workspace = Workspace::small();
        workspace.edit("hegui.yaml", from, to);
        workspace.check(more).status(4).says(&["hegui.yaml:"]).prints(&["✓ satisfied"]);
        assert!(workspace.join("reports/2026Q3/assessment.json").exists(), "{to}");
    }
}

#[test]
fn only_patterns_that_are_none() {
    let workspace = Workspace::small();
    workspace.check(&["--only", "BAK-[", "--report", "none"]).status(2).says(&["BAK-["]);
    workspace.check(&["--report", "pdf"]).status(2).says(&["pdf"]);
    workspace.check(&["--period", "2026Q5", "--report", "none"]).status(2).says(&["2026Q5"]);
}

/// What lies in a workspace is no policy: its evidence is not told as faulty definitions of evidence.
#[test]
fn a_workspace_is_no_folder_of_policies() {
    let workspace = Workspace::small();
    let path = workspace.path().to_str().unwrap();
    for what in ["lint", "test"] {
        let run = hegui(["policy", what, path, "--lang", "en"]).status(2);
        assert!(run.says(&["this is a workspace", "`policies`"]).err.lines().count() <= 3);
        hegui(["policy", what, path, "--lang", "zh"]).status(2).says(&["这是工作区", "policies 目录"]);
    }
    hegui(["policy", "lint", workspace.join("policies").to_str().unwrap(), "--lang", "en"]).status(0);
}
