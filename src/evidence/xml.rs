//! XML into [`Value`]s: an element is an object of its attributes and children, a repeated child a list.
//!
//! An element of text alone is that text; text beside attributes or children stands under `#text`. Names lose their
//! namespace prefix. The root is a key of the document, so a pointer reads like the file: `/nmaprun/host`. A file may
//! name its document type, as nmap's do; one that brings entities of its own or points elsewhere is refused.

use std::borrow::Cow;
use std::collections::HashMap;

use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, BytesText, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::codes;
use super::document::{DocumentFault, Kind, Value};
use super::explain::short;
use super::json::Bounds;
use crate::text::{Code, Text};

/// The key of text that stands beside attributes or children.
pub(crate) const TEXT: &str = "#text";

/// Names of an element from which on they are looked up, not looked through.
const WIDE: usize = 16;

/// Parses one document.
///
/// # Errors
/// On the first fault.
pub(crate) fn parse(text: &str, bounds: Bounds) -> Result<Value<'_>, DocumentFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at);
    let parser = Parser { text, ends: ends.collect(), bounds, nodes: 0, open: Vec::new(), root: None };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !is_char(*c)) {
        let code = u32::from(c);
        return Err(parser.syntax(
            at,
            &format!("有 XML 不允许的字符 U+{code:04X}"),
            &format!("XML has no character U+{code:04X}"),
        ));
    }
    parser.document()
}

struct Parser<'a> {
    text: &'a str,
    /// Where lines end.
    ends: Vec<usize>,
    bounds: Bounds,
    nodes: usize,
    /// Elements that are not closed, outermost first.
    open: Vec<Open<'a>>,
    root: Option<(&'a str, Value<'a>)>,
}

/// An element being read.
struct Open<'a> {
    /// Its name, prefix and all.
    name: &'a str,
    line: u64,
    entries: Vec<(&'a str, Value<'a>)>,
    /// Where each name stands, once there are many.
    places: HashMap<&'a str, usize>,
    text: String,
}

