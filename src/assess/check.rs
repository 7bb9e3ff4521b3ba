//! The outcome of a check: the five rules of DESIGN §8, the first that holds.

use super::input::{Applies, CheckFault, CheckInput, WHOLE};
use crate::model::{CheckResult, MissingEvidence, NotTested, OnEmpty, Outcome, ProvisionId};
use crate::text::Text;

/// An outcome with the reason in words, where one is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) detail: Option<Text>,
}

impl Verdict {
    fn plain(outcome: Outcome) -> Self {
        Self { outcome, detail: None }
    }

    fn because(outcome: Outcome, detail: Text) -> Self {
        Self { outcome, detail: Some(detail) }
    }
}

/// Judges one check. `in_force` says whether a provision is in force on the as-of date (`None`: not in the catalogue).
pub(super) fn judge(input: &CheckInput<'_>, in_force: &dyn Fn(&ProvisionId) -> Option<bool>) -> Verdict {
    // Rule 1: what does not apply needs no fact.
    if let Applies::No(why) = &input.applies {
        return Verdict::because(Outcome::NotApplicable, why.clone());
    }
    if let Some(threshold) = &input.check.threshold {
        // A provision the catalogue does not have is a policy fault, not a law out of force: the check stays.
        let basis = &threshold.basis;
        if !basis.is_empty() && basis.iter().all(|(id, _)| in_force(id) == Some(false)) {
            let ids = basis.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>();
            return Verdict::because(
                Outcome::NotApplicable,
                Text::new(
                    format!("阈值所依据的 {} 在基准日未施行", ids.join("、")),
                    format!("the threshold rests on {}, not in force on the as-of date", ids.join(", ")),
                ),
            );
        }
    }
    if let Applies::FactMissing(which) = &input.applies {
        return Verdict::because(Outcome::NotTested(NotTested::FactMissing), which.clone());
    }
    let result = match (&input.fault, &input.result) {
        (Some(CheckFault::FactMissing(which)), _) => {
            return Verdict::because(Outcome::NotTested(NotTested::FactMissing), which.clone());
        }
        (Some(CheckFault::Policy(what)), _) => {
            return Verdict::because(Outcome::NotTested(NotTested::Error), what.clone());
        }
        (None, None) => {
            return Verdict::because(
                Outcome::NotTested(NotTested::Error),
                Text::new("检查未能运行", "the check was not run"),
            );
        }
        (None, Some(result)) => result,
    };
    if let Some(error) = &result.error {
        return Verdict::because(Outcome::NotTested(NotTested::Error), error.clone());
    }
    // Rule 2, then 3, then 4: an empty population is not asked for evidence that only partners come from.
    if let Some(verdict) = unusable(&result.missing_population, result, input) {
        return verdict;
    }
    if result.population == 0 {
        return nothing_decided(result).unwrap_or_else(|| empty(input.check.on_empty));
    }
    if let Some(verdict) = unusable(&result.missing_partners, result, input) {
        return verdict;
    }
    // Rule 5.
    if reaches(result, input.at_least) {
        Verdict::plain(Outcome::Satisfied)
    } else if input.partial_from.is_some_and(|share| reaches(result, share)) {
        Verdict::plain(Outcome::Partial)
    } else {
        Verdict::plain(Outcome::NotSatisfied)
    }
}

/// Rules 2 and 4. Evidence that is merely incomplete does not take back findings beyond the tolerance; but a finding rests
/// on the partners' evidence as well, so that must be there.
fn unusable(missing: &[MissingEvidence], result: &CheckResult, input: &CheckInput<'_>) -> Option<Verdict> {
    let gravest = missing.iter().min_by_key(|entry| (rank(entry.reason), *entry))?;
    if gravest.reason != NotTested::EvidenceIncomplete {
        return Some(Verdict::because(Outcome::NotTested(gravest.reason), gravest.detail.clone()));
    }
    let partners_there = result.missing_partners.iter().all(|missing| missing.reason == NotTested::EvidenceIncomplete);
    if result.population > 0 && !reaches(result, input.at_least) && partners_there {
        return Some(Verdict::because(
            Outcome::NotSatisfied,
            Text::new(
                format!("证据不完整（{}），但已读部分的例外已超出允许范围", gravest.detail.zh),
                format!(
                    "evidence is incomplete ({}), but the part that was read is beyond tolerance",
                    gravest.detail.en
                ),
            ),
        ));
    }
    Some(Verdict::because(Outcome::NotTested(NotTested::EvidenceIncomplete), gravest.detail.clone()))
}

