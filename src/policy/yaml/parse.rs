//! Events of the YAML parser → nodes, with every limit held while they come.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, options};

use super::{Limits, Mapping, Node, Scalar, Sequence, Span, Style, runs, said};

/// What is wrong with the text as YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not YAML; what the parser said.
    Syntax {
        /// In Chinese.
        zh: &'static str,
        /// In English.
        en: String,
    },
    /// A tab stands where only spaces may.
    Tab,
    /// A quote or bracket is never closed.
    Unclosed(String),
    /// A key stands twice in one mapping: the key, and where it stood first.
    DuplicateKey(String, Span),
    /// A key is a list or mapping.
    ComplexKey,
    /// Lists and mappings nest deeper than the limit.
    TooDeep(usize),
    /// More nodes than the limit, aliases counted where they are used.
    TooManyNodes(usize),
    /// More aliases than the limit.
    TooManyAliases(usize),
    /// Anchors and aliases repeat more nodes than the limit.
    TooManyRepeated(usize),
    /// An alias names no anchor, or the one it stands in.
    Alias,
    /// `!tag`: values here have no types of their own.
    Tag,
    /// A second document where one is expected.
    SecondDocument,
}

/// One fault and its bytes in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where.
    pub span: Span,
}

/// The one document of a file, `None` when it is empty or broken, and every fault found.
pub fn parse(text: &str, limits: Limits) -> (Option<Node>, Vec<Fault>) {
    let (documents, mut faults) = parse_all(text, limits);
    let mut documents = documents.into_iter();
    let first = documents.next();
    if let Some(second) = documents.next() {
        faults.push(Fault { kind: FaultKind::SecondDocument, span: second.span() });
    }
    (first, faults)
}

/// Every document of a file, up to the first that is broken, and every fault found.
pub fn parse_all(text: &str, limits: Limits) -> (Vec<Node>, Vec<Fault>) {
    let mut reader = Reader::new(text, limits);
    if u32::try_from(text.len()).is_err() {
        reader.fault(FaultKind::TooManyNodes(limits.nodes), Span::default());
        return (Vec::new(), reader.faults);
    }
    let options = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                if !reader.event(event, span) {
                    break;
                }
            }
            Err(error) => {
                reader.syntax(error.kind(), error.marker());
                break;
            }
        }
    }
    (reader.documents, reader.faults)
}

/// A list or mapping being read.
struct Open {
    start: usize,
    anchor: usize,
    /// Nesting below it so far, for aliases that will repeat it.
    height: usize,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<(Scalar, Node)>, seen: BTreeMap<String, Span>, key: Key },
}

/// What the mapping expects next.
enum Key {
    /// A key.
    Awaited,
    /// The value of this key.
    Read(Scalar),
    /// The value of a key that was refused.
    Refused,
}

/// An anchored node, and how large and deep it is.
struct Anchored {
    node: Node,
    nodes: usize,
    height: usize,
}

