//! JSON (RFC 8259) into [`Value`]s that know their line. `serde_json` gives neither lines nor repeated keys.

use std::borrow::Cow;
use std::collections::HashSet;

use super::codes;
use super::document::{DocumentFault, Kind, Value};
use crate::text::{Code, Text};

/// Bounds on a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Nesting depth.
    pub(crate) depth: usize,
    /// Number of values.
    pub(crate) nodes: usize,
}

/// Parses one document. Lines count from `line`, that of the first byte.
///
/// # Errors
/// On the first fault.
pub(crate) fn parse(bytes: &[u8], line: u64, bounds: Bounds) -> Result<Value<'_>, DocumentFault> {
    let mut parser = Parser { bytes, at: 0, line, bounds, nodes: 0 };
    let value = parser.value(0)?;
    parser.space();
    if parser.at < bytes.len() {
        return Err(parser.syntax("文档结束后还有内容", "there is more after the end of the document"));
    }
    Ok(value)
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
    bounds: Bounds,
    nodes: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\n' | b'\r')) = self.peek() {
            self.line += u64::from(byte == b'\n');
            self.at += 1;
        }
    }

    fn fault(&self, code: &'static Code, message: Text) -> DocumentFault {
        DocumentFault { code, line: self.line, message }
    }

    fn syntax(&self, zh: &str, en: &str) -> DocumentFault {
        let start = self.bytes.get(..self.at).and_then(|before| before.iter().rposition(|byte| *byte == b'\n'));
        let column = self.at - start.map_or(0, |newline| newline + 1) + 1;
        let (end_zh, end_en) =
            if self.at >= self.bytes.len() { ("（文件到此结束）", " (the file ends here)") } else { ("", "") };
        self.fault(
            &codes::SYNTAX,
            Text::new(
                format!("第 {} 行第 {column} 字节：{zh}{end_zh}", self.line),
                format!("line {}, byte {column}: {en}{end_en}", self.line),
            ),
        )
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, DocumentFault> {
        self.space();
        self.nodes += 1;
        if self.nodes > self.bounds.nodes {
            let limit = self.bounds.nodes;
            let message =
                Text::new(format!("文档的值超过 {limit} 个"), format!("the document has more than {limit} values"));
            return Err(self.fault(&codes::TOO_LARGE, message));
        }
        if depth > self.bounds.depth {
            let limit = self.bounds.depth;
            let message = Text::new(format!("嵌套超过 {limit} 层"), format!("nested more than {limit} deep"));
            return Err(self.fault(&codes::TOO_DEEP, message));
        }
        let line = self.line;
        let kind = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => self.text()?.map_or(Kind::Undecodable, Kind::Text),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Boolean(true))?,
            Some(b'f') => self.word("false", Kind::Boolean(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.syntax("这里应当是一个值", "a value belongs here")),
        };
        Ok(Value { line, kind })
    }

    fn word(&mut self, word: &str, kind: Kind<'a>) -> Result<Kind<'a>, DocumentFault> {
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.at += word.len();
            Ok(kind)
        } else {
            Err(self.syntax("这里应当是一个值", "a value belongs here"))
        }
    }

    fn list(&mut self, depth: usize) -> Result<Kind<'a>, DocumentFault> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Kind::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Kind::List(snug(items)));
                }
                _ => return Err(self.syntax("这里应当是 `,` 或 `]`", "`,` or `]` belongs here")),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Kind<'a>, DocumentFault> {
        self.at += 1;
        let mut entries: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
        // Only wide objects pay for a set.
        let mut seen: HashSet<Cow<'a, str>> = HashSet::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Kind::Map(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.syntax("这里应当是带引号的键", "a quoted key belongs here"));
            }
            let Some(key) = self.text()? else {
                return Err(self.syntax("键不是有效的文字", "the key is not valid text"));
            };
            let repeated =
                if entries.len() < 16 { entries.iter().any(|(other, _)| *other == key) } else { seen.contains(&key) };
            if repeated {
                let shown: String = key.chars().take(60).collect();
                let message = Text::new(
                    format!("第 {} 行：键 `{shown}` 重复", self.line),
                    format!("line {}: the key `{shown}` is there twice", self.line),
                );
                return Err(self.fault(&codes::DUPLICATE_NAME, message));
            }
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.syntax("这里应当是 `:`", "`:` belongs here"));
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            match entries.len() {
                0..16 => {}
                16 => seen.extend(entries.iter().map(|(key, _)| key.clone())),
                _ => seen.extend(entries.last().map(|(key, _)| key.clone())),
            }
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Kind::Map(snug(entries)));
                }
                _ => return Err(self.syntax("这里应当是 `,` 或 `}`", "`,` or `}` belongs here")),
            }
        }
    }

    fn number(&mut self) -> Result<Kind<'a>, DocumentFault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let first = self.peek();
        if self.digits() == 0
            || (first == Some(b'0') && self.at - start > 1 + usize::from(self.bytes.get(start) == Some(&b'-')))
        {
            return Err(self.syntax("数字写法有误", "this is not a JSON number"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.syntax("数字写法有误", "this is not a JSON number"));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.syntax("数字写法有误", "this is not a JSON number"));
            }
        }
        let text = self.bytes.get(start..self.at).and_then(|bytes| std::str::from_utf8(bytes).ok());
        Ok(Kind::Number(text.unwrap_or_default()))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    /// A string; `None` when its bytes or escapes are no characters.
    fn text(&mut self) -> Result<Option<Cow<'a, str>>, DocumentFault> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let bytes = self.bytes.get(start..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(std::str::from_utf8(bytes).ok().map(Cow::Borrowed));
                }
                Some(b'\\') => break,
                Some(0..0x20) => {
                    return Err(self.syntax("文字中有未转义的控制字符", "a control character in text must be escaped"));
                }
                Some(_) => self.at += 1,
                None => return Err(self.syntax("引号没有闭合", "a quote is not closed")),
            }
        }
        let mut text = self.bytes.get(start..self.at).unwrap_or_default().to_vec();
        let mut valid = true;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let text = String::from_utf8(text).ok().filter(|_| valid);
                    return Ok(text.map(Cow::Owned));
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.escape()? {
                        Some(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                        None => valid = false,
                    }
                }
                Some(0..0x20) => {
                    return Err(self.syntax("文字中有未转义的控制字符", "a control character in text must be escaped"));
                }
                Some(byte) => {
                    text.push(byte);
                    self.at += 1;
                }
                None => return Err(self.syntax("引号没有闭合", "a quote is not closed")),
            }
        }
    }

    /// The character of an escape; `None` for half of a surrogate pair.
    fn escape(&mut self) -> Result<Option<char>, DocumentFault> {
        let byte = self.peek();
        self.at += 1;
        Ok(Some(match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex()?;
                if !(0xd800..0xdc00).contains(&high) {
                    return Ok(char::from_u32(high));
                }
                if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
                    return Ok(None);
                }
                self.at += 2;
                let low = self.hex()?;
                return Ok((0xdc00..0xe000)
                    .contains(&low)
                    .then(|| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                    .and_then(char::from_u32));
            }
            _ => return Err(self.syntax("转义写法有误", "this is not a JSON escape")),
        }))
    }

    fn hex(&mut self) -> Result<u32, DocumentFault> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let value = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|text| u32::from_str_radix(text, 16).ok());
        let Some(value) = value else { return Err(self.syntax("转义写法有误", "this is not a JSON escape")) };
        self.at += 4;
        Ok(value)
    }
}

