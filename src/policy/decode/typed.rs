//! Values of parameters, facts and `values` tables: a YAML scalar and the type it must have.

use std::cmp::Ordering;

use crate::expr::{DurationUnit, Scalar, Type};
use crate::model::ParamType;
use crate::policy::tree::{Sort, Value};
use crate::policy::yaml::Plain;
use crate::policy::{codes, date, duration, number};
use crate::text::{Diagnostic, Text};

/// The type a word names; `duration` is one of days until a value says otherwise.
pub(crate) fn param_type(word: &str) -> Option<ParamType> {
    let list = |item| ParamType::Plain(Type::List(Box::new(item)));
    Some(match word {
        "boolean" => ParamType::Plain(Type::Boolean),
        "integer" => ParamType::Plain(Type::Integer),
        "decimal" => ParamType::Plain(Type::Decimal),
        "text" => ParamType::Plain(Type::Text),
        "date" => ParamType::Plain(Type::Date),
        "timestamp" => ParamType::Plain(Type::Timestamp),
        "duration" => ParamType::Plain(Type::Duration(DurationUnit::Days)),
        "percent" => ParamType::Percent,
        "list<text>" => list(Type::Text),
        "list<integer>" => list(Type::Integer),
        "list<decimal>" => list(Type::Decimal),
        "list<date>" => list(Type::Date),
        _ => return None,
    })
}

/// The value as `ty`. A duration of any unit is accepted; see [`same_unit`].
pub(crate) fn value_of(value: Value<'_>, ty: &ParamType, faults: &mut Vec<Diagnostic>) -> Option<Scalar> {
    let read = match ty {
        ParamType::Percent => value.text().and_then(number::parse_share).map(Scalar::Decimal),
        ParamType::Plain(Type::List(item)) => {
            if value.sort() == Sort::List {
                let items: Vec<_> = value.items().map(|inner| scalar_of(inner, item)).collect();
                if let Some(at) = items.iter().position(Option::is_none) {
                    let wrong = value.items().nth(at).unwrap_or(value);
                    faults.push(wrong_type(wrong, &ParamType::Plain((**item).clone())));
                    return None;
                }
                Some(Scalar::List((**item).clone(), items.into_iter().flatten().collect()))
            } else {
                None
            }
        }
        ParamType::Plain(ty) => scalar_of(value, ty),
    };
    if read.is_none() {
        faults.push(wrong_type(value, ty));
    }
    read
}

fn wrong_type(value: Value<'_>, ty: &ParamType) -> Diagnostic {
    let (name, example) = match ty {
        ParamType::Percent => ("percent".to_owned(), "95%"),
        ParamType::Plain(ty) => (
            ty.name(),
            match ty {
                Type::Boolean => "true",
                Type::Integer => "3",
                Type::Decimal => "1.5",
                Type::Date => "2026-09-30",
                Type::Timestamp => "2026-09-30T08:00:00+08:00",
                Type::Duration(_) => "7 days",
                Type::List(_) => "[a, b]",
                Type::Text | Type::Null => "text",
            },
        ),
    };
    let message = Text::new(format!("值应为 {name}"), format!("the value should be of type {name}"));
    value
        .fault(&codes::WRONG_TYPE, message)
        .help(Text::new(format!("例如 `{example}`"), format!("write it like `{example}`")))
}

/// A scalar as one of the language's types; strict, nothing is converted.
pub(crate) fn scalar_of(value: Value<'_>, ty: &Type) -> Option<Scalar> {
    let text = value.text()?;
    match (ty, value.plain()?) {
        (Type::Boolean, Plain::Boolean(answer)) => Some(Scalar::Boolean(answer)),
        (Type::Integer, Plain::Integer(whole)) => Some(Scalar::Integer(whole)),
        (Type::Decimal, Plain::Integer(_) | Plain::Number) => number::parse_decimal(text).map(Scalar::Decimal),
        (Type::Text, _) => Some(Scalar::Text(text.to_owned())),
        (Type::Date, _) => date::parse(text).map(Scalar::Date),
        (Type::Timestamp, _) => timestamp(text).map(Scalar::Timestamp),
        (Type::Duration(_), _) => duration::parse(text).map(|(unit, amount)| Scalar::Duration(unit, amount)),
        _ => None,
    }
}

