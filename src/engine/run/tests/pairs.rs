//! Joins of a partner that name the population row (LANGUAGE §2): found for each pair of a row and its partner.
//!
//! Items are changes made on a day, events their approvals by somebody, people those who may approve until they left.

use super::hold;
use crate::engine::RunOptions;
use crate::engine::testing::{clock, outcome, outcome_with, result, shown};

const CHANGES: (&str, &str) =
    ("items", "id,owner,n,on\na,p1,2,2026-07-01\nb,p1,1,2026-09-01\nc,p2,5,2026-09-01\nd,p2,0,\n");
const APPROVALS: (&str, &str) = (
    "events",
    "item,kind,size,on\na,p2,1,2026-07-10\nb,p2,2,2026-08-20\nc,p2,3,2026-08-01\nc,p1,4,2026-09-10\nd,p2,5,2026-09-20\n",
);
const APPROVERS: (&str, &str) = ("people", "person,name,left_on,grade\np1,张三,,a\np2,李四,2026-08-01,b\n");
const ALL: &[(&str, &str)] = &[CHANGES, APPROVALS, APPROVERS];

/// An approval counts when the approver had not left by the day of the change.
const IN_OFFICE: &str = "join: {p: {from: people, on: person = kind, where: left_on IS NULL OR left_on > i.on}}";

#[test]
fn a_condition_on_the_population_row() {
    let has = format!("over: items\nas: i\nhas: {{in: events, on: item = id, {IN_OFFICE}, where: p.matched}}");
    let two =
        format!("over: items\nas: i\nhas: {{in: events, on: item = id, {IN_OFFICE}, where: p.matched, at_least: 2}}");
    let none = format!("over: items\nas: i\nhas_no: {{in: events, on: item = id, {IN_OFFICE}, where: NOT p.matched}}");
    let column =
        format!("over: items\nas: i\nhas: {{in: events, on: item = id, {IN_OFFICE}, where: \"p.grade = 'b'\"}}");
    hold(&[
        // p2 left after a, before b and c; c has p1 as well; nobody can tell for d, which has no day.
        ("has", &has, ALL, "4/2 b:NotMet d:Unreadable"),
        ("has two", &two, ALL, "4/0 a:NotMet b:NotMet c:NotMet d:NotMet"),
        ("has_no", &none, ALL, "4/1 b:NotMet c:NotMet d:Unreadable"),
        // b finds nobody, which is no answer; c finds p1 of another grade, and nobody.
        ("a column of it", &column, ALL, "4/1 b:NoPartner c:NoPartner d:Unreadable"),
        (
            "no partner at all",
            &has,
            &[CHANGES, ("events", "item,kind\n,p1\n"), APPROVERS],
            "4/0 a:NotMet b:NotMet c:NotMet d:NotMet",
        ),
    ]);
}

#[test]
fn a_key_of_the_population_row() {
    let both = "over: items\nas: i\nhas: {in: events, on: item = id, join: {p: {from: people, on: [person = kind, grade = i.owner]}}, where: p.matched}";
    let owner = "over: items\nas: i\nhas: {in: events, on: item = id, join: {o: {from: people, on: person = i.owner}}, where: \"o.grade = 'a' AND kind <> i.owner\"}";
    let grades = ("items", "id,owner\na,a\nb,b\nc,\n");
    let events = ("events", "item,kind\na,p1\nb,p1\nc,p1\n");
    hold(&[
        // A blank key matches nobody.
        ("beside the partner's", both, &[grades, events, APPROVERS], "3/1 b:NotMet c:NotMet"),
        // a and b belong to p1 of grade a and were approved by p2; c and d belong to p2.
        ("alone", owner, ALL, "4/2 c:NotMet d:NotMet"),
        (
            "an unreadable key",
            "over: items\nas: i\nhas: {in: {values: [1]}, join: {e: {from: events, on: size = i.n}}, where: e.matched}",
            &[("items", "id,n\na,1\nb,2\nc,x\n"), ("events", "item,size\nq,1\n")],
            "3/1 b:NotMet c:Unreadable",
        ),
    ]);
}

