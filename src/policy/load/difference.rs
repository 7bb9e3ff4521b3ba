//! What differs between a shipped file and the one that stands in for it, key by key (DESIGN §4).

use std::sync::Arc;

use super::overlay::Replacement;
use crate::policy::pack::{Override, PackFile};
use crate::policy::tree::{Sort, Value};
use crate::text::{Place, Text};

/// Characters of a value that are shown.
const SHOWN: usize = 300;

/// One row per key that differs; one that says so when none does.
pub(super) fn rows(
    replacement: &Replacement,
    shipped: Option<Value<'_>>,
    effective: Option<Value<'_>>,
) -> Vec<Override> {
    let row = |key: &str, shipped: Option<Text>, effective: Text, place: Place| Override {
        kind: replacement.kind,
        subject: format!("{}{key}", replacement.subject),
        shipped,
        effective,
        place,
    };
    let mut found = Vec::new();
    if let (Some(shipped), Some(effective)) = (shipped, effective) {
        let ids = [shipped, effective].map(|root| root.get("id").and_then(Value::text).unwrap_or_default());
        let mut walk = Walk { shipped_id: ids[0], effective_id: ids[1], found: &mut found };
        walk.compare("", shipped, effective, 0);
    }
    if found.is_empty() {
        let place = Place::File { path: replacement.effective.source.name.clone() };
        let same = Arc::ptr_eq(&replacement.shipped.source, &replacement.effective.source)
            || replacement.shipped.source.text == replacement.effective.source.text;
        let effective = if same || (shipped.is_some() && effective.is_some()) {
            Text::new("与随附的没有差别", "no difference to the shipped one")
        } else {
            Text::new("无法读取", "cannot be read")
        };
        return vec![row("", Some(name(&replacement.shipped)), effective, place)];
    }
    found.into_iter().map(|one| row(&one.key, one.shipped, one.effective, one.place)).collect()
}

fn name(file: &PackFile) -> Text {
    Text::same(file.path.clone())
}

struct Difference {
    /// `.max_age`, `.checks[.1].expect`.
    key: String,
    shipped: Option<Text>,
    effective: Text,
    place: Place,
}

struct Walk<'a> {
    /// A control that stands in for another has checks of other ids: they are matched by what follows the control's.
    shipped_id: &'a str,
    effective_id: &'a str,
    found: &'a mut Vec<Difference>,
}

impl Walk<'_> {
    // Nesting is limited where the tree is read.
    fn compare(&mut self, key: &str, shipped: Value<'_>, effective: Value<'_>, depth: usize) {
        if shipped.to_json() == effective.to_json() {
            return;
        }
        if let (Some(mine), Some(theirs)) = (keyed(shipped, self.shipped_id), keyed(effective, self.effective_id)) {
            let absent = |name: &str, all: &[(String, Value<'_>)]| !all.iter().any(|(known, _)| known == name);
            for (name, value) in &mine {
                let key = format!("{key}[{name}]");
                match theirs.iter().find(|(known, _)| known == name) {
                    Some((_, other)) => self.compare(&key, *value, *other, depth + 1),
                    None => self.push(key, Some(*value), None, effective),
                }
            }
            for (name, value) in theirs.iter().filter(|(name, _)| absent(name, &mine)) {
                self.push(format!("{key}[{name}]"), None, Some(*value), effective);
            }
            return;
        }
        let mappings = shipped.sort() == Sort::Mapping && effective.sort() == Sort::Mapping;
        if !mappings || (is_text(shipped) && is_text(effective)) {
            self.push(key.to_owned(), Some(shipped), Some(effective), effective);
            return;
        }
        // The lines that say what the file is differ by design.
        let skipped = |name: &str| depth == 0 && matches!(name, "schema" | "replaces");
        for (name, value) in shipped.named().filter(|(name, _)| !skipped(&name.text)) {
            let key = format!("{key}.{}", name.text);
            match effective.get(&name.text) {
                Some(other) => self.compare(&key, value, other, depth + 1),
                None => self.push(key, Some(value), None, effective),
            }
        }
        for (name, value) in effective.named().filter(|(name, _)| !skipped(&name.text)) {
            if shipped.get(&name.text).is_none() {
                self.push(format!("{key}.{}", name.text), None, Some(value), effective);
            }
        }
    }

    fn push(&mut self, key: String, shipped: Option<Value<'_>>, effective: Option<Value<'_>>, at: Value<'_>) {
        let absent = || Text::new("没有", "absent");
        self.found.push(Difference {
            key,
            shipped: shipped.map(shown),
            effective: effective.map_or_else(absent, shown),
            place: effective.unwrap_or(at).place(),
        });
    }
}

/// Elements of a list by their ids, when every one has one.
fn keyed<'a>(value: Value<'a>, id: &str) -> Option<Vec<(String, Value<'a>)>> {
    if value.sort() != Sort::List {
        return None;
    }
    let of = |item: Value<'a>| {
        let name = item.get("id").and_then(Value::text)?;
        let rest = if id.is_empty() { None } else { name.strip_prefix(id).filter(|rest| rest.starts_with('.')) };
        Some((rest.unwrap_or(name).to_owned(), item))
    };
    value.items().map(of).collect()
}

/// Whether it is `{zh: …, en: …}`.
fn is_text(value: Value<'_>) -> bool {
    value.sort() == Sort::Scalar
        || (value.entries().count() == 2 && value.get("zh").is_some() && value.get("en").is_some())
}

fn shown(value: Value<'_>) -> Text {
    let cut = |text: String| match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    };
    if value.sort() == Sort::Mapping && is_text(value) {
        let language = |name| cut(value.get(name).and_then(Value::text).unwrap_or_default().to_owned());
        return Text::new(language("zh"), language("en"));
    }
    Text::same(cut(flow(value)))
}

/// The value on one line, as YAML.
fn flow(value: Value<'_>) -> String {
    match value.sort() {
        Sort::Null => "null".to_owned(),
        Sort::Scalar => value.text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
        Sort::List => format!("[{}]", value.items().map(flow).collect::<Vec<_>>().join(", ")),
        Sort::Mapping => {
            let entries = value.named().map(|(name, inner)| format!("{}: {}", name.text, flow(inner)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
