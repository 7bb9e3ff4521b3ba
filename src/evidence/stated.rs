//! What a file says about itself, above its header and below its rows: how many rows it has, which days it covers.
//!
//! Bank, payment and tax exports write 共 123 笔记录 or 起始日期：2026-07-01 终止日期：2026-09-30 around their table. Such
//! sentences are held against what was read; nothing else is taken from them.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{Datelike, Days, Months, NaiveDate};
use regex::Regex;

use super::forms::narrow;

/// Statements of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stated {
    /// Numbers of rows, each with the row it stands in.
    counts: Vec<(u64, u64)>,
    /// First and last day, as far as they are stated.
    from: Option<i32>,
    to: Option<i32>,
}

/// Statements remembered: a file that has more states nothing.
const MOST: usize = 64;

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// Numbers of rows as exports write them.
static COUNTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?:共计?|总计|合计|共查询到|共有)\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*(?:(?:条|笔|行)(?:记录|数据|明细|交易|流水)?|项(?:记录|数据|明细))(?:[\s,;.。、)\]]|$)",
        r"(?:总笔数|交易笔数|总条数|记录数|记录总数|总记录数|总行数|笔数合计|合计笔数|条数合计|数据条数)\s*:?\s*\[?\s*(\d[\d,]*)",
        r"(?i)(?:total (?:rows|records|entries)|(?:row|record) count|number of (?:rows|records))\s*[:=]?\s*(\d[\d,]*)",
        r"(?i)(?:^|\s)(\d[\d,]*) (?:rows|records|entries)(?: in total| total)?\s*$",
    ]
    .into_iter()
    .filter_map(pattern)
    .collect()
});

/// What a number before it is of.
static PAGE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?:(?:本|每|当前|此)页|失败|成功|异常|上次|其中|作废)[^,;。]{0,4}$"));

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
    pattern(r"(?i)期间|起止|时间范围|日期范围|起始|开始|所属期|所属时期|区间|时段|\bperiod\b|\bdate range\b|\bfrom\b")
});
static BEGINS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?i)起始|开始|\bfrom\b|\bstart\b"));
static ENDS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?i)终止|结束|截止|截至|\bto\b|\bend\b"));

