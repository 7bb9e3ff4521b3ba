//! The keys of `hegui.yaml`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use super::{FILE_NAME, WithoutFile, Workspace, WorkspaceError, manifest};
use crate::model::Severity;
use crate::policy::{self, ProfileChoice, Sort, Value, codes};
use crate::text::suggest::nearest;
use crate::text::{Diagnostic, Lang, Place, Source, Text, foreign};

const SCHEMA: &str = "hegui/workspace/v1";

/// The entity under assessment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entity {
    /// Name.
    pub name: Text,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Address.
    pub address: Option<Text>,
    /// Contact.
    pub contact: Option<Text>,
}

/// Who is responsible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Responsible {
    /// Data security lead.
    pub data_security: Option<Text>,
    /// Personal information protection lead.
    pub personal_information: Option<Text>,
}

/// What is assessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Systems.
    pub systems: Vec<Text>,
    /// Data.
    pub data: Vec<Text>,
    /// Lines of business.
    pub business: Vec<Text>,
    /// Clients.
    pub clients: Vec<Text>,
    /// What is left out.
    pub out_of_scope: Vec<Text>,
}

/// Whose assessment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReportKind {
    /// 自查.
    #[default]
    SelfAssessment,
    /// 第三方评估.
    ThirdParty,
}

/// About the report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportSettings {
    /// Whose assessment it is.
    pub kind: ReportKind,
    /// Language; `None` leaves it to the command line and its default.
    pub language: Option<Lang>,
    /// Report number.
    pub number: Option<String>,
    /// Who prepared it.
    pub prepared_by: Option<Text>,
    /// Who reviewed it.
    pub reviewed_by: Option<Text>,
    /// Who approved it.
    pub approved_by: Option<Text>,
    /// Output formats; `None` leaves them to the command line and its default.
    pub formats: Option<Vec<String>>,
    /// Folder of templates and words, relative to the root; there when the file was read, and inside the workspace.
    pub templates: Option<String>,
}

/// From which severity a run fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// This severity and graver ones.
    From(Severity),
    /// Never.
    Never,
}

/// When a run fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// From which severity.
    pub fail_on: FailOn,
}

/// Limits that differ from the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LimitSettings {
    /// Bytes of a file that is streamed.
    pub streamed_bytes: Option<u64>,
    /// Bytes of a file that is held whole.
    pub whole_bytes: Option<u64>,
    /// Bytes that a workbook may expand to.
    pub expanded_bytes: Option<u64>,
    /// Columns of a table.
    pub columns: Option<u64>,
    /// Bytes of one cell.
    pub cell_bytes: Option<u64>,
    /// Files under the evidence roots.
    pub files: Option<u64>,
    /// Findings listed per check.
    pub findings: Option<u64>,
    /// Bytes of memory for keys, groups and partners.
    pub memory_bytes: Option<u64>,
}

pub(super) fn open(root: &Path, without_file: WithoutFile) -> Result<Workspace, WorkspaceError> {
    if !root.is_dir() {
        return Err(WorkspaceError::NoFolder { path: root.to_owned() });
    }
    let path = root.join(FILE_NAME);
    let read = |reason| WorkspaceError::Read { path: path.clone(), reason };
    if !path.exists() {
        return match without_file {
            WithoutFile::Refuse => Err(WorkspaceError::NotFound { path: root.to_owned() }),
            WithoutFile::Allow => Ok(defaults(root)),
        };
    }
    let inside = root.canonicalize().map_err(|error| read(foreign::io(&error)))?;
    let text = policy::read_text(&path, &inside).map_err(read)?;
    let source = Source::new(FILE_NAME, text);
    let mut workspace = defaults(root);
    let mut faults = Vec::new();
    let node = policy::read_yaml(&source, &mut faults);
    let no_yaml = faults.len();
    if let Some(node) = node {
        let value = Value::new(&node, &source);
        policy::check_workspace(value, &mut faults);
        decode(value, &mut workspace, &mut faults);
        workspace.unsettled = unsettled(value, &faults, no_yaml);
        workspace.file = Some((Arc::clone(&source), node));
    } else {
        workspace.unsettled.insert(FILE_NAME);
    }
    faults.extend(not_read(root));
    let written = workspace.file.as_ref().and_then(|(source, node)| Value::new(node, source).get("policies"));
    workspace.policies.retain(|folder| {
        let place = written
            .into_iter()
            .flat_map(Value::one_or_more)
            .find(|value| value.text().is_some_and(|text| manifest::join("", text).as_ref() == Some(folder)));
        let fault = policy_folder(root, &inside, folder);
        let usable = fault.is_none();
        faults
            .extend(fault.map(|fault| Diagnostic { place: place.map(Value::place).or(fault.place.clone()), ..fault }));
        usable
    });
    crate::text::sort_diagnostics(&mut faults);
    workspace.diagnostics = faults;
    Ok(workspace)
}

