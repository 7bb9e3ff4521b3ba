//! Codes of the faults found while planning and running checks.

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
    UNKNOWN_SOURCE, "policy/unknown-source", Error,
        "`over`、`from` 或 `in` 所写的来源不存在：既不是证据类型，也不是其中的列表，也不是日历、目录或证据索引。",
        "The source written in `over`, `from` or `in` does not exist: it is neither an evidence kind, nor a list inside one, nor a calendar, catalogue or the evidence index.";
    UNKNOWN_COLUMN, "policy/unknown-column", Error,
        "表达式里的名称既不是这张表的列，也不是 `let`、`join` 或别名。名称只在当前行查找，不向外查找。",
        "A name in an expression is neither a column of this table nor a `let`, join or alias. Names are looked up in the row at hand and nowhere further out.";
    UNKNOWN_PARAMETER, "policy/unknown-parameter", Error,
        "`$名称` 既不是本控制项的参数，也不是 `$facts.` 下的事实，也不是 `$as_of`、`$as_of_end`、`$period_start`、`$period_end`。",
        "`$name` is neither a parameter of this control, nor a fact under `$facts.`, nor `$as_of`, `$as_of_end`, `$period_start`, `$period_end`.";
    UNKNOWN_FACT, "policy/unknown-fact", Error,
        "`$facts.名称` 没有在 pack.yaml 的 `facts` 中声明。",
        "`$facts.name` is not declared under `facts` of pack.yaml.";
    NAME_TOO_EARLY, "policy/name-too-early", Error,
        "使用了此处尚不存在的名称：`let` 只能用它之前的 `let`，含 `PREVIOUS` 的在 `order_by` 之后才有，含聚合的属于分组。",
        "A name is used before it exists: a `let` sees only the lets above it, one with `PREVIOUS` exists after `order_by`, one with an aggregate belongs to the group.";
    NAME_GONE, "policy/name-gone", Error,
        "`group_by` 之后只剩分组键和含聚合的 `let`；行上的列已经不在了。",
        "After `group_by` only its keys and the lets with aggregates are names; the columns of a row are gone.";
    NAME_TAKEN, "policy/name-taken", Error,
        "一个名称有两种含义：`join`、别名、`let` 与列同名，或用了保留字 `parent`、`file`、`partner`。",
        "One name means two things: a join, alias or `let` is called like a column, or like the reserved words `parent`, `file`, `partner`.";
    ALIAS_OUTSIDE, "policy/alias-outside-partner", Error,
        "`别名.列` 只能在 `join`、`has`、`has_no` 里面使用；别处直接写列名。",
        "`alias.column` is for the inside of a join, `has` or `has_no` only; elsewhere write the column.";
    NOT_A_COLUMN, "policy/not-a-column", Error,
        "这里需要一个列名（可带点），而不是表达式。",
        "A column name (dotted or not) is wanted here, not an expression.";
    KEY_TYPES, "policy/key-types", Error,
        "`on` 两边的类型不同；不同类型永远不相等。",
        "The two sides of `on` have different types, and values of different types are never equal.";
    AGGREGATE_NEEDED, "policy/aggregate-needed", Error,
        "`join` 的 `let` 汇总所有匹配的行，列必须放在聚合函数里。",
        "The `let` of a join sums up all partners, so columns stand inside an aggregate.";
    AGGREGATE_WITHOUT_GROUP, "policy/aggregate-without-group", Error,
        "聚合函数需要 `group_by`（整张表写 `group_by: []`）。",
        "An aggregate needs `group_by` (for the whole table: `group_by: []`).";
    PREVIOUS_WITHOUT_ORDER, "policy/previous-without-order", Error,
        "没有 `order_by` 就没有“上一行”。",
        "Without `order_by` there is no row before.";
    NESTED_CORRELATION, "policy/nested-correlation", Error,
        "`on` 左边的列属于匹配对象自己的 `join`，而这个 `join` 引用了被检查的行：匹配对象的键不能随被检查的行而变；请写进它的 `where`。",
        "The left side of `on` is a column of a partner's own join that names the population row, and a partner's key cannot change with that row; write the condition in the partner's `where`.";
    COUNT_FORM, "policy/count-form", Error,
        "`count` 写作 `\">= n\"` 或 `\"<= n\"`，n 为不小于 1 的整数或整数参数；“一个也不能有”请写 `expect`。",
        "`count` is `\">= n\"` or `\"<= n\"` with n a whole number of at least 1 or an integer parameter; \"none may\" is an `expect`.";
    COUNT_WITH_GROUP, "policy/count-with-group", Error,
        "`count` 数的是 `over` 和 `where` 留下的行，不能与 `group_by` 或 `order_by` 同用。",
        "`count` counts the rows that `over` and `where` leave; it does not go with `group_by` or `order_by`.";
    PARTNERS_WANTED, "policy/partners-wanted", Error,
        "`has` 里的 `at_least` 是匹配行数：不小于 1 的整数或整数参数。",
        "`at_least` inside `has` is a number of partners: a whole number of at least 1 or an integer parameter.";
    SHARE_FORM, "policy/share-form", Error,
        "检查的 `at_least`、`partial_from` 是 0 到 100% 之间的比例或 percent 参数，`partial_from` 小于 `at_least`。",
        "`at_least` and `partial_from` of a check are shares from 0 to 100% or percent parameters, `partial_from` below `at_least`.";
    NOT_ORDERED, "policy/not-ordered", Error,
        "这种类型的值不能用来排序或分组。",
        "Values of this type cannot order or group rows.";
    APPLIES_IF_NAMES, "policy/applies-if-names", Error,
        "`applies_if` 只能使用事实和参数：是否适用不取决于证据。",
        "`applies_if` uses facts and parameters only: whether a check applies does not depend on evidence.";
    APPLIES_IF_UNDECIDED, "policy/applies-if-undecided", Error,
        "`applies_if` 所需的事实都已写明，结果却为 NULL（除以零、溢出等）：是否适用必须有答案。",
        "`applies_if` is NULL although every fact it needs is stated (a division by zero, an overflow): whether a check applies must have an answer.";
    UNKNOWN_NAME_IN_TEXT, "policy/unknown-name-in-text", Error,
        "发现文字里的名称不是被检查行的列、`let` 或 `join` 的列；`has_no` 里还可用 `partner.列`。",
        "A name in the finding text is no column, `let` or join column of the row examined; with `has_no` also `partner.column`.";
    VALUES_PARAMETER, "policy/values-parameter", Error,
        "`values: $参数` 需要一个列表类型的参数。",
        "`values: $parameter` needs a parameter of a list type.";
}
