//! A source and its steps: joins, lets, the filter.

use super::aggregate::{self, Aggregated, Otherwise};
use super::frame::{ColumnSql, Frame, Writer, flag_name, ident};
use super::tables::{self, ROW};
use crate::engine::plan::{AggregateOutput, JoinOutput, JoinPlan, Origin, PartnerPlan, Relation, Slot, Source, Step};
use crate::expr::{ColumnId, Expr, Type};

/// Column that numbers pairs of rows.
const PAIR_ROW: &str = "pair_row__";
/// Column of the filter: TRUE passes, NULL is undecided.
pub(super) const KEEP: &str = "keep__";

/// A partner's rows, ready to be grouped.
pub(super) struct Partner {
    pub(super) frame: Frame,
    /// Columns of the partner's stage that hold its keys, or the number of the population row of each pair.
    pub(super) by: Vec<String>,
    /// What each of them equals in the row at hand.
    pub(super) ours: Vec<String>,
    /// Types of the keys.
    types: Vec<Type>,
    /// TRUE where a key of the row at hand is in doubt.
    pub(super) key_doubt: Option<String>,
    /// Columns of the row at hand that hold its side of the keys.
    pub(super) keys: Vec<String>,
}

impl<'c> Writer<'c> {
    /// The stages of a relation.
    pub(super) fn relation(&mut self, relation: &'c Relation, label: &str) -> Frame {
        let from = self.source(relation, label);
        let evidence = matches!(relation.source, Source::Table(_));
        let columns = relation
            .slots
            .iter()
            .map(|slot| match slot.origin {
                Origin::Source => ColumnSql {
                    value: ident(&slot.name),
                    doubt: evidence.then(|| ident(&flag_name(&slot.name))),
                    date: (evidence && slot.ty == Type::Timestamp).then(|| ident(&tables::date_name(&slot.name))),
                },
                _ => ColumnSql { value: "NULL".to_owned(), ..ColumnSql::default() },
            })
            .collect();
        let mut frame = self.frame(label, from, columns);
        self.sources.insert(frame.id, relation);
        let doubtful = matches!(relation.source, Source::Calendar(crate::engine::plan::Calendar::WorkingDays));
        if doubtful {
            let name = frame.add(KEEP, format!("CASE WHEN NOT {} THEN TRUE END", tables::UNDECIDED));
            frame.keep = Some(name);
        }
        for step in &relation.steps {
            match step {
                // What reads the row at hand as well waits for the pairs.
                Step::Join(join) if join.per_pair => {}
                Step::Join(join) => self.join(&mut frame, join),
                Step::Let { slot, value } => {
                    let name = relation.slots.get(*slot).map_or("let", |slot| slot.name.as_str());
                    self.define(&mut frame, *slot, name, value);
                }
                Step::Filter { conditions, text } => {
                    let reads: Vec<&Expr> = conditions.iter().collect();
                    let condition = self.print(&mut frame, &reads, |printer| printer.all(conditions));
                    // A day that may be none and that the condition drops is dropped.
                    let (name, condition) = if doubtful {
                        let there = format!("CASE WHEN NOT {} THEN TRUE END", tables::UNDECIDED);
                        ("passes__", format!("{there} AND ({condition})"))
                    } else {
                        (KEEP, condition)
                    };
                    let name = frame.add(name, condition);
                    frame.keep = Some(name);
                    let comment = format!("where: {}", text.text.trim());
                    self.flush(&mut frame, Some(&comment));
                }
                Step::Previous { .. } => {}
            }
        }
        self.flush(&mut frame, None);
        frame
    }

