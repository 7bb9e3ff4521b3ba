//! What stands in brackets behind a heading: a note to whoever fills the column in, or words that make it another quantity,
//! another time or another answer than the field is. 学时（必填） is 学时; 学时（分钟）, 开始时间（UTC） and 是否加密（0=是） are not.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;
use regex::Regex;

use super::forms::{self, pattern};
use crate::expr::{Scalar, Type};
use crate::model::{Field, FieldKind};

/// Units as headings write them. Those of one row are the same.
const UNITS: &[&[&str]] = &[
    &["s", "sec", "秒", "秒钟"],
    &["min", "mins", "minutes", "分", "分钟"],
    &["h", "hr", "hrs", "hour", "hours", "时", "小时", "学时"],
    &["d", "day", "days", "天", "日"],
    &["w", "week", "weeks", "周", "星期"],
    &["month", "months", "月", "个月"],
    &["y", "year", "years", "年"],
    &["b", "byte", "bytes", "字节"],
    &["k", "kb", "kib", "千字节"],
    &["m", "mb", "mib", "兆", "兆字节"],
    &["g", "gb", "gib", "吉字节"],
    &["t", "tb", "tib", "太字节"],
    &["%", "percent", "百分比"],
    &["‰", "千分比"],
    &["°c", "℃", "摄氏度"],
    &["°f", "℉", "华氏度", "华氏"],
];

/// What the units of each stretch of [`UNITS`] measure: the first of the next.
const QUANTITIES: [usize; 4] = [7, 12, 14, 16];

/// Which of the known units a word is.
pub(crate) fn unit(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    UNITS.iter().position(|words| words.contains(&word.as_str())).and_then(|unit| u8::try_from(unit).ok())
}

/// Whether two units measure the same, as minutes and hours do.
fn are_of_one_quantity(one: u8, other: u8) -> bool {
    let of = |unit: u8| QUANTITIES.iter().position(|first| usize::from(unit) < *first);
    of(one) == of(other)
}

/// A normalised name and what stands in brackets at its end: `学时(h)`.
pub(crate) fn parted(normal: &str) -> Option<(&str, &str)> {
    let (open, close) = match normal.chars().last()? {
        ')' => ('(', ')'),
        ']' => ('[', ']'),
        '】' => ('【', '】'),
        _ => return None,
    };
    let (name, rest) = normal.rsplit_once(open)?;
    (!name.is_empty()).then_some((name, rest.strip_suffix(close)?))
}

/// Whether a text begins with a bracket, as what belongs to the word before it does.
pub(crate) fn begins_with_bracket(text: &str) -> bool {
    text.starts_with(['(', '（', '[', '［', '【', '〔'])
}

/// What a field is, as far as words in brackets can contradict it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meaning {
    unit: Option<u8>,
    /// Numbers that count without bound: a level from 1 to 4 counts no tens of thousands.
    counts: bool,
    is_boolean: bool,
    is_time: bool,
    /// Declared words for yes and no.
    answers: BTreeMap<String, bool>,
    /// The zone of its times, where that is known.
    zone: Option<Tz>,
}

impl Meaning {
    /// Of a field whose times are of `zone` unless it says otherwise.
    pub(crate) fn of(field: &Field, zone: Option<Tz>) -> Self {
        let FieldKind::Column(column) = &field.kind else { return Self::default() };
        let ty = match &column.ty {
            Type::List(item) => item,
            ty => ty,
        };
        let answer = |(word, value): (&String, &Scalar)| match value {
            Scalar::Boolean(answer) => Some((word.to_lowercase(), *answer)),
            _ => None,
        };
        Self {
            unit: field.unit.as_deref().and_then(unit),
            counts: matches!(ty, Type::Integer | Type::Decimal)
                && column.maximum.is_none()
                && column.allowed.is_empty()
                && column.synonyms.is_empty(),
            is_boolean: *ty == Type::Boolean,
            is_time: matches!(ty, Type::Date | Type::Timestamp),
            answers: column.synonyms.iter().filter_map(answer).collect(),
            zone: column.time_zone.as_ref().and_then(|name| name.parse().ok()).or(zone),
        }
    }

    /// Whether words in brackets behind a heading, normalised, make it something else than the field. They may be several
    /// notes: 必填，单位：分钟.
    pub(crate) fn is_contradicted_by(&self, words: &str) -> bool {
        if self.is_boolean && self.is_inverted_by(words) {
            return true;
        }
        words.split([',', '、', ';', '/', '。']).map(str::trim).any(|note| {
            let measured = measured(note);
            self.is_of_other_unit(measured)
                || (self.counts && is_multiple(measured))
                || (self.is_time && self.is_of_other_zone(note))
                || is_of_intention(note)
        })
    }

