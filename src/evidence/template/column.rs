//! The columns of a form: what their headings say, which words they offer, how a value looks.

use chrono_tz::Tz;

use crate::evidence::cells::{Cell, Cells, Raw};
use crate::evidence::display::scalar_text;
use crate::evidence::forms::{FALSE_WORDS, TRUE_WORDS};
use crate::evidence::header::Headings;
use crate::expr::{Scalar, Type};
use crate::model::{ColumnKind, EvidenceKind, Field, FieldKind, Record};
use crate::text::Lang;

/// A column of a form.
#[derive(Debug, Clone)]
pub struct Column<'k> {
    /// Dotted name, as expressions write it: `agreement.signed_on`.
    pub name: String,
    /// Its heading: title, unit, and `*` where a value is required. It is read back as this column.
    pub heading: String,
    /// The heading without marks, for sentences.
    pub title: String,
    /// The declared field.
    pub field: &'k Field,
    /// Type and constraints.
    pub kind: &'k ColumnKind,
    /// Whether a value is required.
    pub required: bool,
    /// A word for each allowed value, read back as that value; empty: any value of the type.
    pub choices: Vec<String>,
    /// Further words that are read, for a value or for none: 永久, 在职, 交换机 where 路由器 is offered.
    pub words: Vec<String>,
    /// A value as it may be written; `None` where the declaration does not say what a text looks like.
    pub example: Option<String>,
}

/// The columns of a kind as declared, structs flattened; lists of records are none.
pub fn columns(kind: &EvidenceKind, lang: Lang) -> Vec<Column<'_>> {
    let headings = Headings::of(&kind.record);
    let mut columns = Vec::new();
    collect(&kind.record, "", true, &headings, lang, &mut columns);
    columns
}

fn collect<'k>(
    record: &'k Record,
    prefix: &str,
    required: bool,
    headings: &Headings,
    lang: Lang,
    columns: &mut Vec<Column<'k>>,
) {
    for field in record.declared() {
        let name = format!("{prefix}{}", field.name);
        let required = required && field.required;
        match &field.kind {
            FieldKind::Struct(inner) => collect(inner, &format!("{name}."), required, headings, lang, columns),
            FieldKind::Column(kind) => {
                let title = title(field, &name, headings, lang);
                let heading = heading(&title, field.unit.as_deref(), required, lang);
                columns.push(Column { heading, ..Column::of(field, kind, name, title, required, lang) });
            }
            FieldKind::Children { .. } => {}
        }
    }
}

impl<'k> Column<'k> {
    /// A column by itself, wherever it stands.
    pub(super) fn of(
        field: &'k Field,
        kind: &'k ColumnKind,
        name: String,
        title: String,
        required: bool,
        lang: Lang,
    ) -> Self {
        // What a word means depends on no zone.
        let cells = Cells::new(kind, Tz::UTC);
        let choices = choices(&cells, kind, lang);
        let words = kind.words.iter().chain(&kind.null_words).filter(|word| !choices.contains(word)).cloned().collect();
        let example = example(&cells, kind, &choices);
        Self { name, heading: title.clone(), title, field, kind, required, choices, words, example }
    }

    /// Declared words that are read as the value of a choice, by its position, besides the word offered.
    pub(super) fn also(&self, choice: usize) -> Vec<&str> {
        let value = match self.item() {
            Type::Boolean => Some(&Scalar::Boolean(true)).filter(|_| choice == 0).or(Some(&Scalar::Boolean(false))),
            _ => self.kind.allowed.get(choice),
        };
        let offered = |word: &str| self.choices.iter().any(|choice| choice == word);
        let words = self.kind.words.iter().map(String::as_str);
        words.filter(|word| self.kind.synonyms.get(*word) == value && !offered(word)).collect()
    }

    /// The type of a value, or of an element of a list.
    pub(super) fn item(&self) -> &Type {
        item(&self.kind.ty)
    }

    /// Whether a cell holds several values.
    pub(super) const fn is_list(&self) -> bool {
        matches!(self.kind.ty, Type::List(_))
    }
}

fn item(ty: &Type) -> &Type {
    if let Type::List(item) = ty { item } else { ty }
}

/// In Chinese the declared title, unless it means another column too; else the name, which any form reads.
fn title(field: &Field, name: &str, headings: &Headings, lang: Lang) -> String {
    let title = field.title.as_ref().filter(|_| lang == Lang::Zh);
    title.filter(|title| headings.find(title) == Some(name)).map_or_else(|| name.to_owned(), Clone::clone)
}

