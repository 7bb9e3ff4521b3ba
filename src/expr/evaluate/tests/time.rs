use proptest::prelude::*;

use super::super::super::context::{FIRST_DAY, LAST_DAY};
use super::super::super::print::date_text;
use super::super::super::testing::{context, holds, holds_in, value_in};

#[test]
fn months_are_clamped_to_the_last_day_both_ways() {
    holds(&[
        ("DATE '2026-01-31' + MONTHS(1)", "DATE '2026-02-28'"),
        ("DATE '2024-01-31' + MONTHS(1)", "DATE '2024-02-29'"),
        ("DATE '2026-01-30' + MONTHS(1)", "DATE '2026-02-28'"),
        ("DATE '2026-01-28' + MONTHS(1)", "DATE '2026-02-28'"),
        ("DATE '2026-03-31' - MONTHS(1)", "DATE '2026-02-28'"),
        ("DATE '2026-02-28' - MONTHS(1)", "DATE '2026-01-28'"),
        ("DATE '2026-05-31' + MONTHS(1)", "DATE '2026-06-30'"),
        ("DATE '2026-08-31' + MONTHS(-6)", "DATE '2026-02-28'"),
        ("DATE '2026-08-31' - MONTHS(-6)", "DATE '2027-02-28'"),
        ("DATE '2026-12-31' + MONTHS(1)", "DATE '2027-01-31'"),
        ("DATE '2026-01-15' - MONTHS(1)", "DATE '2025-12-15'"),
        ("DATE '2024-02-29' + YEARS(1)", "DATE '2025-02-28'"),
        ("DATE '2024-02-29' + YEARS(4)", "DATE '2028-02-29'"),
        ("DATE '2024-02-29' - YEARS(1)", "DATE '2023-02-28'"),
        ("DATE '2096-02-29' + YEARS(4)", "DATE '2100-02-28'"),
        ("DATE '1996-02-29' + YEARS(4)", "DATE '2000-02-29'"),
        // Twice one month is not two months.
        ("DATE '2026-01-31' + MONTHS(1) + MONTHS(1)", "DATE '2026-03-28'"),
        ("DATE '2026-01-31' + (MONTHS(1) + MONTHS(1))", "DATE '2026-03-31'"),
        ("DATE '2026-01-31' + INTERVAL '1' MONTH", "DATE '2026-02-28'"),
        ("MONTHS(1) + DATE '2026-01-31'", "DATE '2026-02-28'"),
        ("d + MONTHS(0)", "DATE '2026-09-30'"),
        ("d + MONTHS(i)", "DATE '2027-02-28'"),
        ("d + months_blank", "NULL"),
        ("d_doubt + months", "NULL unreadable"),
        ("DATE '9999-12-01' + MONTHS(1)", "NULL undecided"),
        ("DATE '0000-01-31' - MONTHS(1)", "NULL undecided"),
        ("d + MONTHS(2147483647)", "NULL undecided"),
        ("d + MONTHS(2147483648)", "NULL undecided"),
        ("d - MONTHS(-2147483648)", "NULL undecided"),
        ("d + YEARS(178956971)", "NULL undecided"),
        ("d + (MONTHS(2147483647) + MONTHS(1))", "NULL undecided"),
    ]);
}

