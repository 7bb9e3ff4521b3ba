//! Rows on their way from the cells of a file into batches.
//!
//! A [`Gather`] takes the rows of one part of a file, on whatever thread; what the parts noticed adds up, in the order
//! of the file, to what one reader of the whole would have noticed.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::cells::{CellFault, Raw};
use super::document::{Kind, Value};
use super::explain;
use super::faults::Faults;
use super::frame::{At, Context, Frame, Noticed};
use super::header::{Names, Normals};
use super::json::{self, Bounds};
use super::plan::{ColumnPlan, Plan};
use super::sequence::Sequences;
use super::stated::Stated;
use super::wording;
use super::{Batch, Limits, codes, document};
use crate::model::{EvidenceKind, FieldKind, Record};
use crate::text::{Diagnostic, Place, Text};

/// What rows are gathered for.
#[derive(Clone, Copy)]
pub(crate) struct Purpose<'a> {
    /// Their kind.
    pub(crate) kind: &'a EvidenceKind,
    /// What is wanted of them.
    pub(crate) plan: &'a Plan,
    /// Bounds.
    pub(crate) limits: &'a Limits,
    /// Columns may be absent from a table.
    pub(crate) lenient: bool,
    /// Whether hashes of keys are gathered.
    pub(crate) gather_keys: bool,
    /// Which file, which day.
    pub(crate) context: &'a Context<'a>,
    /// Name of the sheet, in a workbook.
    pub(crate) sheet: Option<&'a Arc<str>>,
}

/// What was noticed of the rows of a part of a file.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Rows read, those after the day of judging included.
    pub(crate) rows_read: u64,
    /// Rows that could not be read.
    pub(crate) rows_rejected: u64,
    /// Cells that could not be read.
    pub(crate) unreadable: u64,
    /// Rows shown of each table.
    pub(crate) shown: Vec<u64>,
    /// What the frame noticed.
    pub(crate) noticed: Noticed,
    /// Tables that the file has something else in place of.
    pub(crate) no_list: BTreeSet<usize>,
    /// Headings or keys that are no field, in the order met.
    pub(crate) extra: Vec<String>,
    seen: HashSet<String>,
    /// Columns, by level and number, that some record of a document has a key of.
    pub(crate) named: BTreeSet<(usize, usize)>,
    /// Levels whose records have keys that are no column and might be one.
    pub(crate) odd_keys: BTreeSet<usize>,
    /// There are more than are listed.
    pub(crate) more_extra: bool,
    /// Sheets whose rows are read.
    pub(crate) sheets: usize,
    /// Row of the header, of the first sheet that is read.
    pub(crate) header_row: Option<u64>,
    /// Most cells of the header are no field: it may be a row of data.
    pub(crate) weak_header: bool,
    /// What the file states about itself outside its table.
    pub(crate) stated: Stated,
    /// Rows of the file itself, when an adapter makes others of them.
    pub(crate) source_rows: Option<u64>,
    /// Rows of the file that the condition of an adapter leaves out.
    pub(crate) left_out: u64,
    /// Rows that only sum up, and remarks under the table.
    pub(crate) footer_rows: u64,
    /// The numbers of a column that numbers the rows.
    pub(crate) sequence: Sequences,
    /// Where the first row is.
    begins: Option<At>,
    /// Rows that are remarks if nothing but such follows, else rows that cannot be read.
    pending: Vec<Remark>,
    /// Faults, by place.
    pub(crate) faults: Faults,
}

/// What may be a remark under the table.
#[derive(Debug)]
struct Remark {
    at: At,
    sheet: Option<Arc<str>>,
    text: String,
    /// Why it is no row.
    fault: Text,
}

/// Remarks that a table may have under it.
const REMARKS: usize = 256;

impl Tally {
    /// Nothing yet.
    pub(crate) fn new(purpose: &Purpose<'_>) -> Self {
        Self {
            rows_read: 0,
            rows_rejected: 0,
            unreadable: 0,
            shown: vec![0; purpose.plan.levels.len()],
            noticed: Noticed::default(),
            no_list: BTreeSet::new(),
            extra: Vec::new(),
            seen: HashSet::new(),
            named: BTreeSet::new(),
            odd_keys: BTreeSet::new(),
            more_extra: false,
            sheets: 0,
            header_row: None,
            weak_header: false,
            stated: Stated::default(),
            source_rows: None,
            left_out: 0,
            footer_rows: 0,
            sequence: Sequences::default(),
            begins: None,
            pending: Vec::new(),
            faults: Faults::new(purpose.context.path, purpose.limits.diagnostics),
        }
    }

