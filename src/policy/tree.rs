//! Walking a YAML tree together with the file it came from.

use std::sync::Arc;

use super::yaml::{Node, Plain, Scalar, Style};
use crate::text::{Diagnostic, Excerpt, Place, Source, Span, Text};

/// A node and its file.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    node: &'a Node,
    source: &'a Arc<Source>,
}

/// What sort of YAML value a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Empty, `~` or `null`.
    Null,
    /// Any other scalar.
    Scalar,
    /// A list.
    List,
    /// A mapping.
    Mapping,
}

/// A scalar of `source` with its places.
pub(crate) fn excerpt_of(scalar: &Scalar, source: &Arc<Source>) -> Excerpt {
    Excerpt {
        text: scalar.text(&source.text).to_owned(),
        source: Arc::clone(source),
        span: scalar.span,
        map: scalar.runs().into(),
    }
}

impl<'a> Value<'a> {
    /// The root of a file.
    pub fn new(node: &'a Node, source: &'a Arc<Source>) -> Self {
        Self { node, source }
    }

    /// The file.
    pub fn source(self) -> &'a Arc<Source> {
        self.source
    }

    /// Its bytes in the file.
    pub fn span(self) -> Span {
        self.node.span()
    }

    /// Its place.
    pub fn place(self) -> Place {
        Place::Source { source: Arc::clone(self.source), span: self.span() }
    }

    /// What sort of value it is.
    pub fn sort(self) -> Sort {
        match self.node {
            Node::Scalar(scalar) if scalar.plain(&self.source.text) == Plain::Null => Sort::Null,
            Node::Scalar(_) => Sort::Scalar,
            Node::Sequence(_) => Sort::List,
            Node::Mapping(_) => Sort::Mapping,
        }
    }

    /// Whether something stands here that could not be read, as an alias without anchor: its fault is told.
    pub(crate) fn is_told(self) -> bool {
        let span = self.span();
        self.plain() == Some(Plain::Null) && span.start < span.end && self.raw().is_some_and(str::is_empty)
    }

    fn raw(self) -> Option<&'a str> {
        match self.node {
            Node::Scalar(scalar) => Some(scalar.text(&self.source.text)),
            _ => None,
        }
    }

    /// The text of a scalar that is not null.
    pub fn text(self) -> Option<&'a str> {
        match self.node {
            Node::Scalar(scalar) if self.sort() == Sort::Scalar => Some(scalar.text(&self.source.text)),
            _ => None,
        }
    }

    /// What a scalar means in the core schema; `None` for lists and mappings.
    pub fn plain(self) -> Option<Plain> {
        match self.node {
            Node::Scalar(scalar) => Some(scalar.plain(&self.source.text)),
            _ => None,
        }
    }

    /// How a scalar is written.
    pub fn style(self) -> Option<Style> {
        match self.node {
            Node::Scalar(scalar) => Some(scalar.style),
            _ => None,
        }
    }

    /// The scalar with its places; a list or mapping gives its place with an empty text.
    pub fn excerpt(self) -> Excerpt {
        match self.node {
            Node::Scalar(scalar) => excerpt_of(scalar, self.source),
            _ => {
                let map = [(0, self.span().start)];
                Excerpt { text: String::new(), source: Arc::clone(self.source), span: self.span(), map: map.into() }
            }
        }
    }

    /// The value of a key of a mapping.
    pub fn get(self, key: &str) -> Option<Value<'a>> {
        self.entries().find(|(name, _)| name.text(&self.source.text) == key).map(|(_, value)| value)
    }

    /// Keys and values of a mapping; nothing for anything else.
    pub fn entries(self) -> impl Iterator<Item = (&'a Scalar, Value<'a>)> {
        let entries = match self.node {
            Node::Mapping(mapping) => mapping.entries.as_slice(),
            _ => &[],
        };
        entries.iter().map(move |(key, node)| (key, Value { node, source: self.source }))
    }

    /// Keys, each with its places, and values.
    pub fn named(self) -> impl Iterator<Item = (Excerpt, Value<'a>)> {
        self.entries().map(move |(key, value)| (excerpt_of(key, self.source), value))
    }

    /// Elements of a list; nothing for anything else.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        let items = match self.node {
            Node::Sequence(sequence) => sequence.items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |node| Value { node, source: self.source })
    }

    /// Elements of a list, or the value itself.
    pub fn one_or_more(self) -> impl Iterator<Item = Value<'a>> {
        let single = (self.sort() != Sort::List).then_some(self);
        single.into_iter().chain(self.items())
    }

    /// A diagnostic pointing at it.
    pub(crate) fn fault(self, code: &'static crate::text::Code, message: Text) -> Diagnostic {
        Diagnostic::new(code, message).at(self.source, self.span())
    }

    /// The value as JSON: plain scalars by the core schema, numbers as written.
    pub fn to_json(self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self.node {
            Node::Scalar(scalar) => {
                let text = scalar.text(&self.source.text);
                match scalar.plain(&self.source.text) {
                    Plain::Null => Json::Null,
                    Plain::Boolean(value) => Json::Bool(value),
                    Plain::Integer(value) => Json::from(value),
                    Plain::Number => text.parse::<serde_json::Number>().map_or_else(|_| Json::from(text), Json::Number),
                    Plain::Text => Json::from(text),
                }
            }
            // Nesting is limited where the tree is read, so this recursion is too.
            Node::Sequence(_) => self.items().map(Value::to_json).collect(),
            Node::Mapping(_) => Json::Object(
                self.entries().map(|(key, value)| (key.text(&self.source.text).to_owned(), value.to_json())).collect(),
            ),
        }
    }
}
