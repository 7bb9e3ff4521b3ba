//! Workbooks in which an office keeps several registers, a sheet for each.

use super::*;

/// The register as it was each month, a sheet for each: nobody but whoever keeps it knows that only the last one counts.
#[test]
fn sheets_that_are_captures_of_one_register_are_told_what_to_state() {
    let posts = kind(
        "posts",
        "files: [\"**/posts*\"]\nmax_age: 30 days\nseveral: newest\nkey: [post]\nrecord: {type: object, required: [post], properties: {post: {type: string, title: 岗位}, name: {type: string, title: 姓名}}}\n",
    );
    let month = |name: &str| grid(&[&["岗位", "姓名"], &["主管", name]]);
    let bytes = workbook_of(&[("8月", sheet(&month("甲"))), ("9月", sheet(&month("乙")))]);
    let (_, scan) = read_bytes(&posts, ("posts.xlsx", &bytes), &[], &["post"]);
    assert!(scan.missing.iter().any(|missing| missing.detail.en.contains("state the newest in `sheet`")), "{scan:?}");
    let one = workbook_of(&[("9月", sheet(&grid(&[&["岗位", "姓名"], &["主管", "甲"], &["主管", "乙"]])))]);
    let (_, scan) = read_bytes(&posts, ("posts.xlsx", &one), &[], &["post"]);
    assert_eq!(scan.missing.len(), 1);
    assert!(!scan.missing[0].detail.en.contains("`sheet`"), "{scan:?}");
}

fn kinds() -> [Arc<EvidenceKind>; 3] {
    let of = |id: &str, properties: &str| {
        let fields = properties.split_once(',').map_or(properties, |(first, _)| first);
        let first = fields.trim_start_matches('{').split(':').next().unwrap().trim().to_owned();
        kind(
            id,
            &format!(
                "files: [\"**/{id}*\"]\nkey: [{first}]\nmay_be_empty: true\nrecord:\n  type: object\n  required: [{first}]\n  properties: {properties}\n"
            ),
        )
    };
    [
        of(
            "people",
            "{no: {type: string, title: 工号}, name: {type: string, title: 姓名}, post: {type: string, title: 岗位}}",
        ),
        of("assets", "{asset: {type: string, title: 资产编号}, model: {type: string, title: 型号}}"),
        of("lockers", "{asset: {type: string, title: 资产编号}, room: {type: string, title: 房间}}"),
    ]
}

fn rows(rows: &[&[&str]]) -> String {
    let cells = |row: &&[&str]| ods_row("", &row.iter().map(|cell| ("", *cell)).collect::<Vec<_>>());
    rows.iter().map(cells).collect()
}

/// A workbook of people and assets, with a sheet that is neither.
fn office(more: &[(&str, String)]) -> Vec<u8> {
    let mut sheets = vec![
        ("花名册", rows(&[&["工号", "姓名", "岗位"], &["1", "甲", "会计"], &["2", "乙", "出纳"]])),
        ("设备", rows(&[&["资产编号", "型号"], &["PC-1", "T14"]])),
    ];
    sheets.extend(more.iter().cloned());
    ods_of(&sheets)
}

fn index(path: &str, bytes: Vec<u8>, files: Vec<ManifestFile>) -> Index {
    let file = MemoryFile { path: path.into(), kind: None, bytes };
    Index::from_memory(kinds(), vec![file], MemoryOptions { manifest: Manifest { files }, ..options() })
}

/// Entries of the index as `name kind`, and the rows of each kind.
fn found(index: &Index) -> (Vec<String>, Vec<String>) {
    let kind = |file: &FileEntry| file.kind.as_ref().map_or("—", KindId::as_str).to_owned();
    let entries = index.files().iter().map(|file| format!("{} {}", file.name(), kind(file)));
    let mut read = Vec::new();
    for (kind, columns) in [("people", ["no", "name"]), ("assets", ["asset", "model"]), ("lockers", ["asset", "room"])]
    {
        let (rows, scan) = rows_of(index, &[table(kind, &[], &columns)]);
        read.extend(rows[0].iter().map(|row| format!("{kind}: {}", row.join("|"))));
        let told = said(&scan).into_iter().filter(|said| !said.starts_with("columns"));
        read.extend(told.map(|said| format!("{kind}! {said}")));
        let open = scan.missing.iter().filter(|missing| missing.reason != NotTested::EvidenceMissing);
        read.extend(open.map(|missing| format!("{kind}? {}", missing.detail.en)));
    }
    (entries.collect(), read)
}

