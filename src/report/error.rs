//! Why a report could not be made.

use std::path::PathBuf;

/// An output could not be rendered, written or read back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file or directory cannot be written; what was there before is whole. Exit status 74.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An earlier `assessment.json` cannot be read.
    #[error("not an assessment of schema `hegui/assessment/v1`")]
    Read {
        /// What the decoder said.
        source: serde_json::Error,
    },
    /// An assessment cannot be written as JSON: a fault of the tool.
    #[error("cannot encode the assessment")]
    Encode {
        /// What the encoder said.
        source: serde_json::Error,
    },
    /// A template is broken. Exit status 70 for a shipped one.
    #[error("cannot render the template `{template}`")]
    Template {
        /// Its name.
        template: String,
        /// What the template engine said.
        source: minijinja::Error,
    },
}
