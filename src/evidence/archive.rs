//! Members of a ZIP archive as files of their own: their names, and the way to the bytes of each.
//!
//! The archive is opened to list its members; each is then read like any other file, streamed and checked against its
//! checksum. Its hash is that of the member, unpacked: what anybody gets who unpacks the archive.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::GB18030;
use flate2::CrcReader;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::bytes::{Expands, expands_to};
use super::codes;
use crate::text::{Code, Text};

/// Where the bytes of a member are.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    archive: Arc<PathBuf>,
    start: u64,
    packed: u64,
    crc: u32,
    deflated: bool,
}

/// A member, or why it cannot be read.
pub(crate) struct Listed {
    /// Its path within the archive.
    pub(crate) path: String,
    /// Its bytes and how many it says they are; or why they cannot be had.
    pub(crate) bytes: Result<(Member, u64), (&'static Code, Text)>,
    /// Whether it may hold files of its own.
    pub(crate) holds_files: bool,
}

/// Whether a file is an archive to look into, by its name.
pub(crate) fn is_archive(name: &str) -> bool {
    let suffix = name.rsplit_once('.').map(|(_, suffix)| suffix);
    suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("zip"))
}

/// Suffixes of archives, which are not opened inside an archive.
const ARCHIVES: [&str; 8] = ["zip", "rar", "7z", "tar", "tgz", "bz2", "xz", "gz"];

/// Whether a file is an archive that is not looked into, by its name.
pub(crate) fn is_other_archive(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        ".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".bz2", ".xz", ".zst", ".lzh", ".cab", ".iso", ".zipx", ".zip.001",
        ".7z.001",
    ]
    .iter()
    .any(|suffix| name.ends_with(suffix))
}

/// The members of an archive, in the order of their names.
///
/// # Errors
/// Why the archive as a whole cannot be opened.
pub(crate) fn members(path: &Path, most: usize) -> Result<Vec<Listed>, Text> {
    let broken = |()| Text::new("不是完整的 ZIP 压缩包", "not a whole ZIP archive");
    let mut file = File::open(path).map_err(|fault| super::find::unreadable(&fault))?;
    let end = End::of(&mut file).map_err(|fault| super::find::unreadable(&fault))?;
    let end = end.ok_or_else(|| broken(()))?;
    let joined = || {
        Text::new(
            "压缩包前后还有别的内容，可能是几个压缩包接在一起",
            "the archive has other bytes before or behind it: it may be several joined together",
        )
    };
    if !end.is_tight {
        return Err(joined());
    }
    let mut archive = ZipArchive::new(file).map_err(|_| broken(()))?;
    let twice = || Text::new("压缩包内有同名文件", "two members of the archive have one name");
    if end.members.is_some_and(|members| usize::from(members) != archive.len() % (1 << 16)) {
        return Err(twice());
    }
    if archive.len() > most {
        return Err(Text::new(
            format!("压缩包内超过 {most} 个文件"),
            format!("the archive has more than {most} members"),
        ));
    }
    let mut first = u64::MAX;
    let shared = Arc::new(path.to_owned());
    let mut listed = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| Text::new("压缩包损坏", "the archive is damaged"))?;
        first = first.min(entry.header_start());
        if entry.is_dir() && entry.size() == 0 {
            continue;
        }
        let path = name_of(entry.name_raw());
        // What one system leaves behind beside every file of its own.
        if path.starts_with("__MACOSX/") && path.rsplit('/').next().is_some_and(|name| name.starts_with("._")) {
            continue;
        }
        let suffix = path.rsplit_once('.').map(|(_, suffix)| suffix.to_lowercase()).unwrap_or_default();
        // A single file compressed by gzip is no archive of several.
        let holds_files =
            ARCHIVES.contains(&suffix.as_str()) && (suffix != "gz" || path.to_lowercase().ends_with(".tar.gz"));
        let bytes = match (entry.compression(), entry.data_start()) {
            _ if entry.encrypted() => {
                Err((&codes::ENCRYPTED, Text::new("有密码保护", "it is protected by a password")))
            }
            _ if entry.is_symlink() => {
                Err((&codes::NOT_REGULAR, Text::new("是链接，没有跟随", "a link, which was not followed")))
            }
            _ if holds_files => Err((
                &codes::FORMAT,
                Text::new("压缩包里的压缩包没有打开", "an archive within an archive is not opened"),
            )),
            (method @ (CompressionMethod::Stored | CompressionMethod::Deflated), Some(start)) => Ok((
                Member {
                    archive: Arc::clone(&shared),
                    start,
                    packed: entry.compressed_size(),
                    crc: entry.crc32(),
                    deflated: method == CompressionMethod::Deflated,
                },
                entry.size(),
            )),
            _ => Err((&codes::FORMAT, Text::new("不支持这种压缩方法", "this method of compression is not supported"))),
        };
        listed.push(Listed { path, bytes, holds_files });
    }
    // Some begin with a mark of four bytes; what else stands before the first member may be others.
    if !archive.is_empty() && first > 4 {
        return Err(joined());
    }
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    if listed.windows(2).any(|pair| matches!(pair, [a, b] if a.path == b.path)) {
        return Err(twice());
    }
    Ok(listed)
}

