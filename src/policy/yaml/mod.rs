//! YAML text → a tree of nodes, each with its bytes in the file.
//!
//! YAML 1.2 core schema: `on`, `no` and `yes` are text. Tags are refused, so are duplicate keys, keys that are not
//! scalars, and more nesting, nodes or aliases than [`Limits`] allows. Nothing here knows what a file should hold.
//!
//! The build script includes this folder as it is (it turns the shipped pack into trees), so it uses nothing but the
//! event parser, serde and [`Span`].

mod parse;
mod runs;
mod said;
mod scalar;

use serde::{Deserialize, Serialize};

use crate::text::Span;

pub use parse::{Fault, FaultKind, parse, parse_all};
pub use scalar::{Plain, Scalar, Style};

/// How much a document may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nesting of lists and mappings.
    pub depth: usize,
    /// Scalars, lists and mappings, counted again wherever an alias repeats them.
    pub nodes: usize,
    /// Uses of aliases.
    pub aliases: usize,
    /// Nodes that anchors and aliases repeat, long texts among them counted as many.
    pub repeated: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 64, nodes: 1_000_000, aliases: 1_000, repeated: 1_000_000 }
    }
}

/// A value in a YAML document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Node {
    /// Text, number, boolean or null.
    Scalar(Scalar),
    /// A list.
    Sequence(Sequence),
    /// Keys and values, in the order of the file; keys are unique.
    Mapping(Mapping),
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// The whole list in the file.
    pub span: Span,
    /// Its elements.
    pub items: Vec<Node>,
}

/// A mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The whole mapping in the file.
    pub span: Span,
    /// Keys and values.
    pub entries: Vec<(Scalar, Node)>,
}

impl Node {
    /// The bytes of the value in the file.
    pub fn span(&self) -> Span {
        match self {
            Self::Scalar(scalar) => scalar.span,
            Self::Sequence(sequence) => sequence.span,
            Self::Mapping(mapping) => mapping.span,
        }
    }
}

#[cfg(test)]
mod tests;
