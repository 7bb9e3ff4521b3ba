//! LANGUAGE §5 once more, where keys are null, partners undecided, or ties open.

use super::{ITEMS, PEOPLE, hold};
use crate::engine::testing::{outcome, result, shown};

#[test]
fn null_keys_of_groups_and_orders() {
    let previous = "let: {before: PREVIOUS(id)}\nexpect: before IS NULL OR before < id";
    let ordered = format!("over: items\norder_by: [n]\n{previous}");
    let grouped =
        "over: items\norder_by: [n]\ngroup_by: [owner]\nlet: {before: PREVIOUS(id), c: COUNT(before)}\nexpect: c = 0";
    hold(&[
        (
            "null group key",
            "over: items\ngroup_by: [owner]\nlet: {c: COUNT(*)}\nexpect: c = 1",
            &[ITEMS],
            "4/3 c:Undecided",
        ),
        (
            "unreadable group key",
            "over: items\ngroup_by: [n]\nlet: {c: COUNT(*)}\nexpect: c = 1",
            &[ITEMS],
            "4/3 d:Unreadable",
        ),
        (
            "one null of two keys",
            "over: items\ngroup_by: [owner, n]\nlet: {c: COUNT(*)}\nexpect: c = 1",
            &[ITEMS],
            "4/2 c:Undecided d:Unreadable",
        ),
        (
            "null group key excluded",
            "over: items\ngroup_by: [owner]\nundecided: exclude\nlet: {c: COUNT(*)}\nexpect: c = 1",
            &[ITEMS],
            "3/3",
        ),
        ("unreadable order key", &ordered, &[ITEMS], "4/3 d:Unreadable"),
        ("order and group key", grouped, &[ITEMS], "4/2 c:Undecided d:Unreadable"),
        ("null order key", &ordered, &[("items", "id,n\na,1\nb,\nc,3\n")], "3/2 b:Undecided"),
    ]);
    let excluded =
        result("over: items\ngroup_by: [owner]\nundecided: exclude\nlet: {c: COUNT(*)}\nexpect: c = 1", &[ITEMS]);
    assert_eq!(excluded.excluded_undecided, 1);
    let filtered = result("over: items\nwhere: ok AND n >= 1\nundecided: exclude\nexpect: ok", &[ITEMS]);
    assert_eq!((shown(&filtered), filtered.excluded_undecided), ("1/1".to_owned(), 2));
    assert_eq!(filtered.excluded_unreadable, 1, "of c and d, d has no number");
}

#[test]
fn ties_are_broken_by_content_unless_the_row_is_the_order() {
    let by_content = "over: items\norder_by: [n]\nlet: {before: PREVIOUS(id)}\nexpect: before IS NULL OR before < id";
    let by_row =
        "over: items\norder_by: [n, file.row]\nlet: {before: PREVIOUS(id)}\nexpect: before IS NULL OR before < id";
    let shuffled = ("items", "id,n\nc,1\na,1\nb,1\n");
    let sorted = ("items", "id,n\na,1\nb,1\nc,1\n");
    hold(&[
        ("content, shuffled", by_content, &[shuffled], "3/3"),
        ("content, sorted", by_content, &[sorted], "3/3"),
        ("row, shuffled", by_row, &[shuffled], "3/2 a:NotMet"),
        ("row, sorted", by_row, &[sorted], "3/3"),
    ]);
}

/// What the text mentions changes no verdict, and neither does the order of the rows.
#[test]
fn ties_are_not_broken_by_what_the_text_mentions() {
    let texts = ["", "{{ file.row }}", "{{ file.path }} {{ size }}", "{{ amount }}"];
    let chain = "over: events\norder_by: [on]\nlet: {p: \"PREVIOUS(item, 'z')\"}\nexpect: kind = p";
    let rows = ["2026-09-01,b,a", "2026-09-01,a,z"];
    let named = "over: items\norder_by: [n]\nlet: {p: PREVIOUS(id)}\nexpect: p IS NOT NULL AND p < id";
    for text in texts {
        let with = |check: &str| {
            let text = if check.starts_with("over: events") {
                text.replace("amount", "item")
            } else {
                text.replace("size", "n")
            };
            format!("{check}\nfinding: {{zh: 'x {text}', en: 'x {text}'}}")
        };
        for (first, second) in [(0, 1), (1, 0)] {
            let events = format!("on,item,kind\n{}\n{}\n", rows[first], rows[second]);
            assert_eq!(shown(&result(&with(chain), &[("events", &events)])), "2/2", "{text} {events}");
        }
        for items in ["id,n,amount\na,1,2\nb,1,1\n", "id,n,amount\nb,1,1\na,1,2\n"] {
            assert_eq!(shown(&result(&with(named), &[("items", items)])), "2/1 a:NotMet", "{text} {items}");
        }
    }
}

