//! Which characters the bytes are. UTF-8 is read; what else is recognised is refused by name until it can be decoded.

use encoding_rs::GB18030;

/// A recognised encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8 without byte order mark.
    Utf8,
    /// UTF-8 with byte order mark.
    Utf8Bom,
    /// UTF-16 little-endian.
    Utf16Le,
    /// UTF-16 big-endian.
    Utf16Be,
    /// GBK or GB18030: what Chinese Excel saves as CSV.
    Gb18030,
    /// None of these.
    Unknown,
}

impl Encoding {
    /// The name that outputs show.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gb18030 => "gb18030",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the bytes can be read as they are.
    pub(crate) const fn is_utf8(self) -> bool {
        matches!(self, Self::Utf8 | Self::Utf8Bom)
    }

    /// Bytes of the byte order mark.
    pub(crate) const fn mark(self) -> usize {
        match self {
            Self::Utf8Bom => 3,
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf8 | Self::Gb18030 | Self::Unknown => 0,
        }
    }

    /// The encoding of a label such as `gbk` or `utf-8`.
    pub(crate) fn from_label(label: &str) -> Option<Self> {
        let encoding = encoding_rs::Encoding::for_label(label.trim().as_bytes())?;
        Some(match encoding.name() {
            "UTF-8" => Self::Utf8,
            "UTF-16LE" => Self::Utf16Le,
            "UTF-16BE" => Self::Utf16Be,
            "GBK" | "gb18030" => Self::Gb18030,
            _ => Self::Unknown,
        })
    }
}

/// Recognises the encoding from the first bytes; `whole` when they are the whole file.
pub(crate) fn detect(head: &[u8], whole: bool) -> Encoding {
    if head.starts_with(b"\xef\xbb\xbf") {
        return Encoding::Utf8Bom;
    }
    if head.starts_with(b"\xff\xfe") {
        return Encoding::Utf16Le;
    }
    if head.starts_with(b"\xfe\xff") {
        return Encoding::Utf16Be;
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
    match result {
        encoding_rs::DecoderResult::InputEmpty if text.chars().any(is_han) => Encoding::Gb18030,
        _ => mostly_utf8(head),
    }
}

/// A few broken bytes in UTF-8 are broken cells, not another encoding.
fn mostly_utf8(head: &[u8]) -> Encoding {
    let broken = head.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    if broken * 20 <= head.len() && !head.contains(&0) { Encoding::Utf8 } else { Encoding::Unknown }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
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
            ("ascii", b"a,b".as_slice(), true, Encoding::Utf8),
            ("empty", b"", true, Encoding::Utf8),
            ("utf-8", "姓名".as_bytes(), true, Encoding::Utf8),
            ("with a mark", b"\xef\xbb\xbfa", true, Encoding::Utf8Bom),
            ("a character cut by the head's end", cut, false, Encoding::Utf8),
            ("what Chinese Excel saves", &gbk, true, Encoding::Gb18030),
            ("utf-16", b"\xff\xfea\0", true, Encoding::Utf16Le),
            ("utf-16 big-endian", b"\xfe\xff\0a", true, Encoding::Utf16Be),
            ("one broken byte", &one_broken, true, Encoding::Utf8),
            ("binary", b"\x7fELF\x02\0\0\xff\xfe\xfd\xfc\0\0", true, Encoding::Unknown),
        ] {
            assert_eq!(detect(head, whole), expected, "{name}");
        }
        assert_eq!(Encoding::from_label("GBK"), Some(Encoding::Gb18030));
        assert_eq!(Encoding::from_label("utf8"), Some(Encoding::Utf8));
        assert_eq!(Encoding::from_label("klingon"), None);
    }
}
