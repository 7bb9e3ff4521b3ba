//! `hegui evidence template`: a blank form of one evidence kind.

use std::path::{Path, PathBuf};

use super::args::{EvidenceTemplateArgs, TemplateFormat, TimeOptions};
use super::{Console, Environment, ExitStatus, diagnostics, interrupt, session};
use crate::evidence::template::{Format, TemplateError, render};
use crate::model::{EvidenceKind, KindId};
use crate::policy::Pack;
use crate::report;
use crate::text::{Lang, suggest::nearest};

/// Writes the form, or says why not.
pub(super) fn template(
    console: &mut Console<'_>,
    args: &EvidenceTemplateArgs,
    environment: &Environment,
) -> ExitStatus {
    let kind = match kind(console, args, environment) {
        Ok(kind) => kind,
        Err(status) => return status,
    };
    let format = match format(console, args, &kind) {
        Ok(format) => format,
        Err(status) => return status,
    };
    let form = match render(&kind, format, console.lang) {
        Ok(form) => form,
        Err(fault) => return cannot_make(console, &fault),
    };
    match args.out.as_deref() {
        Some(out) if out == Path::new("-") => print(console, format, &form),
        Some(out) => write(console, out, args.force, form),
        None => write(console, &PathBuf::from(format!("{}.{}", kind.id, format.suffix())), args.force, form),
    }
}

/// The kind asked for: of the workspace, else of the pack.
fn kind(
    console: &mut Console<'_>,
    args: &EvidenceTemplateArgs,
    environment: &Environment,
) -> Result<EvidenceKind, ExitStatus> {
    let here = || Path::new("hegui.yaml").is_file().then(|| PathBuf::from("."));
    let Some(workspace) = args.workspace.clone().or_else(here) else {
        let pack = session::pack_without_workspace(console, &args.policy)?;
        return find(&pack, &args.kind).ok_or_else(|| unknown(console, &pack, &args.kind));
    };
    let request = session::request(&workspace, &args.policy, &TimeOptions::default(), environment);
    let opened = session::open_unread(console, &request)?;
    find(&opened.pack, &args.kind).ok_or_else(|| {
        // The kind may be there with faults.
        if opened.faulty() {
            diagnostics::show(console, &opened.diagnostics, session::LISTED);
        }
        unknown(console, &opened.pack, &args.kind);
        if opened.faulty() { ExitStatus::Policy } else { ExitStatus::Usage }
    })
}

fn find(pack: &Pack, id: &str) -> Option<EvidenceKind> {
    pack.kinds.get(&KindId::new(id)).cloned()
}

fn unknown(console: &mut Console<'_>, pack: &Pack, id: &str) -> ExitStatus {
    console.fail("没有这种证据", "no such evidence kind", id);
    let ids = pack.kinds.keys().map(KindId::as_str);
    // People know a kind by its title as well.
    let titled = pack.kinds.values().find(|kind| kind.title.zh == id || kind.title.en.eq_ignore_ascii_case(id));
    let meant = titled.map(|kind| kind.id.as_str()).or_else(|| nearest(id, ids.clone()));
    let help = match (meant, console.lang) {
        (Some(meant), Lang::Zh) => format!("  帮助: 是否指 `{meant}`？"),
        (Some(meant), Lang::En) => format!("  help: did you mean `{meant}`?"),
        (None, Lang::Zh) => format!("  帮助: 有 {}", ids.collect::<Vec<_>>().join("、")),
        (None, Lang::En) => format!("  help: there are {}", ids.collect::<Vec<_>>().join(", ")),
    };
    console.note_line(&help);
    ExitStatus::Usage
}

/// The format asked for, named by the file, or natural to the kind.
fn format(console: &mut Console<'_>, args: &EvidenceTemplateArgs, kind: &EvidenceKind) -> Result<Format, ExitStatus> {
    let asked = args.format.map(|format| match format {
        TemplateFormat::Xlsx => Format::Xlsx,
        TemplateFormat::Csv => Format::Csv,
        TemplateFormat::Yaml => Format::Yaml,
    });
    let Some(out) = args.out.as_deref().filter(|out| *out != Path::new("-")) else {
        return Ok(asked.unwrap_or_else(|| Format::natural(kind)));
    };
    let suffix = out.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default().to_ascii_lowercase();
    let named = match suffix.as_str() {
        "xlsx" => Format::Xlsx,
        "csv" => Format::Csv,
        "yaml" | "yml" => Format::Yaml,
        _ => {
            if let Some(asked) = asked {
                return Ok(asked);
            }
            let what = out.display().to_string();
            console.fail(
                "不认识这个后缀；请用 .xlsx、.csv、.yaml，或写明 --format",
                "no form has this suffix; use .xlsx, .csv or .yaml, or state --format",
                &what,
            );
            return Err(ExitStatus::Usage);
        }
    };
    if asked.is_some_and(|asked| asked != named) {
        // Programs refuse a file that is not what its name says.
        let what = out.display().to_string();
        console.fail("文件名的后缀与 --format 不符", "the suffix of the file is not that of --format", &what);
        return Err(ExitStatus::Usage);
    }
    Ok(named)
}

fn cannot_make(console: &mut Console<'_>, fault: &TemplateError) -> ExitStatus {
    let text = fault.text();
    console.fail("不能做成这种模板", "there is no such form", text.get(console.lang));
    if let Some(help) = fault.help() {
        let label = console.choose("  帮助: ", "  help: ").to_owned();
        console.note_line(&format!("{label}{}", help.get(console.lang)));
    }
    ExitStatus::Usage
}

fn print(console: &mut Console<'_>, format: Format, form: &[u8]) -> ExitStatus {
    if format == Format::Xlsx && console.out_ability.terminal {
        console.fail("终端不能显示工作簿", "a terminal cannot show a workbook", "--out -");
        return ExitStatus::Usage;
    }
    console.bytes(form);
    ExitStatus::Satisfied
}

fn write(console: &mut Console<'_>, path: &Path, force: bool, form: Vec<u8>) -> ExitStatus {
    let shown = path.display().to_string();
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        console.fail("不是文件名", "not a name of a file", &shown);
        return ExitStatus::Usage;
    };
    if !force && path.symlink_metadata().is_ok() {
        console.fail("文件已存在，不会覆盖", "the file is there already and is not overwritten", &shown);
        let help = console
            .choose("  帮助: 换一个名称（--out），或加 --force", "  help: choose another name (--out), or say --force");
        let help = help.to_owned();
        console.note_line(&help);
        return ExitStatus::Usage;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _held = interrupt::hold();
    match report::write_files(folder, &[(name.to_owned(), form)]) {
        Ok(_) => {
            let words = match console.lang {
                Lang::Zh => format!("已写入 {shown}；填好后放进工作区的 evidence/<期间>/"),
                Lang::En => format!("wrote {shown}; fill in and put into evidence/<period>/ of the workspace"),
            };
            console.line(&super::plain(&words));
            ExitStatus::Satisfied
        }
        Err(fault) => {
            let what = fault.text().get(console.lang).to_owned();
            console.fail("模板没有写成", "the form was not written", &what);
            ExitStatus::Output
        }
    }
}
