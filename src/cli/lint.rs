//! `hegui policy lint`: every fault of every policy file, with line and caret.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::{Format, PolicyLintArgs};
use super::{Console, Environment, ExitStatus, diagnostics, session};
use crate::engine::plan::faults_of_broken;
use crate::engine::plan_controls;
use crate::policy::{self, Loaded, ProfileChoice};
use crate::text::{Diagnostic, Lang, Level, sort_diagnostics};

/// Lints the shipped pack, a pack in a folder, or an overlay as it lies over the shipped pack.
pub(super) fn lint(console: &mut Console<'_>, args: &PolicyLintArgs, environment: &Environment) -> ExitStatus {
    let loaded = match load(console, args.dir.as_deref()) {
        Ok(loaded) => loaded,
        Err(status) => return status,
    };
    let (controls, faults) = all_faults(loaded, session::days(environment.today));
    let errors = faults.iter().filter(|fault| fault.code.level == Level::Error).count();
    match args.format {
        Format::Json => {
            let list: Vec<serde_json::Value> = faults.iter().map(diagnostics::json).collect();
            let value = json!({"schema": "hegui/lint/v1", "controls": controls, "diagnostics": list});
            console.line(&serde_json::to_string_pretty(&value).unwrap_or_default());
        }
        Format::Table => {
            diagnostics::show(console, &faults, usize::MAX);
            if faults.is_empty() {
                let line = match console.lang {
                    Lang::Zh => format!("{controls} 个控制点，没有问题"),
                    Lang::En => format!("{controls} controls, nothing wrong"),
                };
                console.line(&line);
            }
        }
    }
    if errors > 0 { ExitStatus::Policy } else { ExitStatus::Satisfied }
}

/// Loads what a folder argument means, tests included: nothing is the shipped pack; a folder with a `pack.yaml` stands
/// for itself; any other is an overlay. A workspace is none.
pub(super) fn load(console: &mut Console<'_>, dir: Option<&Path>) -> Result<Loaded, ExitStatus> {
    if let Some(workspace) = dir.filter(|dir| dir.join("hegui.yaml").is_file()) {
        // Its evidence would be taken for definitions of evidence, and every file be a fault.
        console.fail(
            "这是工作区，不是策略目录；它自己的策略在其 policies 目录中",
            "this is a workspace, no folder of policy files; its own are in the folder `policies` of it",
            &workspace.display().to_string(),
        );
        return Err(ExitStatus::Usage);
    }
    let folders: Vec<PathBuf> = dir.map(Path::to_owned).into_iter().collect();
    let (base, overlays) = session::layers(console, &folders)?;
    Ok(policy::load(base, overlays, &ProfileChoice::default(), true))
}

/// Faults of loading and of planning every control, on the given day with no fact stated, and remarks about the pack as
/// a whole; and how many controls.
fn all_faults(loaded: Loaded, as_of: i32) -> (usize, Vec<Diagnostic>) {
    let Loaded { mut pack, mut diagnostics } = loaded;
    diagnostics.extend(crate::pipeline::settle_adapters(&mut pack));
    let clock = session::clock(&pack, as_of, None);
    let planned = plan_controls(&pack, pack.controls.values(), &std::collections::BTreeMap::new(), &clock);
    diagnostics.extend(planned.diagnostics);
    let no_facts = std::collections::BTreeMap::new();
    diagnostics.extend(faults_of_broken(&pack, pack.broken_controls.values(), &no_facts, &clock));
    diagnostics.extend(policy::lint_static(&pack));
    diagnostics.extend(crate::proof::columns(&pack).into_iter().map(|(_, fault)| fault));
    sort_diagnostics(&mut diagnostics);
    (pack.controls.len() + pack.broken_controls.len(), diagnostics)
}
