//! Names of columns as people write them, and which field each is.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono_tz::Tz;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::bracket::{self, Meaning};
use super::sequence;
use crate::model::{Field, FieldKind, Record};

/// A name without what people vary: width, case, blanks, `_`, `-`, marks of required fields.
pub(crate) fn normalise(name: &str) -> String {
    // Most names are composed already, and to see that costs less than to compose them.
    match is_nfkc_quick(name.chars()) {
        IsNormalized::Yes => letters(name.chars()).collect(),
        IsNormalized::No | IsNormalized::Maybe => letters(name.nfkc()).collect(),
    }
}

fn letters(composed: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    composed
        .filter(|c| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(c, '_' | '-' | '*' | '\u{feff}' | '▲' | '▼' | '△' | '▽' | '↑' | '↓' | '⇅')
        })
        .flat_map(char::to_lowercase)
}

/// The names one field goes by.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// Its name in expressions, one segment.
    pub(crate) name: String,
    known: BTreeSet<String>,
    /// Those that the entity states.
    stated: BTreeSet<String>,
    meaning: Meaning,
}

/// Normalised names, worked out once: documents repeat the same few keys in every record.
#[derive(Debug, Default)]
pub(crate) struct Normals(HashMap<Box<str>, Box<str>>);

/// Names remembered; a hostile document has a new one in every record.
const REMEMBERED: usize = 4_096;

impl Normals {
    /// Whether no more names are remembered.
    fn is_full(&self) -> bool {
        self.0.len() >= REMEMBERED
    }

    /// What `look` makes of the normalised name.
    fn with<R>(&mut self, name: &str, look: impl FnOnce(&str) -> R) -> R {
        if let Some(normal) = self.0.get(name) {
            return look(normal);
        }
        let normal = normalise(name);
        let answer = look(&normal);
        if !self.is_full() {
            self.0.insert(name.into(), normal.into());
        }
        answer
    }
}

impl Names {
    /// Name, title and aliases of a field.
    pub(crate) fn of(field: &Field) -> Self {
        Self::in_zone(field, None)
    }

    /// The same where times without offset are of `zone`.
    pub(crate) fn in_zone(field: &Field, zone: Option<Tz>) -> Self {
        let others = field.title.iter().chain(&field.aliases).chain(&field.stated);
        let known = std::iter::once(&field.name).chain(others).map(|name| normalise(name)).collect();
        let stated = field.stated.iter().map(|name| normalise(name)).collect();
        Self { name: field.name.clone(), known, stated, meaning: Meaning::of(field, zone) }
    }

    /// Whether the entity says what its exports call the field.
    pub(crate) fn is_any_stated(&self) -> bool {
        !self.stated.is_empty()
    }

    /// Whether a key is what the entity says that its exports call the field.
    pub(crate) fn is_stated(&self, key: &str) -> bool {
        self.stated.contains(&normalise(key))
    }

    /// Whether a heading or key means this field.
    pub(crate) fn matches(&self, heading: &str, normals: &mut Normals) -> bool {
        let is = |normal: &str| {
            let with_note =
                |(name, words): (&str, &str)| self.known.contains(name) && !self.meaning.is_contradicted_by(words);
            self.known.contains(normal) || bracket::parted(normal).is_some_and(with_note)
        };
        if heading == self.name {
            return true;
        }
        // Among very many names most differ from this one by their first letter, which costs less than to compose them.
        if normals.is_full() && !self.may_be(heading) {
            return false;
        }
        normals.with(heading, is)
    }

    /// Whether a heading that is composed already has all letters of a name, or may be one with a unit.
    fn may_be(&self, heading: &str) -> bool {
        heading.contains([')', ']', '】'])
            || is_nfkc_quick(heading.chars()) != IsNormalized::Yes
            || self.known.iter().any(|name| letters(heading.chars()).eq(name.chars()))
    }
}

/// The columns of a record by their headings, structs flattened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Headings {
    by_heading: BTreeMap<String, String>,
    /// Names and titles of fields: what else means a field is an alias.
    own: BTreeSet<String>,
    /// What the entity says that its exports call a field.
    stated: BTreeSet<String>,
    /// What each field is.
    meanings: BTreeMap<String, Meaning>,
    /// The zone of times without offset, where that is known.
    zone: Option<Tz>,
    /// Dotted names of fields that a row must have.
    pub(crate) required: BTreeSet<String>,
    /// Dotted names of all fields that a table can have.
    pub(crate) all: BTreeSet<String>,
}

impl Headings {
    /// Headings of the columns of a record.
    pub(crate) fn of(record: &Record) -> Self {
        Self::in_zone(record, None)
    }

