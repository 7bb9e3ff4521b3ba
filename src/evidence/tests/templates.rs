//! Blank forms: headings, words and examples are read back as what they stand for. Filled in they are in
//! `tests/integration/template.rs`.

use crate::evidence::cells::{Cell, Cells, Raw};
use crate::evidence::header::{Headings, bind};
use crate::evidence::template::{Column, Format, TemplateError, columns, describe, render};
use crate::expr::{Scalar, Type};
use crate::model::FieldKind;
use crate::text::Lang;

use super::*;

fn shipped() -> Vec<EvidenceKind> {
    let loaded = crate::policy::load(crate::policy::shipped(), Vec::new(), &ProfileChoice::default(), false);
    loaded.pack.kinds.into_values().collect()
}

/// A kind with everything that is awkward in a form.
fn odd() -> Arc<EvidenceKind> {
    kind(
        "odd",
        r#"
files: ["**/odd*"]
key: [no]
read: {csv: {header_row: 3, delimiter: ";"}, xlsx: {sheet: 明细}}
record:
  type: object
  required: [no, signed]
  properties:
    no: {type: integer, title: =编号}
    size: {type: number, minimum: 0.5, title: 大小（字节）, x-unit: B}
    signed:
      type: object
      title: 签署
      required: [on]
      properties:
        on: {type: string, format: date, title: 日期}
        until: {type: string, format: date, title: 期限, x-not-before: on, x-synonyms: {9999-12-31: [永久, 长期]}, x-null: [无]}
    left_on: {type: string, format: date, title: 日期}
    grade: {type: integer, enum: [1, 2], title: 级别, x-synonyms: {1: [L1, 一级, 壹级], 2: [L2]}}
    kept: {type: boolean, title: 留存, x-null: [否], x-synonyms: {false: [未留存]}}
    tags: {type: array, title: 标签, x-separator: ";", items: {type: string, enum: [a, b;c], x-synonyms: {a: ["甲;乙", 甲]}}}
"#,
    )
}

fn by_name<'c>(columns: &'c [Column<'c>], name: &str) -> &'c Column<'c> {
    columns.iter().find(|column| column.name == name).unwrap()
}

#[test]
fn every_heading_means_its_column() {
    for kind in shipped().iter().chain([odd().as_ref()]) {
        for lang in [Lang::Zh, Lang::En] {
            let columns = columns(kind, lang);
            let bound = bind(&Headings::of(&kind.record), columns.iter().map(|column| column.heading.as_str().into()));
            assert_eq!((&bound.twice, &bound.extra), (&Vec::new(), &Vec::new()), "{}", kind.id);
            assert_eq!(bound.fields.len(), Headings::of(&kind.record).all.len(), "{}", kind.id);
            for (position, column) in columns.iter().enumerate() {
                assert_eq!(bound.fields[&column.name].0, position, "{} {}", kind.id, column.name);
                assert_eq!(column.heading.starts_with('*'), column.required, "{}", column.heading);
            }
        }
    }
    let (kind, headings) = (odd(), |columns: Vec<Column<'_>>| -> Vec<String> {
        columns.into_iter().map(|column| column.heading).collect()
    });
    // 日期 is the title of two columns, and reading takes it for the one: the other goes by its name.
    let expected = ["*=编号", "大小（字节）（B）", "*signed.on", "期限", "日期", "级别", "留存", "标签"];
    assert_eq!(headings(columns(&kind, Lang::Zh)), expected);
    assert_eq!(headings(columns(&kind, Lang::En))[..3], ["*no", "size (B)", "*signed.on"]);
}