fn heading(title: &str, unit: Option<&str>, required: bool, lang: Lang) -> String {
    let mark = if required { "*" } else { "" };
    match (unit, lang) {
        (None, _) => format!("{mark}{title}"),
        (Some(unit), Lang::Zh) => format!("{mark}{title}（{unit}）"),
        (Some(unit), Lang::En) => format!("{mark}{title} ({unit})"),
    }
}

/// A word for each allowed value. None at all if one has no word: a list that lacks a value would forbid it.
fn choices(cells: &Cells, kind: &ColumnKind, lang: Lang) -> Vec<String> {
    let both = [Scalar::Boolean(true), Scalar::Boolean(false)];
    let values = if *item(&kind.ty) == Type::Boolean { &both[..] } else { &kind.allowed };
    values.iter().map(|value| word(cells, kind, value, lang)).collect::<Option<_>>().unwrap_or_default()
}

/// The usual word for a value: in Chinese the first Chinese one declared. Always one that is read back as the value.
fn word(cells: &Cells, kind: &ColumnKind, value: &Scalar, lang: Lang) -> Option<String> {
    let is_chinese = |word: &str| !word.is_ascii();
    let general: Vec<&str> = match (value, lang) {
        (Scalar::Boolean(true), Lang::Zh) => TRUE_WORDS.to_vec(),
        (Scalar::Boolean(false), Lang::Zh) => FALSE_WORDS.to_vec(),
        (Scalar::Boolean(true), Lang::En) => vec!["yes"],
        (Scalar::Boolean(false), Lang::En) => vec!["no"],
        _ => Vec::new(),
    };
    let declared = || kind.words.iter().map(String::as_str).filter(|word| kind.synonyms.get(*word) == Some(value));
    let own = scalar_text(value);
    let usual = declared().filter(|word| lang == Lang::Zh && is_chinese(word));
    let mut words = general.into_iter().chain(usual).chain([own.as_str()]).chain(declared());
    words.find(|word| reads_as(cells, word, value)).map(str::to_owned)
}

/// Whether a cell with this word alone is read as the value.
fn reads_as(cells: &Cells, word: &str, value: &Scalar) -> bool {
    let whole = !matches!(cells.ty, Type::List(_)) || (cells.split(word) == [word] && !word.starts_with('['));
    whole && cells.read_item(Raw::Text(word)).is_ok_and(|cell| cell.scalar(item(&cells.ty)) == *value)
}

/// A value that the column takes, as people write it.
fn example(cells: &Cells, kind: &ColumnKind, choices: &[String]) -> Option<String> {
    let bounds = [&kind.minimum, &kind.maximum].into_iter().flatten().map(scalar_text);
    let mut candidates: Vec<String> = match item(&kind.ty) {
        _ if !choices.is_empty() => choices.to_vec(),
        Type::Integer => ["1", "100"].map(str::to_owned).into_iter().chain(bounds).collect(),
        Type::Decimal => ["1.5", "0.5", "100"].map(str::to_owned).into_iter().chain(bounds).collect(),
        Type::Date => vec!["2026-09-30".to_owned()],
        Type::Timestamp => vec!["2026-09-30 08:30".to_owned()],
        // Any text would do: one that is made up explains nothing.
        _ if kind.pattern.is_none() => Vec::new(),
        _ => PATTERNED.iter().map(|&text| text.to_owned()).collect(),
    };
    if let (true, Some(separator)) = (matches!(kind.ty, Type::List(_)), &kind.separator) {
        let two = candidates.get(..2).map(|two| two.join(separator));
        candidates.splice(0..0, two);
    }
    candidates.into_iter().find(|text| cells.read(Raw::Text(text)).is_ok_and(|cell| cell != Cell::Null))
}

/// Texts that patterns of the field ask for: a SHA-256 (of nothing), dates and periods, codes.
const PATTERNED: &[&str] = &[
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "2026-09-30",
    "2026-09",
    "2026Q3",
    "2026",
    "A001",
    "A-001",
    "1.0",
    "192.0.2.1",
    "1",
];

/// Position of the column whose time the column may not precede: of the same struct, else of the record.
pub(super) fn not_before(column: &Column<'_>, columns: &[Column<'_>]) -> Option<usize> {
    let other = column.kind.not_before.as_ref()?;
    let at = |name: &str| columns.iter().position(|column| column.name == name);
    let sibling = column.name.rsplit_once('.').map(|(outer, _)| format!("{outer}.{other}"));
    sibling.and_then(|sibling| at(&sibling)).or_else(|| at(other))
}

/// The title of that column.
pub(super) fn earlier<'c>(column: &Column<'_>, columns: &'c [Column<'_>]) -> Option<&'c str> {
    not_before(column, columns).and_then(|at| columns.get(at)).map(|other| other.title.as_str())
}
