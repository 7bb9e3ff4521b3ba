//! The command line: one file per subcommand; the only code that reads clock, environment and terminal.
//!
//! [`run`] takes the arguments, a [`Console`] and an [`Environment`] and gives an [`ExitStatus`]: everything a
//! process would have to ask the system for is passed in, so that a test needs no process. [`process()`] asks the
//! system and is what `main` calls.

mod args;
pub mod cells;
mod check;
pub mod codes;
mod console;
pub mod diagnostics;
mod evidence;
mod explain;
mod init;
mod interrupt;
mod lint;
mod man;
mod plain;
mod policy;
mod process;
mod progress;
mod schema;
mod session;
mod show;
mod sql;
mod table;
mod template;
mod templates;
mod test;
mod usage;
mod words;

use std::ffi::OsString;
use std::fmt::Write as _;

use chrono::NaiveDate;
use clap::Parser as _;

pub use crate::assess::ExitStatus;
use crate::text::Lang;
pub use args::Cli;
use args::{Command, EvidenceCommand, PolicyCommand};
pub use console::{Ability, Console};
pub use plain::plain;
pub use process::process;

/// Status of a run stopped with Ctrl-C, as shells have it: 128 + SIGINT.
pub const INTERRUPTED: u8 = 130;

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
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(fault) => {
            console.lang = usage::asked(&arguments).unwrap_or(console.lang);
            return wrong(console, &fault);
        }
    };
    if let Some(lang) = cli.lang {
        console.lang = Lang::from(lang);
        console.lang_fixed = true;
    }
    let status = match &cli.command {
        Command::Completions(args) => man::completions(console, args),
        Command::Man(args) => man::man(console, args),
        Command::Init(args) => init::init(console, args, environment),
        Command::Check(args) => check::check(console, args, environment),
        Command::Evidence(EvidenceCommand::Status(args)) => evidence::status(console, args, environment),
        Command::Evidence(EvidenceCommand::Template(args)) => template::template(console, args, environment),
        Command::Evidence(EvidenceCommand::Show(args)) => show::show(console, args, environment),
        Command::Policy(PolicyCommand::List(args)) => policy::list(console, args),
        Command::Policy(PolicyCommand::Show(args)) => policy::show(console, args, environment),
        Command::Policy(PolicyCommand::Schema(args)) => schema::schema(console, args),
        Command::Policy(PolicyCommand::Lint(args)) => lint::lint(console, args, environment),
        Command::Policy(PolicyCommand::Test(args)) => test::test(console, args),
        Command::Explain(args) => explain::explain(console, args, environment),
    };
    match console.finish() {
        Ok(()) => status,
        Err(_) => status.min(ExitStatus::Output),
    }
}

/// `--help` and `--version` go to stdout and are no fault; everything else goes to stderr.
fn wrong(console: &mut Console<'_>, fault: &clap::Error) -> ExitStatus {
    // Without a subcommand the parser prints the help, which is in both languages.
    let help = fault.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if fault.use_stderr() && !help && console.lang == Lang::Zh {
        console.note(&usage::in_chinese(fault));
        let _ = console.finish();
        return ExitStatus::Usage;
    }
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

/// `docs/cli.md`: what `--help` says of every command, held current by a test.
pub fn reference() -> String {
    use clap::CommandFactory as _;

    fn walk(command: &mut clap::Command, path: &str, page: &mut String) {
        let name = format!("{path} {}", command.get_name()).trim_start().to_owned();
        // The width of a page, whatever the terminal of whoever made it.
        let text = command.clone().bin_name(&name).term_width(100).render_long_help().to_string();
        let text: Vec<&str> = text.lines().map(str::trim_end).collect();
        let _ = writeln!(page, "\n## `{name}`\n\n```text\n{}\n```", text.join("\n").trim_end());
        for sub in command.get_subcommands_mut() {
            walk(sub, &name, page);
        }
    }
    let mut page = String::from(
        "# Command line\n\nWhat `--help` says of every command. This page is generated (`tests/integration/docs.rs` holds it current).\n",
    );
    let mut command = Cli::command();
    command.build();
    walk(&mut command, "", &mut page);
    page
}
