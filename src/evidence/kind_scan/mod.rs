//! All files of one kind: which of them count, their rows, and whether the whole can be relied on.

mod judge;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use rayon::prelude::*;

use super::bytes::Blocks;
use super::forms::date_in_name;
use super::frame::{Context, day_end};
use super::plan::Plan;
use super::read::{self, Job, Outcome};
use super::registers::Shared;
use super::{Batch, CapturedFrom, FileEntry, FileScan, FileStatus, Index, KindScan, TablePath, adapt, codes};
use crate::evidence::find::file_fault;
use crate::model::{EvidenceKind, KindId, MissingEvidence, NotTested, Several};
use crate::text::{Text, sort_diagnostics};

/// See [`Index::scan`] and, for cells as the files have them, [`Index::scan_as_written`].
pub(crate) fn scan(
    index: &Index,
    kind: &KindId,
    wanted: &[(TablePath, Vec<String>)],
    as_written: bool,
    sink: &mut read::Sink<'_>,
) -> KindScan {
    let mut scan = KindScan {
        kind: kind.clone(),
        missing: Vec::new(),
        tables: Vec::new(),
        files: Vec::new(),
        diagnostics: Vec::new(),
        lacking: Vec::new(),
    };
    let Some(declared) = index.kinds.get(kind) else {
        let detail = Text::new(format!("没有证据类型 `{kind}`"), format!("no evidence kind `{kind}`"));
        scan.missing.push(MissingEvidence {
            reason: NotTested::EvidenceMissing,
            kind: kind.clone(),
            column: None,
            file: None,
            detail,
        });
        return scan;
    };
    let mut plan = Plan::new(declared, wanted, index.zone, index.lenient);
    if as_written {
        plan = plan.into_written(index.zone);
    }
    let mut scanner = Scanner { index, kind: declared, plan, files: Vec::new(), scan, none_repeated: HashSet::new() };
    scanner.gather();
    scanner.set_duplicates_aside();
    scanner.date_files();
    scanner.set_older_captures_aside();
    scanner.read_all(sink);
    scanner.judge_files();
    scanner.judge_age();
    scanner.judge_tables(wanted);
    scanner.finish()
}

/// Bytes of small files that are read side by side; their rows wait until those before them have gone on.
const SIDE_BY_SIDE: u64 = 4 << 20;
/// What packages and archives begin with.
const PACKED: &[u8] = b"PK\x03\x04";

/// One file on its way.
struct File<'a> {
    position: usize,
    entry: &'a FileEntry,
    status: FileStatus,
    captured_on: Option<(i32, CapturedFrom)>,
    /// Hash, when it was read early.
    sha256: Option<String>,
    /// Whether it was read twice and was not the same.
    changed: bool,
    outcome: Option<Outcome>,
}

impl File<'_> {
    /// It was read to its end, and had this hash.
    fn was_read(&mut self, sha256: &str) {
        if sha256.is_empty() {
            return;
        }
        match &self.sha256 {
            None => self.sha256 = Some(sha256.to_owned()),
            Some(before) => self.changed |= before != sha256,
        }
    }
}

struct Scanner<'a> {
    index: &'a Index,
    kind: &'a EvidenceKind,
    plan: Plan,
    files: Vec<File<'a>>,
    scan: KindScan,
    none_repeated: HashSet<u64>,
}

