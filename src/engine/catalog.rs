//! The pack itself as tables: `catalog.provisions`, `catalog.controls`.

use std::collections::BTreeSet;

use crate::engine::Clock;
use crate::expr::Scalar;
use crate::model::{Binding, ProvisionId, Severity, Verification};
use crate::policy::Pack;

/// Rows of the catalogue tables, in the order of their column lists.
#[derive(Debug, Clone, Default)]
pub struct CatalogTables {
    /// `catalog.provisions`, by id.
    pub provisions: Vec<Vec<Scalar>>,
    /// `catalog.controls`, by id.
    pub controls: Vec<Vec<Scalar>>,
}

impl CatalogTables {
    /// The tables of a pack on the as-of date.
    pub fn of(pack: &Pack, clock: &Clock) -> Self {
        let cited: BTreeSet<&ProvisionId> =
            pack.selected_controls().flat_map(|control| control.provisions.iter().map(|(id, _)| id)).collect();
        let text = |text: &str| Scalar::Text(text.to_owned());
        let day = |day: Option<i32>| day.map_or(Scalar::Null, Scalar::Date);
        let provisions = pack.provisions.values().map(|provision| {
            vec![
                text(provision.id.as_str()),
                text(&provision.law),
                text(&provision.article),
                text(binding(provision.binding)),
                Scalar::Boolean(provision.in_force(clock.as_of)),
                Scalar::Boolean(cited.contains(&provision.id)),
                day(provision.in_force_from),
                day(provision.in_force_to),
                text(verification(provision.verification)),
            ]
        });
        let controls = pack.controls.values().map(|control| {
            vec![
                text(control.id.as_str()),
                text(&control.family),
                text(severity(control.severity)),
                text(&control.title.zh),
                Scalar::Boolean(pack.selected.contains(&control.id)),
                Scalar::Integer(i64::try_from(control.checks.len()).unwrap_or(i64::MAX)),
            ]
        });
        Self { provisions: provisions.collect(), controls: controls.collect() }
    }
}

const fn binding(binding: Binding) -> &'static str {
    match binding {
        Binding::Mandatory => "mandatory",
        Binding::Recommended => "recommended",
        Binding::Policy => "policy",
        Binding::Context => "context",
    }
}

const fn verification(level: Verification) -> &'static str {
    match level {
        Verification::A => "A",
        Verification::B => "B",
        Verification::C => "C",
        Verification::U => "U",
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}
