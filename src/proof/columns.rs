//! Columns of inline evidence that its kind does not declare: misspelt, they would be read by nobody.

use std::sync::Arc;

use super::codes;
use crate::evidence::means_field;
use crate::model::{ControlId, EvidenceKind, FieldKind, KindId, Record};
use crate::policy::yaml::{self, Limits};
use crate::policy::{Pack, Sort, Value};
use crate::text::suggest::nearest;
use crate::text::{Diagnostic, Excerpt, Text};

/// Every such column of every policy test, with the control the test is about.
pub fn columns(pack: &Pack) -> Vec<(ControlId, Diagnostic)> {
    let mut faults = Vec::new();
    for file in &pack.tests {
        // The tests hold what they need to run; where each heading stands is in their text.
        let (Some(node), _) = yaml::parse(&file.source.text, Limits::default()) else { continue };
        let source = Arc::clone(&file.source);
        let root = Value::new(&node, &source);
        for case in root.get("cases").into_iter().flat_map(Value::items) {
            let inline =
                case.get("evidence").into_iter().flat_map(Value::named).map(|(kind, content)| (kind.text, content));
            let files = case.get("files").into_iter().flat_map(Value::items);
            let files = files.filter_map(|entry| Some((entry.get("kind")?.text()?.to_owned(), entry.get("content")?)));
            for (kind, content) in inline.chain(files) {
                let Some(kind) = pack.kinds.get(&KindId::new(kind)) else { continue };
                let mut found = Vec::new();
                of_content(kind, content, &mut found);
                faults.extend(found.into_iter().map(|fault| (file.control.clone(), fault)));
            }
        }
    }
    faults
}

fn of_content(kind: &EvidenceKind, content: Value<'_>, faults: &mut Vec<Diagnostic>) {
    if content.sort() == Sort::Scalar {
        return of_header(kind, &content.excerpt(), faults);
    }
    let pointer = kind.rows.as_deref().unwrap_or_default();
    for rows in at_pointer(content, &pointer.split('/').skip(1).collect::<Vec<_>>()) {
        rows.one_or_more().for_each(|row| of_row(kind, &kind.record, row, faults));
    }
}

/// The header of a text table, the first line; a table without a heading that is known tests something else.
fn of_header(kind: &EvidenceKind, text: &Excerpt, faults: &mut Vec<Diagnostic>) {
    let start = text.text.len() - text.text.trim_start().len();
    let line = text.text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let delimiter = ['\t', ';'].into_iter().find(|mark| line.contains(*mark) && !line.contains(',')).unwrap_or(',');
    let mut at = start;
    let mut cells = Vec::new();
    for cell in line.split(delimiter) {
        cells.push(text.slice(at..at + cell.len()).trimmed());
        at += cell.len() + delimiter.len_utf8();
    }
    let known = |cell: &Excerpt| means_field(&kind.record, cell.text.trim_matches('"'));
    if cells.iter().any(known) {
        faults.extend(
            cells
                .iter()
                .filter(|cell| !cell.text.is_empty() && !known(cell))
                .map(|cell| fault(kind, &kind.record, cell)),
        );
    }
}

fn of_row(kind: &EvidenceKind, record: &Record, row: Value<'_>, faults: &mut Vec<Diagnostic>) {
    // Nesting is limited where the tree is read.
    for (name, value) in row.named() {
        if !means_field(record, &name.text) {
            faults.push(fault(kind, record, &name));
            continue;
        }
        match record.fields.get(&name.text).map(|field| &field.kind) {
            Some(FieldKind::Struct(inner)) => of_row(kind, inner, value, faults),
            Some(FieldKind::Children { record, .. }) => {
                value.one_or_more().for_each(|inner| of_row(kind, record, inner, faults));
            }
            Some(FieldKind::Column(_)) | None => {}
        }
    }
}

/// What a pointer leads to; `*` is every element.
fn at_pointer<'a>(value: Value<'a>, steps: &[&str]) -> Vec<Value<'a>> {
    match steps.split_first() {
        None => vec![value],
        Some((&"*", rest)) => value.items().flat_map(|item| at_pointer(item, rest)).collect(),
        Some((step, rest)) => value.get(step).map(|inner| at_pointer(inner, rest)).unwrap_or_default(),
    }
}

fn fault(kind: &EvidenceKind, record: &Record, name: &Excerpt) -> Diagnostic {
    let (id, column) = (&kind.id, &name.text);
    let known = || record.fields.keys().map(String::as_str);
    let message = Text::new(format!("`{id}` 没有列 `{column}`"), format!("no column `{column}` in `{id}`"));
    let list = known().collect::<Vec<_>>().join(", ");
    let help = match nearest(column, known()) {
        Some(meant) => Text::new(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?")),
        None => Text::new(format!("它有：{list}"), format!("it has: {list}")),
    };
    Diagnostic::new(&codes::TEST_COLUMN, message).at_place(name.whole()).help(help)
}
