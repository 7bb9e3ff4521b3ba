//! The rows on either side of the longest silence, for [`super::decide`].

use crate::expr::Scalar;

use super::cite::{Cite, Here};

/// Points of one group with the first row of each.
///
/// A log has millions of points. Past [`MOST`] of them only those around the [`KEPT`] longest silences stay, and the spans
/// in which points were dropped are remembered, so that a pair is never taken for neighbours that are not.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    points: Vec<(i64, Cite)>,
    /// Open spans with dropped points in them, ascending, apart from each other.
    holes: Vec<(i64, i64)>,
    edges: Option<(i64, i64)>,
    dates: bool,
}

const MOST: usize = 8_192;
const KEPT: usize = 512;
const MICROS_PER_DAY: i64 = 86_400_000_000;

impl Gaps {
    /// Adds a point, with the edges that its row states.
    pub(crate) fn offer(&mut self, point: &Scalar, edges: Option<(Scalar, Scalar)>, here: &Here<'_>) {
        let Some(at) = number(point) else { return };
        self.dates = matches!(point, Scalar::Date(_));
        if let Some((from, to)) = edges {
            self.edges = number(&from).zip(number(&to));
        }
        // Logs mostly come in order, with many rows of one day.
        if self.points.last().is_some_and(|(last, cite)| *last == at && cite.position <= here.position) {
            return;
        }
        let Some(cite) = here.cite() else { return };
        self.points.push((at, cite));
        if self.points.len() >= MOST {
            self.compact();
        }
    }

    fn compact(&mut self) {
        self.points.sort();
        self.points.dedup_by_key(|(at, _)| *at);
        let mut longest: Vec<(i64, usize)> = Vec::new();
        for (number, pair) in self.points.windows(2).enumerate() {
            if let [(before, _), (after, _)] = pair
                && !self.dropped_between(*before, *after)
            {
                longest.push((before.saturating_sub(*after), number));
            }
        }
        longest.sort_unstable();
        longest.truncate(KEPT);
        let last = self.points.len().saturating_sub(1);
        let mut keep = vec![false; self.points.len()];
        let ends = longest.iter().flat_map(|(_, number)| [*number, *number + 1]).chain([0, last]);
        for number in ends {
            if let Some(keep) = keep.get_mut(number) {
                *keep = true;
            }
        }
        let mut kept: Vec<(i64, Cite)> = Vec::new();
        let mut dropped = false;
        let mut holes = std::mem::take(&mut self.holes);
        for ((at, cite), keep) in std::mem::take(&mut self.points).into_iter().zip(keep) {
            if !keep {
                dropped = true;
                continue;
            }
            if let (true, Some((before, _))) = (dropped, kept.last()) {
                holes.push((*before, at));
            }
            dropped = false;
            kept.push((at, cite));
        }
        self.points = kept;
        holes.sort_unstable();
        for (from, to) in holes {
            match self.holes.last_mut() {
                Some(last) if from < last.1 => last.1 = last.1.max(to),
                _ => self.holes.push((from, to)),
            }
        }
    }

    fn dropped_between(&self, before: i64, after: i64) -> bool {
        let next = self.holes.partition_point(|(_, to)| *to <= before);
        self.holes.get(next).is_some_and(|(from, _)| *from < after)
    }

    /// The rows around the first silence that is as long as the result says; one row beside an edge.
    pub(crate) fn around(&self, longest: i64) -> Vec<&Cite> {
        let longest = if self.dates { longest / MICROS_PER_DAY } else { longest };
        let inside = |at: i64| self.edges.is_none_or(|(from, to)| (from..=to).contains(&at));
        let mut points: Vec<(i64, &Cite)> =
            self.points.iter().filter(|(at, _)| inside(*at)).map(|(at, cite)| (*at, cite)).collect();
        points.sort();
        points.dedup_by_key(|(at, _)| *at);
        let silent = |before: i64, after: i64| {
            after.checked_sub(before) == Some(longest) && !self.dropped_between(before, after)
        };
        if let (Some((from, _)), Some((first, cite))) = (self.edges, points.first())
            && silent(from, *first)
        {
            return vec![cite];
        }
        for pair in points.windows(2) {
            if let [(before, one), (after, other)] = pair
                && silent(*before, *after)
            {
                return vec![one, other];
            }
        }
        match (self.edges, points.last()) {
            (Some((_, to)), Some((last, cite))) if silent(*last, to) => vec![cite],
            _ => Vec::new(),
        }
    }
}

fn number(value: &Scalar) -> Option<i64> {
    match value {
        Scalar::Date(day) => Some(i64::from(*day)),
        Scalar::Timestamp(micros) => Some(*micros),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::run::columns::Chunk;
    use crate::evidence::Rows;

    /// Cited rows of minute points offered in some order; the row of a point is the point.
    fn cited(points: &[u64], longest: i64) -> Vec<u64> {
        let rows = Rows {
            file: 0,
            child: vec![0; points.len()],
            line: vec![0; points.len()],
            row: points.to_vec(),
            pointer: None,
            sheet: None,
        };
        let at = (0..u32::try_from(points.len()).unwrap()).map(|row| (0, row)).collect();
        let chunk = Chunk { len: points.len(), columns: Vec::new(), places: vec![Arc::new(rows)], at };
        let mut gaps = Gaps::default();
        for (row, point) in points.iter().enumerate() {
            let time = Scalar::Timestamp(i64::try_from(*point).unwrap() * 60);
            gaps.offer(&time, None, &Here::new(&chunk, row));
        }
        gaps.around(longest * 60).into_iter().map(|cite| cite.position.row).collect()
    }

    #[test]
    fn the_longest_silence_of_many_points() {
        let ordered: Vec<u64> = (0..30_000).filter(|point| !(12_001..12_011).contains(point)).collect();
        assert_eq!(cited(&ordered, 11), [12_000, 12_011]);
        let reversed: Vec<u64> = ordered.iter().rev().copied().collect();
        assert_eq!(cited(&reversed, 11), [12_000, 12_011]);
        // Two files, the later first.
        let (early, late) = ordered.split_at(20_000);
        assert_eq!(cited(&[late, early].concat(), 11), [12_000, 12_011]);
        // Points out of any order may leave no answer, never a wrong one.
        let shuffled: Vec<u64> = (0..30_000)
            .map(|number| number * 7_919 % 30_000)
            .filter(|point| !(12_001..12_011).contains(point))
            .collect();
        let found = cited(&shuffled, 11);
        assert!(found.is_empty() || found == [12_000, 12_011], "{found:?}");
        assert!(cited(&ordered, 3).is_empty(), "no silence is that long");
    }
}
