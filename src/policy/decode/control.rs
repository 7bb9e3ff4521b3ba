//! `hegui/control/v1` → [`Control`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Decoder, excerpt, excerpts, meant, string, strings, text, typed};
use crate::expr::{Scalar, Type};
use crate::model::{Check, Control, ControlId, Param, ParamType, ProvisionId, Severity, ThresholdSource};
use crate::policy::codes;
use crate::policy::shape::CONTROL;
use crate::policy::tree::Value;
use crate::text::{Diagnostic, Text};

/// A severity word.
pub(crate) fn severity(word: &str) -> Option<Severity> {
    Some(match word {
        "critical" => Severity::Critical,
        "high" => Severity::High,
        "medium" => Severity::Medium,
        "low" => Severity::Low,
        "info" => Severity::Info,
        _ => return None,
    })
}

/// A word for where a threshold comes from.
pub(crate) fn threshold_source(word: &str) -> Option<ThresholdSource> {
    Some(match word {
        "law" => ThresholdSource::Law,
        "standard" => ThresholdSource::Standard,
        "practice" => ThresholdSource::Practice,
        _ => return None,
    })
}

/// The control in `root`. `folder` is its family unless the file says otherwise.
///
/// Of a file that is not trusted, what is missing or ill-typed was told by its shape: something stands in for it, so that
/// the faults of its expressions are found too. Such a control is never judged.
pub(crate) fn decode(root: Value<'_>, folder: &str, overlay: bool, decoder: &mut Decoder<'_>) -> Option<Control> {
    let at = |key: &str, decoder: &Decoder<'_>| meant(root, &CONTROL, key, decoder);
    let id_value = at("id", decoder)?;
    let params = params(at("params", decoder), decoder);
    let id = string(Some(id_value))?;
    let checks: Vec<Check> = at("checks", decoder)
        .into_iter()
        .flat_map(Value::items)
        .filter_map(|check| super::check::decode(check, &id, decoder))
        .collect();
    unique_ids(&checks, decoder);
    let severity = root.get("severity").and_then(Value::text).and_then(severity);
    Some(Control {
        family: string(root.get("family")).unwrap_or_else(|| folder.to_owned()),
        title: decoder.needed(text(root.get("title")))?,
        objective: decoder.needed(text(root.get("objective")))?,
        severity: if decoder.trusted { severity? } else { severity.unwrap_or(Severity::Medium) },
        provisions: excerpts(root.get("provisions"))
            .into_iter()
            .map(|cited| (ProvisionId::new(cited.text.as_str()), cited))
            .collect(),
        params,
        applies_if: excerpt(at("applies_if", decoder)),
        checks,
        remedy: decoder.needed(text(root.get("remedy")))?,
        tags: strings(root.get("tags")),
        guidance: text(root.get("guidance")),
        replaces: string(root.get("replaces")).map(ControlId::new),
        source: Arc::clone(root.source()),
        overlay,
        place: id_value.excerpt(),
        id: ControlId::new(id),
    })
}

/// Says which checks have the id of one before them: a finding or waiver could not tell them apart.
fn unique_ids(checks: &[Check], decoder: &mut Decoder<'_>) {
    let mut ids: BTreeMap<&str, &Check> = BTreeMap::new();
    for check in checks.iter().filter(|check| !check.id.as_str().is_empty()) {
        if let Some(before) = ids.insert(check.id.as_str(), check) {
            let id = &check.id;
            let message = Text::new(format!("检查编号 `{id}` 写了两次"), format!("check id `{id}` stands twice"));
            decoder.fault(
                Diagnostic::new(&codes::DUPLICATE_ID, message)
                    .at_place(check.place.whole())
                    .related(before.place.whole(), Text::new("第一次", "the first time"))
                    .help(Text::new("换一个编号", "choose another id")),
            );
        }
    }
}

fn params(value: Option<Value<'_>>, decoder: &mut Decoder<'_>) -> BTreeMap<String, Param> {
    let mut params = BTreeMap::new();
    for (name, value) in value.into_iter().flat_map(Value::named) {
        let unreadable = Param {
            ty: ParamType::Plain(Type::Null),
            default: Scalar::Null,
            value: Scalar::Null,
            min: None,
            max: None,
            source: ThresholdSource::Practice,
            title: None,
            place: name.clone(),
        };
        let text_name = name.text.clone();
        if Param::RESERVED.contains(&text_name.as_str()) {
            let message = Text::new(
                format!("参数不能叫 `{text_name}`：`${text_name}` 已有含义"),
                format!("a parameter cannot be called `{text_name}`: `${text_name}` has a meaning already"),
            );
            let help = Text::new("换一个名称", "choose another name");
            decoder.fault(Diagnostic::new(&codes::PARAM_RESERVED, message).at_place(name.whole()).help(help));
        }
        match param(value, name, decoder) {
            Some(param) => params.insert(text_name, param),
            // It is still a name: only its own fault is told, not one wherever it is used.
            None if !decoder.trusted => params.insert(text_name, unreadable),
            None => None,
        };
    }
    params
}

