//! Blank evidence files: the headings people fill in, and a page that explains them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::evidence::date_text;
use crate::expr::Scalar;
use crate::model::{EvidenceKind, Field, FieldKind, KindId, Record};
use crate::policy::Pack;
use crate::text::Lang;

/// What `init` writes under `templates/`.
pub(super) struct Templates {
    /// File name and content.
    pub(super) files: Vec<(String, String)>,
    /// The page that explains every heading.
    pub(super) readme: String,
}

/// Templates of these kinds.
pub(super) fn all(pack: &Pack, wanted: &BTreeSet<KindId>, lang: Lang) -> Templates {
    let mut files = Vec::new();
    let mut readme = String::from(match lang {
        Lang::Zh => {
            "# 空白模板\n\n填好后放进 `evidence/<期间>/`，文件名可以改。已有系统导出的文件不必改成这个样子：列名按标题或别名识别。\n"
        }
        Lang::En => {
            "# Blank templates\n\nFill in and put into `evidence/<period>/`; rename as you like. An export that a system already gives need not be \
             changed to look like this: columns are recognised by title or alias.\n"
        }
    });
    for kind in wanted.iter().filter_map(|id| pack.kinds.get(id)) {
        let document = is_document(&kind.record);
        let name = format!("{}.{}", kind.id, if document { "yaml" } else { "csv" });
        files.push((name.clone(), if document { yaml(kind, lang) } else { csv(kind) }));
        explain(kind, &name, lang, &mut readme);
    }
    Templates { files, readme }
}

/// Whether rows hold lists of records or structs, which a table cannot show.
fn is_document(record: &Record) -> bool {
    record.fields.values().any(|field| !matches!(field.kind, FieldKind::Column(_)))
}

/// Fields as a person expects them: what names the row, then when, then what is required, then the rest.
fn ordered<'a>(kind: &'a EvidenceKind, record: &'a Record) -> Vec<&'a Field> {
    let mut fields: Vec<&Field> = record.fields.values().collect();
    let top = std::ptr::eq(record, &raw const kind.record);
    fields.sort_by_key(|field| {
        let key = kind.key.iter().position(|name| top && *name == field.name).unwrap_or(usize::MAX);
        let time = !(top && kind.time.as_deref() == Some(field.name.as_str()));
        let list = !matches!(field.kind, FieldKind::Column(_));
        (list, key, !field.required, time, field.name.clone())
    });
    fields
}

/// A header for spreadsheets: byte order mark, so that Excel reads it as UTF-8, and CRLF.
fn csv(kind: &EvidenceKind) -> String {
    let headings: Vec<String> = ordered(kind, &kind.record)
        .into_iter()
        .map(|field| {
            let heading = heading(field);
            if heading.contains(['"', ',', '\n']) {
                format!("\"{}\"", heading.replace('"', "\"\""))
            } else {
                heading.to_owned()
            }
        })
        .collect();
    format!("\u{feff}{}\r\n", headings.join(","))
}

fn heading(field: &Field) -> &str {
    field.title.as_deref().unwrap_or(&field.name)
}

fn yaml(kind: &EvidenceKind, lang: Lang) -> String {
    let mut text = format!("# {} · {}\n", kind.title.get(lang), one_line(kind.collect.get(lang)));
    let mut indent = 0;
    let mut item = false;
    for segment in kind.rows.as_deref().unwrap_or_default().split('/').filter(|segment| !segment.is_empty()) {
        if segment == "*" {
            item = true;
            continue;
        }
        let _ = writeln!(text, "{}{}{segment}:", " ".repeat(indent), if item { "- " } else { "" });
        indent += if item { 4 } else { 2 };
        item = false;
    }
    // Rows named by a pointer are a list; a document without one may be the single row itself.
    let list = kind.rows.is_some() || item;
    record(kind, &kind.record, indent, list, lang, &mut text);
    text
}

