use super::super::super::ast::{AstKind, Literal};
use super::super::super::{Ast, DurationUnit};
use super::{parse, parsed, tree};

#[test]
fn literals() {
    use Literal::{Boolean, Date, Decimal, Duration, Integer, Null, Text, Timestamp};
    let text = |text: &str| Text(text.into());
    let day = 86_400_000_000;
    // 20 726 days lie between 1970-01-01 and 2026-09-30.
    let cases: Vec<(&str, Literal)> = vec![
        ("NULL", Null),
        ("null", Null),
        ("TRUE", Boolean(true)),
        ("False", Boolean(false)),
        ("0", Integer(0)),
        ("12", Integer(12)),
        ("9223372036854775807", Integer(i64::MAX)),
        ("0.95", Decimal(950_000_000_000)),
        ("1.0", Decimal(1_000_000_000_000)),
        ("1.000000000000000", Decimal(1_000_000_000_000)),
        ("0.000000000001", Decimal(1)),
        ("99999999999999999999999999.999999999999", Decimal(10_i128.pow(38) - 1)),
        ("''", text("")),
        ("'open'", text("open")),
        ("'it''s'", text("it's")),
        ("''''", text("'")),
        ("'\"a\" -- b'", text("\"a\" -- b")),
        ("'备份'", text("备份")),
        ("'a\nb'", text("a\nb")),
        ("DATE '2026-09-30'", Date(20_726)),
        ("date'1969-12-31'", Date(-1)),
        ("DATE '0000-01-01'", Date(-719_528)),
        ("DATE '9999-12-31'", Date(2_932_896)),
        ("DATE '2024-02-29'", Date(19_782)),
        ("TIMESTAMP '2026-09-30 08:00:00+08:00'", Timestamp(20_726 * day)),
        ("TIMESTAMP '2026-09-30T08:00:00+08:00'", Timestamp(20_726 * day)),
        ("TIMESTAMP '2026-09-30 00:00:00Z'", Timestamp(20_726 * day)),
        ("TIMESTAMP '2026-09-29 19:00:00-05:00'", Timestamp(20_726 * day)),
        ("TIMESTAMP '2026-09-30 00:00:00.000001Z'", Timestamp(20_726 * day + 1)),
        ("INTERVAL '30' DAY", Duration(DurationUnit::Days, 30 * day)),
        ("INTERVAL '2' HOUR", Duration(DurationUnit::Time, 7_200_000_000)),
        ("INTERVAL '15' minute", Duration(DurationUnit::Time, 900_000_000)),
        ("INTERVAL '6' MONTH", Duration(DurationUnit::Months, 6)),
        ("INTERVAL '-2' YEAR", Duration(DurationUnit::Months, -24)),
    ];
    for (written, expected) in cases {
        match parsed(written).kind {
            AstKind::Literal(found) => assert_eq!(found, expected, "{written}"),
            other => panic!("{written}: {other:?}"),
        }
    }
}

