//! The population of a check: rows arrive, are ordered and grouped if asked, and held against the demand.

use std::collections::BTreeSet;

use crate::engine::plan::{Demand, Origin, Plan, Slot, Step, TextValue};
use crate::expr::{ColumnId, Context, Expr, Type};
use crate::model::{Citation, FindingReason, Undecided};
use crate::text::Text;

use super::cite::Cite;
use super::columns::{Chunk, NO_FILE, Position};
use super::findings::{self, Details, Findings, KeyPart, Surroundings};
use super::group::{Behind, Groups};
use super::partner::PartnerTable;
use super::relation::Kept;
use super::{count, expect, order, semi, working};

/// A check under way.
#[derive(Debug)]
pub(crate) struct Population<'p> {
    pub(crate) plan: &'p Plan,
    types: Vec<Type>,
    held: Vec<Chunk>,
    groups: Option<Groups>,
    pub(crate) count: count::Counted,
    pub(crate) rows: u64,
    pub(crate) conforming: u64,
    pub(crate) excluded: u64,
    /// Those of them that could not be read.
    pub(crate) excluded_unreadable: u64,
    /// Rows of the source, and those that `where` left.
    pub(crate) seen: u64,
    pub(crate) passed: u64,
    /// Rows that were held against the demand.
    pub(crate) judged: u64,
    pub(crate) findings: Findings,
    /// Which partner rows of null key may break `has_no`, where conditions name both rows.
    pub(crate) null_key_possible: Vec<bool>,
    /// About how much memory the rows held hold.
    held_bytes: u64,
    reads: Reads,
}

/// What the check reads where, worked out once.
#[derive(Debug, Default)]
struct Reads {
    /// Slots of the row frame that `where` reads, directly or through lets.
    filter: Vec<ColumnId>,
    /// Slots of the population frame that the demand reads.
    demand: Vec<ColumnId>,
    /// Names of source columns behind either.
    filter_columns: Vec<String>,
    demand_columns: Vec<String>,
    /// Calls of `WORKING_DAYS_…` behind either.
    filter_calls: Vec<Expr>,
    demand_calls: Vec<Expr>,
}

impl<'p> Population<'p> {
    pub(crate) fn new(plan: &'p Plan, cap: usize, fingerprint_cap: usize) -> Self {
        Self {
            plan,
            types: plan.rows.slots.iter().map(|slot| slot.ty.clone()).collect(),
            held: Vec::new(),
            groups: plan.group.as_ref().map(|group| Groups::new(group, &plan.rows, &plan.demand)),
            count: count::Counted::default(),
            rows: 0,
            conforming: 0,
            excluded: 0,
            excluded_unreadable: 0,
            seen: 0,
            passed: 0,
            judged: 0,
            findings: Findings::new(cap, fingerprint_cap),
            null_key_possible: Vec::new(),
            held_bytes: 0,
            reads: reads(plan),
        }
    }

    /// Adds what the steps left of a chunk.
    pub(crate) fn push(
        &mut self,
        kept: Kept,
        partner: Option<&PartnerTable>,
        context: &Context,
        around: Surroundings<'_>,
    ) {
        self.passed += count_of(kept.rows.len);
        self.undecided(&kept.undecided, &kept.reasons, UndecidedAt::Filter, around);
        if kept.rows.len == 0 {
            return;
        }
        if self.plan.order.is_some() {
            self.held_bytes = self.held_bytes.saturating_add(kept.rows.bytes());
            self.held.push(kept.rows);
        } else {
            self.ordered(&kept.rows, partner, context, around);
        }
    }

    /// About how much memory the rows and groups hold.
    pub(crate) fn bytes(&self) -> u64 {
        self.held_bytes.saturating_add(self.groups.as_ref().map_or(0, Groups::bytes))
    }

    fn ordered(&mut self, chunk: &Chunk, partner: Option<&PartnerTable>, context: &Context, around: Surroundings<'_>) {
        if let (Some(plan), Some(groups)) = (&self.plan.group, &mut self.groups) {
            let (nulls, reasons) = groups.push(plan, chunk, context);
            self.undecided(&nulls, &reasons, UndecidedAt::Keys, around);
            return;
        }
        self.demand(chunk, None, partner, context, around);
    }

