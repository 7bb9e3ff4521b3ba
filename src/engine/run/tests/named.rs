//! How findings are named across runs (LANGUAGE §2, "Its stable key"): what `--baseline` takes for the same finding must
//! be about the same thing.

use crate::engine::testing::{result, strict_outcome};
use crate::model::CheckResult;

/// Fingerprints, and keys as shown: by file and row.
fn named(found: &CheckResult) -> (Vec<u64>, Vec<String>) {
    let key = |finding: &crate::model::Finding| {
        let parts = finding.key.iter().map(|(name, text)| {
            let text = if ["row", "partner"].contains(&name.as_str()) { "*" } else { text.as_str() };
            format!("{name}={text}")
        });
        parts.collect::<Vec<_>>().join(" ")
    };
    let prints = found.findings.iter().map(|finding| finding.fingerprint).collect();
    (prints, found.findings.iter().map(key).collect())
}

fn of(check: &str, kind: &str, rows: &str) -> (Vec<u64>, Vec<String>) {
    named(&result(check, &[(kind, rows)]))
}

/// The one finding that each of these gives; all different.
fn all_differ(check: &str, kind: &str, rows: &[&str]) {
    let mut prints: Vec<u64> = rows
        .iter()
        .map(|rows| {
            let (prints, keys) = of(check, kind, rows);
            assert_eq!(prints.len(), 1, "{check} {rows}: {keys:?}");
            prints[0]
        })
        .collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), rows.len(), "{check}");
}

/// The one finding that each of these gives; all the same.
fn all_equal(check: &str, kind: &str, rows: &[&str]) {
    let prints: Vec<Vec<u64>> = rows.iter().map(|rows| of(check, kind, rows).0).collect();
    assert!(prints.iter().all(|one| one.len() == 1 && *one == prints[0]), "{check}: {prints:x?}");
}

