//! Written forms that look like a value and are none, and what each most likely is: said beside the fault, never guessed.
//!
//! [`NEAR_MISSES`] shows examples of each; documentation and tests iterate it, as they do [`super::forms::FORMS`].

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::cells::CellFault;
use super::forms::{self, pattern};
use crate::expr::Type;
use crate::text::Text;

/// What a cell that cannot be read most likely is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Near {
    /// A letter in place of a digit.
    Letter,
    /// A date that no calendar has.
    NoSuchDay,
    /// Day, month and year in an order that can be read in two ways.
    DayOrder,
    /// A date of two digits of year, or without a day.
    PartOfDate,
    /// A day that software writes where there is none, or of a year long before any evidence.
    NoDate,
    /// A time of day that no clock shows, or a zone by its letters.
    Clock,
    /// A day of the week that the date is not.
    Weekday,
    /// A time of day where a day belongs.
    Timed,
    /// Separators of thousands, or of decimals, in other places than they belong.
    Grouping,
    /// A unit or currency in the cell.
    Unit,
    /// A number with decimals, or a share, where a whole number belongs.
    NotWhole,
    /// A number larger than a column can hold.
    TooLarge,
    /// A formula instead of its value.
    Formula,
    /// An error of a spreadsheet.
    Error,
    /// A long number as a spreadsheet shows it: its digits are lost.
    LostDigits,
    /// An id whose leading zeros are lost.
    LostZeros,
    /// A sentence where a word belongs.
    Sentence,
    /// The number by which a spreadsheet counts days.
    Serial,
    /// A character within it that nobody sees.
    Unseen,
    /// What stands for the value of the row above, or for none, where that is not declared.
    Placeholder,
}

/// One example of a written form that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NearMiss {
    /// The column type: `boolean`, `integer`, `decimal`, `date`, `timestamp`, `text`.
    pub ty: &'static str,
    /// How the cell is written.
    pub written: &'static str,
    /// What it most likely is.
    pub near: Near,
}

const fn miss(ty: &'static str, written: &'static str, near: Near) -> NearMiss {
    NearMiss { ty, written, near }
}

