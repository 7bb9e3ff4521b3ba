//! A document held whole: values with the line each starts on, whatever format they were written in.

use std::borrow::Cow;

use crate::text::{Code, Text};

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value<'a> {
    /// Line it starts on, from 1.
    pub(crate) line: u64,
    /// What it is.
    pub(crate) kind: Kind<'a>,
}

/// The sorts of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind<'a> {
    /// `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// A number as written.
    Number(&'a str),
    /// Text.
    Text(Cow<'a, str>),
    /// Text whose bytes are no characters.
    Undecodable,
    /// A list.
    List(Vec<Value<'a>>),
    /// An object; keys in the order written, all different.
    Map(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// Why a document cannot be read, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DocumentFault {
    /// Which fault.
    pub(crate) code: &'static Code,
    /// Line, from 1.
    pub(crate) line: u64,
    /// What is wrong.
    pub(crate) message: Text,
}

impl<'a> Value<'a> {
    /// The element of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        let Kind::Map(entries) = &self.kind else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The number that it is, or that its text is, if it counts something.
    pub(crate) fn count(&self) -> Option<u64> {
        match &self.kind {
            Kind::Number(text) => text.trim().parse().ok(),
            Kind::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}

/// The key that a segment of a pointer names.
pub(crate) fn key_of(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// The rows that a JSON pointer names, each with its own pointer, made as they are asked for: there may be millions. `*`
/// stands for every element. Without a pointer a list is its elements and anything else is one row. `None` when nothing is
/// there.
pub(crate) fn rows<'v, 'a>(
    root: &'v Value<'a>,
    pointer: Option<&str>,
) -> Option<impl Iterator<Item = (String, &'v Value<'a>)> + use<'v, 'a>> {
    let segments = match (pointer.unwrap_or_default(), &root.kind) {
        // A file that is a plain list of rows needs no wrapping.
        (_, Kind::List(_)) | ("", _) => Vec::new(),
        (pointer, _) => pointer.split('/').skip(1).collect(),
    };
    let mut at = vec![(String::new(), root)];
    for segment in segments {
        let mut next = Vec::new();
        for (path, value) in at {
            match (&value.kind, segment) {
                (Kind::List(items), "*") => next.extend(elements(path, items)),
                (Kind::Map(entries), "*") => {
                    next.extend(entries.iter().map(|(key, value)| (child(&path, key), value)));
                }
                (Kind::Map(_), segment) => {
                    let key = key_of(segment);
                    next.extend(value.get(&key).map(|found| (child(&path, &key), found)));
                }
                (Kind::List(items), segment) => {
                    let index = segment.parse::<usize>().ok();
                    next.extend(index.and_then(|index| items.get(index)).map(|found| (child(&path, segment), found)));
                }
                _ => {}
            }
        }
        at = next;
    }
    if at.is_empty() && pointer.is_some_and(|pointer| !pointer.contains('*')) {
        return None;
    }
    Some(at.into_iter().flat_map(|(path, value)| {
        let (items, one) = match &value.kind {
            Kind::List(items) => (items.as_slice(), None),
            Kind::Null => (Default::default(), None),
            _ => (Default::default(), Some((path.clone(), value))),
        };
        elements(path, items).chain(one)
    }))
}

fn elements<'v, 'a>(path: String, items: &'v [Value<'a>]) -> impl Iterator<Item = (String, &'v Value<'a>)> {
    items.iter().enumerate().map(move |(index, value)| (format!("{path}/{index}"), value))
}

/// The pointer of a key below `path`.
pub(crate) fn child(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}
