//! Bringing an expression to a type, where the language allows it.

use super::super::{DurationUnit, Expr, ExprKind, Scalar, Type};

/// One in decimal units.
const ONE: i128 = 1_000_000_000_000;

/// The expression as `ty`: itself, NULL or an empty list retyped, an integer widened. `None` if it does not fit.
pub(super) fn coerce(mut expr: Expr, ty: &Type) -> Option<Expr> {
    if expr.ty == *ty {
        return Some(expr);
    }
    match (&expr.ty, ty) {
        (Type::Null, _) => {}
        // Both are microseconds.
        (Type::Duration(DurationUnit::Days), Type::Duration(DurationUnit::Time)) => {
            if let ExprKind::Literal { value: Scalar::Duration(unit, _), .. } = &mut expr.kind {
                *unit = DurationUnit::Time;
            }
        }
        (Type::Integer, Type::Decimal) => {
            if let ExprKind::Literal { value, .. } = &mut expr.kind {
                *value = widened(value)?;
            } else {
                let span = expr.span;
                return Some(Expr { kind: ExprKind::Widen(Box::new(expr)), ty: Type::Decimal, span });
            }
        }
        (Type::List(from), Type::List(to)) => match &mut expr.kind {
            ExprKind::Literal { value: Scalar::List(item, items), .. }
                if **from == Type::Null || (**from == Type::Integer && **to == Type::Decimal) =>
            {
                *item = to.as_ref().clone();
                *items = items.iter().map(widened).collect::<Option<_>>()?;
            }
            _ => return None,
        },
        _ => return None,
    }
    expr.ty = ty.clone();
    Some(expr)
}

fn widened(value: &Scalar) -> Option<Scalar> {
    match value {
        Scalar::Integer(value) => Some(Scalar::Decimal(i128::from(*value) * ONE)),
        Scalar::Null => Some(Scalar::Null),
        _ => None,
    }
}

/// Whether `CAST` converts the one to the other (beside the conversions that are none: same type, integer to decimal).
pub(super) fn cast_allowed(from: &Type, to: &Type) -> bool {
    matches!(
        (from, to),
        (Type::Decimal, Type::Integer | Type::Text)
            | (Type::Integer | Type::Boolean | Type::Date, Type::Text)
            | (Type::Text, Type::Boolean | Type::Integer | Type::Decimal | Type::Date | Type::Timestamp)
    )
}

/// Whether two constants are the same value, integer or decimal alike.
pub(super) fn same_value(a: &Scalar, b: &Scalar) -> bool {
    a == b
        || matches!((widened(a), widened(b)), (Some(a), Some(b)) if a == b)
        || widened(a).is_some_and(|a| a == *b)
        || widened(b).is_some_and(|b| b == *a)
}
