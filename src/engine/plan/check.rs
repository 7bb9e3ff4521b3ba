//! One check as written → its plan, in the order in which a check is evaluated.

use super::builder::Builder;
use super::demand::DemandParts;
use super::frame::{Aggregates, Building, Declared, Rows, dotted};
use super::lets::{Let, Stage};
use super::partner::{This, aggregate_sensitivity, push_join};
use super::scope::{GroupNames, GroupScope, RowScope, add_let};
use super::{Order, Origin, Slot, Step};
use crate::engine::codes;
use crate::expr::{self, Expr, Type};
use crate::model::{Check, Demand};
use crate::text::{Diagnostic, Excerpt, Text};

/// The parts of a plan that name resolution gives.
pub(crate) struct Parts {
    pub(crate) rows: Rows,
    pub(crate) order: Option<Order>,
    pub(crate) group: Option<(Vec<usize>, Aggregates)>,
    pub(crate) demand: Option<DemandParts>,
    pub(crate) text_values: Vec<(String, super::TextValue)>,
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
            let mut this = This { names: &mut rows, alias: &alias, alias_written };
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
        } else if !check.joins.is_empty() || matches!(check.demand, Demand::Has { .. } | Demand::HasNo(_)) {
            // Inside partners the row is called by the last word of its source.
            if rows.is_taken(&rows.alias) {
                self.default_alias_taken(check.over.place(), rows);
            }
            taken.push((
                rows.alias.as_str(),
                Text::new("本行在匹配对象里就叫这个名字", "it is what the row is called inside partners"),
            ));
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

    fn default_alias_taken(&mut self, place: &Excerpt, rows: &Rows) {
        let (alias, shown) = (&rows.alias, rows.resolved.as_ref().map_or("", |resolved| resolved.shown.as_str()));
        self.report(
            Diagnostic::new(
                &codes::NAME_TAKEN,
                Text::new(
                    format!("`{shown}` 的行在匹配对象里叫 `{alias}`，而这个名称已被占用"),
                    format!("inside partners a row of `{shown}` is called `{alias}`, and that name is taken"),
                ),
            )
            .at_place(place.whole())
            .help(Text::new("用 `as` 给这一行另起一个名字", "give the row another name with `as`")),
        );
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
                Text::new(
                    format!("{} 不能用来排序或分组", ty.name()),
                    format!("{} cannot order or group rows", ty.name()),
                ),
            )
            .at_place(text.whole())
            .help(Text::new(
                "用别的列，或用 `CARDINALITY` 等算出一个值",
                "use another column, or a value of it such as `CARDINALITY`",
            )),
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
            let Some((name, id)) = self.group_key(text, rows) else {
                group.broken_key = true;
                continue;
            };
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
                .help(Text::new(
                    "把表达式写成一个 `let`，再用它的名字",
                    "make the expression a `let` and use its name",
                )),
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
        if ordered(slot) || is_ordered_let(rows, id) {
            self.report(
                Diagnostic::new(
                    &codes::NAME_TOO_EARLY,
                    Text::new(
                        "含 `PREVIOUS` 的列不能作分组键：它在组内排序之后才有",
                        "a column with `PREVIOUS` cannot be a group key: it exists only after ordering within the group",
                    ),
                )
                .at_place(text.whole())
                .help(Text::new("按别的列分组", "group by another column")),
            );
            return None;
        }
        Some((dotted(path), id))
    }
}

/// Whether a let exists only once rows are ordered.
fn is_ordered_let(rows: &Rows, id: usize) -> bool {
    let in_rows = rows.steps.iter().any(|step| matches!(step, Building::Done(Step::Let { slot, .. }) if *slot == id));
    rows.slots.get(id).is_some_and(|slot| slot.origin == Origin::Let) && !in_rows
}
