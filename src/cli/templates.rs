//! The forms that a new workspace has under `templates/`, and a page that explains them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::evidence::template::{Format, about, describe, render};
use crate::model::{EvidenceKind, FieldKind, KindId, Record};
use crate::policy::Pack;
use crate::text::Lang;

/// What `init` writes under `templates/`.
pub(super) struct Templates {
    /// File name and content.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// The page that explains every heading.
    pub(super) readme: String,
}

/// Forms of these kinds, each in the format that suits it; kinds that nobody fills in by hand have none.
pub(super) fn all(pack: &Pack, wanted: &BTreeSet<KindId>, lang: Lang) -> Templates {
    let mut files = Vec::new();
    let mut readme = String::from(match lang {
        Lang::Zh => {
            "# 空白模板\n\n填好后放进 `evidence/<期间>/`，文件名可以改。已有系统导出的文件不必改成这个样子：列名按标题或别名识别。\n\
             别的格式：`hegui evidence template KIND --format csv`。\n"
        }
        Lang::En => {
            "# Blank templates\n\nFill in and put into `evidence/<period>/`; rename as you like. An export that a system already gives need not be \
             changed to look like this: columns are recognised by title or alias.\n\
             Other formats: `hegui evidence template KIND --format csv`.\n"
        }
    });
    for kind in wanted.iter().filter_map(|id| pack.kinds.get(id)) {
        let format = Format::natural(kind);
        let Ok(form) = render(kind, format, lang) else { continue };
        let name = format!("{}.{}", kind.id, format.suffix());
        explain(kind, &name, lang, &mut readme);
        files.push((name, form));
    }
    Templates { files, readme }
}

fn explain(kind: &EvidenceKind, file: &str, lang: Lang, page: &mut String) {
    let _ = writeln!(page, "\n## {} `{}`\n", kind.title.get(lang), kind.id);
    let (label, colon) = if lang == Lang::Zh { ("模板", "：") } else { ("template", ": ") };
    let _ = writeln!(page, "- {label}{colon}`{file}`");
    // The heading has said the first of them.
    for (label, text) in about(kind, lang).into_iter().skip(1) {
        let _ = writeln!(page, "- {label}{colon}{}", text.replace('*', "\\*"));
    }
    let _ = writeln!(page, "\n{}\n|---|---|", if lang == Lang::Zh { "| 字段 | 说明 |" } else { "| field | meaning |" });
    rows(&kind.record, "", lang, page);
}

fn rows(record: &Record, prefix: &str, lang: Lang, page: &mut String) {
    for field in record.declared() {
        let name = format!("{prefix}{}", field.name);
        let _ = writeln!(page, "| `{name}` | {} |", describe(field, record, lang).replace('|', "\\|"));
        if let FieldKind::Children { record, .. } | FieldKind::Struct(record) = &field.kind {
            rows(record, &format!("{name}."), lang, page);
        }
    }
}
