use super::*;
use crate::expr::{DurationUnit, Scalar, Type};
use crate::model::{ControlId, Demand, SourceSpec, ValuesSpec};

const PACK: &str = "schema: hegui/pack/v1
name: little
version: 1.0.0
title: {zh: 小, en: Little}
families: {BAK: {zh: 备份, en: Backup}}
facts:
  individuals: {type: integer, title: {zh: 人数, en: Individuals}, min: 0}
sources:
  - {id: S-1, what: a copy, kind: git-repo, version: x}
";

const LAW: &str = "schema: hegui/provisions/v1
law: {id: DSL, title: {zh: 数据安全法, en: Data Security Law}, level: law, in_force_from: 2021-09-01}
provisions:
  - id: DSL-27
    article: \"27\"
    binding: mandatory
    summary: {zh: 要点, en: point}
    verification: {level: A, sources: [S-1]}
  - id: DSL-30
    article: \"30\"
    binding: mandatory
    summary: {zh: 要点, en: point}
    verification: {level: C, sources: [S-1]}
";

const KIND: &str = "schema: hegui/evidence/v1
id: jobs
title: {zh: 任务, en: Jobs}
collect: {zh: 导出, en: Export}
files: [\"**/jobs*\"]
max_age: 100 days
time: done_on
key: [job_id]
record:
  type: object
  required: [job_id]
  properties:
    job_id: {type: string}
    done_on: {type: string, format: date}
    status: {type: string, enum: [ok, failed], x-synonyms: {ok: [成功]}}
";

const CONTROL: &str = "schema: hegui/control/v1
id: BAK-01
title: {zh: 备份, en: Backup}
objective: {zh: 要备份, en: Back up}
severity: high
provisions: [DSL-27]
params:
  max_age: {type: duration, default: 7 days, min: 1 day, max: 30 days, source: practice}
  months: {type: integer, default: 6, min: 6, source: law}
  share: {type: percent, default: 95%, source: law}
checks:
  - id: BAK-01.1
    title: {zh: 都成功, en: All succeed}
    over: jobs
    where: done_on >= $as_of - $max_age
    expect: status = 'ok' AND $months > 0
    at_least: $share
    finding: {zh: \"{{ job_id }} 失败\", en: \"{{ job_id }} failed\"}
remedy: {zh: 改, en: Fix}
";

const PROFILE: &str = "schema: hegui/profile/v1
id: small
title: {zh: 小, en: Small}
include: [BAK]
params: {BAK-01.max_age: 3 days}
facts: [individuals]
";

fn base() -> Vec<(&'static str, String)> {
    vec![
        ("pack.yaml", PACK.into()),
        ("provisions/DSL.yaml", LAW.into()),
        ("evidence/jobs.yaml", KIND.into()),
        ("controls/BAK/BAK-01.yaml", CONTROL.into()),
        ("profiles/small.yaml", PROFILE.into()),
    ]
}

fn files(files: &[(&'static str, String)]) -> PackFiles {
    PackFiles::from_memory(files.iter().map(|(path, text)| (*path, text.as_str())))
}

/// The base with some text of one file replaced.
fn with(path: &str, from: &str, to: &str) -> Loaded {
    let mut changed = base();
    let text = &mut changed.iter_mut().find(|(name, _)| *name == path).unwrap().1;
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    load(files(&changed), Vec::new(), &ProfileChoice::named("small"), true)
}

fn overlaid(overlay: &[(&'static str, String)]) -> Loaded {
    load(files(&base()), vec![files(overlay)], &ProfileChoice::named("small"), false)
}

#[test]
fn the_little_pack_is_sound() {
    let loaded = load(files(&base()), Vec::new(), &ProfileChoice::named("small"), true);
    assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
    let control = &loaded.pack.controls["BAK-01"];
    assert_eq!(control.params["max_age"].value, Scalar::Duration(DurationUnit::Days, 3 * 86_400_000_000));
    assert_eq!(control.params["share"].default, Scalar::Decimal(950_000_000_000));
    let changes: Vec<_> =
        loaded.pack.overrides.iter().map(|o| (o.subject.as_str(), o.effective.get(Lang::En))).collect();
    assert_eq!(changes, [("BAK-01.max_age", "3 days")]);
    assert_eq!(loaded.pack.kinds["jobs"].max_age_days, Some(100));
    assert_eq!(loaded.pack.sha256.len(), 64);
    assert!(told(&lint_static(&loaded.pack)).iter().any(|line| line.contains("policy/unused-provision")));
}

const CTL: &str = "controls/BAK/BAK-01.yaml";
const EVD: &str = "evidence/jobs.yaml";
const PRF: &str = "profiles/small.yaml";
const PRV: &str = "provisions/DSL.yaml";

#[test]
fn each_fault_is_told_at_its_place() {
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        // name, file, from, to, expected start of the line
        ("unknown key", CTL, "severity:", "severty: x\nseverity:", "5:1 policy/unknown-key"),
        ("unknown key in a check", CTL, "    where:", "    were: x\n    where:", "15:5 policy/unknown-key"),
        ("missing key", CTL, "severity: high\n", "", "1:1 policy/missing-key a control lacks `severity`"),
        ("wrong enum", CTL, "high", "hihg", "5:11 policy/wrong-word"),
        ("wrong schema", CTL, "control/v1", "control/v2", "1:9 policy/unknown-schema"),
        ("two demands", CTL, "    at_least", "    count: \">= 1\"\n    at_least", "17:5 policy/one-of-keys"),
        ("no demand", CTL, "    expect: status = 'ok' AND $months > 0\n", "", "12:5 policy/one-of-keys"),
        (
            "no finding",
            CTL,
            "    finding: {zh: \"{{ job_id }} 失败\", en: \"{{ job_id }} failed\"}\n",
            "",
            "12:9 policy/finding-missing",
        ),
        ("bad template", CTL, "{{ job_id }} failed", "{{ job_id failed", "18:"),
        ("one language", CTL, "{zh: 改, en: Fix}", "{zh: 改}", "19:10 policy/missing-key the text lacks `en`"),
        ("list for a text", CTL, "{zh: 改, en: Fix}", "[改]", "19:9 policy/wrong-type"),
        (
            "empty value",
            CTL,
            "done_on >= $as_of - $max_age",
            "",
            "15:10 policy/wrong-type expected an expression, found nothing",
        ),
        ("unknown provision", CTL, "[DSL-27]", "[DSL-72]", "6:14 policy/unknown-provision"),
        (
            "unknown basis of a threshold",
            CTL,
            "    at_least",
            "    threshold: {source: law, basis: [DSL-27, DSL-72]}\n    at_least",
            "17:46 policy/unknown-provision there is no provision `DSL-72`",
        ),
        ("no provisions", CTL, "[DSL-27]", "[]", "6:13 policy/empty-value"),
        ("stem differs", CTL, "id: BAK-01\n", "id: BAK-09\n", "2:5 policy/id-mismatch"),
        ("check id", CTL, "id: BAK-01.1", "id: BAK-02.1", "12:9 policy/id-mismatch"),
        ("share", CTL, "at_least: $share", "at_least: 120%", "17:15 policy/wrong-word"),
        ("param type", CTL, "default: 6", "default: six", "9:36 policy/wrong-type"),
        ("param of a taken name", CTL, "  months:", "  as_of:", "9:3 policy/param-reserved"),
        ("param default out of bounds", CTL, "default: 7 days", "default: 31 days", "8:38 policy/param-out-of-bounds"),
        ("param bound of another unit", CTL, "max: 30 days", "max: 1 month", "8:63 policy/wrong-type"),
        ("duplicate key", CTL, "severity: high", "severity: high\nseverity: low", "6:1 policy/yaml-duplicate-key"),
        ("tag", CTL, "severity: high", "severity: !x high", "5:11 policy/yaml-tag"),
        ("source name", CTL, "over: jobs", "over: jobs AND x", "14:11 policy/wrong-word"),
        ("kind: unknown column", EVD, "time: done_on", "time: done_om", "7:7 policy/unknown-column-of-kind"),
        ("kind: time is text", EVD, "time: done_on", "time: status", "7:7 policy/bad-schema"),
        ("kind: required", EVD, "required: [job_id]", "required: [job_ib]", "11:14 policy/unknown-column-of-kind"),
        ("kind: enum type", EVD, "{type: string}", "{type: integer, enum: [1, b]}", "13:39 policy/bad-schema"),
        ("kind: misfit", EVD, "{type: string}", "{type: string, minimum: 3}", "13:37 policy/bad-schema"),
        (
            "kind: no list to be empty",
            EVD,
            "{type: string}",
            "{type: string, x-may-be-empty: true}",
            "13:44 policy/bad-schema",
        ),
        ("kind: regex", EVD, "{type: string}", "{type: string, pattern: \"(a\"}", "13:37 policy/bad-regex"),
        (
            "kind: exploding regex",
            EVD,
            "{type: string}",
            "{type: string, pattern: \"(a{1000}){1000}\"}",
            "13:37 policy/bad-regex",
        ),
        ("kind: look-around", EVD, "{type: string}", "{type: string, pattern: \"(?=a)b\"}", "13:37 policy/bad-regex"),
        ("kind: glob", EVD, "**/jobs*", "**/jobs[", "5:9 policy/bad-glob"),
        ("kind: months", EVD, "100 days", "3 months", "6:10 policy/wrong-word"),
        ("kind: synonym", EVD, "{ok: [成功]}", "{okay: [成功]}", "15:61 policy/bad-schema"),
        ("kind: two synonyms", EVD, "{ok: [成功]}", "{ok: [成功], failed: [成功]}", "15:80 policy/bad-schema"),
        ("profile: unknown control", PRF, "BAK-01.max_age", "BAK-10.max_age", "5:10 policy/unknown-control"),
        ("profile: unknown param", PRF, "BAK-01.max_age", "BAK-01.max_aeg", "5:10 policy/no-such-param"),
        ("profile: out of bounds", PRF, "3 days", "31 days", "5:26 policy/param-out-of-bounds"),
        ("profile: below law", PRF, "BAK-01.max_age: 3 days", "BAK-01.months: 5", "5:25 policy/below-law"),
        ("profile: law without bounds", PRF, "BAK-01.max_age: 3 days", "BAK-01.share: 96%", "5:24 policy/below-law"),
        ("profile: other unit", PRF, "3 days", "3 months", "5:26 policy/param-out-of-bounds"),
        ("profile: wrong type", PRF, "3 days", "three", "5:26 policy/wrong-type"),
        ("profile: unknown fact", PRF, "[individuals]", "[individual]", "6:9 policy/no-such-fact"),
        ("profile: nothing matches", PRF, "[BAK]", "[BAK, IMA-*]", "4:16 policy/selects-nothing"),
        ("law: id", PRV, "id: DSL-27", "id: PIPL-27", "4:9 policy/id-mismatch"),
        ("law: twice", PRV, "id: DSL-30", "id: DSL-27", "9:9 policy/duplicate-id"),
        ("law: source", PRV, "level: C, sources: [S-1]", "level: C, sources: [S-2]", "9:9 policy/unknown-law-source"),
        ("law: date", PRV, "2021-09-01", "2021-9-1", "2:"),
        (
            "law: dates reversed",
            PRV,
            "level: law, ",
            "level: law, in_force_to: 2020-01-01, ",
            "2:84 policy/dates-reversed",
        ),
        ("pack: unknown family", "pack.yaml", "BAK:", "BAC:", " policy/unknown-family"),
        ("pack: time zone", "pack.yaml", "families", "time_zone: Asia/Shanghia\nfamilies", "5:12 workspace/time-zone"),
    ];
    let mut misses = Vec::new();
    for (name, path, from, to, expected) in cases {
        let loaded = with(path, from, to);
        let lines = told(&loaded.diagnostics);
        let wanted = if expected.starts_with(' ') { (*expected).to_owned() } else { format!("{path}:{expected}") };
        let found = lines
            .iter()
            .any(|line| if expected.starts_with(' ') { line.contains(&wanted) } else { line.starts_with(&wanted) });
        if !found {
            misses.push(format!("{name}: wanted {wanted}, got {lines:#?}"));
        }
        for fault in &loaded.diagnostics {
            assert!(!fault.message.zh.is_empty() && fault.message.zh != fault.message.en, "{name}: {fault:?}");
            if fault.help.is_none() {
                misses.push(format!("{name}: no help: {} {}", fault.code.id, fault.message.en));
            }
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn a_misspelt_word_is_suggested() {
    let helps = |loaded: &Loaded| -> Vec<String> {
        loaded.diagnostics.iter().filter_map(|fault| Some(fault.help.as_ref()?.en.clone())).collect()
    };
    let loaded = with(CTL, "    where:", "    wehre:");
    assert!(helps(&loaded).contains(&"did you mean `where`?".to_owned()), "{:?}", helps(&loaded));
    // A required key that is misspelt is one fault, not one that is unknown and one that is missing.
    let loaded = with(CTL, "severity: high", "severtiy: high");
    assert_eq!(helps(&loaded), ["did you mean `severity`?"]);
    let loaded = with(CTL, "severity: high", "severity: hgih");
    assert!(helps(&loaded).contains(&"did you mean `high`?".to_owned()), "{:?}", helps(&loaded));
    let loaded = with(CTL, "[DSL-27]", "[DSL-37]");
    assert!(helps(&loaded).iter().any(|help| help.starts_with("did you mean `DSL-")), "{:?}", helps(&loaded));
}

#[test]
fn every_fault_of_every_file_is_told_in_one_run() {
    let mut changed = base();
    for (path, text) in &mut changed {
        if *path == CTL {
            *text = text.replace("severity: high", "severity: hihg\nextra: 1");
        }
        if *path == EVD {
            *text = text.replace("time: done_on", "time: nothing\nmore: 2");
        }
    }
    let loaded = load(files(&changed), Vec::new(), &ProfileChoice::named("small"), false);
    let places: Vec<_> =
        told(&loaded.diagnostics).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    let expected = [
        "controls/BAK/BAK-01.yaml:5:11",
        "controls/BAK/BAK-01.yaml:6:1",
        "evidence/jobs.yaml:7:7",
        "evidence/jobs.yaml:8:1",
    ];
    assert_eq!(places, expected);
    // What is broken is still known: its control is not tested, not forgotten.
    assert_eq!(loaded.pack.broken_controls["BAK-01"].title.as_ref().unwrap().en, "Backup");
    assert!(loaded.pack.selected.contains("BAK-01"));
    assert!(loaded.pack.broken_kinds.contains("jobs"));
}

#[test]
fn a_file_that_is_no_yaml_breaks_its_control_only() {
    let loaded = with(CTL, "severity: high", "severity: [high");
    assert_eq!(told(&loaded.diagnostics).len(), 1, "{:?}", told(&loaded.diagnostics));
    assert!(loaded.pack.broken_controls.contains_key("BAK-01"));
    assert!(loaded.pack.kinds.contains_key("jobs"));
}

#[test]
fn overlays_add_and_replace_by_name() {
    let own = CONTROL.replace("BAK-01", "BAK-90");
    let added = overlaid(&[("controls/BAK/BAK-90.yaml", own.clone())]);
    assert_eq!(told(&added.diagnostics), Vec::<String>::new());
    assert_eq!(added.pack.controls.len(), 2);
    assert!(added.pack.controls["BAK-90"].overlay);

    let replacing = own.replace("severity: high", "severity: low\nreplaces: BAK-01");
    let replaced = overlaid(&[("controls/BAK/BAK-90.yaml", replacing)]);
    assert!(!replaced.pack.controls.contains_key("BAK-01"));
    assert!(replaced.pack.selected.contains("BAK-90"));
    let change = replaced.pack.overrides.iter().find(|o| o.kind == OverrideKind::ControlReplaced).unwrap();
    assert_eq!((change.subject.as_str(), change.shipped.as_ref().unwrap().en.as_str()), ("BAK-01", "BAK-01 Backup"));
    assert_ne!(replaced.pack.sha256, added.pack.sha256);

    let same = overlaid(&[(CTL, CONTROL.replace("severity: high", "severity: low"))]);
    assert!(
        told(&same.diagnostics)[0].starts_with("controls/BAK/BAK-01.yaml:2:5 policy/duplicate-id"),
        "{:?}",
        told(&same.diagnostics)
    );
    assert_eq!(same.pack.controls["BAK-01"].severity, crate::model::Severity::High);

    let itself = overlaid(&[(CTL, CONTROL.replace("severity: high", "severity: low\nreplaces: BAK-01"))]);
    assert_eq!(told(&itself.diagnostics), Vec::<String>::new());
    assert_eq!(itself.pack.controls["BAK-01"].severity, crate::model::Severity::Low);
}

/// What the overlay's file is, how it differs from the one held, and its id.
const FILES: [(&str, &str, &str, &str, &str); 4] = [
    (EVD, "max_age: 100 days", "max_age: 4000 days", "jobs", ".max_age"),
    (PRF, "include: [BAK]", "include: [BAK-01]", "small", ".include"),
    (PRV, "article: \"27\"", "article: \"28\"", "DSL", ".provisions[DSL-27].article"),
    (CAL, "name: {zh: 元旦, en: New Year}", "name: {zh: 新年, en: New Year}", "2026", ".holidays"),
];

const CAL: &str = "calendars/cn-2026.yaml";
const CALENDAR: &str = "schema: hegui/calendar/v1
year: 2026
title: {zh: 假, en: Off}
source: notice
holidays: [{name: {zh: 元旦, en: New Year}, from: 2026-01-01}]
";

fn with_calendar() -> Vec<(&'static str, String)> {
    let mut files = base();
    files.push((CAL, CALENDAR.into()));
    files
}

#[test]
fn an_overlay_takes_the_place_of_a_shipped_file_only_when_it_says_so() {
    for (path, from, to, id, key) in FILES {
        let shipped = with_calendar().into_iter().find(|(name, _)| *name == path).unwrap().1;
        assert!(shipped.contains(from), "{path}");
        let changed = shipped.replacen(from, to, 1);
        let over = |text: &str| {
            load(
                files(&with_calendar()),
                vec![files(&[(path, text.to_owned())])],
                &ProfileChoice::named("small"),
                false,
            )
        };
        let plain = load(files(&with_calendar()), Vec::new(), &ProfileChoice::named("small"), false);

        let silent = over(&changed);
        let told = told(&silent.diagnostics);
        assert_eq!(told.len(), 1, "{path}: {told:#?}");
        assert!(told[0].contains(&format!("policy/duplicate-id id `{id}` is already taken")), "{told:#?}");
        assert!(silent.diagnostics[0].help.as_ref().unwrap().en.contains(&format!("`replaces: {id}`")), "{path}");
        assert_eq!(silent.pack.sha256, plain.pack.sha256, "{path}: the shipped one stays in force");
        assert_eq!(silent.pack.overrides, plain.pack.overrides, "{path}");

        let said = over(&format!("{changed}replaces: {id}\n"));
        assert_eq!(super::told(&said.diagnostics), Vec::<String>::new(), "{path}");
        assert_ne!(said.pack.sha256, plain.pack.sha256, "{path}");
        let rows: Vec<&Override> =
            said.pack.overrides.iter().filter(|row| row.kind == OverrideKind::FileReplaced).collect();
        assert_eq!(rows.len(), 1, "{path}: {rows:#?}");
        assert_eq!(rows[0].subject, format!("{id}{key}"));
        let (before, after) = (rows[0].shipped.as_ref().unwrap(), &rows[0].effective);
        assert_ne!(before, after, "{path}");
        assert!(rows[0].place.display().starts_with(&format!("{path}:")), "{path}: {}", rows[0].place.display());

        let other = over(&format!("{changed}replaces: {}\n", if id == "2026" { "2025" } else { "other" }));
        assert!(super::told(&other.diagnostics)[0].contains("policy/id-mismatch"), "{path}");
        assert_eq!(other.pack.sha256, plain.pack.sha256, "{path}");
    }
}

#[test]
fn what_differs_is_shown_as_it_was_and_as_it_is() {
    let shown = |overlay: &[(&'static str, String)]| -> Vec<(String, String, String)> {
        let loaded = overlaid(overlay);
        assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
        let rows = loaded.pack.overrides.into_iter().filter(|row| row.shipped.is_some());
        rows.map(|row| (row.subject, row.shipped.unwrap().en, row.effective.en)).collect()
    };
    let triple = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    let kind =
        KIND.replace("100 days", "4000 days").replace("  required: [job_id]\n", "").replace("[ok, failed]", "[ok]")
            + "owner: it\nreplaces: jobs\n";
    let rows = shown(&[(EVD, kind)]);
    assert_eq!(
        rows[1..],
        [
            triple("jobs.max_age", "100 days", "4000 days"),
            triple("jobs.record.properties.status.enum", "[ok, failed]", "[ok]"),
            triple("jobs.record.required", "[job_id]", "absent"),
        ]
    );
    // A control of another id: its checks are those of the shipped one by what follows the id.
    let control = CONTROL
        .replace("BAK-01", "BAK-90")
        .replace("severity: high", "severity: low\nreplaces: BAK-01")
        .replace("status = 'ok'", "status <> ''");
    let rows = shown(&[("controls/BAK/BAK-90.yaml", control)]);
    assert_eq!(
        rows,
        [
            triple("BAK-01.max_age", "7 days", "3 days"),
            triple("BAK-01", "BAK-01 Backup", "BAK-90 Backup"),
            triple("BAK-01.checks[.1].expect", "status = 'ok' AND $months > 0", "status <> '' AND $months > 0"),
            triple("BAK-01.checks[.1].id", "BAK-01.1", "BAK-90.1"),
            triple("BAK-01.id", "BAK-01", "BAK-90"),
            triple("BAK-01.severity", "high", "low"),
        ]
    );
}

#[test]
fn a_replacement_cannot_raise_a_verification_level() {
    let raised = LAW.replace("level: C", "level: A") + "replaces: DSL\n";
    let loaded = overlaid(&[(PRV, raised)]);
    let lines = told(&loaded.diagnostics);
    assert_eq!(
        lines,
        ["provisions/DSL.yaml:9:9 policy/raises-verification `DSL-30` raises its verification level from C to A"]
    );
    assert_eq!(loaded.pack.provisions["DSL-30"].verification, crate::model::Verification::C);
    assert!(loaded.pack.overrides.iter().all(|row| row.kind != OverrideKind::FileReplaced));
    // Lower is honest.
    let lowered = LAW.replace("level: A", "level: U") + "replaces: DSL\n";
    assert_eq!(told(&overlaid(&[(PRV, lowered)]).diagnostics), Vec::<String>::new());
}

#[test]
fn replacing_in_a_circle_or_nothing_is_a_fault() {
    let one = CONTROL.replace("BAK-01", "BAK-91").replace("severity: high", "severity: high\nreplaces: BAK-92");
    let two = CONTROL.replace("BAK-01", "BAK-92").replace("severity: high", "severity: high\nreplaces: BAK-91");
    let circle = overlaid(&[("controls/BAK/BAK-91.yaml", one.clone()), ("controls/BAK/BAK-92.yaml", two)]);
    let lines = told(&circle.diagnostics);
    assert!(lines[0].starts_with("controls/BAK/BAK-91.yaml:6:11 policy/replaces-circular"), "{lines:?}");
    assert!(lines[1].starts_with("controls/BAK/BAK-92.yaml:6:11 policy/replaces-circular"), "{lines:?}");

    let nothing = overlaid(&[("controls/BAK/BAK-91.yaml", one.replace("replaces: BAK-92", "replaces: BAK-10"))]);
    let lines = told(&nothing.diagnostics);
    assert!(lines[0].starts_with("controls/BAK/BAK-91.yaml:6:11 policy/replaces-unknown"), "{lines:?}");
    assert!(nothing.pack.broken_controls.contains_key("BAK-91"));
    assert!(nothing.pack.controls.contains_key("BAK-01"));
}

#[test]
fn two_files_with_one_id_are_a_fault() {
    let mut twice = base();
    twice.push(("controls/BAK/BAK-01.yml", CONTROL.into()));
    let loaded = load(files(&twice), Vec::new(), &ProfileChoice::default(), false);
    let lines = told(&loaded.diagnostics);
    assert!(lines[0].contains(":2:5 policy/duplicate-id id `BAK-01` is already taken"), "{lines:?}");
    assert_eq!(loaded.diagnostics[0].related.len(), 1);
}

#[test]
fn an_unknown_profile_is_a_fault_and_selects_everything() {
    let loaded = load(files(&base()), Vec::new(), &ProfileChoice::named("smal"), false);
    assert_eq!(told(&loaded.diagnostics), [" policy/unknown-profile there is no profile `smal`"]);
    assert!(loaded.pack.selected.contains("BAK-01"));
}

#[test]
fn keys_and_values_of_a_sentence_are_read() {
    let text = CONTROL.replace(
        "    over: jobs\n    where: done_on >= $as_of - $max_age\n    expect: status = 'ok' AND $months > 0\n    at_least: $share\n",
        "    over: {values: [{kind: a, years: 30}, {kind: b}, {kind: c, years: 1.5}]}\n    has: {in: jobs, on: [status = kind, job_id], where: $max_age IS NOT NULL, at_least: 2}\n",
    );
    let mut changed = base();
    changed[3].1 = text;
    let loaded = load(files(&changed), Vec::new(), &ProfileChoice::default(), false);
    assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
    let check = &loaded.pack.controls["BAK-01"].checks[0];
    let SourceSpec::Values(ValuesSpec::Rows { columns, rows, .. }) = &check.over else { panic!() };
    assert_eq!(columns, &[("kind".to_owned(), Type::Text), ("years".to_owned(), Type::Decimal)]);
    assert_eq!(rows[0][1], Scalar::Decimal(30_000_000_000_000));
    assert_eq!(rows[1][1], Scalar::Null);
    let Demand::Has { partner, at_least } = &check.demand else { panic!() };
    assert_eq!(at_least.as_ref().unwrap().text, "2");
    let pairs: Vec<_> =
        partner.on.iter().map(|(left, right)| (left.text.as_str(), right.as_ref().map(|r| r.text.as_str()))).collect();
    assert_eq!(pairs, [("status", Some("kind")), ("job_id", None)]);
    // A caret under the right half of a key lies under the word in the file.
    let place = partner.on[0].1.as_ref().unwrap().whole();
    assert_eq!(place.display(), "controls/BAK/BAK-01.yaml:15:35");
}

#[test]
fn a_test_names_what_exists() {
    let test = "schema: hegui/test/v1
control: BAK-01
as_of: 2026-09-30
facts: {individuals: 12}
cases:
  - name: two
    params: {max_age: 2 days}
    evidence:
      jobs: |
        job_id,done_on,status
        1,2026-09-30,成功
      job: [{job_id: 1}]
    expect:
      BAK-01.1: satisfied
      BAK-01.2: {outcome: not_tested, reason: evidence_missing}
      BAK-01.3: {outcome: satisfied, reason: error}
";
    let mut changed = base();
    changed.push(("tests/BAK/BAK-01.yaml", test.into()));
    let loaded = load(files(&changed), Vec::new(), &ProfileChoice::default(), true);
    assert_eq!(
        told(&loaded.diagnostics),
        [
            "tests/BAK/BAK-01.yaml:12:7 policy/unknown-kind there is no evidence kind `job`",
            "tests/BAK/BAK-01.yaml:15:7 policy/unknown-check there is no check `BAK-01.2`",
            "tests/BAK/BAK-01.yaml:16:46 policy/wrong-word only `not_tested` has a reason",
        ]
    );
    let sound = test.replace("      job: [{job_id: 1}]\n", "").replace("      BAK-01.2: {outcome: not_tested, reason: evidence_missing}\n      BAK-01.3: {outcome: satisfied, reason: error}\n", "");
    changed.last_mut().unwrap().1 = sound;
    let loaded = load(files(&changed), Vec::new(), &ProfileChoice::default(), true);
    assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
    let case = &loaded.pack.tests[0].cases[0];
    assert_eq!((case.period, case.files[0].path.as_str()), (period::parse("2026Q3").unwrap(), "jobs.csv"));
    let param = &loaded.pack.controls[&ControlId::new("BAK-01")].params["max_age"];
    assert_eq!(tailored(param, &case.params["max_age"]), Ok(Scalar::Duration(DurationUnit::Days, 2 * 86_400_000_000)));
}

#[test]
fn calendars_hold_their_own_year_only() {
    let calendar = |body: &str| {
        let text = format!("schema: hegui/calendar/v1\nyear: 2026\ntitle: {{zh: 假, en: Off}}\nsource: notice\n{body}");
        let mut changed = base();
        changed.push(("calendars/cn-2026.yaml", text));
        load(files(&changed), Vec::new(), &ProfileChoice::default(), false)
    };
    let sound = calendar(
        "holidays: [{name: {zh: 元旦, en: New Year}, from: 2026-01-01, to: 2026-01-03}]\nworking_days: [2026-01-04]\n",
    );
    assert_eq!(told(&sound.diagnostics), Vec::<String>::new());
    assert_eq!(sound.pack.calendars[&2026].holidays.len(), 3);
    let wrong = calendar(
        "holidays: [{name: {zh: 元旦, en: New Year}, from: 2025-12-31, to: 2026-01-01}]\nworking_days: [2026-01-05]\n",
    );
    let lines = told(&wrong.diagnostics);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("policy/calendar-day")));
}

#[test]
fn every_code_is_unique_and_explained() {
    let mut ids: Vec<_> = codes::ALL.iter().map(|code| code.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), codes::ALL.len());
    for code in codes::ALL {
        assert!(!code.explain_zh.is_empty() && !code.explain_en.is_empty(), "{}", code.id);
    }
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// A file of the pack with a piece cut out or put in: faults or a pack, every place inside its file.
        #[test]
        fn gives_a_pack_and_faults_in_range(
            file in 0_usize..5, at in 0.0..1.0_f64, cut in 0_usize..40,
            put in r#"([a-z:\-\[\]{},&*!|>'"%@`#$\n 0-9.]|工|: |- |\n  ){0,12}"#,
        ) {
            let mut changed = base();
            let text = &mut changed[file].1;
            let mut start = (at * text.len() as f64) as usize;
            while !text.is_char_boundary(start) { start -= 1; }
            let mut end = (start + cut).min(text.len());
            while !text.is_char_boundary(end) { end -= 1; }
            text.replace_range(start..end.max(start), &put);
            let loaded = load(files(&changed), Vec::new(), &ProfileChoice::named("small"), true);
            for fault in &loaded.diagnostics {
                if let Some(Place::Source { source, span }) = &fault.place {
                    prop_assert!(source.text.get(span.range()).is_some(), "{:?}", fault);
                }
            }
            // Nothing is lost: the control is there, sound or broken.
            prop_assert!(loaded.pack.controls.len() + loaded.pack.broken_controls.len() == 1);
        }
    }
}
