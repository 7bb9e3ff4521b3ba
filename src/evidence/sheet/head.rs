//! Which row of a sheet is its header, and what its cells mean: below titles, under groups, across merged cells.

use std::borrow::Cow;
use std::collections::BTreeMap;

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

/// The row among the first of a sheet that names the most fields.
///
/// A heading in the row above that spans several columns is a group: `名` below `组` is `名` or, where that is no field or
/// stands twice, `组 名`.
pub(crate) fn find(sheet: &Sheet, headings: &Headings, options: &ReadOptions, columns: usize) -> Option<Header> {
    let grid = grid(sheet, columns);
    let mut best: Option<Header> = None;
    for (row, cells) in &grid {
        if options.header_row.map_or(*row > HEADER_ROWS, |wanted| wanted != *row) {
            continue;
        }
        let above = row.checked_sub(1).and_then(|above| grid.get(&above));
        let bound = bind_row(headings, cells, above);
        let most = best.as_ref().map_or(0, |best| best.bound.fields.len());
        if bound.fields.len() > most {
            best = Some(Header { row: *row, delimiter: 0, bound });
        }
    }
    best
}

type Cells<'s> = BTreeMap<usize, &'s str>;

/// The texts of the first rows, those of merged regions in every cell they cover; of cells with no heading, blanks.
fn grid(sheet: &Sheet, columns: usize) -> BTreeMap<u64, Cells<'_>> {
    let heading = |text: &'_ str| text.chars().nth(LONGEST).is_none();
    let mut grid: BTreeMap<u64, Cells<'_>> = BTreeMap::new();
    for row in sheet.head.iter().flat_map(super::Block::rows) {
        let texts = row.texts().map(|(column, text)| (column, text.trim()));
        grid.insert(row.number, texts.map(|(column, text)| (column, if heading(text) { text } else { "" })).collect());
    }
    let Some(last) = grid.last_key_value().map(|(row, _)| *row) else { return grid };
    let mut left = FILLED;
    for region in &sheet.merges.kept {
        let Some(text) = grid.get(&region.top).and_then(|cells| cells.get(&region.left)).copied() else { continue };
        let (bottom, right) = (region.bottom.min(last), region.right.min(columns.saturating_sub(1)));
        let rows = usize::try_from(bottom.saturating_sub(region.top)).unwrap_or(usize::MAX).saturating_add(1);
        let cells = rows.saturating_mul(right.saturating_sub(region.left).saturating_add(1));
        // A long text over very many cells is a title.
        let Some(less) = left.checked_sub(cells.saturating_mul(text.len().max(1))) else { continue };
        left = less;
        for row in region.top..=bottom {
            for column in region.left..=right {
                grid.entry(row).or_default().entry(column).or_insert(text);
            }
        }
    }
    grid
}

fn bind_row(headings: &Headings, cells: &Cells<'_>, above: Option<&Cells<'_>>) -> Bound {
    let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
    let known = |heading: &str| headings.find(heading).is_some();
    let group = |column: &usize| above.and_then(|above| above.get(column)).copied().filter(|group| !group.is_empty());
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for text in cells.values() {
        *times.entry(text).or_default() += 1;
    }
    let joined = |column: &usize, own: &str| {
        let joined = group(column).filter(|group| *group != own).map(|group| format!("{group} {own}"));
        joined.filter(|joined| known(joined))
    };
    let mut names: BTreeMap<usize, Cow<'_, str>> = BTreeMap::new();
    let mut named = 0;
    for (column, own) in cells.iter().map(|(column, own)| (column, *own)) {
        let alone = known(own) && times.get(own).is_none_or(|times| *times < 2);
        let name = if alone { None } else { joined(column, own) };
        named += usize::from(alone || name.is_some() || known(own));
        names.insert(*column, name.map_or(Cow::Borrowed(own), Cow::Owned));
    }
    // A blank below a heading of the row above: two levels, and this column has but one.
    if named * 2 >= cells.len().max(1)
        && named > 0
        && let Some(above) = above
    {
        for (column, heading) in above.iter().filter(|(_, heading)| known(heading)) {
            names.entry(*column).or_insert(Cow::Borrowed(heading));
        }
    }
    let width = names.last_key_value().map_or(width, |(column, _)| column + 1);
    bind(headings, (0..width).map(|column| names.get(&column).cloned().unwrap_or_default()))
}
