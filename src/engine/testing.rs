//! Small packs and evidence in memory, for the tests of this layer.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::{Clock, Planned, RunOptions, RunOutcome, plan_all, run};
use crate::evidence::{Index, Limits, MemoryFile, MemoryOptions};
use crate::expr::{Scalar, WorkingDays};
use crate::model::{CheckId, CheckResult, KindId, Manifest};
use crate::policy::{PackFiles, ProfileChoice, load};
use crate::text::Lang;

/// 2026-09-30.
pub(crate) const AS_OF: i32 = 20_726;

const PACK: &str = "
schema: hegui/pack/v1
name: test
version: 0.1.0
title: {zh: 测试, en: Test}
families: {T: {zh: 测试, en: Test}}
facts:
  individuals: {type: integer, title: {zh: 人数, en: Individuals}}
  abroad: {type: boolean, title: {zh: 境外, en: Abroad}}
sources:
  - {id: S, what: x, kind: memory, version: x}
";

const LAW: &str = "
schema: hegui/provisions/v1
law:
  id: LAW
  title: {zh: 法, en: Law}
  level: law
  issuer: 测试
  in_force_from: 2020-01-01
provisions:
  - id: LAW-1
    article: '1'
    binding: mandatory
    summary: {zh: 一, en: One}
    verification: {level: U, sources: [S]}
  - id: LAW-2
    article: '2'
    binding: recommended
    in_force_to: 2021-01-01
    summary: {zh: 二, en: Two}
    verification: {level: U, sources: [S]}
";

/// A kind with typed columns: `name:type` words, e.g. `id:text n:integer`; `!` before the list makes it the key.
pub(crate) fn kind(id: &str, extra: &str, properties: &str) -> (String, String) {
    let text = format!(
        "schema: hegui/evidence/v1\nid: {id}\ntitle: {{zh: {id}, en: {id}}}\ncollect: {{zh: x, en: x}}\n\
         files: ['{id}*']\n{extra}record:\n  type: object\n  properties:\n{properties}"
    );
    (format!("evidence/{id}.yaml"), text)
}

/// The kinds of most cases.
pub(crate) fn kinds() -> Vec<(String, String)> {
    vec![
        kind(
            "items",
            "key: [id]\nmay_be_empty: true\n",
            "    id: {type: string}\n    owner: {type: string}\n    n: {type: integer}\n    amount: {type: number}\n    \
             ok: {type: boolean}\n    on: {type: string, format: date}\n    at: {type: string, format: date-time}\n    \
             tags: {type: array, items: {type: string}}\n",
        ),
        kind(
            "people",
            "key: [person]\n",
            "    person: {type: string}\n    name: {type: string, x-sensitive: name}\n    left_on: {type: string, format: date}\n    \
             grade: {type: string, enum: [a, b]}\n",
        ),
        kind(
            "events",
            "",
            "    item: {type: string}\n    kind: {type: string}\n    size: {type: integer}\n    good: {type: boolean}\n    \
             at: {type: string, format: date-time}\n    on: {type: string, format: date}\n",
        ),
        kind(
            "plan",
            "",
            "    year: {type: integer}\n    parts:\n      type: array\n      items:\n        type: object\n        properties:\n          \
             name: {type: string}\n          days: {type: integer}\n    words: {type: array, items: {type: string}}\n    owner: {type: array, items: {type: string}}\n",
        ),
        kind(
            "sites",
            "key: [id]\n",
            "    id: {type: string}\n    city: {type: string}\n    roles: {type: array, items: {type: string}}\n    rooms:\n      \
             type: array\n      items:\n        type: object\n        properties:\n          name: {type: string}\n          \
             open: {type: boolean}\n          beds:\n            type: array\n            items:\n              \
             type: object\n              properties: {n: {type: integer}, free: {type: boolean}}\n",
        ),
        kind(
            "desks",
            "",
            "    room: {type: string}\n    matched: {type: boolean}\n    \
             desks: {type: object, properties: {name: {type: string}}}\n",
        ),
    ]
}

/// A pack of the usual kinds and one control, whose checks are given as YAML under `checks:`.
pub(crate) fn pack(checks: &str) -> crate::policy::Loaded {
    let control = format!(
        "schema: hegui/control/v1\nid: T-01\ntitle: {{zh: 一, en: One}}\nobjective: {{zh: 一, en: One}}\nseverity: high\n\
         provisions: [LAW-1]\nremedy: {{zh: 改, en: Fix}}\nparams:\n  least: {{type: integer, default: 2, source: practice}}\n  \
         share: {{type: percent, default: 0.5, source: practice}}\n  \
         words: {{type: list<text>, default: [x, y], source: practice}}\n  \
         age: {{type: duration, default: 7 days, source: practice}}\nchecks:\n{checks}"
    );
    let mut files: Vec<(String, String)> = kinds();
    files.push(("pack.yaml".into(), PACK.into()));
    files.push(("provisions/LAW.yaml".into(), LAW.into()));
    files.push(("controls/T/T-01.yaml".into(), control));
    let files = PackFiles::from_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    load(files, Vec::new(), &ProfileChoice::default(), false)
}

