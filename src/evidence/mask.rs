//! Masking of sensitive values: applied when a finding is made, so that no output holds the clear value.

use crate::model::Sensitivity;

/// `text` with everything but the least that tells two people apart replaced by `*`.
///
/// Too short a text to keep anything is masked whole; the mask of a name, e-mail or address does not tell its length.
///
/// # Examples
/// ```
/// use hegui::{evidence::mask, model::Sensitivity};
/// assert_eq!(mask(Sensitivity::Phone, "13800001234"), "138****1234");
/// assert_eq!(mask(Sensitivity::Name, "张某某"), "张**");
/// ```
pub fn mask(sensitivity: Sensitivity, text: &str) -> String {
    match sensitivity {
        Sensitivity::Name => keep_start(text, 1, 2),
        Sensitivity::IdNo => keep_ends(text, 3, 2),
        Sensitivity::Phone => keep_ends(text, 3, 4),
        Sensitivity::Card => keep_ends(text, 0, 4),
        Sensitivity::Email => match text.rsplit_once('@') {
            Some((user, domain)) => format!("{}@{domain}", keep_start(user, 1, 3)),
            None => keep_start(text, 0, 3),
        },
        Sensitivity::Address => keep_start(text, 6, 3),
    }
}

fn keep_start(text: &str, kept: usize, stars: usize) -> String {
    let long_enough = text.chars().count() > kept;
    let mut masked: String = text.chars().take(if long_enough { kept } else { 0 }).collect();
    masked.extend(std::iter::repeat_n('*', stars));
    masked
}

fn keep_ends(text: &str, first: usize, last: usize) -> String {
    let length = text.chars().count();
    // At least four characters stay hidden, else what is kept tells the value.
    if length < first + last + 4 {
        return "*".repeat(length.max(1));
    }
    text.chars().enumerate().map(|(at, c)| if at < first || at >= length - last { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_by_sensitivity() {
        let cases = [
            ("a name of two", Sensitivity::Name, "张三", "张**"),
            ("a name of four tells no length", Sensitivity::Name, "欧阳小明", "欧**"),
            ("one letter is hidden whole", Sensitivity::Name, "张", "**"),
            ("identity number", Sensitivity::IdNo, "11010519491231002X", "110*************2X"),
            ("identity number cut short", Sensitivity::IdNo, "11010519", "********"),
            ("mobile", Sensitivity::Phone, "13800001234", "138****1234"),
            ("landline too short", Sensitivity::Phone, "66001234", "********"),
            ("bank card", Sensitivity::Card, "6222020000001234", "************1234"),
            ("mail", Sensitivity::Email, "wang@example.com", "w***@example.com"),
            ("mail of one letter", Sensitivity::Email, "w@example.com", "***@example.com"),
            ("not a mail", Sensitivity::Email, "wang", "***"),
            ("address", Sensitivity::Address, "北京市海淀区中关村1号", "北京市海淀区***"),
            ("empty", Sensitivity::IdNo, "", "*"),
        ];
        for (name, sensitivity, text, expected) in cases {
            assert_eq!(mask(sensitivity, text), expected, "{name}");
        }
    }
}
