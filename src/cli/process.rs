//! The one place that asks the system: arguments, clock, environment, terminal.

use std::any::Any;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;

use super::{Ability, Console, Environment, ExitStatus, interrupt, plain, run};

/// Where and why the program broke first, on whatever thread, for the message that replaces a stack trace.
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
    guarded(&mut std::io::stderr(), || run(std::env::args_os(), &mut console, &environment)).into()
}

/// Does the work. A panic in it ends with 70 and one line on `err`, in both languages: which one was chosen may not be
/// known yet.
fn guarded(err: &mut dyn Write, work: impl FnOnce() -> ExitStatus) -> ExitStatus {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let first = PANIC.lock().ok().and_then(|mut first| first.take());
        let what = first.unwrap_or_else(|| said(payload.as_ref()).to_owned());
        // It may quote evidence.
        let what = plain(&what);
        let version = env!("CARGO_PKG_VERSION");
        let _ = writeln!(
            err,
            "hegui: 程序内部错误，请把命令和这一行报告给我们 · internal error, please report it with the command and this line: \
             {what} [hegui {version}]"
        );
        ExitStatus::Internal
    })
}

/// The words of a panic.
fn said(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("?")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn run(work: impl FnOnce() -> ExitStatus) -> (u8, String) {
        let mut err = Vec::new();
        let status = guarded(&mut err, work);
        (status.code(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn a_panic_is_70_and_asks_for_a_report_in_both_languages() {
        type Work = fn() -> ExitStatus;
        let cases: [(&str, Work, &str); 4] = [
            ("words", || panic!("the index is lost"), "the index is lost"),
            ("words with values", || panic!("row {} of `{}`", 7, "账套"), "row 7 of `账套`"),
            ("no words", || std::panic::panic_any(7_u8), ": ? [hegui "),
            (
                "on another thread",
                || {
                    std::thread::spawn(|| panic!("far away"))
                        .join()
                        .map_or_else(|far| std::panic::resume_unwind(far), |()| ExitStatus::Satisfied)
                },
                "far away",
            ),
        ];
        for (name, work, words) in cases {
            let (status, err) = run(work);
            assert_eq!(status, 70, "{name}");
            assert_eq!(err.lines().count(), 1, "{name}: {err}");
            for expected in
                ["程序内部错误", "报告给我们", "internal error", "please report it", words, env!("CARGO_PKG_VERSION")]
            {
                assert!(err.contains(expected), "{name}: {expected:?} is missing in {err}");
            }
        }
    }

    #[test]
    fn a_panic_that_quotes_evidence_cannot_act_on_the_terminal() {
        let (status, err) = run(|| panic!("{}", "cell \u{1b}[31m\u{202e}\nhegui: all good"));
        assert_eq!(status, 70);
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(!err.contains(['\u{1b}', '\u{202e}']), "{err}");
    }

    #[test]
    fn work_that_ends_by_itself_is_left_alone() {
        for status in [ExitStatus::Satisfied, ExitStatus::Gaps, ExitStatus::Usage] {
            assert_eq!(run(|| status), (status.code(), String::new()));
        }
    }
}
