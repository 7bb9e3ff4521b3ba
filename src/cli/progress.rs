//! A spinner for work that takes longer than a second, on a terminal.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{Ability, Console};

/// Work shorter than this is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Work under way; dropping it ends the spinner and leaves no trace on the terminal.
pub(super) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts waiting; nothing is shown when stderr is no terminal or nothing is to be said.
    pub(super) fn start(console: &Console<'_>, quiet: bool, zh: &str, en: &str) -> Self {
        if !wanted(console.err_ability, quiet) {
            return Self { running: None };
        }
        let message = console.choose(zh, en).to_owned();
        Self::after(PATIENCE, move |ended| spin(message, ended))
    }

    /// Shows something if the work is not over within `patience`. `show` returns when the channel is closed.
    fn after(patience: Duration, show: impl FnOnce(&Receiver<()>) + Send + 'static) -> Self {
        let (stop, ended) = channel();
        let waiting = std::thread::spawn(move || {
            if ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                show(&ended);
            }
        });
        Self { running: Some((stop, waiting)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, waiting)) = self.running.take() {
            drop(stop);
            // A spinner that panicked has nothing left to clear.
            let _ = waiting.join();
        }
    }
}

/// Somebody looks at stderr, and wants to hear of more than errors.
const fn wanted(err: Ability, quiet: bool) -> bool {
    err.terminal && !quiet
}

fn spin(message: String, ended: &Receiver<()>) {
    let bar = ProgressBar::new_spinner().with_message(message);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    // Ends when the sender is dropped.
    let _ = ended.recv();
    bar.finish_and_clear();
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn only_a_terminal_that_is_not_quiet_is_told() {
        let terminal = Ability { terminal: true, colour: false, width: Some(80) };
        let cases = [
            ("terminal", terminal, false, true),
            ("quiet", terminal, true, false),
            ("pipe", Ability::PLAIN, false, false),
            ("quiet pipe", Ability::PLAIN, true, false),
        ];
        for (name, ability, quiet, expected) in cases {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let mut console = Console::new(&mut out, &mut err);
            console.err_ability = ability;
            assert_eq!(Progress::start(&console, quiet, "正在检查", "checking").running.is_some(), expected, "{name}");
            drop(console);
            assert!(out.is_empty() && err.is_empty(), "{name}: nothing goes through the console");
        }
    }

    #[test]
    fn short_work_is_passed_over_in_silence() {
        let (shown, told) = mpsc::channel();
        // The end of the work ends the waiting too, or this test would take an hour.
        drop(Progress::after(Duration::from_hours(1), move |_| shown.send(()).unwrap()));
        assert!(told.recv().is_err(), "nothing was shown");
        assert_eq!(PATIENCE, Duration::from_secs(1));
    }

    #[test]
    fn long_work_is_shown_until_it_ends() {
        let (shown, told) = mpsc::channel();
        let progress = Progress::after(Duration::from_millis(1), move |ended| {
            shown.send("begun").unwrap();
            assert!(ended.recv().is_err());
            shown.send("cleared").unwrap();
        });
        assert_eq!(told.recv(), Ok("begun"));
        assert!(told.try_recv().is_err(), "shown as long as the work lasts");
        drop(progress);
        assert_eq!(told.try_recv(), Ok("cleared"), "over before the drop returns");
    }
}
