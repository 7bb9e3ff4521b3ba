//! What is to be read of a kind: tables, their columns, and which wanted column comes from where.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;

use super::TablePath;
use super::cells::Cells;
use super::columns::{Elements, elements, field_at};
use super::header::{Headings, Names};
use crate::expr::Type;
use crate::model::{EvidenceKind, Field, FieldKind, Record, Sensitivity};

/// Everything to be read of one kind.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The kind's own rows first, then nested lists, each after its parent.
    pub(crate) levels: Vec<Level>,
    /// One per wanted table, in order; `None`: the kind has no such list.
    pub(crate) outputs: Vec<Option<Output>>,
    /// Column of the own rows that says when.
    pub(crate) time: Option<usize>,
    /// Columns of the own rows that together must be unique; empty when no key column is wanted.
    pub(crate) key: Vec<usize>,
    /// What headings of tables mean.
    pub(crate) headings: Arc<Headings>,
    /// A record whose list has no element gives one without cells.
    pub(crate) keep_empty: bool,
}

/// A table being read.
#[derive(Debug)]
pub(crate) struct Level {
    /// Its nested list, outermost first.
    pub(crate) list: Vec<String>,
    /// The table it is nested in.
    pub(crate) parent: Option<usize>,
    /// Way from an enclosing record to the list.
    pub(crate) path: Vec<Names>,
    /// Elements are scalars: the one column `value`.
    pub(crate) scalars: bool,
    /// Columns read.
    pub(crate) columns: Vec<ColumnPlan>,
    /// Every enclosing record must have the list.
    pub(crate) required: bool,
    /// No element at all is an honest answer.
    pub(crate) may_be_empty: bool,
}

/// A column being read.
#[derive(Debug)]
pub(crate) struct ColumnPlan {
    /// Dotted name.
    pub(crate) name: String,
    /// Way to it from its record.
    pub(crate) path: Vec<Names>,
    /// Type and constraints.
    pub(crate) cells: Cells,
    /// A null breaks it.
    pub(crate) required: bool,
    /// Column of the same table whose time it may not precede.
    pub(crate) not_before: Option<usize>,
    /// Hides the cell in diagnostics.
    pub(crate) sensitivity: Option<Sensitivity>,
}

/// One wanted table.
#[derive(Debug)]
pub(crate) struct Output {
    /// Its level.
    pub(crate) level: usize,
    /// Where each wanted column comes from.
    pub(crate) columns: Vec<Source>,
}

/// Where a wanted column comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Column of the table `up` levels further out.
    At { up: usize, column: usize },
    /// `file.path`.
    Path,
    /// `file.row`.
    Row,
    /// `file.captured_on`.
    CapturedOn,
    /// No such column.
    Unknown,
}

impl Plan {
    /// What reading `wanted` of `kind` takes. `lenient` drops the demand for values in required columns.
    pub(crate) fn new(kind: &EvidenceKind, wanted: &[(TablePath, Vec<String>)], zone: Tz, lenient: bool) -> Self {
        let mut builder =
            Builder { kind, zone, lenient, levels: Vec::new(), by_list: BTreeMap::new(), by_column: BTreeMap::new() };
        builder.level(&[]);
        let outputs = wanted.iter().map(|(table, names)| builder.output(table, names)).collect();
        // Before the time is added, which is read whether or not anything asks for it.
        let key_wanted = kind.key.iter().any(|name| builder.by_column.contains_key(&(0, name.clone())));
        let time = kind.time.as_ref().and_then(|name| builder.column(0, name));
        let key = if key_wanted { kind.key.iter().map(|name| builder.column(0, name)).collect() } else { None };
        let headings = Arc::new(Headings::in_zone(&kind.record, Some(zone)));
        Self { levels: builder.levels, outputs, time, key: key.unwrap_or_default(), headings, keep_empty: false }
    }

    /// The same tables with every cell as the file has it: no types, no constraints, no rows hidden.
    pub(crate) fn into_written(mut self, zone: Tz) -> Self {
        for column in self.levels.iter_mut().flat_map(|level| &mut level.columns) {
            column.cells = Cells::as_written(zone);
            column.required = false;
            column.not_before = None;
        }
        self.time = None;
        self.key = Vec::new();
        self
    }

    /// The same tables, in which every record whose list has no element gives one without cells.
    pub(crate) fn keeping_empty(mut self) -> Self {
        self.keep_empty = true;
        self
    }

    /// Reads nothing but the key.
    pub(crate) fn of_key(kind: &EvidenceKind, zone: Tz, lenient: bool) -> Self {
        let table = TablePath { kind: kind.id.clone(), list: Vec::new() };
        Self::new(kind, &[(table, kind.key.clone())], zone, lenient)
    }

    /// Whether some output shows `file.captured_on`, which must then be known before the first row.
    pub(crate) fn shows_captured_on(&self) -> bool {
        self.outputs.iter().flatten().any(|output| output.columns.contains(&Source::CapturedOn))
    }
}

struct Builder<'a> {
    kind: &'a EvidenceKind,
    zone: Tz,
    lenient: bool,
    levels: Vec<Level>,
    by_list: BTreeMap<Vec<String>, usize>,
    by_column: BTreeMap<(usize, String), usize>,
}