    /// What stands after `FROM` for a source.
    fn source(&mut self, relation: &Relation, label: &str) -> String {
        if let Source::Values(table) = &relation.source {
            let names: Vec<String> = table.columns.iter().map(|(name, _)| ident(name)).collect();
            let rows: Vec<String> = table
                .rows
                .iter()
                .enumerate()
                .map(|(number, row)| {
                    let cells = table.columns.iter().enumerate().map(|(at, (_, ty))| {
                        row.get(at).map_or_else(|| "NULL".to_owned(), |cell| crate::expr::sql::constant(cell, ty))
                    });
                    let cells: Vec<String> = std::iter::once((number + 1).to_string()).chain(cells).collect();
                    format!("({})", cells.join(", "))
                })
                .collect();
            if rows.is_empty() {
                let columns: Vec<String> = std::iter::once(format!("0 AS {ROW}"))
                    .chain(names.iter().map(|name| format!("NULL AS {name}")))
                    .collect();
                return self.stage(label, None, &format!("SELECT {}\nWHERE FALSE", columns.join(", ")));
            }
            let columns = format!("({ROW}, {})", names.join(", "));
            return self.constant_stage(label, &columns, &format!("VALUES\n  {}", rows.join(",\n  ")));
        }
        let name = tables::name_of(&relation.source);
        self.reserve(&name);
        ident(&name)
    }

    fn join(&mut self, frame: &mut Frame, join: &'c JoinPlan) {
        if !join.is_read() {
            return;
        }
        let label = join.name.as_str();
        let correlated = join.partner.correlated_with(&join.output);
        let aggregates = matches!(join.output, JoinOutput::Aggregate(_));
        let wants_doubt = aggregates || join.matched.is_some();
        let mut partner = self.partner(frame, &join.partner, label, correlated, wants_doubt);
        match &join.output {
            JoinOutput::Lookup(columns) => self.lookup(frame, join, &mut partner, columns),
            JoinOutput::Aggregate(output) => self.aggregate_join(frame, join, &mut partner, output),
        }
    }

    /// The rows of a partner, with its keys as columns; pairs with the rows at hand when something reads both.
    ///
    /// `wants_doubt`: it matters whether a key of the row at hand is in doubt or blank.
    pub(super) fn partner(
        &mut self,
        frame: &mut Frame,
        plan: &'c PartnerPlan,
        label: &str,
        correlated: bool,
        wants_doubt: bool,
    ) -> Partner {
        let mut theirs = self.relation(&plan.relation, &format!("{label}_rows"));
        let (mut by, mut ours, mut types) = (Vec::new(), Vec::new(), Vec::new());
        let mut doubts = Vec::new();
        for (number, (their, our)) in plan.keys.iter().enumerate() {
            let sql = self.value(&mut theirs, their);
            by.push(theirs.named(&format!("key{}__", number + 1), sql));
            let sql = self.value(frame, our);
            ours.push(frame.named(&format!("{label}.key{}", number + 1), sql));
            if wants_doubt {
                doubts.extend(self.doubt(frame, our));
            }
            types.push(their.ty.clone());
        }
        self.flush(&mut theirs, None);
        let key_doubt = (!doubts.is_empty()).then(|| {
            let doubt = doubts.join(" OR ");
            frame.named(&format!("{label}.key__doubt"), doubt)
        });
        self.flush(frame, None);
        let keys = ours.clone();
        let partner = Partner { frame: theirs, by, ours, types, key_doubt, keys };
        if correlated { self.pairs(frame, plan, label, partner) } else { partner }
    }

    /// Every row at hand with each row of equal key, and the verdict on the pair.
    fn pairs(&mut self, frame: &Frame, plan: &'c PartnerPlan, label: &str, partner: Partner) -> Partner {
        let Partner { frame: theirs, by, ours, types, key_doubt, keys } = partner;
        let (mut columns, slots) = self.beside(frame, plan, &theirs);
        columns.push(format!("ours.{} AS pair__", frame.row));
        let on = equal(&by, &ours, &types, "theirs.", "ours.");
        let keep = theirs.keep.as_ref().map_or_else(String::new, |keep| format!("\nWHERE theirs.{keep} IS NOT FALSE"));
        let body = format!(
            "SELECT {}\nFROM {} AS ours JOIN {} AS theirs ON {on}{keep}",
            columns.join(", "),
            frame.from,
            theirs.from
        );
        let pairs = self.judged_pairs(plan, theirs, slots, &format!("{label}_pairs"), &body);
        Partner {
            frame: pairs,
            by: vec!["pair__".to_owned()],
            ours: vec![frame.row.to_owned()],
            types: vec![Type::Integer],
            key_doubt,
            keys,
        }
    }