    /// Adds what a later part noticed.
    pub(crate) fn append(&mut self, later: Self, purpose: &Purpose<'_>) {
        if let Some(at) = later.begins {
            if self.pending.iter().any(|remark| remark.at.child >> 32 != at.child >> 32) {
                // They stand under the table of another sheet.
                self.end();
            }
            self.no_remarks();
            self.sequence.append(later.sequence, at);
            self.begins.get_or_insert(at);
        }
        self.pending.extend(later.pending);
        self.stated.append(later.stated);
        self.footer_rows += later.footer_rows;
        self.header_row = self.header_row.or(later.header_row);
        self.rows_read += later.rows_read;
        self.rows_rejected += later.rows_rejected;
        self.unreadable += later.unreadable;
        for (shown, more) in self.shown.iter_mut().zip(later.shown) {
            *shown += more;
        }
        self.noticed.append(later.noticed, purpose.limits.diagnostics);
        self.no_list.extend(later.no_list);
        for key in later.extra {
            self.extra(&key);
        }
        self.more_extra |= later.more_extra;
        self.named.extend(later.named);
        self.odd_keys.extend(later.odd_keys);
        self.faults.append(later.faults);
    }

    /// A row of the table is met: what was taken for remarks under it stands among its rows, and cannot be read.
    fn no_remarks(&mut self) {
        for Remark { at, sheet, fault, .. } in std::mem::take(&mut self.pending) {
            self.rejected(at, sheet.as_ref(), fault);
        }
    }

    /// A row that cannot be read.
    pub(crate) fn rejected(&mut self, at: At, sheet: Option<&Arc<str>>, message: Text) {
        self.rows_rejected += 1;
        self.faults.push(&codes::REJECTED_ROW, |path| {
            Diagnostic::new(&codes::REJECTED_ROW, message).at_place(place(path, sheet, at, None))
        });
    }

    /// The end of the file: what no row follows are remarks.
    pub(crate) fn end(&mut self) {
        for Remark { at, text, .. } in std::mem::take(&mut self.pending) {
            self.footer_rows += 1;
            self.stated.mine(&text, at.row);
        }
    }

    /// Notes a heading or key that is no field, the first time it is met.
    pub(crate) fn extra(&mut self, key: &str) {
        if self.seen.contains(key) {
            return;
        }
        if self.seen.len() >= KEYS {
            self.more_extra = true;
            return;
        }
        self.seen.insert(key.to_owned());
        self.extra.push(key.to_owned());
    }
}

/// Keys remembered of a file; a hostile document has a new one in every record.
const KEYS: usize = 4_096;

/// Rows of a part of a file being gathered.
pub(crate) struct Gather<'a> {
    pub(crate) purpose: Purpose<'a>,
    pub(crate) frame: Frame<'a>,
    pub(crate) tally: Tally,
    batches: Vec<(usize, Batch)>,
    normals: Normals,
    keys: HashSet<String>,
    /// Keys of elements of lists that were looked at, by level.
    nested_keys: Vec<HashSet<String>>,
    /// Fields that a key of an object has been, and those that two different keys have been.
    named: HashSet<String>,
    twice: HashSet<String>,
    /// Cells are named by their column, not by a pointer: the rows are no documents.
    pub(crate) plain_names: bool,
}

/// A part of a file, gathered.
pub(crate) struct Gathered {
    /// Its rows: table, batch.
    pub(crate) batches: Vec<(usize, Batch)>,
    /// What was noticed.
    pub(crate) tally: Tally,
}