    /// Whether a line beside the table (单位：分钟, 单位：万人) makes the numbers under a heading others than the field counts.
    pub(crate) fn is_contradicted_by_line(&self, stated: &str, heading: &str) -> bool {
        match (unit(stated), self.unit) {
            (Some(stated), Some(own)) => stated != own && are_of_one_quantity(stated, own),
            (Some(_), None) => false,
            (None, own) => {
                let of_money = !stated.ends_with('元') || heading.contains(MONEY);
                self.counts && own.is_none() && is_multiple(stated) && of_money
            }
        }
    }

    fn is_of_other_unit(&self, words: &str) -> bool {
        let Some(own) = self.unit else { return false };
        let bare = words.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '半' | '每'));
        unit(bare).is_some_and(|stated| stated != own || bare.len() < words.len())
    }

    /// Where the zone of the field is not known nothing contradicts it.
    fn is_of_other_zone(&self, words: &str) -> bool {
        let Some(own) = self.zone else { return false };
        zone(words)
            .is_some_and(|stated| stated == Stated::Some || offset_all_year(own).map(Stated::Offset) != Some(stated))
    }

    /// Whether a legend gives 1 to "no" or 0 to "yes", which cells are not read as (0=已加密 1=未加密), or to words of which
    /// nobody knows what they are.
    fn is_inverted_by(&self, words: &str) -> bool {
        let said: Vec<Option<bool>> =
            legend(words).into_iter().map(|(digit, word)| Some(self.says_yes(word)? == (digit == "1"))).collect();
        said.contains(&Some(false)) || (!said.is_empty() && !said.contains(&Some(true)))
    }

    /// Whether a word of a legend means yes.
    fn says_yes(&self, word: &str) -> Option<bool> {
        if let Some(answer) = self.answers.get(word).copied().or_else(|| forms::boolean(word)) {
            return Some(answer);
        }
        match word.chars().next()? {
            '未' | '否' | '无' | '不' | '非' | '没' => Some(false),
            '已' | '是' | '有' => Some(true),
            _ => None,
        }
    }
}

/// Signs of headings of money.
const MONEY: [char; 9] = ['额', '元', '款', '价', '费', '值', '薪', '税', '资'];

/// What a note says of units: 单位：分钟, 单位为分钟, 以分钟计, 分钟数.
fn measured(note: &str) -> &str {
    let note = ["计量单位", "单位", "以", "按"].iter().find_map(|word| note.strip_prefix(word)).unwrap_or(note);
    let note = note.trim_start_matches([':', '为', ' ']);
    ["为单位", "计算", "填写", "计", "数"].iter().find_map(|word| note.strip_suffix(word)).unwrap_or(note)
}

/// The pairs of a legend of 0 and 1 with their words: joined by a sign or a verb, else side by side.
fn legend(words: &str) -> Vec<(&str, &str)> {
    static PAIRS: LazyLock<[Option<Regex>; 4]> = LazyLock::new(|| {
        [
            // The digit first, or the word first; then the same without anything between them.
            r"(?P<digit>[01])\s*(?:[=:]|为|表示|代表|-)+\s*(?P<word>[\p{Han}a-z]{1,8})",
            r"(?P<word>[\p{Han}a-z]{1,8}?)\s*(?:[=:]|为|填)+\s*(?P<digit>[01])",
            r"(?P<digit>[01])(?P<word>[\p{Han}a-z]{1,8})",
            r"(?P<word>[\p{Han}a-z]{1,8})(?P<digit>[01])",
        ]
        .map(pattern)
    });
    let [digit_first, word_first, digit_beside, word_beside] = &*PAIRS;
    let beside = if words.starts_with(['0', '1']) { [digit_beside, word_beside] } else { [word_beside, digit_beside] };
    let pairs = [digit_first, word_first].into_iter().chain(beside).flatten();
    let found = pairs.map(|pattern| -> Vec<(&str, &str)> {
        let part = |found: &regex::Captures<'_>, name| found.name(name).and_then(|part| words.get(part.range()));
        // 10 and 0.5 are other numbers.
        let is_whole = |found: &regex::Captures<'_>| {
            let Some(digit) = found.name("digit") else { return false };
            let is_part = |c: char| c.is_ascii_digit() || c == '.';
            !words.get(..digit.start()).unwrap_or_default().ends_with(is_part)
                && !words.get(digit.end()..).unwrap_or_default().starts_with(is_part)
        };
        let whole = pattern.captures_iter(words).filter(is_whole);
        whole.filter_map(|found| part(&found, "digit").zip(part(&found, "word"))).collect()
    });
    found.into_iter().find(|pairs| !pairs.is_empty()).unwrap_or_default()
}

