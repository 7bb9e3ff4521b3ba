//! Three-valued logic, looking at nulls, and choosing.

use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray};
use arrow::compute::kernels::cmp;
use arrow::compute::{and_kleene, or_kleene};

use super::super::{Doubt, Type};
use super::value::chosen;
use super::{Args, Value};

fn kleene(
    args: &Args<'_>,
    kernel: fn(&BooleanArray, &BooleanArray) -> Result<BooleanArray, arrow::error::ArrowError>,
) -> Option<Value> {
    let (left, right) = (args.get(0)?.expanded(args.rows), args.get(1)?.expanded(args.rows));
    let result = kernel(left.as_boolean_opt()?, right.as_boolean_opt()?).ok()?;
    Some(args.done(Arc::new(result)))
}

pub(in super::super) fn and(args: &Args<'_>) -> Option<Value> {
    kleene(args, and_kleene)
}

pub(in super::super) fn or(args: &Args<'_>) -> Option<Value> {
    kleene(args, or_kleene)
}

pub(in super::super) fn not(args: &Args<'_>) -> Option<Value> {
    let result = arrow::compute::not(args.boolean(0)?.array).ok()?;
    Some(args.done(Arc::new(result)))
}

pub(in super::super) fn is_null(args: &Args<'_>) -> Option<Value> {
    let value = args.get(0)?;
    Some(args.booleans(|row| Ok(if value.doubt_at(row) == 0 { Some(value.is_null(row)) } else { None })))
}

pub(in super::super) fn is_true(args: &Args<'_>) -> Option<Value> {
    let (value, boolean) = (args.get(0)?, args.boolean(0)?);
    Some(args.booleans(|row| {
        Ok(match (value.is_null(row), value.doubt_at(row)) {
            (false, _) => Some(boolean.get(row)),
            (true, 0) => Some(false),
            (true, _) => None,
        })
    }))
}

pub(in super::super) fn is_distinct(args: &Args<'_>) -> Option<Value> {
    let (left, right) = (args.get(0)?, args.get(1)?);
    let result = cmp::distinct(left, right).ok()?;
    if left.doubt.is_none() && right.doubt.is_none() {
        return Some(args.done(Arc::new(result)));
    }
    Some(args.booleans(|row| {
        let doubt = left.doubt_at(row) | right.doubt_at(row);
        Ok((doubt == 0).then(|| result.value(row)))
    }))
}

pub(in super::super) fn coalesce(args: &Args<'_>) -> Option<Value> {
    // A doubt ends the search: it may have been a value.
    args.choose(|row| args.values.iter().position(|value| !value.is_null(row) || value.doubt_at(row) != 0))
}

pub(in super::super) fn nullif(args: &Args<'_>) -> Option<Value> {
    let (left, right) = (args.get(0)?, args.get(1)?);
    let equal = cmp::not_distinct(left, right).ok()?;
    args.choose(|row| {
        if left.doubt_at(row) != 0 {
            Some(0)
        } else if left.is_null(row) {
            None
        } else if right.doubt_at(row) != 0 {
            Some(1)
        } else {
            (!equal.value(row)).then_some(0)
        }
    })
}

/// `CASE`: a condition that is NULL decides the row as much as one that is TRUE does, and makes it NULL.
pub(super) fn case(branches: &[(Value, Value)], otherwise: Option<&Value>, ty: &Type, rows: usize) -> Value {
    let all = || branches.iter().flat_map(|(condition, result)| [condition, result]).chain(otherwise);
    let scalar = all().all(|value| value.scalar);
    let rows = if scalar { 1 } else { rows };
    let mut results: Vec<Value> = branches.iter().map(|(_, result)| result.clone()).collect();
    results.extend(otherwise.cloned());
    let last = otherwise.map(|_| branches.len());
    let mut choices = vec![last; rows];
    let mut conditions_doubt = vec![0_u8; rows];
    for (row, (choice, doubt)) in choices.iter_mut().zip(&mut conditions_doubt).enumerate() {
        for (index, (condition, _)) in branches.iter().enumerate() {
            if condition.is_null(row) {
                *choice = None;
                *doubt = condition.doubt_at(row);
                break;
            }
            if condition.values.as_boolean_opt().is_some_and(|array| array.value(condition.at(row))) {
                *choice = Some(index);
                break;
            }
        }
    }
    let Some((values, doubt)) = chosen(&results, &choices, ty) else { return Value::undecided(ty) };
    let reasons = conditions_doubt.iter().enumerate().map(|(row, reasons)| reasons | doubt.at(row)).collect();
    Value { values, doubt: Doubt::from_rows(reasons), scalar }
}