pub(crate) fn clock() -> Clock {
    Clock {
        as_of: AS_OF,
        zone: chrono_tz::Asia::Shanghai,
        // 2026-07-01 to 2026-09-30.
        period: (AS_OF - 91, AS_OF),
        working_days: Arc::new(WorkingDays::new(&[2026], &[], &[])),
    }
}

/// Plans one check, given without its `id`, `title` and `finding`.
pub(crate) fn planned(check: &str) -> Planned {
    planned_with(check, &BTreeMap::new())
}

/// The check as YAML of a control: `id` and `title` put before it, and a `finding` unless it has one.
pub(crate) fn whole(check: &str) -> String {
    let body: String = check.trim().lines().map(|line| format!("    {line}\n")).collect();
    let finding =
        if check.contains("finding:") || check.contains("count:") { "" } else { "    finding: {zh: 错, en: wrong}\n" };
    format!("  - id: T-01.1\n    title: {{zh: 检查, en: check}}\n{body}{finding}")
}

pub(crate) fn planned_with(check: &str, facts: &BTreeMap<String, Scalar>) -> Planned {
    let loaded = pack(&whole(check));
    let mut planned = plan_all(&loaded.pack, facts, &clock());
    planned.diagnostics.extend(loaded.diagnostics);
    planned
}

/// `code message` of every fault.
pub(crate) fn faults(planned: &Planned) -> Vec<String> {
    let line = |fault: &crate::text::Diagnostic| format!("{} {}", fault.code.id, fault.message.get(Lang::En));
    planned.diagnostics.iter().map(line).collect()
}

/// Runs one check over files: kind and content (CSV, or JSON when it starts with `[` or `{`).
pub(crate) fn outcome(check: &str, evidence: &[(&str, &str)], batch_rows: usize) -> RunOutcome {
    outcome_with(check, evidence, batch_rows, &clock(), &RunOptions::default())
}

/// The same on another day or within other limits.
pub(crate) fn outcome_with(
    check: &str,
    evidence: &[(&str, &str)],
    batch_rows: usize,
    clock: &Clock,
    options: &RunOptions,
) -> RunOutcome {
    run_over(check, evidence, batch_rows, clock, options, true)
}

/// As a real run has it: a column that a file lacks is lacking.
pub(crate) fn strict_outcome(check: &str, evidence: &[(&str, &str)]) -> RunOutcome {
    run_over(check, evidence, 8_192, &clock(), &RunOptions::default(), false)
}

fn run_over(
    check: &str,
    evidence: &[(&str, &str)],
    batch_rows: usize,
    clock: &Clock,
    options: &RunOptions,
    columns_may_be_absent: bool,
) -> RunOutcome {
    let loaded = pack(&whole(check));
    let planned = plan_all(&loaded.pack, &BTreeMap::new(), clock);
    let problems: Vec<String> = faults(&planned);
    assert_eq!(problems, Vec::<String>::new(), "{check}");
    assert!(!loaded.has_errors(), "{:?}\n{check}", loaded.diagnostics);
    let kinds: Vec<_> = loaded.pack.kinds.values().map(|kind| Arc::new(kind.clone())).collect();
    let files = evidence
        .iter()
        .enumerate()
        .map(|(number, (kind, content))| {
            let json = content.trim_start().starts_with(['[', '{']);
            MemoryFile {
                path: format!("{kind}-{number}.{}", if json { "json" } else { "csv" }),
                kind: Some(KindId::new(*kind)),
                bytes: content.trim_start().as_bytes().to_vec(),
            }
        })
        .collect();
    let index = Index::from_memory(
        kinds,
        files,
        MemoryOptions {
            as_of: AS_OF,
            zone: chrono_tz::Asia::Shanghai,
            manifest: Manifest::default(),
            captured_on: Some(AS_OF),
            columns_may_be_absent,
            limits: Limits { batch_rows, ..Limits::default() },
        },
    );
    run(&planned, &index, options)
}

/// The result of the one check.
pub(crate) fn result(check: &str, evidence: &[(&str, &str)]) -> CheckResult {
    outcome(check, evidence, 8_192).results.remove(&CheckId::new("T-01.1")).unwrap()
}

/// `population/conforming key:reason …` by file and row.
pub(crate) fn shown(result: &CheckResult) -> String {
    let findings: Vec<String> = result
        .findings
        .iter()
        .map(|finding| {
            // A partner row of its own is named by a hash, and so is the row around an element.
            let hash = |name: &str| name == "partner" || name == "row" && finding.key.len() > 1;
            let own = |(name, text): &(String, String)| if hash(name) { "*".to_owned() } else { text.clone() };
            let key: Vec<String> = finding.key.iter().map(own).collect();
            format!(" {}:{:?}", key.join(","), finding.reason)
        })
        .collect();
    assert_eq!(result.findings_total as usize, findings.len());
    assert_eq!(result.population, result.conforming + result.findings_total);
    format!("{}/{}{}", result.population, result.conforming, findings.concat())
}