/// The unit that a line above a table states of all of it: 单位：分钟, （单位：万人）. 单位 also means whose table it is.
pub(crate) fn stated(line: &str) -> Option<&str> {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?:^|[\s(\[,;。|:])\p{Han}{0,4}单位(?:\s*[:为]\s*|\s+)([\p{Han}A-Za-z%‰°℃℉]{1,5}?)(?:[/每]\p{Han}{1,2})?(?:$|[\s)\],;。|])",
        )
    });
    // What stands for it in a sentence: 学时以分钟计, (学时:分钟), 1学时=45分钟, 数据量为GB.
    static SENTENCES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r"(?:以|按)\s*(?:\d{1,4}\s*)?([\p{Han}A-Za-z%]{1,4}?)\s*(?:为单位|计算|计|折算|换算)",
            r"[(\[]\s*\p{Han}{2,8}\s*:\s*([\p{Han}A-Za-z%]{1,4})\s*[)\]]",
            r"(?:^|\D)1\s*个?(?:学时|课时)\s*(?:=|为|等于|折合|按)\s*\d{1,3}\s*(分钟|分)",
            r"\p{Han}{2,8}(?:均|统一)?为\s*([A-Za-z]{1,5})(?:$|[\s)\],;。])",
        ]
        .into_iter()
        .filter_map(pattern)
        .collect()
    });
    static HOUR: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?:=|为|等于|折合|按)\s*60\s*分"));
    let by_word = LINE.as_ref().and_then(|line_of| line_of.captures(line));
    let is_hour = || HOUR.as_ref().is_some_and(|hour| hour.is_match(line));
    let by_sentence = || SENTENCES.iter().filter_map(|sentence| sentence.captures(line)).find(|_| !is_hour());
    let is_unit = |words: &&str| is_stated(words);
    let words = |found: regex::Captures<'_>| found.get(1).and_then(|part| line.get(part.range())).filter(is_unit);
    by_word.and_then(words).or_else(|| by_sentence().and_then(words))
}

/// Whether a word is one that is stated of numbers: a unit, or how many of it.
pub(crate) fn is_stated(words: &str) -> bool {
    unit(words).is_some() || is_multiple(words)
}

/// Whether a word says that numbers count tens of thousands or the like: 万, 万人, 千元.
fn is_multiple(words: &str) -> bool {
    static MULTIPLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"^(?:[百千万亿]|[十百千]万)(?:元|人|人次|条|个|件|次|份|笔|户|台|张|行|小时|欧元|美元|人民币)?$")
    });
    MULTIPLE.as_ref().is_some_and(|multiple| multiple.is_match(words))
}

/// What a word says of the zone of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stated {
    /// Seconds east of Greenwich.
    Offset(i32),
    /// A zone, and which is not clear.
    Some,
}

/// The zone that a word names, if it names one.
fn zone(words: &str) -> Option<Stated> {
    static ZONE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^(?:utc|gmt)(?:\+(\d{1,2})(?::?(\d{2}))?)?(?:时间|time|时区)?$"));
    match words {
        "北京时间" | "东八区" | "中国标准时间" | "北京" | "beijingtime" | "chinastandardtime" | "cst" => {
            return Some(Stated::Offset(8 * 3_600));
        }
        "世界时" | "世界标准时间" | "协调世界时" | "零时区" | "z" | "格林尼治时间" | "格林威治时间" | "zulu" =>
        {
            return Some(Stated::Offset(0));
        }
        "夏令时" | "夏时制" | "dst" | "est" | "edt" | "pst" | "pdt" | "jst" | "cet" | "美东时间" | "太平洋时间"
        | "东京时间" | "america" | "europe" | "africa" | "australia" => {
            return Some(Stated::Some);
        }
        _ => {}
    }
    if let Some(found) = ZONE.as_ref().and_then(|zone| zone.captures(words)) {
        let number = |group: usize| found.get(group).map_or(Some(0), |digits| digits.as_str().parse::<i32>().ok());
        let offset = number(1).zip(number(2)).map(|(hours, minutes)| hours * 3_600 + minutes * 60);
        return Some(offset.map_or(Stated::Some, Stated::Offset));
    }
    if words.ends_with("时间") && ["美国", "欧洲", "英国", "日本", "美西"].iter().any(|place| words.starts_with(place))
    {
        return Some(Stated::Some);
    }
    // utc8 was UTC-8: a name is normalised without its hyphens.
    (words.starts_with("utc") || words.starts_with("gmt")).then_some(Stated::Some)
}

