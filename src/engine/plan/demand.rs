//! The demand of a check: `expect`, `has`, `has_no`, `count`.

use super::Demand;
use super::builder::Builder;
use super::frame::{Aggregates, Rows};
use super::partner::This;
use super::scope::{GroupNames, GroupScope, RowScope};
use crate::engine::codes;
use crate::expr::{self, Expr, Type};
use crate::model::{self, Check};
use crate::text::{Diagnostic, Excerpt, Text};

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
    pub(super) fn demand(
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
            let mut this = This { names: &mut names, alias, alias_written };
            return self.partner(partner, &mut this);
        }
        let mut this = This { names: rows, alias, alias_written };
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
            Some(name) if self.constants.is_broken(name) => return None,
            Some(name) => match self.constants.parameter(name) {
                Some(expr::Scalar::Integer(value)) => Some(value),
                Some(_) => None,
                None => {
                    let constants = self.constants;
                    let mut scope = super::scope::ConstantScope { constants };
                    let bound = self.parse(text).and_then(|ast| self.bind(text, &ast, &mut scope, None));
                    // A fact, an expression: known, and still no number of the control's own.
                    if bound.is_some() {
                        self.report_form(text, code);
                    }
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
        self.report(
            Diagnostic::new(code, message).at_place(text.whole()).help(Text::new(code.explain_zh, code.explain_en)),
        );
    }
}
