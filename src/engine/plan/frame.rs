//! Frames under construction: slots are added when a name is first read.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::RESERVED;
use super::source::Resolved;
use super::{AggregateOutput, JoinOutput, JoinPlan, Origin, PartnerPlan, Relation, Slot, Step};
use crate::engine::codes;
use crate::expr::{AggregateCall, ColumnId, Expr, Name, NameFault, Scalar, Type};
use crate::model::Sensitivity;
use crate::text::{Excerpt, Text, suggest::nearest};

/// Something whose columns can be named.
pub(crate) trait Names {
    /// The slot of a dotted name, made when it is new. `needed`: something decides by it.
    fn resolve(&mut self, path: &[Name], needed: bool) -> Result<(ColumnId, Type), NameFault>;
    /// The slot that holds what `alias.column` names inside a partner of this row.
    fn population(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        self.resolve(path.get(1..).unwrap_or_default(), true)
    }
    /// The frame so far.
    fn slots(&self) -> &[Slot];
    /// Values the slot's `enum` allows.
    fn allowed(&self, slot: ColumnId) -> Option<&[Scalar]>;
}

/// A relation under construction.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) resolved: Option<Resolved>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) steps: Vec<Building>,
    pub(crate) joins: Vec<JoinRows>,
    /// Lets and joins as declared: name → whether it exists yet (`None`: at fault, reported).
    pub(crate) declared: BTreeMap<String, Declared>,
    /// Name of the row inside partners.
    pub(crate) alias: String,
    allowed: BTreeMap<ColumnId, Vec<Scalar>>,
    index: BTreeMap<String, ColumnId>,
}

/// A step under construction.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a handful for each check, moved once")]
pub(crate) enum Building {
    /// The join with this number.
    Join(usize),
    /// A finished step.
    Done(Step),
}

/// What is known of a declared join or let.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Declared {
    /// A join further down.
    LaterJoin,
    /// A let that does not exist yet here.
    LaterLet,
    /// It exists.
    Here,
    /// At fault; the fault was reported.
    Broken,
}

/// A join under construction: its partner's frame still grows when somebody names another of its columns.
#[derive(Debug)]
pub(crate) struct JoinRows {
    pub(crate) name: String,
    pub(crate) partner: PartnerRows,
    pub(crate) matched: Option<ColumnId>,
    pub(crate) lookup: Vec<(ColumnId, ColumnId)>,
    /// Present when the join has lets.
    pub(crate) aggregate: Option<Aggregates>,
    /// As [`JoinPlan::per_pair`].
    pub(crate) per_pair: bool,
}

/// A partner under construction.
#[derive(Debug)]
pub(crate) struct PartnerRows {
    pub(crate) rows: Rows,
    pub(crate) keys: Vec<(Expr, Expr)>,
    pub(crate) correlated: Vec<Expr>,
    pub(crate) filter_text: Option<Excerpt>,
    pub(crate) place: Excerpt,
}

/// Aggregates under construction, and the frame of their results.
#[derive(Debug, Default)]
pub(crate) struct Aggregates {
    pub(crate) output: AggregateOutput,
    pub(crate) index: BTreeMap<String, ColumnId>,
    /// Lets that are at fault or not there yet.
    pub(crate) declared: BTreeMap<String, Declared>,
    /// A key is at fault: what is missing here may be it.
    pub(crate) broken_key: bool,
}

impl Rows {
    pub(crate) fn new(resolved: Option<Resolved>, alias: String) -> Self {
        Self {
            resolved,
            slots: Vec::new(),
            steps: Vec::new(),
            joins: Vec::new(),
            declared: BTreeMap::new(),
            alias,
            allowed: BTreeMap::new(),
            index: BTreeMap::new(),
        }
    }

    /// Whether a word is a column of the source, or reserved.
    pub(crate) fn is_taken(&self, word: &str) -> bool {
        RESERVED.contains(&word) || self.resolved.as_ref().is_some_and(|resolved| resolved.is_column_word(word))
    }

    /// Adds a slot under a name.
    pub(crate) fn add(&mut self, slot: Slot, allowed: Vec<Scalar>) -> ColumnId {
        let id = self.slots.len();
        self.index.insert(slot.name.clone(), id);
        if !allowed.is_empty() {
            self.allowed.insert(id, allowed);
        }
        self.slots.push(slot);
        id
    }

    /// Adds a slot that no expression can name.
    pub(crate) fn add_unnamed(&mut self, slot: Slot) -> ColumnId {
        self.slots.push(slot);
        self.slots.len() - 1
    }

