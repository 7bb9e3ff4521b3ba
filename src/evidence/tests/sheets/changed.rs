//! Workbooks changed at random, and the same texts in a workbook and in CSV.

use std::io::Read as _;

use proptest::prelude::*;

use super::*;

/// Bytes changed, left out and doubled at places.
fn changed(mut bytes: Vec<u8>, changes: &[(usize, u8, u8)]) -> Vec<u8> {
    for (at, what, byte) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = at % bytes.len();
        match what % 4 {
            0 => bytes[at] = *byte,
            1 => bytes[at] = bytes[at].wrapping_add(1),
            2 => {
                bytes.drain(at..(at + usize::from(*byte)).min(bytes.len()));
            }
            _ => {
                let piece = bytes[at..(at + usize::from(*byte)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// A package with one of its parts changed; checksums fit, so that what is in it is read.
fn with_part(bytes: &[u8], part: usize, changes: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let part = part % package.len();
    for number in 0..package.len() {
        let mut file = package.by_index(number).unwrap();
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        writer.start_file(file.name().unwrap(), options).unwrap();
        writer.write_all(&if number == part { changed(text, changes) } else { text }).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Whatever the file, it is read to its end: hashed, with rows that are all of one table or a word about why not.
fn is_told(path: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let index = index_of(&jobs(), path, bytes);
    let mut rows = 0;
    let scan = index.scan(&KindId::new("jobs"), &[table("jobs", &[], COLUMNS)], &mut |_, batch| {
        rows += batch.len() as u64;
        for column in &batch.columns {
            assert_eq!(column.len(), batch.len());
        }
    });
    let file = &scan.files[0];
    prop_assert_eq!(file.sha256.len(), 64);
    prop_assert!(rows <= file.rows_read, "{} rows, {} read", rows, file.rows_read);
    prop_assert!(rows > 0 || !scan.missing.is_empty() || file.rows_future > 0, "silence: {:?}", said(&scan));
    Ok(())
}

fn changes() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
    proptest::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_compound_files_give_rows_or_diagnostics(which in 0..2_usize, changes in changes()) {
        let bytes = [fixture!("plain.xls").1, fixture!("office.xls").1][which];
        is_told("jobs.xls", &changed(bytes.to_vec(), &changes))?;
    }

    #[test]
    fn damaged_packages_give_rows_or_diagnostics(which in 0..4_usize, part in any::<usize>(), changes in changes()) {
        let fixtures = [fixture!("plain.xlsx"), fixture!("office.xlsx"), fixture!("plain.ods"), fixture!("office.ods")];
        is_told("jobs", &with_part(fixtures[which].1, part, &changes))?;
        is_told("jobs", &changed(fixtures[which].1.to_vec(), &changes))?;
    }

    #[test]
    fn damaged_pages_give_rows_or_diagnostics(changes in changes()) {
        is_told("jobs.xls", &changed(fixture!("page-gbk.xls").1.to_vec(), &changes))?;
        is_told("jobs.xls", &changed(fixture!("merged-sheetjs.xls").1.to_vec(), &changes))?;
    }

    /// Whatever texts a table has, a workbook and CSV say the same of it.
    #[test]
    fn any_table_reads_alike_as_text_and_as_a_workbook(
        rows in proptest::collection::vec(proptest::collection::vec(
            prop_oneof![4 => "[ -~一-龥，。\t]{0,12}", 1 => "[ \u{a0}\u{3000}]{0,2}", 1 => "[0-9:：年月日 一备注计]{1,3}"],
            4,
        ), 1..12)
    ) {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        reads_alike(&rows)?;
    }
}

/// The rows that a table of texts has in CSV and in a workbook are the same.
fn reads_alike(rows: &[Vec<&str>]) -> Result<(), TestCaseError> {
    let wanted = ["id", "dataset", "status", "copies", "file.row"];
    let columns = ["A", "B", "C", "D"];
    let quoted = |cell: &&str| format!("\"{}\"", cell.replace('"', "\"\""));
    let escaped = |cell: &&str| cell.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (mut text, mut cells, mut grid) = (String::new(), String::new(), Vec::new());
    for (number, row) in std::iter::once(wanted[..4].to_vec()).chain(rows.iter().cloned()).enumerate() {
        text += &format!("{}\n", row.iter().map(quoted).collect::<Vec<_>>().join(","));
        let escaped: Vec<String> = row.iter().map(escaped).collect();
        let row: Vec<(&str, &str)> = columns.into_iter().zip(escaped.iter().map(String::as_str)).collect();
        cells += &inline(number as u64 + 1, &row);
        grid.push(escaped);
    }
    let kind = kind_of_texts();
    let (expected, scan) = read_bytes(&kind, ("texts.csv", text.as_bytes()), &[], &wanted);
    let said_of_text = said(&scan);
    let (found, scan) = read_bytes(&kind, ("texts.xlsx", &workbook(&sheet(&cells))), &[], &wanted);
    prop_assert_eq!(&found, &expected, "workbook {:?}, text {:?}", said(&scan), said_of_text);
    let (found, scan) = read_bytes(&kind, ("texts.xls", spreadsheetml::of_texts(&grid).as_bytes()), &[], &wanted);
    prop_assert_eq!(found, expected, "XML of 2003 {:?}, text {:?}", said(&scan), said_of_text);
    Ok(())
}

/// What the test above has found.
#[test]
fn tables_that_read_otherwise_once() {
    for row in
        [["", "0:", "A", ""], ["\u{3000}", "注：", "A", ""], [" 1", "备注：", "", ""], ["备注：x", "\u{a0}", "", " "]]
    {
        reads_alike(&[row.to_vec()]).unwrap();
        reads_alike(&[["1", "a", "success", "1"].to_vec(), row.to_vec()]).unwrap();
    }
}
