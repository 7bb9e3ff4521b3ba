//! Text of others made safe for a terminal.

use std::borrow::Cow;

use crate::report::visible;

/// `text` with every character that could move the cursor, colour, hide or reorder what follows shown as
/// `\u{…}` instead: control characters, escapes, bidirectional overrides. Line breaks become spaces.
///
/// # Examples
/// ```
/// assert_eq!(hegui::cli::plain("a\u{1b}[31mb"), "a\\u{1b}[31mb");
/// assert_eq!(hegui::cli::plain("账套"), "账套");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\t']) {
        return Cow::Owned(visible(&text.replace(['\n', '\t'], " ")).into_owned());
    }
    visible(text)
}

/// Like [`plain`], with as many bytes out as in, so that places stay right: for whole source files. Line ends and
/// tabs stay.
pub(super) fn plain_same_length(text: &str) -> Cow<'_, str> {
    let ends_line = |at: usize| text.as_bytes().get(at + 1) == Some(&b'\n');
    let bad = |at: usize, character: char| match character {
        '\n' | '\t' => false,
        '\r' => !ends_line(at),
        character => hostile(character),
    };
    if !text.char_indices().any(|(at, character)| bad(at, character)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if bad(at, character) {
            shown.extend(std::iter::repeat_n('?', character.len_utf8()));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

fn hostile(character: char) -> bool {
    // One list of hostile characters for all outputs: what `visible` would not show as it stands.
    !character.is_ascii_graphic() && matches!(visible(character.encode_utf8(&mut [0; 4])), Cow::Owned(_))
}

#[cfg(test)]
mod tests {
    use super::{plain, plain_same_length};

    #[test]
    fn hostile_characters_are_shown_not_sent() {
        let cases = [
            ("escape sequence", "\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}"),
            ("C1 control", "a\u{9b}31m", "a\\u{9b}31m"),
            ("right-to-left override", "a\u{202e}b", "a\\u{202e}b"),
            ("line break", "a\nb\tc", "a b c"),
            ("carriage return", "a\rb", "a\\u{d}b"),
            ("ordinary Chinese", "数据集，备份", "数据集，备份"),
        ];
        for (name, input, expected) in cases {
            assert_eq!(plain(input), expected, "{name}");
        }
    }

    #[test]
    fn places_in_a_source_stay_right() {
        let cases = [
            ("C1 control is two bytes", "a\u{9b}b", "a??b"),
            ("override is three", "a\u{202e}b", "a???b"),
            ("line ends stay", "a\r\nb\n\tc", "a\r\nb\n\tc"),
            ("a lone carriage return does not", "a\rb", "a?b"),
        ];
        for (name, input, expected) in cases {
            let shown = plain_same_length(input);
            assert_eq!((shown.as_ref(), shown.len()), (expected, input.len()), "{name}");
        }
    }
}
