//! What a file says of being a part of something larger: a page of several, the first so many rows, the rows that a filter
//! let through.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::document::{Kind, Value};
use super::forms::{narrow, pattern};

/// Statements of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// Numbers of the pages that are there.
    pages: BTreeSet<u64>,
    /// How many there are, and the row that says so.
    of: Option<(u64, u64)>,
    /// Most rows that the export takes, and the row that says so.
    most: Option<(u64, u64)>,
    /// The row that says that there are more.
    more: Option<u64>,
    /// What the rows were chosen by, and the row that says so.
    filters: Vec<(String, u64)>,
}

/// Keys beside a list of rows that say how many pages there are; these and those below as [`super::header::normalise`]
/// leaves them.
const PAGE_COUNTS: &[&str] = &["pages", "totalpages", "totalpage", "pagecount", "总页数"];
/// Keys that say whether more follow.
const FOLLOW: &[&str] = &["hasmore", "more", "hasnext", "hasnextpage", "morepages", "truncated", "istruncated"];
/// Keys that say whether it is all there is.
const WHOLE: &[&str] = &["last", "complete", "iscomplete", "islast", "lastpage"];
/// Keys that say where.
const NEXT: &[&str] = &[
    "next",
    "nextpage",
    "nextlink",
    "nexturl",
    "nexttoken",
    "nextpagetoken",
    "nextcursor",
    "nextmarker",
    "@odata.nextlink",
];

/// Pages and filters remembered. A file of more pages lacks some.
const MOST_PAGES: usize = 10_000;
const MOST_FILTERS: usize = 8;
/// Characters of a filter that are kept.
const FILTER: usize = 200;
/// Characters of a line that says nothing else.
const LINE: usize = 60;

/// Words without which a text says nothing of pages, of limits, of filters.
const OF_PAGES: &[&str] = &["页", "page"];
const OF_LIMITS: &[&str] = &[
    "仅",
    "只",
    "最多",
    "至多",
    "显示",
    "导出",
    "下载",
    "列出",
    "展示",
    "返回",
    "更多",
    "截断",
    "limited",
    "only",
    "showing",
    "shows",
    "displaying",
    "exported",
    "max",
    "at most",
    "top",
    "truncated",
    "not shown",
    "not exported",
    "not listed",
];
const OF_FILTERS: &[&str] = &["条件", "筛选", "过滤", "filter", "criteria"];

type Patterns = LazyLock<Vec<Regex>>;

fn patterns<const N: usize>(texts: [&str; N]) -> Vec<Regex> {
    texts.into_iter().filter_map(pattern).collect()
}

/// A page and the number of pages.
static PAGES: Patterns = LazyLock::new(|| {
    patterns([
        r"第\s*(?<page>\d{1,9})\s*页\s*[/,;|(-]?\s*(?:共|总共|/)?\s*(?<of>\d{1,9})\s*页",
        r"(?:共|总共|总计)\s*(?<of>\d{1,9})\s*页\s*[/,;|(-]?\s*(?:当前|本页为?)?第\s*(?<page>\d{1,9})\s*页",
        // In words a sentence may speak of pages, too.
        concat!(
            r"第\s*(?<page>[〇零一二两三四五六七八九十百]{1,5})\s*页\s*[/,;|(-]?\s*(?:共|总共|/共?)\s*",
            r"(?<of>[〇零一二两三四五六七八九十百]{1,5})\s*页(?:\P{Han}|$)"
        ),
        concat!(
            r"(?:共|总共|总计)\s*(?<of>[〇零一二两三四五六七八九十百]{1,5})\s*页\s*[/,;|(-]?\s*",
            r"第\s*(?<page>[〇零一二两三四五六七八九十百]{1,5})\s*页(?:\P{Han}|$)"
        ),
        r"(?:第|页[码次数]?\s*:|^|\s)\s*(?<page>\d{1,9})\s*/\s*(?<of>\d{1,9})\s*页",
        r"页[码次]?\s*:?\s*(?<page>\d{1,9})\s*/\s*(?<of>\d{1,9})(?:[^\d/]|$)",
        r"(?i)\bpage\s*:?\s*(?<page>\d{1,9})\s*(?:of|out of|/)\s*(?<of>\d{1,9})\b",
        r"(?i)\b(?<page>\d{1,9}) of (?<of>\d{1,9}) pages\b",
    ])
});

