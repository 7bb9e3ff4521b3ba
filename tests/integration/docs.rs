//! Pages made from the code are current. `HEGUI_BLESS=1 cargo test docs` writes them anew.

use std::path::PathBuf;

use super::common::{copy, hegui, repository};

fn holds(page: &str, expected: &str) {
    let path: PathBuf = repository().join(page);
    if std::env::var_os("HEGUI_BLESS").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{page} is not current: run `HEGUI_BLESS=1 cargo test docs` and look at the difference");
}

#[test]
fn the_list_of_diagnostics() {
    holds("docs/diagnostics.md", &hegui::cli::codes::reference());
}

#[test]
fn the_command_line_reference() {
    holds("docs/cli.md", &hegui::cli::reference());
}

#[test]
fn the_readmes_name_the_same_commands() {
    let commands = |page: &str| -> Vec<String> {
        let text = std::fs::read_to_string(repository().join(page)).unwrap();
        text.lines().filter(|line| line.starts_with("cargo ")).map(str::to_owned).collect()
    };
    let english = commands("README.md");
    assert_eq!(english, commands("README.zh-CN.md"));
    assert_eq!(english.first().map(String::as_str), Some("cargo run -- check examples/agency"));
    assert_eq!(english.get(1).map(String::as_str), Some("cargo test"));
}

<<<<<<< ours
/// The control and the test that CONTRIBUTING shows pass what it says they must.
#[test]
fn the_example_of_contributing_passes() {
    let page = std::fs::read_to_string(repository().join("CONTRIBUTING.md")).unwrap();
    let blocks: Vec<String> = page
        .split("```yaml\n")
        .skip(1)
        .map(|rest| {
            let block = rest.split("```").next().unwrap();
            let indent = block.len() - block.trim_start().len();
            block.lines().map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect()
        })
        .collect();
    let pack = tempfile::tempdir().unwrap();
    copy(&repository().join("policies"), pack.path());
    std::fs::write(pack.path().join("controls/BAK/BAK-05.yaml"), &blocks[0]).unwrap();
    std::fs::write(pack.path().join("tests/BAK/BAK-05.yaml"), &blocks[1]).unwrap();
    let pack = pack.path().to_str().unwrap();
    hegui(["policy", "lint", pack, "--lang", "en"]).status(0).says(&["0 errors"]);
    let run = hegui(["policy", "test", pack, "--only", "BAK-05", "--mutate", "--lang", "en"]).status(0);
    run.prints(&["1 control, 5 cases, 5 expectations, 0 failed", "0 noticed by no case"]);
    hegui(["policy", "show", "BAK-05", "--sql", "--policies", pack]).status(0).prints(&["SELECT"]);
=======
/// STYLE §6: each code is produced by some fixture. A test that produces one names it: whole, or as what follows the family
/// where a list of them is compared. Those of the family `policy` stand in the tests of its own folder.
#[test]
fn every_code_is_named_by_a_test() {
    let mut tests = String::new();
    for folder in ["src", "tests"] {
        for entry in walkdir::WalkDir::new(repository().join(folder)) {
            let path = entry.unwrap().into_path();
            if path.extension().is_none_or(|suffix| suffix != "rs") || path.ends_with("integration/docs.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let whole = path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")));
            let from = if whole { Some(0) } else { text.find("#[cfg(test)]") };
            tests.push_str(from.and_then(|from| text.get(from..)).unwrap_or_default());
        }
    }
    for code in hegui::cli::codes::all().into_iter().filter(|code| !code.id.starts_with("policy/")) {
        let what = code.id.split_once('/').unwrap().1;
        let named = [code.id.to_owned(), format!("\"{what}\""), format!("\"{what} ")];
        assert!(named.iter().any(|name| tests.contains(name)), "no test produces `{}`", code.id);
    }
>>>>>>> theirs
}
