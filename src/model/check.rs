//! A check as written: the relational sentence of LANGUAGE.md §2, expressions still text with their places.
//!
//! Names and types are resolved by the engine's planner, which knows the evidence.

use std::collections::BTreeSet;

use super::{CheckId, KindId, Threshold};
use crate::expr::{Scalar, Type};
use crate::text::{Excerpt, Text, message::Message};

/// One test of one control.
#[derive(Debug, Clone)]
pub struct Check {
    /// `BAK-02.1`.
    pub id: CheckId,
    /// Short name.
    pub title: Text,
    /// Where rows come from.
    pub over: SourceSpec,
    /// Name of the row inside partners; the last word of the source when absent.
    pub alias: Option<Excerpt>,
    /// Joins in order.
    pub joins: Vec<Join>,
    /// What is examined.
    pub filter: Option<Excerpt>,
    /// Order that defines `PREVIOUS`.
    pub order_by: Vec<Excerpt>,
    /// Grouping keys; `Some(vec![])` makes the whole table one row.
    pub group_by: Option<Vec<Excerpt>>,
    /// Named columns, in order.
    pub lets: Vec<(Excerpt, Excerpt)>,
    /// What must hold.
    pub demand: Demand,
    /// What an undecided `where` does.
    pub undecided: Undecided,
    /// Conforming share that satisfies.
    pub at_least: Option<Share>,
    /// Conforming share from which a failing check is partial.
    pub partial_from: Option<Share>,
    /// Outcome of an empty population.
    pub on_empty: OnEmpty,
    /// Weight in the control.
    pub level: Level,
    /// Boolean over facts and parameters.
    pub applies_if: Option<Excerpt>,
    /// REPORTS §1.3: inspect, observe, inquire, reperform, `tool_check`.
    pub method: Option<String>,
    /// `design` or `operation`.
    pub tests: Option<String>,
    /// Words on sampling for the working paper.
    pub sample: Option<Text>,
    /// Threshold and its legal basis.
    pub threshold: Option<Threshold>,
    /// What a finding says.
    pub finding: Option<FindingText>,
    /// The check's `id` value: where diagnostics about the check as a whole point.
    pub place: Excerpt,
}

/// Where rows come from (LANGUAGE.md §3).
#[derive(Debug, Clone)]
pub enum SourceSpec {
    /// `backup_jobs`, `backup_policy.datasets`, `calendar.months`, `catalog.provisions`, `evidence.files`, as written.
    Named(Excerpt),
    /// `{values: …}`.
    Values(ValuesSpec),
}

/// The rows of `{values: …}`.
#[derive(Debug, Clone)]
pub enum ValuesSpec {
    /// Literal rows: column names with types, and the cells of each row. Scalars have the one column `value`.
    Rows {
        /// Names and types.
        columns: Vec<(String, Type)>,
        /// Cells, row by row.
        rows: Vec<Vec<Scalar>>,
        /// Where the list stands.
        place: Excerpt,
    },
    /// `$topics`: a parameter of type list.
    Param(Excerpt),
}

/// A named join.
#[derive(Debug, Clone)]
pub struct Join {
    /// Its name, used as `name.column`.
    pub name: Excerpt,
    /// Whom it joins.
    pub partner: Partner,
    /// Aggregates over all partners; empty means "the one partner".
    pub lets: Vec<(Excerpt, Excerpt)>,
}

/// The partner side of a join, `has` or `has_no`.
#[derive(Debug, Clone)]
pub struct Partner {
    /// Where partners come from.
    pub source: SourceSpec,
    /// Key pairs: the partner's column, and an expression of this row (`None`: the same name).
    pub on: Vec<(Excerpt, Option<Excerpt>)>,
    /// Further condition.
    pub filter: Option<Excerpt>,
    /// The partner's own joins.
    pub joins: Vec<Join>,
    /// Where the mapping stands.
    pub place: Excerpt,
}

/// Exactly one of the four demands.
#[derive(Debug, Clone)]
pub enum Demand {
    /// Boolean that must be TRUE of every population row.
    Expect(Excerpt),
    /// At least `at_least` partners.
    Has {
        /// The partners.
        partner: Partner,
        /// How many; 1 unless written. A literal or `$param`.
        at_least: Option<Excerpt>,
    },
    /// No partner.
    HasNo(Partner),
    /// `">= 1"`, `"<= $n"`, as written.
    Count(Excerpt),
}

/// What an undecided row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Undecided {
    /// Joins the population and is a finding.
    #[default]
    Finding,
    /// Is left out and counted.
    Exclude,
}

/// A share as written: `95%`, `0.95` or `$param`.
#[derive(Debug, Clone)]
pub enum Share {
    /// Units of 10⁻¹² (95 % is 950 000 000 000).
    Value(i128),
    /// A `percent` parameter.
    Param(Excerpt),
}

/// Outcome of an empty population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnEmpty {
    /// `not_tested: no_occurrence`.
    #[default]
    NotTested,
    /// Satisfied.
    Satisfied,
    /// Not applicable.
    NotApplicable,
    /// A gap.
    NotSatisfied,
}

/// Weight of a check in its control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A failure fails the control.
    #[default]
    Must,
    /// A failure makes the control partial.
    Should,
}

/// The finding text in both languages.
#[derive(Debug, Clone)]
pub struct FindingText {
    /// Chinese template and its place.
    pub zh: (Message, Excerpt),
    /// English template and its place.
    pub en: (Message, Excerpt),
}

impl SourceSpec {
    /// Where the source is written.
    pub fn place(&self) -> &Excerpt {
        match self {
            Self::Named(name) => name,
            Self::Values(ValuesSpec::Rows { place, .. } | ValuesSpec::Param(place)) => place,
        }
    }

    /// The evidence kind a plain name starts with, whether or not such a kind exists.
    pub fn first_word(&self) -> Option<KindId> {
        match self {
            Self::Named(name) => name.text.split('.').next().map(KindId::new),
            Self::Values(_) => None,
        }
    }
}

impl Check {
    /// Every evidence kind (or other first word of a source) that it names, whether or not such a kind exists.
    pub fn kinds_named(&self) -> BTreeSet<KindId> {
        fn of_partner(partner: &Partner, kinds: &mut BTreeSet<KindId>) {
            kinds.extend(partner.source.first_word());
            for join in &partner.joins {
                of_partner(&join.partner, kinds);
            }
        }
        let mut kinds: BTreeSet<KindId> = self.over.first_word().into_iter().collect();
        for join in &self.joins {
            of_partner(&join.partner, &mut kinds);
        }
        match &self.demand {
            Demand::Has { partner, .. } | Demand::HasNo(partner) => of_partner(partner, &mut kinds),
            Demand::Expect(_) | Demand::Count(_) => {}
        }
        kinds
    }
}
