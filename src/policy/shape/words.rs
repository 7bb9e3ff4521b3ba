//! The sorts of words that several file kinds share, and the enums that model types mirror.

use super::{Doc, Word, doc};

const fn word(zh: &'static str, en: &'static str, pattern: &'static str, holds: fn(&str) -> bool) -> Word {
    Word { doc: Doc { zh, en }, pattern, holds }
}

fn starts_then(text: &str, first: fn(char) -> bool, rest: fn(char) -> bool) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(first) && chars.all(rest)
}

fn is_code(text: &str) -> bool {
    starts_then(text, |c| c.is_ascii_alphabetic(), |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}

fn is_snake(text: &str) -> bool {
    starts_then(text, |c| c.is_ascii_lowercase(), |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_kebab(text: &str) -> bool {
    starts_then(
        text,
        |c| c.is_ascii_lowercase() || c.is_ascii_digit(),
        |c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'),
    )
}

fn is_family(text: &str) -> bool {
    starts_then(text, |c| c.is_ascii_uppercase(), |c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// A name in expressions: letters of any script, digits, `_`.
fn is_name(text: &str) -> bool {
    starts_then(text, |c| c.is_alphabetic() || c == '_', |c| c.is_alphanumeric() || c == '_')
}

fn is_param_path(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(control, name)| is_code(control) && is_name(name))
}

fn is_period(text: &str) -> bool {
    crate::policy::period::parse(text).is_some()
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

pub(super) static CODE: Word = word(
    "编号（字母开头，含字母、数字、- _ . /）",
    "an id (a letter, then letters, digits, - _ . /)",
    "^[A-Za-z][A-Za-z0-9._/-]*$",
    is_code,
);
pub(super) static SNAKE: Word =
    word("小写名称（a-z、0-9、_）", "a lowercase name (a-z, 0-9, _)", "^[a-z][a-z0-9_]*$", is_snake);
pub(super) static KEBAB: Word =
    word("小写名称（a-z、0-9、-、_）", "a lowercase name (a-z, 0-9, -, _)", "^[a-z0-9][a-z0-9_-]*$", is_kebab);
pub(super) static FAMILY: Word =
    word("类别代码（大写字母与数字）", "a family code (capital letters and digits)", "^[A-Z][A-Z0-9]*$", is_family);
pub(super) static NAME: Word = word(
    "名称（文字、数字、_，不以数字开头）",
    "a name (letters, digits, _, not starting with a digit)",
    r"^[\p{L}_][\p{L}\p{N}_]*$",
    is_name,
);
pub(super) static PARAM_PATH: Word =
    word("`控制点.参数`", "`CONTROL.param`", r"^[A-Za-z][A-Za-z0-9._/-]*\.[\p{L}_][\p{L}\p{N}_]*$", is_param_path);
pub(super) static PERIOD: Word = word(
    "期间：2026、2026H1、2026Q3 或 2026-09",
    "a period: 2026, 2026H1, 2026Q3 or 2026-09",
    "^[0-9]{4}(H[12]|Q[1-4]|-(0[1-9]|1[0-2]))?$",
    is_period,
);
pub(super) static SHA256: Word =
    word("小写十六进制 SHA-256", "a lowercase hexadecimal SHA-256", "^[0-9a-f]{64}$", is_sha256);
pub(super) static ANY_WORD: Word = word("非空文字", "a text that is not empty", "^.+$", |text| !text.is_empty());

pub(super) static SEVERITIES: &[(&str, Doc)] = &[
    ("critical", doc("重大风险", "critical")),
    ("high", doc("高风险", "high")),
    ("medium", doc("中风险", "medium")),
    ("low", doc("低风险", "low")),
    ("info", doc("建议项", "advisory")),
];

pub(super) static THRESHOLD_SOURCES: &[(&str, Doc)] = &[
    ("law", doc("法律法规规定", "fixed by a law or regulation")),
    ("standard", doc("推荐性标准", "a recommended standard")),
    ("practice", doc("良好实践", "good practice")),
];

pub(super) static PARAM_TYPES: &[(&str, Doc)] = &[
    ("boolean", doc("是或否", "true or false")),
    ("integer", doc("整数", "a whole number")),
    ("decimal", doc("小数", "a decimal number")),
    ("text", doc("文字", "a text")),
    ("date", doc("日期", "a date")),
    ("timestamp", doc("时刻", "an instant")),
    ("duration", doc("时长，如 7 days", "a length of time, as in 7 days")),
    ("percent", doc("比例，如 95%", "a share, as in 95%")),
    ("list<text>", doc("文字清单", "a list of texts")),
    ("list<integer>", doc("整数清单", "a list of whole numbers")),
    ("list<decimal>", doc("小数清单", "a list of decimal numbers")),
    ("list<date>", doc("日期清单", "a list of dates")),
];
