//! Laws, standards and their citable clauses.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ProvisionId;
use crate::text::{Excerpt, Source, Text};

/// Whom a provision binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// `law`, `administrative-regulation`, `departmental-rule`, `normative-document`, `judicial-interpretation`,
    /// `national-standard`.
    pub level: String,
    /// Document number.
    pub number: Option<String>,
    /// Issuer.
    pub issuer: Option<Text>,
    /// First day in force, days since 1970-01-01.
    pub in_force_from: Option<i32>,
    /// Last day in force.
    pub in_force_to: Option<i32>,
    /// Day it was promulgated.
    pub promulgated_on: Option<i32>,
    /// What a reader should know about it.
    pub note: Option<Text>,
    /// Articles of an earlier text that this one renumbered.
    pub renumbering: Option<Renumbering>,
    /// The file it came from.
    pub source: Arc<Source>,
}

/// Which article of an earlier text became which of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbering {
    /// The earlier law's id.
    pub from_law: String,
    /// First day of the new numbers.
    pub switched_on: i32,
    /// How the map was made.
    pub method: Option<String>,
    /// Articles without a predecessor.
    pub new_articles: Vec<i64>,
    /// Old article, new article, how it changed (`renumbered`, `amended`, `merged`).
    pub map: Vec<(i64, i64, String)>,
}

/// A number that a provision fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// `log_retention`.
    pub name: String,
    /// `>=`, `<=`, `=`, `range` …
    pub op: String,
    /// The value as written; two for a range.
    pub values: Vec<String>,
    /// `month`, `CNY`, `percent` …
    pub unit: String,
    /// What a reader should know about it.
    pub note: Option<Text>,
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
    /// Numbers it fixes.
    pub quantities: Vec<Quantity>,
    /// Whom it addresses (`pi_processor`, `bookkeeping_agency` …).
    pub applies_to: Vec<String>,
    /// Provisions of earlier texts that it took the place of.
    pub replaces: Vec<ProvisionId>,
    /// The provision that took its place.
    pub superseded_by: Option<ProvisionId>,
    /// What a reader should know about it.
    pub note: Option<Text>,
    /// How far checked.
    pub verification: Verification,
    /// Sources it was checked in, by id (`S-JL`), and the path there.
    pub checked_in: Vec<String>,
    /// Path within the source.
    pub checked_path: Option<String>,
    /// Where it is declared: its `id`.
    pub place: Excerpt,
}

impl Provision {
    /// Whether it is in force on a day.
    pub fn in_force(&self, on: i32) -> bool {
        self.in_force_from.is_none_or(|from| from <= on) && self.in_force_to.is_none_or(|to| on <= to)
    }
}
