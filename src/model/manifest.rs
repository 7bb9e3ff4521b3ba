//! What a manifest states about evidence files. Read by `workspace/`, held against the files by `evidence/`.

use super::KindId;
use crate::text::Excerpt;

/// Statements about evidence files: all manifests of a workspace that apply to the period, merged.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// One entry per file, or per register where its sheets are named, in the order written.
    pub files: Vec<ManifestFile>,
}

/// What is stated about one file. Dates are days since 1970-01-01.
#[derive(Debug, Clone, Default)]
pub struct ManifestFile {
    /// Path relative to the workspace, `/` between folders (the loader joins the manifest's own folder).
    pub path: String,
    /// The sheets it is of a workbook that holds several registers; none: all of the file.
    pub sheets: Vec<String>,
    /// The kind it is; overrides recognition.
    pub kind: Option<KindId>,
    /// The day it was captured.
    pub captured_on: Option<i32>,
    /// System it was exported from; registers keep the newest capture of each.
    pub source_system: Option<String>,
    /// Who keeps it.
    pub custodian: Option<String>,
    /// Number of rows it states to have; 0 is a nil return (零报告).
    pub rows: Option<u64>,
    /// First and last day it states to cover.
    pub period: Option<(i32, i32)>,
    /// Lower-case hexadecimal SHA-256 it states to have.
    pub sha256: Option<String>,
    /// Query or filter it was exported with.
    pub query: Option<String>,
    /// The day it was received.
    pub received_on: Option<i32>,
    /// Encoding label that overrides detection.
    pub encoding: Option<String>,
    /// Where the entry's path is written.
    pub place: Option<Excerpt>,
}
