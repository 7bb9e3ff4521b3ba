//! Delimited text: blocks of bytes split into records whose row and line are those that people see.
//!
//! Splitting is the one thing of a table that must go in order, as only what came before says whether a line break ends
//! a record. So it does nothing else: a [`Run`] of records owns its bytes and is parsed elsewhere, by any thread.
//!
//! Fields come out equal to those of `csv-core` (a test holds it). This splitter exists because that one skips blank
//! lines without telling (so rows cannot be numbered as a spreadsheet numbers them), closes a quote that the file
//! never closes, and copies every field, wanted or not.

use std::borrow::Cow;
use std::io;

use memchr::{memchr, memchr3};

use super::bytes::Blocks;

/// One field of a record: bytes within the run, quotes left off.
#[derive(Debug, Clone, Copy)]
struct FieldSpan {
    start: u32,
    end: u32,
    /// Holds doubled quotes, or text behind the closing quote.
    escaped: bool,
}

/// What stopped the splitting of a file.
#[derive(Debug)]
pub(crate) enum CsvFault {
    /// The file cannot be read on.
    Io(io::Error),
    /// A record is longer than allowed: its row, line, and whether it was inside quotes.
    TooLong { row: u64, line: u64, quoted: bool },
    /// More cells than columns are allowed.
    TooManyColumns { row: u64, line: u64 },
}

/// Bounds of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Cells.
    pub(crate) columns: usize,
    /// Bytes of a cell.
    pub(crate) cell_bytes: usize,
    /// Bytes of the whole.
    pub(crate) row_bytes: usize,
}

/// Where a record of a run is.
#[derive(Debug, Clone, Copy)]
struct Place {
    row: u64,
    line: u64,
    /// Its first field.
    first: u32,
    unclosed: bool,
}

/// Records that follow each other, with the bytes they stand in. Blank lines are no records.
#[derive(Debug, Default)]
pub(crate) struct Run {
    bytes: Vec<u8>,
    fields: Vec<FieldSpan>,
    rows: Vec<Place>,
}

/// A record of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    /// Row as a spreadsheet numbers it: blank lines count, line breaks within a cell do not.
    pub(crate) row: u64,
    /// Physical line on which it starts.
    pub(crate) line: u64,
    /// Whether a quote of it is never closed: the file ends inside it, or it ends lines further on, where another cell
    /// opens its own.
    pub(crate) unclosed: bool,
    bytes: &'a [u8],
    fields: &'a [FieldSpan],
}

impl Run {
    /// Its records, in order.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let ends = self.rows.iter().skip(1).map(|row| row.first as usize).chain(std::iter::once(self.fields.len()));
        self.rows.iter().zip(ends).map(|(row, end)| Record {
            row: row.row,
            line: row.line,
            unclosed: row.unclosed,
            bytes: &self.bytes,
            fields: self.fields.get(row.first as usize..end).unwrap_or_default(),
        })
    }

    /// Number of records.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Forgets its records and keeps their room.
    fn clear(&mut self) {
        self.bytes.clear();
        self.fields.clear();
        self.rows.clear();
    }

    /// All of it as text, when all of it is: the cells of most files need no second look.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

