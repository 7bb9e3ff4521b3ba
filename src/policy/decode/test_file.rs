//! `hegui/test/v1` → [`TestFile`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Decoder, day, integer, string};
use crate::expr::Scalar;
use crate::model::{CheckId, ControlId, KindId, NotTested};
use crate::policy::tree::{Sort, Value};
use crate::policy::{
    Equivalent, Expectation, ExpectedOutcome, FactDeclaration, TestCase, TestEvidence, TestFile, codes, period,
};
use crate::text::{Excerpt, Text};

/// The cases in `root`; facts are typed by `declared`.
pub(crate) fn decode(
    root: Value<'_>,
    declared: &BTreeMap<String, FactDeclaration>,
    decoder: &mut Decoder<'_>,
) -> Option<TestFile> {
    let facts = super::pack::facts(root.get("facts"), declared, decoder);
    let as_of = day(root.get("as_of"))?;
    let shared = Shared { as_of, facts, root };
    let cases = root
        .get("cases")
        .into_iter()
        .flat_map(Value::items)
        .filter_map(|value| case(value, &shared, declared, decoder))
        .collect();
    let equivalent = root.get("equivalent").into_iter().flat_map(Value::items).filter_map(equivalent).collect();
    let control = ControlId::new(root.get("control")?.text()?);
    Some(TestFile { control, cases, equivalent, source: Arc::clone(root.source()) })
}

fn equivalent(value: Value<'_>) -> Option<Equivalent> {
    Some(Equivalent {
        check: CheckId::new(value.get("check")?.text()?),
        from: string(value.get("from"))?,
        to: string(value.get("to"))?,
        place: value.get("from")?.excerpt(),
    })
}

/// What the file says for all its cases.
struct Shared<'a> {
    as_of: i32,
    facts: BTreeMap<String, Scalar>,
    root: Value<'a>,
}

fn case(
    value: Value<'_>,
    shared: &Shared<'_>,
    declared: &BTreeMap<String, FactDeclaration>,
    decoder: &mut Decoder<'_>,
) -> Option<TestCase> {
    let as_of = day(value.get("as_of")).unwrap_or(shared.as_of);
    let named = value.get("period").or_else(|| shared.root.get("period")).and_then(Value::text);
    let period = named.and_then(period::parse).or_else(|| period::parse(&period::quarter_of(as_of)))?;
    let mut facts = shared.facts.clone();
    facts.extend(super::pack::facts(value.get("facts"), declared, decoder));
    let mut params = BTreeMap::new();
    for source in [shared.root.get("params"), value.get("params")] {
        params.extend(source.into_iter().flat_map(Value::named).map(|(name, value)| (name.text, value.excerpt())));
    }
    let mut files: Vec<TestEvidence> = Vec::new();
    for (name, content) in value.get("evidence").into_iter().flat_map(Value::named) {
        if let Some(file) = evidence(&name.text, content, name.clone(), &files) {
            files.push(file);
        }
    }
    for entry in value.get("files").into_iter().flat_map(Value::items) {
        let (Some(kind), Some(content)) = (entry.get("kind"), entry.get("content")) else { continue };
        let Some(mut file) = evidence(kind.text().unwrap_or_default(), content, kind.excerpt(), &files) else {
            continue;
        };
        file.captured_on = day(entry.get("captured_on"));
        file.source_system = string(entry.get("source_system"));
        file.rows = integer(entry.get("rows")).and_then(|rows| u64::try_from(rows).ok());
        files.push(file);
    }
    let mut expect = Vec::new();
    for (name, wanted) in value.get("expect").into_iter().flat_map(Value::named) {
        expect.extend(expectation(name, wanted, decoder));
    }
    Some(TestCase {
        name: value.get("name").filter(|name| name.sort() == Sort::Scalar)?.excerpt(),
        as_of,
        period,
        facts,
        params,
        files,
        expect,
    })
}

/// Text is CSV; anything else is written as JSON. `null` is no file at all.
fn evidence(kind: &str, content: Value<'_>, place: Excerpt, before: &[TestEvidence]) -> Option<TestEvidence> {
    let number = before.iter().filter(|file| file.kind.as_str() == kind).count();
    let suffix = if number == 0 { String::new() } else { format!("-{}", number + 1) };
    let (text, extension) = match content.sort() {
        Sort::Null if content.style() == Some(super::super::yaml::Style::Plain) => return None,
        Sort::Null | Sort::Scalar => (content.text().unwrap_or_default().to_owned(), "csv"),
        Sort::List | Sort::Mapping => (content.to_json().to_string(), "json"),
    };
    Some(TestEvidence {
        kind: KindId::new(kind),
        path: format!("{kind}{suffix}.{extension}"),
        text,
        captured_on: None,
        source_system: None,
        rows: None,
        place,
    })
}

fn expectation(check: Excerpt, value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<Expectation> {
    let detailed = value.sort() == Sort::Mapping;
    let outcome_value = if detailed { value.get("outcome")? } else { value };
    let reason_value = value.get("reason");
    let reason = reason_value.and_then(Value::text).and_then(not_tested);
    let Some(outcome) = ExpectedOutcome::from_words(outcome_value.text()?, reason) else {
        if let Some(reason) = reason_value {
            let message = Text::new("只有 `not_tested` 才有原因", "only `not_tested` has a reason");
            let help = Text::new("删去 `reason`", "remove `reason`");
            decoder.fault(reason.fault(&codes::WRONG_WORD, message).help(help));
        }
        return None;
    };
    let count = |key: &str| integer(value.get(key)).and_then(|count| u64::try_from(count).ok());
    let findings = value.get("findings").map(|list| {
        list.items()
            .map(|row| {
                row.named().map(|(name, cell)| (name.text, cell.text().unwrap_or_default().to_owned())).collect()
            })
            .collect()
    });
    Some(Expectation {
        check: CheckId::new(check.text.as_str()),
        outcome,
        population: count("population"),
        conforming: count("conforming"),
        excluded: count("excluded"),
        findings,
        place: check,
    })
}

fn not_tested(word: &str) -> Option<NotTested> {
    Some(match word {
        "evidence_missing" => NotTested::EvidenceMissing,
        "evidence_empty" => NotTested::EvidenceEmpty,
        "evidence_unreadable" => NotTested::EvidenceUnreadable,
        "evidence_incomplete" => NotTested::EvidenceIncomplete,
        "evidence_stale" => NotTested::EvidenceStale,
        "fact_missing" => NotTested::FactMissing,
        "no_occurrence" => NotTested::NoOccurrence,
        "manual_pending" => NotTested::ManualPending,
        "error" => NotTested::Error,
        _ => return None,
    })
}
