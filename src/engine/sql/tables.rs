//! The tables that a statement reads: what they are called, their columns, and evidence as rows of plain values.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::{Extra, Writer, flag_name, ident};
use crate::engine::plan::{Calendar, Catalog, Origin, Plan, Relation, Source};
use crate::evidence::TablePath;
use crate::expr::sql::{HelperTable, stored};
use crate::expr::{Column, ColumnId, Context, Expr, Frame, Scalar, Type, evaluate};

/// Column that numbers the rows of a table.
pub(super) const ROW: &str = "row__";
/// Column of `calendar.working_days`: TRUE for a day of a year whose calendar nobody has published yet.
pub(super) const UNDECIDED: &str = "undecided__";

/// A value as SQL stores it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// NULL.
    Null,
    /// Integers, booleans, timestamps and durations.
    Integer(i64),
    /// Texts, dates, decimals, and lists as JSON.
    Text(String),
}

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableOf {
    /// An evidence kind, or a list inside it.
    Evidence(TablePath),
    /// Spans of a calendar.
    Calendar(Calendar),
    /// The pack itself.
    Catalog(Catalog),
    /// The evidence index.
    Files,
    /// Something that functions look into.
    Helper(HelperTable),
}

/// A table that a statement reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name, unquoted: `backup_policy.datasets`.
    pub name: String,
    /// What it holds.
    pub of: TableOf,
    /// Its columns after the row number, in order.
    pub columns: Vec<TableColumn>,
    /// After those: values that hegui computes because plain SQL has no function for them. Not re-performed.
    pub beside: Vec<Beside>,
}

/// A value that stands beside the evidence because plain SQL has no function for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// The function, as the statement would call it.
    pub function: &'static str,
    /// The source's columns that it reads.
    pub columns: Vec<String>,
    /// The expression over these columns, in this order, without places.
    pub(super) expr: Expr,
    /// Its number in the table, from 1.
    pub(super) number: usize,
}

impl Beside {
    /// Name of its column, unquoted: `hegui_is_cn_id_1__`.
    pub fn name(&self) -> String {
        format!("{}_{}__", self.function, self.number)
    }

    /// Whether both have the same value for every row; where they were written does not matter.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.columns == other.columns && self.expr == other.expr
    }

    fn cells(&self, names: &[String], columns: &[Column], rows: usize, context: &Context) -> Vec<Cell> {
        let inputs: Option<Vec<Column>> = self
            .columns
            .iter()
            .map(|wanted| columns.get(names.iter().position(|name| name == wanted)?).cloned())
            .collect();
        let Some(inputs) = inputs else { return vec![Cell::Null; rows] };
        let values = evaluate(&self.expr, &Frame { columns: &inputs, rows }, context);
        (0..rows).map(|row| scalar(&values.scalar(row, &self.expr.ty), &self.expr.ty)).collect()
    }
}

/// A column of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableColumn {
    /// Name in the source: `finished_at`.
    pub source: String,
    /// Type of the source's column.
    pub ty: Type,
    /// What of it.
    pub what: TableWhat,
}

/// What of a source's column a column of a [`Table`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableWhat {
    /// The value.
    Value,
    /// 1 where the cell could not be read (`finished_at__doubt`).
    Doubt,
    /// The date of a timestamp in the assessment's time zone (`finished_at__date`).
    LocalDate,
}

impl TableColumn {
    /// Its name, unquoted.
    pub fn name(&self) -> String {
        match self.what {
            TableWhat::Value => self.source.clone(),
            TableWhat::Doubt => flag_name(&self.source),
            TableWhat::LocalDate => date_name(&self.source),
        }
    }

    fn stored_type(&self) -> &'static str {
        match (self.what, &self.ty) {
            (TableWhat::Doubt, _) => "INTEGER",
            (TableWhat::LocalDate, _) => "TEXT",
            (TableWhat::Value, ty) => stored_type(ty),
        }
    }
}

fn stored_type(ty: &Type) -> &'static str {
    match ty {
        Type::Text | Type::Date | Type::Decimal | Type::List(_) | Type::Null => "TEXT",
        Type::Boolean | Type::Integer | Type::Timestamp | Type::Duration(_) => "INTEGER",
    }
}

impl Table {
    /// Names of the source's columns that it holds, each once: what to ask of the source, in this order.
    pub fn source_columns(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for column in &self.columns {
            if !names.contains(&column.source) {
                names.push(column.source.clone());
            }
        }
        names
    }

    /// Adds what another statement reads of the same table.
    pub(super) fn take_in(&mut self, other: &Self) {
        self.columns.extend(other.columns.iter().cloned());
        self.columns.sort();
        self.columns.dedup();
        // Numbered in one row over all statements: the later one knows the earlier ones' values.
        if other.beside.len() > self.beside.len() {
            self.beside.clone_from(&other.beside);
        }
    }

    pub(super) fn is_helper(&self) -> bool {
        matches!(self.of, TableOf::Helper(_))
    }

