//! Keys: rows with equal values in some columns are one group, numbered in order of first appearance.

use std::collections::HashMap;

use arrow::row::{RowConverter, SortField};

use crate::expr::{Column, Type};

/// Numbers groups of rows by the values of their key columns.
#[derive(Debug)]
pub(crate) struct Keys {
    converter: Option<RowConverter>,
    groups: HashMap<Box<[u8]>, u32>,
    count: u32,
}

/// The group of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// It has this number.
    Number(u32),
    /// No row with this key was seen.
    Unknown,
    /// A key column is null; the byte holds the doubts, 0 for a blank.
    Null(u8),
}

impl Keys {
    /// Keys of these types; without any, all rows are group 0, which exists from the start.
    pub(crate) fn new(types: &[Type]) -> Self {
        let fields = types.iter().map(|ty| SortField::new(ty.arrow())).collect();
        let converter = if types.is_empty() { None } else { RowConverter::new(fields).ok() };
        Self { converter, groups: HashMap::new(), count: u32::from(types.is_empty()) }
    }

    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        self.count as usize
    }

    /// The groups of some rows, new ones numbered.
    pub(crate) fn insert(&mut self, columns: &[Column], rows: usize) -> Vec<Group> {
        let (groups, count) = (&mut self.groups, &mut self.count);
        each(self.converter.as_ref(), columns, rows, &mut |key| {
            if let Some(number) = groups.get(key) {
                return Group::Number(*number);
            }
            let number = *count;
            *count += 1;
            groups.insert(key.into(), number);
            Group::Number(number)
        })
    }

    /// The groups of some rows.
    pub(crate) fn find(&self, columns: &[Column], rows: usize) -> Vec<Group> {
        each(self.converter.as_ref(), columns, rows, &mut |key| {
            self.groups.get(key).map_or(Group::Unknown, |number| Group::Number(*number))
        })
    }
}

fn each(
    converter: Option<&RowConverter>,
    columns: &[Column],
    rows: usize,
    group: &mut dyn FnMut(&[u8]) -> Group,
) -> Vec<Group> {
    if columns.is_empty() {
        return vec![Group::Number(0); rows];
    }
    let arrays: Vec<_> = columns.iter().map(|column| std::sync::Arc::clone(&column.values)).collect();
    // INVARIANT: planning made the types equal, so conversion cannot fail; if it did, nothing would match.
    let Some(encoded) = converter.and_then(|converter| converter.convert_columns(&arrays).ok()) else {
        return vec![Group::Null(crate::expr::Doubt::UNDECIDED); rows];
    };
    (0..rows)
        .map(|row| {
            let null = columns.iter().any(|column| column.values.is_null(row));
            if null {
                return Group::Null(columns.iter().fold(0, |reasons, column| reasons | column.doubt.at(row)));
            }
            group(encoded.row(row).as_ref())
        })
        .collect()
}
