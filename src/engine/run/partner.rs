//! The partner side of joins, `has` and `has_no`: rows folded into groups by key as they arrive.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use arrow::array::UInt32Array;

use crate::engine::plan::{JoinOutput, JoinPlan, Origin, PartnerPlan};
use crate::expr::aggregate::Accumulator;
use crate::expr::{AggregateCall, Column, ColumnId, Context, Type};

use super::columns::{Chunk, take};
use super::keys::{Group, Keys};
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

/// A partner row with a null key, kept for `has_no`.
#[derive(Debug)]
pub(crate) struct NullKey {
    pub(crate) row: Chunk,
    pub(crate) reasons: u8,
}

/// Rows of a partner, by key. Complete once its source is.
#[derive(Debug)]
pub(crate) struct PartnerTable {
    pub(crate) plan: PartnerPlan,
    pub(crate) types: Vec<Type>,
    pub(crate) keys: Keys,
    /// Partners of each group.
    pub(crate) certain: Vec<u64>,
    /// Undecided ones.
    pub(crate) undecided: Vec<u64>,
    /// Rows kept: all, or the first few of each group.
    rows: Vec<Chunk>,
    flags: Vec<bool>,
    groups: Vec<u32>,
    kept: Vec<u32>,
    keep: usize,
    /// Complete: the rows as one chunk, and those of each group.
    pub(crate) table: Option<Chunk>,
    pub(crate) rows_of: Vec<Vec<u32>>,
    pub(crate) row_undecided: Vec<bool>,
    /// Uncorrelated aggregates.
    aggregates: Option<Vec<(AggregateCall, Accumulator)>>,
    /// Complete: results by group; the last row is that of a row without partners.
    pub(crate) results: Vec<Column>,
    /// For `has_no`.
    pub(crate) null_keys: Vec<NullKey>,
    pub(crate) null_keys_total: u64,
    wants_null_keys: bool,
    /// Rows the source showed.
    pub(crate) seen: u64,
    /// The first partner row of a key that several have and that was asked for, and how often that was.
    ambiguous_row: AtomicU32,
    ambiguous_times: AtomicU64,
}

/// Rows of each group that `has_no` keeps to cite: five and one to say that there are more.
const OFFENDERS: usize = 6;
/// Null-key rows kept in full; beyond it they are counted.
const NULL_KEYS: usize = 1_000;

impl PartnerTable {
    pub(crate) fn new(plan: &PartnerPlan, purpose: Purpose<'_>) -> Self {
        let correlated = is_correlated(plan, purpose);
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
            keys: Keys::new(&key_types),
            certain: Vec::new(),
            undecided: Vec::new(),
            rows: Vec::new(),
            flags: Vec::new(),
            groups: Vec::new(),
            kept: Vec::new(),
            keep,
            table: None,
            rows_of: Vec::new(),
            row_undecided: Vec::new(),
            aggregates,
            results: Vec::new(),
            null_keys: Vec::new(),
            null_keys_total: 0,
            wants_null_keys: matches!(purpose, Purpose::HasNo),
            seen: 0,
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
        self.kept.resize(self.keys.len(), 0);
        let (mut keep, mut keep_groups) = (Vec::new(), Vec::new());
        for (row, group) in (0_u32..).zip(&groups) {
            match group {
                Group::Number(number) => {
                    let counts = if undecided.is_some() { &mut self.undecided } else { &mut self.certain };
                    if let Some(count) = counts.get_mut(*number as usize) {
                        *count += 1;
                    }
                    if let Some(kept) = self.kept.get_mut(*number as usize) {
                        if (*kept as usize) < self.keep {
                            *kept = kept.saturating_add(1);
                            keep.push(row);
                            keep_groups.push(*number);
                        }
                    }
                }
                Group::Null(reasons) if self.wants_null_keys => {
                    self.null_keys_total += 1;
                    if self.null_keys.len() < NULL_KEYS {
                        let doubt = undecided.and_then(|reasons| reasons.get(row as usize)).copied().unwrap_or(0);
                        self.null_keys.push(NullKey { row: chunk.take(&[row]), reasons: reasons | doubt });
                    }
                }
                Group::Null(_) | Group::Unknown => {}
            }
        }
        if undecided.is_none() {
            self.aggregate(chunk, &groups, context);
        }
        if !keep.is_empty() {
            self.flags.extend(keep.iter().map(|_| undecided.is_some()));
            self.groups.append(&mut keep_groups);
            self.rows.push(if keep.len() == chunk.len { chunk.clone() } else { chunk.take(&keep) });
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

    /// Closes the table: no more rows come.
    pub(crate) fn finish(&mut self, context: &Context) {
        self.certain.resize(self.keys.len(), 0);
        self.undecided.resize(self.keys.len(), 0);
        if self.keep > 0 {
            let chunks = std::mem::take(&mut self.rows);
            self.rows_of = vec![Vec::new(); self.keys.len()];
            for (row, group) in (0_u32..).zip(&self.groups) {
                if let Some(rows) = self.rows_of.get_mut(*group as usize) {
                    rows.push(row);
                }
            }
            self.row_undecided = std::mem::take(&mut self.flags);
            self.table = Some(Chunk::concat(&chunks, &self.types));
        }
        if let Some(aggregates) = &mut self.aggregates {
            let groups = self.keys.len();
            for (call, accumulator) in aggregates.iter_mut() {
                // Constant edges count for a row without partners as well.
                if let [_, from, to] = call.arguments.as_slice() {
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

/// Whether pairs must be looked at one by one: a condition, or the argument of an aggregate, names the population row.
pub(crate) fn is_correlated(plan: &PartnerPlan, purpose: Purpose<'_>) -> bool {
    if !plan.correlated.is_empty() {
        return true;
    }
    let Purpose::Join(JoinPlan { output: JoinOutput::Aggregate(output), .. }) = purpose else { return false };
    let outer = |id: ColumnId| matches!(plan.relation.slots.get(id).map(|slot| &slot.origin), Some(Origin::Outer(_)));
    output
        .calls
        .iter()
        .flat_map(|call| call.arguments.iter().chain(&call.filter))
        .any(|expr| expr.columns().into_iter().any(outer))
}
