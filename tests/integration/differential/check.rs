//! Random checks over random evidence: every source, key and stage of LANGUAGE.md §2.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::evidence::{KindOf, TableOf};
use super::expression::{Names, aggregate, condition, expression};
use super::node::{Node, Ty};
use super::random::Random;

/// A source as written, and the names of its rows.
#[derive(Debug, Clone)]
pub(crate) struct SourceOf {
    pub text: String,
    pub names: Names,
    pub tag: &'static str,
    /// Of an evidence kind with a key.
    pub keyed: bool,
}

/// A partner.
#[derive(Debug, Clone)]
pub(crate) struct PartnerOf {
    pub source: SourceOf,
    pub on: Vec<(String, Node)>,
    pub filter: Option<Node>,
    pub joins: Vec<JoinOf>,
}

/// A join.
#[derive(Debug, Clone)]
pub(crate) struct JoinOf {
    pub name: String,
    pub partner: PartnerOf,
    pub lets: Vec<(String, Node)>,
}

/// What must hold.
#[derive(Debug, Clone)]
pub(crate) enum DemandOf {
    Expect(Node),
    Has(PartnerOf, usize),
    HasNo(PartnerOf),
    Count(bool, usize),
}

/// A check.
#[derive(Debug, Clone)]
pub(crate) struct CheckOf {
    pub over: SourceOf,
    pub joins: Vec<JoinOf>,
    pub filter: Option<Node>,
    pub order_by: Vec<Node>,
    pub group_by: Option<Vec<String>>,
    pub lets: Vec<(String, Node)>,
    pub demand: DemandOf,
    pub exclude: bool,
}

const ALIAS: &str = "me";

fn source(random: &mut Random, kinds: &[KindOf]) -> SourceOf {
    if random.percent(76) {
        let kind = random.pick(kinds);
        return table_source(random, kind);
    }
    let of = |text: &str, names: &[(&str, Ty)], tag| SourceOf {
        text: text.to_owned(),
        names: names.iter().map(|(name, ty)| ((*name).to_owned(), *ty)).collect(),
        tag,
        keyed: false,
    };
    let span = [("start_on", Ty::Date), ("end_on", Ty::Date), ("label", Ty::Text)];
    match random.below(14) {
        0 => of("calendar.days", &span, "calendar.days"),
        1 => of("calendar.weeks", &span, "calendar.weeks"),
        2 => of("calendar.months", &span, "calendar.months"),
        3 => of("calendar.quarters", &span, "calendar.quarters"),
        4 | 13 => of("calendar.working_days", &span, "calendar.working_days"),
        5 => of(
            "catalog.provisions",
            &[
                ("id", Ty::Text),
                ("law", Ty::Text),
                ("in_force", Ty::Bool),
                ("cited", Ty::Bool),
                ("in_force_from", Ty::Date),
                ("in_force_to", Ty::Date),
            ],
            "catalog.provisions",
        ),
        6 => {
            of("catalog.controls", &[("id", Ty::Text), ("selected", Ty::Bool), ("checks", Ty::Int)], "catalog.controls")
        }
        7 => of(
            "evidence.files",
            &[
                ("path", Ty::Text),
                ("kind", Ty::Text),
                ("rows_read", Ty::Int),
                ("captured_on", Ty::Date),
                ("rows_rejected", Ty::Int),
                ("age_days", Ty::Int),
            ],
            "evidence.files",
        ),
        8 => of("{values: [a, b, c]}", &[("value", Ty::Text)], "values"),
        9 => of("{values: $words}", &[("value", Ty::Text)], "values: $"),
        10 => of("{values: [0, 1, 2]}", &[("value", Ty::Int)], "values"),
        _ => of(
            "{values: [{word: a, years: 10}, {word: b, years: 30}, {word: c, years: 1}]}",
            &[("word", Ty::Text), ("years", Ty::Int)],
            "values: {}",
        ),
    }
}

