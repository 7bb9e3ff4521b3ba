//! Values while evaluating: columns, or one value that stands for every row.

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, BooleanBuilder, Datum, ListArray, PrimitiveArray,
    PrimitiveBuilder, StringArray, StringBuilder, UInt32Array,
};
use arrow::compute::take;
use std::sync::Arc;

use super::super::{Column, Context, Doubt, Pattern, Scalar, Type};

/// No value can be computed for the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Undecided;

/// A column, or a single value for all rows.
#[derive(Debug, Clone)]
pub(in super::super) struct Value {
    pub(super) values: ArrayRef,
    pub(super) doubt: Doubt,
    /// `values` has one row, which stands for all.
    pub(super) scalar: bool,
}

impl From<Column> for Value {
    fn from(column: Column) -> Self {
        Self { values: column.values, doubt: column.doubt, scalar: false }
    }
}

impl Datum for Value {
    fn get(&self) -> (&dyn Array, bool) {
        (self.values.as_ref(), self.scalar)
    }
}

impl Value {
    pub(super) fn constant(value: &Scalar, ty: &Type) -> Self {
        let column = Column::from_scalars(ty, std::slice::from_ref(value));
        Self { values: column.values, doubt: Doubt::none(), scalar: true }
    }

    /// Undecided in every row.
    pub(super) fn undecided(ty: &Type) -> Self {
        let values = Column::nulls(ty, 1).values;
        Self { values, doubt: Doubt::from_rows(vec![Doubt::UNDECIDED]), scalar: true }
    }

    /// The row of `values` that holds row `row`.
    pub(super) fn at(&self, row: usize) -> usize {
        if self.scalar { 0 } else { row }
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.values.is_null(self.at(row))
    }

    pub(super) fn doubt_at(&self, row: usize) -> u8 {
        self.doubt.at(self.at(row))
    }

    /// One row per row.
    pub(super) fn expanded(&self, rows: usize) -> ArrayRef {
        if !self.scalar {
            return Arc::clone(&self.values);
        }
        take(&self.values, &UInt32Array::from(vec![0; rows]), None).unwrap_or_else(|_| Arc::clone(&self.values))
    }

    pub(super) fn into_column(self, ty: &Type, rows: usize) -> Column {
        let values = self.expanded(rows);
        let doubt = match (self.scalar, self.doubt.at(0)) {
            (false, _) => self.doubt,
            (true, 0) => Doubt::none(),
            (true, reasons) => Doubt::from_rows(vec![reasons; rows]),
        };
        // INVARIANT: functions give what the binder said; otherwise nothing is claimed about any row.
        if *values.data_type() == ty.arrow() {
            Column { values, doubt }
        } else {
            Column { values: Column::nulls(ty, rows).values, doubt: Doubt::from_rows(vec![Doubt::UNDECIDED; rows]) }
        }
    }
}

/// Arguments of one function for all rows.
pub(in super::super) struct Args<'a> {
    pub(super) values: &'a [Value],
    /// Type of the result.
    pub(super) ty: &'a Type,
    /// Rows to compute: 1 when every argument is a single value.
    pub(super) rows: usize,
    scalar: bool,
    pub(super) pattern: Option<&'a Pattern>,
    pub(super) context: &'a Context,
    strict_nulls: bool,
}

/// A typed view of an argument.
pub(super) struct Typed<'a, A> {
    pub(super) array: &'a A,
    scalar: bool,
}

impl<A> Typed<'_, A> {
    fn at(&self, row: usize) -> usize {
        if self.scalar { 0 } else { row }
    }
}

impl Typed<'_, StringArray> {
    pub(super) fn get(&self, row: usize) -> &str {
        self.array.value(self.at(row))
    }
}

impl Typed<'_, BooleanArray> {
    pub(super) fn get(&self, row: usize) -> bool {
        self.array.value(self.at(row))
    }
}

impl<T: ArrowPrimitiveType> Typed<'_, PrimitiveArray<T>> {
    pub(super) fn get(&self, row: usize) -> T::Native {
        self.array.value(self.at(row))
    }
}

impl Typed<'_, ListArray> {
    pub(super) fn get(&self, row: usize) -> ArrayRef {
        self.array.value(self.at(row))
    }
}

impl<'a> Args<'a> {
    pub(super) fn new(
        values: &'a [Value],
        ty: &'a Type,
        rows: usize,
        pattern: Option<&'a Pattern>,
        context: &'a Context,
    ) -> Self {
        let scalar = values.iter().all(|value| value.scalar);
        let strict_nulls = values.iter().any(|value| value.values.null_count() > 0);
        Self { values, ty, rows: if scalar { 1 } else { rows }, scalar, pattern, context, strict_nulls }
    }

