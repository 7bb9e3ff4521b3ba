//! CSV and its relatives.

use super::*;

/// The kind of jobs, whose exports call the id 流水号.
fn jobs_as_stated() -> Arc<EvidenceKind> {
    let mut kind = (*jobs()).clone();
    kind.record.fields.get_mut("id").unwrap().stated = vec!["流水号".into()];
    Arc::new(kind)
}

#[test]
fn what_the_workspace_calls_a_column_stands_before_title_and_alias() {
    for (path, text) in [
        ("jobs.csv", "编号,流水号,完成\nx,J-1,2026-09-01 08:00\n"),
        ("jobs.csv", "流水号,编号,完成\nJ-1,x,2026-09-01 08:00\n"),
        ("jobs.csv", "流水号/Serial,编号,完成\nJ-1,x,2026-09-01 08:00\n"),
        ("jobs.json", r#"[{"编号": "x", "流水号": "J-1", "完成": "2026-09-01 08:00"}]"#),
        ("jobs.json", r#"[{"流水 号": null, "流水号": "J-1", "完成": "2026-09-01 08:00"}]"#),
    ] {
        let (rows, scan) = read(&jobs_as_stated(), path, text, &[], &["id"]);
        assert_eq!(rows, ["J-1"], "{path}: {:?}", said(&scan));
        assert!(reasons(&scan).is_empty(), "{path}: {:?}", said(&scan));
    }
    let (_, scan) = read(&jobs_as_stated(), "jobs.csv", "编号,流水号,完成\nx,J-1,2026-09-01 08:00\n", &[], &["id"]);
    assert_eq!(said(&scan), ["extra-column jobs.csv: undeclared columns, not used (1): `编号`"]);
    // Two keys that it calls so must say the same.
    let text = r#"[{"流水 号": "J-2", "流水号": "J-1", "完成": "2026-09-01 08:00"}]"#;
    let (rows, _) = read(&jobs_as_stated(), "jobs.json", text, &[], &["id"]);
    assert_eq!(rows, ["?"]);
}

const COLUMNS: &[&str] = &["id", "status", "copies", "offsite", "done_at", "keep_until", "tags"];
const HEADER: &str = "编号,状态,份数,异地,完成,保留至,标签\n";

#[test]
fn cells_are_read_by_their_declared_type() {
    for (name, row, expected) in [
        (
            "plain",
            "a,success,2,true,2026-09-01 08:00:00,2026-12-31,x;y",
            "a|success|2|true|2026-09-01T08:00:00+08:00|2026-12-31|[\"x\",\"y\"]",
        ),
        (
            "as people write",
            "a,成功,１，２,是,2026年9月1日 8时0分,永久,",
            "a|success|?|true|2026-09-01T08:00:00+08:00|9999-12-31|·",
        ),
        ("grouped", "a,失败,\"1,200\",×,2026/9/1 8:00,无,x", "a|failed|1200|false|2026-09-01T08:00:00+08:00|·|[\"x\"]"),
        ("blank", "a,,,,2026-09-01T00:00:00Z,,", "a|·|·|·|2026-09-01T08:00:00+08:00|·|·"),
        ("unreadable", "a,好,many,maybe,2026-09-01T00:00:00Z,someday,", "a|?|?|?|2026-09-01T08:00:00+08:00|?|·"),
        (
            "below the minimum",
            "a,success,-1,1,2026-09-01T00:00:00Z,,",
            "a|success|?|true|2026-09-01T08:00:00+08:00|·|·",
        ),
        ("required and blank", ",success,1,1,2026-09-01T00:00:00Z,,", "?|success|1|true|2026-09-01T08:00:00+08:00|·|·"),
    ] {
        let row = if name == "as people write" { row.replace("１，２", "一二") } else { row.to_owned() };
        let (rows, scan) = read(&jobs(), "jobs.csv", &format!("{HEADER}{row}\n"), &[], COLUMNS);
        assert_eq!(rows, [expected], "{name}");
        let doubts = expected.matches('?').count() as u64;
        assert_eq!(scan.files[0].cells_unreadable, doubts, "{name}");
        assert_eq!(
            scan.diagnostics.iter().filter(|d| d.code.id == "evidence/unreadable-cell").count() as u64,
            doubts,
            "{name}"
        );
    }
}

#[test]
fn a_fault_points_at_file_row_line_and_column() {
    let text = "2026年第三季度备份记录\n\n编号,状态,完成\n\"a\nb\",成功,2026-09-01 08:00\nc,好,2026-09-01 08:00\n";
    let (rows, scan) = read(&jobs(), "evidence/jobs.csv", text, &[], &["id", "status", "file.row", "file.path"]);
    assert_eq!(rows, ["a\nb|success|4|evidence/jobs.csv", "c|?|5|evidence/jobs.csv"]);
    assert_eq!(told(&scan.diagnostics), ["unreadable-cell evidence/jobs.csv:5:状态"]);
    let Some(crate::text::Place::Row { line, .. }) = &scan.diagnostics[0].place else { panic!("a row") };
    assert_eq!(*line, Some(6));
}

#[test]
fn sensitive_cells_are_masked_in_diagnostics() {
    let (rows, scan) = read(&jobs(), "jobs.csv", "编号,保管人,完成\na,张三丰99,2026-09-01 08:00\n", &[], &["holder"]);
    assert_eq!(rows, ["?"]);
    assert!(!format!("{:?}", scan.diagnostics).contains("三丰"), "{:?}", scan.diagnostics);
}

#[test]
fn shapes_of_tables() {
    let cases: &[(&str, &str, &str, &[&str], &[&str])] = &[
        ("with a byte order mark", "jobs.csv", "\u{feff}id,done_at\na,2026-09-01 08:00\n", &["a"], &[]),
        ("semicolons", "jobs.csv", "id;done_at;份数\na;2026-09-01 08:00;1,000\n", &["a"], &[]),
        ("tabs", "jobs.tsv", "id\tdone_at\na\t2026-09-01 08:00\n", &["a"], &[]),
        ("bars, no suffix", "jobs", "id|done_at\na|2026-09-01 08:00\n", &["a"], &[]),
        ("wide header", "jobs.csv", "ＩＤ,完成（时间）\na,2026-09-01 08:00\n", &["a"], &[]),
        (
            "a short row is rejected",
            "jobs.csv",
            "id,done_at,status\na,2026-09-01 08:00,成功\nb,2026-09-\n",
            &["a"],
            &["rejected-row jobs.csv:3"],
        ),
        (
            "a long row is rejected",
            "jobs.csv",
            "id,done_at\na,2026-09-01 08:00,x\nb,2026-09-01 08:00,\n",
            &["b"],
            &["rejected-row jobs.csv:2"],
        ),
        ("blank rows are none", "jobs.csv", "id,done_at\n,\n\na,2026-09-01 08:00\n , \n", &["a"], &[]),
        (
            "extra columns are listed",
            "jobs.csv",
            "id,done_at,备注\na,2026-09-01 08:00,x\n",
            &["a"],
            &["extra-column jobs.csv"],
        ),
        (
            "two columns for one field",
            "jobs.csv",
            "id,done_at,数据集,dataset,编号\na,2026-09-01 08:00,x,y,b\n",
            &["?"],
            &["missing-column jobs.csv", "duplicate-column jobs.csv:1:编号", "duplicate-column jobs.csv:1:dataset"],
        ),
        (
            "unclosed quote",
            "jobs.csv",
            "id,done_at\na,2026-09-01 08:00\nb,\"2026-09-01 08:00\nc,2026-09-01 08:00\n",
            &["a"],
            &["unclosed-quote jobs.csv:3"],
        ),
        (
            "a quote that only the next quoted cell closes",
            "jobs.csv",
            "id,done_at,status\na,2026-09-01 08:00,\"成功\nb,2026-09-01 08:00,失败\nc,2026-09-01 08:00,\"成功\"\n\
             d,2026-09-01 08:00,\"成功\" \n",
            &["d"],
            &["unclosed-quote jobs.csv:2"],
        ),
    ];
    for (name, path, text, ids, faults) in cases {
        let (rows, scan) = read(&jobs(), path, text, &[], &["id"]);
        assert_eq!(&rows, ids, "{name}");
        assert_eq!(&told(&scan.diagnostics), faults, "{name}");
    }
}

/// Exports joined by hand: the header of the second is no row, however its cells would read.
#[test]
fn a_header_among_the_rows_is_no_row() {
    let row = |id: &str| format!("{id},2026-09-01 08:00,x\n");
    for (name, again, ids, faults) in [
        ("the same", "编号,完成,数据集\n", 2, &["repeated-header jobs.csv:3"][..]),
        ("with blanks and an empty cell behind", " 编号,完成 ,数据集,\n", 2, &["repeated-header jobs.csv:3"]),
        ("and again, told once", "编号,完成,数据集\n编号,完成,数据集\n", 2, &["repeated-header jobs.csv:3"]),
        // Another order is the header of another table: what follows is read under the wrong one.
        ("another order", "编号,数据集,完成\n", 2, &["rejected-row jobs.csv:3"]),
        ("another order and other names", "库名,编号,done at\n", 2, &["rejected-row jobs.csv:3"]),
        ("one cell that is no heading", "编号,2026-09-01 08:00,数据集\n", 3, &[]),
    ] {
        let text = format!("编号,完成,数据集\n{}{again}{}", row("a"), row("b"));
        let (rows, scan) = read(&jobs(), "jobs.csv", &text, &[], &["id", "done_at"]);
        assert_eq!(rows.len(), ids, "{name}: {rows:?}");
        assert_eq!(told(&scan.diagnostics), faults, "{name}");
        let rejected = u64::from(faults.iter().any(|fault| fault.starts_with("rejected-row")));
        assert_eq!((scan.files[0].rows_read, scan.files[0].rows_rejected), (ids as u64, rejected), "{name}");
    }
}

/// A quote by mistake at the beginning of a cell, and one at the end of a cell of the next row: by the rules of CSV that is one
/// cell.
#[test]
fn a_row_within_a_cell_is_told() {
    let head = "编号,完成,数据集,状态,份数,比例\n";
    let torn =
        "a,2026-09-01 08:00,\"甲,失败,1,0.5\nb,2026-09-02 08:00,乙\",成功,2,0.5\nc,2026-09-03 08:00,丙,成功,3,0.5\n";
    let (rows, scan) = read(&jobs(), "jobs.csv", &format!("{head}{torn}"), &[], &["id", "status"]);
    assert_eq!((rows, told(&scan.diagnostics)), (vec!["c|success".into()], vec!["rejected-row jobs.csv:2".into()]));
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
    // A remark of several lines with some commas is one.
    let remark = "a,2026-09-01 08:00,\"甲,乙\n丙,丁\",成功,1,0.5\n";
    let (rows, scan) = read(&jobs(), "jobs.csv", &format!("{head}{remark}"), &[], &["id", "status"]);
    assert_eq!((rows, told(&scan.diagnostics)), (vec!["a|success".into()], vec![]));
}

/// A delimiter that nobody quoted moves what follows; a blank at the end makes room for it.
#[test]
fn a_blank_cell_too_many_in_one_row_is_no_habit() {
    let head = "编号,完成,份数,数据集,比例\n";
    let row = |id: &str, rest: &str| format!("{id},2026-09-01 08:00,1,甲,0.5{rest}\n");
    let moved = "b,2026-09-01 08:00,1,234,0.5,\n";
    for (name, text, ids, rejected) in [
        ("in one row", format!("{head}{}{moved}{}", row("a", ""), row("c", "")), vec!["a", "c"], 1),
        ("in every row", format!("{head}{}{}", row("a", ","), row("c", ",")), vec!["a", "c"], 0),
        (
            "in the header too",
            format!("编号,完成,份数,数据集,比例,\n{}{}", row("a", ","), row("c", "")),
            vec!["a", "c"],
            0,
        ),
        ("one more than in the others", format!("{head}{}{}", row("a", ",,"), row("c", ",,")), vec!["a", "c"], 0),
    ] {
        let (rows, scan) = read(&jobs(), "jobs.csv", &text, &[], &["id"]);
        assert_eq!(
            (rows, scan.files[0].rows_rejected),
            (ids.into_iter().map(str::to_owned).collect(), rejected),
            "{name}"
        );
    }
}

#[test]
fn a_raised_or_circled_digit_is_a_footnote() {
    let text = |copies: &str| format!("编号,完成,份数,比例\na,2026-09-01 08:00,{copies},{copies}\n");
    for (copies, expected) in [("2²", "?|?"), ("1①", "?|?"), ("7¹", "?|?"), ("①", "1|1"), ("１２", "12|12")] {
        let (rows, _) = read(&jobs(), "jobs.csv", &text(copies), &[], &["copies", "ratio"]);
        assert_eq!(rows, [expected], "{copies}");
    }
}

/// As in workbooks.
#[test]
fn cells_without_a_heading_are_named_in_text_too() {
    let text = "编号,,完成,,数据集\na,x,2026-09-01 08:00,,甲\nb,,2026-09-02 08:00,,乙\n";
    let (rows, scan) = read(&jobs(), "jobs.csv", text, &[], &["id"]);
    assert_eq!(
        (rows.len(), said(&scan)),
        (2, vec!["extra-column jobs.csv: undeclared columns, not used (1): `[B]`".into()])
    );
}

#[test]
fn a_control_character_spoils_one_cell() {
    let text = "id,done_at,status\na,2026-09-01 08:00,\u{1}\nb,2026-09-01 08:00,成功\n";
    let (rows, scan) = read(&jobs(), "jobs.csv", text, &[], &["id", "status"]);
    assert_eq!(rows, ["a|?", "b|success"]);
    assert_eq!(told(&scan.diagnostics), ["unreadable-cell jobs.csv:2:status"]);
    assert_eq!((scan.files[0].cells_unreadable, scan.files[0].rows_rejected), (1, 0));
    let said = &scan.diagnostics[0].message;
    assert_eq!(said.zh, "`\u{fffd}` 不是允许的取值（success, failed）");
    assert_eq!(said.en, "`\u{fffd}` is not an allowed value (success, failed)");
}

#[test]
fn bytes_that_are_no_text_spoil_one_cell() {
    let mut bytes = "id,done_at,数据集\na,2026-09-01 08:00,".as_bytes().to_vec();
    bytes.extend_from_slice(b"\xff\xfe\nb,2026-09-01 08:00,");
    bytes.extend_from_slice("数据\n".as_bytes());
    let index =
        Index::from_memory([jobs()], vec![MemoryFile { path: "jobs.csv".into(), kind: None, bytes }], options());
    let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id", "dataset"])]);
    assert_eq!(rows[0], [["a", "?"], ["b", "数据"]]);
    assert_eq!(told(&scan.diagnostics), ["unreadable-cell jobs.csv:2:数据集"]);
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let wide = format!("{}\n", "id,".repeat(5_000)).into_bytes();
    let long = format!("id,done_at\na,\"{}\n", "x".repeat(3 << 20)).into_bytes();
    for (name, path, bytes, code) in [
        ("binary", "jobs.csv", b"\x00\x01\xff\xfe\x80\x81\x00".to_vec(), "evidence/encoding"),
        ("5,000 columns", "jobs.csv", wide, "evidence/too-large"),
        ("a cell of 3 MiB", "jobs.csv", long, "evidence/too-large"),
        ("no header", "jobs.csv", b"1,2,3\n4,5,6\n".to_vec(), "evidence/header"),
        ("a picture", "jobs.png", b"\x89PNG".to_vec(), "evidence/format"),
    ] {
        let index = Index::from_memory([jobs()], vec![MemoryFile { path: path.into(), kind: None, bytes }], options());
        let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
        assert_eq!(rows[0].len(), 0, "{name}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{name}");
        assert_eq!(scan.diagnostics[0].code.id, code, "{name}");
        assert_eq!(scan.files[0].sha256.len(), 64, "{name}: hashed all the same");
    }
}

#[test]
fn what_other_programs_save_is_read_in_its_encoding() {
    let text = "编号,完成,状态\na,2026-09-01 08:00,成功\n";
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    // An ASCII start longer than what is looked at to recognise a file.
    let late = format!("id,done_at,holder\n{}", "a,2026-09-01 08:00,x\n".repeat(5_000));
    let mut late = late.into_bytes();
    late.extend_from_slice(&encoding_rs::GBK.encode("b,2026-09-01 08:00,张三丰财务\n").0);
    for (name, bytes, encoding, rows_read) in [
        ("Chinese Excel", encoding_rs::GBK.encode(text).0.into_owned(), "gb18030", 1),
        ("Unicode text of Excel", utf16(&format!("\u{feff}{text}")), "utf-16le", 1),
        ("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes(), "utf-8-bom", 1),
        ("hanzi only late in the file", late, "gb18030", 5_001),
    ] {
        let index =
            Index::from_memory([jobs()], vec![MemoryFile { path: "jobs.csv".into(), kind: None, bytes }], options());
        let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id", "done_at", "holder"])]);
        assert_eq!(scan.files[0].encoding, Some(encoding), "{name}: {:?}", told(&scan.diagnostics));
        assert_eq!(scan.files[0].rows_read, rows_read, "{name}");
        let last = rows[0].last().unwrap();
        assert_eq!(last[1], "2026-09-01T08:00:00+08:00", "{name}");
        if rows_read > 1 {
            assert_eq!(last[2], "张三丰财务", "{name}");
        }
    }
}

#[test]
fn lines_with_fields_are_read_by_the_pattern_of_the_kind() {
    let access = kind(
        "access",
        r#"
files: ["**/access*"]
max_age: 30 days
time: at
several: all
may_be_empty: false
read: {lines: {pattern: '^(?<ip>\S+) \[(?<时间>[^\]]+)\] "(?<request>[^"]*)" (?<status>\d{3})(?: (?<note>.+))?$', skip: "^#"}}
record:
  type: object
  required: [ip, at]
  properties:
    ip: {type: string}
    at: {type: string, format: date-time, title: 时间}
    status: {type: integer}
    note: {type: string}
"#,
    );
    let text = "# started\n10.0.0.1 [2026-09-01 08:00:00] \"GET / HTTP/1.1\" 200\n\n10.0.0.2 [2026-09-01 08:00:01] \"x\" 404 late\n\
                broken line\r\n10.0.0.3 [2026-13-01 08:00:01] \"x\" 500\n";
    let (rows, scan) = read(&access, "access.log", text, &[], &["ip", "at", "status", "note", "file.row"]);
    assert_eq!(
        rows,
        [
            "10.0.0.1|2026-09-01T08:00:00+08:00|200|·|2",
            "10.0.0.2|2026-09-01T08:00:01+08:00|404|late|4",
            "10.0.0.3|?|500|·|6"
        ]
    );
    assert_eq!((scan.files[0].format, scan.files[0].rows_rejected), (Some("lines"), 1));
    assert_eq!(
        told(&scan.diagnostics),
        ["extra-column access.log", "rejected-row access.log:5", "unreadable-cell access.log:6:at"]
    );
}

#[test]
fn a_compressed_log_is_read_as_its_contents() {
    use std::io::Write as _;
    let pack = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let csv = pack("id,done_at\na,2026-09-01 08:00\n\nb,2026-09-02 08:00\n");
    let lines = pack("{\"id\":\"a\",\"done_at\":\"2026-09-01 08:00\"}\n");
    let cut = csv[..csv.len() - 12].to_vec();
    let read = |path: &str, bytes: Vec<u8>| {
        let index = Index::from_memory([jobs()], vec![MemoryFile { path: path.into(), kind: None, bytes }], options());
        rows_of(&index, &[table("jobs", &[], &["id", "file.row"])])
    };
    let (rows, scan) = read("jobs.csv.gz", csv.clone());
    assert_eq!(rows[0], [["a", "2"], ["b", "4"]], "{:?}", told(&scan.diagnostics));
    assert_eq!((scan.files[0].format, scan.files[0].rows_read), (Some("csv"), 2));
    let (rows, _) = read("jobs.jsonl.gz", lines);
    assert_eq!(rows[0], [["a", "1"]]);
    let checksum = csv.len() - 8;
    let damaged = |at: usize, byte: u8| {
        let mut bytes = csv.clone();
        bytes[at] ^= byte;
        bytes
    };
    for (name, bytes, zh, en) in [
        (
            "its checksum",
            damaged(checksum, 1),
            "不能读取（压缩数据已损坏：校验值不符）",
            "cannot be read: the compressed data is damaged: its checksum does not match",
        ),
        ("a block", damaged(10, 6), "不能读取（压缩数据已损坏）", "cannot be read: the compressed data is damaged"),
    ] {
        let (_, scan) = read("jobs.csv.gz", bytes);
        assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{name}");
        assert_eq!(told(&scan.diagnostics), ["unreadable-file jobs.csv.gz"], "{name}");
        let said = &scan.diagnostics[0].message;
        assert_eq!((said.zh.as_str(), said.en.as_str()), (zh, en), "{name}");
    }
    let (_, scan) = read("jobs.csv.gz", cut);
    assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "cut short");
    assert_eq!(scan.files[0].sha256.len(), 64);
}

#[test]
fn an_encoding_that_the_manifest_states_counts() {
    let manifest = |encoding: &str| Manifest {
        files: vec![ManifestFile { encoding: Some(encoding.to_owned()), ..stated("jobs.csv") }],
    };
    let big5 = encoding_rs::BIG5.encode("id,done_at,holder\na,2026-09-01 08:00,會計\n").0.into_owned();
    let read = |encoding: &str| {
        let options = MemoryOptions { manifest: manifest(encoding), ..options() };
        let file = MemoryFile { path: "jobs.csv".into(), kind: None, bytes: big5.clone() };
        let index = Index::from_memory([jobs()], vec![file], options);
        rows_of(&index, &[table("jobs", &[], &["holder"])])
    };
    let (rows, _) = read("big5");
    assert_eq!(rows[0], [["會計"]]);
    let (rows, scan) = read("klingon");
    assert_eq!((rows[0].len(), told(&scan.diagnostics)), (0, vec!["encoding jobs.csv".to_owned()]));
}

#[test]
fn a_missing_column_is_told_of_its_check_only() {
    let (rows, scan) =
        read(&jobs(), "jobs.csv", "id,done_at,stauts\na,2026-09-01 08:00,成功\n", &[], &["id", "status", "ratio"]);
    assert_eq!(rows, ["a|?|?"]);
    assert!(scan.missing.is_empty());
    assert_eq!(scan.missing_for(0, ["id"]), []);
    let missing = scan.missing_for(0, ["id", "status"]);
    assert_eq!(
        (missing.len(), missing[0].reason, missing[0].column.as_deref()),
        (1, NotTested::EvidenceUnreadable, Some("status"))
    );
    let help = scan.diagnostics.iter().find_map(|diagnostic| diagnostic.help.as_ref());
    assert!(help.is_some_and(|help| help.en.contains("`stauts`")), "{:?}", scan.diagnostics);
    // A policy test names only what it needs.
    let lenient = MemoryOptions { columns_may_be_absent: true, ..options() };
    let index = Index::from_memory([jobs()], vec![file("t.csv", "jobs", "status\n成功\n")], lenient);
    let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id", "status"])]);
    assert_eq!(rows[0], [["·", "success"]]);
    assert_eq!((scan.missing_for(0, ["id", "status"]), told(&scan.diagnostics)), (Vec::new(), Vec::new()));
}

#[test]
fn column_order_and_unwanted_columns_change_nothing() {
    let (expected, _) = read(
        &jobs(),
        "jobs.csv",
        "id,done_at,status,份数\na,2026-09-01 08:00,成功,1\nb,2026-09-02 08:00,失败,2\n",
        &[],
        COLUMNS.get(..3).unwrap(),
    );
    let (other, _) = read(
        &jobs(),
        "jobs.csv",
        "份数;x;status;done_at;id\n1;;成功;2026-09-01 08:00;a\n2;;失败;2026-09-02 08:00;b\n",
        &[],
        COLUMNS.get(..3).unwrap(),
    );
    assert_eq!(expected, other);
    assert_eq!(expected, ["a|success|1", "b|failed|2"]);
}

#[test]
fn batches_split_anywhere_and_diagnostics_are_capped() {
    let rows: String =
        (0..500).map(|n| format!("r{n},2026-09-01 08:00,{}\n", if n % 2 == 0 { "成功" } else { "?" })).collect();
    let text = format!("id,done_at,status\n{rows}");
    let whole = {
        let index = Index::from_memory([jobs()], vec![file("jobs.csv", "jobs", &text)], options());
        rows_of(&index, &[table("jobs", &[], &["id", "status"])])
    };
    for batch_rows in [1, 7, 499, 500, 501] {
        let limits = Limits { batch_rows, ..Limits::default() };
        let index =
            Index::from_memory([jobs()], vec![file("jobs.csv", "jobs", &text)], MemoryOptions { limits, ..options() });
        let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id", "status"])]);
        assert_eq!(rows, whole.0, "{batch_rows}");
        assert_eq!(
            (scan.files, scan.diagnostics),
            (whole.1.files.clone(), whole.1.diagnostics.clone()),
            "{batch_rows}"
        );
    }
    assert_eq!(whole.1.files[0].cells_unreadable, 250);
    assert_eq!(whole.1.diagnostics.len(), 51);
    assert!(whole.1.diagnostics.iter().any(|d| d.message.en == "200 more of the same are not listed (250 in all)"));
}

#[test]
fn a_repeated_key_spoils_every_row_that_has_it() {
    let header = "id,done_at,份数\n";
    let (rows, scan) = read(
        &jobs(),
        "jobs.csv",
        &format!("{header}a,2026-09-01 08:00,1\nb,2026-09-01 08:00,2\na,2026-09-02 08:00,3\n"),
        &[],
        &["id", "copies"],
    );
    assert_eq!(rows, ["?|1", "b|2", "?|3"]);
    assert_eq!(told(&scan.diagnostics), ["duplicate-key jobs.csv:2:id", "duplicate-key jobs.csv:4:id"]);
    let (rows, _) =
        read(&jobs(), "jobs.csv", &format!("{header}a,2026-09-01 08:00,1\na,2026-09-02 08:00,3\n"), &[], &["copies"]);
    assert_eq!(rows, ["1", "3"], "the key is nobody's concern here");
}

#[test]
fn a_repeated_key_of_times_is_noticed() {
    let days = |key: &str| {
        kind(
            "days",
            &format!(
                "files: [\"**/days*\"]\ntime: day\nkey: {key}\nrecord:\n  type: object\n  properties:\n    \
                 day: {{type: string, format: date}}\n    host: {{type: string}}\n"
            ),
        )
    };
    let text = "day,host\n2026-09-01,a\n2026-09-01,b\n2026-09-02,a\n";
    let (rows, scan) = read(&days("[day]"), "days.csv", text, &[], &["day"]);
    assert_eq!(rows, ["?", "?", "2026-09-02"]);
    assert_eq!(told(&scan.diagnostics), ["duplicate-key days.csv:2:day", "duplicate-key days.csv:3:day"]);
    let (rows, _) = read(&days("[host, day]"), "days.csv", text, &[], &["day"]);
    assert_eq!(rows, ["2026-09-01", "2026-09-01", "2026-09-02"]);
    let (rows, _) = read(&days("[day]"), "days.csv", text, &[], &["host"]);
    assert_eq!(rows, ["a", "b", "a"], "read for the period alone, it is nobody's concern");
}

#[test]
fn a_time_before_the_one_it_may_not_precede_is_unreadable() {
    let text = "id,started_at,done_at\na,2026-09-01 08:00,2026-09-01 07:59\nb,2026-09-01 08:00,2026-09-01 08:00\nc,,2026-09-01 08:00\n";
    let (rows, scan) = read(&jobs(), "jobs.csv", text, &[], &["id", "done_at"]);
    assert_eq!(rows, ["a|?", "b|2026-09-01T08:00:00+08:00", "c|2026-09-01T08:00:00+08:00"]);
    assert_eq!(told(&scan.diagnostics), ["unreadable-cell jobs.csv:2:done_at"]);
}

proptest::proptest! {
    #[test]
    fn any_bytes_give_rows_or_diagnostics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), format in 0..5_usize) {
        let path = ["jobs.csv", "jobs.json", "jobs.jsonl", "jobs.yaml", "jobs"][format];
        let index = Index::from_memory([jobs()], vec![MemoryFile { path: path.into(), kind: None, bytes }], options());
        let (_, scan) = rows_of(&index, &[table("jobs", &[], COLUMNS)]);
        proptest::prop_assert_eq!(scan.files.len(), 1);
    }

    #[test]
    fn any_text_after_a_header_gives_rows_or_diagnostics(text in "[a0-9,\"\n\r;:\t 是年月/.%-]{0,80}") {
        let (_, scan) = read(&jobs(), "jobs.csv", &format!("{HEADER}{text}"), &[], COLUMNS);
        proptest::prop_assert_eq!(scan.files.len(), 1);
    }
}

