//! `docs/cells.md`: how a cell may be written and what is refused, from the tables that the readers use.

use std::fmt::Write as _;

use crate::evidence::forms::FORMS;
use crate::evidence::given::{GIVEN_FORMS, Reading};
use crate::evidence::near::NEAR_MISSES;

/// The page.
pub fn reference() -> String {
    let mut page = String::from(
        "# Cells 单元格\n\n\
         Made from the code (`src/evidence/forms.rs`, `src/evidence/given.rs`, `src/evidence/near.rs`). A cell is read by the declared type of its \
         column and by nothing else. The first table has an example of every form. What is of none of them is \
         *unreadable*: neither a blank nor a value, never conforming; the second table shows what such cells most likely are, and what is said of them.\n\n\
         单元格只按列声明的类型读取。第一张表中每种写法各举一例；不属于其中任何一种的一律为“无法读取”：既不是空值也不是值，绝不算符合；\
         第二张表列出常见的误写以及提示。\n\n\
         ## Read 可读的写法\n\n| type 类型 | written 写法 | value 值 |\n|---|---|---|\n",
    );
    for form in FORMS {
        let _ = writeln!(page, "| {} | {} | `{}` |", form.ty, shown(form.written), form.means);
    }
    page.push_str(
        "\nIn a workbook a date or time is the number its format says, counted from 1900 or 1904, whichever the workbook \
         counts from; a number in a date column without a date format is a day by its serial number.\n\n\
         工作簿里的日期与时刻按其数字格式读取（1900 或 1904 日期系统）；日期列中没有日期格式的数按序列号读作日期。\n",
    );
    page.push_str(
        "\n## By what else is known 视声明而定\n\n| type 类型 | given 条件 | written 写法 | read as 读作 |\n|---|---|---|---|\n",
    );
    for form in GIVEN_FORMS {
        let (zh, en) = form.given.shown();
        let given = if zh == en { zh } else { format!("{zh} {en}") };
        let reading = match form.reading {
            Reading::Blank => "空 blank".to_owned(),
            Reading::Value(value) => format!("`{value}`"),
            Reading::Refused(near) => format!("{} {}", near.hint().zh, near.hint().en),
        };
        let _ = writeln!(page, "| {} | {given} | {} | {reading} |", form.ty, shown(form.written));
    }
    page.push_str("\n## Refused 不读的写法\n\n| type 类型 | written 写法 | hint 提示 |\n|---|---|---|\n");
    for miss in NEAR_MISSES {
        let hint = miss.near.hint();
        let _ = writeln!(page, "| {} | {} | {} {} |", miss.ty, shown(miss.written), hint.zh, hint.en);
    }
    page
}

/// A cell as code; blanks that nobody sees by their names.
fn shown(written: &str) -> String {
    let visible = written.replace('\u{a0}', "<U+00A0>").replace('\u{200b}', "<U+200B>").replace('\0', "<NUL>");
    // Blanks at the ends of code are dropped when a page is shown.
    let marked =
        if visible.starts_with(' ') || visible.ends_with(' ') { format!("␣{}␣", visible.trim()) } else { visible };
    format!("`{marked}`")
}
