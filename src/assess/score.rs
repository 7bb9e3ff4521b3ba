//! Counts, conformity rate and coverage (REPORTS §8).

use crate::model::{ControlResult, Counts, Gap, NotTested, Outcome, Rate, Scores, Severity};

/// Severities as reports list them.
pub(super) const SEVERITIES: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// Counts outcomes.
pub(super) fn count(outcomes: impl Iterator<Item = Outcome>) -> Counts {
    let mut counts = Counts::default();
    for outcome in outcomes {
        let slot = match outcome {
            Outcome::Satisfied => &mut counts.satisfied,
            Outcome::Partial => &mut counts.partial,
            Outcome::NotSatisfied => &mut counts.not_satisfied,
            Outcome::NotTested(NotTested::NoOccurrence) => &mut counts.no_occurrence,
            Outcome::NotTested(_) => &mut counts.not_tested,
            Outcome::NotApplicable => &mut counts.not_applicable,
        };
        *slot += 1;
    }
    counts
}

/// `100 × halves / 2 / n` in tenths of a percent, half up.
pub(super) fn rate(halves: u64, n: u64) -> Rate {
    let tenths = (n > 0).then(|| {
        let (halves, n) = (u128::from(halves), u128::from(n));
        u32::try_from((halves * 1000 + n) / (2 * n)).unwrap_or(u32::MAX)
    });
    Rate { halves, n, tenths }
}

/// Everything REPORTS §8 counts.
pub(super) fn score(controls: &[ControlResult], gaps: &[Gap]) -> Scores {
    let counts = count(controls.iter().map(|control| control.outcome));
    let tested = counts.satisfied + counts.partial + counts.not_satisfied;
    let applicable = tested + counts.not_tested;
    let halves = 2 * counts.satisfied + counts.partial;
    let headline = rate(halves, applicable);
    let by_severity = SEVERITIES
        .into_iter()
        .map(|severity| {
            (severity, count(controls.iter().filter(|c| c.severity == severity).map(|control| control.outcome)))
        })
        .filter(|(_, counts)| *counts != Counts::default())
        .collect();
    let open_gaps = SEVERITIES
        .into_iter()
        .map(|severity| {
            let open = gaps.iter().filter(|gap| gap.severity == severity && gap.state.is_open()).count();
            (severity, u64::try_from(open).unwrap_or(u64::MAX))
        })
        .collect();
    Scores {
        controls: counts,
        checks: count(controls.iter().flat_map(|control| &control.checks).map(|check| check.outcome)),
        by_severity,
        open_gaps,
        before_waivers: headline,
        // A waiver sets the state of a gap, never an outcome; the two differ once acceptances weigh (waivers come later).
        after_waivers: headline,
        tested_only: rate(halves, tested),
        tested,
        applicable,
        coverage_tenths: rate(tested * 2, applicable).tenths,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::control_result;
    use super::*;

    #[test]
    fn rates_round_half_up_to_one_decimal() {
        let cases = [
            ("nothing", 0, 0, None),
            ("all", 2, 1, Some(1000)),
            ("none", 0, 7, Some(0)),
            ("a third", 2, 3, Some(333)),
            ("two thirds", 4, 3, Some(667)),
            ("39 + 4/2 of 48: 85.41666", 82, 48, Some(854)),
            ("one half of sixteen is 3.125", 1, 16, Some(31)),
            ("exactly half: 1/80 of a half is 0.625", 1, 80, Some(6)),
            ("0.25 rounds up to 0.3", 1, 200, Some(3)),
            ("0.05 rounds up to 0.1", 1, 1000, Some(1)),
            ("0.0499 rounds down", 1, 1001, Some(0)),
        ];
        for (name, halves, n, expected) in cases {
            assert_eq!(rate(halves, n).tenths, expected, "{name}");
        }
    }

    #[test]
    fn no_occurrence_leaves_n_and_untested_stays() {
        let untested = Outcome::NotTested(NotTested::EvidenceMissing);
        let quiet = Outcome::NotTested(NotTested::NoOccurrence);
        let outcomes = [
            Outcome::Satisfied,
            Outcome::Satisfied,
            Outcome::Partial,
            Outcome::NotSatisfied,
            untested,
            quiet,
            Outcome::NotApplicable,
        ];
        let controls: Vec<_> = outcomes
            .iter()
            .enumerate()
            .map(|(i, o)| control_result(&format!("BAK-0{i}"), Severity::High, *o))
            .collect();
        let scores = score(&controls, &[]);
        let counts =
            Counts { satisfied: 2, partial: 1, not_satisfied: 1, not_tested: 1, no_occurrence: 1, not_applicable: 1 };
        assert_eq!(scores.controls, counts);
        assert_eq!((scores.tested, scores.applicable), (4, 5));
        assert_eq!(scores.before_waivers, Rate { halves: 5, n: 5, tenths: Some(500) });
        assert_eq!(scores.tested_only, Rate { halves: 5, n: 4, tenths: Some(625) });
        assert_eq!(scores.coverage_tenths, Some(800));
        assert_eq!(scores.by_severity, vec![(Severity::High, counts)]);
    }
}
