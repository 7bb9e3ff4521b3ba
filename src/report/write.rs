//! Writing files so that the old ones stay whole until all new ones are.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::ReportError;

/// Writes `files` (name, bytes) into `directory`, which is made when it is not there.
///
/// Everything is written beside its target and synced before the first rename, so a full disk or a missing permission
/// leaves the old set whole; a rename that fails puts back the old files renamed before it. Other files in the
/// directory are left alone. A target that is a symbolic link is replaced, not followed.
///
/// # Errors
/// [`ReportError::Write`] with the path that could not be written.
pub fn write_files(directory: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, ReportError> {
    let fault = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| ReportError::Write { path, source }
    };
    fs::create_dir_all(directory).map_err(fault(directory))?;
    let mut ready = Vec::with_capacity(files.len());
    for (name, bytes) in files {
        let target = directory.join(name);
        if Path::new(name).file_name() != Some(OsStr::new(name)) {
            return Err(fault(&target)(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file name")));
        }
        if target.is_dir() {
            return Err(fault(&target)(io::Error::new(io::ErrorKind::IsADirectory, "is a directory")));
        }
        ready.push((beside(directory, bytes).map_err(fault(&target))?, target));
    }
    let mut replaced = Replaced { done: Vec::new(), keep: false };
    for (new, target) in ready {
        let old = set_aside(directory, &target).map_err(fault(&target))?;
        replaced.done.push((target.clone(), old));
        new.persist(&target).map_err(|failed| ReportError::Write { path: target.clone(), source: failed.error })?;
    }
    sync(directory).map_err(fault(directory))?;
    replaced.keep = true;
    Ok(replaced.done.iter().map(|(target, _)| target.clone()).collect())
}

/// A synced file with the final bytes and the permissions of an ordinary file.
fn beside(directory: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = temporary().tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn temporary() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".hegui-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask takes away what it takes from every file; the default 0600 would hide reports from colleagues.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// A second name for the old file, so that it can be put back; `None` when there is no old file.
fn set_aside(directory: &Path, target: &Path) -> io::Result<Option<tempfile::TempPath>> {
    if fs::symlink_metadata(target).is_err() {
        return Ok(None);
    }
    let aside = temporary().tempfile_in(directory)?.into_temp_path();
    fs::remove_file(&aside)?;
    if fs::hard_link(target, &aside).is_err() {
        // File systems without links: a copy serves as well.
        fs::copy(target, &aside)?;
    }
    Ok(Some(aside))
}

/// Renames done so far; undone on drop unless kept.
struct Replaced {
    done: Vec<(PathBuf, Option<tempfile::TempPath>)>,
    keep: bool,
}

impl Drop for Replaced {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        for (target, old) in self.done.drain(..).rev() {
            // Already failing: what cannot be put back cannot be reported better than by the first failure.
            let _ = match old {
                Some(old) => old.persist(&target).map_err(|failed| failed.error),
                None => fs::remove_file(&target),
            };
        }
    }
}

/// Makes the renames themselves durable.
fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Vec<(String, Vec<u8>)> {
        ["a.txt", "b.txt"].map(|name| (name.to_owned(), text.as_bytes().to_vec())).to_vec()
    }

    fn listing(directory: &Path) -> Vec<(String, String)> {
        let mut found: Vec<_> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                let text = fs::read_to_string(entry.path()).unwrap_or_else(|_| "directory".to_owned());
                (entry.file_name().to_string_lossy().into_owned(), text)
            })
            .collect();
        found.sort();
        found
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_set_replaces_the_old_one_and_leaves_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("reports/2026Q3");
        write_files(&out, &set("old")).unwrap();
        fs::write(out.join("mine.txt"), "mine").unwrap();
        let written = write_files(&out, &set("new")).unwrap();
        assert_eq!(written, [out.join("a.txt"), out.join("b.txt")]);
        assert_eq!(listing(&out), pairs(&[("a.txt", "new"), ("b.txt", "new"), ("mine.txt", "mine")]));
    }

    #[test]
    fn a_target_that_is_a_directory_leaves_the_old_set_whole() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.txt"), "old").unwrap();
        fs::create_dir(directory.path().join("b.txt")).unwrap();
        let failed = write_files(directory.path(), &set("new")).unwrap_err();
        assert!(matches!(failed, ReportError::Write { path, .. } if path.ends_with("b.txt")));
        assert_eq!(listing(directory.path()), pairs(&[("a.txt", "old"), ("b.txt", "directory")]));
    }

    #[test]
    fn a_failure_after_the_first_rename_puts_the_old_files_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        fs::write(path.join("a.txt"), "old").unwrap();
        let aside = set_aside(path, &path.join("a.txt")).unwrap();
        let mut replaced = Replaced { done: vec![(path.join("a.txt"), aside)], keep: false };
        beside(path, b"new").unwrap().persist(path.join("a.txt")).unwrap();
        replaced.done.push((path.join("b.txt"), None));
        beside(path, b"new").unwrap().persist(path.join("b.txt")).unwrap();
        drop(replaced);
        assert_eq!(listing(path), pairs(&[("a.txt", "old")]));
    }

    #[test]
    fn an_output_directory_that_is_a_file_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let blocked = directory.path().join("file");
        fs::write(&blocked, "old").unwrap();
        let failed = write_files(&blocked, &set("new")).unwrap_err();
        assert!(failed.to_string().starts_with("cannot write `"), "{failed}");
        assert_eq!(fs::read_to_string(&blocked).unwrap(), "old");
    }

    #[test]
    fn names_cannot_leave_the_directory() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["../x", "a/b", "..", "/x", ""] {
            let failed = write_files(directory.path(), &[(name.to_owned(), Vec::new())]);
            assert!(failed.is_err(), "{name}");
        }
        assert_eq!(listing(directory.path()), []);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_replaced_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let outside = directory.path().join("outside.txt");
        fs::write(&outside, "outside").unwrap();
        let out = directory.path().join("out");
        fs::create_dir(&out).unwrap();
        std::os::unix::fs::symlink(&outside, out.join("a.txt")).unwrap();
        write_files(&out, &set("new")).unwrap();
        assert_eq!(fs::read_to_string(&outside).unwrap(), "outside");
        assert_eq!(listing(&out), pairs(&[("a.txt", "new"), ("b.txt", "new")]));
    }
}
