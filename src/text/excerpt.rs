//! A value read out of a source file that can still say where each of its bytes came from.

use std::sync::Arc;

use super::{Place, Source, Span};

/// A decoded scalar (an expression, a name, a template) and its place.
///
/// A quoted or folded YAML scalar does not lie in the file byte by byte as its value does; `map` holds, for every
/// run of value bytes that does, where the run starts in the value and in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The value.
    pub text: String,
    /// The file.
    pub source: Arc<Source>,
    /// The whole scalar in the file, quotes included.
    pub span: Span,
    /// `(value offset, file offset)` of each run, ascending.
    pub map: Arc<[(u32, u32)]>,
}

impl Excerpt {
    /// The place of a range of bytes of the value.
    pub fn place(&self, span: Span) -> Place {
        let start = self.file_offset(span.start);
        let end = self.file_offset(span.end.max(span.start.saturating_add(1)) - 1).saturating_add(1);
        // Others' parsers count bytes too, but not always whole characters.
        let on_boundary = |mut at: u32, step: fn(u32) -> u32| {
            while (at as usize) < self.source.text.len() && !self.source.text.is_char_boundary(at as usize) {
                at = step(at);
            }
            at.min(Span::new(0, self.source.text.len()).end)
        };
        let start = on_boundary(start, |at| at - 1);
        let end = on_boundary(end, |at| at + 1).max(start);
        Place::Source { source: Arc::clone(&self.source), span: Span { start, end } }
    }

    /// The place of the whole scalar.
    pub fn whole(&self) -> Place {
        Place::Source { source: Arc::clone(&self.source), span: self.span }
    }

    /// A part of the value, with its own places.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let (start, end) = (Span::new(range.start, range.end).start, Span::new(range.start, range.end).end);
        let Place::Source { span, .. } = self.place(Span { start, end }) else {
            return self.clone();
        };
        let mut map = vec![(0, span.start)];
        map.extend(self.map.iter().filter(|(at, _)| *at > start && *at < end).map(|(at, file)| (at - start, *file)));
        Self { text, source: Arc::clone(&self.source), span, map: map.into() }
    }

    /// The value without blanks around it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let end = start + self.text.trim().len();
        if start == 0 && end == self.text.len() { self.clone() } else { self.slice(start..end) }
    }

    fn file_offset(&self, offset: u32) -> u32 {
        let run = self.map.partition_point(|(value, _)| *value <= offset).checked_sub(1);
        match run.and_then(|index| self.map.get(index)) {
            Some((value, file)) => (file + (offset - value)).min(self.span.end),
            None => self.span.start,
        }
    }
}
