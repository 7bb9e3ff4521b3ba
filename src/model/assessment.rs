//! The assessment: everything a report may read, and nothing else.
//!
//! It holds no reference to policies or files: it can be written as `assessment.json`, read back and rendered again.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{
    Binding, CheckId, ControlId, Finding, Gap, KindId, Level, MissingEvidence, Outcome, ProvisionId, Severity,
    Verification,
};
use crate::text::Text;

/// Profile × evidence × as-of date → outcomes, findings, gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Who, what, when, with which tool and policies (REPORTS §2).
    pub metadata: Metadata,
    /// The verdict over all controls.
    pub conclusion: Conclusion,
    /// Counts and rates.
    pub scores: Scores,
    /// Selected controls, ascending by id.
    pub controls: Vec<ControlResult>,
    /// Controls of the pack that the profile leaves out, ascending by id.
    pub unselected: Vec<Unselected>,
    /// One for each failing or partial check; open first, then by severity, due date and id.
    pub gaps: Vec<Gap>,
    /// Every file met, ascending by path: used, superseded, rejected, unused, and those stated but not found.
    pub evidence: Vec<EvidenceFile>,
    /// Provisions cited by selected controls, in force or not, ascending by id.
    pub provisions: Vec<ProvisionUse>,
    /// What an overlay or profile changed of the shipped pack.
    pub overrides: Vec<Override>,
    /// Faults in policy, workspace and evidence files.
    pub diagnostics: Vec<Problem>,
    /// Against an earlier assessment, when one was given.
    pub comparison: Option<Comparison>,
    /// The consistency self-check (REPORTS §10); an error there is a fault of the tool.
    pub self_check: Vec<SelfCheck>,
}

/// The metadata block of REPORTS §2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Stable for entity, period and as-of date.
    pub report_id: String,
    /// Self-assessment or third party.
    pub report_kind: ReportKind,
    /// The assessed unit.
    pub entity: Entity,
    /// Data security lead.
    pub data_security_lead: Option<Text>,
    /// Personal information protection lead.
    pub personal_information_lead: Option<Text>,
    /// What is assessed.
    pub scope: Scope,
    /// The period that is judged.
    pub period: Period,
    /// The day of judging.
    pub as_of: NaiveDate,
    /// The instant at which that day ends (`$as_of_end`), with the offset of the time zone: nothing from it on counts.
    pub as_of_end: DateTime<FixedOffset>,
    /// IANA name of the assessment's time zone. Every date of an assessment is a day there.
    pub time_zone: String,
    /// Days of the earliest and latest row that was judged.
    pub evidence_window: Option<(NaiveDate, NaiveDate)>,
    /// The profile.
    pub profile: ProfileRef,
    /// The effective policy pack.
    pub policy: PackRef,
    /// The tool.
    pub tool: ToolRef,
    /// Number and digest of the evidence files.
    pub inputs: Inputs,
    /// Stated facts, by name, as written.
    pub facts: Vec<(String, String)>,
    /// The gate: `critical`, `high`, `medium`, `low` or `never`.
    pub gate: Gate,
    /// Exact command with relative paths and no secrets. It names no language: the assessment is the same in either.
    pub repro: String,
    /// Report number of the newest earlier period whose assessment lies in the workspace.
    pub prior: Option<String>,
    /// 编制人.
    pub prepared_by: Option<Text>,
    /// 复核人.
    pub reviewed_by: Option<Text>,
    /// 批准人.
    pub approved_by: Option<Text>,
}

/// Whose opinion a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// 自查.
    #[default]
    #[serde(rename = "self")]
    SelfAssessment,
    /// 第三方评估.
    ThirdParty,
}

/// From which severity gaps fail a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Only critical gaps.
    Critical,
    /// High and above.
    High,
    /// Medium and above.
    Medium,
    /// Low and above: the default.
    #[default]
    Low,
    /// Gaps never fail a run; everything else still does.
    Never,
}

impl Gate {
    /// The least severity that matters; `never` asks the same tests as the default gate (it silences gaps only).
    pub const fn severity(self) -> Severity {
        match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low | Self::Never => Severity::Low,
        }
    }

    /// The word of `--fail-on`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Never => "never",
        }
    }
}

/// The assessed unit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entity {
    /// Name.
    pub name: Text,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Address.
    pub address: Option<Text>,
    /// Contact.
    pub contact: Option<Text>,
}

impl Entity {
    /// What ids are made of: the unified social credit code, else the Chinese name, whatever language is shown.
    pub fn known_by(&self) -> &str {
        self.uscc.as_deref().unwrap_or(&self.name.zh)
    }
}

