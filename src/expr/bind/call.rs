//! Function calls: which signature, patterns, `enum` words, lifting.

use super::super::ast::{Ast, AstKind, Call, Literal};
use super::super::functions::{self, Family, Function};
use super::super::scope::Lift;
use super::super::{
    Aggregate, AggregateCall, Expr, ExprKind, Fault, NameFault, Pattern, PreviousCall, Scalar, Scope, Type, codes,
};
use super::coerce::{coerce, same_value};
use super::{Binder, mismatch, usage};
use crate::text::{Span, Text, suggest};

impl Binder<'_, '_> {
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Option<Expr> {
        let name = &call.name;
        let known = functions::find(&name.text).filter(|function| function.family != Family::Operator);
        let Some(function) = known else {
            let callable = functions::TABLE.iter().filter(|function| function.family != Family::Operator);
            let nearest = suggest::nearest(&name.text, callable.map(|function| function.name));
            let fault = Fault::new(
                &codes::UNKNOWN_FUNCTION,
                name.span,
                Text::new(format!("没有函数 `{}`", name.text), format!("there is no function `{}`", name.text)),
            );
            self.faults.push(match nearest {
                Some(nearest) => {
                    fault.help(Text::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")))
                }
                None => fault.help(Text::new(
                    "`hegui explain functions` 列出全部函数",
                    "`hegui explain functions` lists them all",
                )),
            });
            self.arguments_of_unknown(&call.arguments);
            return None;
        };
        match function.family {
            Family::Aggregate => self.aggregate(function, call, span),
            _ if call.star || call.distinct || call.filter.is_some() => {
                self.faults.push(
                    Fault::new(
                        &codes::ARGUMENTS,
                        name.span,
                        Text::new(
                            format!("`{}` 不是聚合函数", function.name),
                            format!("`{}` is no aggregate", function.name),
                        ),
                    )
                    .help(Text::new(
                        "`*`、`DISTINCT` 和 `FILTER` 只用于聚合函数",
                        "`*`, `DISTINCT` and `FILTER` belong to aggregates",
                    )),
                );
                None
            }
            Family::Ordered => self.previous(function, call, span),
            _ => {
                let asts: Vec<&Ast> = call.arguments.iter().collect();
                let bound: Vec<Option<Expr>> = asts.iter().map(|argument| self.expr(argument)).collect();
                if !self.arity(function, asts.len(), name.span) {
                    return None;
                }
                let bound = bound.into_iter().collect::<Option<Vec<Expr>>>()?;
                self.apply(function, &asts, &bound, name.span, span)
            }
        }
    }

    fn arity(&mut self, function: &Function, count: usize, span: Span) -> bool {
        let fits = function.signatures.iter().any(|signature| signature.takes(count));
        if !fits {
            self.faults.push(
                Fault::new(
                    &codes::ARGUMENTS,
                    span,
                    Text::new(
                        format!("`{}` 不能有 {count} 个参数", function.name),
                        format!("`{}` does not take {count} arguments", function.name),
                    ),
                )
                .help(Text::new(format!("用法：{}", usage(function)), format!("usage: {}", usage(function)))),
            );
        }
        fits
    }

    /// Applies a function to bound arguments: signature, widening, patterns, `enum`.
    pub(super) fn apply(
        &mut self,
        function: &'static Function,
        asts: &[&Ast],
        bound: &[Expr],
        op_span: Span,
        span: Span,
    ) -> Option<Expr> {
        if matches!(function.name, "=" | "<>" | "<" | "<=" | ">" | ">=" | "IN" | "BETWEEN" | "LIKE") {
            let null = asts.iter().find(|ast| matches!(ast.kind, AstKind::Literal(Literal::Null)));
            if let Some(null) = null {
                self.faults.push(
                    Fault::new(
                        &codes::COMPARE_NULL,
                        null.span,
                        Text::new("与 NULL 比较的结果永远是 NULL", "a comparison with NULL is always NULL"),
                    )
                    .help(Text::new("写 `IS NULL` 或 `IS NOT NULL`", "write `IS NULL` or `IS NOT NULL`")),
                );
                return None;
            }
        }
        let (mut arguments, ty) = self.resolve(function, asts, bound, op_span)?;
        if matches!(function.name, "LIKE" | "REGEXP_LIKE") {
            let pattern = arguments.pop()?;
            arguments.push(self.pattern(function, pattern)?);
        }
        self.check_enums(function, &arguments);
        Some(Expr { kind: ExprKind::Call { function, arguments }, ty, span })
    }

    fn resolve(
        &mut self,
        function: &Function,
        asts: &[&Ast],
        bound: &[Expr],
        op_span: Span,
    ) -> Option<(Vec<Expr>, Type)> {
        let types: Vec<Type> = bound.iter().map(|expr| expr.ty.clone()).collect();
        let fitting = function.signatures.iter().filter(|signature| signature.takes(types.len()));
        for (targets, ty) in fitting.filter_map(|signature| signature.resolve(&types)) {
            let coerced: Option<Vec<Expr>> =
                bound.iter().zip(&targets).map(|(expr, target)| coerce(expr.clone(), target)).collect();
            if let Some(arguments) = coerced {
                return Some((arguments, ty));
            }
        }
        self.faults.push(mismatch::fault(function, asts, bound, op_span));
        None
    }

    fn pattern(&mut self, function: &Function, expr: Expr) -> Option<Expr> {
        let ExprKind::Literal { value: Scalar::Text(text), .. } = &expr.kind else {
            self.faults.push(
                Fault::new(
                    &codes::PATTERN,
                    expr.span,
                    Text::new(
                        format!("`{}` 的模式须为文本常量", function.name),
                        format!("the pattern of `{}` is a text constant", function.name),
                    ),
                )
                .help(Text::new(
                    "写成 '…' 或文本参数；要与列比较，用 CONTAINS 或 STARTS_WITH",
                    "write '…' or a text parameter; to compare with a column use CONTAINS or STARTS_WITH",
                )),
            );
            return None;
        };
        let compiled = if function.name == "LIKE" { Pattern::like(text) } else { Pattern::regexp(text) };
        match compiled {
            Ok(pattern) => Some(Expr { kind: ExprKind::Pattern(pattern), ..expr }),
            Err(detail) => {
                let fault = if detail == "too large" {
                    Fault::new(
                        &codes::PATTERN,
                        expr.span,
                        Text::new("模式编译后过大", "the pattern is too large once compiled"),
                    )
                    .help(Text::new(
                        "减小重复次数，如 `{1000}`，尤其是嵌套的",
                        "lower its repetition counts, such as `{1000}`, above all nested ones",
                    ))
                } else {
                    let why = crate::text::foreign::regex(&detail);
                    Fault::new(
                        &codes::PATTERN,
                        expr.span,
                        Text::new(
                            format!("正则表达式有误：{}", why.zh),
                            format!("not a regular expression: {}", why.en),
                        ),
                    )
                    .help(Text::new(
                        "不支持回溯引用和环视；特殊字符前加 `\\`",
                        "back-references and look-around are not supported; put `\\` before special characters",
                    ))
                };
                self.faults.push(fault);
                None
            }
        }
    }

    /// Constants compared with a column whose `enum` lacks them.
    fn check_enums(&mut self, function: &Function, arguments: &[Expr]) {
        let listed = matches!(
            function.name,
            "=" | "<>"
                | "IN"
                | "IS DISTINCT FROM"
                | "LIST_CONTAINS"
                | "LIST_CONTAINS_ALL"
                | "LIST_CONTAINS_ANY"
                | "LIST_MINUS"
        );
        if !listed {
            return;
        }
        let column = arguments.iter().find_map(|argument| match &argument.kind {
            ExprKind::Column(id) => Some(*id),
            ExprKind::Widen(inner) => match &inner.kind {
                ExprKind::Column(id) => Some(*id),
                _ => None,
            },
            _ => None,
        });
        // `'x' IN (a, b)`: the word need only be in one of them.
        if function.name == "IN"
            && arguments.first().is_some_and(|operand| matches!(operand.kind, ExprKind::Literal { .. }))
        {
            return;
        }
        let Some(allowed) = column.and_then(|id| self.scope.allowed(id)) else { return };
        let faults = arguments.iter().flat_map(|argument| not_in_enum(argument, allowed)).collect::<Vec<_>>();
        self.faults.extend(faults);
    }

    /// Binds arguments in the frame of rows. `None` when lifting is not allowed here, which is then reported.
    /// The arguments of a function that is none may have faults of their own. Was it to be an aggregate, they are about
    /// rows: of the two readings the one with fewer faults is told.
    fn arguments_of_unknown(&mut self, arguments: &[Ast]) {
        let before = self.faults.len();
        for argument in arguments {
            self.expr(argument);
        }
        let plain = self.faults.split_off(before);
        let mut of_rows = Vec::new();
        let mut bind = |scope: &mut dyn Scope| {
            let mut rows = Binder { scope, faults: &mut of_rows, inside: Some("?"), left: &mut *self.left };
            for argument in arguments {
                rows.expr(argument);
            }
        };
        let lifted =
            !plain.is_empty() && self.inside.is_none() && self.scope.in_rows(Lift::Aggregate, &mut bind).is_ok();
        self.faults.extend(if lifted && of_rows.len() < plain.len() { of_rows } else { plain });
    }

    fn in_rows(
        &mut self,
        lift: Lift,
        name: &'static str,
        name_span: Span,
        arguments: &[&Ast],
    ) -> Option<Vec<Option<Expr>>> {
        if let Some(outer) = self.inside {
            let code = if lift == Lift::Aggregate { &codes::AGGREGATE_NOT_HERE } else { &codes::PREVIOUS_NOT_HERE };
            self.faults.push(
                Fault::new(
                    code,
                    name_span,
                    Text::new(
                        format!("`{name}` 不能写在 `{outer}` 里"),
                        format!("`{name}` may not stand inside `{outer}`"),
                    ),
                )
                .help(Text::new("在前一个 `let` 中给里面的起个名字", "give the inner one a name in a `let` before")),
            );
            return None;
        }
        let mut bound = Vec::new();
        let mut bind = |scope: &mut dyn Scope| {
            let mut rows = Binder { scope, faults: &mut *self.faults, inside: Some(name), left: &mut *self.left };
            bound = arguments.iter().map(|argument| rows.expr(argument)).collect();
        };
        match self.scope.in_rows(lift, &mut bind) {
            Ok(()) => Some(bound),
            Err(fault) => {
                self.reject(fault, name_span);
                None
            }
        }
    }

    fn reject(&mut self, fault: NameFault, span: Span) {
        self.faults.extend(fault.at(span, &[]));
    }

    fn aggregate(&mut self, function: &'static Function, call: &Call, span: Span) -> Option<Expr> {
        let count = call.arguments.len();
        let which = match (function.name, call.star, call.distinct) {
            ("COUNT", true, false) => Some(Aggregate::CountRows),
            ("COUNT", false, true) if count == 1 => Some(Aggregate::CountDistinct),
            ("COUNT", false, false) if count == 1 => Some(Aggregate::Count),
            ("LIST", false, true) => Some(Aggregate::ListDistinct),
            ("SUM", false, false) => Some(Aggregate::Sum),
            ("AVG", false, false) => Some(Aggregate::Avg),
            ("MIN", false, false) => Some(Aggregate::Min),
            ("MAX", false, false) => Some(Aggregate::Max),
            ("ANY", false, false) => Some(Aggregate::Any),
            ("EVERY", false, false) => Some(Aggregate::Every),
            ("LATEST", false, false) => Some(Aggregate::Latest),
            ("MAX_GAP", false, false) => Some(Aggregate::MaxGap),
            _ => None,
        };
        let Some(which) = which else {
            let help = match function.name {
                "COUNT" => "`COUNT(*)`, `COUNT(x)`, `COUNT(DISTINCT x)`".to_owned(),
                "LIST" => "`LIST(DISTINCT x)`".to_owned(),
                _ => usage(function),
            };
            self.faults.push(
                Fault::new(
                    &codes::ARGUMENTS,
                    call.name.span,
                    Text::new(
                        format!("`{}` 的写法不对", function.name),
                        format!("`{}` is not written like this", function.name),
                    ),
                )
                .help(Text::new(format!("用法：{help}"), format!("usage: {help}"))),
            );
            return None;
        };
        if which != Aggregate::CountRows && !self.arity(function, count, call.name.span) {
            return None;
        }
        let asts: Vec<&Ast> = call.arguments.iter().chain(call.filter.as_deref()).collect();
        let mut bound = self.in_rows(Lift::Aggregate, function.name, call.name.span, &asts)?;
        let filter = match &call.filter {
            Some(ast) => {
                let filter = bound.pop()??;
                let ty = filter.ty.name();
                let filter = coerce(filter, &Type::Boolean);
                if filter.is_none() {
                    self.faults.push(
                        Fault::new(
                            &codes::TYPE,
                            ast.span,
                            Text::new(
                                format!("`FILTER` 应为条件，而不是 {ty}"),
                                format!("`FILTER` is a condition, this is {ty}"),
                            ),
                        )
                        .help(Text::new(
                            "写条件，如 `FILTER (WHERE x IS NOT NULL)`",
                            "write a condition, as in `FILTER (WHERE x IS NOT NULL)`",
                        )),
                    );
                    return None;
                }
                filter
            }
            None => None,
        };
        let bound = bound.into_iter().collect::<Option<Vec<Expr>>>()?;
        let (arguments, ty) = if which == Aggregate::CountRows {
            (Vec::new(), Type::Integer)
        } else {
            self.resolve(function, asts.get(..count)?, &bound, call.name.span)?
        };
        let column =
            self.scope.lifted_aggregate(AggregateCall { function: which, arguments, filter, ty: ty.clone(), span });
        Some(Expr { kind: ExprKind::Column(column), ty, span })
    }

    fn previous(&mut self, function: &'static Function, call: &Call, span: Span) -> Option<Expr> {
        if !self.arity(function, call.arguments.len(), call.name.span) {
            return None;
        }
        let asts: Vec<&Ast> = call.arguments.iter().collect();
        let bound = self.in_rows(Lift::Previous, function.name, call.name.span, &asts)?;
        let bound = bound.into_iter().collect::<Option<Vec<Expr>>>()?;
        let (arguments, ty) = self.resolve(function, &asts, &bound, call.name.span)?;
        let mut arguments = arguments.into_iter();
        let value = arguments.next()?;
        let column = self.scope.lifted_previous(PreviousCall { value, first: arguments.next(), span });
        Some(Expr { kind: ExprKind::Column(column), ty, span })
    }
}

/// A constant without quotes, for messages.
fn plain(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Decimal(units) => super::super::print::decimal_text(*units, false),
        Scalar::Date(day) => super::super::print::date_text(*day),
        Scalar::Boolean(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

/// Values of a literal, or of a list of them, that the `enum` of a column it is compared with lacks.
pub fn not_in_enum(literal: &Expr, allowed: &[Scalar]) -> Vec<Fault> {
    let values = match &literal.kind {
        ExprKind::Literal { value: Scalar::List(_, items), .. } => items.as_slice(),
        ExprKind::Literal { value: Scalar::Null, .. } => &[],
        ExprKind::Literal { value, .. } => std::slice::from_ref(value),
        _ => &[],
    };
    let words: Vec<String> = allowed.iter().map(plain).collect();
    let list = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let fault = |value: &Scalar| {
        let written = plain(value);
        let help = match suggest::nearest(&written, words.iter().map(String::as_str)) {
            Some(nearest) => Text::new(
                format!("是不是 `{nearest}`？可用的值：{list}"),
                format!("did you mean `{nearest}`? values are: {list}"),
            ),
            None => Text::new(format!("可用的值：{list}"), format!("values are: {list}")),
        };
        Fault::new(
            &codes::NOT_IN_ENUM,
            literal.span,
            Text::new(
                format!("该列的 `enum` 里没有 `{written}`"),
                format!("`{written}` is not in the column's `enum`"),
            ),
        )
        .help(help)
    };
    values.iter().filter(|value| !allowed.iter().any(|one| same_value(one, value))).map(fault).collect()
}
