use super::super::super::testing::{bound, holds};
use super::super::super::{DurationUnit, ExprKind, Scalar, Type, bind, codes, parse};
use super::{faults, help, told, type_of};

#[test]
fn results_have_their_types() {
    use DurationUnit::{Days, Months, Time};
    let list = |ty: Type| Type::List(Box::new(ty));
    let cases = [
        ("i = 5 AND b", Type::Boolean),
        ("i + 1", Type::Integer),
        ("i + 0.5", Type::Decimal),
        ("rate * i", Type::Decimal),
        ("i / 2", Type::Decimal),
        ("-i", Type::Integer),
        ("-rate", Type::Decimal),
        ("t || 'x'", Type::Text),
        ("d + DAYS(1)", Type::Date),
        ("d - months", Type::Date),
        ("at + hours", Type::Timestamp),
        ("at - DAYS(1)", Type::Timestamp),
        ("DAYS(1) + DAYS(2)", Type::Duration(Days)),
        ("DAYS(1) + hours", Type::Duration(Time)),
        ("MONTHS(1) - YEARS(1)", Type::Duration(Months)),
        ("INTERVAL '1' HOUR", Type::Duration(Time)),
        ("CASE WHEN b THEN 1 ELSE 0.5 END", Type::Decimal),
        ("CASE WHEN b THEN NULL ELSE 'x' END", Type::Text),
        ("CASE WHEN b THEN days ELSE hours END", Type::Duration(Time)),
        ("CASE WHEN b THEN [] ELSE ['x'] END", list(Type::Text)),
        ("COALESCE(i, rate)", Type::Decimal),
        ("COALESCE(NULL, d)", Type::Date),
        ("NULLIF(t, '')", Type::Text),
        ("LEAST(i, 2, 0.5)", Type::Decimal),
        ("[1, 0.5]", list(Type::Decimal)),
        ("[i, 2]", list(Type::Integer)),
        ("LIST_MINUS(['a'], tags)", list(Type::Text)),
        ("CAST(t AS decimal)", Type::Decimal),
        ("CAST(i AS decimal)", Type::Decimal),
        ("CAST(NULL AS date)", Type::Date),
        ("DATE(at)", Type::Date),
        ("DATE(2026, 9, 30)", Type::Date),
        ("HOURS_BETWEEN(at, at)", Type::Decimal),
        ("$topics", list(Type::Text)),
        ("NULL", Type::Null),
        ("nothing", Type::Null),
    ];
    for (text, expected) in cases {
        assert_eq!(type_of(text), expected, "{text}");
    }
}

