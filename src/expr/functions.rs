//! The one table of functions and operators: what each is called, takes, gives, does with nulls, and an example.
//!
//! Binding, evaluation, SQL printing, `explain`, docs, completions and tests all read [`TABLE`].

mod table;

use super::evaluate::Evaluate;
use super::{DurationUnit, Type};
pub use table::TABLE;

/// One entry.
#[derive(Debug)]
pub struct Function {
    /// Name as written, in capitals; for an operator its symbol or words.
    pub name: &'static str,
    /// Which part of the language it belongs to.
    pub family: Family,
    /// The ways it may be called; the first that fits is taken.
    pub signatures: &'static [Signature],
    /// What it does with nulls.
    pub nulls: Nulls,
    /// One line of help in Chinese.
    pub zh: &'static str,
    /// One line of help in English.
    pub en: &'static str,
    /// A worked example.
    pub example: Example,
    /// How it is computed. Aggregates and `PREVIOUS` are lifted before evaluation.
    pub(super) evaluate: Evaluate,
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Parts of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the rows of the table in LANGUAGE.md §4")]
pub enum Family {
    Operator,
    Text,
    Number,
    Null,
    Time,
    List,
    Ordered,
    Aggregate,
    Domain,
}

/// What a function does with nulls and doubts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// NULL if any argument is.
    Strict,
    /// Three-valued logic: NULL unless the other operands decide.
    Logic,
    /// Looks at blanks; a doubt stays NULL.
    Looks,
    /// As LANGUAGE.md §5 has it for aggregates: NULL if any input or `FILTER` is.
    Aggregate,
}

/// Types a parameter takes, or the result has. `Same…` kinds of one signature stand for one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `decimal`, to which integers widen
    Decimal,
    /// `text`
    Text,
    /// `date`
    Date,
    /// `timestamp`
    Timestamp,
    /// A duration of whole days.
    Days,
    /// A duration of hours and minutes.
    Time,
    /// A duration of months.
    Months,
    /// A text constant that is a pattern.
    Pattern,
    /// Integer or decimal; if one is decimal, all are.
    SameNumber,
    /// Any type.
    SameAny,
    /// Any type but lists.
    SameValue,
    /// A type with an order: number, text, date, timestamp, duration.
    SameOrdered,
    /// A list.
    List,
    /// An element of the list.
    Element,
    /// A list of what `Same…` stands for.
    ListOfSame,
}

impl Kind {
    /// The word help texts use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Days => "days",
            Self::Time => "hours",
            Self::Months => "months",
            Self::Pattern => "'pattern'",
            Self::SameNumber => "number",
            Self::SameAny => "any",
            Self::SameValue | Self::Element => "value",
            Self::SameOrdered => "ordered",
            Self::List => "list",
            Self::ListOfSame => "list<value>",
        }
    }
}

/// One way to call a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Kinds of the arguments.
    pub arguments: &'static [Kind],
    /// Whether the last argument may be repeated.
    pub repeats: bool,
    /// Kind of the result.
    pub result: Kind,
}

/// A worked example: an expression and its value, both in the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The expression.
    pub text: &'static str,
    /// For aggregates and `PREVIOUS`: columns and, row by row, their cells.
    pub rows: &'static [(&'static str, &'static [&'static str])],
    /// The value; for `PREVIOUS` that of the last row.
    pub value: &'static str,
}

