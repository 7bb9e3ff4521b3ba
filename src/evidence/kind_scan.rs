//! All files of one kind: which of them count, their rows, and whether the whole can be relied on.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;

use super::bytes::Blocks;
use super::forms::date_in_name;
use super::frame::{Context, day_end};
use super::plan::{Plan, Source};
use super::read::{self, Job, Outcome};
use super::sequence::Gap;
use super::{
    Batch, CapturedFrom, FileEntry, FileScan, FileStatus, Index, KindScan, Lacking, TableMissing, TablePath, adapt,
    codes, date_text, explain,
};
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

/// One file on its way.
struct File<'a> {
    position: usize,
    entry: &'a FileEntry,
    status: FileStatus,
    captured_on: Option<(i32, CapturedFrom)>,
    /// Hash, when it was needed early.
    sha256: Option<String>,
    outcome: Option<Outcome>,
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
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        order.sort_by_key(|at| self.files.get(*at).map(|file| (std::cmp::Reverse(file.captured_on), file.position)));
        for at in order {
            let Some(sha256) = self.files.get(at).and_then(|file| file.sha256.clone()) else { continue };
            if let Some(original) =
                first.get(&sha256).and_then(|at| self.files.get(*at)).map(|file| file.entry.path.clone())
            {
                let Some(file) = self.files.get_mut(at) else { continue };
                file.status = FileStatus::Duplicate { of: original.clone() };
                let path = file.entry.path.clone();
                let message = Text::new(
                    format!("与 `{original}` 内容相同，只计一次"),
                    format!("has the same bytes as `{original}` and counts once"),
                );
                self.warn(&codes::DUPLICATE_FILE, &path, message);
            } else {
                first.insert(sha256, at);
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
                let found = if self.kind.time.is_some() {
                    let none = HashSet::new();
                    let outcome = self.read(file, &plan, None, &none, false, &mut |_, _| {});
                    captured(&outcome, file.entry)
                } else {
                    date_in_name(name_of(&file.entry.path)).map(|day| (day, CapturedFrom::FileName))
                };
                if let Some(file) = self.files.get_mut(at) {
                    file.captured_on = found;
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
        let mut at = 0;
        while at < self.files.len() {
            let end = at + self.side_by_side(at);
            let part = self.files.get(at..end).unwrap_or_default();
            let outcomes: Vec<Outcome> = if let [file] = part {
                vec![self.read_one(file, &idle, &repeated, sink)]
            } else {
                let read: Vec<(Outcome, Vec<(usize, Batch)>)> = part
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
            for (file, outcome) in self.files.iter_mut().skip(at).zip(outcomes) {
                file.outcome = Some(outcome);
            }
            at = end;
        }
    }

    /// How many files from `at` on are small enough to be read side by side; at least one.
    fn side_by_side(&self, at: usize) -> usize {
        let mut left = SIDE_BY_SIDE;
        let small = self.files.iter().skip(at).take_while(|file| {
            // What is compressed may be much larger than it looks.
            let suffix = file.entry.path.rsplit_once('.').map(|(_, suffix)| suffix);
            let packed = suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("gz"));
            let fits = !packed && file.entry.bytes <= left;
            left = left.saturating_sub(file.entry.bytes);
            fits
        });
        small.count().max(1)
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
    fn repeated_keys(&self) -> HashSet<u64> {
        if self.plan.key.is_empty() {
            return HashSet::new();
        }
        let plan = Plan::of_key(self.kind, self.index.zone, self.index.lenient);
        let counted: Vec<&File<'_>> = self.counted().collect();
        let keys_of = |file: &&File<'_>| {
            self.read(file, &plan, None, &self.none_repeated, true, &mut |_, _| {}).tally.noticed.keys
        };
        let mut keys: Vec<u64> = counted.par_iter().flat_map_iter(keys_of).collect();
        keys.sort_unstable();
        keys.windows(2).filter(|pair| pair.first() == pair.last()).filter_map(|pair| pair.first().copied()).collect()
    }

    /// Each file by itself: readable, not empty, whole.
    fn judge_files(&mut self) {
        for at in 0..self.files.len() {
            let Some(file) = self.files.get_mut(at) else { continue };
            let Some(outcome) = file.outcome.take() else { continue };
            if file.captured_on.is_none() {
                file.captured_on = captured(&outcome, file.entry);
                if file.captured_on.is_some_and(|(day, _)| day > self.index.as_of) && file.status == FileStatus::Used {
                    file.status = FileStatus::Future;
                }
            }
            let (path, entry) = (file.entry.path.clone(), file.entry);
            let counts = matches!(file.status, FileStatus::Used | FileStatus::Future);
            if file.status == FileStatus::Future {
                let day = file.captured_on.map(|(day, _)| date_text(day)).unwrap_or_default();
                let message =
                    Text::new(format!("采集日期 {day} 晚于基准日"), format!("captured on {day}, after the as-of date"));
                self.fail(NotTested::EvidenceStale, &codes::FUTURE, &path, message);
            }
            if counts {
                let captured = self.files.get(at).and_then(|file| file.captured_on).map(|(day, _)| day);
                let status = self.judge_file(entry, &outcome, captured);
                if let (Some(file), Some(status)) = (self.files.get_mut(at), status) {
                    file.status = status;
                }
            } else {
                // What was set aside may have been set aside because it was changed.
                self.judge_digest(entry, &outcome);
                if let Some(FileStatus::Duplicate { of }) = self.files.get(at).map(|file| file.status.clone()) {
                    self.judge_duplicate(entry, &outcome, &of);
                }
            }
            if let Some(file) = self.files.get_mut(at) {
                file.outcome = Some(outcome);
            }
        }
    }

    fn judge_digest(&mut self, entry: &FileEntry, outcome: &Outcome) {
        let stated = entry.stated.as_ref().and_then(|stated| stated.sha256.as_ref());
        if stated.is_some_and(|hash| !hash.eq_ignore_ascii_case(&outcome.digested.sha256)) {
            let message = Text::new("SHA-256 与清单写明的不同", "its SHA-256 differs from the one the manifest states");
            self.fail(NotTested::EvidenceUnreadable, &codes::CHANGED, &entry.path, message);
        }
    }

    /// A file with the bytes of another adds no rows; but where it is stated to be something else, its own contents are
    /// gone: somebody saved the one over the other.
    fn judge_duplicate(&mut self, entry: &FileEntry, outcome: &Outcome, original: &str) {
        let Some(stated) = entry.stated.as_ref() else { return };
        let all = outcome.tally.rows_read + outcome.tally.rows_rejected;
        if let Some(rows) = stated.rows.filter(|rows| *rows != all) {
            let message = Text::new(
                format!("清单写明 {rows} 行，而它与 `{original}` 内容相同，有 {all} 行"),
                format!("the manifest states {rows} rows, but it has the bytes of `{original}`, which are {all}"),
            );
            return self.fail(NotTested::EvidenceIncomplete, &codes::ROWS_STATED, &entry.path, message);
        }
        let twin = self.files.iter().find(|file| file.entry.path == original);
        let systems =
            (stated.source_system.as_ref(), twin.and_then(|twin| twin.entry.stated.as_ref()?.source_system.as_ref()));
        if let (Some(own), Some(other)) = systems
            && own != other
            && all > 0
        {
            let message = Text::new(
                format!("清单写明出自 `{own}`，而它与出自 `{other}` 的 `{original}` 内容相同"),
                format!(
                    "it is stated to come from `{own}` and has the bytes of `{original}`, which comes from `{other}`"
                ),
            );
            self.fail(NotTested::EvidenceIncomplete, &codes::CHANGED, &entry.path, message);
        }
    }

    fn judge_file(&mut self, entry: &FileEntry, outcome: &Outcome, captured: Option<i32>) -> Option<FileStatus> {
        let path = entry.path.as_str();
        let stated = entry.stated.as_ref();
        if let Some(why) = &outcome.broken {
            let detail = Text::new(format!("`{path}`：{}", why.zh), format!("`{path}`: {}", why.en));
            self.missing(NotTested::EvidenceUnreadable, Some(path), detail);
            return Some(FileStatus::Unreadable);
        }
        if outcome.digested.bytes != entry.bytes {
            let message = Text::new("文件在本次运行中被改动", "the file changed during this run");
            self.fail(NotTested::EvidenceUnreadable, &codes::CHANGED, path, message);
        }
        self.judge_digest(entry, outcome);
        if outcome.tally.noticed.future > 0 {
            let count = outcome.tally.noticed.future;
            let message = Text::new(
                format!("{count} 行的时间晚于基准日，未计入"),
                format!("{count} rows lie after the as-of date and are not shown"),
            );
            self.warn(&codes::FUTURE, path, message);
        }
        let all = outcome.tally.rows_read + outcome.tally.rows_rejected;
        if outcome.tally.rows_rejected > 0 || outcome.tally.faults.count(&codes::REJECTED_ROW) > 0 {
            let count = outcome.tally.rows_rejected;
            let detail = Text::new(
                format!("`{path}` 有 {count} 行不能读取"),
                format!("{count} rows of `{path}` cannot be read"),
            );
            self.missing(NotTested::EvidenceIncomplete, Some(path), detail);
        }
        let stated_rows = stated.and_then(|stated| stated.rows);
        if let Some(rows) = stated_rows.filter(|rows| *rows != all) {
            let message = Text::new(
                format!("清单写明 {rows} 行，实际 {all} 行"),
                format!("the manifest states {rows} rows, the file has {all}"),
            );
            if all < rows {
                self.fail(NotTested::EvidenceIncomplete, &codes::ROWS_STATED, path, message);
            } else {
                self.warn(&codes::ROWS_STATED, path, message);
            }
        }
        let held = outcome.tally.source_rows.unwrap_or(all);
        let own = outcome.tally.stated.rows(held);
        if let Some((rows, row)) = own.filter(|(rows, _)| *rows != held) {
            let message = Text::new(
                format!("文件第 {row} 行写明共 {rows} 行，实际 {held} 行"),
                format!("row {row} of the file states {rows} rows, the file has {held}"),
            );
            if held < rows {
                self.fail(NotTested::EvidenceIncomplete, &codes::ROWS_STATED, path, message);
            } else {
                self.warn(&codes::ROWS_STATED, path, message);
            }
        }
        if let Some(Gap { missing, first }) = outcome.tally.sequence.gap() {
            let (zh, en) = first.map_or_else(Default::default, |(row, number, before)| {
                (
                    format!("；第 {row} 行由 {before} 跳到 {number}"),
                    format!("; row {row} jumps from {before} to {number}"),
                )
            });
            let message = Text::new(
                format!("序号不连续，至少缺 {missing} 个{zh}"),
                format!("the numbers of the rows leave out at least {missing}{en}"),
            );
            self.fail(NotTested::EvidenceIncomplete, &codes::SEQUENCE_GAP, path, message);
        }
        let rows_agree = stated_rows == Some(all) || own.is_some_and(|(rows, _)| rows == held);
        self.judge_period(entry, outcome, captured, rows_agree);
        if outcome.tally.shown.first() == Some(&0) && outcome.tally.rows_rejected == 0 {
            if self.kind.may_be_empty && stated_rows == Some(0) && all == 0 {
                return Some(FileStatus::NilReturn);
            }
            let message = if outcome.tally.rows_read > 0 {
                Text::new("所有行的时间都晚于基准日", "all its rows lie after the as-of date")
            } else if self.kind.may_be_empty {
                Text::new(
                    "没有数据行；确实没有发生的，请在 manifest.yaml 中写明 rows: 0",
                    "has no rows; if none happened, state `rows: 0` in manifest.yaml",
                )
            } else {
                Text::new("没有数据行", "has no rows")
            };
            self.fail(NotTested::EvidenceEmpty, &codes::EMPTY, path, message);
            return Some(FileStatus::Empty);
        }
        None
    }

    /// The days a file covers against those it states. When its stated rows are all there, quiet days prove nothing.
    fn judge_period(&mut self, entry: &FileEntry, outcome: &Outcome, captured: Option<i32>, rows_agree: bool) {
        let Some((first, last)) = outcome.tally.noticed.covers else { return };
        let path = entry.path.as_str();
        let stated_rows = entry.stated.as_ref().and_then(|stated| stated.rows).is_some();
        let by_manifest = entry.stated.as_ref().and_then(|stated| stated.period);
        let by_file = outcome.tally.stated.period();
        for (zh, en, period) in [("清单", "the manifest", by_manifest), ("文件", "the file", by_file)] {
            let Some((from, to)) = period else { continue };
            let (first_text, last_text) = (date_text(first), date_text(last));
            let (from_text, to_text) = (date_text(from), date_text(to));
            let message = Text::new(
                format!("{zh}写明期间 {from_text} 至 {to_text}，数据为 {first_text} 至 {last_text}"),
                format!("{en} states {from_text} to {to_text}, the data runs from {first_text} to {last_text}"),
            );
            let short = last < to.min(self.index.as_of) || first > from;
            if short && !rows_agree && !stated_rows {
                self.fail(NotTested::EvidenceIncomplete, &codes::PERIOD_STATED, path, message);
            } else if first < from || last > to {
                self.warn(&codes::PERIOD_STATED, path, message);
            }
        }
        let named = date_in_name(name_of(path)).filter(|day| {
            entry.stated.as_ref().is_some_and(|stated| stated.captured_on.is_some_and(|stated| stated != *day))
        });
        if let (Some(named), Some(day)) = (named, captured) {
            let (named, day) = (date_text(named), date_text(day));
            let message = Text::new(
                format!("清单写明采集于 {day}，文件名中是 {named}"),
                format!("the manifest states that it was captured on {day}, its name says {named}"),
            );
            self.warn(&codes::CAPTURED_STATED, path, message);
        }
        if let Some(day) = captured.filter(|day| *day < last) {
            let (day, last) = (date_text(day), date_text(last));
            let message = Text::new(
                format!("采集日期 {day} 早于数据中的 {last}"),
                format!("it was captured on {day}, before its newest row of {last}"),
            );
            self.warn(&codes::FUTURE, path, message);
        }
    }

    /// A journal is as old as its newest file; of a register every capture that counts must be fresh.
    fn judge_age(&mut self) {
        let Some(most) = self.kind.max_age_days else { return };
        let usable = |file: &&File<'_>| matches!(file.status, FileStatus::Used | FileStatus::NilReturn);
        let days: Vec<(String, Option<i32>)> = self
            .files
            .iter()
            .filter(usable)
            .map(|file| (file.entry.path.clone(), file.captured_on.map(|(day, _)| day)))
            .collect();
        let judged: Vec<(String, Option<i32>)> = match self.kind.several {
            Several::Newest => days,
            // Unknown days sort first: one dated file is enough.
            Several::All => days.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).into_iter().collect(),
        };
        for (path, day) in judged {
            match day {
                None => {
                    let message = Text::new(
                        "不知道采集日期；请在 manifest.yaml 中写明 captured_on",
                        "the day of capture is unknown; state `captured_on` in manifest.yaml",
                    );
                    self.fail(NotTested::EvidenceStale, &codes::UNDATED, &path, message);
                }
                Some(day) => {
                    let age = i64::from(self.index.as_of) - i64::from(day);
                    if age > most {
                        let day = date_text(day);
                        let message = Text::new(
                            format!("采集于 {day}，距基准日 {age} 天，超过 {most} 天"),
                            format!("captured on {day}, {age} days before the as-of date; the limit is {most}"),
                        );
                        self.fail(NotTested::EvidenceStale, &codes::STALE, &path, message);
                    }
                }
            }
        }
    }

    /// Wanted columns that a file lacks, and nested lists without an element.
    fn judge_tables(&mut self, wanted: &[(TablePath, Vec<String>)]) {
        let mut tables: BTreeSet<TableMissing> = BTreeSet::new();
        let mut lacking: Vec<Lacking> = Vec::new();
        let used = |file: &&File<'_>| matches!(file.status, FileStatus::Used | FileStatus::NilReturn);
        for (table, (output, (_, names))) in self.plan.outputs.iter().zip(wanted).enumerate() {
            let Some(output) = output else { continue };
            let missing = |reason, column: Option<&String>, file: Option<&str>, detail| TableMissing {
                table,
                column: column.cloned(),
                evidence: MissingEvidence {
                    reason,
                    kind: self.kind.id.clone(),
                    column: column.cloned(),
                    file: file.map(str::to_owned),
                    detail,
                },
            };
            let mut shown = 0;
            for file in self.files.iter().filter(used) {
                let Some(outcome) = &file.outcome else { continue };
                let path = file.entry.path.as_str();
                shown += outcome.tally.shown.get(output.level).copied().unwrap_or_default();
                for (source, name) in output.columns.iter().zip(names) {
                    let Source::At { up, column } = source else { continue };
                    let level = self.outer(output.level, *up);
                    if self.index.lenient || !outcome.lacking.contains(&(level, *column)) {
                        continue;
                    }
                    let title = super::column_info(
                        self.kind,
                        &wanted.get(table).map(|(table, _)| table.list.clone()).unwrap_or_default(),
                        name,
                    )
                    .map_or_else(|| name.clone(), |info| info.title);
                    let message = Text::new(
                        format!("缺少列 `{title}`（{name}）"),
                        if title == *name {
                            format!("lacks the column `{name}`")
                        } else {
                            format!("lacks the column `{name}` ({title})")
                        },
                    );
                    let found = outcome.tally.extra.iter().map(String::as_str);
                    let near = crate::text::suggest::nearest(&title, found.clone())
                        .or_else(|| crate::text::suggest::nearest(name, found));
                    let mut diagnostic = file_fault(&codes::MISSING_COLUMN, path, message.clone());
                    diagnostic.help = near.map(|near| {
                        let near = explain::short(near);
                        Text::new(
                            format!("是文件中的 `{near}` 吗？改名，或在证据类型中加为别名"),
                            format!("is it `{near}` of the file? rename it, or add an alias to the kind"),
                        )
                    });
                    lacking.push(Lacking { table, column: name.clone(), file: path.to_owned(), diagnostic });
                    let detail = Text::new(format!("`{path}` {}", message.zh), format!("`{path}` {}", message.en));
                    tables.insert(missing(NotTested::EvidenceUnreadable, Some(name), Some(path), detail));
                }
                let chain = std::iter::successors(Some(output.level), |level| self.plan.levels.get(*level)?.parent);
                if chain.into_iter().any(|level| outcome.tally.no_list.contains(&level)) {
                    let list = self.plan.levels.get(output.level).map(|level| level.list.join(".")).unwrap_or_default();
                    let detail = Text::new(
                        format!("`{path}` 中没有可读的列表 `{list}`"),
                        format!("`{path}` has no readable list `{list}`"),
                    );
                    tables.insert(missing(NotTested::EvidenceUnreadable, None, Some(path), detail));
                }
            }
            let honest = std::iter::successors(Some(output.level), |level| self.plan.levels.get(*level)?.parent)
                .filter_map(|level| self.plan.levels.get(level))
                .any(|level| level.parent.is_some() && level.may_be_empty);
            let rows = self
                .files
                .iter()
                .filter_map(|file| file.outcome.as_ref())
                .map(|outcome| outcome.tally.rows_read)
                .sum::<u64>();
            if output.level > 0 && shown == 0 && rows > 0 && !honest {
                let list = self.plan.levels.get(output.level).map(|level| level.list.join(".")).unwrap_or_default();
                let detail = Text::new(
                    format!("“{}”中的列表 `{list}` 没有内容", self.kind.title.zh),
                    format!("the list `{list}` of \"{}\" has no elements", self.kind.title.en),
                );
                tables.insert(missing(NotTested::EvidenceEmpty, None, None, detail));
            }
        }
        self.scan.tables = tables.into_iter().collect();
        self.scan.lacking = lacking;
    }

    fn outer(&self, level: usize, up: usize) -> usize {
        (0..up).fold(level, |level, _| self.plan.levels.get(level).and_then(|level| level.parent).unwrap_or_default())
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