/// What the end of an archive states.
pub(crate) struct End {
    /// Number of members modulo 2¹⁶: the library keeps one of several of one name. `None`: it stands elsewhere.
    pub(crate) members: Option<u16>,
    /// The archive fills the file: nothing stands before it or behind.
    is_tight: bool,
}

impl End {
    /// The record at the end of a file; `None` when there is none.
    pub(crate) fn of(file: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        const RECORD: u64 = 22;
        let size = file.seek(SeekFrom::End(0))?;
        let start = size.saturating_sub(RECORD + 65_535);
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        file.take(RECORD + 65_535).read_to_end(&mut tail)?;
        file.seek(SeekFrom::Start(0))?;
        let number = |at: usize, bytes: usize| {
            let found = tail.get(at..at + bytes)?;
            Some(found.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)))
        };
        // A comment may hold what looks like the record; the record is the one whose comment ends with the file.
        let ends =
            |at: &usize| number(at + 20, 2).is_some_and(|comment| *at as u64 + RECORD + comment == tail.len() as u64);
        let Some(at) = memchr::memmem::find_iter(&tail, b"PK\x05\x06").find(ends) else { return Ok(None) };
        let (Some(members), Some(length), Some(offset)) = (number(at + 10, 2), number(at + 12, 4), number(at + 16, 4))
        else {
            return Ok(None);
        };
        // Large archives have their numbers in a record of their own, which a locator of 20 bytes points to.
        let large = at.checked_sub(20).is_some_and(|locator| tail.get(locator..locator + 4) == Some(b"PK\x06\x07"));
        let is_tight = large || offset + length == start + at as u64;
        Ok(Some(Self { members: u16::try_from(members).ok().filter(|_| !large), is_tight }))
    }
}

/// A member's name: UTF-8, else GB18030, as Chinese systems write it; never a way out of the archive.
fn name_of(raw: &[u8]) -> String {
    let name =
        String::from_utf8(raw.to_vec()).unwrap_or_else(|_| GB18030.decode_without_bom_handling(raw).0.into_owned());
    let parts = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != "." && *part != "..");
    parts.collect::<Vec<_>>().join("/")
}

impl Member {
    /// Opens the member's bytes, unpacked.
    ///
    /// # Errors
    /// When the archive cannot be opened. Reading fails where the member is damaged or grows past its bound ([`Expands`]).
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(self.archive.as_path())?;
        file.seek(SeekFrom::Start(self.start))?;
        let packed = file.take(self.packed);
        let plain: Box<dyn Read + Send> =
            if self.deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
        Ok(Box::new(Checked { plain: CrcReader::new(plain), crc: self.crc, read: 0, limit: expands_to(self.packed) }))
    }
}

/// Bytes of a member, counted and summed.
struct Checked {
    plain: CrcReader<Box<dyn Read + Send>>,
    crc: u32,
    read: u64,
    limit: u64,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.plain.read(buffer)?;
        self.read += count as u64;
        if self.read > self.limit {
            return Err(io::Error::other(Expands { limit: self.limit }));
        }
        if count == 0 && !buffer.is_empty() && self.plain.crc().sum() != self.crc {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum of the member is wrong"));
        }
        Ok(count)
    }
}
