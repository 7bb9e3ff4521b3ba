//! The one place that asks the system: arguments, clock, environment, terminal.

use std::io::{IsTerminal, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;

use super::{Ability, Console, Environment, ExitStatus, interrupt, run};

/// Where and why the program broke, for the message that replaces a stack trace.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Runs the command line of this process.
#[expect(clippy::disallowed_methods, reason = "cli/ is where clock and environment are read")]
pub fn process() -> ExitCode {
    interrupt::install();
    let environment = Environment { today: chrono::Local::now().date_naive() };
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|value| value != "dumb");
    let (mut out, mut err) = (std::io::BufWriter::new(std::io::stdout()), std::io::stderr());
    let (out_terminal, err_terminal) = (out.get_ref().is_terminal(), err.is_terminal());
    let ability = |terminal: bool, width: Option<u16>| Ability { terminal, colour: terminal && colour, width };
    let mut console = Console::new(&mut out, &mut err);
    console.out_ability = ability(out_terminal, width(out_terminal, false));
    console.err_ability = ability(err_terminal, width(err_terminal, true));

    std::panic::set_hook(Box::new(|info| {
        let what = info.payload_as_str().unwrap_or("?");
        let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        if let Ok(mut first) = PANIC.lock() {
            first.get_or_insert_with(|| format!("{what}{place}"));
        }
    }));
    let status = catch_unwind(AssertUnwindSafe(|| run(std::env::args_os(), &mut console, &environment)));
    let status = status.unwrap_or_else(|_| {
        let what = PANIC.lock().ok().and_then(|mut first| first.take()).unwrap_or_default();
        let mut err = std::io::stderr();
        let _ = writeln!(err, "hegui: 程序内部错误，请报告此问题 · internal error, please report it: {what}");
        ExitStatus::Internal
    });
    status.into()
}

fn width(terminal: bool, stderr: bool) -> Option<u16> {
    if !terminal {
        return None;
    }
    let mut table = comfy_table::Table::new();
    if stderr {
        table.use_stderr();
    }
    table.width()
}