fn table_source(random: &mut Random, kind: &KindOf) -> SourceOf {
    let mut text = kind.id.clone();
    let mut names = kind.table.names();
    let mut at: &TableOf = &kind.table;
    let mut tag = "kind";
    let parent =
        |names: Names| -> Names { names.into_iter().map(|(name, ty)| (format!("parent.{name}"), ty)).collect() };
    while random.percent(45) {
        if let Some((name, list)) = at.lists.first()
            && random.percent(75)
        {
            text = format!("{text}.{name}");
            let outer = parent(std::mem::take(&mut names));
            names = list.names();
            names.extend(outer);
            tag = if tag == "kind" { "list" } else { "list of list" };
            at = list;
            continue;
        }
        let scalars: Vec<_> = at.columns.iter().filter(|column| column.ty.is_list()).collect();
        if scalars.is_empty() || !random.percent(50) {
            break;
        }
        let column = random.pick(&scalars);
        text = format!("{text}.{}", column.name);
        let outer = parent(std::mem::take(&mut names));
        names = vec![("value".to_owned(), column.ty.item().unwrap())];
        names.extend(outer);
        tag = "list of scalars";
        break;
    }
    names.extend([
        ("file.path".to_owned(), Ty::Text),
        ("file.row".to_owned(), Ty::Int),
        ("file.captured_on".to_owned(), Ty::Date),
    ]);
    SourceOf { text, names, tag, keyed: !kind.key.is_empty() }
}

fn outer(names: &Names) -> Names {
    names.iter().map(|(name, ty)| (format!("{ALIAS}.{name}"), *ty)).collect()
}

/// What the joins of a partner are called, by how deep they are.
const DEEP: [&str; 2] = ["deep", "deeper"];

/// A partner of the row `here`, which is the population's, or at some depth that of another partner; `population` are the
/// names of the former.
fn partner(random: &mut Random, kinds: &[KindOf], here: &Names, population: &Names, depth: usize) -> PartnerOf {
    let source = source(random, kinds);
    let mut names = source.names.clone();
    let mut joins = Vec::new();
    if let Some(name) = DEEP.get(depth).filter(|_| random.percent(20)) {
        let join = join(random, kinds, &names, population, name, depth + 1);
        names.extend(join.columns());
        joins.push(join);
    }
    let mut ours = here.clone();
    if depth > 0 && random.percent(40) {
        ours.extend(population.iter().cloned());
    }
    let mut on = Vec::new();
    for _ in 0..*random.pick(&[0, 1, 1, 1, 1, 2]) {
        let keys: Vec<&(String, Ty)> = source.names.iter().filter(|(_, ty)| !ty.is_list()).collect();
        let (name, ty) = random.pick(&keys);
        let depth = usize::from(random.percent(20));
        on.push((name.clone(), expression(random, &ours, *ty, depth)));
    }
    let filter = random.percent(65).then(|| {
        let mut all = names.clone();
        if random.percent(50) {
            all.extend(population.iter().cloned());
        }
        condition(random, &all)
    });
    PartnerOf { source, on, filter, joins }
}

fn join(random: &mut Random, kinds: &[KindOf], here: &Names, population: &Names, name: &str, depth: usize) -> JoinOf {
    let partner = partner(random, kinds, here, population, depth);
    let mut lets = Vec::new();
    if random.percent(50) {
        let mut names = partner.source.names.clone();
        let edges = if random.percent(25) { names.clone() } else { population.clone() };
        // Columns of the partner's own joins too, among so many rarely.
        names.extend(partner.joins.iter().flat_map(JoinOf::columns));
        if random.percent(25) {
            names.extend(population.iter().cloned());
        }
        group_lets(random, &names, &edges, &mut Vec::new(), &mut lets);
    }
    JoinOf { name: name.to_owned(), partner, lets }
}

