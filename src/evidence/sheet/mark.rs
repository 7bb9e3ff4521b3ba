//! Stretches of a cell's text that are set apart: a footnote is no digit, and what is struck out is not what counts. A sign
//! stands for each, so that the cell is unreadable as a number or a word.

/// How a stretch is set apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// A superscript or a subscript.
    pub(super) raised: bool,
    pub(super) struck: bool,
}

impl Mark {
    /// Appends what stands before the stretch.
    pub(super) fn begin(self, into: &mut String) {
        if self.raised {
            into.push('^');
        }
        self.end(into);
    }

    /// Appends what stands behind it.
    pub(super) fn end(self, into: &mut String) {
        if self.struck {
            into.push('~');
        }
    }
}
