//! What a file says about itself, above its header and below its rows: how many rows it has, which days it covers.
//!
//! Bank, payment and tax exports write 共 123 笔记录 or 起始日期：2026-07-01 终止日期：2026-09-30 around their table. Such
//! sentences are held against what was read; nothing else is taken from them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, Days, Months, NaiveDate};
use regex::Regex;

use super::document::{Kind, Value};
use super::excerpt::Excerpt;
use super::forms::{narrow, pattern};
use super::header::normalise;

/// Statements of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stated {
    /// Numbers of rows, each with the row it stands in.
    counts: Vec<(u64, u64)>,
    /// First and last day, as far as they are stated.
    from: Option<i32>,
    to: Option<i32>,
    /// What the file says of being a part.
    pub(crate) excerpt: Excerpt,
}

/// Statements remembered: a file that has more states nothing.
const MOST: usize = 64;

/// Characters of one row, or of one stretch of text, that are looked at.
pub(crate) const LONGEST: usize = 4_096;

/// Rows by another name: a file may say of anything else how many there are.
macro_rules! counted {
    () => {
        "(?:个(?:备份)?(?:任务|作业|记录|备份)|次(?:备份|任务|作业|记录)?)"
    };
}

/// Numbers of rows as exports write them.
static COUNTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?:共计?|总计|合计|共查询到|共有)\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*(?:(?:条|笔|行)(?:记录|数据|明细|交易|流水)?|项(?:记录|数据|明细))(?:[\s,;.。、)\]]|$)",
        r"(?:总笔数|交易笔数|总条数|记录数|记录总数|总记录数|总行数|笔数合计|合计笔数|条数合计|数据条数)\s*:?\s*\[?\s*(\d[\d,]*)",
        r"(?i)(?:total (?:rows|records|entries)|(?:row|record) count|number of (?:rows|records))\s*[:=]?\s*(\d[\d,]*)",
        r"(?i)(?:^|\s)(\d[\d,]*) (?:rows|records|entries)(?: in total| total| found)?\s*$",
        r"(?:^|[\s,;。、|(\[])(?:(?:交易|账户|查询|本次)?(?:明细|记录)|查询|本次)?(?:笔数|条数|行数)\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*[条笔行]?(?:[\s,;.。、)\]]|$)",
        r"(?:查询|检索)结果\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*[条笔行](?:记录|数据|明细|交易|流水)?(?:[\s,;.。、)\]]|$)",
        r"(?i)(?:^|[,;|.)\]]\s*)(?:rows|records|entries)\s*[:=]\s*(\d[\d,]*)(?:[\s,;.)\]]|$)",
        // What tables of pages write beside the part of the rows that they show.
        r"显示?第?\s*\d[\d,]*\s*(?:至|到|[-~—])\s*第?\s*\d[\d,]*\s*[项条笔行](?:结果|记录|数据)?[\s,;]*共\s*(\d[\d,]*)\s*[项条笔行个]",
        r"显示\s*第?\s*\d[\d,]*\s*(?:至|到|[-~—])\s*\d[\d,]*[\s,;]*共\s*(\d[\d,]*)",
        r"(?i)(?:^|\s)\d[\d,]*\s*[-–]\s*\d[\d,]* of (\d[\d,]*)(?:\s|$)",
        r"(?i)(?:^|\s)total\s*:?\s*(\d[\d,]*)\s+(?:items|results|rows|records|entries)(?:[\s.]|$)",
        r"(?i)(?:^|\s)(\d[\d,]*) (?:results|items)(?: in total| total| found)?\s*$",
        r"(?i)\bfiltered from (\d[\d,]*)\b",
        r"(?i)^\s*(\d[\d,]*) rows? in set\b",
        r"(?:由|从)\s*(\d[\d,]*)\s*[项条笔行](?:结果|记录|数据)?(?:中)?(?:过滤|筛选)",
        r"(?:^|[\s,;。|(\[:])(?:数据|记录|任务|结果|明细|条目)?总数\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*(?:[条笔行项个]|[,;。|)]|$|\p{Han}{2,8}:)",
        concat!(
            r"(?:^|[\s,;。|(\[:])(?:共计?|总计|合计|共有)\s*:?\s*(\d[\d,]*)\s*",
            counted!(),
            r"(?:[\s,;.。、)\]]|$)"
        ),
    ]
    .into_iter()
    .filter_map(pattern)
    .collect()
});

