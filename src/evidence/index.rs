//! Which files there are, and which kind each is of.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::adapt::{Adapted, Candidate};
use super::bytes::Origin;
use super::explain::short;
use super::find::{self, MayBe, Unopened, file_fault};
use super::recognise::{Adapters, Recognised, Recogniser, composed};
use super::registers::{Part, Registers};
use super::{Batch, FileScan, FileStatus, KindScan, Limits, TablePath, codes};
use crate::model::{Adapter, EvidenceKind, KindId, Manifest, ManifestFile};
use crate::text::suggest::nearest;
use crate::text::{Diagnostic, Text, sort_diagnostics};

/// What an index is built for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Workspace folder; nothing outside it is read.
    pub workspace: PathBuf,
    /// Evidence roots relative to it, `/` between folders; usually `["evidence"]`.
    pub roots: Vec<String>,
    /// Name of the period's folder under a root (`2026Q3`); folders of other periods are not read.
    pub period: Option<String>,
    /// What the manifests state.
    pub manifest: Manifest,
    /// The day of judging, days since 1970-01-01.
    pub as_of: i32,
    /// The assessment's time zone.
    pub zone: chrono_tz::Tz,
    /// Bounds.
    pub limits: Limits,
}

/// A file given as bytes, for policy tests and unit tests.
#[derive(Debug, Clone, Default)]
pub struct MemoryFile {
    /// Path to cite; the suffix tells the format (`.csv`, `.json`, `.yaml` …).
    pub path: String,
    /// Its kind; `None`: recognised as on disk.
    pub kind: Option<KindId>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// How an index from memory is read.
#[derive(Debug, Clone)]
pub struct MemoryOptions {
    /// The day of judging.
    pub as_of: i32,
    /// The assessment's time zone.
    pub zone: chrono_tz::Tz,
    /// Statements about the files.
    pub manifest: Manifest,
    /// `captured_on` of files about which the manifest states none; `None`: as on disk.
    pub captured_on: Option<i32>,
    /// Policy tests name only the columns they need: one that is absent from a table reads as blank instead of missing,
    /// and an absent required one is no fault.
    pub columns_may_be_absent: bool,
    /// Bounds.
    pub limits: Limits,
}

/// One file of the index or, of a workbook that holds several registers, one of these.
#[derive(Debug, Clone)]
pub struct FileEntry {
    /// Path relative to the workspace, `/` between folders.
    pub path: String,
    /// Its kind; `None`: unused.
    pub kind: Option<KindId>,
    /// How the kind was recognised: `manifest`, `name`, `header`, `content` (what it begins with), `test`.
    pub recognised_by: Option<&'static str>,
    /// Bytes when the index was built.
    pub bytes: u64,
    /// What the manifest states about it.
    pub stated: Option<ManifestFile>,
    /// Why it is unused.
    pub unused: Option<crate::text::Text>,
    /// How it gives rows of its kind, when it has not the columns of the kind.
    pub(crate) adapted: Option<Arc<Adapted>>,
    /// Which sheets of the file it is; `None`: all of it.
    pub(crate) part: Option<Part>,
}

impl FileEntry {
    /// The adapter it is read by; `None`: it has the columns of its kind.
    pub fn adapter(&self) -> Option<&Adapter> {
        self.adapted.as_ref().map(|adapted| adapted.adapter.as_ref())
    }
}

/// Which kinds something that could not be opened leaves incomplete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lacking {
    /// These: by the manifest or by its name.
    These(Vec<KindId>),
    /// All of them: nobody knows what is inside.
    All,
}

impl Lacking {
    /// Whether a kind may lack something.
    pub(crate) fn concerns(&self, kind: &KindId) -> bool {
        match self {
            Self::These(kinds) => kinds.contains(kind),
            Self::All => true,
        }
    }

