//! A file with an adapter → rows of its kind.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{AsArray, StringArray};

use super::{Adapted, Groups, Input};
use crate::evidence::cells::Raw;
use crate::evidence::document::{Kind, Value};
use crate::evidence::frame::{At, Context, retained};
use crate::evidence::gather::{Gather, Purpose, Tally};
use crate::evidence::plan::Plan;
use crate::evidence::read::{self, Job, Outcome, Sink};
use crate::evidence::{Batch, codes, scalar_text};
use crate::expr::aggregate::Accumulator;
use crate::expr::{self, Column, Doubt, Frame, Scalar, Type, WorkingDays};
use crate::text::Text;

/// Reads a file to its end, as [`read::read`] does one that has the columns of the kind.
pub(crate) fn read(job: &Job<'_>, adapted: &Adapted, context: &Context<'_>, sink: &mut Sink<'_>) -> Outcome {
    let none = HashSet::new();
    let file = &adapted.file;
    let mut plan = Plan::new(file, std::slice::from_ref(&adapted.wanted), context.zone, false);
    if adapted.adapter.keep_empty {
        plan = plan.keeping_empty();
    }
    let inner = Job { kind: file, plan: &plan, lenient: false, gather_keys: false, tells_extra: false, ..*job };
    let around = Context { repeated: &none, ..*context };
    let mut rows = Rows::new(adapted, job, context, sink);
    let outcome = read::read(&inner, &around, &mut |_, batch| rows.take(&batch));
    rows.finish(outcome, &plan)
}

/// Bytes of the texts by which rows are put together, each kept once: they may stand in the file once for very many rows.
const SHARED: usize = 32 << 20;

/// Rows of the kind on their way out of rows of the file.
struct Rows<'a, 's> {
    adapted: &'a Adapted,
    purpose: Purpose<'a>,
    sink: &'a mut Sink<'s>,
    surroundings: expr::Context,
    /// Expression of each own column that is wanted: position among the adapter's.
    own: Vec<Option<usize>>,
    /// Nested lists of scalars that are wanted: level, and the expression.
    lists: Vec<(usize, usize)>,
    /// Nested tables that no expression can give.
    no_list: BTreeSet<usize>,
    /// The groups met, each with its number.
    met: BTreeMap<Arc<[Scalar]>, usize>,
    /// Shared columns of each group, and the place and sheet of its first row, in the order met.
    groups: Vec<(Arc<[Scalar]>, At, Option<Arc<str>>)>,
    /// Bytes of text that new groups may still have.
    left: usize,
    sums: Vec<Accumulator>,
    /// Rows that `where` leaves out.
    left_out: u64,
    tally: Tally,
}

impl<'a, 's> Rows<'a, 's> {
    fn new(adapted: &'a Adapted, job: &'a Job<'_>, context: &'a Context<'a>, sink: &'a mut Sink<'s>) -> Self {
        let purpose = job.purpose(context);
        let position = |name: &str| adapted.columns.iter().position(|(column, _)| column == name);
        let mut own = Vec::new();
        let (mut lists, mut no_list) = (Vec::new(), BTreeSet::new());
        for (index, level) in job.plan.levels.iter().enumerate() {
            if index == 0 {
                own = level.columns.iter().map(|column| position(&column.name)).collect();
                continue;
            }
            let name = level.list.first().filter(|_| level.scalars && level.parent == Some(0));
            match name.and_then(|name| position(name)) {
                Some(found) => lists.push((index, found)),
                None => {
                    no_list.insert(index);
                }
            }
        }
        Self {
            adapted,
            sink,
            surroundings: expr::Context {
                as_of: context.as_of,
                zone: context.zone,
                working_days: Arc::new(WorkingDays::default()),
            },
            own,
            lists,
            no_list,
            met: BTreeMap::new(),
            groups: Vec::new(),
            left: SHARED,
            left_out: 0,
            sums: adapted.groups.iter().flat_map(|groups| &groups.calls).map(Accumulator::new).collect(),
            tally: Tally::new(&purpose),
            purpose,
        }
    }

