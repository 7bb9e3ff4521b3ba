//! All plans over one scan of the evidence.
//!
//! Kinds are scanned smallest first, each file once; every batch is pushed to every relation that reads its table. A
//! relation whose partners are complete works on the batch at once, else it keeps the columns it needs until they are.

mod check_run;
mod cite;
mod columns;
mod count;
mod decide;
mod expect;
mod findings;
mod gaps;
mod group;
mod join;
mod keys;
mod literals;
mod order;
mod pairs;
mod partner;
mod population;
mod relation;
mod semi;
pub(crate) mod sources;
#[cfg(test)]
mod tests;
mod working;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::engine::plan::{Applies, Plan, Planned, Source};
use crate::evidence::{self, Batch, FileScan, Index, KindScan, TablePath};
use crate::model::{CheckId, CheckResult, EvidenceKind, FindingReason, KindId, MissingEvidence, NotTested};
use crate::text::{Diagnostic, Place, Text, sort_diagnostics};
use check_run::CheckRun;
use findings::Surroundings;
use literals::Literals;

/// Limits of a run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Findings of a check that are kept whole.
    pub listed: usize,
    /// Findings of a check that keep their fingerprint; beyond it none are given.
    pub fingerprints: usize,
    /// Memory for the rows, keys and groups that checks keep, in bytes, estimated. Past it the check that keeps the most is
    /// given up with [`CheckResult::error`].
    pub memory_bytes: u64,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { listed: 1_000, fingerprints: 1_000_000, memory_bytes: 1 << 30 }
    }
}

