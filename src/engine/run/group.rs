//! `group_by`: aggregates by key, folded chunk by chunk, with the rows to cite of each group.

use arrow::array::UInt32Array;

use crate::engine::plan::{Demand, Group as Plan, Origin, Relation, Slot};
use crate::expr::aggregate::Accumulator;
use crate::expr::{Column, Context, Type};

use super::cite::{Cite, Few, Here};
use super::columns::{Chunk, concat, take};
use super::decide::{self, Asked, Deciders};
use super::keys::{Group, Keys};
use super::relation::{over, set};

/// The rows behind one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Behind {
    pub(crate) rows: u64,
    pub(crate) first: Option<Cite>,
    pub(crate) last: Option<Cite>,
    /// The first five.
    pub(crate) some: Few,
    /// Those that decided a finding; empty when nothing singles out any.
    pub(crate) decided: Vec<Cite>,
}

/// Groups under way.
#[derive(Debug)]
pub(crate) struct Groups {
    keys: Keys,
    key_columns: Vec<Vec<Column>>,
    accumulators: Vec<Accumulator>,
    behind: Vec<Behind>,
    asked: Vec<Asked>,
    /// By aggregate: rows that may decide it, where the demand reads it.
    deciders: Vec<Option<Deciders>>,
}

/// What one group costs beyond its key, about: it is counted against the memory limit.
const GROUP_BYTES: u64 = 512;

impl Groups {
    pub(crate) fn new(plan: &Plan, relation: &Relation, demand: &Demand) -> Self {
        let types: Vec<Type> =
            plan.keys.iter().filter_map(|slot| relation.slots.get(*slot)).map(|slot| slot.ty.clone()).collect();
        let whole = types.is_empty();
        let asked = decide::asked(demand, &plan.output);
        let deciders = plan
            .output
            .calls
            .iter()
            .enumerate()
            .map(|(number, call)| Deciders::new(call).filter(|_| asked.iter().any(|one| one.asks(number))))
            .collect();
        Self {
            keys: Keys::new(&types),
            key_columns: vec![Vec::new(); types.len()],
            accumulators: plan.output.calls.iter().map(Accumulator::new).collect(),
            behind: if whole { vec![Behind::default()] } else { Vec::new() },
            asked,
            deciders,
        }
    }

    /// About how much memory the groups hold.
    pub(crate) fn bytes(&self) -> u64 {
        GROUP_BYTES * u64::try_from(self.behind.len()).unwrap_or(u64::MAX)
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
        self.keep_keys(&keys, new);
        let kept = if rows.len() == chunk.len { chunk.clone() } else { chunk.take(&rows) };
        let calls = plan.output.calls.iter().zip(&mut self.accumulators).zip(&mut self.deciders);
        for ((call, accumulator), deciders) in calls {
            let arguments: Vec<Column> = call.arguments.iter().map(|argument| over(argument, &kept, context)).collect();
            let filter = call.filter.as_ref().map(|filter| over(filter, &kept, context));
            accumulator.update(&arguments, filter.as_ref(), &numbers);
            if let Some(deciders) = deciders {
                deciders.see(&arguments, filter.as_ref(), &numbers, &kept);
            }
        }
        self.note(&kept, &numbers);
        (chunk.take(&nulls), reasons)
    }

    /// Keeps the keys of the rows that begin groups. Few chunks have any: of the others there is nothing to keep.
    fn keep_keys(&mut self, keys: &[Column], new: Vec<u32>) {
        if new.is_empty() {
            return;
        }
        let new = UInt32Array::from(new);
        for (columns, key) in self.key_columns.iter_mut().zip(keys) {
            columns.push(take(key, &new));
        }
    }

    fn note(&mut self, chunk: &Chunk, numbers: &[usize]) {
        for (row, number) in numbers.iter().enumerate() {
            let Some(behind) = self.behind.get_mut(*number) else { continue };
            behind.rows += 1;
            let here = Here::new(chunk, row);
            behind.some.offer(&here);
            let earlier = behind.first.as_ref().is_none_or(|first| here.position < first.position);
            let later = behind.last.as_ref().is_none_or(|last| here.position > last.position);
            if !(earlier || later) {
                continue;
            }
            let Some(cite) = here.cite() else { continue };
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
        let of_key = |slot: &&Slot| matches!(slot.origin, Origin::Key(_));
        let keys: Vec<Column> = plan
            .output
            .slots
            .iter()
            .filter(of_key)
            .zip(&self.key_columns)
            .map(|(slot, parts)| concat(&parts.iter().collect::<Vec<_>>(), &slot.ty))
            .collect();
        // What is known of a group without looking at a row: its keys, where the row frame has them.
        let mut known = super::partner::blank(&[], rows);
        let width = plan.keys.iter().max().map_or(0, |last| last + 1);
        known.columns = vec![Column::nulls(&Type::Null, rows); width];
        for (slot, column) in plan.keys.iter().zip(&keys) {
            set(&mut known, *slot, column.clone());
        }
        let mut accumulators = self.accumulators;
        let mut calls = Vec::new();
        for (call, accumulator) in plan.output.calls.iter().zip(&mut accumulators) {
            // Edges known of the group count also where none of its rows does.
            if let Some((from, to)) = plan.edges(call) {
                let groups: Vec<usize> = (0..rows).collect();
                accumulator.edges(&over(from, &known, context), &over(to, &known, context), &groups);
            }
            calls.push(accumulator.finish(rows));
        }
        let mut keys = keys.into_iter();
        let mut chunk = super::partner::blank(&[], rows);
        for slot in &plan.output.slots {
            let column = match slot.origin {
                Origin::Key(_) => keys.next(),
                Origin::Aggregate(number) => calls.get(number).cloned(),
                _ => None,
            };
            chunk.columns.push(column.unwrap_or_else(|| Column::nulls(&slot.ty, rows)));
        }
        for (slot, value) in &plan.output.lets {
            let column = over(value, &chunk, context);
            set(&mut chunk, *slot, column);
        }
        let mut behind = self.behind;
        let nobody = Few::default();
        let some = |group: usize| behind.get(group).map_or(&nobody, |behind| &behind.some);
        let decided = decide::decided(&self.asked, &self.deciders, &calls, &chunk, &some, context);
        for (behind, decided) in behind.iter_mut().zip(decided) {
            behind.decided = decided;
        }
        (chunk, behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Scalar;

    #[test]
    fn rows_that_begin_no_group_leave_nothing_behind() {
        let mut groups = Groups {
            keys: Keys::new(&[Type::Text]),
            key_columns: vec![Vec::new()],
            accumulators: Vec::new(),
            behind: Vec::new(),
            asked: Vec::new(),
            deciders: Vec::new(),
        };
        let clients = Column::from_scalars(&Type::Text, &[Scalar::Text("c1".into()), Scalar::Text("c2".into())]);
        groups.keep_keys(std::slice::from_ref(&clients), vec![0, 1]);
        for _ in 0..1_000 {
            groups.keep_keys(std::slice::from_ref(&clients), Vec::new());
        }
        assert_eq!(groups.key_columns.iter().map(Vec::len).collect::<Vec<_>>(), [1]);
        assert_eq!(groups.key_columns.iter().flatten().map(Column::len).sum::<usize>(), 2);
    }
}