impl<'a> Parser<'a> {
    fn document(mut self) -> Result<Value<'a>, DocumentFault> {
        let mut reader = Reader::from_str(self.text);
        let config = reader.config_mut();
        config.check_comments = true;
        // Looked at here, where both lines are known.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        loop {
            let at = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|fault| {
                let (zh, en) = malformed(&fault);
                self.syntax(offset(reader.error_position()), zh, en)
            })?;
            let piece = self.text.get(at..offset(reader.buffer_position())).unwrap_or_default();
            match event {
                Event::Start(_) => self.start(at, tag(piece, "<", ">"))?,
                Event::Empty(_) => {
                    self.start(at, tag(piece, "<", "/>"))?;
                    self.close();
                }
                Event::End(_) => self.end(at, tag(piece, "</", ">").trim_ascii_end())?,
                Event::Text(text) => self.characters(at, &text)?,
                Event::CData(text) => match self.open.last_mut() {
                    Some(open) => open.text.push_str(&text.xml10_content()),
                    None => return Err(self.outside(at)),
                },
                Event::GeneralRef(name) => self.reference(at, &name)?,
                Event::DocType(declared) => self.document_type(at, &declared)?,
                Event::Decl(_) if at > 0 => {
                    return Err(self.syntax(at, "`<?xml …?>` 只能在文件开头", "`<?xml …?>` belongs at the beginning"));
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => break,
            }
        }
        let end = self.text.len();
        if let Some(open) = self.open.last() {
            let (name, line) = (short(open.name), open.line);
            return Err(self.syntax(
                end,
                &format!("第 {line} 行的 `<{name}>` 没有闭合（文件到此结束）"),
                &format!("`<{name}>` of line {line} is never closed (the file ends here)"),
            ));
        }
        let Some((name, value)) = self.root.take() else {
            return Err(self.syntax(end, "没有元素", "it has no element"));
        };
        Ok(Value { line: value.line, kind: Kind::Map(vec![(Cow::Borrowed(name), value)]) })
    }

    /// A start tag, by what stands between its brackets.
    fn start(&mut self, at: usize, tag: &'a str) -> Result<(), DocumentFault> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.outside(at));
        }
        let line = self.line(at);
        if self.open.len() >= self.bounds.depth {
            return Err(fault(&codes::TOO_DEEP, line, "嵌套过深", "it is nested too deeply"));
        }
        self.count(at)?;
        let name = tag.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
        self.is_name(at, name)?;
        let (entries, places) = (Vec::new(), HashMap::new());
        let mut open = Open { name, line, entries, places, text: String::new() };
        let mut names = Vec::new();
        // The library looks for names that are there twice by going through all that came before.
        for attribute in Attributes::new(tag, name.len()).with_checks(false) {
            let broken = || {
                let shown = short(name);
                self.syntax(
                    at,
                    &format!("`<{shown}>` 的属性写法有误"),
                    &format!("an attribute of `<{shown}>` is malformed"),
                )
            };
            let attribute = attribute.map_err(|_| broken())?;
            let key: &'a str = attribute.key.into_inner();
            // The library lets an attribute follow the quote of the one before.
            let before = key.as_ptr().addr().wrapping_sub(tag.as_ptr().addr()).wrapping_sub(1);
            if !tag.as_bytes().get(before).is_some_and(u8::is_ascii_whitespace) {
                return Err(broken());
            }
            self.is_name(at, key)?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?;
            if attribute.value.contains('<') || !value.chars().all(is_char) {
                return Err(broken());
            }
            names.push(key);
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            self.count(at)?;
            open.add(local(key), Value { line, kind: Kind::Text(value) });
        }
        names.sort_unstable();
        if let Some([twice, _]) = names.array_windows().find(|[one, other]| one == other) {
            let (name, twice) = (short(name), short(twice));
            return Err(fault(
                &codes::DUPLICATE_NAME,
                line,
                &format!("`<{name}>` 的属性 `{twice}` 重复"),
                &format!("`<{name}>` has the attribute `{twice}` twice"),
            ));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, at: usize, name: &str) -> Result<(), DocumentFault> {
        match self.open.last() {
            Some(open) if open.name == name => {
                self.close();
                Ok(())
            }
            Some(open) => {
                let (name, other, line) = (short(name), short(open.name), open.line);
                Err(self.syntax(
                    at,
                    &format!("`</{name}>` 与第 {line} 行的 `<{other}>` 不配对"),
                    &format!("`</{name}>` does not close `<{other}>` of line {line}"),
                ))
            }
            None => {
                let name = short(name);
                Err(self.syntax(at, &format!("`</{name}>` 没有对应的开始标签"), &format!("`</{name}>` closes nothing")))
            }
        }
    }

    /// The innermost element is complete.
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let name = local(open.name);
        let value = open.value();
        match self.open.last_mut() {
            Some(outer) => outer.add(name, value),
            None => self.root = Some((name, value)),
        }
    }

    fn characters(&mut self, at: usize, text: &BytesText<'_>) -> Result<(), DocumentFault> {
        let text = text.xml10_content();
        if text.contains("]]>") {
            return Err(self.syntax(at, "文字中不能有 `]]>`", "`]]>` must not stand in text"));
        }
        let is_blank = text.trim_ascii().is_empty();
        match self.open.last_mut() {
            Some(open) => open.text.push_str(&text),
            None if is_blank => return Ok(()),
            None => return Err(self.outside(at)),
        }
        if is_blank { Ok(()) } else { self.count(at) }
    }

    /// `&name;` and `&#number;`.
    fn reference(&mut self, at: usize, name: &BytesRef<'_>) -> Result<(), DocumentFault> {
        let number = name.resolve_char_ref().ok().flatten().filter(|c| is_char(*c));
        let mut room = [0; 4];
        let text = match number {
            Some(c) => Some(&*c.encode_utf8(&mut room)),
            None => quick_xml::escape::resolve_predefined_entity(name),
        };
        let Some(text) = text else {
            let shown = short(name);
            return Err(self.syntax(at, &format!("没有定义 `&{shown};`"), &format!("`&{shown};` is not defined")));
        };
        match self.open.last_mut() {
            Some(open) => open.text.push_str(text),
            None => return Err(self.outside(at)),
        }
        Ok(())
    }

    /// A document type brings entities or points outside; a bare name is harmless.
    fn document_type(&self, at: usize, declared: &str) -> Result<(), DocumentFault> {
        if declared.contains('[') || declared.split_ascii_whitespace().nth(1).is_some() {
            return Err(fault(
                &codes::SYNTAX,
                self.line(at),
                "文件自带实体定义或引用外部文件，没有读取",
                "it defines entities of its own or points to another file; it was not read",
            ));
        }
        if self.root.is_some() || !self.open.is_empty() { Err(self.outside(at)) } else { Ok(()) }
    }

    fn count(&mut self, at: usize) -> Result<(), DocumentFault> {
        self.nodes += 1;
        let limit = self.bounds.nodes;
        if self.nodes <= limit {
            return Ok(());
        }
        let (zh, en) = (format!("文档的值超过 {limit} 个"), format!("the document has more than {limit} values"));
        Err(fault(&codes::TOO_LARGE, self.line(at), &zh, &en))
    }

    fn is_name(&self, at: usize, name: &str) -> Result<(), DocumentFault> {
        let mut chars = name.chars();
        if chars.next().is_some_and(begins_name) && chars.all(in_name) && !local(name).is_empty() {
            return Ok(());
        }
        let shown = short(name);
        Err(self.syntax(at, &format!("`{shown}` 不能用作名称"), &format!("`{shown}` is no name")))
    }

    /// What stands before or after the one element of a document.
    fn outside(&self, at: usize) -> DocumentFault {
        self.syntax(at, "最外层元素之外还有内容", "there is something beside the outermost element")
    }

    fn line(&self, offset: usize) -> u64 {
        self.ends.partition_point(|end| *end < offset) as u64 + 1
    }

    fn syntax(&self, at: usize, zh: &str, en: &str) -> DocumentFault {
        let lines_before = self.ends.partition_point(|end| *end < at);
        let start = lines_before.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        let (line, column) = (lines_before as u64 + 1, at.saturating_sub(start) + 1);
        DocumentFault {
            code: &codes::SYNTAX,
            line,
            message: Text::new(
                format!("第 {line} 行第 {column} 字节：不是有效的 XML（{zh}）"),
                format!("line {line}, byte {column}: not valid XML: {en}"),
            ),
        }
    }
}

