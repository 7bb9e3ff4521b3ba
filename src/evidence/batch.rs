//! A run of rows of one evidence table, with the place of each.

use crate::expr::Column;
use crate::model::KindId;

/// An evidence kind, or a nested list inside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TablePath {
    /// The kind.
    pub kind: KindId,
    /// Names of nested lists, outermost first; empty for the kind's own rows.
    pub list: Vec<String>,
}

/// Places of the rows of a batch. All rows are of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Index of the file in the evidence index.
    pub file: u32,
    /// Row as the program that opens the file shows it, from 1 (documents: the line where the record starts).
    pub row: Vec<u64>,
    /// Physical line, from 1; 0 in workbooks.
    pub line: Vec<u64>,
    /// Number of the row among the children of the same file row, from 0; 0 for rows that are not children. Rows of the
    /// second sheet that is read of a workbook count from 2³², and so on.
    pub child: Vec<u64>,
    /// JSON pointer of each row, for documents.
    pub pointer: Option<Vec<Box<str>>>,
    /// Sheet, for workbooks.
    pub sheet: Option<std::sync::Arc<str>>,
}

/// A run of rows of one table: the wanted columns in the order they were asked for.
///
/// Column names are those of expressions: `dataset`, `agreement.signed_on`, `parent.case_id`,
/// `parent.parent.audit_on`, `file.path`, `file.row`, `file.captured_on`; `value` for a list of scalars.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Where each row is.
    pub rows: Rows,
    /// One column per wanted name.
    pub columns: Vec<Column>,
}

impl Batch {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.row.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.row.is_empty()
    }
}
