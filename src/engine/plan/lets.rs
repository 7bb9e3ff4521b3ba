//! The lets of a check: where each belongs, and those of the row bound as soon as their names exist.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::frame::{Building, Declared, Rows};
use super::scope::{RowScope, add_let};
use crate::engine::codes;
use crate::expr::Ast;
use crate::model::Check;
use crate::text::{Diagnostic, Excerpt, Text};

/// Where a let belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// To the row.
    Row,
    /// To the ordered row: it takes from the row before.
    Ordered,
    /// To the group.
    Group,
}

/// A let of the check, parsed and placed.
pub(super) struct Let<'a> {
    pub(super) name: &'a Excerpt,
    pub(super) text: &'a Excerpt,
    pub(super) ast: Option<Ast>,
    pub(super) stage: Stage,
    pub(super) done: bool,
}

impl Builder<'_> {
    pub(super) fn parse_lets<'c>(&mut self, check: &'c Check) -> Vec<Let<'c>> {
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
                let inherited = words
                    .iter()
                    .filter(|path| path.len() == 1)
                    .filter_map(|path| stages.get(path.first()?.text.as_str()));
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
                            Text::new("`PREVIOUS` 需要 `order_by`", "`PREVIOUS` needs `order_by`"),
                        )
                        .at_place(one.text.whole())
                        .help(Text::new(
                            "加上 `order_by`，如 `order_by: [ts]`",
                            "add `order_by`, e.g. `order_by: [ts]`",
                        )),
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
    pub(super) fn ready_lets(&mut self, rows: &mut Rows, lets: &mut [Let<'_>]) {
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
    pub(super) fn remaining_row_lets(&mut self, rows: &mut Rows, lets: &mut [Let<'_>]) {
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
}