    /// The slot of a column of the source, by its full name.
    pub(crate) fn source_slot(&mut self, name: &str, needed: bool) -> Option<ColumnId> {
        if let Some(id) = self.index.get(name).copied() {
            self.need(id, needed);
            return Some(id);
        }
        let info = self.resolved.as_ref()?.column(name)?;
        let origin = Origin::Source;
        let slot = Slot { name: name.to_owned(), ty: info.ty, origin, sensitivity: info.sensitivity, needed };
        Some(self.add(slot, info.allowed))
    }

    /// The slot that holds a column of the population row.
    pub(crate) fn outer_slot(&mut self, name: &str, outer: ColumnId, of: &Slot) -> ColumnId {
        if let Some(id) = self.index.get(name) {
            return *id;
        }
        let slot = Slot { name: name.to_owned(), origin: Origin::Outer(outer), needed: true, ..of.clone() };
        self.add(slot, Vec::new())
    }

    /// Whether a slot of a partner's frame has a value only beside a row of the population: it is a column of that row, or
    /// of a join that reads one.
    pub(crate) fn per_pair(&self, id: ColumnId) -> bool {
        match self.slots.get(id).map(|slot| &slot.origin) {
            Some(Origin::Outer(_)) => true,
            Some(Origin::Join(number)) => self.joins.get(*number).is_some_and(|join| join.per_pair),
            _ => false,
        }
    }

    fn need(&mut self, id: ColumnId, needed: bool) {
        let mut join = None;
        if let Some(slot) = self.slots.get_mut(id).filter(|slot| needed && !slot.needed) {
            slot.needed = true;
            if let Origin::Join(number) = slot.origin {
                join = Some(number);
            }
        }
        if let Some(rows) = join.and_then(|number| self.joins.get_mut(number)) {
            let inner = rows.lookup.iter().find(|(here, _)| *here == id).map(|(_, inner)| *inner);
            if let Some(inner) = inner {
                rows.partner.rows.need(inner, true);
            }
        }
    }

    fn join_column(&mut self, number: usize, path: &[Name], needed: bool) -> Result<(ColumnId, Type), NameFault> {
        let full = dotted(path);
        let rest = path.get(1..).unwrap_or_default();
        let Some(join) = self.joins.get_mut(number) else { return Err(NameFault::reported()) };
        let Some(first) = rest.first() else {
            let name = &join.name;
            return Err(NameFault::new(
                &codes::UNKNOWN_COLUMN,
                Text::new(format!("`{name}` 是一个 `join`，不是列"), format!("`{name}` is a join, not a column")),
            )
            .help(Text::new(
                format!("写 `{name}.列名`，或 `{name}.matched` 表示是否匹配到"),
                format!("write `{name}.column`, or `{name}.matched` for whether there was one"),
            )));
        };
        if rest.len() == 1 && first.text == "matched" {
            let slot = Slot { name: full, ty: Type::Boolean, origin: Origin::Join(number), sensitivity: None, needed };
            let id = self.add(slot, Vec::new());
            if let Some(join) = self.joins.get_mut(number) {
                join.matched = Some(id);
            }
            return Ok((id, Type::Boolean));
        }
        let (inner, of, allowed) = if let Some(aggregates) = &mut join.aggregate {
            let inner = aggregates.output_slot(&join.name, rest)?;
            let of = aggregates.output.slots.get(inner).cloned();
            (inner, of, Vec::new())
        } else {
            let (inner, _) = join.partner.rows.resolve(rest, needed)?;
            let allowed = join.partner.rows.allowed(inner).map(<[Scalar]>::to_vec).unwrap_or_default();
            (inner, join.partner.rows.slots.get(inner).cloned(), allowed)
        };
        let Some(of) = of else { return Err(NameFault::reported()) };
        let ty = of.ty.clone();
        let id = self.add(Slot { name: full, origin: Origin::Join(number), needed, ..of }, allowed);
        if let Some(join) = self.joins.get_mut(number) {
            match &mut join.aggregate {
                Some(aggregates) => aggregates.output.outputs.push((id, inner)),
                None => join.lookup.push((id, inner)),
            }
        }
        Ok((id, ty))
    }

