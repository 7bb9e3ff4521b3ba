//! `hegui check`: the main job.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use super::args::{CheckArgs, FailOn, Format};
use super::progress::Progress;
use super::session::{self, LISTED};
use super::{Console, Environment, ExitStatus, diagnostics, interrupt, plain};
use crate::model::{Assessment, Gate};
use crate::pipeline::{self, Checked, Request, check as judge};
use crate::report;
use crate::text::{Diagnostic, Lang, Level, foreign, sort_diagnostics};

/// Width of the summary when nobody looks.
const PIPE_WIDTH: usize = 100;

/// Judges every workspace; the gravest status counts.
pub(super) fn check(console: &mut Console<'_>, args: &CheckArgs, environment: &Environment) -> ExitStatus {
    let formats = match formats(console, &args.report) {
        Ok(formats) => formats,
        Err(status) => return status,
    };
    let baseline = match args.baseline.as_deref().map(|path| read_baseline(console, path)) {
        None => None,
        Some(Ok(baseline)) => Some(baseline),
        Some(Err(status)) => return status,
    };
    if let Some(folder) = args.templates.as_deref().filter(|folder| !folder.is_dir()) {
        console.fail("没有这个模板目录", "no such template folder", &folder.display().to_string());
        return ExitStatus::Usage;
    }
    let pool = match rayon::ThreadPoolBuilder::new().num_threads(args.jobs.map_or(0, usize::from)).build() {
        Ok(pool) => pool,
        Err(fault) => {
            console.fail("无法启动线程", "cannot start threads", &fault.to_string());
            return ExitStatus::Internal;
        }
    };
    // Nobody compares what is not written.
    let writes = args.format == Format::Json || formats.as_ref().is_none_or(|all| all.contains(&report::Format::Json));
    let fingerprints = baseline.is_some() || writes;
    let folders = out_folders(&args.workspaces);
    let several = args.workspaces.len() > 1;
    let mut gravest = ExitStatus::Satisfied;
    for (workspace, folder) in args.workspaces.iter().zip(folders) {
        let request = Request { fingerprints, ..request(args, workspace, environment) };
        let shown = workspace.display().to_string();
        let shown = plain(&shown);
        let (zh, en) = (format!("正在检查 {shown}"), format!("checking {shown}"));
        let progress = Progress::start(console, args.quiet, &zh, &en);
        let checked = pool.install(|| judge(&request, baseline.as_ref()));
        drop(progress);
        let lang = console.lang;
        let status = match checked {
            Err(fault) => session::cannot_open(console, &fault),
            Ok(checked) => {
                // What hegui.yaml says of the language counts when the command line says nothing.
                if !console.lang_fixed {
                    console.lang = checked.opened.workspace.report.language.unwrap_or(lang);
                }
                let out = match (&args.out, several) {
                    (Some(out), true) => out.join(&folder),
                    (Some(out), false) => out.clone(),
                    (None, _) => workspace.join("reports").join(&checked.opened.period),
                };
                show_and_write(console, args, &checked, formats.as_deref(), &out, several)
            }
        };
        console.lang = lang;
        gravest = gravest.min(status);
    }
    gravest
}

fn request(args: &CheckArgs, workspace: &Path, environment: &Environment) -> Request {
    let mut request = session::request(workspace, &args.policy, &args.time, environment);
    request.only.clone_from(&args.only);
    request.gate = args.fail_on.map(|fail_on| match fail_on {
        FailOn::Critical => Gate::Critical,
        FailOn::High => Gate::High,
        FailOn::Medium => Gate::Medium,
        FailOn::Low => Gate::Low,
        FailOn::Never => Gate::Never,
    });
    request
}