impl<'a> Scanner<'a> {
    fn gather(&mut self) {
        let of_kind =
            self.index.files.iter().enumerate().filter(|(_, entry)| entry.kind.as_ref() == Some(&self.kind.id));
        for (position, entry) in of_kind {
            let stated = entry.stated.as_ref().and_then(|stated| stated.captured_on).or(self.index.captured_on);
            self.files.push(File {
                position,
                entry,
                status: FileStatus::Used,
                captured_on: stated.map(|day| (day, CapturedFrom::Manifest)),
                sha256: None,
                changed: false,
                outcome: None,
            });
        }
        let id = self.kind.id.clone();
        if self.files.is_empty() {
            let detail = Text::new(
                format!("没有找到“{}”的文件。{}", self.kind.title.zh, self.kind.collect.zh),
                format!("no file of \"{}\" was found. {}", self.kind.title.en, self.kind.collect.en),
            );
            self.missing(NotTested::EvidenceMissing, None, detail);
        }
        for (_, path) in self.index.absent.iter().filter(|(kind, _)| kind.as_ref() == Some(&id)) {
            let detail = Text::new(
                format!("清单列出的 `{path}` 不存在"),
                format!("`{path}`, which the manifest lists, is not there"),
            );
            self.missing(NotTested::EvidenceMissing, Some(path), detail);
        }
        for (kinds, path) in self.index.disputed.iter().filter(|(kinds, _)| kinds.contains(&id)) {
            let detail = if kinds.len() == 1 {
                Text::new(
                    format!("`{path}` 看来属于本类型，未按本类型采用"),
                    format!("`{path}` seems to be of this kind, and was not used as such"),
                )
            } else {
                Text::new(
                    format!("`{path}` 可能属于本类型，也可能属于其他类型，未采用"),
                    format!("`{path}` may be of this kind or of another, and was not used"),
                )
            };
            self.missing(NotTested::EvidenceIncomplete, Some(path), detail);
        }
        for (lacking, thing) in self.index.unopened.iter().filter(|(lacking, _)| lacking.concerns(&id)) {
            self.missing(NotTested::EvidenceIncomplete, Some(&thing.path), lacking.detail(thing));
        }
    }

    fn missing(&mut self, reason: NotTested, file: Option<&str>, detail: Text) {
        let file = file.map(str::to_owned);
        self.scan.missing.push(MissingEvidence { reason, kind: self.kind.id.clone(), column: None, file, detail });
    }

    /// A fault of a file that also keeps the kind from being used.
    fn fail(&mut self, reason: NotTested, code: &'static crate::text::Code, path: &str, message: Text) {
        let detail = Text::new(format!("`{path}`：{}", message.zh), format!("`{path}`: {}", message.en));
        self.scan.diagnostics.push(file_fault(code, path, message));
        self.missing(reason, Some(path), detail);
    }

    fn warn(&mut self, code: &'static crate::text::Code, path: &str, message: Text) {
        self.scan.diagnostics.push(file_fault(code, path, message));
    }

    /// Files with the same bytes count once: the one with the newest stated capture, then the first by path.
    fn set_duplicates_aside(&mut self) {
        let mut sizes: BTreeMap<u64, usize> = BTreeMap::new();
        for file in &self.files {
            *sizes.entry(file.entry.bytes).or_default() += 1;
        }
        let may_repeat =
            |file: &&mut File<'_>| file.entry.bytes > 0 && sizes.get(&file.entry.bytes).is_some_and(|count| *count > 1);
        let index = self.index;
        self.files.par_iter_mut().filter(may_repeat).for_each(|file| {
            // What cannot be read here is told when it is read for good.
            let digested = index.origins.get(file.position).map(|origin| origin.open().and_then(Blocks::finish));
            file.sha256 = digested.and_then(Result::ok).map(|digested| digested.sha256);
        });
        let mut first: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        order.sort_by_key(|at| self.files.get(*at).map(|file| (std::cmp::Reverse(file.captured_on), file.position)));
        for at in order {
            let Some(sha256) = self.files.get(at).and_then(|file| file.sha256.clone()) else { continue };
            // Sheets of a workbook that others are not are other rows, whatever else is in the file.
            let originals = first.entry(sha256).or_default();
            let shared = originals.iter().filter_map(|original| {
                let (original, file) = (self.files.get(*original)?, self.files.get(at)?);
                let shared = file.entry.shared_with(original.entry);
                (shared != Shared::None).then(|| (original.entry.path.clone(), shared))
            });
            // Those that share all of it first.
            let Some((original, shared)) = shared.min_by_key(|(_, shared)| *shared != Shared::All) else {
                originals.push(at);
                continue;
            };
            let Some(file) = self.files.get_mut(at) else { continue };
            file.status = FileStatus::Duplicate { of: original.clone() };
            let path = file.entry.path.clone();
            if shared == Shared::All {
                let message = Text::new(
                    format!("与 `{original}` 内容相同，只计一次"),
                    format!("has the same bytes as `{original}` and counts once"),
                );
                self.warn(&codes::DUPLICATE_FILE, &path, message);
            } else {
                let message = Text::new(
                    format!("与 `{original}` 内容相同，两者所列工作表不同，不知道应读哪些"),
                    format!(
                        "has the same bytes as `{original}`, and other sheets of it are meant: which to read is unknown"
                    ),
                );
                self.fail(NotTested::EvidenceIncomplete, &codes::DUPLICATE_FILE, &path, message);
            }
        }
    }

