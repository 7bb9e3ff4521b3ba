//! One cell → a typed value, by the column's declared type and constraints and by nothing else.

mod raw;
mod value;

use std::collections::{BTreeSet, HashMap};

use chrono_tz::Tz;
use regex::Regex;

pub(crate) use self::raw::{Dress, MINUTES_OR_POINTS, Raw};
pub(crate) use self::value::{Cell, CellFault};
use self::value::{owned, written};
use super::bracket;
use super::document::Kind;
use super::forms::{self, Moment};
use super::near;
use super::sheet::number;
use super::wall_clock::WallClock;
use crate::expr::{Scalar, Type};
use crate::model::{ColumnKind, DateOnly, Epoch};

/// The compiled declaration of a column.
#[derive(Debug)]
pub(crate) struct Cells {
    /// Type of the column.
    pub(crate) ty: Type,
    /// The declaration.
    kind: ColumnKind,
    null_words: BTreeSet<String>,
    /// Bytes of the longest of them, and the bytes of one character that they begin with.
    null_longest: usize,
    null_begins: BTreeSet<u8>,
    synonyms: HashMap<String, Scalar>,
    loose: HashMap<String, Scalar>,
    pattern: Option<Regex>,
    clock: WallClock,
    plain_text: bool,
    /// Cells are handed on as the file has them.
    as_written: bool,
    /// What its numbers count, among the units that headings have.
    unit: Option<u8>,
}

/// Spelling that does not distinguish: width, case, outer blanks.
fn loosely(text: &str) -> String {
    forms::narrow(text).to_lowercase()
}

impl Cells {
    /// Compiles a column; timestamps without offset are of `zone` unless the column says otherwise.
    pub(crate) fn new(kind: &ColumnKind, zone: Tz) -> Self {
        let mut loose = HashMap::new();
        for (word, value) in &kind.synonyms {
            loose.insert(loosely(word), value.clone());
        }
        for value in &kind.allowed {
            if let Scalar::Text(word) = value {
                loose.insert(loosely(word), value.clone());
            }
        }
        // The loader has told of a pattern that is none; here it matches nothing, so that nothing slips through.
        let pattern = kind.pattern.as_ref().map(|pattern| {
            regex::RegexBuilder::new(pattern).size_limit(1 << 20).build().or_else(|_| Regex::new("[^\\s\\S]"))
        });
        let plain_text = kind.ty == Type::Text
            && kind.allowed.is_empty()
            && kind.minimum.is_none()
            && kind.maximum.is_none()
            && kind.pattern.is_none()
            && kind.min_length.is_none()
            && kind.max_length.is_none()
            && kind.synonyms.is_empty();
        let null_words = kind.null_words.iter().chain(&kind.shared_null_words);
        let null_words: BTreeSet<String> = null_words.map(|word| loosely(word)).collect();
        Self {
            ty: kind.ty.clone(),
            // In full width a character has three bytes.
            null_longest: null_words.iter().map(|word| 3 * word.len()).max().unwrap_or_default(),
            null_begins: null_words
                .iter()
                .filter_map(|word| word.bytes().next())
                .flat_map(|byte| [byte, byte.to_ascii_uppercase()])
                .collect(),
            null_words,
            synonyms: kind.synonyms.iter().map(|(word, value)| (word.clone(), value.clone())).collect(),
            loose,
            pattern: pattern.and_then(Result::ok),
            clock: WallClock::new(kind.time_zone.as_ref().and_then(|name| name.parse().ok()).unwrap_or(zone)),
            plain_text,
            as_written: false,
            unit: None,
            kind: kind.clone(),
        }
    }

    /// The same of a field whose numbers are of a unit.
    pub(crate) fn of_unit(self, unit: Option<&str>) -> Self {
        Self { unit: unit.and_then(bracket::unit), ..self }
    }

    /// A column of what the file has, whatever that is: for people to look at, never to judge by.
    pub(crate) fn as_written(zone: Tz) -> Self {
        Self { plain_text: false, as_written: true, ..Self::new(&plain(Type::Text), zone) }
    }

    /// Whether any text that is not blank is its own value.
    pub(crate) const fn is_plain_text(&self) -> bool {
        self.plain_text
    }

