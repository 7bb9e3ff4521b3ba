//! Which rows a finding about a group cites (LANGUAGE §2): those that decided it, then its first and last.

use crate::engine::testing::outcome;
use crate::model::CheckResult;

/// Rows 2 to 9 of one item.
const EVENTS: (&str, &str) = (
    "events",
    "item,kind,size,good,on\na,x,1,true,2026-07-01\na,x,5,true,2026-07-02\na,y,9,false,2026-07-20\na,y,,true,2026-07-21\n\
     a,x,5,,2026-07-22\na,z,2,true,2026-07-23\na,z,3,true,2026-07-24\na,z,1,true,2026-07-25\n",
);

/// Row numbers of the first finding; `*` where columns are named.
fn rows(result: &CheckResult) -> String {
    let Some(finding) = result.findings.first() else { return "none".to_owned() };
    let row = |citation: &crate::model::Citation| {
        let star = if citation.columns.is_empty() { "" } else { "*" };
        format!("{}{star}", citation.row.unwrap_or(0))
    };
    finding.citations.iter().map(row).collect::<Vec<_>>().join(" ")
}

#[test]
fn rows_that_decided_come_first() {
    let cases = [
        ("count of all", "n: COUNT(*)", "n > 9", "2 3 4 5 6 9"),
        ("count of some", "n: COUNT(*) FILTER (WHERE kind = 'z')", "n < 3", "7* 8* 9* 2"),
        ("count of values", "n: COUNT(good)", "n < 3", "2* 3* 4* 5* 7* 9"),
        ("nothing counted: the first rows", "n: COUNT(*) FILTER (WHERE kind = 'q')", "n > 0", "2* 3* 4* 5* 6* 9"),
        ("greatest", "m: MAX(size) FILTER (WHERE size IS NOT NULL)", "m < 5", "4* 2 9"),
        ("least, twice", "m: MIN(size) FILTER (WHERE size IS NOT NULL)", "m > 1", "2* 9*"),
        ("a null poisons", "m: MAX(size)", "m > 5", "5* 2 9"),
        ("a null in the filter poisons", "m: MAX(on) FILTER (WHERE good)", "m > $as_of", "6* 2 9"),
        ("any true", "b: ANY(size > 5) FILTER (WHERE size IS NOT NULL)", "NOT b", "4* 2 9"),
        ("any false", "b: ANY(size > 10) FILTER (WHERE size IS NOT NULL)", "b", "2* 3* 4* 6* 7* 9"),
        ("any undecided", "b: ANY(size > 10)", "b", "5* 2 9"),
        ("every false, whatever is null", "b: EVERY(good)", "b", "4* 2 9"),
        ("sum: what adds most", "s: SUM(size) FILTER (WHERE size IS NOT NULL)", "s < 10", "3* 4* 6* 7* 8* 2 9"),
        ("values: the first of each", "n: COUNT(DISTINCT kind)", "n < 3", "2* 4* 7* 9"),
        ("list", "l: LIST(DISTINCT kind)", "NOT LIST_CONTAINS(l, 'z')", "2* 4* 7* 9"),
        ("latest", "k: 'LATEST(kind, on)'", "k <> 'z'", "9* 2"),
        ("gap", "g: MAX_GAP(on)", "g < DAYS(5)", "3* 4* 2 9"),
        ("gap to an edge", "g: 'MAX_GAP(on, $period_start, $as_of)'", "g < DAYS(5)", "9* 2"),
        ("gap within edges", "g: \"MAX_GAP(on, DATE '2026-06-30', DATE '2026-07-22')\"", "g < DAYS(5)", "3* 4* 2 9"),
        ("through a let", "m: MAX(size) FILTER (WHERE size IS NOT NULL), twice: m * 2", "twice < 5", "4* 2 9"),
        (
            "only the operand that fails",
            "m: MAX(size) FILTER (WHERE size IS NOT NULL), n: COUNT(DISTINCT kind)",
            "m < 5 AND n >= 3",
            "4* 2 9",
        ),
        (
            "operands take turns",
            "m: MAX(size) FILTER (WHERE size IS NOT NULL), z: COUNT(*) FILTER (WHERE kind = 'z')",
            "m < 5 AND z < 3",
            "4* 7* 8* 9* 2",
        ),
        ("a key alone", "n: COUNT(*)", "item = 'b'", "2 3 4 5 6 9"),
    ];
    let mut wrong = Vec::new();
    for (name, lets, expect, expected) in cases {
        let check = format!("over: events\ngroup_by: [item]\nlet: {{{lets}}}\nexpect: {expect}");
        for batch in [8_192, 3, 1] {
            let result = outcome(&check, &[EVENTS], batch).results.into_values().next().unwrap();
            let found = rows(&result);
            if found != expected {
                wrong.push((name, batch, found, expected));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_group_without_rows_cites_what_was_searched() {
    let check = "over: events\nwhere: kind = 'q'\ngroup_by: []\nlet: {n: COUNT(*)}\nexpect: n > 0";
    let result = outcome(check, &[EVENTS], 8_192).results.into_values().next().unwrap();
    let finding = &result.findings[0];
    assert_eq!((finding.citations.len(), finding.rows), (0, Some(0)));
    assert_eq!(finding.searched, ["events-0.csv"]);
    assert!(finding.policy.is_some());
}

#[test]
fn partners_of_a_group_cite_the_group() {
    let check = "over: events\ngroup_by: [item]\nlet: {last: MAX(on)}\nhas: {in: items, on: on = last}";
    let result =
        outcome(check, &[EVENTS, ("items", "id,on\nb,2026-01-01\n")], 8_192).results.into_values().next().unwrap();
    assert_eq!(rows(&result), "9* 2");
    assert_eq!(result.findings[0].searched, ["items-1.csv"]);
    assert_eq!(result.findings[0].rows, Some(8));
}