    /// Why a kind that it concerns is incomplete.
    pub(crate) fn detail(&self, thing: &Unopened) -> Text {
        let Unopened { path, why, .. } = thing;
        match self {
            Self::These(_) => Text::new(format!("`{path}`：{}", why.zh), format!("`{path}`: {}", why.en)),
            Self::All => Text::new(
                format!("`{path}`：{}；其中有没有这类证据，无从得知", why.zh),
                format!("`{path}`: {}; nobody knows whether it holds evidence of this kind", why.en),
            ),
        }
    }
}

/// The evidence of one assessment: every file, its kind, and the way to its rows. `Sync`: kinds may be scanned in parallel.
#[derive(Debug)]
pub struct Index {
    pub(crate) kinds: BTreeMap<KindId, Arc<EvidenceKind>>,
    adapters: Adapters,
    pub(crate) files: Vec<FileEntry>,
    /// Where the bytes of each file are.
    pub(crate) origins: Vec<Origin>,
    /// Files that the manifest lists and nobody finds, with the kind they would be of.
    pub(crate) absent: Vec<(Option<KindId>, String)>,
    /// Files that several kinds claim.
    pub(crate) disputed: Vec<(Vec<KindId>, String)>,
    /// What the walk could not open, with the kinds that would lack it.
    pub(crate) unopened: Vec<(Lacking, Unopened)>,
    pub(crate) as_of: i32,
    pub(crate) zone: chrono_tz::Tz,
    pub(crate) limits: Limits,
    /// `captured_on` of files about which nothing is stated.
    pub(crate) captured_on: Option<i32>,
    /// Columns may be absent from a table.
    pub(crate) lenient: bool,
    diagnostics: Vec<Diagnostic>,
}

impl Index {
    /// Walks the evidence roots and recognises every file.
    pub fn build(kinds: impl IntoIterator<Item = Arc<EvidenceKind>>, request: &Request) -> Self {
        let find::Walked { files, unopened, diagnostics } = find::walk(request);
        let files = files.into_iter().map(|(path, (origin, bytes))| (path, origin, bytes, None)).collect();
        let mut index = Self::empty(kinds, request.as_of, request.zone, request.limits.clone());
        index.diagnostics = diagnostics;
        index.fill(files, unopened, &request.manifest);
        index
    }

    /// The same over files held in memory.
    pub fn from_memory(
        kinds: impl IntoIterator<Item = Arc<EvidenceKind>>,
        files: Vec<MemoryFile>,
        options: MemoryOptions,
    ) -> Self {
        let mut index = Self::empty(kinds, options.as_of, options.zone, options.limits);
        index.captured_on = options.captured_on;
        index.lenient = options.columns_may_be_absent;
        let found = files.into_iter().map(|file| {
            let bytes = file.bytes.len() as u64;
            (file.path, Origin::Memory(file.bytes.into()), bytes, file.kind)
        });
        index.fill(found.collect(), Vec::new(), &options.manifest);
        index
    }

    fn empty(
        kinds: impl IntoIterator<Item = Arc<EvidenceKind>>,
        as_of: i32,
        zone: chrono_tz::Tz,
        limits: Limits,
    ) -> Self {
        let kinds: BTreeMap<KindId, Arc<EvidenceKind>> =
            kinds.into_iter().map(|kind| (kind.id.clone(), kind)).collect();
        let candidates = |kind: &Arc<EvidenceKind>| kind.adapters.iter().map(Candidate::new).map(Arc::new).collect();
        Self {
            adapters: kinds.iter().map(|(id, kind)| (id.clone(), candidates(kind))).collect(),
            kinds,
            files: Vec::new(),
            origins: Vec::new(),
            absent: Vec::new(),
            disputed: Vec::new(),
            unopened: Vec::new(),
            as_of,
            zone,
            limits,
            captured_on: None,
            lenient: false,
            diagnostics: Vec::new(),
        }
    }

