//! The workspaces that are broken: the example with its planted gaps, and the same with every gap mended.

use std::collections::BTreeMap;

use super::super::common::Workspace;
use super::parsed::Form;

/// Folder of the evidence.
pub(super) const EVIDENCE: &str = "evidence/2026Q3/";
/// What states the files.
pub(super) const MANIFEST: &str = "evidence/2026Q3/manifest.yaml";

/// Contents of files by path: evidence without its manifest.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// Every planted gap mended: file, words, words instead; all places of them.
const MENDED: &[(&str, &str, &str)] = &[
    ("../../hegui.yaml", "servers_abroad: false", "servers_abroad: true"),
    // BAK-01.1, BAK-02: of no level that asks for a backup.
    ("数据/数据清单.csv", "员工人事档案,本机构,人事,3,是,是", "员工人事档案,本机构,人事,1,否,否"),
    ("数据/数据清单.csv", "沟通记录,,是,是,", "沟通记录,1,否,否,"),
    ("数据/数据清单.csv", "邮件与往来文书,全部客户,往来文书,二级", "邮件与往来文书,全部客户,往来文书,一级"),
    (
        "备份/备份策略.yaml",
        "  - name: 邮件与往来文书\n    class: 2\n    method: 全量\n    frequency_hours: 168\n    media: [磁盘]\n    \
         retention_days: 180\n    rpo_hours: 168\n    owner: E003\n",
        "",
    ),
    // BAK-03.2 and BAK-04.1.
    ("备份/备份校验记录.tsv", "N00351\t散列校验\t1214\t3\t不通过", "N00351\t散列校验\t1214\t0\t通过"),
    ("备份/备份任务历史_NAS_20261015.csv", "银行保管箱,境内,否,是", "银行保管箱,境内,是,是"),
    ("备份/备份任务历史_NAS_20261015.csv", "待确认", "是"),
    // BAK-04.3.
    ("manifest.yaml", "captured_on: 2025-09-30", "captured_on: 2026-09-30"),
    // ENC.
    ("加密/TLS扫描结果_2026-10-12.json", "2026-10-24T", "2027-10-24T"),
    ("加密/存储加密检查.csv", ",否,,,", ",是,AES-256,BitLocker,"),
    ("加密/密钥台账.yaml", "custodian: E012", "custodian: E010"),
    // TRN-02.
    ("培训/培训签到记录_2025年10月至2026年6月.csv", ",否\r\n", ",是\r\n"),
    ("培训/培训签到记录_2026年第三季度.csv", "×", "√"),
    (
        "培训/培训签到记录_2026年第三季度.csv",
        "E037,N01,安全意识,线上,内部,2026-08-20",
        "E037,N01,安全意识,线上,内部,2026-07-20",
    ),
    (
        "培训/培训签到记录_2026年第三季度.csv",
        "E001,C2603,",
        "E028,C2602,安全意识,线上,内部,2026-08-25,2,√\r\nE028,C2603,应急处理,演练,内部,2026-08-26,2,√\r\n\
         E028,C2604,合规,讲座,内部,2026-09-16,1,√\r\nE001,C2603,",
    ),
    ("manifest.yaml", "rows: 42\n    period: {from: 2026-07-15", "rows: 45\n    period: {from: 2026-07-15"),
];

/// The example as it is.
pub(super) fn dirty() -> Workspace {
    Workspace::example()
}

/// The example with every gap mended: each control that can be tested is satisfied.
pub(super) fn clean() -> Workspace {
    let workspace = dirty();
    for (path, from, to) in MENDED {
        let path = format!("{EVIDENCE}{path}");
        let text = std::fs::read_to_string(workspace.join(&path)).unwrap();
        assert!(text.contains(from), "{path} lacks {from:?}");
        workspace.write(&path, text.replace(from, to));
    }
    let manifest = std::fs::read_to_string(workspace.join(MANIFEST)).unwrap();
    let stated = |path: &str| manifest.split(path).nth(1).unwrap().split("path:").next().unwrap().contains("sha256:");
    workspace.write(MANIFEST, sealed(&bare(&manifest), &files(&workspace), stated));
    workspace
}

/// The evidence of a workspace, without its manifest and what is no evidence.
pub(super) fn files(workspace: &Workspace) -> Files {
    let walk = walkdir::WalkDir::new(workspace.join(EVIDENCE)).into_iter().map(Result::unwrap);
    walk.filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(workspace.path()).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read(entry.path()).unwrap())
        })
        .filter(|(path, _)| path != MANIFEST && Form::of(path).is_some())
        .collect()
}

/// The manifest without SHA-256: nothing is told of a change but what the change says.
pub(super) fn bare(manifest: &str) -> String {
    manifest.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("sha256:")).collect()
}

/// A bare manifest with the SHA-256 of the files chosen: they cannot be changed behind its back.
pub(super) fn sealed(manifest: &str, files: &Files, chosen: impl Fn(&str) -> bool) -> String {
    use sha2::{Digest as _, Sha256};
    let mut sealed = String::new();
    for line in manifest.split_inclusive('\n') {
        sealed.push_str(line);
        let Some(path) = line.trim().strip_prefix("- path: ").filter(|path| chosen(path)) else { continue };
        let bytes = &files[&format!("{EVIDENCE}{path}")];
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        sealed.push_str(&format!("    sha256: {hash}\n"));
    }
    sealed
}
