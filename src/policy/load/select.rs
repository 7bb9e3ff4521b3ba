//! The profile: which controls are selected, and which values are tailored.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::cross::did_you_mean;
use super::{ProfileChoice, Trees, tree_of};
use crate::expr::Scalar;
use crate::model::{ControlId, Param, Profile, ThresholdSource};
use crate::policy::decode::control::{bounds, outside};
use crate::policy::decode::typed;
use crate::policy::pack::{Override, OverrideKind, Pack};
use crate::policy::tree::Value;
use crate::policy::{codes, yaml};
use crate::text::{Code, Diagnostic, Excerpt, Text};

pub(super) fn select(pack: &mut Pack, choice: &ProfileChoice, trees: &Trees<'_>, faults: &mut Vec<Diagnostic>) {
    let everything = families_of(pack);
    profiles_hold(pack, choice.name.as_deref(), &everything, trees, faults);
    pack.selected = everything.keys().cloned().collect();
    let Some(name) = &choice.name else { return };
    let Some(profile) = pack.profiles.get(name).cloned() else {
        let message = Text::new(format!("没有方案 `{name}`"), format!("there is no profile `{name}`"));
        let known: Vec<_> = pack.profiles.keys().map(String::as_str).collect();
        let list = known.join(", ");
        let help = did_you_mean(name, known, &format!("已有的方案：{list}"), &format!("there are: {list}"));
        let fault = Diagnostic { place: choice.place.clone(), ..Diagnostic::new(&codes::UNKNOWN_PROFILE, message) };
        faults.push(fault.help(help));
        return;
    };
    pack.selected = selection(&profile, &everything, pack);
    pack.profile = Some(name.clone());
    if let Some(root) = tree_of(trees, &profile.source) {
        tailor(pack, root.get("params"), faults);
    }
}

/// The controls a profile selects.
pub(in crate::policy) fn selected_by(profile: &Profile, pack: &Pack) -> BTreeSet<ControlId> {
    selection(profile, &families_of(pack), pack)
}

fn selection(profile: &Profile, everything: &BTreeMap<ControlId, String>, pack: &Pack) -> BTreeSet<ControlId> {
    let all = |entries: &[Excerpt]| -> BTreeSet<ControlId> {
        entries.iter().flat_map(|entry| matching(entry, everything, pack)).collect()
    };
    let excluded = all(&profile.exclude);
    all(&profile.include).into_iter().filter(|id| !excluded.contains(id)).collect()
}

/// Faults of every profile, in effect or not: facts that nobody declares, entries that match nothing, values that do not
/// fit.
fn profiles_hold(
    pack: &Pack,
    in_effect: Option<&str>,
    everything: &BTreeMap<ControlId, String>,
    trees: &Trees<'_>,
    faults: &mut Vec<Diagnostic>,
) {
    for profile in pack.profiles.values() {
        for entry in profile.include.iter().chain(&profile.exclude) {
            if matching(entry, everything, pack).is_empty() {
                faults.push(selects_nothing(entry, everything));
            }
        }
        let params = tree_of(trees, &profile.source).and_then(|root| root.get("params"));
        if let Some(params) = params.filter(|_| in_effect != Some(&profile.id)) {
            // On a pack of its own: only the one in effect changes anything.
            tailor(&mut pack.clone(), Some(params), faults);
        }
    }
    for fact in pack.profiles.values().flat_map(|profile| &profile.facts) {
        if !pack.facts.contains_key(&fact.text) {
            let message = Text::new(format!("没有事实 `{}`", fact.text), format!("there is no fact `{}`", fact.text));
            let known = pack.facts.keys().map(String::as_str);
            let help = did_you_mean(&fact.text, known, "写进 pack.yaml 的 `facts`", "add it to `facts` of pack.yaml");
            faults.push(Diagnostic::new(&codes::NO_SUCH_FACT, message).at_place(fact.whole()).help(help));
        }
    }
}

/// Every control, sound or broken, with its family.
fn families_of(pack: &Pack) -> BTreeMap<ControlId, String> {
    let sound = pack.controls.values().map(|control| (control.id.clone(), control.family.clone()));
    let broken = pack.broken_controls.values().map(|broken| (broken.id.clone(), broken.family.clone()));
    sound.chain(broken).collect()
}

/// Controls whose id or family an entry names; a stand-in is also named by what it stands in for.
fn matching(entry: &Excerpt, everything: &BTreeMap<ControlId, String>, pack: &Pack) -> Vec<ControlId> {
    let glob: Option<GlobMatcher> = globset::Glob::new(&entry.text).ok().map(|glob| glob.compile_matcher());
    let names = |word: &str| word == entry.text || glob.as_ref().is_some_and(|glob| glob.is_match(word));
    everything
        .iter()
        .filter(|(id, family)| {
            let stand_in = pack.stands_in_for.get(id.as_str()).is_some_and(|shipped| names(shipped.as_str()));
            names(id.as_str()) || names(family) || stand_in
        })
        .map(|(id, _)| id.clone())
        .collect()
}

fn selects_nothing(entry: &Excerpt, everything: &BTreeMap<ControlId, String>) -> Diagnostic {
    let message =
        Text::new(format!("`{}` 没有匹配任何控制点", entry.text), format!("`{}` matches no control", entry.text));
    let known = everything.iter().flat_map(|(id, family)| [id.as_str(), family.as_str()]);
    let help = did_you_mean(&entry.text, known, "删去这一项", "remove it");
    Diagnostic::new(&codes::SELECTS_NOTHING, message).at_place(entry.whole()).help(help)
}

