//! Files that have not the columns of their kind, read by an adapter.

use super::*;
use crate::model::NotTested;
use crate::text::Diagnostic;

const KIND: &str = r#"
files: ["**/jobs*"]
time: done_at
key: [id]
record:
  type: object
  required: [id]
  properties:
    id: {type: string}
    status: {type: string, enum: [success, failed], x-synonyms: {success: [OK]}}
    bytes: {type: integer, minimum: 0}
    done_at: {type: string, format: date-time}
    offsite: {type: boolean}
    tags: {type: array, items: {type: string}, x-separator: ";"}
    target: {type: string}
"#;

/// The kind with adapters laid beside it, and what was told of them.
fn adapted(adapters: &[(&str, &str)]) -> (Option<Arc<EvidenceKind>>, Vec<Diagnostic>) {
    let head = |schema: &str, id: &str| {
        format!(
            "schema: hegui/{schema}/v1\nid: {id}\ntitle: {{zh: {id}, en: {id}}}\ncollect: {{zh: 导出, en: Export it}}\n"
        )
    };
    let mut files = vec![("evidence/jobs.yaml".to_owned(), format!("{}{KIND}", head("evidence", "jobs")))];
    for (id, body) in adapters {
        files.push((format!("evidence/adapters/{id}.yaml"), format!("{}kind: jobs\n{body}", head("adapter", id))));
    }
    let files = PackFiles::from_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let mut loaded = crate::policy::load(files, Vec::new(), &ProfileChoice::default(), false);
    let faults = crate::pipeline::settle_adapters(&mut loaded.pack);
    loaded.diagnostics.extend(faults);
    let told = loaded.diagnostics.into_iter().filter(|fault| fault.code.id != "policy/missing-pack").collect();
    (loaded.pack.kinds.get(&KindId::new("jobs")).cloned().map(Arc::new), told)
}

/// The kind with one adapter without faults.
fn sound(id: &str, body: &str) -> Arc<EvidenceKind> {
    let (kind, told) = adapted(&[(id, body)]);
    let told: Vec<_> = told.iter().map(|fault| format!("{} {}", fault.code.id, fault.message.en)).collect();
    assert!(told.iter().all(|line| line.starts_with("policy/missing")), "{told:?}");
    kind.unwrap()
}

const COLUMNS: [&str; 7] = ["id", "status", "bytes", "done_at", "offsite", "tags", "target"];

/// Every row as `line: cells`, unreadable ones as `!`, and the scan.
fn read(kind: &Arc<EvidenceKind>, path: &str, text: &str) -> (Vec<String>, KindScan, Index) {
    let given = MemoryFile { path: path.into(), kind: None, bytes: text.as_bytes().to_vec() };
    let index = Index::from_memory([Arc::clone(kind)], vec![given], options());
    let columns: Vec<String> = COLUMNS.iter().map(|&name| name.to_owned()).collect();
    let wanted = [(TablePath { kind: KindId::new("jobs"), list: Vec::new() }, columns)];
    let mut rows = Vec::new();
    let scan = index.scan(&KindId::new("jobs"), &wanted, &mut |_, batch| {
        for row in 0..batch.len() {
            let cells = COLUMNS.iter().zip(&batch.columns).map(|(name, column)| {
                if column.doubt.at(row) != 0 {
                    return "!".to_owned();
                }
                let ty = &column_info(kind, &[], name).unwrap().ty;
                scalar_text(&column.scalar(row, ty))
            });
            rows.push(format!("{}: {}", batch.rows.line[row], cells.collect::<Vec<_>>().join(" ")));
        }
    });
    (rows, scan, index)
}

fn codes_of(scan: &KindScan) -> Vec<&'static str> {
    scan.diagnostics.iter().map(|fault| fault.code.id).collect()
}

const LINES: &str = r#"
files: ["**/tool*.log"]
read: {lines: {pattern: '^(?<word>\S+) (?<rest>.*)$'}}
record:
  type: object
  properties: {word: {type: string}, rest: {type: string}}
split: {rest: '^(?<name>\w+)=(?<size>\S*)$'}
where: word <> 'info'
columns:
  id: name
  status: word
  bytes: size
  offsite: word = 'OK'
  tags: "['a', name]"
