//! Working days beyond the years whose official calendar is known: a doubt that a finding has to name.

use chrono::{Datelike, NaiveDate};

use crate::engine::Clock;
use crate::engine::plan::{AggregateOutput, Calendar, Demand, JoinOutput, PartnerPlan, Plan, Relation, Source, Step};
use crate::expr::{ColumnId, Context, Expr, ExprKind, Scalar, WorkingDays};
use crate::text::Text;

use super::columns::Chunk;
use super::relation::over;

/// The calls of `WORKING_DAYS_…` in an expression.
fn calls(expr: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    expr.walk(&mut |expr| {
        if let ExprKind::Call { function, .. } = &expr.kind
            && function.name.starts_with("WORKING_DAYS_")
        {
            found.push(expr);
        }
    });
    found
}

/// The calls that decide by some expressions over a frame: their own, and those of the lets behind the slots they read.
pub(crate) fn behind(expressions: &[&Expr], lets: &[(ColumnId, &Expr)]) -> Vec<Expr> {
    let mut open: Vec<&Expr> = expressions.to_vec();
    let mut seen = std::collections::BTreeSet::new();
    let mut found: Vec<Expr> = Vec::new();
    while let Some(expr) = open.pop() {
        found.extend(calls(expr).into_iter().cloned());
        for id in expr.columns() {
            if seen.insert(id) {
                open.extend(lets.iter().filter(|(slot, _)| *slot == id).map(|(_, value)| *value));
            }
        }
    }
    found
}

/// Why such a call has no value for a row although its arguments have: the year whose calendar it would need.
pub(crate) fn remark(calls: &[Expr], chunk: &Chunk, row: usize, context: &Context) -> Option<Text> {
    if calls.is_empty() {
        return None;
    }
    let one = chunk.take(&[u32::try_from(row).ok()?]);
    let value = |expr: &Expr| over(expr, &one, context).scalar(0, &expr.ty);
    let year = calls.iter().find_map(|call| {
        let ExprKind::Call { arguments, .. } = &call.kind else { return None };
        if value(call) != Scalar::Null {
            return None;
        }
        match arguments.iter().map(value).collect::<Vec<_>>().as_slice() {
            [Scalar::Date(from), Scalar::Date(to)] => {
                unknown_between((*from).min(*to), (*from).max(*to), &context.working_days)
            }
            [Scalar::Date(from), Scalar::Integer(days)] if *days >= 0 => {
                unknown_between(*from, i32::MAX, &context.working_days)
            }
            _ => None,
        }
    })?;
    Some(unknown(year))
}

/// The first year from one day to another whose calendar is not known.
fn unknown_between(first: i32, last: i32, days: &WorkingDays) -> Option<i32> {
    let year = |day: i32| NaiveDate::from_epoch_days(day).map(|date| date.year());
    let known = days.years();
    let first = year(first)?;
    (first..=year(last).unwrap_or(i32::MAX)).find(|year| !known.contains(year))
}

/// The sentence.
fn unknown(year: i32) -> Text {
    Text::new(format!("{year} 年的官方放假安排未知"), format!("the official calendar of {year} is not known"))
}

/// The same of a day of `calendar.working_days` of which nobody knows whether it is one.
pub(crate) fn doubtful_day(plan: &Plan, label: Option<&str>, days: &WorkingDays) -> Option<Text> {
    if !matches!(plan.rows.source, Source::Calendar(Calendar::WorkingDays)) {
        return None;
    }
    let day = label?.parse::<NaiveDate>().ok()?.to_epoch_days();
    days.is_working(day).is_none().then(|| unknown_between(day, day, days)).flatten().map(unknown)
}

/// Beside the result of a check that asks for working days, when the period or the time up to the as-of date lies in a
/// year whose calendar is not known.
pub(crate) fn note(plan: &Plan, clock: &Clock) -> Option<Text> {
    let year = unknown_between(clock.period.0, clock.period.1.max(clock.as_of), &clock.working_days)?;
    asks(plan).then(|| {
        let known = clock.working_days.years();
        let span = match (known.first(), known.last()) {
            (Some(first), Some(last)) if first < last => format!("{first}–{last}"),
            (Some(year), _) => year.to_string(),
            (None, _) => return unknown(year),
        };
        Text::new(
            format!("{year} 年的官方放假安排未知（策略包收录 {span} 年），由此决定的工作日无法判断"),
            format!(
                "the official calendar of {year} is not known (the pack has {span}); what rests on its working days is undecided"
            ),
        )
    })
}

/// Whether anything of the check asks for working days.
fn asks(plan: &Plan) -> bool {
    let mut found = false;
    plan.walk(&mut |relation| found |= matches!(relation.source, Source::Calendar(Calendar::WorkingDays)));
    each(plan, &mut |expr| found |= !calls(expr).is_empty());
    found
}

/// Every expression of a plan.
fn each<'p>(plan: &'p Plan, visit: &mut dyn FnMut(&'p Expr)) {
    of_relation(&plan.rows, visit);
    if let Some(order) = &plan.order {
        order.keys.iter().for_each(&mut *visit);
        order.steps.iter().for_each(|step| of_step(step, visit));
    }
    if let Some(group) = &plan.group {
        of_output(&group.output, visit);
    }
    match &plan.demand {
        Demand::Expect(expr) => visit(expr),
        Demand::Has { partner, .. } => of_partner(partner, visit),
        Demand::HasNo(partner) => of_partner(partner, visit),
        Demand::Count { .. } => {}
    }
}

fn of_relation<'p>(relation: &'p Relation, visit: &mut dyn FnMut(&'p Expr)) {
    relation.steps.iter().for_each(|step| of_step(step, visit));
}

fn of_step<'p>(step: &'p Step, visit: &mut dyn FnMut(&'p Expr)) {
    match step {
        Step::Let { value, .. } => visit(value),
        Step::Previous { call, .. } => std::iter::once(&call.value).chain(&call.first).for_each(visit),
        Step::Filter { conditions, .. } => conditions.iter().for_each(visit),
        Step::Join(join) => {
            of_partner(&join.partner, visit);
            if let JoinOutput::Aggregate(output) = &join.output {
                of_output(output, visit);
            }
        }
    }
}

fn of_partner<'p>(partner: &'p PartnerPlan, visit: &mut dyn FnMut(&'p Expr)) {
    of_relation(&partner.relation, visit);
    partner.keys.iter().flat_map(|(theirs, ours)| [theirs, ours]).chain(&partner.correlated).for_each(visit);
}

fn of_output<'p>(output: &'p AggregateOutput, visit: &mut dyn FnMut(&'p Expr)) {
    let calls = output.calls.iter().flat_map(|call| call.arguments.iter().chain(&call.filter));
    calls.chain(output.lets.iter().map(|(_, value)| value)).for_each(visit);
}