    /// The same where times without offset are of `zone`.
    pub(crate) fn in_zone(record: &Record, zone: Option<Tz>) -> Self {
        let mut headings = Self { zone, ..Self::default() };
        headings.add_stated(record, "");
        headings.add(record, "", true);
        headings
    }

    /// How surely a heading means its field: stated by the entity, name or title of the field, another word for it.
    fn rank(&self, heading: &str) -> u8 {
        let of = |name: &str| if self.stated.contains(name) { 2 } else { u8::from(self.own.contains(name)) };
        let rank = |name: &str| {
            let normal = normalise(name);
            of(&normal).max(bracket::parted(&normal).map_or(0, |(name, _)| of(name)))
        };
        // In two languages either part may be the one that is known.
        let parts = heading.split(['\n', '/', '／']).chain(heading.trim().split(char::is_whitespace).take(1));
        parts.map(rank).max().unwrap_or_default().max(rank(heading))
    }

    fn add_stated(&mut self, record: &Record, prefix: &str) {
        for field in record.fields.values() {
            let name = format!("{prefix}{}", field.name);
            match &field.kind {
                FieldKind::Struct(inner) => self.add_stated(inner, &format!("{name}.")),
                FieldKind::Column(_) => {}
                // A table has no such list.
                FieldKind::Children { .. } => continue,
            }
            for heading in field.stated.iter().map(|heading| normalise(heading)) {
                self.by_heading.entry(heading.clone()).or_insert_with(|| name.clone());
                self.stated.insert(heading);
            }
        }
    }

    fn add(&mut self, record: &Record, prefix: &str, required: bool) {
        for field in record.fields.values() {
            let name = format!("{prefix}{}", field.name);
            match &field.kind {
                FieldKind::Struct(inner) => self.add(inner, &format!("{name}."), required && field.required),
                FieldKind::Column(_) => {
                    self.by_heading.entry(normalise(&name)).or_insert_with(|| name.clone());
                    self.own.extend([&name].into_iter().chain(&field.title).map(|own| normalise(own)));
                    for heading in field.title.iter().chain(&field.aliases) {
                        self.by_heading.entry(normalise(heading)).or_insert_with(|| name.clone());
                    }
                    self.meanings.insert(name.clone(), Meaning::of(field, self.zone));
                    if required && field.required {
                        self.required.insert(name.clone());
                    }
                    self.all.insert(name);
                }
                FieldKind::Children { .. } => {}
            }
        }
    }

    /// The field a heading means.
    pub(crate) fn find(&self, heading: &str) -> Option<&str> {
        self.of_normal(&normalise(heading)).or_else(|| self.of_two_languages(heading))
    }

    /// The field of a heading in Chinese and another language: what is known of the two must be one field. Parted by a line
    /// break or a slash either may be the one that is known, by a blank the Chinese name.
    fn of_two_languages(&self, heading: &str) -> Option<&str> {
        let mut parts = heading.split(['\n', '/', '／']).map(str::trim).filter(|part| !part.is_empty());
        let (first, second, by_blank) = match (parts.next(), parts.next(), parts.next()) {
            (Some(first), Some(second), None) => (first, second, false),
            (Some(only), None, _) => {
                let (first, second) = only.split_once(char::is_whitespace)?;
                (first.trim(), second.trim(), true)
            }
            _ => return None,
        };
        let (own, other) = match (is_chinese(first), is_chinese(second)) {
            (true, false) => (first, second),
            (false, true) => (second, first),
            _ => return None,
        };
        if bracket::begins_with_bracket(second) {
            // It belongs to the word before it, and was looked at with it.
            return None;
        }
        let translated = self.of_normal(&normalise(other));
        if translated.is_none() && (bracket::unit(other).is_some() || bracket::is_zone(&normalise(other))) {
            // A unit or a zone is no translation.
            return self.of_normal(&normalise(&format!("{own}({other})")));
        }
        let own = self.of_normal(&normalise(own));
        let other_normal = normalise(other);
        if let (Some(field), None, Some((_, words))) = (own, translated, bracket::parted(&other_normal))
            && self.meanings.get(field).is_some_and(|meaning| meaning.is_contradicted_by(words))
        {
            return None;
        }
        match (own, translated) {
            (None, Some(_)) if by_blank => None,
            (Some(own), Some(other)) => (own == other).then_some(own),
            (own, other) => own.or(other),
        }
    }

    /// Whether a text is a heading as it stands.
    pub(crate) fn is_normal(&self, text: &str) -> bool {
        self.by_heading.contains_key(text)
    }

