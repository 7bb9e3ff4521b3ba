//! The header of a table as delimited text.

use std::borrow::Cow;

use super::{Column, TemplateError, rows_above};
use crate::model::EvidenceKind;

/// One header row and nothing else: UTF-8 with a byte order mark, by which spreadsheets know it, and CRLF.
pub(super) fn header(kind: &EvidenceKind, columns: &[Column<'_>]) -> Result<Vec<u8>, TemplateError> {
    let declared = kind.read.encoding.as_deref().filter(|label| !is_utf8(label));
    if let Some(encoding) = declared {
        return Err(TemplateError::Encoding { kind: kind.id.clone(), encoding: encoding.to_owned() });
    }
    let delimiter = kind.read.delimiter.unwrap_or(',');
    let cells: Vec<Cow<'_, str>> = columns.iter().map(|column| cell(&column.heading, delimiter)).collect();
    let above: String = (0..rows_above(kind)).map(|_| "\r\n").collect();
    let text = format!("\u{feff}{above}{}\r\n", cells.join(&delimiter.to_string()));
    Ok(text.into_bytes())
}

fn is_utf8(label: &str) -> bool {
    matches!(label.to_ascii_lowercase().as_str(), "auto" | "utf-8" | "utf8")
}

fn cell(heading: &str, delimiter: char) -> Cow<'_, str> {
    // What a spreadsheet would take for a formula; reading a heading leaves `_` out.
    let heading = if heading.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("_{heading}"))
    } else {
        Cow::Borrowed(heading)
    };
    if heading.contains(['"', '\n', '\r', delimiter]) {
        Cow::Owned(format!("\"{}\"", heading.replace('"', "\"\"")))
    } else {
        heading
    }
}
