//! Workbooks, and what only looks like one. `tests/fixtures/sheets/README.md` says how each file was made.

use std::io::{Cursor, Write as _};

use super::*;

const COLUMNS: &[&str] =
    &["id", "dataset", "status", "copies", "ratio", "offsite", "started_at", "done_at", "keep_until", "tags", "holder"];

/// A fixture.
macro_rules! fixture {
    ($name:literal) => {
        (
            concat!("jobs/", $name),
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sheets/", $name)).as_slice(),
        )
    };
}

mod changed;
mod many;
mod merged;
mod registers;
mod shown;
mod spreadsheetml;
mod symbols;

fn index_of(kind: &Arc<EvidenceKind>, path: &str, bytes: &[u8]) -> Index {
    let file = MemoryFile { path: path.into(), kind: Some(kind.id.clone()), bytes: bytes.to_vec() };
    Index::from_memory([Arc::clone(kind)], vec![file], options())
}

fn read_bytes(
    kind: &Arc<EvidenceKind>,
    (path, bytes): (&str, &[u8]),
    list: &[&str],
    columns: &[&str],
) -> (Vec<String>, KindScan) {
    let (mut rows, scan) = rows_of(&index_of(kind, path, bytes), &[table(kind.id.as_str(), list, columns)]);
    (rows.remove(0).into_iter().map(|row| row.join("|")).collect(), scan)
}

#[test]
fn the_same_table_reads_alike_in_every_format() {
    let expected = [
        "J-001|财务账套|success|3|0.95|true|2026-09-01T07:30:00+08:00|2026-09-01T08:00:00+08:00|2026-12-31|[\"a\",\"b\"]|张三",
        "2|客户档案|failed|1|0.3|false|2026-09-02T07:30:00+08:00|2026-09-02T08:00:00+08:00|9999-12-31|[\"a\"]|李四",
        "000007|税务申报|success|2|0.95|true|2026-09-03T07:30:00+08:00|2026-09-03T08:00:00+08:00|2026-09-30|·|王五",
        "J-004|·|·|·|1234.5|·|·|2026-09-04T00:00:00+08:00|·|[\"b\",\"c\"]|·",
    ];
    for (file, format, sheet) in [
        (fixture!("plain.csv"), "csv", None),
        (fixture!("plain.xlsx"), "xlsx", Some("备份记录")),
        (fixture!("plain.xls"), "xls", Some("备份记录")),
        (fixture!("plain.ods"), "ods", Some("备份记录")),
        (fixture!("plain-sheetjs.xls"), "spreadsheetml", Some("备份记录")),
        (fixture!("plain-sheetjs.xls"), "spreadsheetml", Some("备份记录")),
    ] {
        let (rows, scan) = read_bytes(&jobs(), file, &[], COLUMNS);
        assert_eq!(rows, expected, "{format}");
        assert_eq!(said(&scan), Vec::<String>::new(), "{format}");
        assert_eq!((scan.files[0].format, scan.files[0].rows_read), (Some(format), 4), "{format}");
        assert_eq!(scan.files[0].bytes, file.1.len() as u64, "{format}");
        let (tags, _) = read_bytes(&jobs(), file, &["tags"], &["value", "parent.id"]);
        assert_eq!(tags, ["a|J-001", "b|J-001", "a|2", "b|J-004", "c|J-004"], "{format}");
        let index = index_of(&jobs(), file.0, file.1);
        let mut places = Vec::new();
        index.scan(&KindId::new("jobs"), &[table("jobs", &[], &["id"])], &mut |_, batch| {
            let Rows { row, line, sheet, .. } = &batch.rows;
            places.extend(row.iter().zip(line).map(|(row, line)| (*row, *line, sheet.as_deref().map(str::to_owned))));
        });
        let line = |row: u64| if sheet.is_some() { 0 } else { row };
        let expected: Vec<_> = (2..6).map(|row| (row, line(row), sheet.map(str::to_owned))).collect();
        assert_eq!(places, expected, "{format}");
    }
}

