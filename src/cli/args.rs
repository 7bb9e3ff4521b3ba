//! The command line, declared once: parsing, `--help`, completions and the man page all come from here.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::text::Lang;

/// `hegui` and its subcommands.
#[derive(Debug, Parser)]
#[command(
    name = "hegui",
    version,
    about = "合规检查与审计报告 · Compliance policy engine and audit reporter",
    long_about = "合规检查与审计报告：用 YAML 写的控制点逐行核对证据文件，每个结论都能追溯到文件、行号与法条。\n\
        Compliance policy engine and audit reporter: controls written as YAML, judged row by row against the evidence \
        files people really have; every verdict can be traced to a file, a row and an article of law.",
    after_help = EXAMPLES,
    after_long_help = EXAMPLES_AND_STATUS,
    propagate_version = true,
    max_term_width = 110,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// 输出语言，默认 zh · Language of what is printed [default: zh, or what hegui.yaml says]
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<LangArg>,
}

const EXAMPLES: &str = "示例 Examples:
  hegui init acme                         新建工作区 · a new workspace with blank templates
  hegui check acme                        检查并写报告 · evaluate and write reports
  hegui evidence status acme              证据齐不齐 · what is there, owed, stale
  hegui explain BAK-02                    解释控制点 · a control in words";

const EXAMPLES_AND_STATUS: &str = "示例 Examples:
  hegui init acme                         新建工作区 · a new workspace with blank templates
  hegui check acme                        检查并写报告 · evaluate and write reports
  hegui check acme --fail-on critical     只在有重大问题时失败 · fail on critical gaps only
  hegui evidence status acme              证据齐不齐 · what is there, owed, stale
  hegui policy show BAK-02 --sql          一个控制点及其 SQL · a control and the SQL of its checks
  hegui explain BAK-02                    解释控制点 · a control in words

退出状态 Exit status:
   0  适用控制点全部符合 · every applicable control at or above the gate is satisfied
   1  有达到门槛的问题 · gaps at or above the gate
   2  命令行有误 · the command line cannot be understood
   3  未能（全部）检测 · nothing, or not everything the gate needs, could be tested
   4  策略或工作区文件有误 · a fault in a policy or workspace file
  70  程序内部错误 · a fault in hegui itself
  74  输出无法写入 · an output cannot be written
 130  被 Ctrl-C 中断 · stopped with Ctrl-C";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 新建工作区 · Make a workspace: folders, hegui.yaml, blank evidence templates
    Init(InitArgs),
    /// 检查工作区，打印汇总，写报告 · Evaluate workspaces, print the summary, write the report set
    Check(CheckArgs),
    /// 证据：现状、空白模板与内容 · Evidence: what is there, owed, stale; blank forms; one table as read
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// 策略包：浏览、检查、测试 · The policy pack: browse, check, test
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// 解释诊断代码、控制点或法条 · A diagnostic code, a control, a function or an article, in words
    Explain(ExplainArgs),
    /// 生成 shell 补全脚本 · Shell completions on stdout
    Completions(CompletionsArgs),
    /// 生成 man 手册页 · Manual page on stdout, or one file per subcommand
    Man(ManArgs),
}

/// Languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum Format {
    /// 表格 · A table for people
    #[default]
    Table,
    /// JSON，供程序读取 · JSON for programs
    Json,
}

/// Where the policy comes from, and which of it applies.
#[derive(Debug, Clone, Default, Args)]
pub struct PolicyOptions {
    /// 策略目录，可重复；`shipped` 表示只用内置策略包 · Policy directory laid over the shipped pack, repeatable; `shipped`: the shipped pack alone
    #[arg(long, value_name = "DIR|shipped")]
    pub policies: Vec<PathBuf>,
    /// 适用的控制点集合 · Profile: which controls apply [default: what hegui.yaml says]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// Which time is judged, and on which day.
#[derive(Debug, Clone, Default, Args)]
pub struct TimeOptions {
    /// 评估期间，如 2026Q3 · Period judged, e.g. 2026Q3 [default: the newest period folder]
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// 基准日，如 2026-11-22 · Day of judging: every age and deadline is reckoned from it [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,
}

/// `hegui init`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui init acme\n  hegui init acme --period 2026Q4 --profile bookkeeping-agency"
)]
pub struct InitArgs {
    /// 新目录 · Directory to make; nothing that is there is overwritten
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// 适用的控制点集合 · Profile whose evidence the templates are for
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// 首个评估期间 · First period [default: the quarter of today]
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
}

