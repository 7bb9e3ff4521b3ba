//! What each aggregate remembers of a group.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use arrow::datatypes::i256;

use super::super::evaluate::number::{ONE, divide_half_up, fits};
use super::super::{Aggregate, Scalar, Type};
use super::cells::Cells;
use super::gap::Gap;

/// The result cannot be held, or does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Undecided;

/// Different values of one type: texts apart, so that one seen before is looked up without a copy.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    texts: BTreeSet<String>,
    others: BTreeSet<Scalar>,
}

impl Seen {
    fn add(&mut self, cells: &Cells<'_>, row: usize) {
        match cells.text(row) {
            Some(text) if self.texts.contains(text) => {}
            Some(text) => {
                self.texts.insert(text.to_owned());
            }
            None => {
                self.others.insert(cells.scalar(row));
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.texts.extend(other.texts.iter().cloned());
        self.others.extend(other.others.iter().cloned());
    }

    fn len(&self) -> usize {
        self.texts.len() + self.others.len()
    }

    /// The values, ascending.
    fn values(&self) -> Vec<Scalar> {
        self.texts.iter().cloned().map(Scalar::Text).chain(self.others.iter().cloned()).collect()
    }
}

/// One entry per group.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// Rows.
    Count(Vec<i64>),
    /// Different values.
    Distinct(Vec<Seen>),
    /// Sum, wide enough that no order of summing overflows, and how many.
    Sum(Vec<(i256, i64)>),
    /// Least or greatest.
    Best(Vec<Option<Scalar>>),
    /// `ANY`, `EVERY`: whether there was a row, and one that decides.
    Found(Vec<(bool, bool)>),
    /// Greatest t, its x, and whether another x has the same t.
    Latest(Vec<Option<(Scalar, Scalar, bool)>>),
    /// Points in time.
    Gap(Vec<Gap>),
}

impl State {
    pub(super) fn new(function: Aggregate) -> Self {
        match function {
            Aggregate::CountRows | Aggregate::Count => Self::Count(Vec::new()),
            Aggregate::CountDistinct | Aggregate::ListDistinct => Self::Distinct(Vec::new()),
            Aggregate::Sum | Aggregate::Avg => Self::Sum(Vec::new()),
            Aggregate::Min | Aggregate::Max => Self::Best(Vec::new()),
            Aggregate::Any | Aggregate::Every => Self::Found(Vec::new()),
            Aggregate::Latest => Self::Latest(Vec::new()),
            Aggregate::MaxGap => Self::Gap(Vec::new()),
        }
    }

    pub(super) fn grow(&mut self, groups: usize) {
        fn grow<T: Default + Clone>(entries: &mut Vec<T>, groups: usize) {
            if entries.len() < groups {
                entries.resize(groups, T::default());
            }
        }
        match self {
            Self::Count(entries) => grow(entries, groups),
            Self::Distinct(entries) => grow(entries, groups),
            Self::Sum(entries) => {
                if entries.len() < groups {
                    entries.resize(groups, (i256::ZERO, 0));
                }
            }
            Self::Best(entries) => grow(entries, groups),
            Self::Found(entries) => grow(entries, groups),
            Self::Latest(entries) => grow(entries, groups),
            Self::Gap(entries) => grow(entries, groups),
        }
    }

    /// A row of the group was met, whatever is in it.
    pub(super) fn met(&mut self, group: usize) {
        if let Self::Found(entries) = self
            && let Some(entry) = entries.get_mut(group)
        {
            entry.0 = true;
        }
    }

    pub(super) fn count(&mut self, group: usize) {
        if let Self::Count(entries) = self
            && let Some(entry) = entries.get_mut(group)
        {
            *entry += 1;
        }
    }

