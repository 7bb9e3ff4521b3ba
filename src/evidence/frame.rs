//! Rows of one file being gathered: constraints across columns, hidden rows, then batches of every wanted table.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, Date32Array, Int64Array, StringArray, UInt32Array};
use arrow::compute::{filter, nullif, take};
use arrow::datatypes::{Date32Type, TimestampMicrosecondType};
use chrono::TimeZone;
use chrono_tz::Tz;

use super::cells::{CellFault, Raw};
use super::plan::{Output, Plan, Source};
use super::values::ColumnState;
use super::{Batch, Rows, array_text};
use crate::expr::{Column, Doubt};

/// Place of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct At {
    /// Row as people see it.
    pub(crate) row: u64,
    /// Physical line; 0 in a workbook.
    pub(crate) line: u64,
    /// Number among the rows that share `row`; in its upper half that of the sheet.
    pub(crate) child: u64,
}

#[derive(Debug)]
struct LevelState {
    columns: Vec<ColumnState>,
    at: Vec<At>,
    /// Position of the enclosing row among the gathered rows of the parent.
    parent: Vec<u32>,
    pointers: Vec<Box<str>>,
    /// Rows so far, hidden ones left out.
    shown: u64,
}

/// What a flush needs to know.
pub(crate) struct Context<'a> {
    /// Position of the file in the index.
    pub(crate) file: u32,
    /// Its path.
    pub(crate) path: &'a str,
    /// The day of judging.
    pub(crate) as_of: i32,
    /// The instant at which it ends.
    pub(crate) as_of_end: i64,
    /// The assessment's zone.
    pub(crate) zone: Tz,
    /// Known before the first row when some output shows it.
    pub(crate) captured_on: Option<i32>,
    /// Hashes of keys that several rows have.
    pub(crate) repeated: &'a HashSet<u64>,
    /// Whether rows have JSON pointers.
    pub(crate) pointers: bool,
    /// Rows of a batch.
    pub(crate) batch_rows: usize,
    /// Faults of one sort that are listed.
    pub(crate) listed: usize,
}

/// The first of many, and how many there are.
#[derive(Debug)]
pub(crate) struct First<T> {
    /// The first.
    pub(crate) listed: Vec<T>,
    /// Number of all.
    pub(crate) count: usize,
}

impl<T> Default for First<T> {
    fn default() -> Self {
        Self { listed: Vec::new(), count: 0 }
    }
}

impl<T> First<T> {
    /// Adds some, of which at most `limit` in all are listed.
    pub(crate) fn extend(&mut self, more: impl Iterator<Item = T>, limit: usize) {
        for one in more {
            if self.listed.len() < limit {
                self.listed.push(one);
            }
            self.count += 1;
        }
    }

    /// Adds those of a later part.
    pub(crate) fn append(&mut self, later: Self, limit: usize) {
        let unlisted = later.count - later.listed.len();
        self.extend(later.listed.into_iter(), limit);
        self.count += unlisted;
    }
}

/// What the frame notices on the way.
#[derive(Debug, Default)]
pub(crate) struct Noticed {
    /// Rows after the day of judging.
    pub(crate) future: u64,
    /// Days of the earliest and latest row shown.
    pub(crate) covers: Option<(i32, i32)>,
    /// Cells earlier than they may be: level, column, place.
    pub(crate) before: First<(usize, usize, At)>,
    /// Rows whose key several rows have.
    pub(crate) repeated: First<At>,
    /// Rows that are the header once more, and no data.
    pub(crate) headers: First<At>,
    /// Hashes of the keys of the rows shown, when gathered.
    pub(crate) keys: Vec<u64>,
    /// Cells that became unreadable here.
    pub(crate) unreadable: u64,
    /// The first row of those that were not handed on, because what they have of texts around them is too much.
    pub(crate) outer: Option<At>,
}

