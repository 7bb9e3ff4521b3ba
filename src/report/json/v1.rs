//! Schema `hegui/assessment/v1`: frozen. A field is only ever added, never renamed, retyped or removed.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::mirror::{Fingerprint, Judged, Mirror, Percent, Share, mirror, pair};
use crate::model::{
    self, Baseline, Binding, CheckId, ControlId, FileStatus, FindingReason, GapState, Gate, KindId, Level, NotTested,
    ProvisionId, ReportKind, SelfCheckLevel, Severity, ThresholdSource, Verification,
};
use crate::text::Text;

/// The name every `assessment.json` starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum SchemaName {
    /// This schema.
    #[serde(rename = "hegui/assessment/v1")]
    V1,
}

/// The machine-readable assessment of one entity: what was judged, with which outcome, on which evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AssessmentV1 {
    /// Which schema this is.
    pub schema: SchemaName,
    /// Everything else.
    #[serde(flatten)]
    pub body: Body,
}

impl Mirror for AssessmentV1 {
    type Model = model::Assessment;

    fn from_model(model: &Self::Model) -> Self {
        Self { schema: SchemaName::V1, body: Body::from_model(model) }
    }

    fn into_model(self) -> Self::Model {
        self.body.into_model()
    }
}

pair! {
    /// First and last day, both inclusive.
    struct Days {
        /// First day.
        #[schemars(with = "String")]
        from: NaiveDate,
        /// Last day.
        #[schemars(with = "String")]
        to: NaiveDate
    }
}

pair! {
    /// A fact as stated.
    struct Fact {
        /// Name.
        name: String,
        /// Value as written.
        value: String
    }
}

pair! {
    /// One part of what names a finding.
    struct Key {
        /// Column or label.
        name: String,
        /// Value, masked where sensitive.
        value: String
    }
}

pair! {
    /// Counts of the controls of one severity.
    struct SeverityCounts {
        /// The severity.
        severity: Severity,
        /// Its controls by outcome.
        controls: Counts
    }
}

pair! {
    /// Open gaps of one severity.
    struct OpenGaps {
        /// The severity.
        severity: Severity,
        /// How many.
        open: u64
    }
}

/// A conformity rate with what it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rate {
    /// Sum of 1 for each satisfied and 0.5 for each partial item.
    pub sum: f64,
    /// Items.
    pub n: u64,
    /// `100 × sum / n`, one decimal, half up; null without items.
    pub percent: Option<Percent>,
}

impl Mirror for Rate {
    type Model = model::Rate;

