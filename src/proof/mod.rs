//! Proof that controls say what they mean: policy tests run through the engine, the cases they lack, and the changes
//! that no case would notice (LANGUAGE §7).

mod case;
pub mod codes;
mod columns;
mod compare;
mod coverage;
mod mutate;

use crate::model::ControlId;
use crate::policy::{Pack, TestFile};
use crate::text::{Diagnostic, sort_diagnostics};
use case::{Bench, CaseRun};
pub use columns::columns;
pub use compare::Difference;

/// One case that did not give what it demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which case of which check, and where it is written.
    pub diagnostic: Diagnostic,
    /// What differs, line by line.
    pub differences: Vec<Difference>,
}

/// What running the tests of a pack gave.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Controls with tests.
    pub controls: usize,
    /// Cases run.
    pub cases: usize,
    /// Expectations compared.
    pub expectations: usize,
    /// Cases that failed, by file and position.
    pub failures: Vec<Failure>,
    /// Tests about what is not there, and checks that lack a case; boundaries are proven by changes.
    pub diagnostics: Vec<Diagnostic>,
    /// Changes tried: those of a boundary, or all when they were asked for.
    pub mutants: usize,
    /// Changes no case noticed, beside those of a boundary.
    pub survivors: Vec<Diagnostic>,
}

impl Report {
    /// Whether every case gave what it demands, every test is about something, and no case is lacking.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
            && self.survivors.is_empty()
            && self.diagnostics.iter().all(|fault| fault.code.level == crate::text::Level::Warning)
    }
}

/// Runs the tests of every control that `only` admits, and tries every change of a boundary; with `mutants`, every change.
pub fn test(pack: &Pack, only: &dyn Fn(&ControlId) -> bool, mutants: bool) -> Report {
    let mut report = Report::default();
    for control in pack.controls.values().filter(|control| only(&control.id)) {
        let files: Vec<&TestFile> = pack.tests.iter().filter(|file| file.control == control.id).collect();
        let bench = Bench::new(pack, control, &files);
        report.controls += usize::from(!files.is_empty());
        let mut runs: Vec<CaseRun<'_>> = Vec::new();
        for prepared in bench.cases() {
            report.cases += 1;
            report.diagnostics.extend(prepared.faults.iter().cloned());
            runs.push(prepared.run(control));
        }
        let mut failed = false;
        for run in &runs {
            report.expectations += run.case.expect.len();
            let failures = compare::compare(run);
            failed |= !failures.is_empty();
            report.failures.extend(failures);
        }
        report.diagnostics.extend(coverage::lacking(control, &runs));
        // What fails already notices everything.
        if !failed && !files.is_empty() {
            let tried = mutate::try_changes(&bench, control, mutants);
            report.mutants += tried.count;
            report.survivors.extend(tried.survivors);
            report.diagnostics.extend(tried.diagnostics);
        }
    }
    report.diagnostics.extend(columns(pack).into_iter().filter(|(control, _)| only(control)).map(|(_, fault)| fault));
    sort_diagnostics(&mut report.diagnostics);
    sort_diagnostics(&mut report.survivors);
    report
}

#[cfg(test)]
mod tests;
