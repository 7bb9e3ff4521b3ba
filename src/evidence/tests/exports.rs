//! Exports of banks, payment services and tax offices: sentences around the table, totals in it, numbered rows.

use super::*;

const COLUMNS: [&str; 3] = ["id", "copies", "done_at"];

/// Rows, what was told, and the file as it was scanned.
fn export(text: &str) -> (Vec<String>, Vec<String>, FileScan) {
    let (rows, scan) = read(&jobs(), "导出.csv", text, &[], &COLUMNS);
    (rows, told(&scan.diagnostics), scan.files[0].clone())
}

const ROWS: &str = "1,2,2026-07-01 08:00:00\n2,3,2026-09-29 08:00:00\n";

#[test]
fn what_an_export_states_of_itself_is_held_against_it() {
    let text = format!(
        "支付平台明细查询\n账号:[demo]\n起始日期:[2026-07-01 00:00:00]    终止日期:[2026-09-30 00:00:00]\n\
         --------------明细列表--------------\n编号,份数,完成\n{ROWS}--------------\n共2笔记录\n导出时间:[2026-10-08 12:00:00]    用户:demo\n"
    );
    let (rows, faults, file) = export(&text);
    assert_eq!(rows.len(), 2);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!((file.rows_read, file.rows_rejected, file.footer_rows, file.header_row), (2, 0, 3, Some(5)));
    assert_eq!(file.own_rows, Some(2));
    assert_eq!(
        file.own_period.map(|(from, to)| (date_text(from), date_text(to))),
        Some(("2026-07-01".into(), "2026-09-29".into()))
    );

    // A row that is gone is missed, and so is a day when nothing says how many rows there are.
    let (_, scan) = read(&jobs(), "导出.csv", &text.replace("1,2,2026-07-01 08:00:00\n", ""), &[], &COLUMNS);
    assert_eq!(told(&scan.diagnostics), ["period-stated 导出.csv", "rows-stated 导出.csv"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete; 2]);
    let (_, scan) = read(
        &jobs(),
        "导出.csv",
        &text.replace("共2笔记录\n", "").replace("2026-07-01 08", "2026-07-03 08"),
        &[],
        &COLUMNS,
    );
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
    // More rows than stated are told, and no reason to test nothing.
    let (_, scan) = read(&jobs(), "导出.csv", &text.replace("共2笔", "共1笔"), &[], &COLUMNS);
    assert_eq!((told(&scan.diagnostics), reasons(&scan)), (vec!["rows-stated 导出.csv".to_owned()], vec![]));
}

/// No outcome follows from quiet days where every stated row is there; but a reader is told how many there are.
#[test]
fn a_file_that_is_quiet_for_most_of_its_period_says_so() {
    let of = |day: &str, count: &str| {
        let rows = format!("1,2,{day} 08:00:00\n2,3,2026-09-29 08:00:00\n");
        read(
            &jobs(),
            "导出.csv",
            &format!("起始日期：2026-07-01 终止日期：2026-09-30\n编号,份数,完成\n{rows}{count}"),
            &[],
            &COLUMNS,
        )
        .1
    };
    let scan = of("2026-09-01", "共2笔\n");
    assert_eq!((told(&scan.diagnostics), reasons(&scan)), (vec!["period-stated 导出.csv".to_owned()], vec![]));
    let message = &scan.diagnostics[0].message;
    assert_eq!(message.zh, "文件写明期间 2026-07-01 至 2026-09-30，数据为 2026-09-01 至 2026-09-29");
    assert_eq!(message.en, "the file states 2026-07-01 to 2026-09-30, the data runs from 2026-09-01 to 2026-09-29");
    // A few quiet days are told of no export; without a number of rows they leave it incomplete.
    let scan = of("2026-07-04", "共2笔\n");
    assert_eq!((told(&scan.diagnostics), reasons(&scan)), (vec![], vec![]));
    assert_eq!(reasons(&of("2026-07-04", "")), [NotTested::EvidenceIncomplete]);
}

