//! `count`: how many rows `over` and `where` leave.

use crate::model::{Citation, FindingReason};
use crate::text::Text;

use super::cite::{CITED, Cite};
use super::columns::Chunk;
use super::findings::{Details, Surroundings};
use super::population::{NOWHERE, Population};

/// Rows counted so far.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    kept: u64,
    pub(crate) undecided: u64,
    some: Vec<Cite>,
}

impl Counted {
    /// Counts the rows of a chunk.
    pub(crate) fn rows(&mut self, chunk: &Chunk) {
        self.kept += u64::try_from(chunk.len).unwrap_or(u64::MAX);
        for row in 0..chunk.len {
            if self.some.len() >= CITED {
                break;
            }
            self.some.extend(Cite::of(chunk, row));
        }
    }
}

/// Holds the number against the bound: an undecided row counts for `<=` and does not for `>=`.
pub(crate) fn finish(population: &mut Population<'_>, at_least: bool, bound: i64, around: Surroundings<'_>) {
    let bound = u64::try_from(bound).unwrap_or(0);
    let Counted { kept, undecided, some } = &population.count;
    let (kept, undecided) = (*kept, *undecided);
    let holds = if at_least { kept >= bound } else { kept + undecided <= bound };
    population.rows = 1;
    if holds {
        population.conforming = 1;
        return;
    }
    let decided = if at_least { kept + undecided < bound } else { kept > bound };
    let reason = if decided { FindingReason::NotMet } else { FindingReason::Undecided };
    let operator = if at_least { ">=" } else { "<=" };
    let key = vec![("count".to_owned(), Some(format!("{operator} {bound}")), None)];
    let citations: Vec<Citation> =
        if at_least { Vec::new() } else { some.iter().map(|cite| cite.citation(around.index, &[])).collect() };
    let plan = population.plan;
    let nowhere = citations.is_empty();
    population.findings.add(plan, NOWHERE, reason, &key, || {
        let number = serde_json::Value::from(kept);
        Details {
            citations,
            rows: Some(kept),
            values: vec![("count".to_owned(), number.clone(), number)],
            remark: (undecided > 0).then(|| {
                Text::new(
                    format!("另有 {undecided} 行无法判断"),
                    if undecided == 1 {
                        "1 more row is undecided".to_owned()
                    } else {
                        format!("{undecided} more rows are undecided")
                    },
                )
            }),
            instead: plan.finding.is_none().then(|| {
                Text::new(
                    format!("应为 {operator} {bound} 行，实有 {kept} 行"),
                    format!("{operator} {bound} {} wanted, {kept} found", if bound == 1 { "row" } else { "rows" }),
                )
            }),
            missing: at_least || nowhere,
            shown_key: None,
        }
    });
}
