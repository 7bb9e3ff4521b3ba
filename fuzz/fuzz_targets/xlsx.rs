#![no_main]
//! Any bytes as a workbook: as the whole package, also one of which nobody says what it is, or, as checksums let few changes
//! through, as a part of one.

mod reading;

use std::io::{Cursor, Write as _};

use libfuzzer_sys::fuzz_target;

const RELATIONS: &[u8] =
    br#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>"#;
const WORKBOOK: &[u8] = br#"<workbook><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const SHEET: &[u8] = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>任务编号</t></is></c></row>\
                      <row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c s=\"1\"><v>46295.5</v></c></row></sheetData></worksheet>"
    .as_bytes();
const STYLES: &[u8] = br#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;
const STRINGS: &[u8] = b"<sst><si><t>J-1</t></si></sst>";

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    match choice % 8 {
        0 => reading::read("backup_jobs", "备份任务.xlsx", bytes),
        7 => reading::read_unsaid("台账.xlsx", bytes),
        part => reading::read("backup_jobs", "备份任务.xlsx", &package(part, bytes)),
    }
});

/// A workbook one of whose parts is `bytes`.
fn package(part: u8, bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (number, name, usual) in [
        (0, "[Content_Types].xml", b"<Types/>".as_slice()),
        (1, "xl/worksheets/s.xml", SHEET),
        (2, "xl/sharedStrings.xml", STRINGS),
        (3, "xl/styles.xml", STYLES),
        (4, "xl/workbook.xml", WORKBOOK),
        (5, "xl/_rels/workbook.xml.rels", RELATIONS),
        (6, "xl/drawings/drawing1.xml", b"<wsDr/>"),
    ] {
        writer.start_file(name, options).expect("a part");
        writer.write_all(if number == part { bytes } else { usual }).expect("its text");
    }
    writer.finish().expect("a package").into_inner()
}
