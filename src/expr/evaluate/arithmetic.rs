//! `+ - * /` and negation, over numbers, dates, timestamps and durations.

use arrow::datatypes::{
    Date32Type, Decimal128Type, DurationMicrosecondType, Int64Type, IntervalYearMonthType, TimestampMicrosecondType,
};

use super::super::context::{FIRST_DAY, LAST_DAY, MICROS_PER_DAY};
use super::super::{DurationUnit, Type};
use super::number::{divide as decimal_divide, fits, multiply as decimal_multiply};
use super::time::{instant_in_range, shift_date, shift_instant};
use super::{Args, Undecided, Value};

pub(in super::super) fn add(args: &Args<'_>) -> Option<Value> {
    sum(args, 1)
}

pub(in super::super) fn subtract(args: &Args<'_>) -> Option<Value> {
    sum(args, -1)
}

fn sum(args: &Args<'_>, sign: i64) -> Option<Value> {
    match args.ty {
        Type::Integer => {
            let (a, b) = (args.primitive::<Int64Type>(0)?, args.primitive::<Int64Type>(1)?);
            Some(args.strict_primitives::<Int64Type>(|row| signed(a.get(row), b.get(row), sign)))
        }
        Type::Decimal => {
            let (a, b) = (args.primitive::<Decimal128Type>(0)?, args.primitive::<Decimal128Type>(1)?);
            Some(args.strict_primitives::<Decimal128Type>(|row| {
                // Two values of 38 digits may add up to more than 128 bits.
                a.get(row).checked_add(b.get(row) * i128::from(sign)).ok_or(Undecided).and_then(fits)
            }))
        }
        Type::Duration(DurationUnit::Months) => {
            let (a, b) = (args.primitive::<IntervalYearMonthType>(0)?, args.primitive::<IntervalYearMonthType>(1)?);
            Some(args.strict_primitives::<IntervalYearMonthType>(|row| {
                let months = i64::from(a.get(row)) + i64::from(b.get(row)) * sign;
                i32::try_from(months).map_err(|_| Undecided)
            }))
        }
        Type::Duration(_) => {
            let (a, b) = (args.primitive::<DurationMicrosecondType>(0)?, args.primitive::<DurationMicrosecondType>(1)?);
            Some(args.strict_primitives::<DurationMicrosecondType>(|row| signed(a.get(row), b.get(row), sign)))
        }
        Type::Date => date(args, sign),
        Type::Timestamp => timestamp(args, sign),
        _ => None,
    }
}

fn signed(a: i64, b: i64, sign: i64) -> Result<i64, Undecided> {
    if sign < 0 { a.checked_sub(b) } else { a.checked_add(b) }.ok_or(Undecided)
}

/// Which argument is the time and which the duration: `MONTHS(1) + d` is allowed too.
fn order<T: arrow::array::ArrowPrimitiveType>(args: &Args<'_>) -> (usize, usize) {
    if args.primitive::<T>(0).is_some() { (0, 1) } else { (1, 0) }
}

fn date(args: &Args<'_>, sign: i64) -> Option<Value> {
    let (at, by) = order::<Date32Type>(args);
    let date = args.primitive::<Date32Type>(at)?;
    if let Some(months) = args.primitive::<IntervalYearMonthType>(by) {
        return Some(
            args.strict_primitives::<Date32Type>(|row| shift_date(date.get(row), i64::from(months.get(row)) * sign)),
        );
    }
    let duration = args.primitive::<DurationMicrosecondType>(by)?;
    Some(args.strict_primitives::<Date32Type>(|row| {
        let day = signed(i64::from(date.get(row)), duration.get(row) / MICROS_PER_DAY, sign)?;
        let day = i32::try_from(day).map_err(|_| Undecided)?;
        if (FIRST_DAY..=LAST_DAY).contains(&day) { Ok(day) } else { Err(Undecided) }
    }))
}

fn timestamp(args: &Args<'_>, sign: i64) -> Option<Value> {
    let (at, by) = order::<TimestampMicrosecondType>(args);
    let instant = args.primitive::<TimestampMicrosecondType>(at)?;
    if let Some(months) = args.primitive::<IntervalYearMonthType>(by) {
        return Some(args.strict_primitives::<TimestampMicrosecondType>(|row| {
            shift_instant(args.context, instant.get(row), i64::from(months.get(row)) * sign)
        }));
    }
    let duration = args.primitive::<DurationMicrosecondType>(by)?;
    Some(args.strict_primitives::<TimestampMicrosecondType>(|row| {
        signed(instant.get(row), duration.get(row), sign).and_then(instant_in_range)
    }))
}

pub(in super::super) fn multiply(args: &Args<'_>) -> Option<Value> {
    if *args.ty == Type::Integer {
        let (a, b) = (args.primitive::<Int64Type>(0)?, args.primitive::<Int64Type>(1)?);
        return Some(args.strict_primitives::<Int64Type>(|row| a.get(row).checked_mul(b.get(row)).ok_or(Undecided)));
    }
    let (a, b) = (args.primitive::<Decimal128Type>(0)?, args.primitive::<Decimal128Type>(1)?);
    Some(args.strict_primitives::<Decimal128Type>(|row| decimal_multiply(a.get(row), b.get(row))))
}

pub(in super::super) fn divide(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.primitive::<Decimal128Type>(0)?, args.primitive::<Decimal128Type>(1)?);
    Some(args.strict_primitives::<Decimal128Type>(|row| decimal_divide(a.get(row), b.get(row))))
}

pub(in super::super) fn negate(args: &Args<'_>) -> Option<Value> {
    if *args.ty == Type::Integer {
        let x = args.primitive::<Int64Type>(0)?;
        return Some(args.strict_primitives::<Int64Type>(|row| x.get(row).checked_neg().ok_or(Undecided)));
    }
    let x = args.primitive::<Decimal128Type>(0)?;
    Some(args.strict_primitives::<Decimal128Type>(|row| x.get(row).checked_neg().ok_or(Undecided)))
}