#[test]
fn titles_groups_merged_cells_formulas_and_what_is_hidden() {
    let columns = &["id", "dataset", "started_at", "done_at", "status", "copies", "file.row"];
    let expected = [
        "J-001|财务账套|2026-09-01T07:00:00+08:00|2026-09-01T08:00:00+08:00|success|3|5",
        "J-002|客户档案|2026-09-02T07:00:00+08:00|2026-09-02T08:00:00+08:00|failed|1|6",
        "J-003|税务申报|2026-09-03T07:00:00+08:00|2026-09-03T08:00:00+08:00|success|2|7",
        "J-004|人事档案|2026-09-04T07:00:00+08:00|2026-09-04T08:00:00+08:00|success|2|8",
    ];
    let hidden = "what is hidden in the sheet `备份记录` is read all the same: 1 row, columns F";
    for file in [fixture!("office.xlsx"), fixture!("office.xls"), fixture!("office.ods")] {
        let (rows, scan) = read_bytes(&jobs(), file, &[], columns);
        assert_eq!(rows, expected, "{}", file.0);
        let said = said(&scan);
        let path = file.0;
        assert_eq!(
            said,
            [
                format!("extra-column {path}: undeclared columns, not used (1): `备注`"),
                format!("hidden {path}: {hidden}"),
                format!("unused-sheet {path}: sheets that are not used: `填写说明`, `旧`"),
            ],
            "{path}"
        );
    }
    // As openpyxl wrote it: nobody has calculated the formulas.
    let (rows, scan) = read_bytes(&jobs(), fixture!("office-uncalculated.xlsx"), &[], &["id", "status", "copies"]);
    assert_eq!(rows, ["J-001|success|?", "J-002|failed|1", "J-003|success|?", "J-004|?|2"]);
    let path = "jobs/office-uncalculated.xlsx";
    let message = "a formula whose result was not saved; open the file in a spreadsheet and save it";
    assert_eq!(
        said(&scan)[3..],
        [
            format!("unreadable-cell {path}[备份记录]:5:份数: {message}"),
            format!("unreadable-cell {path}[备份记录]:7:份数: {message}"),
            format!("unreadable-cell {path}[备份记录]:8:状态: {message}"),
        ]
    );
    let (rows, scan) = read_bytes(&jobs(), fixture!("xlwt-uncalculated.xls"), &[], &["id", "copies"]);
    assert_eq!(rows, ["J-1|2", "J-2|?"]);
    assert_eq!(said(&scan), [format!("unreadable-cell jobs/xlwt-uncalculated.xls[备份记录]:3:份数: {message}")]);
}

#[test]
fn the_sheets_whose_header_names_the_most_are_read() {
    let months = fixture!("months.xlsx");
    let (rows, scan) = read_bytes(&jobs(), months, &[], &["id", "status", "file.row"]);
    assert_eq!(
        rows,
        ["J-01|success|2", "J-02|success|3", "J-11|success|2", "J-12|?|3", "J-21|success|2", "J-22|success|3"]
    );
    assert_eq!(
        said(&scan),
        [
            "hidden jobs/months.xlsx: what is hidden in the sheet `8月` is read all the same: the sheet itself",
            "unreadable-cell jobs/months.xlsx[8月]:3:状态: `好` is not an allowed value (success, failed)",
        ]
    );
    let of_sheet = |sheet: &str| {
        let body = format!(
            "files: [\"**/jobs*\"]\nread:\n  xlsx: {{sheet: {sheet}}}\nrecord:\n  type: object\n  required: [id]\n  \
             properties:\n    id: {{type: string, title: 编号}}\n    done: {{type: string, title: 完成}}\n    \
             status: {{type: string, title: 状态}}\n"
        );
        kind("sheeted", &body)
    };
    let (rows, scan) = read_bytes(&of_sheet("8月"), months, &[], &["id", "done", "status"]);
    assert_eq!(rows, ["J-11|2026-08-01 08:00:00|成功", "J-12|2026-08-02 08:00:00|好"]);
    assert_eq!(told(&scan.diagnostics), ["hidden jobs/months.xlsx", "unused-sheet jobs/months.xlsx"]);
    let (rows, scan) = read_bytes(&of_sheet("10月"), months, &[], &["id"]);
    assert_eq!((rows.len(), said(&scan)), (0, vec!["no-sheet jobs/months.xlsx: there is no sheet `10月`".to_owned()]));
    assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable]);
}

