//! Every function, over every combination of a few telling values: what the table says of nulls holds, nothing panics,
//! and a constant gives what a column of it gives.

use super::super::super::functions::{Family, Function, Kind, Nulls, Signature, TABLE};
use super::super::super::testing::context;
use super::super::super::{
    Column, Context, Doubt, DurationUnit, Expr, ExprKind, Frame, Pattern, Scalar, Type, evaluate,
};
use crate::text::Span;

/// The types to try for a kind; `Same…` kinds of one signature are all tried with one type.
fn types(signature: &Signature) -> Vec<Type> {
    let some = |ok: fn(&Type) -> bool| {
        let list = Type::List(Box::new(Type::Text));
        let all = [
            Type::Boolean,
            Type::Integer,
            Type::Decimal,
            Type::Text,
            Type::Date,
            Type::Timestamp,
            Type::Duration(DurationUnit::Days),
            Type::Duration(DurationUnit::Time),
            Type::Duration(DurationUnit::Months),
            list,
        ];
        all.into_iter().filter(ok).collect::<Vec<Type>>()
    };
    let has = |kind: Kind| signature.arguments.contains(&kind);
    if has(Kind::SameNumber) {
        some(|ty| matches!(ty, Type::Integer | Type::Decimal))
    } else if has(Kind::SameOrdered) {
        some(|ty| !matches!(ty, Type::List(_) | Type::Boolean))
    } else if has(Kind::SameValue) {
        some(|ty| !matches!(ty, Type::List(_)))
    } else if has(Kind::SameAny) {
        some(|_| true)
    } else {
        vec![Type::Text]
    }
}

fn type_of(kind: Kind, same: &Type) -> Type {
    match kind {
        Kind::Boolean => Type::Boolean,
        Kind::Integer => Type::Integer,
        Kind::Decimal => Type::Decimal,
        Kind::Text | Kind::Pattern | Kind::Element => Type::Text,
        Kind::Date => Type::Date,
        Kind::Timestamp => Type::Timestamp,
        Kind::Days => Type::Duration(DurationUnit::Days),
        Kind::Time => Type::Duration(DurationUnit::Time),
        Kind::Months => Type::Duration(DurationUnit::Months),
        Kind::List => Type::List(Box::new(Type::Text)),
        Kind::ListOfSame => Type::List(Box::new(same.clone())),
        Kind::SameNumber | Kind::SameAny | Kind::SameValue | Kind::SameOrdered => same.clone(),
    }
}

/// Ordinary values and the ends of the range.
fn values(ty: &Type) -> Vec<Scalar> {
    let day = 86_400_000_000;
    match ty {
        Type::Boolean => vec![Scalar::Boolean(true), Scalar::Boolean(false)],
        Type::Integer => [i64::MIN, -1, 0, 3, i64::MAX].map(Scalar::Integer).into(),
        Type::Decimal => {
            [1 - 10_i128.pow(38), 0, 1, 1_500_000_000_000, 10_i128.pow(38) - 1].map(Scalar::Decimal).into()
        }
        Type::Text => ["", "a", "备份", "10.0.0.0/8"].map(|text| Scalar::Text(text.into())).into(),
        Type::Date => [-719_528, 0, 20_726, 2_932_896].map(Scalar::Date).into(),
        Type::Timestamp => [-719_528 * day, -1, 20_726 * day, 2_932_897 * day - 1].map(Scalar::Timestamp).into(),
        Type::Duration(DurationUnit::Months) => {
            [i64::from(i32::MIN), -1, 14, i64::from(i32::MAX)].map(|n| Scalar::Duration(DurationUnit::Months, n)).into()
        }
        Type::Duration(unit) => {
            [-day, 0, 3 * day, i64::MAX / day * day, i64::MIN / day * day].map(|n| Scalar::Duration(*unit, n)).into()
        }
        Type::List(_) => vec![
            Scalar::List(Type::Text, vec![]),
            Scalar::List(Type::Text, vec![Scalar::Text("a".into()), Scalar::Null, Scalar::Text("备份".into())]),
        ],
        Type::Null => vec![],
    }
}

