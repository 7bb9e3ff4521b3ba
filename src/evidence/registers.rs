//! Which kinds the sheets of one workbook are tables of: an office keeps its registers in one file, a sheet for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::FileEntry;
use crate::model::{KindId, ManifestFile, evidence_name};

/// A sheet whose header has all that rows of a kind must have, and how many fields of the kind it names.
#[derive(Debug, Clone)]
pub(crate) struct Claim<'k> {
    /// Its name.
    pub(crate) sheet: Arc<str>,
    /// The kind.
    pub(crate) kind: &'k KindId,
    /// Number of fields.
    pub(crate) fields: usize,
}

/// Sheets that are tables of one kind or, when they may be of several, of any of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Registers {
    /// The kinds: one, or the claimants.
    pub(crate) kinds: Vec<KindId>,
    /// Names of the sheets, in their order.
    pub(crate) sheets: Vec<String>,
}

/// The sheets by what they are tables of, in their order. `claims` are of one sheet after the other.
///
/// A sheet is of the kind of which it names the most fields, as a file is. Where several name as many, another sheet may
/// tell: one month of a register may have a column less than the next. Where that would leave it open, it stays open.
pub(crate) fn registers(claims: &[Claim<'_>]) -> Vec<Registers> {
    let sheets: Vec<&[Claim<'_>]> = claims.chunk_by(|one, next| Arc::ptr_eq(&one.sheet, &next.sheet)).collect();
    // Fields that the sheets which are certainly of a kind name of it.
    let mut certain: BTreeMap<&KindId, usize> = BTreeMap::new();
    for sheet in &sheets {
        if let [best] = best_of(sheet).as_slice() {
            let most = certain.entry(best.kind).or_default();
            *most = best.fields.max(*most);
        }
    }
    let mut found: Vec<Registers> = Vec::new();
    for sheet in &sheets {
        let best = best_of(sheet);
        let Some(fields) = best.first().map(|claim| claim.fields) else { continue };
        let known: Vec<&&Claim<'_>> = best.iter().filter(|claim| certain.contains_key(claim.kind)).collect();
        let kinds: BTreeSet<&KindId> = match (best.as_slice(), known.as_slice()) {
            // One heading more or less, and it would be of the kind of another sheet.
            ([best], _) => {
                let close = |claim: &&Claim<'_>| {
                    claim.fields + 1 >= fields && certain.get(claim.kind).is_some_and(|most| claim.fields + 1 >= *most)
                };
                std::iter::once(best.kind).chain(sheet.iter().filter(close).map(|claim| claim.kind)).collect()
            }
            (_, [known]) => BTreeSet::from([known.kind]),
            (all, _) => all.iter().map(|claim| claim.kind).collect(),
        };
        let kinds: Vec<KindId> = kinds.into_iter().cloned().collect();
        let name = sheet.first().map(|claim| claim.sheet.to_string()).unwrap_or_default();
        match found.iter_mut().find(|registers| registers.kinds == kinds) {
            Some(registers) => registers.sheets.push(name),
            None => found.push(Registers { kinds, sheets: vec![name] }),
        }
    }
    found
}

fn best_of<'c, 'k>(sheet: &'c [Claim<'k>]) -> Vec<&'c Claim<'k>> {
    let most = sheet.iter().map(|claim| claim.fields).max();
    sheet.iter().filter(|claim| Some(claim.fields) == most).collect()
}

/// The sheets of a workbook that one entry of the index is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Their names.
    pub(crate) sheets: Vec<String>,
    /// Sheets that other entries are, or that nobody knows the kind of.
    pub(crate) elsewhere: BTreeSet<String>,
    /// The manifest names them: no other sheet is looked at.
    pub(crate) stated: bool,
    /// The first entry of its file: it tells of the sheets that none is.
    pub(crate) first: bool,
}

impl Part {
    /// What each statement about a file is about; of nothing stated, and of a file as a whole, all of it.
    pub(crate) fn of_statements(statements: &[ManifestFile]) -> Vec<Option<Self>> {
        let part = |(at, stated): (usize, &ManifestFile)| {
            let others = statements.iter().filter(|other| !std::ptr::eq(*other, stated));
            (!stated.sheets.is_empty()).then(|| Self {
                sheets: stated.sheets.clone(),
                elsewhere: others.flat_map(|other| other.sheets.iter().cloned()).collect(),
                stated: true,
                first: at == 0,
            })
        };
        if statements.is_empty() { vec![None] } else { statements.iter().enumerate().map(part).collect() }
    }

