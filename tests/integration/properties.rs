//! What must not matter does not: the order of columns and rows, the split into files, the number of threads. And what
//! is added or taken away moves a verdict only the way it may.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hegui::model::{Assessment, FileStatus, Outcome};
use hegui::pipeline::{Request, check};
use hegui::report::json::to_json;

use super::common::{Workspace, repository};

/// The tables of the example whose bytes a property changes, with the number of lines up to and with the header.
const TABLES: [(&str, char, usize); 9] = [
    ("evidence/2026Q3/人事/员工花名册.csv", ',', 2),
    ("evidence/2026Q3/加密/存储加密检查.csv", ',', 1),
    ("evidence/2026Q3/培训/2026年考核成绩.tsv", '\t', 1),
    ("evidence/2026Q3/培训/培训签到记录_2025年10月至2026年6月.csv", ',', 1),
    ("evidence/2026Q3/备份/备份校验记录.tsv", '\t', 1),
    ("evidence/2026Q3/数据/数据清单.csv", ',', 1),
    ("evidence/2026Q3/权限/权限矩阵_2025年9月.csv", ',', 1),
    ("evidence/2026Q3/权限/系统账号清单.csv", ',', 1),
    ("evidence/2026Q3/资产/设备清单.csv", ',', 1),
];

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 15).unwrap()
}

fn judged(workspace: &Workspace) -> Assessment {
    check(&Request::new(workspace.path(), day()), None).unwrap().assessment
}

/// What may depend on nothing but the facts in the evidence: per check outcome, counts and the keys of its findings.
fn verdicts(assessment: &Assessment) -> BTreeMap<String, (Outcome, u64, u64, u64, Vec<u64>)> {
    let checks = assessment.controls.iter().flat_map(|control| &control.checks);
    checks
        .map(|check| {
            let keys = check.fingerprints.clone().expect("fewer than a million findings");
            (check.id.to_string(), (check.outcome, check.population, check.conforming, check.findings_total, keys))
        })
        .collect()
}

/// Lines above and with the header, and the rows. No cell of [`TABLES`] holds a quote or line break.
fn lines(workspace: &Workspace, path: &str, header: usize) -> (Vec<String>, Vec<String>) {
    let text = std::fs::read_to_string(workspace.join(path)).unwrap();
    assert!(!text.contains('"'), "{path} has quoted cells");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let rows = lines.split_off(header);
    assert!(rows.len() > 3, "{path} has rows");
    (lines, rows)
}

fn write(workspace: &Workspace, path: &str, head: &[String], rows: &[String]) {
    let text: String = head.iter().chain(rows).flat_map(|line| [line.as_str(), "\r\n"]).collect();
    workspace.write(path, text);
}

#[test]
fn nothing_but_a_comparison_rests_on_the_fingerprints() {
    let workspace = Workspace::example();
    let with = judged(&workspace);
    let request = Request { fingerprints: false, ..Request::new(workspace.path(), day()) };
    let mut without = check(&request, None).unwrap().assessment;
    let mut gone = 0;
    for (one, other) in without.controls.iter_mut().zip(&with.controls) {
        for (one, other) in one.checks.iter_mut().zip(&other.checks) {
            gone += usize::from(one.fingerprints.is_none() && one.findings_total > 0);
            assert_eq!(one.fingerprints.is_none(), one.findings_total > 0, "{}", one.id);
            one.fingerprints.clone_from(&other.fingerprints);
        }
    }
    assert!(gone > 0);
    assert_eq!(verdicts(&without), verdicts(&with));
}

#[test]
fn the_order_of_columns_changes_nothing() {
    let workspace = Workspace::example();
    let before = verdicts(&judged(&workspace));
    for (path, delimiter, header) in TABLES {
        let (mut head, mut rows) = lines(&workspace, path, header);
        let turn = |line: &str| {
            let bom = line.strip_prefix('\u{feff}');
            let cells: Vec<&str> = bom.unwrap_or(line).split(delimiter).rev().collect();
            format!("{}{}", if bom.is_some() { "\u{feff}" } else { "" }, cells.join(&delimiter.to_string()))
        };
        let last = head.len() - 1;
        head[last] = turn(&head[last]);
        for row in &mut rows {
            *row = turn(row);
        }
        write(&workspace, path, &head, &rows);
    }
    assert_eq!(verdicts(&judged(&workspace)), before);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let workspace = Workspace::example();
    let before = verdicts(&judged(&workspace));
    for (path, _, header) in TABLES {
        let (head, mut rows) = lines(&workspace, path, header);
        rows.reverse();
        let third = rows.len() / 3;
        rows.rotate_left(third);
        write(&workspace, path, &head, &rows);
    }
    assert_eq!(verdicts(&judged(&workspace)), before);
}

