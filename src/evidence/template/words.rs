//! What a kind is and what its columns take, in words for the person who fills in a form.

use chrono_tz::Tz;

use super::Column;
use crate::evidence::display::scalar_text;
use crate::expr::{Scalar, Type};
use crate::model::{DateOnly, EvidenceKind, Field, FieldKind, Record, Sensitivity, Several};
use crate::text::Lang;

/// What there is to know of a kind: label and text.
pub fn about(kind: &EvidenceKind, lang: Lang) -> Vec<(&'static str, String)> {
    let say = |zh: &'static str, en: &'static str| choose(lang, zh, en);
    let mut facts = vec![
        (say("证据", "evidence"), format!("{} ({})", kind.title.get(lang), kind.id)),
        (say("怎样取得", "how to collect"), one_line(kind.collect.get(lang))),
    ];
    if let Some(owner) = &kind.owner {
        facts.push((say("提供部门", "owed by"), owner.clone()));
    }
    if let Some(days) = kind.max_age_days {
        let text = match lang {
            Lang::Zh => format!("采集日期距基准日不超过 {days} 天"),
            Lang::En => format!("captured at most {days} days before the as-of date"),
        };
        facts.push((say("时效", "age"), text));
    }
    if kind.time.is_none() {
        // Without a time among its columns nothing else says when the file was captured.
        let text = match lang {
            Lang::Zh => format!("写进文件名，如 {}_20260930.xlsx；或在 manifest.yaml 写明 captured_on", kind.id),
            Lang::En => {
                format!("part of the file's name, as in {}_20260930.xlsx, or `captured_on` in manifest.yaml", kind.id)
            }
        };
        facts.push((say("采集日期", "captured on"), text));
    }
    let names: Vec<&str> = kind.files.iter().map(|glob| glob.strip_prefix("**/").unwrap_or(glob)).collect();
    if !names.is_empty() {
        let names = names.join(say("、", ", "));
        let text = match lang {
            Lang::Zh => format!("{names}（* 代表任意文字；别的文件名按内容识别）"),
            Lang::En => format!("{names} (* is any text; files of other names are recognised by what they hold)"),
        };
        facts.push((say("文件名", "file names"), text));
    }
    let several = match kind.several {
        Several::All => say("每份都计入", "rows of every file count"),
        Several::Newest => say("每个来源系统只计最新一份", "only the newest of each source system counts"),
    };
    facts.push((say("多份文件", "several files"), several.to_owned()));
    if kind.may_be_empty {
        let text = say(
            "没有发生时交空表，并在 manifest.yaml 写明 rows: 0（零报告）",
            "if nothing happened hand in an empty table and say `rows: 0` in manifest.yaml: a nil return",
        );
        facts.push((say("没有发生时", "if nothing happened"), text.to_owned()));
    }
    facts
}

/// One line about a field of a record, whatever it holds: title, type, what is allowed, an example.
pub fn describe(field: &Field, record: &Record, lang: Lang) -> String {
    let title = title(field, lang);
    let required = field.required.then(|| choose(lang, "必填", "required").to_owned());
    let description = field.description.as_ref().map(|text| text.get(lang).to_owned());
    let mut parts = Vec::new();
    match &field.kind {
        FieldKind::Column(kind) => {
            // In English the name stands beside the line already.
            parts.extend((lang == Lang::Zh).then(|| title.clone()));
            let column = Column::of(field, kind, field.name.clone(), title, field.required, lang);
            parts.push(type_word(&column, lang));
            parts.extend(required);
            let earlier = kind.not_before.as_ref().and_then(|other| record.fields.get(other));
            parts.extend(choices(&column, lang));
            parts.extend(clauses(&column, earlier.map(|other| self::title(other, lang)).as_deref(), lang));
            parts.extend(example(&column, lang));
        }
        FieldKind::Children { .. } => {
            parts.extend((lang == Lang::Zh).then_some(title));
            parts.push(choose(lang, "清单，每项以“-”开头", "list; each item begins with `-`").to_owned());
            parts.extend(required);
        }
        FieldKind::Struct(_) => {
            parts.push(title);
            parts.extend(required);
        }
    }
    parts.extend(description);
    one_line(&parts.join(choose(lang, "；", "; ")))
}

fn title(field: &Field, lang: Lang) -> String {
    field.title.as_ref().filter(|_| lang == Lang::Zh).unwrap_or(&field.name).clone()
}

/// `如 2026-09-30`; nothing where the choices say it.
pub(super) fn example(column: &Column<'_>, lang: Lang) -> Option<String> {
    let example = column.example.as_ref().filter(|_| column.choices.is_empty())?;
    Some(format!("{} {example}", choose(lang, "如", "e.g.")))
}

/// `可填：成功、失败`; nothing for booleans, whose type says it.
pub(super) fn choices(column: &Column<'_>, lang: Lang) -> Option<String> {
    let told = column.choices.is_empty() || *column.item() == Type::Boolean;
    let list = || column.choices.join(choose(lang, "、", ", "));
    (!told).then(|| format!("{}{}", choose(lang, "可填：", "one of: "), list()))
}

