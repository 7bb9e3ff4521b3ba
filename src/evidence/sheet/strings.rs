//! Texts that many cells of a workbook share, one after the other in one allocation.

/// The shared texts, by number.
#[derive(Default)]
pub(super) struct Strings {
    /// All of them.
    pub(super) text: String,
    /// Where each ends.
    pub(super) ends: Vec<usize>,
    /// Some of them have stretches that are struck out, or in a symbol font.
    pub(super) marked: bool,
}

impl Strings {
    /// The text with a number.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..end)
    }
}