    /// Whether a sheet may be a table of this entry.
    pub(crate) fn may_be(&self, sheet: &str) -> bool {
        self.sheets.iter().any(|own| same(own, sheet)) || !self.stated && !self.is_elsewhere(sheet)
    }

    /// Whether it is this entry that tells when the sheet is not used.
    pub(crate) fn tells(&self, sheet: &str) -> bool {
        self.first && !self.is_elsewhere(sheet)
    }

    fn is_elsewhere(&self, sheet: &str) -> bool {
        self.elsewhere.iter().any(|other| same(other, sheet))
    }
}

/// Whether two names are of one sheet.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.trim() == other.trim()
}

impl FileEntry {
    /// The sheets it is, where other entries are of the same file or the manifest names them; else none: it is all of it.
    pub fn sheets(&self) -> &[String] {
        self.part.as_ref().map_or(&[], |part| part.sheets.as_slice())
    }

    /// Its path, with the sheets it is where it is not all of the file: `台账.xlsx[花名册]`.
    pub fn name(&self) -> String {
        evidence_name(&self.path, self.sheets())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sheet kind fields` on each line, sheets as `kinds: sheets`.
    fn found(claims: &[(&str, &[(&str, usize)])]) -> Vec<String> {
        let kinds: BTreeMap<&str, KindId> =
            claims.iter().flat_map(|(_, of)| of.iter().map(|(kind, _)| (*kind, KindId::new(*kind)))).collect();
        let mut all = Vec::new();
        for (sheet, of) in claims {
            let sheet: Arc<str> = Arc::from(*sheet);
            all.extend(of.iter().map(|(kind, fields)| Claim {
                sheet: Arc::clone(&sheet),
                kind: &kinds[kind],
                fields: *fields,
            }));
        }
        let line = |found: &Registers| {
            let kinds: Vec<&str> = found.kinds.iter().map(KindId::as_str).collect();
            format!("{}: {}", kinds.join(" "), found.sheets.join(" "))
        };
        registers(&all).iter().map(line).collect()
    }

    #[test]
    fn a_sheet_is_of_the_kind_it_has_most_of() {
        assert_eq!(found(&[]), [] as [&str; 0]);
        assert_eq!(
            found(&[("花名册", &[("people", 6)]), ("设备", &[("assets", 5)])]),
            ["people: 花名册", "assets: 设备"]
        );
        // The exam names the people too, and is no register of them.
        assert_eq!(
            found(&[("花名册", &[("people", 6)]), ("考核", &[("people", 2), ("exams", 4)])]),
            ["people: 花名册", "exams: 考核"]
        );
        assert_eq!(found(&[("7月", &[("jobs", 5)]), ("8月", &[("jobs", 5)])]), ["jobs: 7月 8月"]);
    }

    #[test]
    fn what_is_open_stays_open() {
        assert_eq!(found(&[("表", &[("a", 3), ("b", 3)])]), ["a b: 表"]);
        // August is a month of what July is.
        assert_eq!(
            found(&[("7月", &[("jobs", 5), ("runs", 4)]), ("8月", &[("jobs", 4), ("runs", 4)])]),
            ["jobs: 7月 8月"]
        );
        // With one more heading gone it would silently leave the register.
        assert_eq!(
            found(&[("7月", &[("jobs", 5)]), ("8月", &[("jobs", 4), ("runs", 5)])]),
            ["jobs: 7月", "jobs runs: 8月"]
        );
    }

    #[test]
    fn sheets_of_others_are_left_to_them() {
        let part = Part {
            sheets: vec!["花名册".into()],
            elsewhere: BTreeSet::from(["设备".into()]),
            stated: false,
            first: true,
        };
        assert!(part.may_be(" 花名册") && part.may_be("附表") && !part.may_be("设备"));
        assert!(part.tells("附表") && !part.tells("设备"));
        let stated = Part { stated: true, first: false, ..part };
        assert!(stated.may_be("花名册") && !stated.may_be("附表") && !stated.tells("附表"));
    }
}
