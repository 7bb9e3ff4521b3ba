//! Texts of XLS ([MS-XLS] 2.5.293, 2.4.265): characters of one byte or two, runs of other fonts, pieces that go on from record
//! to record.

use super::mark::{Mark, is_symbol_font};
use super::ole::{u16_at, u32_at};
use super::strings::Strings;

/// The fonts of a workbook, in their order.
#[derive(Debug, Default)]
pub(super) struct Fonts(Vec<Mark>);

impl Fonts {
    /// Adds the next font; what is cut short marks nothing.
    pub(super) fn add(&mut self, record: &[u8], biff8: bool) {
        self.0.push(Mark {
            raised: u16_at(record, 8).is_some_and(|position| position != 0),
            struck: u16_at(record, 2).is_some_and(|flags| flags & 8 != 0),
            symbol: font_name(record, biff8).is_some_and(|name| is_symbol_font(&name)),
        });
    }

    /// The font that has a number: there is none of number 4.
    pub(super) fn get(&self, number: u16) -> Mark {
        match number {
            0..4 => self.0.get(usize::from(number)),
            4 => None,
            5.. => self.0.get(usize::from(number) - 1),
        }
        .copied()
        .unwrap_or_default()
    }

    /// Whether any of them marks its text.
    fn mark(&self) -> bool {
        self.0.iter().any(|mark| *mark != Mark::default())
    }

    /// A text with its marks, and whether some of it is struck out or in a symbol font; a run is the first unit and the font
    /// from there on.
    fn marked<T>(
        &self,
        units: &[T],
        runs: impl Iterator<Item = (u16, u16)>,
        decode: impl Fn(&[T]) -> String,
    ) -> (String, bool) {
        let (mut text, mut any) = (String::new(), false);
        let (mut at, mut mark) = (0, Mark::default());
        let mut stretch = |from: usize, to: usize, mark: Mark| {
            let Some(units) = units.get(from..to.max(from)).filter(|units| !units.is_empty()) else { return };
            let start = text.len();
            mark.begin(&mut text);
            text.push_str(&decode(units));
            mark.end(&mut text, start);
            any |= mark.bars_reading();
        };
        for (first, font) in runs {
            let first = usize::from(first).clamp(at, units.len());
            stretch(at, first, mark);
            (at, mark) = (first, self.get(font));
        }
        stretch(at, units.len(), mark);
        (text, any)
    }

    /// A text whose runs are four bytes each.
    fn marked_units(&self, units: &[u16], runs: &[u8]) -> (String, bool) {
        let runs = runs.chunks_exact(4).filter_map(|run| Some((u16_at(run, 0)?, u16_at(run, 2)?)));
        self.marked(units, runs, String::from_utf16_lossy)
    }

    /// A text of BIFF5: behind it stand the number of its runs and two bytes for each.
    pub(super) fn marked_bytes(&self, bytes: &[u8], runs: &[u8], decode: impl Fn(&[u8]) -> String) -> (String, bool) {
        let (count, runs) = runs.split_first().map_or((0, runs), |(count, runs)| (usize::from(*count), runs));
        let runs = runs
            .chunks_exact(2)
            .take(count)
            .filter_map(|run| Some((u16::from(*run.first()?), u16::from(*run.get(1)?))));
        // Characters may have two bytes, and other fonts may begin within one: it is parted only where that tells something.
        if !runs.clone().any(|(_, font)| self.get(font) != Mark::default()) {
            return (decode(bytes), false);
        }
        self.marked(bytes, runs, decode)
    }
}

/// The name at the end of a font; in BIFF5 those that matter have no other characters than ASCII.
fn font_name(record: &[u8], biff8: bool) -> Option<String> {
    let length = usize::from(*record.get(14)?);
    let (from, wide) = if biff8 { (16, *record.get(15)? & 1 == 1) } else { (15, false) };
    characters(record.get(from..)?, length, wide).map(|(name, _)| name)
}

/// So many characters, each of one byte or two; the bytes they take.
pub(super) fn characters(bytes: &[u8], count: usize, wide: bool) -> Option<(String, usize)> {
    if wide {
        let taken = bytes.get(..count * 2)?;
        let units: Vec<u16> = taken.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)).collect();
        return Some((String::from_utf16_lossy(&units), count * 2));
    }
    Some((bytes.get(..count)?.iter().map(|byte| char::from(*byte)).collect(), count))
}

/// A text with its length and flags before it.
pub(super) fn unicode(data: &[u8]) -> Option<String> {
    let (count, flags) = (usize::from(u16_at(data, 0)?), *data.get(2)?);
    let rich = usize::from(flags & 8 != 0) * 2;
    let far_east = usize::from(flags & 4 != 0) * 4;
    characters(data.get(3 + rich + far_east..)?, count, flags & 1 == 1).map(|(text, _)| text)
}

/// Bytes that go on from record to record.
struct Pieces<'a> {
    pieces: std::vec::IntoIter<&'a [u8]>,
    piece: &'a [u8],
}

impl<'a> Pieces<'a> {
    fn next_piece(&mut self) -> Option<()> {
        self.piece = self.pieces.next()?;
        Some(())
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        while self.piece.is_empty() && count > 0 {
            self.next_piece()?;
        }
        let (taken, rest) = self.piece.split_at_checked(count)?;
        self.piece = rest;
        Some(taken)
    }

