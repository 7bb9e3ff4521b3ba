//! Stages of a statement: each is a common table expression that adds columns to the one before.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::OwnFunctions;
use super::tables::{self, Beside};
use crate::engine::plan::{Origin, Relation, Source};
use crate::expr::sql::{Dialect, Form, Printer, Shared};
use crate::expr::{ColumnId, Context, Expr};

/// Where a slot of a frame is in the stage at hand.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnSql {
    /// Its value.
    pub(super) value: String,
    /// Its flag column, when it may be in doubt.
    pub(super) doubt: Option<String>,
    /// Its local date, for timestamps of evidence.
    pub(super) date: Option<String>,
}

/// A frame and the stage that holds it.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Distinguishes frames of one statement; the same in every pass.
    pub(super) id: usize,
    /// What its stages are called.
    pub(super) label: String,
    /// The stage, as `FROM` names it.
    pub(super) from: String,
    /// Column that numbers its rows.
    pub(super) row: &'static str,
    /// The slots.
    pub(super) columns: Vec<ColumnSql>,
    /// Column that is TRUE for rows that pass, NULL for undecided ones; none: all pass.
    pub(super) keep: Option<String>,
    /// Columns computed over `from`, not written yet.
    pub(super) pending: Vec<(String, String)>,
}

/// A statement under construction.
pub(super) struct Writer<'c> {
    pub(super) dialect: Dialect,
    pub(super) context: &'c Context,
    pub(super) shared: Shared,
    stages: Vec<String>,
    names: BTreeSet<String>,
    next_frame: usize,
    /// Flags and local dates that something reads, as known from the pass before.
    known: Reads,
    /// Those read in this pass.
    read: RefCell<Reads>,
    /// Tables read, by frame.
    pub(super) sources: BTreeMap<usize, &'c Relation>,
    own: OwnFunctions,
    /// Values that stand beside the evidence, by table.
    beside: RefCell<ValuesBeside>,
}

/// Values that stand beside the evidence, by table.
pub(super) type ValuesBeside = BTreeMap<String, Vec<Beside>>;

/// Flags and local dates, by frame and slot.
pub(super) type Reads = BTreeSet<(usize, ColumnId, Extra)>;

/// Columns printed beside a column of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extra {
    /// `c__doubt`.
    Doubt,
    /// `c__date`.
    Date,
}

impl Frame {
    /// Adds a column to the next stage.
    pub(super) fn add(&mut self, name: &str, sql: String) -> String {
        let name = ident(name);
        self.pending.push((name.clone(), sql));
        name
    }

    /// A text that can stand in `GROUP BY` or `ON`: the text itself when it is a name, else a column of its own.
    pub(super) fn named(&mut self, name: &str, sql: String) -> String {
        if is_name(&sql) { sql } else { self.add(name, sql) }
    }
}

impl<'c> Writer<'c> {
    pub(super) fn new(
        dialect: Dialect,
        context: &'c Context,
        own: OwnFunctions,
        known: Reads,
        beside: ValuesBeside,
    ) -> Self {
        Self {
            dialect,
            context,
            shared: Shared::default(),
            stages: Vec::new(),
            names: BTreeSet::new(),
            next_frame: 0,
            known,
            read: RefCell::default(),
            sources: BTreeMap::new(),
            own,
            beside: RefCell::new(beside),
        }
    }

    /// A new frame over something that can stand after `FROM`.
    pub(super) fn frame(&mut self, label: &str, from: String, columns: Vec<ColumnSql>) -> Frame {
        self.next_frame += 1;
        let (id, label) = (self.next_frame, label.to_owned());
        Frame { id, label, from, row: tables::ROW, columns, keep: None, pending: Vec::new() }
    }

