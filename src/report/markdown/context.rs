//! What the template sees: the frozen JSON form of the assessment, and the rows it would have to search for.

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::{Assessment, FileStatus, Gap, NotTested, Outcome};
use crate::report::ReportError;
use crate::report::json::AssessmentV1;
use crate::text::Lang;

/// Findings listed for each gap; all of them stand in `findings.csv` and `assessment.json`.
const FINDINGS: usize = 50;

/// `a` (the assessment), `m` (its metadata), `s` (its scores), `gaps`, `untested`, `unused`, `files`, `severities`,
/// `lang` (the word of `--lang`) and `templates` (the files that are not the shipped ones).
pub(super) fn context(assessment: &Assessment, lang: Lang, templates: &[&str]) -> Result<Value, ReportError> {
    let whole = encode(&AssessmentV1::from(assessment))?;
    let part = |key: &str| whole.get(key).cloned().unwrap_or_default();
    let list = |key: &str| part(key).as_array().cloned().unwrap_or_default();
    let files: serde_json::Map<String, Value> =
        list("evidence").into_iter().filter_map(|file| Some((file.get("id")?.as_str()?.to_owned(), file))).collect();
    let gaps = assessment
        .gaps
        .iter()
        .zip(list("gaps"))
        .map(|(gap, value)| gap_row(assessment, gap, &value, &whole))
        .collect::<Vec<_>>();
    let scores = &assessment.scores;
    let open = |severity| scores.open_gaps.iter().find(|(known, _)| *known == severity).map_or(0, |(_, open)| *open);
    let severities: Vec<Value> = scores
        .by_severity
        .iter()
        .zip(part("scores").get("by_severity").and_then(Value::as_array).cloned().unwrap_or_default())
        .map(|((severity, _), mut row)| {
            if let Some(row) = row.as_object_mut() {
                row.insert("open".to_owned(), Value::from(open(*severity)));
            }
            row
        })
        .collect();
    let unused: Vec<Value> = assessment
        .evidence
        .iter()
        .zip(list("evidence"))
        .filter(|(file, _)| !file.status.counts() || file.status == FileStatus::Unneeded)
        .map(|(_, value)| value)
        .collect();
    Ok(json!({
        "m": part("metadata"), "s": part("scores"), "gaps": gaps, "untested": untested(assessment)?,
        "unused": unused, "files": files, "severities": severities, "lang": lang, "templates": templates, "a": whole,
    }))
}

fn encode(value: &impl Serialize) -> Result<Value, ReportError> {
    serde_json::to_value(value).map_err(|source| ReportError::Encode { source })
}

/// A gap with its outcome, the provisions in force and the findings that are listed.
fn gap_row(assessment: &Assessment, gap: &Gap, value: &Value, whole: &Value) -> Value {
    let control = assessment.controls.iter().find(|control| control.id == gap.control);
    let number = control.and_then(|control| control.checks.iter().position(|check| check.id == gap.check));
    let outcome =
        control.zip(number).and_then(|(control, number)| control.checks.get(number)).map(|check| check.outcome);
    let place = assessment.controls.iter().position(|control| control.id == gap.control);
    let findings = place.zip(number).and_then(|(control, check)| {
        let pointer = format!("/controls/{control}/checks/{check}/findings");
        let all = whole.pointer(&pointer)?.as_array()?;
        Some(all.iter().take(FINDINGS).cloned().collect::<Vec<_>>())
    });
    let provisions: Vec<&Value> = assessment
        .provisions
        .iter()
        .zip(whole.get("provisions").and_then(Value::as_array).into_iter().flatten())
        .filter(|(provision, _)| control.is_some_and(|control| control.provisions.contains(&provision.id)))
        .map(|(_, value)| value)
        .collect();
    json!({
        "gap": value, "outcome": outcome.unwrap_or(Outcome::NotSatisfied).word(),
        "findings": findings.unwrap_or_default(), "provisions": provisions,
    })
}

/// Checks, and controls without checks, that could not be tested though they should have been.
fn untested(assessment: &Assessment) -> Result<Vec<Value>, ReportError> {
    let mut rows = Vec::new();
    for control in &assessment.controls {
        let own = control.checks.is_empty().then_some((
            control.id.as_str(),
            &control.title,
            control.outcome,
            &control.detail,
        ));
        let checks = control.checks.iter().map(|check| (check.id.as_str(), &check.title, check.outcome, &check.detail));
        for (id, title, outcome, detail) in own.into_iter().chain(checks) {
            let Outcome::NotTested(reason) = outcome else { continue };
            if reason != NotTested::NoOccurrence {
                rows.push(json!({
                    "id": id, "title": encode(title)?, "reason": encode(&reason)?,
                    "detail": encode(&detail.clone().unwrap_or_default())?,
                }));
            }
        }
    }
    Ok(rows)
}
