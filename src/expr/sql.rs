//! Typed expression → SQL text.
//!
//! How values are stored there: booleans 0/1, dates ISO text, timestamps and exact durations integer microseconds,
//! months an integer, decimals text that only the `decimal_…` functions and `COLLATE decimal` look at, lists JSON text
//! of such values. NULL stands both for a blank and for a doubt; what tells them apart is the flag column `c__doubt`.
//!
//! A text that is needed twice (to look at its type, to look whether it is null) is written out when it is short, and
//! else handed to [`Shared`]: whoever builds the statement computes it once, in a column of an earlier stage. So the
//! printed text grows with the expression, never with a power of it.

mod call;
mod decimal;
mod doubt;
mod list;
mod literal;
mod time;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::{ColumnId, Context, Expr, ExprKind, Scalar, Type};

/// Which SQL is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.44 and later with its decimal extension, as its command line has it.
    Sqlite,
}

/// What of a column is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Its value.
    Value,
    /// Its doubt flag, 0 or 1: `"c__doubt"`. Answer `0` for a column that never doubts.
    Doubt,
    /// The local date of a timestamp column: `"c__date"`. Answer an empty text when there is none: it is computed.
    LocalDate,
}

/// What a statement needs besides the columns, collected while its expressions are printed.
#[derive(Debug, Default)]
pub struct Shared {
    next: Cell<usize>,
    pending: RefCell<Vec<(String, String)>>,
    own_functions: RefCell<BTreeSet<&'static str>>,
    helper_tables: RefCell<BTreeSet<HelperTable>>,
}

/// Tables that printed expressions look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HelperTable {
    /// `working_days(day, ordinal)`: [`super::WorkingDays::ordinals`].
    WorkingDays,
    /// `time_zone(starts_at, ends_at, shift)`: microseconds to add to an instant to get local time.
    TimeZone,
}

impl Shared {
    /// Texts to compute first, in this order, each in a column of its own: `(column, SQL)`; a later one may read an
    /// earlier one. They are taken out.
    pub fn take(&self) -> Vec<(String, String)> {
        std::mem::take(&mut *self.pending.borrow_mut())
    }

    /// Functions of ours that were printed, which plain SQL does not have: not re-performed by it.
    pub fn own_functions(&self) -> Vec<&'static str> {
        self.own_functions.borrow().iter().copied().collect()
    }

    /// Notes that a function of ours was printed by whoever builds the statement.
    pub fn uses(&self, name: &'static str) {
        self.own_functions.borrow_mut().insert(name);
    }

    /// Tables that were looked into.
    pub fn helper_tables(&self) -> Vec<HelperTable> {
        self.helper_tables.borrow().iter().copied().collect()
    }

    fn column(&self, text: String) -> String {
        let mut pending = self.pending.borrow_mut();
        if let Some((name, _)) = pending.iter().find(|(_, known)| *known == text) {
            return name.clone();
        }
        self.next.set(self.next.get() + 1);
        let name = format!("x{}__", self.next.get());
        pending.push((name.clone(), text));
        name
    }
}

/// Prints expressions over named columns.
pub struct Printer<'a> {
    /// Which SQL.
    pub dialect: Dialect,
    /// As-of date and zone.
    pub context: &'a Context,
    /// The SQL that stands for a column, quoted where needed.
    pub columns: &'a dyn Fn(ColumnId, Form) -> String,
    /// Where long texts go that are needed twice.
    pub shared: &'a Shared,
    /// Asked for every expression whose function plain SQL does not have, with that function's name: a column that holds
    /// its value beside the evidence, if there is one; else the function is called.
    pub beside: &'a dyn Fn(&Expr, &'static str) -> Option<String>,
}

/// How tightly a text binds; brackets are printed only where needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Compare,
    Add,
    Multiply,
    Concat,
    Atom,
}

/// A printed text with its level.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    level: Level,
}

impl Piece {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), level: Level::Atom }
    }

    fn at(level: Level, text: impl Into<String>) -> Self {
        Self { text: text.into(), level }
    }

    /// The text as an operand of something that binds at `least` or looser.
    fn above(&self, least: Level) -> String {
        if self.level > least { self.text.clone() } else { format!("({})", self.text) }
    }

    /// As a side of a comparison, of `IS`, of `IN`.
    fn side(&self) -> String {
        self.above(Level::Compare)
    }
}

/// Texts up to this many bytes are written out again rather than computed in a column of their own.
const SHORT: usize = 48;

