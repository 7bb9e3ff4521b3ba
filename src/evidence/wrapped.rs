//! Where the rows of a document are when its kind does not say: most programs put a list of records into an object
//! (`{"code": 0, "data": {"list": […]}}`), and an XML document always has one element around them.

use std::collections::BTreeSet;

use super::document::{Kind, Value, child, key_of};
use super::header::{Names, Normals};
use crate::model::EvidenceKind;

/// Objects within objects that are looked into.
const DEEPEST: usize = 4;
/// Keys of an object, and elements of a list, that are looked at.
const LOOKED_AT: usize = 64;
/// Places remembered; more are too many to choose from.
const PLACES: usize = 16;

/// Where the rows are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The document is one row, or a list of rows.
    Root,
    /// At this pointer.
    At(String),
    /// Several places may be the rows.
    Several(Vec<String>),
    /// No key of it is a column of the kind.
    Nowhere,
}

/// The one place of a document where records of the kind are: those that name all that a row must have, or, where none does, some
/// column of it.
pub(crate) fn find(root: &Value<'_>, kind: &EvidenceKind) -> Place {
    let Kind::Map(entries) = &root.kind else { return Place::Root };
    if entries.is_empty() {
        return Place::Root;
    }
    let fields = kind.record.fields.values();
    let must = |name: &String, required: bool| required || kind.key.contains(name);
    let names = fields.map(|field| (Names::of(field), must(&field.name, field.required))).collect();
    let mut search = Search { names, normals: Normals::default(), found: Vec::new(), empty: Vec::new() };
    let of_root = search.names_of(root);
    if of_root.has_must {
        return Place::Root;
    }
    search.look(root, &mut Vec::new(), DEEPEST);
    let Search { found, empty, .. } = search;
    let most = found.iter().map(|(named, _)| named.count).max().unwrap_or_default();
    if most == 0 {
        // A list without records, and nothing else that could be one.
        return match empty.as_slice() {
            _ if of_root.count > 0 => Place::Root,
            [only] => Place::At(pointer(only)),
            _ => Place::Nowhere,
        };
    }
    let whole = found.iter().any(|(named, _)| named.has_must);
    if !whole && of_root.count >= most {
        return Place::Root;
    }
    // What has half as many columns as the best may be rows as well.
    let may_be = |named: &Named| named.has_must || (named.count * 2 >= most && (!whole || named.count > 1));
    let places: Vec<&[&str]> =
        found.iter().filter(|(named, _)| may_be(named)).map(|(_, path)| path.as_slice()).collect();
    match places.as_slice() {
        [only] => Place::At(pointer(only)),
        several => Place::Several(several.iter().map(|path| pointer(path)).collect()),
    }
}

/// What stands around the rows at a pointer, object by object from the outermost: their entries without the way to the rows.
pub(crate) fn around<'v, 'a>(root: &'v Value<'a>, pointer: &str) -> Vec<(&'v str, &'v Value<'a>)> {
    let (mut at, mut all) = (root, Vec::new());
    for segment in pointer.split('/').skip(1) {
        let key = key_of(segment);
        let Kind::Map(entries) = &at.kind else { break };
        all.extend(entries.iter().filter(|(other, _)| *other != key).map(|(key, value)| (key.as_ref(), value)));
        let Some(next) = at.get(&key) else { break };
        at = next;
    }
    all
}

fn pointer(path: &[&str]) -> String {
    path.iter().fold(String::new(), |path, key| child(&path, key))
}

/// What the keys of an object name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    /// All that a row must have, if it must have anything.
    has_must: bool,
    /// Columns.
    count: usize,
}

struct Search<'v> {
    /// Columns, and whether a row must have them.
    names: Vec<(Names, bool)>,
    normals: Normals,
    /// What every list or object of records names, and the way to it.
    found: Vec<(Named, Vec<&'v str>)>,
    /// Lists without elements.
    empty: Vec<Vec<&'v str>>,
}

impl<'v> Search<'v> {
    fn names_of(&mut self, value: &Value<'_>) -> Named {
        let Kind::Map(entries) = &value.kind else { return Named::default() };
        let mut named = BTreeSet::new();
        for (key, _) in entries.iter().take(LOOKED_AT) {
            let normals = &mut self.normals;
            named.extend(self.names.iter().position(|(names, _)| names.matches(key, normals)));
        }
        let mut must = self.names.iter().enumerate().filter(|(_, (_, must))| *must).map(|(at, _)| at).peekable();
        Named { has_must: must.peek().is_some() && must.all(|at| named.contains(&at)), count: named.len() }
    }

    fn look(&mut self, holder: &'v Value<'_>, path: &mut Vec<&'v str>, deepest: usize) {
        let Kind::Map(entries) = &holder.kind else { return };
        for (key, value) in entries.iter().take(LOOKED_AT) {
            let normals = &mut self.normals;
            // What is a column of the kind, a list in a row among them, holds no rows.
            if self.names.iter().any(|(names, _)| names.matches(key, normals)) {
                continue;
            }
            path.push(key);
            match &value.kind {
                Kind::List(items) if items.is_empty() && self.empty.len() < PLACES => self.empty.push(path.clone()),
                Kind::List(items) => {
                    let most = items.iter().take(LOOKED_AT).map(|item| self.names_of(item)).max().unwrap_or_default();
                    self.add(most, path);
                }
                Kind::Map(_) => {
                    let named = self.names_of(value);
                    self.add(named, path);
                    // Within a record there are none.
                    if deepest > 1 && !named.has_must {
                        self.look(value, path, deepest - 1);
                    }
                }
                _ => {}
            }
            path.pop();
        }
    }

    fn add(&mut self, named: Named, path: &[&'v str]) {
        if named.count > 0 && self.found.len() < PLACES {
            self.found.push((named, path.to_vec()));
        }
    }
}