fn record(kind: &EvidenceKind, of: &Record, indent: usize, item: bool, lang: Lang, text: &mut String) {
    let (first, rest) =
        if item { (format!("{}- ", " ".repeat(indent)), indent + 2) } else { (" ".repeat(indent), indent) };
    for (number, field) in ordered(kind, of).into_iter().enumerate() {
        let lead = if number == 0 { first.clone() } else { " ".repeat(rest) };
        let note = describe(field, lang);
        let _ = writeln!(
            text,
            "{lead}{}:{}# {note}",
            field.name,
            " ".repeat(20_usize.saturating_sub(field.name.len()).max(1))
        );
        match &field.kind {
            FieldKind::Column(_) => {}
            FieldKind::Children { record: inner, .. } => record(kind, inner, rest + 2, true, lang, text),
            FieldKind::Struct(inner) => record(kind, inner, rest + 2, false, lang, text),
        }
    }
}

fn describe(field: &Field, lang: Lang) -> String {
    let mut words = vec![heading(field).to_owned()];
    if let FieldKind::Column(column) = &field.kind {
        words.push(type_word(&column.ty.name(), lang).to_owned());
        if !column.allowed.is_empty() {
            words.push(column.allowed.iter().map(scalar).collect::<Vec<_>>().join(" | "));
        }
    }
    if field.required {
        words.push(if lang == Lang::Zh { "必填" } else { "required" }.to_owned());
    }
    if let Some(unit) = &field.unit {
        words.push(unit.clone());
    }
    if let Some(description) = &field.description {
        words.push(one_line(description.get(lang)));
    }
    one_line(&words.join(if lang == Lang::Zh { "，" } else { ", " }))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Boolean(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Decimal(units) => crate::evidence::decimal_text(*units),
        Scalar::Date(days) => date_text(*days),
        Scalar::Null | Scalar::Timestamp(_) | Scalar::Duration(..) | Scalar::List(..) => String::new(),
    }
}

fn type_word(ty: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return ty;
    }
    match ty {
        "boolean" => "是/否",
        "integer" => "整数",
        "decimal" => "数字",
        "text" => "文本",
        "date" => "日期",
        "timestamp" => "日期和时间",
        "duration" => "时长",
        _ => "列表",
    }
}

fn explain(kind: &EvidenceKind, file: &str, lang: Lang, page: &mut String) {
    let _ = writeln!(page, "\n## {} `{}`\n", kind.title.get(lang), kind.id);
    let _ = writeln!(page, "{}\n", one_line(kind.collect.get(lang)));
    let mut facts = vec![match lang {
        Lang::Zh => format!("模板 `{file}`"),
        Lang::En => format!("template `{file}`"),
    }];
    if let Some(owner) = &kind.owner {
        facts.push(match lang {
            Lang::Zh => format!("提供部门 {owner}"),
            Lang::En => format!("owed by {owner}"),
        });
    }
    if let Some(days) = kind.max_age_days {
        facts.push(match lang {
            Lang::Zh => format!("不早于基准日前 {days} 天"),
            Lang::En => format!("at most {days} days old"),
        });
    }
    if kind.may_be_empty {
        facts.push(
            match lang {
                Lang::Zh => "没有发生时可零报告",
                Lang::En => "a nil return is an honest answer",
            }
            .to_owned(),
        );
    }
    let _ = writeln!(page, "{}\n", facts.join(if lang == Lang::Zh { "；" } else { "; " }));
    let _ =
        writeln!(page, "{}", if lang == Lang::Zh { "| 列 | 名称 | 说明 |" } else { "| heading | name | meaning |" });
    let _ = writeln!(page, "|---|---|---|");
    rows(kind, &kind.record, "", lang, page);
}

fn rows(kind: &EvidenceKind, of: &Record, prefix: &str, lang: Lang, page: &mut String) {
    for field in ordered(kind, of) {
        let name = format!("{prefix}{}", field.name);
        let _ = writeln!(page, "| {} | `{name}` | {} |", cell(heading(field)), cell(&describe(field, lang)));
        if let FieldKind::Children { record, .. } | FieldKind::Struct(record) = &field.kind {
            rows(kind, record, &format!("{name}."), lang, page);
        }
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