impl<'a> Record<'a> {
    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The bytes of a cell; doubled quotes made single.
    pub(crate) fn get(&self, index: usize) -> Option<Cow<'a, [u8]>> {
        let field = self.fields.get(index)?;
        let bytes = self.bytes.get(field.start as usize..field.end as usize)?;
        Some(if field.escaped { Cow::Owned(unescape(bytes)) } else { Cow::Borrowed(bytes) })
    }

    /// The bytes of a cell as they stand, doubled quotes included.
    pub(crate) fn raw(&self, index: usize) -> Option<&'a [u8]> {
        let field = self.fields.get(index)?;
        self.bytes.get(field.start as usize..field.end as usize)
    }

    /// Where a cell stands in the run's text; `None` when its text has to be made first.
    pub(crate) fn span(&self, index: usize) -> Option<std::ops::Range<usize>> {
        let field = self.fields.get(index).filter(|field| !field.escaped)?;
        Some(field.start as usize..field.end as usize)
    }

    /// Whether the quote that closes a cell stands behind a backslash and text follows it: programs write so within a cell
    /// what CSV writes twice.
    pub(crate) fn is_backslashed(&self, index: usize) -> bool {
        let Some(bytes) = self.fields.get(index).filter(|field| field.escaped).and_then(|_| self.raw(index)) else {
            return false;
        };
        let mut at = 0;
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'"', rest)) {
            let quote = at + found;
            if bytes.get(quote + 1) != Some(&b'"') {
                return bytes.get(..quote).is_some_and(|before| before.ends_with(b"\\"));
            }
            at = quote + 2;
        }
        false
    }

    /// All cells, for headers and guesses.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cow<'a, [u8]>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Whether every cell from `from` on is blank.
    pub(crate) fn is_blank_from(&self, from: usize) -> bool {
        (from..self.len()).all(|index| self.is_blank(index))
    }

    /// Whether a cell is blank: blanks of any width are.
    pub(crate) fn is_blank(&self, index: usize) -> bool {
        let Some(bytes) = self.raw(index) else { return true };
        match bytes.trim_ascii_start() {
            [] => true,
            // Most cells begin with a sign, and need no look as text.
            [b'!'..=b'~', ..] => false,
            rest => std::str::from_utf8(rest).is_ok_and(|text| text.trim().is_empty()),
        }
    }
}

/// What a cell is that begins with a blank: programs that put one behind each delimiter put the quotes behind it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Spaced<'a> {
    /// Text without quotes around it.
    Plain,
    /// The text between its quotes.
    Quoted(Cow<'a, str>),
    /// Its quotes do not enclose it: what stands between them has a delimiter, which split it, or a single quote.
    Torn,
}

/// Looks at a cell that begins with a blank and was split as if it had no quotes.
pub(crate) fn spaced(cell: &str) -> Spaced<'_> {
    let Some(inner) = cell.trim().strip_prefix('"') else { return Spaced::Plain };
    if let Some(text) = inner.strip_suffix('"') {
        let doubled = text.contains('"');
        if !doubled {
            return Spaced::Quoted(Cow::Borrowed(text));
        }
        if !text.replace("\"\"", "").contains('"') {
            return Spaced::Quoted(Cow::Owned(text.replace("\"\"", "\"")));
        }
    }
    // `"a" b` is text that begins with a word in quotes.
    if inner.matches('"').count() % 2 == 0 { Spaced::Torn } else { Spaced::Plain }
}

/// The text of a quoted field: `""` is a quote until the closing quote; what stands behind that is taken as it is.
fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    let mut quoted = true;
    while let Some(byte) = rest.next() {
        if quoted && *byte == b'"' {
            match rest.next() {
                Some(b'"') => text.push(b'"'),
                Some(other) => {
                    quoted = false;
                    text.push(*other);
                }
                None => {}
            }
        } else {
            text.push(*byte);
        }
    }
    text
}

/// Splits a file into runs, one block after the other, in bounded memory.
pub(crate) struct Splitter<'a> {
    blocks: &'a mut Blocks,
    /// Bytes of a record that the block before began.
    begun: Vec<u8>,
    ended: bool,
    delimiter: u8,
    row: u64,
    line: u64,
    bounds: Bounds,
    fault: Option<CsvFault>,
}

/// How splitting one record ended.
enum Split {
    /// A record: where the next one starts, and line breaks inside it.
    Record { next: usize, breaks: u64, unclosed: bool },
    /// The block ends inside the record.
    More { quoted: bool, cell: usize },
    /// More fields than allowed.
    Columns,
}

impl<'a> Splitter<'a> {
    /// Splits what `blocks` gives.
    pub(crate) fn new(blocks: &'a mut Blocks, delimiter: u8, bounds: Bounds) -> Self {
        Self { blocks, begun: Vec::new(), ended: false, delimiter, row: 0, line: 0, bounds, fault: None }
    }

