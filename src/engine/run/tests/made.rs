//! Sources without files: calendars, the catalogue, the evidence index.

use std::sync::Arc;

use super::{ITEMS, PEOPLE, hold};
use crate::engine::testing::{AS_OF, clock, outcome_with, result, shown};
use crate::engine::{Clock, RunOptions};
use crate::expr::WorkingDays;

fn on(check: &str, clock: &Clock) -> crate::model::CheckResult {
    outcome_with(check, &[], 8_192, clock, &RunOptions::default()).results.into_values().next().unwrap()
}

#[test]
fn spans_that_ended_within_the_period_and_by_as_of() {
    // The period is July to September 2026; 15 August is a Saturday.
    let august = Clock { as_of: AS_OF - 46, ..clock() };
    let cases = [
        // calendar, at the period's end, by 15 August: number, first and last
        ("days", (92, "2026-07-01", "2026-09-30"), (46, "2026-07-01", "2026-08-15")),
        ("weeks", (13, "2026-W27", "2026-W39"), (6, "2026-W27", "2026-W32")),
        ("months", (3, "2026-07", "2026-09"), (1, "2026-07", "2026-07")),
        ("quarters", (1, "2026Q3", "2026Q3"), (0, "", "")),
        ("working_days", (66, "2026-07-01", "2026-09-30"), (33, "2026-07-01", "2026-08-14")),
    ];
    for (calendar, whole, half) in cases {
        let check = format!("over: calendar.{calendar}\nexpect: label = ''");
        for (clock, (number, first, last)) in [(clock(), whole), (august.clone(), half)] {
            let found = on(&check, &clock);
            assert_eq!((found.population, found.conforming), (number, 0), "{calendar}");
            let labels: Vec<&str> = found.findings.iter().map(|finding| finding.key[0].1.as_str()).collect();
            let ends = (labels.iter().min().copied().unwrap_or(""), labels.iter().max().copied().unwrap_or(""));
            assert_eq!(ends, (first, last), "{calendar}");
        }
    }
}

#[test]
fn spans_know_their_first_and_last_day() {
    hold(&[
        ("weeks", "over: calendar.weeks\nexpect: 'DAYS_BETWEEN(start_on, end_on) = 6'", &[], "13/13"),
        ("months", "over: calendar.months\nexpect: DAY(start_on) = 1 AND DAY(end_on + DAYS(1)) = 1", &[], "3/3"),
        ("quarters", "over: calendar.quarters\nexpect: start_on = $period_start AND end_on = $period_end", &[], "1/1"),
        ("days", "over: calendar.days\nwhere: label = '2026-08-31'\nexpect: start_on = end_on", &[], "1/1"),
    ]);
}

#[test]
fn a_year_without_published_calendar_is_undecided() {
    let unknown = Clock { working_days: Arc::new(WorkingDays::new(&[2025], &[], &[])), ..clock() };
    let found = on("over: calendar.working_days\nexpect: label <> ''", &unknown);
    assert_eq!((found.population, found.conforming, found.findings_total), (92, 0, 92));
    assert!(found.findings.iter().all(|finding| finding.reason == crate::model::FindingReason::Undecided));
    let first = &found.findings[0];
    assert_eq!(
        (first.text.zh.as_str(), first.text.en.as_str()),
        (
            "2026-07-01：无法判断是否属于检查范围（2026 年的官方放假安排未知）",
            "2026-07-01: cannot tell whether it is in scope (the official calendar of 2026 is not known)"
        )
    );
    assert_eq!(first.key, [("label".to_owned(), "2026-07-01".to_owned())]);
    assert!(first.policy.is_some(), "{first:?}");
    assert!(
        found.notes[0].en.starts_with("the official calendar of 2026 is not known (the pack has 2025)"),
        "{found:?}"
    );
    let left_out = on("over: calendar.working_days\nundecided: exclude\nexpect: label <> ''", &unknown);
    assert_eq!((left_out.population, left_out.excluded_undecided), (0, 92));
    assert_eq!(left_out.notes.len(), 1, "why they were left out");
    // What `where` drops is not there, published or not; what it leaves open stays open.
    let late = "label >= '2026-09-20'";
    let some = on(&format!("over: calendar.working_days\nwhere: {late}\nexpect: label <> ''"), &unknown);
    assert_eq!((some.population, some.conforming, some.findings_total), (11, 0, 11));
    let open =
        on("over: calendar.working_days\nwhere: NULLIF(label, '2026-09-21') >= '2026-09-20'\nexpect: TRUE", &unknown);
    assert_eq!(open.population, 11);
    let counted = on(&format!("over: calendar.working_days\nwhere: {late}\ncount: '<= 11'"), &unknown);
    assert_eq!((counted.population, counted.conforming), (1, 1));
    let partner = |condition: &str| {
        on(&format!("over: calendar.quarters\nhas_no: {{in: calendar.working_days, where: \"{condition}\"}}"), &unknown)
    };
    assert_eq!(shown(&partner("label < ''")), "1/1");
    assert_eq!(shown(&partner(late)), "1/0 2026Q3:Undecided");
    // Official days off and made-up working days: 1 July is a holiday, Saturday 4 July is worked.
    let official = Clock { working_days: Arc::new(WorkingDays::new(&[2026], &[20_635], &[20_638])), ..clock() };
    let found = on("over: calendar.working_days\nwhere: end_on < DATE '2026-07-06'\nexpect: label = ''", &official);
    assert_eq!(shown(&found), "3/0 2026-07-02:NotMet 2026-07-03:NotMet 2026-07-04:NotMet");
}

