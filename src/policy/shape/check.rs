//! Holding a file against its shape: every fault, each with its place and what to do.

use super::{Key, Shape, Ty};
use crate::policy::codes;
use crate::policy::duration;
use crate::policy::tree::{Sort, Value, excerpt_of};
use crate::policy::yaml::Plain;
use crate::text::{Diagnostic, Text, message::Message, suggest::nearest};

/// Appends every way in which `value` is not a `shape`.
pub(crate) fn check_shape(value: Value<'_>, shape: &'static Shape, faults: &mut Vec<Diagnostic>) {
    if value.sort() != Sort::Mapping {
        wrong_type(value, &Ty::Object(shape), faults);
        return;
    }
    let source = value.source();
    // Keys that a misspelt one is meant to be: that they do not stand is then no fault of its own.
    let mut meant: Vec<&str> = Vec::new();
    for (key, inner) in value.entries() {
        let name = key.text(&source.text);
        if let Some(known) = shape.keys.iter().find(|known| known.name == name) {
            check(inner, &known.ty, faults);
            continue;
        }
        let names = shape.keys.iter().map(|known| known.name);
        let message = Text::new(
            format!("{} 没有键 `{name}`", title_zh(shape)),
            format!("{} has no key `{name}`", article(shape.name)),
        );
        let help = match nearest(name, names.clone()) {
            Some(near) => {
                meant.push(near);
                Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?"))
            }
            None => {
                let list = names.collect::<Vec<_>>().join(", ");
                Text::new(format!("可用的键：{list}"), format!("it has: {list}"))
            }
        };
        let excerpt = excerpt_of(key, source);
        let label = Text::new("未知的键", "not a key of this");
        faults.push(Diagnostic::new(&codes::UNKNOWN_KEY, message).at_place(excerpt.whole()).label(label).help(help));
    }
    let lacking = |key: &&Key| key.required && value.get(key.name).is_none() && !meant.contains(&key.name);
    for key in shape.keys.iter().filter(lacking) {
        let message = Text::new(
            format!("{} 缺少 `{}`", title_zh(shape), key.name),
            format!("{} lacks `{}`", article(shape.name), key.name),
        );
        let help =
            Text::new(format!("加上 `{}`：{}", key.name, key.doc.zh), format!("add `{}`: {}", key.name, key.doc.en));
        faults.push(missing(value, message).help(help));
    }
    exactly_one(value, shape, &meant, faults);
}

fn exactly_one(value: Value<'_>, shape: &Shape, meant: &[&str], faults: &mut Vec<Diagnostic>) {
    if shape.exactly_one.is_empty() {
        return;
    }
    let source = value.source();
    let found: Vec<_> =
        value.entries().map(|(key, _)| key).filter(|key| shape.exactly_one.contains(&key.text(&source.text))).collect();
    let list = shape.exactly_one.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let help = Text::new(format!("{list} 四选一"), format!("keep one of {list}"));
    if found.is_empty() && meant.iter().any(|key| shape.exactly_one.contains(key)) {
        return;
    }
    if found.is_empty() {
        let message = Text::new(
            format!("{} 缺少 {list} 之一", title_zh(shape)),
            format!("{} lacks one of {list}", article(shape.name)),
        );
        faults.push(Diagnostic { code: &codes::ONE_OF_KEYS, ..missing(value, message) }.help(help));
    } else if let (Some(first), Some(second)) = (found.first(), found.get(1)) {
        let (a, b) = (first.text(&source.text), second.text(&source.text));
        let message = Text::new(format!("`{a}` 与 `{b}` 不能同时写"), format!("`{a}` and `{b}` do not go together"));
        faults.push(
            Diagnostic::new(&codes::ONE_OF_KEYS, message)
                .at(source, second.span)
                .related(excerpt_of(first, source).whole(), Text::new("另一个", "the other one"))
                .help(help),
        );
    }
}

/// A missing key is shown at the first key of the mapping that lacks it: the mapping whole would underline a page.
fn missing(value: Value<'_>, message: Text) -> Diagnostic {
    let span = value.entries().next().map_or_else(|| value.span(), |(key, _)| key.span);
    Diagnostic::new(&codes::MISSING_KEY, message).at(value.source(), span).label(Text::new("在这里", "in this one"))
}

