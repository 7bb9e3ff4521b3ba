//! The outcome of a control: the worst of its checks (DESIGN §8).

use super::check::{Verdict, rank};
use super::input::Applies;
use crate::model::{CheckId, CheckOutcome, Level, NotTested, Outcome};
use crate::text::Text;

/// Outcome of a control, and the checks that did not weigh in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RollUp {
    pub(super) verdict: Verdict,
    pub(super) unweighed: Vec<CheckId>,
}

/// Rolls the checks of one control up.
pub(super) fn roll_up(applies: &Applies, fault: Option<&Text>, checks: &[CheckOutcome]) -> RollUp {
    let decided =
        |outcome, detail| RollUp { verdict: Verdict { outcome, detail: Some(detail) }, unweighed: Vec::new() };
    match applies {
        Applies::Yes => {}
        Applies::No(why) => return decided(Outcome::NotApplicable, why.clone()),
        // Unless none of its checks needs the fact, as none applies.
        Applies::FactMissing(which)
            if checks.is_empty() || checks.iter().any(|check| check.outcome != Outcome::NotApplicable) =>
        {
            return decided(Outcome::NotTested(NotTested::FactMissing), which.clone());
        }
        Applies::FactMissing(_) => {}
    }
    if let Some(fault) = fault {
        return decided(Outcome::NotTested(NotTested::Error), fault.clone());
    }
    if checks.is_empty() {
        return decided(
            Outcome::NotTested(NotTested::ManualPending),
            Text::new("没有自动检查，须由人判断", "it has no automated check; a person has to judge"),
        );
    }
    let weighs = |check: &&CheckOutcome| {
        !matches!(check.outcome, Outcome::NotApplicable | Outcome::NotTested(NotTested::NoOccurrence))
    };
    let unweighed = checks.iter().filter(|check| !weighs(check)).map(|check| check.id.clone()).collect();
    let worst = checks.iter().filter(weighs).min_by_key(|check| grade(weight(check)));
    let verdict = match worst {
        Some(worst) => Verdict {
            outcome: weight(worst),
            detail: matches!(worst.outcome, Outcome::NotTested(_)).then(|| worst.detail.clone()).flatten(),
        },
        None if checks.iter().all(|check| check.outcome == Outcome::NotApplicable) => {
            Verdict { outcome: Outcome::NotApplicable, detail: checks.first().and_then(|check| check.detail.clone()) }
        }
        None => Verdict {
            outcome: Outcome::NotTested(NotTested::NoOccurrence),
            detail: Some(Text::new("本期没有发生", "nothing of the kind happened in the period")),
        },
    };
    RollUp { verdict, unweighed }
}

/// What a check adds to its control: a failing `should` makes it partial.
fn weight(check: &CheckOutcome) -> Outcome {
    match (check.outcome, check.level) {
        (Outcome::NotSatisfied, Level::Should) => Outcome::Partial,
        (outcome, _) => outcome,
    }
}

/// Worst first; among untested checks the gravest reason first.
fn grade(outcome: Outcome) -> (u8, u8) {
    match outcome {
        Outcome::NotSatisfied => (0, 0),
        Outcome::NotTested(reason) => (1, rank(reason)),
        Outcome::Partial => (2, 0),
        Outcome::Satisfied => (3, 0),
        Outcome::NotApplicable => (4, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::check_outcome;
    use super::*;

    const S: Outcome = Outcome::Satisfied;
    const P: Outcome = Outcome::Partial;
    const F: Outcome = Outcome::NotSatisfied;
    const NA: Outcome = Outcome::NotApplicable;
    const NONE: Outcome = Outcome::NotTested(NotTested::NoOccurrence);
    const MISSING: Outcome = Outcome::NotTested(NotTested::EvidenceMissing);
    const INCOMPLETE: Outcome = Outcome::NotTested(NotTested::EvidenceIncomplete);

    #[test]
    fn a_control_is_the_worst_of_its_checks() {
        use Level::{Must, Should};
        #[rustfmt::skip]
        let cases: &[(&str, &[(Outcome, Level)], Outcome, &[usize])] = &[
            ("all satisfied", &[(S, Must), (S, Must)], S, &[]),
            ("one partial", &[(S, Must), (P, Must)], P, &[]),
            ("untested is worse than partial", &[(P, Must), (MISSING, Must)], MISSING, &[]),
            ("failed is worse than untested", &[(MISSING, Must), (F, Must)], F, &[]),
            ("the gravest reason is named", &[(INCOMPLETE, Must), (MISSING, Must)], MISSING, &[]),
            ("a failing should makes partial", &[(S, Must), (F, Should)], P, &[]),
            ("a failing should alone makes partial", &[(F, Should)], P, &[]),
            ("a partial should stays partial", &[(S, Must), (P, Should)], P, &[]),
            ("an untested should weighs", &[(S, Must), (MISSING, Should)], MISSING, &[]),
            ("no occurrence does not undo the rest", &[(S, Must), (NONE, Must)], S, &[1]),
            ("not applicable does not weigh", &[(NA, Must), (F, Must)], F, &[0]),
            ("all not applicable", &[(NA, Must), (NA, Must)], NA, &[0, 1]),
            ("nothing happened and not applicable", &[(NA, Must), (NONE, Must)], NONE, &[0, 1]),
            ("nothing happened", &[(NONE, Must)], NONE, &[0]),
            ("no checks", &[], Outcome::NotTested(NotTested::ManualPending), &[]),
        ];
        for (name, checks, expected, unweighed) in cases {
            let checks: Vec<CheckOutcome> = checks
                .iter()
                .enumerate()
                .map(|(index, (outcome, level))| {
                    let mut check = check_outcome(&format!("BAK-01.{index}"), *outcome, 10, 10);
                    check.level = *level;
                    check
                })
                .collect();
            let rolled = roll_up(&Applies::Yes, None, &checks);
            assert_eq!(rolled.verdict.outcome, *expected, "{name}");
            let expected: Vec<CheckId> = unweighed.iter().map(|index| checks[*index].id.clone()).collect();
            assert_eq!(rolled.unweighed, expected, "{name}");
        }
    }

    #[test]
    fn applies_if_comes_before_the_checks() {
        let checks = [check_outcome("BAK-01.1", F, 10, 0)];
        let why = Text::same("servers_abroad = false");
        assert_eq!(roll_up(&Applies::No(why.clone()), None, &checks).verdict.outcome, NA);
        let missing = roll_up(&Applies::FactMissing(why.clone()), None, &checks).verdict;
        assert_eq!(missing, Verdict { outcome: Outcome::NotTested(NotTested::FactMissing), detail: Some(why.clone()) });
        let none = [check_outcome("BAK-01.1", NA, 10, 0)];
        assert_eq!(roll_up(&Applies::FactMissing(why.clone()), None, &none).verdict.outcome, NA);
        let fault = roll_up(&Applies::Yes, Some(&why), &checks).verdict.outcome;
        assert_eq!(fault, Outcome::NotTested(NotTested::Error));
    }
}
