//! One workbook in which an office keeps several registers, as the command line shows it.

use super::common::{Workspace, hegui};

const GADGETS: &str = "\
schema: hegui/evidence/v1
id: gadgets
title: 器具
collect: 从系统导出
owner: it
files: [\"**/gadgets*\"]
max_age: 100 days
key: [gadget]
several: all
record:
  type: object
  required: [gadget]
  properties:
    gadget: {type: string, title: 器具号}
    place: {type: string, title: 存放处}
";

const CHECK: &str = "  - id: BAK-90.2
    title: 存放处已知
    over: gadgets
    expect: place IS NOT NULL
    finding: \"{{ gadget }} 没有存放处\"
remedy:";

/// A workspace whose two registers are sheets of `evidence/2026Q3/台账.xlsx`.
fn office() -> Workspace {
    let workspace = Workspace::small();
    workspace.write("policies/evidence/gadgets.yaml", GADGETS);
    let control = "policies/controls/BAK/BAK-90.yaml";
    let text = std::fs::read_to_string(workspace.join(control)).unwrap();
    workspace.write(control, text.replace("remedy:", CHECK));
    std::fs::remove_file(workspace.join("evidence/2026Q3/widgets.csv")).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [
        ("部件", [["编号", "日期", "数量"], ["w1", "2026-09-01", "1"], ["w2", "2026-09-30", "2"]]),
        ("器具", [["器具号", "存放处", ""], ["g1", "库房", ""], ["g2", "", ""]]),
        ("附注", [["行政部维护", "", ""], ["", "", ""], ["", "", ""]]),
    ] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(&rows) {
            sheet.write_row(row, 0, cells.iter().copied()).unwrap();
        }
    }
    workspace.write("evidence/2026Q3/台账.xlsx", book.save_to_buffer().unwrap());
    manifest(&workspace, "path: 台账.xlsx, captured_on: 2026-09-30, sheet: [部件]", "sheet: 器具");
    workspace
}

fn manifest(workspace: &Workspace, first: &str, second: &str) {
    let second = format!("path: 台账.xlsx, captured_on: 2026-09-30, {second}");
    workspace.write(
        "evidence/2026Q3/manifest.yaml",
        format!("schema: hegui/manifest/v1\nfiles:\n  - {{{first}}}\n  - {{{second}}}\n"),
    );
}

#[test]
fn each_register_is_judged_and_cited_by_its_sheet() {
    let workspace = office();
    workspace.check(&["--report", "json,csv,md"]).status(1).tells(&["g2"]);
    let text = std::fs::read_to_string(workspace.join("reports/2026Q3/assessment.json")).unwrap();
    let assessment: serde_json::Value = serde_json::from_str(&text).unwrap();
    let files: Vec<String> = assessment["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| format!("{} {} {}", file["sheets"], file["kind"], file["rows_read"]))
        .collect();
    assert_eq!(files, [r#"["器具"] "gadgets" 2"#, r#"["部件"] "widgets" 2"#]);
    let [gadgets, widgets] = [0, 1].map(|at| assessment["evidence"][at].clone());
    assert_ne!(gadgets["id"], widgets["id"]);
    assert_eq!((&gadgets["sha256"], &gadgets["path"]), (&widgets["sha256"], &widgets["path"]));
    assert_eq!(assessment["metadata"]["inputs"]["files"], 1, "one file, whatever is in it");
    let checks = assessment["controls"][0]["checks"].as_array().unwrap();
    let evidence: Vec<_> = checks.iter().map(|check| (&check["outcome"], &check["evidence"][0])).collect();
    assert_eq!(evidence[0], (&"satisfied".into(), &widgets["id"]));
    assert_eq!(evidence[1], (&"not_satisfied".into(), &gadgets["id"]));
    let place = &checks[1]["findings"][0]["citations"][0];
    assert_eq!((&place["sheet"], &place["row"]), (&"器具".into(), &3.into()), "{place}");
    let report = std::fs::read_to_string(workspace.join("reports/2026Q3/report.md")).unwrap();
    assert!(report.contains("`evidence/2026Q3/台账.xlsx` [`器具`]"), "{report}");
    let listed = std::fs::read_to_string(workspace.join("reports/2026Q3/evidence.csv")).unwrap();
    assert!(listed.contains(",部件\r\n") && listed.contains(",器具\r\n"), "{listed}");

    let path = workspace.path().to_str().unwrap();
    hegui(["evidence", "status", path, "--as-of", "2026-10-15"])
        .prints(&["台账.xlsx[器具]", "台账.xlsx[部件]"])
        .tells(&["附注"]);
    let show =
        |file: &str| hegui(["evidence", "show", file, "--workspace", path, "--as-of", "2026-10-15", "--lang", "en"]);
    show("evidence/2026Q3/台账.xlsx[器具]").prints(&["g1", "台账.xlsx[器具]:2"]);
    show("evidence/2026Q3/台账.xlsx").prints(&["w1"]).says(&["another register", "台账.xlsx[器具]'"]);
}

#[test]
fn without_a_manifest_the_headers_tell() {
    let workspace = office();
    std::fs::remove_file(workspace.join("evidence/2026Q3/manifest.yaml")).unwrap();
    // No day of capture is stated, and the gadgets have none of their own.
    let run = workspace.check(&["--report", "json"]);
    let text = std::fs::read_to_string(workspace.join("reports/2026Q3/assessment.json")).unwrap();
    let assessment: serde_json::Value = serde_json::from_str(&text).unwrap();
    let sheets: Vec<_> = assessment["evidence"].as_array().unwrap().iter().map(|file| file["sheets"].clone()).collect();
    assert_eq!(sheets, [serde_json::json!(["器具"]), serde_json::json!(["部件"])], "{}\n{}", run.out, run.err);
    let widgets = &assessment["controls"][0]["checks"][0];
    assert_eq!((&widgets["outcome"], &widgets["population"]), (&"satisfied".into(), &2.into()));
}

#[test]
fn a_manifest_that_names_a_sheet_twice() {
    let workspace = office();
    for (first, second, words) in [
        ("path: 台账.xlsx, sheet: 部件", "sheet: [器具, 部件]", "the sheet `部件`"),
        ("path: 台账.xlsx", "sheet: 部件", "is named twice"),
    ] {
        manifest(&workspace, first, second);
        workspace.check(&["--report", "none"]).status(4).tells(&[
            "workspace/manifest-duplicate",
            "manifest.yaml:4:12",
            words,
        ]);
    }
}
