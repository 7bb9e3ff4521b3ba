//! `MAX_GAP`: points in time and the longest silence between them.

use super::super::context::MICROS_PER_DAY;
use super::super::{DurationUnit, Scalar, Type};
use super::state::Undecided;

/// The points of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Gap {
    /// Points, in no order; the first `settled` are sorted and different.
    points: Vec<i64>,
    settled: usize,
    /// Rows added: of two rows at the same time the silence between them is 0, of one row there is none.
    rows: u64,
    edges: Option<(i64, i64)>,
    /// Two rows state different edges.
    torn: bool,
}

impl Gap {
    pub(super) fn add(&mut self, point: i64) {
        self.points.push(point);
        self.rows += 1;
    }

    pub(super) fn edges(&mut self, from: i64, to: i64) {
        self.torn |= self.edges.is_some_and(|edges| edges != (from, to));
        self.edges = Some((from, to));
    }

    /// Drops repeats once they may be half of all points: days of a log repeat a thousand times.
    pub(super) fn settle(&mut self) {
        if self.points.len() >= self.settled.saturating_mul(2).max(1_024) {
            self.points.sort_unstable();
            self.points.dedup();
            self.settled = self.points.len();
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.points.extend_from_slice(&other.points);
        self.rows += other.rows;
        self.torn |= other.torn;
        if let Some((from, to)) = other.edges {
            self.edges(from, to);
        }
    }

    /// The longest silence; `inputs` are the types of `t` and, if they were given, the edges.
    pub(super) fn longest(&self, inputs: &[Type]) -> Result<Scalar, Undecided> {
        let mut points = self.points.clone();
        if self.torn {
            return Err(Undecided);
        }
        match (inputs.len(), self.edges) {
            // An end before the beginning is no span: there is no silence in it, and none is negative.
            (3, Some((from, to))) if from > to => return Err(Undecided),
            (3, Some((from, to))) => {
                points.retain(|point| (from..=to).contains(point));
                points.sort_unstable();
                points.insert(0, from);
                points.push(to);
            }
            (3, None) => return Ok(Scalar::Null),
            _ => {
                if self.rows < 2 {
                    return Ok(Scalar::Null);
                }
                points.sort_unstable();
                points.dedup();
            }
        }
        let mut longest = None;
        for pair in points.windows(2) {
            if let [before, after] = pair {
                longest = longest.max(Some(after.checked_sub(*before).ok_or(Undecided)?));
            }
        }
        let longest = longest.unwrap_or(0);
        Ok(match inputs.first() {
            Some(Type::Date) => {
                Scalar::Duration(DurationUnit::Days, longest.checked_mul(MICROS_PER_DAY).ok_or(Undecided)?)
            }
            _ => Scalar::Duration(DurationUnit::Time, longest),
        })
    }
}
