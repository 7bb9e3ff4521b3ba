//! What evaluation knows besides the columns: the as-of date, the time zone, the working days.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike};
use chrono_tz::Tz;

/// Days from 0001-01-01 (day 1 of chrono's common era) to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;
/// First day the language knows: 0000-01-01, as SQLite has it.
pub(super) const FIRST_DAY: i32 = -719_528;
/// Last day the language knows: 9999-12-31.
pub(super) const LAST_DAY: i32 = 2_932_896;
/// Microseconds of a day.
pub(super) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The surroundings of an evaluation; the same for every expression of a run.
#[derive(Debug, Clone)]
pub struct Context {
    /// The day of judging, days since 1970-01-01 in `zone`.
    pub as_of: i32,
    /// The assessment's time zone.
    pub zone: Tz,
    /// Which days are working days.
    pub working_days: Arc<WorkingDays>,
}

impl Context {
    /// The local date of an instant (microseconds UTC); `None` outside the years 0000–9999.
    ///
    /// # Examples
    /// ```
    /// use hegui::expr::{Context, WorkingDays};
    /// let context = Context { as_of: 0, zone: chrono_tz::Asia::Shanghai, working_days: WorkingDays::default().into() };
    /// assert_eq!(context.local_date(16 * 3_600_000_000), Some(1)); // 1970-01-01T16:00Z is midnight of the 2nd in Shanghai
    /// ```
    pub fn local_date(&self, micros: i64) -> Option<i32> {
        let day = day_of(self.local_time(micros)?.date());
        (FIRST_DAY..=LAST_DAY).contains(&day).then_some(day)
    }

    /// The local wall-clock time of an instant.
    pub(super) fn local_time(&self, micros: i64) -> Option<NaiveDateTime> {
        let instant = DateTime::from_timestamp_micros(micros)?;
        // At the ends of what chrono holds an offset would lead beyond it; the language knows no such years.
        let day = day_of(instant.date_naive());
        (FIRST_DAY - 1..=LAST_DAY + 1).contains(&day).then(|| instant.with_timezone(&self.zone).naive_local())
    }

    /// The instant of a local wall-clock time: the earlier of two when clocks were put back, the end of the gap when
    /// they were put forward.
    pub(super) fn instant(&self, local: NaiveDateTime) -> Option<i64> {
        use chrono::LocalResult;
        match self.zone.from_local_datetime(&local) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant.timestamp_micros()),
            LocalResult::None => {
                // Gaps are at most a day long (Samoa, 2011) and end on a whole minute; step to the first that exists.
                let minute = local.with_second(0)?.with_nanosecond(0)?;
                (1..=1_440).find_map(|minutes| {
                    let later = minute.checked_add_signed(chrono::Duration::minutes(minutes))?;
                    let found = self.zone.from_local_datetime(&later).earliest()?;
                    Some(found.timestamp_micros())
                })
            }
        }
    }

    /// The instant at which a local day starts, microseconds UTC.
    pub fn start_of(&self, day: i32) -> Option<i64> {
        self.instant(date_of(day)?.and_time(NaiveTime::MIN))
    }

    /// The instant at which a local day ends (the start of the next), microseconds UTC; `$as_of_end` is that of `as_of`.
    pub fn end_of(&self, day: i32) -> Option<i64> {
        let next = date_of(day)?.checked_add_days(Days::new(1))?;
        self.instant(next.and_time(NaiveTime::MIN))
    }
}

/// A calendar date from its day number.
pub(super) fn date_of(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH_FROM_CE)?)
}

/// The day number of a calendar date.
pub(super) fn day_of(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_FROM_CE
}

/// The working days of the years whose official calendar is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingDays {
    /// Runs of known consecutive days: first day → for each day from it, how many working days up to and with it
    /// (counted from the start of the run).
    runs: BTreeMap<i32, Vec<u32>>,
}

