//! Citations: from a row of a chunk to a place that a person can open.

use crate::evidence::Index;
use crate::model::Citation;

use super::columns::{Chunk, NO_FILE, Position};

/// A row's place, held apart from the batch it came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cite {
    pub(crate) position: Position,
    pointer: Option<Box<str>>,
    sheet: Option<std::sync::Arc<str>>,
}

impl Cite {
    /// The place of a row; `None` for rows that are in no file.
    pub(crate) fn of(chunk: &Chunk, row: usize) -> Option<Self> {
        let (places, at) = chunk.place(row)?;
        if places.file == NO_FILE {
            return None;
        }
        let pointer = places.pointer.as_ref().and_then(|pointers| pointers.get(at)).cloned();
        Some(Self { position: chunk.position(row), pointer, sheet: places.sheet.clone() })
    }

    /// The citation, with the columns that decided.
    pub(crate) fn citation(&self, index: &Index, columns: &[String]) -> Citation {
        let path = index.files().get(self.position.file as usize).map(|file| file.path.clone());
        let number = |value: u64| (value > 0).then_some(value);
        Citation {
            file: path.unwrap_or_default(),
            sheet: self.sheet.as_ref().map(ToString::to_string),
            row: number(self.position.row),
            line: number(self.position.line),
            pointer: self.pointer.as_ref().map(ToString::to_string),
            columns: columns.to_vec(),
        }
    }
}

/// Rows cited of one thing.
pub(crate) const CITED: usize = 5;

/// A row about to be cited, if it comes to that.
pub(crate) struct Here<'c> {
    chunk: &'c Chunk,
    row: usize,
    pub(crate) position: Position,
}

impl<'c> Here<'c> {
    pub(crate) fn new(chunk: &'c Chunk, row: usize) -> Self {
        Self { chunk, row, position: chunk.position(row) }
    }

    /// Its place; `None` for rows that are in no file.
    pub(crate) fn cite(&self) -> Option<Cite> {
        Cite::of(self.chunk, self.row)
    }
}

/// The first five of the rows offered, by file and row, in whatever order they come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Few(Vec<Cite>);

impl Few {
    pub(crate) fn offer(&mut self, here: &Here<'_>) {
        if self.0.len() >= CITED && self.0.last().is_some_and(|last| last.position <= here.position) {
            return;
        }
        let Some(cite) = here.cite() else { return };
        let at = self.0.partition_point(|known| *known < cite);
        self.0.insert(at, cite);
        self.0.truncate(CITED);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Cite> {
        self.0.iter()
    }
}