#[test]
fn aggregates_with_the_population_row() {
    let later = "over: items\nas: i\nhas: {in: events, on: item = id, join: {q: {from: events, on: kind, let: {n: COUNT(*) FILTER (WHERE on > i.on)}}}, where: q.n >= 3}";
    let gap = "over: items\nas: i\nhas: {in: events, on: item = id, join: {q: {from: events, on: kind, let: {gap: 'MAX_GAP(on, i.on, $as_of)'}}}, where: q.gap < DAYS(30)}";
    let nothing = "over: items\nas: i\nhas: {in: events, on: item = id, join: {q: {from: people, on: person = item, let: {gap: 'MAX_GAP(left_on, i.on, $as_of)', c: COUNT(*)}}}, where: q.gap < DAYS(30) AND q.c = 0}";
    let outside = "over: items\nas: i\nhas: {in: events, on: item = id, join: {q: {from: events, on: kind, let: {sum: SUM(size) + i.n}}}, where: q.sum > 12}";
    hold(&[
        // p2 approved on 07-10, 08-20, 08-01 and 09-20: 4 later than a, 1 than b and c; p1 once, later than c.
        ("in a filter", later, ALL, "4/1 b:NotMet c:NotMet d:Undecided"),
        // From 07-01: 9, 22, 19, 31 and 10 days. From 09-01: p2 19 and 10, p1 9 and 20.
        ("as an edge", gap, ALL, "4/2 a:NotMet d:Undecided"),
        // Nobody is called like an item: from edge to edge, 91 and 29 days.
        ("as an edge of nothing", nothing, ALL, "4/2 a:NotMet d:Undecided"),
        // p2 has 11, p1 has 4: 13, 12, 16 and 9, 11.
        ("beside an aggregate", outside, ALL, "4/2 b:NotMet d:NotMet"),
    ]);
}

#[test]
fn joins_built_on_joins() {
    let through = "over: items\nas: i\nhas: {in: events, on: item = id, join: {o: {from: people, on: person = i.owner}, e: {from: events, on: [item, kind = o.person]}}, where: e.matched}";
    let two = format!(
        "over: items\nas: i\nhas: {{in: people, on: person = owner, join: {{e: {{from: events, on: kind = person, {IN_OFFICE}, where: p.matched, let: {{c: COUNT(*)}}}}}}, where: e.c >= 2}}"
    );
    hold(&[
        // c was approved by its owner p2, d too.
        ("the next join's key", through, ALL, "4/2 a:NotMet b:NotMet"),
        // p1 approved once; p2 four times, and had left by c. Nobody can tell for d.
        ("a join of a partner's join", &two, ALL, "4/0 a:NotMet b:NotMet c:NotMet d:Unreadable"),
        (
            "the same with a day that is early enough",
            &two,
            &[("items", "id,owner,on\na,p1,2026-07-01\nb,p2,2026-07-01\n"), APPROVALS, APPROVERS],
            "2/1 a:NotMet",
        ),
    ]);
}

#[test]
fn partners_of_groups_and_of_joins() {
    let of_group = format!(
        "over: items\nas: i\ngroup_by: [owner]\nlet: {{last: MAX(on)}}\nhas: {{in: events, on: kind = owner, {}, where: p.matched}}",
        IN_OFFICE.replace("i.on", "i.last")
    );
    let of_join = format!(
        "over: items\nas: i\njoin: {{e: {{from: events, on: item = id, {IN_OFFICE}, where: p.matched}}}}\nexpect: e.size >= 1"
    );
    let of_lets = format!(
        "over: items\nas: i\njoin: {{e: {{from: events, on: item = id, {IN_OFFICE}, let: {{in_office: COUNT(*) FILTER (WHERE p.matched), grades: LIST(DISTINCT p.grade) FILTER (WHERE p.matched)}}}}}}\nexpect: e.in_office >= 1 AND CARDINALITY(e.grades) = 1"
    );
    hold(&[
        // p1's last change is of 09-01, p1 approves still; p2's has a blank day.
        (
            "of a group",
            &of_group,
            &[("items", "id,owner,on\na,p1,2026-09-01\nb,p2,2026-09-01\nc,p3,2026-09-01\n"), APPROVALS, APPROVERS],
            "3/1 p2:NotMet p3:NotMet",
        ),
        // c has two approvals of which one counts, so its columns are those of the one.
        ("of a join", &of_join, ALL, "4/2 b:NoPartner d:Unreadable"),
        ("of a join with lets", &of_lets, ALL, "4/2 b:NotMet d:Unreadable"),
    ]);
}

