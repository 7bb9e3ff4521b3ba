//! Faults that chance makes: how each kind breaks one thing.

use super::super::differential::random::Random;
use super::clean::{EVIDENCE, Files, MANIFEST};
use super::parsed::{Cell, Form, Parsed, Row};
use super::{Changes, Fault};

/// What a kind of fault can do to what the evidence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It only damages: no outcome may become better.
    Damage,
    /// It may say something else that reads as well as the truth (another date, a blank that means "still employed"):
    /// an outcome may become better where nothing became illegible and no SHA-256 is stated. No tool can see that.
    Lie,
    /// The same of two columns at once: what the one now holds may be illegible, and a check that reads only the other
    /// never sees it.
    TwoLies,
}

/// A kind of fault: its name, what it can do, and how it breaks something, if this time it finds something to break.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) class: Class,
    pub(super) make: fn(&Files, &str, &mut Random) -> Option<Fault>,
}

const fn damage(name: &'static str, make: fn(&Files, &str, &mut Random) -> Option<Fault>) -> Kind {
    Kind { name, class: Class::Damage, make }
}

pub(super) const fn lie(name: &'static str, make: fn(&Files, &str, &mut Random) -> Option<Fault>) -> Kind {
    Kind { name, class: Class::Lie, make }
}

/// Every kind.
#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    lie("cell: blanked", |files, _, random| cell(files, random, |_, _| Some(String::new()))),
    lie("cell: junk in its place", |files, _, random| cell(files, random, |_, _| Some("？乱&码".to_owned()))),
    lie("cell: the value of another row", other_value),
    lie("cell: full-width", |files, _, random| cell(files, random, |old, _| Some(full_width(old)))),
    lie("cell: sign flipped", |files, _, random| cell(files, random, |old, _| old.parse::<f64>().ok().map(|_| format!("-{old}")))),
    lie("cell: #N/A", |files, _, random| cell(files, random, |_, _| Some("#N/A".to_owned()))),
    lie("cell: a digit lost", |files, _, random| cell(files, random, without_a_digit)),
    lie("cell: a date by one day", |files, _, random| cell(files, random, by_a_day)),
    damage("cell: a quote never closed", |files, _, random| table(files, random, |text, parsed, random| {
        let cell = any_cell(parsed, random)?;
        Some((splice(text, &(cell.at.start..cell.at.start), "\""), cell.column.clone()))
    })),
    damage("row: deleted", |files, _, random| row(files, random, |_, _, _| Some(String::new()))),
    damage("row: doubled", |files, _, random| row(files, random, |text, row, _| Some(text[row.at.clone()].repeat(2)))),
    damage("row: moved", |files, _, random| rows(files, random, |text, parsed, random| Some(moved(text, parsed, random)))),
    damage("row: cut short", |files, _, random| row(files, random, |text, row, random| {
        let kept = row.cells.get(random.below(row.cells.len().max(2) - 1)).map_or(row.at.start, |cell| cell.at.end);
        Some(format!("{}\n", &text[row.at.start..kept]))
    })),
    damage("row: one cell too many", |files, _, random| table(files, random, |text, parsed, random| {
        let row = random.pick(&parsed.rows);
        let end = row.cells.last()?.at.end;
        let delimiter = if text[row.at.clone()].contains('\t') { "\t" } else { "," };
        Some((splice(text, &(end..end), &format!("{delimiter}多")), String::new()))
    })),
    lie("line of a document: deleted", |files, _, random| line(files, random, |_, _, _| Some(String::new()))),
    lie("line of a document: doubled", |files, _, random| line(files, random, |text, row, _| Some(text[row.at.clone()].repeat(2)))),
    damage("key of a document: renamed in every record", |files, _, random| document(files, random, renamed_key)),
    damage("document: wrapped in an object", |files, _, random| document(files, random, |text, _| Some(wrapped(text)))),
    damage("file: deleted", |files, _, random| file(files, random, |_, _, _| None)),
    damage("file: emptied", |files, _, random| file(files, random, |_, _, _| Some(Vec::new()))),
    damage("file: cut at some byte", |files, _, random| file(files, random, |_, old, random| Some(old[..random.below(old.len())].to_vec()))),
    damage("file: random bytes", |files, _, random| file(files, random, |_, old, random| Some(old.iter().map(|_| random.below(256).to_le_bytes()[0]).collect()))),
    damage("file: the contents of another", |files, _, random| file(files, random, |files, _, random| {
        let all: Vec<&Vec<u8>> = files.values().collect();
        Some((*random.pick(&all)).clone())
    })),
    damage("file: doubled under another name", |files, _, random| {
        let (path, bytes) = any(files, random);
        let (stem, suffix) = path.rsplit_once('.')?;
        Some(changed(path, vec![(format!("{stem} (1).{suffix}"), Some(bytes.clone()))]))
    }),
    damage("file: renamed to nonsense", |files, _, random| {
        let (path, bytes) = any(files, random);
        let suffix = path.rsplit_once('.')?.1;
        let nonsense = format!("{EVIDENCE}zzqq{}.{suffix}", random.below(1_000));
        Some(changed(path, vec![(path.to_owned(), None), (nonsense, Some(bytes.clone()))]))
    }),
    lie("header: renamed", |files, _, random| heading(files, random, |_, _| Some("莫名其妙".to_owned()))),
    damage("header: deleted", |files, _, random| table(files, random, |text, parsed, _| Some((splice(text, &parsed.head.as_ref()?.at, ""), String::new())))),
    damage("header: one doubled", |files, _, random| heading(files, random, |others, random| Some(random.pick(others).clone()))),
    Kind { name: "header: two swapped", class: Class::TwoLies, make: |files, _, random| table(files, random, |text, parsed, random| {
        let head = parsed.head.as_ref()?;
        let (a, b) = (random.below(head.cells.len()), random.below(head.cells.len()));
        if a == b { return None; }
        let (a, b) = (&head.cells[a.min(b)].at, &head.cells[a.max(b)].at);
        Some((splice(&splice(text, b, &text[a.clone()]), a, &text[b.clone()]), text[a.clone()].to_owned()))
    }) },
    damage("header: repeated among the rows", |files, _, random| table(files, random, |text, parsed, random| {
        let (head, at) = (&text[parsed.head.as_ref()?.at.clone()], random.pick(&parsed.rows).at.start);
        Some((splice(text, &(at..at), head.trim_start_matches('\u{feff}')), String::new()))
    })),
    damage("encoding: saved as GBK", |files, _, random| text_file(files, random, |text| encoding_rs::GBK.encode(text.trim_start_matches('\u{feff}')).0.into_owned())),
    damage("encoding: saved as UTF-16", |files, _, random| text_file(files, random, |text| {
        let text = format!("\u{feff}{}", text.trim_start_matches('\u{feff}'));
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    })),
    damage("encoding: byte order mark added or taken away", |files, _, random| text_file(files, random, |text| {
        text.strip_prefix('\u{feff}').map_or_else(|| format!("\u{feff}{text}"), str::to_owned).into_bytes()
    })),
    damage("encoding: a byte made invalid", |files, _, random| file(files, random, |_, old, random| {
        let mut bytes = old.to_vec();
        let at = random.below(bytes.len());
        bytes[at] = 0xff;
        Some(bytes)
    })),
    damage("line ends: the other kind", |files, _, random| text_file(files, random, |text| {
        if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text.replace('\n', "\r\n") }.into_bytes()
    })),
    damage("manifest: rows off by one", |_, manifest, random| entry(manifest, random, |text, random| {
        let (before, rows) = text.split_once("rows: ")?;
        let (rows, after) = rows.split_once('\n')?;
        let rows: u64 = rows.parse().ok()?;
        Some(format!("{before}rows: {}\n{after}", if random.percent(50) { rows + 1 } else { rows - 1 }))
    })),
    damage("manifest: a file that is not there", |_, manifest, random| entry(manifest, random, |text, _| {
        let (path, rest) = text.split_once('\n')?;
        Some(format!("{text}  - path: {}\n{rest}", path.replacen('.', "_续.", 1)))
    })),
    lie("manifest: a file left out", |_, manifest, random| entry(manifest, random, |_, _| Some(String::new()))),
    lie("manifest: another kind", |_, manifest, random| entry(manifest, random, |text, random| {
        let kinds = ["roster", "assets", "accounts", "tls_scan", "training_exams", "backup_jobs"];
        let (before, kind) = text.split_once("kind: ")?;
        Some(format!("{before}kind: {}\n{}", random.pick(&kinds), kind.split_once('\n')?.1))
    })),
];

