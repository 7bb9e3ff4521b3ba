//! Dates, timestamps, durations, deadlines, working days.

use arrow::datatypes::{
    Date32Type, Decimal128Type, DurationMicrosecondType, Int64Type, IntervalYearMonthType, TimestampMicrosecondType,
    i256,
};
use chrono::{Datelike, Months, NaiveDate};

use super::super::Type;
use super::super::context::{Context, FIRST_DAY, LAST_DAY, MICROS_PER_DAY, date_of, day_of};
use super::number::{ONE, divide_half_up};
use super::{Args, Undecided, Value};

fn in_range(day: i32) -> Result<i32, Undecided> {
    if (FIRST_DAY..=LAST_DAY).contains(&day) { Ok(day) } else { Err(Undecided) }
}

/// An instant within the years 0000–9999 UTC.
pub(super) fn instant_in_range(micros: i64) -> Result<i64, Undecided> {
    let day = micros.div_euclid(MICROS_PER_DAY);
    if (i64::from(FIRST_DAY)..=i64::from(LAST_DAY)).contains(&day) { Ok(micros) } else { Err(Undecided) }
}

fn shifted(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) }
}

/// A date some calendar months later, clamped to the month's last day.
pub(in super::super) fn shift_date(day: i32, months: i64) -> Result<i32, Undecided> {
    date_of(day).and_then(|date| shifted(date, months)).map(day_of).ok_or(Undecided).and_then(in_range)
}

/// An instant some calendar months later, at the same local time.
pub(in super::super) fn shift_instant(context: &Context, micros: i64, months: i64) -> Result<i64, Undecided> {
    let local = context.local_time(micros).ok_or(Undecided)?;
    let date = shifted(local.date(), months).ok_or(Undecided)?;
    context.instant(date.and_time(local.time())).ok_or(Undecided).and_then(instant_in_range)
}

pub(in super::super) fn date(args: &Args<'_>) -> Option<Value> {
    if let Some(instant) = args.primitive::<TimestampMicrosecondType>(0) {
        return Some(
            args.strict_primitives::<Date32Type>(|row| args.context.local_date(instant.get(row)).ok_or(Undecided)),
        );
    }
    let (y, m, d) = (args.primitive::<Int64Type>(0)?, args.primitive::<Int64Type>(1)?, args.primitive::<Int64Type>(2)?);
    Some(args.strict_primitives::<Date32Type>(|row| {
        let year = i32::try_from(y.get(row)).map_err(|_| Undecided)?;
        let (Ok(month), Ok(day)) = (u32::try_from(m.get(row)), u32::try_from(d.get(row))) else {
            return Err(Undecided);
        };
        NaiveDate::from_ymd_opt(year, month, day).map(day_of).ok_or(Undecided).and_then(in_range)
    }))
}

/// A deadline: done by `due`, or not done and not yet due. A doubt about either leaves it open.
pub(in super::super) fn on_time(args: &Args<'_>) -> Option<Value> {
    let (done, due) = (args.get(0)?, args.get(1)?);
    let answer = |row: usize, done_by_due: &dyn Fn() -> bool, not_yet_due: &dyn Fn() -> bool| {
        if due.is_null(row) || done.doubt_at(row) != 0 {
            None
        } else if done.is_null(row) {
            Some(not_yet_due())
        } else {
            Some(done_by_due())
        }
    };
    if let (Some(a), Some(b)) = (args.primitive::<Date32Type>(0), args.primitive::<Date32Type>(1)) {
        let as_of = args.context.as_of;
        return Some(args.booleans(|row| Ok(answer(row, &|| a.get(row) <= b.get(row), &|| b.get(row) >= as_of))));
    }
    let (a, b) = (args.primitive::<TimestampMicrosecondType>(0)?, args.primitive::<TimestampMicrosecondType>(1)?);
    let now = args.context.end_of(args.context.as_of)?;
    Some(args.booleans(|row| Ok(answer(row, &|| a.get(row) <= b.get(row), &|| b.get(row) >= now))))
}

fn part(args: &Args<'_>, part: impl Fn(NaiveDate) -> i64) -> Option<Value> {
    let x = args.primitive::<Date32Type>(0)?;
    Some(args.strict_primitives::<Int64Type>(|row| date_of(x.get(row)).map(&part).ok_or(Undecided)))
}

pub(in super::super) fn year(args: &Args<'_>) -> Option<Value> {
    part(args, |date| date.year().into())
}

pub(in super::super) fn quarter(args: &Args<'_>) -> Option<Value> {
    part(args, |date| (date.month0() / 3 + 1).into())
}

