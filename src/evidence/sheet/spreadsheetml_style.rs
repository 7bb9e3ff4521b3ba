//! Styles of XML of Excel 2003, and its days.

use std::io::Read;

use chrono::{NaiveDate, NaiveDateTime, Timelike as _};
use quick_xml::events::{BytesStart, Event};

use super::cell_style::{CellStyle, CellStyles};
use super::fault::Fault;
use super::format_code::FormatCode;
use super::mark::is_symbol_font;
use super::number::{Format, Style};
use super::package::{Xml, attribute, says_yes};

/// The style of cells that have none, and that all others go by at last.
const DEFAULT: &str = "Default";

/// Styles of cells by their ids.
pub(super) struct Styles(CellStyles);

impl Default for Styles {
    fn default() -> Self {
        Self(CellStyles::going_by(DEFAULT))
    }
}

impl Styles {
    /// Takes a style.
    ///
    /// # Errors
    /// When it is cut short or no XML.
    pub(super) fn add<R: Read>(&mut self, element: &BytesStart<'_>, xml: &mut Xml<R>) -> Result<(), Fault> {
        let id = attribute(element, "ID").unwrap_or_default();
        let mut said = CellStyle { parent: attribute(element, "Parent"), ..CellStyle::default() };
        xml.within(|event| {
            let Event::Start(inner) = event else { return Ok(()) };
            match inner.local_name().as_ref() {
                "NumberFormat" => said.format = Some(format(&attribute(inner, "Format").unwrap_or_default())),
                "Font" => {
                    said.struck = attribute(inner, "StrikeThrough").map(|_| says_yes(inner, "StrikeThrough"));
                    said.symbol = attribute(inner, "FontName").map(|font| is_symbol_font(&font));
                }
                _ => {}
            }
            Ok(())
        })?;
        self.0.insert(id, said)
    }

    /// How cells without a style are shown.
    pub(super) fn of_none(&self) -> Style {
        self.0.of(DEFAULT)
    }

    /// How the cells of a style are shown.
    pub(super) fn of(&self, id: &str) -> Style {
        self.0.of(id)
    }
}

/// A number format: a name, or a code as in other workbooks.
fn format(code: &str) -> FormatCode {
    match code.trim() {
        "" | "General" | "General Number" | "Fixed" | "Standard" | "Currency" | "Euro Currency" => {
            Format::Number.into()
        }
        "General Date" => Format::DateTime.into(),
        "Long Date" | "Medium Date" | "Short Date" => Format::Date.into(),
        "Long Time" | "Medium Time" | "Short Time" => Format::Time.into(),
        "Percent" => FormatCode::of("0.00%"),
        "Scientific" => FormatCode::of("0.00E+00"),
        "Yes/No" => FormatCode::of("\"Yes\";\"Yes\";\"No\""),
        "True/False" => FormatCode::of("\"True\";\"True\";\"False\""),
        "On/Off" => FormatCode::of("\"On\";\"On\";\"Off\""),
        code => FormatCode::of(code),
    }
}

/// The number that a spreadsheet has for a day and a time such as `2026-09-01T08:00:00.000`.
pub(super) fn serial(text: &str, since_1904: bool) -> Option<f64> {
    let text = text.trim();
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let moment = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let moment = moment.or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))?;
    let since = |year, month, day| {
        let first = NaiveDate::from_ymd_opt(year, month, day)?;
        i32::try_from((moment.date() - first).num_days()).ok()
    };
    let days = if since_1904 {
        since(1904, 1, 1)?
    } else {
        // Day 60 of the 1900 system never was.
        match since(1899, 12, 31)? {
            days @ ..60 => days,
            days => days + 1,
        }
    };
    let seconds = f64::from(moment.num_seconds_from_midnight()) + f64::from(moment.nanosecond()) / 1e9;
    (days >= 0).then_some(f64::from(days) + seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbers_as_in_other_workbooks() {
        for (text, since_1904, expected) in [
            ("2026-09-01T08:00:00.000", false, Some(46_266.0 + 1.0 / 3.0)),
            ("2026-09-01T08:00:00.000", true, Some(44_804.0 + 1.0 / 3.0)),
            ("2026-09-01", false, Some(46_266.0)),
            ("1899-12-31T12:00:00.000", false, Some(0.5)),
            ("1900-02-28T00:00:00.000", false, Some(59.0)),
            ("1900-03-01T00:00:00.000", false, Some(61.0)),
            ("1904-01-01T06:00:00", true, Some(0.25)),
            ("1899-12-30T00:00:00.000", false, None),
            ("2026-13-01T00:00:00.000", false, None),
            ("2026-08-31T23:30:00.000Z", false, None),
            ("昨天", false, None),
        ] {
            assert_eq!(serial(text, since_1904), expected, "{text}");
        }
    }
}
