//! Moving rows of columns about, doubts included.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute;

use crate::evidence::Rows;
use crate::expr::{Column, Doubt, Type};

/// Where a row is, ordered by file and row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Position {
    pub(crate) file: u32,
    pub(crate) row: u64,
    pub(crate) child: u64,
    pub(crate) line: u64,
}

/// File number of rows that are in no file: values, calendar spans, catalogue rows.
pub(crate) const NO_FILE: u32 = u32::MAX;

/// Rows of a frame on their way through a relation. Columns not computed yet hold nulls.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    pub(crate) len: usize,
    pub(crate) columns: Vec<Column>,
    pub(crate) places: Vec<Arc<Rows>>,
    /// Row of `places` of each row.
    pub(crate) at: Vec<(u32, u32)>,
}

impl Chunk {
    /// The rows at these positions, in that order.
    pub(crate) fn take(&self, rows: &[u32]) -> Self {
        let indices = UInt32Array::from(rows.to_vec());
        Self {
            len: rows.len(),
            columns: self.columns.iter().map(|column| take(column, &indices)).collect(),
            places: self.places.clone(),
            at: rows.iter().map(|row| self.at.get(*row as usize).copied().unwrap_or_default()).collect(),
        }
    }

    /// About how much memory the rows hold, the same however they are split.
    pub(crate) fn bytes(&self) -> u64 {
        let columns = self.columns.iter().map(|column| bytes_of(column.values.as_ref())).fold(0, u64::saturating_add);
        columns.saturating_add(PLACE_BYTES.saturating_mul(u64::try_from(self.len).unwrap_or(u64::MAX)))
    }

    /// Where a row is.
    pub(crate) fn position(&self, row: usize) -> Position {
        let Some((places, at)) = self.place(row) else { return Position { file: NO_FILE, ..Position::default() } };
        let get = |numbers: &[u64]| numbers.get(at).copied().unwrap_or_default();
        Position { file: places.file, row: get(&places.row), child: get(&places.child), line: get(&places.line) }
    }

    /// The batch a row came in, and its number there.
    pub(crate) fn place(&self, row: usize) -> Option<(&Rows, usize)> {
        let (batch, at) = self.at.get(row)?;
        Some((self.places.get(*batch as usize)?.as_ref(), *at as usize))
    }

    /// Several chunks of one frame as one.
    pub(crate) fn concat(chunks: &[Self], types: &[Type]) -> Self {
        let mut places = Vec::new();
        let mut at = Vec::new();
        for chunk in chunks {
            let offset = u32::try_from(places.len()).unwrap_or(u32::MAX);
            places.extend(chunk.places.iter().cloned());
            at.extend(chunk.at.iter().map(|(batch, row)| (batch + offset, *row)));
        }
        let columns = types
            .iter()
            .enumerate()
            .map(|(slot, ty)| {
                let parts: Vec<&Column> = chunks.iter().filter_map(|chunk| chunk.columns.get(slot)).collect();
                concat(&parts, ty)
            })
            .collect();
        Self { len: at.len(), columns, places, at }
    }
}

/// What the place of a row costs.
const PLACE_BYTES: u64 = 32;

fn bytes_of(values: &dyn Array) -> u64 {
    let rows = u64::try_from(values.len()).unwrap_or(u64::MAX);
    let offsets = |from: Option<&i32>, to: Option<&i32>| match (from, to) {
        (Some(from), Some(to)) => u64::try_from(to - from).unwrap_or(0),
        _ => 0,
    };
    if let Some(texts) = values.as_string_opt::<i32>() {
        let ends = texts.value_offsets();
        return offsets(ends.first(), ends.last()).saturating_add(rows.saturating_mul(4));
    }
    if let Some(lists) = values.as_list_opt::<i32>() {
        let items = lists.values();
        let all = u64::try_from(items.len()).unwrap_or(u64::MAX).max(1);
        let ends = lists.value_offsets();
        let shown = u128::from(offsets(ends.first(), ends.last()));
        let share = u128::from(bytes_of(items.as_ref())) * shown / u128::from(all);
        return u64::try_from(share).unwrap_or(u64::MAX).saturating_add(rows.saturating_mul(4));
    }
    let width = values.data_type().primitive_width().unwrap_or(1);
    rows.saturating_mul(u64::try_from(width).unwrap_or(u64::MAX))
}

/// Rows of a column by index; an index that is null gives a blank.
pub(crate) fn take(column: &Column, indices: &UInt32Array) -> Column {
    let values = compute::take(&column.values, indices, None)
        .unwrap_or_else(|_| arrow::array::new_null_array(column.values.data_type(), indices.len()));
    let doubt = if column.doubt.is_none() {
        Doubt::none()
    } else {
        Doubt::from_rows(indices.iter().map(|index| index.map_or(0, |index| column.doubt.at(index as usize))).collect())
    };
    Column { values, doubt }
}

/// Columns of one type, one after the other.
pub(crate) fn concat(columns: &[&Column], ty: &Type) -> Column {
    let Some(first) = columns.first() else { return Column::nulls(ty, 0) };
    if columns.len() == 1 {
        return (*first).clone();
    }
    let arrays: Vec<&dyn Array> = columns.iter().map(|column| column.values.as_ref()).collect();
    let rows = columns.iter().map(|column| column.len()).sum();
    let values = compute::concat(&arrays).unwrap_or_else(|_| arrow::array::new_null_array(&ty.arrow(), rows));
    let doubt = if columns.iter().all(|column| column.doubt.is_none()) {
        Doubt::none()
    } else {
        Doubt::from_rows(columns.iter().flat_map(|column| (0..column.len()).map(|row| column.doubt.at(row))).collect())
    };
    Column { values, doubt }
}

/// The column with some rows made doubts: `reasons` has one byte per row, 0 leaves the row as it is.
pub(crate) fn doubted(column: &Column, reasons: &[u8]) -> Column {
    if reasons.iter().all(|reason| *reason == 0) {
        return column.clone();
    }
    let keep: BooleanArray = reasons.iter().map(|reason| Some(*reason != 0)).collect();
    let values = compute::nullif(&column.values, &keep)
        .unwrap_or_else(|_| arrow::array::new_null_array(column.values.data_type(), column.len()));
    let doubt =
        reasons.iter().enumerate().map(|(row, reason)| if *reason == 0 { column.doubt.at(row) } else { *reason });
    Column { values, doubt: Doubt::from_rows(doubt.collect()) }
}

/// A boolean column: `None` is NULL, with the reasons of the row.
pub(crate) fn booleans(values: Vec<Option<bool>>, reasons: Vec<u8>) -> Column {
    let values: ArrayRef = Arc::new(BooleanArray::from(values));
    Column { values, doubt: Doubt::from_rows(reasons) }
}

/// The values of a boolean column.
pub(crate) fn truths(column: &Column) -> impl Iterator<Item = Option<bool>> + '_ {
    let values = column.values.as_any().downcast_ref::<BooleanArray>();
    (0..column.len()).map(move |row| {
        values.and_then(|values| (row < values.len() && values.is_valid(row)).then(|| values.value(row)))
    })
}
