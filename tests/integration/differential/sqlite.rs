//! The second opinion: a printed statement run in SQLite over the exported tables.
//!
//! `decimal_…` are written here on the independent `bigdecimal`, as SQLite's own decimal extension has them; so are the
//! `hegui_…` of arithmetic and time. Only the domain functions and `CAST` from text call the code under test: statements
//! name them as not re-performed.

use std::cmp::Ordering;
use std::str::FromStr;
use std::sync::Arc;

use bigdecimal::{BigDecimal, RoundingMode, Signed, Zero};
use chrono::{DateTime, Datelike, Months, NaiveDateTime, TimeZone};
use hegui::engine::sql::{Cell, Statement, rows};
use hegui::engine::{Planned, RunOutcome};
use hegui::evidence::{FileScan, Index};
use hegui::expr::{self, Column, ColumnId, Context, Frame, Name, NameFault, Scalar, Scope, Type};
use rusqlite::functions::{Aggregate, Context as Call, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

/// A connection as the command line `sqlite3` has it: with the decimal extension, and nothing of ours.
pub(crate) fn plain_connection() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_collation("decimal", |a: &str, b: &str| compare(a, b)).unwrap();
    let two = |name: &'static str, of: fn(&BigDecimal, &BigDecimal) -> Option<String>| {
        db.create_scalar_function(name, 2, flags, move |call| {
            Ok(match (number(call, 0), number(call, 1)) {
                (Some(a), Some(b)) => of(&a, &b),
                _ => None,
            })
        })
        .unwrap();
    };
    two("decimal_add", |a, b| Some((a + b).to_plain_string()));
    two("decimal_sub", |a, b| Some((a - b).to_plain_string()));
    two("decimal_mul", |a, b| Some((a * b).to_plain_string()));
    db.create_scalar_function("decimal_cmp", 2, flags, |call| {
        Ok(match (number(call, 0), number(call, 1)) {
            (Some(a), Some(b)) => Some(match a.cmp(&b) {
                Ordering::Less => -1_i64,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            }),
            _ => None,
        })
    })
    .unwrap();
    db.create_aggregate_function("decimal_sum", 1, flags, DecimalSum).unwrap();
    db
}

/// A connection with every function a statement may need.
pub(crate) fn connection(context: &Context) -> Connection {
    let db = plain_connection();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("hegui_divide", 2, flags, |call| {
        Ok(match (number(call, 0), number(call, 1)) {
            (Some(a), Some(b)) if !b.is_zero() => fits(divided(&a, &b, 12)),
            _ => None,
        })
    })
    .unwrap();
    db.create_scalar_function("hegui_round", 2, flags, |call| {
        let places: Option<i64> = call.get(1)?;
        Ok(match (number(call, 0), places) {
            (Some(x), Some(places @ 0..=12)) => fits(x.with_scale_round(places, RoundingMode::HalfUp)),
            _ => None,
        })
    })
    .unwrap();
    for (name, mode) in [("hegui_floor", RoundingMode::Floor), ("hegui_ceil", RoundingMode::Ceiling)] {
        db.create_scalar_function(name, 1, flags, move |call| {
            Ok(number(call, 0).and_then(|x| x.with_scale_round(0, mode).to_plain_string().parse::<i64>().ok()))
        })
        .unwrap();
    }
    for (name, unit) in [("hegui_hours_between", 3_600_000_000_i64), ("hegui_minutes_between", 60_000_000)] {
        db.create_scalar_function(name, 2, flags, move |call| {
            let (a, b): (Option<i64>, Option<i64>) = (call.get(0)?, call.get(1)?);
            Ok(match (a, b) {
                (Some(a), Some(b)) => {
                    fits(divided(&BigDecimal::from(i128::from(b) - i128::from(a)), &BigDecimal::from(unit), 12))
                }
                _ => None,
            })
        })
        .unwrap();
    }
    db.create_scalar_function("hegui_regexp_like", 2, flags, |call| {
        let (text, pattern): (Option<String>, Option<String>) = (call.get(0)?, call.get(1)?);
        Ok(match (text, pattern) {
            (Some(text), Some(pattern)) => Some(regex::Regex::new(&pattern).unwrap().is_match(&text)),
            _ => None,
        })
    })
    .unwrap();
    let zone = context.zone;
    db.create_scalar_function("hegui_add_months", 2, flags, move |call| {
        let (at, months): (Option<i64>, Option<i64>) = (call.get(0)?, call.get(1)?);
        Ok(match (at, months) {
            (Some(at), Some(months)) => add_months(zone, at, months),
            _ => None,
        })
    })
    .unwrap();
    for (name, function, arguments) in [
        ("hegui_is_cn_id", "IS_CN_ID", 1),
        ("hegui_is_cn_mobile", "IS_CN_MOBILE", 1),
        ("hegui_is_uscc", "IS_USCC", 1),
        ("hegui_is_bank_card", "IS_BANK_CARD", 1),
        ("hegui_is_email", "IS_EMAIL", 1),
        ("hegui_is_sha256", "IS_SHA256", 1),
        ("hegui_is_masked", "IS_MASKED", 1),
        ("hegui_cidr_contains", "CIDR_CONTAINS", 2),
    ] {
        let text = if arguments == 1 { format!("{function}(a)") } else { format!("{function}(a, b)") };
        let own = Own::new(&text, Type::Text, context);
        db.create_scalar_function(name, arguments, flags, move |call| own.call(call)).unwrap();
    }
    let context = context.clone();
    db.create_scalar_function("hegui_cast", 3, flags, move |call| {
        let (from, to): (String, String) = (call.get(1)?, call.get(2)?);
        if from == "decimal" && to == "text" {
            return Ok(number(call, 0).map_or(Value::Null, |x| Value::Text(plain(&x))));
        }
        assert_eq!(from, "text");
        Own::new(&format!("CAST(a AS {to})"), Type::Text, &context).call(call)
    })
    .unwrap();
    db
}

