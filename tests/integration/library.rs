//! The public API without a process: same inputs, same bytes; what is taken away never satisfies.

use chrono::NaiveDate;
use hegui::assess::ExitStatus;
use hegui::model::Outcome;
use hegui::pipeline::{Request, check};
use hegui::report::json::to_json;

use super::common::{Workspace, repository};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 15).unwrap()
}

#[test]
fn a_workspace_is_judged_without_a_terminal() {
    let workspace = Workspace::small();
    let checked = check(&Request::new(workspace.path(), day()), None).unwrap();
    assert_eq!(checked.status(), ExitStatus::Satisfied);
    let control = &checked.assessment.controls[0];
    assert_eq!((control.id.as_str(), control.outcome), ("BAK-90", Outcome::Satisfied));
    assert_eq!((control.checks[0].population, control.checks[0].conforming), (2, 2));
}

#[test]
fn the_same_files_anywhere_give_the_same_bytes() {
    let render = |workspace: &Workspace| {
        let checked = check(&Request::new(workspace.path(), day()), None).unwrap();
        to_json(&checked.assessment).unwrap()
    };
    assert_eq!(render(&Workspace::small()), render(&Workspace::small()));
}

/// Every file of the example deleted, emptied, cut in half or garbled: no control that was not satisfied becomes so, and
/// none that rests on the file stays so (the example's manifest states what each file holds).
#[test]
fn damaged_evidence_never_satisfies() {
    let source = repository().join("examples/agency");
    let judged = |workspace: &Workspace| check(&Request::new(workspace.path(), day()), None).unwrap().assessment;
    let copy = || {
        let workspace = Workspace::empty();
        for entry in walkdir::WalkDir::new(&source) {
            let entry = entry.unwrap();
            let path = entry.path().strip_prefix(&source).unwrap();
            if entry.file_type().is_file() && !path.starts_with("expected") && !path.starts_with("reports") {
                workspace.write(path.to_str().unwrap(), std::fs::read(entry.path()).unwrap());
            }
        }
        workspace
    };
    let before = judged(&copy());
    assert!(before.controls.len() >= 12, "{before:?}");
    let mut asked = 0;
    let files: Vec<String> = walkdir::WalkDir::new(source.join("evidence"))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != "manifest.yaml")
        .map(|entry| entry.path().strip_prefix(&source).unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(files.len() >= 15, "{files:?}");
    let workspace = copy();
    for file in files {
        let indexed = before.evidence.iter().find(|entry| entry.path == file).unwrap();
        let whole = std::fs::read(workspace.join(&file)).unwrap();
        let garbled: Vec<u8> = whole.iter().map(|byte| byte ^ 0x5a).collect();
        let damages: [(&str, Option<Vec<u8>>); 4] = [
            ("deleted", None),
            ("emptied", Some(Vec::new())),
            ("cut in half", Some(whole[..whole.len() / 2].to_vec())),
            ("garbled", Some(garbled)),
        ];
        for (name, damage) in damages {
            match damage {
                None => std::fs::remove_file(workspace.join(&file)).unwrap(),
                Some(bytes) => std::fs::write(workspace.join(&file), bytes).unwrap(),
            }
            for (now, then) in judged(&workspace).controls.iter().zip(&before.controls) {
                let (id, rests) = (&now.id, then.checks.iter().any(|check| check.evidence.contains(&indexed.id)));
                asked += u32::from(rests && then.outcome == Outcome::Satisfied);
                assert!(
                    now.outcome != Outcome::Satisfied || (then.outcome == Outcome::Satisfied && !rests),
                    "{file} {name}: {id} is satisfied"
                );
            }
            std::fs::write(workspace.join(&file), &whole).unwrap();
        }
    }
    assert!(asked >= 30, "only {asked} times a satisfied control lost what it rests on");
}
