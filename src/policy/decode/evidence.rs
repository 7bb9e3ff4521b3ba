//! `hegui/evidence/v1` → [`EvidenceKind`] (LANGUAGE §6).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Decoder, boolean, integer, string, strings, text, typed};
use crate::expr::{DurationUnit, Scalar, Type};
use crate::model::{
    BlockPattern, ColumnKind, DateOnly, Epoch, EvidenceKind, Field, FieldKind, KindId, LinePattern, ReadOptions,
    Record, Sensitivity, Several,
};
use crate::policy::tree::{Sort, Value};
use crate::policy::{codes, duration};
use crate::text::{Diagnostic, Text, suggest::nearest};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The kind in `root`.
pub(crate) fn decode(root: Value<'_>, decoder: &mut Decoder<'_>) -> Option<EvidenceKind> {
    let record_value = root.get("record")?;
    let record = record(record_value, decoder);
    if !decoder.trusted {
        check_json_schema(record_value, decoder);
        check_columns(root, &record, decoder);
    }
    let max_age_days = root.get("max_age").and_then(|age| max_age(age, decoder));
    let kind = layout(root, record, decoder)?;
    Some(EvidenceKind {
        owner: string(root.get("owner")),
        max_age_days,
        time: string(root.get("time")),
        key: strings(root.get("key")),
        several: match string(root.get("several")).as_deref() {
            Some("newest") => Several::Newest,
            _ => Several::All,
        },
        may_be_empty: boolean(root.get("may_be_empty")).unwrap_or_default(),
        ..kind
    })
}

/// What kinds and adapters have in common: how their files are called and read.
pub(super) fn layout(root: Value<'_>, record: Record, decoder: &mut Decoder<'_>) -> Option<EvidenceKind> {
    let files = root.get("files").into_iter().flat_map(Value::items).filter_map(|glob| decoder.glob(glob)).collect();
    let read = root.get("read").map(|read| read_options(read, decoder)).unwrap_or_default();
    if let Some(rows) = root.get("rows")
        && let Some(pointer) = rows.text()
        && !(pointer.is_empty() || pointer.starts_with('/'))
    {
        let message = Text::new(format!("`{pointer}` 不是 JSON 指针"), format!("`{pointer}` is not a JSON pointer"));
        decoder.fault(rows.fault(&codes::WRONG_WORD, message).help(Text::new("以 `/` 开头", "start it with `/`")));
    }
    Some(EvidenceKind {
        id: KindId::new(root.get("id")?.text()?),
        title: text(root.get("title"))?,
        collect: text(root.get("collect"))?,
        owner: None,
        files,
        max_age_days: None,
        time: None,
        key: Vec::new(),
        several: Several::All,
        may_be_empty: true,
        read,
        rows: string(root.get("rows")),
        record,
        adapters: Vec::new(),
        source: Arc::clone(root.source()),
    })
}

