//! Numbers of a workbook as text: what their format says they are, in the forms that cells are read in.

use std::fmt::Write as _;

use super::format_code::FormatCode;
use crate::evidence::bracket;
use crate::evidence::cells::{Dress, MINUTES_OR_POINTS};

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    /// A number.
    #[default]
    Number,
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// A time of day.
    Time,
    /// Hours that run on past 24.
    Elapsed,
    /// A number with this many digits at least: `000000` shows 7 as 000007.
    Digits(u8),
    /// A number that is shown as something else: `"N"0000` shows 7 as N0007.
    Dressed(Dress),
    /// A day of which not all is shown: `m-d` shows 2026-09-03 as 9-3, which somebody may have typed as an id.
    PartOfDay,
    /// A day and a time that the format says to be of UTC.
    Utc,
    /// Nothing, or a dash, as `0;-0;;` shows nought.
    Nothing,
}

/// How cells of a style are shown.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    /// What becomes of a number.
    pub(crate) format: FormatCode,
    /// Struck out.
    pub(crate) struck: bool,
    /// In a symbol font: people see signs where the file has letters.
    pub(crate) symbol: bool,
}

impl Style {
    /// Whether it strikes out or hides.
    pub(crate) fn marks(self) -> bool {
        self.struck || self.format.hides()
    }

    /// The same for a truth, which has no letters of its own that a font could show as signs.
    pub(crate) fn of_truth(self) -> Self {
        Self { symbol: false, ..self }
    }
}