fn part(path: &str, kind: &str, sheets: &[&str]) -> ManifestFile {
    let kind = (!kind.is_empty()).then(|| KindId::new(kind));
    ManifestFile { kind, sheets: sheets.iter().map(|&sheet| sheet.to_owned()).collect(), ..stated(path) }
}

#[test]
fn every_register_of_a_workbook_is_read() {
    let note = ("附注", rows(&[&["本表由行政部维护"]]));
    let index = index("台账.ods", office(&[note]), Vec::new());
    let (entries, read) = found(&index);
    assert_eq!(entries, ["台账.ods[花名册] people", "台账.ods[设备] assets"]);
    assert_eq!(
        read,
        [
            "people: 1|甲",
            "people: 2|乙",
            "people! unused-sheet 台账.ods: sheets that are not used: `附注`",
            "assets: PC-1|T14",
            "assets! unused-sheet 台账.ods: sheets that are not used: `附注`"
        ]
    );
    assert_eq!(told(index.diagnostics()), [] as [&str; 0]);
    // The same file once more under another name counts once.
    let again = MemoryFile { path: "台账副本.ods".into(), kind: None, bytes: office(&[]) };
    let files = vec![MemoryFile { path: "台账.ods".into(), kind: None, bytes: office(&[]) }, again];
    let (entries, read) = found(&Index::from_memory(kinds(), files, options()));
    assert_eq!(entries.len(), 4);
    let rows: Vec<_> = read.iter().filter(|line| !line.contains('!')).collect();
    assert_eq!(rows, ["people: 1|甲", "people: 2|乙", "assets: PC-1|T14"]);
}

#[test]
fn a_sheet_that_may_be_of_two_kinds_is_asked_about() {
    let both = ("柜", rows(&[&["资产编号", "房间", "型号"], &["PC-2", "301", "T15"]]));
    let index = index("台账.ods", office(&[both]), Vec::new());
    let (entries, read) = found(&index);
    // It has all of either, and a column more than the register of assets beside it: assets.
    assert_eq!(entries, ["台账.ods[花名册] people", "台账.ods[设备, 柜] assets"]);
    assert!(read.contains(&"assets: PC-2|T15".to_owned()), "{read:?}");
    let one =
        ods_of(&[("花名册", rows(&[&["工号", "姓名"], &["1", "甲"]])), ("柜", rows(&[&["资产编号", "房间", "型号"]]))]);
    let index = super::registers::index("台账.ods", one, Vec::new());
    let (entries, read) = found(&index);
    assert_eq!(entries, ["台账.ods[花名册] people"]);
    assert_eq!(told(index.diagnostics()), ["two-kinds 台账.ods"]);
    assert!(index.diagnostics()[0].message.en.contains("`柜`"), "{}", index.diagnostics()[0].message.en);
    let open = "`台账.ods` may be of this kind or of another, and was not used";
    assert_eq!(read, ["people: 1|甲", &format!("assets? {open}"), &format!("lockers? {open}")]);
}

#[test]
fn the_manifest_names_the_sheets() {
    let more = [
        ("柜", rows(&[&["资产编号", "房间"], &["PC-2", "301"]])),
        ("备用设备", rows(&[&["资产编号", "型号"], &["PC-0", "T9"]])),
    ];
    let files = vec![
        part("台账.ods", "people", &["花名册"]),
        ManifestFile { rows: Some(2), ..part("台账.ods", "assets", &["设备", "备用设备"]) },
    ];
    let (entries, read) = found(&index("台账.ods", office(&more), files));
    assert_eq!(entries, ["台账.ods[花名册] people", "台账.ods[设备, 备用设备] assets"]);
    assert_eq!(
        read,
        [
            "people: 1|甲",
            "people: 2|乙",
            "people! unused-sheet 台账.ods: sheets that are not used: `柜`",
            "assets: PC-1|T14",
            "assets: PC-0|T9",
            "assets! unused-sheet 台账.ods: sheets that are not used: `柜`"
        ]
    );
    // A kind may be left to the header, and a name does not speak for a sheet.
    let files = vec![part("people.ods", "", &["设备"])];
    let (entries, read) = found(&index("people.ods", office(&[]), files));
    assert_eq!(entries, ["people.ods[设备] assets"]);
    assert_eq!(read, ["assets: PC-1|T14", "assets! unused-sheet people.ods: sheets that are not used: `花名册`"]);
}

