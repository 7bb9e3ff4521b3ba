//! The plan of one check: every name resolved to a slot of a frame, every expression typed.
//!
//! A *frame* is a list of slots; an expression's `ColumnId` is an index into it. A [`Relation`] is a source and the
//! steps that fill its frame from left to right. What comes after (`order`, `group`, `demand`) works on that frame or,
//! after `group_by`, on the group's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::evidence::TablePath;
use crate::expr::{AggregateCall, ColumnId, Expr, PreviousCall, Scalar, Type};
use crate::model::{CheckId, ControlId, FindingText, KindId, Level, OnEmpty, ProvisionId, Sensitivity, Undecided};
use crate::text::{Excerpt, Text};

/// One check, ready to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Which check.
    pub check: CheckId,
    /// Of which control.
    pub control: ControlId,
    /// Its title.
    pub title: Text,
    /// Whether it applies here.
    pub applies: Applies,
    /// Name of the row inside partners.
    pub alias: String,
    /// `over`, `join`, `where` and the lets of a row.
    pub rows: Relation,
    /// `order_by` and what needs it.
    pub order: Option<Order>,
    /// `group_by` and what belongs to the group.
    pub group: Option<Group>,
    /// What must hold of a population row.
    pub demand: Demand,
    /// What an undecided row does.
    pub undecided: Undecided,
    /// Conforming share that satisfies, in units of 10⁻¹² (100 % is 10¹²).
    pub at_least: i128,
    /// Conforming share from which a failing check is partial.
    pub partial_from: Option<i128>,
    /// Outcome of an empty population.
    pub on_empty: OnEmpty,
    /// Weight in the control.
    pub level: Level,
    /// How a row of `over` is named across runs.
    pub row_key: RowKey,
    /// How a partner row of `has_no` is named, of which nobody can tell whose it is.
    pub partner_key: RowKey,
    /// What a finding says.
    pub finding: Option<FindingText>,
    /// Values the finding text needs: dotted name as written, and where the value is.
    pub text_values: Vec<(String, TextValue)>,
    /// Place of the demand in the policy, for findings about what is missing.
    pub demand_place: Excerpt,
    /// The expectation as written, for working papers.
    pub written: String,
    /// Text literals compared with a column of evidence, for the warning that no row has them.
    pub literals: Vec<LiteralUse>,
    /// Kinds read, `over` first.
    pub kinds: Vec<KindId>,
}

/// Whether a check applies to this entity on this day (DESIGN §8 rule 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applies {
    /// It does.
    Yes,
    /// It does not: the reason in words.
    No(Text),
    /// Facts it needs that nobody stated.
    FactMissing(Vec<String>),
    /// The threshold's law is not in force on the as-of date.
    LawNotInForce(Vec<ProvisionId>),
}

/// A source and the steps that fill its frame.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Where rows come from.
    pub source: Source,
    /// The frame.
    pub slots: Vec<Slot>,
    /// Joins, lets and the filter, in the order they run. Joins of a partner that read the population row are among them,
    /// and run later ([`JoinPlan::per_pair`]).
    pub steps: Vec<Step>,
}

/// One column of a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Name as expressions write it.
    pub name: String,
    /// Type.
    pub ty: Type,
    /// Where it comes from.
    pub origin: Origin,
    /// How it is masked in findings.
    pub sensitivity: Option<Sensitivity>,
    /// Whether the check decides by it: a file that lacks a needed column makes the check `not_tested`. Columns that
    /// only the finding's text or key reads are not needed.
    pub needed: bool,
}

/// Where a slot's values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A column of the source, by the slot's name.
    Source,
    /// Output of the join step with this number (0-based among the relation's joins).
    Join(usize),
    /// A `let`.
    Let,
    /// A `PREVIOUS` lifted out of a `let`.
    Previous,
    /// A group key: this slot of the row frame.
    Key(ColumnId),
    /// An aggregate lifted out of a `let`, by number.
    Aggregate(usize),
    /// In a partner's frame: this slot of the population row.
    Outer(ColumnId),
}

/// One step of a relation.
#[derive(Debug, Clone)]
pub enum Step {
    /// Adds a join's columns.
    Join(JoinPlan),
    /// Computes one slot.
    Let {
        /// The slot.
        slot: ColumnId,
        /// Its value.
        value: Expr,
    },
    /// Takes a value from the row before; only in [`Order::steps`].
    Previous {
        /// The slot.
        slot: ColumnId,
        /// What is taken.
        call: PreviousCall,
    },
    /// Keeps rows for which all conditions are TRUE; NULL makes the row undecided.
    Filter {
        /// The operands of the outermost `AND`s.
        conditions: Vec<Expr>,
        /// As written.
        text: Excerpt,
    },
}

/// A join: columns of the one partner, or aggregates over all of them.
#[derive(Debug, Clone)]
pub struct JoinPlan {
    /// Its name.
    pub name: String,
    /// Number among the relation's joins.
    pub number: usize,
    /// Whom it joins.
    pub partner: PartnerPlan,
    /// Slot of `name.matched`, when something reads it.
    pub matched: Option<ColumnId>,
    /// What it adds.
    pub output: JoinOutput,
    /// Whether `where` or `group_by` read it, directly or through another join or let (DESIGN §8 rule 2).
    pub decides_population: bool,
    /// In a partner: it reads the population row, itself or through another join, so it is not a step of the partner's rows
    /// but runs on each pair of one of them with a population row.
    pub per_pair: bool,
}

