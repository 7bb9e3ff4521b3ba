//! Which kind a file is of: by the manifest, else by its name, else by its header or keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use unicode_normalization::UnicodeNormalization;

use super::bytes::Origin;
use super::decode::{self, Encoding};
use super::document::{self, Kind, Value};
use super::header::{Headings, Names, Normals};
use super::json::{self, Bounds};
use super::read::{Format, HEAD};
use super::table::{HEADER_ROWS, Header, find_header};
use super::{Limits, sheet, xml, yaml};
use crate::model::{EvidenceKind, KindId};

/// Documents larger than this are not opened to guess their kind.
const GUESSED_BYTES: u64 = 1 << 20;
/// The same for workbooks.
const GUESSED_WORKBOOK: u64 = 32 << 20;

/// What is known of a file's kind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Recognised {
    /// One kind, and by what.
    As(KindId, &'static str),
    /// Several kinds claim it, by what.
    Several(Vec<KindId>, &'static str),
    /// No kind does.
    None,
}

/// Recognises files.
pub(crate) struct Recogniser<'a> {
    kinds: &'a BTreeMap<KindId, Arc<EvidenceKind>>,
    names: GlobSet,
    /// Kind of each pattern.
    owners: Vec<KindId>,
    headings: Vec<(&'a EvidenceKind, Headings)>,
    limits: &'a Limits,
}

/// Text of one composition, so that names typed on different systems match.
pub(crate) fn composed(text: &str) -> String {
    text.nfc().collect()
}

impl<'a> Recogniser<'a> {
    /// Patterns and headings of all kinds.
    pub(crate) fn new(kinds: &'a BTreeMap<KindId, Arc<EvidenceKind>>, limits: &'a Limits) -> Self {
        let mut names = GlobSetBuilder::new();
        let mut owners = Vec::new();
        for kind in kinds.values() {
            for pattern in &kind.files {
                // A pattern that is none was told of when the pack was loaded.
                if let Ok(glob) =
                    GlobBuilder::new(&composed(pattern)).case_insensitive(true).literal_separator(true).build()
                {
                    names.add(glob);
                    owners.push(kind.id.clone());
                }
            }
        }
        let headings = kinds.values().map(|kind| (kind.as_ref(), Headings::of(&kind.record))).collect();
        Self { kinds, names: names.build().unwrap_or_default(), owners, headings, limits }
    }

    /// Kinds whose name patterns match a path.
    pub(crate) fn by_name(&self, path: &str) -> Vec<KindId> {
        let mut kinds: Vec<KindId> = self
            .names
            .matches(composed(path))
            .into_iter()
            .filter_map(|index| self.owners.get(index).cloned())
            .collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// The kind of a file that the manifest does not settle.
    pub(crate) fn recognise(&self, path: &str, origin: &Origin, bytes: u64) -> Recognised {
        let named = self.by_name(path);
        match named.as_slice() {
            [] => self.by_content(path, origin, bytes).unwrap_or(Recognised::None),
            [kind] => Recognised::As(kind.clone(), "name"),
            _ => Recognised::Several(named, "name"),
        }
    }

    fn by_content(&self, path: &str, origin: &Origin, bytes: u64) -> Option<Recognised> {
        let opening = origin.opening(HEAD).ok()?;
        let head = opening.bytes;
        if let Format::Workbook(container) = Format::of(path, &head) {
            return self.by_sheets(container, origin, bytes);
        }
        let encoding = decode::detect(&head, opening.whole);
        if encoding == Encoding::Unknown || head.is_empty() {
            return None;
        }
        let body = decode::head_as_utf8(&head, encoding);
        let scores: Vec<(usize, &KindId)> = match Format::of(path, &head) {
            Format::Unsupported | Format::Workbook(_) => return None,
            Format::Html => {
                let text = String::from_utf8_lossy(&body);
                self.of_book(sheet::open_html(&text, self.limits))?
            }
            format @ (Format::Csv | Format::Tsv) => {
                let tab = (format == Format::Tsv).then_some('\t');
                let score = |(kind, headings): &(&'a EvidenceKind, Headings)| {
                    let header = find_header(&body, headings, &kind.read, tab, self.limits)?;
                    score_header(kind, headings, &header)
                };
                self.headings.iter().filter_map(score).collect()
            }
            format => {
                if bytes > GUESSED_BYTES {
                    return None;
                }
                let whole = origin.opening(usize::try_from(GUESSED_BYTES).ok()?).ok()?.bytes;
                let keys = self.first_keys(&decode::head_as_utf8(&whole, encoding), format);
                self.kinds
                    .values()
                    .filter_map(|kind| Some((score_keys(kind, keys.get(&kind.id)?)?, &kind.id)))
                    .collect()
            }
        };
        Self::best(scores)
    }

    /// The kind whose headings most fit a sheet of a workbook.
    fn by_sheets(&self, container: sheet::Container, origin: &Origin, bytes: u64) -> Option<Recognised> {
        if bytes > GUESSED_WORKBOOK {
            return None;
        }
        let whole = origin.opening(usize::try_from(GUESSED_WORKBOOK).ok()?).ok()?.bytes;
        // A workbook that cannot be read is told of when somebody says what kind it is.
        Self::best(self.of_book(sheet::open(container, &whole, self.limits).ok()?)?)
    }

    fn of_book(&self, opened: sheet::Opened<'_>) -> Option<Vec<(usize, &'a KindId)>> {
        let mut book = opened.book;
        let sheets = book.sheets(HEADER_ROWS).ok()?;
        let score = |(kind, headings): &(&'a EvidenceKind, Headings)| {
            let named = |sheet: &&sheet::Sheet| kind.read.sheet.as_ref().is_none_or(|name| *name == *sheet.name);
            let headers = sheets.iter().filter(named).filter_map(|sheet| sheet::find(sheet, headings, &kind.read));
            headers.filter_map(|header| score_header(kind, headings, &header)).max()
        };
        Some(self.headings.iter().filter_map(score).collect())
    }

    fn best(scores: Vec<(usize, &KindId)>) -> Option<Recognised> {
        let most = scores.iter().map(|(score, _)| *score).max()?;
        let best: Vec<KindId> =
            scores.into_iter().filter(|(score, _)| *score == most).map(|(_, kind)| kind.clone()).collect();
        Some(match best.as_slice() {
            [kind] => Recognised::As(kind.clone(), "header"),
            _ => Recognised::Several(best, "header"),
        })
    }

    /// Keys of the first row that each kind would read.
    fn first_keys(&self, body: &[u8], format: Format) -> BTreeMap<KindId, Vec<String>> {
        let bounds = Bounds { depth: self.limits.depth, nodes: 200_000 };
        let node;
        let root = match format {
            Format::Yaml => {
                let Ok(text) = std::str::from_utf8(body) else { return BTreeMap::new() };
                let Ok(Some(parsed)) = yaml::parse(text, bounds) else { return BTreeMap::new() };
                node = parsed;
                yaml::value(&node, text)
            }
            Format::Xml => {
                let Ok(text) = std::str::from_utf8(body) else { return BTreeMap::new() };
                return xml::with(text, bounds, |root| self.keys_of(root)).unwrap_or_default();
            }
            Format::JsonLines => {
                let line = body.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
                let Ok(value) = json::parse(line.unwrap_or_default(), 1, bounds) else { return BTreeMap::new() };
                value
            }
            _ => {
                let Ok(value) = json::parse(body, 1, bounds) else { return BTreeMap::new() };
                value
            }
        };
        self.keys_of(&root)
    }

    fn keys_of(&self, root: &Value<'_>) -> BTreeMap<KindId, Vec<String>> {
        let first = |kind: &EvidenceKind| {
            let rows = document::rows(root, kind.rows.as_deref())?;
            let Kind::Map(entries) = &rows.first()?.1.kind else { return None };
            Some(entries.iter().map(|(key, _)| key.to_string()).collect::<Vec<_>>())
        };
        self.kinds.values().filter_map(|kind| Some((kind.id.clone(), first(kind)?))).collect()
    }
}

/// Number of fields that a header names, if it names all that a row must have.
fn score_header<'k>(kind: &'k EvidenceKind, headings: &Headings, header: &Header) -> Option<(usize, &'k KindId)> {
    let complete = headings.required.iter().all(|name| header.bound.fields.contains_key(name));
    let enough = header.bound.fields.len() >= headings.all.len().min(2);
    (complete && enough).then_some((header.bound.fields.len(), &kind.id))
}

/// Number of fields that the keys name, if they name all that a row must have.
fn score_keys(kind: &EvidenceKind, keys: &[String]) -> Option<usize> {
    let (mut found, mut normals) = (0, Normals::default());
    for field in kind.record.fields.values() {
        let names = Names::of(field);
        let there = keys.iter().any(|key| names.matches(key, &mut normals));
        if field.required && !there {
            return None;
        }
        found += usize::from(there);
    }
    (found >= kind.record.fields.len().clamp(1, 2)).then_some(found)
}
