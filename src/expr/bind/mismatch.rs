//! What is said when types do not fit: which operand, why, and what to write instead.

use super::super::ast::Ast;
use super::super::functions::{Family, Function, unify};
use super::super::{DurationUnit, Expr, ExprKind, Fault, Type, codes};
use super::usage;
use crate::text::{Span, Text};

/// The name of a type with the kind of a duration told apart.
fn shown(ty: &Type) -> Text {
    match ty {
        Type::Duration(DurationUnit::Days) => Text::new("天数", "a duration of days"),
        Type::Duration(DurationUnit::Time) => Text::new("小时数", "a duration of hours"),
        Type::Duration(DurationUnit::Months) => Text::new("月数", "a duration of months"),
        other => Text::same(other.name()),
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Decimal)
}

/// The fault for arguments that no signature of the function takes.
pub(super) fn fault(function: &Function, asts: &[&Ast], bound: &[Expr], op_span: Span) -> Fault {
    let name = function.name;
    if matches!(name, "+" | "-")
        && let ([left, right], [a, b]) = (bound, asts)
        && let Some(fault) = arithmetic(name, (left, a), (right, b), op_span)
    {
        return fault;
    }
    let types: Vec<&Type> = bound.iter().map(|expr| &expr.ty).collect();
    // Operands that must agree and do not: point at the first that differs from those before it.
    let agrees = function.signatures.iter().any(|signature| {
        (0..types.len())
            .all(|index| signature.kind(index).zip(types.get(index)).is_some_and(|(kind, ty)| kind.admits(ty)))
    });
    let bad = (0..types.len()).find(|index| {
        !function.signatures.iter().any(|signature| {
            signature.takes(types.len())
                && signature.kind(*index).zip(types.get(*index)).is_some_and(|(kind, ty)| kind.admits(ty))
        })
    });
    // Each may stand where it stands, though not beside the others.
    if agrees || bad.is_none() {
        let mut so_far = Type::Null;
        for (index, expr) in bound.iter().enumerate() {
            match unify(&so_far, &expr.ty) {
                Some(ty) => so_far = ty,
                None => return disagreement(function, asts, bound, index, &so_far),
            }
        }
    }
    let index = bad.unwrap_or(0);
    let span = bound.get(index).map_or(op_span, |expr| expr.span);
    let ty = types.get(index).map_or_else(|| Text::same(""), |ty| shown(ty));
    let fault = Fault::new(
        &codes::TYPE,
        span,
        Text::new(format!("`{name}` 不接受 {}", ty.zh), format!("`{name}` does not take {}", ty.en)),
    )
    .label(Text::new(format!("类型为 {}", ty.zh), format!("this is {}", ty.en)));
    let written = asts.get(index).map(ToString::to_string).unwrap_or_default();
    let help = match (types.get(index), function.family) {
        (Some(Type::Timestamp), Family::Time) => {
            Text::new(format!("日期写 `DATE({written})`"), format!("for its date write `DATE({written})`"))
        }
        (Some(Type::Date), _) if name == "DATE" => {
            Text::new("它已经是日期，去掉 DATE", "it is a date already; leave DATE out")
        }
        (Some(Type::List(_)), Family::Operator) => Text::new(
            "列表用 LIST_CONTAINS、LIST_CONTAINS_ALL、LIST_MINUS 或 CARDINALITY",
            "for lists there are LIST_CONTAINS, LIST_CONTAINS_ALL, LIST_MINUS and CARDINALITY",
        ),
        (Some(Type::Boolean), _) if ["<", "<=", ">", ">=", "BETWEEN"].contains(&name) => {
            Text::new("布尔值没有大小；直接写条件本身", "booleans have no order; write the condition itself")
        }
        (_, _) if ["AND", "OR", "NOT"].contains(&name) => Text::new(
            "写成条件，例如 `x = 'a'` 或 `x IS NOT NULL`",
            "write a condition, such as `x = 'a'` or `x IS NOT NULL`",
        ),
        _ => Text::new(format!("用法：{}", usage(function)), format!("usage: {}", usage(function))),
    };
    fault.help(help)
}

fn arithmetic(name: &str, (left, a): (&Expr, &Ast), (right, b): (&Expr, &Ast), op_span: Span) -> Option<Fault> {
    let (zh, en, help_zh, help_en) = match (name, &left.ty, &right.ty) {
        ("-", Type::Date, Type::Date) => (
            "两个日期不能相减",
            "two dates are not subtracted",
            format!("天数写 `DAYS_BETWEEN({b}, {a})`，或比较 `{a} <= {b} + DAYS(30)`"),
            format!("for days write `DAYS_BETWEEN({b}, {a})`, or compare `{a} <= {b} + DAYS(30)`"),
        ),
        ("-", Type::Timestamp, Type::Timestamp) => (
            "两个时间戳不能相减",
            "two timestamps are not subtracted",
            format!("小时数写 `HOURS_BETWEEN({b}, {a})`，或比较 `{a} <= {b} + HOURS(4)`"),
            format!("for hours write `HOURS_BETWEEN({b}, {a})`, or compare `{a} <= {b} + HOURS(4)`"),
        ),
        ("-", Type::Date, Type::Timestamp) | ("-", Type::Timestamp, Type::Date) => {
            let day = |expr: &Expr, ast: &Ast| {
                if expr.ty == Type::Timestamp { format!("DATE({ast})") } else { ast.to_string() }
            };
            let (first, second) = (day(right, b), day(left, a));
            (
                "日期与时间戳不能相减",
                "a date and a timestamp are not subtracted",
                format!("写 `DAYS_BETWEEN({first}, {second})`"),
                format!("write `DAYS_BETWEEN({first}, {second})`"),
            )
        }
        (_, Type::Date | Type::Timestamp, number) if is_number(number) => (
            "时间不能直接加减数字",
            "a number is no length of time",
            format!("写明单位：`DAYS({b})`"),
            format!("say its unit: `DAYS({b})`"),
        ),
        ("+", number, Type::Date | Type::Timestamp) if is_number(number) => (
            "时间不能直接加减数字",
            "a number is no length of time",
            format!("写明单位：`DAYS({a})`"),
            format!("say its unit: `DAYS({a})`"),
        ),
        (_, Type::Date, Type::Duration(DurationUnit::Time)) | ("+", Type::Duration(DurationUnit::Time), Type::Date) => {
            (
                "日期不能加减小时数",
                "hours are not added to a date",
                "天数用 `DAYS(n)`；要精确到小时，用时间戳".to_owned(),
                "use `DAYS(n)`, or a timestamp where hours matter".to_owned(),
            )
        }
        (_, Type::Duration(_), Type::Duration(_)) => (
            "月数不能与天数或小时数相加减",
            "months do not combine with days or hours",
            "分两步加到日期上：`d + MONTHS(1) + DAYS(3)`".to_owned(),
            "add them to the date one after the other: `d + MONTHS(1) + DAYS(3)`".to_owned(),
        ),
        ("+", Type::Text, Type::Text) => (
            "文本不用 `+` 连接",
            "texts are not joined with `+`",
            format!("写 `{a} || {b}`"),
            format!("write `{a} || {b}`"),
        ),
        _ => return None,
    };
    Some(Fault::new(&codes::TYPE, op_span, Text::new(zh, en)).help(Text::new(help_zh, help_en)))
}

