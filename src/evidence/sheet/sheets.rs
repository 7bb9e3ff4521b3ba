//! The sheets of a workbook as they are found, within what all of them together may take.

use std::sync::Arc;

use super::{Block, Fault, REGIONS, Region, Regions, Rows};

/// Sheets of a workbook, tables of a page. A few bytes can say that there is one.
pub(crate) const SHEETS: usize = 10_000;

/// Bytes of the first rows of all sheets, which are held: a text that many cells share stands in the file once.
const HEADS: u64 = 64 << 20;

/// Cells in the first rows of all sheets, those that merged regions fill included.
const CELLS: usize = 2_000_000;

/// A sheet before its rows are read.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// Not shown.
    pub(crate) hidden: bool,
    /// Its first rows.
    pub(crate) head: Vec<Block>,
    /// Its merged regions.
    pub(crate) merges: Regions,
    /// Columns that are not shown, first and last, from 0.
    pub(crate) hidden_columns: Vec<(usize, usize)>,
}

/// What sheets of notes and examples are called.
const EXAMPLES: [&str; 7] = ["说明", "示例", "样例", "范例", "模板", "example", "sample"];

/// What the name of a sheet has whose rows are of no account, or of another: beside the register as it stands.
const SET_ASIDE: [&str; 14] = [
    "作废", "废止", "废弃", "离职", "报废", "停用", "注销", "草稿", "副本", "历史", "归档", "失效", "取消", "obsolete",
];

/// First cell of the sheet that explains a form.
///
/// Such a sheet names fields one below the other and would be told as unused, or, of a kind with a single column, be taken
/// for the table. It is known by this cell, not by its name: people call their own tables 说明 too.
pub(crate) const NOTES: &str = "hegui/template/v1";

impl Sheet {
    /// Whether it is called an example, or what does not count any more: 设备模板, 作废, 离职人员.
    pub(crate) fn is_called_aside(&self) -> bool {
        let name = self.name.to_lowercase();
        let name = name.trim_end_matches(|c: char| !c.is_alphabetic());
        EXAMPLES.iter().any(|word| name.starts_with(word) || name.ends_with(word))
            || SET_ASIDE.iter().any(|word| name.contains(word))
            || name.starts_with('旧')
    }

    /// Whether a row with content stands below another.
    pub(crate) fn has_rows_below(&self, row: u64) -> bool {
        let mut rows = self.head.iter().flat_map(Block::rows);
        rows.any(|below| below.number > row && below.texts().any(|(_, text)| !text.trim().is_empty()))
    }

    /// Whether it explains a form and is no table, whatever words stand in it.
    pub(crate) fn is_notes(&self) -> bool {
        let first = self.head.iter().flat_map(Block::rows).next().filter(|row| row.number == 1);
        first.is_some_and(|row| row.texts().next().is_some_and(|(column, text)| column == 0 && text.trim() == NOTES))
    }

    /// The merged regions that fill cells of the head, as far as it goes, and how many cells that are.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (Region, usize)> {
        let rows = || self.head.iter().flat_map(Block::rows);
        let last = rows().last().map_or(0, |row| row.number);
        let width = rows().filter_map(|row| row.texts().map(|(column, _)| column).max()).max().unwrap_or_default();
        let within = move |region: &Region| {
            let region = Region { bottom: region.bottom.min(last), right: region.right.min(width), ..*region };
            let rows = usize::try_from((region.bottom + 1).checked_sub(region.top)?).ok()?;
            let columns = (region.right + 1).checked_sub(region.left)?;
            Some((region, rows.saturating_mul(columns)))
        };
        self.merges.kept.iter().filter_map(within)
    }

    /// Cells of the head that may hold headings.
    pub(crate) fn head_cells(&self) -> usize {
        let own: usize = self.head.iter().map(Block::cells).sum();
        self.filled().fold(own, |sum, (_, cells)| sum.saturating_add(cells))
    }
}

/// Sheets found so far.
pub(crate) struct Sheets {
    found: Vec<Sheet>,
    head_rows: u64,
    /// What heads may still take, in bytes and in cells.
    left: u64,
    cells: usize,
    /// Merged regions that may still be kept.
    regions: usize,
}

impl Sheets {
    /// None yet; of each the first `head_rows` are wanted.
    pub(crate) const fn new(head_rows: u64) -> Self {
        Self { found: Vec::new(), head_rows, left: HEADS, cells: CELLS, regions: REGIONS }
    }

    /// How many there are so far.
    pub(crate) const fn len(&self) -> usize {
        self.found.len()
    }

    /// Room for the merged regions of the next sheet.
    pub(crate) const fn regions(&self) -> Regions {
        Regions::new(self.head_rows, self.regions)
    }

    /// The first rows of the next sheet, `rows` being no others.
    ///
    /// # Errors
    /// When they cannot be read, or take too much with those before.
    pub(crate) fn head(&mut self, rows: &mut dyn Rows) -> Result<Vec<Block>, Fault> {
        let mut head = Vec::new();
        while let Some(block) = rows.next()? {
            self.left = self.left.checked_sub(block.bytes()).ok_or_else(|| {
                Fault::too_large(
                    format!("各表的前 {} 行合起来超过 {HEADS} 字节", self.head_rows),
                    format!("the first {} rows of all sheets together exceed {HEADS} bytes", self.head_rows),
                )
            })?;
            head.push(block);
        }
        Ok(head)
    }

    /// One more.
    ///
    /// # Errors
    /// When there are too many.
    pub(crate) fn push(&mut self, sheet: Sheet) -> Result<(), Fault> {
        if self.found.len() >= SHEETS {
            return Err(too_many());
        }
        self.cells = self.cells.checked_sub(sheet.head_cells()).ok_or_else(|| {
            Fault::too_large(
                format!("各表的前 {} 行合起来超过 {CELLS} 格", self.head_rows),
                format!("the first {} rows of all sheets together exceed {CELLS} cells", self.head_rows),
            )
        })?;
        self.regions = self.regions.saturating_sub(sheet.merges.len());
        self.found.push(sheet);
        Ok(())
    }

    /// All of them.
    pub(crate) fn into_found(self) -> Vec<Sheet> {
        self.found
    }
}

/// More sheets, or tables of a page, than are looked at.
pub(crate) fn too_many() -> Fault {
    Fault::too_large(format!("超过 {SHEETS} 张表"), format!("more than {SHEETS} tables"))
}