/// Keys of documents that say how many rows there are, as [`normalise`] leaves them.
const TOTALS: &[&str] = &[
    "total",
    "totalcount",
    "totalrecords",
    "totalelements",
    "totalrows",
    "totalitems",
    "totalsize",
    "totalnum",
    "totalresults",
    "recordstotal",
    "rowcount",
    "recordcount",
    "总数",
    "总条数",
    "总记录数",
    "记录总数",
    "总行数",
];

/// Objects beside the rows of a document that speak of them.
const PAGING: &[&str] = &["pagination", "paging", "page", "pageinfo", "meta", "metadata", "links", "分页"];

/// Whether an object of that name beside the rows speaks of them.
pub(crate) fn is_of_pages(key: &str) -> bool {
    PAGING.contains(&normalise(key).as_str())
}

/// What parts of the rows go by: 借方笔数 and 贷方笔数 together may be all, neither is.
static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?:借方?|贷方?|收入|支出|转入|转出|存入|支取|已选|选中|勾选|\bpages?\b[^;|]{0,12})\s*(?:交易)?$")
});

/// What a number before it is of.
static PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?:(?:本|每|当前|此)页|失败|成功|异常|上次|其中|作废|小计|系统|历史|累计|全年|年度)[^,;。]{0,4}$")
});

/// Sentences about something else than the rows of the table.
fn is_about_else(text: &str) -> bool {
    ["附件", "质保", "合同", "保密", "有效期", "保修"].iter().any(|word| text.contains(word))
}

/// The clause around a stretch of a text.
fn clause(text: &str, start: usize, end: usize) -> &str {
    const PARTS: [char; 6] = [',', ';', '。', '、', ' ', '|'];
    let from = text.get(..start).and_then(|before| before.rfind(PARTS)).unwrap_or_default();
    let to = text.get(end..).and_then(|behind| behind.find(PARTS)).map_or(text.len(), |at| end + at);
    text.get(from..to).unwrap_or_default()
}

/// A day or a month, and a time of day.
static MOMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:(?:[-/.]|\s*月\s*)(\d{1,2}))?(?:\s*[月日])?(?:[ T]*(\d{1,2}:\d{2}(?::\d{2})?))?",
    )
});

/// The eight digits of a compact date.
static COMPACT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?-u:\b)((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)(?-u:\b)"));

static RANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)期间|起止|时间范围|日期范围|时间段|起始|开始|所属期|所属时期|区间|时段|\bperiod\b|\bdate range\b|\bfrom\b",
    )
});

/// What exports call the day of a row, and what they are filtered by.
macro_rules! days {
    () => {
        "(?:查询|交易|记账|入账|开票|业务|统计|发生|账单|对账|结算|数据|操作|登录|备份)(?:日期|时间|月份)"
    };
}

/// The day of a row: a range only where two dates behind it are joined.
static DAYS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(days!()));
static JOINS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^[\s\[\]()]*(?:至|到|[~〜]|-{1,3}|[—–]{1,2}|\bto\b)[\s\[\]()]*$"));
static BEGINS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)起始|开始|所属期起|\bfrom\b|",
        // Of the export, not of a contract in it.
        r"(?:^|[\d,;|:)\]]\s*)(?:(?:query|report|statement|search|transaction|data) )?start (?:date|time)\b|",
        days!(),
        "起"
    ))
});
static ENDS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(concat!(r"(?i)终止|结束|截止|截至|所属期止|\bto\b|\bend\b|", days!(), "止")));

impl Stated {
    /// Takes what a row outside the table states; cells are parted by blanks.
    pub(crate) fn mine(&mut self, text: &str, row: u64) {
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
        let text = narrow(text.get(..end).unwrap_or_default());
        if self.counts.len() < MOST {
            for pattern in COUNTS.iter() {
                let found = pattern.captures_iter(&text).filter_map(|found| {
                    // Of a page, not of the whole.
                    let whole = found.get(0)?;
                    let before = text.get(..whole.start())?;
                    if is_about_else(clause(&text, whole.start(), whole.end())) {
                        return None;
                    }
                    if before.ends_with(['页']) || PAGE.as_ref().is_some_and(|page| page.is_match(before)) {
                        return None;
                    }
                    if PART.as_ref().is_some_and(|part| part.is_match(before)) {
                        return None;
                    }
                    let digits: String = found.get(1)?.as_str().chars().filter(char::is_ascii_digit).collect();
                    // More than anybody can count is still more than was read.
                    Some(digits.parse().unwrap_or(u64::MAX))
                });
                self.counts.extend(found.map(|count: u64| (count, row)));
            }
        }
        self.mine_period(&text);
        self.excerpt.mine(&text, row);
    }

