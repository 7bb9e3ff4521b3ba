//! What makes a cell, a column or a whole file something else than it looks at first.

use super::*;

/// People, with a unit, a share of a hundred, a time and an answer.
fn course() -> Arc<EvidenceKind> {
    kind(
        "course",
        r#"
files: ["**/course*"]
record:
  type: object
  required: [id]
  x-null: [无, /, —]
  properties:
    id: {type: string, title: 编号}
    topic: {type: string, title: 主题}
    hours: {type: number, title: 学时, x-unit: h}
    score: {type: number, title: 成绩, maximum: 100}
    wear: {type: number, title: 磨损, x-unit: "%"}
    share: {type: number, title: 占比}
    worn: {type: integer, title: 磨损数, x-unit: "%"}
    ways: {type: array, title: 协议, x-separator: ",", items: {type: string, enum: [A, B]}}
    tags: {type: array, title: 标签, x-separator: ",", items: {type: string}}
    people: {type: integer, title: 人数}
    done_at: {type: string, format: date-time, title: 完成时间}
    left_on: {type: string, format: date, title: 离开日期, x-null: [在读]}
    passed: {type: boolean, title: 通过}
"#,
    )
}

fn cells(heading: &str, cell: &str, column: &str) -> (String, Vec<String>) {
    let (rows, scan) = read(&course(), "course.csv", &format!("编号,{heading}\na,{cell}\n"), &[], &[column]);
    (rows.join(";"), scan.missing_for(0, [column]).into_iter().map(|missing| missing.detail.zh).collect())
}

#[test]
fn words_for_nothing_are_null_where_the_record_says_so_and_else_unreadable() {
    for (heading, cell, column, expected) in [
        ("主题", "无", "topic", "·"),
        ("主题", "—", "topic", "·"),
        ("主题", "／", "topic", "·"),
        ("主题", "同上", "topic", "?"),
        ("主题", "〃", "topic", "?"),
        ("主题", "N/A", "topic", "?"),
        ("主题", "--", "topic", "?"),
        ("主题", "无锡", "topic", "无锡"),
        ("学时", "/", "hours", "·"),
        ("完成时间", "—", "done_at", "·"),
        ("主题", "(null)", "topic", "?"),
        // A column with words of its own has no others; 无 is an answer to yes or no.
        ("离开日期", "在读", "left_on", "·"),
        ("离开日期", "无", "left_on", "?"),
        ("通过", "无", "passed", "false"),
        ("通过", "/", "passed", "·"),
    ] {
        assert_eq!(cells(heading, cell, column).0, expected, "{heading} {cell}");
    }
}

#[test]
fn a_share_is_none_where_a_column_counts_to_a_hundred_and_a_unit_may_be_its_own() {
    for (heading, cell, column, expected) in [
        ("占比", "95%", "share", "0.95"),
        ("成绩", "95%", "score", "?"),
        ("成绩", "95", "score", "95"),
        ("学时", "50%", "hours", "?"),
        ("磨损", "3%", "wear", "3"),
        ("磨损", "３％", "wear", "3"),
        ("学时", "2小时", "hours", "2"),
        ("学时", "1.5h", "hours", "1.5"),
        ("学时", "2 学时", "hours", "2"),
        ("学时", "90分钟", "hours", "?"),
        ("成绩", "2小时", "score", "?"),
        ("磨损数", "3%", "worn", "3"),
        ("磨损数", "3", "worn", "3"),
        ("磨损数", "3h", "worn", "?"),
        ("协议", "\"A,B\"", "ways", "[\"A\",\"B\"]"),
        ("协议", "A、B", "ways", "[\"A\",\"B\"]"),
        ("协议", "A；B", "ways", "[\"A\",\"B\"]"),
        ("标签", "甲，乙、丙", "tags", "[\"甲\",\"乙、丙\"]"),
    ] {
        assert_eq!(cells(heading, cell, column).0, expected, "{heading} {cell}");
    }
}

