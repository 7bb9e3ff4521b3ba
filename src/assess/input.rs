//! What an assessment is made from.

use crate::model::{
    Assessment, Check, CheckResult, Control, EvidenceFile, EvidenceKind, Law, Metadata, Override, Provision, Unselected,
};
use crate::policy::BrokenControl;
use crate::text::{Diagnostic, Text};

/// Everything [`super::assess`] needs; nothing in it is read from a clock, a disk or an environment.
#[derive(Debug)]
pub struct Input<'a> {
    /// The metadata block. `report_id` (when empty), `evidence_window` and `inputs` are filled in.
    pub metadata: Metadata,
    /// Selected controls, in any order.
    pub controls: Vec<ControlInput<'a>>,
    /// Controls the profile leaves out.
    pub unselected: Vec<Unselected>,
    /// The catalogue of provisions.
    pub provisions: Vec<&'a Provision>,
    /// The laws they belong to.
    pub laws: Vec<&'a Law>,
    /// Evidence kinds, for their names.
    pub kinds: Vec<&'a EvidenceKind>,
    /// The evidence index. `id`, `kind_title` and `used_by` are filled in, and a used file that no check reads
    /// becomes `unneeded`.
    pub files: Vec<EvidenceFile>,
    /// Families: code and shown name.
    pub families: Vec<(String, Text)>,
    /// Selected controls whose files have faults: `not_tested: error`, with the gravest severity when none could be read.
    pub broken: Vec<&'a BrokenControl>,
    /// What overlays and profile changed.
    pub overrides: Vec<Override>,
    /// Faults met so far.
    pub diagnostics: Vec<Diagnostic>,
    /// The earlier assessment of `--baseline`.
    pub baseline: Option<&'a Assessment>,
}

/// Whether a control or check applies to this entity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Applies {
    /// It does.
    #[default]
    Yes,
    /// `applies_if` is FALSE: the deciding facts and their values, in words.
    No(Text),
    /// `applies_if` needs a fact that nobody stated: which, in words.
    FactMissing(Text),
}

/// One selected control.
#[derive(Debug)]
pub struct ControlInput<'a> {
    /// As loaded and tailored.
    pub control: &'a Control,
    /// Its `applies_if`.
    pub applies: Applies,
    /// A fault in the control as a whole, which makes it `not_tested: error`.
    pub fault: Option<Text>,
    /// Its checks, in the order of the file.
    pub checks: Vec<CheckInput<'a>>,
}

/// One check of a selected control.
#[derive(Debug)]
pub struct CheckInput<'a> {
    /// As loaded.
    pub check: &'a Check,
    /// Its `applies_if`.
    pub applies: Applies,
    /// A fact that its expressions need and nobody stated, or a fault in planning it.
    pub fault: Option<CheckFault>,
    /// Share that satisfies, units of 10⁻¹², parameters filled in.
    pub at_least: i128,
    /// Share from which a failing check is partial.
    pub partial_from: Option<i128>,
    /// What running it gave; `None` when it was not run because of `applies` or `fault`.
    pub result: Option<CheckResult>,
}

impl From<&crate::policy::Override> for Override {
    fn from(change: &crate::policy::Override) -> Self {
        use crate::policy::OverrideKind as K;
        let kind = match change.kind {
            K::Param => "param",
            K::ControlReplaced => "control_replaced",
            K::ControlAdded => "control_added",
            K::FileReplaced => "file_replaced",
            K::FileAdded => "file_added",
        };
        Self {
            kind: kind.to_owned(),
            item: change.subject.clone(),
            shipped: change.shipped.clone(),
            effective: change.effective.clone(),
            place: change.place.display(),
        }
    }
}

/// Why a check could not be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckFault {
    /// A fact is missing.
    FactMissing(Text),
    /// The policy has a fault.
    Policy(Text),
}

/// The share 100 % in units of 10⁻¹².
pub const WHOLE: i128 = 1_000_000_000_000;
