//! The types of the language and how Arrow holds each.

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};

use super::DECIMAL_PLACES;

/// What a duration is made of; only like durations compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum DurationUnit {
    /// Whole days: may be added to a date; compares with [`DurationUnit::Time`].
    Days,
    /// Hours and minutes: may be added to a timestamp only.
    Time,
    /// Calendar months and years: compares with its own kind only.
    Months,
}

/// The type of a column or expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Type {
    /// The type of `NULL`: fits every type.
    Null,
    /// `TRUE`, `FALSE`. Arrow `Boolean`.
    Boolean,
    /// 64-bit integer. Arrow `Int64`. Widens to [`Type::Decimal`].
    Integer,
    /// Exact decimal of 12 places. Arrow `Decimal128(38, 12)`.
    Decimal,
    /// Unicode text, compared by code point. Arrow `Utf8`.
    Text,
    /// Calendar date. Arrow `Date32`, days since 1970-01-01.
    Date,
    /// Instant. Arrow `Timestamp(Microsecond, "UTC")`.
    Timestamp,
    /// Length of time. Days and time: Arrow `Duration(Microsecond)`; months: Arrow `Interval(YearMonth)`.
    Duration(DurationUnit),
    /// List of scalars. Arrow `List`.
    List(Box<Type>),
}

impl Type {
    /// The Arrow type that holds it. [`Type::Null`] is Arrow `Null`.
    pub fn arrow(&self) -> DataType {
        match self {
            Self::Null => DataType::Null,
            Self::Boolean => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Decimal => DataType::Decimal128(38, DECIMAL_PLACES.cast_signed()),
            Self::Text => DataType::Utf8,
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Duration(DurationUnit::Months) => DataType::Interval(IntervalUnit::YearMonth),
            Self::Duration(_) => DataType::Duration(TimeUnit::Microsecond),
            Self::List(item) => DataType::List(Field::new_list_field(item.arrow(), true).into()),
        }
    }

    /// The name as LANGUAGE.md writes it: `list<text>`.
    pub fn name(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Boolean => "boolean".into(),
            Self::Integer => "integer".into(),
            Self::Decimal => "decimal".into(),
            Self::Text => "text".into(),
            Self::Date => "date".into(),
            Self::Timestamp => "timestamp".into(),
            Self::Duration(_) => "duration".into(),
            Self::List(item) => format!("list<{}>", item.name()),
        }
    }
}
