//! Text literals that conditions compare with a column of evidence, for the warning that no row has them.

use super::{Group, JoinOutput, LiteralUse, Order, Origin, PartnerPlan, Plan, Relation, Source, Step};
use crate::evidence::TablePath;
use crate::expr::{ColumnId, Expr, ExprKind, Scalar, Type};
use crate::model::{Check, Demand, Join, Partner};
use crate::text::{Excerpt, Place};

/// A column of evidence behind a slot, through joins, plain lets and group keys.
type Found<'p> = Option<(&'p TablePath, &'p str)>;
/// The column behind a slot of some frame.
type Columns<'a, 'p> = &'a dyn Fn(ColumnId) -> Found<'p>;

/// The literals of `where`, `on`, `let` and `expect`, as written.
pub(super) fn literals(plan: &Plan, check: &Check) -> Vec<LiteralUse> {
    let mut found = Vec::new();
    let (order, nobody) = (plan.order.as_ref(), |_: ColumnId| None);
    let rows = |id| behind(&plan.rows, order, &nobody, id);
    of_relation(&plan.rows, order, &check.lets, &check.joins, &rows, &mut found);
    let group = |id| match &plan.group {
        Some(group) => behind_group(group, &rows, id),
        None => rows(id),
    };
    match (&plan.demand, &check.demand) {
        (super::Demand::Expect(expect), Demand::Expect(text)) => of_condition(expect, text, &group, &mut found),
        (super::Demand::Has { partner, .. }, Demand::Has { partner: written, .. })
        | (super::Demand::HasNo(partner), Demand::HasNo(written)) => of_partner(partner, written, &group, &mut found),
        _ => {}
    }
    found
}

fn of_relation<'p>(
    relation: &'p Relation,
    order: Option<&Order>,
    lets: &[(Excerpt, Excerpt)],
    joins: &[Join],
    columns: Columns<'_, 'p>,
    found: &mut Vec<LiteralUse>,
) {
    for step in relation.steps.iter().chain(order.iter().flat_map(|order| &order.steps)) {
        match step {
            Step::Filter { conditions, text } => {
                conditions.iter().for_each(|condition| of_condition(condition, text, columns, found));
            }
            Step::Let { slot, value } => {
                let name = relation.slots.get(*slot).map(|slot| slot.name.as_str());
                let written = lets.iter().find(|(known, _)| Some(known.text.as_str()) == name);
                if let Some((_, text)) = written {
                    of_condition(value, text, columns, found);
                }
            }
            Step::Join(_) | Step::Previous { .. } => {}
        }
    }
    for join in relation.joins() {
        if let Some(written) = joins.get(join.number) {
            of_partner(&join.partner, &written.partner, columns, found);
        }
    }
}

fn of_partner<'p>(partner: &'p PartnerPlan, written: &Partner, outer: Columns<'_, 'p>, found: &mut Vec<LiteralUse>) {
    let relation = &partner.relation;
    let columns = |id| behind(relation, None, outer, id);
    for ((theirs, ours), (left, right)) in partner.keys.iter().zip(&written.on) {
        if let ExprKind::Column(id) = theirs.kind {
            literal(ours, right.as_ref().unwrap_or(left), columns(id), found);
        }
    }
    of_relation(relation, None, &[], &written.joins, &columns, found);
    if let Some(text) = &partner.filter_text {
        partner.correlated.iter().for_each(|condition| of_condition(condition, text, &columns, found));
    }
}

fn behind<'p>(relation: &'p Relation, order: Option<&'p Order>, outer: Columns<'_, 'p>, id: ColumnId) -> Found<'p> {
    let slot = relation.slots.get(id)?;
    match slot.origin {
        Origin::Source => match &relation.source {
            Source::Table(table) if slot.ty == Type::Text => Some((table, slot.name.as_str())),
            _ => None,
        },
        Origin::Join(number) => {
            let join = relation.joins().find(|join| join.number == number)?;
            let JoinOutput::Lookup(columns) = &join.output else { return None };
            let (_, theirs) = columns.iter().find(|(here, _)| *here == id)?;
            let this = |id| behind(relation, order, outer, id);
            behind(&join.partner.relation, None, &this, *theirs)
        }
        Origin::Let => {
            relation.steps.iter().chain(order.iter().flat_map(|order| &order.steps)).find_map(|step| match step {
                Step::Let { slot, value: Expr { kind: ExprKind::Column(of), .. } } if *slot == id => {
                    behind(relation, order, outer, *of)
                }
                _ => None,
            })
        }
        Origin::Outer(id) => outer(id),
        Origin::Previous | Origin::Key(_) | Origin::Aggregate(_) => None,
    }
}

fn behind_group<'p>(group: &'p Group, rows: Columns<'_, 'p>, id: ColumnId) -> Found<'p> {
    match group.output.slots.get(id)?.origin {
        Origin::Key(row) => rows(row),
        _ => None,
    }
}

fn of_condition(expr: &Expr, text: &Excerpt, columns: Columns<'_, '_>, found: &mut Vec<LiteralUse>) {
    expr.walk(&mut |node| {
        let ExprKind::Call { arguments, function } = &node.kind else { return };
        // A word that must not occur may well be absent.
        if !matches!(function.name, "=" | "IN") {
            return;
        }
        let column = arguments.iter().find_map(|argument| match argument.kind {
            ExprKind::Column(id) => columns(id),
            _ => None,
        });
        arguments.iter().for_each(|argument| literal(argument, text, column, found));
    });
}

fn literal(expr: &Expr, text: &Excerpt, column: Found<'_>, found: &mut Vec<LiteralUse>) {
    let Some((table, column)) = column else { return };
    let ExprKind::Literal { value: Scalar::Text(value), name: None } = &expr.kind else { return };
    let span = match text.place(expr.span) {
        Place::Source { span, .. } => span,
        _ => text.span,
    };
    found.push(LiteralUse {
        table: table.clone(),
        column: column.to_owned(),
        value: value.clone(),
        place: Excerpt { text: value.clone(), span, ..text.clone() },
    });
}
