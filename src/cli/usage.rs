//! What is wrong with a command line, in Chinese; in English the parser says it itself.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::plain;
use crate::text::Lang;

/// The language that arguments ask for, before anybody could parse them.
pub(super) fn asked(arguments: &[OsString]) -> Option<Lang> {
    let word = |word: &str| match word {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    };
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect();
    let apart = texts.windows(2).filter(|pair| pair.first() == Some(&"--lang")).find_map(|pair| word(pair.last()?));
    apart.or_else(|| texts.iter().find_map(|text| word(text.strip_prefix("--lang=")?)))
}

/// The fault in Chinese, with what may have been meant, and how the command is used.
pub(super) fn in_chinese(fault: &clap::Error) -> String {
    let mut page = format!("错误：{}\n", plain(&sentence(fault)));
    for line in advice(fault) {
        let _ = writeln!(page, "  {}", plain(&line));
    }
    let usage = fault.get(ContextKind::Usage).map(shown).unwrap_or_default();
    let usage = usage.trim_start_matches("Usage:").trim();
    if !usage.is_empty() {
        let _ = write!(page, "\n用法：{usage}\n");
    }
    page.push_str("\n详见 `--help`。\n");
    page
}

fn sentence(fault: &clap::Error) -> String {
    let get = |kind| fault.get(kind).map(shown).unwrap_or_default();
    let (argument, value) = (get(ContextKind::InvalidArg), get(ContextKind::InvalidValue));
    match fault.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("`{argument}` 后面缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("`{value}` 不能用作 `{argument}` 的值"),
        ErrorKind::UnknownArgument => format!("没有参数 `{argument}`"),
        ErrorKind::InvalidSubcommand => format!("没有子命令 `{}`", get(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "缺少子命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{argument}"),
        ErrorKind::ArgumentConflict => match get(ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == argument => format!("参数 `{argument}` 只能写一次"),
            prior => format!("参数 `{argument}` 不能与 `{prior}` 同时使用"),
        },
        ErrorKind::NoEquals => format!("给 `{argument}` 赋值要用等号"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("`{argument}` 的值的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数中有不是 UTF-8 的文字".to_owned(),
        _ => "命令行无法理解".to_owned(),
    }
}

/// What may have been meant, and what may stand there.
fn advice(fault: &clap::Error) -> Vec<String> {
    let mut lines = Vec::new();
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        if let Some(meant) = fault.get(kind).map(shown).filter(|meant| !meant.is_empty()) {
            lines.push(format!("是否想写 `{meant}`？"));
        }
    }
    let values = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    if let Some(known) =
        values.into_iter().find_map(|kind| fault.get(kind)).map(shown).filter(|known| !known.is_empty())
    {
        lines.push(format!("可用：{known}"));
    }
    let argument = fault.get(ContextKind::InvalidArg).map(shown).unwrap_or_default();
    if fault.kind() == ErrorKind::ValueValidation {
        if argument.contains("<DATE>") {
            lines.push("应为日期，如 2026-09-30".to_owned());
        } else if argument.contains("--jobs") {
            lines.push("应为 1 到 1024 的整数".to_owned());
        } else if argument.contains("<N>") {
            lines.push("应为不小于 0 的整数".to_owned());
        }
    }
    lines
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        ContextValue::Number(number) => number.to_string(),
        ContextValue::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_fault_is_said_in_chinese() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["check", "--frobnicate"], &["没有参数 `--frobnicate`", "用法：hegui check"]),
            (&["check", "--formta", "json"], &["没有参数 `--formta`", "是否想写 `--format`？"]),
            (&["chekc"], &["没有子命令 `chekc`", "是否想写 `check`？"]),
            (&["check", "--fail-on", "hihg"], &["`hihg` 不能用作 `--fail-on <SEVERITY>` 的值", "可用：critical、high"]),
            (&["check", "--fail-on"], &["`--fail-on <SEVERITY>` 后面缺少值"]),
            (
                &["check", "--as-of", "2026-02-30"],
                &["`2026-02-30` 不能用作 `--as-of <DATE>` 的值", "应为日期，如 2026-09-30"],
            ),
            (&["check", "--jobs", "0"], &["`0` 不能用作 `--jobs <N>` 的值", "应为 1 到 1024 的整数"]),
            (&["evidence", "show", "a", "--limit", "x"], &["`x` 不能用作 `--limit <N>` 的值", "应为不小于 0 的整数"]),
            (&["init"], &["缺少必需的参数：<DIR>"]),
            (&["check", "--lang", "zh", "--lang", "zh"], &["参数 `--lang <LANG>` 只能写一次"]),
            (&["explain", "a", "b"], &["没有参数 `b`"]),
        ];
        for (arguments, words) in cases {
            let fault = Cli::try_parse_from(std::iter::once(&"hegui").chain(*arguments)).unwrap_err();
            let text = in_chinese(&fault);
            for word in *words {
                assert!(text.contains(word), "{arguments:?}: {word}\n{text}");
            }
            assert!(!text.contains("error") && !text.contains("命令行无法理解"), "{arguments:?}: {text}");
        }
    }

    #[test]
    fn the_language_is_known_before_parsing() {
        let asked = |arguments: &[&str]| asked(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(asked(&["hegui", "check", "--lang", "en", "--x"]), Some(Lang::En));
        assert_eq!(asked(&["hegui", "--lang=zh"]), Some(Lang::Zh));
        assert_eq!(asked(&["hegui", "--lang", "fr"]), None);
        assert_eq!(asked(&["hegui", "--lang"]), None);
    }
}