/// Folders of DESIGN §5 that nothing reads yet; a word about each that holds something, so that nobody takes it for counted.
const NOT_READ: [&str; 3] = ["waivers", "attestations", "ledger"];

fn not_read(root: &Path) -> impl Iterator<Item = Diagnostic> {
    let kept_empty = |name: &OsStr| name == ".gitkeep" || name == ".gitignore" || name == ".DS_Store";
    let holds = move |folder: &&str| match std::fs::read_dir(root.join(folder)) {
        Ok(mut entries) => entries.any(|entry| entry.is_ok_and(|entry| !kept_empty(&entry.file_name()))),
        Err(fault) => fault.kind() == ErrorKind::PermissionDenied,
    };
    NOT_READ.into_iter().filter(holds).map(|folder| {
        let message = Text::new(
            format!("`{folder}` 里的内容还没有被读取，不影响任何结果"),
            format!("what lies in `{folder}` is not read yet and changes no result"),
        );
        let help = Text::new(
            "豁免、声明和台账在以后的版本中支持",
            "waivers, attestations and the ledger come with a later version",
        );
        Diagnostic::new(&codes::WORKSPACE_NOT_READ, message)
            .at_place(Place::File { path: folder.to_owned() })
            .help(help)
    })
}

/// Keys that decide what is judged and how: what cannot be read there must not be guessed.
const DECIDING: [&str; 7] = ["as_of", "time_zone", "profile", "facts", "gate", "evidence", "policies"];

