//! One scalar: how it is written, what it says, and where each piece of it lies.

use serde::{Deserialize, Serialize};

use super::Span;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Style {
    /// Bare: may be a number, boolean or null.
    Plain,
    /// In single or double quotes: always text.
    Quoted,
    /// Literal (`|`) or folded (`>`): always text.
    Block,
}

/// A scalar as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scalar {
    /// The whole scalar in the file, quotes included and block header excluded.
    pub span: Span,
    /// How it is written.
    pub style: Style,
    content: Content,
}

/// Most scalars stand in the file as they read, so they hold no text of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Content {
    /// The value is these bytes of the file.
    Verbatim(Span),
    /// The value differs from the file: escapes, folded lines, indentation.
    Cooked {
        text: String,
        /// `(value offset, file offset)` of each run of bytes that lie in the file as in the value.
        runs: Vec<(u32, u32)>,
    },
}

/// What a plain scalar means in the YAML 1.2 core schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// Empty, `~`, `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// A whole number that fits 64 bits.
    Integer(i64),
    /// A number with point or exponent, or one too large for 64 bits: read its text.
    Number,
    /// Anything else, quoted and block scalars included.
    Text,
}

impl Scalar {
    /// A scalar from its runs: value offset, file offset.
    pub(super) fn new(span: Span, style: Style, text: String, runs: Vec<(u32, u32)>, source: &str) -> Self {
        let content = match runs.as_slice() {
            [] if text.is_empty() => Content::Verbatim(Span { start: span.start, end: span.start }),
            [(0, start)] => {
                let verbatim = Span::new(*start as usize, *start as usize + text.len());
                if source.get(verbatim.range()) == Some(text.as_str()) {
                    Content::Verbatim(verbatim)
                } else {
                    Content::Cooked { text, runs }
                }
            }
            _ => Content::Cooked { text, runs },
        };
        Self { span, style, content }
    }

    /// The value. `source` is the text the scalar was parsed from.
    pub fn text<'a>(&'a self, source: &'a str) -> &'a str {
        match &self.content {
            Content::Verbatim(span) => source.get(span.range()).unwrap_or_default(),
            Content::Cooked { text, .. } => text,
        }
    }

    /// Bytes that it holds beside the file.
    pub(super) fn own_bytes(&self) -> usize {
        match &self.content {
            Content::Verbatim(_) => 0,
            Content::Cooked { text, runs } => text.len() + size_of_val(runs.as_slice()),
        }
    }

    /// `(value offset, file offset)` of each run of value bytes that lie in the file as they do in the value.
    pub fn runs(&self) -> Vec<(u32, u32)> {
        match &self.content {
            Content::Verbatim(span) => vec![(0, span.start)],
            Content::Cooked { runs, .. } => runs.clone(),
        }
    }

    /// What the scalar means in the core schema.
    pub fn plain(&self, source: &str) -> Plain {
        if self.style == Style::Plain { Plain::of(self.text(source)) } else { Plain::Text }
    }
}

impl Plain {
    /// What an unquoted `text` means in the core schema.
    pub fn of(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Self::Null,
            "true" | "True" | "TRUE" => return Self::Boolean(true),
            "false" | "False" | "FALSE" => return Self::Boolean(false),
            ".inf" | ".Inf" | ".INF" | "+.inf" | "-.inf" | ".nan" | ".NaN" | ".NAN" => return Self::Text,
            _ => {}
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let unsigned = text.strip_prefix('+').unwrap_or(text);
            return unsigned.parse().map_or(Self::Number, Self::Integer);
        }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] {
            if let Some(rest) = text.strip_prefix(prefix) {
                if let Ok(value) = i64::from_str_radix(rest, radix)
                    && !rest.starts_with(['+', '-'])
                {
                    return Self::Integer(value);
                }
                return Self::Text;
            }
        }
        if is_decimal(digits) { Self::Number } else { Self::Text }
    }
}

/// `[0-9]* ( . [0-9]* )? ( [eE] [-+]? [0-9]+ )?` with at least one digit before the exponent.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_holds = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    (!whole.is_empty() || !fraction.is_empty()) && digits(whole) && digits(fraction) && exponent_holds
}
