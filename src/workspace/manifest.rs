//! `manifest.yaml` beside the evidence → [`Manifest`].

use std::collections::BTreeMap;

use super::Workspace;
use crate::model::{KindId, Manifest, ManifestFile};
use crate::policy::{self, Value, codes, period};
use crate::text::{Diagnostic, Place, Source, Text};

/// Most folders below an evidence root that are looked into for manifests.
const MAX_DEPTH: usize = 64;

pub(super) fn read_all(workspace: &Workspace, chosen: Option<&str>) -> (Manifest, Vec<Diagnostic>) {
    let mut manifest = Manifest::default();
    let mut faults = Vec::new();
    let mut seen = Seen::new();
    let Ok(inside) = workspace.root.canonicalize() else { return (manifest, faults) };
    for root in &workspace.evidence {
        let folder = workspace.root.join(root);
        let walk = walkdir::WalkDir::new(&folder).max_depth(MAX_DEPTH).sort_by_file_name().into_iter();
        let wanted = |entry: &walkdir::DirEntry| {
            let name = entry.file_name().to_string_lossy();
            let other_period = entry.depth() == 1
                && entry.file_type().is_dir()
                && period::parse(&name).is_some()
                && chosen.is_some_and(|chosen| chosen != name);
            !other_period && (entry.depth() == 0 || !name.starts_with('.'))
        };
        for entry in walk.filter_entry(wanted).flatten() {
            let name = entry.file_name().to_string_lossy();
            if !matches!(name.as_ref(), "manifest.yaml" | "manifest.yml") || entry.file_type().is_dir() {
                continue;
            }
            let relative = entry.path().strip_prefix(&workspace.root).unwrap_or(entry.path());
            let shown = relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            match policy::read_text(entry.path(), &inside) {
                Ok(text) => read(&shown, &text, &mut manifest, &mut seen, &mut faults),
                Err(reason) => {
                    let message = Text::new(
                        format!("无法读取 `{shown}`：{}", reason.zh),
                        format!("cannot read `{shown}`: {}", reason.en),
                    );
                    let place = Place::File { path: shown };
                    faults.push(Diagnostic::new(&codes::FILE_UNREADABLE, message).at_place(place));
                }
            }
        }
    }
    (manifest, faults)
}

/// Sheets named so far of each file, and where; no sheet: the file as a whole.
type Seen = BTreeMap<String, Vec<(Vec<String>, Place)>>;

/// Appends what one manifest states. `shown` is its path relative to the workspace.
fn read(shown: &str, text: &str, manifest: &mut Manifest, seen: &mut Seen, faults: &mut Vec<Diagnostic>) {
    let source = Source::new(shown, text);
    let Some(node) = policy::read_yaml(&source, faults) else { return };
    let root = Value::new(&node, &source);
    policy::check_manifest(root, faults);
    let folder = shown.rsplit_once('/').map_or("", |(folder, _)| folder);
    for value in root.get("files").into_iter().flat_map(Value::items) {
        let Some(file) = file(value, folder, faults) else { continue };
        let place = value.get("path").map_or_else(|| value.place(), Value::place);
        let named = seen.entry(file.path.clone()).or_default();
        // Registers of one workbook are named one by one.
        let again = named.iter().find_map(|(sheets, before)| {
            let whole = sheets.is_empty() || file.sheets.is_empty();
            let both = sheets.iter().find(|sheet| file.sheets.contains(sheet));
            (whole || both.is_some()).then_some((both, before))
        });
        if let Some((sheet, before)) = again {
            let message = match sheet {
                Some(sheet) => Text::new(
                    format!("文件 `{}` 的工作表“{sheet}”写了两次", file.path),
                    format!("the sheet `{sheet}` of the file `{}` is named twice", file.path),
                ),
                None => {
                    Text::new(format!("文件 `{}` 写了两次", file.path), format!("file `{}` is named twice", file.path))
                }
            };
            faults.push(
                Diagnostic::new(&codes::MANIFEST_DUPLICATE, message)
                    .at_place(place)
                    .related(before.clone(), Text::new("第一次", "the first time"))
                    .help(Text::new("删去其中一个", "remove one of them")),
            );
            continue;
        }
        named.push((file.sheets.clone(), place));
        manifest.files.push(file);
    }
}

fn file(value: Value<'_>, folder: &str, faults: &mut Vec<Diagnostic>) -> Option<ManifestFile> {
    let path_value = value.get("path")?;
    let written = path_value.text()?;
    let Some(path) = join(folder, written) else {
        let message = Text::new(
            format!("路径 `{written}` 不在工作区之内"),
            format!("path `{written}` does not stay inside the workspace"),
        );
        let help = Text::new("写相对于清单所在文件夹的路径", "write a path relative to the manifest's folder");
        faults.push(path_value.fault(&codes::WORKSPACE_PATH, message).help(help));
        return None;
    };
    let text = |key: &str| value.get(key).and_then(Value::text).map(str::to_owned);
    let day = |value: Option<Value<'_>>| value.and_then(Value::text).and_then(policy::date::parse);
    let stated = value.get("period");
    let stated_days = stated.and_then(|stated| Some((day(stated.get("from"))?, day(stated.get("to"))?)));
    if let (Some((from, to)), Some(stated)) = (stated_days, stated)
        && to < from
    {
        let message = Text::new("期间首尾颠倒", "the period ends before it starts");
        let help = Text::new("改正其中一个日期", "correct one of the two");
        faults.push(stated.fault(&codes::DATES_REVERSED, message).help(help));
    }
    Some(ManifestFile {
        path,
        sheets: sheets(value),
        kind: text("kind").map(KindId::new),
        captured_on: day(value.get("captured_on")),
        source_system: text("source_system"),
        custodian: text("custodian"),
        rows: text("rows").and_then(|rows| rows.parse().ok()),
        period: stated_days.filter(|(from, to)| from <= to),
        sha256: text("sha256"),
        query: text("query"),
        received_on: day(value.get("received_on")),
        encoding: text("encoding"),
        place: Some(path_value.excerpt()),
    })
}

/// `sheet`: one name, or several.
fn sheets(value: Value<'_>) -> Vec<String> {
    let Some(sheet) = value.get("sheet") else { return Vec::new() };
    let names: Vec<Value<'_>> = sheet.items().collect();
    let names = if names.is_empty() { vec![sheet] } else { names };
    names.into_iter().filter_map(|name| Some(name.text()?.trim().to_owned())).collect()
}

/// `folder/written` without `.` and `..`; `None` when it leaves the workspace.
pub(super) fn join(folder: &str, written: &str) -> Option<String> {
    if written.starts_with(['/', '\\']) || written.contains('\0') || written.as_bytes().get(1) == Some(&b':') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    // People on Windows write `\`; no evidence file has one in its name.
    for part in written.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
