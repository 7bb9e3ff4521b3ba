//! Names of periods: `2026`, `2026H1`, `2026Q3`, `2026-09`.

use chrono::{Datelike, NaiveDate};

/// First and last day of a named period, as days since 1970-01-01.
///
/// # Examples
/// ```
/// use hegui::policy::{date, period};
/// assert_eq!(period::parse("2026Q3"), Some((date::parse("2026-07-01").unwrap(), date::parse("2026-09-30").unwrap())));
/// assert_eq!(period::parse("2026-13"), None);
/// ```
pub fn parse(name: &str) -> Option<(i32, i32)> {
    let year_text = name.get(..4).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let year: i32 = year_text.parse().ok()?;
    let rest = name.get(4..)?;
    let (first_month, months) = match rest.as_bytes() {
        [] => (1, 12),
        [b'H', half @ b'1'..=b'2'] => (u32::from(half - b'1') * 6 + 1, 6),
        [b'Q', quarter @ b'1'..=b'4'] => (u32::from(quarter - b'1') * 3 + 1, 3),
        [b'-', tens @ b'0'..=b'1', ones @ b'0'..=b'9'] => (u32::from(tens - b'0') * 10 + u32::from(ones - b'0'), 1),
        _ => return None,
    };
    let first = NaiveDate::from_ymd_opt(year, first_month, 1)?;
    let last = first.checked_add_months(chrono::Months::new(months))?.pred_opt()?;
    Some((super::date::days(first), super::date::days(last)))
}

/// The name of the quarter that a day lies in.
pub fn quarter_of(day: i32) -> String {
    let Some(date) = super::date::from_days(day) else { return String::new() };
    format!("{}Q{}", date.year(), (date.month0() / 3) + 1)
}
