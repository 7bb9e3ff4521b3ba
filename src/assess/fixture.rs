//! A small assessment for tests, and the pieces it is made of.

use std::sync::Arc;

use super::input::{Applies, CheckInput, ControlInput, Input, WHOLE};
use super::{assess, default_due, gap_id};
use crate::model::{
    Binding, Check, CheckId, CheckOutcome, CheckResult, Citation, Control, ControlId, ControlResult, Demand, Entity,
    EvidenceFile, FileStatus, Finding, FindingReason, Gap, GapState, Gate, Inputs, KindId, Law, Level, Metadata,
    MissingEvidence, NotTested, OnEmpty, Outcome, PackRef, Period, ProfileRef, Provision, ProvisionId, ReportKind,
    Scope, Severity, SourceSpec, ToolRef, Undecided, Unselected, Verification,
};
use crate::text::{Excerpt, Source, Span, Text};

/// An excerpt that is its whole source.
pub(crate) fn excerpt(text: &str) -> Excerpt {
    let source = Source::new("policies/controls/BAK/BAK-01.yaml", text);
    Excerpt { text: text.to_owned(), source, span: Span::new(0, text.len()), map: Arc::from([(0, 0)]) }
}

/// A check without frills.
pub(crate) fn check(id: &str) -> Check {
    Check {
        id: CheckId::new(id),
        title: Text::new("备份任务成功", "Backup jobs succeed"),
        over: SourceSpec::Named(excerpt("backup_jobs")),
        alias: None,
        joins: Vec::new(),
        filter: None,
        order_by: Vec::new(),
        group_by: None,
        lets: Vec::new(),
        demand: Demand::Expect(excerpt("status = 'success'")),
        undecided: Undecided::Finding,
        at_least: None,
        partial_from: None,
        on_empty: OnEmpty::NotTested,
        level: Level::Must,
        applies_if: None,
        method: None,
        tests: None,
        sample: None,
        threshold: None,
        finding: None,
        place: excerpt(id),
    }
}

/// A finding at a row of the fixture's file.
pub(crate) fn finding(row: u64) -> Finding {
    let citation = Citation {
        file: "evidence/2026Q3/backup_jobs.csv".to_owned(),
        sheet: None,
        row: Some(row),
        line: Some(row),
        pointer: None,
        columns: vec!["status".to_owned()],
    };
    Finding {
        fingerprint: row,
        key: vec![("job_id".to_owned(), format!("J-{row}"))],
        reason: FindingReason::NotMet,
        citations: vec![citation],
        searched: Vec::new(),
        policy: None,
        rows: None,
        values: serde_json::json!({"job_id": format!("J-{row}"), "status": "failed"}),
        text: Text::new(format!("任务 J-{row} 失败"), format!("job J-{row} failed")),
    }
}

/// A result of `population` rows of which `conforming` conform.
pub(crate) fn result(population: u64, conforming: u64) -> CheckResult {
    let total = population - conforming;
    let listed = total.min(10);
    CheckResult {
        check: CheckId::new("BAK-01.1"),
        population,
        conforming,
        findings_total: total,
        findings: (0..listed).map(|index| finding(index + 2)).collect(),
        fingerprints: (total == listed).then(|| (0..total).map(|index| index + 2).collect()),
        excluded_undecided: 0,
        excluded_unreadable: 0,
        missing_population: Vec::new(),
        missing_partners: Vec::new(),
        kinds: vec![KindId::new("backup_jobs")],
        notes: Vec::new(),
        error: None,
    }
}

/// Missing evidence of one reason.
pub(crate) fn missing(reason: NotTested) -> MissingEvidence {
    MissingEvidence {
        reason,
        kind: KindId::new("backup_jobs"),
        column: None,
        file: None,
        detail: Text::new("没有备份任务记录", "no backup job records"),
    }
}

/// A judged check.
pub(crate) fn check_outcome(id: &str, outcome: Outcome, population: u64, conforming: u64) -> CheckOutcome {
    let owes = matches!(outcome, Outcome::NotApplicable | Outcome::NotTested(_));
    let result = result(population, conforming);
    CheckOutcome {
        id: CheckId::new(id),
        title: Text::new("备份任务成功", "Backup jobs succeed"),
        outcome,
        detail: owes.then(|| Text::new("理由", "a reason")),
        level: Level::Must,
        method: None,
        tests: None,
        sample: None,
        procedure: vec!["over: backup_jobs".to_owned(), "expect: status = 'success'".to_owned()],
        policy: "policies/controls/BAK/BAK-01.yaml:1:1".to_owned(),
        population,
        conforming,
        adds_up: true,
        excluded_undecided: 0,
        at_least: WHOLE,
        partial_from: None,
        findings_total: result.findings_total,
        findings: result.findings,
        fingerprints: result.fingerprints,
        missing: Vec::new(),
        kinds: result.kinds,
        evidence: Vec::new(),
        threshold: None,
        notes: Vec::new(),
    }
}