    /// Takes what stands beside the list of rows of a document: its keys and values.
    pub(crate) fn mine_keys<'v>(&mut self, entries: impl Iterator<Item = (&'v str, &'v Value<'v>)>) {
        for (key, value) in entries {
            let key = normalise(key);
            self.mine_key(&key, value);
            // One object beside the rows may be all about pages.
            if let Kind::Map(inner) = &value.kind
                && PAGING.contains(&key.as_str())
            {
                inner.iter().for_each(|(key, value)| self.mine_key(&normalise(key), value));
            }
        }
    }

    fn mine_key(&mut self, key: &str, value: &Value<'_>) {
        if let Some(count) = value.count().filter(|_| TOTALS.contains(&key)) {
            self.counts.push((count, value.line));
        }
        self.excerpt.mine_key(key, value);
    }

    fn mine_period(&mut self, text: &str) {
        let is = |pattern: &LazyLock<Option<Regex>>, text: &str| {
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
        };
        let speaks = [&RANGE, &DAYS, &BEGINS, &ENDS].into_iter().any(|words| is(words, text));
        let Some(moment) = MOMENT.as_ref().filter(|_| speaks) else { return };
        let text = COMPACT.as_ref().map_or(Cow::Borrowed(text), |compact| compact.replace_all(text, "$1-$2-$3"));
        let text = text.as_ref();
        let found: Vec<(Range<usize>, Moment)> =
            moment.captures_iter(text).filter_map(|found| Some((found.get(0)?.range(), Moment::of(&found)?))).collect();
        let word = RANGE.as_ref().and_then(|range| range.find(text));
        if word.is_some_and(|word| is_about_else(clause(text, word.start(), word.end()))) {
            return;
        }
        // The two dates behind the word that speaks of a range; what follows may be the time of printing.
        let behind = |word: regex::Match<'_>, joint: Option<&LazyLock<Option<Regex>>>| {
            let mut behind = found.iter().skip_while(|(at, _)| at.start < word.end());
            let ((one, first), (other, last)) = (behind.next()?, behind.next()?);
            let between = text.get(one.end..other.start)?;
            let joined = joint.is_none_or(|joint| is(joint, between));
            let about_else = is_about_else(clause(text, word.start(), word.end()));
            (joined && !about_else && first.first <= last.first).then_some((first, last))
        };
        let words = [(&RANGE, None), (&DAYS, Some(&JOINS)), (&BEGINS, Some(&ENDS))];
        let range = words
            .into_iter()
            .find_map(|(words, joint)| words.as_ref()?.find_iter(text).find_map(|word| behind(word, joint)));
        match (range, found.as_slice()) {
            (Some((first, last)), _) => {
                // Midnight at the end of a range is where it ends, no day of it.
                let open = last.midnight && first.timed && last.first > first.first;
                let last = if open { last.first.checked_sub_days(Days::new(1)) } else { Some(last.last) };
                self.from = self.from.or(Some(first.first.to_epoch_days()));
                self.to = self.to.or(last.map(|day| day.to_epoch_days()));
            }
            (_, [(_, only)]) if is(&BEGINS, text) && !is(&ENDS, text) => {
                self.from = self.from.or(Some(only.first.to_epoch_days()));
            }
            // An end without a beginning before it is that of something else.
            (_, [(_, only)]) if is(&ENDS, text) && !is(&BEGINS, text) && self.from.is_some() => {
                self.to = self.to.or(Some(only.last.to_epoch_days()));
            }
            _ => {}
        }
    }

    /// Adds what a later part of the file states.
    pub(crate) fn append(&mut self, later: Self) {
        self.counts.extend(later.counts);
        self.from = self.from.or(later.from);
        self.to = self.to.or(later.to);
        self.excerpt.append(later.excerpt);
    }

    /// The number of rows stated and the row that says so; of several numbers the greatest, or their sum where that is right
    /// (a workbook may state the rows of each sheet).
    pub(crate) fn rows(&self, read: u64) -> Option<(u64, u64)> {
        let (most, at) = self.counts.iter().copied().max()?;
        let sum = self.counts.iter().try_fold(0_u64, |sum, (count, _)| sum.checked_add(*count));
        Some(if sum == Some(read) { (read, at) } else { (most, at) })
    }

    /// First and last day stated.
    pub(crate) fn period(&self) -> Option<(i32, i32)> {
        self.from.zip(self.to).filter(|(from, to)| from <= to)
    }
}

