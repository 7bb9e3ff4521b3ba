//! Ctrl-C: nothing is left half-written.
//!
//! Reports are written beside their final names and renamed. The write phase of a workspace holds [`hold`]; the
//! handler waits for it, so that a report set is either the earlier one or the new one, whole.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::INTERRUPTED;

static WRITING: Mutex<()> = Mutex::new(());

/// Keeps Ctrl-C waiting while files are being written.
pub(super) fn hold() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes Ctrl-C end the process with 130 as soon as nothing is being written.
#[expect(clippy::exit, reason = "a signal ends the process from a thread of its own; there is no caller to return to")]
pub(super) fn install() {
    // Without a handler the default applies: the process ends at once, temporary files stay behind. No worse.
    let _ = ctrlc::set_handler(|| {
        let _held = hold();
        std::process::exit(i32::from(INTERRUPTED));
    });
}