pub(super) fn any<'f>(files: &'f Files, random: &mut Random) -> (&'f str, &'f Vec<u8>) {
    let (path, bytes) = files.iter().nth(random.below(files.len())).unwrap();
    (path, bytes)
}

pub(super) fn changed(what: &str, changes: Changes) -> Fault {
    Fault { what: what.to_owned(), changes, violates: None }
}

fn splice(text: &str, at: &std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..at.start], &text[at.end..])
}

pub(super) fn file(
    files: &Files,
    random: &mut Random,
    make: impl Fn(&Files, &[u8], &mut Random) -> Option<Vec<u8>>,
) -> Option<Fault> {
    let (path, bytes) = any(files, random);
    let made = make(files, bytes, random);
    (made.as_ref() != Some(bytes)).then(|| changed(path, vec![(path.to_owned(), made)]))
}

fn text_file(files: &Files, random: &mut Random, make: impl Fn(&str) -> Vec<u8>) -> Option<Fault> {
    file(files, random, |_, old, _| Some(make(std::str::from_utf8(old).ok()?)))
}

/// Breaks a file taken apart: the text instead, and words on the place.
fn parsed(
    files: &Files,
    random: &mut Random,
    form: impl Fn(Form) -> bool,
    make: impl Fn(&str, &Parsed, &mut Random) -> Option<(String, String)>,
) -> Option<Fault> {
    let (path, bytes) = any(files, random);
    let its = Form::of(path).filter(|its| form(*its))?;
    let text = std::str::from_utf8(bytes).unwrap();
    let (made, what) = make(text, &Parsed::of(its, text), random)?;
    (made != text).then(|| changed(&format!("{path} {what}"), vec![(path.to_owned(), Some(made.into_bytes()))]))
}