impl Format {
    /// The format of a section of a code, such as `yyyy/m/d`.
    pub(crate) fn of(code: &str) -> Self {
        // The word for a number as it is, which Chinese programs show as G/通用格式; its letters are no year.
        let code = code.to_ascii_lowercase().replace("general", "#").replace("g/通用格式", "#");
        let (mut year, mut month, mut day, mut clock, mut elapsed, mut digit) =
            (false, false, false, false, false, false);
        let (mut zeros, mut other, mut shows) = (0_u8, false, Shows::default());
        let mut chars = code.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                // Skipped or repeated.
                '_' | '*' => {
                    chars.next();
                }
                // Shown as it is.
                '\\' => {
                    let shown: String = chars.next().into_iter().collect();
                    shows.text(&shown);
                }
                '"' => {
                    let shown: String = std::iter::from_fn(|| chars.next().filter(|c| *c != '"')).collect();
                    shows.text(&shown);
                }
                '[' => {
                    let inside: String = std::iter::from_fn(|| chars.next().filter(|c| *c != ']')).collect();
                    let inside = inside.to_ascii_lowercase();
                    // Digits of another script.
                    if inside.starts_with("dbnum") {
                        shows.add(Dress::Signs);
                    }
                    elapsed |= !inside.is_empty()
                        && ["h", "m", "s"].iter().any(|unit| inside.chars().all(|c| unit.starts_with(c)));
                }
                'a' if chars.peek().is_some_and(|c| matches!(c, '/' | 'm')) => {
                    // AM/PM and A/P.
                    clock = true;
                    while chars.peek().is_some_and(|c| matches!(c, '/' | 'm' | 'p')) {
                        chars.next();
                    }
                }
                'e' if chars.peek().is_some_and(|c| matches!(c, '+' | '-')) => {
                    (digit, other) = (true, true);
                    shows.add(Dress::Signs);
                }
                'y' | 'e' => year = true,
                'm' => month = true,
                'd' => day = true,
                'h' | 's' => clock = true,
                '0' => {
                    digit = true;
                    zeros = zeros.saturating_add(1);
                }
                '#' | '?' => (digit, other) = (true, true),
                '%' => {
                    other = true;
                    shows.add(Dress::Share);
                }
                // Fractions.
                '/' => {
                    other = true;
                    shows.add(Dress::Signs);
                }
                '.' => other = true,
                // Behind the digits it leaves three of them out.
                ',' => {
                    other = true;
                    if digit && chars.peek().is_none_or(|next| !matches!(next, '0' | '#' | '?')) {
                        shows.add(Dress::Words);
                    }
                }
                // Between digits it is part of a number that is shown as an id.
                '-' if digit && chars.peek().is_some_and(|next| matches!(next, '0' | '#' | '?')) => {
                    shows.add(Dress::Signs);
                }
                // The word for a text as it is.
                '@' => digit = true,
                c if c.is_alphanumeric() => shows.text(c.encode_utf8(&mut [0; 4])),
                c => shows.sign(c),
            }
        }
        if elapsed {
            return Self::Elapsed;
        }
        // `m` beside hours or seconds are minutes; digits behind seconds are their parts.
        match (year || day || (month && !clock), clock) {
            (true, true) if shows.utc => Self::Utc,
            (true, true) => Self::DateTime,
            (true, false) if !digit && year && month && day => Self::Date,
            (true, false) if !digit => Self::PartOfDay,
            (false, true) => Self::Time,
            _ if !digit && !code.is_empty() => shows.instead(),
            _ if let Some(format) = shows.format() => format,
            _ if (2..=15).contains(&zeros) && !other => Self::Digits(zeros),
            _ => Self::Number,
        }
    }

    /// The format with a number of its own (ECMA-376 part 1, 18.8.30; 27–36 and 50–58 are the East Asian dates).
    pub(crate) const fn built_in(id: u16) -> Self {
        match id {
            14 | 15 | 30 | 31 => Self::Date,
            // In Chinese programs year and month, or month and day.
            16 | 17 | 27..=29 | 36 | 50..=54 | 57..=58 => Self::PartOfDay,
            22 => Self::DateTime,
            18..=21 | 32..=35 | 45 | 47 | 55..=56 => Self::Time,
            46 => Self::Elapsed,
            9 | 10 => Self::Dressed(Dress::Share),
            // Powers of ten, fractions.
            11..=13 | 48 => Self::Dressed(Dress::Signs),
            _ => Self::Number,
        }
    }

    /// Appends the text of a number; `false` when the number cannot be what the format says and is left as a number.
    pub(crate) fn write(self, value: f64, since_1904: bool, text: &mut String) -> bool {
        match self {
            Self::Number | Self::Dressed(_) | Self::Nothing => {}
            Self::Digits(count) => {
                let start = text.len();
                number(value, text);
                let whole = text.get(start..).unwrap_or_default();
                if whole.bytes().all(|byte| byte.is_ascii_digit()) {
                    let missing = usize::from(count).saturating_sub(whole.len());
                    text.insert_str(start, "000000000000000".get(..missing).unwrap_or_default());
                    // An id: its zeros are no number's.
                    return missing > 0;
                }
                return false;
            }
            Self::Date | Self::PartOfDay | Self::DateTime | Self::Utc | Self::Time | Self::Elapsed => {
                if moment(self, value, since_1904, text).is_some() {
                    return true;
                }
            }
        }
        number(value, text);
        false
    }
}

/// Words for what is counted, and for points.
const COUNTING: [&str; 11] = ["人", "名", "个", "台", "次", "份", "条", "笔", "项", "级", "元"];

/// Words for nought.
const NONE: [&str; 5] = ["无", "零", "nil", "none", "zero"];

/// What a format shows beside the digits.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shows {
    /// What that makes of a number.
    dress: Option<Dress>,
    /// That a time is one of UTC.
    pub(crate) utc: bool,
    /// Signs that say more than that there is nothing.
    says: bool,
}

impl Shows {
    /// Takes what makes something else of a number.
    pub(crate) fn add(&mut self, dress: Dress) {
        self.dress = self.dress.max(Some(dress));
    }