#[test]
fn a_heading_that_says_something_else_is_another_column() {
    for (heading, cell, column, expected) in [
        ("学时（小时）", "20", "hours", "20"),
        ("学时 (min)", "20", "hours", "?"),
        ("学时（单位：分钟）", "20", "hours", "?"),
        ("人数（万人）", "3", "people", "?"),
        ("人数（人）", "3", "people", "3"),
        ("完成时间（UTC）", "2026-09-01 17:00", "done_at", "?"),
        ("完成时间 UTC", "2026-09-01 17:00", "done_at", "?"),
        ("完成时间（UTC+8）", "2026-09-01 17:00", "done_at", "2026-09-01T17:00:00+08:00"),
        ("完成时间（北京时间）", "2026-09-01 17:00", "done_at", "2026-09-01T17:00:00+08:00"),
        ("完成时间（预计）", "2026-09-01 17:00", "done_at", "?"),
        ("完成时间（夏令时）", "2026-09-01 17:00", "done_at", "?"),
        ("通过（1=是 0=否）", "1", "passed", "true"),
        ("通过（0=通过 1=未通过）", "1", "passed", "?"),
        ("通过（0/1）", "1", "passed", "true"),
        ("学时（必填，单位：分钟）", "20", "hours", "?"),
    ] {
        let (rows, missing) = cells(heading, cell, column);
        assert_eq!(rows, expected, "{heading}");
        assert_eq!(missing.len(), usize::from(expected == "?"), "{heading}: {missing:?}");
    }
    // Why is said.
    for text in ["编号,学时 (min)\na,20\n", "编号,学时/min\na,20\n", "单位：分钟,\n编号,学时\na,20\n"]
    {
        let (_, scan) = read(&course(), "course.csv", text, &[], &["hours"]);
        let lacking = scan.diagnostics.iter().find(|told| told.code.id == "evidence/missing-column").unwrap();
        let help = &lacking.help.as_ref().unwrap().en;
        assert!(help.starts_with("the note of `学时") && help.contains("another quantity"), "{help}");
    }
}

#[test]
fn a_line_above_the_table_that_states_another_unit_is_heeded() {
    for (line, expected) in [
        ("单位：分钟", "?|5"),
        ("培训统计（单位：分钟）", "?|5"),
        ("单位：小时", "20|5"),
        ("单位：万人", "20|?"),
        ("单位：某某公司", "20|5"),
    ] {
        let text = format!("{line},,\n编号,学时,人数\na,20,5\n");
        let (rows, scan) = read(&course(), "course.csv", &text, &[], &["hours", "people"]);
        assert_eq!(rows, [expected], "{line}");
        let lacking = told(&scan.diagnostics).iter().filter(|told| told.starts_with("missing-column")).count();
        assert_eq!(lacking, expected.matches('?').count(), "{line}: {:?}", said(&scan));
    }
}

/// Whoever reads the table to its end counts in the unit that stands there; the rows are read by then.
#[test]
fn a_line_below_the_table_that_states_another_unit_leaves_it_open() {
    for (line, columns) in [
        ("单位：分钟", Some("`学时`")),
        ("注：单位：万人", Some("`人数`")),
        ("单位：小时", None),
        ("填报单位：某某公司", None),
    ] {
        let text = format!("编号,学时,人数\na,20,5\n{line},,\n");
        let sheet: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        let sheet: Vec<&[&str]> = sheet.iter().map(Vec::as_slice).collect();
        let book = super::sheets::workbook_of_rows(&sheet);
        for (path, bytes) in [("course.csv", text.clone().into_bytes()), ("course.xlsx", book)] {
            let file = MemoryFile { path: path.into(), kind: Some(KindId::new("course")), bytes };
            let index = Index::from_memory([course()], vec![file], options());
            let (rows, scan) = rows_of(&index, &[table("course", &[], &["hours", "people"])]);
            assert_eq!(rows[0], [["20", "5"]], "{path} {line}");
            let open: Vec<_> = scan.missing.iter().map(|missing| missing.detail.en.as_str()).collect();
            assert_eq!(open.len(), usize::from(columns.is_some()), "{path} {line}: {open:?}");
            assert!(columns.is_none_or(|columns| open[0].ends_with(columns)), "{path} {line}: {open:?}");
        }
    }
}

