//! Every row of LANGUAGE §5 and every source and key of §2 and §3, on a handful of rows.

mod cited;
mod limits;
mod made;
mod named;
mod nulls;
mod pairs;

use crate::engine::testing::{outcome, result, shown, strict_outcome};

/// Name, check, evidence, `population/conforming key:reason …`.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

fn hold(cases: &[Case<'_>]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(name, check, evidence, expected)| (name, shown(&result(check, evidence)), expected))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const ITEMS: (&str, &str) = ("items", "id,owner,n,ok\na,p1,1,true\nb,p2,2,false\nc,,3,\nd,p3,x,true\n");
const PEOPLE: (&str, &str) = ("people", "person,name,left_on,grade\np1,张三,,a\np2,李四,2026-08-01,b\n");

#[test]
fn rows_and_doubt() {
    hold(&[
        ("expect false and null", "over: items\nexpect: ok", &[ITEMS], "4/2 b:NotMet c:Undecided"),
        ("where keeps TRUE only", "over: items\nwhere: ok IS NOT NULL\nexpect: ok", &[ITEMS], "3/2 b:NotMet"),
        (
            "where null joins the population as itself",
            "over: items\nwhere: ok\nexpect: n >= 1",
            &[ITEMS],
            "3/1 c:Undecided d:Unreadable",
        ),
        (
            "undecided excluded",
            "over: items\nwhere: ok\nundecided: exclude\nexpect: n >= 1",
            &[ITEMS],
            "2/1 d:Unreadable",
        ),
        (
            "unreadable stays null through IS NULL",
            "over: items\nexpect: n IS NULL OR n >= 1",
            &[ITEMS],
            "4/3 d:Unreadable",
        ),
        (
            "let is a column of the row",
            "over: items\nlet: {m: n * 2, k: m + 1}\nwhere: m >= 4\nexpect: k > 5",
            &[ITEMS],
            "3/1 b:NotMet d:Unreadable",
        ),
        ("nothing at all", "over: items\nexpect: ok", &[("items", "id,ok\n")], "0/0"),
    ]);
}

#[test]
fn lookup_joins() {
    let join = "over: items\njoin: {p: {from: people, on: person = owner}}\n";
    let with = |rest: &str| format!("{join}{rest}");
    let twice = ("people", "person,name,left_on\np1,张三,\np1,张三,2026-01-01\np2,李四,2026-08-01\n");
    let cases = [
        (
            "no partner behaves as unreadable",
            with("expect: p.left_on IS NULL"),
            PEOPLE,
            "4/1 b:NotMet c:NoPartner d:NoPartner",
        ),
        ("ask matched first", with("where: p.matched\nexpect: p.left_on IS NULL"), PEOPLE, "2/1 b:NotMet"),
        (
            "where that reads no partner is undecided",
            with("where: p.left_on IS NULL\nexpect: ok"),
            PEOPLE,
            "3/1 c:NoPartner d:NoPartner",
        ),
    ];
    for (name, check, people, expected) in cases {
        assert_eq!(shown(&result(&check, &[ITEMS, people])), expected, "{name}");
    }
    // People without a key column: the same person twice is two partners.
    let check = "over: items\njoin: {e: {from: events, on: item = id}}\nexpect: e.size > 0";
    let events = ("events", "item,size\na,1\na,2\nb,1\n");
    let run = outcome(check, &[ITEMS, events], 8_192);
    let found = run.results.values().next().unwrap();
    assert_eq!(shown(found), "4/1 a:Unreadable c:NoPartner d:NoPartner");
    assert!(run.diagnostics.iter().any(|fault| fault.code.id == "evidence/ambiguous-key"), "{:?}", run.diagnostics);
    let _ = twice;
}

#[test]
fn partners() {
    let events = ("events", "item,kind,size,good\na,x,1,true\na,y,5,\nb,x,2,false\n,x,9,true\n");
    let cases: &[(&str, &str, &str)] = &[
        ("has", "over: items\nhas: {in: events, on: item = id}", "4/2 c:NotMet d:NotMet"),
        ("has two", "over: items\nhas: {in: events, on: item = id, at_least: 2}", "4/1 b:NotMet c:NotMet d:NotMet"),
        (
            "an undecided partner does not count",
            "over: items\nhas: {in: events, on: item = id, where: good, at_least: 2}",
            "4/0 a:Undecided b:NotMet c:NotMet d:NotMet",
        ),
        (
            "null key of this row",
            "over: items\nhas: {in: events, on: kind = owner}",
            "4/0 a:NotMet b:NotMet c:Undecided d:NotMet",
        ),
        (
            "condition on both rows",
            "over: items\nas: i\nhas: {in: events, on: item = id, where: size > i.n}",
            "4/1 b:NotMet c:NotMet d:NotMet",
        ),
        (
            "no on: every row",
            "over: items\nas: i\nhas: {in: events, where: size > i.n AND kind = 'x'}",
            "4/3 d:Unreadable",
        ),
        ("has_no", "over: items\nhas_no: {in: events, on: item = id, where: kind = 'y'}", "4/3 a:NotMet"),
        (
            "an undecided partner breaks has_no",
            "over: items\nhas_no: {in: events, on: item = id, where: good}",
            "5/3 a:NotMet",
        ),
        (
            "values as partner",
            "over: items\nas: i\nhas_no: {in: {values: [1, 3]}, where: value = i.n}",
            "4/1 a:NotMet c:NotMet d:Unreadable",
        ),
        (
            "partner with a join",
            "over: people\nhas: {in: events, join: {i: {from: items, on: id = item}}, on: i.owner = person, where: kind = 'x'}",
            "2/2",
        ),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(name, check, expected)| (name, result(check, &[ITEMS, PEOPLE, events]), expected))
        .map(|(name, found, expected)| {
            let total = found.findings_total;
            let text: String = found
                .findings
                .iter()
                .filter(|finding| finding.key.iter().all(|(name, _)| name != "partner"))
                .map(|finding| {
                    format!(
                        " {}:{:?}",
                        finding.key.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(","),
                        finding.reason
                    )
                })
                .collect();
            assert_eq!(found.population, found.conforming + total);
            (name, format!("{}/{}{text}", found.population, found.conforming), *expected)
        })
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sources() {
    let plan = (
        "plan",
        r#"[{"year": 2026, "parts": [{"name": "a", "days": 5}, {"name": "b", "days": null}], "words": ["x", "y"]}, {"year": 2025, "parts": []}]"#,
    );
    hold(&[
        (
            "scalars of a list",
            "over: plan.words\nexpect: value = 'x' AND parent.year = 2026",
            &[plan],
            "2/1 y,*:NotMet",
        ),
        ("values", "over: {values: [x, z]}\nhas: {in: plan.words, on: value}", &[plan], "2/1 z:NotMet"),
        ("values of a parameter", "over: {values: $words}\nhas: {in: plan.words, on: value}", &[plan], "2/2"),
        (
            "a table of values",
            "over: {values: [{k: a, d: 5}, {k: b, d: 1}]}\njoin: {p: {from: plan.parts, on: name = k}}\nexpect: p.days >= d",
            &[plan],
            "2/1 b,1:Undecided",
        ),
        (
            "months",
            "over: calendar.months\nas: m\nhas: {in: events, where: on BETWEEN m.start_on AND m.end_on}",
            &[("events", "on,item\n2026-07-31,a\n2026-09-01,b\n")],
            "3/2 2026-08:NotMet",
        ),
        ("quarters", "over: calendar.quarters\nexpect: label = '2026Q3'", &[], "1/1"),
        (
            "weeks that ended in the period",
            "over: calendar.weeks\nwhere: start_on < $period_start\nexpect: label = '2026-W27'",
            &[],
            "1/1",
        ),
        ("catalogue", "over: catalog.provisions\nwhere: in_force\nexpect: cited", &[], "1/1"),
        ("files", "over: evidence.files\nwhere: kind = 'items'\nexpect: rows_read = 4", &[ITEMS], "1/1"),
        ("count", "over: items\nwhere: ok\ncount: '>= 2'", &[ITEMS], "1/1"),
        (
            "count does not count undecided for >=",
            "over: items\nwhere: ok\ncount: '>= 3'",
            &[ITEMS],
            "1/0 >= 3:Undecided",
        ),
        ("count counts undecided for <=", "over: items\nwhere: ok\ncount: '<= 2'", &[ITEMS], "1/0 <= 2:Undecided"),
        (
            "previous",
            "over: items\norder_by: [n]\nlet: {before: 'PREVIOUS(id)', first: \"PREVIOUS(id, 'none')\"}\nexpect: before IS NOT NULL AND first <> 'none'",
            &[("items", "id,n\nc,3\na,1\nb,2\nd,\n")],
            "4/2 a:NotMet d:Undecided",
        ),
    ]);
}

#[test]
fn groups() {
    let events = ("events", "item,kind,size,good\na,x,1,true\na,y,5,false\nb,x,2,true\n,x,9,true\n");
    hold(&[
        (
            "sum by key",
            "over: events\ngroup_by: [kind]\nlet: {total: SUM(size), n: COUNT(*)}\nexpect: total > 5 AND n >= 1",
            &[events],
            "2/1 y:NotMet",
        ),
        ("whole table", "over: events\ngroup_by: []\nlet: {n: COUNT(*)}\nexpect: n = 4", &[events], "1/1"),
        (
            "whole table, empty",
            "over: items\ngroup_by: []\nlet: {c: COUNT(*), m: MAX(n)}\nexpect: c = 0 AND m IS NULL",
            &[("items", "id,n\n")],
            "1/1",
        ),
        (
            "a group has partners",
            "over: items\nwhere: owner IS NOT NULL\ngroup_by: [owner]\nhas: {in: people, on: person = owner}",
            &[ITEMS, PEOPLE],
            "3/2 p3:NotMet",
        ),
        (
            "join with lets",
            "over: items\njoin: {e: {from: events, on: item = id, let: {n: COUNT(*), s: SUM(size)}}}\nexpect: e.n = 0 OR e.s >= 5",
            &[ITEMS, events],
            "4/3 b:NotMet",
        ),
        (
            "matched of a join with lets",
            "over: items\njoin: {e: {from: events, on: item = id, let: {n: COUNT(*)}}}\nwhere: e.matched\nexpect: e.n >= 2",
            &[ITEMS, events],
            "2/1 b:NotMet",
        ),
        (
            "an undecided partner makes aggregates unreadable",
            "over: items\njoin: {e: {from: events, on: item = id, where: good IS TRUE OR size > 3 AND kind = 'y' AND good, let: {n: COUNT(*)}}}\nexpect: e.n >= 0",
            &[ITEMS, ("events", "item,kind,size,good\na,y,5,\n")],
            "4/3 a:Unreadable",
        ),
        (
            "aggregates that name the population row",
            "over: items\nas: i\njoin: {e: {from: events, on: item = id, where: size > i.n, let: {n: COUNT(*)}}}\nwhere: n >= 0\nexpect: e.n = 1",
            &[ITEMS, events],
            "4/1 b:NotMet c:NotMet d:Unreadable",
        ),
    ]);
}

#[test]
fn a_finding_says_where_and_what() {
    let check = "over: items\njoin: {p: {from: people, on: person = owner}}\nexpect: p.left_on IS NULL\n\
                 finding: {zh: '{{ id }} 归 {{ p.name }}', en: '{{ id }} of {{ p.name }}'}";
    let found = result(check, &[ITEMS, PEOPLE]);
    let first = &found.findings[0];
    assert_eq!(first.text.zh, "b 归 李**");
    assert_eq!((first.citations[0].file.as_str(), first.citations[0].row), ("items-0.csv", Some(3)));
    assert_eq!(first.citations[0].columns, ["owner"]);
    assert_eq!(first.values["id"], "b");
    assert_eq!(found.fingerprints.as_ref().unwrap().len(), 3);
    assert!(
        found.findings[1].text.en.ends_with("of — (undecided: `owner` blank, `p.left_on` without partner)"),
        "{}",
        found.findings[1].text.en
    );

    let missing = result("over: items\nhas: {in: people, on: person = owner}", &[ITEMS, PEOPLE]);
    assert_eq!(missing.findings[0].searched, ["people-1.csv"]);
    assert!(missing.findings[0].policy.as_ref().unwrap().starts_with("controls/T/T-01.yaml:"));
}

#[test]
fn missing_evidence_is_sorted_into_population_and_partners() {
    let check = "over: items\njoin: {p: {from: people, on: person = owner}}\nwhere: p.matched\nhas: {in: events, on: item = id}";
    let found = result(check, &[ITEMS]);
    let kinds = |list: &[crate::model::MissingEvidence]| list.iter().map(|m| m.kind.to_string()).collect::<Vec<_>>();
    assert_eq!(kinds(&found.missing_population), ["people"]);
    assert_eq!(kinds(&found.missing_partners), ["events"]);
}

#[test]
fn only_columns_that_a_check_needs_are_said_to_lack() {
    let events = ("events", "item,size\na,1\n");
    let cases = [
        ("decided by", "over: events\nexpect: good", vec!["lacks the column `good`"]),
        ("not asked for", "over: events\nexpect: size > 0", vec![]),
        ("only shown", "over: events\nexpect: size > 1\nfinding: {zh: '{{ kind }}', en: '{{ kind }}'}", vec![]),
        ("the key", "over: items\nexpect: n > 0", vec!["lacks the column `id`"]),
    ];
    for (name, check, expected) in cases {
        let run = strict_outcome(check, &[events, ("items", "n\n1\n")]);
        let lacks = run.diagnostics.iter().filter(|fault| fault.code.id == "evidence/missing-column");
        assert_eq!(lacks.map(|fault| fault.message.en.as_str()).collect::<Vec<_>>(), expected, "{name}");
    }
}

#[test]
fn literals_nobody_has_are_noted() {
    let found = result("over: people\nwhere: name = '王五'\nexpect: grade = 'a'", &[PEOPLE]);
    let notes: Vec<_> = found.notes.iter().map(|note| note.en.clone()).collect();
    assert!(notes[0].starts_with("no row of `people` has '王五' in `name`"), "{notes:?}");
    assert!(notes[1].starts_with("none of the 2 rows of `over` passes `where`"), "{notes:?}");
}

#[test]
fn literals_are_noted_wherever_they_decide() {
    let events = ("events", "item,kind\na,x\nb,y\n");
    let cases = [
        ("on", "over: items\nhas_no: {in: events, on: [item = id, \"kind = 'q'\"]}", "events` has 'q' in `kind"),
        ("let", "over: events\nlet: {bad: kind = 'q'}\nwhere: bad\nexpect: item = 'a'", "events` has 'q' in `kind"),
        (
            "a let that only renames",
            "over: events\nlet: {word: kind}\nwhere: word IN ('x', 'q')\nexpect: item <> ''",
            "events` has 'q' in `kind",
        ),
        (
            "a join's column",
            "over: items\njoin: {p: {from: people, on: person = owner}}\nwhere: p.name = '王五'\nexpect: ok",
            "people` has '王五' in `name",
        ),
        (
            "the population row inside a partner",
            "over: events\nas: e\nhas_no: {in: items, on: id = item, where: e.kind = 'q'}",
            "events` has 'q' in `kind",
        ),
        (
            "a partner's own join",
            "over: items\nhas_no: {in: events, on: item = id, join: {p: {from: people, on: \"name = '王五'\"}}, where: p.matched}",
            "people` has '王五' in `name",
        ),
        (
            "a group key",
            "over: events\ngroup_by: [kind]\nlet: {n: COUNT(*)}\nexpect: kind = 'q' OR n > 0",
            "events` has 'q' in `kind",
        ),
        ("a word that is there", "over: items\nhas: {in: events, on: [item = id, \"kind = 'x'\"]}", ""),
    ];
    for (name, check, expected) in cases {
        let notes = result(check, &[ITEMS, PEOPLE, events]).notes;
        let told: Vec<&str> = notes.iter().map(|note| note.en.as_str()).filter(|note| note.contains("has '")).collect();
        let expected: Vec<String> =
            if expected.is_empty() { Vec::new() } else { vec![format!("no row of `{expected}`")] };
        assert_eq!(told.iter().map(|note| note.split(" (").next().unwrap()).collect::<Vec<_>>(), expected, "{name}");
    }
}

#[test]
fn batches_and_threads_change_nothing() {
    let events = ("events", "item,kind,size,good\na,x,1,true\na,y,5,\nb,x,2,false\n,x,9,true\nb,y,,true\na,x,1,true\n");
    let checks = [
        "over: items\nas: i\nhas: {in: events, on: item = id, where: size > i.n}",
        "over: items\nhas_no: {in: events, on: item = id, where: good}",
        "over: events\norder_by: [size]\nlet: {p: PREVIOUS(kind)}\nexpect: p <> kind",
        "over: events\ngroup_by: [item]\nlet: {n: COUNT(*), m: MAX(size)}\nexpect: n > 2 AND m > 1",
        "over: items\njoin: {e: {from: events, on: item = id, let: {n: COUNT(*)}}}\nexpect: e.n > 1",
        "over: items\nas: i\nhas_no: {in: events, on: item = id, where: size > i.n}",
        "over: events\norder_by: [size]\ngroup_by: [item]\nlet: {p: PREVIOUS(kind), s: SUM(size), k: COUNT(DISTINCT p)}\nexpect: s > 100 AND k > 3",
        "over: events\ngroup_by: []\nlet: {l: LIST(DISTINCT kind), s: MIN(size), e: EVERY(good)}\nexpect: s > 100 AND CARDINALITY(l) > 8 AND e",
        "over: items\njoin: {e: {from: events, on: item = id, where: good}}\nexpect: e.size > 1",
        "over: items\nwhere: ok\ncount: '<= 1'",
    ];
    for check in checks {
        let all: Vec<String> = [1, 3, 8_192]
            .into_iter()
            .flat_map(|rows| [1, 2].map(|threads| (rows, threads)))
            .map(|(rows, threads)| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let run = pool.install(|| outcome(check, &[ITEMS, events], rows));
                format!("{:?} {:?}", run.results, run.diagnostics)
            })
            .collect();
        assert!(all.iter().all(|one| *one == all[0]), "{check}");
    }
}

/// The example's evidence through the shipped pack: everything plans, runs and adds up.
#[test]
fn the_example_runs() {
    use crate::engine::{RunOptions, plan_all, run, testing};
    use crate::evidence::{Index, Limits, Request};
    use crate::policy::{ProfileChoice, load, shipped};
    let loaded = load(shipped(), Vec::new(), &ProfileChoice::default(), false);
    let planned = plan_all(&loaded.pack, &std::collections::BTreeMap::new(), &testing::clock());
    let kinds: Vec<_> = loaded.pack.kinds.values().map(|kind| std::sync::Arc::new(kind.clone())).collect();
    let request = Request {
        workspace: concat!(env!("CARGO_MANIFEST_DIR"), "/examples/agency").into(),
        roots: vec!["evidence".into()],
        period: Some("2026Q3".into()),
        manifest: crate::model::Manifest::default(),
        as_of: testing::AS_OF,
        zone: chrono_tz::Asia::Shanghai,
        limits: Limits::default(),
    };
    let index = Index::build(kinds, &request);
    let run = run(&planned, &index, &RunOptions::default());
    for result in run.results.values() {
        shown(result);
    }
    assert!(run.results.len() > 10);
}

/// Times in key, values and text are RFC 3339 in the assessment's zone, whatever the evidence wrote; what is compared
/// and fingerprinted is the instant.
#[test]
fn times_are_shown_in_the_zone_of_the_assessment() {
    let finding = "\nfinding: {zh: '{{ at }} {{ l }}', en: '{{ at }} {{ l }}'}";
    let grouped = "group_by: [at]\nlet: {l: LIST(DISTINCT at)}\nexpect: CARDINALITY(l) > 1";
    let cases = [
        ("row", "let: {l: '[at, $as_of_end]'}\nexpect: size > 9", "'2026-10-01T00:00:00+08:00'"),
        ("group", grouped, ""),
    ];
    for (name, check, more) in cases {
        let found = |at: &str| {
            let file = format!("item,size,at\na,1,{at}\n");
            result(&format!("over: events\n{check}{finding}"), &[("events", &file)])
        };
        let at = "2026-07-01T08:30:00+08:00";
        let (zulu, local) = (found("2026-07-01T00:30:00Z"), found("2026-07-01 08:30"));
        for result in [&zulu, &local] {
            let finding = &result.findings[0];
            assert_eq!(finding.key, [("at".to_owned(), at.to_owned())], "{name}");
            assert_eq!(finding.values["at"], at, "{name}");
            assert!(finding.text.en.starts_with(at) && finding.text.en.contains(more), "{name}: {}", finding.text.en);
        }
        assert_eq!(zulu.fingerprints, local.fingerprints, "{name}");
    }
}
