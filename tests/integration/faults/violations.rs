//! Faults that violate a control by construction: the table of what is done to the clean workspace, and the check that
//! must see it.

use super::super::differential::random::Random;
use super::Fault;
use super::clean::{EVIDENCE, Files};
use super::parsed::{Form, Parsed, Row};

/// How a file is changed.
enum Edit {
    /// In one row at random, or in all, whose cells hold these values: one cell set.
    Cell { rows: Rows, of: &'static [(&'static str, &'static str)], set: (&'static str, &'static str) },
    /// Words replaced: in one place at random, or in all.
    Words { places: Rows, from: &'static str, to: &'static str },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    One,
    All,
}
use Rows::{All, One};

/// A check, and what violates it.
struct Violation {
    check: &'static str,
    what: &'static str,
    edits: &'static [(&'static str, Edit)],
}

const NAS: &str = "备份/备份任务历史_NAS_20261015.csv";
const CLOUD: &str = "备份/云备份任务_20261015.jsonl";
const POLICY: &str = "备份/备份策略.yaml";
const VERIFIED: &str = "备份/备份校验记录.tsv";
const INVENTORY: &str = "数据/数据清单.csv";
const MATRIX: &str = "权限/权限矩阵_2025年9月.csv";
const SCAN: &str = "加密/TLS扫描结果_2026-10-12.json";
const DISKS: &str = "加密/存储加密检查.csv";
const KEYS: &str = "加密/密钥台账.yaml";
const ASSETS: &str = "资产/设备清单.csv";
const PLAN: &str = "培训/2026年度培训计划.yaml";
const EFFECT: &str = "培训/培训效果评估.yaml";
const EXAMS: &str = "培训/2026年考核成绩.tsv";
const SIGNED: &str = "培训/培训签到记录_2025年10月至2026年6月.csv";
const SIGNED_LATER: &str = "培训/培训签到记录_2026年第三季度.csv";

const fn cell(rows: Rows, of: &'static [(&'static str, &'static str)], set: (&'static str, &'static str)) -> Edit {
    Edit::Cell { rows, of, set }
}

const fn words(places: Rows, from: &'static str, to: &'static str) -> Edit {
    Edit::Words { places, from, to }
}

const fn violation(check: &'static str, what: &'static str, edits: &'static [(&'static str, Edit)]) -> Violation {
    Violation { check, what, edits }
}

/// Contracts, on the NAS and in the cloud.
const CONTRACTS: &[(&str, &str)] = &[("备份对象", "合同与协议")];
const CONTRACTS_CLOUD: &[(&str, &str)] = &[("dataset", "\"合同与协议\"")];

