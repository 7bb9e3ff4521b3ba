//! Source text, byte spans, `line:column`, languages, and the [`Diagnostic`] every layer reports with.
//!
//! Inside the program a place is a byte [`Span`]; it becomes `line:column` once, here.

mod diagnostic;
mod excerpt;
pub mod foreign;
mod lang;
pub mod message;
mod source;
pub mod suggest;

pub use diagnostic::{Code, Diagnostic, Label, Level, Place, sort_diagnostics};
pub use excerpt::Excerpt;
pub use lang::{Lang, Text};
pub use source::{LineColumn, Source, Span};
