//! [`Ast`] + [`Scope`] → typed [`Expr`]: names resolved, types checked, patterns compiled, aggregates lifted.

mod call;
mod coerce;
mod mismatch;

use super::ast::{Ast, AstKind, Literal, Negated, UnaryOp};
use super::functions::{self, Function};
use super::{ColumnId, Expr, ExprKind, Fault, Name, NameFault, Scalar, Scope, Type, codes};
use crate::text::{Span, Text};
pub use call::not_in_enum;
use coerce::{cast_allowed, coerce};

/// Nodes bound in one expression: more than fit into its text, fewer than `CASE (CASE (CASE … WHEN …) WHEN …) WHEN …`
/// has once the operand is written out for every `WHEN`.
const MAX_STEPS: usize = 100_000;

/// Binds an expression to the columns of a frame.
///
/// `expected` is the type the place asks for (`Boolean` for a condition); an integer widens to an expected decimal.
/// `None` comes with at least one fault, unless the only thing wrong was reported elsewhere ([`NameFault::reported`],
/// or a syntax fault of [`super::parse`]).
///
/// # Examples
/// ```
/// use hegui::expr::{bind, codes, parse, NoColumns, Type};
/// let (ast, _) = parse("LOWER(5) = 'a' AND 1 + DATE '2026-01-01' > 3");
/// let (expr, faults) = bind(&ast.unwrap(), &mut NoColumns, Some(&Type::Boolean));
/// assert!(expr.is_none());
/// assert_eq!(faults.len(), 2); // both sides of the AND are reported
/// ```
pub fn bind(ast: &Ast, scope: &mut dyn Scope, expected: Option<&Type>) -> (Option<Expr>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut left = MAX_STEPS;
    let mut binder = Binder { scope, faults: &mut faults, inside: None, left: &mut left };
    let mut expr = binder.expr(ast);
    if let (Some(bound), Some(ty)) = (&expr, expected) {
        let coerced = coerce(bound.clone(), ty);
        if coerced.is_none() {
            let found = &bound.ty;
            let fault = Fault::new(
                &codes::TYPE,
                ast.span,
                Text::new(
                    format!("此处应为 {}，而不是 {}", ty.name(), found.name()),
                    format!("expected {}, found {}", ty.name(), found.name()),
                ),
            )
            .label(Text::new(format!("类型为 {}", found.name()), format!("this is {}", found.name())));
            binder.faults.push(match ty {
                Type::Boolean => fault.help(Text::new(
                    "写成条件，例如比较 `x = 'a'` 或 `x IS NOT NULL`",
                    "write a condition, such as `x = 'a'` or `x IS NOT NULL`",
                )),
                _ => fault,
            });
        }
        expr = coerced;
    }
    faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
    faults.dedup();
    (expr.filter(|_| faults.is_empty()), faults)
}

struct Binder<'s, 'f> {
    scope: &'s mut dyn Scope,
    faults: &'f mut Vec<Fault>,
    /// The lifted call whose arguments are being bound.
    inside: Option<&'static str>,
    /// Nodes that may still be bound.
    left: &'f mut usize,
}