    /// Takes a text that is shown as it is; currency signs make nothing else of a number.
    pub(crate) fn text(&mut self, text: &str) {
        if text.trim() == MINUTES_OR_POINTS {
            self.add(Dress::MinutesOrPoints);
        } else if let Some(unit) = bracket::unit(text.trim()) {
            self.add(Dress::Unit(unit));
        } else if NONE.contains(&text.trim().to_ascii_lowercase().as_str()) {
            // As good as nothing.
        } else if COUNTING.contains(&text.trim()) {
            self.add(Dress::Counting);
        } else if text.contains(char::is_alphanumeric) {
            self.add(Dress::Words);
        } else {
            if text.contains(['-', '/', '.', ':', '#', '_']) {
                self.add(Dress::Signs);
            }
            text.chars().for_each(|c| self.sign(c));
        }
        let word = text.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        self.utc |= matches!(word.as_str(), "z" | "utc" | "gmt");
    }

    /// Takes a sign that is shown as it is. Dashes, and what says of which currency nothing is, are as good as nothing.
    pub(crate) fn sign(&mut self, sign: char) {
        let is_blank = sign.is_whitespace() || "-–—－/_.+()¥￥$€£".contains(sign);
        self.says |= !is_blank;
    }

    /// What becomes of a number that has no digits in a format: words stand in its place, or nothing does.
    pub(crate) fn instead(self) -> Format {
        let is_bare = self.dress.is_none_or(|dress| dress == Dress::Signs) && !self.says;
        if is_bare { Format::Nothing } else { Format::Dressed(Dress::Words) }
    }

    /// What becomes of a number; `None` when nothing but its digits is shown.
    pub(crate) fn format(self) -> Option<Format> {
        self.dress.map(Format::Dressed)
    }
}

/// Days from 1970-01-01 to the day before the first of each system.
const DAYS_1900: i64 = 25_569;
const DAYS_1904: i64 = 24_107;

/// The day of a serial number, days since 1970-01-01. Day 60 of the 1900 system never was.
pub(crate) fn serial_day(serial: i64, since_1904: bool) -> Option<i32> {
    let day = match (since_1904, serial) {
        (true, 0..=2_957_003) => serial - DAYS_1904,
        (false, 61..=2_958_465) => serial - DAYS_1900,
        (false, 1..=59) => serial - DAYS_1900 + 1,
        _ => return None,
    };
    i32::try_from(day).ok()
}

/// The day and the milliseconds within it of a serial number.
pub(crate) fn serial_moment(value: f64, since_1904: bool) -> Option<(i32, i64)> {
    let (day, millis) = split(value)?;
    Some((serial_day(day, since_1904)?, millis))
}

/// Whole days and milliseconds.
fn split(value: f64) -> Option<(i64, i64)> {
    const DAY: i64 = 86_400_000;
    if !(0.0..3_000_000.0).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "less than three million days")]
    let millis = (value * 86_400_000.0).round() as i64;
    Some((millis.div_euclid(DAY), millis.rem_euclid(DAY)))
}

fn moment(format: Format, value: f64, since_1904: bool, text: &mut String) -> Option<()> {
    let (days, millis) = split(value)?;
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match format {
        Format::Elapsed => {
            let _ = write!(text, "{}:{minutes:02}:{seconds:02}", days * 24 + hours);
        }
        Format::Time => {
            let _ = write!(text, "{hours:02}:{minutes:02}:{seconds:02}");
        }
        _ => {
            let day = serial_day(days, since_1904)?;
            text.push_str(&crate::evidence::date_text(day));
            if matches!(format, Format::DateTime | Format::Utc) {
                let _ = write!(text, " {hours:02}:{minutes:02}:{seconds:02}");
                if millis > 0 {
                    let _ = write!(text, ".{millis:03}");
                }
            }
            if format == Format::Utc {
                text.push('Z');
            }
        }
    }
    Some(())
}

