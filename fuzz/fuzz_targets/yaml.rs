#![no_main]
//! Any bytes as a policy file give a tree or located faults, never a panic, and every place lies inside the file.

use hegui::text::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("fuzz.yaml", text);
    todo_when_landed(&source);
});
fn todo_when_landed(_: &Source) {}
