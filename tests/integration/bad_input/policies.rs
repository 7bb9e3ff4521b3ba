//! Policy folders that contradict themselves, are hostile or no folders.

use std::path::Path;

use super::super::common::Workspace;
use super::{CONTROL, alias_bomb};

#[test]
fn duplicate_control_ids() {
    let workspace = Workspace::small();
    let text = std::fs::read_to_string(workspace.join(CONTROL)).unwrap();
    workspace.write("policies/controls/ENC/BAK-90.yaml", text);
    workspace.check(&["--report", "none"]).status(4).says(&["BAK-90", "controls/ENC/BAK-90.yaml"]);
    // The id of a shipped control, without saying that it replaces it.
    let workspace = Workspace::small();
    let text = std::fs::read_to_string(workspace.join(CONTROL)).unwrap().replace("BAK-90", "BAK-02");
    workspace.write("policies/controls/BAK/BAK-02.yaml", text);
    workspace.check(&["--report", "none"]).status(4).says(&["policy/duplicate-id", "BAK-02", "replaces"]);
}

#[test]
fn circular_and_unknown_replacements() {
    let workspace = Workspace::small();
    let text = std::fs::read_to_string(workspace.join(CONTROL)).unwrap();
    let other = |id: &str, replaces: &str| {
        text.replace("BAK-90", id).replace("severity:", &format!("replaces: {replaces}\nseverity:"))
    };
    workspace.write("policies/controls/BAK/BAK-91.yaml", other("BAK-91", "BAK-92"));
    workspace.write("policies/controls/BAK/BAK-92.yaml", other("BAK-92", "BAK-91"));
    workspace.check(&["--report", "none"]).status(4).says(&["policy/replaces-circular", "BAK-91"]);
    let workspace = Workspace::small();
    workspace.write("policies/controls/BAK/BAK-91.yaml", other("BAK-91", "BAK-77"));
    workspace.check(&["--report", "none"]).status(4).says(&["policy/replaces-unknown", "BAK-77"]);
}

#[test]
fn a_circle_of_lets() {
    let workspace = Workspace::small();
    workspace.edit(CONTROL, "    expect: amount >= $least", "    let: {a: b, b: a}\n    expect: amount >= $least");
    workspace.check(&["--report", "none"]).status(4).says(&["BAK-90.yaml:13:"]);
}

#[test]
fn yaml_alias_bomb_and_depth() {
    let bomb = alias_bomb("schema: hegui/control/v1\n");
    let deep = format!("schema: hegui/control/v1\nid: {}x{}\n", "[".repeat(20_000), "]".repeat(20_000));
    for (name, text) in [("alias bomb", bomb), ("depth", deep)] {
        let workspace = Workspace::small();
        workspace.write("policies/controls/BAK/BAK-91.yaml", &text);
        let run = workspace.check(&["--report", "none"]);
        assert_eq!(run.status, 4, "{name}: {}", run.err);
        assert!(run.err.contains("BAK-91.yaml"), "{name}: {}", run.err);
        assert!(run.err.len() < 20_000, "{name}: {} bytes of error", run.err.len());
    }
}

/// `policies` that cannot be read as a folder is said, where `hegui.yaml` names it if it does.
#[cfg(unix)]
#[test]
fn policies_that_are_no_folder() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(outside.path().join("controls/BAK")).unwrap();
    let moved = |made: &dyn Fn(&Path), settings: &str, words: &[&str]| {
        let workspace = Workspace::small();
        std::fs::remove_dir_all(workspace.join("policies")).unwrap();
        made(&workspace.join("policies"));
        workspace.edit("hegui.yaml", "profile: small", settings);
        let run = workspace.check(&["--report", "none", "--only", "BAK-01"]).status(4);
        run.says(words).says(&["policy/file-unreadable", "help: "]);
    };
    let all = "profile: bookkeeping-agency";
    moved(&|path| std::fs::write(path, "x").unwrap(), all, &["policies: `policies` is no folder"]);
    moved(&|path| std::os::unix::fs::symlink("nowhere", path).unwrap(), all, &["policies: cannot read policy folder"]);
    moved(&|path| std::os::unix::fs::symlink(outside.path(), path).unwrap(), all, &["leads out of the workspace"]);
    moved(&|_| {}, &format!("{all}\npolicies: [own]"), &["hegui.yaml:5:12]", "cannot read policy folder `own`"]);
}