#[test]
fn days() {
    holds(&[
        ("DATE '2026-02-28' + DAYS(1)", "DATE '2026-03-01'"),
        ("DATE '2024-02-28' + DAYS(1)", "DATE '2024-02-29'"),
        ("DATE '1900-02-28' + DAYS(1)", "DATE '1900-03-01'"),
        ("DATE '2000-02-28' + DAYS(1)", "DATE '2000-02-29'"),
        ("DATE '2026-01-01' - DAYS(1)", "DATE '2025-12-31'"),
        ("d + DAYS(-30)", "DATE '2026-08-31'"),
        ("d - days", "DATE '2026-09-28'"),
        ("DATE '9999-12-31' + DAYS(1)", "NULL undecided"),
        ("DATE '0000-01-01' - DAYS(1)", "NULL undecided"),
        ("d + DAYS(9223372036854775807)", "NULL undecided"),
        ("d + DAYS(99999999)", "NULL undecided"),
        ("DAYS(1) = HOURS(24)", "TRUE"),
        ("DAYS(1) > HOURS(23) + MINUTES(59)", "TRUE"),
        ("days - hours", "INTERVAL '2820' MINUTE"),
        ("YEARS(1) = MONTHS(12)", "TRUE"),
        ("YEARS(1) - MONTHS(13) < MONTHS(0)", "TRUE"),
        ("DAYS_BETWEEN(DATE '2024-02-28', DATE '2024-03-01')", "2"),
        ("DAYS_BETWEEN(DATE '2026-03-01', DATE '2026-02-28')", "-1"),
        ("DAYS_BETWEEN(d, d)", "0"),
        ("DATE(2024, 2, 29)", "DATE '2024-02-29'"),
        ("DATE(2026, 2, 29)", "NULL undecided"),
        ("DATE(2026, 13, 1)", "NULL undecided"),
        ("DATE(2026, 0, 1)", "NULL undecided"),
        ("DATE(2026, 1, -1)", "NULL undecided"),
        ("DATE(10000, 1, 1)", "NULL undecided"),
        ("DATE(0, 1, 1)", "DATE '0000-01-01'"),
        ("DATE(2026, i_blank, 1)", "NULL"),
        ("YEAR(d) * 10000 + MONTH(d) * 100 + DAY(d)", "20260930"),
        ("QUARTER(DATE '2026-03-31')", "1"),
        ("QUARTER(DATE '2026-04-01')", "2"),
        ("QUARTER(DATE '2026-12-31')", "4"),
        ("YEAR(d_doubt)", "NULL unreadable"),
    ]);
}

#[test]
fn timestamps_in_shanghai() {
    holds(&[
        ("DATE(at)", "DATE '2026-09-30'"),
        ("DATE(TIMESTAMP '2026-09-30 15:59:59.999999Z')", "DATE '2026-09-30'"),
        ("DATE(TIMESTAMP '2026-09-30 16:00:00Z')", "DATE '2026-10-01'"),
        ("at + HOURS(4)", "TIMESTAMP '2026-09-30 04:00:00+00:00'"),
        ("at - MINUTES(1)", "TIMESTAMP '2026-09-29 23:59:00+00:00'"),
        ("at + DAYS(1) = at + HOURS(24)", "TRUE"),
        ("hours + at > at", "TRUE"),
        // The month is that of the local date: the 28th of February at 01:00 in Shanghai is still the 27th in UTC.
        ("TIMESTAMP '2026-01-31 01:00:00+08:00' + MONTHS(1)", "TIMESTAMP '2026-02-27 17:00:00+00:00'"),
        ("TIMESTAMP '2026-01-31 17:00:00Z' + MONTHS(1)", "TIMESTAMP '2026-02-28 17:00:00+00:00'"),
        ("HOURS_BETWEEN(at, at + MINUTES(90))", "1.5"),
        ("HOURS_BETWEEN(at + MINUTES(20), at)", "-0.333333333333"),
        ("MINUTES_BETWEEN(at, at + HOURS(2))", "120.0"),
        ("HOURS_BETWEEN(TIMESTAMP '0000-01-01 00:00:00Z', TIMESTAMP '9999-12-31 23:00:00Z')", "87658199.0"),
        ("HOURS_BETWEEN(at, at_blank)", "NULL"),
        ("TIMESTAMP '9999-12-31 23:30:00Z' + HOURS(1)", "NULL undecided"),
        ("TIMESTAMP '0000-01-01 00:30:00Z' - HOURS(1)", "NULL undecided"),
        ("DATE(TIMESTAMP '9999-12-31 23:30:00Z')", "NULL undecided"),
        ("TIMESTAMP '9999-12-31 23:30:00Z' + MONTHS(1)", "NULL undecided"),
        ("at + months_doubt", "NULL unreadable"),
    ]);
}

