//! Fault injection: one thing of a sound workspace is broken at random, and what `hegui` makes of it is held against
//! what it may make of it.
//!
//! - It never panics, never calls itself at fault (exit status 70), and always judges.
//! - No outcome of any control or check becomes better ([`verdict`] has the order), from the clean workspace, from the
//!   example with its planted gaps and from that with registers saved as workbooks. What may say something else that reads as well as the truth ([`random::Class::Lie`])
//!   is let off where nothing became illegible and no SHA-256 is stated; it is counted.
//! - What violates a control by construction ([`violations`]) is a gap of the check that it violates.
//! - Every other fault leaves a trace; how plain a one is counted ([`verdict::Shown`]).
//!
//! `HEGUI_FAULTS=10000 cargo test --test integration faults` breaks 10,000 things and writes the table of
//! `docs/reliability.md`; a failing case prints the command that repeats it.

mod clean;
mod office;
mod parsed;
mod random;
mod tally;
mod verdict;
mod violations;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use hegui::assess::ExitStatus;
use hegui::model::{Assessment, Outcome};
use hegui::pipeline::{Request, check};

use self::clean::{EVIDENCE, Files, MANIFEST};
use self::random::{Class, KINDS};
use self::tally::Tally;
use super::common::Workspace;
use super::differential::random::Random;

/// Cases of an ordinary run, and the number from which the page is written.
const USUAL: usize = 300;
const WRITTEN: usize = 10_000;
/// One case in so many goes through the binary too.
const BINARY: u64 = 30;

/// Paths and what they hold from now on; `None`: no longer there.
type Changes = Vec<(String, Option<Vec<u8>>)>;

/// One thing broken.
#[derive(Debug)]
struct Fault {
    /// Where, and what became of it.
    what: String,
    changes: Changes,
    /// The check that must see it.
    violates: Option<&'static str>,
}

/// What the manifest states of the SHA-256 of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seal {
    /// As the example has it: of the two documents that are one row each.
    Usual,
    /// Of none.
    Bare,
    /// Of every file.
    Sealed,
}

/// A workspace that is broken and mended again.
struct Bench {
    workspace: Workspace,
    files: Files,
    /// Manifests, and the assessments with them.
    sound: Vec<(Seal, String, Assessment)>,
}

impl Bench {
    fn new(workspace: Workspace) -> Self {
        let files = clean::files(&workspace);
        Self::of(workspace, files)
    }

    /// A workspace of which only these files are broken.
    fn of(workspace: Workspace, files: Files) -> Self {
        let usual = std::fs::read_to_string(workspace.join(MANIFEST)).unwrap();
        let bare = clean::bare(&usual);
        let sealed = clean::sealed(&bare, &files, |path| files.contains_key(&format!("{EVIDENCE}{path}")));
        let sound = [(Seal::Usual, usual), (Seal::Bare, bare), (Seal::Sealed, sealed)].map(|(seal, manifest)| {
            workspace.write(MANIFEST, &manifest);
            (seal, manifest, judged(&workspace).unwrap())
        });
        Self { workspace, files, sound: sound.into() }
    }

    /// The manifest, and the assessment with it.
    fn sound(&self, seal: Seal) -> (&str, &Assessment) {
        let (_, manifest, before) = self.sound.iter().find(|(its, ..)| *its == seal).unwrap();
        (manifest, before)
    }

    /// The assessment with a fault; everything is as it was afterwards.
    fn with(&self, fault: &Fault, manifest: &str, binary: bool) -> Result<Assessment, String> {
        self.workspace.write(MANIFEST, manifest);
        for (path, bytes) in &fault.changes {
            match bytes {
                Some(bytes) => _ = self.workspace.write(path, bytes),
                None => std::fs::remove_file(self.workspace.join(path)).unwrap(),
            }
        }
        let mut after = catch_unwind(AssertUnwindSafe(|| judged(&self.workspace)))
            .unwrap_or_else(|_| Err("it panicked".to_owned()));
        if binary {
            after = after.and_then(|after| through_the_binary(&self.workspace).map(|()| after));
        }
        for (path, _) in &fault.changes {
            match self.files.get(path) {
                Some(bytes) => _ = self.workspace.write(path, bytes),
                None => std::fs::remove_file(self.workspace.join(path)).unwrap(),
            }
        }
        after
    }
}

