//! The workbook: a sheet with the table and its drop-down lists, a sheet that explains it.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::notes::Notes;
use super::validation::validation;
use super::words::choose;
use super::{Column, notes, rows_above};
use crate::expr::Type;
use crate::model::EvidenceKind;
use crate::text::Lang;

/// Last row of a sheet, from 0: validation and formats hold for rows pasted in as well as typed.
pub(super) const LAST_ROW: u32 = 1_048_575;
/// Characters of a sheet's name.
const NAME: usize = 31;
/// Narrowest and widest column, in characters.
const WIDTHS: (usize, usize) = (10, 36);

/// The bytes of the workbook.
pub(super) fn workbook(kind: &EvidenceKind, columns: &[Column<'_>], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let name = sheet_name(kind.read.sheet.as_deref().unwrap_or_else(|| kind.title.get(lang)));
    let notes = notes::sheet(kind, columns, &name, lang)?;
    let table = table(kind, columns, &notes, &name, lang)?;
    let mut book = Workbook::new();
    // The clock would make the bytes of every day different.
    let properties = DocProperties::new()
        .set_title(kind.title.get(lang))
        .set_subject(kind.id.as_str())
        .set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?);
    book.set_properties(&properties);
    book.push_worksheet(table);
    book.push_worksheet(notes.sheet);
    book.save_to_buffer()
}

fn table(
    kind: &EvidenceKind,
    columns: &[Column<'_>],
    notes: &Notes,
    name: &str,
    lang: Lang,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    let header = rows_above(kind);
    for (number, (position, column)) in (0_u16..).zip(columns.iter().enumerate()) {
        sheet.set_column_width(number, width(column))?;
        sheet.set_column_format(number, &cell_format(column))?;
        sheet.write_string_with_format(header, number, &column.heading, &heading_format(column.required))?;
        let rule = validation(columns, position, header, notes.choices.get(&position), lang)?;
        sheet.add_data_validation(header + 1, number, LAST_ROW, number, &rule)?;
    }
    sheet.set_freeze_panes(header + 1, 0)?;
    sheet.set_repeat_rows(header, header)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(sheet)
}

/// Headings stand out, those of required columns more.
pub(super) fn heading_format(required: bool) -> Format {
    let colour = if required { Color::RGB(0x00F8_CBAD) } else { Color::RGB(0x00D9_E1F2) };
    let format = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Center);
    format.set_align(FormatAlign::VerticalCenter).set_border(FormatBorder::Thin).set_background_color(colour)
}

/// How cells of a column are formatted. Text stays text, so that ids keep their zeros and all of their digits.
fn cell_format(column: &Column<'_>) -> Format {
    let code = match column.item() {
        _ if column.is_list() => "@",
        Type::Integer => "0",
        Type::Decimal => "General",
        Type::Date => "yyyy-mm-dd",
        Type::Timestamp => "yyyy-mm-dd hh:mm:ss",
        Type::Null | Type::Boolean | Type::Text | Type::Duration(_) | Type::List(_) => "@",
    };
    Format::new().set_num_format(code)
}

fn width(column: &Column<'_>) -> f64 {
    let texts = column.choices.iter().chain(&column.example).map(|text| text.width());
    let wanted = texts.chain([column.heading.width()]).max().unwrap_or_default() + 2;
    let least = if *column.item() == Type::Timestamp { 20 } else { WIDTHS.0 };
    f64::from(u32::try_from(wanted.clamp(least, WIDTHS.1)).unwrap_or_default())
}

/// A name that a sheet may have, as near to the wanted one as there is.
fn sheet_name(wanted: &str) -> String {
    let allowed = wanted.chars().map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') { ' ' } else { c });
    let mut units = 0;
    let short: String = allowed
        .take_while(|c| {
            units += c.len_utf16();
            units <= NAME
        })
        .collect();
    let name = short.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    // Excel keeps this name for itself.
    if name.is_empty() || name.eq_ignore_ascii_case("history") { "Sheet1".to_owned() } else { name.to_owned() }
}

/// The name of the sheet of notes beside the table's.
pub(super) fn notes_name(table: &str, lang: Lang) -> &'static str {
    let name = choose(lang, "说明", "Notes");
    if table.eq_ignore_ascii_case(name) { choose(lang, "填写说明", "How to fill in") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_programs_take() {
        for (wanted, expected) in [
            ("备份作业记录", "备份作业记录"),
            ("a/b: [c]*?\\", "a b   c"),
            ("'quoted'", "quoted"),
            ("History", "Sheet1"),
            ("", "Sheet1"),
            (
                "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三",
                "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一",
            ),
        ] {
            assert_eq!(sheet_name(wanted), expected, "{wanted}");
        }
        assert_eq!((notes_name("员工", Lang::Zh), notes_name("说明", Lang::Zh)), ("说明", "填写说明"));
        assert_eq!(notes_name("notes", Lang::En), "How to fill in");
    }
}