    /// The rows of a partner with a null key that may belong to some row at hand: a column `match__` that is not FALSE.
    pub(super) fn null_key_pairs(
        &mut self,
        frame: &Frame,
        plan: &'c PartnerPlan,
        theirs: Frame,
        null: &str,
        whole: Option<&str>,
    ) -> Frame {
        let (columns, slots) = self.beside(frame, plan, &theirs);
        let keep = theirs.keep.as_ref().map_or_else(String::new, |keep| format!(" AND theirs.{keep} IS NOT FALSE"));
        let ours = match whole {
            Some(whole) => format!("(SELECT *\nFROM {}\nWHERE {whole})", frame.from),
            None => frame.from.clone(),
        };
        let body = format!(
            "SELECT {}\nFROM {ours} AS ours CROSS JOIN {} AS theirs\nWHERE theirs.{null}{keep}",
            columns.join(", "),
            theirs.from
        );
        self.judged_pairs(plan, theirs, slots, "partner_possible", &body)
    }

    /// Columns of a pair, and where the partner's slots are among them.
    fn beside(&mut self, frame: &Frame, plan: &PartnerPlan, theirs: &Frame) -> (Vec<String>, Vec<ColumnSql>) {
        let mut columns = vec!["theirs.*".to_owned()];
        let mut slots = theirs.columns.clone();
        for (id, slot) in plan.relation.slots.iter().enumerate() {
            let Origin::Outer(outer) = slot.origin else { continue };
            let Some(of) = frame.columns.get(outer) else { continue };
            // `parent` of the population and of the partner are different rows.
            let name = format!("{}.outer", slot.name);
            columns.push(format!("ours.{} AS {}", of.value, ident(&name)));
            let date = of.date.as_ref().map(|_| ident(&tables::date_name(&name)));
            if self.dated(theirs, id)
                && let Some(date) = self.reads_date(frame, outer)
            {
                columns.push(format!("ours.{date} AS {}", ident(&tables::date_name(&name))));
            }
            let doubt = of.doubt.as_ref().map(|_| ident(&flag_name(&name)));
            if self.flagged(theirs, id)
                && let Some(flag) = self.reads_flag(frame, outer)
            {
                columns.push(format!("ours.{flag} AS {}", ident(&flag_name(&name))));
            }
            if let Some(column) = slots.get_mut(id) {
                *column = ColumnSql { value: ident(&name), doubt, date };
            }
        }
        if plan.pair_joins().any(|join| join.partner.correlated_with(&join.output)) {
            // Pairs that are paired again have a number of their own.
            columns
                .push(format!("row_number() OVER (ORDER BY ours.{}, theirs.{}) AS {PAIR_ROW}", frame.row, theirs.row));
        }
        (columns, slots)
    }

    /// Pairs with what the partner's joins find for each, and the verdict on it.
    fn judged_pairs(
        &mut self,
        plan: &'c PartnerPlan,
        theirs: Frame,
        slots: Vec<ColumnSql>,
        label: &str,
        body: &str,
    ) -> Frame {
        let mut pairs = Frame { row: PAIR_ROW, ..theirs };
        pairs.columns = slots;
        pairs.from = self.stage(label, None, body);
        label.clone_into(&mut pairs.label);
        for join in plan.pair_joins() {
            self.join(&mut pairs, join);
        }
        if !plan.correlated.is_empty() {
            let reads: Vec<&Expr> = plan.correlated.iter().collect();
            let condition = self.print(&mut pairs, &reads, |printer| printer.all(&plan.correlated));
            let condition = match &pairs.keep {
                Some(keep) if plan.correlated.len() > 1 => format!("{keep} AND {condition}"),
                Some(keep) => format!("{keep} AND ({condition})"),
                None => condition,
            };
            let name = pairs.add("match__", condition);
            pairs.keep = Some(name);
            let comment = plan.filter_text.as_ref().map(|text| format!("where: {}", text.text.trim()));
            self.flush(&mut pairs, comment.as_deref());
        }
        pairs
    }

