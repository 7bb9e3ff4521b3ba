//! The syntax tree of an expression, as written: names unresolved, types unknown, every node with its bytes.

use super::{DurationUnit, Type};
use crate::text::Span;

/// One part of a dotted name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The word, without quotes.
    pub text: String,
    /// Its bytes in the expression.
    pub span: Span,
}

/// An expression as written.
///
/// Two trees are equal when they say the same, wherever they stand: spans do not take part in `==`.
#[derive(Debug, Clone)]
pub struct Ast {
    /// What stands here.
    pub kind: AstKind,
    /// Its bytes in the expression.
    pub span: Span,
    /// Height of the tree below, which bounds every recursion over it.
    pub(super) depth: u16,
}

impl PartialEq for Ast {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The forms of an expression.
#[derive(Debug, Clone)]
pub enum AstKind {
    /// A constant.
    Literal(Literal),
    /// `a.b.c`.
    Name(Vec<Name>),
    /// `$a.b`.
    Constant(Vec<Name>),
    /// `- x`, `NOT x`.
    Unary(UnaryOp, Box<Ast>),
    /// `x + y`, `x AND y`, `x = y`.
    Binary {
        /// Which operator.
        op: BinaryOp,
        /// The bytes of the operator.
        op_span: Span,
        /// Left operand.
        left: Box<Ast>,
        /// Right operand.
        right: Box<Ast>,
    },
    /// `x IS [NOT] NULL`.
    IsNull(Box<Ast>, Negated),
    /// `x IS [NOT] TRUE`.
    IsTrue(Box<Ast>, Negated),
    /// `x IS [NOT] DISTINCT FROM y`; negated is `IS NOT DISTINCT FROM`.
    IsDistinct(Box<Ast>, Box<Ast>, Negated),
    /// `x [NOT] IN (…)`.
    In(Box<Ast>, Vec<Ast>, Negated),
    /// `x [NOT] BETWEEN low AND high`.
    Between(Box<Ast>, Box<Ast>, Box<Ast>, Negated),
    /// `x [NOT] LIKE pattern`.
    Like(Box<Ast>, Box<Ast>, Negated),
    /// `CASE [x] WHEN … THEN … [ELSE …] END`.
    Case {
        /// The `x` of `CASE x WHEN v`.
        operand: Option<Box<Ast>>,
        /// Conditions (or values of `x`) and results.
        branches: Vec<(Ast, Ast)>,
        /// `ELSE`.
        otherwise: Option<Box<Ast>>,
    },
    /// `CAST(x AS type)`.
    Cast(Box<Ast>, Type),
    /// `NAME(…)`, with the parts only aggregates have.
    Call(Call),
    /// `[a, b]`.
    List(Vec<Ast>),
    /// What could not be parsed; a fault was reported, and binding says nothing more about it.
    Broken,
}

/// `NOT` in the middle of `IS NOT NULL`, `NOT IN`.
pub type Negated = bool;

/// A function call as written.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function's name as written.
    pub name: Name,
    /// Arguments.
    pub arguments: Vec<Ast>,
    /// `COUNT(*)`.
    pub star: bool,
    /// `COUNT(DISTINCT x)`.
    pub distinct: bool,
    /// `FILTER (WHERE …)`.
    pub filter: Option<Box<Ast>>,
}

/// A constant as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `TRUE`, `FALSE`.
    Boolean(bool),
    /// `12`.
    Integer(i64),
    /// `0.95`, in units of 10⁻¹².
    Decimal(i128),
    /// `'text'`.
    Text(String),
    /// `DATE '2026-09-30'`, days since 1970-01-01.
    Date(i32),
    /// `TIMESTAMP '2026-09-30 08:00:00+08:00'`, microseconds UTC.
    Timestamp(i64),
    /// `INTERVAL '30' DAY`: microseconds, or months.
    Duration(DurationUnit, i64),
}

/// Operators before one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Minus,
    /// `NOT`
    Not,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the operator its name says")]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Concat,
}

impl BinaryOp {
    /// As written, and as the function table names it.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Or => "OR",
            Self::And => "AND",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Concat => "||",
        }
    }
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.name.text.eq_ignore_ascii_case(&other.name.text)
            && self.arguments == other.arguments
            && self.star == other.star
            && self.distinct == other.distinct
            && self.filter == other.filter
    }
}

fn same_path(a: &[Name], b: &[Name]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.text == b.text)
}