#[test]
fn precedence() {
    let cases = [
        ("a OR b AND c", "(OR a (AND b c))"),
        ("a AND b OR c AND d", "(OR (AND a b) (AND c d))"),
        ("(a OR b) AND c", "(AND (OR a b) c)"),
        ("a OR b OR c", "(OR (OR a b) c)"),
        ("NOT a AND b", "(AND (NOT a) b)"),
        ("NOT a = b", "(NOT (= a b))"),
        ("NOT NOT a", "(NOT (NOT a))"),
        ("a = NOT b", "(= a (NOT b))"),
        ("NOT a IS NULL", "(NOT (IS NULL a))"),
        ("NOT a IN (1)", "(NOT (IN a 1))"),
        ("a + b * c", "(+ a (* b c))"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("a - b - c", "(- (- a b) c)"),
        ("a - (b - c)", "(- a (- b c))"),
        ("a / b * c", "(* (/ a b) c)"),
        ("a || b || c", "(|| (|| a b) c)"),
        ("a + b || c", "(|| (+ a b) c)"),
        ("-a * b", "(* (neg a) b)"),
        ("a * -b", "(* a (neg b))"),
        ("- - a", "(neg (neg a))"),
        ("-a.b + 1", "(+ (neg a.b) 1)"),
        ("a - -1", "(- a (neg 1))"),
        ("a + 1 > b * 2", "(> (+ a 1) (* b 2))"),
        ("a < b AND c >= d", "(AND (< a b) (>= c d))"),
        ("a + 1 IS NULL", "(IS NULL (+ a 1))"),
        ("a || b LIKE 'x%'", "(LIKE (|| a b) 'x%')"),
        ("a BETWEEN 1 AND 2 AND b", "(AND (BETWEEN a 1 2) b)"),
        ("a BETWEEN b + 1 AND c - 1 OR d", "(OR (BETWEEN a (+ b 1) (- c 1)) d)"),
        ("a NOT BETWEEN 1 AND 2", "(NOT BETWEEN a 1 2)"),
        ("(a = b) = c", "(= (= a b) c)"),
        ("(a IS NULL) = TRUE", "(= (IS NULL a) TRUE)"),
    ];
    for (text, expected) in cases {
        assert_eq!(tree(&parsed(text)), expected, "{text}");
    }
}

#[test]
fn every_form() {
    let cases = [
        ("a <> 1", "(<> a 1)"),
        ("a <= 1", "(<= a 1)"),
        ("a is null", "(IS NULL a)"),
        ("a IS NOT NULL", "(IS NOT NULL a)"),
        ("a IS TRUE", "(IS TRUE a)"),
        ("a IS NOT TRUE", "(IS NOT TRUE a)"),
        ("a IS DISTINCT FROM b", "(IS DISTINCT a b)"),
        ("a IS NOT DISTINCT FROM b + 1", "(IS NOT DISTINCT a (+ b 1))"),
        ("a IN (1)", "(IN a 1)"),
        ("a NOT IN ('x', 'y', b)", "(NOT IN a 'x' 'y' b)"),
        ("a NOT LIKE 'x_'", "(NOT LIKE a 'x_')"),
        ("CASE WHEN a THEN 1 END", "(CASE: a 1)"),
        ("CASE WHEN a THEN 1 WHEN b OR c THEN 2 ELSE 3 END", "(CASE: a 1 (OR b c) 2 else 3)"),
        ("CASE a WHEN 'x' THEN 1 ELSE CASE WHEN b THEN 2 END END", "(CASE a: 'x' 1 else (CASE: b 2))"),
        ("CASE WHEN a THEN 1 END + 1", "(+ (CASE: a 1) 1)"),
        ("CAST(a + 1 AS text)", "(CAST (+ a 1) text)"),
        ("cast(a as TIMESTAMP)", "(CAST a timestamp)"),
        ("CAST(a AS boolean) AND CAST(b AS date) = c", "(AND (CAST a boolean) (= (CAST b date) c))"),
        ("[]", "[]"),
        ("['a', b, 1 + 2]", "['a' b (+ 1 2)]"),
        ("LOWER(a)", "(LOWER: a)"),
        ("LEAST(a, 1, b.c)", "(LEAST: a 1 b.c)"),
        ("DATE(a)", "(DATE: a)"),
        ("DATE(2026, 9, 30)", "(DATE: 2026 9 30)"),
        ("COUNT(*)", "(COUNT: *)"),
        ("COUNT(DISTINCT a)", "(COUNT: DISTINCT a)"),
        ("SUM(a) FILTER (WHERE b AND c) > 1", "(> (SUM: a if (AND b c)) 1)"),
        ("COUNT(*) FILTER (WHERE b) * 2", "(* (COUNT: * if b) 2)"),
        ("MAX_GAP(t, $period_start, $as_of)", "(MAX_GAP: t $period_start $as_of)"),
        ("no_such_function()", "(no_such_function: )"),
    ];
    for (text, expected) in cases {
        assert_eq!(tree(&parsed(text)), expected, "{text}");
    }
}

#[test]
fn names() {
    let path = |text: &str| -> Vec<String> {
        let ast = parsed(text);
        match ast.kind {
            AstKind::Name(path) | AstKind::Constant(path) => path.into_iter().map(|name| name.text).collect(),
            other => panic!("{text}: {other:?}"),
        }
    };
    let cases: [(&str, &[&str]); 16] = [
        ("a", &["a"]),
        ("_a1", &["_a1"]),
        ("工号", &["工号"]),
        ("员工.所属部门", &["员工", "所属部门"]),
        ("b.copies", &["b", "copies"]),
        ("parent.parent.id", &["parent", "parent", "id"]),
        ("file . row", &["file", "row"]),
        ("\"case\"", &["case"]),
        ("\"a b\".\"c\"\"d\"", &["a b", "c\"d"]),
        ("b.end", &["b", "end"]),
        ("date", &["date"]),
        ("interval", &["interval"]),
        ("cast", &["cast"]),
        ("count", &["count"]),
        ("$as_of", &["as_of"]),
        ("$facts.跨境", &["facts", "跨境"]),
    ];
    for (text, expected) in cases {
        assert_eq!(path(text), expected, "{text}");
    }
}

#[test]
fn spans_cover_what_was_written() {
    let ast = parsed("  名 = (b + 1)  AND c");
    let text = "  名 = (b + 1)  AND c";
    let AstKind::Binary { left, right, op_span, .. } = &ast.kind else { panic!() };
    let AstKind::Binary { left: name, right: sum, .. } = &left.kind else { panic!() };
    let covered = |span: crate::text::Span| &text[span.range()];
    assert_eq!(covered(ast.span), "名 = (b + 1)  AND c");
    assert_eq!(covered(*op_span), "AND");
    assert_eq!(covered(left.span), "名 = (b + 1)");
    assert_eq!(covered(name.span), "名");
    assert_eq!(covered(sum.span), "(b + 1)");
    assert_eq!(covered(right.span), "c");
}

#[test]
fn a_tree_knows_what_it_reads() {
    let text = "COUNT(*) FILTER (WHERE a = $x) > b.c AND PREVIOUS(d) IS NULL AND (e OR f)";
    let ast = parsed(text);
    let dotted = |paths: Vec<&[super::super::super::Name]>| -> Vec<String> {
        paths.iter().map(|path| path.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(".")).collect()
    };
    assert_eq!(dotted(ast.names()), ["a", "b.c", "d", "e", "f"]);
    assert_eq!(dotted(ast.constants()), ["x"]);
    assert!(ast.has_aggregate() && ast.has_previous());
    let conjuncts: Vec<String> = ast.conjuncts().iter().map(ToString::to_string).collect();
    assert_eq!(conjuncts, ["COUNT(*) FILTER (WHERE a = $x) > b.c", "PREVIOUS(d) IS NULL", "e OR f"]);
    let plain = parsed("counted = 1 OR previous = 2");
    assert!(!plain.has_aggregate() && !plain.has_previous());
    assert_eq!(plain.conjuncts().len(), 1);
}

#[test]
fn equality_is_of_what_is_said() {
    let same = |a: &str, b: &str| parse(a).0 == parse(b).0;
    assert!(same("a=1 and count( * )>2", "(a = 1) AND COUNT(*) > 2"));
    for (a, b) in [("a", "A"), ("1", "1.0"), ("a IS NULL", "a IS NOT NULL"), ("LIST(a)", "LIST(DISTINCT a)")] {
        assert!(!same(a, b), "{a} {b}");
    }
    let unlike: Vec<Ast> = ["a", "$a", "[a]", "-a", "NOT a", "a + a", "f(a)", "'a'"].map(parsed).into();
    for (index, one) in unlike.iter().enumerate() {
        for (other_index, other) in unlike.iter().enumerate() {
            assert_eq!(one == other, index == other_index, "{one} {other}");
        }
    }
}
