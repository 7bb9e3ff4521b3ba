use proptest::prelude::*;

use super::super::super::testing::holds;
use super::super::number::{ONE, divide, fits, multiply, rounded};

#[test]
fn integers_do_not_wrap() {
    holds(&[
        ("i + 2", "7"),
        ("i - 7", "-2"),
        ("i * -3", "-15"),
        ("9223372036854775806 + 1", "9223372036854775807"),
        ("9223372036854775807 + 1", "NULL undecided"),
        ("9223372036854775807 + i", "NULL undecided"),
        ("-9223372036854775807 - 1", "-9223372036854775808"),
        ("-9223372036854775807 - 2", "NULL undecided"),
        ("3037000500 * 3037000500", "NULL undecided"),
        ("-(-9223372036854775807 - 1)", "NULL undecided"),
        ("ABS(-9223372036854775807 - 1)", "NULL undecided"),
        ("ABS(-5)", "5"),
        ("i + i_blank", "NULL"),
        ("i * i_doubt", "NULL unreadable"),
        // Widened before they are added.
        ("9223372036854775807 + 1.0", "9223372036854775808.0"),
    ]);
}

#[test]
fn decimals_are_exact_and_rounded_half_up() {
    holds(&[
        ("0.1 + 0.2", "0.3"),
        ("0.1 + 0.2 = 0.3", "TRUE"),
        ("rate * i", "2.5"),
        ("7 / 2", "3.5"),
        ("1 / 3", "0.333333333333"),
        ("2 / 3", "0.666666666667"),
        ("-2 / 3", "-0.666666666667"),
        ("2 / -3", "-0.666666666667"),
        ("-2 / -3", "0.666666666667"),
        ("0.000000000001 / 2", "0.000000000001"),
        ("-0.000000000001 / 2", "-0.000000000001"),
        ("0.000000000001 / 2.000000000001", "0.0"),
        ("0.000001 * 0.0000005", "0.000000000001"),
        ("0.000001 * 0.00000049", "0.0"),
        ("-0.000001 * 0.0000005", "-0.000000000001"),
        ("i / 0", "NULL undecided"),
        ("0.0 / 0.0", "NULL undecided"),
        ("i_blank / 0", "NULL"),
        ("i / i_doubt", "NULL unreadable"),
        ("1 = 1.0", "TRUE"),
        ("1.50 = 1.5", "TRUE"),
        ("i > 4.999999999999", "TRUE"),
        ("-0.0 = 0", "TRUE"),
    ]);
}

#[test]
fn decimals_past_38_digits_are_undecided() {
    let most = "99999999999999999999999999.999999999999";
    let cases: Vec<(String, &str)> = vec![
        (format!("{most} + 0.0"), most),
        (format!("{most} + 0.000000000001"), "NULL undecided"),
        // The sum of these two does not even fit into 128 bits.
        (format!("{most} + {most}"), "NULL undecided"),
        (format!("-{most} - {most}"), "NULL undecided"),
        (format!("-{most} - 0.000000000001"), "NULL undecided"),
        (format!("{most} - {most}"), "0.0"),
        (format!("{most} * 10"), "NULL undecided"),
        (format!("{most} * {most}"), "NULL undecided"),
        (format!("{most} / 0.1"), "NULL undecided"),
        (format!("{most} / 0.000000000001"), "NULL undecided"),
        (format!("{most} / {most}"), "1.0"),
        (format!("{most} * 1"), most),
        (format!("ROUND({most})"), "NULL undecided"),
        (format!("ROUND({most}, 12)"), most),
        (format!("FLOOR({most})"), "NULL undecided"),
        (format!("CEIL(-{most})"), "NULL undecided"),
        (format!("CAST({most} AS integer)"), "NULL undecided"),
        (format!("ABS(-{most})"), most),
        (format!("-{most}"), "-99999999999999999999999999.999999999999"),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(text, expected)| (text.as_str(), *expected)).collect();
    holds(&cases);
}

#[test]
fn rounding() {
    holds(&[
        ("ROUND(2.5)", "3.0"),
        ("ROUND(-2.5)", "-3.0"),
        ("ROUND(2.499999999999)", "2.0"),
        ("ROUND(2.345, 2)", "2.35"),
        ("ROUND(2.344999, 2)", "2.34"),
        ("ROUND(-2.345, 2)", "-2.35"),
        ("ROUND(i)", "5.0"),
        ("ROUND(rate, 0)", "1.0"),
        ("ROUND(1.5, 12)", "1.5"),
        ("ROUND(1.5, 13)", "NULL undecided"),
        ("ROUND(1.5, -1)", "NULL undecided"),
        ("ROUND(rate, i_blank)", "NULL"),
        ("ROUND(rate_doubt, 2)", "NULL unreadable"),
        ("FLOOR(1.999)", "1"),
        ("FLOOR(-1.001)", "-2"),
        ("FLOOR(-1.0)", "-1"),
        ("CEIL(1.001)", "2"),
        ("CEIL(-1.999)", "-1"),
        ("CEIL(i)", "5"),
        ("LEAST(i, 2, 3.5)", "2.0"),
        ("GREATEST(1, i, 3)", "5"),
        ("LEAST(i)", "5"),
        ("LEAST(i, i_blank)", "NULL"),
        ("GREATEST(i_blank, 9)", "NULL"),
        ("GREATEST(i_doubt, 9)", "NULL unreadable"),
        ("GREATEST('b', t)", "'b'"),
        ("LEAST(d, DATE '2026-09-29', d)", "DATE '2026-09-29'"),
        ("GREATEST(hours, MINUTES(59), DAYS(0))", "INTERVAL '60' MINUTE"),
        ("LEAST(months, YEARS(1))", "INTERVAL '2' MONTH"),
    ]);
}

