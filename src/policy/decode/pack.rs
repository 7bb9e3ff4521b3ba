//! `pack.yaml`: what the pack is called, its families, facts and sources.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{Decoder, string, strings, text, typed};
use crate::expr::{Scalar, Type};
use crate::model::ParamType;
use crate::policy::tree::Value;
use crate::policy::{FactDeclaration, VerificationSource, codes};
use crate::text::{Excerpt, Text};

/// What `pack.yaml` says.
pub(crate) struct PackHead {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) title: Text,
    pub(crate) time_zone: Option<Tz>,
    pub(crate) families: Vec<(String, Text)>,
    pub(crate) facts: BTreeMap<String, FactDeclaration>,
    pub(crate) sources: BTreeMap<String, VerificationSource>,
}

/// The head in `root`; keys that are faulty are left out.
pub(crate) fn decode(root: Value<'_>, decoder: &mut Decoder<'_>) -> PackHead {
    let mut facts = BTreeMap::new();
    for (name, value) in root.get("facts").into_iter().flat_map(Value::named) {
        if let Some(fact) = fact(name, value, decoder) {
            facts.insert(fact.name.clone(), fact);
        }
    }
    PackHead {
        name: string(root.get("name")).unwrap_or_default(),
        version: string(root.get("version")).unwrap_or_default(),
        title: text(root.get("title")).unwrap_or_default(),
        time_zone: root.get("time_zone").and_then(|zone| time_zone(zone, decoder)),
        families: root
            .get("families")
            .into_iter()
            .flat_map(Value::named)
            .filter_map(|(code, title)| Some((code.text, text(Some(title))?)))
            .collect(),
        facts,
        sources: root
            .get("sources")
            .into_iter()
            .flat_map(Value::items)
            .filter_map(source)
            .map(|source| (source.id.clone(), source))
            .collect(),
    }
}

/// An IANA time zone.
pub(crate) fn time_zone(value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<Tz> {
    let name = value.text()?;
    let zone = name.parse().ok();
    if zone.is_none() {
        let message = Text::new(format!("不认识的时区 `{name}`"), format!("unknown time zone `{name}`"));
        let help = Text::new("用 IANA 名称，例如 `Asia/Shanghai`", "use an IANA name, as in `Asia/Shanghai`");
        decoder.fault(value.fault(&codes::WORKSPACE_TIME_ZONE, message).help(help));
    }
    zone
}

fn fact(name: Excerpt, value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<FactDeclaration> {
    let ty = typed::param_type(value.get("type")?.text()?)?;
    let mut bound = |key: &str| typed::value_of(value.get(key)?, &ty, decoder.faults);
    let (min, max) = (bound("min"), bound("max"));
    let allowed = strings(value.get("enum"));
    if let (false, Some(words)) = (ty == ParamType::Plain(Type::Text), value.get("enum")) {
        let message = Text::new("`enum` 只用于文字", "`enum` is for texts only");
        let help = Text::new("删去 `enum`；数字用 `min`、`max`", "remove `enum`; numbers have `min` and `max`");
        decoder.fault(words.fault(&codes::WRONG_TYPE, message).help(help));
    }
    Some(FactDeclaration {
        name: name.text.clone(),
        ty,
        title: text(value.get("title"))?,
        question: text(value.get("question")),
        min,
        max,
        allowed,
        place: name,
    })
}

fn source(value: Value<'_>) -> Option<VerificationSource> {
    Some(VerificationSource {
        id: string(value.get("id"))?,
        what: string(value.get("what"))?,
        kind: string(value.get("kind"))?,
        version: string(value.get("version"))?,
        note: string(value.get("note")),
    })
}

/// Stated facts, typed by their declarations; each unknown or ill-typed one is a fault.
pub(crate) fn facts(
    value: Option<Value<'_>>,
    declared: &BTreeMap<String, FactDeclaration>,
    decoder: &mut Decoder<'_>,
) -> BTreeMap<String, Scalar> {
    let mut facts = BTreeMap::new();
    for (name, value) in value.into_iter().flat_map(Value::named) {
        let Some(declaration) = declared.get(&name.text) else {
            let message = Text::new(format!("没有事实 `{}`", name.text), format!("no fact `{}`", name.text));
            let known = declared.keys().map(String::as_str);
            let help = match crate::text::suggest::nearest(&name.text, known.clone()) {
                Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
                None => {
                    let list = known.collect::<Vec<_>>().join(", ");
                    Text::new(format!("已声明的事实：{list}"), format!("declared are: {list}"))
                }
            };
            decoder
                .fault(crate::text::Diagnostic::new(&codes::NO_SUCH_FACT, message).at_place(name.whole()).help(help));
            continue;
        };
        let Some(scalar) = typed::value_of(value, &declaration.ty, decoder.faults) else { continue };
        if let Some(message) = fact_fault(declaration, &scalar) {
            let help = Text::new("改正这个值", "correct the value");
            decoder.fault(value.fault(&codes::OUT_OF_RANGE, message).help(help));
            continue;
        }
        facts.insert(name.text, scalar);
    }
    facts
}

fn fact_fault(fact: &FactDeclaration, value: &Scalar) -> Option<Text> {
    use std::cmp::Ordering::{Greater, Less};
    let written = |value| typed::written(value, &fact.ty);
    if let Some(min) = fact.min.as_ref().filter(|min| typed::compare(value, min) == Some(Less)) {
        let (value, min) = (written(value), written(min));
        return Some(Text::new(format!("`{value}` 小于 `{min}`"), format!("`{value}` is below `{min}`")));
    }
    if let Some(max) = fact.max.as_ref().filter(|max| typed::compare(value, max) == Some(Greater)) {
        let (value, max) = (written(value), written(max));
        return Some(Text::new(format!("`{value}` 大于 `{max}`"), format!("`{value}` is above `{max}`")));
    }
    match value {
        Scalar::Text(word) if !fact.allowed.is_empty() && !fact.allowed.contains(word) => {
            let list = fact.allowed.join(", ");
            Some(Text::new(format!("`{word}` 应为 {list} 之一"), format!("`{word}` should be one of {list}")))
        }
        _ => None,
    }
}