    /// Finds out when files were captured where that must be known before their rows are shown.
    fn date_files(&mut self) {
        let registers = self.kind.several == Several::Newest && self.counted().count() > 1;
        if registers || self.plan.shows_captured_on() {
            let plan = Plan::new(self.kind, &[], self.index.zone, self.index.lenient);
            for at in 0..self.files.len() {
                let Some(file) =
                    self.files.get(at).filter(|file| file.status == FileStatus::Used && file.captured_on.is_none())
                else {
                    continue;
                };
                let read = self.kind.time.is_some().then(|| {
                    let outcome = self.read(file, &plan, None, &self.none_repeated, false, &mut |_, _| {});
                    (captured(&outcome, file.entry), outcome.digested.sha256)
                });
                let Some(file) = self.files.get_mut(at) else { continue };
                if let Some((found, sha256)) = read {
                    file.captured_on = found;
                    file.was_read(&sha256);
                } else {
                    file.captured_on = date_in_name(name_of(&file.entry.path)).map(|day| (day, CapturedFrom::FileName));
                }
            }
        }
        for file in &mut self.files {
            let named = || date_in_name(name_of(&file.entry.path)).map(|day| (day, CapturedFrom::FileName));
            let date = file.captured_on.or_else(|| if self.kind.time.is_none() { named() } else { None });
            file.captured_on = date;
            if file.status == FileStatus::Used && date.is_some_and(|(day, _)| day > self.index.as_of) {
                file.status = FileStatus::Future;
            }
        }
    }