/// The most rows that are shown or exported: of all, not of each page or line.
static LIMITS: Patterns = LazyLock::new(|| {
    patterns([
        concat!(
            r"(?:^|\P{Han}|系统|本次|结果|查询|数据)(?:仅|只|最多|至多)(?:能|可|支持)?(?:显示|导出|下载|列出|展示|返回|查询)",
            r"(?:前|最近|最新)?(?:的)?\s*(\d[\d,]*)\s*[条笔行项]"
        ),
        r"(?:显示|导出|下载|列出|展示|返回)(?:前|最近|最新)(?:的)?\s*(\d[\d,]*)\s*[条笔行项]",
        concat!(
            r"(?i)\b(?:limited to|only(?: the)?(?: first| last)?|(?:showing|shows|displaying|exported)(?: the)? (?:first|last|top)",
            r"|max(?:imum)?(?: of)?|at most|top)\s*:?\s*(\d[\d,]*)\s+(?:rows|records|entries|items|results)\b"
        ),
    ])
});

/// That some rows were left out, whatever their number.
static LEFT_OUT: Patterns = LazyLock::new(|| {
    patterns([
        r"更多(?:数据|记录|行|结果|条目)?(?:未显示|未导出|未列出)|结果(?:已|被)截断|(?:已|被)截断[,;。)]|(?:仅|只)(?:显示|导出)(?:了)?部分",
        r"(?i)\b(?:output|results?|list|report) (?:was |were |is |are |has been )?truncated\b",
        r"(?i)\b(?:more|other|remaining) (?:rows|records|results|entries)\b[^,;.]{0,12}\bnot (?:shown|exported|listed)\b",
    ])
});

/// What the rows were chosen by; a word before it may say that nothing was.
static FILTERS: Patterns = LazyLock::new(|| {
    patterns([
        r"^(?<before>.*?)(?:查询|筛选|过滤|检索|搜索|导出|选择)条件\s*[:=]\s*(?<chosen>.*)$",
        r"^(?<before>(?:.*[\s,;|(\[])?)(?:查询|筛选|过滤|检索|搜索|导出|选择)条件\s+(?<chosen>.*)$",
        r"^(?<before>(?:.*[\s,;|(\[])?)(?:已?筛选|已?过滤|筛选项|过滤器)\s*[:=]\s*(?<chosen>.*)$",
        r"(?i)^(?<before>(?:.*[\s,;|(\[])?)(?:filters?|filtered by|(?:filter|search) criteria)\s*[:=]\s*(?<chosen>.*)$",
    ])
});

/// What follows of the export, and days and times of day: by days every export is chosen.
static ASIDE: Patterns = LazyLock::new(|| {
    patterns([
        r"(?i)(?:^|\s)(?:(?:导出|打印|制表|生成|下载|填表)\p{Han}{1,4}|(?:exported|printed|generated) (?:by|on|at))\s*:.*$",
        r"\d{4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2})?\s*[日月]?|\b\d{8}\b",
        r"\d{1,2}:\d{2}(?::\d{2})?",
        r"(?i)(?:近|最近|过去|\blast|\bpast)\s*(?:\d+|[一二两三六九十半]+)\s*(?:个?[天日周月年]|days?|weeks?|months?|years?)",
        r"(?:\d{4}\s*年)?(?:第?[一二三四1-4]|本|上|当|去|今)?(?:季度|年度|[年月周]度?)",
    ])
});

/// The name of a condition.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"[^\s,;|:=<>!()]+\s*(?:[<>!]=|<>|[:=<>])"));

/// What lets everything through.
static ANYTHING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:(?:包含)?(?:全部|所有)|显示全部|全选|请选择|请输入|请填写|不限|任意|无|空|否|未设置?|[未不]筛选|[未不]过滤|没有|默认|\bno\b|\ball\b|\bany\b|\bnone\b|\bnull\b|\bn/a\b|\*|-)",
        r"(?:\p{Han}{0,4}| applied| filters?)\W*(?:\([^)]*\)?\W*)?$"
    ))
});

