//! Puts an [`Assessment`] together from what the other layers found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use sha2::{Digest, Sha256};

use super::baseline::compare;
use super::check::judge;
use super::conclude::conclude;
use super::control::roll_up;
use super::input::{Applies, CheckFault, CheckInput, ControlInput, Input};
use super::procedure::procedure;
use super::score::score;
use super::self_check::self_check;
use super::{evidence, gaps};
use crate::model::{
    Assessment, CheckOutcome, ControlId, ControlResult, Demand, EvidenceFile, KindId, Law, Metadata, NotTested,
    Outcome, Problem, Provision, ProvisionId, ProvisionUse, Severity, ThresholdRef, Verification,
};
use crate::policy::BrokenControl;
use crate::text::{Diagnostic, Level, Text, sort_diagnostics};

/// Judges every check, rolls controls up, lists gaps, scores and concludes.
///
/// The result depends on `input` alone: no clock, no order of the vectors in it (controls, files and provisions are
/// sorted by id; checks keep the order of their file).
pub fn assess(input: Input<'_>) -> Assessment {
    let Input {
        mut metadata,
        controls,
        unselected,
        provisions,
        laws,
        kinds,
        mut files,
        families,
        broken,
        overrides,
        diagnostics,
        baseline,
    } = input;
    let as_of = days_since_epoch(metadata.as_of);
    let catalogue: BTreeMap<&ProvisionId, &Provision> = provisions.iter().map(|entry| (&entry.id, *entry)).collect();
    let in_force = |id: &ProvisionId| catalogue.get(id).map(|provision| provision.in_force(as_of));

    let mut controls: Vec<(ControlInput<'_>, Vec<CheckOutcome>)> = controls
        .into_iter()
        .map(|mut control| {
            let checks = std::mem::take(&mut control.checks)
                .into_iter()
                .map(|mut check| {
                    inherit(&control, &mut check);
                    judged(check, &in_force)
                })
                .collect();
            (control, checks)
        })
        .collect();
    controls.sort_by(|a, b| a.0.control.id.cmp(&b.0.control.id));

    let mut readers: BTreeMap<KindId, BTreeSet<ControlId>> = BTreeMap::new();
    for (control, checks) in &controls {
        for kind in checks.iter().flat_map(|check| &check.kinds) {
            readers.entry(kind.clone()).or_default().insert(control.control.id.clone());
        }
    }
    evidence::complete(&mut files, &kinds, &readers);
    metadata.inputs = evidence::inputs(&files);
    metadata.evidence_window = evidence::window(&files);
    if metadata.report_id.is_empty() {
        metadata.report_id = report_id(&metadata);
    }

    let provisions = provision_uses(&controls, &catalogue, &laws, as_of);
    let mut controls: Vec<ControlResult> = controls
        .into_iter()
        .map(|(control, checks)| finished(&control, checks, &catalogue, as_of, &files))
        .chain(broken.into_iter().map(|control| unusable(control, &in_force)))
        .collect();
    controls.sort_by(|a, b| a.id.cmp(&b.id));
    for control in &mut controls {
        let known = families.iter().find(|(code, _)| *code == control.family);
        control.family_title = known.map_or_else(|| Text::same(control.family.clone()), |(_, title)| title.clone());
    }

    let mut gaps = gaps::gaps(&metadata, &controls);
    let comparison = baseline.map(|earlier| compare(earlier, &metadata, &controls, &mut gaps));
    let scores = score(&controls, &gaps);
    let conclusion = conclude(&controls, &gaps, &scores);
    let mut unselected = unselected;
    unselected.sort_by(|a, b| a.id.cmp(&b.id));
    let mut overrides = overrides;
    overrides.sort();
    let mut assessment = Assessment {
        metadata,
        conclusion,
        scores,
        controls,
        unselected,
        gaps,
        evidence: files,
        provisions,
        overrides,
        diagnostics: problems(diagnostics),
        comparison,
        self_check: Vec::new(),
    };
    assessment.self_check = self_check(&assessment);
    assessment
}

/// What holds of a control as a whole holds of its checks.
fn inherit(control: &ControlInput<'_>, check: &mut CheckInput<'_>) {
    // A check that does not apply needs no fact of its control.
    if control.applies != Applies::Yes && !matches!(check.applies, Applies::No(_)) {
        check.applies = control.applies.clone();
    }
    if let Some(fault) = &control.fault {
        check.fault = Some(CheckFault::Policy(fault.clone()));
    }
}

fn judged(input: CheckInput<'_>, in_force: &dyn Fn(&ProvisionId) -> Option<bool>) -> CheckOutcome {
    let verdict = judge(&input, in_force);
    let check = input.check;
    let threshold = check.threshold.as_ref().map(|threshold| {
        let ids = threshold.basis.iter().map(|(id, _)| id);
        ThresholdRef {
            source: threshold.source,
            basis: ids.filter(|id| in_force(id) != Some(false)).cloned().collect(),
            note: threshold.note.clone(),
        }
    });
    let mut outcome = CheckOutcome {
        id: check.id.clone(),
        title: check.title.clone(),
        outcome: verdict.outcome,
        detail: verdict.detail,
        level: check.level,
        method: check.method.clone(),
        tests: check.tests.clone(),
        sample: check.sample.clone(),
        procedure: procedure(check),
        policy: check.place.whole().display(),
        population: 0,
        conforming: 0,
        adds_up: !matches!(check.demand, Demand::Count(_)),
        excluded_undecided: 0,
        at_least: input.at_least,
        partial_from: input.partial_from,
        findings_total: 0,
        findings: Vec::new(),
        fingerprints: Some(Vec::new()),
        missing: Vec::new(),
        kinds: Vec::new(),
        evidence: Vec::new(),
        threshold,
        notes: Vec::new(),
    };
    let Some(result) = input.result else { return outcome };
    outcome.kinds = result.kinds;
    outcome.notes = result.notes;
    outcome.missing = result.missing_population;
    // DESIGN §8 rule 3: of an empty population nobody owes what only partners come from.
    if result.population > 0 || !outcome.missing.is_empty() {
        outcome.missing.extend(result.missing_partners);
    }
    outcome.missing.sort();
    outcome.missing.dedup();
    if verdict.outcome == Outcome::NotApplicable && result.population > 0 {
        // It was run and does not count: its numbers would only mislead.
        return outcome;
    }
    outcome.population = result.population;
    outcome.conforming = result.conforming;
    outcome.excluded_undecided = result.excluded_undecided;
    outcome.findings_total = result.findings_total;
    outcome.findings = result.findings;
    outcome.fingerprints = result.fingerprints;
    outcome
}

fn finished(
    input: &ControlInput<'_>,
    mut checks: Vec<CheckOutcome>,
    catalogue: &BTreeMap<&ProvisionId, &Provision>,
    as_of: i32,
    files: &[EvidenceFile],
) -> ControlResult {
    let control = input.control;
    for check in &mut checks {
        check.evidence = files
            .iter()
            .filter(|file| file.status.counts())
            .filter(|file| file.kind.as_ref().is_some_and(|kind| check.kinds.contains(kind)))
            .map(|file| file.id.clone())
            .collect();
    }
    let rolled = roll_up(&input.applies, input.fault.as_ref(), &checks);
    let cited: BTreeSet<&ProvisionId> = control.provisions.iter().map(|(id, _)| id).collect();
    let (in_force, not_in_force): (Vec<_>, Vec<_>) =
        cited.into_iter().partition(|id| catalogue.get(id).is_some_and(|provision| provision.in_force(as_of)));
    let mut caveats = Vec::new();
    let levels: Vec<Verification> =
        in_force.iter().filter_map(|id| catalogue.get(id)).map(|provision| provision.verification).collect();
    if levels.is_empty() {
        caveats.push(Text::new(
            "所引条款在基准日均未施行，本项仅作参考",
            "no cited provision is in force on the as-of date; for reference only",
        ));
    } else if levels.iter().all(|level| matches!(level, Verification::C | Verification::U)) {
        caveats.push(Text::new(
            "所引条款的条号或内容尚未与官方文本核对（核实等级 C/U），引用前请先核对",
            "the cited provisions have not been checked against the official text (level C or U); verify before relying on them",
        ));
    }
    if !rolled.unweighed.is_empty()
        && matches!(rolled.verdict.outcome, Outcome::Satisfied | Outcome::Partial | Outcome::NotSatisfied)
    {
        let ids: Vec<&str> = rolled.unweighed.iter().map(crate::model::CheckId::as_str).collect();
        caveats.push(Text::new(
            format!("{} 不适用或本期没有发生，不计入结果", ids.join("、")),
            format!("{} did not weigh: not applicable, or nothing of the kind happened", ids.join(", ")),
        ));
    }
    ControlResult {
        id: control.id.clone(),
        family: control.family.clone(),
        family_title: Text::default(),
        title: control.title.clone(),
        objective: control.objective.clone(),
        severity: control.severity,
        outcome: rolled.verdict.outcome,
        detail: rolled.verdict.detail,
        provisions: in_force.into_iter().cloned().collect(),
        not_in_force: not_in_force.into_iter().cloned().collect(),
        caveats,
        unweighed: rolled.unweighed,
        checks,
        remedy: control.remedy.clone(),
        policy_file: control.source.name.clone(),
        overlay: control.overlay,
    }
}

/// A control whose file has faults: named, never judged.
fn unusable(control: &BrokenControl, in_force: &dyn Fn(&ProvisionId) -> Option<bool>) -> ControlResult {
    let cited: BTreeSet<&ProvisionId> = control.provisions.iter().collect();
    let (provisions, not_in_force): (Vec<_>, Vec<_>) = cited.into_iter().partition(|id| in_force(id) == Some(true));
    ControlResult {
        id: control.id.clone(),
        family: control.family.clone(),
        family_title: Text::default(),
        title: control.title.clone().unwrap_or_else(|| Text::same(control.id.as_str())),
        objective: Text::new("控制文件有误，未能读取", "the control's file has faults and could not be read"),
        // Doubt never helps: what could not be read may be the gravest.
        severity: control.severity.unwrap_or(Severity::Critical),
        outcome: Outcome::NotTested(NotTested::Error),
        detail: Some(Text::new(
            format!("{} 有误", control.source.name),
            format!("`{}` has faults", control.source.name),
        )),
        provisions: provisions.into_iter().cloned().collect(),
        not_in_force: not_in_force.into_iter().cloned().collect(),
        caveats: Vec::new(),
        unweighed: Vec::new(),
        checks: Vec::new(),
        remedy: Text::new("改正控制文件后重新运行。", "Correct the control's file and run again."),
        policy_file: control.source.name.clone(),
        overlay: false,
    }
}

fn provision_uses(
    controls: &[(ControlInput<'_>, Vec<CheckOutcome>)],
    catalogue: &BTreeMap<&ProvisionId, &Provision>,
    laws: &[&Law],
    as_of: i32,
) -> Vec<ProvisionUse> {
    let laws: BTreeMap<&str, &Law> = laws.iter().map(|law| (law.id.as_str(), *law)).collect();
    let mut citing: BTreeMap<&ProvisionId, BTreeSet<ControlId>> = BTreeMap::new();
    for (control, _) in controls {
        for (id, _) in &control.control.provisions {
            citing.entry(id).or_default().insert(control.control.id.clone());
        }
        let thresholds = control.control.checks.iter().filter_map(|check| check.threshold.as_ref());
        for (id, _) in thresholds.flat_map(|threshold| &threshold.basis) {
            citing.entry(id).or_default().insert(control.control.id.clone());
        }
    }
    citing
        .into_iter()
        .filter_map(|(id, controls)| {
            let provision = catalogue.get(id)?;
            let law = laws.get(provision.law.as_str());
            Some(ProvisionUse {
                id: id.clone(),
                law: law.map_or_else(|| Text::same(provision.law.clone()), |law| law.title.clone()),
                number: law.and_then(|law| law.number.clone()),
                article: provision.article.clone(),
                binding: provision.binding,
                in_force_from: provision.in_force_from.and_then(date),
                in_force_to: provision.in_force_to.and_then(date),
                in_force: provision.in_force(as_of),
                summary: provision.summary.clone(),
                verification: provision.verification,
                checked_in: provision.checked_in.clone(),
                controls: controls.into_iter().collect(),
            })
        })
        .collect()
}

fn problems(mut diagnostics: Vec<Diagnostic>) -> Vec<Problem> {
    sort_diagnostics(&mut diagnostics);
    diagnostics
        .into_iter()
        .map(|diagnostic| Problem {
            code: diagnostic.code.id.to_owned(),
            error: diagnostic.code.level == Level::Error,
            message: diagnostic.message,
            place: diagnostic.place.map(|place| place.display()),
            help: diagnostic.help,
        })
        .collect()
}

/// `HG-2026Q3-20260930-1a2b3c4d`: entity, period and as-of date.
fn report_id(metadata: &Metadata) -> String {
    let digest = Sha256::digest(format!("hegui/report/v1\0{}", metadata.entity.known_by()).as_bytes());
    let entity = gaps::hex(digest.get(..4).unwrap_or_default());
    format!("HG-{}-{}-{entity}", metadata.period.id, metadata.as_of.format("%Y%m%d"))
}

fn days_since_epoch(date: NaiveDate) -> i32 {
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

pub(super) fn date(days: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::default();
    let distance = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, input_parts};
    use super::*;

    #[test]
    fn dates_are_days_since_1970() {
        assert_eq!(days_since_epoch("1970-01-01".parse().unwrap()), 0);
        assert_eq!(date(20_726), "2026-09-30".parse().ok());
        assert_eq!(date(-1), "1969-12-31".parse().ok());
        assert_eq!(days_since_epoch("2026-09-30".parse().unwrap()), 20_726);
    }

    #[test]
    fn an_assessment_from_two_controls() {
        let parts = input_parts();
        let assessment = assess(parts.input());
        let outcomes: Vec<_> =
            assessment.controls.iter().map(|control| (control.id.as_str(), control.outcome)).collect();
        let missing = Outcome::NotTested(NotTested::EvidenceMissing);
        assert_eq!(outcomes, [("BAK-01", Outcome::NotSatisfied), ("BAK-02", missing)]);
        assert_eq!(assessment.conclusion.outcome, Outcome::NotSatisfied);
        assert_eq!(assessment.gaps.len(), 1);
        let gap = &assessment.gaps[0];
        assert_eq!((gap.check.as_str(), gap.severity, gap.findings_total), ("BAK-01.1", Severity::High, 3));
        assert_eq!(assessment.metadata.inputs.files, 1);
        assert_eq!(assessment.evidence[0].used_by, [ControlId::new("BAK-01")]);
        assert_eq!(assessment.provisions.len(), 2);
        let in_force: Vec<_> = assessment.provisions.iter().map(|p| (p.id.as_str(), p.in_force)).collect();
        assert_eq!(in_force, [("LAW-1", true), ("OLD-1", false)]);
        assert_eq!(assessment.controls[0].not_in_force, [ProvisionId::new("OLD-1")]);
        assert_eq!(assessment.self_check, []);
        assert!(assessment.metadata.report_id.starts_with("HG-2026Q3-20260930-"));
    }

    #[test]
    fn a_control_that_does_not_apply_has_no_gaps() {
        let parts = input_parts();
        let mut input = parts.input();
        input.controls[1].applies = Applies::No(Text::same("clients = 0"));
        let assessment = assess(input);
        assert_eq!(assessment.controls[0].outcome, Outcome::NotApplicable);
        assert_eq!(assessment.controls[0].checks[0].outcome, Outcome::NotApplicable);
        assert_eq!(assessment.gaps, []);
        assert_eq!(assessment.self_check, []);
    }

    #[test]
    fn a_control_on_unverified_law_says_so() {
        let mut parts = input_parts();
        parts.provisions[0].verification = Verification::C;
        let assessment = assess(parts.input());
        assert!(assessment.controls[0].caveats.iter().any(|caveat| caveat.en.contains("level C or U")));
        assert!(fixture::assessment().controls[0].caveats.is_empty());
    }
}