/// A rolled-up control without checks.
pub(crate) fn control_result(id: &str, severity: Severity, outcome: Outcome) -> ControlResult {
    ControlResult {
        id: ControlId::new(id),
        family: "BAK".to_owned(),
        family_title: Text::new("备份", "Backup"),
        title: Text::new("备份", "Backup"),
        objective: Text::new("按期备份。", "Back up on schedule."),
        severity,
        outcome,
        detail: None,
        provisions: Vec::new(),
        not_in_force: Vec::new(),
        caveats: Vec::new(),
        unweighed: Vec::new(),
        checks: Vec::new(),
        remedy: Text::new("查明失败原因并补做。", "Find the cause and run the job again."),
        policy_file: "policies/controls/BAK/BAK-01.yaml".to_owned(),
        overlay: false,
    }
}

/// An open gap of a check.
pub(crate) fn gap(check: &str, severity: Severity) -> Gap {
    let metadata = metadata();
    Gap {
        id: gap_id(&metadata.entity, &CheckId::new(check)),
        control: ControlId::new(check.split('.').next().unwrap_or_default()),
        check: CheckId::new(check),
        title: Text::same("gap"),
        description: Text::same("gap"),
        advice: Text::same("do"),
        severity,
        findings_total: 1,
        findings_open: 1,
        period_found: metadata.period.id,
        found_on: metadata.as_of,
        due: default_due(severity, metadata.as_of),
        state: GapState::Open,
        baseline: None,
    }
}

/// The metadata block of a fictional agency.
pub(crate) fn metadata() -> Metadata {
    Metadata {
        report_id: String::new(),
        report_kind: ReportKind::SelfAssessment,
        entity: Entity { name: Text::new("示例代账有限公司", "Example Bookkeeping Ltd"), ..Entity::default() },
        data_security_lead: Some(Text::new("总经理", "General manager")),
        personal_information_lead: None,
        scope: Scope { systems: vec![Text::new("账务系统", "Ledger system")], ..Scope::default() },
        period: Period {
            id: "2026Q3".to_owned(),
            start: "2026-07-01".parse().unwrap(),
            end: "2026-09-30".parse().unwrap(),
            starts_at: "2026-07-01T00:00:00+08:00".parse().unwrap(),
            ends_at: "2026-10-01T00:00:00+08:00".parse().unwrap(),
        },
        as_of: "2026-09-30".parse().unwrap(),
        as_of_end: "2026-10-01T00:00:00+08:00".parse().unwrap(),
        time_zone: "Asia/Shanghai".to_owned(),
        evidence_window: None,
        profile: ProfileRef {
            id: "bookkeeping-agency".to_owned(),
            title: Text::new("代理记账机构", "Bookkeeping agency"),
            vocabulary: None,
        },
        policy: PackRef { name: "hegui".to_owned(), version: "0.1.0".to_owned(), sha256: "0".repeat(64) },
        tool: ToolRef { version: "0.1.0".to_owned(), build: None },
        inputs: Inputs::default(),
        facts: vec![("clients".to_owned(), "1280".to_owned())],
        gate: Gate::Low,
        repro: "hegui check . --period 2026Q3 --as-of 2026-09-30".to_owned(),
        prior: None,
        prepared_by: Some(Text::new("合规专员", "Compliance officer")),
        reviewed_by: None,
        approved_by: None,
    }
}

/// A file of the evidence index.
pub(crate) fn evidence_file(path: &str, kind: &str) -> EvidenceFile {
    EvidenceFile {
        id: super::evidence::evidence_id(path, &[]),
        sheets: Vec::new(),
        path: path.to_owned(),
        status: FileStatus::Used,
        reason: None,
        kind: Some(KindId::new(kind)),
        kind_title: None,
        format: Some("csv".to_owned()),
        encoding: Some("utf-8".to_owned()),
        bytes: Some(1234),
        sha256: Some("a".repeat(64)),
        rows_read: Some(10),
        rows_rejected: 0,
        rows_future: 0,
        cells_unreadable: 0,
        adapter: None,
        rows_left_out: 0,
        rows_set_aside: 0,
        stated_rows: Some(10),
        stated_period: None,
        captured_on: "2026-09-30".parse().ok(),
        captured_from: Some("manifest".to_owned()),
        covers: Some(("2026-07-01".parse().unwrap(), "2026-09-29".parse().unwrap())),
        age_days: Some(0),
        max_age_days: Some(35),
        source_system: None,
        custodian: None,
        used_by: Vec::new(),
    }
}

