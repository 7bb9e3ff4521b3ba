//! `expect`: only TRUE conforms.

use crate::expr::{Context, Expr};
use crate::model::FindingReason;

use super::columns::{Chunk, truths};
use super::findings::{Surroundings, reason_of};
use super::group::Behind;
use super::population::Population;
use super::relation::over;

/// Holds every row of the population frame against the expectation.
pub(crate) fn judge(
    population: &mut Population<'_>,
    expect: &Expr,
    chunk: &Chunk,
    behind: Option<&[Behind]>,
    context: &Context,
    around: Surroundings<'_>,
) {
    let column = over(expect, chunk, context);
    let mut conforming = 0;
    for (row, truth) in truths(&column).enumerate() {
        let reason = match truth {
            Some(true) => {
                conforming += 1;
                continue;
            }
            Some(false) => FindingReason::NotMet,
            None => reason_of(column.doubt.at(row)),
        };
        population.finding(chunk, behind, row, reason, false, around, Default::default);
    }
    population.examined(chunk.len, conforming);
}