#[rustfmt::skip]
const VIOLATIONS: &[Violation] = &[
    violation("BAK-01.1", "a dataset the policy does not know", &[(INVENTORY, cell(One, &[("级别", "3")], ("数据集名称", "新系统数据库")))]),
    violation("BAK-01.1", "a dataset of level 1 is found to be of level 4", &[(INVENTORY, cell(One, &[("级别", "1")], ("级别", "4")))]),
    violation("BAK-01.2", "the backups of a dataset all failed", &[
        (NAS, cell(All, CONTRACTS, ("执行结果", "失败"))),
        (CLOUD, cell(All, CONTRACTS_CLOUD, ("status", "\"failed\""))),
    ]),
    violation("BAK-01.2", "a dataset is to be backed up every quarter of an hour", &[(POLICY, words(One, "frequency_hours: 24\n", "frequency_hours: 0.25\n"))]),
    violation("BAK-01.3", "all backups of a system failed", &[(NAS, cell(All, &[("目标设备", "nas-01")], ("执行结果", "失败")))]),
    violation("BAK-02.1", "all copies of a dataset on one device", &[
        (NAS, cell(All, CONTRACTS, ("目标设备", "nas-01"))),
        (CLOUD, cell(All, CONTRACTS_CLOUD, ("target", "\"nas-01\""))),
    ]),
    violation("BAK-02.2", "all copies of a dataset in the office", &[
        (NAS, cell(All, CONTRACTS, ("存放地点", "办公室"))),
        (CLOUD, cell(All, CONTRACTS_CLOUD, ("site", "\"primary\""))),
    ]),
    violation("BAK-02.3", "all copies abroad", &[
        (NAS, cell(All, &[], ("境内外", "境外"))),
        (CLOUD, words(All, "\"domestic\"", "\"abroad\"")),
    ]),
    violation("BAK-03.1", "no file was looked at", &[(VERIFIED, cell(All, &[], ("校验文件数", "0")))]),
    violation("BAK-03.2", "a failed check nobody followed up", &[(VERIFIED, cell(All, &[("备份作业编号", "N00351")], ("校验结果", "不通过")))]),
    violation("BAK-04.1", "a backup without encryption", &[(NAS, cell(One, &[("执行结果", "成功")], ("是否加密", "否")))]),
    violation("BAK-04.1", "a cloud backup without encryption", &[(CLOUD, words(One, "\"success\", \"method\": \"full\", \"target\": \"cos-sh-01\", \"target_type\": \"object\", \"site\": \"cloud\", \"region\": \"domestic\", \"encrypted\": true", "\"success\", \"method\": \"full\", \"target\": \"cos-sh-01\", \"target_type\": \"object\", \"site\": \"cloud\", \"region\": \"domestic\", \"encrypted\": false"))]),
    violation("BAK-04.2", "no copy that cannot be rewritten", &[
        (NAS, cell(All, CONTRACTS, ("不可改写", "否"))),
        (CLOUD, cell(All, CONTRACTS_CLOUD, ("immutable", "false"))),
    ]),
    violation("BAK-04.3", "accountants may delete backups", &[(MATRIX, words(All, "会计,财务软件,账套数据库,3,录入", "会计,财务软件,备份,3,删除"))]),
    violation("ENC-01.1", "a service offers TLS 1.0", &[(SCAN, words(One, "\"TLSv1.2\"", "\"TLSv1.0\""))]),
    violation("ENC-01.2", "a certificate expired before the as-of day", &[(SCAN, cell(One, &[], ("cert_not_after", "\"2026-10-14T07:59:59+08:00\"")))]),
    violation("ENC-01.3", "a service was not scanned lately", &[(SCAN, cell(One, &[], ("scanned_at", "\"2026-06-01T09:00:00+08:00\"")))]),
    violation("ENC-02.1", "a device without encryption", &[(DISKS, cell(One, &[("存放数据最高级别", "三级")], ("是否加密", "否")))]),
    violation("ENC-02.2", "a device nobody checked", &[(ASSETS, cell(One, &[("设备类型", "笔记本")], ("固定资产编号", "LT-77")))]),
    violation("ENC-02.3", "a check of last year", &[(DISKS, cell(One, &[], ("检查日期", "2025-12-31")))]),
    violation("ENC-03.1", "a key that was to be rotated yesterday", &[(KEYS, words(One, "rotate_by: 2027-02-", "rotate_by: 2026-10-14 # 2027-02-"))]),
    violation("ENC-03.2a", "the second custodian is the first", &[(KEYS, words(One, "custodian: E010\n    second_custodian: E011", "custodian: E011\n    second_custodian: E011"))]),
    violation("ENC-03.2b", "a custodian who left", &[(KEYS, words(One, "custodian: E010\n", "custodian: E012\n"))]),
    violation("TRN-01.1", "a topic the plan lacks", &[(PLAN, words(All, "应急处理", "合规"))]),
    violation("TRN-01.2", "the plan of another year", &[(PLAN, words(All, "year: 2026", "year: 2025"))]),
    violation("TRN-02.1", "two of 36 people attended nothing", &[
        (SIGNED, cell(All, &[("工号", "E001")], ("是否参加", "否"))), (SIGNED_LATER, cell(All, &[("工号", "E001")], ("是否参加", "×"))),
        (SIGNED, cell(All, &[("工号", "E002")], ("是否参加", "否"))), (SIGNED_LATER, cell(All, &[("工号", "E002")], ("是否参加", "×"))),
    ]),
    violation("TRN-02.2", "a person with few hours", &[
        (SIGNED, cell(All, &[("工号", "E008")], ("学时", "0.5"))), (SIGNED_LATER, cell(All, &[("工号", "E008")], ("学时", "0.5"))),
    ]),
    violation("TRN-02.3", "a newcomer was absent", &[(SIGNED_LATER, cell(All, &[("工号", "E037"), ("课程编号", "N01")], ("是否参加", "×")))]),
    violation("TRN-03.1", "no course on compliance", &[
        (SIGNED, words(All, ",合规,", ",安全意识,")), (SIGNED_LATER, words(All, ",合规,", ",安全意识,")),
    ]),
    violation("TRN-04.1", "a whole course failed", &[(EXAMS, cell(All, &[("课程编号", "C2601")], ("是否及格", "不及格")))]),
    violation("TRN-04.2", "one more failed and did not sit again", &[(EXAMS, cell(One, &[("课程编号", "C2601"), ("是否及格", "及格")], ("是否及格", "不及格")))]),
    violation("TRN-04.3a", "no review this year", &[(EFFECT, words(All, "reviewed_on: 2026", "reviewed_on: 2024"))]),
    violation("TRN-04.3b", "a review that changed nothing", &[(EFFECT, words(One, "changes: [", "changes: [] # ["))]),
    violation("TRN-05.1", "lectures only", &[
        (SIGNED, cell(All, &[], ("培训方式", "讲座"))), (SIGNED_LATER, cell(All, &[], ("培训方式", "讲座"))),
    ]),
    violation("TRN-05.2", "no teacher from outside", &[(SIGNED, words(All, "外部", "内部"))]),
];

