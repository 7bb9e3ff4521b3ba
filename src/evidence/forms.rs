//! The written forms of booleans, numbers, dates and times that are read, and what each means.
//!
//! [`FORMS`] shows one example of every form; documentation and tests iterate it.

use std::borrow::Cow;

use chrono::NaiveDate;
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// One example of a written form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The column type it belongs to: `boolean`, `integer`, `decimal`, `date`, `timestamp`, `text`.
    pub ty: &'static str,
    /// How a cell may be written.
    pub written: &'static str,
    /// The canonical text of its value; local times in Asia/Shanghai.
    pub means: &'static str,
}

const fn form(ty: &'static str, written: &'static str, means: &'static str) -> Form {
    Form { ty, written, means }
}

/// The type of a form or a near miss.
#[cfg(test)]
pub(crate) fn type_of(name: &str) -> crate::expr::Type {
    match name {
        "boolean" => crate::expr::Type::Boolean,
        "integer" => crate::expr::Type::Integer,
        "decimal" => crate::expr::Type::Decimal,
        "date" => crate::expr::Type::Date,
        "timestamp" => crate::expr::Type::Timestamp,
        _ => crate::expr::Type::Text,
    }
}

/// Words that mean TRUE, without regard to case and width.
pub const TRUE_WORDS: &[&str] = &["是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1"];
/// Words that mean FALSE.
pub const FALSE_WORDS: &[&str] = &["否", "无", "错", "×", "☐", "✗", "✘", "n", "no", "f", "false", "0"];

