//! Bad input gets a clear error and nothing is lost: every case of the list names its status and its words.

use std::fmt::Write as _;
use std::path::Path;

use super::common::{AS_OF, Workspace, command, copy, hegui, repository};

const CONTROL: &str = "policies/controls/BAK/BAK-90.yaml";
const KIND: &str = "policies/evidence/widgets.yaml";
const DATA: &str = "evidence/2026Q3/widgets.csv";

#[test]
fn no_such_workspace() {
    let run = hegui(["check", "/no/such/workspace", "--lang", "en"]).status(2);
    run.says(&["/no/such/workspace"]);
    hegui(["evidence", "status", "/no/such/workspace", "--lang", "en"]).status(2).says(&["/no/such/workspace"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    hegui(["check".as_ref(), file.path().as_os_str()]).status(2);
}

#[test]
fn empty_workspace() {
    let workspace = Workspace::empty();
    workspace.check(&["--report", "none"]).status(2).says(&["hegui.yaml", "hegui init"]);
    let workspace = Workspace::small();
    std::fs::remove_dir_all(workspace.join("evidence")).unwrap();
    workspace.check(&["--report", "none"]).status(3);
}

/// One change to a file of the small workspace, and the fault that must be told of it: once, at its place, with a caret,
/// a help, and in Chinese without English.
struct Fault {
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    /// Code, and `file:line:column`.
    at: (&'static str, &'static str),
    /// Words of message and help.
    says: &'static [&'static str],
    /// Words of the same in Chinese.
    zh: &'static [&'static str],
}

#[expect(clippy::too_many_arguments, reason = "a table reads best one case to a line or two")]
const fn fault(
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: &'static str,
    place: &'static str,
    says: &'static [&'static str],
    zh: &'static [&'static str],
) -> Fault {
    Fault { name, file, from, to, at: (code, place), says, zh }
}

const SMALL: &str = "policies/profiles/small.yaml";
const EXPECT: &str = "amount >= $least";

