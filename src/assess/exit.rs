//! The gate and the exit status (DESIGN §9).

use crate::model::{Assessment, Gate, NotTested, Outcome};

/// What a run ends with. The order of the variants is the order in which they are decided: the first that holds.
///
/// | status | word | when |
/// |---|---|---|
/// | 2 | usage | the command line cannot be understood, or names something that is not there |
/// | 70 | internal | a fault in hegui itself |
/// | 74 | output | an output cannot be written |
/// | 4 | policy | a fault in a policy or workspace file; what can still be tested was |
/// | 1 | gaps | gaps at or above the gate |
/// | 3 | untested | nothing, or not everything the gate needs, could be tested |
/// | 0 | satisfied | every applicable control at or above the gate is satisfied |
///
/// A run stopped with Ctrl-C ends with 130 and leaves the earlier reports whole.
///
/// # Examples
/// ```
/// use hegui::assess::ExitStatus;
/// assert_eq!(ExitStatus::Gaps.code(), 1);
/// // Over several workspaces the gravest counts.
/// assert_eq!(ExitStatus::Untested.min(ExitStatus::Policy), ExitStatus::Policy);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitStatus {
    /// The command line cannot be understood, or names something that is not there.
    Usage,
    /// A fault in hegui itself.
    Internal,
    /// An output cannot be written.
    Output,
    /// A fault in a policy or workspace file.
    Policy,
    /// Gaps at or above the gate.
    Gaps,
    /// Nothing, or not everything the gate needs, could be tested.
    Untested,
    /// Every applicable control at or above the gate is satisfied.
    Satisfied,
}

impl ExitStatus {
    /// All of them, gravest first.
    pub const ALL: [Self; 7] =
        [Self::Usage, Self::Internal, Self::Output, Self::Policy, Self::Gaps, Self::Untested, Self::Satisfied];

    /// The number the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Internal => 70,
            Self::Output => 74,
            Self::Policy => 4,
            Self::Gaps => 1,
            Self::Untested => 3,
            Self::Satisfied => 0,
        }
    }

    /// When it is given, in Chinese and English.
    pub const fn meaning(self) -> (&'static str, &'static str) {
        match self {
            Self::Usage => (
                "命令行有误，或所指对象不存在",
                "the command line cannot be understood, or names something that is not there",
            ),
            Self::Internal => ("程序内部错误", "a fault in hegui itself"),
            Self::Output => ("输出无法写入", "an output cannot be written"),
            Self::Policy => {
                ("策略文件或工作区文件有误", "a fault in a policy or workspace file; what can still be tested was")
            }
            Self::Gaps => ("存在达到或超过门槛的问题", "gaps at or above the gate"),
            Self::Untested => {
                ("没有检测，或门槛所需未能全部检测", "nothing, or not everything the gate needs, could be tested")
            }
            Self::Satisfied => {
                ("门槛及以上的适用控制点全部符合", "every applicable control at or above the gate is satisfied")
            }
        }
    }
}

impl From<ExitStatus> for std::process::ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

/// Everything the exit status of one workspace depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "six independent facts, each with its own status")]
pub struct ExitFacts {
    /// The command line was wrong.
    pub usage: bool,
    /// The tool failed, or its self-check found an error.
    pub internal: bool,
    /// An output could not be written.
    pub output: bool,
    /// A policy or workspace file has a fault.
    pub fault: bool,
    /// What the gate says.
    pub gate: GateResult,
}

/// What an assessment looks like from the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GateResult {
    /// Open gaps at or above the gate; with a baseline, those that are not in it. None with `never`.
    pub gaps: usize,
    /// Controls at or above the gate of which something could not be tested.
    pub untested: usize,
    /// Not one control was tested.
    pub nothing_tested: bool,
}

/// The first that holds.
pub const fn exit_status(facts: ExitFacts) -> ExitStatus {
    if facts.usage {
        ExitStatus::Usage
    } else if facts.internal {
        ExitStatus::Internal
    } else if facts.output {
        ExitStatus::Output
    } else if facts.fault {
        ExitStatus::Policy
    } else if facts.gate.gaps > 0 {
        ExitStatus::Gaps
    } else if facts.gate.nothing_tested || facts.gate.untested > 0 {
        ExitStatus::Untested
    } else {
        ExitStatus::Satisfied
    }
}

/// Looks at an assessment through a gate.
///
/// Untested is asked of checks, not only of controls: a control that fails by one check may hide another that could
/// not be tested, and with a baseline or `never` the failure alone says nothing.
pub fn gate(assessment: &Assessment, gate: Gate) -> GateResult {
    let least = gate.severity();
    let gaps = assessment
        .gaps
        .iter()
        .filter(|gap| gap.state.is_open() && gap.severity >= least)
        .filter(|gap| gap.baseline.is_none_or(crate::model::Baseline::counts))
        .count();
    let could_not =
        |outcome: Outcome| matches!(outcome, Outcome::NotTested(reason) if reason != NotTested::NoOccurrence);
    let untested = assessment
        .controls
        .iter()
        .filter(|control| control.severity >= least)
        .filter(|control| could_not(control.outcome) || control.checks.iter().any(|check| could_not(check.outcome)))
        .count();
    GateResult {
        gaps: if gate == Gate::Never { 0 } else { gaps },
        untested,
        nothing_tested: assessment.scores.tested == 0,
    }
}

