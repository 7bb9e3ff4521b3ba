//! Comparison with an earlier assessment (`--baseline`): by check and by the fingerprints of findings.

use std::collections::BTreeMap;

use crate::model::{Assessment, Baseline, CheckId, CheckOutcome, Comparison, ControlResult, Gap, Metadata, Outcome};
use crate::text::Text;

/// Marks each gap against `earlier` and says what else changed.
pub(super) fn compare(
    earlier: &Assessment,
    metadata: &Metadata,
    controls: &[ControlResult],
    gaps: &mut [Gap],
) -> Comparison {
    let then = by_id(&earlier.controls);
    let now = by_id(controls);
    for gap in gaps.iter_mut() {
        let mark = match (now.get(&gap.check), then.get(&gap.check)) {
            (Some(now), Some(then)) if then.is_gap() => against(now, then),
            _ => Baseline::New,
        };
        gap.baseline = Some(mark);
    }
    let mut fixed = Vec::new();
    let mut undetermined = Vec::new();
    for (id, _) in then.iter().filter(|(_, check)| check.is_gap()) {
        match now.get(id).map(|check| check.outcome) {
            Some(Outcome::Satisfied) => fixed.push((*id).clone()),
            Some(Outcome::NotSatisfied | Outcome::Partial) => {}
            Some(Outcome::NotTested(_) | Outcome::NotApplicable) | None => undetermined.push((*id).clone()),
        }
    }
    Comparison {
        report_id: earlier.metadata.report_id.clone(),
        as_of: earlier.metadata.as_of,
        fixed,
        undetermined,
        notes: differences(&earlier.metadata, metadata),
    }
}

fn by_id(controls: &[ControlResult]) -> BTreeMap<&CheckId, &CheckOutcome> {
    controls.iter().flat_map(|control| &control.checks).map(|check| (&check.id, check)).collect()
}

/// A check that failed then and fails now.
fn against(now: &CheckOutcome, then: &CheckOutcome) -> Baseline {
    let fell = then.outcome == Outcome::Partial && now.outcome == Outcome::NotSatisfied;
    if fell || now.findings_total > then.findings_total {
        return Baseline::Worsened;
    }
    let (Some(now), Some(then)) = (&now.fingerprints, &then.fingerprints) else {
        return Baseline::Incomparable;
    };
    // Both ascending; equal fingerprints count as often as they occur.
    let mut old = then.iter().peekable();
    for new in now {
        while old.next_if(|fingerprint| *fingerprint < new).is_some() {}
        if old.next_if(|fingerprint| *fingerprint == new).is_none() {
            return Baseline::Worsened;
        }
    }
    Baseline::StillOpen
}