fn table(
    files: &Files,
    random: &mut Random,
    make: impl Fn(&str, &Parsed, &mut Random) -> Option<(String, String)>,
) -> Option<Fault> {
    parsed(files, random, |form| matches!(form, Form::Table { .. }), make)
}

fn rows(
    files: &Files,
    random: &mut Random,
    make: impl Fn(&str, &Parsed, &mut Random) -> Option<(String, String)>,
) -> Option<Fault> {
    parsed(files, random, |form| form != Form::Document, make)
}

/// A row taken out and put in somewhere else.
fn moved(text: &str, parsed: &Parsed, random: &mut Random) -> (String, String) {
    let (from, to) = (&random.pick(&parsed.rows).at, &random.pick(&parsed.rows).at);
    let line = &text[from.clone()];
    let new = if to.start > from.start {
        [&text[..from.start], &text[from.end..to.end], line, &text[to.end..]].concat()
    } else {
        [&text[..to.start], line, &text[to.start..from.start], &text[from.end..]].concat()
    };
    (new, line.trim().to_owned())
}

fn one_row(
    text: &str,
    parsed: &Parsed,
    random: &mut Random,
    make: impl Fn(&str, &Row, &mut Random) -> Option<String>,
) -> Option<(String, String)> {
    let row = random.pick(&parsed.rows);
    Some((splice(text, &row.at, &make(text, row, random)?), text[row.at.clone()].trim().to_owned()))
}

fn row(files: &Files, random: &mut Random, make: impl Fn(&str, &Row, &mut Random) -> Option<String>) -> Option<Fault> {
    rows(files, random, |text, parsed, random| one_row(text, parsed, random, &make))
}

fn line(files: &Files, random: &mut Random, make: impl Fn(&str, &Row, &mut Random) -> Option<String>) -> Option<Fault> {
    parsed(files, random, |form| form == Form::Document, |text, parsed, random| one_row(text, parsed, random, &make))
}

fn document(files: &Files, random: &mut Random, make: impl Fn(&str, &mut Random) -> Option<String>) -> Option<Fault> {
    parsed(
        files,
        random,
        |form| form == Form::Document,
        |text, _, random| {
            let made = make(text, random)?;
            Some((made, String::new()))
        },
    )
}

/// A key of JSON or YAML, wherever it stands, by a name that nobody knows.
fn renamed_key(text: &str, random: &mut Random) -> Option<String> {
    static KEY: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r#"(?m)(^|[\s{,])("[\p{Han}A-Za-z_]+"|[\p{Han}A-Za-z_]+)(\s*:)"#).unwrap()
    });
    let keys: Vec<&str> = KEY.captures_iter(text).map(|found| found.get(2).unwrap().as_str()).collect();
    if keys.is_empty() {
        return None;
    }
    let key = *random.pick(&keys);
    let new = if key.starts_with('"') { "\"莫名其妙\"" } else { "莫名其妙" };
    let rename = |found: &regex::Captures<'_>| match &found[2] {
        name if name == key => format!("{}{new}{}", &found[1], &found[3]),
        _ => found[0].to_owned(),
    };
    Some(KEY.replace_all(text, rename).into_owned())
}

