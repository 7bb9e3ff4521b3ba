//! The shape of `hegui/evidence/v1` (LANGUAGE §6).

use super::words::{ANY_WORD, NAME, SNAKE};
use super::{Doc, Shape, Ty, doc, optional, required};

/// An evidence kind file.
pub(crate) static EVIDENCE: Shape = Shape {
    name: "evidence kind",
    doc: doc(
        "一种证据：如何识别文件，一行有哪些列",
        "One evidence kind: how to recognise its files, and what a row holds",
    ),
    keys: &[
        required("schema", Ty::Const("hegui/evidence/v1"), "文件种类", "what this file is"),
        required("id", Ty::Word(&SNAKE), "名称，与文件名相同", "id, equal to the file's name"),
        required("title", Ty::Text, "名称", "shown name"),
        required("collect", Ty::Text, "如何取得", "how to produce it"),
        optional("owner", Ty::Str, "责任部门", "department that owes it"),
        required("files", Ty::List(&Ty::Str, 1), "文件名样式", "globs that files are recognised by"),
        optional("max_age", Ty::Duration, "最长有效时间；不写则不过期", "how old it may be; never stale when absent"),
        optional("time", Ty::Str, "说明发生时间的列", "the column that says when"),
        optional("key", Ty::OneOrMore(&Ty::Str), "标识一行的列", "columns that name a row"),
        optional("several", Ty::Enum(SEVERAL), "多个文件的含义", "what several files mean"),
        optional("may_be_empty", Ty::Boolean, "零报告是否可接受", "whether a stated \"no rows\" is an honest answer"),
        optional("read", Ty::Object(&READ), "读取方式，通常自动识别", "how to read it; normally detected"),
        optional(
            "rows",
            Ty::Str,
            "行所在位置（JSON 指针）",
            "where the rows are (JSON pointer; `*` for every element)",
        ),
        required("record", Ty::Object(&RECORD), "一行的 JSON Schema", "JSON Schema of one row"),
        optional(
            "replaces",
            Ty::Word(&SNAKE),
            "替换的随附证据种类，与 id 相同",
            "the shipped kind that this one stands in for: its own id",
        ),
    ],
    exactly_one: &[],
};

/// An adapter file: the output of one tool as rows of an evidence kind.
pub(crate) static ADAPTER: Shape = Shape {
    name: "adapter",
    doc: doc(
        "一种导出格式：文件怎样读，怎样成为某类证据的行",
        "One layout of files: how it is read, and how it gives rows of an evidence kind",
    ),
    keys: &[
        required("schema", Ty::Const("hegui/adapter/v1"), "文件种类", "what this file is"),
        required("id", Ty::Word(&SNAKE), "名称，与文件名相同", "id, equal to the file's name"),
        required("kind", Ty::Word(&SNAKE), "给出哪一类证据的行", "the evidence kind whose rows it gives"),
        required("title", Ty::Text, "名称", "shown name"),
        required("collect", Ty::Text, "如何取得", "how to produce it"),
        required("files", Ty::List(&Ty::Str, 1), "文件名样式", "globs that files are recognised by"),
        optional(
            "head",
            Ty::Str,
            "文件开头须匹配的正则表达式；文件名认不出时也据此识别",
            "regular expression that the file's beginning matches; it also recognises a file whose name says nothing",
        ),
        optional("read", Ty::Object(&READ), "读取方式，通常自动识别", "how to read it; normally detected"),
        optional(
            "rows",
            Ty::Str,
            "行所在位置（JSON 指针）",
            "where the rows are (JSON pointer; `*` for every element)",
        ),
        required("record", Ty::Object(&RECORD), "文件中一行的 JSON Schema", "JSON Schema of one row of the file"),
        optional(
            "each",
            Ty::Either(&[Ty::Enum(EACH), Ty::List(&Ty::Str, 1)]),
            "一行证据由什么得出：row、file，或按这些列合并的行",
            "what one row of the kind is made of: row, file, or all rows that share these columns",
        ),
        optional(
            "over",
            Ty::OneOrMore(&Ty::Str),
            "嵌套清单：它的每一项是一行，外层的列写作 parent.x",
            "nested list whose elements are the rows; outer columns are parent.x",
        ),
        optional(
            "keep_empty",
            Ty::Boolean,
            "`over` 的清单为空时，外层也给出一行，清单的列为空值",
            "what is around an empty list of `over` gives a row too, with nothing in the columns of the list",
        ),
        optional(
            "split",
            Ty::Map(&NAME, &Ty::Str),
            "把一列文字按正则表达式的命名组拆成多列",
            "a text column cut by the named groups of a regular expression",
        ),
        optional("where", Ty::Expr, "哪些行算数", "which rows count"),
        required("columns", Ty::Map(&NAME, &Ty::Expr), "证据的列与其表达式", "columns of the kind, each an expression"),
        optional(
            "replaces",
            Ty::Word(&SNAKE),
            "替换的随附格式，与 id 相同",
            "the shipped adapter that this one stands in for: its own id",
        ),
    ],
    exactly_one: &[],
};

