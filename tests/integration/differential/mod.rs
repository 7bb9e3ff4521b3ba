//! Two executors, one sentence: random checks over random evidence, run by the Arrow engine and, printed as SQL, by
//! SQLite. Same population, same conforming rows, same findings, same undecided rows left out.
//!
//! `HEGUI_DIFFERENTIAL_CASES` says how many cases (1,000 unless given), `HEGUI_DIFFERENTIAL_SEED` the first seed. A
//! mismatch is cut down as far as it goes and printed with its seed. The run also counts what of the language the cases
//! used, and fails when something was never generated.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::similar_names,
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "a case that fails is printed; numbers here are small"
)]

mod check;
mod evidence;
mod examples;
mod expression;
mod node;
mod printed;
pub(crate) mod random;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hegui::engine::sql::{OwnFunctions, Statement, statement};
use hegui::engine::{Clock, Planned, RunOptions, RunOutcome, plan_all, run};
use hegui::evidence::{Index, Limits, MemoryFile, MemoryOptions};
use hegui::expr::sql::Dialect;
use hegui::expr::{Type, WorkingDays};
use hegui::model::{KindId, Manifest};
use hegui::policy::{PackFiles, ProfileChoice, load};
use hegui::text::Lang;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

use check::CheckOf;
use evidence::KindOf;
use random::Random;

/// 2026-09-30.
const AS_OF: i32 = 20_726;

const PACK: &str = "
schema: hegui/pack/v1
name: test
version: 0.1.0
title: {zh: 测试, en: Test}
families: {T: {zh: 测试, en: Test}}
facts: {}
sources:
  - {id: S, what: x, kind: memory, version: x}
";

const LAW: &str = "
schema: hegui/provisions/v1
law: {id: LAW, title: {zh: 法, en: Law}, level: law, issuer: 测试, in_force_from: 2020-01-01}
provisions:
  - {id: LAW-1, article: '1', binding: mandatory, summary: {zh: 一, en: One}, verification: {level: U, sources: [S]}}
  - {id: LAW-2, article: '2', binding: recommended, in_force_to: 2021-01-01, summary: {zh: 二, en: Two}, verification: {level: U, sources: [S]}}
";

/// One case.
#[derive(Clone)]
struct Case {
    kinds: Vec<KindOf>,
    check: CheckOf,
}

/// What both executors say of a check.
#[derive(Debug, PartialEq)]
struct Answer {
    population: usize,
    conforming: usize,
    excluded: usize,
    /// Keys of the findings, sorted.
    findings: Vec<String>,
}

enum Outcome {
    Same(Answer),
    /// The check does not plan: why.
    Refused(String),
    /// SQLite expands a stage wherever it is named, and gives up past a thousand tables.
    TooDeep,
    Differs(String),
}

fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let mut kinds = vec![evidence::kind(&mut random, "first", false), evidence::kind(&mut random, "second", true)];
    if random.percent(30) {
        kinds.push(evidence::kind(&mut random, "third", false));
    }
    let check = check::check(&mut random, &kinds);
    Case { kinds, check }
}

fn clock() -> Clock {
    Clock {
        as_of: AS_OF,
        zone: chrono_tz::Asia::Shanghai,
        // 2025-12-20 to 2026-09-30: it begins in a year without a published calendar.
        period: (20_442, AS_OF),
        working_days: Arc::new(WorkingDays::new(&[2024, 2026], &[20_454, 20_726], &[20_733])),
    }
}