/// Every sort of near miss, by type.
pub const NEAR_MISSES: &[NearMiss] = &[
    miss("boolean", "是的", Near::Sentence),
    miss("boolean", "没有问题", Near::Sentence),
    miss("boolean", "#N/A", Near::Error),
    miss("boolean", "=A1", Near::Formula),
    miss("integer", "1O", Near::Letter),
    miss("integer", "l2", Near::Letter),
    miss("integer", "1,23", Near::Grouping),
    miss("integer", "12,34,567", Near::Grouping),
    miss("integer", "1 234", Near::Grouping),
    miss("integer", "3.5", Near::NotWhole),
    miss("integer", "95%", Near::NotWhole),
    miss("integer", "99999999999999999999", Near::TooLarge),
    miss("integer", "约5", Near::Unit),
    miss("integer", "5条", Near::Unit),
    miss("integer", "=1+1", Near::Formula),
    miss("integer", "#REF!", Near::Error),
    miss("decimal", "1,23", Near::Grouping),
    miss("decimal", "1.234,56", Near::Grouping),
    miss("decimal", "¥5", Near::Unit),
    miss("decimal", "12万", Near::Unit),
    miss("decimal", "8小时", Near::Unit),
    miss("decimal", "O.5", Near::Letter),
    miss("decimal", "=SUM(A1:A3)", Near::Formula),
    miss("decimal", "#DIV/0!", Near::Error),
    miss("date", "2026/13/1", Near::NoSuchDay),
    miss("date", "2026-02-30", Near::NoSuchDay),
    miss("date", "2026年6月31日", Near::NoSuchDay),
    miss("date", "0026-09-30", Near::NoDate),
    miss("date", "1900/1/1", Near::NoDate),
    miss("date", "1905-07-18", Near::NoDate),
    miss("date", "2454-09-20", Near::NoDate),
    miss("date", "12.5.2026", Near::DayOrder),
    miss("date", "9/30/2026", Near::DayOrder),
    miss("date", "26-09-30", Near::PartOfDate),
    miss("date", "2026年9月", Near::PartOfDate),
    miss("date", "2026", Near::PartOfDate),
    miss("date", "202609", Near::PartOfDate),
    miss("date", "2026-09-30 08:00", Near::Timed),
    miss("date", "2O26-09-30", Near::Letter),
    miss("date", "=TODAY()", Near::Formula),
    miss("date", "#VALUE!", Near::Error),
    miss("date", "2026-09-30 星期二", Near::Weekday),
    miss("timestamp", "2026年9月30日（周四） 08:00", Near::Weekday),
    miss("timestamp", "2026-09-30 24:00:00", Near::Clock),
    miss("timestamp", "2026-09-30 上午 12:00", Near::Clock),
    miss("timestamp", "2026-09-30 13:00 AM", Near::Clock),
    miss("timestamp", "2026-09-30 08:60", Near::Clock),
    miss("timestamp", "2026-09-30 10:35-11:20", Near::Clock),
    miss("timestamp", "2026-09-30 08:00:00 CST", Near::Clock),
    miss("timestamp", "2026/13/1 08:00", Near::NoSuchDay),
    miss("timestamp", "1970-01-01 08:00:00", Near::NoDate),
    miss("timestamp", "30.9.2026 08:00", Near::DayOrder),
    miss("date", "46266", Near::Serial),
    miss("timestamp", "46266.5", Near::Serial),
    miss("text", "=1+1", Near::Formula),
    miss("text", "=A1", Near::Formula),
    miss("text", "=VLOOKUP(A2,B:C,2,0)", Near::Formula),
    miss("text", "00\u{200b}12345", Near::Unseen),
    miss("text", "E\x00001", Near::Unseen),
    miss("text", "1.23E+17", Near::LostDigits),
    miss("text", "1.23E17", Near::LostDigits),
    miss("text", "-1.23E+17", Near::LostDigits),
    miss("text", "1.23457e+17", Near::LostDigits),
    miss("text", "1.23E+09", Near::LostDigits),
    miss("text", "1.23457E+9", Near::LostDigits),
    miss("text", "#N/A", Near::Error),
    miss("text", "＃N/A", Near::Error),
    miss("text", "########", Near::Error),
    miss("text", "Err:502", Near::Error),
    miss("text", "同上", Near::Placeholder),
    miss("text", "〃", Near::Placeholder),
    miss("text", "—", Near::Placeholder),
    miss("text", "--", Near::Placeholder),
    miss("text", "N/A", Near::Placeholder),
    miss("text", "NULL", Near::Placeholder),
    miss("text", "(null)", Near::Placeholder),
    miss("text", "\\N", Near::Placeholder),
    miss("text", "……", Near::Placeholder),
];

/// Errors of spreadsheets as their CSV has them.
const ERRORS: [&str; 10] =
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"];

fn is(pattern: Option<&Regex>, text: &str) -> bool {
    pattern.is_some_and(|pattern| pattern.is_match(text))
}

