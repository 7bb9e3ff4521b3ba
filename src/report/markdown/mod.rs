//! `report.md`: the whole report as Markdown, through the template `reports/templates/report.md`.
//!
//! Everything a template prints is escaped unless one of the functions here made it: no evidence text becomes markup,
//! and a designer cannot forget it. The filters that would let it through are taken away, and what acts on a terminal is
//! shown as `\u{…}` wherever it came from.

mod context;

use std::sync::Arc;

use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind};

use super::locale::{Locale, symbol};
use super::{ReportError, Templates, codes, escape, number};
use crate::model::{Assessment, NotTested, Outcome};
use crate::text::{Diagnostic, Lang, Source, Span, Text};

const TEMPLATE: &str = include_str!("../../../reports/templates/report.md");
/// Far above the largest report (a thousand findings for each of 230 checks), far below a minute.
const FUEL: u64 = 200_000_000;
/// What a template that is not ours may burn whatever the assessment; each unit pays for one step or 64 bytes.
const OWN_FUEL: u64 = 2_000_000;
/// And beside it for every byte of the assessment as JSON, of which the shipped template burns a fifth of a unit.
const OWN_FUEL_PER_BYTE: u64 = 4;

/// The report in one language, through the shipped template.
///
/// # Errors
/// [`ReportError::Template`] when the template is broken.
pub fn render(assessment: &Assessment, lang: Lang) -> Result<String, ReportError> {
    render_with(assessment, lang, &Templates::shipped(), &mut Vec::new())
}

/// The report in one language. A template that is not the shipped one and cannot be filled in is a fault, and the
/// shipped one takes its place: the numbers are never those of an earlier report.
///
/// # Errors
/// [`ReportError::Template`] when the shipped template is broken.
pub fn render_with(
    assessment: &Assessment,
    lang: Lang,
    templates: &Templates,
    faults: &mut Vec<Diagnostic>,
) -> Result<String, ReportError> {
    let locale = Arc::new(templates.locale(lang, assessment.metadata.profile.vocabulary.as_deref()));
    if let Some(source) = templates.report() {
        let context = context::context(assessment, lang, &templates.names(lang, true))?;
        let size = u64::try_from(context.to_string().len()).unwrap_or(u64::MAX);
        let fuel = OWN_FUEL.saturating_add(size.saturating_mul(OWN_FUEL_PER_BYTE));
        match filled(&environment(&locale, fuel), &source.text, &context) {
            Ok(text) => return Ok(text),
            Err(fault) => faults.push(diagnostic(source, &fault)),
        }
    }
    let context = context::context(assessment, lang, &templates.names(lang, false))?;
    filled(&environment(&locale, FUEL), TEMPLATE, &context)
        .map_err(|source| ReportError::Template { template: "report.md".to_owned(), source })
}

fn filled(environment: &Environment<'_>, template: &str, context: &serde_json::Value) -> Result<String, Error> {
    let text = environment.render_named_str("report.md", template, Value::from(Serde(context)))?;
    Ok(tidy(&text))
}

