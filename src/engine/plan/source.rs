//! Sources (LANGUAGE §3): which table a name means, and what columns it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Calendar, Catalog, Source, ValuesTable};
use crate::engine::codes;
use crate::evidence::{self, ColumnInfo, TablePath};
use crate::expr::{Scalar, Type};
use crate::model::{EvidenceKind, KindId, SourceSpec, ValuesSpec};
use crate::text::{Diagnostic, Excerpt, Text, suggest::nearest};

/// A resolved source with its columns.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) source: Source,
    /// Own columns; of evidence tables `parent.…` and `file.…` come on demand.
    pub(crate) columns: BTreeMap<String, ColumnInfo>,
    /// Columns that name a row.
    pub(crate) key: SourceKey,
    /// Last word of the name as written: the default alias.
    pub(crate) last_word: String,
    /// The name as written.
    pub(crate) shown: String,
    kind: Option<Arc<EvidenceKind>>,
}

/// Names of the columns that name a row, as [`RowKey`](super::RowKey) has their slots.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceKey {
    pub(crate) named: Vec<String>,
    pub(crate) hashed: Vec<String>,
    pub(crate) whole: Vec<String>,
}

impl SourceKey {
    /// Columns that are never in doubt, and whose blanks are as good a name as any.
    fn plain(named: Vec<String>) -> Self {
        Self { named, ..Self::default() }
    }

    /// A row of an evidence table: the kind's key, else all declared columns. An element of a list has the key of the row
    /// around it and its own columns.
    fn of_table(kind: &EvidenceKind, list: &[String]) -> Self {
        let mut key = Self::default();
        for depth in 0..=list.len() {
            let around = "parent.".repeat(list.len() - depth);
            let columns = evidence::table_columns(kind, list.get(..depth).unwrap_or_default()).unwrap_or_default();
            let named = |names: &[String]| names.iter().map(|name| format!("{around}{name}")).collect::<Vec<_>>();
            let all: Vec<String> = named(&columns.keys().cloned().collect::<Vec<_>>());
            let scalars = depth > 0 && columns.len() == 1 && columns.contains_key("value");
            match depth {
                0 if !kind.key.is_empty() => key.named.extend(named(&kind.key)),
                _ if scalars => key.named.extend(all.iter().cloned()),
                _ => key.hashed.extend(all.iter().cloned()),
            }
            key.whole.extend(all);
        }
        if key.named.is_empty() {
            key.whole.clear();
        }
        key
    }
}

impl Resolved {
    /// A column by its dotted name.
    pub(crate) fn column(&self, name: &str) -> Option<ColumnInfo> {
        if let Some(info) = self.columns.get(name) {
            return Some(info.clone());
        }
        match (&self.source, &self.kind) {
            (Source::Table(path), Some(kind)) => evidence::column_info(kind, &path.list, name),
            _ => None,
        }
    }

    /// Names to suggest: own columns, and those of the enclosing row.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.columns.keys().cloned().collect();
        if let (Source::Table(path), Some(kind)) = (&self.source, &self.kind) {
            if let Some((_, outer)) = path.list.split_last() {
                let outer = evidence::table_columns(kind, outer).unwrap_or_default();
                names.extend(outer.keys().map(|name| format!("parent.{name}")));
            }
            names.extend(evidence::FILE_COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
        }
        names
    }

    /// Whether a word is a column, or the first part of one (`agreement` of `agreement.signed_on`).
    pub(crate) fn is_column_word(&self, word: &str) -> bool {
        self.columns.keys().any(|name| name.split('.').next() == Some(word))
    }
}

