//! Which kind a file is of: by the manifest, else by its name, else by its header or keys.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use unicode_normalization::UnicodeNormalization;

use super::adapt::{Adapted, Candidate};
use super::bytes::Origin;
use super::decode::{self, Encoding};
use super::document::{self, Kind, Value};
use super::header::{Headings, Names, Normals};
use super::json::{self, Bounds};
use super::read::{Format, HEAD};
use super::registers::{Claim, Registers, registers, same};
use super::table::{HEADER_ROWS, Header, find_header};
use super::{Limits, sheet, xml, yaml};
use crate::model::{EvidenceKind, KindId};

/// Documents larger than this are not opened to guess their kind.
const GUESSED_BYTES: u64 = 1 << 20;
/// The same for workbooks.
const GUESSED_WORKBOOK: u64 = 32 << 20;
/// The same for workbooks with more cells at the top of their sheets.
const GUESSED_CELLS: usize = 500_000;

/// What is known of a file's kind.
#[derive(Debug)]
pub(crate) enum Recognised {
    /// One kind, how the file gives its rows when it has not its columns, and by what.
    As(KindId, Option<Arc<Adapted>>, &'static str),
    /// Several kinds claim it, by what.
    Several(Vec<KindId>, &'static str),
    /// Its sheets are tables of several kinds.
    Sheets(Vec<Registers>),
    /// Several adapters of one kind claim it.
    Layouts(KindId, Vec<String>),
    /// It is called like the output of a tool, and does not begin like it: the kinds, and the adapters.
    Misfit(Vec<KindId>, Vec<String>),
    /// No kind does.
    None,
}

/// Recognises files.
pub(crate) struct Recogniser<'a> {
    kinds: &'a BTreeMap<KindId, Arc<EvidenceKind>>,
    adapters: &'a Adapters,
    names: GlobSet,
    /// Whose each pattern is.
    owners: Vec<Owner>,
    headings: Vec<(&'a EvidenceKind, Headings)>,
    limits: &'a Limits,
}

/// The adapters of every kind.
pub(crate) type Adapters = BTreeMap<KindId, Vec<Arc<Candidate>>>;

/// Whose a name pattern is.
#[derive(Clone)]
struct Owner {
    kind: KindId,
    candidate: Option<Arc<Candidate>>,
}

/// Text of one composition, so that names typed on different systems match.
pub(crate) fn composed(text: &str) -> String {
    text.nfc().collect()
}

impl<'a> Recogniser<'a> {
    /// Patterns and headings of all kinds.
    pub(crate) fn new(
        kinds: &'a BTreeMap<KindId, Arc<EvidenceKind>>,
        adapters: &'a Adapters,
        limits: &'a Limits,
    ) -> Self {
        let mut names = GlobSetBuilder::new();
        let mut owners = Vec::new();
        let mut add = |patterns: &[String], owner: &Owner| {
            for pattern in patterns {
                // A pattern that is none was told of when the pack was loaded.
                if let Ok(glob) =
                    GlobBuilder::new(&composed(pattern)).case_insensitive(true).literal_separator(true).build()
                {
                    names.add(glob);
                    owners.push(owner.clone());
                }
            }
        };
        for kind in kinds.values() {
            add(&kind.files, &Owner { kind: kind.id.clone(), candidate: None });
            for candidate in adapters.get(&kind.id).into_iter().flatten() {
                let owner = Owner { kind: kind.id.clone(), candidate: Some(Arc::clone(candidate)) };
                add(&candidate.adapter.file.files, &owner);
            }
        }
        let headings = kinds.values().map(|kind| (kind.as_ref(), Headings::of(&kind.record))).collect();
        Self { kinds, adapters, names: names.build().unwrap_or_default(), owners, headings, limits }
    }

    fn claims(&self, path: &str) -> Vec<&Owner> {
        self.names.matches(composed(path)).into_iter().filter_map(|index| self.owners.get(index)).collect()
    }

    /// Kinds whose name patterns, or those of whose adapters, match a path.
    pub(crate) fn by_name(&self, path: &str) -> Vec<KindId> {
        let kinds: BTreeSet<KindId> = self.claims(path).into_iter().map(|owner| owner.kind.clone()).collect();
        kinds.into_iter().collect()
    }

    /// The kind of a file that the manifest does not settle.
    pub(crate) fn recognise(&self, path: &str, origin: &Origin, bytes: u64) -> Recognised {
        // What an adapter reads begins as it says; a name alone makes no file its own.
        let head = Beginning::new(origin);
        let fits = |owner: &&Owner| owner.candidate.as_ref().is_none_or(|one| head.of(one) != Some(false));
        let claims: Vec<&Owner> = self.claims(path).into_iter().filter(fits).collect();
        let named: BTreeSet<KindId> = claims.iter().map(|owner| owner.kind.clone()).collect();
        let named: Vec<KindId> = named.into_iter().collect();
        match named.as_slice() {
            [] => match self.by_beginning(origin) {
                Recognised::None => self.by_content(path, origin, bytes).unwrap_or_else(|| self.called_like(path)),
                recognised => recognised,
            },
            [kind] => self.layout(kind, path, origin, "name"),
            _ => {
                // What a file begins with says more than its name.
                let claims = claims.into_iter().filter_map(|owner| Some((owner, owner.candidate.as_ref()?)));
                let begun: Vec<_> = claims.filter(|(_, candidate)| head.of(candidate) == Some(true)).collect();
                match begun.as_slice() {
                    [(owner, candidate)] => self.through(&owner.kind, candidate, "name"),
                    _ => Recognised::Several(named, "name"),
                }
            }
        }
    }

    /// How a file of a known kind gives its rows: by the one adapter whose name pattern or beginning fits; without one it
    /// has the columns of the kind. Where several fit, each might leave out what another would read.
    pub(crate) fn layout(&self, kind: &KindId, path: &str, origin: &Origin, by: &'static str) -> Recognised {
        let Some(all) = self.adapters.get(kind).filter(|all| !all.is_empty()) else {
            return Recognised::As(kind.clone(), None, by);
        };
        let head = Beginning::new(origin);
        let named = self.claims(path).into_iter().filter(|owner| owner.kind == *kind);
        let named = named.filter_map(|owner| owner.candidate.as_ref()).filter(|one| head.of(one) != Some(false));
        let mut fitting: Vec<&Arc<Candidate>> = Vec::new();
        for candidate in named.chain(all.iter().filter(|one| head.of(one) == Some(true))) {
            if !fitting.iter().any(|one| Arc::ptr_eq(one, candidate)) {
                fitting.push(candidate);
            }
        }
        match fitting.as_slice() {
            [] => Recognised::As(kind.clone(), None, by),
            [candidate] => self.through(kind, candidate, by),
            _ => Recognised::Layouts(
                kind.clone(),
                fitting.iter().map(|candidate| candidate.adapter.id.clone()).collect(),
            ),
        }
    }

    /// What a file that nothing recognises is called like.
    fn called_like(&self, path: &str) -> Recognised {
        let (mut kinds, mut adapters) = (BTreeSet::new(), BTreeSet::new());
        for owner in self.claims(path) {
            if let Some(candidate) = &owner.candidate {
                kinds.insert(owner.kind.clone());
                adapters.insert(candidate.adapter.id.clone());
            }
        }
        if kinds.is_empty() {
            return Recognised::None;
        }
        Recognised::Misfit(kinds.into_iter().collect(), adapters.into_iter().collect())
    }

    /// A file of a kind that an adapter reads.
    fn through(&self, kind: &KindId, candidate: &Candidate, by: &'static str) -> Recognised {
        let adapted = self.kinds.get(kind).and_then(|declared| candidate.adapted(declared));
        Recognised::As(kind.clone(), adapted, by)
    }

    /// The adapter of any kind that declares what such a file begins with.
    fn by_beginning(&self, origin: &Origin) -> Recognised {
        let head = Beginning::new(origin);
        let all = self.adapters.iter().flat_map(|(kind, all)| all.iter().map(move |candidate| (kind, candidate)));
        let begun: Vec<_> = all.filter(|(_, candidate)| head.of(candidate) == Some(true)).collect();
        match begun.as_slice() {
            [] => Recognised::None,
            [(kind, candidate)] => self.through(kind, candidate, "content"),
            [(kind, _), ..] if begun.iter().all(|(other, _)| other == kind) => Recognised::Layouts(
                (*kind).clone(),
                begun.iter().map(|(_, candidate)| candidate.adapter.id.clone()).collect(),
            ),
            _ => {
                let kinds: BTreeSet<KindId> = begun.into_iter().map(|(kind, _)| kind.clone()).collect();
                Recognised::Several(kinds.into_iter().collect(), "content")
            }
        }
    }

    /// Kinds other than the one stated that a file seems to be of: those of its name or contents, when its name is not of
    /// the stated kind and its contents lack what a row of that must have.
    ///
    /// Where the manifest names `sheets` of a workbook, the contents are those.
    pub(crate) fn rather(
        &self,
        stated: &KindId,
        path: &str,
        origin: &Origin,
        bytes: u64,
        sheets: Option<&[String]>,
    ) -> Vec<KindId> {
        if let Some(sheets) = sheets {
            let claims = self.claims_of_named(path, origin, bytes, sheets);
            // Sheet by sheet: one that is of the kind says nothing of another.
            let of_sheets = claims.chunk_by(|one, next| one.position == next.position);
            let other = of_sheets.filter(|sheet| !sheet.iter().any(|claim| claim.kind == stated));
            let kinds: BTreeSet<KindId> = other.flat_map(registers).flat_map(|found| found.kinds).collect();
            return kinds.into_iter().collect();
        }
        let named = self.by_name(path);
        // Lines have no header that could tell.
        let lines = self.kinds.get(stated).is_none_or(|kind| kind.read.lines.is_some());
        if lines || named.contains(stated) {
            return Vec::new();
        }
        let scores = self.scores(path, origin, bytes).unwrap_or_default();
        if scores.iter().any(|(_, kind)| *kind == stated) {
            return Vec::new();
        }
        match self.by_beginning(origin) {
            Recognised::As(kind, ..) | Recognised::Layouts(kind, _) if kind != *stated => return vec![kind],
            Recognised::Several(kinds, _) if !kinds.contains(stated) => return kinds,
            _ => {}
        }
        if !named.is_empty() {
            return named;
        }
        best(scores)
    }

    fn by_content(&self, path: &str, origin: &Origin, bytes: u64) -> Option<Recognised> {
        if let Some(claims) = self.claims_of_sheets(path, origin, bytes) {
            return of_sheets(registers(&claims));
        }
        one_of(best(self.scores_of_text(path, origin, bytes)?))
    }

    /// The kind of the sheets of a workbook that the manifest names.
    pub(crate) fn of_named(&self, path: &str, origin: &Origin, bytes: u64, sheets: &[String]) -> Recognised {
        let claims = self.claims_of_named(path, origin, bytes, sheets);
        let kinds: BTreeSet<KindId> = registers(&claims).into_iter().flat_map(|registers| registers.kinds).collect();
        one_of(kinds.into_iter().collect()).unwrap_or(Recognised::None)
    }

    /// Kinds whose headings or keys a file has, with the number of those it has.
    fn scores(&self, path: &str, origin: &Origin, bytes: u64) -> Option<Vec<(usize, &'a KindId)>> {
        if let Some(claims) = self.claims_of_sheets(path, origin, bytes) {
            let complete = claims.into_iter().filter(|claim| claim.complete);
            return Some(complete.map(|claim| (claim.fields, claim.kind)).collect());
        }
        self.scores_of_text(path, origin, bytes)
    }

    /// The same of what is neither a workbook nor a page.
    fn scores_of_text(&self, path: &str, origin: &Origin, bytes: u64) -> Option<Vec<(usize, &'a KindId)>> {
        let opening = origin.opening(HEAD).ok()?;
        let head = opening.bytes;
        let encoding = decode::detect(&head, opening.whole);
        if encoding == Encoding::Unknown || head.is_empty() {
            return None;
        }
        let body = decode::head_as_utf8(&head, encoding);
        let scores: Vec<(usize, &'a KindId)> = match Format::of(path, &head) {
            Format::Unsupported | Format::Workbook(_) | Format::SpreadsheetMl | Format::Html => return None,
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
        Some(scores)
    }

    fn claims_of_named(&self, path: &str, origin: &Origin, bytes: u64, sheets: &[String]) -> Vec<Claim<'a>> {
        let mut claims = self.claims_of_sheets(path, origin, bytes).unwrap_or_default();
        claims.retain(|claim| sheets.iter().any(|sheet| same(sheet, &claim.sheet)));
        claims
    }

    /// Kinds whose headings the sheets of a workbook, or the tables of a page, have; `None` when it is neither.
    fn claims_of_sheets(&self, path: &str, origin: &Origin, bytes: u64) -> Option<Vec<Claim<'a>>> {
        let opening = origin.opening(HEAD).ok()?;
        match Format::of(path, &opening.bytes) {
            Format::Workbook(_) | Format::SpreadsheetMl if bytes > GUESSED_WORKBOOK => None,
            Format::Workbook(container) => {
                let whole = origin.opening(usize::try_from(GUESSED_WORKBOOK).ok()?).ok()?.bytes;
                // A workbook that cannot be read is told of when somebody says what kind it is.
                self.of_book(sheet::open(container, &whole, self.limits).ok()?)
            }
            Format::SpreadsheetMl => {
                let whole = origin.opening(usize::try_from(GUESSED_WORKBOOK).ok()?).ok()?.bytes;
                let body = decode::head_as_utf8(&whole, decode::detect(&whole, true));
                self.of_book(sheet::open_spreadsheetml(std::str::from_utf8(&body).ok()?, self.limits))
            }
            Format::Html => {
                let encoding = decode::detect(&opening.bytes, opening.whole);
                if encoding == Encoding::Unknown || opening.bytes.is_empty() {
                    return None;
                }
                let body = decode::head_as_utf8(&opening.bytes, encoding);
                let text = String::from_utf8_lossy(&body);
                let claims = self.of_book(sheet::open_html(&text, self.limits))?;
                // Tables that nobody looked at may be of any kind: such a page is of one as a whole.
                Some(if opening.whole { claims } else { as_a_whole(&claims) })
            }
            _ => None,
        }
    }

    fn of_book(&self, opened: sheet::Opened<'_>) -> Option<Vec<Claim<'a>>> {
        let mut book = opened.book;
        let sheets = book.sheets(HEADER_ROWS).ok()?;
        // Every cell is held against the headings of every kind.
        if sheets.iter().map(sheet::Sheet::head_cells).sum::<usize>() > GUESSED_CELLS {
            return None;
        }
        let mut claims = Vec::new();
        for (position, sheet) in sheets.iter().enumerate().filter(|(_, sheet)| !sheet.is_notes()) {
            let head = sheet::Head::of(sheet);
            let claim = |(kind, headings): &(&'a EvidenceKind, Headings)| {
                let wanted = kind.read.sheet.as_ref().is_none_or(|wanted| same(wanted, &sheet.name));
                let header = wanted.then(|| head.find(headings, &kind.read)).flatten()?;
                let bound = &header.bound.fields;
                let complete = score_header(kind, headings, &header).is_some();
                let has_key = !kind.key.is_empty() && kind.key.iter().all(|name| bound.contains_key(name));
                (complete || has_key && !header.is_weak()).then(|| Claim {
                    position,
                    sheet: Arc::clone(&sheet.name),
                    kind: &kind.id,
                    fields: bound.len(),
                    complete,
                    aside: sheet.is_called_aside() && sheet.has_rows_below(header.row),
                })
            };
            claims.extend(self.headings.iter().filter_map(claim));
        }
        Some(claims)
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
                let Ok(value) = xml::parse(text, bounds) else { return BTreeMap::new() };
                value
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
            let (_, row) = document::rows(root, kind.rows.as_deref())?.next()?;
            let Kind::Map(entries) = &row.kind else { return None };
            Some(entries.iter().map(|(key, _)| key.to_string()).collect::<Vec<_>>())
        };
        self.kinds.values().filter_map(|kind| Some((kind.id.clone(), first(kind)?))).collect()
    }
}

/// What the sheets claim, as if they were one.
fn as_a_whole<'k>(claims: &[Claim<'k>]) -> Vec<Claim<'k>> {
    let mut most: BTreeMap<&'k KindId, Claim<'k>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.complete) {
        let one = Claim { position: 0, aside: false, ..claim.clone() };
        let best = most.entry(claim.kind).or_insert_with(|| one.clone());
        if claim.fields > best.fields {
            *best = one;
        }
    }
    most.into_values().collect()
}