/// Puts the profile's values into the parameters, each held against its bounds.
fn tailor(pack: &mut Pack, params: Option<Value<'_>>, faults: &mut Vec<Diagnostic>) {
    let mut overrides = Vec::new();
    for (name, value) in params.into_iter().flat_map(Value::named) {
        let Some((control_id, param_name)) = name.text.rsplit_once('.') else { continue };
        // What stands in for a control answers to its name too.
        let stand_in = pack.stands_in_for.iter().find(|(_, shipped)| shipped.as_str() == control_id);
        let stand_in = stand_in.map(|(id, _)| id.clone()).filter(|_| !pack.controls.contains_key(control_id));
        let control_id = stand_in.as_ref().map_or(control_id, ControlId::as_str);
        if pack.broken_controls.contains_key(control_id) {
            continue;
        }
        let Some(control) = pack.controls.get_mut(control_id) else {
            let known = pack.controls.keys().map(ControlId::as_str);
            let help = did_you_mean(control_id, known, "删去这一项", "remove it");
            faults.push(unknown(&codes::UNKNOWN_CONTROL, ("控制点", "control"), control_id, &name, help));
            continue;
        };
        let Some(param) = control.params.get_mut(param_name) else {
            if stand_in.is_some() {
                continue;
            }
            let list = control.params.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let (zh, en) = (format!("已有的参数：{list}"), format!("it has: {list}"));
            let help = did_you_mean(param_name, control.params.keys().map(String::as_str), &zh, &en);
            faults.push(unknown(&codes::NO_SUCH_PARAM, ("参数", "parameter"), &name.text, &name, help));
            continue;
        };
        let Some(scalar) = typed::value_of(value, &param.ty, faults) else { continue };
        if let Some(fault) = tailoring_fault(param, &scalar) {
            let (code, message, help) = fault;
            faults.push(
                value
                    .fault(code, message)
                    .help(help)
                    .related(param.place.whole(), Text::new("参数在这里声明", "the parameter is declared here")),
            );
            continue;
        }
        if scalar != param.default {
            overrides.push(Override {
                kind: OverrideKind::Param,
                subject: name.text.clone(),
                shipped: Some(Text::same(typed::written(&param.default, &param.ty))),
                effective: Text::same(typed::written(&scalar, &param.ty)),
                place: value.place(),
            });
        }
        param.value = scalar;
    }
    pack.overrides.append(&mut overrides);
    pack.overrides.sort_by(|a, b| (a.kind, &a.subject).cmp(&(b.kind, &b.subject)));
}

fn unknown(code: &'static Code, what: (&str, &str), name: &str, key: &Excerpt, help: Text) -> Diagnostic {
    let message = Text::new(format!("没有{} `{name}`", what.0), format!("there is no {} `{name}`", what.1));
    Diagnostic::new(code, message).at_place(key.whole()).help(help)
}

fn tailoring_fault(param: &Param, value: &Scalar) -> Option<(&'static Code, Text, Text)> {
    let law = param.source == ThresholdSource::Law;
    if !typed::same_unit(value, &param.default) {
        let written = typed::written(&param.default, &param.ty);
        let message = Text::new("时长单位不同", "the duration is of another unit");
        let help = Text::new(format!("用与 `{written}` 相同的单位"), format!("use the unit of `{written}`"));
        return Some((&codes::PARAM_OUT_OF_BOUNDS, message, help));
    }
    if let Some(message) = outside(param, value) {
        let code = if law { &codes::BELOW_LAW } else { &codes::PARAM_OUT_OF_BOUNDS };
        return Some((code, message, bounds(param)));
    }
    if law && param.min.is_none() && param.max.is_none() && *value != param.default {
        let message = Text::new("法律规定的值不能调整", "a value fixed by law cannot be tailored");
        return Some((&codes::BELOW_LAW, message, Text::new("删去这一项", "remove it")));
    }
    None
}

/// A parameter of a policy test, typed and held against its bounds as a profile's is.
///
/// # Errors
/// The fault, at the value, when it has the wrong type or lies outside the bounds.
#[expect(clippy::result_large_err, reason = "a diagnostic is what the caller reports; this is no hot path")]
pub fn tailored(param: &Param, written: &Excerpt) -> Result<Scalar, Diagnostic> {
    // The excerpt holds the text of one scalar or list: parsed again, its places lie where the excerpt does.
    let text = written.source.text.get(written.span.range()).unwrap_or_default();
    let (node, _) = yaml::parse(text, yaml::Limits::default());
    let message = || {
        Text::new(
            format!("参数值 `{}` 不可用", written.text),
            format!("parameter value `{}` is not usable", written.text),
        )
    };
    let fault = || Diagnostic::new(&codes::WRONG_TYPE, message()).at_place(written.whole());
    let node = node.ok_or_else(fault)?;
    let source = crate::text::Source::new(written.source.name.clone(), text);
    let mut faults = Vec::new();
    let scalar = typed::value_of(Value::new(&node, &source), &param.ty, &mut faults).ok_or_else(fault)?;
    match tailoring_fault(param, &scalar) {
        Some((code, message, help)) => Err(Diagnostic::new(code, message).at_place(written.whole()).help(help)),
        None => Ok(scalar),
    }
}