    fn fill(
        &mut self,
        mut found: Vec<(String, Origin, u64, Option<KindId>)>,
        unopened: Vec<Unopened>,
        manifest: &Manifest,
    ) {
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let mut stated = self.statements(manifest);
        let kinds = self.kinds.clone();
        let (adapters, limits) = (self.adapters.clone(), self.limits.clone());
        // Where every file is of a given kind, as in policy tests, nobody asks it.
        let judge = LazyCell::new(|| Recogniser::new(&kinds, &adapters, &limits));
        for (path, origin, bytes, given) in found {
            let statements = stated.remove(&composed(&path)).unwrap_or_default();
            let parts = Part::of_statements(&statements);
            // What nothing is stated about is one entry, too.
            let statements =
                if statements.is_empty() { vec![None] } else { statements.into_iter().map(Some).collect() };
            for (stated, part) in statements.into_iter().zip(parts) {
                let by_manifest =
                    stated.as_ref().and_then(|stated| stated.kind.clone()).filter(|kind| kinds.contains_key(kind));
                let recognised = match (&given, by_manifest, &part) {
                    (Some(kind), ..) => Recognised::As(kind.clone(), None, "test"),
                    (None, Some(kind), _) => {
                        let recognised = judge.layout(&kind, &path, &origin, "manifest");
                        // A file that an adapter reads need not have the columns of its kind.
                        if matches!(recognised, Recognised::As(_, None, _)) {
                            let sheets = part.as_ref().map(|part| part.sheets.as_slice());
                            self.doubt(&kind, judge.rather(&kind, &path, &origin, bytes, sheets), &path);
                        }
                        recognised
                    }
                    (None, None, Some(part)) => judge.of_named(&path, &origin, bytes, &part.sheets),
                    (None, None, None) => judge.recognise(&path, &origin, bytes),
                };
                let entry = FileEntry {
                    path: path.clone(),
                    kind: None,
                    recognised_by: None,
                    bytes,
                    stated,
                    unused: None,
                    adapted: None,
                    part,
                };
                self.add(entry, &origin, recognised);
            }
        }
        self.find_unopened(unopened, &judge, &mut stated);
        self.find_absent(stated.into_values().flatten(), &judge);
        sort_diagnostics(&mut self.diagnostics);
    }

    /// A file by what it was recognised as: one entry, or one for every register in it.
    fn add(&mut self, mut entry: FileEntry, origin: &Origin, recognised: Recognised) {
        match recognised {
            Recognised::Sheets(found) => return self.add_registers(&entry, origin, &found),
            Recognised::As(kind, ..) if self.has_register(&entry, &kind) => self.twice(&mut entry, kind),
            Recognised::As(kind, adapted, by) => {
                entry.kind = Some(kind);
                entry.adapted = adapted;
                entry.recognised_by = Some(by);
            }
            Recognised::Layouts(kind, layouts) => self.ambiguous(&mut entry, kind, &layouts),
            Recognised::Misfit(kinds, adapters) => self.misfit(&mut entry, kinds, &adapters),
            Recognised::Several(claimants, by) => self.dispute(&mut entry, claimants, by),
            Recognised::None if entry.part.is_some() => {
                let names = listed(entry.sheets().iter().map(|sheet| short(sheet)));
                let reason = Text::new(
                    format!("没有清单写明的工作表{}，或其表头不符合任何证据类型", names.zh),
                    format!(
                        "{}, which the manifest names, is not there or has the header of no evidence kind",
                        names.en
                    ),
                );
                let help = Text::new(
                    "更正 manifest.yaml 中的 sheet，或写明 kind",
                    "correct its `sheet` in manifest.yaml, or state its `kind`",
                );
                self.diagnostics.push(file_fault(&codes::UNUSED_FILE, &entry.path, reason.clone()).help(help));
                entry.unused = Some(reason);
            }
            Recognised::None => {
                let reason = Text::new(
                    "文件名和表头都不符合任何证据类型",
                    "neither its name nor its header is that of an evidence kind",
                );
                let help = Text::new(
                    "改名，或在 manifest.yaml 中写明它的 kind",
                    "rename it, or state its `kind` in manifest.yaml",
                );
                self.diagnostics.push(file_fault(&codes::UNUSED_FILE, &entry.path, reason.clone()).help(help));
                entry.unused = Some(reason);
            }
        }
        self.files.push(entry);
        self.origins.push(origin.clone());
    }

