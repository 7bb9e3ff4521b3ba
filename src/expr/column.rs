//! A column of values that knows, for every null, whether it is a blank or a doubt.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};

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

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