impl Binder<'_, '_> {
    fn expr(&mut self, ast: &Ast) -> Option<Expr> {
        let span = ast.span;
        *self.left = self.left.checked_sub(1)?;
        if *self.left == 0 {
            self.faults.push(
                Fault::new(
                    &codes::TOO_LARGE,
                    span,
                    Text::new(
                        "`CASE x WHEN` 层层相套，展开后过大",
                        "`CASE x WHEN` within its own operand becomes too large",
                    ),
                )
                .help(Text::new("用 `let` 把它拆成几部分", "split it into parts with `let`")),
            );
            return None;
        }
        match &ast.kind {
            AstKind::Broken => None,
            AstKind::Literal(literal) => Some(constant(literal, span)),
            AstKind::Name(path) => match self.scope.column(path) {
                Ok((id, ty)) => Some(Expr { kind: ExprKind::Column(id), ty, span }),
                Err(fault) => self.refuse(fault, span, path),
            },
            AstKind::Constant(path) => match self.scope.constant(path) {
                Ok((value, ty)) => {
                    let name = path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".");
                    Some(Expr { kind: ExprKind::Literal { value, name: Some(format!("${name}")) }, ty, span })
                }
                Err(fault) => self.refuse(fault, span, path),
            },
            AstKind::Unary(UnaryOp::Not, operand) => self.operator("NOT", &[operand], span, span),
            AstKind::Unary(UnaryOp::Minus, operand) => self.negate(operand, span),
            AstKind::Binary { op, op_span, left, right } => self.operator(op.symbol(), &[left, right], *op_span, span),
            AstKind::IsNull(operand, negated) => self.negatable("IS NULL", &[operand], span, *negated),
            AstKind::IsTrue(operand, negated) => self.negatable("IS TRUE", &[operand], span, *negated),
            AstKind::IsDistinct(left, right, negated) => {
                self.negatable("IS DISTINCT FROM", &[left, right], span, *negated)
            }
            AstKind::In(operand, items, negated) => {
                let operands: Vec<&Ast> = std::iter::once(operand.as_ref()).chain(items).collect();
                self.negatable("IN", &operands, span, *negated)
            }
            AstKind::Between(operand, low, high, negated) => {
                self.negatable("BETWEEN", &[operand, low, high], span, *negated)
            }
            AstKind::Like(operand, pattern, negated) => self.negatable("LIKE", &[operand, pattern], span, *negated),
            AstKind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref(), span)
            }
            AstKind::Cast(operand, ty) => self.cast(operand, ty, span),
            AstKind::Call(call) => self.call(call, span),
            AstKind::List(items) => self.list(items, span),
        }
    }

    fn refuse(&mut self, fault: NameFault, span: Span, path: &[Name]) -> Option<Expr> {
        self.faults.extend(fault.at(span, path));
        None
    }

    fn operator(&mut self, name: &str, operands: &[&Ast], op_span: Span, span: Span) -> Option<Expr> {
        let function = functions::find(name)?;
        // Every operand is bound before any is given up on: each may have a fault to report.
        let bound: Vec<Option<Expr>> = operands.iter().map(|operand| self.expr(operand)).collect();
        let bound = bound.into_iter().collect::<Option<Vec<Expr>>>()?;
        self.apply(function, operands, &bound, op_span, span)
    }

    fn negatable(&mut self, name: &str, operands: &[&Ast], span: Span, negated: Negated) -> Option<Expr> {
        let inner = self.operator(name, operands, span, span)?;
        Some(if negated { not(inner) } else { inner })
    }

    fn negate(&mut self, operand: &Ast, span: Span) -> Option<Expr> {
        let negated = match &operand.kind {
            AstKind::Literal(Literal::Integer(value)) => Some((Scalar::Integer(-value), Type::Integer)),
            AstKind::Literal(Literal::Decimal(value)) => Some((Scalar::Decimal(-value), Type::Decimal)),
            _ => None,
        };
        match negated {
            Some((value, ty)) => Some(Expr { kind: ExprKind::Literal { value, name: None }, ty, span }),
            None => self.operator("NEGATE", &[operand], span, span),
        }
    }

    fn case(
        &mut self,
        operand: Option<&Ast>,
        branches: &[(Ast, Ast)],
        otherwise: Option<&Ast>,
        span: Span,
    ) -> Option<Expr> {
        let mut whole = true;
        let mut bound = Vec::new();
        for (condition, result) in branches {
            let condition = match operand {
                Some(operand) => self.operator("=", &[operand, condition], condition.span, condition.span),
                None => self.condition(condition),
            };
            match (condition, self.expr(result)) {
                (Some(condition), Some(result)) => bound.push((condition, result)),
                _ => whole = false,
            }
        }
        let otherwise = match otherwise {
            Some(otherwise) => {
                let bound = self.expr(otherwise);
                whole &= bound.is_some();
                bound
            }
            None => None,
        };
        if !whole {
            return None;
        }
        let mut ty = Type::Null;
        for result in bound.iter().map(|(_, result)| result).chain(&otherwise) {
            let Some(unified) = functions::unify(&ty, &result.ty) else {
                self.faults.push(
                    Fault::new(
                        &codes::TYPE,
                        result.span,
                        Text::new(
                            format!("`CASE` 的结果类型不一：{} 与 {}", ty.name(), result.ty.name()),
                            format!("the results of this `CASE` are {} and {}", ty.name(), result.ty.name()),
                        ),
                    )
                    .help(Text::new("让每个分支给出同一类型", "give every branch the same type")),
                );
                return None;
            };
            ty = unified;
        }
        if ty == Type::Null {
            self.faults.push(
                Fault::new(
                    &codes::TYPE,
                    span,
                    Text::new("`CASE` 的结果全是 NULL", "every result of this `CASE` is NULL"),
                )
                .help(Text::new("至少一个 `THEN` 或 `ELSE` 给出值", "let one `THEN` or `ELSE` give a value")),
            );
            return None;
        }
        let branches = bound
            .into_iter()
            .map(|(condition, result)| Some((condition, coerce(result, &ty)?)))
            .collect::<Option<Vec<_>>>()?;
        let otherwise = match otherwise {
            Some(otherwise) => Some(Box::new(coerce(otherwise, &ty)?)),
            None => None,
        };
        Some(Expr { kind: ExprKind::Case { branches, otherwise }, ty, span })
    }

    /// Binds what must be boolean.
    fn condition(&mut self, ast: &Ast) -> Option<Expr> {
        let bound = self.expr(ast)?;
        let found = bound.ty.name();
        let coerced = coerce(bound, &Type::Boolean);
        if coerced.is_none() {
            self.faults.push(
                Fault::new(
                    &codes::TYPE,
                    ast.span,
                    Text::new(
                        format!("条件应为 boolean，而不是 {found}"),
                        format!("a condition is boolean, this is {found}"),
                    ),
                )
                .help(Text::new("写成比较，例如 `x = 'a'`", "write a comparison, such as `x = 'a'`")),
            );
        }
        coerced
    }

    fn cast(&mut self, operand: &Ast, ty: &Type, span: Span) -> Option<Expr> {
        let inner = self.expr(operand)?;
        if inner.ty == Type::Null || inner.ty == *ty || (inner.ty == Type::Integer && *ty == Type::Decimal) {
            return coerce(Expr { span, ..inner }, ty);
        }
        if cast_allowed(&inner.ty, ty) {
            return Some(Expr { kind: ExprKind::Cast(Box::new(inner)), ty: ty.clone(), span });
        }
        let (from, to) = (inner.ty.name(), ty.name());
        let fault = Fault::new(
            &codes::CAST,
            span,
            Text::new(format!("{from} 不能转换为 {to}"), format!("{from} does not convert to {to}")),
        );
        self.faults.push(match (&inner.ty, ty) {
            (Type::Timestamp, Type::Date) => {
                fault.help(Text::new(format!("写 `DATE({operand})`"), format!("write `DATE({operand})`")))
            }
            _ => {
                fault.help(Text::new("`hegui explain CAST` 列出允许的转换", "`hegui explain CAST` lists what converts"))
            }
        });
        None
    }

    fn list(&mut self, items: &[Ast], span: Span) -> Option<Expr> {
        let bound: Vec<Option<Expr>> = items.iter().map(|item| self.expr(item)).collect();
        let bound = bound.into_iter().collect::<Option<Vec<Expr>>>()?;
        let mut item_ty = Type::Null;
        for item in &bound {
            let unified = functions::unify(&item_ty, &item.ty).filter(|ty| !matches!(ty, Type::List(_)));
            let (Some(unified), false) = (unified, item.ty == Type::Null) else {
                self.faults.push(
                    Fault::new(
                        &codes::TYPE,
                        item.span,
                        Text::new(
                            format!("列表的元素须为同一类型且不为 NULL，这个是 {}", item.ty.name()),
                            format!(
                                "the elements of a list have one type and none is NULL; this is {}",
                                item.ty.name()
                            ),
                        ),
                    )
                    .help(Text::new("全部写成同一类型的值", "write values of one type only")),
                );
                return None;
            };
            item_ty = unified;
        }
        let ty = Type::List(Box::new(item_ty.clone()));
        let bound = bound.into_iter().map(|item| coerce(item, &item_ty)).collect::<Option<Vec<_>>>()?;
        let values: Option<Vec<Scalar>> = bound
            .iter()
            .map(|item| match &item.kind {
                ExprKind::Literal { value, .. } => Some(value.clone()),
                _ => None,
            })
            .collect();
        let kind = match values {
            Some(values) => ExprKind::Literal { value: Scalar::List(item_ty, values), name: None },
            None => ExprKind::List(bound),
        };
        Some(Expr { kind, ty, span })
    }
}