/// A delimiter that is rare is read where the header leaves no doubt, else it is named.
#[test]
fn rare_delimiters_are_read_or_named() {
    let text = "编号,完成,份数\na,2026-09-01 08:00,2\n";
    for delimiter in ["^", "~"] {
        let (rows, scan) = read(&jobs(), "jobs.csv", &text.replace(',', delimiter), &[], &["id", "done_at", "copies"]);
        assert_eq!(rows, ["a|2026-09-01T08:00:00+08:00|2"], "{delimiter}");
        assert_eq!(told(&scan.diagnostics), Vec::<String>::new(), "{delimiter}");
    }
    let declared = "在证据类型或适配器的 `read.csv.delimiter` 中写明";
    let quoted = text.replace('\n', "'\n'").replace(',', "','");
    for (name, text, zh, en) in [
        ("colons", text.replace(',', ":"), declared, "delimited by `:`: say so in `read.csv.delimiter` of the kind"),
        ("a control character", text.replace(',', "\u{1}"), declared, "delimited by `\\u{1}`"),
        ("wide commas", text.replace(',', "，"), "以 `，` 分隔，这样的字符不能作分隔符", "which cannot be a delimiter"),
        ("section signs", text.replace(',', "§"), "以 `§` 分隔", "delimited by `§`"),
        // Two fields may be chance.
        ("two columns", "编号^完成\na^2026-09-01 08:00\n".into(), declared, "delimited by `^`"),
        (
            "single quotes",
            format!("'{quoted}"),
            "写在单引号中：请改用双引号导出",
            "in single quotes: export it with double",
        ),
    ] {
        let (rows, scan) = read(&jobs(), "jobs.csv", &text, &[], &["id"]);
        assert_eq!((rows.len(), told(&scan.diagnostics)), (0, vec!["header jobs.csv".to_owned()]), "{name}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{name}");
        assert_eq!(scan.diagnostics[0].message.en, "no header row was found", "{name}");
        let help = scan.diagnostics[0].help.clone().unwrap();
        assert!(help.zh.contains(zh) && help.en.contains(en), "{name}: {help:?}");
    }
    // What merely has such characters in it is not taken apart.
    let (_, scan) = read(&jobs(), "jobs.csv", "a:b:c\n1:2:3\n", &[], &["id"]);
    let help = scan.diagnostics[0].help.clone().unwrap();
    assert!(help.en.starts_with("one of the first 30 rows must hold column names"), "{help:?}");
}