/// Every form that is read, by type, an example each; of booleans every word.
pub const FORMS: &[Form] = &[
    form("boolean", "是", "true"),
    form("boolean", "有", "true"),
    form("boolean", "对", "true"),
    form("boolean", "√", "true"),
    form("boolean", "✓", "true"),
    form("boolean", "✔", "true"),
    form("boolean", "☑", "true"),
    form("boolean", "☐", "false"),
    form("boolean", "Y", "true"),
    form("boolean", "yes", "true"),
    form("boolean", "t", "true"),
    form("boolean", "TRUE", "true"),
    form("boolean", "1", "true"),
    form("boolean", "１", "true"),
    form("boolean", "否", "false"),
    form("boolean", "无", "false"),
    form("boolean", "错", "false"),
    form("boolean", "×", "false"),
    form("boolean", "✗", "false"),
    form("boolean", "✘", "false"),
    form("boolean", "n", "false"),
    form("boolean", "No", "false"),
    form("boolean", "F", "false"),
    form("boolean", "false", "false"),
    form("boolean", "0", "false"),
    form("integer", "42", "42"),
    form("integer", "-7", "-7"),
    form("integer", "+7", "7"),
    form("integer", "1,234,567", "1234567"),
    form("integer", "４２", "42"),
    form("integer", "－7", "-7"),
    form("integer", "−7", "-7"),
    form("integer", " 42 ", "42"),
    form("integer", "\u{a0}42\u{200b}", "42"),
    form("integer", "3.0", "3"),
    form("integer", "1e3", "1000"),
    form("decimal", "1234.50", "1234.5"),
    form("decimal", "1,234.50", "1234.5"),
    form("decimal", "１，２３４．５０", "1234.5"),
    form("decimal", "95%", "0.95"),
    form("decimal", "99.9％", "0.999"),
    form("decimal", "-.5", "-0.5"),
    form("decimal", "1.5E-3", "0.0015"),
    form("decimal", "0.1234567890125", "0.123456789013"),
    form("date", "2026-09-30", "2026-09-30"),
    form("date", "2026-9-3", "2026-09-03"),
    form("date", "2026/9/30", "2026-09-30"),
    form("date", "2026.09.30", "2026-09-30"),
    form("date", "2026年9月30日", "2026-09-30"),
    form("date", "2026年9月30号", "2026-09-30"),
    form("date", "２０２６年９月３０日", "2026-09-30"),
    form("date", "20260930", "2026-09-30"),
    form("date", "2026/9/30 0:00:00", "2026-09-30"),
    form("date", "'2026-09-30", "2026-09-30"),
    form("date", "2026-09-30 星期三", "2026-09-30"),
    form("date", "2026年9月30日（周三）", "2026-09-30"),
    form("timestamp", "2026-09-30T08:00:00+08:00", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026-09-30T00:00:00Z", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026-09-30 08:00:00", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026-09-30 08:00", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026-09-30 08:00:00.25", "2026-09-30T00:00:00.250000Z"),
    form("timestamp", "2026-09-30 08:00:00 +0000", "2026-09-30T08:00:00Z"),
    form("timestamp", "2026-09-30 08:00:00+08", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026-09-30 08:00:00 UTC", "2026-09-30T08:00:00Z"),
    form("timestamp", "2026-09-30 08:00 GMT+8", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026-09-29 20:00:00-04:00", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026/9/30 8:00:00", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026年9月30日 8时0分", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026年9月30日8时0分5秒", "2026-09-30T00:00:05Z"),
    form("timestamp", "2026/9/30 上午 8:00:00", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026/9/30 下午4:05", "2026-09-30T08:05:00Z"),
    form("timestamp", "2026-9-30 8:00 AM", "2026-09-30T00:00:00Z"),
    form("timestamp", "2026-9-30 12:30:00 AM", "2026-09-29T16:30:00Z"),
    form("timestamp", "2026-09-30 星期三 08:00", "2026-09-30T00:00:00Z"),
    form("timestamp", "20260930080000", "2026-09-30T00:00:00Z"),
    form("timestamp", "20260930T080000Z", "2026-09-30T08:00:00Z"),
    form("timestamp", "=\"2026-09-30 08:00\"", "2026-09-30T00:00:00Z"),
    form("text", " E001\u{a0}", "E001"),
    form("text", "=\"0012345\"", "0012345"),
    form("text", "'0012345", "0012345"),
    form("text", "'E001-2", "E001-2"),
    form("text", "`0012345", "0012345"),
    form("text", "ＥＡ００１２", "EA0012"),
];

/// A pattern of ours.
pub(crate) fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// The text without the blanks around it, those of no width among them.
pub(crate) fn trimmed(text: &str) -> &str {
    let text = text.trim();
    let ends = [text.as_bytes().first(), text.as_bytes().last()];
    if ends.iter().flatten().all(|byte| byte.is_ascii()) {
        return text;
    }
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.trim_matches(blank)
}

/// What a cell says without what keeps a spreadsheet from changing it: a formula that is nothing but a text in quotes
/// (`="0012345"`), or a mark before an id, a number or a date (`'0012345`). Any other text as it is.
pub(crate) fn unmarked(text: &str) -> &str {
    match text.as_bytes() {
        [b'=', b'"', .., b'"'] => {
            let quoted = text.get(2..text.len() - 1).filter(|inner| !inner.contains('"'));
            quoted.map_or(text, trimmed)
        }
        [b'\'' | b'`', first, rest @ ..] if first.is_ascii_alphanumeric() => {
            let of_date = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.' | b':' | b' ');
            let of_id = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/' | b'.' | b'_');
            let digits = first.is_ascii_digit() || rest.iter().any(u8::is_ascii_digit);
            let marked = digits && (rest.iter().all(of_id) || (of_date(first) && rest.iter().all(of_date)));
            text.get(1..).filter(|_| marked).unwrap_or(text)
        }
        _ => text,
    }
}

/// Full-width letters, digits and signs made half-width; outer blanks removed.
pub(crate) fn narrow(text: &str) -> Cow<'_, str> {
    let text = trimmed(text);
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    // The minus of typesetting means what the one on the keyboard does.
    let half: String = text.nfkc().map(|c| if c == '\u{2212}' { '-' } else { c }).collect();
    Cow::Owned(half.trim().to_owned())
}

/// Whether a raised, lowered or circled digit stands beside other characters: a footnote, and no digit of the number.
fn has_footnote(text: &str) -> bool {
    let is_one =
        |c| matches!(c, '²' | '³' | '¹' | '\u{2070}'..='\u{2089}' | '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}');
    !text.is_ascii() && text.chars().any(is_one) && trimmed(text).chars().nth(1).is_some()
}

/// A boolean.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    let text = narrow(text);
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(TRUE_WORDS) { Some(true) } else { is(FALSE_WORDS).then_some(false) }
}