    fn unknown(&self, path: &[Name]) -> NameFault {
        let Some(resolved) = &self.resolved else { return NameFault::reported() };
        let full = dotted(path);
        let first = path.first().map(|name| name.text.as_str()).unwrap_or_default();
        if first == self.alias && path.len() > 1 {
            let rest = dotted(path.get(1..).unwrap_or_default());
            return NameFault::new(
                &codes::ALIAS_OUTSIDE,
                Text::new(
                    format!("`{first}.` 只在 `join`、`has`、`has_no` 里面使用"),
                    format!("`{first}.` is for the inside of a join, `has` or `has_no`"),
                ),
            )
            .help(Text::new(format!("写 `{rest}`"), format!("write `{rest}`")));
        }
        let mut known = resolved.names();
        known.extend(self.declared.iter().filter(|(_, state)| **state == Declared::Here).map(|(name, _)| name.clone()));
        for join in &self.joins {
            known.extend(join.names().map(|column| format!("{}.{column}", join.name)));
        }
        let shown = &resolved.shown;
        let fault = NameFault::new(
            &codes::UNKNOWN_COLUMN,
            Text::new(format!("`{shown}` 没有列 `{full}`"), format!("no column `{full}` in `{shown}`")),
        )
        .label(Text::new("不是这里的列", "not a column here"));
        let mut has: Vec<&str> = resolved.columns.keys().map(String::as_str).take(30).collect();
        if resolved.columns.len() > has.len() {
            has.push("…");
        }
        let has = has.join(", ");
        // `"success"` is a name; a text was meant.
        let quoted = path.iter().any(|name| (name.span.end - name.span.start) as usize == name.text.len() + 2);
        if quoted && nearest(&full, known.iter().map(String::as_str)).is_none() {
            return fault.help(Text::new(
                format!("文字放在单引号里：`'{full}'`；双引号里的是列名"),
                format!("a text goes into single quotes: `'{full}'`; what stands in double quotes is a column"),
            ));
        }
        fault.help(match nearest(&full, known.iter().map(String::as_str)) {
            Some(near) => Text::new(
                format!("是否想写 `{near}`？`{shown}` 有：{has}"),
                format!("did you mean `{near}`? `{shown}` has: {has}"),
            ),
            None => Text::new(format!("`{shown}` 有：{has}"), format!("`{shown}` has: {has}")),
        })
    }

    /// The finished relation.
    pub(crate) fn finish(self) -> Relation {
        let mut joins: Vec<Option<JoinPlan>> =
            self.joins.into_iter().enumerate().map(|(number, join)| Some(join.finish(number))).collect();
        let source = self.resolved.map_or(super::Source::Files, |resolved| resolved.source);
        let mut steps = Vec::new();
        for step in self.steps {
            steps.push(match step {
                Building::Join(number) => {
                    let Some(join) = joins.get_mut(number).and_then(Option::take) else { continue };
                    Step::Join(join)
                }
                Building::Done(step) => step,
            });
        }
        Relation { source, slots: self.slots, steps }
    }
}

impl Names for Rows {
    fn resolve(&mut self, path: &[Name], needed: bool) -> Result<(ColumnId, Type), NameFault> {
        if self.resolved.is_none() {
            return Err(NameFault::reported());
        }
        let full = dotted(path);
        if let Some(id) = self.index.get(&full).copied() {
            self.need(id, needed);
            let ty = self.slots.get(id).map_or(Type::Null, |slot| slot.ty.clone());
            return Ok((id, ty));
        }
        let first = path.first().map(|name| name.text.as_str()).unwrap_or_default();
        match self.declared.get(first) {
            Some(Declared::Broken) => return Err(NameFault::reported()),
            Some(Declared::LaterJoin) => return Err(too_early_join(first)),
            Some(Declared::LaterLet) if path.len() == 1 => return Err(too_early_let(first)),
            _ => {}
        }
        if let Some(number) = self.joins.iter().position(|join| join.name == first) {
            return self.join_column(number, path, needed);
        }
        match self.source_slot(&full, needed) {
            Some(id) => Ok((id, self.slots.get(id).map_or(Type::Null, |slot| slot.ty.clone()))),
            None => Err(self.unknown(path)),
        }
    }

    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn allowed(&self, slot: ColumnId) -> Option<&[Scalar]> {
        self.allowed.get(&slot).map(Vec::as_slice)
    }
}

impl JoinRows {
    /// Slots of the row it belongs to that it reads.
    pub(crate) fn reads(&self) -> BTreeSet<ColumnId> {
        let results = self.aggregate.iter().flat_map(|aggregate| &aggregate.output.slots);
        reads_of_join(&self.partner.keys, self.partner.rows.slots.iter().chain(results))
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let own: Vec<String> = match &self.aggregate {
            Some(aggregates) => aggregates.index.keys().cloned().collect(),
            None => {
                self.partner.rows.resolved.as_ref().map(|r| r.columns.keys().cloned().collect()).unwrap_or_default()
            }
        };
        own.into_iter().chain(std::iter::once("matched".to_owned()))
    }

    fn finish(self, number: usize) -> JoinPlan {
        let output = match self.aggregate {
            Some(aggregates) => JoinOutput::Aggregate(aggregates.output),
            None => JoinOutput::Lookup(self.lookup),
        };
        JoinPlan {
            name: self.name,
            number,
            partner: self.partner.finish(),
            matched: self.matched,
            output,
            decides_population: false,
            per_pair: self.per_pair,
        }
    }
}

