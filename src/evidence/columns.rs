//! The columns of every evidence table: names as expressions write them, with types.

use std::collections::BTreeMap;

use crate::expr::{Scalar, Type};
use crate::model::{ColumnKind, EvidenceKind, Field, FieldKind, Record, Sensitivity};

/// What is known of a column before any file is read.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnInfo {
    /// Its type.
    pub ty: Type,
    /// How it is masked.
    pub sensitivity: Option<Sensitivity>,
    /// Values its `enum` allows; empty: any.
    pub allowed: Vec<Scalar>,
    /// Heading for people: `title`, else the name.
    pub title: String,
}

/// What the elements of a table are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Elements<'a> {
    /// Records.
    Records(&'a Record),
    /// Scalars: the one column `value`.
    Scalars(&'a Field, &'a ColumnKind),
}

/// Columns of every evidence table besides its own: `file.path`, `file.row`, `file.captured_on`.
pub const FILE_COLUMNS: &[(&str, Type)] =
    &[("file.path", Type::Text), ("file.row", Type::Integer), ("file.captured_on", Type::Date)];

/// The own columns of a table by name, structs flattened (`agreement.signed_on`); `parent.…` and `file.…` not listed.
/// `None` when the kind has no such nested list.
pub fn table_columns(kind: &EvidenceKind, list: &[String]) -> Option<BTreeMap<String, ColumnInfo>> {
    let mut columns = BTreeMap::new();
    match elements(kind, list)? {
        Elements::Records(record) => flatten(record, "", &mut columns),
        Elements::Scalars(field, column) => {
            let ty = if let Type::List(item) = &column.ty { (**item).clone() } else { column.ty.clone() };
            columns.insert("value".to_owned(), ColumnInfo { ty, ..info(field, column) });
        }
    }
    Some(columns)
}

/// The nested lists directly inside a table, by name: sources `kind.name`. Lists of scalars are listed too.
pub fn nested_lists(kind: &EvidenceKind, list: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(Elements::Records(record)) = elements(kind, list) {
        lists(record, "", &mut names);
    }
    names
}

/// One column by its name: own, `parent.…` (to any depth) or `file.…`.
pub fn column_info(kind: &EvidenceKind, list: &[String], name: &str) -> Option<ColumnInfo> {
    if let Some(rest) = name.strip_prefix("parent.") {
        let (_, outer) = list.split_last()?;
        return if rest.starts_with("file.") { None } else { column_info(kind, outer, rest) };
    }
    if let Some((_, ty)) = FILE_COLUMNS.iter().find(|(known, _)| *known == name) {
        return Some(ColumnInfo { ty: ty.clone(), sensitivity: None, allowed: Vec::new(), title: name.to_owned() });
    }
    match elements(kind, list)? {
        Elements::Records(record) => {
            let field = field_at(record, name)?;
            match &field.kind {
                FieldKind::Column(column) => Some(info(field, column)),
                FieldKind::Children { .. } | FieldKind::Struct(_) => None,
            }
        }
        Elements::Scalars(..) => table_columns(kind, list)?.remove(name),
    }
}

/// What the elements of the table at `list` are.
pub(crate) fn elements<'a>(kind: &'a EvidenceKind, list: &[String]) -> Option<Elements<'a>> {
    let mut at = Elements::Records(&kind.record);
    for name in list {
        let Elements::Records(record) = at else { return None };
        let field = field_at(record, name)?;
        at = match &field.kind {
            FieldKind::Children { record, .. } => Elements::Records(record),
            FieldKind::Column(column) if matches!(column.ty, Type::List(_)) => Elements::Scalars(field, column),
            FieldKind::Column(_) | FieldKind::Struct(_) => return None,
        };
    }
    Some(at)
}

/// The field at a dotted name, through structs.
pub(crate) fn field_at<'a>(record: &'a Record, name: &str) -> Option<&'a Field> {
    if let Some(field) = record.fields.get(name) {
        return Some(field);
    }
    let (first, rest) = name.split_once('.')?;
    match &record.fields.get(first)?.kind {
        FieldKind::Struct(inner) => field_at(inner, rest),
        FieldKind::Column(_) | FieldKind::Children { .. } => None,
    }
}

fn info(field: &Field, column: &ColumnKind) -> ColumnInfo {
    ColumnInfo {
        ty: column.ty.clone(),
        sensitivity: field.sensitivity,
        allowed: column.allowed.clone(),
        title: field.title.clone().unwrap_or_else(|| field.name.clone()),
    }
}

fn flatten(record: &Record, prefix: &str, columns: &mut BTreeMap<String, ColumnInfo>) {
    for (name, field) in &record.fields {
        match &field.kind {
            FieldKind::Column(column) => {
                columns.insert(format!("{prefix}{name}"), info(field, column));
            }
            FieldKind::Struct(inner) => flatten(inner, &format!("{prefix}{name}."), columns),
            FieldKind::Children { .. } => {}
        }
    }
}

fn lists(record: &Record, prefix: &str, names: &mut Vec<String>) {
    for (name, field) in &record.fields {
        match &field.kind {
            FieldKind::Children { .. } => names.push(format!("{prefix}{name}")),
            FieldKind::Column(column) if matches!(column.ty, Type::List(_)) => names.push(format!("{prefix}{name}")),
            FieldKind::Column(_) => {}
            FieldKind::Struct(inner) => lists(inner, &format!("{prefix}{name}."), names),
        }
    }
}
