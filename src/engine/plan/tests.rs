//! Faults of checks, each with its place, and the plan of a good one.

use crate::engine::testing::{faults, planned, planned_with};

#[test]
fn the_shipped_pack_plans() {
    use crate::engine::{plan_all, testing};
    use crate::policy::{ProfileChoice, load, shipped};
    let loaded = load(shipped(), Vec::new(), &ProfileChoice::default(), false);
    let planned = plan_all(&loaded.pack, &std::collections::BTreeMap::default(), &testing::clock());
    assert_eq!(faults(&planned), Vec::<String>::new());
    assert!(planned.plans.len() > 10);
}

#[test]
fn faults_are_told() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("unknown source", "over: itms\nexpect: n > 1", &["policy/unknown-source no source `itms`"]),
        (
            "unknown list",
            "over: plan.prts\nexpect: days > 1",
            &["policy/unknown-source no list `prts` in evidence `plan`"],
        ),
        ("unknown column", "over: items\nexpect: nn > 1", &["policy/unknown-column no column `nn` in `items`"]),
        (
            "every fault at once",
            "over: items\nwhere: x = 1\nexpect: y = 2",
            &["policy/unknown-column no column `x` in `items`", "policy/unknown-column no column `y` in `items`"],
        ),
        (
            "alias outside",
            "over: items\nas: i\nexpect: i.n > 1",
            &["policy/alias-outside-partner `i.` is for the inside of a join, `has` or `has_no`"],
        ),
        (
            "let too early",
            "over: items\nlet: {a: b + 1, b: n}\nexpect: a > 1",
            &["policy/name-too-early `b` does not exist yet here"],
        ),
        (
            "let named like a column",
            "over: items\nlet: {n: n + 1}\nexpect: n > 1",
            &["policy/name-taken the name `n` is taken", "policy/name-too-early `n` does not exist yet here"],
        ),
        (
            "reserved word",
            "over: items\nas: partner\nexpect: n > 1",
            &["policy/name-taken the name `partner` is taken"],
        ),
        (
            "gone after group_by",
            "over: items\ngroup_by: [owner]\nlet: {c: COUNT(*)}\nexpect: n > c",
            &["policy/name-gone `n` is gone after `group_by`"],
        ),
        (
            "aggregate without group_by",
            "over: items\nlet: {c: COUNT(*)}\nexpect: n > 1",
            &["policy/aggregate-without-group `c` aggregates, and there is no `group_by`"],
        ),
        (
            "previous without order",
            "over: items\nlet: {p: PREVIOUS(n)}\nexpect: n > 1",
            &["policy/previous-without-order `PREVIOUS` needs `order_by`"],
        ),
        ("unknown parameter", "over: items\nexpect: n > $leest", &["policy/unknown-parameter no parameter `$leest`"]),
        ("unknown fact", "over: items\nexpect: n > $facts.individual", &["policy/unknown-fact no fact `individual`"]),
        (
            "facts only",
            "over: items\napplies_if: n > 1\nexpect: n > 1",
            &["policy/applies-if-names `n` cannot be used in `applies_if`"],
        ),
        (
            "the day is no fact",
            "over: items\napplies_if: $facts.abroad AND $as_of > DATE '2025-01-01'\nexpect: n > 1",
            &["policy/applies-if-names `$as_of` cannot be used in `applies_if`"],
        ),
        (
            "applies_if without an answer",
            "over: items\napplies_if: $least / 0 > 1\nexpect: n > 1",
            &[
                "policy/applies-if-undecided `$least / 0 > 1` is neither TRUE nor FALSE, although every fact it needs is stated",
            ],
        ),
        (
            "join later",
            "over: items\njoin: {p: {from: people, on: person = q.person}, q: {from: people, on: person = owner}}\nexpect: p.matched",
            &["policy/name-too-early join `q` comes later and does not exist yet here"],
        ),
        (
            "types of on",
            "over: items\nhas: {in: people, on: person = n}",
            &["policy/key-types the sides of `on` differ in type: the partner has text, this row integer"],
        ),
        (
            "a word in `on` that the partner's enum lacks",
            "over: items\nhas: {in: people, on: [person = owner, \"grade = 'aa'\"]}",
            &["expr/not-in-enum `aa` is not in the column's `enum`"],
        ),
        (
            "bare join column",
            "over: items\njoin: {e: {from: events, on: item = id, let: {c: COUNT(*), s: size}}}\nexpect: e.c > 1",
            &["policy/aggregate-needed `size` must stand inside an aggregate"],
        ),
        (
            "unknown join let",
            "over: items\njoin: {e: {from: events, on: item = id, let: {c: COUNT(*)}}}\nexpect: e.d > 1",
            &["policy/unknown-column join `e` has no `d`"],
        ),
        (
            "a partner's key that the population row decides",
            "over: items\nas: i\nhas: {in: events, on: [item = id, p.name = owner], join: {p: {from: people, on: person = kind, where: grade = i.owner}}}",
            &["policy/nested-correlation `p.name` depends on the population row and cannot stand on the left of `on`"],
        ),
        (
            "the same through another join",
            "over: items\nas: i\nhas: {in: events, on: q.name = owner, join: {p: {from: people, on: person = i.owner}, q: {from: people, on: person = p.name}}}",
            &["policy/nested-correlation `q.name` depends on the population row and cannot stand on the left of `on`"],
        ),
        (
            "unknown column of the population row in a partner's join",
            "over: items\nas: i\nhas: {in: events, on: item = id, join: {p: {from: people, on: person = i.ownr, where: name = i.idd}}, where: p.matched}",
            &["policy/unknown-column no column `ownr` in `items`", "policy/unknown-column no column `idd` in `items`"],
        ),
        (
            "the row at hand in a partner's join is the partner's",
            "over: items\nas: i\nhas: {in: events, on: item = id, join: {p: {from: people, on: person = owner}}, where: p.matched}",
            &["policy/unknown-column no column `owner` in `events`"],
        ),
        (
            "alias is also a column of a partner's join",
            "over: items\nas: name\nhas: {in: events, on: item = id, join: {p: {from: people, on: person = name.owner}}}",
            &["policy/name-taken alias `name` is also a column of this partner"],
        ),
        (
            "alias is also the source of a partner's join",
            "over: people\nhas: {in: events, on: kind = person, join: {p: {from: people, on: person = item, where: name = people.name}}}",
            &["policy/name-taken `people` could be the population row or the partner"],
        ),
        (
            "alias is also the source of the partner around a join",
            "over: events\nhas: {in: events, on: item, join: {p: {from: people, on: person = events.kind, where: name = events.item}}}",
            &[
                "policy/name-taken `events` could be the population row or the partner",
                "policy/name-taken `events` could be the population row or the partner",
            ],
        ),
        (
            "alias is the partner's name too",
            "over: events\nhas: {in: events, on: item, where: size > events.size}",
            &["policy/name-taken `events` could be the population row or the partner"],
        ),
        (
            "a join called like the row",
            "over: people\njoin: {people: {from: items, on: owner = person}}\nexpect: people.n > 1",
            &["policy/name-taken the name `people` is taken"],
        ),
        (
            "a let called like the row",
            "over: people\nlet: {people: person}\nhas: {in: items, on: owner = people}",
            &["policy/name-taken the name `people` is taken"],
        ),
        (
            "a join of a partner called like the row",
            "over: items\nas: z\nhas: {in: people, on: person = owner, join: {z: {from: events, on: kind = name}}}",
            &["policy/name-taken the name `z` is taken"],
        ),
        (
            "and like the row's default name",
            "over: items\nhas: {in: people, on: person = owner, join: {items: {from: events, on: kind = name}}}",
            &["policy/name-taken the name `items` is taken"],
        ),
        (
            "a let of a join called like the row",
            "over: items\nas: z\njoin: {e: {from: events, on: item = id, let: {z: COUNT(*)}}}\nexpect: e.z > 1",
            &["policy/name-taken the name `z` is taken"],
        ),
        (
            "a column called like the row",
            "over: desks\nhas: {in: people, on: person = desks.name}",
            &["policy/name-taken inside partners a row of `desks` is called `desks`, and that name is taken"],
        ),
        (
            "a partner's column called like the row",
            "over: plan.owner\nhas: {in: items, on: owner = value}",
            &["policy/name-taken alias `owner` is also a column of this partner"],
        ),
        (
            "a partner's own `matched`",
            "over: people\njoin: {d: {from: desks, on: room = name}}\nexpect: d.matched",
            &["policy/name-taken `d.matched` could be whether there was one, or the column `matched` of `desks`"],
        ),
        (
            "a fact is no number of rows",
            "over: items\ncount: '>= $facts.individuals'",
            &["policy/count-form cannot read `$facts.individuals`"],
        ),
        (
            "nor of partners",
            "over: items\nhas: {in: events, on: item = id, at_least: $facts.individuals}",
            &["policy/partners-wanted cannot read `$facts.individuals`"],
        ),
        (
            "a number nobody named",
            "over: items\ncount: '>= $'",
            &["expr/syntax `$` is followed by the name of a parameter"],
        ),
        ("count of none", "over: items\ncount: '>= 0'", &["policy/count-form cannot read `0`"]),
        (
            "count and groups",
            "over: items\ngroup_by: [owner]\ncount: '>= 1'",
            &["policy/count-with-group `count` does not go with `group_by` or `order_by`"],
        ),
        (
            "group by an expression",
            "over: items\ngroup_by: [LOWER(owner)]\nexpect: owner IS NOT NULL",
            &["policy/not-a-column `group_by` takes names of columns"],
        ),
        (
            "text names",
            "over: items\nexpect: n > 1\nfinding: {zh: '{{ nam }}', en: '{{ n }}'}",
            &["policy/unknown-name-in-text `nam` in the finding text does not exist"],
        ),
        (
            "a count has only its number",
            "over: items\ncount: '>= 1'\nfinding: {zh: '{{ count }}', en: '{{ count }} of {{ n }}'}",
            &["policy/unknown-name-in-text `n` in the finding text does not exist"],
        ),
        (
            "the population row is no column of the partner",
            "over: items\nas: i\nhas_no: {in: events, on: item = id, where: size > i.n}\nfinding: {zh: '{{ partner.i.n }}', en: '{{ n }}'}",
            &["policy/unknown-name-in-text `partner.i.n` in the finding text does not exist"],
        ),
        (
            "partner only with has_no",
            "over: items\nhas: {in: people, on: person = owner}\nfinding: {zh: '{{ partner.name }}', en: x}",
            &["policy/unknown-name-in-text `partner.name` in the finding text does not exist"],
        ),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(name, check, expected)| (name, faults(&planned(check)), expected))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn good_checks_plan() {
    let cases = [
        ("plain", "over: items\nwhere: n > 0\nexpect: ok"),
        (
            "struct of stages",
            "over: items\norder_by: [on]\ngroup_by: [owner]\nlet: {gap: 'DAYS_BETWEEN(PREVIOUS(on), on)', longest: MAX(gap), twice: longest * 2}\nexpect: twice < 10",
        ),
        (
            "let in on",
            "over: items\nlet: {who: LOWER(owner)}\njoin: {p: {from: people, on: person = who}}\nexpect: p.left_on IS NULL",
        ),
        ("has with alias", "over: items\nas: i\nhas: {in: events, on: item = id, where: on > i.on, at_least: 2}"),
        (
            "has_no with partner text",
            "over: items\nhas_no: {in: events, on: item = id}\nfinding: {zh: '{{ partner.kind }}', en: '{{ partner.kind }}'}",
        ),
        ("values", "over: {values: [x, y]}\nhas: {in: events, on: kind = value}"),
        ("values of a parameter", "over: {values: $words}\nhas: {in: events, on: kind = value}"),
        ("calendar", "over: calendar.months\nas: m\nhas: {in: events, where: on BETWEEN m.start_on AND m.end_on}"),
        ("catalog", "over: catalog.provisions\nwhere: in_force AND cited\nexpect: binding = 'mandatory'"),
        ("files", "over: evidence.files\nexpect: rows_rejected = 0"),
        ("list", "over: plan.parts\nexpect: parent.year = 2026 AND days > 0"),
        ("scalars", "over: plan.words\nexpect: value <> 'x'"),
        (
            "join with aggregates of the population row",
            "over: items\nas: i\njoin: {e: {from: events, on: item = id, let: {gap: 'MAX_GAP(at, i.at, $as_of_end)', c: COUNT(*)}}}\nexpect: e.gap < HOURS(4) AND e.matched AND e.c > 1",
        ),
        (
            "partner with a join",
            "over: people\nhas: {in: events, join: {i: {from: items, on: id = item}}, on: i.owner = person}",
        ),
        ("called like its column, with no partner to say so", "over: desks\nexpect: desks.name <> room"),
        ("a let called like the row, with no partner", "over: people\nlet: {people: person}\nexpect: people <> name"),
        (
            "a column `matched` may be summed up",
            "over: people\njoin: {d: {from: desks, on: room = name, let: {all: EVERY(matched)}}}\nexpect: d.all AND d.matched",
        ),
        (
            "a partner's join that names the population row",
            "over: items\nas: i\nhas: {in: events, on: item = id, join: {p: {from: people, on: [person = kind, name = i.owner], where: left_on > i.on}, e: {from: events, on: kind, let: {gap: 'MAX_GAP(on, i.on, $as_of)', big: COUNT(*) FILTER (WHERE size > i.n), same: MAX(size) = i.n}}}, where: p.matched AND e.big > 1 AND e.gap < DAYS(9) AND e.same}",
        ),
        (
            "a join of a partner's join that names the population row",
            "over: items\nas: i\njoin: {e: {from: events, on: item = id, join: {q: {from: events, on: item, join: {p: {from: people, on: person = kind, where: left_on > i.on}}, where: p.matched, let: {n: COUNT(*)}}}, let: {most: MAX(q.n)}}}\nexpect: e.most < 3",
        ),
        (
            "a partner's join that names a group",
            "over: items\nas: g\ngroup_by: [owner]\nlet: {last: MAX(on)}\nhas_no: {in: events, on: kind = owner, join: {p: {from: people, on: person = g.owner, where: left_on < g.last}}, where: p.matched}",
        ),
        ("count", "over: items\nwhere: ok\ncount: '>= $least'"),
        (
            "count with its number in the text",
            "over: items\ncount: '<= 1'\nfinding: {zh: '{{ count }} 行', en: '{{ count }} rows'}",
        ),
        ("shares", "over: items\nexpect: ok\nat_least: 95%\npartial_from: $share"),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(name, check)| (name, faults(&planned(check)), planned(check).plans.len()))
        .filter(|(_, faults, plans)| !faults.is_empty() || *plans != 1)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Joins of a partner that read the population row, themselves or through another, run on pairs; so do the conditions that
/// read them.
#[test]
fn what_names_the_population_row_runs_on_pairs() {
    let check = "over: items\nas: i\nhas: {in: events, on: item = id, join: {p: {from: people, on: person = kind}, q: {from: people, on: person = i.owner}, r: {from: people, on: person = q.name}, s: {from: people, on: person = p.name}}, where: p.matched AND q.matched AND r.grade = 'a' AND s.matched AND size > i.n AND good}";
    let planned = planned(check);
    let partner = planned.plans[0].partner().unwrap();
    let joins: Vec<_> = partner.relation.joins().map(|join| (join.name.as_str(), join.per_pair)).collect();
    assert_eq!(joins, [("p", false), ("q", true), ("r", true), ("s", false)]);
    assert!(partner.per_pair());
    // q, r and size.
    assert_eq!(partner.correlated.len(), 3);
    // p, s and good.
    let own = partner.relation.steps.iter().find_map(|step| match step {
        super::Step::Filter { conditions, .. } => Some(conditions.len()),
        _ => None,
    });
    assert_eq!(own, Some(3));
}

#[test]
fn a_refused_key_says_what_to_write() {
    let check = "over: items\nas: i\nhas: {in: events, on: p.name = owner, join: {p: {from: people, on: person = kind, where: left_on > i.on}}}";
    let planned = planned(check);
    let help = planned.diagnostics.iter().find_map(|fault| fault.help.as_ref()).map(|help| help.en.clone());
    assert!(help.as_ref().is_some_and(|help| help.ends_with("as in `where: p.name = alias.column`")), "{help:?}");
    // And what it says to write plans.
    let written = "over: items\nas: i\nhas: {in: events, join: {p: {from: people, on: person = kind, where: left_on > i.on}}, where: p.name = i.owner}";
    assert_eq!(faults(&super::super::testing::planned(written)), Vec::<String>::new());
}

#[test]
fn what_does_not_apply_needs_no_fact() {
    use super::Applies;
    let applies = |check: &str| planned(check).plans[0].applies.clone();
    let fact = || Applies::FactMissing(vec!["abroad".to_owned()]);
    // LAW-2 was in force until 2021.
    let out = || Applies::LawNotInForce(vec![crate::model::ProvisionId::new("LAW-2")]);
    let old = "threshold: {source: law, basis: [LAW-2]}\n";
    let cases = [
        ("a fact missing", "over: items\napplies_if: $facts.abroad\nexpect: n > 1".to_owned(), fact()),
        ("and its law not in force", format!("over: items\n{old}applies_if: $facts.abroad\nexpect: n > 1"), out()),
        ("a fact in an expression", "over: items\nexpect: ok = $facts.abroad".to_owned(), fact()),
        ("and the law", format!("over: items\n{old}expect: ok = $facts.abroad"), out()),
    ];
    for (name, check, expected) in cases {
        assert_eq!(applies(&check), expected, "{name}");
    }
    let condition = "over: items\napplies_if: $least > 5\nexpect: ok = $facts.abroad";
    assert!(matches!(applies(condition), Applies::No(_)), "a condition that is false");
}

/// 不适用 names the fact that decided it and its value (REPORTS §1.1).
#[test]
fn a_condition_that_does_not_hold_names_the_values_that_decided() {
    use crate::engine::plan::Applies;
    use crate::expr::Scalar;
    let facts = [("abroad".to_owned(), Scalar::Boolean(false)), ("individuals".to_owned(), Scalar::Integer(3))].into();
    let cases = [
        ("$facts.abroad", "`$facts.abroad` does not hold: $facts.abroad = false"),
        (
            "$facts.abroad OR $facts.individuals > $least * 2",
            "`$facts.abroad OR $facts.individuals > $least * 2` does not hold: $facts.abroad = false, $facts.individuals = 3, $least = 2",
        ),
        ("1 > 2", "`1 > 2` does not hold"),
    ];
    for (condition, expected) in cases {
        let planned = planned_with(&format!("over: items\napplies_if: {condition}\nexpect: n > 1"), &facts);
        let Applies::No(why) = &planned.plans[0].applies else { panic!("{condition}: {:?}", planned.plans[0].applies) };
        assert_eq!(why.en, expected);
    }
}
