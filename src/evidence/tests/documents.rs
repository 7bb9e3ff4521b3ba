//! JSON, JSON Lines, YAML, nested lists.

use super::*;

fn policy() -> Arc<EvidenceKind> {
    kind(
        "plan",
        r#"
files: ["**/plan*"]
rows: /plans
record:
  type: object
  required: [code]
  properties:
    code: {type: string, title: 编号}
    approved: {type: object, properties: {by: {type: string}, on: {type: string, format: date}}}
    topics: {type: array, items: {type: string, enum: [backup, audit]}}
    sets:
      type: array
      items:
        type: object
        required: [name]
        properties:
          name: {type: string, title: 名称}
          hours: {type: number, minimum: 0}
          copies: {type: array, x-may-be-empty: true, items: {type: object, properties: {site: {type: string}}}}
"#,
    )
}

const YAML: &str = "plans:
  - 编号: p1
    approved: {by: u1, on: 2026-09-01}
    topics: [backup, audit]
    sets:
      - name: 账套
        hours: 4
        copies: [{site: a}, {site: b}]
      - {name: 影像, hours: -1}
  - code: p2
    sets: [{hours: '6'}]
";

#[test]
fn nested_lists_are_tables_of_their_own() {
    let index = Index::from_memory([policy()], vec![file("plan.yaml", "plan", YAML)], options());
    let wanted = [
        table("plan", &[], &["code", "approved.on", "topics", "file.row"]),
        table("plan", &["sets"], &["name", "hours", "parent.code", "parent.approved.by"]),
        table("plan", &["sets", "copies"], &["site", "parent.name", "parent.parent.code"]),
        table("plan", &["topics"], &["value", "parent.code"]),
    ];
    let (rows, scan) = rows_of(&index, &wanted);
    assert_eq!(rows[0], [["p1", "2026-09-01", "[\"backup\",\"audit\"]", "2"], ["p2", "·", "·", "10"]]);
    assert_eq!(rows[1], [["账套", "4", "p1", "u1"], ["影像", "?", "p1", "u1"], ["?", "6", "p2", "·"]]);
    assert_eq!(rows[2], [["a", "账套", "p1"], ["b", "账套", "p1"]]);
    assert_eq!(rows[3], [["backup", "p1"], ["audit", "p1"]]);
    assert_eq!(
        told(&scan.diagnostics),
        ["unreadable-cell plan.yaml:9:/plans/0/sets/1/hours", "unreadable-cell plan.yaml:11:/plans/1/sets/0/name"]
    );
    assert_eq!(scan.tables, []);
    assert_eq!(scan.files[0].rows_read, 2);
}

#[test]
fn an_empty_list_is_an_answer_only_where_the_kind_says_so() {
    let with = |extra: &str| {
        kind(
            "people",
            &format!(
                "files: [\"**/people*\"]\nrecord:\n  type: object\n  properties:\n    \
                 roles: {{type: array{extra}, items: {{type: string}}}}\n    \
                 desks: {{type: array{extra}, items: {{type: object, properties: {{room: {{type: string}}}}}}}}\n"
            ),
        )
    };
    for (list, column) in [("roles", "value"), ("desks", "room")] {
        let why = |extra: &str| -> Vec<NotTested> {
            let text = r#"[{"roles": [], "desks": []}]"#;
            let (_, scan) = read(&with(extra), "people.json", text, &[list], &[column]);
            scan.missing_for(0, [column]).into_iter().map(|missing| missing.reason).collect()
        };
        assert_eq!(why(""), [NotTested::EvidenceEmpty], "{list}");
        assert_eq!(why(", x-may-be-empty: true"), [], "{list}");
    }
}

