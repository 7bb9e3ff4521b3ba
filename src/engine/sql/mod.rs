//! A plan as one SQL statement: a second opinion that anybody with a database can form.
//!
//! The statement gives one row per population row, with what identifies it, whether it conforms and whether it was
//! decided. It stands on plain tables ([`Table`]); [`Statement::tables`] says which, and how evidence becomes their rows.
//! Each stage is one common table expression, in the order of LANGUAGE.md §2.
//!
//! Pairs of rows are a stage of their own, and the rows at hand stand in it and beside what was found for them: SQLite expands
//! a stage wherever it is named and refuses a statement of more than a thousand tables. Several joins that look at pairs, one
//! within the other, can come near that.

mod aggregate;
mod export;
mod frame;
mod relation;
mod tables;

use crate::engine::plan::{Demand, Group, Order, Origin, PartnerPlan, Plan, RowKey, Slot, Step};
use crate::expr::sql::Dialect;
use crate::expr::{ColumnId, Context, Type};
use crate::model::Undecided;
pub use export::rows;
use frame::{ColumnSql, Frame, Reads, ValuesBeside, Writer, flag_name, ident};
use relation::Partner;
use tables::ROW;
pub use tables::{Beside, Cell, Table, TableColumn, TableOf, TableWhat, helper_rows};

/// A plan printed as SQL.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The statement. Its columns: `about`, those of `keys`, `conforming`, `undecided`.
    ///
    /// `about` is `row`, `group`, `table` (of `count`) or `partner` (a partner row of `has_no` whose key is null).
    /// `conforming` is 0 or 1, NULL for an undecided row that the check leaves out.
    pub sql: String,
    /// What identifies a row: columns `key.…` of rows, `group.…` of groups.
    pub keys: Vec<Key>,
    /// The tables it reads.
    pub tables: Vec<Table>,
    /// Functions of ours that plain SQL does not have: their part is not re-performed by running the statement.
    pub own_functions: Vec<&'static str>,
}

/// A column that identifies a population row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Name of the column in the result.
    pub column: String,
    /// Name of the slot.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it is of a group, not of a row.
    pub group: bool,
}

/// What becomes of functions that plain SQL does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnFunctions {
    /// Their value is a column beside the evidence, wherever they read nothing else: the statement runs in any SQLite.
    #[default]
    Beside,
    /// They are called, as `hegui_…`: for whoever brings functions of their own.
    Called,
}

/// Several plans printed so that one set of tables serves them all.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Every table that a statement reads, with the columns that any of them reads, by name.
    pub tables: Vec<Table>,
    /// The statements, in the order of the plans.
    pub statements: Vec<Statement>,
}

/// Prints plans over one set of tables.
pub fn script<'p>(
    plans: impl IntoIterator<Item = &'p Plan>,
    context: &Context,
    dialect: Dialect,
    own: OwnFunctions,
) -> Script {
    let (mut script, mut beside) = (Script::default(), ValuesBeside::new());
    for plan in plans {
        let statement = print(plan, context, dialect, own, &mut beside);
        for table in &statement.tables {
            match script.tables.iter_mut().find(|known| known.name == table.name) {
                Some(known) => known.take_in(table),
                None => script.tables.push(table.clone()),
            }
        }
        script.statements.push(statement);
    }
    script.tables.sort_by(|a, b| (a.is_helper(), &a.name).cmp(&(b.is_helper(), &b.name)));
    script
}

/// Prints a plan.
pub fn statement(plan: &Plan, context: &Context, dialect: Dialect, own: OwnFunctions) -> Statement {
    print(plan, context, dialect, own, &mut ValuesBeside::new())
}

