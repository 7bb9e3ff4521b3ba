//! A column that numbers the rows (序号): numbers that are left out are rows that were left out.

use std::collections::BTreeMap;

use super::forms;
use super::frame::{At, First};
use super::header::normalise;

/// Headings of such columns, normalised, and whether they mean nothing else: a document has a `No.` too.
pub(crate) const HEADINGS: &[(&str, bool)] = &[
    ("序号", true),
    ("行号", true),
    ("行次", true),
    ("项次", true),
    ("seq", true),
    ("sequence", true),
    ("rowno", true),
    ("rownumber", true),
    ("no", false),
    ("no.", false),
    ("#", false),
];

/// Whether a cell is the heading of numbers of rows.
pub(crate) fn is_heading(text: &str) -> bool {
    let normal = normalise(text);
    HEADINGS.iter().any(|(heading, _)| *heading == normal)
}

/// The numbers of each sheet, or of the one table there is.
#[derive(Debug, Default)]
pub(crate) struct Sequences(BTreeMap<u64, Sequence>);

impl Sequences {
    /// Takes the number of one row; `certain` when the heading says that it is one.
    pub(crate) fn add(&mut self, number: i64, at: At, certain: bool) {
        let sequence = self.0.entry(at.child >> 32).or_default();
        sequence.certain = certain;
        sequence.add(number, at);
    }

    /// Takes what is no whole number, such as 1.1.
    pub(crate) fn other(&mut self, at: At, heading: &str) {
        self.0.entry(at.child >> 32).or_default().others.get_or_insert_with(|| heading.into());
    }

    /// Heading of a column for numbers that has only other things.
    pub(crate) fn without_numbers(&self) -> Option<&str> {
        self.0.values().find(|sequence| sequence.count == 0 && sequence.others.is_some())?.others.as_deref()
    }

    /// Adds the numbers of a later part of the file, which begins at `at`.
    pub(crate) fn append(&mut self, later: Self, at: At) {
        for (sheet, sequence) in later.0 {
            self.0.entry(sheet).or_default().append(sequence, at);
        }
    }

    /// What the first of them that leaves something out leaves out.
    pub(crate) fn gap(&self) -> Option<Gap> {
        self.0.values().find_map(Sequence::gap)
    }

    /// The number that the first begins with, when that is not 1; the others may go on from the one before.
    pub(crate) fn late(&self) -> Option<i64> {
        self.0.values().next().and_then(Sequence::late)
    }
}

/// The whole number in a text such as `12.` or `第12条`.
pub(crate) fn number(text: &str) -> Option<i64> {
    forms::integer(text).or_else(|| {
        let text = forms::narrow(text);
        let inner = text.trim_matches(|c: char| !c.is_ascii_digit());
        (text.chars().count() <= inner.len() + 3).then(|| forms::integer(inner)).flatten()
    })
}

/// The numbers met so far, in the order of the file.
#[derive(Debug, Default)]
struct Sequence {
    count: u64,
    bounds: Option<(i64, i64)>,
    ends: Option<(i64, i64)>,
    /// Steps from one number to the next.
    steps: u64,
    /// Numbers left out by the steps that lead on.
    skipped: u64,
    /// Places where the number is not the next one: it, and the one before.
    jumps: First<(At, i64, i64)>,
    /// Whether some number was less than the one before.
    unsorted: bool,
    /// Whether the heading means nothing but the number of a row.
    certain: bool,
    /// Least and greatest step.
    pace: Option<(i64, i64)>,
    /// Heading under which something else than a whole number was met.
    others: Option<Box<str>>,
}

/// Jumps remembered.
const LISTED: usize = 5;

/// The greatest number of a row; what is greater is the number of a document, or a day.
const GREATEST: i64 = 9_999_999;

/// Numbers that a file leaves out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// How many at least.
    pub(crate) missing: u64,
    /// The first place: its row, the number there, and the one before.
    pub(crate) first: Option<(u64, i64, i64)>,
}

impl Sequence {
    fn add(&mut self, number: i64, at: At) {
        self.follow(number, number, at);
        self.count += 1;
        self.cover(number, number);
    }

    /// Numbers from `first` to `last` come after those so far.
    fn follow(&mut self, first: i64, last: i64, at: At) {
        let Some((start, before)) = self.ends else {
            self.ends = Some((first, last));
            return;
        };
        self.unsorted |= first < before;
        let step = first.saturating_sub(before);
        self.step(step, step);
        match step {
            1 => self.steps += 1,
            ..1 => {}
            step => {
                self.skipped = self.skipped.saturating_add(u64::try_from(step - 1).unwrap_or(0));
                self.jumps.extend(std::iter::once((at, first, before)), LISTED);
            }
        }
        self.ends = Some((start, last));
    }

    fn cover(&mut self, low: i64, high: i64) {
        let (least, most) = self.bounds.unwrap_or((low, high));
        self.bounds = Some((least.min(low), most.max(high)));
    }

    fn step(&mut self, low: i64, high: i64) {
        let (least, most) = self.pace.unwrap_or((low, high));
        self.pace = Some((least.min(low), most.max(high)));
    }