impl<'a> Open<'a> {
    /// Adds an attribute or child; the second of a name makes a list of it.
    fn add(&mut self, name: &'a str, value: Value<'a>) {
        let known = if self.entries.len() < WIDE {
            self.entries.iter().rposition(|(known, _)| *known == name)
        } else {
            self.places.get(name).copied()
        };
        let Some((_, before)) = known.and_then(|at| self.entries.get_mut(at)) else {
            self.entries.push((name, value));
            match self.entries.len() {
                0..WIDE => {}
                count => {
                    let new = if count == WIDE { 0 } else { count - 1 };
                    let names = self.entries.iter().enumerate().skip(new);
                    self.places.extend(names.map(|(at, (name, _))| (*name, at)));
                }
            }
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

    fn value(mut self) -> Value<'a> {
        let (line, text) = (self.line, self.text.trim());
        let kind = if text.is_empty() { Kind::Null } else { Kind::Text(Cow::Owned(text.to_owned())) };
        if self.entries.is_empty() {
            return Value { line, kind };
        }
        if kind != Kind::Null {
            self.add(TEXT, Value { line, kind });
        }
        let entries = self.entries.into_iter().map(|(name, value)| (Cow::Borrowed(name), value));
        Value { line, kind: Kind::Map(entries.collect()) }
    }
}

/// What the library says of a text that is no XML.
fn malformed(fault: &quick_xml::Error) -> (&'static str, &'static str) {
    match fault {
        Error::Syntax(SyntaxError::InvalidBangMarkup) => ("`<!` 后面的写法有误", "`<!` begins nothing that is known"),
        Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
            ("`<?` 没有以 `?>` 结束", "`<?` is not closed with `?>`")
        }
        Error::Syntax(SyntaxError::UnclosedComment) => ("`<!--` 没有以 `-->` 结束", "`<!--` is not closed with `-->`"),
        Error::Syntax(SyntaxError::UnclosedDoctype) => {
            ("`<!DOCTYPE` 没有以 `>` 结束", "`<!DOCTYPE` is not closed with `>`")
        }
        Error::Syntax(SyntaxError::UnclosedCData) => {
            ("`<![CDATA[` 没有以 `]]>` 结束", "`<![CDATA[` is not closed with `]]>`")
        }
        Error::Syntax(SyntaxError::UnclosedTag) => ("标签没有以 `>` 结束", "a tag is not closed with `>`"),
        Error::Syntax(
            SyntaxError::UnclosedSingleQuotedAttributeValue | SyntaxError::UnclosedDoubleQuotedAttributeValue,
        ) => ("属性值的引号没有闭合", "the quote of an attribute is never closed"),
        Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
            ("注释中不能有 `--`", "`--` must not stand in a comment")
        }
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            ("`&` 后面没有以 `;` 结束", "what `&` begins is not closed with `;`")
        }
        Error::IllFormed(IllFormedError::MissingDoctypeName) => ("`<!DOCTYPE` 没有名称", "`<!DOCTYPE` has no name"),
        _ => ("写法有误", "it is malformed"),
    }
}