/// A day or month, as written.
struct Moment {
    first: NaiveDate,
    last: NaiveDate,
    timed: bool,
    midnight: bool,
}

impl Moment {
    fn of(found: &regex::Captures<'_>) -> Option<Self> {
        let number = |group: usize| found.get(group).and_then(|text| text.as_str().parse::<u32>().ok());
        let (year, month) = (i32::try_from(number(1)?).ok()?, number(2)?);
        let time = found.get(4).map(|time| time.as_str());
        let (first, last) = match number(3) {
            Some(day) => {
                let day = NaiveDate::from_ymd_opt(year, month, day)?;
                (day, day)
            }
            None => {
                let first = NaiveDate::from_ymd_opt(year, month, 1)?;
                (first, first.checked_add_months(Months::new(1))?.pred_opt()?)
            }
        };
        let midnight = time.is_some_and(|time| time.bytes().all(|byte| matches!(byte, b'0' | b':')));
        (1970..=2200).contains(&first.year()).then_some(Self { first, last, timed: time.is_some(), midnight })
    }
}

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
            r"(?:grand )?total:?|sub-?total:?|\d[\d,]* (?:(?:rows|records|entries)(?: in total| total| found)?|rows? in set(?: \(.*\))?))$"
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
        Some(b'0'..=b'9') if first.ends_with(['s', 'l', 'd', 't', ')']) => {}
        _ => return false,
    }
    let mut text = narrow(first);
    // 合 计, as printed tables space it.
    if !first.is_ascii() && text.split_whitespace().all(|part| part.chars().count() == 1) {
        text = text.split_whitespace().collect::<String>().into();
    }
    TOTAL.as_ref().is_some_and(|total| total.is_match(&text))
}

/// An amount of money or a number, as stands beside a remark.
pub(crate) fn is_amount(cell: &str) -> bool {
    static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^[¥￥]?[-+]?\d[\d,.]*\s*(?:元|笔|条)?$"));
    AMOUNT.as_ref().is_some_and(|amount| amount.is_match(&narrow(cell)))
}

/// What a line above a table begins with that gives its value in the next cell: 导出日期, 制表人, 单位：.
pub(crate) fn is_label(first: &str) -> bool {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:.*:|",
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
            r"(?i)^(?:(?:制表|填表|导出|打印|生成|下载|备注|注|说明|提示|复核|审核|经办|审批|负责|编制|单位|日期|时间|用户|账号|户名|币种|",
            r"收入|支出|已收入|已支出|待收入|待支出|期初|期末|余额|借方|贷方|",
            r"查询|检索|筛选|过滤|搜索|交易|开票|记录|明细|数据|笔数|条数|行数|总|期间|起始|终止|所属期)[\p{Han}A-Za-z ()]{0,16}|",
            r"(?:total )?(?:rows|records|entries)|(?:row|record) count|(?:start|end) (?:date|time)|period|",
            r"(?:exported|printed|generated|prepared|checked|approved|created|note|remark|date|time|page|user)s?",
            r"(?: (?:by|on|at|date|time))?):"
        ))
    });
    (first.contains(':') || first.contains('：'))
        && REMARK.as_ref().is_some_and(|remark| remark.is_match(&narrow(first)))
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

/// Who signs below a table, and when.
macro_rules! roles {
    () => {
        concat!(
            "(?:制表|填表|填报|经办|审核|复核|批准|审批|负责|编制|会计|出纳|主管|部门主管|总经理|单位负责|部门负责|财务负责|培训负责|",
            "盘点|监盘|签收|打印|导出|日期|制表日期|填表日期)(?:人|员|者)?(?:\\((?:签字|签名|签章|盖章)\\)|签字|签名|签章)?"
        )
    };
}

/// How the words of those who sign begin.
const ROLES: [char; 22] = [
    '制', '填', '经', '审', '复', '批', '负', '编', '会', '出', '主', '部', '总', '单', '财', '培', '盘', '监', '签',
    '打', '导', '日',
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
            r"[-—–*= ]*(?:end|完|结束)[-—–*= ]*|",
            r"[-—– ]+\d{1,4}[-—– ]+|",
            r"共\s*\d[\d,]*\s*\p{Han}{1,4}|\p{Han}{2,6}\s*\d[\d,]*\s*[人个台次份条项](?:\s*[,;、]\s*\p{Han}{2,6}\s*\d[\d,]*\s*[人个台次份条项])+)$"
        ))
    });
    // This is asked of the first cell of nearly every row.
    static WORDS: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern("盖章|公章|签字|签章|空白|正文|生成|完|结束|[Ee][Nn][Dd]"));
    let may_be = cell.starts_with(['-', '—', '–', '*', '=', ' ', '共'])
        || cell.contains([':', '：', '，', ',', '、', ';', '；'])
        || WORDS.as_ref().is_some_and(|words| words.is_match(cell));
    may_be && ASIDE.as_ref().is_some_and(|aside| aside.is_match(&narrow(cell)))
}

