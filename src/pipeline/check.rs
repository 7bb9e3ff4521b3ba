//! The second half: evidence read, checks run, everything judged.

use std::collections::BTreeSet;

use globset::GlobMatcher;

use super::metadata::metadata;
use super::{Opened, PipelineError, Request, control_inputs, evaluate};
use crate::assess::{ExitFacts, ExitStatus, GateResult, Input, assess, evidence_files, exit_status, gate};
use crate::engine::plan;
use crate::evidence::{FileEntry, Index};
use crate::model::{Assessment, Check, Control, ControlId, KindId, Unselected};
use crate::text::{Diagnostic, Text, sort_diagnostics};

/// A workspace judged.
#[derive(Debug)]
pub struct Checked {
    /// What was opened: the workspace's settings, the pack, the gate.
    pub opened: Opened,
    /// The assessment: all a report reads.
    pub assessment: Assessment,
    /// Every fault met in policy, workspace and evidence files, sorted; the assessment holds them without their
    /// source text.
    pub diagnostics: Vec<Diagnostic>,
    /// What the gate says.
    pub gate: GateResult,
}

impl Checked {
    /// The exit status of this workspace, if its outputs can be written.
    pub fn status(&self) -> ExitStatus {
        exit_status(ExitFacts {
            usage: false,
            internal: self.assessment.has_internal_error(),
            output: false,
            fault: self.assessment.has_fault(),
            gate: self.gate,
        })
    }
}

/// Judges a workspace. The same request over the same files gives the same assessment, on any machine and any number
/// of threads.
///
/// `baseline` is an earlier assessment: gaps that stand in it already do not count at the gate.
///
/// # Errors
/// [`PipelineError`] when nothing can be judged: no such workspace, or the request names what is not there.
///
/// # Examples
/// ```
/// use hegui::pipeline::{Request, check};
///
/// let as_of = chrono::NaiveDate::from_ymd_opt(2026, 10, 15).unwrap();
/// let error = check(&Request::new("no/such/workspace", as_of), None).unwrap_err();
/// assert_eq!(error.to_string(), "no folder `no/such/workspace`");
/// ```
pub fn check(request: &Request, baseline: Option<&Assessment>) -> Result<Checked, PipelineError> {
    let only = matchers(&request.only)?;
    let opened = Opened::open(request)?;
    let admitted = |id: &ControlId| only.is_empty() || only.iter().any(|glob| glob.is_match(id.as_str()));
    let pack = &opened.pack;
    if !only.is_empty() && !pack.selected.iter().any(&admitted) {
        return Err(PipelineError::NothingSelected { patterns: request.only.clone() });
    }
    let controls = || pack.selected_controls().filter(|control| admitted(&control.id));

    let index = opened.index();
    let evaluated = evaluate(pack, controls(), &opened.facts, &opened.clock, &index, &opened.run_options(request));
    let (prior, passed_over) = opened.workspace.prior(&opened.period);
    let mut diagnostics = opened.diagnostics.clone();
    diagnostics.extend(passed_over);
    diagnostics.extend(evaluated.planned.diagnostics.iter().cloned());
    let broken = || pack.broken_controls.values().filter(|it| pack.selected.contains(&it.id) && admitted(&it.id));
    diagnostics.extend(plan::faults_of_broken(pack, broken(), &opened.facts, &opened.clock));
    diagnostics.extend(index.diagnostics().iter().cloned());
    // What a broken control would have read nobody knows.
    let unknown = pack.broken_controls.keys().any(|id| pack.selected.contains(id));
    let needless = if unknown { BTreeSet::new() } else { needless(&index, controls()) };
    let concerns = |fault: &&Diagnostic| fault.place.as_ref().is_none_or(|place| !needless.contains(place.file()));
    diagnostics.extend(evaluated.ran.diagnostics.iter().filter(concerns).cloned());
    sort_diagnostics(&mut diagnostics);

    let assessment = assess(Input {
        metadata: metadata(&opened, request, prior),
        controls: control_inputs(pack, controls(), &evaluated),
        unselected: unselected(pack.controls.values(), &pack.selected, &admitted),
        provisions: pack.provisions.values().collect(),
        laws: pack.laws.values().collect(),
        kinds: pack.kinds.values().collect(),
        files: evidence_files(&index, &evaluated.ran.scans, &evaluated.ran.unused),
        families: pack.families.clone(),
        broken: broken().collect(),
        overrides: pack.overrides.iter().map(Into::into).collect(),
        diagnostics: diagnostics.clone(),
        baseline,
    });
    let gate = gate(&assessment, opened.gate);
    Ok(Checked { opened, assessment, diagnostics, gate })
}

/// Files of a kind that no control of the run names: faults in them concern nobody, the index calls them not needed.
fn needless<'a>(index: &Index, controls: impl Iterator<Item = &'a Control>) -> BTreeSet<String> {
    let named: BTreeSet<KindId> = controls.flat_map(|control| &control.checks).flat_map(Check::kinds_named).collect();
    let of = |is_named: bool| {
        let wanted = |file: &&FileEntry| file.kind.as_ref().is_some_and(|kind| named.contains(kind) == is_named);
        index.files().iter().filter(wanted).map(|file| file.path.clone()).collect::<BTreeSet<String>>()
    };
    // A register of a workbook that no control names lies beside others.
    &of(false) - &of(true)
}

fn matchers(patterns: &[String]) -> Result<Vec<GlobMatcher>, PipelineError> {
    patterns
        .iter()
        .map(|pattern| match globset::Glob::new(pattern) {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(source) => Err(PipelineError::Pattern { pattern: pattern.clone(), source }),
        })
        .collect()
}

fn unselected<'a>(
    controls: impl Iterator<Item = &'a Control>,
    selected: &BTreeSet<ControlId>,
    admitted: &dyn Fn(&ControlId) -> bool,
) -> Vec<Unselected> {
    controls
        .filter_map(|control| {
            let reason = match (selected.contains(&control.id), admitted(&control.id)) {
                (true, true) => return None,
                (true, false) => Text::new("`--only` 没有选中", "left out by `--only`"),
                (false, _) => Text::new("所用方案没有选中", "the profile does not select it"),
            };
            Some(Unselected { id: control.id.clone(), title: control.title.clone(), reason })
        })
        .collect()
}