/// One workspace: what is printed, what is written, and the status.
fn show_and_write(
    console: &mut Console<'_>,
    args: &CheckArgs,
    checked: &Checked,
    formats: Option<&[report::Format]>,
    out: &Path,
    several: bool,
) -> ExitStatus {
    let mut status = checked.status();
    let (templates, mut template_faults) = templates(args, checked);
    // What hegui.yaml asks for and nobody has was told among its faults.
    let own = checked.opened.workspace.report.formats.as_deref();
    let formats: Vec<report::Format> = match (formats, own) {
        (Some(formats), _) => formats.to_vec(),
        (None, Some(words)) => words.iter().filter_map(|word| word.parse().ok()).collect(),
        (None, None) => report::Format::ALL.to_vec(),
    };
    // The summary lists what is wrong with the evidence; only where there is none is it said here.
    let summarised = args.format == Format::Table && !args.quiet;
    let shown: Vec<_> = checked
        .diagnostics
        .iter()
        .filter(|fault| !args.quiet || fault.code.level == Level::Error)
        .filter(|fault| !summarised || !fault.code.id.starts_with("evidence/"))
        .cloned()
        .collect();
    if several && !shown.is_empty() {
        console.note_line(&format!("── {} ──", plain(&checked.opened.workspace.root.display().to_string())));
    }
    diagnostics::show(console, &shown, LISTED);
    match args.format {
        Format::Json => {
            if let Some(fault) = print_json(console, &checked.assessment, several) {
                console.fail("无法生成 JSON", "cannot encode the assessment", &fault);
                status = status.min(ExitStatus::Internal);
            }
        }
        Format::Table if args.quiet => {}
        Format::Table => {
            let style = report::table::Style {
                width: console.out_ability.width.map_or(PIPE_WIDTH, usize::from),
                colour: console.out_ability.colour,
                lang: console.lang,
                report: !formats.is_empty(),
            };
            let text = report::table::summary_with(&checked.assessment, style, &templates);
            console.print(&text);
        }
    }
    if checked.assessment.has_internal_error() {
        for line in
            checked.assessment.self_check.iter().filter(|line| line.level == crate::model::SelfCheckLevel::Error)
        {
            let text = line.text.get(console.lang).to_owned();
            console.fail("自检发现程序错误，请报告", "the self-check found a fault in hegui, please report it", &text);
        }
    }
    if !formats.is_empty() {
        let leads_out = args.out.is_none() && leads_out(&checked.opened.workspace.root, out);
        status = status.min(if leads_out {
            console.fail(
                "报告没有写：`reports` 指向工作区之外（要写到那里，请用 --out 写明）",
                "no report was written: `reports` leads out of the workspace (name the folder with --out if you mean it)",
                &out.display().to_string(),
            );
            ExitStatus::Output
        } else {
            let look = report::Look { lang: console.lang, second: false, templates: &templates };
            write(console, args, &checked.assessment, &formats, look, out, &mut template_faults)
        });
    }
    // No fault of the assessment, which is the same with any template: said here, not in it.
    sort_diagnostics(&mut template_faults);
    template_faults.retain(|fault| !args.quiet || fault.code.level == Level::Error);
    diagnostics::show(console, &template_faults, LISTED);
    if template_faults.iter().any(|fault| fault.code.level == Level::Error) {
        status = status.min(ExitStatus::Policy);
    }
    status
}

/// The templates that the command line names, else those of `hegui.yaml`, and what is wrong with them.
fn templates(args: &CheckArgs, checked: &Checked) -> (report::Templates, Vec<Diagnostic>) {
    let workspace = &checked.opened.workspace;
    match (&args.templates, &workspace.report.templates) {
        (Some(folder), _) => report::Templates::read(folder, &pipeline::shown(folder)),
        (None, Some(folder)) => report::Templates::read(&workspace.root.join(folder), folder),
        (None, None) => (report::Templates::shipped(), Vec::new()),
    }
}

/// Whether a folder below a workspace is outside it, by a link on the way (DESIGN §3.6). What is not there yet is made
/// where its nearest parent is; a link to nowhere leads nowhere good.
fn leads_out(workspace: &Path, folder: &Path) -> bool {
    let Ok(inside) = workspace.canonicalize() else { return false };
    let there = folder.ancestors().find(|path| path.symlink_metadata().is_ok());
    there.is_some_and(|path| !path.canonicalize().is_ok_and(|path| path.starts_with(&inside)))
}

