//! `order_by`: rows in order, and what `PREVIOUS` takes from the row before.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, StringArray, UInt32Array};
use arrow::row::{RowConverter, SortField};

use crate::engine::plan::{Group, Order, Relation, Step};
use crate::expr::{Column, Context, Scalar, Type};

use super::columns::{Chunk, take};
use super::relation::{over, set};

/// Rows ordered, with every `PREVIOUS` computed; and those with a null in an order or group key, with their doubts.
pub(crate) fn run(
    order: &Order,
    group: Option<&Group>,
    relation: &Relation,
    chunk: &Chunk,
    context: &Context,
) -> (Chunk, Chunk, Vec<u8>) {
    let keys: Vec<Column> = order.keys.iter().map(|key| over(key, chunk, context)).collect();
    let groups: Vec<Column> =
        group.iter().flat_map(|group| &group.keys).filter_map(|key| chunk.columns.get(*key).cloned()).collect();
    let (mut whole, mut undecided, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..chunk.len {
        let null = |column: &&Column| column.values.is_null(row);
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        if keys.iter().chain(&groups).any(|column| null(&column)) {
            undecided.push(number);
            reasons.push(keys.iter().chain(&groups).fold(0, |all, column| all | column.doubt.at(row)));
        } else {
            whole.push(number);
        }
    }
    let ties: Vec<(&Type, &Column)> = order
        .ties
        .iter()
        .filter_map(|slot| Some((&relation.slots.get(*slot)?.ty, chunk.columns.get(*slot)?)))
        .collect();
    let values = ties.iter().map(|(ty, column)| orderable(ty, column));
    let doubts = ties.iter().filter_map(|(_, column)| doubtful(column));
    let sorted = sorted(&groups, keys.into_iter().chain(values).chain(doubts), &mut whole);
    let mut chunk_sorted = chunk.take(&sorted.rows);
    for step in &order.steps {
        match step {
            Step::Let { slot, value } => {
                let column = over(value, &chunk_sorted, context);
                set(&mut chunk_sorted, *slot, column);
            }
            Step::Previous { slot, call } => {
                let value = over(&call.value, &chunk_sorted, context);
                let first = call.first.as_ref().map(|first| over(first, &chunk_sorted, context));
                let ty = relation.slots.get(*slot).map_or(&Type::Null, |slot| &slot.ty);
                let column = previous(&value, first.as_ref(), &sorted.starts, ty);
                set(&mut chunk_sorted, *slot, column);
            }
            Step::Join(_) | Step::Filter { .. } => {}
        }
    }
    (chunk_sorted, chunk.take(&undecided), reasons)
}

/// A list by its text, as printed SQL has it; anything else as it is.
fn orderable(ty: &Type, column: &Column) -> Column {
    if !matches!(ty, Type::List(_)) {
        return column.clone();
    }
    let texts: StringArray = (0..column.len())
        .map(|row| match column.scalar(row, ty) {
            Scalar::Null => None,
            list => Some(crate::expr::sql::stored(&list, ty)),
        })
        .collect();
    Column::new(Arc::new(texts))
}

/// A blank and a cell that could not be read are not alike.
fn doubtful(column: &Column) -> Option<Column> {
    if column.doubt.is_none() {
        return None;
    }
    let flags: BooleanArray = (0..column.len()).map(|row| Some(column.doubt.at(row) != 0)).collect();
    Some(Column::new(Arc::new(flags)))
}

struct Sorted {
    rows: Vec<u32>,
    /// Whether each row is the first of its group.
    starts: Vec<bool>,
}

fn sorted(groups: &[Column], keys: impl Iterator<Item = Column>, rows: &mut Vec<u32>) -> Sorted {
    let keys: Vec<Column> = keys.collect();
    let encode = |columns: &[Column]| {
        let fields = columns.iter().map(|column| SortField::new(column.values.data_type().clone())).collect();
        let arrays: Vec<_> = columns.iter().map(|column| std::sync::Arc::clone(&column.values)).collect();
        RowConverter::new(fields).and_then(|converter| converter.convert_columns(&arrays)).ok()
    };
    let group_rows = if groups.is_empty() { None } else { encode(groups) };
    let key_rows = encode(&keys);
    let group_of = |row: u32| group_rows.as_ref().map(|rows| rows.row(row as usize));
    let key_of = |row: u32| key_rows.as_ref().map(|rows| rows.row(row as usize));
    // Rows equal in all of these are alike but for where they stand, and stay as they came.
    rows.sort_by(|a, b| group_of(*a).cmp(&group_of(*b)).then_with(|| key_of(*a).cmp(&key_of(*b))));
    let starts = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let before = at.checked_sub(1).and_then(|at| rows.get(at));
            before.is_none_or(|before| group_of(*before) != group_of(*row))
        })
        .collect();
    Sorted { rows: std::mem::take(rows), starts }
}

fn previous(value: &Column, first: Option<&Column>, starts: &[bool], ty: &Type) -> Column {
    let shifted: UInt32Array = starts
        .iter()
        .enumerate()
        .map(|(row, start)| if *start { None } else { row.checked_sub(1).and_then(|row| u32::try_from(row).ok()) })
        .collect();
    let shifted = take(value, &shifted);
    let Some(first) = first else { return shifted };
    let length = u32::try_from(starts.len()).unwrap_or(u32::MAX);
    let both = super::columns::concat(&[&shifted, first], ty);
    let pick: UInt32Array =
        (0..length).zip(starts).map(|(row, start)| Some(if *start { row + length } else { row })).collect();
    if pick.is_empty() { shifted } else { take(&both, &pick) }
}