    /// A workbook of several registers: each is an entry of its own.
    fn add_registers(&mut self, entry: &FileEntry, origin: &Origin, found: &[Registers]) {
        for registers in found {
            let Some(kind) = registers.kind() else {
                self.dispute_sheets(&entry.path, registers);
                continue;
            };
            self.files.push(FileEntry {
                kind: Some(kind.clone()),
                recognised_by: Some("header"),
                part: Some(Part::of_registers(registers, found)),
                ..entry.clone()
            });
            self.origins.push(origin.clone());
        }
        if let Some(rows) = entry.stated.as_ref().and_then(|stated| stated.rows) {
            let message = Text::new(
                format!("清单写明 {rows} 行，而工作簿含多个台账，不知道是哪一个的行数"),
                format!(
                    "the manifest states {rows} rows of a workbook that holds several registers: of which is unknown"
                ),
            );
            let help = Text::new(
                "在 manifest.yaml 中按 sheet 各列一条，各写各的行数",
                "list each register in manifest.yaml with its `sheet` and its rows",
            );
            self.diagnostics.push(file_fault(&codes::ROWS_STATED, &entry.path, message).help(help));
        }
    }

    /// What could not be opened leaves the kinds incomplete that it may be of.
    fn find_unopened(
        &mut self,
        unopened: Vec<Unopened>,
        judge: &Recogniser<'_>,
        stated: &mut BTreeMap<String, Vec<ManifestFile>>,
    ) {
        for thing in unopened {
            let lacking = match (thing.may_be, judge.by_name(&thing.path)) {
                (MayBe::Anything, _) => Lacking::All,
                (MayBe::NamelessFile, named) if named.is_empty() => Lacking::All,
                (MayBe::NamelessFile | MayBe::File, named) => {
                    let stated = stated.remove(&composed(&thing.path)).unwrap_or_default();
                    let stated: Vec<KindId> = stated.into_iter().filter_map(|stated| stated.kind).collect();
                    let known = |kind: &KindId| self.kinds.contains_key(kind);
                    Lacking::These(if stated.iter().any(known) {
                        stated.into_iter().filter(known).collect()
                    } else {
                        named
                    })
                }
            };
            self.unopened.push((lacking, thing));
        }
    }

    /// Files that the manifest lists and nobody finds.
    fn find_absent(&mut self, stated: impl Iterator<Item = ManifestFile>, judge: &Recogniser<'_>) {
        for entry in stated {
            let named = judge.by_name(&entry.path);
            let kind = entry.kind.clone().or(if let [kind] = named.as_slice() { Some(kind.clone()) } else { None });
            let within = format!("{}/", entry.path);
            let message = if self.files.iter().any(|file| file.path.starts_with(&within)) {
                Text::new(
                    "清单列出的是压缩包；请改为列出其中的文件",
                    "the manifest lists an archive; list the files in it instead",
                )
            } else {
                Text::new("清单列出的文件不存在", "the manifest lists this file, and it is not there")
            };
            let mut diagnostic = match &entry.place {
                Some(place) => Diagnostic::new(&codes::MISSING_FILE, message).at_place(place.whole()),
                None => file_fault(&codes::MISSING_FILE, &entry.path, message),
            };
            // By the name: files of one folder are alike by nothing but that. What the manifest lists is itself.
            let name = |path: &'_ str| path.rsplit('/').next().unwrap_or_default().to_owned();
            let unlisted: BTreeMap<String, &str> = self
                .files
                .iter()
                .filter(|file| file.stated.is_none())
                .map(|file| (name(&file.path), file.path.as_str()))
                .collect();
            let near = nearest(&name(&entry.path), unlisted.keys().map(String::as_str));
            let near = near.and_then(|near| unlisted.get(near));
            diagnostic.help =
                near.map(|near| Text::new(format!("是 `{near}` 吗？"), format!("did you mean `{near}`?")));
            self.diagnostics.push(diagnostic);
            self.absent.push((kind, entry.path));
        }
    }

