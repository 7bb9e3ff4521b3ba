//! The example gives what its README says was planted, and every number stands in the table.

use std::collections::BTreeMap;

use serde_json::Value;

use super::common::{AS_OF, hegui, repository};

fn assessment() -> Value {
    let path = repository().join("examples/agency");
    let run =
        hegui(["check", path.to_str().unwrap(), "--as-of", AS_OF, "--format", "json", "--report", "none"]).status(1);
    serde_json::from_str(&run.out).unwrap()
}

fn checks(assessment: &Value) -> BTreeMap<String, Value> {
    let controls = assessment["controls"].as_array().unwrap();
    let checks = controls.iter().flat_map(|control| control["checks"].as_array().unwrap());
    checks.map(|check| (check["id"].as_str().unwrap().to_owned(), check.clone())).collect()
}

/// Rows of the README's tables: check, then cells.
fn table(heading: &str) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(repository().join("examples/agency/README.md")).unwrap();
    let section = text.split(&format!("\n### {heading}\n")).nth(1).unwrap().split("\n### ").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_uppercase))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
        .map(|mut cells| (cells.remove(0), cells))
        .collect()
}

#[test]
fn every_planted_gap_and_nothing_else() {
    let found = checks(&assessment());
    let mut told = 0;
    for (heading, outcome) in [("Gaps", "not_satisfied"), ("Good", "satisfied")] {
        for (check, cells) in table(heading) {
            let result = &found[&check];
            assert_eq!(result["outcome"], outcome, "{check}");
            let count = |at: usize| cells[at].parse::<u64>().unwrap();
            assert_eq!(
                (result["population"].as_u64(), result["conforming"].as_u64()),
                (Some(count(0)), Some(count(1))),
                "{check}"
            );
            told += 1;
        }
    }
    for (check, cells) in table("Not tested, not applicable") {
        let expected = if cells[0].starts_with("not tested") { "not_tested" } else { "not_applicable" };
        assert_eq!(found[&check]["outcome"], expected, "{check}");
        told += 1;
    }
    assert_eq!(told, found.len(), "the README tells of every check");
}

#[test]
fn findings_name_file_and_row() {
    let found = checks(&assessment());
    let places = |check: &str| -> Vec<(String, u64)> {
        let findings = found[check]["findings"].as_array().unwrap();
        let cited = findings.iter().map(|finding| &finding["citations"][0]);
        cited.map(|cited| (cited["file"].as_str().unwrap().to_owned(), cited["row"].as_u64().unwrap())).collect()
    };
    let nas = "evidence/2026Q3/备份/备份任务历史_NAS_20261015.csv";
    let expected: Vec<(String, u64)> = [509, 532, 561, 613, 665, 717, 769].map(|row| (nas.to_owned(), row)).to_vec();
    assert_eq!(places("BAK-04.1"), expected);
    let inventory = "evidence/2026Q3/数据/数据清单.csv".to_owned();
    assert_eq!(places("BAK-01.1"), [(inventory.clone(), 10), (inventory, 11)]);
    // The rows are where a spreadsheet shows them.
    let text = std::fs::read_to_string(repository().join("examples/agency").join(nas)).unwrap();
    assert!(text.lines().any(|line| line.contains("N00506") && line.contains("usb-02")), "row 509 is N00506");
}

#[test]
fn the_committed_result_is_current() {
    let path = repository().join("examples/agency");
    let out = tempfile::tempdir().unwrap();
    let run = hegui([
        "check",
        path.to_str().unwrap(),
        "--as-of",
        AS_OF,
        "--lang",
        "zh",
        "--report",
        "json,csv,md",
        "--out",
        out.path().to_str().unwrap(),
    ])
    .status(1);
    assert!(run.out.contains("不符合"));
    assert!(run.out.contains("BAK-02.3  条件 `$facts.servers_abroad` 不成立：$facts.servers_abroad = false"));
    let expected = path.join("expected");
    if std::env::var_os("HEGUI_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(&expected);
        std::fs::create_dir_all(&expected).unwrap();
        for entry in std::fs::read_dir(out.path()).unwrap().map(Result::unwrap) {
            std::fs::copy(entry.path(), expected.join(entry.file_name())).unwrap();
        }
    }
    let mut names: Vec<_> = std::fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let mut committed: Vec<_> = std::fs::read_dir(&expected).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    committed.sort();
    assert_eq!(names, committed);
    for name in names {
        let (new, old) = (std::fs::read(out.path().join(&name)).unwrap(), std::fs::read(expected.join(&name)).unwrap());
        assert!(
            new == old,
            "examples/agency/expected/{} is not current: HEGUI_BLESS=1 cargo test example",
            name.to_string_lossy()
        );
    }
}
