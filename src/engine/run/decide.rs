//! Which rows decided a group's finding (LANGUAGE §2): at most five, the same whatever the batches were.
//!
//! Asked are the aggregates that the operands of `expect` read which are not TRUE (the operands of its outermost `AND`s).
//! Each aggregate answers with rows of the group:
//!
//! | aggregate | rows |
//! |---|---|
//! | any, when its result is NULL because of nulls | those with the null, in an argument or in `FILTER` |
//! | `COUNT(*)`, `COUNT(x)` | the first ones counted |
//! | `COUNT(DISTINCT x)`, `LIST(DISTINCT x)` | the first of each of the values, by file and row |
//! | `SUM`, `AVG` | those that add most, in either direction |
//! | `MIN`, `MAX` | those that hold the value |
//! | `LATEST(x, t)` | those with the greatest `t` |
//! | `ANY`, `EVERY` | those with the value of the result: TRUE, or FALSE |
//! | `MAX_GAP` | the two around the gap; beside an edge the one |
//!
//! Several aggregates take turns until there are five. If none answers (no aggregate is asked, none of the rows counts),
//! the first five rows of the group stand.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use arrow::array::Array;
use arrow::datatypes::DataType;

use crate::engine::plan::{AggregateOutput, Demand, Origin};
use crate::expr::{Aggregate, AggregateCall, Column, ColumnId, Context, Expr, ExprKind, Scalar, Type};

use super::cite::{CITED, Cite, Few, Here};
use super::columns::{Chunk, truths};
use super::gaps::Gaps;
use super::relation::over;

/// An operand of the demand, and the aggregates behind it.
#[derive(Debug)]
pub(crate) struct Asked {
    /// `None`: the demand is about partners, and every finding asks.
    operand: Option<Expr>,
    calls: Vec<usize>,
}

impl Asked {
    /// Whether it reads an aggregate.
    pub(crate) fn asks(&self, call: usize) -> bool {
        self.calls.contains(&call)
    }
}

/// The operands of a demand on groups.
pub(crate) fn asked(demand: &Demand, output: &AggregateOutput) -> Vec<Asked> {
    match demand {
        Demand::Expect(expect) => {
            let mut operands = Vec::new();
            conjuncts(expect, &mut operands);
            let asked = |operand: &Expr| Asked {
                calls: calls_behind(output, operand.columns()),
                operand: Some(operand.clone()),
            };
            operands.into_iter().map(asked).collect()
        }
        Demand::Has { partner, .. } | Demand::HasNo(partner) => {
            let mut slots: BTreeSet<ColumnId> = partner.keys.iter().flat_map(|(_, ours)| ours.columns()).collect();
            slots.extend(partner.relation.slots.iter().filter_map(|slot| match slot.origin {
                Origin::Outer(outer) => Some(outer),
                _ => None,
            }));
            vec![Asked { operand: None, calls: calls_behind(output, slots) }]
        }
        Demand::Count { .. } => Vec::new(),
    }
}

fn conjuncts<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Call { function, arguments } if function.name == "AND" => {
            for argument in arguments {
                conjuncts(argument, found);
            }
        }
        _ => found.push(expr),
    }
}

/// Aggregates that these slots of the group frame are built on, ascending.
fn calls_behind(output: &AggregateOutput, slots: BTreeSet<ColumnId>) -> Vec<usize> {
    let mut calls = BTreeSet::new();
    let mut open: Vec<ColumnId> = slots.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match output.slots.get(id).map(|slot| &slot.origin) {
            Some(Origin::Aggregate(number)) => {
                calls.insert(*number);
            }
            Some(Origin::Let) => {
                open.extend(output.lets.iter().filter(|(slot, _)| *slot == id).flat_map(|(_, value)| value.columns()));
            }
            _ => {}
        }
    }
    calls.into_iter().collect()
}

/// Rows that may have decided one aggregate, by group.
#[derive(Debug)]
pub(crate) struct Deciders {
    function: Aggregate,
    inputs: Vec<Type>,
    ty: Type,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    nulls: Few,
    seen: Seen,
}

#[derive(Debug)]
enum Seen {
    Rows(Few),
    /// Each value with its first row; the five whose first rows come first.
    Values(Vec<(Scalar, Cite)>),
    /// Magnitude, greatest first.
    Largest(Vec<(Reverse<u128>, Cite)>),
    Best(Option<Scalar>, Few),
    Truths {
        yes: Few,
        no: Few,
    },
    Gaps(Gaps),
}