/// What a join adds to the frame.
#[derive(Debug, Clone)]
pub enum JoinOutput {
    /// `(slot of this frame, slot of the partner's frame)`.
    Lookup(Vec<(ColumnId, ColumnId)>),
    /// Aggregates over the partner's frame and lets over them.
    Aggregate(AggregateOutput),
}

/// Aggregates of a join or of a group, and the lets built on them.
#[derive(Debug, Clone, Default)]
pub struct AggregateOutput {
    /// The aggregates, over the frame of the rows aggregated.
    pub calls: Vec<AggregateCall>,
    /// Frame of one result row: aggregates, lets, in a join also slots of the population row.
    pub slots: Vec<Slot>,
    /// The lets, in order, over that frame.
    pub lets: Vec<(ColumnId, Expr)>,
    /// In a join: `(slot of this row's frame, slot of the result frame)` for every let that something reads.
    pub outputs: Vec<(ColumnId, ColumnId)>,
}

/// The partner side of a join, `has` or `has_no`.
#[derive(Debug, Clone)]
pub struct PartnerPlan {
    /// Its rows; a frame slot of [`Origin::Outer`] is filled per pair, and then those of the joins that read one
    /// ([`JoinPlan::per_pair`]). The relation's own filter step holds only conditions that read neither.
    pub relation: Relation,
    /// Key pairs: an expression over the partner's frame, and one over this row's.
    pub keys: Vec<(Expr, Expr)>,
    /// The operands of `where` that read such a slot: a pair is a partner when these and the relation's own filter are
    /// TRUE.
    pub correlated: Vec<Expr>,
    /// The whole `where` as written.
    pub filter_text: Option<Excerpt>,
    /// Where the partner is written.
    pub place: Excerpt,
}

/// `order_by`.
#[derive(Debug, Clone)]
pub struct Order {
    /// Keys over the row frame.
    pub keys: Vec<Expr>,
    /// Slots that break ties: the columns that decide or name a row; never where it stands.
    pub ties: Vec<ColumnId>,
    /// `PREVIOUS` and the lets built on it.
    pub steps: Vec<Step>,
}

/// `group_by`.
#[derive(Debug, Clone)]
pub struct Group {
    /// Slots of the row frame; empty: the whole table is one row.
    pub keys: Vec<ColumnId>,
    /// Aggregates and lets; its `slots` are the group frame, keys first.
    pub output: AggregateOutput,
}

/// What must hold of a population row; expressions are over the population frame.
#[derive(Debug, Clone)]
pub enum Demand {
    /// TRUE of every row.
    Expect(Expr),
    /// At least so many partners.
    Has {
        /// The partners.
        partner: Box<PartnerPlan>,
        /// How many.
        at_least: i64,
    },
    /// No partner.
    HasNo(Box<PartnerPlan>),
    /// Number of rows.
    Count {
        /// `>=` (true) or `<=`.
        at_least: bool,
        /// The bound, at least 1.
        bound: i64,
    },
}

/// How a row is named across runs: slots of its frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowKey {
    /// Columns shown as they are: the kind's key, for an element of a list that of the row around it; a value, a label.
    pub named: Vec<ColumnId>,
    /// Columns that a hash stands for: all declared ones of rows that have no key.
    pub hashed: Vec<ColumnId>,
    /// Every declared column, also of the rows around an element: a hash of them names a row one of whose `named` columns
    /// is null, so that it is not taken for another such row. Empty where none can be.
    pub whole: Vec<ColumnId>,
}

impl RowKey {
    /// All its slots.
    pub fn slots(&self) -> impl Iterator<Item = ColumnId> {
        self.named.iter().chain(&self.hashed).chain(&self.whole).copied()
    }
}

/// Where a value of the finding text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextValue {
    /// A slot of the population frame.
    Population(ColumnId),
    /// A slot of the partner's frame of `has_no`: the first offender's.
    Partner(ColumnId),
}

/// A text literal compared with an evidence column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralUse {
    /// Table.
    pub table: TablePath,
    /// Column.
    pub column: String,
    /// The literal.
    pub value: String,
    /// Where it is written.
    pub place: Excerpt,
}

/// Where rows come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// An evidence kind or a list inside it.
    Table(TablePath),
    /// Rows written in the policy or in a parameter.
    Values(Arc<ValuesTable>),
    /// `calendar.…`.
    Calendar(Calendar),
    /// `catalog.…`.
    Catalog(Catalog),
    /// `evidence.files`.
    Files,
}

/// Rows written in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuesTable {
    /// Names and types.
    pub columns: Vec<(String, Type)>,
    /// Cells.
    pub rows: Vec<Vec<Scalar>>,
}

