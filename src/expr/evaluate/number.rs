//! Exact decimals (units of 10⁻¹², at most 38 digits) and integers.

use std::cmp::Ordering;

use arrow::array::PrimitiveBuilder;
use arrow::compute::kernels::cmp;
use arrow::datatypes::{Decimal128Type, Int64Type, i256};
use std::sync::Arc;

use super::super::Type;
use super::{Args, Undecided, Value};

/// One in decimal units.
pub(in super::super) const ONE: i128 = 1_000_000_000_000;
/// First magnitude that 38 digits do not hold.
const LIMIT: i128 = 10_i128.pow(38);

/// The decimal, if 38 digits hold it.
pub(in super::super) fn fits(units: i128) -> Result<i128, Undecided> {
    if -LIMIT < units && units < LIMIT { Ok(units) } else { Err(Undecided) }
}

/// `numerator / denominator`, half away from zero.
pub(in super::super) fn divide_half_up(numerator: i256, denominator: i256) -> Result<i128, Undecided> {
    let quotient = numerator.checked_div(denominator).ok_or(Undecided)?;
    let rest = numerator.checked_rem(denominator).ok_or(Undecided)?;
    let magnitude = |value: i256| if value < i256::ZERO { value.wrapping_neg() } else { value };
    let (rest, whole) = (magnitude(rest), magnitude(denominator));
    // 2·rest ≥ whole, without doubling past the width.
    let up = rest >= whole.wrapping_sub(rest);
    let negative = (numerator < i256::ZERO) != (denominator < i256::ZERO);
    let step = match (up, negative) {
        (false, _) => i256::ZERO,
        (true, false) => i256::ONE,
        (true, true) => i256::MINUS_ONE,
    };
    let rounded = quotient.checked_add(step).ok_or(Undecided)?;
    fits(rounded.to_i128().ok_or(Undecided)?)
}

/// The product of two decimals.
pub(in super::super) fn multiply(a: i128, b: i128) -> Result<i128, Undecided> {
    let product = i256::from_i128(a).checked_mul(i256::from_i128(b)).ok_or(Undecided)?;
    divide_half_up(product, i256::from_i128(ONE))
}

/// The quotient of two decimals.
pub(in super::super) fn divide(a: i128, b: i128) -> Result<i128, Undecided> {
    let scaled = i256::from_i128(a).checked_mul(i256::from_i128(ONE)).ok_or(Undecided)?;
    if b == 0 { Err(Undecided) } else { divide_half_up(scaled, i256::from_i128(b)) }
}

/// A decimal rounded half away from zero to `places`.
pub(in super::super) fn rounded(units: i128, places: i64) -> Result<i128, Undecided> {
    let drop = 12_u32.checked_sub(u32::try_from(places).map_err(|_| Undecided)?).ok_or(Undecided)?;
    let step = 10_i128.pow(drop);
    let quotient = divide_half_up(i256::from_i128(units), i256::from_i128(step))?;
    quotient.checked_mul(step).ok_or(Undecided).and_then(fits)
}

/// The integer of a decimal without fraction.
pub(super) fn whole(units: i128) -> Result<i64, Undecided> {
    i64::try_from(units).map_err(|_| Undecided)
}

/// Integers as decimals.
pub(super) fn widen(value: &Value, rows: usize) -> Value {
    let values = [value.clone()];
    let context = super::Context { as_of: 0, zone: chrono_tz::UTC, working_days: Arc::default() };
    let args = Args::new(&values, &Type::Decimal, rows, None, &context);
    let Some(integers) = args.primitive::<Int64Type>(0) else { return Value::undecided(&Type::Decimal) };
    let mut builder =
        PrimitiveBuilder::<Decimal128Type>::with_capacity(args.rows).with_data_type(Type::Decimal.arrow());
    for integer in integers.array {
        builder.append_option(integer.map(|integer| i128::from(integer) * ONE));
    }
    Value { values: Arc::new(builder.finish()), doubt: value.doubt.clone(), scalar: value.scalar }
}

pub(in super::super) fn abs(args: &Args<'_>) -> Option<Value> {
    if *args.ty == Type::Integer {
        let x = args.primitive::<Int64Type>(0)?;
        return Some(args.strict_primitives::<Int64Type>(|row| x.get(row).checked_abs().ok_or(Undecided)));
    }
    let x = args.primitive::<Decimal128Type>(0)?;
    Some(args.strict_primitives::<Decimal128Type>(|row| x.get(row).checked_abs().ok_or(Undecided)))
}

pub(in super::super) fn round(args: &Args<'_>) -> Option<Value> {
    let x = args.primitive::<Decimal128Type>(0)?;
    let places = args.primitive::<Int64Type>(1);
    Some(args.strict_primitives::<Decimal128Type>(|row| {
        rounded(x.get(row), places.as_ref().map_or(0, |places| places.get(row)))
    }))
}

pub(in super::super) fn floor(args: &Args<'_>) -> Option<Value> {
    let x = args.primitive::<Decimal128Type>(0)?;
    Some(args.strict_primitives::<Int64Type>(|row| whole(x.get(row).div_euclid(ONE))))
}

pub(in super::super) fn ceil(args: &Args<'_>) -> Option<Value> {
    let x = args.primitive::<Decimal128Type>(0)?;
    Some(args.strict_primitives::<Int64Type>(|row| whole(-(-x.get(row)).div_euclid(ONE))))
}

fn extreme(args: &Args<'_>, wanted: Ordering) -> Option<Value> {
    let mut best = vec![0_usize; args.rows];
    for (candidate, value) in args.values.iter().enumerate().skip(1) {
        // Compared with each value before it: the best so far differs from row to row.
        let mut better = Vec::new();
        for before in args.values.get(..candidate)? {
            let result = if wanted == Ordering::Less { cmp::lt(value, before) } else { cmp::gt(value, before) }.ok()?;
            let single = value.scalar && before.scalar;
            better.push((result, single));
        }
        for (row, best) in best.iter_mut().enumerate() {
            let Some((result, single)) = better.get(*best) else { continue };
            if result.value(if *single { 0 } else { row }) {
                *best = candidate;
            }
        }
    }
    args.choose(|row| if args.any_null(row) { None } else { best.get(row).copied() })
}

pub(in super::super) fn least(args: &Args<'_>) -> Option<Value> {
    extreme(args, Ordering::Less)
}

pub(in super::super) fn greatest(args: &Args<'_>) -> Option<Value> {
    extreme(args, Ordering::Greater)
}
