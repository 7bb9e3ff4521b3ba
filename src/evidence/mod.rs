//! Evidence files on disk → typed tables whose rows remember where they came from.

mod batch;

pub use batch::{Batch, Rows, TablePath};
