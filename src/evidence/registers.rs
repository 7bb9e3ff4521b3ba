//! Which kinds the sheets of one workbook are tables of: an office keeps its registers in one file, a sheet for each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::FileEntry;
use crate::model::{KindId, ManifestFile, evidence_name};

/// How many fields of a kind the header of a sheet names.
#[derive(Debug, Clone)]
pub(crate) struct Claim<'k> {
    /// Which sheet of the workbook.
    pub(crate) position: usize,
    /// Its name.
    pub(crate) sheet: Arc<str>,
    /// The kind.
    pub(crate) kind: &'k KindId,
    /// Number of fields.
    pub(crate) fields: usize,
    /// All that rows of the kind must have are among them; else its key is.
    pub(crate) complete: bool,
    /// The sheet is called an example or what is set aside, and has rows.
    pub(crate) aside: bool,
}

/// Sheets that are tables of one kind or, when they may be of several, of any of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Registers {
    /// The kinds: one, or the claimants.
    pub(crate) kinds: Vec<KindId>,
    /// The sheets are called an example or what is set aside: nobody knows whether their rows count.
    pub(crate) aside: bool,
    /// The sheets, in their order.
    pub(crate) positions: Vec<usize>,
    /// Their names.
    pub(crate) sheets: Vec<String>,
}

impl Registers {
    /// The kind, where there is no doubt.
    pub(crate) fn kind(&self) -> Option<&KindId> {
        let [kind] = self.kinds.as_slice() else { return None };
        Some(kind).filter(|_| !self.aside)
    }
}

/// The sheets by what they are tables of, in their order. `claims` are of one sheet after the other.
///
/// A sheet is of the kind of which it names the most fields, as a file is. Where several name as many, another sheet may
/// tell: one month of a register may have a column less than the next. Where that would leave it open, it stays open.
pub(crate) fn registers(claims: &[Claim<'_>]) -> Vec<Registers> {
    let sheets: Vec<&[Claim<'_>]> = claims.chunk_by(|one, next| one.position == next.position).collect();
    // Fields that the sheets which are certainly of a kind name of it.
    let mut certain: BTreeMap<&KindId, usize> = BTreeMap::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.iter().any(|claim| claim.aside)) {
        if let [best] = best_of(sheet).as_slice()
            && sheet.iter().all(|claim| claim.fields <= best.fields)
        {
            let most = certain.entry(best.kind).or_default();
            *most = best.fields.max(*most);
        }
    }
    let mut found: Vec<Registers> = Vec::new();
    for sheet in &sheets {
        let kinds: Vec<KindId> = kinds_of(sheet, &certain).into_iter().cloned().collect();
        let Some(first) = sheet.first().filter(|_| !kinds.is_empty()) else { continue };
        let (aside, name) = (first.aside && !certain.is_empty(), first.sheet.to_string());
        match found.iter_mut().find(|registers| registers.kinds == kinds && registers.aside == aside) {
            Some(registers) => {
                registers.positions.push(first.position);
                registers.sheets.push(name);
            }
            None => found.push(Registers { kinds, aside, positions: vec![first.position], sheets: vec![name] }),
        }
    }
    found
}

/// The kinds that a sheet may be of; `certain` are the fields that other sheets name of those they certainly are of.
fn kinds_of<'k>(sheet: &[Claim<'k>], certain: &BTreeMap<&'k KindId, usize>) -> BTreeSet<&'k KindId> {
    let best = best_of(sheet);
    let Some(fields) = best.first().map(|claim| claim.fields) else { return BTreeSet::new() };
    // One heading less than a sheet that is certainly of the kind.
    let is_like = |claim: &Claim<'_>| certain.get(claim.kind).is_some_and(|most| claim.fields + 1 >= *most);
    let known: Vec<_> = best.iter().filter(|claim| is_like(claim)).collect();
    let mut kinds: BTreeSet<&KindId> = match (best.as_slice(), known.as_slice()) {
        // One heading more or less, and it would be of the kind of another sheet.
        ([best], _) => {
            let close = sheet.iter().filter(|claim| claim.complete && claim.fields + 1 >= fields && is_like(claim));
            std::iter::once(best.kind).chain(close.map(|claim| claim.kind)).collect()
        }
        (_, [known]) => BTreeSet::from([known.kind]),
        (all, _) => all.iter().map(|claim| claim.kind).collect(),
    };
    // A heading that must be there was lost, and the rest is of another kind by a few words.
    let has_most = |claim: &Claim<'_>| certain.get(claim.kind).is_some_and(|most| claim.fields * 2 > *most);
    let lacking = |claim: &&Claim<'_>| !claim.complete && (claim.fields > fields || has_most(claim));
    kinds.extend(sheet.iter().filter(lacking).map(|claim| claim.kind));
    kinds
}