/// Whatever a row is of that stands in no file, its finding says which it is and where the demand is written.
#[test]
fn an_undecided_row_of_no_file_is_named_and_cites() {
    let unknown = Clock { working_days: Arc::new(WorkingDays::new(&[2025], &[], &[])), ..clock() };
    let doubt = "where: CAST(NULL AS boolean)\nexpect: TRUE";
    for (source, named) in [
        ("{values: [a, b]}", "a: "),
        ("{values: [{kind: v, years: 30}]}", "v 30: "),
        ("calendar.months", "2026-07: "),
        ("calendar.working_days", "2026-07-01: "),
        ("catalog.provisions", "LAW-1: "),
        ("catalog.controls", "T-01: "),
    ] {
        let found = on(&format!("over: {source}\n{doubt}"), &unknown);
        let first = &found.findings[0];
        assert!(first.text.en.starts_with(named), "{source}: {}", first.text.en);
        assert!(first.text.en.contains("cannot tell whether it is in scope"), "{source}");
        assert!(first.citations.is_empty() && first.policy.is_some(), "{source}: {first:?}");
    }
    // A file is cited itself.
    let found = result(&format!("over: evidence.files\n{doubt}"), &[ITEMS]);
    assert_eq!(found.findings[0].citations[0].file, "items-0.csv");
    assert_eq!(found.findings[0].citations[0].row, None);
    let met = result("over: evidence.files\nexpect: rows_read > 3", &[ITEMS]);
    assert!(met.findings.is_empty());
    let found = result("over: evidence.files\ngroup_by: [status]\nlet: {n: COUNT(*)}\nexpect: n > 9", &[ITEMS]);
    assert_eq!(found.findings[0].citations[0].file, "items-0.csv");
    // A blank key, and a number of rows.
    let found =
        on("over: {values: [{a: x}, {a: y}]}\nlet: {k: \"NULLIF(a, 'x')\"}\ngroup_by: [k]\nexpect: TRUE", &unknown);
    assert!(found.findings[0].text.en.contains("a column to group or order by is blank"), "{found:?}");
    assert!(found.findings[0].policy.is_some());
    let found = on("over: {values: [a, b]}\ncount: \"<= 1\"", &unknown);
    assert!(found.findings[0].policy.is_some());
}

