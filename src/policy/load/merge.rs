//! Layers → one pack: later files stand in for earlier ones, and every difference is noted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Layer;
use super::overlay::{self, Entry, Held as Files, Replacement};
use crate::model::{Adapter, Control, ControlId, KindId, Law, Provision};
use crate::policy::pack::{Override, OverrideKind, Pack, PackFile};
use crate::policy::{BrokenControl, codes};
use crate::text::{Diagnostic, Place, Text};

/// A control of the pack being built, sound or broken, with the file it came from.
struct Held {
    control: Result<Control, BrokenControl>,
    file: PackFile,
}

impl Held {
    fn id(&self) -> &ControlId {
        match &self.control {
            Ok(control) => &control.id,
            Err(broken) => &broken.id,
        }
    }

    fn title(&self) -> Text {
        match &self.control {
            Ok(control) => control.title.clone(),
            Err(broken) => broken.title.clone().unwrap_or_else(|| Text::same(broken.id.as_str())),
        }
    }

    /// Whether nothing could be read of its file, not even whether it replaces another.
    fn is_unreadable(&self) -> bool {
        matches!(&self.control, Err(broken) if broken.partial.is_none() && broken.title.is_none())
    }

    fn place(&self) -> Place {
        Place::File { path: self.file.source.name.clone() }
    }
}

/// The pack of all layers, and which files took the place of which.
pub(super) fn merge(layers: Vec<Layer>, faults: &mut Vec<Diagnostic>) -> (Pack, Vec<Replacement>) {
    let mut pack = Pack {
        name: String::new(),
        version: String::new(),
        title: Text::default(),
        time_zone: chrono_tz::Asia::Shanghai,
        families: Vec::new(),
        facts: BTreeMap::new(),
        verification_sources: BTreeMap::new(),
        laws: BTreeMap::new(),
        provisions: BTreeMap::new(),
        controls: BTreeMap::new(),
        selected: BTreeSet::new(),
        kinds: BTreeMap::new(),
        profiles: BTreeMap::new(),
        profile: None,
        calendars: BTreeMap::new(),
        tests: Vec::new(),
        broken_controls: BTreeMap::new(),
        broken_kinds: BTreeSet::new(),
        broken_calendars: BTreeSet::new(),
        broken_provisions: BTreeSet::new(),
        overrides: Vec::new(),
        sha256: String::new(),
        files: Vec::new(),
        stands_in_for: BTreeMap::new(),
    };
    let mut files = Files::default();
    let mut held: BTreeMap<ControlId, Held> = BTreeMap::new();
    let mut adapters: BTreeMap<String, (Option<KindId>, Option<Adapter>)> = BTreeMap::new();
    for layer in layers {
        let overlay = layer.overlay;
        head(&layer, &mut pack, faults);
        for file in layer.head.into_iter().map(|(_, file)| file).chain(layer.others) {
            // Tests judge nobody.
            if overlay && !file.path.starts_with("tests/") {
                pack.overrides.push(overlay::added(&file));
            }
            files.put(file);
        }
        let mut seen = BTreeMap::new();
        for entry in layer.kinds {
            if files.admit("evidence", &entry, &mut seen, &mut pack, faults) {
                let id = KindId::new(entry.id);
                pack.kinds.remove(&id);
                pack.broken_kinds.remove(&id);
                if let Some(kind) = entry.value {
                    pack.kinds.insert(id, kind);
                } else {
                    pack.broken_kinds.insert(id);
                }
            }
        }
        for entry in layer.adapters {
            if files.admit("adapter", &entry, &mut seen, &mut pack, faults) {
                adapters.insert(entry.id, entry.value);
            }
        }
        for entry in layer.profiles {
            if files.admit("profile", &entry, &mut seen, &mut pack, faults) {
                pack.profiles.insert(entry.id, entry.value);
            }
        }
        pack.broken_provisions.extend(layer.broken_provisions);
        for entry in layer.laws {
            laws(entry, &mut seen, &mut files, &mut pack, faults);
        }
        for entry in layer.calendars {
            if !files.admit("calendar", &entry, &mut seen, &mut pack, faults) {
                continue;
            }
            pack.broken_calendars.remove(&entry.id);
            pack.calendars.retain(|year, _| year.to_string() != entry.id);
            if let Some(year) = entry.value {
                pack.calendars.insert(year.year, year);
            } else {
                pack.broken_calendars.insert(entry.id);
            }
        }
        let mut incoming: Vec<(Held, Option<ControlId>)> = Vec::new();
        for (control, file) in layer.controls {
            let replaces = control.replaces.clone();
            incoming.push((Held { control: Ok(control), file }, replaces));
        }
        for (broken, replaces, file) in layer.broken {
            incoming.push((Held { control: Err(broken), file }, replaces.map(ControlId::new)));
        }
        incoming.sort_by(|(a, _), (b, _)| a.file.path.cmp(&b.file.path));
        controls(incoming, overlay, &mut held, &mut files, &mut pack, faults);
    }
    for (id, held) in held {
        files.put(held.file);
        match held.control {
            Ok(control) => {
                pack.controls.insert(id, control);
            }
            Err(broken) => {
                pack.broken_controls.insert(id, broken);
            }
        }
    }
    attach(adapters.into_values(), &mut pack, faults);
    pack.files = files.files.into_values().collect();
    (pack, files.replacements)
}

