//! Templates and words laid over the shipped ones: a folder like `reports/` of the repository.
//!
//! The folder may be hostile: only regular files inside it are read, a template has no way to any other file, and a word
//! can neither act on a terminal nor take the place of another of its kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::locale::{Locale, Words, placeholders, shipped};
use super::{codes, escape};
use crate::policy::yaml::Plain;
use crate::policy::{self, Sort, Value};
use crate::text::suggest::nearest;
use crate::text::{Diagnostic, Excerpt, Lang, Place, Source, Text};

/// The template of `report.md`.
const REPORT: &str = "templates/report.md";
/// The words of both languages.
const LOCALES: [(Lang, &str); 2] = [(Lang::Zh, "locales/zh.json"), (Lang::En, "locales/en.json")];
/// Most files that are named as unused.
const LISTED: usize = 100;
/// Words that tell one thing from another of its kind: none may read like another.
const KINDS: [&str; 9] =
    ["outcome", "severity", "reason", "kind", "verification", "state", "baseline", "file", "self_check"];

/// What lies over the shipped templates and words; nothing by default.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    report: Option<Arc<Source>>,
    zh: Arc<Words>,
    en: Arc<Words>,
}

impl Templates {
    /// Those of this build alone.
    pub fn shipped() -> Self {
        Self::default()
    }

    /// Reads a folder, and what is wrong in it; `shown` is how diagnostics name it.
    ///
    /// A file that is not there, or cannot be used, leaves the shipped one as it is. Words lie over the shipped ones key
    /// by key. Whether a template can be filled in is known when it is.
    pub fn read(folder: &Path, shown: &str) -> (Self, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let inside = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let folder = Folder { path: folder, shown: shown.trim_end_matches('/'), inside };
        let report = folder.read(REPORT, &mut faults);
        let [zh, en] = LOCALES.map(|(lang, path)| File::read(lang, folder.read(path, &mut faults), &mut faults));
        if report.is_none() && zh.source.is_none() && en.source.is_none() && faults.is_empty() {
            faults.push(folder.holds_nothing());
        }
        folder.unused(&mut faults);
        let template = report.as_ref().map_or("", |source| &source.text);
        let words = |file: &File, other: &File, faults: &mut Vec<Diagnostic>| -> Arc<Words> {
            let words = file.entries.iter().filter_map(|entry| file.word(entry, other, template, faults));
            Arc::new(words.collect())
        };
        let (zh, en) = (words(&zh, &en, &mut faults), words(&en, &zh, &mut faults));
        crate::text::sort_diagnostics(&mut faults);
        (Self { report, zh, en }, faults)
    }

    /// The template of `report.md`, when it is not the shipped one.
    pub(super) fn report(&self) -> Option<&Arc<Source>> {
        self.report.as_ref()
    }

    /// The words of a language, in the vocabulary of a profile.
    pub(super) fn locale(&self, lang: Lang, vocabulary: Option<&str>) -> Locale {
        Locale::over(self.words(lang), lang, vocabulary)
    }

    /// The files that are not the shipped ones, for a report to say so.
    pub(super) fn names(&self, lang: Lang, with_template: bool) -> Vec<&'static str> {
        let template = (with_template && self.report.is_some()).then_some(REPORT);
        let words = LOCALES.into_iter().filter(|(of, _)| *of == lang && !self.words(lang).is_empty());
        template.into_iter().chain(words.map(|(_, path)| path)).collect()
    }

    fn words(&self, lang: Lang) -> &Arc<Words> {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A folder of templates.
struct Folder<'a> {
    path: &'a Path,
    shown: &'a str,
    inside: PathBuf,
}

