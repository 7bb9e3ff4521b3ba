//! An adapter: how the output of one tool becomes rows of an evidence kind (docs/evidence.md).

use std::sync::Arc;

use super::EvidenceKind;
use crate::text::{Excerpt, Source};

/// One layout of files that give rows of a kind without having its columns: the output of a backup tool, a scanner, a log.
#[derive(Debug, Clone)]
pub struct Adapter {
    /// `restic_backup`; equal to the file stem.
    pub id: String,
    /// The kind whose rows it gives, as written.
    pub kind: Excerpt,
    /// Regular expression that the beginning of such a file matches.
    pub head: Option<String>,
    /// How the file itself is read, in its own words: its name patterns, where its rows are, the schema of one; with the
    /// adapter's title, and how the officer produces such a file.
    pub file: EvidenceKind,
    /// Nested list of the rows of the file whose elements are the rows that count, outermost first; empty: the rows.
    pub over: Vec<Excerpt>,
    /// What is around an empty list of `over` gives a row too, with nothing in the columns of the list.
    pub keep_empty: bool,
    /// What one row of the kind is made of.
    pub each: Each,
    /// Text columns of the file cut into more columns.
    pub split: Vec<Split>,
    /// Condition on rows of the file: the others give none.
    pub condition: Option<Excerpt>,
    /// Columns of the kind and the expression that gives each.
    pub columns: Vec<(Excerpt, Excerpt)>,
    /// It is shipped, and was looked at when hegui was built.
    pub trusted: bool,
    /// The file it came from.
    pub source: Arc<Source>,
}

/// What one row of the kind is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Each {
    /// One row of the file.
    Row,
    /// All rows of the file that share these columns: the others are aggregates. Without any: the file as a whole.
    Group(Vec<Excerpt>),
}

/// A text column cut by a pattern: every named group is a column, null where the text does not match.
#[derive(Debug, Clone)]
pub struct Split {
    /// The column that is cut.
    pub column: Excerpt,
    /// Regular expression with named groups.
    pub pattern: Excerpt,
}
