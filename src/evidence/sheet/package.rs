//! ZIP packages of XML parts, the shape of XLSX and ODS: what they expand to is known before it is read, and held to.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Cursor, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::fault::Fault;
use crate::evidence::Limits;
use crate::evidence::archive::End;

/// Parts of a package; a workbook has tens.
const PARTS: usize = 10_000;
/// Packages that expand to less are not asked how densely they are packed.
const SMALL: u64 = 64 << 20;

/// An open package.
pub(crate) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Number of each part by its name in lower case: names do not distinguish.
    parts: BTreeMap<String, usize>,
    token: usize,
}

impl<'b> Package<'b> {
    /// Reads the central directory.
    ///
    /// # Errors
    /// When it is damaged, or says that the parts together expand beyond the limits.
    pub(crate) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, Fault> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| no_zip())?;
        if archive.len() > PARTS {
            return Err(Fault::too_large(
                format!("压缩包有 {} 个部分，超过 {PARTS}", archive.len()),
                format!("the package has {} parts, more than {PARTS}", archive.len()),
            ));
        }
        let end = End::of(&mut Cursor::new(bytes)).ok().flatten();
        if end.and_then(|end| end.members).is_some_and(|parts| usize::from(parts) != archive.len() % (1 << 16)) {
            return Err(Fault::damaged("两个部分同名".into(), "two of its parts have one name".into()));
        }
        let mut parts = BTreeMap::new();
        let (mut expanded, mut packed, mut first) = (0_u64, 0_u64, u64::MAX);
        for number in 0..archive.len() {
            let entry = archive.by_index_data(number).map_err(|_| no_zip())?;
            first = first.min(entry.header_start());
            expanded = expanded.saturating_add(entry.size());
            packed = packed.saturating_add(entry.compressed_size());
            if let Ok(name) = entry.name() {
                parts.entry(key(&name)).or_insert(number);
            }
        }
        if !archive.is_empty() && first > 0 {
            return Err(Fault::damaged(
                "工作簿之前还有别的内容，可能是几个文件接在一起".into(),
                "other bytes stand before the workbook: it may be several files joined together".into(),
            ));
        }
        let limit = limits.expanded_bytes;
        if expanded > limit {
            return Err(Fault::too_large(
                format!("压缩包展开后有 {expanded} 字节，超过上限 {limit}"),
                format!("the package expands to {expanded} bytes, more than the limit of {limit}"),
            ));
        }
        let (ratio, most) = (expanded / packed.min(bytes.len() as u64).max(1), limits.expansion_ratio);
        if expanded > SMALL && ratio > most {
            return Err(Fault::too_large(
                format!("压缩包展开为 {ratio} 倍，超过上限 {most} 倍"),
                format!("the package expands {ratio} times, more than the limit of {most}"),
            ));
        }
        Ok(Self { archive, parts, token: limits.cell_bytes.saturating_mul(8) })
    }

    /// Whether a part's name begins so, in lower case.
    pub(crate) fn has_under(&self, beginning: &str) -> bool {
        self.under(beginning).next().is_some()
    }

    /// Names of parts that begin so, in lower case.
    pub(crate) fn under(&self, beginning: &str) -> impl Iterator<Item = &str> {
        let parts = self.parts.range(beginning.to_owned()..).map(|(name, _)| name.as_str());
        parts.take_while(move |name| name.starts_with(beginning))
    }

    /// Whether there is a part of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&key(name))
    }

    /// A part, to be read as XML; `None` when there is none of this name.
    ///
    /// # Errors
    /// When it is damaged or encrypted.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Xml<Part<'_>>>, Fault> {
        let token = self.token;
        Ok(self.open_part(name)?.map(|part| Xml::new(part, token)))
    }

    /// The text of a small part.
    ///
    /// # Errors
    /// As [`Package::part`], and when it is larger than `most`.
    pub(crate) fn small(&mut self, name: &str, most: usize) -> Result<Option<Vec<u8>>, Fault> {
        let Some(part) = self.open_part(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        part.take(most as u64).read_to_end(&mut bytes).map_err(|fault| io_fault(&fault))?;
        Ok(Some(bytes))
    }

    fn open_part(&mut self, name: &str) -> Result<Option<Part<'_>>, Fault> {
        let Some(number) = self.parts.get(&key(name)) else { return Ok(None) };
        match self.archive.by_index(*number) {
            Ok(file) => Ok(Some(Part { left: file.size(), file: Box::new(file) })),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => Err(Fault::encrypted()),
            Err(_) => Err(no_zip()),
        }
    }
}

/// What a part is looked up by. Some programs write `xl\workbook.xml`; nothing is ever written under such a name.
pub(crate) fn key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

fn no_zip() -> Fault {
    Fault::damaged("压缩包不完整".into(), "its package is not whole".into())
}