    /// Whether an entry of the same file is of a kind already.
    fn has_register(&self, entry: &FileEntry, kind: &KindId) -> bool {
        self.files.iter().rev().take_while(|file| file.path == entry.path).any(|file| file.kind.as_ref() == Some(kind))
    }

    /// Sheets of a kind that the manifest lists apart from others of the same file and kind.
    fn twice(&mut self, entry: &mut FileEntry, kind: KindId) {
        let names = listed(entry.sheets().iter().map(|sheet| short(sheet)));
        let reason = Text::new(
            format!("同一文件的其他工作表已列为 `{kind}`，又单独列出 {}", names.zh),
            format!("other sheets of the same file are listed as `{kind}`, and {} apart from them", names.en),
        );
        let help = Text::new(
            "同一类型的工作表写在同一条的 sheet 里：sheet: [甲, 乙]",
            "list the sheets of one kind in one entry: `sheet: [A, B]`",
        );
        self.set_aside(entry, vec![kind], file_fault(&codes::STATED_TWICE, &entry.path, reason).help(help));
    }

    /// Sheets of a workbook that may be of several kinds, beside others that are not in doubt.
    fn dispute_sheets(&mut self, path: &str, registers: &Registers) {
        let sheets = listed(registers.sheets.iter().map(|sheet| short(sheet)));
        let kinds = listed(registers.kinds.iter().map(ToString::to_string));
        let message = if registers.aside {
            Text::new(
                format!("工作表{}的名称像是示例或不再算数的内容，其中有 {} 的行，没有读取", sheets.zh, kinds.zh),
                format!(
                    "{}, called an example or what does not count any more, has rows of {} and was not read",
                    sheets.en, kinds.en
                ),
            )
        } else {
            Text::new(
                format!("工作表{}可能属于证据类型 {}，没有读取", sheets.zh, kinds.zh),
                format!("{} may be of the evidence kinds {} and was not read", sheets.en, kinds.en),
            )
        };
        let help = Text::new(
            "在 manifest.yaml 中逐条写明每类的 sheet 和 kind",
            "list each register in manifest.yaml with its `sheet` and `kind`",
        );
        self.diagnostics.push(file_fault(&codes::TWO_KINDS, path, message).help(help));
        self.disputed.push((registers.kinds.clone(), path.to_owned()));
    }

