//! Workbooks and archives of a few bytes that would become thousands of millions, or that say what they do not show.

use std::io::{Cursor, Write as _};

use super::super::common::Workspace;
use super::{HEADER, Hostile, bounded, hostile};

const KIND: &str = "policies/evidence/widgets.yaml";

/// A package of these parts.
pub(super) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of sheets with these names and contents, and with more parts.
fn xlsx(sheets: &[(&str, String)], more: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut names, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, sheet)) in sheets.iter().enumerate() {
        names += &format!(r#"<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>"#);
        relations += &format!(r#"<Relationship Id="r{number}" Type="x/worksheet" Target="{number}.xml"/>"#);
        parts.push((format!("xl/{number}.xml"), format!("<worksheet>{sheet}</worksheet>").into_bytes()));
    }
    parts.push(("[Content_Types].xml".into(), b"<Types/>".to_vec()));
    parts.push(("xl/workbook.xml".into(), format!("<workbook><sheets>{names}</sheets></workbook>").into_bytes()));
    let relations = format!("<Relationships>{relations}</Relationships>").into_bytes();
    parts.push(("xl/_rels/workbook.xml.rels".into(), relations));
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    package(&[&parts, more].concat())
}

fn row(number: u32, cells: &[(&str, &str)]) -> String {
    let cell =
        |(column, text): &(&str, &str)| format!(r#"<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    format!(r#"<row r="{number}">{}</row>"#, cells.iter().map(cell).collect::<String>())
}

/// Rows of the kind, one below the other.
fn table(rows: &[&[&str]]) -> String {
    let row = |(number, cells): (usize, &&[&str])| {
        let cells: Vec<(&str, &str)> = ["A", "B", "C", "D"].into_iter().zip(cells.iter().copied()).collect();
        row(u32::try_from(number + 1).unwrap(), &cells)
    };
    rows.iter().enumerate().map(row).collect()
}

fn sheet_data(rows: &str) -> String {
    format!("<sheetData>{rows}</sheetData>")
}

/// A table of ODS whose only row comes so many times, with so many cells.
fn ods(rows: &str, columns: &str) -> Vec<u8> {
    let cells = |texts: [&str; 3]| {
        texts.map(|text| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>")).concat()
    };
    ods_of(&format!(
        r#"<table:table-row>{}</table:table-row>
        <table:table-row table:number-rows-repeated="{rows}">{}<table:table-cell table:number-columns-repeated="{columns}"/>
        </table:table-row>"#,
        cells(["编号", "日期", "数量"]),
        cells(["x1", "2026-09-01", "1"]),
    ))
}

/// A workbook whose only table has these rows.
fn ods_of(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="s">{rows}</table:table>
        </office:spreadsheet></office:body></office:document-content>"#
    );
    package(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

/// A megabyte in a cell that covers thousands of rows.
fn long_and_tall() -> Vec<u8> {
    let cell = |more: &str, text: &str| format!("<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>");
    let rest = cell("", "2026-09-01") + &cell("", "1");
    ods_of(&format!(
        r#"<table:table-row>{}</table:table-row><table:table-row>{}{rest}</table:table-row>
        <table:table-row table:number-rows-repeated="5000"><table:covered-table-cell/>{rest}</table:table-row>"#,
        ["编号", "日期", "数量"].map(|heading| cell("", heading)).concat(),
        cell(r#"table:number-rows-spanned="5001""#, &"x".repeat(1_000_000)),
    ))
}

/// Each of the sheets would be read anew.
fn one_part_many_sheets() -> Vec<u8> {
    let names: String =
        (0..10_000).map(|number| format!(r#"<sheet name="s{number}" sheetId="{number}" r:id="r"/>"#)).collect();
    let rows: &[&[&str]] = &[&["编号", "日期", "数量"], &["x1", "2026-09-01", "1"]];
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", format!("<workbook><sheets>{names}</sheets></workbook>").as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships><Relationship Id="r" Type="x/worksheet" Target="s.xml"/></Relationships>"#,
        ),
        ("xl/s.xml", format!("<worksheet>{}</worksheet>", sheet_data(&table(rows))).as_bytes()),
    ])
}

/// Rows of sixty cells, and each cell is a megabyte that stands in the file once.
fn shared_text() -> Vec<u8> {
    let row = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(60));
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1_000_000));
    xlsx(&[("s", sheet_data(&row.repeat(1_000)))], &[("xl/sharedStrings.xml", strings.as_bytes())])
}

pub(super) fn cases() -> Vec<Hostile> {
    let good: &[&[&str]] = &[&["编号", "日期", "数量"], &["x1", "2026-09-01", "1"]];
    let far = table(good) + &row(1_048_576, &[("XFD", "x")]);
    let blanks = sheet_data(&(table(good) + &" ".repeat(80 << 20)));
    let lines = [HEADER.as_bytes(), &vec![b'\n'; 80 << 20]].concat();
    let wide: String = (0..1_900).map(|_| "<td rowspan=65534>").collect();
    let page = format!(
        "<table><tr><td>编号<td>日期<td>数量<tr><td>x1<td>2026-09-01<td>1<tr>{wide}{}</table>",
        "<tr><td>".repeat(20_000)
    );
    vec![
        hostile(
            "a sheet that expands",
            "xlsx",
            xlsx(&[("s", blanks)], &[]),
            3,
            "evidence/too-large",
            "more than the limit of 200",
            "超过上限 200 倍",
        ),
        hostile(
            "two cells a million rows and 16,000 columns apart",
            "xlsx",
            xlsx(&[("s", sheet_data(&far))], &[]),
            3,
            "evidence/too-large",
            "XFD1048576 is filled: more than 2000 columns",
            "XFD1048576 有内容：超过 2000 列",
        ),
        hostile(
            "a workbook with macros",
            "xlsx",
            xlsx(&[("s", sheet_data(&table(good)))], &[("xl/vbaProject.bin", b"not run")]),
            0,
            "evidence/macros",
            "the workbook has macros; they are never run",
            "工作簿带有宏；宏不会运行",
        ),
        hostile(
            "a row a thousand million times",
            "ods",
            ods("1000000000", "1"),
            3,
            "evidence/too-large",
            "row 2 is filled 1000000000 times: more than 1048576 rows",
            "第 2 行有内容，重复 1000000000 次：超过 1048576 行",
        ),
        hostile(
            "a row more often than can be counted",
            "ods",
            ods("99999999999999999999999", "1"),
            3,
            "evidence/too-large",
            "row 2 is filled 99999999999999999999999 times",
            "第 2 行有内容，重复 99999999999999999999999 次",
        ),
        hostile(
            "a row to the end of the sheet, blank without end to its right",
            "ods",
            ods("1048575", "99999999999999999999"),
            3,
            "evidence/duplicate-key",
            "1048575 in all",
            "共 1048575 处",
        ),
        hostile(
            "a member that expands",
            "zip",
            package(&[("widgets3.csv", &lines)]),
            3,
            "evidence/too-large",
            "it expands to more than",
            "解压后超过",
        ),
        hostile(
            "a megabyte merged over thousands of rows",
            "ods",
            long_and_tall(),
            3,
            "evidence/too-large",
            "the value merged from A2 has",
            "A2 合并单元格的值",
        ),
        hostile(
            "a megabyte merged over the rows of a page",
            "xls",
            format!(
                "<table><tr><td>编号<td>日期<td>数量<tr><td rowspan=6000>{}<td>2026-09-01<td>1{}</table>",
                "x".repeat(1_000_000),
                "<tr><td>2026-09-01<td>1".repeat(5_999)
            ),
            3,
            "evidence/too-large",
            "the value merged from A2 has",
            "A2 合并单元格的值",
        ),
        hostile(
            "a long text over ten rows and ten thousand columns at the top",
            "ods",
            ods_of(&format!(
                r#"<table:table-row><table:table-cell table:number-rows-spanned="10" table:number-columns-spanned="10000">
                <text:p>{}</text:p></table:table-cell></table:table-row>{}"#,
                "x".repeat(10_000),
                "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>y</text:p></table:table-cell>\
                 </table:table-row>"
                    .repeat(9)
            )),
            3,
            "evidence/header",
            "no header row was found",
            "没有找到表头行",
        ),
        hostile(
            "a sheet that a workbook names ten thousand times",
            "xlsx",
            one_part_many_sheets(),
            3,
            "evidence/unreadable-file",
            "two sheets are the same part",
            "两张工作表是同一部分",
        ),
        hostile(
            "a megabyte that every cell at the top shares",
            "xlsx",
            shared_text(),
            3,
            "evidence/too-large",
            "the first 30 rows of all sheets together exceed 67108864 bytes",
            "各表的前 30 行合起来超过 67108864 字节",
        ),
        hostile(
            "millions of tables",
            "xls",
            "<table>".repeat(3_000_000),
            3,
            "evidence/too-large",
            "more than 10000 tables",
            "超过 10000 张表",
        ),
        hostile("a page whose first cells cover all rows", "xls", page, 0, "BAK-90.1", "satisfied", "符合"),
    ]
}

/// A month without a column that a row need not have is a month all the same.
#[test]
fn a_sheet_with_a_column_less_is_judged() {
    let august: &[&[&str]] = &[&["编号", "日期", "数量", "比例"], &["x1", "2026-08-01", "1", "0.5"]];
    let september: &[&[&str]] = &[&["编号", "日期", "数量"], &["x2", "2026-09-01", "0"]];
    let no_day: &[&[&str]] = &[&["编号", "数量", "比例"], &["x2", "0", "0.5"]];
    let checked = |second: &[&[&str]]| {
        let workspace = Workspace::small();
        workspace.edit(KIND, "    amount:", "    rate: {type: number, title: 比例}\n    amount:");
        let sheets = [("8月", sheet_data(&table(august))), ("9月", sheet_data(&table(second)))];
        workspace.write("evidence/2026Q3/widgets2.xlsx", xlsx(&sheets, &[]));
        workspace
    };
    bounded(&checked(september), "en").status(1).prints(&["3/4", "widgets2.xlsx[9月]:2", "x2 只有 0"]);
    let workspace = checked(no_day);
    bounded(&workspace, "en").status(3).prints(&[
        "BAK-90.1  evidence incomplete",
        "evidence/unread-sheet",
        "were not read (1): `9月` lacks `日期`",
    ]);
    bounded(&workspace, "zh").status(3).prints(&["BAK-90.1  证据不完整", "没有读取（1）：`9月` 缺 `日期`"]);
}

/// Whoever opens the workbook sees the merged value in both rows.
#[test]
fn a_merged_cell_counts_for_every_row_it_covers() {
    let rows: &[&[&str]] = &[&["编号", "日期", "数量"], &["x1", "2026-08-01", "0"], &["x2", "2026-08-02", "5"]];
    let sheet = sheet_data(&table(rows)) + r#"<mergeCells><mergeCell ref="C2:C3"/></mergeCells>"#;
    let workspace = Workspace::small();
    workspace.write("evidence/2026Q3/widgets2.xlsx", xlsx(&[("8月", sheet)], &[]));
    let words = ["2/4", "x1 只有 0", "x2 只有 0", "evidence/merged-cells"];
    bounded(&workspace, "en").status(1).prints(&words).prints(&["the sheet `8月` has 1 cell merged across rows"]);
    bounded(&workspace, "zh").status(1).prints(&words).prints(&["工作表“8月”有 1 处跨行合并的单元格"]);
}

/// A row that sums up does so under a merged cell too: the value that covers it is none of its own.
#[test]
fn a_total_under_a_merged_cell_is_no_row() {
    let rows: &[&[&str]] =
        &[&["日期", "编号", "数量"], &["2026-08-01", "x1", "1"], &["", "x2", "3"], &["", "合计", "4"]];
    let sheet = sheet_data(&table(rows)) + r#"<mergeCells><mergeCell ref="A2:A4"/></mergeCells>"#;
    let workspace = Workspace::small();
    workspace.write("evidence/2026Q3/widgets2.xlsx", xlsx(&[("8月", sheet)], &[]));
    bounded(&workspace, "en").status(0).prints(&["4/4", "evidence/merged-cells"]);
    bounded(&workspace, "zh").status(0).prints(&["4/4", "evidence/merged-cells"]);
}

/// Whoever opens the workbook sees the first cell of a merged region, and nothing of the others: not to its right, not
/// below it, also when it is blank.
#[test]
fn what_stands_beneath_a_merged_cell_is_not_read() {
    const DAY: &str = "2026-09-01";
    let plain: &[&[&str]] = &[&["编号", "日期", "数量"], &["x1", DAY, "1"], &["x2", DAY, "5"]];
    let note: &[&[&str]] = &[&["编号", "日期", "备注", "数量"], &["x1", DAY, "同上", "1"], &["x2", DAY, "", "5"]];
    let blank: &[&[&str]] = &[&["编号", "日期", "数量"], &["x1", DAY, ""], &["x2", DAY, "5"]];
    for (rows, region, judged, findings) in [
        (plain, "B3:C3", "3/4", &["x2 只有 —"][..]),
        (note, "C2:D3", "2/4", &["x1 只有 —", "x2 只有 —"]),
        (blank, "C2:C3", "2/4", &["x1 只有 —", "x2 只有 —"]),
    ] {
        let sheet = sheet_data(&table(rows)) + &format!(r#"<mergeCells><mergeCell ref="{region}"/></mergeCells>"#);
        let workspace = Workspace::small();
        workspace.write("evidence/2026Q3/widgets2.xlsx", xlsx(&[("9月", sheet)], &[]));
        bounded(&workspace, "en").status(1).prints(&[judged]).prints(findings).prints(&["undecided: `amount` blank"]);
        bounded(&workspace, "zh").status(1).prints(&[judged]).prints(findings);
    }
}
