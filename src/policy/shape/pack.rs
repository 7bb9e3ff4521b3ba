//! The shapes of `pack.yaml`, provisions, profiles and calendars.

use super::words::{CODE, FAMILY, KEBAB, NAME, PARAM_PATH, PARAM_TYPES, SNAKE};
use super::{Doc, Shape, Ty, doc, optional, required};

/// `pack.yaml`.
pub(crate) static PACK: Shape = Shape {
    name: "pack",
    doc: doc("策略包：名称、版本、类别与事实", "A policy pack: name, version, families and facts"),
    keys: &[
        required("schema", Ty::Const("hegui/pack/v1"), "文件种类", "what this file is"),
        required("name", Ty::Word(&KEBAB), "名称", "name"),
        required("version", Ty::Str, "版本", "version"),
        required("title", Ty::Text, "显示名称", "shown name"),
        optional("time_zone", Ty::Str, "默认时区", "time zone of an assessment that states none"),
        optional("families", Ty::Map(&FAMILY, &Ty::Text), "类别，按报告中的顺序", "families, in the order of reports"),
        optional("facts", Ty::Map(&SNAKE, &Ty::Object(&FACT)), "适用条件可用的事实", "facts that `applies_if` may use"),
        optional("sources", Ty::List(&Ty::Object(&SOURCE), 0), "条款核对所用的来源", "where provisions were verified"),
    ],
    exactly_one: &[],
};

static FACT: Shape = Shape {
    name: "fact",
    doc: doc("关于单位的事实", "A fact about the entity"),
    keys: &[
        required("type", Ty::Enum(PARAM_TYPES), "类型", "its type"),
        required("title", Ty::Text, "名称", "shown name"),
        optional("question", Ty::Text, "初始化时的提问", "what `init` asks"),
        optional("min", Ty::Scalar, "最小值", "least value"),
        optional("max", Ty::Scalar, "最大值", "greatest value"),
        optional("enum", Ty::List(&Ty::Str, 1), "允许的值", "values allowed"),
    ],
    exactly_one: &[],
};

static SOURCE: Shape = Shape {
    name: "source",
    doc: doc("条款核对所用的来源", "Where provisions were verified"),
    keys: &[
        required("id", Ty::Word(&CODE), "编号", "id"),
        required("what", Ty::Str, "是什么", "what it is"),
        required("kind", Ty::Str, "种类", "what sort of source"),
        required("version", Ty::Str, "版本", "which state of it"),
        optional("note", Ty::Str, "说明", "what it was used for"),
    ],
    exactly_one: &[],
};

/// A law with its provisions.
pub(crate) static PROVISIONS: Shape = Shape {
    name: "provisions",
    doc: doc("一部法律、法规或标准及其条款", "A law, regulation or standard and its provisions"),
    keys: &[
        required("schema", Ty::Const("hegui/provisions/v1"), "文件种类", "what this file is"),
        required("law", Ty::Object(&LAW), "法律、法规或标准", "the law, regulation or standard"),
        optional(
            "renumbering",
            Ty::Object(&RENUMBERING),
            "与旧文本的条号对照",
            "articles of an earlier text that it renumbered",
        ),
        required("provisions", Ty::List(&Ty::Object(&PROVISION), 1), "条款", "its provisions"),
        optional(
            "replaces",
            Ty::Word(&CODE),
            "替换的随附法律，与其编号相同",
            "the shipped law that this one stands in for: its own id",
        ),
    ],
    exactly_one: &[],
};

static LAW: Shape = Shape {
    name: "law",
    doc: doc("法律、法规或标准", "A law, regulation or standard"),
    keys: &[
        required("id", Ty::Word(&CODE), "编号，与文件名相同", "id, equal to the file's name"),
        required("title", Ty::Text, "名称", "its name"),
        required("level", Ty::Enum(LAW_LEVELS), "效力层级", "what rank it has"),
        optional("issuer", Ty::Text, "制定机关", "who issued it"),
        optional("number", Ty::Str, "文号", "document number"),
        optional("promulgated_on", Ty::Date, "公布日期", "day of promulgation"),
        required("in_force_from", Ty::Date, "施行日期", "first day in force"),
        optional("in_force_to", Ty::Date, "失效前最后一日", "last day in force"),
        optional("sources", Ty::List(&Ty::Word(&CODE), 0), "核对来源", "where it was verified"),
        optional("note", Ty::Text, "说明", "what a reader should know"),
    ],
    exactly_one: &[],
};