/// Gives every adapter to its kind. Where one has faults, nobody knows which files of its kind go unread: the kind is at
/// fault with it.
fn attach(
    adapters: impl Iterator<Item = (Option<KindId>, Option<Adapter>)>,
    pack: &mut Pack,
    faults: &mut Vec<Diagnostic>,
) {
    for (serves, adapter) in adapters {
        let Some(adapter) = adapter else {
            if let Some(id) = serves.filter(|id| pack.kinds.remove(id).is_some()) {
                pack.broken_kinds.insert(id);
            }
            continue;
        };
        let name = adapter.kind.text.as_str();
        if let Some(kind) = pack.kinds.get_mut(name) {
            kind.adapters.push(Arc::new(adapter));
        } else if !pack.broken_kinds.contains(name) {
            let message = Text::new(format!("没有证据种类 `{name}`"), format!("there is no evidence kind `{name}`"));
            let known = pack.kinds.keys().map(KindId::as_str);
            let help = super::cross::did_you_mean(name, known, "写一个已有的证据种类", "name a kind that there is");
            faults.push(Diagnostic::new(&codes::UNKNOWN_KIND, message).at_place(adapter.kind.whole()).help(help));
        }
    }
}

/// Lays a law over what is held. What stands in for a shipped one may not claim to be verified further.
fn laws(
    entry: Entry<(Law, Vec<Provision>)>,
    seen: &mut BTreeMap<(&'static str, String), Place>,
    files: &mut Files,
    pack: &mut Pack,
    faults: &mut Vec<Diagnostic>,
) {
    if entry.file.overlay && pack.laws.contains_key(&entry.id) {
        let raised = |provision: &&Provision| {
            let shipped = pack.provisions.get(&provision.id);
            shipped.is_some_and(|shipped| provision.verification < shipped.verification)
        };
        let raised: Vec<Diagnostic> = entry.value.1.iter().filter(raised).map(|it| raises(it, pack)).collect();
        if !raised.is_empty() {
            faults.extend(raised);
            return;
        }
    }
    if !files.admit("law", &entry, seen, pack, faults) {
        return;
    }
    let (law, provisions) = entry.value;
    pack.provisions.retain(|_, provision| provision.law != law.id);
    for provision in provisions {
        if let Some(before) = pack.provisions.get(&provision.id) {
            faults.push(duplicate(provision.id.as_str(), provision.place.whole(), before.place.whole()));
        } else {
            pack.provisions.insert(provision.id.clone(), provision);
        }
    }
    pack.laws.insert(law.id.clone(), law);
}

fn raises(provision: &Provision, pack: &Pack) -> Diagnostic {
    let (id, level) = (&provision.id, provision.verification);
    let shipped = pack.provisions.get(id).map_or(level, |shipped| shipped.verification);
    let message = Text::new(
        format!("`{id}` 的核对等级由 {shipped:?} 提高到 {level:?}"),
        format!("`{id}` raises its verification level from {shipped:?} to {level:?}"),
    );
    let help = Text::new(
        format!("写 `level: {shipped:?}`；核对等级只能随控制库更新"),
        format!("write `level: {shipped:?}`; a level rises only with the pack itself"),
    );
    Diagnostic::new(&codes::RAISES_VERIFICATION, message).at_place(provision.place.whole()).help(help)
}

/// The first head names the pack; a later one may add families, facts and sources.
fn head(layer: &Layer, pack: &mut Pack, faults: &mut Vec<Diagnostic>) {
    let Some((head, _)) = &layer.head else { return };
    if pack.name.is_empty() {
        pack.name.clone_from(&head.name);
        pack.version.clone_from(&head.version);
        pack.title = head.title.clone();
        pack.time_zone = head.time_zone.unwrap_or(pack.time_zone);
    }
    for (code, title) in &head.families {
        if !pack.families.iter().any(|(known, _)| known == code) {
            pack.families.push((code.clone(), title.clone()));
        }
    }
    for (name, fact) in &head.facts {
        if let Some(before) = pack.facts.get(name) {
            faults.push(duplicate(name, fact.place.whole(), before.place.whole()));
        } else {
            pack.facts.insert(name.clone(), fact.clone());
        }
    }
    for (id, source) in &head.sources {
        pack.verification_sources.entry(id.clone()).or_insert_with(|| source.clone());
    }
}

/// Two things have one id.
pub(super) fn duplicate(id: &str, place: Place, before: Place) -> Diagnostic {
    let message = Text::new(format!("编号 `{id}` 已被使用"), format!("id `{id}` is already taken"));
    Diagnostic::new(&codes::DUPLICATE_ID, message)
        .at_place(place)
        .related(before, Text::new("先用它的在这里", "it was first used here"))
        .help(Text::new("换一个编号，或删去其中一个", "choose another id, or remove one of the two"))
}

/// Where a control's id, or its `replaces`, is written; the file when that cannot be told.
fn id_place(held: &Held, key: &str, id: &str) -> Place {
    let text = &held.file.source.text;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(':'))
            && let Some(at) = rest.find(id)
        {
            let start = offset + key.len() + 1 + at;
            let span = crate::text::Span::new(start, start + id.len());
            return Place::Source { source: std::sync::Arc::clone(&held.file.source), span };
        }
        offset += line.len();
    }
    held.place()
}

