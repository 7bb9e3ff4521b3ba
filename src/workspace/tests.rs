use std::fs;

use super::*;
use crate::policy::{self, period};
use crate::text::{Diagnostic, Lang, Place};

const FILE: &str = "schema: hegui/workspace/v1
entity: {name: 示例代账有限公司, uscc: 91310115000000000X, contact: 合规专员}
responsible: {data_security: 数据安全岗}
scope: {systems: [财务系统, NAS], out_of_scope: 门禁}
report: {kind: third_party, language: en, formats: [json, md]}
time_zone: Asia/Shanghai
profile: bookkeeping-agency
facts: {individuals: 42000, cross_border: false}
gate: {fail_on: high}
limits: {columns: 100}
as_of: 2026-10-15
";

fn told(faults: &[Diagnostic]) -> Vec<String> {
    let place = |fault: &Diagnostic| fault.place.as_ref().map(Place::display).unwrap_or_default();
    faults.iter().map(|fault| format!("{} {} {}", place(fault), fault.code.id, fault.message.get(Lang::En))).collect()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn opened(text: &str) -> Workspace {
    let folder = folder(&[("hegui.yaml", text)]);
    Workspace::open(folder.path(), WithoutFile::Refuse).unwrap()
}

#[test]
fn every_key_is_read() {
    let workspace = opened(FILE);
    assert_eq!(told(&workspace.diagnostics), Vec::<String>::new());
    assert_eq!(workspace.entity.name.zh, "示例代账有限公司");
    assert_eq!(workspace.scope.systems.len(), 2);
    assert_eq!(workspace.scope.out_of_scope[0].zh, "门禁");
    assert_eq!(workspace.report.kind, ReportKind::ThirdParty);
    assert_eq!(workspace.report.language, Some(Lang::En));
    assert_eq!(workspace.report.formats, Some(vec!["json".to_owned(), "md".to_owned()]));
    assert_eq!(workspace.time_zone, Some(chrono_tz::Asia::Shanghai));
    assert_eq!(workspace.as_of, crate::policy::date::parse("2026-10-15"));
    assert_eq!(workspace.profile.name.as_deref(), Some("bookkeeping-agency"));
    assert_eq!(workspace.profile.place.unwrap().display(), "hegui.yaml:7:10");
    assert_eq!(workspace.gate, Some(Gate { fail_on: FailOn::From(crate::model::Severity::High) }));
    assert_eq!(workspace.limits.columns, Some(100));
    assert_eq!(workspace.evidence, ["evidence"]);
    assert!(workspace.policies.is_empty());
}

#[test]
fn faults_are_told_at_their_places() {
    let cases = [
        ("unknown key", "gate:", "gaet: x\ngate:", "hegui.yaml:9:1 policy/unknown-key"),
        ("no entity", "entity:", "x:", "hegui.yaml:1:1 policy/missing-key a workspace lacks `entity`"),
        ("time zone", "Asia/Shanghai", "Asia/Shangai", "hegui.yaml:6:12 workspace/time-zone"),
        ("severity", "fail_on: high", "fail_on: hi", "hegui.yaml:9:17 policy/wrong-word"),
        ("path up", "facts:", "evidence: ../other\nfacts:", "hegui.yaml:8:11 workspace/path"),
        ("absolute path", "facts:", "policies: [/etc]\nfacts:", "hegui.yaml:8:12 workspace/path"),
        (
            "templates not there",
            "formats:",
            "templates: design, formats:",
            "hegui.yaml:5:54 workspace/path no folder: `design`",
        ),
        ("templates outside", "formats:", "templates: ../x, formats:", "hegui.yaml:5:54 workspace/path path `../x`"),
        ("limit", "columns: 100", "columns: 0", "hegui.yaml:10:19 policy/out-of-range"),
    ];
    for (name, from, to, expected) in cases {
        let lines = told(&opened(&FILE.replacen(from, to, 1)).diagnostics);
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{name}: {lines:?}");
    }
}

#[test]
fn what_decides_the_judgement_and_cannot_be_read_is_told_apart() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("a day that is none", "as_of: 2026-10-15", "as_of: 2026-13-15", &["as_of"]),
        ("a day left out of its key", "as_of: 2026-10-15", "as_of:", &["as_of"]),
        ("a misspelt key", "as_of: 2026-10-15", "as_off: 2026-10-15", &["as_of"]),
        ("a key twice", "as_of: 2026-10-15", "as_of: 2026-10-15\nas_of: 2026-10-16", &["as_of"]),
        ("time zone", "Asia/Shanghai", "Asia/Shangai", &["time_zone"]),
        ("profile", "profile: bookkeeping-agency", "profile: [bookkeeping-agency]", &["profile"]),
        ("a key in the wrong place", "time_zone: Asia/Shanghai", "limits: {time_zone: UTC}", &["time_zone"]),
        ("gate", "fail_on: high", "fail_on: hi", &["gate"]),
        ("facts", "facts: {individuals: 42000, cross_border: false}", "facts: 3", &["facts"]),
        ("a fact twice", "cross_border: false", "cross_border: false, individuals: 1", &["facts"]),
        ("evidence root", "facts:", "evidence: ../other\nfacts:", &["evidence"]),
        ("overlay folder", "facts:", "policies: [/etc]\nfacts:", &["policies"]),
        ("two of them", "fail_on: high}\n", "fail_on: hi}\nevidnce: x\n", &["evidence", "gate"]),
        ("not closed", "fail_on: high}", "fail_on: high", &["hegui.yaml"]),
        ("a list", "schema: hegui/workspace/v1\n", "- a\n# ", &["hegui.yaml"]),
        ("a second document", "gate:", "---\ngate:", &["hegui.yaml"]),
        ("another kind of file", "hegui/workspace/v1", "hegui/workspace/v2", &["hegui.yaml"]),
        // What only words of the report rest on.
        ("an unknown key like none of them", "gate:", "colour: red\ngate:", &[]),
        ("entity", "name: 示例代账有限公司, ", "", &[]),
        ("a word of the report", "kind: third_party", "kind: fourth_party", &[]),
        ("scope", "systems:", "sistems:", &[]),
        ("a limit", "columns: 100", "columns: 0", &[]),
        ("a key that is there, in the wrong place too", "uscc: 91310115000000000X", "profile: x", &[]),
        ("an entity twice", "gate:", "entity: {name: x}\ngate:", &[]),
    ];
    for (name, from, to, expected) in cases {
        assert!(FILE.contains(from), "{name}");
        let workspace = opened(&FILE.replacen(from, to, 1));
        let keys: Vec<&str> = workspace.unsettled.iter().copied().collect();
        assert_eq!(keys, *expected, "{name}: {:?}", told(&workspace.diagnostics));
        assert!(!workspace.diagnostics.is_empty(), "{name}");
    }
    for nothing in ["", "# only a comment\n"] {
        assert_eq!(opened(nothing).unsettled.into_iter().collect::<Vec<_>>(), ["hegui.yaml"]);
    }
    assert!(opened(FILE).unsettled.is_empty());
}

