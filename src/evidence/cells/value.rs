//! The value of a cell, or why it has none.

use std::borrow::Cow;

use super::Raw;
use crate::expr::{Scalar, Type};

/// A value on its way into a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Blank.
    Null,
    /// `boolean`.
    Boolean(bool),
    /// `integer`.
    Integer(i64),
    /// `decimal`, units of 10⁻¹².
    Decimal(i128),
    /// `text`.
    Text(Cow<'a, str>),
    /// `date`.
    Date(i32),
    /// `timestamp`.
    Timestamp(i64),
    /// `list`; no element is null.
    List(Vec<Cell<'a>>),
}

/// Why a cell is unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// Not of the declared type.
    Type,
    /// Bytes that are no characters.
    Undecodable,
    /// Quotes that are not written as CSV writes them.
    Quotes,
    /// Blank, and a value is required.
    Required,
    /// Not one of the allowed values.
    Enum,
    /// Below the minimum.
    Minimum,
    /// Above the maximum.
    Maximum,
    /// Does not match the pattern.
    Pattern,
    /// Too few or too many characters.
    Length,
    /// Too few list elements.
    Items,
    /// List elements repeat.
    Repeated,
    /// A local time that the clock shows twice or never.
    LocalTime,
    /// A date where a time is needed.
    DateOnly,
    /// Earlier than the column it may not be before.
    Before,
    /// A number in place of text, with more digits than a spreadsheet keeps.
    Digits,
    /// A number whose format shows it as something else.
    Dressed,
    /// Struck out.
    Struck,
    /// Shown as signs by a symbol font.
    Symbol,
    /// Two keys of a document mean the field, and say different things.
    Twice,
    /// An error of a workbook.
    Error,
    /// A character within it that nobody sees.
    Unseen,
    /// It stands for the value above, or for none, and that is not declared.
    Placeholder,
    /// A formula without a value.
    Uncalculated,
    /// What it is computed from cannot be read.
    Doubtful,
}

pub(super) fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Boolean(value) => Cell::Boolean(value),
        Cell::Integer(value) => Cell::Integer(value),
        Cell::Decimal(value) => Cell::Decimal(value),
        Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
        Cell::Date(value) => Cell::Date(value),
        Cell::Timestamp(value) => Cell::Timestamp(value),
        Cell::List(items) => Cell::List(items.into_iter().map(owned).collect()),
    }
}

impl<'a> From<&'a Scalar> for Cell<'a> {
    fn from(value: &'a Scalar) -> Self {
        match value {
            Scalar::Null | Scalar::Duration(..) => Self::Null,
            Scalar::Boolean(value) => Self::Boolean(*value),
            Scalar::Integer(value) => Self::Integer(*value),
            Scalar::Decimal(value) => Self::Decimal(*value),
            Scalar::Text(text) => Self::Text(Cow::Borrowed(text)),
            Scalar::Date(value) => Self::Date(*value),
            Scalar::Timestamp(value) => Self::Timestamp(*value),
            Scalar::List(_, items) => Self::List(items.iter().map(Self::from).collect()),
        }
    }
}

impl Cell<'_> {
    pub(super) fn is(&self, other: &Scalar) -> bool {
        match (self, other) {
            (Self::Text(text), Scalar::Text(other)) => text == other,
            _ => self.compare(other).is_some_and(std::cmp::Ordering::is_eq),
        }
    }

    /// Order against a value of the same type, integers and decimals together; `None` when they do not compare.
    pub(super) fn compare(&self, other: &Scalar) -> Option<std::cmp::Ordering> {
        const UNIT: i128 = 1_000_000_000_000;
        Some(match (self, other) {
            (Self::Boolean(a), Scalar::Boolean(b)) => a.cmp(b),
            (Self::Integer(a), Scalar::Integer(b)) | (Self::Timestamp(a), Scalar::Timestamp(b)) => a.cmp(b),
            (Self::Integer(a), Scalar::Decimal(b)) => (i128::from(*a) * UNIT).cmp(b),
            (Self::Decimal(a), Scalar::Decimal(b)) => a.cmp(b),
            (Self::Decimal(a), Scalar::Integer(b)) => a.cmp(&(i128::from(*b) * UNIT)),
            (Self::Text(a), Scalar::Text(b)) => a.as_ref().cmp(b.as_str()),
            (Self::Date(a), Scalar::Date(b)) => a.cmp(b),
            _ => return None,
        })
    }

    pub(crate) fn scalar(&self, item: &Type) -> Scalar {
        match self {
            Self::Null => Scalar::Null,
            Self::Boolean(value) => Scalar::Boolean(*value),
            Self::Integer(value) => Scalar::Integer(*value),
            Self::Decimal(value) => Scalar::Decimal(*value),
            Self::Text(text) => Scalar::Text(text.to_string()),
            Self::Date(value) => Scalar::Date(*value),
            Self::Timestamp(value) => Scalar::Timestamp(*value),
            Self::List(items) => Scalar::List(item.clone(), items.iter().map(|cell| cell.scalar(item)).collect()),
        }
    }
}

/// A cell as the file has it, as text.
pub(super) fn written(raw: Raw<'_>) -> Result<Cell<'_>, CellFault> {
    Ok(match raw {
        Raw::Absent | Raw::Null => Cell::Null,
        Raw::Text(text)
        | Raw::Number(text)
        | Raw::SheetNumber { text, .. }
        | Raw::SheetError(text)
        | Raw::Struck(text)
        | Raw::Symbol(text)
        | Raw::Quotes(text) => Cell::Text(Cow::Borrowed(text)),
        Raw::Boolean(true) => Cell::Text("true".into()),
        Raw::Boolean(false) => Cell::Text("false".into()),
        Raw::Uncalculated => Cell::Text("=?".into()),
        Raw::Undecodable => Cell::Text("\u{fffd}".into()),
        Raw::Map => Cell::Text("{…}".into()),
        Raw::List(items) => {
            let texts = items.iter().filter_map(|item| match written(item.into()) {
                Ok(Cell::Text(text)) => Some(text),
                _ => None,
            });
            Cell::Text(format!("[{}]", texts.collect::<Vec<_>>().join(", ")).into())
        }
        Raw::Doubtful => return Err(CellFault::Doubtful),
        Raw::Twice => return Err(CellFault::Twice),
    })
}