/// Clocks in New York went forward on 2026-03-08 at 02:00 and go back on 2026-11-01 at 02:00.
#[test]
fn clocks_that_are_put_forward_and_back() {
    holds_in(
        &context(chrono_tz::America::New_York),
        &[
            // 02:30 is in the gap: its end, 03:00 −04:00.
            ("TIMESTAMP '2026-02-08 02:30:00-05:00' + MONTHS(1)", "TIMESTAMP '2026-03-08 07:00:00+00:00'"),
            ("TIMESTAMP '2026-02-08 02:30:45.5-05:00' + MONTHS(1)", "TIMESTAMP '2026-03-08 07:00:00+00:00'"),
            ("TIMESTAMP '2026-02-08 02:00:00-05:00' + MONTHS(1)", "TIMESTAMP '2026-03-08 07:00:00+00:00'"),
            ("TIMESTAMP '2026-02-08 01:59:59-05:00' + MONTHS(1)", "TIMESTAMP '2026-03-08 06:59:59+00:00'"),
            ("TIMESTAMP '2026-02-08 03:00:00-05:00' + MONTHS(1)", "TIMESTAMP '2026-03-08 07:00:00+00:00'"),
            // 01:30 is there twice: the earlier, −04:00.
            ("TIMESTAMP '2026-10-01 01:30:00-04:00' + MONTHS(1)", "TIMESTAMP '2026-11-01 05:30:00+00:00'"),
            ("TIMESTAMP '2026-10-01 02:30:00-04:00' + MONTHS(1)", "TIMESTAMP '2026-11-01 07:30:00+00:00'"),
            // From winter to summer the hour on the clock stays.
            ("TIMESTAMP '2026-01-15 12:00:00-05:00' + MONTHS(6)", "TIMESTAMP '2026-07-15 16:00:00+00:00'"),
            // A day added to a timestamp is 24 hours.
            ("TIMESTAMP '2026-03-07 12:00:00-05:00' + DAYS(1)", "TIMESTAMP '2026-03-08 17:00:00+00:00'"),
            ("HOURS_BETWEEN(TIMESTAMP '2026-03-08 00:00:00-05:00', TIMESTAMP '2026-03-09 00:00:00-04:00')", "23.0"),
            ("DATE(TIMESTAMP '2026-11-01 03:59:59Z')", "DATE '2026-10-31'"),
            ("DATE(TIMESTAMP '2026-11-01 04:00:00Z')", "DATE '2026-11-01'"),
            ("DATE(TIMESTAMP '2026-11-02 04:59:59Z')", "DATE '2026-11-01'"),
            ("DATE(TIMESTAMP '2026-11-02 05:00:00Z')", "DATE '2026-11-02'"),
        ],
    );
}