/// The same through the command line, with reports: it ends with a status of its own, and nothing it prints or writes
/// holds a control character that a terminal would obey.
fn through_the_binary(workspace: &Workspace) -> Result<(), String> {
    let out = tempfile::tempdir().unwrap();
    let run = workspace.check(&["--report", "json,csv,md", "--out", out.path().to_str().unwrap()]);
    if ![0, 1, 3, 4].contains(&run.status) {
        return Err(format!("exit status {}: {}", run.status, run.err));
    }
    let mut texts = vec![("stdout".into(), run.out), ("stderr".into(), run.err)];
    for entry in std::fs::read_dir(out.path()).unwrap().map(Result::unwrap) {
        texts.push((entry.file_name(), std::fs::read_to_string(entry.path()).unwrap()));
    }
    let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match texts.iter().find(|(_, text)| text.contains(obeyed)) {
        Some((name, _)) => Err(format!("a control character in {}", name.display())),
        None => Ok(()),
    }
}

fn judged(workspace: &Workspace) -> Result<Assessment, String> {
    let as_of = NaiveDate::from_ymd_opt(2026, 10, 15).unwrap();
    let checked =
        check(&Request::new(workspace.path(), as_of), None).map_err(|fault| format!("not judged: {fault}"))?;
    if checked.status() == ExitStatus::Internal {
        return Err(format!("it calls itself at fault: {:?}", checked.assessment.self_check));
    }
    Ok(checked.assessment)
}

/// One case: its kind, and what it showed; or in words what it must not have done.
struct Case {
    kind: &'static str,
    sealed: bool,
    shown: verdict::Shown,
    better: bool,
}

/// The workspaces that faults are made in.
struct Benches {
    clean: Bench,
    dirty: Bench,
    office: Bench,
}

impl Benches {
    fn new() -> Self {
        let office = office::office();
        let workbooks = office::workbooks(&office);
        Self {
            clean: Bench::new(clean::clean()),
            dirty: Bench::new(clean::dirty()),
            office: Bench::of(office, workbooks),
        }
    }
}

