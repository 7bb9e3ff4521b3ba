//! Comparisons: exact, texts by code point (the order of their UTF-8 bytes).

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, Datum};
use arrow::compute::kernels::cmp;
use arrow::compute::{and_kleene, or_kleene};
use arrow::error::ArrowError;

use super::{Args, Value};

type Kernel = fn(&dyn Datum, &dyn Datum) -> Result<BooleanArray, ArrowError>;

fn kernel(args: &Args<'_>, kernel: Kernel) -> Option<Value> {
    let result = kernel(args.get(0)?, args.get(1)?).ok()?;
    Some(args.done(Arc::new(result)))
}

pub(in super::super) fn equal(args: &Args<'_>) -> Option<Value> {
    kernel(args, cmp::eq)
}

pub(in super::super) fn not_equal(args: &Args<'_>) -> Option<Value> {
    kernel(args, cmp::neq)
}

pub(in super::super) fn less(args: &Args<'_>) -> Option<Value> {
    kernel(args, cmp::lt)
}

pub(in super::super) fn less_or_equal(args: &Args<'_>) -> Option<Value> {
    kernel(args, cmp::lt_eq)
}

pub(in super::super) fn greater(args: &Args<'_>) -> Option<Value> {
    kernel(args, cmp::gt)
}

pub(in super::super) fn greater_or_equal(args: &Args<'_>) -> Option<Value> {
    kernel(args, cmp::gt_eq)
}

/// One row per row of `args`, also when both operands of the kernel were single values.
fn spread(result: BooleanArray, args: &Args<'_>) -> BooleanArray {
    match (result.len(), args.rows) {
        (have, want) if have == want => result,
        _ => {
            let (valid, value) = (result.is_valid(0), result.is_valid(0) && result.value(0));
            (0..args.rows).map(|_| valid.then_some(value)).collect()
        }
    }
}

/// `x = a OR x = b …`, three-valued.
pub(in super::super) fn is_in(args: &Args<'_>) -> Option<Value> {
    let (operand, items) = args.values.split_first()?;
    let mut result: Option<BooleanArray> = None;
    for item in items {
        let equal = spread(cmp::eq(operand, item).ok()?, args);
        result = Some(match result {
            Some(before) => or_kleene(&before, &equal).ok()?,
            None => equal,
        });
    }
    Some(args.done(Arc::new(result?)))
}

/// `x >= low AND x <= high`, three-valued.
pub(in super::super) fn between(args: &Args<'_>) -> Option<Value> {
    let (operand, low, high) = (args.get(0)?, args.get(1)?, args.get(2)?);
    let above = spread(cmp::gt_eq(operand, low).ok()?, args);
    let below = spread(cmp::lt_eq(operand, high).ok()?, args);
    Some(args.done(Arc::new(and_kleene(&above, &below).ok()?)))
}