impl Assessment {
    /// Whether a policy or workspace file has a fault (exit status 4): any error that is not about evidence.
    pub fn has_fault(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.error && !problem.code.starts_with("evidence/"))
    }

    /// Whether the consistency self-check found an error (exit status 70).
    pub fn has_internal_error(&self) -> bool {
        self.self_check.iter().any(|line| line.level == crate::model::SelfCheckLevel::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{assessment, check_outcome, control_result, gap};
    use super::super::score::score;
    use super::*;
    use crate::model::{Baseline, Severity};

    #[test]
    fn the_first_status_that_holds() {
        let none = ExitFacts::default();
        let gaps = GateResult { gaps: 1, untested: 1, nothing_tested: true };
        let all = ExitFacts { usage: true, internal: true, output: true, fault: true, gate: gaps };
        let cases = [
            ("nothing wrong", none, 0),
            ("usage before all", all, 2),
            ("internal before output", ExitFacts { usage: false, ..all }, 70),
            ("output before fault", ExitFacts { usage: false, internal: false, ..all }, 74),
            ("fault before gaps", ExitFacts { fault: true, gate: gaps, ..none }, 4),
            ("gaps before untested", ExitFacts { gate: gaps, ..none }, 1),
            ("untested", ExitFacts { gate: GateResult { gaps: 0, untested: 1, nothing_tested: false }, ..none }, 3),
            (
                "nothing tested",
                ExitFacts { gate: GateResult { gaps: 0, untested: 0, nothing_tested: true }, ..none },
                3,
            ),
        ];
        for (name, facts, code) in cases {
            assert_eq!(exit_status(facts).code(), code, "{name}");
        }
    }

    #[test]
    fn what_the_gate_sees() {
        const F: Outcome = Outcome::NotSatisfied;
        const S: Outcome = Outcome::Satisfied;
        const MISSING: Outcome = Outcome::NotTested(NotTested::EvidenceMissing);
        const QUIET: Outcome = Outcome::NotTested(NotTested::NoOccurrence);
        use Severity::{High, Info, Low, Medium};
        type Controls = &'static [(Severity, &'static [Outcome], Outcome)];
        #[rustfmt::skip]
        let cases: &[(&str, Controls, Gate, Option<Baseline>, u8)] = &[
            ("all satisfied", &[(High, &[S], S)], Gate::Low, None, 0),
            ("a gap at the gate", &[(High, &[F], F)], Gate::High, None, 1),
            ("a gap below the gate", &[(Medium, &[F], F)], Gate::High, None, 0),
            ("advice is below the default gate", &[(Info, &[F], F)], Gate::Low, None, 0),
            ("never silences gaps", &[(High, &[F], F)], Gate::Never, None, 0),
            ("never does not silence the untested", &[(High, &[F], F), (Low, &[MISSING], MISSING)], Gate::Never, None, 3),
            ("untested at the gate", &[(High, &[S], S), (High, &[MISSING], MISSING)], Gate::High, None, 3),
            ("untested below the gate", &[(High, &[S], S), (Low, &[MISSING], MISSING)], Gate::High, None, 0),
            ("no occurrence does not count", &[(High, &[S], S), (High, &[QUIET], QUIET)], Gate::Low, None, 0),
            ("nothing tested", &[(High, &[QUIET], QUIET)], Gate::Low, None, 3),
            ("nothing tested, not even needed", &[(Info, &[QUIET], QUIET)], Gate::Critical, None, 3),
            ("no controls at all", &[], Gate::Never, None, 3),
            ("an old gap", &[(High, &[F], F)], Gate::Low, Some(Baseline::StillOpen), 0),
            ("a worsened gap", &[(High, &[F], F)], Gate::Low, Some(Baseline::Worsened), 1),
            ("a gap that cannot be compared", &[(High, &[F], F)], Gate::Low, Some(Baseline::Incomparable), 1),
            ("an old gap hides an untested check", &[(High, &[F, MISSING], F)], Gate::Low, Some(Baseline::StillOpen), 3),
        ];
        for (name, controls, at, baseline, code) in cases {
            let mut assessment = assessment();
            assessment.controls.clear();
            assessment.gaps.clear();
            for (index, (severity, checks, outcome)) in controls.iter().enumerate() {
                let mut control = control_result(&format!("AAA-{index}"), *severity, *outcome);
                control.checks = checks
                    .iter()
                    .enumerate()
                    .map(|(number, outcome)| check_outcome(&format!("AAA-{index}.{number}"), *outcome, 1, 0))
                    .collect();
                for check in control.checks.iter().filter(|check| check.is_gap()) {
                    let mut gap = gap(check.id.as_str(), *severity);
                    gap.baseline = *baseline;
                    assessment.gaps.push(gap);
                }
                assessment.controls.push(control);
            }
            assessment.scores = score(&assessment.controls, &assessment.gaps);
            let facts = ExitFacts { gate: gate(&assessment, *at), ..ExitFacts::default() };
            assert_eq!(exit_status(facts).code(), *code, "{name}");
        }
    }

    #[test]
    fn codes_are_those_of_the_design_in_its_order() {
        let codes: Vec<u8> = ExitStatus::ALL.iter().map(|status| status.code()).collect();
        assert_eq!(codes, [2, 70, 74, 4, 1, 3, 0]);
    }

    #[test]
    fn the_gravest_of_several_is_the_least() {
        let cases = [
            ("gaps beat untested", ExitStatus::Gaps, ExitStatus::Untested, ExitStatus::Gaps),
            ("a policy fault beats gaps", ExitStatus::Gaps, ExitStatus::Policy, ExitStatus::Policy),
            ("an unwritten output beats all verdicts", ExitStatus::Output, ExitStatus::Policy, ExitStatus::Output),
            ("satisfied only if all are", ExitStatus::Satisfied, ExitStatus::Untested, ExitStatus::Untested),
        ];
        for (name, a, b, gravest) in cases {
            assert_eq!(a.min(b), gravest, "{name}");
        }
    }
}