/// Words of days and of the signs between them.
static DAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:(?:查询|交易|记账|入账|开票|业务|统计|发生|账单|对账|结算|数据|操作|登录|备份|创建|完成|执行|开始|结束|起始|终止|截止)?",
        r"(?:日期|时间|月份|期间)(?:段|范围|区间)?)|起止|所属期|期间|区间|时段|",
        r"\b(?:date|time|period|range|from|to|between|and|start|end)\b|介于|大于|小于|等于|之间|并且|[至到从和且起止年月日]"
    ))
});

impl Excerpt {
    /// Takes what a row outside the table states; `text` has no wide characters.
    pub(crate) fn mine(&mut self, text: &str, row: u64) {
        // Patterns cost time to make ready, and most files say nothing of the sort.
        let lower = text.to_lowercase();
        let speaks = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if speaks(OF_PAGES) {
            self.mine_pages(text, row);
        }
        if speaks(OF_LIMITS) {
            self.mine_limits(text, row);
        }
        if speaks(OF_FILTERS) && self.filters.len() < MOST_FILTERS {
            let found = FILTERS.iter().find_map(|pattern| pattern.captures(text));
            let chosen = found.filter(|found| !found.name("before").is_some_and(|before| denies(before.as_str())));
            if let Some(filter) = chosen.and_then(|found| chosen_by(found.name("chosen")?.as_str())) {
                self.filters.push((filter, row));
            }
        }
    }

    fn mine_pages(&mut self, text: &str, row: u64) {
        for found in PAGES.iter().flat_map(|pattern| pattern.captures_iter(text)) {
            let number = |name| found.name(name).and_then(|number| counted(number.as_str()));
            let (Some(page), Some(of)) = (number("page"), number("of")) else { continue };
            if page > of {
                continue;
            }
            if self.pages.len() < MOST_PAGES {
                self.pages.insert(page);
            }
            self.of = self.of.filter(|(most, _)| *most >= of).or(Some((of, row)));
        }
    }

    fn mine_limits(&mut self, text: &str, row: u64) {
        for found in LIMITS.iter().flat_map(|pattern| pattern.captures_iter(text)) {
            let digits = found.get(1).map(|digits| digits.as_str().replace(',', ""));
            if let Some(most) = digits.and_then(|digits| digits.parse().ok()) {
                self.most = self.most.filter(|(least, _)| *least <= most).or(Some((most, row)));
            }
        }
        if LEFT_OUT.iter().any(|pattern| pattern.is_match(text)) {
            self.more = self.more.or(Some(row));
        }
    }

    /// Takes what stands under a key beside the list of rows of a document.
    pub(crate) fn mine_key(&mut self, key: &str, value: &Value<'_>) {
        let says_more = match &value.kind {
            Kind::Boolean(yes) => (if *yes { FOLLOW } else { WHOLE }).contains(&key),
            Kind::Text(text) if FOLLOW.contains(&key) => text.trim().eq_ignore_ascii_case("true"),
            Kind::Text(text) => {
                let nothing = ["", "null", "none", "0", "-1", "false"];
                NEXT.contains(&key) && !nothing.contains(&text.trim().to_lowercase().as_str())
            }
            Kind::Number(number) => NEXT.contains(&key) && number.trim() != "0" && !number.trim().starts_with('-'),
            Kind::Map(_) => NEXT.contains(&key),
            Kind::Null | Kind::Undecodable | Kind::List(_) => false,
        };
        if says_more {
            self.more = self.more.or(Some(value.line));
        }
        // A document is one of its pages.
        if let Some(of) = value.count().filter(|of| PAGE_COUNTS.contains(&key) && *of > 0) {
            self.pages.insert(1);
            self.of = Some((of, value.line));
        }
    }

    /// Adds what a later part of the file states.
    pub(crate) fn append(&mut self, later: Self) {
        self.more = self.more.or(later.more);
        for page in later.pages {
            if self.pages.len() < MOST_PAGES {
                self.pages.insert(page);
            }
        }
        self.of = self.of.into_iter().chain(later.of).max_by_key(|(of, row)| (*of, std::cmp::Reverse(*row)));
        self.most = self.most.into_iter().chain(later.most).min();
        let room = MOST_FILTERS.saturating_sub(self.filters.len());
        self.filters.extend(later.filters.into_iter().take(room));
    }