    /// Rows of the file: each becomes one of the kind, or part of the one there is.
    fn take(&mut self, batch: &Batch) {
        let mut gather = Gather::new(Purpose { sheet: batch.rows.sheet.as_ref(), ..self.purpose });
        let (mut columns, mut kept) = self.rows_that_count(batch, &mut gather);
        if let Some(groups) = &self.adapted.groups {
            let numbers = self.group(batch, groups, &mut columns, &mut kept, &mut gather);
            let frame = Frame { columns: &columns, rows: kept.len() };
            for (call, sum) in groups.calls.iter().zip(&mut self.sums) {
                let evaluate = |expr| expr::evaluate(expr, &frame, &self.surroundings);
                let arguments: Vec<Column> = call.arguments.iter().map(evaluate).collect();
                sum.update(&arguments, call.filter.as_ref().map(evaluate).as_ref(), &numbers);
            }
        } else {
            let values = self.values(&Frame { columns: &columns, rows: kept.len() });
            for (position, row) in kept.iter().enumerate() {
                let pointer = batch.rows.pointer.as_ref().and_then(|pointers| pointers.get(*row)).cloned();
                self.row(at(batch, *row), pointer, position, &values, &mut gather);
            }
        }
        self.gathered(gather);
    }

    /// The number of the group of each row. Rows of which the group cannot be told are rejected and taken away.
    fn group(
        &mut self,
        batch: &Batch,
        groups: &Groups,
        columns: &mut [Column],
        kept: &mut Vec<usize>,
        gather: &mut Gather<'_>,
    ) -> Vec<usize> {
        let (mut numbers, mut mask) = (Vec::new(), Vec::new());
        for (position, row) in kept.iter().enumerate() {
            let shared: Arc<[Scalar]> = groups
                .by
                .iter()
                .map(|(id, ty)| columns.get(*id).map_or(Scalar::Null, |column| column.scalar(position, ty)))
                .collect();
            if shared.contains(&Scalar::Null) {
                let message = Text::new(
                    "`each` 所列的单元格为空或不可读，不能判断属于哪一行",
                    "a cell that `each` names is blank or unreadable: which row this belongs to cannot be told",
                );
                gather.reject(at(batch, *row), message);
                mask.push(false);
                continue;
            }
            let number = match self.met.get(&shared) {
                Some(number) => *number,
                None => {
                    let texts = shared.iter().map(|value| if let Scalar::Text(text) = value { text.len() } else { 0 });
                    let Some(left) = self.left.checked_sub(texts.sum()) else {
                        let message = Text::new(
                            format!("`each` 所列的文本合起来超过 {SHARED} 字节"),
                            format!("the texts that `each` names exceed {SHARED} bytes in all"),
                        );
                        gather.reject(at(batch, *row), message);
                        mask.push(false);
                        continue;
                    };
                    self.left = left;
                    self.groups.push((Arc::clone(&shared), at(batch, *row), batch.rows.sheet.clone()));
                    self.met.insert(shared, self.groups.len() - 1);
                    self.groups.len() - 1
                }
            };
            numbers.push(number);
            mask.push(true);
        }
        if mask.contains(&false) {
            for column in columns.iter_mut() {
                *column = retained(column, &mask);
            }
            let mut counts = mask.iter();
            kept.retain(|_| counts.next().copied().unwrap_or_default());
        }
        numbers
    }

