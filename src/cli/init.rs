//! `hegui init`: a workspace that only needs filling in.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::args::InitArgs;
use super::{Console, Environment, ExitStatus, interrupt, session, templates};
use crate::model::KindId;
use crate::policy::Pack;
use crate::text::{Lang, foreign};

/// Makes the workspace, or says why not.
pub(super) fn init(console: &mut Console<'_>, args: &InitArgs, environment: &Environment) -> ExitStatus {
    let shipped = session::shipped_pack();
    let profile = match choose_profile(&shipped, args.profile.as_deref()) {
        Ok(profile) => profile,
        Err(known) => {
            console.fail("没有这个 profile，可选", "no such profile; there are", &known);
            return ExitStatus::Usage;
        }
    };
    let period = args.period.clone().unwrap_or_else(|| session::quarter(environment.today));
    if crate::policy::period::parse(&period).is_none() {
        console.fail("不是评估期间（如 2026Q3、2026-09、2026）", "not a period (2026Q3, 2026-09, 2026)", &period);
        return ExitStatus::Usage;
    }
    match occupied(&args.dir) {
        Ok(false) => {}
        Ok(true) => {
            let what = args.dir.display().to_string();
            console.fail("目录已有内容，不会覆盖", "the directory is not empty and nothing is overwritten", &what);
            return ExitStatus::Usage;
        }
        Err(fault) => {
            console.fail(
                "无法写入",
                "cannot write",
                &format!("{}: {}", args.dir.display(), foreign::io(&fault).get(console.lang)),
            );
            return ExitStatus::Output;
        }
    }
    let _held = interrupt::hold();
    match write(&args.dir, &shipped, profile.as_deref(), &period, console.lang) {
        Ok(count) => {
            let dir = args.dir.display().to_string();
            let text = match console.lang {
                Lang::Zh => format!(
                    "已建立工作区 {dir}（{count} 份空白模板）\n下一步：\n  1. 填写 {dir}/hegui.yaml\n  \
                     2. 把证据文件放进 {dir}/evidence/{period}/\n  3. hegui evidence status {dir}\n  4. hegui check {dir}"
                ),
                Lang::En => format!(
                    "made workspace {dir} ({count} blank templates)\nnext:\n  1. fill in {dir}/hegui.yaml\n  \
                     2. put evidence files into {dir}/evidence/{period}/\n  3. hegui evidence status {dir}\n  4. hegui check {dir}"
                ),
            };
            console.line(&text);
            ExitStatus::Satisfied
        }
        Err(fault) => {
            console.fail(
                "无法写入",
                "cannot write",
                &format!("{}: {}", args.dir.display(), foreign::io(&fault).get(console.lang)),
            );
            ExitStatus::Output
        }
    }
}

