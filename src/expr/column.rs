//! A column of values that knows, for every null, whether it is a blank or a doubt.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, DurationMicrosecondArray, Int64Array,
    IntervalYearMonthArray, ListArray, NullArray, StringArray, TimestampMicrosecondArray, UInt32Array, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::take;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, DurationMicrosecondType, Field, Int64Type, IntervalYearMonthType,
    TimestampMicrosecondType,
};

use super::{DurationUnit, Scalar, Type};

/// Why nulls of a [`Column`] are not simply blanks: one byte of reasons per row, or none at all.
///
/// A row with a reason is always null in the values. The reason travels through every operation whose result is
/// null because of it, so that `IS NULL`, `COALESCE` and their like never read a doubt as an absence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubt(Option<Arc<[u8]>>);

impl Doubt {
    /// The cell was there and could not be read.
    pub const UNREADABLE: u8 = 1;
    /// The join found no partner.
    pub const NO_PARTNER: u8 = 2;
    /// Integer overflow, division by zero, a year not yet published: no value can be computed.
    pub const UNDECIDED: u8 = 4;

    /// No doubt in any row.
    pub const fn none() -> Self {
        Self(None)
    }

    /// One byte of reasons per row; all zero becomes [`Doubt::none`].
    pub fn from_rows(rows: Vec<u8>) -> Self {
        if rows.iter().all(|reasons| *reasons == 0) { Self(None) } else { Self(Some(rows.into())) }
    }

    /// The reasons of one row; 0 when there are none.
    pub fn at(&self, row: usize) -> u8 {
        self.0.as_ref().and_then(|rows| rows.get(row)).copied().unwrap_or(0)
    }

    /// Whether no row is in doubt.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

/// Values of one type with their doubts. Rows in doubt are null in `values`.
#[derive(Debug, Clone)]
pub struct Column {
    /// The values; the Arrow type is that of [`super::Type::arrow`].
    pub values: ArrayRef,
    /// Which nulls are doubts.
    pub doubt: Doubt,
}

impl Column {
    /// A column without doubts.
    pub fn new(values: ArrayRef) -> Self {
        Self { values, doubt: Doubt::none() }
    }

    /// A column of `rows` blanks.
    pub fn nulls(ty: &Type, rows: usize) -> Self {
        Self::new(new_null_array(&ty.arrow(), rows))
    }

    /// `rows` times the same value, which must be of type `ty` or NULL.
    pub fn repeat(value: &Scalar, ty: &Type, rows: usize) -> Self {
        let one = Self::from_scalars(ty, std::slice::from_ref(value));
        let indices = UInt32Array::from(vec![0; rows]);
        match take(&one.values, &indices, None) {
            Ok(values) => Self::new(values),
            // INVARIANT: row 0 exists, so this is not reached.
            Err(_) => Self::nulls(ty, rows),
        }
    }

    /// A column from single values, each of type `ty` or NULL; a value of another type becomes NULL.
    ///
    /// # Examples
    /// ```
    /// use hegui::expr::{Column, Scalar, Type};
    /// let column = Column::from_scalars(&Type::Integer, &[Scalar::Integer(1), Scalar::Null]);
    /// assert_eq!(column.scalar(0, &Type::Integer), Scalar::Integer(1));
    /// assert_eq!(column.scalar(1, &Type::Integer), Scalar::Null);
    /// ```
    pub fn from_scalars(ty: &Type, values: &[Scalar]) -> Self {
        Self::new(array_of(ty, values))
    }