#[test]
fn every_word_offered_and_every_example_is_read_back() {
    let both = [Scalar::Boolean(true), Scalar::Boolean(false)];
    for kind in shipped() {
        for lang in [Lang::Zh, Lang::En] {
            for column in columns(&kind, lang) {
                let cells = Cells::new(column.kind, chrono_tz::Asia::Shanghai);
                let item = if let Type::List(item) = &column.kind.ty { item } else { &column.kind.ty };
                let values = if *item == Type::Boolean { &both[..] } else { &column.kind.allowed };
                assert_eq!(column.choices.len(), values.len(), "{} {}", kind.id, column.name);
                for (word, value) in column.choices.iter().zip(values) {
                    let read = cells.read_item(Raw::Text(word)).map(|cell| cell.scalar(item));
                    assert_eq!(read.as_ref(), Ok(value), "{} {} {word}", kind.id, column.name);
                }
                for word in column.example.iter().chain(&column.words) {
                    let read = cells.read(Raw::Text(word));
                    let is_null_word = column.kind.null_words.contains(word);
                    assert!(read.is_ok_and(|cell| (cell == Cell::Null) == is_null_word), "{} {word}", column.name);
                }
            }
        }
    }
}

#[test]
fn words_are_the_usual_ones() {
    let kinds = shipped();
    let jobs = kinds.iter().find(|kind| kind.id.as_str() == "backup_jobs").unwrap();
    let chinese = columns(jobs, Lang::Zh);
    let names: Vec<&str> = chinese.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names[..4], ["job_id", "dataset", "data_class", "started_at"], "in the order declared");
    assert_eq!(by_name(&chinese, "status").choices, ["成功", "部分成功", "失败", "已取消", "进行中"]);
    assert_eq!(by_name(&chinese, "encrypted").choices, ["是", "否"]);
    // What is read without being offered is not refused.
    assert_eq!(by_name(&chinese, "status").words[..3], ["已完成", "完成", "Success"]);
    let english = columns(jobs, Lang::En);
    assert_eq!(by_name(&english, "status").choices, ["success", "partial", "failed", "cancelled", "running"]);
    assert_eq!(by_name(&english, "encrypted").choices, ["yes", "no"]);

    let odd = odd();
    let columns = columns(&odd, Lang::Zh);
    // 一级 is the first in Chinese, 2 has none; 否 means a blank here; `b;c` has a separator in it, so nothing is offered.
    assert_eq!(by_name(&columns, "grade").choices, ["一级", "2"]);
    assert_eq!(by_name(&columns, "kept").choices, ["是", "无"]);
    assert_eq!(by_name(&columns, "tags").choices, [""; 0]);
    let told = |name: &str, lang| {
        let record = &odd.record;
        let FieldKind::Struct(inner) = &record.fields["signed"].kind else { panic!() };
        let (record, name) = name.strip_prefix("signed.").map_or((record, name), |name| (inner, name));
        describe(&record.fields[name], record, lang)
    };
    assert_eq!(told("grade", Lang::Zh), "级别；整数；可填：一级、2");
    assert_eq!(told("size", Lang::En), "number; at least 0.5; in B; e.g. 1.5");
    assert_eq!(
        told("signed.until", Lang::Zh),
        "期限；日期；也可写：永久（9999-12-31）、无（视同留空）；不早于“日期”；如 2026-09-30"
    );
    assert_eq!(told("signed.on", Lang::En), "date; required; e.g. 2026-09-30");
}

#[test]
fn a_form_is_the_same_bytes_every_time_and_csv_is_the_header_alone() {
    let kind = odd();
    assert_eq!(render(&kind, Format::Xlsx, Lang::Zh), render(&kind, Format::Xlsx, Lang::Zh));
    let csv = String::from_utf8(render(&kind, Format::Csv, Lang::En).unwrap()).unwrap();
    assert_eq!(csv, "\u{feff}\r\n\r\n*no;size (B);*signed.on;signed.until;left_on;grade;kept;tags\r\n");
    let formulas = kind_with("{type: string, title: =cmd}");
    let csv = render(&formulas, Format::Csv, Lang::Zh).unwrap();
    assert_eq!(String::from_utf8(csv).unwrap(), "\u{feff}_=cmd\r\n");
    assert!(bind(&Headings::of(&formulas.record), ["_=cmd".into()].into_iter()).extra.is_empty());
}