#[cfg(test)]
mod tests {
    use super::super::date_text;
    use super::*;

    fn mined(lines: &[&str]) -> Stated {
        let mut stated = Stated::default();
        for (row, line) in (1..).zip(lines) {
            stated.mine(line, row);
        }
        stated
    }

    #[test]
    fn numbers_of_rows_as_exports_write_them() {
        for (line, expected) in [
            ("共123笔记录", Some(123)),
            ("共 1,234 条", Some(1234)),
            ("共计：45 条记录", Some(45)),
            ("总笔数：12 总金额：3,400.00", Some(12)),
            ("交易笔数 7", Some(7)),
            ("记录数：[８]", Some(8)),
            ("合计 20 笔 金额 3.00", Some(20)),
            ("Total rows: 5", Some(5)),
            ("42 rows", Some(42)),
            ("共查询到100条", Some(100)),
            ("共 100 条，本页共 5 条", Some(100)),
            ("每页共 20 条", None),
            ("总笔数：[600]  附件：无", Some(600)),
            ("合同号：HT-01 总记录数：600", Some(600)),
            ("异常总条数：1000", None),
            ("上次记录数：800", None),
            ("磁盘总数：共12项", None),
            ("附件共 40 条", None),
            ("注意：共 40 项 附件另存", None),
            ("共 99,999,999,999,999,999,999,999 条", Some(u64::MAX)),
            ("记录条数：3", Some(3)),
            ("显示第 1 至 3 项结果，共 57 项", Some(57)),
            ("显示 1 到 10 条，共 57 条", Some(57)),
            ("1-2 of 57", Some(57)),
            ("显示 1-2，共 57", Some(57)),
            ("Total 57 items", Some(57)),
            ("57 results", Some(57)),
            ("57 rows in set (0.00 sec)", Some(57)),
            ("Total 57", None),
            ("2026-09-30 of 57 units", None),
            ("笔数：3", Some(3)),
            ("条数:3", Some(3)),
            ("明细笔数：3", Some(3)),
            ("交易明细笔数：1,234 笔", Some(1_234)),
            ("户名：某单位 笔数：3 金额：5.00", Some(3)),
            ("查询结果：3条", Some(3)),
            ("查询结果：共3条", Some(3)),
            ("Rows: 3", Some(3)),
            ("Account: 12, Rows: 3", Some(3)),
            ("3 records found", Some(3)),
            ("第3笔", None),
            ("每页20条", None),
            ("每页 条数：20", None),
            ("每页条数：20", None),
            ("第1页/共3页", None),
            ("限额：3笔", None),
            ("笔数上限：3", None),
            ("限额笔数：3", None),
            ("单日笔数：3", None),
            ("失败笔数：3", None),
            ("借方笔数：1 贷方笔数：2", None),
            ("借方 笔数：1 贷方 笔数：2", None),
            ("检查结果：3条", None),
            ("Page 1, Rows: 20", None),
            ("Failed rows: 3", None),
            ("Rows per page: 20", None),
            ("Rows: 1-20", None),
            ("共 3 页", None),
            ("总数：57", Some(57)),
            ("备份报表 任务总数: 57 个", Some(57)),
            ("磁盘总数：57", None),
            ("共57个任务", Some(57)),
            ("合计57次", Some(57)),
            ("共 500 个文件", None),
            ("应到：共 50 人，实到：共 42 人", None),
            ("涉及范围（共 5 个系统）", None),
            ("共计 12 台设备，共 2 条", Some(2)),
            ("磁盘容量 总数：500 GB", None),
            ("总数：57 导出人：甲", Some(57)),
            ("公司共 50 人", None),
            ("共 3 个月", None),
            ("共 3 个部门", None),
            ("显示第 1 至 2 项结果，共 2 项（由 57 项结果过滤）", Some(57)),
            ("Showing 1 to 2 of 2 entries (filtered from 57 total entries)", Some(57)),
            ("共收入 5 笔", None),
            ("账号：6222000011112222", None),
            ("合计 1,234.50", None),
            ("", None),
        ] {
            assert_eq!(mined(&[line]).rows(999).map(|(rows, _)| rows), expected, "{line}");
        }
        let several = mined(&["共 10 条", "共 5 条"]);
        assert_eq!(several.rows(10), Some((10, 1)));
        // A part of what the file says it has is not all of it, though the part is stated too.
        assert_eq!(several.rows(5), Some((10, 1)));
        for line in [
            "借方总笔数：2 贷方总笔数：98 总笔数：100",
            "收入交易笔数：2 支出交易笔数：98 总笔数：100",
            "已选记录数：2 总记录数：100",
            "小计 共2笔 总计 100 笔",
            "导出记录数：2 符合条件记录总数：100",
        ] {
            assert_eq!(mined(&[line]).rows(2), Some((100, 1)), "{line}");
        }
        assert_eq!(mined(&["系统总记录数：5000 本次笔数：2"]).rows(2).map(|(rows, _)| rows), Some(2));
        assert_eq!(several.rows(15).map(|(rows, _)| rows), Some(15));
        assert_eq!(several.rows(7), Some((10, 1)));
    }

