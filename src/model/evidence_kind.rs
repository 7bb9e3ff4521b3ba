//! An evidence kind: how to recognise its files, and the typed schema of one row (LANGUAGE.md §6).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Adapter, KindId};
use crate::expr::{Scalar, Type};
use crate::text::{Source, Text};

/// One sort of evidence.
#[derive(Debug, Clone)]
pub struct EvidenceKind {
    /// `backup_jobs`; equal to the file stem.
    pub id: KindId,
    /// Shown name.
    pub title: Text,
    /// How the officer produces it.
    pub collect: Text,
    /// Department that owes it.
    pub owner: Option<String>,
    /// Globs over workspace-relative paths.
    pub files: Vec<String>,
    /// Greatest age in whole days; `None`: never stale.
    pub max_age_days: Option<i64>,
    /// Column that says when a row happened.
    pub time: Option<String>,
    /// Columns that name a row.
    pub key: Vec<String>,
    /// What several files of the kind mean.
    pub several: Several,
    /// Whether a stated "no rows" is an honest answer.
    pub may_be_empty: bool,
    /// How to read files when detection is not enough.
    pub read: ReadOptions,
    /// JSON pointer to the rows (`*` for every element); empty: the document itself.
    pub rows: Option<String>,
    /// Schema of one row.
    pub record: Record,
    /// Layouts of files that give its rows without having its columns, by id.
    pub adapters: Vec<Arc<Adapter>>,
    /// The file it came from.
    pub source: Arc<Source>,
}

/// What several files of one kind mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Several {
    /// Events: rows of every file.
    #[default]
    All,
    /// A register: only the newest capture of each source system.
    Newest,
}

/// Reading hints; `None` means detect.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Encoding label (`utf-8`, `gbk`).
    pub encoding: Option<String>,
    /// Field delimiter.
    pub delimiter: Option<char>,
    /// 1-based row of the header.
    pub header_row: Option<u64>,
    /// Regular expression of footer lines.
    pub footer: Option<String>,
    /// Sheet name.
    pub sheet: Option<String>,
    /// The file is lines with fields, like a log.
    pub lines: Option<LinePattern>,
    /// The file is text in which every match of a pattern is a row, like the summary at the end of a scan.
    pub blocks: Option<BlockPattern>,
}

/// How a line of text is a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePattern {
    /// Regular expression whose named groups are the columns.
    pub pattern: String,
    /// Regular expression of lines that are no rows.
    pub skip: Option<String>,
}

/// How a stretch of text, of one line or many, is a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockPattern {
    /// Regular expression whose named groups are the columns.
    pub pattern: String,
    /// Regular expression of how every block begins: where one begins and none is matched, a row could not be read.
    pub begins: Option<String>,
}

/// Schema of one row or of one element of a nested list.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Fields by name.
    pub fields: BTreeMap<String, Field>,
}

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name in expressions.
    pub name: String,
    /// Its place among the fields of its record as the kind declares them, from 0: the order people expect.
    pub position: usize,
    /// Heading in Chinese exports.
    pub title: Option<String>,
    /// Further headings it goes by.
    pub aliases: Vec<String>,
    /// What the entity's own exports call it (`columns` of `hegui.yaml`): where they have it, nothing else is meant.
    pub stated: Vec<String>,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether a null is a broken constraint.
    pub required: bool,
    /// How it is masked.
    pub sensitivity: Option<Sensitivity>,
    /// Unit, for headings and reports.
    pub unit: Option<String>,
    /// What it means.
    pub description: Option<Text>,
}

/// Scalar column, list of scalars, nested list of records, or struct.
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// One value, or a list of scalars (`Type::List`).
    Column(Box<ColumnKind>),
    /// A list of records: a child table.
    Children {
        /// Schema of an element.
        record: Record,
        /// `x-may-be-empty`.
        may_be_empty: bool,
    },
    /// A nested object: its fields are `name.field`.
    Struct(Record),
}

/// Type and constraints of a column.
#[derive(Debug, Clone)]
pub struct ColumnKind {
    /// The type.
    pub ty: Type,
    /// Allowed values.
    pub allowed: Vec<Scalar>,
    /// Least value.
    pub minimum: Option<Scalar>,
    /// Greatest value.
    pub maximum: Option<Scalar>,
    /// Regular expression the text must match.
    pub pattern: Option<String>,
    /// Least number of characters.
    pub min_length: Option<u64>,
    /// Greatest number of characters.
    pub max_length: Option<u64>,
    /// Least number of list elements.
    pub min_items: Option<u64>,
    /// List elements all differ.
    pub unique_items: bool,
    /// Of a list: `x-may-be-empty`, as of nested lists.
    pub may_be_empty: bool,
    /// The time may not be before this other column's.
    pub not_before: Option<String>,
    /// Written word → value (永久 → 9999-12-31), and `canonical → words` for enums, already inverted.
    pub synonyms: BTreeMap<String, Scalar>,
    /// The written words of `synonyms` in the order declared: the first of a value is the usual one.
    pub words: Vec<String>,
    /// Splits a list in one cell.
    pub separator: Option<String>,
    /// Zone of timestamps without offset.
    pub time_zone: Option<String>,
    /// What a date alone means in a timestamp column.
    pub date_only: Option<DateOnly>,
    /// Numbers count time from 1970.
    pub epoch: Option<Epoch>,
    /// Texts that mean null besides the blank (`无`, `—`, `N/A`).
    pub null_words: Vec<String>,
    /// The same of the record, for a column that has none of its own.
    pub shared_null_words: Vec<String>,
}

/// What a date alone means in a timestamp column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOnly {
    /// The start of that day.
    Start,
    /// The end of that day.
    End,
}

/// The unit of numbers that count time from 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Epoch {
    /// Seconds; a part of one may follow a point.
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

/// How a sensitive column is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of LANGUAGE.md §6")]
pub enum Sensitivity {
    Name,
    IdNo,
    Phone,
    Card,
    Email,
    Address,
}

impl Record {
    /// Its fields in the order declared.
    pub fn declared(&self) -> Vec<&Field> {
        let mut fields: Vec<&Field> = self.fields.values().collect();
        fields.sort_by_key(|field| field.position);
        fields
    }
}

impl EvidenceKind {
    /// The record at a dotted path of nested lists: `[]` is the row itself, `["datasets"]` an element of that list.
    pub fn record_at(&self, path: &[String]) -> Option<&Record> {
        path.iter().try_fold(&self.record, |record, name| match &record.fields.get(name)?.kind {
            FieldKind::Children { record, .. } => Some(record),
            FieldKind::Column(_) | FieldKind::Struct(_) => None,
        })
    }
}
