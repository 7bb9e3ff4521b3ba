use std::collections::BTreeMap;

use super::super::aggregate::Accumulator;
use super::super::{
    AggregateCall, Column, ColumnId, Context, Expr, Frame, Lift, Name, NameFault, PreviousCall, Scalar, Scope, Type,
    WorkingDays, bind, codes, evaluate, parse,
};
use super::*;
use crate::text::Text;

fn context() -> Context {
    Context {
        as_of: 20_726, // 2026-09-30
        zone: chrono_tz::Asia::Shanghai,
        working_days: WorkingDays::new(&[2026], &[], &[]).into(),
    }
}

/// Columns by name, and the calls lifted out.
#[derive(Default)]
struct Rows {
    names: BTreeMap<String, (ColumnId, Type)>,
    aggregates: Vec<AggregateCall>,
    previous: Vec<PreviousCall>,
}

struct Inner<'a>(&'a BTreeMap<String, (ColumnId, Type)>);

impl Scope for Inner<'_> {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        self.0.get(&path[0].text).cloned().ok_or_else(|| NameFault::new(&codes::UNKNOWN_NAME, Text::same("?")))
    }

    fn constant(&mut self, _: &[Name]) -> Result<(Scalar, Type), NameFault> {
        Err(NameFault::new(&codes::UNKNOWN_NAME, Text::same("?")))
    }
}

impl Scope for Rows {
    fn column(&mut self, _: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        Err(NameFault::new(&codes::UNKNOWN_NAME, Text::same("?")))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        Inner(&self.names).constant(path)
    }

    fn in_rows(&mut self, _: Lift, bind: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        bind(&mut Inner(&self.names));
        Ok(())
    }

    fn lifted_aggregate(&mut self, call: AggregateCall) -> ColumnId {
        self.aggregates.push(call);
        0
    }

    fn lifted_previous(&mut self, call: PreviousCall) -> ColumnId {
        self.previous.push(call);
        0
    }
}

fn bound(text: &str, scope: &mut dyn Scope) -> Expr {
    let (ast, faults) = parse(text);
    assert_eq!(faults, [], "{text}");
    let (expr, faults) = bind(&ast.unwrap(), scope, None);
    assert_eq!(faults, [], "{text}");
    expr.unwrap()
}

fn constant(text: &str) -> (Scalar, Type) {
    let expr = bound(text, &mut super::super::NoColumns);
    let column = evaluate(&expr, &Frame { columns: &[], rows: 1 }, &context());
    assert!(column.doubt.is_none(), "{text}");
    (column.scalar(0, &expr.ty), expr.ty)
}

#[test]
fn every_example_has_its_stated_value() {
    for function in TABLE {
        let example = &function.example;
        let (expected, expected_ty) = constant(example.value);
        if example.rows.is_empty() {
            assert_eq!(constant(example.text), (expected, expected_ty), "{}", function.name);
            continue;
        }
        let mut scope = Rows::default();
        let mut columns = Vec::new();
        for (name, cells) in example.rows {
            let cells: Vec<(Scalar, Type)> = cells.iter().map(|cell| constant(cell)).collect();
            let ty = cells[0].1.clone();
            let values: Vec<Scalar> = cells.into_iter().map(|cell| cell.0).collect();
            scope.names.insert((*name).to_owned(), (columns.len(), ty.clone()));
            columns.push(Column::from_scalars(&ty, &values));
        }
        let expr = bound(example.text, &mut scope);
        let frame = Frame { columns: &columns, rows: columns[0].len() };
        let found = match (scope.aggregates.first(), scope.previous.first()) {
            (Some(call), _) => {
                let arguments: Vec<Column> =
                    call.arguments.iter().map(|argument| evaluate(argument, &frame, &context())).collect();
                let filter = call.filter.as_ref().map(|filter| evaluate(filter, &frame, &context()));
                let mut accumulator = Accumulator::new(call);
                accumulator.update(&arguments, filter.as_ref(), &vec![0; frame.rows]);
                accumulator.finish(1).scalar(0, &expr.ty)
            }
            (_, Some(call)) => {
                let values = evaluate(&call.value, &frame, &context());
                values.scalar(frame.rows - 2, &expr.ty)
            }
            _ => panic!("{}: nothing was lifted", function.name),
        };
        assert_eq!((found, expr.ty), (expected, expected_ty), "{}", function.name);
    }
}

#[test]
fn names_are_unique_and_in_capitals() {
    let mut names: Vec<&str> = TABLE.iter().map(|function| function.name).collect();
    assert!(names.iter().all(|name| *name == name.to_ascii_uppercase()));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TABLE.len());
}

#[test]
fn every_function_of_the_language_page_is_there() {
    let page = "LOWER UPPER TRIM LENGTH SUBSTR REPLACE STARTS_WITH ENDS_WITH CONTAINS REGEXP_LIKE ABS ROUND FLOOR CEIL \
                LEAST GREATEST COALESCE NULLIF DATE ON_TIME YEAR QUARTER MONTH DAY DAYS HOURS MINUTES MONTHS YEARS \
                DAYS_BETWEEN HOURS_BETWEEN MINUTES_BETWEEN MONTHS_BETWEEN WORKING_DAYS_BETWEEN WORKING_DAYS_AFTER \
                CARDINALITY LIST_CONTAINS LIST_CONTAINS_ALL LIST_CONTAINS_ANY LIST_MINUS PREVIOUS COUNT SUM AVG MIN MAX \
                ANY EVERY LIST LATEST MAX_GAP IS_CN_ID IS_CN_MOBILE IS_USCC IS_BANK_CARD IS_EMAIL IS_SHA256 IS_MASKED \
                CIDR_CONTAINS";
    for name in page.split_whitespace() {
        assert!(find(name).is_some(), "{name}");
    }
}
