//! The same log as Excel saves it: shared texts, real dates, booleans.

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{COLUMNS, Entry};
use crate::random::Random;

/// Serial number of the first day of the quarter, 2026-07-01.
const FIRST_DAY: f64 = 46_204.0;

/// Texts in the order in which they were met.
#[derive(Default)]
struct Texts {
    numbers: HashMap<String, usize>,
    all: String,
}

impl Texts {
    fn number(&mut self, text: String) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(text).or_insert_with_key(|text| {
            self.all.push_str("<si><t>");
            self.all.push_str(text);
            self.all.push_str("</t></si>");
            next
        })
    }
}

/// Writes the workbook; gives its bytes.
pub(super) fn write(path: &Path, rows: u64, random: &mut Random) -> std::io::Result<u64> {
    let options = SimpleFileOptions::default();
    let mut package = ZipWriter::new(std::fs::File::create(path)?);
    let part = |package: &mut ZipWriter<std::fs::File>, name: &str, text: &str| -> std::io::Result<()> {
        package.start_file(name, options)?;
        package.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n")?;
        package.write_all(text.as_bytes())
    };
    part(&mut package, "[Content_Types].xml", "<Types/>")?;
    part(
        &mut package,
        "_rels/.rels",
        "<Relationships><Relationship Id=\"r1\" Type=\"x/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    )?;
    part(
        &mut package,
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    )?;
    part(
        &mut package,
        "xl/workbook.xml",
        "<workbook><sheets><sheet name=\"log\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
    )?;
    part(
        &mut package,
        "xl/styles.xml",
        "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>",
    )?;
    let mut texts = Texts::default();
    package.start_file("xl/worksheets/sheet1.xml", options)?;
    let mut out = BufWriter::with_capacity(1 << 20, &mut package);
    write!(out, "<worksheet><sheetData><row r=\"1\">")?;
    for (column, name) in ('A'..).zip(COLUMNS) {
        write!(out, "<c r=\"{column}1\" t=\"s\"><v>{}</v></c>", texts.number(name.to_owned()))?;
    }
    write!(out, "</row>")?;
    for row in 0..rows {
        let Entry { seconds, user, action, object, client, result, mfa, ip } = Entry::new(row, rows, random);
        let number = row + 2;
        let serial = FIRST_DAY + seconds as f64 / 86_400.0;
        write!(out, "<row r=\"{number}\" spans=\"1:8\"><c r=\"A{number}\" s=\"1\"><v>{serial}</v></c>")?;
        let words =
            [format!("u{user:05}"), action.into(), format!("D{object:010}"), format!("C{client:05}"), result.into()];
        for (column, text) in ('B'..).zip(words) {
            write!(out, "<c r=\"{column}{number}\" t=\"s\"><v>{}</v></c>", texts.number(text))?;
        }
        let (mfa, ip) = (u8::from(mfa), texts.number(ip));
        write!(out, "<c r=\"G{number}\" t=\"b\"><v>{mfa}</v></c><c r=\"H{number}\" t=\"s\"><v>{ip}</v></c></row>")?;
    }
    write!(out, "</sheetData></worksheet>")?;
    out.flush()?;
    drop(out);
    part(&mut package, "xl/sharedStrings.xml", &format!("<sst>{}</sst>", texts.all))?;
    package.finish()?;
    Ok(std::fs::metadata(path)?.len())
}