/// Whether a text is an error of a spreadsheet, or the signs that it shows where a column is too narrow.
fn is_error(text: &str) -> bool {
    let sharp = text.strip_prefix(['#', '＃']);
    sharp.is_some_and(|rest| {
        ERRORS.iter().any(|error| error.trim_start_matches('#').eq_ignore_ascii_case(rest))
            || (rest.len() >= 3 && rest.chars().all(|c| c == '#'))
    }) || text
        .strip_prefix("Err:")
        .is_some_and(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a cell of text says, blanks and marks around it taken away ([`forms::unmarked`]): an id is the same in full width.
///
/// # Errors
/// When nobody wrote that: a spreadsheet put an error, a formula or a number that lost its digits in its place, or it holds
/// what nobody sees, so that it equals nothing that looks like it.
pub(crate) fn text(text: &str) -> Result<Cow<'_, str>, CellFault> {
    static LOST: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"^-?\d(?:\.\d{1,14}[Ee]\+?|[Ee]\+)(?:1[1-9]|[2-9]\d)$|",
            // Shorter ones, in a column too narrow for them.
            r"^-?\d\.\d{1,8}[Ee]\+(?:0[3-9]|9|10)$"
        ))
    });
    // A call to its last bracket, or cells, numbers and the signs between them: `= 2 箱` is text.
    static FORMULA: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"^=\s*[-+]?(?:[A-Za-z][A-Za-z.]*\(.*\)|'?[^'=<>\s]+'?!\$?[A-Z]+\$?[0-9]+|",
            r"(?:\$?[A-Za-z]{1,3}\$?[0-9]+|[0-9.]+)(?:\s*[-+*/^&:]\s*(?:\$?[A-Za-z]{1,3}\$?[0-9]+|[0-9.]+))*)$"
        ))
    });
    // One pass without a branch: this is asked of every cell.
    let (least, most) = text.bytes().fold((u8::MAX, 0), |(least, most), byte| (byte.min(least), byte.max(most)));
    let wide = most >= 0x80;
    if least == 0 || (wide && text.contains(is_unseen)) {
        return Err(CellFault::Unseen);
    }
    // Most are longer, or begin otherwise.
    let begins_as_placeholder = matches!(
        text.as_bytes(),
        [b'-' | b'"' | b'N' | b'n' | b'(' | b'[' | b'<' | b'\\' | b'd' | 0xe2 | 0xe3 | 0xe5 | 0xef, ..]
    );
    if begins_as_placeholder && text.len() <= 24 && is_placeholder(text) {
        return Err(CellFault::Placeholder);
    }
    if wide && text.chars().all(is_of_id) {
        return Ok(Cow::Owned(forms::narrow(text).into_owned()));
    }
    match text.as_bytes() {
        [b'#' | b'E' | 0xef, ..] if is_error(text) => Err(CellFault::Error),
        [b'0'..=b'9' | b'-', ..]
            if text.len() <= 22
                && memchr::memchr2(b'E', b'e', text.as_bytes()).is_some()
                && is(LOST.as_ref(), text) =>
        {
            Err(CellFault::Digits)
        }
        [b'=', ..] if is(FORMULA.as_ref(), text) => Err(CellFault::Type),
        _ => Ok(Cow::Borrowed(text)),
    }
}

/// Whether a text repeats the row above or says that there is nothing: no system, person or place is called so.
fn is_placeholder(text: &str) -> bool {
    match text.as_bytes() {
        [b'-' | b'"' | 0xe2 | 0xe3 | 0xef, ..] if text.len() <= 24 => {
            ["（同上）", "……", "…"].contains(&text)
                || text.chars().all(|c| matches!(c, '-' | '－' | '‐' | '–' | '—' | '―' | '─'))
                || (text.chars().count() <= 3
                    && text.chars().all(|c| matches!(c, '"' | '〃' | '″' | '〞' | '”' | '“' | '＂')))
        }
        [b'N' | b'n' | b'(' | b'[' | b'<' | b'\\' | b'd', ..] if text.len() <= 8 => {
            const WORDS: [&str; 8] = ["n/a", "n.a.", "null", "(null)", "[null]", "<null>", "\\N", "ditto"];
            WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        [0xe5, ..] if text.len() <= 10 => ["同上", "同左", "同前", "同上行", "同 上", "同上。", "如上"].contains(&text),
        _ => false,
    }
}

/// Characters without width or ink, but for those that join letters or say where a word may break. At the ends of a cell they
/// are blanks.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Letters, digits and the signs between them, in either width.
fn is_of_id(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '-' | '_' | '.' | '/' | '－' | '＿' | '．' | '／')
}