fn param(value: Value<'_>, name: crate::text::Excerpt, decoder: &mut Decoder<'_>) -> Option<Param> {
    let mut ty = typed::param_type(value.get("type")?.text()?)?;
    let default_value = value.get("default")?;
    let default = typed::value_of(default_value, &ty, decoder.faults)?;
    if let (ParamType::Plain(Type::Duration(unit)), Scalar::Duration(written, _)) = (&mut ty, &default) {
        *unit = *written;
    }
    let mut bound = |key: &str| {
        let bound_value = value.get(key)?;
        let bound = typed::value_of(bound_value, &ty, decoder.faults)?;
        if typed::compare(&bound, &default).is_none() {
            let message = Text::new(
                format!("`{key}` 与默认值不能比较大小"),
                format!("`{key}` does not compare with the default"),
            );
            let help = Text::new("用相同的单位；清单没有界限", "use the same unit; lists have no bounds");
            decoder.faults.push(bound_value.fault(&codes::WRONG_TYPE, message).help(help));
            return None;
        }
        Some(bound)
    };
    let (min, max) = (bound("min"), bound("max"));
    let param = Param {
        ty,
        value: default.clone(),
        default,
        min,
        max,
        source: threshold_source(value.get("source")?.text()?)?,
        title: text(value.get("title")),
        place: name,
    };
    if let Some(message) = outside(&param, &param.default) {
        decoder.fault(default_value.fault(&codes::PARAM_OUT_OF_BOUNDS, message).help(bounds(&param)));
    }
    Some(param)
}

/// Why a value lies outside the bounds of a parameter.
pub(crate) fn outside(param: &Param, value: &Scalar) -> Option<Text> {
    use std::cmp::Ordering::{Greater, Less};
    let written = |value| typed::written(value, &param.ty);
    let below = param.min.as_ref().filter(|min| typed::compare(value, min) == Some(Less));
    let above = param.max.as_ref().filter(|max| typed::compare(value, max) == Some(Greater));
    match (below, above) {
        (Some(min), _) => Some(Text::new(
            format!("`{}` 小于最小值 `{}`", written(value), written(min)),
            format!("`{}` is below the least value `{}`", written(value), written(min)),
        )),
        (_, Some(max)) => Some(Text::new(
            format!("`{}` 大于最大值 `{}`", written(value), written(max)),
            format!("`{}` is above the greatest value `{}`", written(value), written(max)),
        )),
        _ => None,
    }
}

/// The values a parameter may take, as advice.
pub(crate) fn bounds(param: &Param) -> Text {
    let written = |bound: &Option<Scalar>| bound.as_ref().map(|bound| typed::written(bound, &param.ty));
    let (zh, en) = match (written(&param.min), written(&param.max)) {
        (Some(min), Some(max)) => (format!("`{min}` 到 `{max}`"), format!("from `{min}` to `{max}`")),
        (Some(min), None) => (format!("至少 `{min}`"), format!("at least `{min}`")),
        (None, Some(max)) => (format!("至多 `{max}`"), format!("at most `{max}`")),
        (None, None) => ("不可调整".to_owned(), "not tailorable".to_owned()),
    };
    Text::new(format!("允许的范围：{zh}"), format!("allowed: {en}"))
}

/// What can still be said of a control whose file has faults.
pub(crate) fn broken(root: Option<Value<'_>>, stem: &str, folder: &str) -> Option<crate::policy::BrokenControl> {
    let root = root?;
    let id = string(root.get("id")).filter(|id| !id.is_empty()).unwrap_or_else(|| stem.to_owned());
    Some(crate::policy::BrokenControl {
        id: ControlId::new(id),
        family: string(root.get("family")).unwrap_or_else(|| folder.to_owned()),
        title: text(root.get("title")),
        severity: root.get("severity").and_then(Value::text).and_then(severity),
        provisions: strings(root.get("provisions")).into_iter().map(ProvisionId::new).collect(),
        source: Arc::clone(root.source()),
        partial: None,
    })
}

/// A fault about an id that should equal another name.
pub(crate) fn id_mismatch(value: Value<'_>, expected: &str, zh: &str, en: &str) -> Diagnostic {
    let found = value.text().unwrap_or_default();
    let message =
        Text::new(format!("`{found}` 与{zh} `{expected}` 不一致"), format!("`{found}` differs from {en} `{expected}`"));
    value
        .fault(&codes::ID_MISMATCH, message)
        .help(Text::new(format!("改为 `{expected}`，或改文件名"), format!("write `{expected}`, or rename the file")))
}
