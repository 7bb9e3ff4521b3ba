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
#[expect(clippy::disallowed_methods, reason = "time is what is tested")]
fn sheets_of_one_content_are_gone_through_once() {
    let head = ods_row("", &[("", "编号"), ("", "完成")]);
    let names: Vec<String> = (0..2_000).map(|number| format!("s{number}")).collect();
    let rows = |name: &str| head.clone() + &ods_row("", &[("", &format!("J-{name}")), ("", "2026-09-01 08:00")]);
    let tables: Vec<(&str, String)> = names.iter().map(|name| (name.as_str(), rows(name))).collect();
    let start = std::time::Instant::now();
    let (rows, scan) = read_bytes(&jobs(), ("jobs.ods", &ods_of(&tables)), &[], &["id"]);
    // From the start for each of them would be four million rows to go over.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert_eq!((rows.len(), said(&scan)), (2_000, Vec::new()));
    assert_eq!((rows[0].as_str(), rows[1_999].as_str()), ("J-s0", "J-s1999"));
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
#[expect(clippy::disallowed_methods, reason = "time is what is tested")]
fn a_cell_of_ampersands_takes_its_time_only() {
    let start = std::time::Instant::now();
    let text = page(1, 1).replace("J-0-0", &"&".repeat(900_000));
    let (rows, _) = read(&jobs(), "jobs.xls", &text, &[], &["id"]);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    assert_eq!(rows[0].len(), 900_000);
}
