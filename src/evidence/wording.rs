//! What a row is by its words: the total, the header of something else, a remark, an example, a signature. Each is asked of a
//! cell, and most of nearly every row: a pattern is tried only where a first look leaves it possible.

use std::sync::LazyLock;

use regex::Regex;

use super::forms::{narrow, pattern};
use super::stated::counted;

/// How the label of a sum of some of the rows ends: E001 汇总.
const SUMS: [&str; 4] = ["小计", "合计", "汇总", "计数"];

/// A row that sums up, in whatever table, by its first cell: 合计, 小计, 共 12 笔, Total.
pub(crate) fn is_total(first: &str) -> bool {
    static TOTAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:[本当]?(?:页|月|日|季|年)?(?:合计|总计|小计|累计|共计|汇总|计数)(?:[:(\[].*|\s.*)?|",
            r"共计?\s*\[?\d[\d,]*\]?\s*(?:[条笔行项](?:记录|数据|明细|交易|流水)?|",
            counted!(),
            r")(?:[\s,;:(。].*)?|",
            r"(?:grand )?total:?|sub-?total:?|\d[\d,]* (?:(?:rows|records|entries)(?: in total| total| found)?|rows? in set(?: \(.*\))?)|",
            r"本次(?:共|一共|总共)?导出:? ?\d[\d,]* ?[条笔行份](?:记录|数据|明细|交易|流水)?。?|",
            r"共计? ?\d[\d,]* ?[张份](?:发票|回单|凭证|记录|数据|单据)。?|",
            // Clients of databases.
            r"\(\d[\d,]* rows?(?: affected)?\)|\d[\d,]* rows? selected\.?|\(\d[\d,]* ?行受影响\)|已选择 ?\d[\d,]* ?行。?|",
            // The line under a table of pages.
            r"显示?第? ?\d[\d,]* ?(?:至|到|[-~—]) ?第? ?\d[\d,]* ?[项条笔行](?:结果|记录|数据)?[ ,;]*总?共 ?\d[\d,]* ?[项条笔行个](?:结果|记录|数据)?)$"
        ))
    });
    // In the pattern it would cost as much as all of the rest.
    let label = SUMS.iter().find_map(|word| first.strip_suffix(word)).filter(|label| label.len() <= 100);
    if label.is_some_and(|label| label.ends_with(char::is_whitespace) && !label.trim().is_empty()) {
        return true;
    }
    // Most rows begin with a digit or a letter that no such word begins with.
    match first.as_bytes().first() {
        Some(b't' | b'T' | b's' | b'S' | b'g' | b'G' | 0x80..) => {}
        Some(b'(') if first.ends_with([')', '）']) => {}
        Some(b'0'..=b'9') if first.ends_with(['s', 'l', 'd', 't', ')', '.']) => {}
        _ => return false,
    }
    let mut text = narrow(first);
    // 合 计, as printed tables space it.
    if !first.is_ascii() && text.split_whitespace().all(|part| part.chars().count() == 1) {
        text = text.split_whitespace().collect::<String>().into();
    }
    TOTAL.as_ref().is_some_and(|total| total.is_match(&text))
}

/// The label of a number of rows that stands in the next cell: 总笔数, Row count.
pub(crate) fn is_count_label(first: &str) -> bool {
    const LABELS: [&str; 30] = [
        "总笔数",
        "交易笔数",
        "总条数",
        "记录数",
        "记录条数",
        "记录总数",
        "总记录数",
        "总行数",
        "笔数合计",
        "合计笔数",
        "条数合计",
        "数据条数",
        "笔数",
        "条数",
        "行数",
        "总数",
        "总人数",
        "人数合计",
        "合计人数",
        "总份数",
        "份数合计",
        "总交易单数",
        "明细笔数",
        "total rows",
        "total records",
        "total count",
        "row count",
        "record count",
        "number of rows",
        "number of records",
    ];
    // This is asked of the first cell of nearly every row.
    let begins = ['总', '交', '记', '笔', '合', '条', '数', '行', '人', '份', '明', 't', 'T', 'r', 'R', 'n', 'N'];
    if first.len() > 24 || !first.starts_with(begins) {
        return false;
    }
    let label = narrow(first);
    let label = label.trim_end_matches([':', ' ']);
    LABELS.iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// An amount of money or a number, as stands beside a remark.
pub(crate) fn is_amount(cell: &str) -> bool {
    static AMOUNT: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^[¥￥]?[-+]?\d[\d,.]*\s*(?:元|笔|条|人|份|行)?$"));
    AMOUNT.as_ref().is_some_and(|amount| amount.is_match(&narrow(cell)))
}

/// What a line above a table begins with that gives its value in the next cell: 导出日期, 制表人, 单位：.
pub(crate) fn is_label(first: &str) -> bool {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:.*\pL.*:|",
            r"(?:导出|制表|打印|生成|下载|查询|统计|填报|填表|报送|编制|采集|提取|报告|报表|截止|截至|起始|终止|开始|结束|起止)",
            r"(?:日期|时间|时间段|期间|区间|范围|条件|方式|人|单位)|(?:制表|填报|填表|报送|编制)部门|(?:会计|所属)?期间|所属期|",
            r"(?:日期|时间)范围|单位(?:名称|全称)?|(?:公司|企业|纳税人)名称|纳税人识别号|户名|",
            r"(?:export|report|print|query|start|end) (?:date|time)|(?:exported|printed|generated|prepared|created) (?:on|at|by)|",
            r"(?:report(?:ing)? )?period|date range|company(?: name)?)$"
        ))
    });
    LABEL.as_ref().is_some_and(|label| label.is_match(&narrow(first)))
}