#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    fault("unknown key", CONTROL, "    over: widgets", "    ovre: widgets\n    over: widgets",
        "policy/unknown-key", "BAK-90.yaml:12:5", &["`ovre`", "did you mean `over`?"], &["没有键 `ovre`", "是否想写 `over`"]),
    fault("missing key", CONTROL, "remedy: 补足\n", "",
        "policy/missing-key", "BAK-90.yaml:1:1", &["lacks `remedy`", "add `remedy`"], &["缺少 `remedy`"]),
    fault("unknown parameter", CONTROL, EXPECT, "amount >= $leats",
        "policy/unknown-parameter", "BAK-90.yaml:13:23", &["did you mean `$least`?"], &["没有参数 `$leats`"]),
    fault("a parameter without its sign", CONTROL, EXPECT, "amount >= least AND $least > 0",
        "policy/unknown-column", "BAK-90.yaml:13:23", &["written with `$`: `$least`"], &["`$least`"]),
    fault("a fact without its sign", CONTROL, EXPECT, "amount >= employees AND $least > 0",
        "policy/unknown-column", "BAK-90.yaml:13:23", &["`$facts.employees`"], &["`$facts.employees`"]),
    fault("unknown fact", CONTROL, EXPECT, "amount >= $facts.emploees + $least",
        "policy/unknown-fact", "BAK-90.yaml:13:30", &["did you mean `employees`?"], &["没有事实 `emploees`"]),
    fault("unknown column", CONTROL, EXPECT, "amonut >= $least",
        "policy/unknown-column", "BAK-90.yaml:13:13", &["did you mean `amount`?"], &["没有列 `amonut`"]),
    fault("a text in double quotes", CONTROL, EXPECT, "id <> \"success\" AND $least > 0",
        "policy/unknown-column", "BAK-90.yaml:13:19", &["single quotes: `'success'`"], &["单引号", "`'success'`"]),
    fault("unknown function", CONTROL, EXPECT, "LOWR(id) = 'x' AND $least > 0",
        "expr/unknown-function", "BAK-90.yaml:13:13", &["LOWER"], &["没有函数", "LOWER"]),
    fault("unknown source", CONTROL, "over: widgets", "over: wigdets",
        "policy/unknown-source", "BAK-90.yaml:12:11", &["did you mean `widgets`?"], &["wigdets"]),
    fault("unknown provision", CONTROL, "[DSL-27]", "[DSL-2777]",
        "policy/unknown-provision", "BAK-90.yaml:6:14", &["did you mean `DSL-27`?"], &["没有条款 `DSL-2777`"]),
    fault("unknown family", CONTROL, "severity: high", "family: BAC\nseverity: high",
        "policy/id-mismatch", "BAK-90.yaml:5:9", &["the folder `BAK`"], &["所在文件夹"]),
    fault("parameter out of bounds", CONTROL, "default: 1, min: 1", "default: 9, min: 1",
        "policy/param-out-of-bounds", "BAK-90.yaml:8:35", &["allowed: from `1` to `5`"], &["允许的范围"]),
    fault("tailored out of bounds", SMALL, "include: [BAK-90]", "include: [BAK-90]\nparams: {BAK-90.least: 9}",
        "policy/param-out-of-bounds", "small.yaml:5:24", &["allowed: from `1` to `5`"], &["允许的范围"]),
    fault("tailored parameter unknown", SMALL, "include: [BAK-90]", "include: [BAK-90]\nparams: {BAK-90.lesat: 2}",
        "policy/no-such-param", "small.yaml:5:10", &["did you mean `least`?"], &["没有参数 `BAK-90.lesat`"]),
    fault("duplicate YAML key", CONTROL, "severity: high", "severity: high\nseverity: low",
        "policy/yaml-duplicate-key", "BAK-90.yaml:6:1", &["`severity`", "remove one of them"], &["键 `severity` 写了两次"]),
    fault("types that do not compare", CONTROL, EXPECT, "amount >= 'many' AND $least > 0",
        "expr/type", "BAK-90.yaml:13:23", &["without quotes"], &["数字不加引号"]),
    fault("two equals signs", CONTROL, EXPECT, "amount == $least",
        "expr/syntax", "BAK-90.yaml:13:20", &["write `=`"], &["没有运算符 `==`", "写作 `=`"]),
    fault("an ampersand", CONTROL, EXPECT, "amount >= $least && id <> ''",
        "expr/syntax", "BAK-90.yaml:13:30", &["write `AND`"], &["没有运算符 `&&`", "写作 `AND`"]),
    fault("an open bracket", CONTROL, EXPECT, "(amount >= $least",
        "expr/syntax", "BAK-90.yaml:13:13", &["`(` has no matching `)`", "add the `)`"], &["没有配对", "补上 `)`"]),
    fault("expression cut short", CONTROL, EXPECT, "$least < 5 AND amount >=",
        "expr/syntax", "BAK-90.yaml:13:37", &["a value is missing at the end", "add a value"], &["到末尾了，还缺一个值", "补上"]),
    fault("an open YAML bracket", CONTROL, "checks:", "tags: [\nchecks:",
        "policy/yaml-syntax", "BAK-90.yaml:9:7", &["`[` is never closed", "add the closing bracket"], &["没有闭合", "补上"]),
    fault("a colon in a text", CONTROL, "title: 部件数量", "title: 部件: 数量",
        "policy/yaml-syntax", "BAK-90.yaml:3:10", &["quote a text that holds"], &["冒号"]),
    fault("a tab", CONTROL, "  least:", "\tleast:",
        "policy/yaml-syntax", "BAK-90.yaml:8:1", &["indent with spaces"], &["这里不能用制表符", "缩进请用空格"]),
    fault("a tab below a value", CONTROL, "severity: high\n", "severity: high\n\ttags: [x]\n",
        "policy/yaml-syntax", "BAK-90.yaml:6:1", &["indent with spaces"], &["缩进请用空格"]),
    fault("an open quote", CONTROL, "severity: high", "severity: \"high",
        "policy/yaml-syntax", "BAK-90.yaml:5:11", &["a quote is never closed", "add the closing quote"], &["引号没有闭合"]),
    fault("an alias without anchor", CONTROL, "severity: high", "severity: *high",
        "policy/yaml-alias", "BAK-90.yaml:5:11", &["quote a text that starts with `*`"], &["请加引号"]),
    fault("an empty file", KIND, "", "",
        "policy/file-empty", "widgets.yaml:1:1", &["write something into it"], &["文件没有内容"]),
    fault("wrong schema word", CONTROL, "hegui/control/v1", "hegui/contorl/v1",
        "policy/unknown-schema", "BAK-90.yaml:1:9", &["write `hegui/control/v1`"], &["写`hegui/control/v1`"]),
    fault("misspelt statement of a finding", CONTROL, "只有", "{% if amount %}只有{% endfi %}",
        "policy/bad-template", "BAK-90.yaml:14:44", &["did you mean `endif`?"], &["没有语句 `endfi`", "是否想写 `endif`"]),
    fault("unknown name of a finding", CONTROL, "{{ amount }}", "{{ amonut }}",
        "policy/unknown-name-in-text", "BAK-90.yaml:14:30", &["amount"], &["amonut"]),
    fault("duplicate check id", CONTROL, "  - id: BAK-90.1\n",
        "  - id: BAK-90.1\n    title: x\n    over: widgets\n    count: \">= 1\"\n  - id: BAK-90.1\n",
        "policy/duplicate-id", "BAK-90.yaml:14:9", &["`BAK-90.1` stands twice", "choose another id"], &["写了两次", "换一个编号"]),
    fault("exploding regular expression", KIND, "{type: string, title: 编号}",
        "{type: string, title: 编号, pattern: '((a{100}){100}){100}'}",
        "policy/bad-regex", "widgets.yaml:15:44", &["size limit"], &["展开后过大"]),
    fault("regular expression that would backtrack", CONTROL, EXPECT, r"REGEXP_LIKE(id, '(a+)\1') AND $least > 0",
        "expr/pattern", "BAK-90.yaml:13:29", &["back-references"], &["反向引用"]),
    fault("a time column that is none", KIND, "time: made_on", "time: amount",
        "policy/bad-schema", "widgets.yaml:8:7", &["name a date or timestamp column"], &["日期或时刻"]),
    fault("unknown profile", "hegui.yaml", "profile: small", "profile: smal",
        "policy/unknown-profile", "hegui.yaml:4:10", &["did you mean `small`?"], &["没有方案 `smal`"]),
    fault("unknown fact stated", "hegui.yaml", "employees: 3", "emploees: 3",
        "policy/no-such-fact", "hegui.yaml:5:9", &["did you mean `employees`?"], &["没有事实 `emploees`"]),
    fault("unknown key of hegui.yaml", "hegui.yaml", "gate:", "gaet:",
        "policy/unknown-key", "hegui.yaml:6:1", &["did you mean `gate`?"], &["没有键 `gaet`"]),
    fault("unknown time zone", "hegui.yaml", "Asia/Shanghai", "Asia/Shangai",
        "workspace/time-zone", "hegui.yaml:3:12", &["IANA"], &["不认识的时区"]),
];