/// Owner of what an [`Input`] borrows.
pub(crate) struct InputParts {
    pub(crate) controls: Vec<Control>,
    pub(crate) provisions: Vec<Provision>,
    pub(crate) laws: Vec<Law>,
}

/// Two controls: one fails on 3 rows of 10, of the other the evidence is missing.
pub(crate) fn input_parts() -> InputParts {
    let control = |id: &str| Control {
        id: ControlId::new(id),
        family: "BAK".to_owned(),
        title: Text::new("定期备份", "Regular backups"),
        objective: Text::new("按策略备份并确认成功。", "Back up as the policy says and confirm success."),
        severity: Severity::High,
        provisions: vec![(ProvisionId::new("OLD-1"), excerpt("OLD-1")), (ProvisionId::new("LAW-1"), excerpt("LAW-1"))],
        params: std::collections::BTreeMap::new(),
        applies_if: None,
        checks: vec![check(&format!("{id}.1"))],
        remedy: Text::new("查明失败原因并补做备份。", "Find the cause and run the backup again."),
        tags: Vec::new(),
        guidance: None,
        replaces: None,
        source: Source::new(format!("policies/controls/BAK/{id}.yaml"), ""),
        place: excerpt(id),
        overlay: false,
    };
    let provision = |id: &str, to: Option<i32>| Provision {
        id: ProvisionId::new(id),
        law: "LAW".to_owned(),
        article: "1".to_owned(),
        binding: Binding::Mandatory,
        in_force_from: Some(18_000),
        in_force_to: to,
        summary: Text::new("应当备份。", "Back up data."),
        quantities: Vec::new(),
        verification: Verification::A,
        checked_in: vec!["S-1".to_owned()],
        applies_to: Vec::new(),
        replaces: Vec::new(),
        superseded_by: None,
        note: None,
        checked_path: None,
        place: excerpt(id),
    };
    let law = Law {
        id: "LAW".to_owned(),
        title: Text::new("示例法", "Example Law"),
        number: Some("第1号".to_owned()),
        issuer: None,
        in_force_from: Some(18_000),
        in_force_to: None,
        level: "law".to_owned(),
        promulgated_on: None,
        note: None,
        renumbering: None,
        source: Source::new("policies/provisions/LAW.yaml", ""),
    };
    InputParts {
        controls: vec![control("BAK-01"), control("BAK-02")],
        provisions: vec![provision("LAW-1", None), provision("OLD-1", Some(19_000))],
        laws: vec![law],
    }
}

impl InputParts {
    /// The input over these parts.
    pub(crate) fn input(&self) -> Input<'_> {
        let results = [
            result(10, 7),
            CheckResult {
                missing_population: vec![missing(NotTested::EvidenceMissing)],
                kinds: vec![KindId::new("restore_tests")],
                ..result(0, 0)
            },
        ];
        let controls = self.controls.iter().zip(results).map(|(control, result)| ControlInput {
            control,
            applies: Applies::Yes,
            fault: None,
            checks: vec![CheckInput {
                check: &control.checks[0],
                applies: Applies::Yes,
                fault: None,
                at_least: WHOLE,
                partial_from: None,
                result: Some(result),
            }],
        });
        Input {
            metadata: metadata(),
            controls: controls.rev().collect(),
            unselected: vec![Unselected {
                id: ControlId::new("ETH-01"),
                title: Text::new("保密", "Confidentiality"),
                reason: Text::new("不在所选配置内", "not in the profile"),
            }],
            provisions: self.provisions.iter().collect(),
            laws: self.laws.iter().collect(),
            kinds: Vec::new(),
            files: vec![evidence_file("evidence/2026Q3/backup_jobs.csv", "backup_jobs")],
            families: vec![("BAK".to_owned(), Text::new("备份", "Backup"))],
            broken: Vec::new(),
            overrides: Vec::new(),
            diagnostics: Vec::new(),
            baseline: None,
        }
    }
}

/// The assessment of [`input_parts`], with a satisfied second check in the first control.
pub(crate) fn assessment() -> crate::model::Assessment {
    let mut assessment = assess(input_parts().input());
    let mut satisfied = check_outcome("BAK-01.2", Outcome::Satisfied, 5, 5);
    satisfied.evidence = assessment.controls[0].checks[0].evidence.clone();
    assessment.controls[0].checks.push(satisfied);
    assessment.scores = super::score::score(&assessment.controls, &assessment.gaps);
    assessment
}