    /// The value of a cell; [`Cell::Null`] when it is blank.
    ///
    /// # Errors
    /// When the cell is unreadable.
    pub(crate) fn read<'a>(&'a self, raw: Raw<'a>) -> Result<Cell<'a>, CellFault> {
        if self.as_written {
            return written(raw);
        }
        match &self.ty {
            Type::List(item) => self.list(item, raw),
            ty => self.scalar(ty, raw),
        }
    }

    /// One element of a list column, as a value of its own.
    ///
    /// # Errors
    /// When it is unreadable.
    pub(crate) fn read_item<'a>(&'a self, raw: Raw<'a>) -> Result<Cell<'a>, CellFault> {
        if self.as_written {
            return written(raw);
        }
        match &self.ty {
            Type::List(item) => self.scalar(item, raw),
            ty => self.scalar(ty, raw),
        }
    }

    /// Whether a text of digits alone would be a value if zeros stood before it.
    pub(crate) fn would_fit_with_zeros(&self, text: &str) -> bool {
        let text = forms::trimmed(text);
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits && (1..=12).any(|zeros| self.read(Raw::Text(&format!("{}{text}", "0".repeat(zeros)))).is_ok())
    }

    /// Values the column allows; empty: any.
    pub(crate) fn allowed(&self) -> &[Scalar] {
        &self.kind.allowed
    }

    /// The texts of the elements of a list in one cell of a table.
    pub(crate) fn split<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let separator = self.kind.separator.as_deref().filter(|separator| !separator.is_empty());
        let twin = match separator {
            Some(",") => "，",
            Some(";") => "；",
            Some(separator) => separator,
            None => return [text.trim()].into_iter().filter(|part| !part.is_empty()).collect(),
        };
        // Words of a closed list hold none of the usual signs.
        let closed = !self.kind.allowed.is_empty();
        let is_sign = |c: char| closed && matches!(c, ',' | '，' | '、' | ';' | '；' | '\n');
        let parts = text.split(separator.unwrap_or_default()).flat_map(|part| part.split(twin));
        let parts = parts.flat_map(|part| part.split(is_sign));
        parts.map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    /// Whether a text stands for "nothing".
    pub(crate) fn is_null(&self, text: &str) -> bool {
        self.is_null_of_trimmed(forms::trimmed(text))
    }

    /// The same of a text without blanks around it.
    pub(crate) fn is_null_of_trimmed(&self, text: &str) -> bool {
        let Some(first) = text.bytes().next() else { return true };
        // This is asked of every cell: most are longer, or begin otherwise.
        text.len() <= self.null_longest
            && (first >= 0x80 || self.null_begins.contains(&first))
            && self.null_words.contains(&loosely(text))
    }

    /// Whether a share may be written as one: 95% is 0.95, but of a column that counts to 100, or in another unit, nobody
    /// knows what it is.
    fn takes_shares(&self) -> bool {
        let counts_further =
            |most: &Scalar| Cell::Decimal(1_000_000_000_000).compare(most).is_some_and(std::cmp::Ordering::is_lt);
        self.unit.is_none() && !self.kind.maximum.as_ref().is_some_and(counts_further)
    }

    /// The day that an instant begins where the column is: programs write a day so, 2026-09-29T16:00:00Z.
    fn midnight(&self, text: &str) -> Option<i32> {
        let Moment::Instant(micros) = forms::moment(text)? else { return None };
        self.clock.begins(micros)
    }

