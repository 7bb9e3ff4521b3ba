//! What a file says about itself, above its header and below its rows: how many rows it has, which days it covers.
//!
//! Bank, payment and tax exports write 共 123 笔记录 or 起始日期：2026-07-01 终止日期：2026-09-30 around their table. Such
//! sentences are held against what was read; nothing else is taken from them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, Days, Months, NaiveDate};
use regex::Regex;

use super::bracket;
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
    /// The unit of all numbers, as a line states it.
    unit: Option<String>,
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
pub(super) use counted;

/// Numbers of rows as exports write them.
static COUNTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?:共计?|总计|合计|共查询到|共有)\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*(?:(?:条|笔|行)(?:记录|数据|明细|交易|流水)?|项(?:记录|数据|明细))(?:[\s,;.。、)\]]|$)",
        r"(?:总笔数|交易笔数|总交易单数|总条数|记录数|记录总数|总记录数|总行数|笔数合计|合计笔数|条数合计|数据条数)\s*:?\s*\[?\s*(\d[\d,]*)",
        r"(?i)(?:total (?:rows|records|entries)|(?:row|record) count|number of (?:rows|records))\s*[:=]?\s*(\d[\d,]*)",
        r"(?i)(?:^|\s)(\d[\d,]*) (?:rows|records|entries)(?: in total| total| found)?\s*$",
        r"(?:^|[\s,;。、|(\[])(?:(?:交易|账户|查询|本次)?(?:明细|记录)|查询|本次)?(?:笔数|条数|行数)\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*[条笔行]?(?:[\s,;.。、)\]]|$)",
        r"(?:查询|检索)结果\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*[条笔行](?:记录|数据|明细|交易|流水)?(?:[\s,;.。、)\]]|$)",
        r"(?i)(?:^|[,;|.)\]]\s*)(?:rows|records|entries)\s*[:=]\s*(\d[\d,]*)(?:[\s,;.)\]]|$)",
        // What tables of pages write beside the part of the rows that they show.
        r"显示?第?\s*\d[\d,]*\s*(?:至|到|[-~—])\s*第?\s*\d[\d,]*\s*[项条笔行](?:结果|记录|数据)?[\s,;]*总?共\s*(\d[\d,]*)\s*[项条笔行个]",
        r"显示\s*第?\s*\d[\d,]*\s*(?:至|到|[-~—])\s*\d[\d,]*[\s,;]*共\s*(\d[\d,]*)",
        r"(?i)(?:^|\s)\d[\d,]*\s*[-–]\s*\d[\d,]* of (\d[\d,]*)(?:\s|$)",
        r"(?i)(?:^|\s)total\s*:?\s*(\d[\d,]*)\s+(?:items|results|rows|records|entries)(?:[\s.]|$)",
        r"(?i)(?:^|\s)(\d[\d,]*) (?:results|items)(?: in total| total| found)?\s*$",
        r"(?i)\bfiltered from (\d[\d,]*)\b",
        r"(?i)^\s*(\d[\d,]*) rows? in set\b",
        r"(?i)^\s*\(?(\d[\d,]*) rows?(?: selected\.?|(?: affected)?\))\s*$",
        r"^\s*(?:\(|已选择)\s*(\d[\d,]*) ?行(?:受影响\)|。?\s*$)",
        r"本次(?:共|一共|总共)?导出\s*:?\s*(\d[\d,]*)\s*[条笔行份](?:记录|数据|明细|交易|流水)?(?:[\s,;.。、)\]]|$)",
        r"(?:共计?|总计|合计|共有)\s*:?\s*(\d[\d,]*)\s*[张份](?:发票|回单|凭证|记录|数据|单据)(?:[\s,;.。、)\]]|$)",
        r"(?:总份数|份数合计|合计份数)\s*:?\s*(\d[\d,]*)",
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

/// Keys of documents that say what the numbers of the rows count.
const UNITS: &[&str] = &["unit", "units", "单位", "计量单位", "数据单位"];

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

/// Numbers of rows by the side of an account they are on: 收入笔数：2 支出笔数：3.
static SIDES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(借|贷|收入|支出|转入|转出|存入|支取|成功|失败)方?\s*(?:发生|合计|总|交易)?\s*[笔条]数\s*:?\s*\[?\s*(\d[\d,]*)\s*\]?\s*[条笔]?(?:[\s,;.。、|)\]]|$)",
    )
});

/// Sides that have every row between them.
const BOTH: [[&str; 2]; 5] = [["借", "贷"], ["收入", "支出"], ["转入", "转出"], ["存入", "支取"], ["成功", "失败"]];

/// The number of rows that a text states of the two sides of an account, each of them once.
fn of_both_sides(text: &str) -> Option<u64> {
    let mut sides: Vec<(&str, Option<u64>)> = Vec::new();
    for found in SIDES.as_ref()?.captures_iter(text) {
        let (side, digits) = (found.get(1)?, found.get(2)?.as_str());
        let before = text.get(..side.start())?;
        if PAGE.as_ref().is_some_and(|page| page.is_match(before)) {
            return None;
        }
        sides.push((side.as_str(), digits.replace(',', "").parse().ok()));
    }
    let of = |side: &str| {
        let mut all = sides.iter().filter(|(name, _)| *name == side);
        all.next().filter(|_| all.next().is_none()).and_then(|(_, count)| *count)
    };
    BOTH.iter().find_map(|[one, other]| of(one)?.checked_add(of(other)?))
}

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
            // Where all of them are stated, too, it is once.
            let sides = of_both_sides(&text).map(|count| (count, row));
            self.counts.extend(sides.filter(|stated| !self.counts.contains(stated)));
        }
        // Each sheet of a workbook has its own; the table follows the line.
        self.unit = bracket::stated(&text).map(str::to_owned).or(self.unit.take());
        self.mine_period(&text);
        self.excerpt.mine(&text, row);
    }

    /// The unit that a line states of all numbers.
    pub(crate) fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
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
        if let Kind::Text(words) = &value.kind
            && UNITS.contains(&key)
        {
            let words = narrow(words.trim());
            let stated = bracket::is_stated(&words).then(|| words.clone().into_owned());
            self.unit = stated.or(self.unit.take());
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
        self.unit = self.unit.take().or(later.unit);
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
            ("借方笔数：1 贷方笔数：2", Some(3)),
            ("借方 笔数：1 贷方 笔数：2", Some(3)),
            ("收入笔数：2 支出笔数：3", Some(5)),
            ("收入笔数: 2笔 收入金额: 5.00 | 支出笔数: 1,003笔 支出金额: 6.00", Some(1_005)),
            ("支出交易笔数：3，收入交易笔数：2", Some(5)),
            ("借方发生笔数 2 贷方发生笔数 0", Some(2)),
            ("收入笔数：2", None),
            ("成功笔数：2，失败笔数：3", Some(5)),
            ("收入笔数：2 贷方笔数：3", None),
            ("收入笔数：2 支出笔数：3 收入笔数：9", None),
            ("累计收入笔数：20 支出笔数：30", None),
            ("收入笔数上限：2 支出笔数上限：3", None),
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
            "总笔数：100 收入笔数：2 支出笔数：98",
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
}
