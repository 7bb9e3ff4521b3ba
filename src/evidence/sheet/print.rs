//! What is printed above and below every page of a sheet. People who check a list on paper go by it as by any other line.

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