impl Builder<'_> {
    fn level(&mut self, list: &[String]) -> Option<usize> {
        if let Some(level) = self.by_list.get(list) {
            return Some(*level);
        }
        let elements = elements(self.kind, list)?;
        let (parent, path, required, may_be_empty) = match list.split_last() {
            None => (None, Vec::new(), false, true),
            Some((name, outer)) => {
                let parent = self.level(outer)?;
                let Some(Elements::Records(record)) = self::elements(self.kind, outer) else { return None };
                let field = field_at(record, name)?;
                let may_be_empty = match &field.kind {
                    FieldKind::Children { may_be_empty, .. } => *may_be_empty,
                    FieldKind::Column(column) => column.may_be_empty,
                    FieldKind::Struct(_) => false,
                };
                (Some(parent), way(record, name, self.zone)?, required(record, name) && !self.lenient, may_be_empty)
            }
        };
        let level = self.levels.len();
        let scalars = matches!(elements, Elements::Scalars(..));
        self.levels.push(Level {
            list: list.to_vec(),
            parent,
            path,
            scalars,
            columns: Vec::new(),
            required,
            may_be_empty,
        });
        self.by_list.insert(list.to_vec(), level);
        Some(level)
    }

    fn column(&mut self, level: usize, name: &str) -> Option<usize> {
        if let Some(column) = self.by_column.get(&(level, name.to_owned())) {
            return Some(*column);
        }
        let list = self.levels.get(level)?.list.clone();
        let (field, path, required) = match elements(self.kind, &list)? {
            Elements::Records(record) => {
                (field_at(record, name)?, way(record, name, self.zone)?, required(record, name))
            }
            Elements::Scalars(field, _) if name == "value" => (field, Vec::new(), true),
            Elements::Scalars(..) => return None,
        };
        let FieldKind::Column(kind) = &field.kind else { return None };
        let plan = ColumnPlan {
            name: name.to_owned(),
            path,
            cells: Cells::new(kind, self.zone).of_unit(field.unit.as_deref()),
            required: required && !self.lenient,
            not_before: None,
            sensitivity: field.sensitivity,
        };
        let columns = &mut self.levels.get_mut(level)?.columns;
        let at = columns.len();
        columns.push(plan);
        self.by_column.insert((level, name.to_owned()), at);
        if let Some(other) = kind.not_before.as_ref().filter(|other| *other != name) {
            // The other column of the same struct, else of the record.
            let sibling = name.rsplit_once('.').map(|(outer, _)| format!("{outer}.{other}"));
            let other = sibling.and_then(|sibling| self.column(level, &sibling)).or_else(|| self.column(level, other));
            if let Some(column) = self.levels.get_mut(level).and_then(|level| level.columns.get_mut(at)) {
                column.not_before = other;
            }
        }
        Some(at)
    }

    fn output(&mut self, table: &TablePath, names: &[String]) -> Option<Output> {
        let level = self.level(&table.list)?;
        let columns = names.iter().map(|name| self.source(level, name)).collect();
        Some(Output { level, columns })
    }

    fn source(&mut self, level: usize, name: &str) -> Source {
        match name {
            "file.path" => return Source::Path,
            "file.row" => return Source::Row,
            "file.captured_on" => return Source::CapturedOn,
            _ => {}
        }
        let (mut at, mut up, mut rest) = (level, 0, name);
        while let Some(outer) = rest.strip_prefix("parent.") {
            let Some(parent) = self.levels.get(at).and_then(|level| level.parent) else { return Source::Unknown };
            (at, up, rest) = (parent, up + 1, outer);
        }
        self.column(at, rest).map_or(Source::Unknown, |column| Source::At { up, column })
    }
}

/// The names on the way to a field, through structs.
fn way(record: &Record, name: &str, zone: Tz) -> Option<Vec<Names>> {
    if let Some(field) = record.fields.get(name) {
        return Some(vec![Names::in_zone(field, Some(zone))]);
    }
    let (first, rest) = name.split_once('.')?;
    let field: &Field = record.fields.get(first)?;
    let FieldKind::Struct(inner) = &field.kind else { return None };
    let mut path = vec![Names::in_zone(field, Some(zone))];
    path.extend(way(inner, rest, zone)?);
    Some(path)
}

/// Whether a field must be there: it and every struct around it is required.
fn required(record: &Record, name: &str) -> bool {
    if let Some(field) = record.fields.get(name) {
        return field.required;
    }
    let Some((first, rest)) = name.split_once('.') else { return false };
    record.fields.get(first).is_some_and(|field| match &field.kind {
        FieldKind::Struct(inner) => field.required && required(inner, rest),
        FieldKind::Column(_) | FieldKind::Children { .. } => false,
    })
}

impl ColumnPlan {
    /// Its type as a column of its table.
    pub(crate) fn ty(&self, scalars: bool) -> Type {
        match &self.cells.ty {
            Type::List(item) if scalars => (**item).clone(),
            ty => ty.clone(),
        }
    }
}