fn write(
    console: &mut Console<'_>,
    args: &CheckArgs,
    assessment: &Assessment,
    formats: &[report::Format],
    look: report::Look<'_>,
    out: &Path,
    faults: &mut Vec<Diagnostic>,
) -> ExitStatus {
    let written = {
        let _held = interrupt::hold();
        report::write_set(assessment, formats, look, out, faults)
    };
    match written {
        Ok(paths) => {
            if !args.quiet && args.format == Format::Table {
                let names: Vec<String> = paths
                    .iter()
                    .filter_map(|path| path.file_name())
                    .map(|name| name.to_string_lossy().into_owned())
                    .collect();
                let line = match console.lang {
                    Lang::Zh => format!("报告：{}（{}）", out.display(), names.join("、")),
                    Lang::En => format!("reports: {} ({})", out.display(), names.join(", ")),
                };
                console.line(&plain(&line));
            }
            ExitStatus::Satisfied
        }
        Err(fault) => {
            let what = fault.text().get(console.lang).to_owned();
            if matches!(fault, report::ReportError::Write { .. }) {
                console.fail("报告没有写成，原有报告未动", "no report was written, the old one is whole", &what);
                ExitStatus::Output
            } else {
                console.fail("无法生成报告", "cannot make the report", &what);
                ExitStatus::Internal
            }
        }
    }
}

/// Prints the assessment as it is written, or on one line when there are several. The fault, if it cannot be encoded.
fn print_json(console: &mut Console<'_>, assessment: &Assessment, one_line: bool) -> Option<String> {
    let bytes = match report::json::to_json(assessment) {
        Ok(bytes) => bytes,
        Err(fault) => return Some(fault.text().get(console.lang).to_owned()),
    };
    let text = String::from_utf8_lossy(&bytes);
    if !one_line {
        console.print(&text);
        return None;
    }
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(value) => {
            console.line(&value.to_string());
            None
        }
        Err(fault) => Some(fault.to_string()),
    }
}

/// `None`: nothing was said. `none` alone means no report.
fn formats(console: &mut Console<'_>, words: &[String]) -> Result<Option<Vec<report::Format>>, ExitStatus> {
    if words.is_empty() {
        return Ok(None);
    }
    if words.len() == 1 && words.first().is_some_and(|word| word == "none") {
        return Ok(Some(Vec::new()));
    }
    let mut formats = Vec::new();
    for word in words {
        let Ok(format) = report::Format::from_str(word) else {
            let known: Vec<&str> = report::Format::ALL.iter().map(|format| format.word()).collect();
            let what = format!("{word} ({}, none)", known.join(", "));
            console.fail("没有这种报告", "no such report", &what);
            return Err(ExitStatus::Usage);
        };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(Some(formats))
}

fn read_baseline(console: &mut Console<'_>, path: &Path) -> Result<Assessment, ExitStatus> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|fault| {
        let why = foreign::io(&fault);
        console.fail("无法读取基线", "cannot read the baseline", &format!("{shown}: {}", why.get(console.lang)));
        ExitStatus::Usage
    })?;
    report::json::from_json(&bytes).map_err(|fault| {
        console.fail(
            "基线无法使用",
            "the baseline cannot be used",
            &format!("{shown}: {}", fault.text().get(console.lang)),
        );
        ExitStatus::Usage
    })
}

/// A folder name for each workspace under `--out`: its own, with a number when two are called the same.
fn out_folders(workspaces: &[PathBuf]) -> Vec<PathBuf> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    workspaces
        .iter()
        .map(|workspace| {
            let resolved = workspace.canonicalize().unwrap_or_else(|_| workspace.clone());
            let name =
                resolved.file_name().map_or_else(|| "workspace".to_owned(), |name| name.to_string_lossy().into_owned());
            let mut chosen = name.clone();
            let mut number = 2;
            while !taken.insert(chosen.clone()) {
                chosen = format!("{name}-{number}");
                number += 1;
            }
            PathBuf::from(chosen)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_of_one_name_do_not_overwrite_each_other() {
        let names = ["a/acme", "b/acme", "c/acme-2", "acme"].map(PathBuf::from);
        let folders = out_folders(&names);
        assert_eq!(folders, ["acme", "acme-2", "acme-2-2", "acme-3"].map(PathBuf::from));
    }
}
