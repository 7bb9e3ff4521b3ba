//! Joins: the one partner's columns, or aggregates over all partners.

use arrow::array::UInt32Array;

use crate::engine::plan::{AggregateOutput, JoinOutput, JoinPlan, Origin};
use crate::expr::aggregate::Accumulator;
use crate::expr::{Column, Context, Doubt, Type};

use super::columns::{Chunk, booleans, doubted, take};
use super::keys::Group;
use super::pairs::{self, Rows, fill_outer};
use super::partner::{PartnerTable, blank};
use super::relation::{over, set};

/// What the partners of one row are.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    certain: u64,
    first: Option<u32>,
    undecided: bool,
    /// The row's own key is in doubt.
    key_doubt: u8,
}

impl Found {
    /// Doubts that make the whole join unreadable for this row.
    fn unreadable(self, one: bool) -> u8 {
        let many = one && self.certain > 1;
        self.key_doubt | if self.undecided || many { Doubt::UNREADABLE } else { 0 }
    }
}

/// Adds a join's columns to a chunk.
pub(crate) fn probe(plan: &JoinPlan, partner: &PartnerTable, chunk: &mut Chunk, rows: Rows, context: &Context) {
    let groups = pairs::groups(partner, chunk, context);
    let correlated = plan.partner.correlated_with(&plan.output);
    let mut found: Vec<Found> = groups.iter().map(|group| uncorrelated(partner, *group, correlated)).collect();
    let one = matches!(plan.output, JoinOutput::Lookup(_));
    let mut accumulators = match &plan.output {
        JoinOutput::Aggregate(output) if correlated => output.calls.iter().map(Accumulator::new).collect(),
        _ => Vec::new(),
    };
    if correlated {
        pairs::visit(partner, chunk, &groups, rows, context, &mut |pairs| {
            collect(pairs, &mut found);
            if let JoinOutput::Aggregate(output) = &plan.output {
                fold(pairs, output, &mut accumulators, context);
            }
        });
    }
    if rows == Rows::There {
        partner.note_possible(chunk, context);
    }
    if one && rows == Rows::There {
        found
            .iter()
            .filter(|found| found.certain > 1)
            .filter_map(|found| found.first)
            .for_each(|row| partner.note_ambiguous(row));
    }
    let reasons: Vec<u8> = found.iter().map(|found| found.unreadable(one)).collect();
    if let Some(slot) = plan.matched {
        let values = found.iter().zip(&reasons).map(|(found, reason)| (*reason == 0).then_some(found.certain > 0));
        set(chunk, slot, booleans(values.collect(), reasons.clone()));
    }
    match &plan.output {
        JoinOutput::Lookup(columns) => lookup(columns, partner, &found, &reasons, chunk),
        JoinOutput::Aggregate(output) => {
            let calls = if correlated {
                finish_pairs(output, accumulators, partner, chunk, context)
            } else {
                let last = u32::try_from(partner.keys.len()).unwrap_or(u32::MAX);
                let rows: UInt32Array = groups
                    .iter()
                    .map(|group| if let Group::Number(number) = group { *number } else { last })
                    .collect::<Vec<_>>()
                    .into();
                partner.results.iter().map(|column| take(column, &rows)).collect()
            };
            aggregate(output, &calls, &reasons, chunk, context);
        }
    }
}

fn uncorrelated(partner: &PartnerTable, group: Group, correlated: bool) -> Found {
    match group {
        Group::Null(reasons) => Found { key_doubt: reasons, ..Found::default() },
        Group::Number(number) if !correlated => {
            let at = number as usize;
            let certain = partner.certain.get(at).copied().unwrap_or(0);
            let undecided = partner.undecided.get(at).is_some_and(|count| *count > 0);
            let first = partner.rows_of.get(at).and_then(|rows| rows.first()).copied();
            Found { certain, first, undecided, key_doubt: 0 }
        }
        Group::Number(_) | Group::Unknown => Found::default(),
    }
}

