//! Assessment → files and tables.
mod error;
mod escape;
pub mod json;
mod number;
pub use error::ReportError;
pub use escape::visible;