    /// One row per key with the one partner's columns.
    fn lookup(
        &mut self,
        frame: &mut Frame,
        join: &'c JoinPlan,
        partner: &mut Partner,
        columns: &[(ColumnId, ColumnId)],
    ) {
        let label = join.name.as_str();
        let keep = partner.frame.keep.clone();
        let one = match &keep {
            None => "count(*) = 1".to_owned(),
            Some(keep) => format!("count(*) = 1 AND count({keep}) = 1"),
        };
        let mut select: Vec<String> = by_columns(&partner.by);
        select.push(format!("{one} AS one__"));
        let mut outer = vec!["ours.*".to_owned()];
        for (slot, theirs) in columns {
            let Some(name) = slot_name(join, *slot) else { continue };
            let Some(of) = partner.frame.columns.get(*theirs).cloned() else { continue };
            let inner = ident(&format!("col{theirs}__"));
            select.push(format!("max({}) AS {inner}", of.value));
            outer.push(format!("CASE WHEN found.one__ THEN found.{inner} END AS {}", ident(&name)));
            let flag = ident(&flag_name(&name));
            if self.flagged(frame, *slot) {
                let mut doubt = "found.one__ IS NOT TRUE".to_owned();
                if let Some(theirs_flag) = self.reads_flag(&partner.frame, *theirs) {
                    let inner = ident(&format!("col{theirs}__doubt"));
                    select.push(format!("max({theirs_flag}) AS {inner}"));
                    doubt = format!("{doubt} OR found.{inner}");
                }
                outer.push(format!("{doubt} AS {flag}"));
            }
            let date = of.date.as_ref().map(|_| ident(&tables::date_name(&name)));
            if self.dated(frame, *slot)
                && let (Some(theirs_date), Some(date)) = (self.reads_date(&partner.frame, *theirs), &date)
            {
                let inner = ident(&format!("col{theirs}__date"));
                select.push(format!("max({theirs_date}) AS {inner}"));
                outer.push(format!("CASE WHEN found.one__ THEN found.{inner} END AS {date}"));
            }
            set(frame, *slot, ColumnSql { value: ident(&name), doubt: Some(flag), date });
        }
        if let Some(slot) = join.matched {
            let name = format!("{label}.matched");
            let doubtful =
                partner.key_doubt.as_ref().map_or_else(String::new, |doubt| format!(" AND NOT ours.{doubt}"));
            outer.push(format!(
                "CASE WHEN found.one__ THEN TRUE WHEN found.one__ IS NULL{doubtful} THEN FALSE END AS {}",
                ident(&name)
            ));
            let flag = ident(&flag_name(&name));
            if self.flagged(frame, slot) {
                let doubt = partner.key_doubt.as_ref().map_or_else(String::new, |doubt| format!(" OR ours.{doubt}"));
                outer.push(format!("found.one__ IS FALSE{doubt} AS {flag}"));
            }
            set(frame, slot, ColumnSql { value: ident(&name), doubt: Some(flag), date: None });
        }
        let grouped = grouped(partner, &select);
        let comment = format!("join {label}: the one partner of each key");
        let found = self.stage(&format!("{label}_found"), Some(&comment), &grouped);
        self.attach(frame, partner, &found, &outer);
    }

