//! What stands beside the list of rows of a document: what it says of them, and what is left out with it.

use std::borrow::Cow;

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
    let (entries, itself) = around(root, pointer).unwrap_or_default();
    let others = entries.iter().filter(move |(_, value)| itself.is_none_or(|itself| !std::ptr::eq(value, itself)));
    others.map(|(key, value)| (key.as_ref(), value))
}

type Entries<'v, 'a> = &'v [(Cow<'a, str>, Value<'a>)];

/// The entries of the object that holds the list, and the list.
fn around<'v, 'a>(root: &'v Value<'a>, pointer: Option<&str>) -> Option<(Entries<'v, 'a>, Option<&'v Value<'a>>)> {
    let segments: Vec<&str> = pointer?.split('/').skip(1).collect();
    let (last, path) = segments.split_last()?;
    let holder = path.iter().try_fold(root, |value, segment| value.get(&key_of(segment)))?;
    let Kind::Map(entries) = &holder.kind else { return None };
    let list = holder.get(&key_of(last)).filter(|list| matches!(list.kind, Kind::List(_)))?;
    Some((entries.as_slice(), Some(list)))
}

/// Lists and objects beside the list of rows: another list of such rows is left out, anything else is no field.
pub(crate) fn tell_lists(root: &Value<'_>, pointer: Option<&str>, gather: &mut Gather<'_>) {
    let kind = gather.purpose.kind;
    let mut normals = Normals::default();
    let mut is_row = |item: &Value<'_>| {
        let Kind::Map(entries) = &item.kind else { return false };
        let mut has = |field: &&Field| {
            let names = Names::of(field);
            entries.iter().any(|(key, _)| names.matches(key, &mut normals))
        };
        let known: Vec<&Field> = kind.record.fields.values().filter(&mut has).collect();
        let must = |field: &&Field| field.required || kind.key.contains(&field.name);
        // A log of what happened to the rows has their key, too, and hardly more.
        known.iter().any(must)
            && kind.record.fields.values().filter(must).all(|field| known.iter().any(|known| known.name == field.name))
            && known.len() * 2 >= kind.record.fields.len()
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
