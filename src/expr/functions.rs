//! The one table of functions and operators.

/// One entry.
#[derive(Debug, PartialEq)]
pub struct Function {
    /// Name as written.
    pub name: &'static str,
}
