//! Bounds on what one evidence file may ask of us (DESIGN §12).

/// Limits with their defaults; beyond each is a clear error, never a killed process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file that is streamed.
    pub streamed_bytes: u64,
    /// Bytes of a file that must be held whole (JSON, YAML, workbooks).
    pub whole_bytes: u64,
    /// Bytes that a workbook may expand to.
    pub expanded_bytes: u64,
    /// How many times its size a workbook may expand to, once that is more than 64 MiB.
    pub expansion_ratio: u64,
    /// Columns of a table.
    pub columns: usize,
    /// Bytes of one cell, or of one line of JSON Lines.
    pub cell_bytes: usize,
    /// Bytes of one row of a table.
    pub row_bytes: usize,
    /// Nesting depth of a document.
    pub depth: usize,
    /// Values in a document held whole.
    pub nodes: usize,
    /// Files under the evidence roots.
    pub files: usize,
    /// Depth of folders.
    pub folders: usize,
    /// Diagnostics listed per file; the rest is counted.
    pub diagnostics: usize,
    /// Rows of a batch.
    pub batch_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Memory does not grow with a file that is streamed; only time does.
            streamed_bytes: 1 << 40,
            whole_bytes: 256 << 20,
            expanded_bytes: 1 << 30,
            expansion_ratio: 200,
            columns: 2_000,
            cell_bytes: 1 << 20,
            row_bytes: 64 << 20,
            depth: 128,
            // Some hundred bytes each at most, beside the file.
            nodes: 8_000_000,
            files: 100_000,
            folders: 64,
            diagnostics: 50,
            batch_rows: 8_192,
        }
    }
}