impl<'a> Gather<'a> {
    /// No rows yet.
    pub(crate) fn new(purpose: Purpose<'a>) -> Self {
        let mut frame = Frame::new(purpose.plan);
        frame.gather_keys = purpose.gather_keys;
        Self {
            frame,
            tally: Tally::new(&purpose),
            batches: Vec::new(),
            normals: Normals::default(),
            keys: HashSet::new(),
            nested_keys: vec![HashSet::new(); purpose.plan.levels.len()],
            named: HashSet::new(),
            twice: HashSet::new(),
            plain_names: false,
            purpose,
        }
    }

    /// The rows as batches, and what was noticed of them.
    pub(crate) fn finish(mut self) -> Gathered {
        self.flush();
        self.tally.unreadable += std::mem::take(&mut self.frame.noticed.unreadable);
        let noticed = std::mem::take(&mut self.frame.noticed);
        self.tally.noticed.append(noticed, self.purpose.limits.diagnostics);
        self.tally.shown = (0..self.purpose.plan.levels.len()).map(|level| self.frame.shown(level)).collect();
        Gathered { batches: self.batches, tally: self.tally }
    }

    /// Rows gathered since batches were made last, those of nested lists included.
    pub(crate) fn held(&self) -> usize {
        self.frame.held()
    }

    fn flush(&mut self) {
        let (batches, sheet) = (&mut self.batches, self.purpose.sheet);
        self.frame.flush(self.purpose.context, &mut |table, mut batch| {
            batch.rows.sheet = sheet.cloned();
            batches.push((table, batch));
        });
    }

    /// Appends one cell; `shown_as` names its column in a fault.
    pub(crate) fn cell(&mut self, level: usize, column: usize, raw: Raw<'_>, at: At, shown_as: &dyn Fn() -> String) {
        if let Err(fault) = self.frame.cell(level, column, raw) {
            self.unreadable(level, column, fault, raw, at, shown_as);
        }
    }

    #[cold]
    fn unreadable(
        &mut self,
        level: usize,
        column: usize,
        fault: CellFault,
        raw: Raw<'_>,
        at: At,
        shown_as: &dyn Fn() -> String,
    ) {
        self.tally.unreadable += 1;
        let plan = self.purpose.plan.levels.get(level).and_then(|level| level.columns.get(column));
        let Some(plan) = plan else { return };
        let sheet = self.purpose.sheet;
        self.tally.faults.push(&codes::UNREADABLE_CELL, |path| {
            let message = explain::cell(fault, plan, raw);
            Diagnostic::new(&codes::UNREADABLE_CELL, message).at_place(place(path, sheet, at, Some(shown_as())))
        });
    }

    /// A row that cannot be read.
    pub(crate) fn reject(&mut self, at: At, message: Text) {
        self.begun(at);
        self.tally.rejected(at, self.purpose.sheet, message);
    }

    /// A row of the table, readable or not, is at `at`.
    pub(crate) fn begun(&mut self, at: At) {
        if !self.tally.pending.is_empty() {
            self.tally.no_remarks();
        }
        self.tally.begins.get_or_insert(at);
    }

    /// A row that only sums up.
    pub(crate) fn total(&mut self, at: At, text: &str) {
        self.tally.footer_rows += 1;
        self.tally.stated.mine(text, at.row);
    }

    /// A remark, if it stands under the table.
    pub(crate) fn remark(&mut self, at: At, text: String, fault: Text) {
        if self.tally.pending.len() < REMARKS {
            self.tally.pending.push(Remark { at, sheet: self.purpose.sheet.cloned(), text, fault });
        } else {
            self.reject(at, fault);
        }
    }

    /// Whether the row before was a remark, if it stands under the table.
    pub(crate) fn is_in_remark(&self) -> bool {
        !self.tally.pending.is_empty()
    }

