//! The words of the field: control, check, provision, evidence kind, outcome, finding. No I/O, no file formats.

mod adapter;
mod assessment;
mod check;
mod control;
mod evidence_kind;
mod finding;
mod gap;
mod ids;
mod manifest;
mod outcome;
mod profile;
mod provision;

pub use adapter::{Adapter, Each, Split};
pub use assessment::{
    Assessment, Baseline, CheckOutcome, Comparison, Conclusion, ControlResult, Counts, Entity, EvidenceFile,
    FileStatus, Gate, Inputs, Metadata, Override, PackRef, Period, Problem, ProfileRef, ProvisionUse, Rate, ReportKind,
    Scope, Scores, SelfCheck, SelfCheckLevel, ThresholdRef, ToolRef, Unselected, evidence_name,
};
pub use check::{Check, Demand, FindingText, Join, Level, OnEmpty, Partner, Share, SourceSpec, Undecided, ValuesSpec};
pub use control::{Control, Param, ParamType, Threshold, ThresholdSource};
pub use evidence_kind::{
    BlockPattern, ColumnKind, DateOnly, Epoch, EvidenceKind, Field, FieldKind, LinePattern, ReadOptions, Record,
    Sensitivity, Several,
};
pub use finding::{CheckResult, Citation, Finding, FindingReason, MissingEvidence};
pub use gap::{Gap, GapState};
pub use ids::{CheckId, ControlId, KindId, ProvisionId};
pub use manifest::{Manifest, ManifestFile};
pub use outcome::{NotTested, Outcome, Severity};
pub use profile::Profile;
pub use provision::{Binding, Law, Provision, Quantity, Renumbering, Verification};
