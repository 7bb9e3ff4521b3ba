//! Turns the shipped policy pack into span trees in a compact form, so that starting does not parse 600 KB of YAML.

use std::io::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(dead_code, unreachable_pub, reason = "the library's own module, of which the build needs a part")]
#[path = "src/text"]
mod text {
    #[path = "source.rs"]
    mod source;
    pub use source::Span;
}

#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the library's own module, of which the build needs a part"
)]
#[path = "src/policy/yaml/mod.rs"]
mod yaml;

/// Folders of a pack whose YAML is no policy; `policy::files` has the same list.
const OTHER_FOLDERS: [&str; 3] = ["schema", "guidance", "forms"];

#[expect(clippy::disallowed_methods, reason = "cargo speaks to a build script through its environment")]
fn main() -> Result<(), Error> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=policies");
    println!("cargo::rerun-if-changed=src/policy/yaml");
    println!("cargo::rerun-if-changed=src/text/source.rs");
    let root = Path::new("policies");
    let mut paths = Vec::new();
    if root.is_dir() {
        list(root, &mut paths)?;
    }
    let mut files = Vec::new();
    for path in paths {
        let relative = path.strip_prefix(root).map_err(Error::other)?;
        let name = relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        let text = fs::read_to_string(&path)?;
        // A file with faults is embedded without a tree: loading it parses it again and says what is wrong.
        let (tree, faults) = yaml::parse(&text, yaml::Limits::default());
        files.push((name, text, tree.filter(|_| faults.is_empty())));
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let bytes = postcard::to_stdvec(&files).map_err(Error::other)?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| Error::other("cargo sets OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("policies.postcard"), bytes)
}

/// YAML files below `folder`, in any order.
fn list(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Error> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let path = entry.path();
        if name.starts_with('.') || OTHER_FOLDERS.contains(&name.as_ref()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(&path, paths)?;
        } else if name.ends_with(".yaml") || name.ends_with(".yml") {
            paths.push(path);
        }
    }
    Ok(())
}