/// As of 2026-09-30 in Shanghai, whose end is 16:00 UTC.
#[test]
fn on_time() {
    holds(&[
        // done and due, dates
        ("ON_TIME(DATE '2026-08-31', DATE '2026-09-01')", "TRUE"),
        ("ON_TIME(DATE '2026-09-01', DATE '2026-09-01')", "TRUE"),
        ("ON_TIME(DATE '2026-09-02', DATE '2026-09-01')", "FALSE"),
        // not done: a date is due until its day ends
        ("ON_TIME(d_blank, DATE '2026-09-29')", "FALSE"),
        ("ON_TIME(d_blank, DATE '2026-09-30')", "TRUE"),
        ("ON_TIME(d_blank, DATE '2026-10-01')", "TRUE"),
        ("ON_TIME(NULL, DATE '2026-10-01')", "TRUE"),
        // no due time
        ("ON_TIME(d, d_blank)", "NULL"),
        ("ON_TIME(d_blank, d_blank)", "NULL"),
        // doubt never helps
        ("ON_TIME(d_doubt, DATE '2026-10-01')", "NULL unreadable"),
        ("ON_TIME(d_doubt, DATE '2026-09-01')", "NULL unreadable"),
        ("ON_TIME(d_lost, d_doubt)", "NULL unreadable+no-partner"),
        ("ON_TIME(d, d_doubt)", "NULL unreadable"),
        ("ON_TIME(d_blank, d_doubt)", "NULL unreadable"),
        ("ON_TIME(d_doubt, d_blank)", "NULL unreadable"),
        // timestamps
        ("ON_TIME(at, at)", "TRUE"),
        ("ON_TIME(at, at + MINUTES(1))", "TRUE"),
        ("ON_TIME(TIMESTAMP '2026-09-30 00:00:00.000001Z', at)", "FALSE"),
        ("ON_TIME(at_blank, TIMESTAMP '2026-09-30 16:00:00Z')", "TRUE"),
        ("ON_TIME(at_blank, TIMESTAMP '2026-09-30 15:59:59.999999Z')", "FALSE"),
        ("ON_TIME(at_blank, TIMESTAMP '2026-09-30 16:00:00.000001Z')", "TRUE"),
        ("ON_TIME(at_blank, at)", "FALSE"),
        ("ON_TIME(at, at_blank)", "NULL"),
        ("ON_TIME(at_lost, at + DAYS(9))", "NULL no-partner"),
        // a deadline counted from something else
        ("ON_TIME(at_blank, at + HOURS(15))", "FALSE"),
        ("ON_TIME(at_blank, at + HOURS(16))", "TRUE"),
        ("ON_TIME(d_blank, d - MONTHS(1) + DAYS(31))", "TRUE"),
    ]);
    holds_in(
        &context(chrono_tz::America::New_York),
        &[
            // There the day ends at 04:00 UTC of the next.
            ("ON_TIME(at_blank, TIMESTAMP '2026-10-01 03:59:59Z')", "FALSE"),
            ("ON_TIME(at_blank, TIMESTAMP '2026-10-01 04:00:00Z')", "TRUE"),
        ],
    );
}

#[test]
fn completed_months() {
    let cases = [
        ("2026-01-15", "2026-01-15", "0"),
        ("2026-01-15", "2026-02-14", "0"),
        ("2026-01-15", "2026-02-15", "1"),
        ("2026-01-15", "2026-02-16", "1"),
        ("2026-01-31", "2026-02-27", "0"),
        ("2026-01-31", "2026-02-28", "1"),
        ("2024-01-31", "2024-02-28", "0"),
        ("2024-01-31", "2024-02-29", "1"),
        ("2026-01-30", "2026-02-28", "1"),
        ("2026-02-28", "2026-03-27", "0"),
        ("2026-02-28", "2026-03-28", "1"),
        ("2026-03-31", "2026-04-29", "0"),
        ("2026-03-31", "2026-04-30", "1"),
        ("2024-02-29", "2025-02-27", "11"),
        ("2024-02-29", "2025-02-28", "12"),
        ("2024-02-29", "2028-02-28", "47"),
        ("2024-02-29", "2028-02-29", "48"),
        ("2025-12-31", "2026-12-31", "12"),
        ("2025-12-31", "2026-12-30", "11"),
        ("2026-02-28", "2026-01-31", "-1"),
        ("2026-02-14", "2026-01-15", "0"),
        ("2026-02-15", "2026-01-15", "-1"),
    ];
    let context = context(chrono_tz::UTC);
    for (a, b, expected) in cases {
        let text = format!("MONTHS_BETWEEN(DATE '{a}', DATE '{b}')");
        assert_eq!(value_in(&context, &text), expected, "{text}");
    }
    assert_eq!(value_in(&context, "MONTHS_BETWEEN(d, d_blank)"), "NULL");
}