    /// So many bytes, wherever the records part them.
    fn bytes(&mut self, mut count: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while count > 0 {
            if self.piece.is_empty() {
                self.next_piece()?;
            }
            let (taken, rest) = self.piece.split_at_checked(count.min(self.piece.len()))?;
            bytes.extend_from_slice(taken);
            self.piece = rest;
            count -= taken.len();
        }
        Some(bytes)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            if self.piece.is_empty() {
                self.next_piece()?;
            }
            let here = count.min(self.piece.len());
            self.piece = self.piece.get(here..)?;
            count -= here;
        }
        Some(())
    }
}

/// The texts that cells share; `None` when they are cut short.
pub(super) fn shared_strings(pieces: Vec<&[u8]>, fonts: &Fonts) -> Option<Strings> {
    let mut strings = Strings::default();
    if pieces.is_empty() {
        return Some(strings);
    }
    let mut pieces = Pieces { pieces: pieces.into_iter(), piece: &[] };
    let unique = u32_at(pieces.take(8)?, 4)?;
    for _ in 0..unique {
        // Some writers count more than they write.
        let Some(head) = pieces.take(3) else { break };
        let (mut left, mut flags) = (usize::from(u16_at(head, 0)?), *head.get(2)?);
        let runs = if flags & 8 != 0 { usize::from(u16_at(pieces.take(2)?, 0)?) } else { 0 };
        let far_east = if flags & 4 != 0 { u32_at(pieces.take(4)?, 0)? as usize } else { 0 };
        let mut units: Vec<u16> = Vec::new();
        while left > 0 {
            if pieces.piece.is_empty() {
                // The characters go on in the next record, which says anew how wide they are.
                pieces.next_piece()?;
                flags = *pieces.take(1)?.first()?;
            }
            let wide = flags & 1 == 1;
            let here = left.min(if wide { pieces.piece.len() / 2 } else { pieces.piece.len() });
            if here == 0 {
                return None;
            }
            let text = pieces.take(if wide { here * 2 } else { here })?;
            if wide {
                units.extend(text.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)));
            } else {
                units.extend(text.iter().map(|byte| u16::from(*byte)));
            }
            left -= here;
        }
        if runs > 0 && fonts.mark() {
            let runs = pieces.bytes(runs * 4)?;
            let (text, marked) = fonts.marked_units(&units, &runs);
            strings.marked |= marked;
            strings.text.push_str(&text);
        } else {
            pieces.skip(runs * 4)?;
            strings.text.push_str(&String::from_utf16_lossy(&units));
        }
        strings.ends.push(strings.text.len());
        pieces.skip(far_east)?;
    }
    Some(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_marked_fonts_stand_out() {
        let mut fonts = Fonts::default();
        let plain = [0; 14];
        let (mut struck, mut raised) = (plain, plain);
        (struck[2], raised[8]) = (8, 1);
        for font in [plain, plain, plain, plain, struck, raised] {
            fonts.add(&font, true);
        }
        assert!(fonts.get(5).struck && fonts.get(6).raised);
        assert_eq!((fonts.get(3), fonts.get(4), fonts.get(7)), Default::default());
        let units: Vec<u16> = "57甲".encode_utf16().collect();
        for (runs, expected) in [
            ([1, 0, 6, 0, 2, 0, 0, 0].as_slice(), "5^7甲"),
            (&[0, 0, 5, 0, 1, 0, 0, 0], "~5~7甲"),
            (&[0, 0, 1, 0], "57甲"),
            (&[9, 0, 5, 0], "57甲"),
            (&[2, 0, 5, 0, 1, 0, 6, 0], "57^甲"),
        ] {
            assert_eq!(fonts.marked_units(&units, runs), (expected.to_owned(), expected.contains('~')), "{runs:?}");
        }
        let decode = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for (runs, expected) in
            [([2, 0, 6, 1, 5].as_slice(), "^5~7~"), (&[1, 0, 6, 1, 5], "^57"), (&[], "57"), (&[9], "57")]
        {
            assert_eq!(fonts.marked_bytes(b"57", runs, decode).0, expected, "{runs:?}");
        }
    }

    #[test]
    fn names_of_fonts_stand_behind_their_shape() {
        let narrow = |flags: &[u8], name: &str| {
            let length = u8::try_from(name.len()).unwrap();
            [[0_u8; 14].as_slice(), &[length], flags, name.as_bytes()].concat()
        };
        let wide: Vec<u8> = "Wingdings".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = [[0_u8; 14].as_slice(), &[9, 1], wide.as_slice()].concat();
        for (record, biff8, expected) in [
            (narrow(&[0], "Wingdings 2"), true, true),
            (narrow(&[], "Wingdings 2"), false, true),
            (narrow(&[0], "Arial"), true, false),
            (wide.clone(), true, true),
            // Cut short.
            (wide[..20].to_vec(), true, false),
            (vec![0; 14], true, false),
        ] {
            let mut fonts = Fonts::default();
            fonts.add(&record, biff8);
            assert_eq!(fonts.get(0).symbol, expected, "{record:?}");
        }
    }
}