/// Order in which reasons are named when several hold; `evidence_incomplete` last, as it alone can be overruled.
pub(super) fn rank(reason: NotTested) -> u8 {
    match reason {
        NotTested::Error => 0,
        NotTested::FactMissing => 1,
        NotTested::EvidenceMissing => 2,
        NotTested::EvidenceUnreadable => 3,
        NotTested::EvidenceStale => 4,
        NotTested::EvidenceEmpty => 5,
        NotTested::ManualPending => 6,
        NotTested::NoOccurrence => 7,
        NotTested::EvidenceIncomplete => 8,
    }
}

/// Rule 3, where `undecided: exclude` left nothing: something may well have happened, and nobody can tell what.
fn nothing_decided(result: &CheckResult) -> Option<Verdict> {
    let (rows, unreadable) = (result.excluded_undecided, result.excluded_unreadable);
    let undecided = match rows {
        0 => return None,
        1 => "1 row is undecided and left out".to_owned(),
        _ => format!("{rows} rows are undecided and left out"),
    };
    if unreadable == 0 {
        let why = Text::new(
            format!("{rows} 行无法判断，未计入，没有剩下可检查的对象"),
            format!("{undecided}, and nothing is left to examine"),
        );
        return Some(Verdict::because(Outcome::NotTested(NotTested::EvidenceIncomplete), why));
    }
    let which = match (rows, unreadable) {
        (1, _) => "it has a cell that cannot be read".to_owned(),
        (_, 1) => "1 of them has a cell that cannot be read".to_owned(),
        _ => format!("{unreadable} of them have a cell that cannot be read"),
    };
    let why = Text::new(
        format!("{rows} 行无法判断（其中 {unreadable} 行有不能读取的单元格），未计入，没有剩下可检查的对象"),
        format!("{undecided} ({which}), and nothing is left to examine"),
    );
    Some(Verdict::because(Outcome::NotTested(NotTested::EvidenceUnreadable), why))
}

/// Rule 3.
fn empty(on_empty: OnEmpty) -> Verdict {
    let why = Text::new("证据中没有需要检查的对象", "the evidence holds nothing to examine");
    let outcome = match on_empty {
        OnEmpty::NotTested => {
            return Verdict::because(
                Outcome::NotTested(NotTested::NoOccurrence),
                Text::new("本期没有发生", "nothing of the kind happened in the period"),
            );
        }
        OnEmpty::Satisfied => Outcome::Satisfied,
        OnEmpty::NotApplicable => Outcome::NotApplicable,
        OnEmpty::NotSatisfied => Outcome::NotSatisfied,
    };
    Verdict::because(outcome, why)
}