/// A partner row without a key is a finding when it may belong to some row, and that may depend on the join.
#[test]
fn null_keys_of_has_no() {
    let check = format!("over: items\nas: i\nhas_no: {{in: events, on: item = id, {IN_OFFICE}, where: NOT p.matched}}");
    let approvals = ("events", "item,kind\n,p2\n");
    let made_on = |days: &str| format!("id,on\n{days}");
    for (name, days, expected) in [
        ("in office on every day", "a,2026-07-01\nb,2026-07-31\n", "2/2"),
        ("gone by one", "a,2026-07-01\nb,2026-08-01\n", "3/2 *:Undecided"),
        ("a day that nobody knows", "a,2026-07-01\nb,\n", "3/2 *:Undecided"),
        ("nobody to belong to", "", "0/0"),
    ] {
        let items = made_on(days);
        for batch in [1, 8_192] {
            let run = outcome(&check, &[("items", &items), approvals, APPROVERS], batch);
            assert_eq!(shown(run.results.values().next().unwrap()), expected, "{name}, {batch}");
        }
    }
}

/// What a finding says of the first offender is what its joins found beside this row.
#[test]
fn the_text_has_what_was_found_for_the_pair() {
    let check = "over: items\nas: i\nhas_no: {in: events, on: item = id, join: {o: {from: people, on: person = i.owner}, p: {from: people, on: person = kind}}, where: \"o.grade = 'a'\"}\nfinding: {zh: '{{ id }} {{ partner.kind }} {{ partner.o.grade }} {{ partner.p.left_on }}', en: x}";
    for batch in [1, 8_192] {
        let run = outcome(check, ALL, batch);
        let found = run.results.values().next().unwrap();
        assert_eq!(shown(found), "4/2 a:NotMet b:NotMet");
        let texts: Vec<&str> = found.findings.iter().map(|finding| finding.text.zh.as_str()).collect();
        assert_eq!(texts, ["a p2 a 2026-08-01", "b p2 a 2026-08-01"]);
        // The row itself, then the approval.
        let cited: Vec<_> = found.findings[1].citations.iter().map(|cite| (cite.file.as_str(), cite.row)).collect();
        assert_eq!(cited, [("items-0.csv", Some(3)), ("events-1.csv", Some(3))]);
    }
    // Of two approvals the first offender is c's second.
    let check = format!(
        "over: items\nas: i\nwhere: id = 'c'\nhas_no: {{in: events, on: item = id, {IN_OFFICE}, where: p.matched}}\nfinding: {{zh: '{{{{ partner.kind }}}} {{{{ partner.p.name }}}}', en: x}}"
    );
    let found = result(&check, ALL);
    assert_eq!(found.findings[0].text.zh, "p1 张**");
}

#[test]
fn several_partners_of_a_pair_are_told() {
    let check = "over: items\nas: i\nhas: {in: people, on: person = owner, join: {e: {from: events, on: kind = person, where: size >= i.n}}, where: e.matched}";
    // p1 approved once, with 4. p2 with 1, 2, 3, 5: one is at least 5, all are at least 0.
    for batch in [1, 8_192] {
        let run = outcome(check, ALL, batch);
        assert_eq!(shown(run.results.values().next().unwrap()), "4/3 d:Unreadable");
        let told: Vec<&str> = run
            .diagnostics
            .iter()
            .filter(|fault| fault.code.id == "evidence/ambiguous-key")
            .map(|fault| fault.message.en.as_str())
            .collect();
        assert_eq!(told, ["1 pair of rows of T-01.1 has two or more partners in `events` by `kind`"]);
    }
    // Of partner rows that may belong to anybody nothing is told: nobody knows whether there is a pair.
    let check = "over: items\nas: i\nhas_no: {in: people, on: name = id, join: {e: {from: events, on: kind = person, where: size >= i.n}}, where: e.matched}";
    let run = outcome(check, &[CHANGES, APPROVALS, ("people", "person,name\np2,\n")], 8_192);
    assert_eq!(shown(run.results.values().next().unwrap()), "5/4 p2:Undecided");
    assert!(run.diagnostics.iter().all(|fault| fault.code.id != "evidence/ambiguous-key"), "{:?}", run.diagnostics);
}

