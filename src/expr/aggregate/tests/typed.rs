//! Values of every type, against what their definitions say.

use std::collections::BTreeSet;

use super::*;

/// A value of the type that orders and differs as `n` does; texts so that their length is no order.
fn value(ty: &Type, n: i64) -> Scalar {
    match ty {
        Type::Boolean => Scalar::Boolean(n > 0),
        Type::Integer => Scalar::Integer(n),
        Type::Decimal => Scalar::Decimal(i128::from(n) * 500_000_000_000),
        Type::Text => Scalar::Text(
            ["", "备份", "b", "aa", "工号很长的一段文字", "a"][usize::try_from(n.rem_euclid(6)).unwrap()].to_owned(),
        ),
        Type::Date => Scalar::Date(i32::try_from(n).unwrap()),
        Type::Timestamp => Scalar::Timestamp(n * 1_000_003),
        Type::Duration(unit) => Scalar::Duration(*unit, n),
        Type::List(item) => {
            Scalar::List(item.as_ref().clone(), (0..n.rem_euclid(3)).map(|i| value(item, i + n)).collect())
        }
        Type::Null => Scalar::Null,
    }
}

fn types() -> Vec<Type> {
    vec![
        Type::Boolean,
        Type::Integer,
        Type::Decimal,
        Type::Text,
        Type::Date,
        Type::Timestamp,
        Type::Duration(DurationUnit::Days),
        Type::Duration(DurationUnit::Months),
        Type::List(Box::new(Type::Text)),
    ]
}

proptest! {
    #[test]
    fn agree_with_their_definitions(
        rows in proptest::collection::vec((-4_i64..5, -2_i64..3), 1..20),
        cut in 0_usize..20,
    ) {
        for ty in types() {
            let values: Vec<Scalar> = rows.iter().map(|row| value(&ty, row.0)).collect();
            let times: Vec<Scalar> = rows.iter().map(|row| value(&Type::Timestamp, row.1)).collect();
            let different: BTreeSet<Scalar> = values.iter().cloned().collect();
            let last = times.iter().max().unwrap();
            let latest: BTreeSet<&Scalar> =
                values.iter().zip(&times).filter(|(_, t)| *t == last).map(|(x, _)| x).collect();
            let listed = Scalar::List(ty.clone(), different.iter().cloned().collect());
            let tied = if latest.len() == 1 { (*latest.first().unwrap()).clone() } else { Scalar::Null };
            let mut expected = vec![
                (Aggregate::CountDistinct, Type::Integer, Scalar::Integer(i64::try_from(different.len()).unwrap())),
                (Aggregate::Min, ty.clone(), different.first().unwrap().clone()),
                (Aggregate::Max, ty.clone(), different.last().unwrap().clone()),
                (Aggregate::Latest, ty.clone(), tied),
            ];
            if !matches!(ty, Type::List(_)) {
                expected.push((Aggregate::ListDistinct, Type::List(Box::new(ty.clone())), listed));
            }
            for (function, result, expected) in expected {
                let latest = function == Aggregate::Latest;
                let inputs = if latest { vec![ty.clone(), Type::Timestamp] } else { vec![ty.clone()] };
                let call = call(function, &inputs, result.clone());
                let columns = |range: std::ops::Range<usize>| {
                    let mut columns = vec![Column::from_scalars(&ty, &values[range.clone()])];
                    if latest {
                        columns.push(Column::from_scalars(&Type::Timestamp, &times[range]));
                    }
                    columns
                };
                // In two batches, and in two accumulators.
                let cut = cut.min(values.len());
                let mut batches = Accumulator::new(&call);
                batches.update(&columns(0..cut), None, &vec![0; cut]);
                let mut other = Accumulator::new(&call);
                let rest = values.len() - cut;
                other.update(&columns(cut..values.len()), None, &vec![0; rest]);
                let mut merged = batches.clone();
                batches.update(&columns(cut..values.len()), None, &vec![0; rest]);
                merged.merge(&other, &[0]);
                for accumulator in [batches, merged] {
                    let found = accumulator.finish(1).scalar(0, &result);
                    prop_assert_eq!(&found, &expected, "{:?} of {:?}", function, ty);
                }
            }
        }
    }

    #[test]
    fn sums_and_means_of_decimals_are_exact(units in proptest::collection::vec(-10_i128.pow(37)..10_i128.pow(37), 1..9)) {
        let column = Column::from_scalars(&Type::Decimal, &units.iter().copied().map(Scalar::Decimal).collect::<Vec<_>>());
        let total: i128 = units.iter().sum();
        let sum = call(Aggregate::Sum, &[Type::Decimal], Type::Decimal);
        prop_assert_eq!(over(&sum, std::slice::from_ref(&column), None, units.len()), (Scalar::Decimal(total), 0));
        let mean = call(Aggregate::Avg, &[Type::Decimal], Type::Decimal);
        let (found, _) = over(&mean, &[column], None, units.len());
        let Scalar::Decimal(found) = found else { panic!("{found:?}") };
        let count = i128::try_from(units.len()).unwrap();
        let rest = (total - found * count).abs() * 2;
        prop_assert!(rest < count || (rest == count && (found * count).abs() > total.abs()), "{} / {}", total, count);
    }
}

#[test]
fn texts_are_listed_by_code_point() {
    let texts = ["b", "备份", "", "Z", "a", "😀", "a"].map(|text| Scalar::Text(text.to_owned()));
    let column = Column::from_scalars(&Type::Text, &texts);
    let list = call(Aggregate::ListDistinct, &[Type::Text], Type::List(Box::new(Type::Text)));
    let sorted = ["", "Z", "a", "b", "备份", "😀"].map(|text| Scalar::Text(text.to_owned())).to_vec();
    assert_eq!(over(&list, std::slice::from_ref(&column), None, 7), (Scalar::List(Type::Text, sorted), 0));
    let count = call(Aggregate::CountDistinct, &[Type::Text], Type::Integer);
    assert_eq!(over(&count, &[column], None, 7), (Scalar::Integer(6), 0));
}

#[test]
fn a_column_of_nulls_is_blank_whatever_its_arrow_type() {
    let column = Column::nulls(&Type::Null, 3);
    let count = call(Aggregate::CountDistinct, &[Type::Text], Type::Integer);
    assert_eq!(over(&count, std::slice::from_ref(&column), None, 3), (Scalar::Integer(0), 0));
    let least = call(Aggregate::Min, &[Type::Text], Type::Text);
    assert_eq!(over(&least, &[column], None, 3), (Scalar::Null, 0));
}
