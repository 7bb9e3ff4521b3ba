mod lifted;
mod names;
mod types;

use super::super::testing::{bound, told};
use super::super::{Fault, Type};

/// The faults of a condition.
fn faults(text: &str) -> Vec<Fault> {
    bound(text, None).1
}

/// The only fault's help, in both languages.
fn help(text: &str) -> (String, String) {
    let found = faults(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    let help = found[0].help.clone().unwrap_or_else(|| panic!("{text}: no help"));
    (help.zh, help.en)
}

/// The type of an expression without fault.
fn type_of(text: &str) -> Type {
    let (expr, faults) = bound(text, None);
    assert_eq!(faults, [], "{text}");
    expr.unwrap_or_else(|| panic!("{text}: bound to nothing")).ty
}