/// Resolves a source; `parameter` gives the value of `$name`.
pub(crate) fn resolve(
    spec: &SourceSpec,
    kinds: &BTreeMap<KindId, Arc<EvidenceKind>>,
    parameter: &dyn Fn(&str) -> Option<Scalar>,
) -> Result<Resolved, Box<Diagnostic>> {
    match spec {
        SourceSpec::Named(name) => named(name, kinds),
        SourceSpec::Values(ValuesSpec::Rows { columns, rows, .. }) => {
            Ok(values(ValuesTable { columns: columns.clone(), rows: rows.clone() }))
        }
        SourceSpec::Values(ValuesSpec::Param(place)) => {
            let name = place.text.trim().trim_start_matches('$');
            match parameter(name) {
                Some(Scalar::List(item, items)) => Ok(values(ValuesTable {
                    columns: vec![("value".into(), item)],
                    rows: items.into_iter().map(|item| vec![item]).collect(),
                })),
                Some(other) => Err(Box::new(
                    Diagnostic::new(
                        &codes::VALUES_PARAMETER,
                        Text::new(
                            format!("参数 `{name}` 的类型是 {}，不是列表", other.type_of().name()),
                            format!("parameter `{name}` is {}, not a list", other.type_of().name()),
                        ),
                    )
                    .at_place(place.whole())
                    .help(Text::new(
                        "参数的类型写作 `list<text>` 等",
                        "give the parameter a type such as `list<text>`",
                    )),
                )),
                None => Err(Box::new(
                    Diagnostic::new(
                        &codes::UNKNOWN_PARAMETER,
                        Text::new(format!("没有参数 `{name}`"), format!("no parameter `{name}`")),
                    )
                    .at_place(place.whole())
                    .help(Text::new("在控制点的 `params` 中声明它", "declare it under `params` of the control")),
                )),
            }
        }
    }
}

fn plain(columns: &[(&str, Type)]) -> BTreeMap<String, ColumnInfo> {
    let info = |name: &str, ty: &Type| ColumnInfo {
        ty: ty.clone(),
        sensitivity: None,
        allowed: Vec::new(),
        title: name.to_owned(),
    };
    columns.iter().map(|(name, ty)| ((*name).to_owned(), info(name, ty))).collect()
}

fn values(table: ValuesTable) -> Resolved {
    let pairs: Vec<(&str, Type)> = table.columns.iter().map(|(name, ty)| (name.as_str(), ty.clone())).collect();
    let columns = plain(&pairs);
    let key = SourceKey::plain(table.columns.iter().map(|(name, _)| name.clone()).collect());
    let source = Source::Values(Arc::new(table));
    Resolved { source, columns, key, last_word: "values".into(), shown: "values".into(), kind: None }
}

fn named(name: &Excerpt, kinds: &BTreeMap<KindId, Arc<EvidenceKind>>) -> Result<Resolved, Box<Diagnostic>> {
    let written = name.text.trim();
    let words: Vec<&str> = written.split('.').collect();
    let last_word = words.last().copied().unwrap_or_default().to_owned();
    let fixed = match written {
        "catalog.provisions" => Some((Source::Catalog(Catalog::Provisions), PROVISIONS, "id")),
        "catalog.controls" => Some((Source::Catalog(Catalog::Controls), CONTROLS, "id")),
        "evidence.files" => Some((Source::Files, evidence::FILES_COLUMNS, "path")),
        _ => calendar(written).map(|calendar| (Source::Calendar(calendar), CALENDAR, "label")),
    };
    if let Some((source, columns, key)) = fixed {
        let key = SourceKey::plain(vec![key.to_owned()]);
        return Ok(Resolved { source, columns: plain(columns), key, last_word, shown: written.to_owned(), kind: None });
    }
    let Some(kind) = words.first().and_then(|first| kinds.get(*first)) else {
        return Err(Box::new(unknown(name, written, kinds)));
    };
    let list = list_path(kind, words.get(1..).unwrap_or_default())
        .map_err(|(word, lists)| Box::new(unknown_list(name, kind, &word, &lists)))?;
    let columns = evidence::table_columns(kind, &list).unwrap_or_default();
    let key = SourceKey::of_table(kind, &list);
    let source = Source::Table(TablePath { kind: kind.id.clone(), list });
    Ok(Resolved { source, columns, key, last_word, shown: written.to_owned(), kind: Some(Arc::clone(kind)) })
}