    /// Aggregates over all partners of each key.
    fn aggregate_join(
        &mut self,
        frame: &mut Frame,
        join: &'c JoinPlan,
        partner: &mut Partner,
        output: &AggregateOutput,
    ) {
        let label = join.name.as_str();
        let by = partner.by.clone();
        let filter = not_false(partner);
        let columns = output.slots.iter().map(|slot| match slot.origin {
            Origin::Outer(outer) => frame.columns.get(outer).cloned().unwrap_or_default(),
            _ => ColumnSql { value: "NULL".to_owned(), ..ColumnSql::default() },
        });
        let columns = columns.collect();
        // The frame of results: aggregates, columns of the row at hand, lets.
        let mut results = self.frame(&frame.label, String::new(), columns);
        let flagged = self.flagged_calls(&results, &output.slots);
        let calls = self.aggregates(&mut partner.frame, &output.calls, &by, &filter, &flagged);
        let mut select = by_columns(&partner.by);
        let keep = partner.frame.keep.clone();
        if let Some(keep) = &keep {
            select.push(format!("count({keep}) < count(*) AS undecided__"));
        }
        select.push("TRUE AS any__".to_owned());
        for call in &calls {
            select.extend(call.select.iter().cloned());
        }
        let grouped = grouped(partner, &select);
        let comment = format!("join {label}: all partners of each key");
        let found = self.stage(&format!("{label}_found"), Some(&comment), &grouped);
        let mut outer = vec!["ours.*".to_owned()];
        // Whether the join is unreadable for the row: an undecided partner, or a key in doubt.
        let unreadable: Vec<String> = keep
            .iter()
            .map(|_| "coalesce(found.undecided__, FALSE)".to_owned())
            .chain(partner.key_doubt.iter().map(|doubt| format!("ours.{doubt}")))
            .collect();
        let unreadable_name = (!unreadable.is_empty()).then(|| ident(&format!("{label}.unreadable")));
        if let Some(name) = &unreadable_name {
            outer.push(format!("{} AS {name}", unreadable.join(" OR ")));
        }
        for (number, call) in calls.iter().enumerate() {
            outer.extend(call.names.iter().map(|name| format!("found.{name} AS {}", inner_name(label, number, name))));
        }
        if calls.iter().any(|call| matches!(call.empty, aggregate::Empty::Zero)) {
            outer.push(format!("found.any__ AS {}", ident(&format!("{label}.any"))));
        }
        if let Some(slot) = join.matched {
            let name = format!("{label}.matched");
            let value = if unreadable.is_empty() {
                "found.any__ IS TRUE".to_owned()
            } else {
                format!("CASE WHEN NOT ({}) THEN found.any__ IS TRUE END", unreadable.join(" OR "))
            };
            outer.push(format!("{value} AS {}", ident(&name)));
            set(frame, slot, ColumnSql { value: ident(&name), doubt: unreadable_name.clone(), date: None });
        }
        self.attach(frame, partner, &found, &outer);
        results.from.clone_from(&frame.from);
        results.label.clone_from(&frame.label);
        let lets: Vec<(ColumnId, String)> =
            output.lets.iter().filter_map(|(id, _)| Some((*id, output.slots.get(*id)?.name.clone()))).collect();
        for (id, slot) in output.slots.iter().enumerate() {
            let Origin::Aggregate(number) = slot.origin else { continue };
            let (Some(call), Some(plan)) = (calls.get(number), output.calls.get(number)) else { continue };
            let rename = |name: &str| inner_name(label, number, name);
            let empty = match &call.empty {
                aggregate::Empty::Null => None,
                aggregate::Empty::Zero => {
                    Some(Otherwise { any: ident(&format!("{label}.any")), value: "0".to_owned(), doubt: None })
                }
                aggregate::Empty::Edges(rows) => {
                    let any = format!("{} > 0", rename(rows));
                    let flagged = self.flagged(&results, id);
                    self.edges(&mut results, &partner.frame, plan, join, frame, flagged)
                        .map(|(value, doubt)| Otherwise { any, value, doubt })
                }
            };
            let name = format!("{label}.{}", slot.name);
            self.result(&mut results, id, &name, call, &rename, empty.as_ref(), unreadable_name.as_deref());
        }
        for (id, value) in &output.lets {
            let name = lets.iter().find(|(known, _)| known == id).map_or("let", |(_, name)| name.as_str());
            self.define(&mut results, *id, &format!("{label}.let.{name}"), value);
        }
        self.flush(&mut results, None);
        frame.from = results.from.clone();
        for (slot, inner) in &output.outputs {
            let Some(of) = results.columns.get(*inner).cloned() else { continue };
            let Some(name) = output.slots.get(*inner).map(|slot| format!("{label}.{}", slot.name)) else { continue };
            let (value, flag) = match &unreadable_name {
                None => (of.value.clone(), None),
                Some(unreadable) => {
                    (format!("CASE WHEN NOT {unreadable} THEN {} END", of.value), Some(unreadable.clone()))
                }
            };
            let value = frame.add(&name, value);
            let doubtful = flag.is_some() || of.doubt.is_some();
            if doubtful && self.flagged(frame, *slot) {
                let parts: Vec<String> = flag.into_iter().chain(self.reads_flag(&results, *inner)).collect();
                frame.add(&flag_name(&name), parts.join(" OR "));
            }
            let flag = doubtful.then(|| ident(&flag_name(&name)));
            set(frame, *slot, ColumnSql { value, doubt: flag, date: None });
        }
        self.flush(frame, None);
    }