#[test]
fn what_does_not_fit_is_told_at_its_place() {
    told(
        &[
            // Text and numbers.
            ("t = 5", &[("type", 5, "5")]),
            ("i = '5'", &[("type", 5, "'5'")]),
            ("t < i", &[("type", 5, "i")]),
            ("t + 1 > 2", &[("type", 1, "t")]),
            ("t + t = t", &[("type", 3, "+")]),
            ("i || t = t", &[("type", 1, "i")]),
            ("-t = t", &[("type", 2, "t")]),
            ("LOWER(5) = 'a'", &[("type", 7, "5")]),
            // Dates and timestamps.
            ("d = at", &[("type", 5, "at")]),
            ("at >= d", &[("type", 7, "d")]),
            ("at BETWEEN d AND d", &[("type", 12, "d")]),
            ("at >= '2026-09-30'", &[("type", 7, "'2026-09-30'")]),
            ("d = '2026-09-30'", &[("type", 5, "'2026-09-30'")]),
            ("YEAR(at) = 2026", &[("type", 6, "at")]),
            ("DATE(d) = d", &[("type", 6, "d")]),
            ("ON_TIME(at, d)", &[("type", 13, "d")]),
            ("ON_TIME(d, at)", &[("type", 12, "at")]),
            ("DAYS_BETWEEN(d, at) > 3", &[("type", 17, "at")]),
            ("HOURS_BETWEEN(d, at) > 3", &[("type", 15, "d")]),
            // Subtraction and what may be added.
            ("d - d > 3", &[("type", 3, "-")]),
            ("at - at > hours", &[("type", 4, "-")]),
            ("at - d > days", &[("type", 4, "-")]),
            ("d + 30 > d", &[("type", 3, "+")]),
            ("30 + d > d", &[("type", 4, "+")]),
            ("d + HOURS(4) > d", &[("type", 3, "+")]),
            ("HOURS(4) + d > d", &[("type", 10, "+")]),
            ("months + days > months", &[("type", 8, "+")]),
            ("DAYS(1) - d = d", &[("type", 11, "d")]),
            ("d * 2 = d", &[("type", 1, "d")]),
            // Durations.
            ("months > days", &[("type", 10, "days")]),
            ("days = MONTHS(1)", &[("type", 8, "MONTHS(1)")]),
            ("days > 3", &[("type", 8, "3")]),
            ("DAYS(0.5) > days", &[("type", 6, "0.5")]),
            ("DAYS('7') > days", &[("type", 6, "'7'")]),
            // Booleans.
            ("b = 'true'", &[("type", 5, "'true'")]),
            ("b = 1", &[("type", 5, "1")]),
            ("b < no", &[("type", 1, "b")]),
            ("b AND i", &[("type", 7, "i")]),
            ("NOT t", &[("type", 5, "t")]),
            ("i OR t", &[("type", 1, "i")]),
            ("i IS TRUE", &[("type", 1, "i")]),
            // Lists.
            ("tags = 'a'", &[("type", 1, "tags")]),
            ("'a' IN (tags)", &[("type", 9, "tags")]),
            ("t IN ('a', 1)", &[("type", 12, "1")]),
            ("i IN (1, 2.5, 'x')", &[("type", 15, "'x'")]),
            ("LIST_CONTAINS(tags, 5)", &[("type", 21, "5")]),
            ("LIST_CONTAINS(t, 'a')", &[("type", 15, "t")]),
            ("LIST_MINUS(tags, [1]) = tags", &[("type", 18, "[1]")]),
            ("[1, 'a'] = tags", &[("type", 5, "'a'")]),
            ("CARDINALITY(['a', NULL]) = 1", &[("type", 19, "NULL")]),
            ("CARDINALITY([['a']]) = 1", &[("type", 14, "['a']")]),
            // CASE.
            ("CASE WHEN b THEN 1 ELSE 'x' END = 1", &[("type", 25, "'x'")]),
            ("CASE WHEN i THEN 1 END = 1", &[("type", 11, "i")]),
            ("CASE t WHEN 'a' THEN 1 WHEN 2 THEN 2 END = 1", &[("type", 29, "2")]),
            ("CASE WHEN b THEN NULL END IS NULL", &[("type", 1, "CASE WHEN b THEN NULL END")]),
            ("CASE WHEN b THEN d WHEN no THEN NULL ELSE at END = d", &[("type", 43, "at")]),
            // NULL compares with nothing.
            ("t = NULL", &[("compare-null", 5, "NULL")]),
            ("NULL <> i", &[("compare-null", 1, "NULL")]),
            ("i IN (1, NULL)", &[("compare-null", 10, "NULL")]),
            ("i BETWEEN NULL AND 5", &[("compare-null", 11, "NULL")]),
            ("CASE i WHEN NULL THEN 1 END = 1", &[("compare-null", 13, "NULL")]),
            // CAST.
            ("CAST(at AS date) = d", &[("cast", 1, "CAST(at AS date)")]),
            ("CAST(d AS timestamp) = at", &[("cast", 1, "CAST(d AS timestamp)")]),
            ("CAST(i AS boolean)", &[("cast", 1, "CAST(i AS boolean)")]),
            ("CAST(tags AS text) = t", &[("cast", 1, "CAST(tags AS text)")]),
            ("CAST(days AS integer) = 1", &[("cast", 1, "CAST(days AS integer)")]),
            ("CAST(t = 5 AS text) = t", &[("type", 10, "5")]),
            // Patterns.
            ("t LIKE 5", &[("type", 8, "5")]),
            ("t LIKE t", &[("pattern", 8, "t")]),
            ("t LIKE 'a' || 'b'", &[("pattern", 8, "'a' || 'b'")]),
            ("i LIKE 'a%'", &[("type", 1, "i")]),
            ("REGEXP_LIKE(t, t)", &[("pattern", 16, "t")]),
            ("REGEXP_LIKE(t, '(')", &[("pattern", 16, "'('")]),
            ("REGEXP_LIKE(t, '(a)\\1')", &[("pattern", 16, "'(a)\\1'")]),
            ("REGEXP_LIKE(t, '(?=a)')", &[("pattern", 16, "'(?=a)'")]),
            ("REGEXP_LIKE(t, '((a{100}){100}){100}')", &[("pattern", 16, "'((a{100}){100}){100}'")]),
            // Number of arguments.
            ("LOWER() = t", &[("arguments", 1, "LOWER")]),
            ("LOWER(t, t) = t", &[("arguments", 1, "LOWER")]),
            ("DATE(2026, 9) = d", &[("arguments", 1, "DATE")]),
            ("LEAST() = 1", &[("arguments", 1, "LEAST")]),
            ("LOWER(DISTINCT t) = t", &[("arguments", 1, "LOWER")]),
            ("LOWER(t) FILTER (WHERE b) = t", &[("arguments", 1, "LOWER")]),
            ("ABS(*) = 1", &[("arguments", 1, "ABS")]),
        ],
        faults,
    );
}

