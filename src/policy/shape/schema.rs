//! Shapes → JSON Schemas (2020-12), so that editors complete and check policy files.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Doc, FILE_KINDS, Shape, Ty};

/// File name and content of every published schema, by name.
pub(crate) fn schemas() -> Vec<(String, Json)> {
    FILE_KINDS.iter().map(|kind| (format!("{}.json", kind.name), file_schema(kind.name, kind.shape))).collect()
}

fn file_schema(kind: &str, shape: &'static Shape) -> Json {
    let mut definitions = BTreeMap::new();
    let root = object(shape, &mut definitions);
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("$id".into(), json!(format!("urn:hegui:{kind}:v1")));
    schema.insert("title".into(), json!(format!("hegui/{kind}/v1")));
    if let Json::Object(root) = root {
        schema.extend(root);
    }
    if !definitions.is_empty() {
        schema.insert("$defs".into(), definitions.into_iter().collect::<Map<_, _>>().into());
    }
    Json::Object(schema)
}

fn words(doc: &Doc) -> String {
    format!("{}\n\n{}", doc.en, doc.zh)
}

fn object(shape: &'static Shape, definitions: &mut BTreeMap<String, Json>) -> Json {
    let mut properties = Map::new();
    for key in shape.keys {
        let mut schema = type_schema(&key.ty, definitions);
        if let Json::Object(schema) = &mut schema {
            schema.insert("description".into(), json!(words(&key.doc)));
        }
        properties.insert(key.name.to_owned(), schema);
    }
    let required: Vec<_> = shape.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = Map::new();
    schema.insert("description".into(), json!(words(&shape.doc)));
    schema.insert("type".into(), json!("object"));
    schema.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    if !shape.exactly_one.is_empty() {
        let one_of: Vec<_> = shape.exactly_one.iter().map(|name| json!({"required": [name]})).collect();
        schema.insert("oneOf".into(), json!(one_of));
    }
    schema.insert("properties".into(), properties.into());
    Json::Object(schema)
}

fn type_schema(ty: &Ty, definitions: &mut BTreeMap<String, Json>) -> Json {
    const SCALAR: [&str; 4] = ["string", "number", "integer", "boolean"];
    match ty {
        Ty::Any => json!({}),
        Ty::Const(word) => json!({"const": word}),
        Ty::Str | Ty::Expr | Ty::Scalar => json!({"type": SCALAR}),
        Ty::Text | Ty::Template => json!({"anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "object", "required": ["zh", "en"], "additionalProperties": false,
             "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}}},
        ]}),
        Ty::Word(word) => json!({"type": "string", "pattern": word.pattern}),
        Ty::Boolean => json!({"type": "boolean"}),
        Ty::Integer(least, greatest) if *greatest == i64::MAX => json!({"type": "integer", "minimum": least}),
        Ty::Integer(least, greatest) => json!({"type": "integer", "minimum": least, "maximum": greatest}),
        Ty::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
        Ty::Duration => {
            json!({"type": "string", "pattern": "^[0-9]+ (minute|hour|day|week|month|year)s?$"})
        }
        Ty::Share => json!({"anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)? ?%|\$.+)$"},
        ]}),
        Ty::Enum(choices) => json!({"oneOf": choices
            .iter()
            .map(|(word, doc)| json!({"const": word, "description": words(doc)}))
            .collect::<Vec<_>>()}),
        Ty::List(item, least) => {
            let items = type_schema(item, definitions);
            if *least == 0 {
                json!({"type": "array", "items": items})
            } else {
                json!({"type": "array", "minItems": least, "items": items})
            }
        }
        Ty::OneOrMore(item) => {
            let item = type_schema(item, definitions);
            json!({"anyOf": [item, {"type": "array", "items": item}]})
        }
        Ty::Map(word, item) => {
            let item = type_schema(item, definitions);
            json!({"type": "object", "propertyNames": {"pattern": word.pattern}, "additionalProperties": item})
        }
        Ty::Object(shape) => {
            let name = shape.name.replace(' ', "-");
            if !definitions.contains_key(&name) {
                // Shapes refer to one another in circles: the name is taken before the inside is walked.
                definitions.insert(name.clone(), Json::Null);
                let schema = object(shape, definitions);
                definitions.insert(name.clone(), schema);
            }
            json!({"$ref": format!("#/$defs/{name}")})
        }
        Ty::Either(choices) => {
            json!({"anyOf": choices.iter().map(|choice| type_schema(choice, definitions)).collect::<Vec<_>>()})
        }
    }
}