    /// No more rows come.
    pub(crate) fn finish(&mut self, partner: Option<&PartnerTable>, context: &Context, around: Surroundings<'_>) {
        if let Some(order) = &self.plan.order {
            let held = std::mem::take(&mut self.held);
            if !held.is_empty() {
                let chunk = Chunk::concat(&held, &self.types);
                drop(held);
                self.held_bytes = 0;
                let (sorted, nulls, reasons) =
                    order::run(order, self.plan.group.as_ref(), &self.plan.rows, &chunk, context);
                self.undecided(&nulls, &reasons, UndecidedAt::Keys, around);
                self.ordered(&sorted, partner, context, around);
            }
        }
        if let (Some(plan), Some(groups)) = (&self.plan.group, self.groups.take()) {
            let (chunk, behind) = groups.finish(plan, context);
            self.demand(&chunk, Some(&behind), partner, context, around);
        }
        if let Demand::Count { at_least, bound } = &self.plan.demand {
            count::finish(self, *at_least, *bound, around);
        }
        if let (Demand::HasNo(_), Some(partner)) = (&self.plan.demand, partner) {
            semi::null_keys(self, partner, around);
        }
    }

    fn demand(
        &mut self,
        chunk: &Chunk,
        behind: Option<&[Behind]>,
        partner: Option<&PartnerTable>,
        context: &Context,
        around: Surroundings<'_>,
    ) {
        self.judged += count_of(chunk.len);
        match (&self.plan.demand, partner) {
            (Demand::Expect(expr), _) => expect::judge(self, expr, chunk, behind, context, around),
            (Demand::Has { at_least, .. }, Some(partner)) => {
                semi::judge(self, partner, Some(*at_least), chunk, behind, context, around);
            }
            (Demand::HasNo(_), Some(partner)) => semi::judge(self, partner, None, chunk, behind, context, around),
            (Demand::Count { .. }, _) => self.count.rows(chunk),
            (Demand::Has { .. } | Demand::HasNo(_), None) => {}
        }
    }

    fn undecided(&mut self, chunk: &Chunk, reasons: &[u8], at: UndecidedAt, around: Surroundings<'_>) {
        if chunk.len == 0 {
            return;
        }
        if self.plan.undecided == Undecided::Exclude {
            self.excluded += count_of(chunk.len);
            let unreadable = |reason: &&u8| findings::reason_of(**reason) == FindingReason::Unreadable;
            self.excluded_unreadable += count_of(reasons.iter().filter(unreadable).count());
            return;
        }
        if matches!(self.plan.demand, Demand::Count { .. }) {
            self.count.undecided += count_of(chunk.len);
            return;
        }
        self.rows += count_of(chunk.len);
        let plan = self.plan;
        let slots = &plan.rows.slots;
        let (read, columns): (&[ColumnId], &[String]) = match at {
            UndecidedAt::Filter => (&self.reads.filter, &self.reads.filter_columns),
            UndecidedAt::Keys => (&[], &[]),
        };
        let key_slots: Vec<ColumnId> = match at {
            UndecidedAt::Filter => read.to_vec(),
            UndecidedAt::Keys => order_and_group_slots(plan),
        };
        for (row, reason) in reasons.iter().enumerate().take(chunk.len) {
            let key = row_key(plan, chunk, row);
            self.findings.add(plan, position(chunk, row), findings::reason_of(*reason), &key, || {
                let label = key.first().and_then(|(_, text, _)| text.as_deref());
                let days = &around.context.working_days;
                let calendar = match at {
                    UndecidedAt::Filter => working::doubtful_day(plan, label, days)
                        .or_else(|| working::remark(&self.reads.filter_calls, chunk, row, around.context)),
                    UndecidedAt::Keys => None,
                };
                let reason = findings::undecided_reason(slots, chunk, row, &key_slots, calendar);
                let instead = match at {
                    UndecidedAt::Filter => Text::new("无法判断是否属于检查范围", "cannot tell whether it is in scope"),
                    UndecidedAt::Keys => Text::new("分组或排序的列为空", "a column to group or order by is blank"),
                };
                let citations: Vec<Citation> =
                    Cite::of(chunk, row).map(|cite| cite.citation(around.index, columns)).into_iter().collect();
                // A row that stands in no file is known by its label alone.
                let nowhere = citations.is_empty();
                let instead = if nowhere { labelled(&key, instead) } else { instead };
                let values = match plan.group {
                    None => text_values(plan, slots, chunk, row, around),
                    Some(_) => Vec::new(),
                };
                let shown = shown_row(plan, chunk, row, around.zone);
                Details {
                    citations,
                    rows: None,
                    values: with_key(values, &shown),
                    remark: reason,
                    instead: Some(instead),
                    missing: nowhere,
                    shown_key: Some(shown),
                }
            });
        }
    }

