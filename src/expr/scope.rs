//! What an expression's names mean: the one interface through which binding sees the world.

use super::{AggregateCall, ColumnId, Fault, PreviousCall, Scalar, Type, codes};
use crate::text::{Code, Span, Text};

pub use super::ast::Name;

/// Why a name or a lifted call was refused. Binding adds the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameFault(Option<Box<Refusal>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    code: &'static Code,
    message: Text,
    part: Option<usize>,
    label: Option<Text>,
    help: Option<Text>,
}

impl NameFault {
    /// A fault that points at the whole path.
    pub fn new(code: &'static Code, message: Text) -> Self {
        Self(Some(Box::new(Refusal { code, message, part: None, label: None, help: None })))
    }

    /// The name stands for something that is itself at fault and was reported: nothing more is said, binding gives `None`.
    pub fn reported() -> Self {
        Self(None)
    }

    /// Points at one part of the path, counted from 0.
    #[must_use]
    pub fn part(mut self, index: usize) -> Self {
        if let Some(refusal) = &mut self.0 {
            refusal.part = Some(index);
        }
        self
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: Text) -> Self {
        if let Some(refusal) = &mut self.0 {
            refusal.label = Some(label);
        }
        self
    }

    /// Whether the fault was told elsewhere.
    pub fn is_reported(&self) -> bool {
        self.0.is_none()
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        if let Some(refusal) = &mut self.0 {
            refusal.help = Some(help);
        }
        self
    }

    /// The fault at its place: `whole`, or the part of `path` it points at.
    pub(super) fn at(self, whole: Span, path: &[Name]) -> Option<Fault> {
        let refusal = *self.0?;
        let span = refusal.part.and_then(|part| path.get(part)).map_or(whole, |name| name.span);
        Some(Fault { code: refusal.code, message: refusal.message, span, label: refusal.label, help: refusal.help })
    }
}

/// What is lifted out of an expression and seen by it as a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lift {
    /// An aggregate.
    Aggregate,
    /// `PREVIOUS`.
    Previous,
}

/// The names of one frame.
///
/// Ways in: [`super::bind`] asks a scope for every name of an expression. A scope in which `let` may aggregate
/// implements [`Scope::in_rows`] (which frame the arguments are bound in) and [`Scope::lifted_aggregate`] (which
/// column of *this* frame stands for the result).
pub trait Scope {
    /// A dotted name → column of the frame.
    ///
    /// # Errors
    /// [`NameFault`] with a "did you mean" when there is no such column, or no such column yet.
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault>;

    /// `$name`, `$facts.name`, `$as_of` → its value and type. The type matters for `NULL` and the empty list.
    ///
    /// # Errors
    /// [`NameFault`] when there is no such parameter or fact.
    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault>;

    /// Values allowed by the column's `enum` (for a list column: of its elements), for `expr/not-in-enum`.
    fn allowed(&self, column: ColumnId) -> Option<&[Scalar]> {
        let _ = column;
        None
    }

    /// Runs `bind` on the frame of rows in which the arguments of a lifted call are bound.
    ///
    /// # Errors
    /// The default: neither aggregates nor `PREVIOUS` may stand here.
    fn in_rows(&mut self, lift: Lift, bind: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        let _ = bind;
        Err(NameFault::not_here(lift))
    }

    /// Takes an aggregate lifted out of the expression; gives the column of this frame that holds its result (of type
    /// [`AggregateCall::ty`]). Called only after [`Scope::in_rows`] said `Ok`. Equal calls may share a column.
    fn lifted_aggregate(&mut self, call: AggregateCall) -> ColumnId {
        let _ = call;
        ColumnId::MAX
    }

    /// Takes a `PREVIOUS` lifted out of the expression; gives the column of this frame that holds its result (of the
    /// type of [`PreviousCall::value`]).
    fn lifted_previous(&mut self, call: PreviousCall) -> ColumnId {
        let _ = call;
        ColumnId::MAX
    }
}

impl NameFault {
    /// The fault that says that aggregates, or `PREVIOUS`, may not stand here.
    pub fn not_here(lift: Lift) -> Self {
        match lift {
            Lift::Aggregate => Self::new(
                &codes::AGGREGATE_NOT_HERE,
                Text::new("聚合函数只能写在 `let` 中", "an aggregate may stand in `let` only"),
            )
            .help(Text::new(
                "在 `let` 中给它起个名字，这里再用这个名字",
                "give it a name in `let` and use the name here",
            )),
            Lift::Previous => Self::new(
                &codes::PREVIOUS_NOT_HERE,
                Text::new(
                    "`PREVIOUS` 只能写在有 `order_by` 的 `let` 中",
                    "`PREVIOUS` may stand only in a `let` of a check with `order_by`",
                ),
            )
            .help(Text::new(
                "加上 `order_by`，并在 `let` 中给它起个名字",
                "add `order_by`, and give it a name in `let`",
            )),
        }
    }
}
