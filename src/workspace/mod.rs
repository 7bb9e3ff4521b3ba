//! `hegui.yaml`, period folders, manifests and the prior report on disk → model.
//!
//! A workspace is one entity under assessment (DESIGN §5). Nothing here reads evidence or writes anything.

mod columns;
mod error;
mod folders;
mod manifest;
mod prior;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;

use crate::expr::Scalar;
use crate::policy::yaml::Node;
use crate::policy::{Pack, PackFiles, PolicyError, ProfileChoice, Value};
use crate::text::{Diagnostic, Source};

pub use error::WorkspaceError;
pub use folders::PeriodFolder;
pub use settings::{Entity, FailOn, Gate, LimitSettings, ReportKind, ReportSettings, Responsible, Scope};

/// Name of the workspace file.
pub const FILE_NAME: &str = "hegui.yaml";

/// What to do with a folder that has no `hegui.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WithoutFile {
    /// [`WorkspaceError::NotFound`].
    #[default]
    Refuse,
    /// A workspace of defaults, named like its folder.
    Allow,
}

/// A workspace as its file describes it.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder.
    pub root: PathBuf,
    /// The entity under assessment.
    pub entity: Entity,
    /// Who is responsible.
    pub responsible: Responsible,
    /// What is assessed.
    pub scope: Scope,
    /// About the report.
    pub report: ReportSettings,
    /// Zone of the assessment; the pack's when absent.
    pub time_zone: Option<Tz>,
    /// Day of judging (days since 1970-01-01) when the request names none: a finished period is judged on one day, for ever.
    pub as_of: Option<i32>,
    /// The profile.
    pub profile: ProfileChoice,
    /// Overlay folders, relative to the root; the default `policies` only if it is there.
    pub policies: Vec<String>,
    /// Evidence roots, relative to the root.
    pub evidence: Vec<String>,
    /// When a run fails.
    pub gate: Option<Gate>,
    /// Limits that differ from the defaults.
    pub limits: LimitSettings,
    /// What is wrong with the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Keys with faults that decide what is judged and how (`as_of`, `profile`, …); [`FILE_NAME`] when the file as a whole
    /// cannot be understood.
    pub unsettled: BTreeSet<&'static str>,
    file: Option<(Arc<Source>, Node)>,
}

impl Workspace {
    /// Reads the `hegui.yaml` of a folder. Faults in it are in [`Workspace::diagnostics`].
    ///
    /// # Errors
    /// [`WorkspaceError`] when there is no such folder or file, or it cannot be read.
    pub fn open(root: &Path, without_file: WithoutFile) -> Result<Self, WorkspaceError> {
        settings::open(root, without_file)
    }

    /// Stated facts, typed by the pack's declarations, and what is wrong with them.
    pub fn facts(&self, pack: &Pack) -> (BTreeMap<String, Scalar>, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let Some((source, node)) = &self.file else { return (BTreeMap::new(), faults) };
        let facts = crate::policy::typed_facts(Value::new(node, source).get("facts"), pack, &mut faults);
        (facts, faults)
    }

    /// Adds what the entity's own exports call their columns to the kinds of a pack; gives what is wrong with that.
    pub fn name_columns(&self, pack: &mut Pack) -> Vec<Diagnostic> {
        columns::add(self, pack)
    }

    /// The files of every overlay folder, in order.
    ///
    /// # Errors
    /// [`PolicyError`] when a folder that `hegui.yaml` names cannot be read.
    pub fn overlays(&self) -> Result<Vec<PackFiles>, PolicyError> {
        self.policies.iter().map(|folder| PackFiles::read(&self.root.join(folder), folder)).collect()
    }

    /// The period folders of the evidence roots, newest last.
    pub fn periods(&self) -> Vec<PeriodFolder> {
        folders::periods(self)
    }

    /// The newest period folder: the one that ends last, the longer of two that end together.
    pub fn newest_period(&self) -> Option<PeriodFolder> {
        self.periods().pop()
    }

    /// Every manifest that applies to a period (those in other periods' folders do not), merged, and what is wrong
    /// with them.
    pub fn manifest(&self, period: Option<&str>) -> (crate::model::Manifest, Vec<Diagnostic>) {
        manifest::read_all(self, period)
    }

    /// Report number of the newest period before `period` whose assessment lies under `reports/`, and what is wrong
    /// with those that had to be passed over. Where this run writes to does not matter: it is an input, read only.
    pub fn prior(&self, period: &str) -> (Option<String>, Vec<Diagnostic>) {
        prior::prior(self, period)
    }
}

#[cfg(test)]
mod tests;
