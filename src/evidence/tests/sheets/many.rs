//! Workbooks and pages of many sheets: all of them are read, and a few bytes do not have us read without end.

use super::*;

/// A page of tables, each a heading and `rows` rows.
fn page(tables: usize, rows: usize) -> String {
    let table = |table: usize| {
        let rows: String = (0..rows).map(|row| format!("<tr><td>J-{table}-{row}<td>2026-09-01 08:00</tr>\n")).collect();
        format!("<table><tr><th>编号<th>完成</tr>\n{rows}</table>\n")
    };
    (0..tables).map(table).collect()
}

#[test]
fn every_table_of_a_page_is_read_however_far_down_it_stands() {
    let (rows, scan) = read(&jobs(), "jobs.xls", &page(3, 50), &[], &["id", "file.row"]);
    assert_eq!((rows.len(), said(&scan)), (150, Vec::new()));
    assert_eq!((rows[0].as_str(), rows[149].as_str()), ("J-0-0|2", "J-2-49|51"));
    let text = page(2, 40) + "<table><tr><td>编号</td><td>说明</td></tr><tr><td>J-0-0</td><td>好</td></tr></table>";
    let (rows, scan) = read(&jobs(), "jobs.xls", &text, &[], &["id"]);
    assert_eq!(rows.len(), 80);
    assert_eq!(said(&scan), ["unused-sheet jobs.xls: tables that are not used: `table 3`"]);
    // A place in one of several tables says in which.
    let text = page(2, 1).replace("<td>J-1-0", "<td> ");
    let (_, scan) = read(&jobs(), "jobs.xls", &text, &[], &["id"]);
    assert_eq!(told(&scan.diagnostics), ["unreadable-cell jobs.xls[table 2]:2:编号"]);
    let (_, scan) = read(&jobs(), "jobs.xls", &page(1, 1).replace("J-0-0", " "), &[], &["id"]);
    assert_eq!(told(&scan.diagnostics), ["unreadable-cell jobs.xls:2:编号"]);
}

#[test]
fn sheets_of_one_content_are_gone_through_once() {
    let head = ods_row("", &[("", "编号"), ("", "完成")]);
    let names: Vec<String> = (0..2_000).map(|number| format!("s{number}")).collect();
    let rows = |name: &str| head.clone() + &ods_row("", &[("", &format!("J-{name}")), ("", "2026-09-01 08:00")]);
    let tables: Vec<(&str, String)> = names.iter().map(|name| (name.as_str(), rows(name))).collect();
    let bytes = ods_of(&tables);
    // From the start for each of them would be four million rows to go over.
    in_time(move || {
        let (rows, scan) = read_bytes(&jobs(), ("jobs.ods", &bytes), &[], &["id"]);
        assert_eq!((rows.len(), said(&scan)), (2_000, Vec::new()));
        assert_eq!((rows[0].as_str(), rows[1_999].as_str()), ("J-s0", "J-s1999"));
    });
}

#[test]
fn what_is_hidden_is_told_of_its_own_sheet() {
    let head = ods_row("", &[("", "编号"), ("", "完成")]);
    let row = |id: &str, attributes: &str| ods_row(attributes, &[("", id), ("", "2026-09-01 08:00")]);
    let collapsed = r#"table:visibility="collapse""#;
    let bytes = ods_of(&[("8月", head.clone() + &row("J-1", collapsed)), ("9月", head + &row("J-2", ""))]);
    let (rows, scan) = read_bytes(&jobs(), ("jobs.ods", &bytes), &[], &["id"]);
    assert_eq!(rows, ["J-1", "J-2"]);
    assert_eq!(said(&scan), ["hidden jobs.ods: what is hidden in the sheet `8月` is read all the same: 1 row"]);
}