#[test]
fn json_and_json_lines_say_the_same() {
    let json = r#"{"plans": [{"code": "p1", "sets": [{"name": "a", "hours": 1.5}]}, {"code": "p2", "sets": []}]}"#;
    let lines =
        "{\"code\": \"p1\", \"sets\": [{\"name\": \"a\", \"hours\": 1.5}]}\n\n{\"code\": \"p2\", \"sets\": []}\n";
    for (path, text) in [("plan.json", json), ("plan.jsonl", lines)] {
        let (rows, scan) = read(&policy(), path, text, &["sets"], &["name", "hours", "parent.code"]);
        assert_eq!(rows, ["a|1.5|p1"], "{path}");
        assert_eq!((reasons(&scan), told(&scan.diagnostics)), (vec![], vec![]), "{path}");
    }
    let (rows, scan) =
        read(&policy(), "plan.jsonl", &format!("{lines}{{\"code\": \"p3\", \"se"), &[], &["code", "file.row"]);
    assert_eq!(rows, ["p1|1", "p2|3"]);
    assert_eq!(told(&scan.diagnostics), ["rejected-row plan.jsonl:4"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
}

#[test]
fn documents_that_cannot_be_read_say_why() {
    let deep = "[".repeat(100_000);
    let deep_yaml = format!("a: {}", "[".repeat(100_000));
    for (name, path, text, code) in [
        ("cut in half", "plan.json", r#"{"plans": [{"code": "p1"}, {"co"#, "evidence/syntax"),
        ("JSON nested 100,000 deep", "plan.json", deep.as_str(), "evidence/too-deep"),
        ("YAML nested 100,000 deep", "plan.yaml", deep_yaml.as_str(), "evidence/too-deep"),
        ("repeated key", "plan.json", r#"{"plans": [], "plans": []}"#, "evidence/duplicate-name"),
        ("repeated key in YAML", "plan.yaml", "plans: []\nplans: []\n", "evidence/duplicate-name"),
        ("nothing at the pointer", "plan.json", r#"{"rows": []}"#, "evidence/rows-pointer"),
        ("a bracket that is not closed", "plan.yaml", "a: &a [1,1,1,1]\nb: &b [*a,*a,*a\n", "evidence/syntax"),
    ] {
        let (rows, scan) = read(&policy(), path, text, &[], &["code"]);
        assert!(rows.is_empty(), "{name}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{name}");
        assert_eq!(scan.diagnostics[0].code.id, code, "{name}: {:?}", scan.diagnostics);
    }
}

/// A few hundred bytes that unfold to millions of values, or a text repeated until it fills the memory.
#[test]
fn a_bomb_of_aliases_does_not_go_off() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..13 {
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "));
    }
    let text = format!("text: &t \"\\t{}\"\nplans:\n{}", "x".repeat(1 << 20), "- {code: *t}\n".repeat(1_000));
    for (name, text, line) in [("lists of lists", bomb, 6), ("a long text", text, 32)] {
        let (rows, scan) = read(&policy(), "plan.yaml", &text, &[], &["code"]);
        assert!(rows.is_empty(), "{name}");
        assert_eq!(reasons(&scan), [NotTested::EvidenceUnreadable], "{name}");
        assert_eq!(told(&scan.diagnostics), [format!("too-large plan.yaml:{line}")], "{name}");
        let said = &scan.diagnostics[0].message;
        assert_eq!(said.zh, format!("第 {line} 行：别名重复的值超过 500000 个"), "{name}");
        assert_eq!(said.en, format!("line {line}: aliases repeat more than 500000 values"), "{name}");
    }
    // What people share is read.
    let shared = format!("plans:\n- {{code: p0, topics: &t [backup]}}\n{}", "- {code: p, topics: *t}\n".repeat(5_000));
    let (rows, scan) = read(&policy(), "plan.yaml", &shared, &["topics"], &["value"]);
    assert_eq!((rows.len(), reasons(&scan)), (5_001, vec![]));
}

/// Were a name looked for through all of its line or all names before it, these would take minutes.
#[test]
fn very_many_names_on_one_line_take_their_time_only() {
    let keys: String = (0..200_000).map(|n| format!("k{n}: 0, ")).collect();
    in_time(move || {
        let (rows, _) = read(&policy(), "plan.yaml", &format!("[{{{keys}code: p}}]"), &[], &["code"]);
        assert_eq!(rows, ["p"]);
    });
}

/// However many names a document makes up, they are looked at once, and their number is not made up.
#[test]
fn very_many_unknown_names_are_counted_as_far_as_they_are_listed() {
    for (count, zh, en) in [
        (3, "3 列没有声明，未使用：`k0`, `k1`, `k2`", "undeclared columns, not used (3): `k0`, `k1`, `k2`"),
        (4_096, "4096 列没有声明，未使用：`k0`", "undeclared columns, not used (4096): `k0`"),
        (4_097, "超过 4096 列没有声明，未使用：`k0`", "undeclared columns, not used (more than 4096): `k0`"),
        (100_000, "超过 4096 列没有声明，未使用：`k0`", "undeclared columns, not used (more than 4096): `k0`"),
    ] {
        let keys: Vec<String> = (0..count).map(|n| format!("\"k{n}\": 0")).collect();
        let rows: Vec<String> = keys.iter().map(|key| format!("{{{key}}}")).collect();
        let lines: String = keys.iter().map(|key| format!("{{\"code\": \"p\", {key}}}\n")).collect();
        for (name, path, text, read_rows) in [
            ("one object", "plan.json", format!("[{{{}, \"编 号\": \"p\"}}]", keys.join(", ")), 1),
            ("one in each object", "plan.json", format!("[{}, {{\"编_号\": \"p\"}}]", rows.join(", ")), count + 1),
            ("one on each line", "plan.jsonl", lines, count),
        ] {
            let (found, scan) = read(&policy(), path, &text, &[], &["code"]);
            assert_eq!((found.len(), found.last().map(String::as_str)), (read_rows, Some("p")), "{name}, {count}");
            let said = scan.diagnostics.iter().find(|fault| fault.code.id == "evidence/extra-column").unwrap();
            assert!(said.message.zh.starts_with(zh), "{name}, {count}: {}", said.message.zh);
            assert!(said.message.en.starts_with(en), "{name}, {count}: {}", said.message.en);
        }
    }
}

#[test]
fn what_is_no_list_or_object_is_told() {
    for (name, text, table_list, codes) in [
        (
            "a number for a list",
            r#"{"plans": [{"code": "p", "sets": 5}]}"#,
            ["sets"],
            vec!["not-a-list plan.json:1:/plans/0/sets"],
        ),
        (
            "a text among objects",
            r#"{"plans": [{"code": "p", "sets": ["x"]}]}"#,
            ["sets"],
            vec!["rejected-row plan.json:1"],
        ),
    ] {
        let (rows, scan) = read(&policy(), "plan.json", text, &table_list, &["name"]);
        assert!(rows.is_empty(), "{name}");
        assert_eq!(told(&scan.diagnostics), codes, "{name}");
        assert!(!scan.missing_for(0, []).is_empty(), "{name}: absence is not compliance");
    }
    let (_, scan) = read(&policy(), "plan.json", r#"{"plans": [{"code": "p"}, 7]}"#, &[], &["code"]);
    assert_eq!(reasons(&scan), [NotTested::EvidenceIncomplete]);
}

#[test]
fn an_empty_nested_list_is_empty_evidence_unless_it_may_be() {
    let text = r#"{"plans": [{"code": "p", "sets": [], "topics": ["backup"]}]}"#;
    let (_, scan) = read(&policy(), "plan.json", text, &["sets"], &["name"]);
    assert_eq!(
        scan.missing_for(0, []).iter().map(|missing| missing.reason).collect::<Vec<_>>(),
        [NotTested::EvidenceEmpty]
    );
    let text = r#"{"plans": [{"code": "p", "sets": [{"name": "a", "copies": []}]}]}"#;
    let (_, scan) = read(&policy(), "plan.json", text, &["sets", "copies"], &["site"]);
    assert_eq!(scan.missing_for(0, []), []);
}

/// Each element of a list has the texts around it as its own: a copy for each.
#[test]
fn elements_under_a_long_text_are_bounded() {
    let read = |elements: usize, length: usize| {
        let tags: Vec<String> = (0..elements).map(|number| format!("\"t{number}\"")).collect();
        let (long, tags) = ("x".repeat(length), tags.join(","));
        let text = format!(
            r#"[{{"id": "J-1", "dataset": "{long}", "done_at": "2026-09-01T08:00:00+08:00", "tags": [{tags}]}}]"#
        );
        let (rows, scan) = read(&jobs(), "jobs.json", &text, &["tags"], &["value", "parent.dataset"]);
        (rows.len(), said(&scan), reasons(&scan))
    };
    assert_eq!(read(60, 1_000_000), (60, Vec::new(), Vec::new()));
    assert_eq!(read(20_000, 100), (20_000, Vec::new(), Vec::new()));
    let (rows, said, reasons) = read(70, 1_000_000);
    let words = "from row 1 on, the elements of a list have more than 67108864 bytes of the texts around them";
    assert_eq!((rows, said), (0, vec![format!("too-large jobs.json: {words}")]));
    assert_eq!(reasons, [NotTested::EvidenceUnreadable]);
}

/// Services give a code and its word, or an old name beside the new: which of the two is meant nobody knows.
#[test]
fn two_keys_that_mean_one_field_must_agree() {
    let at = r#""done_at": "2026-09-01T08:00:00+08:00""#;
    for (name, first, second, expected) in [
        ("in one order", r#""状态": "成功""#, r#""status": "failed""#, "?"),
        ("in the other", r#""status": "failed""#, r#""状态": "成功""#, "?"),
        ("the same", r#""状态": "成功""#, r#""status": "成功""#, "success"),
        ("a code and its word", r#""状态": "成功""#, r#""status": "success""#, "success"),
        ("a blank", r#""状态": "成功""#, r#""status": " ""#, "success"),
        ("a null first", r#""status": null"#, r#""状态": "成功""#, "success"),
        ("names that only look alike", r#""状态": "成功""#, r#""STATUS ": "失败""#, "?"),
    ] {
        let record = format!(r#"{{"id": "J-1", {at}, {first}, {second}}}"#);
        for (path, text) in
            [("jobs.json", format!("[{record}]")), ("jobs.jsonl", record.clone()), ("jobs.yaml", format!("[{record}]"))]
        {
            let (rows, scan) = super::read(&jobs(), path, &text, &[], &["status"]);
            assert_eq!(rows, [expected], "{name} {path}: {:?}", said(&scan));
            let words = "two keys mean `status`, and their values differ";
            assert_eq!(
                said(&scan).iter().any(|one| one.ends_with(words)),
                expected == "?",
                "{name} {path}: {:?}",
                said(&scan)
            );
        }
    }
}

/// What holds for a row's own keys holds for those of objects within it and of the elements of its lists.
#[test]
fn keys_within_objects_and_lists_must_agree_too() {
    let body = r#"
files: ["*"]
record:
  type: object
  properties:
    id: {type: string}
    site: {type: object, title: 机房, properties: {name: {type: string, title: 名称}}}
    steps: {type: array, title: 步骤, items: {type: object, properties: {state: {type: string, title: 状态}}}}
"#;
    let jobs = kind("sites", body);
    for (record, list, column, expected) in [
        (r#""site": {"name": "a", "名称": "b"}"#, "", "site.name", "?"),
        (r#""site": {"名称": "b", "name": "b"}"#, "", "site.name", "b"),
        (r#""site": {"名称": "b", "name": ""}"#, "", "site.name", "b"),
        (r#""site": {"name": "a"}, "机房": {"name": "b"}"#, "", "site.name", "?"),
        (r#""steps": [{"state": "done", "状态": "failed"}]"#, "steps", "state", "?"),
        (r#""steps": [{"state": "done", "状态": "done"}]"#, "steps", "state", "done"),
    ] {
        let list: Vec<&str> = Some(list).filter(|list| !list.is_empty()).into_iter().collect();
        let (rows, scan) = read(&jobs, "jobs.json", &format!(r#"[{{"id": "J-1", {record}}}]"#), &list, &[column]);
        assert_eq!(rows, [expected], "{record}: {:?}", said(&scan));
        assert_eq!(said(&scan).len(), usize::from(expected == "?"), "{record}: {:?}", said(&scan));
    }
    let twice = r#"[{"id": "J-1", "steps": [{"state": "done"}], "步骤": [{"state": "failed"}]}]"#;
    let (rows, scan) = read(&jobs, "jobs.json", twice, &["steps"], &["state"]);
    assert_eq!(
        (rows.len(), said(&scan)),
        (0, vec!["not-a-list jobs.json:1:/0/steps: two keys mean this list".to_owned()])
    );
}

#[test]
fn a_merge_key_is_refused() {
    let text = "- &b {id: J-1, done_at: 2026-09-01T08:00:00+08:00, status: failed}\n- {<<: *b, id: J-2}\n";
    let (rows, scan) = super::read(&jobs(), "jobs.yaml", text, &[], &["id"]);
    assert_eq!((rows.len(), reasons(&scan)), (0, vec![NotTested::EvidenceUnreadable]));
    let words = "line 2: merge keys (`<<`) are not read; write the values where they belong";
    assert!(said(&scan)[0].starts_with("syntax jobs.yaml:2") && said(&scan)[0].ends_with(words), "{:?}", said(&scan));
}