impl Folder<'_> {
    fn name(&self, path: &str) -> String {
        format!("{}/{path}", self.shown)
    }

    /// A file of the folder; `None` when it is not there or cannot be read.
    fn read(&self, path: &str, faults: &mut Vec<Diagnostic>) -> Option<Arc<Source>> {
        let file = self.path.join(path);
        let absent = |error: &std::io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
        if fs::symlink_metadata(&file).is_err_and(|error| absent(&error)) {
            return None;
        }
        let name = self.name(path);
        match policy::read_text(&file, &self.inside) {
            Ok(text) => Some(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text))),
            Err(reason) => {
                let message = Text::new(
                    format!("无法读取 `{name}`：{}", reason.zh),
                    format!("cannot read `{name}`: {}", reason.en),
                );
                let place = Place::File { path: name };
                faults.push(Diagnostic::new(&policy::codes::FILE_UNREADABLE, message).at_place(place));
                None
            }
        }
    }

    fn holds_nothing(&self) -> Diagnostic {
        let shown = self.shown;
        let message = Text::new(
            format!("`{shown}` 里没有报告模板，也没有用词文件"),
            format!("`{shown}` holds neither a report template nor a locale"),
        );
        let known = known().map(|path| format!("`{path}`"));
        let known: Vec<String> = known.collect();
        let help = Text::new(format!("可以有：{}", known.join("、")), format!("it may hold: {}", known.join(", ")));
        Diagnostic::new(&codes::UNUSED_FILE, message).at_place(Place::File { path: shown.to_owned() }).help(help)
    }

    /// Names every file beside the known ones: one that is misspelt would do nothing without a word.
    fn unused(&self, faults: &mut Vec<Diagnostic>) {
        let folders: BTreeSet<&str> =
            known().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
        let mut found = BTreeSet::new();
        for folder in folders {
            let entries = fs::read_dir(self.path.join(folder)).into_iter().flatten().flatten();
            let names = entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()));
            found.extend(names.filter(|path| !path.contains("/.") && known().all(|known| known != path)));
        }
        for path in found.into_iter().take(LISTED) {
            let message = Text::new(format!("没有报告使用 `{path}`"), format!("no report uses `{path}`"));
            let help = match nearest(&path, known()) {
                Some(meant) => Text::new(format!("是否应为 `{meant}`？"), format!("did you mean `{meant}`?")),
                None => Text::new("移出文件夹", "move it out of the folder"),
            };
            let place = Place::File { path: self.name(&path) };
            faults.push(Diagnostic::new(&codes::UNUSED_FILE, message).at_place(place).help(help));
        }
    }
}

/// Every file that a folder may hold.
fn known() -> impl Iterator<Item = &'static str> {
    std::iter::once(REPORT).chain(LOCALES.map(|(_, path)| path))
}

/// A locale as it was read.
struct File {
    lang: Lang,
    source: Option<Arc<Source>>,
    entries: Vec<Entry>,
}

struct Entry {
    key: Excerpt,
    /// `None` when it is no text.
    word: Option<String>,
    value: Place,
}

impl File {
    /// Reads JSON by the reader of YAML, of which it is a part: that one knows where each word stands.
    fn read(lang: Lang, source: Option<Arc<Source>>, faults: &mut Vec<Diagnostic>) -> Self {
        let node = source.as_ref().and_then(|source| policy::read_yaml(source, faults).map(|node| (node, source)));
        let mut entries = Vec::new();
        if let Some((node, source)) = &node {
            let root = Value::new(node, source);
            if root.sort() != Sort::Mapping {
                let message = Text::new("应为键与文字的对象", "an object of keys and texts is wanted");
                faults.push(root.fault(&codes::LOCALE, message));
            }
            let entry = |(key, value): (Excerpt, Value<'_>)| Entry {
                key,
                word: value.text().filter(|_| value.plain() == Some(Plain::Text)).map(str::to_owned),
                value: value.place(),
            };
            entries.extend(root.named().map(entry));
        }
        Self { lang, source, entries }
    }