/// Without the room that a list of one keeps for more: a document may hold millions of such.
fn snug<T>(mut items: Vec<T>) -> Vec<T> {
    if items.capacity() > 2 * items.len() {
        items.shrink_to_fit();
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds { depth: 128, nodes: 1_000 };

    /// The same value in `serde_json`'s words, to compare with its own reading.
    fn plain(value: &Value<'_>) -> serde_json::Value {
        match &value.kind {
            Kind::Null => serde_json::Value::Null,
            Kind::Boolean(value) => (*value).into(),
            Kind::Number(text) => serde_json::from_str(text).unwrap_or(serde_json::Value::Null),
            Kind::Text(text) => text.as_ref().into(),
            Kind::Undecodable => serde_json::Value::Null,
            Kind::List(items) => items.iter().map(plain).collect(),
            Kind::Map(entries) => entries.iter().map(|(key, value)| (key.to_string(), plain(value))).collect(),
        }
    }

    #[test]
    fn accepts_what_serde_json_accepts_and_knows_lines() {
        for (name, text) in [
            ("object", r#"{"a": 1, "b": [true, false, null]}"#),
            ("escapes", r#""\"\\\/\b\f\n\r\t\u4e2d\ud83d\ude00""#),
            ("numbers", "[0, -0, 1.5, 1e3, -2.5E-3, 12345678901234567890]"),
            ("empty list", " [ ] "),
            ("empty object", "{}"),
            ("unicode", "\"数据 😀\""),
        ] {
            let ours = parse(text.as_bytes(), 1, BOUNDS).unwrap();
            assert_eq!(plain(&ours), serde_json::from_str::<serde_json::Value>(text).unwrap(), "{name}");
        }
        let value = parse(b"[\n {\"a\":\n  1}]", 1, BOUNDS).unwrap();
        let Kind::List(items) = &value.kind else { panic!("a list") };
        assert_eq!((items[0].line, items[0].get("a").unwrap().line), (2, 3));
    }

    #[test]
    fn refuses_with_a_reason() {
        let deep = "[".repeat(100_000);
        let many = format!("[{}0]", "0,".repeat(2_000));
        for (name, text, code) in [
            ("nothing", "", "evidence/syntax"),
            ("cut", r#"{"a": [1, 2"#, "evidence/syntax"),
            ("100,000 deep", &deep, "evidence/too-deep"),
            ("too many values", &many, "evidence/too-large"),
            ("repeated key", r#"{"a": 1, "a": 2}"#, "evidence/duplicate-name"),
            ("repeated key, escaped", r#"{"a": 1, "\u0061": 2}"#, "evidence/duplicate-name"),
            ("trailing comma", "[1,]", "evidence/syntax"),
            ("leading zero", "[01]", "evidence/syntax"),
            ("leading zero, negative", "[-01]", "evidence/syntax"),
            ("two documents", "{} {}", "evidence/syntax"),
            ("single quotes", "{'a': 1}", "evidence/syntax"),
            ("control character", "\"a\u{1}\"", "evidence/syntax"),
            ("not a word", "nul", "evidence/syntax"),
        ] {
            assert_eq!(parse(text.as_bytes(), 1, BOUNDS).unwrap_err().code.id, code, "{name}");
        }
        let wide: String = (0..40).map(|n| format!("\"k{n}\": 1,")).collect();
        let repeated = format!("{{{wide} \"k30\": 2}}");
        assert_eq!(parse(repeated.as_bytes(), 1, BOUNDS).unwrap_err().code.id, "evidence/duplicate-name");
    }

    #[test]
    fn a_document_that_is_small_does_not_take_memory_without_end() {
        let dense = format!("[{}0]", "0,".repeat(8_000_000));
        let nodes = crate::evidence::Limits::default().nodes;
        let fault = parse(dense.as_bytes(), 1, Bounds { depth: 8, nodes }).unwrap_err();
        assert_eq!((fault.code.id, fault.line), ("evidence/too-large", 1));
        assert_eq!(fault.message.zh, "文档的值超过 8000000 个");
        assert_eq!(fault.message.en, "the document has more than 8000000 values");
        // Lists and objects of one have room for one.
        let value = parse(br#"[[0], {"a": 1}]"#, 1, BOUNDS).unwrap();
        let Kind::List(items) = value.kind else { panic!("a list") };
        assert!(matches!(&items[0].kind, Kind::List(inner) if inner.capacity() == 1), "{:?}", items[0]);
        assert!(matches!(&items[1].kind, Kind::Map(inner) if inner.capacity() == 1), "{:?}", items[1]);
    }

    #[test]
    fn text_that_is_none_spoils_only_itself() {
        let value = parse(b"[\"\xff\", \"\\ud800\", \"ok\"]", 1, BOUNDS).unwrap();
        let Kind::List(items) = value.kind else { panic!("a list") };
        assert_eq!(items[0].kind, Kind::Undecodable);
        assert_eq!(items[1].kind, Kind::Undecodable);
        assert_eq!(items[2].kind, Kind::Text("ok".into()));
    }

    proptest! {
        #[test]
        fn never_panics_and_agrees_on_validity(text in r#"[\[\]{}",:0-9a.eE+\-\\u tn]{0,24}"#) {
            let ours = parse(text.as_bytes(), 1, BOUNDS);
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match (&ours, &theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert_eq!(&plain(ours), theirs),
                (Err(ours), Ok(_)) => prop_assert_eq!(ours.code.id, "evidence/duplicate-name"),
                // Half a surrogate pair: one value lost here, the whole document there; and numbers past a double.
                (Ok(_), Err(_)) => prop_assert!(text.contains("\\u") || text.contains(['e', 'E'])),
                (Err(_), Err(_)) => {}
            }
        }
    }
}