#[test]
fn the_split_into_files_changes_nothing() {
    let workspace = Workspace::example();
    let path = "evidence/2026Q3/培训/培训签到记录_2025年10月至2026年6月.csv";
    // The manifest states rows of the whole file; what it says of the parts is another matter.
    let manifest = "evidence/2026Q3/manifest.yaml";
    let text = std::fs::read_to_string(workspace.join(manifest)).unwrap();
    let (kept, dropped): (Vec<&str>, Vec<&str>) =
        text.split("\n  - ").partition(|entry| !entry.contains("培训签到记录_2025年10月至2026年6月.csv"));
    assert_eq!(dropped.len(), 1);
    workspace.write(manifest, kept.join("\n  - "));
    let before = verdicts(&judged(&workspace));
    let (head, rows) = lines(&workspace, path, 1);
    let (first, second) = rows.split_at(rows.len() / 2);
    std::fs::remove_file(workspace.join(path)).unwrap();
    write(&workspace, "evidence/2026Q3/培训/培训签到记录_上半部分.csv", &head, first);
    write(&workspace, "evidence/2026Q3/培训/又一个文件夹/培训签到记录_下半部分.csv", &head, second);
    assert_eq!(verdicts(&judged(&workspace)), before);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let workspace = Workspace::example();
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| to_json(&judged(&workspace)).unwrap())
    };
    let one = bytes(1);
    assert!(one.len() > 10_000);
    for threads in [2, 7] {
        assert!(bytes(threads) == one, "{threads} threads gave other bytes");
    }
}

/// One more encrypted device of a known asset, checked in time: the checks that judge devices one by one find nothing new.
#[test]
fn a_conforming_row_adds_no_finding() {
    let workspace = Workspace::example();
    let before = judged(&workspace);
    let path = "evidence/2026Q3/加密/存储加密检查.csv";
    let (head, mut rows) = lines(&workspace, path, 1);
    let model = rows.iter().find(|row| row.contains("LT-01")).expect("LT-01 is a device of the example").clone();
    rows.push(model.replace("LT-01", "LT-99"));
    write(&workspace, path, &head, &rows);
    workspace.edit("evidence/2026Q3/manifest.yaml", "rows: 43", "rows: 44");
    let (before, after) = (verdicts(&before), verdicts(&judged(&workspace)));
    for check in ["ENC-02.1", "ENC-02.3"] {
        let (old, new) = (&before[check], &after[check]);
        assert_eq!((new.1, new.2), (old.1 + 1, old.2 + 1), "{check}: population and conforming grow by one");
        assert_eq!((new.3, &new.4), (old.3, &old.4), "{check}: the same findings");
    }
}

/// A control that rests on a file is not satisfied without it: stronger than "no better than before".
#[test]
fn what_rests_on_a_deleted_file_is_not_satisfied() {
    let workspace = Workspace::example();
    let before = judged(&workspace);
    let used: Vec<(&str, &str)> = before
        .evidence
        .iter()
        .filter(|file| file.status == FileStatus::Used)
        .map(|file| (file.id.as_str(), file.path.as_str()))
        .collect();
    assert!(used.len() >= 15, "{used:?}");
    let mut asked = 0;
    for (id, path) in used {
        let whole = std::fs::read(workspace.join(path)).unwrap();
        std::fs::remove_file(workspace.join(path)).unwrap();
        let after = judged(&workspace);
        for (old, new) in before.controls.iter().zip(&after.controls) {
            let rests = old.checks.iter().any(|check| check.evidence.iter().any(|file| file == id));
            if rests {
                asked += 1;
                assert_ne!(new.outcome, Outcome::Satisfied, "{} without {path}", new.id);
            }
        }
        workspace.write(path, whole);
    }
    assert!(asked >= 20, "only {asked} pairs of control and file");
    assert_eq!(verdicts(&judged(&workspace)), verdicts(&before), "every file is back");
}

/// The same tables saved by LibreOffice as workbooks give the same outcomes, counts and keys as the CSV they were.
#[test]
fn the_format_of_a_file_changes_no_verdict() {
    let tables = ["人事/员工花名册", "权限/系统账号清单", "数据/数据清单"];
    let expected = verdicts(&judged(&Workspace::example()));
    for suffix in ["xlsx", "xls", "ods"] {
        let workspace = Workspace::example();
        let manifest = workspace.join("evidence/2026Q3/manifest.yaml");
        let mut stated = std::fs::read_to_string(&manifest).unwrap();
        for table in tables {
            let name = table.rsplit('/').next().unwrap();
            let saved = repository().join(format!("tests/fixtures/sheets/agency/{name}.{suffix}"));
            std::fs::remove_file(workspace.join(&format!("evidence/2026Q3/{table}.csv"))).unwrap();
            std::fs::copy(saved, workspace.join(&format!("evidence/2026Q3/{table}.{suffix}"))).unwrap();
            stated = stated.replace(&format!("{table}.csv"), &format!("{table}.{suffix}"));
        }
        std::fs::write(&manifest, stated).unwrap();
        let assessment = judged(&workspace);
        for file in assessment.evidence.iter().filter(|file| file.path.ends_with(suffix)) {
            assert_eq!(file.status, FileStatus::Used, "{}", file.path);
        }
        let found = verdicts(&assessment);
        for (check, verdict) in &expected {
            assert_eq!(found.get(check), Some(verdict), "{check} in {suffix}");
        }
        let cited = assessment.controls.iter().flat_map(|control| &control.checks).flat_map(|check| &check.findings);
        let sheets: Vec<_> = cited
            .flat_map(|finding| &finding.citations)
            .filter(|citation| citation.file.ends_with(suffix))
            .map(|citation| (citation.sheet.is_some(), citation.line))
            .collect();
        assert!(!sheets.is_empty() && sheets.iter().all(|place| *place == (true, None)), "{suffix}: {sheets:?}");
    }
}
