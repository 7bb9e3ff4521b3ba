//! `has` and `has_no`: enough partners, or none.

use crate::engine::plan::{Origin, Plan, TextValue};
use crate::expr::Context;
use crate::model::{Citation, FindingReason};
use crate::text::Text;

use super::cite::{CITED, Cite};
use super::columns::Chunk;
use super::findings::{self, Details, KeyPart, Surroundings, reason_of};
use super::group::Behind;
use super::keys::Group;
use super::pairs::{self, Pairs, Rows};
use super::partner::PartnerTable;
use super::population::{NOWHERE, Population};

/// Partners of one row.
#[derive(Debug, Clone, Default)]
struct Partners {
    certain: u64,
    undecided: u64,
    doubts: u8,
    /// The first few, to cite.
    some: Vec<u32>,
    /// The first beside this row, where that shows more of it: chunk and row of the pairs kept.
    first: Option<(usize, usize)>,
    /// The row's own key is null, with its doubts.
    null_key: Option<u8>,
}

/// Holds rows against `has` (with its number) or `has_no` (without).
pub(crate) fn judge(
    population: &mut Population<'_>,
    partner: &PartnerTable,
    at_least: Option<i64>,
    chunk: &Chunk,
    behind: Option<&[Behind]>,
    context: &Context,
    around: Surroundings<'_>,
) {
    let groups = pairs::groups(partner, chunk, context);
    let mut partners: Vec<Partners> = groups.iter().map(|group| by_key(partner, *group)).collect();
    let wanted = at_least.map(|wanted| u64::try_from(wanted).unwrap_or(0));
    let mut firsts = Vec::new();
    if partner.plan.per_pair() {
        let shown = wanted.is_none() && partner.plan.pair_joins().next().is_some();
        pairs::visit(partner, chunk, &groups, Rows::There, context, &mut |pairs| {
            collect(pairs, &mut partners, shown.then_some(&mut firsts));
        });
    }
    let plan = population.plan;
    let mut conforming = 0;
    for (row, found) in partners.iter().enumerate() {
        let Some(reason) = verdict(found, wanted) else {
            conforming += 1;
            continue;
        };
        population.finding(chunk, behind, row, reason, wanted.is_some(), around, || match wanted {
            None => cited(plan, partner, found, &firsts, around),
            Some(_) => Default::default(),
        });
    }
    population.examined(chunk.len, conforming);
    if wanted.is_none() {
        note_possible(population, partner, chunk, context);
    }
}

type Values = Vec<(String, serde_json::Value, serde_json::Value)>;

/// The rows that break `has_no`, and the first one's columns for the text.
fn cited(
    plan: &Plan,
    partner: &PartnerTable,
    found: &Partners,
    firsts: &[Chunk],
    around: Surroundings<'_>,
) -> (Vec<Citation>, Values) {
    let (Some(table), Some(first)) = (&partner.table, found.some.first()) else { return (Vec::new(), Vec::new()) };
    let citations = found
        .some
        .iter()
        .take(CITED)
        .filter_map(|row| Cite::of(table, *row as usize))
        .map(|cite| cite.citation(around.index, &[]))
        .collect();
    let beside = found.first.and_then(|(chunk, row)| Some((firsts.get(chunk)?, row)));
    let (table, first) = beside.unwrap_or((table, *first as usize));
    (citations, partner_values(plan, partner, table, first, around))
}

/// `partner.column` for the columns of the partner that the check decides by or its text names.
fn partner_values(plan: &Plan, partner: &PartnerTable, table: &Chunk, row: usize, around: Surroundings<'_>) -> Values {
    let told = |id: usize| plan.text_values.iter().any(|(_, value)| *value == TextValue::Partner(id));
    let slots = partner.plan.relation.slots.iter().zip(&table.columns).enumerate();
    slots
        .filter(|(_, (slot, _))| matches!(slot.origin, Origin::Source | Origin::Join(_)))
        .filter(|(id, (slot, _))| slot.needed || told(*id))
        .map(|(_, (slot, column))| {
            let (zh, en) = findings::text_value(slot, column, row, around.zone);
            (format!("partner.{}", slot.name), zh, en)
        })
        .collect()
}

/// `None`: the row conforms.
fn verdict(found: &Partners, wanted: Option<u64>) -> Option<FindingReason> {
    match wanted {
        Some(wanted) if found.certain >= wanted => None,
        Some(wanted) => Some(match found.null_key {
            Some(doubts) => reason_of(doubts),
            None if found.certain + found.undecided >= wanted => reason_of(found.doubts),
            None => FindingReason::NotMet,
        }),
        None => match found.null_key {
            Some(doubts) => Some(reason_of(doubts)),
            None if found.certain > 0 => Some(FindingReason::NotMet),
            None if found.undecided > 0 => Some(reason_of(found.doubts)),
            None => None,
        },
    }
}