/// Quotes that stand behind a blank are quotes; those that CSV does not know are told, never kept in silence.
#[test]
fn quotes_as_programs_write_them() {
    let unreadable = |column: &str| vec![format!("unreadable-cell jobs.csv:2:{column}")];
    for (name, text, id, faults) in [
        (
            "behind a blank",
            "编号, \"数据集\", \"完成\"\n\"x\", \"0012345\", \"2026-09-01 08:00\"\n",
            "x|0012345",
            vec![],
        ),
        ("two of them", "编号,数据集,完成\nx, \"say \"\"hi\"\"\",2026-09-01 08:00\n", "x|say \"hi\"", vec![]),
        ("a word in quotes", "编号,数据集,完成\nx, \"a\" b,2026-09-01 08:00\n", "x|\"a\" b", vec![]),
        ("a blank of its own", "编号,数据集,完成\nx,\" \"\"a\"\"\",2026-09-01 08:00\n", "x|\"a\"", vec![]),
        ("never closed", "编号,数据集,完成\nx, \"a,2026-09-01 08:00\n", "x|?", unreadable("数据集")),
        ("behind a backslash", "编号,数据集,完成\n\"w1\\\"x\",\"a\",\"2026-09-01 08:00\"\n", "?|a", unreadable("编号")),
        ("a path", "编号,数据集,完成\nx,\"C:\\books\\\",2026-09-01 08:00\n", "x|C:\\books\\", vec![]),
    ] {
        let (rows, scan) = read(&jobs(), "jobs.csv", text, &[], &["id", "dataset"]);
        assert_eq!((rows, told(&scan.diagnostics)), (vec![id.to_owned()], faults), "{name}");
        if let Some(fault) = scan.diagnostics.first() {
            assert!(fault.message.zh.contains("的引号不能读：有引号的格中，引号写成两个"), "{name}: {fault:?}");
            assert!(
                fault.message.en.contains("a quote is written twice (\"\"), not behind a backslash"),
                "{name}: {fault:?}"
            );
        }
    }
    // A delimiter between such quotes leaves a cell too many.
    let (_, scan) = read(&jobs(), "jobs.csv", "编号,数据集,完成\nx, \"a, b\",2026-09-01 08:00\n", &[], &["id"]);
    assert_eq!(told(&scan.diagnostics), ["rejected-row jobs.csv:2"]);
}

