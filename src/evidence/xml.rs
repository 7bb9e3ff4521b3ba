//! XML into [`Value`]s: an element is an object of its attributes and children, a repeated child a list.
//!
//! An element of text alone is that text; text beside attributes or children stands under `#text`. Names lose their
//! namespace prefix. The root is a key of the document, so a pointer reads like the file: `/nmaprun/host`. A file may
//! name its document type, as nmap's do; one that brings entities of its own or points elsewhere is refused.

use std::borrow::Cow;

use roxmltree::{Document, Node, ParsingOptions};

use super::codes;
use super::document::{DocumentFault, Kind, Value};
use super::json::Bounds;
use crate::text::{Code, Text};

/// The key of text that stands beside attributes or children.
pub(crate) const TEXT: &str = "#text";

/// Calls `read` with the document.
///
/// # Errors
/// On the first fault.
pub(crate) fn with<R>(text: &str, bounds: Bounds, read: impl FnOnce(&Value<'_>) -> R) -> Result<R, DocumentFault> {
    let lines = Lines(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect());
    if let Some(at) = own_entities(text) {
        return Err(fault(
            &codes::SYNTAX,
            lines.of(at),
            "文件自带实体定义或引用外部文件，没有读取",
            "it defines entities of its own or points to another file; it was not read",
        ));
    }
    let nodes_limit = u32::try_from(bounds.nodes).unwrap_or(u32::MAX);
    let options = ParsingOptions { allow_dtd: true, nodes_limit, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|found| {
        let line = u64::from(found.pos().row);
        if matches!(found, roxmltree::Error::NodesLimitReached) {
            return fault(&codes::TOO_LARGE, line, "节点过多", "it has too many nodes");
        }
        DocumentFault {
            code: &codes::SYNTAX,
            line,
            message: Text::new(
                format!("第 {line} 行：不是有效的 XML（{found}）"),
                format!("line {line}: not valid XML: {found}"),
            ),
        }
    })?;
    let root = document.root_element();
    let value = element(root, bounds.depth, &lines)?;
    let line = value.line;
    Ok(read(&Value { line, kind: Kind::Map(vec![(Cow::Borrowed(root.tag_name().name()), value)]) }))
}

/// Where the document type brings entities or points outside; a bare name is harmless.
fn own_entities(text: &str) -> Option<usize> {
    let at = text.find("<!DOCTYPE")?;
    let rest = text.get(at..)?;
    let declared = rest.get(..rest.find('>').unwrap_or(rest.len()))?;
    let words = declared.split_ascii_whitespace().nth(2).is_some();
    (declared.contains('[') || words).then_some(at)
}

fn element<'a>(node: Node<'a, '_>, depth: usize, lines: &Lines) -> Result<Value<'a>, DocumentFault> {
    let line = lines.of(node.range().start);
    let Some(depth) = depth.checked_sub(1) else {
        return Err(fault(&codes::TOO_DEEP, line, "嵌套过深", "it is nested too deeply"));
    };
    let mut entries: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
    for attribute in node.attributes() {
        let value = Value { line, kind: Kind::Text(Cow::Owned(attribute.value().to_owned())) };
        add(&mut entries, Cow::Borrowed(attribute.name()), value);
    }
    let mut text = String::new();
    for child in node.children() {
        if child.is_element() {
            add(&mut entries, Cow::Borrowed(child.tag_name().name()), element(child, depth, lines)?);
        } else if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        }
    }
    let text = text.trim();
    let kind = if entries.is_empty() {
        if text.is_empty() { Kind::Null } else { Kind::Text(Cow::Owned(text.to_owned())) }
    } else {
        if !text.is_empty() {
            let value = Value { line, kind: Kind::Text(Cow::Owned(text.to_owned())) };
            add(&mut entries, Cow::Borrowed(TEXT), value);
        }
        Kind::Map(entries)
    };
    Ok(Value { line, kind })
}