    /// The columns of the frame without the rows that do not count, and the positions of those that do. A row of which
    /// nobody can tell is rejected.
    fn rows_that_count(&mut self, batch: &Batch, gather: &mut Gather<'_>) -> (Vec<Column>, Vec<usize>) {
        let mut columns: Vec<Column> = Vec::with_capacity(self.adapted.inputs.len());
        for input in &self.adapted.inputs {
            let column = match input {
                Input::Read(wanted) => batch.columns.get(*wanted).cloned(),
                Input::Group { of, pattern, group } => columns.get(*of).map(|column| cut(column, pattern, group)),
            };
            columns.push(column.unwrap_or_else(|| Column::nulls(&Type::Null, batch.len())));
        }
        let Some(condition) = &self.adapted.condition else { return (columns, (0..batch.len()).collect()) };
        let found = expr::evaluate(condition, &Frame { columns: &columns, rows: batch.len() }, &self.surroundings);
        let mut mask = Vec::with_capacity(batch.len());
        for row in 0..batch.len() {
            match found.scalar(row, &Type::Boolean) {
                Scalar::Boolean(counts) => {
                    self.left_out += u64::from(!counts);
                    mask.push(counts);
                }
                _ => {
                    mask.push(false);
                    let message = Text::new(
                        "`where` 所读的单元格为空或不可读，不能判断这一行是否算数",
                        "a cell that `where` reads is blank or unreadable: whether this row counts cannot be told",
                    );
                    gather.reject(at(batch, row), message);
                }
            }
        }
        let columns = columns.iter().map(|column| retained(column, &mask)).collect();
        (columns, mask.iter().enumerate().filter(|(_, kept)| **kept).map(|(row, _)| row).collect())
    }

    /// The adapter's columns over a frame.
    fn values(&self, frame: &Frame<'_>) -> Vec<Column> {
        self.adapted.columns.iter().map(|(_, expr)| expr::evaluate(expr, frame, &self.surroundings)).collect()
    }

    /// One row of the kind.
    fn row(&self, at: At, pointer: Option<Box<str>>, position: usize, values: &[Column], gather: &mut Gather<'_>) {
        gather.tally.rows_read += 1;
        gather.frame.begin(0, at, 0, pointer);
        for (column, found) in self.own.iter().enumerate() {
            let Some(found) = found else {
                gather.frame.absent(0, column, self.purpose.lenient);
                continue;
            };
            self.cell(*found, position, values, |raw, name| gather.cell(0, column, raw, at, &|| name.to_owned()));
        }
        for (level, found) in &self.lists {
            self.cell(*found, position, values, |raw, name| gather.list_cell(*level, raw, at, name));
        }
    }

