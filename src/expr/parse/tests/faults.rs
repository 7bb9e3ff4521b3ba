use super::super::super::testing::told;
use super::super::super::{Fault, codes};
use super::parse;

fn faults(text: &str) -> Vec<Fault> {
    parse(text).1
}

#[test]
fn one_fault_at_its_place() {
    told(
        &[
            ("", &[("syntax", 1, "")]),
            ("   ", &[("syntax", 4, "")]),
            ("a +", &[("syntax", 4, "")]),
            ("a + * b", &[("syntax", 5, "*")]),
            ("+ a", &[("syntax", 1, "+")]),
            ("a b", &[("syntax", 3, "b")]),
            ("a = 'x' b = 'y'", &[("syntax", 9, "b")]),
            ("a, b", &[("syntax", 2, ",")]),
            ("(a = 1", &[("syntax", 1, "(")]),
            ("a = 1)", &[("syntax", 6, ")")]),
            ("[1, 2", &[("syntax", 1, "[")]),
            ("LOWER(a", &[("syntax", 6, "(")]),
            ("LOWER(a,)", &[("syntax", 9, ")")]),
            ("LOWER(a b)", &[("syntax", 9, "b")]),
            ("a = b = c", &[("syntax", 7, "=")]),
            ("a IS NULL = TRUE", &[("syntax", 11, "=")]),
            ("a == 1", &[("syntax", 3, "==")]),
            ("a != 1", &[("syntax", 3, "!=")]),
            ("a ＝ 1", &[("syntax", 3, "＝")]),
            ("a ≥ 1", &[("syntax", 3, "≥")]),
            ("状态 = ‘已完成’", &[("syntax", 6, "‘已完成’")]),
            ("a = ‘open", &[("syntax", 5, "‘open")]),
            ("IN（a）", &[("syntax", 1, "IN"), ("syntax", 3, "（"), ("syntax", 5, "）")]),
            ("a = 1；", &[("syntax", 6, "；")]),
            ("a = 1;", &[("syntax", 6, ";")]),
            ("a > 95%", &[("syntax", 7, "%")]),
            ("a && b", &[("syntax", 3, "&&")]),
            ("!a AND b", &[("syntax", 1, "!")]),
            ("a % 2 = 0", &[("syntax", 3, "%")]),
            ("a = 1 -- note", &[("syntax", 7, "--")]),
            ("a /* note */ = 1", &[("syntax", 3, "/*")]),
            ("a = 'open", &[("syntax", 5, "'open")]),
            ("\"\" = 1", &[("syntax", 1, "\"\"")]),
            ("12abc > 1", &[("syntax", 1, "12abc")]),
            ("7天 > 1", &[("syntax", 1, "7天")]),
            ("a.", &[("syntax", 3, "")]),
            ("a.1", &[("syntax", 3, "1")]),
            ("$ x > 1", &[("syntax", 1, "$")]),
            ("＄x > 1", &[("syntax", 1, "＄")]),
            ("a IN 'x'", &[("syntax", 6, "'x'")]),
            ("a IN $topics", &[("syntax", 6, "$topics")]),
            ("a IN ()", &[("syntax", 6, "()")]),
            ("a IS 5", &[("syntax", 6, "5")]),
            ("a IS FALSE", &[("syntax", 6, "FALSE")]),
            ("a IS DISTINCT b", &[("syntax", 15, "b")]),
            ("a BETWEEN 1", &[("syntax", 12, "")]),
            ("a BETWEEN 1 OR 2", &[("syntax", 13, "OR")]),
            ("a NOT b", &[("syntax", 3, "NOT")]),
            ("a AND", &[("syntax", 6, "")]),
            ("NOT", &[("syntax", 4, "")]),
            ("CASE WHEN a THEN 1", &[("syntax", 1, "CASE")]),
            ("CASE WHEN a 1 END", &[("syntax", 13, "1")]),
            ("CASE a END", &[("syntax", 1, "CASE")]),
            ("CAST(a AS money)", &[("cast", 11, "money")]),
            ("CAST(a AS decimal(10, 2)) > 1", &[("cast", 18, "(")]),
            ("CAST(a AS varchar(10)) = 'x'", &[("cast", 11, "varchar")]),
            ("CAST(a AS )", &[("syntax", 11, ")")]),
            ("CAST(a AS 5)", &[("syntax", 11, "5")]),
            ("CAST(a, integer)", &[("syntax", 7, ",")]),
            ("CAST(a)", &[("syntax", 7, ")")]),
            ("COUNT(* ) > 1 AND COUNT(*", &[("syntax", 24, "(")]),
            ("COUNT(* b)", &[("syntax", 9, "b")]),
            ("SUM(a) FILTER (a > 1)", &[("syntax", 16, "a")]),
            ("SUM(a) FILTER (WHERE b", &[("syntax", 15, "(")]),
            ("SELECT 1", &[("syntax", 8, "1")]),
            ("9223372036854775808", &[("literal", 1, "9223372036854775808")]),
            ("1.", &[("literal", 1, "1.")]),
            ("a > 0.1234567890123", &[("literal", 5, "0.1234567890123")]),
            ("100000000000000000000000000.0", &[("literal", 1, "100000000000000000000000000.0")]),
            ("DATE '2026-02-29'", &[("literal", 6, "'2026-02-29'")]),
            ("DATE '2026-9-30'", &[("literal", 6, "'2026-9-30'")]),
            ("DATE '2026-09-30 '", &[("literal", 6, "'2026-09-30 '")]),
            ("TIMESTAMP '2026-09-30 08:00:00'", &[("literal", 11, "'2026-09-30 08:00:00'")]),
            ("TIMESTAMP '2026-09-30'", &[("literal", 11, "'2026-09-30'")]),
            ("TIMESTAMP '2026-09-30 24:00:00Z'", &[("literal", 11, "'2026-09-30 24:00:00Z'")]),
            ("TIMESTAMP '2026-12-31 23:59:60Z'", &[("literal", 11, "'2026-12-31 23:59:60Z'")]),
            ("TIMESTAMP '2026-09-30 08:00:00.1234567Z'", &[("literal", 11, "'2026-09-30 08:00:00.1234567Z'")]),
            // In UTC these lie in the years -1 and 10000.
            ("TIMESTAMP '0000-01-01 00:00:00+08:00'", &[("literal", 11, "'0000-01-01 00:00:00+08:00'")]),
            ("TIMESTAMP '9999-12-31 23:00:00-08:00'", &[("literal", 11, "'9999-12-31 23:00:00-08:00'")]),
            ("INTERVAL '30'", &[("literal", 10, "'30'")]),
            ("INTERVAL '30' WEEK", &[("literal", 15, "WEEK")]),
            ("INTERVAL '1.5' DAY", &[("literal", 10, "'1.5'")]),
            ("INTERVAL '+1' DAY", &[("literal", 10, "'+1'")]),
            ("INTERVAL '999999999999' MONTH", &[("literal", 10, "'999999999999'")]),
            ("INTERVAL '9223372036854775807' DAY", &[("literal", 10, "'9223372036854775807'")]),
        ],
        faults,
    );
}

