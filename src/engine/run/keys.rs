//! Keys: rows with equal values in some columns are one group, numbered in order of first appearance.

use std::collections::HashMap;

use arrow::array::{Array, AsArray};
use arrow::row::{RowConverter, SortField};
use foldhash::quality::RandomState;

use crate::expr::{Column, Doubt, Type};

/// Numbers groups of rows by the values of their key columns.
#[derive(Debug)]
pub(crate) struct Keys {
    known: Known,
    count: u32,
}

/// The keys met, with their numbers. Nothing depends on the order of a map, so its seed may be random.
#[derive(Debug)]
enum Known {
    /// No key columns: all rows are one group.
    Whole,
    /// One column of text, the usual case: the text itself is the key.
    Text(HashMap<Box<str>, u32, RandomState>),
    /// Anything else, encoded.
    Encoded(RowConverter, HashMap<Box<[u8]>, u32, RandomState>),
    /// Types that cannot be keys; planning lets none through.
    Nothing,
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
        let known = match types {
            [] => Known::Whole,
            [Type::Text] => Known::Text(HashMap::default()),
            _ => RowConverter::new(types.iter().map(|ty| SortField::new(ty.arrow())).collect())
                .map_or(Known::Nothing, |converter| Known::Encoded(converter, HashMap::default())),
        };
        Self { known, count: u32::from(types.is_empty()) }
    }

    /// Number of groups.
    pub(crate) fn len(&self) -> usize {
        self.count as usize
    }

    /// The groups of some rows, new ones numbered.
    pub(crate) fn insert(&mut self, columns: &[Column], rows: usize) -> Vec<Group> {
        let count = &mut self.count;
        let mut next = || {
            *count += 1;
            *count - 1
        };
        match &mut self.known {
            Known::Text(groups) => texts(columns, rows, &mut |text| {
                Group::Number(groups.get(text).copied().unwrap_or_else(|| {
                    let number = next();
                    groups.insert(text.into(), number);
                    number
                }))
            }),
            Known::Encoded(converter, groups) => encoded(converter, columns, rows, &mut |key| {
                Group::Number(groups.get(key).copied().unwrap_or_else(|| {
                    let number = next();
                    groups.insert(key.into(), number);
                    number
                }))
            }),
            Known::Whole => vec![Group::Number(0); rows],
            Known::Nothing => vec![Group::Null(Doubt::UNDECIDED); rows],
        }
    }

    /// The groups of some rows.
    pub(crate) fn find(&self, columns: &[Column], rows: usize) -> Vec<Group> {
        let group = |number: Option<&u32>| number.map_or(Group::Unknown, |number| Group::Number(*number));
        match &self.known {
            Known::Text(groups) => texts(columns, rows, &mut |text| group(groups.get(text))),
            Known::Encoded(converter, groups) => encoded(converter, columns, rows, &mut |key| group(groups.get(key))),
            Known::Whole => vec![Group::Number(0); rows],
            Known::Nothing => vec![Group::Null(Doubt::UNDECIDED); rows],
        }
    }
}

/// Groups by the text of the one column.
fn texts(columns: &[Column], rows: usize, group: &mut dyn FnMut(&str) -> Group) -> Vec<Group> {
    // INVARIANT: planning made the types equal; if they were not, nothing would match.
    let column = columns.first().and_then(|column| Some((column, column.values.as_string_opt::<i32>()?)));
    let Some((column, values)) = column else { return vec![Group::Null(Doubt::UNDECIDED); rows] };
    // Neighbours are often alike: a log is written by one user for a while.
    let mut before: Option<(&str, Group)> = None;
    values
        .iter()
        .enumerate()
        .map(|(row, text)| match (text, before) {
            (Some(text), Some((known, found))) if text == known => found,
            _ => {
                let found = text.map_or_else(|| Group::Null(column.doubt.at(row)), &mut *group);
                before = text.map(|text| (text, found));
                found
            }
        })
        .collect()
}

/// Groups by all columns together.
fn encoded(
    converter: &RowConverter,
    columns: &[Column],
    rows: usize,
    group: &mut dyn FnMut(&[u8]) -> Group,
) -> Vec<Group> {
    let arrays: Vec<_> = columns.iter().map(|column| std::sync::Arc::clone(&column.values)).collect();
    // INVARIANT: planning made the types equal, so conversion cannot fail; if it did, nothing would match.
    let Ok(encoded) = converter.convert_columns(&arrays) else {
        return vec![Group::Null(Doubt::UNDECIDED); rows];
    };
    (0..rows)
        .map(|row| {
            if columns.iter().any(|column| column.values.is_null(row)) {
                return Group::Null(columns.iter().fold(0, |reasons, column| reasons | column.doubt.at(row)));
            }
            group(encoded.row(row).as_ref())
        })
        .collect()
}
