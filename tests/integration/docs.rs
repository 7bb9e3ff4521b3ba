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
fn the_forms_of_cells() {
    holds("docs/cells.md", &hegui::cli::cells::reference());
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
}
