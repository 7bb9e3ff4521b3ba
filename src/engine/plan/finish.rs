//! What a plan needs beyond names: whether it applies, shares, the key of a row, the order of steps.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::Builder;
use super::check::Parts;
use super::constants::Constants;
use super::demand::DemandParts;
use super::frame::{Names, Rows, reads_of_join};
use super::literals::literals;
use super::scope::ConstantScope;
use super::{
    AggregateOutput, Applies, Group, JoinOutput, JoinPlan, Order, Origin, Plan, Relation, RowKey, Source, Step,
};
use crate::engine::{Clock, codes};
use crate::expr::{self, ColumnId, Expr, ExprKind, Frame, Scalar, Type};
use crate::model::{Check, Control, Demand, KindId, Provision, ProvisionId, Share};
use crate::text::{Diagnostic, Excerpt, Text};

/// 100 %, in units of 10⁻¹².
pub(crate) const WHOLE: i128 = 1_000_000_000_000;

impl Builder<'_> {
    /// Evaluates `applies_if`.
    pub(crate) fn applies(&mut self, condition: Option<&Excerpt>, clock: &Clock) -> Applies {
        let Some(text) = condition else { return Applies::Yes };
        let constants: &Constants = self.constants;
        constants.take_missing();
        let bound = self
            .parse(text)
            .and_then(|ast| self.bind(text, &ast, &mut ConstantScope { constants }, Some(&Type::Boolean)));
        let missing = constants.take_missing();
        let Some(bound) = bound else { return Applies::Yes };
        let column = expr::evaluate(&bound, &Frame { columns: &[], rows: 1 }, &clock.context());
        match column.scalar(0, &Type::Boolean) {
            Scalar::Boolean(true) => Applies::Yes,
            Scalar::Boolean(false) => Applies::No(does_not_hold(text, &bound)),
            // A known fact cannot make it undecided, so only how it is written can.
            _ if missing.is_empty() => {
                self.applies_undecided(text);
                Applies::Yes
            }
            _ => Applies::FactMissing(missing),
        }
    }

    fn applies_undecided(&mut self, text: &Excerpt) {
        let condition = text.text.trim();
        self.report(
            Diagnostic::new(
                &codes::APPLIES_IF_UNDECIDED,
                Text::new(
                    format!("`{condition}` 既不成立也不为假，虽然所需的事实都已写明"),
                    format!("`{condition}` is neither TRUE nor FALSE, although every fact it needs is stated"),
                ),
            )
            .at_place(text.whole())
            .help(Text::new(
                "常见原因：除以零、溢出、`NULL`；用 `COALESCE` 或 `IS TRUE` 写明这时是否适用",
                "usual causes are a division by zero, an overflow, a `NULL`; say with `COALESCE` or `IS TRUE` what holds then",
            )),
        );
    }

    fn share(&mut self, share: Option<&Share>, place: &Excerpt) -> Option<i128> {
        let (value, at) = match share? {
            Share::Value(value) => (Some(*value), place),
            Share::Param(text) => {
                let name = text.text.trim().trim_start_matches('$');
                if self.constants.is_broken(name) {
                    return None;
                }
                match self.constants.parameter(name) {
                    Some(Scalar::Decimal(value)) => (Some(value), text),
                    Some(Scalar::Integer(value)) => (i128::from(value).checked_mul(WHOLE), text),
                    _ => (None, text),
                }
            }
        };
        let value = value.filter(|value| (0..=WHOLE).contains(value));
        if value.is_none() {
            self.bad_share(at);
        }
        value
    }

    fn bad_share(&mut self, at: &Excerpt) {
        self.report(
            Diagnostic::new(&codes::SHARE_FORM, Text::new("这不是可用的比例", "this is not a usable share"))
                .at_place(at.whole())
                .help(Text::new(codes::SHARE_FORM.explain_zh, codes::SHARE_FORM.explain_en)),
        );
    }

    /// Puts the plan of a check together.
    pub(crate) fn finish(
        &mut self,
        control: &Control,
        check: &Check,
        mut parts: Parts,
        control_applies: &Applies,
        clock: &Clock,
        provisions: &BTreeMap<ProvisionId, Provision>,
    ) -> Option<Plan> {
        let missing = self.constants.take_missing();
        let (mut row_key, mut partner_key) = (row_key_of(&mut parts.rows), RowKey::default());
        match &mut parts.demand {
            // The one row of a `count` is not named by any other.
            Some(DemandParts::Count { .. }) => row_key = RowKey { named: row_key.named, ..RowKey::default() },
            Some(DemandParts::HasNo(partner)) => partner_key = row_key_of(&mut partner.rows),
            _ => {}
        }
        let own = self.applies(check.applies_if.as_ref(), clock);
        let missing = if missing.is_empty() { Applies::Yes } else { Applies::FactMissing(missing) };
        let applies = Applies::first(&[control_applies.clone(), own, law(check, clock, provisions), missing]);
        let at_least = self.share(check.at_least.as_ref(), &check.place).unwrap_or(WHOLE);
        let partial_from = self.share(check.partial_from.as_ref(), &check.place);
        if partial_from.is_some_and(|partial| partial >= at_least) {
            self.bad_share(&check.place);
        }
        let demand = parts.demand?;
        let alias = parts.rows.alias.clone();
        let group = parts.group.map(|(keys, group)| Group { keys, output: group.output });
        let mut order = parts.order;
        if let Some(order) = &mut order {
            order.ties = ties(&parts.rows, &row_key);
        }
        let mut rows = parts.rows.finish();
        arrange(&mut rows, group.as_ref(), order.as_ref());
        let (demand_place, written) = demand_place(check);
        let mut plan = Plan {
            check: check.id.clone(),
            control: control.id.clone(),
            title: check.title.clone(),
            applies,
            alias,
            rows,
            order,
            group,
            demand: demand.finish(),
            undecided: check.undecided,
            at_least,
            partial_from,
            on_empty: check.on_empty,
            level: check.level,
            row_key,
            partner_key,
            finding: check.finding.clone(),
            text_values: parts.text_values,
            demand_place,
            written,
            literals: Vec::new(),
            kinds: Vec::new(),
        };
        plan.kinds = kinds(&plan);
        plan.literals = literals(&plan, check);
        Some(plan)
    }
}

