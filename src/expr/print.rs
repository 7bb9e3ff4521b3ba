//! [`Ast`] → expression text that parses back to the same tree.

use std::fmt::{self, Display, Formatter, Write as _};

use chrono::DateTime;

use super::ast::{Ast, AstKind, BinaryOp, Literal, Name, UnaryOp};
use super::context::{MICROS_PER_DAY, date_of};
use super::lexer::{continues_name, starts_name};
use super::{DECIMAL_PLACES, DurationUnit};

/// Words that are never a bare name at the start of an operand; such a column is written `"case"`.
pub(super) const RESERVED: &[&str] = &[
    "AND", "AS", "BETWEEN", "CASE", "DISTINCT", "ELSE", "END", "FALSE", "FILTER", "FROM", "IN", "IS", "LIKE", "NOT",
    "NULL", "OR", "THEN", "TRUE", "WHEN", "WHERE",
];

/// Binding strength of a node's outermost operator, as the parser has it; operands are strongest.
fn strength(kind: &AstKind) -> u8 {
    match kind {
        AstKind::Binary { op, .. } => match op {
            BinaryOp::Or => 1,
            BinaryOp::And => 2,
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Concat => 5,
            BinaryOp::Multiply | BinaryOp::Divide => 6,
            _ => 4,
        },
        AstKind::Unary(UnaryOp::Not, _) => 3,
        AstKind::IsNull(..)
        | AstKind::IsTrue(..)
        | AstKind::IsDistinct(..)
        | AstKind::In(..)
        | AstKind::Between(..)
        | AstKind::Like(..) => 4,
        AstKind::Unary(UnaryOp::Minus, _) => 7,
        _ => 8,
    }
}

/// Prints an operand, in brackets when it binds more loosely than `least`.
struct Operand<'a>(&'a Ast, u8);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if strength(&self.0.kind) < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

struct List<'a>(&'a [Ast]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}

fn path(f: &mut Formatter<'_>, path: &[Name]) -> fmt::Result {
    for (index, name) in path.iter().enumerate() {
        if index > 0 {
            f.write_char('.')?;
        }
        let bare = name.text.starts_with(starts_name)
            && name.text.chars().all(continues_name)
            && !RESERVED.iter().any(|word| name.text.eq_ignore_ascii_case(word));
        if bare { f.write_str(&name.text)? } else { write!(f, "\"{}\"", name.text.replace('"', "\"\""))? }
    }
    Ok(())
}

/// Digits of a decimal without trailing zeros, and with at least one place after the point when `point`.
pub(super) fn decimal_text(units: i128, point: bool) -> String {
    let one = 10_u128.pow(u32::from(DECIMAL_PLACES));
    let magnitude = units.unsigned_abs();
    let sign = if units < 0 { "-" } else { "" };
    let fraction = format!("{:012}", magnitude % one);
    let fraction = fraction.trim_end_matches('0');
    match (fraction, point) {
        ("", false) => format!("{sign}{}", magnitude / one),
        ("", true) => format!("{sign}{}.0", magnitude / one),
        (digits, _) => format!("{sign}{}.{digits}", magnitude / one),
    }
}

/// `2026-09-30`.
pub(super) fn date_text(day: i32) -> String {
    date_of(day).map_or_else(|| day.to_string(), |date| date.format("%Y-%m-%d").to_string())
}

fn literal(f: &mut Formatter<'_>, literal: &Literal) -> fmt::Result {
    match literal {
        Literal::Null => f.write_str("NULL"),
        Literal::Boolean(true) => f.write_str("TRUE"),
        Literal::Boolean(false) => f.write_str("FALSE"),
        Literal::Integer(value) => write!(f, "{value}"),
        Literal::Decimal(units) => f.write_str(&decimal_text(*units, true)),
        Literal::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
        Literal::Date(day) => write!(f, "DATE '{}'", date_text(*day)),
        Literal::Timestamp(micros) => match DateTime::from_timestamp_micros(*micros) {
            Some(instant) => write!(f, "TIMESTAMP '{}'", instant.format("%Y-%m-%d %H:%M:%S%.f+00:00")),
            None => f.write_str("NULL"),
        },
        Literal::Duration(unit, amount) => {
            let (number, word) = match unit {
                DurationUnit::Days => (amount / MICROS_PER_DAY, "DAY"),
                DurationUnit::Time => (amount / 60_000_000, "MINUTE"),
                DurationUnit::Months => (*amount, "MONTH"),
            };
            write!(f, "INTERVAL '{number}' {word}")
        }
    }
}

impl Display for Ast {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let not = |negated: bool| if negated { "NOT " } else { "" };
        match &self.kind {
            AstKind::Literal(value) => literal(f, value),
            AstKind::Name(names) => path(f, names),
            AstKind::Constant(names) => {
                f.write_char('$')?;
                path(f, names)
            }
            AstKind::Unary(UnaryOp::Not, operand) => write!(f, "NOT {}", Operand(operand, 3)),
            // `--` would start a comment elsewhere, so a minus under a minus stands in brackets.
            AstKind::Unary(UnaryOp::Minus, operand) => write!(f, "-{}", Operand(operand, 8)),
            AstKind::Binary { op, left, right, .. } => {
                let level = strength(&self.kind);
                let left_level = if level == 4 { 5 } else { level };
                write!(f, "{} {} {}", Operand(left, left_level), op.symbol(), Operand(right, level + 1))
            }
            AstKind::IsNull(operand, negated) => write!(f, "{} IS {}NULL", Operand(operand, 5), not(*negated)),
            AstKind::IsTrue(operand, negated) => write!(f, "{} IS {}TRUE", Operand(operand, 5), not(*negated)),
            AstKind::IsDistinct(left, right, negated) => {
                write!(f, "{} IS {}DISTINCT FROM {}", Operand(left, 5), not(*negated), Operand(right, 5))
            }
            AstKind::In(operand, items, negated) => {
                write!(f, "{} {}IN ({})", Operand(operand, 5), not(*negated), List(items))
            }
            AstKind::Between(operand, low, high, negated) => {
                let (operand, low, high) = (Operand(operand, 5), Operand(low, 5), Operand(high, 5));
                write!(f, "{operand} {}BETWEEN {low} AND {high}", not(*negated))
            }
            AstKind::Like(operand, pattern, negated) => {
                write!(f, "{} {}LIKE {}", Operand(operand, 5), not(*negated), Operand(pattern, 5))
            }
            AstKind::Case { operand, branches, otherwise } => {
                f.write_str("CASE")?;
                if let Some(operand) = operand {
                    write!(f, " {operand}")?;
                }
                for (condition, result) in branches {
                    write!(f, " WHEN {condition} THEN {result}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " ELSE {otherwise}")?;
                }
                f.write_str(" END")
            }
            AstKind::Cast(operand, ty) => write!(f, "CAST({operand} AS {})", ty.name()),
            AstKind::Call(call) => {
                write!(f, "{}(", call.name.text)?;
                if call.star {
                    f.write_char('*')?;
                } else {
                    write!(f, "{}{}", if call.distinct { "DISTINCT " } else { "" }, List(&call.arguments))?;
                }
                f.write_char(')')?;
                if let Some(filter) = &call.filter {
                    write!(f, " FILTER (WHERE {filter})")?;
                }
                Ok(())
            }
            AstKind::List(items) => write!(f, "[{}]", List(items)),
            AstKind::Broken => f.write_str("NULL"),
        }
    }
}