fn max_age(value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<i64> {
    let (unit, amount) = duration::parse(value.text()?)?;
    if unit == DurationUnit::Days {
        return Some(amount / DAY);
    }
    let message = Text::new("`max_age` 应以天计", "`max_age` is counted in days");
    let help = Text::new("例如 `100 days`、`26 weeks`", "write it like `100 days` or `26 weeks`");
    decoder.fault(value.fault(&codes::WRONG_WORD, message).help(help));
    None
}

fn read_options(value: Value<'_>, decoder: &mut Decoder<'_>) -> ReadOptions {
    let csv = |key: &str| value.get("csv").and_then(|csv| csv.get(key));
    let xlsx = |key: &str| value.get("xlsx").and_then(|xlsx| xlsx.get(key));
    let given = |value: Option<Value<'_>>| string(value).filter(|text| text != "auto");
    let delimiter_value = csv("delimiter");
    let delimiter = given(delimiter_value).and_then(|text| match text.as_str() {
        "tab" | "\\t" => Some('\t'),
        other => {
            let mut chars = other.chars();
            let first = chars.next();
            // Files are cut byte by byte, and a quote or a line end means something else.
            first.filter(|c| chars.next().is_none() && c.is_ascii() && !matches!(c, '"' | '\n' | '\r'))
        }
    });
    if let (Some(value), Some(_), None) = (delimiter_value, given(delimiter_value), delimiter) {
        let message =
            Text::new("分隔符应为一个半角字符，不能是引号", "a delimiter is one ASCII character, and no quote");
        decoder.fault(
            value.fault(&codes::WRONG_WORD, message).help(Text::new("制表符写作 `tab`", "write a tab as `tab`")),
        );
    }
    let header_value = csv("header_row").or_else(|| xlsx("header_row"));
    let header_row = given(header_value).and_then(|text| text.parse().ok()).filter(|row| *row >= 1);
    if let (Some(value), Some(_), None) = (header_value, given(header_value), header_row) {
        let message =
            Text::new("表头行应为从 1 起的行号，或 `auto`", "the header row is a row number from 1, or `auto`");
        let help = Text::new("写 `3` 这样的行号", "write a row number, such as `3`");
        decoder.fault(value.fault(&codes::WRONG_WORD, message).help(help));
    }
    if let (Some(_), Some(blocks)) = (value.get("lines"), value.get("blocks")) {
        let message = Text::new("`lines` 与 `blocks` 只能写一个", "`lines` and `blocks` exclude each other");
        decoder
            .fault(blocks.fault(&codes::WRONG_WORD, message).help(Text::new("删去其中一个", "remove one of the two")));
    }
    ReadOptions {
        encoding: given(csv("encoding")),
        delimiter,
        header_row,
        footer: decoder.pattern(csv("footer").or_else(|| xlsx("footer"))),
        sheet: given(xlsx("sheet")),
        lines: value.get("lines").and_then(|lines| {
            let pattern = decoder.pattern(lines.get("pattern"))?;
            Some(LinePattern { pattern, skip: decoder.pattern(lines.get("skip")) })
        }),
        blocks: value.get("blocks").and_then(|blocks| {
            let pattern = decoder.pattern(blocks.get("pattern"))?;
            Some(BlockPattern { pattern, begins: decoder.pattern(blocks.get("begins")) })
        }),
    }
}

/// Schema of one row.
pub(super) fn record(value: Value<'_>, decoder: &mut Decoder<'_>) -> Record {
    let required = strings(value.get("required"));
    let mut fields = BTreeMap::new();
    for (position, (name, property)) in value.get("properties").into_iter().flat_map(Value::named).enumerate() {
        let kind = field_kind(property, decoder);
        let Some(kind) = kind else { continue };
        let field = Field {
            title: string(property.get("title")),
            aliases: strings(property.get("x-aliases")),
            stated: Vec::new(),
            kind,
            required: required.contains(&name.text),
            sensitivity: string(property.get("x-sensitive")).as_deref().and_then(sensitivity),
            unit: string(property.get("x-unit")),
            description: text(property.get("description")),
            position,
            name: name.text,
        };
        fields.insert(field.name.clone(), field);
    }
    let nulls = strings(value.get("x-null"));
    if !nulls.is_empty() {
        fields.values_mut().for_each(|field| share_nulls(&mut field.kind, &nulls));
    }
    if !decoder.trusted {
        // Those that could not be read are known too: their own fault is told.
        let written: Vec<String> =
            value.get("properties").into_iter().flat_map(Value::named).map(|(name, _)| name.text).collect();
        let known: Vec<&str> = written.iter().map(String::as_str).collect();
        for wanted in value.get("required").into_iter().flat_map(Value::items) {
            known_column(wanted, "required", &known, decoder);
        }
        for (_, property) in value.get("properties").into_iter().flat_map(Value::entries) {
            if let Some(other) = property.get("x-not-before") {
                known_column(other, "x-not-before", &known, decoder);
            }
        }
    }
    Record { fields }
}

fn known_column(value: Value<'_>, key: &str, known: &[&str], decoder: &mut Decoder<'_>) {
    let Some(name) = value.text() else { return };
    if known.contains(&name) {
        return;
    }
    let message = Text::new(
        format!("`{key}` 提到的列 `{name}` 不在 `properties` 里"),
        format!("`{key}` names column `{name}`, which `properties` lacks"),
    );
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
        None => Text::new(format!("已有的列：{}", known.join(", ")), format!("it has: {}", known.join(", "))),
    };
    decoder.fault(value.fault(&codes::UNKNOWN_COLUMN_OF_KIND, message).help(help));
}

fn sensitivity(word: &str) -> Option<Sensitivity> {
    Some(match word {
        "name" => Sensitivity::Name,
        "id_no" => Sensitivity::IdNo,
        "phone" => Sensitivity::Phone,
        "card" => Sensitivity::Card,
        "email" => Sensitivity::Email,
        "address" => Sensitivity::Address,
        _ => return None,
    })
}