/// Of what is complete, that with the most fields.
fn best_of<'c, 'k>(sheet: &'c [Claim<'k>]) -> Vec<&'c Claim<'k>> {
    let complete = || sheet.iter().filter(|claim| claim.complete);
    let most = complete().map(|claim| claim.fields).max();
    complete().filter(|claim| Some(claim.fields) == most).collect()
}

/// The sheets of a workbook that one entry of the index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Their names.
    pub(crate) sheets: Vec<String>,
    /// What is known of the others.
    pub(crate) others: Others,
}

/// The sheets of a workbook that an entry is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Others {
    /// By their headers: those that the entry is, and those that others are or whose kind nobody knows.
    Recognised {
        /// Of this entry.
        own: BTreeSet<usize>,
        /// Of others.
        elsewhere: BTreeSet<usize>,
    },
    /// The manifest names the sheets: these it names for other entries.
    Stated(Vec<String>),
}

impl Part {
    /// What each statement about a file is about; of nothing stated, and of a file as a whole, all of it.
    pub(crate) fn of_statements(statements: &[ManifestFile]) -> Vec<Option<Self>> {
        let part = |stated: &ManifestFile| {
            let others = statements.iter().filter(|other| !std::ptr::eq(*other, stated));
            (!stated.sheets.is_empty()).then(|| Self {
                sheets: stated.sheets.clone(),
                others: Others::Stated(others.flat_map(|other| other.sheets.iter().cloned()).collect()),
            })
        };
        if statements.is_empty() { vec![None] } else { statements.iter().map(part).collect() }
    }

    /// One of several registers that were found in a workbook.
    pub(crate) fn of_registers(own: &Registers, found: &[Registers]) -> Self {
        let others = found.iter().filter(|other| *other != own);
        Self {
            sheets: own.sheets.clone(),
            others: Others::Recognised {
                own: own.positions.iter().copied().collect(),
                elsewhere: others.flat_map(|other| other.positions.iter().copied()).collect(),
            },
        }
    }

    /// The sheets that the manifest names.
    pub(crate) fn stated(&self) -> Option<&[String]> {
        matches!(self.others, Others::Stated(_)).then_some(self.sheets.as_slice())
    }

    /// Which of the sheets by these names may be tables of this entry.
    pub(crate) fn positions(&self, names: &[&str]) -> BTreeSet<usize> {
        match &self.others {
            Others::Recognised { own, elsewhere } => {
                (0..names.len()).filter(|position| own.contains(position) || !elsewhere.contains(position)).collect()
            }
            Others::Stated(_) => {
                let exactly = |own: &String| (0..names.len()).find(|at| names.get(*at) == Some(&own.as_str()));
                let nearly =
                    |own: &String| (0..names.len()).find(|at| names.get(*at).is_some_and(|name| same(own, name)));
                self.sheets.iter().filter_map(|own| exactly(own).or_else(|| nearly(own))).collect()
            }
        }
    }

    /// Whether it is told when the sheet is not used.
    pub(crate) fn tells(&self, position: usize, name: &str) -> bool {
        match &self.others {
            Others::Recognised { elsewhere, .. } => !elsewhere.contains(&position),
            Others::Stated(others) => !others.iter().any(|other| same(other, name)),
        }
    }
}

/// Whether two names are of one sheet.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.trim() == other.trim()
}

