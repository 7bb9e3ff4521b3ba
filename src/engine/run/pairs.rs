//! Pairs of a row and its partners, looked at in bounded runs where a condition names both, or a join of the partner does.

use arrow::array::UInt32Array;

use crate::engine::plan::Origin;
use crate::expr::{Column, Context};

use super::columns::{Chunk, take};
use super::join::probe;
use super::keys::Group;
use super::partner::PartnerTable;
use super::relation::{over, verdicts};

/// Pairs held at once.
const PAIRS: usize = 32_768;

/// Whether the rows looked at are there. Of those that are only supposed to be, nothing is noted for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    There,
    Supposed,
}

/// Some pairs, with the verdict on each.
pub(crate) struct Pairs {
    /// Row of this side.
    pub(crate) this: Vec<u32>,
    /// Row of the partner's table.
    pub(crate) theirs: Vec<u32>,
    /// TRUE: a partner; NULL: an undecided one, with its doubts.
    pub(crate) verdicts: Vec<(Option<bool>, u8)>,
    /// The partner's frame over the pairs: slots of the population row filled, and the joins that read them.
    pub(crate) frame: Chunk,
}

/// Calls `visit` with every run of pairs of equal key.
pub(crate) fn visit(
    partner: &PartnerTable,
    chunk: &Chunk,
    groups: &[Group],
    rows: Rows,
    context: &Context,
    visit: &mut dyn FnMut(&Pairs),
) {
    let Some(table) = &partner.table else { return };
    let judged = |this, theirs| judged(partner, table, chunk, this, theirs, rows, context);
    let (mut this, mut theirs) = (Vec::new(), Vec::new());
    for (row, group) in (0_u32..).zip(groups) {
        let Group::Number(number) = group else { continue };
        for partner_row in partner.rows_of.get(*number as usize).into_iter().flatten() {
            this.push(row);
            theirs.push(*partner_row);
            if this.len() == PAIRS {
                visit(&judged(std::mem::take(&mut this), std::mem::take(&mut theirs)));
            }
        }
    }
    if !this.is_empty() {
        visit(&judged(this, theirs));
    }
}

fn judged(
    partner: &PartnerTable,
    table: &Chunk,
    chunk: &Chunk,
    this: Vec<u32>,
    theirs: Vec<u32>,
    rows: Rows,
    context: &Context,
) -> Pairs {
    let frame = paired(partner, table.take(&theirs), chunk, &this, rows, context);
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
        let frame = paired(partner, nulls.take(&vec![row; this.len()]), chunk, this, Rows::Supposed, context);
        verdicts(&partner.plan.correlated, &frame, context).iter().any(|(verdict, _)| *verdict != Some(false))
    })
}

/// The partner's frame beside a row of this side each: its slots filled, then the joins that read them run.
fn paired(
    partner: &PartnerTable,
    mut frame: Chunk,
    chunk: &Chunk,
    this: &[u32],
    rows: Rows,
    context: &Context,
) -> Chunk {
    fill_outer(partner, chunk, this, &mut frame);
    for (join, theirs) in partner.plan.pair_joins().zip(&partner.pair_joins) {
        probe(join, theirs, &mut frame, rows, context);
    }
    frame
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