#[test]
fn has_no_and_what_nobody_can_tell() {
    // Findings are in the order of the files: events before items.
    let two = ("items", "id,n\na,1\nb,2\n");
    let correlated = "over: items\nas: i\nhas_no: {in: events, on: item = id, where: size > i.n}";
    let pure = "over: items\nhas_no: {in: events, on: item = id, where: good}";
    hold(&[
        ("a null key is one finding", pure, &[two, ("events", "item,good\n,true\n")], "3/2 *:Undecided"),
        ("not when the condition is false", pure, &[two, ("events", "item,good\n,false\n")], "2/2"),
        ("but when it is null", pure, &[two, ("events", "item,kind,good\n,x,\n")], "3/2 *:Undecided"),
        ("an undecided partner breaks", pure, &[two, ("events", "item,good\nb,\n")], "2/1 b:Undecided"),
        ("an unreadable one too", pure, &[two, ("events", "item,good\nb,maybe\n")], "2/1 b:Unreadable"),
        (
            "an unreadable one, where a condition names both rows",
            "over: items\nas: i\nhas_no: {in: events, on: item = id, where: good AND size > i.n}",
            &[two, ("events", "item,size,good\nb,3,maybe\na,1,maybe\n")],
            "2/1 b:Unreadable",
        ),
        ("a null key of nobody's", pure, &[("items", "id,n\n"), ("events", "item,good\n,true\n")], "0/0"),
        (
            "correlated: true of one row",
            correlated,
            &[two, ("events", "item,size\nb,5\n,2\n")],
            "3/1 *:Undecided b:NotMet",
        ),
        ("correlated: false of every row", correlated, &[two, ("events", "item,size\n,1\n")], "2/2"),
        ("correlated: null of a row", correlated, &[two, ("events", "item,kind,size\n,x,\n")], "3/2 *:Undecided"),
        (
            "correlated: null because of the row",
            correlated,
            &[("items", "id,n\na,9\nb,\n"), ("events", "item,size\n,1\n")],
            "3/2 *:Undecided",
        ),
        (
            "two keys, one null",
            "over: items\nhas_no: {in: events, on: [item = id, kind = owner]}",
            &[ITEMS, ("events", "item,kind\na,\nb,q\n")],
            "5/3 *:Undecided c:Undecided",
        ),
        (
            "no key: no null key",
            "over: items\nas: i\nhas_no: {in: events, where: size > i.n}",
            &[two, ("events", "item,size\n,2\n")],
            "2/1 a:NotMet",
        ),
        (
            "of a group",
            "over: items\nas: g\ngroup_by: [owner]\nlet: {most: MAX(n)}\nhas_no: {in: events, on: kind = owner, where: size > g.most}",
            &[("items", "id,owner,n\na,p,1\nb,q,2\n"), ("events", "item,kind,size\nx,,2\ny,,1\nz,q,3\n")],
            "3/1 *:Undecided q:NotMet",
        ),
    ]);
}

/// Batches must not matter for which null keys may belong to somebody: the row that decides may come last.
#[test]
fn null_keys_of_has_no_meet_every_batch() {
    let check = "over: items\nas: i\nhas_no: {in: events, on: item = id, where: size > i.n}";
    let items = ("items", "id,n\na,9\nb,9\nc,9\nd,1\n");
    for batch in [1, 3, 8_192] {
        let run = outcome(check, &[items, ("events", "item,size\n,2\n,1\n")], batch);
        assert_eq!(shown(run.results.values().next().unwrap()), "5/4 *:Undecided", "{batch}");
    }
}