"#;

#[test]
fn lines_are_cut_filtered_and_computed() {
    let kind = sound("tool", LINES);
    let text = "info starting\nOK one=12\nfailed two=\nOK three=x\nodd four=4\nOK nothing\n";
    let (rows, scan, index) = read(&kind, "tool 1.log", text);
    assert_eq!(index.files()[0].adapter().map(|adapter| adapter.id.as_str()), Some("tool"));
    assert_eq!(
        rows,
        [
            "2: one success 12 ! true [a,one] !",
            "3: two failed null ! false [a,two] !",
            "4: three success ! ! true [a,three] !",
            "5: four ! 4 ! false [a,four] !",
            // The pattern does not match: no name, and a job without one is no job that could be told from others.
            "6: ! success null ! true null !",
        ]
    );
    let (read, rejected) = (scan.files[0].rows_read, scan.files[0].rows_rejected);
    assert_eq!((read, rejected, scan.files[0].format), (5, 0, Some("lines")));
    assert_eq!(codes_of(&scan), vec!["evidence/unreadable-cell"; 3]);
    // Columns that the adapter does not give are lacking, not blank.
    let lacking: Vec<_> = scan.lacking.iter().map(|lacking| lacking.column.as_str()).collect();
    assert_eq!(lacking, ["done_at", "target"]);
}

#[test]
fn a_row_of_which_nobody_can_tell_whether_it_counts_is_rejected() {
    let body = r#"
files: ["**/tool*"]
record: {type: object, properties: {type: {type: string}, id: {type: string}, n: {type: integer}}}
where: type = 'summary' AND n > 0
columns: {id: id, bytes: n}
"#;
    let kind = sound("tool", body);
    let text = concat!(
        "{\"type\":\"summary\",\"id\":\"a\",\"n\":1}\n",
        "{\"type\":\"status\"}\n",
        "{\"id\":\"b\",\"n\":1}\n",
        "{\"type\":\"summary\",\"id\":\"c\",\"n\":\"many\"}\n",
    );
    let (rows, scan, _) = read(&kind, "tool.jsonl", text);
    assert_eq!(rows, ["1: a ! 1 ! ! ! !"]);
    assert_eq!((scan.files[0].rows_read, scan.files[0].rows_rejected), (1, 2));
    assert!(scan.missing.iter().any(|missing| missing.reason == NotTested::EvidenceIncomplete), "{:?}", scan.missing);
}

#[test]
fn elements_of_a_nested_list_are_rows_and_see_what_is_around_them() {
    let body = r#"
files: ["**/tool*"]
record:
  type: object
  properties:
    host: {type: object, properties: {name: {type: string}}}
    runs:
      type: array
      items: {type: object, properties: {no: {type: integer}, at: {type: string, format: date-time}}}
over: runs
columns:
  id: "parent.host.name || '-' || CAST(no AS text)"
  done_at: at
  target: file.path
"#;
    let kind = sound("tool", body);
    let text = "{\"host\": {\"name\": \"nas\"},\n \"runs\": [\n  {\"no\": 1, \"at\": \"2026-09-29T01:00:00Z\"},\n  {\"no\": 2, \"at\": \"2026-10-29T01:00:00Z\"}]}";
    let (rows, scan, _) = read(&kind, "tool.json", text);
    // The second is after the day of judging.
    assert_eq!(rows, ["3: nas-1 ! ! 2026-09-29T01:00:00Z ! ! tool.json"]);
    assert_eq!((scan.files[0].rows_read, scan.files[0].rows_future), (2, 1));
}