#[test]
fn ids_that_a_spreadsheet_spoilt_are_named() {
    let kind = kind(
        "staff",
        "files: [\"**/staff*\"]\nrecord:\n  type: object\n  properties:\n    id: {type: string, pattern: '^\\d{6}$'}\n    doc: {type: string}\n",
    );
    let text = "id,doc\n000123,123456789012345678\n123,1.23E+17\nabc,#N/A\n";
    let (rows, scan) = read(&kind, "staff.csv", text, &[], &["id", "doc"]);
    assert_eq!(rows, ["000123|123456789012345678", "?|?", "?|?"]);
    let said: Vec<&str> = scan.diagnostics.iter().map(|fault| fault.message.en.as_str()).collect();
    for part in ["with leading zeros it would fit", "its digits are lost", "`abc` does not match the pattern", "`#N/A`"]
    {
        assert_eq!(said.iter().filter(|line| line.contains(part)).count(), 1, "{part}: {said:?}");
    }
}

#[test]
fn data_taken_for_headings_are_not_shown_where_some_may_be_sensitive() {
    // `状态` is a word of the header, in a row of data of a file without one.
    let (_, scan) =
        read(&jobs(), "jobs.csv", "李某,状态,110105194912310021,x,y\n王某,失败,110105194912310022,x,y\n", &[], &["id"]);
    let said: Vec<&str> = scan.diagnostics.iter().map(|fault| fault.message.zh.as_str()).collect();
    assert!(said.iter().any(|line| line.contains("4 列没有声明")), "{said:?}");
    assert!(said.iter().all(|line| !line.contains("李某") && !line.contains("1101")), "{said:?}");
}

/// A megabyte in which nothing is a character took half a minute: room for all of it was made at each.
#[test]
fn very_many_bytes_that_are_no_characters_take_their_time_only() {
    let header: Vec<u8> = "编号,完成\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let line = [b"\x00\xd8".repeat(1_000), b"\n\0".to_vec()].concat();
    let bytes = [b"\xff\xfe".to_vec(), header, line.repeat(1_000)].concat();
    in_time(move || {
        let file = MemoryFile { path: "jobs.csv".into(), kind: Some(KindId::new("jobs")), bytes };
        let index = Index::from_memory([jobs()], vec![file], options());
        let (rows, scan) = rows_of(&index, &[table("jobs", &[], &["id"])]);
        let read = rows[0].iter().filter(|row| row[0] != "?").count();
        assert_eq!((read, reasons(&scan).contains(&NotTested::EvidenceIncomplete)), (0, true), "{:?}", scan.missing);
    });
}