    /// Hands a value to `take` as a cell, with the name of its column.
    fn cell(&self, found: usize, position: usize, values: &[Column], take: impl FnOnce(Raw<'_>, &str)) {
        let (Some((name, expr)), Some(column)) = (self.adapted.columns.get(found), values.get(found)) else { return };
        if column.doubt.at(position) != 0 {
            return take(Raw::Doubtful, name);
        }
        match column.scalar(position, &expr.ty) {
            Scalar::Null => take(Raw::Null, name),
            Scalar::Boolean(value) => take(Raw::Boolean(value), name),
            Scalar::Text(text) => take(Raw::Text(&text), name),
            Scalar::List(_, items) => {
                let texts: Vec<String> = items.iter().map(scalar_text).collect();
                let items: Vec<Value<'_>> = items.iter().zip(&texts).map(|(item, text)| value_of(item, text)).collect();
                take(Raw::List(&items), name);
            }
            scalar @ (Scalar::Integer(_) | Scalar::Decimal(_)) => take(Raw::Number(&scalar_text(&scalar)), name),
            scalar @ (Scalar::Date(_) | Scalar::Timestamp(_) | Scalar::Duration(..)) => {
                take(Raw::Text(&scalar_text(&scalar)), name);
            }
        }
    }

    fn gathered(&mut self, gather: Gather<'_>) {
        let part = gather.finish();
        for (table, batch) in part.batches {
            (self.sink)(table, batch);
        }
        self.tally.append(part.tally, &self.purpose);
    }

    /// What reading gave: the rows of the kind, and what the reader of the file noticed.
    fn finish(mut self, outcome: Outcome, file: &Plan) -> Outcome {
        if let Some(groups) = &self.adapted.groups {
            let mut frame: Vec<Column> = Vec::new();
            for (at, (_, ty)) in groups.by.iter().enumerate() {
                let shared = self.groups.iter().map(|(shared, ..)| shared.get(at).cloned().unwrap_or(Scalar::Null));
                frame.push(Column::from_scalars(ty, &shared.collect::<Vec<_>>()));
            }
            frame.extend(self.sums.iter().map(|sum| sum.finish(self.groups.len())));
            let values = self.values(&Frame { columns: &frame, rows: self.groups.len() });
            for (position, (_, at, sheet)) in std::mem::take(&mut self.groups).into_iter().enumerate() {
                let mut gather = Gather::new(Purpose { sheet: sheet.as_ref(), ..self.purpose });
                self.row(at, None, position, &values, &mut gather);
                self.gathered(gather);
            }
        }
        let mut broken = outcome.broken;
        self.tally.source_rows = Some(outcome.tally.rows_read + outcome.tally.rows_rejected);
        self.tally.left_out = self.left_out;
        self.tally.stated = outcome.tally.stated;
        self.tally.sequence = outcome.tally.sequence;
        self.tally.header_row = outcome.tally.header_row;
        self.tally.footer_rows = outcome.tally.footer_rows;
        // What stands in place of a list may have held any number of rows.
        let unlisted = outcome.tally.faults.count(&codes::NOT_A_LIST) as u64;
        self.tally.rows_rejected += outcome.tally.rows_rejected + unlisted;
        self.tally.faults.append(outcome.tally.faults);
        let lacking =
            outcome.lacking.keys().filter_map(|(level, column)| file.levels.get(*level)?.columns.get(*column));
        let lacking: Vec<String> = lacking.map(|column| format!("`{}`", column.name)).collect();
        if !lacking.is_empty() {
            let id = &self.adapted.adapter.id;
            let message = Text::new(
                format!("按 {id} 的格式读取，缺少列 {}", lacking.join("、")),
                format!("read as {id}, it lacks {}", lacking.join(", ")),
            );
            self.tally.faults.file(&codes::MISSING_COLUMN, message.clone(), None);
            broken.get_or_insert(message);
        }
        self.tally.no_list.extend(&self.no_list);
        let missing =
            self.own.iter().enumerate().filter(|(_, found)| found.is_none()).map(|(column, _)| ((0, column), None));
        Outcome { broken, lacking: missing.collect(), tally: self.tally, ..outcome }
    }
}

fn at(batch: &Batch, row: usize) -> At {
    let get = |numbers: &[u64]| numbers.get(row).copied().unwrap_or_default();
    At { row: get(&batch.rows.row), line: get(&batch.rows.line), child: get(&batch.rows.child) }
}

/// An element of a list as a reader of documents would give it.
fn value_of<'t>(item: &Scalar, text: &'t str) -> Value<'t> {
    let kind = match item {
        Scalar::Null => Kind::Null,
        Scalar::Boolean(value) => Kind::Boolean(*value),
        Scalar::Integer(_) | Scalar::Decimal(_) => Kind::Number(text),
        _ => Kind::Text(text.into()),
    };
    Value { line: 0, kind }
}

/// A named group of a pattern in every text of a column; null where it does not match.
fn cut(column: &Column, pattern: &regex::Regex, group: &str) -> Column {
    let Some(texts) = column.values.as_string_opt::<i32>() else {
        return Column::nulls(&Type::Text, column.len());
    };
    let found = texts.iter().map(|text| Some(pattern.captures(text?)?.name(group)?.as_str().to_owned()));
    let doubts = (0..column.len()).map(|row| column.doubt.at(row)).collect();
    Column { values: Arc::new(found.collect::<StringArray>()), doubt: Doubt::from_rows(doubts) }
}
