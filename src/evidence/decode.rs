//! Which characters the bytes are, and the same characters as UTF-8.
//!
//! Strict UTF-8 first, then strict GB18030, then a guess, which is weak below six hanzi. Everything behind this module
//! sees UTF-8; bytes that are no characters become [`NO_CHARACTER`], which is no UTF-8 either, so that their cell is
//! unreadable and never a text that compares.

use std::borrow::Cow;

use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Stands for bytes that are no characters.
pub(crate) const NO_CHARACTER: u8 = 0xff;

/// A recognised encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Only ASCII so far: what comes first beyond it decides.
    Ascii,
    /// UTF-8 without byte order mark.
    Utf8,
    /// UTF-8 with byte order mark.
    Utf8Bom,
    /// Anything else that is known: GB18030 (what Chinese Excel saves as CSV), UTF-16, Big5 …
    Other(&'static encoding_rs::Encoding),
    /// No text.
    Unknown,
}

impl Encoding {
    /// The name that outputs show.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ascii | Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Other(encoding) if encoding == GB18030 => "gb18030",
            Self::Other(encoding) if encoding == UTF_16LE => "utf-16le",
            Self::Other(encoding) if encoding == UTF_16BE => "utf-16be",
            Self::Other(encoding) => encoding.name(),
            Self::Unknown => "unknown",
        }
    }

    /// Whether its characters have two bytes.
    pub(crate) fn is_utf_16(self) -> bool {
        matches!(self, Self::Other(encoding) if encoding == UTF_16LE || encoding == UTF_16BE)
    }

    /// The encoding of a label such as `gbk` or `utf-8`.
    pub(crate) fn from_label(label: &str) -> Option<Self> {
        let encoding = encoding_rs::Encoding::for_label(label.trim().as_bytes())?;
        Some(match encoding.name() {
            "UTF-8" => Self::Utf8,
            // GB18030 reads everything that is GBK.
            "GBK" => Self::Other(GB18030),
            _ => Self::Other(encoding),
        })
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Self::Other(encoding) => Some(encoding.new_decoder_with_bom_removal()),
            Self::Ascii | Self::Utf8 | Self::Utf8Bom | Self::Unknown => None,
        }
    }
}

/// Recognises the encoding from the first bytes; `whole` when they are the whole file.
pub(crate) fn detect(head: &[u8], whole: bool) -> Encoding {
    if head.starts_with(b"\xef\xbb\xbf") {
        return Encoding::Utf8Bom;
    }
    if head.starts_with(b"\xff\xfe") {
        return Encoding::Other(UTF_16LE);
    }
    if head.starts_with(b"\xfe\xff") {
        return Encoding::Other(UTF_16BE);
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return Encoding::Other(encoding);
    }
    if head.is_ascii() && !head.contains(&0) {
        return Encoding::Ascii;
    }
    match std::str::from_utf8(head) {
        Ok(_) => return Encoding::Utf8,
        // A character cut by the end of the head.
        Err(fault) if fault.error_len().is_none() && !whole => return Encoding::Utf8,
        Err(_) => {}
    }
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(head.len() * 2 + 16);
    let (result, _) = decoder.decode_to_string_without_replacement(head, &mut text, whole);
    if result == DecoderResult::InputEmpty && text.chars().any(is_han) && !head.contains(&0) {
        return Encoding::Other(GB18030);
    }
    mostly_utf8(head).unwrap_or_else(|| guessed(head, whole))
}

