//! The expression language: SQL scalar expressions with strict types.
//!
//! Four stages, each a module: text → [`ast`] (`parse`), ast + a [`Scope`] → typed [`Expr`] (`bind`), typed
//! expression × a frame of [`Column`]s → a [`Column`] (`evaluate`), typed expression → SQL text (`sql`).
//! This folder knows columns and types; it knows no word of the field (no control, no evidence).

mod column;
pub mod functions;
mod scalar;
mod typed;
mod types;

pub use column::{Column, Doubt};
pub use scalar::{DECIMAL_PLACES, Scalar};
pub use typed::{Aggregate, AggregateCall, ColumnId, Expr, ExprKind, PreviousCall};
pub use types::{DurationUnit, Type};
