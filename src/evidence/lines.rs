//! Lines of a file, cut off in blocks that any thread may parse; and lines with fields, read by the pattern of a kind.

use std::borrow::Cow;
use std::io;

use memchr::{memchr_iter, memrchr};
use regex::Regex;

use super::bytes::Blocks;
use super::document::{Kind, Value};
use super::frame::At;
use super::gather::{Gather, Gathered, Purpose};
use crate::model::LinePattern;
use crate::text::Text;

/// What stopped the cutting.
#[derive(Debug)]
pub(crate) enum LineFault {
    /// The file cannot be read on.
    Io(io::Error),
    /// A line has more bytes than allowed.
    TooLong { line: u64 },
}

/// Lines that follow each other.
#[derive(Debug, Default)]
pub(crate) struct LineRun {
    bytes: Vec<u8>,
    first: u64,
}

impl LineRun {
    /// Number and bytes of each line, its end left off.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        // A line break at the end begins no line.
        let bytes = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        (self.first..).zip(bytes.split(|byte| *byte == b'\n'))
    }
}

/// Cuts a file into runs of lines, in bounded memory.
pub(crate) struct Lines<'a> {
    blocks: &'a mut Blocks,
    /// Bytes of a line that the block before began.
    begun: Vec<u8>,
    ended: bool,
    line: u64,
    line_bytes: usize,
}

impl<'a> Lines<'a> {
    /// Lines of what `blocks` gives.
    pub(crate) fn new(blocks: &'a mut Blocks, line_bytes: usize) -> Self {
        Self { blocks, begun: Vec::new(), ended: false, line: 0, line_bytes }
    }

    /// The next run, in the room of one that is not wanted any more; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read on, or a line is too long; nothing more comes after that.
    pub(crate) fn next_in(&mut self, mut run: LineRun) -> Result<Option<LineRun>, LineFault> {
        if self.ended {
            return Ok(None);
        }
        let bytes = &mut run.bytes;
        bytes.clear();
        bytes.append(&mut self.begun);
        loop {
            self.ended = !self.blocks.read_into(bytes).map_err(LineFault::Io)?;
            let end = if self.ended { bytes.len() } else { memrchr(b'\n', bytes).map_or(0, |at| at + 1) };
            if end > 0 {
                self.begun.extend_from_slice(bytes.get(end..).unwrap_or_default());
                bytes.truncate(end);
                run.first = self.line + 1;
                self.line += memchr_iter(b'\n', bytes).count() as u64;
                return Ok(Some(run));
            }
            if bytes.len() > self.line_bytes {
                self.ended = true;
                return Err(LineFault::TooLong { line: self.line + 1 });
            }
            if self.ended {
                return Ok(None);
            }
        }
    }
}

/// How a line is a row: the groups of a pattern by name.
pub(crate) struct LineLayout {
    pattern: Regex,
    skip: Option<Regex>,
    names: Vec<String>,
}

impl LineLayout {
    /// Of a declared pattern; `None` when it is no regular expression, which was told when the pack was loaded.
    pub(crate) fn new(declared: &LinePattern) -> Option<Self> {
        let pattern = Regex::new(&declared.pattern).ok()?;
        let skip = match &declared.skip {
            Some(skip) => Some(Regex::new(skip).ok()?),
            None => None,
        };
        let names = pattern.capture_names().flatten().map(str::to_owned).collect();
        Some(Self { pattern, skip, names })
    }

    /// The rows of a run. A line that the pattern does not match is no row that could be left out: it is rejected.
    pub(crate) fn gather(&self, run: &LineRun, purpose: Purpose<'_>) -> Gathered {
        let mut gather = Gather::new(purpose);
        gather.plain_names = true;
        for (line, bytes) in run.lines() {
            let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            let at = At { row: line, line, child: 0 };
            let Ok(text) = std::str::from_utf8(bytes) else {
                gather.reject(at, Text::new("这一行的字节不是有效的文字", "the bytes of the line are no characters"));
                continue;
            };
            if text.trim().is_empty() || self.skip.as_ref().is_some_and(|skip| skip.is_match(text)) {
                continue;
            }
            let Some(found) = self.pattern.captures(text) else {
                gather.reject(at, Text::new("这一行不符合声明的格式", "the line does not match the declared pattern"));
                continue;
            };
            let row = row_of(&self.names, &found, line);
            gather.object(&row, at, "");
        }
        gather.finish()
    }
}

/// A match as a row: its named groups are the fields.
pub(crate) fn row_of<'t>(names: &'t [String], found: &regex::Captures<'t>, line: u64) -> Value<'t> {
    let fields = names.iter().filter_map(|name| {
        let value = Value { line, kind: Kind::Text(Cow::Borrowed(found.name(name)?.as_str())) };
        Some((Cow::Borrowed(name.as_str()), value))
    });
    Value { line, kind: Kind::Map(fields.collect()) }
}

#[cfg(test)]
mod tests {
    use super::super::bytes::Origin;
    use super::*;

    #[test]
    fn lines_are_numbered_as_an_editor_numbers_them() {
        for (name, text, expected) in [
            ("plain", "a\nb\n", vec![(1, "a"), (2, "b")]),
            ("no line break at the end", "a\nb", vec![(1, "a"), (2, "b")]),
            ("blank lines count", "\n\na\n", vec![(1, ""), (2, ""), (3, "a")]),
            ("nothing", "", vec![]),
        ] {
            let mut blocks = Origin::Memory(text.as_bytes().into()).open().unwrap();
            let mut lines = Lines::new(&mut blocks, 100);
            let mut found = Vec::new();
            while let Some(run) = lines.next_in(LineRun::default()).unwrap() {
                found.extend(run.lines().map(|(line, text)| (line, String::from_utf8(text.to_vec()).unwrap())));
            }
            let expected: Vec<(u64, String)> =
                expected.into_iter().map(|(line, text)| (line, text.to_owned())).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn lines_across_blocks_are_whole_and_a_long_one_is_told() {
        let line = "x".repeat(700_000);
        let text = format!("a\n{line}\n{line}\nb\n");
        let mut blocks = Origin::Memory(text.as_bytes().into()).open().unwrap();
        let mut lines = Lines::new(&mut blocks, 1 << 20);
        let (mut found, mut room) = (Vec::new(), LineRun::default());
        while let Some(run) = lines.next_in(room).unwrap() {
            found.extend(run.lines().map(|(line, text)| (line, text.len())));
            room = run;
        }
        assert_eq!(found, [(1, 1), (2, 700_000), (3, 700_000), (4, 1)]);

        let text = format!("a\n{}", "x".repeat(3 << 20));
        let mut blocks = Origin::Memory(text.as_bytes().into()).open().unwrap();
        let mut lines = Lines::new(&mut blocks, 1 << 20);
        let first = lines.next_in(LineRun::default()).unwrap().unwrap();
        assert_eq!(first.lines().count(), 1);
        assert!(matches!(lines.next_in(first), Err(LineFault::TooLong { line: 2 })));
    }
}