/// A row that shows how to fill in the others: 示例, 示例：E000.
pub(crate) fn is_example(first: &str) -> bool {
    static EXAMPLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?i)^[(\[【]?(?:填写)?(?:示例|样例|范例|举例|例|examples?|samples?|e\.g\.)(?:\s*\d{0,2}\s*[)\]】]?$|[)\]】]?\s*:)",
        )
    });
    // Ids begin with E and S, too.
    let word = || {
        ["exam", "samp", "e.g."].iter().any(|word| first.get(..4).is_some_and(|four| four.eq_ignore_ascii_case(word)))
    };
    let begins = first.starts_with(['示', '样', '范', '举', '例', '填', '(', '（', '[', '【']) || word();
    begins && EXAMPLE.as_ref().is_some_and(|example| example.is_match(&narrow(first)))
}

/// Whether a cell, wherever it is in its row, says that the row is an example: 此行为示例, 示例，请删除. What only begins so
/// may be the name of a system or a note of an auditor.
pub(crate) fn says_example(cell: &str) -> bool {
    static SAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^[(\[【]?(?:",
            r"[此本该这首](?:一)?[行条](?:数据|记录)?仅?[为是](?:填写|填报)?[示样范]例(?:数据|行)?(?:[^\p{Han}].*)?|",
            r"(?:填写|填报)?[示样范]例行|",
            r"(?:填写|填报)?[示样范]例(?:数据|行)?[)\]】]?[,;:。.!(\s]*(?:[^,;。]{0,8}请[^,;。]{0,6}删[除去掉]|仅供参考).{0,8}|",
            r"(?:this (?:row )?is an? )?(?:example|sample) row|",
            r"(?:example|sample)(?: row| data)?[,;:.!( -]+please (?:delete|remove).{0,20}",
            r")[)\]】。.!]*$"
        ))
    });
    let may_be = || cell.contains('例') || ["ample", "AMPLE"].iter().any(|word| cell.contains(word));
    may_be() && SAYS.as_ref().is_some_and(|says| says.is_match(&narrow(cell)))
}

/// The word for an example alone, which no remark is.
pub(crate) fn is_called_example(cell: &str) -> bool {
    let bare = cell.trim_matches(['(', ')', '（', '）', '[', ']', '【', '】']);
    ["示例", "样例", "范例", "填写示例"].contains(&bare) || bare.eq_ignore_ascii_case("example")
}

/// A line drawn between parts of a page, with words in it or without; what stands alone in its row only.
pub(crate) fn is_line(first: &str) -> bool {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^\+?[-=─—_]{4,}[^\d]*$"));
    first.starts_with(['-', '=', '─', '—', '_', '+']) && LINE.as_ref().is_some_and(|line| line.is_match(first))
}