/// Lets with aggregates; `so_far` are the names they may also use.
fn group_lets(random: &mut Random, rows: &Names, edges: &Names, so_far: &mut Names, lets: &mut Vec<(String, Node)>) {
    for number in 0..=random.below(3) {
        let depth = random.below(3);
        let mut node = aggregate(random, rows, edges, depth);
        if random.percent(30) {
            let ty = node.ty;
            let again = aggregate(random, rows, edges, 1);
            node = match ty {
                Ty::Bool => Node::of(ty, "COALESCE", "COALESCE(@, FALSE)", vec![node]),
                Ty::Int => Node::of(ty, "COALESCE", "(COALESCE(@, 0) + 1)", vec![node]),
                _ if again.ty == ty && !ty.is_list() => {
                    Node::of(Ty::Bool, "IS DISTINCT FROM", "(@ IS DISTINCT FROM @)", vec![node, again])
                }
                _ => Node::of(Ty::Bool, "IS NULL", "(@ IS NULL)", vec![node]),
            };
        } else if !so_far.is_empty() && random.percent(25) {
            let other = so_far.clone();
            let kid = expression(random, &other, Ty::Bool, 1);
            node = Node::of(Ty::Bool, "AND", "(@ OR @ IS NULL)", vec![kid, node]);
        }
        let name = format!("g{number}");
        so_far.push((name.clone(), node.ty));
        lets.push((name, node));
    }
}

impl JoinOf {
    /// Names it adds to the row.
    fn columns(&self) -> Names {
        let mut names = vec![(format!("{}.matched", self.name), Ty::Bool)];
        let of: Names = if self.lets.is_empty() {
            self.partner.source.names.clone()
        } else {
            self.lets.iter().map(|(name, node)| (name.clone(), node.ty)).collect()
        };
        names.extend(of.into_iter().map(|(name, ty)| (format!("{}.{name}", self.name), ty)));
        names
    }
}