/// The nested lists that words name; a list inside a struct is one segment of two words.
fn list_path(kind: &EvidenceKind, words: &[&str]) -> Result<Vec<String>, (String, Vec<String>)> {
    let mut list = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let known = evidence::nested_lists(kind, &list);
        let found = (1..=rest.len()).find_map(|taken| {
            let name = rest.get(..taken)?.join(".");
            known.contains(&name).then_some((taken, name))
        });
        let Some((taken, name)) = found else {
            return Err((rest.first().copied().unwrap_or_default().to_owned(), known));
        };
        list.push(name);
        rest = rest.get(taken..).unwrap_or_default();
    }
    Ok(list)
}

fn calendar(written: &str) -> Option<Calendar> {
    Some(match written {
        "calendar.days" => Calendar::Days,
        "calendar.weeks" => Calendar::Weeks,
        "calendar.months" => Calendar::Months,
        "calendar.quarters" => Calendar::Quarters,
        "calendar.working_days" => Calendar::WorkingDays,
        _ => return None,
    })
}

const CALENDAR: &[(&str, Type)] = &[("start_on", Type::Date), ("end_on", Type::Date), ("label", Type::Text)];

pub(crate) const PROVISIONS: &[(&str, Type)] = &[
    ("id", Type::Text),
    ("law", Type::Text),
    ("article", Type::Text),
    ("binding", Type::Text),
    ("in_force", Type::Boolean),
    ("cited", Type::Boolean),
    ("in_force_from", Type::Date),
    ("in_force_to", Type::Date),
    ("verification", Type::Text),
];

pub(crate) const CONTROLS: &[(&str, Type)] = &[
    ("id", Type::Text),
    ("family", Type::Text),
    ("severity", Type::Text),
    ("title", Type::Text),
    ("selected", Type::Boolean),
    ("checks", Type::Integer),
];

fn unknown(name: &Excerpt, written: &str, kinds: &BTreeMap<KindId, Arc<EvidenceKind>>) -> Diagnostic {
    const FIXED: [&str; 8] = [
        "calendar.days",
        "calendar.weeks",
        "calendar.months",
        "calendar.quarters",
        "calendar.working_days",
        "catalog.provisions",
        "catalog.controls",
        "evidence.files",
    ];
    let diagnostic = Diagnostic::new(
        &codes::UNKNOWN_SOURCE,
        Text::new(format!("没有名为 `{written}` 的来源"), format!("no source `{written}`")),
    )
    .at_place(name.whole())
    .label(Text::new("不是证据类型", "not an evidence kind"));
    let first = written.split('.').next().unwrap_or_default();
    let known = kinds.keys().map(KindId::as_str);
    let found = nearest(written, FIXED).or_else(|| nearest(first, known));
    diagnostic.help(match found {
        Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
        None => Text::new(
            "请先在 `evidence/` 下声明该证据类型，或改用已有的类型",
            "declare the kind under `evidence/`, or use one that exists",
        ),
    })
}

fn unknown_list(name: &Excerpt, kind: &EvidenceKind, missing: &str, lists: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &codes::UNKNOWN_SOURCE,
        Text::new(
            format!("证据 `{}` 里没有列表 `{missing}`", kind.id),
            format!("no list `{missing}` in evidence `{}`", kind.id),
        ),
    )
    .at_place(name.whole())
    .label(Text::new("不是列表", "not a list"));
    let has = lists.join(", ");
    diagnostic.help(match (nearest(missing, lists.iter().map(String::as_str)), lists.is_empty()) {
        (Some(near), _) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
        (None, false) => Text::new(format!("它有的列表：{has}"), format!("its lists: {has}")),
        (None, true) => Text::new("它没有列表；直接写证据类型名", "it has no list: write the kind alone"),
    })
}
