//! `hegui policy test`: the policy tests, the cases they lack, the changes they would not notice.

use serde_json::json;
use std::fmt::Write as _;

use super::args::{Format, PolicyTestArgs};
use super::policy::{globs, matches};
use super::progress::Progress;
use super::{Console, ExitStatus, diagnostics, lint, plain};
use crate::proof::{Failure, Report};
use crate::text::{Diagnostic, Lang, Level, Text};

/// Runs the tests.
pub(super) fn test(console: &mut Console<'_>, args: &PolicyTestArgs) -> ExitStatus {
    let Some(only) = globs(console, &args.only) else { return ExitStatus::Usage };
    let loaded = match lint::load(console, args.dir.as_deref()) {
        Ok(loaded) => loaded,
        Err(status) => return status,
    };
    let unsound = loaded.has_errors();
    let mut faults: Vec<Diagnostic> = loaded.diagnostics;
    faults.retain(|fault| fault.code.level == Level::Error);
    let progress = Progress::start(console, false, "正在运行策略测试", "running the policy tests");
    let report = crate::proof::test(&loaded.pack, &|id| matches(&only, id), args.mutate);
    drop(progress);
    match args.format {
        Format::Json => {
            let value = to_json(&report, &faults);
            console.line(&serde_json::to_string_pretty(&value).unwrap_or_default());
        }
        Format::Table => print(console, &report, &faults, args.mutate),
    }
    let mut ids = loaded.pack.controls.keys().chain(loaded.pack.broken_controls.keys());
    if !ids.any(|id| matches(&only, id)) {
        ExitStatus::Usage
    } else if unsound || !report.passed() {
        ExitStatus::Policy
    } else {
        ExitStatus::Satisfied
    }
}

fn print(console: &mut Console<'_>, report: &Report, faults: &[Diagnostic], mutate: bool) {
    diagnostics::show(console, faults, usize::MAX);
    for failure in &report.failures {
        let mut text = diagnostics::render(&failure.diagnostic, console.lang, console.err_ability);
        text.push_str(&difference_lines(failure, console.lang));
        console.note_line(&text);
    }
    diagnostics::show(console, &report.diagnostics, usize::MAX);
    diagnostics::show(console, &report.survivors, usize::MAX);
    let failed = report.failures.len();
    let mut line = match console.lang {
        Lang::Zh => format!(
            "{} 个控制点，{} 个用例，{} 项期望，{failed} 项不成立",
            report.controls, report.cases, report.expectations
        ),
        Lang::En => {
            let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
            let (controls, cases) = (count(report.controls, "control"), count(report.cases, "case"));
            format!("{controls}, {cases}, {}, {failed} failed", count(report.expectations, "expectation"))
        }
    };
    if mutate {
        let _ = match console.lang {
            Lang::Zh => write!(line, "；试了 {} 处改动，{} 处没有用例发现", report.mutants, report.survivors.len()),
            Lang::En => {
                write!(line, "; {} changes tried, {} noticed by no case", report.mutants, report.survivors.len())
            }
        };
    }
    console.line(&line);
}

/// `  outcome: expected satisfied, found not_tested: evidence_missing`, one line each.
fn difference_lines(failure: &Failure, lang: Lang) -> String {
    let mut text = String::new();
    for difference in &failure.differences {
        let (expected, found) = (plain(&difference.expected), plain(difference.found.get(lang)));
        let (expected_word, found_word) = match lang {
            Lang::Zh => ("期望", "实际"),
            Lang::En => ("expected", "found"),
        };
        let _ =
            writeln!(text, "  {}\n    {expected_word:<8}  {expected}\n    {found_word:<8}  {found}", difference.what);
    }
    text
}

fn to_json(report: &Report, faults: &[Diagnostic]) -> serde_json::Value {
    let both = |text: &Text| json!({"zh": text.zh, "en": text.en});
    let list = |diagnostics: &[Diagnostic]| diagnostics.iter().map(diagnostics::json).collect::<Vec<_>>();
    let failures: Vec<serde_json::Value> = report
        .failures
        .iter()
        .map(|failure| {
            let differences: Vec<serde_json::Value> = failure
                .differences
                .iter()
                .map(|line| json!({"what": line.what, "expected": line.expected, "found": both(&line.found)}))
                .collect();
            json!({"diagnostic": diagnostics::json(&failure.diagnostic), "differences": differences})
        })
        .collect();
    json!({
        "schema": "hegui/policy-test/v1",
        "controls": report.controls,
        "cases": report.cases,
        "expectations": report.expectations,
        "failures": failures,
        "faults": list(faults),
        "diagnostics": list(&report.diagnostics),
        "mutants": report.mutants,
        "survivors": list(&report.survivors),
    })
}
