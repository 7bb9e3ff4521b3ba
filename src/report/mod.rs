//! Assessment → files and tables.
pub mod csv;
mod error;
mod escape;
pub mod json;
mod locale;
mod number;
pub mod table;
mod words;
mod write;
pub use error::ReportError;
pub use escape::visible;
pub use write::write_files;
