//! The shape of `hegui/test/v1` (LANGUAGE §7).

use super::words::{CODE, NAME, PERIOD, SNAKE};
use super::{Doc, Shape, Ty, doc, optional, required};

/// A policy test file.
pub(crate) static TEST: Shape = Shape {
    name: "test",
    doc: doc("一个控制点的测试", "Tests of one control"),
    keys: &[
        required("schema", Ty::Const("hegui/test/v1"), "文件种类", "what this file is"),
        required("control", Ty::Word(&CODE), "被测控制点", "the control under test"),
        required("as_of", Ty::Date, "基准日", "day of judging"),
        optional(
            "period",
            Ty::Word(&PERIOD),
            "期间，默认为基准日所在季度",
            "period; the quarter of `as_of` when absent",
        ),
        optional("facts", Ty::Map(&SNAKE, &Ty::Any), "事实", "stated facts"),
        optional("params", Ty::Map(&NAME, &Ty::Any), "参数", "parameters"),
        required("cases", Ty::List(&Ty::Object(&CASE), 1), "用例", "the cases"),
        optional(
            "equivalent",
            Ty::List(&Ty::Object(&EQUIVALENT), 0),
            "改与不改含义相同、因此没有用例能发现的改动",
            "changes that mean the same, so that no case can notice them",
        ),
    ],
    exactly_one: &[],
};

static EQUIVALENT: Shape = Shape {
    name: "equivalent change",
    doc: doc("含义相同的改动", "A change that means the same"),
    keys: &[
        required("check", Ty::Word(&CODE), "哪项检查", "of which check"),
        required("from", Ty::Str, "改动前，如打印的那样", "what stands there, as printed"),
        required("to", Ty::Str, "改动后", "what it is changed to"),
        required("why", Ty::Text, "为什么含义相同", "why it means the same"),
    ],
    exactly_one: &[],
};

static CASE: Shape = Shape {
    name: "case",
    doc: doc("一个用例", "One case"),
    keys: &[
        required("name", Ty::Str, "说明什么", "what it shows"),
        optional("as_of", Ty::Date, "基准日", "day of judging"),
        optional("period", Ty::Word(&PERIOD), "期间", "period"),
        optional("facts", Ty::Map(&SNAKE, &Ty::Any), "事实", "stated facts, over those of the file"),
        optional("params", Ty::Map(&NAME, &Ty::Any), "参数", "parameters, over those of the file"),
        optional(
            "evidence",
            Ty::Map(&SNAKE, &Ty::Any),
            "证据：文字为 CSV，其余为 YAML",
            "evidence: text is CSV, anything else YAML",
        ),
        optional(
            "files",
            Ty::List(&Ty::Object(&FILE), 0),
            "带清单信息的证据文件",
            "evidence files with what a manifest would say",
        ),
        required(
            "expect",
            Ty::Map(&CODE, &Ty::Either(&[Ty::Enum(OUTCOMES), Ty::Object(&EXPECT)])),
            "各检查应有的结果",
            "what each check must say",
        ),
    ],
    exactly_one: &[],
};

static FILE: Shape = Shape {
    name: "evidence file",
    doc: doc("一个证据文件", "One evidence file"),
    keys: &[
        required("kind", Ty::Word(&SNAKE), "证据种类", "its kind"),
        required("content", Ty::Any, "内容：文字为 CSV，其余为 YAML", "content: text is CSV, anything else YAML"),
        optional("captured_on", Ty::Date, "取得日期", "day of capture"),
        optional("source_system", Ty::Str, "来源系统", "system it was exported from"),
        optional("rows", Ty::Integer(0, i64::MAX), "自述行数", "number of rows it states"),
    ],
    exactly_one: &[],
};

static EXPECT: Shape = Shape {
    name: "expectation",
    doc: doc("检查应有的结果", "What a check must say"),
    keys: &[
        required("outcome", Ty::Enum(OUTCOMES), "结果", "outcome"),
        optional("reason", Ty::Enum(REASONS), "未检测的原因", "why it is not tested"),
        optional("population", Ty::Integer(0, i64::MAX), "检查的行数", "rows examined"),
        optional("conforming", Ty::Integer(0, i64::MAX), "符合的行数", "rows that conform"),
        optional("excluded", Ty::Integer(0, i64::MAX), "剔除的行数", "undecided rows left out"),
        optional(
            "findings",
            Ty::List(&Ty::Map(&super::words::ANY_WORD, &Ty::Any), 0),
            "发现，不计顺序",
            "the findings, in any order",
        ),
    ],
    exactly_one: &[],
};

static OUTCOMES: &[(&str, Doc)] = &[
    ("satisfied", doc("符合", "satisfied")),
    ("partial", doc("部分符合", "partially satisfied")),
    ("not_satisfied", doc("不符合", "not satisfied")),
    ("not_applicable", doc("不适用", "not applicable")),
    ("not_tested", doc("未检测", "not tested")),
];

static REASONS: &[(&str, Doc)] = &[
    ("evidence_missing", doc("缺少证据", "evidence missing")),
    ("evidence_empty", doc("证据为空", "evidence empty")),
    ("evidence_unreadable", doc("证据无法读取", "evidence unreadable")),
    ("evidence_incomplete", doc("证据不完整", "evidence incomplete")),
    ("evidence_stale", doc("证据过期", "evidence stale")),
    ("fact_missing", doc("缺少事实", "a fact is missing")),
    ("no_occurrence", doc("没有发生", "no occurrence")),
    ("manual_pending", doc("待人工判断", "a person has to judge")),
    ("error", doc("出错", "error")),
];