/// The document as what a program answers with: an object around it.
fn wrapped(text: &str) -> String {
    if text.trim_start().starts_with(['{', '[']) {
        return format!("{{\"code\": 0, \"data\": {text}}}");
    }
    let lines: String = text.lines().map(|line| format!("  {line}\n")).collect();
    format!("code: 0\ndata:\n{lines}")
}

fn any_cell<'p>(parsed: &'p Parsed, random: &mut Random) -> Option<&'p Cell> {
    let cells: Vec<&Cell> = parsed.cells().filter(|cell| !cell.at.is_empty()).collect();
    (!cells.is_empty()).then(|| *random.pick(&cells))
}

/// Puts something else into a cell, within its quotes.
fn cell(files: &Files, random: &mut Random, make: impl Fn(&str, &mut Random) -> Option<String>) -> Option<Fault> {
    parsed(
        files,
        random,
        |_| true,
        |text, parsed, random| {
            let cell = any_cell(parsed, random)?;
            let quoted = text[cell.at.clone()].starts_with('"');
            let at = if quoted { cell.at.start + 1..cell.at.end - 1 } else { cell.at.clone() };
            let new = make(&text[at.clone()], random)?;
            Some((splice(text, &at, &new), format!("{}: {} became {new}", cell.column, &text[at])))
        },
    )
}

fn other_value(files: &Files, _: &str, random: &mut Random) -> Option<Fault> {
    parsed(
        files,
        random,
        |_| true,
        |text, parsed, random| {
            let cell = any_cell(parsed, random)?;
            let others: Vec<&Cell> = parsed.cells().filter(|other| other.column == cell.column).collect();
            let (old, new) = (&text[cell.at.clone()], &text[random.pick(&others).at.clone()]);
            Some((splice(text, &cell.at, new), format!("{}: {old} became {new}", cell.column)))
        },
    )
}

fn heading(
    files: &Files,
    random: &mut Random,
    make: impl Fn(&[String], &mut Random) -> Option<String>,
) -> Option<Fault> {
    table(files, random, |text, parsed, random| {
        let head = parsed.head.as_ref()?;
        let at = &random.pick(&head.cells).at;
        let names: Vec<String> = head.cells.iter().map(|cell| text[cell.at.clone()].to_owned()).collect();
        Some((splice(text, at, &make(&names, random)?), text[at.clone()].to_owned()))
    })
}

/// Changes one entry of the manifest.
fn entry(manifest: &str, random: &mut Random, make: impl Fn(&str, &mut Random) -> Option<String>) -> Option<Fault> {
    let mut parts: Vec<String> = manifest.split("  - path:").map(str::to_owned).collect();
    let at = 1 + random.below(parts.len() - 1);
    let old = format!("  - path:{}", parts[at]);
    let new = make(&old, random).filter(|new| *new != old)?;
    let head = parts.remove(0);
    let rest: String = parts
        .iter()
        .enumerate()
        .map(|(index, part)| if index + 1 == at { new.clone() } else { format!("  - path:{part}") })
        .collect();
    Some(changed(old.lines().next()?.trim(), vec![(MANIFEST.to_owned(), Some(format!("{head}{rest}").into_bytes()))]))
}

fn full_width(text: &str) -> String {
    let wide = |c: char| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c };
    text.chars().map(wide).collect()
}

fn without_a_digit(text: &str, random: &mut Random) -> Option<String> {
    let digits: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    if digits.is_empty() {
        return None;
    }
    let at = *random.pick(&digits);
    Some(splice(text, &(at..at + 1), ""))
}

/// The day of a date moved by one, within its month: the boundary is crossed wherever the date stood on it.
fn by_a_day(text: &str, random: &mut Random) -> Option<String> {
    static DATE: std::sync::LazyLock<regex::Regex> =
        std::sync::LazyLock::new(|| regex::Regex::new(r"^\d{4}(?:-|/|年)\d{1,2}(?:-|/|月)(\d{1,2})").unwrap());
    let day = DATE.captures(text)?.get(1)?;
    let old: u32 = day.as_str().parse().ok()?;
    let new = if old > 1 && (old >= 28 || random.percent(50)) { old - 1 } else { old + 1 };
    let new = if day.as_str().starts_with('0') || day.len() == 2 { format!("{new:02}") } else { new.to_string() };
    Some(splice(text, &day.range(), &new))
}
