//! The conclusion over all controls (REPORTS §3.1, §8).

use crate::model::{Conclusion, ControlResult, Gap, NotTested, Outcome, Scores, Severity};
use crate::text::Text;

/// The worst of the controls, never better than the open gaps and untested controls allow.
pub(super) fn conclude(controls: &[ControlResult], gaps: &[Gap], scores: &Scores) -> Conclusion {
    let counts = scores.controls;
    let grave = gaps.iter().any(|gap| gap.state.is_open() && gap.severity >= Severity::High);
    let outcome = if counts.not_satisfied > 0 || grave {
        Outcome::NotSatisfied
    } else if scores.tested == 0 {
        // Nothing was shown, so nothing is concluded; the reason of the first control that says one.
        let reason = controls.iter().find_map(|control| match control.outcome {
            Outcome::NotTested(reason) if reason != NotTested::NoOccurrence => Some(reason),
            _ => None,
        });
        Outcome::NotTested(reason.unwrap_or(NotTested::NoOccurrence))
    } else if counts.partial > 0 || counts.not_tested > 0 {
        Outcome::Partial
    } else {
        Outcome::Satisfied
    };
    let untested = counts.not_tested > 0;
    Conclusion { outcome, untested, line: line(outcome, scores) }
}

fn line(outcome: Outcome, scores: &Scores) -> Text {
    let counts = scores.controls;
    let (zh, en) = match outcome {
        Outcome::Satisfied => ("符合", "satisfied"),
        Outcome::Partial => ("部分符合", "partially satisfied"),
        Outcome::NotSatisfied => ("不符合", "not satisfied"),
        Outcome::NotApplicable => ("不适用", "not applicable"),
        Outcome::NotTested(_) => ("未能得出结论", "no conclusion possible"),
    };
    let grave: u64 =
        scores.open_gaps.iter().filter(|(severity, _)| *severity >= Severity::High).map(|(_, open)| open).sum();
    let mut line = Text::new(
        format!(
            "结论：{zh} — 适用 {} 项，符合 {}，部分符合 {}，不符合 {}，未检测 {}；高风险及以上未关闭 {grave} 项。",
            scores.applicable, counts.satisfied, counts.partial, counts.not_satisfied, counts.not_tested
        ),
        format!(
            "Conclusion: {en} — {} applicable: {} satisfied, {} partial, {} not satisfied, {} not tested; \
             {grave} open at high or above.",
            scores.applicable, counts.satisfied, counts.partial, counts.not_satisfied, counts.not_tested
        ),
    );
    if counts.not_tested > 0 {
        line.zh.push_str("存在未检测项。");
        line.en.push_str(" Some controls could not be tested.");
    }
    if counts.no_occurrence > 0 {
        let apart = counts.no_occurrence;
        line.zh.extend(["另有 ", &apart.to_string(), " 项本期没有发生。"]);
        line.en.extend([" Apart from these, ", &apart.to_string(), " had no occurrence in the period."]);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{control_result, gap};
    use super::super::score::score;
    use super::*;

    #[test]
    fn the_conclusion_is_never_better_than_the_worst_part() {
        const MISSING: Outcome = Outcome::NotTested(NotTested::EvidenceMissing);
        const QUIET: Outcome = Outcome::NotTested(NotTested::NoOccurrence);
        use Outcome::{NotApplicable as NA, NotSatisfied as F, Partial as P, Satisfied as S};
        use Severity::{High, Low};
        #[rustfmt::skip]
        let cases: &[(&str, &[Outcome], Option<Severity>, Outcome, bool)] = &[
            ("all satisfied", &[S, S], None, S, false),
            ("a partial", &[S, P], Some(Low), P, false),
            ("an open high gap of a partial control", &[S, P], Some(High), F, false),
            ("a failed control", &[S, F], Some(Low), F, false),
            ("an untested control is at best partial", &[S, MISSING], None, P, true),
            ("no occurrence does not weigh", &[S, QUIET, NA], None, S, false),
            ("nothing tested", &[MISSING, NA], None, MISSING, true),
            ("nothing happened at all", &[QUIET, NA], None, QUIET, false),
            ("no controls", &[], None, QUIET, false),
        ];
        for (name, outcomes, severity, expected, untested) in cases {
            let controls: Vec<_> = outcomes.iter().map(|o| control_result("BAK-01", High, *o)).collect();
            let gaps: Vec<_> = severity.iter().map(|severity| gap("BAK-01.1", *severity)).collect();
            let scores = score(&controls, &gaps);
            let conclusion = conclude(&controls, &gaps, &scores);
            assert_eq!((conclusion.outcome, conclusion.untested), (*expected, *untested), "{name}");
        }
    }

    #[test]
    fn the_line_carries_the_counts() {
        let controls = [
            control_result("A", Severity::High, Outcome::Satisfied),
            control_result("B", Severity::High, Outcome::NotSatisfied),
        ];
        let gaps = [gap("B.1", Severity::High)];
        let line = conclude(&controls, &gaps, &score(&controls, &gaps)).line;
        assert_eq!(
            line.zh,
            "结论：不符合 — 适用 2 项，符合 1，部分符合 0，不符合 1，未检测 0；高风险及以上未关闭 1 项。"
        );
        assert!(
            line.en.starts_with("Conclusion: not satisfied — 2 applicable: 1 satisfied, 0 partial, 1 not satisfied")
        );
    }
}