    /// The next run, which has a record at least; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read on or a limit is passed, once the records before that were given; nothing more comes
    /// after it.
    pub(crate) fn next(&mut self) -> Result<Option<Run>, CsvFault> {
        self.next_in(Run::default())
    }

    /// The same, in the room of a run that is not wanted any more.
    ///
    /// # Errors
    /// As [`Splitter::next`].
    pub(crate) fn next_in(&mut self, mut run: Run) -> Result<Option<Run>, CsvFault> {
        loop {
            if let Some(fault) = self.fault.take() {
                self.ended = true;
                self.begun.clear();
                return Err(fault);
            }
            if self.ended && self.begun.is_empty() {
                return Ok(None);
            }
            run.clear();
            run.bytes.append(&mut self.begun);
            self.ended = !self.blocks.read_into(&mut run.bytes).map_err(CsvFault::Io)?;
            self.split(&mut run);
            if run.len() > 0 {
                return Ok(Some(run));
            }
        }
    }

    /// Every record that ends within the bytes of a run; what begins and does not end is kept for the next block.
    fn split(&mut self, run: &mut Run) {
        let mut at = 0;
        let bytes = &run.bytes;
        run.fields.reserve(bytes.len() / 8);
        loop {
            // Blank lines are rows of a spreadsheet, but no records.
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'\r'), Some(b'\n')) => {
                    at += 2;
                    self.blank();
                    continue;
                }
                (Some(b'\n'), _) | (Some(b'\r'), Some(_)) => {
                    at += 1;
                    self.blank();
                    continue;
                }
                (Some(b'\r'), None) if self.ended => {
                    at += 1;
                    self.blank();
                    continue;
                }
                (Some(b'\r'), None) | (None, _) => break,
                _ => {}
            }
            let first = run.fields.len();
            match record(bytes, at, self.delimiter, self.ended, &self.bounds, &mut run.fields) {
                Split::Record { next, breaks, unclosed } => {
                    self.row += 1;
                    let line = self.line + 1;
                    self.line += 1 + breaks;
                    run.rows.push(Place { row: self.row, line, first: index(first), unclosed });
                    at = next;
                    continue;
                }
                Split::Columns => {
                    self.fault = Some(CsvFault::TooManyColumns { row: self.row + 1, line: self.line + 1 });
                }
                Split::More { quoted, cell }
                    if cell > self.bounds.cell_bytes || bytes.len() - at > self.bounds.row_bytes =>
                {
                    self.fault = Some(CsvFault::TooLong { row: self.row + 1, line: self.line + 1, quoted });
                }
                Split::More { .. } => {}
            }
            run.fields.truncate(first);
            break;
        }
        if self.fault.is_none() {
            self.begun.extend_from_slice(bytes.get(at..).unwrap_or_default());
        }
    }

    fn blank(&mut self) {
        self.row += 1;
        self.line += 1;
    }
}