fn planned(case: &Case) -> Result<(Planned, hegui::policy::Loaded), String> {
    let body: String = case.check.yaml().lines().map(|line| format!("    {line}\n")).collect();
    let finding = if body.contains("    count: ") { "" } else { "    finding: {zh: 错, en: wrong}\n" };
    let control = format!(
        "schema: hegui/control/v1\nid: T-01\ntitle: {{zh: 一, en: One}}\nobjective: {{zh: 一, en: One}}\nseverity: high\n\
         provisions: [LAW-1]\nremedy: {{zh: 改, en: Fix}}\nparams:\n  least: {{type: integer, default: 2, source: practice}}\n  \
         words: {{type: list<text>, default: [a, b, 中], source: practice}}\n  \
         age: {{type: duration, default: 7 days, source: practice}}\n  \
         half: {{type: duration, default: 6 months, source: practice}}\nchecks:\n  - id: T-01.1\n    \
         title: {{zh: 检查, en: check}}\n{body}{finding}"
    );
    let mut files: Vec<(String, String)> =
        case.kinds.iter().map(|kind| (format!("evidence/{}.yaml", kind.id), kind.yaml())).collect();
    files.push(("pack.yaml".into(), PACK.into()));
    files.push(("provisions/LAW.yaml".into(), LAW.into()));
    files.push(("controls/T/T-01.yaml".into(), control));
    let files = PackFiles::from_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let loaded = load(files, Vec::new(), &ProfileChoice::default(), false);
    let planned = plan_all(&loaded.pack, &BTreeMap::new(), &clock());
    let faults: Vec<String> = loaded
        .diagnostics
        .iter()
        .chain(&planned.diagnostics)
        .filter(|fault| fault.code.level == hegui::text::Level::Error)
        .map(|fault| format!("{} {}", fault.code.id, fault.message.get(Lang::En)))
        .collect();
    if faults.is_empty() && planned.plans.len() == 1 { Ok((planned, loaded)) } else { Err(faults.join("; ")) }
}

fn index(case: &Case, pack: &hegui::policy::Pack) -> Index {
    let kinds: Vec<_> = pack.kinds.values().map(|kind| Arc::new(kind.clone())).collect();
    let files = case
        .kinds
        .iter()
        .flat_map(|kind| {
            kind.files.iter().enumerate().map(|(number, rows)| MemoryFile {
                path: format!("{}-{number}.json", kind.id),
                kind: Some(KindId::new(kind.id.as_str())),
                bytes: serde_json::Value::Array(rows.clone()).to_string().into_bytes(),
            })
        })
        .collect();
    let options = MemoryOptions {
        as_of: AS_OF,
        zone: chrono_tz::Asia::Shanghai,
        manifest: Manifest::default(),
        captured_on: Some(AS_OF),
        columns_may_be_absent: true,
        limits: Limits::default(),
    };
    Index::from_memory(kinds, files, options)
}

fn engine(outcome: &RunOutcome, planned: &Planned) -> Answer {
    let result = outcome.results.values().next().unwrap();
    assert!(result.error.is_none(), "{:?}", result.error);
    let named = planned.plans[0].row_key.named.len();
    let mut findings: Vec<String> = result
        .findings
        .iter()
        .map(|finding| {
            let mut key = finding.key.clone();
            if key.iter().any(|(name, _)| name.starts_with("partner")) {
                return "partner".to_owned();
            }
            // A part of the key is null, so that a hash of the whole row stands in, which no statement computes.
            let null = finding.key.iter().take(named).any(|(_, text)| text.is_empty());
            if let Some((_, hash)) = key.iter_mut().find(|(name, _)| name == "row").filter(|_| null) {
                "*".clone_into(hash);
            }
            shown(&key)
        })
        .collect();
    assert_eq!(findings.len() as u64, result.findings_total);
    findings.sort();
    Answer {
        population: usize::try_from(result.population).unwrap(),
        conforming: usize::try_from(result.conforming).unwrap(),
        excluded: usize::try_from(result.excluded_undecided).unwrap(),
        findings,
    }
}

fn shown(key: &[(String, String)]) -> String {
    key.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(" ")
}

