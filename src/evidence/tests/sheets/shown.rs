//! Cells of which the program that opens the workbook shows something else than their value.

use super::*;

/// People see an id that the file does not have: its letters and zeros are those of the format.
#[test]
fn a_number_that_its_format_dresses_is_no_text() {
    let read = |code: &str, values: [&str; 2]| {
        let cell = |name: &str, value: &str| format!(r#"<c r="{name}2" s="1"><v>{value}</v></c>"#);
        let code = code.replace('"', "&quot;");
        let styles = format!(
            r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts><cellXfs><xf numFmtId="0"/>
            <xf numFmtId="170"/></cellXfs></styleSheet>"#
        );
        let header = inline(1, &[("A", "编号"), ("B", "完成"), ("C", "份数")]);
        // Formulas made ready for rows to come.
        let ready = r#"<row r="3"><c r="A3" s="1"><v>0</v></c><c r="C3" s="1"><v>0</v></c></row>"#;
        let ready = if code.contains(";;") { ready } else { "" };
        let done = r#"<c r="B2" t="inlineStr"><is><t>2026-09-01 08:00</t></is></c>"#;
        let rows =
            format!(r#"{header}<row r="2">{}{done}{}</row>"#, cell("A", values[0]), cell("C", values[1])) + ready;
        let parts = [
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", WORKBOOK),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
            ("xl/styles.xml", styles.as_str()),
            ("xl/worksheets/s.xml", &sheet(&rows)),
        ];
        let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &package(&parts)), &[], &["id", "copies"]);
        (rows.concat(), said(&scan).len())
    };
    for (code, expected) in [
        ("General", ("45|3", 0)),
        ("General_)", ("45|3", 0)),
        ("00000;@", ("00045|3", 0)),
        (r#"General"号库""#, ("?|?", 2)),
        (r#""N"00000"#, ("?|?", 2)),
        ("000-000", ("?|3", 1)),
        // As the same text of a CSV: 3 is 300% there, and no whole number.
        ("0%", ("?|?", 2)),
        (r#"0"小时""#, ("?|?", 2)),
        (r#"0"份""#, ("?|3", 1)),
        (r#"0"分""#, ("?|3", 1)),
        (r#"[=0]"";General"#, ("45|3", 0)),
        (";;;", ("?|?", 2)),
    ] {
        let (rows, faults) = read(code, ["45", "3"]);
        assert_eq!((rows.as_str(), faults), expected, "{code}");
    }
    for (code, expected) in [
        ("General", ("0|0", 0)),
        // No id is seen, which a row must have, and as many copies as there are.
        ("General;General;;@", ("?|0", 1)),
        ("00000;-0;;@", ("?|0", 1)),
        (r#"0;-0;"未检查""#, ("?|?", 2)),
        (r#"0;"无效""#, ("0|0", 0)),
    ] {
        let (rows, faults) = read(code, ["0", "0"]);
        assert_eq!((rows.as_str(), faults), expected, "{code}");
    }
}

/// 5 with a footnote is not 52, and 30 struck out before 25 is not 3025.
#[test]
fn footnotes_and_what_is_struck_out_are_no_digits() {
    let run = |format: &str, text: &str| format!("<r><rPr>{format}</rPr><t>{text}</t></r>");
    let cases = [
        (run("", "5") + &run(r#"<vertAlign val="superscript"/>"#, "2"), "?"),
        (run("<strike/>", "30") + &run("", "25"), "?"),
        (run(r#"<strike val="0"/><vertAlign val="baseline"/>"#, "30") + &run("<b/>", "25"), "3025"),
    ];
    for (text, expected) in cases {
        let copies = format!(r#"<c r="C2" t="inlineStr"><is>{text}</is></c>"#);
        let row = inline(2, &[("A", "J-1"), ("B", "2026-09-01 08:00")]).replace("</row>", &format!("{copies}</row>"));
        let rows = inline(1, &[("A", "编号"), ("B", "完成"), ("C", "份数")]) + &row;
        let (rows, _) = read_bytes(&jobs(), ("jobs.xlsx", &workbook(&sheet(&rows))), &[], &["copies"]);
        assert_eq!(rows, [expected], "{text}");
    }
}

#[test]
fn days_that_count_from_1904() {
    for file in [fixture!("since-1904.xlsx"), fixture!("since-1904.xls")] {
        let (rows, _) = read_bytes(&jobs(), file, &[], &["id", "done_at", "keep_until"]);
        assert_eq!(rows, ["J-1|2026-09-01T08:00:00+08:00|2026-12-31"], "{}", file.0);
    }
}

/// Every format of a workbook tells what its cells show: lines through them, footnotes, parts of days, UTC.
#[test]
fn what_is_struck_out_or_shown_as_something_else() {
    let columns = &["id", "dataset", "copies", "ratio", "done_at"];
    for file in [fixture!("shown.xlsx"), fixture!("shown.xls"), fixture!("shown.ods")] {
        let (rows, scan) = read_bytes(&jobs(), file, &[], columns);
        let expected = [
            "?|?|?|?|?",
            "?|客户档案|?|0.95|2026-09-02T08:00:00+08:00",
            "?|人事档案|?|1|2026-09-03T08:00:00+08:00",
            "J-004|税务申报|2|1|2026-09-04T08:00:00+08:00",
        ];
        assert_eq!(rows, expected, "{}", file.0);
        let said = said(&scan);
        let is_struck = |said: &&String| said.contains("]:2:") && said.contains("is struck out, and nobody can tell");
        assert_eq!((said.iter().filter(is_struck).count(), said.len()), (5, 9), "{}: {said:#?}", file.0);
        assert!(said.iter().any(|said| said.contains("`5^2`")), "{}: {said:#?}", file.0);
        assert!(said.iter().any(|said| said.contains("`~30~25`")), "{}: {said:#?}", file.0);
        assert!(said.iter().any(|said| said.contains("does not show `2026-09-03` as it is")), "{}: {said:#?}", file.0);
    }
}

/// A page says in a style what other pages say with an element.
#[test]
fn what_a_page_strikes_out_by_its_style() {
    let row = |attributes: &str, id: &str, copies: &str| {
        format!("<tr{attributes}><td>{id}<td>2026-09-01 08:00<td>{copies}</tr>")
    };
    let page = |rows: &str| format!("<table><tr><th>编号<th>完成<th>份数</tr>{rows}</table>");
    let line = r#" style="Text-Decoration: line-through""#;
    for (rows, expected) in [
        (row("", "J-1", "3"), "J-1|2026-09-01T08:00:00+08:00|3"),
        (row(line, "J-1", "3"), "?|?|?"),
        (row("", &format!("<span{line}>J-1</span>"), "3"), "?|2026-09-01T08:00:00+08:00|3"),
        (row("", "<s>J-1</s>", "3"), "?|2026-09-01T08:00:00+08:00|3"),
        (row("", &format!("<div{line}>J-<b>1</b></div>"), "3"), "?|2026-09-01T08:00:00+08:00|3"),
        (row("", &format!("<div{line}>J-1</div>J-2"), "3"), "~J-1~\nJ-2|2026-09-01T08:00:00+08:00|3"),
        (format!("<tbody{line}>{}</tbody>", row("", "J-1", "3")), "?|?|?"),
        (row("", "J-1", &format!("<span{line}>30</span>25")), "J-1|2026-09-01T08:00:00+08:00|?"),
        (format!("<tr><td{line}>J-1<td>2026-09-01 08:00<td>3</tr>"), "?|2026-09-01T08:00:00+08:00|3"),
    ] {
        let (found, _) = read_bytes(&jobs(), ("jobs.xls", page(&rows).as_bytes()), &[], &["id", "done_at", "copies"]);
        assert_eq!(found, [expected], "{rows}");
    }
    // As spreadsheets save a page: a class for each way to show a cell.
    let style = "<style><!--td {color:black}\n.xl65 {mso-style-parent:style0;\n\ttext-decoration:line-through;}\n.xl66 {}--></style>";
    let rows = "<tr><td class=xl65>J-1<td class='xl66'>2026-09-01 08:00<td class=\"a XL65\">3</tr>";
    let text = format!("<html>{style}{}</html>", page(rows));
    let (found, _) = read_bytes(&jobs(), ("jobs.xls", text.as_bytes()), &[], &["id", "done_at", "copies"]);
    assert_eq!(found, ["?|2026-09-01T08:00:00+08:00|?"]);
    let hidden = page(r#"<tr><td>J-1<td>2026-09-01 08:00<td style="display:none">3</tr>"#);
    let (_, scan) = read_bytes(&jobs(), ("jobs.xls", hidden.as_bytes()), &[], &["copies"]);
    let message = "what is hidden in the sheet `table 1` is read all the same: columns C";
    assert_eq!(said(&scan), [format!("hidden jobs.xls: {message}")]);
}

/// A year is no serial number, what a format hides or gives a unit is not what people see; and comments are told.
#[test]
fn numbers_in_other_columns_and_comments() {
    for file in [fixture!("comments.xlsx"), fixture!("comments.xls"), fixture!("comments.ods")] {
        let (rows, scan) = read_bytes(&jobs(), file, &[], &["id", "done_at", "keep_until", "offsite", "copies"]);
        let expected = [
            "J-001|2026-09-01T08:00:00+08:00|?|true|3",
            "J-002|2026-09-02T08:00:00+08:00|2026-12-31|?|3",
            "J-003|?|?|false|?",
        ];
        assert_eq!(rows, expected, "{}: {:#?}", file.0, said(&scan));
        let said = said(&scan);
        assert_eq!(said.len(), 7, "{said:#?}");
        let struck = format!(
            "conditional-format {}: a conditional format strikes out or hides cells; its condition is not worked out, and \
             they are read as usual",
            file.0
        );
        assert!(said.contains(&struck), "{said:#?}");
        assert!(
            said.contains(&format!("comments {}: cells have comments, and comments are not read", file.0)),
            "{said:#?}"
        );
        let hint = "(write four digits of the year, and the day)";
        assert_eq!(said.iter().filter(|said| said.ends_with(hint)).count(), 3, "{said:#?}");
    }
}

/// Where nought is shown as nothing a day is blank and a number is nought; where it is shown in words it is neither.
#[test]
fn nought_that_a_format_hides() {
    // LibreOffice keeps no number format of a condition in an XLS; `rules_of_newer_programs` has one.
    for (file, hides) in
        [(fixture!("nought.xlsx"), true), (fixture!("nought.xls"), false), (fixture!("nought.ods"), true)]
    {
        let (rows, scan) = read_bytes(&jobs(), file, &[], &["id", "keep_until", "copies"]);
        // 1899-12-30, as it is shown in the last row, is no day that somebody kept a copy until.
        assert_eq!(
            rows,
            ["J-001|·|0", "J-002|2026-12-31|3", "J-003|·|?", "J-004|?|3"],
            "{}: {:#?}",
            file.0,
            said(&scan)
        );
        let said = said(&scan);
        let extra = format!("extra-column {}: undeclared columns, not used (1): `序号`", file.0);
        assert!(said.contains(&extra), "{said:#?}");
        let told = said.iter().any(|said| said.starts_with("conditional-format"));
        assert_eq!((told, said.len()), (hides, 3 + usize::from(hides)), "{said:#?}");
    }
}

/// What leads to other pages is no record; what else stands in a list may be one.
#[test]
fn lists_of_a_page_outside_its_tables_are_told() {
    let table = "<table><tr><td>编号<td>完成<tr><td>J-1<td>2026-09-01 08:00<ul><li>甲<li>乙</ul></table>";
    for (around, items) in [
        ("<ul><li>J-2 2026-09-02 08:00<li>J-3 2026-09-03 08:00</ul>", 2),
        ("<ol><li><b>J-2</b> 失败</li><li> </li></ol>", 1),
        ("<a name=top><ul><li>J-2 失败</ul>", 1),
        ("<nav><ul><li>首页</ul></nav><ul><li><a href=x>备份</a></ul><p>J-2", 0),
        ("<ul><li>&nbsp;<li class=active><span>1</span></ul><ul style='display: none'><li>升序</ul>", 0),
        ("<ol class='breadcrumb'><li><a href=x>首页</a><li class=active>备份任务</ol>", 0),
    ] {
        for page in [format!("{around}{table}"), format!("{table}{around}")] {
            let page = format!("<html><body>{page}</body></html>");
            let (_, scan) = read_bytes(&jobs(), ("jobs.xls", page.as_bytes()), &[], &["id"]);
            let said = said(&scan).into_iter().find(|one| one.starts_with("outside-table"));
            let expected = (items > 0)
                .then(|| format!("outside-table jobs.xls: items of lists outside the tables were not read: {items}"));
            assert_eq!(said, expected, "{page}");
        }
    }
}

/// An example may be marked in any column, and the first row may be one.
#[test]
fn rows_that_say_that_they_are_examples_are_rejected() {
    let row = |id: &str, note: &str| format!("{id},2026-09-01 08:00,{note}\n");
    for (note, rejected) in [("此行为示例", 1), ("示例", 1), ("示例，请删除", 1), ("例行备份", 0), ("示例库", 0)]
    {
        let text = format!("编号,完成,备注\n{}{}", row("1001", note), row("1002", ""));
        let (rows, scan) = read(&jobs(), "jobs.csv", &text, &[], &["id"]);
        assert_eq!((rows.len(), scan.files[0].rows_rejected), (2 - rejected, rejected as u64), "{note}");
    }
    // Further down a remark may speak of one.
    let text = format!("编号,完成,备注\n{}{}", row("1", "").repeat(3), row("2", "示例，请删除"));
    let (rows, _) = read(&jobs(), "jobs.csv", &text, &[], &["id"]);
    assert_eq!(rows.len(), 4);
}

/// Beside the table that somebody filled in stands the one that shows how to.
#[test]
fn a_sheet_of_examples_leaves_the_kind_incomplete() {
    let rows = |id: &str| {
        sheet(&(inline(1, &[("A", "编号"), ("B", "完成")]) + &inline(2, &[("A", id), ("B", "2026-09-01 08:00")])))
    };
    let book = |second: &str| {
        let (first, example) = (rows("J-1"), rows("J-2"));
        let list = format!(
            r#"<workbook xmlns:r="r"><sheets><sheet name="备份" r:id="r1"/><sheet name="{second}" r:id="r2"/></sheets></workbook>"#
        );
        let related = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/><Relationship Id="r2" Type="x/worksheet" Target="worksheets/t.xml"/></Relationships>"#;
        package(&[
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", &list),
            ("xl/_rels/workbook.xml.rels", related),
            ("xl/worksheets/s.xml", &first),
            ("xl/worksheets/t.xml", &example),
        ])
    };
    let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &book("填写示例")), &[], &["id"]);
    assert_eq!((rows.len(), reasons(&scan)), (2, vec![NotTested::EvidenceIncomplete]));
    assert!(said(&scan)[0].contains("nobody knows whether these count: `填写示例`"), "{:?}", said(&scan));
    let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &book("八月")), &[], &["id"]);
    assert_eq!((rows.len(), reasons(&scan)), (2, vec![]));
}

/// Libraries that write formulas without calculating them hold a nought in place of the result; a program that opens the file
/// shows the result.
#[test]
fn a_nought_held_for_a_formula_is_no_result() {
    let of = |properties: &str, cell: &str| {
        let names = r#"<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets>"#;
        let row = format!(r#"<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2" {cell}</c></row>"#);
        let rows = inline(1, &[("A", "编号"), ("B", "份数")]) + &row;
        let bytes = package(&[
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", &format!("<workbook>{names}{properties}</workbook>")),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
            ("xl/worksheets/s.xml", &sheet(&rows)),
        ]);
        read_bytes(&jobs(), ("jobs.xlsx", &bytes), &[], &["copies"]).0
    };
    let on_load = r#"<calcPr calcId="124519" fullCalcOnLoad="1"/>"#;
    for (properties, cell, expected) in [
        (on_load, "><f>1+1</f><v>0</v>", "?"),
        (on_load, "><f>1+1</f><v>2</v>", "2"),
        (on_load, "><v>0</v>", "0"),
        (r#"<calcPr calcId="191029"/>"#, "><f>1-1</f><v>0</v>", "0"),
    ] {
        assert_eq!(of(properties, cell), [expected], "{properties} {cell}");
    }
}

/// What floats over a cell is none of it; a number without a format counts from the day that the document says.
#[test]
fn drawings_over_cells_and_the_first_day_of_ods() {
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let text = |text: &str| format!("<table:table-cell office:value-type=\"string\">{text}</table:table-cell>");
    let paragraph = |words: &str| text(&format!("<text:p>{words}</text:p>"));
    let heads = row(&["编号", "保留至"].map(paragraph).concat());
    let drawn = "<draw:frame><draw:text-box><text:p>本表作废</text:p></draw:text-box></draw:frame><text:p>J-1</text:p>";
    let number = r#"<table:table-cell office:value-type="float" office:value="44833"/>"#;
    let rows = format!("{heads}{}", row(&(text(drawn) + number)));
    let first_day =
        r#"<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>"#;
    for (settings, day) in [("", "2022-09-29"), (first_day, "2026-09-30")] {
        let content = format!(
            "<office:document-content><office:body><office:spreadsheet>{settings}<table:table \
             table:name=\"s\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
        );
        let bytes =
            package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]);
        let (found, scan) = read_bytes(&jobs(), ("jobs.ods", &bytes), &[], &["id", "keep_until"]);
        assert_eq!(found, [format!("J-1|{day}")], "{settings}");
        let told = said(&scan).iter().filter(|said| said.starts_with("comments jobs.ods: text boxes")).count();
        assert_eq!(told, 1, "{:?}", said(&scan));
    }
    // Days that count from another are days that nobody meant.
    let other = first_day.replace("1904", "1900");
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{other}<table:table \
         table:name=\"s\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let bytes = package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]);
    let (found, scan) = read_bytes(&jobs(), ("jobs.ods", &bytes), &[], &["id"]);
    assert_eq!((found.len(), reasons(&scan)), (0, vec![NotTested::EvidenceUnreadable]));
    assert!(said(&scan)[0].starts_with("format jobs.ods: its days count from another day"), "{:?}", said(&scan));
}

/// The words of a text box may undo the table; a picture has none that anybody could read.
#[test]
fn words_that_float_over_a_sheet_are_told() {
    let base = workbook(&sheet(&grid(&[&["编号", "完成"], &["J-1", "2026-09-01 08:00"]])));
    let drawn = |body: &str| {
        let drawing = format!("<xdr:wsDr><xdr:sp>{body}</xdr:sp></xdr:wsDr>");
        let drawing = if body == "broken" { "<xdr:wsDr><xdr:sp>".to_owned() } else { drawing };
        let mut zip = zip::ZipWriter::new_append(Cursor::new(base.clone())).unwrap();
        zip.start_file("xl/drawings/drawing1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(drawing.as_bytes()).unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &bytes), &[], &["id"]);
        assert_eq!(rows, ["J-1"]);
        said(&scan).iter().any(|said| said.starts_with("comments jobs.xlsx: text boxes"))
    };
    assert!(drawn("<xdr:txBody><a:p><a:r><a:t>本表作废</a:t></a:r></a:p></xdr:txBody>"));
    assert!(drawn("broken"));
    assert!(!drawn("<xdr:txBody><a:p/></xdr:txBody>"));
    assert!(!drawn("<xdr:pic><a:blip/></xdr:pic>"));
    for (path, bytes) in [fixture!("textbox.xlsx"), fixture!("textbox.xls")] {
        let (rows, scan) = read_bytes(&jobs(), (path, bytes), &[], &["id"]);
        assert_eq!(rows, ["J-1"]);
        let told: Vec<_> = said(&scan).into_iter().filter(|said| said.starts_with("comments")).collect();
        let words = "text boxes or drawings float over the sheets, and what they say is not read";
        assert_eq!(told, [format!("comments {path}: {words}")]);
    }
}

/// Whoever checks the list on paper reads what stands on every page; pages and days are filled in when it is printed.
#[test]
fn what_is_printed_on_every_page_is_held_against_the_rows() {
    let base = sheet(&grid(&[&["编号", "完成"], &["J-1", "2026-09-01 08:00"]]));
    let printed = |code: &str| {
        let text = base.replace(
            "</worksheet>",
            &format!("<headerFooter><oddFooter>{code}</oddFooter></headerFooter></worksheet>"),
        );
        let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &workbook(&text)), &[], &["id"]);
        assert_eq!(rows, ["J-1"]);
        (told(&scan.diagnostics), reasons(&scan).len())
    };
    assert_eq!(printed("&amp;C第 &amp;P 页，共 &amp;N 页&amp;R&amp;D"), (vec![], 0));
    assert_eq!(printed("&amp;C共 5 条记录"), (vec!["rows-stated jobs.xlsx".to_owned()], 1));
    assert_eq!(printed("第1页 共3页"), (vec!["part-stated jobs.xlsx".to_owned()], 1));
    for (path, bytes) in [fixture!("printed.xlsx"), fixture!("printed.xls"), fixture!("printed.ods")] {
        let (rows, scan) = read_bytes(&jobs(), (path, bytes), &[], &["id"]);
        assert_eq!((rows, told(&scan.diagnostics)), (vec!["J-1".to_owned()], vec![format!("rows-stated {path}")]));
    }
}

/// Forms are printed with numbered lines; those that nobody filled in are no rows.
#[test]
fn lines_with_nothing_but_their_number_at_the_end_are_no_rows() {
    let of = |rows: &[&[&str]]| {
        let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &workbook(&sheet(&grid(rows)))), &[], &["id"]);
        (rows, reasons(&scan))
    };
    let heads: &[&str] = &["序号", "编号", "完成"];
    let filled: &[&str] = &["1", "a", "2026-09-01 08:00"];
    assert_eq!(of(&[heads, filled, &["2", "", ""], &["3", "", ""]]), (vec!["a".to_owned()], vec![]));
    let among = of(&[heads, &["1", "", ""], &["2", "a", "2026-09-01 08:00"]]);
    assert_eq!(among, (vec!["a".to_owned()], vec![NotTested::EvidenceIncomplete]));
}

#[test]
fn rows_and_columns_of_no_height_or_width_are_hidden() {
    let rows = inline(1, &[("A", "编号"), ("B", "完成")])
        + &inline(2, &[("A", "a"), ("B", "2026-09-01 08:00")]).replace("<row ", "<row ht=\"0.5\" customHeight=\"1\" ");
    let sheet =
        format!(r#"<worksheet><cols><col min="2" max="2" width="0"/></cols><sheetData>{rows}</sheetData></worksheet>"#);
    let (found, scan) = read_bytes(&jobs(), ("jobs.xlsx", &workbook(&sheet)), &[], &["id"]);
    assert_eq!(found, ["a"]);
    let said = said(&scan);
    assert!(said.iter().any(|said| said.ends_with("is read all the same: 1 row, columns B")), "{said:?}");
}
