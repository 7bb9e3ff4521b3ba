//! What is wrong with a file the user gave us: which rule, where, and what to do.

use std::sync::Arc;

use super::{Source, Span, Text};

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The file, control or cell cannot be used as it stands.
    Error,
    /// It can be used, and somebody should look.
    Warning,
}

/// A stable name of one kind of fault, declared once in its layer's `codes.rs`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    /// `family/what`, e.g. `policy/unknown-column`.
    pub id: &'static str,
    /// How grave it is.
    pub level: Level,
    /// The sentences that `hegui explain CODE` prints, in Chinese.
    pub explain_zh: &'static str,
    /// The same in English.
    pub explain_en: &'static str,
}

/// Where a diagnostic points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a policy or workspace file.
    Source {
        /// The file.
        source: Arc<Source>,
        /// Bytes within it.
        span: Span,
    },
    /// A row or cell of an evidence file.
    Row {
        /// Path relative to the workspace.
        file: String,
        /// Sheet, for workbooks.
        sheet: Option<String>,
        /// Row as the program that opens the file shows it, from 1.
        row: u64,
        /// Physical line of a text file, from 1.
        line: Option<u64>,
        /// Column heading or JSON pointer.
        column: Option<String>,
    },
    /// A file or folder as a whole.
    File {
        /// Path relative to the workspace.
        path: String,
    },
}

impl Place {
    /// `file:line:column`, `file:row` or `file`, as diagnostics and lists print it.
    pub fn display(&self) -> String {
        match self {
            Self::Source { source, span } => {
                let at = source.line_column(span.start);
                format!("{}:{}:{}", source.name, at.line, at.column)
            }
            Self::Row { file, sheet, row, column, .. } => {
                let sheet = sheet.as_ref().map(|name| format!("[{name}]")).unwrap_or_default();
                let column = column.as_ref().map(|name| format!(":{name}")).unwrap_or_default();
                format!("{file}{sheet}:{row}{column}")
            }
            Self::File { path } => path.clone(),
        }
    }

    /// The file the place is in.
    pub fn file(&self) -> &str {
        match self {
            Self::Source { source, .. } => &source.name,
            Self::Row { file, .. } => file,
            Self::File { path } => path,
        }
    }

    fn sort_key(&self) -> (&str, u64, u64) {
        match self {
            Self::Source { source, span } => (&source.name, u64::from(span.start), u64::from(span.end)),
            Self::Row { file, row, line, .. } => (file, *row, line.unwrap_or_default()),
            Self::File { path } => (path, 0, 0),
        }
    }
}

/// A further place that explains the fault, e.g. where the other of two duplicates stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there.
    pub text: Text,
}

/// One fault in a file the user gave us.
///
/// The message says what is wrong (lowercase start, no full stop, the user's words in backticks), the label under
/// the caret says what stands there, the help says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of fault.
    pub code: &'static Code,
    /// What is wrong.
    pub message: Text,
    /// Where; `None` when it concerns no file.
    pub place: Option<Place>,
    /// What stands at the place, printed under the caret.
    pub label: Option<Text>,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// What to do.
    pub help: Option<Text>,
}

impl Diagnostic {
    /// A diagnostic without place, label or help.
    pub fn new(code: &'static Code, message: Text) -> Self {
        Self { code, message, place: None, label: None, related: Vec::new(), help: None }
    }

    /// Points at bytes of a source file.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Span) -> Self {
        self.place = Some(Place::Source { source: Arc::clone(source), span });
        self
    }

    /// Points at any place.
    #[must_use]
    pub fn at_place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: Text) -> Self {
        self.label = Some(label);
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, place: Place, text: Text) -> Self {
        self.related.push(Label { place, text });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }
}

/// Orders by file, position and code, so that two runs print the same, and drops exact repeats.
pub fn sort_diagnostics(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| {
            d.place.as_ref().map(|place| {
                let (file, first, second) = place.sort_key();
                (file.to_owned(), first, second)
            })
        };
        (key(a), a.code.id, &a.message).cmp(&(key(b), b.code.id, &b.message))
    });
    diagnostics.dedup();
}
