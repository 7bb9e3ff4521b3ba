//! The partner side of joins, `has` and `has_no`: rows folded into groups by key as they arrive.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use arrow::array::UInt32Array;

use crate::engine::plan::{JoinOutput, JoinPlan, PartnerPlan};
use crate::expr::aggregate::Accumulator;
use crate::expr::{AggregateCall, Column, Context, Expr, Type};

use super::columns::{Chunk, take};
use super::keys::{Group, Keys};
use super::pairs;
use super::relation::{Kept, over};

/// What a partner is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose<'p> {
    /// A join.
    Join(&'p JoinPlan),
    /// `has`.
    Has,
    /// `has_no`.
    HasNo,
}

/// Rows of a partner, by key. Complete once its source is.
#[derive(Debug)]
pub(crate) struct PartnerTable {
    pub(crate) plan: PartnerPlan,
    pub(crate) types: Vec<Type>,
    /// Complete: the partners of the joins that run on pairs, in order.
    pub(crate) pair_joins: Vec<Arc<PartnerTable>>,
    pub(crate) keys: Keys,
    /// Partners of each group.
    pub(crate) certain: Vec<u64>,
    /// Undecided ones, and why.
    pub(crate) undecided: Vec<u64>,
    pub(crate) doubts: Vec<u8>,
    /// Rows kept: all, or the first few of each group.
    rows: Vec<Chunk>,
    /// Of rows kept: the doubts of an undecided one.
    flags: Vec<Option<u8>>,
    groups: Vec<u32>,
    /// Rows kept of each group: certain ones, undecided ones.
    kept: [Vec<u32>; 2],
    keep: usize,
    /// Complete: the rows as one chunk, and those of each group.
    pub(crate) table: Option<Chunk>,
    pub(crate) rows_of: Vec<Vec<u32>>,
    pub(crate) row_undecided: Vec<Option<u8>>,
    /// Uncorrelated aggregates.
    aggregates: Option<Vec<(AggregateCall, Accumulator)>>,
    /// Complete: results by group; the last row is that of a row without partners.
    pub(crate) results: Vec<Column>,
    /// For `has_no`: rows with a null key, and the doubts of each. Complete: one chunk, by file and row.
    null_rows: Vec<Chunk>,
    null_reasons: Vec<u8>,
    wants_null_keys: bool,
    /// For a join: rows whose key is in doubt, so that nobody knows whose they are.
    doubtful: Option<DoubtfulKeys>,
    /// About how much memory the rows and keys hold.
    bytes: u64,
    /// Rows the source showed.
    pub(crate) seen: u64,
    /// Its join runs on pairs of rows.
    pub(crate) on_pairs: bool,
    /// The first partner row of a key that several have and that was asked for, and how often that was.
    ambiguous_row: AtomicU32,
    ambiguous_times: AtomicU64,
}

/// Partner rows of a join whose key is in doubt. A blank key matches nothing; a doubtful one may match anybody.
#[derive(Debug, Default)]
struct DoubtfulKeys {
    rows: u64,
    doubts: u8,
    /// Where conditions name both rows: these rows, with their doubts. Complete: one chunk.
    kept: Vec<Chunk>,
    reasons: Vec<u8>,
    /// Complete: which of them these conditions leave for some row at hand.
    possible: Vec<AtomicBool>,
}

/// Rows of each group that `has_no` keeps to cite: five and one to say that there are more.
const OFFENDERS: usize = 6;
/// What one key costs, about: it is counted against the memory limit.
const KEY_BYTES: u64 = 96;