pub(in super::super) fn month(args: &Args<'_>) -> Option<Value> {
    part(args, |date| date.month().into())
}

pub(in super::super) fn day(args: &Args<'_>) -> Option<Value> {
    part(args, |date| date.day().into())
}

fn exact(args: &Args<'_>, unit: i64) -> Option<Value> {
    let x = args.primitive::<Int64Type>(0)?;
    Some(args.strict_primitives::<DurationMicrosecondType>(|row| x.get(row).checked_mul(unit).ok_or(Undecided)))
}

fn calendar(args: &Args<'_>, unit: i64) -> Option<Value> {
    let x = args.primitive::<Int64Type>(0)?;
    Some(args.strict_primitives::<IntervalYearMonthType>(|row| {
        x.get(row).checked_mul(unit).and_then(|months| i32::try_from(months).ok()).ok_or(Undecided)
    }))
}

pub(in super::super) fn days(args: &Args<'_>) -> Option<Value> {
    exact(args, MICROS_PER_DAY)
}

pub(in super::super) fn hours(args: &Args<'_>) -> Option<Value> {
    exact(args, 3_600_000_000)
}

pub(in super::super) fn minutes(args: &Args<'_>) -> Option<Value> {
    exact(args, 60_000_000)
}

pub(in super::super) fn months(args: &Args<'_>) -> Option<Value> {
    calendar(args, 1)
}

pub(in super::super) fn years(args: &Args<'_>) -> Option<Value> {
    calendar(args, 12)
}

pub(in super::super) fn days_between(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.primitive::<Date32Type>(0)?, args.primitive::<Date32Type>(1)?);
    Some(args.strict_primitives::<Int64Type>(|row| Ok(i64::from(b.get(row)) - i64::from(a.get(row)))))
}

/// Microseconds from `a` to `b` in units of `unit` microseconds, as a decimal.
pub(in super::super) fn units_between(a: i64, b: i64, unit: i64) -> Result<i128, Undecided> {
    let micros = i256::from_i128(i128::from(b) - i128::from(a));
    divide_half_up(micros.wrapping_mul(i256::from_i128(ONE)), i256::from_i128(unit.into()))
}

fn between(args: &Args<'_>, unit: i64) -> Option<Value> {
    let (a, b) = (args.primitive::<TimestampMicrosecondType>(0)?, args.primitive::<TimestampMicrosecondType>(1)?);
    debug_assert_eq!(*args.ty, Type::Decimal);
    Some(args.strict_primitives::<Decimal128Type>(|row| units_between(a.get(row), b.get(row), unit)))
}

pub(in super::super) fn hours_between(args: &Args<'_>) -> Option<Value> {
    between(args, 3_600_000_000)
}

pub(in super::super) fn minutes_between(args: &Args<'_>) -> Option<Value> {
    between(args, 60_000_000)
}

/// Completed months: the greatest n with `a + n months <= b`; for an earlier `b` the negative of the way back.
fn completed_months(a: NaiveDate, b: NaiveDate) -> i64 {
    if b < a {
        return -completed_months(b, a);
    }
    let months = i64::from(b.year() - a.year()) * 12 + i64::from(b.month()) - i64::from(a.month());
    // In the month of `b` the day of `a` may not have come; on the month's last day every day has.
    let last_of_month = b.succ_opt().is_none_or(|next| next.month() != b.month());
    months - i64::from(b.day() < a.day() && !last_of_month)
}

pub(in super::super) fn months_between(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.primitive::<Date32Type>(0)?, args.primitive::<Date32Type>(1)?);
    Some(args.strict_primitives::<Int64Type>(|row| {
        let (Some(a), Some(b)) = (date_of(a.get(row)), date_of(b.get(row))) else { return Err(Undecided) };
        Ok(completed_months(a, b))
    }))
}

pub(in super::super) fn working_days_between(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.primitive::<Date32Type>(0)?, args.primitive::<Date32Type>(1)?);
    Some(args.strict_primitives::<Int64Type>(|row| {
        args.context.working_days.between(a.get(row), b.get(row)).ok_or(Undecided)
    }))
}

pub(in super::super) fn working_days_after(args: &Args<'_>) -> Option<Value> {
    let (a, n) = (args.primitive::<Date32Type>(0)?, args.primitive::<Int64Type>(1)?);
    Some(args.strict_primitives::<Date32Type>(|row| {
        args.context.working_days.after(a.get(row), n.get(row)).ok_or(Undecided)
    }))
}