/// Adds a child; the second of a name makes a list of it.
fn add<'a>(entries: &mut Vec<(Cow<'a, str>, Value<'a>)>, name: Cow<'a, str>, value: Value<'a>) {
    // Children of one name mostly follow each other.
    let Some((_, before)) = entries.iter_mut().rev().find(|(known, _)| *known == name) else {
        entries.push((name, value));
        return;
    };
    if let Kind::List(items) = &mut before.kind {
        items.push(value);
        return;
    }
    let line = before.line;
    let first = std::mem::replace(before, Value { line, kind: Kind::Null });
    before.kind = Kind::List(vec![first, value]);
}

/// Where lines end.
struct Lines(Vec<usize>);

impl Lines {
    fn of(&self, offset: usize) -> u64 {
        self.0.partition_point(|end| *end < offset) as u64 + 1
    }
}

fn fault(code: &'static Code, line: u64, zh: &str, en: &str) -> DocumentFault {
    DocumentFault { code, line, message: Text::new(format!("第 {line} 行：{zh}"), format!("line {line}: {en}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { depth: 16, nodes: 1_000 };

    fn shown(value: &Value<'_>) -> String {
        match &value.kind {
            Kind::Map(entries) => {
                let parts: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key}: {}", shown(value))).collect();
                format!("{{{}}}", parts.join(", "))
            }
            Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Kind::Text(text) => text.to_string(),
            Kind::Null => "null".to_owned(),
            other => format!("{other:?}"),
        }
    }

    fn read(text: &str) -> Result<String, (String, u64)> {
        with(text, BOUNDS, shown).map_err(|fault| (fault.code.id.to_owned(), fault.line))
    }

    #[test]
    fn elements_are_objects() {
        for (name, text, expected) in [
            ("attributes and text", "<a x='1'>hi</a>", "{a: {x: 1, #text: hi}}"),
            ("text alone", "<a>\n  hi\n</a>", "{a: hi}"),
            ("nothing", "<a/>", "{a: null}"),
            ("children of one name are a list", "<a><b>1</b><b>2</b><c/></a>", "{a: {b: [1, 2], c: null}}"),
            ("a list and one", "<a><b i='1'/><c>x</c><b i='2'/></a>", "{a: {b: [{i: 1}, {i: 2}], c: x}}"),
            ("characters and CDATA", "<a>&lt;<![CDATA[&]]></a>", "{a: <&}"),
            ("prefixes are left off", "<n:a xmlns:n='u'><n:b>1</n:b></n:a>", "{a: {b: 1}}"),
            ("a document type without anything", "<?xml version='1.0'?><!DOCTYPE a><a>1</a>", "{a: 1}"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{name}");
        }
    }

    #[test]
    fn what_is_hostile_or_broken_is_told_with_its_line() {
        let bomb = "<!DOCTYPE a [\n<!ENTITY b \"xxxxxxxx\">\n]>\n<a>&b;</a>";
        let deep = format!("{}{}", "<a>\n".repeat(30), "</a>".repeat(30));
        let many = format!("<a>{}</a>", "<b/>".repeat(2_000));
        for (name, text, code) in [
            ("entities of its own", bomb, "evidence/syntax"),
            ("an entity of another file", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>1</a>", "evidence/syntax"),
            ("an entity nobody defines", "<a>&b;</a>", "evidence/syntax"),
            ("not closed", "<a>\n<b>", "evidence/syntax"),
            ("nested too deeply", &deep, "evidence/too-deep"),
            ("too many nodes", &many, "evidence/too-large"),
        ] {
            assert_eq!(read(text).map_err(|(code, _)| code), Err(code.to_owned()), "{name}");
        }
        let abyss = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        let read_abyss = with(&abyss, Bounds { depth: 128, nodes: 1_000_000 }, |_| ());
        assert_eq!(read_abyss.map_err(|fault| fault.code.id), Err("evidence/too-deep"));
        assert_eq!(read("<a>\n<b>1</b>\n<c x=1/>\n</a>").map_err(|(_, line)| line), Err(3));
    }
}