#[test]
fn a_file_as_a_whole_is_one_row_of_aggregates() {
    let body = r#"
files: ["**/report*"]
read: {lines: {pattern: '^(?<key>[^=]+)=(?<value>.*)$', skip: '^#'}}
record: {type: object, properties: {key: {type: string}, value: {type: string}}}
each: file
columns:
  id: MAX(value) FILTER (WHERE key = 'host')
  bytes: COUNT(*) FILTER (WHERE key = 'warning[]')
  status: CASE WHEN COUNT(*) FILTER (WHERE key = 'warning[]') = 0 THEN 'success' ELSE 'failed' END
  done_at: MAX(value) FILTER (WHERE key = 'ended')
"#;
    let kind = sound("report", body);
    let text = "# made\nhost=nas\nwarning[]=a\nended=2026-09-29 08:00:00\nwarning[]=b\n";
    let (rows, scan, _) = read(&kind, "report.dat", text);
    assert_eq!(rows, ["2: nas failed 2 2026-09-29T00:00:00Z ! ! !"]);
    assert_eq!(scan.files[0].rows_read, 1);
    // Nothing in it is no row at all.
    let (rows, scan, _) = read(&kind, "report.dat", "# made\n");
    assert_eq!((rows.len(), scan.files[0].rows_read), (0, 0));
    assert!(scan.missing.iter().any(|missing| missing.reason == NotTested::EvidenceEmpty), "{:?}", scan.missing);
}

#[test]
fn rows_that_share_columns_are_put_together() {
    let body = r#"
files: ["**/tool*"]
record:
  type: object
  properties:
    host: {type: array, items: {type: object, properties: {name: {type: string}, found: {type: array, items: {type: object, properties: {what: {type: string}, no: {type: integer}}}}}}}
over: [host, found]
each: [parent.name, no]
columns: {id: "parent.name || ':' || CAST(no AS text)", tags: LIST(DISTINCT what), bytes: COUNT(*)}
"#;
    let kind = sound("tool", body);
    let text = "{\"host\": [\n{\"name\": \"a\", \"found\": [{\"what\": \"x\", \"no\": 1}, {\"what\": \"y\", \"no\": 1},\n {\"what\": \"z\", \"no\": 2}]},\n{\"found\": [{\"no\": 3}]}]}";
    let (rows, scan, _) = read(&kind, "tool.json", text);
    assert_eq!(rows, ["2: a:1 ! 2 ! ! [x,y] !", "3: a:2 ! 1 ! ! [z] !"]);
    // The host of the last has no name: nobody knows which row it belongs to.
    assert_eq!((scan.files[0].rows_read, scan.files[0].rows_rejected), (2, 1));
}

#[test]
fn stretches_of_text_are_rows_at_the_line_where_they_begin() {
    let body = r#"
files: ["**/scan*"]
read: {blocks: {begins: '(?m)^-- SUMMARY', pattern: '(?m)^-- SUMMARY --\nhost: (?<host>\S+)\nbad: (?<bad>\d+)$'}}
record: {type: object, properties: {host: {type: string}, bad: {type: integer}}}
columns: {id: host, bytes: bad, status: "CASE WHEN bad = 0 THEN 'success' ELSE 'failed' END"}
"#;
    let kind = sound("scan", body);
    let text = "x: OK\n\n-- SUMMARY --\nhost: a\nbad: 0\ny: FOUND\n-- SUMMARY --\nhost: b\nbad: 1\n";
    let (rows, _, _) = read(&kind, "scan.log", text);
    assert_eq!(rows, ["3: a success 0 ! ! ! !", "7: b failed 1 ! ! ! !"]);
    let (rows, scan, _) = read(&kind, "scan.log", "x: OK\n");
    assert_eq!((rows.len(), scan.files[0].rows_rejected), (0, 1));
    // A block that begins and does not go on as declared is a row that cannot be read.
    let (rows, scan, _) = read(&kind, "scan.log", &text.replace("host: a", "hosts: a"));
    assert_eq!((rows.len(), scan.files[0].rows_rejected), (1, 1));
    assert_eq!(told(&scan.diagnostics), ["rejected-row scan.log:3"]);
}