/// Integers that a number of a workbook holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Appends a number as people see it: `1` for 1.0, at most 15 significant digits behind a point, as a spreadsheet keeps.
pub(crate) fn number(value: f64, text: &mut String) {
    if !value.is_finite() {
        text.push_str("#NUM!");
        return;
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-15..1e21).contains(&magnitude) {
        let _ = write!(text, "{value:e}");
        return;
    }
    if value.fract() == 0.0 && magnitude < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        let whole = value as i64;
        let _ = write!(text, "{whole}");
        return;
    }
    let start = text.len();
    let _ = write!(text, "{value}");
    let shown = text.get(start..).unwrap_or_default();
    let digits = shown.bytes().filter(u8::is_ascii_digit);
    if digits.skip_while(|byte| *byte == b'0').count() <= 15 {
        return;
    }
    // What lies behind the fifteenth digit is what adding binary fractions left.
    let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    text.truncate(start);
    let _ = write!(text, "{rounded}");
}

/// Whether a number has more digits before its point than a spreadsheet keeps.
pub(crate) fn is_too_long(text: &str) -> bool {
    if text.contains(['e', 'E']) {
        return text.parse::<f64>().is_ok_and(|value| value.abs() >= 1e15);
    }
    text.bytes().skip_while(|byte| *byte == b'-').take_while(u8::is_ascii_digit).count() > 15
}

