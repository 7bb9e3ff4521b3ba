//! Typed expression × frame of columns → column.
//!
//! Every function computes values and says which rows it cannot decide; [`call`] then adds, in one place, the rule
//! about doubt: a null result carries the reasons of all its inputs.

pub(super) mod arithmetic;
mod cast;
pub(super) mod compare;
pub(super) mod domain;
pub(super) mod list;
pub(super) mod logic;
pub(super) mod number;
pub(super) mod text;
pub(super) mod time;
mod value;

use arrow::datatypes::DataType;

use super::{Column, Context, Doubt, Expr, ExprKind, Pattern, Scalar, Type};
pub(super) use value::{Args, Undecided, Value};

/// Columns of equal length, by [`super::ColumnId`].
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The columns.
    pub columns: &'a [Column],
    /// How many rows each has.
    pub rows: usize,
}

/// How a function of the table is computed; `None` if an argument has not the type the binder gave it.
pub(super) type Evaluate = fn(&Args<'_>) -> Option<Value>;

/// Stands in the table for what is never called: lifted calls, `CASE`, `CAST`.
pub(super) fn nothing(_: &Args<'_>) -> Option<Value> {
    None
}

/// Evaluates an expression for every row of a frame. Never fails: what cannot be computed is a null in doubt.
///
/// The column has `frame.rows` rows and the Arrow type of [`Expr::ty`].
///
/// # Examples
/// ```
/// use hegui::expr::{bind, evaluate, parse, Context, Frame, NoColumns, Scalar, Type, WorkingDays};
/// let (ast, _) = parse("2 / 3");
/// let (expr, _) = bind(&ast.unwrap(), &mut NoColumns, None);
/// let context = Context { as_of: 0, zone: chrono_tz::UTC, working_days: WorkingDays::default().into() };
/// let column = evaluate(&expr.unwrap(), &Frame { columns: &[], rows: 2 }, &context);
/// assert_eq!(column.scalar(1, &Type::Decimal), Scalar::Decimal(666_666_666_667));
/// ```
pub fn evaluate(expr: &Expr, frame: &Frame<'_>, context: &Context) -> Column {
    value(expr, frame, context).into_column(&expr.ty, frame.rows)
}

fn value(expr: &Expr, frame: &Frame<'_>, context: &Context) -> Value {
    match &expr.kind {
        ExprKind::Literal { value, .. } => Value::constant(value, &expr.ty),
        ExprKind::Column(id) => match frame.columns.get(*id) {
            Some(column) if column.len() != frame.rows => Value::undecided(&expr.ty),
            // A column of NULLs (`let: {x: NULL}`) takes the type of its place.
            Some(column) if *column.values.data_type() == DataType::Null => {
                Value::from(Column { values: Column::nulls(&expr.ty, frame.rows).values, doubt: column.doubt.clone() })
            }
            Some(column) => Value::from(column.clone()),
            None => Value::undecided(&expr.ty),
        },
        ExprKind::Widen(inner) => number::widen(&value(inner, frame, context), frame.rows),
        ExprKind::Cast(inner) => {
            let source = value(inner, frame, context);
            carried(std::slice::from_ref(&source), &expr.ty, frame, None, context, |args| cast::cast(args, &inner.ty))
        }
        ExprKind::Case { branches, otherwise } => {
            let branches: Vec<(Value, Value)> = branches
                .iter()
                .map(|(condition, result)| (value(condition, frame, context), value(result, frame, context)))
                .collect();
            let otherwise = otherwise.as_ref().map(|result| value(result, frame, context));
            logic::case(&branches, otherwise.as_ref(), &expr.ty, frame.rows)
        }
        ExprKind::List(items) => {
            let items: Vec<Value> = items.iter().map(|item| value(item, frame, context)).collect();
            carried(&items, &expr.ty, frame, None, context, list::build)
        }
        // Read by the function it is an argument of.
        ExprKind::Pattern(_) => Value::constant(&Scalar::Null, &Type::Text),
        ExprKind::Call { function, arguments } => {
            let mut pattern = None;
            let mut values = Vec::with_capacity(arguments.len());
            for argument in arguments {
                match &argument.kind {
                    ExprKind::Pattern(found) => pattern = Some(found),
                    _ => values.push(value(argument, frame, context)),
                }
            }
            carried(&values, &expr.ty, frame, pattern, context, function.evaluate)
        }
    }
}

/// Computes and applies the rule about doubt.
fn carried(
    values: &[Value],
    ty: &Type,
    frame: &Frame<'_>,
    pattern: Option<&Pattern>,
    context: &Context,
    compute: impl Fn(&Args<'_>) -> Option<Value>,
) -> Value {
    let args = Args::new(values, ty, frame.rows, pattern, context);
    let Some(mut result) = compute(&args) else { return Value::undecided(ty) };
    if values.iter().any(|value| !value.doubt.is_none()) {
        let rows = result.values.len();
        let reasons = (0..rows)
            .map(|row| {
                if result.values.is_valid(row) {
                    return 0;
                }
                values.iter().fold(result.doubt.at(row), |reasons, value| reasons | value.doubt_at(row))
            })
            .collect();
        result.doubt = Doubt::from_rows(reasons);
    }
    result
}

#[cfg(test)]
mod tests;
