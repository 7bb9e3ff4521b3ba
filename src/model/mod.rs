//! The words of the field: control, check, provision, evidence kind, outcome, finding. No I/O, no file formats.

mod check;
mod control;
mod evidence_kind;
mod finding;
mod ids;
mod manifest;
mod outcome;
mod profile;
mod provision;

pub use check::{Check, Demand, FindingText, Join, Level, OnEmpty, Partner, Share, SourceSpec, Undecided, ValuesSpec};
pub use control::{Control, Param, ParamType, Threshold, ThresholdSource};
pub use evidence_kind::{
    ColumnKind, DateOnly, EvidenceKind, Field, FieldKind, ReadOptions, Record, Sensitivity, Several,
};
pub use finding::{CheckResult, Citation, Finding, FindingReason, MissingEvidence};
pub use ids::{CheckId, ControlId, KindId, ProvisionId};
pub use manifest::{Manifest, ManifestFile};
pub use outcome::{NotTested, Outcome, Severity};
pub use profile::Profile;
pub use provision::{Binding, Law, Provision, Quantity, Renumbering, Verification};