    /// Statements by path; faults in them are told.
    fn statements(&mut self, manifest: &Manifest) -> BTreeMap<String, Vec<ManifestFile>> {
        let mut stated: BTreeMap<String, Vec<ManifestFile>> = BTreeMap::new();
        for entry in &manifest.files {
            let place = |code, message: Text| match &entry.place {
                Some(place) => Diagnostic::new(code, message).at_place(place.whole()),
                None => file_fault(code, &entry.path, message),
            };
            if let Some(kind) = entry.kind.as_ref().filter(|kind| !self.kinds.contains_key(*kind)) {
                let mut diagnostic = place(
                    &codes::UNKNOWN_KIND,
                    Text::new(format!("没有证据类型 `{kind}`"), format!("no evidence kind `{kind}`")),
                );
                let near = nearest(kind.as_str(), self.kinds.keys().map(KindId::as_str));
                diagnostic.help =
                    near.map(|near| Text::new(format!("是 `{near}` 吗？"), format!("did you mean `{near}`?")));
                self.diagnostics.push(diagnostic);
            }
            let mut parts: Vec<&str> = Vec::new();
            let mut escapes = entry.path.starts_with('/');
            for part in entry.path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".") {
                if part == ".." {
                    escapes |= parts.pop().is_none();
                } else {
                    parts.push(part);
                }
            }
            let path = composed(&if escapes { entry.path.clone() } else { parts.join("/") });
            if escapes {
                let message = Text::new("路径指向工作区之外", "the path leads out of the workspace");
                self.diagnostics.push(place(&codes::OUTSIDE_WORKSPACE, message));
            }
            let whole = |other: &ManifestFile| other.sheets.is_empty() || entry.sheets.is_empty();
            let both = |other: &ManifestFile| other.sheets.iter().any(|sheet| entry.sheets.contains(sheet));
            if stated.get(&path).is_some_and(|all| all.iter().any(|other| whole(other) || both(other))) {
                let message = Text::new(format!("`{path}` 列出了两次"), format!("`{path}` is listed twice"));
                self.diagnostics.push(place(&codes::STATED_TWICE, message));
                continue;
            }
            stated.entry(path.clone()).or_default().push(ManifestFile { path, ..entry.clone() });
        }
        stated
    }

    /// A file that is used as none of the kinds it may be of, and why.
    fn set_aside(&mut self, entry: &mut FileEntry, kinds: Vec<KindId>, fault: Diagnostic) {
        entry.unused = Some(fault.message.clone());
        self.diagnostics.push(fault);
        self.disputed.push((kinds, entry.path.clone()));
    }

    /// A file that is called like the output of a tool and does not begin like it.
    fn misfit(&mut self, entry: &mut FileEntry, kinds: Vec<KindId>, adapters: &[String]) {
        let names: Vec<String> = adapters.iter().map(|id| format!("`{id}`")).collect();
        let reason = Text::new(
            format!("文件名像是 {} 所读的输出，开头却不是", names.join("、")),
            format!("it is called like the output that {} reads, and does not begin like it", names.join(", ")),
        );
        let help = Text::new(
            "按 `hegui explain` 所列的命令重新导出，或改名",
            "export it again with the command that `hegui explain` lists, or rename it",
        );
        self.set_aside(entry, kinds, file_fault(&codes::UNUSED_FILE, &entry.path, reason).help(help));
    }

    /// A file that several adapters of its kind could read.
    fn ambiguous(&mut self, entry: &mut FileEntry, kind: KindId, layouts: &[String]) {
        let names: Vec<String> = layouts.iter().map(|id| format!("`{id}`")).collect();
        let reason = Text::new(
            format!("同时符合多种导出格式：{}", names.join("、")),
            format!("several adapters could read it: {}", names.join(", ")),
        );
        let help = Text::new(
            "按工具拆成几个文件，一个文件只放一种输出",
            "split it, so that each file holds the output of one tool",
        );
        self.set_aside(entry, vec![kind], file_fault(&codes::TWO_KINDS, &entry.path, reason).help(help));
    }

    /// The manifest decides; but what cannot be of the stated kind is missing from the one it seems to be of.
    fn doubt(&mut self, stated: &KindId, rather: Vec<KindId>, path: &str) {
        if rather.is_empty() {
            return;
        }
        let names: Vec<String> = rather.iter().map(|kind| format!("`{kind}`")).collect();
        let message = Text::new(
            format!("清单写明类型为 `{stated}`，它没有该类型必需的列，看来是 {}", names.join("、")),
            format!(
                "the manifest says `{stated}`, whose required columns it lacks; it seems to be {}",
                names.join(", ")
            ),
        );
        let help = Text::new("更正 manifest.yaml 中的 kind", "correct its `kind` in manifest.yaml");
        self.diagnostics.push(file_fault(&codes::TWO_KINDS, path, message).help(help));
        self.disputed.push((rather, path.to_owned()));
    }

    fn dispute(&mut self, entry: &mut FileEntry, claimants: Vec<KindId>, by: &str) {
        let names: Vec<String> = claimants.iter().map(|kind| format!("`{kind}`")).collect();
        let (zh, en) = match by {
            "name" => ("文件名", "name"),
            "content" => ("开头", "beginning"),
            _ => ("表头", "header"),
        };
        let reason = Text::new(
            format!("{zh}同时符合证据类型 {}", names.join("、")),
            format!("its {en} is that of several evidence kinds: {}", names.join(", ")),
        );
        let help = Text::new("在 manifest.yaml 中写明它的 kind", "state its `kind` in manifest.yaml");
        self.set_aside(entry, claimants, file_fault(&codes::TWO_KINDS, &entry.path, reason).help(help));
    }

    /// Every file found, by path; a file is named by its position here.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// Faults found while walking and recognising, sorted; those of reading are in each [`KindScan`].
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// What was met and could not be opened, by path: the kind whose it would be, when there is just one, and why. Folders
    /// of which nobody knows what is inside are among them.
    pub fn unopened(&self) -> impl Iterator<Item = (&str, Option<&KindId>, &Text)> {
        self.unopened.iter().map(|(lacking, thing)| {
            let kind = match lacking {
                Lacking::These(kinds) => {
                    if let [kind] = kinds.as_slice() {
                        Some(kind)
                    } else {
                        None
                    }
                }
                Lacking::All => None,
            };
            (thing.path.as_str(), kind, &thing.why)
        })
    }

    /// The declaration of a kind.
    pub fn kind(&self, id: &KindId) -> Option<&Arc<EvidenceKind>> {
        self.kinds.get(id)
    }

    /// All kinds, by id.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<EvidenceKind>> {
        self.kinds.values()
    }

    /// Bytes of all files of a kind: to scan the smallest first.
    pub fn bytes_of(&self, kind: &KindId) -> u64 {
        self.files.iter().filter(|file| file.kind.as_ref() == Some(kind)).map(|file| file.bytes).sum()
    }

    /// One pass over the files of `kind` that count: pushes batches of every wanted table, by path, then row.
    ///
    /// `wanted` may be empty: rows are counted and bytes hashed all the same. Rows whose `time` lies after `as_of` are
    /// not shown. The first argument of `sink` is the position in `wanted`.
    pub fn scan(
        &self,
        kind: &KindId,
        wanted: &[(TablePath, Vec<String>)],
        sink: &mut (dyn FnMut(usize, Batch) + Send),
    ) -> KindScan {
        super::kind_scan::scan(self, kind, wanted, false, sink)
    }

    /// The same rows with every cell as its file has it, as text: for people who look at evidence, never to judge by.
    pub fn scan_as_written(
        &self,
        kind: &KindId,
        wanted: &[(TablePath, Vec<String>)],
        sink: &mut (dyn FnMut(usize, Batch) + Send),
    ) {
        super::kind_scan::scan(self, kind, wanted, true, sink);
    }

    /// Size and SHA-256 of the files that belong to no kind.
    pub fn scan_unused(&self) -> (Vec<FileScan>, Vec<Diagnostic>) {
        let mut scans = Vec::new();
        let mut diagnostics = Vec::new();
        let known: BTreeSet<&KindId> = self.kinds.keys().collect();
        for (position, (entry, origin)) in self.files.iter().zip(&self.origins).enumerate() {
            if entry.kind.as_ref().is_some_and(|kind| known.contains(kind)) {
                continue;
            }
            let mut scan = FileScan {
                file: u32::try_from(position).unwrap_or(u32::MAX),
                status: FileStatus::Unused,
                bytes: entry.bytes,
                ..FileScan::default()
            };
            match origin.open().and_then(super::bytes::Blocks::finish) {
                Ok(digested) => {
                    scan.bytes = digested.bytes;
                    scan.sha256 = digested.sha256;
                }
                Err(fault) => {
                    let message = find::unreadable(&fault);
                    diagnostics.push(file_fault(&codes::UNREADABLE_FILE, &entry.path, message));
                }
            }
            scans.push(scan);
        }
        (scans, diagnostics)
    }
}

/// The first of several names, and that there are more.
fn listed(names: impl Iterator<Item = String>) -> Text {
    const NAMED: usize = 20;
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let (first, more) = (names.get(..NAMED).unwrap_or(&names), if names.len() > NAMED { "…" } else { "" });
    Text::new(format!("{}{more}", first.join("、")), format!("{}{more}", first.join(", ")))
}