impl PartialEq for AstKind {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(a), Self::Literal(b)) => a == b,
            (Self::Name(a), Self::Name(b)) | (Self::Constant(a), Self::Constant(b)) => same_path(a, b),
            (Self::Unary(op, a), Self::Unary(other_op, b)) => op == other_op && a == b,
            (Self::Binary { op, left, right, .. }, Self::Binary { op: o, left: l, right: r, .. }) => {
                op == o && left == l && right == r
            }
            (Self::IsNull(a, n), Self::IsNull(b, m)) | (Self::IsTrue(a, n), Self::IsTrue(b, m)) => n == m && a == b,
            (Self::IsDistinct(left, right, not), Self::IsDistinct(l, r, n))
            | (Self::Like(left, right, not), Self::Like(l, r, n)) => not == n && left == l && right == r,
            (Self::In(a, items, n), Self::In(b, others, m)) => n == m && a == b && items == others,
            (Self::Between(operand, low, high, not), Self::Between(o, l, h, n)) => {
                not == n && operand == o && low == l && high == h
            }
            (Self::Case { operand, branches, otherwise }, Self::Case { operand: o, branches: b, otherwise: e }) => {
                operand == o && branches == b && otherwise == e
            }
            (Self::Cast(a, ty), Self::Cast(b, other_ty)) => ty == other_ty && a == b,
            (Self::Call(a), Self::Call(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Broken, Self::Broken) => true,
            _ => false,
        }
    }
}

impl Ast {
    /// A node over children whose depth is known.
    pub(super) fn new(kind: AstKind, span: Span) -> Self {
        let mut below = 0;
        kind.for_each_child(&mut |child| below = below.max(child.depth));
        Self { kind, span, depth: below.saturating_add(1) }
    }

    /// Every dotted name the expression reads, in the order written; names inside aggregates and `PREVIOUS` included.
    ///
    /// # Examples
    /// ```
    /// let (ast, _) = hegui::expr::parse("b.copies >= $min AND name = 'x'");
    /// let names: Vec<String> =
    ///     ast.unwrap().names().iter().map(|path| path.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(".")).collect();
    /// assert_eq!(names, ["b.copies", "name"]);
    /// ```
    pub fn names(&self) -> Vec<&[Name]> {
        let mut found = Vec::new();
        self.walk(&mut |node| {
            if let AstKind::Name(path) = &node.kind {
                found.push(path.as_slice());
            }
        });
        found
    }

    /// Every `$name` the expression reads, in the order written.
    pub fn constants(&self) -> Vec<&[Name]> {
        let mut found = Vec::new();
        self.walk(&mut |node| {
            if let AstKind::Constant(path) = &node.kind {
                found.push(path.as_slice());
            }
        });
        found
    }

    /// Whether an aggregate function is called anywhere in it.
    pub fn has_aggregate(&self) -> bool {
        let mut found = false;
        self.walk(&mut |node| {
            if let AstKind::Call(call) = &node.kind {
                found |= super::functions::is_aggregate(&call.name.text);
            }
        });
        found
    }

    /// Whether `PREVIOUS` is called anywhere in it.
    pub fn has_previous(&self) -> bool {
        let mut found = false;
        self.walk(&mut |node| {
            if let AstKind::Call(call) = &node.kind {
                found |= call.name.text.eq_ignore_ascii_case("PREVIOUS");
            }
        });
        found
    }

    /// The operands of a chain of `AND`, in the order written; of anything else, itself.
    ///
    /// # Examples
    /// ```
    /// let (ast, _) = hegui::expr::parse("a AND (b OR c) AND d");
    /// assert_eq!(ast.unwrap().conjuncts().len(), 3);
    /// ```
    pub fn conjuncts(&self) -> Vec<&Ast> {
        let mut found = Vec::new();
        self.collect_conjuncts(&mut found);
        found
    }

    fn collect_conjuncts<'a>(&'a self, found: &mut Vec<&'a Ast>) {
        if let AstKind::Binary { op: BinaryOp::And, left, right, .. } = &self.kind {
            left.collect_conjuncts(found);
            right.collect_conjuncts(found);
        } else {
            found.push(self);
        }
    }

    /// Visits the node and everything below it, in the order written.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Ast)) {
        visit(self);
        self.kind.for_each_child(&mut |child| child.walk(visit));
    }
}

impl AstKind {
    fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Ast)) {
        match self {
            Self::Literal(_) | Self::Name(_) | Self::Constant(_) | Self::Broken => {}
            Self::Unary(_, a) | Self::IsNull(a, _) | Self::IsTrue(a, _) | Self::Cast(a, _) => visit(a),
            Self::Binary { left: a, right: b, .. } | Self::IsDistinct(a, b, _) | Self::Like(a, b, _) => {
                visit(a);
                visit(b);
            }
            Self::In(a, items, _) => {
                visit(a);
                items.iter().for_each(visit);
            }
            Self::Between(a, b, c, _) => {
                visit(a);
                visit(b);
                visit(c);
            }
            Self::Case { operand, branches, otherwise } => {
                if let Some(a) = operand {
                    visit(a);
                }
                for (condition, result) in branches {
                    visit(condition);
                    visit(result);
                }
                if let Some(a) = otherwise {
                    visit(a);
                }
            }
            Self::Call(call) => {
                call.arguments.iter().for_each(&mut *visit);
                if let Some(a) = &call.filter {
                    visit(a);
                }
            }
            Self::List(items) => items.iter().for_each(visit),
        }
    }
}
