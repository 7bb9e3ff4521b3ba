//! One case: evidence from memory, the control's checks run over it and judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::assess::{Input, assess};
use crate::engine::plan::{Plan, Source};
use crate::engine::{Clock, RunOptions};
use crate::evidence::{Index, Limits, MemoryFile, MemoryOptions, TablePath};
use crate::expr::Scalar;
use crate::model::{Assessment, CheckId, CheckOutcome, Control, EvidenceKind, KindId, Manifest, ManifestFile, Param};
use crate::pipeline::{blank_metadata, control_inputs, evaluate, working_days};
use crate::policy::{Equivalent, Pack, TestCase, TestFile};
use crate::text::{Diagnostic, Text};

/// A control under test, with everything its cases share.
pub(super) struct Bench<'a> {
    pack: &'a Pack,
    control: &'a Control,
    files: &'a [&'a TestFile],
    kinds: BTreeMap<KindId, Arc<EvidenceKind>>,
    working_days: Arc<crate::expr::WorkingDays>,
}

/// A case with its evidence indexed.
pub(super) struct Prepared<'a> {
    pack: &'a Pack,
    case: &'a TestCase,
    params: BTreeMap<String, Scalar>,
    index: Index,
    clock: Clock,
    /// Parameters that cannot have the value.
    pub(super) faults: Vec<Diagnostic>,
}

/// What a case gave.
pub(super) struct CaseRun<'a> {
    pub(super) case: &'a TestCase,
    /// By check; a check that could not be planned is `not_tested: error`.
    pub(super) outcomes: BTreeMap<CheckId, CheckOutcome>,
    /// Columns of evidence each check reads, and whether a row of the case has a null there.
    pub(super) nulls: BTreeMap<CheckId, BTreeMap<String, bool>>,
    /// Faults found while planning, in words.
    pub(super) faults: Vec<Text>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(pack: &'a Pack, control: &'a Control, files: &'a [&'a TestFile]) -> Self {
        let kinds = pack.kinds.iter().map(|(id, kind)| (id.clone(), Arc::new(kind.clone()))).collect();
        Self { pack, control, files, kinds, working_days: working_days(pack) }
    }

    /// Changes that the control's test files call equivalent.
    pub(super) fn equivalent(&self) -> impl Iterator<Item = &'a Equivalent> {
        self.files.iter().flat_map(|file| &file.equivalent)
    }

    /// Whether a case expects anything of a check.
    pub(super) fn is_about(&self, check: &CheckId) -> bool {
        let mut expectations = self.files.iter().flat_map(|file| &file.cases).flat_map(|case| &case.expect);
        expectations.any(|expectation| expectation.check == *check)
    }

    /// The pack the control is of.
    pub(super) fn pack(&self) -> &'a Pack {
        self.pack
    }

    /// Every case of the control, in the order of its files.
    pub(super) fn cases(&self) -> Vec<Prepared<'a>> {
        self.files.iter().flat_map(|file| &file.cases).map(|case| self.prepare(case)).collect()
    }

    fn prepare(&self, case: &'a TestCase) -> Prepared<'a> {
        let mut faults = Vec::new();
        let mut params = BTreeMap::new();
        for (name, written) in &case.params {
            // One that the control does not have was told when the test was read.
            let Some(param) = self.control.params.get(name) else { continue };
            match crate::policy::tailored(param, written) {
                Ok(value) => {
                    params.insert(name.clone(), value);
                }
                Err(fault) => faults.push(fault),
            }
        }
        let files = case
            .files
            .iter()
            .map(|file| MemoryFile {
                path: file.path.clone(),
                kind: Some(file.kind.clone()),
                bytes: file.text.clone().into_bytes(),
            })
            .collect();
        let stated = case
            .files
            .iter()
            .filter(|file| file.captured_on.is_some() || file.source_system.is_some() || file.rows.is_some())
            .map(|file| ManifestFile {
                path: file.path.clone(),
                kind: Some(file.kind.clone()),
                captured_on: file.captured_on.or(Some(case.as_of)),
                source_system: file.source_system.clone(),
                rows: file.rows,
                ..ManifestFile::default()
            })
            .collect();
        let zone = self.pack.time_zone;
        let options = MemoryOptions {
            as_of: case.as_of,
            zone,
            manifest: Manifest { files: stated },
            captured_on: Some(case.as_of),
            columns_may_be_absent: true,
            limits: Limits::default(),
        };
        let clock =
            Clock { as_of: case.as_of, zone, period: case.period, working_days: Arc::clone(&self.working_days) };
        let index = Index::from_memory(self.kinds.values().cloned(), files, options);
        Prepared { pack: self.pack, case, params, index, clock, faults }
    }
}