    /// Adds a finding about a population row.
    #[expect(clippy::too_many_arguments, reason = "everything a finding is made of, in one place")]
    pub(crate) fn finding(
        &mut self,
        chunk: &Chunk,
        behind: Option<&[Behind]>,
        row: usize,
        reason: FindingReason,
        missing: bool,
        around: Surroundings<'_>,
        more: impl FnOnce() -> (Vec<Citation>, Vec<(String, serde_json::Value, serde_json::Value)>),
    ) {
        let plan = self.plan;
        let slots = plan.population_slots();
        let key = match &plan.group {
            Some(_) => findings::key_parts(slots, chunk, row, &group_columns(slots)),
            None => row_key(plan, chunk, row),
        };
        let group = behind.and_then(|behind| behind.get(row));
        let at = match group {
            Some(behind) => behind.first.as_ref().map_or(NOWHERE, |cite| cite.position),
            None => position(chunk, row),
        };
        let demand = &self.reads.demand;
        let columns = &self.reads.demand_columns;
        self.findings.add(plan, at, reason, &key, || {
            let mut citations: Vec<Citation> = match group {
                Some(behind) => group_citations(behind, columns, around),
                None => Cite::of(chunk, row).map(|cite| cite.citation(around.index, columns)).into_iter().collect(),
            };
            let (more_citations, more_values) = more();
            citations.extend(more_citations);
            let mut values = text_values(plan, slots, chunk, row, around);
            values.extend(more_values);
            let remark = (reason != FindingReason::NotMet).then(|| {
                let calendar = working::remark(&self.reads.demand_calls, chunk, row, around.context);
                findings::undecided_remark(findings::undecided_reason(slots, chunk, row, demand, calendar))
            });
            let nowhere = citations.is_empty();
            let shown = match &plan.group {
                Some(_) => findings::shown_parts(slots, chunk, row, &group_columns(slots), around.zone),
                None => shown_row(plan, chunk, row, around.zone),
            };
            Details {
                citations,
                rows: group.map(|behind| behind.rows),
                values: with_key(values, &shown),
                remark,
                instead: None,
                missing: missing || nowhere,
                shown_key: Some(shown),
            }
        });
    }

    /// Counts population rows.
    pub(crate) fn examined(&mut self, rows: usize, conforming: usize) {
        self.rows += count_of(rows);
        self.conforming += count_of(conforming);
    }
}

/// What kept a row from being judged.
#[derive(Debug, Clone, Copy)]
enum UndecidedAt {
    Filter,
    Keys,
}

pub(crate) const NOWHERE: Position = Position { file: NO_FILE, row: 0, child: 0, line: 0 };

fn position(chunk: &Chunk, row: usize) -> Position {
    chunk.position(row)
}

/// `2027-01-04：…`: the values that name a row, before what is said of it.
fn labelled(key: &[KeyPart], text: Text) -> Text {
    let shown = |(_, value, sensitivity): &KeyPart| {
        let value = value.clone().unwrap_or_default();
        sensitivity.map_or(value.clone(), |how| crate::evidence::mask(how, &value))
    };
    let label: Vec<String> = key.iter().map(shown).filter(|value| !value.is_empty()).collect();
    if label.is_empty() {
        return text;
    }
    let label = label.join(" ");
    Text::new(format!("{label}：{}", text.zh), format!("{label}: {}", text.en))
}

