//! `hegui policy list|show|lint|test|schema`.

use std::collections::BTreeMap;

use globset::GlobMatcher;
use serde_json::json;

use super::args::{Format, PolicyListArgs, PolicyShowArgs};
use super::session;
use super::table::{Value, table};
use super::words::{self, Page};
use super::{Console, Environment, ExitStatus};
use crate::model::{Control, ControlId};
use crate::policy::Pack;
use crate::text::suggest::nearest;
use crate::text::{Lang, foreign};

/// `policy list`: one line per control.
pub(super) fn list(console: &mut Console<'_>, args: &PolicyListArgs) -> ExitStatus {
    let pack = match session::pack_without_workspace(console, &args.policy) {
        Ok(pack) => pack,
        Err(status) => return status,
    };
    let Some(only) = globs(console, &args.only) else { return ExitStatus::Usage };
    let controls: Vec<&Control> = pack.selected_controls().filter(|control| matches(&only, &control.id)).collect();
    match args.format {
        Format::Json => {
            let list: Vec<serde_json::Value> = controls.iter().map(|control| row_json(control)).collect();
            console.line(&serde_json::to_string_pretty(&list).unwrap_or_default());
        }
        Format::Table => {
            let header = match console.lang {
                crate::text::Lang::Zh => ["控制点", "风险等级", "名称", "检查", "依据"],
                crate::text::Lang::En => ["control", "severity", "title", "checks", "provisions"],
            };
            let lang = console.lang;
            let rows: Vec<Vec<Value>> = controls
                .iter()
                .map(|control| {
                    let provisions: Vec<&str> = control.provisions.iter().map(|(id, _)| id.as_str()).collect();
                    vec![
                        Value::from(control.id.as_str()),
                        Value::from(words::severity(control.severity).get(lang)),
                        Value::from(control.title.get(lang)),
                        Value::from(control.checks.len().to_string()),
                        Value::from(provisions.join(" ")),
                    ]
                })
                .collect();
            let text = table(console.out_ability, &header, &rows);
            console.print(&text);
            let checks: usize = controls.iter().map(|control| control.checks.len()).sum();
            let count = match lang {
                crate::text::Lang::Zh => format!("{} 个控制点，{checks} 项检查", controls.len()),
                crate::text::Lang::En => format!("{} controls, {checks} checks", controls.len()),
            };
            console.line(&count);
        }
    }
    if controls.is_empty() && !args.only.is_empty() { ExitStatus::Usage } else { ExitStatus::Satisfied }
}

fn row_json(control: &Control) -> serde_json::Value {
    json!({
        "id": control.id,
        "family": control.family,
        "title": {"zh": control.title.zh, "en": control.title.en},
        "severity": control.severity,
        "provisions": control.provisions.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
        "checks": control.checks.iter().map(|check| check.id.as_str()).collect::<Vec<_>>(),
        "evidence": session::kinds_of_control(control).iter().map(crate::model::KindId::as_str).collect::<Vec<_>>(),
        "overlay": control.overlay,
    })
}

/// `policy show`: a control in words, or the SQL of its checks.
pub(super) fn show(console: &mut Console<'_>, args: &PolicyShowArgs, environment: &Environment) -> ExitStatus {
    let mut as_of = session::days(args.time.as_of.unwrap_or(environment.today));
    let mut facts = BTreeMap::new();
    let mut clock = None;
    let pack = match &args.workspace {
        None => match session::pack_without_workspace(console, &args.policy) {
            Ok(pack) => pack,
            Err(status) => return status,
        },
        Some(workspace) => {
            let request = session::request(workspace, &args.policy, &args.time, environment);
            match session::open(console, &request) {
                Ok(session::Opened { opened, .. }) => {
                    as_of = opened.clock.as_of;
                    facts = opened.facts;
                    clock = Some(opened.clock);
                    opened.pack
                }
                Err(status) => return status,
            }
        }
    };
    let Some((control, check)) = find(&pack, &args.id) else {
        not_found(console, &pack, &args.id);
        return ExitStatus::Usage;
    };
    if args.sql {
        let clock = clock.unwrap_or_else(|| session::clock(&pack, as_of, args.time.period.as_deref()));
        return super::sql::show(console, &pack, control, check, &facts, &clock);
    }
    let mut page = Page::new(console.lang);
    match check.and_then(|id| control.checks.iter().find(|check| check.id.as_str() == id)) {
        Some(check) => page.check(check),
        None => page.control(&pack, control, as_of),
    }
    console.print(&page.finish());
    ExitStatus::Satisfied
}

/// The control of an id, or of one of its checks, and then which.
fn find<'a>(pack: &'a Pack, id: &str) -> Option<(&'a Control, Option<&'a str>)> {
    let upper = id.to_uppercase();
    if let Some(control) = pack.controls.get(&ControlId::new(upper.as_str())) {
        return Some((control, None));
    }
    pack.controls.values().find_map(|control| {
        let check = control.checks.iter().find(|check| check.id.as_str().eq_ignore_ascii_case(id))?;
        Some((control, Some(check.id.as_str())))
    })
}

fn not_found(console: &mut Console<'_>, pack: &Pack, id: &str) {
    console.fail("没有这个控制点", "no such control", id);
    let known = pack.controls.keys().map(ControlId::as_str);
    if let Some(meant) = nearest(id, known) {
        let help = console.choose("  帮助: 是否指", "  help: did you mean").to_owned();
        console.note_line(&format!("{help} `{meant}`?"));
    }
}

/// A pattern and why it is none.
pub(super) fn not_a_glob(fault: &globset::Error, lang: Lang) -> String {
    let why = foreign::glob(&fault.kind().to_string());
    format!("{}: {}", fault.glob().unwrap_or_default(), why.get(lang))
}

/// The matchers of `--only`; says which is no pattern.
pub(super) fn globs(console: &mut Console<'_>, patterns: &[String]) -> Option<Vec<GlobMatcher>> {
    let mut matchers = Vec::new();
    for pattern in patterns {
        match globset::Glob::new(pattern) {
            Ok(glob) => matchers.push(glob.compile_matcher()),
            Err(fault) => {
                console.fail("`--only` 的写法有误", "`--only` is not a pattern", &not_a_glob(&fault, console.lang));
                return None;
            }
        }
    }
    Some(matchers)
}

/// Whether `--only` admits a control; without patterns all are.
pub(super) fn matches(only: &[GlobMatcher], id: &ControlId) -> bool {
    only.is_empty() || only.iter().any(|glob| glob.is_match(id.as_str()))
}
