//! Evidence files on disk → typed tables whose rows remember where they came from.

mod batch;
mod columns;
mod display;
mod index;
mod limits;
mod listing;
mod mask;
mod scan;

pub use batch::{Batch, Rows, TablePath};
pub use columns::{ColumnInfo, FILE_COLUMNS, column_info, nested_lists, table_columns};
pub use display::{date_text, decimal_text, display, display_in};
pub use index::{FileEntry, Index, MemoryFile, MemoryOptions, Request};
pub use limits::Limits;
pub use listing::{FILES_COLUMNS, files_batch};
pub use mask::mask;
pub use scan::{CapturedFrom, FileScan, FileStatus, KindScan, TableMissing};