static RENUMBERING: Shape = Shape {
    name: "renumbering",
    doc: doc("条号对照", "Old article numbers and new ones"),
    keys: &[
        required("from_law", Ty::Word(&CODE), "旧文本", "the earlier text"),
        required("switched_on", Ty::Date, "新条号生效日", "first day of the new numbers"),
        optional("method", Ty::Str, "对照方法", "how the map was made"),
        optional("new_articles", Ty::List(&Ty::Integer(1, 10_000), 0), "新增条", "articles without a predecessor"),
        required("map", Ty::List(&Ty::Object(&RENUMBERED), 1), "对照表", "old and new numbers"),
    ],
    exactly_one: &[],
};

static RENUMBERED: Shape = Shape {
    name: "renumbered article",
    doc: doc("一条的新旧条号", "Old and new number of one article"),
    keys: &[
        required("old", Ty::Integer(1, 10_000), "旧条号", "old number"),
        required("new", Ty::Integer(1, 10_000), "新条号", "new number"),
        required("change", Ty::Enum(CHANGES), "变化", "how it changed"),
        optional("confidence", Ty::Str, "把握程度", "how sure the match is"),
    ],
    exactly_one: &[],
};

static PROVISION: Shape = Shape {
    name: "provision",
    doc: doc("可引用的一条", "One citable clause"),
    keys: &[
        required("id", Ty::Word(&CODE), "编号，以法律编号加 - 开头", "id, starting with the law's and `-`"),
        required("article", Ty::Str, "条号", "article or clause"),
        required("binding", Ty::Enum(BINDINGS), "约束力", "whom it binds"),
        optional("in_force_from", Ty::Date, "施行日期，默认同法律", "first day in force; the law's unless said here"),
        optional("in_force_to", Ty::Date, "失效前最后一日", "last day in force"),
        optional("applies_to", Ty::List(&Ty::Str, 0), "约束对象", "whom it addresses"),
        required("summary", Ty::Text, "要点，用自己的话", "what it asks, in our own words"),
        optional("quantities", Ty::List(&Ty::Object(&QUANTITY), 0), "规定的数量", "numbers it fixes"),
        required("verification", Ty::Object(&VERIFICATION), "核对程度", "how far it was checked"),
        optional("replaces", Ty::List(&Ty::Word(&CODE), 0), "取代的条款", "provisions it took the place of"),
        optional("superseded_by", Ty::Word(&CODE), "被何条取代", "the provision that took its place"),
        optional("note", Ty::Text, "说明", "what a reader should know"),
    ],
    exactly_one: &[],
};

static QUANTITY: Shape = Shape {
    name: "quantity",
    doc: doc("条款规定的数量", "A number that a provision fixes"),
    keys: &[
        required("name", Ty::Str, "名称", "name"),
        required("op", Ty::Str, "关系", "relation"),
        required("value", Ty::OneOrMore(&Ty::Scalar), "数值", "value; two for a range"),
        required("unit", Ty::Str, "单位", "unit"),
        optional("note", Ty::Text, "说明", "what a reader should know"),
    ],
    exactly_one: &[],
};

static VERIFICATION: Shape = Shape {
    name: "verification",
    doc: doc("核对程度", "How far a provision was checked"),
    keys: &[
        required("level", Ty::Enum(VERIFICATION_LEVELS), "等级", "level"),
        required("sources", Ty::List(&Ty::Word(&CODE), 1), "来源", "where it was checked"),
        optional("path", Ty::Str, "来源内的位置", "place within the source"),
    ],
    exactly_one: &[],
};

