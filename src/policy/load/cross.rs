//! Everything held against everything: what one file names must be in another.

use crate::model::{ControlId, ProvisionId};
use crate::policy::pack::Pack;
use crate::policy::{TestFile, codes};
use crate::text::{Code, Diagnostic, Excerpt, Text, suggest::nearest};

pub(super) fn check(pack: &Pack, faults: &mut Vec<Diagnostic>) {
    for control in pack.controls.values() {
        let bases = control.checks.iter().filter_map(|check| check.threshold.as_ref()).flat_map(|one| &one.basis);
        for (provision, place) in control.provisions.iter().chain(bases) {
            if !is_known(provision, pack) {
                faults.push(unknown_provision(provision, place, pack));
            }
        }
        let known = pack.families.iter().map(|(code, _)| code.as_str());
        if !pack.families.is_empty() && !known.clone().any(|code| code == control.family) {
            let place = control.place.whole();
            let message =
                Text::new(format!("没有类别 `{}`", control.family), format!("there is no family `{}`", control.family));
            faults.push(Diagnostic::new(&codes::UNKNOWN_FAMILY, message).at_place(place).help(did_you_mean(
                &control.family,
                known,
                "写进 pack.yaml 的 `families`",
                "add it to `families` of pack.yaml",
            )));
        }
    }
    provisions(pack, faults);
}

/// Whether a provision is in a catalogue, readable or not.
fn is_known(provision: &ProvisionId, pack: &Pack) -> bool {
    pack.provisions.contains_key(provision) || pack.broken_provisions.contains(provision)
}

fn provisions(pack: &Pack, faults: &mut Vec<Diagnostic>) {
    for provision in pack.provisions.values() {
        for other in provision.replaces.iter().chain(&provision.superseded_by) {
            // A pack may leave a whole earlier law out; of a law it has, it has every clause that is named.
            let law_is_here = pack
                .laws
                .keys()
                .any(|law| other.as_str().strip_prefix(law.as_str()).is_some_and(|rest| rest.starts_with('-')));
            if law_is_here && !is_known(other, pack) {
                faults.push(unknown_provision(other, &provision.place, pack));
            }
        }
        for source in &provision.checked_in {
            if !pack.verification_sources.contains_key(source) && !pack.verification_sources.is_empty() {
                let message = Text::new(
                    format!("`{}` 的核对来源 `{source}` 没有声明", provision.id),
                    format!("source `{source}` of `{}` is not declared", provision.id),
                );
                let known = pack.verification_sources.keys().map(String::as_str);
                let help =
                    did_you_mean(source, known, "写进 pack.yaml 的 `sources`", "add it to `sources` of pack.yaml");
                faults.push(
                    Diagnostic::new(&codes::UNKNOWN_LAW_SOURCE, message).at_place(provision.place.whole()).help(help),
                );
            }
        }
    }
}

fn unknown_provision(provision: &ProvisionId, place: &Excerpt, pack: &Pack) -> Diagnostic {
    let message = Text::new(format!("没有条款 `{provision}`"), format!("there is no provision `{provision}`"));
    let known = pack.provisions.keys().map(ProvisionId::as_str);
    let help = did_you_mean(
        provision.as_str(),
        known,
        "写进 `provisions/` 里该法律的文件",
        "add it to the law's file under `provisions/`",
    );
    Diagnostic::new(&codes::UNKNOWN_PROVISION, message).at_place(place.whole()).help(help)
}

/// "did you mean", else what to do.
pub(super) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, zh: &str, en: &str) -> Text {
    match nearest(name, known) {
        Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
        None => Text::new(zh, en),
    }
}

/// A test names a control, its checks and parameters, and evidence kinds.
pub(super) fn check_test(test: &TestFile, pack: &Pack, faults: &mut Vec<Diagnostic>) {
    let mut unknown = |code: &'static Code, what: (&str, &str), name: &Excerpt, known: Vec<&str>| {
        let message =
            Text::new(format!("没有{} `{}`", what.0, name.text), format!("there is no {} `{}`", what.1, name.text));
        let list = known.join(", ");
        let help = did_you_mean(&name.text, known, &format!("已有：{list}"), &format!("there are: {list}"));
        faults.push(Diagnostic::new(code, message).at_place(name.whole()).help(help));
    };
    let Some(control) = pack.controls.get(&test.control) else {
        if !pack.broken_controls.contains_key(&test.control)
            && let Some(place) = test.cases.first().map(|case| &case.name)
        {
            let known = pack.controls.keys().map(ControlId::as_str);
            let message =
                Text::new(format!("没有控制点 `{}`", test.control), format!("there is no control `{}`", test.control));
            let help = did_you_mean(test.control.as_str(), known, "删去这个测试文件", "remove this test file");
            faults.push(Diagnostic::new(&codes::UNKNOWN_CONTROL, message).at_place(place.whole()).help(help));
        }
        return;
    };
    for case in &test.cases {
        for expectation in &case.expect {
            if !control.checks.iter().any(|check| check.id == expectation.check) {
                let known = control.checks.iter().map(|check| check.id.as_str()).collect();
                unknown(&codes::UNKNOWN_CHECK, ("检查", "check"), &expectation.place, known);
            }
        }
        for file in &case.files {
            if !pack.kinds.contains_key(&file.kind) && !pack.broken_kinds.contains(&file.kind) {
                let known = pack.kinds.keys().map(crate::model::KindId::as_str).collect();
                unknown(&codes::UNKNOWN_KIND, ("证据种类", "evidence kind"), &file.place, known);
            }
        }
        for (name, place) in &case.params {
            if !control.params.contains_key(name) {
                let known = control.params.keys().map(String::as_str).collect();
                let named = Excerpt { text: name.clone(), ..place.clone() };
                unknown(&codes::NO_SUCH_PARAM, ("参数", "parameter"), &named, known);
            }
        }
    }
}
