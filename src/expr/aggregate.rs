//! Aggregates: exact, mergeable, independent of the order of rows and of how they were split.

use super::{AggregateCall, Column};

/// The partial result of one [`AggregateCall`] for any number of groups.
#[derive(Debug, Clone)]
pub struct Accumulator {}

impl Accumulator {
    /// An accumulator with no groups yet.
    pub fn new(call: &AggregateCall) -> Self {
        let _ = call;
        Self {}
    }

    /// Adds rows. `arguments` and `filter` are the call's, evaluated over the rows; `groups` has the group of each row.
    pub fn update(&mut self, arguments: &[Column], filter: Option<&Column>, groups: &[usize]) {
        let _ = (arguments, filter, groups);
    }

    /// States `from` and `to` of `MAX_GAP(t, from, to)` for groups that may have no rows: row `i` is of group `groups[i]`.
    /// Does nothing for other aggregates.
    pub fn edges(&mut self, from: &Column, to: &Column, groups: &[usize]) {
        let _ = (from, to, groups);
    }

    /// Adds what another accumulator of the same call has. `map[g]` is the group here of its group `g`.
    pub fn merge(&mut self, other: &Self, map: &[usize]) {
        let _ = (other, map);
    }

    /// The results of groups 0 to `groups` − 1, of type [`AggregateCall::ty`]. A group without rows gives 0 for counts and
    /// NULL else.
    pub fn finish(&self, groups: usize) -> Column {
        Column::nulls(&super::Type::Null, groups)
    }
}