/// A place in a run: runs are bounded by a block and a record, far below 4 GiB.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Splits the record at `at`, its fields appended to `fields`.
fn record(
    bytes: &[u8],
    mut at: usize,
    delimiter: u8,
    ended: bool,
    bounds: &Bounds,
    fields: &mut Vec<FieldSpan>,
) -> Split {
    let most = fields.len() + bounds.columns;
    let (mut breaks, mut unclosed) = (0, false);
    loop {
        if fields.len() >= most {
            return Split::Columns;
        }
        let quoted = bytes.get(at) == Some(&b'"');
        let start = if quoted { at + 1 } else { at };
        let mut escaped = false;
        let breaks_before = breaks;
        let mut end = start;
        at = start;
        if quoted {
            // To the closing quote.
            loop {
                match bytes.get(at..).and_then(|rest| memchr(b'"', rest)) {
                    Some(found) => {
                        breaks += line_breaks(bytes.get(at..at + found).unwrap_or_default());
                        at += found + 1;
                        if bytes.get(at) == Some(&b'"') {
                            escaped = true;
                            at += 1;
                        } else if at >= bytes.len() && !ended {
                            return Split::More { quoted: true, cell: at - start };
                        } else {
                            end = at - 1;
                            break;
                        }
                    }
                    None if ended => {
                        breaks += line_breaks(bytes.get(at..).unwrap_or_default());
                        (at, end, unclosed) = (bytes.len(), bytes.len(), true);
                        break;
                    }
                    None => return Split::More { quoted: true, cell: bytes.len() - start },
                }
            }
        }
        // To the delimiter or the end of the line; after a closing quote normally at once.
        let behind = bytes.get(at..).unwrap_or_default();
        let Some(length) = memchr3(delimiter, b'\n', b'\r', behind).or(ended.then_some(behind.len())) else {
            return Split::More { quoted: false, cell: bytes.len() - start };
        };
        if !quoted || length > 0 {
            // Text behind a quote that closes on a later line: it was the opening one of another cell, and the rows
            // between stand in this cell.
            unclosed |= quoted
                && breaks > breaks_before
                && behind.get(..length).is_some_and(|behind| !behind.trim_ascii().is_empty());
            escaped |= quoted;
            end = at + length;
        }
        at += length;
        if end - start > bounds.cell_bytes {
            return Split::More { quoted, cell: end - start };
        }
        fields.push(FieldSpan { start: index(start), end: index(end), escaped });
        match bytes.get(at) {
            Some(byte) if *byte == delimiter => at += 1,
            Some(b'\r') => {
                if at + 1 >= bytes.len() && !ended {
                    return Split::More { quoted: false, cell: 0 };
                }
                let next = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'\n'));
                return Split::Record { next, breaks, unclosed };
            }
            Some(_) => return Split::Record { next: at + 1, breaks, unclosed },
            None => return Split::Record { next: at, breaks, unclosed },
        }
        // A delimiter at the very end of the block: whether a field follows is not known yet.
        if at >= bytes.len() && !ended {
            return Split::More { quoted: false, cell: 0 };
        }
    }
}

/// Line breaks within a quoted cell: `\n`, `\r\n` and `\r` each count once.
fn line_breaks(text: &[u8]) -> u64 {
    let mut count = 0;
    let mut before = 0;
    for byte in text {
        count += u64::from(*byte == b'\r' || (*byte == b'\n' && before != b'\r'));
        before = *byte;
    }
    count
}