/// A profile.
pub(crate) static PROFILE: Shape = Shape {
    name: "profile",
    doc: doc("方案：选取并调整哪些控制点", "A profile: which controls are selected, and tailored values"),
    keys: &[
        required("schema", Ty::Const("hegui/profile/v1"), "文件种类", "what this file is"),
        required("id", Ty::Word(&KEBAB), "名称，与文件名相同", "id, equal to the file's name"),
        required("title", Ty::Text, "显示名称", "shown name"),
        required("include", Ty::List(&Ty::Str, 1), "选取的类别、编号或通配符", "families, ids or globs that are in"),
        optional(
            "exclude",
            Ty::List(&Ty::Str, 0),
            "排除的类别、编号或通配符",
            "families, ids or globs that are out again",
        ),
        optional("params", Ty::Map(&PARAM_PATH, &Ty::Any), "调整的参数", "tailored values"),
        optional("vocabulary", Ty::Enum(VOCABULARIES), "结果用词", "words of the printed outcomes"),
        optional("facts", Ty::List(&Ty::Word(&NAME), 0), "需要陈述的事实", "facts the profile asks for"),
        optional(
            "replaces",
            Ty::Word(&KEBAB),
            "替换的随附方案，与 id 相同",
            "the shipped profile that this one stands in for: its own id",
        ),
    ],
    exactly_one: &[],
};

/// One year of a country's working days.
pub(crate) static CALENDAR: Shape = Shape {
    name: "calendar",
    doc: doc("一年的法定节假日与调休", "Public holidays and make-up days of one year"),
    keys: &[
        required("schema", Ty::Const("hegui/calendar/v1"), "文件种类", "what this file is"),
        required("year", Ty::Integer(1949, 9999), "年份", "the year"),
        required("title", Ty::Text, "显示名称", "shown name"),
        required("source", Ty::Str, "依据的通知", "the notice it was taken from"),
        required("holidays", Ty::List(&Ty::Object(&HOLIDAY), 1), "放假", "days off"),
        optional("working_days", Ty::List(&Ty::Date, 0), "调休上班的周末", "weekend days that are worked"),
        optional(
            "replaces",
            Ty::Integer(1949, 9999),
            "替换的随附日历，与年份相同",
            "the shipped calendar that this one stands in for: its own year",
        ),
    ],
    exactly_one: &[],
};

static HOLIDAY: Shape = Shape {
    name: "holiday",
    doc: doc("一个假期", "A holiday"),
    keys: &[
        required("name", Ty::Text, "名称", "its name"),
        required("from", Ty::Date, "第一天", "first day"),
        optional("to", Ty::Date, "最后一天，默认一天", "last day; one day when absent"),
    ],
    exactly_one: &[],
};

static LAW_LEVELS: &[(&str, Doc)] = &[
    ("law", doc("法律", "law")),
    ("administrative-regulation", doc("行政法规", "administrative regulation")),
    ("departmental-rule", doc("部门规章", "departmental rule")),
    ("normative-document", doc("规范性文件", "normative document")),
    ("judicial-interpretation", doc("司法解释", "judicial interpretation")),
    ("national-standard", doc("国家标准", "national standard")),
];

static CHANGES: &[(&str, Doc)] = &[
    ("renumbered", doc("仅改条号", "new number only")),
    ("amended", doc("内容修改", "amended")),
    ("merged", doc("并入", "merged")),
];

static BINDINGS: &[(&str, Doc)] = &[
    ("mandatory", doc("强制", "binds the parties it addresses")),
    ("recommended", doc("推荐性标准", "recommended standard")),
    ("policy", doc("鼓励支持", "state support; creates no duty")),
    ("context", doc("约束他人，仅供参考", "binds somebody else; cited for context")),
];

static VERIFICATION_LEVELS: &[(&str, Doc)] = &[
    ("A", doc("已通读全文", "read in full")),
    ("B", doc("二手来源证实", "confirmed by a secondary source")),
    ("C", doc("内容证实，条号推定", "content confirmed, number derived")),
    ("U", doc("未核实", "unverified")),
];

static VOCABULARIES: &[(&str, Doc)] = &[
    ("mlps", doc("等级保护", "classified protection (default)")),
    ("gbt45577", doc("GB/T 45577 评估", "GB/T 45577 assessor")),
    ("o6", doc("合规审计自查表", "self-audit form")),
    ("soc2", doc("SOC 2", "SOC 2")),
    ("iso27001", doc("ISO 27001", "ISO 27001 audit")),
    ("oscal", doc("OSCAL", "OSCAL")),
];
