mod typed;

use proptest::prelude::*;

use super::super::{Aggregate, AggregateCall, Column, Doubt, DurationUnit, Expr, ExprKind, Scalar, Type};
use super::Accumulator;
use crate::text::Span;

fn call(function: Aggregate, inputs: &[Type], ty: Type) -> AggregateCall {
    let arguments = inputs
        .iter()
        .enumerate()
        .map(|(id, ty)| Expr { kind: ExprKind::Column(id), ty: ty.clone(), span: Span::default() })
        .collect();
    AggregateCall { function, arguments, filter: None, ty, span: Span::default() }
}

fn boolean(values: &[Option<bool>]) -> Column {
    let values: Vec<Scalar> = values.iter().map(|value| value.map_or(Scalar::Null, Scalar::Boolean)).collect();
    Column::from_scalars(&Type::Boolean, &values)
}

fn integers(values: &[Option<i64>]) -> Column {
    let values: Vec<Scalar> = values.iter().map(|value| value.map_or(Scalar::Null, Scalar::Integer)).collect();
    Column::from_scalars(&Type::Integer, &values)
}

fn dates(days: &[i32]) -> Column {
    Column::from_scalars(&Type::Date, &days.iter().map(|day| Scalar::Date(*day)).collect::<Vec<_>>())
}

/// One group of all rows: the value and its doubt.
fn over(call: &AggregateCall, arguments: &[Column], filter: Option<&Column>, rows: usize) -> (Scalar, u8) {
    let mut accumulator = Accumulator::new(call);
    accumulator.update(arguments, filter, &vec![0; rows]);
    let result = accumulator.finish(1);
    (result.scalar(0, &call.ty), result.doubt.at(0))
}

fn doubting(mut column: Column, row: usize, reason: u8) -> Column {
    let mut rows = vec![0; column.len()];
    rows[row] = reason;
    column.doubt = Doubt::from_rows(rows);
    column
}

#[test]
fn nulls_and_filters_as_the_language_has_them() {
    type Case<'a> = (&'a str, Aggregate, &'a Type, &'a Column, Option<&'a Column>, (Scalar, u8));

    use Aggregate::{Any, Avg, Count, CountDistinct, CountRows, Every, ListDistinct, Max, Min, Sum};
    let int = Type::Integer;
    let yes_no = Type::Boolean;
    let list = Type::List(Box::new(Type::Integer));
    let blank = integers(&[Some(3), None, Some(1)]);
    let doubt = doubting(blank.clone(), 1, Doubt::UNREADABLE);
    let full = integers(&[Some(3), Some(3), Some(1)]);
    let keeps_all = boolean(&[Some(true); 3]);
    let keeps_known = boolean(&[Some(true), Some(false), Some(true)]);
    let unsure = boolean(&[Some(true), None, Some(true)]);
    let number = |value| (Scalar::Integer(value), 0);
    let null = (Scalar::Null, 0);
    let unreadable = (Scalar::Null, Doubt::UNREADABLE);
    let (no_or_blank, no, yes) = (boolean(&[Some(false), None]), boolean(&[Some(false)]), boolean(&[Some(true)]));
    let cases: Vec<Case<'_>> = vec![
        ("sum", Sum, &int, &full, None, number(7)),
        ("sum with a blank", Sum, &int, &blank, None, null.clone()),
        ("sum with the blank filtered out", Sum, &int, &blank, Some(&keeps_known), number(4)),
        ("sum with an undecided filter", Sum, &int, &full, Some(&unsure), null.clone()),
        ("sum with an unreadable cell", Sum, &int, &doubt, Some(&keeps_all), unreadable.clone()),
        ("mean", Avg, &Type::Decimal, &full, None, (Scalar::Decimal(2_333_333_333_333), 0)),
        ("least", Min, &int, &full, None, number(1)),
        ("greatest with a blank", Max, &int, &blank, None, null.clone()),
        ("count rows", CountRows, &int, &blank, None, number(3)),
        ("count rows, undecided filter", CountRows, &int, &full, Some(&unsure), null.clone()),
        ("count passes over a blank", Count, &int, &blank, None, number(2)),
        ("count does not pass over a doubt", Count, &int, &doubt, None, unreadable.clone()),
        ("count distinct", CountDistinct, &int, &full, None, number(2)),
        ("count distinct, blank", CountDistinct, &int, &blank, None, number(2)),
        (
            "list",
            ListDistinct,
            &list,
            &full,
            None,
            (Scalar::List(int.clone(), vec![Scalar::Integer(1), Scalar::Integer(3)]), 0),
        ),
        ("list with a blank", ListDistinct, &list, &blank, None, null.clone()),
        ("any: one is enough", Any, &yes_no, &unsure, None, (Scalar::Boolean(true), 0)),
        ("any: a blank may be one", Any, &yes_no, &no_or_blank, None, null.clone()),
        ("every: a blank may not be", Every, &yes_no, &unsure, None, null.clone()),
        ("every: one FALSE is enough", Every, &yes_no, &no_or_blank, None, (Scalar::Boolean(false), 0)),
        ("any of FALSE", Any, &yes_no, &no, None, (Scalar::Boolean(false), 0)),
        ("every of TRUE", Every, &yes_no, &yes, None, (Scalar::Boolean(true), 0)),
    ];
    for (name, function, ty, column, filter, expected) in cases {
        let inputs: &[Type] = match function {
            CountRows => &[],
            Any | Every => std::slice::from_ref(&yes_no),
            _ => std::slice::from_ref(&int),
        };
        let call = call(function, inputs, ty.clone());
        let arguments = if function == CountRows { vec![] } else { vec![column.clone()] };
        assert_eq!(over(&call, &arguments, filter, column.len()), expected, "{name}");
    }
}