/// An integer; `3.0` is one, `3.5` and `3%` are none.
pub(crate) fn integer(text: &str) -> Option<i64> {
    // Plain digits, the usual case, without the detour.
    let bytes = text.as_bytes();
    if !bytes.is_empty() && bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit) {
        return Some(bytes.iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')));
    }
    if has_footnote(text) {
        return None;
    }
    let text = narrow(text);
    if text.ends_with('%') {
        return None;
    }
    let (units, exact) = scaled(&text)?;
    (exact && units % UNIT == 0).then(|| i64::try_from(units / UNIT).ok()).flatten()
}

const UNIT: i128 = 1_000_000_000_000;
/// Digits of `Decimal128(38, 12)`.
const MAX: i128 = 99_999_999_999_999_999_999_999_999_999_999_999_999;

/// A decimal in units of 10⁻¹². Places beyond the twelfth are rounded half away from zero, as arithmetic does.
pub(crate) fn decimal(text: &str) -> Option<i128> {
    if has_footnote(text) {
        return None;
    }
    scaled(&narrow(text)).map(|(units, _)| units)
}

/// Units of 10⁻¹², and whether none was rounded off.
fn scaled(text: &str) -> Option<(i128, bool)> {
    let (text, percent) = text.strip_suffix('%').map_or((text, false), |text| (text.trim_end(), true));
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) if exponent.len() <= 4 => (mantissa, exponent.parse::<i32>().ok()?),
        Some(_) => return None,
        None => (text, 0),
    };
    let (mantissa, negative) = match mantissa.as_bytes().first()? {
        b'-' => (mantissa.get(1..)?, true),
        b'+' => (mantissa.get(1..)?, false),
        _ => (mantissa, false),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if part.is_empty() || (whole.is_empty() && !mantissa.starts_with('.')) || !grouped(whole) {
        return None;
    }
    let mut digits: i128 = 0;
    let mut places: i32 = 0;
    let mut exact = true;
    for byte in whole.bytes().filter(|byte| *byte != b',') {
        digits = digits.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
    }
    for byte in part.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        match digits.checked_mul(10).and_then(|more| more.checked_add(i128::from(byte - b'0'))) {
            Some(more) => {
                digits = more;
                places += 1;
            }
            // Far behind the twelfth place.
            None => exact &= byte == b'0',
        }
    }
    let shift = 12 - places + exponent - if percent { 2 } else { 0 };
    let power = 10_i128.checked_pow(shift.unsigned_abs());
    let units = if digits == 0 {
        0
    } else if shift >= 0 {
        digits.checked_mul(power?)?
    } else if let Some(power) = power {
        exact &= digits % power == 0;
        digits / power + i128::from(digits % power >= power / 2 + power % 2)
    } else {
        exact = false;
        0
    };
    (units <= MAX).then_some((if negative { -units } else { units }, exact))
}

/// Only digits, and commas, if any, before every third.
fn grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut many = false;
    for group in groups {
        many = true;
        if group.len() != 3 || !digits(group) {
            return false;
        }
    }
    digits(first) && (!many || (1..=3).contains(&first.len()))
}

/// A date as days since 1970-01-01. A time behind it must be midnight.
pub(crate) fn date(text: &str) -> Option<i32> {
    if let Some((day, "")) = iso_date(text) {
        return Some(day);
    }
    let text = narrow(text);
    let (day, rest) = date_prefix(&text)?;
    let rest = behind_weekday(day, rest)?;
    let midnight = rest.is_empty() || clock_of_half(rest).is_some_and(|(micros, rest)| micros == 0 && rest.is_empty());
    midnight.then_some(day)
}

/// A time as read: what its text says about the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Microseconds UTC: the text had an offset.
    Instant(i64),
    /// A day and microseconds within it, in some local zone.
    Local(i32, i64),
    /// A day without time.
    Day(i32),
}

