//! `hegui explain`: a word hegui prints, in sentences.

use super::args::ExplainArgs;
use super::words::Page;
use super::{Console, Environment, ExitStatus, codes, session};
use crate::expr::functions::{Function, Nulls, TABLE, find};
use crate::model::{Adapter, ControlId, KindId, ProvisionId};
use crate::policy::Pack;
use crate::text::suggest::nearest;
use crate::text::{Lang, Level};
use std::fmt::Write as _;

/// Explains the term, or says what it might have been.
pub(super) fn explain(console: &mut Console<'_>, args: &ExplainArgs, environment: &Environment) -> ExitStatus {
    let term = args.term.trim();
    if let Some(text) = code(term, console.lang) {
        console.print(&text);
        return ExitStatus::Satisfied;
    }
    if let Some(text) = function(term, console.lang) {
        console.print(&text);
        return ExitStatus::Satisfied;
    }
    let as_of = session::days(args.as_of.unwrap_or(environment.today));
    let pack = match session::pack_without_workspace(console, &args.policy) {
        Ok(pack) => pack,
        Err(status) => return status,
    };
    let Some(text) = in_pack(&pack, term, as_of, console.lang) else {
        console.fail("没有可解释的内容", "nothing of that name", term);
        let known = names(&pack);
        if let Some(meant) = nearest(term, known.iter().map(String::as_str)) {
            let help = console.choose("  帮助: 是否指", "  help: did you mean").to_owned();
            console.note_line(&format!("{help} `{meant}`?"));
        } else {
            let help = console
                    .choose(
                        "  帮助: 可解释诊断代码（hegui explain codes）、函数（hegui explain functions）、控制点（hegui policy list）、法条、证据种类、事实",
                        "  help: a diagnostic code (hegui explain codes), a function (hegui explain functions), a control (hegui policy list), a provision, an evidence kind or a fact",
                    )
                    .to_owned();
            console.note_line(&help);
        }
        return ExitStatus::Usage;
    };
    console.print(&text);
    ExitStatus::Satisfied
}

fn code(term: &str, lang: Lang) -> Option<String> {
    if term == "codes" {
        return Some(codes::all().iter().flat_map(|code| [code.id, "\n"]).collect());
    }
    let code = codes::all().into_iter().find(|code| code.id == term)?;
    let level = match (code.level, lang) {
        (Level::Error, Lang::Zh) => "错误",
        (Level::Error, Lang::En) => "error",
        (Level::Warning, Lang::Zh) => "警告",
        (Level::Warning, Lang::En) => "warning",
    };
    let text = if lang == Lang::Zh { code.explain_zh } else { code.explain_en };
    Some(format!("{} ({level})\n\n{text}\n", code.id))
}

/// One function or operator, or all of them by part of the language.
fn function(term: &str, lang: Lang) -> Option<String> {
    if term == "functions" {
        let mut table: Vec<&Function> = TABLE.iter().collect();
        table.sort_by_key(|function| function.family);
        let help = |function: &Function| if lang == Lang::Zh { function.zh } else { function.en };
        return Some(table.iter().fold(String::new(), |mut text, function| {
            let _ = writeln!(text, "{:<22} {}", function.name, help(function));
            text
        }));
    }
    let function = find(&term.to_uppercase())?;
    let mut text = format!("{}  {}\n\n", function.name, if lang == Lang::Zh { function.zh } else { function.en });
    for usage in function.usage() {
        let _ = writeln!(text, "  {usage}");
    }
    let nulls = match (function.nulls, lang) {
        (Nulls::Strict, Lang::Zh) => "任一参数为空，结果为空",
        (Nulls::Strict, Lang::En) => "NULL if any argument is",
        (Nulls::Logic, Lang::Zh) => "三值逻辑：其余操作数不能决定时为空",
        (Nulls::Logic, Lang::En) => "three-valued logic: NULL unless the other operands decide",
        (Nulls::Looks, Lang::Zh) => "能看到空值；存疑的值仍为空",
        (Nulls::Looks, Lang::En) => "looks at blanks; a doubt stays NULL",
        (Nulls::Aggregate, Lang::Zh) => "任一输入或 FILTER 为空，结果为空；空值请用 FILTER (WHERE x IS NOT NULL) 排除",
        (Nulls::Aggregate, Lang::En) => {
            "NULL if any input or FILTER is; leave nulls out with FILTER (WHERE x IS NOT NULL)"
        }
    };
    let (null_word, example) = if lang == Lang::Zh { ("空值", "例") } else { ("nulls", "example") };
    let _ = writeln!(text, "\n{null_word}: {nulls}");
    for (column, cells) in function.example.rows {
        let _ = writeln!(text, "  {column}: {}", cells.join("  "));
    }
    let _ = writeln!(text, "{example}: {} → {}", function.example.text, function.example.value);
    Some(text)
}

fn in_pack(pack: &Pack, term: &str, as_of: i32, lang: Lang) -> Option<String> {
    let mut page = Page::new(lang);
    // Ids are written in capitals; nobody should have to.
    let upper = term.to_uppercase();
    if let Some(control) = pack.controls.get(&ControlId::new(upper.as_str())) {
        page.control(pack, control, as_of);
    } else if let Some(provision) =
        pack.provisions.get(&ProvisionId::new(term)).or_else(|| pack.provisions.get(&ProvisionId::new(upper.as_str())))
    {
        page.provision(pack, provision, as_of);
    } else if let Some(check) = pack
        .controls
        .values()
        .flat_map(|control| &control.checks)
        .find(|check| check.id.as_str().eq_ignore_ascii_case(term))
    {
        page.check(check);
    } else if let Some(kind) = pack.kinds.get(&KindId::new(term)) {
        page.kind(pack, kind);
    } else if let Some(adapter) = adapters(pack).find(|adapter| adapter.id == term) {
        page.adapter(adapter);
    } else if let Some(fact) = pack.facts.get(term.trim_start_matches("$facts.")) {
        page.line(&format!("$facts.{}  {} ({})", fact.name, fact.title.get(lang), fact.ty.expression_type().name()));
        if let Some(question) = &fact.question {
            page.line(&format!("  {}", question.get(lang)));
        }
    } else {
        return None;
    }
    Some(page.finish())
}

fn adapters(pack: &Pack) -> impl Iterator<Item = &Adapter> {
    pack.kinds.values().flat_map(|kind| kind.adapters.iter().map(AsRef::as_ref))
}

fn names(pack: &Pack) -> Vec<String> {
    let mut names: Vec<String> = codes::all().iter().map(|code| code.id.to_owned()).collect();
    names.extend(TABLE.iter().map(|function| function.name.to_owned()));
    names.extend(pack.controls.keys().map(ToString::to_string));
    names.extend(pack.controls.values().flat_map(|control| control.checks.iter().map(|check| check.id.to_string())));
    names.extend(pack.provisions.keys().map(ToString::to_string));
    names.extend(pack.kinds.keys().map(ToString::to_string));
    names.extend(adapters(pack).map(|adapter| adapter.id.clone()));
    names.extend(pack.facts.keys().cloned());
    names
}
