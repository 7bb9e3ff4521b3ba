//! The bond between a frozen struct and the model: both ways, without loss.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::model;
use crate::text::Text;

/// A frozen type and the model's type that it stands for.
pub(super) trait Mirror: Sized {
    /// The model's type.
    type Model;

    /// Copies the model.
    fn from_model(model: &Self::Model) -> Self;

    /// Gives the model back.
    fn into_model(self) -> Self::Model;
}

macro_rules! itself {
    ($($ty:ty),* $(,)?) => {$(
        impl Mirror for $ty {
            type Model = Self;

            fn from_model(model: &Self) -> Self {
                model.clone()
            }

            fn into_model(self) -> Self {
                self
            }
        }
    )*};
}

// The words of these enums are the canonical vocabulary of REPORTS §1: they are frozen where they are declared.
itself!(
    bool,
    u8,
    u32,
    u64,
    i64,
    String,
    NaiveDate,
    DateTime<FixedOffset>,
    Text,
    serde_json::Value,
    model::Baseline,
    model::Binding,
    model::CheckId,
    model::ControlId,
    model::FileStatus,
    model::FindingReason,
    model::GapState,
    model::Gate,
    model::KindId,
    model::Level,
    model::NotTested,
    model::ProvisionId,
    model::ReportKind,
    model::SelfCheckLevel,
    model::Severity,
    model::ThresholdSource,
    model::Verification,
);

impl<T: Mirror> Mirror for Vec<T> {
    type Model = Vec<T::Model>;

    fn from_model(model: &Self::Model) -> Self {
        model.iter().map(T::from_model).collect()
    }

    fn into_model(self) -> Self::Model {
        self.into_iter().map(T::into_model).collect()
    }
}

impl<T: Mirror> Mirror for Option<T> {
    type Model = Option<T::Model>;

    fn from_model(model: &Self::Model) -> Self {
        model.as_ref().map(T::from_model)
    }

    fn into_model(self) -> Self::Model {
        self.map(T::into_model)
    }
}

/// Declares a frozen struct with the fields of a model struct, and the way there and back.
macro_rules! mirror {
    ($(#[$meta:meta])* struct $name:ident = $model:path { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[allow(clippy::struct_field_names, reason = "the fields are those of the published schema")]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty,)* }

        impl Mirror for $name {
            type Model = $model;

            fn from_model(model: &Self::Model) -> Self {
                Self { $($field: Mirror::from_model(&model.$field),)* }
            }

            fn into_model(self) -> Self::Model {
                $model { $($field: self.$field.into_model(),)* }
            }
        }
    };
}
pub(super) use mirror;

/// Two named values that the model holds as a tuple.
macro_rules! pair {
    ($(#[$meta:meta])* struct $name:ident { $(#[$am:meta])* $a:ident: $at:ty, $(#[$bm:meta])* $b:ident: $bt:ty }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub struct $name { $(#[$am])* pub $a: $at, $(#[$bm])* pub $b: $bt }

        impl Mirror for $name {
            type Model = (<$at as Mirror>::Model, <$bt as Mirror>::Model);

            fn from_model((a, b): &Self::Model) -> Self {
                Self { $a: Mirror::from_model(a), $b: Mirror::from_model(b) }
            }

            fn into_model(self) -> Self::Model {
                (self.$a.into_model(), self.$b.into_model())
            }
        }
    };
}
pub(super) use pair;

/// One of the five words, with the reason when not tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Judged {
    /// The canonical word.
    pub outcome: Word,
    /// Why it was not tested; null for every other outcome.
    pub reason: Option<model::NotTested>,
}

/// The canonical outcomes of REPORTS §1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// 符合.
    Satisfied,
    /// 部分符合.
    Partial,
    /// 不符合.
    NotSatisfied,
    /// 不适用.
    NotApplicable,
    /// 未检测.
    NotTested,
}

impl Mirror for Judged {
    type Model = model::Outcome;

    fn from_model(model: &Self::Model) -> Self {
        use model::Outcome as O;
        let (outcome, reason) = match model {
            O::Satisfied => (Word::Satisfied, None),
            O::Partial => (Word::Partial, None),
            O::NotSatisfied => (Word::NotSatisfied, None),
            O::NotApplicable => (Word::NotApplicable, None),
            O::NotTested(reason) => (Word::NotTested, Some(*reason)),
        };
        Self { outcome, reason }
    }

    fn into_model(self) -> Self::Model {
        use model::Outcome as O;
        match self.outcome {
            Word::Satisfied => O::Satisfied,
            Word::Partial => O::Partial,
            Word::NotSatisfied => O::NotSatisfied,
            Word::NotApplicable => O::NotApplicable,
            Word::NotTested => O::NotTested(self.reason.unwrap_or(model::NotTested::Error)),
        }
    }
}

/// The 64-bit fingerprint of a finding, as 16 lowercase hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[0-9a-f]{16}$"))]
pub struct Fingerprint(u64);

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        format!("{:016x}", fingerprint.0)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}

impl Mirror for Fingerprint {
    type Model = u64;

    fn from_model(model: &u64) -> Self {
        Self(*model)
    }

    fn into_model(self) -> u64 {
        self.0
    }
}

/// A share of the population as an exact decimal: `"0.95"`, `"1"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = r"^-?[0-9]+(\.[0-9]{1,12})?$"))]
pub struct Share(i128);

impl From<Share> for String {
    fn from(share: Share) -> Self {
        crate::report::number::decimal(share.0)
    }
}

impl TryFrom<String> for Share {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        crate::report::number::parse_decimal(&text).map(Self).ok_or_else(|| format!("`{text}` is not a decimal"))
    }
}

impl Mirror for Share {
    type Model = i128;

    fn from_model(model: &i128) -> Self {
        Self(*model)
    }

    fn into_model(self) -> i128 {
        self.0
    }
}

/// Tenths of a percent, written as a number with one decimal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(from = "f64", into = "f64")]
#[schemars(with = "f64")]
pub struct Percent(u32);

impl From<Percent> for f64 {
    fn from(percent: Percent) -> Self {
        Self::from(percent.0) / 10.0
    }
}

impl From<f64> for Percent {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, NaN gives 0")]
    fn from(number: f64) -> Self {
        Self((number * 10.0).round() as u32)
    }
}

impl Mirror for Percent {
    type Model = u32;

    fn from_model(model: &u32) -> Self {
        Self(*model)
    }

    fn into_model(self) -> u32 {
        self.0
    }
}