impl PartnerRows {
    /// The finished partner.
    pub(crate) fn finish(self) -> PartnerPlan {
        PartnerPlan {
            relation: self.rows.finish(),
            keys: self.keys,
            correlated: self.correlated,
            filter_text: self.filter_text,
            place: self.place,
        }
    }
}

impl Aggregates {
    /// Adds a lifted aggregate; an equal one shares its slot.
    pub(crate) fn add_call(&mut self, call: AggregateCall) -> ColumnId {
        let same = |known: &AggregateCall| {
            known.function == call.function && known.arguments == call.arguments && known.filter == call.filter
        };
        if let Some(number) = self.output.calls.iter().position(same) {
            let found = self.output.slots.iter().position(|slot| slot.origin == Origin::Aggregate(number));
            if let Some(id) = found {
                return id;
            }
        }
        let number = self.output.calls.len();
        let slot = Slot {
            name: format!("#{number}"),
            ty: call.ty.clone(),
            origin: Origin::Aggregate(number),
            sensitivity: None,
            needed: true,
        };
        self.output.calls.push(call);
        self.output.slots.push(slot);
        self.output.slots.len() - 1
    }

    /// Adds a named slot.
    pub(crate) fn add(&mut self, slot: Slot) -> ColumnId {
        self.index.insert(slot.name.clone(), self.output.slots.len());
        self.output.slots.push(slot);
        self.output.slots.len() - 1
    }

    fn output_slot(&self, join: &str, rest: &[Name]) -> Result<ColumnId, NameFault> {
        let full = dotted(rest);
        if let Some(id) = self.index.get(&full) {
            return Ok(*id);
        }
        if self.declared.contains_key(&full) {
            return Err(NameFault::reported());
        }
        let has: Vec<&str> = self.index.keys().map(String::as_str).chain(["matched"]).collect();
        let list = has.join(", ");
        let fault = NameFault::new(
            &codes::UNKNOWN_COLUMN,
            Text::new(format!("`{join}` 没有 `{full}`"), format!("join `{join}` has no `{full}`")),
        )
        .part(1)
        .label(Text::new("不在它的 `let` 中", "not in its `let`"));
        Err(fault.help(match nearest(&full, has.iter().copied()) {
            Some(near) => Text::new(
                format!("是否想写 `{near}`？`{join}` 有：{list}"),
                format!("did you mean `{near}`? `{join}` has: {list}"),
            ),
            None => Text::new(format!("`{join}` 有：{list}"), format!("`{join}` has: {list}")),
        }))
    }
}

/// A dotted name as one text.
pub(crate) fn dotted(path: &[Name]) -> String {
    path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

pub(crate) fn too_early_let(name: &str) -> NameFault {
    NameFault::new(
        &codes::NAME_TOO_EARLY,
        Text::new(format!("`{name}` 在这里还不存在"), format!("`{name}` does not exist yet here")),
    )
    .help(Text::new(
        "`let` 只能用写在它前面的 `let`；含 `PREVIOUS` 的在 `order_by` 之后才有，含聚合的属于分组",
        "a `let` sees only the lets above it; one with `PREVIOUS` exists after `order_by`, one with an aggregate belongs to the group",
    ))
}

fn too_early_join(name: &str) -> NameFault {
    NameFault::new(
        &codes::NAME_TOO_EARLY,
        Text::new(
            format!("`join` `{name}` 写在后面，这里还不存在"),
            format!("join `{name}` comes later and does not exist yet here"),
        ),
    )
    .help(Text::new("把它移到前面", "move it above this one"))
}

/// Slots of the row a join belongs to that it reads: on the right of its keys, and as columns of the row at hand in the
/// frames of its partner and of its results.
pub(crate) fn reads_of_join<'s>(keys: &[(Expr, Expr)], slots: impl Iterator<Item = &'s Slot>) -> BTreeSet<ColumnId> {
    let outer = slots.filter_map(|slot| match slot.origin {
        Origin::Outer(id) => Some(id),
        _ => None,
    });
    keys.iter().flat_map(|(_, ours)| ours.columns()).chain(outer).collect()
}

/// Slots an expression reads.
pub(crate) fn read_slots(expr: &Expr, found: &mut BTreeSet<ColumnId>) {
    found.extend(expr.columns());
}

/// How a text computed from these slots is masked: as the first sensitive one.
pub(crate) fn inherited_sensitivity(slots: &[Slot], exprs: &[&Expr]) -> Option<Sensitivity> {
    let mut read = BTreeSet::new();
    for expr in exprs {
        read_slots(expr, &mut read);
    }
    read.into_iter().filter_map(|id| slots.get(id)).find_map(|slot| slot.sensitivity)
}