static EACH: &[(&str, Doc)] = &[
    ("row", doc("文件中的一行（默认）", "one row of the file (default)")),
    ("file", doc("整个文件，列为聚合", "the file as a whole: its columns are aggregates")),
];

static READ: Shape = Shape {
    name: "read",
    doc: doc("读取方式", "How to read the files"),
    keys: &[
        optional("csv", Ty::Object(&READ_CSV), "文本表格", "text tables"),
        optional("xlsx", Ty::Object(&READ_XLSX), "工作簿", "workbooks"),
        optional(
            "lines",
            Ty::Object(&READ_LINES),
            "一行一条记录的文本，如日志",
            "text of one record a line, like a log",
        ),
        optional(
            "blocks",
            Ty::Object(&READ_BLOCKS),
            "文字中每处匹配为一行，如扫描结尾的汇总",
            "text in which every match is a row, like the summary of a scan",
        ),
    ],
    exactly_one: &[],
};

static READ_BLOCKS: Shape = Shape {
    name: "read.blocks",
    doc: doc("文字段落的读取方式", "How to read stretches of text"),
    keys: &[
        required(
            "pattern",
            Ty::Str,
            "正则表达式，命名组 (?<列名>…) 即为列，可跨行 (?s)",
            "regular expression; its named groups (?<column>…) are the columns; it may span lines (?s)",
        ),
        optional(
            "begins",
            Ty::Str,
            "每段开头的正则表达式；有开头而没有匹配的段落不可读",
            "regular expression of how every block begins; one that begins and is not matched cannot be read",
        ),
    ],
    exactly_one: &[],
};

static READ_LINES: Shape = Shape {
    name: "read.lines",
    doc: doc("日志行的读取方式", "How to read lines with fields"),
    keys: &[
        required(
            "pattern",
            Ty::Str,
            "正则表达式，命名组 (?<列名>…) 即为列",
            "regular expression; its named groups (?<column>…) are the columns",
        ),
        optional("skip", Ty::Str, "不是记录的行的正则表达式", "regular expression of lines that are no rows"),
    ],
    exactly_one: &[],
};

static READ_CSV: Shape = Shape {
    name: "read.csv",
    doc: doc("文本表格的读取方式", "How to read text tables"),
    keys: &[
        optional("encoding", Ty::Str, "编码，或 auto", "encoding, or auto"),
        optional("delimiter", Ty::Str, "分隔符，或 auto", "delimiter, or auto"),
        optional("header_row", Ty::Str, "表头所在行，或 auto", "row of the header, or auto"),
        optional("footer", Ty::Str, "表尾行的正则表达式", "regular expression of footer lines"),
    ],
    exactly_one: &[],
};

static READ_XLSX: Shape = Shape {
    name: "read.xlsx",
    doc: doc("工作簿的读取方式", "How to read workbooks"),
    keys: &[
        optional("sheet", Ty::Str, "工作表名，或 auto", "sheet, or auto"),
        optional("header_row", Ty::Str, "表头所在行，或 auto", "row of the header, or auto"),
        optional("footer", Ty::Str, "表尾行的正则表达式", "regular expression of footer lines"),
    ],
    exactly_one: &[],
};

static RECORD: Shape = Shape {
    name: "record",
    doc: doc("一行的结构", "Schema of one row"),
    keys: &[
        required("type", Ty::Const("object"), "总是 object", "always object"),
        optional("required", Ty::List(&Ty::Word(&NAME), 0), "不得为空的列", "columns that may not be null"),
        required("properties", Ty::Map(&NAME, &Ty::Object(&FIELD)), "列", "columns"),
        optional("title", Ty::Str, "中文标题", "heading in Chinese"),
        optional("description", Ty::Text, "含义", "what it means"),
        optional(
            "x-null",
            Ty::List(&Ty::Str, 0),
            "表示空值的词，各列共用，除非列自己写明",
            "words that mean null in every column without its own",
        ),
    ],
    exactly_one: &[],
};

