//! The shipped pack, as the build turned it into trees.

use serde::Deserialize;

use super::files::PackFiles;
use super::yaml::Node;

static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/policies.postcard"));

/// What `build.rs` writes: path inside the pack, text, and the tree if it is sound YAML.
#[derive(Deserialize)]
struct Embedded<'a>(#[serde(borrow)] Vec<(&'a str, &'a str, Option<Node>)>);

/// The files of the pack that this build of hegui carries.
pub fn shipped() -> PackFiles {
    let mut files = PackFiles::default();
    // INVARIANT: the build wrote these bytes from the same types.
    let embedded = postcard::from_bytes(EMBEDDED).unwrap_or(Embedded(Vec::new()));
    for (path, text, root) in embedded.0 {
        files.add_embedded(path, text, root);
    }
    files
}
