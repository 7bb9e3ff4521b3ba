//! Blank forms of evidence kinds: what an officer fills in, and what reading takes back as it stands.
//!
//! A kind of flat rows has a table, as a workbook with drop-down lists and a sheet of notes or as CSV with its header alone.
//! A kind whose rows hold lists that no cell can hold has a document with comments. Forms are bytes: where they are written
//! is not known here, and the same kind gives the same bytes on any day.

mod column;
mod csv;
mod notes;
mod validation;
mod words;
mod workbook;
mod yaml;

pub use column::{Column, columns};
pub use words::{about, describe};

use crate::model::{EvidenceKind, FieldKind, KindId, Record};
use crate::text::{Lang, Text};

/// How a form is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// The header of a table, as delimited text.
    Csv,
    /// A document with comments.
    Yaml,
}

impl Format {
    /// The one that suits a kind best: a workbook, or a document where a table cannot hold its rows.
    pub fn natural(kind: &EvidenceKind) -> Self {
        if list_beyond_cells(&kind.record, "").is_some() { Self::Yaml } else { Self::Xlsx }
    }

    /// Suffix of file names: `xlsx`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Yaml => "yaml",
        }
    }
}

/// Why a kind has no such form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A list that no cell of a table can hold.
    #[error("no cell of a table can hold the list `{list}` of `{kind}`")]
    List {
        /// The kind.
        kind: KindId,
        /// Dotted name of the list.
        list: String,
    },
    /// Files of the kind are lines of a log.
    #[error("files of `{kind}` are lines of a log")]
    Lines {
        /// The kind.
        kind: KindId,
    },
    /// Delimited text of the kind is read in another encoding than the form's.
    #[error("delimited text of `{kind}` is read as `{encoding}`")]
    Encoding {
        /// The kind.
        kind: KindId,
        /// What `read.csv.encoding` says.
        encoding: String,
    },
    /// The workbook passes a limit of its format.
    #[error("no workbook can be made of `{kind}`: {why}")]
    Workbook {
        /// The kind.
        kind: KindId,
        /// What the writer of workbooks says.
        why: String,
    },
}

impl TemplateError {
    /// What is wrong.
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::List { kind, list } => format!("`{kind}` 的清单 `{list}` 不能放进表格的一格"),
            Self::Lines { kind } => format!("`{kind}` 是系统日志，按行读取，不由人填写"),
            Self::Encoding { kind, encoding } => format!("`{kind}` 的 CSV 按 `{encoding}` 读取，模板只写 UTF-8"),
            // What the writer says is in English, and is always a limit.
            Self::Workbook { kind, .. } => format!("`{kind}` 超出工作簿的限制（列数、文字长度等）"),
        };
        Text::new(zh, self.to_string())
    }

    /// What to do instead.
    pub fn help(&self) -> Option<Text> {
        match self {
            Self::List { .. } => Some(Text::new("用 --format yaml", "use --format yaml")),
            Self::Lines { .. } => {
                Some(Text::new("把日志文件原样放进证据目录", "put the log into the evidence folder as it is"))
            }
            Self::Encoding { .. } => Some(Text::new("用 --format xlsx", "use --format xlsx")),
            Self::Workbook { .. } => Some(Text::new("用 --format csv", "use --format csv")),
        }
    }
}

/// The blank form of a kind; notes, comments and offered words are in `lang`.
///
/// # Errors
/// When the kind has no form of that format.
///
/// # Examples
/// ```
/// use hegui::evidence::template::{Format, render};
/// use hegui::policy::{ProfileChoice, load, shipped};
/// use hegui::text::Lang;
///
/// let pack = load(shipped(), Vec::new(), &ProfileChoice::default(), false).pack;
/// let roster = pack.kinds.values().find(|kind| kind.id.as_str() == "roster").ok_or("no such kind")?;
/// let csv = String::from_utf8(render(roster, Format::Csv, Lang::Zh)?)?;
/// assert!(csv.starts_with("\u{feff}*工号,姓名,部门,"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(kind: &EvidenceKind, format: Format, lang: Lang) -> Result<Vec<u8>, TemplateError> {
    if kind.read.lines.is_some() {
        return Err(TemplateError::Lines { kind: kind.id.clone() });
    }
    if format == Format::Yaml {
        return Ok(yaml::document(kind, lang).into_bytes());
    }
    if let Some(list) = list_beyond_cells(&kind.record, "") {
        return Err(TemplateError::List { kind: kind.id.clone(), list });
    }
    let columns = columns(kind, lang);
    match format {
        Format::Csv => csv::header(kind, &columns),
        Format::Xlsx | Format::Yaml => workbook::workbook(kind, &columns, lang)
            .map_err(|fault| TemplateError::Workbook { kind: kind.id.clone(), why: fault.to_string() }),
    }
}

/// Rows above the header, which a kind may say; as many as a sheet can have at most.
fn rows_above(kind: &EvidenceKind) -> u32 {
    let row = u32::try_from(kind.read.header_row.unwrap_or(1)).unwrap_or(u32::MAX);
    row.clamp(1, workbook::LAST_ROW) - 1
}

/// The first list of a record that a cell cannot hold: of records, or of values that nothing separates.
fn list_beyond_cells(record: &Record, prefix: &str) -> Option<String> {
    record.declared().into_iter().find_map(|field| {
        let name = format!("{prefix}{}", field.name);
        match &field.kind {
            FieldKind::Children { .. } => Some(name),
            FieldKind::Struct(inner) => list_beyond_cells(inner, &format!("{name}.")),
            FieldKind::Column(column) => {
                let separated = column.separator.as_ref().is_some_and(|separator| !separator.is_empty());
                (matches!(column.ty, crate::expr::Type::List(_)) && !separated).then_some(name)
            }
        }
    })
}
