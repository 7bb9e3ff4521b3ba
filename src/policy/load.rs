//! Files → the effective pack: decode, lay overlays over, hold everything against everything, select, tailor.

mod cross;
mod difference;
mod merge;
mod overlay;
mod select;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::decode::{self, Decoder, control, id_stem};
use super::files::{PackFiles, TreeFile};
use super::pack::{Pack, PackFile};
use super::shape::{self, Shape};
use super::tree::Value;
use super::{BrokenControl, codes};
use crate::model::{Adapter, Control, EvidenceKind, KindId, Law, Profile, Provision, ProvisionId};
use crate::text::{Diagnostic, Place, Source, Text, sort_diagnostics};
use overlay::Entry;

pub(super) use select::selected_by;
pub use select::tailored;

/// Which profile is wanted, and where that is written.
#[derive(Debug, Clone, Default)]
pub struct ProfileChoice {
    /// Its id; `None` selects every control.
    pub name: Option<String>,
    /// Where it is written, for the fault when there is no such profile.
    pub place: Option<Place>,
}

impl ProfileChoice {
    /// A profile named on the command line or by a test.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), place: None }
    }
}

/// A pack, and every fault of every file, sorted.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The effective pack. What has faults is in `broken_controls` and `broken_kinds`.
    pub pack: Pack,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether anything is wrong that makes a control, kind or file unusable.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|fault| fault.code.level == crate::text::Level::Error)
    }
}

/// Loads `base` with `overlays` laid over it in order, and puts the profile's values in.
///
/// Every fault of every file is reported in one run, ordered by file and place. A file that has faults stops nothing
/// else. Policy tests are decoded only when `tests` says so: a run has no use for them.
pub fn load(base: PackFiles, overlays: Vec<PackFiles>, profile: &ProfileChoice, tests: bool) -> Loaded {
    let mut faults = Vec::new();
    let mut layers = Vec::new();
    let layer_files = std::iter::once(base).chain(overlays);
    let layer_files: Vec<Vec<TreeFile>> = layer_files
        .map(|files| {
            faults.extend(files.faults);
            files.files
        })
        .collect();
    for (number, files) in layer_files.iter().enumerate() {
        layers.push(decode_layer(files, number > 0, &mut faults));
    }
    let (mut pack, replacements) = merge::merge(layers, &mut faults);
    pack.sha256 = digest(&pack.files);
    cross::check(&pack, &mut faults);
    // By the file itself: a workspace's `policies/x.yaml` is called like the shipped one.
    let trees: Trees<'_> = layer_files.iter().flatten().map(|file| (Arc::as_ptr(&file.source), file)).collect();
    for replacement in &replacements {
        let tree = |file: &PackFile| tree_of(&trees, &file.source);
        let rows = difference::rows(replacement, tree(&replacement.shipped), tree(&replacement.effective));
        pack.overrides.extend(rows);
    }
    pack.overrides.sort_by(|a, b| (a.kind, &a.subject).cmp(&(b.kind, &b.subject)));
    select::select(&mut pack, profile, &trees, &mut faults);
    if tests {
        decode_tests(&mut pack, &layer_files, &mut faults);
    }
    sort_diagnostics(&mut faults);
    Loaded { pack, diagnostics: faults }
}

/// The file of each source.
type Trees<'a> = BTreeMap<*const Source, &'a TreeFile>;

/// The tree of a file, if it is YAML.
fn tree_of<'a>(trees: &Trees<'a>, source: &Arc<Source>) -> Option<Value<'a>> {
    let file = trees.get(&Arc::as_ptr(source))?;
    file.root.as_ref().map(|root| Value::new(root, &file.source))
}

/// What one layer holds, decoded.
#[derive(Default)]
struct Layer {
    overlay: bool,
    head: Option<(decode::pack::PackHead, PackFile)>,
    controls: Vec<(Control, PackFile)>,
    broken: Vec<(BrokenControl, Option<String>, PackFile)>,
    /// `None`: the file has faults.
    kinds: Vec<Entry<Option<EvidenceKind>>>,
    /// The kind it serves as far as it could be read; `None`: the file has faults.
    adapters: Vec<Entry<(Option<KindId>, Option<Adapter>)>>,
    profiles: Vec<Entry<Profile>>,
    laws: Vec<Entry<(Law, Vec<Provision>)>>,
    broken_provisions: Vec<ProvisionId>,
    calendars: Vec<Entry<Option<super::CalendarYear>>>,
    others: Vec<PackFile>,
}

fn decode_layer(files: &[TreeFile], overlay: bool, faults: &mut Vec<Diagnostic>) -> Layer {
    let mut layer = Layer { overlay, ..Layer::default() };
    for file in files {
        let mut found = Vec::new();
        if file.trusted {
            // The build looked at the YAML only; a file that does not decode is looked at again, to say why.
            let mut decoder = Decoder { faults: &mut found, trusted: true };
            if decode_file(file, &mut layer, &mut decoder) && found.is_empty() {
                continue;
            }
            found.clear();
        }
        let mut decoder = Decoder { faults: &mut found, trusted: false };
        decode_file(file, &mut layer, &mut decoder);
        faults.append(&mut found);
    }
    layer
}