/// The type of a column.
pub(super) fn type_word(column: &Column<'_>, lang: Lang) -> String {
    let (zh, en) = match column.item() {
        Type::Boolean => ("是或否", "yes or no"),
        Type::Integer => ("整数", "whole number"),
        Type::Decimal => ("数字", "number"),
        Type::Text if !column.choices.is_empty() => ("选项", "option"),
        Type::Date => ("日期", "date"),
        Type::Timestamp => ("日期和时间", "date and time"),
        Type::Null | Type::Text | Type::Duration(_) | Type::List(_) => ("文字", "text"),
    };
    match (column.is_list(), lang) {
        (false, _) => choose(lang, zh, en).to_owned(),
        (true, Lang::Zh) => format!("{zh}，可多个"),
        (true, Lang::En) => format!("{en}, several allowed"),
    }
}

/// What a column takes beyond its type, clause by clause; `earlier` is the title of the column it may not precede.
pub(super) fn clauses(column: &Column<'_>, earlier: Option<&str>, lang: Lang) -> Vec<String> {
    let say = |zh: String, en: String| if lang == Lang::Zh { zh } else { en };
    let kind = column.kind;
    let mut clauses = Vec::new();
    clauses.extend(range(kind.minimum.as_ref().map(scalar_text), kind.maximum.as_ref().map(scalar_text), "", lang));
    if column.choices.is_empty() && !column.words.is_empty() {
        let words = further_words(column, lang).join(choose(lang, "、", ", "));
        clauses.push(format!("{}{words}", choose(lang, "也可写：", "or in words: ")));
    }
    let count = |count: Option<u64>| count.map(|count| count.to_string());
    clauses.extend(range(count(kind.min_length), count(kind.max_length), choose(lang, " 个字符", " characters"), lang));
    if let Some(pattern) = &kind.pattern {
        clauses.push(format!("{}{pattern}", choose(lang, "格式：", "pattern: ")));
    }
    match kind.separator.as_ref().filter(|separator| !separator.is_empty()) {
        Some(separator) if column.is_list() => {
            clauses.push(say(format!("多个用“{separator}”分隔"), format!("several are separated by `{separator}`")));
        }
        // Only documents have such lists.
        None if column.is_list() => clauses.push(choose(lang, "写作 [甲, 乙]", "written [a, b]").to_owned()),
        _ => {}
    }
    if let Some(least) = kind.min_items {
        clauses.push(say(format!("至少 {least} 项"), format!("at least {least}")));
    }
    if kind.unique_items {
        clauses.push(choose(lang, "不能重复", "none twice").to_owned());
    }
    match kind.date_only {
        Some(DateOnly::Start) => clauses.push(choose(lang, "可只写日期", "a date alone will do").to_owned()),
        Some(DateOnly::End) => {
            clauses.push(choose(lang, "可只写日期，按当天结束计", "a date alone is the end of that day").to_owned());
        }
        None => {}
    }
    if let Some(zone) = kind.time_zone.as_ref().filter(|zone| zone.parse::<Tz>().is_ok()) {
        clauses.push(say(format!("时区 {zone}"), format!("time zone {zone}")));
    }
    if let Some(other) = earlier {
        clauses.push(say(format!("不早于“{other}”"), format!("not before `{other}`")));
    }
    if let Some(unit) = &column.field.unit {
        clauses.push(say(format!("单位 {unit}"), format!("in {unit}")));
    }
    clauses
}

fn range(least: Option<String>, most: Option<String>, unit: &str, lang: Lang) -> Option<String> {
    Some(match (least, most, lang) {
        (None, None, _) => return None,
        (Some(least), Some(most), Lang::Zh) => format!("{least} 至 {most}{unit}"),
        (Some(least), Some(most), Lang::En) => format!("{least} to {most}{unit}"),
        (Some(least), None, Lang::Zh) => format!("不小于 {least}{unit}"),
        (Some(least), None, Lang::En) => format!("at least {least}{unit}"),
        (None, Some(most), Lang::Zh) => format!("不大于 {most}{unit}"),
        (None, Some(most), Lang::En) => format!("at most {most}{unit}"),
    })
}

/// How a column is masked in reports; blank when it is not.
pub(super) fn sensitivity(column: &Column<'_>, lang: Lang) -> &'static str {
    let (zh, en) = match column.field.sensitivity {
        None => return "",
        Some(Sensitivity::Name) => ("姓名，报告中遮盖", "a name, masked in reports"),
        Some(Sensitivity::IdNo) => ("证件号码，报告中遮盖", "an id number, masked in reports"),
        Some(Sensitivity::Phone) => ("电话，报告中遮盖", "a telephone number, masked in reports"),
        Some(Sensitivity::Card) => ("银行卡号，报告中遮盖", "a card number, masked in reports"),
        Some(Sensitivity::Email) => ("电子邮箱，报告中遮盖", "an e-mail address, masked in reports"),
        Some(Sensitivity::Address) => ("地址，报告中遮盖", "an address, masked in reports"),
    };
    choose(lang, zh, en)
}

/// Words besides the values, each with what it stands for: 永久（36500）, 在职（视同留空）; one of each value is enough.
fn further_words(column: &Column<'_>, lang: Lang) -> Vec<String> {
    let mut told: Vec<&Scalar> = Vec::new();
    let mut words = Vec::new();
    for word in &column.words {
        let value = column.kind.synonyms.get(word);
        if let Some(value) = value {
            if told.contains(&value) {
                continue;
            }
            told.push(value);
        }
        let value = value.map_or_else(|| choose(lang, "视同留空", "a blank").to_owned(), scalar_text);
        words.push(match lang {
            Lang::Zh => format!("{word}（{value}）"),
            Lang::En => format!("{word} ({value})"),
        });
    }
    words
}

/// One of two texts.
pub(super) const fn choose<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A text without line breaks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