/// Whether the conforming share is at least `share`, exactly.
fn reaches(result: &CheckResult, share: i128) -> bool {
    let conforming = i128::from(result.conforming).saturating_mul(WHOLE);
    conforming >= i128::from(result.population).saturating_mul(share)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{check, missing, result};
    use super::*;
    use crate::model::{Check, Threshold, ThresholdSource};

    const P95: i128 = 950_000_000_000;
    const P90: i128 = 900_000_000_000;

    struct Case {
        name: &'static str,
        change: fn(&mut Check, &mut CheckInputParts),
        expected: Outcome,
    }

    struct CheckInputParts {
        applies: Applies,
        fault: Option<CheckFault>,
        at_least: i128,
        partial_from: Option<i128>,
        result: Option<CheckResult>,
    }

    fn word(text: &str) -> Text {
        Text::same(text)
    }

    #[test]
    fn the_first_rule_that_holds_decides() {
        use NotTested as N;
        use Outcome as O;
        let cases = [
            Case { name: "all conform", change: |_, p| p.result = Some(result(10, 10)), expected: O::Satisfied },
            Case { name: "one finding", change: |_, p| p.result = Some(result(10, 9)), expected: O::NotSatisfied },
            Case {
                name: "1: not applicable wins over everything",
                change: |_, p| {
                    p.applies = Applies::No(word("x"));
                    p.fault = Some(CheckFault::Policy(word("y")));
                    p.result = Some(result(10, 0));
                },
                expected: O::NotApplicable,
            },
            Case {
                name: "1: a fact applies_if needs",
                change: |_, p| p.applies = Applies::FactMissing(word("x")),
                expected: O::NotTested(N::FactMissing),
            },
            Case {
                name: "1: a fact an expression needs",
                change: |_, p| p.fault = Some(CheckFault::FactMissing(word("x"))),
                expected: O::NotTested(N::FactMissing),
            },
            Case {
                name: "1: the threshold's law is out of force",
                change: |c, _| c.threshold = Some(threshold(&["OLD-1"])),
                expected: O::NotApplicable,
            },
            Case {
                name: "1: a law out of force asks for no fact",
                change: |c, p| {
                    c.threshold = Some(threshold(&["OLD-1"]));
                    p.applies = Applies::FactMissing(word("x"));
                },
                expected: O::NotApplicable,
            },
            Case {
                name: "1: one of two laws in force is enough",
                change: |c, p| {
                    c.threshold = Some(threshold(&["OLD-1", "NEW-1"]));
                    p.result = Some(result(1, 0));
                },
                expected: O::NotSatisfied,
            },
            Case {
                name: "1: an unknown law is not a law out of force",
                change: |c, p| {
                    c.threshold = Some(threshold(&["NO-1"]));
                    p.result = Some(result(1, 0));
                },
                expected: O::NotSatisfied,
            },
            Case { name: "never run", change: |_, p| p.result = None, expected: O::NotTested(N::Error) },
            Case {
                name: "a policy fault",
                change: |_, p| {
                    p.fault = Some(CheckFault::Policy(word("x")));
                    p.result = Some(result(10, 10));
                },
                expected: O::NotTested(N::Error),
            },
            Case {
                name: "an error while evaluating",
                change: |_, p| p.result = Some(CheckResult { error: Some(word("x")), ..result(10, 10) }),
                expected: O::NotTested(N::Error),
            },
            Case {
                name: "2: population evidence stale, although all conform",
                change: |_, p| p.result = Some(with_population(result(10, 10), &[N::EvidenceStale])),
                expected: O::NotTested(N::EvidenceStale),
            },
            Case {
                name: "2: missing is named before incomplete",
                change: |_, p| {
                    let reasons = [N::EvidenceIncomplete, N::EvidenceMissing];
                    p.result = Some(with_population(result(10, 5), &reasons));
                },
                expected: O::NotTested(N::EvidenceMissing),
            },
            Case {
                name: "2: incomplete without findings",
                change: |_, p| p.result = Some(with_population(result(10, 10), &[N::EvidenceIncomplete])),
                expected: O::NotTested(N::EvidenceIncomplete),
            },
            Case {
                name: "2: incomplete with findings within tolerance",
                change: |_, p| {
                    p.at_least = P90;
                    p.result = Some(with_population(result(10, 9), &[N::EvidenceIncomplete]));
                },
                expected: O::NotTested(N::EvidenceIncomplete),
            },
            Case {
                name: "2: incomplete with findings beyond tolerance",
                change: |_, p| {
                    p.at_least = P95;
                    p.partial_from = Some(P90);
                    p.result = Some(with_population(result(10, 9), &[N::EvidenceIncomplete]));
                },
                expected: O::NotSatisfied,
            },
            Case {
                name: "2: incomplete with findings that rest on evidence nobody has",
                change: |_, p| {
                    let over = with_population(result(10, 0), &[N::EvidenceIncomplete]);
                    p.result = Some(with_partners(over, &[N::EvidenceIncomplete, N::EvidenceMissing]));
                },
                expected: O::NotTested(N::EvidenceIncomplete),
            },
            Case {
                name: "2: incomplete with findings, the partners incomplete too",
                change: |_, p| {
                    let over = with_population(result(10, 0), &[N::EvidenceIncomplete]);
                    p.result = Some(with_partners(over, &[N::EvidenceIncomplete]));
                },
                expected: O::NotSatisfied,
            },
            Case {
                name: "2: incomplete and empty is not 'nothing happened'",
                change: |c, p| {
                    c.on_empty = OnEmpty::Satisfied;
                    p.result = Some(with_population(result(0, 0), &[N::EvidenceIncomplete]));
                },
                expected: O::NotTested(N::EvidenceIncomplete),
            },
            Case {
                name: "3: empty population",
                change: |_, p| p.result = Some(result(0, 0)),
                expected: O::NotTested(N::NoOccurrence),
            },
            Case {
                name: "3: on_empty satisfied",
                change: |c, p| {
                    c.on_empty = OnEmpty::Satisfied;
                    p.result = Some(result(0, 0));
                },
                expected: O::Satisfied,
            },
            Case {
                name: "3: on_empty not_applicable",
                change: |c, p| {
                    c.on_empty = OnEmpty::NotApplicable;
                    p.result = Some(result(0, 0));
                },
                expected: O::NotApplicable,
            },
            Case {
                name: "3: on_empty not_satisfied",
                change: |c, p| {
                    c.on_empty = OnEmpty::NotSatisfied;
                    p.result = Some(result(0, 0));
                },
                expected: O::NotSatisfied,
            },
            Case {
                name: "3: every row was left out as undecided",
                change: |c, p| {
                    c.on_empty = OnEmpty::Satisfied;
                    p.result = Some(CheckResult { excluded_undecided: 2, ..result(0, 0) });
                },
                expected: O::NotTested(N::EvidenceIncomplete),
            },
            Case {
                name: "3: and one of them for a cell that cannot be read",
                change: |_, p| {
                    p.result = Some(CheckResult { excluded_undecided: 2, excluded_unreadable: 1, ..result(0, 0) });
                },
                expected: O::NotTested(N::EvidenceUnreadable),
            },
            Case {
                name: "5: undecided rows left out beside some that were examined",
                change: |_, p| {
                    p.result = Some(CheckResult { excluded_undecided: 2, excluded_unreadable: 1, ..result(3, 3) });
                },
                expected: O::Satisfied,
            },
            Case {
                name: "3: an empty population is not asked for its partners' evidence",
                change: |_, p| p.result = Some(with_partners(result(0, 0), &[N::EvidenceMissing])),
                expected: O::NotTested(N::NoOccurrence),
            },
            Case {
                name: "4: partners' evidence missing",
                change: |_, p| p.result = Some(with_partners(result(10, 10), &[N::EvidenceMissing])),
                expected: O::NotTested(N::EvidenceMissing),
            },
            Case {
                name: "4: partners' evidence incomplete, findings beyond tolerance",
                change: |_, p| p.result = Some(with_partners(result(10, 9), &[N::EvidenceIncomplete])),
                expected: O::NotSatisfied,
            },
            Case {
                name: "5: exactly at_least",
                change: |_, p| {
                    p.at_least = P95;
                    p.result = Some(result(100, 95));
                },
                expected: O::Satisfied,
            },
            Case {
                name: "5: one below at_least",
                change: |_, p| {
                    p.at_least = P95;
                    p.result = Some(result(100, 94));
                },
                expected: O::NotSatisfied,
            },
            Case {
                name: "5: 94.999…% is not 95%",
                change: |_, p| {
                    p.at_least = P95;
                    p.result = Some(result(u64::MAX, u64::MAX / 20 * 19));
                },
                expected: O::NotSatisfied,
            },
            Case {
                name: "5: exactly partial_from",
                change: |_, p| {
                    p.at_least = P95;
                    p.partial_from = Some(P90);
                    p.result = Some(result(100, 90));
                },
                expected: O::Partial,
            },
            Case {
                name: "5: one below partial_from",
                change: |_, p| {
                    p.at_least = P95;
                    p.partial_from = Some(P90);
                    p.result = Some(result(100, 89));
                },
                expected: O::NotSatisfied,
            },
        ];
        for case in cases {
            let mut check = check("BAK-01.1");
            let mut parts = CheckInputParts {
                applies: Applies::Yes,
                fault: None,
                at_least: WHOLE,
                partial_from: None,
                result: Some(result(10, 10)),
            };
            (case.change)(&mut check, &mut parts);
            let CheckInputParts { applies, fault, at_least, partial_from, result } = parts;
            let input = CheckInput { check: &check, applies, fault, at_least, partial_from, result };
            let in_force = |id: &ProvisionId| match id.as_str() {
                "OLD-1" => Some(false),
                "NEW-1" => Some(true),
                _ => None,
            };
            let verdict = judge(&input, &in_force);
            assert_eq!(verdict.outcome, case.expected, "{}", case.name);
            if matches!(verdict.outcome, O::NotApplicable | O::NotTested(_)) {
                assert!(verdict.detail.is_some(), "{}: a reason is owed", case.name);
            }
        }
    }

    #[test]
    fn what_was_left_out_is_said() {
        let said = |rows, unreadable| {
            let result = CheckResult { excluded_undecided: rows, excluded_unreadable: unreadable, ..result(0, 0) };
            nothing_decided(&result).and_then(|verdict| verdict.detail).map(|why| why.en)
        };
        let cases = [
            (0, 0, None),
            (1, 0, Some("1 row is undecided and left out, and nothing is left to examine")),
            (
                1,
                1,
                Some(
                    "1 row is undecided and left out (it has a cell that cannot be read), and nothing is left to examine",
                ),
            ),
            (
                3,
                2,
                Some(
                    "3 rows are undecided and left out (2 of them have a cell that cannot be read), and nothing is left to examine",
                ),
            ),
        ];
        for (rows, unreadable, expected) in cases {
            assert_eq!(said(rows, unreadable).as_deref(), expected);
        }
    }

    fn threshold(basis: &[&str]) -> Threshold {
        let place = check("BAK-01.1").place;
        let basis = basis.iter().map(|id| (ProvisionId::new(*id), place.clone())).collect();
        Threshold { source: ThresholdSource::Law, basis, note: None }
    }

    fn with_population(result: CheckResult, reasons: &[NotTested]) -> CheckResult {
        CheckResult { missing_population: reasons.iter().map(|reason| missing(*reason)).collect(), ..result }
    }

    fn with_partners(result: CheckResult, reasons: &[NotTested]) -> CheckResult {
        CheckResult { missing_partners: reasons.iter().map(|reason| missing(*reason)).collect(), ..result }
    }
}