/// Prints a plan; `beside` are the values that stand beside the evidence for the plans before it, to which its own are
/// added.
fn print(plan: &Plan, context: &Context, dialect: Dialect, own: OwnFunctions, beside: &mut ValuesBeside) -> Statement {
    // Which flags are needed is known once everything that reads them is printed: a pass may find more.
    let mut known = Reads::new();
    loop {
        let mut writer = Writer::new(dialect, context, own, known.clone(), beside.clone());
        let (select, keys) = writer.plan(plan);
        let reads = writer.reads();
        if reads == known {
            let tables = tables::of_writer(&writer, plan);
            let own_functions = writer.shared.own_functions();
            let heading = heading(plan, &own_functions);
            *beside = writer.all_beside();
            let sql = format!("{heading}{}", writer.finish(&select));
            return Statement { sql, keys, tables, own_functions };
        }
        known.extend(reads);
    }
}

fn heading(plan: &Plan, own: &[&str]) -> String {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = format!("-- {}: {}\n-- {}\n", plan.check, line(&plan.title.en), line(&plan.title.zh));
    if !own.is_empty() {
        text.push_str("-- not re-performed here: ");
        text.push_str(&own.join(", "));
        text.push('\n');
    }
    text
}

impl<'c> Writer<'c> {
    fn plan(&mut self, plan: &'c Plan) -> (String, Vec<Key>) {
        let mut frame = self.relation(&plan.rows, &plan.alias);
        let (keys, mut parts) = (keys(plan), Vec::new());
        if let Demand::Count { at_least, bound } = &plan.demand {
            return (count(&frame, plan, *at_least, *bound), Vec::new());
        }
        let out = if plan.undecided == Undecided::Exclude { "NULL" } else { "0" };
        // What `where` leaves undecided.
        if let Some(keep) = &frame.keep {
            let select = select(&keys, "row", &row_cells(plan, &frame), out, "1");
            parts.push(format!("{select}\nFROM {}\nWHERE {keep} IS NULL", frame.from));
        }
        // What a null key of order or group leaves undecided.
        let key_columns = self.key_columns(plan, &mut frame);
        let keep = frame.keep.clone();
        let passes = |more: Option<String>| {
            let conditions: Vec<String> = keep.iter().cloned().chain(more).collect();
            if conditions.is_empty() { String::new() } else { format!("\nWHERE {}", conditions.join(" AND ")) }
        };
        let mut whole = keep.clone();
        if !key_columns.is_empty() {
            let null: Vec<String> = key_columns.iter().map(|key| format!("{key} IS NULL")).collect();
            let select = select(&keys, "row", &row_cells(plan, &frame), out, "1");
            let condition = passes(Some(format!("({})", null.join(" OR "))));
            parts.push(format!("{select}\nFROM {}{condition}", frame.from));
            let present: Vec<String> = key_columns.iter().map(|key| format!("{key} IS NOT NULL")).collect();
            whole = Some(
                present
                    .iter()
                    .cloned()
                    .fold(keep.clone(), |all, one| Some(all.map_or(one.clone(), |all| format!("{all} AND {one}"))))
                    .unwrap_or_default(),
            );
        }
        if let Some(order) = &plan.order {
            self.order(plan, order, &mut frame, whole.take(), &key_columns);
        }
        let (mut population, about) = match &plan.group {
            Some(group) => (self.group(plan, group, &mut frame, whole.take()), "group"),
            None => (frame, "row"),
        };
        let conforming = match &plan.demand {
            Demand::Expect(expect) => {
                let text = self.print(&mut population, &[expect], |printer| printer.operand(expect));
                format!("{text} IS TRUE")
            }
            Demand::Has { partner, at_least } => self.has(&mut population, partner, *at_least),
            Demand::HasNo(partner) => {
                let (conforming, null_keys) = self.has_no(&mut population, partner, &keys, whole.as_deref());
                parts.extend(null_keys);
                conforming
            }
            Demand::Count { .. } => "TRUE".to_owned(),
        };
        self.flush(&mut population, None);
        let cells = if plan.group.is_some() { group_cells(plan, &population) } else { row_cells(plan, &population) };
        let select = select(&keys, about, &cells, &conforming, "0");
        let filter = whole.map_or_else(String::new, |whole| format!("\nWHERE {whole}"));
        parts.insert(0, format!("{select}\nFROM {}{filter}", population.from));
        (parts.join("\nUNION ALL\n"), keys)
    }