fn case(seed: u64, benches: &Benches) -> Result<Case, String> {
    let mut random = Random::new(seed);
    let violating = random.percent(15);
    let (start, bench) = match () {
        () if violating => ("clean", &benches.clean),
        () if random.percent(10) => ("workbooks", &benches.office),
        () if random.percent(50) => ("clean", &benches.clean),
        () => ("example", &benches.dirty),
    };
    let sealed = random.percent(10);
    let seal = match (sealed, violating) {
        (true, _) => Seal::Sealed,
        // A gap is to be seen, not that a file is another.
        (false, true) => Seal::Bare,
        (false, false) => Seal::Usual,
    };
    let (manifest, before) = bench.sound(seal);
    let (kind, class, fault) = if violating {
        let number = random.below(violations::count());
        ("a fact that violates a control", Class::Lie, violations::make(number, &bench.files, &mut random))
    } else if start == "workbooks" {
        let (kind, fault) = office::draw(&bench.files, manifest, &mut random);
        (kind.name, kind.class, fault.ok_or_else(|| format!("{}: nothing to break", kind.name))?)
    } else {
        // The kind is drawn first, so that none is rare because it often finds nothing to break.
        let kind = random.pick(KINDS);
        let fault = (0..10_000).find_map(|_| (kind.make)(&bench.files, manifest, &mut random));
        (kind.name, kind.class, fault.ok_or_else(|| format!("{}: nothing to break", kind.name))?)
    };
    let told = |words: &str| {
        format!(
            "{kind} ({start}{}): {}: {words}\n  HEGUI_FAULTS=1 HEGUI_FAULTS_SEED={seed} cargo test --test integration faults",
            if sealed { ", sealed" } else { "" },
            fault.what
        )
    };
    let binary = seed.is_multiple_of(BINARY);
    let after = bench.with(&fault, manifest, binary).map_err(|words| told(&words))?;
    let better = verdict::better(before, &after);
    let excused = match class {
        Class::Damage => false,
        Class::Lie => !sealed && !verdict::illegible(before, &after),
        Class::TwoLies => !sealed,
    };
    if !better.is_empty() && !excused {
        return Err(told(&format!("better than before: {}", better.join("; "))));
    }
    if let Some(check) = fault.violates {
        let found = verdict::outcomes(&after)[check];
        let control = verdict::outcomes(&after)[check.split('.').next().unwrap()];
        let seen = if sealed { found != Outcome::Satisfied } else { found == Outcome::NotSatisfied };
        if !seen || control == Outcome::Satisfied {
            return Err(told(&format!("{check} is {found:?}, its control {control:?}")));
        }
    }
    let shown = verdict::shown(before, &after);
    // Under a stated SHA-256 every changed byte is told, whatever became of the file.
    let bytes = fault.changes.iter().any(|(path, _)| path != MANIFEST);
    let least = if sealed && bytes { verdict::Shown::Diagnostic } else { verdict::Shown::Hash };
    if shown > least {
        return Err(told(&format!("only this shows it: {shown:?}")));
    }
    if std::env::var_os("HEGUI_FAULTS_SEED").is_some() {
        // A case that is repeated is looked at.
        std::io::Write::write_all(&mut std::io::stderr(), (told(&format!("{shown:?} {better:?}")) + "\n").as_bytes())
            .unwrap();
    }
    Ok(Case { kind, sealed, shown, better: !better.is_empty() })
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|number| number.parse().unwrap())
}

#[test]
fn whatever_is_broken_satisfies_nothing_and_shows() {
    let cases = from_environment("HEGUI_FAULTS").map_or(USUAL, |number| usize::try_from(number).unwrap());
    let first = from_environment("HEGUI_FAULTS_SEED").unwrap_or(1);
    let next = AtomicUsize::new(0);
    let work = || {
        let benches = Benches::new();
        let mut tally = Tally::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= cases {
                return tally;
            }
            tally.add(case(first + number as u64, &benches));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(cases).min(4);
    let tally = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).fold(Tally::default(), Tally::with)
    });
    if cases >= WRITTEN {
        tally.write(first);
    }
    assert!(tally.failures.is_empty(), "{} of {cases}:\n{}", tally.failures.len(), tally.failures.join("\n"));
}

/// What the cases start from: everything that can be tested is satisfied, so that what a fault makes worse is seen.
#[test]
fn the_clean_workspace_is_clean() {
    let assessment = judged(&clean::clean()).unwrap();
    let not: Vec<_> = verdict::outcomes(&assessment).into_iter().filter(|(_, it)| *it != Outcome::Satisfied).collect();
    assert!(not.is_empty(), "{not:#?}");
    assert!(assessment.diagnostics.iter().all(|fault| !fault.error), "{:#?}", assessment.diagnostics);
}

/// Every entry of the table of violations, once.
#[test]
fn what_violates_a_control_by_construction_is_a_gap_of_it() {
    let bench = Bench::new(clean::clean());
    let (manifest, before) = bench.sound(Seal::Bare);
    let mut misses = Vec::new();
    for number in 0..violations::count() {
        let fault = violations::make(number, &bench.files, &mut Random::new(number as u64));
        let after = bench.with(&fault, manifest, false).unwrap();
        let check = fault.violates.unwrap();
        let found = verdict::outcomes(&after)[check];
        if found != Outcome::NotSatisfied {
            misses.push(format!("{check}: {}: {found:?}", fault.what));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
    let judged: std::collections::BTreeSet<String> =
        before.controls.iter().flat_map(|control| &control.checks).map(|check| check.id.to_string()).collect();
    let violated: std::collections::BTreeSet<String> = violations::checks().map(str::to_owned).collect();
    assert_eq!(violated, judged, "every check has a violation");
}
