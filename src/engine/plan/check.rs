//! One check as written → its plan, in the order in which a check is evaluated.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::Builder;
use super::frame::{Aggregates, Building, Declared, Names, Rows, dotted};
use super::partner::{This, aggregate_sensitivity, push_join};
use super::scope::{GroupNames, GroupScope, RowScope, add_let};
use super::{Demand, Order, Origin, Slot, Step};
use crate::engine::codes;
use crate::expr::{self, Ast, Expr, Name, Type};
use crate::model::{self, Check};
use crate::text::{Diagnostic, Excerpt, Text};

/// Where a let belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// To the row.
    Row,
    /// To the ordered row: it takes from the row before.
    Ordered,
    /// To the group.
    Group,
}

/// A let of the check, parsed and placed.
struct Let<'a> {
    name: &'a Excerpt,
    text: &'a Excerpt,
    ast: Option<Ast>,
    stage: Stage,
    done: bool,
}

/// The parts of a plan that name resolution gives.
pub(crate) struct Parts {
    pub(crate) rows: Rows,
    pub(crate) order: Option<Order>,
    pub(crate) group: Option<(Vec<usize>, Aggregates)>,
    pub(crate) demand: Option<DemandParts>,
    pub(crate) text_values: Vec<(String, super::TextValue)>,
}

/// The demand, its partner still under construction.
pub(crate) enum DemandParts {
    Expect(Expr),
    Has(super::frame::PartnerRows, i64),
    HasNo(super::frame::PartnerRows),
    Count { at_least: bool, bound: i64 },
}

impl DemandParts {
    pub(crate) fn finish(self) -> Demand {
        match self {
            Self::Expect(expr) => Demand::Expect(expr),
            Self::Has(partner, at_least) => Demand::Has { partner: Box::new(partner.finish()), at_least },
            Self::HasNo(partner) => Demand::HasNo(Box::new(partner.finish())),
            Self::Count { at_least, bound } => Demand::Count { at_least, bound },
        }
    }
}

