//! The files of a pack: from a folder, from memory, or as the build embedded them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::yaml::Node;
use super::{codes, file};
use crate::text::{Diagnostic, Place, Source, Text, foreign};

/// Most files of one pack folder.
const MAX_FILES: usize = 20_000;

/// Folders of a pack whose YAML is no policy.
const OTHER_FOLDERS: [&str; 3] = ["schema", "guidance", "forms"];

/// Why a pack folder could not be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// There is no such folder.
    #[error("no policy folder `{}`", path.display())]
    NotFound {
        /// The folder.
        path: PathBuf,
    },
    /// The folder cannot be listed.
    #[error("cannot read policy folder `{}`", path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// More files than any pack has.
    #[error("policy folder `{}` holds more than {limit} files", path.display())]
    TooManyFiles {
        /// The folder.
        path: PathBuf,
        /// The limit.
        limit: usize,
    },
}

impl PolicyError {
    /// The same in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::NotFound { path } => {
                let path = path.display();
                Text::new(format!("没有策略文件夹 `{path}`"), self.to_string())
            }
            Self::Read { path, source } => {
                let (path, why) = (path.display(), foreign::io(source));
                Text::new(format!("无法读取策略文件夹 `{path}`：{}", why.zh), format!("{self}: {}", why.en))
            }
            Self::TooManyFiles { path, limit } => {
                let path = path.display();
                Text::new(format!("策略文件夹 `{path}` 里的文件超过 {limit} 个"), self.to_string())
            }
        }
    }
}

/// The YAML files of a pack or an overlay, each with its tree.
#[derive(Debug, Clone, Default)]
pub struct PackFiles {
    pub(crate) files: Vec<TreeFile>,
    pub(crate) faults: Vec<Diagnostic>,
}

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct TreeFile {
    /// Path inside the pack, `/` between folders.
    pub(crate) path: String,
    pub(crate) source: Arc<Source>,
    /// `None` when it is no YAML.
    pub(crate) root: Option<Node>,
    /// Whether the YAML itself has faults, already told.
    pub(crate) faulty: bool,
    /// Whether the build has looked at it.
    pub(crate) trusted: bool,
}

impl PackFiles {
    /// Reads a folder. `shown` is how diagnostics name it: `policies`.
    ///
    /// # Errors
    /// [`PolicyError`] when the folder cannot be listed; what is wrong with single files are diagnostics.
    pub fn read(folder: &Path, shown: &str) -> Result<Self, PolicyError> {
        if !folder.is_dir() {
            return Err(PolicyError::NotFound { path: folder.to_owned() });
        }
        let read_error = |source| PolicyError::Read { path: folder.to_owned(), source };
        let inside = folder.canonicalize().map_err(read_error)?;
        let mut files = Self::default();
        let walk = walkdir::WalkDir::new(folder).max_depth(8).sort_by_file_name().into_iter();
        let visible =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        for entry in walk.filter_entry(visible) {
            let entry = entry.map_err(|error| {
                let path = folder.to_owned();
                let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links"));
                PolicyError::Read { path, source }
            })?;
            let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let path = relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            let is_yaml = [".yaml", ".yml"].iter().any(|suffix| path.ends_with(suffix));
            let other = path.split('/').next().is_some_and(|first| OTHER_FOLDERS.contains(&first));
            let name = if shown.is_empty() { path.clone() } else { format!("{}/{path}", shown.trim_end_matches('/')) };
            if entry.depth() > 0 && entry.path_is_symlink() && entry.path().is_dir() {
                // Behind it may lie anything, its own folder again included: what it holds is not judged, and that is said.
                files.faults.push(link_to_folder(name));
                continue;
            }
            if entry.file_type().is_dir() || !is_yaml || other {
                continue;
            }
            if files.files.len() >= MAX_FILES {
                return Err(PolicyError::TooManyFiles { path: folder.to_owned(), limit: MAX_FILES });
            }
            match read_text(entry.path(), &inside) {
                Ok(text) => files.add(path, Source::new(name, text)),
                Err(reason) => files.faults.push(unreadable(name, &reason)),
            }
        }
        Ok(files)
    }

    /// Files from memory: path inside the pack and text.
    pub fn from_memory<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut read = Self::default();
        for (path, text) in files {
            read.add(path.to_owned(), Source::new(path, text));
        }
        read.files.sort_by(|a, b| a.path.cmp(&b.path));
        read
    }

    /// Whether there is a `pack.yaml`, so that the files are a pack of their own and no overlay.
    pub fn is_pack(&self) -> bool {
        self.files.iter().any(|file| file.path == "pack.yaml")
    }

    /// Paths inside the pack, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    fn add(&mut self, path: String, source: Arc<Source>) {
        let before = self.faults.len();
        let root = file::read_yaml(&source, &mut self.faults);
        let faulty = self.faults.len() > before;
        self.files.push(TreeFile { path, source, root, faulty, trusted: false });
    }

    /// A file as the build embedded it; without a tree it is parsed now, to say what is wrong with it.
    pub(crate) fn add_embedded(&mut self, path: &str, text: &str, root: Option<Node>) {
        let source = Source::new(format!("policies/{path}"), text);
        match root {
            Some(root) => {
                let file = TreeFile { path: path.to_owned(), source, root: Some(root), faulty: false, trusted: true };
                self.files.push(file);
            }
            None => self.add(path.to_owned(), source),
        }
    }
}

fn link_to_folder(name: String) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` 是指向文件夹的链接，没有读取"),
        format!("`{name}` is a link to a folder and was not read"),
    );
    let help = Text::new("把文件放进来，或删去链接", "put the files here, or remove the link");
    Diagnostic::new(&codes::FILE_UNREADABLE, message).at_place(Place::File { path: name }).help(help)
}

fn unreadable(name: String, reason: &Text) -> Diagnostic {
    let message =
        Text::new(format!("无法读取 `{name}`：{}", reason.zh), format!("cannot read `{name}`: {}", reason.en));
    let help = Text::new("改正或删去这个文件", "correct the file, or remove it");
    Diagnostic::new(&codes::FILE_UNREADABLE, message).at_place(Place::File { path: name }).help(help)
}

/// The text of a regular file that lies inside `inside` once links are followed.
pub(crate) fn read_text(path: &Path, inside: &Path) -> Result<String, Text> {
    let real = regular_inside(path, inside, file::MAX_BYTES)?;
    let bytes = std::fs::read(real).map_err(|error| foreign::io(&error))?;
    String::from_utf8(bytes).map_err(|_| Text::new("不是 UTF-8 文字", "not UTF-8 text"))
}

/// The path, links followed, of a regular file of at most `max_bytes` that lies inside `inside`.
pub(crate) fn regular_inside(path: &Path, inside: &Path, max_bytes: u64) -> Result<PathBuf, Text> {
    let io = |error: std::io::Error| foreign::io(&error);
    let real = path.canonicalize().map_err(io)?;
    if !real.starts_with(inside) {
        return Err(Text::new("链接指到文件夹之外", "a link leads out of the folder"));
    }
    let about = std::fs::metadata(&real).map_err(io)?;
    if !about.is_file() {
        return Err(Text::new("不是普通文件", "not a regular file"));
    }
    if about.len() > max_bytes {
        let limit = max_bytes >> 20;
        return Err(Text::new(format!("文件过大（上限 {limit} MiB）"), format!("larger than {limit} MiB")));
    }
    Ok(real)
}
