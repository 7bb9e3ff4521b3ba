//! Numbers as reports print them.

/// Units of 10⁻¹² as a decimal without trailing zeros.
pub(super) fn decimal(units: i128) -> String {
    const ONE: u128 = 1_000_000_000_000;
    let sign = if units < 0 { "-" } else { "" };
    let units = units.unsigned_abs();
    let fraction = format!("{:012}", units % ONE);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", units / ONE)
}

/// The other way; `None` for anything but digits with at most twelve decimals.
pub(super) fn parse_decimal(text: &str) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 12 || !plain(whole) || !plain(fraction) {
        return None;
    }
    let units: i128 = format!("{whole}{fraction:0<12}").parse().ok()?;
    Some(if negative { -units } else { units })
}

/// Tenths of a percent: `854` → `85.4 %`.
pub(super) fn percent(tenths: Option<u32>) -> String {
    tenths.map_or_else(|| "—".to_owned(), |tenths| format!("{}.{}%", tenths / 10, tenths % 10))
}

/// A number of halves: `17` → `8.5`.
pub(super) fn halves(halves: u64) -> String {
    format!("{}{}", halves / 2, if halves % 2 == 1 { ".5" } else { "" })
}

/// A share in units of 10⁻¹² as an exact percentage: `950000000000` → `95%`.
pub(super) fn exact_percent(units: i128) -> String {
    format!("{}%", decimal(units.saturating_mul(100)))
}

/// A conforming share in percent with one decimal, rounded down: 94.99 % never prints as 95 %.
pub(super) fn share(conforming: u64, population: u64) -> String {
    if population == 0 {
        return "—".to_owned();
    }
    let tenths = u128::from(conforming) * 1000 / u128::from(population);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_both_ways() {
        let cases = [
            ("95 %", 950_000_000_000, "0.95"),
            ("whole", 1_000_000_000_000, "1"),
            ("zero", 0, "0"),
            ("least unit", 1, "0.000000000001"),
            ("negative", -1_500_000_000_000, "-1.5"),
        ];
        for (name, units, text) in cases {
            assert_eq!(decimal(units), text, "{name}");
            assert_eq!(parse_decimal(text), Some(units), "{name}");
        }
        for bad in ["", ".", "-", "1.0000000000001", "1e3", "0x1", "+1", " 1"] {
            assert_eq!(parse_decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn shares_are_rounded_down() {
        let cases = [
            ("94.99", 9499, 10_000, "94.9%"),
            ("all", 3, 3, "100.0%"),
            ("two thirds", 2, 3, "66.6%"),
            ("none", 0, 0, "—"),
        ];
        for (name, conforming, population, expected) in cases {
            assert_eq!(share(conforming, population), expected, "{name}");
        }
        assert_eq!(exact_percent(950_000_000_000), "95%");
        assert_eq!(exact_percent(999_500_000_000), "99.95%");
        assert_eq!(percent(Some(854)), "85.4%");
        assert_eq!(percent(None), "—");
    }
}
