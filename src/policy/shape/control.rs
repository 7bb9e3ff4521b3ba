//! The shape of `hegui/control/v1` (LANGUAGE §1, §2).

use super::words::{CODE, FAMILY, NAME, PARAM_TYPES, SEVERITIES, THRESHOLD_SOURCES};
use super::{Doc, Shape, Ty, doc, optional, required};

/// A control file.
pub(crate) static CONTROL: Shape = Shape {
    name: "control",
    doc: doc("一个控制点：要求、依据与检查", "One control: a requirement, what it rests on, and its checks"),
    keys: &[
        required("schema", Ty::Const("hegui/control/v1"), "文件种类", "what this file is"),
        required("id", Ty::Word(&CODE), "编号，与文件名相同", "id, equal to the file's name"),
        required("title", Ty::Text, "名称", "short name"),
        required("objective", Ty::Text, "要达到什么", "what must be so"),
        required("severity", Ty::Enum(SEVERITIES), "不符合时的风险等级", "how grave its gaps are"),
        required(
            "provisions",
            Ty::List(&Ty::Word(&CODE), 1),
            "法律依据（含历次版本）",
            "provisions, every version ever in force",
        ),
        optional("params", Ty::Map(&NAME, &Ty::Object(&PARAM)), "可调整的参数", "values that a profile may tailor"),
        optional("applies_if", Ty::Expr, "适用条件：只用事实与参数", "when it applies: facts and parameters only"),
        required("checks", Ty::List(&Ty::Object(&CHECK), 1), "检查", "its checks"),
        required("remedy", Ty::Text, "整改建议", "what to do about a gap"),
        optional("family", Ty::Word(&FAMILY), "类别，默认为所在文件夹", "family; the folder unless said here"),
        optional("tags", Ty::List(&Ty::Str, 0), "标签", "free words"),
        optional("guidance", Ty::Text, "说明", "further reading"),
        optional("replaces", Ty::Word(&CODE), "替换的内置控制点", "the shipped control that this one stands in for"),
    ],
    exactly_one: &[],
};

static PARAM: Shape = Shape {
    name: "parameter",
    doc: doc("可在界限内调整的值", "A value that a profile may tailor within bounds"),
    keys: &[
        required("type", Ty::Enum(PARAM_TYPES), "类型", "its type"),
        required("default", Ty::Any, "默认值", "the shipped value"),
        optional("min", Ty::Scalar, "最小值", "least value allowed"),
        optional("max", Ty::Scalar, "最大值", "greatest value allowed"),
        required("source", Ty::Enum(THRESHOLD_SOURCES), "数值从何而来", "where the value comes from"),
        optional("title", Ty::Text, "名称", "shown name"),
    ],
    exactly_one: &[],
};

pub(crate) static CHECK: Shape = Shape {
    name: "check",
    doc: doc("一项检查：对哪些行，要求什么", "One check: over which rows, what must hold"),
    keys: &[
        required("id", Ty::Word(&CODE), "编号，如 BAK-02.1", "id, as in BAK-02.1"),
        required("title", Ty::Text, "名称", "short name"),
        optional("applies_if", Ty::Expr, "适用条件：只用事实与参数", "when it applies: facts and parameters only"),
        optional("threshold", Ty::Object(&THRESHOLD), "阈值的依据", "what its threshold rests on"),
        required("over", SOURCE, "行的来源", "where rows come from"),
        optional("as", Ty::Word(&NAME), "行的名称", "a name for the row, used inside partners"),
        optional("join", Ty::Map(&NAME, &Ty::Object(&JOIN)), "关联的另一张表", "partners whose columns are added"),
        optional("where", Ty::Expr, "检查哪些行", "which rows are examined"),
        optional("order_by", Ty::OneOrMore(&Ty::Expr), "排序，供 PREVIOUS 使用", "order that defines PREVIOUS"),
        optional(
            "group_by",
            Ty::OneOrMore(&Ty::Expr),
            "分组；[] 为整表一组",
            "one row per key; [] makes the table one row",
        ),
        optional("let", Ty::Map(&NAME, &Ty::Expr), "命名的列", "named columns, in order"),
        optional("expect", Ty::Expr, "每行必须成立的条件", "what must hold of every row"),
        optional("has", Ty::Object(&HAS), "必须有对应的行", "partners that must be there"),
        optional("has_no", Ty::Object(&HAS_NO), "不得有对应的行", "partners that must not be there"),
        optional("count", Ty::Str, "行数要求，如 \">= 1\"", "how many rows, as in \">= 1\""),
        optional("undecided", Ty::Enum(UNDECIDED), "无法判断的行如何处理", "what an undecided row does"),
        optional("at_least", Ty::Share, "符合比例", "share that must conform"),
        optional("partial_from", Ty::Share, "部分符合的起点", "share from which it is partial"),
        optional("on_empty", Ty::Enum(ON_EMPTY), "没有行时的结果", "outcome when there are no rows"),
        optional("level", Ty::Enum(LEVELS), "权重", "its weight in the control"),
        optional("method", Ty::Enum(METHODS), "检查方法", "test method"),
        optional("tests", Ty::Enum(TESTS), "设计或运行有效性", "design or operation"),
        optional("sample", Ty::Text, "抽样说明", "words on sampling"),
        optional("finding", Ty::Template, "发现的文字", "what a finding says"),
    ],
    exactly_one: &["expect", "has", "has_no", "count"],
};

