//! Where the rows of a document are when its kind does not say: most programs put a list of records into an object
//! (`{"code": 0, "data": {"list": […]}}`), and an XML document always has one element around them.

use super::document::{Kind, Value, child};
use super::header::{Names, Normals};
use crate::model::Record;

/// Objects within objects that are looked into.
const DEEPEST: usize = 4;
/// Keys of an object, and elements of a list, that are looked at.
const LOOKED_AT: usize = 64;

/// Where the rows are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The document is one row, or a list of rows.
    Root,
    /// At this pointer.
    At(String),
    /// Several places have as many columns of the kind.
    Several(Vec<String>),
    /// No key of it is a column of the kind.
    Nowhere,
}

/// The place of a document whose records name the most columns of a record.
pub(crate) fn find(root: &Value<'_>, record: &Record) -> Place {
    let Kind::Map(entries) = &root.kind else { return Place::Root };
    if entries.is_empty() {
        return Place::Root;
    }
    let names = record.fields.values().map(Names::of).collect();
    let mut search = Search { names, normals: Normals::default(), found: Vec::new(), empty: Vec::new() };
    let of_root = search.named(root);
    search.look(root, "", DEEPEST);
    let most = search.found.iter().map(|(count, _)| *count).max().unwrap_or_default();
    if of_root > 0 && of_root >= most {
        return Place::Root;
    }
    if most == 0 {
        // A list without records, and nothing else that could be one.
        return match search.empty.as_slice() {
            [only] => Place::At(only.clone()),
            _ => Place::Nowhere,
        };
    }
    let best = search.found.into_iter().filter(|(count, _)| *count == most).map(|(_, pointer)| pointer);
    match best.collect::<Vec<_>>().as_slice() {
        [only] => Place::At(only.clone()),
        several => Place::Several(several.to_vec()),
    }
}

struct Search {
    names: Vec<Names>,
    normals: Normals,
    /// Columns named and pointer of every list or object of records.
    found: Vec<(usize, String)>,
    /// Lists without elements.
    empty: Vec<String>,
}

impl Search {
    /// Number of columns that the keys of an object name.
    fn named(&mut self, value: &Value<'_>) -> usize {
        let Kind::Map(entries) = &value.kind else { return 0 };
        let normals = &mut self.normals;
        let is_named = |names: &&Names| entries.iter().take(LOOKED_AT).any(|(key, _)| names.matches(key, normals));
        let mut is_named = is_named;
        self.names.iter().filter(|names| is_named(names)).count()
    }

    fn look(&mut self, holder: &Value<'_>, pointer: &str, deepest: usize) {
        let Kind::Map(entries) = &holder.kind else { return };
        for (key, value) in entries.iter().take(LOOKED_AT) {
            let normals = &mut self.normals;
            // What is a column of the kind, a list in a row among them, holds no rows.
            if self.names.iter().any(|names| names.matches(key, normals)) {
                continue;
            }
            let pointer = child(pointer, key);
            match &value.kind {
                Kind::List(items) if items.is_empty() => self.empty.push(pointer),
                Kind::List(items) => {
                    let most = items.iter().take(LOOKED_AT).map(|item| self.named(item)).max().unwrap_or_default();
                    self.found.extend((most > 0).then_some((most, pointer)));
                }
                Kind::Map(_) => {
                    let count = self.named(value);
                    self.found.extend((count > 0).then(|| (count, pointer.clone())));
                    if deepest > 1 {
                        self.look(value, &pointer, deepest - 1);
                    }
                }
                _ => {}
            }
        }
    }
}
