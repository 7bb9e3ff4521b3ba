use super::super::super::testing::holds;

#[test]
fn like_matches_the_whole_by_code_point() {
    holds(&[
        ("t LIKE 'abc'", "TRUE"),
        ("t LIKE 'b'", "FALSE"),
        ("t LIKE '%b%'", "TRUE"),
        ("t LIKE 'a%'", "TRUE"),
        ("t LIKE '%c'", "TRUE"),
        ("t LIKE 'a_c'", "TRUE"),
        ("t LIKE '__'", "FALSE"),
        ("t LIKE '___'", "TRUE"),
        ("t LIKE '%'", "TRUE"),
        ("t LIKE ''", "FALSE"),
        ("'' LIKE ''", "TRUE"),
        ("'' LIKE '%'", "TRUE"),
        ("'' LIKE '_'", "FALSE"),
        ("t LIKE 'ABC'", "FALSE"),
        ("t NOT LIKE 'x%'", "TRUE"),
        ("'工号' LIKE '__'", "TRUE"),
        ("'工号' LIKE '_'", "FALSE"),
        ("'😀' LIKE '_'", "TRUE"),
        // e and a combining acute: two code points.
        ("'e\u{301}' LIKE '_'", "FALSE"),
        ("'a\nb' LIKE 'a%b'", "TRUE"),
        ("'a\nb' LIKE 'a_b'", "TRUE"),
        // Nothing else is special.
        ("'abc' LIKE 'a.c'", "FALSE"),
        ("'a.c' LIKE 'a.c'", "TRUE"),
        ("'[ab]' LIKE '[ab]'", "TRUE"),
        ("'a' LIKE '[ab]'", "FALSE"),
        ("'a\\b' LIKE 'a\\b'", "TRUE"),
        ("'(+*?^$)' LIKE '(+*?^$)'", "TRUE"),
        ("'100%' LIKE '100%'", "TRUE"),
        ("t_blank LIKE '%'", "NULL"),
        ("t_doubt NOT LIKE '%'", "NULL unreadable"),
    ]);
}

#[test]
fn regular_expressions_match_anywhere_unless_anchored() {
    holds(&[
        ("REGEXP_LIKE(t, 'b')", "TRUE"),
        ("REGEXP_LIKE(t, '^b')", "FALSE"),
        ("REGEXP_LIKE(t, '^[a-c]{3}$')", "TRUE"),
        ("REGEXP_LIKE('备份完成', '完成$')", "TRUE"),
        ("REGEXP_LIKE('ABC', '(?i)abc')", "TRUE"),
        ("REGEXP_LIKE('', '^$')", "TRUE"),
        ("REGEXP_LIKE(t_blank, 'b')", "NULL"),
        ("REGEXP_LIKE(t_lost, 'b')", "NULL no-partner"),
    ]);
}

#[test]
fn texts_are_compared_by_code_point() {
    holds(&[
        ("'Z' < 'a'", "TRUE"),
        ("'a' < 'aa'", "TRUE"),
        ("'10' < '9'", "TRUE"),
        ("'￥' < '😀'", "TRUE"),
        ("'é' = 'e\u{301}'", "FALSE"),
        ("'a' = 'a '", "FALSE"),
        ("'' = ''", "TRUE"),
        ("t = 'abc'", "TRUE"),
        ("工号 <> 'e1'", "TRUE"),
    ]);
}

#[test]
fn functions() {
    holds(&[
        ("LOWER('ABÉ工')", "'abÉ工'"),
        ("UPPER('abé工')", "'ABé工'"),
        ("TRIM('\u{3000}\u{a0} a b\t\r\n')", "'a b'"),
        ("TRIM('\u{2003}a')", "'\u{2003}a'"),
        ("LENGTH('')", "0"),
        ("LENGTH('工号😀')", "3"),
        ("LENGTH('e\u{301}')", "2"),
        ("SUBSTR('工号1', 2, 1)", "'号'"),
        ("SUBSTR('abc', 2)", "'bc'"),
        ("SUBSTR('abc', 4)", "''"),
        ("SUBSTR('abc', 99, 3)", "''"),
        ("SUBSTR('abc', 2, 100)", "'bc'"),
        ("SUBSTR('abc', 2, 0)", "''"),
        ("SUBSTR('abc', 0)", "NULL undecided"),
        ("SUBSTR('abc', -1)", "NULL undecided"),
        ("SUBSTR('abc', 2, -1)", "NULL undecided"),
        ("SUBSTR(t, i_blank)", "NULL"),
        ("SUBSTR(t, -9223372036854775807 - 1)", "NULL undecided"),
        ("REPLACE('a-b-c', '-', '')", "'abc'"),
        ("REPLACE('aaa', 'aa', 'b')", "'ba'"),
        ("REPLACE('abc', '', 'x')", "'abc'"),
        ("REPLACE(t, t_blank, '')", "NULL"),
        ("STARTS_WITH(t, 'ab')", "TRUE"),
        ("STARTS_WITH(t, '')", "TRUE"),
        ("STARTS_WITH(t, 'abcd')", "FALSE"),
        ("ENDS_WITH(t, 'bc')", "TRUE"),
        ("ENDS_WITH('备份', '份')", "TRUE"),
        ("CONTAINS(t, 'b')", "TRUE"),
        ("CONTAINS(t, 'B')", "FALSE"),
        ("CONTAINS(t_doubt, 'B')", "NULL unreadable"),
        ("t || '-' || 工号", "'abc-E1'"),
        ("t || t_blank", "NULL"),
        ("t || t_lost", "NULL no-partner"),
    ]);
}

#[test]
fn a_text_does_not_grow_without_end() {
    // Each REPLACE makes a hundred of every character: 100⁴ of them are past the limit.
    let hundred = "a".repeat(100);
    let grown = (0..4).fold("'a'".to_owned(), |text, _| format!("REPLACE({text}, 'a', '{hundred}')"));
    let thrice = (0..3).fold("'a'".to_owned(), |text, _| format!("REPLACE({text}, 'a', '{hundred}')"));
    let doubled = format!("LENGTH({thrice} || {thrice})");
    holds(&[(&grown, "NULL undecided"), (&doubled, "2000000")]);
}
