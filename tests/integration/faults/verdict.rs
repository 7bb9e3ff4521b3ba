//! What a run said, and whether another run said something better.
//!
//! # The order of outcomes
//!
//! | rank | outcome | why |
//! |---|---|---|
//! | 3 | satisfied | |
//! | 2 | not tested: `no_occurrence` | DESIGN §8: such a check does not weigh, so a failing check that becomes one mends its control |
//! | 1 | partial | |
//! | 0 | not satisfied, not tested for any other reason | neither is better: the one states a gap, the other that nobody knows |
//!
//! Not applicable has no rank: facts and laws decide it, and no evidence may change it.

use std::collections::BTreeMap;

use hegui::model::{Assessment, EvidenceFile, NotTested, Outcome};

/// The rank of an outcome; `None`: none.
pub(super) const fn rank(outcome: Outcome) -> Option<u8> {
    match outcome {
        Outcome::Satisfied => Some(3),
        Outcome::NotTested(NotTested::NoOccurrence) => Some(2),
        Outcome::Partial => Some(1),
        Outcome::NotSatisfied | Outcome::NotTested(_) => Some(0),
        Outcome::NotApplicable => None,
    }
}

/// Outcomes of controls and checks by id.
pub(super) fn outcomes(assessment: &Assessment) -> BTreeMap<&str, Outcome> {
    let controls = assessment.controls.iter();
    let each = controls.flat_map(|control| {
        let checks = control.checks.iter().map(|check| (check.id.as_str(), check.outcome));
        std::iter::once((control.id.as_str(), control.outcome)).chain(checks)
    });
    each.collect()
}

/// Controls and checks that became better, or applicable, or inapplicable, in words.
pub(super) fn better(before: &Assessment, after: &Assessment) -> Vec<String> {
    let after = outcomes(after);
    let before = outcomes(before);
    assert!(before.keys().eq(after.keys()), "the same controls and checks are judged");
    let changed = before.iter().filter_map(|(id, old)| {
        let new = after[id];
        let better = match (rank(*old), rank(new)) {
            (Some(old), Some(new)) => new > old,
            (old, new) => old != new,
        };
        better.then(|| format!("{id}: {old:?} became {new:?}"))
    });
    changed.collect()
}

/// By what a fault shows, the plainest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    /// An outcome.
    Outcome,
    /// Findings or counts of a check, its outcome being the same.
    Findings,
    /// A diagnostic.
    Diagnostic,
    /// The evidence index: rows, days covered, encoding, path.
    Index,
    /// The SHA-256 of a file, and nothing that a reader would look at.
    Hash,
    /// Nothing at all.
    Nothing,
}

/// By what the second run can be told from the first.
pub(super) fn shown(before: &Assessment, after: &Assessment) -> Shown {
    if outcomes(before) != outcomes(after) {
        return Shown::Outcome;
    }
    let counts = |assessment: &Assessment| -> Vec<_> {
        let checks = assessment.controls.iter().flat_map(|control| &control.checks);
        checks
            .map(|check| (check.population, check.conforming, check.findings_total, check.fingerprints.clone()))
            .collect()
    };
    if counts(before) != counts(after) {
        return Shown::Findings;
    }
    if before.diagnostics != after.diagnostics {
        return Shown::Diagnostic;
    }
    let index = |assessment: &Assessment| -> Vec<EvidenceFile> {
        assessment.evidence.iter().map(|file| EvidenceFile { sha256: None, bytes: None, ..file.clone() }).collect()
    };
    if index(before) != index(after) {
        return Shown::Index;
    }
    if before.evidence == after.evidence { Shown::Nothing } else { Shown::Hash }
}

/// Whether something cannot be read that could be read before: a cell, a row, or an error told that was not.
pub(super) fn illegible(before: &Assessment, after: &Assessment) -> bool {
    let unread = |file: &EvidenceFile| file.cells_unreadable + file.rows_rejected;
    let more = |file: &EvidenceFile| {
        let old = before.evidence.iter().find(|old| old.path == file.path).map_or(0, unread);
        unread(file) > old
    };
    let new = after.diagnostics.iter().filter(|fault| fault.error && !before.diagnostics.contains(fault)).count();
    new > 0 || after.evidence.iter().any(more)
}