#[test]
fn a_sheet_that_is_not_there_or_not_of_its_kind_is_told() {
    let lost = index("台账.ods", office(&[]), vec![part("台账.ods", "people", &["名册"])]);
    let (_, read) = found(&lost);
    assert_eq!(
        read,
        ["people! no-sheet 台账.ods: there is no sheet `名册`", "people? `台账.ods`: there is no sheet `名册`"]
    );
    let other = index("台账.ods", office(&[]), vec![part("台账.ods", "people", &["设备"])]);
    let (_, read) = found(&other);
    assert_eq!(told(other.diagnostics()), ["two-kinds 台账.ods"]);
    assert!(read.iter().any(|line| line.starts_with("assets? ")), "{read:?}");
    let text =
        index("people.csv", b"\xe5\xb7\xa5\xe5\x8f\xb7\n1\n".to_vec(), vec![part("people.csv", "people", &["名册"])]);
    let (_, read) = found(&text);
    assert_eq!(
        read[0],
        "people! no-sheet people.csv: the manifest names the sheet `名册`, and the file is no workbook"
    );
    // Two entries for one kind would be two captures of one register.
    let twice = vec![part("台账.ods", "assets", &["设备"]), part("台账.ods", "assets", &["备用设备"])];
    let old = [("备用设备", rows(&[&["资产编号", "型号"], &["PC-0", "T9"]]))];
    let twice = index("台账.ods", office(&old), twice);
    let (entries, read) = found(&twice);
    assert_eq!(entries, ["台账.ods[设备] assets", "台账.ods[备用设备] —"]);
    assert_eq!(told(twice.diagnostics()), ["stated-twice 台账.ods"]);
    assert!(read.iter().any(|line| line.starts_with("assets? ")), "{read:?}");
}

#[test]
fn what_goes_on_in_a_sheet_without_a_header_is_still_missed() {
    let more = [("续", rows(&[&["3", "丙", "会计"], &["4", "丁", "出纳"]]))];
    let (_, read) = found(&index("台账.ods", office(&more), Vec::new()));
    assert!(read.iter().any(|line| line.starts_with("people? ") && line.contains("`续`")), "{read:?}");
    // That of another register is no part of this one.
    let (_, read) =
        found(&index("台账.ods", office(&[("设备二", rows(&[&["资产编号", "型号"], &["PC-2", "T14"]]))]), Vec::new()));
    assert!(!read.iter().any(|line| line.contains('?')), "{read:?}");
}

