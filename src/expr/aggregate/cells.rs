//! The cells of one argument, read where they lie: nothing is copied out of a batch that a group need not remember.

use std::cmp::Ordering;

use arrow::array::{
    Array, AsArray, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};

use super::super::{Column, Scalar, Type};
use super::BLANK;

/// A column by the array it holds.
enum Values<'a> {
    Boolean(&'a BooleanArray),
    Integer(&'a Int64Array),
    Decimal(&'a Decimal128Array),
    Text(&'a StringArray),
    Date(&'a Date32Array),
    Timestamp(&'a TimestampMicrosecondArray),
    /// Lists and durations: rare, and read as [`Scalar`].
    Other,
}

/// One argument over a batch of rows.
pub(super) struct Cells<'a> {
    column: &'a Column,
    ty: &'a Type,
    values: Values<'a>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(column: &'a Column, ty: &'a Type) -> Self {
        let array = &column.values;
        let values = match ty {
            Type::Boolean => array.as_boolean_opt().map(Values::Boolean),
            Type::Integer => array.as_primitive_opt::<Int64Type>().map(Values::Integer),
            Type::Decimal => array.as_primitive_opt::<Decimal128Type>().map(Values::Decimal),
            Type::Text => array.as_string_opt::<i32>().map(Values::Text),
            Type::Date => array.as_primitive_opt::<Date32Type>().map(Values::Date),
            Type::Timestamp => array.as_primitive_opt::<TimestampMicrosecondType>().map(Values::Timestamp),
            _ => None,
        };
        Self { column, ty, values: values.unwrap_or(Values::Other) }
    }

    /// 0 where there is a value, else why there is none.
    pub(super) fn null(&self, row: usize) -> u8 {
        let array = &self.column.values;
        if array.is_null(row) || *array.data_type() == DataType::Null { BLANK | self.column.doubt.at(row) } else { 0 }
    }

    /// The number in a row: an integer, or units of a decimal.
    pub(super) fn units(&self, row: usize) -> Option<i128> {
        match self.values {
            Values::Integer(array) => Some(array.value(row).into()),
            Values::Decimal(array) => Some(array.value(row)),
            _ => None,
        }
    }

    pub(super) fn is_integer(&self) -> bool {
        matches!(self.values, Values::Integer(_))
    }

    /// The point in time in a row: a day or an instant.
    pub(super) fn point(&self, row: usize) -> Option<i64> {
        match self.values {
            Values::Date(array) => Some(array.value(row).into()),
            Values::Timestamp(array) => Some(array.value(row)),
            _ => None,
        }
    }

    pub(super) fn text(&self, row: usize) -> Option<&'a str> {
        match self.values {
            Values::Text(array) => Some(array.value(row)),
            _ => None,
        }
    }

    pub(super) fn is(&self, row: usize, truth: bool) -> bool {
        matches!(self.values, Values::Boolean(array) if array.value(row) == truth)
    }

    /// The value of a row, to be kept.
    pub(super) fn scalar(&self, row: usize) -> Scalar {
        self.column.scalar(row, self.ty)
    }

    /// How the value of a row compares with one that was kept.
    pub(super) fn compare(&self, row: usize, kept: &Scalar) -> Ordering {
        match (&self.values, kept) {
            (Values::Integer(array), Scalar::Integer(kept)) => array.value(row).cmp(kept),
            (Values::Decimal(array), Scalar::Decimal(kept)) => array.value(row).cmp(kept),
            (Values::Text(array), Scalar::Text(kept)) => array.value(row).cmp(kept),
            (Values::Date(array), Scalar::Date(kept)) => array.value(row).cmp(kept),
            (Values::Timestamp(array), Scalar::Timestamp(kept)) => array.value(row).cmp(kept),
            _ => self.scalar(row).cmp(kept),
        }
    }
}