/// A date with time.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    if let Some((day, rest)) = iso_date(text)
        && let Some(found) = time_behind(day, rest)
    {
        return Some(found);
    }
    let text = narrow(text);
    let (day, rest) = date_prefix(&text)?;
    time_behind(day, behind_weekday(day, rest)?)
}

/// Whether a date names a day of the week that it is not.
pub(crate) fn is_of_other_weekday(text: &str) -> bool {
    let text = narrow(text);
    date_prefix(&text).is_some_and(|(day, rest)| behind_weekday(day, rest).is_none())
}

/// What stands behind the day of the week, where a date names it; `None` when it was another.
fn behind_weekday(day: i32, rest: &str) -> Option<&str> {
    const DAYS: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];
    let text = rest.trim_start();
    let (text, close) = text.strip_prefix('(').map_or((text, None), |text| (text, Some(')')));
    let Some(text) = ["星期", "周"].iter().find_map(|word| text.strip_prefix(word)) else { return Some(rest) };
    let named = text.chars().next()?;
    let behind = text.get(named.len_utf8()..)?;
    let behind = close.map_or(Some(behind), |close| behind.strip_prefix(close))?;
    // 1970-01-01 was a Thursday.
    let weekday = usize::try_from((i64::from(day) + 3).rem_euclid(7)).ok()?;
    let same = DAYS.get(weekday) == Some(&named) || (weekday == 6 && named == '天');
    same.then_some(behind)
}

fn time_behind(day: i32, rest: &str) -> Option<Moment> {
    if rest.is_empty() {
        return Some(Moment::Day(day));
    }
    let (micros, behind) = clock_of_half(rest)?;
    let written = rest.get(..rest.len() - behind.len()).unwrap_or_default();
    let rest = behind.trim_start();
    if rest.is_empty() {
        return Some(Moment::Local(day, micros));
    }
    // 10:35-11:20 are two times of a day: a zone to the west stands behind seconds.
    if rest.starts_with('-') && written.matches(':').count() == 1 {
        return None;
    }
    let offset = offset(rest)?;
    Some(Moment::Instant(i64::from(day) * 86_400_000_000 + micros - offset * 1_000_000))
}

/// `2026-09-30` at the start, without any detour.
fn iso_date(text: &str) -> Option<(i32, &str)> {
    let bytes = text.as_bytes().first_chunk::<10>()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let day = civil(number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?)?;
    Some((day, text.get(10..)?))
}

/// Whether software writes a day where there is none: 1900-01-01, the first of spreadsheets and databases, 1970-01-01, the
/// first of Unix, and what a spreadsheet makes of 2026 (1905-07-18) or 202609 (2454-09-20) in a column of dates.
const fn is_no_day(day: i32) -> bool {
    matches!(day, -25_567 | 0) || matches!(day + 25_569, 1_900..=2_100 | 190_001..=210_012)
}

/// A day that evidence can speak of.
fn civil(year: u32, month: u32, day: u32) -> Option<i32> {
    let year = i32::try_from(year).ok().filter(|year| *year >= 1900)?;
    let day = NaiveDate::from_ymd_opt(year, month, day)?.to_epoch_days();
    (!is_no_day(day)).then_some(day)
}

/// Leading digits, at least `least` and at most `most`.
fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    Some((text.get(..count)?.parse().ok()?, text.get(count..)?))
}

