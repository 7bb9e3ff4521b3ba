//! `hegui/adapter/v1` → [`Adapter`] (docs/evidence.md).

use std::sync::Arc;

use super::evidence::{check_json_schema, layout, record};
use super::{Decoder, excerpt, excerpts, string};
use crate::model::{Adapter, Each, Split};
use crate::policy::tree::Value;

/// The adapter in `root`.
pub(crate) fn decode(root: Value<'_>, decoder: &mut Decoder<'_>) -> Option<Adapter> {
    let record_value = root.get("record")?;
    let record = record(record_value, decoder);
    if !decoder.trusted {
        check_json_schema(record_value, decoder);
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
