//! [`Ast`] + [`Scope`] → typed [`Expr`]: names resolved, types checked, patterns compiled, aggregates lifted.

use super::{Ast, ColumnId, Expr, Fault, Name, NameFault, Scalar, Scope, Type, codes};
use crate::text::Text;

/// Binds an expression to the columns of a frame.
///
/// `expected` is the type the place asks for (`Boolean` for a condition); an integer widens to an expected decimal.
/// `None` comes with at least one fault, unless the only thing wrong was reported elsewhere ([`NameFault::reported`],
/// or a syntax fault of [`super::parse`]).
pub fn bind(ast: &Ast, scope: &mut dyn Scope, expected: Option<&Type>) -> (Option<Expr>, Vec<Fault>) {
    let _ = (ast, scope, expected);
    (None, Vec::new())
}

/// A scope without names: constant expressions.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoColumns;

impl NoColumns {
    fn refuse(path: &[Name]) -> NameFault {
        let name = path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".");
        NameFault::new(
            &codes::UNKNOWN_NAME,
            Text::new(format!("这里没有名字 `{name}`"), format!("there is no name `{name}` here")),
        )
    }
}

impl Scope for NoColumns {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        Err(Self::refuse(path))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        Err(Self::refuse(path))
    }
}
