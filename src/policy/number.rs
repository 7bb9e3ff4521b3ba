//! Decimals as written in YAML, in units of 10⁻¹².

const PLACES: usize = crate::expr::DECIMAL_PLACES as usize;

/// One, in units of 10⁻¹².
pub const ONE: i128 = 1_000_000_000_000;

/// `-12.5` in units of 10⁻¹²; more than twelve places, exponents and anything else give `None`.
///
/// # Examples
/// ```
/// use hegui::policy::number::parse_decimal;
/// assert_eq!(parse_decimal("0.95"), Some(950_000_000_000));
/// assert_eq!(parse_decimal("1e3"), None);
/// ```
pub fn parse_decimal(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > PLACES || whole.len() > 26 {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let scale = 10_i128.pow(u32::try_from(PLACES - fraction.len()).ok()?);
    let value = whole.checked_mul(ONE)?.checked_add(part * scale)?;
    Some(if negative { -value } else { value })
}

/// `95%` or `0.95`, from 0 to 100 %, in units of 10⁻¹².
pub fn parse_share(text: &str) -> Option<i128> {
    let share = match text.trim().strip_suffix('%') {
        Some(percent) => {
            let value = parse_decimal(percent.trim_end())?;
            if value % 100 != 0 {
                return None;
            }
            value / 100
        }
        None => parse_decimal(text.trim())?,
    };
    (0..=ONE).contains(&share).then_some(share)
}

/// The shortest decimal notation: `0.95`, `12`.
pub fn format_decimal(value: i128) -> String {
    let (sign, value) = if value < 0 { ("-", value.unsigned_abs()) } else { ("", value.unsigned_abs()) };
    let one = ONE.unsigned_abs();
    let fraction = format!("{:012}", value % one);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", value / one)
}

/// `95%`, `97.5%`.
pub fn format_percent(value: i128) -> String {
    format!("{}%", format_decimal(value.saturating_mul(100)))
}
