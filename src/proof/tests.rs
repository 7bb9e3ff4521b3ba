use super::*;
use crate::policy::{Loaded, PackFiles, ProfileChoice, load};
use crate::text::{Lang, Place};

const PACK: &str = "schema: hegui/pack/v1
name: little
version: 1.0.0
title: {zh: 小, en: Little}
families: {BAK: {zh: 备份, en: Backup}}
";

const LAW: &str = "schema: hegui/provisions/v1
law: {id: DSL, title: {zh: 法, en: Law}, level: law, in_force_from: 2021-09-01}
provisions:
  - {id: DSL-27, article: \"27\", binding: mandatory, summary: {zh: 要点, en: point}, verification: {level: A, sources: [S-1]}}
";

const KIND: &str = "schema: hegui/evidence/v1
id: jobs
title: {zh: 任务, en: Jobs}
collect: {zh: 导出, en: Export}
files: [\"**/jobs*\"]
record:
  type: object
  properties:
    job: {type: string}
    copies: {type: integer, x-aliases: [副本]}
    parts: {type: array, items: {type: object, properties: {name: {type: string}}}}
";

const CONTROL: &str = "schema: hegui/control/v1
id: BAK-01
title: {zh: 备份, en: Backup}
objective: {zh: 要备份, en: Back up}
severity: high
provisions: [DSL-27]
params:
  least: {type: integer, default: 2, min: 1, max: 9, source: practice}
checks:
  - id: BAK-01.1
    title: {zh: 足够, en: Enough}
    over: jobs
    expect: copies >= $least
    finding: {zh: \"{{ job }} 不够\", en: \"{{ job }} lacks copies\"}
remedy: {zh: 改, en: Fix}
";

/// Every case the check needs.
const TEST: &str = "schema: hegui/test/v1
control: BAK-01
as_of: 2026-09-30
cases:
  - name: enough
    evidence:
      jobs: |
        job,copies
        a,2
    expect: {BAK-01.1: {outcome: satisfied, population: 1, conforming: 1}}
  - name: too few, and unknown
    evidence:
      jobs: |
        job,copies
        a,1
        b,
    expect: {BAK-01.1: {outcome: not_satisfied, findings: [{job: a}, {job: b, reason: undecided}]}}
  - name: no export
    evidence: {}
    expect: {BAK-01.1: {outcome: not_tested, reason: evidence_missing}}
";

fn pack(control: &str, tests: &str) -> Loaded {
    let files = [
        ("pack.yaml", PACK),
        ("provisions/DSL.yaml", LAW),
        ("evidence/jobs.yaml", KIND),
        ("controls/BAK/BAK-01.yaml", control),
        ("tests/BAK/BAK-01.yaml", tests),
    ];
    let files = files.into_iter().filter(|(_, text)| !text.is_empty());
    let loaded = load(PackFiles::from_memory(files), Vec::new(), &ProfileChoice::default(), true);
    assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
    loaded
}

/// `line:column code message` of what is lacking, then of what survived.
fn told(report: &Report) -> Vec<String> {
    let all = report.diagnostics.iter().chain(&report.survivors);
    all.map(|fault| {
        assert!(fault.help.is_some() && fault.message.zh != fault.message.en, "{fault:?}");
        let place = fault.place.as_ref().map(Place::display).unwrap_or_default();
        let place = place.split_once(':').map(|(_, at)| at.to_owned()).unwrap_or_default();
        format!("{place} {} {}", fault.code.id, fault.message.en)
    })
    .collect()
}

fn run(control: &str, tests: &str, mutants: bool) -> Report {
    test(&pack(control, tests).pack, &|_| true, mutants)
}

#[test]
fn a_check_with_all_its_cases_passes() {
    for mutants in [false, true] {
        let report = run(CONTROL, TEST, mutants);
        assert_eq!((told(&report), report.failures.len()), (Vec::new(), 0));
        assert!(report.passed());
        assert_eq!((report.controls, report.cases, report.expectations), (1, 3, 3));
    }
}

/// Each case that is taken away is missed.
#[test]
fn every_kind_of_case_is_asked_for() {
    let without = |name: &str| {
        let start = TEST.find(&format!("  - name: {name}")).unwrap();
        let end = TEST[start + 1..].find("  - name:").map_or(TEST.len(), |at| start + 1 + at);
        format!("{}{}", &TEST[..start], &TEST[end..])
    };
    let lacks = "10:9 policy/test-coverage BAK-01.1 lacks ";
    let boundary = "13:13 policy/test-boundary BAK-01.1 lacks a case exactly on the boundary: no case notices \
                    `copies >= $least` changed to `copies > $least`";
    let cases: Vec<(&str, String, Vec<String>)> = vec![
        ("no tests at all", String::new(), vec![format!("{lacks}a case that satisfies it; a case that fails it")]),
        ("satisfied", without("enough"), vec![format!("{lacks}a case that satisfies it"), boundary.into()]),
        (
            "failing",
            without("too few, and unknown"),
            vec![format!("{lacks}a case that fails it; a case with a null in jobs.copies")],
        ),
        ("missing evidence", without("no export"), vec![format!("{lacks}a case with its evidence missing")]),
        (
            "null",
            TEST.replace("        b,\n", "").replace(", {job: b, reason: undecided}", ""),
            vec![format!("{lacks}a case with a null in jobs.copies")],
        ),
        ("boundary", TEST.replace("a,2", "a,3"), vec![boundary.into()]),
        // A null in a case that says nothing of the check proves nothing of it.
        (
            "a null that nobody expects anything of",
            TEST.replace("        b,\n", "").replace(", {job: b, reason: undecided}", "")
                + "  - name: blank\n    evidence: {jobs: [{job: b}]}\n    expect: {}\n",
            vec![format!("{lacks}a case with a null in jobs.copies")],
        ),
    ];
    for (name, tests, expected) in cases {
        let report = run(CONTROL, &tests, false);
        assert_eq!(told(&report), expected, "{name}");
        assert!(!report.passed(), "{name}");
    }
}

#[test]
fn boundaries_of_counts_shares_and_ranges_are_asked_for() {
    let count = CONTROL
        .replace("expect: copies >= $least", "count: \">= 2\"")
        .replace("params:\n  least: {type: integer, default: 2, min: 1, max: 9, source: practice}\n", "")
        .replace("    finding: {zh: \"{{ job }} 不够\", en: \"{{ job }} lacks copies\"}\n", "");
    let tests = |rows: &str, outcome: &str| {
        format!(
            "  - name: \"{rows}\"\n    evidence: {{jobs: \"job,copies\\n{rows}\"}}\n    expect: {{BAK-01.1: {outcome}}}\n"
        )
    };
    let head = "schema: hegui/test/v1\ncontrol: BAK-01\nas_of: 2026-09-30\ncases:\n";
    let missing = "  - name: none\n    evidence: {}\n    expect: {BAK-01.1: not_tested}\n";
    let far =
        format!("{head}{}{}{missing}", tests("a,1\\nb,1\\nc,1\\n", "satisfied"), tests("a,1\\n", "not_satisfied"));
    let near = format!("{head}{}{}{missing}", tests("a,1\\nb,1\\n", "satisfied"), tests("a,1\\n", "not_satisfied"));
    let report = run(&count, &near, false);
    assert_eq!((told(&report), &report.failures), (Vec::new(), &Vec::new()));
    let found = told(&run(&count, &far, false));
    assert!(found.iter().any(|line| line.contains("`>= 2` changed to `>= 3`")), "{found:#?}");

    let share = CONTROL.replace("    finding:", "    at_least: 50%\n    finding:");
    let all = TEST.replace("        a,1\n        b,\n", "        a,1\n        b,\n        c,1\n        d,2\n");
    let all = all.replace("{job: b, reason: undecided}", "{job: b}, {job: c}");
    let found = told(&run(&share, &all, false));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("policy/test-boundary") && found[0].contains("`at_least: 50%`"), "{found:#?}");
    let exactly = format!("{all}{}", tests("a,2\\nb,1\\n", "{outcome: satisfied, conforming: 1}"));
    assert_eq!(told(&run(&share, &exactly, false)), Vec::<String>::new());

    let range = CONTROL.replace("copies >= $least", "copies BETWEEN $least AND 5");
    let found = told(&run(&range, TEST, false));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("(copies >= $least AND copies < 5)"), "{found:#?}");
}

#[test]
fn a_change_that_means_the_same_is_declared_with_its_reason() {
    let entry = |from: &str, to: &str| {
        format!("equivalent:\n  - {{check: BAK-01.1, from: \"{from}\", to: \"{to}\", why: the other holds then}}\n")
    };
    // The first half decides; whether the second takes the boundary too, nobody can tell.
    let control = CONTROL.replace("copies >= $least", "copies >= $least OR copies > $least");
    let found = told(&run(&control, TEST, false));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("`copies > $least` changed to `copies >= $least`"), "{found:#?}");
    let declared = format!("{TEST}{}", entry("copies > $least", "copies >= $least"));
    assert_eq!(told(&run(&control, &declared, false)), Vec::<String>::new());

    // An entry that excuses nothing would hide something else some day.
    for (name, from, to) in
        [("noticed", "copies >= $least", "copies > $least"), ("not there", "copies >= 7", "copies > 7")]
    {
        let report = run(CONTROL, &format!("{TEST}{}", entry(from, to)), false);
        let found = told(&report);
        assert_eq!(found.len(), 1, "{name}: {found:#?}");
        assert!(found[0].starts_with("22:29 policy/test-equivalent"), "{name}: {found:#?}");
        assert!(!report.passed());
    }
}