/// A remark under the table: 导出时间：…, 制表人：…. It may as well be a row cut short, so only what follows the last row
/// is one.
pub(crate) fn is_remark(first: &str) -> bool {
    static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:(?:制表|填表|填报|报送|上报|导出|打印|生成|下载|备注|注|说明|提示|复核|审核|经办|审批|负责|编制|单位|日期|时间|用户|账号|户名|币种|",
            r"收入|支出|已收入|已支出|待收入|待支出|期初|期末|余额|借方|贷方|",
            r"查询|检索|筛选|过滤|搜索|交易|开票|记录|明细|数据|笔数|条数|行数|总|期间|起始|终止|所属期)[\p{Han}A-Za-z ()]{0,16}|",
            r"(?:total )?(?:rows|records|entries)|(?:row|record) count|(?:start|end) (?:date|time)|period|",
            r"(?:exported|printed|generated|prepared|checked|approved|created|note|remark|date|time|page|user)s?",
            r"(?: (?:by|on|at|date|time))?|(?:注|备注|说明)\d{1,2}|(?:温馨|友情|重要)提示):"
        ))
    });
    // Payment services put it before each line around their table.
    if let Some(line) = first.strip_prefix('#') {
        return line.starts_with("---") || (!line.is_ascii() && line.contains([':', '：']));
    }
    (first.contains(':') || first.contains('：'))
        && REMARK.as_ref().is_some_and(|remark| remark.is_match(&narrow(first)))
}

/// Whether a key of a record is for remarks, or numbers the records.
pub(crate) fn is_of_remarks(key: &str) -> bool {
    const KEYS: [&str; 16] = [
        "备注", "说明", "附注", "注释", "序号", "编号", "note", "notes", "remark", "remarks", "comment", "comments",
        "_id", "no", "index", "id",
    ];
    KEYS.iter().any(|known| key.trim().eq_ignore_ascii_case(known))
}

/// A sentence, or the name of a group of rows: 一、财务部. No id is one.
pub(crate) fn is_note(cell: &str) -> bool {
    static NOTE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^\(?[一二三四五六七八九十]{1,3}[)、.]|[。;!?]|^.*,.*,|^.{40}"));
    let may_be = || {
        cell.contains(['、', '.', '．', '。', ')', '）', ';', '；', '!', '！', '?', '？', '，', ',']) || cell.len() > 80
    };
    !cell.is_ascii() && may_be() && NOTE.as_ref().is_some_and(|note| note.is_match(&narrow(cell)))
}

/// The name of a group of rows, which no id is: 一、财务部, 服务器类：.
pub(crate) fn is_group(cell: &str) -> bool {
    static GROUP: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^\(?[一二三四五六七八九十]{1,3}[)、.]\s*\p{Han}|^\p{Han}{2,12}:$"));
    !cell.is_ascii() && GROUP.as_ref().is_some_and(|group| group.is_match(&narrow(cell)))
}

/// What the pages of a printed table bear: 第1页, （接上页）, 本页共 4 台.
pub(crate) fn is_page_mark(cell: &str) -> bool {
    static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"^(?:\(?第\s*\d{1,4}\s*页(?:\s*[/,]?\s*共\s*\d{1,4}\s*页)?\)?|",
            r"\(?(?:接上页|续上页|转下页|接下页|过次页|承前页)\)?|本页共\s*\d[\d,]*\s*\p{Han}{0,4})$"
        ))
    });
    cell.contains('页') && MARK.as_ref().is_some_and(|mark| mark.is_match(&narrow(cell)))
}

/// Who signs below a table, and when.
macro_rules! roles {
    () => {
        concat!(
            "(?:(?:制表|填表|填报|经办|审核|复核|批准|审批|负责|编制|会计|出纳|主管|部门主管|总经理|单位负责|部门负责|财务负责|培训负责|",
            "盘点|监盘|签收|打印|导出|日期|制表日期|填表日期)(?:人|员|者)?(?:\\((?:签字|签名|签章|盖章)\\)|签字|签名|签章)?|",
            "(?:主讲|授课|记录|见证|监督)人|",
            "(?:主讲|授课|讲师|培训|参训|记录|见证|监督|陪同|施工|维护|操作)(?:人|员|者|师|老师|讲师|人员|单位)?",
            "(?:\\((?:签字|签名|签章|盖章)\\)|签字|签名|签章))"
        )
    };
}

/// How the words of those who sign begin.
const ROLES: [char; 31] = [
    '制', '填', '经', '审', '复', '批', '负', '编', '会', '出', '主', '部', '总', '单', '财', '培', '盘', '监', '签',
    '打', '导', '日', '授', '讲', '参', '记', '见', '陪', '施', '维', '操',
];

/// Who signs below a table: 制表人, 审核：. What follows in the next cell is a name.
pub(crate) fn is_role(cell: &str) -> bool {
    static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(concat!("^", roles!(), r"\s*:?$")));
    cell.starts_with(ROLES) && ROLE.as_ref().is_some_and(|role| role.is_match(&narrow(cell)))
}

