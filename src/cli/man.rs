//! `hegui man` and `hegui completions`: made from the declaration in [`super::args`].

use std::path::Path;

use clap::CommandFactory as _;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::{Console, ExitStatus};
use crate::text::foreign;

/// Prints the manual page, or writes one file per subcommand.
pub(super) fn man(console: &mut Console<'_>, args: &ManArgs) -> ExitStatus {
    let command = Cli::command();
    match &args.out {
        None => {
            let mut page = Vec::new();
            if clap_mangen::Man::new(command).render(&mut page).is_err() {
                return ExitStatus::Internal;
            }
            console.print(&String::from_utf8_lossy(&page));
            ExitStatus::Satisfied
        }
        Some(dir) => match write_pages(&command, dir) {
            Ok(()) => ExitStatus::Satisfied,
            Err(fault) => {
                let message = format!("{}: {}", dir.display(), foreign::io(&fault).get(console.lang));
                console.fail("无法写入", "cannot write", &message);
                ExitStatus::Output
            }
        },
    }
}

fn write_pages(command: &clap::Command, dir: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    clap_mangen::generate_to(command.clone(), dir)
}

/// Prints the completion script of a shell.
pub(super) fn completions(console: &mut Console<'_>, args: &CompletionsArgs) -> ExitStatus {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "hegui", &mut script);
    console.print(&String::from_utf8_lossy(&script));
    ExitStatus::Satisfied
}