/// DESIGN §8 rules 2 and 4: the evidence of such a join is asked for like that of the partner around it.
#[test]
fn missing_evidence() {
    let names = |list: &[crate::model::MissingEvidence]| -> Vec<String> {
        list.iter().map(|missing| missing.kind.to_string()).collect()
    };
    let without = &[CHANGES, APPROVALS];
    let has = result(
        &format!("over: items\nas: i\nhas: {{in: events, on: item = id, {IN_OFFICE}, where: p.matched}}"),
        without,
    );
    assert_eq!((names(&has.missing_population), names(&has.missing_partners)), (vec![], vec!["people".to_owned()]));
    let join = |rest: &str| {
        format!(
            "over: items\nas: i\njoin: {{e: {{from: events, on: item = id, {IN_OFFICE}, where: p.matched, let: {{c: COUNT(*)}}}}}}\n{rest}"
        )
    };
    let decides = result(&join("where: e.c > 0\nexpect: n > 0"), without);
    assert_eq!(names(&decides.missing_population), ["people"]);
    let expects = result(&join("expect: e.c > 0"), without);
    assert_eq!(
        (names(&expects.missing_population), names(&expects.missing_partners)),
        (vec![], vec!["people".to_owned()])
    );
    // The files searched for a partner are those of its joins too.
    let searched =
        result(&format!("over: items\nas: i\nhas: {{in: events, on: item = id, {IN_OFFICE}, where: p.matched}}"), ALL);
    assert_eq!(searched.findings[0].searched, ["events-1.csv", "people-2.csv"]);
}

#[test]
fn rows_of_such_joins_count_against_the_memory() {
    use std::fmt::Write as _;
    let events = (0..500).fold("item,size\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "e{row},{row}");
        text
    });
    let check = "over: items\nas: i\nhas: {in: {values: [1]}, join: {e: {from: events, where: size > i.n, let: {c: COUNT(*)}}}, where: e.c > 2}";
    let run = |options: &RunOptions| {
        let run =
            outcome_with(check, &[("items", "id,n\na,496\nb,497\n"), ("events", &events)], 100, &clock(), options);
        run.results.into_values().next().unwrap()
    };
    assert_eq!(shown(&run(&RunOptions::default())), "2/1 b:NotMet");
    let little = run(&RunOptions { memory_bytes: 4_096, ..RunOptions::default() });
    assert!(little.error.is_some_and(|error| error.en.starts_with("out of memory: ")));
}

/// More pairs than are looked at at once, in batches of any size and by any number of threads.
#[test]
fn runs_of_pairs_change_nothing() {
    use std::fmt::Write as _;
    let items = (0..300).fold("id,n\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "i{row},{row}");
        text
    });
    let events = (0..200).fold("item,size\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "e{row},{row}");
        text
    });
    // Up to item 150 at least two of the values are as large, and some event is as large as the least of them.
    let check = "over: items\nas: i\nhas: {in: events, join: {v: {from: {values: [0, 50, 100, 150, 250]}, where: value >= i.n, let: {c: COUNT(*), least: MIN(value)}}}, where: v.c >= 2 AND size = v.least}";
    let evidence = [("items", items.as_str()), ("events", events.as_str())];
    let all: Vec<String> = [(97, 1), (97, 2), (8_192, 1), (8_192, 2)]
        .into_iter()
        .map(|(rows, threads)| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let run = pool.install(|| outcome(check, &evidence, rows));
            format!("{:?} {:?}", run.results, run.diagnostics)
        })
        .collect();
    assert!(all.iter().all(|one| *one == all[0]));
    let found = result(check, &evidence);
    assert_eq!((found.population, found.conforming), (300, 151));
}
