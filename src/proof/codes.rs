//! Codes of what policy tests find.

use crate::text::{Code, Level};

/// A case says otherwise than the control does.
pub static TEST_FAILED: Code = Code {
    id: "policy/test-failed",
    level: Level::Error,
    explain_zh: "策略测试的用例所期望的结果与实际不同。要么控制点有误，要么用例写错了。",
    explain_en: "A case of a policy test expects another result than the check gives. Either the control is wrong or the case is.",
};

/// A test names a control or check that is not there.
pub static TEST_UNKNOWN: Code = Code {
    id: "policy/test-unknown",
    level: Level::Error,
    explain_zh: "策略测试针对的控制点、检查或参数不存在。",
    explain_en: "A policy test is about a control, check or parameter that does not exist.",
};

/// A check lacks a case that every check has.
pub static TEST_COVERAGE: Code = Code {
    id: "policy/test-coverage",
    level: Level::Warning,
    explain_zh: "每项检查至少要有这些用例：一个符合、一个不符合、一个缺少证据，以及它所用的每一列各有一个空值。边界由 `hegui policy test --mutate` 检验。",
    explain_en: "Every check has at least one case that satisfies it, one that fails it, one with its evidence missing, and one with a null in each column it names. Boundaries are tried by `hegui policy test --mutate`.",
};

/// A change to the control that no case noticed.
pub static TEST_MUTANT: Code = Code {
    id: "policy/test-mutant",
    level: Level::Warning,
    explain_zh: "把控制点改动了一处，所有用例仍然通过：没有用例守住这里。补一个恰在边界上的用例；若改动前后含义相同，可不理会。",
    explain_en: "The control was changed in one place and every case still passed: no case guards it. Add one exactly on the boundary, unless the change means the same.",
};

/// Every code of this layer.
pub const ALL: &[&Code] = &[&TEST_FAILED, &TEST_UNKNOWN, &TEST_COVERAGE, &TEST_MUTANT];
