//! Every check of the shipped pack prints, and what is printed parses.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{OwnFunctions, statement};
use crate::engine::{Clock, plan_controls};
use crate::expr::WorkingDays;
use crate::expr::sql::Dialect;
use crate::policy::{ProfileChoice, load, shipped};

fn clock() -> Clock {
    Clock {
        as_of: 20_726,
        zone: chrono_tz::Asia::Shanghai,
        period: (20_635, 20_726),
        working_days: Arc::new(WorkingDays::new(&[2025, 2026], &[], &[])),
    }
}

#[test]
fn every_check_of_the_shipped_pack_parses() {
    let loaded = load(shipped(), Vec::new(), &ProfileChoice::named("bookkeeping-agency"), false);
    let clock = clock();
    let planned = plan_controls(&loaded.pack, loaded.pack.controls.values(), &BTreeMap::new(), &clock);
    assert!(planned.plans.len() > 20, "{:?}", planned.diagnostics);
    for plan in &planned.plans {
        let statement = statement(plan, &clock.context(), Dialect::Sqlite, OwnFunctions::Beside);
        // sqlparser knows this word, which SQLite has since 3.35, as PostgreSQL's only.
        let sql = statement.sql.replace(" AS MATERIALIZED (", " AS (");
        let parsed = sqlparser::parser::Parser::parse_sql(&sqlparser::dialect::SQLiteDialect {}, &sql);
        match parsed {
            Ok(parsed) => assert_eq!(parsed.len(), 1),
            Err(fault) => panic!("{}: {fault}\n{}", plan.check, statement.sql),
        }
        for table in &statement.tables {
            let create = table.create();
            let parsed = sqlparser::parser::Parser::parse_sql(&sqlparser::dialect::SQLiteDialect {}, &create);
            assert!(parsed.is_ok(), "{create}");
        }
    }
}
