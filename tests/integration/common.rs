//! The harness: a clean environment, a workspace of one's own, the day passed in.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The day every test judges on.
pub(crate) const AS_OF: &str = "2026-10-15";

/// Root of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a run of the binary gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Asserts the exit status, showing everything when it is another.
    #[track_caller]
    pub(crate) fn status(self, expected: i32) -> Self {
        assert_eq!(self.status, expected, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Asserts that stderr says each of these.
    #[track_caller]
    pub(crate) fn says(self, expected: &[&str]) -> Self {
        for words in expected {
            assert!(self.err.contains(words), "stderr lacks {words:?}:\n{}\nstdout:\n{}", self.err, self.out);
        }
        self
    }

    /// Asserts that the one or the other says each of these.
    #[track_caller]
    pub(crate) fn tells(self, expected: &[&str]) -> Self {
        for words in expected {
            let told = self.err.contains(words) || self.out.contains(words);
            assert!(told, "neither has {words:?}:\nstdout:\n{}\nstderr:\n{}", self.out, self.err);
        }
        self
    }

    /// Asserts that stdout says each of these.
    #[track_caller]
    pub(crate) fn prints(self, expected: &[&str]) -> Self {
        for words in expected {
            assert!(self.out.contains(words), "stdout lacks {words:?}:\n{}\nstderr:\n{}", self.out, self.err);
        }
        self
    }
}

/// The binary with an empty environment.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hegui"));
    command.env_clear().current_dir(std::env::temp_dir());
    command
}

/// Runs the binary.
pub(crate) fn hegui<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(arguments: I) -> Run {
    let Output { status, stdout, stderr } = command().args(arguments).output().unwrap();
    Run {
        status: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// The files below a folder, copied.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A workspace in a temporary directory.
pub(crate) struct Workspace {
    dir: tempfile::TempDir,
}

impl Workspace {
    /// Nothing in it.
    pub(crate) fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// `hegui.yaml`, and one control of its own over one kind of its own, with evidence that satisfies it.
    pub(crate) fn small() -> Self {
        let workspace = Self::empty();
        workspace.write("hegui.yaml", SETTINGS);
        workspace.write("policies/evidence/widgets.yaml", KIND);
        workspace.write("policies/controls/BAK/BAK-90.yaml", CONTROL);
        workspace.write("policies/profiles/small.yaml", PROFILE);
        workspace.write("evidence/2026Q3/widgets.csv", "编号,日期,数量\nw1,2026-09-01,1\nw2,2026-09-30,2\n");
        workspace
    }

    /// A copy of `examples/agency` with its evidence and settings, without what was made from them.
    pub(crate) fn example() -> Self {
        let source = repository().join("examples/agency");
        let workspace = Self::empty();
        for entry in walkdir::WalkDir::new(&source).sort_by_file_name() {
            let entry = entry.unwrap();
            let path = entry.path().strip_prefix(&source).unwrap();
            if entry.file_type().is_file() && !path.starts_with("expected") && !path.starts_with("reports") {
                workspace.write(path.to_str().unwrap(), std::fs::read(entry.path()).unwrap());
            }
        }
        workspace
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A path inside it.
    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Writes a file, making its folders.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Replaces words of a file that must be in it.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let text = std::fs::read_to_string(self.join(path)).unwrap();
        assert!(text.contains(from), "{path} lacks {from:?}");
        self.write(path, text.replacen(from, to, 1))
    }

    /// `hegui check` of it on [`AS_OF`], with further arguments, in English.
    pub(crate) fn check(&self, more: &[&str]) -> Run {
        let path = self.path().to_str().unwrap();
        let mut arguments = vec!["check", path, "--as-of", AS_OF, "--lang", "en"];
        arguments.extend(more);
        hegui(arguments)
    }
}

const SETTINGS: &str = "\
schema: hegui/workspace/v1
entity: {name: 测试单位}
time_zone: Asia/Shanghai
profile: small
facts: {employees: 3}
gate: {fail_on: low}
";

const PROFILE: &str = "\
schema: hegui/profile/v1
id: small
title: 小
include: [BAK-90]
facts: [employees]
";

const KIND: &str = "\
schema: hegui/evidence/v1
id: widgets
title: 部件
collect: 从系统导出
owner: it
files: [\"**/widgets*\"]
max_age: 100 days
time: made_on
key: [id]
several: all
record:
  type: object
  required: [id, made_on]
  properties:
    id: {type: string, title: 编号}
    made_on: {type: string, format: date, title: 日期}
    amount: {type: integer, title: 数量}
";

const CONTROL: &str = "\
schema: hegui/control/v1
id: BAK-90
title: 部件数量
objective: 每个部件都有数量
severity: high
provisions: [DSL-27]
params:
  least: {type: integer, default: 1, min: 1, max: 5, source: practice}
checks:
  - id: BAK-90.1
    title: 数量足够
    over: widgets
    expect: amount >= $least
    finding: \"{{ id }} 只有 {{ amount }}\"
remedy: 补足
";