/// The kind of file a path inside the pack says: `controls/BAK/BAK-02.yaml` is a control.
fn shape_of(path: &str) -> Option<(&'static Shape, &'static str)> {
    let folder = path.split_once('/').map_or(path, |(folder, _)| folder);
    Some(match folder {
        "pack.yaml" | "pack.yml" => (&shape::PACK, "pack"),
        "controls" => (&shape::CONTROL, "control"),
        "evidence" if path.starts_with("evidence/adapters/") => (&shape::ADAPTER, "adapter"),
        "evidence" => (&shape::EVIDENCE, "evidence"),
        "profiles" => (&shape::PROFILE, "profile"),
        "provisions" => (&shape::PROVISIONS, "provisions"),
        "calendars" => (&shape::CALENDAR, "calendar"),
        "tests" => (&shape::TEST, "test"),
        _ => return None,
    })
}

/// Decodes one file into its layer; `false` when it could not be used.
fn decode_file(file: &TreeFile, layer: &mut Layer, decoder: &mut Decoder<'_>) -> bool {
    let record = PackFile { path: file.path.clone(), source: Arc::clone(&file.source), overlay: layer.overlay };
    let Some((shape, kind)) = shape_of(&file.path) else {
        let message = Text::new(
            format!("不认识的位置 `{}`，没有读取", file.path),
            format!("`{}` lies in no known folder and was not read", file.path),
        );
        let help = Text::new(
            "可用的文件夹：controls、evidence、profiles、provisions、calendars、tests",
            "known folders: controls, evidence, profiles, provisions, calendars, tests",
        );
        let place = Place::File { path: file.source.name.clone() };
        decoder.fault(Diagnostic::new(&codes::FILE_UNKNOWN, message).at_place(place).help(help));
        return true;
    };
    let root = file.root.as_ref().map(|root| Value::new(root, &file.source));
    let checked = |root: &Value<'_>, decoder: &mut Decoder<'_>| {
        if decoder.trusted {
            return true;
        }
        let before = decoder.faults.len();
        shape::check::check_shape(*root, shape, decoder.faults);
        decoder.faults.len() == before
    };
    let sound = root.as_ref().is_some_and(|root| checked(root, decoder)) && !file.faulty;
    let before = decoder.faults.len();
    match (kind, root) {
        ("control", root) => {
            let (stem, folder) = (id_stem(&file.path), family_folder(&file.path));
            let decoded = root.and_then(|root| control::decode(root, folder, layer.overlay, decoder));
            if let (Some(root), false) = (root, decoder.trusted) {
                check_id(root, "id", stem, decoder);
                check_family(root, folder, decoder);
            }
            match decoded {
                Some(control) if sound && decoder.faults.len() == before => layer.controls.push((control, record)),
                _ if decoder.trusted => return false,
                _ => {
                    let replaces = root.and_then(|root| decode::string(root.get("replaces")));
                    let mut broken = control::broken(root, stem, folder).unwrap_or_else(|| BrokenControl {
                        id: crate::model::ControlId::new(stem),
                        family: folder.to_owned(),
                        title: None,
                        severity: None,
                        provisions: Vec::new(),
                        source: Arc::clone(&file.source),
                        partial: None,
                    });
                    broken.partial = decoded.map(Box::new);
                    layer.broken.push((broken, replaces, record));
                }
            }
        }
        ("evidence", root) => {
            let decoded = root.and_then(|root| decode::evidence::decode(root, decoder));
            if let (Some(root), false) = (root, decoder.trusted) {
                check_id(root, "id", id_stem(&file.path), decoder);
            }
            let id_value = root.and_then(|root| root.get("id"));
            let stem = id_stem(&file.path).to_owned();
            match decoded {
                Some(kind) if sound && decoder.faults.len() == before => {
                    let id = kind.id.as_str().to_owned();
                    layer.kinds.push(Entry::new(Some(kind), id, id_value, root, record));
                }
                _ if decoder.trusted => return false,
                _ => layer.kinds.push(Entry::new(None, stem, id_value, root, record)),
            }
        }
        ("adapter", root) => {
            let decoded = root.and_then(|root| decode::adapter::decode(root, decoder));
            if let (Some(root), false) = (root, decoder.trusted) {
                check_id(root, "id", id_stem(&file.path), decoder);
            }
            let serves = root.and_then(|root| decode::string(root.get("kind"))).map(KindId::new);
            let id_value = root.and_then(|root| root.get("id"));
            let stem = id_stem(&file.path).to_owned();
            match decoded {
                Some(adapter) if sound && decoder.faults.len() == before => {
                    let id = adapter.id.clone();
                    layer.adapters.push(Entry::new((serves, Some(adapter)), id, id_value, root, record));
                }
                _ if decoder.trusted => return false,
                _ => layer.adapters.push(Entry::new((serves, None), stem, id_value, root, record)),
            }
        }
        ("profile", Some(root)) => {
            let decoded = decode::profile::decode(root, decoder);
            if !decoder.trusted {
                check_id(root, "id", id_stem(&file.path), decoder);
            }
            // A profile with faults is used as far as it could be read: its selection is still the best guess.
            match decoded {
                Some(profile) => {
                    let id = profile.id.clone();
                    layer.profiles.push(Entry::new(profile, id, root.get("id"), Some(root), record));
                }
                None => return false,
            }
        }
        ("provisions", Some(root)) => {
            let decoded = decode::provisions::decode(root, decoder);
            if let (Some(law), false) = (root.get("law"), decoder.trusted) {
                check_id(law, "id", id_stem(&file.path), decoder);
            }
            layer.broken_provisions.extend(decode::provisions::broken(root, decoded.as_ref()));
            match decoded {
                Some(law) => {
                    let (id, id_value) = (law.0.id.clone(), root.get("law").and_then(|law| law.get("id")));
                    layer.laws.push(Entry::new(law, id, id_value, Some(root), record));
                }
                None => return false,
            }
        }
        ("calendar", root) => {
            let decoded = root.and_then(|root| decode::calendar::decode(root, decoder));
            let id_value = root.and_then(|root| root.get("year"));
            let id = decode::string(id_value).unwrap_or_else(|| id_stem(&file.path).to_owned());
            match decoded {
                Some(year) if sound && decoder.faults.len() == before => {
                    layer.calendars.push(Entry::new(Some(year), id, id_value, root, record));
                }
                _ if decoder.trusted => return false,
                // With a day wrong or missing, deadlines would be counted wrongly: the year is unknown rather.
                _ => layer.calendars.push(Entry::new(None, id, id_value, root, record)),
            }
        }
        ("pack", Some(root)) => layer.head = Some((decode::pack::decode(root, decoder), record)),
        // Tests are decoded last, when facts and controls are known.
        _ => layer.others.push(record),
    }
    true
}