impl PartnerTable {
    pub(crate) fn new(plan: &PartnerPlan, purpose: Purpose<'_>) -> Self {
        let correlated = match purpose {
            Purpose::Join(join) => plan.correlated_with(&join.output),
            Purpose::Has | Purpose::HasNo => plan.per_pair(),
        };
        let keep = match purpose {
            _ if correlated => usize::MAX,
            Purpose::Join(JoinPlan { output: JoinOutput::Lookup(_), .. }) => 2,
            Purpose::Join(_) | Purpose::Has => 0,
            Purpose::HasNo => OFFENDERS,
        };
        let aggregates = match purpose {
            Purpose::Join(JoinPlan { output: JoinOutput::Aggregate(output), .. }) if !correlated => {
                Some(output.calls.iter().map(|call| (call.clone(), Accumulator::new(call))).collect())
            }
            _ => None,
        };
        let key_types: Vec<Type> = plan.keys.iter().map(|(theirs, _)| theirs.ty.clone()).collect();
        Self {
            plan: plan.clone(),
            types: plan.relation.slots.iter().map(|slot| slot.ty.clone()).collect(),
            pair_joins: Vec::new(),
            keys: Keys::new(&key_types),
            certain: Vec::new(),
            undecided: Vec::new(),
            doubts: Vec::new(),
            rows: Vec::new(),
            flags: Vec::new(),
            groups: Vec::new(),
            kept: [Vec::new(), Vec::new()],
            keep,
            table: None,
            rows_of: Vec::new(),
            row_undecided: Vec::new(),
            aggregates,
            results: Vec::new(),
            null_rows: Vec::new(),
            null_reasons: Vec::new(),
            wants_null_keys: matches!(purpose, Purpose::HasNo),
            doubtful: matches!(purpose, Purpose::Join(_)).then(DoubtfulKeys::default),
            bytes: 0,
            seen: 0,
            on_pairs: matches!(purpose, Purpose::Join(join) if join.per_pair),
            ambiguous_row: AtomicU32::new(u32::MAX),
            ambiguous_times: AtomicU64::new(0),
        }
    }

    /// Adds what the partner's own steps left of a chunk.
    pub(crate) fn push(&mut self, kept: &Kept, context: &Context) {
        self.add(&kept.rows, None, context);
        if kept.undecided.len > 0 {
            self.add(&kept.undecided, Some(&kept.reasons), context);
        }
    }

