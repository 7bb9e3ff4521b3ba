//! Patterns of `LIKE` and `REGEXP_LIKE`, compiled once while binding.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

/// Bytes a compiled pattern may take: enough for any sensible pattern, too little for `(a{1000}){1000}`.
const SIZE_LIMIT: usize = 1 << 20;

/// A compiled pattern that remembers its text. Two are equal when their texts and kinds are.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As written.
    pub text: String,
    /// Whether it is a `LIKE` pattern (`%`, `_`), not a regular expression.
    pub like: bool,
    regex: Arc<Regex>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.like == other.like && self.text == other.text
    }
}

impl Pattern {
    /// Compiles a regular expression, which matches anywhere in the text unless anchored.
    ///
    /// # Errors
    /// What is wrong with it, or that it would be too large, in the regex engine's words.
    pub fn regexp(text: &str) -> Result<Self, String> {
        Self::compile(text, text, false)
    }

    /// Compiles a `LIKE` pattern: `%` is any run of characters, `_` any one, the rest stands for itself.
    ///
    /// # Errors
    /// That it would be too large.
    pub fn like(text: &str) -> Result<Self, String> {
        let mut source = String::from(r"(?s)\A");
        for c in text.chars() {
            match c {
                '%' => source.push_str(".*"),
                '_' => source.push('.'),
                c => source.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
        }
        source.push_str(r"\z");
        Self::compile(text, &source, true)
    }

    fn compile(text: &str, source: &str, like: bool) -> Result<Self, String> {
        let regex = RegexBuilder::new(source)
            .size_limit(SIZE_LIMIT)
            .dfa_size_limit(SIZE_LIMIT * 2)
            .nest_limit(64)
            .build()
            .map_err(|fault| match fault {
                regex::Error::CompiledTooBig(_) => "too large".to_owned(),
                // The first lines draw the pattern with a caret; the last says what is wrong.
                other => other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
            })?;
        Ok(Self { text: text.to_owned(), like, regex: Arc::new(regex) })
    }

    /// Whether the text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}