/// A workbook of sheets with these names and rows.
fn workbook_of(sheets: &[(&str, String)]) -> Vec<u8> {
    let (mut names, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, rows)) in sheets.iter().enumerate() {
        names += &format!(r#"<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>"#);
        relations += &format!(r#"<Relationship Id="r{number}" Type="x/worksheet" Target="{number}.xml"/>"#);
        parts.push((format!("xl/{number}.xml"), sheet(rows)));
    }
    parts.push(("[Content_Types].xml".into(), "<Types/>".into()));
    parts.push(("xl/workbook.xml".into(), format!("<workbook><sheets>{names}</sheets></workbook>")));
    parts.push(("xl/_rels/workbook.xml.rels".into(), format!("<Relationships>{relations}</Relationships>")));
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    package(&parts)
}

/// Rows of texts, one below the other.
fn grid(rows: &[&[&str]]) -> String {
    let row = |(number, row): (usize, &&[&str])| {
        let cells: Vec<(&str, &str)> =
            ["A", "B", "C", "D", "E", "F", "G"].into_iter().zip(row.iter().copied()).collect();
        inline(number as u64 + 1, &cells)
    };
    rows.iter().enumerate().map(row).collect()
}

/// The same as a table of ODS.
fn ods_grid(rows: &[&[&str]]) -> String {
    rows.iter().map(|row| ods_row("", &row.iter().map(|&text| ("", text)).collect::<Vec<_>>())).collect()
}

#[test]
fn a_sheet_with_fewer_columns_is_read_and_one_without_what_rows_must_have_is_told() {
    const AUGUST: &[&[&str]] = &[&["编号", "完成", "数据集", "份数"], &["J-1", "2026-08-01 08:00", "a", "1"]];
    const ONE_LESS: &[&[&str]] = &[&["编号", "完成", "数据集"], &["J-2", "2026-09-01 08:00", "b"]];
    const BARE: &[&[&str]] = &[&["编号", "完成"], &["J-2", "2026-09-01 08:00"]];
    const NO_TIME: &[&[&str]] = &[&["编号", "数据集", "份数"], &["J-2", "b", "0"]];
    const NOTES: &[&[&str]] = &[&["填写说明"], &["编号", "唯一"], &["完成", "时间"]];
    const SUMS: &[&[&str]] = &[&["数据集", "份数"], &["a", "1"]];
    const ODD: &[&[&str]] = &[&["编号", "数据集", "份数", "甲", "乙", "丙", "丁"], &["J-2", "b", "0"]];
    // It has what a row must have, and is a table of something else.
    const PLAN: &[&[&str]] =
        &[&["编号", "完成", "份数", "供应商", "单价", "经办", "备注"], &["P-1", "2026-09-01 08:00", "9"]];
    const BY_DAY: &[&[&str]] = &[&["完成", "份数", "数据集"], &["2026-09-01 08:00", "9", "a"]];
    let unused = "unused-sheet {}: sheets that are not used: `9月`";
    let lacks = "unread-sheet {}: sheets that have most columns of the kind lack what every row must have and were \
                 not read (1): `9月` lacks `完成`";
    for (name, september, rows, says) in [
        ("one column less", ONE_LESS, 2, None),
        ("only what a row must have", BARE, 2, None),
        ("without the time", NO_TIME, 1, Some(lacks)),
        ("notes", NOTES, 1, Some(unused)),
        ("sums", SUMS, 1, Some(unused)),
        ("mostly something else", ODD, 1, Some(unused)),
        ("a plan that shares headings", PLAN, 1, Some(unused)),
        ("sums by day, without the key", BY_DAY, 1, Some(unused)),
    ] {
        let ods = ods_of(&[("8月", ods_grid(AUGUST)), ("9月", ods_grid(september))]);
        let xlsx = workbook_of(&[("8月", grid(AUGUST)), ("9月", grid(september))]);
        for (path, bytes) in [("jobs.xlsx", xlsx), ("jobs.ods", ods)] {
            let (read, scan) = read_bytes(&jobs(), (path, &bytes), &[], &["id"]);
            assert_eq!(read.len(), rows, "{name} {path}");
            let said = said(&scan);
            let found: Vec<&String> =
                said.iter().filter(|one| one.starts_with("unused") || one.starts_with("unread")).collect();
            let expected: Vec<String> = says.iter().map(|says| says.replace("{}", path)).collect();
            assert_eq!(found, expected.iter().collect::<Vec<_>>(), "{name} {path}");
            let incomplete: &[NotTested] = if says == Some(lacks) { &[NotTested::EvidenceIncomplete] } else { &[] };
            assert_eq!(reasons(&scan), incomplete, "{name} {path}");
        }
    }
    // In Chinese too; a column that a check wants and one sheet lacks is lacking.
    let bytes = workbook_of(&[("8月", grid(AUGUST)), ("9月", grid(NO_TIME))]);
    let (_, scan) = read_bytes(&jobs(), ("jobs.xlsx", &bytes), &[], &["id"]);
    let told = scan.diagnostics.iter().find(|one| one.code.id == "evidence/unread-sheet").unwrap();
    assert_eq!(told.message.zh, "有该类型大部分列的工作表缺少每行必有的列，没有读取（1）：`9月` 缺 `完成`");
    let bytes = workbook_of(&[("8月", grid(AUGUST)), ("9月", grid(ONE_LESS))]);
    let (_, scan) = read_bytes(&jobs(), ("jobs.xlsx", &bytes), &[], &["id", "copies"]);
    assert!(said(&scan).iter().any(|one| one.starts_with("missing-column jobs.xlsx")), "{:?}", said(&scan));
}

#[test]
fn a_heading_that_stands_twice_is_read_with_its_group() {
    let kind = kind(
        "groups",
        "files: [\"**/groups*\"]\nrecord:\n  type: object\n  required: [id]\n  properties:\n    \
         id: {type: string, title: 编号}\n    a: {type: string, format: date-time, title: 备份开始}\n    \
         b: {type: string, format: date-time, title: 备份结束}\n    c: {type: string, format: date-time, title: 校验开始}\n    \
         d: {type: string, format: date-time, title: 校验结束}\n",
    );
    for file in [fixture!("groups.xlsx"), fixture!("groups.xls"), fixture!("groups.ods")] {
        let (rows, scan) = read_bytes(&kind, file, &[], &["id", "a", "b", "c", "d", "file.row"]);
        let hours = ["01", "02", "03", "04"].map(|hour| format!("2026-09-01T{hour}:00:00+08:00"));
        assert_eq!(rows, [format!("J-1|{}|3", hours.join("|"))], "{}", file.0);
        assert_eq!(said(&scan), Vec::<String>::new(), "{}", file.0);
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    for (file, path) in [
        (fixture!("faults.xlsx"), "jobs/faults.xlsx"),
        (fixture!("faults.xls"), "jobs/faults.xls"),
        (fixture!("faults.ods"), "jobs/faults.ods"),
        (fixture!("faults-2003.xls"), "jobs/faults-2003.xls"),
    ] {
        let (rows, scan) =
            read_bytes(&jobs(), file, &[], &["id", "done_at", "dataset", "status", "copies", "keep_until"]);
        let day = |day: u32| format!("2026-09-0{day}T08:00:00+08:00");
        assert_eq!(
            rows,
            [
                format!("J-1|{}|?|success|?|2026-12-31", day(1)),
                format!("?|{}|?|success|?|2026-12-31", day(2)),
                format!("?|{}|1|?|?|?", day(3)),
                "J-4|2026-09-04T06:00:00+08:00|x|success|1|2026-12-31".to_owned(),
                "J-5|?|x|success|·|?".to_owned(),
            ],
            "{path}"
        );
        let cell =
            |row: u64, column: &str, message: &str| format!("unreadable-cell {path}[故障]:{row}:{column}: {message}");
        let lost =
            "is a number of more than 15 digits, of which a spreadsheet keeps 15: the id is lost; export ids as text";
        let mut expected = vec![
            cell(2, "数据集", "the value of the cell is the error `#N/A`"),
            cell(
                2,
                "份数",
                if path.ends_with("xlsx") {
                    "a formula whose result was not saved; open the file in a spreadsheet and save it"
                } else {
                    "the value of the cell is the error `#DIV/0!`"
                },
            ),
            cell(3, "编号", &format!("`110105194912310000` (shown as 1.10E+17) {lost}")),
            cell(3, "数据集", "the value of the cell is the error `#REF!`"),
            cell(3, "份数", "`1.5` cannot be read as an integer (the column takes whole numbers)"),
            cell(4, "编号", &format!("`123000000000000000` (shown as 1.23E+17) {lost}")),
            cell(4, "状态", "`TRUE` is not an allowed value (success, failed)"),
            cell(4, "份数", "`三` cannot be read as an integer"),
            cell(4, "保留至", "`46387.5` cannot be read as a date"),
            cell(6, "完成", "`2026-09-05` is a date, and this column needs a time"),
            cell(
                6,
                "保留至",
                "`2026-12-31 08:00:00` cannot be read as a date (it has a time of day, the column takes days)",
            ),
        ];
        let mut found = said(&scan);
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{path}");
    }
}

#[test]
fn what_an_old_program_exports() {
    let (rows, scan) =
        read_bytes(&jobs(), fixture!("xlwt.xls"), &[], &["id", "dataset", "done_at", "copies", "offsite"]);
    assert_eq!(rows.len(), 300);
    for (number, row) in (1..=300_usize).zip(rows) {
        let set = if number % 2 == 1 {
            format!("数据集{number}{}", "甲乙丙丁".repeat(number % 40))
        } else {
            format!("set {number} {}", "x".repeat(number % 90)).trim().to_owned()
        };
        let (day, even) = (1 + number % 28, number % 2 == 0);
        assert_eq!(row, format!("J-{number:03}|{set}|2026-09-{day:02}T08:00:00+08:00|{number}|{even}"));
    }
    assert_eq!(said(&scan), ["hidden jobs/xlwt.xls: what is hidden in the sheet `导出` is read all the same: 1 row"]);
}

#[test]
fn content_decides_what_a_file_is() {
    let plain = fixture!("plain.xlsx");
    let (expected, _) = read_bytes(&jobs(), plain, &[], COLUMNS);
    for path in ["jobs.csv", "jobs", "jobs.xls", "jobs.json"] {
        let (rows, scan) = read_bytes(&jobs(), (path, plain.1), &[], COLUMNS);
        assert_eq!(rows, expected, "{path}");
        assert_eq!(scan.files[0].format, Some("xlsx"), "{path}");
    }
    let (rows, scan) = read_bytes(&jobs(), fixture!("tabs-gbk.xls"), &[], &["id", "status", "file.row"]);
    assert_eq!(rows, ["J-1|success|2", "J-2|failed|3"]);
    assert_eq!((scan.files[0].format, scan.files[0].encoding), (Some("csv"), Some("gb18030")));
    let (rows, scan) = read_bytes(&jobs(), fixture!("page-gbk.xls"), &[], &["id", "done_at", "status", "file.row"]);
    assert_eq!(rows, ["J-1|2026-09-01T08:00:00+08:00|success|4", "J&2|2026-09-02T08:00:00+08:00|?|5"]);
    assert_eq!((scan.files[0].format, scan.files[0].encoding), (Some("html"), Some("gb18030")));
    assert_eq!(
        said(&scan),
        ["unreadable-cell jobs/page-gbk.xls:5:状态: `好` is not an allowed value (success, failed)"]
    );
    let Some(crate::text::Place::Row { line, sheet, .. }) = &scan.diagnostics[0].place else { panic!("a row") };
    assert_eq!((*line, sheet), (Some(8), &None));
}

#[test]
fn workbooks_are_recognised_by_their_header() {
    for (name, bytes) in [
        fixture!("office.xlsx"),
        fixture!("plain.xls"),
        fixture!("plain.ods"),
        fixture!("page-gbk.xls"),
        fixture!("tabs-gbk.xls"),
    ] {
        let file = MemoryFile { path: "导出 (3)".into(), kind: None, bytes: bytes.to_vec() };
        let index = Index::from_memory([jobs()], vec![file], options());
        let entry = &index.files()[0];
        assert_eq!((entry.kind.clone(), entry.recognised_by), (Some(KindId::new("jobs")), Some("header")), "{name}");
    }
}

/// A package of these parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const RELATIONS: &str =
    r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>"#;

/// A workbook of one sheet with these rows.
pub(super) fn workbook_of_rows(rows: &[&[&str]]) -> Vec<u8> {
    workbook(&sheet(&grid(rows)))
}

/// A workbook of one sheet with this XML.
fn workbook(sheet: &str) -> Vec<u8> {
    package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/s.xml", sheet),
    ])
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

/// Cells with their text beside them.
fn inline(row: u64, cells: &[(&str, &str)]) -> String {
    let cells: String = cells
        .iter()
        .map(|(column, text)| format!(r#"<c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#))
        .collect();
    format!(r#"<row r="{row}">{cells}</row>"#)
}

/// Some programs name the parts as their system names files.
#[test]
fn parts_whose_names_have_backslashes_are_read() {
    let rows = inline(1, &[("A", "编号"), ("B", "完成")]) + &inline(2, &[("A", "a"), ("B", "2026-09-01 08:00")]);
    let relations = RELATIONS.replace("worksheets/s.xml", "worksheets\\s.xml");
    let bytes = package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl\\workbook.xml", WORKBOOK),
        ("xl\\_rels\\workbook.xml.rels", &relations),
        ("xl\\worksheets\\s.xml", &sheet(&rows)),
    ]);
    let index =
        Index::from_memory([jobs()], vec![MemoryFile { path: "jobs.xlsx".into(), kind: None, bytes }], options());
    let (found, scan) = rows_of(&index, &[table("jobs", &[], &["id", "file.row"])]);
    assert_eq!(found[0], [["a", "2"]], "{:?}", told(&scan.diagnostics));
    assert_eq!((reasons(&scan), told(&scan.diagnostics)), (vec![], vec![]));
}

/// A kind of one column, where any word that names it could make a header.
#[test]
fn the_notes_of_a_form_are_no_table_and_are_not_told() {
    let one = kind("one", "files: [one]\nrecord: {type: object, properties: {no: {type: string, title: 编号}}}\n");
    let relations = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/>
        <Relationship Id="r2" Type="x/worksheet" Target="worksheets/t.xml"/></Relationships>"#;
    let names = r#"<workbook><sheets><sheet name="s" sheetId="1" r:id="r1"/><sheet name="t" sheetId="2" r:id="r2"/></sheets></workbook>"#;
    let table = sheet(&(inline(1, &[("A", "编号")]) + &inline(2, &[("A", "甲")])));
    let below = inline(3, &[("A", "编号")]) + &inline(4, &[("A", "文字")]);
    let mark = crate::evidence::sheet::NOTES;
    for (name, first, rows) in [
        ("the mark", inline(1, &[("A", mark), ("B", "x")]), &["甲"][..]),
        ("blanks around it", inline(1, &[("A", &format!(" {mark} "))]), &["甲"]),
        ("in another column", inline(1, &[("B", mark)]), &["甲", "文字"]),
        ("in another row", inline(2, &[("A", mark)]), &["甲", "文字"]),
        ("another version", inline(1, &[("A", "hegui/template/v2")]), &["甲", "文字"]),
    ] {
        let bytes = package(&[
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", names),
            ("xl/_rels/workbook.xml.rels", relations),
            ("xl/worksheets/s.xml", &table),
            ("xl/worksheets/t.xml", &sheet(&(first + &below))),
        ]);
        let (found, scan) = read_bytes(&one, ("one.xlsx", &bytes), &[], &["no"]);
        assert_eq!(found, rows, "{name}");
        let of_sheets = |told: &String| told.starts_with("unused-sheet");
        assert!(!told(&scan.diagnostics).iter().any(of_sheets), "{name}: {:?}", said(&scan));
    }
}

#[test]
fn hostile_workbooks_end_soon_and_say_why() {
    let header = inline(1, &[("A", "编号"), ("B", "完成")]);
    let row = inline(2, &[("A", "J-1"), ("B", "2026-09-01 08:00")]);
    let far = inline(1_048_576, &[("XFD", "x")]);
    let entity = "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;\">]>";
    let mut lost = workbook(&sheet(&header));
    lost.truncate(lost.len() - 10);
    let mut file_pass = fixture!("plain.xls").1.to_vec();
    // The record of who wrote it becomes that of how it is protected.
    let at = file_pass.windows(4).position(|bytes| bytes == [0x5c, 0, 0x70, 0]).unwrap();
    file_pass[at] = 0x2f;
    let protected = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            r#"<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#,
        ),
        ("content.xml", "\u{1}"),
    ]);
    let mut circle = fixture!("plain.xls").1.to_vec();
    let fat = 512 * (1 + usize::from(u16::from_le_bytes([circle[76], circle[77]])));
    for sector in 0..128_u32 {
        let at = fat + 4 * sector as usize;
        circle[at..at + 4].copy_from_slice(&sector.to_le_bytes());
    }
    for (name, path, bytes, code, says) in [
        ("cut short", "jobs.xlsx", lost, "evidence/unreadable-file", "its package is not whole"),
        (
            "no more than a start",
            "jobs.xlsx",
            b"PK\x03\x04".to_vec(),
            "evidence/unreadable-file",
            "its package is not whole",
        ),
        ("an archive", "jobs.zip", package(&[("a.txt", "x")]), "evidence/format", "holds no workbook"),
        (
            "two cells far apart",
            "jobs.xlsx",
            workbook(&sheet(&format!("{header}{row}{far}"))),
            "evidence/too-large",
            "XFD1048576 is filled: more than 2000 columns",
        ),
        (
            "an entity that expands",
            "jobs.xlsx",
            workbook(&format!("{entity}{}", sheet(&header))),
            "evidence/unreadable-file",
            "its XML has a DTD",
        ),
        (
            "an entity of its own",
            "jobs.xlsx",
            workbook(&sheet(&header.replace("编号", "&c;"))),
            "evidence/unreadable-file",
            "no valid XML",
        ),
        (
            "rows out of order",
            "jobs.xlsx",
            workbook(&sheet(&format!("{row}{header}"))),
            "evidence/unreadable-file",
            "row 1 comes after row 2",
        ),
        (
            "a sheet that does not end",
            "jobs.xlsx",
            workbook(&format!("<worksheet><sheetData>{header}")),
            "evidence/unreadable-file",
            "cut short",
        ),
        (
            "a shared text that is not there",
            "jobs.xlsx",
            workbook(&sheet(&format!(r#"{header}<row r="2"><c r="A2" t="s"><v>7</v></c></row>"#))),
            "evidence/unreadable-file",
            "there is no shared text 7",
        ),
        ("protected", "jobs.xlsx", fixture!("encrypted.xlsx").1.to_vec(), "evidence/encrypted", "encrypted"),
        ("protected in BIFF", "jobs.xls", file_pass, "evidence/encrypted", "encrypted"),
        ("protected ODS", "jobs.ods", protected, "evidence/encrypted", "encrypted"),
        ("sectors in a circle", "jobs.xls", circle, "evidence/unreadable-file", "its container is not whole"),
        (
            "half a compound file",
            "jobs.xls",
            fixture!("plain.xls").1[..2_000].to_vec(),
            "evidence/unreadable-file",
            "damaged",
        ),
        ("other XML", "jobs.xls", b"<?xml version=\"1.0\"?><Book/>".to_vec(), "evidence/format", "cannot be read yet"),
        ("a scan of paper", "jobs.csv", b"%PDF-1.7\n%".to_vec(), "evidence/format", "it is a PDF file"),
    ] {
        let (rows, scan) = read_bytes(&jobs(), (path, &bytes), &[], &["id"]);
        assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{name}: {:?}", said(&scan));
        let first = scan.diagnostics.iter().find(|one| one.code.id == code);
        let message = first.map(|one| one.message.en.clone()).unwrap_or_default();
        assert!(message.contains(says), "{name}: {:?}", said(&scan));
        assert!(rows.len() <= 1, "{name}");
        assert_eq!(scan.files[0].sha256.len(), 64, "{name}: hashed all the same");
    }
}

#[test]
fn what_expands_too_far_is_not_expanded() {
    let header = inline(1, &[("A", "编号"), ("B", "完成")]);
    let bomb = workbook(&sheet(&format!("{header}{}", " ".repeat(80 << 20))));
    let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &bomb), &[], &["id"]);
    assert!(rows.is_empty());
    assert!(said(&scan)[0].contains("more than the limit of 200"), "{:?}", said(&scan));

    let mut options = options();
    options.limits.expanded_bytes = 1_000;
    let file = |bytes: &[u8]| MemoryFile { path: "jobs.xlsx".into(), kind: None, bytes: bytes.to_vec() };
    let index = Index::from_memory([jobs()], vec![file(&workbook(&sheet(&header)))], options.clone());
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert_eq!(scan.diagnostics[0].code.id, "evidence/empty", "{:?}", said(&scan));
    let index = Index::from_memory([jobs()], vec![file(fixture!("months.xlsx").1)], options.clone());
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert!(said(&scan)[0].starts_with("too-large jobs.xlsx: the package expands to"), "{:?}", said(&scan));

    // Few bytes that say the same text over and over.
    options.limits.expanded_bytes = 100_000;
    let long = "x".repeat(10_000);
    let strings = format!("<sst><si><t>编号</t></si><si><t>完成</t></si><si><t>{long}</t></si></sst>");
    let cell = |name: &str, text: u8| format!(r#"<c r="{name}" t="s"><v>{text}</v></c>"#);
    let mut rows = format!(r#"<row r="1">{}{}</row>"#, cell("A1", 0), cell("B1", 1));
    for row in 2..40 {
        rows += &format!(r#"<row r="{row}">{}</row>"#, cell(&format!("A{row}"), 2));
    }
    let bytes = package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/sharedStrings.xml", &strings),
        ("xl/worksheets/s.xml", &sheet(&rows)),
    ]);
    let index = Index::from_memory([jobs()], vec![file(&bytes)], options);
    let (_, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
    assert!(said(&scan).iter().any(|one| one.contains("exceed the limit of expansion")), "{:?}", said(&scan));
}

/// A workbook of one table with these rows, as LibreOffice saves it.
fn ods(rows: &str) -> Vec<u8> {
    ods_of(&[("s", rows.to_owned())])
}

/// The same of tables with these names and rows.
fn ods_of(tables: &[(&str, String)]) -> Vec<u8> {
    let table = |(name, rows): &(&str, String)| format!(r#"<table:table table:name="{name}">{rows}</table:table>"#);
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{}</office:spreadsheet></office:body>\
         </office:document-content>",
        tables.iter().map(table).collect::<String>()
    );
    package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

/// A row whose cells have these attributes and texts.
fn ods_row(attributes: &str, cells: &[(&str, &str)]) -> String {
    let cell = |(attributes, text): &(&str, &str)| {
        let paragraph = if text.is_empty() { String::new() } else { format!("<text:p>{text}</text:p>") };
        format!(r#"<table:table-cell office:value-type="string" {attributes}>{paragraph}</table:table-cell>"#)
    };
    let cells: String = cells.iter().map(cell).collect();
    format!("<table:table-row {attributes}>{cells}</table:table-row>")
}

#[test]
fn rows_and_columns_that_repeat_cost_no_more_than_a_sheet_has() {
    const COUNTLESS: &str = "99999999999999999999999999";
    let header = ods_row("", &[("", "id"), ("", "dataset")]);
    let row = |times: &str| ods_row(&format!(r#"table:number-rows-repeated="{times}""#), &[("", "x"), ("", "y")]);
    let blank = |times: &str, text: &str| {
        let cell = format!(r#"table:number-columns-repeated="{times}""#);
        ods_row(&format!(r#"table:number-rows-repeated="{times}""#), &[(&cell, text)])
    };
    let too_many = |row: &str| format!("row {row} is filled: more than 1048576 rows");
    let wide = format!(r#"table:number-columns-repeated="{COUNTLESS}""#);
    let too_often = |times: &str| format!("row 2 is filled {times} times: more than 1048576 rows");
    let long = "x".repeat(1 << 20);
    let heavy = r#"table:number-columns-repeated="1000""#;
    for (name, rows, read, fault) in [
        ("a few", row("3"), 3, String::new()),
        ("to the last row", row("1048575"), 1_048_575, String::new()),
        ("a thousand million", row("1000000000"), 0, too_often("1000000000")),
        ("more than can be counted", row(COUNTLESS), 0, too_often(COUNTLESS)),
        ("one past the end", row("1") + &blank("1048574", "") + &row("1"), 0, too_many("1048577")),
        ("blank ones to the end", row("2") + &blank("1048573", ""), 2, String::new()),
        ("blank ones without end", row("2") + &blank(COUNTLESS, ""), 2, String::new()),
        ("ones of blanks without end", row("2") + &blank(COUNTLESS, " "), 2, String::new()),
        ("a filled cell without end", ods_row("", &[(&wide, "x")]), 0, "BXY2 is filled: more than 2000 columns".into()),
        ("a long text over and over", ods_row("", &[(heavy, &long)]), 0, "row 2 has more than 67108864 bytes".into()),
    ] {
        let bytes = ods(&(header.clone() + &rows));
        let index = index_of(&kind_of_texts(), "texts.ods", &bytes);
        let (mut rows, mut most) = (0, 0);
        let scan = index.scan(&KindId::new("texts"), &[table("texts", &[], &["id"])], &mut |_, batch| {
            rows += batch.len();
            most = most.max(batch.len());
        });
        assert_eq!(rows, read, "{name}");
        assert!(most <= Limits::default().batch_rows, "{name}: {most} rows at once");
        let expected: &[NotTested] = if fault.is_empty() { &[] } else { &[NotTested::EvidenceUnreadable] };
        assert_eq!(reasons(&scan), expected, "{name}: {:?}", said(&scan));
        let told = said(&scan).iter().any(|one| *one == format!("too-large texts.ods: {fault}"));
        assert_eq!(told, !fault.is_empty(), "{name}: {:?}", said(&scan));
    }
}

/// A package with more parts.
fn with_parts(bytes: &[u8], parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new_append(Cursor::new(bytes.to_vec())).unwrap();
    for (name, text) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn macros_never_run_and_are_named() {
    let (rows, scan) = read_bytes(&jobs(), fixture!("macros.xlsm"), &[], &["id"]);
    assert_eq!(rows.len(), 6);
    assert_eq!(said(&scan)[1], "macros jobs/macros.xlsm: the workbook has macros; they are never run");
    let head = ods_row("", &[("", "编号"), ("", "完成")]) + &ods_row("", &[("", "J-1"), ("", "2026-09-01 08:00")]);
    for part in ["Basic/script-lc.xml", "Scripts/python/export.py"] {
        let bytes = with_parts(&ods_of(&[("s", head.clone())]), &[(part, "x")]);
        let (rows, scan) = read_bytes(&jobs(), ("jobs.ods", &bytes), &[], &["id"]);
        assert_eq!(
            (rows, told(&scan.diagnostics)),
            (vec!["J-1".to_owned()], vec!["macros jobs.ods".to_owned()]),
            "{part}"
        );
    }
    // The folder of macros of an XLS, under whose name stands what LibreOffice says of the file.
    let utf16 = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut bytes = fixture!("plain.xls").1.to_vec();
    let at = memchr::memmem::find(&bytes, &utf16("\u{5}DocumentSummaryInformation")).unwrap();
    bytes[at..at + 64].fill(0);
    bytes[at..at + 32].copy_from_slice(&utf16("_VBA_PROJECT_CUR"));
    bytes[at + 64] = 34;
    let (rows, scan) = read_bytes(&jobs(), ("jobs.xls", &bytes), &[], &["id"]);
    assert!(!rows.is_empty() && told(&scan.diagnostics).contains(&"macros jobs.xls".to_owned()), "{:?}", said(&scan));
}

#[test]
fn rows_that_are_none_and_cells_without_a_heading() {
    let rows = [
        inline(1, &[("A", "编号"), ("B", "完成")]),
        inline(2, &[("A", "J-1"), ("B", "2026-09-01 08:00"), ("D", "note")]),
        r#"<row r="3"><c r="A3" s="1"/><c r="B3" t="inlineStr"><is><t> </t></is></c></row>"#.to_owned(),
        r#"<row r="9"><c r="B9" t="inlineStr"><is><t>2026-09-02 08:00</t></is></c></row>"#.to_owned(),
        r#"<row r="10" spans="1:2"/>"#.to_owned(),
        inline(11, &[("A", "编号"), ("B", "完成")]),
    ];
    let (read, scan) = read_bytes(&jobs(), ("jobs.xlsx", &workbook(&sheet(&rows.concat()))), &[], &["id", "file.row"]);
    assert_eq!(read, ["J-1|2", "?|9"]);
    assert_eq!(
        said(&scan),
        [
            "extra-column jobs.xlsx: undeclared columns, not used (1): `[D]`",
            "unreadable-cell jobs.xlsx[s]:9:编号: `id` is required and is blank here",
            "repeated-header jobs.xlsx[s]:11: the header stands among the rows 1 more time; such a row is no data and was skipped",
        ]
    );
}

#[test]
fn cells_are_those_that_another_reader_finds() {
    use calamine::{Data, Reader as _};
    let text = |data: &Data| match data {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Float(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::DateTime(date) => format!("date {}", date.as_f64()),
        Data::Error(fault) => fault.to_string(),
    };
    for (name, bytes) in [
        fixture!("plain.xlsx"),
        fixture!("plain.xls"),
        fixture!("plain.ods"),
        fixture!("office.xlsx"),
        fixture!("office.xls"),
        fixture!("office.ods"),
        fixture!("months.xlsx"),
        fixture!("xlwt.xls"),
    ] {
        let mut theirs = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).unwrap();
        let limits = Limits::default();
        let container = sheet::Container::of(bytes).unwrap();
        let mut ours = sheet::open(container, bytes, &limits).unwrap().book;
        let sheets = ours.sheets(30).unwrap();
        assert_eq!(
            sheets.iter().map(|sheet| sheet.name.to_string()).collect::<Vec<_>>(),
            theirs.sheet_names(),
            "{name}"
        );
        for (position, sheet) in sheets.iter().enumerate() {
            let range = theirs.worksheet_range(&sheet.name).unwrap();
            let mut expected: Vec<(u64, usize, String)> = Vec::new();
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, data) in range.used_cells() {
                expected.push((u64::from(top) + row as u64 + 1, left as usize + column, text(data)));
            }
            expected.retain(|(.., text)| !text.is_empty());
            let mut found = Vec::new();
            let mut take = |_, rows: &mut (dyn sheet::Rows + Send)| {
                while let Some(block) = rows.next()? {
                    for row in block.rows() {
                        found.extend(row.texts().map(|(column, text)| (row.number, column, text.trim().to_owned())));
                    }
                }
                Ok(())
            };
            ours.rows(&[position], &mut take).unwrap();
            // Numbers by their format are ours alone: that they stand in the same cells is what is held.
            assert_eq!(found.len(), expected.len(), "{name} {}", sheet.name);
            for (ours, theirs) in found.iter().zip(&expected) {
                assert_eq!((ours.0, ours.1), (theirs.0, theirs.1), "{name} {}", sheet.name);
                let shown_otherwise =
                    theirs.2.starts_with("date ") || theirs.2.starts_with("2026-") || ours.2.starts_with("00");
                let rounded = theirs.2.len() > 16 || matches!(ours.2.as_str(), "TRUE" | "FALSE");
                assert!(shown_otherwise || rounded || ours.2 == theirs.2, "{name}: {ours:?} {theirs:?}");
            }
        }
    }
}

fn kind_of_texts() -> Arc<EvidenceKind> {
    static TEXTS: std::sync::LazyLock<Arc<EvidenceKind>> = std::sync::LazyLock::new(|| {
        kind(
            "texts",
            "files: [\"**/texts*\"]\nread: {csv: {header_row: 1}}\nrecord:\n  type: object\n  properties:\n    \
             id: {type: string}\n    dataset: {type: string}\n    status: {type: string, enum: [success, failed]}\n    \
             copies: {type: integer}\n",
        )
    });
    Arc::clone(&TEXTS)
}