/// The delimiter that splits the first lines most evenly; `,` when none does.
pub(crate) fn guess_delimiter(head: &[u8]) -> u8 {
    const CANDIDATES: [u8; 4] = [b',', b'\t', b';', b'|'];
    let mut best = (0, b',');
    for candidate in CANDIDATES {
        let mut widths: Vec<usize> = Vec::new();
        let mut width = 1;
        let mut quoted = false;
        for byte in head.iter().take(64 << 10) {
            match *byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    widths.push(width);
                    width = 1;
                }
                byte if byte == candidate && !quoted => width += 1,
                _ => {}
            }
        }
        if widths.is_empty() || width > 1 && widths.len() < 2 {
            widths.push(width);
        }
        widths.truncate(100);
        // Lines that share the most common width, times that width.
        let score = widths
            .iter()
            .map(|width| (*width - 1) * widths.iter().filter(|other| *other == width).count())
            .max()
            .unwrap_or_default();
        if score > best.0 {
            best = (score, candidate);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::super::bytes::Origin;
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds { columns: 2_000, cell_bytes: 1 << 20, row_bytes: 8 << 20 };

    type Rows = Vec<(u64, u64, Vec<String>)>;

    fn read(bytes: &[u8], delimiter: u8) -> (Rows, Option<CsvFault>, bool) {
        let mut blocks = Origin::Memory(bytes.into()).open().unwrap();
        let mut splitter = Splitter::new(&mut blocks, delimiter, BOUNDS);
        let mut rows = Vec::new();
        let mut unclosed = false;
        loop {
            match splitter.next() {
                Ok(Some(run)) => {
                    for record in run.records() {
                        unclosed |= record.unclosed;
                        let cells = record.cells().map(|cell| String::from_utf8_lossy(&cell).into_owned()).collect();
                        rows.push((record.row, record.line, cells));
                    }
                }
                Ok(None) => return (rows, None, unclosed),
                Err(fault) => return (rows, Some(fault), unclosed),
            }
        }
    }

    #[test]
    fn rows_and_lines_are_those_people_see() {
        let cases: &[(&str, &str, &[(u64, u64, &[&str])])] = &[
            ("plain", "a,b\n1,2\n", &[(1, 1, &["a", "b"]), (2, 2, &["1", "2"])]),
            ("no newline at the end", "a\n1", &[(1, 1, &["a"]), (2, 2, &["1"])]),
            ("windows line ends", "a,b\r\n1,2\r\n", &[(1, 1, &["a", "b"]), (2, 2, &["1", "2"])]),
            ("old line ends", "a\r1\r", &[(1, 1, &["a"]), (2, 2, &["1"])]),
            ("a blank line is a row", "a\n\n1\n", &[(1, 1, &["a"]), (3, 3, &["1"])]),
            (
                "a line break in a cell moves lines, not rows",
                "a,b\n\"x\ny\",2\n3,4\n",
                &[(1, 1, &["a", "b"]), (2, 2, &["x\ny", "2"]), (3, 4, &["3", "4"])],
            ),
            ("windows line break in a cell", "\"x\r\ny\"\r\n3\r\n", &[(1, 1, &["x\r\ny"]), (2, 3, &["3"])]),
            ("doubled quotes", "\"say \"\"hi\"\"\",2\n", &[(1, 1, &["say \"hi\"", "2"])]),
            ("a quote in the middle is text", "5\" disk,2\n", &[(1, 1, &["5\" disk", "2"])]),
            ("text behind a closing quote", "\"a\"b,2\n", &[(1, 1, &["ab", "2"])]),
            ("empty last cell", "a,\n,\n", &[(1, 1, &["a", ""]), (2, 2, &["", ""])]),
            ("empty last cell at the end", "a,", &[(1, 1, &["a", ""])]),
            ("nothing", "", &[]),
            ("NUL bytes are text", "a\0b,c\n", &[(1, 1, &["a\0b", "c"])]),
        ];
        for (name, text, expected) in cases {
            let (rows, fault, unclosed) = read(text.as_bytes(), b',');
            let expected: Rows = expected
                .iter()
                .map(|(row, line, cells)| (*row, *line, cells.iter().map(|&cell| cell.to_owned()).collect()))
                .collect();
            assert_eq!(rows, expected, "{name}");
            assert!(fault.is_none() && !unclosed, "{name}");
        }
    }

    #[test]
    fn what_is_cut_or_too_long_is_told() {
        let (rows, fault, unclosed) = read(b"a,b\n1,\"never closed\n2,3\n", b',');
        assert_eq!(rows.len(), 2);
        assert!(fault.is_none() && unclosed);
        let mut long = b"a,b\n1,\"".to_vec();
        long.resize(3 << 20, b'x');
        let (_, fault, _) = read(&long, b',');
        assert!(matches!(fault, Some(CsvFault::TooLong { row: 2, line: 2, quoted: true })), "{fault:?}");
        let (_, fault, _) = read("x,".repeat(5_000).as_bytes(), b',');
        assert!(matches!(fault, Some(CsvFault::TooManyColumns { row: 1, line: 1 })), "{fault:?}");
        let wide = format!("a\n{}", vec!["x".repeat(1 << 19); 30].join(","));
        let (rows, fault, _) = read(wide.as_bytes(), b',');
        assert!(matches!(fault, Some(CsvFault::TooLong { row: 2, line: 2, quoted: false })), "{fault:?}");
        assert_eq!(rows.len(), 1, "what came before is given");
        let exact = "x".repeat(1 << 20);
        let (rows, fault, _) = read(exact.as_bytes(), b',');
        assert!(fault.is_none() && rows[0].2[0].len() == 1 << 20, "a cell of exactly the limit is read");
    }

    #[test]
    fn quotes_behind_a_blank_and_behind_a_backslash() {
        let quoted = |text: &'static str| Spaced::Quoted(text.into());
        for (cell, expected) in [
            (" a", Spaced::Plain),
            (" 5\" disk", Spaced::Plain),
            (" \"a\" b", Spaced::Plain),
            (" \"0012345\"", quoted("0012345")),
            ("  \"\" ", quoted("")),
            (" \"say \"\"hi\"\"\"", quoted("say \"hi\"")),
            (" \"a", Spaced::Torn),
            (" \"a\"b\"", Spaced::Torn),
            (" \"", Spaced::Torn),
        ] {
            assert_eq!(spaced(cell), expected, "{cell}");
        }
        for (text, expected) in [
            (r#""w1\"x",1"#, true),
            (r#""w1\"\"x",1"#, true),
            (r#""say ""hi"" \"x",1"#, true),
            (r#""C:\books\",1"#, false),
            (r#""C:\books""x",1"#, false),
            (r#""a"b,1"#, false),
            (r#"w1\"x,1"#, false),
        ] {
            let mut blocks = Origin::Memory(text.as_bytes().into()).open().unwrap();
            let run = Splitter::new(&mut blocks, b',', BOUNDS).next().unwrap().unwrap();
            let record = run.records().next().unwrap();
            assert_eq!((record.is_backslashed(0), record.is_backslashed(1)), (expected, false), "{text}");
        }
    }

    #[test]
    fn guesses_the_delimiter() {
        for (name, text, expected) in [
            ("comma", "a,b,c\n1,2,3\n", b','),
            ("semicolon with decimal commas", "a;b;c\n1,5;2;3\n2,5;2;3\n", b';'),
            ("tab", "a\tb\n1\t2\n", b'\t'),
            ("bar", "a|b|c\n1|2|3", b'|'),
            ("one column", "a\n1\n", b','),
            ("commas inside quotes do not count", "\"a,b\";c\n\"d,e,f\";g\n", b';'),
            ("one line", "a;b", b';'),
            ("a title above", "2026年第三季度 备份记录\na;b;c\n1;2;3\n4;5;6\n", b';'),
        ] {
            assert_eq!(guess_delimiter(text.as_bytes()), expected, "{name}");
        }
    }

    fn oracle(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv_core::ReaderBuilder::new().build();
        let (mut output, mut ends) = (vec![0; bytes.len() + 16], vec![0; bytes.len() + 16]);
        let (mut at, mut rows) = (0, Vec::new());
        // Its own handling of a byte order mark is not under test.
        reader.read_record(b"x\n", &mut output, &mut ends);
        loop {
            let (mut out, mut end) = (0, 0);
            loop {
                let (result, read, wrote, ended) =
                    reader.read_record(&bytes[at..], &mut output[out..], &mut ends[end..]);
                (at, out, end) = (at + read, out + wrote, end + ended);
                match result {
                    csv_core::ReadRecordResult::InputEmpty => {}
                    csv_core::ReadRecordResult::Record => break,
                    csv_core::ReadRecordResult::End => return rows,
                    other => unreachable!("{other:?}"),
                }
            }
            let mut start = 0;
            let row = ends[..end].iter().map(|end| output[std::mem::replace(&mut start, *end)..*end].to_vec());
            rows.push(row.collect());
        }
    }

    proptest! {
        #[test]
        fn fields_are_those_of_csv_core(text in "[a,\"\n\r ]{0,40}") {
            let mut blocks = Origin::Memory(text.as_bytes().into()).open().unwrap();
            let mut splitter = Splitter::new(&mut blocks, b',', BOUNDS);
            let mut rows: Vec<Vec<Vec<u8>>> = Vec::new();
            while let Some(run) = splitter.next().unwrap() {
                rows.extend(run.records().map(|record| record.cells().map(Cow::into_owned).collect()));
            }
            prop_assert_eq!(rows, oracle(text.as_bytes()));
        }
    }
}