    /// Pages that are there, pages that there are, and the row that says so, if some are not there.
    pub(crate) fn missing_pages(&self) -> Option<(u64, u64, u64)> {
        let (of, row) = self.of?;
        let there = self.pages.range(1..=of).count() as u64;
        (there < of).then_some((there, of, row))
    }

    /// The row that says that there are more.
    pub(crate) const fn more(&self) -> Option<u64> {
        self.more
    }

    /// The most rows that the export takes and the row that says so, if just so many were read.
    pub(crate) fn limit(&self, read: u64) -> Option<(u64, u64)> {
        self.most.filter(|(most, _)| *most == read)
    }

    /// What the rows were chosen by besides days, and the row that says so.
    pub(crate) fn filters(&self) -> &[(String, u64)] {
        &self.filters
    }
}

/// A number below a thousand in Chinese numerals, or one in digits.
fn counted(number: &str) -> Option<u64> {
    if let Ok(digits) = number.parse() {
        return Some(digits);
    }
    let (mut sum, mut digit) = (0, None);
    for numeral in number.chars() {
        let unit = match numeral {
            '十' => 10,
            '百' => 100,
            '〇' | '零' => continue,
            _ => {
                let value = "一二三四五六七八九".chars().position(|other| other == numeral).map(|at| at as u64 + 1);
                digit = Some(value.or((numeral == '两').then_some(2))?);
                continue;
            }
        };
        sum += digit.take().unwrap_or(1) * unit;
    }
    Some(sum + digit.unwrap_or_default())
}

/// Whether a sentence says that nothing is chosen by what follows.
fn denies(before: &str) -> bool {
    let near = before.char_indices().rev().nth(7).map_or(before, |(at, _)| before.get(at..).unwrap_or_default());
    near.contains(['不', '未', '勿', '无', '没', '非'])
}

/// What of a filter chooses by something else than days, condition by condition; `None` when nothing does.
fn chosen_by(filter: &str) -> Option<String> {
    let filter: String = filter.trim().chars().take(FILTER).collect();
    let filter = ASIDE.iter().fold(filter, |rest, aside| aside.replace_all(&rest, " ").into_owned());
    let labels: Vec<(usize, usize)> =
        LABEL.iter().flat_map(|label| label.find_iter(&filter)).map(|label| (label.start(), label.end())).collect();
    let ends = labels.iter().skip(1).map(|(start, _)| *start).chain(std::iter::once(filter.len()));
    let named = labels
        .iter()
        .zip(ends)
        .filter_map(|((start, value), end)| Some((filter.get(*start..*value)?, filter.get(*value..end)?)));
    let unnamed = labels.first().map_or(filter.as_str(), |(start, _)| filter.get(..*start).unwrap_or_default());
    let chosen: Vec<String> = std::iter::once(("", unnamed))
        .chain(named)
        .map(|(label, value)| (label.trim(), value.trim_matches(|c: char| c.is_whitespace() || ",;|".contains(c))))
        .filter(|(label, value)| chooses(label, value))
        .map(|(label, value)| format!("{label}{value}"))
        .collect();
    (!chosen.is_empty()).then(|| chosen.join(" "))
}

/// Whether a condition leaves rows out, and not by their day.
fn chooses(label: &str, value: &str) -> bool {
    let is_value = |c: char| c.is_alphanumeric();
    let is_anything = |word: &str| ANYTHING.as_ref().is_some_and(|anything| anything.is_match(word));
    let bare = value.trim_matches(|c: char| c.is_whitespace() || "[]{}()\"'“”".contains(c));
    if !bare.contains(is_value) || is_anything(bare) {
        return false;
    }
    let rest =
        |text: &str| DAYS.as_ref().map_or_else(|| text.to_owned(), |days| days.replace_all(text, " ").into_owned());
    let of_days = !label.is_empty() && !rest(label).contains(is_value);
    // Several conditions without a sign between names and values: what lets everything through stands behind its name.
    let bare: Vec<&str> =
        bare.split(|c: char| c.is_whitespace() || "、；;,，|".contains(c)).filter(|word| !word.is_empty()).collect();
    let chosen = bare.iter().enumerate().any(|(at, word)| {
        let open = is_anything(word) || bare.get(at + 1).is_some_and(|next| is_anything(next));
        !open && !is_open(word) && rest(word).contains(is_value)
    });
    !of_days && chosen
}

