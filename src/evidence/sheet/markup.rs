//! The marks of HTML: tags with their attributes, entities.

use std::collections::BTreeSet;

use super::mark::is_symbol_font;

/// The beginning of the first tag of a text, behind comments and declarations; at most 40 bytes of it.
pub(super) fn first_tag(head: &[u8]) -> Option<String> {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    loop {
        let end = if rest.starts_with(b"<!--") {
            b"-->".as_slice()
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else {
            break;
        };
        let at = memchr::memmem::find(rest, end)?;
        rest = rest.get(at + end.len()..).unwrap_or_default().trim_ascii_start();
    }
    let tag = rest.strip_prefix(b"<")?;
    Some(String::from_utf8_lossy(tag.get(..tag.len().min(40)).unwrap_or_default()).into_owned())
}

/// Elements without an end.
pub(super) const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// What an element says itself of how it is shown, blanks and case taken away.
fn style(tag: &str) -> String {
    attribute(tag, "style").unwrap_or_default().to_ascii_lowercase().replace(char::is_whitespace, "")
}

/// Whether an element says itself that it is not shown.
pub(super) fn is_hidden(tag: &str) -> bool {
    let style = style(tag);
    style.contains("display:none") || style.contains("visibility:hidden") || has(tag, "hidden")
}

/// What strikes out: `text-decoration: line-through`.
const STRUCK: &str = "line-through";

/// Whether declarations of a style name a symbol font.
fn is_in_symbol_font(style: &str) -> bool {
    let mut declared = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    declared.any(|(name, font)| name.trim().eq_ignore_ascii_case("font-family") && is_symbol_font(font))
}

/// Classes that the styles of a page strike out, and those that it shows in a symbol font.
#[derive(Debug, Default)]
pub(super) struct Classes {
    struck: BTreeSet<String>,
    symbol: BTreeSet<String>,
}

/// Whether an element is of one of some classes.
fn is_of(tag: &str, classes: &BTreeSet<String>) -> bool {
    let has = |class: &str| classes.contains(&class.to_ascii_lowercase());
    !classes.is_empty() && attribute(tag, "class").unwrap_or_default().split_whitespace().any(has)
}

impl Classes {
    /// Takes a style sheet: spreadsheets save pages with a class for each way to show a cell.
    pub(super) fn add(&mut self, sheet: &str) {
        for rule in sheet.split('}') {
            let Some((selectors, body)) = rule.rsplit_once('{') else { continue };
            let (struck, symbol) = (body.contains(STRUCK), is_in_symbol_font(body));
            if !struck && !symbol {
                continue;
            }
            for selector in selectors.split(',') {
                // The last of them is the element that is shown so.
                let last = selector.split_whitespace().next_back().unwrap_or_default();
                let class = last.split_once('.').map(|(_, class)| class.to_ascii_lowercase());
                self.struck.extend(class.clone().filter(|_| struck));
                self.symbol.extend(class.filter(|_| symbol));
            }
        }
    }

    /// Whether an element is struck out, by its style or its class.
    pub(super) fn strikes(&self, tag: &str) -> bool {
        style(tag).contains(STRUCK) || is_of(tag, &self.struck)
    }

    /// Whether an element is shown in a symbol font, by its style, its class or as a `font`.
    pub(super) fn shows_signs(&self, tag: &str) -> bool {
        let named = |attribute_name: &str| {
            let mut value = String::new();
            decode(attribute(tag, attribute_name).unwrap_or_default(), &mut value);
            value
        };
        is_in_symbol_font(&named("style")) || is_symbol_font(&named("face")) || is_of(tag, &self.symbol)
    }
}

/// The attributes of a tag: name, and value where it has one.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let blank = |c: char| c.is_whitespace() || c == '/';
    let mut rest = tag.trim_start_matches('/').trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| blank(c) || matches!(c, '"' | '\'' | '='));
        let end = rest.find(|c| blank(c) || c == '=').unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        if name.is_empty() {
            return None;
        }
        let Some(value) = behind.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = behind;
            return Some((name, None));
        };
        let quoted =
            value.strip_prefix('"').map(|text| (text, '"')).or(value.strip_prefix('\'').map(|text| (text, '\'')));
        let (value, next) = match quoted {
            Some((text, quote)) => text.split_once(quote).unwrap_or((text, "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = next;
        Some((name, Some(value)))
    })
}

/// The value of an attribute.
pub(super) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    attributes(tag).find(|(found, value)| value.is_some() && found.eq_ignore_ascii_case(name))?.1
}

/// Whether a tag has an attribute, with a value or without.
pub(super) fn has(tag: &str, name: &str) -> bool {
    attributes(tag).any(|(found, _)| found.eq_ignore_ascii_case(name))
}

/// Where a tag ends: `>` within quotes does not count.
pub(super) fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that never closes: the first `>` ends the tag.
    tag.find('>').unwrap_or(tag.len())
}

pub(super) fn find_without_case(text: &str, what: &str) -> Option<usize> {
    let (bytes, what) = (text.as_bytes(), what.as_bytes());
    memchr::memchr_iter(b'<', bytes)
        .find(|at| bytes.get(*at..*at + what.len()).is_some_and(|part| part.eq_ignore_ascii_case(what)))
}

/// Bytes of an entity's name.
const ENTITY: usize = 10;

/// Entities that exports write; others stay as they are.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ensp", ' '),
    ("emsp", ' '),
    ("times", '×'),
    ("middot", '·'),
    ("yen", '¥'),
    ("copy", '©'),
    ("reg", '®'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("radic", '√'),
    ("laquo", '«'),
    ("raquo", '»'),
];

pub(super) fn decode(text: &str, into: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, behind) = rest.split_at(at);
        into.push_str(before);
        // No name is longer, and to look for its end any further would be to read the rest once for every `&`.
        let end = behind.bytes().take(ENTITY + 2).position(|byte| byte == b';');
        let found = end.and_then(|end| behind.get(1..end)).and_then(|name| {
            let code = name.strip_prefix('#').and_then(|code| match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => code.parse().ok(),
            });
            let known = || ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, character)| *character);
            Some((code.and_then(char::from_u32).or_else(known)?, name.len() + 2))
        });
        match found {
            Some((character, length)) => {
                into.push(if character == '\u{a0}' { ' ' } else { character });
                rest = behind.get(length..).unwrap_or_default();
            }
            None => {
                into.push('&');
                rest = behind.get(1..).unwrap_or_default();
            }
        }
    }
    into.push_str(rest);
}
