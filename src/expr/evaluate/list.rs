//! Lists. An element that is null equals nothing.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, Scalar as ArrowScalar};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::kernels::cmp;
use arrow::datatypes::{Field, Int64Type};

use super::super::Type;
use super::{Args, Undecided, Value};

fn has(list: &ArrayRef, element: ArrayRef) -> Option<bool> {
    Some(cmp::eq(list, &ArrowScalar::new(element)).ok()?.true_count() > 0)
}

pub(in super::super) fn cardinality(args: &Args<'_>) -> Option<Value> {
    let list = args.list(0)?;
    Some(args.strict_primitives::<Int64Type>(|row| i64::try_from(list.get(row).len()).map_err(|_| Undecided)))
}

pub(in super::super) fn contains(args: &Args<'_>) -> Option<Value> {
    let (list, element) = (args.list(0)?, args.get(1)?);
    Some(args.strict_booleans(|row| {
        let element = element.values.slice(element.at(row), 1);
        has(&list.get(row), element).ok_or(Undecided)
    }))
}

/// How many elements of the second list the first has, and how many there are.
fn found(a: &ArrayRef, b: &ArrayRef) -> Result<(usize, usize), Undecided> {
    let mut count = 0;
    for index in 0..b.len() {
        count += usize::from(b.is_valid(index) && has(a, b.slice(index, 1)).ok_or(Undecided)?);
    }
    Ok((count, b.len()))
}

pub(in super::super) fn contains_all(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.list(0)?, args.list(1)?);
    Some(args.strict_booleans(|row| found(&a.get(row), &b.get(row)).map(|(found, all)| found == all)))
}

pub(in super::super) fn contains_any(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.list(0)?, args.list(1)?);
    Some(args.strict_booleans(|row| found(&a.get(row), &b.get(row)).map(|(found, _)| found > 0)))
}

/// The list array of per-row element arrays.
fn gathered(args: &Args<'_>, rows: &[Option<ArrayRef>]) -> Option<Value> {
    let Type::List(item) = args.ty else { return None };
    let empty = arrow::array::new_empty_array(&item.arrow());
    let mut parts: Vec<&dyn Array> = rows.iter().flatten().map(AsRef::as_ref).collect();
    parts.push(empty.as_ref());
    let values = arrow::compute::concat(&parts).ok()?;
    let offsets = OffsetBuffer::from_lengths(rows.iter().map(|row| row.as_ref().map_or(0, Array::len)));
    let nulls: NullBuffer = rows.iter().map(Option::is_some).collect();
    let field = Arc::new(Field::new_list_field(item.arrow(), true));
    Some(args.done(Arc::new(ListArray::try_new(field, offsets, values, Some(nulls)).ok()?)))
}

pub(in super::super) fn minus(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.list(0)?, args.list(1)?);
    let mut rows = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        if args.any_null(row) {
            rows.push(None);
            continue;
        }
        let (a, b) = (a.get(row), b.get(row));
        let mut missing = Vec::with_capacity(a.len());
        for index in 0..a.len() {
            missing.push(Some(a.is_null(index) || !has(&b, a.slice(index, 1))?));
        }
        rows.push(Some(arrow::compute::filter(&a, &missing.into()).ok()?));
    }
    gathered(args, &rows)
}

/// `[a, b]`; NULL if an element is.
pub(super) fn build(args: &Args<'_>) -> Option<Value> {
    let mut rows = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        if args.any_null(row) {
            rows.push(None);
            continue;
        }
        let cells: Vec<ArrayRef> = args.values.iter().map(|value| value.values.slice(value.at(row), 1)).collect();
        let cells: Vec<&dyn Array> = cells.iter().map(AsRef::as_ref).collect();
        rows.push(Some(arrow::compute::concat(&cells).ok()?));
    }
    gathered(args, &rows)
}