impl Printer<'_> {
    /// The value: booleans 0/1, dates ISO text, timestamps and exact durations integer microseconds, months an
    /// integer, decimals text, lists JSON text. NULL both for blank and for doubt.
    pub fn value(&self, expr: &Expr) -> String {
        self.print(expr).text
    }

    /// The same as a side of a comparison: in brackets unless it binds tighter.
    pub fn operand(&self, expr: &Expr) -> String {
        self.print(expr).side()
    }

    /// The value as an argument of a `decimal_…` function, which takes integers as they are.
    pub fn number(&self, expr: &Expr) -> String {
        self.decimal_argument(expr)
    }

    /// Whether the value is in doubt: SQL that is 0 or 1, never NULL; exactly `0` when it cannot be.
    pub fn doubt(&self, expr: &Expr) -> String {
        self.doubting(expr).map_or_else(|| "0".to_owned(), |doubt| doubt.text)
    }

    /// `a AND b AND …` of conditions; `TRUE` of none.
    pub fn all(&self, conditions: &[Expr]) -> String {
        let parts: Vec<Piece> = conditions.iter().map(|condition| self.print(condition)).collect();
        match parts.as_slice() {
            [] => "TRUE".to_owned(),
            [one] => one.text.clone(),
            many => many.iter().map(|part| part.above(Level::Or)).collect::<Vec<_>>().join(" AND "),
        }
    }

    fn print(&self, expr: &Expr) -> Piece {
        match &expr.kind {
            ExprKind::Literal { value, name } => Self::literal(value, &expr.ty, name.as_deref()),
            ExprKind::Column(id) => Piece::atom((self.columns)(*id, Form::Value)),
            // A decimal is text, so that `COLLATE decimal` orders it.
            ExprKind::Widen(inner) => match &inner.kind {
                ExprKind::Literal { value: Scalar::Integer(value), .. } => Piece::atom(format!("'{value}'")),
                _ => Piece::atom(format!("CAST({} AS TEXT)", self.print(inner).text)),
            },
            ExprKind::Call { function, arguments } => self.call(function.name, arguments, expr),
            ExprKind::Case { branches, otherwise } => self.case(branches, otherwise.as_deref()),
            ExprKind::Cast(inner) => self.cast(inner, expr),
            ExprKind::Pattern(pattern) => Self::literal(&Scalar::Text(pattern.text.clone()), &Type::Text, None),
            ExprKind::List(items) => self.list(items),
        }
    }

    /// A text that may stand more than once.
    fn twice(&self, sql: Piece) -> Piece {
        if sql.text.len() <= SHORT { sql } else { Piece::atom(self.shared.column(sql.text)) }
    }

    /// A function of ours, which gives `whole`: its value as a column beside the evidence, else a call of it.
    fn own(&self, name: &'static str, whole: &Expr, arguments: impl FnOnce() -> Vec<String>) -> Piece {
        self.shared.uses(name);
        Piece::atom((self.beside)(whole, name).unwrap_or_else(|| format!("{name}({})", arguments().join(", "))))
    }

    fn needs(&self, table: HelperTable) {
        self.shared.helper_tables.borrow_mut().insert(table);
    }

    /// A condition that is NULL makes the whole NULL: `ELSE` is not the answer to a blank.
    fn case(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Piece {
        use std::fmt::Write as _;
        let mut text = String::from("CASE");
        for (condition, result) in branches {
            let condition = self.print(condition);
            let condition = self.twice(condition);
            let _ = write!(
                text,
                " WHEN {} THEN {} WHEN {} IS NULL THEN NULL",
                condition.text,
                self.print(result).text,
                condition.side(),
            );
        }
        if let Some(otherwise) = otherwise {
            let _ = write!(text, " ELSE {}", self.print(otherwise).text);
        }
        text.push_str(" END");
        Piece::atom(text)
    }
}

/// Quotes a text for SQL; line breaks and other control characters are spelled out.
pub fn quoted(text: &str) -> String {
    let control = |c: char| c.is_ascii_control();
    if !text.contains(control) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(control) {
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            parts.push(format!("'{}'", before.replace('\'', "''")));
        }
        let mut chars = after.chars();
        parts.extend(chars.next().map(|c| format!("char({})", u32::from(c))));
        rest = chars.as_str();
    }
    if !rest.is_empty() {
        parts.push(format!("'{}'", rest.replace('\'', "''")));
    }
    format!("({})", parts.join(" || "))
}

/// A constant of a type as SQL.
pub fn constant(value: &Scalar, ty: &Type) -> String {
    literal::scalar(value, ty).0.text
}

/// The text that stands in a table for a decimal, a text, a date or a list.
pub fn stored(value: &Scalar, ty: &Type) -> String {
    literal::stored(value, ty)
}
