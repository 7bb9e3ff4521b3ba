//! Merged cells. Below a header each row that one covers has the value of its first cell, as the program that opens the
//! workbook shows it; what stands beneath is not shown, and not read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::block::{Block, Covering};

/// Merged regions kept of a workbook.
pub(crate) const REGIONS: usize = 100_000;

/// A merged region: rows from 1, columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    /// First row.
    pub(crate) top: u64,
    /// First column.
    pub(crate) left: usize,
    /// Last row.
    pub(crate) bottom: u64,
    /// Last column.
    pub(crate) right: usize,
}

/// The regions of a sheet that mean something: those that begin in its head, and those that cover several rows.
#[derive(Debug, Default)]
pub(crate) struct Regions {
    /// The regions, as they were met.
    pub(crate) kept: Vec<Region>,
    /// Whether there are more than are kept.
    pub(crate) more: bool,
    head_rows: u64,
    most: usize,
}

impl Regions {
    /// None yet, and at most `most` of them.
    pub(crate) const fn new(head_rows: u64, most: usize) -> Self {
        Self { kept: Vec::new(), more: false, head_rows, most }
    }

    /// One more region.
    pub(crate) fn add(&mut self, region: Region) {
        if region.top > self.head_rows && region.bottom <= region.top {
            return;
        }
        if self.kept.len() < self.most {
            self.kept.push(region);
        } else {
            self.more = true;
        }
    }
}

/// Gives rows on their way the values of merged cells above them.
pub(crate) struct Merged {
    /// Regions to come, by their first row.
    regions: std::iter::Peekable<std::vec::IntoIter<Region>>,
    /// Regions with a value that go on, by their column.
    open: BTreeMap<usize, Covering>,
    /// Last rows of the regions that the row before began.
    begun: Vec<u64>,
    /// Regions that covered a row.
    pub(crate) count: u64,
}

impl Merged {
    /// Those of a sheet's regions that begin below its header, in a column that is read.
    pub(crate) fn new(regions: &Regions, header_row: u64, columns: &BTreeSet<usize>) -> Self {
        let read =
            |region: &&Region| region.top > header_row && region.bottom > region.top && columns.contains(&region.left);
        let mut regions: Vec<Region> = regions.kept.iter().filter(read).copied().collect();
        regions.sort_by_key(|region| (region.top, region.left));
        Self { regions: regions.into_iter().peekable(), open: BTreeMap::new(), begun: Vec::new(), count: 0 }
    }

    /// Hands the values on to the next rows.
    pub(crate) fn cover(&mut self, block: &mut Block) {
        if self.regions.peek().is_none() && self.open.is_empty() {
            return;
        }
        let first = block.rows().next().map_or(0, |row| row.number);
        self.open.retain(|_, covering| covering.bottom >= first);
        let mut found: Vec<Covering> = self.open.values().cloned().collect();
        for row in block.rows() {
            let number = row.number;
            self.count += self.begun.drain(..).filter(|bottom| *bottom >= number).count() as u64;
            while let Some(region) = self.regions.next_if(|region| region.top <= number) {
                // Regions that overlap are those of no program: the first counts.
                let taken = self.open.get(&region.left).is_some_and(|open| open.bottom >= region.top);
                let Some((what, text)) = row.own(region.left).filter(|_| region.top == number && !taken) else {
                    continue;
                };
                let covering = Covering {
                    column: region.left,
                    top: region.top + 1,
                    bottom: region.bottom,
                    text: Arc::from(text),
                    what,
                };
                self.begun.push(region.bottom);
                found.push(covering.clone());
                self.open.insert(region.left, covering);
            }
        }
        block.covered_by(found);
    }
}