/// One column per argument, whose rows together are every combination of values, a blank and two doubts.
fn combinations(types: &[Type]) -> (Vec<Column>, usize) {
    let pools: Vec<Vec<(Scalar, u8)>> = types
        .iter()
        .map(|ty| {
            let mut pool: Vec<(Scalar, u8)> = values(ty).into_iter().map(|value| (value, 0)).collect();
            pool.extend([0, Doubt::UNREADABLE, Doubt::NO_PARTNER].map(|doubt| (Scalar::Null, doubt)));
            pool
        })
        .collect();
    let rows = pools.iter().map(Vec::len).product();
    let mut columns = Vec::new();
    let mut stride = 1;
    for (pool, ty) in pools.iter().zip(types) {
        let cells: Vec<&(Scalar, u8)> = (0..rows).map(|row| &pool[row / stride % pool.len()]).collect();
        let scalars: Vec<Scalar> = cells.iter().map(|cell| cell.0.clone()).collect();
        let doubt = Doubt::from_rows(cells.iter().map(|cell| cell.1).collect());
        columns.push(Column { doubt, ..Column::from_scalars(ty, &scalars) });
        stride *= pool.len();
    }
    (columns, rows)
}

fn call(function: &'static Function, arguments: Vec<Expr>, ty: &Type) -> Expr {
    Expr { kind: ExprKind::Call { function, arguments }, ty: ty.clone(), span: Span::default() }
}

fn one(function: &'static Function, signature: &Signature, same: &Type, context: &Context) -> usize {
    let count = signature.arguments.len() + usize::from(signature.repeats);
    let kinds: Vec<Kind> = (0..count).filter_map(|index| signature.kind(index)).collect();
    let wanted: Vec<Type> = kinds.iter().map(|kind| type_of(*kind, same)).collect();
    let (targets, ty) = signature.resolve(&wanted).unwrap_or_else(|| panic!("{} {wanted:?}", function.name));
    assert_eq!(targets, wanted, "{}", function.name);
    let (columns, rows) = combinations(&wanted);
    let pattern = |id: usize| {
        let pattern = if function.name == "LIKE" { Pattern::like("%a_") } else { Pattern::regexp("^a?$") };
        (kinds[id] == Kind::Pattern).then(|| ExprKind::Pattern(pattern.unwrap()))
    };
    let argument = |id: usize, kind: ExprKind| Expr {
        kind: pattern(id).unwrap_or(kind),
        ty: wanted[id].clone(),
        span: Span::default(),
    };
    let over_columns = call(function, (0..wanted.len()).map(|id| argument(id, ExprKind::Column(id))).collect(), &ty);
    let result = evaluate(&over_columns, &Frame { columns: &columns, rows }, context);
    assert_eq!((result.len(), result.values.data_type()), (rows, &ty.arrow()), "{}", function.name);
    for row in 0..rows {
        let cells: Vec<Scalar> = columns.iter().zip(&wanted).map(|(column, ty)| column.scalar(row, ty)).collect();
        let (value, doubt) = (result.scalar(row, &ty), result.doubt.at(row));
        let told = format!("{}({cells:?}) = {value:?} {doubt}", function.name);
        let counted = |id: &usize| kinds[*id] != Kind::Pattern;
        let reasons = (0..cells.len()).filter(counted).fold(0, |all, id| all | columns[id].doubt.at(row));
        let null = (0..cells.len()).filter(counted).any(|id| cells[id] == Scalar::Null);
        if value == Scalar::Null {
            assert_eq!(doubt & reasons, reasons, "a doubt was forgotten: {told}");
        } else {
            assert_eq!(doubt, 0, "a value in doubt: {told}");
        }
        if function.nulls == Nulls::Strict {
            // An element that is null inside a list is no null argument.
            assert!(!null || (value == Scalar::Null && doubt == reasons), "not strict: {told}");
            assert!(null || value != Scalar::Null || doubt == Doubt::UNDECIDED, "a null out of nothing: {told}");
        }
        // A constant is evaluated once and stands for every row; its value is the same.
        if reasons == 0 && row % 7 == 0 {
            let constants = cells
                .into_iter()
                .enumerate()
                .map(|(id, value)| argument(id, ExprKind::Literal { value, name: None }))
                .collect();
            let alone = evaluate(&call(function, constants, &ty), &Frame { columns: &[], rows: 2 }, context);
            assert_eq!(alone.len(), 2);
            assert_eq!((alone.scalar(1, &ty), alone.doubt.at(1)), (value, doubt), "constant: {told}");
        }
    }
    rows
}

#[test]
fn every_function_does_with_nulls_what_the_table_says() {
    let context = context(chrono_tz::America::New_York);
    let mut rows = 0;
    for function in TABLE {
        if matches!(function.family, Family::Aggregate | Family::Ordered) || ["CASE", "CAST"].contains(&function.name) {
            continue;
        }
        for signature in function.signatures {
            for same in types(signature) {
                rows += one(function, signature, &same, &context);
            }
        }
    }
    assert!(rows > 10_000, "{rows} rows are too few to say anything");
}
