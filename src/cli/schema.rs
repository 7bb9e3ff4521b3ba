//! `hegui policy schema`: the JSON Schemas of the policy files, generated from the code that reads them.

use std::path::Path;

use super::args::PolicySchemaArgs;
use super::{Console, ExitStatus};
use crate::policy::schemas;
use crate::text::foreign;

/// Lists the schemas, prints one, or writes all.
pub(super) fn schema(console: &mut Console<'_>, args: &PolicySchemaArgs) -> ExitStatus {
    let all = schemas();
    if let Some(dir) = &args.out {
        return match write(dir, &all) {
            Ok(()) => ExitStatus::Satisfied,
            Err(fault) => {
                console.fail(
                    "无法写入",
                    "cannot write",
                    &format!("{}: {}", dir.display(), foreign::io(&fault).get(console.lang)),
                );
                ExitStatus::Output
            }
        };
    }
    let Some(kind) = &args.kind else {
        for (name, _) in &all {
            console.line(stem(name));
        }
        return ExitStatus::Satisfied;
    };
    if let Some((_, schema)) = all.iter().find(|(name, _)| stem(name) == kind || name == kind) {
        console.print(&text(schema));
        return ExitStatus::Satisfied;
    }
    let known: Vec<&str> = all.iter().map(|(name, _)| stem(name)).collect();
    console.fail("没有这种文件，可选", "no such kind of file; there are", &known.join(" "));
    ExitStatus::Usage
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn text(schema: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

fn write(dir: &Path, all: &[(String, serde_json::Value)]) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for (name, schema) in all {
        std::fs::write(dir.join(name), text(schema))?;
    }
    Ok(())
}