fn law(check: &Check, clock: &Clock, provisions: &BTreeMap<ProvisionId, Provision>) -> Applies {
    let Some(threshold) = &check.threshold else { return Applies::Yes };
    let known: Vec<&Provision> = threshold.basis.iter().filter_map(|(id, _)| provisions.get(id)).collect();
    if known.is_empty() || known.iter().any(|provision| provision.in_force(clock.as_of)) {
        return Applies::Yes;
    }
    Applies::LawNotInForce(known.iter().map(|provision| provision.id.clone()).collect())
}

fn row_key_of(rows: &mut Rows) -> RowKey {
    let Some(key) = rows.resolved.as_ref().map(|resolved| resolved.key.clone()) else { return RowKey::default() };
    let mut slots =
        |names: &[String]| names.iter().filter_map(|name| rows.source_slot(name, false)).collect::<Vec<_>>();
    RowKey { named: slots(&key.named), hashed: slots(&key.hashed), whole: slots(&key.whole) }
}

/// What breaks ties: the columns of the source that the check decides by, `parent.…` included, and the row's key, by name;
/// then all that may stand in for the key. Rows equal in all of them are alike to every verdict and key.
///
/// Where a row stands in which file is no content (LANGUAGE §2: where it is the evidence, `order_by` says so), and what
/// the finding's text mentions decides nothing.
fn ties(rows: &Rows, key: &RowKey) -> Vec<ColumnId> {
    let whole: BTreeSet<ColumnId> = key.slots().collect();
    let by_name: BTreeMap<(bool, &str), ColumnId> = rows
        .slots()
        .iter()
        .enumerate()
        .filter(|(_, slot)| slot.origin == Origin::Source && slot.ty != Type::Null && !slot.name.starts_with("file."))
        .filter_map(|(id, slot)| {
            let first = slot.needed || key.named.contains(&id);
            (first || whole.contains(&id)).then_some(((!first, slot.name.as_str()), id))
        })
        .collect();
    by_name.into_values().collect()
}

/// Marks the joins that the population depends on, and moves what `where` does not read behind it.
fn arrange(rows: &mut Relation, group: Option<&Group>, order: Option<&Order>) {
    let filter_reads: BTreeSet<ColumnId> = rows
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Filter { conditions, .. } => Some(conditions.iter().flat_map(Expr::columns)),
            _ => None,
        })
        .flatten()
        .collect();
    let before = closure(rows, order, filter_reads.clone());
    let mut decides = filter_reads;
    decides.extend(group.iter().flat_map(|group| group.keys.iter().copied()));
    let decides = closure(rows, order, decides);
    let (mut early, mut late, mut filters) = (Vec::new(), Vec::new(), Vec::new());
    for mut step in std::mem::take(&mut rows.steps) {
        if let Step::Join(join) = &mut step {
            join.decides_population = decides.1.contains(&join.number);
        }
        match &step {
            Step::Join(join) if before.1.contains(&join.number) => early.push(step),
            Step::Let { slot, .. } if before.0.contains(slot) => early.push(step),
            Step::Filter { .. } => filters.push(step),
            _ => late.push(step),
        }
    }
    rows.steps = early.into_iter().chain(filters).chain(late).collect();
}

