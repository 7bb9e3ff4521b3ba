//! Exit statuses: the one number a script or CI job looks at.

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
/// use hegui::cli::ExitStatus;
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

/// Status of a run stopped with Ctrl-C, as shells have it: 128 + SIGINT.
pub const INTERRUPTED: u8 = 130;

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

#[cfg(test)]
mod tests {
    use super::ExitStatus;

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