#[test]
fn several_faults_at_once() {
    told(
        &[
            ("a = AND b = AND c", &[("syntax", 5, "AND"), ("syntax", 13, "AND")]),
            ("LOWER(a, ) = 'x' AND b + = 2", &[("syntax", 10, ")"), ("syntax", 26, "=")]),
            ("a != 1 OR b == 2 OR c IS 3", &[("syntax", 3, "!="), ("syntax", 13, "=="), ("syntax", 26, "3")]),
            (
                "f(1., DATE '2026-13-01', ) AND x y",
                &[("literal", 3, "1."), ("literal", 12, "'2026-13-01'"), ("syntax", 26, ")"), ("syntax", 34, "y")],
            ),
            ("CASE WHEN a = THEN 1 WHEN THEN 2 END", &[("syntax", 15, "THEN"), ("syntax", 27, "THEN")]),
            ("(a = 1 AND (b = 2", &[("syntax", 1, "("), ("syntax", 12, "(")]),
            ("工号 ＝ '1'，部门 = '2'", &[("syntax", 4, "＝"), ("syntax", 9, "，"), ("syntax", 9, "，")]),
            ("[1, , 2] OR IN", &[("syntax", 5, ","), ("syntax", 13, "IN")]),
        ],
        faults,
    );
}

