//! Every diagnostic code is produced by some fixture: a code that nothing can produce is documented for nobody.

use std::collections::BTreeSet;

use hegui::evidence::{Index, Limits, MemoryFile, MemoryOptions};
use hegui::model::{Manifest, ManifestFile};
use hegui::pipeline::{PipelineError, Request, check};
use hegui::policy::{PackFiles, ProfileChoice, lint_static, load, shipped};
use hegui::text::{Diagnostic, Level, Place};

use super::common::{Workspace, repository};

const CONTROL: &str = "policies/controls/BAK/BAK-90.yaml";
const KIND: &str = "policies/evidence/widgets.yaml";
const PROFILE: &str = "policies/profiles/small.yaml";
const SETTINGS: &str = "hegui.yaml";
const DATA: &str = "evidence/2026Q3/widgets.csv";
const MANIFEST: &str = "evidence/2026Q3/manifest.yaml";
const TEST: &str = "policies/tests/BAK/BAK-90.yaml";
const LAW: &str = "policies/provisions/OWN.yaml";
/// The line of the control that says what must hold.
const EXPECT: &str = "    expect: amount >= $least\n";
/// What it says.
const AMOUNT: &str = "amount >= $least";

/// Files changed: an empty `from` writes the whole file, else the words are replaced.
type Changes = &'static [(&'static str, &'static str, &'static str)];

