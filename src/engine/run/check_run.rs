//! One check under way: its population and its partners, each fed as its source arrives.

use std::sync::Arc;

use crate::engine::plan::{Demand, JoinPlan, Origin, PartnerPlan, Plan, Relation, Source};
use crate::evidence::TablePath;
use crate::expr::{Column, Context};
use crate::model::MissingEvidence;
use crate::text::Text;

use super::columns::Chunk;
use super::findings::Surroundings;
use super::partner::{PartnerTable, Purpose};
use super::population::Population;
use super::relation;

/// Rows of a source, in the columns that one node reads.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) chunk: Chunk,
    /// Rows of which nobody knows whether they are there.
    pub(crate) undecided: Vec<u32>,
}

/// One relation of the check.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "two say how far it is, two what it is for; any mixture occurs")]
pub(crate) struct Node<'p> {
    pub(crate) relation: &'p Relation,
    /// Nodes of its joins, by number.
    joins: Vec<usize>,
    /// Node of the partner of `has` or `has_no`.
    demand: Option<usize>,
    inbox: Vec<Input>,
    inbox_bytes: u64,
    pub(crate) source_done: bool,
    done: bool,
    /// Whether the population depends on it (DESIGN §8 rule 2).
    pub(crate) decides: bool,
    /// Whether it is `over` itself.
    pub(crate) is_over: bool,
    pub(crate) missing: Vec<MissingEvidence>,
}

/// One check under way.
#[derive(Debug)]
pub(crate) struct CheckRun<'p> {
    pub(crate) plan: &'p Plan,
    /// Partners before whoever joins them, the population last.
    pub(crate) nodes: Vec<Node<'p>>,
    /// Tables of the partners. A complete one is shared with whoever runs it on pairs.
    pub(crate) tables: Vec<Option<Arc<PartnerTable>>>,
    pub(crate) population: Population<'p>,
    /// Why it was given up.
    pub(crate) error: Option<Text>,
}

impl<'p> CheckRun<'p> {
    pub(crate) fn new(plan: &'p Plan, cap: usize, fingerprint_cap: usize) -> Self {
        let mut run = Self {
            plan,
            nodes: Vec::new(),
            tables: Vec::new(),
            population: Population::new(plan, cap, fingerprint_cap),
            error: None,
        };
        let joins = run.joins(&plan.rows, true);
        let demand = match &plan.demand {
            Demand::Has { partner, .. } => Some(run.partner(partner, Purpose::Has, false)),
            Demand::HasNo(partner) => Some(run.partner(partner, Purpose::HasNo, false)),
            Demand::Expect(_) | Demand::Count { .. } => None,
        };
        run.add(&plan.rows, joins, demand, true, true, None);
        run
    }

    fn joins(&mut self, relation: &'p Relation, decides: bool) -> Vec<usize> {
        let mut plans: Vec<&'p JoinPlan> = relation.joins().collect();
        plans.sort_by_key(|join| join.number);
        plans
            .into_iter()
            .map(|join| self.partner(&join.partner, Purpose::Join(join), decides && join.decides_population))
            .collect()
    }

    fn partner(&mut self, plan: &'p PartnerPlan, purpose: Purpose<'p>, decides: bool) -> usize {
        // Whatever a partner joins matters as much as the partner.
        let mut plans: Vec<&'p JoinPlan> = plan.relation.joins().collect();
        plans.sort_by_key(|join| join.number);
        let joins = plans.into_iter().map(|join| self.partner(&join.partner, Purpose::Join(join), decides)).collect();
        let table = PartnerTable::new(plan, purpose);
        self.add(&plan.relation, joins, None, decides, false, Some(table))
    }

    fn add(
        &mut self,
        relation: &'p Relation,
        joins: Vec<usize>,
        demand: Option<usize>,
        decides: bool,
        is_over: bool,
        table: Option<PartnerTable>,
    ) -> usize {
        self.nodes.push(Node {
            relation,
            joins,
            demand,
            inbox: Vec::new(),
            inbox_bytes: 0,
            source_done: false,
            done: false,
            decides,
            is_over,
            missing: Vec::new(),
        });
        self.tables.push(table.map(Arc::new));
        self.nodes.len() - 1
    }

    /// Gives rows to a node: worked on at once when its partners are complete, kept until then else.
    pub(crate) fn feed(&mut self, node: usize, input: Input, context: &Context, around: Surroundings<'_>) {
        if self.error.is_some() {
            return;
        }
        if self.ready(node) {
            self.work(node, input, context, around);
        } else if let Some(node) = self.nodes.get_mut(node) {
            node.inbox_bytes = node.inbox_bytes.saturating_add(input.chunk.bytes());
            node.inbox.push(input);
        }
    }

    /// About how much memory the rows, keys and groups hold that it keeps.
    pub(crate) fn bytes(&self) -> u64 {
        if self.error.is_some() {
            return 0;
        }
        let inboxes = self.nodes.iter().map(|node| node.inbox_bytes);
        let tables = self.tables.iter().flatten().map(|table| table.bytes());
        inboxes.chain(tables).fold(self.population.bytes(), u64::saturating_add)
    }