    fn of_normal(&self, normal: &str) -> Option<&str> {
        let with_note = || {
            let (name, words) = bracket::parted(normal)?;
            let of_field = |name: &&String| !self.meanings.get(*name).is_some_and(|of| of.is_contradicted_by(words));
            self.by_heading.get(name).filter(of_field)
        };
        self.by_heading.get(normal).or_else(with_note).map(String::as_str)
    }

    /// Whether a heading would mean a field, but for what stands in brackets, or behind a blank, at its end.
    pub(crate) fn means_but_for_its_note(&self, heading: &str, field: &str) -> bool {
        let before =
            |ends: &[char]| heading.rsplit_once(ends).is_some_and(|(name, _)| self.find(name.trim()) == Some(field));
        self.find(heading) != Some(field) && (before(&['(', '（', '[', '【']) || before(&[' ', '/', '\n']))
    }

    /// Whether a line beside the table says of the numbers under a field's heading that they count something else: 单位：分钟.
    /// What the heading says itself goes before it.
    pub(crate) fn contradicts(&self, stated: &str, field: &str, heading: &str) -> bool {
        let normal = normalise(heading);
        let says_unit = || bracket::parted(&normal).is_some_and(|(_, words)| bracket::unit(words).is_some());
        self.meanings.get(field).is_some_and(|meaning| meaning.is_contradicted_by_line(stated, heading)) && !says_unit()
    }
}

/// Whether a text has Chinese characters.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}'))
}

/// Whether a heading of a table or a key of a document means a field of a record: by name, title or alias.
pub fn means_field(record: &Record, heading: &str) -> bool {
    let mut normals = Normals::default();
    Headings::of(record).find(heading).is_some()
        || record.fields.values().any(|field| Names::of(field).matches(heading, &mut normals))
}

/// What the cells of a header row mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bound {
    /// Position and heading of each field.
    pub(crate) fields: BTreeMap<String, (usize, String)>,
    /// Fields that two headings claim: field, the two headings.
    pub(crate) twice: Vec<(String, String, String)>,
    /// Headings that are no field.
    pub(crate) extra: Vec<String>,
    /// Number of cells up to the last heading that is not blank.
    pub(crate) width: usize,
    /// Positions that have a heading.
    pub(crate) headed: BTreeSet<usize>,
    /// The column that numbers the rows.
    pub(crate) numbering: Option<Numbering>,
}

impl Bound {
    /// A heading means a field. What the entity states stands before the title of the field, and that before other words for
    /// it, as 工号 before 使用人.
    fn claim(&mut self, headings: &Headings, field: &str, index: usize, heading: &str) {
        let Some((_, first)) = self.fields.get(field).cloned() else {
            self.fields.insert(field.to_owned(), (index, heading.to_owned()));
            return;
        };
        match headings.rank(heading).cmp(&headings.rank(&first)) {
            Ordering::Less => self.extra.push(heading.to_owned()),
            Ordering::Equal => self.twice.push((field.to_owned(), first, heading.to_owned())),
            Ordering::Greater => {
                self.extra.push(first);
                let (of_field, others) = std::mem::take(&mut self.twice).into_iter().partition(|(of, ..)| of == field);
                self.twice = others;
                let of_field: Vec<(String, String, String)> = of_field;
                self.extra.extend(of_field.into_iter().map(|(_, _, second)| second));
                self.fields.insert(field.to_owned(), (index, heading.to_owned()));
            }
        }
    }
}

/// A column that numbers the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbering {
    pub(crate) column: usize,
    pub(crate) heading: String,
    /// Whether its heading means nothing else.
    pub(crate) certain: bool,
}