/// A table of spans of time: `start_on end_on label`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words of LANGUAGE.md §3")]
pub enum Calendar {
    Days,
    Weeks,
    Months,
    Quarters,
    WorkingDays,
}

/// A table of the pack itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the words of LANGUAGE.md §3")]
pub enum Catalog {
    Provisions,
    Controls,
}

impl Applies {
    /// What holds of several together: one that does not apply decides, whatever fact another still needs.
    pub(crate) fn first(all: &[Self]) -> Self {
        let out = |one: &&Self| matches!(one, Self::No(_) | Self::LawNotInForce(_));
        all.iter().find(out).or_else(|| all.iter().find(|one| **one != Self::Yes)).cloned().unwrap_or(Self::Yes)
    }
}

impl Group {
    /// The edges of a `MAX_GAP(t, from, to)` that are known of a group, whatever its rows: constants and its keys.
    pub(crate) fn edges<'c>(&self, call: &'c AggregateCall) -> Option<(&'c Expr, &'c Expr)> {
        edges(call, &|id| self.keys.contains(&id))
    }
}

impl PartnerPlan {
    /// The edges of a `MAX_GAP(t, from, to)` that are known of a row, whatever its partners: constants and columns of the
    /// population row.
    pub(crate) fn edges<'c>(&self, call: &'c AggregateCall) -> Option<(&'c Expr, &'c Expr)> {
        edges(call, &|id| matches!(self.relation.slots.get(id), Some(Slot { origin: Origin::Outer(_), .. })))
    }
}

fn edges<'c>(call: &'c AggregateCall, known: &dyn Fn(ColumnId) -> bool) -> Option<(&'c Expr, &'c Expr)> {
    let [_, from, to] = call.arguments.as_slice() else { return None };
    from.columns().into_iter().chain(to.columns()).all(known).then_some((from, to))
}

impl Relation {
    /// Names of the source's columns that the frame holds, with the slot of each.
    pub fn source_slots(&self) -> impl Iterator<Item = (ColumnId, &Slot)> {
        self.slots.iter().enumerate().filter(|(_, slot)| slot.origin == Origin::Source)
    }

    /// The joins, in order.
    pub fn joins(&self) -> impl Iterator<Item = &JoinPlan> {
        self.steps.iter().filter_map(|step| match step {
            Step::Join(join) => Some(join),
            Step::Let { .. } | Step::Previous { .. } | Step::Filter { .. } => None,
        })
    }

    /// Calls `visit` with this relation and every partner below it.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        for join in self.joins() {
            join.partner.relation.walk(visit);
        }
    }
}

impl JoinPlan {
    /// Whether anything reads what it adds.
    pub fn is_read(&self) -> bool {
        let columns = match &self.output {
            JoinOutput::Lookup(columns) => columns,
            JoinOutput::Aggregate(output) => &output.outputs,
        };
        self.matched.is_some() || !columns.is_empty()
    }
}

impl PartnerPlan {
    /// The joins that run on pairs, in order.
    pub fn pair_joins(&self) -> impl Iterator<Item = &JoinPlan> {
        self.relation.joins().filter(|join| join.per_pair)
    }

    /// Whether who is a partner must be asked of each pair of rows, not of the partner's rows alone.
    pub fn per_pair(&self) -> bool {
        !self.correlated.is_empty() || self.pair_joins().next().is_some()
    }

    /// Whether anything of it must be: the same, or an aggregate over the partners reads the population row.
    pub fn correlated_with(&self, output: &JoinOutput) -> bool {
        let JoinOutput::Aggregate(output) = output else { return self.per_pair() };
        let outer =
            |id: ColumnId| matches!(self.relation.slots.get(id).map(|slot| &slot.origin), Some(Origin::Outer(_)));
        let inputs = output.calls.iter().flat_map(|call| call.arguments.iter().chain(&call.filter));
        self.per_pair() || inputs.into_iter().any(|expr| expr.columns().into_iter().any(outer))
    }
}

impl Plan {
    /// The frame that the demand is over.
    pub fn population_slots(&self) -> &[Slot] {
        self.group.as_ref().map_or(&self.rows.slots, |group| &group.output.slots)
    }

    /// The partner of `has` or `has_no`.
    pub fn partner(&self) -> Option<&PartnerPlan> {
        match &self.demand {
            Demand::Has { partner, .. } | Demand::HasNo(partner) => Some(partner),
            Demand::Expect(_) | Demand::Count { .. } => None,
        }
    }

    /// Calls `visit` with every relation: `over`'s, its joins', the demand's.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Relation)) {
        self.rows.walk(visit);
        if let Some(partner) = self.partner() {
            partner.relation.walk(visit);
        }
    }

    /// Columns the check needs of every evidence table.
    pub fn columns(&self) -> BTreeMap<TablePath, BTreeSet<String>> {
        let mut tables: BTreeMap<TablePath, BTreeSet<String>> = BTreeMap::new();
        self.walk(&mut |relation| {
            if let Source::Table(path) = &relation.source {
                let names = tables.entry(path.clone()).or_default();
                names.extend(relation.source_slots().map(|(_, slot)| slot.name.clone()));
            }
        });
        tables
    }
}
