//! Pairs of a row and its partners, looked at in bounded runs where a condition names both.

use arrow::array::UInt32Array;

use crate::engine::plan::Origin;
use crate::expr::{Column, Context};

use super::columns::{Chunk, take};
use super::keys::Group;
use super::partner::PartnerTable;
use super::relation::{over, verdicts};

/// Pairs held at once.
const PAIRS: usize = 32_768;

/// Some pairs, with the verdict on each.
pub(crate) struct Pairs {
    /// Row of this side.
    pub(crate) this: Vec<u32>,
    /// Row of the partner's table.
    pub(crate) theirs: Vec<u32>,
    /// TRUE: a partner; NULL: an undecided one, with its doubts.
    pub(crate) verdicts: Vec<(Option<bool>, u8)>,
    /// The partner's frame over the pairs, slots of the population row filled.
    pub(crate) frame: Chunk,
}

/// Calls `visit` with every run of pairs of equal key.
pub(crate) fn visit(
    partner: &PartnerTable,
    chunk: &Chunk,
    groups: &[Group],
    context: &Context,
    visit: &mut dyn FnMut(&Pairs),
) {
    let Some(table) = &partner.table else { return };
    let (mut this, mut theirs) = (Vec::new(), Vec::new());
    for (row, group) in (0_u32..).zip(groups) {
        let Group::Number(number) = group else { continue };
        for partner_row in partner.rows_of.get(*number as usize).into_iter().flatten() {
            this.push(row);
            theirs.push(*partner_row);
            if this.len() == PAIRS {
                visit(&judged(partner, table, chunk, std::mem::take(&mut this), std::mem::take(&mut theirs), context));
            }
        }
    }
    if !this.is_empty() {
        visit(&judged(partner, table, chunk, this, theirs, context));
    }
}

fn judged(
    partner: &PartnerTable,
    table: &Chunk,
    chunk: &Chunk,
    this: Vec<u32>,
    theirs: Vec<u32>,
    context: &Context,
) -> Pairs {
    let mut frame = table.take(&theirs);
    fill_outer(partner, chunk, &this, &mut frame);
    let mut verdicts = verdicts(&partner.plan.correlated, &frame, context);
    for (verdict, row) in verdicts.iter_mut().zip(&theirs) {
        if let Some(doubts) = partner.row_undecided.get(*row as usize).copied().flatten()
            && verdict.0 != Some(false)
        {
            *verdict = (None, verdict.1 | doubts);
        }
    }
    Pairs { this, theirs, verdicts, frame }
}

/// Whether a partner row with a null key may belong to one of the rows: a condition that names both is not FALSE.
pub(crate) fn may_match(partner: &PartnerTable, nulls: &Chunk, row: u32, chunk: &Chunk, context: &Context) -> bool {
    let all: Vec<u32> = (0..u32::try_from(chunk.len).unwrap_or(u32::MAX)).collect();
    all.chunks(PAIRS).any(|this| {
        let mut frame = nulls.take(&vec![row; this.len()]);
        fill_outer(partner, chunk, this, &mut frame);
        verdicts(&partner.plan.correlated, &frame, context).iter().any(|(verdict, _)| *verdict != Some(false))
    })
}

/// Fills the slots that hold columns of the population row.
pub(crate) fn fill_outer(partner: &PartnerTable, chunk: &Chunk, this: &[u32], frame: &mut Chunk) {
    let indices = UInt32Array::from(this.to_vec());
    for (slot, column) in partner.plan.relation.slots.iter().zip(&mut frame.columns) {
        if let Origin::Outer(outer) = slot.origin
            && let Some(source) = chunk.columns.get(outer)
        {
            *column = take(source, &indices);
        }
    }
}

/// The group of every row of a chunk in the partner's table.
pub(crate) fn groups(partner: &PartnerTable, chunk: &Chunk, context: &Context) -> Vec<Group> {
    let columns: Vec<Column> = partner.plan.keys.iter().map(|(_, ours)| over(ours, chunk, context)).collect();
    partner.keys.find(&columns, chunk.len)
}
