//! YAML (through the policy layer's span tree) into [`Value`]s.

use std::borrow::Cow;

use super::codes;
use super::document::{DocumentFault, Kind, Value};
use super::json::Bounds;
use crate::policy::yaml::{self, FaultKind, Node, Plain};
use crate::text::{Code, Text};

/// Values that aliases may repeat: far more than anybody shares, and little memory.
const REPEATED: usize = 500_000;

/// Parses a file into its tree.
///
/// # Errors
/// On the first fault. An empty file is `None`.
pub(crate) fn parse(text: &str, bounds: Bounds) -> Result<Option<Node>, DocumentFault> {
    // Each value is held twice: as it stands in the file, and as what is read of it.
    let nodes = bounds.nodes / 2;
    let limits = yaml::Limits { depth: bounds.depth, nodes, aliases: 10_000, repeated: REPEATED };
    let (node, faults) = yaml::parse(text, limits);
    let Some(fault) = faults.into_iter().next() else {
        let Some(at) = node.as_ref().and_then(|node| merge_key(node, text)) else { return Ok(node) };
        let line = line_of(&line_starts(text), at);
        let message = Text::new(
            format!("第 {line} 行：不支持合并键 `<<`，请把值写在各行里"),
            format!("line {line}: merge keys (`<<`) are not read; write the values where they belong"),
        );
        return Err(DocumentFault { code: &codes::SYNTAX, line, message });
    };
    let line = line_of(&line_starts(text), fault.span.start);
    let (code, zh, en): (&'static Code, _, _) = match fault.kind {
        FaultKind::Syntax { zh, en } => {
            (&codes::SYNTAX, format!("不是有效的 YAML（{zh}）"), format!("not valid YAML: {en}"))
        }
        FaultKind::Tab => (&codes::SYNTAX, "缩进用了制表符".to_owned(), "a tab is used for indentation".to_owned()),
        FaultKind::Unclosed(what) if what == "quote" => {
            (&codes::SYNTAX, "引号没有闭合".to_owned(), "a quote is never closed".to_owned())
        }
        FaultKind::Unclosed(what) => {
            (&codes::SYNTAX, format!("`{what}` 没有闭合"), format!("`{what}` is never closed"))
        }
        FaultKind::DuplicateKey(key, _) => {
            (&codes::DUPLICATE_NAME, format!("键 `{key}` 重复"), format!("the key `{key}` is there twice"))
        }
        FaultKind::ComplexKey => {
            (&codes::SYNTAX, "键不能是列表或对象".to_owned(), "a key is a list or mapping".to_owned())
        }
        FaultKind::TooDeep(limit) => {
            (&codes::TOO_DEEP, format!("嵌套超过 {limit} 层"), format!("nested more than {limit} deep"))
        }
        FaultKind::TooManyNodes(limit) => (
            &codes::TOO_LARGE,
            format!("文档的值超过 {limit} 个"),
            format!("the document has more than {limit} values"),
        ),
        FaultKind::TooManyAliases(limit) => {
            (&codes::TOO_LARGE, format!("别名超过 {limit} 个"), format!("more than {limit} aliases are used"))
        }
        FaultKind::TooManyRepeated(limit) => (
            &codes::TOO_LARGE,
            format!("别名重复的值超过 {limit} 个"),
            format!("aliases repeat more than {limit} values"),
        ),
        FaultKind::Alias => (&codes::SYNTAX, "别名没有对应的锚点".to_owned(), "an alias names no anchor".to_owned()),
        FaultKind::Tag => (&codes::SYNTAX, "不支持标签（!…）".to_owned(), "tags (`!…`) are not read".to_owned()),
        FaultKind::SecondDocument => {
            (&codes::SYNTAX, "文件中有第二个文档".to_owned(), "a second document begins here".to_owned())
        }
    };
    Err(DocumentFault {
        code, line, message: Text::new(format!("第 {line} 行：{zh}"), format!("line {line}: {en}"))
    })
}

/// Where a mapping takes values over from another: read as a key of its own, it would leave blanks behind.
fn merge_key(node: &Node, text: &str) -> Option<u32> {
    // INVARIANT: the parser has bounded the depth.
    match node {
        Node::Scalar(_) => None,
        Node::Sequence(list) => list.items.iter().find_map(|item| merge_key(item, text)),
        Node::Mapping(map) => map.entries.iter().find_map(|(key, value)| {
            if key.text(text) == "<<" { Some(key.span.start) } else { merge_key(value, text) }
        }),
    }
}

/// The tree as values.
pub(crate) fn value<'a>(node: &'a Node, text: &'a str) -> Value<'a> {
    convert(node, text, &line_starts(text))
}

fn convert<'a>(node: &'a Node, text: &'a str, lines: &[usize]) -> Value<'a> {
    // INVARIANT: the parser has bounded the depth.
    let kind = match node {
        Node::Scalar(scalar) => match scalar.plain(text) {
            Plain::Null => Kind::Null,
            Plain::Boolean(value) => Kind::Boolean(value),
            Plain::Integer(_) | Plain::Number => Kind::Number(scalar.text(text)),
            Plain::Text => Kind::Text(Cow::Borrowed(scalar.text(text))),
        },
        Node::Sequence(list) => Kind::List(list.items.iter().map(|item| convert(item, text, lines)).collect()),
        Node::Mapping(map) => Kind::Map(
            map.entries
                .iter()
                .map(|(key, value)| (Cow::Borrowed(key.text(text)), convert(value, text, lines)))
                .collect(),
        ),
    };
    Value { line: line_of(lines, node.span().start), kind }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
        .collect()
}

fn line_of(lines: &[usize], offset: u32) -> u64 {
    lines.partition_point(|start| *start <= offset as usize).max(1) as u64
}