/// What is wrong with a template, where it stands.
fn diagnostic(source: &Arc<Source>, fault: &Error) -> Diagnostic {
    let message = if fault.kind() == ErrorKind::OutOfFuel {
        Text::new("模板做得太多，已停下", "the template does too much and was stopped")
    } else {
        let mut detail = fault.kind().to_string();
        if let Some(more) = fault.detail() {
            detail = format!("{detail}: {more}");
        }
        Text::new(format!("模板无法使用：{detail}"), format!("the template cannot be used: {detail}"))
    };
    let text = &source.text;
    let line = || {
        let number = fault.line()?.checked_sub(1)?;
        let line = text.split_inclusive('\n').nth(number)?;
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        Some(start..start + line.trim_end().len())
    };
    let range = fault.range().or_else(line).unwrap_or(0..0);
    // Counted in bytes, but not always in whole characters.
    let start = (0..=range.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (range.end.clamp(start, text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    Diagnostic::new(&codes::TEMPLATE, message).at(source, Span::new(start, end)).help(Text::new(
        "改正模板后重新运行；这次的 report.md 用内置模板写出",
        "correct the template and run again; this report.md was written with the shipped one",
    ))
}

fn environment(locale: &Arc<Locale>, fuel: u64) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(fuel));
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(|out, _, value| {
        if value.is_none() || value.is_undefined() {
            return Ok(());
        }
        let text = value.to_string();
        let text = if value.is_safe() || value.is_number() { text } else { escape::markdown(&text) };
        out.write_str(&text).map_err(Error::from)
    });
    environment.remove_filter("safe");
    environment.remove_filter("tojson");
    let known = |words: &Locale, key: &str| {
        let fault = || Error::new(ErrorKind::InvalidOperation, format!("no word `{key}` in the locales"));
        words.knows(key).then_some(()).ok_or_else(fault)
    };
    let words = Arc::clone(locale);
    environment.add_function("t", move |key: String| -> Result<Value, Error> {
        known(&words, &key)?;
        Ok(safe(words.get(&key).to_owned()))
    });
    let words = Arc::clone(locale);
    environment.add_function("fill", move |key: String, values: Kwargs| -> Result<Value, Error> {
        known(&words, &key)?;
        let names: Vec<String> = values.args().map(str::to_owned).collect();
        let mut filled = Vec::new();
        for name in &names {
            let value: Value = values.get(name)?;
            let text = value.to_string();
            filled.push((name.as_str(), if value.is_number() { text } else { escape::markdown(&text) }));
        }
        Ok(safe(words.fill(&key, &filled)))
    });
    let words = Arc::clone(locale);
    environment.add_function("word", move |prefix: String, word: String| {
        let key = format!("{prefix}.{word}");
        let shown = words.get(&key);
        safe(if shown == key { escape::markdown(&word) } else { shown.to_owned() })
    });
    let words = Arc::clone(locale);
    environment
        .add_function("outcome", move |word: String| outcome(&word).map(|known| safe(words.outcome(known).to_owned())));
    environment.add_function("symbol", |word: String| outcome(&word).map(|known| safe(symbol(known).to_owned())));
    environment.add_function("share", |check: Value| -> Result<Value, Error> {
        let whole = |key: &str| check.get_attr(key).map(|value| u64::try_from(value).unwrap_or_default());
        Ok(safe(number::share(whole("conforming")?, whole("population")?)))
    });
    let lang = locale.lang;
    let of = move |text: &Value| {
        text.get_attr(match lang {
            Lang::Zh => "zh",
            Lang::En => "en",
        })
    };
    environment.add_filter("text", move |text: Value| if text.is_none() { Ok(text) } else { of(&text) });
    environment.add_filter("code", |text: Value| {
        safe(if text.is_none() { "—".to_owned() } else { escape::code(&text.to_string()) })
    });
    environment.add_filter("list", move |items: Vec<Value>, separator: String| -> Result<Value, Error> {
        let shown = |item: &Value| -> Result<String, Error> {
            let text = if item.kind() == ValueKind::Map { of(item)? } else { item.clone() };
            Ok(escape::markdown(&text.to_string()))
        };
        let items = items.iter().map(shown).collect::<Result<Vec<String>, Error>>()?;
        Ok(safe(if items.is_empty() { "—".to_owned() } else { items.join(&separator) }))
    });
    environment.add_filter("percent", |number: Value| {
        safe(if number.is_none() { "—".to_owned() } else { format!("{number}%") })
    });
    environment
        .add_filter("share", |share: String| safe(number::parse_decimal(&share).map_or(share, number::exact_percent)));
    environment.add_filter("rate", |rate: Value| -> Result<Value, Error> {
        let percent = rate.get_attr("percent")?;
        let (sum, n) = (rate.get_attr("sum")?.to_string(), rate.get_attr("n")?);
        let sum = sum.trim_end_matches(".0");
        Ok(safe(if percent.is_none() { "—".to_owned() } else { format!("{percent}% ({sum}/{n})") }))
    });
    environment.add_filter("place", |citation: Value| -> Result<Value, Error> {
        let part = |key: &str| {
            citation.get_attr(key).map(|value| if value.is_none() { String::new() } else { value.to_string() })
        };
        let wrapped = |text: String, before: &str, after: &str| {
            if text.is_empty() { text } else { format!("{before}{text}{after}") }
        };
        let sheet = wrapped(part("sheet")?, "[", "]");
        let row = wrapped(part("row")?, ":", "");
        let pointer = wrapped(part("pointer")?, "#", "");
        Ok(safe(escape::code(&format!("{}{sheet}{row}{pointer}", part("file")?))))
    });
    environment
}

fn safe(text: String) -> Value {
    Value::from_safe_string(text)
}

fn outcome(word: &str) -> Result<Outcome, Error> {
    // The reason does not change the word.
    let all = [
        Outcome::Satisfied,
        Outcome::Partial,
        Outcome::NotSatisfied,
        Outcome::NotApplicable,
        Outcome::NotTested(NotTested::Error),
    ];
    let known = all.into_iter().find(|outcome| outcome.word() == word);
    known.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("`{word}` is not an outcome")))
}

