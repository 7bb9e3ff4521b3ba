//! Where the bytes of a decoded scalar lie in the file.
//!
//! The event parser gives a scalar's value and its bytes as written. A caret under the right word of a quoted or
//! folded expression needs the way back from the one to the other.

use super::{Span, Style};

/// `(value offset, file offset)` of each run of bytes of `value` that lie in `raw` as they do in the value.
///
/// `raw` is the scalar as written, quotes included and block header excluded, and starts at `base` in the file,
/// `indent` bytes after the start of its line. Ascending in both numbers. A value that this reading cannot follow has
/// the runs up to there.
pub(super) fn runs(raw: &str, base: u32, indent: usize, value: &str, style: Style) -> Vec<(u32, u32)> {
    let mut walk = Walk { value, at: 0, base, runs: Vec::new() };
    match style {
        Style::Block => walk.block(raw, indent),
        Style::Plain => walk.flow(raw, 0, None),
        Style::Quoted => {
            let quote = raw.chars().next().filter(|c| matches!(c, '\'' | '"'));
            walk.flow(raw, usize::from(quote.is_some()), quote);
        }
    }
    walk.runs
}

struct Walk<'a> {
    value: &'a str,
    /// Bytes of the value accounted for.
    at: usize,
    base: u32,
    runs: Vec<(u32, u32)>,
}

impl Walk<'_> {
    /// Notes that the value from here lies at `raw_at`, unless the run before says so already.
    fn mark(&mut self, raw_at: usize) {
        let (value, file) = (Span::new(self.at, self.at).start, self.base + Span::new(raw_at, raw_at).start);
        let continues = self.runs.last().is_some_and(|(v, f)| file - f == value - v);
        if !continues {
            self.runs.push((value, file));
        }
    }

    /// Plain and quoted scalars: lines are folded, quotes and escapes decoded, from `raw_at` on.
    fn flow(&mut self, raw: &str, mut raw_at: usize, quote: Option<char>) {
        let end = if quote.is_some() { raw.len().saturating_sub(1) } else { raw.len() };
        while raw_at < end && self.at < self.value.len() {
            let Some(rest) = raw.get(raw_at..end) else { return };
            let Some(written) = rest.chars().next() else { return };
            let decoded = self.value.get(self.at..).and_then(|value| value.chars().next());
            match (written, quote) {
                ('\\', Some('"')) => {
                    let length = escape_length(rest);
                    // An escaped line break stands for nothing; the indentation after it too.
                    if matches!(rest.as_bytes().get(1), Some(b'\n' | b'\r')) {
                        raw_at += length;
                        raw_at += blanks(raw.get(raw_at..end).unwrap_or_default());
                        continue;
                    }
                    self.mark(raw_at);
                    self.at += decoded.map_or(0, char::len_utf8);
                    raw_at += length;
                }
                ('\'', Some('\'')) => {
                    self.mark(raw_at);
                    self.at += 1;
                    raw_at += 2;
                }
                (' ' | '\t' | '\n' | '\r', _) => {
                    // White space around line breaks folds into one blank, or into the breaks after the first.
                    let run = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
                    let folds = rest.get(..run).is_some_and(|blank| blank.contains(['\n', '\r']));
                    self.mark(raw_at);
                    if folds {
                        let kept = self.value.get(self.at..).unwrap_or_default();
                        // Escaped breaks (`\n`) are not in the raw white space, so count the breaks it stands for.
                        let breaks = rest.get(..run).unwrap_or_default().matches('\n').count().max(1);
                        let expected = if breaks == 1 { 1 } else { breaks - 1 };
                        let white = kept.bytes().take(expected).take_while(|b| matches!(b, b' ' | b'\n')).count();
                        self.at += white;
                    } else {
                        self.at += run;
                    }
                    raw_at += run;
                }
                _ => {
                    if decoded != Some(written) {
                        return;
                    }
                    self.mark(raw_at);
                    self.at += written.len_utf8();
                    raw_at += written.len_utf8();
                }
            }
        }
    }

    /// Literal and folded scalars: `raw` starts with the content of the first line; the others lose `indent` blanks.
    fn block(&mut self, raw: &str, indent: usize) {
        let mut raw_at = 0;
        for (number, line) in raw.split_inclusive('\n').enumerate() {
            let start = raw_at;
            raw_at += line.len();
            let text = line.trim_end_matches(['\n', '\r']);
            if text.trim_matches(' ').is_empty() {
                continue;
            }
            let indent = if number == 0 { 0 } else { indent };
            let Some(content) = text.get(indent..) else { return };
            // Between two lines the value has line breaks or one folded blank.
            while self.value.get(self.at..).is_some_and(|rest| !rest.starts_with(content)) {
                match self.value.as_bytes().get(self.at) {
                    Some(b'\n' | b' ') => self.at += 1,
                    _ => return,
                }
            }
            self.mark(start + indent);
            self.at += content.len();
        }
    }
}

/// Number of leading blanks.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Bytes of the escape that `text` starts with, surrogate pairs counted as one.
fn escape_length(text: &str) -> usize {
    let after = text.get(1..).unwrap_or_default();
    match after.chars().next() {
        Some('x') => 4,
        Some('u') => {
            let high = text.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if high.is_some_and(|code| (0xD800..0xDC00).contains(&code)) { 12 } else { 6 }
        }
        Some('U') => 10,
        Some('\r') if after.starts_with("\r\n") => 3,
        Some(other) => 1 + other.len_utf8(),
        None => 1,
    }
}
