//! Partners: of a join, of `has`, of `has_no`.

use std::collections::BTreeSet;

use super::builder::Builder;
use super::frame::{
    Aggregates, Building, Declared, JoinRows, Names, PartnerRows, Rows, inherited_sensitivity, read_slots,
};
use super::scope::{Inside, JoinLetScope, Outer, RowScope};
use super::{Origin, Slot, Step};
use crate::engine::codes;
use crate::expr::{self, Expr, ExprKind, Type};
use crate::model::{Join, Partner};
use crate::text::{Diagnostic, Excerpt, Text};

/// The row that a partner belongs to: the population's, or that of a partner whose own join it is.
pub(crate) struct This<'a> {
    /// Its frame.
    pub(crate) names: &'a mut dyn Names,
    /// The population row's alias.
    pub(crate) alias: &'a str,
    /// Whether the alias was written with `as`.
    pub(crate) alias_written: bool,
}

impl This<'_> {
    fn outer(&mut self, partner: &Rows) -> Outer<'_> {
        let same = partner.resolved.as_ref().is_some_and(|resolved| resolved.last_word == self.alias);
        Outer { alias: self.alias, frame: &mut *self.names, ambiguous: same && !self.alias_written }
    }
}

impl Builder<'_> {
    /// Plans a partner: its source, its own joins, keys and condition.
    pub(crate) fn partner(&mut self, partner: &Partner, this: &mut This<'_>) -> PartnerRows {
        let resolved = self.resolve_source(&partner.source);
        let alias = resolved.as_ref().map(|resolved| resolved.last_word.clone()).unwrap_or_default();
        let mut rows = Rows::new(resolved, alias);
        self.check_words(&rows);
        if rows.resolved.as_ref().is_some_and(|resolved| resolved.is_column_word(this.alias)) {
            let alias = this.alias;
            self.report(
                Diagnostic::new(
                    &codes::NAME_TAKEN,
                    Text::new(
                        format!("别名 `{alias}` 与匹配对象的列同名"),
                        format!("alias `{alias}` is also a column of this partner"),
                    ),
                )
                .at_place(partner.source.place().whole())
                .help(Text::new("用 `as` 给被检查的行另起一个名字", "give the population row another name with `as`")),
            );
        }
        for join in &partner.joins {
            rows.declared.insert(join.name.text.clone(), Declared::LaterJoin);
        }
        for join in &partner.joins {
            self.nested_join(join, &mut rows, this);
        }
        let mut keys = Vec::new();
        for (left, right) in &partner.on {
            let Some(theirs) = self.partner_key(left, &mut rows) else {
                // The other side is bound for its own faults.
                if let Some(right) = right {
                    self.bind_here(this, right);
                }
                continue;
            };
            let Some(ours) = self.bind_here(this, right.as_ref().unwrap_or(left)) else { continue };
            let place = right.as_ref().unwrap_or(left);
            self.known_words(&theirs, &ours, place, &rows);
            if let Some(pair) = self.equal_types(theirs, ours, place) {
                keys.push(pair);
            }
        }
        let (pure, correlated) = self.partner_filter(partner, &mut rows, this);
        if let Some(text) = partner.filter.clone().filter(|_| !pure.is_empty()) {
            rows.steps.push(Building::Done(Step::Filter { conditions: pure, text }));
        }
        PartnerRows { rows, keys, correlated, filter_text: partner.filter.clone(), place: partner.place.clone() }
    }

    /// Plans a join; its columns are added to this row when they are named.
    pub(crate) fn join(&mut self, join: &Join, this: &mut This<'_>) -> JoinRows {
        let mut partner = self.partner(&join.partner, this);
        if join.lets.is_empty() {
            self.check_matched(join, &partner.rows);
        }
        let aggregate = (!join.lets.is_empty()).then(|| self.join_lets(join, &mut partner.rows, this));
        let name = join.name.text.clone();
        JoinRows { name, partner, matched: None, lookup: Vec::new(), aggregate, per_pair: false }
    }

    /// Refuses a partner whose own `matched` would hide behind the word for whether there was one.
    fn check_matched(&mut self, join: &Join, partner: &Rows) {
        let Some(resolved) = partner.resolved.as_ref().filter(|resolved| resolved.is_column_word("matched")) else {
            return;
        };
        let (name, shown) = (&join.name.text, &resolved.shown);
        self.report(
            Diagnostic::new(
                &codes::NAME_TAKEN,
                Text::new(
                    format!("`{name}.matched` 既可指是否匹配到，也可指 `{shown}` 的列 `matched`"),
                    format!("`{name}.matched` could be whether there was one, or the column `matched` of `{shown}`"),
                ),
            )
            .at_place(join.name.whole())
            .help(Text::new(
                "用 `let` 汇总（如 `let: {all: EVERY(matched)}`），或在证据类型中给这一列改名",
                "aggregate with `let` (as in `let: {all: EVERY(matched)}`), or rename the column in its evidence kind",
            )),
        );
    }

    fn nested_join(&mut self, join: &Join, rows: &mut Rows, this: &mut This<'_>) {
        let (alias, alias_written) = (this.alias, this.alias_written);
        self.check_name(&join.name, rows, &[(alias, called_so())]);
        let outer = this.outer(rows);
        let mut inside = Inside { rows: &mut *rows, outer };
        let mut built = self.join(join, &mut This { names: &mut inside, alias, alias_written });
        built.per_pair = built.reads().into_iter().any(|id| rows.per_pair(id));
        push_join(rows, built);
    }

    /// An expression over the row the partner belongs to.
    fn bind_here(&mut self, this: &mut This<'_>, text: &Excerpt) -> Option<Expr> {
        let ast = self.parse(text)?;
        let constants = self.constants;
        let mut scope = NamesScope { names: &mut *this.names, constants };
        self.bind(text, &ast, &mut scope, None)
    }

    fn partner_key(&mut self, left: &Excerpt, rows: &mut Rows) -> Option<Expr> {
        let ast = self.parse(left)?;
        if !matches!(ast.kind, expr::AstKind::Name(_)) {
            self.report(
                Diagnostic::new(
                    &codes::NOT_A_COLUMN,
                    Text::new("`on` 左边必须是匹配对象的列名", "the left side of `on` is a column of the partner"),
                )
                .at_place(left.place(ast.span))
                .help(Text::new("其他条件写进 `where`", "put any other condition into `where`")),
            );
            return None;
        }
        let constants = self.constants;
        let mut scope = RowScope { rows, constants, outer: None, ordered: None, needed: true };
        let bound = self.bind(left, &ast, &mut scope, None)?;
        if bound.columns().into_iter().any(|id| rows.per_pair(id)) {
            self.report(per_pair_key(left, &ast));
            return None;
        }
        Some(bound)
    }

    /// A word on the right that the `enum` of the partner's column lacks.
    fn known_words(&mut self, theirs: &Expr, ours: &Expr, place: &Excerpt, rows: &Rows) {
        let ExprKind::Column(column) = theirs.kind else { return };
        let Some(allowed) = rows.allowed(column).filter(|_| theirs.ty == ours.ty) else { return };
        for fault in expr::not_in_enum(ours, allowed) {
            self.report_fault(place, fault);
        }
    }

    fn equal_types(&mut self, theirs: Expr, ours: Expr, place: &Excerpt) -> Option<(Expr, Expr)> {
        let widen = |expr: Expr| {
            let span = expr.span;
            Expr { kind: ExprKind::Widen(Box::new(expr)), ty: Type::Decimal, span }
        };
        match (&theirs.ty, &ours.ty) {
            (left, right) if left == right => Some((theirs, ours)),
            (Type::Integer, Type::Decimal) => Some((widen(theirs), ours)),
            (Type::Decimal, Type::Integer) => Some((theirs, widen(ours))),
            (left, right) => {
                let (left, right) = (left.name(), right.name());
                self.report(
                    Diagnostic::new(
                        &codes::KEY_TYPES,
                        Text::new(
                            format!("`on` 两边类型不同：匹配对象是 {left}，此处是 {right}"),
                            format!("the sides of `on` differ in type: the partner has {left}, this row {right}"),
                        ),
                    )
                    .at_place(place.place(ours.span))
                    .label(Text::new(right.clone(), right.clone()))
                    .help(Text::new("用 `CAST(… AS 类型)` 写在右边", "write `CAST(… AS type)` on the right")),
                );
                None
            }
        }
    }

    /// The operands of `where`: those about the partner alone, and those that name the population row.
    fn partner_filter(&mut self, partner: &Partner, rows: &mut Rows, this: &mut This<'_>) -> (Vec<Expr>, Vec<Expr>) {
        let (mut pure, mut correlated) = (Vec::new(), Vec::new());
        let Some(text) = &partner.filter else { return (pure, correlated) };
        let Some(ast) = self.parse(text) else { return (pure, correlated) };
        for part in ast.conjuncts() {
            let constants = self.constants;
            let outer = Some(this.outer(rows));
            let mut scope = RowScope { rows, constants, outer, ordered: None, needed: true };
            let Some(bound) = self.bind(text, part, &mut scope, Some(&Type::Boolean)) else { continue };
            let per_pair = bound.columns().into_iter().any(|id| rows.per_pair(id));
            if per_pair { correlated.push(bound) } else { pure.push(bound) }
        }
        (pure, correlated)
    }

    fn join_lets(&mut self, join: &Join, partner: &mut Rows, this: &mut This<'_>) -> Aggregates {
        let mut result = Aggregates::default();
        for (name, _) in &join.lets {
            if result.declared.insert(name.text.clone(), Declared::LaterLet).is_some() || name.text == "matched" {
                self.taken(name, &Text::new("在这个 `join` 里已经有了", "already there in this join"));
            } else if name.text == this.alias {
                self.taken(name, &called_so());
            }
        }
        for (name, text) in &join.lets {
            let bound = self.parse(text).and_then(|ast| {
                let constants = self.constants;
                let outer = this.outer(partner);
                let mut scope = JoinLetScope { result: &mut result, partner: &mut *partner, constants, outer };
                self.bind(text, &ast, &mut scope, None)
            });
            let Some(value) = bound else {
                result.declared.insert(name.text.clone(), Declared::Broken);
                continue;
            };
            result.declared.remove(&name.text);
            let sensitivity = aggregate_sensitivity(&value, &result, partner);
            let slot =
                Slot { name: name.text.clone(), ty: value.ty.clone(), origin: Origin::Let, sensitivity, needed: true };
            let id = result.add(slot);
            result.output.lets.push((id, value));
        }
        result
    }
}

