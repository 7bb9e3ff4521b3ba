//! What stands beside the list of rows of a document: what it says of them, and what is left out with it.

use super::document::{Kind, Value, key_of};
use super::explain;
use super::frame::At;
use super::gather::Gather;
use super::header::{Names, Normals};
use super::stated;
use crate::model::Field;
use crate::text::Text;

/// What stands beside the list that a pointer names, key by key, without the list; nothing where the pointer has several
/// lists or none.
pub(crate) fn entries<'v, 'a>(
    root: &'v Value<'a>,
    pointer: Option<&str>,
) -> impl Iterator<Item = (&'v str, &'v Value<'a>)> + use<'v, 'a> {
    let (mut around, mut itself) = (Some(root), None);
    let segments: Vec<&str> = pointer.unwrap_or_default().split('/').skip(1).collect();
    if let Some((last, path)) = segments.split_last() {
        for segment in path {
            around = around.and_then(|value| value.get(&key_of(segment)));
        }
        let list = around.and_then(|value| value.get(&key_of(last)));
        itself = list.filter(|list| matches!(list.kind, Kind::List(_)));
        around = around.filter(|_| itself.is_some());
    } else {
        around = None;
    }
    let entries = around.map(|value| match &value.kind {
        Kind::Map(entries) => entries.as_slice(),
        _ => Default::default(),
    });
    let others = entries.unwrap_or_default().iter();
    others
        .filter(move |(_, value)| itself.is_none_or(|itself| !std::ptr::eq(value, itself)))
        .map(|(key, value)| (key.as_ref(), value))
}

/// Lists and objects beside the list of rows: another list of such rows is left out, anything else is no field.
pub(crate) fn tell_lists(root: &Value<'_>, pointer: Option<&str>, gather: &mut Gather<'_>) {
    let kind = gather.purpose.kind;
    let mut normals = Normals::default();
    let mut is_row = |item: &Value<'_>| {
        let Kind::Map(entries) = &item.kind else { return false };
        let mut has = |field: &Field| {
            let names = Names::of(field);
            entries.iter().any(|(key, _)| names.matches(key, &mut normals))
        };
        let fields = kind.record.fields.values().filter(|field| field.required || kind.key.contains(&field.name));
        let fields: Vec<&Field> = fields.collect();
        // A log of what happened to the rows has their key, too, and hardly more.
        let known = kind.record.fields.values().filter(|field| has(field)).count();
        !fields.is_empty() && fields.into_iter().all(&mut has) && known * 2 >= kind.record.fields.len()
    };
    for (key, value) in entries(root, pointer).filter(|(key, _)| !stated::is_of_pages(key)) {
        match &value.kind {
            Kind::List(items) if items.iter().any(&mut is_row) => {
                let shown = explain::short(key);
                let message = Text::new(
                    format!("`{shown}` 是另一个列表，其中也有该类型的行，没有读取"),
                    format!("`{shown}` is another list with rows of the kind, and was not read"),
                );
                gather.reject(At { row: value.line, line: value.line, child: 0 }, message);
            }
            Kind::List(items) if items.is_empty() => {}
            Kind::List(_) | Kind::Map(_) => gather.tally.extra(key),
            _ => {}
        }
    }
}