#[test]
fn over_no_rows() {
    use Aggregate::{Any, Count, CountDistinct, CountRows, Every, Sum};
    for (function, expected) in [
        (CountRows, Scalar::Integer(0)),
        (Count, Scalar::Integer(0)),
        (CountDistinct, Scalar::Integer(0)),
        (Sum, Scalar::Null),
        (Any, Scalar::Null),
        (Every, Scalar::Null),
    ] {
        let ty = if matches!(function, Any | Every) { Type::Boolean } else { Type::Integer };
        let result = Accumulator::new(&call(function, std::slice::from_ref(&ty), ty.clone())).finish(1);
        assert_eq!(result.scalar(0, &ty), expected, "{function:?}");
        assert!(result.doubt.is_none(), "{function:?}");
    }
}

#[test]
fn sums_overflow_at_the_end_only() {
    let sum = call(Aggregate::Sum, &[Type::Integer], Type::Integer);
    let there_and_back = integers(&[Some(i64::MAX), Some(i64::MAX), Some(-i64::MAX)]);
    assert_eq!(over(&sum, &[there_and_back], None, 3), (Scalar::Integer(i64::MAX), 0));
    let over_the_top = integers(&[Some(i64::MAX), Some(1)]);
    assert_eq!(over(&sum, &[over_the_top], None, 2), (Scalar::Null, Doubt::UNDECIDED));
}

#[test]
fn latest_is_null_of_a_tie_that_differs() {
    let latest = call(Aggregate::Latest, &[Type::Integer, Type::Date], Type::Integer);
    let cases: [(&str, &[i64], &[i32], Scalar); 4] = [
        ("the greatest t", &[1, 2], &[20, 10], Scalar::Integer(1)),
        ("a tie that agrees", &[7, 7, 1], &[20, 20, 3], Scalar::Integer(7)),
        ("a tie that differs", &[7, 8, 1], &[20, 20, 3], Scalar::Null),
        ("an earlier tie does not matter", &[7, 8, 1], &[20, 20, 30], Scalar::Integer(1)),
    ];
    for (name, x, t, expected) in cases {
        let x = integers(&x.iter().copied().map(Some).collect::<Vec<_>>());
        assert_eq!(over(&latest, &[x, dates(t)], None, t.len()), (expected, 0), "{name}");
    }
}

#[test]
fn longest_silence() {
    let days = |n: i64| Scalar::Duration(DurationUnit::Days, n * 86_400_000_000);
    let inner = call(Aggregate::MaxGap, &[Type::Date], Type::Duration(DurationUnit::Days));
    assert_eq!(over(&inner, &[dates(&[10, 3, 4])], None, 3), (days(6), 0));
    assert_eq!(over(&inner, &[dates(&[10])], None, 1), (Scalar::Null, 0));
    assert_eq!(over(&inner, &[dates(&[10, 10])], None, 2), (days(0), 0));
    let edged = call(Aggregate::MaxGap, &[Type::Date, Type::Date, Type::Date], Type::Duration(DurationUnit::Days));
    let with_edges = |points: &[i32]| {
        let edge = |day| dates(&vec![day; points.len()]);
        over(&edged, &[dates(points), edge(0), edge(20)], None, points.len())
    };
    assert_eq!(with_edges(&[12, 3, 4]), (days(8), 0));
    assert_eq!(with_edges(&[-50, 90]), (days(20), 0), "points outside do not count");
    let mut empty = Accumulator::new(&edged);
    assert_eq!(empty.finish(1).scalar(0, &edged.ty), Scalar::Null);
    empty.edges(&dates(&[0]), &dates(&[20]), &[0]);
    assert_eq!(empty.finish(1).scalar(0, &edged.ty), days(20));
    // Edges upside down: undecided, with points and without.
    let swapped = over(&edged, &[dates(&[3]), dates(&[20]), dates(&[0])], None, 1);
    assert_eq!(swapped, (Scalar::Null, Doubt::UNDECIDED));
    let mut empty = Accumulator::new(&edged);
    empty.edges(&dates(&[20]), &dates(&[0]), &[0]);
    let column = empty.finish(1);
    assert_eq!((column.scalar(0, &edged.ty), column.doubt.at(0)), (Scalar::Null, Doubt::UNDECIDED));
}