/// Lays the controls of one layer over those held so far.
fn controls(
    incoming: Vec<(Held, Option<ControlId>)>,
    overlay: bool,
    held: &mut BTreeMap<ControlId, Held>,
    files: &mut Files,
    pack: &mut Pack,
    faults: &mut Vec<Diagnostic>,
) {
    let wants: BTreeMap<ControlId, ControlId> =
        incoming.iter().filter_map(|(new, replaces)| Some((new.id().clone(), replaces.clone()?))).collect();
    let mut replaced: BTreeMap<ControlId, Place> = BTreeMap::new();
    let mut layer: BTreeMap<ControlId, Held> = BTreeMap::new();
    for (mut new, replaces) in incoming {
        let id = new.id().clone();
        if let Some(before) = layer.get(&id) {
            faults.push(duplicate(id.as_str(), id_place(&new, "id", id.as_str()), id_place(before, "id", id.as_str())));
            continue;
        }
        let mut fault = None;
        if let Some(target) = &replaces {
            let place = id_place(&new, "replaces", target.as_str());
            if !held.contains_key(target) {
                fault = Some(if goes_round(&id, &wants) {
                    let message = Text::new(
                        format!("`{id}` 的 `replaces` 绕成了圈"),
                        format!("`replaces` of `{id}` goes round in a circle"),
                    );
                    let help = Text::new(
                        "`replaces` 只写随附控制库里的控制点；新增的控制点不写",
                        "`replaces` names a shipped control; one that is new has none",
                    );
                    Diagnostic::new(&codes::REPLACES_CIRCULAR, message).at_place(place).help(help)
                } else {
                    unknown_target(target, held).at_place(place)
                });
            } else if let Some(first) = replaced.get(target) {
                let message = Text::new(
                    format!("`{target}` 已被另一个控制点替换"),
                    format!("`{target}` is already replaced by another control"),
                );
                let other = Text::new("另一个在这里", "the other one is here");
                fault = Some(
                    Diagnostic::new(&codes::REPLACES_UNKNOWN, message)
                        .at_place(place)
                        .related(first.clone(), other)
                        .help(Text::new("只留一个 `replaces`", "keep one `replaces`")),
                );
            } else {
                replaced.insert(target.clone(), place);
            }
        }
        if fault.is_none()
            && let Some(before) = held.get(&id)
            && replaces.as_ref() != Some(&id)
        {
            if new.is_unreadable() {
                continue;
            }
            let help = Text::new(
                format!("要替换它请写 `replaces: {id}`，否则换一个编号"),
                format!("write `replaces: {id}` to stand in for it, or choose another id"),
            );
            faults.push(
                duplicate(id.as_str(), id_place(&new, "id", id.as_str()), id_place(before, "id", id.as_str()))
                    .help(help),
            );
            continue;
        }
        if let Some(fault) = fault {
            faults.push(fault);
            new.control = Err(match new.control {
                Ok(control) => BrokenControl {
                    provisions: control.provisions.iter().map(|(id, _)| id.clone()).collect(),
                    source: Arc::clone(&control.source),
                    id: control.id.clone(),
                    family: control.family.clone(),
                    title: Some(control.title.clone()),
                    severity: Some(control.severity),
                    partial: Some(Box::new(control)),
                },
                Err(broken) => broken,
            });
        }
        layer.insert(id, new);
    }
    for (id, new) in layer {
        let target = wants.get(&id).filter(|target| replaced.contains_key(*target));
        let before = target.and_then(|target| held.remove(target));
        if overlay {
            let (kind, subject) = match target {
                Some(target) => (OverrideKind::ControlReplaced, target.as_str().to_owned()),
                None => (OverrideKind::ControlAdded, id.as_str().to_owned()),
            };
            let title = new.title();
            let effective = Text::new(format!("{id} {}", title.zh), format!("{id} {}", title.en));
            let shipped = before.as_ref().map(|before| {
                let title = before.title();
                Text::new(format!("{} {}", before.id(), title.zh), format!("{} {}", before.id(), title.en))
            });
            pack.overrides.push(Override { kind, subject, shipped, effective, place: new.place() });
        }
        if let (Some(target), Some(before)) = (target, before) {
            files.replacements.push(Replacement {
                kind: OverrideKind::ControlReplaced,
                subject: target.as_str().to_owned(),
                shipped: before.file,
                effective: new.file.clone(),
            });
            pack.stands_in_for.insert(id.clone(), target.clone());
        }
        held.insert(id, new);
    }
}

/// Whether following `replaces` from `id` within one layer comes back to it.
fn goes_round(id: &ControlId, wants: &BTreeMap<ControlId, ControlId>) -> bool {
    let mut at = id;
    for _ in 0..=wants.len() {
        match wants.get(at) {
            Some(next) if next == id => return next != at || wants.len() > 1 || at == id,
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}

fn unknown_target(target: &ControlId, held: &BTreeMap<ControlId, Held>) -> Diagnostic {
    let message =
        Text::new(format!("没有可替换的控制点 `{target}`"), format!("there is no control `{target}` to replace"));
    let fault = Diagnostic::new(&codes::REPLACES_UNKNOWN, message);
    match crate::text::suggest::nearest(target.as_str(), held.keys().map(ControlId::as_str)) {
        Some(near) => fault.help(Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?"))),
        None => fault.help(Text::new("删去 `replaces`", "remove `replaces`")),
    }
}