    fn doubtful(&self) -> bool {
        self.of == TableOf::Calendar(Calendar::WorkingDays)
    }

    /// `CREATE TABLE …`.
    pub fn create(&self) -> String {
        let mut columns: Vec<String> = Vec::new();
        if !matches!(self.of, TableOf::Helper(_)) {
            columns.push(format!("{ROW} INTEGER PRIMARY KEY"));
        }
        columns.extend(self.columns.iter().map(|column| format!("{} {}", ident(&column.name()), column.stored_type())));
        columns.extend(self.beside.iter().map(|one| {
            let read = one.columns.join(", ").replace("*/", "* /");
            format!("{} {} /* {} of {read} */", ident(&one.name()), stored_type(&one.expr.ty), one.function)
        }));
        if self.doubtful() {
            columns.push(format!("{UNDECIDED} INTEGER"));
        }
        format!("CREATE TABLE {} ({})", ident(&self.name), columns.join(", "))
    }

    /// `INSERT INTO … VALUES (?, …)`.
    pub fn insert(&self) -> String {
        let row = usize::from(!matches!(self.of, TableOf::Helper(_)));
        let count = self.columns.len() + self.beside.len() + row + usize::from(self.doubtful());
        format!("INSERT INTO {} VALUES ({})", ident(&self.name), vec!["?"; count].join(", "))
    }

    /// Rows of the source as cells: `columns` are those of [`Table::source_columns`], `first` the number of rows before,
    /// `undecided` the rows of which nobody knows whether they are there.
    pub fn rows(
        &self,
        columns: &[Column],
        rows: usize,
        first: usize,
        undecided: &[u32],
        context: &Context,
    ) -> Vec<Vec<Cell>> {
        let names = self.source_columns();
        let beside: Vec<Vec<Cell>> = self.beside.iter().map(|one| one.cells(&names, columns, rows, context)).collect();
        let cells = |row: usize| {
            let number = i64::try_from(first + row + 1).unwrap_or(i64::MAX);
            let mut cells = vec![Cell::Integer(number)];
            cells.extend(self.columns.iter().map(|wanted| {
                let column = names.iter().position(|name| *name == wanted.source).and_then(|at| columns.get(at));
                column.map_or(Cell::Null, |column| cell(column, row, wanted, context))
            }));
            cells.extend(beside.iter().filter_map(|values| values.get(row).cloned()));
            if self.doubtful() {
                let open = undecided.iter().any(|open| usize::try_from(*open).is_ok_and(|open| open == row));
                cells.push(Cell::Integer(i64::from(open)));
            }
            cells
        };
        (0..rows).map(cells).collect()
    }
}

/// The rows of a table that functions look into.
pub fn helper_rows(table: HelperTable, context: &Context) -> Vec<Vec<Cell>> {
    match table {
        HelperTable::WorkingDays => context
            .working_days
            .ordinals()
            .map(|(day, ordinal)| vec![scalar(&Scalar::Date(day), &Type::Date), Cell::Integer(ordinal)])
            .collect(),
        HelperTable::TimeZone => shifts(context)
            .into_iter()
            .map(|(from, to, shift)| vec![Cell::Integer(from), Cell::Integer(to), Cell::Integer(shift)])
            .collect(),
    }
}

/// Spans of constant shift between local time and UTC, in microseconds: first and last instant, shift.
fn shifts(context: &Context) -> Vec<(i64, i64, i64)> {
    use chrono::{DateTime, Offset, TimeZone};
    const FIRST: i64 = -62_167_219_200;
    const LAST: i64 = 253_402_300_799;
    /// Half a month: no zone changed its clocks and changed them back within less.
    const STEP: i64 = 14 * 86_400;
    const SECOND: i64 = 1_000_000;
    let shift = |second: i64| {
        DateTime::from_timestamp(second, 0)
            .map_or(0, |at| context.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
    };
    let mut spans = Vec::new();
    let (mut start, mut now) = (FIRST, shift(FIRST));
    let mut at = FIRST;
    while at < LAST {
        let next = (at + STEP).min(LAST);
        let later = shift(next);
        if later == now {
            at = next;
            continue;
        }
        // The change lies after `at`, by `next` at the latest.
        let (mut low, mut high) = (at, next);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if shift(middle) == now { low = middle } else { high = middle }
        }
        spans.push((start * SECOND, high * SECOND - 1, i64::from(now) * SECOND));
        (start, now, at) = (high, shift(high), high);
    }
    spans.push((start * SECOND, LAST * SECOND + SECOND - 1, i64::from(now) * SECOND));
    spans
}

/// Name of the column with the local date of a timestamp.
pub(super) fn date_name(name: &str) -> String {
    format!("{name}__date")
}

