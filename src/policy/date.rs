//! Dates as days since 1970-01-01.

use chrono::NaiveDate;

/// Days since 1970-01-01 of a date.
pub fn days(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The date of a number of days since 1970-01-01.
pub fn from_days(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(days)
}

/// `2026-09-30`, exactly so, as days since 1970-01-01.
pub fn parse(text: &str) -> Option<i32> {
    let plain = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !plain {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(days)
}

/// `2026-09-30`.
pub fn format(days: i32) -> String {
    from_days(days).map_or_else(|| days.to_string(), |date| date.format("%Y-%m-%d").to_string())
}
