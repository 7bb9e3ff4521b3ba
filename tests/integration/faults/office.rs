//! Workbooks that are broken: registers of the example as office programs saved them, and faults of files as a whole and of
//! the parts of a package.

use std::io::{Cursor, Read as _, Write as _};

use super::super::common::{Workspace, repository};
use super::super::differential::random::Random;
use super::Fault;
use super::clean::{EVIDENCE, Files, MANIFEST, dirty};
use super::random::{KINDS, Kind, changed, file, lie};

/// Registers of the example, and what they are saved as.
const SAVED: [(&str, &str); 3] = [("人事/员工花名册", "xls"), ("数据/数据清单", "ods"), ("权限/系统账号清单", "xlsx")];

/// The example with three of its registers saved as workbooks.
pub(super) fn office() -> Workspace {
    let workspace = dirty();
    for (register, suffix) in SAVED {
        let name = register.rsplit('/').next().unwrap();
        let saved = repository().join(format!("tests/fixtures/sheets/agency/{name}.{suffix}"));
        std::fs::copy(saved, workspace.join(&format!("{EVIDENCE}{register}.{suffix}"))).unwrap();
        std::fs::remove_file(workspace.join(&format!("{EVIDENCE}{register}.csv"))).unwrap();
        workspace.edit(MANIFEST, &format!("{register}.csv"), &format!("{register}.{suffix}"));
    }
    workspace
}

/// The workbooks of [`office`].
pub(super) fn workbooks(workspace: &Workspace) -> Files {
    let paths = SAVED.map(|(register, suffix)| format!("{EVIDENCE}{register}.{suffix}"));
    paths.map(|path| (path.clone(), std::fs::read(workspace.join(&path)).unwrap())).into()
}

/// Kinds that break a workbook: of those that break any file all but the one whose damage a workbook cannot show, and its own.
pub(super) fn kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(|kind| kind.name.starts_with("file: ")).chain(OWN)
}

/// Kinds that only workbooks have.
const OWN: &[Kind] = &[
    // Where nothing sums up the bytes, another byte is another value.
    lie("workbook: a byte changed", |files, _, random| {
        file(files, random, |_, old, random| Some(byte_changed(old, random)))
    }),
    lie("workbook: a byte of a part changed", |files, _, random| {
        let (path, bytes) = super::random::any(files, random);
        let (part, made) = part_changed(bytes, random)?;
        Some(changed(&format!("{path}: {part}"), vec![(path.to_owned(), Some(made))]))
    }),
];

fn byte_changed(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = random.below(bytes.len());
    bytes[at] ^= 1 << random.below(8);
    bytes
}

/// The package with one byte of one part changed, packed as soundly as before; `None` when it is no package.
fn part_changed(bytes: &[u8], random: &mut Random) -> Option<(String, Vec<u8>)> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let chosen = random.below(package.len());
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut name = String::new();
    for number in 0..package.len() {
        let mut part = package.by_index(number).unwrap();
        let its_name = part.name().unwrap().into_owned();
        let mut contents = Vec::new();
        part.read_to_end(&mut contents).unwrap();
        if number == chosen {
            if contents.is_empty() {
                return None;
            }
            name.clone_from(&its_name);
            contents = byte_changed(&contents, random);
        }
        writer.start_file(its_name, options).unwrap();
        writer.write_all(&contents).unwrap();
    }
    Some((name, writer.finish().unwrap().into_inner()))
}

/// A fault of a workbook, and its kind.
pub(super) fn draw(files: &Files, manifest: &str, random: &mut Random) -> (&'static Kind, Option<Fault>) {
    let kinds: Vec<&'static Kind> = kinds().collect();
    let kind = *random.pick(&kinds);
    (kind, (0..100).find_map(|_| (kind.make)(files, manifest, random)))
}
