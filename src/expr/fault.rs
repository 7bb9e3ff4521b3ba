//! What is wrong with an expression.

use crate::text::{Code, Span, Text};

/// One fault in an expression; layers above place it in a file through [`crate::text::Excerpt::place`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which kind of fault.
    pub code: &'static Code,
    /// What is wrong.
    pub message: Text,
    /// Bytes within the expression's text.
    pub span: Span,
    /// What stands there, printed under the caret.
    pub label: Option<Text>,
    /// What to do.
    pub help: Option<Text>,
}

impl Fault {
    /// A fault without label or help.
    pub fn new(code: &'static Code, span: Span, message: Text) -> Self {
        Self { code, message, span, label: None, help: None }
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: Text) -> Self {
        self.label = Some(label);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }
}