impl Builder<'_> {
    /// Resolves every name of a check.
    pub(crate) fn check(&mut self, check: &Check) -> Parts {
        let resolved = self.resolve_source(&check.over);
        let default = resolved.as_ref().map(|resolved| resolved.last_word.clone()).unwrap_or_default();
        let alias = check.alias.as_ref().map_or(default, |alias| alias.text.clone());
        let mut rows = Rows::new(resolved, alias.clone());
        self.check_words(&rows);
        self.check_names(check, &rows);
        let mut lets = self.parse_lets(check);
        for join in &check.joins {
            rows.declared.insert(join.name.text.clone(), Declared::LaterJoin);
        }
        for one in &lets {
            // One named like a column was reported; what it reads is then the column.
            if !rows.resolved.as_ref().is_some_and(|resolved| resolved.is_column_word(&one.name.text)) {
                rows.declared.insert(one.name.text.clone(), Declared::LaterLet);
            }
        }
        let alias_written = check.alias.is_some();
        for join in &check.joins {
            self.ready_lets(&mut rows, &mut lets);
            let mut this = This { names: &mut rows, alias: &alias, alias_written, nested: false };
            let built = self.join(join, &mut this);
            push_join(&mut rows, built);
        }
        self.ready_lets(&mut rows, &mut lets);
        self.remaining_row_lets(&mut rows, &mut lets);
        if let Some(text) = &check.filter {
            let conditions = self.conditions(text, &mut rows);
            rows.steps.push(Building::Done(Step::Filter { conditions, text: text.clone() }));
        }
        let mut order = self.order(check, &mut rows, &mut lets);
        let mut group = self.group(check, &mut rows, &mut lets, order.as_mut());
        let mut demand = self.demand(check, &mut rows, group.as_mut().map(|(_, group)| group), &alias);
        let text_values = self.text_values(check, &mut rows, group.as_mut().map(|(_, group)| group), demand.as_mut());
        Parts { rows, order, group, demand, text_values }
    }

    fn check_names(&mut self, check: &Check, rows: &Rows) {
        let mut taken: Vec<(&str, Text)> = Vec::new();
        if let Some(alias) = &check.alias {
            self.check_name(alias, rows, &taken);
            taken.push((alias.text.as_str(), Text::new("它是本行的别名", "it is the alias of the row")));
        }
        for join in &check.joins {
            self.check_name(&join.name, rows, &taken);
            taken.push((join.name.text.as_str(), Text::new("它是一个 `join`", "it is a join")));
        }
        for (name, _) in &check.lets {
            self.check_name(name, rows, &taken);
            taken.push((name.text.as_str(), Text::new("它是一个 `let`", "it is a `let`")));
        }
    }

    fn parse_lets<'c>(&mut self, check: &'c Check) -> Vec<Let<'c>> {
        let mut stages: BTreeMap<&str, Stage> = BTreeMap::new();
        let mut lets = Vec::new();
        for (number, (name, text)) in check.lets.iter().enumerate() {
            let later = check.lets.get(number..).unwrap_or_default();
            let ast = self.parse(text).filter(|ast| !self.reads_later(ast, text, later));
            let stage = ast.as_ref().map_or(Stage::Row, |ast| {
                let own = match (ast.has_aggregate(), ast.has_previous()) {
                    (true, _) => Stage::Group,
                    (false, true) => Stage::Ordered,
                    (false, false) => Stage::Row,
                };
                let words = ast.names();
                let inherited = words.iter().filter(|path| path.len() == 1).filter_map(|path| stages.get(path.first()?.text.as_str()));
                inherited.copied().max().map_or(own, |inherited| own.max(inherited))
            });
            stages.insert(&name.text, stage);
            lets.push(Let { name, text, ast, stage, done: false });
        }
        if check.group_by.is_none() {
            for one in lets.iter_mut().filter(|one| one.stage == Stage::Group) {
                if one.ast.as_ref().is_some_and(Ast::has_aggregate) {
                    self.report(
                        Diagnostic::new(
                            &codes::AGGREGATE_WITHOUT_GROUP,
                            Text::new(
                                format!("`{}` 含聚合函数，但没有 `group_by`", one.name.text),
                                format!("`{}` aggregates, and there is no `group_by`", one.name.text),
                            ),
                        )
                        .at_place(one.text.whole())
                        .help(Text::new("整张表写 `group_by: []`", "for the whole table write `group_by: []`")),
                    );
                }
            }
        }
        if check.order_by.is_empty() {
            for one in &lets {
                if one.ast.as_ref().is_some_and(Ast::has_previous) {
                    self.report(
                        Diagnostic::new(
                            &codes::PREVIOUS_WITHOUT_ORDER,
                            Text::new(
                                "`PREVIOUS` 需要 `order_by`",
                                "`PREVIOUS` needs `order_by`",
                            ),
                        )
                        .at_place(one.text.whole())
                        .help(Text::new("加上 `order_by`，如 `order_by: [ts]`", "add `order_by`, e.g. `order_by: [ts]`")),
                    );
                }
            }
        }
        lets
    }

    /// Reports a let that reads itself or one below it.
    fn reads_later(&mut self, ast: &Ast, text: &Excerpt, later: &[(Excerpt, Excerpt)]) -> bool {
        let mut found = false;
        for path in ast.names() {
            let [name] = path else { continue };
            if later.iter().any(|(known, _)| known.text == name.text) {
                found = true;
                let word = &name.text;
                self.report(
                    Diagnostic::new(
                        &codes::NAME_TOO_EARLY,
                        Text::new(format!("`{word}` 在这里还不存在"), format!("`{word}` does not exist yet here")),
                    )
                    .at_place(text.place(name.span))
                    .help(Text::new("`let` 只能用写在它前面的 `let`", "a `let` sees only the lets above it")),
                );
            }
        }
        found
    }

    /// Binds the lets of the row whose names all exist by now.
    fn ready_lets(&mut self, rows: &mut Rows, lets: &mut [Let<'_>]) {
        for one in lets.iter_mut().filter(|one| !one.done && one.stage == Stage::Row) {
            let Some(ast) = &one.ast else { continue };
            let ready = ast.names().iter().all(|path| {
                let first = path.first().map(|name| name.text.as_str()).unwrap_or_default();
                !matches!(rows.declared.get(first), Some(Declared::LaterJoin | Declared::LaterLet))
            });
            if ready {
                one.done = true;
                self.row_let(rows, one);
            }
        }
    }

    /// Binds what is left, so that its faults are said.
    fn remaining_row_lets(&mut self, rows: &mut Rows, lets: &mut [Let<'_>]) {
        for one in lets.iter_mut().filter(|one| !one.done && one.stage == Stage::Row) {
            one.done = true;
            self.row_let(rows, one);
        }
    }

    fn row_let(&mut self, rows: &mut Rows, one: &Let<'_>) {
        let constants = self.constants;
        let bound = one.ast.as_ref().and_then(|ast| {
            let mut scope = RowScope { rows, constants, outer: None, ordered: None, needed: true };
            self.bind(one.text, ast, &mut scope, None)
        });
        match bound {
            Some(value) => {
                let (_, step) = add_let(rows, &one.name.text, value);
                rows.steps.push(Building::Done(step));
            }
            None => {
                rows.declared.insert(one.name.text.clone(), Declared::Broken);
            }
        }
    }

    fn conditions(&mut self, text: &Excerpt, rows: &mut Rows) -> Vec<Expr> {
        let Some(ast) = self.parse(text) else { return Vec::new() };
        let constants = self.constants;
        let mut conditions = Vec::new();
        for part in ast.conjuncts() {
            let mut scope = RowScope { rows, constants, outer: None, ordered: None, needed: true };
            conditions.extend(self.bind(text, part, &mut scope, Some(&Type::Boolean)));
        }
        conditions
    }

    fn order(&mut self, check: &Check, rows: &mut Rows, lets: &mut [Let<'_>]) -> Option<Order> {
        if check.order_by.is_empty() {
            return None;
        }
        let constants = self.constants;
        let mut keys = Vec::new();
        for text in &check.order_by {
            let Some(ast) = self.parse(text) else { continue };
            let mut scope = RowScope { rows, constants, outer: None, ordered: None, needed: true };
            let Some(key) = self.bind(text, &ast, &mut scope, None) else { continue };
            if matches!(key.ty, Type::List(_) | Type::Null) {
                self.not_ordered(text, &key.ty);
            }
            keys.push(key);
        }
        let mut steps = Vec::new();
        for one in lets.iter_mut().filter(|one| one.stage == Stage::Ordered) {
            one.done = true;
            let bound = one.ast.as_ref().and_then(|ast| {
                let mut scope = RowScope { rows, constants, outer: None, ordered: Some(&mut steps), needed: true };
                self.bind(one.text, ast, &mut scope, None)
            });
            match bound {
                Some(value) => {
                    let (_, step) = add_let(rows, &one.name.text, value);
                    steps.push(step);
                }
                None => {
                    rows.declared.insert(one.name.text.clone(), Declared::Broken);
                }
            }
        }
        Some(Order { keys, ties: Vec::new(), steps })
    }

    fn not_ordered(&mut self, text: &Excerpt, ty: &Type) {
        self.report(
            Diagnostic::new(
                &codes::NOT_ORDERED,
                Text::new(format!("{} 不能用来排序或分组", ty.name()), format!("{} cannot order or group rows", ty.name())),
            )
            .at_place(text.whole()),
        );
    }

    fn group(
        &mut self,
        check: &Check,
        rows: &mut Rows,
        lets: &mut [Let<'_>],
        order: Option<&mut Order>,
    ) -> Option<(Vec<usize>, Aggregates)> {
        let written = check.group_by.as_ref()?;
        let mut keys = Vec::new();
        let mut group = Aggregates::default();
        for text in written {
            let Some((name, id)) = self.group_key(text, rows) else { continue };
            let Some(of) = rows.slots.get(id).cloned() else { continue };
            if keys.contains(&id) {
                self.taken(text, &Text::new("`group_by` 里已经有了", "already in `group_by`"));
                continue;
            }
            keys.push(id);
            group.add(Slot { name, origin: Origin::Key(id), ..of });
        }
        for one in lets.iter().filter(|one| one.stage == Stage::Group) {
            group.declared.insert(one.name.text.clone(), Declared::LaterLet);
        }
        let constants = self.constants;
        let mut steps = order.map(|order| &mut order.steps);
        for one in lets.iter_mut().filter(|one| one.stage == Stage::Group) {
            one.done = true;
            let bound = one.ast.as_ref().and_then(|ast| {
                let names = GroupNames { group: &mut group, rows };
                let ordered = steps.as_deref_mut();
                let mut scope = GroupScope { names, constants, aggregates: true, ordered };
                self.bind(one.text, ast, &mut scope, None)
            });
            let Some(value) = bound else {
                group.declared.insert(one.name.text.clone(), Declared::Broken);
                continue;
            };
            group.declared.remove(&one.name.text);
            let sensitivity = aggregate_sensitivity(&value, &group, rows);
            let (name, ty) = (one.name.text.clone(), value.ty.clone());
            let id = group.add(Slot { name, ty, origin: Origin::Let, sensitivity, needed: true });
            group.output.lets.push((id, value));
        }
        Some((keys, group))
    }

    fn group_key(&mut self, text: &Excerpt, rows: &mut Rows) -> Option<(String, usize)> {
        let ast = self.parse(text)?;
        let expr::AstKind::Name(path) = &ast.kind else {
            self.report(
                Diagnostic::new(
                    &codes::NOT_A_COLUMN,
                    Text::new("`group_by` 里只写列名", "`group_by` takes names of columns"),
                )
                .at_place(text.place(ast.span))
                .help(Text::new("把表达式写成一个 `let`，再用它的名字", "make the expression a `let` and use its name")),
            );
            return None;
        };
        let constants = self.constants;
        let mut scope = RowScope { rows, constants, outer: None, ordered: None, needed: true };
        let bound = self.bind(text, &ast, &mut scope, None)?;
        let id = bound.columns().into_iter().next()?;
        let slot = rows.slots.get(id)?;
        if matches!(slot.ty, Type::List(_) | Type::Null) {
            let ty = slot.ty.clone();
            self.not_ordered(text, &ty);
            return None;
        }
        let ordered = |slot: &Slot| slot.origin == Origin::Previous;
        if ordered(slot) || self.is_ordered_let(rows, id) {
            self.report(
                Diagnostic::new(
                    &codes::NAME_TOO_EARLY,
                    Text::new(
                        "含 `PREVIOUS` 的列不能作分组键：它在组内排序之后才有",
                        "a column with `PREVIOUS` cannot be a group key: it exists only after ordering within the group",
                    ),
                )
                .at_place(text.whole()),
            );
            return None;
        }
        Some((dotted(path), id))
    }

    fn is_ordered_let(&self, rows: &Rows, id: usize) -> bool {
        let in_rows = rows.steps.iter().any(|step| matches!(step, Building::Done(Step::Let { slot, .. }) if *slot == id));
        rows.slots.get(id).is_some_and(|slot| slot.origin == Origin::Let) && !in_rows
    }

    fn demand(
        &mut self,
        check: &Check,
        rows: &mut Rows,
        group: Option<&mut Aggregates>,
        alias: &str,
    ) -> Option<DemandParts> {
        let alias_written = check.alias.is_some();
        match &check.demand {
            model::Demand::Expect(text) => {
                let ast = self.parse(text)?;
                let constants = self.constants;
                let bound = if let Some(group) = group {
                    let names = GroupNames { group, rows };
                    let mut scope = GroupScope { names, constants, aggregates: false, ordered: None };
                    self.bind(text, &ast, &mut scope, Some(&Type::Boolean))
                } else {
                    let mut scope = RowScope { rows, constants, outer: None, ordered: None, needed: true };
                    self.bind(text, &ast, &mut scope, Some(&Type::Boolean))
                };
                bound.map(DemandParts::Expect)
            }
            model::Demand::Has { partner, at_least } => {
                let wanted = at_least.as_ref().map_or(Some(1), |text| self.whole(text, &codes::PARTNERS_WANTED));
                let partner = self.demand_partner(partner, rows, group, alias, alias_written);
                wanted.map(|wanted| DemandParts::Has(partner, wanted))
            }
            model::Demand::HasNo(partner) => {
                Some(DemandParts::HasNo(self.demand_partner(partner, rows, group, alias, alias_written)))
            }
            model::Demand::Count(text) => {
                if check.group_by.is_some() || !check.order_by.is_empty() {
                    self.report(
                        Diagnostic::new(
                            &codes::COUNT_WITH_GROUP,
                            Text::new(
                                "`count` 不能与 `group_by` 或 `order_by` 同用",
                                "`count` does not go with `group_by` or `order_by`",
                            ),
                        )
                        .at_place(text.whole())
                        .help(Text::new(
                            "要数分组，用 `let: {n: COUNT(*)}` 和 `expect`",
                            "to count within groups use `let: {n: COUNT(*)}` and `expect`",
                        )),
                    );
                }
                self.count(text)
            }
        }
    }

    fn demand_partner(
        &mut self,
        partner: &model::Partner,
        rows: &mut Rows,
        group: Option<&mut Aggregates>,
        alias: &str,
        alias_written: bool,
    ) -> super::frame::PartnerRows {
        if let Some(group) = group {
            let mut names = GroupNames { group, rows };
            let mut this = This { names: &mut names, alias, alias_written, nested: false };
            return self.partner(partner, &mut this);
        }
        let mut this = This { names: rows, alias, alias_written, nested: false };
        self.partner(partner, &mut this)
    }

    fn count(&mut self, text: &Excerpt) -> Option<DemandParts> {
        let written = text.text.trim();
        let (at_least, rest) = match (written.strip_prefix(">="), written.strip_prefix("<=")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            (None, None) => {
                self.report_form(text, &codes::COUNT_FORM);
                return None;
            }
        };
        let rest = Excerpt { text: rest.trim().to_owned(), ..text.clone() };
        let bound = self.whole(&rest, &codes::COUNT_FORM)?;
        Some(DemandParts::Count { at_least, bound })
    }

    /// A whole number of at least 1, or an integer parameter that is one.
    fn whole(&mut self, text: &Excerpt, code: &'static crate::text::Code) -> Option<i64> {
        let written = text.text.trim();
        let value = match written.strip_prefix('$') {
            Some(name) => match self.constants.parameter(name) {
                Some(expr::Scalar::Integer(value)) => Some(value),
                Some(_) => None,
                None => {
                    let (ast, _) = expr::parse(written);
                    let constants = self.constants;
                    let mut scope = super::scope::ConstantScope { constants };
                    self.bind(text, &ast?, &mut scope, None);
                    return None;
                }
            },
            None => written.parse().ok(),
        };
        let value = value.filter(|value| *value >= 1);
        if value.is_none() {
            self.report_form(text, code);
        }
        value
    }

    fn report_form(&mut self, text: &Excerpt, code: &'static crate::text::Code) {
        let message = Text::new(format!("不能这样写：`{}`", text.text), format!("cannot read `{}`", text.text));
        self.report(Diagnostic::new(code, message).at_place(text.whole()).help(Text::new(code.explain_zh, code.explain_en)));
    }

    /// Where the values of the finding text are; unknown names are reported.
    fn text_values(
        &mut self,
        check: &Check,
        rows: &mut Rows,
        group: Option<&mut Aggregates>,
        mut demand: Option<&mut DemandParts>,
    ) -> Vec<(String, super::TextValue)> {
        let Some(text) = &check.finding else { return Vec::new() };
        let mut group = group;
        let mut values = Vec::new();
        let mut seen = BTreeSet::new();
        for (message, place) in [&text.zh, &text.en] {
            for name in message.names() {
                if !seen.insert(name.clone()) {
                    continue;
                }
                let path: Vec<Name> = name
                    .split('.')
                    .map(|word| Name { text: word.to_owned(), span: crate::text::Span::default() })
                    .collect();
                if let (Some(DemandParts::HasNo(partner)), Some("partner")) =
                    (demand.as_deref_mut(), path.first().map(|word| word.text.as_str()))
                {
                    match partner.rows.resolve(path.get(1..).unwrap_or_default(), false) {
                        Ok((id, _)) => values.push((name.clone(), super::TextValue::Partner(id))),
                        Err(_) if partner.rows.resolved.is_none() => {}
                        Err(_) => self.unknown_in_text(name, place, &partner.rows, None),
                    }
                    continue;
                }
                // A longer path than any column (`x.length`) is still about its first words.
                let found = (1..=path.len()).rev().find_map(|taken| {
                    let part = path.get(..taken)?;
                    let found = match &mut group {
                        Some(group) => GroupNames { group, rows }.resolve(part, false),
                        None => rows.resolve(part, false),
                    };
                    found.ok().map(|(id, _)| (dotted(part), id))
                });
                match found {
                    Some((name, id)) => values.push((name, super::TextValue::Population(id))),
                    None if rows.resolved.is_none() => {}
                    None => self.unknown_in_text(name, place, rows, group.as_deref()),
                }
            }
        }
        values
    }

    pub(crate) fn unknown_in_text(&mut self, name: &str, place: &Excerpt, rows: &Rows, group: Option<&Aggregates>) {
        let mut known: Vec<String> = match group {
            Some(group) => group.index.keys().cloned().collect(),
            None => rows.resolved.as_ref().map(super::source::Resolved::names).unwrap_or_default(),
        };
        if group.is_none() {
            known.extend(rows.declared.keys().cloned());
        }
        let at = place.text.find(name).map(|start| crate::text::Span::new(start, start + name.len()));
        let near = crate::text::suggest::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        let list = known.iter().take(30).cloned().collect::<Vec<_>>().join(", ");
        let help = match near {
            Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
            None => Text::new(format!("这里有：{list}"), format!("here there are: {list}")),
        };
        self.report(
            Diagnostic::new(
                &codes::UNKNOWN_NAME_IN_TEXT,
                Text::new(format!("发现文字里的 `{name}` 不存在"), format!("`{name}` in the finding text does not exist")),
            )
            .at_place(at.map_or_else(|| place.whole(), |span| place.place(span)))
            .label(Text::new("不是这里的名称", "not a name here"))
            .help(help),
        );
    }
}
