//! Codes of the faults found in policy and workspace files before any planning.

use crate::text::{Code, Level};

macro_rules! codes {
    ($($name:ident, $id:literal, $level:ident, $zh:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub static $name: Code = Code { id: $id, level: Level::$level, explain_zh: $zh, explain_en: $en };
        )*
        /// Every code of this layer.
        pub const ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    YAML_SYNTAX, "policy/yaml-syntax", Error,
        "文件不是有效的 YAML。常见原因：缩进不齐、用了制表符、引号或括号没有闭合、含有冒号或井号的文字没有加引号。",
        "The file is not valid YAML. Usual causes: uneven indentation, a tab, a quote or bracket never closed, a text with a colon or hash that is not quoted.";
    YAML_DUPLICATE_KEY, "policy/yaml-duplicate-key", Error,
        "同一映射里同一个键写了两次；后写的不会悄悄覆盖先写的。",
        "A key stands twice in one mapping; the second never silently wins.";
    YAML_KEY, "policy/yaml-key", Error,
        "键必须是文字，不能是清单或映射。",
        "A key is a text, never a list or mapping.";
    YAML_ALIAS, "policy/yaml-alias", Error,
        "别名（*名称）没有对应的锚点（&名称），或者写在自己的锚点之内。",
        "An alias (*name) has no anchor (&name) before it, or stands inside its own anchor.";
    YAML_TAG, "policy/yaml-tag", Error,
        "不接受 YAML 标签（!名称）：值的类型由键决定。",
        "YAML tags (!name) are refused: the key decides what type a value has.";
    YAML_DOCUMENTS, "policy/yaml-documents", Error,
        "一个文件只能有一份文档；`---` 之后还有内容。",
        "A file holds one document; there is another one after `---`.";
    YAML_LIMIT, "policy/yaml-limit", Error,
        "文件嵌套过深、节点过多、别名过多或体积过大，为避免耗尽内存而不再读取。",
        "The file nests too deeply, has too many nodes or aliases, or is too large; it is not read further, so that it cannot exhaust memory.";
    FILE_EMPTY, "policy/file-empty", Error,
        "文件没有内容。",
        "The file holds nothing.";
    FILE_UNREADABLE, "policy/file-unreadable", Error,
        "文件无法读取，不是 UTF-8 文字，不是普通文件，或者通过链接指到策略包之外。",
        "The file cannot be read, is not UTF-8 text, is no regular file, or a link leads out of the pack.";
    FILE_UNKNOWN, "policy/file-unknown", Warning,
        "策略包里这个文件不属于任何已知的文件夹，因此没有读取。",
        "A file of the pack lies in no folder that is known, so it was not read.";
    UNKNOWN_SCHEMA, "policy/unknown-schema", Error,
        "`schema` 一行说明文件种类；这里的种类未知，或与所在文件夹不符。",
        "The `schema` line says what a file is; this one is unknown, or does not fit the folder.";
    UNKNOWN_KEY, "policy/unknown-key", Error,
        "这里没有这个键。未知的键是错误，否则拼错的键会悄悄失效。",
        "There is no such key here. Unknown keys are errors, or a misspelt key would silently do nothing.";
    MISSING_KEY, "policy/missing-key", Error,
        "缺少必须有的键。",
        "A key that must be there is missing.";
    ONE_OF_KEYS, "policy/one-of-keys", Error,
        "这几个键里必须有且只有一个。",
        "Exactly one of these keys must be there.";
    WRONG_TYPE, "policy/wrong-type", Error,
        "值的类型不对。",
        "The value has the wrong type.";
    WRONG_WORD, "policy/wrong-word", Error,
        "值不是这里允许的词，或者格式不对。",
        "The value is none of the words allowed here, or has the wrong form.";
    OUT_OF_RANGE, "policy/out-of-range", Error,
        "数值超出允许的范围。",
        "The number lies outside the range allowed.";
    EMPTY_VALUE, "policy/empty-value", Error,
        "这里不能为空。",
        "This may not be empty.";
    BAD_TEMPLATE, "policy/bad-template", Error,
        "发现文字不是有效的模板（minijinja 语法：{{ 列 }}、{% if … %}）。",
        "The finding text is not a valid template (minijinja: {{ column }}, {% if … %}).";
    BAD_REGEX, "policy/bad-regex", Error,
        "不是可用的正则表达式：语法有误，或者展开后过大。回溯引用与环视不支持。",
        "Not a usable regular expression: wrong syntax, or too large once compiled. Back-references and look-around are not supported.";
    BAD_GLOB, "policy/bad-glob", Error,
        "不是有效的文件名样式。",
        "Not a valid glob.";
    BAD_SCHEMA, "policy/bad-schema", Error,
        "`record` 不是有效的 JSON Schema，或其中的约束与类型不符。",
        "`record` is not a valid JSON Schema, or a constraint does not fit its type.";
    UNKNOWN_COLUMN_OF_KIND, "policy/unknown-column-of-kind", Error,
        "证据种类的 `time`、`key`、`required` 或 `x-not-before` 提到的列不在 `properties` 里。",
        "`time`, `key`, `required` or `x-not-before` of an evidence kind names a column that `properties` lacks.";
    DUPLICATE_ID, "policy/duplicate-id", Error,
        "两个文件（或两项）用了同一个编号。要替换随附的控制点、证据种类、方案、法律或日历，请写 `replaces`；否则随附的仍然有效。",
        "Two files (or two items) have the same id. To stand in for a shipped control, evidence kind, profile, law or calendar, write `replaces`; without it the shipped one stays in force.";
    ID_MISMATCH, "policy/id-mismatch", Error,
        "编号与文件名、文件夹或所属编号不一致。",
        "An id differs from the file's name, its folder or the id it belongs to.";
    UNKNOWN_PROVISION, "policy/unknown-provision", Error,
        "引用的条款不在条款库中。",
        "The provision cited is in no catalogue.";
    UNKNOWN_LAW_SOURCE, "policy/unknown-law-source", Error,
        "条款的核对来源没有在 pack.yaml 的 `sources` 里声明。",
        "The source a provision was checked in is not declared in `sources` of pack.yaml.";
    UNKNOWN_FAMILY, "policy/unknown-family", Error,
        "控制点的类别没有在 pack.yaml 的 `families` 里声明。",
        "The family of a control is not declared in `families` of pack.yaml.";
    UNKNOWN_CONTROL, "policy/unknown-control", Error,
        "没有这个控制点。",
        "There is no such control.";
    UNKNOWN_CHECK, "policy/unknown-check", Error,
        "控制点没有这项检查。",
        "The control has no such check.";
    UNKNOWN_KIND, "policy/unknown-kind", Error,
        "没有这种证据。",
        "There is no such evidence kind.";
    UNKNOWN_PROFILE, "policy/unknown-profile", Error,
        "没有这个方案。",
        "There is no such profile.";
    NO_SUCH_PARAM, "policy/no-such-param", Error,
        "控制点没有这个参数。",
        "The control has no such parameter.";
    NO_SUCH_FACT, "policy/no-such-fact", Error,
        "pack.yaml 没有声明这个事实。",
        "pack.yaml declares no such fact.";
    PARAM_RESERVED, "policy/param-reserved", Error,
        "参数名与每个控制点都有的常量相同：`as_of`、`as_of_end`、`period_start`、`period_end`。",
        "The parameter is called like a constant that every control has: `as_of`, `as_of_end`, `period_start`, `period_end`.";
    PARAM_OUT_OF_BOUNDS, "policy/param-out-of-bounds", Error,
        "调整后的值超出参数声明的 `min`、`max`。",
        "The tailored value lies outside `min` and `max` of the parameter.";
    BELOW_LAW, "policy/below-law", Error,
        "`source: law` 的参数不能调到法律要求以下：必须在 `min`、`max` 之内；没有写界限的不能调整。",
        "A parameter of `source: law` cannot be tailored below the law: it must stay within `min` and `max`; one without bounds cannot be tailored at all.";
    REPLACES_UNKNOWN, "policy/replaces-unknown", Error,
        "`replaces` 提到的随附控制点、证据种类、方案、法律或日历不存在，或被两个控制点同时替换。",
        "`replaces` names a shipped control, evidence kind, profile, law or calendar that does not exist, or a control that two would replace.";
    RAISES_VERIFICATION, "policy/raises-verification", Error,
        "替换的法律文件把条款的核对等级写得比随附的更高。核对等级说明我们核对到什么程度，被评估者不能自行提高；整个文件不生效。",
        "A law file that stands in for a shipped one gives a provision a higher verification level. The level says how far the provision was checked, and the one who is judged cannot raise it; the whole file is not used.";
    REPLACES_CIRCULAR, "policy/replaces-circular", Error,
        "`replaces` 绕成了圈。",
        "`replaces` goes round in a circle.";
    SELECTS_NOTHING, "policy/selects-nothing", Warning,
        "`include` 或 `exclude` 里的这一项没有匹配任何控制点。",
        "This entry of `include` or `exclude` matches no control.";
    CALENDAR_DAY, "policy/calendar-day", Error,
        "日期不在该年的日历里：年份不对，重复，或调休日不是周末、节假日首尾颠倒。有误的日历整个不用，数工作日的检查因此未检测。",
        "A day does not belong in the calendar: another year, named twice, a make-up day that is no weekend, or a holiday that ends before it starts. The calendar is left out as a whole, and checks that count working days are not tested.";
    DATES_REVERSED, "policy/dates-reversed", Error,
        "结束日期早于开始日期。",
        "The last day lies before the first.";
    FINDING_MISSING, "policy/finding-missing", Error,
        "`expect`、`has`、`has_no` 的检查必须写 `finding`：发现要能读懂。",
        "A check with `expect`, `has` or `has_no` needs a `finding`: people must be able to read what was found.";
    UNUSED_PARAM, "policy/unused-param", Warning,
        "参数没有被任何表达式使用。",
        "No expression uses the parameter.";
    UNUSED_PROVISION, "policy/unused-provision", Warning,
        "条款没有被任何控制点引用。",
        "No control cites the provision.";
    UNSELECTED_CONTROL, "policy/unselected-control", Warning,
        "没有方案选用这个控制点，所以不会检查它。",
        "No profile selects the control, so nobody judges it.";
    WEAK_BASIS, "policy/weak-basis", Warning,
        "控制点只依据核对等级为 C 或 U 的条款；报告会如实说明。",
        "The control rests on provisions of verification level C or U only; every report says so.";
    WORKSPACE_NOT_FOUND, "workspace/not-found", Error,
        "文件夹不存在，或其中没有 hegui.yaml。运行 `hegui init` 可以新建。",
        "The folder does not exist, or has no hegui.yaml. `hegui init` makes one.";
    WORKSPACE_TIME_ZONE, "workspace/time-zone", Error,
        "不认识的时区名称。请用 IANA 名称，例如 Asia/Shanghai。",
        "Not a known time zone. Use an IANA name, as in Asia/Shanghai.";
    WORKSPACE_PATH, "workspace/path", Error,
        "路径必须是工作区之内的相对路径；`report.templates` 的文件夹还必须存在。",
        "A path must be relative and stay inside the workspace; the folder of `report.templates` must also be there.";
    WORKSPACE_COLUMN_TWICE, "workspace/column-twice", Error,
        "`columns` 里同一个表头写给了同一证据种类的两列；一列表头只能是一个字段。",
        "`columns` gives one heading to two columns of a kind; a heading can be one field only.";
    WORKSPACE_NOT_READ, "workspace/not-read", Warning,
        "这个文件夹（waivers、attestations 或 ledger）里有内容，但本版本还不读取它：豁免、声明和台账都不影响结果。",
        "The folder (waivers, attestations or ledger) holds something that this version does not read yet: no waiver, attestation or ledger changes any result.";
    MANIFEST_DUPLICATE, "workspace/manifest-duplicate", Error,
        "清单里同一个文件写了两次。",
        "A manifest names the same file twice.";
    PRIOR_UNREADABLE, "workspace/prior-unreadable", Warning,
        "`reports/` 里较早期间的 assessment.json 无法读取，不能作为上期报告；再往前找。",
        "The assessment.json of an earlier period under `reports/` cannot be read and is not taken for the prior report; the one before it is looked at.";
    PRIOR_FOREIGN, "workspace/prior-foreign", Warning,
        "`reports/` 里较早期间的 assessment.json 属于另一家单位或另一个期间，不能作为上期报告；再往前找。",
        "The assessment.json of an earlier period under `reports/` is that of another entity or another period and is not taken for the prior report; the one before it is looked at.";
}
