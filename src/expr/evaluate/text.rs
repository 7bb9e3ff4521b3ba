//! Texts, by code point.

use arrow::datatypes::Int64Type;

use super::{Args, Undecided, Value};

/// What `TRIM` takes off: space, tab, line breaks, no-break space, ideographic space.
pub(in super::super) const BLANKS: [char; 8] = [' ', '\t', '\n', '\u{b}', '\u{c}', '\r', '\u{a0}', '\u{3000}'];

/// Longest text a function gives: nothing in a table is longer, and `REPLACE` upon `REPLACE` must end somewhere.
const LIMIT: usize = 16 << 20;

fn bounded(text: String) -> Result<String, Undecided> {
    if text.len() > LIMIT { Err(Undecided) } else { Ok(text) }
}

pub(in super::super) fn concat(args: &Args<'_>) -> Option<Value> {
    let (a, b) = (args.text(0)?, args.text(1)?);
    Some(args.strict_texts(|row| bounded([a.get(row), b.get(row)].concat())))
}

pub(in super::super) fn matches(args: &Args<'_>) -> Option<Value> {
    let (x, pattern) = (args.text(0)?, args.pattern?);
    Some(args.strict_booleans(|row| Ok(pattern.matches(x.get(row)))))
}

pub(in super::super) fn lower(args: &Args<'_>) -> Option<Value> {
    let x = args.text(0)?;
    Some(args.strict_texts(|row| Ok(x.get(row).to_ascii_lowercase())))
}

pub(in super::super) fn upper(args: &Args<'_>) -> Option<Value> {
    let x = args.text(0)?;
    Some(args.strict_texts(|row| Ok(x.get(row).to_ascii_uppercase())))
}

pub(in super::super) fn trim(args: &Args<'_>) -> Option<Value> {
    let x = args.text(0)?;
    Some(args.strict_texts(|row| Ok(x.get(row).trim_matches(BLANKS).to_owned())))
}

pub(in super::super) fn length(args: &Args<'_>) -> Option<Value> {
    let x = args.text(0)?;
    Some(args.strict_primitives::<Int64Type>(|row| i64::try_from(x.get(row).chars().count()).map_err(|_| Undecided)))
}

pub(in super::super) fn substr(args: &Args<'_>) -> Option<Value> {
    let (x, start, length) = (args.text(0)?, args.primitive::<Int64Type>(1)?, args.primitive::<Int64Type>(2));
    Some(args.strict_texts(|row| {
        let skip = usize::try_from(start.get(row).checked_sub(1).ok_or(Undecided)?).map_err(|_| Undecided)?;
        let rest = x.get(row).chars().skip(skip);
        Ok(match &length {
            Some(length) => rest.take(usize::try_from(length.get(row)).map_err(|_| Undecided)?).collect(),
            None => rest.collect(),
        })
    }))
}

pub(in super::super) fn replace(args: &Args<'_>) -> Option<Value> {
    let (x, from, to) = (args.text(0)?, args.text(1)?, args.text(2)?);
    Some(args.strict_texts(|row| {
        let (x, from, to) = (x.get(row), from.get(row), to.get(row));
        if from.is_empty() {
            return Ok(x.to_owned());
        }
        if to.len() > from.len() && x.matches(from).count().saturating_mul(to.len()) > LIMIT {
            return Err(Undecided);
        }
        bounded(x.replace(from, to))
    }))
}

pub(in super::super) fn starts_with(args: &Args<'_>) -> Option<Value> {
    let (x, part) = (args.text(0)?, args.text(1)?);
    Some(args.strict_booleans(|row| Ok(x.get(row).starts_with(part.get(row)))))
}

pub(in super::super) fn ends_with(args: &Args<'_>) -> Option<Value> {
    let (x, part) = (args.text(0)?, args.text(1)?);
    Some(args.strict_booleans(|row| Ok(x.get(row).ends_with(part.get(row)))))
}

pub(in super::super) fn contains(args: &Args<'_>) -> Option<Value> {
    let (x, part) = (args.text(0)?, args.text(1)?);
    Some(args.strict_booleans(|row| Ok(x.get(row).contains(part.get(row)))))
}