/// `hegui check`
#[derive(Debug, Args)]
#[command(after_help = "示例 Examples:
  hegui check                                  当前目录 · the workspace in the current directory
  hegui check acme --period 2026Q3 --as-of 2026-11-22
  hegui check acme --only 'BAK-*' --report none
  hegui check acme --baseline reports/2026Q2/assessment.json   只看新增问题 · new gaps only
  hegui check clients/* --out reports --format json            多个工作区 · several workspaces")]
pub struct CheckArgs {
    /// 工作区目录，默认当前目录 · Workspace directories
    #[arg(value_name = "WORKSPACE", default_value = ".")]
    pub workspaces: Vec<PathBuf>,
    /// Policy options.
    #[command(flatten)]
    pub policy: PolicyOptions,
    /// Time options.
    #[command(flatten)]
    pub time: TimeOptions,
    /// 只检查这些控制点，可重复 · Only controls whose id matches, e.g. 'BAK-*'; repeatable
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
    /// 打印格式 · What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// 要写的报告：json,csv,md 或 none · Reports to write, comma-separated [default: json,csv,md, or what hegui.yaml says]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub report: Vec<String>,
    /// 报告目录 · Where reports go [default: reports/PERIOD in the workspace]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// 自备报告模板与用词的目录，覆盖内置的 · Templates and words of reports, laid over the shipped ones [default: what hegui.yaml says]
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// 门槛：达到此风险等级的问题使检查失败 · Gate: gaps at or above it fail the run [default: low, or what hegui.yaml says]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// 以早先的 assessment.json 为基线，只计新增问题 · Only gaps not in that earlier assessment.json count
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// 并行线程数 · Threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// 只打印错误 · Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// The gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// 重大风险
    Critical,
    /// 高风险及以上
    High,
    /// 中风险及以上
    Medium,
    /// 低风险及以上
    Low,
    /// 从不因问题失败 · Gaps never fail the run; untested evidence still does
    Never,
}

/// `hegui evidence`
#[derive(Debug, Subcommand)]
pub enum EvidenceCommand {
    /// 文件、种类、行数、采集日期、时效、缺失与未用 · Files, kinds, rows, age; what is missing and what nobody uses
    Status(EvidenceStatusArgs),
    /// 空白模板，填好即可读取 · A blank form of an evidence kind, to be filled in and read back
    Template(EvidenceTemplateArgs),
    /// 按读入的样子显示一张表 · One table as read, each row with its place; unreadable cells and why
    Show(EvidenceShowArgs),
}

/// `hegui evidence status`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui evidence status acme\n  hegui evidence status acme --as-of 2026-11-22 --format json"
)]
pub struct EvidenceStatusArgs {
    /// 工作区目录，默认当前目录 · Workspace directory
    #[arg(value_name = "WORKSPACE", default_value = ".")]
    pub workspace: PathBuf,
    /// Policy options.
    #[command(flatten)]
    pub policy: PolicyOptions,
    /// Time options.
    #[command(flatten)]
    pub time: TimeOptions,
    /// 打印格式 · What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `hegui evidence template`
#[derive(Debug, Args)]
#[command(after_help = "示例 Examples:
  hegui evidence template backup_jobs                      写 backup_jobs.xlsx · a workbook with drop-down lists
  hegui evidence template backup_policy -w acme            清单套清单的写 YAML · YAML where a table cannot hold it
  hegui evidence template roster --out acme/templates/花名册.xlsx --lang zh
  hegui evidence template roster --format csv --out -      打印表头 · the header on stdout")]
pub struct EvidenceTemplateArgs {
    /// 证据种类 · Evidence kind; `hegui evidence status` lists those needed
    #[arg(value_name = "KIND")]
    pub kind: String,
    /// 写入的文件，`-` 为标准输出 · File to write; `-`: stdout [default: KIND.xlsx, or .csv or .yaml, in the current directory]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// 格式 · Format [default: what the name of FILE says, else xlsx, or yaml where a table cannot hold the kind]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<TemplateFormat>,
    /// 覆盖已有的文件 · Overwrite a file that is there
    #[arg(long)]
    pub force: bool,
    /// 工作区，其自有的证据种类与语言生效 · Workspace whose own kinds and language apply [default: the current directory, if it is one]
    #[arg(long, short, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Policy options.
    #[command(flatten)]
    pub policy: PolicyOptions,
}

/// Formats of blank forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateFormat {
    /// 工作簿，带下拉列表与说明 · Workbook with drop-down lists and notes
    Xlsx,
    /// 只有表头 · Header alone, UTF-8 with BOM
    Csv,
    /// 带注释的 YAML · YAML with comments
    Yaml,
}

/// `hegui evidence show`
#[derive(Debug, Args)]
#[command(after_help = "示例 Examples:
  hegui evidence show backup_jobs -w acme
  hegui evidence show backup_policy.datasets -w acme --limit 5
  hegui evidence show evidence/2026Q3/备份任务.csv -w acme --raw")]
pub struct EvidenceShowArgs {
    /// 证据种类、其中的列表，或一个文件 · An evidence kind, a list inside one (`backup_policy.datasets`), or a file
    #[arg(value_name = "FILE|KIND")]
    pub what: String,
    /// 工作区目录 · Workspace directory
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    pub workspace: PathBuf,
    /// 在值旁边列出文件中的原文 · Put beside each value what the file has, where that is written otherwise
    #[arg(long)]
    pub raw: bool,
    /// 不遮盖敏感列 · Show sensitive columns in clear
    #[arg(long)]
    pub unmask: bool,
    /// 最多行数，0 为不限 · At most this many rows; 0: all
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    /// Policy options.
    #[command(flatten)]
    pub policy: PolicyOptions,
    /// Time options.
    #[command(flatten)]
    pub time: TimeOptions,
    /// 打印格式 · What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `hegui policy`
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// 控制点一览 · The controls of the pack, or of a profile
    List(PolicyListArgs),
    /// 一个控制点的全部 · One control in words: provisions, parameters, checks; `--sql` prints their SQL
    Show(PolicyShowArgs),
    /// 检查策略文件 · Every fault of every policy file, with line and caret
    Lint(PolicyLintArgs),
    /// 运行策略测试，缺少用例即失败 · Run the policy tests; a check that lacks a case fails, and so does, with `--mutate`, a change nobody notices
    Test(PolicyTestArgs),
    /// 策略文件的 JSON Schema · JSON Schemas of the policy files, for editors
    Schema(PolicySchemaArgs),
}

/// `hegui policy list`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui policy list\n  hegui policy list --profile bookkeeping-agency --format json"
)]
pub struct PolicyListArgs {
    /// Policy options.
    #[command(flatten)]
    pub policy: PolicyOptions,
    /// 只列这些控制点，可重复 · Only controls whose id matches; repeatable
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
    /// 打印格式 · What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `hegui policy show`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui policy show BAK-02\n  hegui policy show BAK-02 --sql --as-of 2026-09-30"
)]
pub struct PolicyShowArgs {
    /// 控制点或检查编号 · Id of a control, or of one of its checks
    #[arg(value_name = "ID")]
    pub id: String,
    /// 打印各检查的 SQL（SQLite 3.44 及以上，需 decimal 扩展，命令行 sqlite3 自带） · Print the SQL of its checks, for SQLite 3.44 or later with the decimal extension, as its command line has it
    #[arg(long)]
    pub sql: bool,
    /// Policy options.
    #[command(flatten)]
    pub policy: PolicyOptions,
    /// Time options.
    #[command(flatten)]
    pub time: TimeOptions,
    /// 工作区，其事实与裁剪参数生效 · Workspace whose facts and overlay apply
    #[arg(long, short, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
}

/// `hegui policy lint`
#[derive(Debug, Args)]
#[command(after_help = "示例 Examples:\n  hegui policy lint policies\n  hegui policy lint acme/policies --format json")]
pub struct PolicyLintArgs {
    /// 策略目录，默认内置策略包 · Directory of policy files [default: the shipped pack]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// 打印格式 · How faults are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `hegui policy test`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui policy test policies\n  hegui policy test policies --only BAK-02 --mutate"
)]
pub struct PolicyTestArgs {
    /// 策略目录，默认内置策略包 · Directory of policy files [default: the shipped pack]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// 只测这些控制点，可重复 · Only controls whose id matches; repeatable
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
    /// 逐处改动控制点，没有用例发现的改动即失败；边界上的改动总是要试 · Change one operator, constant or condition at a time; a change that no case notices fails [boundaries are always tried]
    #[arg(long)]
    pub mutate: bool,
    /// 打印格式 · What is printed on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `hegui policy schema`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui policy schema\n  hegui policy schema control > control.schema.json\n  hegui policy schema --out schemas"
)]
pub struct PolicySchemaArgs {
    /// 文件种类，省略则列出全部 · Kind of file (control, evidence, profile …); without it: the list
    #[arg(value_name = "KIND")]
    pub kind: Option<String>,
    /// 全部写入此目录 · Write all of them into this directory
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `hegui explain`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui explain policy/unknown-column\n  hegui explain BAK-02\n  hegui explain AIS-42\n  hegui explain MAX_GAP"
)]
pub struct ExplainArgs {
    /// 诊断代码、控制点、检查、法条、证据种类或函数 · Diagnostic code, control, check, provision, evidence kind or function
    #[arg(value_name = "CODE|CONTROL|PROVISION")]
    pub term: String,
    /// Policy options.
    #[command(flatten)]
    pub policy: PolicyOptions,
    /// 基准日 · As-of date, for which version of a law is in force [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<NaiveDate>,
}

/// `hegui completions`
#[derive(Debug, Args)]
#[command(
    after_help = "示例 Examples:\n  hegui completions bash > /etc/bash_completion.d/hegui\n  hegui completions zsh > ~/.zfunc/_hegui"
)]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `hegui man`
#[derive(Debug, Args)]
#[command(after_help = "示例 Examples:\n  hegui man | man -l -\n  hegui man --out /usr/local/share/man/man1")]
pub struct ManArgs {
    /// 写入目录，每个子命令一个文件 · Directory for one page per subcommand
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        // `2026-1-5` is read by chrono too; one spelling is enough.
        .filter(|date| date.format("%Y-%m-%d").to_string() == text)
        .ok_or_else(|| format!("`{text}` is not a date like 2026-09-30"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_declaration_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn dates_have_one_spelling() {
        let cases = [
            ("plain", "2026-09-30", true),
            ("no leading zero", "2026-9-30", false),
            ("no such day", "2026-02-30", false),
            ("Chinese", "2026年9月30日", false),
            ("empty", "", false),
        ];
        for (name, text, good) in cases {
            assert_eq!(date(text).is_ok(), good, "{name}");
        }
    }

    #[test]
    fn every_subcommand_has_help_in_both_languages_and_examples() {
        fn walk(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
                assert!(about.contains(" · "), "{path}: {about}");
                if sub.get_subcommands().next().is_none() {
                    let examples = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
                    assert!(examples.contains(&format!("hegui{path}")), "{path}: {examples}");
                }
                walk(sub, &path);
            }
        }
        walk(&Cli::command(), "");
    }
}