/// Above the header or below the rows, beside the table of a page or within it.
#[test]
fn what_stands_around_a_table_is_held_against_it() {
    let table = format!("编号,份数,完成\n{ROWS}");
    for line in ["记录条数：3", "笔数：3", "条数:3", "明细笔数：3", "查询结果：3条", "Rows: 3", "3 records found"]
    {
        for text in [format!("{line}\n{table}"), format!("{table}{line}\n")] {
            let (rows, scan) = read(&jobs(), "导出.csv", &text, &[], &COLUMNS);
            assert_eq!((rows.len(), told(&scan.diagnostics)), (2, vec!["rows-stated 导出.csv".to_owned()]), "{text}");
            assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete], "{text}");
            let detail = &scan.missing[0].detail;
            assert!(detail.zh.contains("写明共 3 行，实际 2 行"), "{detail:?}");
            assert!(detail.en.contains("of the file states 3 rows, the file has 2"), "{detail:?}");
            let (_, scan) = read(&jobs(), "导出.csv", &text.replace('3', "2"), &[], &COLUMNS);
            assert!(reasons(&scan).is_empty(), "{text}: {:?}", told(&scan.diagnostics));
        }
    }
    for line in
        ["借方笔数：1", "借方笔数：1 贷方笔数：1", "第3笔", "每页20条", "第1页/共1页", "限额：3笔", "笔数上限：3"]
    {
        let (rows, faults, _) = export(&format!("{line}\n{table}"));
        assert_eq!((rows.len(), faults), (2, vec![]), "{line}");
    }
    for lines in [
        "查询日期：2026-07-01 至 2026-09-30\n",
        "开票日期起：2026-07-01 开票日期止：2026-09-30\n",
        "Start Date: 2026-07-01\nEnd Date: 2026-09-30\n",
    ] {
        let text = format!("{lines}{}", table.replace("2026-07-01 08", "2026-07-10 08"));
        let (_, scan) = read(&jobs(), "导出.csv", &text, &[], &COLUMNS);
        assert_eq!(told(&scan.diagnostics), ["period-stated 导出.csv"], "{text}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete], "{text}");
    }
}

/// A page of several, as many rows as an export takes, what a filter let through: above the rows, below, beside them.
#[test]
fn a_file_that_says_that_it_is_a_part_is_one() {
    let table = format!("编号,份数,完成\n{ROWS}");
    let told_of = |text: &str| {
        let (rows, scan) = read(&jobs(), "导出.csv", text, &[], &COLUMNS);
        (rows.len(), said(&scan), reasons(&scan))
    };
    let incomplete = vec![NotTested::EvidenceIncomplete];
    for (line, message) in [
        ("第1页/共3页", "states 3 pages, and only 1 can be there"),
        ("Page 1 of 3", "states 3 pages, and only 1 can be there"),
        ("仅显示前2条", "states a limit of 2 rows, and the file has just as many: more may have been left out"),
        ("筛选条件：状态=成功", "states the filter: rows that do not meet it are not there"),
        ("筛选条件：失败", "states the filter: rows that do not meet it are not there"),
    ] {
        for text in [format!("{line}\n{table}"), format!("{table}{line}\n")] {
            let (rows, said, reasons) = told_of(&text);
            assert_eq!((rows, said.len(), &reasons), (2, 1, &incomplete), "{text}: {said:?}");
            assert!(said[0].starts_with("part-stated 导出.csv: row ") && said[0].ends_with(message), "{said:?}");
        }
    }
    // What filters by no column of the kind may leave out nothing that counts; by days every export does.
    let (_, said, reasons) = told_of(&format!("查询条件：机房=一号\n{table}"));
    let words = "filter-stated 导出.csv: row 1 of the file states the filter: rows that do not meet it are not there";
    assert_eq!((said, reasons), (vec![words.to_owned()], vec![]));
    for line in
        ["查询条件：完成时间=2026-07-01 至 2026-09-30", "最多导出 3 条", "筛选条件：状态=全部", "共2条，仅显示前2条"]
    {
        assert_eq!(told_of(&format!("{line}\n{table}")), (2, vec![], vec![]), "{line}");
    }
    // All pages, printed one after the other.
    let (first, second) = ROWS.split_once('\n').unwrap();
    let pages = |of: u32| format!("第1页/共{of}页\n编号,份数,完成\n{first}\n第2页/共{of}页\n编号,份数,完成\n{second}");
    let (rows, said, reasons) = told_of(&pages(2));
    assert!(rows == 2 && reasons.is_empty() && said.iter().all(|said| said.starts_with("repeated-header")), "{said:?}");
    assert_eq!(told_of(&pages(3)).2, incomplete);
}