    /// Order and group keys as columns: a null in one leaves the row undecided.
    fn key_columns(&mut self, plan: &Plan, frame: &mut Frame) -> Vec<String> {
        let mut columns = Vec::new();
        for (number, key) in plan.order.iter().flat_map(|order| &order.keys).enumerate() {
            let sql = self.value(frame, key);
            columns.push(frame.named(&format!("order{}__", number + 1), sql));
        }
        for slot in plan.group.iter().flat_map(|group| &group.keys) {
            columns.extend(frame.columns.get(*slot).map(|column| column.value.clone()));
        }
        self.flush(frame, None);
        columns
    }

    /// Rows in order, and what is taken from the row before.
    fn order(&mut self, plan: &Plan, order: &Order, frame: &mut Frame, whole: Option<String>, keys: &[String]) {
        let slot_type = |slot: ColumnId| plan.rows.slots.get(slot).map(|slot| slot.ty.clone());
        let collated = |sql: &str, ty: Option<Type>| {
            if ty == Some(Type::Decimal) { format!("{sql} COLLATE decimal") } else { sql.to_owned() }
        };
        let mut by: Vec<String> =
            keys.iter().zip(&order.keys).map(|(column, key)| collated(column, Some(key.ty.clone()))).collect();
        for slot in &order.ties {
            by.extend(frame.columns.get(*slot).map(|column| collated(&column.value, slot_type(*slot))));
        }
        // A blank and a cell that could not be read differ where somebody looks.
        if order.ties.iter().any(|slot| self.flagged(frame, *slot)) {
            by.extend(order.ties.iter().filter_map(|slot| self.reads_flag(frame, *slot)));
        }
        // Rows alike in all of that stay as they came.
        by.push(ROW.to_owned());
        let groups: Vec<String> = plan
            .group
            .iter()
            .flat_map(|group| &group.keys)
            .filter_map(|slot| Some(collated(&frame.columns.get(*slot)?.value, slot_type(*slot))))
            .collect();
        let partition = if groups.is_empty() { String::new() } else { format!("PARTITION BY {} ", groups.join(", ")) };
        let filter = whole.map_or_else(String::new, |whole| format!("\nWHERE {whole}"));
        let body = format!(
            "SELECT *,\n  row_number() OVER ({partition}ORDER BY {}) AS place__\nFROM {}{filter}",
            by.join(", "),
            frame.from
        );
        frame.from = self.stage("ordered", Some("ordered; ties broken by content"), &body);
        "ordered".clone_into(&mut frame.label);
        for step in &order.steps {
            match step {
                Step::Let { slot, value } => {
                    let name = plan.rows.slots.get(*slot).map_or("let", |slot| slot.name.as_str());
                    self.define(frame, *slot, name, value);
                }
                Step::Previous { slot, call } => {
                    let value = self.value(frame, &call.value);
                    let first = call.first.as_ref().map(|first| self.value(frame, first));
                    let doubtful =
                        std::iter::once(&call.value).chain(&call.first).any(|expr| self.may_doubt(frame, expr));
                    let flagged = self.flagged(frame, *slot);
                    let doubt = if flagged { self.doubt(frame, &call.value) } else { None };
                    let first_doubt =
                        call.first.as_ref().filter(|_| flagged).and_then(|first| self.doubt(frame, first));
                    // A window looks at what is there: columns still to be written are written first.
                    self.flush(frame, None);
                    let lag = |value: &str, first: Option<&str>| {
                        let first = first.map_or_else(String::new, |first| format!(", 1, {first}"));
                        format!("lag({value}{first}) OVER ({partition}ORDER BY place__)")
                    };
                    let name = format!("previous{slot}__");
                    let value = frame.add(&name, lag(&value, first.as_deref()));
                    if flagged && doubtful {
                        let doubt = doubt.as_deref().unwrap_or("0");
                        let first = first_doubt.as_deref().unwrap_or("0");
                        frame.add(&flag_name(&name), lag(doubt, Some(first)));
                    }
                    let flag = doubtful.then(|| ident(&flag_name(&name)));
                    if let Some(column) = frame.columns.get_mut(*slot) {
                        *column = ColumnSql { value, doubt: flag, date: None };
                    }
                }
                Step::Join(_) | Step::Filter { .. } => {}
            }
        }
        self.flush(frame, None);
    }