#[test]
fn joins_and_what_nobody_can_tell() {
    let events = ("events", "item,kind,size,good\na,p1,1,true\na,p2,5,\nb,p9,2,true\n");
    hold(&[
        (
            "an undecided partner of a lookup",
            "over: items\nwhere: id < 'c'\njoin: {e: {from: events, on: item = id, where: good}}\nexpect: e.size >= 1",
            &[ITEMS, events],
            "2/1 a:Unreadable",
        ),
        (
            "a partner with its own join",
            "over: items\nwhere: id < 'c'\njoin: {e: {from: events, on: item = id, join: {p: {from: people, on: person = kind}}, where: p.matched, let: {c: COUNT(*), names: LIST(DISTINCT p.grade)}}}\nexpect: e.c = 2 AND CARDINALITY(e.names) = 2",
            &[ITEMS, PEOPLE, events],
            "2/1 b:NotMet",
        ),
        (
            "its own join finds nobody",
            "over: items\nwhere: id < 'c'\nhas: {in: events, on: item = id, join: {p: {from: people, on: person = kind}}, where: p.left_on IS NULL}",
            &[ITEMS, PEOPLE, events],
            "2/1 b:NoPartner",
        ),
        (
            "has_no through its own join",
            "over: items\nwhere: id < 'c'\nhas_no: {in: events, on: item = id, join: {p: {from: people, on: person = kind}}, where: p.grade = 'b'}",
            &[ITEMS, PEOPLE, events],
            "2/0 a:NotMet b:NoPartner",
        ),
        (
            "silence between edges of the row",
            "over: items\nas: i\njoin: {e: {from: events, on: item = id, let: {gap: 'MAX_GAP(on, i.on, $as_of)'}}}\nexpect: e.gap <= DAYS(60)",
            &[
                ("items", "id,on\na,2026-07-01\nb,2026-08-15\nc,2026-06-01\nd,\n"),
                ("events", "item,on\na,2026-08-15\na,2026-05-01\nc,2026-09-29\n"),
            ],
            "4/2 c:NotMet d:Undecided",
        ),
        (
            "silence between edges of a table without rows",
            "over: events\ngroup_by: []\nlet: {gap: 'MAX_GAP(on, $period_start, $as_of)'}\nexpect: gap < DAYS(91)",
            &[("events", "item,on\n")],
            "1/0 :NotMet",
        ),
    ]);
    let spans = ("events", "item,kind,on,at,good\na,x,2026-07-05,,true\na,x,2026-07-09,,true\nb,x,2026-07-05,,false\n");
    let between = "let: {gap: \"MAX_GAP(on, DATE '2026-07-01', DATE '2026-07-11') FILTER (WHERE good)\"}";
    hold(&[
        (
            "silence of a group none of whose rows counts",
            &format!("over: events\ngroup_by: [item]\n{between}\nexpect: gap = DAYS(4)"),
            &[spans],
            "2/1 b:NotMet",
        ),
        (
            "is from edge to edge",
            &format!("over: events\ngroup_by: [item]\n{between}\nexpect: gap = DAYS(10)"),
            &[spans],
            "2/1 a:NotMet",
        ),
        (
            "silence between edges that are the group's keys",
            "over: events\ngroup_by: [item, on]\nlet: {gap: \"MAX_GAP(on, on, DATE '2026-07-11') FILTER (WHERE good)\"}\nexpect: gap = DAYS(6)",
            &[spans],
            "3/2 a,2026-07-09:NotMet",
        ),
        (
            "silence between edges of the partners",
            "over: items\njoin: {e: {from: events, on: item = id, let: {gap: 'MAX_GAP(on, DATE(at), $as_of)'}}}\nexpect: e.gap = DAYS(10)",
            &[
                ("items", "id\na\nb\nc\n"),
                (
                    "events",
                    "item,on,at\na,2026-09-20,2026-09-15 08:00\na,2026-09-30,2026-09-15 09:00\nb,2026-09-20,2026-09-19 08:00\nb,2026-09-20,2026-09-20 08:00\n",
                ),
            ],
            "3/1 b:Undecided c:Undecided",
        ),
        (
            "edges upside down are undecided, not a negative silence",
            "over: items\nas: i\njoin: {e: {from: events, on: item = id, let: {gap: 'MAX_GAP(on, i.on, $period_start)'}}}\nexpect: e.gap < DAYS(60)",
            &[("items", "id,on\na,2026-07-02\nb,2026-07-02\nc,2026-07-01\n"), ("events", "item,on\na,2026-08-15\n")],
            "3/1 a:Undecided b:Undecided",
        ),
    ]);
    // One row that met two: singular.
    let run =
        outcome("over: items\njoin: {e: {from: events, on: item = id}}\nexpect: e.size > 0", &[ITEMS, events], 8_192);
    let told: Vec<&str> = run
        .diagnostics
        .iter()
        .filter(|fault| fault.code.id == "evidence/ambiguous-key")
        .map(|fault| fault.message.en.as_str())
        .collect();
    assert_eq!(told, ["1 row of T-01.1 has two or more partners in `events` by `item`"]);
}

