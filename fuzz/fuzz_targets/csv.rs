#![no_main]
//! Any bytes as a CSV file.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| reading::read("backup_jobs", "备份任务.csv", bytes));