    /// A number and the unit of the column behind it.
    fn of_own_unit<'a>(&self, narrow: &'a str) -> Option<&'a str> {
        let (number, behind) = narrow.split_at(narrow.rfind(|c: char| c.is_ascii_digit())? + 1);
        (self.unit.is_some() && bracket::unit(behind.trim()) == self.unit).then_some(number)
    }

    /// A whole number, with a unit behind it if that is the unit of the column.
    fn integer(&self, text: &str) -> Option<i64> {
        forms::integer(text).or_else(|| forms::integer(self.of_own_unit(&forms::narrow(text))?))
    }

    /// A decimal number, with a unit behind it if that is the unit of the column.
    fn decimal(&self, text: &str) -> Option<i128> {
        if !text.ends_with(['%', '％']) {
            return forms::decimal(text).or_else(|| forms::decimal(self.of_own_unit(&forms::narrow(text))?));
        }
        match self.of_own_unit(&forms::narrow(text)) {
            Some(number) => forms::decimal(number),
            None => forms::decimal(text).filter(|_| self.takes_shares()),
        }
    }

    fn list<'a>(&'a self, item: &Type, raw: Raw<'a>) -> Result<Cell<'a>, CellFault> {
        let items: Vec<Cell<'a>> = match raw {
            Raw::Absent | Raw::Null => return Ok(Cell::Null),
            Raw::Text(text) if self.is_null(text) => return Ok(Cell::Null),
            Raw::Text(text) if text.trim_start().starts_with('[') => {
                let bounds = super::json::Bounds { depth: 1, nodes: 100_000 };
                let value = super::json::parse(text.as_bytes(), 1, bounds).map_err(|_| CellFault::Type)?;
                let Kind::List(values) = value.kind else { return Err(CellFault::Type) };
                let cells = values.iter().map(|value| self.scalar(item, value.into()).map(owned));
                cells.collect::<Result<_, _>>()?
            }
            Raw::Text(text) => {
                let parts = self.split(text).into_iter();
                parts.map(|part| self.scalar(item, Raw::Text(part))).collect::<Result<_, _>>()?
            }
            Raw::List(values) => {
                values.iter().map(|value| self.scalar(item, value.into())).collect::<Result<_, _>>()?
            }
            // A document may write a list of one without brackets.
            Raw::Boolean(_) | Raw::Number(_) | Raw::SheetNumber { .. } => vec![self.scalar(item, raw)?],
            raw => return Err(raw.fault()),
        };
        if items.contains(&Cell::Null) {
            return Err(CellFault::Type);
        }
        if self.kind.min_items.is_some_and(|least| (items.len() as u64) < least) {
            return Err(CellFault::Items);
        }
        if self.kind.unique_items {
            let distinct: BTreeSet<Scalar> = items.iter().map(|cell| cell.scalar(item)).collect();
            if distinct.len() < items.len() {
                return Err(CellFault::Repeated);
            }
        }
        Ok(Cell::List(items))
    }

    fn scalar<'a>(&'a self, ty: &Type, raw: Raw<'a>) -> Result<Cell<'a>, CellFault> {
        let text = match raw {
            Raw::Absent | Raw::Null => return Ok(Cell::Null),
            Raw::Boolean(value) if *ty == Type::Boolean => return self.constrained(Cell::Boolean(value)),
            Raw::Text(text) => forms::unmarked(forms::trimmed(text)),
            Raw::Number(text) | Raw::SheetNumber { text, .. } => forms::trimmed(text),
            raw => return Err(raw.fault()),
        };
        // A number that people do not see because it is nought is nought; no other value is.
        let is_unseen = matches!(raw, Raw::SheetNumber { dress: Some(Dress::Nothing), .. })
            && !matches!(ty, Type::Integer | Type::Decimal);
        if is_unseen || self.is_null(text) {
            return Ok(Cell::Null);
        }
        if let Some(value) = self.synonyms.get(text) {
            return self.constrained(Cell::from(value));
        }
        if let Raw::SheetNumber { dress: Some(dress), .. } = raw
            && (dress.misleads(ty, self.unit)
                || (dress == Dress::Share && *ty == Type::Decimal && !self.takes_shares()))
        {
            return Err(CellFault::Dressed);
        }
        if let Raw::SheetNumber { text, since_1904, .. } = raw
            && let Some(read) = self.sheet_number(ty, text, since_1904)
        {
            return read.and_then(|cell| self.constrained(cell));
        }
        let cell = match ty {
            Type::Text => near::text(text).map(Cell::Text),
            Type::Boolean => forms::boolean(text).map(Cell::Boolean).ok_or(CellFault::Type),
            Type::Integer => self.integer(text).map(Cell::Integer).ok_or(CellFault::Type),
            Type::Decimal => self.decimal(text).map(Cell::Decimal).ok_or(CellFault::Type),
            Type::Date => forms::date(text).or_else(|| self.midnight(text)).map(Cell::Date).ok_or(CellFault::Type),
            Type::Timestamp => self.timestamp(text).map(Cell::Timestamp),
            Type::Null | Type::Duration(_) | Type::List(_) => Err(CellFault::Type),
        };
        match cell.and_then(|cell| self.constrained(cell)) {
            Err(CellFault::Type | CellFault::Enum) if !self.loose.is_empty() => {
                let known = self.loose.get(&loosely(text)).map(Cell::from);
                known.map_or(Err(if *ty == Type::Text { CellFault::Enum } else { CellFault::Type }), |cell| {
                    self.constrained(cell)
                })
            }
            read => read,
        }
    }

    /// A number of a workbook where it is something else than its text says: a day by its serial number, an id that lost
    /// digits.
    fn sheet_number<'a>(&self, ty: &Type, text: &str, since_1904: bool) -> Option<Result<Cell<'a>, CellFault>> {
        let serial = || {
            // Days from 1954 to 2119: a year, or year and month, that somebody typed is no day.
            let number = text.parse().ok().filter(|number| (20_000.0..80_000.0).contains(number))?;
            number::serial_moment(number, since_1904)
        };
        match ty {
            Type::Text if number::is_too_long(text) => Some(Err(CellFault::Digits)),
            Type::Integer | Type::Decimal if number::is_inexact(text) => Some(Err(CellFault::Digits)),
            Type::Date if forms::date(text).is_none() => {
                let (day, millis) = serial()?;
                (millis == 0).then_some(Ok(Cell::Date(day)))
            }
            Type::Timestamp if forms::moment(text).is_none() => {
                let (day, millis) = serial()?;
                // A whole number may be a day as well as its first moment.
                let read = if millis == 0 {
                    match self.kind.date_only {
                        Some(DateOnly::Start) => self.local(day, 0),
                        Some(DateOnly::End) => self.local(day, 86_399_999_999),
                        None => Err(CellFault::DateOnly),
                    }
                } else {
                    self.local(day, millis * 1_000)
                };
                Some(read.map(Cell::Timestamp))
            }
            _ => None,
        }
    }

    fn constrained<'a>(&self, cell: Cell<'a>) -> Result<Cell<'a>, CellFault> {
        let kind = &self.kind;
        if !kind.allowed.is_empty() && !kind.allowed.iter().any(|allowed| cell.is(allowed)) {
            return Err(CellFault::Enum);
        }
        if kind.minimum.as_ref().is_some_and(|least| cell.compare(least).is_some_and(std::cmp::Ordering::is_lt)) {
            return Err(CellFault::Minimum);
        }
        if kind.maximum.as_ref().is_some_and(|most| cell.compare(most).is_some_and(std::cmp::Ordering::is_gt)) {
            return Err(CellFault::Maximum);
        }
        if let Cell::Text(text) = &cell {
            if kind.min_length.is_some() || kind.max_length.is_some() {
                let length = text.chars().count() as u64;
                if kind.min_length.is_some_and(|least| length < least)
                    || kind.max_length.is_some_and(|most| length > most)
                {
                    return Err(CellFault::Length);
                }
            }
            if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) {
                return Err(CellFault::Pattern);
            }
        }
        Ok(cell)
    }

    /// Microseconds UTC.
    fn timestamp(&self, text: &str) -> Result<i64, CellFault> {
        const DAY: i64 = 86_400_000_000;
        if let Some(epoch) = self.kind.epoch {
            let micros = match epoch {
                Epoch::Seconds => 1_000_000,
                Epoch::Milliseconds => 1_000,
            };
            // Zero is what software writes for no time.
            let units = forms::decimal(text).filter(|units| *units != 0).ok_or(CellFault::Type)?;
            return i64::try_from(units / (1_000_000_000_000 / micros)).map_err(|_| CellFault::Type);
        }
        match forms::moment(text).ok_or(CellFault::Type)? {
            Moment::Instant(micros) => Ok(micros),
            Moment::Local(day, micros) => self.local(day, micros),
            Moment::Day(day) => match self.kind.date_only {
                Some(DateOnly::Start) => self.local(day, 0),
                Some(DateOnly::End) => self.local(day, DAY - 1),
                None => Err(CellFault::DateOnly),
            },
        }
    }

    /// Microseconds UTC of a local time.
    fn local(&self, day: i32, micros: i64) -> Result<i64, CellFault> {
        self.clock.instant(day, micros).ok_or(CellFault::LocalTime)
    }
}

