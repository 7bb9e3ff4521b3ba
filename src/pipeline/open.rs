//! The first half: workspace, pack, period, facts. Everything but the evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use super::working_days;
use crate::engine::{Clock, RunOptions, plan, plan_controls};
use crate::evidence::{self, Index, Limits};
use crate::expr::Scalar;
use crate::model::{Gate, KindId, Manifest, Severity};
use crate::policy::{self, Loaded, Pack, PackFiles, PolicyError, ProfileChoice, period};
use crate::text::suggest::nearest;
use crate::text::{Diagnostic, Excerpt, Lang, Level, Text, sort_diagnostics};
use crate::workspace::{FailOn, LimitSettings, WithoutFile, Workspace, WorkspaceError};

/// Where the policy of a run comes from.
#[derive(Debug, Clone, Default)]
pub enum Policies {
    /// The shipped pack, with the workspace's own overlays over it.
    #[default]
    Workspace,
    /// The shipped pack alone.
    Shipped,
    /// These folders instead of the workspace's overlays: one with a `pack.yaml` takes the place of the shipped pack,
    /// any other is laid over it.
    Folders(Vec<PathBuf>),
}

/// The day of judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// This day.
    On(NaiveDate),
    /// The day that `hegui.yaml` states, else this one.
    Unstated(NaiveDate),
}

/// What is to be judged. Everything not given comes from `hegui.yaml`.
#[derive(Debug, Clone)]
pub struct Request {
    /// The workspace's folder.
    pub workspace: PathBuf,
    /// Where the policy comes from.
    pub policies: Policies,
    /// Profile in place of the workspace's.
    pub profile: Option<String>,
    /// Name of the period; the newest period folder when absent.
    pub period: Option<String>,
    /// The day of judging.
    pub as_of: AsOf,
    /// Globs over control ids; empty: all that the profile selects.
    pub only: Vec<String>,
    /// Gate in place of the workspace's.
    pub gate: Option<Gate>,
    /// Whether the assessment has the fingerprints of all findings, which a comparison and `assessment.json` need: 8 bytes
    /// for each.
    pub fingerprints: bool,
}

impl Request {
    /// A workspace judged on a day, everything else as `hegui.yaml` has it.
    pub fn new(workspace: impl Into<PathBuf>, as_of: NaiveDate) -> Self {
        Self {
            workspace: workspace.into(),
            policies: Policies::default(),
            profile: None,
            period: None,
            as_of: AsOf::On(as_of),
            only: Vec::new(),
            gate: None,
            fingerprints: true,
        }
    }
}

/// Why a workspace cannot be judged at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The workspace cannot be opened.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// A policy folder cannot be read. The second field says whether the request named it, or `hegui.yaml`.
    #[error("{source}")]
    Policies {
        /// Why.
        #[source]
        source: PolicyError,
        /// Whether the request named it.
        asked: bool,
    },
    /// The request names a profile that is not there.
    #[error("no profile `{name}`; there are: {}", known.join(", "))]
    Profile {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The request names a period that is none.
    #[error("`{name}` is not a period like 2026Q3, 2026-09, 2026H1 or 2026")]
    Period {
        /// The name.
        name: String,
    },
    /// `hegui.yaml` has faults in what decides the judgement: a day, a profile or a fact is not guessed.
    #[error("hegui.yaml has faults in what decides the judgement: {}", keys.join(", "))]
    Unsettled {
        /// The keys; `hegui.yaml` for the file as a whole.
        keys: Vec<&'static str>,
        /// Every fault found in policy and workspace files, sorted.
        diagnostics: Vec<Diagnostic>,
        /// The language the file asks for.
        language: Option<Lang>,
    },
    /// A pattern of `only` cannot be read.
    #[error("`{pattern}` is not a pattern")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why.
        source: globset::Error,
    },
    /// No control has an id that `only` admits.
    #[error("no selected control matches {}", patterns.join(", "))]
    NothingSelected {
        /// The patterns.
        patterns: Vec<String>,
    },
}

/// A workspace opened: nothing of its evidence read.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The workspace.
    pub workspace: Workspace,
    /// The effective pack.
    pub pack: Pack,
    /// Stated facts.
    pub facts: BTreeMap<String, Scalar>,
    /// What the manifests state.
    pub manifest: Manifest,
    /// Name of the period.
    pub period: String,
    /// The clock of the run.
    pub clock: Clock,
    /// The gate.
    pub gate: Gate,
    /// Faults in policy and workspace files, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