/// `NOT inner`.
fn not(inner: Expr) -> Expr {
    let span = inner.span;
    match functions::find("NOT") {
        Some(function) => Expr { kind: ExprKind::Call { function, arguments: vec![inner] }, ty: Type::Boolean, span },
        // INVARIANT: the table has NOT.
        None => inner,
    }
}

fn constant(literal: &Literal, span: Span) -> Expr {
    let value = match literal {
        Literal::Null => Scalar::Null,
        Literal::Boolean(value) => Scalar::Boolean(*value),
        Literal::Integer(value) => Scalar::Integer(*value),
        Literal::Decimal(units) => Scalar::Decimal(*units),
        Literal::Text(text) => Scalar::Text(text.clone()),
        Literal::Date(day) => Scalar::Date(*day),
        Literal::Timestamp(micros) => Scalar::Timestamp(*micros),
        Literal::Duration(unit, amount) => Scalar::Duration(*unit, *amount),
    };
    Expr { ty: value.type_of(), kind: ExprKind::Literal { value, name: None }, span }
}

/// A scope without names: constant expressions.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoColumns;

impl NoColumns {
    fn refuse(path: &[Name]) -> NameFault {
        let name = path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".");
        NameFault::new(
            &codes::UNKNOWN_NAME,
            Text::new(format!("这里没有名字 `{name}`"), format!("there is no name `{name}` here")),
        )
        .help(Text::new("这里只能写常量", "write constants only"))
    }
}

impl Scope for NoColumns {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        Err(Self::refuse(path))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        Err(Self::refuse(path))
    }
}

/// How a function is called, for help texts.
fn usage(function: &Function) -> String {
    function.usage().iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