/// Nobody may take a waiver for counted that nothing reads.
#[test]
fn folders_that_are_not_read_yet_are_told_of() {
    let folder = folder(&[
        ("hegui.yaml", FILE),
        ("waivers/a.yaml", "]["),
        ("attestations/.gitkeep", ""),
        ("ledger/2026/x.xlsx", ""),
    ]);
    let workspace = Workspace::open(folder.path(), WithoutFile::Refuse).unwrap();
    assert_eq!(
        told(&workspace.diagnostics),
        [
            "ledger workspace/not-read what lies in `ledger` is not read yet and changes no result",
            "waivers workspace/not-read what lies in `waivers` is not read yet and changes no result",
        ]
    );
    assert!(workspace.unsettled.is_empty());
}

#[test]
fn facts_are_typed_by_the_pack() {
    let pack = policy::load(policy::shipped(), Vec::new(), &ProfileChoice::default(), false).pack;
    let (facts, faults) = opened(FILE).facts(&pack);
    assert_eq!(told(&faults), Vec::<String>::new());
    assert_eq!(facts["individuals"], Scalar::Integer(42_000));
    let (facts, faults) = opened(&FILE.replace("42000", "many").replace("cross_border", "cross_bordre")).facts(&pack);
    assert!(facts.is_empty());
    let lines = told(&faults);
    assert!(lines.iter().any(|line| line.starts_with("hegui.yaml:8:22 policy/wrong-type")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("hegui.yaml:8:28 policy/no-such-fact")), "{lines:?}");
}