/// Three working days between days of a year nobody has published yet.
#[test]
fn working_days_beyond_the_known_years_are_named() {
    let clock = Clock { working_days: Arc::new(WorkingDays::new(&[2026], &[], &[])), ..clock() };
    let values = "over: {values: [{n: a, y: 2026}, {n: b, y: 2027}]}\nas: v\n";
    let cases = [
        (
            "expect: WORKING_DAYS_BETWEEN(DATE(y, 9, 1), DATE '2026-09-03') <= 3",
            "the official calendar of 2027 is not known",
        ),
        (
            "let: {w: 'WORKING_DAYS_BETWEEN(DATE(y, 9, 1), $as_of)'}\nexpect: w < 99",
            "the official calendar of 2027 is not known",
        ),
        ("expect: WORKING_DAYS_AFTER(DATE(y, 9, 1), 3) > $as_of", "the official calendar of 2027 is not known"),
        (
            "where: WORKING_DAYS_AFTER(DATE(y, 9, 1), 3) > $period_start\nexpect: TRUE",
            "the official calendar of 2027 is not known",
        ),
        ("expect: WORKING_DAYS_AFTER(DATE(y, 9, 1), 300) IS NULL", "the official calendar of 2027 is not known"),
    ];
    for (sentence, words) in cases {
        let found = on(&format!("{values}{sentence}"), &clock);
        let last = found.findings.last().unwrap();
        assert!(last.text.en.contains(words), "{sentence}: {}", last.text.en);
        assert_eq!(found.notes, [], "{sentence}: the period itself is known");
    }
    // Where the doubt is another one it is not blamed on the calendar.
    let other = on(&format!("{values}expect: WORKING_DAYS_BETWEEN(DATE(y, 9, 1), CAST(NULL AS date)) <= 3"), &clock);
    assert!(!other.findings[0].text.en.contains("calendar"), "{}", other.findings[0].text.en);
}

#[test]
fn the_catalogue() {
    hold(&[
        ("in force", "over: catalog.provisions\nexpect: in_force", &[], "2/1 LAW-2:NotMet"),
        ("cited", "over: catalog.provisions\nexpect: cited", &[], "2/1 LAW-2:NotMet"),
        (
            "columns of a provision",
            "over: catalog.provisions\nwhere: id = 'LAW-2'\nexpect: law = 'LAW' AND article = '2' AND binding = 'recommended' AND in_force_to = DATE '2021-01-01' AND verification = 'U'",
            &[],
            "1/1",
        ),
        (
            "every article in the register",
            "over: catalog.provisions\nwhere: in_force\nhas: {in: items, on: id}",
            &[ITEMS],
            "1/0 LAW-1:NotMet",
        ),
        (
            "columns of a control",
            "over: catalog.controls\nexpect: id = 'T-01' AND family = 'T' AND severity = 'high' AND title = '一' AND selected AND checks = 1",
            &[],
            "1/1",
        ),
    ]);
    let found = result("over: catalog.provisions\nwhere: in_force\nhas: {in: items, on: id}", &[ITEMS]);
    let finding = &found.findings[0];
    assert!(finding.citations.is_empty() && finding.policy.is_some());
    assert_eq!(finding.searched, ["items-0.csv"]);
}

#[test]
fn the_evidence_index() {
    hold(&[
        ("rows", "over: evidence.files\nexpect: rows_read > 3", &[ITEMS, PEOPLE], "2/1 people-1.csv:NotMet"),
        ("kind", "over: evidence.files\nexpect: kind <> 'people'", &[ITEMS, PEOPLE], "2/1 people-1.csv:NotMet"),
        (
            "cells that cannot be read, whatever is checked besides",
            "over: evidence.files\nexpect: cells_unreadable = 0",
            &[ITEMS, PEOPLE],
            "2/1 items-0.csv:NotMet",
        ),
        (
            "rows of lists too",
            "over: evidence.files\nexpect: cells_unreadable = 1 AND rows_rejected = 1",
            &[("plan", r#"[{"year": 2026, "parts": [{"days": "x"}, "no record"]}]"#)],
            "1/1",
        ),
        (
            "hash and date",
            "over: evidence.files\nexpect: LENGTH(sha256) = 64 AND captured_on <= $as_of",
            &[ITEMS],
            "1/1",
        ),
        (
            "as partner",
            "over: {values: [items, people]}\nhas: {in: evidence.files, on: kind = value}",
            &[ITEMS],
            "2/1 people:NotMet",
        ),
        (
            "grouped",
            "over: evidence.files\ngroup_by: [kind]\nlet: {n: COUNT(*)}\nexpect: n > 1",
            &[ITEMS, ITEMS, PEOPLE],
            "2/1 people:NotMet",
        ),
    ]);
}
