//! A control: one requirement we hold ourselves to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Check, ControlId, ProvisionId, Severity};
use crate::expr::{Scalar, Type};
use crate::text::{Excerpt, Source, Text};

/// One requirement, the provisions it serves, and the checks that test it.
#[derive(Debug, Clone)]
pub struct Control {
    /// `BAK-02`; equal to the file stem.
    pub id: ControlId,
    /// `BAK`; the folder, unless the file says otherwise.
    pub family: String,
    /// Short name.
    pub title: Text,
    /// What must be so.
    pub objective: Text,
    /// Severity of its gaps.
    pub severity: Severity,
    /// Provisions cited, every version ever in force, each with its place.
    pub provisions: Vec<(ProvisionId, Excerpt)>,
    /// Parameters by name.
    pub params: BTreeMap<String, Param>,
    /// Boolean over facts and parameters; absent means always.
    pub applies_if: Option<Excerpt>,
    /// Its checks, in the order of the file.
    pub checks: Vec<Check>,
    /// What to do about a gap.
    pub remedy: Text,
    /// Free words.
    pub tags: Vec<String>,
    /// Further reading for the officer.
    pub guidance: Option<Text>,
    /// The shipped control that this one of an overlay stands in for.
    pub replaces: Option<ControlId>,
    /// The file it came from.
    pub source: Arc<Source>,
    /// Where its id is written.
    pub place: Excerpt,
    /// Whether it came from an overlay.
    pub overlay: bool,
}

/// Type of a parameter or fact as written in YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamType {
    /// One of the language's types.
    Plain(Type),
    /// A share written `95%` or `0.95`; a decimal in expressions.
    Percent,
}

impl ParamType {
    /// Type of `$name` in an expression.
    pub fn expression_type(&self) -> Type {
        match self {
            Self::Plain(ty) => ty.clone(),
            Self::Percent => Type::Decimal,
        }
    }
}

/// A parameter: a value that a profile may tailor within bounds.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its type. `duration` takes its unit from the default.
    pub ty: ParamType,
    /// Shipped value.
    pub default: Scalar,
    /// Effective value after tailoring; equal to `default` when nobody tailored it.
    pub value: Scalar,
    /// Least allowed value.
    pub min: Option<Scalar>,
    /// Greatest allowed value.
    pub max: Option<Scalar>,
    /// Where the number comes from.
    pub source: ThresholdSource,
    /// Shown name.
    pub title: Option<Text>,
    /// Where it is declared.
    pub place: Excerpt,
}

impl Param {
    /// Constants that every control has: no parameter may be called like one.
    pub const RESERVED: [&'static str; 4] = ["as_of", "as_of_end", "period_start", "period_end"];
}

/// Where a threshold comes from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdSource {
    /// A law or regulation fixes it; tailoring below is refused.
    Law,
    /// A recommended standard.
    Standard,
    /// Good practice.
    Practice,
}

/// The threshold a check rests on.
#[derive(Debug, Clone)]
pub struct Threshold {
    /// Where it comes from.
    pub source: ThresholdSource,
    /// Provisions that fix it, each with its place; any one in force makes the check applicable.
    pub basis: Vec<(ProvisionId, Excerpt)>,
    /// What the provisions leave open, in our words.
    pub note: Option<Text>,
}