impl Stated {
    /// Takes what a row outside the table states; cells are parted by blanks.
    pub(crate) fn mine(&mut self, text: &str, row: u64) {
        let text = narrow(text);
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
                    let digits: String = found.get(1)?.as_str().chars().filter(char::is_ascii_digit).collect();
                    // More than anybody can count is still more than was read.
                    Some(digits.parse().unwrap_or(u64::MAX))
                });
                self.counts.extend(found.map(|count: u64| (count, row)));
            }
        }
        self.mine_period(&text);
    }

    fn mine_period(&mut self, text: &str) {
        let is = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(text));
        let Some(moment) = MOMENT.as_ref().filter(|_| is(&RANGE) || is(&ENDS)) else { return };
        let text = COMPACT.as_ref().map_or(Cow::Borrowed(text), |compact| compact.replace_all(text, "$1-$2-$3"));
        let found: Vec<(usize, Moment)> = moment
            .captures_iter(&text)
            .filter_map(|found| Some((found.get(0)?.start(), Moment::of(&found)?)))
            .collect();
        // The two dates behind the word that speaks of a range; what follows may be the time of printing.
        let word = RANGE.as_ref().and_then(|range| range.find(&text));
        if word.is_some_and(|word| is_about_else(clause(&text, word.start(), word.end()))) {
            return;
        }
        let word = word.map(|word| word.end());
        let behind: Vec<&Moment> =
            found.iter().filter(|(at, _)| word.is_some_and(|word| *at >= word)).map(|(_, moment)| moment).collect();
        match (behind.as_slice(), found.as_slice()) {
            ([first, last, ..], _) if first.first <= last.first => {
                // Midnight at the end of a range is where it ends, no day of it.
                let open = last.midnight && first.timed && last.first > first.first;
                let last = if open { last.first.checked_sub_days(Days::new(1)) } else { Some(last.last) };
                self.from = self.from.or(Some(first.first.to_epoch_days()));
                self.to = self.to.or(last.map(|day| day.to_epoch_days()));
            }
            (_, [(_, only)]) if is(&BEGINS) && !is(&ENDS) => {
                self.from = self.from.or(Some(only.first.to_epoch_days()));
            }
            // An end without a beginning before it is that of something else.
            (_, [(_, only)]) if is(&ENDS) && !is(&BEGINS) && self.from.is_some() => {
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
    }

    /// The number of rows stated and the row that says so; of several numbers the one that is right, if one or their sum
    /// is (a workbook may state the rows of each sheet), else the greatest.
    pub(crate) fn rows(&self, read: u64) -> Option<(u64, u64)> {
        let (most, at) = self.counts.iter().copied().max()?;
        let sum = self.counts.iter().try_fold(0_u64, |sum, (count, _)| sum.checked_add(*count));
        if let Some(right) = self.counts.iter().find(|(count, _)| *count == read) {
            return Some(*right);
        }
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

/// A row that sums up, in whatever table, by its first cell: 合计, 小计, 共 12 笔, Total.
pub(crate) fn is_total(first: &str) -> bool {
    static TOTAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:[本当]?(?:页|月|日|季|年)?(?:合计|总计|小计|累计|共计)(?:[:(\[].*|\s.*)?|",
            r"共计?\s*\[?\d[\d,]*\]?\s*(?:条|笔|行|项)(?:记录|数据|明细|交易|流水)?(?:[\s,;:(。].*)?|",
            r"(?:grand )?total:?|sub-?total:?|\d[\d,]* (?:rows|records|entries))$"
        ))
    });
    // Most rows begin with a digit or a letter that no such word begins with.
    match first.as_bytes().first() {
        Some(b't' | b'T' | b's' | b'S' | b'g' | b'G' | 0x80..) => {}
        Some(b'0'..=b'9') if first.ends_with('s') => {}
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

/// A line drawn between parts of a page, with words in it or without; what stands alone in its row only.
pub(crate) fn is_line(first: &str) -> bool {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^[-=─—_]{4,}[^\d]*$"));
    first.starts_with(['-', '=', '─', '—', '_']) && LINE.as_ref().is_some_and(|line| line.is_match(first))
}

/// A remark under the table: 导出时间：…, 制表人：…. It may as well be a row cut short, so only what follows the last row
/// is one.
pub(crate) fn is_remark(first: &str) -> bool {
    static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:(?:制表|填表|导出|打印|生成|下载|备注|注|说明|提示|复核|审核|经办|审批|负责|编制|单位|日期|时间|用户|账号|户名|币种|",
            r"收入|支出|已收入|已支出|待收入|待支出|期初|期末|余额)[\p{Han}A-Za-z ()]{0,16}|",
            r"(?:exported|printed|generated|prepared|checked|approved|created|note|remark|date|time|page|user)s?",
            r"(?: (?:by|on|at|date|time))?):"
        ))
    });
    (first.contains(':') || first.contains('：'))
        && REMARK.as_ref().is_some_and(|remark| remark.is_match(&narrow(first)))
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
            ("共 99,999,999,999,999,999,999,999 条", Some(u64::MAX)),
            ("共 3 页", None),
            ("共收入 5 笔", None),
            ("账号：6222000011112222", None),
            ("合计 1,234.50", None),
            ("", None),
        ] {
            assert_eq!(mined(&[line]).rows(999).map(|(rows, _)| rows), expected, "{line}");
        }
        let several = mined(&["共 10 条", "共 5 条"]);
        assert_eq!(several.rows(10), Some((10, 1)));
        assert_eq!(several.rows(5), Some((5, 2)));
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
        ] {
            assert!(is_total(total), "{total}");
        }
        for row in [
            "合计公司",
            "共享盘",
            "共3条专线",
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
        for line in ["--------", "=====明细=====", "——————", "----------明细列表---------"] {
            assert!(is_line(line), "{line}");
        }
        for row in ["---", "****1234", "########", "----2026", "a----", ""] {
            assert!(!is_line(row), "{row}");
        }
        for remark in ["导出时间：[2026-10-08 12:00:00]", "制表人:E006", "Exported by: x", "备注：无"] {
            assert!(is_remark(remark), "{remark}");
        }
        for row in ["2026-09-30 08:00:00", "a", "10:00", "E001", "http://nas1", "C:\\books", ""] {
            assert!(!is_remark(row), "{row}");
        }
    }
}