impl Opened {
    /// Opens a workspace.
    ///
    /// # Errors
    /// [`PipelineError`] when there is no such workspace, the request names something that is not there, or `hegui.yaml`
    /// has faults in what decides the judgement. Other faults in files are in [`Opened::diagnostics`].
    pub fn open(request: &Request) -> Result<Self, PipelineError> {
        let workspace = Workspace::open(&request.workspace, WithoutFile::Refuse)?;
        let mut diagnostics = workspace.diagnostics.clone();
        let choice = match &request.profile {
            Some(name) => ProfileChoice::named(name.clone()),
            None => workspace.profile.clone(),
        };
        let (base, overlays) = layers(&request.policies, &workspace)?;
        let Loaded { mut pack, diagnostics: faults } = policy::load(base, overlays, &choice, false);
        diagnostics.extend(faults);
        diagnostics.extend(super::settle_adapters(&mut pack));
        diagnostics.extend(workspace.name_columns(&mut pack));
        if let Some(name) = request.profile.as_ref().filter(|name| !pack.profiles.contains_key(*name)) {
            return Err(PipelineError::Profile { name: name.clone(), known: pack.profiles.keys().cloned().collect() });
        }
        let as_of = match request.as_of {
            AsOf::On(day) => policy::date::days(day),
            AsOf::Unstated(day) => workspace.as_of.unwrap_or(policy::date::days(day)),
        };
        let (name, span) = chosen_period(request.period.as_deref(), &workspace, as_of)?;
        let (facts, faults) = workspace.facts(&pack);
        let mut unsettled = unsettled(&workspace, request, &pack);
        // A fact nobody declares is no value: what needs the one meant says that it is missing.
        if faults.iter().any(|fault| fault.code.id != policy::codes::NO_SUCH_FACT.id) {
            unsettled.insert("facts");
        }
        diagnostics.extend(faults);
        let (mut manifest, faults) = workspace.manifest(Some(&name));
        diagnostics.extend(faults);
        diagnostics.extend(unknown_kinds(&mut manifest, &pack));
        sort_diagnostics(&mut diagnostics);
        let clock = Clock {
            as_of,
            zone: workspace.time_zone.unwrap_or(pack.time_zone),
            period: span,
            working_days: working_days(&pack),
        };
        if !unsettled.is_empty() {
            diagnostics.extend(plan_controls(&pack, pack.selected_controls(), &facts, &clock).diagnostics);
            let broken = pack.broken_controls.values().filter(|control| pack.selected.contains(&control.id));
            diagnostics.extend(plan::faults_of_broken(&pack, broken, &facts, &clock));
            sort_diagnostics(&mut diagnostics);
            let keys = unsettled.into_iter().collect();
            return Err(PipelineError::Unsettled { keys, diagnostics, language: workspace.report.language });
        }
        let gate = request.gate.or(workspace.gate.map(|gate| gate_of(gate.fail_on))).unwrap_or_default();
        Ok(Self { workspace, pack, facts, manifest, period: name, clock, gate, diagnostics })
    }

    /// Whether a policy or workspace file has a fault that makes something unusable.
    pub fn faulty(&self) -> bool {
        self.diagnostics.iter().any(|fault| fault.code.level == Level::Error)
    }

    /// Finds and recognises the evidence files.
    pub fn index(&self) -> Index {
        let kinds = self.pack.kinds.values().cloned().map(Arc::new);
        Index::build(
            kinds,
            &evidence::Request {
                workspace: self.workspace.root.clone(),
                roots: self.workspace.evidence.clone(),
                period: Some(self.period.clone()),
                manifest: self.manifest.clone(),
                as_of: self.clock.as_of,
                zone: self.clock.zone,
                limits: limits(self.workspace.limits),
            },
        )
    }

    /// Limits of a run.
    pub fn run_options(&self, request: &Request) -> RunOptions {
        let mut options = RunOptions::default();
        if !request.fingerprints {
            options.fingerprints = 0;
        }
        if let Some(findings) = self.workspace.limits.findings {
            options.listed = count(findings);
        }
        if let Some(bytes) = self.workspace.limits.memory_bytes {
            options.memory_bytes = bytes;
        }
        options
    }
}

/// Keys of `hegui.yaml` that decide the judgement and cannot be read; what the request states itself is not asked of it.
fn unsettled(workspace: &Workspace, request: &Request, pack: &Pack) -> BTreeSet<&'static str> {
    let mut keys = workspace.unsettled.clone();
    if workspace.profile.name.as_ref().is_some_and(|name| !pack.profiles.contains_key(name)) {
        keys.insert("profile");
    }
    let stated = [
        ("as_of", matches!(request.as_of, AsOf::On(_))),
        ("profile", request.profile.is_some()),
        ("gate", request.gate.is_some()),
        ("policies", !matches!(request.policies, Policies::Workspace)),
    ];
    keys.retain(|key| !stated.contains(&(*key, true)));
    keys
}

