//! Files under the evidence roots: regular ones, inside the workspace, of this period or of none.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::ErrorKind;
use std::path::Path;

use walkdir::WalkDir;

use super::bytes::Origin;
use super::recognise::composed;
use super::{Limits, Request, archive, codes};
use crate::text::{Code, Diagnostic, Place, Text, foreign};

/// What the walk met and could not open.
#[derive(Debug, Clone)]
pub(crate) struct Unopened {
    /// Path relative to the workspace, as outputs show it.
    pub(crate) path: String,
    /// Why.
    pub(crate) why: Text,
    /// What it may be.
    pub(crate) may_be: MayBe,
}

/// What something that could not be opened may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MayBe {
    /// One file, of the kind its name says.
    File,
    /// One file whose name cannot be read whole.
    NamelessFile,
    /// A folder, or nobody knows what: it may hold evidence of any kind.
    Anything,
}

/// What the walk gave.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// The files found, by path relative to the workspace, with the way to their bytes and their size.
    pub(crate) files: BTreeMap<String, (Origin, u64)>,
    /// What could not be opened: absence of what is in it proves nothing.
    pub(crate) unopened: Vec<Unopened>,
    /// The faults told of it.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Walked {
    fn refuse(&mut self, code: &'static Code, path: &str, why: Text, may_be: MayBe) {
        self.diagnostics.push(file_fault(code, path, why.clone()));
        self.unopened.push(Unopened { path: path.to_owned(), why, may_be });
    }

    /// Names that another system takes for one: there the second file would have taken the place of the first, and
    /// people, and the manifest, may mean either.
    fn tell_similar_names(&mut self) {
        let mut first: BTreeMap<String, &str> = BTreeMap::new();
        for path in self.files.keys() {
            match first.entry(composed(path).to_lowercase()) {
                Entry::Vacant(entry) => _ = entry.insert(path),
                Entry::Occupied(entry) => {
                    let other = entry.get();
                    let message = Text::new(
                        format!("文件名与 `{other}` 只差大小写或 Unicode 写法；两个文件都已读取"),
                        format!("its name differs from `{other}` only by case or Unicode form; both files were read"),
                    );
                    let help = Text::new("删去多余的一个，或改名", "remove the one that is too many, or rename it");
                    self.diagnostics.push(file_fault(&codes::SIMILAR_NAMES, path, message).help(help));
                }
            }
        }
    }
}

/// Files that belong to the workspace itself.
const OF_THE_WORKSPACE: &[&str] = &["manifest.yaml", "manifest.yml", "hegui.yaml", ".gitkeep", ".gitignore"];

/// Whether a file is one that operating systems and office programs leave behind, on disk and in archives.
fn is_left_behind(name: &str) -> bool {
    [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&name) || name.starts_with("~$")
}

/// Walks every evidence root.
pub(crate) fn walk(request: &Request) -> Walked {
    let mut walked = Walked::default();
    let Ok(workspace) = request.workspace.canonicalize() else {
        let message = Text::new("工作区不存在或不能读取", "the workspace is not there or cannot be read");
        walked.refuse(&codes::UNREADABLE_FILE, request.workspace.to_string_lossy().as_ref(), message, MayBe::Anything);
        return walked;
    };
    for root in &request.roots {
        let start = request.workspace.join(root);
        match start.canonicalize() {
            Ok(canonical) if canonical.starts_with(&workspace) => {
                walk_root(request, &workspace, root.trim_matches('/'), &start, &mut walked);
            }
            Ok(_) => walked.refuse(&codes::OUTSIDE_WORKSPACE, root, outside(), MayBe::Anything),
            // A root that is not there holds nothing; every kind will say that it is missing.
            Err(_) if start.symlink_metadata().is_err_and(|fault| fault.kind() == ErrorKind::NotFound) => {}
            Err(fault) => walked.refuse(&codes::UNREADABLE_FILE, root, unreadable(&fault), MayBe::Anything),
        }
    }
    walked.tell_similar_names();
    walked
}

