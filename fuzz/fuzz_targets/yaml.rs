#![no_main]
//! Any text as a policy file gives trees or located faults, never a panic, and every place lies inside the file.

use hegui::policy::yaml::{self, Limits, Node};
use hegui::text::Span;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (documents, faults) = yaml::parse_all(text, Limits::default());
    for fault in faults {
        inside(fault.span, text);
    }
    documents.iter().for_each(|node| walk(node, text));
});

fn inside(span: Span, text: &str) {
    assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} outside {} bytes", text.len());
}

fn walk(node: &Node, text: &str) {
    inside(node.span(), text);
    match node {
        Node::Scalar(_) => {}
        Node::Sequence(list) => list.items.iter().for_each(|item| walk(item, text)),
        Node::Mapping(mapping) => mapping.entries.iter().for_each(|(key, value)| {
            inside(key.span, text);
            walk(value, text);
        }),
    }
}
