//! A document with every key, its value left open, and a comment that says what belongs there.

use unicode_width::UnicodeWidthStr;

use super::words::{about, choose, describe, one_line};
use crate::model::{EvidenceKind, FieldKind, Record};
use crate::text::Lang;

/// Column at which comments begin, if keys are short enough.
const COMMENTS: usize = 24;

/// The whole document.
pub(super) fn document(kind: &EvidenceKind, lang: Lang) -> String {
    let mut page = Page { text: String::new(), lang };
    for (label, text) in about(kind, lang) {
        page.comment(&format!("{label}{}{text}", choose(lang, "：", ": ")));
    }
    page.comment(choose(
        lang,
        "在冒号后填写，# 之后是说明；多项时把以“-”开头的一段复制多份；不需要的键可删去",
        "write behind the colons, before the #; copy the part that begins with `-` for further items; delete keys nobody needs",
    ));
    let (indent, in_list) = page.way_to_rows(kind.rows.as_deref().unwrap_or_default());
    page.record(&kind.record, indent, in_list || is_list(kind));
    page.text
}

/// Whether the document is a list of rows. Rows at a pointer are; a document that holds lists is usually the one row itself.
fn is_list(kind: &EvidenceKind) -> bool {
    let mut fields = kind.record.fields.values();
    kind.rows.is_some() || !fields.any(|field| matches!(field.kind, FieldKind::Children { .. }))
}

struct Page {
    text: String,
    lang: Lang,
}

impl Page {
    fn comment(&mut self, words: &str) {
        self.text.push_str("# ");
        self.text.push_str(&one_line(words));
        self.text.push('\n');
    }

    /// The keys and lists that lead to the rows, by JSON pointer: indentation of what follows, and whether it is an item.
    fn way_to_rows(&mut self, pointer: &str) -> (usize, bool) {
        let (mut indent, mut item) = (0, false);
        for segment in pointer.split('/').filter(|segment| !segment.is_empty()) {
            if segment == "*" {
                item = true;
                continue;
            }
            let lead = if item { "- " } else { "" };
            let name = key(&segment.replace("~1", "/").replace("~0", "~"));
            self.text.push_str(&format!("{}{lead}{name}:\n", " ".repeat(indent)));
            indent += if item { 4 } else { 2 };
            item = false;
        }
        (indent, item)
    }

    fn record(&mut self, record: &Record, indent: usize, item: bool) {
        let inner = if item { indent + 2 } else { indent };
        for (number, field) in record.declared().into_iter().enumerate() {
            let lead = if item && number == 0 { format!("{}- ", " ".repeat(indent)) } else { " ".repeat(inner) };
            let name = format!("{lead}{}:", key(&field.name));
            let gap = COMMENTS.saturating_sub(name.width()).max(1);
            let note = describe(field, record, self.lang);
            self.text.push_str(&format!("{name}{}# {note}\n", " ".repeat(gap)));
            match &field.kind {
                FieldKind::Column(_) => {}
                FieldKind::Children { record, .. } => self.record(record, inner + 2, true),
                FieldKind::Struct(record) => self.record(record, inner + 2, false),
            }
        }
    }
}

/// A key, in quotes where YAML would read something else.
fn key(name: &str) -> String {
    // A digit in front might begin a number.
    let plain =
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain && !matches!(name, "null" | "true" | "false") {
        name.to_owned()
    } else {
        serde_json::Value::from(name).to_string()
    }
}