/// Whether a cell says itself who signed: 审核：李四.
pub(crate) fn is_signed(cell: &str) -> bool {
    static SIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(concat!("^", roles!(), r"\s*:")));
    let may_be = cell.starts_with(ROLES) && cell.contains([':', '：']);
    may_be && SIGNED.as_ref().is_some_and(|signed| signed.is_match(&narrow(cell)))
}

/// A day, or the number of a page: it may as well be the value of a cell.
pub(crate) fn is_day_or_page(cell: &str) -> bool {
    static BARE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{1,4}\s*/\s*\d{1,4})$"));
    let may_be = cell.starts_with(|c: char| c.is_numeric()) && cell.contains(['/', '-', '.', '年', '／', '－', '．']);
    may_be && BARE.as_ref().is_some_and(|bare| bare.is_match(&narrow(cell)))
}

/// What stands below a table and is no cell of it: labels with or without what they are of, stamps, counts, that nothing
/// follows.
pub(crate) fn is_aside(cell: &str) -> bool {
    static ASIDE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            "(?i)^(?:",
            roles!(),
            r"\s*:.*|\p{Han}{1,6}(?:人数|数量|总数|比例|率)\s*:\s*\d.*|",
            r".{0,40}(?:\((?:盖章|公章|签字|签章)\)|以下空白|以下无正文|此页无正文|由系统(?:自动)?生成|\bend of (?:report|file|list)\b).{0,20}|",
            r"(?:.{0,40}[,;。、\s])?特此(?:说明|证明|确认|声明)[。.]?|",
            r"[-—–*= ]*(?:end|完|结束)[-—–*= ]*|(?:以下)?(?:无|没有)(?:更多)?数据|没有更多了?|",
            r"(?:exported|printed|generated|created) (?:by|on|at) .{1,60}|",
            r"(?:成功|失败|异常|未完成|跳过)\s*\d[\d,]*\s*[笔条个次份](?:\s*[,;、]\s*(?:成功|失败|异常|未完成|跳过)\s*\d[\d,]*\s*[笔条个次份])+|",
            r"[-—– ]+\d{1,4}[-—– ]+|",
            r"(?:数量)?合计数?\s*:\s*\d[\d,]*\s*\p{Han}{0,3}|",
            r"共\s*\d[\d,]*\s*\p{Han}{1,4}|\p{Han}{2,6}\s*\d[\d,]*\s*[人个台次份条项](?:\s*[,;、]\s*\p{Han}{2,6}\s*\d[\d,]*\s*[人个台次份条项])+)$"
        ))
    });
    // This is asked of the first cell of nearly every row.
    static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern("盖章|公章|签字|签章|空白|正文|特此|生成|完|结束|数据|更多|ed (?:by|on|at) |[Ee][Nn][Dd]")
    });
    let may_be = cell.starts_with(['-', '—', '–', '*', '=', ' ', '共'])
        || cell.contains([':', '：', '，', ',', '、', ';', '；'])
        || WORDS.as_ref().is_some_and(|words| words.is_match(cell));
    may_be && ASIDE.as_ref().is_some_and(|aside| aside.is_match(&narrow(cell)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_and_remarks_are_told_from_rows() {
        for total in [
            "合计",
            "总计：",
            "小计",
            "本月合计",
            "共123笔记录",
            "合计 12 笔",
            "Total",
            "Subtotal:",
            "合 计",
            "总  计",
            "共 3 条记录，金额 5 元",
            "12 rows",
            "3 records found",
            "3 rows in total",
            "2 rows in set (0.00 sec)",
            "共57个任务",
            "共 12 次备份",
            "汇总",
            "E001 汇总",
            "财务部 小计",
            "计数",
            "(2 rows)",
            "(1 row)",
            "(15 rows affected)",
            "2 rows selected.",
            "(2 行受影响)",
            "已选择3行",
            "显示第 1 到第 15 条记录，总共 15 条记录",
        ] {
            assert!(is_total(total), "{total}");
        }
        for row in [
            "合计公司",
            "共享盘",
            "共3条专线",
            "共 40 台",
            "共12项制度清单",
            "小计算机",
            "total loss",
            "12 records management",
            "(甲)",
            "(12)",
            "3 rows of racks.",
            "****1234",
            "########",
            "--------",
            "---",
            "2026-09-30",
            "12",
            "系统日志",
            "",
            "t1",
        ] {
            assert!(!is_total(row), "{row}");
        }
        for row in ["示例", "示例：E000", "【示例】", "例：", "Example", "example: E000", "示例1", "(样例)"]
        {
            assert!(is_example(row), "{row}");
        }
        for cell in [
            "此行为示例",
            "此行为示例数据",
            "（本行为填写示例，请勿删除）",
            "示例行",
            "示例，请删除",
            "示例数据：填写前请删除。",
            "示例（填写前请删去）",
            "Example row",
            "Example row, please delete",
        ] {
            assert!(says_example(cell), "{cell}");
        }
        for cell in [
            "示例",
            "示例库数据删除",
            "示例数据：到期删除",
            "样例数据（已删除）",
            "示例系统",
            "示例行政服务公司",
            "示例行业库",
            "本行示例系统",
            "例行检查",
            "此行业务",
            "样例库备份",
            "样例数据",
            "Sample rows verified after restore",
            "Sample only 25 of 100",
            "sample-delete-job",
            "Sample deleted on request",
            "an example of good work",
            "E001",
            "",
        ] {
            assert!(!says_example(cell), "{cell}");
        }
        assert!(is_called_example("（示例）") && is_called_example("Example"));
        assert!(!is_called_example("Sample 1") && !is_called_example("例：季度抽查"));
        for row in ["示例代账公司", "例会纪要", "E001", "examples-db", "sample01.csv", "样机", "填写人", ""]
        {
            assert!(!is_example(row), "{row}");
        }
        for line in ["--------", "=====明细=====", "——————", "----------明细列表---------", "+-----+----+"]
        {
            assert!(is_line(line), "{line}");
        }
        for row in ["---", "****1234", "########", "----2026", "a----", "+86 10", "+---2", ""] {
            assert!(!is_line(row), "{row}");
        }
        for remark in [
            "导出时间：[2026-10-08 12:00:00]",
            "制表人:E006",
            "填报单位：某某公司",
            "报送部门：人事部",
            "Exported by: x",
            "备注：无",
            "笔数：3",
            "记录条数：3",
            "查询结果：3条",
            "总笔数：3",
            "借方笔数：1 贷方笔数：2",
            "查询日期：2026-07-01 至 2026-09-30",
            "Rows: 3",
            "End Date: 2026-09-30",
        ] {
            assert!(is_remark(remark), "{remark}");
        }
        for role in ["制表人", "审核：", "总经理：", "填表人（签字）：", "经办人", "财务负责人"]
        {
            assert!(is_role(role), "{role}");
        }
        for row in ["会计甲", "主管系统", "出纳岗", "E001", ""] {
            assert!(!is_role(row), "{row}");
        }
        for aside in [
            "编制：张三",
            "XX公司（盖章）",
            "——以下空白——",
            "（以下无正文）",
            "END",
            "*** End of Report ***",
            "本报表由系统自动生成",
            "- 1 -",
            "共 3 人",
            "在职人数：3",
            "应到 2 人，实到 2 人",
        ] {
            assert!(is_aside(aside), "{aside}");
        }
        for row in
            ["http://nas1", "C:\\books", "E001", "财务部", "1", "J-1", "10:00", "backend", "2026-09-30 08:00", ""]
        {
            assert!(!is_aside(row), "{row}");
        }
        assert!(is_day_or_page("2026年10月10日") && is_day_or_page("1/1") && !is_day_or_page("10月10日"));
        for note in ["一、财务部", "（二）行政部", "请各部门于月底前填写。"] {
            assert!(is_note(note), "{note}");
        }
        for row in ["财务部", "J-9", "财务软件:客户库", "一号机房", "a. b; c"] {
            assert!(!is_note(row), "{row}");
        }
        for label in [
            "导出日期",
            "导出时间",
            "制表人",
            "查询时间段",
            "单位：",
            "单位名称",
            "会计期间",
            "任何话：",
            "Export date",
        ] {
            assert!(is_label(label), "{label}");
        }
        for row in ["查询系统", "单位一", "统计部门", "数据中心", "2026-09-30 08:00", "t1", "导出日期2", ""]
        {
            assert!(!is_label(row), "{row}");
        }
        for row in ["2026-09-30 08:00:00", "a", "10:00", "E001", "http://nas1", "C:\\books", ""] {
            assert!(!is_remark(row), "{row}");
        }
    }
}
