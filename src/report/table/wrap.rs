//! Lines of a given display width: CJK characters take two cells and may be parted anywhere, words at blanks.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Breaks `text` into lines of at most `width` cells, the first after `first`, the others after `rest` (both counted).
/// A word longer than a line is cut.
pub(super) fn wrap(text: &str, first: &str, rest: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut used = first.width();
    let mut fresh = true;
    for piece in pieces(text) {
        let trimmed = piece.trim_end();
        if used + trimmed.width() > width && !fresh {
            lines.push(std::mem::replace(&mut line, rest.to_owned()).trim_end().to_owned());
            used = rest.width();
        }
        for character in piece.chars() {
            let cells = character.width().unwrap_or_default();
            if used + cells > width {
                if character == ' ' {
                    continue;
                }
                lines.push(std::mem::replace(&mut line, rest.to_owned()).trim_end().to_owned());
                used = rest.width();
            }
            line.push(character);
            used += cells;
        }
        fresh = false;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Parts that stay together: a wide character with the closing marks after it, or a word with the blanks after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, character) in text.char_indices() {
        if let Some(previous) = previous {
            let parted = (wide(previous) || wide(character)) && !clings(character) && character != ' ';
            let word = previous == ' ' && character != ' ';
            if parted || word {
                pieces.push(text.get(start..at).unwrap_or_default());
                start = at;
            }
        }
        previous = Some(character);
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

fn wide(character: char) -> bool {
    character.width() == Some(2)
}

/// Marks that may not begin a line.
fn clings(character: char) -> bool {
    matches!(character, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '）' | '》' | '”' | '】' | '」')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_nothing_is_lost() {
        let cases: &[(&str, &str, usize, &[&str])] = &[
            ("fits", "abc def", 10, &["abc def"]),
            ("words", "abc def ghi", 8, &["abc def", "  ghi"]),
            ("hanzi", "数据安全合规", 8, &["数据安全", "  合规"]),
            ("a mark does not begin a line", "数据安全，合规", 8, &["数据安", "  全，合", "  规"]),
            ("odd width", "数据安全", 7, &["数据安", "  全"]),
            ("mixed", "数据 core 库", 9, &["数据 core", "  库"]),
            ("a long word is cut", "abcdefghij", 6, &["abcdef", "  ghij"]),
            ("empty", "", 6, &[""]),
        ];
        for (name, text, width, expected) in cases {
            let lines = wrap(text, "", "  ", *width);
            assert_eq!(lines, *expected, "{name}");
            assert!(lines.iter().all(|line| line.width() <= *width), "{name}");
            let strip = |text: &str| text.replace(' ', "");
            assert_eq!(strip(&lines.concat()), strip(text), "{name}");
        }
    }
}