    fn append(&mut self, later: Self, at: At) {
        if let Some((first, last)) = later.ends {
            self.follow(first, last, at);
        }
        if let Some((low, high)) = later.pace {
            self.step(low, high);
        }
        self.certain |= later.certain;
        self.others = self.others.take().or(later.others);
        self.count += later.count;
        self.steps += later.steps;
        self.skipped = self.skipped.saturating_add(later.skipped);
        self.unsorted |= later.unsorted;
        self.jumps.append(later.jumps, LISTED);
        if let Some((low, high)) = later.bounds {
            self.cover(low, high);
        }
    }

    /// Whether the column numbers rows one by one: document numbers and amounts hardly ever follow one another.
    fn is_numbering(&self) -> bool {
        self.count > 1 && (self.steps * 2 >= self.count - 1 || (self.certain && self.ascends()))
    }

    /// Whether each number is greater than the one before, as what a filter leaves of a numbering. Steps of ten, of a
    /// hundred (10, 20, 30) are how documents and their items are numbered.
    fn ascends(&self) -> bool {
        let (Some((least, most)), Some((first, last))) = (self.pace, self.ends) else { return false };
        let by_tens = self.count > 2 && least == most && least % 10 == 0 && first % least == 0;
        least > 0 && first >= 0 && last <= GREATEST && !by_tens
    }

    /// The numbers left out; `None` when there are none, or the column does not number the rows of the file.
    fn gap(&self) -> Option<Gap> {
        if !self.is_numbering() {
            return None;
        }
        if !self.unsorted {
            let first = self.jumps.listed.iter().find(|(_, number, before)| number > before)?;
            let (at, number, before) = *first;
            return Some(Gap { missing: self.skipped, first: Some((at.row, number, before)) });
        }
        // Sorted otherwise: what is missing shows, where does not.
        let (least, most) = self.bounds?;
        let span = u64::try_from(most.checked_sub(least)?).ok()?.checked_add(1)?;
        let missing = span.checked_sub(self.count).filter(|missing| *missing > 0)?;
        Some(Gap { missing, first: None })
    }

    fn late(&self) -> Option<i64> {
        self.bounds.map(|(least, _)| least).filter(|least| self.is_numbering() && *least > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[i64], parts: usize) -> Sequence {
        let mut whole = Sequence::default();
        let size = numbers.len().div_ceil(parts).max(1);
        for (part, chunk) in numbers.chunks(size).enumerate() {
            let mut sequence = Sequence { certain: true, ..Sequence::default() };
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
            (vec![4, 1, 2, 5, 6, 7], Some((1, None))),
            // Far more is missing than is there.
            (vec![1, 2, 3, 98, 99, 100], Some((94, Some((5, 98, 3))))),
            // One stands twice, another not at all.
            (vec![1, 2, 3, 3, 5, 6], Some((1, Some((6, 5, 3))))),
            // Begun anew for each group: no numbering of the file.
            (vec![1, 2, 3, 1, 2, 3], None),
            // Document numbers.
            (vec![1000, 2000, 3000], None),
            (vec![10, 20, 30, 40], None),
            (vec![20_260_701, 20_260_702, 20_260_801, 20_260_915], None),
            // What a filter leaves: hardly a number follows the one before.
            (vec![1, 3, 5, 8], Some((4, Some((3, 3, 1))))),
            (vec![2, 4, 6], Some((2, Some((3, 4, 2))))),
            (vec![1, 2, 5, 6, 9, 13], Some((7, Some((4, 5, 2))))),
            (vec![17, 245, 1_893], Some((1_874, Some((3, 245, 17))))),
            (vec![10, 20], Some((9, Some((3, 20, 10))))),
            // One that repeats or goes back, with hardly any in order, numbers something else.
            (vec![1, 3, 3, 8], None),
            (vec![3, 1, 8, 5], None),
        ] {
            for parts in 1..=3 {
                let found = of(&numbers, parts).gap().map(|gap| (gap.missing, gap.first));
                assert_eq!(found, expected, "{numbers:?} in {parts}");
            }
        }
    }

    /// Under `No.` and `#` numbers that only rise are those of documents; hidden behind repeats a gap is seen all the same.
    #[test]
    fn documents_rise_and_repeats_hide_no_gap() {
        for numbers in [[1_003, 1_017, 1_042], [12, 15, 19]] {
            let sequence = Sequence { certain: false, ..of(&numbers, 1) };
            assert_eq!((sequence.gap(), sequence.late()), (None, None));
        }
        let counted = Sequence { certain: false, ..of(&[1, 2, 3, 9], 1) };
        assert_eq!(counted.gap().map(|gap| gap.missing), Some(5));
        let repeats: Vec<i64> = (1..=6).flat_map(|number| [number, number]).chain(7..=15).chain([40]).collect();
        let gap = of(&repeats, 1).gap().unwrap();
        assert_eq!((gap.missing, gap.first), (24, Some((23, 40, 15))));
    }

    #[test]
    fn numbers_in_words_and_late_beginnings() {
        for (text, expected) in
            [("12", Some(12)), ("12.", Some(12)), ("第12条", Some(12)), ("（3）", Some(3)), ("a", None), ("", None)]
        {
            assert_eq!(number(text), expected, "{text}");
        }
        assert_eq!(of(&[51, 52, 53], 1).late(), Some(51));
        assert_eq!(of(&[1, 2, 3], 1).late(), None);
        assert_eq!(of(&[2, 4, 6], 1).late(), Some(2));
        assert_eq!(of(&[1, 3, 5, 8], 1).late(), None);
    }
}
