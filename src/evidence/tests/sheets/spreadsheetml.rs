//! XML of Excel 2003: what `LibreOffice` and `SheetJS` write, and what Excel writes and these two do not.

use super::*;

/// A workbook with these styles and sheets.
fn book(head: &str, sheets: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:html=\"http://www.w3.org/TR/REC-html40\">\
         {head}{sheets}</Workbook>"
    )
}

/// A sheet with this table, and what stands behind it.
fn sheet_of(name: &str, table: &str, behind: &str) -> String {
    format!(r#"<Worksheet ss:Name="{name}"><Table>{table}</Table>{behind}</Worksheet>"#)
}

/// A row of texts.
fn row(attributes: &str, cells: &[&str]) -> String {
    let cell = |text: &&str| format!(r#"<Cell><Data ss:Type="String">{text}</Data></Cell>"#);
    format!("<Row {attributes}>{}</Row>", cells.iter().map(cell).collect::<String>())
}

/// One sheet of these texts.
pub(super) fn of_texts(rows: &[Vec<String>]) -> String {
    let row = |cells: &Vec<String>| row("", &cells.iter().map(String::as_str).collect::<Vec<_>>());
    book("", &sheet_of("s", &rows.iter().map(row).collect::<String>(), ""))
}

/// A row whose second cell is this one.
fn with_cell(cell: &str) -> String {
    format!(r#"<Row><Cell><Data ss:Type="String">J-1</Data></Cell>{cell}</Row>"#)
}

/// A cell of a type and a style.
fn cell(style: &str, ty: &str, text: &str) -> String {
    format!(r#"<Cell ss:StyleID="{style}"><Data ss:Type="{ty}">{text}</Data></Cell>"#)
}

#[test]
fn what_libreoffice_writes() {
    let plain = fixture!("plain-2003.xls");
    let (rows, scan) = read_bytes(&jobs(), plain, &[], COLUMNS);
    let (mut expected, _) = read_bytes(&jobs(), fixture!("plain.xlsx"), &[], COLUMNS);
    // It has no word for the format 000000.
    expected[2] = expected[2].replace("000007", "7");
    assert_eq!((rows, said(&scan)), (expected, vec![]));
    assert_eq!((scan.files[0].format, scan.files[0].encoding), (Some("spreadsheetml"), Some("utf-8")));
    // It leaves out what a merged cell covers, and does not say where the next cell stands.
    let (rows, scan) = read_bytes(&jobs(), fixture!("merged-2003.xls"), &[], &["id"]);
    assert_eq!((rows.len(), reasons(&scan)), (0, vec![NotTested::EvidenceUnreadable]));
    assert!(said(&scan)[0].contains("row 4 has a cell beneath a merged one"), "{:?}", said(&scan));
    // Nor where the cell stands before which it left out blank ones.
    let covered = r#"<Row><Cell><Data ss:Type="String">J-1</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">财务</Data></Cell><Cell ss:Index="4"><Data ss:Type="String">2026-09-01 08:00</Data></Cell></Row>
        <Row><Cell><Data ss:Type="String">J-2</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">2026-09-02 08:00</Data></Cell></Row>"#;
    let by_excel = book("", &sheet_of("s", &(row("", &["编号", "数据集", "开始", "完成"]) + covered), ""));
    let (rows, scan) = read(&jobs(), "jobs.xls", &by_excel, &[], &["id", "dataset", "started_at"]);
    assert_eq!(rows, ["J-1|财务|·", "J-2|财务|2026-09-02T08:00:00+08:00"], "{:?}", said(&scan));
    let root = "<Workbook xmlns:c=\"urn:schemas-microsoft-com:office:component:spreadsheet\"";
    let (rows, scan) = read(&jobs(), "jobs.xls", &by_excel.replace("<Workbook", root), &[], &["id"]);
    assert_eq!((rows.len(), reasons(&scan)), (0, vec![NotTested::EvidenceUnreadable]), "{:?}", said(&scan));
}

#[test]
fn what_is_not_shown_is_read_and_told() {
    let head = row("", &["编号", "完成", "状态"]);
    let day = "2026-09-01 08:00";
    let columns = r#"<Column ss:Width="60"/><Column ss:Width="60"/><Column ss:Hidden="1"/>"#;
    let options = "<WorksheetOptions xmlns=\"urn:schemas-microsoft-com:office:excel\"><PageSetup>\
                   <Header x:Data=\"&amp;C共 5 条\"/></PageSetup><Visible>SheetHidden</Visible></WorksheetOptions>";
    let comment = r#"<Cell><Data ss:Type="String">成功</Data><Comment><ss:Data>x</ss:Data></Comment></Cell>"#;
    let first = format!(
        "{columns}{head}{}{}{}",
        row("ss:Hidden=\"1\"", &["J-1", day]),
        row("ss:Index=\"4\" ss:Height=\"0\"", &["J-2", day]),
        row("ss:Span=\"3\"", &["J-3", day]).replace("</Row>", &format!("{comment}</Row>"))
    );
    let second = head + &row("ss:Index=\"9\"", &["J-4", day]);
    let strikes = "<ConditionalFormatting xmlns=\"urn:schemas-microsoft-com:office:excel\"><Range>R1C1</Range><Condition>\
                   <Value1>1</Value1><Format Style='color:red;text-line-through:single'/></Condition></ConditionalFormatting>";
    let text = book("", &(sheet_of("8月", &first, options) + &sheet_of("9月", &second, strikes)));
    let (rows, scan) = read(&jobs(), "jobs.xls", &text, &[], &["id", "file.row"]);
    assert_eq!(rows, ["J-1|2", "J-2|4", "J-3|5", "J-4|9"]);
    let said = said(&scan);
    for part in [
        "hidden jobs.xls: what is hidden in the sheet `8月` is read all the same: the sheet itself, 2 rows, columns C",
        "comments",
        "conditional format",
    ] {
        assert!(said.iter().any(|one| one.contains(part)), "{part}: {said:?}");
    }
    assert!(said.iter().any(|one| one.starts_with("rows-stated") && one.contains('5')), "{said:?}");
}

#[test]
fn numbers_days_and_texts_are_what_their_type_and_style_say() {
    let styles = "<ExcelWorkbook/><Styles><Style ss:ID=\"Default\"><Font ss:FontName=\"宋体\"/></Style>\
        <Style ss:ID=\"day\"><NumberFormat ss:Format=\"Short Date\"/></Style>\
        <Style ss:ID=\"moment\"><NumberFormat ss:Format=\"yyyy\\-mm\\-dd\\ hh:mm\"/></Style>\
        <Style ss:ID=\"own\" ss:Parent=\"day\"><Font ss:Bold=\"1\"/></Style>\
        <Style ss:ID=\"share\"><NumberFormat ss:Format=\"Percent\"/></Style>\
        <Style ss:ID=\"id\"><NumberFormat ss:Format=\"000000\"/></Style>\
        <Style ss:ID=\"none\"><NumberFormat ss:Format=\";;;\"/></Style>\
        <Style ss:ID=\"line\"><Font ss:StrikeThrough=\"1\"/></Style>\
        <Style ss:ID=\"signs\"><Font ss:FontName=\"Wingdings 2\"/></Style></Styles>";
    let formula =
        |ty: &str, text: &str| format!(r#"<Cell ss:Formula="=1+2"><Data ss:Type="{ty}">{text}</Data></Cell>"#);
    let of_column = |column: &str, cells: &str, styles: &str| {
        let head = row("", &["编号", column, "完成"]);
        let time = r#"<Cell ss:Index="3"><Data ss:Type="String">2026-09-30 08:00</Data></Cell></Row>"#;
        let text = book(styles, &sheet_of("s", &(head + &with_cell(cells).replace("</Row>", time)), ""));
        let fields = ["数据集", "份数", "比例", "异地", "开始", "保留至"];
        let names = ["dataset", "copies", "ratio", "offsite", "started_at", "keep_until"];
        let at = fields.iter().position(|title| *title == column).unwrap();
        read(&jobs(), "jobs.xls", &text, &[], &[names[at]])
    };
    for (column, cell, expected, says) in [
        ("保留至", cell("day", "DateTime", "2026-12-31T00:00:00.000"), "2026-12-31", ""),
        ("保留至", cell("own", "DateTime", "2026-12-31T00:00:00.000"), "2026-12-31", ""),
        ("保留至", cell("Default", "DateTime", "2026-12-31T00:00:00.000"), "2026-12-31", ""),
        ("保留至", cell("day", "Number", "46387"), "2026-12-31", ""),
        ("开始", cell("moment", "DateTime", "2026-09-01T08:00:00.000"), "2026-09-01T08:00:00+08:00", ""),
        ("开始", cell("moment", "DateTime", "2026-09-01T08:00"), "2026-09-01T08:00:00+08:00", ""),
        // An instant to one library, the time that people see to another.
        ("开始", cell("moment", "DateTime", "2026-09-01T08:00:00.000Z"), "?", "people see another text"),
        ("开始", cell("none", "DateTime", "2026-09-01T08:00:00.000"), "?", "people see another text"),
        ("数据集", cell("id", "DateTime", "2026-09-01T00:00:00.000"), "?", "people see another text"),
        ("开始", cell("moment", "DateTime", "昨天"), "?", "`昨天` cannot be read as"),
        ("比例", cell("share", "Number", "0.95"), "0.95", ""),
        ("份数", cell("Default", "Number", "3"), "3", ""),
        ("份数", cell("line", "Number", "3"), "?", "struck"),
        ("份数", "<Cell ss:Formula=\"=1+2\"/>".to_owned(), "?", "result was not saved"),
        ("份数", formula("Number", "3"), "3", ""),
        ("份数", formula("Number", "0"), "?", "result was not saved"),
        ("份数", formula("Number", "\n "), "?", "result was not saved"),
        ("份数", formula("String", ""), "?", "result was not saved"),
        ("份数", formula("String", "#DIV/0!"), "?", "the error `#DIV/0!`"),
        ("份数", cell("Default", "Error", "#N/A"), "?", "the error `#N/A`"),
        ("异地", cell("Default", "Boolean", "1"), "true", ""),
        ("异地", cell("Default", "Boolean", "0"), "false", ""),
        ("数据集", cell("id", "Number", "7"), "000007", ""),
        ("数据集", cell("Default", "String", "a&#10;b &lt;1&gt;"), "a\nb <1>", ""),
        ("异地", cell("signs", "String", "R"), "?", "symbol font"),
        ("份数", cell("Default", "String", "2<html:Sup>1</html:Sup>"), "?", "`2^1` cannot be read"),
        ("数据集", cell("Default", "String", "<S>a</S>"), "?", "struck"),
        ("数据集", cell("Default", "String", "财务<PhoneticText>cai</PhoneticText>"), "财务", ""),
    ] {
        let (rows, scan) = of_column(column, &cell, styles);
        assert_eq!(rows, [expected], "{cell}: {:?}", said(&scan));
        let told = said(&scan);
        assert!(if says.is_empty() { told.is_empty() } else { told.iter().any(|one| one.contains(says)) }, "{told:?}");
    }
    let since_1904 = styles.replace("<ExcelWorkbook/>", "<ExcelWorkbook><Date1904/></ExcelWorkbook>");
    for number in [cell("day", "Number", "44925"), cell("day", "DateTime", "2026-12-31T00:00:00.000")] {
        let (rows, _) = of_column("保留至", &number, &since_1904);
        assert_eq!(rows, ["2026-12-31"], "{number}");
    }
}

#[test]
fn merged_cells_and_places_that_are_stated() {
    let merged = r#"<Row><Cell ss:MergeDown="1"><Data ss:Type="String">编号</Data></Cell><Cell ss:MergeAcross="1"><Data ss:Type="String">备份</Data></Cell></Row>
        <Row><Cell ss:Index="2"><Data ss:Type="String">完成</Data></Cell><Cell><Data ss:Type="String">数据集</Data></Cell></Row>"#;
    let below = r#"<Row><Cell><Data ss:Type="String">J-1</Data></Cell><Cell><Data ss:Type="String">2026-09-01 08:00</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">财务</Data></Cell></Row>
        <Row><Cell><Data ss:Type="String">J-2</Data></Cell><Cell><Data ss:Type="String">2026-09-02 08:00</Data></Cell><Cell/></Row>"#;
    // Without a declaration, and with a comment, it is one, too.
    let text = book("", &sheet_of("s", &format!("{merged}{below}"), ""))
        .replace("<?xml version=\"1.0\"?>", "\u{feff}\n<!-- <Book/> -->");
    let (rows, scan) = read(&jobs(), "jobs.xml", &text, &[], &["id", "dataset", "file.row"]);
    assert_eq!(rows, ["J-1|财务|3", "J-2|财务|4"], "{:?}", said(&scan));
    let gbk = encoding_rs::GBK.encode(text.trim_start_matches('\u{feff}')).0.into_owned();
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, encoding) in [(gbk, "gb18030"), (utf_16[2..].to_vec(), "utf-16le"), (utf_16, "utf-16le")] {
        let (found, scan) = read_bytes(&jobs(), ("jobs.xls", &bytes), &[], &["id", "dataset", "file.row"]);
        assert_eq!((&found, scan.files[0].encoding), (&rows, Some(encoding)), "{:?}", said(&scan));
    }
    // A page in two bytes a character is one, too.
    let page: Vec<u8> = "\u{feff}<table><tr><td>编号<td>完成<tr><td>J-1<td>2026-09-01 08:00</table>"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let (found, scan) = read_bytes(&jobs(), ("jobs.xls", &page), &[], &["id"]);
    assert_eq!((found, scan.files[0].format), (vec!["J-1".to_owned()], Some("html")), "{:?}", said(&scan));
}

#[test]
fn hostile_ones_end_soon_and_say_why() {
    let head = row("", &["编号", "完成"]);
    let good = row("", &["J-1", "2026-09-01 08:00"]);
    let of = |rows: &str| book("", &sheet_of("s", &(head.clone() + rows), ""));
    let whole = of(&good);
    let entity = whole.replace("<Workbook", "<!DOCTYPE x [<!ENTITY a \"b\">]><Workbook");
    for (name, text, says) in [
        ("a DTD", entity, "files of this format cannot be read yet"),
        ("cut short", whole.replace("</Table></Worksheet></Workbook>", ""), "cut short"),
        ("a row before the one above", of(&(good.clone() + &row("ss:Index=\"1\"", &["J-2"]))), "row 1 comes before"),
        ("a row far below", of(&row("ss:Index=\"99999999999\"", &["J-1", "x"])), "more than 1048576 rows"),
        (
            "a cell far to the right",
            of(&with_cell(r#"<Cell ss:Index="99999999999999999999999"><Data>x</Data></Cell>"#)),
            "more than",
        ),
        (
            "a cell before the one to its left",
            of(&with_cell(r#"<Cell ss:Index="1"><Data>x</Data></Cell>"#)),
            "row 2 comes before",
        ),
        ("elements within each other", of(&"<Row><Cell><Data>".repeat(2_000)), "nested deeper"),
        ("an entity that is none", of(&good.replace("J-1", "&nbsp;")), "no valid XML"),
        ("an attribute without quotes", of(&row("ss:Note=x ss:Hidden=\"1\"", &["J-1", "x"])), "no valid XML"),
        ("an attribute with a bare ampersand", of(&with_cell(r#"<Cell ss:Formula="=A1&B1"/>"#)), "no valid XML"),
        ("a place that is no number", of(&row("ss:Index=\"3.0\"", &["J-1", "x"])), "`Index` is `3.0`, no number"),
        ("a place before the first", of(&row("ss:Index=\"0\"", &["J-1", "x"])), "`Index` is 0"),
        (
            "columns out of order",
            of("").replace("<Table>", "<Table><Column ss:Index=\"3\"/><Column ss:Index=\"1\"/>"),
            "`Column`",
        ),
        ("rows in something else", of(&format!("{good}<RowGroup>{good}</RowGroup>")), "`Cell` is not where it belongs"),
        ("cells without a row", of("<Cell><Data>J-1</Data></Cell>"), "`Cell` is not where it belongs"),
        ("a value without a cell", of("<Row><Data>J-1</Data></Row>"), "`Data` is not where it belongs"),
        (
            "a value in something else",
            of(&with_cell("<Cell><Group><Data>5</Data></Group></Cell>")),
            "`Data` is not where",
        ),
        ("a value that is none", of(&with_cell("<Cell>5</Cell>")), "outside the `Data` of its cells"),
        ("a text between cells", of(&with_cell("5")), "outside the `Data` of its cells"),
        ("names in lower case", of(&good.to_lowercase()), "`row` is not where it belongs"),
        (
            "more styles than anybody has",
            book(
                &format!(
                    "<Styles>{}</Styles>",
                    (0..200_001).map(|id| format!("<Style ID=\"{id}\"/>")).collect::<String>()
                ),
                "",
            ),
            "more than 200000 styles of cells",
        ),
        ("cells in something else", of(&with_cell("<Group><Cell/></Group>")), "`Cell` is not where it belongs"),
        ("two values in a cell", of(&with_cell("<Cell><Data>a</Data><Data>b</Data></Cell>")), "`Data` is not where"),
        ("sheets in something else", book("", "<Sheets><Worksheet/></Sheets>"), "`Worksheet` is not where"),
        ("no sheet", book("", ""), "it has no sheet"),
        ("styles behind a sheet", book("", "<Worksheet/><Styles><Style/></Styles>"), "`Style` is not where it belongs"),
        ("a system of days behind a sheet", book("", "<Worksheet/><Date1904/>"), "`Date1904` is not where it belongs"),
        ("a table elsewhere", of(&good).replace("<Table>", "<Table ss:LeftCell=\"3\">"), "does not begin at A1"),
    ] {
        in_time(move || {
            let (rows, scan) = read(&jobs(), "jobs.xls", &text, &[], &["id"]);
            assert!(said(&scan).iter().any(|one| one.contains(says)), "{name}: {:?}", said(&scan));
            assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{name}");
            assert!(rows.len() <= 1, "{name}");
        });
    }
    // What names a row and is none.
    let others = "<CustomDocumentProperties><Table>1</Table><Cell>2</Cell></CustomDocumentProperties><ExcelWorkbook>\
                  <SupBook><Xct><Crn><Row>0</Row></Crn></Xct></SupBook></ExcelWorkbook>";
    let breaks = "<PageBreaks><RowBreaks><RowBreak><Row>1</Row></RowBreak></RowBreaks></PageBreaks>";
    let text = book(others, &sheet_of("s", &(head.clone() + &good), breaks));
    assert_eq!(read(&jobs(), "jobs.xls", &text, &[], &["id"]).0, ["J-1"]);
    // Styles that go by one another are worked out once, however many cells have them.
    let id = |number: usize| format!("{}{number}", "P".repeat(100_000));
    let line: String = (0..15).map(|at| format!(r#"<Style ss:ID="{}" ss:Parent="{}"/>"#, id(at), id(at + 1))).collect();
    let styles = format!(r#"<Styles>{line}<Style ss:ID="Default" ss:Parent="{}"/></Styles>"#, id(0));
    let rows = format!("{head}{good}{}", format!("<Row>{}</Row>", "<Cell/>".repeat(1_999)).repeat(20));
    let text = book(&styles, &sheet_of("s", &rows, ""));
    in_time(move || assert_eq!(read(&jobs(), "jobs.xls", &text, &[], &["id"]).0, ["J-1"]));
    // Regions beyond all columns and rows cost nothing.
    let wide = "ss:MergeAcross=\"99999999999999999999\" ss:MergeDown=\"99999999999999999999\"";
    let text = of(&with_cell(&format!(r#"<Cell {wide}><Data ss:Type="String">2026-09-01 08:00</Data></Cell>"#)));
    in_time(move || assert_eq!(read(&jobs(), "jobs.xls", &text, &[], &["id"]).0, ["J-1"]));
}
