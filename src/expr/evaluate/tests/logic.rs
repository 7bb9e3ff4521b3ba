use super::super::super::testing::{context, holds, value_in};

const OPERANDS: [&str; 5] = ["b", "no", "b_blank", "b_doubt", "b_lost"];

/// Compares an operator with its truth table: T, F, a null N, and the doubts U(nreadable), P (no partner) or both.
fn truth(operator: &str, table: [&str; 5]) {
    let context = context(chrono_tz::UTC);
    for (left, row) in OPERANDS.iter().zip(table) {
        for (right, expected) in OPERANDS.iter().zip(row.split_whitespace()) {
            let expected = match expected {
                "T" => "TRUE",
                "F" => "FALSE",
                "N" => "NULL",
                "U" => "NULL unreadable",
                "P" => "NULL no-partner",
                _ => "NULL unreadable+no-partner",
            };
            assert_eq!(
                value_in(&context, &format!("{left} {operator} {right}")),
                expected,
                "{left} {operator} {right}"
            );
        }
    }
}

#[test]
fn and() {
    truth(
        "AND",
        [
            "T F N U  P",
            "F F F F  F", // FALSE AND doubt is FALSE, and no doubt
            "N F N U  P",
            "U F U U  UP",
            "P F P UP P",
        ],
    );
}

#[test]
fn or() {
    truth(
        "OR",
        [
            "T T T  T  T", // TRUE OR doubt is TRUE
            "T F N  U  P",
            "T N N  U  P",
            "T U U  U  UP",
            "T P P  UP P",
        ],
    );
}

#[test]
fn equal() {
    truth("=", ["T F N U P", "F T N U P", "N N N U P", "U U U U UP", "P P P UP P"]);
}

#[test]
fn distinct() {
    truth("IS DISTINCT FROM", ["F T T U P", "T F T U P", "T T F U P", "U U U U UP", "P P P UP P"]);
}

#[test]
fn not_and_looking_at_nulls() {
    holds(&[
        ("NOT b", "FALSE"),
        ("NOT no", "TRUE"),
        ("NOT b_blank", "NULL"),
        ("NOT b_doubt", "NULL unreadable"),
        ("b IS TRUE", "TRUE"),
        ("no IS TRUE", "FALSE"),
        ("b_blank IS TRUE", "FALSE"),
        ("b_blank IS NOT TRUE", "TRUE"),
        ("b_doubt IS TRUE", "NULL unreadable"),
        ("b_doubt IS NOT TRUE", "NULL unreadable"),
        ("(NOT b_blank) IS TRUE", "FALSE"),
        ("i IS NULL", "FALSE"),
        ("i IS NOT NULL", "TRUE"),
        ("i_blank IS NULL", "TRUE"),
        ("i_blank IS NOT NULL", "FALSE"),
        ("i_doubt IS NULL", "NULL unreadable"),
        ("i_doubt IS NOT NULL", "NULL unreadable"),
        ("i_lost IS NULL", "NULL no-partner"),
        ("tags_doubt IS NULL", "NULL unreadable"),
        ("tags_blank IS NULL", "TRUE"),
        ("NULL IS NULL", "TRUE"),
        ("nothing IS NULL", "TRUE"),
        ("nothing IS NOT NULL OR b", "TRUE"),
        ("COALESCE(nothing, i)", "5"),
        ("i + nothing", "NULL"),
        ("$none IS NULL", "TRUE"),
        // A doubt made on the way is one too.
        ("(1 / 0) IS NULL", "NULL undecided"),
        ("(i_doubt + 1) IS NULL", "NULL unreadable"),
        ("(i_blank + 1) IS NULL", "TRUE"),
        ("CAST(i_doubt AS decimal) IS NULL", "NULL unreadable"),
        ("(i_doubt / 0) IS NULL", "NULL unreadable"),
        ("i_doubt + i_lost", "NULL unreadable+no-partner"),
        ("i_doubt + (9223372036854775807 + 1)", "NULL unreadable+undecided"),
        ("1.5 IS DISTINCT FROM rate_blank", "TRUE"),
        ("i IS DISTINCT FROM 5.0", "FALSE"),
        ("t IS NOT DISTINCT FROM 'abc'", "TRUE"),
        ("t_blank IS NOT DISTINCT FROM NULL", "TRUE"),
        ("t_doubt IS DISTINCT FROM NULL", "NULL unreadable"),
    ]);
}

