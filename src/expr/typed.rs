//! The typed expression that binding gives and that evaluation and SQL printing walk.

use super::{Scalar, Type};
use crate::text::Span;

/// Index of a column in the frame an expression is evaluated over.
pub type ColumnId = usize;

/// A typed expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Bytes within the expression's own text.
    pub span: Span,
}

/// The forms of an expression. Widening from integer to decimal is explicit (`Widen`), nothing else converts.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant; `name` is how it was written when it was a parameter or fact (`$min_copies`).
    Literal {
        /// The value, already of type [`Expr::ty`].
        value: Scalar,
        /// The `$name` it came from.
        name: Option<String>,
    },
    /// A column of the frame.
    Column(ColumnId),
    /// Integer to decimal.
    Widen(Box<Expr>),
    /// A function or operator of the function table, by its name there (`"="`, `"AND"`, `"LOWER"`, `"CAST"` …).
    Call {
        /// Entry of the function table.
        function: &'static super::functions::Function,
        /// Arguments, widened where needed.
        arguments: Vec<Expr>,
    },
    /// `CASE WHEN … THEN … ELSE … END`; `CASE x WHEN v` is bound to `x = v` conditions.
    Case {
        /// Conditions and results.
        branches: Vec<(Expr, Expr)>,
        /// `ELSE`, when given.
        otherwise: Option<Box<Expr>>,
    },
    /// `CAST(x AS type)`.
    Cast(Box<Expr>),
    /// The pattern of `LIKE` and `REGEXP_LIKE`, compiled; stands as their second argument only.
    Pattern(super::Pattern),
    /// `[a, b]` with items that are not all constant (a constant list is a literal).
    List(Vec<Expr>),
}

/// An aggregate function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names of LANGUAGE.md §4; the function table documents each")]
pub enum Aggregate {
    CountRows,
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
    Any,
    Every,
    ListDistinct,
    Latest,
    MaxGap,
}

/// One aggregate in a `let`, lifted out of the expression around it, which sees it as a column.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateCall {
    /// Which function.
    pub function: Aggregate,
    /// Arguments over the row frame: none for `COUNT(*)`, `[x, t]` for `LATEST`, `[t]` or `[t, from, to]` for `MAX_GAP`.
    pub arguments: Vec<Expr>,
    /// `FILTER (WHERE …)` over the row frame.
    pub filter: Option<Expr>,
    /// Type of the result.
    pub ty: Type,
    /// Bytes within the expression's text.
    pub span: Span,
}

/// One `PREVIOUS` in a `let`, lifted out of the expression around it, which sees it as a column.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviousCall {
    /// What is taken from the row before, over the row frame.
    pub value: Expr,
    /// What the first row gets; NULL when absent.
    pub first: Option<Expr>,
    /// Bytes within the expression's text.
    pub span: Span,
}

impl Expr {
    /// Visits the expression and everything below it.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        match &self.kind {
            ExprKind::Literal { .. } | ExprKind::Column(_) | ExprKind::Pattern(_) => {}
            ExprKind::Widen(inner) | ExprKind::Cast(inner) => inner.walk(visit),
            ExprKind::Call { arguments, .. } | ExprKind::List(arguments) => {
                for argument in arguments {
                    argument.walk(visit);
                }
            }
            ExprKind::Case { branches, otherwise } => {
                for (condition, result) in branches {
                    condition.walk(visit);
                    result.walk(visit);
                }
                if let Some(result) = otherwise {
                    result.walk(visit);
                }
            }
        }
    }

    /// The columns it reads, ascending, each once.
    pub fn columns(&self) -> std::collections::BTreeSet<ColumnId> {
        let mut found = std::collections::BTreeSet::new();
        self.walk(&mut |expr| {
            if let ExprKind::Column(id) = &expr.kind {
                found.insert(*id);
            }
        });
        found
    }

    /// Forgets where it was written: expressions of one meaning become equal.
    pub fn forget_places(&mut self) {
        self.span = Span::default();
        match &mut self.kind {
            ExprKind::Literal { .. } | ExprKind::Column(_) | ExprKind::Pattern(_) => {}
            ExprKind::Widen(inner) | ExprKind::Cast(inner) => inner.forget_places(),
            ExprKind::Call { arguments, .. } | ExprKind::List(arguments) => {
                arguments.iter_mut().for_each(Self::forget_places);
            }
            ExprKind::Case { branches, otherwise } => {
                for (condition, result) in branches {
                    condition.forget_places();
                    result.forget_places();
                }
                otherwise.iter_mut().for_each(|result| result.forget_places());
            }
        }
    }

    /// The same expression over renumbered columns: every column `id` becomes `map(id)`.
    #[must_use]
    pub fn renumbered(mut self, map: &dyn Fn(ColumnId) -> ColumnId) -> Self {
        self.renumber(map);
        self
    }

    fn renumber(&mut self, map: &dyn Fn(ColumnId) -> ColumnId) {
        match &mut self.kind {
            ExprKind::Literal { .. } | ExprKind::Pattern(_) => {}
            ExprKind::Column(id) => *id = map(*id),
            ExprKind::Widen(inner) | ExprKind::Cast(inner) => inner.renumber(map),
            ExprKind::Call { arguments, .. } | ExprKind::List(arguments) => {
                for argument in arguments {
                    argument.renumber(map);
                }
            }
            ExprKind::Case { branches, otherwise } => {
                for (condition, result) in branches {
                    condition.renumber(map);
                    result.renumber(map);
                }
                if let Some(result) = otherwise {
                    result.renumber(map);
                }
            }
        }
    }
}