/// What a text that is no value of a type most likely is; `None` when nothing is known.
pub(crate) fn near(ty: &Type, text: &str) -> Option<Near> {
    static DAY_ORDER: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:\D|$)"));
    static YEAR_FIRST: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"));
    static NO_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"^(?:0\d|1[0-8])\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d|",
            r"^(?:1900|1970)(?:\s*[-/.年]\s*0?1\s*[-/.月]\s*0?1|0101)(?:\D|$)|^(?:1905|24[2-7]\d)\s*[-/.年]"
        ))
    });
    static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"^(?:\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|(?:19|20)\d{2}(?:\d{2}|年)?|\d{4}\s*[-/.年]\s*\d{1,2}\s*月?)$")
    });
    static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^[-+]?[\d,. ]*\d[\d,. ]*$"));
    static WITH_UNIT: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^[^\d\s]{0,4}\s*[-+]?\d[\d,.]*\s*[^\d\s]{0,6}$"));
    // Days from 1954 to 2119.
    static SERIAL: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^[2-7]\d{4}(?:\.\d+)?$"));
    let text = forms::narrow(text);
    let text = text.as_ref();
    if text.starts_with('=') {
        return Some(Near::Formula);
    }
    if is_error(text) {
        return Some(Near::Error);
    }
    let reads = |text: &str| match ty {
        Type::Integer => forms::integer(text).is_some(),
        Type::Decimal => forms::decimal(text).is_some(),
        Type::Date => forms::date(text).is_some(),
        Type::Timestamp => forms::moment(text).is_some(),
        _ => false,
    };
    let digits: String = text
        .chars()
        .map(|c| match c {
            'O' | 'o' => '0',
            'l' | 'I' => '1',
            other => other,
        })
        .collect();
    if digits != text && reads(&digits) {
        return Some(Near::Letter);
    }
    match ty {
        Type::Boolean => text.chars().next().is_some_and(|c| !c.is_ascii_digit()).then_some(Near::Sentence),
        Type::Integer
            if forms::decimal(text).is_some_and(|units| units % 1_000_000_000_000 == 0) && !text.ends_with('%') =>
        {
            Some(Near::TooLarge)
        }
        Type::Integer if forms::decimal(text).is_some() => Some(Near::NotWhole),
        Type::Integer | Type::Decimal if is(NUMBER.as_ref(), text) => Some(Near::Grouping),
        Type::Integer | Type::Decimal if is(WITH_UNIT.as_ref(), text) => Some(Near::Unit),
        Type::Date if is(SERIAL.as_ref(), text) && !text.contains('.') => Some(Near::Serial),
        Type::Timestamp if is(SERIAL.as_ref(), text) => Some(Near::Serial),
        Type::Date | Type::Timestamp if is(NO_DATE.as_ref(), text) => Some(Near::NoDate),
        Type::Date | Type::Timestamp if forms::is_of_other_weekday(text) => Some(Near::Weekday),
        Type::Date if forms::moment(text).is_some() => Some(Near::Timed),
        Type::Date | Type::Timestamp if is(DAY_ORDER.as_ref(), text) => Some(Near::DayOrder),
        Type::Date | Type::Timestamp if is(PART.as_ref(), text) => Some(Near::PartOfDate),
        Type::Date | Type::Timestamp if is(YEAR_FIRST.as_ref(), text) => {
            // A day that there is: what is behind it is the fault.
            let day = text.split([' ', 'T']).next().unwrap_or(text);
            Some(if forms::date(day).is_some() { Near::Clock } else { Near::NoSuchDay })
        }
        _ => None,
    }
}

