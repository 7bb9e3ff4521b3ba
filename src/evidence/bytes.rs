//! Bytes of an evidence file, wherever they are, read once and hashed on the way.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::SystemTime;

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::archive::Member;
use super::decode::{Encoding, Transcoder};

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;
/// The least that is asked for.
const SMALL: usize = 512;
/// From this size on, hashing has a thread of its own: it is slower than splitting rows.
const OWN_THREAD: u64 = 8 << 20;

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// On disk.
    Disk(PathBuf),
    /// In an archive: the member and the bytes it states to have.
    Member(Member, u64),
    /// In memory, for tests.
    Memory(Arc<[u8]>),
}

impl Origin {
    /// Opens the bytes.
    ///
    /// # Errors
    /// When the file cannot be opened or is no longer a regular file.
    pub(crate) fn open(&self) -> io::Result<Blocks> {
        match self {
            Self::Disk(path) => {
                let state = State::of(path)?;
                let mut blocks = Blocks::new(Box::new(File::open(path)?), state.bytes);
                blocks.watched = Some((path.clone(), state));
                Ok(blocks)
            }
            Self::Member(member, size) => Ok(Blocks::new(member.open()?, *size)),
            Self::Memory(bytes) => Ok(Blocks::new(Box::new(io::Cursor::new(Arc::clone(bytes))), bytes.len() as u64)),
        }
    }

    /// What the file begins with, its compression undone: up to `count` bytes.
    ///
    /// # Errors
    /// As [`Origin::open`], and when reading fails. What is compressed and broken opens as far as it goes.
    pub(crate) fn opening(&self, count: usize) -> io::Result<Opening> {
        let head = self.head(count)?;
        if !head.starts_with(&[0x1f, 0x8b]) {
            let whole = head.len() < count;
            return Ok(Opening { bytes: head, whole, gzip: false });
        }
        let mut bytes = Vec::new();
        let read = MultiGzDecoder::new(head.as_slice()).take(count as u64).read_to_end(&mut bytes);
        Ok(Opening { whole: read.is_ok() && bytes.len() < count, bytes, gzip: true })
    }

    /// The first `count` bytes, without hashing.
    ///
    /// # Errors
    /// As [`Origin::open`], and when reading fails.
    pub(crate) fn head(&self, count: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Disk(path) => {
                State::of(path)?;
                let mut head = Vec::new();
                File::open(path)?.take(count as u64).read_to_end(&mut head)?;
                Ok(head)
            }
            Self::Member(member, _) => {
                let mut head = Vec::new();
                member.open()?.take(count as u64).read_to_end(&mut head)?;
                Ok(head)
            }
            Self::Memory(bytes) => Ok(bytes.get(..count.min(bytes.len())).unwrap_or_default().to_vec()),
        }
    }
}

/// What a file is before it is read, by which one sees afterwards whether somebody wrote to it meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Another file under the same name has another number.
    number: u64,
}

impl State {
    /// Of a regular file. Opening anything else could block for ever or have effects.
    fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let number = 0;
        Ok(Self { bytes: metadata.len(), modified: metadata.modified().ok(), number })
    }
}

/// Bytes and hash of a file that was read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Digested {
    /// Number of bytes.
    pub(crate) bytes: u64,
    /// Lower-case hexadecimal SHA-256.
    pub(crate) sha256: String,
    /// Whether somebody wrote to it meanwhile.
    pub(crate) changed: bool,
}

/// What a file begins with, compressed or not.
pub(crate) struct Opening {
    /// Its first bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether they are all there is.
    pub(crate) whole: bool,
    /// Whether the file is compressed with gzip.
    pub(crate) gzip: bool,
}

/// Contents grew past what a file of its size may hold.
#[derive(Debug, thiserror::Error)]
#[error("it expands to more than {limit} bytes")]
pub(crate) struct Expands {
    /// Bytes allowed.
    pub(crate) limit: u64,
}

/// Bytes that any file may expand to.
const EXPANDS_ANYWAY: u64 = 64 << 20;
/// Times its size that a larger file may expand to.
const EXPANDS_TIMES: u64 = 200;

/// Bytes that something of `packed` bytes may expand to.
pub(crate) fn expands_to(packed: u64) -> u64 {
    packed.saturating_mul(EXPANDS_TIMES).max(EXPANDS_ANYWAY)
}