/// What is assessed and what is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Systems.
    pub systems: Vec<Text>,
    /// Data.
    pub data: Vec<Text>,
    /// Lines of business.
    pub business: Vec<Text>,
    /// Clients.
    pub clients: Vec<Text>,
    /// Left out.
    pub out_of_scope: Vec<Text>,
}

/// The judged period, both ends inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `2026Q3`.
    pub id: String,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// The instant at which the first day starts, with the offset of the time zone.
    pub starts_at: DateTime<FixedOffset>,
    /// The instant at which the last day ends: the first that is not of the period.
    pub ends_at: DateTime<FixedOffset>,
}

/// The profile used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRef {
    /// `bookkeeping-agency`.
    pub id: String,
    /// Shown name.
    pub title: Text,
    /// Vocabulary of printed outcomes (REPORTS §1.1); `mlps` when absent.
    pub vocabulary: Option<String>,
}

/// The effective policy pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRef {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the pack with its overlays, lowercase hex.
    pub sha256: String,
}

/// The tool that judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolRef {
    /// Version.
    pub version: String,
    /// Commit, when the build knew it.
    pub build: Option<String>,
}

/// Evidence as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inputs {
    /// Number of files that were hashed.
    pub files: u64,
    /// SHA-256 over the lines `<sha256>  <path>\n` sorted by path, lowercase hex (what `sha256sum` prints).
    pub digest: String,
}

/// The verdict over all controls (REPORTS §8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The canonical outcome.
    pub outcome: Outcome,
    /// Some applicable control could not be tested: the words 存在未检测项 belong beside the outcome.
    pub untested: bool,
    /// The conclusion line, never a bare score.
    pub line: Text,
}

/// Counts and rates (REPORTS §8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scores {
    /// Controls by outcome.
    pub controls: Counts,
    /// Checks by outcome.
    pub checks: Counts,
    /// Controls by severity, each with its counts; most severe first.
    pub by_severity: Vec<(Severity, Counts)>,
    /// Open gaps by severity; most severe first.
    pub open_gaps: Vec<(Severity, u64)>,
    /// Conformity rate before waivers.
    pub before_waivers: Rate,
    /// Conformity rate after waivers: the same while no waiver can be read, and then not printed.
    pub after_waivers: Rate,
    /// The same rate over tested controls only.
    pub tested_only: Rate,
    /// Tested controls.
    pub tested: u64,
    /// Applicable controls: those tested, and those that should have been (`no_occurrence` is apart).
    pub applicable: u64,
    /// `tested / applicable` in tenths of a percent, half up.
    pub coverage_tenths: Option<u32>,
}

/// How many of each outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// 符合.
    pub satisfied: u64,
    /// 部分符合.
    pub partial: u64,
    /// 不符合.
    pub not_satisfied: u64,
    /// 未检测 for another reason than `no_occurrence`.
    pub not_tested: u64,
    /// 未检测: nothing of the kind happened.
    pub no_occurrence: u64,
    /// 不适用.
    pub not_applicable: u64,
}

/// A conformity rate, with what it was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// Σx in halves: 2 for each 符合, 1 for each 部分符合.
    pub halves: u64,
    /// Items.
    pub n: u64,
    /// `100 × Σx / n` in tenths, half up; `None` when there are no items.
    pub tenths: Option<u32>,
}

/// One selected control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlResult {
    /// `BAK-02`.
    pub id: ControlId,
    /// `BAK`.
    pub family: String,
    /// 备份.
    pub family_title: Text,
    /// Short name.
    pub title: Text,
    /// What must be so.
    pub objective: Text,
    /// Severity of its gaps.
    pub severity: Severity,
    /// Rolled up from its checks.
    pub outcome: Outcome,
    /// Why it is not applicable or not tested, in words.
    pub detail: Option<Text>,
    /// Provisions in force on the as-of date.
    pub provisions: Vec<ProvisionId>,
    /// Provisions cited and not in force on the as-of date.
    pub not_in_force: Vec<ProvisionId>,
    /// What a reader must know beside the result: rests on unverified provisions, checks that did not weigh.
    pub caveats: Vec<Text>,
    /// Checks that did not weigh: not applicable, or nothing happened.
    pub unweighed: Vec<CheckId>,
    /// Its checks in the order of the file.
    pub checks: Vec<CheckOutcome>,
    /// What to do about a gap.
    pub remedy: Text,
    /// The policy file.
    pub policy_file: String,
    /// Whether it came from an overlay.
    pub overlay: bool,
}