impl Noticed {
    /// Adds what was noticed in a later part of the file.
    pub(crate) fn append(&mut self, later: Self, limit: usize) {
        self.future += later.future;
        self.cover(later.covers);
        self.before.append(later.before, limit);
        self.repeated.append(later.repeated, limit);
        self.headers.append(later.headers, 1);
        self.keys.extend(later.keys);
        self.unreadable += later.unreadable;
        self.outer = self.outer.or(later.outer);
    }

    fn cover(&mut self, days: Option<(i32, i32)>) {
        let Some((first, last)) = days else { return };
        let (least, most) = self.covers.unwrap_or((first, last));
        self.covers = Some((first.min(least), last.max(most)));
    }
}

/// Rows gathered of one file.
#[derive(Debug)]
pub(crate) struct Frame<'p> {
    plan: &'p Plan,
    levels: Vec<LevelState>,
    /// Whether to gather key hashes.
    pub(crate) gather_keys: bool,
    /// What was noticed.
    pub(crate) noticed: Noticed,
}

struct Table {
    columns: Vec<Column>,
    at: Vec<At>,
    parent: Vec<u32>,
    pointers: Vec<Box<str>>,
}

impl<'p> Frame<'p> {
    /// No rows yet.
    pub(crate) fn new(plan: &'p Plan) -> Self {
        let levels = plan.levels.iter().map(|level| LevelState {
            columns: level.columns.iter().map(|column| ColumnState::new(&column.ty(level.scalars))).collect(),
            at: Vec::new(),
            parent: Vec::new(),
            pointers: Vec::new(),
            shown: 0,
        });
        Self { plan, levels: levels.collect(), gather_keys: false, noticed: Noticed::default() }
    }

    /// Begins a row; its cells follow, every column once.
    pub(crate) fn begin(&mut self, level: usize, at: At, parent: u32, pointer: Option<Box<str>>) {
        if let Some(state) = self.levels.get_mut(level) {
            state.at.push(at);
            state.parent.push(parent);
            state.pointers.extend(pointer);
        }
    }

    /// Appends one cell of the row begun last.
    ///
    /// # Errors
    /// The fault of an unreadable cell; it is appended all the same.
    pub(crate) fn cell(&mut self, level: usize, column: usize, raw: Raw<'_>) -> Result<(), CellFault> {
        let Some(plan) = self.plan.levels.get(level) else { return Ok(()) };
        let state = self.levels.get_mut(level).and_then(|state| state.columns.get_mut(column));
        let (Some(state), Some(plan_column)) = (state, plan.columns.get(column)) else { return Ok(()) };
        state.push(&plan_column.cells, plan.scalars, plan_column.required, raw)
    }

    /// Appends a cell of a column that the file does not have: blank if that is allowed, else in doubt.
    pub(crate) fn absent(&mut self, level: usize, column: usize, allowed: bool) {
        if let Some(state) = self.levels.get_mut(level).and_then(|state| state.columns.get_mut(column)) {
            if allowed { state.push_null() } else { state.push_doubt() }
        }
    }

    /// Number of rows gathered of a table.
    pub(crate) fn len(&self, level: usize) -> usize {
        self.levels.get(level).map_or(0, |state| state.at.len())
    }

    /// Rows gathered of all tables together.
    pub(crate) fn held(&self) -> usize {
        self.levels.iter().map(|state| state.at.len()).sum()
    }

    /// Rows shown so far of a table.
    pub(crate) fn shown(&self, level: usize) -> u64 {
        self.levels.get(level).map_or(0, |state| state.shown)
    }

