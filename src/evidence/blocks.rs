//! Text in which every match of a pattern is a row: the summary of a scan, the answer of a tool.

use std::borrow::Cow;

use memchr::memchr_iter;
use regex::Regex;

use super::document::{Kind, Value};
use super::frame::At;
use super::gather::{Gather, Gathered, Purpose};
use crate::model::BlockPattern;
use crate::text::Text;

/// How a stretch of text is a row: the groups of a pattern by name.
pub(crate) struct BlockLayout {
    pattern: Regex,
    names: Vec<String>,
}

impl BlockLayout {
    /// Of a declared pattern; `None` when it is no regular expression, which was told when the pack was loaded.
    pub(crate) fn new(declared: &BlockPattern) -> Option<Self> {
        let pattern = Regex::new(&declared.pattern).ok()?;
        let names = pattern.capture_names().flatten().map(str::to_owned).collect();
        Some(Self { pattern, names })
    }

    /// The rows of a text, each at the line where it begins. A text without any is not what was declared: it is rejected.
    pub(crate) fn gather(&self, text: &str, purpose: Purpose<'_>) -> Gathered {
        let mut gather = Gather::new(purpose);
        gather.plain_names = true;
        let (mut line, mut counted) = (1_u64, 0);
        for found in self.pattern.captures_iter(text) {
            let start = found.get(0).map_or(0, |whole| whole.start());
            let between = text.get(counted..start).unwrap_or_default();
            line += memchr_iter(b'\n', between.as_bytes()).count() as u64;
            counted = start;
            let fields = self.names.iter().filter_map(|name| {
                let value = Value { line, kind: Kind::Text(Cow::Borrowed(found.name(name)?.as_str())) };
                Some((Cow::Borrowed(name.as_str()), value))
            });
            let row = Value { line, kind: Kind::Map(fields.collect()) };
            gather.object(&row, At { row: line, line, child: 0 }, "");
        }
        if counted == 0 && gather.held() == 0 {
            let message = Text::new("文件中没有符合声明格式的内容", "nothing in the file matches the declared pattern");
            gather.reject(At { row: 1, line: 1, child: 0 }, message);
        }
        gather.finish()
    }
}
