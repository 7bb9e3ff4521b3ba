//! Delimited text: a window over the bytes, split into records whose row and line are those that people see.
//!
//! Fields come out equal to those of `csv-core` (a test holds it). This splitter exists because that one skips blank
//! lines without telling (so rows cannot be numbered as a spreadsheet numbers them), closes a quote that the file
//! never closes, and copies every field, wanted or not.

use std::borrow::Cow;
use std::io;

use super::bytes::Blocks;

/// One field of a record: bytes within the window, quotes left off.
#[derive(Debug, Clone, Copy)]
struct FieldSpan {
    start: usize,
    end: usize,
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

/// A record, valid until the next one is read.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// Row as a spreadsheet numbers it: blank lines count, line breaks within a cell do not.
    pub(crate) row: u64,
    /// Physical line on which it starts.
    pub(crate) line: u64,
    /// Whether the file ends inside its quotes.
    pub(crate) unclosed: bool,
    bytes: &'a [u8],
    fields: &'a [FieldSpan],
}

impl<'a> Record<'a> {
    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The bytes of a cell; doubled quotes made single.
    pub(crate) fn get(&self, index: usize) -> Option<Cow<'a, [u8]>> {
        let field = self.fields.get(index)?;
        let bytes = self.bytes.get(field.start..field.end)?;
        Some(if field.escaped { Cow::Owned(unescape(bytes)) } else { Cow::Borrowed(bytes) })
    }

    /// All cells, for headers and guesses.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cow<'a, [u8]>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Whether every cell from `from` on is blank.
    pub(crate) fn is_blank_from(&self, from: usize) -> bool {
        self.fields.iter().skip(from).all(|field| {
            self.bytes.get(field.start..field.end).is_none_or(|bytes| bytes.iter().all(u8::is_ascii_whitespace))
        })
    }
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

/// Records of a file, one after the other, in bounded memory.
pub(crate) struct Records<'a> {
    blocks: &'a mut Blocks,
    window: Vec<u8>,
    at: usize,
    ended: bool,
    delimiter: u8,
    row: u64,
    line: u64,
    columns: usize,
    cell_bytes: usize,
    fields: Vec<FieldSpan>,
}

/// How splitting one record ended.
enum Split {
    /// A record: where the next one starts, and line breaks inside it.
    Record { next: usize, breaks: u64, unclosed: bool },
    /// The window ends inside the record.
    More { quoted: bool, cell: usize },
    /// More fields than allowed.
    Columns,
}

impl<'a> Records<'a> {
    /// Records of what `blocks` gives after the byte order mark of `mark` bytes.
    ///
    /// # Errors
    /// When the first block cannot be read.
    pub(crate) fn new(blocks: &'a mut Blocks, mark: usize, columns: usize, cell_bytes: usize) -> io::Result<Self> {
        let mut window = Vec::new();
        let ended = blocks.read_into(&mut window)? == 0;
        let at = mark.min(window.len());
        Ok(Self {
            blocks,
            window,
            at,
            ended,
            delimiter: b',',
            row: 0,
            line: 0,
            columns,
            cell_bytes,
            fields: Vec::new(),
        })
    }

    /// Splits at this byte from here on.
    pub(crate) fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// The next record that is not a blank line; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read on or a limit is passed; nothing more comes after that.
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, CsvFault> {
        loop {
            // Blank lines are rows of a spreadsheet, but no records.
            match (self.window.get(self.at), self.window.get(self.at + 1)) {
                (Some(b'\r'), Some(b'\n')) => self.skip_blank(2),
                (Some(b'\n'), _) | (Some(b'\r'), Some(_)) => self.skip_blank(1),
                (Some(b'\r'), None) if self.ended => self.skip_blank(1),
                (None, _) if self.ended => return Ok(None),
                (None, _) => self.more()?,
                _ => match self.split() {
                    Split::Record { next, breaks, unclosed } => {
                        self.row += 1;
                        let line = self.line + 1;
                        self.line += 1 + breaks;
                        self.at = next;
                        let (row, bytes, fields) = (self.row, self.window.as_slice(), self.fields.as_slice());
                        return Ok(Some(Record { row, line, unclosed, bytes, fields }));
                    }
                    Split::Columns => {
                        return Err(CsvFault::TooManyColumns { row: self.row + 1, line: self.line + 1 });
                    }
                    Split::More { quoted, cell } if cell > self.cell_bytes => {
                        return Err(CsvFault::TooLong { row: self.row + 1, line: self.line + 1, quoted });
                    }
                    Split::More { .. } => self.more()?,
                },
            }
        }
    }

