//! Stretches of a cell's text that are set apart: a footnote is no digit, what is struck out is not what counts, and in a
//! symbol font people see signs where the file has letters. A sign stands for each, so that the cell is unreadable as a
//! number or a word.

/// Stands before and behind what is struck out.
pub(super) const STRUCK: char = '~';
/// Stands before and behind what a symbol font shows.
pub(super) const SYMBOL: char = '¤';

/// Fonts that show signs in place of letters, in lower case.
const SYMBOL_FONTS: &[&str] =
    &["wingdings", "wingdings 2", "wingdings 3", "webdings", "marlett", "symbol", "zapfdingbats", "mt extra"];

/// Whether a font shows signs in place of letters. Of a list of fonts the first is the one that people see.
pub(super) fn is_symbol_font(name: &str) -> bool {
    let first = name.split(',').next().unwrap_or_default();
    let first = first.trim().trim_matches(['"', '\'']).trim();
    SYMBOL_FONTS.iter().any(|font| font.eq_ignore_ascii_case(first))
}

/// Whether a symbol font has a sign for something in a text. It has them in place of the first 255 characters, or in the
/// area for private use; programs show any other character, such as 是, in another font.
pub(super) fn has_signs(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '!'..='\u{ff}' | '\u{f000}'..='\u{f0ff}'))
}

/// Ends a stretch in a symbol font that begins behind `start`; one that has no signs is as any other text.
pub(super) fn end_signs(into: &mut String, start: usize) {
    let stretch = into.get(start..).unwrap_or_default();
    match stretch.split_once(SYMBOL) {
        Some((before, behind)) if !has_signs(behind) => {
            let at = start + before.len();
            into.remove(at);
        }
        _ => into.push(SYMBOL),
    }
}

/// How a stretch is set apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// A superscript or a subscript.
    pub(super) raised: bool,
    pub(super) struck: bool,
    /// In a symbol font.
    pub(super) symbol: bool,
}

impl Mark {
    /// Whether a cell that is one such stretch cannot be read at all.
    pub(super) fn bars_reading(self) -> bool {
        self.struck || self.symbol
    }

    /// Appends what stands before the stretch.
    pub(super) fn begin(self, into: &mut String) {
        if self.raised {
            into.push('^');
        }
        if self.struck {
            into.push(STRUCK);
        }
        if self.symbol {
            into.push(SYMBOL);
        }
    }

    /// Appends what stands behind it; before `start` nothing is of the stretch.
    pub(super) fn end(self, into: &mut String, start: usize) {
        if self.symbol {
            end_signs(into, start);
        }
        if self.struck {
            into.push(STRUCK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_by_their_names() {
        for (name, expected) in [
            ("Wingdings", true),
            (" wingdings 2 ", true),
            ("'Wingdings 2'", true),
            ("\"MT Extra\", serif", true),
            ("ZAPFDINGBATS", true),
            ("Symbol", true),
            ("宋体", false),
            ("Segoe UI Symbol", false),
            ("Arial, Wingdings", false),
            ("", false),
        ] {
            assert_eq!(is_symbol_font(name), expected, "{name}");
        }
    }

    #[test]
    fn stretches_have_signs_around_them() {
        let plain = Mark::default();
        let symbol = Mark { symbol: true, ..plain };
        for (mark, text, expected) in [
            (plain, "T", "0T"),
            (symbol, "T", "0¤T¤"),
            (symbol, "\u{f054}", "0¤\u{f054}¤"),
            (symbol, " ", "0 "),
            (symbol, "是", "0是"),
            (symbol, "是T", "0¤是T¤"),
            (Mark { struck: true, ..symbol }, "T", "0~¤T¤~"),
            (Mark { raised: true, ..symbol }, "是", "0^是"),
        ] {
            let mut into = "0".to_owned();
            mark.begin(&mut into);
            into.push_str(text);
            mark.end(&mut into, 1);
            assert_eq!(into, expected, "{mark:?} {text}");
        }
    }
}
