//! Files under the evidence roots: regular ones, inside the workspace, of this period or of none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Limits, Request, codes};
use crate::text::{Code, Diagnostic, Place, Text};

/// Files that belong to the workspace itself, and what operating systems leave behind.
const NOT_EVIDENCE: &[&str] =
    &["manifest.yaml", "manifest.yml", "hegui.yaml", ".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"];

/// The files found, by path relative to the workspace, with their place on disk and size.
pub(crate) fn walk(request: &Request, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, (PathBuf, u64)> {
    let mut files = BTreeMap::new();
    let Ok(workspace) = request.workspace.canonicalize() else {
        let message = Text::new("工作区不存在或不能读取", "the workspace is not there or cannot be read");
        diagnostics.push(file_fault(&codes::UNREADABLE_FILE, request.workspace.to_string_lossy().as_ref(), message));
        return files;
    };
    for root in &request.roots {
        let start = request.workspace.join(root);
        // A root that is not there holds nothing; every kind will say that it is missing.
        let Ok(canonical) = start.canonicalize() else { continue };
        if !canonical.starts_with(&workspace) {
            diagnostics.push(outside(root));
            continue;
        }
        walk_root(request, &workspace, root.trim_matches('/'), &start, &mut files, diagnostics);
    }
    files
}

fn walk_root(
    request: &Request,
    workspace: &Path,
    root: &str,
    start: &Path,
    files: &mut BTreeMap<String, (PathBuf, u64)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Limits { folders, files: most, .. } = request.limits;
    let mut faults = Vec::new();
    let mut walk = WalkDir::new(start).follow_links(true).max_depth(folders).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(fault) => {
                faults.push(walk_fault(&fault, start, root));
                continue;
            }
        };
        let Ok(relative) = entry.path().strip_prefix(start) else { continue };
        let shown = shown(root, relative);
        let is_folder = entry.file_type().is_dir();
        if entry.depth() > 0 && entry.path_is_symlink() && !inside(entry.path(), workspace) {
            faults.push(outside(&shown));
            if is_folder {
                walk.skip_current_dir();
            }
            continue;
        }
        if is_folder {
            let name = entry.file_name().to_string_lossy();
            if entry.depth() == 1 && is_other_period(&name, request.period.as_deref()) {
                walk.skip_current_dir();
            } else if entry.depth() >= folders {
                let message =
                    Text::new(format!("文件夹超过 {folders} 层"), format!("folders nest more than {folders} deep"));
                faults.push(file_fault(&codes::TOO_DEEP, &shown, message));
            }
            continue;
        }
        let Some(path) = relative.to_str().map(|_| shown.clone()) else {
            let message = Text::new("文件名不是 UTF-8，没有读取", "the name of the file is not UTF-8; it was not read");
            faults.push(file_fault(&codes::FILE_NAME, &shown, message));
            continue;
        };
        if !entry.file_type().is_file() {
            let message = Text::new("不是普通文件，没有打开", "not a regular file; it was not opened");
            faults.push(file_fault(&codes::NOT_REGULAR, &path, message));
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        if NOT_EVIDENCE.contains(&name) || name.starts_with("~$") {
            continue;
        }
        if files.len() >= most {
            let message =
                Text::new(format!("证据文件超过 {most} 个"), format!("there are more than {most} evidence files"));
            faults.push(file_fault(&codes::TOO_LARGE, root, message));
            break;
        }
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        files.insert(path, (entry.into_path(), size));
    }
    diagnostics.append(&mut faults);
}

/// Whether the target of a link is inside the workspace.
fn inside(path: &Path, workspace: &Path) -> bool {
    path.canonicalize().is_ok_and(|target| target.starts_with(workspace))
}

/// Whether a folder directly under a root holds another period.
fn is_other_period(name: &str, period: Option<&str>) -> bool {
    let Some(period) = period else { return false };
    !name.eq_ignore_ascii_case(period) && crate::policy::period::parse(&name.to_ascii_uppercase()).is_some()
}

/// The path as outputs show it; what is no UTF-8 is escaped.
fn shown(root: &str, relative: &Path) -> String {
    let parts = relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let root = root.trim_start_matches("./");
    std::iter::once(root.to_owned())
        .filter(|root| !root.is_empty() && root != ".")
        .chain(parts)
        .collect::<Vec<_>>()
        .join("/")
}

fn walk_fault(fault: &walkdir::Error, start: &Path, root: &str) -> Diagnostic {
    let relative = fault.path().and_then(|path| path.strip_prefix(start).ok()).unwrap_or(Path::new(""));
    let path = shown(root, relative);
    if fault.loop_ancestor().is_some() {
        let message =
            Text::new("链接指回上级文件夹，没有跟随", "the link leads back into a parent folder and was not followed");
        return file_fault(&codes::FOLDER_CYCLE, &path, message);
    }
    // The system's own text may name the machine's paths.
    let reason = fault.io_error().map(|fault| fault.kind().to_string()).unwrap_or_default();
    file_fault(
        &codes::UNREADABLE_FILE,
        &path,
        Text::new(format!("不能读取（{reason}）"), format!("cannot be read: {reason}")),
    )
}

fn outside(path: &str) -> Diagnostic {
    let message = Text::new("指向工作区之外，没有读取", "leads out of the workspace and was not read");
    file_fault(&codes::OUTSIDE_WORKSPACE, path, message)
}

/// A fault of a file as a whole.
pub(crate) fn file_fault(code: &'static Code, path: &str, message: Text) -> Diagnostic {
    Diagnostic::new(code, message).at_place(Place::File { path: path.to_owned() })
}