impl<'a> Prepared<'a> {
    /// The case.
    pub(super) fn case(&self) -> &'a TestCase {
        self.case
    }

    /// Runs the control, or a changed copy of it.
    pub(super) fn run(&self, control: &Control) -> CaseRun<'a> {
        let mut control = control.clone();
        for (name, value) in &self.params {
            if let Some(Param { value: effective, .. }) = control.params.get_mut(name) {
                *effective = value.clone();
            }
        }
        let options = RunOptions::default();
        let controls = || std::iter::once(&control);
        let evaluated = evaluate(self.pack, controls(), &self.case.facts, &self.clock, &self.index, &options);
        let assessment = self.assess(control_inputs(self.pack, controls(), &evaluated));
        let outcomes = assessment
            .controls
            .into_iter()
            .flat_map(|control| control.checks)
            .map(|check| (check.id.clone(), check))
            .collect();
        let nulls = self.nulls(&evaluated.planned.plans);
        let faults = evaluated
            .planned
            .diagnostics
            .iter()
            .filter(|fault| fault.code.level == crate::text::Level::Error)
            .map(|fault| {
                let said = |words: &str| format!("{}: {words}", fault.code.id);
                Text::new(said(&fault.message.zh), said(&fault.message.en))
            })
            .collect();
        CaseRun { case: self.case, outcomes, nulls, faults }
    }

    fn assess(&self, controls: Vec<crate::assess::ControlInput<'_>>) -> Assessment {
        assess(Input {
            metadata: blank_metadata(&self.clock),
            controls,
            unselected: Vec::new(),
            provisions: self.pack.provisions.values().collect(),
            laws: self.pack.laws.values().collect(),
            kinds: Vec::new(),
            files: Vec::new(),
            families: Vec::new(),
            broken: Vec::new(),
            overrides: Vec::new(),
            diagnostics: Vec::new(),
            baseline: None,
        })
    }

    /// For every check, the columns of evidence it decides by: is there a row in this case with a null there?
    fn nulls(&self, plans: &[Plan]) -> BTreeMap<CheckId, BTreeMap<String, bool>> {
        let mut all = BTreeMap::new();
        for plan in plans {
            let mut columns = BTreeMap::new();
            for (table, names) in decisive(plan) {
                let names: Vec<String> = names.into_iter().collect();
                let mut seen = vec![false; names.len()];
                self.index.scan(&table.kind, &[(table.clone(), names.clone())], &mut |_, batch| {
                    for (column, seen) in batch.columns.iter().zip(&mut seen) {
                        *seen |= arrow::array::Array::null_count(&column.values) > 0;
                    }
                });
                let prefix = std::iter::once(table.kind.as_str()).chain(table.list.iter().map(String::as_str));
                let prefix = prefix.collect::<Vec<_>>().join(".");
                columns.extend(names.into_iter().zip(seen).map(|(name, seen)| (format!("{prefix}.{name}"), seen)));
            }
            all.insert(plan.check.clone(), columns);
        }
        all
    }
}

/// Columns of evidence that a check decides by; those that only its finding's text or key reads do not count, nor do
/// `file.…`, which are never null for reasons of the evidence.
fn decisive(plan: &Plan) -> BTreeMap<TablePath, BTreeSet<String>> {
    let mut tables: BTreeMap<TablePath, BTreeSet<String>> = BTreeMap::new();
    plan.walk(&mut |relation| {
        if let Source::Table(path) = &relation.source {
            let names = relation.source_slots().filter(|(_, slot)| slot.needed).map(|(_, slot)| slot.name.clone());
            let names = names.filter(|name| !name.starts_with("file.") && !name.contains("parent.file."));
            tables.entry(path.clone()).or_default().extend(names);
        }
    });
    tables
}
