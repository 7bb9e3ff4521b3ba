//! Merged cells. Below a header each row that one covers has the value of its first cell, as the program that opens the
//! workbook shows it; what stands beneath is not shown, and not read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::block::{Block, Covering, FULL, column_name};
use super::{Fault, Rows};
use crate::evidence::Limits;

/// Merged regions kept of a workbook.
pub(crate) const REGIONS: usize = 100_000;

/// What one value may take in all rows that it covers.
const VALUE: u64 = 64 << 20;

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
    /// Rows to hand on, the last first.
    ready: Vec<Block>,
    row_bytes: usize,
    /// What the values may still take in the rows they cover: they stand in the file once.
    left: u64,
}

impl Merged {
    /// Those of a sheet's regions that begin below its header, in a column that is read.
    pub(crate) fn new(regions: &Regions, header_row: u64, columns: &BTreeSet<usize>, limits: &Limits) -> Self {
        let read =
            |region: &&Region| region.top > header_row && region.bottom > region.top && columns.contains(&region.left);
        let mut regions: Vec<Region> = regions.kept.iter().filter(read).copied().collect();
        regions.sort_by_key(|region| (region.top, region.left));
        Self {
            regions: regions.into_iter().peekable(),
            open: BTreeMap::new(),
            begun: Vec::new(),
            count: 0,
            ready: Vec::new(),
            row_bytes: limits.row_bytes,
            left: limits.expanded_bytes,
        }
    }

    /// The next of a sheet's rows, with the values that cover them; `None` at the end.
    ///
    /// # Errors
    /// When the rows cannot be read, or the values pass a limit.
    pub(crate) fn next(&mut self, rows: &mut dyn Rows) -> Result<Option<Block>, Fault> {
        if self.ready.is_empty()
            && let Some(mut block) = rows.next()?
        {
            // However long a value and however many rows it covers, no more of it stands in memory than fills a block.
            let cuts = self.cover(&mut block)?;
            let behind = cuts.into_iter().rev().map(|row| block.split_off(row));
            self.ready.extend(behind);
            self.ready.push(block);
        }
        Ok(self.ready.pop())
    }

    /// Hands the values on to the next rows: those of them where another block is to begin.
    fn cover(&mut self, block: &mut Block) -> Result<Vec<usize>, Fault> {
        let (mut cuts, mut held) = (Vec::new(), 0);
        if self.regions.peek().is_none() && self.open.is_empty() {
            return Ok(cuts);
        }
        let first = block.rows().next().map_or(0, |row| row.number);
        self.open.retain(|_, covering| covering.bottom >= first);
        let mut found: Vec<Covering> = self.open.values().cloned().collect();
        for (at, row) in block.rows().enumerate() {
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
            let bytes = self.taken(number)?;
            if held + bytes > FULL && at > 0 {
                cuts.push(at);
                held = 0;
            }
            held += bytes;
        }
        block.covered_by(found);
        Ok(cuts)
    }

    /// What the values that cover a row take in it.
    fn taken(&mut self, row: u64) -> Result<usize, Fault> {
        let mut bytes = 0;
        for over in self.open.values().filter(|one| (one.top..=one.bottom).contains(&row)) {
            let length = over.text.len();
            if (row - over.top).saturating_mul(length as u64) > VALUE {
                let (name, first) = (column_name(over.column), over.top - 1);
                return Err(Fault::too_large(
                    format!("{name}{first} 合并单元格的值在所盖各行中超过 {VALUE} 字节"),
                    format!("the value merged from {name}{first} has more than {VALUE} bytes in the rows it covers"),
                ));
            }
            bytes += length;
        }
        if bytes > self.row_bytes {
            let most = self.row_bytes;
            return Err(Fault::too_large(
                format!("第 {row} 行超过 {most} 字节"),
                format!("row {row} has more than {most} bytes"),
            ));
        }
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(|| {
            Fault::too_large(
                format!("到第 {row} 行，合并单元格的值在所盖各行中合起来超过展开上限"),
                format!(
                    "by row {row} the values of merged cells, in all rows they cover, exceed the limit of expansion"
                ),
            )
        })?;
        Ok(bytes)
    }
}