    /// A stage name nobody has yet.
    fn fresh(&mut self, label: &str) -> String {
        let mut name = label.to_owned();
        let mut number = 1;
        while !self.names.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{label}_{number}");
        }
        ident(&name)
    }

    /// Reserves a name: a table that is read.
    pub(super) fn reserve(&mut self, name: &str) {
        self.names.insert(name.to_lowercase());
    }

    /// Writes a stage; gives its name.
    pub(super) fn stage(&mut self, label: &str, comment: Option<&str>, body: &str) -> String {
        self.write(label, "", comment, "", body)
    }

    /// A stage with its column names: rows written in the statement.
    pub(super) fn constant_stage(&mut self, label: &str, columns: &str, body: &str) -> String {
        self.write(label, columns, None, "", body)
    }

    fn write(&mut self, label: &str, columns: &str, comment: Option<&str>, kind: &str, body: &str) -> String {
        let name = self.fresh(label);
        let mut text = String::new();
        for line in comment.into_iter().flat_map(str::lines) {
            let _ = writeln!(text, "-- {line}");
        }
        let _ = write!(text, "{name}{columns} AS {kind}(\n{}\n)", indented(body));
        self.stages.push(text);
        name
    }

    /// Every stage so far, and the last `SELECT`.
    pub(super) fn finish(self, select: &str) -> String {
        if self.stages.is_empty() {
            return select.to_owned();
        }
        format!("WITH\n{}\n{select}", self.stages.join(",\n"))
    }

    /// Prints something over a frame; texts it needs first become a stage.
    pub(super) fn print<R>(&mut self, frame: &mut Frame, reads: &[&Expr], print: impl Fn(&Printer<'_>) -> R) -> R {
        let read_values: BTreeSet<String> = reads
            .iter()
            .flat_map(|expr| expr.columns())
            .filter_map(|id| frame.columns.get(id))
            .flat_map(|column| [Some(&column.value), column.doubt.as_ref()])
            .flatten()
            .cloned()
            .collect();
        if frame.pending.iter().any(|(name, _)| read_values.contains(name)) {
            self.flush(frame, None);
        }
        let (id, columns) = (frame.id, &frame.columns);
        let read = &self.read;
        let names = |slot: ColumnId, form: Form| {
            let Some(column) = columns.get(slot) else { return "NULL".to_owned() };
            match form {
                Form::Value => column.value.clone(),
                Form::Doubt => column.doubt.as_ref().map_or_else(
                    || "0".to_owned(),
                    |flag| {
                        read.borrow_mut().insert((id, slot, Extra::Doubt));
                        flag.clone()
                    },
                ),
                Form::LocalDate => column.date.as_ref().map_or_else(String::new, |date| {
                    read.borrow_mut().insert((id, slot, Extra::Date));
                    date.clone()
                }),
            }
        };
        let relation = self.sources.get(&id).copied();
        let beside = |expr: &Expr, function| self.value_beside(relation?, columns, expr, function);
        let printer = Printer {
            dialect: self.dialect,
            context: self.context,
            columns: &names,
            shared: &self.shared,
            beside: &beside,
        };
        let written = print(&printer);
        for (name, text) in self.shared.take() {
            let body = format!("SELECT *, {text} AS {name}\nFROM {}", frame.from);
            let label = frame.label.clone();
            frame.from = self.write(&label, "", None, "MATERIALIZED ", &body);
        }
        written
    }

    /// The column of the evidence's table that holds the value of an expression over that table's columns alone.
    fn value_beside(
        &self,
        relation: &Relation,
        columns: &[ColumnSql],
        expr: &Expr,
        function: &'static str,
    ) -> Option<String> {
        if self.own == OwnFunctions::Called || matches!(relation.source, Source::Values(_)) {
            return None;
        }
        let read = expr.columns();
        let own = |id: &ColumnId| {
            let slot = relation.slots.get(*id).filter(|slot| slot.origin == Origin::Source)?;
            columns.get(*id).filter(|column| column.value == ident(&slot.name)).map(|_| slot.name.clone())
        };
        let names: Vec<String> = read.iter().map(own).collect::<Option<_>>()?;
        if names.is_empty() {
            return None;
        }
        // Numbered by what it reads, so that it is the same expression whichever frame asks.
        let at = |id| read.iter().position(|known| *known == id).unwrap_or_default();
        let mut expr = expr.clone().renumbered(&at);
        expr.forget_places();
        let found = Beside { function, columns: names, expr, number: 0 };
        let mut all = self.beside.borrow_mut();
        let known = all.entry(tables::name_of(&relation.source)).or_default();
        let number = known.iter().position(|one| one.same(&found)).unwrap_or_else(|| {
            known.push(Beside { number: known.len() + 1, ..found });
            known.len() - 1
        });
        known.get(number).map(|one| ident(&one.name()))
    }

    /// Values that stand beside the evidence of a table.
    pub(super) fn values_beside(&self, table: &str) -> Vec<Beside> {
        self.beside.borrow().get(table).cloned().unwrap_or_default()
    }

    /// The same of every table.
    pub(super) fn all_beside(&self) -> ValuesBeside {
        self.beside.borrow().clone()
    }

    /// The value of an expression.
    pub(super) fn value(&mut self, frame: &mut Frame, expr: &Expr) -> String {
        self.print(frame, &[expr], |printer| printer.value(expr))
    }

    /// The doubt of an expression; `None` when there cannot be one.
    pub(super) fn doubt(&mut self, frame: &mut Frame, expr: &Expr) -> Option<String> {
        Some(self.print(frame, &[expr], |printer| printer.doubt(expr))).filter(|doubt| doubt != "0")
    }

    /// Everything read so far.
    pub(super) fn reads(&self) -> Reads {
        self.read.borrow().clone()
    }

    /// Whether something reads the flag of a slot.
    pub(super) fn flagged(&self, frame: &Frame, slot: ColumnId) -> bool {
        self.known.contains(&(frame.id, slot, Extra::Doubt))
    }

    /// Whether something reads the local date of a slot.
    pub(super) fn dated(&self, frame: &Frame, slot: ColumnId) -> bool {
        self.known.contains(&(frame.id, slot, Extra::Date))
    }

    /// Notes that the flag of a slot is read.
    pub(super) fn reads_flag(&self, frame: &Frame, slot: ColumnId) -> Option<String> {
        let flag = frame.columns.get(slot)?.doubt.clone()?;
        self.read.borrow_mut().insert((frame.id, slot, Extra::Doubt));
        Some(flag)
    }

    /// Notes that the local date of a slot is read.
    pub(super) fn reads_date(&self, frame: &Frame, slot: ColumnId) -> Option<String> {
        let date = frame.columns.get(slot)?.date.clone()?;
        self.read.borrow_mut().insert((frame.id, slot, Extra::Date));
        Some(date)
    }

    /// Whether an expression may be in doubt; nothing is noted as read.
    pub(super) fn may_doubt(&self, frame: &Frame, expr: &Expr) -> bool {
        let shared = Shared::default();
        let names = |slot: ColumnId, form: Form| {
            let column = frame.columns.get(slot);
            match form {
                Form::Value => format!("c{slot}"),
                Form::Doubt if column.is_some_and(|column| column.doubt.is_some()) => "1".to_owned(),
                Form::Doubt => "0".to_owned(),
                Form::LocalDate => "d".to_owned(),
            }
        };
        let printer = Printer {
            dialect: self.dialect,
            context: self.context,
            columns: &names,
            shared: &shared,
            beside: &|_, _| None,
        };
        printer.doubt(expr) != "0"
    }

    /// Computes a slot: its value, and its flag when somebody reads it.
    pub(super) fn define(&mut self, frame: &mut Frame, slot: ColumnId, name: &str, value: &Expr) {
        let doubtful = self.may_doubt(frame, value);
        let sql = self.value(frame, value);
        let doubt = if self.flagged(frame, slot) { self.doubt(frame, value) } else { None };
        let value = frame.add(name, sql);
        if let Some(doubt) = doubt {
            frame.add(&flag_name(name), doubt);
        }
        let flag = doubtful.then(|| ident(&flag_name(name)));
        if let Some(column) = frame.columns.get_mut(slot) {
            *column = ColumnSql { value, doubt: flag, date: None };
        }
    }

    /// Writes the columns that are pending.
    pub(super) fn flush(&mut self, frame: &mut Frame, comment: Option<&str>) {
        if frame.pending.is_empty() {
            return;
        }
        let columns: Vec<String> =
            std::mem::take(&mut frame.pending).into_iter().map(|(name, sql)| format!("{sql} AS {name}")).collect();
        let body = format!("SELECT *,\n  {}\nFROM {}", columns.join(",\n  "), frame.from);
        let label = frame.label.clone();
        frame.from = self.stage(&label, comment, &body);
    }
}

