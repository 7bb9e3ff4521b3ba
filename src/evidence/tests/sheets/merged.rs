//! Merged cells: what the rows that they cover have, and what stands beneath them.

use super::*;

#[test]
fn rows_under_a_merged_cell_have_its_value() {
    let columns = &["id", "dataset", "status", "copies"];
    for file in
        [fixture!("merged.xlsx"), fixture!("merged.xls"), fixture!("merged.ods"), fixture!("merged-sheetjs.xls")]
    {
        let (rows, scan) = read_bytes(&jobs(), file, &[], columns);
        let expected = |number: usize| match number {
            1 => "J-1|财务|failed|·".to_owned(),
            2 => "J-2|财务|success|2".to_owned(),
            3 => "J-3|·|success|3".to_owned(),
            4 => "J-4|·|failed|4".to_owned(),
            5 | 6 => format!("J-{number}|库{number}|failed|4"),
            38 | 39 => format!("J-{number}|客户|success|{number}"),
            40 => "J-40|客户|failed|40".to_owned(),
            _ => format!("J-{number}|库{number}|success|{number}"),
        };
        assert_eq!(rows, (1..=40).map(expected).collect::<Vec<_>>(), "{}", file.0);
        let words =
            "the sheet `备份` has 4 cells merged across rows; each row covered is read with the value of the first";
        assert_eq!(said(&scan), [format!("merged-cells {}: {words}", file.0)]);
        let zh = "工作表“备份”有 4 处跨行合并的单元格，所盖各行都按第一格的值读取";
        assert_eq!(scan.diagnostics[0].message.zh, zh);
        assert_eq!(reasons(&scan), [], "{}", file.0);
    }
}