#[test]
fn what_is_too_small_to_be_seen_is_told_as_hidden() {
    let style = |family: &str, size: &str| {
        format!(
            r#"<style:style style:name="x" style:family="table-{family}"><style:table-{family}-properties style:{size}/></style:style>"#
        )
    };
    let head = ods_row("", &[("", "编号"), ("", "完成")]);
    let row = |attributes: &str| ods_row(attributes, &[("", "J-1"), ("", "2026-09-01 08:00")]);
    let styled = r#"table:style-name="x""#;
    for (family, size, is_told) in [
        ("column", r#"column-width="0.02in""#, true),
        ("column", r#"column-width="1mm""#, true),
        ("column", r#"column-width="0.889in""#, false),
        ("column", r#"column-width="wide""#, false),
        ("row", r#"row-height="0.3pt""#, true),
        ("row", r#"row-height="0cm""#, true),
        ("row", r#"row-height="0""#, true),
        ("row", r#"row-height="0cm" style:use-optimal-row-height="true""#, false),
        ("row", r#"row-height="0.452cm""#, false),
    ] {
        let rows = match family {
            "column" => format!("<table:table-column/><table:table-column {styled}/>{head}{}", row("")),
            _ => head.clone() + &row(styled),
        };
        let content = format!(
            "<office:document-content><office:automatic-styles>{}</office:automatic-styles><office:body>\
             <office:spreadsheet><table:table table:name=\"s\">{rows}</table:table></office:spreadsheet></office:body>\
             </office:document-content>",
            style(family, size) + &style(if family == "row" { "column" } else { "row" }, r#"column-width="0cm""#)
        );
        let bytes =
            package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]);
        let (rows, scan) = read_bytes(&jobs(), ("jobs.ods", &bytes), &[], &["id"]);
        assert_eq!(rows, ["J-1"], "{size}");
        let what = if family == "column" { "columns B" } else { "1 row" };
        let told = said(&scan).iter().any(|one| one.starts_with("hidden jobs.ods: ") && one.ends_with(what));
        assert_eq!(told, is_told, "{size}: {:?}", said(&scan));
    }
}

#[test]
fn rows_that_a_page_hides_are_read_and_told() {
    let text = page(1, 2).replace("<tr><td>J-0-1", "<tr style=\"display:none\"><td>J-0-1");
    let (rows, scan) = read(&jobs(), "jobs.xls", &text, &[], &["id"]);
    assert_eq!(rows, ["J-0-0", "J-0-1"]);
    assert_eq!(said(&scan), ["hidden jobs.xls: what is hidden in the sheet `table 1` is read all the same: 1 row"]);
}

#[test]
fn one_part_is_one_sheet() {
    let header = inline(1, &[("A", "编号"), ("B", "完成")]);
    let names = r#"<sheet name="a" sheetId="1" r:id="r1"/><sheet name="b" sheetId="2" r:id="r1"/>"#;
    let xlsx = package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", &format!("<workbook><sheets>{names}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/s.xml", &sheet(&header)),
    ]);
    // The records that say where sheets begin.
    let mut xls = fixture!("office.xls").1.to_vec();
    let records: Vec<usize> = (0..xls.len() - 10)
        .filter(|at| xls[*at..].starts_with(&[0x85, 0]) && xls[at + 3] == 0 && xls[at + 9] == 0 && xls[at + 8] < 3)
        .collect();
    assert_eq!(records.len(), 3, "{records:?}");
    let first: Vec<u8> = xls[records[0] + 4..records[0] + 8].to_vec();
    for at in &records[1..] {
        xls[at + 4..at + 8].copy_from_slice(&first);
    }
    for (path, bytes, says) in
        [("jobs.xlsx", xlsx, "two sheets are the same part"), ("jobs.xls", xls, "its sheets overlap")]
    {
        let (rows, scan) = read_bytes(&jobs(), (path, &bytes), &[], &["id"]);
        assert_eq!((rows.len(), reasons(&scan)), (0, vec![NotTested::EvidenceUnreadable]));
        assert!(said(&scan)[0].contains(says), "{:?}", said(&scan));
    }
}

#[test]
fn more_sheets_than_anybody_has_are_not_looked_at() {
    let tables: Vec<(&str, String)> = (0..10_001).map(|_| ("s", String::new())).collect();
    for (path, bytes) in [
        ("jobs.ods", ods_of(&tables)),
        ("jobs.xls", "<table>".repeat(10_001).into_bytes()),
        ("jobs.xls", "<table><tr><td>".repeat(10_001).into_bytes()),
    ] {
        let (_, scan) = read_bytes(&jobs(), (path, &bytes), &[], &["id"]);
        assert_eq!(said(&scan), [format!("too-large {path}: more than 10000 tables")]);
    }
    let most = page(1, 1) + &"<table></table>".repeat(9_999);
    let (rows, scan) = read(&jobs(), "jobs.xls", &most, &[], &["id"]);
    assert_eq!(rows, ["J-0-0"]);
    assert!(said(&scan)[0].ends_with("`table 20`, `table 21`, 9979 more"), "{:?}", said(&scan));
}

/// A workbook of sheets whose rows have nothing but the shared text `long` in sixty cells.
fn shared(sheets: usize, rows: usize, long: &str) -> Vec<u8> {
    let cells = r#"<c t="s"><v>2</v></c>"#.repeat(60);
    let head = r#"<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>"#;
    let part = sheet(&(head.to_owned() + &format!("<row>{cells}</row>").repeat(rows)));
    let numbers = || 0..sheets;
    let names: String = numbers().map(|n| format!(r#"<sheet name="s{n}" sheetId="{n}" r:id="r{n}"/>"#)).collect();
    let relation = |n| format!(r#"<Relationship Id="r{n}" Type="x/worksheet" Target="{n}.xml"/>"#);
    let relations: String = numbers().map(relation).collect();
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
        ("xl/workbook.xml".into(), format!("<workbook><sheets>{names}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels".into(), format!("<Relationships>{relations}</Relationships>")),
        (
            "xl/sharedStrings.xml".into(),
            format!("<sst><si><t>编号</t></si><si><t>完成</t></si><si><t>{long}</t></si></sst>"),
        ),
    ];
    parts.extend(numbers().map(|n| (format!("xl/{n}.xml"), part.clone())));
    package(&parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

#[test]
fn what_all_sheets_share_is_bounded_for_all_of_them_together() {
    // 1.2 MB a row: two sheets are below what heads may take, and three are not.
    let long = "x".repeat(20_000);
    let (_, scan) = read_bytes(&jobs(), ("jobs.xlsx", &shared(2, 20, &long)), &[], &["id"]);
    assert!(!said(&scan).iter().any(|one| one.starts_with("too-large")), "{:?}", said(&scan));
    let (_, scan) = read_bytes(&jobs(), ("jobs.xlsx", &shared(3, 20, &long)), &[], &["id"]);
    assert_eq!(said(&scan), ["too-large jobs.xlsx: the first 30 rows of all sheets together exceed 67108864 bytes"]);
    // Each sheet by itself is within the limit, two are not.
    let mut options = options();
    options.limits.expanded_bytes = 1_000_000;
    for (sheets, fits) in [(1, true), (2, false)] {
        let file = MemoryFile { path: "jobs.xlsx".into(), kind: None, bytes: shared(sheets, 5, &"x".repeat(2_500)) };
        let index = Index::from_memory([jobs()], vec![file], options.clone());
        let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
        let refused = said(&scan).iter().any(|one| one.contains("the rows together exceed the limit of expansion"));
        assert_eq!(refused, !fits, "{sheets}: {:?}", said(&scan));
    }
}

#[test]
fn a_cell_of_ampersands_takes_its_time_only() {
    in_time(|| {
        let text = page(1, 1).replace("J-0-0", &"&".repeat(900_000));
        let (rows, _) = read(&jobs(), "jobs.xls", &text, &[], &["id"]);
        assert_eq!(rows[0].len(), 900_000);
    });
}

/// Nobody repeated the header where a table goes on.
#[test]
fn rows_in_a_sheet_without_a_header_are_not_left_out_in_silence() {
    const FIRST: &[&[&str]] = &[&["编号", "完成", "份数"], &["J-1", "2026-09-01 08:00", "1"]];
    const NEXT: &[&[&str]] = &[&["J-2", "2026-09-02 08:00", "0"], &["J-3", "2026-09-03 08:00", "0"]];
    const TITLED: &[&[&str]] = &[&["8月备份（续）"], &["J-2", "2026-09-02 08:00", "0"]];
    const SHIFTED: &[&[&str]] = &[&["信息部", "J-2", "2026-09-02 08:00", "0"]];
    const NOTES: &[&[&str]] = &[&["填写说明"], &["编号", "唯一"]];
    const OTHER: &[&[&str]] = &[&["姓名", "入职", "工龄"], &["E-1", "2026-09-01 08:00", "3"]];
    let html = |rows: &[&[&str]]| {
        let row = |row: &&[&str]| format!("<tr><td>{}</tr>", row.join("<td>"));
        format!("<table>{}</table>", rows.iter().map(row).collect::<String>())
    };
    let row = "<tr><td>J-2<td>2026-09-02 08:00<td>0</tr>";
    // The second table stands in no cell and ends the first, as in a browser.
    let torn = html(FIRST).replace("</table>", "<table><tr><td>x</table>") + row;
    for (name, path, bytes, left_out) in [
        ("pages of a report", "jobs.xls", (html(FIRST) + &html(NEXT)).into_bytes(), Some("tables `table 2`")),
        ("a row behind a table", "jobs.xls", torn.into_bytes(), Some("tables `table 3`")),
        ("months", "jobs.xlsx", workbook_of(&[("8月", grid(FIRST)), ("9月", grid(NEXT))]), Some("sheets `9月`")),
        ("a title", "jobs.xlsx", workbook_of(&[("8月", grid(FIRST)), ("续", grid(TITLED))]), Some("sheets `续`")),
        (
            "a column more",
            "jobs.xlsx",
            workbook_of(&[("8月", grid(FIRST)), ("续", grid(SHIFTED))]),
            Some("sheets `续`"),
        ),
        ("notes", "jobs.xlsx", workbook_of(&[("8月", grid(FIRST)), ("说明", grid(NOTES))]), None),
        ("something else", "jobs.xlsx", workbook_of(&[("8月", grid(FIRST)), ("人员", grid(OTHER))]), None),
    ] {
        let (rows, scan) = read_bytes(&jobs(), (path, &bytes), &[], &["id"]);
        assert_eq!(rows, ["J-1"], "{name}");
        let says = left_out.map(|sheets| {
            let (what, which) = sheets.split_once(' ').unwrap();
            format!("unread-sheet {path}: {what} without a header have rows of the table before them and were not read: {which}")
        });
        let found = said(&scan).into_iter().find(|one| one.starts_with("unread-sheet"));
        assert_eq!(found, says, "{name}");
        let expected: &[NotTested] = if left_out.is_some() { &[NotTested::EvidenceIncomplete] } else { &[] };
        assert_eq!(reasons(&scan), expected, "{name}");
    }
}

#[test]
fn a_part_that_is_cut_short_is_no_shorter_one() {
    let cell = r#"<row r="2"><c r="A2" t="inlineStr"><is><t>J-1</t></is></c><c r="B2" s="1"><v>46266</v></c></row>"#;
    let rows = sheet(&(inline(1, &[("A", "编号"), ("B", "完成")]) + cell));
    let read = |styles: &str, relations: &str| {
        let parts = [
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/styles.xml", styles),
            ("xl/worksheets/s.xml", &rows),
        ];
        let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &package(&parts)), &[], &["id", "done_at"]);
        (rows.concat(), said(&scan).concat())
    };
    let styles = r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;
    assert_eq!(read(styles, RELATIONS), ("J-1|2026-09-01T00:00:00+08:00".into(), String::new()));
    for behind in [r#"<xf numFmtId="22""#, "</styleSheet>"] {
        let (cut, _) = styles.split_once(behind).unwrap();
        let (rows, said) = read(cut, RELATIONS);
        assert!(rows.is_empty() && said.contains("its content is cut short"), "{cut}: {rows} {said}");
    }
    let deep = "<a>".repeat(2_000);
    let (rows, said) = read(&deep, RELATIONS);
    assert!(rows.is_empty() && said.contains("its XML is nested deeper than 1000"), "{rows} {said}");
    let many = format!("<Relationships>{}</Relationships>", "<Relationship/>".repeat(100_001));
    let (rows, said) = read(styles, &many);
    assert!(rows.is_empty() && said.contains("parts of the workbook have more than 100000 relations"), "{rows} {said}");
}

#[test]
fn cells_that_merged_ones_fill_count_for_all_sheets_together() {
    let span = r#"table:number-columns-spanned="2000" table:number-rows-spanned="30""#;
    let wide = |column: usize| {
        let blanks = format!(r#"table:number-columns-repeated="{column}""#);
        let blank_rows = r#"<table:table-row table:number-rows-repeated="28"/>"#;
        ods_row("", &[(span, "x")]) + blank_rows + &ods_row("", &[(&blanks, ""), ("", "y")])
    };
    let read = |sheets: usize, column: usize, path: &str| {
        let tables: Vec<(&str, String)> = (0..sheets).map(|_| ("s", wide(column))).collect();
        read_bytes(&jobs(), (path, &ods_of(&tables)), &[], &["id"]).1
    };
    // As far as the sheet goes, which is two columns here.
    assert_eq!(said(&read(500, 1, "jobs.ods")), ["header jobs.ods: no header row was found"]);
    assert_eq!(
        said(&read(40, 1_999, "jobs.ods")),
        ["too-large jobs.ods: the first 30 rows of all sheets together exceed 2000000 cells"]
    );
}

/// Of workbooks joined end to end only the last would be read, of parts with one name one of them.
#[test]
fn joined_workbooks_and_parts_of_one_name_are_told() {
    let book = workbook(&sheet(
        &(inline(1, &[("A", "编号"), ("B", "完成")]) + &inline(2, &[("A", "J-1"), ("B", "2026-09-01 08:00")])),
    ));
    let joined = [book.as_slice(), &book].concat();
    // The names of equal length, so that the directory stays what it is.
    let double = package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/s.xml", &sheet("")),
        ("xl/worksheets/t.xml", &sheet("")),
    ]);
    let renamed = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        while let Some(at) = memchr::memmem::find(&bytes, b"worksheets/t.xml") {
            bytes[at + 11] = b's';
        }
        bytes
    };
    for (bytes, message) in [
        (joined, "other bytes stand before the workbook: it may be several files joined together"),
        (renamed(&double), "two of its parts have one name"),
    ] {
        let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &bytes), &[], &["id"]);
        assert_eq!((rows.len(), reasons(&scan)), (0, vec![NotTested::EvidenceUnreadable]), "{message}");
        assert!(said(&scan).iter().any(|said| said.contains(message)), "{:?}", said(&scan));
    }
    let (rows, _) = read_bytes(&jobs(), ("jobs.xlsx", &book), &[], &["id"]);
    assert_eq!(rows, ["J-1"]);
}