/// Appends every way in which `value` is not a `ty`.
pub(crate) fn check(value: Value<'_>, ty: &Ty, faults: &mut Vec<Diagnostic>) {
    if value.is_told() {
        return;
    }
    match ty {
        Ty::Any => {}
        Ty::Object(shape) => check_shape(value, shape, faults),
        Ty::List(item, least) => {
            if value.sort() != Sort::List {
                wrong_type(value, ty, faults);
                return;
            }
            if value.items().count() < *least {
                let message = Text::new("清单不能为空", "the list may not be empty");
                faults.push(
                    value.fault(&codes::EMPTY_VALUE, message).help(Text::new("至少写一项", "write at least one")),
                );
            }
            value.items().for_each(|inner| check(inner, item, faults));
        }
        Ty::OneOrMore(item) => {
            if value.sort() == Sort::List {
                value.items().for_each(|inner| check(inner, item, faults));
            } else {
                check(value, item, faults);
            }
        }
        Ty::Map(word, item) => {
            if value.sort() != Sort::Mapping {
                wrong_type(value, ty, faults);
                return;
            }
            for (key, inner) in value.named() {
                if !(word.holds)(&key.text) {
                    let message = Text::new(
                        format!("`{}` 应为{}", key.text, word.doc.zh),
                        format!("`{}` should be {}", key.text, word.doc.en),
                    );
                    let help = Text::new("改用这样的名称", "choose a name of that form");
                    faults.push(Diagnostic::new(&codes::WRONG_WORD, message).at_place(key.whole()).help(help));
                }
                check(inner, item, faults);
            }
        }
        Ty::Either(choices) => match choices.iter().find(|choice| fits(choice, value.sort())) {
            Some(choice) => check(value, choice, faults),
            None => wrong_type(value, ty, faults),
        },
        Ty::Text | Ty::Template if value.sort() == Sort::Mapping => check_languages(value, ty, faults),
        _ => check_scalar(value, ty, faults),
    }
}

fn check_languages(value: Value<'_>, ty: &Ty, faults: &mut Vec<Diagnostic>) {
    let source = value.source();
    let inner = if matches!(ty, Ty::Template) { &Ty::Template } else { &Ty::Str };
    for (key, text) in value.entries() {
        let name = key.text(&source.text);
        if name == "zh" || name == "en" {
            // One level only: a language holds a text, not languages again.
            if text.sort() == Sort::Mapping { check_scalar(text, &Ty::Str, faults) } else { check(text, inner, faults) }
        } else {
            let message = Text::new(format!("文字没有语言 `{name}`"), format!("a text has no language `{name}`"));
            let help = Text::new("写 `zh` 和 `en`", "write `zh` and `en`");
            faults.push(Diagnostic::new(&codes::UNKNOWN_KEY, message).at(source, key.span).help(help));
        }
    }
    for language in ["zh", "en"] {
        if value.get(language).is_none() {
            let message = Text::new(format!("文字缺少 `{language}`"), format!("the text lacks `{language}`"));
            faults.push(missing(value, message).help(Text::new("写 `{zh: …, en: …}`", "write `{zh: …, en: …}`")));
        }
    }
}