    /// Child rows out of one cell; the row they belong to is the last one begun.
    pub(crate) fn list_cell(&mut self, level: usize, raw: Raw<'_>, at: At, heading: &str) {
        let Some(plan) = self.purpose.plan.levels.get(level) else { return };
        let Some(cells) = plan.columns.first().map(|column| &column.cells) else { return };
        let parent = u32::try_from(self.frame.len(0).saturating_sub(1)).unwrap_or(u32::MAX);
        let parsed;
        let items: Vec<Raw<'_>> = match raw {
            Raw::Text(text) | Raw::SheetNumber { text, .. } if cells.is_null(text) => Vec::new(),
            Raw::Text(text) if text.trim_start().starts_with('[') => {
                match json::parse(text.as_bytes(), 1, Bounds { depth: 1, nodes: 100_000 }) {
                    Ok(Value { kind: Kind::List(values), .. }) => {
                        parsed = values;
                        parsed.iter().map(Raw::from).collect()
                    }
                    _ => vec![Raw::Map],
                }
            }
            Raw::Text(text) => cells.split(text).into_iter().map(Raw::Text).collect(),
            Raw::Null => Vec::new(),
            Raw::List(values) => values.iter().map(Raw::from).collect(),
            raw => vec![raw],
        };
        for (child, raw) in items.into_iter().enumerate() {
            let at = At { child: at.child + child as u64, ..at };
            self.frame.begin(level, at, parent, None);
            self.cell(level, 0, raw, at, &|| heading.to_owned());
        }
    }

    /// A row of a document: an object at a pointer.
    pub(crate) fn object(&mut self, value: &Value<'_>, at: At, pointer: &str) {
        let Kind::Map(entries) = &value.kind else {
            self.reject(at, Text::new("此处不是一个对象", "this is not an object"));
            return;
        };
        for (key, _) in entries {
            // Once there are more than are listed, it does not matter how many.
            if self.tally.more_extra {
                break;
            }
            if self.keys.contains(key.as_ref()) {
                continue;
            }
            let normals = &mut self.normals;
            let mut fields = self.purpose.kind.record.fields.values();
            let zone = Some(self.purpose.context.zone);
            let field = fields.find(|field| Names::in_zone(field, zone).matches(key, normals));
            let known = field.is_some();
            if let Some(field) = field
                && !self.named.insert(field.name.clone())
            {
                self.twice.insert(field.name.clone());
            }
            // Those that are no field, and as many ways to write one that is.
            if self.keys.len() < 2 * KEYS {
                self.keys.insert(key.to_string());
            }
            if !known {
                if !self.plain_names && !wording::is_of_remarks(key) {
                    self.tally.odd_keys.insert(0);
                }
                self.tally.extra(key);
            }
        }
        self.tally.rows_read += 1;
        let mut counts = vec![0; self.purpose.plan.levels.len()];
        self.record(0, value, at, pointer, 0, &mut counts);
    }

    fn record(&mut self, level: usize, value: &Value<'_>, at: At, pointer: &str, parent: u32, counts: &mut [u64]) {
        let plan: &'a Plan = self.purpose.plan;
        let Some(level_plan) = plan.levels.get(level) else { return };
        let position = u32::try_from(self.frame.len(level)).unwrap_or(u32::MAX);
        let shown = self.purpose.context.pointers.then(|| pointer.into());
        self.frame.begin(level, at, parent, shown);
        for (index, column) in level_plan.columns.iter().enumerate() {
            let found = if level_plan.scalars {
                Found::Here(value)
            } else {
                // Of the row's own keys it is known which mean one field together.
                let once = level == 0 && column.path.first().is_some_and(|names| !self.twice.contains(&names.name));
                find(value, &column.path, once, &|said| agree(column, said), &mut self.normals)
            };
            if !matches!(found, Found::Absent) {
                self.tally.named.insert((level, index));
            }
            let (raw, line) = match found {
                Found::Here(value) => (Raw::from(value), value.line),
                Found::Twice(value) => (Raw::Twice, value.line),
                Found::Absent => (Raw::Absent, at.line),
                Found::NoObject => (Raw::Map, at.line),
            };
            let plain = self.plain_names;
            let shown_as = || {
                if plain {
                    column.name.clone()
                } else if level_plan.scalars {
                    pointer.to_owned()
                } else {
                    column.path.iter().fold(pointer.to_owned(), |path, names| document::child(&path, &names.name))
                }
            };
            self.cell(level, index, raw, At { line, ..at }, &shown_as);
        }
        for (child, inner) in plan.levels.iter().enumerate().filter(|(_, inner)| inner.parent == Some(level)) {
            let path = inner.path.iter().fold(pointer.to_owned(), |path, names| document::child(&path, &names.name));
            let list = match find(value, &inner.path, false, &|_| false, &mut self.normals) {
                Found::Here(list) if plan.keep_empty && is_empty(list) => {
                    self.nothing(child, at, &path, position, counts);
                    continue;
                }
                Found::Here(list) => list,
                Found::Absent if plan.keep_empty => {
                    self.nothing(child, at, &path, position, counts);
                    continue;
                }
                Found::Absent if !inner.required => continue,
                Found::Twice(_) => {
                    let message = Text::new("有两个键都是这个列表", "two keys mean this list");
                    self.no_list(child, at, path, message);
                    continue;
                }
                Found::Absent | Found::NoObject => {
                    self.not_a_list(child, at, path);
                    continue;
                }
            };
            match &list.kind {
                Kind::Null => {}
                Kind::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.element(child, inner.scalars, item, &format!("{path}/{index}"), position, counts);
                    }
                }
                Kind::Text(text) if text.trim().is_empty() => {}
                Kind::Text(text) if inner.scalars => {
                    // A list written into one text, as in a table.
                    let parts: Vec<&str> =
                        inner.columns.first().map(|column| column.cells.split(text)).unwrap_or_default();
                    for part in parts {
                        let item = Value { line: list.line, kind: Kind::Text(part.into()) };
                        self.element(child, true, &item, &path, position, counts);
                    }
                }
                Kind::Map(_) if !inner.scalars => {
                    // A list of one, without brackets.
                    self.element(child, false, list, &path, position, counts);
                }
                _ => self.not_a_list(child, At { line: list.line, ..at }, path),
            }
        }
    }

    fn element(
        &mut self,
        level: usize,
        scalars: bool,
        item: &Value<'_>,
        pointer: &str,
        parent: u32,
        counts: &mut [u64],
    ) {
        let count = counts.get_mut(level).map_or(0, |count| {
            *count += 1;
            *count - 1
        });
        let at = At { row: item.line, line: item.line, child: count };
        self.odd_keys_of(level, item);
        if scalars || matches!(item.kind, Kind::Map(_)) {
            self.record(level, item, at, pointer, parent, counts);
        } else {
            self.reject(at, Text::new("列表的这一项不是对象", "this element of the list is not an object"));
        }
    }

    /// Notes keys of an element of a list that are no column of it.
    fn odd_keys_of(&mut self, level: usize, item: &Value<'_>) {
        let Kind::Map(entries) = &item.kind else { return };
        let plan: &'a Plan = self.purpose.plan;
        let Some(record) = plan.levels.get(level).and_then(|level| record_at(&self.purpose.kind.record, &level.list))
        else {
            return;
        };
        let Some(seen) = self.nested_keys.get_mut(level) else { return };
        for (key, _) in entries {
            if self.tally.odd_keys.contains(&level) || seen.contains(key.as_ref()) {
                continue;
            }
            let (normals, zone) = (&mut self.normals, Some(self.purpose.context.zone));
            let mut fields = record.fields.values();
            let known = fields.any(|field| Names::in_zone(field, zone).matches(key, normals));
            if !known && !wording::is_of_remarks(key) {
                self.tally.odd_keys.insert(level);
            }
            if seen.len() < KEYS {
                seen.insert(key.to_string());
            }
        }
    }

    /// An element without cells, and all that would be inside it.
    fn nothing(&mut self, level: usize, at: At, pointer: &str, parent: u32, counts: &mut [u64]) {
        let plan: &'a Plan = self.purpose.plan;
        let Some(level_plan) = plan.levels.get(level) else { return };
        let count = counts.get_mut(level).map_or(0, |count| {
            *count += 1;
            *count - 1
        });
        let at = At { child: count, ..at };
        let position = u32::try_from(self.frame.len(level)).unwrap_or(u32::MAX);
        self.frame.begin(level, at, parent, self.purpose.context.pointers.then(|| pointer.into()));
        for column in 0..level_plan.columns.len() {
            self.frame.absent(level, column, true);
        }
        for (inner, _) in plan.levels.iter().enumerate().filter(|(_, inner)| inner.parent == Some(level)) {
            self.nothing(inner, at, pointer, position, counts);
        }
    }

    fn not_a_list(&mut self, level: usize, at: At, pointer: String) {
        self.no_list(level, at, pointer, Text::new("这里应当是列表", "a list belongs here"));
    }

    /// A list that cannot be read, and why.
    fn no_list(&mut self, level: usize, at: At, pointer: String, message: Text) {
        self.tally.no_list.insert(level);
        self.tally.faults.push(&codes::NOT_A_LIST, |path| {
            Diagnostic::new(&codes::NOT_A_LIST, message).at_place(place(path, None, at, Some(pointer)))
        });
    }
}

