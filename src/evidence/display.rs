//! The canonical text of a cell: the same for equal values whatever file, format or spelling they came from.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, DurationMicrosecondType, Int64Type, IntervalYearMonthType,
    TimestampMicrosecondType,
};
use chrono::{DateTime, NaiveDate, SecondsFormat, TimeZone};

use crate::expr::{Column, DECIMAL_PLACES, DurationUnit, Scalar};

/// Canonical text of a cell, for keys and fingerprints; timestamps in UTC. `None` when it is null.
///
/// Decimals lose trailing zeros (`1.50` and `1.5` are one value), lists are `["a","b"]`.
pub fn display(column: &Column, row: usize) -> Option<String> {
    array_text(column.values.as_ref(), row, chrono_tz::UTC)
}

/// The same for people: timestamps in the assessment's zone.
pub fn display_in(column: &Column, row: usize, zone: chrono_tz::Tz) -> Option<String> {
    array_text(column.values.as_ref(), row, zone)
}

/// `2026-09-30` from days since 1970-01-01.
pub fn date_text(days: i32) -> String {
    NaiveDate::from_epoch_days(days).map_or_else(|| format!("day {days}"), |date| date.to_string())
}

/// Units of 10⁻¹² as a decimal number without trailing zeros.
pub fn decimal_text(units: i128) -> String {
    let scale = 10_u128.pow(u32::from(DECIMAL_PLACES));
    let (whole, part) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    let sign = if units < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let part = format!("{part:0width$}", width = usize::from(DECIMAL_PLACES));
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

/// Canonical text of a single value.
pub(crate) fn scalar_text(value: &Scalar) -> String {
    match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Boolean(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Decimal(units) => decimal_text(*units),
        Scalar::Text(text) => text.clone(),
        Scalar::Date(days) => date_text(*days),
        Scalar::Timestamp(micros) => timestamp_text(*micros, chrono_tz::UTC),
        Scalar::Duration(DurationUnit::Months, months) => format!("{months} months"),
        Scalar::Duration(_, micros) => duration_text(*micros),
        Scalar::List(_, items) => {
            let texts: Vec<String> = items.iter().map(scalar_text).collect();
            format!("[{}]", texts.join(","))
        }
    }
}

fn timestamp_text(micros: i64, zone: chrono_tz::Tz) -> String {
    DateTime::from_timestamp_micros(micros).map_or_else(
        || format!("{micros} us"),
        |at| {
            let form = if micros % 1_000_000 == 0 { SecondsFormat::Secs } else { SecondsFormat::Micros };
            zone.from_utc_datetime(&at.naive_utc()).to_rfc3339_opts(form, true)
        },
    )
}

fn duration_text(micros: i64) -> String {
    const UNITS: [(i64, &str); 4] =
        [(86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s")];
    UNITS
        .iter()
        .find(|(unit, _)| micros % unit == 0)
        .map_or_else(|| format!("{micros} us"), |(unit, name)| format!("{} {name}", micros / unit))
}

/// Text of one value of an array.
pub(crate) fn array_text(values: &dyn Array, row: usize, zone: chrono_tz::Tz) -> Option<String> {
    if row >= values.len() || values.is_null(row) {
        return None;
    }
    Some(match values.data_type() {
        DataType::Boolean => values.as_boolean().value(row).to_string(),
        DataType::Int64 => values.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Decimal128(..) => decimal_text(values.as_primitive::<Decimal128Type>().value(row)),
        DataType::Utf8 => values.as_string::<i32>().value(row).to_owned(),
        DataType::Date32 => date_text(values.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(..) => timestamp_text(values.as_primitive::<TimestampMicrosecondType>().value(row), zone),
        DataType::Duration(_) => duration_text(values.as_primitive::<DurationMicrosecondType>().value(row)),
        DataType::Interval(_) => format!("{} months", values.as_primitive::<IntervalYearMonthType>().value(row)),
        DataType::List(_) => {
            let items = values.as_list::<i32>().value(row);
            let texts: Vec<_> = (0..items.len())
                .map(|at| {
                    let text = array_text(items.as_ref(), at, zone)?;
                    Some(if items.data_type() == &DataType::Utf8 {
                        serde_json::Value::from(text).to_string()
                    } else {
                        text
                    })
                })
                .map(|text| text.unwrap_or_else(|| "null".to_owned()))
                .collect();
            format!("[{}]", texts.join(","))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_have_one_text() {
        for (units, expected) in [
            (1_500_000_000_000, "1.5"),
            (0, "0"),
            (-1, "-0.000000000001"),
            (950_000_000_000, "0.95"),
            (-12_000_000_000_000, "-12"),
        ] {
            assert_eq!(decimal_text(units), expected);
        }
        for (micros, expected) in [(0, "1970-01-01T08:00:00+08:00"), (1_500_000, "1970-01-01T08:00:01.500000+08:00")] {
            assert_eq!(timestamp_text(micros, chrono_tz::Asia::Shanghai), expected);
        }
        assert_eq!(timestamp_text(0, chrono_tz::UTC), "1970-01-01T00:00:00Z");
        for (micros, expected) in [(86_400_000_000, "1 d"), (-7_200_000_000, "-2 h"), (90_000_000, "90 s"), (1, "1 us")]
        {
            assert_eq!(duration_text(micros), expected);
        }
        assert_eq!(date_text(20_726), "2026-09-30");
    }
}