    fn skip_blank(&mut self, bytes: usize) {
        self.at += bytes;
        self.row += 1;
        self.line += 1;
    }

    fn more(&mut self) -> Result<(), CsvFault> {
        self.window.drain(..self.at);
        self.at = 0;
        self.ended = self.blocks.read_into(&mut self.window).map_err(CsvFault::Io)? == 0;
        Ok(())
    }

    fn split(&mut self) -> Split {
        let bytes = self.window.as_slice();
        let (delimiter, ended) = (self.delimiter, self.ended);
        self.fields.clear();
        let mut at = self.at;
        let mut breaks = 0;
        loop {
            if self.fields.len() >= self.columns {
                return Split::Columns;
            }
            let quoted = bytes.get(at) == Some(&b'"');
            let start = if quoted { at + 1 } else { at };
            let mut escaped = false;
            let mut unclosed = false;
            let mut end = start;
            at = start;
            if quoted {
                // To the closing quote.
                loop {
                    match bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'"')) {
                        Some(found) => {
                            let text = bytes.get(at..at + found).unwrap_or_default();
                            breaks += line_breaks(text);
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
            let stop = behind.iter().position(|byte| *byte == delimiter || *byte == b'\n' || *byte == b'\r');
            let Some(length) = stop.or(ended.then_some(behind.len())) else {
                return Split::More { quoted: false, cell: bytes.len() - start };
            };
            if !quoted || length > 0 {
                escaped |= quoted;
                end = at + length;
            }
            at += length;
            if end - start > self.cell_bytes {
                return Split::More { quoted, cell: end - start };
            }
            self.fields.push(FieldSpan { start, end, escaped });
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
            // A delimiter at the very end of the window: whether a field follows is not known yet.
            if at >= bytes.len() && !ended {
                return Split::More { quoted: false, cell: 0 };
            }
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

    type Rows = Vec<(u64, u64, Vec<String>)>;

    fn read(bytes: &[u8], delimiter: u8) -> (Rows, Option<CsvFault>, bool) {
        let mut blocks = Origin::Memory(bytes.into()).open().unwrap();
        let mut records = Records::new(&mut blocks, 0, 2_000, 1 << 20).unwrap();
        records.set_delimiter(delimiter);
        let mut rows = Vec::new();
        let mut unclosed = false;
        loop {
            match records.next() {
                Ok(Some(record)) => {
                    unclosed |= record.unclosed;
                    let cells = record.cells().map(|cell| String::from_utf8_lossy(&cell).into_owned()).collect();
                    rows.push((record.row, record.line, cells));
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
        let exact = "x".repeat(1 << 20);
        let (rows, fault, _) = read(exact.as_bytes(), b',');
        assert!(fault.is_none() && rows[0].2[0].len() == 1 << 20, "a cell of exactly the limit is read");
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
            let mut records = Records::new(&mut blocks, 0, 2_000, 1 << 20).unwrap();
            let mut rows: Vec<Vec<Vec<u8>>> = Vec::new();
            while let Some(record) = records.next().unwrap() {
                rows.push(record.cells().map(Cow::into_owned).collect());
            }
            prop_assert_eq!(rows, oracle(text.as_bytes()));
        }
    }
}