/// Whether a value is a list without elements, or nothing at all.
fn is_empty(value: &Value<'_>) -> bool {
    match &value.kind {
        Kind::Null => true,
        Kind::List(items) => items.is_empty(),
        Kind::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The record of a nested list.
fn record_at<'r>(record: &'r Record, list: &[String]) -> Option<&'r Record> {
    list.iter().try_fold(record, |record, name| match &super::columns::field_at(record, name)?.kind {
        FieldKind::Children { record, .. } => Some(record),
        FieldKind::Struct(_) | FieldKind::Column(_) => None,
    })
}

enum Found<'v> {
    Here(&'v Value<'v>),
    /// Two keys mean the same and say different things; the value of the first.
    Twice(&'v Value<'v>),
    Absent,
    NoObject,
}

/// Whether values say the same, as a code and its word may.
fn agree(column: &ColumnPlan, said: &[&Value<'_>]) -> bool {
    let mut meant = said.iter().map(|value| column.cells.read(Raw::from(*value)).ok());
    let first = meant.next().flatten();
    first.is_some() && meant.all(|other| other == first)
}

/// The values of all keys that mean a field; blanks say nothing.
fn said<'v>(entries: &'v [(Cow<'v, str>, Value<'v>)], names: &Names, normals: &mut Normals) -> Vec<&'v Value<'v>> {
    let values = entries.iter().filter(|(key, value)| !is_empty(value) && names.matches(key, normals));
    values.map(|(_, value)| value).collect()
}

