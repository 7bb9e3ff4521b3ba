#![no_main]
//! Any bytes as the sheets of a workbook that is XML of Excel 2003.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut book = b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">".to_vec();
    book.extend_from_slice(bytes);
    reading::read("backup_jobs", "备份任务.xls", &book);
});
