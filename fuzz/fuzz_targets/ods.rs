#![no_main]
//! Any bytes as the content of an ODS.

mod reading;

use std::io::{Cursor, Write as _};

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in
        [("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".as_slice()), ("content.xml", bytes)]
    {
        writer.start_file(name, options).expect("a part");
        writer.write_all(text).expect("its text");
    }
    reading::read("backup_jobs", "备份任务.ods", &writer.finish().expect("a package").into_inner());
});
