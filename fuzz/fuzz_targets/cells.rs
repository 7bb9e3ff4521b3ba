#![no_main]
//! Any text as a cell of every type: each line of the input is one column of the one row.

mod reading;

use std::sync::{Arc, LazyLock};

use hegui::model::EvidenceKind;
use hegui::policy::{self, ProfileChoice};
use libfuzzer_sys::fuzz_target;

/// A column of each type, plain and with what may be declared of it.
const KIND: &str = r#"
schema: hegui/evidence/v1
id: every_cell
title: {zh: 各种单元格, en: Every cell}
collect: {zh: 无, en: None}
files: ["every/**"]
record:
  type: object
  required: [id]
  properties:
    id: {type: string, minLength: 1, maxLength: 20, pattern: "^\\S+$"}
    word: {type: string, enum: [awareness, operations], x-synonyms: {awareness: [安全意识]}}
    day: {type: string, format: date, x-null: ["—"]}
    moment: {type: string, format: date-time, x-date-only: end}
    zoned: {type: string, format: date-time, x-time-zone: America/New_York}
    whole: {type: integer, minimum: -5, maximum: 1000000}
    share: {type: number, minimum: 0}
    truth: {type: boolean, x-synonyms: {true: [已完成]}}
    words: {type: array, items: {type: string}, x-separator: "、", uniqueItems: true}
    days: {type: array, items: {type: string, format: date}, x-separator: ";"}
"#;

const COLUMNS: [&str; 10] = ["id", "word", "day", "moment", "zoned", "whole", "share", "truth", "words", "days"];

static EVERY: LazyLock<Arc<EvidenceKind>> = LazyLock::new(|| {
    let files = policy::PackFiles::from_memory([("evidence/every_cell.yaml", KIND)]);
    let pack = policy::load(policy::shipped(), vec![files], &ProfileChoice::default(), false).pack;
    Arc::new(pack.kinds.get("every_cell").expect("the kind above").clone())
});

fuzz_target!(|bytes: &[u8]| {
    let cells: Vec<String> = bytes
        .split(|byte| *byte == b'\n')
        .take(COLUMNS.len())
        .map(|cell| format!("\"{}\"", String::from_utf8_lossy(cell).replace('"', "\"\"")))
        .collect();
    let table = format!("{}\n{}\n", COLUMNS[..cells.len()].join(","), cells.join(","));
    reading::read_of(&EVERY, "cells.csv", table.as_bytes());
});