fn rows() -> impl Strategy<Value = Vec<(Option<i64>, Option<bool>, usize)>> {
    let cell = prop_oneof![5 => (-3_i64..4).prop_map(Some), 1 => Just(None)];
    let kept = prop_oneof![6 => Just(Some(true)), 2 => Just(Some(false)), 1 => Just(None)];
    proptest::collection::vec((cell, kept, 0_usize..3), 0..24)
}

fn columns(function: Aggregate, rows: &[(Option<i64>, Option<bool>, usize)]) -> (Vec<Column>, Column, Vec<usize>) {
    let x: Vec<Option<i64>> = rows.iter().map(|row| row.0).collect();
    let column = match function {
        Aggregate::Any | Aggregate::Every => boolean(&x.iter().map(|x| x.map(|x| x > 0)).collect::<Vec<_>>()),
        Aggregate::MaxGap => Column::from_scalars(
            &Type::Date,
            &x.iter().map(|x| x.map_or(Scalar::Null, |x| Scalar::Date(i32::try_from(x).unwrap()))).collect::<Vec<_>>(),
        ),
        _ => integers(&x),
    };
    let filter = boolean(&rows.iter().map(|row| row.1).collect::<Vec<_>>());
    let groups = rows.iter().map(|row| row.2).collect();
    let t = integers(&x.iter().map(|x| x.map(|x| x * x)).collect::<Vec<_>>());
    match function {
        Aggregate::CountRows => (vec![], filter, groups),
        Aggregate::Latest => (vec![column, t], filter, groups),
        _ => (vec![column], filter, groups),
    }
}

proptest! {
    #[test]
    fn order_and_splits_change_nothing(rows in rows(), seed in any::<u64>(), cut in 0_usize..24) {
        use Aggregate::{Any, Avg, Count, CountDistinct, CountRows, Every, Latest, ListDistinct, Max, MaxGap, Min, Sum};
        let functions = [CountRows, Count, CountDistinct, Sum, Avg, Min, Max, Any, Every, ListDistinct, Latest, MaxGap];
        for function in functions {
            let (inputs, ty) = match function {
                CountRows => (vec![], Type::Integer),
                Any | Every => (vec![Type::Boolean], Type::Boolean),
                Avg => (vec![Type::Integer], Type::Decimal),
                ListDistinct => (vec![Type::Integer], Type::List(Box::new(Type::Integer))),
                Latest => (vec![Type::Integer, Type::Integer], Type::Integer),
                MaxGap => (vec![Type::Date], Type::Duration(DurationUnit::Days)),
                _ => (vec![Type::Integer], Type::Integer),
            };
            let call = call(function, &inputs, ty.clone());
            let mut whole = Accumulator::new(&call);
            let (arguments, filter, groups) = columns(function, &rows);
            whole.update(&arguments, Some(&filter), &groups);

            let mut shuffled = rows.clone();
            let length = shuffled.len().max(1);
            if !shuffled.is_empty() {
                shuffled.rotate_left(usize::try_from(seed % length as u64).unwrap());
            }
            if seed % 2 == 0 {
                shuffled.reverse();
            }
            let (left, right) = shuffled.split_at(cut.min(shuffled.len()));
            let mut first = Accumulator::new(&call);
            let (arguments, filter, groups) = columns(function, left);
            first.update(&arguments, Some(&filter), &groups);
            // The other half numbers its groups the other way round.
            let mut second = Accumulator::new(&call);
            let (arguments, filter, groups) = columns(function, right);
            let groups: Vec<usize> = groups.iter().map(|group| 2 - group).collect();
            second.update(&arguments, Some(&filter), &groups);
            first.merge(&second, &[2, 1, 0]);

            let (expected, found) = (whole.finish(3), first.finish(3));
            for group in 0..3 {
                prop_assert_eq!(expected.scalar(group, &ty), found.scalar(group, &ty), "{:?} of group {}", function, group);
                prop_assert_eq!(expected.doubt.at(group), found.doubt.at(group));
            }
        }
    }
}
