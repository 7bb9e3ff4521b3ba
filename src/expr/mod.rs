//! The expression language: SQL scalar expressions with strict types.
//!
//! Four stages, each a module: text → [`Ast`] ([`parse`]), ast + a [`Scope`] → typed [`Expr`] ([`bind`]), typed
//! expression × a [`Frame`] of [`Column`]s → a [`Column`] ([`evaluate`]), typed expression → SQL text ([`sql`]).
//! Aggregates and `PREVIOUS` are lifted out while binding: the expression sees a column, the scope gets the call, and
//! [`aggregate::Accumulator`] computes it. This folder knows columns and types; it knows no word of the field (no
//! control, no evidence).
//!
//! # Examples
//! ```
//! use hegui::expr::{bind, evaluate, parse, Context, Frame, NoColumns, Type, WorkingDays};
//! let (ast, faults) = parse("DATE '2026-01-31' + MONTHS(1) = DATE '2026-02-28'");
//! assert!(faults.is_empty());
//! let (expr, faults) = bind(&ast.unwrap(), &mut NoColumns, Some(&Type::Boolean));
//! assert!(faults.is_empty());
//! let context = Context { as_of: 20_000, zone: chrono_tz::Asia::Shanghai, working_days: WorkingDays::default().into() };
//! let column = evaluate(&expr.unwrap(), &Frame { columns: &[], rows: 1 }, &context);
//! assert_eq!(column.scalar(0, &Type::Boolean), hegui::expr::Scalar::Boolean(true));
//! ```

pub mod aggregate;
mod ast;
mod bind;
pub mod codes;
mod column;
mod context;
mod evaluate;
mod fault;
pub mod functions;
mod lexer;
mod parse;
mod pattern;
mod print;
mod scalar;
mod scope;
pub mod sql;
#[cfg(test)]
mod testing;
mod typed;
mod types;

pub use ast::{Ast, AstKind, BinaryOp, Call, Literal, Negated, UnaryOp};
pub use bind::{NoColumns, bind, not_in_enum};
pub use column::{Column, Doubt};
pub use context::{Context, WorkingDays};
pub use evaluate::{Frame, evaluate};
pub use fault::Fault;
pub use parse::parse;
pub use pattern::Pattern;
pub use scalar::{DECIMAL_PLACES, Scalar};
pub use scope::{Lift, Name, NameFault, Scope};
pub use typed::{Aggregate, AggregateCall, ColumnId, Expr, ExprKind, PreviousCall};
pub use types::{DurationUnit, Type};
