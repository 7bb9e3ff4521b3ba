//! The steps of a relation run over one chunk: joins, lets, the filter.

use crate::engine::plan::{Relation, Step};
use crate::expr::{Column, Context, Doubt, Expr, Frame, Type, evaluate};

use super::columns::{Chunk, truths};
use super::join;
use super::pairs::Rows;
use super::partner::PartnerTable;

/// What the steps leave of a chunk.
pub(crate) struct Kept {
    /// Rows for which the filter is TRUE, every step computed.
    pub(crate) rows: Chunk,
    /// Rows for which it is NULL, with the doubts behind it. In a population they stopped at the filter.
    pub(crate) undecided: Chunk,
    /// Doubts of each undecided row; 0 for a blank.
    pub(crate) reasons: Vec<u8>,
}

/// Runs the steps. `partners` are the relation's joins by number; those of a partner that read the population row are left
/// to the pairs.
///
/// Undecided rows of a partner are carried through the steps that follow; those of a population are not, as nothing
/// more is asked of them.
pub(crate) fn run(
    relation: &Relation,
    mut chunk: Chunk,
    already_undecided: &[u32],
    partners: &[&PartnerTable],
    context: &Context,
) -> Kept {
    let mut undecided = chunk.take(already_undecided);
    let mut reasons = Vec::new();
    if !already_undecided.is_empty() {
        let mut rest = (0..u32::try_from(chunk.len).unwrap_or(u32::MAX)).collect::<Vec<_>>();
        rest.retain(|row| !already_undecided.contains(row));
        chunk = chunk.take(&rest);
        (undecided, reasons) = doubtful(relation, undecided, partners, context);
    }
    for step in &relation.steps {
        if let Step::Filter { conditions, .. } = step {
            let verdicts = verdicts(conditions, &chunk, context);
            let rows = |wanted: Option<bool>| -> Vec<u32> {
                (0_u32..).zip(&verdicts).filter(|(_, verdict)| verdict.0 == wanted).map(|(row, _)| row).collect()
            };
            let doubtful = rows(None);
            if !doubtful.is_empty() {
                reasons.extend(verdicts.iter().filter(|verdict| verdict.0.is_none()).map(|verdict| verdict.1));
                let more = chunk.take(&doubtful);
                let types: Vec<Type> = relation.slots.iter().map(|slot| slot.ty.clone()).collect();
                undecided = if undecided.len == 0 { more } else { Chunk::concat(&[undecided, more], &types) };
            }
            let kept = rows(Some(true));
            if kept.len() < chunk.len {
                chunk = chunk.take(&kept);
            }
        } else {
            step_columns(step, &mut chunk, partners, context);
        }
    }
    Kept { rows: chunk, undecided, reasons }
}

/// Rows of which nobody knows whether they are there: those that the filter certainly drops are gone, as *undecided AND
/// FALSE* is FALSE. What the steps compute is wanted of a doubtful partner row too.
fn doubtful(relation: &Relation, mut rows: Chunk, partners: &[&PartnerTable], context: &Context) -> (Chunk, Vec<u8>) {
    let mut reasons = vec![Doubt::UNDECIDED; rows.len];
    for step in &relation.steps {
        let Step::Filter { conditions, .. } = step else {
            step_columns(step, &mut rows, partners, context);
            continue;
        };
        let verdicts = verdicts(conditions, &rows, context);
        let left: Vec<u32> =
            (0_u32..).zip(&verdicts).filter(|(_, verdict)| verdict.0 != Some(false)).map(|(row, _)| row).collect();
        reasons = verdicts
            .iter()
            .zip(reasons)
            .filter(|(verdict, _)| verdict.0 != Some(false))
            .map(|(verdict, reason)| reason | verdict.1)
            .collect();
        rows = rows.take(&left);
    }
    (rows, reasons)
}

fn step_columns(step: &Step, chunk: &mut Chunk, partners: &[&PartnerTable], context: &Context) {
    match step {
        Step::Let { slot, value } => {
            let column = over(value, chunk, context);
            set(chunk, *slot, column);
        }
        Step::Join(plan) if !plan.per_pair => {
            if let Some(partner) = partners.get(plan.number) {
                join::probe(plan, partner, chunk, Rows::There, context);
            }
        }
        Step::Join(_) | Step::Filter { .. } | Step::Previous { .. } => {}
    }
}

/// The value of an expression for every row of a chunk.
pub(crate) fn over(expr: &Expr, chunk: &Chunk, context: &Context) -> Column {
    evaluate(expr, &Frame { columns: &chunk.columns, rows: chunk.len }, context)
}

/// Puts a computed column into its slot.
pub(crate) fn set(chunk: &mut Chunk, slot: usize, column: Column) {
    if let Some(place) = chunk.columns.get_mut(slot) {
        *place = column;
    }
}

/// `AND` of conditions for every row: FALSE wins over NULL; the byte holds the doubts behind a NULL.
pub(crate) fn verdicts(conditions: &[Expr], chunk: &Chunk, context: &Context) -> Vec<(Option<bool>, u8)> {
    let mut verdicts = vec![(Some(true), 0); chunk.len];
    for condition in conditions {
        let column = over(condition, chunk, context);
        for (row, (verdict, truth)) in verdicts.iter_mut().zip(truths(&column)).enumerate() {
            match (verdict.0, truth) {
                (Some(false), _) | (_, Some(true)) => {}
                (_, Some(false)) => *verdict = (Some(false), 0),
                (_, None) => *verdict = (None, verdict.1 | column.doubt.at(row)),
            }
        }
    }
    verdicts
}