/// No blanks at line ends, never two empty lines, one line break at the end, and nothing that acts or hides.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        tidy.push_str(&escape::visible(&line.replace('\t', "    ")));
        tidy.push('\n');
    }
    while tidy.ends_with("\n\n") {
        tidy.pop();
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::fixture;

    #[test]
    fn both_languages_have_the_same_shape() {
        let shape = |lang| {
            let text = render(&fixture::rich(), lang).unwrap();
            text.lines()
                .map(|line| {
                    let start: String = line.chars().take_while(|c| matches!(c, '#' | '|' | '-' | '>' | ' ')).collect();
                    (start, line.matches('|').count())
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(shape(Lang::Zh), shape(Lang::En));
    }

    #[test]
    fn key_numbers_and_places_are_there() {
        let text = render(&fixture::rich(), Lang::En).unwrap();
        for part in [
            "> Conclusion: not satisfied — 2 applicable",
            "`evidence/2026Q3/backup_jobs.csv:2`",
            "10 examined, 7 conform (70.0%), findings: 3; the whole population was tested",
            "Example Law 1 (LAW-1, A)",
            "**not in force**",
            "BAK-01.max\\_age",
        ] {
            let found = text.contains(part) || text.contains(&part.replace("\\_", "_"));
            assert!(found, "{part} is missing in\n{text}");
        }
        assert!(text.contains(&"a".repeat(64)), "the SHA-256 of the evidence");
        assert!(!text.contains("report."), "an untranslated key in\n{text}");
    }

    #[test]
    fn tables_are_whole() {
        for assessment in [fixture::rich(), fixture::hostile()] {
            let text = render(&assessment, Lang::Zh).unwrap();
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let mut width = None;
            for line in text.lines() {
                if !line.starts_with('|') {
                    width = None;
                    continue;
                }
                let first = *width.get_or_insert_with(|| cells(line));
                assert_eq!(cells(line), first, "{line}");
            }
        }
    }

    #[test]
    fn evidence_stays_text() {
        let text = render(&fixture::hostile(), Lang::Zh).unwrap();
        let found = text.chars().find(|character| escape::acts(*character) && *character != '\n');
        assert_eq!(found, None);
        // Outside code spans nothing of it is a tag or a link.
        for line in text.lines() {
            let outside: String = line.split('`').step_by(2).collect();
            let bare = outside.replace("\\<", "").replace("\\]", "");
            assert!(!bare.contains("<b") && !bare.contains("]("), "{line}");
        }
    }

    /// What another template makes of the hostile assessment.
    fn made(template: &str) -> Result<String, Error> {
        let environment = environment(&Arc::new(Templates::shipped().locale(Lang::Zh, None)), FUEL);
        filled(&environment, template, &context::context(&fixture::hostile(), Lang::Zh, &[]).unwrap())
    }

    #[test]
    fn no_template_lets_text_through_by_oversight() {
        let text = "{% set evil = m.entity.name | text %}";
        let cases = [
            ("as it is", "{{ evil }}"),
            ("no escaping", "{% autoescape false %}{{ evil }}{% endautoescape %}"),
            ("escaped by hand", "{{ evil | e }}"),
            ("joined", "{{ [evil, evil] | join(', ') }}"),
            ("joined to a word", "{{ t('report.title') ~ evil }}"),
            ("in a word", "{{ t('report.title') | replace(t('report.title'), evil) }}"),
            ("captured", "{% set more %}{{ evil }}{% endset %}{{ more | upper }}"),
            ("from a macro", "{% macro cell(x) %}{{ x }}{% endmacro %}{{ cell(evil) }}"),
            ("as code", "{{ evil | code }}"),
            ("as a whole", "{{ m }}"),
            ("as a placeholder", "{{ fill('report.rows', n=evil) }}"),
            ("as a word that is not there", "{{ word('severity', evil) }}"),
            ("formatted", "{{ '%s' | format(evil) }}"),
        ];
        for (name, template) in cases {
            let text = made(&format!("{text}{template}")).unwrap();
            let outside: String = text.split('`').step_by(2).collect();
            let bare = outside.to_lowercase().replace("\\<", "").replace("\\]", "");
            assert!(!bare.contains("<b") && !bare.contains("]("), "{name}: {text}");
            assert!(text.to_lowercase().contains("1b"), "{name}: {text}");
        }
        for filter in ["safe", "tojson"] {
            let fault = made(&format!("{{{{ m.entity.name.zh | {filter} }}}}")).unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::UnknownFilter, "{filter}");
        }
        for key in ["t(m.entity.name.zh)", "fill(m.entity.name.zh, n=1)", "t('report.tittle')"] {
            let fault = made(&format!("{{{{ {key} }}}}")).unwrap_err();
            assert!(fault.detail().is_some_and(|detail| detail.starts_with("no word `")), "{key}");
        }
        // Of the template itself too.
        assert_eq!(made("a\tb\u{1b}[31m\u{202e}  \r\n\n\nc").unwrap(), "a    b\\u{1b}[31m\\u{202e}\n\nc\n");
    }

    #[test]
    fn a_template_reaches_no_other_file() {
        for template in ["{% include '/etc/passwd' %}", "{% extends '../report.md' %}", "{% import 'x' as y %}"] {
            assert_eq!(made(template).unwrap_err().kind(), ErrorKind::TemplateNotFound, "{template}");
        }
    }

    #[test]
    fn the_report_as_written() {
        insta::assert_snapshot!("zh", render(&fixture::rich(), Lang::Zh).unwrap());
        insta::assert_snapshot!("en", render(&fixture::rich(), Lang::En).unwrap());
    }
}
