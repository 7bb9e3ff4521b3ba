//! Written forms whose meaning hangs on more than the type: what the column declares, or what a workbook says of a number.
//!
//! [`GIVEN_FORMS`] shows one example of every form; documentation and tests iterate it, as they do [`super::forms::FORMS`].

use super::near::Near;

/// What else is known of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// `x-null` of the column, or of the record, has this word.
    Null(&'static str),
    /// `pattern` of the column.
    Pattern(&'static str),
    /// It is a number of a workbook that counts days from 1900.
    Since1900,
    /// It is a number of a workbook that counts days from 1904.
    Since1904,
}

impl Given {
    /// As a declaration says it, or in words: Chinese, English.
    #[must_use]
    pub fn shown(self) -> (String, String) {
        let both = |text: String| (text.clone(), text);
        match self {
            Self::Null(word) => both(format!("`x-null: [{word}]`")),
            Self::Pattern(pattern) => both(format!("`pattern: {pattern}`")),
            Self::Since1900 => ("工作簿的数，自 1900 年起算".into(), "a number of a workbook, days since 1900".into()),
            Self::Since1904 => ("工作簿的数，自 1904 年起算".into(), "a number of a workbook, days since 1904".into()),
        }
    }
}

/// What such a form is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Nothing: the cell is blank.
    Blank,
    /// The canonical text of a value; local times in Asia/Shanghai.
    Value(&'static str),
    /// None; what it most likely is.
    Refused(Near),
}

/// One example of a form that means something under a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenForm {
    /// The column type: `date`, `timestamp`, `text` ….
    pub ty: &'static str,
    /// The condition.
    pub given: Given,
    /// How the cell is written.
    pub written: &'static str,
    /// What it is read as.
    pub reading: Reading,
}

const fn form(ty: &'static str, given: Given, written: &'static str, reading: Reading) -> GivenForm {
    GivenForm { ty, given, written, reading }
}

/// Every such form, an example each, with the same written where the condition is not met.
pub const GIVEN_FORMS: &[GivenForm] = &[
    form("text", Given::Null("—"), "—", Reading::Blank),
    form("text", Given::Null("—"), "N/A", Reading::Refused(Near::Placeholder)),
    form("text", Given::Null("N/A"), "n/a", Reading::Blank),
    form("decimal", Given::Null("无"), "无", Reading::Blank),
    form("boolean", Given::Null("—"), "无", Reading::Value("false")),
    form("date", Given::Null("无"), " 无 ", Reading::Blank),
    form("text", Given::Pattern("^[0-9]{6}$"), "001234", Reading::Value("001234")),
    form("text", Given::Pattern("^[0-9]{6}$"), "1234", Reading::Refused(Near::LostZeros)),
    form("date", Given::Since1900, "46295", Reading::Value("2026-09-30")),
    form("date", Given::Since1904, "44833", Reading::Value("2026-09-30")),
    form("timestamp", Given::Since1900, "46295.5", Reading::Value("2026-09-30T04:00:00Z")),
];

#[cfg(test)]
mod tests {
    use super::super::cells::{Cell, CellFault, Cells, Raw, plain};
    use super::super::forms;
    use super::*;

    #[test]
    fn every_form_means_what_is_listed() {
        for GivenForm { ty, given, written, reading } in GIVEN_FORMS {
            let ty = forms::type_of(ty);
            let mut kind = plain(ty.clone());
            let mut raw = Raw::Text(written);
            match given {
                Given::Null(word) => kind.null_words = vec![(*word).to_owned()],
                Given::Pattern(pattern) => kind.pattern = Some((*pattern).to_owned()),
                Given::Since1900 | Given::Since1904 => {
                    raw = Raw::SheetNumber { text: written, since_1904: *given == Given::Since1904, dress: None };
                }
            }
            let cells = Cells::new(&kind, chrono_tz::Asia::Shanghai);
            let found = match cells.read(raw) {
                Ok(Cell::Null) => Reading::Blank,
                Ok(cell) => {
                    let Reading::Value(expected) = reading else { panic!("{written} is read as {cell:?}") };
                    let shown = crate::evidence::scalar_text(&cell.scalar(&ty));
                    assert_eq!(shown, *expected, "{written}");
                    *reading
                }
                Err(CellFault::Placeholder) => Reading::Refused(Near::Placeholder),
                Err(CellFault::Pattern) if cells.would_fit_with_zeros(written) => Reading::Refused(Near::LostZeros),
                Err(fault) => panic!("{written}: {fault:?}"),
            };
            assert_eq!(found, *reading, "{written} under {given:?}");
        }
    }
}
