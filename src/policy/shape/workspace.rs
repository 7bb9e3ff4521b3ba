//! The shapes of `hegui.yaml` (DESIGN §5) and of a manifest.

use super::words::{KEBAB, NAME, SHA256, SNAKE};
use super::{Doc, Shape, Ty, doc, optional, required};

/// `hegui.yaml`.
pub(crate) static WORKSPACE: Shape = Shape {
    name: "workspace",
    doc: doc("一个被评估单位的工作区", "A workspace: one entity under assessment"),
    keys: &[
        required("schema", Ty::Const("hegui/workspace/v1"), "文件种类", "what this file is"),
        required("entity", Ty::Object(&ENTITY), "被评估单位", "the entity under assessment"),
        optional("responsible", Ty::Object(&RESPONSIBLE), "负责人", "who is responsible"),
        optional("scope", Ty::Object(&SCOPE), "评估范围", "what is assessed"),
        optional("report", Ty::Object(&REPORT), "报告", "about the report"),
        optional("time_zone", Ty::Str, "时区，默认 Asia/Shanghai", "time zone; Asia/Shanghai when absent"),
        optional(
            "as_of",
            Ty::Date,
            "基准日，命令行没有给出时用它",
            "day of judging, unless the command line names one",
        ),
        optional("profile", Ty::Word(&KEBAB), "方案", "the profile"),
        optional(
            "policies",
            Ty::OneOrMore(&Ty::Str),
            "本单位的策略文件夹，默认 policies",
            "overlay folders; `policies` when absent",
        ),
        optional(
            "evidence",
            Ty::OneOrMore(&Ty::Str),
            "证据文件夹，默认 evidence",
            "evidence roots; `evidence` when absent",
        ),
        optional(
            "columns",
            Ty::Map(&SNAKE, &Ty::Map(&NAME, &Ty::OneOrMore(&Ty::Str))),
            "本单位导出文件的列名：证据种类 → 列 → 表头上的名称",
            "what the entity's own exports call their columns: kind, column, headings",
        ),
        optional("facts", Ty::Map(&SNAKE, &Ty::Any), "关于单位的事实", "facts about the entity"),
        optional("gate", Ty::Object(&GATE), "何时算未通过", "when a run fails"),
        optional("limits", Ty::Object(&LIMITS), "上限", "limits"),
    ],
    exactly_one: &[],
};

static ENTITY: Shape = Shape {
    name: "entity",
    doc: doc("被评估单位", "The entity under assessment"),
    keys: &[
        required("name", Ty::Text, "名称", "name"),
        optional("uscc", Ty::Str, "统一社会信用代码", "unified social credit code"),
        optional("address", Ty::Text, "地址", "address"),
        optional("contact", Ty::Text, "联系人", "contact"),
    ],
    exactly_one: &[],
};

static RESPONSIBLE: Shape = Shape {
    name: "responsible",
    doc: doc("负责人", "Who is responsible"),
    keys: &[
        optional("data_security", Ty::Text, "数据安全负责人", "data security lead"),
        optional("personal_information", Ty::Text, "个人信息保护负责人", "personal information protection lead"),
    ],
    exactly_one: &[],
};

static SCOPE: Shape = Shape {
    name: "scope",
    doc: doc("评估范围", "What is assessed"),
    keys: &[
        optional("systems", Ty::OneOrMore(&Ty::Text), "系统", "systems"),
        optional("data", Ty::OneOrMore(&Ty::Text), "数据", "data"),
        optional("business", Ty::OneOrMore(&Ty::Text), "业务", "lines of business"),
        optional("clients", Ty::OneOrMore(&Ty::Text), "客户", "clients"),
        optional("out_of_scope", Ty::OneOrMore(&Ty::Text), "不在范围内", "what is left out"),
    ],
    exactly_one: &[],
};

static REPORT: Shape = Shape {
    name: "report",
    doc: doc("报告", "About the report"),
    keys: &[
        optional("kind", Ty::Enum(REPORT_KINDS), "报告性质", "whose assessment it is"),
        optional("language", Ty::Enum(LANGUAGES), "语言", "language"),
        optional("number", Ty::Str, "报告编号格式", "report number"),
        optional("prepared_by", Ty::Text, "编制人", "who prepared it"),
        optional("reviewed_by", Ty::Text, "复核人", "who reviewed it"),
        optional("approved_by", Ty::Text, "批准人", "who approved it"),
        optional("formats", Ty::OneOrMore(&Ty::Enum(FORMATS)), "输出格式", "output formats"),
        optional(
            "templates",
            Ty::Str,
            "自备模板与用词的文件夹，覆盖内置的",
            "folder of templates and words laid over the shipped ones",
        ),
    ],
    exactly_one: &[],
};

