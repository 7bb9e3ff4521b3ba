//! The diagnostic codes of expressions.

use crate::text::{Code, Level};

macro_rules! codes {
    ($($name:ident $id:literal $zh:literal $en:literal)*) => {
        $(
            #[doc = $en]
            pub static $name: Code = Code { id: $id, level: Level::Error, explain_zh: $zh, explain_en: $en };
        )*
        /// Every code of this layer.
        pub const ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    SYNTAX "expr/syntax"
        "表达式的写法有误：缺少运算数、括号不配对或多出了文字。表达式是 SQL 的标量表达式，不含子查询、注释和分号。"
        "The expression is not written correctly: an operand is missing, a bracket does not match, or there is text left over. Expressions are SQL scalar expressions, without subqueries, comments and semicolons."
    TOO_LARGE "expr/too-large"
        "表达式过长或嵌套过深。请用 `let` 把它拆成几个有名字的部分；很长的列表请写成参数。"
        "The expression is too long or nested too deeply. Split it into named parts with `let`; write a long list as a parameter."
    LITERAL "expr/literal"
        "字面量的值不成立：日期不存在、时间戳缺少时区、数字超出范围（整数 64 位，小数 26 位整数、12 位小数）。"
        "The literal is no value: a date that does not exist, a timestamp without offset, a number out of range (integers of 64 bits, decimals of 26 places before and 12 after the point)."
    UNKNOWN_NAME "expr/unknown-name"
        "这里没有叫这个名字的列、`let`、参数或事实。名字区分大小写。"
        "There is no column, `let`, parameter or fact of that name here. Names are case-sensitive."
    UNKNOWN_FUNCTION "expr/unknown-function"
        "没有这个函数。`hegui explain functions` 列出全部函数。"
        "There is no such function. `hegui explain functions` lists them all."
    ARGUMENTS "expr/arguments"
        "函数的参数个数或写法不对。"
        "The function takes another number of arguments, or they are written another way."
    TYPE "expr/type"
        "类型不符。除整数可当作小数外，类型之间不自动转换：文本与数字、日期与时间戳、月数与天数都不能直接比较或运算。"
        "The types do not fit. Integers widen to decimals and nothing else converts by itself: text and numbers, dates and timestamps, months and days neither compare nor combine."
    NOT_IN_ENUM "expr/not-in-enum"
        "与带 `enum` 的列比较的值不在其中，这个比较永远不会成立。多半是拼写有误，或证据类型的 `enum` 缺了一个值。"
        "The value compared with a column that has an `enum` is not in it, so the comparison can never hold. It is misspelt, or the evidence kind's `enum` lacks it."
    COMPARE_NULL "expr/compare-null"
        "与 NULL 比较的结果永远是 NULL。判断是否为空请写 `IS NULL`。"
        "A comparison with NULL is always NULL. To ask whether a value is blank write `IS NULL`."
    PATTERN "expr/pattern"
        "`LIKE` 和 `REGEXP_LIKE` 的模式必须是文本常量；正则表达式必须能编译，且编译后不超过大小限制。"
        "The pattern of `LIKE` and `REGEXP_LIKE` must be a text constant; a regular expression must compile, within a size limit."
    CAST "expr/cast"
        "没有这种转换。`hegui explain CAST` 列出允许的转换。"
        "There is no such conversion. `hegui explain CAST` lists those there are."
    AGGREGATE_NOT_HERE "expr/aggregate-not-here"
        "聚合函数（`COUNT`、`SUM`、`ANY` 等）只能写在 `let` 中，也不能写在另一个聚合函数里。"
        "Aggregates (`COUNT`, `SUM`, `ANY` …) stand in `let` only, and not inside another aggregate."
    PREVIOUS_NOT_HERE "expr/previous-not-here"
        "`PREVIOUS` 取上一行的值，所以只能写在有 `order_by` 的 `let` 中，也不能写在另一个 `PREVIOUS` 或聚合函数里。"
        "`PREVIOUS` takes a value of the row before, so it stands only in a `let` of a check with `order_by`, and not inside another `PREVIOUS` or an aggregate."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_explained() {
        let mut ids: Vec<&str> = ALL.iter().map(|code| code.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
        for code in ALL {
            assert!(code.id.starts_with("expr/"), "{}", code.id);
            assert!(!code.explain_zh.is_empty() && !code.explain_en.is_empty(), "{}", code.id);
        }
    }
}
