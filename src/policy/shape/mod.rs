//! One description of each file kind: its keys, what each holds, and what it means.
//!
//! From it come the check that finds every fault of a file (`check`) and the published JSON Schemas (`schema`);
//! the decoders only read what has passed. A key is added here and in its decoder, nowhere else.

pub(crate) mod check;
mod control;
mod evidence;
mod pack;
pub(crate) mod schema;
mod test_file;
mod words;
mod workspace;

pub(crate) use control::{CHECK, CONTROL, HAS, JOIN};
pub(crate) use evidence::{ADAPTER, EVIDENCE};
pub(crate) use pack::{CALENDAR, PACK, PROFILE, PROVISIONS};
pub(crate) use test_file::TEST;
pub(crate) use workspace::{MANIFEST, WORKSPACE};

/// A remark in both languages.
#[derive(Debug)]
pub(crate) struct Doc {
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

/// Both languages, short to write in tables.
pub(crate) const fn doc(zh: &'static str, en: &'static str) -> Doc {
    Doc { zh, en }
}

/// A mapping with named keys.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What it is, as messages call it: `control`, `check`.
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) doc: Doc,
    /// Its keys, in the order in which a file reads best.
    pub(crate) keys: &'static [Key],
    /// Of these keys exactly one must be there.
    pub(crate) exactly_one: &'static [&'static str],
}

/// One key of a mapping.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) ty: Ty,
    pub(crate) required: bool,
    pub(crate) doc: Doc,
}

/// A key that must be there.
pub(crate) const fn required(name: &'static str, ty: Ty, zh: &'static str, en: &'static str) -> Key {
    Key { name, ty, required: true, doc: Doc { zh, en } }
}

/// A key that may be left out.
pub(crate) const fn optional(name: &'static str, ty: Ty, zh: &'static str, en: &'static str) -> Key {
    Key { name, ty, required: false, doc: Doc { zh, en } }
}

/// A sort of word: an id, a name.
#[derive(Debug)]
pub(crate) struct Word {
    /// What it is, for messages.
    pub(crate) doc: Doc,
    /// The same as a regular expression, for the published schemas.
    pub(crate) pattern: &'static str,
    /// Whether a text is one.
    pub(crate) holds: fn(&str) -> bool,
}

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Ty {
    /// Anything at all; a decoder looks closer.
    Any,
    /// Exactly this word: the `schema` line.
    Const(&'static str),
    /// One text: any scalar but null, as written.
    Str,
    /// A text for people: `{zh, en}`, or a plain string.
    Text,
    /// A finding text: like [`Ty::Text`], and each a template.
    Template,
    /// An expression.
    Expr,
    /// A word of a sort.
    Word(&'static Word),
    /// `true` or `false`.
    Boolean,
    /// A whole number, least and greatest.
    Integer(i64, i64),
    /// `2026-09-30`.
    Date,
    /// `7 days`.
    Duration,
    /// `95%`, `0.95` or `$param`.
    Share,
    /// Any scalar but null; a decoder gives it a type.
    Scalar,
    /// One of these words.
    Enum(&'static [(&'static str, Doc)]),
    /// A list, and how many elements it must have at least.
    List(&'static Ty, usize),
    /// One value, or a list of them.
    OneOrMore(&'static Ty),
    /// A mapping with free keys.
    Map(&'static Word, &'static Ty),
    /// A mapping with known keys.
    Object(&'static Shape),
    /// The first that fits the sort of YAML value (scalar, list, mapping).
    Either(&'static [Ty]),
}

/// A whole file kind.
#[derive(Debug)]
pub(crate) struct FileKind {
    /// `control`, as in `hegui/control/v1`.
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
}

/// Every file kind there is, by name.
pub(crate) static FILE_KINDS: &[FileKind] = &[
    FileKind { name: "adapter", shape: &ADAPTER },
    FileKind { name: "calendar", shape: &CALENDAR },
    FileKind { name: "control", shape: &CONTROL },
    FileKind { name: "evidence", shape: &EVIDENCE },
    FileKind { name: "manifest", shape: &MANIFEST },
    FileKind { name: "pack", shape: &PACK },
    FileKind { name: "profile", shape: &PROFILE },
    FileKind { name: "provisions", shape: &PROVISIONS },
    FileKind { name: "test", shape: &TEST },
    FileKind { name: "workspace", shape: &WORKSPACE },
];