/// What a run gave.
#[derive(Debug, Clone)]
pub struct RunOutcome {
    /// One result per check: those that ran, those that do not apply (empty), those at fault (`error`), by check id.
    pub results: BTreeMap<CheckId, CheckResult>,
    /// What reading each kind gave, kinds that no check reads included.
    pub scans: Vec<KindScan>,
    /// Files of no kind.
    pub unused: Vec<FileScan>,
    /// Faults in the evidence found while reading and joining, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Columns wanted of every table of one kind, and who reads them.
struct Wanted {
    tables: Vec<(TablePath, Vec<String>)>,
    /// Per table: check, node, and where its columns are among those wanted.
    readers: Vec<Vec<(usize, usize, Vec<usize>)>>,
}

/// Batches smaller than this are not worth a second thread.
const PARALLEL_ROWS: usize = 512;

/// Runs all plans over the evidence. The number of threads is that of the current rayon pool; it changes no byte.
pub fn run(planned: &Planned, index: &Index, options: &RunOptions) -> RunOutcome {
    let context = planned.clock.context();
    let around = Surroundings { index, zone: planned.clock.zone, context: &context };
    let plans: Vec<&Plan> = planned.plans.iter().filter(|plan| plan.applies == Applies::Yes).collect();
    let mut checks: Vec<CheckRun<'_>> =
        plans.iter().map(|plan| CheckRun::new(plan, options.listed, options.fingerprints)).collect();
    let mut literals = Literals::of(plans.iter().copied());
    for check in &mut checks {
        feed_made(check, planned, around);
    }
    keep_within(&mut checks, options.memory_bytes);
    let wanted = wanted(&checks, index);
    let mut kinds: Vec<(u64, KindId)> = index.kinds().map(|kind| (index.bytes_of(&kind.id), kind.id.clone())).collect();
    kinds.extend(wanted.keys().filter(|kind| index.kind(kind).is_none()).map(|kind| (0, kind.clone())));
    kinds.sort();
    let (mut scans, mut lacking) = (Vec::new(), Vec::new());
    for (_, kind) in kinds {
        let Some(wanted) = wanted.get(&kind) else {
            scans.push(index.scan(&kind, &[], &mut |_, _| {}));
            continue;
        };
        let scan = index.scan(&kind, &wanted.tables, &mut |table, batch| {
            push(&mut checks, wanted, table, batch, &mut literals, planned, around);
            keep_within(&mut checks, options.memory_bytes);
        });
        lacking.extend(scan.lacking_columns(&|table, column| needs(&checks, wanted, table, column)));
        close(&mut checks, wanted, &scan);
        advance(&mut checks, &context, around);
        keep_within(&mut checks, options.memory_bytes);
        scans.push(scan);
    }
    let (unused, unused_diagnostics) = index.scan_unused();
    feed_files(&mut checks, planned, around, &scans, &unused);
    keep_within(&mut checks, options.memory_bytes);
    advance(&mut checks, &context, around);

    let mut diagnostics = unused_diagnostics;
    diagnostics.append(&mut lacking);
    diagnostics.extend(scans.iter().flat_map(|scan| scan.diagnostics.iter().cloned()));
    let searched = used_files(index, &scans);
    let mut results = not_run(planned);
    for check in checks {
        ambiguous_keys(&check, index, &mut diagnostics);
        let mut notes = literals.notes(&check.plan.literals);
        notes.extend(working::note(check.plan, &planned.clock));
        let result = result(check, &searched, notes);
        results.insert(result.check.clone(), result);
    }
    sort_diagnostics(&mut diagnostics);
    scans.sort_by(|a, b| a.kind.cmp(&b.kind));
    RunOutcome { results, scans, unused, diagnostics }
}

/// Columns of every table that decide some check which applies: without one of them it is not tested.
pub fn columns_needed(planned: &Planned) -> BTreeMap<TablePath, BTreeSet<String>> {
    let mut needed: BTreeMap<TablePath, BTreeSet<String>> = BTreeMap::new();
    for plan in planned.plans.iter().filter(|plan| plan.applies == Applies::Yes) {
        for node in &CheckRun::new(plan, 0, 0).nodes {
            let Some(table) = node.table() else { continue };
            needed.entry(table.clone()).or_default().extend(node.columns_needed().map(str::to_owned));
        }
    }
    needed
}

/// Columns of `evidence.files` that depend on which tables and columns of a file are read.
const DEPEND_ON_READING: [&str; 2] = ["cells_unreadable", "rows_rejected"];

/// Whether some check looks at how well files could be read. Then all of every file is read, so that the answer does not
/// depend on what else is checked.
fn judges_reading(checks: &[CheckRun<'_>]) -> bool {
    checks.iter().flat_map(|check| &check.nodes).any(|node| {
        matches!(node.relation.source, Source::Files)
            && node.relation.source_slots().any(|(_, slot)| DEPEND_ON_READING.contains(&slot.name.as_str()))
    })
}

/// Adds a table of a kind with all its columns, and the lists inside it.
fn add_all(kind: &EvidenceKind, list: &[String], names: &mut BTreeMap<TablePath, BTreeSet<String>>) {
    let columns = evidence::table_columns(kind, list).unwrap_or_default();
    let table = TablePath { kind: kind.id.clone(), list: list.to_vec() };
    names.entry(table).or_default().extend(columns.into_keys());
    for inner in evidence::nested_lists(kind, list) {
        let list: Vec<String> = list.iter().cloned().chain([inner]).collect();
        add_all(kind, &list, names);
    }
}

fn wanted(checks: &[CheckRun<'_>], index: &Index) -> BTreeMap<KindId, Wanted> {
    let mut names: BTreeMap<TablePath, BTreeSet<String>> = BTreeMap::new();
    if judges_reading(checks) {
        index.kinds().for_each(|kind| add_all(kind, &[], &mut names));
    }
    for node in checks.iter().flat_map(|check| &check.nodes) {
        if let Some(table) = node.table() {
            names.entry(table.clone()).or_default().extend(node.column_names());
        }
    }
    let mut kinds: BTreeMap<KindId, Wanted> = BTreeMap::new();
    for (table, names) in names {
        let names: Vec<String> = names.into_iter().collect();
        let mut readers = Vec::new();
        for (number, check) in checks.iter().enumerate() {
            for (node_number, node) in check.nodes.iter().enumerate() {
                if node.table() == Some(&table) {
                    let at = node.column_names().iter().filter_map(|name| names.binary_search(name).ok()).collect();
                    readers.push((number, node_number, at));
                }
            }
        }
        let kind =
            kinds.entry(table.kind.clone()).or_insert_with(|| Wanted { tables: Vec::new(), readers: Vec::new() });
        kind.tables.push((table, names));
        kind.readers.push(readers);
    }
    kinds
}

fn push(
    checks: &mut [CheckRun<'_>],
    wanted: &Wanted,
    table: usize,
    batch: Batch,
    literals: &mut Literals,
    planned: &Planned,
    around: Surroundings<'_>,
) {
    let (Some((path, names)), Some(readers)) = (wanted.tables.get(table), wanted.readers.get(table)) else { return };
    if batch.is_empty() {
        return;
    }
    literals.see(path, names, &batch);
    let context = planned.clock.context();
    let len = batch.len();
    let Batch { rows, columns } = batch;
    let rows = Arc::new(rows);
    let give = |number: usize, check: &mut CheckRun<'_>| {
        for (_, node, at) in readers.iter().filter(|(reader, ..)| *reader == number) {
            let columns = at.iter().filter_map(|at| columns.get(*at).cloned()).collect();
            let Some(input) = check.nodes.get(*node).map(|node| node.input(&rows, len, columns)) else { continue };
            check.feed(*node, input, &context, around);
        }
    };
    if len < PARALLEL_ROWS || readers.len() < 2 {
        let numbers: BTreeSet<usize> = readers.iter().map(|(number, ..)| *number).collect();
        for number in numbers {
            if let Some(check) = checks.get_mut(number) {
                give(number, check);
            }
        }
    } else {
        checks.par_iter_mut().enumerate().for_each(|(number, check)| give(number, check));
    }
}

/// Whether some check decides by a column of a table, or names its rows by it. What only a finding's text shows may lack.
fn needs(checks: &[CheckRun<'_>], wanted: &Wanted, table: usize, column: &str) -> bool {
    let readers = wanted.readers.get(table).into_iter().flatten();
    readers.filter_map(|(check, node, _)| checks.get(*check).map(|check| (check, *node))).any(|(check, node)| {
        let Some(node) = check.nodes.get(node) else { return false };
        let named = |id: usize| node.is_over && check.plan.row_key.named.contains(&id);
        node.relation.source_slots().any(|(id, slot)| slot.name == column && (slot.needed || named(id)))
    })
}

/// The kind is read: its tables are complete, and what was missing is known.
fn close(checks: &mut [CheckRun<'_>], wanted: &Wanted, scan: &KindScan) {
    for (table, readers) in wanted.readers.iter().enumerate() {
        for (number, node, _) in readers {
            let Some(node) = checks.get_mut(*number).and_then(|check| check.nodes.get_mut(*node)) else { continue };
            node.missing = scan.missing_for(table, node.columns_needed());
            node.source_done = true;
        }
    }
}

/// Gives up the check that keeps the most, until the rest fits.
fn keep_within(checks: &mut [CheckRun<'_>], limit: u64) {
    let mut held: Vec<u64> = checks.iter().map(CheckRun::bytes).collect();
    while held.iter().copied().fold(0, u64::saturating_add) > limit {
        // Of several that keep as much, the first.
        let most =
            held.iter().zip(checks.iter_mut()).enumerate().min_by_key(|(_, (bytes, _))| std::cmp::Reverse(**bytes));
        let Some((number, (bytes, check))) = most else { return };
        let (kept, limit) = (bytes.div_ceil(1 << 20), limit.div_ceil(1 << 20));
        check.give_up(Text::new(
            format!("内存不足：需要同时保留的行约 {kept} MiB，所有检查合计的上限是 {limit} MiB；请用 `where` 收窄，或提高上限"),
            format!(
                "out of memory: the rows to keep take about {kept} MiB, and all checks together may take {limit} MiB; \
                 narrow them with `where`, or raise the limit"
            ),
        ));
        if let Some(held) = held.get_mut(number) {
            *held = 0;
        }
    }
}

fn advance(checks: &mut [CheckRun<'_>], context: &crate::expr::Context, around: Surroundings<'_>) {
    checks.par_iter_mut().for_each(|check| check.advance(context, around));
}

fn feed_made(check: &mut CheckRun<'_>, planned: &Planned, around: Surroundings<'_>) {
    let context = planned.clock.context();
    for number in 0..check.nodes.len() {
        let Some(node) = check.nodes.get(number) else { continue };
        let names = node.column_names();
        let Some(made) = sources::rows(&node.relation.source, &names, &planned.clock, &planned.catalog) else {
            continue;
        };
        let mut input = node.input(&sources::no_places(made.rows), made.rows, made.columns);
        input.undecided = made.undecided;
        if let Some(node) = check.nodes.get_mut(number) {
            node.source_done = true;
        }
        check.feed(number, input, &context, around);
    }
    check.advance(&context, around);
}

/// The evidence index is complete only when everything was read.
fn feed_files(
    checks: &mut [CheckRun<'_>],
    planned: &Planned,
    around: Surroundings<'_>,
    scans: &[KindScan],
    unused: &[FileScan],
) {
    let mut files: Vec<FileScan> = scans.iter().flat_map(|scan| &scan.files).chain(unused).cloned().collect();
    files.sort_by_key(|file| file.file);
    let context = planned.clock.context();
    for check in checks {
        for number in 0..check.nodes.len() {
            let Some(node) = check.nodes.get_mut(number) else { continue };
            if !matches!(node.relation.source, Source::Files) {
                continue;
            }
            node.source_done = true;
            node.missing = unopened(around.index);
            let batch = evidence::files_batch(around.index, &files, &node.column_names());
            let mut input = node.input(&sources::no_places(batch.len()), batch.len(), batch.columns);
            // Each row is a file, and cites it as a whole.
            input.chunk.places = files.iter().map(|file| sources::whole_file(file.file)).collect();
            input.chunk.at = (0..u32::try_from(files.len()).unwrap_or(u32::MAX)).map(|file| (file, 0)).collect();
            check.feed(number, input, &context, around);
        }
    }
}

/// What could not be opened may be files that the index does not list.
fn unopened(index: &Index) -> Vec<MissingEvidence> {
    let missing = |(path, _, why): (&str, Option<&KindId>, &Text)| MissingEvidence {
        reason: NotTested::EvidenceIncomplete,
        kind: KindId::new("evidence.files"),
        column: None,
        file: Some(path.to_owned()),
        detail: Text::new(format!("`{path}`：{}", why.zh), format!("`{path}`: {}", why.en)),
    };
    index.unopened().map(missing).collect()
}

/// Paths of the files of every kind whose rows count.
fn used_files(index: &Index, scans: &[KindScan]) -> BTreeMap<KindId, Vec<String>> {
    let path = |file: &FileScan| index.files().get(file.file as usize).map(|entry| entry.path.clone());
    scans.iter().map(|scan| (scan.kind.clone(), scan.used().filter_map(path).collect())).collect()
}

/// Results of the checks that do not apply or are at fault.
fn not_run(planned: &Planned) -> BTreeMap<CheckId, CheckResult> {
    let fault = Text::new("策略文件有错误", "the policy file has faults");
    let faulty = planned.faulty.iter().map(|id| (id.clone(), CheckResult { error: Some(fault.clone()), ..empty(id) }));
    let other = planned.plans.iter().filter(|plan| plan.applies != Applies::Yes);
    other.map(|plan| (plan.check.clone(), empty(&plan.check))).chain(faulty).collect()
}

fn empty(check: &CheckId) -> CheckResult {
    CheckResult {
        check: check.clone(),
        population: 0,
        conforming: 0,
        findings_total: 0,
        findings: Vec::new(),
        fingerprints: Some(Vec::new()),
        excluded_undecided: 0,
        excluded_unreadable: 0,
        missing_population: Vec::new(),
        missing_partners: Vec::new(),
        kinds: Vec::new(),
        notes: Vec::new(),
        error: None,
    }
}

fn result(check: CheckRun<'_>, used: &BTreeMap<KindId, Vec<String>>, mut notes: Vec<Text>) -> CheckResult {
    let CheckRun { plan, nodes, tables, population, error } = check;
    if error.is_some() {
        return CheckResult { error, kinds: plan.kinds.clone(), ..empty(&plan.check) };
    }
    let (mut missing_population, mut missing_partners): (BTreeSet<MissingEvidence>, BTreeSet<_>) = Default::default();
    let has_rows = population.seen > 0;
    for (node, table) in nodes.iter().zip(&tables) {
        // Partners that decide the population are asked for only once there are rows to decide about.
        let list =
            if node.is_over || (node.decides && has_rows) { &mut missing_population } else { &mut missing_partners };
        list.extend(node.missing.iter().cloned());
        list.extend(table.as_ref().and_then(|table| nobodys_rows(node, table)));
    }
    let nothing_passes = |what: &str, seen: u64| {
        let rows = if seen == 1 {
            format!("the one row of {what} does not pass")
        } else {
            format!("none of the {seen} rows of {what} passes")
        };
        Text::new(format!("{what}的 {seen} 行没有一行通过 `where`"), format!("{rows} `where`"))
    };
    let filtered = |relation: &crate::engine::plan::Relation| {
        relation.steps.iter().any(|step| matches!(step, crate::engine::plan::Step::Filter { .. }))
    };
    if population.seen > 0 && population.passed == 0 && filtered(&plan.rows) {
        notes.push(nothing_passes("`over`", population.seen));
    }
    for (node, table) in nodes.iter().zip(&tables) {
        let (Some(table), Some(path)) = (table, node.table()) else { continue };
        let nobody = table.certain.iter().chain(&table.undecided).all(|count| *count == 0);
        if table.seen > 0 && nobody && table.null_keys().is_none() && filtered(node.relation) {
            let name = format!("`{}`", literals::table_name(path));
            notes.push(nothing_passes(&name, table.seen));
        }
    }
    // About a missing partner: the partner's files; about anything else: every file the check read.
    let partner_kinds: BTreeSet<&KindId> = match plan.partner() {
        Some(partner) => {
            let mut kinds = BTreeSet::new();
            partner.relation.walk(&mut |relation| {
                if let Source::Table(path) = &relation.source {
                    kinds.insert(&path.kind);
                }
            });
            kinds
        }
        None => plan.kinds.iter().collect(),
    };
    let mut searched: Vec<String> =
        partner_kinds.iter().filter_map(|kind| used.get(*kind)).flatten().cloned().collect();
    searched.sort();
    searched.dedup();
    let (rows, conforming) = (population.rows, population.conforming);
    let (excluded, unreadable) = (population.excluded, population.excluded_unreadable);
    let total = population.findings.total;
    let (mut findings, fingerprints) = population.findings.finish(plan);
    for finding in findings.iter_mut().filter(|finding| finding.policy.is_some()) {
        finding.searched.clone_from(&searched);
    }
    CheckResult {
        check: plan.check.clone(),
        population: rows,
        conforming,
        findings_total: total,
        findings,
        fingerprints,
        excluded_undecided: excluded,
        excluded_unreadable: unreadable,
        missing_population: missing_population.into_iter().collect(),
        missing_partners: missing_partners.into_iter().collect(),
        kinds: plan.kinds.clone(),
        notes,
        error: None,
    }
}

/// Partner rows of a join whose key is in doubt: who has none may well have these, so the partner's evidence is incomplete.
fn nobodys_rows(node: &check_run::Node<'_>, table: &partner::PartnerTable) -> Option<MissingEvidence> {
    let (rows, doubts) = table.doubtful_keys()?;
    let path = node.table()?;
    let (name, keys) = (literals::table_name(path), table.key_names());
    let (columns, column) = (keys.join(", "), if let [key] = keys.as_slice() { Some(key.clone()) } else { None });
    let unreadable = findings::reason_of(doubts) == FindingReason::Unreadable;
    let (zh, en) = if unreadable { ("不能读取", "unreadable") } else { ("无法判断", "undecided") };
    let (noun, have, they) = if rows == 1 { ("row", "has", "it is") } else { ("rows", "have", "they are") };
    let detail = Text::new(
        format!("`{name}` 有 {rows} 行的 `{columns}` {zh}，不知道属于谁"),
        format!("{rows} {noun} of `{name}` {have} an {en} `{columns}`: nobody knows whose {they}"),
    );
    Some(MissingEvidence { reason: NotTested::EvidenceIncomplete, kind: path.kind.clone(), column, file: None, detail })
}

/// One warning per join some row of which met several partners.
fn ambiguous_keys(check: &CheckRun<'_>, index: &Index, diagnostics: &mut Vec<Diagnostic>) {
    for (node, table) in check.nodes.iter().zip(&check.tables) {
        let (Some(table), Some(path)) = (table, node.table()) else { continue };
        let Some((row, times)) = table.ambiguous() else { continue };
        let name = literals::table_name(path);
        let place = table.table.as_ref().and_then(|chunk| cite::Cite::of(chunk, row as usize)).map(|cite| {
            let cited = cite.citation(index, &[]);
            Place::Row { file: cited.file, sheet: cited.sheet, row: cite.position.row, line: cited.line, column: None }
        });
        let keys = table.key_names().join(", ");
        let (unit, rows) = match (table.on_pairs, times) {
            (false, 1) => ("行", "row"),
            (false, _) => ("行", "rows"),
            (true, 1) => ("对行", "pair of rows"),
            (true, _) => ("对行", "pairs of rows"),
        };
        let has = if times == 1 { "has" } else { "have" };
        let mut diagnostic = Diagnostic::new(
            &crate::evidence::codes::AMBIGUOUS_KEY,
            Text::new(
                format!("{} 的 {times} {unit}在 `{name}` 中按 `{keys}` 匹配到两行以上", check.plan.check),
                format!("{times} {rows} of {} {has} two or more partners in `{name}` by `{keys}`", check.plan.check),
            ),
        )
        .help(Text::new(
            "去掉重复的行，或用 `where` 收窄，或用 `let` 汇总",
            "remove the duplicate rows, narrow the join with `where`, or aggregate with `let`",
        ));
        diagnostic.place = place;
        diagnostics.push(diagnostic);
    }
}
