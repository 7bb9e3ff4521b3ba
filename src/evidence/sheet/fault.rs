//! Why a workbook cannot be read.

use crate::evidence::codes;
use crate::text::{Code, Text};

/// What stopped the reading of a workbook.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Its code.
    pub(crate) code: &'static Code,
    /// What is wrong.
    pub(crate) message: Text,
    /// What to do.
    pub(crate) help: Option<Text>,
}

impl Fault {
    /// The file is not as its format wants it.
    pub(crate) fn damaged(mut zh: String, mut en: String) -> Self {
        zh.insert_str(0, "文件已损坏：");
        en.insert_str(0, "the file is damaged: ");
        let help = Text::new(
            "用表格软件打开后另存，或重新导出",
            "open it in a spreadsheet and save it anew, or export it again",
        );
        Self { code: &codes::UNREADABLE_FILE, message: Text::new(zh, en), help: Some(help) }
    }

    /// A limit is passed.
    pub(crate) fn too_large(zh: String, en: String) -> Self {
        Self { code: &codes::TOO_LARGE, message: Text::new(zh, en), help: None }
    }

    /// Protected by a password.
    pub(crate) fn encrypted() -> Self {
        Self {
            code: &codes::ENCRYPTED,
            message: Text::new("工作簿已加密，不能读取", "the workbook is encrypted and cannot be read"),
            help: Some(Text::new(
                "在表格软件中去掉打开密码后另存",
                "take the password to open off in a spreadsheet and save it anew",
            )),
        }
    }

    /// A format that is not read.
    pub(crate) fn format(zh: &'static str, en: &'static str) -> Self {
        Self {
            code: &codes::FORMAT,
            message: Text::new(zh, en),
            help: Some(Text::new(
                "另存为 XLSX、CSV（UTF-8）、JSON 或 YAML",
                "save it as XLSX, CSV (UTF-8), JSON or YAML",
            )),
        }
    }
}
