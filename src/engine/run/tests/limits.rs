//! Many findings, and memory.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::engine::RunOptions;
use crate::engine::testing::{clock, outcome, outcome_with};
use crate::model::CheckResult;

fn items(rows: u32) -> String {
    (0..rows).fold("id,n\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "i{row},{}", row % 7);
        text
    })
}

fn with(check: &str, rows: u32, batch: usize, options: &RunOptions) -> CheckResult {
    outcome_with(check, &[("items", &items(rows))], batch, &clock(), options).results.into_values().next().unwrap()
}

#[test]
fn totals_are_exact_and_lists_are_capped() {
    let check = "over: items\nexpect: n > 7";
    let found = with(check, 2_500, 8_192, &RunOptions::default());
    assert_eq!((found.population, found.conforming, found.findings_total), (2_500, 0, 2_500));
    assert_eq!(found.findings.len(), 1_000);
    let row = |at: usize| found.findings[at].citations[0].row;
    assert_eq!((row(0), row(999)), (Some(2), Some(1_001)));
    let prints = found.fingerprints.clone().unwrap();
    assert_eq!(prints.iter().collect::<BTreeSet<_>>().len(), 2_500);
    assert!(found.findings.iter().all(|finding| prints.binary_search(&finding.fingerprint).is_ok()));
    assert_eq!(with(check, 2_500, 100, &RunOptions::default()), found);
}

#[test]
fn fingerprints_are_all_there_or_none() {
    let options = RunOptions { listed: 10, fingerprints: 100, ..RunOptions::default() };
    let kept = with("over: items\nexpect: n > 7", 100, 8_192, &options);
    assert_eq!((kept.findings.len(), kept.fingerprints.map(|all| all.len())), (10, Some(100)));
    let lost = with("over: items\nexpect: n > 7", 101, 8_192, &options);
    assert_eq!((lost.findings_total, lost.findings.len(), lost.fingerprints), (101, 10, None));
}

#[test]
fn null_keys_of_has_no_are_all_counted_and_fingerprinted() {
    let events = (0..1_500).fold("item,size\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, ",{row}");
        text
    });
    let check = "over: items\nhas_no: {in: events, on: item = id}";
    let run = outcome(check, &[("items", "id\na\n"), ("events", &events)], 64);
    let found = run.results.into_values().next().unwrap();
    assert_eq!((found.population, found.conforming, found.findings_total), (1_501, 1, 1_500));
    assert_eq!((found.findings.len(), found.fingerprints.map(|all| all.len())), (1_000, Some(1_500)));
}

#[test]
fn rows_past_the_memory_limit_are_an_error_of_the_check() {
    let little = RunOptions { memory_bytes: 4_096, ..RunOptions::default() };
    let cases = [
        ("rows are streamed", "over: items\nexpect: n >= 0", false),
        ("a whole table is one group", "over: items\ngroup_by: []\nlet: {n_all: COUNT(*)}\nexpect: n_all > 0", false),
        ("rows are ordered", "over: items\norder_by: [n]\nlet: {p: PREVIOUS(n)}\nexpect: p IS NULL OR p <= n", true),
        ("every row is a group", "over: items\ngroup_by: [id]\nlet: {c: COUNT(*)}\nexpect: c = 1", true),
        ("partners are kept", "over: {values: [1]}\nas: v\nhas: {in: items, where: n = v.value}", true),
    ];
    for (name, check, error) in cases {
        for batch in [10, 8_192] {
            let found = with(check, 500, batch, &little);
            assert_eq!(found.error.is_some(), error, "{name}: {:?}", found.error);
            if error {
                assert!(found.error.unwrap().en.starts_with("out of memory: "), "{name}");
                assert_eq!((found.population, found.findings_total), (0, 0), "{name}");
            }
            assert!(with(check, 500, batch, &RunOptions::default()).error.is_none(), "{name}");
        }
    }
}
