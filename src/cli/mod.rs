//! The command line: one file per subcommand; the only code that reads clock, environment and terminal.
//!
//! [`run`] takes the arguments, a [`Console`] and an [`Environment`] and gives an [`ExitStatus`]: everything a
//! process would have to ask the system for is passed in, so that a test needs no process. [`process`] asks the
//! system and is what `main` calls.

mod args;
mod console;
pub mod diagnostics;
mod exit;
mod interrupt;
mod man;
mod plain;
mod process;

use std::ffi::OsString;

use chrono::NaiveDate;
use clap::Parser as _;

use crate::text::Lang;
pub use args::Cli;
use args::Command;
pub use console::{Ability, Console};
pub use exit::{ExitStatus, INTERRUPTED};
pub use plain::plain;
pub use process::process;

/// What only the surroundings of a run know.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The day on the system clock, in the time zone of the machine.
    pub today: NaiveDate,
}

/// Parses the arguments (the program's name first), does what they say, prints to `console`.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    console: &mut Console<'_>,
    environment: &Environment,
) -> ExitStatus {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(fault) => return usage(console, &fault),
    };
    if let Some(lang) = cli.lang {
        console.lang = Lang::from(lang);
    }
    let status = match &cli.command {
        Command::Completions(args) => man::completions(console, args),
        Command::Man(args) => man::man(console, args),
        _ => {
            let _ = environment;
            ExitStatus::Internal
        }
    };
    match console.finish() {
        Ok(()) => status,
        Err(_) => status.min(ExitStatus::Output),
    }
}

/// `--help` and `--version` go to stdout and are no fault; everything else goes to stderr.
fn usage(console: &mut Console<'_>, fault: &clap::Error) -> ExitStatus {
    let ability = if fault.use_stderr() { console.err_ability } else { console.out_ability };
    let text = fault.render();
    let text = if ability.colour { text.ansi().to_string() } else { text.to_string() };
    if fault.use_stderr() {
        console.note(&text);
        let _ = console.finish();
        return ExitStatus::Usage;
    }
    console.print(&text);
    match console.finish() {
        Ok(()) => ExitStatus::Satisfied,
        Err(_) => ExitStatus::Output,
    }
}