/// ASCII in UTF-16 without a byte order mark: every other byte is 0.
fn utf16_without_mark(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let pairs = head.as_chunks::<2>().0.get(..256.min(head.len() / 2))?;
    let zeros = |at: usize| pairs.iter().filter(|pair| pair.get(at) == Some(&0)).count();
    let (even, odd) = (zeros(0), zeros(1));
    match (pairs.len() >= 8, even * 10 >= pairs.len() * 4, odd * 10 >= pairs.len() * 4) {
        (true, true, false) if odd == 0 => Some(UTF_16BE),
        (true, false, true) if even == 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// A few broken bytes in UTF-8 are broken cells, not another encoding.
fn mostly_utf8(head: &[u8]) -> Option<Encoding> {
    let broken = head.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    (broken * 20 <= head.len() && !head.contains(&0)).then_some(Encoding::Utf8)
}

/// The guess, last of all: only for what looks like text.
fn guessed(head: &[u8], whole: bool) -> Encoding {
    let control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    if head.iter().filter(control).count() * 50 > head.len() {
        return Encoding::Unknown;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    match detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow) {
        encoding if encoding == UTF_8 => Encoding::Utf8,
        encoding if encoding.name() == "GBK" => Encoding::Other(GB18030),
        encoding => Encoding::Other(encoding),
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The first bytes of a file as UTF-8, its byte order mark left off; a character cut by the end is left off too.
pub(crate) fn head_as_utf8(head: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    let mut transcoder = Transcoder::new(encoding);
    let mut text = head.to_vec();
    transcoder.take(&mut text, 0, false);
    Cow::Owned(text)
}

/// Turns a file into UTF-8, block by block.
pub(crate) struct Transcoder {
    encoding: Encoding,
    decoder: Option<Decoder>,
    /// Bytes of a UTF-8 byte order mark still to be left off.
    mark: usize,
    scratch: Vec<u8>,
}

impl Transcoder {
    /// For a file of an encoding.
    pub(crate) fn new(encoding: Encoding) -> Self {
        let mark = if encoding == Encoding::Utf8Bom { 3 } else { 0 };
        Self { encoding, decoder: encoding.decoder(), mark, scratch: Vec::new() }
    }

    /// The encoding: one that was ASCII so far may have turned out to be another.
    pub(crate) const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Replaces the block that begins at `start` of the buffer by its characters; `last`: nothing comes after it.
    pub(crate) fn take(&mut self, buffer: &mut Vec<u8>, start: usize, last: bool) {
        let Some(block) = buffer.get(start..) else { return };
        if self.encoding == Encoding::Ascii && !block.is_ascii() {
            // What was ASCII is the same in all of these.
            self.encoding = match detect(block, false) {
                Encoding::Ascii | Encoding::Utf8Bom | Encoding::Unknown => Encoding::Utf8,
                Encoding::Other(encoding) if !encoding.is_ascii_compatible() => Encoding::Utf8,
                found => found,
            };
            self.decoder = self.encoding.decoder();
        }
        if self.mark > 0 {
            let mark = self.mark.min(block.len());
            buffer.drain(start..start + mark);
            self.mark -= mark;
        }
        let Some(decoder) = &mut self.decoder else { return };
        self.scratch.clear();
        self.scratch.extend_from_slice(buffer.get(start..).unwrap_or_default());
        buffer.truncate(start);
        let (mut rest, mut written) = (self.scratch.as_slice(), start);
        loop {
            let room =
                decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len() * 4 + 16) + 1;
            // Room is made once: for each of a million bytes that are no character it would be the whole block again.
            if buffer.len() < written + room {
                buffer.resize(written + room, 0);
            }
            let Some(target) = buffer.get_mut(written..) else { return };
            let (result, read, wrote) = decoder.decode_to_utf8_without_replacement(rest, target, last);
            written += wrote;
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    if let Some(at) = buffer.get_mut(written) {
                        *at = NO_CHARACTER;
                    }
                    written += 1;
                }
            }
        }
        buffer.truncate(written);
        if last {
            self.decoder = None;
        }
    }
}

/// Whether a file begins as a web page that was saved with all its parts.
pub(crate) fn is_mhtml(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(1_024)).unwrap_or_default().to_ascii_lowercase();
    head.starts_with(b"mime-version:") && memchr::memmem::find(&head, b"multipart/related").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects() {
        let gbk = encoding_rs::GBK.encode("姓名,部门\n张三,财务部\n").0.into_owned();
        let cut = "数据".as_bytes().get(..4).unwrap();
        let mut one_broken = "姓名,部门,说明文字,更多的说明文字,还有一些说明\n".repeat(4).into_bytes();
        one_broken.push(0xff);
        for (name, head, whole, expected) in [
            ("ascii", b"a,b".as_slice(), true, Encoding::Ascii),
            ("empty", b"", true, Encoding::Ascii),
            ("utf-8", "姓名".as_bytes(), true, Encoding::Utf8),
            ("with a mark", b"\xef\xbb\xbfa", true, Encoding::Utf8Bom),
            ("a character cut by the head's end", cut, false, Encoding::Utf8),
            ("what Chinese Excel saves", &gbk, true, Encoding::Other(GB18030)),
            ("utf-16", b"\xff\xfea\0", true, Encoding::Other(UTF_16LE)),
            ("utf-16 big-endian", b"\xfe\xff\0a", true, Encoding::Other(UTF_16BE)),
            ("one broken byte", &one_broken, true, Encoding::Utf8),
            ("binary", b"\x7fELF\x02\0\0\xff\xfe\xfd\xfc\0\0", true, Encoding::Unknown),
        ] {
            assert_eq!(detect(head, whole), expected, "{name}");
        }
        assert_eq!(Encoding::from_label("GBK"), Some(Encoding::Other(GB18030)));
        assert_eq!(Encoding::from_label("utf8"), Some(Encoding::Utf8));
        assert_eq!(Encoding::from_label("klingon"), None);
    }

    fn text_of(bytes: &[u8], encoding: Encoding, block: usize) -> (Vec<u8>, Encoding) {
        let mut transcoder = Transcoder::new(encoding);
        let mut text = Vec::new();
        for block in bytes.chunks(block) {
            let start = text.len();
            text.extend_from_slice(block);
            transcoder.take(&mut text, start, false);
        }
        let start = text.len();
        transcoder.take(&mut text, start, true);
        (text, transcoder.encoding())
    }

    #[test]
    fn every_encoding_gives_the_same_characters_whatever_the_blocks() {
        let text = "编号,数据集\nJ1,账套\n";
        let gbk = encoding_rs::GBK.encode(text).0.into_owned();
        let utf16 = |big: bool, mark: bool| -> Vec<u8> {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let cases = [
            ("utf-8", text.as_bytes().to_vec()),
            ("utf-8-bom", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
            ("gb18030", gbk),
            ("utf-16le", utf16(false, true)),
            ("utf-16be", utf16(true, true)),
        ];
        for (name, bytes) in cases {
            let encoding = detect(&bytes, true);
            assert_eq!(encoding.name(), name);
            for block in [1, 2, 3, 7, 1_000] {
                let (found, _) = text_of(&bytes, encoding, block);
                assert_eq!(String::from_utf8(found).as_deref(), Ok(text), "{name} in blocks of {block}");
            }
        }
    }

    #[test]
    fn ascii_waits_for_the_first_other_character() {
        let mut bytes = b"id,name\n".repeat(10);
        bytes.extend_from_slice(&encoding_rs::GBK.encode("1,张三丰财务部\n").0);
        let (text, encoding) = text_of(&bytes, Encoding::Ascii, 80);
        assert_eq!(encoding.name(), "gb18030");
        assert!(String::from_utf8(text).unwrap().ends_with("1,张三丰财务部\n"));
    }

    #[test]
    fn bytes_that_are_no_characters_stay_none() {
        let mut bytes = encoding_rs::GBK.encode("编号,数据集名称与说明\n").0.into_owned();
        bytes.extend_from_slice(b"J1,\xff\n");
        let (text, _) = text_of(&bytes, Encoding::Other(GB18030), 5);
        assert!(text.ends_with(b"J1,\xff\n"), "{text:?}");
    }

    #[test]
    fn utf16_without_a_mark_is_seen_by_its_zeros() {
        let bytes: Vec<u8> = "id,name\n1,x\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect(&bytes, true).name(), "utf-16le");
    }
}