/// The kinds with the most fields.
fn best(scores: Vec<(usize, &KindId)>) -> Vec<KindId> {
    let most = scores.iter().map(|(score, _)| *score).max();
    let best: BTreeSet<KindId> =
        scores.into_iter().filter(|(score, _)| Some(*score) == most).map(|(_, kind)| kind.clone()).collect();
    best.into_iter().collect()
}

fn one_of(kinds: Vec<KindId>) -> Option<Recognised> {
    match kinds.as_slice() {
        [] => None,
        [kind] => Some(Recognised::As(kind.clone(), None, "header")),
        _ => Some(Recognised::Several(kinds, "header")),
    }
}

fn of_sheets(found: Vec<Registers>) -> Option<Recognised> {
    match found.as_slice() {
        [first, rest @ ..]
            if found.iter().any(|registers| registers.kind().is_some())
                && rest.iter().any(|other| other.kinds != first.kinds) =>
        {
            Some(Recognised::Sheets(found))
        }
        _ => {
            let kinds: BTreeSet<KindId> = found.into_iter().flat_map(|registers| registers.kinds).collect();
            one_of(kinds.into_iter().collect())
        }
    }
}

/// What a file begins with, looked at once when it is asked for.
struct Beginning<'o> {
    origin: &'o Origin,
    text: OnceCell<Option<String>>,
}

impl<'o> Beginning<'o> {
    fn new(origin: &'o Origin) -> Self {
        Self { origin, text: OnceCell::new() }
    }

    /// Whether it is what files of an adapter begin with; `None` when the adapter declares nothing of it.
    fn of(&self, candidate: &Candidate) -> Option<bool> {
        candidate.adapter.head.as_ref()?;
        let text = self.text.get_or_init(|| {
            let opening = self.origin.opening(HEAD).ok()?;
            let encoding = decode::detect(&opening.bytes, opening.whole);
            if encoding == Encoding::Unknown {
                return None;
            }
            Some(String::from_utf8_lossy(&decode::head_as_utf8(&opening.bytes, encoding)).into_owned())
        });
        text.as_deref().map_or(Some(false), |text| candidate.begins(text))
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