impl WorkingDays {
    /// Monday to Friday of the years known, without `holidays`, with `makeups` (weekend days worked instead).
    ///
    /// # Examples
    /// ```
    /// use hegui::expr::WorkingDays;
    /// // 2026 alone is known; day 20454 is 2026-01-01 (a Thursday, holiday), 20455 the Friday after it.
    /// let days = WorkingDays::new(&[2026], &[20_454], &[]);
    /// assert_eq!(days.is_working(20_454), Some(false));
    /// assert_eq!(days.is_working(20_455), Some(true));
    /// assert_eq!(days.is_working(20_453), None); // 2025-12-31
    /// ```
    pub fn new(years: &[i32], holidays: &[i32], makeups: &[i32]) -> Self {
        let mut years = years.to_vec();
        years.sort_unstable();
        years.dedup();
        let holidays: std::collections::BTreeSet<i32> = holidays.iter().copied().collect();
        let makeups: std::collections::BTreeSet<i32> = makeups.iter().copied().collect();
        let mut runs: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
        let mut previous_year = None;
        for year in years {
            let (Some(first), Some(last)) =
                (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
            else {
                continue;
            };
            let (first, last) = (day_of(first), day_of(last));
            let joins_on = previous_year == Some(year - 1);
            previous_year = Some(year);
            let mut run = if joins_on { runs.pop_last() } else { None }.unwrap_or((first, Vec::new()));
            let mut count = run.1.last().copied().unwrap_or(0);
            for day in first..=last {
                // 1970-01-01 was a Thursday.
                let weekend = (day + 3).rem_euclid(7) >= 5;
                let works = makeups.contains(&day) || (!weekend && !holidays.contains(&day));
                count += u32::from(works);
                run.1.push(count);
            }
            runs.insert(run.0, run.1);
        }
        Self { runs }
    }

    fn run_of(&self, day: i32) -> Option<(i32, &[u32], usize)> {
        let (first, counts) = self.runs.range(..=day).next_back()?;
        let index = usize::try_from(i64::from(day) - i64::from(*first)).ok()?;
        (index < counts.len()).then_some((*first, counts.as_slice(), index))
    }

    /// Whether a day is a working day; `None` for a year not known.
    pub fn is_working(&self, day: i32) -> Option<bool> {
        let (_, counts, index) = self.run_of(day)?;
        let before = index.checked_sub(1).and_then(|index| counts.get(index)).copied().unwrap_or(0);
        Some(*counts.get(index)? > before)
    }

    /// Working days after `from`, up to and with `to`; negative when `to` is earlier; `None` when a day is in a year not
    /// known, or lies beyond one.
    pub fn between(&self, from: i32, to: i32) -> Option<i64> {
        let (first, counts, index) = self.run_of(from)?;
        let (other, _, other_index) = self.run_of(to)?;
        if first != other {
            return None;
        }
        Some(i64::from(*counts.get(other_index)?) - i64::from(*counts.get(index)?))
    }

    /// The `n`-th working day after `from`; `from` itself for 0; `None` when that lies beyond the years known, or `n` is
    /// negative.
    pub fn after(&self, from: i32, n: i64) -> Option<i32> {
        let (first, counts, index) = self.run_of(from)?;
        if n == 0 {
            return Some(from);
        }
        let wanted = i64::from(*counts.get(index)?).checked_add(n).filter(|_| n > 0)?;
        let wanted = u32::try_from(wanted).ok()?;
        let at = counts.partition_point(|count| *count < wanted);
        (at < counts.len()).then(|| i32::try_from(at).ok().and_then(|at| first.checked_add(at))).flatten()
    }

    /// Every day known, in order, with its ordinal: working days up to and with it, counted from the start of its run
    /// of known years. This is the table `working_days(day, ordinal)` of printed SQL; runs are numbered apart so that
    /// ordinals of different runs never meet.
    pub fn ordinals(&self) -> impl Iterator<Item = (i32, i64)> {
        self.runs.iter().enumerate().flat_map(|(run, (first, counts))| {
            let offset = i64::try_from(run).unwrap_or(0) * 1_000_000;
            counts.iter().enumerate().filter_map(move |(index, count)| {
                let day = first.checked_add(i32::try_from(index).ok()?)?;
                Some((day, offset + i64::from(*count)))
            })
        })
    }

    /// The years known, in order.
    pub fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = Vec::new();
        for (first, counts) in &self.runs {
            let last = first.saturating_add(i32::try_from(counts.len().saturating_sub(1)).unwrap_or(0));
            let (Some(first), Some(last)) = (date_of(*first), date_of(last)) else { continue };
            years.extend(first.year()..=last.year());
        }
        years
    }
}

#[cfg(test)]
mod tests;