/// Kinds that a manifest names and nobody declares: a fault in a workspace file. Such a file is recognised as if the
/// manifest said nothing of its kind.
fn unknown_kinds(manifest: &mut Manifest, pack: &Pack) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for entry in &mut manifest.files {
        let known = |kind: &KindId| pack.kinds.contains_key(kind) || pack.broken_kinds.contains(kind);
        let Some(kind) = entry.kind.take_if(|kind| !known(kind)) else { continue };
        let message = Text::new(
            format!("`{}`：没有证据类型 `{kind}`", entry.path),
            format!("`{}`: no evidence kind `{kind}`", entry.path),
        );
        let help = match nearest(kind.as_str(), pack.kinds.keys().map(KindId::as_str)) {
            Some(meant) => Text::new(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?")),
            None => Text::new("删去 `kind`，由文件名或表头识别", "leave `kind` out, name or header will tell"),
        };
        let mut fault = Diagnostic::new(&policy::codes::UNKNOWN_KIND, message).help(help);
        fault.place = entry.place.as_ref().map(Excerpt::whole);
        faults.push(fault);
    }
    faults
}

fn layers(policies: &Policies, workspace: &Workspace) -> Result<(PackFiles, Vec<PackFiles>), PipelineError> {
    let folders = match policies {
        Policies::Shipped => return Ok((policy::shipped(), Vec::new())),
        Policies::Workspace => {
            let overlays = workspace.overlays().map_err(|source| PipelineError::Policies { source, asked: false })?;
            return Ok((policy::shipped(), overlays));
        }
        Policies::Folders(folders) => folders,
    };
    read_layers(folders)
}

/// Reads policy folders: one with a `pack.yaml` takes the place of the shipped pack, any other is laid over it.
///
/// # Errors
/// [`PipelineError::Policies`] with the folder that cannot be read.
pub fn read_layers(folders: &[PathBuf]) -> Result<(PackFiles, Vec<PackFiles>), PipelineError> {
    let mut base = None;
    let mut overlays = Vec::new();
    for folder in folders {
        let files = PackFiles::read(folder, &shown(folder))
            .map_err(|source| PipelineError::Policies { source, asked: true })?;
        if files.is_pack() { base = Some(files) } else { overlays.push(files) }
    }
    Ok((base.unwrap_or_else(policy::shipped), overlays))
}

/// A folder as diagnostics print it: as given, `/` between folders.
pub(crate) fn shown(folder: &Path) -> String {
    let words = folder.to_string_lossy().replace('\\', "/");
    words.trim_start_matches("./").trim_end_matches('/').to_owned()
}

/// The period asked for; else the newest period folder that had begun by the as-of date, else the newest at all, else
/// the quarter of the as-of date.
fn chosen_period(
    asked: Option<&str>,
    workspace: &Workspace,
    as_of: i32,
) -> Result<(String, (i32, i32)), PipelineError> {
    if let Some(name) = asked {
        let span = period::parse(name).ok_or_else(|| PipelineError::Period { name: name.to_owned() })?;
        return Ok((name.to_owned(), span));
    }
    let folders = workspace.periods();
    let begun = folders.iter().rev().find(|folder| folder.first <= as_of);
    if let Some(folder) = begun.or(folders.last()) {
        return Ok((folder.name.clone(), (folder.first, folder.last)));
    }
    let name = period::quarter_of(as_of);
    let span = period::parse(&name).unwrap_or((as_of, as_of));
    Ok((name, span))
}

fn gate_of(fail_on: FailOn) -> Gate {
    match fail_on {
        FailOn::From(Severity::Critical) => Gate::Critical,
        FailOn::From(Severity::High) => Gate::High,
        FailOn::From(Severity::Medium) => Gate::Medium,
        FailOn::From(Severity::Low | Severity::Info) => Gate::Low,
        FailOn::Never => Gate::Never,
    }
}

fn limits(set: LimitSettings) -> Limits {
    let mut limits = Limits::default();
    if let Some(bytes) = set.streamed_bytes {
        limits.streamed_bytes = bytes;
    }
    if let Some(bytes) = set.expanded_bytes {
        limits.expanded_bytes = bytes;
    }
    if let Some(bytes) = set.whole_bytes {
        limits.whole_bytes = bytes;
    }
    if let Some(columns) = set.columns {
        limits.columns = count(columns);
    }
    if let Some(bytes) = set.cell_bytes {
        limits.cell_bytes = count(bytes);
    }
    if let Some(files) = set.files {
        limits.files = count(files);
    }
    limits
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