#[test]
fn a_table_that_lacks_what_the_adapter_reads_is_unreadable() {
    let body = r#"
files: ["**/tool*.csv"]
record: {type: object, required: [Job], properties: {Job: {type: string}, Result: {type: string}}}
columns: {id: Job, status: "COALESCE(Result, 'failed')"}
"#;
    let kind = sound("tool", body);
    let (rows, _, _) = read(&kind, "tool.csv", "Job,Result\n7,\n");
    assert_eq!(rows, ["2: 7 failed ! ! ! ! !"]);
    let (_, scan, _) = read(&kind, "tool.csv", "Job,Other\n7,OK\n");
    assert!(scan.missing.iter().any(|missing| missing.reason == NotTested::EvidenceUnreadable), "{:?}", scan.missing);
    assert!(codes_of(&scan).contains(&"evidence/missing-column"));
}

#[test]
fn what_a_file_begins_with_says_which_adapter_reads_it() {
    let with_head = |word: &str| {
        format!(
            "files: [\"**/{word}*\", \"**/backup*\"]\nhead: '\"tool\":\"{word}\"'\nrecord: {{type: object, properties: {{tool: {{type: string}}}}}}\ncolumns: {{id: tool}}\n"
        )
    };
    let (one, two) = (with_head("one"), with_head("two"));
    let (kind, _) = adapted(&[("one", &one), ("two", &two)]);
    let kind = kind.unwrap();
    for (path, text, expected, by) in [
        ("one.json", "{\"tool\":\"one\"}", Some("one"), Some("name")),
        ("backup.json", "{\"tool\":\"two\"}", Some("two"), Some("name")),
        ("导出.json", "{\"tool\":\"two\"}", Some("two"), Some("content")),
        ("jobs.json", "{\"tool\":\"one\"}", Some("one"), Some("name")),
        ("jobs.csv", "id\n1\n", None, Some("name")),
        // It does not begin so: the name alone makes it no file of that tool, and that is told.
        ("one.json", "{\"tool\":\"three\"}", None, None),
        ("other.json", "[\"tool\"]", None, None),
    ] {
        let (_, _, index) = read(&kind, path, text);
        let entry = &index.files()[0];
        let found = entry.adapter().map(|adapter| adapter.id.as_str());
        assert_eq!((found, entry.recognised_by), (expected, by), "{path} {text}");
    }
    let (_, scan, index) = read(&kind, "one.json", "");
    assert!(index.diagnostics()[0].message.en.contains("called like the output that `one` reads"));
    assert!(reasons(&scan).contains(&NotTested::EvidenceIncomplete), "{:?}", scan.missing);
    let (_, scan, index) = read(&kind, "backup.json", "[{\"tool\":\"one\"},{\"tool\":\"two\"}]");
    assert_eq!(index.files()[0].kind, None);
    assert!(
        index.diagnostics().iter().any(|fault| fault.message.en.contains("`one`, `two`")),
        "{:?}",
        index.diagnostics()
    );
    assert!(scan.missing.iter().any(|missing| missing.reason == NotTested::EvidenceIncomplete), "{:?}", scan.missing);
}

#[test]
fn faults_of_an_adapter_are_told_with_their_place_and_put_the_kind_out_of_use() {
    let columns = |columns: &str| {
        format!(
            "files: [\"**/x*\"]\nrecord: {{type: object, properties: {{a: {{type: string}}, n: {{type: integer}}, l: {{type: array, items: {{type: string}}}}}}}}\n{columns}"
        )
    };
    for (body, expected) in [
        ("columns: {id: aa}", "8:15 the file has no column `aa`"),
        ("columns: {identity: a}", "8:11 evidence kind `jobs` has no column `identity`"),
        ("columns: {bytes: l}", "8:18 the expression is of type list<text>, the column of type integer"),
        ("columns: {offsite: n}", ""),
        ("columns: {bytes: n > 1}", "8:18 the expression is of type boolean, the column of type integer"),
        ("columns: {id: MAX(a)}", "8:15 aggregates put rows together"),
        ("each: file\ncolumns: {id: a}", "9:15 `a` has a value in every row, and many rows make one here"),
        ("each: [b]\ncolumns: {id: MAX(a)}", "8:8 the file has no column `b`"),
        ("over: ll\ncolumns: {id: a}", "8:7 `record` has no list `ll`"),
        ("split: {n: '(?<b>x)'}\ncolumns: {id: b}", "8:9 `n` is no text column"),
        ("split: {a: '(?<n>x)'}\ncolumns: {id: n}", "8:12 column `n` has two sources"),
        ("split: {a: '(?<a>x)'}\ncolumns: {id: a}", "8:12 column `a` has two sources"),
        ("columns: {}", "8:10 the adapter gives no column"),
        ("columns: {id: $as_of}", "8:15 there is no parameter `$as_of` here"),
        ("columns: {id: a +}", "8:18 "),
    ] {
        let (kind, told) = adapted(&[("x", &columns(body))]);
        let lines: Vec<String> = told
            .iter()
            .filter(|fault| !fault.code.id.starts_with("policy/missing"))
            .map(|fault| {
                let place = fault.place.as_ref().map(crate::text::Place::display).unwrap_or_default();
                let place = place.split_once(':').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
                format!("{place} {}", fault.message.en)
            })
            .collect();
        if expected.is_empty() {
            assert!(lines.is_empty() && kind.is_some(), "{body}: {lines:?}");
        } else {
            assert!(lines.iter().any(|line| line.starts_with(expected)), "{body}: {lines:?}");
            assert!(kind.is_none(), "{body}");
        }
    }
}

