//! Typed expression → SQL text.

use super::{ColumnId, Context, Expr};

/// Which SQL is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.38 and later with its decimal extension.
    Sqlite,
}

/// What of a column is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Its value.
    Value,
    /// Its doubt flag, 0 or 1: `"c__doubt"`. Answer `0` for a column that never doubts.
    Doubt,
    /// The local date of a timestamp column: `"c__date"`.
    LocalDate,
}

/// Prints expressions over named columns.
pub struct Printer<'a> {
    /// Which SQL.
    pub dialect: Dialect,
    /// As-of date and zone.
    pub context: &'a Context,
    /// The SQL that stands for a column, quoted where needed.
    pub columns: &'a dyn Fn(ColumnId, Form) -> String,
}

impl Printer<'_> {
    /// The value: booleans 0/1, dates ISO text, timestamps and exact durations integer microseconds, months an
    /// integer, decimals text, lists JSON text. NULL both for blank and for doubt.
    pub fn value(&self, expr: &Expr) -> String {
        let _ = expr;
        "NULL".into()
    }

    /// Whether the value is in doubt: SQL that is 0 or 1, never NULL; exactly `0` when it cannot be.
    pub fn doubt(&self, expr: &Expr) -> String {
        let _ = expr;
        "0".into()
    }
}