/// A filter is told as it stands unless the kind has cells that are masked: it may hold the same.
#[test]
fn a_filter_is_masked_where_cells_are() {
    let text = "筛选条件：姓名=甲某某 机房=一号\n编号,机房\na,一号\n";
    for (more, shown) in
        [("", " `姓名=甲某某 机房=一号`"), (", who: {type: string, title: 姓名, x-sensitive: name}", "")]
    {
        let body = format!(
            "files: [\"*\"]\nrecord:\n  type: object\n  properties: {{id: {{type: string, title: 编号}}, room: {{type: string, title: 机房}}{more}}}\n"
        );
        let (_, scan) = read(&kind("rooms", &body), "rooms.csv", text, &[], &["id"]);
        let words = format!(
            "part-stated rooms.csv: row 1 of the file states the filter{shown}: rows that do not meet it are not there"
        );
        assert!(said(&scan).contains(&words), "{:?}", said(&scan));
    }
}

#[test]
fn rows_that_show_how_to_fill_in_the_others_are_rejected() {
    for row in ["示例,2,2026-09-29 08:00:00", "示例：E000,2,2026-09-29 08:00:00"] {
        let (rows, faults, file) = export(&format!("编号,份数,完成\n{row}\n{ROWS}"));
        assert_eq!(
            (rows.len(), file.rows_rejected, faults),
            (2, 1, vec!["rejected-row 导出.csv:2".to_owned()]),
            "{row}"
        );
    }
    let (rows, faults, _) =
        export("序号,编号,份数,完成\n示例,J-0,1,2026-09-29 08:00:00\n1,J-1,1,2026-09-29 08:00:00\n");
    assert_eq!((rows.len(), faults.contains(&"rejected-row 导出.csv:2".to_owned())), (1, true), "{faults:?}");
    // What old programs end their files with.
    let (rows, faults, _) = export(&format!("编号,份数,完成\n{ROWS}\u{1a}"));
    assert_eq!((rows.len(), faults), (2, vec![]));
}

