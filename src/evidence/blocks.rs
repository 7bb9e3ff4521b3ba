//! Text in which every match of a pattern is a row: the summary of a scan, the answer of a tool.

use memchr::memchr_iter;
use regex::Regex;

use super::frame::At;
use super::gather::{Gather, Gathered, Purpose};
use super::lines::row_of;
use crate::model::BlockPattern;
use crate::text::Text;

/// How a stretch of text is a row: the groups of a pattern by name.
pub(crate) struct BlockLayout {
    pattern: Regex,
    begins: Option<Regex>,
    names: Vec<String>,
}

impl BlockLayout {
    /// Of a declared pattern; `None` when it is no regular expression, which was told when the pack was loaded.
    pub(crate) fn new(declared: &BlockPattern) -> Option<Self> {
        let pattern = Regex::new(&declared.pattern).ok()?;
        let begins = match &declared.begins {
            Some(begins) => Some(Regex::new(begins).ok()?),
            None => None,
        };
        let names = pattern.capture_names().flatten().map(str::to_owned).collect();
        Some(Self { pattern, begins, names })
    }

    /// The rows of a text, each at the line where it begins. A text without any is not what was declared: it is rejected.
    pub(crate) fn gather(&self, text: &str, purpose: Purpose<'_>) -> Gathered {
        let mut gather = Gather::new(purpose);
        gather.plain_names = true;
        let mut lines = LineCount { text, line: 1, counted: 0 };
        let (mut end, mut last, mut same) = (0, 0, 0);
        for (from, until) in self.stretches(text) {
            let mut from = from.max(end);
            while let Some(found) = text.get(..until).and_then(|text| self.pattern.captures_at(text, from)) {
                let Some(whole) = found.get(0) else { break };
                self.between(end, whole.start(), &mut lines, &mut gather);
                let line = lines.at(whole.start());
                same = if line == last { same + 1 } else { 0 };
                last = line;
                end = whole.end();
                let row = row_of(&self.names, &found, line);
                // Rows that share a line are told apart by their number on it.
                gather.object(&row, At { row: line, line, child: same }, "");
                // A match of nothing is not one that comes again.
                let step = text.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                from = if whole.is_empty() { end + step } else { end };
                if from > until {
                    break;
                }
            }
        }
        self.between(end, text.len(), &mut lines, &mut gather);
        if gather.held() == 0 && gather.tally.rows_rejected == 0 {
            let message = Text::new("文件中没有符合声明格式的内容", "nothing in the file matches the declared pattern");
            gather.reject(At { row: 1, line: 1, child: 0 }, message);
        }
        gather.finish()
    }

    /// Where to look for matches. Each stretch goes from behind the begin of one block up to that of the next but one: it
    /// holds the begin of a single block, what stands before it and all that may be its own. So no block is taken into
    /// another, and a pattern that looks for what never comes does not look through the whole rest from each block.
    fn stretches(&self, text: &str) -> Vec<(usize, usize)> {
        let Some(begins) = &self.begins else { return vec![(0, text.len())] };
        let found: Vec<(usize, usize)> = begins.find_iter(text).map(|found| (found.start(), found.end())).collect();
        let behind = std::iter::once(0).chain(found.iter().map(|(_, end)| *end));
        let ends = found.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
        behind.zip(ends).collect()
    }

    /// Blocks that begin in a stretch of text in which none is matched.
    fn between(&self, start: usize, end: usize, lines: &mut LineCount<'_>, gather: &mut Gather<'_>) {
        let Some(begins) = &self.begins else { return };
        for found in begins.find_iter(lines.text.get(start..end).unwrap_or_default()) {
            let line = lines.at(start + found.start());
            let message =
                Text::new("这一段不符合声明的格式", "the block that begins here does not match the declared pattern");
            gather.reject(At { row: line, line, child: 0 }, message);
        }
    }
}

/// Lines of a text, counted as far as they were asked for.
struct LineCount<'t> {
    text: &'t str,
    line: u64,
    counted: usize,
}

impl LineCount<'_> {
    /// The line of a byte, which lies behind those asked for before.
    fn at(&mut self, byte: usize) -> u64 {
        let between = self.text.get(self.counted..byte).unwrap_or_default();
        self.line += memchr_iter(b'\n', between.as_bytes()).count() as u64;
        self.counted = self.counted.max(byte);
        self.line
    }
}