fn count_of(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

fn row_key(plan: &Plan, chunk: &Chunk, row: usize) -> Vec<KeyPart> {
    findings::row_key(&plan.row_key, &plan.rows.slots, chunk, row)
}

/// What names the row for a reader: its key, and where that is a hash the columns that the finding's text names.
fn shown_row(plan: &Plan, chunk: &Chunk, row: usize, zone: chrono_tz::Tz) -> Vec<KeyPart> {
    let slots = &plan.rows.slots;
    let of_source = |id: &ColumnId| slots.get(*id).is_some_and(|slot| slot.origin == Origin::Source);
    let told: Vec<ColumnId> = plan
        .text_values
        .iter()
        .filter_map(|(_, value)| match value {
            TextValue::Population(id) if plan.group.is_none() => Some(*id),
            TextValue::Population(_) | TextValue::Partner(_) => None,
        })
        .filter(of_source)
        .collect();
    findings::shown_key(&plan.row_key, slots, chunk, row, &told, zone)
}

fn group_columns(slots: &[Slot]) -> Vec<ColumnId> {
    slots.iter().enumerate().filter(|(_, slot)| matches!(slot.origin, Origin::Key(_))).map(|(id, _)| id).collect()
}

/// The rows that decided, else the first five, with the columns they decided by; then the group's first and last row.
fn group_citations(behind: &Behind, columns: &[String], around: Surroundings<'_>) -> Vec<Citation> {
    let some: Vec<&Cite> =
        if behind.decided.is_empty() { behind.some.iter().collect() } else { behind.decided.iter().collect() };
    let ends: BTreeSet<&Cite> = behind.first.iter().chain(&behind.last).filter(|end| !some.contains(end)).collect();
    let decided = some.into_iter().map(|cite| cite.citation(around.index, columns));
    decided.chain(ends.into_iter().map(|cite| cite.citation(around.index, &[]))).collect()
}

/// Values of the finding's text from a population row.
fn text_values(
    plan: &Plan,
    slots: &[Slot],
    chunk: &Chunk,
    row: usize,
    around: Surroundings<'_>,
) -> Vec<(String, serde_json::Value, serde_json::Value)> {
    plan.text_values
        .iter()
        .filter_map(|(name, value)| {
            let TextValue::Population(id) = value else { return None };
            let (slot, column) = (slots.get(*id)?, chunk.columns.get(*id)?);
            let (zh, en) = findings::text_value(slot, column, row, around.zone);
            Some((name.clone(), zh, en))
        })
        .collect()
}

/// The key is shown beside the values that the text needs.
fn with_key(
    mut values: Vec<(String, serde_json::Value, serde_json::Value)>,
    key: &[KeyPart],
) -> Vec<(String, serde_json::Value, serde_json::Value)> {
    for (name, text, sensitivity) in key {
        if values.iter().all(|(known, ..)| known != name) && name != findings::ROW {
            let text = text.clone().map_or(serde_json::Value::Null, |text| {
                serde_json::Value::String(sensitivity.map_or(text.clone(), |how| crate::evidence::mask(how, &text)))
            });
            values.push((name.clone(), text.clone(), text));
        }
    }
    values
}

fn order_and_group_slots(plan: &Plan) -> Vec<ColumnId> {
    let mut slots: BTreeSet<ColumnId> = BTreeSet::new();
    if let Some(order) = &plan.order {
        slots.extend(order.keys.iter().flat_map(crate::expr::Expr::columns));
    }
    slots.extend(plan.group.iter().flat_map(|group| group.keys.iter().copied()));
    slots.into_iter().collect()
}

fn reads(plan: &Plan) -> Reads {
    let filter: BTreeSet<ColumnId> = plan
        .rows
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Filter { conditions, .. } => Some(conditions),
            _ => None,
        })
        .flatten()
        .flat_map(crate::expr::Expr::columns)
        .collect();
    let demand: BTreeSet<ColumnId> = match &plan.demand {
        Demand::Expect(expr) => expr.columns(),
        Demand::Has { partner, .. } => partner.keys.iter().flat_map(|(_, ours)| ours.columns()).collect(),
        Demand::HasNo(partner) => partner.keys.iter().flat_map(|(_, ours)| ours.columns()).collect(),
        Demand::Count { .. } => BTreeSet::new(),
    };
    let (filter_slots, filter_columns) = plan.rows.behind(plan.order.as_ref(), &filter);
    let (demand_slots, demand_columns) = match &plan.group {
        None => plan.rows.behind(plan.order.as_ref(), &demand),
        Some(_) => (demand.into_iter().collect(), plan.group_columns()),
    };
    let conditions = plan.rows.steps.iter().filter_map(|step| match step {
        Step::Filter { conditions, .. } => Some(conditions),
        _ => None,
    });
    let order = plan.order.iter().flat_map(|order| &order.steps);
    let row_lets: Vec<(ColumnId, &Expr)> = plan
        .rows
        .steps
        .iter()
        .chain(order)
        .filter_map(|step| if let Step::Let { slot, value } = step { Some((*slot, value)) } else { None })
        .collect();
    let group_lets: Vec<(ColumnId, &Expr)> =
        plan.group.iter().flat_map(|group| &group.output.lets).map(|(slot, value)| (*slot, value)).collect();
    let asked: Vec<&Expr> = match &plan.demand {
        Demand::Expect(expr) => vec![expr],
        Demand::Has { partner, .. } => partner.keys.iter().map(|(_, ours)| ours).collect(),
        Demand::HasNo(partner) => partner.keys.iter().map(|(_, ours)| ours).collect(),
        Demand::Count { .. } => Vec::new(),
    };
    let filter_calls = working::behind(&conditions.flatten().collect::<Vec<_>>(), &row_lets);
    let demand_calls = working::behind(&asked, if plan.group.is_some() { &group_lets } else { &row_lets });
    Reads { filter: filter_slots, demand: demand_slots, filter_columns, demand_columns, filter_calls, demand_calls }
}