struct Reader<'a> {
    text: &'a str,
    limits: Limits,
    documents: Vec<Node>,
    faults: Vec<Fault>,
    stack: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    nodes: usize,
    aliases: usize,
    repeated: usize,
    /// End of what has been read without fault.
    reached: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, limits: Limits) -> Self {
        Self {
            text,
            limits,
            documents: Vec::new(),
            faults: Vec::new(),
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            aliases: 0,
            repeated: 0,
            reached: 0,
        }
    }

    fn fault(&mut self, kind: FaultKind, span: Span) {
        self.faults.push(Fault { kind, span });
    }

    fn offset(&self, marker: &Marker) -> usize {
        marker.byte_offset().unwrap_or(self.text.len()).min(self.text.len())
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        Span::new(self.offset(&span.start), self.offset(&span.end))
    }

    /// Takes one event; `false` stops the reading.
    fn event(&mut self, event: Event<'_>, place: granit_parser::Span) -> bool {
        let span = self.span(&place);
        self.reached = self.reached.max(span.end as usize);
        if event.tag().is_some() {
            let tag = place.tag_span().map_or(span, |tag| self.span(&tag));
            self.fault(FaultKind::Tag, tag);
        }
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let scalar = self.scalar(value.into_owned(), style, span);
                self.node(Node::Scalar(scalar), anchor, 0)
            }
            Event::SequenceStart(_, anchor, _) => self.open(span, anchor, OpenKind::Sequence(Vec::new())),
            Event::MappingStart(_, anchor, _) => {
                let kind = OpenKind::Mapping { entries: Vec::new(), seen: BTreeMap::new(), key: Key::Awaited };
                self.open(span, anchor, kind)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(_) => {
                self.fault(FaultKind::Alias, span);
                self.placeholder(span)
            }
            Event::DocumentEnd => {
                self.anchors.clear();
                true
            }
            _ => true,
        }
    }

    fn scalar(&self, value: String, style: ScalarStyle, mut span: Span) -> Scalar {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let raw = self.text.get(span.range()).unwrap_or_default();
        let raw = if style == Style::Block { raw.trim_end() } else { raw };
        span.end = Span::new(span.start as usize + raw.len(), 0).start;
        // Only a block is indented; other texts may stand by the thousand on one line, far from its start.
        let before = self.text.get(..span.start as usize).filter(|_| style == Style::Block).unwrap_or_default();
        let indent = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let runs = runs::runs(raw, span.start, indent, &value, style);
        Scalar::new(span, style, value, runs, self.text)
    }

    /// An empty scalar where the value could not be read, so that keys and values stay paired.
    fn placeholder(&mut self, span: Span) -> bool {
        let scalar = Scalar::new(span, Style::Plain, String::new(), Vec::new(), self.text);
        self.node(Node::Scalar(scalar), 0, 0)
    }

    fn count(&mut self, nodes: usize, span: Span) -> bool {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > self.limits.nodes {
            self.fault(FaultKind::TooManyNodes(self.limits.nodes), span);
            return false;
        }
        true
    }

    /// Counts nodes that are there already, before they are copied: a bomb never gets the memory.
    fn repeat(&mut self, nodes: usize, span: Span) -> bool {
        if !self.count(nodes, span) {
            return false;
        }
        self.repeated = self.repeated.saturating_add(nodes);
        if self.repeated > self.limits.repeated {
            self.fault(FaultKind::TooManyRepeated(self.limits.repeated), span);
            return false;
        }
        true
    }

    fn open(&mut self, span: Span, anchor: usize, kind: OpenKind) -> bool {
        if self.stack.len() >= self.limits.depth {
            self.fault(FaultKind::TooDeep(self.limits.depth), span);
            return false;
        }
        self.stack.push(Open { start: span.start as usize, anchor, height: 0, kind });
        true
    }

    fn close(&mut self, end: Span) -> bool {
        let Some(open) = self.stack.pop() else { return true };
        let last = |node: &Node| node.span().end as usize;
        // The end of a block is told where the next token starts; the last value says where the block really ended.
        let content_end = match &open.kind {
            OpenKind::Sequence(items) => items.last().map(last),
            OpenKind::Mapping { entries, .. } => entries.last().map(|(_, value)| last(value)),
        };
        let flow = self.text.get(end.range()).is_some_and(|text| text == "]" || text == "}");
        let end = if flow { end.end as usize } else { content_end.unwrap_or(open.start) };
        let span = Span::new(open.start, end);
        let node = match open.kind {
            OpenKind::Sequence(items) => Node::Sequence(Sequence { span, items }),
            OpenKind::Mapping { entries, .. } => Node::Mapping(Mapping { span, entries }),
        };
        self.node(node, open.anchor, open.height + 1)
    }

    fn alias(&mut self, id: usize, span: Span) -> bool {
        self.aliases += 1;
        if self.aliases > self.limits.aliases {
            self.fault(FaultKind::TooManyAliases(self.limits.aliases), span);
            return false;
        }
        let Some(anchored) = self.anchors.get(&id) else {
            // Known to the parser but not finished: the alias stands inside its own anchor.
            self.fault(FaultKind::Alias, span);
            return self.placeholder(span);
        };
        let (nodes, height) = (anchored.nodes, anchored.height);
        if self.stack.len() + height > self.limits.depth {
            self.fault(FaultKind::TooDeep(self.limits.depth), span);
            return false;
        }
        // The first of them is counted where it is handed on.
        if !self.repeat(nodes.saturating_sub(1), span) {
            return false;
        }
        let Some(node) = self.anchors.get(&id).map(|anchored| anchored.node.clone()) else { return true };
        self.node(node, 0, height)
    }

    /// Hands a finished node to whatever is open.
    fn node(&mut self, node: Node, anchor: usize, height: usize) -> bool {
        if !self.count(1, node.span()) {
            return false;
        }
        if anchor != 0 {
            let nodes = size(&node);
            // The copy kept for aliases is memory too.
            if !self.repeat(nodes, node.span()) {
                return false;
            }
            self.anchors.insert(anchor, Anchored { nodes, node: node.clone(), height });
        }
        let Some(open) = self.stack.last_mut() else {
            self.documents.push(node);
            return true;
        };
        open.height = open.height.max(height);
        match &mut open.kind {
            OpenKind::Sequence(items) => items.push(node),
            OpenKind::Mapping { entries, seen, key } => match std::mem::replace(key, Key::Awaited) {
                Key::Read(name) => entries.push((name, node)),
                Key::Refused => {}
                Key::Awaited => match node {
                    Node::Scalar(scalar) => {
                        let name = scalar.text(self.text).to_owned();
                        if let Some(first) = seen.get(&name) {
                            let kind = FaultKind::DuplicateKey(name, *first);
                            self.faults.push(Fault { kind, span: scalar.span });
                            *key = Key::Refused;
                        } else {
                            seen.insert(name, scalar.span);
                            *key = Key::Read(scalar);
                        }
                    }
                    other => {
                        *key = Key::Refused;
                        self.faults.push(Fault { kind: FaultKind::ComplexKey, span: other.span() });
                    }
                },
            },
        }
        true
    }

    fn syntax(&mut self, kind: &ErrorKind, marker: &Marker) {
        let mut start = self.offset(marker);
        let before = self.text.get(..start).unwrap_or_default();
        if kind.to_string().contains("tab") && before.ends_with('\t') {
            // The parser marks what follows the tab.
            start -= 1;
        }
        let fault = match kind {
            ErrorKind::TabInPlainScalar => {
                // The parser marks the value that the line with the tab would go on with.
                start = self.indenting_tab(start).unwrap_or(start);
                FaultKind::Tab
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart => FaultKind::Tab,
            ErrorKind::UnclosedQuotedScalar => FaultKind::Unclosed("quote".into()),
            ErrorKind::InvalidTrailingSingleQuotedScalar
            | ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar => match self.quote_of_an_earlier_line(start) {
                Some(quote) => {
                    start = quote;
                    FaultKind::Unclosed("quote".into())
                }
                None => syntax(kind),
            },
            ErrorKind::UnclosedFlowCollection { open } => FaultKind::Unclosed(open.to_string()),
            ErrorKind::BlockEntryInFlowCollection => match self.open_bracket() {
                Some((bracket, at)) => {
                    start = at;
                    FaultKind::Unclosed(bracket.to_string())
                }
                None => syntax(kind),
            },
            ErrorKind::RecursionLimitExceeded => FaultKind::TooDeep(self.limits.depth),
            other => syntax(other),
        };
        let length = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.fault(fault, Span::new(start, start + length));
    }

    /// The innermost bracket that is open, and where.
    fn open_bracket(&self) -> Option<(char, usize)> {
        self.stack.iter().rev().find_map(|open| {
            let first = self.text.get(open.start..)?.chars().next()?;
            matches!(first, '[' | '{').then_some((first, open.start))
        })
    }

    /// The first tab after `from` that stands in the indentation of a line.
    fn indenting_tab(&self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..)?;
        rest.match_indices('\n').find_map(|(newline, _)| {
            let line = rest.get(newline + 1..)?;
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            let tab = line.get(..blanks)?.find('\t')?;
            Some(from + newline + 1 + tab)
        })
    }

    /// Where the quoted text that goes wrong at `at` starts, when that is on an earlier line: its closing quote is
    /// missing there, and the next quote of the file, meant to open another text, was taken for it.
    fn quote_of_an_earlier_line(&self, at: usize) -> Option<usize> {
        let within = self.text.get(self.reached..at)?;
        let open = self.reached + within.find(['"', '\''])?;
        self.text.get(open..at)?.contains('\n').then_some(open)
    }
}

fn syntax(kind: &ErrorKind) -> FaultKind {
    FaultKind::Syntax { zh: said::in_chinese(kind), en: kind.to_string() }
}

/// Number of nodes in a tree, a text of its own counted as the nodes that would take its room. Depth is limited, so
/// recursion is.
fn size(node: &Node) -> usize {
    let scalar = |scalar: &Scalar| 1 + scalar.own_bytes() / size_of::<Node>();
    match node {
        Node::Scalar(text) => scalar(text),
        Node::Sequence(sequence) => 1 + sequence.items.iter().map(size).sum::<usize>(),
        Node::Mapping(mapping) => {
            1 + mapping.entries.iter().map(|(key, value)| scalar(key) + size(value)).sum::<usize>()
        }
    }
}
