use super::super::super::testing::{Row, bound};
use super::super::super::{NoColumns, Type, bind, parse};
use super::{faults, help, told, type_of};

#[test]
fn names_are_found_as_written() {
    for (text, ty) in [
        ("工号", Type::Text),
        ("\"工号\"", Type::Text),
        ("agreement.signed_on", Type::Date),
        ("$as_of", Type::Date),
        ("$facts.abroad", Type::Boolean),
    ] {
        assert_eq!(type_of(text), ty, "{text}");
    }
}

#[test]
fn unknown_names_and_functions() {
    told(
        &[
            ("stat = 'open'", &[("unknown-name", 1, "stat")]),
            ("I = 5", &[("unknown-name", 1, "I")]),
            ("工牌 = 'E1'", &[("unknown-name", 1, "工牌")]),
            ("b AND agreement.signed_at > d", &[("unknown-name", 17, "signed_at")]),
            ("$no_such > 1", &[("unknown-name", 1, "$no_such")]),
            ("i > $facts.nope", &[("unknown-name", 5, "$facts.nope")]),
            ("LOWR(t) = 'a'", &[("unknown-function", 1, "LOWR")]),
            ("b AND strftime(d) = t", &[("unknown-function", 7, "strftime")]),
            ("AND_MORE(t)", &[("unknown-function", 1, "AND_MORE")]),
            // Operators are no functions, whatever the table calls them.
            ("NEGATE(i) = 5", &[("unknown-function", 1, "NEGATE")]),
        ],
        faults,
    );
    assert_eq!(help("stat = 'open'").1, "did you mean `state`?");
    assert_eq!(help("LOWR(t) = 'a'"), ("是不是 `LOWER`？".into(), "did you mean `LOWER`?".into()));
    assert_eq!(help("day_between(d, d) > 1").1, "did you mean `DAYS_BETWEEN`?");
    assert_eq!(help("strftime(d) = t").1, "`hegui explain functions` lists them all");
    assert_eq!(type_of("lower(t)"), Type::Text, "the case of a function's name does not matter");
}

#[test]
fn what_was_told_elsewhere_is_not_told_again() {
    let (expr, faults) = bound("broken = 5 AND t = 'x'", None);
    assert!(expr.is_none() && faults.is_empty());
    told(&[("broken = 5 AND t = 5", &[("type", 20, "5")])], |text| bound(text, None).1);
    // A hole that the parser told: the rest is still looked at.
    let (ast, _) = parse("t = AND i = 'x'");
    let (expr, faults) = bind(&ast.unwrap(), &mut Row::new(), None);
    assert!(expr.is_none());
    assert_eq!(faults.len(), 1, "{faults:?}");
}

#[test]
fn words_that_the_enum_lacks() {
    told(
        &[
            ("state = 'opened'", &[("not-in-enum", 9, "'opened'")]),
            ("'x' <> state", &[("not-in-enum", 1, "'x'")]),
            ("state IN ('open', 'close', 'x')", &[("not-in-enum", 19, "'close'"), ("not-in-enum", 28, "'x'")]),
            ("state NOT IN ('Open')", &[("not-in-enum", 15, "'Open'")]),
            ("state IS DISTINCT FROM 'done'", &[("not-in-enum", 24, "'done'")]),
            ("CASE state WHEN 'open' THEN 1 WHEN 'shut' THEN 2 END = 1", &[("not-in-enum", 36, "'shut'")]),
            ("LIST_CONTAINS(levels, 3)", &[("not-in-enum", 23, "3")]),
            ("LIST_CONTAINS_ALL(levels, [1, 7])", &[("not-in-enum", 27, "[1, 7]")]),
            ("LIST_CONTAINS_ANY(['a'], tags)", &[]),
            ("state = t", &[]),
            ("state = 'open' OR state IN ('open', 'closed')", &[]),
            ("LIST_CONTAINS(levels, 2)", &[]),
            // Not a comparison for equality.
            ("state LIKE 'op%'", &[]),
            ("state > 'a'", &[]),
            ("COALESCE(state, 'none') = 'none'", &[]),
            // In one of two columns is enough.
            ("'abc' IN (state, t)", &[]),
        ],
        faults,
    );
    assert_eq!(
        help("state = 'opened'"),
        (
            "是不是 `open`？可用的值：`open`, `closed`".into(),
            "did you mean `open`? values are: `open`, `closed`".into()
        )
    );
    assert_eq!(help("state = 'x'").1, "values are: `open`, `closed`");
    assert_eq!(faults("state = 'x'")[0].message.en, "`x` is not in the column's `enum`");
}

#[test]
fn a_scope_without_names() {
    let (ast, _) = parse("a = 1 AND $b AND COUNT(*) > 1 AND PREVIOUS(1) = 1");
    let (expr, faults) = bind(&ast.unwrap(), &mut NoColumns, None);
    assert!(expr.is_none());
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code.id).collect();
    assert_eq!(codes, ["expr/unknown-name", "expr/unknown-name", "expr/aggregate-not-here", "expr/previous-not-here"]);
}