/// A file being read block by block.
pub(crate) struct Blocks {
    source: Source,
    /// Size when it was opened.
    pub(crate) size: u64,
    /// Where it is on disk, and what it was when it was opened.
    watched: Option<(PathBuf, State)>,
    /// Bytes of contents so far.
    contents: u64,
    transcoder: Transcoder,
}

/// The file itself: counted and hashed as it is read.
struct Raw {
    file: Box<dyn Read + Send>,
    bytes: u64,
    hasher: Hasher,
}

enum Source {
    Plain(Raw),
    Gzip(Box<MultiGzDecoder<Raw>>),
    /// On the way from one to the other.
    Nothing,
}

enum Hasher {
    Here(Sha256),
    Thread { full: SyncSender<Vec<u8>>, empty: Receiver<Vec<u8>>, worker: JoinHandle<Sha256> },
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bytes += count as u64;
        if let Some(block) = buffer.get(..count) {
            self.hasher.update(block);
        }
        Ok(count)
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(raw) => raw.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Nothing => Ok(0),
        }
    }
}

impl Blocks {
    fn new(file: Box<dyn Read + Send>, size: u64) -> Self {
        let hasher = if size >= OWN_THREAD { Hasher::thread() } else { Hasher::Here(Sha256::new()) };
        let source = Source::Plain(Raw { file, bytes: 0, hasher });
        Self { source, size, watched: None, contents: 0, transcoder: Transcoder::new(Encoding::Utf8) }
    }

    /// What is read from here on is compressed with gzip, and comes out as its contents. The hash stays that of the file.
    pub(crate) fn gunzip(&mut self) {
        self.source = match std::mem::replace(&mut self.source, Source::Nothing) {
            Source::Plain(raw) => Source::Gzip(Box::new(MultiGzDecoder::new(raw))),
            other => other,
        };
    }

    /// What is read from here on is text of this encoding, and comes out as UTF-8 without a byte order mark.
    pub(crate) fn decode(&mut self, encoding: Encoding) {
        self.transcoder = Transcoder::new(encoding);
    }

    /// The encoding; of a file that was ASCII for long it is known in the end.
    pub(crate) const fn encoding(&self) -> Encoding {
        self.transcoder.encoding()
    }