    fn counted(&self) -> impl Iterator<Item = &File<'a>> {
        self.files.iter().filter(|file| file.status == FileStatus::Used)
    }

    /// Of a register only the newest capture of each source system counts.
    fn set_older_captures_aside(&mut self) {
        if self.kind.several != Several::Newest {
            return;
        }
        let mut newest: BTreeMap<Option<String>, (i32, String)> = BTreeMap::new();
        let mut sizes: BTreeMap<Option<String>, usize> = BTreeMap::new();
        for file in self.counted() {
            let system = system_of(file);
            *sizes.entry(system.clone()).or_default() += 1;
            if let Some((day, _)) = file.captured_on {
                let best = newest.entry(system).or_insert_with(|| (day, file.entry.path.clone()));
                if day > best.0 {
                    *best = (day, file.entry.path.clone());
                }
            }
        }
        let mut undated = Vec::new();
        for file in self.files.iter_mut().filter(|file| file.status == FileStatus::Used) {
            let system = system_of(file);
            match (file.captured_on, newest.get(&system)) {
                (Some((day, _)), Some((best, by))) if day < *best => {
                    file.status = FileStatus::Superseded { by: by.clone() };
                }
                (None, _) if sizes.get(&system).is_some_and(|count| *count > 1) => {
                    undated.push(file.entry.path.clone());
                }
                _ => {}
            }
        }
        for path in undated {
            let message = Text::new(
                "不知道采集日期，不能判断哪一份是最新的；请在 manifest.yaml 中写明 captured_on",
                "the day of capture is unknown, so which capture is the newest cannot be told; state `captured_on` in manifest.yaml",
            );
            self.fail(NotTested::EvidenceStale, &codes::UNDATED, &path, message);
        }
    }

    fn read(
        &self,
        file: &File<'_>,
        plan: &Plan,
        captured_on: Option<i32>,
        repeated: &HashSet<u64>,
        gather_keys: bool,
        sink: &mut read::Sink<'_>,
    ) -> Outcome {
        let context = Context {
            file: u32::try_from(file.position).unwrap_or(u32::MAX),
            path: &file.entry.path,
            as_of: self.index.as_of,
            as_of_end: day_end(self.index.as_of, self.index.zone),
            zone: self.index.zone,
            captured_on,
            repeated,
            pointers: true,
            batch_rows: self.index.limits.batch_rows.max(1),
            listed: self.index.limits.diagnostics,
        };
        let nowhere = super::bytes::Origin::Memory(std::sync::Arc::from(Vec::new()));
        let origin = self.index.origins.get(file.position).unwrap_or(&nowhere);
        let job = Job {
            entry: file.entry,
            origin,
            kind: self.kind,
            plan,
            limits: &self.index.limits,
            lenient: self.index.lenient,
            gather_keys,
            tells_extra: true,
        };
        match &file.entry.adapted {
            Some(adapted) => adapt::read(&job, adapted, &context, sink),
            None => read::read(&job, &context, sink),
        }
    }

    fn read_all(&mut self, sink: &mut read::Sink<'_>) {
        let repeated = self.repeated_keys();
        let idle = Plan::new(self.kind, &[], self.index.zone, self.index.lenient);
        for part in self.side_by_side() {
            let files = self.files.get(part.clone()).unwrap_or_default();
            let outcomes: Vec<Outcome> = if let [file] = files {
                vec![self.read_one(file, &idle, &repeated, sink)]
            } else {
                let read: Vec<(Outcome, Vec<(usize, Batch)>)> = files
                    .par_iter()
                    .map(|file| {
                        let mut batches = Vec::new();
                        let mut keep = |table, batch| batches.push((table, batch));
                        (self.read_one(file, &idle, &repeated, &mut keep), batches)
                    })
                    .collect();
                let hand_on = |(outcome, batches): (Outcome, Vec<(usize, Batch)>)| {
                    batches.into_iter().for_each(|(table, batch)| sink(table, batch));
                    outcome
                };
                read.into_iter().map(hand_on).collect()
            };
            for (file, outcome) in self.files.iter_mut().skip(part.start).zip(outcomes) {
                file.outcome = Some(outcome);
            }
        }
    }

    /// The files in parts, in their order: small ones together, to be read side by side, any other alone.
    fn side_by_side(&self) -> Vec<Range<usize>> {
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut left = 0;
        for (at, file) in self.files.iter().enumerate() {
            let bytes = file.entry.bytes;
            // What is compressed may be much larger than it looks, whatever it is called.
            let head = || self.index.origins.get(file.position).and_then(|origin| origin.head(PACKED.len()).ok());
            let small = bytes <= SIDE_BY_SIDE
                && head().is_some_and(|head| !head.starts_with(PACKED) && !head.starts_with(&[0x1f, 0x8b]));
            match parts.last_mut() {
                Some(part) if small && bytes <= left => part.end = at + 1,
                _ => {
                    parts.push(at..at + 1);
                    left = if small { SIDE_BY_SIDE } else { 0 };
                }
            }
            left = left.saturating_sub(bytes);
        }
        parts
    }

    fn read_one(&self, file: &File<'_>, idle: &Plan, repeated: &HashSet<u64>, sink: &mut read::Sink<'_>) -> Outcome {
        match &file.status {
            FileStatus::Used => {
                let captured_on = file.captured_on.map(|(day, _)| day);
                self.read(file, &self.plan, captured_on, repeated, false, sink)
            }
            // Counted and hashed, but not shown.
            _ => self.read(file, idle, None, &self.none_repeated, false, &mut |_, _| {}),
        }
    }

    /// Hashes of keys that several rows have. Another pass, so that the order of rows does not decide which is believed.
    fn repeated_keys(&mut self) -> HashSet<u64> {
        if self.plan.key.is_empty() {
            return HashSet::new();
        }
        let plan = Plan::of_key(self.kind, self.index.zone, self.index.lenient);
        let mut keys: Vec<u64> = Vec::new();
        for part in self.side_by_side() {
            let files = self.files.get(part.clone()).unwrap_or_default();
            let read: Vec<Option<Outcome>> = files
                .par_iter()
                .map(|file| {
                    let read = || self.read(file, &plan, None, &self.none_repeated, true, &mut |_, _| {});
                    (file.status == FileStatus::Used).then(read)
                })
                .collect();
            for (file, outcome) in self.files.iter_mut().skip(part.start).zip(read) {
                let Some(outcome) = outcome else { continue };
                file.was_read(&outcome.digested.sha256);
                keys.extend(outcome.tally.noticed.keys);
            }
        }
        keys.sort_unstable();
        keys.windows(2).filter(|pair| pair.first() == pair.last()).filter_map(|pair| pair.first().copied()).collect()
    }

    fn finish(mut self) -> KindScan {
        for file in self.files {
            let Some(outcome) = file.outcome else { continue };
            let age = |day: i32| i64::from(self.index.as_of) - i64::from(day);
            let counts = matches!(
                file.status,
                FileStatus::Used | FileStatus::NilReturn | FileStatus::Empty | FileStatus::Unreadable
            );
            self.scan.files.push(FileScan {
                file: u32::try_from(file.position).unwrap_or(u32::MAX),
                status: file.status,
                format: outcome.format,
                encoding: outcome.encoding,
                bytes: outcome.digested.bytes,
                sha256: if outcome.digested.sha256.is_empty() {
                    file.sha256.unwrap_or_default()
                } else {
                    outcome.digested.sha256
                },
                rows_read: outcome.tally.rows_read,
                rows_rejected: outcome.tally.rows_rejected,
                rows_future: outcome.tally.noticed.future,
                cells_unreadable: outcome.tally.unreadable,
                captured_on: file.captured_on,
                age_days: file.captured_on.map(|(day, _)| age(day)),
                covers: outcome.tally.noticed.covers,
                own_rows: outcome
                    .tally
                    .stated
                    .rows(outcome.tally.source_rows.unwrap_or(outcome.tally.rows_read + outcome.tally.rows_rejected))
                    .map(|(rows, _)| rows),
                own_period: outcome.tally.stated.period(),
                header_row: outcome.tally.header_row,
                footer_rows: outcome.tally.footer_rows,
                left_out: outcome.tally.left_out,
                extra_columns: outcome.tally.extra,
            });
            // Faults in files that do not count concern nobody.
            if counts {
                self.scan.diagnostics.extend(outcome.tally.faults.finish());
            }
        }
        self.scan.missing.sort();
        self.scan.missing.dedup();
        sort_diagnostics(&mut self.scan.diagnostics);
        self.scan
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn system_of(file: &File<'_>) -> Option<String> {
    file.entry.stated.as_ref().and_then(|stated| stated.source_system.clone())
}

/// When a file was captured, by its rows or else by its name.
fn captured(outcome: &Outcome, entry: &FileEntry) -> Option<(i32, CapturedFrom)> {
    outcome
        .tally
        .noticed
        .covers
        .map(|(_, last)| (last, CapturedFrom::TimeColumn))
        .or_else(|| date_in_name(name_of(&entry.path)).map(|day| (day, CapturedFrom::FileName)))
}