impl Near {
    /// What to say of it.
    pub fn hint(self) -> Text {
        let (zh, en) = match self {
            Self::Letter => ("字母 O、l 代替了数字 0、1", "a letter O or l stands for a digit"),
            Self::NoSuchDay => ("日历上没有这一天", "no calendar has this day"),
            Self::DayOrder => (
                "日、月、年的次序可有两种读法，请写成 2026-09-30",
                "day and month can be read in either order; write it as 2026-09-30",
            ),
            Self::PartOfDate => ("年份应为四位，并写明日", "write four digits of the year, and the day"),
            Self::NoDate => (
                "不是实际的日期：年份不对，或是软件用来表示“没有”、由年份数字变来的日期；没有日期的，请留空",
                "no real day: no evidence is of that year, or software writes it for none or made it of a year; leave the cell blank where there is none",
            ),
            Self::Clock => (
                "没有这样的时刻，或时区写成了字母；请写 08:00:00+08:00",
                "no clock shows this time, or its zone is in letters; write 08:00:00+08:00",
            ),
            Self::Weekday => ("星期与日期不符", "the date is another day of the week"),
            Self::Grouping => {
                ("千位或小数的分隔符位置不对", "its separators of thousands or decimals are not where they belong")
            }
            Self::Timed => ("带有时刻，此列只写日期", "it has a time of day, the column takes days"),
            Self::Unit => ("单元格里带有单位或其他文字，只留数字", "the cell holds a unit or words; leave the number"),
            Self::TooLarge => ("数太大，超出范围", "the number is too large"),
            Self::NotWhole => ("此列需要整数", "the column takes whole numbers"),
            Self::Formula => {
                ("是公式而不是它的值；请粘贴为数值再导出", "a formula, not its value; paste values and export")
            }
            Self::Error => ("是表格软件的错误值", "an error of a spreadsheet"),
            Self::LostDigits => (
                "是长编号被表格软件改成的数，位数已经丢失；编号请按文本格式导出",
                "a long id that a spreadsheet made a number: its digits are lost; export ids as text",
            ),
            Self::LostZeros => (
                "补上前导零就符合格式：前导零可能被表格软件去掉了；编号请按文本格式导出",
                "with leading zeros it would fit: a spreadsheet may have dropped them; export ids as text",
            ),
            Self::Serial => (
                "像是表格软件的日期序列号；请把该列设为日期格式再导出",
                "it may be the number by which a spreadsheet counts days; format the column as dates and export",
            ),
            Self::Unseen => (
                "其中有看不见的字符，与看来相同的文字并不相等；请删去后重新输入",
                "it holds a character that nobody sees, and so equals nothing that looks like it; type it anew",
            ),
            Self::Placeholder => (
                "代表上一行的值或“没有”：前者请写出值，后者请留空，或在该列的 `x-null` 中写明",
                "it stands for the value above, or for none: write the value, or leave it blank, or declare it in `x-null` of the column",
            ),
            Self::Sentence => ("只写一个词，例如“是”或“否”", "write one word, such as yes or no"),
        };
        Text::new(zh, en)
    }
}

#[cfg(test)]
mod tests {
    use super::super::cells::{Cells, Raw, plain};
    use super::*;
    use crate::evidence::forms::FORMS;

    #[test]
    fn every_near_miss_is_unreadable_and_named() {
        for NearMiss { ty, written, near: expected } in NEAR_MISSES {
            let ty = forms::type_of(ty);
            let kind = plain(ty.clone());
            let cells = Cells::new(&kind, chrono_tz::Asia::Shanghai);
            let fault = cells.read(Raw::Text(written)).expect_err(written);
            let named = match fault {
                CellFault::Digits => Some(Near::LostDigits),
                CellFault::Error => Some(Near::Error),
                CellFault::Unseen => Some(Near::Unseen),
                CellFault::Placeholder => Some(Near::Placeholder),
                _ => near(&ty, written),
            };
            assert_eq!(named, Some(*expected), "{ty:?} {written}");
            assert!(!expected.hint().zh.is_empty());
        }
    }

    #[test]
    fn no_form_that_is_read_is_called_a_near_miss_and_ordinary_texts_stay_as_they_are() {
        for form in FORMS {
            assert!(text(forms::trimmed(form.written)).is_ok(), "{}", form.written);
        }
        for written in [
            "E001",
            "1E5",
            "1.5E+3",
            "#1",
            "# N/A",
            "2E",
            "12E+17",
            "A1E+17",
            "9.99999999999999999E+17",
            "5E11",
            "=> next",
            "== 2 ==",
            "= 无",
            "'quoted'",
            "'90s music",
            "`code`",
            "（甲）",
            "甲Ａ",
            "第１项",
            "a\u{1b}b",
            "张三👨\u{200d}👩",
            "=B12 型",
            "=3-5天内完成",
            "= 2*10kg",
            "'E001 说明",
            "-1",
            "- 待办",
            "同上海",
            "同上一家供应商",
            "/",
            "/var",
            "nullsoft",
            "\"A\"",
        ] {
            assert_eq!(text(written).as_deref(), Ok(written));
        }
    }
}
