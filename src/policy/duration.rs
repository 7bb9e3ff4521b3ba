//! Lengths of time as written in YAML: `7 days`.

use crate::expr::DurationUnit;

/// Unit and amount of a written length of time: microseconds for days and time, months for months and years.
///
/// # Examples
/// ```
/// use hegui::expr::DurationUnit;
/// use hegui::policy::duration::parse;
/// assert_eq!(parse("7 days"), Some((DurationUnit::Days, 7 * 86_400_000_000)));
/// assert_eq!(parse("1 year"), Some((DurationUnit::Months, 12)));
/// assert_eq!(parse("7"), None);
/// ```
pub fn parse(text: &str) -> Option<(DurationUnit, i64)> {
    let (amount, unit) = text.trim().split_once(char::is_whitespace)?;
    if amount.is_empty() || !amount.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: i64 = amount.parse().ok()?;
    let (unit, each) = match unit.trim() {
        "minute" | "minutes" => (DurationUnit::Time, 60_000_000),
        "hour" | "hours" => (DurationUnit::Time, 3_600_000_000),
        "day" | "days" => (DurationUnit::Days, 86_400_000_000),
        "week" | "weeks" => (DurationUnit::Days, 7 * 86_400_000_000),
        "month" | "months" => (DurationUnit::Months, 1),
        "year" | "years" => (DurationUnit::Months, 12),
        _ => return None,
    };
    Some((unit, amount.checked_mul(each)?))
}

/// The length as people write it, in the largest unit that leaves no rest: `7 days`.
pub fn format(unit: DurationUnit, amount: i64) -> String {
    let units: &[(i64, &str)] = match unit {
        DurationUnit::Months => &[(12, "year"), (1, "month")],
        DurationUnit::Days => &[(86_400_000_000, "day")],
        DurationUnit::Time => &[(3_600_000_000, "hour"), (60_000_000, "minute")],
    };
    for (each, name) in units {
        if amount % each == 0 {
            let count = amount / each;
            return format!("{count} {name}{}", if count == 1 { "" } else { "s" });
        }
    }
    format!("{amount} us")
}
