#![no_main]
//! Any bytes as an XML document: the first byte says of which kind.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    match first % 2 {
        0 => reading::read("tls_scan", "扫描.xml", rest),
        _ => reading::read("backup_policy", "策略.xml", rest),
    }
});