/// The answer of SQLite in the same words.
fn second(statement: &Statement, planned: &Planned, rows: &[sqlite::Row]) -> Answer {
    let plan = &planned.plans[0];
    let mut answer = Answer { population: 0, conforming: 0, excluded: 0, findings: Vec::new() };
    for row in rows {
        match row.conforming {
            None => {
                assert!(row.undecided);
                answer.excluded += 1;
                continue;
            }
            Some(true) => answer.conforming += 1,
            Some(false) => {}
        }
        answer.population += 1;
        if row.conforming == Some(true) {
            continue;
        }
        let parts = |group: bool, zone: chrono_tz::Tz| -> Vec<(String, Option<String>)> {
            let keys = statement.keys.iter().zip(&row.keys).filter(|(key, _)| key.group == group);
            keys.map(|(key, value)| (key.name.clone(), text_of(value, &key.ty, zone))).collect()
        };
        let plain = |group: bool| -> Vec<(String, String)> {
            let parts = parts(group, planned.clock.zone).into_iter();
            parts.map(|(name, text)| (name, text.unwrap_or_default())).collect()
        };
        // The key as it is shown, and a hash for what has none: in UTC, whatever is shown.
        let row_key = || -> Vec<(String, String)> {
            let count = plan.row_key.named.len();
            let (mut named, mut hashed) = (parts(false, planned.clock.zone), parts(false, chrono_tz::UTC));
            named.truncate(count);
            hashed.drain(..count);
            let null = named.iter().any(|(_, text)| text.is_none()) && !plan.row_key.whole.is_empty();
            let row = match (null, hashed.is_empty()) {
                (true, _) => Some("*".to_owned()),
                (false, false) => Some(hash(&hashed)),
                (false, true) => None,
            };
            let named = named.into_iter().map(|(name, text)| (name, text.unwrap_or_default()));
            named.chain(row.map(|row| ("row".to_owned(), row))).collect()
        };
        answer.findings.push(match row.about.as_str() {
            "row" => shown(&row_key()),
            "group" => shown(&plain(true)),
            "table" => match &plan.demand {
                hegui::engine::plan::Demand::Count { at_least, bound } => {
                    format!("count={} {bound}", if *at_least { ">=" } else { "<=" })
                }
                _ => unreachable!(),
            },
            about => about.to_owned(),
        });
    }
    answer.findings.sort();
    answer
}

