//! What reading evidence gave besides its rows: per file and per kind.

use crate::model::{KindId, MissingEvidence};
use crate::text::Diagnostic;

/// Where a file's `captured_on` comes from. Never the file system's mtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CapturedFrom {
    /// The manifest states it.
    Manifest,
    /// The newest row's own time.
    TimeColumn,
    /// A date in the file name.
    FileName,
}

impl CapturedFrom {
    /// The word outputs use: `manifest`, `time_column`, `file_name`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::TimeColumn => "time_column",
            Self::FileName => "file_name",
        }
    }
}

/// Whether the rows of a file count, and if not, why.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileStatus {
    /// Its rows count.
    #[default]
    Used,
    /// Stated to be empty, and its kind may be (零报告).
    NilReturn,
    /// No rows, and nothing says that none is right.
    Empty,
    /// Cannot be read.
    Unreadable,
    /// A register, of whose source system a newer capture is there.
    Superseded {
        /// Path of the newest capture.
        by: String,
    },
    /// Same bytes as another file of the kind.
    Duplicate {
        /// Path of the file that counts.
        of: String,
    },
    /// Captured after the as-of date.
    Future,
    /// Belongs to no kind.
    Unused,
}

impl FileStatus {
    /// The word outputs use: `used`, `nil_return`, `empty`, …
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::NilReturn => "nil_return",
            Self::Empty => "empty",
            Self::Unreadable => "unreadable",
            Self::Superseded { .. } => "superseded",
            Self::Duplicate { .. } => "duplicate",
            Self::Future => "future",
            Self::Unused => "unused",
        }
    }
}

/// What reading one file gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileScan {
    /// Index of the file in [`super::Index::files`].
    pub file: u32,
    /// Whether its rows count.
    pub status: FileStatus,
    /// `csv`, `tsv`, `json`, `jsonl`, `yaml`, `xlsx`, `xls`, `ods`, `html`.
    pub format: Option<&'static str>,
    /// `utf-8`, `utf-8-bom`, …
    pub encoding: Option<&'static str>,
    /// Bytes read.
    pub bytes: u64,
    /// Lower-case hexadecimal SHA-256 of those bytes.
    pub sha256: String,
    /// Rows that were read, those after `as_of` included.
    pub rows_read: u64,
    /// Rows that could not be read.
    pub rows_rejected: u64,
    /// Rows whose time lies after `as_of`; they are not shown.
    pub rows_future: u64,
    /// Cells that could not be read among the columns that were parsed.
    pub cells_unreadable: u64,
    /// The day it was captured, days since 1970-01-01, and how we know.
    pub captured_on: Option<(i32, CapturedFrom)>,
    /// Whole days from capture to `as_of`.
    pub age_days: Option<i64>,
    /// Days (local) of the earliest and latest row that is shown.
    pub covers: Option<(i32, i32)>,
    /// Headings or keys that the schema does not have, in order of appearance.
    pub extra_columns: Vec<String>,
    /// Row of the header, in tables; of the first sheet that is read.
    pub header_row: Option<u64>,
    /// Rows under the table, or in it, that only sum up or remark something: not data.
    pub footer_rows: u64,
    /// Rows of the file that the condition of its adapter leaves out.
    pub left_out: u64,
    /// Number of rows that the file states to have, above or below its table.
    pub own_rows: Option<u64>,
    /// First and last day that the file states to cover.
    pub own_period: Option<(i32, i32)>,
}

/// A column, or a whole nested table, that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableMissing {
    /// Index in the `wanted` that was asked for.
    pub table: usize,
    /// The column; `None`: the table as a whole (an empty nested list).
    pub column: Option<String>,
    /// Why.
    pub evidence: MissingEvidence,
}

/// A column that a file lacks, and the fault to tell whoever needs it.
#[derive(Debug, Clone)]
pub struct Lacking {
    /// Index in the `wanted` that was asked for.
    pub table: usize,
    /// The column.
    pub column: String,
    /// The file's path.
    pub file: String,
    /// The fault.
    pub diagnostic: Diagnostic,
}

/// What one pass over the files of a kind gave besides its rows.
#[derive(Debug, Clone)]
pub struct KindScan {
    /// The kind.
    pub kind: KindId,
    /// Why the kind as a whole cannot be used; ascending, without repeats.
    pub missing: Vec<MissingEvidence>,
    /// Columns and nested tables that cannot be used.
    pub tables: Vec<TableMissing>,
    /// Every file of the kind, by path: superseded ones and duplicates too.
    pub files: Vec<FileScan>,
    /// Faults in the files, sorted; columns that they lack are apart, in `lacking`.
    pub diagnostics: Vec<Diagnostic>,
    /// Wanted columns that files lack.
    pub lacking: Vec<Lacking>,
}

impl KindScan {
    /// Everything that keeps a check from using these columns of the table at `table` in `wanted`: kind-wide,
    /// table-wide, then by column.
    pub fn missing_for<'a>(&self, table: usize, columns: impl IntoIterator<Item = &'a str>) -> Vec<MissingEvidence> {
        let columns: std::collections::BTreeSet<&str> = columns.into_iter().collect();
        let mut all = self.missing.clone();
        all.extend(self.tables.iter().filter_map(|missing| {
            let named = missing.column.as_deref().is_none_or(|column| columns.contains(column));
            (missing.table == table && named).then(|| missing.evidence.clone())
        }));
        all
    }

    /// The faults of files that lack a column which is needed: `needed` says so of a table of `wanted` and a column.
    pub fn lacking_columns(&self, needed: &dyn Fn(usize, &str) -> bool) -> Vec<Diagnostic> {
        let mut told = std::collections::BTreeSet::new();
        let wanted = self.lacking.iter().filter(|lacking| needed(lacking.table, &lacking.column));
        wanted
            .filter(|lacking| told.insert((&lacking.file, &lacking.column)))
            .map(|lacking| lacking.diagnostic.clone())
            .collect()
    }

    /// Paths of the files whose rows count, as indices into the index.
    pub fn used(&self) -> impl Iterator<Item = &FileScan> {
        self.files.iter().filter(|file| matches!(file.status, FileStatus::Used | FileStatus::NilReturn))
    }
}
