//! Evidence files on disk → typed tables whose rows remember where they came from.

mod adapt;
mod archive;
mod batch;
mod beside;
mod blocks;
mod bytes;
mod cells;
pub mod codes;
mod columns;
mod csv;
mod decode;
mod display;
mod document;
mod excerpt;
mod explain;
mod faults;
mod find;
pub mod forms;
mod frame;
mod gather;
mod header;
mod index;
mod json;
mod kind_scan;
mod limits;
mod lines;
mod listing;
mod mask;
pub mod near;
mod plan;
mod read;
mod recognise;
mod scan;
mod sequence;
mod sheet;
mod stated;
mod table;
pub mod template;
mod values;
mod xml;
mod yaml;

pub use adapt::adapter_faults;
pub use batch::{Batch, Rows, TablePath};
pub use columns::{ColumnInfo, FILE_COLUMNS, column_info, nested_lists, table_columns};
use display::array_text;
pub(crate) use display::scalar_text;
pub use display::{date_text, decimal_text, display, display_in};
pub use header::means_field;
pub use index::{FileEntry, Index, MemoryFile, MemoryOptions, Request};
pub use limits::Limits;
pub use listing::{FILES_COLUMNS, files_batch};
pub use mask::mask;
pub use scan::{CapturedFrom, FileScan, FileStatus, KindScan, Lacking, TableMissing};

#[cfg(test)]
mod tests;