/// How two entries that are of the same bytes share their sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shared {
    /// All of them.
    All,
    /// Some, or nobody knows.
    Some,
    /// None.
    None,
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

    /// What it shares with an entry of the same bytes.
    pub(crate) fn shared_with(&self, other: &Self) -> Shared {
        let of = |entry: &Self| entry.sheets().iter().map(|sheet| sheet.trim().to_owned()).collect::<BTreeSet<_>>();
        let (own, others) = (of(self), of(other));
        if own == others {
            Shared::All
        } else if own.is_empty() || others.is_empty() || !own.is_disjoint(&others) {
            Shared::Some
        } else {
            Shared::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found by `sheet`, and of each its kinds with the fields they have; a kind with `-` lacks one it must have, a
    /// sheet with `-` is called an example.
    fn found(claims: &[(&str, &[(&str, usize)])]) -> Vec<String> {
        let kinds: BTreeMap<&str, KindId> = claims
            .iter()
            .flat_map(|(_, of)| of.iter().map(|(kind, _)| (*kind, KindId::new(kind.trim_end_matches('-')))))
            .collect();
        let mut all = Vec::new();
        for (position, (sheet, of)) in claims.iter().enumerate() {
            all.extend(of.iter().map(|(kind, fields)| Claim {
                position,
                sheet: Arc::from(*sheet),
                kind: &kinds[kind],
                fields: *fields,
                complete: !kind.ends_with('-'),
                aside: sheet.ends_with('-'),
            }));
        }
        let line = |found: &Registers| {
            let kinds: Vec<&str> = found.kinds.iter().map(KindId::as_str).collect();
            format!("{}{}: {}", kinds.join(" "), if found.aside { "?" } else { "" }, found.sheets.join(" "))
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
        // That jobs are elsewhere says nothing of a sheet that has little of them.
        assert_eq!(
            found(&[("7月", &[("jobs", 7)]), ("表", &[("jobs", 3), ("keys", 3)])]),
            ["jobs: 7月", "jobs keys: 表"]
        );
        // A heading that jobs must have was lost, and the rest is of another kind by two words.
        assert_eq!(
            found(&[("7月", &[("jobs", 7)]), ("8月", &[("jobs-", 4), ("keys", 2)])]),
            ["jobs: 7月", "jobs keys: 8月"]
        );
        assert_eq!(found(&[("8月", &[("jobs-", 5), ("keys", 2)])]), ["jobs keys: 8月"]);
        assert_eq!(found(&[("密钥", &[("jobs-", 2), ("keys", 2)])]), ["keys: 密钥"]);
        // An example is a register when there is nothing else.
        assert_eq!(
            found(&[("花名册", &[("people", 6)]), ("设备模板-", &[("assets", 5)])]),
            ["people: 花名册", "assets?: 设备模板-"]
        );
        assert_eq!(found(&[("设备模板-", &[("assets", 5)])]), ["assets: 设备模板-"]);
    }

    #[test]
    fn sheets_of_others_are_left_to_them() {
        let registers = |kind: &str, position: usize, sheet: &str| Registers {
            kinds: vec![KindId::new(kind)],
            aside: false,
            positions: vec![position],
            sheets: vec![sheet.into()],
        };
        let found = [registers("people", 0, "表"), registers("assets", 1, "表")];
        // By their place, not by a name that two may have.
        let part = Part::of_registers(&found[0], &found);
        assert_eq!(part.positions(&["表", "表", "附表"]), BTreeSet::from([0, 2]));
        assert!(part.tells(2, "附表") && !part.tells(1, "表"));
        let stated = |sheets: &[&str]| ManifestFile {
            sheets: sheets.iter().map(|&sheet| sheet.to_owned()).collect(),
            ..ManifestFile::default()
        };
        let parts = Part::of_statements(&[stated(&["花名册 "]), stated(&["设备"])]);
        let stated = parts[0].as_ref().unwrap();
        assert_eq!(stated.positions(&["附表", "花名册", "设备"]), BTreeSet::from([1]));
        assert_eq!(stated.positions(&["花名册", "花名册 "]), BTreeSet::from([1]));
        assert!(stated.tells(0, "附表") && !stated.tells(2, "设备"));
    }
}