    /// Adds one row without nulls.
    pub(super) fn add(&mut self, function: Aggregate, group: usize, cells: &[Cells<'_>], row: usize) {
        let Some(first) = cells.first() else { return };
        match self {
            Self::Count(_) => {}
            Self::Distinct(entries) => {
                if let Some(entry) = entries.get_mut(group) {
                    entry.add(first, row);
                }
            }
            Self::Sum(entries) => {
                if let (Some(entry), Some(units)) = (entries.get_mut(group), first.units(row)) {
                    // A mean is a decimal, also of integers.
                    let scale = function == Aggregate::Avg && first.is_integer();
                    let units = if scale { units * ONE } else { units };
                    entry.0 = entry.0.wrapping_add(i256::from_i128(units));
                    entry.1 += 1;
                }
            }
            Self::Best(entries) => {
                if let Some(entry) = entries.get_mut(group) {
                    better(function, entry, |best| first.compare(row, best), || first.scalar(row));
                }
            }
            Self::Found(entries) => {
                if let Some(entry) = entries.get_mut(group) {
                    entry.1 |= first.is(row, function == Aggregate::Any);
                }
            }
            Self::Latest(entries) => {
                if let (Some(entry), Some(t)) = (entries.get_mut(group), cells.get(1)) {
                    match entry {
                        Some((kept, ..)) if t.compare(row, kept) == Ordering::Less => {}
                        Some((kept, x, differs)) if t.compare(row, kept) == Ordering::Equal => {
                            *differs |= first.compare(row, x) != Ordering::Equal;
                        }
                        _ => *entry = Some((t.scalar(row), first.scalar(row), false)),
                    }
                }
            }
            Self::Gap(entries) => {
                if let Some(entry) = entries.get_mut(group) {
                    if let [_, from, to] = cells
                        && let (Some(from), Some(to)) = (from.point(row), to.point(row))
                    {
                        entry.edges(from, to);
                    }
                    if let Some(point) = first.point(row) {
                        entry.add(point);
                    }
                }
            }
        }
    }

    pub(super) fn edges(&mut self, group: usize, from: &Scalar, to: &Scalar) {
        if let Self::Gap(entries) = self
            && let Some(entry) = entries.get_mut(group)
        {
            edges(entry, from, to);
        }
    }

    /// After a batch: forget what is not needed.
    pub(super) fn settle(&mut self) {
        if let Self::Gap(entries) = self {
            entries.iter_mut().for_each(Gap::settle);
        }
    }

    pub(super) fn merge(&mut self, function: Aggregate, other: &Self, map: &[usize]) {
        fn each<T>(ours: &mut [T], theirs: &[T], map: &[usize], mut join: impl FnMut(&mut T, &T)) {
            for (their, into) in theirs.iter().zip(map) {
                if let Some(our) = ours.get_mut(*into) {
                    join(our, their);
                }
            }
        }
        match (self, other) {
            (Self::Count(a), Self::Count(b)) => each(a, b, map, |a, b| *a += b),
            (Self::Distinct(a), Self::Distinct(b)) => each(a, b, map, Seen::merge),
            (Self::Sum(a), Self::Sum(b)) => each(a, b, map, |a, b| {
                a.0 = a.0.wrapping_add(b.0);
                a.1 += b.1;
            }),
            (Self::Best(a), Self::Best(b)) => each(a, b, map, |a, b| {
                if let Some(b) = b {
                    better(function, a, |best| b.cmp(best), || b.clone());
                }
            }),
            (Self::Found(a), Self::Found(b)) => each(a, b, map, |a, b| {
                a.0 |= b.0;
                a.1 |= b.1;
            }),
            (Self::Latest(a), Self::Latest(b)) => each(a, b, map, |a, b| {
                if let Some(b) = b {
                    later(a, b.clone());
                }
            }),
            (Self::Gap(a), Self::Gap(b)) => each(a, b, map, Gap::merge),
            // INVARIANT: both are of the same call.
            _ => {}
        }
    }

    /// The result, if it stands whatever else there is.
    pub(super) fn decided(&self, function: Aggregate, group: usize) -> Option<Scalar> {
        match self {
            Self::Found(entries) => {
                entries.get(group).is_some_and(|entry| entry.1).then_some(Scalar::Boolean(function == Aggregate::Any))
            }
            _ => None,
        }
    }

    /// The result of a group without nulls.
    pub(super) fn finish(
        &self,
        function: Aggregate,
        ty: &Type,
        inputs: &[Type],
        group: usize,
    ) -> Result<Scalar, Undecided> {
        Ok(match self {
            Self::Count(entries) => Scalar::Integer(entries.get(group).copied().unwrap_or(0)),
            Self::Distinct(entries) => {
                let values = entries.get(group);
                if let (Aggregate::ListDistinct, Type::List(item)) = (function, ty) {
                    match values.map(Seen::values).filter(|values| !values.is_empty()) {
                        Some(values) => Scalar::List(item.as_ref().clone(), values),
                        None => Scalar::Null,
                    }
                } else {
                    Scalar::Integer(i64::try_from(values.map_or(0, Seen::len)).map_err(|_| Undecided)?)
                }
            }
            Self::Sum(entries) => match entries.get(group) {
                None | Some((_, 0)) => Scalar::Null,
                Some((sum, count)) => total(function, ty, *sum, *count)?,
            },
            Self::Best(entries) => entries.get(group).cloned().flatten().unwrap_or(Scalar::Null),
            Self::Found(entries) => match entries.get(group) {
                // Rows, and none that decides.
                Some((true, false)) => Scalar::Boolean(function == Aggregate::Every),
                _ => Scalar::Null,
            },
            Self::Latest(entries) => match entries.get(group) {
                Some(Some((_, x, false))) => x.clone(),
                _ => Scalar::Null,
            },
            Self::Gap(entries) => match entries.get(group) {
                Some(gap) => gap.longest(inputs)?,
                None => Scalar::Null,
            },
        })
    }
}

fn point(value: &Scalar) -> Option<i64> {
    match value {
        Scalar::Date(day) => Some(i64::from(*day)),
        Scalar::Timestamp(micros) => Some(*micros),
        _ => None,
    }
}

fn edges(gap: &mut Gap, from: &Scalar, to: &Scalar) {
    if let (Some(from), Some(to)) = (point(from), point(to)) {
        gap.edges(from, to);
    }
}

fn total(function: Aggregate, ty: &Type, sum: i256, count: i64) -> Result<Scalar, Undecided> {
    if function == Aggregate::Avg {
        let mean = divide_half_up(sum, i256::from_i128(count.into())).map_err(|_| Undecided)?;
        return Ok(Scalar::Decimal(mean));
    }
    let sum = sum.to_i128().ok_or(Undecided)?;
    match ty {
        Type::Integer => i64::try_from(sum).map(Scalar::Integer).map_err(|_| Undecided),
        _ => fits(sum).map(Scalar::Decimal).map_err(|_| Undecided),
    }
}

/// Keeps the candidate if it is better than the best so far; `compare` compares it with that.
fn better(
    function: Aggregate,
    entry: &mut Option<Scalar>,
    compare: impl Fn(&Scalar) -> Ordering,
    candidate: impl Fn() -> Scalar,
) {
    let wanted = if function == Aggregate::Min { Ordering::Less } else { Ordering::Greater };
    if entry.as_ref().is_none_or(|best| compare(best) == wanted) {
        *entry = Some(candidate());
    }
}

/// Keeps the later of two; of two at the same time, either with the note whether they differ.
fn later(entry: &mut Option<(Scalar, Scalar, bool)>, candidate: (Scalar, Scalar, bool)) {
    match entry {
        Some((t, x, differs)) if *t == candidate.0 => *differs |= candidate.2 || *x != candidate.1,
        Some((t, ..)) if *t > candidate.0 => {}
        _ => *entry = Some(candidate),
    }
}
