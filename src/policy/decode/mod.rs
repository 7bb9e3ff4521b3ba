//! Trees that passed their shape → model. A value the shape refused is skipped here: its fault is already told.

pub(crate) mod adapter;
pub(crate) mod calendar;
mod check;
pub(crate) mod control;
pub(crate) mod evidence;
pub(crate) mod pack;
pub(crate) mod profile;
pub(crate) mod provisions;
pub(crate) mod test_file;
pub(crate) mod typed;

use globset::ErrorKind;

use super::shape::Shape;
use super::tree::{Sort, Value};
use super::{codes, date};
use crate::text::{Diagnostic, Excerpt, Text, foreign, suggest::nearest};

/// What a decoder needs beside the value.
pub(crate) struct Decoder<'f> {
    /// Where faults go.
    pub(crate) faults: &'f mut Vec<Diagnostic>,
    /// The file was checked when the pack was built: templates, patterns and schemas are not looked at again.
    pub(crate) trusted: bool,
}

impl Decoder<'_> {
    pub(crate) fn fault(&mut self, diagnostic: Diagnostic) {
        self.faults.push(diagnostic);
    }

    /// What a key that must be there holds. Of a trusted file nothing stands in for it; of another the shape has told it.
    pub(crate) fn needed(&self, text: Option<Text>) -> Option<Text> {
        if self.trusted { text } else { Some(text.unwrap_or_default()) }
    }

    /// Says so when a range of days ends before it starts.
    pub(crate) fn ordered(&mut self, from: Option<i32>, to: Option<i32>, place: Value<'_>) {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let (first, last) = (date::format(from), date::format(to));
            let message = Text::new(format!("{last} 早于 {first}"), format!("{last} lies before {first}"));
            let help = Text::new("改正其中一个日期", "correct one of the two");
            self.fault(place.fault(&codes::DATES_REVERSED, message).help(help));
        }
    }

    /// Says so when a regular expression is unusable.
    pub(crate) fn pattern(&mut self, value: Option<Value<'_>>) -> Option<String> {
        let value = value?;
        let pattern = value.text()?;
        if !self.trusted
            && let Err(error) = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build()
        {
            // The last line of the crate's account is the reason; the lines before it draw the pattern.
            let detail = error.to_string();
            let detail = detail.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            let why = foreign::regex(&detail);
            let message = Text::new(
                format!("不是可用的正则表达式：{}", why.zh),
                format!("not a usable regular expression: {}", why.en),
            );
            let help = Text::new(
                "不支持环视与反向引用；缩小重复次数",
                "no look-around or back-references; keep repetition counts small",
            );
            self.fault(value.fault(&codes::BAD_REGEX, message).help(help));
        }
        Some(pattern.to_owned())
    }

    /// Says so when a glob is unusable.
    pub(crate) fn glob(&mut self, value: Value<'_>) -> Option<String> {
        let glob = value.text()?;
        if !self.trusted
            && let Err(error) = globset::GlobBuilder::new(glob).literal_separator(true).build()
        {
            let (zh, help_zh, help_en) = match error.kind() {
                ErrorKind::UnclosedClass => {
                    ("方括号没有闭合", "补上 `]`；要匹配 `[` 本身写 `[[]`", "add `]`; write `[[]` for a `[` itself")
                }
                ErrorKind::InvalidRange(..) => ("字符范围首尾颠倒", "小的写在前面", "write the lesser one first"),
                ErrorKind::UnopenedAlternates => ("多了一个 `}`", "删去它，或补上 `{`", "remove it, or add `{`"),
                ErrorKind::UnclosedAlternates => ("花括号没有闭合", "补上 `}`", "add `}`"),
                ErrorKind::DanglingEscape => ("末尾多了一个反斜杠", "删去它", "remove it"),
                _ => ("写法有误", "`*` 为任意文字，`**/` 为任意层文件夹", "`*` is any text, `**/` any folders"),
            };
            let message =
                Text::new(format!("不是有效的文件名样式：{zh}"), format!("not a valid glob: {}", error.kind()));
            self.fault(value.fault(&codes::BAD_GLOB, message).help(Text::new(help_zh, help_en)));
        }
        Some(glob.to_owned())
    }
}

/// `BAK-02` of `controls/BAK/BAK-02.yaml`.
pub(crate) fn id_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
}

/// The value of a key; where it is absent, that of an unknown key that was meant to be it. The unknown key was told; what
/// it holds still gives names to the rest.
pub(crate) fn meant<'a>(value: Value<'a>, shape: &Shape, key: &str, decoder: &Decoder<'_>) -> Option<Value<'a>> {
    let exact = value.get(key);
    if exact.is_some() || decoder.trusted {
        return exact;
    }
    let names = || shape.keys.iter().map(|known| known.name);
    let wrong = |name: &str| !names().any(|known| known == name) && nearest(name, names()) == Some(key);
    value.named().find(|(name, _)| wrong(&name.text)).map(|(_, found)| found)
}

/// A text for people: `{zh, en}` or a plain string.
pub(crate) fn text(value: Option<Value<'_>>) -> Option<Text> {
    let value = value?;
    match value.sort() {
        Sort::Mapping => {
            let language = |name| value.get(name).and_then(Value::text).map(str::to_owned);
            Some(Text { zh: language("zh")?, en: language("en")? })
        }
        _ => value.text().map(Text::same),
    }
}

/// A scalar as written.
pub(crate) fn string(value: Option<Value<'_>>) -> Option<String> {
    value.and_then(Value::text).map(str::to_owned)
}

/// A list of scalars, or one.
pub(crate) fn strings(value: Option<Value<'_>>) -> Vec<String> {
    value.into_iter().flat_map(Value::one_or_more).filter_map(Value::text).map(str::to_owned).collect()
}

/// A scalar with its places.
pub(crate) fn excerpt(value: Option<Value<'_>>) -> Option<Excerpt> {
    value.filter(|value| value.sort() == Sort::Scalar).map(Value::excerpt)
}

/// A list of scalars with their places, or one.
pub(crate) fn excerpts(value: Option<Value<'_>>) -> Vec<Excerpt> {
    value
        .into_iter()
        .flat_map(Value::one_or_more)
        .filter(|value| value.sort() == Sort::Scalar)
        .map(Value::excerpt)
        .collect()
}

/// A date.
pub(crate) fn day(value: Option<Value<'_>>) -> Option<i32> {
    value.and_then(Value::text).and_then(date::parse)
}

/// A whole number.
pub(crate) fn integer(value: Option<Value<'_>>) -> Option<i64> {
    match value.and_then(Value::plain) {
        Some(super::yaml::Plain::Integer(number)) => Some(number),
        _ => None,
    }
}

/// `true` or `false`.
pub(crate) fn boolean(value: Option<Value<'_>>) -> Option<bool> {
    match value.and_then(Value::plain) {
        Some(super::yaml::Plain::Boolean(answer)) => Some(answer),
        _ => None,
    }
}
