//! The one table of functions and operators.

/// One entry.
#[derive(Debug, PartialEq)]
pub struct Function {
    /// Name as written.
    pub name: &'static str,
}
/// Whether a function name, in any case, is that of an aggregate.
pub fn is_aggregate(name: &str) -> bool {
    const NAMES: [&str; 10] = ["COUNT", "SUM", "AVG", "MIN", "MAX", "ANY", "EVERY", "LIST", "LATEST", "MAX_GAP"];
    NAMES.iter().any(|aggregate| name.eq_ignore_ascii_case(aggregate))
}