impl Deciders {
    /// `None` for an aggregate that every row decides alike.
    pub(crate) fn new(call: &AggregateCall) -> Option<Self> {
        if call.function == Aggregate::CountRows && call.filter.is_none() {
            return None;
        }
        let inputs = call.arguments.iter().map(|argument| argument.ty.clone()).collect();
        Some(Self { function: call.function, inputs, ty: call.ty.clone(), entries: Vec::new() })
    }

    /// Sees rows: what the call's arguments and filter are for them, and the group of each.
    pub(crate) fn see(&mut self, arguments: &[Column], filter: Option<&Column>, groups: &[usize], chunk: &Chunk) {
        let most = groups.iter().copied().max().map_or(0, |most| most + 1);
        while self.entries.len() < most {
            self.entries.push(Entry { nulls: Few::default(), seen: Seen::of(self.function) });
        }
        let kept: Option<Vec<Option<bool>>> = filter.map(|filter| truths(filter).collect());
        for (row, group) in groups.iter().enumerate() {
            let Some(entry) = self.entries.get_mut(*group) else { continue };
            let here = Here::new(chunk, row);
            match kept.as_ref().map(|kept| kept.get(row).copied().flatten()) {
                None | Some(Some(true)) => {}
                Some(Some(false)) => continue,
                Some(None) => {
                    entry.nulls.offer(&here);
                    continue;
                }
            }
            let null = |column: &&Column| column.values.data_type() == &DataType::Null || column.values.is_null(row);
            let nulls = arguments.iter().filter(null);
            let (mut any, mut doubts) = (false, 0);
            for column in nulls {
                any = true;
                doubts |= column.doubt.at(row);
            }
            if any {
                // A blank is passed over by counts, and poisons the rest.
                let passes = matches!(self.function, Aggregate::Count | Aggregate::CountDistinct);
                if !passes || doubts != 0 {
                    entry.nulls.offer(&here);
                }
                continue;
            }
            entry.seen.row(self.function, arguments, &self.inputs, row, &here);
        }
    }

    /// The rows that decided the result of one group.
    pub(crate) fn rows(&self, group: usize, result: &Column) -> Vec<&Cite> {
        let Some(entry) = self.entries.get(group) else { return Vec::new() };
        let value = result.scalar(group, &self.ty);
        if value == Scalar::Null && !entry.nulls.is_empty() {
            return entry.nulls.iter().collect();
        }
        match (&entry.seen, &value) {
            (Seen::Rows(rows) | Seen::Best(_, rows), _) => rows.iter().collect(),
            (Seen::Values(values), _) => values.iter().map(|(_, cite)| cite).collect(),
            (Seen::Largest(rows), _) => rows.iter().map(|(_, cite)| cite).collect(),
            (Seen::Truths { yes, .. }, Scalar::Boolean(true)) => yes.iter().collect(),
            (Seen::Truths { no, .. }, Scalar::Boolean(false)) => no.iter().collect(),
            (Seen::Gaps(gaps), Scalar::Duration(_, longest)) => gaps.around(*longest),
            (Seen::Truths { .. } | Seen::Gaps(_), _) => Vec::new(),
        }
    }
}

impl Seen {
    fn of(function: Aggregate) -> Self {
        match function {
            Aggregate::CountRows | Aggregate::Count => Self::Rows(Few::default()),
            Aggregate::CountDistinct | Aggregate::ListDistinct => Self::Values(Vec::new()),
            Aggregate::Sum | Aggregate::Avg => Self::Largest(Vec::new()),
            Aggregate::Min | Aggregate::Max | Aggregate::Latest => Self::Best(None, Few::default()),
            Aggregate::Any | Aggregate::Every => Self::Truths { yes: Few::default(), no: Few::default() },
            Aggregate::MaxGap => Self::Gaps(Gaps::default()),
        }
    }