/// The same with every optional part filled in.
pub(crate) fn rich() -> crate::model::Assessment {
    use crate::model::{
        Baseline, Comparison, Override, Problem, SelfCheck, SelfCheckLevel, ThresholdRef, ThresholdSource,
    };
    let mut assessment = assessment();
    let check = &mut assessment.controls[0].checks[0];
    check.threshold =
        Some(ThresholdRef { source: ThresholdSource::Law, basis: vec![ProvisionId::new("LAW-1")], note: None });
    check.partial_from = Some(900_000_000_000);
    check.notes = vec![Text::new("条件没有筛出任何行", "the filter passes no row")];
    check.method = Some("reperform".to_owned());
    check.fingerprints = Some(vec![2, 3, u64::MAX]);
    let scope = &mut assessment.metadata.scope;
    scope.systems.push(Text::same("NAS"));
    scope.business = vec![Text::new("代理记账", "Bookkeeping")];
    scope.clients = vec![Text::new("1280 家客户", "1,280 clients")];
    scope.out_of_scope = vec![Text::new("门禁", "Door access")];
    check.findings[1].searched = vec!["evidence/2026Q3/backup_jobs.csv".to_owned()];
    check.findings[1].policy = Some("policies/controls/BAK/BAK-01.yaml:9:5".to_owned());
    check.findings[1].rows = Some(4);
    assessment.metadata.prior = Some("HG-2026Q2-20260630-284ffd1c".to_owned());
    assessment.gaps[0].baseline = Some(Baseline::Worsened);
    let mut unused = evidence_file("evidence/2026Q3/readme.txt", "x");
    unused.kind = None;
    unused.status = FileStatus::Unused;
    unused.reason = Some(Text::new("没有哪一类证据认得它", "no kind recognises it"));
    unused.covers = None;
    assessment.evidence.push(unused);
    assessment.overrides = vec![Override {
        kind: "param".to_owned(),
        item: "BAK-01.max_age".to_owned(),
        shipped: Some(Text::same("7 days")),
        effective: Text::same("14 days"),
        place: "profiles/own.yaml:4:3".to_owned(),
    }];
    assessment.diagnostics = vec![Problem {
        code: "evidence/unreadable-cell".to_owned(),
        error: false,
        message: Text::new("`x` 不是日期", "`x` is not a date"),
        place: Some("evidence/2026Q3/backup_jobs.csv:4:finished_at".to_owned()),
        help: None,
    }];
    assessment.comparison = Some(Comparison {
        report_id: "HG-2026Q2-20260630-00000000".to_owned(),
        as_of: "2026-06-30".parse().unwrap(),
        fixed: vec![CheckId::new("ENC-01.1")],
        undetermined: vec![CheckId::new("BAK-02.1")],
        notes: vec![Text::new("工具版本不同：此前 0.0.9，本次 0.1.0", "tool version differs: 0.0.9 then, 0.1.0 now")],
    });
    let text = Text::new("编制人与复核人是同一人", "preparer and reviewer are the same person");
    assessment.self_check = vec![SelfCheck { level: SelfCheckLevel::Warning, point: 8, text }];
    assessment
}

/// Text that tries to act, wherever evidence or a workspace can put it.
pub(crate) const HOSTILE: &str = "=1+1\u{1b}[31m\u{202e}\r\n# <b>|[x](http://y)\u{200b}";

/// An assessment whose evidence is hostile.
pub(crate) fn hostile() -> crate::model::Assessment {
    let mut assessment = rich();
    assessment.metadata.entity.name = Text::same(HOSTILE);
    assessment.metadata.repro = HOSTILE.to_owned();
    let scope = &mut assessment.metadata.scope;
    for part in [&mut scope.data, &mut scope.business, &mut scope.clients, &mut scope.out_of_scope] {
        *part = vec![Text::same(HOSTILE)];
    }
    for control in &mut assessment.controls {
        control.title = Text::same(HOSTILE);
        control.caveats = vec![Text::same(HOSTILE)];
        for check in &mut control.checks {
            check.title = Text::same(HOSTILE);
            check.detail = check.detail.as_ref().map(|_| Text::same(HOSTILE));
            check.procedure = vec![HOSTILE.to_owned()];
            for finding in &mut check.findings {
                finding.text = Text::same(HOSTILE);
                finding.key = vec![(HOSTILE.to_owned(), HOSTILE.to_owned())];
                for citation in &mut finding.citations {
                    citation.file = HOSTILE.to_owned();
                    citation.sheet = Some(HOSTILE.to_owned());
                }
            }
        }
    }
    for gap in &mut assessment.gaps {
        gap.title = Text::same(HOSTILE);
    }
    for file in &mut assessment.evidence {
        file.path = HOSTILE.to_owned();
        file.reason = Some(Text::same(HOSTILE));
    }
    for problem in &mut assessment.diagnostics {
        problem.message = Text::same(HOSTILE);
        problem.place = Some(HOSTILE.to_owned());
    }
    assessment
}