#[test]
fn a_folder_without_file_is_refused_unless_told() {
    let empty = folder(&[]);
    let refused = Workspace::open(empty.path(), WithoutFile::Refuse).unwrap_err();
    assert!(matches!(refused, WorkspaceError::NotFound { .. }));
    assert_eq!(refused.diagnostic().code.id, "workspace/not-found");
    assert!(Workspace::open(empty.path(), WithoutFile::Allow).is_ok());
    let nowhere = Workspace::open(&empty.path().join("nowhere"), WithoutFile::Allow).unwrap_err();
    assert!(matches!(nowhere, WorkspaceError::NoFolder { .. }));
    fs::write(empty.path().join("hegui.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    let unreadable = Workspace::open(empty.path(), WithoutFile::Refuse).unwrap_err();
    assert!(matches!(unreadable, WorkspaceError::Read { .. }));
}

#[test]
fn the_newest_period_ends_last() {
    let folder = folder(&[
        ("hegui.yaml", FILE),
        ("evidence/2026Q2/a.csv", ""),
        ("evidence/2026-09/a.csv", ""),
        ("evidence/2026Q3/a.csv", ""),
        ("evidence/2025/a.csv", ""),
        ("evidence/other/2027Q1/a.csv", ""),
    ]);
    let workspace = Workspace::open(folder.path(), WithoutFile::Refuse).unwrap();
    let names: Vec<_> = workspace.periods().into_iter().map(|period| period.name).collect();
    assert_eq!(names, ["2025", "2026Q2", "2026-09", "2026Q3"]);
    let newest = workspace.newest_period().unwrap();
    assert_eq!(Some((newest.first, newest.last)), period::parse("2026Q3"));
}

#[test]
fn manifests_of_the_period_are_merged() {
    let entry = "schema: hegui/manifest/v1
files:
  - {path: jobs.csv, kind: jobs, captured_on: 2026-09-30, rows: 3, period: {from: 2026-07-01, to: 2026-09-30}}
  - {path: ../shared/roster.csv, rows: 0}
";
    let folder = folder(&[
        ("hegui.yaml", FILE),
        ("evidence/2026Q3/backup/manifest.yaml", entry),
        ("evidence/2026Q2/manifest.yaml", "broken: ["),
        (
            "evidence/manifest.yaml",
            "schema: hegui/manifest/v1\nfiles:\n  - path: 2026Q3/backup/./jobs.csv\n  - path: ../../x\n  - pth: y\n",
        ),
    ]);
    let workspace = Workspace::open(folder.path(), WithoutFile::Refuse).unwrap();
    let (manifest, faults) = workspace.manifest(Some("2026Q3"));
    let paths: Vec<_> = manifest.files.iter().map(|file| (file.path.as_str(), file.rows)).collect();
    assert_eq!(paths, [("evidence/2026Q3/backup/jobs.csv", Some(3)), ("evidence/2026Q3/shared/roster.csv", Some(0))]);
    assert_eq!(manifest.files[0].period, period::parse("2026Q3"));
    let mut lines = told(&faults);
    lines.sort();
    let starts = [
        "evidence/manifest.yaml:3:11 workspace/manifest-duplicate",
        "evidence/manifest.yaml:4:11 workspace/path",
        "evidence/manifest.yaml:5:5 policy/unknown-key",
    ];
    assert_eq!(lines.len(), starts.len(), "{lines:?}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_workspace_is_not_followed() {
    let outside = folder(&[("hegui.yaml", FILE), ("manifest.yaml", "schema: hegui/manifest/v1\nfiles: []\n")]);
    let inside = folder(&[("evidence/a.csv", "")]);
    std::os::unix::fs::symlink(outside.path().join("hegui.yaml"), inside.path().join("hegui.yaml")).unwrap();
    assert!(matches!(Workspace::open(inside.path(), WithoutFile::Refuse), Err(WorkspaceError::Read { .. })));
    fs::remove_file(inside.path().join("hegui.yaml")).unwrap();
    fs::write(inside.path().join("hegui.yaml"), FILE).unwrap();
    let link = inside.path().join("evidence/manifest.yaml");
    std::os::unix::fs::symlink(outside.path().join("manifest.yaml"), link).unwrap();
    let workspace = Workspace::open(inside.path(), WithoutFile::Refuse).unwrap();
    let (_, faults) = workspace.manifest(None);
    assert!(told(&faults)[0].starts_with("evidence/manifest.yaml policy/file-unreadable"), "{faults:?}");
}

/// What an `assessment.json` must say for the search; the rest of one is read over.
fn assessment(number: &str, period: &str, name: &str, uscc: Option<&str>) -> String {
    serde_json::json!({
        "schema": "hegui/assessment/v1",
        "metadata": {
            "report_id": number, "as_of": "2026-01-01", "period": {"id": period, "start": "2026-01-01"},
            "entity": {"name": {"zh": name, "en": "Example"}, "uscc": uscc, "address": null},
        },
        "controls": [{"id": "BAK-01"}],
    })
    .to_string()
}

#[test]
fn the_prior_report_is_the_newest_earlier_one_of_the_entity() {
    const OWN: &str = "示例代账有限公司";
    const CODE: Option<&str> = Some("91310115000000000X");
    let ours = |number: &str, period: &str| assessment(number, period, OWN, CODE);
    let all = folder(&[
        ("hegui.yaml", FILE),
        ("reports/2025/assessment.json", &ours("Y25", "2025")),
        ("reports/2026H1/assessment.json", &ours("H1", "2026H1")),
        ("reports/2026-06/assessment.json", &ours("M6", "2026-06")),
        ("reports/2026Q2/assessment.json", &ours("Q2", "2026Q2")),
        ("reports/2026Q3/assessment.json", &ours("Q3", "2026Q3")),
        ("reports/2026Q1/report.md", ""),
        ("reports/old/assessment.json", "{"),
    ]);
    let workspace = Workspace::open(all.path(), WithoutFile::Refuse).unwrap();
    // Of those that end together the one of the same length, else the longest; what has not ended before is not earlier.
    let cases = [
        ("2026Q4", Some("Q3")),
        ("2026Q3", Some("Q2")),
        ("2026-07", Some("M6")),
        ("2026H2", Some("H1")),
        ("2026-09", Some("M6")),
        ("2026Q2", Some("Y25")),
        ("2026", Some("Y25")),
        ("2027", Some("Q3")),
        ("2025", None),
        ("x", None),
    ];
    for (period, expected) in cases {
        let (prior, faults) = workspace.prior(period);
        assert_eq!((prior.as_deref(), told(&faults)), (expected, Vec::new()), "{period}");
    }
}

#[test]
fn what_is_no_prior_report_is_told_and_passed_over() {
    const OWN: &str = "示例代账有限公司";
    let good = assessment("Q1", "2026Q1", OWN, None);
    let cases = [
        ("not JSON", "{\"schema\": ".to_owned(), "prior-unreadable"),
        ("a BOM", format!("\u{feff}{}", assessment("Q2", "2026Q2", OWN, None)), ""),
        ("empty", String::new(), "prior-unreadable"),
        ("another schema", good.replace("/v1", "/v2"), "prior-unreadable"),
        ("no number", good.replace("report_id", "x"), "prior-unreadable"),
        ("cut in half", good[..good.len() / 2].to_owned(), "prior-unreadable"),
        ("more behind", format!("{good}{good}"), "prior-unreadable"),
        ("nested deep", good.replace("\"BAK-01\"", &"[".repeat(100_000)), "prior-unreadable"),
        ("another period", good.clone(), "prior-foreign"),
        ("another entity", assessment("Q2", "2026Q2", "另一家", None), "prior-foreign"),
        ("another code", assessment("Q2", "2026Q2", OWN, Some("other")), "prior-foreign"),
        ("renamed, same code", assessment("Q2", "2026Q2", "旧名", Some("91310115000000000X")), ""),
    ];
    for (name, text, expected) in cases {
        let files = folder(&[
            ("hegui.yaml", FILE),
            ("reports/2026Q1/assessment.json", &good),
            ("reports/2026Q2/assessment.json", &text),
        ]);
        let workspace = Workspace::open(files.path(), WithoutFile::Refuse).unwrap();
        let (prior, faults) = workspace.prior("2026Q3");
        let lines = told(&faults);
        if expected.is_empty() {
            assert_eq!((prior.as_deref(), lines.len()), (Some("Q2"), 0), "{name}: {lines:?}");
        } else {
            assert_eq!(prior.as_deref(), Some("Q1"), "{name}");
            let start = format!("reports/2026Q2/assessment.json workspace/{expected} ");
            assert!(lines.len() == 1 && lines[0].starts_with(&start), "{name}: {lines:?}");
        }
    }
    let blocked = folder(&[("hegui.yaml", FILE), ("reports", "a file")]);
    let (prior, faults) = Workspace::open(blocked.path(), WithoutFile::Refuse).unwrap().prior("2026Q3");
    assert!(prior.is_none() && told(&faults)[0].starts_with("reports workspace/prior-unreadable"), "{faults:?}");
}

#[cfg(unix)]
#[test]
fn a_prior_report_outside_the_workspace_is_not_read() {
    let text = assessment("Q2", "2026Q2", "示例代账有限公司", None);
    let outside = folder(&[("assessment.json", &text)]);
    let inside = folder(&[("hegui.yaml", FILE), ("reports/2026Q1/assessment.json/x", "")]);
    std::os::unix::fs::symlink(outside.path(), inside.path().join("reports/2026Q2")).unwrap();
    let (prior, faults) = Workspace::open(inside.path(), WithoutFile::Refuse).unwrap().prior("2026Q3");
    assert_eq!(prior, None);
    let lines = told(&faults);
    assert!(
        lines[0].contains("a link leads out of the folder") && lines[1].contains("not a regular file"),
        "{lines:?}"
    );
}

#[test]
fn templates_are_a_folder_inside_the_workspace() {
    let text = FILE.replace("formats:", "templates: design/, formats:");
    let files = folder(&[("hegui.yaml", &text), ("design/templates/report.md", "")]);
    let workspace = Workspace::open(files.path(), WithoutFile::Refuse).unwrap();
    assert_eq!(told(&workspace.diagnostics), Vec::<String>::new());
    assert_eq!(workspace.report.templates.as_deref(), Some("design"));
    #[cfg(unix)]
    {
        let outside = folder(&[]);
        let files = folder(&[("hegui.yaml", &text)]);
        std::os::unix::fs::symlink(outside.path(), files.path().join("design")).unwrap();
        let workspace = Workspace::open(files.path(), WithoutFile::Refuse).unwrap();
        assert_eq!(workspace.report.templates, None);
        let lines = told(&workspace.diagnostics);
        assert_eq!(lines, ["hegui.yaml:5:54 workspace/path a link leads out of the workspace: `design`"]);
    }
}

#[test]
fn columns_of_odd_exports_are_named() {
    let text = format!(
        "{FILE}columns:\n  backup_jobs: {{job_id: 流水号, status: [处理结果, 状况], jobid: 编号}}\n  backup_job: {{status: x}}\n"
    );
    let workspace = opened(&text);
    assert_eq!(told(&workspace.diagnostics), Vec::<String>::new());
    let choice = policy::ProfileChoice::named("bookkeeping-agency");
    let mut pack = policy::load(policy::shipped(), Vec::new(), &choice, false).pack;
    let faults = workspace.name_columns(&mut pack);
    assert_eq!(
        told(&faults),
        [
            "hegui.yaml:13:50 policy/unknown-column-of-kind `backup_jobs` has no column `jobid`",
            "hegui.yaml:14:3 policy/unknown-kind there is no evidence kind `backup_job`",
        ]
    );
    let helps: Vec<_> = faults.iter().filter_map(|fault| fault.help.as_ref()).map(|help| help.en.as_str()).collect();
    assert_eq!(helps, ["did you mean `job_id`?", "did you mean `backup_jobs`?"]);
    let fields = &pack.kinds["backup_jobs"].record.fields;
    assert!(fields["job_id"].stated == ["流水号"]);
    let workspace =
        opened(&format!("{FILE}columns: {{backup_jobs: {{job_id: [流水号, 流水号], status: [状况, '流水 号']}}}}\n"));
    let mut other = policy::load(policy::shipped(), Vec::new(), &choice, false).pack;
    assert_eq!(
        told(&workspace.name_columns(&mut other)),
        [
            "hegui.yaml:12:58 workspace/column-twice the heading `流水 号` is given to `job_id` already, not to `status` as well"
        ]
    );
    let mut pack = policy::load(policy::shipped(), Vec::new(), &choice, false).pack;
    let words = pack.kinds["backup_jobs"].record.fields["dataset"].clone();
    let [title, alias] = [words.title.unwrap(), words.aliases[0].clone()];
    let workspace = opened(&format!("{FILE}columns: {{backup_jobs: {{job_id: [{title}, {alias}]}}}}\n"));
    assert_eq!(told(&workspace.name_columns(&mut pack)), Vec::<String>::new());
    let dataset = &pack.kinds["backup_jobs"].record.fields["dataset"];
    assert!(dataset.title.is_none() && !dataset.aliases.contains(&alias), "{dataset:?}");
    assert_eq!(pack.kinds["backup_jobs"].record.fields["job_id"].stated, [title, alias]);
    assert!(fields["status"].stated == ["处理结果", "状况"]);
}
