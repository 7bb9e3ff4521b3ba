//! Findings: counted exactly, fingerprinted, and the first of them kept whole.

use std::collections::HashMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::engine::plan::{Plan, RowKey, Slot};
use crate::evidence::{self, Index};
use crate::expr::{Column, Scalar, Type};
use crate::model::{Citation, Finding, FindingReason, Sensitivity};
use crate::text::{Lang, Text};

use super::columns::{Chunk, Position};

/// One part of a key: name, canonical text, how it is masked when shown.
pub(crate) type KeyPart = (String, Option<String>, Option<Sensitivity>);

/// Where findings of one check go.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) total: u64,
    /// The print of the key of every finding: all the memory that grows with findings. Those of one key are numbered at the end.
    prints: Option<Vec<u64>>,
    /// Position, print of the key alone, order of arrival.
    listed: Vec<(Position, u64, u64, Finding)>,
    /// Position of the last listed finding once the list is full.
    cutoff: Option<Position>,
    cap: usize,
    fingerprint_cap: usize,
}

/// What a finding says besides its key and reason.
pub(crate) struct Details {
    pub(crate) citations: Vec<Citation>,
    pub(crate) rows: Option<u64>,
    /// Values of the text by dotted name, in both languages.
    pub(crate) values: Vec<(String, Value, Value)>,
    /// Added to the text: why it cannot be decided.
    pub(crate) remark: Option<Text>,
    /// Stands for the text of the check, which would claim what nobody knows.
    pub(crate) instead: Option<Text>,
    /// The finding is about something missing: policy line and files searched are added.
    pub(crate) missing: bool,
    /// Shown instead of the key: times in the assessment's zone, columns where the key is only a hash.
    pub(crate) shown_key: Option<Vec<KeyPart>>,
}

impl Findings {
    pub(crate) fn new(cap: usize, fingerprint_cap: usize) -> Self {
        Self {
            total: 0,
            prints: Some(Vec::new()),
            listed: Vec::new(),
            cutoff: (cap == 0).then(Position::default),
            cap,
            fingerprint_cap,
        }
    }

    /// Adds a finding; `details` is asked only when the finding may be listed.
    pub(crate) fn add(
        &mut self,
        plan: &Plan,
        position: Position,
        reason: FindingReason,
        key: &[KeyPart],
        details: impl FnOnce() -> Details,
    ) {
        self.total += 1;
        let beyond = self.cutoff.is_some_and(|cutoff| position > cutoff);
        if self.prints.is_none() && beyond {
            return;
        }
        let print = fingerprint(plan.check.as_str(), key);
        match &mut self.prints {
            Some(prints) if prints.len() < self.fingerprint_cap => prints.push(print),
            prints => *prints = None,
        }
        if beyond {
            return;
        }
        let finding = finding(plan, print, reason, key, details());
        self.listed.push((position, print, self.total, finding));
        if self.listed.len() >= self.cap.saturating_mul(2).max(1) {
            self.trim();
        }
    }

    fn trim(&mut self) {
        self.listed.sort_by_key(|(position, print, number, _)| (*position, *print, *number));
        self.listed.truncate(self.cap);
        if self.listed.len() >= self.cap {
            self.cutoff = self.listed.last().map(|(position, ..)| *position).or(self.cutoff);
        }
    }

    /// The listed findings by file and row, and the fingerprints ascending.
    pub(crate) fn finish(mut self, plan: &Plan) -> (Vec<Finding>, Option<Vec<u64>>) {
        self.trim();
        // Which of several findings of one key came first depends on batches; by file and row it does not.
        let mut ordinals: HashMap<u64, u32> = HashMap::new();
        for (_, base, _, finding) in &mut self.listed {
            let ordinal = ordinals.entry(*base).or_insert(0);
            finding.fingerprint = numbered(plan.check.as_str(), *base, *ordinal);
            *ordinal += 1;
        }
        let prints = self.prints.map(|prints| all_numbered(plan.check.as_str(), prints));
        (self.listed.into_iter().map(|(.., finding)| finding).collect(), prints)
    }
}

/// The fingerprints of findings, ascending, of which these are the prints of the keys.
fn all_numbered(check: &str, mut prints: Vec<u64>) -> Vec<u64> {
    prints.sort_unstable();
    for alike in prints.chunk_by_mut(|one, other| one == other) {
        for (ordinal, print) in (0..).zip(alike) {
            *print = numbered(check, *print, ordinal);
        }
    }
    prints.sort_unstable();
    prints
}

/// The fingerprint of the n-th finding of one key: that of the key for the first.
fn numbered(check: &str, base: u64, ordinal: u32) -> u64 {
    if ordinal == 0 {
        return base;
    }
    fingerprint(check, &[("again".to_owned(), Some(format!("{base:016x} {ordinal}")), None)])
}