    /// One row per group.
    fn group(&mut self, plan: &Plan, group: &Group, frame: &mut Frame, whole: Option<String>) -> Frame {
        let columns = |slot: &ColumnId| frame.columns.get(*slot).map(|column| column.value.clone());
        let by: Vec<String> = group.keys.iter().filter_map(columns).collect();
        let filter = whole.map_or_else(String::new, |whole| format!("\nWHERE {whole}"));
        // Numbered before its flags are asked for.
        let mut groups = self.frame("groups", String::new(), Vec::new());
        let flagged = self.flagged_calls(&groups, &group.output.slots);
        let calls = self.aggregates(frame, &group.output.calls, &by, &filter, &flagged);
        let mut select = Vec::new();
        let mut collated = Vec::new();
        for (number, (slot, column)) in group.keys.iter().zip(&by).enumerate() {
            select.push(format!("{column} AS by{}__", number + 1));
            let decimal = plan.rows.slots.get(*slot).is_some_and(|slot| slot.ty == Type::Decimal);
            collated.push(if decimal { format!("{column} COLLATE decimal") } else { column.clone() });
        }
        select.extend(calls.iter().flat_map(|call| call.select.iter().cloned()));
        if select.is_empty() {
            select.push("count(*) AS rows__".to_owned());
        }
        let grouping = if by.is_empty() { String::new() } else { format!("\nGROUP BY {}", collated.join(", ")) };
        let body = format!("SELECT {}\nFROM {}{filter}{grouping}", select.join(",\n  "), frame.from);
        let comment = if by.is_empty() { "the whole table is one row" } else { "one row per group" };
        groups.from = self.stage("groups", Some(comment), &body);
        groups.columns = group
            .output
            .slots
            .iter()
            .map(|slot| match slot.origin {
                Origin::Key(row) => {
                    let number = group.keys.iter().position(|key| *key == row).unwrap_or(0);
                    ColumnSql { value: format!("by{}__", number + 1), ..ColumnSql::default() }
                }
                _ => ColumnSql { value: "NULL".to_owned(), ..ColumnSql::default() },
            })
            .collect();
        // The group's keys, where the row frame has them.
        let known: Vec<ColumnSql> = (0..plan.rows.slots.len())
            .map(|slot| match group.keys.iter().position(|key| *key == slot) {
                Some(number) => ColumnSql { value: format!("by{}__", number + 1), ..ColumnSql::default() },
                None => ColumnSql { value: "NULL".to_owned(), ..ColumnSql::default() },
            })
            .collect();
        for (id, slot) in group.output.slots.iter().enumerate() {
            let Origin::Aggregate(number) = slot.origin else { continue };
            let (Some(call), Some(plan)) = (calls.get(number), group.output.calls.get(number)) else { continue };
            // Edges known of the group count also where none of its rows does.
            let empty = match &call.empty {
                aggregate::Empty::Edges(rows) if group.edges(plan).is_some() => {
                    let flagged = self.flagged(&groups, id);
                    let mut over = Frame { columns: known.clone(), ..groups.clone() };
                    let edges = self.distance(&mut over, &plan.arguments, flagged);
                    groups.from = over.from;
                    edges.map(|(value, doubt)| aggregate::Otherwise { any: format!("{rows} > 0"), value, doubt })
                }
                _ => None,
            };
            self.result(&mut groups, id, &format!("value{number}__"), call, &str::to_owned, empty.as_ref(), None);
        }
        for (id, value) in &group.output.lets {
            let name = group.output.slots.get(*id).map_or("let", |slot| slot.name.as_str());
            self.define(&mut groups, *id, &format!("let.{name}"), value);
        }
        self.flush(&mut groups, None);
        groups
    }

