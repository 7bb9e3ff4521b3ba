//! What below a header is no row of its table: totals and counts, remarks and signatures, lines drawn, headers once more.

use std::collections::BTreeSet;

use super::cells::{Cells as RowCells, Raw};
use super::columns::field_at;
use super::gather::Purpose;
use super::header::Headings;
use super::table::{Cells, Layout};
use super::{forms, sequence, wording};
use crate::expr::Type;
use crate::model::FieldKind;

/// Whether a row of words that stand around tables is one of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    /// It is a row like any other.
    No,
    /// It stands below the table, if no row follows.
    Below,
    /// Nobody can tell.
    Doubtful,
}

/// What in a row names those who sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    /// Nothing.
    No,
    /// A word that may as well be the name of a post.
    Word,
    /// Words with a colon, a signature or one another.
    Surely,
}

/// Whether a row shows nothing at a position.
fn is_blank(row: &impl Cells, index: usize) -> bool {
    let mut blank = false;
    row.shown(index, |raw| blank = matches!(raw, Raw::Text(text) if text.trim().is_empty()));
    blank
}

impl Layout {
    /// Whether a cell says that the row is an example; under the heading of a field the word alone is a value.
    pub(super) fn says_example(&self, row: &impl Cells) -> bool {
        (0..self.width).any(|index| {
            let is_field = || self.headings.iter().any(|(at, ..)| *at == index);
            let mut says = false;
            row.cell(index, |raw| {
                says = matches!(raw, Raw::Text(text)
                    if wording::says_example(text.trim()) || (wording::is_called_example(text.trim()) && !is_field()));
            });
            says
        })
    }

    /// Whether two cells at most are filled.
    fn has_two_at_most(&self, row: &impl Cells) -> bool {
        let mut filled = 0;
        for index in 0..self.width {
            row.shown(index, |raw| filled += u32::from(!matches!(raw, Raw::Text(text) if text.trim().is_empty())));
            if filled > 2 {
                return false;
            }
        }
        true
    }

    /// The texts of the cells that are filled, with their positions, if there are two at most and both are texts or numbers.
    fn at_most_two(&self, row: &impl Cells) -> Option<Vec<(usize, String)>> {
        if !self.has_two_at_most(row) {
            return None;
        }
        let (mut filled, mut other) = (Vec::new(), false);
        for index in 0..self.width {
            row.shown(index, |raw| match raw {
                Raw::Text(text) if text.trim().is_empty() => {}
                Raw::Text(text) | Raw::SheetNumber { text, .. } => filled.push((index, text.trim().to_owned())),
                _ => other = true,
            });
        }
        (!other).then_some(filled)
    }

    /// Whether a row is the label of a number of rows, and the number: 总笔数 and 99.
    pub(super) fn is_count(&self, row: &impl Cells, first: &str) -> bool {
        wording::is_count_label(first)
            && self
                .at_most_two(row)
                .is_some_and(|filled| matches!(filled.as_slice(), [_, (_, number)] if wording::is_amount(number)))
    }

    /// Whether a row below the others is a label and its value, side by side, and lacks what rows have: 打印时间 and a day. Of
    /// two columns it may as well be a row.
    pub(super) fn is_label_with_value(&self, row: &impl Cells, first: &str) -> bool {
        // Most rows have more, which costs less to see than the words of a label.
        self.width > 2
            && self.has_two_at_most(row)
            && wording::is_label(first)
            && self.at_most_two(row).is_some_and(|filled| {
                let [(label, _), (at, value)] = filled.as_slice() else { return false };
                let is_surely = first.ends_with([':', '：']) || forms::moment(value).is_some();
                at - label == 1 && (is_surely || self.lacks_what_rows_have(row))
            })
    }

    /// Whether a row has nothing but the number that numbers it, as forms have that were printed before anybody filled them in.
    pub(super) fn is_only_numbered(&self, row: &impl Cells) -> bool {
        let Some(numbering) = self.numbering.as_ref().filter(|numbering| numbering.certain) else { return false };
        (0..self.width).all(|index| {
            let mut fits = false;
            row.shown(index, |raw| {
                fits = match raw {
                    Raw::Text(text) | Raw::SheetNumber { text, .. } if index == numbering.column => {
                        sequence::number(text).is_some()
                    }
                    Raw::Text(text) => text.trim().is_empty(),
                    _ => false,
                };
            });
            fits
        })
    }

    /// Whether a row is the line under the headings, drawn of dashes in each cell.
    pub(super) fn is_ruled(&self, row: &impl Cells, first: &str) -> bool {
        let is_line = |text: &str| text.chars().all(|c| matches!(c, '-' | '=' | ':' | '+' | ' ' | '—' | '─'));
        if !first.starts_with(['-', '=', ':']) || !first.contains("---") || !is_line(first) {
            return false;
        }
        (0..self.width).all(|index| {
            let mut line = false;
            row.cell(index, |raw| line = matches!(raw, Raw::Text(text) if is_line(text.trim())));
            line
        })
    }

    /// Whether every filled cell of a row is a remark, or an amount beside one: under a heading of the kind a number is a
    /// value.
    pub(super) fn only_remarks(&self, row: &impl Cells) -> bool {
        let is_field = |index: usize| self.headings.iter().any(|(at, ..)| *at == index);
        let fits = |index: usize, text: &str| {
            let is_value = || is_field(index) && forms::decimal(text).is_some();
            text.is_empty() || wording::is_remark(text) || (wording::is_amount(text) && !is_value())
        };
        (0..self.width).all(|index| {
            let mut all = false;
            row.cell(index, |raw| {
                all = matches!(raw, Raw::Text(text) | Raw::SheetNumber { text, .. } if fits(index, text.trim()));
            });
            all
        })
    }