    #[test]
    fn periods_as_exports_write_them() {
        for (lines, expected) in [
            (vec!["查询期间：2026-07-01 至 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (
                vec!["起始日期:[2026-07-01 00:00:00]    终止日期:[2026-10-01 00:00:00]"],
                Some(("2026-07-01", "2026-09-30")),
            ),
            (
                vec!["起始时间：[2026-07-01 00:00:00] 终止时间：[2026-09-30 23:59:59]"],
                Some(("2026-07-01", "2026-09-30")),
            ),
            (vec!["起始日期：2026年7月1日", "终止日期：2026年9月30日"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["所属期：2026年7月 至 2026年9月"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["From 2026/7/1 to 2026/9/30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["Period: 2026-02 - 2026-02"], Some(("2026-02-01", "2026-02-28"))),
            (vec!["起始日期:20260701 终止日期:20260930"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["查询期间：2026-07-01 至 2026-09-30  打印时间：2026-10-08"], Some(("2026-07-01", "2026-09-30"))),
            (
                vec!["查询期间：2026-07-01 至 2026-09-30", "报表数据截止：2026-07-05"],
                Some(("2026-07-01", "2026-09-30")),
            ),
            (vec!["查询日期：2026-07-01 至 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["查询日期 2026-07-01 至 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["交易日期：2026-07-01~2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["交易日期：2026-07-01 ～ 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["开票日期起：2026-07-01 开票日期止：2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["开票日期起：2026-07-01", "开票日期止：2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["查询时间段：2026-07-01--2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["Start Date: 2026-07-01 End Date: 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["Start Date: 2026-07-01", "End Date: 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["Account 12 Start Date 2026-07-01 End Date 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["Report start time: 20260701", "Report end time: 20260930"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["查询日期：2026-10-08 交易日期：2026-07-01 至 2026-09-30"], Some(("2026-07-01", "2026-09-30"))),
            (vec!["查询日期：2026-10-08"], None),
            (vec!["查询日期：2026-10-08 打印日期：2026-10-09"], None),
            (vec!["查询时间：2026-10-08 12:00:00 制表日期：2026-10-09"], None),
            (vec!["交易日期：2026-07-01，2026-09-30"], None),
            (vec!["合同日期：2024-01-01 至 2027-12-31"], None),
            (vec!["有效日期起：2024-01-01 有效日期止：2027-12-31"], None),
            (vec!["Contract start date: 2024-01-01 End date: 2027-12-31"], None),
            (vec!["Contract start date: 2024-01-01", "End date: 2027-12-31"], None),
            (vec!["Start Date: 2026-07-01 Printed: 2026-10-08"], None),
            (vec!["End Date: 2026-09-30"], None),
            (vec!["质保期间：2024-01-01 至 2027-12-31"], None),
            (vec!["vendor backend 2026-07-01 2026-09-30"], None),
            (vec!["导出时间：2026-10-08 12:00:00"], None),
            (vec!["截止日期：2026-09-30"], None),
            (vec!["期间：2026-13-01 至 2026-09-30"], None),
            (vec!["查询期间：2026-09-30 至 2026-07-01"], None),
        ] {
            let found = mined(&lines).period().map(|(from, to)| (date_text(from), date_text(to)));
            let expected = expected.map(|(from, to)| (from.to_owned(), to.to_owned()));
            assert_eq!(found, expected, "{lines:?}");
        }
    }

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