#[test]
fn an_element_of_a_list_belongs_to_the_row_around_it() {
    let roles = "over: sites.roles\nexpect: value <> 'admin'";
    all_differ(
        roles,
        "sites",
        &[
            r#"[{"id": "A", "roles": ["admin"]}, {"id": "B", "roles": ["x"]}]"#,
            r#"[{"id": "A", "roles": ["x"]}, {"id": "B", "roles": ["admin"]}]"#,
        ],
    );
    // The same element however the rows stand and whatever else the row around it says.
    all_equal(
        roles,
        "sites",
        &[
            r#"[{"id": "A", "roles": ["admin"]}, {"id": "B", "roles": ["x"]}]"#,
            r#"[{"id": "B", "roles": ["x", "y"]}, {"id": "A", "city": "X", "roles": ["x", "admin"]}]"#,
        ],
    );
    let (_, keys) = of(roles, "sites", r#"[{"id": "A", "roles": ["admin"]}]"#);
    assert_eq!(keys, ["parent.id=A value=admin"]);

    let rooms = "over: sites.rooms\nexpect: open";
    all_differ(
        rooms,
        "sites",
        &[
            r#"[{"id": "A", "rooms": [{"name": "r", "open": false}]}, {"id": "B", "rooms": [{"name": "r", "open": true}]}]"#,
            r#"[{"id": "A", "rooms": [{"name": "r", "open": true}]}, {"id": "B", "rooms": [{"name": "r", "open": false}]}]"#,
            r#"[{"id": "A", "rooms": [{"name": "s", "open": false}]}]"#,
        ],
    );
    let (_, keys) = of(rooms, "sites", r#"[{"id": "A", "rooms": [{"name": "r"}]}]"#);
    assert_eq!(keys, ["parent.id=A row=*"]);
    let text = format!("{rooms}\nfinding: {{zh: '{{{{ name }}}}', en: '{{{{ name }}}}'}}");
    let (_, keys) = of(&text, "sites", r#"[{"id": "A", "rooms": [{"name": "r"}]}]"#);
    assert_eq!(keys, ["parent.id=A name=r"], "what the text names stands for the hash");

    // Two deep: the room between counts as well.
    let bed = r#"{"n": 1, "free": false}"#;
    let beds = |site: &str, room: &str| {
        format!(r#"[{{"id": "{site}", "city": "X", "rooms": [{{"name": "{room}", "open": true, "beds": [{bed}]}}]}}]"#)
    };
    all_differ("over: sites.rooms.beds\nexpect: free", "sites", &[&beds("A", "r"), &beds("A", "s"), &beds("B", "r")]);
    let (_, keys) = of("over: sites.rooms.beds\nexpect: free", "sites", &beds("A", "r"));
    assert_eq!(keys, ["parent.parent.id=A row=*"]);
}

#[test]
fn without_a_key_the_row_around_is_known_by_all_its_columns() {
    let words = "over: plan.words\nexpect: value <> 'q'";
    let rows = |first: &str, second: &str| {
        format!(r#"[{{"year": 2026, "words": ["{first}"]}}, {{"year": 2025, "words": ["{second}"]}}]"#)
    };
    all_differ(words, "plan", &[&rows("q", "x"), &rows("x", "q")]);
    let (_, keys) = of(words, "plan", &rows("q", "x"));
    assert_eq!(keys, ["value=q row=*"]);
    let parts = "over: plan.parts\nexpect: days > 5";
    let rows = |year: &str| format!(r#"[{{"year": {year}, "parts": [{{"name": "a", "days": 1}}]}}]"#);
    all_differ(parts, "plan", &[&rows("2026"), &rows("2025")]);
}

/// A key that is null, unreadable, repeated or not there names nobody: the rest of the row does.
#[test]
fn a_null_key_is_no_name() {
    let check = "over: items\nexpect: n <= 5";
    all_differ(check, "items", &["id,owner,n\n,Alice,9\n", "id,owner,n\n,Bob,9\n", "id,owner,n\nb,Bob,9\n"]);
    all_equal(check, "items", &["id,owner,n\n,Alice,9\n", "id,owner,n\nb,Bob,1\n,Alice,9\n", "owner,n\nAlice,9\n"]);
    let (prints, keys) = of(check, "items", "id,owner,n\na,Alice,9\na,Bob,9\n");
    assert_eq!((prints[0] == prints[1], keys), (false, vec!["id= row=*".to_owned(), "id= row=*".to_owned()]));
    // What the text names does not change the key.
    let text = format!("{check}\nfinding: {{zh: '{{{{ owner }}}} {{{{ file.row }}}}', en: x}}");
    assert_eq!(of(&text, "items", "id,owner,n\n,Alice,9\n").0, of(check, "items", "id,owner,n\n,Alice,9\n").0);
    // The key is of two columns: both are shown.
    let element = "over: sites.roles\nexpect: value <> 'admin'";
    let (_, keys) = of(element, "sites", r#"[{"city": "X", "roles": ["admin"]}]"#);
    assert_eq!(keys, ["parent.id= value=admin row=*"]);
    all_differ(element, "sites", &[r#"[{"city": "X", "roles": ["admin"]}]"#, r#"[{"city": "Y", "roles": ["admin"]}]"#]);
    // A file without the key's column, as a real run reads it.
    let print = |rows: &str| {
        let run = strict_outcome(check, &[("items", rows)]);
        let found = run.results.into_values().next().unwrap();
        assert_eq!(found.missing_population, [], "nothing is decided by the key");
        found.findings[0].fingerprint
    };
    assert_ne!(print("owner,n\nAlice,9\n"), print("owner,n\nBob,9\n"));
}

#[test]
fn a_forbidden_partner_of_nobody_is_named_by_its_kinds_key() {
    let print = |check: &str, kind: &str, rows: &str| {
        let found = result(check, &[("items", "id,owner\na,b\n"), (kind, rows)]);
        let (prints, keys) = named(&found);
        assert_eq!(prints.len(), 1, "{check} {rows}");
        (prints[0], keys[0].clone())
    };
    let people = "over: items\nhas_no: {in: people, on: grade = owner}";
    let (first, key) = print(people, "people", "person,name,grade\np1,x,\n");
    assert_eq!(key, "partner.person=p1");
    assert_eq!(print(people, "people", "person,name,grade\np1,y,\n").0, first, "the key, whatever else changes");
    assert_ne!(print(people, "people", "person,name,grade\np2,x,\n").0, first);
    let (alone, key) = print(people, "people", "person,name,grade\n,x,\n");
    assert_eq!(key, "partner.person= partner=*");
    assert_ne!(print(people, "people", "person,name,grade\n,y,\n").0, alone, "without key by all its columns");
    let events = "over: items\nhas_no: {in: events, on: item = id}";
    let (first, _) = print(events, "events", "item,kind,size\n,x,1\n");
    assert_ne!(print(events, "events", "item,kind,size\n,y,1\n").0, first);
    for (check, kind, rows) in
        [(people, "people", "person,name,grade\np1,x,\n"), (events, "events", "item,kind,size\n,x,1\n")]
    {
        let column = if kind == "people" { "name" } else { "kind" };
        let text = format!("{check}\nfinding: {{zh: '{{{{ partner.{column} }}}} {{{{ partner.file.row }}}}', en: x}}");
        assert_eq!(print(&text, kind, rows).0, print(check, kind, rows).0, "whatever the text names");
    }
}

/// Values beside a finding are those that the check decides by or its text names, not every column that names a row.
#[test]
fn values_are_those_of_the_check() {
    let check = "over: items\nhas_no: {in: events, on: item = id}\nfinding: {zh: '{{ partner.kind }}', en: x}";
    let found = result(check, &[("items", "id\na\n"), ("events", "item,kind,size\na,x,1\n")]);
    assert_eq!(found.findings[0].values["partner"], serde_json::json!({"item": "a", "kind": "x"}));
}