    /// `to − from` for a row without partners, when both are known of it; and, if somebody asks, whether one is in doubt.
    fn edges(
        &mut self,
        results: &mut Frame,
        partner: &Frame,
        plan: &crate::expr::AggregateCall,
        join: &JoinPlan,
        frame: &Frame,
        flagged: bool,
    ) -> Option<(String, Option<String>)> {
        let slots = &join.partner.relation.slots;
        join.partner.edges(plan)?;
        // The same expressions over the row at hand.
        let columns = slots
            .iter()
            .map(|slot| match slot.origin {
                Origin::Outer(outer) => frame.columns.get(outer).cloned().unwrap_or_default(),
                _ => ColumnSql { value: "NULL".to_owned(), ..ColumnSql::default() },
            })
            .collect();
        let mut over = Frame { id: partner.id, columns, ..results.clone() };
        let edges = self.distance(&mut over, &plan.arguments, flagged);
        results.from = over.from;
        edges
    }

    /// `to − from` of `[t, from, to]`, NULL when they are upside down; and, if somebody asks, whether they are or one of
    /// them is in doubt.
    pub(super) fn distance(
        &mut self,
        frame: &mut Frame,
        arguments: &[Expr],
        flagged: bool,
    ) -> Option<(String, Option<String>)> {
        let [_, from, to] = arguments else { return None };
        let mut doubts = Vec::new();
        if flagged {
            doubts.extend(self.doubt(frame, from));
            doubts.extend(self.doubt(frame, to));
        }
        let (from, to) = (self.value(frame, from), self.value(frame, to));
        let doubt = flagged.then(|| {
            doubts.push(format!("coalesce({from} > {to}, FALSE)"));
            doubts.join(" OR ")
        });
        let distance = aggregate::distance(arguments, &from, &to);
        Some((format!("CASE WHEN {from} <= {to} THEN {distance} END"), doubt))
    }

    /// Whether the flag of each aggregate is read, by its number.
    pub(super) fn flagged_calls(&self, results: &Frame, slots: &[Slot]) -> Vec<bool> {
        let mut flagged: Vec<(usize, bool)> = slots
            .iter()
            .enumerate()
            .filter_map(|(id, slot)| match slot.origin {
                Origin::Aggregate(number) => Some((number, self.flagged(results, id))),
                _ => None,
            })
            .collect();
        flagged.sort_unstable();
        flagged.into_iter().map(|(_, flagged)| flagged).collect()
    }

    /// Puts an aggregate into its slot.
    #[expect(clippy::too_many_arguments, reason = "where it comes from, where it goes, and its three special cases")]
    pub(super) fn result(
        &mut self,
        frame: &mut Frame,
        slot: ColumnId,
        name: &str,
        call: &Aggregated,
        rename: &dyn Fn(&str) -> String,
        empty: Option<&Otherwise>,
        unreadable: Option<&str>,
    ) {
        let mut value = aggregate::renamed(&call.value, &call.names, rename);
        if let Some(Otherwise { any, value: otherwise, .. }) = empty {
            value = format!("CASE WHEN {any} THEN {value} ELSE {otherwise} END");
        }
        if let Some(unreadable) = unreadable {
            value = format!("CASE WHEN NOT {unreadable} THEN {value} END");
        }
        let value = frame.add(name, value);
        let doubtful = unreadable.is_some() || call.may_doubt;
        if doubtful && self.flagged(frame, slot) {
            let mut parts: Vec<String> = unreadable.map(str::to_owned).into_iter().collect();
            let reasons = call
                .doubt
                .as_ref()
                .map(|reasons| format!("coalesce({}, FALSE)", aggregate::renamed(reasons, &call.names, rename)));
            let reasons = match empty {
                Some(Otherwise { any, doubt: Some(doubt), .. }) => {
                    let reasons = reasons.as_deref().unwrap_or("FALSE");
                    Some(format!("CASE WHEN {any} THEN {reasons} ELSE {doubt} END"))
                }
                _ => reasons,
            };
            parts.extend(reasons.map(|reasons| format!("{value} IS NULL AND {reasons}")));
            self.flush(frame, None);
            let doubt = if parts.is_empty() { "FALSE".to_owned() } else { parts.join(" OR ") };
            frame.add(&flag_name(name), doubt);
        }
        let doubt = doubtful.then(|| ident(&flag_name(name)));
        set(frame, slot, ColumnSql { value, doubt, date: None });
    }

