//! Why a report could not be made.

use std::path::PathBuf;

use crate::text::{Text, foreign};

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

impl ReportError {
    /// The error and its cause, in both languages.
    pub fn text(&self) -> Text {
        let with = |zh: String, why: &Text| Text::new(format!("{zh}：{}", why.zh), format!("{self}: {}", why.en));
        match self {
            Self::Write { path, source } => with(format!("无法写入 `{}`", path.display()), &foreign::io(source)),
            Self::Read { source } => with("不是 `hegui/assessment/v1` 的评估结果".to_owned(), &foreign::json(source)),
            Self::Encode { source } => with("无法生成评估结果的 JSON".to_owned(), &foreign::json(source)),
            Self::Template { template, source } => {
                with(format!("无法套用模板 `{template}`"), &Text::new("模板有误", source.to_string()))
            }
        }
    }
}
