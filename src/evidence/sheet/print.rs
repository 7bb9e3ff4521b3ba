//! What is printed above and below every page of a sheet. People who check a list on paper go by it as by any other line.

use std::collections::BTreeMap;

use crate::evidence::stated::Stated;

/// Bytes of what is printed on the pages of all sheets that are looked at.
const MOST: usize = 1 << 20;

/// What is printed on every page of the sheets that have something, by their positions.
#[derive(Debug, Default)]
pub(super) struct Pages {
    words: BTreeMap<usize, String>,
    bytes: usize,
}

impl Pages {
    /// Takes what is printed on the pages of a sheet: very many sheets may be printed on one page.
    pub(super) fn add(&mut self, sheet: usize, words: &str) {
        if !words.trim().is_empty() && self.bytes + words.len() <= MOST {
            self.bytes += words.len();
            self.words.insert(sheet, words.to_owned());
        }
    }

    /// What the pages of these sheets state.
    pub(super) fn stated(&self, sheets: &[usize]) -> Stated {
        let mut stated = Stated::default();
        sheets.iter().filter_map(|sheet| self.words.get(sheet)).for_each(|words| stated.mine(words, 0));
        stated
    }
}

/// The words of a header or footer; pages, days and names that are filled in when it is printed are left out.
///
/// `&C&"SimSun,Bold"&14台账（单位：分钟）&R第 &P 页` is `台账（单位：分钟） 第  页`.
pub(super) fn words(code: &str) -> String {
    let (mut words, mut rest) = (String::new(), code.chars());
    while let Some(c) = rest.next() {
        if c != '&' {
            words.push(c);
            continue;
        }
        match rest.next() {
            Some('&') => words.push('&'),
            // Left, middle and right.
            Some('L' | 'C' | 'R') => words.push(' '),
            // A font, up to the quote that ends its name.
            Some('"') => {
                let _ = rest.by_ref().find(|c| *c == '"');
            }
            // A colour, of six signs.
            Some('K') => {
                let _ = rest.by_ref().nth(5);
            }
            Some(digit) if digit.is_ascii_digit() => {
                let behind = rest.as_str().trim_start_matches(|c: char| c.is_ascii_digit());
                rest = behind.chars();
            }
            _ => {}
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_left_out() {
        for (code, expected) in [
            ("&C&\"SimSun,Bold\"&14台账（单位：分钟）&R第 &P 页", "台账（单位：分钟） 第  页"),
            ("第1页 共3页", "第1页 共3页"),
            ("&L&KFF0000筛选条件：是否参加=是", "筛选条件：是否参加=是"),
            ("&CA&&B &D &T &F &A &G", "A&B"),
            ("&P/&N", "/"),
            ("&\"open", ""),
            ("&", ""),
            ("", ""),
        ] {
            assert_eq!(
                words(code).split_whitespace().collect::<Vec<_>>(),
                expected.split_whitespace().collect::<Vec<_>>(),
                "{code}"
            );
        }
    }
}
