//! Each file by itself, and the kind as a whole: readable, complete, fresh, with the columns that are wanted.

use std::collections::BTreeSet;

use super::{File, Scanner, captured, name_of};
use crate::evidence::columns::field_at;
use crate::evidence::find::file_fault;
use crate::evidence::forms::date_in_name;
use crate::evidence::header::Headings;
use crate::evidence::plan::Source;
use crate::evidence::read::{Outcome, is_sensitive};
use crate::evidence::sequence::Gap;
use crate::evidence::{FileEntry, FileStatus, Lacking, TableMissing, TablePath, codes, date_text, explain};
use crate::expr::{Scalar, Type};
use crate::model::{FieldKind, MissingEvidence, NotTested, Several};
use crate::text::Text;

impl Scanner<'_> {
    /// Each file by itself: readable, not empty, whole.
    pub(super) fn judge_files(&mut self) {
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
                let file = self.files.get_mut(at);
                let (captured, changed) = file.map_or((None, false), |file| {
                    file.was_read(&outcome.digested.sha256);
                    (file.captured_on.map(|(day, _)| day), file.changed)
                });
                let status = self.judge_file(entry, &outcome, captured, changed);
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

    fn judge_file(
        &mut self,
        entry: &FileEntry,
        outcome: &Outcome,
        captured: Option<i32>,
        changed: bool,
    ) -> Option<FileStatus> {
        let path = entry.path.as_str();
        let stated = entry.stated.as_ref();
        if let Some(why) = &outcome.broken {
            let detail = Text::new(format!("`{path}`：{}", why.zh), format!("`{path}`: {}", why.en));
            self.missing(NotTested::EvidenceUnreadable, Some(path), detail);
            return Some(FileStatus::Unreadable);
        }
        if outcome.digested.bytes != entry.bytes || changed {
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
        let repeated = outcome.tally.noticed.repeated.count;
        if repeated > 0 {
            // Counts and shares take each for a case of its own.
            let captures = self.kind.several == Several::Newest && outcome.tally.sheets > 1;
            let (zh, en) = if captures {
                (
                    "；如果各工作表是不同时候的同一份台账，请在 manifest.yaml 中用 `sheet` 写明最新的一张",
                    "; if its sheets are one register at several times, state the newest in `sheet` of manifest.yaml",
                )
            } else {
                ("", "")
            };
            let detail = Text::new(
                format!("`{path}` 有 {repeated} 行的主键与其他行相同，不知道是几件事{zh}"),
                format!(
                    "rows of `{path}` that have the key of another row: {repeated}; how many cases they are cannot be told{en}"
                ),
            );
            self.missing(NotTested::EvidenceIncomplete, Some(path), detail);
        }
        if let Some(why) = &outcome.unread {
            self.fail(NotTested::EvidenceIncomplete, &codes::UNREAD_SHEET, path, why.clone());
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
                format!("{}写明共 {rows} 行，实际 {held} 行", where_in(row).zh),
                format!("{} states {rows} rows, the file has {held}", where_in(row).en),
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
        if let Some(first) = outcome.tally.sequence.late() {
            let message =
                Text::new(format!("序号从 {first} 开始"), format!("the numbers of the rows begin with {first}"));
            self.warn(&codes::SEQUENCE_START, path, message);
        }
        let rows_agree = stated_rows == Some(all) || own.is_some_and(|(rows, _)| rows == held);
        self.judge_excerpt(path, outcome, held, rows_agree);
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

    /// What a file says of being a part, unless as many rows are there as there should be.
    fn judge_excerpt(&mut self, path: &str, outcome: &Outcome, held: u64, rows_agree: bool) {
        let excerpt = &outcome.tally.stated.excerpt;
        if let Some((there, of, row)) = excerpt.missing_pages().filter(|_| !rows_agree) {
            let message = Text::new(
                format!("{}写明共 {of} 页，这里至多有 {there} 页", where_in(row).zh),
                format!("{} states {of} pages, and only {there} can be there", where_in(row).en),
            );
            self.fail(NotTested::EvidenceIncomplete, &codes::PART_STATED, path, message);
        }
        if let Some(row) = excerpt.more().filter(|_| !rows_agree) {
            let message = Text::new(
                format!("{}写明还有别的行", where_in(row).zh),
                format!("{} states that there are more rows", where_in(row).en),
            );
            self.fail(NotTested::EvidenceIncomplete, &codes::PART_STATED, path, message);
        }
        if let Some((most, row)) = excerpt.limit(held).filter(|_| !rows_agree) {
            let message = Text::new(
                format!("{}写明最多 {most} 行，实际正好 {most} 行：后面的可能没有导出", where_in(row).zh),
                format!(
                    "{} states a limit of {most} rows, and the file has just as many: more may have been left out",
                    where_in(row).en
                ),
            );
            self.fail(NotTested::EvidenceIncomplete, &codes::PART_STATED, path, message);
        }
        for (filter, row) in excerpt.filters() {
            // It may name a person as the cells do, which are masked.
            let shown = if is_sensitive(&self.kind.record) { None } else { Some(explain::short(filter)) };
            let (zh, en) = shown.map_or_else(Default::default, |shown| (format!("“{shown}”"), format!(" `{shown}`")));
            let message = Text::new(
                format!("{}写明了筛选条件{zh}：不符合条件的行不在其中", where_in(*row).zh),
                format!("{} states the filter{en}: rows that do not meet it are not there", where_in(*row).en),
            );
            if self.filters_a_column(filter) {
                self.fail(NotTested::EvidenceIncomplete, &codes::PART_STATED, path, message);
            } else {
                self.warn(&codes::FILTER_STATED, path, message);
            }
        }
    }

    /// Whether a filter names a column of the kind that is no date, or one of its words: what a check counts may be what it
    /// left out.
    fn filters_a_column(&self, filter: &str) -> bool {
        let headings = Headings::of(&self.kind.record);
        let columns = headings.all.iter().filter_map(|name| match &field_at(&self.kind.record, name)?.kind {
            FieldKind::Column(column) if !matches!(column.ty, Type::Date | Type::Timestamp) => Some((name, column)),
            _ => None,
        });
        let columns: Vec<_> = columns.collect();
        // 状态为成功 as well as 状态=成功.
        let split = ["不等于", "等于", "包含", "属于", "为", "是"]
            .iter()
            .fold(filter.to_owned(), |filter, word| filter.replace(word, " "));
        let words = [filter, &split].into_iter().flat_map(|filter| {
            filter.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.')).filter(|word| !word.is_empty())
        });
        words.into_iter().any(|word| {
            let named = headings.find(word);
            columns.iter().any(|(name, column)| {
                let is_word = |value: &Scalar| matches!(value, Scalar::Text(text) if text == word);
                named == Some(name.as_str()) || column.synonyms.contains_key(word) || column.allowed.iter().any(is_word)
            })
        })
    }

    /// The days a file covers against those it states. When its stated rows are all there, quiet days prove nothing; that a
    /// file is quiet for most of the days it speaks of is told.
    fn judge_period(&mut self, entry: &FileEntry, outcome: &Outcome, captured: Option<i32>, rows_agree: bool) {
        let Some((first, last)) = outcome.tally.noticed.covers else { return };
        let path = entry.path.as_str();
        let stated_rows = entry.stated.as_ref().and_then(|stated| stated.rows).is_some();
        let by_manifest = entry.stated.as_ref().and_then(|stated| stated.period);
        let by_file = outcome.tally.stated.period();
        for (zh, en, period, is_own) in
            [("清单", "the manifest", by_manifest, false), ("文件", "the file", by_file, true)]
        {
            let Some((from, to)) = period else { continue };
            let (first_text, last_text) = (date_text(first), date_text(last));
            let (from_text, to_text) = (date_text(from), date_text(to));
            let message = Text::new(
                format!("{zh}写明期间 {from_text} 至 {to_text}，数据为 {first_text} 至 {last_text}"),
                format!("{en} states {from_text} to {to_text}, the data runs from {first_text} to {last_text}"),
            );
            let until = to.min(self.index.as_of);
            let short = last < until || first > from;
            // Of its own words only: those of the manifest are written by whoever counted the rows.
            let mostly_quiet = is_own && (last - first + 1) * 2 < until - from + 1;
            if short && !rows_agree && !stated_rows {
                self.fail(NotTested::EvidenceIncomplete, &codes::PERIOD_STATED, path, message);
            } else if first < from || last > to || mostly_quiet {
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
    pub(super) fn judge_age(&mut self) {
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
    pub(super) fn judge_tables(&mut self, wanted: &[(TablePath, Vec<String>)]) {
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
                    let Some(sheet) = outcome.lacking.get(&(level, *column)).filter(|_| !self.index.lenient) else {
                        continue;
                    };
                    let title = crate::evidence::column_info(
                        self.kind,
                        &wanted.get(table).map(|(table, _)| table.list.clone()).unwrap_or_default(),
                        name,
                    )
                    .map_or_else(|| name.clone(), |info| info.title);
                    let (of_zh, of_en) = sheet.as_ref().map_or_else(Default::default, |sheet| {
                        let sheet = explain::short(sheet);
                        (format!("的工作表 `{sheet}` "), format!("its sheet `{sheet}` "))
                    });
                    let message = Text::new(
                        format!("{of_zh}缺少列 `{title}`（{name}）"),
                        if title == *name {
                            format!("{of_en}lacks the column `{name}`")
                        } else {
                            format!("{of_en}lacks the column `{name}` ({title})")
                        },
                    );
                    let found = outcome.tally.extra.iter().map(String::as_str);
                    let near = crate::text::suggest::nearest(&title, found.clone())
                        .or_else(|| crate::text::suggest::nearest(name, found));
                    let mut diagnostic = file_fault(&codes::MISSING_COLUMN, path, message.clone());
                    let headings = &self.plan.headings;
                    let noted = outcome.tally.extra.iter().find(|extra| headings.means_but_for_its_note(extra, name));
                    diagnostic.help = noted.map(|noted| other_by_its_note(noted)).or_else(|| near.map(|near| {
                        let near = explain::short(near);
                        Text::new(
                            format!("是文件中的 `{near}` 吗？在 hegui.yaml 的 `columns` 中写明，或改文件的列名"),
                            format!("is it `{near}` of the file? say so under `columns` in hegui.yaml, or rename it in the file"),
                        )
                    }));
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
}

/// Why a column that is there by its name does not count.
fn other_by_its_note(heading: &str) -> Text {
    let shown = explain::short(heading);
    Text::new(
        format!(
            "`{shown}` 的附注使它成为另一种量、另一时区、计划或相反的答案；改用本列的单位和含义导出，确属本列的在 hegui.yaml 的 `columns` 中写明"
        ),
        format!(
            "the note of `{shown}` makes it another quantity, zone, plan or answer: export it as the column is, or, if it is the column all the same, say so under `columns` in hegui.yaml"
        ),
    )
}

/// Where a file states something: on a row, or on none, which is what is printed on every page of a sheet.
fn where_in(row: u64) -> Text {
    match row {
        0 => Text::new("每页的页眉或页脚", "the header or footer of every page"),
        row => Text::new(format!("文件第 {row} 行"), format!("row {row} of the file")),
    }
}