/// One check, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOutcome {
    /// `BAK-02.1`.
    pub id: CheckId,
    /// Short name.
    pub title: Text,
    /// The outcome.
    pub outcome: Outcome,
    /// Why, in words, when it is not applicable or not tested, or decided by `on_empty` or incomplete evidence.
    pub detail: Option<Text>,
    /// Weight in the control.
    pub level: Level,
    /// REPORTS §1.3.
    pub method: Option<String>,
    /// `design` or `operation`.
    pub tests: Option<String>,
    /// Words on sampling; absent means the whole population.
    pub sample: Option<Text>,
    /// The check sentence, `key: expression` per line.
    pub procedure: Vec<String>,
    /// Place of the check in the policy, `file:line:column`.
    pub policy: String,
    /// Rows examined.
    pub population: u64,
    /// Rows that conform.
    pub conforming: u64,
    /// Whether `population = conforming + findings_total` must hold (not for `count`).
    pub adds_up: bool,
    /// Undecided rows left out.
    pub excluded_undecided: u64,
    /// Share that satisfies, units of 10⁻¹².
    pub at_least: i128,
    /// Share from which a failing check is partial, units of 10⁻¹².
    pub partial_from: Option<i128>,
    /// Exact number of findings.
    pub findings_total: u64,
    /// The first findings by file and row, up to the cap.
    pub findings: Vec<Finding>,
    /// Fingerprints of all findings, ascending; `None` past a million.
    pub fingerprints: Option<Vec<u64>>,
    /// Evidence that could not be used.
    pub missing: Vec<MissingEvidence>,
    /// Kinds it reads.
    pub kinds: Vec<KindId>,
    /// Ids of the files it read.
    pub evidence: Vec<String>,
    /// Where its number comes from, and the provisions that fix it.
    pub threshold: Option<ThresholdRef>,
    /// Warnings beside the result.
    pub notes: Vec<Text>,
}

impl CheckOutcome {
    /// Findings of a satisfied check are tolerated exceptions, never a gap.
    pub fn tolerated(&self) -> u64 {
        if self.outcome == Outcome::Satisfied { self.findings_total } else { 0 }
    }

    /// Whether it makes a gap.
    pub fn is_gap(&self) -> bool {
        matches!(self.outcome, Outcome::NotSatisfied | Outcome::Partial)
    }
}

/// Where a check's number comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThresholdRef {
    /// Law, standard or practice.
    pub source: super::ThresholdSource,
    /// Provisions that fix it and are in force.
    pub basis: Vec<ProvisionId>,
    /// What they leave open.
    pub note: Option<Text>,
}

/// A control the profile leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unselected {
    /// Its id.
    pub id: ControlId,
    /// Its title.
    pub title: Text,
    /// Why.
    pub reason: Text,
}

/// What became of a file.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// Its rows were judged.
    Used,
    /// Stated to be empty, and its kind may be (零报告).
    NilReturn,
    /// No rows, and nothing says that none is right.
    Empty,
    /// It cannot be read.
    Unreadable,
    /// A newer capture of the same register counts.
    Superseded,
    /// The same bytes as another file.
    Duplicate,
    /// Captured after the as-of date.
    Future,
    /// Older than its kind allows, or nobody knows how old.
    Stale,
    /// Its kind is known and no selected check reads it.
    Unneeded,
    /// No kind recognises it.
    Unused,
    /// The manifest names it and nobody finds it.
    Missing,
}

impl FileStatus {
    /// Whether its rows, or its stated lack of rows, were judged.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Used | Self::NilReturn)
    }

    /// The canonical word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::NilReturn => "nil_return",
            Self::Empty => "empty",
            Self::Unreadable => "unreadable",
            Self::Superseded => "superseded",
            Self::Duplicate => "duplicate",
            Self::Future => "future",
            Self::Stale => "stale",
            Self::Unneeded => "unneeded",
            Self::Unused => "unused",
            Self::Missing => "missing",
        }
    }
}

