//! `group_by`: aggregates by key, folded chunk by chunk.

use arrow::array::UInt32Array;

use crate::engine::plan::{Group as Plan, Origin, Relation};
use crate::expr::aggregate::Accumulator;
use crate::expr::{Column, Context, Type};

use super::cite::Cite;
use super::columns::{Chunk, concat, take};
use super::keys::{Group, Keys};
use super::relation::{over, set};

/// The rows behind one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Behind {
    pub(crate) rows: u64,
    pub(crate) first: Option<Cite>,
    pub(crate) last: Option<Cite>,
    /// The first five.
    pub(crate) some: Vec<Cite>,
}

const CITED: usize = 5;

/// Groups under way.
#[derive(Debug)]
pub(crate) struct Groups {
    keys: Keys,
    key_columns: Vec<Vec<Column>>,
    accumulators: Vec<Accumulator>,
    behind: Vec<Behind>,
}

impl Groups {
    pub(crate) fn new(plan: &Plan, relation: &Relation) -> Self {
        let types: Vec<Type> =
            plan.keys.iter().filter_map(|slot| relation.slots.get(*slot)).map(|slot| slot.ty.clone()).collect();
        let whole = types.is_empty();
        Self {
            keys: Keys::new(&types),
            key_columns: vec![Vec::new(); types.len()],
            accumulators: plan.output.calls.iter().map(Accumulator::new).collect(),
            behind: if whole { vec![Behind::default()] } else { Vec::new() },
        }
    }

    /// Adds rows; gives back those with a null key, with their doubts.
    pub(crate) fn push(&mut self, plan: &Plan, chunk: &Chunk, context: &Context) -> (Chunk, Vec<u8>) {
        let keys: Vec<Column> = plan.keys.iter().filter_map(|slot| chunk.columns.get(*slot).cloned()).collect();
        let before = self.keys.len();
        let groups = self.keys.insert(&keys, chunk.len);
        self.behind.resize(self.keys.len(), Behind::default());
        let (mut rows, mut numbers, mut nulls, mut reasons, mut new) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (row, group) in (0_u32..).zip(&groups) {
            match group {
                Group::Number(number) => {
                    if *number as usize == before + new.len() && !plan.keys.is_empty() {
                        new.push(row);
                    }
                    rows.push(row);
                    numbers.push(*number as usize);
                }
                Group::Null(doubts) => {
                    nulls.push(row);
                    reasons.push(*doubts);
                }
                Group::Unknown => {}
            }
        }
        let first_rows = UInt32Array::from(new);
        for (columns, key) in self.key_columns.iter_mut().zip(&keys) {
            columns.push(take(key, &first_rows));
        }
        let kept = if rows.len() == chunk.len { chunk.clone() } else { chunk.take(&rows) };
        for (call, accumulator) in plan.output.calls.iter().zip(&mut self.accumulators) {
            let arguments: Vec<Column> = call.arguments.iter().map(|argument| over(argument, &kept, context)).collect();
            let filter = call.filter.as_ref().map(|filter| over(filter, &kept, context));
            accumulator.update(&arguments, filter.as_ref(), &numbers);
        }
        self.note(&kept, &numbers);
        (chunk.take(&nulls), reasons)
    }

    fn note(&mut self, chunk: &Chunk, numbers: &[usize]) {
        for (row, number) in numbers.iter().enumerate() {
            let Some(behind) = self.behind.get_mut(*number) else { continue };
            behind.rows += 1;
            let position = chunk.position(row);
            let earlier = behind.first.as_ref().is_none_or(|first| position < first.position);
            let later = behind.last.as_ref().is_none_or(|last| position > last.position);
            let among = behind.some.len() < CITED || behind.some.last().is_some_and(|last| position < last.position);
            if !(earlier || later || among) {
                continue;
            }
            let Some(cite) = Cite::of(chunk, row) else { continue };
            if among {
                behind.some.push(cite.clone());
                behind.some.sort();
                behind.some.truncate(CITED);
            }
            if earlier {
                behind.first = Some(cite.clone());
            }
            if later {
                behind.last = Some(cite);
            }
        }
    }

    /// The groups as rows of the group frame.
    pub(crate) fn finish(self, plan: &Plan, context: &Context) -> (Chunk, Vec<Behind>) {
        let rows = self.keys.len();
        // MAX_GAP(t, from, to) of constants counts also for a table without rows.
        let mut accumulators = self.accumulators;
        let mut calls = Vec::new();
        for (call, accumulator) in plan.output.calls.iter().zip(&mut accumulators) {
            if let ([_, from, to], true) = (call.arguments.as_slice(), plan.keys.is_empty()) {
                if from.columns().is_empty() && to.columns().is_empty() {
                    let nothing = super::partner::blank(&[], 1);
                    accumulator.edges(&over(from, &nothing, context), &over(to, &nothing, context), &[0]);
                }
            }
            calls.push(accumulator.finish(rows));
        }
        let mut key_columns = self.key_columns.iter();
        let mut chunk = super::partner::blank(&[], rows);
        for slot in &plan.output.slots {
            let column = match slot.origin {
                Origin::Key(_) => key_columns.next().map(|parts| concat(&parts.iter().collect::<Vec<_>>(), &slot.ty)),
                Origin::Aggregate(number) => calls.get(number).cloned(),
                _ => None,
            };
            chunk.columns.push(column.unwrap_or_else(|| Column::nulls(&slot.ty, rows)));
        }
        for (slot, value) in &plan.output.lets {
            let column = over(value, &chunk, context);
            set(&mut chunk, *slot, column);
        }
        (chunk, self.behind)
    }
}