static THRESHOLD: Shape = Shape {
    name: "threshold",
    doc: doc("阈值及其法律依据", "A threshold and its legal basis"),
    keys: &[
        required("source", Ty::Enum(THRESHOLD_SOURCES), "从何而来", "where it comes from"),
        optional("basis", Ty::OneOrMore(&Ty::Word(&CODE)), "规定它的条款", "provisions that fix it"),
        optional("note", Ty::Text, "条款未定之处", "what the provisions leave open"),
    ],
    exactly_one: &[],
};

const SOURCE: Ty = Ty::Either(&[Ty::Str, Ty::Object(&VALUES)]);

static VALUES: Shape = Shape {
    name: "values",
    doc: doc("写在策略中的行", "Rows written in the policy"),
    keys: &[required(
        "values",
        Ty::Either(&[Ty::Str, Ty::List(&Ty::Any, 1)]),
        "值、映射的清单，或 $参数",
        "a list of values or mappings, or a $parameter",
    )],
    exactly_one: &[],
};

pub(crate) static JOIN: Shape = Shape {
    name: "join",
    doc: doc("关联：加上另一张表的列", "A join: adds a partner's columns"),
    keys: &[
        required("from", SOURCE, "另一张表", "where partners come from"),
        optional(
            "on",
            Ty::OneOrMore(&Ty::Str),
            "键：对方的列 = 本行的表达式",
            "keys: the partner's column = an expression of this row",
        ),
        optional("where", Ty::Expr, "其他条件", "other conditions"),
        optional("let", Ty::Map(&NAME, &Ty::Expr), "对全部对应行的汇总", "aggregates over all partners"),
        optional("join", Ty::Map(&NAME, &Ty::Object(&JOIN)), "对方自己的关联", "the partner's own joins"),
    ],
    exactly_one: &[],
};

pub(crate) static HAS: Shape = Shape {
    name: "has",
    doc: doc("必须有的对应行", "Partners that must be there"),
    keys: &[
        required("in", SOURCE, "另一张表", "where partners come from"),
        optional(
            "on",
            Ty::OneOrMore(&Ty::Str),
            "键：对方的列 = 本行的表达式",
            "keys: the partner's column = an expression of this row",
        ),
        optional("where", Ty::Expr, "其他条件", "other conditions"),
        optional("join", Ty::Map(&NAME, &Ty::Object(&JOIN)), "对方自己的关联", "the partner's own joins"),
        optional("at_least", Ty::Str, "至少几行", "how many at least"),
    ],
    exactly_one: &[],
};

static HAS_NO: Shape = Shape {
    name: "has_no",
    doc: doc("不得有的对应行", "Partners that must not be there"),
    keys: &[
        required("in", SOURCE, "另一张表", "where partners come from"),
        optional(
            "on",
            Ty::OneOrMore(&Ty::Str),
            "键：对方的列 = 本行的表达式",
            "keys: the partner's column = an expression of this row",
        ),
        optional("where", Ty::Expr, "其他条件", "other conditions"),
        optional("join", Ty::Map(&NAME, &Ty::Object(&JOIN)), "对方自己的关联", "the partner's own joins"),
    ],
    exactly_one: &[],
};

static UNDECIDED: &[(&str, Doc)] = &[
    ("finding", doc("计为发现（默认）", "is a finding (default)")),
    ("exclude", doc("剔除并计数", "is left out and counted")),
];

static ON_EMPTY: &[(&str, Doc)] = &[
    ("not_tested", doc("未检测：没有发生（默认）", "not tested: no occurrence (default)")),
    ("satisfied", doc("符合", "satisfied")),
    ("not_applicable", doc("不适用", "not applicable")),
    ("not_satisfied", doc("不符合：没有行本身就是问题", "not satisfied: no rows is itself the gap")),
];

static LEVELS: &[(&str, Doc)] = &[
    ("must", doc("不符合即控制点不符合（默认）", "a failure fails the control (default)")),
    ("should", doc("不符合使控制点部分符合", "a failure makes the control partial")),
];

static METHODS: &[(&str, Doc)] = &[
    ("inspect", doc("文档查验", "inspection")),
    ("observe", doc("现场核查", "observation")),
    ("inquire", doc("访谈", "inquiry")),
    ("reperform", doc("重新执行", "reperformance")),
    ("tool_check", doc("工具检测", "check by tool")),
];

static TESTS: &[(&str, Doc)] =
    &[("design", doc("设计有效性", "design")), ("operation", doc("运行有效性", "operation"))];