    /// Adds columns of a grouped stage to the rows at hand.
    pub(super) fn attach(&mut self, frame: &mut Frame, partner: &Partner, found: &str, columns: &[String]) {
        let by: Vec<String> = (1..=partner.by.len()).map(|number| format!("by{number}__")).collect();
        let on = equal(&by, &partner.ours, &partner.types, "found.", "ours.");
        let body =
            format!("SELECT {}\nFROM {} AS ours LEFT JOIN {found} AS found ON {on}", columns.join(",\n  "), frame.from);
        let label = frame.label.clone();
        frame.from = self.stage(&label, None, &body);
    }
}

fn slot_name(join: &JoinPlan, slot: ColumnId) -> Option<String> {
    let JoinOutput::Lookup(columns) = &join.output else { return None };
    let (_, theirs) = columns.iter().find(|(known, _)| *known == slot)?;
    Some(format!("{}.{}", join.name, join.partner.relation.slots.get(*theirs)?.name))
}

/// The condition that leaves out what is certainly no partner, and null keys.
pub(super) fn not_false(partner: &Partner) -> String {
    let mut conditions: Vec<String> = partner.by.iter().map(|key| format!("{key} IS NOT NULL")).collect();
    conditions.extend(partner.frame.keep.iter().map(|keep| format!("{keep} IS NOT FALSE")));
    if conditions.is_empty() { String::new() } else { format!("\nWHERE {}", conditions.join(" AND ")) }
}

/// `SELECT … GROUP BY` the keys.
pub(super) fn grouped(partner: &Partner, select: &[String]) -> String {
    let filter = not_false(partner);
    let by: Vec<String> = partner
        .by
        .iter()
        .zip(&partner.types)
        .map(|(key, ty)| if *ty == Type::Decimal { format!("{key} COLLATE decimal") } else { key.clone() })
        .collect();
    // Without keys one group, but none over no rows: a row without partners is the same everywhere.
    let by = if by.is_empty() { "\nHAVING count(*) > 0".to_owned() } else { format!("\nGROUP BY {}", by.join(", ")) };
    format!("SELECT {}\nFROM {}{filter}{by}", select.join(",\n  "), partner.frame.from)
}

/// The key columns under the names that [`Writer::attach`] joins on.
pub(super) fn by_columns(by: &[String]) -> Vec<String> {
    by.iter().enumerate().map(|(number, key)| format!("{key} AS by{}__", number + 1)).collect()
}

fn equal(theirs: &[String], ours: &[String], types: &[Type], their: &str, our: &str) -> String {
    let parts: Vec<String> = theirs
        .iter()
        .zip(ours)
        .zip(types)
        .map(|((a, b), ty)| {
            if *ty == Type::Decimal {
                format!("decimal_cmp({their}{a}, {our}{b}) = 0")
            } else {
                format!("{their}{a} = {our}{b}")
            }
        })
        .collect();
    if parts.is_empty() { "TRUE".to_owned() } else { parts.join(" AND ") }
}

fn inner_name(label: &str, number: usize, name: &str) -> String {
    let _ = number;
    ident(&format!("{label}.{name}"))
}

fn set(frame: &mut Frame, slot: ColumnId, column: ColumnSql) {
    if let Some(place) = frame.columns.get_mut(slot) {
        *place = column;
    }
}
