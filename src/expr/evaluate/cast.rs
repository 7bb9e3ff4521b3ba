//! `CAST`: only what has one exact answer; the rest is undecided.

use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};

use super::super::Type;
use super::super::lexer::decimal;
use super::super::parse::literal;
use super::super::print::{date_text, decimal_text};
use super::number::{ONE, whole};
use super::{Args, Undecided, Value};

/// The decimal of `-12.50`, and of nothing written otherwise.
pub(in super::super) fn parse_decimal(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (before, after) = digits.split_once('.').map_or((digits, None), |(before, after)| (before, Some(after)));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(before) || !after.is_none_or(is_digits) {
        return None;
    }
    let units = decimal(before, after.unwrap_or_default())?;
    Some(if text.starts_with('-') { -units } else { units })
}

/// The integer of `-12`, and of nothing written otherwise.
fn parse_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

pub(super) fn cast(args: &Args<'_>, from: &Type) -> Option<Value> {
    match (from, args.ty) {
        (Type::Decimal, Type::Integer) => {
            let x = args.primitive::<Decimal128Type>(0)?;
            Some(args.strict_primitives::<Int64Type>(|row| {
                let units = x.get(row);
                if units % ONE == 0 { whole(units / ONE) } else { Err(Undecided) }
            }))
        }
        (Type::Decimal, Type::Text) => {
            let x = args.primitive::<Decimal128Type>(0)?;
            Some(args.strict_texts(|row| Ok(decimal_text(x.get(row), false))))
        }
        (Type::Integer, Type::Text) => {
            let x = args.primitive::<Int64Type>(0)?;
            Some(args.strict_texts(|row| Ok(x.get(row).to_string())))
        }
        (Type::Boolean, Type::Text) => {
            let x = args.boolean(0)?;
            Some(args.strict_texts(|row| Ok(x.get(row).to_string())))
        }
        (Type::Date, Type::Text) => {
            let x = args.primitive::<Date32Type>(0)?;
            Some(args.strict_texts(|row| Ok(date_text(x.get(row)))))
        }
        (Type::Text, to) => {
            let x = args.text(0)?;
            Some(match to {
                Type::Boolean => args.strict_booleans(|row| match x.get(row).to_ascii_lowercase().as_str() {
                    "true" => Ok(true),
                    "false" => Ok(false),
                    _ => Err(Undecided),
                }),
                Type::Integer => args.strict_primitives::<Int64Type>(|row| parse_integer(x.get(row)).ok_or(Undecided)),
                Type::Decimal => {
                    args.strict_primitives::<Decimal128Type>(|row| parse_decimal(x.get(row)).ok_or(Undecided))
                }
                Type::Date => args.strict_primitives::<Date32Type>(|row| literal::date(x.get(row)).ok_or(Undecided)),
                Type::Timestamp => args.strict_primitives::<TimestampMicrosecondType>(|row| {
                    literal::timestamp(x.get(row)).ok_or(Undecided)
                }),
                _ => return None,
            })
        }
        _ => None,
    }
}
