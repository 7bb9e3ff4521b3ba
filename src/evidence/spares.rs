//! Room that is used again: buffers of the parts of a file that were parsed.

use std::sync::{Mutex, PoisonError};

/// Parts whose contents were used; the room they take goes to the parts after them.
///
/// Room that one thread asks for and another gives back piles up in the allocator, a megabyte with every few million rows.
#[derive(Debug)]
pub(crate) struct Spares<T>(Mutex<Vec<T>>);

impl<T> Default for Spares<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Default> Spares<T> {
    /// A part whose contents are to be written over.
    pub(crate) fn take(&self) -> T {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Keeps a part for later.
    pub(crate) fn give(&self, part: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(part);
    }
}
