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
    let rows = [
        ("被评估单位", "entity", then.entity.name.as_str(), now.entity.name.as_str()),
        (
            "统一社会信用代码",
            "USCC",
            then.entity.uscc.as_deref().unwrap_or("—"),
            now.entity.uscc.as_deref().unwrap_or("—"),
        ),
        ("适用配置", "profile", then.profile.id.as_str(), now.profile.id.as_str()),
        ("控制库", "policy pack", then.policy.sha256.as_str(), now.policy.sha256.as_str()),
        ("工具版本", "tool version", then.tool.version.as_str(), now.tool.version.as_str()),
        ("证据清单摘要", "evidence digest", then.inputs.digest.as_str(), now.inputs.digest.as_str()),
    ];
    rows.into_iter()
        .filter(|(_, _, then, now)| then != now)
        .map(|(zh, en, then, now)| {
            Text::new(format!("{zh}不同：此前 {then}，本次 {now}"), format!("{en} differs: {then} then, {now} now"))
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
    fn a_gap_that_cannot_be_judged_now_is_not_fixed() {
        let failed = || failing(Outcome::NotSatisfied, Some(&[1]), 1);
        let (_, fixed) = run(failed(), failing(Outcome::Satisfied, Some(&[]), 0));
        assert_eq!((fixed.fixed.len(), fixed.undetermined.len()), (1, 0));
        let (_, lost) = run(failed(), failing(Outcome::NotTested(NotTested::EvidenceMissing), Some(&[]), 0));
        assert_eq!((lost.fixed.len(), lost.undetermined.len()), (0, 1));
        assert!(fixed.notes.is_empty());
    }
}