const OWN_LAW: &str = "schema: hegui/provisions/v1
law: {id: OWN, title: 本单位制度, level: normative-document, in_force_from: 2025-01-01}
provisions:
  - {id: OWN-1, article: \"1\", binding: mandatory, summary: 要点, verification: {level: A, sources: [S-JL]}}
";

const CASES: &str = "schema: hegui/test/v1
control: BAK-90
as_of: 2026-09-30
cases:
  - name: enough
    evidence: {widgets: [{id: a, made_on: 2026-09-30, amount: 1}]}
    expect: {BAK-90.1: satisfied}
  - name: too few, and unknown
    evidence: {widgets: [{id: a, made_on: 2026-09-30, amount: 0}, {id: b, made_on: 2026-09-30}]}
    expect: {BAK-90.1: {outcome: not_satisfied, population: 2, conforming: 0}}
  - name: none
    evidence: {}
    expect: {BAK-90.1: not_tested}
";

/// A control of a family that no profile selects and `pack.yaml` does not name.
const OTHER: &str = "schema: hegui/control/v1
id: XYZ-01
title: x
objective: x
severity: low
provisions: [DSL-27]
remedy: x
checks: [{id: XYZ-01.1, title: x, over: widgets, count: \">= 1\"}]
";

const CALENDAR: &str = "schema: hegui/calendar/v1
year: 2031
title: x
source: notice
holidays: [{name: 元旦, from: 2030-01-01}]
";

#[rustfmt::skip]
const FIXTURES: &[(&str, Changes)] = &[
    // Expressions.
    ("expr/aggregate-not-here", &[(CONTROL, AMOUNT, "COUNT(*) > $least")]),
    ("expr/arguments", &[(CONTROL, AMOUNT, "ABS(amount, 1) > $least")]),
    ("expr/cast", &[(CONTROL, AMOUNT, "CAST(amount AS money) > $least")]),
    ("expr/compare-null", &[(CONTROL, AMOUNT, "amount = NULL OR $least > 0")]),
    ("expr/literal", &[(CONTROL, AMOUNT, "made_on > DATE '2026-02-30' OR $least > 0")]),
    ("expr/not-in-enum", &[(KIND, "title: 编号}", "title: 编号, enum: [w1, w2]}"), (CONTROL, AMOUNT, "id <> 'w3' OR $least > 0")]),
    ("expr/pattern", &[(CONTROL, AMOUNT, "REGEXP_LIKE(id, '(') OR $least > 0")]),
    ("expr/previous-not-here", &[(CONTROL, AMOUNT, "PREVIOUS(amount) > $least")]),
    ("expr/syntax", &[(CONTROL, AMOUNT, "$least <")]),
    ("expr/type", &[(CONTROL, AMOUNT, "amount >= 'many' OR $least > 0")]),
    ("expr/unknown-function", &[(CONTROL, AMOUNT, "LOWR(id) = 'x' OR $least > 0")]),
    // Names and sentences.
    ("policy/aggregate-needed", &[(CONTROL, EXPECT, "    as: w\n    join: {p: {from: widgets, on: id, let: {n: amount}}}\n    expect: p.n >= $least\n")]),
    ("policy/aggregate-without-group", &[(CONTROL, EXPECT, "    let: {n: COUNT(*)}\n    expect: n >= $least\n")]),
    ("policy/alias-outside-partner", &[(CONTROL, EXPECT, "    as: w\n    expect: w.amount >= $least\n")]),
    ("policy/applies-if-names", &[(CONTROL, EXPECT, "    applies_if: amount > 1\n    expect: amount >= $least\n")]),
    ("policy/applies-if-undecided", &[(CONTROL, EXPECT, "    applies_if: 1 / ($facts.employees - 3) > 1\n    expect: amount >= $least\n")]),
    ("policy/count-form", &[(CONTROL, EXPECT, "    count: \"= 1\"\n")]),
    ("policy/count-with-group", &[(CONTROL, EXPECT, "    group_by: [id]\n    count: \">= 1\"\n")]),
    ("policy/finding-missing", &[(CONTROL, "    finding: \"{{ id }} 只有 {{ amount }}\"\n", "")]),
    ("policy/key-types", &[(CONTROL, EXPECT, "    as: w\n    join: {p: {from: widgets, on: amount = id}}\n    expect: p.matched\n")]),
    ("policy/name-gone", &[(CONTROL, EXPECT, "    group_by: [id]\n    let: {n: COUNT(*)}\n    expect: amount > n\n")]),
    ("policy/name-taken", &[(CONTROL, EXPECT, "    as: parent\n    expect: amount >= $least\n")]),
    ("policy/name-too-early", &[(CONTROL, EXPECT, "    let: {a: b + 1, b: amount}\n    expect: a >= $least\n")]),
    ("policy/nested-correlation", &[(CONTROL, EXPECT,
        "    as: w\n    has: {in: widgets, on: p.x = amount, join: {p: {from: widgets, on: id, let: {x: \"MAX(w.amount)\"}}}}\n")]),
    ("policy/not-a-column", &[(CONTROL, EXPECT, "    group_by: [LOWER(id)]\n    let: {n: COUNT(*)}\n    expect: n >= $least\n")]),
    ("policy/not-ordered", &[(KIND, "    amount:", "    tags: {type: array, items: {type: string}}\n    amount:"),
        (CONTROL, EXPECT, "    order_by: tags\n    let: {p: PREVIOUS(amount)}\n    expect: p >= $least\n")]),
    ("policy/partners-wanted", &[(CONTROL, EXPECT, "    as: w\n    has: {in: widgets, on: id, at_least: 0}\n")]),
    ("policy/previous-without-order", &[(CONTROL, EXPECT, "    let: {p: PREVIOUS(amount)}\n    expect: p >= $least\n")]),
    ("policy/share-form", &[(CONTROL, EXPECT, "    at_least: 80%\n    partial_from: 90%\n    expect: amount >= $least\n")]),
    ("policy/unknown-column", &[(CONTROL, AMOUNT, "amonut >= $least")]),
    ("policy/unknown-fact", &[(CONTROL, AMOUNT, "amount >= $facts.people")]),
    ("policy/unknown-name-in-text", &[(CONTROL, "{{ id }}", "{{ name }}")]),
    ("policy/unknown-parameter", &[(CONTROL, AMOUNT, "amount >= $leats")]),
    ("policy/unknown-source", &[(CONTROL, "over: widgets", "over: wigdets")]),
    ("policy/values-parameter", &[(CONTROL, "over: widgets", "over: {values: $least}")]),
    // Files of a pack.
    ("policy/bad-glob", &[(KIND, "**/widgets*", "**/widgets[")]),
    ("policy/bad-regex", &[(KIND, "title: 编号}", "title: 编号, pattern: \"(a\"}")]),
    ("policy/bad-schema", &[(KIND, "time: made_on", "time: amount")]),
    ("policy/bad-template", &[(CONTROL, "{{ amount }}", "{{ amount")]),
    ("policy/below-law", &[(CONTROL, "max: 5, source: practice", "max: 5, source: law"), (PROFILE, "include:", "params: {BAK-90.least: 0}\ninclude:")]),
    ("policy/calendar-day", &[("policies/calendars/cn-2031.yaml", "", CALENDAR)]),
    ("policy/dates-reversed", &[(LAW, "", OWN_LAW), (LAW, "2025-01-01}", "2025-01-01, in_force_to: 2024-01-01}")]),
    ("policy/duplicate-id", &[(CONTROL, "  - id: BAK-90.1\n", "  - {id: BAK-90.1, title: x, over: widgets, count: \">= 1\"}\n  - id: BAK-90.1\n")]),
    ("policy/empty-value", &[(CONTROL, "[DSL-27]", "[]")]),
    ("policy/file-empty", &[(KIND, "", "# nothing\n")]),
    ("policy/file-unknown", &[("policies/others/x.yaml", "", "a: 1\n")]),
    ("policy/id-mismatch", &[(CONTROL, "id: BAK-90\n", "id: BAK-99\n")]),
    ("policy/missing-key", &[(CONTROL, "remedy: 补足\n", "")]),
    ("policy/no-such-fact", &[(SETTINGS, "employees: 3", "emploees: 3")]),
    ("policy/no-such-param", &[(PROFILE, "include:", "params: {BAK-90.most: 3}\ninclude:")]),
    ("policy/one-of-keys", &[(CONTROL, EXPECT, "    expect: amount >= $least\n    count: \">= 1\"\n")]),
    ("policy/out-of-range", &[(SETTINGS, "gate:", "limits: {columns: 0}\ngate:")]),
    ("policy/param-out-of-bounds", &[(PROFILE, "include:", "params: {BAK-90.least: 9}\ninclude:")]),
    ("policy/param-reserved", &[(CONTROL, "params:\n", "params:\n  as_of: {type: integer, default: 1, source: practice}\n")]),
    ("policy/replaces-circular", &[(CONTROL, "severity: high", "replaces: BAK-90\nseverity: high")]),
    ("policy/replaces-unknown", &[(CONTROL, "severity: high", "replaces: BAK-77\nseverity: high")]),
    ("policy/selects-nothing", &[(PROFILE, "[BAK-90]", "[BAK-90, XYZ]")]),
    ("policy/unknown-column-of-kind", &[(KIND, "key: [id]", "key: [ib]")]),
    ("policy/unknown-control", &[(PROFILE, "include:", "params: {BAK-91.least: 3}\ninclude:")]),
    ("policy/unknown-family", &[("policies/controls/XYZ/XYZ-01.yaml", "", OTHER)]),
    ("policy/unknown-key", &[(CONTROL, "severity: high", "severity: high\nextra: 1")]),
    ("policy/unknown-kind", &[(MANIFEST, "", "schema: hegui/manifest/v1\nfiles: [{path: widgets.csv, kind: wigdets}]\n")]),
    ("policy/unknown-law-source", &[(LAW, "", OWN_LAW), (LAW, "[S-JL]", "[S-NOWHERE]")]),
    ("policy/unknown-profile", &[(SETTINGS, "profile: small", "profile: smal")]),
    ("policy/unknown-provision", &[(CONTROL, "[DSL-27]", "[DSL-2777]")]),
    ("policy/unknown-schema", &[(CONTROL, "control/v1", "control/v2")]),
    ("policy/unselected-control", &[("policies/controls/XYZ/XYZ-01.yaml", "", OTHER)]),
    ("policy/unused-param", &[(CONTROL, AMOUNT, "amount >= 1")]),
    ("policy/unused-provision", &[(LAW, "", OWN_LAW)]),
    ("policy/weak-basis", &[(LAW, "", OWN_LAW), (LAW, "level: A", "level: U"), (CONTROL, "[DSL-27]", "[OWN-1]")]),
    ("policy/wrong-type", &[(CONTROL, "default: 1", "default: one")]),
    ("policy/wrong-word", &[(CONTROL, "severity: high", "severity: hihg")]),
    ("policy/yaml-alias", &[(CONTROL, "severity: high", "severity: *high")]),
    ("policy/yaml-documents", &[(CONTROL, "remedy: 补足\n", "remedy: 补足\n---\na: 1\n")]),
    ("policy/yaml-duplicate-key", &[(CONTROL, "severity: high", "severity: high\nseverity: low")]),
    ("policy/yaml-key", &[(CONTROL, "severity: high", "severity: high\n? [a]\n: 1")]),
    ("policy/yaml-syntax", &[(CONTROL, "severity: high", "severity: \"high")]),
    ("policy/yaml-tag", &[(CONTROL, "severity: high", "severity: !x high")]),
    // Policy tests.
    ("policy/test-boundary", &[(TEST, "", CASES), (TEST, "amount: 1}", "amount: 2}")]),
    ("policy/test-column", &[(TEST, "", CASES), (TEST, "amount: 1}", "amuont: 1}")]),
    ("policy/test-coverage", &[]),
    ("policy/test-equivalent", &[(TEST, "", CASES), (TEST, "cases:", "equivalent: [{check: BAK-90.1, from: a, to: b, why: c}]\ncases:")]),
    ("policy/test-failed", &[(TEST, "", CASES), (TEST, "population: 2", "population: 3")]),
    ("policy/test-mutant", &[(TEST, "", CASES), (CONTROL, AMOUNT, "amount >= $least OR amount > 7")]),
    ("policy/unknown-check", &[(TEST, "", CASES), (TEST, "BAK-90.1: satisfied", "BAK-90.7: satisfied")]),
    // Workspace files.
    ("workspace/manifest-duplicate", &[(MANIFEST, "", "schema: hegui/manifest/v1\nfiles: [{path: widgets.csv}, {path: widgets.csv}]\n")]),
    ("workspace/column-twice", &[(SETTINGS, "gate:", "columns: {widgets: {id: Number, amount: number}}\ngate:")]),
    ("workspace/not-read", &[("waivers/w.yaml", "", "a: 1\n")]),
    ("workspace/path", &[(SETTINGS, "gate:", "evidence: [../elsewhere]\ngate:")]),
    ("workspace/prior-unreadable", &[("reports/2026Q2/assessment.json", "", "{")]),
    ("workspace/time-zone", &[(SETTINGS, "Asia/Shanghai", "Asia/Shangai")]),
    // Evidence.
    ("evidence/ambiguous-key", &[(KIND, "key: [id]\n", ""), (DATA, "w2,2026-09-30,2", "w1,2026-09-30,2"),
        (CONTROL, EXPECT, "    as: w\n    join: {p: {from: widgets, on: id}}\n    expect: p.amount >= $least\n")]),
    ("evidence/captured-stated", &[("evidence/2026Q3/widgets_20260901.csv", "", "编号,日期,数量\nw3,2026-09-01,1\n"),
        (MANIFEST, "", "schema: hegui/manifest/v1\nfiles: [{path: widgets_20260901.csv, captured_on: 2026-09-30}]\n")]),
    ("evidence/changed", &[(MANIFEST, "", "schema: hegui/manifest/v1\nfiles: [{path: widgets.csv, \
        sha256: 0000000000000000000000000000000000000000000000000000000000000000}]\n")]),
    ("evidence/duplicate-column", &[(DATA, "编号,日期,数量", "编号,日期,数量,数量"), (DATA, "01,1\n", "01,1,1\n"), (DATA, "30,2\n", "30,2,2\n")]),
    ("evidence/duplicate-file", &[("evidence/2026Q3/widgets2.csv", "", "编号,日期,数量\nw1,2026-09-01,1\nw2,2026-09-30,2\n")]),
    ("evidence/duplicate-key", &[(DATA, "w2,", "w1,")]),
    ("evidence/duplicate-name", &[("evidence/2026Q3/widgets2.json", "", "[{\"id\": \"w3\", \"id\": \"w4\", \"made_on\": \"2026-09-30\"}]")]),
    ("evidence/empty", &[(DATA, "", "编号,日期,数量\n")]),
    ("evidence/extra-column", &[(DATA, "编号,日期,数量", "编号,日期,数量,备注"), (DATA, "01,1\n", "01,1,x\n"), (DATA, "30,2\n", "30,2,y\n")]),
    ("evidence/format", &[("evidence/2026Q3/widgets.pdf", "", "%PDF-1.7")]),
    ("evidence/future", &[(DATA, "2026-09-30", "2027-09-30")]),
    ("evidence/header", &[(DATA, "", "甲,乙\n1,2\n")]),
    ("evidence/missing-column", &[(DATA, "编号,日期,数量", "编号,日期,别的")]),
    ("evidence/missing-file", &[(MANIFEST, "", "schema: hegui/manifest/v1\nfiles: [{path: gone.csv, kind: widgets}]\n")]),
    ("evidence/not-a-list", &[(KIND, "    amount:", "    tags: {type: array, items: {type: object, properties: {name: {type: string}}}}\n    amount:"),
        (CONTROL, "over: widgets", "over: widgets.tags"), (CONTROL, AMOUNT, "name <> '' OR $least > 1"), (CONTROL, "{{ id }} 只有 {{ amount }}", "x"),
        ("evidence/2026Q3/widgets2.json", "", "[{\"id\": \"w3\", \"made_on\": \"2026-09-30\", \"tags\": 7}]")]),
    ("evidence/period-stated", &[(MANIFEST, "", "schema: hegui/manifest/v1\nfiles: [{path: widgets.csv, period: {from: 2026-07-01, to: 2026-07-31}}]\n")]),
    ("evidence/rejected-row", &[(DATA, "w2,2026-09-30,2", "w2,2026-09-30,2,3,4,5,6")]),
    ("evidence/repeated-header", &[(DATA, "w2,2026-09-30,2", "编号,日期,数量\nw2,2026-09-30,2")]),
    ("evidence/rows-pointer", &[(KIND, "record:", "rows: /records\nrecord:"), ("evidence/2026Q3/widgets2.json", "", "{\"other\": []}")]),
    ("evidence/rows-stated", &[(MANIFEST, "", "schema: hegui/manifest/v1\nfiles: [{path: widgets.csv, rows: 3}]\n")]),
    ("evidence/filter-stated", &[(DATA, "编号,日期", "筛选条件：机房=一号\n编号,日期")]),
    ("evidence/part-stated", &[(DATA, "编号,日期", "第1页/共2页\n编号,日期")]),
    ("evidence/sequence-gap", &[(DATA, "编号,日期,数量", "序号,编号,日期,数量"), (DATA, "w1,", "1,w1,"), (DATA, "w2,2026-09-30,2", "2,w2,2026-09-30,2\n4,w3,2026-09-30,2")]),
    ("evidence/similar-names", &[("evidence/2026Q3/Widgets.csv", "", "编号,日期,数量\nw3,2026-09-01,1\n")]),
    ("evidence/sequence-start", &[(DATA, "编号,日期,数量", "序号,编号,日期,数量"), (DATA, "w1,", "51,w1,"), (DATA, "w2,", "52,w2,")]),
    ("evidence/stale", &[(DATA, "2026-09-01", "2025-09-01"), (DATA, "2026-09-30", "2025-09-30")]),
    ("evidence/syntax", &[("evidence/2026Q3/widgets2.json", "", "[{]")]),
    ("evidence/too-large", &[(SETTINGS, "gate:", "limits: {cell_bytes: 3}\ngate:")]),
    ("evidence/two-kinds", &[("policies/evidence/gadgets.yaml", "",
        "schema: hegui/evidence/v1\nid: gadgets\ntitle: x\ncollect: x\nfiles: [\"**/widgets*\"]\nrecord: {type: object, properties: {id: {type: string}}}\n")]),
    ("evidence/unclosed-quote", &[(DATA, "w2,", "\"w2,")]),
    ("evidence/undated", &[(KIND, "time: made_on\n", ""), (DATA, "编号,日期,数量", "编号,日期,数量")]),
    ("evidence/unreadable-cell", &[(DATA, "2026-09-30,2", "2026-09-30,viele")]),
    ("evidence/unused-file", &[("evidence/2026Q3/notes.csv", "", "a,b\n1,2\n")]),
];

fn day() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 10, 15).unwrap()
}

/// Everything told of a workspace: by a check, by lint of its policies, and by their tests.
fn told(workspace: &Workspace) -> Vec<Diagnostic> {
    let mut all = match check(&Request::new(workspace.path(), day()), None) {
        Err(PipelineError::Workspace(error)) => vec![error.diagnostic()],
        Err(PipelineError::Unsettled { diagnostics, .. }) => diagnostics,
        other => other.unwrap().diagnostics,
    };
    if let Ok(files) = PackFiles::read(&workspace.join("policies"), "policies") {
        let loaded = load(shipped(), vec![files], &ProfileChoice::default(), true);
        all.extend(lint_static(&loaded.pack));
        let report = hegui::proof::test(&loaded.pack, &|id| id.as_str().starts_with("BAK-9"), true);
        all.extend(report.diagnostics);
        all.extend(report.survivors);
        all.extend(report.failures.into_iter().map(|failure| failure.diagnostic));
        all.extend(loaded.diagnostics);
    }
    all
}

/// Fixtures that are more than words in a file.
fn others() -> Vec<(&'static str, Vec<Diagnostic>)> {
    let mut found = Vec::new();
    let mut with = |code, make: &dyn Fn(&Workspace)| {
        let workspace = Workspace::small();
        make(&workspace);
        found.push((code, told(&workspace)));
    };
    let sheet = |workspace: &Workspace, name: &str| {
        let suffix = name.rsplit('.').next().unwrap();
        let bytes = std::fs::read(repository().join("tests/fixtures/sheets").join(name)).unwrap();
        workspace.write(&format!("evidence/2026Q3/widgets2.{suffix}"), bytes);
        workspace.edit(KIND, "title: 日期}", "title: 日期, x-aliases: [完成], x-time-zone: Asia/Shanghai}");
        workspace.edit(KIND, "format: date,", "format: date-time, x-date-only: start,");
    };
    with("evidence/encrypted", &|workspace| sheet(workspace, "encrypted.xlsx"));
    with("evidence/comments", &|workspace| sheet(workspace, "comments.xlsx"));
    with("evidence/macros", &|workspace| sheet(workspace, "macros.xlsm"));
    with("evidence/hidden", &|workspace| sheet(workspace, "months.xlsx"));
    with("evidence/merged-cells", &|workspace| {
        let page = "<table><tr><td>编号<td>日期<td>数量<tr><td>w3<td>2026-09-01<td rowspan=2>1<tr><td>w4<td>2026-09-01</table>";
        workspace.write("evidence/2026Q3/widgets2.xls", page);
    });
    with("evidence/conditional-format", &|workspace| sheet(workspace, "comments.xlsx"));
    with("evidence/outside-table", &|workspace| {
        let page =
            "<table><tr><td>编号<td>日期<td>数量<tr><td>w3<td>2026-09-01<td>1</table><ul><li>w4 2026-09-01 0</ul>";
        workspace.write("evidence/2026Q3/widgets2.xls", page);
    });
    with("evidence/unread-sheet", &|workspace| {
        let page = "<table><tr><td>编号<td>日期<td>数量<tr><td>w3<td>2026-09-01<td>1</table><table><tr><td>w4<td>2026-09-01<td>1</table>";
        workspace.write("evidence/2026Q3/widgets2.xls", page);
    });
    with("evidence/unused-sheet", &|workspace| {
        sheet(workspace, "months.xlsx");
        workspace.edit(KIND, "record:", "read: {xlsx: {sheet: 8月}}\nrecord:");
    });
    with("evidence/no-sheet", &|workspace| {
        sheet(workspace, "months.xlsx");
        workspace.edit(KIND, "record:", "read: {xlsx: {sheet: 10月}}\nrecord:");
    });
    with("evidence/unreadable-file", &|workspace| {
        workspace.write("evidence/2026Q3/widgets2.xlsx", "PK\u{3}\u{4}");
    });
    with("evidence/encoding", &|workspace| {
        workspace.write(DATA, b"\x00\x01\x02\xff\xfe\x80\x81\n".repeat(40));
    });
    with("evidence/too-deep", &|workspace| {
        workspace.write("evidence/2026Q3/widgets2.json", "[".repeat(1_000));
    });
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::fs::symlink;
        with("evidence/folder-cycle", &|workspace| symlink(".", workspace.join("evidence/2026Q3/again")).unwrap());
        with("evidence/outside-workspace", &|workspace| {
            symlink("/etc/passwd", workspace.join("evidence/2026Q3/widgets9.csv")).unwrap();
        });
        with("evidence/not-regular", &|workspace| {
            let pipe = workspace.join("evidence/2026Q3/widgets-pipe.csv");
            assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
        });
        with("evidence/file-name", &|workspace| {
            let name = std::ffi::OsStr::from_bytes(b"evidence/2026Q3/widgets\xff.csv");
            std::fs::write(workspace.path().join(name), "x").unwrap();
        });
        with("policy/file-unreadable", &|workspace| {
            symlink("..", workspace.join("policies/controls/BAK/again")).unwrap();
        });
    }
    with("expr/too-large", &|workspace| {
        let nested = format!("{}TRUE{} OR $least > 0", "(".repeat(300), ")".repeat(300));
        workspace.edit(CONTROL, AMOUNT, &nested);
    });
    with("policy/yaml-limit", &|workspace| {
        workspace.write("policies/controls/BAK/BAK-91.yaml", format!("id: {}{}\n", "[".repeat(100), "]".repeat(100)));
    });
    with("policy/raises-verification", &|workspace| {
        let law = std::fs::read_to_string(repository().join("policies/provisions/AAR.yaml")).unwrap();
        workspace.write("policies/provisions/AAR.yaml", law.replace("level: B", "level: A") + "replaces: AAR\n");
    });
    with("workspace/not-found", &|workspace| std::fs::remove_file(workspace.join(SETTINGS)).unwrap());
    with("workspace/prior-foreign", &|workspace| {
        workspace.check(&["--report", "json"]).status(0);
        let old = workspace.join("reports/2026Q3/assessment.json");
        let text = std::fs::read_to_string(&old).unwrap();
        workspace.write("reports/2026Q2/assessment.json", text.replace("测试单位", "别的单位"));
    });
    found.push(("expr/unknown-name", unknown_name()));
    let stated = |kind: &str| ManifestFile { path: "a.csv".into(), kind: Some(kind.into()), ..ManifestFile::default() };
    found.push(("evidence/unknown-kind", of_index(vec![stated("wigdets")])));
    found.push(("evidence/stated-twice", of_index(vec![stated("a"), stated("a")])));
    found
}

