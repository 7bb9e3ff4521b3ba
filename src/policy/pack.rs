//! A pack in memory: everything a run needs to know before it sees evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono_tz::Tz;

use super::test_file::TestFile;
use crate::expr::Scalar;
use crate::model::{
    Control, ControlId, EvidenceKind, KindId, Law, ParamType, Profile, Provision, ProvisionId, Severity,
};
use crate::text::{Excerpt, Place, Source, Text};

/// The effective pack: what is shipped, with overlays laid over it and the profile's values put in.
#[derive(Debug, Clone)]
pub struct Pack {
    /// `hegui-cn`.
    pub name: String,
    /// `0.1.0`.
    pub version: String,
    /// Shown name.
    pub title: Text,
    /// Zone of an assessment that states none.
    pub time_zone: Tz,
    /// Families in the order of reports: code and shown name.
    pub families: Vec<(String, Text)>,
    /// Facts that `applies_if` may use.
    pub facts: BTreeMap<String, FactDeclaration>,
    /// Where provisions were verified, by id.
    pub verification_sources: BTreeMap<String, VerificationSource>,
    /// Laws by id.
    pub laws: BTreeMap<String, Law>,
    /// Provisions by id.
    pub provisions: BTreeMap<ProvisionId, Provision>,
    /// Every effective control, selected or not; parameters hold their effective values.
    pub controls: BTreeMap<ControlId, Control>,
    /// Controls the profile selects (all, without a profile). Broken ones are in it too.
    pub selected: BTreeSet<ControlId>,
    /// Evidence kinds by id.
    pub kinds: BTreeMap<KindId, EvidenceKind>,
    /// Profiles by id.
    pub profiles: BTreeMap<String, Profile>,
    /// Id of the profile in effect.
    pub profile: Option<String>,
    /// Official holidays and make-up days by year.
    pub calendars: BTreeMap<i32, CalendarYear>,
    /// Policy tests, by path.
    pub tests: Vec<TestFile>,
    /// Controls whose files have faults: they are `not_tested: error`.
    pub broken_controls: BTreeMap<ControlId, BrokenControl>,
    /// Kinds whose files have faults: they are not unknown, only unusable.
    pub broken_kinds: BTreeSet<KindId>,
    /// Years, or names of files without one, whose calendars have faults: they are left out, and whatever asks for working
    /// days is `not_tested: error`.
    pub broken_calendars: BTreeSet<String>,
    /// Provisions that could not be read: they are not unknown either.
    pub broken_provisions: BTreeSet<ProvisionId>,
    /// What overlays and the profile changed, in a fixed order.
    pub overrides: Vec<Override>,
    /// SHA-256 of the effective pack, lowercase hexadecimal: over every effective file, by path.
    pub sha256: String,
    /// Every effective file, by path.
    pub files: Vec<PackFile>,
    /// Control of an overlay → the shipped one it stands in for.
    pub stands_in_for: BTreeMap<ControlId, ControlId>,
}

/// A fact about the entity that controls may ask for.
#[derive(Debug, Clone)]
pub struct FactDeclaration {
    /// `individuals`.
    pub name: String,
    /// Its type.
    pub ty: ParamType,
    /// Shown name.
    pub title: Text,
    /// What `init` asks.
    pub question: Option<Text>,
    /// Least value.
    pub min: Option<Scalar>,
    /// Greatest value.
    pub max: Option<Scalar>,
    /// Words allowed, for texts.
    pub allowed: Vec<String>,
    /// Where it is declared.
    pub place: Excerpt,
}

/// Where the text of provisions was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationSource {
    /// `S-JL`.
    pub id: String,
    /// What it is.
    pub what: String,
    /// `git-repo`, `web-page`, `stored-file`, `memory`.
    pub kind: String,
    /// Which state of it.
    pub version: String,
    /// What it was used for.
    pub note: Option<String>,
}

/// Holidays and make-up days of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// Shown name.
    pub title: Text,
    /// The notice it was taken from.
    pub source: String,
    /// Days off, as days since 1970-01-01, with the holiday's name.
    pub holidays: BTreeMap<i32, Text>,
    /// Weekend days that are worked.
    pub working_days: BTreeSet<i32>,
}

/// A control that cannot be tested because its file has faults.
#[derive(Debug, Clone)]
pub struct BrokenControl {
    /// Its id, from the file or from the file's name.
    pub id: ControlId,
    /// Its family.
    pub family: String,
    /// Its title, as far as it could be read.
    pub title: Option<Text>,
    /// Its severity, as far as it could be read.
    pub severity: Option<Severity>,
    /// Provisions it cites, as far as they could be read.
    pub provisions: Vec<ProvisionId>,
    /// The file.
    pub source: Arc<Source>,
    /// The control as far as it could be read: never judged, but the faults of its expressions are told in the same run.
    pub partial: Option<Box<Control>>,
}

/// What an override changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OverrideKind {
    /// A parameter tailored by the profile.
    Param,
    /// A control of an overlay that replaces a shipped one.
    ControlReplaced,
    /// A control that only an overlay has.
    ControlAdded,
    /// Any other file of an overlay that takes the place of a shipped one.
    FileReplaced,
    /// Any other file that only an overlay has.
    FileAdded,
}

/// One difference between the shipped pack and the effective one (DESIGN §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// What is changed.
    pub kind: OverrideKind,
    /// `BAK-02.min_copies`, `BAK-02`, `profiles/x.yaml`.
    pub subject: String,
    /// What was shipped: a value as written, a control's title; `None` when there was nothing.
    pub shipped: Option<Text>,
    /// What is in effect.
    pub effective: Text,
    /// Where that is written.
    pub place: Place,
}

/// One effective file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Path inside the pack, `/` between folders.
    pub path: String,
    /// Its text, and the name diagnostics print.
    pub source: Arc<Source>,
    /// Whether it came from an overlay.
    pub overlay: bool,
}

impl Pack {
    /// The selected controls that can be tested, by id.
    pub fn selected_controls(&self) -> impl Iterator<Item = &Control> {
        self.selected.iter().filter_map(|id| self.controls.get(id))
    }

    /// The shown name of a family; its code when the pack does not name it.
    pub fn family_title(&self, family: &str) -> Text {
        let known = self.families.iter().find(|(code, _)| code == family);
        known.map_or_else(|| Text::same(family), |(_, title)| title.clone())
    }

    /// The law a provision belongs to.
    pub fn law_of(&self, provision: &ProvisionId) -> Option<&Law> {
        self.laws.get(&self.provisions.get(provision)?.law)
    }
}