    /// Partners of each row, counted: `TRUE` ones and undecided ones.
    ///
    /// Also gives the frame before they were counted.
    fn partners(&mut self, frame: &mut Frame, plan: &'c PartnerPlan) -> (Partner, Frame) {
        let correlated = plan.per_pair();
        if correlated && !self.sources.contains_key(&frame.id) {
            // Groups have no number of their own.
            let body = format!("SELECT *, row_number() OVER () AS {ROW}\nFROM {}", frame.from);
            let label = frame.label.clone();
            frame.from = self.stage(&label, None, &body);
        }
        let partner = self.partner(frame, plan, "partner", correlated, false);
        let before = frame.clone();
        let mut select = relation::by_columns(&partner.by);
        select.push(match &partner.frame.keep {
            None => "count(*) AS certain__".to_owned(),
            Some(keep) => format!("count(*) FILTER (WHERE {keep}) AS certain__"),
        });
        select.push("count(*) AS possible__".to_owned());
        let grouped = relation::grouped(&partner, &select);
        let found = self.stage("partner_found", Some("partners of each key"), &grouped);
        self.attach(
            frame,
            &partner,
            &found,
            &["ours.*".to_owned(), "found.certain__".to_owned(), "found.possible__".to_owned()],
        );
        (partner, before)
    }

    fn has(&mut self, frame: &mut Frame, plan: &'c PartnerPlan, at_least: i64) -> String {
        self.partners(frame, plan);
        format!("coalesce(certain__, 0) >= {at_least}")
    }

    fn has_no(
        &mut self,
        frame: &mut Frame,
        plan: &'c PartnerPlan,
        keys: &[Key],
        whole: Option<&str>,
    ) -> (String, Option<String>) {
        let (partner, before) = self.partners(frame, plan);
        let mut conforming = String::new();
        // A null key of this row: nobody can tell.
        for key in &partner.keys {
            conforming.push_str(key);
            conforming.push_str(" IS NOT NULL AND ");
        }
        conforming.push_str("coalesce(possible__, 0) = 0");
        if plan.keys.is_empty() {
            return (conforming, None);
        }
        // A null key of a partner: it may belong to any row, and is one finding of its own.
        let mut theirs = self.relation(&plan.relation, "partner_alone");
        let null: Vec<String> = plan
            .keys
            .iter()
            .map(|(their, _)| {
                format!("{} IS NULL", self.print(&mut theirs, &[their], |printer| printer.operand(their)))
            })
            .collect();
        self.flush(&mut theirs, None);
        let cells: Vec<Option<String>> = vec![None; keys.len()];
        let select = select(keys, "partner", &cells, "0", "1");
        if plan.per_pair() {
            // Not when a condition that reads both rows is FALSE of every one.
            let null = theirs.named("null_key__", format!("({})", null.join(" OR ")));
            self.flush(&mut theirs, None);
            let pairs = self.null_key_pairs(&before, plan, theirs, &null, whole);
            let keep = pairs.keep.as_ref().map_or_else(String::new, |keep| format!("\nWHERE {keep} IS NOT FALSE"));
            let text = format!("{select}\nFROM (SELECT DISTINCT {ROW} FROM {}{keep})", pairs.from);
            return (conforming, Some(text));
        }
        let keep = theirs.keep.as_ref().map_or_else(String::new, |keep| format!("{keep} IS NOT FALSE AND "));
        let exists = whole.map_or_else(String::new, |whole| format!(" WHERE {whole}"));
        let text = format!(
            "{select}\nFROM {}\nWHERE {keep}({}) AND EXISTS (SELECT 1 FROM {}{exists})",
            theirs.from,
            null.join(" OR "),
            before.from
        );
        (conforming, Some(text))
    }
}