/// What stands in a tag, without its brackets.
fn tag<'a>(piece: &'a str, open: &str, close: &str) -> &'a str {
    piece.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).unwrap_or_default()
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// XML 1.0 (fifth edition), production 2.
const fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Production 4.
const fn begins_name(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// Production 4a.
const fn in_name(c: char) -> bool {
    begins_name(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

fn fault(code: &'static Code, line: u64, zh: &str, en: &str) -> DocumentFault {
    DocumentFault { code, line, message: Text::new(format!("第 {line} 行：{zh}"), format!("line {line}: {en}")) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::in_time;
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
        parse(text, BOUNDS).map(|value| shown(&value)).map_err(|fault| (fault.code.id.to_owned(), fault.line))
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
        let read_abyss = parse(&abyss, Bounds { depth: 128, nodes: 1_000_000 });
        assert_eq!(read_abyss.map_err(|fault| fault.code.id), Err("evidence/too-deep"));
        assert_eq!(read("<a>\n<b>1</b>\n<c x=1/>\n</a>").map_err(|(_, line)| line), Err(3));
    }

    #[test]
    fn what_is_no_xml_is_said_in_both_languages_with_its_place() {
        for (text, place, zh, en) in [
            ("<a>\n<b></a>", (2, 4), "`</a>` 与第 2 行的 `<b>` 不配对", "`</a>` does not close `<b>` of line 2"),
            ("<a/></b>", (1, 5), "`</b>` 没有对应的开始标签", "`</b>` closes nothing"),
            (
                "<a>\n<b>\n</b>\n",
                (4, 1),
                "第 1 行的 `<a>` 没有闭合（文件到此结束）",
                "`<a>` of line 1 is never closed (the file ends here)",
            ),
            ("<a/>\n<b/>", (2, 1), "最外层元素之外还有内容", "there is something beside the outermost element"),
            ("<a/>x", (1, 5), "最外层元素之外还有内容", "there is something beside the outermost element"),
            ("x<a/>", (1, 1), "最外层元素之外还有内容", "there is something beside the outermost element"),
            ("<!-- -->", (1, 9), "没有元素", "it has no element"),
            ("<a>\u{1}</a>", (1, 4), "有 XML 不允许的字符 U+0001", "XML has no character U+0001"),
            ("<a>&#1;</a>", (1, 4), "没有定义 `&#1;`", "`&#1;` is not defined"),
            ("<a>&b;</a>", (1, 4), "没有定义 `&b;`", "`&b;` is not defined"),
            ("<a>&b</a>", (1, 4), "`&` 后面没有以 `;` 结束", "what `&` begins is not closed with `;`"),
            ("<a x=1/>", (1, 1), "`<a>` 的属性写法有误", "an attribute of `<a>` is malformed"),
            ("<a x='<'/>", (1, 1), "`<a>` 的属性写法有误", "an attribute of `<a>` is malformed"),
            ("<a x='1'y='2'/>", (1, 1), "`<a>` 的属性写法有误", "an attribute of `<a>` is malformed"),
            ("<a 1x='1'/>", (1, 1), "`1x` 不能用作名称", "`1x` is no name"),
            ("<a><1/></a>", (1, 4), "`1` 不能用作名称", "`1` is no name"),
            ("<a>]]></a>", (1, 4), "文字中不能有 `]]>`", "`]]>` must not stand in text"),
            ("<a><!-- -- --></a>", (1, 9), "注释中不能有 `--`", "`--` must not stand in a comment"),
            ("<a><![CDATA[x</a>", (1, 4), "`<![CDATA[` 没有以 `]]>` 结束", "`<![CDATA[` is not closed with `]]>`"),
            ("<a><b x='1></a>", (1, 4), "属性值的引号没有闭合", "the quote of an attribute is never closed"),
            (
                "<a>\n<?xml version='1.0'?></a>",
                (2, 1),
                "`<?xml …?>` 只能在文件开头",
                "`<?xml …?>` belongs at the beginning",
            ),
        ] {
            let fault = parse(text, BOUNDS).unwrap_err();
            let (line, column) = place;
            assert_eq!((fault.code.id, fault.line), ("evidence/syntax", line), "{text}");
            assert_eq!(fault.message.zh, format!("第 {line} 行第 {column} 字节：不是有效的 XML（{zh}）"), "{text}");
            assert_eq!(fault.message.en, format!("line {line}, byte {column}: not valid XML: {en}"), "{text}");
        }
    }

    #[test]
    fn an_attribute_that_is_there_twice_is_told() {
        let many: String = (0..40).map(|n| format!("a{n}='1' ")).collect();
        for text in
            ["<b>\n<c x='1' x='2'/></b>", &format!("<b>\n<c {many}a3='2'/></b>"), "<b>\n<c xmlns='u' xmlns='v'/></b>"]
        {
            let fault = parse(text, BOUNDS).unwrap_err();
            assert_eq!((fault.code.id, fault.line), ("evidence/duplicate-name", 2), "{text}");
        }
        let fault = parse("<c x='1' x='2'/>", BOUNDS).unwrap_err();
        assert_eq!(fault.message.zh, "第 1 行：`<c>` 的属性 `x` 重复");
        assert_eq!(fault.message.en, "line 1: `<c>` has the attribute `x` twice");
        assert_eq!(read("<c p:x='1' q:x='2'/>").as_deref(), Ok("{c: {x: [1, 2]}}"), "of two vocabularies");
    }

    /// Were each looked for among all before, they would take minutes.
    #[test]
    fn very_many_names_take_their_time_only() {
        let attributes: String = (0..200_000).map(|n| format!(" c{n}='1'")).collect();
        let children: String = (0..200_000).map(|n| format!("<c{n}/>")).collect();
        let again: String = (0..200_000).rev().map(|n| format!("<c{n}/>")).collect();
        for text in [format!("<a{attributes}/>"), format!("<a>{children}</a>"), format!("<a>{children}{again}</a>")] {
            in_time(move || {
                let value = parse(&text, Bounds { depth: 16, nodes: 1_000_000 }).unwrap();
                let Some(Value { kind: Kind::Map(entries), .. }) = value.get("a") else { panic!("an object") };
                assert_eq!(entries.len(), 200_000);
            });
        }
    }
}
