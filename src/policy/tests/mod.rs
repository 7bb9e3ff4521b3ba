//! The shipped pack, and packs made for one fault each.

use std::path::Path;

use super::*;
use crate::text::{Diagnostic, Lang, Place};

mod faults;
mod packs;

/// `file:line:column code message` of every fault.
fn told(faults: &[Diagnostic]) -> Vec<String> {
    faults
        .iter()
        .map(|fault| {
            let place = fault.place.as_ref().map(Place::display).unwrap_or_default();
            format!("{place} {} {}", fault.code.id, fault.message.get(Lang::En))
        })
        .collect()
}

fn folder() -> PackFiles {
    PackFiles::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/policies")), "policies").unwrap()
}

#[test]
fn the_embedded_pack_equals_the_files() {
    let embedded = shipped();
    let files = folder();
    assert_eq!(embedded.paths().collect::<Vec<_>>(), files.paths().collect::<Vec<_>>());
    for (embedded, file) in embedded.files.iter().zip(&files.files) {
        assert_eq!(embedded.source.text, file.source.text, "{}", file.path);
        assert_eq!(embedded.root, file.root, "{}", file.path);
    }
}

#[test]
fn the_shipped_pack_has_no_faults() {
    let loaded = load(folder(), Vec::new(), &ProfileChoice::default(), true);
    assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
    assert!(!loaded.pack.controls.is_empty());
}

#[test]
fn the_embedded_pack_loads_as_the_files_do() {
    let from_files = load(folder(), Vec::new(), &ProfileChoice::default(), false);
    let embedded = load(shipped(), Vec::new(), &ProfileChoice::default(), false);
    assert_eq!(embedded.pack.sha256, from_files.pack.sha256);
    // Adapters remember which of the two they are.
    let kinds = format!("{:?}", embedded.pack.kinds).replace("trusted: true", "trusted: false");
    assert_eq!(kinds, format!("{:?}", from_files.pack.kinds));
    assert_eq!(embedded.pack.controls.keys().collect::<Vec<_>>(), from_files.pack.controls.keys().collect::<Vec<_>>());
}