/// What a failed read means.
fn io_fault(fault: &io::Error) -> Fault {
    if fault.kind() == io::ErrorKind::FileTooLarge {
        return Fault::too_large(
            "文件中有一段过长，或展开后比它声明的更大".into(),
            "a piece of the file is too long, or expands to more than it declares".into(),
        );
    }
    no_zip()
}

/// A part being inflated: no more of it than the directory declared.
pub(crate) struct Part<'a> {
    file: Box<dyn Read + Send + 'a>,
    left: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(room)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "more than declared"))?;
        Ok(count)
    }
}

/// A buffer that gives no more than so many bytes at a time of asking.
pub(crate) struct Bounded<R> {
    source: R,
    buffer: Box<[u8]>,
    at: usize,
    end: usize,
    left: usize,
}

impl<R: Read> Bounded<R> {
    fn new(source: R) -> Self {
        Self { source, buffer: vec![0; 64 << 10].into(), at: 0, end: 0, left: 0 }
    }

    /// Goes behind the next place where `needle` stands; `false` when it does not come.
    fn skip_past(&mut self, needle: &[u8]) -> io::Result<bool> {
        let finder = memchr::memmem::Finder::new(needle);
        let mut tail: Vec<u8> = Vec::new();
        loop {
            self.left = usize::MAX;
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            // A needle that began in the buffer before.
            let joint = needle.len() - 1;
            tail.extend_from_slice(buffer.get(..joint.min(buffer.len())).unwrap_or_default());
            let before = tail.len() - joint.min(buffer.len());
            if let Some(at) = finder.find(&tail) {
                let used = (at + needle.len()).saturating_sub(before);
                self.consume(used);
                return Ok(true);
            }
            if let Some(at) = finder.find(buffer) {
                let used = at + needle.len();
                self.consume(used);
                return Ok(true);
            }
            let length = buffer.len();
            tail.extend_from_slice(buffer.get(joint.min(length)..).unwrap_or_default());
            tail = tail.split_off(tail.len().saturating_sub(joint));
            self.consume(length);
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let mut buffer = self.fill_buf()?;
        let count = buffer.read(room)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a piece that is too long"));
        }
        if self.at >= self.end {
            self.at = 0;
            self.end = self.source.read(&mut self.buffer)?;
        }
        Ok(self.buffer.get(self.at..self.end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
        self.left = self.left.saturating_sub(count);
    }
}

/// Elements within each other; the reader remembers each that is open.
const DEPTH: usize = 1_000;

/// XML read event by event: no DTD, no entity of its own, no piece beyond the limit.
pub(crate) struct Xml<R> {
    reader: quick_xml::Reader<Bounded<R>>,
    buffer: Vec<u8>,
    token: usize,
    /// Elements that are open.
    depth: usize,
}

impl<R: Read> Xml<R> {
    /// Reads `source`; a piece of it has at most `token` bytes.
    pub(crate) fn new(source: R, token: usize) -> Self {
        let mut reader = quick_xml::Reader::from_reader(Bounded::new(source));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::with_capacity(1 << 10), token, depth: 0 }
    }

    /// The next event. Empty elements come as a start and an end.
    ///
    /// # Errors
    /// When the source is damaged, is no XML, ends within an element or passes a limit.
    pub(crate) fn next(&mut self) -> Result<Event<'_>, Fault> {
        self.buffer.clear();
        self.reader.get_mut().left = self.token;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::DocType(_)) => Err(Fault::damaged("XML 带有 DTD".into(), "its XML has a DTD".into())),
            // A part that is cut short would be a shorter one.
            Ok(Event::Eof) if self.depth > 0 => Err(cut_short()),
            Ok(Event::Start(_)) if self.depth >= DEPTH => Err(Fault::too_large(
                format!("XML 嵌套超过 {DEPTH} 层"),
                format!("its XML is nested deeper than {DEPTH}"),
            )),
            Ok(event) => {
                match &event {
                    Event::Start(element) if !has_whole_attributes(element) => return Err(no_xml()),
                    Event::Start(_) => self.depth += 1,
                    Event::End(_) => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                Ok(event)
            }
            Err(quick_xml::Error::Io(fault)) => Err(io_fault(&fault)),
            Err(_) => Err(no_xml()),
        }
    }

    /// Goes behind `</needle>` without looking at what comes before; what follows is read without the elements around it.
    ///
    /// # Errors
    /// When the source is damaged.
    pub(crate) fn skip_past(mut self, needle: &[u8]) -> Result<Option<Self>, Fault> {
        let found = self.reader.get_mut().skip_past(needle).map_err(|fault| io_fault(&fault))?;
        if !found {
            return Ok(None);
        }
        let mut reader = quick_xml::Reader::from_reader(self.reader.into_inner());
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_unmatched_ends = true;
        Ok(Some(Self { reader, buffer: self.buffer, token: self.token, depth: 0 }))
    }

    /// Goes behind the end of the element begun last.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        self.within(|_| Ok(()))
    }

    /// Gives `each` what stands in the element begun last, up to its end.
    ///
    /// # Errors
    /// As [`Xml::next`], and those of `each`.
    pub(crate) fn within(&mut self, mut each: impl FnMut(&Event<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut depth = 1_u64;
        while depth > 0 {
            let event = self.next()?;
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
            each(&event)?;
        }
        Ok(())
    }

    /// Appends the text up to the end of the element begun last, that of the elements named in `without` left out.
    ///
    /// # Errors
    /// As [`Xml::next`].
    pub(crate) fn text(&mut self, without: &[&str], into: &mut String) -> Result<(), Fault> {
        let (mut depth, mut hidden) = (1_u64, 0_u64);
        loop {
            let event = self.next()?;
            match event {
                Event::Start(start) => {
                    depth += 1;
                    if hidden > 0 || without.contains(&start.local_name().as_ref()) {
                        hidden += 1;
                    }
                }
                Event::End(_) => {
                    depth -= 1;
                    hidden = hidden.saturating_sub(1);
                    if depth == 0 {
                        return Ok(());
                    }
                }
                Event::Eof => return Err(cut_short()),
                event if hidden == 0 => characters(&event, into)?,
                _ => {}
            }
        }
    }
}