#[test]
fn coalesce_and_nullif() {
    holds(&[
        ("COALESCE(i, 7)", "5"),
        ("COALESCE(i_blank, 7)", "7"),
        ("COALESCE(i_blank, i_blank)", "NULL"),
        ("COALESCE(i_blank, NULL, rate)", "0.5"),
        // A doubt may have been a value.
        ("COALESCE(i_doubt, 7)", "NULL unreadable"),
        ("COALESCE(i_blank, i_lost, 7)", "NULL no-partner"),
        ("COALESCE(i, i_doubt)", "5"),
        ("COALESCE(1 / 0, 7)", "NULL undecided"),
        ("COALESCE(tags_blank, ['x'])", "['x']"),
        ("COALESCE(t_blank, '无')", "'无'"),
        ("NULLIF(i, 5)", "NULL"),
        ("NULLIF(i, 6)", "5"),
        ("NULLIF(i, i_blank)", "5"),
        ("NULLIF(i_blank, 5)", "NULL"),
        ("NULLIF(i, i_doubt)", "NULL unreadable"),
        ("NULLIF(i_doubt, 5)", "NULL unreadable"),
        ("NULLIF(i, 5.0)", "NULL"),
    ]);
}

#[test]
fn in_and_between() {
    holds(&[
        ("i IN (4, 5)", "TRUE"),
        ("i IN (4, 6)", "FALSE"),
        ("i NOT IN (4, 6)", "TRUE"),
        ("i IN (5.0)", "TRUE"),
        ("i IN (5, i_blank)", "TRUE"),
        ("i IN (6, i_blank)", "NULL"),
        ("i NOT IN (6, i_blank)", "NULL"),
        ("i NOT IN (5, i_blank)", "FALSE"),
        ("i IN (5, i_doubt)", "TRUE"),
        ("i IN (6, i_doubt)", "NULL unreadable"),
        ("i NOT IN (6, i_doubt)", "NULL unreadable"),
        ("i IN (6, i_blank, i_doubt, i_lost)", "NULL unreadable+no-partner"),
        ("i_blank IN (5)", "NULL"),
        ("i_doubt NOT IN (5)", "NULL unreadable"),
        ("5 IN (i, 6)", "TRUE"),
        ("'x' IN ('x', 'y')", "TRUE"),
        ("state IN ('open', 'closed')", "TRUE"),
        ("i BETWEEN 5 AND 5", "TRUE"),
        ("i BETWEEN 6 AND 4", "FALSE"),
        ("i BETWEEN 4.5 AND 5.5", "TRUE"),
        ("i NOT BETWEEN 1 AND 4", "TRUE"),
        ("i BETWEEN 1 AND i_blank", "NULL"),
        ("i BETWEEN 6 AND i_blank", "FALSE"),
        ("i BETWEEN i_blank AND 4", "FALSE"),
        ("i BETWEEN i_blank AND 6", "NULL"),
        ("i BETWEEN 1 AND i_doubt", "NULL unreadable"),
        ("i NOT BETWEEN 6 AND i_doubt", "TRUE"),
        ("i BETWEEN i_doubt AND i_lost", "NULL unreadable+no-partner"),
        ("i_blank BETWEEN 1 AND 9", "NULL"),
        ("d BETWEEN DATE '2026-09-30' AND d", "TRUE"),
        ("'b' BETWEEN 'a' AND 'c'", "TRUE"),
    ]);
}