    pub(super) fn get(&self, index: usize) -> Option<&'a Value> {
        self.values.get(index)
    }

    pub(super) fn text(&self, index: usize) -> Option<Typed<'a, StringArray>> {
        let value = self.get(index)?;
        Some(Typed { array: value.values.as_string_opt::<i32>()?, scalar: value.scalar })
    }

    pub(super) fn boolean(&self, index: usize) -> Option<Typed<'a, BooleanArray>> {
        let value = self.get(index)?;
        Some(Typed { array: value.values.as_boolean_opt()?, scalar: value.scalar })
    }

    pub(super) fn primitive<T: ArrowPrimitiveType>(&self, index: usize) -> Option<Typed<'a, PrimitiveArray<T>>> {
        let value = self.get(index)?;
        Some(Typed { array: value.values.as_primitive_opt::<T>()?, scalar: value.scalar })
    }

    pub(super) fn list(&self, index: usize) -> Option<Typed<'a, ListArray>> {
        let value = self.get(index)?;
        Some(Typed { array: value.values.as_list_opt::<i32>()?, scalar: value.scalar })
    }

    /// Whether some argument is null in the row.
    pub(super) fn any_null(&self, row: usize) -> bool {
        self.strict_nulls && self.values.iter().any(|value| value.is_null(row))
    }

    /// The result of a kernel over the arguments.
    pub(super) fn done(&self, values: ArrayRef) -> Value {
        Value { values, doubt: Doubt::none(), scalar: self.scalar }
    }

    fn with_doubt(&self, values: ArrayRef, undecided: Vec<u8>) -> Value {
        let doubt = if undecided.is_empty() { Doubt::none() } else { Doubt::from_rows(undecided) };
        Value { values, doubt, scalar: self.scalar }
    }

    /// Runs `each` on the rows; `Err` makes the row undecided.
    fn rows<T>(
        &self,
        mut each: impl FnMut(usize) -> Result<Option<T>, Undecided>,
        mut put: impl FnMut(Option<T>),
    ) -> Vec<u8> {
        let mut undecided = Vec::new();
        for row in 0..self.rows {
            if let Ok(value) = each(row) {
                put(value);
                continue;
            }
            undecided.resize(self.rows, 0);
            if let Some(reasons) = undecided.get_mut(row) {
                *reasons = Doubt::UNDECIDED;
            }
            put(None);
        }
        undecided
    }

    /// Booleans, row by row, nulls left to `each`.
    pub(super) fn booleans(&self, each: impl FnMut(usize) -> Result<Option<bool>, Undecided>) -> Value {
        let mut builder = BooleanBuilder::with_capacity(self.rows);
        let undecided = self.rows(each, |value| builder.append_option(value));
        self.with_doubt(Arc::new(builder.finish()), undecided)
    }

    /// Texts, row by row, nulls left to `each`.
    pub(super) fn texts(&self, each: impl FnMut(usize) -> Result<Option<String>, Undecided>) -> Value {
        let mut builder = StringBuilder::new();
        let undecided = self.rows(each, |value| builder.append_option(value));
        self.with_doubt(Arc::new(builder.finish()), undecided)
    }

    /// Numbers, dates and times, row by row, nulls left to `each`.
    pub(super) fn primitives<T: ArrowPrimitiveType>(
        &self,
        each: impl FnMut(usize) -> Result<Option<T::Native>, Undecided>,
    ) -> Value {
        let mut builder = PrimitiveBuilder::<T>::with_capacity(self.rows).with_data_type(self.ty.arrow());
        let undecided = self.rows(each, |value| builder.append_option(value));
        self.with_doubt(Arc::new(builder.finish()), undecided)
    }

    /// Booleans where no argument is null.
    pub(super) fn strict_booleans(&self, mut each: impl FnMut(usize) -> Result<bool, Undecided>) -> Value {
        self.booleans(|row| if self.any_null(row) { Ok(None) } else { each(row).map(Some) })
    }

    /// Texts where no argument is null.
    pub(super) fn strict_texts(&self, mut each: impl FnMut(usize) -> Result<String, Undecided>) -> Value {
        self.texts(|row| if self.any_null(row) { Ok(None) } else { each(row).map(Some) })
    }

    /// Numbers, dates and times where no argument is null.
    pub(super) fn strict_primitives<T: ArrowPrimitiveType>(
        &self,
        mut each: impl FnMut(usize) -> Result<T::Native, Undecided>,
    ) -> Value {
        self.primitives::<T>(|row| if self.any_null(row) { Ok(None) } else { each(row).map(Some) })
    }

    /// Per row, which argument (or none) the result is taken from; a row taken from an argument carries its doubt.
    pub(super) fn choose(&self, each: impl Fn(usize) -> Option<usize>) -> Option<Value> {
        let choices: Vec<Option<usize>> = (0..self.rows).map(each).collect();
        chosen(self.values, &choices, self.ty).map(|(values, doubt)| Value { values, doubt, scalar: self.scalar })
    }
}

/// Takes each row from one of several values.
pub(super) fn chosen(values: &[Value], choices: &[Option<usize>], ty: &Type) -> Option<(ArrayRef, Doubt)> {
    let blank = Column::nulls(ty, 1).values;
    let mut arrays: Vec<&dyn Array> = values.iter().map(|value| value.values.as_ref()).collect();
    arrays.push(blank.as_ref());
    let indices: Vec<(usize, usize)> = choices
        .iter()
        .enumerate()
        .map(|(row, choice)| match choice.and_then(|index| Some((index, values.get(index)?))) {
            Some((index, value)) => (index, value.at(row)),
            None => (values.len(), 0),
        })
        .collect();
    let taken = arrow::compute::interleave(&arrays, &indices).ok()?;
    let reasons = choices
        .iter()
        .enumerate()
        .map(|(row, choice)| choice.and_then(|index| values.get(index)).map_or(0, |value| value.doubt_at(row)))
        .collect();
    Some((taken, Doubt::from_rows(reasons)))
}
