//! Rows that are in no file: values, calendar spans, catalogue tables.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};

use crate::engine::plan::{Calendar, Catalog, Source};
use crate::engine::{CatalogTables, Clock};
use crate::expr::{Column, Scalar, Type};

/// A table made without files: one column per wanted name.
pub(crate) struct Made {
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Column>,
    /// Rows of which nobody knows yet whether they are there: days of a year without a published calendar.
    pub(crate) undecided: Vec<u32>,
}

/// The rows of a source that needs no file; `None` for evidence.
pub(crate) fn rows(source: &Source, wanted: &[String], clock: &Clock, catalog: &CatalogTables) -> Option<Made> {
    match source {
        Source::Table(_) | Source::Files => None,
        Source::Values(table) => Some(made(&table.columns, &table.rows, wanted)),
        Source::Calendar(calendar) => Some(calendar_rows(*calendar, wanted, clock)),
        Source::Catalog(Catalog::Provisions) => {
            Some(made(&owned(super::super::plan::PROVISIONS), &catalog.provisions, wanted))
        }
        Source::Catalog(Catalog::Controls) => {
            Some(made(&owned(super::super::plan::CONTROLS), &catalog.controls, wanted))
        }
    }
}

fn owned(columns: &[(&str, Type)]) -> Vec<(String, Type)> {
    columns.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect()
}

fn made(columns: &[(String, Type)], rows: &[Vec<Scalar>], wanted: &[String]) -> Made {
    let column = |name: &String| {
        let Some((index, (_, ty))) = columns.iter().enumerate().find(|(_, (known, _))| known == name) else {
            return Column::nulls(&Type::Null, rows.len());
        };
        let cells: Vec<Scalar> = rows.iter().map(|row| row.get(index).cloned().unwrap_or(Scalar::Null)).collect();
        Column::from_scalars(ty, &cells)
    };
    Made { rows: rows.len(), columns: wanted.iter().map(column).collect(), undecided: Vec::new() }
}

/// One span of a calendar; `doubtful` when nobody knows yet whether it is one.
struct SpanRow {
    start: NaiveDate,
    end: NaiveDate,
    label: String,
    doubtful: bool,
}

/// The spans that ended within the period and by `as_of`.
fn calendar_rows(calendar: Calendar, wanted: &[String], clock: &Clock) -> Made {
    let spans = spans(calendar, clock);
    let rows = spans.len();
    let undecided = (0_u32..).zip(&spans).filter(|(_, span)| span.doubtful).map(|(row, _)| row).collect();
    let day = |date: NaiveDate| Scalar::Date(day_number(date));
    let column = |name: &String| match name.as_str() {
        "label" => {
            let cells: Vec<Scalar> = spans.iter().map(|span| Scalar::Text(span.label.clone())).collect();
            Column::from_scalars(&Type::Text, &cells)
        }
        "start_on" | "end_on" => {
            let cells: Vec<Scalar> =
                spans.iter().map(|span| day(if name == "end_on" { span.end } else { span.start })).collect();
            Column::from_scalars(&Type::Date, &cells)
        }
        _ => Column::nulls(&Type::Null, rows),
    };
    Made { rows, columns: wanted.iter().map(column).collect(), undecided }
}

fn day_number(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days().try_into().unwrap_or(i32::MAX)
}

fn spans(calendar: Calendar, clock: &Clock) -> Vec<SpanRow> {
    let date = |day: i32| NaiveDate::from_epoch_days(day);
    let (Some(first), Some(last)) = (date(clock.period.0), date(clock.period.1.min(clock.as_of))) else {
        return Vec::new();
    };
    let mut spans = Vec::new();
    // A span belongs to the period in which it ends; the first to end there may have started before it.
    let mut at = start_of(calendar, first);
    for _ in 0..40_000 {
        let Some((end, next)) = end_of(calendar, at) else { break };
        if end > last {
            break;
        }
        let working = match calendar {
            Calendar::WorkingDays => clock.working_days.is_working(day_number(at)),
            _ => Some(true),
        };
        if end >= first && working != Some(false) {
            let label = label(calendar, at);
            spans.push(SpanRow { start: at, end, label, doubtful: working.is_none() });
        }
        at = next;
    }
    spans
}

fn start_of(calendar: Calendar, day: NaiveDate) -> NaiveDate {
    let start = match calendar {
        Calendar::Days | Calendar::WorkingDays => Some(day),
        Calendar::Weeks => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
        Calendar::Months => day.with_day(1),
        Calendar::Quarters => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
    };
    start.unwrap_or(day)
}

/// The last day of the span that starts at a day, and the first of the next.
fn end_of(calendar: Calendar, start: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let next = match calendar {
        Calendar::Days | Calendar::WorkingDays => start.succ_opt()?,
        Calendar::Weeks => start.checked_add_days(Days::new(7))?,
        Calendar::Months => start.checked_add_months(chrono::Months::new(1))?,
        Calendar::Quarters => start.checked_add_months(chrono::Months::new(3))?,
    };
    Some((next.pred_opt()?, next))
}

fn label(calendar: Calendar, start: NaiveDate) -> String {
    match calendar {
        Calendar::Days | Calendar::WorkingDays => start.to_string(),
        Calendar::Weeks => {
            let week = start.iso_week();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Calendar::Months => format!("{}-{:02}", start.year(), start.month()),
        Calendar::Quarters => format!("{}Q{}", start.year(), start.month0() / 3 + 1),
    }
}

/// Places of rows that are in no file.
pub(crate) fn no_places(rows: usize) -> Arc<crate::evidence::Rows> {
    let numbers: Vec<u64> = (0..rows).map(|row| u64::try_from(row).unwrap_or(u64::MAX)).collect();
    Arc::new(crate::evidence::Rows {
        file: super::columns::NO_FILE,
        child: vec![0; rows],
        line: vec![0; rows],
        row: numbers,
        pointer: None,
        sheet: None,
    })
}

/// The place of a file as a whole.
pub(crate) fn whole_file(file: u32) -> Arc<crate::evidence::Rows> {
    Arc::new(crate::evidence::Rows { file, row: vec![0], child: vec![0], line: vec![0], pointer: None, sheet: None })
}