/// Two operands of different types where one type is needed.
fn disagreement(function: &Function, asts: &[&Ast], bound: &[Expr], index: usize, before: &Type) -> Fault {
    let (span, found) = bound.get(index).map_or((Span::default(), &Type::Null), |expr| (expr.span, &expr.ty));
    let (expected, this) = (shown(before), shown(found));
    let name = function.name;
    let verb = match function.family {
        Family::Operator if !matches!(name, "+" | "-" | "*" | "/" | "||") => {
            Text::new(format!("不能用 `{name}` 比较"), format!("`{name}` does not compare"))
        }
        _ => Text::new(format!("`{name}` 的参数类型不一："), format!("`{name}` does not combine")),
    };
    let fault = Fault::new(
        &codes::TYPE,
        span,
        Text::new(
            format!("{} {} 与 {}", verb.zh, expected.zh, this.zh),
            format!("{} {} with {}", verb.en, expected.en, this.en),
        ),
    )
    .label(Text::new(format!("类型为 {}", this.zh), format!("this is {}", this.en)));
    let first = bound.iter().position(|expr| expr.ty == *before).unwrap_or(0);
    let written = |index: usize| asts.get(index).map(ToString::to_string).unwrap_or_default();
    let literal = |index: usize| bound.get(index).is_some_and(|expr| matches!(expr.kind, ExprKind::Literal { .. }));
    let help = match (before, found) {
        (Type::Timestamp, Type::Date) => {
            let ts = written(first);
            Some(Text::new(format!("写 `DATE({ts})`"), format!("write `DATE({ts})`")))
        }
        (Type::Date, Type::Timestamp) => {
            let ts = written(index);
            Some(Text::new(format!("写 `DATE({ts})`"), format!("write `DATE({ts})`")))
        }
        (Type::Text, number) if is_number(number) && literal(index) => {
            let text = written(index);
            Some(Text::new(
                format!("与文本比较要加引号：`'{text}'`"),
                format!("to compare with text put it into quotes: `'{text}'`"),
            ))
        }
        (number, Type::Text) if is_number(number) && literal(index) => {
            Some(Text::new("数字不加引号", "write a number without quotes"))
        }
        (Type::Text, number) | (number, Type::Text) if is_number(number) => {
            let text = written(if *before == Type::Text { first } else { index });
            Some(Text::new(
                format!("用 `CAST({text} AS {})` 转换，或在证据类型中改正列的类型", number.name()),
                format!(
                    "convert it with `CAST({text} AS {})`, or correct the column's type in its evidence kind",
                    number.name()
                ),
            ))
        }
        (Type::Text, Type::Date) | (Type::Date, Type::Text) => {
            Some(Text::new("日期写作 `DATE '2026-09-30'`", "write a date as `DATE '2026-09-30'`"))
        }
        (Type::Text, Type::Timestamp) | (Type::Timestamp, Type::Text) => Some(Text::new(
            "时间戳写作 `TIMESTAMP '2026-09-30 08:00:00+08:00'`",
            "write a timestamp as `TIMESTAMP '2026-09-30 08:00:00+08:00'`",
        )),
        (Type::Boolean, number) | (number, Type::Boolean) if is_number(number) => {
            Some(Text::new("布尔值写 TRUE 或 FALSE", "write TRUE or FALSE for a boolean"))
        }
        (Type::Text, Type::Boolean) | (Type::Boolean, Type::Text) => {
            Some(Text::new("布尔值写 TRUE 或 FALSE，不加引号", "write TRUE or FALSE, without quotes"))
        }
        (Type::Duration(_), Type::Duration(_)) => Some(Text::new(
            "月的长短不一，不能与天数比较；两边用同一种单位",
            "months differ in length and do not compare with days; use one kind on both sides",
        )),
        (Type::Duration(_), number) | (number, Type::Duration(_)) if is_number(number) => {
            Some(Text::new("时长写明单位，例如 `DAYS(30)`", "give a length of time its unit, such as `DAYS(30)`"))
        }
        _ => None,
    };
    fault.help(help.unwrap_or_else(|| {
        let usage = usage(function);
        Text::new(format!("用法：{usage}"), format!("usage: {usage}"))
    }))
}