/// Whether a whole number is too long for a workbook to hold it exactly.
pub(crate) fn is_inexact(text: &str) -> bool {
    is_too_long(text) && text.parse::<f64>().is_ok_and(|value| value.abs() >= EXACT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_people_see_them() {
        for (value, expected) in [
            (1.0, "1"),
            (-7.0, "-7"),
            (0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (1234.5, "1234.5"),
            (0.95, "0.95"),
            (1e15, "1000000000000000"),
            (1.23e17, "123000000000000000"),
            (110_105_194_912_310_021.0, "110105194912310000"),
            (1e300, "1e300"),
            (1.0 / 3.0, "0.333333333333333"),
            (2.0 / 3.0 * 1e5, "66666.6666666667"),
        ] {
            let mut text = String::new();
            number(value, &mut text);
            assert_eq!(text, expected);
        }
        for (text, long) in
            [("123456789012345", false), ("1000000000000000", true), ("-1234567890123456.5", true), ("1e300", true)]
        {
            assert_eq!(is_too_long(text), long, "{text}");
        }
    }

    #[test]
    fn codes_tell_dates_from_numbers() {
        for (code, expected) in [
            ("General", Format::Number),
            ("0.00", Format::Number),
            ("0.00E+00", Format::Dressed(Dress::Signs)),
            ("#,##0.00_);[Red](#,##0.00)", Format::Number),
            ("General_)", Format::Number),
            ("GENERAL;-General", Format::Number),
            ("\"¥\"#,##0.00", Format::Number),
            ("[$¥-804]#,##0.00", Format::Number),
            ("0.00_);(0.00)", Format::Number),
            ("# ?/?", Format::Dressed(Dress::Signs)),
            // Letters beside the digits make another text of the number; some are units.
            ("0\"小时\"", Format::Dressed(Dress::Unit(2))),
            ("0\"%\"", Format::Dressed(Dress::Unit(12))),
            ("\"d\"0", Format::Dressed(Dress::Unit(3))),
            ("General\"号库\"", Format::Dressed(Dress::Words)),
            ("G/通用格式\"号库\"", Format::Dressed(Dress::Words)),
            ("\"N\"00000", Format::Dressed(Dress::Words)),
            ("\\N00000", Format::Dressed(Dress::Words)),
            ("000-0000", Format::Dressed(Dress::Signs)),
            ("0\"元\"", Format::Dressed(Dress::Counting)),
            ("00000;@", Format::Digits(5)),
            ("[Red]0000_ ", Format::Digits(4)),
            ("@", Format::Number),
            ("0%", Format::Dressed(Dress::Share)),
            ("0\\-", Format::Dressed(Dress::Signs)),
            (";;;", Format::Dressed(Dress::Words)),
            ("[=1]\"是\";[=0]\"否\"", Format::Dressed(Dress::Words)),
            ("[DBNum1][$-804]General", Format::Dressed(Dress::Signs)),
            ("_ ¥* #,##0.00_ ;_ ¥* \\-#,##0.00_ ", Format::Number),
            ("0\"-\"00", Format::Dressed(Dress::Signs)),
            ("_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"_ ;_ @_ ", Format::Number),
            ("\\ #,##0.00\\ ", Format::Number),
            ("000000", Format::Digits(6)),
            ("yyyy/m/d", Format::Date),
            ("yyyy\"年\"m\"月\"d\"日\";@", Format::Date),
            ("[$-804]yyyy年m月d日", Format::Date),
            ("m-d", Format::PartOfDay),
            ("m\"月\"d\"日\";@", Format::PartOfDay),
            ("mmm-yy", Format::PartOfDay),
            ("d-mmm", Format::PartOfDay),
            ("[$-f800]dddd, mmmm dd, yyyy", Format::Date),
            ("yyyy-mm-dd\"T\"hh:mm:ss\"Z\"", Format::Utc),
            ("yyyy-mm-dd hh:mm:ss\\Z", Format::Utc),
            ("yyyy-mm-dd hh:mm \"(utc)\"", Format::Utc),
            ("yyyy-mm-ddThh:mm:ssZ", Format::Utc),
            ("[$-F400]h:mm:ss\\ AM/PM", Format::Time),
            ("yyyy/m/d\\ aaaa", Format::Date),
            ("yyyy-mm-dd hh:mm:ss", Format::DateTime),
            ("m/d/yy h:mm", Format::DateTime),
            ("yyyy-mm-dd\\ hh:mm:ss.000", Format::DateTime),
            ("h:mm AM/PM", Format::Time),
            ("mm:ss", Format::Time),
            ("[h]:mm:ss", Format::Elapsed),
            ("[Red]0.0", Format::Number),
            // In thousands, and with a point of its own in ten thousands.
            ("#,##0,", Format::Dressed(Dress::Words)),
            ("0.00,,\" 百万\"", Format::Dressed(Dress::Words)),
            ("0\\.0,", Format::Dressed(Dress::Words)),
            ("#,##0_ ", Format::Number),
            ("###-####", Format::Dressed(Dress::Signs)),
            ("0\"分\"", Format::Dressed(Dress::MinutesOrPoints)),
        ] {
            assert_eq!(FormatCode::of(code).for_value(|| 7.0), expected, "{code}");
        }
    }

    #[test]
    fn dates_of_both_systems() {
        for (format, value, since_1904, expected) in [
            (Format::Date, 46_295.0, false, "2026-09-30"),
            (Format::Date, 44_833.0, true, "2026-09-30"),
            (Format::DateTime, 46_295.0 + 1.0 / 3.0, false, "2026-09-30 08:00:00"),
            (Format::DateTime, 46_295.25 + 0.25 / 86_400.0, false, "2026-09-30 06:00:00.250"),
            (Format::PartOfDay, 46_268.0, false, "2026-09-03"),
            (Format::Utc, 46_295.5, false, "2026-09-30 12:00:00Z"),
            (Format::Date, 1.0, false, "1900-01-01"),
            (Format::Date, 59.0, false, "1900-02-28"),
            (Format::Date, 60.0, false, "60"),
            (Format::Date, 61.0, false, "1900-03-01"),
            (Format::Date, -1.0, false, "-1"),
            (Format::Time, 0.354_166_666_666_667, false, "08:30:00"),
            (Format::Elapsed, 1.5, false, "36:00:00"),
            (Format::Digits(6), 7.0, false, "000007"),
            (Format::Digits(2), 700.0, false, "700"),
            (Format::Digits(2), 1.5, false, "1.5"),
        ] {
            let mut text = String::new();
            format.write(value, since_1904, &mut text);
            assert_eq!(text, expected);
        }
    }
}
