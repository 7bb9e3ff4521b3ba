//! Assessment → files and tables. An [`crate::model::Assessment`] is all a report reads.
//!
//! | output | function |
//! |---|---|
//! | terminal summary | [`table::summary`] |
//! | `assessment.json` | [`json::to_json`], [`json::from_json`], [`json::schema`] |
//! | `gaps.csv` and the other lists | [`csv::render`] |
//! | `report.md` | [`markdown::render`] |
//! | the whole set in a directory | [`write_set`] |
//!
//! Templates and words are those of `reports/` in the repository, with [`Templates`] over them.

pub mod codes;
pub mod csv;
mod error;
mod escape;
pub mod json;
mod locale;
pub mod markdown;
mod number;
mod set;
pub mod table;
mod templates;
mod words;
mod write;

pub use error::ReportError;
pub use escape::visible;
pub use set::{Format, Look, render_set, write_set};
pub use templates::Templates;
pub use write::write_files;
