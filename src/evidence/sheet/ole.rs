//! Compound files (OLE 2), the container of XLS and of encrypted workbooks ([MS-CFB]).
//!
//! Every chain of sectors is bounded by the number of sectors there are, so that a damaged file ends.

use std::collections::BTreeMap;

use super::fault::Fault;

/// Bytes a compound file begins with.
pub(crate) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Sector numbers from here on are marks.
const MARKS: u32 = 0xffff_fffa;

/// A compound file held whole.
pub(crate) struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    mini_below: u64,
    /// First sector and length of each stream, by its name in lower case.
    entries: BTreeMap<String, (u32, u64)>,
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).filter_map(|chunk| u32_at(chunk, 0))
}

fn damaged() -> Fault {
    Fault::damaged("容器结构不完整".into(), "its container is not whole".into())
}

impl<'b> Compound<'b> {
    /// Reads the directory.
    ///
    /// # Errors
    /// When the file is damaged.
    pub(crate) fn open(bytes: &'b [u8]) -> Result<Self, Fault> {
        Self::read(bytes).ok_or_else(damaged)
    }

    fn read(bytes: &'b [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            mini_below: u64::from(u32_at(bytes, 56)?),
            entries: BTreeMap::new(),
        };
        let most = bytes.len() / sector + 1;
        let mut tables: Vec<u32> = numbers(bytes.get(76..512)?).filter(|number| *number < MARKS).collect();
        let (mut next, mut seen) = (u32_at(bytes, 68)?, 0);
        while next < MARKS && seen < most {
            let table = file.sector(next)?;
            let (last, numbers_of) = table.split_last_chunk::<4>().map(|(rest, last)| (last, rest))?;
            tables.extend(numbers(numbers_of).filter(|number| *number < MARKS));
            (next, seen) = (u32::from_le_bytes(*last), seen + 1);
        }
        for table in tables.into_iter().take(most) {
            let table = file.sector(table)?;
            file.fat.extend(numbers(table));
        }
        let directory = file.chain(u32_at(bytes, 48)?, None)?;
        let mut root = None;
        for entry in directory.chunks_exact(128) {
            let length = usize::from(u16_at(entry, 64)?).min(64);
            let name: Vec<u16> =
                entry.get(..length.saturating_sub(2))?.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)).collect();
            let kind = *entry.get(66)?;
            let size = u64::from(u32_at(entry, 120)?);
            let place = (u32_at(entry, 116)?, size);
            match kind {
                5 => root = Some(place),
                1 | 2 => {
                    file.entries.entry(String::from_utf16_lossy(&name).to_lowercase()).or_insert(place);
                }
                _ => {}
            }
        }
        let (start, size) = root?;
        let mini = u32_at(bytes, 60)?;
        if mini < MARKS {
            file.mini_fat = numbers(&file.chain(mini, None)?).collect();
            file.mini_stream = file.chain(start, Some(size))?;
        }
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        // The last one may be cut off.
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    fn chain(&self, mut number: u32, size: Option<u64>) -> Option<Vec<u8>> {
        let mut stream = Vec::new();
        let mut left = self.bytes.len() / self.sector + 1;
        let enough = |length: usize| size.is_some_and(|size| length as u64 >= size);
        while number < MARKS && !enough(stream.len()) {
            left = left.checked_sub(1)?;
            stream.extend_from_slice(self.sector(number)?);
            number = *self.fat.get(number as usize)?;
        }
        cut(stream, size)
    }

    fn mini_chain(&self, mut number: u32, size: u64) -> Option<Vec<u8>> {
        let mut stream = Vec::new();
        let mut left = self.mini_fat.len() + 1;
        while number < MARKS && (stream.len() as u64) < size {
            left = left.checked_sub(1)?;
            let start = (number as usize).checked_mul(64)?;
            let end = (start + 64).min(self.mini_stream.len());
            stream.extend_from_slice(self.mini_stream.get(start..end)?);
            number = *self.mini_fat.get(number as usize)?;
        }
        cut(stream, Some(size))
    }

    /// Whether there is a stream or folder of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(&name.to_lowercase())
    }

    /// A stream; `None` when there is none of this name.
    ///
    /// # Errors
    /// When its sectors are not all there.
    pub(crate) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        let Some((start, size)) = self.entries.get(&name.to_lowercase()) else { return Ok(None) };
        let stream =
            if *size < self.mini_below { self.mini_chain(*start, *size) } else { self.chain(*start, Some(*size)) };
        stream.map(Some).ok_or_else(damaged)
    }
}

/// The stream without what its last sector has too much; `None` when there is too little.
fn cut(mut stream: Vec<u8>, size: Option<u64>) -> Option<Vec<u8>> {
    if let Some(size) = size {
        let size = usize::try_from(size).ok()?;
        if stream.len() < size {
            return None;
        }
        stream.truncate(size);
    }
    Some(stream)
}