/// A name where nothing has one: a library that binds constants.
fn unknown_name() -> Vec<Diagnostic> {
    let (ast, _) = hegui::expr::parse("nothing");
    let (_, faults) = hegui::expr::bind(&ast.unwrap(), &mut hegui::expr::NoColumns, None);
    let place = || Place::File { path: "x".to_owned() };
    let told = |fault: hegui::expr::Fault| {
        let told = Diagnostic::new(fault.code, fault.message).at_place(place());
        Diagnostic { help: fault.help, ..told }
    };
    faults.into_iter().map(told).collect()
}

/// What the index says of a manifest that nobody looked at before.
fn of_index(files: Vec<ManifestFile>) -> Vec<Diagnostic> {
    let options = MemoryOptions {
        as_of: 20_000,
        zone: chrono_tz::Asia::Shanghai,
        manifest: Manifest { files },
        captured_on: None,
        columns_may_be_absent: false,
        limits: Limits::default(),
    };
    let file = MemoryFile { path: "a.csv".into(), kind: None, bytes: b"a\n1\n".to_vec() };
    Index::from_memory(std::iter::empty(), vec![file], options).diagnostics().to_vec()
}

#[test]
fn every_code_is_produced_by_some_fixture() {
    let mut produced: BTreeSet<&str> = BTreeSet::new();
    let mut misses = Vec::new();
    let mut hold = |code: &'static str, told: &[Diagnostic]| {
        let Some(fault) = told.iter().find(|fault| fault.code.id == code) else {
            let codes: Vec<String> =
                told.iter().map(|fault| format!("{} {}", fault.code.id, fault.message.en)).collect();
            misses.push(format!("{code}: not told, but {codes:#?}"));
            return;
        };
        produced.insert(code);
        // Somebody must find it, read it and know what to do.
        let policy = !code.starts_with("evidence/");
        let at_a_line = matches!(fault.place, Some(Place::Source { .. }));
        let whole = ["policy/file-", "workspace/", "expr/unknown-name"];
        if policy && !at_a_line && !whole.iter().any(|start| code.starts_with(start)) {
            misses.push(format!("{code}: no line: {:?}", fault.place));
        }
        if policy && fault.help.is_none() {
            misses.push(format!("{code}: no help: {}", fault.message.en));
        }
        let hanzi = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        if !hanzi(&fault.message.zh) || fault.message.zh == fault.message.en {
            misses.push(format!("{code}: not in Chinese: {:?}", fault.message));
        }
    };
    for (code, changes) in FIXTURES {
        let workspace = Workspace::small();
        for (file, from, to) in *changes {
            if from.is_empty() {
                workspace.write(file, to);
            } else {
                workspace.edit(file, from, to);
            }
        }
        hold(code, &told(&workspace));
    }
    for (code, told) in others() {
        hold(code, &told);
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
    // Faults of report templates are told when a report is written.
    let workspace = Workspace::small();
    workspace.write("own/templates/report.md", "{{ a.nothing.at.all }} {% if %}");
    workspace.write("own/templates/other.md", "x");
    workspace.write("own/locales/en.json", "{\"table.gaps\": 7, \"nothing.uses.it\": \"x\"}");
    let folder = workspace.join("own");
    let run = workspace.check(&["--templates", folder.to_str().unwrap(), "--report", "md"]).status(4);
    for code in ["report/template", "report/locale", "report/unused-word", "report/unused-file"] {
        assert!(run.err.contains(code), "{code}:\n{}", run.err);
        produced.insert(code);
    }
    let all: BTreeSet<&str> = hegui::cli::codes::all().into_iter().map(|code| code.id).collect();
    let never: Vec<&&str> = all.difference(&produced).collect();
    assert!(never.is_empty(), "nothing produces {never:?}: a fixture each, or remove the code");
    // The fixture itself is sound, so that each fault is that of its change.
    let sound = Workspace::small();
    sound.write(TEST, CASES);
    let errors: Vec<String> = told(&sound)
        .iter()
        .filter(|fault| fault.code.level == Level::Error)
        .map(|fault| format!("{} {}", fault.code.id, fault.message.en))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}