fn collect(pairs: &pairs::Pairs, found: &mut [Found]) {
    for ((this, theirs), verdict) in pairs.this.iter().zip(&pairs.theirs).zip(&pairs.verdicts) {
        let Some(found) = found.get_mut(*this as usize) else { continue };
        match verdict.0 {
            Some(true) => {
                found.certain += 1;
                found.first.get_or_insert(*theirs);
            }
            None => found.undecided = true,
            Some(false) => {}
        }
    }
}

fn lookup(columns: &[(usize, usize)], partner: &PartnerTable, found: &[Found], reasons: &[u8], chunk: &mut Chunk) {
    let rows: UInt32Array = found.iter().map(|found| found.first.filter(|_| found.certain == 1)).collect();
    let reasons: Vec<u8> = found
        .iter()
        .zip(reasons)
        .map(|(found, reason)| if *reason == 0 && found.certain == 0 { Doubt::NO_PARTNER } else { *reason })
        .collect();
    for (slot, theirs) in columns {
        let column = match partner.table.as_ref().and_then(|table| table.columns.get(*theirs)) {
            Some(column) if !column.is_empty() => take(column, &rows),
            _ => Column::nulls(partner.types.get(*theirs).unwrap_or(&Type::Null), found.len()),
        };
        set(chunk, *slot, doubted(&column, &reasons));
    }
}

fn fold(pairs: &pairs::Pairs, output: &AggregateOutput, accumulators: &mut [Accumulator], context: &Context) {
    let kept: Vec<u32> =
        (0_u32..).zip(&pairs.verdicts).filter(|(_, v)| v.0 == Some(true)).map(|(row, _)| row).collect();
    let frame = pairs.frame.take(&kept);
    let groups: Vec<usize> =
        kept.iter().filter_map(|row| pairs.this.get(*row as usize)).map(|this| *this as usize).collect();
    for (call, accumulator) in output.calls.iter().zip(accumulators) {
        let arguments: Vec<Column> = call.arguments.iter().map(|argument| over(argument, &frame, context)).collect();
        let filter = call.filter.as_ref().map(|filter| over(filter, &frame, context));
        accumulator.update(&arguments, filter.as_ref(), &groups);
    }
}

fn finish_pairs(
    output: &AggregateOutput,
    accumulators: Vec<Accumulator>,
    partner: &PartnerTable,
    chunk: &Chunk,
    context: &Context,
) -> Vec<Column> {
    let all: Vec<u32> = (0..u32::try_from(chunk.len).unwrap_or(u32::MAX)).collect();
    let groups: Vec<usize> = (0..chunk.len).collect();
    let mut edges = None;
    output
        .calls
        .iter()
        .zip(accumulators)
        .map(|(call, mut accumulator)| {
            if let Some((from, to)) = partner.plan.edges(call) {
                let frame = edges.get_or_insert_with(|| {
                    let mut frame = blank(&partner.types, chunk.len);
                    fill_outer(partner, chunk, &all, &mut frame);
                    frame
                });
                accumulator.edges(&over(from, frame, context), &over(to, frame, context), &groups);
            }
            accumulator.finish(chunk.len)
        })
        .collect()
}

fn aggregate(output: &AggregateOutput, calls: &[Column], reasons: &[u8], chunk: &mut Chunk, context: &Context) {
    let mut frame = Chunk { columns: Vec::new(), ..chunk.clone() };
    for slot in &output.slots {
        let column = match slot.origin {
            Origin::Aggregate(number) => calls.get(number).map(|column| doubted(column, reasons)),
            Origin::Outer(outer) => chunk.columns.get(outer).cloned(),
            _ => None,
        };
        frame.columns.push(column.unwrap_or_else(|| Column::nulls(&slot.ty, chunk.len)));
    }
    for (slot, value) in &output.lets {
        let column = over(value, &frame, context);
        set(&mut frame, *slot, column);
    }
    for (slot, inner) in &output.outputs {
        if let Some(column) = frame.columns.get(*inner) {
            set(chunk, *slot, doubted(column, reasons));
        }
    }
}