/// The text of a value that keys are made of, worked out apart from the code under test: times in UTC where they are
/// hashed, in the assessment's zone where they are shown.
fn text_of(value: &Value, ty: &Type, zone: chrono_tz::Tz) -> Option<String> {
    Some(match (value, ty) {
        (Value::Null, _) => return None,
        (Value::Integer(value), Type::Boolean) => (*value != 0).to_string(),
        (Value::Integer(value), Type::Timestamp) => {
            let at = chrono::DateTime::from_timestamp_micros(*value).unwrap();
            let form = if value % 1_000_000 == 0 { chrono::SecondsFormat::Secs } else { chrono::SecondsFormat::Micros };
            at.with_timezone(&zone).to_rfc3339_opts(form, true)
        }
        (Value::Integer(value), Type::Duration(hegui::expr::DurationUnit::Months)) => format!("{value} months"),
        (Value::Integer(value), Type::Duration(_)) => {
            let units = [(86_400_000_000_i64, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s")];
            let unit = units.iter().find(|(unit, _)| value % unit == 0);
            unit.map_or_else(|| format!("{value} us"), |(unit, name)| format!("{} {name}", value / unit))
        }
        (Value::Integer(value), _) => value.to_string(),
        (Value::Text(text), Type::Decimal) => sqlite::plain(&text.parse().unwrap()),
        (Value::Text(text), Type::List(item)) => {
            let items: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
            let texts: Vec<String> = items
                .iter()
                .map(|one| match one {
                    serde_json::Value::String(text) if **item == Type::Text => {
                        serde_json::Value::from(text.as_str()).to_string()
                    }
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                })
                .collect();
            format!("[{}]", texts.join(","))
        }
        (Value::Text(text), _) => text.clone(),
        (other, ty) => panic!("{other:?} as {ty:?}"),
    })
}

/// The key of a row that has none: a hash of its columns.
fn hash(parts: &[(String, Option<String>)]) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    add("row");
    for (name, text) in parts {
        add(name);
        add(text.as_deref().unwrap_or("\u{0}null"));
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn compare(case: &Case) -> Outcome {
    let (planned, loaded) = match planned(case) {
        Ok(planned) => planned,
        Err(why) => return Outcome::Refused(why),
    };
    let index = index(case, &loaded.pack);
    let run = run(&planned, &index, &RunOptions::default());
    let first = engine(&run, &planned);
    // Called, functions that SQLite lacks are those of this test; beside the evidence they are the engine's own values,
    // and what is tested is that the statement finds them.
    for own in [OwnFunctions::Called, OwnFunctions::Beside] {
        let statement = statement(&planned.plans[0], &planned.clock.context(), Dialect::Sqlite, own);
        let rows = match sqlite::answer(&statement, &planned, &index, &run) {
            Ok(rows) => rows,
            Err(fault) if fault.to_string().contains("subqueries nested too deep") => return Outcome::TooDeep,
            Err(fault) => return Outcome::Differs(format!("SQLite, {own:?}: {fault}\n{}", statement.sql)),
        };
        let second = second(&statement, &planned, &rows);
        if first != second {
            return Outcome::Differs(format!("engine: {first:#?}\nSQLite, {own:?}: {second:#?}\n{}", statement.sql));
        }
        if statement.own_functions.is_empty() {
            break;
        }
    }
    Outcome::Same(first)
}

/// Cuts a failing case down as long as it fails.
fn smallest(mut case: Case) -> (Case, String) {
    let mut why = String::new();
    let mut tries = 0;
    'again: loop {
        let mut candidates = Vec::new();
        for (kind, of) in case.kinds.iter().enumerate() {
            for (file, rows) in of.files.iter().enumerate() {
                if !rows.is_empty() {
                    let mut copy = case.clone();
                    copy.kinds[kind].files[file].clear();
                    candidates.push(copy);
                }
                for row in 0..rows.len() {
                    let mut copy = case.clone();
                    copy.kinds[kind].files[file].remove(row);
                    candidates.push(copy);
                }
            }
        }
        candidates.extend(case.check.simpler().into_iter().map(|check| Case { check, ..case.clone() }));
        for candidate in candidates {
            tries += 1;
            if tries > 600 {
                break 'again;
            }
            if let Outcome::Differs(found) = compare(&candidate) {
                case = candidate;
                why = found;
                continue 'again;
            }
        }
        break;
    }
    (case, why)
}

fn report(seed: u64, case: Case, first_why: &str) -> String {
    let (case, why) = smallest(case);
    let why = if why.is_empty() { first_why.to_owned() } else { why };
    let evidence: Vec<String> = case
        .kinds
        .iter()
        .flat_map(|kind| kind.files.iter().map(move |rows| (kind, rows)))
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(kind, rows)| {
            let rows: Vec<String> = rows.iter().map(|row| format!("    {row}")).collect();
            format!("  {} (key {:?}):\n{}", kind.id, kind.key, rows.join("\n"))
        })
        .collect();
    let why = why.split("\n-- T-01.1").next().unwrap_or_default().to_owned() + &sql_of(&why);
    format!("seed {seed}\n{}\n{}\n{why}\n", case.check.yaml(), evidence.join("\n"))
}

/// The statement, once.
fn sql_of(why: &str) -> String {
    why.rfind("-- T-01.1").map_or_else(String::new, |at| format!("\n{}", &why[at..]))
}

fn wanted() -> BTreeSet<&'static str> {
    let mut wanted: BTreeSet<&'static str> = [
        "over",
        "where",
        "order_by",
        "group_by",
        "group_by: []",
        "let",
        "expect",
        "has",
        "has_no",
        "count >=",
        "count <=",
        "at_least",
        "undecided: exclude",
        "join",
        "join let",
        "partner where",
        "partner join",
        "partner join: on alias.column",
        "partner join: where alias.column",
        "partner join: let alias.column",
        "partner join of a partner join: alias.column",
        "on",
        "no on",
        "alias.column",
        "kind",
        "list",
        "list of list",
        "list of scalars",
        "scalar in a keyed row",
        "record in a keyed row",
        "scalar in a row without key",
        "record in a row without key",
        "values",
        "values: $",
        "values: {}",
        "calendar.days",
        "calendar.weeks",
        "calendar.months",
        "calendar.quarters",
        "calendar.working_days",
        "catalog.provisions",
        "catalog.controls",
        "evidence.files",
        "PREVIOUS(x)",
        "PREVIOUS(x, first)",
        "COUNT(*)",
        "COUNT(x)",
        "COUNT(DISTINCT x)",
        "MAX_GAP(t, from, to)",
        "edges of a group",
        "edges of a join",
        "working days and where",
        "partner working days and where",
        "[]",
        "$",
    ]
    .into();
    let split = ["PREVIOUS", "COUNT"];
    wanted.extend(
        hegui::expr::functions::TABLE.iter().map(|function| function.name).filter(|name| !split.contains(name)),
    );
    wanted
}