/// Appends the characters of an event that is text.
pub(crate) fn characters(event: &Event<'_>, into: &mut String) -> Result<(), Fault> {
    match event {
        Event::Text(text) => into.push_str(&text.xml10_content()),
        Event::CData(text) => into.push_str(&text.xml10_content()),
        Event::GeneralRef(name) => {
            let character = name.resolve_char_ref().map_err(|_| no_xml())?;
            match (character, resolve_predefined_entity(name)) {
                (Some(character), _) => into.push(character),
                (None, Some(text)) => into.push_str(text),
                (None, None) => return Err(no_xml()),
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether every attribute of an element can be read: behind one that cannot, others would be missed.
fn has_whole_attributes(element: &BytesStart<'_>) -> bool {
    // Workbooks have millions of them, nearly all as plain as can be.
    are_plain(element.attributes_raw().as_bytes()) || can_be_read(element)
}

/// Whether attributes are names with values in double quotes, a blank between two, and nothing to resolve in them.
fn are_plain(attributes: &[u8]) -> bool {
    let (mut inside, mut before) = (false, b' ');
    for byte in attributes {
        let fits = match (inside, byte) {
            (_, b'&') => false,
            (true, _) => true,
            (false, b'"') => before == b'=',
            (false, b'=') => !matches!(before, b'=' | b'"' | b' '),
            (false, b' ') => matches!(before, b'"' | b' '),
            (false, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'-' | b'_') => !matches!(before, b'=' | b'"'),
            (false, _) => false,
        };
        if !fits {
            return false;
        }
        inside ^= *byte == b'"';
        before = *byte;
    }
    !inside && matches!(before, b'"' | b' ')
}

fn can_be_read(element: &BytesStart<'_>) -> bool {
    element.attributes().with_checks(false).all(|attribute| {
        attribute.is_ok_and(|attribute| {
            !attribute.value.contains('&') || quick_xml::escape::unescape(&attribute.value).is_ok()
        })
    })
}

/// The value of an attribute by its name without prefix.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        if attribute.key.local_name().as_ref() == name {
            return quick_xml::escape::unescape(&attribute.value).ok().map(std::borrow::Cow::into_owned);
        }
    }
    None
}

/// Whether an attribute says yes.
pub(crate) fn says_yes(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "True" | "on"))
}

/// Not well-formed.
pub(crate) fn no_xml() -> Fault {
    Fault::damaged("内容不是有效的 XML".into(), "its content is no valid XML".into())
}

/// Ends too early.
pub(crate) fn cut_short() -> Fault {
    Fault::damaged("内容没有结束".into(), "its content is cut short".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_need_a_second_look_are_told_from_plain_ones() {
        for (attributes, plain, whole) in [
            ("", true, true),
            (r#" r="A1" s="1" t="s""#, true, true),
            (r#" table:style-name="ta1"  a="=x b='"  "#, true, true),
            (r" a='1'", false, true),
            (r#" a = "1""#, false, true),
            (r#" a="x &amp; y""#, false, true),
            (r#" 编号="1""#, false, true),
            (r#" a="x & y""#, false, false),
            (r" a=1", false, false),
            (r#" a b="1""#, false, false),
            (r#" a="1"b="2""#, false, true),
            (r#" a=="1""#, false, false),
            (r#" a="1"#, false, false),
            (r#" ="1""#, false, false),
        ] {
            assert_eq!(are_plain(attributes.as_bytes()), plain, "{attributes}");
            let element = BytesStart::from_content(format!("c{attributes}"), 1);
            assert_eq!(has_whole_attributes(&element), whole, "{attributes}");
        }
    }
}