/// What would leave a register without a word leaves it open: a heading lost, an example, what does not count any more.
#[test]
fn a_sheet_that_may_belong_to_a_register_leaves_it_open() {
    let full = rows(&[&["工号", "姓名", "岗位"], &["1", "甲", "会计"]]);
    let open = |more: (&str, &[&[&str]])| {
        let (_, read) = found(&index("台账.ods", office(&[(more.0, rows(more.1))]), Vec::new()));
        let open = read.iter().filter(|line| line.contains('?'));
        open.map(|line| line.split('?').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(open(("二", &[&["资产编号", "型号"], &["PC-2", "T14"]])), [] as [&str; 0]);
    for name in ["设备模板", "报废设备", "旧设备", "设备（作废）"] {
        assert_eq!(open((name, &[&["资产编号", "型号"], &["PC-2", "T14"]])), ["assets"], "{name}");
        assert_eq!(open((name, &[&["资产编号", "型号"]])), [] as [&str; 0], "{name} without rows");
    }
    // Where it is the only table of a kind, it is none.
    let example = ods_of(&[("花名册", full), ("设备模板", rows(&[&["资产编号", "型号"], &["PC-9", "T9"]]))]);
    let index = index("台账.ods", example, Vec::new());
    let (entries, read) = found(&index);
    assert_eq!(entries, ["台账.ods[花名册] people"]);
    assert!(
        read.contains(&"assets? `台账.ods` seems to be of this kind, and was not used as such".to_owned()),
        "{read:?}"
    );
    assert_eq!(told(index.diagnostics()), ["two-kinds 台账.ods"]);
}

/// The key is left, and a heading that every row must have is not: of two fields another kind is as well.
#[test]
fn a_sheet_that_lost_a_heading_is_not_handed_to_another_kind() {
    let of = |id: &str, required: &str, properties: &str| {
        let body = format!(
            "files: [\"**/{id}*\"]\nkey: [asset]\nrecord:\n  type: object\n  required: {required}\n  properties: {properties}\n"
        );
        kind(id, &body)
    };
    let asset = "asset: {type: string, title: 资产编号}";
    let kinds = [
        of(
            "assets",
            "[asset, sort]",
            &format!(
                "{{{asset}, sort: {{type: string, title: 类型}}, place: {{type: string, title: 地点}}, user: {{type: string, title: 使用人}}}}"
            ),
        ),
        of("disks", "[asset]", &format!("{{{asset}, locked: {{type: string, title: 是否加密}}}}")),
    ];
    let second = ["资产编号", "地点", "使用人", "是否加密"];
    let book = ods_of(&[
        ("设备", rows(&[&["资产编号", "类型", "地点", "使用人"], &["PC-1", "电脑", "一楼", "甲"]])),
        ("设备二", rows(&[&second, &["PC-2", "二楼", "乙", "否"]])),
    ]);
    let file = MemoryFile { path: "台账.ods".into(), kind: None, bytes: book };
    let index = Index::from_memory(kinds, vec![file], options());
    for id in ["assets", "disks"] {
        let (_, scan) = rows_of(&index, &[table(id, &[], &["asset"])]);
        assert!(reasons(&scan).contains(&NotTested::EvidenceIncomplete), "{id}: {:?}", scan.missing);
    }
}

#[test]
fn copies_of_a_workbook_of_which_other_sheets_are_meant() {
    let more = [("备用设备", rows(&[&["资产编号", "型号"], &["PC-0", "T9"]]))];
    let both = |first: &[&str], second: &[&str]| {
        let files = ["a.ods", "b.ods"].map(|path| MemoryFile { path: path.into(), kind: None, bytes: office(&more) });
        let files_stated = vec![part("a.ods", "assets", first), part("b.ods", "assets", second)];
        let manifest = Manifest { files: files_stated };
        let index = Index::from_memory(kinds(), files.to_vec(), MemoryOptions { manifest, ..options() });
        let (rows, scan) = rows_of(&index, &[table("assets", &[], &["asset"])]);
        (rows[0].concat(), reasons(&scan))
    };
    assert_eq!(both(&["设备"], &["备用设备"]), (vec!["PC-1".to_owned(), "PC-0".into()], vec![]));
    assert_eq!(both(&["设备"], &["设备"]), (vec!["PC-1".to_owned()], vec![]));
    let (_, open) = both(&["设备"], &["设备", "备用设备"]);
    assert_eq!(open, [NotTested::EvidenceIncomplete]);
}

/// A sheet that the manifest names is there to be read, as a file is.
#[test]
fn a_named_sheet_that_is_no_table_of_its_kind_leaves_it_open() {
    let more = [("乙部", rows(&[&["编码", "规格"], &["PC-0", "T9"]])), ("空", String::new())];
    let read = |sheets: &[&str]| found(&index("台账.ods", office(&more), vec![part("台账.ods", "assets", sheets)])).1;
    assert!(!read(&["设备", "空"]).iter().any(|line| line.contains('?')));
    let lines = read(&["设备", "乙部"]);
    assert!(lines.iter().any(|line| line.starts_with("assets? ") && line.contains("`乙部`")), "{lines:?}");
    // It is doubted sheet by sheet.
    let of_people = index("台账.ods", office(&more), vec![part("台账.ods", "assets", &["设备", "花名册"])]);
    assert_eq!(told(of_people.diagnostics()), ["two-kinds 台账.ods"]);
    // Rows stated of the whole are rows of nobody knows what.
    let stated = vec![ManifestFile { rows: Some(3), ..stated("台账.ods") }];
    assert_eq!(told(index("台账.ods", office(&[]), stated).diagnostics()), ["rows-stated 台账.ods"]);
}

#[test]
fn sheets_of_one_name_are_told_apart_by_their_place() {
    let book = ods_of(&[
        ("表", rows(&[&["工号", "姓名"], &["1", "甲"]])),
        ("表", rows(&[&["资产编号", "型号"], &["PC-1", "T14"]])),
    ]);
    let (entries, read) = found(&index("台账.ods", book, Vec::new()));
    assert_eq!(entries, ["台账.ods[表] people", "台账.ods[表] assets"]);
    assert_eq!(read, ["people: 1|甲", "assets: PC-1|T14"]);
}
