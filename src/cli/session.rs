//! What several subcommands need before they can start: the pack, the workspace, the day.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;

use super::args::{PolicyOptions, TimeOptions};
use super::{Console, Environment, ExitStatus};
use crate::evidence::Index;
use crate::model::{Check, Control, Demand, Join, KindId, Partner};
use crate::policy::{Pack, period};
use crate::text::Diagnostic;

/// A workspace with its evidence indexed, nothing judged.
pub(super) struct Opened {
    /// The effective pack.
    pub(super) pack: Pack,
    /// The evidence.
    pub(super) index: Index,
    /// Day of judging.
    pub(super) as_of: i32,
    /// The assessment's zone.
    pub(super) zone: chrono_tz::Tz,
    /// Name of the period.
    pub(super) period: Option<String>,
    /// Faults in policy and workspace files.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether any of those is an error.
    pub(super) faulty: bool,
}

impl Opened {
    /// `2026Q3`, or a dash.
    pub(super) fn period_name(&self) -> &str {
        self.period.as_deref().unwrap_or("—")
    }
}

/// Days since 1970-01-01.
pub(super) fn days(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The quarter a day lies in: `2026Q3`.
pub(super) fn quarter(date: NaiveDate) -> String {
    period::quarter_of(days(date))
}

/// Every evidence kind (or other first word of a source) that a control reads.
pub(super) fn kinds_of_control(control: &Control) -> BTreeSet<KindId> {
    control.checks.iter().flat_map(kinds_of_check).collect()
}

fn kinds_of_check(check: &Check) -> BTreeSet<KindId> {
    let mut kinds: BTreeSet<KindId> = check.over.first_word().into_iter().collect();
    for join in &check.joins {
        of_join(join, &mut kinds);
    }
    match &check.demand {
        Demand::Has { partner, .. } | Demand::HasNo(partner) => of_partner(partner, &mut kinds),
        Demand::Expect(_) | Demand::Count(_) => {}
    }
    kinds
}

fn of_join(join: &Join, kinds: &mut BTreeSet<KindId>) {
    of_partner(&join.partner, kinds);
}

fn of_partner(partner: &Partner, kinds: &mut BTreeSet<KindId>) {
    kinds.extend(partner.source.first_word());
    for join in &partner.joins {
        of_join(join, kinds);
    }
}

pub(super) fn shipped_pack(_console: &mut Console<'_>) -> Option<Pack> {
    None
}
/// Whether a word names a period: `2026Q3`, `2026-09`, `2026H1`, `2026`.
pub(super) fn is_period(name: &str) -> bool {
    period::parse(name).is_some()
}
pub(super) fn selected_by<'a>(pack: &'a Pack, _profile: Option<&str>) -> Vec<&'a Control> {
    pack.controls.values().collect()
}
pub(super) fn pack_without_workspace(_console: &mut Console<'_>, _options: &PolicyOptions) -> Option<Pack> {
    None
}
pub(super) fn pack_for(
    _console: &mut Console<'_>,
    _options: &PolicyOptions,
    _workspace: Option<&Path>,
) -> Option<Pack> {
    None
}
pub(super) fn open(
    _console: &mut Console<'_>,
    _workspace: &Path,
    _policy: &PolicyOptions,
    _time: &TimeOptions,
    _environment: &Environment,
) -> Result<Opened, ExitStatus> {
    Err(ExitStatus::Internal)
}
