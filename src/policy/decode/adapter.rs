//! `hegui/adapter/v1` → [`Adapter`] (docs/evidence.md).

use std::sync::Arc;

use super::evidence::{check_json_schema, layout, record};
use super::{Decoder, excerpt, excerpts, string};
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
        if string(root.get("each")).as_deref() == Some("file")
            && let Some(over) = root.get("over")
        {
            let message = Text::new("`each: file` 与 `over` 不能并用", "`each: file` and `over` exclude each other");
            let help = Text::new("删去其中一个", "remove one of the two");
            decoder.fault(over.fault(&codes::WRONG_WORD, message).help(help));
        }
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
        each: match string(root.get("each")).as_deref() {
            Some("file") => Each::File,
            _ => Each::Row(excerpts(root.get("over"))),
        },
        split,
        condition: excerpt(root.get("where")),
        columns: columns.map(|(name, value)| (name, value.excerpt())).collect(),
        source: Arc::clone(root.source()),
        file: layout(root, record, decoder)?,
    })
}