fn by_key(partner: &PartnerTable, group: Group) -> Partners {
    match group {
        Group::Null(doubts) => Partners { null_key: Some(doubts), ..Partners::default() },
        Group::Number(number) if !partner.plan.per_pair() => {
            let at = number as usize;
            Partners {
                certain: partner.certain.get(at).copied().unwrap_or(0),
                undecided: partner.undecided.get(at).copied().unwrap_or(0),
                doubts: partner.doubts.get(at).copied().unwrap_or(0),
                some: partner.rows_of.get(at).cloned().unwrap_or_default(),
                ..Partners::default()
            }
        }
        Group::Number(_) | Group::Unknown => Partners::default(),
    }
}

fn collect(pairs: &Pairs, partners: &mut [Partners], firsts: Option<&mut Vec<Chunk>>) {
    let mut new = Vec::new();
    let number = firsts.as_ref().map(|firsts| firsts.len());
    let all = (0_u32..).zip(&pairs.this).zip(&pairs.theirs).zip(&pairs.verdicts);
    for (((pair, this), theirs), verdict) in all {
        let Some(found) = partners.get_mut(*this as usize) else { continue };
        match verdict.0 {
            Some(true) => found.certain += 1,
            None => {
                found.undecided += 1;
                found.doubts |= verdict.1;
            }
            Some(false) => continue,
        }
        if let Some(number) = number.filter(|_| found.some.is_empty()) {
            found.first = Some((number, new.len()));
            new.push(pair);
        }
        if found.some.len() < CITED {
            found.some.push(*theirs);
        }
    }
    if let Some(firsts) = firsts.filter(|_| !new.is_empty()) {
        firsts.push(pairs.frame.take(&new));
    }
}

/// Notes which partner rows with a null key may belong to one of these rows: the conditions that name both are not FALSE
/// of every pair. Without such conditions each may.
fn note_possible(population: &mut Population<'_>, partner: &PartnerTable, chunk: &Chunk, context: &Context) {
    let Some((nulls, _)) = partner.null_keys().filter(|_| partner.plan.per_pair()) else { return };
    population.null_key_possible.resize(nulls.len, false);
    for (row, possible) in (0_u32..).zip(&mut population.null_key_possible).filter(|(_, possible)| !**possible) {
        *possible = pairs::may_match(partner, nulls, row, chunk, context);
    }
}

/// Partner rows of `has_no` whose key is null: one finding each, as they may belong to any row.
pub(crate) fn null_keys(population: &mut Population<'_>, partner: &PartnerTable, around: Surroundings<'_>) {
    let Some((nulls, reasons)) = partner.null_keys().filter(|_| population.judged > 0) else { return };
    let plan: &Plan = population.plan;
    let slots = &partner.plan.relation.slots;
    let row_key = &plan.partner_key;
    let all = !partner.plan.per_pair();
    for (row, reasons) in reasons.iter().enumerate() {
        if !all && !population.null_key_possible.get(row).copied().unwrap_or(false) {
            continue;
        }
        population.rows += 1;
        let key = of_partner(findings::row_key(row_key, slots, nulls, row));
        let cite = Cite::of(nulls, row);
        let at = cite.as_ref().map_or(NOWHERE, |cite| cite.position);
        population.findings.add(plan, at, reason_of(*reasons), &key, || {
            let wanted = plan.text_values.iter().any(|(_, value)| matches!(value, TextValue::Partner(_)));
            Details {
                citations: cite.iter().map(|cite| cite.citation(around.index, &[])).collect(),
                rows: None,
                values: if wanted { partner_values(plan, partner, nulls, row, around) } else { Vec::new() },
                remark: None,
                instead: Some(Text::new(
                    "这一行的匹配键为空，无法判断它属于谁",
                    "its key is blank, so nobody can tell whose it is",
                )),
                missing: true,
                shown_key: Some(of_partner(findings::shown_key(row_key, slots, nulls, row, &[], around.zone))),
            }
        });
    }
}

/// The key of a partner row, apart from those of rows of `over`: `partner.job_id`, and `partner` where it is a hash.
fn of_partner(key: Vec<KeyPart>) -> Vec<KeyPart> {
    let name = |name: String| if name == findings::ROW { "partner".to_owned() } else { format!("partner.{name}") };
    key.into_iter().map(|(part, text, sensitivity)| (name(part), text, sensitivity)).collect()
}
