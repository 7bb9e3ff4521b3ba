//! `hegui/adapter/v1` → [`Adapter`] (docs/evidence.md).

use std::sync::Arc;

use super::evidence::{check_json_schema, layout, record};
use super::{Decoder, boolean, excerpt, excerpts, string};
use crate::model::{Adapter, Each, Split};
use crate::policy::codes;
use crate::policy::tree::Value;
use crate::text::Text;

/// The adapter in `root`.
pub(crate) fn decode(root: Value<'_>, decoder: &mut Decoder<'_>) -> Option<Adapter> {
    let record_value = root.get("record")?;
    let record = record(record_value, decoder);
    if !decoder.trusted {
        check_json_schema(record_value, decoder);
    }
    if !decoder.trusted
        && let Some(columns) = root.get("columns").filter(|columns| columns.entries().next().is_none())
    {
        let message = Text::new("适配器没有给出任何列", "the adapter gives no column");
        let help = Text::new("写 `columns: {列: 表达式}`", "write `columns: {column: expression}`");
        decoder.fault(columns.fault(&codes::BAD_SCHEMA, message).help(help));
    }
    let mut split = Vec::new();
    for (column, pattern) in root.get("split").into_iter().flat_map(Value::named) {
        decoder.pattern(Some(pattern));
        split.push(Split { column, pattern: pattern.excerpt() });
    }
    let columns = root.get("columns").into_iter().flat_map(Value::named);
    Some(Adapter {
        id: string(root.get("id"))?,
        kind: excerpt(root.get("kind"))?,
        head: decoder.pattern(root.get("head")),
        over: excerpts(root.get("over")),
        keep_empty: boolean(root.get("keep_empty")).unwrap_or_default(),
        each: match root.get("each") {
            None => Each::Row,
            Some(each) => match each.text() {
                Some("row") => Each::Row,
                Some("file") => Each::Group(Vec::new()),
                _ => Each::Group(excerpts(Some(each))),
            },
        },
        split,
        condition: excerpt(root.get("where")),
        columns: columns.map(|(name, value)| (name, value.excerpt())).collect(),
        trusted: decoder.trusted,
        source: Arc::clone(root.source()),
        file: layout(root, record, decoder)?,
    })
}
