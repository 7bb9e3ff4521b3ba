use super::*;

#[test]
fn published_schemas_equal_the_shapes() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/schema"));
    let mut published: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    published.sort();
    let schemas = schemas();
    assert_eq!(published, schemas.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    for (name, schema) in schemas {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        assert!(text == schema_text(&schema), "{name} is old: `hegui policy schema --out policies/schema` writes it");
    }
}

#[test]
fn published_schemas_are_schemas_and_accept_the_shipped_files() {
    let schemas: std::collections::BTreeMap<_, _> = schemas().into_iter().collect();
    for (name, schema) in &schemas {
        assert!(jsonschema::draft202012::meta::validate(schema).is_ok(), "{name}");
    }
    let mut seen = std::collections::BTreeSet::new();
    for file in folder().files {
        let root = Value::new(file.root.as_ref().unwrap(), &file.source);
        let kind = root.get("schema").and_then(Value::text).unwrap().split('/').nth(1).unwrap();
        let validator = jsonschema::options()
            .with_pattern_options(jsonschema::PatternOptions::regex())
            .build(&schemas[&format!("{kind}.json")])
            .unwrap();
        let instance = root.to_json();
        let errors: Vec<_> = validator.iter_errors(&instance).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.path);
        seen.insert(kind.to_owned());
    }
    assert!(seen.contains("control") && seen.contains("evidence") && seen.contains("provisions"));
}