    /// Appends the next block to `buffer`; `false` at the end.
    ///
    /// # Errors
    /// When reading fails, or when compressed contents grow without bound ([`Expands`]).
    pub(crate) fn read_into(&mut self, buffer: &mut Vec<u8>) -> io::Result<bool> {
        let start = buffer.len();
        buffer.resize(start + self.block(), 0);
        let mut end = start;
        while let Some(room) = buffer.get_mut(end..).filter(|room| !room.is_empty()) {
            match self.source.read(room) {
                Ok(0) => break,
                Ok(count) => end += count,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
        buffer.truncate(end);
        let count = end - start;
        self.contents += count as u64;
        if matches!(self.source, Source::Gzip(_)) {
            let limit = expands_to(self.size);
            if self.contents > limit {
                return Err(io::Error::other(Expands { limit }));
            }
        }
        self.transcoder.take(buffer, start, count == 0);
        Ok(count > 0)
    }

    /// Bytes to ask for at once: of a small file, of which there may be thousands, not more than it has. One byte more
    /// tells its end.
    fn block(&self) -> usize {
        match &self.source {
            Source::Plain(raw) => {
                let left = usize::try_from(self.size.saturating_sub(raw.bytes)).unwrap_or(BLOCK);
                left.saturating_add(1).clamp(SMALL, BLOCK)
            }
            Source::Gzip(_) | Source::Nothing => BLOCK,
        }
    }

    /// Everything, unless it is more than `limit` bytes (`None`).
    ///
    /// # Errors
    /// As [`Blocks::read_into`].
    pub(crate) fn read_whole(&mut self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut whole = Vec::with_capacity(usize::try_from(self.size.min(limit)).unwrap_or_default());
        while self.read_into(&mut whole)? {
            if whole.len() as u64 > limit {
                return Ok(None);
            }
        }
        Ok(Some(whole))
    }

    /// Bytes of contents read so far.
    pub(crate) const fn contents(&self) -> u64 {
        self.contents
    }

    /// Reads what is left of the file, so that the hash is that of the whole of it.
    ///
    /// # Errors
    /// When reading fails.
    pub(crate) fn finish(self) -> io::Result<Digested> {
        let block = self.block();
        let mut raw = match self.source {
            Source::Plain(raw) => raw,
            Source::Gzip(decoder) => decoder.into_inner(),
            Source::Nothing => return Ok(Digested::default()),
        };
        let mut rest = vec![0; block];
        loop {
            match raw.read(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
        let digest = raw.hasher.finish()?;
        let sha256 = digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        });
        let same = self.watched.is_none_or(|(path, state)| State::of(&path).is_ok_and(|now| now == state));
        Ok(Digested { bytes: raw.bytes, sha256, changed: !same || raw.bytes != self.size })
    }
}

impl Hasher {
    fn thread() -> Self {
        let (full, blocks) = sync_channel::<Vec<u8>>(4);
        let (used, empty) = sync_channel::<Vec<u8>>(8);
        let worker = std::thread::spawn(move || {
            let mut hash = Sha256::new();
            while let Ok(block) = blocks.recv() {
                hash.update(&block);
                // The reader may be done with recycling.
                let _ = used.try_send(block);
            }
            hash
        });
        Self::Thread { full, empty, worker }
    }

    fn update(&mut self, block: &[u8]) {
        match self {
            Self::Here(hash) => hash.update(block),
            Self::Thread { full, empty, .. } => {
                let mut copy = empty.try_recv().unwrap_or_default();
                copy.clear();
                copy.extend_from_slice(block);
                // The worker ends only when this sender is dropped.
                let _ = full.send(copy);
            }
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Here(hash) => Ok(hash.finalize().to_vec()),
            Self::Thread { full, worker, .. } => {
                drop(full);
                worker.join().map(|hash| hash.finalize().to_vec()).map_err(|_| io::Error::other("hashing stopped"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_and_size_are_those_of_the_whole_file() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let large = vec![b'a'; (OWN_THREAD + 5) as usize];
        for (name, bytes, expected) in [
            ("empty", Vec::new(), Some(empty)),
            ("abc", b"abc".to_vec(), Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
            ("hashed in a thread of its own", large.clone(), None),
        ] {
            let mut blocks = Origin::Memory(bytes.clone().into()).open().unwrap();
            let mut first = Vec::new();
            blocks.read_into(&mut first).unwrap();
            let digested = blocks.finish().unwrap();
            assert_eq!(digested.bytes, bytes.len() as u64, "{name}");
            let direct: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digested.sha256, expected.unwrap_or(&direct), "{name}");
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        use std::io::Write as _;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn compressed_contents_come_out_and_the_hash_is_of_the_file() {
        let text = "id,done_at\n".repeat(300_000).into_bytes();
        let packed = gzip(&text);
        let origin = Origin::Memory(packed.clone().into());
        let opening = origin.opening(1_000).unwrap();
        assert!(opening.gzip && !opening.whole && text.starts_with(&opening.bytes));
        let mut blocks = origin.open().unwrap();
        blocks.gunzip();
        assert_eq!(blocks.read_whole(u64::MAX).unwrap(), Some(text));
        let digested = blocks.finish().unwrap();
        let direct: String = Sha256::digest(&packed).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((digested.bytes, digested.sha256), (packed.len() as u64, direct));
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let packed = gzip(&vec![0; 128 << 20]);
        assert!(packed.len() < 1 << 20);
        let mut blocks = Origin::Memory(packed.into()).open().unwrap();
        blocks.gunzip();
        let mut block = Vec::new();
        let fault = loop {
            block.clear();
            match blocks.read_into(&mut block) {
                Ok(true) => {}
                Ok(false) => panic!("it went off"),
                Err(fault) => break fault,
            }
        };
        assert!(fault.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Expands>), "{fault:?}");
        assert_eq!(blocks.finish().unwrap().sha256.len(), 64, "hashed all the same");
    }

    #[test]
    fn a_folder_or_a_missing_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Origin::Disk(folder.path().to_owned()).open().is_err());
        assert!(Origin::Disk(folder.path().join("none.csv")).open().is_err());
    }
}