/// A decimal without trailing zeros.
pub(crate) fn plain(x: &BigDecimal) -> String {
    if x.is_zero() { "0".to_owned() } else { x.normalized().to_plain_string() }
}

fn number(call: &Call<'_>, at: usize) -> Option<BigDecimal> {
    match call.get_raw(at) {
        ValueRef::Integer(value) => Some(BigDecimal::from(value)),
        ValueRef::Text(text) => Some(BigDecimal::from_str(std::str::from_utf8(text).unwrap()).unwrap()),
        ValueRef::Null => None,
        other => panic!("not a decimal: {other:?}"),
    }
}

fn compare(a: &str, b: &str) -> Ordering {
    BigDecimal::from_str(a).unwrap().cmp(&BigDecimal::from_str(b).unwrap())
}

/// `a / b`, half away from zero at the last place: exact, by whole numbers.
fn divided(a: &BigDecimal, b: &BigDecimal, places: i64) -> BigDecimal {
    use bigdecimal::num_bigint::BigInt;
    let scale = a.fractional_digit_count().max(b.fractional_digit_count()).max(0);
    let whole = |x: &BigDecimal| x.with_scale(scale).into_bigint_and_exponent().0;
    let (mut a, b): (BigInt, BigInt) = (whole(a), whole(b));
    a *= BigInt::from(10).pow(u32::try_from(places).unwrap());
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = (a.abs(), b.abs());
    let mut quotient = &a / &b;
    if (&a % &b) * 2 >= b {
        quotient += 1;
    }
    BigDecimal::new(if negative { -quotient } else { quotient }, places)
}

/// NULL past 38 digits, 12 of them after the point.
fn fits(x: BigDecimal) -> Option<String> {
    let limit = BigDecimal::from_str("100000000000000000000000000").unwrap();
    (x.abs() < limit).then(|| plain(&x))
}

fn add_months(zone: chrono_tz::Tz, at: i64, months: i64) -> Option<i64> {
    let local = zone.from_utc_datetime(&DateTime::from_timestamp_micros(at)?.naive_utc()).naive_local();
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let date = local.date();
    let date = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) }?;
    let wall = NaiveDateTime::new(date, local.time());
    let found = (0..=1_440)
        .find_map(|minutes| zone.from_local_datetime(&(wall + chrono::Duration::minutes(minutes))).earliest())?;
    (0..=9999).contains(&found.naive_utc().year()).then(|| found.timestamp_micros())
}