/// A date in any form at the start of the text.
fn date_prefix(text: &str) -> Option<(i32, &str)> {
    let (year, rest) = digits(text, 4, 4)?;
    let separator = rest.chars().next()?;
    match separator {
        '-' | '/' | '.' => {
            let (month, rest) = digits(rest.get(1..)?, 1, 2)?;
            let (day, rest) = digits(rest.strip_prefix(separator)?, 1, 2)?;
            // A third digit is no day.
            (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some(())?;
            Some((civil(year, month, day)?, rest))
        }
        '年' => {
            let (month, rest) = digits(rest.strip_prefix('年')?.trim_start(), 1, 2)?;
            let (day, rest) = digits(rest.trim_start().strip_prefix('月')?.trim_start(), 1, 2)?;
            let rest = rest.trim_start();
            let rest = rest.strip_prefix('日').or_else(|| rest.strip_prefix('号'))?;
            Some((civil(year, month, day)?, rest))
        }
        _ => {
            let (month, rest) = digits(rest, 2, 2)?;
            let (day, rest) = digits(rest, 2, 2)?;
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            (length == 0 || length == 6).then_some(())?;
            Some((civil(year, month, day)?, rest))
        }
    }
}

/// A time of day at the start, on a clock of twenty-four hours or of twelve: 上午 8:05, 8:05 PM.
fn clock_of_half(text: &str) -> Option<(i64, &str)> {
    const HOUR: i64 = 3_600_000_000;
    let rest = text.trim_start();
    let before =
        [("上午", false), ("下午", true)].into_iter().find_map(|(word, late)| Some((rest.strip_prefix(word)?, late)));
    let (micros, behind) = clock(before.map_or(text, |(rest, _)| rest))?;
    let after = || {
        let word = behind.trim_start();
        let (half, rest) = (word.get(..2)?, word.get(2..)?);
        let late =
            if half.eq_ignore_ascii_case("pm") { true } else { half.eq_ignore_ascii_case("am").then_some(false)? };
        (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some((rest, late))
    };
    let (late, behind) = match (before, after()) {
        (None, None) => return Some((micros, behind)),
        (Some((_, late)), None) => (late, behind),
        (None, Some((rest, late))) => (late, rest),
        (Some(_), Some(_)) => return None,
    };
    // Whether 上午 12:00 is noon or midnight nobody agrees upon; 下午 13:05 is as clear as it gets.
    let hour = micros / HOUR;
    match (late, hour) {
        (true, 12..) | (false, 0..12) => Some((micros, behind)),
        (true, 1..12) => Some((micros + 12 * HOUR, behind)),
        (false, 12) if before.is_none() => Some((micros - 12 * HOUR, behind)),
        _ => None,
    }
}

/// A time of day at the start: microseconds since midnight, and what follows.
fn clock(text: &str) -> Option<(i64, &str)> {
    let text = text.strip_prefix(['T', 't']).unwrap_or_else(|| text.trim_start());
    let (hour, rest) = digits(text, 1, 2)?;
    let (minute, second, rest) = if let Some(rest) = rest.strip_prefix(':') {
        let (minute, rest) = digits(rest, 2, 2)?;
        match rest.strip_prefix(':') {
            Some(rest) => {
                let (second, rest) = digits(rest, 2, 2)?;
                (minute, second, rest)
            }
            None => (minute, 0, rest),
        }
    } else if let Some(rest) = rest.strip_prefix('时') {
        let (minute, rest) = digits(rest, 1, 2)?;
        let rest = rest.strip_prefix('分')?;
        match digits(rest, 1, 2) {
            Some((second, rest)) => (minute, second, rest.strip_prefix('秒')?),
            None => (minute, 0, rest),
        }
    } else {
        let (minute, rest) = digits(rest, 2, 2)?;
        let (second, rest) = digits(rest, 2, 2)?;
        (minute, second, rest)
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut micros = (i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second)) * 1_000_000;
    let Some(part) = rest.strip_prefix(['.', ',']) else { return Some((micros, rest)) };
    let count = part.bytes().take_while(u8::is_ascii_digit).count();
    if count == 0 || count > 9 {
        return None;
    }
    let mut unit = 100_000;
    for byte in part.bytes().take(count) {
        micros += i64::from(byte - b'0') * unit;
        unit /= 10;
    }
    Some((micros, part.get(count..)?))
}

/// Zones west of Greenwich with parts of an hour, in minutes; to the east there are more.
const WEST: [u32; 3] = [2 * 60 + 30, 3 * 60 + 30, 9 * 60 + 30];

/// Seconds east of Greenwich: `Z`, `+08:00`, `+0800`, `+08`, with UTC or GMT before it or alone.
fn offset(text: &str) -> Option<i64> {
    let named = text.get(..3).filter(|name| name.eq_ignore_ascii_case("utc") || name.eq_ignore_ascii_case("gmt"));
    let text = named.and_then(|_| text.get(3..)).unwrap_or(text);
    if (named.is_some() && text.is_empty()) || (named.is_none() && text.eq_ignore_ascii_case("z")) {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    // GMT+8, but no +8 alone.
    let (hours, rest) = digits(text.get(1..)?, if named.is_some() { 1 } else { 2 }, 2)?;
    let minutes = match rest.strip_prefix(':').unwrap_or(rest) {
        "" if rest.is_empty() => 0,
        text => match digits(text, 2, 2)? {
            (minutes, "") => minutes,
            _ => return None,
        },
    };
    let all = hours * 60 + minutes;
    let exists = match sign {
        1 => all <= 14 * 60 && minutes % 15 == 0,
        _ => all <= 12 * 60 && (minutes == 0 || WEST.contains(&all)),
    };
    (minutes <= 59 && exists).then(|| sign * i64::from(all) * 60)
}

/// A date within a file name: `备份记录_20260930.csv`, `mfa-2026-09-30.json`. The last one, if there are several.
pub(crate) fn date_in_name(name: &str) -> Option<i32> {
    let name = narrow(name);
    let mut found = None;
    let mut before = None;
    for (at, c) in name.char_indices() {
        let starts = c.is_ascii_digit() && !before.is_some_and(|c: char| c.is_ascii_digit());
        before = Some(c);
        if !starts {
            continue;
        }
        let rest = name.get(at..).unwrap_or_default();
        let plain = date_prefix(rest).map(|(day, _)| day);
        let lines = || {
            let (year, rest) = digits(rest, 4, 4)?;
            let (month, rest) = digits(rest.strip_prefix('_')?, 1, 2)?;
            let (day, rest) = digits(rest.strip_prefix('_')?, 1, 2)?;
            (!rest.starts_with(|c: char| c.is_ascii_digit())).then(|| civil(year, month, day)).flatten()
        };
        // Years a file of evidence can be of; other runs of eight digits are serial numbers.
        let possible = |day: &i32| (0..47_482).contains(day);
        found = plain.or_else(lines).filter(possible).or(found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::display::date_text;
    use super::*;

    #[test]
    fn what_is_no_form_is_refused() {
        for text in ["maybe", "2", "", "是的"] {
            assert_eq!(boolean(text), None, "{text}");
        }
        for text in
            ["", "3.5", "3%", "1,23", "12,34,567", "abc", "1 2", "99999999999999999999", "--1", "1e", "０x1", ",123"]
        {
            assert_eq!(integer(text), None, "{text}");
        }
        for text in ["", ".", "5.", "1,23.4", "1.2.3", "1e99999", "NaN", "Infinity", "%", "-", "1e30", "¥5"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        for text in [
            "2026-02-30",
            "2026-13-01",
            "26-09-30",
            "2026-9",
            "2026/9-30",
            "30/9/2026",
            "2026-09-301",
            "202609301",
            "2026年9月",
            "2026-09-30 08:00",
            "0000-01-01",
            "昨天",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
        for text in [
            "2026-09-30 24:00:00",
            "2026-09-30 08:60",
            "2026-09-30 8",
            "2026-09-30T08:00:00+8",
            "2026-09-30 08:00:00 CST",
            "2026-09-30 08:00:61",
            "2026-09-30T",
            "08:00",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn dates_in_file_names() {
        for (name, expected) in [
            ("备份记录_20260930.csv", Some("2026-09-30")),
            ("mfa-2026-09-30.json", Some("2026-09-30")),
            ("导出 2026年9月30日.csv", Some("2026-09-30")),
            ("log_2026_9_3.csv", Some("2026-09-03")),
            ("2026-07-01至2026-09-30.csv", Some("2026-09-30")),
            ("export_20260930080000.csv", Some("2026-09-30")),
            ("serial 12345678.csv", None),
            ("2026Q3.csv", None),
            ("202609.csv", None),
            ("id110105194912310021.csv", None),
        ] {
            assert_eq!(date_in_name(name).map(date_text).as_deref(), expected, "{name}");
        }
    }
}
