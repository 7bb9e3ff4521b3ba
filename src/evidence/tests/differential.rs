//! The column kernels judge a row as the `jsonschema` crate judges the same row held whole.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

/// The same record as a plain JSON Schema: what the kernels are held against.
fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["code", "level"],
        "properties": {
            "code": {"type": "string", "pattern": "^[a-c]+", "minLength": 2, "maxLength": 4},
            "level": {"type": "integer", "minimum": -1, "maximum": 3},
            "share": {"type": "number", "minimum": 0.5, "maximum": 2.25},
            "state": {"type": "string", "enum": ["on", "off"]},
            "grade": {"type": "integer", "enum": [1, 3]},
            "flag": {"type": "boolean"},
            "day": {"type": "string", "format": "date"},
            "tags": {"type": "array", "items": {"type": "string", "enum": ["x", "y", "z"]}, "minItems": 1, "uniqueItems": true}
        }
    })
}

fn kernels() -> Arc<EvidenceKind> {
    // The schema is YAML as it is.
    static ROWS: std::sync::LazyLock<Arc<EvidenceKind>> =
        std::sync::LazyLock::new(|| kind("rows", &format!("files: [\"**/rows*\"]\nrecord: {}\n", schema())));
    Arc::clone(&ROWS)
}

const NAMES: [&str; 8] = ["code", "level", "share", "state", "grade", "flag", "day", "tags"];

fn cell(name: &str) -> BoxedStrategy<Option<Value>> {
    let value = match name {
        "code" => "[a-d]{1,5}".prop_map(Value::from).boxed(),
        "level" => (-3_i64..6).prop_map(Value::from).boxed(),
        "share" => (0_i32..12).prop_map(|quarters| json!(f64::from(quarters) / 4.0)).boxed(),
        "state" => prop_oneof![Just("on"), Just("off"), Just("away")].prop_map(Value::from).boxed(),
        "grade" => (0_i64..5).prop_map(Value::from).boxed(),
        "flag" => any::<bool>().prop_map(Value::from).boxed(),
        "day" => prop_oneof![Just("2026-02-28"), Just("2026-02-30"), Just("2026-12-01")].prop_map(Value::from).boxed(),
        _ => proptest::collection::vec(prop_oneof![Just("x"), Just("y"), Just("w")], 0..4)
            .prop_map(|tags| json!(tags))
            .boxed(),
    };
    prop_oneof![4 => value.prop_map(Some), 1 => Just(None)].boxed()
}

fn row() -> impl Strategy<Value = Map<String, Value>> {
    NAMES
        .map(|name| cell(name).prop_map(move |value| (name, value)))
        .to_vec()
        .prop_map(|cells| cells.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

proptest! {
    #[test]
    fn kernels_agree_with_jsonschema(rows in proptest::collection::vec(row(), 1..8)) {
        let validator = jsonschema::options().should_validate_formats(true).build(&schema()).unwrap();
        let text = Value::from(rows.iter().cloned().map(Value::Object).collect::<Vec<_>>()).to_string();
        let index = Index::from_memory([kernels()], vec![file("rows.json", "rows", &text)], options());
        let (found, _) = rows_of(&index, &[table("rows", &[], &NAMES)]);
        for (row, cells) in rows.into_iter().zip(&found[0]) {
            let instance = Value::Object(row);
            let mut broken: Vec<String> = validator
                .iter_errors(&instance)
                .map(|error| {
                    let path = error.instance_path().to_string();
                    let first = path.split('/').nth(1).map(str::to_owned);
                    // A missing property is told at the object.
                    first.unwrap_or_else(|| error.to_string().split('"').nth(1).unwrap_or_default().to_owned())
                })
                .collect();
            broken.sort();
            broken.dedup();
            let mut unreadable: Vec<String> =
                NAMES.iter().zip(cells).filter(|(_, cell)| *cell == "?").map(|(name, _)| (*name).to_owned()).collect();
            unreadable.sort();
            prop_assert_eq!(unreadable, broken, "{}", instance);
        }
    }
}