/// Name of the flag column of a column.
pub(super) fn flag_name(name: &str) -> String {
    format!("{name}__doubt")
}

/// Quotes a name where needed.
pub(super) fn ident(name: &str) -> String {
    const WORDS: &[&str] = &[
        "abort",
        "action",
        "add",
        "after",
        "all",
        "alter",
        "always",
        "analyze",
        "and",
        "as",
        "asc",
        "attach",
        "autoincrement",
        "before",
        "begin",
        "between",
        "by",
        "cascade",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "commit",
        "conflict",
        "constraint",
        "create",
        "cross",
        "current",
        "current_date",
        "current_time",
        "current_timestamp",
        "database",
        "default",
        "deferrable",
        "deferred",
        "delete",
        "desc",
        "detach",
        "distinct",
        "do",
        "drop",
        "each",
        "else",
        "end",
        "escape",
        "except",
        "exclude",
        "exclusive",
        "exists",
        "explain",
        "fail",
        "false",
        "fetch",
        "filter",
        "first",
        "following",
        "for",
        "foreign",
        "from",
        "full",
        "generated",
        "glob",
        "group",
        "groups",
        "having",
        "if",
        "ignore",
        "immediate",
        "in",
        "index",
        "indexed",
        "initially",
        "inner",
        "insert",
        "instead",
        "intersect",
        "interval",
        "into",
        "is",
        "isnull",
        "join",
        "key",
        "last",
        "left",
        "like",
        "limit",
        "match",
        "materialized",
        "minus",
        "natural",
        "no",
        "not",
        "nothing",
        "notnull",
        "null",
        "nulls",
        "of",
        "offset",
        "on",
        "or",
        "order",
        "others",
        "outer",
        "over",
        "partition",
        "plan",
        "position",
        "pragma",
        "preceding",
        "primary",
        "query",
        "raise",
        "range",
        "recursive",
        "references",
        "regexp",
        "reindex",
        "release",
        "rename",
        "replace",
        "restrict",
        "returning",
        "right",
        "rollback",
        "row",
        "rows",
        "savepoint",
        "select",
        "set",
        "table",
        "temp",
        "temporary",
        "then",
        "ties",
        "timestamp",
        "date",
        "time",
        "to",
        "transaction",
        "trigger",
        "true",
        "unbounded",
        "union",
        "unique",
        "update",
        "user",
        "using",
        "vacuum",
        "values",
        "view",
        "virtual",
        "when",
        "where",
        "window",
        "with",
        "without",
    ];
    let plain = name.chars().next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && !WORDS.contains(&name) { name.to_owned() } else { format!("`{}`", name.replace('`', "``")) }
}

/// Whether a text is one name.
pub(super) fn is_name(sql: &str) -> bool {
    let quoted = sql.len() > 2 && sql.starts_with('`') && sql.ends_with('`') && sql.matches('`').count() == 2;
    quoted || (ident(sql) == sql && !sql.is_empty() && !sql.starts_with('`'))
}

fn indented(body: &str) -> String {
    body.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