/// A name with what it lets through behind it in brackets: 状态(全部).
fn is_open(word: &str) -> bool {
    static OPEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"(?i)^[^()]+\((?:全部|所有|不限|全选|all|any)[^()]*\)$"));
    OPEN.as_ref().is_some_and(|open| open.is_match(word))
}

/// A line that says nothing but which page it belongs to, or how many rows are shown at most; what stands alone in its row
/// only.
pub(crate) fn is_one(first: &str) -> bool {
    let speaks = first.contains(['页', '条', '笔', '行', '项']) || first.starts_with(['P', 'p']);
    if !speaks || first.chars().nth(LINE).is_some() {
        return false;
    }
    let text = narrow(first);
    let mut patterns = PAGES.iter().chain(LIMITS.iter());
    patterns.any(|pattern| pattern.is_match(&text) && !pattern.replace_all(&text, "").contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mined(lines: &[&str]) -> Excerpt {
        let mut excerpt = Excerpt::default();
        for (row, line) in (1..).zip(lines) {
            excerpt.mine(&narrow(line), row);
        }
        excerpt
    }

    #[test]
    fn pages_as_exports_write_them() {
        for (lines, expected) in [
            (vec!["第1页/共6页"], Some((1, 6, 1))),
            (vec!["第一页/共三页"], Some((1, 3, 1))),
            (vec!["共十二页 第十页"], Some((1, 12, 1))),
            (vec!["第一百零一页 共一百二十页"], Some((1, 120, 1))),
            (vec!["本表共两页，第一页为汇总，第二页为明细"], None),
            (vec!["第一页，二页须盖章"], None),
            (vec!["第一页，共一页"], None),
            (vec!["备份报表", "第 2 页，共 6 页"], Some((1, 6, 2))),
            (vec!["第1页 共6页"], Some((1, 6, 1))),
            (vec!["共 6 页 第 1 页"], Some((1, 6, 1))),
            (vec!["共6页，当前第1页"], Some((1, 6, 1))),
            (vec!["第1/6页"], Some((1, 6, 1))),
            (vec!["页码：1/6"], Some((1, 6, 1))),
            (vec!["Page 1 of 6"], Some((1, 6, 1))),
            (vec!["Printed 2026-10-08  PAGE: 1/6"], Some((1, 6, 1))),
            (vec!["第1页/共2页", "第2页/共2页"], None),
            (vec!["第1页/共3页", "第3页/共3页"], Some((2, 3, 1))),
            (vec!["第1页/共1页"], None),
            (vec!["第7页/共6页"], None),
            (vec!["共 6 页"], None),
            (vec!["2026/9/30 页"], None),
            (vec!["homepage 1 of 6"], None),
        ] {
            assert_eq!(mined(&lines).missing_pages(), expected, "{lines:?}");
        }
        let mut first = mined(&["第1页/共2页"]);
        first.append(mined(&["第2页/共2页"]));
        assert_eq!(first.missing_pages(), None);
    }

    #[test]
    fn the_most_rows_that_are_shown() {
        for (line, expected) in [
            ("仅显示前2条", Some(2)),
            ("只导出最近 1,000 条记录", Some(1_000)),
            ("最多导出10000条", Some(10_000)),
            ("结果较多，显示前 500 行", Some(500)),
            ("Showing first 2 rows", Some(2)),
            ("Limited to 1,000 records", Some(1_000)),
            ("top 10 results", Some(10)),
            ("仅 2 项不合格", None),
            ("每页最多显示 2 条", None),
            ("备注最多显示1行", None),
            ("共 2 条", None),
            ("stop 10 results", None),
        ] {
            assert_eq!(mined(&[line]).most.map(|(most, _)| most), expected, "{line}");
        }
        let limited = mined(&["最多导出 10 条"]);
        assert_eq!((limited.limit(9), limited.limit(10), limited.limit(11)), (None, Some((10, 1)), None));
    }

    #[test]
    fn words_for_what_is_left_out() {
        for line in
            ["更多数据未显示", "结果已截断", "仅显示部分结果", "Results truncated", "12 more rows are not shown"]
        {
            assert_eq!(mined(&[line]).more(), Some(1), "{line}");
        }
        for line in ["更多信息请联系管理员", "日志已截断归档", "no rows left out", "truncated name"] {
            assert_eq!(mined(&[line]).more(), None, "{line}");
        }
    }

    #[test]
    fn filters_but_for_days_and_what_lets_everything_through() {
        for (line, expected) in [
            ("查询条件：状态=成功", Some("状态=成功")),
            ("备份报表 查询条件 状态=成功", Some("状态=成功")),
            ("筛选条件: 部门 等于 财务部", Some("部门 等于 财务部")),
            ("筛选条件：状态为成功", Some("状态为成功")),
            ("过滤条件：结果<>失败 时间=2026-07-01 至 2026-09-30", Some("结果<>失败")),
            ("已筛选：状态 = 在用", Some("状态 =在用")),
            ("Filter: status = success", Some("status =success")),
            ("查询条件：状态=全部，部门=财务部", Some("部门=财务部")),
            ("查询条件：", None),
            ("查询条件：无", None),
            ("查询条件：全部", None),
            ("查询条件：全部部门", None),
            ("查询条件：状态=全部 部门=所有", None),
            ("查询条件：执行结果： 备份对象： 开始时间：2026-07-01 结束时间：2026-09-30", None),
            ("查询条件：状态：全部状态", None),
            ("查询条件：状态：全部（含失败）", None),
            ("查询条件：执行结果：不限 备份对象：（空）", None),
            ("查询条件：未设置", None),
            ("查询条件：默认", None),
            ("Filter: (none)", None),
            ("Filters: none applied", None),
            ("Filter: Date: Last 90 days", None),
            ("筛选条件：本季度", None),
            ("筛选条件：2026年第三季度", None),
            ("筛选条件：近 90 天", None),
            ("筛选条件：最近三个月", None),
            ("筛选条件：未筛选", None),
            ("筛选条件：否", None),
            ("查询条件：显示全部记录", None),
            ("Filter: No filter", None),
            ("查询条件：开始时间>=2026-07-01 且 开始时间<=2026-09-30", None),
            ("查询条件：大小>=10", Some("大小>=10")),
            ("查询条件：状态 全部 时间 2026-07-01 至 2026-09-30", None),
            ("查询条件：状态（全部）、时间（2026-07-01 至 2026-09-30）", None),
            ("查询条件：状态：请选择 备份对象：请输入", None),
            ("查询条件：状态=全选", None),
            ("查询条件：全部状态，全部备份对象", None),
            ("查询条件：所有状态、所有任务", None),
            ("查询条件：2026-07-01 至 2026-09-30", None),
            ("查询条件：交易日期 2026年7月1日 - 2026年9月30日", None),
            ("查询条件：起始日期：20260701 终止日期：20260930 导出人：甲", None),
            ("查询条件：开始时间 介于 2026-07-01 00:00:00 和 2026-09-30 23:59:59 之间", None),
            ("Filter criteria: date from 2026-07-01 to 2026-09-30", None),
            ("填写说明：导出时不要加筛选条件；状态 列填成功或失败", None),
            ("注：不得设置过滤条件 结果 状态", None),
            ("说明：本表未按任何筛选条件过滤", None),
            ("本表未设筛选条件：状态", None),
            ("查询条件见封面", None),
            ("Success criteria: status = success", None),
            ("条件：无", None),
            ("查询日期：2026-10-08", None),
        ] {
            let found = mined(&[line]).filters.first().map(|(filter, _)| filter.clone());
            assert_eq!(found.as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn lines_that_say_nothing_else() {
        for line in
            ["第1页/共6页", "Page 1 of 6", "page 2/6", "仅显示前2条", "— 第 2 页 共 6 页 —", "（仅显示前 2 条）"]
        {
            assert!(is_one(line), "{line}");
        }
        for line in [
            "J-1",
            "备份报表",
            "第一条线路",
            "Paging 1",
            "",
            "销售 第1页",
            "扫描件第1页/共2页",
            "仅显示前2条告警的屏幕",
        ] {
            assert!(!is_one(line), "{line}");
        }
    }
}
