//! `hegui/calendar/v1` → [`CalendarYear`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::{Decoder, day, integer, string, text};
use crate::policy::tree::Value;
use crate::policy::{CalendarYear, codes, date};
use crate::text::Text;

/// The year in `root`.
pub(crate) fn decode(root: Value<'_>, decoder: &mut Decoder<'_>) -> Option<CalendarYear> {
    let year = i32::try_from(integer(root.get("year"))?).ok()?;
    let mut holidays = BTreeMap::new();
    for holiday in root.get("holidays").into_iter().flat_map(Value::items) {
        let (Some(name), Some(from)) = (text(holiday.get("name")), day(holiday.get("from"))) else { continue };
        let to = day(holiday.get("to")).unwrap_or(from);
        let place = holiday.get("to").or_else(|| holiday.get("from")).unwrap_or(holiday);
        if to < from || to - from > 31 {
            wrong(place, "假期首尾颠倒或过长", "the holiday ends before it starts or is too long", decoder);
            continue;
        }
        for holiday_day in from..=to {
            if !in_year(holiday_day, year) {
                wrong(place, "日期不在该年", "the day lies in another year", decoder);
            }
            if holidays.insert(holiday_day, name.clone()).is_some() {
                wrong(place, "这一天写了两次", "the day is named twice", decoder);
            }
        }
    }
    let mut working_days = BTreeSet::new();
    for value in root.get("working_days").into_iter().flat_map(Value::items) {
        let Some(worked) = day(Some(value)) else { continue };
        if !in_year(worked, year) {
            wrong(value, "日期不在该年", "the day lies in another year", decoder);
        } else if !is_weekend(worked) {
            wrong(value, "调休上班日应是周末", "a make-up working day should fall on a weekend", decoder);
        } else if holidays.contains_key(&worked) {
            wrong(value, "这一天又是放假", "the day is also a day off", decoder);
        }
        if !working_days.insert(worked) {
            wrong(value, "这一天写了两次", "the day is named twice", decoder);
        }
    }
    Some(CalendarYear {
        year,
        title: text(root.get("title"))?,
        source: string(root.get("source"))?,
        holidays,
        working_days,
    })
}

fn wrong(value: Value<'_>, zh: &str, en: &str, decoder: &mut Decoder<'_>) {
    let written = value.text().unwrap_or_default();
    let message = Text::new(format!("`{written}`：{zh}"), format!("`{written}`: {en}"));
    let help = Text::new("对照国务院办公厅的放假通知改正或删去", "correct it from the official notice, or remove it");
    decoder.fault(value.fault(&codes::CALENDAR_DAY, message).help(help));
}

fn in_year(day: i32, year: i32) -> bool {
    date::from_days(day).is_some_and(|date| date.year() == year)
}

fn is_weekend(day: i32) -> bool {
    date::from_days(day).is_some_and(|date| matches!(date.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun))
}
