//! Faults of policy files: each once, at its place, with a caret, help and words in both languages.

use std::path::Path;

use super::super::common::{AS_OF, Workspace, copy, hegui, repository};
use super::{CONTROL, KIND};

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
    fault("a delimiter beyond ASCII", KIND, "several: all", "several: all\nread: {csv: {delimiter: §}}",
        "policy/wrong-word", "widgets.yaml:11:25", &["one ASCII character", "write a tab as `tab`"], &["一个半角字符"]),
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
    run.says(&["BAK-90.yaml:13:13]", "BAK-90.yaml:13:23]", "BAK-90.yaml:15:1]", "hegui.yaml:6:1]", "4 errors"]);
    // A kind at fault has no columns to hold an expression against; what is wrong whatever they are is told.
    workspace.edit(KIND, "several: all", "several: some");
    let run = workspace.check(&["--report", "none"]).status(4);
    run.says(&["widgets.yaml:10:10]", "BAK-90.yaml:13:23]", "BAK-90.yaml:15:1]", "hegui.yaml:6:1]", "4 errors"]);
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
