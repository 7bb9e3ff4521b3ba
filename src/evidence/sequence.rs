//! A column that numbers the rows (序号): numbers that are left out are rows that were left out.

use super::frame::{At, First};

/// Headings of such columns, normalised.
pub(crate) const HEADINGS: &[&str] =
    &["序号", "行号", "行次", "项次", "no", "no.", "seq", "sequence", "rowno", "rownumber", "#"];

/// The numbers met so far, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Sequence {
    count: u64,
    bounds: Option<(i64, i64)>,
    ends: Option<(i64, i64)>,
    /// Places where the number is not the next one: it, and the one before.
    jumps: First<(At, i64, i64)>,
    /// Whether each number was greater than the one before.
    unsorted: bool,
}

/// Jumps remembered.
const LISTED: usize = 5;

/// Numbers that a file leaves out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// How many at least.
    pub(crate) missing: u64,
    /// The first place: its row, the number there, and the one before.
    pub(crate) first: Option<(u64, i64, i64)>,
}

impl Sequence {
    /// Takes the number of one row.
    pub(crate) fn add(&mut self, number: i64, at: At) {
        self.follow(number, number, at);
        self.count += 1;
        self.cover(number, number);
    }

    /// Numbers from `first` to `last` come after those so far.
    fn follow(&mut self, first: i64, last: i64, at: At) {
        if let Some((start, before)) = self.ends {
            self.unsorted |= first <= before;
            if first != before.saturating_add(1) {
                self.jumps.extend(std::iter::once((at, first, before)), LISTED);
            }
            self.ends = Some((start, last));
        } else {
            self.ends = Some((first, last));
        }
    }

    fn cover(&mut self, low: i64, high: i64) {
        let (least, most) = self.bounds.unwrap_or((low, high));
        self.bounds = Some((least.min(low), most.max(high)));
    }

    /// Adds the numbers of a later part of the file, which begins at `at`.
    pub(crate) fn append(&mut self, later: Self, at: At) {
        if let Some((first, last)) = later.ends {
            self.follow(first, last, at);
        }
        self.count += later.count;
        self.unsorted |= later.unsorted;
        self.jumps.append(later.jumps, LISTED);
        if let Some((low, high)) = later.bounds {
            self.cover(low, high);
        }
    }

    /// The numbers left out between the least and the greatest; `None` when there are none, or the column does not number
    /// the rows of the file one by one.
    pub(crate) fn gap(&self) -> Option<Gap> {
        let (least, most) = self.bounds?;
        let span = u64::try_from(most.checked_sub(least)?).ok()?.checked_add(1)?;
        let missing = span.checked_sub(self.count).filter(|missing| *missing > 0)?;
        // Numbers far apart are no numbering: document numbers, amounts.
        if missing > self.count {
            return None;
        }
        let first = self.jumps.listed.first().filter(|_| !self.unsorted);
        Some(Gap { missing, first: first.map(|(at, number, before)| (at.row, *number, *before)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[i64], parts: usize) -> Sequence {
        let mut whole = Sequence::default();
        let size = numbers.len().div_ceil(parts).max(1);
        for (part, chunk) in numbers.chunks(size).enumerate() {
            let mut sequence = Sequence::default();
            let row = |index: usize| At { row: (part * size + index + 2) as u64, line: 0, child: 0 };
            chunk.iter().enumerate().for_each(|(index, number)| sequence.add(*number, row(index)));
            whole.append(sequence, row(0));
        }
        whole
    }

    #[test]
    fn numbers_left_out_are_found_wherever_the_file_is_cut() {
        for (numbers, expected) in [
            (vec![1, 2, 3, 4], None),
            (vec![], None),
            (vec![7], None),
            (vec![1, 2, 4, 5], Some((1, Some((4, 4, 2))))),
            (vec![5, 6, 9, 10, 11], Some((2, Some((4, 9, 6))))),
            // Sorted otherwise: something is missing, nobody knows where.
            (vec![4, 1, 2, 5], Some((1, None))),
            // Begun anew for each group: no numbering of the file.
            (vec![1, 2, 3, 1, 2, 3], None),
            // Document numbers.
            (vec![1000, 2000, 3000], None),
        ] {
            for parts in 1..=3 {
                let found = of(&numbers, parts).gap().map(|gap| (gap.missing, gap.first));
                assert_eq!(found, expected, "{numbers:?} in {parts}");
            }
        }
    }
}