    fn add(&mut self, chunk: &Chunk, undecided: Option<&[u8]>, context: &Context) {
        let columns: Vec<Column> = self.plan.keys.iter().map(|(theirs, _)| over(theirs, chunk, context)).collect();
        let groups = self.keys.insert(&columns, chunk.len);
        self.certain.resize(self.keys.len(), 0);
        self.undecided.resize(self.keys.len(), 0);
        self.doubts.resize(self.keys.len(), 0);
        let doubtful = usize::from(undecided.is_some());
        let doubt_of = |row: u32| undecided.and_then(|reasons| reasons.get(row as usize)).copied().unwrap_or(0);
        for kept in &mut self.kept {
            kept.resize(self.keys.len(), 0);
        }
        let (mut keep, mut keep_groups, mut nulls, mut doubted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (row, group) in (0_u32..).zip(&groups) {
            match group {
                Group::Number(number) => {
                    let counts = if undecided.is_some() { &mut self.undecided } else { &mut self.certain };
                    if let Some(count) = counts.get_mut(*number as usize) {
                        *count += 1;
                    }
                    if let Some(doubts) = self.doubts.get_mut(*number as usize) {
                        *doubts |= doubt_of(row);
                    }
                    let kept = self.kept.get_mut(doubtful).and_then(|kept| kept.get_mut(*number as usize));
                    if let Some(kept) = kept.filter(|kept| (**kept as usize) < self.keep) {
                        *kept = kept.saturating_add(1);
                        keep.push(row);
                        keep_groups.push(*number);
                    }
                }
                Group::Null(reasons) if self.wants_null_keys => {
                    nulls.push(row);
                    self.null_reasons.push(reasons | doubt_of(row));
                }
                Group::Null(reasons) if *reasons != 0 => doubted.push((row, *reasons)),
                Group::Null(_) | Group::Unknown => {}
            }
        }
        self.doubt(chunk, &doubted);
        if undecided.is_none() {
            self.aggregate(chunk, &groups, context);
        }
        if !keep.is_empty() {
            self.flags.extend(keep.iter().map(|row| undecided.map(|_| doubt_of(*row))));
            self.groups.append(&mut keep_groups);
            let kept = if keep.len() == chunk.len { chunk.clone() } else { chunk.take(&keep) };
            self.bytes = self.bytes.saturating_add(kept.bytes());
            self.rows.push(kept);
        }
        if !nulls.is_empty() {
            let kept = chunk.take(&nulls);
            self.bytes = self.bytes.saturating_add(kept.bytes());
            self.null_rows.push(kept);
        }
    }

    /// Notes rows whose key is in doubt.
    fn doubt(&mut self, chunk: &Chunk, rows: &[(u32, u8)]) {
        let Some(doubtful) = self.doubtful.as_mut().filter(|_| !rows.is_empty()) else { return };
        doubtful.rows += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        doubtful.doubts = rows.iter().fold(doubtful.doubts, |all, (_, reasons)| all | reasons);
        if !self.plan.correlated.is_empty() {
            let kept = chunk.take(&rows.iter().map(|(row, _)| *row).collect::<Vec<_>>());
            self.bytes = self.bytes.saturating_add(kept.bytes());
            doubtful.kept.push(kept);
            doubtful.reasons.extend(rows.iter().map(|(_, reasons)| *reasons));
        }
    }

    fn aggregate(&mut self, chunk: &Chunk, groups: &[Group], context: &Context) {
        let Some(aggregates) = &mut self.aggregates else { return };
        let numbered: Vec<(u32, usize)> = (0_u32..)
            .zip(groups)
            .filter_map(|(row, group)| match group {
                Group::Number(number) => Some((row, *number as usize)),
                Group::Unknown | Group::Null(_) => None,
            })
            .collect();
        let all = numbered.len() == chunk.len;
        let indices = UInt32Array::from(numbered.iter().map(|(row, _)| *row).collect::<Vec<_>>());
        let groups: Vec<usize> = numbered.iter().map(|(_, group)| *group).collect();
        for (call, accumulator) in aggregates {
            let value = |expr| {
                let column = over(expr, chunk, context);
                if all { column } else { take(&column, &indices) }
            };
            let arguments: Vec<Column> = call.arguments.iter().map(value).collect();
            let filter = call.filter.as_ref().map(value);
            accumulator.update(&arguments, filter.as_ref(), &groups);
        }
    }

    /// Closes the table: no more rows come. `pair_joins` are the partners of the joins that run on pairs, complete.
    pub(crate) fn finish(&mut self, pair_joins: Vec<Arc<Self>>, context: &Context) {
        self.pair_joins = pair_joins;
        self.certain.resize(self.keys.len(), 0);
        self.undecided.resize(self.keys.len(), 0);
        self.doubts.resize(self.keys.len(), 0);
        // Certain and undecided rows came apart; from here on order is by file and row, whatever the batches were.
        if !self.null_rows.is_empty() {
            let nulls = Chunk::concat(&std::mem::take(&mut self.null_rows), &self.types);
            let mut order: Vec<u32> = (0..u32::try_from(nulls.len).unwrap_or(u32::MAX)).collect();
            order.sort_by_key(|row| nulls.position(*row as usize));
            let reason = |row: &u32| self.null_reasons.get(*row as usize).copied().unwrap_or(0);
            self.null_reasons = order.iter().map(reason).collect();
            self.null_rows.push(nulls.take(&order));
        }
        if let Some(doubtful) = self.doubtful.as_mut().filter(|doubtful| !doubtful.kept.is_empty()) {
            let kept = Chunk::concat(&std::mem::take(&mut doubtful.kept), &self.types);
            doubtful.possible.resize_with(kept.len, AtomicBool::default);
            doubtful.kept.push(kept);
        }
        if self.keep > 0 {
            let table = Chunk::concat(&std::mem::take(&mut self.rows), &self.types);
            let mut order: Vec<u32> = (0..u32::try_from(table.len).unwrap_or(u32::MAX)).collect();
            order.sort_by_key(|row| table.position(*row as usize));
            let at = |row: &u32| *row as usize;
            self.row_undecided = order.iter().map(|row| self.flags.get(at(row)).copied().flatten()).collect();
            self.rows_of = vec![Vec::new(); self.keys.len()];
            for wanted in [false, true] {
                for (row, old) in (0_u32..).zip(&order) {
                    let group = self.groups.get(at(old)).copied().unwrap_or(0);
                    let flagged = self.flags.get(at(old)).copied().flatten().is_some() == wanted;
                    if let Some(rows) = self.rows_of.get_mut(group as usize).filter(|_| flagged) {
                        rows.push(row);
                    }
                }
            }
            let sorted = order.is_sorted();
            self.table = Some(if sorted { table } else { table.take(&order) });
        }
        if let Some(aggregates) = &mut self.aggregates {
            let groups = self.keys.len();
            for (call, accumulator) in aggregates.iter_mut() {
                // Constant edges count for a row without partners as well; those of a partner are known with it only.
                if let Some((from, to)) = self.plan.edges(call) {
                    let nothing = blank(&self.types, 1);
                    let all: Vec<usize> = (0..=groups).collect();
                    let spread = |expr| {
                        let one = over(expr, &nothing, context);
                        take(&one, &UInt32Array::from(vec![0; groups + 1]))
                    };
                    accumulator.edges(&spread(from), &spread(to), &all);
                }
                self.results.push(accumulator.finish(groups + 1));
            }
        }
    }

    /// Of `has_no`, once complete: the rows with a null key by file and row, and the doubts of each.
    pub(crate) fn null_keys(&self) -> Option<(&Chunk, &[u8])> {
        Some((self.null_rows.first()?, &self.null_reasons))
    }

    /// Of a join, once complete: notes which of the rows whose key is in doubt may be partners of these rows.
    pub(crate) fn note_possible(&self, chunk: &Chunk, context: &Context) {
        let Some(doubtful) = &self.doubtful else { return };
        let Some(kept) = doubtful.kept.first() else { return };
        for (row, possible) in (0_u32..).zip(&doubtful.possible).filter(|(_, known)| !known.load(Ordering::Relaxed)) {
            if pairs::may_match(self, kept, row, chunk, context) {
                possible.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Of a join, once probed: how many rows may be partners of some row at hand though their key is in doubt, and the
    /// doubts of these keys.
    pub(crate) fn doubtful_keys(&self) -> Option<(u64, u8)> {
        let doubtful = self.doubtful.as_ref()?;
        let (rows, doubts) = if self.plan.correlated.is_empty() {
            (doubtful.rows, doubtful.doubts)
        } else {
            let possible = doubtful.possible.iter().zip(&doubtful.reasons);
            possible
                .filter(|(possible, _)| possible.load(Ordering::Relaxed))
                .fold((0, 0), |(rows, doubts), (_, reasons)| (rows + 1, doubts | reasons))
        };
        (rows > 0).then_some((rows, doubts))
    }

    /// Names of the columns that its keys are.
    pub(crate) fn key_names(&self) -> Vec<String> {
        let slots = &self.plan.relation.slots;
        let name = |theirs: &Expr| Some(slots.get(theirs.columns().into_iter().next()?)?.name.clone());
        self.plan.keys.iter().filter_map(|(theirs, _)| name(theirs)).collect()
    }

    /// About how much memory the table holds.
    pub(crate) fn bytes(&self) -> u64 {
        let keys = u64::try_from(self.keys.len()).unwrap_or(u64::MAX);
        self.bytes.saturating_add(KEY_BYTES.saturating_mul(keys))
    }

    /// Notes that a row met several partners, the first of them `row`.
    pub(crate) fn note_ambiguous(&self, row: u32) {
        self.ambiguous_row.fetch_min(row, Ordering::Relaxed);
        self.ambiguous_times.fetch_add(1, Ordering::Relaxed);
    }

    /// The first such partner row, and how many rows met several.
    pub(crate) fn ambiguous(&self) -> Option<(u32, u64)> {
        let times = self.ambiguous_times.load(Ordering::Relaxed);
        (times > 0).then(|| (self.ambiguous_row.load(Ordering::Relaxed), times))
    }
}

/// A chunk of blanks: a frame in which nothing is known.
pub(crate) fn blank(types: &[Type], rows: usize) -> Chunk {
    Chunk {
        len: rows,
        columns: types.iter().map(|ty| Column::nulls(ty, rows)).collect(),
        places: vec![Arc::default()],
        at: vec![(0, 0); rows],
    }
}