/// A partner row that nobody can give to anybody may be anybody's: "there is none" must not pass over it.
#[test]
fn a_partner_whose_key_is_in_doubt_leaves_the_join_incomplete() {
    let items = ("items", "id,n\na,1\nb,2\n");
    // The person's grade must be one of the enum's, and serves as a key here.
    let readable = ("people", "person,grade,name\np1,a,x\np2,,y\n");
    let unreadable = ("people", "person,grade,name\np1,a,x\np2,??,y\np3,?,z\n");
    let count = |rest: &str| {
        format!(
            "over: items\nas: i\njoin: {{p: {{from: people, on: grade = id{rest}, let: {{c: COUNT(*)}}}}}}\nexpect: p.c <= 1"
        )
    };
    let lookup = |rest: &str| {
        format!("over: items\nas: i\njoin: {{p: {{from: people, on: grade = id{rest}}}}}\nexpect: p.matched OR n = 2")
    };
    let told = |check: &str, people: (&str, &str)| -> Vec<String> {
        let found = result(check, &[items, people]);
        assert_eq!(found.missing_population, []);
        found.missing_partners.into_iter().map(|missing| missing.detail.en).collect()
    };
    let two = ["2 rows of `people` have an unreadable `grade`: nobody knows whose they are"];
    let one = ["1 row of `people` has an unreadable `grade`: nobody knows whose it is"];
    let nothing: [&str; 0] = [];
    for make in [&count as &dyn Fn(&str) -> String, &lookup] {
        assert_eq!(told(&make(""), readable), nothing, "a blank key matches nothing");
        assert_eq!(told(&make(""), unreadable), two);
        assert_eq!(told(&make(", where: name = 'z'"), unreadable), one, "what the condition drops is nobody's concern");
        assert_eq!(told(&make(", where: name = 'q'"), unreadable), nothing);
        assert_eq!(told(&make(", where: LENGTH(name) = i.n"), unreadable), two, "a condition on both rows");
        assert_eq!(told(&make(", where: LENGTH(name) = i.n + 5"), unreadable), nothing, "FALSE of every pair");
        assert_eq!(told(&make(", where: name = 'y' AND LENGTH(name) = i.n"), unreadable), one);
    }
    // `has` does not count it, and `has_no` has a finding of its own.
    let has = result("over: items\nhas: {in: people, on: grade = id}", &[items, unreadable]);
    assert_eq!((shown(&has).as_str(), has.missing_partners.len()), ("2/1 b:NotMet", 0));
    // A join that the population depends on is asked of it.
    let decides = result(&count("").replace("expect:", "where: p.c >= 0\nexpect:"), &[items, unreadable]);
    assert_eq!((decides.missing_population.len(), decides.missing_partners.len()), (1, 0));
    // A partner's own join that found nobody leaves its key undecided.
    let nested = result(
        "over: people\njoin: {e: {from: events, join: {i: {from: items, on: id = item}}, on: i.owner = person, let: {c: COUNT(*)}}}\nexpect: e.c >= 0",
        &[PEOPLE, ("items", "id,owner\na,p1\n"), ("events", "item\na\nq\n")],
    );
    let why: Vec<_> = nested.missing_partners.iter().map(|missing| missing.detail.en.as_str()).collect();
    assert_eq!(why, ["1 row of `events` has an undecided `i.owner`: nobody knows whose it is"]);
}

#[test]
fn counts_and_undecided_rows() {
    // Two rows are ok, one is not, one is blank.
    hold(&[
        (">= that holds without them", "over: items\nwhere: ok\ncount: '>= 2'", &[ITEMS], "1/1"),
        (">= that needs them", "over: items\nwhere: ok\ncount: '>= 3'", &[ITEMS], "1/0 >= 3:Undecided"),
        (">= beyond them", "over: items\nwhere: ok\ncount: '>= 4'", &[ITEMS], "1/0 >= 4:NotMet"),
        ("<= that holds with them", "over: items\nwhere: ok\ncount: '<= 3'", &[ITEMS], "1/1"),
        ("<= that they break", "over: items\nwhere: ok\ncount: '<= 2'", &[ITEMS], "1/0 <= 2:Undecided"),
        ("<= broken without them", "over: items\nwhere: ok\ncount: '<= 1'", &[ITEMS], "1/0 <= 1:NotMet"),
        ("excluded", "over: items\nwhere: ok\nundecided: exclude\ncount: '<= 2'", &[ITEMS], "1/1"),
    ]);
    let texts = [
        ("over: items\nwhere: ok\ncount: '>= 3'", ">= 3 rows wanted, 2 found (1 more row is undecided)"),
        ("over: people\nwhere: grade IS NULL\ncount: '>= 1'", ">= 1 row wanted, 0 found"),
        (
            "over: items\nwhere: ok\ncount: '>= 4'\nfinding: {zh: '只有 {{ count }} 行', en: 'only {{ count }} rows'}",
            "only 2 rows (1 more row is undecided)",
        ),
    ];
    for (check, expected) in texts {
        assert_eq!(result(check, &[ITEMS, PEOPLE]).findings[0].text.en, expected, "{check}");
    }
}