/// Binds the cells of a row as if it were the header.
pub(crate) fn bind<'a>(headings: &Headings, cells: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> Bound {
    let mut bound = Bound::default();
    for (index, cell) in cells.enumerate() {
        let heading = cell.trim();
        if heading.is_empty() {
            continue;
        }
        bound.width = index + 1;
        bound.headed.insert(index);
        let normal = normalise(heading);
        match headings.of_normal(&normal).or_else(|| headings.of_two_languages(heading)) {
            None => {
                let numbers = sequence::HEADINGS.iter().find(|(heading, _)| *heading == normal);
                let of_rows = numbers.filter(|_| bound.numbering.is_none()).map(|(_, certain)| *certain);
                if let Some(certain) = of_rows {
                    bound.numbering = Some(Numbering { column: index, heading: heading.to_owned(), certain });
                }
                // It is used: gaps are looked for.
                if of_rows != Some(true) {
                    bound.extra.push(heading.to_owned());
                }
            }
            Some(field) => bound.claim(headings, field, index, heading),
        }
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::cells::plain;
    use crate::expr::Type;

    fn field(name: &str, title: Option<&str>, aliases: &[&str]) -> Field {
        Field {
            name: name.into(),
            position: 0,
            title: title.map(Into::into),
            aliases: aliases.iter().map(|&alias| alias.into()).collect(),
            stated: Vec::new(),
            kind: FieldKind::Column(Box::new(plain(Type::Text))),
            required: name == "person_id",
            sensitivity: None,
            unit: (name == "hours").then(|| "h".to_owned()),
            description: None,
        }
    }

    #[test]
    fn headings_are_recognised_as_people_write_them() {
        let fields = [field("person_id", Some("工号"), &["员工编号"]), field("hours", Some("学时"), &[])];
        let record = Record { fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect() };
        let headings = Headings::of(&record);
        for (heading, expected) in [
            ("person_id", Some("person_id")),
            ("Person ID", Some("person_id")),
            ("PERSON-ID", Some("person_id")),
            ("工 号", Some("person_id")),
            ("*工号", Some("person_id")),
            ("员工编号", Some("person_id")),
            ("学时（h）", Some("hours")),
            ("学时 [小时]", Some("hours")),
            ("学时（分钟）", None),
            ("学时(天)", None),
            ("学时(必填)", Some("hours")),
            ("工号（天）", Some("person_id")),
            ("ＨＯＵＲＳ", Some("hours")),
            ("工号2", None),
            ("工号\nEmployee No.", Some("person_id")),
            ("Employee/工号", Some("person_id")),
            ("员工\nPerson ID", Some("person_id")),
            ("工号/hours", None),
            ("工号/员工编号", None),
            ("编号/Name", None),
            ("学时/hours", Some("hours")),
            ("学时/min", None),
            ("学时 (min)", None),
            ("学时 （分钟）", None),
            ("学时 (h)", Some("hours")),
            ("学时/Hours (min)", None),
            ("学时 Duration(min)", None),
            ("学时(单位：分钟)", None),
            ("工号 (必填)", Some("person_id")),
            ("学时\nh", Some("hours")),
            ("工号 Employee ID", Some("person_id")),
            ("姓名 hours", None),
            ("工号 ▲▼", Some("person_id")),
            ("(h)", None),
            ("", None),
        ] {
            assert_eq!(headings.find(heading), expected, "{heading}");
        }
        assert!(headings.required.contains("person_id"));
        let row = ["工号", "备注", "工号", "", "学时(h)", ""];
        let found = bind(&headings, row.into_iter().map(Into::into));
        assert_eq!(found.fields["hours"], (4, "学时(h)".to_owned()));
        assert_eq!(found.twice, [("person_id".to_owned(), "工号".to_owned(), "工号".to_owned())]);
        assert_eq!((found.extra, found.width), (vec!["备注".to_owned()], 5));
        // Its title stands before another word for it, wherever it stands.
        for (row, at) in [(["员工编号", "工号"], 1), (["工号", "员工编号"], 0)] {
            let found = bind(&headings, row.into_iter().map(Into::into));
            assert_eq!(found.fields["person_id"], (at, "工号".to_owned()));
            assert_eq!((found.twice, found.extra), (vec![], vec!["员工编号".to_owned()]));
        }
        let found = bind(&headings, ["员工编号", "员 工编号"].into_iter().map(Into::into));
        assert_eq!(found.twice.len(), 1);
        let found = bind(&headings, ["员工编号", "员 工编号", "工号（必填）"].into_iter().map(Into::into));
        assert_eq!((found.fields["person_id"].0, found.twice, found.extra.len()), (2, vec![], 2));
    }

    /// What the entity says that its export calls a column is that column, beside the title and beside other words for it, and
    /// where it is the word for another field.
    #[test]
    fn what_the_entity_states_stands_before_all_other_names() {
        let mut fields = [field("person_id", Some("工号"), &["员工编号"]), field("post", Some("岗位"), &["编码"])];
        fields[0].stated = vec!["流水号".into(), "编码".into()];
        let record = Record { fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect() };
        let headings = Headings::of(&record);
        for (row, at) in [
            (["流水号", "工号"], 0),
            (["工号", "流水号"], 1),
            (["员工编号", "流水号"], 1),
            (["流水号（必填）", "员工编号"], 0),
            (["编码", "岗位"], 0),
        ] {
            let found = bind(&headings, row.into_iter().map(Into::into));
            assert_eq!((found.fields["person_id"].0, found.twice.is_empty()), (at, true), "{row:?}");
        }
        let found = bind(&headings, ["流水号", "编码"].into_iter().map(Into::into));
        assert_eq!(found.twice.len(), 1);
    }
}