#[test]
fn help_says_what_to_write() {
    let cases = [
        ("a != 1", "写作 `<>`", "write `<>`"),
        ("a == 1", "写作 `=`", "write `=`"),
        ("a ≠ 1", "改用半角 `<>`", "write `<>`"),
        ("a = “x”", "改用半角单引号 `'…'`", "write `'…'`"),
        ("a > 95%", "百分数写成小数：95% 是 `0.95`", "write a percentage as a decimal: 95% is `0.95`"),
        (
            "a < b < c",
            "用括号说明先后，或用 AND 连接两个比较",
            "say with parentheses which comes first, or join two comparisons with AND",
        ),
        ("a IS FALSE", "写 `(NOT x) IS TRUE`", "write `(NOT x) IS TRUE`"),
        ("DATE '2026-02-30'", "写作 `DATE '2026-09-30'`", "write `DATE '2026-09-30'`"),
        (
            "TIMESTAMP '2026-09-30 08:00'",
            "写作 `TIMESTAMP '2026-09-30 08:00:00+08:00'`",
            "write `TIMESTAMP '2026-09-30 08:00:00+08:00'`",
        ),
        (
            "a IN b",
            "`x IN ('a', 'b')`；列表类型的列或参数用 `LIST_CONTAINS(list, x)`",
            "`x IN ('a', 'b')`; for a column or parameter that is a list, `LIST_CONTAINS(list, x)`",
        ),
        (
            "CAST(a AS decimal(10, 2))",
            "去掉括号；位数用 `ROUND(x, n)`",
            "leave the brackets out; for places use `ROUND(x, n)`",
        ),
        ("a = 'x", "文本里的单引号写两遍：`'it''s'`", "write a quote inside a text twice: `'it''s'`"),
    ];
    for (text, zh, en) in cases {
        let found = faults(text);
        let help = found[0].help.as_ref().unwrap_or_else(|| panic!("{text}: no help"));
        assert_eq!((help.zh.as_str(), help.en.as_str()), (zh, en), "{text}");
    }
}

#[test]
fn messages_read_well() {
    let cases = [
        ("a +", "到末尾了，还缺一个值", "a value is missing at the end"),
        ("a = )", "此处应为一个值，而不是 `)`", "expected a value, found `)`"),
        (
            "a IS 5",
            "此处应为 `NULL`、`TRUE` 或 `DISTINCT FROM`，而不是 `5`",
            "expected `NULL`, `TRUE` or `DISTINCT FROM`, found `5`",
        ),
        ("(a", "`(` 没有配对的 `)`", "`(` has no matching `)`"),
        ("a)", "多出一个 `)`", "this `)` closes nothing"),
        ("a b", "`b` 之前缺少运算符", "an operator is missing before `b`"),
        ("CAST(a AS money)", "没有可转换到的类型 `money`", "there is no type `money` to cast to"),
    ];
    for (text, zh, en) in cases {
        let message = &faults(text)[0].message;
        assert_eq!((message.zh.as_str(), message.en.as_str()), (zh, en), "{text}");
    }
}

#[test]
fn the_tree_stands_beside_faults() {
    for text in ["a = AND b", "CAST(a AS money)", "a ＝ 1", "(a", "DATE '2026-02-30' < a"] {
        let (ast, faults) = parse(text);
        assert!(ast.is_some() && !faults.is_empty(), "{text}");
    }
    assert_eq!(parse("").0, None);
    assert_eq!(parse("a ＝ 1").0, parse("a = 1").0, "what was meant is bound, so that its faults are told too");
    assert_eq!(parse("((").1[0].code, &codes::SYNTAX);
}
