//! Merged cells. Below a header each row that one covers has the value of its first cell, as the program that opens the
//! workbook shows it; what stands beneath, to the right too, is not shown, and not read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::block::{Block, Covering, FULL, What, column_name};
use super::{Fault, Rows};

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

/// The merged regions of a sheet.
#[derive(Debug, Default)]
pub(crate) struct Regions {
    /// Those that begin in its head, and those that cover several rows.
    pub(crate) kept: Vec<Region>,
    /// Those of one row below its head; of rows that follow each other with the same columns, one.
    strips: Vec<Region>,
    /// The last strip by its columns.
    alike: BTreeMap<(usize, usize), usize>,
    /// Whether there are more than are kept.
    pub(crate) more: bool,
    head_rows: u64,
    most: usize,
}

impl Regions {
    /// None yet, and at most `most` of them.
    pub(crate) const fn new(head_rows: u64, most: usize) -> Self {
        Self { kept: Vec::new(), strips: Vec::new(), alike: BTreeMap::new(), more: false, head_rows, most }
    }

    /// How many are kept.
    pub(crate) fn len(&self) -> usize {
        self.kept.len() + self.strips.len()
    }

    /// One more region.
    pub(crate) fn add(&mut self, region: Region) {
        let Region { top, bottom, left, right } = region;
        let region =
            Region { top: top.min(bottom), bottom: top.max(bottom), left: left.min(right), right: left.max(right) };
        let is_strip = top == bottom && top > self.head_rows;
        let columns = (region.left, region.right);
        let above = self.alike.get(&columns).filter(|_| is_strip).and_then(|at| self.strips.get_mut(*at));
        if let Some(above) = above.filter(|above| above.bottom.checked_add(1) == Some(top)) {
            // Reports merge the same cells in each of very many rows.
            above.bottom = top;
        } else if self.len() >= self.most {
            self.more = true;
        } else if is_strip {
            self.alike.insert(columns, self.strips.len());
            self.strips.push(region);
        } else {
            self.kept.push(region);
        }
    }
}

/// Gives rows on their way the values of merged cells above them.
pub(crate) struct Merged {
    /// Columns that are read.
    columns: BTreeSet<usize>,
    /// Regions to come, by their first row, and whether their first cell is shown.
    regions: std::iter::Peekable<std::vec::IntoIter<(Region, bool)>>,
    /// What covers the columns, as far as it goes on.
    open: BTreeMap<usize, Covering>,
    /// Last rows of the regions that the row before began.
    begun: Vec<u64>,
    /// Regions that covered a row.
    pub(crate) count: u64,
    /// Rows to hand on, the last first.
    ready: Vec<Block>,
    row_bytes: usize,
    /// What the rows may still take, with the values that cover them: repeated rows, and texts that cells share, stand in the
    /// file once.
    pub(crate) left: u64,
}

impl Merged {
    /// Those of a sheet's regions that begin below its header, with a column that is read.
    pub(crate) fn new(
        regions: &Regions,
        header_row: u64,
        columns: BTreeSet<usize>,
        row_bytes: usize,
        left: u64,
    ) -> Self {
        // Of a strip each row has its first cell for itself; what is covered begins to the right of it.
        let strips = regions.strips.iter().map(|one| (Region { left: one.left.saturating_add(1), ..*one }, false));
        let read = |(region, _): &(Region, bool)| {
            let columns_read =
                region.left <= region.right && columns.range(region.left..=region.right).next().is_some();
            region.top > header_row && columns_read
        };
        let kept = regions.kept.iter().map(|region| (*region, true));
        let mut regions: Vec<(Region, bool)> = kept.chain(strips).filter(read).collect();
        regions.sort_by_key(|(region, _)| (region.top, region.left));
        Self {
            columns,
            regions: regions.into_iter().peekable(),
            open: BTreeMap::new(),
            begun: Vec::new(),
            count: 0,
            ready: Vec::new(),
            row_bytes,
            left,
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
            self.left = self.left.checked_sub(block.bytes()).ok_or_else(|| {
                Fault::too_large(
                    "各行合起来超过展开上限".into(),
                    "the rows together exceed the limit of expansion".into(),
                )
            })?;
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
            while let Some((region, shown)) = self.regions.next_if(|(region, _)| region.top <= number) {
                if region.bottom < number {
                    continue;
                }
                // A first row that is not there is blank.
                let value = row.own(region.left).filter(|_| shown && region.top == number);
                let mut covers = false;
                for column in self.columns.range(region.left..=region.right).copied() {
                    let is_first = shown && column == region.left;
                    let top = region.top + u64::from(is_first);
                    // Regions that overlap are those of no program: the first counts.
                    let taken = self.open.get(&column).is_some_and(|open| open.bottom >= region.top);
                    if taken || top > region.bottom {
                        continue;
                    }
                    let (what, text) = value.filter(|_| is_first).unwrap_or((What::Text, ""));
                    let covering = Covering { column, top, bottom: region.bottom, text: Arc::from(text), what };
                    covers = true;
                    found.push(covering.clone());
                    self.open.insert(column, covering);
                }
                if covers && value.is_some() && region.bottom > number {
                    self.begun.push(region.bottom);
                }
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