/// Merged regions as hand-made files have them: over hidden contents, over each other, without end, without rows.
#[test]
fn merged_regions_cover_what_stands_beneath_and_make_no_rows() {
    let row = |number: u64| {
        let day = format!("2026-09-0{} 08:00", number % 9 + 1);
        let set = if number < 4 { "a" } else { "b" };
        inline(number, &[("A", &format!("J-{number}")), ("B", &day), ("C", set), ("D", "x")])
    };
    let rows = inline(1, &[("A", "编号"), ("B", "完成"), ("C", "数据集"), ("D", "备注")])
        + &(2..8).map(row).collect::<String>();
    let with = |regions: &[&str]| {
        let regions: String = regions.iter().map(|region| format!(r#"<mergeCell ref="{region}"/>"#)).collect();
        workbook(&format!("<worksheet><sheetData>{rows}</sheetData><mergeCells>{regions}</mergeCells></worksheet>"))
    };
    for (name, regions, expected, told) in [
        ("none", &[][..], "aabbbb", 0),
        ("over what stands beneath", &["C3:C5"], "aaaabb", 1),
        ("to the end of the sheet", &["C2:C1048576"], "aaaaaa", 1),
        ("over columns too", &["C3:D7"], "aaaaaa", 1),
        ("one within another", &["C2:C4", "C3:C7"], "aaabbb", 1),
        ("one after another", &["C2:C4", "C5:C7"], "aaabbb", 2),
        ("a column that is not read", &["D2:D7"], "aabbbb", 0),
        ("the header's", &["C1:C7"], "aabbbb", 0),
        ("in one row", &["C3:D3"], "aabbbb", 0),
        ("to the right in one row", &["B3:C3"], "a·bbbb", 0),
        ("to the right and below", &["B3:C5"], "a···bb", 1),
        ("to the right of a column that is not read", &["D4:C3"], "aaabbb", 1),
        ("from a row that is not there", &["C8:C12"], "aabbbb", 0),
        ("below all rows", &["C9:C12"], "aabbbb", 0),
    ] {
        // Blocks end where they may: what goes on, goes on in the next.
        for batch_rows in [1, 2, 3, 100] {
            let mut options = options();
            options.limits.batch_rows = batch_rows;
            let file = MemoryFile { path: "jobs.xlsx".into(), kind: None, bytes: with(regions) };
            let index = Index::from_memory([jobs()], vec![file], options);
            let (read, scan) = rows_of(&index, &[table("jobs", &[], &["dataset"])]);
            assert_eq!(read[0].concat().concat(), expected, "{name}, {batch_rows} at a time");
            let merged = said(&scan).iter().filter(|one| one.starts_with("merged-cells")).cloned().collect::<String>();
            let count = if told == 1 { "1 cell ".to_owned() } else { format!("{told} cells ") };
            assert_eq!(merged.contains(&count), told > 0, "{name}: {merged}");
        }
    }
    let many: Vec<String> = (0..100_001).map(|number| format!("C{}:C{}", number * 2 + 2, number * 2 + 3)).collect();
    let bytes = with(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let (_, scan) = read_bytes(&jobs(), ("jobs.xlsx", &bytes), &[], &["dataset"]);
    assert_eq!(
        said(&scan)[1..],
        ["too-large jobs.xlsx: the sheet `s` has too many merged regions: a workbook may have 100000"]
    );
    assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable]);
    let page = "<table><tr><td>编号<td>完成<td>数据集<tr><td>J-1<td>2026-09-01 08:00<td rowspan=2>a\
                <tr><td>J-2<td>2026-09-02 08:00<tr><td>J-3<td>2026-09-03 08:00<td>b</table>";
    let (rows, scan) = read_bytes(&jobs(), ("jobs.xls", page.as_bytes()), &[], &["id", "dataset"]);
    assert_eq!(rows, ["J-1|a", "J-2|a", "J-3|b"]);
    let words =
        "the table `table 1` has 1 cell merged across rows; each row covered is read with the value of the first";
    assert_eq!(said(&scan), [format!("merged-cells jobs.xls: {words}")]);
}

/// Reports merge the same cells in every row.
#[test]
fn regions_of_one_row_hide_what_stands_to_the_right() {
    let row = |number: u64| {
        // The last follows a row that is not there.
        let number = if number == 45 { 46 } else { number };
        inline(number, &[("A", &format!("J-{number}")), ("B", "2026-09-01 08:00"), ("C", "a")])
    };
    let rows = inline(1, &[("A", "编号"), ("B", "完成"), ("C", "数据集")]) + &(2..46).map(row).collect::<String>();
    let strips: String = (40..200_000).map(|row| format!(r#"<mergeCell ref="B{row}:C{row}"/>"#)).collect();
    let read = |regions: &str| {
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData><mergeCells>{regions}</mergeCells></worksheet>");
        read_bytes(&jobs(), ("jobs.xlsx", &workbook(&sheet)), &[], &["dataset"])
    };
    let (rows, scan) = read(&strips);
    assert_eq!(rows.concat(), "a".repeat(38) + &"·".repeat(6));
    assert_eq!(said(&scan), Vec::<String>::new());
    let (rows, scan) = read(r#"<mergeCell ref="C45:C47"/><mergeCell ref="A44:B44"/>"#);
    assert_eq!(rows.concat(), "a".repeat(43) + "·");
    let blank = "unreadable-cell jobs.xlsx[s]:44:完成: `done_at` is required and is blank here";
    assert_eq!(said(&scan), [blank]);
}

/// A value stands in the file once, and is read as often as rows have it: that counts beside the rows themselves.
#[test]
fn values_of_merged_cells_count_in_every_row_they_cover() {
    let row = |number: u64| {
        let long = if number == 2 { "x".repeat(10_000) } else { String::new() };
        inline(number, &[("A", &format!("J-{number}")), ("B", "2026-09-01 08:00"), ("C", &long)])
    };
    let rows = inline(1, &[("A", "编号"), ("B", "完成"), ("C", "数据集")]) + &(2..12).map(row).collect::<String>();
    let regions = r#"<mergeCells><mergeCell ref="C2:C11"/></mergeCells>"#;
    let bytes = workbook(&format!("<worksheet><sheetData>{rows}</sheetData>{regions}</worksheet>"));
    let read = |expanded: u64| {
        let mut options = options();
        options.limits.expanded_bytes = expanded;
        let file = MemoryFile { path: "jobs.xlsx".into(), kind: None, bytes: bytes.clone() };
        let index = Index::from_memory([jobs()], vec![file], options);
        let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["dataset"])]);
        (rows[0].concat().concat().len(), said(&scan).concat(), reasons(&scan))
    };
    let (length, told, unread) = read(120_000);
    assert_eq!((length, unread), (100_000, vec![]), "{told}");
    let (_, told, unread) = read(95_000);
    let words = "by row 11 the values of merged cells, in all rows they cover, exceed the limit of expansion";
    assert!(told.starts_with(&format!("too-large jobs.xlsx: {words}")), "{told}");
    assert_eq!(unread, [NotTested::EvidenceUnreadable]);
}