#[test]
fn every_operand_is_looked_at() {
    told(
        &[
            ("t = 5 AND i = '5' OR NOT d", &[("type", 5, "5"), ("type", 15, "'5'"), ("type", 26, "d")]),
            (
                "CASE WHEN t THEN LOWER(1) ELSE nope END = 'x' AND LOWR(d - d)",
                &[
                    ("type", 11, "t"),
                    ("type", 24, "1"),
                    ("unknown-name", 32, "nope"),
                    ("unknown-function", 51, "LOWR"),
                    ("type", 58, "-"),
                ],
            ),
            ("t IN (nope, LOWER(5), 'x')", &[("unknown-name", 7, "nope"), ("type", 19, "5")]),
            // The operand of CASE is compared with every WHEN, and told once.
            ("CASE nope WHEN 1 THEN 1 WHEN 2 THEN 2 END = 1", &[("unknown-name", 6, "nope")]),
        ],
        faults,
    );
}

#[test]
fn help_names_what_to_write() {
    let cases = [
        ("d = at", "write `DATE(at)`"),
        ("at + HOURS(1) >= d", "write `DATE(at + HOURS(1))`"),
        ("at BETWEEN $as_of AND $as_of", "write `DATE(at)`"),
        ("YEAR(at) = 1", "for its date write `DATE(at)`"),
        ("DATE(d) = d", "it is a date already; leave DATE out"),
        ("ON_TIME(at, d)", "write `DATE(at)`"),
        ("CAST(at AS date) = d", "write `DATE(at)`"),
        ("d - $as_of > 3", "for days write `DAYS_BETWEEN($as_of, d)`, or compare `d <= $as_of + DAYS(30)`"),
        ("at - at > hours", "for hours write `HOURS_BETWEEN(at, at)`, or compare `at <= at + HOURS(4)`"),
        ("at - d > days", "write `DAYS_BETWEEN(d, DATE(at))`"),
        ("d + 30 > d", "say its unit: `DAYS(30)`"),
        ("30 + d > d", "say its unit: `DAYS(30)`"),
        ("HOURS(4) + d > d", "use `DAYS(n)`, or a timestamp where hours matter"),
        ("d + HOURS(4) > d", "use `DAYS(n)`, or a timestamp where hours matter"),
        ("months + days > months", "add them to the date one after the other: `d + MONTHS(1) + DAYS(3)`"),
        ("months > days", "months differ in length and do not compare with days; use one kind on both sides"),
        ("days > 3", "give a length of time its unit, such as `DAYS(30)`"),
        ("t = 5", "to compare with text put it into quotes: `'5'`"),
        ("i = '5'", "write a number without quotes"),
        ("t < i", "convert it with `CAST(t AS integer)`, or correct the column's type in its evidence kind"),
        ("rate > t", "convert it with `CAST(t AS decimal)`, or correct the column's type in its evidence kind"),
        ("d = '2026-09-30'", "write a date as `DATE '2026-09-30'`"),
        ("at > t", "write a timestamp as `TIMESTAMP '2026-09-30 08:00:00+08:00'`"),
        ("b = 'true'", "write TRUE or FALSE, without quotes"),
        ("b < no", "booleans have no order; write the condition itself"),
        ("b AND i", "write a condition, such as `x = 'a'` or `x IS NOT NULL`"),
        ("t + t = t", "write `t || t`"),
        ("t = NULL", "write `IS NULL` or `IS NOT NULL`"),
        ("'a' IN (tags)", "for lists there are LIST_CONTAINS, LIST_CONTAINS_ALL, LIST_MINUS and CARDINALITY"),
        ("LOWER(5) = 'a'", "usage: `LOWER(text) → text`"),
        ("DATE(2026, 9) = d", "usage: `DATE(timestamp) → date`, `DATE(integer, integer, integer) → date`"),
        ("CAST(i AS boolean)", "`hegui explain CAST` lists what converts"),
        ("CASE WHEN b THEN 1 ELSE 'x' END = 1", "give every branch the same type"),
        ("CASE WHEN i THEN 1 END = 1", "write a comparison, such as `x = 'a'`"),
        ("t LIKE t", "write '…' or a text parameter; to compare with a column use CONTAINS or STARTS_WITH"),
        (
            "REGEXP_LIKE(t, '(')",
            "back-references and look-around are not supported; put `\\` before special characters",
        ),
        (
            "REGEXP_LIKE(t, '((a{100}){100}){100}')",
            "lower its repetition counts, such as `{1000}`, above all nested ones",
        ),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, en)| {
            let (zh, found) = help(text);
            assert!(!zh.is_empty());
            (found != *en).then(|| format!("{text}\n  expected {en}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn messages_read_well() {
    let cases = [
        ("d = at", "不能用 `=` 比较 date 与 timestamp", "`=` does not compare date with timestamp"),
        (
            "months > days",
            "不能用 `>` 比较 月数 与 天数",
            "`>` does not compare a duration of months with a duration of days",
        ),
        (
            "ON_TIME(d, at)",
            "`ON_TIME` 的参数类型不一： date 与 timestamp",
            "`ON_TIME` does not combine date with timestamp",
        ),
        ("d - d > 3", "两个日期不能相减", "two dates are not subtracted"),
        ("LOWER(5) = 'a'", "`LOWER` 不接受 integer", "`LOWER` does not take integer"),
        ("REGEXP_LIKE(t, '(')", "正则表达式有误：圆括号没有闭合", "not a regular expression: unclosed group"),
        (
            "CASE WHEN b THEN 1 ELSE 'x' END = 1",
            "`CASE` 的结果类型不一：integer 与 text",
            "the results of this `CASE` are integer and text",
        ),
    ];
    for (text, zh, en) in cases {
        let message = &faults(text)[0].message;
        assert_eq!((message.zh.as_str(), message.en.as_str()), (zh, en), "{text}");
    }
}

#[test]
fn the_place_asks_for_a_type() {
    let decimal = Type::Decimal;
    let list = Type::List(Box::new(Type::Decimal));
    let fits = [
        ("b", &Type::Boolean),
        ("NULL", &Type::Boolean),
        ("i", &decimal),
        ("5", &decimal),
        ("[1, 2]", &list),
        ("[]", &list),
        ("days", &Type::Duration(DurationUnit::Time)),
    ];
    for (text, ty) in fits {
        let (expr, faults) = bound(text, Some(ty));
        assert_eq!(faults, [], "{text}");
        assert_eq!(&expr.unwrap().ty, ty, "{text}");
    }
    for (text, ty, column) in
        [("t", &Type::Boolean, 1), ("  rate", &Type::Integer, 3), ("hours", &Type::Duration(DurationUnit::Days), 1)]
    {
        let (expr, faults) = bound(text, Some(ty));
        assert!(expr.is_none(), "{text}");
        assert_eq!((faults.len(), faults[0].code, faults[0].span.start + 1), (1, &codes::TYPE, column), "{text}");
    }
    let (_, faults) = bound("t", Some(&Type::Boolean));
    assert_eq!(faults[0].message.en, "expected boolean, found text");
    assert!(faults[0].help.as_ref().unwrap().en.contains("`x = 'a'`"));
}

#[test]
fn constants_are_folded_where_the_language_needs_it() {
    let value = |text: &str| match bound(text, None).0.unwrap().kind {
        ExprKind::Literal { value, .. } => value,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(value("-5"), Scalar::Integer(-5));
    assert_eq!(value("-(9223372036854775807)"), Scalar::Integer(-i64::MAX));
    assert_eq!(value("-0.5"), Scalar::Decimal(-500_000_000_000));
    assert_eq!(
        value("[1, -0.5]"),
        Scalar::List(Type::Decimal, vec![Scalar::Decimal(1_000_000_000_000), Scalar::Decimal(-500_000_000_000)])
    );
    assert_eq!(value("CAST(5 AS decimal)"), Scalar::Decimal(5_000_000_000_000));
    match bound("$min", None).0.unwrap().kind {
        ExprKind::Literal { value, name } => assert_eq!((value, name.as_deref()), (Scalar::Integer(3), Some("$min"))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_parameter_may_be_a_pattern() {
    holds(&[("t LIKE $pattern", "TRUE"), ("'x' LIKE $pattern", "FALSE")]);
}

#[test]
fn a_case_within_its_own_operand_is_not_written_out_for_ever() {
    // Each level binds the one below it twice: 2^60 nodes, if they were all bound.
    let text = format!("{}i{} = 1", "CASE ".repeat(60), " WHEN 1 THEN 1 WHEN 2 THEN 2 END".repeat(60));
    let (ast, faults) = parse(&text);
    assert_eq!(faults, []);
    let (expr, faults) = bind(&ast.unwrap(), &mut super::super::super::testing::Row::new(), None);
    assert!(expr.is_none());
    assert_eq!((faults.len(), faults[0].code), (1, &codes::TOO_LARGE));
}