pub(crate) fn check(random: &mut Random, kinds: &[KindOf]) -> CheckOf {
    let over = source(random, kinds);
    let mut names = over.names.clone();
    let mut joins = Vec::new();
    for number in 0..*random.pick(&[0, 0, 0, 1, 1, 2]) {
        let join = join(random, kinds, &names, &outer(&names), ["j", "p"][number], 0);
        names.extend(join.columns());
        joins.push(join);
    }
    // Columns of a join are rarely chosen among so many.
    let joined: Names = names.iter().skip(over.names.len()).cloned().collect();
    if !joined.is_empty() {
        for _ in 0..2 {
            names.extend(joined.iter().cloned());
        }
    }
    let mut lets = Vec::new();
    for number in 0..*random.pick(&[0, 0, 1, 2]) {
        let ty = *random.pick(&[Ty::Bool, Ty::Int, Ty::Dec, Ty::Text, Ty::Date, Ty::At, Ty::Ints, Ty::Days]);
        let depth = 1 + random.below(2);
        let node = expression(random, &names, ty, depth);
        let name = format!("l{number}");
        names.extend([(name.clone(), ty), (name.clone(), ty)]);
        lets.push((name, node));
    }
    let filter = random.percent(45).then(|| condition(random, &names));
    let exclude = random.percent(20);
    if random.percent(10) {
        let demand = DemandOf::Count(random.percent(50), 1 + random.below(4));
        return CheckOf { over, joins, filter, order_by: Vec::new(), group_by: None, lets, demand, exclude };
    }
    let mut order_by = Vec::new();
    if random.percent(30) {
        for _ in 0..=random.below(2) {
            let ty = *random.pick(&[Ty::Int, Ty::Text, Ty::Date, Ty::At, Ty::Dec, Ty::Bool]);
            let depth = usize::from(random.percent(25));
            order_by.push(expression(random, &names, ty, depth));
        }
    }
    let before: Names = names.clone();
    let mut previous: Names = Vec::new();
    if !order_by.is_empty() {
        for number in 0..=random.below(2) {
            let ty = *random.pick(&[Ty::Int, Ty::Dec, Ty::Text, Ty::Date, Ty::Bool, Ty::At]);
            let depth = random.below(2);
            let value = expression(random, &before, ty, depth);
            let node = if random.percent(40) {
                let depth = random.below(2);
                let first = expression(random, &before, ty, depth);
                Node::of(ty, "PREVIOUS(x, first)", "PREVIOUS(@, @)", vec![value, first])
            } else {
                Node::of(ty, "PREVIOUS(x)", "PREVIOUS(@)", vec![value])
            };
            let node = match random.below(3) {
                0 => node,
                1 => Node::of(Ty::Bool, "IS NULL", "(@ IS NULL)", vec![node]),
                _ => {
                    let other = expression(random, &before, ty, 0);
                    Node::of(Ty::Bool, "IS DISTINCT FROM", "(@ IS DISTINCT FROM @)", vec![node, other])
                }
            };
            let name = format!("q{number}");
            previous.extend([(name.clone(), node.ty), (name.clone(), node.ty)]);
            lets.push((name, node));
        }
    }
    let mut group_by = None;
    if random.percent(32) {
        let keys: Vec<String> = (0..*random.pick(&[0, 1, 1, 1, 2]))
            .map(|_| {
                let fits: Vec<&(String, Ty)> = before.iter().filter(|(_, ty)| !ty.is_list()).collect();
                random.pick(&fits).0.clone()
            })
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let mut rows = before.clone();
        rows.extend(previous.iter().cloned());
        let mut after: Names = before.iter().filter(|(name, _)| keys.contains(name)).cloned().collect();
        // Edges that are keys are known of a group whatever its rows.
        let edges = if random.percent(50) { after.clone() } else { rows.clone() };
        group_lets(random, &rows, &edges, &mut after, &mut lets);
        names = after;
        group_by = Some(keys);
    } else {
        names.extend(previous);
    }
    let demand = match random.below(10) {
        0..=1 => DemandOf::Has(partner(random, kinds, &names, &outer(&names), 0), *random.pick(&[1, 1, 2])),
        2..=3 => DemandOf::HasNo(partner(random, kinds, &names, &outer(&names), 0)),
        _ => DemandOf::Expect(condition(random, &names)),
    };
    CheckOf { over, joins, filter, order_by, group_by, lets, demand, exclude }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl PartnerOf {
    fn yaml(&self, word: &str) -> String {
        let mut text = format!("{word}: {}", self.source.text);
        if !self.on.is_empty() {
            let keys: Vec<String> =
                self.on.iter().map(|(name, node)| quoted(&format!("{name} = {}", node.text()))).collect();
            let _ = write!(text, ", on: [{}]", keys.join(", "));
        }
        if let Some(filter) = &self.filter {
            let _ = write!(text, ", where: {}", quoted(&filter.text()));
        }
        if !self.joins.is_empty() {
            let joins: Vec<String> = self.joins.iter().map(JoinOf::yaml).collect();
            let _ = write!(text, ", join: {{{}}}", joins.join(", "));
        }
        text
    }

    fn tags(&self, found: &mut BTreeSet<&'static str>) {
        found.insert(self.source.tag);
        found.insert(if self.on.is_empty() { "no on" } else { "on" });
        self.on.iter().for_each(|(_, node)| node.tags(found));
        if let Some(filter) = &self.filter {
            found.insert("partner where");
            if self.source.tag == "calendar.working_days" {
                found.insert("partner working days and where");
            }
            if filter.text().contains("me.") {
                found.insert("alias.column");
            }
            filter.tags(found);
        }
        for join in &self.joins {
            found.insert("partner join");
            join.tags(found);
            join.population_tags(found);
        }
    }
}

impl JoinOf {
    fn yaml(&self) -> String {
        let mut text = self.partner.yaml("from");
        if !self.lets.is_empty() {
            let lets: Vec<String> =
                self.lets.iter().map(|(name, node)| format!("{name}: {}", quoted(&node.text()))).collect();
            let _ = write!(text, ", let: {{{}}}", lets.join(", "));
        }
        format!("{}: {{{text}}}", self.name)
    }

    /// Where a partner's own join names the population row.
    fn population_tags(&self, found: &mut BTreeSet<&'static str>) {
        let names = |node: &Node| node.text().contains("me.");
        if self.partner.on.iter().any(|(_, node)| names(node)) {
            found.insert("partner join: on alias.column");
        }
        if self.partner.filter.as_ref().is_some_and(names) {
            found.insert("partner join: where alias.column");
        }
        if self.lets.iter().any(|(_, node)| names(node)) {
            found.insert("partner join: let alias.column");
        }
        if self.partner.joins.iter().any(|join| join.yaml().contains("me.")) {
            found.insert("partner join of a partner join: alias.column");
        }
    }

    fn tags(&self, found: &mut BTreeSet<&'static str>) {
        found.insert(if self.lets.is_empty() { "join" } else { "join let" });
        self.partner.tags(found);
        self.lets.iter().for_each(|(_, node)| node.tags(found));
        if self.lets.iter().any(|(_, node)| node.has("MAX_GAP(t, from, to)")) {
            found.insert("edges of a join");
        }
    }
}

impl CheckOf {
    pub(crate) fn yaml(&self) -> String {
        let mut text = format!("over: {}\nas: {ALIAS}\n", self.over.text);
        if !self.joins.is_empty() {
            text.push_str("join:\n");
            for join in &self.joins {
                let _ = writeln!(text, "  {}", join.yaml());
            }
        }
        if let Some(filter) = &self.filter {
            let _ = writeln!(text, "where: {}", quoted(&filter.text()));
        }
        if !self.order_by.is_empty() {
            let keys: Vec<String> = self.order_by.iter().map(|node| quoted(&node.text())).collect();
            let _ = writeln!(text, "order_by: [{}]", keys.join(", "));
        }
        if let Some(keys) = &self.group_by {
            let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
            let _ = writeln!(text, "group_by: [{}]", keys.join(", "));
        }
        if !self.lets.is_empty() {
            text.push_str("let:\n");
            for (name, node) in &self.lets {
                let _ = writeln!(text, "  {name}: {}", quoted(&node.text()));
            }
        }
        if self.exclude {
            text.push_str("undecided: exclude\n");
        }
        match &self.demand {
            DemandOf::Expect(node) => {
                let _ = writeln!(text, "expect: {}", quoted(&node.text()));
            }
            DemandOf::Has(partner, at_least) => {
                let more = if *at_least > 1 { format!(", at_least: {at_least}") } else { String::new() };
                let _ = writeln!(text, "has: {{{}{more}}}", partner.yaml("in"));
            }
            DemandOf::HasNo(partner) => {
                let _ = writeln!(text, "has_no: {{{}}}", partner.yaml("in"));
            }
            DemandOf::Count(at_least, bound) => {
                let _ = writeln!(text, "count: '{} {bound}'", if *at_least { ">=" } else { "<=" });
            }
        }
        text
    }

    /// Everything of the language that it uses.
    pub(crate) fn tags(&self) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        found.insert("over");
        found.insert(self.over.tag);
        match (self.over.tag, self.over.keyed) {
            ("list of scalars", true) => found.insert("scalar in a keyed row"),
            ("list" | "list of list", true) => found.insert("record in a keyed row"),
            ("list of scalars", false) => found.insert("scalar in a row without key"),
            ("list" | "list of list", false) => found.insert("record in a row without key"),
            _ => false,
        };
        self.joins.iter().for_each(|join| join.tags(&mut found));
        if let Some(filter) = &self.filter {
            found.insert("where");
            if self.over.tag == "calendar.working_days" {
                found.insert("working days and where");
            }
            filter.tags(&mut found);
        }
        if !self.order_by.is_empty() {
            found.insert("order_by");
            self.order_by.iter().for_each(|node| node.tags(&mut found));
        }
        if let Some(keys) = &self.group_by {
            found.insert(if keys.is_empty() { "group_by: []" } else { "group_by" });
        }
        if !self.lets.is_empty() {
            found.insert("let");
        }
        self.lets.iter().for_each(|(_, node)| node.tags(&mut found));
        let keyed = self.group_by.as_ref().is_some_and(|keys| !keys.is_empty());
        if keyed && self.lets.iter().any(|(_, node)| node.has("MAX_GAP(t, from, to)")) {
            found.insert("edges of a group");
        }
        if self.exclude {
            found.insert("undecided: exclude");
        }
        match &self.demand {
            DemandOf::Expect(node) => {
                found.insert("expect");
                node.tags(&mut found);
            }
            DemandOf::Has(partner, at_least) => {
                found.insert("has");
                if *at_least > 1 {
                    found.insert("at_least");
                }
                partner.tags(&mut found);
            }
            DemandOf::HasNo(partner) => {
                found.insert("has_no");
                partner.tags(&mut found);
            }
            DemandOf::Count(at_least, _) => {
                found.insert(if *at_least { "count >=" } else { "count <=" });
            }
        }
        found
    }

    /// Simpler checks, the simplest first.
    pub(crate) fn simpler(&self) -> Vec<CheckOf> {
        let mut found = Vec::new();
        let mut with = |change: &dyn Fn(&mut CheckOf)| {
            let mut copy = self.clone();
            change(&mut copy);
            found.push(copy);
        };
        for at in 0..self.joins.len() {
            with(&|check| {
                check.joins.remove(at);
            });
        }
        with(&|check| check.filter = None);
        for at in 0..self.lets.len() {
            with(&|check| {
                check.lets.remove(at);
            });
        }
        with(&|check| check.order_by.clear());
        for at in 0..self.order_by.len() {
            with(&|check| {
                check.order_by.remove(at);
            });
        }
        with(&|check| check.group_by = None);
        with(&|check| check.exclude = false);
        if let Some(filter) = &self.filter {
            for simpler in filter.simpler() {
                with(&|check| check.filter = Some(simpler.clone()));
            }
        }
        for (at, (_, node)) in self.lets.iter().enumerate() {
            for simpler in node.simpler() {
                with(&|check| check.lets[at].1 = simpler.clone());
            }
        }
        for (at, node) in self.order_by.iter().enumerate() {
            for simpler in node.simpler() {
                with(&|check| check.order_by[at] = simpler.clone());
            }
        }
        for (at, join) in self.joins.iter().enumerate() {
            for simpler in join.simpler() {
                with(&|check| check.joins[at] = simpler.clone());
            }
        }
        match &self.demand {
            DemandOf::Expect(node) => {
                for simpler in node.simpler() {
                    with(&|check| check.demand = DemandOf::Expect(simpler.clone()));
                }
            }
            DemandOf::Has(partner, at_least) => {
                for simpler in partner.simpler() {
                    with(&|check| check.demand = DemandOf::Has(simpler.clone(), *at_least));
                }
            }
            DemandOf::HasNo(partner) => {
                for simpler in partner.simpler() {
                    with(&|check| check.demand = DemandOf::HasNo(simpler.clone()));
                }
            }
            DemandOf::Count(..) => {}
        }
        found
    }
}

