//! Rows of a kind out of files that do not have its columns: the output of backup tools, scanners, logs.
//!
//! An adapter is read in two steps. The file is read as a kind of its own, in its own words, by the same reader as any
//! other; then expressions over those columns give the cells of the kind, which are parsed and held to its constraints
//! like cells of a table. A doubt in what a cell is computed from leaves the cell unreadable.

mod bind;
mod read;

use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::TablePath;
use crate::expr::{AggregateCall, ColumnId, Expr, Type};
use crate::model::{Adapter, EvidenceKind};
use crate::text::Diagnostic;

pub(crate) use read::read;

/// An adapter whose expressions are bound.
#[derive(Debug)]
pub(crate) struct Adapted {
    /// As declared.
    pub(crate) adapter: Arc<Adapter>,
    /// How the file itself is read: as declared, and what sensitive columns of the kind are computed from is as sensitive.
    file: EvidenceKind,
    /// What is read of the file.
    wanted: (TablePath, Vec<String>),
    /// Columns of the frame of rows, by id.
    inputs: Vec<Input>,
    /// Which rows count.
    condition: Option<Expr>,
    /// How rows of the file are put together; `None` when each gives one of the kind.
    groups: Option<Groups>,
    /// Columns of the kind: over the frame of rows, or over that of groups.
    columns: Vec<(String, Expr)>,
}

/// Rows of the file put together. The frame of groups has the shared columns first, then the aggregates.
#[derive(Debug)]
struct Groups {
    /// Columns that the rows of a group share: their ids in the frame of rows, and their types.
    by: Vec<(ColumnId, Type)>,
    /// What is aggregated over the rows of a group.
    calls: Vec<AggregateCall>,
}

/// Where a column of the frame of rows comes from.
#[derive(Debug)]
enum Input {
    /// Read from the file: position among the wanted columns.
    Read(usize),
    /// A named group of a pattern over another column of the frame.
    Group { of: usize, pattern: Arc<Regex>, group: String },
}

impl Adapted {
    /// Binds the expressions of an adapter of `kind`.
    ///
    /// # Errors
    /// Every fault, with its place.
    pub(crate) fn new(adapter: &Arc<Adapter>, kind: &EvidenceKind) -> Result<Self, Vec<Diagnostic>> {
        bind::bind(adapter, kind)
    }
}

/// An adapter that may read a file: nothing of it is compiled before some file asks.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// As declared.
    pub(crate) adapter: Arc<Adapter>,
    head: OnceLock<Option<Regex>>,
    bound: OnceLock<Option<Arc<Adapted>>>,
}

impl Candidate {
    /// Not compiled yet.
    pub(crate) fn new(adapter: &Arc<Adapter>) -> Self {
        Self { adapter: Arc::clone(adapter), head: OnceLock::new(), bound: OnceLock::new() }
    }

    /// Whether the beginning of a file is what such files begin with; `None` when nothing is declared of it.
    pub(crate) fn begins(&self, head: &str) -> Option<bool> {
        let pattern = self.adapter.head.as_ref()?;
        let compiled = self.head.get_or_init(|| Regex::new(pattern).ok());
        compiled.as_ref().map(|pattern| pattern.is_match(head))
    }

    /// The adapter bound to its kind; `None` when it has faults, which were told with the pack and put the kind out of use.
    pub(crate) fn adapted(&self, kind: &EvidenceKind) -> Option<Arc<Adapted>> {
        self.bound.get_or_init(|| Adapted::new(&self.adapter, kind).ok().map(Arc::new)).clone()
    }
}

/// Every fault in the expressions of the adapters of a kind. What the build has looked at is not looked at again, unless
/// `all` says so: the kind itself is another one then.
pub fn adapter_faults(kind: &EvidenceKind, all: bool) -> Vec<Diagnostic> {
    let wanted = kind.adapters.iter().filter(|adapter| all || !adapter.trusted);
    wanted.filter_map(|adapter| Adapted::new(adapter, kind).err()).flatten().collect()
}
