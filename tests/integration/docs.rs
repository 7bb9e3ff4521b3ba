//! Pages made from the code are current. `HEGUI_BLESS=1 cargo test docs` writes them anew.

use std::path::PathBuf;

use super::common::repository;

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
