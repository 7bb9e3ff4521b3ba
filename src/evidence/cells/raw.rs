//! A cell as the file has it, before anybody says what its column is.

use super::CellFault;
use crate::evidence::bracket;
use crate::evidence::document::{Kind, Value};
use crate::expr::Type;

/// A cell as the file has it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Raw<'a> {
    /// A document without this key.
    Absent,
    /// `null`.
    Null,
    /// `true`, `false` of a document.
    Boolean(bool),
    /// A number of a document, as written.
    Number(&'a str),
    /// Text.
    Text(&'a str),
    /// A number of a workbook, as people see it.
    SheetNumber {
        /// The number.
        text: &'a str,
        /// If it is a day, it counts from 1904.
        since_1904: bool,
        /// What its format shows it as, if that is not its digits.
        dress: Option<Dress>,
    },
    /// An error of a workbook, by its name: `#N/A`.
    SheetError(&'a str),
    /// A formula that nobody has calculated.
    Uncalculated,
    /// Bytes that are no characters.
    Undecodable,
    /// A cell that is struck out.
    Struck(&'a str),
    /// A cell that a symbol font shows as signs.
    Symbol(&'a str),
    /// Text whose quotes cannot be told from those around it.
    Quotes(&'a str),
    /// Computed from cells that cannot be read.
    Doubtful,
    /// Two values, of two keys that mean the same.
    Twice,
    /// A list of a document.
    List(&'a [Value<'a>]),
    /// An object of a document.
    Map,
}

/// What a format makes of a number for those who look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dress {
    /// Nought that is shown as nothing, or as a dash.
    Nothing,
    /// Another text of the same quantity, or a part of a day.
    Signs,
    /// A share.
    Share,
    /// A word for what is counted, or for points of a score: 3人, 85分.
    Counting,
    /// 分, which is minutes or points.
    MinutesOrPoints,
    /// A unit, by its number among those that headings have.
    Unit(u8),
    /// Other words, with the number or in its place; or nothing at all.
    Words,
}

/// The word for minutes and for points.
pub(crate) const MINUTES_OR_POINTS: &str = "分";

impl Dress {
    /// Whether people see another value of a type than the number is, in a column of a unit.
    pub(super) fn misleads(self, ty: &Type, unit: Option<u8>) -> bool {
        match (self, ty) {
            (Self::Nothing, _) => false,
            (Self::Words, _) | (_, Type::Text | Type::Boolean) => true,
            (Self::Unit(own), Type::Integer | Type::Decimal) => unit != Some(own),
            (Self::Counting, Type::Integer | Type::Decimal) => unit.is_some(),
            (Self::MinutesOrPoints, Type::Integer | Type::Decimal) => {
                unit.is_some() && unit != bracket::unit(MINUTES_OR_POINTS)
            }
            (Self::Unit(_) | Self::Counting | Self::MinutesOrPoints, _) => true,
            (Self::Share, ty) => matches!(ty, Type::Integer),
            (Self::Signs, _) => false,
        }
    }
}

impl Raw<'_> {
    /// Why something that is neither blank nor of a type has no value.
    pub(super) fn fault(self) -> CellFault {
        match self {
            Self::Undecodable => CellFault::Undecodable,
            Self::Quotes(_) => CellFault::Quotes,
            Self::SheetError(_) => CellFault::Error,
            Self::Uncalculated => CellFault::Uncalculated,
            Self::Doubtful => CellFault::Doubtful,
            Self::Twice => CellFault::Twice,
            Self::Struck(_) => CellFault::Struck,
            Self::Symbol(_) => CellFault::Symbol,
            Self::Absent
            | Self::Null
            | Self::Boolean(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::SheetNumber { .. }
            | Self::List(_)
            | Self::Map => CellFault::Type,
        }
    }
}

impl<'a> From<&'a Value<'a>> for Raw<'a> {
    fn from(value: &'a Value<'a>) -> Self {
        match &value.kind {
            Kind::Null => Self::Null,
            Kind::Boolean(value) => Self::Boolean(*value),
            Kind::Number(text) => Self::Number(text),
            Kind::Text(text) => Self::Text(text),
            Kind::Undecodable => Self::Undecodable,
            Kind::List(items) => Self::List(items),
            Kind::Map(_) => Self::Map,
        }
    }
}