/// The column type of a scalar schema.
fn scalar_type(value: Value<'_>) -> Option<Type> {
    Some(match (value.get("type")?.text()?, string(value.get("format")).as_deref()) {
        ("string", Some("date")) => Type::Date,
        ("string", Some("date-time")) => Type::Timestamp,
        ("string", None) => Type::Text,
        ("integer", _) => Type::Integer,
        ("number", _) => Type::Decimal,
        ("boolean", _) => Type::Boolean,
        _ => return None,
    })
}

fn bad_schema(value: Value<'_>, message: Text, help: Text) -> Diagnostic {
    value.fault(&codes::BAD_SCHEMA, message).help(help)
}

/// Gives every column without words for null those of its record, but for words that are values of it.
fn share_nulls(kind: &mut FieldKind, words: &[String]) {
    match kind {
        FieldKind::Column(column) if column.null_words.is_empty() => {
            let is_value = |word: &str| {
                column.synonyms.contains_key(word)
                    || column.allowed.iter().any(|allowed| matches!(allowed, Scalar::Text(text) if text == word))
                    // 无 is an answer to 有 or 无.
                    || (column.ty == Type::Boolean && word.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}')))
            };
            column.shared_null_words = words.iter().filter(|word| !is_value(word)).cloned().collect();
        }
        FieldKind::Column(_) => {}
        FieldKind::Struct(inner) | FieldKind::Children { record: inner, .. } => {
            inner.fields.values_mut().for_each(|field| share_nulls(&mut field.kind, words));
        }
    }
}

fn field_kind(value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<FieldKind> {
    match value.get("type")?.text()? {
        "object" => {
            if value.get("properties").is_none() {
                let message = Text::new("结构缺少 `properties`", "an object needs `properties`");
                let help = Text::new("写 `properties: {字段: {type: …}}`", "write `properties: {field: {type: …}}`");
                decoder.fault(bad_schema(value, message, help));
            }
            Some(FieldKind::Struct(record(value, decoder)))
        }
        "array" => {
            let Some(items) = value.get("items") else {
                let message = Text::new("清单缺少 `items`", "an array needs `items`");
                let help = Text::new("写 `items: {type: …}`", "write `items: {type: …}`");
                decoder.fault(bad_schema(value, message, help));
                return None;
            };
            match items.get("type")?.text()? {
                "object" => Some(FieldKind::Children {
                    record: record(items, decoder),
                    may_be_empty: boolean(value.get("x-may-be-empty")).unwrap_or_default(),
                }),
                "array" => {
                    let message = Text::new("清单里不能直接是清单", "a list cannot hold lists directly");
                    let help = Text::new("中间加一层结构", "put an object between them");
                    decoder.fault(bad_schema(items, message, help));
                    None
                }
                _ => column(value, items, decoder).map(|column| FieldKind::Column(Box::new(column))),
            }
        }
        _ => column(value, value, decoder).map(|column| FieldKind::Column(Box::new(column))),
    }
}

/// A column; for a list of scalars `item` holds the constraints of an element, else it is `value` itself.
fn column(value: Value<'_>, item: Value<'_>, decoder: &mut Decoder<'_>) -> Option<ColumnKind> {
    let item_type = scalar_type(item)?;
    let is_list = value.span() != item.span();
    misfits(value, item, &item_type, is_list, decoder);
    let mut typed_value = |value: Value<'_>| {
        let read = typed::scalar_of(value, &item_type);
        if read.is_none() {
            let message = Text::new(
                format!("值应为 {}", item_type.name()),
                format!("the value should be of type {}", item_type.name()),
            );
            let help = Text::new("改正这个值，或改正 `type`", "correct the value, or `type`");
            decoder.faults.push(bad_schema(value, message, help));
        }
        read
    };
    let allowed: Vec<Scalar> =
        item.get("enum").into_iter().flat_map(Value::items).filter_map(&mut typed_value).collect();
    let minimum = item.get("minimum").and_then(&mut typed_value);
    let maximum = item.get("maximum").and_then(&mut typed_value);
    let (synonyms, words) =
        synonyms(item.get("x-synonyms").or_else(|| value.get("x-synonyms")), &item_type, &allowed, decoder);
    if let (Some(low), Some(high)) = (&minimum, &maximum)
        && typed::compare(high, low) == Some(std::cmp::Ordering::Less)
    {
        let message = Text::new("`maximum` 小于 `minimum`", "`maximum` is below `minimum`");
        decoder.fault(bad_schema(item, message, Text::new("改正其中一个", "correct one of them")));
    }
    let count = |value: Option<Value<'_>>| integer(value).and_then(|count| u64::try_from(count).ok());
    Some(ColumnKind {
        ty: if is_list { Type::List(Box::new(item_type)) } else { item_type },
        allowed,
        minimum,
        maximum,
        pattern: decoder.pattern(item.get("pattern")),
        min_length: count(item.get("minLength")),
        max_length: count(item.get("maxLength")),
        min_items: count(value.get("minItems")),
        unique_items: boolean(value.get("uniqueItems")).unwrap_or_default(),
        may_be_empty: boolean(value.get("x-may-be-empty")).unwrap_or_default(),
        not_before: string(value.get("x-not-before")),
        synonyms,
        words,
        separator: string(value.get("x-separator")),
        time_zone: value.get("x-time-zone").and_then(|zone| time_zone(zone, decoder)),
        date_only: match string(value.get("x-date-only")).as_deref() {
            Some("start") => Some(DateOnly::Start),
            Some("end") => Some(DateOnly::End),
            _ => None,
        },
        epoch: match string(value.get("x-epoch")).as_deref() {
            Some("seconds") => Some(Epoch::Seconds),
            Some("milliseconds") => Some(Epoch::Milliseconds),
            _ => None,
        },
        null_words: strings(value.get("x-null")),
        shared_null_words: Vec::new(),
    })
}

