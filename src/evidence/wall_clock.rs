//! The times that a clock on the wall shows, and when they were.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

/// A clock somewhere. Shared by threads.
#[derive(Debug)]
pub(crate) struct WallClock {
    zone: Tz,
    /// Most rows of a log are of the day of the row before.
    day: LastDay,
}

impl WallClock {
    /// One of a zone.
    pub(crate) fn new(zone: Tz) -> Self {
        Self { zone, day: LastDay::default() }
    }

    /// Microseconds UTC when it shows `micros` of a day (days since 1970-01-01); `None` when it never does, or does twice.
    pub(crate) fn instant(&self, day: i32, micros: i64) -> Option<i64> {
        let wall = i64::from(day) * 86_400_000_000 + micros;
        let offset = self.day.get(day).unwrap_or_else(|| {
            let offset = self.offset_all_day(day).map_or(AllDay::Changes, AllDay::Same);
            self.day.set(day, offset);
            offset
        });
        if let AllDay::Same(seconds) = offset {
            return Some(wall - seconds * 1_000_000);
        }
        let naive = DateTime::from_timestamp_micros(wall)?.naive_utc();
        self.zone.from_local_datetime(&naive).single().map(|at| at.timestamp_micros())
    }

    /// The day that begins at an instant.
    pub(crate) fn begins(&self, micros: i64) -> Option<i32> {
        let at = DateTime::from_timestamp_micros(micros)?.with_timezone(&self.zone).naive_local();
        (at.time() == NaiveTime::MIN).then(|| at.date().to_epoch_days())
    }

    /// Seconds east of Greenwich when the clock is not changed on that day or next to it.
    fn offset_all_day(&self, day: i32) -> Option<i64> {
        let midnight = |day| NaiveDate::from_epoch_days(day)?.and_hms_opt(0, 0, 0);
        let offset = |day| Some(self.zone.offset_from_utc_datetime(&midnight(day)?).fix().local_minus_utc());
        let before = offset(day.checked_sub(1)?)?;
        let constant =
            offset(day)? == before && offset(day.checked_add(1)?)? == before && offset(day.checked_add(2)?)? == before;
        constant.then_some(i64::from(before))
    }
}

/// The last local day looked up, with its offset in seconds when that is the same all day. Whoever writes last is
/// remembered, and either is right.
#[derive(Debug)]
struct LastDay(AtomicU64);

impl LastDay {
    /// No offset: the clock is changed on that day.
    const CHANGED: i32 = i32::MIN;

    /// The offset of a day, or that it changes; `None` when another day was looked up last.
    fn get(&self, day: i32) -> Option<AllDay> {
        let packed = self.0.load(Ordering::Relaxed);
        let low = |packed: u64| i32::from_ne_bytes(u32::to_ne_bytes(u32::try_from(packed & 0xffff_ffff).unwrap_or(0)));
        (low(packed >> 32) == day).then(|| match low(packed) {
            Self::CHANGED => AllDay::Changes,
            seconds => AllDay::Same(i64::from(seconds)),
        })
    }

    fn set(&self, day: i32, offset: AllDay) {
        let seconds = match offset {
            AllDay::Same(seconds) => i32::try_from(seconds).unwrap_or(Self::CHANGED),
            AllDay::Changes => Self::CHANGED,
        };
        let bits = |number: i32| u64::from(u32::from_ne_bytes(number.to_ne_bytes()));
        self.0.store(bits(day) << 32 | bits(seconds), Ordering::Relaxed);
    }
}

/// The offset of local time during a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AllDay {
    /// So many seconds from midnight to midnight.
    Same(i64),
    /// The clock is changed on or about that day.
    Changes,
}

impl Default for LastDay {
    fn default() -> Self {
        let none = Self(AtomicU64::new(0));
        none.set(i32::MIN, AllDay::Changes);
        none
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hours of 2026-10-25, when clocks in Berlin go back from three to two.
    #[test]
    fn a_day_on_which_the_clock_is_changed() {
        let (clock, day, hour) = (WallClock::new(chrono_tz::Europe::Berlin), 20_751, 3_600_000_000_i64);
        let at = |hours: i64| clock.instant(day, hours * hour).map(|micros| micros / hour - i64::from(day) * 24);
        assert_eq!([at(1), at(2), at(3), at(23)], [Some(-1), None, Some(2), Some(22)]);
        // Looked up before or not, a day has its own offset.
        let noon = |day: i32| clock.instant(day, 12 * hour).map(|micros| micros / hour - i64::from(day) * 24);
        assert_eq!([noon(day - 30), noon(day + 30), noon(day - 30)], [Some(10), Some(11), Some(10)]);
        assert_eq!(clock.begins(clock.instant(day, 0).unwrap()), Some(day));
        assert_eq!(clock.begins(clock.instant(day, 1).unwrap()), None);
    }
}
