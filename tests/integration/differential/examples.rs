//! Every example of the function table, printed as SQL and run: the value the table states.

use std::collections::BTreeSet;
use std::sync::Arc;

use hegui::expr::functions::{Family, TABLE};
use hegui::expr::sql::{Dialect, Form, HelperTable, Printer, Shared, stored};
use hegui::expr::{self, Context, Expr, Frame, NoColumns, Scalar, Type, WorkingDays};
use rusqlite::types::Value;

use super::sqlite;

fn bound(text: &str, ty: Option<&Type>) -> Expr {
    let (ast, faults) = expr::parse(text);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    let (bound, faults) = expr::bind(&ast.unwrap(), &mut NoColumns, ty);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    bound.unwrap()
}

fn cell(value: &Scalar, ty: &Type) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::Integer(i64::from(*value)),
        Scalar::Integer(value) | Scalar::Timestamp(value) | Scalar::Duration(_, value) => Value::Integer(*value),
        other => Value::Text(stored(other, ty)),
    }
}

/// The SQL of an expression without columns, and the value it has there.
fn in_sqlite(example: &Expr, context: &Context, shared: &Shared) -> (String, Value) {
    let printer = Printer {
        dialect: Dialect::Sqlite,
        context,
        columns: &|_, _: Form| unreachable!(),
        shared,
        beside: &|_, _| None,
    };
    let printed = printer.value(example);
    let from = shared
        .take()
        .into_iter()
        .fold("(SELECT 1)".to_owned(), |from, (name, sql)| format!("(SELECT *, {sql} AS {name} FROM {from})"));
    let db = sqlite::connection(context);
    for helper in shared.helper_tables() {
        let (name, columns) = match helper {
            HelperTable::WorkingDays => ("working_days", "day TEXT, ordinal INTEGER"),
            HelperTable::TimeZone => ("time_zone", "starts_at INTEGER, ends_at INTEGER, shift INTEGER"),
        };
        db.execute_batch(&format!("CREATE TABLE {name} ({columns})")).unwrap();
        let marks = if helper == HelperTable::WorkingDays { "?, ?" } else { "?, ?, ?" };
        for row in hegui::engine::sql::helper_rows(helper, context) {
            let cells = row.into_iter().map(|cell| match cell {
                hegui::engine::sql::Cell::Null => Value::Null,
                hegui::engine::sql::Cell::Integer(value) => Value::Integer(value),
                hegui::engine::sql::Cell::Text(text) => Value::Text(text),
            });
            let insert = format!("INSERT INTO {name} VALUES ({marks})");
            db.execute(&insert, rusqlite::params_from_iter(cells)).unwrap();
        }
    }
    let sql = format!("SELECT {printed} FROM {from}");
    let found: Value = db.query_row(&sql, [], |row| row.get(0)).unwrap_or_else(|fault| panic!("{sql}: {fault}"));
    (sql, found)
}

/// What leaves twelve places is rounded half up, what leaves 26 digits is NULL: in plain SQL with the decimal extension.
#[test]
fn products_are_rounded_as_ours_are() {
    let context = Context { as_of: 0, zone: chrono_tz::UTC, working_days: Arc::default() };
    let big = "99999999999999999999999999.9";
    let cases = [
        ("half up", "0.0000005 * 0.000001".to_owned(), Some("0.000000000001")),
        ("below half", "0.0000004 * 0.000001".to_owned(), Some("0")),
        ("just below half", "0.00000049999 * 0.000001".to_owned(), Some("0")),
        ("negative", "-0.0000005 * 0.000001".to_owned(), Some("-0.000000000001")),
        ("negative, below half", "-0.0000004 * 0.000001".to_owned(), Some("0")),
        ("no rounding", "0.00000000001 * 0.1".to_owned(), Some("0.000000000001")),
        ("carried", "9.999999999999 * 0.9999999".to_owned(), Some("9.999998999999")),
        ("within", format!("{big} * 1.0"), Some(big)),
        ("beyond", format!("{big} * 1.1"), None),
        ("beyond by the carry", "99999999999999999999999999.999999999999 + 0.000000000001".to_owned(), None),
        ("negative beyond", format!("-{big} * 1.1"), None),
    ];
    for (name, text, expected) in cases {
        let example = bound(&text, None);
        let ours = expr::evaluate(&example, &Frame { columns: &[], rows: 1 }, &context).scalar(0, &example.ty);
        let shared = Shared::default();
        let (sql, found) = in_sqlite(&example, &context, &shared);
        let found = match found {
            Value::Text(found) => Some(sqlite::plain(&found.parse().unwrap())),
            _ => None,
        };
        let ours = match cell(&ours, &example.ty) {
            Value::Text(ours) => Some(ours),
            _ => None,
        };
        assert_eq!((ours.as_deref(), found.as_deref()), (expected, expected), "{name}: {sql}");
        assert!(shared.own_functions().is_empty(), "{name}");
    }
}

#[test]
fn every_example_has_its_value_in_sqlite_too() {
    let context = Context {
        as_of: 20_726,
        zone: chrono_tz::Asia::Shanghai,
        working_days: Arc::new(WorkingDays::new(&[2026], &[], &[])),
    };
    let mut own = BTreeSet::new();
    for function in TABLE {
        if matches!(function.family, Family::Aggregate | Family::Ordered) {
            continue;
        }
        let example = bound(function.example.text, None);
        let value = bound(function.example.value, Some(&example.ty));
        let frame = Frame { columns: &[], rows: 1 };
        let expected = expr::evaluate(&value, &frame, &context).scalar(0, &example.ty);
        let shared = Shared::default();
        let (sql, found) = in_sqlite(&example, &context, &shared);
        let same = match (&found, cell(&expected, &example.ty)) {
            (Value::Text(found), Value::Text(expected)) if example.ty == Type::Decimal => {
                sqlite::plain(&found.parse().unwrap()) == expected
            }
            (found, expected) => *found == expected,
        };
        assert!(same, "{}: {sql} gave {found:?}, not {expected:?}", function.example.text);
        own.extend(shared.own_functions());
    }
    let known = [
        "hegui_cast",
        "hegui_ceil",
        "hegui_cidr_contains",
        "hegui_divide",
        "hegui_floor",
        "hegui_hours_between",
        "hegui_is_bank_card",
        "hegui_is_cn_id",
        "hegui_is_cn_mobile",
        "hegui_is_email",
        "hegui_is_masked",
        "hegui_is_sha256",
        "hegui_is_uscc",
        "hegui_minutes_between",
        "hegui_regexp_like",
        "hegui_round",
    ];
    for name in &own {
        assert!(known.contains(name), "{name} is one more function that plain SQL does not have");
    }
}
