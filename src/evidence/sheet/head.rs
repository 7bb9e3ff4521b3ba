//! Which row of a sheet is its header, and what its cells mean: below titles, under groups, across merged cells.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::Sheet;
use crate::evidence::header::{Bound, Headings, bind};
use crate::evidence::table::{HEADER_ROWS, Header};
use crate::model::ReadOptions;

/// Text that merged regions may fill cells with.
const FILLED: usize = 1 << 20;
/// Characters of a heading; what is longer is a text.
const LONGEST: usize = 1_000;

/// Rows that have to be looked at to find a header.
pub(crate) fn head_rows(options: &ReadOptions) -> u64 {
    options.header_row.unwrap_or(HEADER_ROWS)
}

type Cells<'s> = BTreeMap<usize, &'s str>;

/// The texts of a sheet's first rows, those of merged regions in every cell they cover; of cells with no heading, blanks.
pub(crate) struct Head<'s> {
    rows: BTreeMap<u64, Cells<'s>>,
}

impl<'s> Head<'s> {
    /// That of a sheet.
    pub(crate) fn of(sheet: &'s Sheet) -> Self {
        let heading = |text: &'_ str| text.chars().nth(LONGEST).is_none();
        let mut rows: BTreeMap<u64, Cells<'_>> = BTreeMap::new();
        for row in sheet.head.iter().flat_map(super::Block::rows) {
            let texts = row.texts().map(|(column, text)| (column, text.trim()));
            rows.insert(
                row.number,
                texts.map(|(column, text)| (column, if heading(text) { text } else { "" })).collect(),
            );
        }
        let mut left = FILLED;
        for (region, cells) in sheet.filled() {
            let Some(text) = rows.get(&region.top).and_then(|cells| cells.get(&region.left)).copied() else { continue };
            // A long text over very many cells is a title.
            let Some(less) = left.checked_sub(cells.saturating_mul(text.len().max(1))) else { continue };
            left = less;
            for row in region.top..=region.bottom {
                for column in region.left..=region.right {
                    rows.entry(row).or_default().entry(column).or_insert(text);
                }
            }
        }
        Self { rows }
    }

    /// The row among them that names the most fields.
    ///
    /// A heading in the row above that spans several columns is a group: `名` below `组` is `名` or, where that is no field or
    /// stands twice, `组 名`.
    pub(crate) fn find(&self, headings: &Headings, options: &ReadOptions) -> Option<Header> {
        let known = Known { headings, met: RefCell::default() };
        let mut best: Option<Header> = None;
        for (row, cells) in &self.rows {
            if options.header_row.map_or(*row > HEADER_ROWS, |wanted| wanted != *row) {
                continue;
            }
            let above = row.checked_sub(1).and_then(|above| self.rows.get(&above));
            let bound = bind_row(&known, cells, above);
            let most = best.as_ref().map_or(0, |best| best.bound.fields.len());
            if bound.fields.len() > most {
                best = Some(Header { row: *row, delimiter: 0, bound });
            }
        }
        best
    }
}

/// Headings, and which texts were held against them: most stand in a head many times.
struct Known<'h, 's> {
    headings: &'h Headings,
    met: RefCell<HashMap<&'s str, bool>>,
}

impl<'s> Known<'_, 's> {
    fn has(&self, text: &'s str) -> bool {
        *self.met.borrow_mut().entry(text).or_insert_with(|| self.headings.find(text).is_some())
    }
}

fn bind_row<'s>(known: &Known<'_, 's>, cells: &Cells<'s>, above: Option<&Cells<'s>>) -> Bound {
    let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
    let group = |column: &usize| above.and_then(|above| above.get(column)).copied().filter(|group| !group.is_empty());
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for text in cells.values() {
        *times.entry(text).or_default() += 1;
    }
    let joined = |column: &usize, own: &str| {
        let joined = group(column).filter(|group| *group != own).map(|group| format!("{group} {own}"));
        joined.filter(|joined| known.headings.find(joined).is_some())
    };
    let mut names: BTreeMap<usize, Cow<'_, str>> = BTreeMap::new();
    let mut named = 0;
    for (column, own) in cells.iter().map(|(column, own)| (column, *own)) {
        let alone = known.has(own) && times.get(own).is_none_or(|times| *times < 2);
        let name = if alone { None } else { joined(column, own) };
        named += usize::from(alone || name.is_some() || known.has(own));
        names.insert(*column, name.map_or(Cow::Borrowed(own), Cow::Owned));
    }
    if named == 0 {
        return Bound::default();
    }
    // A blank below a heading of the row above: two levels, and this column has but one.
    if named * 2 >= cells.len().max(1)
        && let Some(above) = above
    {
        for (column, heading) in above.iter().filter(|(_, heading)| known.has(heading)) {
            names.entry(*column).or_insert(Cow::Borrowed(heading));
        }
    }
    let width = names.last_key_value().map_or(width, |(column, _)| column + 1);
    bind(known.headings, (0..width).map(|column| names.get(&column).cloned().unwrap_or_default()))
}
