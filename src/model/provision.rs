//! Laws, standards and their citable clauses.

use serde::Serialize;

use super::ProvisionId;
use crate::text::Text;

/// Whom a provision binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// Binds the parties it addresses.
    Mandatory,
    /// Recommended national standard.
    Recommended,
    /// State support; creates no duty.
    Policy,
    /// Binds somebody else; cited for context.
    Context,
}

/// How far the provision's text was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
pub enum Verification {
    /// Read in full in a stored public copy.
    A,
    /// Confirmed by a secondary source.
    B,
    /// Content confirmed, number derived.
    C,
    /// Unverified.
    U,
}

/// A law, regulation or standard.
#[derive(Debug, Clone)]
pub struct Law {
    /// `AIS`.
    pub id: String,
    /// Name.
    pub title: Text,
    /// Document number.
    pub number: Option<String>,
    /// Issuer.
    pub issuer: Option<Text>,
    /// First day in force, days since 1970-01-01.
    pub in_force_from: Option<i32>,
    /// Last day in force.
    pub in_force_to: Option<i32>,
}

/// One citable clause.
#[derive(Debug, Clone)]
pub struct Provision {
    /// `AIS-42`.
    pub id: ProvisionId,
    /// The law's id.
    pub law: String,
    /// `第四十二条`, `42`, `7.1.4.8`, as cited.
    pub article: String,
    /// Whom it binds.
    pub binding: Binding,
    /// First day in force (the law's own when the file does not say).
    pub in_force_from: Option<i32>,
    /// Last day in force.
    pub in_force_to: Option<i32>,
    /// What it asks, in our own words.
    pub summary: Text,
    /// Numbers it fixes, in our own words.
    pub quantities: Vec<Text>,
    /// How far checked.
    pub verification: Verification,
    /// Where it was checked.
    pub checked_in: String,
}

impl Provision {
    /// Whether it is in force on a day.
    pub fn in_force(&self, on: i32) -> bool {
        self.in_force_from.is_none_or(|from| from <= on) && self.in_force_to.is_none_or(|to| on <= to)
    }
}