/// Services give their rows page by page, and say so beside them.
#[test]
fn a_document_that_says_that_it_is_a_part_is_one() {
    let body = "files: [\"*\"]\nrows: /data/items\nkey: [id]\nrecord:\n  type: object\n  required: [id]\n  properties: {id: {type: string}}\n";
    let jobs = kind("paged", body);
    for (beside, expected) in [
        (r#""total": 2"#, None),
        (r#""total_count": 57"#, Some("rows-stated jobs.json: row 1 of the file states 57 rows, the file has 2")),
        (r#""totalPages": 1, "hasMore": false, "next": null"#, None),
        (
            r#""totalPages": 3"#,
            Some("part-stated jobs.json: row 1 of the file states 3 pages, and only 1 can be there"),
        ),
        (r#""has_more": true"#, Some("part-stated jobs.json: row 1 of the file states that there are more rows")),
        (
            r#""next": "https://nas1.example/jobs?page=2""#,
            Some("part-stated jobs.json: row 1 of the file states that there are more rows"),
        ),
        (r#""next": "https://nas1.example/jobs?page=2", "total": 2"#, None),
        (
            r#""pagination": {"page": 1, "pages": 6}"#,
            Some("part-stated jobs.json: row 1 of the file states 6 pages, and only 1 can be there"),
        ),
        (
            r#""page_info": {"has_more": true}"#,
            Some("part-stated jobs.json: row 1 of the file states that there are more rows"),
        ),
        (r#""complete": false"#, Some("part-stated jobs.json: row 1 of the file states that there are more rows")),
        (
            r#""old_items": [{"id": "c"}]"#,
            Some("rejected-row jobs.json:1: `old_items` is another list with rows of the kind, and was not read"),
        ),
    ] {
        let text = format!(r#"{{"total": 9, "data": {{{beside}, "items": [{{"id": "a"}}, {{"id": "b"}}]}}}}"#);
        let (rows, scan) = read(&jobs, "jobs.json", &text, &[], &["id"]);
        assert_eq!(rows.len(), 2);
        assert_eq!(said(&scan), expected.into_iter().collect::<Vec<_>>(), "{beside}");
        assert_eq!(reasons(&scan), expected.map(|_| NotTested::EvidenceIncomplete).into_iter().collect::<Vec<_>>());
    }
    // Something else is no field.
    let text = r#"{"data": {"items": [{"id": "a"}], "rooms": [{"name": "b"}], "by": {"name": "c"}, "title": "d", "none": []}}"#;
    let (_, scan) = read(&jobs, "jobs.json", text, &[], &["id"]);
    assert_eq!(said(&scan), ["extra-column jobs.json: undeclared columns, not used (2): `rooms`, `by`"]);
}

/// Tools write one object a line under the name of a document.
#[test]
fn lines_of_json_under_another_name() {
    let text = "{\"id\": \"a\", \"done_at\": \"2026-09-01T08:00:00Z\"}\n{\"id\": \"b\", \"done_at\": \"2026-09-01T08:00:00Z\"}\n";
    let (rows, scan) = read(&jobs(), "jobs.json", text, &[], &["id"]);
    assert_eq!((rows, scan.files[0].format), (vec!["a".to_owned(), "b".to_owned()], Some("jsonl")));
}

#[test]
fn what_a_page_says_beside_its_table_is_held_against_it() {
    let row = |id: &str| format!("<tr><td>{id}</td><td>2</td><td>2026-09-29 08:00:00</td></tr>\n");
    let table =
        format!("<table>\n<tr><td>编号</td><td>份数</td><td>完成</td></tr>\n{}{}</table>\n", row("a"), row("b"));
    for (page, line) in [
        (format!("<html><body>{table}<p>共3条记录</p></body></html>"), 6),
        (format!("<div>共<b>3</b>条&nbsp;</div>{table}"), 1),
        (format!("{table}\n\n总记录数：3"), 8),
        (table.replace("<table>", "<table>\n<caption>共 3 条</caption>"), 2),
    ] {
        let (rows, scan) = read(&jobs(), "导出.xls", &page, &[], &COLUMNS);
        assert_eq!((rows.len(), told(&scan.diagnostics)), (2, vec!["rows-stated 导出.xls".to_owned()]), "{page}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete], "{page}");
        let detail = &scan.missing[0].detail;
        assert!(detail.en.contains(&format!("row {line} of the file states 3 rows, the file has 2")), "{detail:?}");
        let (_, scan) = read(&jobs(), "导出.xls", &page.replace('3', "2"), &[], &COLUMNS);
        assert_eq!((told(&scan.diagnostics), reasons(&scan)), (vec![], vec![]), "{page}");
    }
    // What is no text of the page states nothing, nor do the cells of another column.
    let page = format!("<style>共3条记录</style><!-- <p>共3条记录</p> -->{table}<script>'共3条记录'</script>");
    let (_, scan) = read(&jobs(), "导出.xls", &page, &[], &COLUMNS);
    assert_eq!(told(&scan.diagnostics), Vec::<String>::new());
}

#[test]
fn totals_are_no_rows_and_remarks_stand_only_under_the_table() {
    let (rows, faults, file) =
        export(&format!("编号,份数,完成\n{ROWS}小计,5,\n3,1,2026-09-30\u{20}08:00:00\n合计,6,\n制表人：E001\n"));
    assert_eq!((rows.len(), faults, file.footer_rows), (3, vec![], 3));
    // The same remark among the rows may as well be a row cut short.
    let (rows, faults, file) =
        export("编号,份数,完成\n1,2,2026-07-01 08:00:00\n制表人：E001\n2,3,2026-09-29 08:00:00\n");
    assert_eq!((rows.len(), file.rows_rejected, file.footer_rows), (2, 1, 0));
    assert_eq!(faults, ["rejected-row 导出.csv:3"]);
    // What is no total is a row, whatever stands in its first cell.
    let text = "编号,份数,完成\n****1234,2,2026-07-01 08:00:00\n--------,3,2026-09-29 08:00:00\n共3条专线,1,2026-09-29 09:00:00\n";
    let (rows, _, file) = export(text);
    assert_eq!((rows.len(), file.footer_rows), (3, 0));
    // A row that is cut short is rejected at the end of the file too.
    let (_, faults, _) = export("编号,份数,完成\n1,2,2026-07-01 08:00:00\n2,3\n");
    assert_eq!(faults, ["rejected-row 导出.csv:3"]);
}

#[test]
fn numbers_that_are_left_out_are_rows_that_were_left_out() {
    let text = "序号,编号,份数,完成\n1,a,1,2026-09-29 08:00:00\n2,b,1,2026-09-29 09:00:00\n4,c,1,2026-09-29 10:00:00\n";
    let (_, scan) = read(&jobs(), "导出.csv", text, &[], &COLUMNS);
    assert_eq!(told(&scan.diagnostics), ["sequence-gap 导出.csv"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
    assert!(scan.missing[0].detail.en.contains("row 4 jumps from 2 to 4"), "{:?}", scan.missing);
    let (_, scan) = read(&jobs(), "导出.csv", &text.replace("\n4,c", "\n3,c"), &[], &COLUMNS);
    assert_eq!(reasons(&scan), []);
    // A filter that leaves hardly two rows in order leaves gaps all the same.
    let thin = text.replace("\n1,a", "\n2,a").replace("\n2,b", "\n4,b").replace("\n4,c", "\n7,c");
    let (_, scan) = read(&jobs(), "导出.csv", &thin, &[], &COLUMNS);
    assert_eq!(told(&scan.diagnostics), ["sequence-gap 导出.csv", "sequence-start 导出.csv"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
    let gap = &scan.missing[0].detail;
    assert!(gap.zh.contains("序号不连续，至少缺 3 个；第 3 行由 2 跳到 4"), "{gap:?}");
    assert!(gap.en.contains("the numbers of the rows leave out at least 3; row 3 jumps from 2 to 4"), "{gap:?}");
    // One that begins later may go on from another file: it is told.
    let late = text.replace("\n1,a", "\n51,a").replace("\n2,b", "\n52,b").replace("\n4,c", "\n53,c");
    let (_, scan) = read(&jobs(), "导出.csv", &late, &[], &COLUMNS);
    assert_eq!((told(&scan.diagnostics), reasons(&scan)), (vec!["sequence-start 导出.csv".to_owned()], vec![]));
}

#[test]
fn the_manifest_and_a_date_in_the_name_may_disagree() {
    let given = file("导出_20260901.csv", "jobs", &format!("编号,份数,完成\n{ROWS}"));
    let day = stated("导出_20260901.csv");
    let manifest = Manifest { files: vec![ManifestFile { captured_on: Some(AS_OF), ..day }] };
    let index = Index::from_memory([jobs()], vec![given], MemoryOptions { manifest, ..options() });
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &COLUMNS)]);
    assert_eq!(told(&scan.diagnostics), ["captured-stated 导出_20260901.csv"]);
    assert_eq!(reasons(&scan), []);
}

#[test]
fn rows_above_a_better_header_are_not_titles() {
    // Not full, and under a header of which only some is known.
    let text = "编号,份数,何时\n1,,2026-07-01 08:00:00\n编号,份数,完成\n2,3,2026-09-29 08:00:00\n";
    let (rows, scan) = read(&jobs(), "导出.csv", text, &[], &COLUMNS);
    assert_eq!(rows.len(), 1);
    assert_eq!(told(&scan.diagnostics), ["rejected-row 导出.csv:2"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
    // Titles, filters, what an export says of itself, and a header in another language are none.
    for above in [
        "备份任务导出",
        "起始日期,2026-07-01,终止日期,2026-09-29",
        "完成,2026-07-01,状态,成功",
        "状态,全部,编号,全部,份数",
        "纳税人识别号：,91110000,所属期起：,2026-07-01,所属期止：",
        "必填,选填,必填,选填,选填",
        "A,B,C,D,E",
        "1,2,3,4,5",
        "----,----,----,----,----",
        "某单位,某单位,某单位,某单位,某单位",
    ] {
        let text = format!(
            "{above}\n编号,份数,完成,数据集,状态\n2,3,2026-07-01 08:00:00,a,成功\n1,2,2026-09-29 08:00:00,a,成功\n"
        );
        let (rows, scan) = read(&jobs(), "导出.csv", &text, &[], &COLUMNS);
        assert_eq!((rows.len(), told(&scan.diagnostics)), (2, vec![]), "{above}");
    }
}

/// A part of a report with fewer columns, in another order, stands under a header of its own.
#[test]
fn a_part_with_a_header_of_its_own_is_not_left_out_in_silence() {
    let below = "编号,数据集,状态,份数,完成\nN-1,a,成功,1,2026-09-01 08:00:00\n";
    for (name, above, rejected) in [
        (
            "failed ones",
            "失败任务\n编号,完成,状态,失败原因\nF-1,2026-09-01 08:00:00,失败,磁盘满\nF-2,2026-09-02 08:00:00,失败,磁盘满\n\n成功任务\n",
            2,
        ),
        (
            "filled up by a spreadsheet",
            "失败任务,,,,\n状态,编号,失败原因,,\n失败,F-1,磁盘满,,\n,,,,\n成功任务,,,,\n",
            1,
        ),
        ("a sum of them", "状态,份数,次数\n成功,3,295\n失败,1,5\n", 0),
        ("what was asked for", "编号,全部,状态,失败,份数\n打印人,某,打印时间,某日\n", 0),
    ] {
        let (rows, scan) = read(&jobs(), "导出.csv", &format!("{above}{below}"), &[], &COLUMNS);
        assert_eq!(rows.len(), 1, "{name}");
        assert_eq!(scan.files[0].rows_rejected, rejected, "{name}: {:?}", told(&scan.diagnostics));
        assert_eq!(reasons(&scan).contains(&NotTested::EvidenceIncomplete), rejected > 0, "{name}");
    }
}

/// A date beside what it is of stands where the table has its own, and is a title all the same.
#[test]
fn a_label_with_its_value_above_the_header_is_a_title() {
    let table = "编号,完成,份数\n1,2026-07-01 08:00:00,2\n2,2026-09-29 08:00:00,3\n";
    for above in [
        "导出时间,2026-10-08 12:00:00",
        "导出日期,2026-10-08 12:00:00,",
        "制表人,2026-10-08 12:00:00",
        "任何话：,2026-10-08 12:00:00",
        "Export date,2026-10-08 12:00:00",
    ] {
        let (rows, faults, _) = export(&format!("{above}\n{table}"));
        assert_eq!((rows.len(), faults), (2, vec![]), "{above}");
    }
    // What fills the table, or begins with no such label, stands under another header.
    for above in ["导出时间,2026-07-08 12:00:00,4", "b1,2026-07-08 12:00:00", "查询系统,2026-07-08 12:00:00"] {
        let (rows, scan) = read(&jobs(), "导出.csv", &format!("{above}\n{table}"), &[], &COLUMNS);
        assert_eq!((rows.len(), told(&scan.diagnostics)), (2, vec!["rejected-row 导出.csv:1".to_owned()]), "{above}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete], "{above}");
    }
    let files =
        PackFiles::from_memory([("evidence/roster.yaml", include_str!("../../../policies/evidence/roster.yaml"))]);
    let loaded = crate::policy::load(files, Vec::new(), &ProfileChoice::default(), false);
    let roster = Arc::new(loaded.pack.kinds[&KindId::new("roster")].clone());
    let text = "导出日期,2026-09-12\n工号,入职日期,部门,岗位\nE001,2020-01-06,财务部,会计\n";
    let (rows, scan) = read(&roster, "花名册.csv", text, &[], &["person_id", "joined_on"]);
    assert_eq!((rows, told(&scan.diagnostics)), (vec!["E001|2020-01-06".to_owned()], vec![]));
    assert_eq!(reasons(&scan), []);
}

#[test]
fn a_header_in_two_languages_is_one() {
    let text = "id,copies,done_at\n编号,份数,完成\n1,2,2026-09-29 08:00:00\n";
    let (rows, faults, _) = export(text);
    assert_eq!((rows.len(), faults), (1, vec!["repeated-header 导出.csv:2".to_owned()]));
}

#[test]
fn a_remark_may_have_its_amounts_beside_it() {
    let text = "编号,份数,完成,状态\n1,2,2026-07-01 08:00:00,成功\n共1笔记录\n已收入:1笔,1.00元\n制表人：E001,,审核人：E002,\n";
    let (rows, faults, file) = export(text);
    assert_eq!((rows.len(), faults, file.footer_rows, file.own_rows), (1, vec![], 3, Some(1)));
}

/// A number under a heading of the kind is a value, whatever words stand before it.
#[test]
fn a_row_with_a_value_is_no_remark() {
    let text = "编号,份数,完成,状态\n1,2,2026-07-01 08:00:00,成功\n交易:b2,3,,\n用户:b3,0,,\n";
    let (rows, scan) = read(&jobs(), "导出.csv", text, &[], &["id", "copies"]);
    assert_eq!(rows, ["1|2", "交易:b2|3", "用户:b3|0"]);
    assert_eq!(scan.files[0].footer_rows, 0);
}

/// Who signed, stamps, days and notes stand under a table without being of it, whatever cell they stand in.
#[test]
fn what_stands_under_a_table_is_no_row() {
    for lines in [
        "编制：张三,,审核：李四,批准：王五,\n",
        "经办人,张三,审核人,李四,\n",
        ",,,XX公司（盖章）,\n,,,2026年10月10日,\n",
        "——以下空白——,,,,\n",
        "特此说明,,,,\n",
        "主讲人签字：张三,,记录人：李四,,\n",
        "讲师（签字）,张三,,记录人签字,李四\n",
        "共 2 人,,,,\n",
        "总经理：,,,,\n",
        "说明：1. 本表按月填写。,,,,\n2. 有疑问请联系行政部。,,,,\n",
        "本报表由系统自动生成,,,,\n",
    ] {
        let text = format!(
            "编号,份数,完成,状态,数据集\n1,2,2026-07-01 08:00:00,成功,a\n2,3,2026-09-29 08:00:00,成功,b\n{lines}"
        );
        let (rows, faults, file) = export(&text);
        let count = lines.lines().count() as u64;
        assert_eq!((rows.len(), faults, file.footer_rows), (2, vec![], count), "{lines}");
        // Among the rows they are told.
        let (rows, faults, file) = export(&format!("{text}3,3,2026-09-29 09:00:00,成功,c\n"));
        assert_eq!((rows.len(), faults.len(), file.rows_rejected), (3, lines.lines().count(), count), "{lines}");
    }
    // A day alone is a row of which nothing else is known.
    let (rows, faults, _) = export("编号,份数,完成\n1,2,2026-07-01 08:00:00\n,,2026-09-29\n");
    assert_eq!((rows.len(), faults.is_empty()), (2, false), "{faults:?}");
    // The name of a group is no row and no remark.
    for line in ["一、财务部,,,,", "请各部门于月底前填写。,,,,"] {
        let (rows, faults, file) =
            export(&format!("编号,份数,完成,状态,数据集\n1,2,2026-07-01 08:00:00,成功,a\n{line}\n"));
        assert_eq!(
            (rows.len(), faults, file.rows_rejected),
            (1, vec!["rejected-row 导出.csv:3".to_owned()], 1),
            "{line}"
        );
    }
}

/// In a register of posts 会计 and a name are a row like any other; the words of those who sign come in pairs, or say so.
#[test]
fn a_post_with_a_name_is_no_signature() {
    let posts = kind(
        "posts",
        "files: [\"**/posts*\"]\nmax_age: 30 days\nseveral: newest\nkey: [post]\nrecord: {type: object, required: [post], properties: {post: {type: string, title: 岗位}, name: {type: string, title: 姓名}, of: {type: string, title: 部门}, day: {type: string, format: date, title: 任职}}}\n",
    );
    let head = "岗位,姓名,部门,任职\n主管,甲,财务部,2026-01-01\n";
    for (line, is_row) in [
        ("会计,乙,财务部,", true),
        ("经办,丙,,2026-01-01", true),
        ("制表人：,乙,,日期：2026-09-30", false),
        ("制表,乙,审核,丙", false),
        ("特此说明,,,", false),
    ] {
        let (rows, scan) = read(&posts, "posts.csv", &format!("{head}{line}\n"), &[], &["post"]);
        assert_eq!((rows.len() == 2, scan.files[0].footer_rows == 0), (is_row, is_row), "{line}: {rows:?}");
    }
    // Words of those who sign in columns of text alone may be a row as well as not: that is asked.
    for line in ["出纳,张三,会计,", "审批：财务,主管,法务,", "会计,,,", "财务负责人,丁,,", "制表人：,乙,,2026-09-30"]
    {
        let (rows, scan) = read(&posts, "posts.csv", &format!("{head}{line}\n"), &[], &["post"]);
        assert_eq!((rows.len(), told(&scan.diagnostics)), (1, vec!["rejected-row posts.csv:3".to_owned()]), "{line}");
    }
    // 导出 and 会计 are words of closed lists, too: a row that can be read is one.
    let rights = kind(
        "rights",
        "files: [\"**/rights*\"]\nmax_age: 30 days\nseveral: newest\nrecord: {type: object, required: [role, action], properties: {role: {type: string, title: 角色}, system: {type: string, title: 系统}, action: {type: string, title: 操作, enum: [read, export], x-synonyms: {read: [读取], export: [导出]}}, set: {type: string, title: 数据集}}}\n",
    );
    let text =
        "角色,系统,操作,数据集\n主管,财务软件,读取,客户账套\n会计,财务软件,导出,客户账套\n财务负责人,财务软件,导出,\n";
    let (rows, scan) = read(&rights, "rights.csv", text, &[], &["role", "action"]);
    assert_eq!((rows.len(), scan.files[0].footer_rows, told(&scan.diagnostics)), (3, 0, vec![]), "{rows:?}");
    // With a cell that cannot be read it is no signature either, which would be left out without a word.
    let duty = kind(
        "duty",
        "files: [\"**/duty*\"]\nmax_age: 30 days\nseveral: newest\nrecord: {type: object, required: [post, on], properties: {post: {type: string, title: 岗位}, on: {type: boolean, title: 在岗}}}\n",
    );
    let (rows, scan) = read(&duty, "duty.csv", "岗位,在岗\n主管,是\n会计,张三\n", &[], &["post"]);
    assert_eq!((rows.len(), told(&scan.diagnostics)), (1, vec!["rejected-row duty.csv:3".to_owned()]));
    // A sentence alone is no post, though a post is all that a row must have.
    let (rows, scan) = read(&posts, "posts.csv", &format!("{head}以上岗位均已公示。,,,\n"), &[], &["post"]);
    assert_eq!((rows.len(), told(&scan.diagnostics)), (1, vec!["rejected-row posts.csv:3".to_owned()]));
}

#[test]
fn a_full_row_is_no_total_and_a_row_with_one_cell_no_remark() {
    let text = "编号,份数,完成\n合计（备用机）,2,2026-07-01 08:00:00\n小计,3,2026-09-29 08:00:00\n合计,5,\n财务软件:客户库,,\n";
    let (rows, _, file) = export(text);
    assert_eq!((rows.len(), file.footer_rows), (3, 1), "{rows:?}");
}

/// The number of the row is no field, and the header of another table begins with it as often as not.
#[test]
fn another_header_is_seen_behind_a_column_of_numbers() {
    let text = "序号,编号,份数,完成\n1,a,2,2026-09-01 08:00\n序号,份数,编号,完成\n1,3,b,2026-09-02 08:00\n";
    let (rows, scan) = read(&jobs(), "导出.csv", text, &[], &COLUMNS);
    let places = told(&scan.diagnostics);
    assert!(places.contains(&"rejected-row 导出.csv:3".to_owned()), "{rows:?} {places:?}");
    assert!(reasons(&scan).contains(&NotTested::EvidenceIncomplete));
}
