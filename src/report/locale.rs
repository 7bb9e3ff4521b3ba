//! The words of the outputs, from `reports/locales/{zh,en}.json`: flat files that a report designer edits.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::model::{Outcome, Severity};
use crate::text::Lang;

/// Words by key.
pub(super) type Words = BTreeMap<String, String>;

static ZH: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../reports/locales/zh.json")));
static EN: LazyLock<Words> = LazyLock::new(|| read(include_str!("../../reports/locales/en.json")));

fn read(text: &str) -> Words {
    // INVARIANT: the files are embedded and a test reads both; were one broken, every key would print as itself.
    serde_json::from_str(text).unwrap_or_default()
}

/// The words of this build.
pub(super) fn shipped(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// The names between braces, ascending.
pub(super) fn placeholders(word: &str) -> Vec<&str> {
    let rest = word.split('{').skip(1);
    let mut found: Vec<&str> = rest.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// One language's words, in the vocabulary of a profile.
#[derive(Debug, Clone)]
pub(super) struct Locale {
    shipped: &'static Words,
    /// What lies over them.
    own: Arc<Words>,
    vocabulary: Option<String>,
    pub(super) lang: Lang,
}

impl Locale {
    /// The shipped words of `lang` with `own` over them; `vocabulary` as in REPORTS §1.1.
    pub(super) fn over(own: &Arc<Words>, lang: Lang, vocabulary: Option<&str>) -> Self {
        Self { shipped: shipped(lang), own: Arc::clone(own), vocabulary: vocabulary.map(str::to_owned), lang }
    }

    fn find(&self, key: &str) -> Option<&String> {
        self.own.get(key).or_else(|| self.shipped.get(key))
    }

    /// The word of a key; an unknown key is shown as itself.
    pub(super) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).map_or(key, String::as_str)
    }

    /// Whether there is a word of a key.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// The word of a key with `{name}` filled in.
    pub(super) fn fill<'a>(&'a self, key: &'a str, values: &[(&str, String)]) -> String {
        let mut rest = self.get(key);
        let mut text = String::with_capacity(rest.len() + 32);
        // One pass: a value that looks like a placeholder stays what it is.
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(values.iter().find(|(known, _)| *known == name).map_or(name, |(_, value)| value));
            rest = after;
        }
        text + rest
    }

    /// The printed word of an outcome, in the profile's vocabulary.
    pub(super) fn outcome(&self, outcome: Outcome) -> &str {
        let own = self.vocabulary.as_ref().map(|name| format!("outcome.{name}.{}", outcome.word()));
        let own = own.and_then(|key| self.find(&key));
        let common = || self.find(&format!("outcome.{}", outcome.word()));
        own.or_else(common).map_or(outcome.word(), String::as_str)
    }

    /// The printed word of `prefix.word`.
    pub(super) fn word(&self, prefix: &str, word: &'static str) -> &str {
        self.find(&format!("{prefix}.{word}")).map_or(word, String::as_str)
    }

    /// The printed word of a severity.
    pub(super) fn severity(&self, severity: Severity) -> &str {
        self.word("severity", super::words::severity_word(severity))
    }
}

/// A sign beside the word of an outcome, so that no meaning rests on colour.
pub(super) const fn symbol(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Satisfied => "✓",
        Outcome::Partial => "◐",
        Outcome::NotSatisfied => "✗",
        Outcome::NotApplicable => "–",
        Outcome::NotTested(_) => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NotTested;

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        assert!(ZH.len() > 100, "the file is read");
        let keys = |words: &BTreeMap<String, String>| words.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&ZH), keys(&EN));
        for (key, zh) in &*ZH {
            assert_eq!(placeholders(zh), placeholders(&EN[key]), "{key}");
            assert!(!zh.is_empty() && !EN[key].is_empty(), "{key}");
        }
    }

    #[test]
    fn every_key_is_used() {
        let users = [
            include_str!("table/mod.rs"),
            include_str!("table/sections.rs"),
            include_str!("markdown/mod.rs"),
            include_str!("markdown/context.rs"),
            include_str!("../../reports/templates/report.md"),
        ]
        .concat();
        // Looked up by the word of an enum.
        let families = [
            "outcome.",
            "severity.",
            "reason.",
            "finding.",
            "level.",
            "kind.",
            "threshold.",
            "binding.",
            "verification.",
            "state.",
            "baseline.",
            "file.",
            "self_check.",
            "statement.",
            "override.",
        ];
        let unused: Vec<&String> = ZH
            .keys()
            .filter(|key| !families.iter().any(|family| key.starts_with(family)))
            .filter(|key| !users.contains(&format!("\"{key}\"")))
            .collect();
        assert_eq!(unused, Vec::<&String>::new());
    }

    #[test]
    fn outcomes_follow_the_vocabulary() {
        let cases = [
            ("default", None, Outcome::Partial, "部分符合"),
            ("GB/T 45577", Some("gbt45577"), Outcome::Partial, "基本符合"),
            ("GB/T 45577, not tested", Some("gbt45577"), Outcome::NotTested(NotTested::Error), "未评估"),
            ("unknown falls back", Some("x"), Outcome::NotSatisfied, "不符合"),
        ];
        for (name, vocabulary, outcome, expected) in cases {
            let locale = Locale::over(&Arc::default(), Lang::Zh, vocabulary);
            assert_eq!(locale.outcome(outcome), expected, "{name}");
        }
        let locale = Locale::over(&Arc::default(), Lang::En, None);
        assert_eq!(locale.fill("table.due", &[("date", "{date}".to_owned())]), "due {date}");
    }
}
