//! Codes of what policy tests find.

use crate::text::{Code, Level};

/// A case says otherwise than the control does.
pub static TEST_FAILED: Code = Code {
    id: "policy/test-failed",
    level: Level::Error,
    explain_zh: "策略测试的用例所期望的结果与实际不同。要么控制点有误，要么用例写错了。",
    explain_en: "A case of a policy test expects another result than the check gives. Either the control is wrong or the case is.",
};

/// A check lacks a case that every check has.
pub static TEST_COVERAGE: Code = Code {
    id: "policy/test-coverage",
    level: Level::Error,
    explain_zh: "每项检查至少要有这些用例：一个符合、一个不符合、一个缺少证据，以及它据以判断的每一列各有一个空值。没有用例，就不知道检查说的是不是想要的意思。",
    explain_en: "Every check has at least one case that satisfies it, one that fails it, one with its evidence missing, and one with a null in each column it decides by. Without them nobody knows whether the check says what it means.",
};

/// A check lacks a case exactly on a boundary.
pub static TEST_BOUNDARY: Code = Code {
    id: "policy/test-boundary",
    level: Level::Error,
    explain_zh: "检查里的每个大小比较、数量与比例，都要有一个恰在边界上的用例：把 `<` 改为 `<=`（或相反），至少要有一个用例的结果不同。",
    explain_en: "Every comparison of a check, and every number or share it requires, has a case exactly on the boundary: with `<` changed to `<=`, or the other way round, some case must come out differently.",
};

/// A change to the control that no case noticed.
pub static TEST_MUTANT: Code = Code {
    id: "policy/test-mutant",
    level: Level::Error,
    explain_zh: "把控制点改动了一处，所有用例仍然通过：没有用例守住这里。补一个用例；若改动前后含义相同，在测试文件的 `equivalent` 里写明理由。",
    explain_en: "The control was changed in one place and every case still passed: no case guards it. Add one, or say under `equivalent` of the test file why the change means the same.",
};

/// A change declared equivalent that is not there, or that a case notices.
pub static TEST_EQUIVALENT: Code = Code {
    id: "policy/test-equivalent",
    level: Level::Error,
    explain_zh: "`equivalent` 里写的改动不存在，或者有用例发现了它：这一条已经没有用处，留着会掩盖别的问题。",
    explain_en: "A change under `equivalent` does not exist, or a case notices it: the entry is of no use any more, and left there it would hide something else.",
};

/// Inline evidence has a column that its kind does not declare.
pub static TEST_COLUMN: Code = Code {
    id: "policy/test-column",
    level: Level::Error,
    explain_zh: "测试里写的证据有一列是证据种类没有声明的，因此没有读取；列名多半写错了。",
    explain_en: "Evidence written in a policy test has a column that its kind does not declare, so it is not read; its name is probably misspelt.",
};

/// Every code of this layer.
pub const ALL: &[&Code] = &[&TEST_FAILED, &TEST_COVERAGE, &TEST_BOUNDARY, &TEST_MUTANT, &TEST_EQUIVALENT, &TEST_COLUMN];