    #[expect(clippy::cast_precision_loss, reason = "a number of controls")]
    fn from_model(model: &Self::Model) -> Self {
        Self { sum: model.halves as f64 / 2.0, n: model.n, percent: Mirror::from_model(&model.tenths) }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, NaN gives 0")]
    fn into_model(self) -> Self::Model {
        model::Rate { halves: (self.sum * 2.0).round() as u64, n: self.n, tenths: self.percent.into_model() }
    }
}

mirror! {
    /// Profile × evidence × as-of date → outcomes, findings, gaps.
    struct Body = model::Assessment {
        /// Who, what, when, with which tool and policies (REPORTS §2).
        metadata: Metadata,
        /// The verdict over all controls.
        conclusion: Conclusion,
        /// Counts and rates.
        scores: Scores,
        /// Selected controls, ascending by id.
        controls: Vec<Control>,
        /// Controls of the pack that the profile leaves out, ascending by id.
        unselected: Vec<Unselected>,
        /// One for each failing or partial check; open first, then by severity, due date and id.
        gaps: Vec<Gap>,
        /// Every file met, ascending by path: used, superseded, rejected, unused, and those stated but not found.
        evidence: Vec<Evidence>,
        /// Provisions cited by selected controls, in force or not, ascending by id.
        provisions: Vec<Provision>,
        /// What an overlay or profile changed of the shipped pack.
        overrides: Vec<Override>,
        /// Faults in policy, workspace and evidence files.
        diagnostics: Vec<Problem>,
        /// Against an earlier assessment, when one was given.
        comparison: Option<Comparison>,
        /// The consistency self-check (REPORTS §10); an error there is a fault of the tool.
        self_check: Vec<SelfCheck>,
    }
}

mirror! {
    /// The metadata block of REPORTS §2.
    struct Metadata = model::Metadata {
        /// Stable for entity, period and as-of date.
        report_id: String,
        /// Self-assessment or third party.
        report_kind: ReportKind,
        /// The assessed unit.
        entity: Entity,
        /// Data security lead.
        data_security_lead: Option<Text>,
        /// Personal information protection lead.
        personal_information_lead: Option<Text>,
        /// What is assessed.
        scope: Scope,
        /// The period that is judged.
        period: Period,
        /// The day of judging.
        #[schemars(with = "String")]
        as_of: NaiveDate,
        /// The instant at which that day ends (`$as_of_end`), with the offset of the time zone: nothing from it on counts.
        #[schemars(with = "String", extend("format" = "date-time"))]
        as_of_end: DateTime<FixedOffset>,
        /// IANA name of the assessment's time zone. Every date in this file is a day there.
        time_zone: String,
        /// Days of the earliest and latest row that was judged.
        evidence_window: Option<Days>,
        /// The profile.
        profile: Profile,
        /// The effective policy pack.
        policy: Policy,
        /// The tool.
        tool: Tool,
        /// Number and digest of the evidence files.
        inputs: Inputs,
        /// Stated facts, by name, as written.
        facts: Vec<Fact>,
        /// The gate: `critical`, `high`, `medium`, `low` or `never`.
        gate: Gate,
        /// Exact command with relative paths and no secrets. It names no language: the assessment is the same in either.
        repro: String,
        /// Report number of the newest earlier period whose assessment lies in the workspace.
        prior: Option<String>,
        /// 编制人.
        prepared_by: Option<Text>,
        /// 复核人.
        reviewed_by: Option<Text>,
        /// 批准人.
        approved_by: Option<Text>,
    }
}

mirror! {
    /// The assessed unit.
    struct Entity = model::Entity {
        /// Name.
        name: Text,
        /// Unified social credit code.
        uscc: Option<String>,
        /// Address.
        address: Option<Text>,
        /// Contact.
        contact: Option<Text>,
    }
}

mirror! {
    /// What is assessed and what is not.
    struct Scope = model::Scope {
        /// Systems.
        systems: Vec<Text>,
        /// Data.
        data: Vec<Text>,
        /// Lines of business.
        business: Vec<Text>,
        /// Clients.
        clients: Vec<Text>,
        /// Left out.
        out_of_scope: Vec<Text>,
    }
}

mirror! {
    /// The judged period, both ends inclusive.
    struct Period = model::Period {
        /// `2026Q3`.
        id: String,
        /// First day.
        #[schemars(with = "String")]
        start: NaiveDate,
        /// Last day.
        #[schemars(with = "String")]
        end: NaiveDate,
        /// The instant at which the first day starts, with the offset of the time zone.
        #[schemars(with = "String", extend("format" = "date-time"))]
        starts_at: DateTime<FixedOffset>,
        /// The instant at which the last day ends: the first that is not of the period.
        #[schemars(with = "String", extend("format" = "date-time"))]
        ends_at: DateTime<FixedOffset>,
    }
}

mirror! {
    /// The profile used.
    struct Profile = model::ProfileRef {
        /// `bookkeeping-agency`.
        id: String,
        /// Shown name.
        title: Text,
        /// Vocabulary of printed outcomes (REPORTS §1.1); `mlps` when absent.
        vocabulary: Option<String>,
    }
}

mirror! {
    /// The effective policy pack.
    struct Policy = model::PackRef {
        /// Name.
        name: String,
        /// Version.
        version: String,
        /// SHA-256 of the pack with its overlays, lowercase hex.
        sha256: String,
    }
}

mirror! {
    /// The tool that judged.
    struct Tool = model::ToolRef {
        /// Version.
        version: String,
        /// Commit, when the build knew it.
        build: Option<String>,
    }
}

mirror! {
    /// Evidence as a whole.
    struct Inputs = model::Inputs {
        /// Number of files that were hashed.
        files: u64,
        /// SHA-256 over the lines `<sha256>  <path>\n` sorted by path, lowercase hex (what `sha256sum` prints).
        digest: String,
    }
}

mirror! {
    /// The verdict over all controls (REPORTS §8).
    struct Conclusion = model::Conclusion {
        /// The canonical outcome.
        #[serde(flatten)]
        outcome: Judged,
        /// Some applicable control could not be tested: the words 存在未检测项 belong beside the outcome.
        untested: bool,
        /// The conclusion line, never a bare score.
        line: Text,
    }
}

mirror! {
    /// Counts and rates (REPORTS §8).
    struct Scores = model::Scores {
        /// Controls by outcome.
        controls: Counts,
        /// Checks by outcome.
        checks: Counts,
        /// Controls by severity, each with its counts; most severe first.
        by_severity: Vec<SeverityCounts>,
        /// Open gaps by severity; most severe first.
        open_gaps: Vec<OpenGaps>,
        /// Conformity rate before waivers.
        before_waivers: Rate,
        /// Conformity rate after waivers.
        after_waivers: Rate,
        /// The same rate over tested controls only.
        tested_only: Rate,
        /// Tested controls.
        tested: u64,
        /// Applicable controls: those tested, and those that should have been (`no_occurrence` is apart).
        applicable: u64,
        /// `tested / applicable` in percent, one decimal, half up.
        #[serde(rename = "coverage_percent")]
        coverage_tenths: Option<Percent>,
    }
}

mirror! {
    /// How many of each outcome.
    struct Counts = model::Counts {
        /// 符合.
        satisfied: u64,
        /// 部分符合.
        partial: u64,
        /// 不符合.
        not_satisfied: u64,
        /// 未检测 for another reason than `no_occurrence`.
        not_tested: u64,
        /// 未检测: nothing of the kind happened.
        no_occurrence: u64,
        /// 不适用.
        not_applicable: u64,
    }
}

mirror! {
    /// One selected control.
    struct Control = model::ControlResult {
        /// `BAK-02`.
        id: ControlId,
        /// `BAK`.
        family: String,
        /// 备份.
        family_title: Text,
        /// Short name.
        title: Text,
        /// What must be so.
        objective: Text,
        /// Severity of its gaps.
        severity: Severity,
        /// Rolled up from its checks.
        #[serde(flatten)]
        outcome: Judged,
        /// Why it is not applicable or not tested, in words.
        detail: Option<Text>,
        /// Provisions in force on the as-of date.
        provisions: Vec<ProvisionId>,
        /// Provisions cited and not in force on the as-of date.
        not_in_force: Vec<ProvisionId>,
        /// What a reader must know beside the result: rests on unverified provisions, checks that did not weigh.
        caveats: Vec<Text>,
        /// Checks that did not weigh: not applicable, or nothing happened.
        unweighed: Vec<CheckId>,
        /// Its checks in the order of the file.
        checks: Vec<Check>,
        /// What to do about a gap.
        remedy: Text,
        /// The policy file.
        policy_file: String,
        /// Whether it came from an overlay.
        overlay: bool,
    }
}

mirror! {
    /// One check, judged.
    struct Check = model::CheckOutcome {
        /// `BAK-02.1`.
        id: CheckId,
        /// Short name.
        title: Text,
        /// The outcome.
        #[serde(flatten)]
        outcome: Judged,
        /// Why, in words, when it is not applicable or not tested, or decided by `on_empty` or incomplete evidence.
        detail: Option<Text>,
        /// Weight in the control.
        level: Level,
        /// REPORTS §1.3.
        method: Option<String>,
        /// `design` or `operation`.
        tests: Option<String>,
        /// Words on sampling; absent means the whole population.
        sample: Option<Text>,
        /// The check sentence, `key: expression` per line.
        procedure: Vec<String>,
        /// Place of the check in the policy, `file:line:column`.
        policy: String,
        /// Rows examined.
        population: u64,
        /// Rows that conform.
        conforming: u64,
        /// Whether `population = conforming + findings_total` must hold (not for `count`).
        adds_up: bool,
        /// Undecided rows left out.
        excluded_undecided: u64,
        /// Share that satisfies, an exact decimal.
        at_least: Share,
        /// Share from which a failing check is partial, an exact decimal.
        partial_from: Option<Share>,
        /// Exact number of findings.
        findings_total: u64,
        /// The first findings by file and row, up to the cap.
        findings: Vec<Finding>,
        /// Fingerprints of all findings, ascending; `None` past a million.
        fingerprints: Option<Vec<Fingerprint>>,
        /// Evidence that could not be used.
        missing: Vec<Missing>,
        /// Kinds it reads.
        kinds: Vec<KindId>,
        /// Ids of the files it read.
        evidence: Vec<String>,
        /// Where its number comes from, and the provisions that fix it.
        threshold: Option<Threshold>,
        /// Warnings beside the result.
        notes: Vec<Text>,
    }
}

mirror! {
    /// Where a check's number comes from.
    struct Threshold = model::ThresholdRef {
        /// Law, standard or practice.
        source: ThresholdSource,
        /// Provisions that fix it and are in force.
        basis: Vec<ProvisionId>,
        /// What they leave open.
        note: Option<Text>,
    }
}

mirror! {
    /// One population row that missed the expectation.
    struct Finding = model::Finding {
        /// 64-bit hash of check and key: stable across runs.
        fingerprint: Fingerprint,
        /// What the finding is about, readable: key columns, the group's key, a value, a label. Masked where sensitive.
        key: Vec<Key>,
        /// Why.
        reason: FindingReason,
        /// The rows it rests on; for a group first, last and up to five that decided.
        citations: Vec<Citation>,
        /// Files searched, when the finding is about something missing.
        searched: Vec<String>,
        /// Place of the demand in the policy (`file:line:column`), when the finding is about something missing.
        policy: Option<String>,
        /// Number of rows behind a group.
        rows: Option<u64>,
        /// Values the text needed, masked where sensitive; JSON nested by dots.
        values: serde_json::Value,
        /// The rendered text.
        text: Text,
    }
}

mirror! {
    /// A place in the evidence, numbered as the program that opens the file shows it.
    struct Citation = model::Citation {
        /// Path relative to the workspace.
        file: String,
        /// Sheet, for workbooks.
        sheet: Option<String>,
        /// Row from 1; `None` cites the file as a whole.
        row: Option<u64>,
        /// Physical line of a text file, from 1.
        line: Option<u64>,
        /// JSON pointer, for documents.
        pointer: Option<String>,
        /// Columns that decided, by field name.
        columns: Vec<String>,
    }
}

mirror! {
    /// One piece of evidence a check needed and could not use.
    struct Missing = model::MissingEvidence {
        /// Why.
        reason: NotTested,
        /// The kind.
        kind: KindId,
        /// The column, when it is about one.
        column: Option<String>,
        /// The file, when it is about one.
        file: Option<String>,
        /// The reason in words.
        detail: Text,
    }
}

mirror! {
    /// A control the profile leaves out.
    struct Unselected = model::Unselected {
        /// Its id.
        id: ControlId,
        /// Its title.
        title: Text,
        /// Why.
        reason: Text,
    }
}

mirror! {
    /// A check that is `not_satisfied` or `partial`.
    ///
    /// Its findings, law references and evidence stand in the check; the gap adds what remediation needs.
    struct Gap = model::Gap {
        /// Stable across runs: made of entity and check, never of the objects concerned.
        id: String,
        /// The failing control.
        control: ControlId,
        /// The failing check.
        check: CheckId,
        /// One line: the check's title.
        title: Text,
        /// What is so, in numbers.
        description: Text,
        /// What to do.
        advice: Text,
        /// Severity of the control.
        severity: Severity,
        /// Exact number of findings.
        findings_total: u64,
        /// Findings still open; waivers and acceptances take theirs out.
        findings_open: u64,
        /// Period in which it was found.
        period_found: String,
        /// The as-of date of the run that found it.
        #[schemars(with = "String")]
        found_on: NaiveDate,
        /// Default due date by severity.
        #[schemars(with = "String")]
        due: NaiveDate,
        /// Where remediation stands.
        state: GapState,
        /// Against an earlier assessment, when one was given.
        baseline: Option<Baseline>,
    }
}

mirror! {
    /// One line of the evidence index (REPORTS §6).
    struct Evidence = model::EvidenceFile {
        /// Stable for the path and the sheets.
        id: String,
        /// Relative to the workspace.
        path: String,
        /// The sheets that are meant, of a workbook that holds several registers; none: the whole file.
        #[serde(default)]
        sheets: Vec<String>,
        /// What became of it.
        status: FileStatus,
        /// Why, when it is not simply used.
        reason: Option<Text>,
        /// Its kind.
        kind: Option<KindId>,
        /// The kind's shown name.
        kind_title: Option<Text>,
        /// `csv`, `json`, ….
        format: Option<String>,
        /// `utf-8`, `gb18030`, ….
        encoding: Option<String>,
        /// Size.
        bytes: Option<u64>,
        /// Lowercase hex.
        sha256: Option<String>,
        /// Rows parsed.
        rows_read: Option<u64>,
        /// Rows that could not be.
        rows_rejected: u64,
        /// Rows whose time lies after the as-of date, not shown to any check.
        rows_future: u64,
        /// Cells that could not be read.
        cells_unreadable: u64,
        /// The adapter it was read by, when it has not the columns of its kind.
        #[serde(default)]
        adapter: Option<String>,
        /// Rows of it that an adapter's condition leaves out.
        #[serde(default)]
        rows_left_out: u64,
        /// Rows that only sum up or remark something, and are no data.
        #[serde(default)]
        rows_set_aside: u64,
        /// Rows the manifest or file states.
        stated_rows: Option<u64>,
        /// Period the manifest or file states.
        stated_period: Option<Days>,
        /// When it was captured.
        #[schemars(with = "Option<String>")]
        captured_on: Option<NaiveDate>,
        /// Where that date came from: `manifest`, `time_column`, `file_name`.
        captured_from: Option<String>,
        /// Days of its earliest and latest row.
        covers: Option<Days>,
        /// Age on the as-of date.
        age_days: Option<i64>,
        /// Greatest age its kind allows.
        max_age_days: Option<i64>,
        /// Source system.
        source_system: Option<String>,
        /// Custodian.
        custodian: Option<String>,
        /// Controls that use it.
        used_by: Vec<ControlId>,
    }
}

mirror! {
    /// A provision some selected control cites.
    struct Provision = model::ProvisionUse {
        /// `AIS-42`.
        id: ProvisionId,
        /// Name of the law.
        law: Text,
        /// Document number.
        number: Option<String>,
        /// Article as cited.
        article: String,
        /// Whom it binds.
        binding: Binding,
        /// First day in force.
        #[schemars(with = "Option<String>")]
        in_force_from: Option<NaiveDate>,
        /// Last day in force.
        #[schemars(with = "Option<String>")]
        in_force_to: Option<NaiveDate>,
        /// Whether in force on the as-of date.
        in_force: bool,
        /// What it asks, in our words.
        summary: Text,
        /// How far checked.
        verification: Verification,
        /// Where it was checked.
        checked_in: Vec<String>,
        /// Controls that cite it.
        controls: Vec<ControlId>,
    }
}

mirror! {
    /// Something an overlay or profile changed.
    struct Override = model::Override {
        /// `param`, `control_replaced`, `control_added`, `file_replaced`, `file_added`.
        kind: String,
        /// `BAK-02.min_copies`, `BAK-02`, `profiles/x.yaml`.
        item: String,
        /// What was shipped; `None` for an addition.
        shipped: Option<Text>,
        /// What holds now.
        effective: Text,
        /// Where that is written: `file:line:column`.
        place: String,
    }
}

mirror! {
    /// A fault in a file, flattened from a diagnostic.
    struct Problem = model::Problem {
        /// `policy/unknown-column`.
        code: String,
        /// Error, or else a warning.
        error: bool,
        /// What is wrong.
        message: Text,
        /// `file:line:column`, `file:row:column` or `file`.
        place: Option<String>,
        /// What to do.
        help: Option<Text>,
    }
}

mirror! {
    /// The whole comparison with an earlier assessment.
    struct Comparison = model::Comparison {
        /// Report number of the earlier assessment.
        report_id: String,
        /// Its as-of date.
        #[schemars(with = "String")]
        as_of: NaiveDate,
        /// Checks that failed then and are satisfied now.
        fixed: Vec<CheckId>,
        /// Checks that failed then and could not be judged now, or are gone: neither fixed nor confirmed.
        undetermined: Vec<CheckId>,
        /// What differs besides: entity, tool, policy pack.
        notes: Vec<Text>,
    }
}

mirror! {
    /// One line of the consistency self-check.
    struct SelfCheck = model::SelfCheck {
        /// How grave.
        level: SelfCheckLevel,
        /// Point of REPORTS §10.
        point: u8,
        /// What does not agree.
        text: Text,
    }
}