fn check_id(holder: Value<'_>, key: &str, stem: &str, decoder: &mut Decoder<'_>) {
    if let Some(id) = holder.get(key)
        && let Some(text) = id.text()
        && text != stem
    {
        decoder.fault(control::id_mismatch(id, stem, "文件名", "the file's name"));
    }
}

fn check_family(root: Value<'_>, folder: &str, decoder: &mut Decoder<'_>) {
    match root.get("family") {
        Some(family) if !folder.is_empty() && family.text().is_some_and(|text| text != folder) => {
            decoder.fault(control::id_mismatch(family, folder, "所在文件夹", "the folder"));
        }
        None if folder.is_empty() => {
            let message = Text::new("没有类别", "the control has no family");
            let help = Text::new(
                "放进 `controls/<类别>/`，或写 `family`",
                "put it into `controls/<FAMILY>/`, or write `family`",
            );
            let span = root.entries().next().map_or_else(|| root.span(), |(key, _)| key.span);
            decoder.fault(Diagnostic::new(&codes::ID_MISMATCH, message).at(root.source(), span).help(help));
        }
        _ => {}
    }
}

/// `BAK` of `controls/BAK/BAK-02.yaml`; empty directly below `controls/`.
fn family_folder(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    parts.next();
    match parts.next() {
        Some("controls") | None => "",
        Some(folder) => folder,
    }
}

fn decode_tests(pack: &mut Pack, layers: &[Vec<TreeFile>], faults: &mut Vec<Diagnostic>) {
    let effective: BTreeSet<*const Source> = pack.files.iter().map(|file| Arc::as_ptr(&file.source)).collect();
    let mut tests = Vec::new();
    for file in layers.iter().flatten() {
        if !file.path.starts_with("tests/") || !effective.contains(&Arc::as_ptr(&file.source)) {
            continue;
        }
        let Some(root) = file.root.as_ref().map(|root| Value::new(root, &file.source)) else { continue };
        let before = faults.len();
        shape::check::check_shape(root, &shape::TEST, faults);
        let mut decoder = Decoder { faults, trusted: false };
        check_id(root, "control", id_stem(&file.path), &mut decoder);
        let decoded = decode::test_file::decode(root, &pack.facts, &mut decoder);
        if let Some(test) = decoded {
            cross::check_test(&test, pack, faults);
            // A test with faults proves nothing, so it is not run.
            if faults.len() == before {
                tests.push(test);
            }
        }
    }
    tests.sort_by(|a, b| a.source.name.cmp(&b.source.name));
    pack.tests = tests;
}

/// SHA-256 over path and bytes of every file, by path, each with its length before it.
fn digest(files: &[PackFile]) -> String {
    use std::fmt::Write as _;
    let mut hasher = Sha256::new();
    for file in files {
        for part in [file.path.as_bytes(), file.source.text.as_bytes()] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