fn walk_root(request: &Request, workspace: &Path, root: &str, start: &Path, walked: &mut Walked) {
    let Limits { folders, files: most, .. } = request.limits;
    let mut walk = WalkDir::new(start).follow_links(true).max_depth(folders).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(fault) => {
                walk_fault(&fault, request, root, start, walked);
                continue;
            }
        };
        let Ok(relative) = entry.path().strip_prefix(start) else { continue };
        let shown = shown(root, relative);
        let is_folder = entry.file_type().is_dir();
        let name = entry.file_name().to_string_lossy();
        if is_folder && entry.depth() == 1 && is_other_period(&name, request.period.as_deref()) {
            walk.skip_current_dir();
            continue;
        }
        if entry.depth() > 0 && entry.path_is_symlink() && !inside(entry.path(), workspace) {
            let may_be = if is_folder { MayBe::Anything } else { MayBe::File };
            walked.refuse(&codes::OUTSIDE_WORKSPACE, &shown, outside(), may_be);
            if is_folder {
                walk.skip_current_dir();
            }
            continue;
        }
        if is_folder {
            if entry.depth() >= folders {
                let message =
                    Text::new(format!("文件夹超过 {folders} 层"), format!("folders nest more than {folders} deep"));
                walked.refuse(&codes::TOO_DEEP, &shown, message, MayBe::Anything);
            }
            continue;
        }
        let Some(path) = relative.to_str().map(|_| shown.clone()) else {
            let message = Text::new("文件名不是 UTF-8，没有读取", "the name of the file is not UTF-8; it was not read");
            walked.refuse(&codes::FILE_NAME, &shown, message, MayBe::NamelessFile);
            continue;
        };
        if !entry.file_type().is_file() {
            let message = Text::new("不是普通文件，没有打开", "not a regular file; it was not opened");
            walked.refuse(&codes::NOT_REGULAR, &path, message, MayBe::File);
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        if OF_THE_WORKSPACE.contains(&name) || is_left_behind(name) {
            continue;
        }
        if walked.files.len() >= most {
            let message = Text::new(
                format!("证据文件超过 {most} 个，其余没有读取"),
                format!("there are more than {most} evidence files; the rest was not read"),
            );
            walked.refuse(&codes::TOO_LARGE, root, message, MayBe::Anything);
            break;
        }
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        if archive::is_archive(name) && look_into(&path, entry.path(), request, entry.depth() == 1, walked) {
            continue;
        }
        if archive::is_other_archive(name) {
            let message = Text::new(
                "这种压缩包不能打开；解压后再放进来，或改用 ZIP",
                "archives of this sort are not opened; unpack it, or use ZIP",
            );
            walked.refuse(&codes::FORMAT, &path, message, MayBe::Anything);
            continue;
        }
        walked.files.insert(path, (Origin::Disk(entry.into_path()), size));
    }
}

/// Lists the members of an archive as files below its path; `false` when it has none. One that lies directly under a root
/// may hold folders of several periods.
fn look_into(shown: &str, path: &Path, request: &Request, under_root: bool, walked: &mut Walked) -> bool {
    let listed = match archive::members(path, request.limits.files.saturating_sub(walked.files.len())) {
        Ok(listed) => listed,
        Err(why) => {
            walked.refuse(&codes::UNREADABLE_FILE, shown, why, MayBe::Anything);
            return true;
        }
    };
    let any = !listed.is_empty();
    for member in listed {
        let inner = format!("{shown}/{}", member.path);
        let name = member.path.rsplit('/').next().unwrap_or_default();
        if is_left_behind(name) {
            continue;
        }
        let folder = member.path.split_once('/').map(|(folder, _)| folder);
        if under_root && folder.is_some_and(|folder| is_other_period(folder, request.period.as_deref())) {
            continue;
        }
        match member.bytes {
            Ok((found, size)) => {
                walked.files.insert(inner, (Origin::Member(found, size), size));
            }
            Err((code, why)) => {
                let may_be = if member.holds_files { MayBe::Anything } else { MayBe::File };
                walked.refuse(code, &inner, why, may_be);
            }
        }
    }
    any
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

fn walk_fault(fault: &walkdir::Error, request: &Request, root: &str, start: &Path, walked: &mut Walked) {
    let relative = fault.path().and_then(|path| path.strip_prefix(start).ok()).unwrap_or(Path::new(""));
    let path = shown(root, relative);
    if fault.loop_ancestor().is_some() {
        let message =
            Text::new("链接指回上级文件夹，没有跟随", "the link leads back into a parent folder and was not followed");
        // What it leads to is walked anyway.
        walked.diagnostics.push(file_fault(&codes::FOLDER_CYCLE, &path, message));
        return;
    }
    let name = relative.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if fault.depth() == 1 && is_other_period(&name, request.period.as_deref()) {
        return;
    }
    // The walk's own text names the machine's paths.
    let why = fault.io_error().map_or_else(|| Text::new("不能读取", "cannot be read"), unreadable);
    // Of a link that leads nowhere only its name tells what it was; a name without suffix may have been a folder.
    let file = fault.path().is_some_and(|path| !path.is_dir() && path.extension().is_some());
    let may_be = if file { MayBe::File } else { MayBe::Anything };
    walked.refuse(&codes::UNREADABLE_FILE, &path, why, may_be);
}

/// That the system refuses a file, and why.
pub(crate) fn unreadable(fault: &std::io::Error) -> Text {
    let why = foreign::io(fault);
    Text::new(format!("不能读取（{}）", why.zh), format!("cannot be read: {}", why.en))
}

fn outside() -> Text {
    Text::new("指向工作区之外，没有读取", "leads out of the workspace and was not read")
}

/// A fault of a file as a whole.
pub(crate) fn file_fault(code: &'static Code, path: &str, message: Text) -> Diagnostic {
    Diagnostic::new(code, message).at_place(Place::File { path: path.to_owned() })
}
