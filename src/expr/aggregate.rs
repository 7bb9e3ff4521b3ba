//! Aggregates: exact, mergeable, independent of the order of rows and of how they were split.
//!
//! LANGUAGE.md §5 to the letter: a row counts where `FILTER` is TRUE; a `FILTER` or a needed input that is NULL makes
//! the group's result NULL, with the reasons of its doubt, unless a TRUE decides `ANY` or a FALSE decides `EVERY`.
//! `COUNT(x)` and `COUNT(DISTINCT x)` pass over blanks, and only a doubt makes them NULL.

mod cells;
mod gap;
mod state;

use super::{Aggregate, AggregateCall, Column, Doubt, Scalar, Type};
use cells::Cells;
use state::State;

/// A null that is a blank; beside it stand the bits of [`Doubt`].
const BLANK: u8 = 0x80;

/// The partial result of one [`AggregateCall`] for any number of groups, numbered densely from 0.
///
/// # Examples
/// ```
/// use hegui::expr::aggregate::Accumulator;
/// use hegui::expr::{Aggregate, AggregateCall, Column, Expr, ExprKind, Scalar, Type};
/// let x = Expr { kind: ExprKind::Column(0), ty: Type::Integer, span: Default::default() };
/// let call = AggregateCall {
///     function: Aggregate::Sum, arguments: vec![x], filter: None, ty: Type::Integer, span: Default::default(),
/// };
/// let column = Column::from_scalars(&Type::Integer, &[Scalar::Integer(1), Scalar::Integer(2), Scalar::Integer(5)]);
/// let mut sums = Accumulator::new(&call);
/// sums.update(&[column], None, &[0, 0, 1]); // the group of each row
/// let result = sums.finish(3);
/// assert_eq!(result.scalar(0, &Type::Integer), Scalar::Integer(3));
/// assert_eq!(result.scalar(1, &Type::Integer), Scalar::Integer(5));
/// assert_eq!(result.scalar(2, &Type::Integer), Scalar::Null); // no rows
/// ```
#[derive(Debug, Clone)]
pub struct Accumulator {
    function: Aggregate,
    ty: Type,
    /// Types of the arguments.
    inputs: Vec<Type>,
    state: State,
    /// Per group: nulls met where a value was needed.
    nulls: Vec<u8>,
}

impl Accumulator {
    /// An accumulator with no groups yet.
    pub fn new(call: &AggregateCall) -> Self {
        Self {
            function: call.function,
            ty: call.ty.clone(),
            inputs: call.arguments.iter().map(|argument| argument.ty.clone()).collect(),
            state: State::new(call.function),
            nulls: Vec::new(),
        }
    }

    /// Adds rows. `arguments` and `filter` are the call's, evaluated over the rows; `groups` has the group of each row.
    pub fn update(&mut self, arguments: &[Column], filter: Option<&Column>, groups: &[usize]) {
        use arrow::array::{Array, AsArray};
        let Some(most) = groups.iter().copied().max() else { return };
        self.grow(most + 1);
        let inputs = self.inputs.clone();
        let cells: Vec<Cells<'_>> = arguments.iter().zip(&inputs).map(|(column, ty)| Cells::new(column, ty)).collect();
        let kept = filter.map(|filter| (filter, filter.values.as_boolean_opt()));
        for (row, group) in groups.iter().copied().enumerate() {
            if let Some((filter, kept)) = &kept {
                match kept {
                    Some(kept) if row < kept.len() && kept.is_valid(row) => {
                        if !kept.value(row) {
                            continue;
                        }
                    }
                    _ => {
                        self.null(group, BLANK | filter.doubt.at(row));
                        continue;
                    }
                }
            }
            self.row(&cells, row, group);
        }
        self.state.settle();
    }

    fn grow(&mut self, groups: usize) {
        if self.nulls.len() < groups {
            self.nulls.resize(groups, 0);
        }
        self.state.grow(groups);
    }

    fn null(&mut self, group: usize, reasons: u8) {
        if let Some(nulls) = self.nulls.get_mut(group) {
            *nulls |= reasons;
        }
    }

    fn row(&mut self, cells: &[Cells<'_>], row: usize, group: usize) {
        self.state.met(group);
        if self.function == Aggregate::CountRows {
            self.state.count(group);
            return;
        }
        let null = cells.iter().fold(0, |null, cells| null | cells.null(row));
        if null != 0 {
            let passes = matches!(self.function, Aggregate::Count | Aggregate::CountDistinct);
            if !passes || null != BLANK {
                self.null(group, null);
            }
            return;
        }
        if self.function == Aggregate::Count {
            self.state.count(group);
            return;
        }
        self.state.add(self.function, group, cells, row);
    }

    /// States `from` and `to` of `MAX_GAP(t, from, to)` for groups that may have no rows: row `i` is of group `groups[i]`.
    /// Does nothing for other aggregates.
    pub fn edges(&mut self, from: &Column, to: &Column, groups: &[usize]) {
        let [_, from_ty, to_ty] = self.inputs.as_slice() else { return };
        let (from_ty, to_ty) = (from_ty.clone(), to_ty.clone());
        let Some(most) = groups.iter().copied().max() else { return };
        self.grow(most + 1);
        for (row, group) in groups.iter().copied().enumerate() {
            match (from.scalar(row, &from_ty), to.scalar(row, &to_ty)) {
                (Scalar::Null, _) | (_, Scalar::Null) => {
                    self.null(group, BLANK | from.doubt.at(row) | to.doubt.at(row));
                }
                (from, to) => self.state.edges(group, &from, &to),
            }
        }
    }

    /// Adds what another accumulator of the same call has. `map[g]` is the group here of its group `g`.
    pub fn merge(&mut self, other: &Self, map: &[usize]) {
        let Some(most) = map.iter().copied().max() else { return };
        self.grow(most + 1);
        for (from, into) in map.iter().copied().enumerate() {
            if let Some(nulls) = other.nulls.get(from) {
                self.null(into, *nulls);
            }
        }
        self.state.merge(self.function, &other.state, map);
        self.state.settle();
    }

    /// The results of groups 0 to `groups` − 1, of type [`AggregateCall::ty`]. A group without rows gives 0 for counts and
    /// NULL else.
    pub fn finish(&self, groups: usize) -> Column {
        let mut values = Vec::with_capacity(groups);
        let mut doubts = Vec::with_capacity(groups);
        for group in 0..groups {
            let nulls = self.nulls.get(group).copied().unwrap_or(0);
            let decided = self.state.decided(self.function, group);
            let (value, doubt) = match (decided, nulls) {
                (Some(value), _) => (value, 0),
                (None, 0) => match self.state.finish(self.function, &self.ty, &self.inputs, group) {
                    Ok(value) => (value, 0),
                    Err(state::Undecided) => (Scalar::Null, Doubt::UNDECIDED),
                },
                (None, nulls) => (Scalar::Null, nulls & !BLANK),
            };
            values.push(value);
            doubts.push(doubt);
        }
        Column { doubt: Doubt::from_rows(doubts), ..Column::from_scalars(&self.ty, &values) }
    }
}

#[cfg(test)]
mod tests;
