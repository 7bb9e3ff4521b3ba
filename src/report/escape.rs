//! Text from evidence made harmless: nothing it holds may act on a terminal, a spreadsheet or a renderer.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Shows characters that print nothing or that act as `\u{…}`: controls (line breaks and tabs too), ANSI escapes,
/// bidirectional overrides, zero-width and tag characters.
///
/// # Examples
/// ```
/// use hegui::report::visible;
/// assert_eq!(visible("备份 ok"), "备份 ok");
/// assert_eq!(visible("a\u{1b}[31mb\u{202e}c\n"), r"a\u{1b}[31mb\u{202e}c\u{a}");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character acts on what shows it, or hides.
pub(super) fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Makes text plain inside Markdown: never a link, an image, emphasis, code, HTML, a table cell's end, a heading or a
/// list. Long identifiers stay readable: only what could act is escaped.
pub(super) fn markdown(text: &str) -> String {
    let text = visible(text);
    let text = text.trim();
    let mut shown = String::with_capacity(text.len() + 16);
    let mut previous = ' ';
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map_or(' ', |(_, next)| *next);
        let escape = match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '&' | '{' | '}' | '!' | '@' => true,
            // Between word characters an underscore is no emphasis.
            '_' => !(previous.is_ascii_alphanumeric() && next.is_ascii_alphanumeric()),
            '#' | '+' | '-' | '=' => at == 0,
            // `1.` and `1)` at the start would be a list; `www.` and `scheme://` would be links.
            '.' | ')' => {
                let before = text.get(..at).unwrap_or_default();
                let list = !before.is_empty() && before.chars().all(|c| c.is_ascii_digit()) && next == ' ';
                list || before.to_ascii_lowercase().ends_with("www")
            }
            ':' => next == '/' || ends_with_scheme(text.get(..at).unwrap_or_default()),
            _ => false,
        };
        if escape {
            shown.push('\\');
        }
        shown.push(character);
        previous = character;
    }
    shown
}

fn ends_with_scheme(before: &str) -> bool {
    let before = before.to_ascii_lowercase();
    ["http", "https", "ftp", "mailto", "xmpp", "javascript", "data"].iter().any(|scheme| before.ends_with(scheme))
}

/// Makes text safe as inline code in Markdown, table cells included: for paths, expressions and digests.
pub(super) fn code(text: &str) -> String {
    let text = visible(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    // GitHub's tables split at `|` before they see code spans, and take `\|` back out.
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_acting_characters_are_shown() {
        let cases = [
            ("plain", "账套 abc-1_2", "账套 abc-1_2"),
            ("line break and tab", "a\r\n\tb", r"a\u{d}\u{a}\u{9}b"),
            ("ansi", "\u{1b}]0;x\u{7}", r"\u{1b}]0;x\u{7}"),
            ("c1", "a\u{9b}31m", r"a\u{9b}31m"),
            ("bidi", "\u{202e}txt\u{2066}", r"\u{202e}txt\u{2066}"),
            ("zero width", "a\u{200b}b\u{feff}", r"a\u{200b}b\u{feff}"),
            ("line separator", "a\u{2028}b", r"a\u{2028}b"),
            ("tag", "a\u{e0041}", r"a\u{e0041}"),
            ("nul", "\0", r"\u{0}"),
        ];
        for (name, text, expected) in cases {
            assert_eq!(visible(text), expected, "{name}");
        }
    }

    #[test]
    fn evidence_never_becomes_markdown() {
        let cases = [
            ("plain", "BAK-02.1 数据集 core_db 缺 1 份", "BAK-02.1 数据集 core_db 缺 1 份"),
            ("link", "[a](http://x)", r"\[a\](http\://x)"),
            ("image", "![a](x)", r"\!\[a\](x)"),
            ("html", "<script>&amp;", r"\<script\>\&amp;"),
            ("bare link", "see https://x.y", r"see https\://x.y"),
            ("www", "WWW.x.y", r"WWW\.x.y"),
            ("mail", "a@b.c mailto:a", r"a\@b.c mailto\:a"),
            ("table", "a|b", r"a\|b"),
            ("emphasis", "*a* _b_ ~~c~~", r"\*a\* \_b\_ \~\~c\~\~"),
            ("heading", "# a", r"\# a"),
            ("list", "- a", r"\- a"),
            ("ordered list", "12. a", r"12\. a"),
            ("a number", "70.0%", "70.0%"),
            ("a number alone", "12.", r"12\."),
            ("setext", "===", r"\==="),
            ("code", "`a`", r"\`a\`"),
            ("indented code", "    a", "a"),
            ("new paragraph", "a\n\n# b", r"a\\u\{a\}\\u\{a\}# b"),
            ("template", "{{ 7 }}", r"\{\{ 7 \}\}"),
        ];
        for (name, text, expected) in cases {
            assert_eq!(markdown(text), expected, "{name}");
        }
    }

    #[test]
    fn code_spans_close_where_they_should() {
        let cases = [
            ("plain", "a/b.csv", "`a/b.csv`"),
            ("a tick", "a`b", "``a`b``"),
            ("ticks at the ends", "``", "``` `` ```"),
            ("pipe", "a|b", r"`a\|b`"),
            ("line break", "a\nb", r"`a\u{a}b`"),
        ];
        for (name, text, expected) in cases {
            assert_eq!(code(text), expected, "{name}");
        }
    }
}