#[test]
fn a_unit_beside_the_rows_of_a_document_leaves_them_open() {
    for (unit, open) in
        [("分钟", true), ("minutes", true), ("小时", false), ("万人", false), ("元", false), ("财务部", false)]
    {
        let text = format!(r#"{{"unit": "{unit}", "records": [{{"编号": "a", "学时": 20}}]}}"#);
        let (rows, scan) = read(&course(), "course.json", &text, &[], &["hours"]);
        assert_eq!((rows, reasons(&scan).len()), (vec!["20".to_owned()], usize::from(open)), "{unit}");
    }
}

#[test]
fn the_records_of_a_document_are_found_in_what_wraps_them() {
    let records = r#"[{"编号": "a", "人数": 3}, {"编号": "b", "人数": 4}]"#;
    for (path, text) in [
        ("course.json", records.to_owned()),
        ("course.json", format!(r#"{{"RECORDS": {records}}}"#)),
        ("course.json", format!(r#"{{"code": 0, "data": {{"list": {records}, "total": 2}}}}"#)),
        ("course.yaml", "items:\n  - {编号: a, 人数: 3}\n  - {编号: b, 人数: 4}\n".to_owned()),
        (
            "course.xml",
            "<rows><row><编号>a</编号><人数>3</人数></row><row><编号>b</编号><人数>4</人数></row></rows>".to_owned(),
        ),
    ] {
        let (rows, scan) = read(&course(), path, &text, &[], &["id", "people"]);
        assert_eq!((rows, reasons(&scan)), (vec!["a|3".to_owned(), "b|4".to_owned()], vec![]), "{text}");
    }
    // One record, one of one element, none, and what is stated beside them.
    for (path, text, expected) in [
        ("course.json", r#"{"编号": "a", "人数": 3}"#, vec!["a|3"]),
        ("course.xml", "<rows><row><编号>a</编号><人数>3</人数></row></rows>", vec!["a|3"]),
        ("course.json", r#"{"code": 0, "data": []}"#, vec![]),
    ] {
        assert_eq!(read(&course(), path, text, &[], &["id", "people"]).0, expected, "{text}");
    }
    let short = format!(r#"{{"total": 99, "rows": {records}}}"#);
    let (_, scan) = read(&course(), "course.json", &short, &[], &["id"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete], "{:?}", said(&scan));
    for outside in [
        format!(r#"{{"total": 57, "data": {{"list": {records}}}}}"#),
        format!(r#"{{"data": {{"list": {records}}}, "page": {{"total": 57}}}}"#),
        format!(r#"{{"data": {{"list": {records}}}, "hasMore": true}}"#),
        r#"{"total": 2, "data": {"编号": "a", "人数": 3}}"#.to_owned(),
    ] {
        let (_, scan) = read(&course(), "course.json", &outside, &[], &["id"]);
        assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete], "{outside}: {:?}", said(&scan));
    }
    // A record that holds a part of another is one.
    let nested = r#"{"编号": "u1", "人数": 3, "last": {"编号": "u0", "主题": "x", "人数": 1}}"#;
    assert_eq!(read(&course(), "course.json", nested, &[], &["id", "people"]).0, ["u1|3"]);
    for (text, code) in [
        (format!(r#"{{"a": {records}, "b": {records}}}"#), "evidence/rows-pointer"),
        (r#"{"A1": {"编号": "A1", "主题": "x", "人数": 3}, "A2": {"编号": "A2"}}"#.to_owned(), "evidence/rows-pointer"),
        (
            format!(r#"{{"fin": {{"users": {records}}}, "nas": {{"users": [{{"编号": "c"}}]}}}}"#),
            "evidence/rows-pointer",
        ),
        (r#"{"name": "export", "time": "now"}"#.to_owned(), "evidence/header"),
    ] {
        let (rows, scan) = read(&course(), "course.json", &text, &[], &["id"]);
        assert!(rows.is_empty(), "{text}");
        assert_eq!(scan.diagnostics.iter().map(|told| told.code.id).collect::<Vec<_>>(), [code], "{text}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{text}");
    }
}

#[test]
fn a_key_that_no_record_has_is_lacking_where_another_may_be_it() {
    let lacking = |path: &str, text: &str| {
        let (rows, scan) = read(&course(), path, text, &[], &["id", "left_on"]);
        (rows, scan.missing_for(0, ["left_on"]).into_iter().map(|missing| missing.reason).collect::<Vec<_>>())
    };
    let unreadable = vec![NotTested::EvidenceUnreadable];
    let rows = |rows: &[&str]| rows.iter().map(|&row| row.to_owned()).collect::<Vec<_>>();
    for (path, text, expected) in [
        ("course.json", r#"[{"编号": "a", "最后日": "2026-01-01"}]"#, unreadable.clone()),
        ("course.jsonl", "{\"编号\": \"a\", \"最后日\": \"2026-01-01\"}\n", unreadable.clone()),
        ("course.yaml", "- {编号: a, 最后日: 2026-01-01}\n", unreadable.clone()),
        // Some have it; nothing else could be it; what else there is holds remarks.
        ("course.json", r#"[{"编号": "a", "最后日": 1, "离开日期": null}]"#, vec![]),
        ("course.json", r#"[{"编号": "a", "主题": "t"}]"#, vec![]),
        ("course.json", r#"[{"编号": "a", "备注": "新来"}]"#, vec![]),
    ] {
        assert_eq!(lacking(path, text), (rows(&["a|·"]), expected), "{text}");
    }
    // Elements of a list have their own keys.
    let kind = kind(
        "plans",
        "files: [\"**/plans*\"]\nrecord:\n  type: object\n  properties:\n    code: {type: string}\n    sets:\n      type: array\n      \
         items: {type: object, properties: {name: {type: string}, hours: {type: integer}}}\n",
    );
    for (text, expected) in [
        (r#"[{"code": "p", "sets": [{"name": "a", "频率": 24}]}]"#, vec![NotTested::EvidenceUnreadable]),
        (r#"[{"code": "p", "sets": [{"name": "a"}]}]"#, vec![]),
        (r#"[{"code": "p", "sets": [{"name": "a", "频率": 24}, {"name": "b", "hours": 1}]}]"#, vec![]),
    ] {
        let (_, scan) = read(&kind, "plans.json", text, &["sets"], &["name", "hours"]);
        let missing: Vec<_> = scan.missing_for(0, ["hours"]).into_iter().map(|missing| missing.reason).collect();
        assert_eq!(missing, expected, "{text}");
    }
    let both = r#"[{"编号": "a", "最后日": "2026-01-01"}, {"编号": "b", "离开日期": "2026-02-01"}]"#;
    assert_eq!(lacking("course.json", both), (rows(&["a|·", "b|2026-02-01"]), vec![]));
}

#[test]
fn footers_of_label_and_number_are_counts_and_no_rows() {
    let table = "编号,主题,人数\na,x,1\nb,y,2\n";
    for (footer, count) in [
        ("总笔数,9,\n", Some(9)),
        ("总记录数,,9\n", Some(9)),
        ("Row count,9,\n", Some(9)),
        ("(9 rows),,\n", Some(9)),
        ("9 rows selected.\n", Some(9)),
        ("9 rows selected.,,\n", Some(9)),
        ("总交易单数,9,\n", Some(9)),
        ("(9 行受影响),,\n", Some(9)),
        ("已选择9行,,\n", Some(9)),
        ("\"显示第 1 到第 2 条记录，总共 9 条记录\",,\n", Some(9)),
        ("本次导出9条数据,,\n", Some(9)),
        ("共9张发票,,\n", Some(9)),
        ("操作员：,张三,\n", None),
        ("打印时间,2026-09-30,\n", None),
        ("#-----明细列表结束-----,,\n#支出合计：1笔，共10元,,\n#导出时间：2026-09-30 10:00,,\n", None),
        ("以下无数据,,\n", None),
        ("（接上页）,,\n", None),
        ("本页共4台,,\n", None),
        ("数量合计：4台,,\n", None),
        ("温馨提示：以实际为准,,\n", None),
    ] {
        for (text, rows) in [
            (format!("{table}{footer}"), 2),
            (format!("{table}{}", if count.is_some() { footer.replace('9', "2") } else { footer.to_owned() }), 2),
        ] {
            let (found, scan) = read(&course(), "course.csv", &text, &[], &["id"]);
            assert_eq!(found.len(), rows, "{text}: {found:?}");
            let expected =
                if count.is_some() && text.contains('9') { vec![NotTested::EvidenceIncomplete] } else { vec![] };
            assert_eq!(reasons(&scan), expected, "{text}: {:?}", said(&scan));
        }
    }
    // The line that clients of databases and Markdown draw under the headings.
    let ruled = "编号,主题,人数\n----,----,----\na,x,1\n";
    assert_eq!(read(&course(), "course.csv", ruled, &[], &["id"]).0, ["a"]);
    // Rows of the table that look a little like it.
    let rows = "编号,主题,人数\n总数,x,1\n操作员：,y,2\n-1,z,3\n";
    assert_eq!(read(&course(), "course.csv", rows, &[], &["id"]).0, ["总数", "操作员：", "-1"]);
}

#[test]
fn names_of_groups_are_no_rows_whatever_a_row_must_have() {
    for group in ["一、财务部", "（二）客户数据", "服务器类："] {
        let text = format!("编号,主题,人数\n{group},,\na,x,1\n");
        let (rows, scan) = read(&course(), "course.csv", &text, &[], &["id"]);
        assert_eq!((rows, reasons(&scan)), (vec!["a".to_owned()], vec![NotTested::EvidenceIncomplete]), "{group}");
        assert_eq!(told(&scan.diagnostics), ["rejected-row course.csv:2"], "{group}");
    }
}

#[test]
fn a_day_may_be_written_as_the_instant_at_which_it_begins() {
    for (cell, expected) in [
        ("2026-08-31T00:00:00.000+0800", "2026-08-31"),
        ("2026-08-30T16:00:00Z", "2026-08-31"),
        ("2026-08-31T00:00:00Z", "?"),
        ("2026-08-31T08:00:00+08:00", "?"),
        ("2026-08-31T00:00:00", "2026-08-31"),
    ] {
        assert_eq!(cells("离开日期", cell, "left_on").0, expected, "{cell}");
    }
}

#[test]
fn a_page_saved_with_all_its_parts_is_called_what_it_is() {
    let text = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"b\"\n\n--b\nContent-Type: text/html\n";
    let (rows, scan) = read(&course(), "course.xls", text, &[], &["id"]);
    assert!(rows.is_empty());
    assert!(
        said(&scan)[0].starts_with("format course.xls: it is a web page saved as a single file"),
        "{:?}",
        said(&scan)
    );
}