    /// The key and word of an entry that can be used.
    fn word(
        &self,
        entry: &Entry,
        other: &Self,
        template: &str,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<(String, String)> {
        let key = entry.key.text.as_str();
        let fault = |zh: &str, en: &str| {
            let message = Text::new(format!("`{key}`：{zh}"), format!("`{key}`: {en}"));
            Diagnostic::new(&codes::LOCALE, message).at_place(entry.value.clone())
        };
        let Some(word) = entry.word.as_ref().filter(|word| !word.trim().is_empty()) else {
            faults.push(fault("应为不空的文字", "a text that is not empty is wanted"));
            return None;
        };
        if word.chars().any(escape::acts) {
            let what = "换行、制表符、控制字符或看不见的字符";
            faults.push(fault(
                &format!("不能含有{what}"),
                "line breaks, tabs, control characters and characters that hide are refused",
            ));
            return None;
        }
        let shipped = shipped(self.lang);
        if let Some(known) = shipped.get(key) {
            let (wanted, found) = (placeholders(known), placeholders(word));
            if wanted != found {
                let braced = |names: &[&str]| names.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>();
                let (zh, en) = match braced(&wanted).as_slice() {
                    [] => ("不写占位符".to_owned(), "write no placeholder".to_owned()),
                    names => (format!("写上 {}", names.join("、")), format!("write {}", names.join(", "))),
                };
                let fault = fault("占位符与内置用词不同", "its placeholders are not those of the shipped word");
                faults.push(fault.help(Text::new(zh, en)));
                return None;
            }
        } else {
            self.own(entry, other, template, shipped, faults);
        }
        if let Some(taken) = taken(shipped, key, word) {
            let zh = format!("`{word}` 是 `{taken}` 的用词，会让人读成另一个意思");
            let en = format!("`{word}` is the word of `{taken}` and would read as such");
            faults.push(fault(&zh, &en));
            return None;
        }
        Some((key.to_owned(), word.clone()))
    }

    /// A key that the shipped locale does not have: another vocabulary's word of an outcome, or one of the template.
    fn own(&self, entry: &Entry, other: &Self, template: &str, shipped: &Words, faults: &mut Vec<Diagnostic>) {
        let key = entry.key.text.as_str();
        let outcome = key.strip_prefix("outcome.").and_then(|rest| rest.split_once('.'));
        let vocabulary = outcome.is_some_and(|(_, word)| shipped.contains_key(&format!("outcome.{word}")));
        let quoted = |quote: char| template.contains(&format!("{quote}{key}{quote}"));
        if !vocabulary && !quoted('"') && !quoted('\'') {
            let message = Text::new(format!("没有地方用到 `{key}`"), format!("nothing uses `{key}`"));
            let mut fault = Diagnostic::new(&codes::UNUSED_WORD, message).at_place(entry.key.whole());
            if let Some(meant) = nearest(key, shipped.keys().map(String::as_str)) {
                fault = fault.help(Text::new(format!("是否应为 `{meant}`？"), format!("did you mean `{meant}`?")));
            }
            faults.push(fault);
        } else if other.entries.iter().all(|entry| entry.key.text != key) {
            let missing = if self.lang == Lang::Zh { "locales/en.json" } else { "locales/zh.json" };
            let message = Text::new(format!("`{key}` 在 `{missing}` 里没有"), format!("`{key}` is not in `{missing}`"));
            let help = Text::new("两种语言都要写", "write it in both languages");
            faults.push(Diagnostic::new(&codes::LOCALE, message).at_place(entry.key.whole()).help(help));
        }
    }
}

/// The key of another thing of the same kind whose shipped word this is.
fn taken<'a>(shipped: &'a BTreeMap<String, String>, key: &str, word: &str) -> Option<&'a str> {
    let parts = |key: &'a str| Some((key.split_once('.')?.0, key.rsplit_once('.')?.1));
    let (kind, thing) = (key.split_once('.')?.0, key.rsplit_once('.')?.1);
    if !KINDS.contains(&kind) {
        return None;
    }
    let same = |known: &str| known.trim().to_lowercase() == word.trim().to_lowercase();
    let others = shipped.iter().filter(|(other, _)| {
        parts(other).is_some_and(|(other_kind, other_thing)| other_kind == kind && other_thing != thing)
    });
    others.into_iter().find(|(_, known)| same(known)).map(|(other, _)| other.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::fixture;
    use crate::model::NotTested;
    use crate::model::Outcome::{NotSatisfied, NotTested as Untested, Satisfied};
    use crate::report::markdown::{render, render_with};

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn told(faults: &[Diagnostic]) -> Vec<String> {
        let place = |fault: &Diagnostic| fault.place.as_ref().map(Place::display).unwrap_or_default();
        let line = |fault: &Diagnostic| format!("{} {} {}", place(fault), fault.code.id, fault.message.get(Lang::En));
        faults.iter().map(line).collect()
    }

    fn read(files: &[(&str, &str)]) -> (Templates, Vec<String>) {
        let folder = folder(files);
        let (templates, faults) = Templates::read(folder.path(), "design/");
        (templates, told(&faults))
    }

    #[test]
    fn words_lie_over_the_shipped_ones_key_by_key() {
        let zh = "\u{feff}{\n\t\"report.title\": \"\\u5468\\u62a5\",\r\n\t\"outcome.not_satisfied\": \"未达标\",\n\
                  \t\"outcome.own.satisfied\": \"达标\"\n}\n";
        let en = "{\"outcome.own.satisfied\": \"met\", \"table.due\": \"by {date}, {date} at the latest\"}";
        let (templates, faults) = read(&[("locales/zh.json", zh), ("locales/en.json", en)]);
        assert_eq!(faults, Vec::<String>::new());
        let locale = templates.locale(Lang::Zh, Some("own"));
        assert_eq!(locale.get("report.title"), "周报");
        assert_eq!(locale.get("report.kind"), "报告性质");
        let words = [Satisfied, NotSatisfied, Untested(NotTested::Error)].map(|outcome| locale.outcome(outcome));
        assert_eq!(words, ["达标", "未达标", "未检测"]);
        let date = [("date", "2026-10-15".to_owned())];
        assert_eq!(
            templates.locale(Lang::En, None).fill("table.due", &date),
            "by 2026-10-15, 2026-10-15 at the latest"
        );
        // Page 1 says so, in the language that has words of its own.
        let text = render_with(&fixture::rich(), Lang::Zh, &templates, &mut Vec::new()).unwrap();
        assert!(text.starts_with("# 周报\n") && text.contains("| 自备模板与用词 | `locales/zh.json` |"), "{text}");
        assert!(!render(&fixture::rich(), Lang::Zh).unwrap().contains("自备模板与用词"));
    }

    #[test]
    fn a_word_that_cannot_be_used_is_told_with_its_place_and_the_others_count() {
        let cases = [
            ("a number", "\"report.kind\": 5", "2:16 report/locale `report.kind`: a text"),
            ("nothing", "\"report.kind\": null", "2:16 report/locale `report.kind`: a text"),
            ("a list", "\"report.kind\": [\"a\"]", "2:16 report/locale `report.kind`: a text"),
            ("blank", "\"report.kind\": \" \"", "2:16 report/locale `report.kind`: a text"),
            ("line break", "\"report.kind\": \"a\\nb\"", "2:16 report/locale `report.kind`: line breaks"),
            ("escape", "\"report.kind\": \"\\u001b[31m\"", "2:16 report/locale `report.kind`: line breaks"),
            ("hidden", "\"report.kind\": \"\\u202e\"", "2:16 report/locale `report.kind`: line breaks"),
            ("placeholder lost", "\"table.due\": \"due\"", "2:14 report/locale `table.due`: its placeholders"),
            ("placeholder made up", "\"report.kind\": \"{x}\"", "2:16 report/locale `report.kind`: its placeholders"),
            ("misspelt", "\"report.knid\": \"a\"", "2:1 report/unused-word nothing uses `report.knid`"),
            (
                "another thing's word",
                "\"outcome.not_satisfied\": \" 符合 \"",
                "2:26 report/locale `outcome.not_satisfied`: ` 符合 ` is the word of `outcome.",
            ),
            ("its own word", "\"outcome.not_satisfied\": \"不符合\"", ""),
            ("twice", "\"report.kind\": \"a\", \"report.kind\": \"b\"", "2:21 policy/yaml-duplicate-key"),
            (
                "one language",
                "\"outcome.own.partial\": \"a\"",
                "2:1 report/locale `outcome.own.partial` is not in `loc",
            ),
        ];
        for (name, entry, expected) in cases {
            let text = format!("{{\n{entry},\n\"report.title\": \"周报\"}}");
            let (templates, faults) = read(&[("locales/zh.json", &text)]);
            let expected =
                if expected.is_empty() { String::new() } else { format!("design/locales/zh.json:{expected}") };
            assert!(faults.first().map_or("", String::as_str).starts_with(&expected), "{name}: {faults:?}");
            assert_eq!(faults.len(), usize::from(!expected.is_empty()), "{name}: {faults:?}");
            assert_eq!(templates.locale(Lang::Zh, None).get("report.title"), "周报", "{name}");
        }
        for (name, text, expected) in [
            ("cut short", "{\"report.kind\": \"a\"", "policy/yaml-syntax"),
            ("a list", "[1]", "report/locale an object"),
            ("empty", "", "policy/file-empty"),
            ("deep", &"[".repeat(100_000), "policy/yaml"),
        ] {
            let (templates, faults) = read(&[("locales/en.json", text)]);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{name}: {faults:?}");
            assert_eq!(templates.locale(Lang::En, None).get("report.kind"), "Kind", "{name}");
        }
    }

    #[test]
    fn a_template_takes_the_place_of_the_shipped_one() {
        let template =
            "# {{ t(\"own.title\") }} {{ m.period.id }} {{ templates | join(' ') }}\n\n{{ m.entity.name | text }}\n";
        let files = [
            ("templates/report.md", template),
            ("locales/zh.json", "{\"own.title\": \"季报\"}"),
            ("locales/en.json", "{\"own.title\": \"Quarterly\"}"),
        ];
        let (templates, faults) = read(&files);
        assert_eq!(faults, Vec::<String>::new());
        let text = |lang| {
            let mut faults = Vec::new();
            let text = render_with(&fixture::rich(), lang, &templates, &mut faults).unwrap();
            assert_eq!(told(&faults), Vec::<String>::new());
            text
        };
        assert_eq!(text(Lang::Zh), "# 季报 2026Q3 templates/report.md locales/zh.json\n\n示例代账有限公司\n");
        assert_eq!(
            text(Lang::En),
            "# Quarterly 2026Q3 templates/report.md locales/en.json\n\nExample Bookkeeping Ltd\n"
        );
    }

    #[test]
    fn a_template_that_cannot_be_filled_in_is_told_and_the_shipped_one_serves() {
        let shipped = render(&fixture::rich(), Lang::Zh).unwrap();
        let cases = [
            ("syntax", "# 标题\n{% if %}\n", "2:7 report/template the template cannot be used: syntax error"),
            ("never closed", "a\n{{ m.as_of\n", "report/template the template cannot be used: syntax error"),
            ("no such value", "a\n{{ m.as_fo }}", "2:4 report/template the template cannot be used: undefined value"),
            ("no such filter", "{{ m | shout }}", "1:8 report/template the template cannot be used: unknown filter"),
            ("no such word", "\n\n{{ t('report.tittle') }}", "no word `report.tittle` in the locales"),
            ("no such outcome", "{{ outcome('good') }}", "`good` is not an outcome"),
            (
                "another file",
                "{% include '../../secret.md' %}",
                "report/template the template cannot be used: template not",
            ),
            (
                "endless",
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "was stopped",
            ),
            ("too long", "{% for a in range(99999) %}{{ 'x' * 99999 }}{% endfor %}", "was stopped"),
            ("doubling", &format!("{{% set a = 'xx' %}}{}", "{% set a = a ~ a %}".repeat(60)), "was stopped"),
            ("recursion", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "report/template"),
        ];
        for (name, template, expected) in cases {
            let (templates, faults) = read(&[("templates/report.md", template)]);
            assert_eq!(faults, Vec::<String>::new(), "{name}");
            let mut faults = Vec::new();
            let text = render_with(&fixture::rich(), Lang::Zh, &templates, &mut faults).unwrap();
            assert!(text == shipped, "{name}: {text}");
            let lines = told(&faults);
            assert!(
                lines.len() == 1 && lines[0].starts_with("design/templates/report.md:") && lines[0].contains(expected),
                "{name}: {lines:?}"
            );
        }
    }

    /// The fuel of a template that is not ours is enough for ours.
    #[test]
    fn the_shipped_template_is_within_the_bounds_of_any_other() {
        let (templates, _) = read(&[("templates/report.md", include_str!("../../reports/templates/report.md"))]);
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/agency/expected/assessment.json");
        let mut assessment = crate::report::json::from_json(&fs::read(path).unwrap()).unwrap();
        let (controls, gaps) = (assessment.controls.clone(), assessment.gaps.clone());
        for _ in 0..20 {
            assessment.controls.extend(controls.iter().cloned());
            assessment.gaps.extend(gaps.iter().cloned());
        }
        let mut faults = Vec::new();
        let text = render_with(&assessment, Lang::Zh, &templates, &mut faults).unwrap();
        assert_eq!(told(&faults), Vec::<String>::new());
        assert!(text.contains("自备模板与用词") && text.len() > 500_000);
    }

    #[test]
    fn files_that_nothing_uses_are_named() {
        let (_, faults) =
            read(&[("templates/reprot.md", ""), ("locales/fr.json", "{}"), ("locales/.swp", ""), ("x", "")]);
        let nothing = "design report/unused-file `design` holds neither a report template nor a locale";
        let others = ["locales/fr.json", "templates/reprot.md"]
            .map(|path| format!("design/{path} report/unused-file no report uses `{path}`"));
        assert_eq!(faults, [nothing, &others[0], &others[1]]);
        let (_, faults) = read(&[("templates", "a file"), ("locales/zh.json", "{\"report.kind\": \"a\"}")]);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_the_folder_is_read() {
        let outside = folder(&[("report.md", "secret"), ("locales/zh.json", "{\"report.kind\": \"secret\"}")]);
        let inside = folder(&[("templates/x", "")]);
        let link = |from: &str, to: &str| {
            std::os::unix::fs::symlink(outside.path().join(from), inside.path().join(to)).unwrap();
        };
        link("report.md", "templates/report.md");
        link("locales", "locales");
        let (templates, faults) = Templates::read(inside.path(), "design");
        assert!(templates.report.is_none() && templates.zh.is_empty());
        let lines = told(&faults);
        for (path, line) in [("locales/zh.json", &lines[0]), ("templates/report.md", &lines[1])] {
            let start = format!("design/{path} policy/file-unreadable");
            assert!(line.starts_with(&start) && line.ends_with("a link leads out of the folder"), "{lines:?}");
        }
    }
}