#[test]
fn a_document_leads_to_its_rows_whatever_keys_are_called() {
    let body = r#"
files: ["**/nested*"]
rows: "/a: b/*/清单"
record:
  type: object
  required: [no]
  properties:
    no: {type: string}
    "null": {type: integer, title: 数}
    部门: {type: object, properties: {名: {type: string, description: {zh: 全称, en: in full}}}}
    项: {type: array, items: {type: object, required: [k], properties: {k: {type: boolean}}}}
"#;
    let nested = kind("nested", body);
    let form = String::from_utf8(render(&nested, Format::Yaml, Lang::Zh).unwrap()).unwrap();
    let body = form.lines().skip_while(|line| line.starts_with('#'));
    let lines: Vec<(&str, &str)> = body.map(|line| line.split_once('#').unwrap_or((line, ""))).collect();
    let lines: Vec<(&str, &str)> = lines.into_iter().map(|(key, note)| (key.trim_end(), note.trim())).collect();
    let expected = [
        ("\"a: b\":", ""),
        ("  - 清单:", ""),
        ("      - no:", "no；文字；必填"),
        ("        \"null\":", "数；整数；如 1"),
        ("        部门:", "部门"),
        ("          名:", "名；文字；全称"),
        ("        项:", "项；清单，每项以“-”开头"),
        ("          - k:", "k；是或否；必填"),
    ];
    assert_eq!(lines, expected);
    let filled = form.replace("- no:", "- no: 甲").replace("\"null\":", "\"null\": 7").replace("名:", "名: 财务");
    let filled = filled.replace("k:", "k: 否");
    let columns = ["no", "null", "部门.名"];
    let (rows, scan) = read(&nested, "nested.yaml", &filled, &[], &columns);
    assert_eq!((rows, told(&scan.diagnostics)), (vec!["甲|7|财务".to_owned()], Vec::new()));
    let (rows, _) = read(&nested, "nested.yaml", &filled, &["项"], &["k", "parent.no"]);
    assert_eq!(rows, ["false|甲"]);
    let flat = kind("flat", "files: [flat]\nrecord: {type: object, properties: {no: {type: string}}}\n");
    let form = String::from_utf8(render(&flat, Format::Yaml, Lang::En).unwrap()).unwrap();
    assert_eq!(form.lines().last(), Some("- no:                   # text"));
}

fn kind_with(field: &str) -> Arc<EvidenceKind> {
    kind("one", &format!("files: [one]\nrecord: {{type: object, properties: {{one: {field}}}}}\n"))
}

#[test]
fn what_has_no_form_is_told() {
    let list = |list: &str| Err(TemplateError::List { kind: KindId::new("one"), list: list.to_owned() });
    let log = "files: [one]\nread: {lines: {pattern: \"(?P<one>.*)\"}}\nrecord: {type: object, properties: {one: {type: string}}}";
    let gbk = "files: [one]\nread: {csv: {encoding: gbk}}\nrecord: {type: object, properties: {one: {type: string}}}";
    let records = "{type: array, items: {type: object, properties: {a: {type: string}}}}";
    let cases = [
        ("records in a record", kind_with(records), Format::Xlsx, list("one")),
        ("values that nothing separates", kind_with("{type: array, items: {type: string}}"), Format::Csv, list("one")),
        (
            "records in a struct",
            kind_with(&format!("{{type: object, properties: {{deep: {records}}}}}")),
            Format::Csv,
            list("one.deep"),
        ),
        ("a log", kind("one", log), Format::Yaml, Err(TemplateError::Lines { kind: KindId::new("one") })),
        (
            "CSV in GBK",
            kind("one", gbk),
            Format::Csv,
            Err(TemplateError::Encoding { kind: KindId::new("one"), encoding: "gbk".to_owned() }),
        ),
    ];
    for (name, kind, format, expected) in cases {
        let found = render(&kind, format, Lang::Zh);
        assert_eq!(found, expected, "{name}");
        let fault = found.unwrap_err();
        assert!(!fault.text().zh.is_ascii() && fault.text().en.is_ascii() && fault.help().is_some(), "{name}");
    }
    assert_eq!(Format::natural(&kind_with(records)), Format::Yaml);
    assert_eq!(Format::natural(&odd()), Format::Xlsx);
}