static GATE: Shape = Shape {
    name: "gate",
    doc: doc("何时算未通过", "When a run fails"),
    keys: &[required("fail_on", Ty::Enum(FAIL_ON), "从哪一级起", "from which severity")],
    exactly_one: &[],
};

static LIMITS: Shape = Shape {
    name: "limits",
    doc: doc("上限", "Limits; the defaults suit nearly everybody"),
    keys: &[
        optional("streamed_bytes", Ty::Integer(1, i64::MAX), "流式文件字节数", "bytes of a file that is streamed"),
        optional("whole_bytes", Ty::Integer(1, i64::MAX), "整读文件字节数", "bytes of a file that is held whole"),
        optional(
            "expanded_bytes",
            Ty::Integer(1, i64::MAX),
            "工作簿展开后字节数",
            "bytes that a workbook may expand to",
        ),
        optional("columns", Ty::Integer(1, 1_000_000), "列数", "columns of a table"),
        optional("cell_bytes", Ty::Integer(1, 1 << 30), "单元格字节数", "bytes of one cell"),
        optional("files", Ty::Integer(1, 10_000_000), "证据文件数", "files under the evidence roots"),
        optional("findings", Ty::Integer(1, 1_000_000), "每项检查列出的发现数", "findings listed per check"),
        optional(
            "memory_bytes",
            Ty::Integer(1 << 20, i64::MAX),
            "内存字节数",
            "bytes of memory for keys, groups and partners",
        ),
    ],
    exactly_one: &[],
};

/// `manifest.yaml` beside the evidence.
pub(crate) static MANIFEST: Shape = Shape {
    name: "manifest",
    doc: doc("证据清单", "What is stated about evidence files"),
    keys: &[
        required("schema", Ty::Const("hegui/manifest/v1"), "文件种类", "what this file is"),
        required("files", Ty::List(&Ty::Object(&MANIFEST_FILE), 0), "文件", "the files"),
    ],
    exactly_one: &[],
};

static MANIFEST_FILE: Shape = Shape {
    name: "manifest entry",
    doc: doc("关于一个文件", "What is stated about one file"),
    keys: &[
        required("path", Ty::Str, "相对于清单所在文件夹的路径", "path, relative to the manifest's folder"),
        optional(
            "sheet",
            Ty::OneOrMore(&Ty::Str),
            "工作簿含多个台账时，属于本类的工作表",
            "the sheets of this kind, where a workbook holds several registers",
        ),
        optional("kind", Ty::Word(&SNAKE), "证据种类", "its evidence kind"),
        optional("captured_on", Ty::Date, "取得日期", "day of capture"),
        optional("source_system", Ty::Str, "来源系统", "system it was exported from"),
        optional("custodian", Ty::Str, "保管人", "who keeps it"),
        optional("rows", Ty::Integer(0, i64::MAX), "行数；0 为零报告", "number of rows; 0 is a nil return"),
        optional("period", Ty::Object(&MANIFEST_PERIOD), "覆盖期间", "period it covers"),
        optional("sha256", Ty::Word(&SHA256), "SHA-256", "its SHA-256"),
        optional("query", Ty::Str, "导出条件", "query or filter of the export"),
        optional("received_on", Ty::Date, "接收日期", "day it was received"),
        optional("encoding", Ty::Str, "编码", "encoding"),
    ],
    exactly_one: &[],
};

static MANIFEST_PERIOD: Shape = Shape {
    name: "period",
    doc: doc("期间，首尾两日都算", "A period, both days counted"),
    keys: &[required("from", Ty::Date, "第一天", "first day"), required("to", Ty::Date, "最后一天", "last day")],
    exactly_one: &[],
};

static REPORT_KINDS: &[(&str, Doc)] =
    &[("self", doc("自查", "self-assessment")), ("third_party", doc("第三方评估", "third-party assessment"))];

static LANGUAGES: &[(&str, Doc)] = &[("zh", doc("中文", "Chinese")), ("en", doc("英文", "English"))];

/// The words of `report::Format`, and that there is to be none.
static FORMATS: &[(&str, Doc)] = &[
    ("json", doc("assessment.json", "assessment.json")),
    ("md", doc("report.md", "report.md")),
    ("csv", doc("五个 CSV 清单", "five lists as CSV")),
    ("none", doc("不写报告", "no report")),
];

static FAIL_ON: &[(&str, Doc)] = &[
    ("critical", doc("重大风险", "critical")),
    ("high", doc("高风险", "high")),
    ("medium", doc("中风险", "medium")),
    ("low", doc("低风险", "low")),
    ("never", doc("从不", "never")),
];
