//! Bad input gets a clear error and nothing is lost: every case of the list names its status and its words.

mod evidence;
mod faults;
mod policies;
mod reports;
mod workspace;

use std::fmt::Write as _;

use super::common::Workspace;

const CONTROL: &str = "policies/controls/BAK/BAK-90.yaml";
const KIND: &str = "policies/evidence/widgets.yaml";
const DATA: &str = "evidence/2026Q3/widgets.csv";

/// Nine of nine of nine …: a few lines that unfold into ten thousand million.
fn alias_bomb(head: &str) -> String {
    let mut bomb = format!("{head}a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let previous = format!("*a{}", level - 1);
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", [previous.as_str(); 9].join(", "));
    }
    bomb
}

fn report_bytes(workspace: &Workspace) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(workspace.join("reports/2026Q3"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}