#[test]
fn engine_and_sqlite_agree() {
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (cases, first) = (number("HEGUI_DIFFERENTIAL_CASES", 1_000), number("HEGUI_DIFFERENTIAL_SEED", 1));
    let mut used: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let (mut done, mut seed, mut agree, mut reports) = (0, first, 0, Vec::new());
    let (mut populated, mut conforming, mut failing, mut mixed, mut too_deep) = (0, 0, 0, 0, 0);
    while done < cases {
        let case = case(seed);
        match compare(&case) {
            Outcome::Same(answer) => {
                done += 1;
                agree += 1;
                populated += u64::from(answer.population > 0);
                conforming += u64::from(answer.conforming > 0);
                failing += u64::from(!answer.findings.is_empty());
                mixed += u64::from(answer.conforming > 0 && !answer.findings.is_empty());
                for tag in case.check.tags() {
                    *used.entry(tag).or_default() += 1;
                }
            }
            Outcome::Refused(why) => *refused.entry(why).or_default() += 1,
            Outcome::TooDeep => too_deep += 1,
            Outcome::Differs(why) => {
                done += 1;
                reports.push(report(seed, case, &why));
                if reports.len() >= usize::try_from(number("HEGUI_DIFFERENTIAL_REPORTS", 3)).unwrap() {
                    break;
                }
            }
        }
        seed += 1;
    }
    println!(
        "seeds {first} to {}: {done} cases, {agree} agree, {} refused, {too_deep} too deep for SQLite; with a population \
         {populated}, with conforming rows {conforming}, with findings {failing}, with both {mixed}",
        seed - 1,
        refused.values().sum::<usize>()
    );
    let mut why: Vec<_> = refused.iter().collect();
    why.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (why, count) in why.iter().take(12) {
        println!("  refused {count}: {why}");
    }
    let rare: Vec<_> = wanted()
        .into_iter()
        .map(|tag| (tag, used.get(tag).copied().unwrap_or(0)))
        .filter(|(_, count)| *count < 5)
        .collect();
    println!("used fewer than 5 times: {rare:?}");
    if let Ok(path) = std::env::var("HEGUI_DIFFERENTIAL_USED") {
        let lines: Vec<String> = used.iter().map(|(tag, count)| format!("{count} {tag}\n")).collect();
        std::fs::write(path, lines.concat()).unwrap();
    }
    assert!(reports.is_empty(), "{}", reports.join("\n==========\n"));
    assert!(populated * 2 > cases && mixed * 10 > cases, "too few cases examine anything: {populated}, {mixed}");
    let total_refused: usize = refused.values().sum();
    assert!(total_refused as u64 * 10 <= cases, "too many cases refused: {total_refused}");
    assert!(too_deep * 500 <= cases, "too many cases are too deep: {too_deep}");
    if cases >= 1_000 {
        let never: Vec<_> = rare.iter().filter(|(_, count)| *count < 2).collect();
        assert!(never.is_empty(), "hardly ever generated: {never:?}");
    }
}