#[test]
fn what_stands_in_place_of_a_list_leaves_the_kind_incomplete() {
    let body = r#"
files: ["**/tool*"]
record:
  type: object
  properties: {hosts: {type: array, items: {type: object, properties: {name: {type: string}, runs: {type: array, items: {type: object, properties: {no: {type: string}}}}}}}}
over: [hosts, runs]
columns: {id: "parent.name || no"}
"#;
    let kind = sound("tool", body);
    let text = r#"{"hosts": [{"name": "a", "runs": [{"no": "1"}]}, {"name": "b", "runs": "3 runs, see log"}]}"#;
    let (rows, scan, _) = read(&kind, "tool.json", text);
    assert_eq!(rows.len(), 1);
    assert_eq!(codes_of(&scan), ["evidence/not-a-list"]);
    assert!(reasons(&scan).contains(&NotTested::EvidenceIncomplete), "{:?}", scan.missing);
}

#[test]
fn a_block_that_runs_into_the_next_is_told() {
    let body = r#"
files: ["**/scan*"]
read: {blocks: {begins: '(?m)^host:', pattern: '(?ms)^host: (?<host>\S+)$.*?^bad: (?<bad>\d+)$'}}
record: {type: object, properties: {host: {type: string}, bad: {type: integer}}}
columns: {id: host, bytes: bad}
"#;
    let kind = sound("scan", body);
    // What was cut off is the first, and the second is whole.
    let (rows, scan, _) = read(&kind, "scan.log", "host: a\nhost: b\nbad: 2\n");
    assert!(rows.len() == 1 && rows[0].contains('b') && rows[0].contains('2'), "{rows:?}");
    assert_eq!(scan.files[0].rows_rejected, 1);
    assert_eq!(told(&scan.diagnostics), ["rejected-row scan.log:1"]);
}

#[test]
fn output_of_two_tools_in_one_file_is_nobodys() {
    let body = |word: &str| {
        format!(
            "files: [\"**/{word}*\"]\nhead: '(?m)^{word}'\nread: {{lines: {{pattern: '^(?<a>.*)$'}}}}\nrecord: {{type: object, properties: {{a: {{type: string}}}}}}\ncolumns: {{id: a}}\n"
        )
    };
    let (one, two) = (body("one"), body("two"));
    let (kind, _) = adapted(&[("one", &one), ("two", &two)]);
    let (rows, scan, index) = read(&kind.unwrap(), "one.log", "one 1\ntwo 2\n");
    assert_eq!((rows.len(), index.files()[0].kind.clone()), (0, None));
    assert!(reasons(&scan).contains(&NotTested::EvidenceIncomplete), "{:?}", scan.missing);
}