#[test]
fn survivors_fail_when_mutants_are_asked_for() {
    let control = CONTROL.replace("copies >= $least", "copies >= $least AND (job <> 'x' OR job IS NULL)");
    let report = run(&control, TEST, false);
    assert_eq!(told(&report), ["10:9 policy/test-coverage BAK-01.1 lacks a case with a null in jobs.job"]);
    let tests = TEST.replace("        b,\n", "        b,\n        ,3\n").replace(", reason: undecided}]", "}]");
    let report = run(&control, &tests, false);
    assert!(report.passed(), "{:#?} {:#?}", told(&report), report.failures);
    let report = run(&control, &tests, true);
    assert!(!report.passed() && !report.survivors.is_empty());
    assert!(
        told(&report).iter().all(|line| line.contains("policy/test-mutant BAK-01.1: no case notices")),
        "{:#?}",
        told(&report)
    );
}

#[test]
fn what_differs_is_told_line_by_line_in_both_languages() {
    let tests = TEST
        .replace("population: 1, conforming: 1", "population: 2, conforming: 0, excluded: 3")
        .replace("[{job: a}, {job: b, reason: undecided}]", "[{job: b}, {job: c}]")
        .replace("reason: evidence_missing", "reason: evidence_empty");
    let report = run(CONTROL, &tests, false);
    let lines: Vec<(&str, &str, &str)> = report
        .failures
        .iter()
        .flat_map(|failure| &failure.differences)
        .map(|line| (line.what, line.expected.as_str(), line.found.get(Lang::En)))
        .collect();
    assert_eq!(
        lines,
        [
            ("population", "2", "1"),
            ("conforming", "0", "1"),
            ("undecided", "3", "0"),
            ("finding", "{job: c}", "—"),
            ("finding", "—", "{job: a} not_met — a lacks copies"),
            ("outcome", "not_tested: evidence_empty", lines[5].2),
        ]
    );
    assert!(lines[5].2.starts_with("not_tested: evidence_missing ("), "{lines:#?}");
    let hanzi = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert!(lines.iter().all(|(_, _, found)| !hanzi(found)), "{lines:#?}");
    let chinese = report.failures.iter().flat_map(|failure| &failure.differences).map(|line| line.found.get(Lang::Zh));
    assert!(chinese.filter(|found| hanzi(found)).count() >= 2);
    let codes: Vec<&str> = report.failures.iter().map(|failure| failure.diagnostic.code.id).collect();
    assert_eq!(codes, ["policy/test-failed"; 3]);
}