/// Number of entries of the table.
pub(super) const fn count() -> usize {
    VIOLATIONS.len()
}

/// One entry of the table, done to the files.
pub(super) fn make(number: usize, files: &Files, random: &mut Random) -> Fault {
    let violation = &VIOLATIONS[number];
    let mut changed = Files::new();
    for (path, edit) in violation.edits {
        let path = format!("{EVIDENCE}{path}");
        let old = changed.get(&path).unwrap_or(&files[&path]);
        let text = std::str::from_utf8(old).unwrap();
        let new = match edit {
            Edit::Words { places: All, from, to } => text.replace(from, to),
            Edit::Words { places: One, from, to } => {
                let found: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
                assert!(!found.is_empty(), "{path} lacks {from:?}");
                let at = *random.pick(&found);
                format!("{}{to}{}", &text[..at], &text[at + from.len()..])
            }
            Edit::Cell { rows, of, set } => {
                set_cells(text, &Parsed::of(Form::of(&path).unwrap(), text), *rows, of, *set, random)
            }
        };
        assert_ne!(new, text, "{}: {} changes {path}", violation.check, violation.what);
        changed.insert(path, new.into_bytes());
    }
    Fault {
        what: violation.what.to_owned(),
        changes: changed.into_iter().map(|(path, bytes)| (path, Some(bytes))).collect(),
        violates: Some(violation.check),
    }
}

fn set_cells(
    text: &str,
    parsed: &Parsed,
    rows: Rows,
    of: &[(&str, &str)],
    (column, value): (&str, &str),
    random: &mut Random,
) -> String {
    let find = |row: &Row, name: &str| row.cells.iter().find(|cell| cell.column == name).map(|cell| cell.at.clone());
    let holds = |row: &Row, (name, value): &(&str, &str)| find(row, name).is_some_and(|at| text[at] == **value);
    let of_them = parsed.rows.iter().filter(|row| of.iter().all(|one| holds(row, one)));
    let places: Vec<_> = of_them.filter_map(|row| find(row, column)).collect();
    assert!(!places.is_empty(), "no row has {of:?} and {column}");
    let chosen = if rows == All { places } else { vec![random.pick(&places).clone()] };
    let mut new = text.to_owned();
    for at in chosen.into_iter().rev() {
        new.replace_range(at, value);
    }
    new
}

/// The checks that some entry violates.
pub(super) fn checks() -> impl Iterator<Item = &'static str> {
    VIOLATIONS.iter().map(|violation| violation.check)
}