    /// The value of one row; NULL past the end, and for doubts.
    pub fn scalar(&self, row: usize, ty: &Type) -> Scalar {
        scalar_at(&self.values, row, ty)
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

fn array_of(ty: &Type, values: &[Scalar]) -> ArrayRef {
    fn each<T>(values: &[Scalar], get: impl Fn(&Scalar) -> Option<T>) -> impl Iterator<Item = Option<T>> {
        values.iter().map(get)
    }
    match ty {
        Type::Null => Arc::new(NullArray::new(values.len())),
        Type::Boolean => Arc::new(
            each(values, |value| match value {
                Scalar::Boolean(value) => Some(*value),
                _ => None,
            })
            .collect::<BooleanArray>(),
        ),
        Type::Integer => Arc::new(
            each(values, |value| match value {
                Scalar::Integer(value) => Some(*value),
                _ => None,
            })
            .collect::<Int64Array>(),
        ),
        Type::Decimal => Arc::new(
            each(values, |value| match value {
                Scalar::Decimal(value) => Some(*value),
                _ => None,
            })
            .collect::<Decimal128Array>()
            .with_data_type(ty.arrow()),
        ),
        Type::Text => Arc::new(
            each(values, |value| match value {
                Scalar::Text(value) => Some(value.clone()),
                _ => None,
            })
            .collect::<StringArray>(),
        ),
        Type::Date => Arc::new(
            each(values, |value| match value {
                Scalar::Date(value) => Some(*value),
                _ => None,
            })
            .collect::<Date32Array>(),
        ),
        Type::Timestamp => Arc::new(
            each(values, |value| match value {
                Scalar::Timestamp(value) => Some(*value),
                _ => None,
            })
            .collect::<TimestampMicrosecondArray>()
            .with_timezone("UTC"),
        ),
        Type::Duration(DurationUnit::Months) => Arc::new(
            each(values, |value| match value {
                Scalar::Duration(DurationUnit::Months, value) => i32::try_from(*value).ok(),
                _ => None,
            })
            .collect::<IntervalYearMonthArray>(),
        ),
        Type::Duration(unit) => Arc::new(
            each(values, |value| match value {
                Scalar::Duration(found, value) if found == unit => Some(*value),
                _ => None,
            })
            .collect::<DurationMicrosecondArray>(),
        ),
        Type::List(item) => {
            let lists: Vec<Option<&[Scalar]>> = values
                .iter()
                .map(|value| match value {
                    Scalar::List(_, items) => Some(items.as_slice()),
                    _ => None,
                })
                .collect();
            let items: Vec<Scalar> = lists.iter().flatten().flat_map(|items| items.iter().cloned()).collect();
            let offsets = OffsetBuffer::from_lengths(lists.iter().map(|list| list.map_or(0, <[Scalar]>::len)));
            let nulls: NullBuffer = lists.iter().map(Option::is_some).collect();
            let field = Arc::new(Field::new_list_field(item.arrow(), true));
            Arc::new(ListArray::new(field, offsets, array_of(item, &items), Some(nulls)))
        }
    }
}

fn scalar_at(array: &ArrayRef, row: usize, ty: &Type) -> Scalar {
    if row >= array.len() || array.is_null(row) || *array.data_type() == DataType::Null {
        return Scalar::Null;
    }
    let found = match ty {
        Type::Null => None,
        Type::Boolean => array.as_boolean_opt().map(|array| Scalar::Boolean(array.value(row))),
        Type::Integer => array.as_primitive_opt::<Int64Type>().map(|array| Scalar::Integer(array.value(row))),
        Type::Decimal => array.as_primitive_opt::<Decimal128Type>().map(|array| Scalar::Decimal(array.value(row))),
        Type::Text => array.as_string_opt::<i32>().map(|array| Scalar::Text(array.value(row).to_owned())),
        Type::Date => array.as_primitive_opt::<Date32Type>().map(|array| Scalar::Date(array.value(row))),
        Type::Timestamp => {
            array.as_primitive_opt::<TimestampMicrosecondType>().map(|array| Scalar::Timestamp(array.value(row)))
        }
        Type::Duration(DurationUnit::Months) => array
            .as_primitive_opt::<IntervalYearMonthType>()
            .map(|array| Scalar::Duration(DurationUnit::Months, array.value(row).into())),
        Type::Duration(unit) => {
            array.as_primitive_opt::<DurationMicrosecondType>().map(|array| Scalar::Duration(*unit, array.value(row)))
        }
        Type::List(item) => array.as_list_opt::<i32>().map(|array| {
            let items = array.value(row);
            let items = (0..items.len()).map(|index| scalar_at(&items, index, item)).collect();
            Scalar::List(item.as_ref().clone(), items)
        }),
    };
    found.unwrap_or(Scalar::Null)
}
