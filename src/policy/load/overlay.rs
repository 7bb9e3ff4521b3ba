//! What a file other than a control may do to one that is held: an overlay's takes the place of a shipped one only when it
//! says so (DESIGN §4).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::policy::codes;
use crate::policy::pack::{Override, OverrideKind, Pack, PackFile};
use crate::policy::tree::Value;
use crate::text::{Diagnostic, Excerpt, Place, Text};

/// A kind, profile, law or calendar of one layer.
pub(super) struct Entry<T> {
    /// What was decoded.
    pub(super) value: T,
    /// Its id; of a calendar the year.
    pub(super) id: String,
    /// Where the id is written.
    place: Place,
    /// The shipped one it says it stands in for.
    replaces: Option<Excerpt>,
    /// Whether the file is YAML at all, so that it could say so.
    readable: bool,
    /// Its file.
    pub(super) file: PackFile,
}

impl<T> Entry<T> {
    /// An entry from its file; `id_value` is where the id is written.
    pub(super) fn new(
        value: T,
        id: String,
        id_value: Option<Value<'_>>,
        root: Option<Value<'_>>,
        file: PackFile,
    ) -> Self {
        let start = Place::Source { source: Arc::clone(&file.source), span: crate::text::Span::default() };
        Self {
            value,
            id,
            place: id_value.map_or(start, Value::place),
            replaces: root.and_then(|root| root.get("replaces")).map(Value::excerpt),
            readable: root.is_some(),
            file,
        }
    }
}

/// One file that took the place of another.
pub(super) struct Replacement {
    pub(super) kind: OverrideKind,
    /// How rows about it begin: `permission_matrix`.
    pub(super) subject: String,
    pub(super) shipped: PackFile,
    pub(super) effective: PackFile,
}

/// The effective files while layers are laid over one another.
#[derive(Default)]
pub(super) struct Held {
    /// By path; two files may share one, as a control may move.
    pub(super) files: BTreeMap<(String, bool, String), PackFile>,
    /// By what it is and its id: where the id is written, and the file.
    ids: BTreeMap<(&'static str, String), (Place, PackFile)>,
    /// Which files took the place of which.
    pub(super) replacements: Vec<Replacement>,
}

impl Held {
    /// Adds a file.
    pub(super) fn put(&mut self, file: PackFile) {
        self.files.insert(key(&file), file);
    }

    /// Takes a file away.
    pub(super) fn remove(&mut self, file: &PackFile) {
        self.files.remove(&key(file));
    }

    /// Whether an entry may be used: a new one, or one that says which it stands in for. Else the fault is told and what
    /// is held stays in force.
    pub(super) fn admit<T>(
        &mut self,
        what: &'static str,
        entry: &Entry<T>,
        seen: &mut BTreeMap<(&'static str, String), Place>,
        pack: &mut Pack,
        faults: &mut Vec<Diagnostic>,
    ) -> bool {
        let (id, overlay) = (&entry.id, entry.file.overlay);
        if let Some(before) = seen.insert((what, id.clone()), entry.place.clone()) {
            faults.push(super::merge::duplicate(id, entry.place.clone(), before));
            return false;
        }
        let held = self.ids.get(&(what, id.clone()));
        match (&entry.replaces, held) {
            (Some(written), _) if written.text != *id => {
                let message = Text::new(
                    format!("`replaces: {}` 与编号 `{id}` 不同", written.text),
                    format!("`replaces: {}` differs from the id `{id}`", written.text),
                );
                let help = Text::new(
                    format!("要替换随附的 `{id}` 写 `replaces: {id}`，否则删去 `replaces`"),
                    format!("write `replaces: {id}` to stand in for the shipped `{id}`, or remove `replaces`"),
                );
                faults.push(Diagnostic::new(&codes::ID_MISMATCH, message).at_place(written.whole()).help(help));
                return false;
            }
            (Some(written), None) => {
                let message = Text::new(format!("没有可替换的 `{id}`"), format!("there is no `{id}` to replace"));
                let help = Text::new("删去 `replaces`", "remove `replaces`");
                faults.push(Diagnostic::new(&codes::REPLACES_UNKNOWN, message).at_place(written.whole()).help(help));
                return false;
            }
            (None, Some(_)) if !entry.readable => return false,
            (None, Some((before, _))) => {
                let help = Text::new(
                    format!("要替换它请写 `replaces: {id}`，报告会列出改动；否则换一个编号"),
                    format!(
                        "write `replaces: {id}` to stand in for it, and reports list what differs; or choose another id"
                    ),
                );
                faults.push(super::merge::duplicate(id, entry.place.clone(), before.clone()).help(help));
                return false;
            }
            (Some(_), Some((_, shipped))) => {
                let shipped = shipped.clone();
                self.remove(&shipped);
                self.replacements.push(Replacement {
                    kind: OverrideKind::FileReplaced,
                    subject: id.clone(),
                    shipped,
                    effective: entry.file.clone(),
                });
            }
            (None, None) if overlay => pack.overrides.push(added(&entry.file)),
            (None, None) => {}
        }
        self.ids.insert((what, id.clone()), (entry.place.clone(), entry.file.clone()));
        self.put(entry.file.clone());
        true
    }
}

/// The row of a file that only an overlay has.
pub(super) fn added(file: &PackFile) -> Override {
    Override {
        kind: OverrideKind::FileAdded,
        subject: file.path.clone(),
        shipped: None,
        effective: Text::same(file.source.name.clone()),
        place: Place::File { path: file.source.name.clone() },
    }
}

fn key(file: &PackFile) -> (String, bool, String) {
    (file.path.clone(), file.overlay, file.source.name.clone())
}
