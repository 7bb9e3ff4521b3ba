#![no_main]
//! Any bytes as a JSON document and as JSON Lines: the first byte says which.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    match first % 3 {
        0 => reading::read("tls_scan", "扫描.json", rest),
        1 => reading::read("backup_jobs", "任务.jsonl", rest),
        _ => reading::read("backup_policy", "策略.json", rest),
    }
});