/// A column declaration without constraints.
pub(crate) fn plain(ty: Type) -> ColumnKind {
    ColumnKind {
        ty,
        allowed: Vec::new(),
        minimum: None,
        maximum: None,
        pattern: None,
        min_length: None,
        max_length: None,
        min_items: None,
        unique_items: false,
        may_be_empty: false,
        not_before: None,
        synonyms: std::collections::BTreeMap::new(),
        words: Vec::new(),
        separator: None,
        time_zone: None,
        date_only: None,
        epoch: None,
        null_words: Vec::new(),
        shared_null_words: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;

    fn text(words: &[&str]) -> Vec<Scalar> {
        words.iter().map(|&word| Scalar::Text(word.to_owned())).collect()
    }

    #[test]
    fn every_form_means_what_is_listed() {
        for form in forms::FORMS {
            let ty = forms::type_of(form.ty);
            let cells = Cells::new(&plain(ty.clone()), Shanghai);
            let read = cells.read(Raw::Text(form.written)).expect(form.written);
            assert_eq!(crate::evidence::scalar_text(&read.scalar(&ty)), form.means, "{}", form.written);
            if ty == Type::Text {
                // The short way through a column says the same.
                let mut column = super::super::values::ColumnState::new(&ty);
                column.push(&cells, false, true, Raw::Text(form.written)).expect(form.written);
                let column = column.finish();
                assert_eq!(super::super::display(&column, 0).as_deref(), Some(form.means));
            }
        }
    }

    #[test]
    fn cells_by_type_and_constraint() {
        let status = ColumnKind {
            allowed: text(&["success", "failed"]),
            synonyms: [("成功".to_owned(), Scalar::Text("success".into()))].into(),
            ..plain(Type::Text)
        };
        let until = ColumnKind {
            synonyms: [("永久".to_owned(), Scalar::Date(2_932_896))].into(),
            null_words: vec!["无".into(), "—".into(), "N/A".into()],
            ..plain(Type::Date)
        };
        let hours = ColumnKind {
            minimum: Some(Scalar::Integer(0)),
            maximum: Some(Scalar::Integer(24)),
            ..plain(Type::Decimal)
        };
        let code = ColumnKind { pattern: Some("^[A-Z]{2}".into()), min_length: Some(3), ..plain(Type::Text) };
        let roles = ColumnKind {
            separator: Some("、".into()),
            unique_items: true,
            min_items: Some(1),
            ..plain(Type::List(Box::new(Type::Text)))
        };
        let seconds = ColumnKind { epoch: Some(Epoch::Seconds), ..plain(Type::Timestamp) };
        let on = ColumnKind { date_only: Some(DateOnly::End), ..plain(Type::Timestamp) };
        let (yes, when, plain_text) = (plain(Type::Boolean), plain(Type::Timestamp), plain(Type::Text));
        let list =
            |words: &[&str]| Ok(Cell::List(words.iter().map(|&word| Cell::Text(word.to_owned().into())).collect()));
        let cases: Vec<(&str, &ColumnKind, Raw<'_>, Result<Cell<'_>, CellFault>)> = vec![
            ("blank", &status, Raw::Text(" \u{3000}"), Ok(Cell::Null)),
            ("allowed", &status, Raw::Text("success"), Ok(Cell::Text("success".into()))),
            ("another case", &status, Raw::Text(" SUCCESS "), Ok(Cell::Text("success".into()))),
            ("synonym", &status, Raw::Text("成功"), Ok(Cell::Text("success".into()))),
            ("not allowed", &status, Raw::Text("成功了"), Err(CellFault::Enum)),
            ("synonym of a date", &until, Raw::Text("永久"), Ok(Cell::Date(2_932_896))),
            ("null word", &until, Raw::Text("n/a"), Ok(Cell::Null)),
            ("null word, wide", &until, Raw::Text("Ｎ／Ａ"), Ok(Cell::Null)),
            ("no date", &until, Raw::Text("待定"), Err(CellFault::Type)),
            ("at the minimum", &hours, Raw::Text("0"), Ok(Cell::Decimal(0))),
            ("below the minimum", &hours, Raw::Text("-0.5"), Err(CellFault::Minimum)),
            ("at the maximum", &hours, Raw::Number("24.0"), Ok(Cell::Decimal(24_000_000_000_000))),
            ("above the maximum", &hours, Raw::Text("24.01"), Err(CellFault::Maximum)),
            ("null word not declared", &hours, Raw::Text("无"), Err(CellFault::Type)),
            ("pattern", &code, Raw::Text("AB1"), Ok(Cell::Text("AB1".into()))),
            ("pattern broken", &code, Raw::Text("A1B"), Err(CellFault::Pattern)),
            ("too short", &code, Raw::Text("AB"), Err(CellFault::Length)),
            ("list in a cell", &roles, Raw::Text("出纳、会计 "), list(&["出纳", "会计"])),
            ("JSON list in a cell", &roles, Raw::Text(r#"["a","b"]"#), list(&["a", "b"])),
            ("broken JSON list in a cell", &roles, Raw::Text(r#"["a","#), Err(CellFault::Type)),
            ("repeated", &roles, Raw::Text("a、a"), Err(CellFault::Repeated)),
            ("separators only", &roles, Raw::Text("、"), Err(CellFault::Items)),
            ("blank list", &roles, Raw::Text(""), Ok(Cell::Null)),
            ("boolean of a document", &yes, Raw::Boolean(false), Ok(Cell::Boolean(false))),
            ("boolean in a text column", &plain_text, Raw::Boolean(false), Err(CellFault::Type)),
            ("number in a text column", &plain_text, Raw::Number("1001"), Ok(Cell::Text("1001".into()))),
            ("object in a text column", &plain_text, Raw::Map, Err(CellFault::Type)),
            ("broken bytes", &plain_text, Raw::Undecodable, Err(CellFault::Undecodable)),
            ("a sign", &yes, Raw::Symbol("T"), Err(CellFault::Symbol)),
            ("a sign in a text column", &plain_text, Raw::Symbol("T"), Err(CellFault::Symbol)),
            ("a sign in a list", &roles, Raw::Symbol("T"), Err(CellFault::Symbol)),
            ("a date is no timestamp", &when, Raw::Text("2026-09-30"), Err(CellFault::DateOnly)),
            ("seconds from 1970", &seconds, Raw::Number("1795700472.5"), Ok(Cell::Timestamp(1_795_700_472_500_000))),
            ("no seconds", &seconds, Raw::Text("2026-09-30 08:00"), Err(CellFault::Type)),
            ("end of the day", &on, Raw::Text("1970-01-02"), Ok(Cell::Timestamp(143_999_999_999))),
            ("no day at all", &on, Raw::Text("1970-01-01"), Err(CellFault::Type)),
            ("no second at all", &seconds, Raw::Number("0"), Err(CellFault::Type)),
        ];
        for (name, kind, raw, expected) in cases {
            assert_eq!(Cells::new(kind, Shanghai).read(raw), expected, "{name}");
        }
    }

    #[test]
    fn local_times_that_are_none_or_two_are_unreadable() {
        let kind = ColumnKind { time_zone: Some("America/New_York".into()), ..plain(Type::Timestamp) };
        let cells = Cells::new(&kind, Shanghai);
        for (name, written, expected) in [
            ("skipped", "2026-03-08 02:30:00", Err(CellFault::LocalTime)),
            ("shown twice", "2026-11-01 01:30:00", Err(CellFault::LocalTime)),
            ("before", "2026-03-08 01:30:00", Ok(Cell::Timestamp(1_772_951_400_000_000))),
            ("an ordinary day", "2026-07-01 00:00:00", Ok(Cell::Timestamp(1_782_878_400_000_000))),
            ("with offset", "2026-11-01 01:30:00-04:00", Ok(Cell::Timestamp(1_793_511_000_000_000))),
        ] {
            assert_eq!(cells.read(Raw::Text(written)), expected, "{name}");
        }
    }
}
