//! What is said about an unreadable cell.

use super::cells::{CellFault, Cells, Raw};
use super::mask;
use super::near;
use super::plan::ColumnPlan;
use crate::expr::Type;
use crate::text::Text;

/// Message for an unreadable cell. Sensitive cells are masked.
pub(crate) fn cell(fault: CellFault, column: &ColumnPlan, raw: Raw<'_>) -> Text {
    let shown = shown(raw, column);
    let ty = &column.cells.ty;
    let (zh, en) = match fault {
        CellFault::Type => {
            (format!("`{shown}` 不能读作{}", type_zh(ty)), format!("`{shown}` cannot be read as {}", type_en(ty)))
        }
        CellFault::Undecodable => {
            ("单元格的字节不是有效的文字".into(), "the bytes of the cell are no characters".into())
        }
        CellFault::Quotes => (
            format!("`{shown}` 的引号不能读：有引号的格中，引号写成两个（\"\"），不用反斜杠，引号外没有别的字"),
            format!(
                "the quotes of `{shown}` cannot be read: in a quoted cell a quote is written twice (\"\"), not behind a backslash, and nothing stands outside them"
            ),
        ),
        CellFault::Required => {
            (format!("`{}` 必填，此处为空", column.name), format!("`{}` is required and is blank here", column.name))
        }
        CellFault::Enum => {
            let allowed = column.cells.allowed_words();
            (format!("`{shown}` 不是允许的取值（{allowed}）"), format!("`{shown}` is not an allowed value ({allowed})"))
        }
        CellFault::Minimum => (format!("`{shown}` 小于允许的最小值"), format!("`{shown}` is below the minimum")),
        CellFault::Maximum => (format!("`{shown}` 大于允许的最大值"), format!("`{shown}` is above the maximum")),
        CellFault::Pattern => (format!("`{shown}` 不符合规定的格式"), format!("`{shown}` does not match the pattern")),
        CellFault::Length => (format!("`{shown}` 的长度不符合规定"), format!("`{shown}` is too short or too long")),
        CellFault::Items => ("列表的项数不足".into(), "the list has too few elements".into()),
        CellFault::Repeated => {
            (format!("列表 `{shown}` 中有重复的项"), format!("elements of the list `{shown}` repeat"))
        }
        CellFault::LocalTime => (
            format!("`{shown}` 在当地时钟上不存在或出现两次，请写明时差（如 +08:00）"),
            format!("`{shown}` is a local time that the clock skips or shows twice; write its offset (as in +08:00)"),
        ),
        CellFault::DateOnly => {
            (format!("`{shown}` 只有日期，此列需要时间"), format!("`{shown}` is a date, and this column needs a time"))
        }
        CellFault::Before => (
            format!("`{}` 早于它不得早于的时间", column.name),
            format!("`{}` is earlier than the time it may not precede", column.name),
        ),
        CellFault::Digits if !matches!(raw, Raw::SheetNumber { .. }) => {
            let hint = near::Near::LostDigits.hint();
            (format!("`{shown}` {}", hint.zh), format!("`{shown}`: {}", hint.en))
        }
        CellFault::Digits => {
            let (zh, en) = as_shown(raw, column);
            (
                format!(
                    "`{shown}`{zh} 是超过 15 位的数，表格软件只保留前 15 位，原来的编号已经丢失；编号请按文本格式导出"
                ),
                format!(
                    "`{shown}`{en} is a number of more than 15 digits, of which a spreadsheet keeps 15: the id is lost; export ids as text"
                ),
            )
        }
        CellFault::Error => {
            (format!("单元格的值是错误 `{shown}`"), format!("the value of the cell is the error `{shown}`"))
        }
        CellFault::Unseen | CellFault::Placeholder => {
            let is_unseen = fault == CellFault::Unseen;
            let hint = if is_unseen { near::Near::Unseen } else { near::Near::Placeholder }.hint();
            (format!("`{shown}` {}", hint.zh), format!("`{shown}`: {}", hint.en))
        }
        CellFault::Dressed => (
            format!("按数字格式显示的不是 `{shown}`，看到的是别的文字或别的量；编号请按文本格式导出，单位请写在表头"),
            format!(
                "the number format does not show `{shown}` as it is: people see another text or another quantity; export ids as text, and write units into the heading"
            ),
        ),
        CellFault::Struck => (
            format!("`{shown}` 带删除线，不知道是否还算数；请删去这一行或取消删除线"),
            format!(
                "`{shown}` is struck out, and nobody can tell whether it counts; delete the row or the line through it"
            ),
        ),
        CellFault::Symbol => (
            "单元格用符号字体显示，看到的是图形，不是字母；请改写为 是 或 否 等文字".into(),
            "the cell is shown in a symbol font: people see a sign, not its letters; write it in words".into(),
        ),
        CellFault::Twice => (
            format!("有两个键都是 `{}`，值不同", column.name),
            format!("two keys mean `{}`, and their values differ", column.name),
        ),
        CellFault::Doubtful => (
            format!("`{}` 由不可读的单元格算出", column.name),
            format!("`{}` is computed from a cell that cannot be read", column.name),
        ),
        CellFault::Uncalculated => (
            "公式没有保存计算结果；用表格软件打开并保存一次".into(),
            "a formula whose result was not saved; open the file in a spreadsheet and save it".into(),
        ),
    };
    match hint(fault, column, raw) {
        Some(hint) => Text::new(format!("{zh}（{}）", hint.zh), format!("{en} ({})", hint.en)),
        None => Text::new(zh, en),
    }
}