/// What the table of a source is called.
pub(super) fn name_of(source: &Source) -> String {
    match source {
        Source::Table(path) => std::iter::once(path.kind.as_str())
            .chain(path.list.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join("."),
        Source::Values(_) => "values".to_owned(),
        Source::Calendar(Calendar::Days) => "calendar.days".to_owned(),
        Source::Calendar(Calendar::Weeks) => "calendar.weeks".to_owned(),
        Source::Calendar(Calendar::Months) => "calendar.months".to_owned(),
        Source::Calendar(Calendar::Quarters) => "calendar.quarters".to_owned(),
        Source::Calendar(Calendar::WorkingDays) => "calendar.working_days".to_owned(),
        Source::Catalog(Catalog::Provisions) => "catalog.provisions".to_owned(),
        Source::Catalog(Catalog::Controls) => "catalog.controls".to_owned(),
        Source::Files => "evidence.files".to_owned(),
    }
}

/// Slots of a relation that the statement does not read: they stand in where a part of a row's key is null.
fn unread(plan: &Plan, relation: &Relation) -> BTreeSet<ColumnId> {
    let (key, read) = if std::ptr::eq(relation, &raw const plan.rows) {
        let ties = plan.order.iter().flat_map(|order| &order.ties);
        (&plan.row_key, plan.row_key.named.iter().chain(&plan.row_key.hashed).chain(ties).copied().collect())
    } else if plan.partner().is_some_and(|partner| std::ptr::eq(relation, &raw const partner.relation)) {
        (&plan.partner_key, BTreeSet::new())
    } else {
        return BTreeSet::new();
    };
    let needed = |id: &ColumnId| relation.slots.get(*id).is_some_and(|slot| slot.needed);
    key.slots().filter(|id| !needed(id) && !read.contains(id)).collect()
}

/// The tables that the frames of a statement read, with the columns they read of them.
pub(super) fn of_writer(writer: &Writer<'_>, plan: &Plan) -> Vec<Table> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let reads = writer.reads();
    for (frame, relation) in &writer.sources {
        let of = match &relation.source {
            Source::Table(path) => TableOf::Evidence(path.clone()),
            Source::Values(_) => continue,
            Source::Calendar(calendar) => TableOf::Calendar(*calendar),
            Source::Catalog(catalog) => TableOf::Catalog(*catalog),
            Source::Files => TableOf::Files,
        };
        let name = name_of(&relation.source);
        let table = tables.entry(name.clone()).or_insert_with(|| {
            let beside = writer.values_beside(&name);
            Table { name, of, columns: Vec::new(), beside }
        });
        let unread = unread(plan, relation);
        let slots = relation.slots.iter().enumerate().filter(|(_, slot)| slot.origin == Origin::Source);
        for (id, slot) in slots.filter(|(id, _)| !unread.contains(id)) {
            let mut whats = vec![TableWhat::Value];
            if reads.contains(&(*frame, id, Extra::Doubt)) {
                whats.push(TableWhat::Doubt);
            }
            if reads.contains(&(*frame, id, Extra::Date)) {
                whats.push(TableWhat::LocalDate);
            }
            for what in whats {
                let column = TableColumn { source: slot.name.clone(), ty: slot.ty.clone(), what };
                if !table.columns.contains(&column) {
                    table.columns.push(column);
                }
            }
        }
    }
    let mut tables: Vec<Table> = tables.into_values().collect();
    for table in &mut tables {
        table.columns.sort();
    }
    for helper in writer.shared.helper_tables() {
        let column = |name: &str, ty: Type| TableColumn { source: name.to_owned(), ty, what: TableWhat::Value };
        let (name, columns) = match helper {
            HelperTable::WorkingDays => {
                ("working_days", vec![column("day", Type::Date), column("ordinal", Type::Integer)])
            }
            HelperTable::TimeZone => {
                ("time_zone", ["starts_at", "ends_at", "shift"].map(|name| column(name, Type::Integer)).to_vec())
            }
        };
        tables.push(Table { name: name.to_owned(), of: TableOf::Helper(helper), columns, beside: Vec::new() });
    }
    tables
}

fn cell(column: &Column, row: usize, wanted: &TableColumn, context: &Context) -> Cell {
    match wanted.what {
        TableWhat::Value => scalar(&column.scalar(row, &wanted.ty), &wanted.ty),
        TableWhat::Doubt => Cell::Integer(i64::from(column.doubt.at(row) != 0)),
        TableWhat::LocalDate => match column.scalar(row, &wanted.ty) {
            Scalar::Timestamp(at) => {
                context.local_date(at).map_or(Cell::Null, |day| scalar(&Scalar::Date(day), &Type::Date))
            }
            _ => Cell::Null,
        },
    }
}

fn scalar(value: &Scalar, ty: &Type) -> Cell {
    match value {
        Scalar::Null => Cell::Null,
        Scalar::Boolean(value) => Cell::Integer(i64::from(*value)),
        Scalar::Integer(value) | Scalar::Timestamp(value) | Scalar::Duration(_, value) => Cell::Integer(*value),
        _ => Cell::Text(stored(value, ty)),
    }
}
