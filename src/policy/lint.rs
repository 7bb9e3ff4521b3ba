//! What needs no planner: remarks about a pack as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::{Pack, codes};
use crate::model::{
    Check, Control, ControlId, Demand, Join, Partner, ProvisionId, Share, SourceSpec, ValuesSpec, Verification,
};
use crate::text::{Diagnostic, Excerpt, Text, sort_diagnostics};

/// Remarks about a pack that loaded: unused parameters and provisions, controls on weak ground. Sorted.
pub fn lint_static(pack: &Pack) -> Vec<Diagnostic> {
    let mut remarks = Vec::new();
    let mut cited: BTreeSet<&ProvisionId> = BTreeSet::new();
    for control in pack.controls.values() {
        unused_params(control, &mut remarks);
        cited.extend(control.provisions.iter().map(|(id, _)| id));
        let bases = control.checks.iter().filter_map(|check| check.threshold.as_ref());
        cited.extend(bases.flat_map(|threshold| &threshold.basis).map(|(id, _)| id));
    }
    for broken in pack.broken_controls.values() {
        cited.extend(&broken.provisions);
    }
    for (id, provisions) in weak_basis(pack) {
        let Some(control) = pack.controls.get(&id) else { continue };
        let Some((_, place)) = control.provisions.first() else { continue };
        let list = provisions.iter().map(ProvisionId::as_str).collect::<Vec<_>>().join(", ");
        let message = Text::new(
            format!("控制点 `{id}` 只依据未完全核实的条款：{list}"),
            format!("control `{id}` rests only on provisions that are not fully verified: {list}"),
        );
        let help = Text::new("核对条款原文，或补充已核实的依据", "verify the provisions, or cite one that is verified");
        remarks.push(Diagnostic::new(&codes::WEAK_BASIS, message).at_place(place.whole()).help(help));
    }
    for provision in pack.provisions.values().filter(|provision| !cited.contains(&provision.id)) {
        let message = Text::new(
            format!("没有控制点引用条款 `{}`", provision.id),
            format!("no control cites provision `{}`", provision.id),
        );
        let help = Text::new(
            "在控制点的 `provisions` 里引用它，或删去它",
            "cite it in `provisions` of a control, or remove it",
        );
        remarks.push(Diagnostic::new(&codes::UNUSED_PROVISION, message).at_place(provision.place.whole()).help(help));
    }
    unselected(pack, &mut remarks);
    sort_diagnostics(&mut remarks);
    remarks
}

/// Controls that no profile selects, where there are profiles.
fn unselected(pack: &Pack, remarks: &mut Vec<Diagnostic>) {
    if pack.profiles.is_empty() {
        return;
    }
    let selected: BTreeSet<ControlId> =
        pack.profiles.values().flat_map(|profile| super::load::selected_by(profile, pack)).collect();
    let broken = pack.broken_controls.values().filter_map(|broken| broken.partial.as_deref());
    for control in pack.controls.values().chain(broken).filter(|control| !selected.contains(&control.id)) {
        let id = &control.id;
        let message = Text::new(format!("没有方案选用控制点 `{id}`"), format!("no profile selects control `{id}`"));
        let help = Text::new("写进一个方案的 `include`", "add it to `include` of a profile");
        remarks.push(Diagnostic::new(&codes::UNSELECTED_CONTROL, message).at_place(control.place.whole()).help(help));
    }
}

/// Controls that rest on provisions of verification level C or U only, with those provisions (LANGUAGE §7).
pub fn weak_basis(pack: &Pack) -> BTreeMap<ControlId, Vec<ProvisionId>> {
    let weak = |id: &ProvisionId| {
        let level = pack.provisions.get(id).map(|provision| provision.verification);
        !pack.broken_provisions.contains(id)
            && level.is_none_or(|level| matches!(level, Verification::C | Verification::U))
    };
    pack.controls
        .values()
        .filter(|control| !control.provisions.is_empty() && control.provisions.iter().all(|(id, _)| weak(id)))
        .map(|control| (control.id.clone(), control.provisions.iter().map(|(id, _)| id.clone()).collect()))
        .collect()
}

fn unused_params(control: &Control, remarks: &mut Vec<Diagnostic>) {
    let mut texts = Texts::default();
    texts.add(control.applies_if.as_ref());
    for check in &control.checks {
        texts.check(check);
    }
    for (name, param) in &control.params {
        if !texts.0.iter().any(|text| names_param(text, name)) {
            let message =
                Text::new(format!("参数 `{name}` 没有被使用"), format!("parameter `{name}` is used by no expression"));
            let help = Text::new(format!("写 `${name}`，或删去它"), format!("write `${name}`, or remove it"));
            remarks.push(Diagnostic::new(&codes::UNUSED_PARAM, message).at_place(param.place.whole()).help(help));
        }
    }
}

/// Whether `$name` stands in a text as a whole word.
fn names_param(text: &str, name: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.strip_prefix(name).is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

/// Every expression of a control, as written.
#[derive(Default)]
struct Texts(Vec<String>);

impl Texts {
    fn add<'a>(&mut self, texts: impl IntoIterator<Item = &'a Excerpt>) {
        self.0.extend(texts.into_iter().map(|excerpt| excerpt.text.clone()));
    }

    fn source(&mut self, source: &SourceSpec) {
        match source {
            SourceSpec::Named(name) | SourceSpec::Values(ValuesSpec::Param(name)) => self.add([name]),
            // A cell may be a text with a dollar sign; it names no parameter.
            SourceSpec::Values(ValuesSpec::Rows { .. }) => {}
        }
    }

    fn check(&mut self, check: &Check) {
        self.source(&check.over);
        self.add(&check.applies_if);
        self.add(&check.filter);
        self.add(&check.order_by);
        self.add(check.group_by.iter().flatten());
        self.add(check.lets.iter().map(|(_, value)| value));
        self.joins(&check.joins);
        for share in [&check.at_least, &check.partial_from] {
            if let Some(Share::Param(name)) = share {
                self.add([name]);
            }
        }
        match &check.demand {
            Demand::Expect(condition) | Demand::Count(condition) => self.add([condition]),
            Demand::Has { partner, at_least } => {
                self.partner(partner);
                self.add(at_least);
            }
            Demand::HasNo(partner) => self.partner(partner),
        }
    }

    fn joins(&mut self, joins: &[Join]) {
        for join in joins {
            self.partner(&join.partner);
            self.add(join.lets.iter().map(|(_, value)| value));
        }
    }

    // Joins nest no deeper than YAML may.
    fn partner(&mut self, partner: &Partner) {
        self.source(&partner.source);
        self.add(partner.on.iter().filter_map(|(_, right)| right.as_ref()));
        self.add(&partner.filter);
        self.joins(&partner.joins);
    }
}