fn check_scalar(value: Value<'_>, ty: &Ty, faults: &mut Vec<Diagnostic>) {
    let (Some(text), Some(plain)) = (value.text(), value.plain()) else {
        wrong_type(value, ty, faults);
        return;
    };
    let mut wrong_word = |expected: Text, help: Option<Text>| {
        let message = Text::new(format!("`{text}` 应为{}", expected.zh), format!("`{text}` should be {}", expected.en));
        let help = help.unwrap_or_else(|| Text::new(format!("写{}", expected.zh), format!("write {}", expected.en)));
        faults.push(value.fault(&codes::WRONG_WORD, message).help(help));
    };
    match ty {
        Ty::Const(word) if text != *word => {
            wrong_word(Text::same(format!("`{word}`")), None);
            // The `schema` line says what the whole file is.
            if let Some(fault) = faults.last_mut().filter(|_| word.starts_with("hegui/")) {
                fault.code = &codes::UNKNOWN_SCHEMA;
            }
        }
        Ty::Word(word) if !(word.holds)(text) => wrong_word(Text::new(word.doc.zh, word.doc.en), None),
        Ty::Enum(words) if !words.iter().any(|(word, _)| *word == text) => {
            let list = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>();
            let help = nearest(text, words.iter().map(|(word, _)| *word))
                .map(|near| Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")));
            let first = list.first().cloned().unwrap_or_default();
            let one = Text::new(format!("写其中之一，如 {first}"), format!("write one of them, such as {first}"));
            wrong_word(Text::new(list.join("、"), list.join(", ")), Some(help.unwrap_or(one)));
        }
        Ty::Date if crate::policy::date::parse(text).is_none() => {
            wrong_word(Text::new("日期", "a date"), Some(Text::new("写作 `2026-09-30`", "write `2026-09-30`")));
        }
        Ty::Duration if duration::parse(text).is_none() => {
            let help = Text::new("写作 `7 days`、`6 months`、`4 hours`", "write `7 days`, `6 months`, `4 hours`");
            wrong_word(Text::new("时长", "a length of time"), Some(help));
        }
        Ty::Share if !text.starts_with('$') && super::super::number::parse_share(text).is_none() => {
            let help = Text::new("写作 `95%`、`0.95` 或 `$参数`", "write `95%`, `0.95` or `$param`");
            wrong_word(Text::new("0 到 100% 之间的比例", "a share from 0 to 100%"), Some(help));
        }
        Ty::Boolean if !matches!(plain, Plain::Boolean(_)) => wrong_type(value, ty, faults),
        Ty::Integer(least, greatest) => match plain {
            Plain::Integer(number) if number < *least || number > *greatest => {
                let message = Text::new(
                    format!("{number} 不在 {least} 到 {greatest} 之间"),
                    format!("{number} is not between {least} and {greatest}"),
                );
                let help = if number < *least {
                    Text::new(format!("至少写 {least}"), format!("write at least {least}"))
                } else {
                    Text::new(format!("至多写 {greatest}"), format!("write at most {greatest}"))
                };
                faults.push(value.fault(&codes::OUT_OF_RANGE, message).help(help));
            }
            Plain::Integer(_) => {}
            _ => wrong_type(value, ty, faults),
        },
        Ty::Str | Ty::Text | Ty::Expr | Ty::Template if text.trim().is_empty() => {
            let help = Text::new("写上内容，或删去这个键", "write something, or remove the key");
            faults
                .push(value.fault(&codes::EMPTY_VALUE, Text::new("这里不能为空", "this may not be empty")).help(help));
        }
        Ty::Template => check_template(value, text, faults),
        _ => {}
    }
}

fn check_template(value: Value<'_>, text: &str, faults: &mut Vec<Diagnostic>) {
    let Err(fault) = Message::parse(text) else { return };
    let excerpt = value.excerpt();
    let place = match fault.range {
        Some(range) => excerpt.place(crate::text::Span::new(range.start, range.end)),
        None => excerpt.whole(),
    };
    let (why, help) = crate::text::foreign::template(&fault.detail);
    let message = Text::new(
        format!("发现文字不是有效的模板：{}", why.zh),
        format!("the finding text is not a template: {}", why.en),
    );
    faults.push(Diagnostic::new(&codes::BAD_TEMPLATE, message).at_place(place).help(help));
}

fn wrong_type(value: Value<'_>, ty: &Ty, faults: &mut Vec<Diagnostic>) {
    let expected = wanted(ty);
    let (zh, en) = match value.sort() {
        Sort::Null => ("空值", "nothing"),
        Sort::List => ("清单", "a list"),
        Sort::Mapping => ("映射", "a mapping"),
        Sort::Scalar => match value.plain() {
            Some(Plain::Boolean(_)) => ("是或否", "a boolean"),
            Some(Plain::Integer(_) | Plain::Number) => ("数字", "a number"),
            _ => ("文字", "a text"),
        },
    };
    let message =
        Text::new(format!("这里应为{}，却是{zh}", expected.zh), format!("expected {}, found {en}", expected.en));
    let label = Text::new(format!("这是{zh}"), format!("this is {en}"));
    faults.push(value.fault(&codes::WRONG_TYPE, message).label(label).help(how(ty)));
}

/// How a value of a type is written.
fn how(ty: &Ty) -> Text {
    match ty {
        Ty::Text | Ty::Template => {
            Text::new("写一段文字，或 `{zh: 中文, en: English}`", "write a text, or `{zh: 中文, en: English}`")
        }
        Ty::Expr => Text::new("写一个条件，如 `status = 'active'`", "write an expression, such as `status = 'active'`"),
        Ty::Boolean => Text::new("写 `true` 或 `false`", "write `true` or `false`"),
        Ty::Integer(..) => Text::new("只写数字，如 `40`", "write digits only, as in `40`"),
        Ty::Date => Text::new("写作 `2026-09-30`", "write it like `2026-09-30`"),
        Ty::Duration => Text::new("写作 `7 days`", "write it like `7 days`"),
        Ty::Share => Text::new("写作 `95%`", "write it like `95%`"),
        Ty::List(..) => {
            Text::new("写作 `[甲, 乙]`，或每行一项、以 `- ` 开头", "write `[a, b]`, or one item a line after `- `")
        }
        Ty::Map(..) => Text::new("每行写一个 `名称: 值`", "write `name: value`, one a line"),
        Ty::Object(shape) => {
            let keys = shape.keys.iter().map(|key| key.name).take(4).collect::<Vec<_>>().join(", ");
            Text::new(
                format!("每行写一个 `键: 值`；可用的键有 {keys} 等"),
                format!("write `key: value`, one a line; among the keys are {keys}"),
            )
        }
        Ty::OneOrMore(item) => how(item),
        Ty::Either(choices) => choices.first().map_or_else(|| how(&Ty::Str), how),
        Ty::Const(word) => Text::new(format!("写 `{word}`"), format!("write `{word}`")),
        Ty::Any | Ty::Str | Ty::Word(_) | Ty::Enum(_) | Ty::Scalar => {
            Text::new("写一个值，不用清单或映射", "write one value, no list or mapping")
        }
    }
}

/// Whether a value of a sort may be held against a type.
fn fits(ty: &Ty, sort: Sort) -> bool {
    match ty {
        Ty::Any => true,
        Ty::List(..) => sort == Sort::List,
        Ty::Map(..) | Ty::Object(_) => sort == Sort::Mapping,
        Ty::OneOrMore(item) => sort == Sort::List || fits(item, sort),
        Ty::Text | Ty::Template => matches!(sort, Sort::Scalar | Sort::Mapping),
        Ty::Either(choices) => choices.iter().any(|choice| fits(choice, sort)),
        _ => sort == Sort::Scalar,
    }
}

fn wanted(ty: &Ty) -> Text {
    let (zh, en) = match ty {
        Ty::Text | Ty::Template => ("文字或 {zh, en}", "a text or {zh, en}"),
        Ty::Expr => ("表达式", "an expression"),
        Ty::Word(word) => (word.doc.zh, word.doc.en),
        Ty::Boolean => ("true 或 false", "true or false"),
        Ty::Integer(..) => ("整数", "a whole number"),
        Ty::Date => ("日期", "a date"),
        Ty::Duration => ("时长", "a length of time"),
        Ty::Share => ("比例", "a share"),
        Ty::Scalar => ("单个值", "a single value"),
        Ty::List(..) => ("一个清单", "a list"),
        Ty::Map(..) => ("一个映射", "a mapping"),
        Ty::Object(shape) => return Text::new(shape.doc.zh, format!("a mapping ({})", shape.name)),
        Ty::OneOrMore(item) => return wanted(item),
        Ty::Either(choices) => {
            let all: Vec<Text> = choices.iter().map(wanted).collect();
            let join = |pick: fn(&Text) -> &str, or: &str| all.iter().map(pick).collect::<Vec<_>>().join(or);
            return Text::new(join(|text| &text.zh, "或"), join(|text| &text.en, " or "));
        }
        Ty::Any | Ty::Const(_) | Ty::Str | Ty::Enum(_) => ("文字", "a text"),
    };
    Text::new(zh, en)
}

/// The Chinese description up to its first colon: what the thing is called.
fn title_zh(shape: &Shape) -> &'static str {
    shape.doc.zh.split('：').next().unwrap_or(shape.doc.zh)
}

fn article(name: &str) -> String {
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}
