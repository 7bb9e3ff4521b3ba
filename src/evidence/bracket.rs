//! What stands in brackets behind a heading: a note to whoever fills the column in, or words that make it another quantity,
//! another time or another answer than the field is. 学时（必填） is 学时; 学时（分钟）, 开始时间（UTC） and 是否加密（0=是） are not.

use std::sync::LazyLock;

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;
use regex::Regex;

use super::forms::{self, pattern};
use crate::expr::Type;
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
    is_number: bool,
    is_boolean: bool,
    is_time: bool,
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
        Self {
            unit: field.unit.as_deref().and_then(unit),
            is_number: matches!(ty, Type::Integer | Type::Decimal),
            is_boolean: *ty == Type::Boolean,
            is_time: matches!(ty, Type::Date | Type::Timestamp),
            zone: column.time_zone.as_ref().and_then(|name| name.parse().ok()).or(zone),
        }
    }

    /// Whether words in brackets behind a heading, normalised, make it something else than the field.
    pub(crate) fn is_contradicted_by(&self, words: &str) -> bool {
        let words = words.strip_prefix("单位").map_or(words, |unit| unit.trim_start_matches([':', '：']));
        self.is_of_other_unit(words)
            || (self.is_number && is_multiple(words))
            || (self.is_time && self.is_of_other_zone(words))
            || (self.is_boolean && inverts(words))
            || is_of_intention(words)
    }

    /// Whether a line beside the table (单位：分钟, 单位：万人) makes the numbers of the field others than it counts.
    pub(crate) fn is_contradicted_by_line(&self, stated: &str) -> bool {
        match (unit(stated), self.unit) {
            (Some(stated), Some(own)) => stated != own && are_of_one_quantity(stated, own),
            (Some(_), None) => false,
            (None, own) => self.is_number && own.is_none() && is_multiple(stated),
        }
    }

    fn is_of_other_unit(&self, words: &str) -> bool {
        let Some(own) = self.unit else { return false };
        let bare = words.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '半' | '每'));
        unit(bare).is_some_and(|stated| stated != own || bare.len() < words.len())
    }

    fn is_of_other_zone(&self, words: &str) -> bool {
        let own = self.zone.and_then(offset_all_year).map(Stated::Offset);
        zone(words).is_some_and(|stated| own != Some(stated) || stated == Stated::Some)
    }
}

/// The unit that a line above a table states of all of it: 单位：分钟, （单位：万人）. 单位 also means whose table it is.
pub(crate) fn stated(line: &str) -> Option<&str> {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"(?:^|[\s(\[,;。|])(?:计量|数量|时间)?单位\s*:\s*([\p{Han}A-Za-z%‰°℃℉]{1,5})(?:$|[\s)\],;。|])")
    });
    let words = LINE.as_ref()?.captures(line)?.get(1)?.as_str();
    (unit(words).is_some() || is_multiple(words)).then_some(words)
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
        "世界时" | "协调世界时" | "零时区" | "格林尼治时间" | "格林威治时间" | "zulu" => {
            return Some(Stated::Offset(0));
        }
        "est" | "edt" | "pst" | "pdt" | "jst" | "cet" | "美东时间" | "太平洋时间" | "东京时间" => {
            return Some(Stated::Some);
        }
        _ => {}
    }
    if let Some(found) = ZONE.as_ref().and_then(|zone| zone.captures(words)) {
        let number = |group: usize| found.get(group).map_or(Some(0), |digits| digits.as_str().parse::<i32>().ok());
        let offset = number(1).zip(number(2)).map(|(hours, minutes)| hours * 3_600 + minutes * 60);
        return Some(offset.map_or(Stated::Some, Stated::Offset));
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

/// Whether a legend gives 1 to "no" or 0 to "yes", which cells are not read as: 0=已加密 1=未加密.
fn inverts(words: &str) -> bool {
    static PARTS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\d+|[\p{Han}a-z]+"));
    let Some(parts) = PARTS.as_ref() else { return false };
    let parts: Vec<&str> = parts.find_iter(words).map(|part| part.as_str()).collect();
    parts.chunks_exact(2).any(|pair| {
        let &[first, second] = pair else { return false };
        // The digit stands before its word in all pairs, or behind it.
        let (digit, word) = if first.starts_with(['0', '1']) { (first, second) } else { (second, first) };
        let word = ["表示", "代表", "为"].iter().find_map(|says| word.strip_prefix(says)).unwrap_or(word);
        matches!(digit, "0" | "1") && says_yes(word).is_some_and(|yes| yes != (digit == "1"))
    })
}

/// Whether a word of a legend means yes.
fn says_yes(word: &str) -> Option<bool> {
    if let Some(read) = forms::boolean(word) {
        return Some(read);
    }
    match word.chars().next()? {
        '未' | '否' | '无' | '不' | '非' | '没' => Some(false),
        '已' | '是' | '有' => Some(true),
        _ => None,
    }
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
        ] {
            let meaning = Meaning::of(&field(ty.clone(), unit), None);
            assert_eq!(meaning.is_contradicted_by_line(stated), expected, "{ty:?} {unit:?} {stated}");
        }
    }
}