/// 2026 alone is known; 1 to 7 October are (made-up) holidays, Saturday the 10th a (made-up) working day.
#[test]
fn working_days() {
    holds(&[
        ("WORKING_DAYS_BETWEEN(d, d)", "0"),
        ("WORKING_DAYS_BETWEEN(DATE '2026-09-29', d)", "1"),
        ("WORKING_DAYS_BETWEEN(DATE '2026-09-25', DATE '2026-09-28')", "1"),
        ("WORKING_DAYS_BETWEEN(DATE '2026-09-26', DATE '2026-09-27')", "0"),
        ("WORKING_DAYS_BETWEEN(d, DATE '2026-10-07')", "0"),
        ("WORKING_DAYS_BETWEEN(d, DATE '2026-10-08')", "1"),
        ("WORKING_DAYS_BETWEEN(d, DATE '2026-10-10')", "3"),
        ("WORKING_DAYS_BETWEEN(d, DATE '2026-10-11')", "3"),
        ("WORKING_DAYS_BETWEEN(DATE '2026-10-08', d)", "-1"),
        ("WORKING_DAYS_BETWEEN(DATE '2026-01-01', DATE '2026-12-31')", "256"),
        ("WORKING_DAYS_BETWEEN(DATE '2026-12-31', DATE '2027-01-04')", "NULL undecided"),
        ("WORKING_DAYS_BETWEEN(DATE '2025-12-31', DATE '2026-01-05')", "NULL undecided"),
        ("WORKING_DAYS_BETWEEN(d_blank, d)", "NULL"),
        ("WORKING_DAYS_AFTER(d, 0)", "DATE '2026-09-30'"),
        ("WORKING_DAYS_AFTER(d, 1)", "DATE '2026-10-08'"),
        ("WORKING_DAYS_AFTER(d, 3)", "DATE '2026-10-10'"),
        ("WORKING_DAYS_AFTER(d, 4)", "DATE '2026-10-12'"),
        ("WORKING_DAYS_AFTER(DATE '2026-10-03', 0)", "DATE '2026-10-03'"),
        ("WORKING_DAYS_AFTER(DATE '2026-10-03', 1)", "DATE '2026-10-08'"),
        ("WORKING_DAYS_AFTER(d, -1)", "NULL undecided"),
        ("WORKING_DAYS_AFTER(d, 9223372036854775807)", "NULL undecided"),
        ("WORKING_DAYS_AFTER(DATE '2026-12-30', 1)", "DATE '2026-12-31'"),
        ("WORKING_DAYS_AFTER(DATE '2026-12-31', 0)", "DATE '2026-12-31'"),
        ("WORKING_DAYS_AFTER(DATE '2026-12-31', 1)", "NULL undecided"),
        ("WORKING_DAYS_AFTER(DATE '2027-01-01', 0)", "NULL undecided"),
        ("WORKING_DAYS_AFTER(d, i_doubt)", "NULL unreadable"),
    ]);
}

proptest! {
    #[test]
    fn completed_months_are_what_months_makes_of_them(a in FIRST_DAY..LAST_DAY - 800, ahead in 0..800) {
        let context = context(chrono_tz::UTC);
        let (first, second) = (date_text(a), date_text(a + ahead));
        let months = value_in(&context, &format!("MONTHS_BETWEEN(DATE '{first}', DATE '{second}')"));
        let test = format!(
            "DATE '{first}' + MONTHS({months}) <= DATE '{second}' AND DATE '{second}' < DATE '{first}' + MONTHS({months} + 1)"
        );
        prop_assert_eq!(value_in(&context, &test), "TRUE", "{}", test);
        let back = value_in(&context, &format!("-MONTHS_BETWEEN(DATE '{second}', DATE '{first}')"));
        prop_assert_eq!(back, months);
    }
}
