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
    undecided: bool,
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
    /// Rows kept of each group: certain ones, undecided ones.
    kept: [Vec<u32>; 2],
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
            kept: [Vec::new(), Vec::new()],
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
        let doubtful = usize::from(undecided.is_some());
        for kept in &mut self.kept {
            kept.resize(self.keys.len(), 0);
        }
        let (mut keep, mut keep_groups) = (Vec::new(), Vec::new());
        for (row, group) in (0_u32..).zip(&groups) {
            match group {
                Group::Number(number) => {
                    let counts = if undecided.is_some() { &mut self.undecided } else { &mut self.certain };
                    if let Some(count) = counts.get_mut(*number as usize) {
                        *count += 1;
                    }
                    let kept = self.kept.get_mut(doubtful).and_then(|kept| kept.get_mut(*number as usize));
                    if let Some(kept) = kept {
                        if (*kept as usize) < self.keep {
                            *kept = kept.saturating_add(1);
                            keep.push(row);
                            keep_groups.push(*number);
                        }
                    }
                }
                Group::Null(reasons) if self.wants_null_keys => {
                    self.null_keys_total += 1;
                    let known = self.null_keys.iter().filter(|null| null.undecided == undecided.is_some()).count();
                    if known < NULL_KEYS {
                        let doubt = undecided.and_then(|reasons| reasons.get(row as usize)).copied().unwrap_or(0);
                        let (row, undecided) = (chunk.take(&[row]), undecided.is_some());
                        self.null_keys.push(NullKey { row, reasons: reasons | doubt, undecided });
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
        // Certain and undecided rows came apart; from here on order is by file and row, whatever the batches were.
        self.null_keys.sort_by_key(|null| null.row.position(0));
        self.null_keys.truncate(NULL_KEYS);
        if self.keep > 0 {
            let table = Chunk::concat(&std::mem::take(&mut self.rows), &self.types);
            let mut order: Vec<u32> = (0..u32::try_from(table.len).unwrap_or(u32::MAX)).collect();
            order.sort_by_key(|row| table.position(*row as usize));
            let at = |row: &u32| *row as usize;
            self.row_undecided =
                order.iter().map(|row| self.flags.get(at(row)).copied().unwrap_or(false)).collect();
            self.rows_of = vec![Vec::new(); self.keys.len()];
            for wanted in [false, true] {
                for (row, old) in (0_u32..).zip(&order) {
                    let group = self.groups.get(at(old)).copied().unwrap_or(0);
                    let flagged = self.flags.get(at(old)).copied().unwrap_or(false) == wanted;
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
