//! The sheet that explains a form. Its first cell says that it is no table: see [`NOTES`].

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, Formula, Worksheet, XlsxError};

use super::Column;
use super::column::earlier;
use super::validation::fits_inline;
use super::words::{about, choose, clauses, sensitivity, type_word};
use super::workbook::{heading_format, notes_name};
use crate::evidence::sheet::NOTES;
use crate::model::EvidenceKind;
use crate::text::{Lang, Text};

/// The sheet, and where on it stand the words of drop-down lists that are too long to be written into their rule.
pub(super) struct Notes {
    /// The sheet.
    pub(super) sheet: Worksheet,
    /// Range of words by position of the column.
    pub(super) choices: BTreeMap<usize, Formula>,
}

const WIDTHS: [f64; 8] = [22.0, 22.0, 18.0, 8.0, 40.0, 40.0, 22.0, 24.0];

/// The sheet of notes beside a table of that name.
pub(super) fn sheet(kind: &EvidenceKind, columns: &[Column<'_>], table: &str, lang: Lang) -> Result<Notes, XlsxError> {
    let name = notes_name(table, lang);
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    for (number, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(number, width)?;
    }
    let grey = Format::new().set_font_color(Color::RGB(0x00A6_A6A6)).set_font_size(8);
    sheet.write_string_with_format(0, 0, NOTES, &grey)?;

    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    let bold = Format::new().set_bold().set_align(FormatAlign::Top);
    let mut row = 1;
    for (label, text) in about(kind, lang).into_iter().chain([how_to(lang)]) {
        sheet.write_string_with_format(row, 0, label, &bold)?;
        sheet.merge_range(row, 1, row, 7, &text, &wrapped)?;
        sheet.set_row_height(row, lines(&text) * LINE)?;
        row += 1;
    }
    row += 1;
    for (number, heading) in (0_u16..).zip(headings(lang)) {
        sheet.write_string_with_format(row, number, heading, &heading_format(false))?;
    }
    for column in columns {
        row += 1;
        for (number, text) in (0_u16..).zip(cells(column, columns, lang)) {
            sheet.write_string_with_format(row, number, text, &wrapped)?;
        }
    }
    let mut choices = BTreeMap::new();
    row += 1;
    for (position, column) in columns.iter().enumerate().filter(|(_, column)| !fits_inline(&column.choices)) {
        row += 1;
        sheet.write_string_with_format(row, 0, &column.title, &bold)?;
        let first = row + 1;
        for word in &column.choices {
            sheet.write_string_with_format(row, 1, word, &wrapped)?;
            row += 1;
        }
        choices.insert(position, Formula::new(format!("='{}'!$B${first}:$B${row}", name.replace('\'', "''"))));
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(Notes { sheet, choices })
}

/// Height of a line of text, in points.
const LINE: f64 = 15.0;

/// Lines that a text takes in the merged cells; programs do not work it out for those.
fn lines(text: &str) -> f64 {
    let width = unicode_width::UnicodeWidthStr::width(text);
    f64::from(u32::try_from(width.div_ceil(150).clamp(1, 20)).unwrap_or(1))
}

fn how_to(lang: Lang) -> (&'static str, String) {
    let text = Text::new(
        "第一张表中一行一条记录，带 * 的列必填；没有内容的格子留空；列名不要改，列的次序可以改；填好后放进 evidence/<期间>/，本页可以留着",
        "one row a record on the first sheet, columns marked * are required; leave blank what there is nothing to say about; keep the \
         headings, their order is free; put the file into evidence/<period>/, this page may stay",
    );
    (choose(lang, "怎样填写", "how to fill in"), text.get(lang).to_owned())
}

const fn headings(lang: Lang) -> [&'static str; 8] {
    match lang {
        Lang::Zh => ["列名", "字段", "类型", "必填", "可填内容", "规则", "示例", "敏感"],
        Lang::En => ["heading", "field", "type", "required", "allowed words", "rules", "example", "sensitivity"],
    }
}

fn cells(column: &Column<'_>, columns: &[Column<'_>], lang: Lang) -> [String; 8] {
    let semicolon = choose(lang, "；", "; ");
    let mut rules = clauses(column, earlier(column, columns), lang);
    rules.extend(column.field.description.as_ref().map(|text| text.get(lang).to_owned()));
    [
        column.heading.clone(),
        column.name.clone(),
        type_word(column, lang),
        if column.required { choose(lang, "必填", "required").to_owned() } else { String::new() },
        allowed(column, lang),
        rules.join(semicolon),
        column.example.clone().unwrap_or_default(),
        sensitivity(column, lang).to_owned(),
    ]
}

/// The words offered, each with those that are read as the same.
fn allowed(column: &Column<'_>, lang: Lang) -> String {
    let comma = choose(lang, "、", ", ");
    let words = column.choices.iter().enumerate().map(|(position, word)| match (column.also(position), lang) {
        (also, _) if also.is_empty() => word.clone(),
        (also, Lang::Zh) => format!("{word}（或{}）", also.join("、")),
        (also, Lang::En) => format!("{word} (or {})", also.join(", ")),
    });
    words.collect::<Vec<_>>().join(comma)
}