    /// Gives the check up: drops what it keeps and takes no more rows.
    pub(crate) fn give_up(&mut self, error: Text) {
        for node in &mut self.nodes {
            node.inbox = Vec::new();
            node.inbox_bytes = 0;
        }
        for table in self.tables.iter_mut().flatten() {
            *table = Arc::new(PartnerTable::new(&table.plan, Purpose::Has));
        }
        self.population = Population::new(self.plan, 0, 0);
        self.error = Some(error);
    }

    fn ready(&self, node: usize) -> bool {
        let done = |node: &usize| self.nodes.get(*node).is_some_and(|node| node.done);
        self.nodes.get(node).is_some_and(|node| node.joins.iter().chain(&node.demand).all(done))
    }

    /// Works off what was kept and closes every node whose source is complete.
    pub(crate) fn advance(&mut self, context: &Context, around: Surroundings<'_>) {
        if self.error.is_some() {
            return;
        }
        for node in 0..self.nodes.len() {
            let open = self.nodes.get(node).is_some_and(|node| !node.done);
            if !open || !self.ready(node) {
                continue;
            }
            let Some(state) = self.nodes.get_mut(node) else { continue };
            let inbox = std::mem::take(&mut state.inbox);
            state.inbox_bytes = 0;
            for input in inbox {
                self.work(node, input, context, around);
            }
            let Some(state) = self.nodes.get_mut(node).filter(|node| node.source_done) else { continue };
            state.done = true;
            let demand = state.demand;
            let pair_joins = pair_joins(state, &self.tables);
            if let Some(Some(table)) = self.tables.get_mut(node) {
                // INVARIANT: only a complete table is shared.
                if let Some(table) = Arc::get_mut(table) {
                    table.finish(pair_joins, context);
                }
            } else {
                let partner = demand.and_then(|node| self.tables.get(node)).and_then(Option::as_deref);
                self.population.finish(partner, context, around);
            }
        }
    }

    fn work(&mut self, node: usize, input: Input, context: &Context, around: Surroundings<'_>) {
        let Some(state) = self.nodes.get(node) else { return };
        let partners: Vec<&PartnerTable> =
            state.joins.iter().filter_map(|join| self.tables.get(*join).and_then(Option::as_deref)).collect();
        let seen = u64::try_from(input.chunk.len).unwrap_or(u64::MAX);
        let kept = relation::run(state.relation, input.chunk, &input.undecided, &partners, context);
        let demand = state.demand;
        if let Some(Some(table)) = self.tables.get_mut(node) {
            // INVARIANT: only a complete table is shared, and it takes no more rows.
            if let Some(table) = Arc::get_mut(table) {
                table.seen += seen;
                table.push(&kept, context);
            }
            return;
        }
        self.population.seen += seen;
        let partner = demand.and_then(|node| self.tables.get(node)).and_then(Option::as_deref);
        self.population.push(kept, partner, context, around);
    }
}

/// The complete tables of a partner's joins that run on pairs, in order.
fn pair_joins(node: &Node<'_>, tables: &[Option<Arc<PartnerTable>>]) -> Vec<Arc<PartnerTable>> {
    let on_pairs = node.relation.joins().filter(|join| join.per_pair);
    on_pairs.filter_map(|join| tables.get(*node.joins.get(join.number)?)?.clone()).collect()
}

impl Node<'_> {
    /// The evidence table it reads.
    pub(crate) fn table(&self) -> Option<&TablePath> {
        match &self.relation.source {
            Source::Table(path) => Some(path),
            _ => None,
        }
    }

    /// Names of the source's columns that its frame holds.
    pub(crate) fn column_names(&self) -> Vec<String> {
        self.relation.source_slots().map(|(_, slot)| slot.name.clone()).collect()
    }

    /// Names of the source's columns that decide.
    pub(crate) fn columns_needed(&self) -> impl Iterator<Item = &str> {
        self.relation.source_slots().filter(|(_, slot)| slot.needed).map(|(_, slot)| slot.name.as_str())
    }

    /// The frame with the source's columns filled; `columns` are in the order of [`Node::column_names`].
    pub(crate) fn input(&self, rows: &Arc<crate::evidence::Rows>, len: usize, columns: Vec<Column>) -> Input {
        let mut given = columns.into_iter();
        let columns = self
            .relation
            .slots
            .iter()
            .map(|slot| {
                match slot.origin {
                    Origin::Source => given.next(),
                    _ => None,
                }
                .unwrap_or_else(|| Column::nulls(&slot.ty, len))
            })
            .collect();
        let at = (0..u32::try_from(len).unwrap_or(u32::MAX)).map(|row| (0, row)).collect();
        Input { chunk: Chunk { len, columns, places: vec![Arc::clone(rows)], at }, undecided: Vec::new() }
    }
}