/// Follows names through objects. Of keys that mean the same the one counts that says something; where several do they must
/// `agree`. `once`: no two keys of the outermost object mean one field.
fn find<'v>(
    value: &'v Value<'v>,
    path: &[Names],
    once: bool,
    agree: &dyn Fn(&[&Value<'_>]) -> bool,
    normals: &mut Normals,
) -> Found<'v> {
    let mut at = value;
    for (depth, names) in path.iter().enumerate() {
        match &at.kind {
            Kind::Map(entries) => {
                // What the workspace calls the field stands before all other names of it.
                let entries_of_it = names.is_any_stated().then_some(entries).into_iter().flatten();
                let stated: Vec<&Value<'_>> =
                    entries_of_it.filter(|(key, _)| names.is_stated(key)).map(|(_, value)| value).collect();
                if let Some(first) = stated.first() {
                    let said: Vec<&Value<'_>> = stated.iter().copied().filter(|value| !is_empty(value)).collect();
                    if said.len() > 1 && (depth + 1 < path.len() || !agree(&said)) {
                        return Found::Twice(said.first().unwrap_or(first));
                    }
                    at = said.first().unwrap_or(first);
                    continue;
                }
                if depth > 0 || !once {
                    let said = said(entries, names, normals);
                    // Objects in which the path goes on are not compared.
                    let same = || depth + 1 == path.len() && agree(&said);
                    match said.as_slice() {
                        [first, _, ..] if !same() => return Found::Twice(first),
                        [first, ..] => {
                            at = first;
                            continue;
                        }
                        [] => {}
                    }
                }
                let exact = entries.iter().find(|(key, _)| *key == names.name);
                match exact.or_else(|| entries.iter().find(|(key, _)| names.matches(key, normals))) {
                    Some((_, value)) => at = value,
                    None => return Found::Absent,
                }
            }
            Kind::Null => return Found::Absent,
            _ => return Found::NoObject,
        }
    }
    Found::Here(at)
}

/// Place of a row or cell.
pub(crate) fn place(path: &str, sheet: Option<&Arc<str>>, at: At, column: Option<String>) -> Place {
    let (sheet, line) = (sheet.map(ToString::to_string), (at.line > 0).then_some(at.line));
    Place::Row { file: path.to_owned(), sheet, row: at.row, line, column }
}