/// A column, a nested list or a nested object.
pub(crate) static FIELD: Shape = Shape {
    name: "column",
    doc: doc("一列：类型、标题与约束", "One column: type, headings and constraints"),
    keys: &[
        required("type", Ty::Enum(TYPES), "类型", "its type"),
        optional("format", Ty::Enum(FORMATS), "日期或时刻", "date or timestamp"),
        optional("title", Ty::Str, "中文标题", "heading in Chinese exports"),
        optional("description", Ty::Text, "含义", "what it means"),
        optional("enum", Ty::List(&Ty::Scalar, 1), "允许的值", "values allowed"),
        optional("minimum", Ty::Scalar, "最小值", "least value"),
        optional("maximum", Ty::Scalar, "最大值", "greatest value"),
        optional("pattern", Ty::Str, "须匹配的正则表达式", "regular expression it must match"),
        optional("minLength", Ty::Integer(0, i64::MAX), "最少字数", "least number of characters"),
        optional("maxLength", Ty::Integer(0, i64::MAX), "最多字数", "greatest number of characters"),
        optional("items", Ty::Object(&FIELD), "清单的元素", "an element of the list"),
        optional("minItems", Ty::Integer(0, i64::MAX), "最少元素数", "least number of elements"),
        optional("uniqueItems", Ty::Boolean, "元素互不相同", "elements all differ"),
        optional("required", Ty::List(&Ty::Word(&NAME), 0), "不得为空的字段", "fields that may not be null"),
        optional("properties", Ty::Map(&NAME, &Ty::Object(&FIELD)), "字段", "fields of the object"),
        optional("x-aliases", Ty::List(&Ty::Str, 0), "其他标题", "further headings it goes by"),
        optional("x-sensitive", Ty::Enum(SENSITIVE), "如何脱敏", "how it is masked"),
        optional("x-unit", Ty::Str, "单位", "unit"),
        optional(
            "x-synonyms",
            Ty::Map(&ANY_WORD, &Ty::OneOrMore(&Ty::Scalar)),
            "值的其他写法",
            "other words for a value",
        ),
        optional("x-not-before", Ty::Word(&NAME), "不得早于该列", "not before that column"),
        optional("x-separator", Ty::Str, "单元格内清单的分隔符", "splits a list in one cell"),
        optional("x-time-zone", Ty::Str, "无时区时刻的时区", "zone of timestamps without offset"),
        optional("x-epoch", Ty::Enum(EPOCH), "自 1970 年起的计数", "counted from 1970"),
        optional("x-date-only", Ty::Enum(DATE_ONLY), "只有日期时的含义", "what a date alone means"),
        optional("x-may-be-empty", Ty::Boolean, "嵌套清单可为空", "whether the nested list may be empty"),
        optional("x-null", Ty::List(&Ty::Str, 0), "表示空值的词", "words that mean null"),
    ],
    exactly_one: &[],
};

static SEVERAL: &[(&str, Doc)] = &[
    ("all", doc("事件：所有文件的行都算（默认）", "events: rows of every file (default)")),
    ("newest", doc("台账：每个来源系统只取最新", "a register: the newest capture of each source system")),
];

static TYPES: &[(&str, Doc)] = &[
    ("string", doc("文字；可配合 format", "text; see format")),
    ("integer", doc("整数", "a whole number")),
    ("number", doc("小数", "a decimal number")),
    ("boolean", doc("是或否", "true or false")),
    ("array", doc("清单", "a list")),
    ("object", doc("结构", "an object")),
];

static FORMATS: &[(&str, Doc)] = &[("date", doc("日期", "a date")), ("date-time", doc("时刻", "an instant"))];

static SENSITIVE: &[(&str, Doc)] = &[
    ("name", doc("姓名", "a person's name")),
    ("id_no", doc("证件号", "an identity number")),
    ("phone", doc("电话", "a phone number")),
    ("card", doc("银行卡号", "a card number")),
    ("email", doc("邮箱", "an e-mail address")),
    ("address", doc("地址", "an address")),
];

static EPOCH: &[(&str, Doc)] = &[
    ("seconds", doc("数值为自 1970-01-01T00:00:00Z 的秒数", "a number is seconds since 1970-01-01T00:00:00Z")),
    (
        "milliseconds",
        doc("数值为自 1970-01-01T00:00:00Z 的毫秒数", "a number is milliseconds since 1970-01-01T00:00:00Z"),
    ),
];

static DATE_ONLY: &[(&str, Doc)] =
    &[("start", doc("当天开始", "the start of that day")), ("end", doc("当天结束", "the end of that day"))];