/// One line of the evidence index (REPORTS §6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Stable for the path and the sheets.
    pub id: String,
    /// Relative to the workspace.
    pub path: String,
    /// The sheets that are meant, of a workbook that holds several registers; none: the whole file.
    pub sheets: Vec<String>,
    /// What became of it.
    pub status: FileStatus,
    /// Why, when it is not simply used.
    pub reason: Option<Text>,
    /// Its kind.
    pub kind: Option<KindId>,
    /// The kind's shown name.
    pub kind_title: Option<Text>,
    /// `csv`, `json`, ….
    pub format: Option<String>,
    /// `utf-8`, `gb18030`, ….
    pub encoding: Option<String>,
    /// Size.
    pub bytes: Option<u64>,
    /// Lowercase hex.
    pub sha256: Option<String>,
    /// Rows parsed.
    pub rows_read: Option<u64>,
    /// Rows that could not be.
    pub rows_rejected: u64,
    /// Rows whose time lies after the as-of date, not shown to any check.
    pub rows_future: u64,
    /// Cells that could not be read.
    pub cells_unreadable: u64,
    /// The adapter it was read by, when it has not the columns of its kind.
    pub adapter: Option<String>,
    /// Rows of it that an adapter's condition leaves out.
    pub rows_left_out: u64,
    /// Rows that only sum up or remark something, and are no data.
    pub rows_set_aside: u64,
    /// Rows the manifest or file states.
    pub stated_rows: Option<u64>,
    /// Period the manifest or file states.
    pub stated_period: Option<(NaiveDate, NaiveDate)>,
    /// When it was captured.
    pub captured_on: Option<NaiveDate>,
    /// Where that date came from: `manifest`, `time_column`, `file_name`.
    pub captured_from: Option<String>,
    /// Days of its earliest and latest row.
    pub covers: Option<(NaiveDate, NaiveDate)>,
    /// Age on the as-of date.
    pub age_days: Option<i64>,
    /// Greatest age its kind allows.
    pub max_age_days: Option<i64>,
    /// Source system.
    pub source_system: Option<String>,
    /// Custodian.
    pub custodian: Option<String>,
    /// Controls that use it.
    pub used_by: Vec<ControlId>,
}

impl EvidenceFile {
    /// Its path, with the sheets that are meant where it is not the whole file: `台账.xlsx[花名册]`.
    pub fn name(&self) -> String {
        evidence_name(&self.path, &self.sheets)
    }
}

/// A path, with the sheets that are meant of the file in brackets.
pub fn evidence_name(path: &str, sheets: &[String]) -> String {
    if sheets.is_empty() { path.to_owned() } else { format!("{path}[{}]", sheets.join(", ")) }
}

/// A provision some selected control cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionUse {
    /// `AIS-42`.
    pub id: ProvisionId,
    /// Name of the law.
    pub law: Text,
    /// Document number.
    pub number: Option<String>,
    /// Article as cited.
    pub article: String,
    /// Whom it binds.
    pub binding: Binding,
    /// First day in force.
    pub in_force_from: Option<NaiveDate>,
    /// Last day in force.
    pub in_force_to: Option<NaiveDate>,
    /// Whether in force on the as-of date.
    pub in_force: bool,
    /// What it asks, in our words.
    pub summary: Text,
    /// How far checked.
    pub verification: Verification,
    /// Where it was checked.
    pub checked_in: Vec<String>,
    /// Controls that cite it.
    pub controls: Vec<ControlId>,
}

/// Something an overlay or profile changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Override {
    /// `param`, `control_replaced`, `control_added`, `file_replaced`, `file_added`.
    pub kind: String,
    /// `BAK-02.min_copies`, `BAK-02`, `profiles/x.yaml`.
    pub item: String,
    /// What was shipped; `None` for an addition.
    pub shipped: Option<Text>,
    /// What holds now.
    pub effective: Text,
    /// Where that is written: `file:line:column`.
    pub place: String,
}

/// A fault in a file, flattened from a [`crate::text::Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `policy/unknown-column`.
    pub code: String,
    /// Error, or else a warning.
    pub error: bool,
    /// What is wrong.
    pub message: Text,
    /// `file:line:column`, `file:row:column` or `file`.
    pub place: Option<String>,
    /// What to do.
    pub help: Option<Text>,
}

/// A gap against an earlier assessment.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// The check did not fail then.
    New,
    /// It failed then, and findings were added.
    Worsened,
    /// It failed then, with the same findings or more.
    StillOpen,
    /// It failed then, and whether findings were added cannot be told.
    Incomparable,
}

impl Baseline {
    /// Whether `--baseline` lets the gap count: doubt never helps, so what cannot be compared counts.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::StillOpen)
    }

    /// The canonical word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worsened => "worsened",
            Self::StillOpen => "still_open",
            Self::Incomparable => "incomparable",
        }
    }
}

/// The whole comparison with an earlier assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Report number of the earlier assessment.
    pub report_id: String,
    /// Its as-of date.
    pub as_of: NaiveDate,
    /// Checks that failed then and are satisfied now.
    pub fixed: Vec<CheckId>,
    /// Checks that failed then and could not be judged now, or are gone: neither fixed nor confirmed.
    pub undetermined: Vec<CheckId>,
    /// What differs besides: entity, tool, policy pack.
    pub notes: Vec<Text>,
}

/// How grave a line of the self-check is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SelfCheckLevel {
    /// A fault of the tool: no report may be relied on.
    Error,
    /// Somebody should look.
    Warning,
}

/// One line of the consistency self-check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SelfCheck {
    /// How grave.
    pub level: SelfCheckLevel,
    /// Point of REPORTS §10.
    pub point: u8,
    /// What does not agree.
    pub text: Text,
}
