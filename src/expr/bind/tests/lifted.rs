use super::super::super::testing::{Row, told};
use super::super::super::{Aggregate, DurationUnit, Expr, Fault, Type, bind, parse};
use super::faults;

/// Binds where aggregates and `PREVIOUS` may stand.
fn lifting(text: &str) -> (Option<Expr>, Vec<Fault>, Row) {
    let (ast, faults) = parse(text);
    assert_eq!(faults, [], "{text}");
    let mut row = Row::new();
    row.lifts = true;
    let (expr, faults) = bind(&ast.unwrap(), &mut row, None);
    (expr, faults, row)
}

#[test]
fn not_here() {
    told(
        &[
            ("b AND COUNT(*) > 1", &[("aggregate-not-here", 7, "COUNT")]),
            ("SUM(nope) > 1 AND any(b)", &[("aggregate-not-here", 1, "SUM"), ("aggregate-not-here", 19, "any")]),
            ("PREVIOUS(i) = i", &[("previous-not-here", 1, "PREVIOUS")]),
        ],
        faults,
    );
}

#[test]
fn every_aggregate_is_lifted_with_its_types() {
    use Aggregate::{Any, Avg, Count, CountDistinct, CountRows, Every, Latest, ListDistinct, Max, MaxGap, Min, Sum};
    let (int, text) = (Type::Integer, Type::Text);
    let cases: [(&str, Aggregate, usize, Type); 18] = [
        ("COUNT(*)", CountRows, 0, int.clone()),
        ("count(t)", Count, 1, int.clone()),
        ("COUNT(DISTINCT t)", CountDistinct, 1, int.clone()),
        ("COUNT(tags)", Count, 1, int.clone()),
        ("SUM(i)", Sum, 1, int.clone()),
        ("SUM(i + rate)", Sum, 1, Type::Decimal),
        ("AVG(i)", Avg, 1, Type::Decimal),
        ("MIN(t)", Min, 1, text.clone()),
        ("MAX(at)", Max, 1, Type::Timestamp),
        ("ANY(i > 1)", Any, 1, Type::Boolean),
        ("EVERY(b)", Every, 1, Type::Boolean),
        ("LIST(DISTINCT t)", ListDistinct, 1, Type::List(Box::new(text.clone()))),
        ("LATEST(t, d)", Latest, 2, text.clone()),
        ("LATEST(tags, at)", Latest, 2, Type::List(Box::new(text))),
        ("LATEST(d, i)", Latest, 2, Type::Date),
        ("MAX_GAP(d)", MaxGap, 1, Type::Duration(DurationUnit::Days)),
        ("MAX_GAP(at)", MaxGap, 1, Type::Duration(DurationUnit::Time)),
        ("MAX_GAP(d, $as_of, d)", MaxGap, 3, Type::Duration(DurationUnit::Days)),
    ];
    for (text, function, arguments, ty) in cases {
        let (expr, faults, row) = lifting(text);
        assert_eq!(faults, [], "{text}");
        let call = &row.aggregates[0];
        assert_eq!((call.function, call.arguments.len(), &call.ty), (function, arguments, &ty), "{text}");
        assert_eq!((expr.unwrap().ty, row.aggregates.len(), &call.filter), (ty, 1, &None), "{text}");
    }
}

#[test]
fn an_expression_sees_columns_in_their_place() {
    let (expr, faults, row) = lifting("SUM(i) FILTER (WHERE b AND t <> 'x') * 1.0 / COUNT(*) >= 0.5");
    assert_eq!(faults, []);
    assert_eq!(expr.unwrap().columns().len(), 2);
    assert_eq!(row.aggregates.len(), 2);
    assert_eq!(row.aggregates[0].filter.as_ref().unwrap().ty, Type::Boolean);
    assert_eq!((row.aggregates[1].span.start, row.aggregates[1].span.end), (45, 53));
    let (_, faults, row) = lifting("PREVIOUS(i) = 1 AND PREVIOUS(i, 0.5) > 1 AND PREVIOUS(d, NULL) = d");
    assert_eq!(faults, []);
    let types: Vec<(&Type, Option<&Type>)> =
        row.previous.iter().map(|call| (&call.value.ty, call.first.as_ref().map(|first| &first.ty))).collect();
    assert_eq!(
        types,
        [(&Type::Integer, None), (&Type::Decimal, Some(&Type::Decimal)), (&Type::Date, Some(&Type::Date))]
    );
}

#[test]
fn what_is_wrong_with_a_call() {
    told(
        &[
            ("SUM(COUNT(i)) > 1", &[("aggregate-not-here", 5, "COUNT")]),
            ("PREVIOUS(PREVIOUS(i)) = 1", &[("previous-not-here", 10, "PREVIOUS")]),
            ("PREVIOUS(SUM(i)) = 1", &[("aggregate-not-here", 10, "SUM")]),
            ("SUM(i) FILTER (WHERE ANY(b)) = 1", &[("aggregate-not-here", 22, "ANY")]),
            ("SUM(t) = 1", &[("type", 5, "t")]),
            ("AVG(d) = 1", &[("type", 5, "d")]),
            ("MIN(tags) = tags", &[("type", 5, "tags")]),
            ("MIN(b)", &[("type", 5, "b")]),
            ("ANY(i)", &[("type", 5, "i")]),
            ("LATEST(i, t) = 1", &[("type", 11, "t")]),
            ("MAX_GAP(t) > days", &[("type", 9, "t")]),
            ("MAX_GAP(d, at, at) > days", &[("type", 12, "at")]),
            ("COUNT() = 1", &[("arguments", 1, "COUNT")]),
            ("COUNT(i, t) = 1", &[("arguments", 1, "COUNT")]),
            ("SUM(*) = 1", &[("arguments", 1, "SUM")]),
            ("SUM(DISTINCT i) = 1", &[("arguments", 1, "SUM")]),
            ("LIST(t) = tags", &[("arguments", 1, "LIST")]),
            ("LATEST(i) = 1", &[("arguments", 1, "LATEST")]),
            ("MAX_GAP(d, d) > days", &[("arguments", 1, "MAX_GAP")]),
            ("PREVIOUS() = 1", &[("arguments", 1, "PREVIOUS")]),
            ("PREVIOUS(i, 'x') = 1", &[("type", 13, "'x'")]),
            ("PREVIOUS(i) FILTER (WHERE b) = 1", &[("arguments", 1, "PREVIOUS")]),
            ("SUM(i) FILTER (WHERE i) = 1", &[("type", 22, "i")]),
            ("SUM(nope) FILTER (WHERE t = 5) = 1", &[("unknown-name", 5, "nope"), ("type", 29, "5")]),
        ],
        |text| lifting(text).1,
    );
    let help = |text: &str| lifting(text).1[0].help.clone().unwrap().en;
    assert_eq!(help("COUNT() = 1"), "usage: `COUNT(*)`, `COUNT(x)`, `COUNT(DISTINCT x)`");
    assert_eq!(help("LIST(t) = tags"), "usage: `LIST(DISTINCT x)`");
    assert_eq!(help("SUM(COUNT(i)) > 1"), "give the inner one a name in a `let` before");
}