/// Words of messages in Chinese that are the same in English: types, formats, abbreviations.
const NAMES: [&str; 17] = [
    "YAML",
    "JSON",
    "Schema",
    "CSV",
    "UTF",
    "MiB",
    "IANA",
    "boolean",
    "integer",
    "decimal",
    "text",
    "date",
    "timestamp",
    "duration",
    "list",
    "AND",
    "END",
];

/// Latin words of the message line that stand in no backticks and are no names.
fn english(err: &str) -> Vec<String> {
    let message = err.lines().find(|line| line.starts_with("  x ") || line.starts_with("  ! ")).unwrap_or_default();
    let outside: String = message.get(4..).unwrap_or_default().split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let words = outside.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
    words.filter(|word| !NAMES.contains(word)).map(str::to_owned).collect()
}

#[test]
fn faults_of_policy_files_are_4_with_place_caret_and_help_in_both_languages() {
    let mut misses = Vec::new();
    for Fault { name, file, from, to, at: (code, place), says, zh } in FAULTS {
        let workspace = Workspace::small();
        if from.is_empty() {
            workspace.write(file, to);
        } else {
            workspace.edit(file, from, to);
        }
        let path = workspace.path().to_str().unwrap();
        let check = |lang| hegui(["check", path, "--as-of", AS_OF, "--report", "none", "--lang", lang]);
        let (run, chinese) = (check("en"), check("zh"));
        let (en, zh_err) = (&run.err, &chinese.err);
        // The line under the source, with the caret or the stem of its label.
        let caret = en.lines().any(|line| line.starts_with("   : ") || line.starts_with("    : "));
        let held = [
            ("status 4", (run.status, chinese.status) == (4, 4)),
            ("the code, once", en.lines().filter(|line| line.starts_with(code)).count() == 1),
            ("no other fault", en.contains("1 error, 0 warnings")),
            (place, en.contains(&format!("{place}]")) && zh_err.contains(&format!("{place}]"))),
            ("a caret", caret || *code == "policy/file-empty"),
            ("help", en.contains("  help: ") && zh_err.contains("  帮助: ")),
            ("the code in Chinese", zh_err.contains(code)),
            ("no English in the Chinese message", english(zh_err).is_empty()),
        ];
        let words =
            says.iter().map(|word| (*word, en.contains(word))).chain(zh.iter().map(|w| (*w, zh_err.contains(w))));
        let lacks: Vec<&str> = held.into_iter().chain(words).filter(|(_, held)| !held).map(|(what, _)| what).collect();
        if !lacks.is_empty() {
            misses.push(format!("{name} lacks {lacks:?}:\n{en}\n{zh_err}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// Codes and places of the errors that `hegui policy lint` tells of a folder.
fn lint(folder: &Path) -> Vec<String> {
    told(folder, "error", 4)
}

fn told(folder: &Path, level: &str, status: i32) -> Vec<String> {
    let run = hegui(["policy".as_ref(), "lint".as_ref(), folder.as_os_str(), "--format".as_ref(), "json".as_ref()]);
    let run = run.status(status);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let faults = told["diagnostics"].as_array().unwrap().iter().filter(|fault| fault["level"] == level);
    faults
        .map(|fault| {
            let place = &fault["place"];
            let file = place["file"].as_str().unwrap().rsplit('/').next().unwrap();
            format!("{file}:{}:{} {}", place["line"], place["column"], fault["code"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn all_faults_of_all_files_are_reported_at_once() {
    let workspace = Workspace::small();
    workspace.edit(CONTROL, EXPECT, "amonut >= $leats");
    workspace.edit(CONTROL, "remedy: 补足", "remdey: 补足");
    workspace.edit("hegui.yaml", "gate:", "gaet:");
    let run = workspace.check(&["--report", "none"]).status(4);
    run.says(&["BAK-90.yaml:13:13]", "BAK-90.yaml:13:23]", "BAK-90.yaml:15:1]", "hegui.yaml:6:1]", "5 errors"]);
    // A kind at fault has no columns to hold an expression against; what is wrong whatever they are is told.
    workspace.edit(KIND, "several: all", "several: some");
    let run = workspace.check(&["--report", "none"]).status(4);
    run.says(&["widgets.yaml:10:10]", "BAK-90.yaml:13:23]", "BAK-90.yaml:15:1]", "hegui.yaml:6:1]", "5 errors"]);
}

/// A fault of the control's keys hides none of its expressions, whichever key it is.
#[test]
fn a_faulty_key_hides_no_fault_of_an_expression() {
    let changes = [
        ("an unknown key", "severity: high", "severity: high\nextra: 1"),
        ("a missing title", "title: 部件数量\n", ""),
        ("a wrong severity", "severity: high", "severity: hihg"),
        ("a check without title", "    title: 数量足够\n", ""),
        ("a misspelt `over`", "    over: widgets", "    ovre: widgets"),
        ("a misspelt `params`", "params:", "pramas:"),
        ("a parameter that is no number", "default: 1", "default: one"),
        ("a provision that is none", "[DSL-27]", "[]"),
        ("a template that is none", "{{ amount }}", "{{ amount"),
        ("an id that differs", "id: BAK-90\n", "id: BAK-91\n"),
    ];
    for (name, from, to) in changes {
        let workspace = Workspace::small();
        workspace.edit(CONTROL, EXPECT, "amonut >= $least");
        workspace.edit(CONTROL, from, to);
        let told = lint(&workspace.join("policies"));
        let column: Vec<&String> = told.iter().filter(|line| line.ends_with("policy/unknown-column")).collect();
        assert_eq!(column.len(), 1, "{name}: {told:#?}");
        assert!(told.len() > 1, "{name}: {told:#?}");
        // And nothing else is made of it: each of the others is about the line that was changed.
        let others = told.iter().filter(|line| !column.contains(line));
        assert!(others.clone().all(|line| !line.contains(":13:") && !line.contains(":14:1 ")), "{name}: {told:#?}");
    }
}

/// The one remark on the pack as it is shipped: reports say the same of the control.
const WEAK: &str = "TRN-04.yaml:8:14 policy/weak-basis";

/// What makes no control unusable, and somebody should look at.
#[test]
fn lint_remarks_on_the_pack_as_a_whole() {
    let profile = "profiles/bookkeeping-agency.yaml";
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            profile,
            "include: [BAK, ENC, TRN]",
            "include: [BAK, ECN, TRN]",
            &[
                "ENC-01.yaml:2:5 policy/unselected-control",
                "ENC-02.yaml:2:5 policy/unselected-control",
                "ENC-03.yaml:2:5 policy/unselected-control",
                "bookkeeping-agency.yaml:4:16 policy/selects-nothing",
            ],
        ),
        (
            "controls/BAK/BAK-02.yaml",
            "params:",
            "params:\n  spare: {type: integer, default: 1, source: practice}",
            &["BAK-02.yaml:10:3 policy/unused-param"],
        ),
        (
            "provisions/DSL.yaml",
            "provisions:\n",
            "provisions:\n  - id: DSL-99\n    article: \"99\"\n    binding: mandatory\n    summary: {zh: 要点, en: point}\n    \
             verification: {level: A, sources: [S-JL]}\n",
            &["DSL.yaml:15:9 policy/unused-provision"],
        ),
    ];
    let mut misses = Vec::new();
    for (file, from, to, expected) in cases {
        let workspace = Workspace::empty();
        copy(&repository().join("policies"), &workspace.join("pack"));
        workspace.edit(&format!("pack/{file}"), from, to);
        let mut told = told(&workspace.join("pack"), "warning", 0);
        told.retain(|line| line != WEAK);
        if told != *expected {
            misses.push(format!("{file}: {told:#?}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
    assert_eq!(told(&repository().join("policies"), "warning", 0), [WEAK]);
}

/// One fault is told once: not again, as another, wherever the thing at fault is used.
#[test]
fn a_fault_makes_no_others_elsewhere() {
    let cases = [
        (
            "evidence/backup_jobs.yaml",
            "format: date-time",
            "format: datetime",
            "backup_jobs.yaml:",
            "policy/wrong-word",
        ),
        ("provisions/AIS.yaml", "binding: mandatory", "binding: mandatroy", "AIS.yaml:", "policy/wrong-word"),
        ("provisions/AIS.yaml", "level: normative-document", "level: rule", "AIS.yaml:", "policy/wrong-word"),
        (
            "controls/BAK/BAK-02.yaml",
            "COUNT(DISTINCT target)",
            "COUNT(DISTINCT traget)",
            "BAK-02.yaml:",
            "policy/unknown-column",
        ),
        (
            "controls/BAK/BAK-02.yaml",
            "COUNT(DISTINCT target)",
            "CUONT(DISTINCT target)",
            "BAK-02.yaml:",
            "expr/unknown-function",
        ),
        ("controls/BAK/BAK-02.yaml", "from: backup_jobs", "from: backup_job", "BAK-02.yaml:", "policy/unknown-source"),
        ("controls/BAK/BAK-02.yaml", "    join:", "    jion:", "BAK-02.yaml:", "policy/unknown-key"),
        ("controls/BAK/BAK-02.yaml", "params:", "pramas:", "BAK-02.yaml:", "policy/unknown-key"),
        (
            "controls/ENC/ENC-01.yaml",
            "group_by: [host, port]",
            "group_by: [hots, port]",
            "ENC-01.yaml:",
            "policy/unknown-column",
        ),
        ("calendars/cn-2026.yaml", "year: 2026", "year: 2062", "cn-2026.yaml:", "policy/calendar-day"),
    ];
    let mut misses = Vec::new();
    for (file, from, to, name, code) in cases {
        let workspace = Workspace::empty();
        copy(&repository().join("policies"), &workspace.join("pack"));
        workspace.edit(&format!("pack/{file}"), from, to);
        let mut told = lint(&workspace.join("pack"));
        // Each day of a calendar of another year is one.
        told.dedup_by(|a, b| a.contains("calendar-day") && b.contains("calendar-day"));
        if told.len() != 1 || !told[0].starts_with(name) || !told[0].ends_with(code) {
            misses.push(format!("{file} {to}: {told:#?}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn duplicate_control_ids() {
    let workspace = Workspace::small();
    let text = std::fs::read_to_string(workspace.join(CONTROL)).unwrap();
    workspace.write("policies/controls/ENC/BAK-90.yaml", text);
    workspace.check(&["--report", "none"]).status(4).says(&["BAK-90", "controls/ENC/BAK-90.yaml"]);
    // The id of a shipped control, without saying that it replaces it.
    let workspace = Workspace::small();
    let text = std::fs::read_to_string(workspace.join(CONTROL)).unwrap().replace("BAK-90", "BAK-02");
    workspace.write("policies/controls/BAK/BAK-02.yaml", text);
    workspace.check(&["--report", "none"]).status(4).says(&["policy/duplicate-id", "BAK-02", "replaces"]);
}

#[test]
fn circular_and_unknown_replacements() {
    let workspace = Workspace::small();
    let text = std::fs::read_to_string(workspace.join(CONTROL)).unwrap();
    let other = |id: &str, replaces: &str| {
        text.replace("BAK-90", id).replace("severity:", &format!("replaces: {replaces}\nseverity:"))
    };
    workspace.write("policies/controls/BAK/BAK-91.yaml", other("BAK-91", "BAK-92"));
    workspace.write("policies/controls/BAK/BAK-92.yaml", other("BAK-92", "BAK-91"));
    workspace.check(&["--report", "none"]).status(4).says(&["policy/replaces-circular", "BAK-91"]);
    let workspace = Workspace::small();
    workspace.write("policies/controls/BAK/BAK-91.yaml", other("BAK-91", "BAK-77"));
    workspace.check(&["--report", "none"]).status(4).says(&["policy/replaces-unknown", "BAK-77"]);
}

#[test]
fn a_circle_of_lets() {
    let workspace = Workspace::small();
    workspace.edit(CONTROL, "    expect: amount >= $least", "    let: {a: b, b: a}\n    expect: amount >= $least");
    workspace.check(&["--report", "none"]).status(4).says(&["BAK-90.yaml:13:"]);
}

/// Nine of nine of nine …: a few lines that unfold into ten thousand million.
fn alias_bomb(head: &str) -> String {
    let mut bomb = format!("{head}a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let previous = format!("*a{}", level - 1);
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", [previous.as_str(); 9].join(", "));
    }
    bomb
}

/// The same in every other file that is YAML: what is wrong with it is told with its place, and nothing is unfolded.
#[test]
fn alias_bombs_in_the_workspace() {
    let deep = format!("a: {}x{}\n", "[".repeat(20_000), "]".repeat(20_000));
    let cases = [
        ("hegui.yaml", alias_bomb("schema: hegui/workspace/v1\n"), 4, "policy/yaml-limit"),
        ("hegui.yaml", deep.clone(), 4, "policy/yaml-limit"),
        ("evidence/2026Q3/manifest.yaml", alias_bomb("schema: hegui/manifest/v1\n"), 4, "policy/yaml-limit"),
        ("evidence/2026Q3/manifest.yaml", deep.clone(), 4, "policy/yaml-limit"),
        ("evidence/2026Q3/widgets2.yaml", alias_bomb(""), 3, "evidence/"),
        ("evidence/2026Q3/widgets2.yaml", deep, 3, "evidence/too-deep"),
    ];
    for (path, text, status, code) in cases {
        let workspace = Workspace::small();
        workspace.write(path, text);
        let run = workspace.check(&["--report", "none"]).status(status).tells(&[code, path]);
        assert!(run.err.len() + run.out.len() < 20_000, "{path}: {} bytes", run.err.len() + run.out.len());
    }
}

#[test]
fn yaml_alias_bomb_and_depth() {
    let bomb = alias_bomb("schema: hegui/control/v1\n");
    let deep = format!("schema: hegui/control/v1\nid: {}x{}\n", "[".repeat(20_000), "]".repeat(20_000));
    for (name, text) in [("alias bomb", bomb), ("depth", deep)] {
        let workspace = Workspace::small();
        workspace.write("policies/controls/BAK/BAK-91.yaml", &text);
        let run = workspace.check(&["--report", "none"]);
        assert_eq!(run.status, 4, "{name}: {}", run.err);
        assert!(run.err.contains("BAK-91.yaml"), "{name}: {}", run.err);
        assert!(run.err.len() < 20_000, "{name}: {} bytes of error", run.err.len());
    }
}

#[test]
fn evidence_that_nests_100_000_deep() {
    for (suffix, text) in [
        ("json", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))),
        ("json", format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000))),
        ("jsonl", format!("{}1{}\n", "[".repeat(100_000), "]".repeat(100_000))),
        ("yaml", format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))),
    ] {
        let workspace = Workspace::small();
        workspace.write(&format!("evidence/2026Q3/widgets2.{suffix}"), text);
        let run = workspace.check(&["--report", "none"]).status(3);
        run.tells(&["widgets2", "nested more than"]);
    }
}

#[test]
fn two_kinds_claiming_one_file() {
    let workspace = Workspace::small();
    let kind = std::fs::read_to_string(workspace.join(KIND)).unwrap().replace("id: widgets", "id: gadgets");
    workspace.write("policies/evidence/gadgets.yaml", kind);
    workspace.check(&["--report", "none"]).status(3).tells(&["evidence/two-kinds", "widgets.csv", "gadgets"]);
    // The manifest decides.
    workspace.write(
        "evidence/2026Q3/manifest.yaml",
        "schema: hegui/manifest/v1\nfiles:\n  - {path: widgets.csv, kind: widgets, captured_on: 2026-09-30}\n",
    );
    workspace.check(&["--report", "none"]).status(0);
}

#[test]
fn faults_of_a_manifest() {
    let cases = [
        ("unknown key", "files:\n  - {path: widgets.csv, knid: widgets}", 4, "knid"),
        ("unknown kind", "files:\n  - {path: widgets.csv, kind: wigdets}", 4, "wigdets"),
        ("a file nobody finds", "files:\n  - {path: gone.csv, kind: widgets}", 3, "gone.csv"),
        ("a path that climbs out", "files:\n  - {path: ../../../etc/passwd, kind: widgets}", 4, "passwd"),
        ("fewer rows than stated", "files:\n  - {path: widgets.csv, kind: widgets, rows: 3}", 3, "widgets.csv"),
    ];
    for (name, text, status, words) in cases {
        let workspace = Workspace::small();
        workspace.write("evidence/2026Q3/manifest.yaml", format!("schema: hegui/manifest/v1\n{text}\n"));
        let run = workspace.check(&["--report", "none"]);
        assert_eq!(run.status, status, "{name}:\n{}\n{}", run.out, run.err);
        assert!(format!("{}{}", run.out, run.err).contains(words), "{name}:\n{}\n{}", run.out, run.err);
    }
}

/// Evidence that was met and not read: the check that could have needed it is never satisfied, and says why.
#[cfg(unix)]
#[test]
fn a_symlink_out_of_the_workspace_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("widgets9.csv"), "编号,日期,数量\nw9,2026-09-30,0\n").unwrap();
    for (target, link) in [("widgets9.csv", "widgets9.csv"), ("", "folder")] {
        let workspace = Workspace::small();
        std::os::unix::fs::symlink(outside.path().join(target), workspace.join("evidence/2026Q3").join(link)).unwrap();
        let run = workspace.check(&["--report", "none"]).status(3);
        let run = run.prints(&["evidence/outside-workspace", "BAK-90.1  evidence incomplete", link]);
        assert!(!run.out.contains("w9 ") && !run.err.contains("w9 "), "{}", run.out);
        // It is listed, as what it is.
        workspace.check(&["--report", "csv"]).status(3);
        let index = std::fs::read_to_string(workspace.join("reports/2026Q3/evidence.csv")).unwrap();
        let line = index.lines().find(|line| line.contains(&format!(",evidence/2026Q3/{link},"))).unwrap();
        assert!(line.contains(",unreadable,leads out of the workspace"), "{line}");
        hegui(["evidence", "status", workspace.path().to_str().unwrap(), "--as-of", AS_OF, "--lang", "en"]).status(3);
    }
    // A root that leads out.
    let workspace = Workspace::small();
    workspace.edit("hegui.yaml", "profile:", "evidence: [evidence, more]\nprofile:");
    workspace.check(&["--report", "none"]).status(0);
    std::os::unix::fs::symlink(outside.path(), workspace.join("more")).unwrap();
    workspace.check(&["--report", "none"]).status(3).prints(&["`more`: leads out of the workspace"]);
    // A policy file outside is not read either.
    let workspace = Workspace::small();
    std::os::unix::fs::symlink("/etc/passwd", workspace.join("policies/controls/BAK/BAK-91.yaml")).unwrap();
    let run = workspace.check(&["--report", "none"]).status(4);
    assert!(!run.err.contains("root:"), "{}", run.err);
    run.says(&["BAK-91.yaml"]);
}

/// A folder that the user may not open; root may open everything, so the test steps down where it can.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_without_permission_leaves_every_kind_in_doubt() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let workspace = Workspace::small();
    let locked = workspace.join("evidence/2026Q3/locked");
    workspace.write("evidence/2026Q3/locked/widgets7.csv", "编号,日期,数量\nw7,2026-09-30,0\n");
    mode(workspace.path(), 0o755);
    mode(&locked, 0o000);
    let mut run = if std::fs::read_dir(&locked).is_ok() {
        let mut run = std::process::Command::new("setpriv");
        run.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_hegui")]).env_clear();
        run
    } else {
        command()
    };
    run.arg("check").arg(workspace.path()).args(["--as-of", AS_OF, "--lang", "en", "--report", "none"]);
    let output = run.current_dir(std::env::temp_dir()).output();
    mode(&locked, 0o755);
    // Nobody to step down to, or the build is where nobody else may look: nothing to be seen here.
    let Ok(output) = output else { return };
    let out = String::from_utf8_lossy(&output.stdout);
    if out.is_empty() {
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{out}");
    for words in ["BAK-90.1  evidence incomplete", "evidence/2026Q3/locked", "nobody knows whether it holds"] {
        assert!(out.contains(words), "{words}:\n{out}");
    }
}

#[cfg(unix)]
#[test]
fn a_cycle_of_directories_ends() {
    let workspace = Workspace::small();
    std::os::unix::fs::symlink("..", workspace.join("evidence/2026Q3/again")).unwrap();
    // What the link leads back to is read anyway: nothing is in doubt.
    workspace.check(&["--report", "none"]).status(0).prints(&["evidence/2026Q3/again", "evidence/folder-cycle"]);
    // What lies behind a link in a policy folder is not judged, and that is no small thing.
    let workspace = Workspace::small();
    std::os::unix::fs::symlink(".", workspace.join("policies/controls/BAK/again")).unwrap();
    let run = workspace.check(&["--report", "none"]).status(4);
    run.says(&["policy/file-unreadable", "policies/controls/BAK/again", "a link to a folder", "help: "]);
}

/// `policies` that cannot be read as a folder is said, where `hegui.yaml` names it if it does.
#[cfg(unix)]
#[test]
fn policies_that_are_no_folder() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(outside.path().join("controls/BAK")).unwrap();
    let moved = |made: &dyn Fn(&Path), settings: &str, words: &[&str]| {
        let workspace = Workspace::small();
        std::fs::remove_dir_all(workspace.join("policies")).unwrap();
        made(&workspace.join("policies"));
        workspace.edit("hegui.yaml", "profile: small", settings);
        let run = workspace.check(&["--report", "none", "--only", "BAK-01"]).status(4);
        run.says(words).says(&["policy/file-unreadable", "help: "]);
    };
    let all = "profile: bookkeeping-agency";
    moved(&|path| std::fs::write(path, "x").unwrap(), all, &["policies: `policies` is no folder"]);
    moved(&|path| std::os::unix::fs::symlink("nowhere", path).unwrap(), all, &["policies: cannot read policy folder"]);
    moved(&|path| std::os::unix::fs::symlink(outside.path(), path).unwrap(), all, &["leads out of the workspace"]);
    moved(&|_| {}, &format!("{all}\npolicies: [own]"), &["hegui.yaml:5:12]", "cannot read policy folder `own`"]);
}

#[cfg(unix)]
#[test]
fn things_that_are_no_files() {
    let workspace = Workspace::small();
    let pipe = workspace.join("evidence/2026Q3/widgets-pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    workspace.check(&["--report", "none"]).status(3).prints(&[
        "BAK-90.1  evidence incomplete",
        "widgets-pipe.csv",
        "evidence/not-regular",
    ]);
    // Named like no kind, it is only told.
    std::fs::rename(&pipe, workspace.join("evidence/2026Q3/pipe")).unwrap();
    workspace.check(&["--report", "none"]).status(0).prints(&["evidence/2026Q3/pipe", "evidence/not-regular"]);
    // A link to nowhere.
    std::os::unix::fs::symlink("nowhere.csv", workspace.join("evidence/2026Q3/widgets-gone.csv")).unwrap();
    workspace.check(&["--report", "none"]).status(3).prints(&["BAK-90.1  evidence incomplete", "widgets-gone.csv"]);
}

fn report_bytes(workspace: &Workspace) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(workspace.join("reports/2026Q3"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// What decides the judgement and cannot be read is not guessed: nothing is judged, and the report of the run before stays.
#[test]
fn a_broken_hegui_yaml_does_not_overwrite_the_report() {
    let cases = [
        ("not closed", "fail_on: low}", "fail_on: low", "policy/yaml-syntax"),
        ("as_of", "time_zone:", "as_of: 2026-13-01\ntime_zone:", "policy/wrong-word"),
        ("time zone", "Asia/Shanghai", "Asia/Shangai", "workspace/time-zone"),
        ("profile", "profile: small", "profile: smal", "policy/unknown-profile"),
        ("a fact's value", "employees: 3", "employees: many", "policy/wrong-type"),
        ("gate", "fail_on: low", "fail_on: lowe", "policy/wrong-word"),
        ("evidence root", "gate:", "evidence: ../x\ngate:", "workspace/path"),
        ("misspelt key", "profile: small", "profil: small", "policy/unknown-key"),
    ];
    for (name, from, to, code) in cases {
        let workspace = Workspace::small();
        workspace.check(&[]).status(0);
        let before = report_bytes(&workspace);
        workspace.edit("hegui.yaml", from, to);
        // Faults elsewhere are told in the same run.
        workspace.edit(CONTROL, "amount >= $least", "amonut >= $least");
        let path = workspace.path().to_str().unwrap().to_owned();
        let run = hegui(["check", path.as_str(), "--lang", "en"]).status(4);
        let run = run.says(&[code, "hegui.yaml:", "`amonut`", "nothing was judged and no report was written"]);
        assert_eq!(run.out, "", "{name}: nothing is judged");
        assert_eq!(report_bytes(&workspace), before, "{name}");
        hegui(["evidence", "status", path.as_str(), "--lang", "en"]).status(4).says(&["nothing was judged"]);
        let run = hegui(["check", path.as_str(), "--format", "json"]).status(4).says(&["没有评估"]);
        assert_eq!(run.out, "", "{name}: nothing is judged");
    }
    let workspace = Workspace::small();
    workspace.write("hegui.yaml", "");
    workspace.check(&[]).status(4).says(&["policy/file-empty", "nothing was judged"]);
    assert!(!workspace.join("reports").exists());
}

/// What the command line states itself is not asked of the file; faults in words of the report are told beside the
/// judgement.
#[test]
fn faults_of_hegui_yaml_that_decide_nothing_are_told_beside_the_judgement() {
    for (from, to, more) in [
        ("time_zone:", "as_of: 2026-13-01\ntime_zone:", &[][..]),
        ("profile: small", "profile: [small]", &["--profile", "small"][..]),
        ("fail_on: low", "fail_on: lowe", &["--fail-on", "low"][..]),
        ("entity: {name: 测试单位}", "entity: {nmae: 测试单位}", &[][..]),
        ("gate:", "scope: {sistems: x}\ngate:", &[][..]),
        ("gate:", "report: {kind: slef}\ngate:", &[][..]),
        ("employees: 3", "emploees: 3", &[][..]),
    ] {
        let workspace = Workspace::small();
        workspace.edit("hegui.yaml", from, to);
        workspace.check(more).status(4).says(&["hegui.yaml:"]).prints(&["✓ satisfied"]);
        assert!(workspace.join("reports/2026Q3/assessment.json").exists(), "{to}");
    }
}

/// A word that is no report is a fault with its place, and only the reports that were asked for are written.
#[test]
fn a_report_format_nobody_has() {
    let workspace = Workspace::small();
    workspace.edit("hegui.yaml", "gate:", "report: {formats: [json, pdf]}\ngate:");
    workspace.check(&[]).status(4).says(&["policy/wrong-word", "hegui.yaml:6:26", "`pdf`"]);
    let names: Vec<String> = report_bytes(&workspace).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["assessment.json"]);
}

/// Nothing is written through a link out of the workspace, unless `--out` names the place.
#[cfg(unix)]
#[test]
fn reports_that_lead_out_of_the_workspace() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let empty = || std::fs::read_dir(outside.path()).unwrap().next().is_none();
    for link in ["reports", "reports/2026Q3"] {
        let workspace = Workspace::small();
        std::fs::create_dir_all(workspace.join(link).parent().unwrap()).unwrap();
        symlink(outside.path(), workspace.join(link)).unwrap();
        workspace.check(&[]).status(74).says(&["leads out of the workspace", "--out"]);
        let path = workspace.path().to_str().unwrap();
        hegui(["check", path, "--as-of", AS_OF]).status(74).says(&["指向工作区之外"]);
        assert!(empty(), "{link}");
    }
    let workspace = Workspace::small();
    symlink("/nowhere/at/all", workspace.join("reports")).unwrap();
    workspace.check(&[]).status(74);
    // Inside the workspace a link is as good as a folder, and a folder that is named is meant.
    let workspace = Workspace::small();
    std::fs::create_dir(workspace.join("elsewhere")).unwrap();
    symlink("elsewhere", workspace.join("reports")).unwrap();
    workspace.check(&[]).status(0);
    assert!(workspace.join("elsewhere/2026Q3/assessment.json").exists());
    workspace.check(&["--out", outside.path().to_str().unwrap()]).status(0);
    assert!(!empty());
}

#[test]
fn an_output_directory_that_is_a_file() {
    let workspace = Workspace::small();
    workspace.write("taken", "x");
    let out = workspace.join("taken");
    workspace.check(&["--out", out.to_str().unwrap()]).status(74).says(&["taken"]);
    assert_eq!(std::fs::read_to_string(out).unwrap(), "x");
}

/// Root may write anywhere; `/proc` refuses even root.
#[cfg(target_os = "linux")]
#[test]
fn an_output_directory_that_cannot_be_written() {
    let workspace = Workspace::small();
    workspace.check(&["--out", "/proc/hegui-cannot-write-here"]).status(74).says(&["/proc/hegui-cannot-write-here"]);
}

/// A file size limit makes every write beyond it fail, as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_report_whole() {
    let workspace = Workspace::small();
    workspace.check(&[]).status(0);
    let before = report_bytes(&workspace);
    assert!(before.len() >= 3, "{:?}", before.iter().map(|(name, _)| name).collect::<Vec<_>>());
    // Another verdict, so that a new report would differ.
    workspace.edit(DATA, "w1,2026-09-01,1", "w1,2026-09-01,0");
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec '{}' check '{}' --as-of {AS_OF} --lang en",
        env!("CARGO_BIN_EXE_hegui"),
        workspace.path().display()
    );
    let output = std::process::Command::new("bash").args(["-c", &script]).env_clear().output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(74), "{err}");
    assert!(err.contains("cannot write"), "{err}");
    assert_eq!(report_bytes(&workspace), before, "the old report is whole, and nothing lies beside it");
}

/// A disk that is full indeed: a file system of its own, where the machine lets us have one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_file_system_leaves_the_old_report_whole() {
    let workspace = Workspace::small();
    std::fs::create_dir(workspace.join("reports")).unwrap();
    let (path, binary) = (workspace.path().display(), env!("CARGO_BIN_EXE_hegui"));
    let check = format!("'{binary}' check '{path}' --as-of {AS_OF} --lang en");
    // Room for the first report; what is left is filled up, but for a part of the second.
    let script = format!(
        "mount -t tmpfs -o size=512k tmpfs '{path}/reports' || exit 99; cd '{path}'
         {check} --quiet || exit 98
         sha256sum reports/2026Q3/* > before
         sed -i s/w1,2026-09-01,1/w1,2026-09-01,0/ {DATA}
         head -c 10000000 /dev/zero > reports/filler 2>/dev/null
         truncate -s -8k reports/filler
         {check}; echo \"status $?\" >&2
         sha256sum reports/2026Q3/* > after; ls -A reports/2026Q3 >&2"
    );
    let mut unshare = std::process::Command::new("unshare");
    let Ok(output) = unshare.args(["-rm", "sh", "-c", &script]).output() else { return };
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    if !err.contains("status ") {
        // No namespaces here, or no mounting in them.
        assert!(output.status.code() != Some(98), "{err}");
        return;
    }
    assert!(err.contains("status 74") && err.contains("cannot write"), "{err}");
    assert!(err.contains("No space left on device"), "{err}");
    let read = |name| std::fs::read_to_string(workspace.join(name)).unwrap();
    assert!(!read("before").is_empty());
    assert_eq!(read("before"), read("after"), "the old report is whole, and nothing lies beside it: {err}");
}

/// Ctrl-C while a large file is read: 130, and no report half-written.
#[cfg(unix)]
#[test]
fn ctrl_c() {
    let workspace = Workspace::small();
    workspace.check(&[]).status(0);
    let before = report_bytes(&workspace);
    let mut rows = String::from("编号,日期,数量\n");
    for row in 0..1_500_000 {
        let _ = writeln!(rows, "w{row},2026-09-01,0");
    }
    workspace.write(DATA, rows);
    let mut child = command()
        .args(["check".as_ref(), workspace.path().as_os_str(), "--as-of".as_ref(), AS_OF.as_ref()])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success(), "the run was over before it could be interrupted");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(report_bytes(&workspace), before);
    assert!(no_leftovers(&workspace.join("reports")));
}

fn no_leftovers(dir: &Path) -> bool {
    std::fs::read_dir(dir).unwrap().all(|entry| entry.unwrap().file_name() == "2026Q3")
}

#[test]
fn evidence_text_cannot_reach_the_terminal_as_escapes() {
    let workspace = Workspace::small();
    workspace.write(DATA, "编号,日期,数量\n\u{1b}]0;owned\u{7}w1,2026-09-01,0\n\u{202e}w2,2026-09-30,0\n");
    let run = workspace.check(&["--report", "none"]).status(1);
    for text in [&run.out, &run.err] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
}

#[test]
fn names_that_are_hostile() {
    let workspace = Workspace::small();
    workspace.write("evidence/2026Q3/\u{1b}[31mred.csv", "a,b\n1,2\n");
    let run = workspace.check(&["--report", "none"]).status(0).prints(&[r"\u{1b}[31mred.csv", "evidence/unused-file"]);
    assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{:?}", run.err);
}

#[test]
fn only_patterns_that_are_none() {
    let workspace = Workspace::small();
    workspace.check(&["--only", "BAK-[", "--report", "none"]).status(2).says(&["BAK-["]);
    workspace.check(&["--report", "pdf"]).status(2).says(&["pdf"]);
    workspace.check(&["--period", "2026Q5", "--report", "none"]).status(2).says(&["2026Q5"]);
}
