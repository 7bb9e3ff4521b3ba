use chrono_tz::{America, Asia, Pacific};

use super::*;

fn in_zone(zone: Tz) -> Context {
    Context { as_of: 0, zone, working_days: WorkingDays::default().into() }
}

fn day(text: &str) -> i32 {
    day_of(text.parse().unwrap())
}

fn utc(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

#[test]
fn days_start_and_end_as_their_zone_has_it() {
    let cases = [
        ("Shanghai", Asia::Shanghai, "2026-09-30", "2026-09-29T16:00:00Z", "2026-09-30T16:00:00Z"),
        ("UTC", chrono_tz::UTC, "2026-09-30", "2026-09-30T00:00:00Z", "2026-10-01T00:00:00Z"),
        ("a day of 23 hours", America::New_York, "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"),
        ("a day of 25 hours", America::New_York, "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),
        ("midnight is in the gap", America::Sao_Paulo, "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"),
        ("midnight is there twice", America::Havana, "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),
        ("a day that was left out", Pacific::Apia, "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"),
        ("the day before it", Pacific::Apia, "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"),
    ];
    for (name, zone, date, start, end) in cases {
        let context = in_zone(zone);
        assert_eq!(context.start_of(day(date)), Some(utc(start)), "{name}: start");
        assert_eq!(context.end_of(day(date)), Some(utc(end)), "{name}: end");
        assert_eq!(context.start_of(day(date) + 1), Some(utc(end)), "{name}: the next starts where it ends");
    }
}

#[test]
fn local_dates_of_the_ends_of_time() {
    let shanghai = in_zone(Asia::Shanghai);
    assert_eq!(shanghai.local_date(0), Some(0));
    assert_eq!(shanghai.local_date(-8 * 3_600_000_000 - 1), Some(-1));
    assert_eq!(shanghai.local_date((i64::from(LAST_DAY) + 1) * MICROS_PER_DAY - 1), None);
    assert_eq!(in_zone(chrono_tz::UTC).local_date((i64::from(LAST_DAY) + 1) * MICROS_PER_DAY - 1), Some(LAST_DAY));
    for micros in [
        i64::MIN,
        i64::MAX,
        i64::MIN / 2,
        i64::MAX / 2,
        DateTime::<chrono::Utc>::MAX_UTC.timestamp_micros(),
        DateTime::<chrono::Utc>::MIN_UTC.timestamp_micros(),
    ] {
        assert_eq!(shanghai.local_date(micros), None, "{micros}");
    }
}

#[test]
fn working_days_of_years_that_join_and_years_that_do_not() {
    let days = WorkingDays::new(&[2028, 2026, 2025, 2026], &[], &[]);
    assert_eq!(days.years(), [2025, 2026, 2028]);
    assert_eq!(days.between(day("2025-12-31"), day("2026-01-01")), Some(1));
    assert_eq!(days.between(day("2026-01-01"), day("2025-12-31")), Some(-1));
    assert_eq!(days.between(day("2026-12-31"), day("2028-01-03")), None, "2027 is not known");
    assert_eq!(days.after(day("2025-12-31"), 1), Some(day("2026-01-01")));
    assert_eq!(days.after(day("2026-12-31"), 1), None);
    assert_eq!(days.is_working(day("2027-06-01")), None);
    assert_eq!(days.is_working(day("2028-01-01")), Some(false), "a Saturday");
    assert_eq!(days.is_working(day("2028-01-03")), Some(true));
    assert_eq!(days.is_working(i32::MIN), None);
    assert_eq!(days.is_working(i32::MAX), None);
    let none = WorkingDays::default();
    assert_eq!((none.years(), none.is_working(0), none.between(0, 0), none.after(0, 0)), (vec![], None, None, None));
}

#[test]
fn ordinals_say_the_same_as_the_functions() {
    let days = WorkingDays::new(&[2025, 2026, 2028], &[day("2026-10-01"), day("2026-10-02")], &[day("2026-10-10")]);
    let table: Vec<(i32, i64)> = days.ordinals().collect();
    assert_eq!(table.len(), 365 + 365 + 366);
    assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
    for (from, from_ordinal) in table.iter().step_by(37) {
        for (to, ordinal) in table.iter().step_by(41) {
            match days.between(*from, *to) {
                Some(found) => assert_eq!(found, ordinal - from_ordinal),
                None => assert!((ordinal - from_ordinal).abs() > 500_000, "ordinals of different runs never meet"),
            }
        }
        for n in [1, 5, 20] {
            let expected = table.iter().find(|(_, ordinal)| *ordinal == from_ordinal + n).map(|(day, _)| *day);
            assert_eq!(days.after(*from, n), expected);
        }
    }
}
