#![no_main]
//! Any text as an expression gives a tree or faults inside the text; what a faultless tree prints parses to the same tree.

use hegui::expr::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (tree, faults) = parse(text);
    for fault in &faults {
        assert!(
            fault.span.start <= fault.span.end && fault.span.end as usize <= text.len(),
            "{:?} outside {} bytes",
            fault.span,
            text.len()
        );
    }
    assert!(tree.is_some() || !faults.is_empty(), "neither a tree nor a fault");
    if let (Some(tree), true) = (tree, faults.is_empty()) {
        let printed = tree.to_string();
        let (again, faults) = parse(&printed);
        assert!(faults.is_empty(), "{text:?} printed as {printed:?}: {faults:?}");
        assert_eq!(again.map(|tree| tree.to_string()), Some(printed));
    }
});
