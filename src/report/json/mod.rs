//! `assessment.json`: the machine-readable assessment, read back for `--baseline` and `hegui report`.

mod mirror;
mod v1;

use std::io;

use serde::Serialize as _;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::ReportError;
use super::escape::acts;
use crate::model::Assessment;
use mirror::Mirror as _;
pub use v1::AssessmentV1;

/// The assessment as JSON text with a final line break: schema `hegui/assessment/v1`.
///
/// Characters that act on a terminal or hide are written as `\uXXXX`, so that a pager shows the file as it is.
///
/// # Errors
/// [`ReportError::Encode`], which would be a fault of the tool.
pub fn to_json(assessment: &Assessment) -> Result<Vec<u8>, ReportError> {
    let mut bytes = Vec::new();
    let formatter = Harmless(PrettyFormatter::with_indent(b" "));
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    AssessmentV1::from(assessment).serialize(&mut serializer).map_err(|source| ReportError::Encode { source })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads an assessment back.
///
/// # Errors
/// [`ReportError::Read`] when the text is not an assessment of this schema.
pub fn from_json(text: &[u8]) -> Result<Assessment, ReportError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let read: AssessmentV1 = serde_json::from_slice(text).map_err(|source| ReportError::Read { source })?;
    Ok(read.into_model())
}

impl From<&Assessment> for AssessmentV1 {
    fn from(assessment: &Assessment) -> Self {
        Self::from_model(assessment)
    }
}

/// The published JSON Schema of `assessment.json`, with a final line break.
///
/// # Errors
/// [`ReportError::Encode`], which would be a fault of the tool.
pub fn schema() -> Result<String, ReportError> {
    let mut schema = schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
    let schema = schema.root_schema_for::<AssessmentV1>();
    let mut text = serde_json::to_string_pretty(&schema).map_err(|source| ReportError::Encode { source })?;
    text.push('\n');
    Ok(text)
}

/// Writes what acts or hides as `\uXXXX`; JSON readers give the same text back.
struct Harmless<'a>(PrettyFormatter<'a>);

impl Formatter for Harmless<'_> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in fragment.char_indices().filter(|(_, character)| acts(*character)) {
            writer.write_all(fragment.get(plain..at).unwrap_or_default().as_bytes())?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            plain = at + character.len_utf8();
        }
        writer.write_all(fragment.get(plain..).unwrap_or_default().as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::assess::fixture;

    fn value() -> Value {
        serde_json::from_slice(&to_json(&fixture::rich()).unwrap()).unwrap()
    }

    #[test]
    fn the_spine_has_the_names_tools_rely_on() {
        let json = value();
        assert_eq!(json["schema"], "hegui/assessment/v1");
        let control = &json["controls"][0];
        assert_eq!(
            (&control["id"], &control["outcome"], &control["reason"]),
            (&Value::from("BAK-01"), &Value::from("not_satisfied"), &Value::Null)
        );
        let check = &control["checks"][0];
        assert_eq!(check["id"], "BAK-01.1");
        assert_eq!(check["outcome"], "not_satisfied");
        assert_eq!(
            (&check["population"], &check["conforming"], &check["findings_total"]),
            (&Value::from(10), &Value::from(7), &Value::from(3))
        );
        assert_eq!(check["findings"].as_array().unwrap().len(), 3);
        assert_eq!(check["findings"][0]["fingerprint"], "0000000000000002");
        assert_eq!(check["findings"][0]["citations"][0]["row"], 2);
        let untested = &json["controls"][1];
        assert_eq!(
            (&untested["outcome"], &untested["reason"]),
            (&Value::from("not_tested"), &Value::from("evidence_missing"))
        );
        assert_eq!(untested["checks"][0]["reason"], "evidence_missing");
        assert_eq!(json["gaps"][0]["check"], "BAK-01.1");
        assert_eq!(json["evidence"][0]["path"], "evidence/2026Q3/backup_jobs.csv");
        assert_eq!(json["scores"]["before_waivers"]["percent"], 0.0);
        assert_eq!(json["metadata"]["as_of"], "2026-09-30");
        assert_eq!(json["metadata"]["as_of_end"], "2026-10-01T00:00:00+08:00");
        assert_eq!(json["metadata"]["period"]["ends_at"], "2026-10-01T00:00:00+08:00");
    }

    #[test]
    fn what_is_written_can_be_read_back_whole() {
        let assessment = fixture::rich();
        let written = to_json(&assessment).unwrap();
        let read = from_json(&written).unwrap();
        assert_eq!(read, assessment);
        assert_eq!(to_json(&read).unwrap(), written);
    }

    #[test]
    fn the_published_schema_is_the_generated_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/schema/assessment-v1.json");
        let generated = schema().unwrap();
        if std::fs::read_to_string(path).unwrap_or_default() != generated {
            let beside = format!("{path}.new");
            std::fs::write(&beside, generated).unwrap();
            panic!("{path} is out of date; the generated schema is beside it: mv {beside} {path}");
        }
    }

    #[test]
    fn an_assessment_is_valid_by_its_schema() {
        let schema: Value = serde_json::from_str(&schema().unwrap()).unwrap();
        let options = jsonschema::options().with_pattern_options(jsonschema::PatternOptions::regex());
        let validator = options.build(&schema).unwrap();
        let faults: Vec<String> = validator.iter_errors(&value()).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new());
        let mut broken = value();
        broken["controls"][0]["outcome"] = Value::from("ok");
        assert!(!validator.is_valid(&broken), "the schema lets an unknown outcome through");
    }

    #[test]
    fn no_character_that_acts_is_in_the_file() {
        let text = String::from_utf8(to_json(&fixture::hostile()).unwrap()).unwrap();
        let found = text.chars().find(|character| acts(*character) && *character != '\n');
        assert_eq!(found, None);
        assert_eq!(from_json(text.as_bytes()).unwrap(), fixture::hostile());
    }

    #[test]
    fn other_files_are_refused() {
        let cases = [
            ("empty", ""),
            ("not json", "schema: x"),
            ("another schema", r#"{"schema": "hegui/assessment/v2"}"#),
            ("a part", r#"{"schema": "hegui/assessment/v1"}"#),
        ];
        for (name, text) in cases {
            assert!(matches!(from_json(text.as_bytes()), Err(ReportError::Read { .. })), "{name}");
        }
        let deep = "[".repeat(100_000);
        assert!(from_json(deep.as_bytes()).is_err());
    }
}
