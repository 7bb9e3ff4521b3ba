//! The tables of a statement, filled: what an assessor loads before running it.

use super::tables::{Cell, Table, TableOf, helper_rows};
use crate::engine::Planned;
use crate::engine::plan::Source;
use crate::engine::run::sources;
use crate::evidence::{self, FileScan, Index};

/// The rows of a table, in the order of its columns.
///
/// `files` are the scans of the run that is re-performed, as `evidence.files` shows them.
pub fn rows(table: &Table, planned: &Planned, index: &Index, files: &[FileScan]) -> Vec<Vec<Cell>> {
    let context = planned.clock.context();
    let wanted = table.source_columns();
    let made = |source: &Source| {
        sources::rows(source, &wanted, &planned.clock, &planned.catalog)
            .map_or_else(Vec::new, |made| table.rows(&made.columns, made.rows, 0, &made.undecided, &context))
    };
    match &table.of {
        TableOf::Evidence(path) => {
            let mut rows = Vec::new();
            index.scan(&path.kind, &[(path.clone(), wanted)], &mut |_, batch| {
                rows.extend(table.rows(&batch.columns, batch.len(), rows.len(), &[], &context));
            });
            rows
        }
        TableOf::Calendar(calendar) => made(&Source::Calendar(*calendar)),
        TableOf::Catalog(catalog) => made(&Source::Catalog(*catalog)),
        TableOf::Files => {
            let batch = evidence::files_batch(index, files, &wanted);
            table.rows(&batch.columns, batch.len(), 0, &[], &context)
        }
        TableOf::Helper(helper) => helper_rows(*helper, &context),
    }
}