/// RFC 3339 with offset, a blank allowed for the `T`, in microseconds since 1970.
fn timestamp(text: &str) -> Option<i64> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_micros())
}

/// The type of a scalar by the core schema; dates and durations are text here.
pub(crate) fn natural(value: Value<'_>) -> Option<Scalar> {
    match value.sort() {
        Sort::Null => Some(Scalar::Null),
        Sort::Mapping => None,
        Sort::List => {
            let items: Vec<_> = value.items().map(natural).collect::<Option<_>>()?;
            let item = common(items.iter().map(Scalar::type_of))?;
            Some(Scalar::List(item.clone(), items.into_iter().map(|inner| widen(inner, &item)).collect()))
        }
        Sort::Scalar => {
            let text = value.text()?;
            Some(match value.plain()? {
                Plain::Boolean(answer) => Scalar::Boolean(answer),
                Plain::Integer(whole) => Scalar::Integer(whole),
                Plain::Number => Scalar::Decimal(number::parse_decimal(text)?),
                Plain::Null | Plain::Text => Scalar::Text(text.to_owned()),
            })
        }
    }
}

/// The one type that all have; whole numbers and decimals are decimals together.
pub(crate) fn common(types: impl IntoIterator<Item = Type>) -> Option<Type> {
    types.into_iter().try_fold(Type::Null, |all, one| match (all, one) {
        (Type::Null, ty) | (ty, Type::Null) => Some(ty),
        (Type::Integer, Type::Decimal) | (Type::Decimal, Type::Integer) => Some(Type::Decimal),
        (all, one) if all == one => Some(all),
        _ => None,
    })
}

/// A whole number among decimals becomes one.
pub(crate) fn widen(value: Scalar, ty: &Type) -> Scalar {
    match (value, ty) {
        (Scalar::Integer(whole), Type::Decimal) => Scalar::Decimal(i128::from(whole) * number::ONE),
        (value, _) => value,
    }
}

/// Order of two values of one type; `None` where they do not compare (durations of months and days).
pub fn compare(a: &Scalar, b: &Scalar) -> Option<Ordering> {
    match (a, b) {
        (Scalar::Duration(DurationUnit::Months, a), Scalar::Duration(DurationUnit::Months, b)) => Some(a.cmp(b)),
        (Scalar::Duration(DurationUnit::Months, _), _) | (_, Scalar::Duration(DurationUnit::Months, _)) => None,
        (Scalar::Duration(_, a), Scalar::Duration(_, b)) => Some(a.cmp(b)),
        (Scalar::List(..), _) | (_, Scalar::List(..)) => None,
        (a, b) if a.type_of() == b.type_of() => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether two durations are of one unit; anything else is.
pub(crate) fn same_unit(a: &Scalar, b: &Scalar) -> bool {
    match (a, b) {
        (Scalar::Duration(a, _), Scalar::Duration(b, _)) => a == b,
        _ => true,
    }
}

/// A value as a person writes it: `95%`, `7 days`, `2026-09-30`, `[a, b]`.
pub fn written(value: &Scalar, ty: &ParamType) -> String {
    match (value, ty) {
        (Scalar::Decimal(share), ParamType::Percent) => number::format_percent(*share),
        (Scalar::Null, _) => "null".into(),
        (Scalar::Boolean(answer), _) => answer.to_string(),
        (Scalar::Integer(whole), _) => whole.to_string(),
        (Scalar::Decimal(value), _) => number::format_decimal(*value),
        (Scalar::Text(text), _) => text.clone(),
        (Scalar::Date(day), _) => date::format(*day),
        (Scalar::Timestamp(at), _) => chrono::DateTime::from_timestamp_micros(*at)
            .map_or_else(|| at.to_string(), |at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
        (Scalar::Duration(unit, amount), _) => duration::format(*unit, *amount),
        (Scalar::List(item, items), _) => {
            let item = ParamType::Plain(item.clone());
            let items: Vec<_> = items.iter().map(|inner| written(inner, &item)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}
