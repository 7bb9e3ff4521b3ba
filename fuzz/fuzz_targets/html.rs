#![no_main]
//! Any bytes as a page of tables.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut page = b"<table><tr><td>".to_vec();
    page.extend_from_slice(bytes);
    reading::read("backup_jobs", "备份任务.xls", &page);
});