#[test]
fn a_case_is_null_where_a_condition_is() {
    holds(&[
        ("CASE WHEN b THEN 1 ELSE 2 END", "1"),
        ("CASE WHEN no THEN 1 ELSE 2 END", "2"),
        ("CASE WHEN no THEN 1 END", "NULL"),
        ("CASE WHEN b_blank THEN 1 ELSE 2 END", "NULL"),
        ("CASE WHEN b_doubt THEN 1 ELSE 2 END", "NULL unreadable"),
        ("CASE WHEN no THEN 1 WHEN b_blank THEN 2 ELSE 3 END", "NULL"),
        ("CASE WHEN no THEN 1 WHEN b_lost THEN 2 WHEN b THEN 3 END", "NULL no-partner"),
        // What comes after the decision has no say.
        ("CASE WHEN b THEN 1 WHEN b_doubt THEN 2 END", "1"),
        ("CASE WHEN no THEN i_doubt WHEN b THEN 2 END", "2"),
        ("CASE WHEN no THEN 1 / 0 ELSE 2 END", "2.0"),
        ("CASE WHEN b THEN i_blank ELSE 2 END", "NULL"),
        ("CASE WHEN b THEN i_doubt ELSE 2 END", "NULL unreadable"),
        ("CASE WHEN no THEN 1 ELSE 1 / 0 END", "NULL undecided"),
        ("CASE i WHEN 4 THEN 'four' WHEN 5 THEN 'five' END", "'five'"),
        ("CASE i WHEN 4 THEN 'four' ELSE 'other' END", "'other'"),
        ("CASE i_blank WHEN 4 THEN 'four' ELSE 'other' END", "NULL"),
        ("CASE i WHEN i_doubt THEN 'same' ELSE 'other' END", "NULL unreadable"),
        ("CASE WHEN b THEN 1 ELSE 0.5 END", "1.0"),
        ("CASE WHEN i > 4 THEN tags ELSE [] END", "['a', 'b']"),
        ("CASE WHEN b THEN days ELSE hours END", "INTERVAL '2880' MINUTE"),
        ("CASE WHEN b THEN INTERVAL '2' DAY ELSE hours END", "INTERVAL '2880' MINUTE"),
        ("COALESCE(hours_blank, DAYS(1))", "INTERVAL '1440' MINUTE"),
        (
            "[hours, INTERVAL '1' DAY, DAYS(2)]",
            "[INTERVAL '60' MINUTE, INTERVAL '1440' MINUTE, INTERVAL '2880' MINUTE]",
        ),
        ("[INTERVAL '1' DAY, INTERVAL '1' HOUR]", "[INTERVAL '1440' MINUTE, INTERVAL '60' MINUTE]"),
        ("CASE WHEN TRUE THEN 'x' END", "'x'"),
    ]);
}

#[test]
fn lists() {
    holds(&[
        ("CARDINALITY(tags)", "2"),
        ("CARDINALITY([])", "0"),
        ("CARDINALITY(tags_blank)", "NULL"),
        ("CARDINALITY(tags_doubt)", "NULL unreadable"),
        ("[i, 7]", "[5, 7]"),
        ("[i, 0.5]", "[5.0, 0.5]"),
        ("[i, i_blank]", "NULL"),
        ("[i, i_doubt]", "NULL unreadable"),
        ("LIST_CONTAINS(tags, 'b')", "TRUE"),
        ("LIST_CONTAINS(tags, t)", "FALSE"),
        ("LIST_CONTAINS(tags, t_blank)", "NULL"),
        ("LIST_CONTAINS(tags_blank, 'a')", "NULL"),
        ("LIST_CONTAINS(tags_doubt, 'a')", "NULL unreadable"),
        ("LIST_CONTAINS([], 'a')", "FALSE"),
        ("LIST_CONTAINS([1, 2.5], i)", "FALSE"),
        ("LIST_CONTAINS([d], DATE '2026-09-30')", "TRUE"),
        ("LIST_CONTAINS_ALL(tags, ['b', 'b'])", "TRUE"),
        ("LIST_CONTAINS_ALL(tags, $topics)", "FALSE"),
        ("LIST_CONTAINS_ALL(tags, [])", "TRUE"),
        ("LIST_CONTAINS_ALL([], tags)", "FALSE"),
        ("LIST_CONTAINS_ANY(tags, $topics)", "TRUE"),
        ("LIST_CONTAINS_ANY(tags, [])", "FALSE"),
        ("LIST_CONTAINS_ANY(tags, tags_blank)", "NULL"),
        ("LIST_MINUS($topics, tags)", "['c']"),
        ("LIST_MINUS(tags, $topics)", "['b']"),
        ("LIST_MINUS(tags, tags)", "[]"),
        ("LIST_MINUS(['a', 'a', 'x'], tags)", "['x']"),
        ("LIST_MINUS(tags, $empty)", "['a', 'b']"),
        ("LIST_MINUS(tags, tags_lost)", "NULL no-partner"),
        ("CARDINALITY(LIST_MINUS($topics, tags)) = 1", "TRUE"),
    ]);
}
