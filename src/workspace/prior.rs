//! The prior report: the newest earlier assessment under `reports/` (DESIGN §5). Only its head is decoded.

use std::cmp::Reverse;
use std::fs;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::Path;

use serde::Deserialize;

use super::Workspace;
use crate::policy::{self, codes, period};
use crate::text::{Code, Diagnostic, Place, Text, foreign};

/// Folder of the workspace that holds a folder of reports for each period.
const FOLDER: &str = "reports";
/// Most bytes of an earlier assessment.
const MAX_BYTES: u64 = 256 << 20;

/// What of an `assessment.json` says which report it is. The rest is read over, but must be JSON.
#[derive(Deserialize)]
struct Head {
    schema: Schema,
    metadata: Metadata,
}

#[derive(Deserialize)]
enum Schema {
    #[serde(rename = "hegui/assessment/v1")]
    V1,
}

#[derive(Deserialize)]
struct Metadata {
    report_id: String,
    entity: Entity,
    period: Period,
}

#[derive(Deserialize)]
struct Entity {
    name: Text,
    uscc: Option<String>,
}

#[derive(Deserialize)]
struct Period {
    id: String,
}

/// Report number of the newest earlier period that has one, and what stood in the way of a newer one.
pub(super) fn prior(workspace: &Workspace, chosen: &str) -> (Option<String>, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let Ok(inside) = workspace.root.canonicalize() else { return (None, faults) };
    for name in earlier(workspace, chosen, &mut faults) {
        let shown = format!("{FOLDER}/{name}/assessment.json");
        let path = workspace.root.join(&shown);
        if fs::symlink_metadata(&path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            continue;
        }
        let Metadata { report_id, entity, period } = match head(&path, &inside) {
            Ok(Head { schema: Schema::V1, metadata }) => metadata,
            Err(reason) => {
                faults.push(unreadable(shown, &reason));
                continue;
            }
        };
        let other = if same(&entity, &workspace.entity) {
            (period.id != name).then(|| Text::new(format!("期间 {}", period.id), format!("period {}", period.id)))
        } else {
            Some(Text::new(format!("单位 {}", entity.name.zh), format!("entity {}", entity.name.en)))
        };
        let Some(other) = other else { return (Some(report_id), faults) };
        let message = Text::new(
            format!("`{shown}` 不是上期报告：属于另一个{}", other.zh),
            format!("`{shown}` is no prior report: it is that of another {}", other.en),
        );
        faults.push(told(&codes::PRIOR_FOREIGN, message, shown));
    }
    (None, faults)
}

/// Period folders that end before the chosen period starts, newest first. Of several that end together the one of the
/// same length as the chosen period comes first, then the longest.
fn earlier(workspace: &Workspace, chosen: &str, faults: &mut Vec<Diagnostic>) -> Vec<String> {
    let Some((start, _)) = period::parse(chosen) else { return Vec::new() };
    let entries = match fs::read_dir(workspace.root.join(FOLDER)) {
        Ok(entries) => entries,
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                faults.push(unreadable(FOLDER.to_owned(), &foreign::io(&error)));
            }
            return Vec::new();
        }
    };
    // The letter after the year tells quarters from halves, months and years.
    let length = |name: &str| name.as_bytes().get(4).copied();
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| {
            let (first, last) = period::parse(&name)?;
            (last < start).then(|| (last, length(&name) == length(chosen), Reverse(first), name))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().rev().map(|(.., name)| name).collect()
}

fn head(path: &Path, inside: &Path) -> Result<Head, Text> {
    let real = policy::regular_inside(path, inside, MAX_BYTES)?;
    let io = |error: std::io::Error| foreign::io(&error);
    let mut reader = BufReader::new(fs::File::open(real).map_err(io)?.take(MAX_BYTES));
    if reader.fill_buf().map_err(io)?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    serde_json::from_reader(reader).map_err(|error| {
        let why = foreign::json(&error);
        Text::new(
            format!("不是 `hegui/assessment/v1` 的评估结果（{}）", why.zh),
            format!("not an assessment of schema `hegui/assessment/v1` ({})", why.en),
        )
    })
}

/// Known by the unified social credit code where both have one, else by the Chinese name.
fn same(then: &Entity, now: &super::Entity) -> bool {
    match (&then.uscc, &now.uscc) {
        (Some(then), Some(now)) => then == now,
        _ => then.name.zh == now.name.zh,
    }
}

fn unreadable(shown: String, reason: &Text) -> Diagnostic {
    let message = Text::new(
        format!("`{shown}` 不能作为上期报告：{}", reason.zh),
        format!("`{shown}` cannot be taken for the prior report: {}", reason.en),
    );
    told(&codes::PRIOR_UNREADABLE, message, shown)
}

fn told(code: &'static Code, message: Text, path: String) -> Diagnostic {
    let help = Text::new(
        "重新运行该期间的检查，或把文件移出 `reports/`",
        "check that period again, or move the file out of `reports/`",
    );
    Diagnostic::new(code, message).at_place(Place::File { path }).help(help)
}
