//! What an entity's own policies may change, and where it is said (DESIGN §4).

use super::common::{Workspace, repository};

/// The shipped file with words replaced, as an overlay of the example.
fn overlaid(path: &str, changes: &[(&str, &str)], more: &str) -> Workspace {
    let mut text = std::fs::read_to_string(repository().join("policies").join(path)).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{path} lacks {from:?}");
        text = text.replacen(from, to, 1);
    }
    let workspace = Workspace::example();
    workspace.write(&format!("policies/{path}"), format!("{text}{more}"));
    workspace
}

fn assessment(workspace: &Workspace) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(workspace.join("reports/2026Q3/assessment.json")).unwrap()).unwrap()
}

fn check<'a>(assessment: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    let controls = assessment["controls"].as_array().unwrap();
    let mut checks = controls.iter().flat_map(|control| control["checks"].as_array().unwrap());
    checks.find(|check| check["id"] == id).unwrap()
}

#[test]
fn an_evidence_kind_is_not_replaced_in_silence() {
    let path = "evidence/permission_matrix.yaml";
    let longer = [("max_age: 370 days", "max_age: 4000 days")];
    let silent = overlaid(path, &longer, "");
    let run = silent.check(&["--report", "json,md"]).status(4);
    run.says(&["policy/duplicate-id", "permission_matrix", "write `replaces: permission_matrix`"]);
    let found = assessment(&silent);
    assert_eq!(check(&found, "BAK-04.3")["outcome"], "not_tested", "the shipped limit stays in force");
    assert_eq!(found["overrides"].as_array().unwrap().len(), 0);

    let said = overlaid(path, &longer, "replaces: permission_matrix\n");
    let run = said.check(&["--report", "json,md"]).status(1);
    run.prints(&["Overrides of the shipped pack: 1 (replaced 1, added 0, parameters 0); see page 1 of report.md"]);
    let found = assessment(&said);
    assert_eq!(check(&found, "BAK-04.3")["outcome"], "satisfied");
    let change = &found["overrides"][0];
    assert_eq!(change["item"], "permission_matrix.max_age");
    assert_eq!(change["shipped"]["en"], "370 days");
    assert_eq!(change["effective"]["en"], "4000 days");
    assert_eq!(change["place"], "policies/evidence/permission_matrix.yaml:11:10");
    let report = std::fs::read_to_string(said.join("reports/2026Q3/report.md")).unwrap();
    let first = report.split("\n## ").nth(1).unwrap();
    assert!(first.contains("| `permission_matrix.max_age` |") && first.contains("| 370 days | 4000 days |"), "{first}");
}

#[test]
fn a_profile_is_not_replaced_in_silence() {
    let path = "profiles/bookkeeping-agency.yaml";
    let fewer = [("include: [BAK, ENC, TRN]", "include: [TRN-01]")];
    let silent = overlaid(path, &fewer, "");
    silent.check(&["--report", "json"]).status(4).says(&["policy/duplicate-id", "bookkeeping-agency"]);
    assert!(assessment(&silent)["controls"].as_array().unwrap().len() > 10);
    let said = overlaid(path, &fewer, "replaces: bookkeeping-agency\n");
    let run = said.check(&["--report", "json"]);
    assert!(run.out.contains("Overrides of the shipped pack: 1"), "{}", run.out);
    let found = assessment(&said);
    assert_eq!(found["controls"].as_array().unwrap().len(), 1);
    let change = &found["overrides"][0];
    assert_eq!((&change["shipped"]["en"], &change["effective"]["en"]), (&"[BAK, ENC, TRN]".into(), &"[TRN-01]".into()));
}

#[test]
fn verification_levels_are_not_raised() {
    let path = "provisions/AAR.yaml";
    for more in ["", "replaces: AAR\n"] {
        let workspace = overlaid(path, &[("level: B", "level: A")], more);
        let run = workspace.check(&["--report", "json"]).status(4);
        run.says(&["policy/raises-verification", "from B to A"]);
        assert_eq!(assessment(&workspace)["overrides"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn shipped_policies_alone_are_one_flag_away() {
    let workspace = overlaid(
        "evidence/permission_matrix.yaml",
        &[("max_age: 370 days", "max_age: 4000 days")],
        "replaces: permission_matrix\n",
    );
    let run = workspace.check(&["--policies", "shipped", "--report", "json"]).status(1);
    assert!(!run.out.contains("Overrides"), "{}", run.out);
    assert_eq!(check(&assessment(&workspace), "BAK-04.3")["outcome"], "not_tested");
}

/// A year's working days counted from a calendar with a fault would be wrong: what counts them is not tested.
#[test]
fn a_calendar_with_a_fault_is_not_used() {
    let sources = [
        "over: calendar.working_days\n    expect: start_on = end_on",
        "over: widgets\n    expect: WORKING_DAYS_BETWEEN(made_on, made_on) = 0",
    ];
    let faults = [
        ("a make-up day in the week", "working_days: [2027-02-03]\n", "policy/calendar-day"),
        ("a holiday that cannot be read", "holidays: [{name: x, from: 2027-13-01}]\n", "policy/wrong-word"),
        ("a key that is none", "wroking_days: [2027-02-06]\n", "policy/unknown-key"),
    ];
    let calendar = "schema: hegui/calendar/v1\nyear: 2027\ntitle: x\nsource: notice\n";
    let holidays = "holidays: [{name: 元旦, from: 2027-01-01}]\n";
    for source in sources {
        for (name, line, code) in faults {
            let workspace = Workspace::small();
            workspace.edit("policies/controls/BAK/BAK-90.yaml", "over: widgets\n    expect: amount >= $least", source);
            workspace.edit("policies/controls/BAK/BAK-90.yaml", "{{ id }} 只有 {{ amount }}", "x");
            workspace.write("policies/calendars/cn-2027.yaml", format!("{calendar}{holidays}"));
            workspace.check(&["--report", "none"]).status(0);
            let holidays = if line.starts_with("holidays") { "" } else { holidays };
            workspace.write("policies/calendars/cn-2027.yaml", format!("{calendar}{holidays}{line}"));
            let run = workspace.check(&["--report", "json"]).status(4).says(&[code, "cn-2027.yaml"]);
            let found = assessment(&workspace);
            let found = check(&found, "BAK-90.1");
            assert_eq!(
                (&found["outcome"], &found["reason"]),
                (&"not_tested".into(), &"error".into()),
                "{name}: {}",
                run.out
            );
        }
    }
}
