//! Bytes of an evidence file, wherever they are, read once and hashed on the way.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};

use super::decode::{Encoding, Transcoder};

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;
/// From this size on, hashing has a thread of its own: it is slower than splitting rows.
const OWN_THREAD: u64 = 8 << 20;

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// On disk.
    Disk(PathBuf),
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
                let size = regular_size(path)?;
                Ok(Blocks::new(Box::new(File::open(path)?), size))
            }
            Self::Memory(bytes) => Ok(Blocks::new(Box::new(io::Cursor::new(Arc::clone(bytes))), bytes.len() as u64)),
        }
    }

    /// The first `count` bytes, without hashing.
    ///
    /// # Errors
    /// As [`Origin::open`], and when reading fails.
    pub(crate) fn head(&self, count: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Disk(path) => {
                regular_size(path)?;
                let mut head = Vec::new();
                File::open(path)?.take(count as u64).read_to_end(&mut head)?;
                Ok(head)
            }
            Self::Memory(bytes) => Ok(bytes.get(..count.min(bytes.len())).unwrap_or_default().to_vec()),
        }
    }
}

/// Size of a regular file. Opening anything else could block for ever or have effects.
fn regular_size(path: &Path) -> io::Result<u64> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_file() { Ok(metadata.len()) } else { Err(io::Error::other("not a regular file")) }
}

/// Bytes and hash of a file that was read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Digested {
    /// Number of bytes.
    pub(crate) bytes: u64,
    /// Lower-case hexadecimal SHA-256.
    pub(crate) sha256: String,
}

/// A file being read block by block.
pub(crate) struct Blocks {
    source: Box<dyn Read + Send>,
    /// Size when it was opened.
    pub(crate) size: u64,
    bytes: u64,
    hasher: Hasher,
    transcoder: Transcoder,
}

enum Hasher {
    Here(Sha256),
    Thread { full: SyncSender<Vec<u8>>, empty: Receiver<Vec<u8>>, worker: JoinHandle<Sha256> },
}

impl Blocks {
    fn new(source: Box<dyn Read + Send>, size: u64) -> Self {
        let hasher = if size >= OWN_THREAD { Hasher::thread() } else { Hasher::Here(Sha256::new()) };
        Self { source, size, bytes: 0, hasher, transcoder: Transcoder::new(Encoding::Utf8) }
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
    /// When reading fails.
    pub(crate) fn read_into(&mut self, buffer: &mut Vec<u8>) -> io::Result<bool> {
        let start = buffer.len();
        buffer.resize(start + BLOCK, 0);
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
        self.bytes += count as u64;
        if let Some(block) = buffer.get(start..) {
            self.hasher.update(block);
        }
        self.transcoder.take(buffer, start, count == 0);
        Ok(count > 0)
    }

    /// Everything, unless it is more than `limit` bytes (`None`).
    ///
    /// # Errors
    /// When reading fails.
    pub(crate) fn read_whole(&mut self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut whole = Vec::with_capacity(usize::try_from(self.size.min(limit)).unwrap_or_default());
        while self.read_into(&mut whole)? {
            if whole.len() as u64 > limit {
                return Ok(None);
            }
        }
        Ok(Some(whole))
    }

    /// Number of bytes read so far.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads what is left, so that the hash is that of the whole file.
    ///
    /// # Errors
    /// When reading fails.
    pub(crate) fn finish(mut self) -> io::Result<Digested> {
        let mut rest = Vec::new();
        while self.read_into(&mut rest)? {
            rest.clear();
        }
        let digest = self.hasher.finish()?;
        let sha256 = digest.iter().fold(String::with_capacity(64), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Digested { bytes: self.bytes, sha256 })
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

    #[test]
    fn a_folder_or_a_missing_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Origin::Disk(folder.path().to_owned()).open().is_err());
        assert!(Origin::Disk(folder.path().join("none.csv")).open().is_err());
    }
}
