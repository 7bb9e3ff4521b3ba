//! What several subcommands need before they can start: the pack, the workspace, the day.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::args::{PolicyOptions, TimeOptions};
use super::{Console, Environment, ExitStatus, diagnostics};
use crate::engine::Clock;
use crate::evidence::Index;
use crate::model::{Check, Control, KindId};
use crate::pipeline::{self, AsOf, PipelineError, Policies, Request};
use crate::policy::{self, Pack, PackFiles, ProfileChoice, period};
use crate::workspace::WorkspaceError;

/// A workspace with its evidence indexed, nothing judged.
pub(super) struct Opened {
    /// Workspace, pack, period, clock.
    pub(super) opened: pipeline::Opened,
    /// The evidence.
    pub(super) index: Index,
}

/// Days since 1970-01-01.
pub(super) fn days(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The quarter a day lies in: `2026Q3`.
pub(super) fn quarter(date: NaiveDate) -> String {
    period::quarter_of(days(date))
}

/// A clock without a workspace: the pack's zone, the period given or the quarter of the day.
pub(super) fn clock(pack: &Pack, as_of: i32, named: Option<&str>) -> Clock {
    let span = named.and_then(period::parse).or_else(|| period::parse(&period::quarter_of(as_of)));
    Clock {
        as_of,
        zone: pack.time_zone,
        period: span.unwrap_or((as_of, as_of)),
        working_days: pipeline::working_days(pack),
    }
}

/// Every evidence kind (or other first word of a source) that a control reads.
pub(super) fn kinds_of_control(control: &Control) -> BTreeSet<KindId> {
    control.checks.iter().flat_map(Check::kinds_named).collect()
}

/// The pack this build carries, nothing laid over it.
pub(super) fn shipped_pack() -> Pack {
    policy::load(policy::shipped(), Vec::new(), &ProfileChoice::default(), false).pack
}

/// Controls that a profile of the pack selects; all of them without one.
pub(super) fn selected_by(profile: Option<&str>) -> Pack {
    let choice = ProfileChoice { name: profile.map(str::to_owned), place: None };
    policy::load(policy::shipped(), Vec::new(), &choice, false).pack
}

/// What the options say is to be judged.
pub(super) fn request(
    workspace: &Path,
    policy: &PolicyOptions,
    time: &TimeOptions,
    environment: &Environment,
) -> Request {
    let mut request = Request::new(workspace, environment.today);
    request.as_of = time.as_of.map_or(AsOf::Unstated(environment.today), AsOf::On);
    let folders: Vec<PathBuf> = policy.policies.iter().filter(|dir| dir.as_os_str() != "shipped").cloned().collect();
    request.policies = match (policy.policies.is_empty(), folders.is_empty()) {
        (true, _) => Policies::Workspace,
        (false, true) => Policies::Shipped,
        (false, false) => Policies::Folders(folders),
    };
    request.profile.clone_from(&policy.profile);
    request.period.clone_from(&time.period);
    request
}

/// Says why a workspace cannot be judged, and which status that is.
pub(super) fn cannot_open(console: &mut Console<'_>, fault: &PipelineError) -> ExitStatus {
    match fault {
        PipelineError::Workspace(error) => {
            diagnostics::show(console, &[error.diagnostic()], LISTED);
            match error {
                // The file is there and cannot be read: a fault in a workspace file.
                WorkspaceError::Read { .. } => ExitStatus::Policy,
                _ => ExitStatus::Usage,
            }
        }
        PipelineError::Policies { source, asked } => {
            let why = source.text();
            console.fail("无法读取策略文件夹", "cannot read the policy folder", why.get(console.lang));
            if *asked { ExitStatus::Usage } else { ExitStatus::Policy }
        }
        PipelineError::Profile { name, known } => {
            console.fail("没有这个方案", "no such profile", &format!("{name} ({})", known.join(", ")));
            ExitStatus::Usage
        }
        PipelineError::Period { name } => {
            console.fail("不是评估期间（如 2026Q3、2026-09、2026）", "not a period (2026Q3, 2026-09, 2026)", name);
            ExitStatus::Usage
        }
        PipelineError::Unsettled { keys, diagnostics, language } => {
            if !console.lang_fixed {
                console.lang = language.unwrap_or(console.lang);
            }
            diagnostics::show(console, diagnostics, LISTED);
            console.fail(
                "没有评估，原有报告未动：hegui.yaml 中决定评估结果的内容有误",
                "nothing was judged and no report was written: hegui.yaml has faults in what decides the judgement",
                &keys.join(" "),
            );
            ExitStatus::Policy
        }
        PipelineError::Pattern { source, .. } => {
            console.fail(
                "`--only` 的写法有误",
                "`--only` is not a pattern",
                &super::policy::not_a_glob(source, console.lang),
            );
            ExitStatus::Usage
        }
        PipelineError::NothingSelected { patterns } => {
            console.fail("没有控制点与之相符", "no selected control matches", &patterns.join(" "));
            ExitStatus::Usage
        }
    }
}

/// Opens a workspace and indexes its evidence; says why when it cannot.
pub(super) fn open(console: &mut Console<'_>, request: &Request) -> Result<Opened, ExitStatus> {
    let opened = open_unread(console, request)?;
    Ok(Opened { index: opened.index(), opened })
}

/// Opens a workspace without a look at its evidence; says why when it cannot.
pub(super) fn open_unread(console: &mut Console<'_>, request: &Request) -> Result<pipeline::Opened, ExitStatus> {
    let opened = pipeline::Opened::open(request).map_err(|fault| cannot_open(console, &fault))?;
    if !console.lang_fixed {
        console.lang = opened.workspace.report.language.unwrap_or(console.lang);
    }
    Ok(opened)
}

/// The folders of `--policies`, read.
pub(super) fn layers(
    console: &mut Console<'_>,
    policies: &[PathBuf],
) -> Result<(PackFiles, Vec<PackFiles>), ExitStatus> {
    let folders: Vec<PathBuf> = policies.iter().filter(|dir| dir.as_os_str() != "shipped").cloned().collect();
    pipeline::read_layers(&folders).map_err(|fault| cannot_open(console, &fault))
}

/// The pack that `--policies` and `--profile` describe, without a workspace. Its errors are printed.
pub(super) fn pack_without_workspace(console: &mut Console<'_>, options: &PolicyOptions) -> Result<Pack, ExitStatus> {
    let (base, overlays) = layers(console, &options.policies)?;
    let choice = ProfileChoice { name: options.profile.clone(), place: None };
    let loaded = policy::load(base, overlays, &choice, false);
    if loaded.has_errors() {
        diagnostics::show(console, &loaded.diagnostics, LISTED);
    }
    let unknown = options.profile.as_ref().is_some_and(|name| !loaded.pack.profiles.contains_key(name));
    if unknown { Err(ExitStatus::Usage) } else { Ok(loaded.pack) }
}

/// Diagnostics listed before the rest is only counted.
pub(super) const LISTED: usize = 100;