    /// Hands on what was gathered.
    pub(crate) fn flush(&mut self, context: &Context<'_>, sink: &mut dyn FnMut(usize, Batch)) {
        if self.len(0) == 0 {
            return;
        }
        let mut tables: Vec<Table> = Vec::with_capacity(self.levels.len());
        let mut masks: Vec<Option<Vec<bool>>> = Vec::with_capacity(self.levels.len());
        for (level, plan) in self.plan.levels.iter().enumerate() {
            let Some(table) = self.table(level, context) else { return };
            masks.push(match plan.parent {
                None => self.shown_rows(&table, context),
                Some(parent) => masks.get(parent).and_then(Option::as_ref).map(|mask| {
                    table.parent.iter().map(|row| mask.get(*row as usize).copied().unwrap_or_default()).collect()
                }),
            });
            tables.push(table);
        }
        let positions: Vec<Option<Vec<u32>>> =
            masks.iter().map(|mask| mask.as_ref().map(|mask| positions(mask))).collect();
        for ((table, mask), plan) in tables.iter_mut().zip(&masks).zip(&self.plan.levels) {
            if let Some(positions) = plan.parent.and_then(|parent| positions.get(parent)).and_then(Option::as_ref) {
                for parent in &mut table.parent {
                    *parent = positions.get(*parent as usize).copied().unwrap_or_default();
                }
            }
            if let Some(mask) = mask {
                table.retain(mask);
            }
        }
        for (state, table) in self.levels.iter_mut().zip(&tables) {
            state.shown += table.at.len() as u64;
        }
        self.emit(&tables, context, sink);
    }

    fn table(&mut self, level: usize, context: &Context<'_>) -> Option<Table> {
        let state = self.levels.get_mut(level)?;
        let mut columns: Vec<Column> = state.columns.iter_mut().map(ColumnState::finish).collect();
        let at = std::mem::take(&mut state.at);
        for (index, plan) in self.plan.levels.get(level)?.columns.iter().enumerate() {
            let Some(other) = plan.not_before.and_then(|other| columns.get(other)) else { continue };
            let Some(column) = columns.get(index) else { continue };
            let earlier = earlier(column.values.as_ref(), other.values.as_ref(), context.zone);
            if earlier.iter().any(|earlier| *earlier) {
                let places = at.iter().zip(&earlier).filter(|(_, earlier)| **earlier);
                self.noticed.before.extend(places.map(|(at, _)| (level, index, *at)), context.listed);
                self.noticed.unreadable += earlier.iter().filter(|earlier| **earlier).count() as u64;
                let doubted = doubted(column, &earlier);
                if let Some(column) = columns.get_mut(index) {
                    *column = doubted;
                }
            }
        }
        Some(Table {
            columns,
            at,
            parent: std::mem::take(&mut state.parent),
            pointers: std::mem::take(&mut state.pointers),
        })
    }