/// Demands may be subsets of one another: each takes a finding of its own.
#[test]
fn findings_are_paired_one_to_one() {
    let with = |wanted: &str| {
        let tests = TEST.replace("[{job: a}, {job: b, reason: undecided}]", wanted);
        run(CONTROL, &tests, false).failures.len()
    };
    assert_eq!(with("[{}, {job: a}]"), 0);
    assert_eq!(with("[{job: a}, {}]"), 0);
    assert_eq!(with("[{job: b}, {reason: not_met}]"), 0);
    assert_eq!(with("[{job: a}, {job: a}]"), 1);
    assert_eq!(with("[{job: a}]"), 1);
    assert_eq!(with("[{}, {}, {}]"), 1);
}

#[test]
fn a_misspelt_column_of_inline_evidence_is_told_where_it_stands() {
    let cases = [
        (
            "a heading",
            TEST.replacen("job,copies", "job,copeis", 1),
            "8:13 policy/test-column no column `copeis` in `jobs`",
            "did you mean `copies`?",
        ),
        ("a heading by its alias", TEST.replacen("job,copies", "job,副本", 1), "", ""),
        (
            "a key",
            TEST.replace("evidence: {}", "evidence: {jobs: [{job: a, copis: 2}]}")
                .replace("not_tested, reason: evidence_missing", "not_satisfied"),
            "19:32 policy/test-column no column `copis` in `jobs`",
            "did you mean `copies`?",
        ),
        (
            "a nested key",
            TEST.replace("evidence: {}", "evidence: {jobs: [{job: a, parts: [{nam: x}]}]}")
                .replace("not_tested, reason: evidence_missing", "not_satisfied"),
            "19:41 policy/test-column no column `nam` in `jobs`",
            "did you mean `name`?",
        ),
        (
            "a file with what a manifest says",
            TEST.replace("evidence: {}", "files: [{kind: jobs, content: \"job,nothing\\na,1\\n\"}]")
                .replace("not_tested, reason: evidence_missing", "not_satisfied"),
            "19:40 policy/test-column no column `nothing` in `jobs`",
            "it has: copies, job, parts",
        ),
    ];
    for (name, tests, line, help) in cases {
        let found = columns(&pack(CONTROL, &tests).pack);
        let report = Report { diagnostics: found.into_iter().map(|(_, fault)| fault).collect(), ..Report::default() };
        assert_eq!(told(&report), if line.is_empty() { vec![] } else { vec![line] }, "{name}");
        let helps: Vec<&str> =
            report.diagnostics.iter().map(|fault| fault.help.as_ref().unwrap().en.as_str()).collect();
        assert_eq!(helps, if help.is_empty() { vec![] } else { vec![help] }, "{name}");
    }
}