#[test]
fn casts_have_one_exact_answer_or_none() {
    holds(&[
        ("CAST('12' AS integer)", "12"),
        ("CAST('-12' AS integer)", "-12"),
        ("CAST('007' AS integer)", "7"),
        ("CAST('-9223372036854775808' AS integer)", "-9223372036854775808"),
        ("CAST('9223372036854775808' AS integer)", "NULL undecided"),
        ("CAST('+12' AS integer)", "NULL undecided"),
        ("CAST(' 12' AS integer)", "NULL undecided"),
        ("CAST('1.0' AS integer)", "NULL undecided"),
        ("CAST('' AS integer)", "NULL undecided"),
        ("CAST('-' AS integer)", "NULL undecided"),
        ("CAST('１２' AS integer)", "NULL undecided"),
        ("CAST('0.50' AS decimal)", "0.5"),
        ("CAST('-12' AS decimal)", "-12.0"),
        ("CAST('-0.5' AS decimal)", "-0.5"),
        ("CAST('.5' AS decimal)", "NULL undecided"),
        ("CAST('5.' AS decimal)", "NULL undecided"),
        ("CAST('1e3' AS decimal)", "NULL undecided"),
        ("CAST('1,000' AS decimal)", "NULL undecided"),
        ("CAST('--5' AS decimal)", "NULL undecided"),
        ("CAST('0.1234567890123' AS decimal)", "NULL undecided"),
        ("CAST('true' AS boolean)", "TRUE"),
        ("CAST('FALSE' AS boolean)", "FALSE"),
        ("CAST('yes' AS boolean)", "NULL undecided"),
        ("CAST('1' AS boolean)", "NULL undecided"),
        ("CAST('2024-02-29' AS date)", "DATE '2024-02-29'"),
        ("CAST('2026-02-29' AS date)", "NULL undecided"),
        ("CAST('2026-9-30' AS date)", "NULL undecided"),
        ("CAST('2026/09/30' AS date)", "NULL undecided"),
        ("CAST('2026-09-30 08:00:00+08:00' AS timestamp)", "TIMESTAMP '2026-09-30 00:00:00+00:00'"),
        ("CAST('2026-09-30T08:00:00+08:00' AS timestamp) = at", "TRUE"),
        ("CAST('2026-09-30 08:00:00' AS timestamp)", "NULL undecided"),
        ("CAST(2.0 AS integer)", "2"),
        ("CAST(-2.5 AS integer)", "NULL undecided"),
        ("CAST(i AS decimal)", "5.0"),
        ("CAST(rate * 10 AS integer)", "5"),
        ("CAST(2.50 AS text)", "'2.5'"),
        ("CAST(2.0 AS text)", "'2'"),
        ("CAST(-0.5 AS text)", "'-0.5'"),
        ("CAST(-5 AS text)", "'-5'"),
        ("CAST(b AS text)", "'true'"),
        ("CAST(d AS text)", "'2026-09-30'"),
        ("CAST(t AS text)", "'abc'"),
        ("CAST(t_blank AS integer)", "NULL"),
        ("CAST(t_doubt AS integer)", "NULL unreadable"),
        ("CAST(t AS integer)", "NULL undecided"),
    ]);
}

/// A decimal as a big number, the second opinion.
fn big(units: i128) -> bigdecimal::BigDecimal {
    bigdecimal::BigDecimal::new(units.into(), 12)
}

fn units() -> impl Strategy<Value = i128> {
    let most = 10_i128.pow(38) - 1;
    prop_oneof![-most..=most, -10 * ONE..10 * ONE, -1_000_i128..1_000, (-999_i128..999).prop_map(|n| n * ONE)]
}

proptest! {
    #[test]
    fn products_and_quotients_agree_with_big_numbers(a in units(), b in units()) {
        use bigdecimal::RoundingMode::HalfUp;
        let expected = |exact: bigdecimal::BigDecimal| {
            let (digits, _) = exact.with_scale_round(12, HalfUp).into_bigint_and_exponent();
            i128::try_from(digits).ok().and_then(|units| fits(units).ok())
        };
        prop_assert_eq!(multiply(a, b).ok(), expected(big(a) * big(b)));
        if b == 0 {
            prop_assert!(divide(a, b).is_err());
        } else {
            // `big / big` keeps 100 digits, which may itself round; compare by what the quotient must satisfy.
            match divide(a, b) {
                Ok(quotient) => {
                    // |a - quotient·b| ≤ |b| / 2 in units of 10⁻¹², a half only away from zero.
                    let rest = (big(a) - big(quotient) * big(b)).abs() * 2;
                    let limit = big(b).abs() * big(1);
                    prop_assert!(rest <= limit);
                    if rest == limit {
                        prop_assert!((big(quotient) * big(b)).abs() > big(a).abs());
                    }
                }
                Err(_) => prop_assert!(big(a).abs() * 10 > big(b).abs() * big(10_i128.pow(38))),
            }
        }
    }

    #[test]
    fn rounding_agrees_with_big_numbers(a in units(), places in 0_i64..=12) {
        use bigdecimal::RoundingMode::HalfUp;
        let (digits, scale) = big(a).with_scale_round(places, HalfUp).with_scale(12).into_bigint_and_exponent();
        prop_assert_eq!(scale, 12);
        let expected = i128::try_from(digits).ok().and_then(|units| fits(units).ok());
        prop_assert_eq!(rounded(a, places).ok(), expected);
    }
}