    /// Which own rows are shown; marks repeated keys on the way. `None`: all.
    fn shown_rows(&mut self, table: &Table, context: &Context<'_>) -> Option<Vec<bool>> {
        let values = self.plan.time.and_then(|time| table.columns.get(time))?.values.as_ref();
        let mut kept = Vec::new();
        let mut covers: Option<(i32, i32)> = None;
        if let Some(times) = values.as_primitive_opt::<TimestampMicrosecondType>() {
            kept.extend(times.iter().map(|micros| micros.is_none_or(|micros| micros < context.as_of_end)));
            let mut shown = times.iter().flatten().filter(|micros| *micros < context.as_of_end);
            if let Some(first) = shown.next() {
                let (least, most) = shown.fold((first, first), |(least, most), at| (least.min(at), most.max(at)));
                covers = local_day(least, context.zone).zip(local_day(most, context.zone));
            }
        } else if let Some(days) = values.as_primitive_opt::<Date32Type>() {
            kept.extend(days.iter().map(|day| day.is_none_or(|day| day <= context.as_of)));
            let shown = days.iter().flatten().filter(|day| *day <= context.as_of);
            covers = shown.map(|day| (day, day)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        }
        self.noticed.cover(covers);
        let hidden = kept.iter().filter(|kept| !**kept).count();
        self.noticed.future += hidden as u64;
        (hidden > 0).then_some(kept)
    }

    fn emit(&mut self, tables: &[Table], context: &Context<'_>, sink: &mut dyn FnMut(usize, Batch)) {
        let root = tables.first();
        let marked = root.and_then(|table| self.mark_repeated(table, context));
        for (index, output) in self.plan.outputs.iter().enumerate() {
            let Some(output) = output else { continue };
            let Some(table) = tables.get(output.level) else { continue };
            let count = table.at.len();
            if self.outer_texts(tables, output, count) > TAKEN {
                self.noticed.outer = self.noticed.outer.or(table.at.first().copied());
                continue;
            }
            let columns: Vec<Column> = output
                .columns
                .iter()
                .map(|source| self.column(tables, marked.as_deref(), output.level, source, context))
                .collect();
            let mut start = 0;
            while start < count {
                let length = context.batch_rows.max(1).min(count - start);
                sink(index, self::batch(table, &columns, start, length, context));
                start += length;
            }
        }
    }

    /// Bytes of the texts that the rows of an output have from the rows around them.
    fn outer_texts(&self, tables: &[Table], output: &Output, count: usize) -> usize {
        let of_column = |source: &Source| {
            let Source::At { up: up @ 1.., column } = source else { return 0 };
            let outer = (0..*up).fold(output.level, |level, _| self.parent(level));
            let column = tables.get(outer).and_then(|table| table.columns.get(*column));
            let Some(texts) = column.and_then(|column| column.values.as_string_opt::<i32>()) else { return 0 };
            // Where even the longest of them as often as there are rows is little, nobody has to add them up.
            let most = texts.offsets().lengths().max().unwrap_or_default();
            if most.saturating_mul(count) <= TAKEN / 16 {
                return 0;
            }
            let length = |row: &u32| usize::try_from(texts.value_length(*row as usize)).unwrap_or_default();
            self.around(tables, output.level, *up).1.iter().flatten().map(length).sum()
        };
        output.columns.iter().map(of_column).sum()
    }

    /// The table so many levels further out, and the rows of it that each row belongs to; `None` when it is their own.
    fn around(&self, tables: &[Table], level: usize, up: usize) -> (usize, Option<Vec<u32>>) {
        let (mut at, mut positions): (usize, Option<Vec<u32>>) = (level, None);
        for _ in 0..up {
            let Some(table) = tables.get(at) else { break };
            positions = Some(match positions {
                None => table.parent.clone(),
                Some(rows) => {
                    rows.iter().map(|row| table.parent.get(*row as usize).copied().unwrap_or_default()).collect()
                }
            });
            at = self.parent(at);
        }
        (at, positions)
    }

    /// The level that one stands within.
    fn parent(&self, level: usize) -> usize {
        self.plan.levels.get(level).and_then(|level| level.parent).unwrap_or_default()
    }

    /// Columns of the own rows with the keys that several rows have in doubt; `None` when no row has one.
    fn mark_repeated(&mut self, table: &Table, context: &Context<'_>) -> Option<Vec<Column>> {
        if self.plan.key.is_empty() || (!self.gather_keys && context.repeated.is_empty()) {
            return None;
        }
        let keys: Vec<&Column> = self.plan.key.iter().filter_map(|column| table.columns.get(*column)).collect();
        let hashes: Vec<Option<u64>> = (0..table.at.len()).map(|row| key_hash(&keys, row)).collect();
        if self.gather_keys {
            self.noticed.keys.extend(hashes.iter().flatten());
            return None;
        }
        let repeated: Vec<bool> =
            hashes.iter().map(|hash| hash.is_some_and(|hash| context.repeated.contains(&hash))).collect();
        let count = repeated.iter().filter(|repeated| **repeated).count();
        if count == 0 {
            return None;
        }
        self.noticed.unreadable += (count * keys.len()) as u64;
        self.noticed.repeated.extend(
            table.at.iter().zip(&repeated).filter(|(_, repeated)| **repeated).map(|(at, _)| *at),
            context.listed,
        );
        let mark = |(index, column): (usize, &Column)| {
            if self.plan.key.contains(&index) { doubted(column, &repeated) } else { column.clone() }
        };
        Some(table.columns.iter().enumerate().map(mark).collect())
    }

    fn column(
        &self,
        tables: &[Table],
        marked: Option<&[Column]>,
        level: usize,
        source: &Source,
        context: &Context<'_>,
    ) -> Column {
        let Some(table) = tables.get(level) else { return Column::new(Arc::new(arrow::array::NullArray::new(0))) };
        let count = table.at.len();
        match source {
            Source::Path => Column::new(Arc::new(StringArray::from(vec![context.path; count]))),
            Source::Row => {
                let rows = table.at.iter().map(|at| i64::try_from(at.row).ok());
                Column::new(Arc::new(rows.collect::<Int64Array>()))
            }
            Source::CapturedOn => Column::new(Arc::new(Date32Array::from(vec![context.captured_on; count]))),
            Source::Unknown => Column::new(Arc::new(arrow::array::NullArray::new(count))),
            Source::At { up, column } => {
                let (at, positions) = self.around(tables, level, *up);
                let own = tables.get(at).map(|table| table.columns.as_slice());
                let columns = if at == 0 { marked.or(own) } else { own };
                let Some(found) = columns.and_then(|columns| columns.get(*column)) else {
                    return Column::new(Arc::new(arrow::array::NullArray::new(count)));
                };
                positions.map_or_else(|| found.clone(), |positions| taken(found, positions))
            }
        }
    }
}

/// Bytes that rows gathered together may have of texts around them: each is a copy of what stands in the file once.
pub(crate) const TAKEN: usize = 64 << 20;

fn batch(table: &Table, columns: &[Column], start: usize, length: usize, context: &Context<'_>) -> Batch {
    let at = table.at.get(start..start + length).unwrap_or_default();
    let whole = start == 0 && length == table.at.len();
    let pointers = table.pointers.get(start..start + length);
    Batch {
        rows: Rows {
            file: context.file,
            row: at.iter().map(|at| at.row).collect(),
            line: at.iter().map(|at| at.line).collect(),
            child: at.iter().map(|at| at.child).collect(),
            pointer: pointers.filter(|_| context.pointers).map(<[Box<str>]>::to_vec),
            sheet: None,
        },
        columns: columns
            .iter()
            .map(|column| {
                if whole {
                    return column.clone();
                }
                let doubt = if column.doubt.is_none() {
                    Doubt::none()
                } else {
                    Doubt::from_rows((start..start + length).map(|row| column.doubt.at(row)).collect())
                };
                Column { values: column.values.slice(start, length), doubt }
            })
            .collect(),
    }
}

/// A column with more rows in doubt.
fn doubted(column: &Column, rows: &[bool]) -> Column {
    let mask = BooleanArray::from(rows.to_vec());
    let values = nullif(column.values.as_ref(), &mask).unwrap_or_else(|_| Arc::clone(&column.values));
    let reasons =
        rows.iter().enumerate().map(|(row, new)| column.doubt.at(row) | if *new { Doubt::UNREADABLE } else { 0 });
    Column { values, doubt: Doubt::from_rows(reasons.collect()) }
}

fn taken(column: &Column, positions: Vec<u32>) -> Column {
    let doubt = if column.doubt.is_none() {
        Doubt::none()
    } else {
        Doubt::from_rows(positions.iter().map(|row| column.doubt.at(*row as usize)).collect())
    };
    let positions = UInt32Array::from(positions);
    match take(column.values.as_ref(), &positions, None) {
        Ok(values) => Column { values, doubt },
        Err(_) => unread(column, positions.len()),
    }
}

/// What could not be handed on: nobody knows the values, so that they are no blanks.
fn unread(column: &Column, rows: usize) -> Column {
    Column {
        values: arrow::array::new_null_array(column.values.data_type(), rows),
        doubt: Doubt::from_rows(vec![Doubt::UNREADABLE; rows]),
    }
}

/// Where each row is after hiding those of the mask.
fn positions(mask: &[bool]) -> Vec<u32> {
    let mut next = 0;
    mask.iter()
        .map(|shown| {
            let at = next;
            next += u32::from(*shown);
            at
        })
        .collect()
}

impl Table {
    fn retain(&mut self, mask: &[bool]) {
        let kept = BooleanArray::from(mask.to_vec());
        for column in &mut self.columns {
            *column = filtered(column, &kept, mask);
        }
        let mut shown = mask.iter();
        self.at.retain(|_| shown.next().copied().unwrap_or_default());
        let mut shown = mask.iter();
        self.parent.retain(|_| shown.next().copied().unwrap_or_default());
        let mut shown = mask.iter();
        self.pointers.retain(|_| shown.next().copied().unwrap_or_default());
    }
}

/// The rows of a column that a mask keeps.
pub(crate) fn retained(column: &Column, mask: &[bool]) -> Column {
    filtered(column, &BooleanArray::from(mask.to_vec()), mask)
}

fn filtered(column: &Column, kept: &BooleanArray, mask: &[bool]) -> Column {
    let doubt = if column.doubt.is_none() {
        Doubt::none()
    } else {
        let rows = mask.iter().enumerate().filter(|(_, shown)| **shown);
        Doubt::from_rows(rows.map(|(row, _)| column.doubt.at(row)).collect())
    };
    match filter(column.values.as_ref(), kept) {
        Ok(values) => Column { values, doubt },
        Err(_) => unread(column, kept.true_count()),
    }
}

/// Hash of a key; `None` when part of it is null.
fn key_hash(keys: &[&Column], row: usize) -> Option<u64> {
    // `DefaultHasher::new` has fixed keys: the same in every run.
    let mut hasher = DefaultHasher::new();
    for column in keys {
        let values = column.values.as_ref();
        if values.is_null(row) {
            return None;
        }
        if let Some(texts) = values.as_string_opt::<i32>() {
            texts.value(row).hash(&mut hasher);
        } else if let Some(times) = values.as_primitive_opt::<TimestampMicrosecondType>() {
            times.value(row).hash(&mut hasher);
        } else {
            array_text(values, row, chrono_tz::UTC)?.hash(&mut hasher);
        }
    }
    Some(hasher.finish())
}

fn local_day(micros: i64, zone: Tz) -> Option<i32> {
    let at = chrono::DateTime::from_timestamp_micros(micros)?;
    Some(zone.from_utc_datetime(&at.naive_utc()).date_naive().to_epoch_days())
}

/// The local day of each row's time.
fn local_days(values: &dyn Array, zone: Tz) -> Vec<Option<i32>> {
    if let Some(days) = values.as_primitive_opt::<Date32Type>() {
        return days.iter().collect();
    }
    let Some(times) = values.as_primitive_opt::<TimestampMicrosecondType>() else { return vec![None; values.len()] };
    times.iter().map(|micros| local_day(micros?, zone)).collect()
}

/// Which rows of `values` are earlier than in `other`; a date and a time compare as days.
fn earlier(values: &dyn Array, other: &dyn Array, zone: Tz) -> Vec<bool> {
    if let (Some(a), Some(b)) =
        (values.as_primitive_opt::<TimestampMicrosecondType>(), other.as_primitive_opt::<TimestampMicrosecondType>())
    {
        return a.iter().zip(b).map(|(a, b)| a.zip(b).is_some_and(|(a, b)| a < b)).collect();
    }
    let (a, b) = (local_days(values, zone), local_days(other, zone));
    a.into_iter().zip(b).map(|(a, b)| a.zip(b).is_some_and(|(a, b)| a < b)).collect()
}

/// The first instant after a local day, in microseconds UTC.
pub(crate) fn day_end(day: i32, zone: Tz) -> i64 {
    let midnight =
        day.checked_add(1).and_then(chrono::NaiveDate::from_epoch_days).and_then(|date| date.and_hms_opt(0, 0, 0));
    let Some(midnight) = midnight else { return i64::MAX };
    // Where clocks skip midnight the day ends when they go on.
    let instants =
        (0..=3).filter_map(|hours| zone.from_local_datetime(&(midnight + chrono::TimeDelta::hours(hours))).earliest());
    instants.map(|at| at.timestamp_micros()).next().unwrap_or(i64::MAX)
}
