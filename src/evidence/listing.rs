//! The evidence index as a table: the source `evidence.files`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};

use super::{Batch, FileScan, Index, Rows};
use crate::expr::{Column, Type};

/// Columns of `evidence.files`.
pub const FILES_COLUMNS: &[(&str, Type)] = &[
    ("path", Type::Text),
    ("kind", Type::Text),
    ("status", Type::Text),
    ("format", Type::Text),
    ("encoding", Type::Text),
    ("bytes", Type::Integer),
    ("sha256", Type::Text),
    ("rows_read", Type::Integer),
    ("rows_rejected", Type::Integer),
    ("rows_future", Type::Integer),
    ("cells_unreadable", Type::Integer),
    ("rows_stated", Type::Integer),
    ("captured_on", Type::Date),
    ("captured_from", Type::Text),
    ("age_days", Type::Integer),
    ("first_on", Type::Date),
    ("last_on", Type::Date),
    ("source_system", Type::Text),
    ("custodian", Type::Text),
];

/// The table `evidence.files`: one row per scanned file, in the order of `scans`; `names` are of [`FILES_COLUMNS`],
/// others come out null. Every row cites the file as a whole (row 0).
pub fn files_batch(index: &Index, scans: &[FileScan], names: &[String]) -> Batch {
    let columns = names.iter().map(|name| Column::new(column(index, scans, name))).collect();
    let zeros = vec![0; scans.len()];
    Batch { rows: Rows { row: zeros.clone(), line: zeros.clone(), child: zeros, ..Rows::default() }, columns }
}

fn column(index: &Index, scans: &[FileScan], name: &str) -> ArrayRef {
    let files = index.files();
    let entry = |scan: &FileScan| files.get(scan.file as usize);
    let stated = |scan: &FileScan| entry(scan).and_then(|file| file.stated.as_ref());
    let texts = |value: &dyn Fn(&FileScan) -> Option<String>| -> ArrayRef {
        Arc::new(scans.iter().map(value).collect::<StringArray>())
    };
    let whole = |value: &dyn Fn(&FileScan) -> Option<u64>| -> ArrayRef {
        Arc::new(scans.iter().map(|scan| value(scan).and_then(|n| i64::try_from(n).ok())).collect::<Int64Array>())
    };
    let dates = |value: &dyn Fn(&FileScan) -> Option<i32>| -> ArrayRef {
        Arc::new(scans.iter().map(value).collect::<Date32Array>())
    };
    match name {
        "path" => texts(&|scan| entry(scan).map(super::FileEntry::name)),
        "kind" => texts(&|scan| entry(scan)?.kind.as_ref().map(ToString::to_string)),
        "status" => texts(&|scan| Some(scan.status.word().to_owned())),
        "format" => texts(&|scan| scan.format.map(str::to_owned)),
        "encoding" => texts(&|scan| scan.encoding.map(str::to_owned)),
        "bytes" => whole(&|scan| Some(scan.bytes)),
        "sha256" => texts(&|scan| Some(scan.sha256.clone()).filter(|digest| !digest.is_empty())),
        "rows_read" => whole(&|scan| Some(scan.rows_read)),
        "rows_rejected" => whole(&|scan| Some(scan.rows_rejected)),
        "rows_future" => whole(&|scan| Some(scan.rows_future)),
        "cells_unreadable" => whole(&|scan| Some(scan.cells_unreadable)),
        "rows_stated" => whole(&|scan| stated(scan).and_then(|stated| stated.rows).or(scan.own_rows)),
        "captured_on" => dates(&|scan| scan.captured_on.map(|(day, _)| day)),
        "captured_from" => texts(&|scan| scan.captured_on.map(|(_, from)| from.word().to_owned())),
        "age_days" => whole(&|scan| u64::try_from(scan.age_days?).ok()),
        "first_on" => dates(&|scan| scan.covers.map(|(first, _)| first)),
        "last_on" => dates(&|scan| scan.covers.map(|(_, last)| last)),
        "source_system" => texts(&|scan| stated(scan)?.source_system.clone()),
        "custodian" => texts(&|scan| stated(scan)?.custodian.clone()),
        _ => texts(&|_| None),
    }
}