struct DecimalSum;

impl Aggregate<Option<BigDecimal>, Option<String>> for DecimalSum {
    fn init(&self, _: &mut Call<'_>) -> Result<Option<BigDecimal>> {
        Ok(None)
    }

    fn step(&self, call: &mut Call<'_>, sum: &mut Option<BigDecimal>) -> Result<()> {
        if let Some(x) = number(call, 0) {
            *sum = Some(sum.take().unwrap_or_default() + x);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Call<'_>, sum: Option<Option<BigDecimal>>) -> Result<Option<String>> {
        Ok(sum.flatten().map(|sum| sum.to_plain_string()))
    }
}

/// A function of the language itself, over text columns `a` and `b`.
struct Own {
    expr: Arc<expr::Expr>,
    context: Context,
    ty: Type,
}

struct Columns(Type);

impl Scope for Columns {
    fn column(&mut self, path: &[Name]) -> std::result::Result<(ColumnId, Type), NameFault> {
        Ok((usize::from(path[0].text == "b"), self.0.clone()))
    }

    fn constant(&mut self, _: &[Name]) -> std::result::Result<(Scalar, Type), NameFault> {
        Err(NameFault::reported())
    }
}

impl Own {
    fn new(text: &str, ty: Type, context: &Context) -> Self {
        let (ast, faults) = expr::parse(text);
        assert!(faults.is_empty(), "{text}: {faults:?}");
        let (bound, faults) = expr::bind(&ast.unwrap(), &mut Columns(ty.clone()), None);
        assert!(faults.is_empty(), "{text}: {faults:?}");
        Self { expr: Arc::new(bound.unwrap()), context: context.clone(), ty }
    }

    fn call(&self, call: &Call<'_>) -> Result<Value> {
        let cell = |at: usize| match (at < call.len()).then(|| call.get_raw(at)) {
            Some(ValueRef::Text(text)) => Scalar::Text(std::str::from_utf8(text).unwrap().to_owned()),
            _ => Scalar::Null,
        };
        let columns: Vec<Column> = (0..2).map(|at| Column::from_scalars(&self.ty, &[cell(at)])).collect();
        let result = expr::evaluate(&self.expr, &Frame { columns: &columns, rows: 1 }, &self.context);
        Ok(match result.scalar(0, &self.expr.ty) {
            Scalar::Null => Value::Null,
            Scalar::Boolean(value) => Value::Integer(i64::from(value)),
            Scalar::Integer(value) | Scalar::Timestamp(value) => Value::Integer(value),
            other => Value::Text(expr::sql::stored(&other, &self.expr.ty)),
        })
    }
}

/// One row of the result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub about: String,
    pub keys: Vec<Value>,
    pub conforming: Option<bool>,
    pub undecided: bool,
}

/// Loads the tables and runs the statement.
pub(crate) fn answer(statement: &Statement, planned: &Planned, index: &Index, run: &RunOutcome) -> Result<Vec<Row>> {
    let context = planned.clock.context();
    let db = connection(&context);
    let mut files: Vec<FileScan> = run.scans.iter().flat_map(|scan| &scan.files).chain(&run.unused).cloned().collect();
    files.sort_by_key(|file| file.file);
    for table in &statement.tables {
        db.execute_batch(&table.create())?;
        let mut insert = db.prepare(&table.insert())?;
        for row in rows(table, planned, index, &files) {
            let cells = row.into_iter().map(|cell| match cell {
                Cell::Null => Value::Null,
                Cell::Integer(value) => Value::Integer(value),
                Cell::Text(text) => Value::Text(text),
            });
            insert.execute(rusqlite::params_from_iter(cells))?;
        }
    }
    let mut query = db.prepare(&statement.sql)?;
    let keys = statement.keys.len();
    let found = query.query_map([], |row| {
        Ok(Row {
            about: row.get(0)?,
            keys: (0..keys).map(|key| row.get(key + 1)).collect::<Result<_>>()?,
            conforming: row.get(keys + 1)?,
            undecided: row.get(keys + 2)?,
        })
    })?;
    found.collect()
}
