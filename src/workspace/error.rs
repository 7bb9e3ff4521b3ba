//! Why a workspace cannot be opened at all.

use std::path::PathBuf;

use crate::policy::codes;
use crate::text::{Diagnostic, Place, Text};

/// Why a workspace cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkspaceError {
    /// There is no such folder.
    #[error("no folder `{}`", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder has no `hegui.yaml`.
    #[error("no `hegui.yaml` in `{}`", path.display())]
    NotFound {
        /// The folder.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read `{}`: {}", path.display(), reason.en)]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: Text,
    },
}

impl WorkspaceError {
    /// The same as a diagnostic, in both languages.
    pub fn diagnostic(&self) -> Diagnostic {
        let (path, message, help) = match self {
            Self::NoFolder { path } => {
                let shown = path.display();
                let message = Text::new(format!("没有文件夹 `{shown}`"), format!("no folder `{shown}`"));
                (path, message, Text::new("检查路径", "check the path"))
            }
            Self::NotFound { path } => {
                let shown = path.display();
                let message = Text::new(format!("`{shown}` 里没有 hegui.yaml"), format!("no hegui.yaml in `{shown}`"));
                let help =
                    Text::new(format!("运行 `hegui init {shown}` 新建"), format!("make one with `hegui init {shown}`"));
                (path, message, help)
            }
            Self::Read { path, reason } => {
                let shown = path.display();
                let message = Text::new(
                    format!("无法读取 `{shown}`：{}", reason.zh),
                    format!("cannot read `{shown}`: {}", reason.en),
                );
                (path, message, Text::new("检查文件与权限", "check the file and its permissions"))
            }
        };
        let place = Place::File { path: path.display().to_string() };
        Diagnostic::new(&codes::WORKSPACE_NOT_FOUND, message).at_place(place).help(help)
    }
}