/// `count`: one population row.
fn count(frame: &Frame, plan: &Plan, at_least: bool, bound: i64) -> String {
    let kept = match &frame.keep {
        None => "count(*)".to_owned(),
        Some(keep) => format!("count(*) FILTER (WHERE {keep})"),
    };
    let counted = match &frame.keep {
        Some(keep) if !at_least && plan.undecided != Undecided::Exclude => {
            format!("count(*) FILTER (WHERE {keep} IS NOT FALSE)")
        }
        _ => kept,
    };
    let operator = if at_least { ">=" } else { "<=" };
    let main = format!(
        "SELECT 'table' AS about, {counted} {operator} {bound} AS conforming, 0 AS undecided\nFROM {}",
        frame.from
    );
    match &frame.keep {
        Some(keep) if plan.undecided == Undecided::Exclude => format!(
            "{main}\nUNION ALL\nSELECT 'row' AS about, NULL AS conforming, 1 AS undecided\nFROM {}\nWHERE {keep} IS NULL",
            frame.from
        ),
        _ => main,
    }
}

/// Slots of a row that identify it in the result: its key. Those that stand in where a part of it is null are not printed.
fn printed(plan: &Plan) -> impl Iterator<Item = (ColumnId, &Slot)> {
    let RowKey { named, hashed, .. } = &plan.row_key;
    named.iter().chain(hashed).filter_map(|id| Some((*id, plan.rows.slots.get(*id)?)))
}

/// Columns that identify the rows of the result.
fn keys(plan: &Plan) -> Vec<Key> {
    let key = |prefix: &str, slot: &Slot, group: bool| Key {
        column: format!("{prefix}.{}", slot.name),
        name: slot.name.clone(),
        ty: slot.ty.clone(),
        group,
    };
    let rows = printed(plan).map(|(_, slot)| key("key", slot, false));
    let groups = plan.group.iter().flat_map(|group| {
        let of_key = |slot: &&Slot| matches!(slot.origin, Origin::Key(_));
        group.output.slots.iter().filter(of_key).map(|slot| key("group", slot, true))
    });
    rows.chain(groups).collect()
}

/// The row's own keys; nothing for those of a group.
fn row_cells(plan: &Plan, frame: &Frame) -> Vec<Option<String>> {
    let rows = printed(plan).map(|(id, _)| frame.columns.get(id).map(|column| column.value.clone()));
    let groups = plan
        .group
        .iter()
        .flat_map(|group| group.output.slots.iter().filter(|slot| matches!(slot.origin, Origin::Key(_))).map(|_| None));
    rows.chain(groups).collect()
}

/// The group's keys; nothing for those of a row.
fn group_cells(plan: &Plan, frame: &Frame) -> Vec<Option<String>> {
    let rows = printed(plan).map(|_| None);
    let groups = plan.group.iter().flat_map(|group| {
        group
            .output
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| matches!(slot.origin, Origin::Key(_)))
            .map(|(id, _)| frame.columns.get(id).map(|column| column.value.clone()))
    });
    rows.chain(groups).collect()
}

fn select(keys: &[Key], about: &str, cells: &[Option<String>], conforming: &str, undecided: &str) -> String {
    let mut columns = vec![format!("'{about}' AS about")];
    for (key, cell) in keys.iter().zip(cells) {
        let cell = cell.as_deref().unwrap_or("NULL");
        columns.push(format!("{cell} AS {}", ident(&key.column)));
    }
    columns.push(format!("{conforming} AS conforming"));
    columns.push(format!("{undecided} AS undecided"));
    format!("SELECT {}", columns.join(",\n  "))
}

#[cfg(test)]
mod tests;