    /// A row whose arguments are all there.
    fn row(&mut self, function: Aggregate, arguments: &[Column], inputs: &[Type], row: usize, here: &Here<'_>) {
        let cell = |number: usize| match (arguments.get(number), inputs.get(number)) {
            (Some(column), Some(ty)) => column.scalar(row, ty),
            _ => Scalar::Null,
        };
        match self {
            Self::Rows(rows) => rows.offer(here),
            Self::Values(values) => first_of_each(values, cell(0), here),
            Self::Largest(rows) => largest(rows, &cell(0), here),
            Self::Best(best, rows) => {
                let value = cell(usize::from(function == Aggregate::Latest));
                let better = match best {
                    None => true,
                    Some(best) if function == Aggregate::Min => value < *best,
                    Some(best) => value > *best,
                };
                if better {
                    *rows = Few::default();
                    rows.offer(here);
                    *best = Some(value);
                } else if best.as_ref() == Some(&value) {
                    rows.offer(here);
                }
            }
            Self::Truths { yes, no } => {
                if cell(0) == Scalar::Boolean(true) {
                    yes.offer(here);
                } else {
                    no.offer(here);
                }
            }
            Self::Gaps(gaps) => gaps.offer(&cell(0), (arguments.len() == 3).then(|| (cell(1), cell(2))), here),
        }
    }
}

fn first_of_each(values: &mut Vec<(Scalar, Cite)>, value: Scalar, here: &Here<'_>) {
    let known = values.iter().position(|(seen, _)| *seen == value);
    // A value whose first row is past the five so far may still turn up earlier, and is then offered again.
    let late = |cite: &Cite| cite.position <= here.position;
    let skip = match known.and_then(|at| values.get(at)) {
        Some((_, cite)) => late(cite),
        None => values.len() >= CITED && values.last().is_some_and(|(_, last)| late(last)),
    };
    let Some(cite) = (if skip { None } else { here.cite() }) else { return };
    if let Some(at) = known {
        values.remove(at);
    }
    let at = values.partition_point(|(_, seen)| *seen < cite);
    values.insert(at, (value, cite));
    values.truncate(CITED);
}

fn largest(rows: &mut Vec<(Reverse<u128>, Cite)>, value: &Scalar, here: &Here<'_>) {
    let magnitude = match value {
        Scalar::Integer(value) => u128::from(value.unsigned_abs()),
        Scalar::Decimal(units) => units.unsigned_abs(),
        _ => return,
    };
    let beaten = |(least, cite): &(Reverse<u128>, Cite)| (*least, cite.position) <= (Reverse(magnitude), here.position);
    if rows.len() >= CITED && rows.last().is_some_and(beaten) {
        return;
    }
    let Some(cite) = here.cite() else { return };
    let entry = (Reverse(magnitude), cite);
    let at = rows.partition_point(|known| *known < entry);
    rows.insert(at, entry);
    rows.truncate(CITED);
}

/// The rows that decided each group, by file and row; none for a group of which every operand is TRUE.
///
/// `calls` are the results of the aggregates, `some` the first rows of a group.
pub(crate) fn decided<'b>(
    asked: &[Asked],
    deciders: &[Option<Deciders>],
    calls: &[Column],
    chunk: &Chunk,
    some: &dyn Fn(usize) -> &'b Few,
    context: &Context,
) -> Vec<Vec<Cite>> {
    let mut wanted: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); chunk.len];
    for one in asked {
        let verdicts: Vec<bool> = match &one.operand {
            Some(operand) => truths(&over(operand, chunk, context)).map(|truth| truth == Some(true)).collect(),
            None => vec![false; chunk.len],
        };
        for (wanted, _) in wanted.iter_mut().zip(verdicts).filter(|(_, holds)| !holds) {
            wanted.extend(one.calls.iter().copied());
        }
    }
    let rows_of = |(group, wanted): (usize, BTreeSet<usize>)| {
        let answers: Vec<Vec<&Cite>> = wanted
            .iter()
            .filter_map(|call| match (deciders.get(*call), calls.get(*call)) {
                (Some(Some(deciders)), Some(result)) => Some(deciders.rows(group, result)),
                (Some(None), _) => Some(some(group).iter().collect()),
                _ => None,
            })
            .collect();
        take_turns(&answers)
    };
    wanted.into_iter().enumerate().map(rows_of).collect()
}

fn take_turns(answers: &[Vec<&Cite>]) -> Vec<Cite> {
    let mut chosen: BTreeSet<&Cite> = BTreeSet::new();
    let turns = (0..CITED).flat_map(|turn| answers.iter().filter_map(move |answer| answer.get(turn)));
    for cite in turns {
        if chosen.len() < CITED {
            chosen.insert(cite);
        }
    }
    chosen.into_iter().cloned().collect()
}
