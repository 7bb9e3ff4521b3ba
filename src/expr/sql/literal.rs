//! Constants as SQL.

use super::super::context::date_of;
use super::super::{DECIMAL_PLACES, DurationUnit, Scalar, Type};
use super::{Level, Piece, Printer, quoted};

impl Printer<'_> {
    pub(super) fn literal(value: &Scalar, ty: &Type, name: Option<&str>) -> Piece {
        let (sql, meaning) = scalar(value, ty);
        let name = name.map(|name| format!("${}", name.trim_start_matches('$')));
        let comment = match (name, meaning) {
            (Some(name), Some(meaning)) => format!("{name}: {meaning}"),
            (Some(name), None) => name,
            (None, Some(meaning)) => meaning,
            (None, None) => return sql,
        };
        let comment: String = comment.chars().filter(|c| !matches!(c, '*' | '/') && !c.is_control()).collect();
        Piece { text: format!("{} /* {comment} */", sql.text), level: sql.level }
    }
}

/// A constant as SQL, and in words where its SQL is hard to read.
pub(super) fn scalar(value: &Scalar, ty: &Type) -> (Piece, Option<String>) {
    let whole = |value: i64| {
        if value < 0 { Piece::at(Level::Concat, value.to_string()) } else { Piece::atom(value.to_string()) }
    };
    let plain = |sql: Piece| (sql, None);
    match value {
        Scalar::Null => plain(Piece::atom("NULL")),
        Scalar::Boolean(value) => plain(Piece::atom(if *value { "TRUE" } else { "FALSE" })),
        Scalar::Integer(value) => plain(whole(*value)),
        Scalar::Decimal(units) => plain(Piece::atom(format!("'{}'", decimal(*units)))),
        Scalar::Text(text) => plain(Piece::atom(quoted(text))),
        Scalar::Date(day) => plain(Piece::atom(format!("'{}'", date(*day)))),
        Scalar::Timestamp(micros) => (whole(*micros), Some(instant(*micros))),
        Scalar::Duration(DurationUnit::Months, months) => (whole(*months), Some(format!("{months} months"))),
        Scalar::Duration(_, micros) => (whole(*micros), Some(span(*micros))),
        Scalar::List(item, items) => {
            let item = if let Type::List(item) = ty { item } else { item };
            let items: Vec<String> = items.iter().map(|value| json(value, item)).collect();
            plain(Piece::atom(quoted(&format!("[{}]", items.join(",")))))
        }
    }
}

/// A scalar inside the JSON text of a list.
pub(super) fn json(value: &Scalar, ty: &Type) -> String {
    match value {
        Scalar::Null => "null".to_owned(),
        Scalar::Boolean(value) => i64::from(*value).to_string(),
        Scalar::Integer(value) if *ty == Type::Decimal => format!("\"{value}\""),
        Scalar::Integer(value) | Scalar::Timestamp(value) | Scalar::Duration(_, value) => value.to_string(),
        Scalar::Decimal(units) => format!("\"{}\"", decimal(*units)),
        Scalar::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        Scalar::Date(day) => format!("\"{}\"", date(*day)),
        Scalar::List(item, items) => {
            let items: Vec<String> = items.iter().map(|value| json(value, item)).collect();
            format!("[{}]", items.join(","))
        }
    }
}

/// Units of 10⁻¹² without trailing zeros.
pub(super) fn decimal(units: i128) -> String {
    let scale = 10_u128.pow(u32::from(DECIMAL_PLACES));
    let (whole, part) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    let sign = if units < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{part:012}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn date(day: i32) -> String {
    date_of(day).map_or_else(|| format!("day {day}"), |date| date.to_string())
}

fn instant(micros: i64) -> String {
    chrono::DateTime::from_timestamp_micros(micros)
        .map_or_else(|| format!("{micros} us"), |at| at.format("%Y-%m-%d %H:%M:%S%.fZ").to_string())
}

fn span(micros: i64) -> String {
    const UNITS: [(i64, &str); 4] =
        [(86_400_000_000, "days"), (3_600_000_000, "hours"), (60_000_000, "minutes"), (1_000_000, "seconds")];
    UNITS
        .iter()
        .find(|(unit, _)| micros % unit == 0)
        .map_or_else(|| format!("{micros} microseconds"), |(unit, name)| format!("{} {name}", micros / unit))
}

/// The text that stands in a table for a value.
pub(super) fn stored(value: &Scalar, ty: &Type) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Date(day) => date(*day),
        Scalar::Decimal(units) => decimal(*units),
        _ => json(value, ty),
    }
}