/// What else differs, so that a change of result is not taken for a change of fact (REPORTS §10.13).
fn differences(then: &Metadata, now: &Metadata) -> Vec<Text> {
    let entity = |metadata: &Metadata| metadata.entity.name.clone();
    let uscc = |metadata: &Metadata| Text::same(metadata.entity.uscc.as_deref().unwrap_or("—"));
    let rows = [
        ("被评估单位", "entity", entity(then), entity(now)),
        ("统一社会信用代码", "USCC", uscc(then), uscc(now)),
        ("适用配置", "profile", Text::same(&then.profile.id), Text::same(&now.profile.id)),
        ("控制库", "policy pack", Text::same(&then.policy.sha256), Text::same(&now.policy.sha256)),
        ("工具版本", "tool version", Text::same(&then.tool.version), Text::same(&now.tool.version)),
        ("证据清单摘要", "evidence digest", Text::same(&then.inputs.digest), Text::same(&now.inputs.digest)),
    ];
    rows.into_iter()
        // A name spelt anew in English alone is no other entity.
        .filter(|(_, _, then, now)| then.zh != now.zh)
        .map(|(zh, en, then, now)| {
            Text::new(
                format!("{zh}不同：此前 {}，本次 {}", then.zh, now.zh),
                format!("{en} differs: {} then, {} now", then.en, now.en),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{assessment, check_outcome, control_result, gap};
    use super::*;
    use crate::model::{NotTested, Severity};

    fn failing(outcome: Outcome, fingerprints: Option<&[u64]>, total: u64) -> CheckOutcome {
        let mut check = check_outcome("BAK-01.1", outcome, 100, 100 - total);
        check.fingerprints = fingerprints.map(<[u64]>::to_vec);
        check
    }

    fn run(then: CheckOutcome, now: CheckOutcome) -> (Option<Baseline>, Comparison) {
        let mut earlier = assessment();
        earlier.controls = vec![control_result("BAK-01", Severity::High, then.outcome)];
        earlier.controls[0].checks = vec![then];
        let mut control = control_result("BAK-01", Severity::High, now.outcome);
        let mut gaps: Vec<Gap> = now.is_gap().then(|| gap("BAK-01.1", Severity::High)).into_iter().collect();
        control.checks = vec![now];
        let comparison = compare(&earlier, &earlier.metadata, &[control], &mut gaps);
        (gaps.first().and_then(|gap| gap.baseline), comparison)
    }

    #[test]
    fn gaps_against_an_earlier_assessment() {
        use Baseline::{Incomparable, New, StillOpen, Worsened};
        use Outcome::{NotSatisfied as F, Partial as P, Satisfied as S};
        #[rustfmt::skip]
        let cases: &[(&str, (Outcome, Option<&[u64]>, u64), (Outcome, Option<&[u64]>, u64), Baseline)] = &[
            ("was satisfied", (S, Some(&[]), 0), (F, Some(&[1]), 1), New),
            ("was satisfied with the same tolerated exception", (S, Some(&[1]), 1), (F, Some(&[1]), 1), New),
            ("the same findings", (F, Some(&[1, 2]), 2), (F, Some(&[1, 2]), 2), StillOpen),
            ("fewer findings", (F, Some(&[1, 2]), 2), (F, Some(&[2]), 1), StillOpen),
            ("one more", (F, Some(&[1, 2]), 2), (F, Some(&[1, 2, 3]), 3), Worsened),
            ("one gone, another come", (F, Some(&[1, 2]), 2), (F, Some(&[2, 3]), 2), Worsened),
            ("a second with the same key", (F, Some(&[1, 2]), 2), (F, Some(&[1, 1]), 2), Worsened),
            ("from partial to failing", (P, Some(&[1]), 1), (F, Some(&[1]), 1), Worsened),
            ("from failing to partial", (F, Some(&[1, 2]), 2), (P, Some(&[1]), 1), StillOpen),
            ("fingerprints missing then", (F, None, 2), (F, Some(&[1]), 1), Incomparable),
            ("fingerprints missing now", (F, Some(&[1]), 2), (F, None, 2), Incomparable),
            ("fingerprints missing, but more findings", (F, None, 2), (F, None, 3), Worsened),
        ];
        for (name, then, now, expected) in cases {
            let (mark, _) = run(failing(then.0, then.1, then.2), failing(now.0, now.1, now.2));
            assert_eq!(mark, Some(*expected), "{name}");
        }
    }

    #[test]
    fn what_differs_is_said_in_both_languages() {
        let then = assessment().metadata;
        let mut now = then.clone();
        now.entity.name = Text::new("另一家公司", "Another Ltd");
        let notes = differences(&then, &now);
        let expected = Text::new(
            "被评估单位不同：此前 示例代账有限公司，本次 另一家公司",
            "entity differs: Example Bookkeeping Ltd then, Another Ltd now",
        );
        assert_eq!(notes, [expected]);
        now.entity.name = Text::new("示例代账有限公司", "Example Bookkeeping Limited");
        assert_eq!(differences(&then, &now), []);
    }

    #[test]
    fn a_gap_that_cannot_be_judged_now_is_not_fixed() {
        let failed = || failing(Outcome::NotSatisfied, Some(&[1]), 1);
        let (_, fixed) = run(failed(), failing(Outcome::Satisfied, Some(&[]), 0));
        assert_eq!((fixed.fixed.len(), fixed.undetermined.len()), (1, 0));
        let (_, lost) = run(failed(), failing(Outcome::NotTested(NotTested::EvidenceMissing), Some(&[]), 0));
        assert_eq!((lost.fixed.len(), lost.undetermined.len()), (0, 1));
        assert!(fixed.notes.is_empty());
    }
}
