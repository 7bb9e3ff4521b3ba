//! Literals that no row of the evidence has: a misspelt word in `where` empties a population.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray;

use crate::engine::plan::{LiteralUse, Plan};
use crate::evidence::{Batch, TablePath};
use crate::text::Text;

/// Which literals were met so far.
#[derive(Debug, Default)]
pub(crate) struct Literals {
    unmet: BTreeMap<TablePath, BTreeMap<String, BTreeSet<String>>>,
    rows: BTreeMap<TablePath, u64>,
}

impl Literals {
    pub(crate) fn of<'p>(plans: impl Iterator<Item = &'p Plan>) -> Self {
        let mut found = Self::default();
        for used in plans.flat_map(|plan| &plan.literals) {
            let columns = found.unmet.entry(used.table.clone()).or_default();
            columns.entry(used.column.clone()).or_default().insert(used.value.clone());
        }
        found
    }

    /// Looks through a batch; `names` are its columns.
    pub(crate) fn see(&mut self, table: &TablePath, names: &[String], batch: &Batch) {
        let Some(columns) = self.unmet.get_mut(table) else { return };
        *self.rows.entry(table.clone()).or_default() += u64::try_from(batch.len()).unwrap_or(u64::MAX);
        for (name, column) in names.iter().zip(&batch.columns) {
            let Some(unmet) = columns.get_mut(name).filter(|unmet| !unmet.is_empty()) else { continue };
            let Some(values) = column.values.as_string_opt::<i32>() else { continue };
            for value in values.iter().flatten() {
                if unmet.remove(value) && unmet.is_empty() {
                    break;
                }
            }
        }
    }

    /// Warnings for one check.
    pub(crate) fn notes(&self, literals: &[LiteralUse]) -> Vec<Text> {
        let unmet = |used: &&LiteralUse| {
            self.rows.get(&used.table).is_some_and(|rows| *rows > 0)
                && self
                    .unmet
                    .get(&used.table)
                    .and_then(|c| c.get(&used.column))
                    .is_some_and(|u| u.contains(&used.value))
        };
        let mut seen = BTreeSet::new();
        literals
            .iter()
            .filter(unmet)
            .filter(|used| seen.insert((used.table.clone(), used.column.clone(), used.value.clone())))
            .map(|used| {
                let table = table_name(&used.table);
                let (column, value, at) = (&used.column, &used.value, used.place.whole().display());
                Text::new(
                    format!("`{table}` 中没有一行的 `{column}` 是 '{value}'（{at}）"),
                    format!("no row of `{table}` has '{value}' in `{column}` ({at})"),
                )
            })
            .collect()
    }
}

/// `backup_policy.datasets`.
pub(crate) fn table_name(table: &TablePath) -> String {
    let mut name = table.kind.as_str().to_owned();
    for word in &table.list {
        name.push('.');
        name.push_str(word);
    }
    name
}