/// Finds a function or operator by its name, in any case.
pub fn find(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// Whether a function name, in any case, is that of an aggregate.
pub fn is_aggregate(name: &str) -> bool {
    find(name).is_some_and(|function| function.family == Family::Aggregate)
}

/// The type both fit into: integers widen to decimals, days count as time, NULL fits all.
pub(super) fn unify(a: &Type, b: &Type) -> Option<Type> {
    use DurationUnit::{Days, Time};
    Some(match (a, b) {
        (a, b) if a == b => a.clone(),
        (Type::Null, other) | (other, Type::Null) => other.clone(),
        (Type::Integer, Type::Decimal) | (Type::Decimal, Type::Integer) => Type::Decimal,
        (Type::Duration(Days), Type::Duration(Time)) | (Type::Duration(Time), Type::Duration(Days)) => {
            Type::Duration(Time)
        }
        (Type::List(a), Type::List(b)) if **a == Type::Null || **b == Type::Null => Type::List(Box::new(unify(a, b)?)),
        _ => return None,
    })
}

impl Signature {
    /// The kind of argument `index`, with `count` arguments given.
    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.arguments.get(index).or(if self.repeats { self.arguments.last() } else { None }).copied()
    }

    /// Whether it can be called with that many arguments.
    pub(super) fn takes(&self, count: usize) -> bool {
        count == self.arguments.len() || (self.repeats && count > self.arguments.len())
    }

    /// The types the arguments must be brought to and the type of the result; `None` if they do not fit.
    pub(super) fn resolve(&self, types: &[Type]) -> Option<(Vec<Type>, Type)> {
        let (mut same, mut element) = (Type::Null, Type::Null);
        for (index, ty) in types.iter().enumerate() {
            match self.kind(index)? {
                Kind::List => match ty {
                    Type::List(item) => element = unify(&element, item)?,
                    Type::Null => {}
                    _ => return None,
                },
                Kind::Element => element = unify(&element, ty)?,
                kind if kind.admits(ty) => {
                    if kind.fixed().is_none() {
                        same = unify(&same, ty)?;
                    }
                }
                _ => return None,
            }
        }
        if matches!(element, Type::List(_)) {
            return None;
        }
        // `NULL IS NULL`: any type does.
        if same == Type::Null {
            same = Type::Boolean;
        }
        if element == Type::Null {
            element = Type::Text;
        }
        let settle = |kind: Kind| {
            kind.fixed().unwrap_or_else(|| match kind {
                Kind::List => Type::List(Box::new(element.clone())),
                Kind::Element => element.clone(),
                Kind::ListOfSame => Type::List(Box::new(same.clone())),
                _ => same.clone(),
            })
        };
        let targets = (0..types.len()).map(|index| self.kind(index).map(settle)).collect::<Option<_>>()?;
        Some((targets, settle(self.result)))
    }
}

impl Kind {
    /// The one type it stands for, if it stands for one.
    fn fixed(self) -> Option<Type> {
        Some(match self {
            Self::Boolean => Type::Boolean,
            Self::Integer => Type::Integer,
            Self::Decimal => Type::Decimal,
            Self::Text | Self::Pattern => Type::Text,
            Self::Date => Type::Date,
            Self::Timestamp => Type::Timestamp,
            Self::Days => Type::Duration(DurationUnit::Days),
            Self::Time => Type::Duration(DurationUnit::Time),
            Self::Months => Type::Duration(DurationUnit::Months),
            _ => return None,
        })
    }

    /// Whether an argument of the type may stand there, as far as it alone is concerned.
    pub(super) fn admits(self, ty: &Type) -> bool {
        if *ty == Type::Null {
            return true;
        }
        match self {
            Self::Decimal | Self::SameNumber => matches!(ty, Type::Integer | Type::Decimal),
            Self::SameAny => true,
            Self::SameValue | Self::Element => !matches!(ty, Type::List(_)),
            Self::SameOrdered => !matches!(ty, Type::List(_) | Type::Boolean),
            Self::List | Self::ListOfSame => matches!(ty, Type::List(_)),
            _ => self.fixed().as_ref() == Some(ty),
        }
    }
}

impl Function {
    /// How it is called, one line per way: `SUBSTR(text, integer, integer) → text`.
    pub fn usage(&self) -> Vec<String> {
        let one = |signature: &Signature| {
            let mut words: Vec<&str> = signature.arguments.iter().map(|kind| kind.word()).collect();
            if signature.repeats {
                words.push("…");
            }
            let result = signature.result.word();
            match (self.family, words.as_slice()) {
                (Family::Operator, [a, b]) if self.name != "IN" => format!("{a} {} {b} → {result}", self.name),
                (Family::Operator, [a]) if self.name.starts_with("IS") => format!("{a} {} → {result}", self.name),
                (Family::Operator, [a]) => format!("{} {a} → {result}", self.name),
                _ => format!("{}({}) → {result}", self.name, words.join(", ")),
            }
        };
        self.signatures.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests;
