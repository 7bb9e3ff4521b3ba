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
    let left_out = on("over: calendar.working_days\nundecided: exclude\nexpect: label <> ''", &unknown);
    assert_eq!((left_out.population, left_out.excluded_undecided), (0, 92));
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