impl PartnerOf {
    fn simpler(&self) -> Vec<PartnerOf> {
        let mut found = Vec::new();
        if self.filter.is_some() {
            found.push(PartnerOf { filter: None, ..self.clone() });
        }
        if !self.joins.is_empty() {
            found.push(PartnerOf { joins: Vec::new(), ..self.clone() });
        }
        for at in 0..self.on.len() {
            let mut copy = self.clone();
            copy.on.remove(at);
            found.push(copy);
            for simpler in self.on[at].1.simpler() {
                let mut copy = self.clone();
                copy.on[at].1 = simpler;
                found.push(copy);
            }
        }
        for simpler in self.filter.iter().flat_map(Node::simpler) {
            found.push(PartnerOf { filter: Some(simpler), ..self.clone() });
        }
        for (at, join) in self.joins.iter().enumerate() {
            for simpler in join.simpler() {
                let mut copy = self.clone();
                copy.joins[at] = simpler;
                found.push(copy);
            }
        }
        found
    }
}

impl JoinOf {
    fn simpler(&self) -> Vec<JoinOf> {
        let mut found: Vec<JoinOf> =
            self.partner.simpler().into_iter().map(|partner| JoinOf { partner, ..self.clone() }).collect();
        for at in 0..self.lets.len() {
            if self.lets.len() > 1 {
                let mut copy = self.clone();
                copy.lets.remove(at);
                found.push(copy);
            }
            for simpler in self.lets[at].1.simpler() {
                let mut copy = self.clone();
                copy.lets[at].1 = simpler;
                found.push(copy);
            }
        }
        found
    }
}