    /// What a row is all of whose words could stand around a table: who made it, stamps, days, numbers of pages.
    pub(super) fn aside(&self, row: &impl Cells, in_remark: bool, purpose: &Purpose<'_>) -> Aside {
        let Some(signs) = self.only_asides(row, in_remark) else { return Aside::No };
        let reads = self.reads_as_row(row, purpose);
        if reads == Some(true) {
            // 导出 and 会计 are words of closed lists, too.
            return Aside::No;
        }
        let lacks = self.lacks_what_rows_have(row);
        let has_all = !self.must.is_empty() && !self.must.iter().any(|index| is_blank(row, *index));
        match signs {
            Signs::No if lacks => Aside::Below,
            Signs::No => Aside::No,
            Signs::Surely if lacks || reads == Some(false) => Aside::Below,
            Signs::Surely => Aside::Doubtful,
            Signs::Word if !lacks && reads.is_none() => Aside::No,
            Signs::Word if !lacks || (has_all && reads.is_none()) => Aside::Doubtful,
            Signs::Word => Aside::Below,
        }
    }

    /// Whether most of the filled cells under headings of numbers, of yes and no and of closed lists can be read; `None` when
    /// there are none. A day is written beside a signature, too.
    fn reads_as_row(&self, row: &impl Cells, purpose: &Purpose<'_>) -> Option<bool> {
        let typed = self.typed.get_or_init(|| {
            let column = |(at, _, field): &(usize, String, String)| {
                let FieldKind::Column(kind) = &field_at(&purpose.kind.record, field)?.kind else { return None };
                let is_typed = kind.ty != Type::Text || !kind.allowed.is_empty();
                let is_day = matches!(kind.ty, Type::Date | Type::Timestamp);
                is_typed.then(|| (*at, is_day, RowCells::new(kind, purpose.context.zone)))
            };
            self.headings.iter().filter_map(column).collect()
        });
        let (mut filled, mut readable, mut days) = (0, 0, 0);
        for (at, is_day, cells) in typed.iter().filter(|(at, ..)| !is_blank(row, *at)) {
            let mut reads = false;
            row.shown(*at, |raw| reads = cells.read(raw).is_ok());
            filled += 1;
            readable += usize::from(reads);
            days += usize::from(reads && *is_day);
        }
        (filled > days).then_some(readable * 2 > filled)
    }

    /// Whether all that a row says could stand around a table, and what in it names those who sign.
    fn only_asides(&self, row: &impl Cells, in_remark: bool) -> Option<Signs> {
        let is_field = |index: usize| self.headings.iter().any(|(at, ..)| *at == index);
        let (mut all, mut signed, mut labels, mut after_label) = (true, false, 0, false);
        for index in 0..self.width {
            row.shown(index, |raw| {
                let (Raw::Text(text) | Raw::SheetNumber { text, .. }) = raw else {
                    all = false;
                    return;
                };
                let text = text.trim();
                if !text.is_empty() {
                    let is_label = wording::is_role(text);
                    // A day is a value under a heading of the kind, unless a stamp stands above it or who signs before it.
                    let is_bare = (in_remark || signed || !is_field(index)) && wording::is_day_or_page(text);
                    all = all && (is_label || after_label || is_bare || wording::is_aside(text));
                    // A word alone, as 会计 with a name beside it, may be a row of a register of people.
                    let is_surely = || text.ends_with([':', '：', ')', '）']) || text.contains('签');
                    signed |= all && ((is_label && is_surely()) || wording::is_signed(text));
                    labels += u32::from(is_label && !after_label);
                    after_label = is_label;
                }
            });
            if !all {
                return None;
            }
        }
        Some(match labels {
            _ if signed => Signs::Surely,
            0 => Signs::No,
            1 => Signs::Word,
            _ => Signs::Surely,
        })
    }

    /// Whether a row whose first cell is filled could be none of the table: a cell that a row must have is blank, or most
    /// of its cells are.
    pub(super) fn lacks_what_rows_have(&self, row: &impl Cells) -> bool {
        let filled = (0..self.width).filter(|index| !is_blank(row, *index)).count();
        filled * 2 <= self.width || self.must.iter().any(|index| is_blank(row, *index))
    }

    /// Whether all that a row says are names of fields: the header of another table, with other columns or in another order.
    pub(super) fn names_columns(&self, row: &impl Cells, first: &str, known: &Headings) -> bool {
        let first = first.trim();
        let is_name = known.is_normal(first)
            || self.headings.iter().any(|(_, heading, _)| heading == first)
            || sequence::is_heading(first);
        if !is_name || self.width < 2 {
            return false;
        }
        let (mut fields, mut others) = (BTreeSet::new(), 0);
        for index in 0..self.width {
            row.cell(index, |raw| match raw {
                // The number of the row is no field, and no other word either.
                Raw::Text(text) if text.trim().is_empty() || sequence::is_heading(text) => {}
                Raw::Text(text) => match known.find(text.trim()) {
                    Some(field) => {
                        fields.insert(field.to_owned());
                    }
                    None => others += 1,
                },
                _ => others += 1,
            });
        }
        fields.len() > 1 && fields.len() > others * 2
    }

    /// Whether the row is the header once more, as exports joined by hand and printed pages have it: each cell below a
    /// heading that is a field holds that heading.
    pub(super) fn repeats_header(&self, row: &impl Cells, known: &Headings) -> bool {
        // Right below it the header may stand once more in another language.
        let near = row.at().row <= self.header_row + 2;
        self.headings.iter().all(|(index, heading, field)| {
            let mut same = false;
            row.cell(*index, |raw| {
                same = matches!(raw, Raw::Text(text) if text.trim() == heading
                    || (near && known.find(text) == Some(field.as_str())));
            });
            same
        })
    }
}
