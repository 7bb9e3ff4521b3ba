//! One value outside a column: a literal, a parameter, a fact, a cell of a `values` table.

use super::{DurationUnit, Type};

/// Places after the point that every decimal carries.
pub const DECIMAL_PLACES: u8 = 12;

/// A single typed value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Scalar {
    /// Absent.
    Null,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// 64-bit integer.
    Integer(i64),
    /// Units of 10⁻¹².
    Decimal(i128),
    /// Text.
    Text(String),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// Microseconds for days and time, months for months.
    Duration(DurationUnit, i64),
    /// Values of one type.
    List(Type, Vec<Scalar>),
}

impl Scalar {
    /// The type of the value.
    pub fn type_of(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Boolean(_) => Type::Boolean,
            Self::Integer(_) => Type::Integer,
            Self::Decimal(_) => Type::Decimal,
            Self::Text(_) => Type::Text,
            Self::Date(_) => Type::Date,
            Self::Timestamp(_) => Type::Timestamp,
            Self::Duration(unit, _) => Type::Duration(*unit),
            Self::List(item, _) => Type::List(Box::new(item.clone())),
        }
    }
}