#[test]
fn what_a_sensitive_column_is_computed_from_is_as_sensitive() {
    let body = r#"
files: ["**/tool*"]
record: {type: object, properties: {who: {type: string, pattern: '^[a-z]+ [0-9]+$'}, id: {type: string}}}
split: {who: '^(?<name>[a-z]+)'}
columns: {id: id, holder: name}
"#;
    let kind_text = KIND.replace(
        "    target: {type: string}",
        "    target: {type: string}\n    holder: {type: string, x-sensitive: name}",
    );
    let head = |schema: &str, id: &str| {
        format!(
            "schema: hegui/{schema}/v1\nid: {id}\ntitle: {{zh: {id}, en: {id}}}\ncollect: {{zh: 导出, en: Export it}}\n"
        )
    };
    let files = [
        ("evidence/jobs.yaml".to_owned(), format!("{}{kind_text}", head("evidence", "jobs"))),
        ("evidence/adapters/tool.yaml".to_owned(), format!("{}kind: jobs\n{body}", head("adapter", "tool"))),
    ];
    let files = PackFiles::from_memory(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let pack = crate::policy::load(files, Vec::new(), &ProfileChoice::default(), false).pack;
    let kind = Arc::new(pack.kinds.get(&KindId::new("jobs")).unwrap().clone());
    let given = MemoryFile {
        path: "tool.json".into(),
        kind: None,
        bytes: br#"[{"id": "1", "who": "Zhangsan13800138000"}]"#.to_vec(),
    };
    let index = Index::from_memory([kind], vec![given], options());
    let wanted = [(TablePath { kind: KindId::new("jobs"), list: Vec::new() }, vec!["holder".to_owned()])];
    let scan = index.scan(&KindId::new("jobs"), &wanted, &mut |_, _| {});
    let said: Vec<&str> = scan.diagnostics.iter().map(|fault| fault.message.en.as_str()).collect();
    assert!(!said.is_empty() && said.iter().all(|line| !line.contains("hangsan") && !line.contains("138")), "{said:?}");
}

/// A pattern may look for what never comes: from each block as far as the next, not to the end of the file.
#[test]
fn blocks_take_their_time_only() {
    let body = r#"
files: ["**/scan*"]
read: {blocks: {begins: 'host:', pattern: '(?s)(?:at: [^}]*\}\s*)?host: (?<host>\S+) bad: (?<bad>\d+)'}}
record: {type: object, properties: {host: {type: string}, bad: {type: integer}}}
columns: {id: host, bytes: bad}
"#;
    let kind = sound("scan", body);
    // What stands before a block is part of it, also of the last.
    let (rows, scan, _) = read(&kind, "scan.log", "at: 1} host: a bad: 1 at: 2} host: b bad: 2\n");
    assert_eq!((rows.len(), scan.files[0].rows_rejected), (2, 0));
    in_time(move || {
        let text: String = (0..40_000).map(|number| format!("at: 1 host: h{number} bad: 2\n")).collect();
        let (rows, scan, _) = read(&kind, "scan.log", &text);
        assert_eq!((rows.len(), scan.files[0].rows_rejected), (40_000, 0));
    });
}

#[test]
fn texts_that_rows_are_put_together_by_are_bounded() {
    let body = r#"
files: ["**/tool*"]
rows: /runs
each: [id]
record: {type: object, properties: {id: {type: string}, bytes: {type: integer}}}
columns: {id: id, bytes: SUM(bytes)}
"#;
    let kind = sound("tool", body);
    let run = |number: usize, length: usize| format!(r#"{{"id": "{number}{}", "bytes": 1}}"#, "x".repeat(length));
    let text = |runs: usize| {
        let runs: Vec<String> = (0..runs).map(|number| run(number, 900_000)).chain([run(0, 900_000)]).collect();
        format!(r#"{{"runs": [{}]}}"#, runs.join(","))
    };
    let (rows, scan, _) = read(&kind, "tool.json", &text(37));
    assert_eq!((rows.len(), scan.files[0].rows_rejected), (37, 0));
    let (_, scan, _) = read(&kind, "tool.json", &text(38));
    assert_eq!(scan.files[0].rows_rejected, 1);
    assert!(
        scan.diagnostics.iter().any(|one| one.message.en.contains("exceed 33554432 bytes in all")),
        "{:?}",
        told(&scan.diagnostics)
    );
    assert!(reasons(&scan).contains(&NotTested::EvidenceIncomplete), "{:?}", scan.missing);
}
