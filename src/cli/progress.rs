//! A spinner for work that takes longer than a second, on a terminal.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Console;

/// Work shorter than this is not worth a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Work under way; dropping it ends the spinner and leaves no trace on the terminal.
pub(super) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts waiting; nothing is shown when stderr is no terminal or nothing is to be said.
    pub(super) fn start(console: &Console<'_>, quiet: bool, what: &str) -> Self {
        if quiet || !console.err_ability.terminal {
            return Self { running: None };
        }
        let message = format!("{} {what}", console.choose("正在检查", "checking"));
        let (stop, stopped) = channel();
        let spinner = std::thread::spawn(move || {
            if stopped.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
            let bar = ProgressBar::new_spinner().with_message(message);
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            // Ends when the sender is dropped.
            let _ = stopped.recv();
            bar.finish_and_clear();
        });
        Self { running: Some((stop, spinner)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, spinner)) = self.running.take() {
            drop(stop);
            // A spinner that panicked has nothing left to clear.
            let _ = spinner.join();
        }
    }
}
