//! What a spreadsheet says of a cell when it is entered, and which entries it refuses.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Formula, XlsxError, utility::column_number_to_name,
};

use super::Column;
use super::column::{earlier, not_before};
use super::words::{choices, choose, clauses, example, type_word};
use crate::evidence::display::scalar_text;
use crate::expr::{Scalar, Type};
use crate::text::Lang;

/// UTF-16 units that a title and a message may have.
const TITLE: usize = 32;
const MESSAGE: usize = 255;
/// Digits that a spreadsheet keeps.
const WHOLE: &str = "999999999999999";

/// The rule of a column below the header at row `header` (from 0); `list` is where its words stand when they are too many.
pub(super) fn validation(
    columns: &[Column<'_>],
    position: usize,
    header: u32,
    list: Option<&Formula>,
    lang: Lang,
) -> Result<DataValidation, XlsxError> {
    let Some(column) = columns.get(position) else { return Ok(DataValidation::new()) };
    let rule = rule(columns, column, header, list)?;
    let message = message(columns, column, lang);
    let rule = rule
        .set_input_title(cut(&column.title, TITLE))?
        .set_input_message(cut(&message, MESSAGE))?
        .set_error_title(choose(lang, "填写有误", "Not accepted"))?
        .set_error_message(cut(&message, MESSAGE))?;
    // Whatever is read must be possible to enter.
    let style =
        if column.words.is_empty() { DataValidationErrorStyle::Stop } else { DataValidationErrorStyle::Warning };
    Ok(rule.set_error_style(style))
}

fn rule(
    columns: &[Column<'_>],
    column: &Column<'_>,
    header: u32,
    list: Option<&Formula>,
) -> Result<DataValidation, XlsxError> {
    let rule = DataValidation::new();
    if column.is_list() {
        // A list of words takes one of them only.
        return Ok(rule);
    }
    if let Some(range) = list {
        return Ok(rule.allow_list_formula(range.clone()));
    }
    if !column.choices.is_empty() {
        return rule.allow_list_strings(&column.choices);
    }
    let kind = column.kind;
    let bound = |bound: &Option<Scalar>| bound.as_ref().map(scalar_text);
    let (least, most) = (bound(&kind.minimum), bound(&kind.maximum));
    Ok(match column.item() {
        Type::Integer => {
            let least = least.unwrap_or_else(|| format!("-{WHOLE}"));
            rule.allow_whole_number_formula(between(&least, &most.unwrap_or_else(|| WHOLE.to_owned())))
        }
        Type::Decimal => {
            let least = least.unwrap_or_else(|| format!("-{WHOLE}"));
            rule.allow_decimal_number_formula(between(&least, &most.unwrap_or_else(|| WHOLE.to_owned())))
        }
        Type::Date | Type::Timestamp => {
            let other = not_before(column, columns).and_then(|at| u16::try_from(at).ok());
            // MAX passes over a blank and over a day that was typed as text.
            let least = other
                .map_or_else(|| "1".to_owned(), |at| format!("MAX({}{},1)", column_number_to_name(at), header + 2));
            rule.allow_date_formula(DataValidationRule::GreaterThanOrEqualTo(Formula::new(least)))
        }
        _ => rule,
    })
}

fn between(least: &str, most: &str) -> DataValidationRule<Formula> {
    DataValidationRule::Between(Formula::new(least), Formula::new(most))
}

/// Whether words can be written into a rule; else they stand in cells.
pub(super) fn fits_inline(words: &[String]) -> bool {
    // A quote counts twice, the commas between words once.
    let units: usize = words.iter().map(|word| word.encode_utf16().count() + word.matches('"').count() + 1).sum();
    units <= MESSAGE + 1 && !words.iter().any(|word| word.contains(',') || word.trim() != word)
}

fn message(columns: &[Column<'_>], column: &Column<'_>, lang: Lang) -> String {
    let mut parts = Vec::new();
    parts.extend(column.required.then(|| choose(lang, "必填", "required").to_owned()));
    parts.push(type_word(column, lang));
    parts.extend(example(column, lang));
    // A list that is too long for its rule is too long for a message.
    parts.extend(choices(column, lang).filter(|_| fits_inline(&column.choices)));
    parts.extend(clauses(column, earlier(column, columns), lang));
    parts.extend(column.field.description.as_ref().map(|text| text.get(lang).to_owned()));
    parts.join(choose(lang, "；", "; "))
}

/// A text of at most so many UTF-16 units.
fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut units = 1;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= most
    });
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_long_lists_stand_in_cells() {
        assert_eq!(cut("工号", 2), "工号");
        assert_eq!(cut("员工编号", 3), "员工…");
        assert_eq!(cut("a😀b", 3), "a…");
        let words = |count: usize| vec!["0123456789".to_owned(); count];
        for (name, words, fits) in [
            ("253 units", words(23), true),
            ("264 units", words(24), false),
            ("a comma", vec!["a,b".to_owned()], false),
            ("a blank at the edge", vec!["a ".to_owned()], false),
            ("none", Vec::new(), true),
        ] {
            assert_eq!(fits_inline(&words), fits, "{name}");
            assert!(!fits || DataValidation::new().allow_list_strings(&words).is_ok(), "{name}");
        }
    }
}
