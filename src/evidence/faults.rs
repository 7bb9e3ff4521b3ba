//! The diagnostics of one file: the first of each code are listed, the rest counted.

use std::collections::BTreeMap;

use crate::text::{Code, Diagnostic, Place, Text};

/// Collects the faults of one file.
#[derive(Debug)]
pub(crate) struct Faults {
    path: String,
    limit: usize,
    listed: Vec<Diagnostic>,
    counts: BTreeMap<&'static str, (&'static Code, usize)>,
}

impl Faults {
    /// No faults yet; at most `limit` of each code will be listed.
    pub(crate) fn new(path: &str, limit: usize) -> Self {
        Self { path: path.to_owned(), limit, listed: Vec::new(), counts: BTreeMap::new() }
    }

    /// One fault; `make` is only called while there is room to list it.
    pub(crate) fn push(&mut self, code: &'static Code, make: impl FnOnce(&str) -> Diagnostic) {
        let (_, count) = self.counts.entry(code.id).or_insert((code, 0));
        *count += 1;
        if *count <= self.limit {
            self.listed.push(make(&self.path));
        }
    }

    /// One fault of the file as a whole.
    pub(crate) fn file(&mut self, code: &'static Code, message: Text, help: Option<Text>) {
        self.push(code, |path| {
            let mut diagnostic = Diagnostic::new(code, message).at_place(Place::File { path: path.to_owned() });
            diagnostic.help = help;
            diagnostic
        });
    }

    /// More faults of a code, counted and not listed.
    pub(crate) fn more(&mut self, code: &'static Code, count: usize) {
        self.counts.entry(code.id).or_insert((code, 0)).1 += count;
    }

    /// Adds those of a later part of the file: as if they had been pushed here.
    pub(crate) fn append(&mut self, later: Self) {
        let before: BTreeMap<&'static str, usize> = self.counts.iter().map(|(id, (_, count))| (*id, *count)).collect();
        let mut room: BTreeMap<&'static str, usize> = BTreeMap::new();
        for fault in later.listed {
            let room = room
                .entry(fault.code.id)
                .or_insert_with(|| self.limit.saturating_sub(before.get(fault.code.id).copied().unwrap_or_default()));
            if *room > 0 {
                *room -= 1;
                self.listed.push(fault);
            }
        }
        for (code, count) in later.counts.into_values() {
            self.more(code, count);
        }
    }

    /// Number of faults with this code, listed or not.
    pub(crate) fn count(&self, code: &'static Code) -> usize {
        self.counts.get(code.id).map_or(0, |(_, count)| *count)
    }

    /// The list, with one line per code for what was left off.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        for (code, count) in self.counts.into_values() {
            if let Some(rest) = count.checked_sub(self.limit).filter(|rest| *rest > 0) {
                let message = Text::new(
                    format!("另有 {rest} 处同类问题未列出（共 {count} 处）"),
                    format!("{rest} more of the same are not listed ({count} in all)"),
                );
                self.listed.push(Diagnostic::new(code, message).at_place(Place::File { path: self.path.clone() }));
            }
        }
        self.listed
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes;
    use super::*;

    #[test]
    fn parts_add_up_to_what_one_reader_would_have_pushed() {
        let fault = |number: usize| {
            move |path: &str| {
                Diagnostic::new(&codes::REJECTED_ROW, Text::same(number.to_string()))
                    .at_place(Place::File { path: path.to_owned() })
            }
        };
        let mut whole = Faults::new("a", 3);
        (0..7).for_each(|number| whole.push(&codes::REJECTED_ROW, fault(number)));
        for cut in 0..=7 {
            let (mut first, mut later) = (Faults::new("a", 3), Faults::new("a", 3));
            (0..cut).for_each(|number| first.push(&codes::REJECTED_ROW, fault(number)));
            (cut..7).for_each(|number| later.push(&codes::REJECTED_ROW, fault(number)));
            first.append(later);
            assert_eq!(first.count(&codes::REJECTED_ROW), 7, "{cut}");
            let said = |faults: &Faults| faults.listed.iter().map(|one| one.message.en.clone()).collect::<Vec<_>>();
            assert_eq!(said(&first), said(&whole), "{cut}");
        }
    }
}