/// What the cell most likely is.
fn hint(fault: CellFault, column: &ColumnPlan, raw: Raw<'_>) -> Option<Text> {
    let (Raw::Text(text) | Raw::Number(text) | Raw::SheetNumber { text, .. }) = raw else { return None };
    let ty = match &column.cells.ty {
        Type::List(item) => item,
        ty => ty,
    };
    match fault {
        CellFault::Type => near::near(ty, text).map(near::Near::hint),
        CellFault::Pattern | CellFault::Length if column.cells.would_fit_with_zeros(text) => {
            Some(near::Near::LostZeros.hint())
        }
        _ => None,
    }
}

/// How a spreadsheet shows a long number: `1.23E+17`. Nothing for sensitive cells.
fn as_shown(raw: Raw<'_>, column: &ColumnPlan) -> (String, String) {
    let Raw::SheetNumber { text, .. } = raw else { return (String::new(), String::new()) };
    let Some(value) = text.parse::<f64>().ok().filter(|_| column.sensitivity.is_none()) else {
        return (String::new(), String::new());
    };
    let shown = format!("{value:.2E}").replace('E', "E+");
    (format!("（显示为 {shown}）"), format!(" (shown as {shown})"))
}

/// The cell as it is shown: short, on one line, masked where sensitive.
fn shown(raw: Raw<'_>, column: &ColumnPlan) -> String {
    let text = match raw {
        Raw::Text(text)
        | Raw::Number(text)
        | Raw::SheetNumber { text, .. }
        | Raw::Quotes(text)
        | Raw::Struck(text)
        | Raw::Symbol(text) => text.trim(),
        // The name of an error tells nothing about anybody.
        Raw::SheetError(name) => return short(name),
        Raw::Boolean(true) => "true",
        Raw::Boolean(false) => "false",
        Raw::List(_) => "[…]",
        Raw::Map => "{…}",
        Raw::Absent | Raw::Null | Raw::Undecodable | Raw::Uncalculated | Raw::Doubtful | Raw::Twice => "",
    };
    match column.sensitivity {
        Some(sensitivity) => mask(sensitivity, text),
        None => short(text),
    }
}

/// At most 60 characters, control characters replaced.
pub(crate) fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

fn type_zh(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean => "是否（是/否）",
        Type::Integer => "整数",
        Type::Decimal => "数值",
        Type::Date => "日期",
        Type::Timestamp => "时间",
        Type::List(_) => "列表",
        Type::Text | Type::Null | Type::Duration(_) => "文字",
    }
}

fn type_en(ty: &Type) -> &'static str {
    match ty {
        Type::Boolean => "yes or no",
        Type::Integer => "an integer",
        Type::Decimal => "a number",
        Type::Date => "a date",
        Type::Timestamp => "a time",
        Type::List(_) => "a list",
        Type::Text | Type::Null | Type::Duration(_) => "text",
    }
}

impl Cells {
    /// The first few allowed values.
    fn allowed_words(&self) -> String {
        let allowed = self.allowed();
        let words: Vec<String> = allowed.iter().take(6).map(super::scalar_text).collect();
        format!("{}{}", words.join(", "), if allowed.len() > 6 { ", …" } else { "" })
    }
}