fn called_so() -> Text {
    Text::new("它是被检查的行的名称", "it is what the population row is called")
}

/// A key of the partner that would be another one for every row of the population.
fn per_pair_key(left: &Excerpt, ast: &expr::Ast) -> Diagnostic {
    let name = left.text.trim();
    Diagnostic::new(
        &codes::NESTED_CORRELATION,
        Text::new(
            format!("`{name}` 取决于被检查的行，不能写在 `on` 左边"),
            format!("`{name}` depends on the population row and cannot stand on the left of `on`"),
        ),
    )
    .at_place(left.place(ast.span))
    .label(Text::new("这个 `join` 引用了被检查的行", "this join names the population row"))
    .help(Text::new(
        format!("写进与 `on` 并列的 `where`，如 `where: {name} = 别名.列`"),
        format!("write it in the `where` beside this `on`, as in `where: {name} = alias.column`"),
    ))
}

/// A text that comes out of an aggregate over a sensitive column is as sensitive.
pub(crate) fn aggregate_sensitivity(
    value: &Expr,
    result: &Aggregates,
    rows: &Rows,
) -> Option<crate::model::Sensitivity> {
    if !matches!(value.ty, Type::Text | Type::List(_)) {
        return None;
    }
    let mut read = BTreeSet::new();
    read_slots(value, &mut read);
    read.into_iter().filter_map(|id| result.output.slots.get(id)).find_map(|slot| match slot.origin {
        Origin::Aggregate(number) => {
            let call = result.output.calls.get(number)?;
            let arguments: Vec<&Expr> = call.arguments.iter().collect();
            inherited_sensitivity(&rows.slots, &arguments)
        }
        _ => slot.sensitivity,
    })
}

/// Adds a planned join to its row.
pub(crate) fn push_join(rows: &mut Rows, join: JoinRows) {
    rows.declared.insert(join.name.clone(), Declared::Here);
    rows.steps.push(Building::Join(rows.joins.len()));
    rows.joins.push(join);
}

/// A scope over any frame, without aggregates.
pub(crate) struct NamesScope<'a> {
    pub(crate) names: &'a mut dyn Names,
    pub(crate) constants: &'a super::constants::Constants,
}

impl expr::Scope for NamesScope<'_> {
    fn column(&mut self, path: &[expr::Name]) -> Result<(expr::ColumnId, Type), expr::NameFault> {
        self.names.resolve(path, true)
    }

    fn constant(&mut self, path: &[expr::Name]) -> Result<(expr::Scalar, Type), expr::NameFault> {
        self.constants.get(path)
    }

    fn allowed(&self, column: expr::ColumnId) -> Option<&[expr::Scalar]> {
        self.names.allowed(column)
    }
}