fn time_zone(value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<String> {
    let name = value.text()?;
    if name.parse::<chrono_tz::Tz>().is_err() {
        let message = Text::new(format!("不认识的时区 `{name}`"), format!("unknown time zone `{name}`"));
        let help = Text::new("用 IANA 名称，例如 `Asia/Shanghai`", "use an IANA name, as in `Asia/Shanghai`");
        decoder.fault(value.fault(&codes::WORKSPACE_TIME_ZONE, message).help(help));
    }
    Some(name.to_owned())
}

/// Constraints that say nothing about the column's type, and so would silently do nothing.
fn misfits(value: Value<'_>, item: Value<'_>, item_type: &Type, is_list: bool, decoder: &mut Decoder<'_>) {
    let ordered = matches!(item_type, Type::Integer | Type::Decimal);
    let text = *item_type == Type::Text;
    let time = matches!(item_type, Type::Date | Type::Timestamp);
    let rules: [(&str, Value<'_>, bool); 15] = [
        ("minimum", item, ordered),
        ("maximum", item, ordered),
        ("pattern", item, text),
        ("minLength", item, text),
        ("maxLength", item, text),
        ("format", item, text || time),
        ("properties", item, false),
        ("minItems", value, is_list),
        ("uniqueItems", value, is_list),
        ("x-may-be-empty", value, is_list),
        ("x-separator", value, is_list),
        ("x-not-before", value, time && !is_list),
        ("x-time-zone", item, *item_type == Type::Timestamp),
        ("x-date-only", item, *item_type == Type::Timestamp),
        ("x-epoch", item, *item_type == Type::Timestamp),
    ];
    for (key, holder, fits) in rules {
        if let Some(constraint) = holder.get(key).filter(|_| !fits) {
            let name = item_type.name();
            let message =
                Text::new(format!("`{key}` 对类型 {name} 不起作用"), format!("`{key}` does nothing for type {name}"));
            let help = Text::new("删去它，或改正 `type`", "remove it, or correct `type`");
            decoder.fault(bad_schema(constraint, message, help));
        }
    }
}

/// Written word → value, from `value: [words]`, and the words in order.
fn synonyms(
    value: Option<Value<'_>>,
    ty: &Type,
    allowed: &[Scalar],
    decoder: &mut Decoder<'_>,
) -> (BTreeMap<String, Scalar>, Vec<String>) {
    let (mut synonyms, mut in_order) = (BTreeMap::new(), Vec::new());
    let Some(value) = value else { return (synonyms, in_order) };
    for ((key, words), (name, _)) in value.entries().zip(value.named()) {
        let canonical = super::super::yaml::Node::Scalar(key.clone());
        let Some(scalar) = typed::scalar_of(Value::new(&canonical, value.source()), ty) else {
            let message = Text::new(
                format!("`{}` 不是 {}", name.text, ty.name()),
                format!("`{}` is not of type {}", name.text, ty.name()),
            );
            let help =
                Text::new("左边写值，右边写它的其他写法", "the value on the left, other words for it on the right");
            decoder.fault(Diagnostic::new(&codes::BAD_SCHEMA, message).at_place(name.whole()).help(help));
            continue;
        };
        if !allowed.is_empty() && !allowed.contains(&scalar) {
            let message =
                Text::new(format!("`{}` 不在 `enum` 里", name.text), format!("`{}` is not in `enum`", name.text));
            let help = Text::new("写 `enum` 里的值，或把它加进 `enum`", "write a value of `enum`, or add it there");
            decoder.fault(Diagnostic::new(&codes::BAD_SCHEMA, message).at_place(name.whole()).help(help));
        }
        for word in words.one_or_more() {
            let Some(text) = word.text() else { continue };
            in_order.push(text.to_owned());
            if synonyms.insert(text.to_owned(), scalar.clone()).is_some_and(|before| before != scalar) {
                let message = Text::new(format!("`{text}` 对应两个值"), format!("`{text}` stands for two values"));
                decoder.fault(bad_schema(word, message, Text::new("只留一处", "keep it at one of them")));
            }
        }
    }
    (synonyms, in_order)
}

/// `time` and `key` name columns of the row; `time` is a date or timestamp.
fn check_columns(root: Value<'_>, record: &Record, decoder: &mut Decoder<'_>) {
    let columns = column_types(record);
    let written = root.get("record").map(written_columns).unwrap_or_default();
    let names: Vec<&str> = written.iter().map(String::as_str).collect();
    if let Some(time) = root.get("time") {
        known_column(time, "time", &names, decoder);
        let ty = columns.iter().find(|(name, _)| Some(name.as_str()) == time.text()).map(|(_, ty)| ty);
        if ty.is_some_and(|ty| !matches!(ty, Type::Date | Type::Timestamp)) {
            let message = Text::new("`time` 应为日期或时刻的列", "`time` should be a date or timestamp column");
            let help = Text::new(
                "换成日期或时刻的列，或给这一列写 `format: date`",
                "name a date or timestamp column, or give this one `format: date`",
            );
            decoder.fault(bad_schema(time, message, help));
        }
    }
    for key in root.get("key").into_iter().flat_map(Value::one_or_more) {
        known_column(key, "key", &names, decoder);
    }
}

/// Columns of a row by dotted name, readable or not; lists are left out.
fn written_columns(record: Value<'_>) -> Vec<String> {
    let mut columns = Vec::new();
    for (name, property) in record.get("properties").into_iter().flat_map(Value::named) {
        match property.get("type").and_then(Value::text) {
            Some("object") => {
                columns.extend(written_columns(property).into_iter().map(|inner| format!("{}.{inner}", name.text)));
            }
            Some("array") if property.get("items").is_some_and(|items| items.get("properties").is_some()) => {}
            _ => columns.push(name.text),
        }
    }
    columns
}

/// Scalar columns of a row by dotted name.
fn column_types(record: &Record) -> Vec<(String, Type)> {
    let mut columns = Vec::new();
    for field in record.fields.values() {
        match &field.kind {
            FieldKind::Column(column) => columns.push((field.name.clone(), column.ty.clone())),
            FieldKind::Struct(inner) => {
                columns
                    .extend(column_types(inner).into_iter().map(|(name, ty)| (format!("{}.{name}", field.name), ty)));
            }
            FieldKind::Children { .. } => {}
        }
    }
    columns
}

/// `record` is a JSON Schema that any validator accepts.
pub(super) fn check_json_schema(value: Value<'_>, decoder: &mut Decoder<'_>) {
    let schema = plain_descriptions(value);
    let Err(error) = jsonschema::draft202012::meta::validate(&schema) else { return };
    // The pointer leads to the value that is wrong.
    let path = error.instance_path().to_string();
    let place = path.split('/').skip(1).try_fold(value, |at, step| match at.sort() {
        Sort::List => at.items().nth(step.parse().ok()?),
        _ => at.get(&step.replace("~1", "/").replace("~0", "~")),
    });
    let key = path.rsplit('/').next().unwrap_or_default();
    let message = Text::new(
        format!("不是有效的 JSON Schema：`{key}` 的值不合其规定"),
        format!("not a valid JSON Schema: {error}"),
    );
    let help = Text::new(format!("改正 `{key}`，或删去它"), format!("correct `{key}`, or remove it"));
    decoder.fault(place.unwrap_or(value).fault(&codes::BAD_SCHEMA, message).help(help));
}

/// The schema as JSON, `{zh, en}` descriptions as plain text.
fn plain_descriptions(value: Value<'_>) -> serde_json::Value {
    fn walk(json: &mut serde_json::Value) {
        match json {
            serde_json::Value::Object(map) => {
                for (key, inner) in map.iter_mut() {
                    let text = inner.get("en").and_then(serde_json::Value::as_str).map(str::to_owned);
                    if let (true, Some(text)) = (key == "description", text) {
                        *inner = text.into();
                    }
                    walk(inner);
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    let mut json = value.to_json();
    walk(&mut json);
    json
}