/// Which of them the faults concern; [`FILE_NAME`] when nobody can say what the file states. The first `no_yaml` faults
/// are those of the text as YAML.
fn unsettled(root: Value<'_>, faults: &[Diagnostic], no_yaml: usize) -> BTreeSet<&'static str> {
    let schema_holds = root.get("schema").is_none_or(|schema| schema.text() == Some(SCHEMA));
    if root.sort() != Sort::Mapping || !schema_holds {
        return BTreeSet::from([FILE_NAME]);
    }
    let top: Vec<String> = root.named().map(|(key, _)| key.text).collect();
    let key_of = |fault: &Diagnostic| {
        let Some(Place::Source { source, span }) = &fault.place else { return None };
        let around = root.named().find(|(key, value)| {
            span.start >= key.span.start && span.end <= value.span().end.max(key.span.end) && *span != root.span()
        });
        let written = source.text.get(span.range()).unwrap_or_default().trim_matches(['"', '\'']);
        let meant = if fault.code.id == codes::YAML_DUPLICATE_KEY.id {
            DECIDING.into_iter().find(|key| *key == written)
        } else if fault.code.id == codes::UNKNOWN_KEY.id {
            // A key that is misspelt or stands in the wrong place.
            let absent = DECIDING.into_iter().filter(|key| top.iter().all(|there| there != key));
            nearest(written, absent)
        } else {
            None
        };
        let inside = around.and_then(|(key, _)| DECIDING.into_iter().find(|name| *name == key.text));
        inside.or(meant)
    };
    let concerned = |(number, fault): (usize, &Diagnostic)| match key_of(fault) {
        // Of what is no YAML nobody knows what it was to be.
        None if number < no_yaml && fault.code.id != codes::YAML_DUPLICATE_KEY.id => Some(FILE_NAME),
        key => key,
    };
    faults.iter().enumerate().filter_map(concerned).collect()
}

/// Where an entity's own policies lie unless `hegui.yaml` says otherwise.
const POLICIES: &str = "policies";

/// Why what is called a policy folder is none, or leads out of the workspace.
fn policy_folder(root: &Path, inside: &Path, folder: &str) -> Option<Diagnostic> {
    let path = root.join(folder);
    let fault = |zh: String, en: String| {
        let help = Text::new("写工作区里的一个文件夹，或删去", "name a folder of the workspace, or remove it");
        let place = crate::text::Place::File { path: folder.to_owned() };
        Some(Diagnostic::new(&codes::FILE_UNREADABLE, Text::new(zh, en)).at_place(place).help(help))
    };
    match path.canonicalize() {
        Err(error) => {
            let why = foreign::io(&error);
            fault(
                format!("无法读取策略文件夹 `{folder}`：{}", why.zh),
                format!("cannot read policy folder `{folder}`: {}", why.en),
            )
        }
        Ok(real) if !real.starts_with(inside) => {
            fault(format!("链接 `{folder}` 指到工作区之外"), format!("link `{folder}` leads out of the workspace"))
        }
        Ok(real) if !real.is_dir() => fault(format!("`{folder}` 不是文件夹"), format!("`{folder}` is no folder")),
        Ok(_) => None,
    }
}

/// What a folder without file is taken for.
fn defaults(root: &Path) -> Workspace {
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Workspace {
        root: root.to_owned(),
        entity: Entity { name: Text::same(name), ..Entity::default() },
        responsible: Responsible::default(),
        scope: Scope::default(),
        report: ReportSettings::default(),
        time_zone: None,
        as_of: None,
        profile: ProfileChoice::default(),
        policies: if root.join(POLICIES).symlink_metadata().is_ok() { vec![POLICIES.into()] } else { Vec::new() },
        evidence: vec!["evidence".into()],
        gate: None,
        limits: LimitSettings::default(),
        diagnostics: Vec::new(),
        unsettled: BTreeSet::new(),
        file: None,
    }
}

fn decode(root: Value<'_>, workspace: &mut Workspace, faults: &mut Vec<Diagnostic>) {
    let at = |path: &[&str]| path.iter().try_fold(root, |value, key| value.get(key));
    let text = |path: &[&str]| text(at(path)?);
    let word = |path: &[&str]| at(path).and_then(Value::text).map(str::to_owned);
    let texts = |path: &[&str]| -> Vec<Text> {
        at(path).into_iter().flat_map(Value::one_or_more).filter_map(self::text).collect()
    };
    workspace.entity = Entity {
        name: text(&["entity", "name"]).unwrap_or_else(|| workspace.entity.name.clone()),
        uscc: word(&["entity", "uscc"]),
        address: text(&["entity", "address"]),
        contact: text(&["entity", "contact"]),
    };
    workspace.responsible = Responsible {
        data_security: text(&["responsible", "data_security"]),
        personal_information: text(&["responsible", "personal_information"]),
    };
    workspace.scope = Scope {
        systems: texts(&["scope", "systems"]),
        data: texts(&["scope", "data"]),
        business: texts(&["scope", "business"]),
        clients: texts(&["scope", "clients"]),
        out_of_scope: texts(&["scope", "out_of_scope"]),
    };
    workspace.report = ReportSettings {
        kind: match word(&["report", "kind"]).as_deref() {
            Some("third_party") => ReportKind::ThirdParty,
            _ => ReportKind::SelfAssessment,
        },
        language: match word(&["report", "language"]).as_deref() {
            Some("zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            _ => None,
        },
        number: word(&["report", "number"]),
        prepared_by: text(&["report", "prepared_by"]),
        reviewed_by: text(&["report", "reviewed_by"]),
        approved_by: text(&["report", "approved_by"]),
        formats: at(&["report", "formats"])
            .map(|formats| formats.one_or_more().filter_map(Value::text).map(str::to_owned).collect()),
        templates: at(&["report", "templates"]).and_then(|folder| there(folder, &workspace.root, faults)),
    };
    if let Some(zone) = at(&["time_zone"]) {
        workspace.time_zone = policy::time_zone(zone, faults);
    }
    workspace.as_of = word(&["as_of"]).and_then(|day| policy::date::parse(&day));
    if let Some(profile) = at(&["profile"]) {
        workspace.profile = ProfileChoice { name: profile.text().map(str::to_owned), place: Some(profile.place()) };
    }
    if let Some(folders) = at(&["policies"]) {
        workspace.policies = paths(folders, faults);
    }
    if let Some(folders) = at(&["evidence"]) {
        workspace.evidence = paths(folders, faults);
    }
    workspace.gate = word(&["gate", "fail_on"]).and_then(|word| fail_on(&word)).map(|fail_on| Gate { fail_on });
    let limit = |key: &str| word(&["limits", key]).and_then(|limit| limit.parse().ok());
    workspace.limits = LimitSettings {
        streamed_bytes: limit("streamed_bytes"),
        whole_bytes: limit("whole_bytes"),
        expanded_bytes: limit("expanded_bytes"),
        columns: limit("columns"),
        cell_bytes: limit("cell_bytes"),
        files: limit("files"),
        findings: limit("findings"),
        memory_bytes: limit("memory_bytes"),
    };
}

fn fail_on(word: &str) -> Option<FailOn> {
    Some(match word {
        "never" => FailOn::Never,
        "critical" => FailOn::From(Severity::Critical),
        "high" => FailOn::From(Severity::High),
        "medium" => FailOn::From(Severity::Medium),
        "low" => FailOn::From(Severity::Low),
        _ => return None,
    })
}

fn text(value: Value<'_>) -> Option<Text> {
    if value.sort() == Sort::Mapping {
        let language = |name| value.get(name).and_then(Value::text).map(str::to_owned);
        return Some(Text { zh: language("zh")?, en: language("en")? });
    }
    value.text().map(Text::same)
}

/// A relative folder that is there and inside the workspace once links are followed.
fn there(value: Value<'_>, root: &Path, faults: &mut Vec<Diagnostic>) -> Option<String> {
    let path = paths(value, faults).pop()?;
    let folder = root.join(&path);
    let inside = root.canonicalize().ok().zip(folder.canonicalize().ok());
    let (zh, en) = match inside {
        _ if !folder.is_dir() => ("没有文件夹", "no folder"),
        Some((root, folder)) if folder.starts_with(&root) => return Some(path),
        _ => ("链接指到工作区之外", "a link leads out of the workspace"),
    };
    let message = Text::new(format!("{zh}：`{path}`"), format!("{en}: `{path}`"));
    let help = Text::new("写相对于工作区的路径", "write a path relative to the workspace");
    faults.push(value.fault(&codes::WORKSPACE_PATH, message).help(help));
    None
}

/// Relative folders inside the workspace.
fn paths(value: Value<'_>, faults: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut paths = Vec::new();
    for folder in value.one_or_more() {
        let Some(written) = folder.text() else { continue };
        // The workspace itself may be an evidence root.
        let joined = if matches!(written, "." | "./") { Some(".".to_owned()) } else { manifest::join("", written) };
        if let Some(path) = joined {
            paths.push(path);
        } else {
            let message = Text::new(
                format!("路径 `{written}` 不在工作区之内"),
                format!("path `{written}` does not stay inside the workspace"),
            );
            let help = Text::new("写相对于工作区的路径", "write a path relative to the workspace");
            faults.push(folder.fault(&codes::WORKSPACE_PATH, message).help(help));
        }
    }
    paths
}