/// Whether a word names a zone of time.
pub(crate) fn is_zone(words: &str) -> bool {
    zone(words).is_some()
}

/// Seconds east of Greenwich of a zone whose clock is not changed.
fn offset_all_year(zone: Tz) -> Option<i32> {
    let offset = |month| {
        let noon = NaiveDate::from_ymd_opt(2026, month, 1)?.and_hms_opt(12, 0, 0)?;
        Some(zone.offset_from_utc_datetime(&noon).fix().local_minus_utc())
    };
    (offset(1) == offset(7)).then(|| offset(1)).flatten()
}

/// Whether a word says that what stands below is not what happened: 计划, 预计, 剩余.
fn is_of_intention(words: &str) -> bool {
    const BEGINS: [&str; 9] = ["计划", "预计", "预估", "估计", "剩余", "目标值", "planned", "expected", "remaining"];
    const WHOLE: [&str; 9] = ["应", "拟", "目标", "上期", "上月", "上年", "去年", "原值", "旧值"];
    WHOLE.contains(&words) || BEGINS.iter().any(|word| words.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::cells::plain;

    fn field(ty: Type, unit: Option<&str>) -> Field {
        Field {
            name: "f".into(),
            position: 0,
            title: None,
            aliases: Vec::new(),
            stated: Vec::new(),
            kind: FieldKind::Column(Box::new(plain(ty))),
            required: false,
            sensitivity: None,
            unit: unit.map(Into::into),
            description: None,
        }
    }

    #[test]
    fn words_in_brackets_that_make_it_something_else_are_told_from_notes() {
        let shanghai = Some(chrono_tz::Asia::Shanghai);
        for (ty, unit, words, expected) in [
            (Type::Decimal, Some("h"), "h", false),
            (Type::Decimal, Some("h"), "小时", false),
            (Type::Decimal, Some("h"), "单位:小时", false),
            (Type::Decimal, Some("h"), "必填", false),
            (Type::Decimal, Some("h"), "保留2位小数", false),
            (Type::Decimal, Some("h"), "min", true),
            (Type::Decimal, Some("h"), "单位:分钟", true),
            (Type::Decimal, Some("h"), "45分钟", true),
            (Type::Decimal, Some("h"), "半天", true),
            (Type::Decimal, Some("h"), "计划", true),
            (Type::Integer, None, "人", false),
            (Type::Integer, None, "万人", true),
            (Type::Integer, None, "千", true),
            (Type::Text, None, "万达", false),
            (Type::Integer, Some("b"), "千字节", true),
            (Type::Timestamp, None, "utc", true),
            (Type::Timestamp, None, "utc+8", false),
            (Type::Timestamp, None, "gmt+08:00", false),
            (Type::Timestamp, None, "utc05:00", true),
            (Type::Timestamp, None, "utc+0", true),
            (Type::Timestamp, None, "北京时间", false),
            (Type::Timestamp, None, "yyyymmdd", false),
            (Type::Timestamp, None, "预计", true),
            (Type::Text, None, "utc", false),
            (Type::Boolean, None, "是/否", false),
            (Type::Boolean, None, "1=是,0=否", false),
            (Type::Boolean, None, "是1否0", false),
            (Type::Boolean, None, "0=已加密1=未加密", true),
            (Type::Boolean, None, "0是1否", true),
            (Type::Boolean, None, "1:否,0:是", true),
            (Type::Boolean, None, "1=未加密", true),
            (Type::Boolean, None, "1=已加密", false),
            (Type::Boolean, None, "0/1", false),
            (Type::Boolean, None, "是/否,0/1", false),
            (Type::Boolean, None, "填1表示是,0表示否", false),
            (Type::Boolean, None, "默认1=是,0=否", false),
            (Type::Boolean, None, "1=好0=坏", true),
            (Type::Boolean, None, "1=完成0=未完成", false),
            (Type::Boolean, None, "保留2位小数", false),
            (Type::Decimal, Some("h"), "单位:分钟,必填", true),
            (Type::Decimal, Some("h"), "必填,单位为分钟", true),
            (Type::Decimal, Some("h"), "以分钟计", true),
            (Type::Decimal, Some("h"), "分钟数", true),
            (Type::Decimal, Some("h"), "按小时填写", false),
            (Type::Decimal, Some("h"), "h/min", true),
            (Type::Timestamp, None, "utc+8,北京时间", false),
            (Type::Timestamp, None, "america/newyork", true),
            (Type::Timestamp, None, "asia/shanghai", false),
            (Type::Timestamp, None, "z", true),
            (Type::Timestamp, None, "yyyymmdd,预计", true),
        ] {
            let meaning = Meaning::of(&field(ty.clone(), unit), shanghai);
            assert_eq!(meaning.is_contradicted_by(words), expected, "{ty:?} {unit:?} {words}");
        }
        let mut utc = field(Type::Timestamp, None);
        if let FieldKind::Column(column) = &mut utc.kind {
            column.time_zone = Some("UTC".into());
        }
        assert!(!Meaning::of(&utc, shanghai).is_contradicted_by("utc"));
        assert!(Meaning::of(&utc, shanghai).is_contradicted_by("北京时间"));
        assert!(!Meaning::of(&field(Type::Timestamp, None), None).is_contradicted_by("utc"), "no zone is known");
        let mut health = field(Type::Boolean, None);
        if let FieldKind::Column(column) = &mut health.kind {
            column.synonyms = [("正常", true), ("异常", false)]
                .map(|(word, answer)| (word.to_owned(), Scalar::Boolean(answer)))
                .into();
        }
        for (words, expected) in [("0=正常1=异常", true), ("1异常0正常", true), ("1=正常,0=异常", false)] {
            assert_eq!(Meaning::of(&health, None).is_contradicted_by(words), expected, "{words}");
        }
    }

    #[test]
    fn tens_of_thousands_of_money_are_those_of_money() {
        let number = Meaning::of(&field(Type::Integer, None), None);
        assert!(number.is_contradicted_by_line("万元", "合同金额") && !number.is_contradicted_by_line("万元", "台数"));
        let mut level = field(Type::Integer, None);
        if let FieldKind::Column(column) = &mut level.kind {
            column.maximum = Some(Scalar::Integer(4));
        }
        assert!(!Meaning::of(&level, None).is_contradicted_by_line("万人", "级别"));
    }

    #[test]
    fn a_line_that_states_a_unit_is_told_from_one_that_names_an_entity() {
        for (line, expected) in [
            ("单位:分钟", Some("分钟")),
            ("单位: 万人", Some("万人")),
            ("2026年第三季度 (单位:MB)", Some("MB")),
            ("单位:万达公司", None),
            ("填报单位:万达", None),
            ("单位:财务部", None),
            ("单位:元", None),
            ("学时单位:分钟", Some("分钟")),
            ("单位 分钟", Some("分钟")),
            ("注:单位为分钟", Some("分钟")),
            ("单位:分钟/人", Some("分钟")),
            ("注:学时以分钟计", Some("分钟")),
            ("(学时:分钟)", Some("分钟")),
            ("1学时=45分钟", Some("分钟")),
            ("备注:1课时=45分钟", Some("分钟")),
            ("1学时=60分钟", None),
            ("说明:本表学时按45分钟折算", Some("分钟")),
            ("注:1. 保存期限以年为单位;2. 其他", Some("年")),
            ("注:保存期限按年计", Some("年")),
            ("(保存期限:年)", Some("年")),
            ("注:数据量为GB", Some("GB")),
            ("注:数据量以MB计", Some("MB")),
            ("注:以实际发生额为准", None),
            ("备份按策略执行,以日志为准", None),
            ("(部门:财务)", None),
            ("按制度计划执行", None),
            ("责任人为甲", None),
        ] {
            assert_eq!(stated(line), expected, "{line}");
        }
    }

    #[test]
    fn a_line_beside_the_table_contradicts_what_measures_the_same() {
        for (ty, unit, stated, expected) in [
            (Type::Decimal, Some("h"), "分钟", true),
            (Type::Decimal, Some("h"), "小时", false),
            (Type::Decimal, Some("h"), "MB", false),
            (Type::Decimal, Some("h"), "元", false),
            (Type::Integer, None, "万人", true),
            (Type::Integer, None, "人", false),
            (Type::Integer, None, "分钟", false),
            (Type::Text, None, "万人", false),
            (Type::Integer, None, "万元", false),
        ] {
            let meaning = Meaning::of(&field(ty.clone(), unit), None);
            assert_eq!(meaning.is_contradicted_by_line(stated, "人数"), expected, "{ty:?} {unit:?} {stated}");
        }
    }
}