/// Slots and joins that these slots depend on.
fn closure(rows: &Relation, order: Option<&Order>, start: BTreeSet<ColumnId>) -> (BTreeSet<ColumnId>, BTreeSet<usize>) {
    let mut slots = BTreeSet::new();
    let mut joins = BTreeSet::new();
    let mut open: Vec<ColumnId> = start.into_iter().collect();
    while let Some(id) = open.pop() {
        if !slots.insert(id) {
            continue;
        }
        match rows.slots.get(id).map(|slot| &slot.origin) {
            Some(Origin::Let | Origin::Previous) => {
                let steps = rows.steps.iter().chain(order.iter().flat_map(|order| &order.steps));
                for step in steps {
                    match step {
                        Step::Let { slot, value } if *slot == id => open.extend(value.columns()),
                        Step::Previous { slot, call } if *slot == id => {
                            open.extend(call.value.columns());
                            open.extend(call.first.iter().flat_map(Expr::columns));
                        }
                        _ => {}
                    }
                }
            }
            Some(Origin::Join(number)) => {
                if let Some(join) = rows.joins().find(|join| join.number == *number) {
                    joins.insert(*number);
                    open.extend(join_reads(join));
                }
            }
            _ => {}
        }
    }
    (slots, joins)
}

/// Slots of this row that a join reads.
fn join_reads(join: &JoinPlan) -> BTreeSet<ColumnId> {
    let results = match &join.output {
        JoinOutput::Aggregate(AggregateOutput { slots, .. }) => slots.as_slice(),
        JoinOutput::Lookup(_) => &[],
    };
    reads_of_join(&join.partner.keys, join.partner.relation.slots.iter().chain(results))
}

impl Relation {
    /// The slots behind some slots, lets resolved, and the names of the source columns among them.
    pub(crate) fn behind(&self, order: Option<&Order>, slots: &BTreeSet<ColumnId>) -> (Vec<ColumnId>, Vec<String>) {
        let (all, _) = closure(self, order, slots.clone());
        let wanted = |id: &ColumnId| self.slots.get(*id).map(|slot| &slot.origin);
        let read: Vec<ColumnId> =
            all.iter().copied().filter(|id| matches!(wanted(id), Some(Origin::Source | Origin::Join(_)))).collect();
        let names: BTreeSet<String> = all
            .iter()
            .filter(|id| wanted(id) == Some(&Origin::Source))
            .filter_map(|id| self.slots.get(*id))
            .map(|slot| slot.name.clone())
            .collect();
        (read, names.into_iter().collect())
    }
}

impl Plan {
    /// Names of the source columns that the group's aggregates read.
    pub(crate) fn group_columns(&self) -> Vec<String> {
        let Some(group) = &self.group else { return Vec::new() };
        let calls = group.output.calls.iter();
        let read = calls.flat_map(|call| call.arguments.iter().chain(&call.filter)).flat_map(Expr::columns).collect();
        self.rows.behind(self.order.as_ref(), &read).1
    }
}

/// The condition, and the facts and parameters that decided it with their values (REPORTS §1.1).
fn does_not_hold(condition: &Excerpt, bound: &Expr) -> Text {
    let mut named: BTreeMap<&str, String> = BTreeMap::new();
    bound.walk(&mut |expr| {
        if let ExprKind::Literal { value, name: Some(name) } = &expr.kind
            && *value != Scalar::Null
        {
            named.insert(name.as_str(), crate::evidence::scalar_text(value));
        }
    });
    let values: Vec<String> = named.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let condition = &condition.text;
    if values.is_empty() {
        return Text::new(format!("条件 `{condition}` 不成立"), format!("`{condition}` does not hold"));
    }
    Text::new(
        format!("条件 `{condition}` 不成立：{}", values.join("，")),
        format!("`{condition}` does not hold: {}", values.join(", ")),
    )
}

fn demand_place(check: &Check) -> (Excerpt, String) {
    match &check.demand {
        Demand::Expect(text) => (text.clone(), text.text.clone()),
        Demand::Count(text) => (text.clone(), format!("count {}", text.text)),
        Demand::Has { partner, .. } => (partner.place.clone(), format!("has {}", partner_text(partner))),
        Demand::HasNo(partner) => (partner.place.clone(), format!("has_no {}", partner_text(partner))),
    }
}

fn partner_text(partner: &crate::model::Partner) -> String {
    let source = match &partner.source {
        crate::model::SourceSpec::Named(name) => name.text.clone(),
        crate::model::SourceSpec::Values(_) => "values".to_owned(),
    };
    let keys: Vec<String> = partner
        .on
        .iter()
        .map(|(left, right)| match right {
            Some(right) => format!("{} = {}", left.text, right.text),
            None => left.text.clone(),
        })
        .collect();
    let on = if keys.is_empty() { String::new() } else { format!(" on {}", keys.join(", ")) };
    let filter = partner.filter.as_ref().map(|text| format!(" where {}", text.text)).unwrap_or_default();
    format!("{source}{on}{filter}")
}

fn kinds(plan: &Plan) -> Vec<KindId> {
    let mut kinds = Vec::new();
    plan.walk(&mut |relation| {
        if let Source::Table(path) = &relation.source
            && !kinds.contains(&path.kind)
        {
            kinds.push(path.kind.clone());
        }
    });
    kinds
}