fn choose_profile(pack: &Pack, asked: Option<&str>) -> Result<Option<String>, String> {
    match asked {
        Some(name) if pack.profiles.contains_key(name) => Ok(Some(name.to_owned())),
        Some(_) => Err(pack.profiles.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
        None => Ok(pack.profiles.keys().next().cloned()),
    }
}

/// Whether there is something in the way.
fn occupied(dir: &Path) -> std::io::Result<bool> {
    match std::fs::symlink_metadata(dir) {
        Ok(found) if found.is_dir() => Ok(std::fs::read_dir(dir)?.next().is_some()),
        Ok(_) => Ok(true),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// Builds the workspace beside its place and renames it, so that a full disk leaves nothing half-made.
fn write(dir: &Path, pack: &Pack, profile: Option<&str>, period: &str, lang: Lang) -> std::io::Result<usize> {
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let building = tempfile::Builder::new().prefix(".hegui-init-").tempdir_in(parent)?;
    let root = building.path();
    for folder in ["policies", "waivers", "attestations", "ledger", "reports", "templates"] {
        std::fs::create_dir(root.join(folder))?;
    }
    let evidence = root.join("evidence").join(period);
    std::fs::create_dir_all(&evidence)?;
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    std::fs::write(root.join("hegui.yaml"), settings(pack, profile, &name, lang))?;
    std::fs::write(evidence.join("manifest.yaml"), manifest(lang))?;
    std::fs::write(root.join("README.md"), readme(period, lang))?;
    let wanted = needed_kinds(pack, profile);
    let templates = templates::all(pack, &wanted, lang);
    for (name, content) in &templates.files {
        std::fs::write(root.join("templates").join(name), content)?;
    }
    std::fs::write(root.join("templates").join("README.md"), &templates.readme)?;
    open_to_all(root)?;
    if dir.is_dir() {
        std::fs::remove_dir(dir)?;
    }
    std::fs::rename(building.keep(), dir)?;
    Ok(templates.files.len())
}

/// A temporary directory is private to its maker; a workspace is as open as any new directory.
#[cfg(unix)]
fn open_to_all(root: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    // What the process's umask gave to a folder made in the ordinary way.
    let usual = std::fs::metadata(root.join("templates"))?.permissions().mode();
    std::fs::set_permissions(root, std::fs::Permissions::from_mode(usual))
}

#[cfg(not(unix))]
fn open_to_all(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Kinds that the controls of the profile read.
fn needed_kinds(pack: &Pack, profile: Option<&str>) -> BTreeSet<KindId> {
    let selected = session::selected_by(profile);
    let kinds = selected.selected_controls().flat_map(session::kinds_of_control);
    kinds.filter(|kind| pack.kinds.contains_key(kind)).collect()
}

fn settings(pack: &Pack, profile: Option<&str>, name: &str, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let quoted = serde_json::Value::from(name).to_string();
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    line(say(
        "# 一个被评估单位。# 开头的行是说明，去掉 # 并填写即可生效。",
        "# One entity under assessment. Lines with # are hints: remove the # and fill in.",
    ));
    line("schema: hegui/workspace/v1");
    line(&format!("entity:\n  name: {quoted}{}", say("                # 单位全称", "                # full name")));
    line(say(
        "  # uscc:                   # 统一社会信用代码",
        "  # uscc:                   # unified social credit code",
    ));
    line(say("  # address:                # 地址", "  # address:                # address"));
    line(say("  # contact:                # 联系人", "  # contact:                # contact"));
    line(say("# responsible:", "# responsible:"));
    line(say("#   data_security:          # 数据安全负责人", "#   data_security:          # data security lead"));
    line(say(
        "#   personal_information:   # 个人信息保护负责人",
        "#   personal_information:   # personal information protection lead",
    ));
    line("# scope:");
    line(say("#   systems: []             # 纳入评估的系统", "#   systems: []             # systems assessed"));
    line(say("#   data: []                # 纳入评估的数据", "#   data: []                # data assessed"));
    line(say("#   business: []            # 纳入评估的业务", "#   business: []            # lines of business"));
    line(say("#   clients: []             # 涉及的客户", "#   clients: []             # clients concerned"));
    line(say("#   out_of_scope: []        # 不在范围内的", "#   out_of_scope: []        # left out"));
    line("report:");
    line(say(
        "  kind: self                # self 自查，third_party 第三方评估",
        "  kind: self                # self, or third_party",
    ));
    line(&format!("  language: {}", say("zh", "en")));
    line(say("  # prepared_by:            # 编制人", "  # prepared_by:            # prepared by"));
    line(say(
        "  # reviewed_by:            # 复核人，不能与编制人相同",
        "  # reviewed_by:            # reviewed by: not the preparer",
    ));
    line(say("  # approved_by:            # 批准人", "  # approved_by:            # approved by"));
    line(say(
        "  # templates: design       # 自备报告模板与用词的文件夹",
        "  # templates: design       # folder of your own report templates and words",
    ));
    line(&format!("time_zone: {}", pack.time_zone));
    if let Some(profile) = profile {
        line(&format!("profile: {profile}"));
    }
    line(say(
        "# 事实决定哪些控制点适用；没有写明的，需要它的控制点记为“未检测”。",
        "# Facts decide which controls apply; a control that needs one nobody stated is `not_tested`.",
    ));
    line("# facts:");
    let wanted: Vec<String> = profile.and_then(|id| pack.profiles.get(id)).map_or_else(
        || pack.facts.keys().cloned().collect(),
        |profile| profile.facts.iter().map(|fact| fact.text.clone()).collect(),
    );
    for name in wanted {
        let fact = pack.facts.get(&name);
        let title = fact.map(|fact| fact.question.as_ref().unwrap_or(&fact.title).get(lang)).unwrap_or_default();
        let ty = fact.map(|fact| fact.ty.expression_type().name()).unwrap_or_default();
        line(&format!("#   {name}:{}# {title} ({ty})", " ".repeat(24_usize.saturating_sub(name.len()).max(1))));
    }
    line(say(
        "gate:\n  fail_on: high             # 达到此风险等级的问题使检查失败：critical high medium low never",
        "gate:\n  fail_on: high             # gaps at or above it fail a run: critical high medium low never",
    ));
    text
}

fn manifest(lang: Lang) -> String {
    let mut text = String::new();
    let _ = match lang {
        Lang::Zh => writeln!(
            text,
            "# 证据清单（可不填）：文件自称的种类、采集日期、行数与期间。写了行数，文件被截断就会被发现；\n\
             # 没有发生的事项交一份空表并写 rows: 0，即零报告。\n\
             schema: hegui/manifest/v1\nfiles: []\n\
             # files:\n\
             #   - path: backup_jobs.csv        # 相对本目录\n\
             #     kind: backup_jobs            # 以下都可省略\n\
             #     sheet: 备份                  # 一个工作簿含多个台账时：每个一条\n\
             #     captured_on: 2026-09-30      # 导出日期\n\
             #     source_system: nas           # 来源系统\n\
             #     custodian: 信息技术部         # 保管人\n\
             #     rows: 120                    # 导出时的行数\n\
             #     period: {{from: 2026-07-01, to: 2026-09-30}}"
        ),
        Lang::En => writeln!(
            text,
            "# Manifest (optional): what each file states about itself. With `rows`, a file cut short is noticed;\n\
             # for what did not happen hand in an empty table and say `rows: 0`: a nil return.\n\
             schema: hegui/manifest/v1\nfiles: []\n\
             # files:\n\
             #   - path: backup_jobs.csv        # relative to this folder\n\
             #     kind: backup_jobs            # the rest is optional\n\
             #     sheet: Backups               # of a workbook with several registers, one entry each\n\
             #     captured_on: 2026-09-30      # day of export\n\
             #     source_system: nas\n\
             #     custodian: IT\n\
             #     rows: 120                    # rows when it was exported\n\
             #     period: {{from: 2026-07-01, to: 2026-09-30}}"
        ),
    };
    text
}

fn readme(period: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!(
            "# 工作区\n\n\
             | 位置 | 放什么 |\n|---|---|\n\
             | `hegui.yaml` | 单位、事实、适用的控制点集合、门槛 |\n\
             | `evidence/{period}/` | 本期证据，文件名与文件夹随意；`manifest.yaml` 说明来历 |\n\
             | `templates/` | 各类证据的空白模板与填写说明（不参与检查，填好后放进 `evidence/`） |\n\
             | `policies/` | 本单位自己的控制点与调整 |\n\
             | `waivers/` `attestations/` `ledger/` | 人做出的决定与填写的内容；本版本还不读取 |\n\
             | `reports/` | 检查写出的报告；其中较早期间里最新的一份是上期报告 |\n\n\
             ```sh\nhegui evidence status .     # 证据齐不齐\nhegui check .               # 检查并写报告\n```\n"
        ),
        Lang::En => format!(
            "# Workspace\n\n\
             | place | holds |\n|---|---|\n\
             | `hegui.yaml` | entity, facts, profile, gate |\n\
             | `evidence/{period}/` | this period's evidence, named and foldered as you like; `manifest.yaml` says where it came from |\n\
             | `templates/` | blank evidence files and how to fill them (not read by a check; copy into `evidence/`) |\n\
             | `policies/` | your own controls and tailoring |\n\
             | `waivers/` `attestations/` `ledger/` | what people decided and filled in; not read by this version yet |\n\
             | `reports/` | what a check writes; the newest earlier period there is the prior report |\n\n\
             ```sh\nhegui evidence status .     # what is there, owed, stale\nhegui check .               # evaluate and write reports\n```\n"
        ),
    }
}