/// First eight bytes of SHA-256 over check and key.
fn fingerprint(check: &str, key: &[KeyPart]) -> u64 {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text.as_bytes());
    };
    add(check);
    for (name, text, _) in key {
        add(name);
        match text {
            Some(text) => add(text),
            None => add("\u{0}null"),
        }
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn finding(plan: &Plan, fingerprint: u64, reason: FindingReason, key: &[KeyPart], details: Details) -> Finding {
    let shown = details.shown_key.as_deref().unwrap_or(key).iter().map(|(name, text, sensitivity)| {
        let text = text.clone().unwrap_or_default();
        (name.clone(), sensitivity.map_or(text.clone(), |sensitivity| evidence::mask(sensitivity, &text)))
    });
    let key = shown.collect();
    let text = text(plan, &details);
    let mut values = Value::Object(Map::new());
    for (name, _, value) in &details.values {
        insert(&mut values, name, value.clone());
    }
    Finding {
        fingerprint,
        key,
        reason,
        citations: details.citations,
        searched: Vec::new(),
        policy: details.missing.then(|| plan.demand_place.whole().display()),
        rows: details.rows,
        values,
        text,
    }
}

fn text(plan: &Plan, details: &Details) -> Text {
    let base = match (&details.instead, &plan.finding) {
        (Some(instead), _) => instead.clone(),
        (None, Some(template)) => {
            let render = |lang: Lang| {
                let mut values = Value::Object(Map::new());
                for (name, zh, en) in &details.values {
                    insert(&mut values, name, if lang == Lang::Zh { zh } else { en }.clone());
                }
                let message = if lang == Lang::Zh { &template.zh.0 } else { &template.en.0 };
                message.render(&values)
            };
            Text::new(render(Lang::Zh), render(Lang::En))
        }
        (None, None) => Text::new(format!("不满足 {}", plan.written), format!("does not meet {}", plan.written)),
    };
    match &details.remark {
        Some(remark) => Text::new(format!("{}（{}）", base.zh, remark.zh), format!("{} ({})", base.en, remark.en)),
        None => base,
    }
}

/// Puts a value under its dotted name.
fn insert(values: &mut Value, name: &str, value: Value) {
    let mut at = values;
    let mut words = name.split('.').peekable();
    while let Some(word) = words.next() {
        let Value::Object(map) = at else { return };
        if words.peek().is_none() {
            map.insert(word.to_owned(), value);
            return;
        }
        let next = map.entry(word.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if !next.is_object() {
            // A name and a name below it (`a`, `a.b`): the deeper one is kept beside it.
            *next = Value::Object(Map::new());
        }
        at = next;
    }
}

/// The value of a slot for the text, in both languages, masked where sensitive.
pub(crate) fn text_value(slot: &Slot, column: &Column, row: usize, zone: chrono_tz::Tz) -> (Value, Value) {
    let same = |value: Value| (value.clone(), value);
    let masked = |text: &str| match slot.sensitivity {
        Some(sensitivity) => evidence::mask(sensitivity, text),
        None => text.to_owned(),
    };
    match column.scalar(row, &slot.ty) {
        Scalar::Null => same(Value::Null),
        Scalar::Boolean(value) => same(Value::Bool(value)),
        Scalar::Integer(value) if slot.sensitivity.is_none() => same(Value::from(value)),
        Scalar::Text(text) => same(Value::String(masked(&text))),
        Scalar::Duration(unit, value) => duration(unit, value),
        Scalar::List(item, items) => {
            let inner = Slot { ty: item.clone(), ..slot.clone() };
            let cells = Column::from_scalars(&item, &items);
            let pairs = (0..items.len()).map(|at| text_value(&inner, &cells, at, zone));
            let (zh, en): (Vec<Value>, Vec<Value>) = pairs.unzip();
            (Value::Array(zh), Value::Array(en))
        }
        _ => same(evidence::display_in(column, row, zone).map_or(Value::Null, |text| Value::String(masked(&text)))),
    }
}

fn duration(unit: crate::expr::DurationUnit, value: i64) -> (Value, Value) {
    use crate::expr::DurationUnit;
    const DAY: i64 = 86_400_000_000;
    const HOUR: i64 = 3_600_000_000;
    const MINUTE: i64 = 60_000_000;
    let (number, zh, en) = match unit {
        DurationUnit::Months => (value, "个月", "months"),
        _ if value % DAY == 0 => (value / DAY, "天", "days"),
        _ if value % HOUR == 0 => (value / HOUR, "小时", "hours"),
        _ => (value / MINUTE, "分钟", "minutes"),
    };
    let en = if number == 1 { en.trim_end_matches('s') } else { en };
    (Value::String(format!("{number} {zh}")), Value::String(format!("{number} {en}")))
}

/// Key parts from slots of a chunk, in canonical text: what fingerprints are made of.
pub(crate) fn key_parts(slots: &[Slot], chunk: &Chunk, row: usize, key: &[usize]) -> Vec<KeyPart> {
    parts(slots, chunk, key, |column| evidence::display(column, row))
}

/// The same as a reader is shown them: times in the assessment's zone.
pub(crate) fn shown_parts(
    slots: &[Slot],
    chunk: &Chunk,
    row: usize,
    key: &[usize],
    zone: chrono_tz::Tz,
) -> Vec<KeyPart> {
    parts(slots, chunk, key, |column| evidence::display_in(column, row, zone))
}

fn parts(slots: &[Slot], chunk: &Chunk, key: &[usize], text: impl Fn(&Column) -> Option<String>) -> Vec<KeyPart> {
    key.iter()
        .filter_map(|id| {
            let (slot, column) = (slots.get(*id)?, chunk.columns.get(*id)?);
            Some((slot.name.clone(), text(column), slot.sensitivity))
        })
        .collect()
}

/// Name of the part of a key that is a hash.
pub(crate) const ROW: &str = "row";

/// What names a row: its key; a hash where it has none, or where a part of the key is null and would name it like others.
pub(crate) fn row_key(key: &RowKey, slots: &[Slot], chunk: &Chunk, row: usize) -> Vec<KeyPart> {
    let mut parts = key_parts(slots, chunk, row, &key.named);
    let null = parts.iter().any(|(_, text, _)| text.is_none());
    if null && !key.whole.is_empty() {
        return vec![hashed(&key_parts(slots, chunk, row, &key.whole))];
    }
    if !key.hashed.is_empty() {
        parts.push(hashed(&key_parts(slots, chunk, row, &key.hashed)));
    }
    parts
}

/// The same as a reader is shown it: the key as it is, and instead of a hash the columns `told`, if any.
pub(crate) fn shown_key(
    key: &RowKey,
    slots: &[Slot],
    chunk: &Chunk,
    row: usize,
    told: &[usize],
    zone: chrono_tz::Tz,
) -> Vec<KeyPart> {
    let mut shown = shown_parts(slots, chunk, row, &key.named, zone);
    let Some(hash) = row_key(key, slots, chunk, row).into_iter().find(|(name, ..)| name == ROW) else { return shown };
    let told: Vec<usize> = told.iter().copied().filter(|id| !key.named.contains(id)).collect();
    if told.is_empty() {
        shown.push(hash);
    } else {
        shown.extend(shown_parts(slots, chunk, row, &told, zone));
    }
    shown
}

/// One part that stands for several: their hash.
fn hashed(parts: &[KeyPart]) -> KeyPart {
    let print = fingerprint(ROW, parts);
    (ROW.to_owned(), Some(format!("{print:016x}")), None)
}

/// Why a row could not be decided: names of the given columns that are null in it, and what is not known of the official
/// calendar. `None`: nothing more can be said.
pub(crate) fn undecided_reason(
    slots: &[Slot],
    chunk: &Chunk,
    row: usize,
    read: &[usize],
    calendar: Option<Text>,
) -> Option<Text> {
    use crate::expr::Doubt;
    let (mut blank, mut unreadable, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for id in read {
        let (Some(slot), Some(column)) = (slots.get(*id), chunk.columns.get(*id)) else { continue };
        if column.is_empty() || slot.ty == Type::Null || column.values.is_valid(row) {
            continue;
        }
        let list = match column.doubt.at(row) {
            0 => &mut blank,
            doubt if doubt & Doubt::UNREADABLE != 0 => &mut unreadable,
            doubt if doubt & Doubt::NO_PARTNER != 0 => &mut alone,
            _ => &mut blank,
        };
        list.push(format!("`{}`", slot.name));
    }
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (names, word_zh, word_en) in
        [(blank, "为空", "blank"), (unreadable, "无法读取", "unreadable"), (alone, "没有匹配的行", "without partner")]
    {
        if !names.is_empty() {
            zh.push(format!("{}{word_zh}", names.join("、")));
            en.push(format!("{} {word_en}", names.join(", ")));
        }
    }
    if let Some(calendar) = calendar {
        zh.push(calendar.zh);
        en.push(calendar.en);
    }
    (!zh.is_empty()).then(|| Text::new(zh.join("，"), en.join(", ")))
}

/// The remark of a row that is held against the demand and cannot be decided.
pub(crate) fn undecided_remark(reason: Option<Text>) -> Text {
    match reason {
        Some(reason) => Text::new(format!("无法判断：{}", reason.zh), format!("undecided: {}", reason.en)),
        None => Text::new("无法判断", "undecided"),
    }
}

/// The reason behind a NULL.
pub(crate) fn reason_of(doubt: u8) -> FindingReason {
    use crate::expr::Doubt;
    if doubt & Doubt::UNREADABLE != 0 {
        FindingReason::Unreadable
    } else if doubt & Doubt::NO_PARTNER != 0 {
        FindingReason::NoPartner
    } else {
        FindingReason::Undecided
    }
}

/// Index for paths, the zone for times, the context of evaluation: what making a finding needs besides the rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'r> {
    pub(crate) index: &'r Index,
    pub(crate) zone: chrono_tz::Tz,
    /// What expressions were evaluated with: to say why one has no value.
    pub(crate) context: &'r crate::expr::Context,
}
