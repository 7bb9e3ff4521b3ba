//! What was and was not noticed, per kind of fault: the table of `docs/reliability.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::common::repository;
use super::Case;
use super::verdict::Shown;

const PAGE: &str = "docs/reliability.md";
const BEGIN: &str = "<!-- table: begin -->\n";
const END: &str = "<!-- table: end -->\n";

const COLUMNS: [Shown; 5] = [Shown::Outcome, Shown::Findings, Shown::Diagnostic, Shown::Index, Shown::Hash];

/// Counts of cases, and what went wrong.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<&'static str, Counts>,
    sealed: u64,
    pub(super) failures: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    shown: [u64; COLUMNS.len()],
    better: u64,
}

impl Tally {
    /// Counts a case. Those under a manifest that states every SHA-256 are apart: there each change of a byte is told.
    pub(super) fn add(&mut self, case: Result<Case, String>) {
        match case {
            Err(words) => self.failures.push(words),
            Ok(case) if case.sealed => self.sealed += 1,
            Ok(case) => {
                let counts = self.counts.entry(case.kind).or_default();
                let at = COLUMNS.iter().position(|shown| *shown == case.shown).unwrap();
                counts.shown[at] += 1;
                counts.better += u64::from(case.better);
            }
        }
    }

    /// Both together.
    pub(super) fn with(mut self, other: Self) -> Self {
        for (kind, more) in other.counts {
            let counts = self.counts.entry(kind).or_default();
            counts.shown.iter_mut().zip(more.shown).for_each(|(count, more)| *count += more);
            counts.better += more.better;
        }
        self.sealed += other.sealed;
        self.failures.extend(other.failures);
        self.failures.sort();
        self
    }

    /// Writes the table into the page.
    pub(super) fn write(&self, seed: u64) {
        let mut table = String::from(
            "| fault | cases | an outcome | findings or counts | a diagnostic | the index only | the hash only | better |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        let mut whole = Counts::default();
        let mut line = |name: &str, counts: &Counts| {
            let cells: String = counts.shown.iter().map(|count| format!(" {count} |")).collect();
            let _ = writeln!(table, "| {name} | {} |{cells} {} |", counts.shown.iter().sum::<u64>(), counts.better);
        };
        for (kind, counts) in &self.counts {
            line(kind, counts);
            whole.shown.iter_mut().zip(counts.shown).for_each(|(count, more)| *count += more);
            whole.better += counts.better;
        }
        line("**all**", &whole);
        let _ = writeln!(
            table,
            "\nSeeds {seed} to {}; {} more cases under a manifest that states every SHA-256: all noticed, none better.",
            seed + whole.shown.iter().sum::<u64>() + self.sealed - 1,
            self.sealed
        );
        let page = repository().join(PAGE);
        let text = std::fs::read_to_string(&page).unwrap();
        let (before, rest) = text.split_once(BEGIN).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        std::fs::write(page, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    }
}
