//! Controls, provisions and evidence kinds in words, as `policy show` and `explain` print them.

use super::plain::plain;
use super::session;
use crate::assess::procedure;
use crate::evidence::{date_text, nested_lists, table_columns};
use crate::expr::{DurationUnit, Scalar};
use crate::model::{
    Adapter, Binding, Check, Control, EvidenceKind, Param, ParamType, Provision, Severity, Share, ThresholdSource,
    Verification,
};
use crate::policy::Pack;
use crate::text::{Excerpt, Lang, Text};

/// Writes words into a text, in one language.
pub(super) struct Page {
    text: String,
    lang: Lang,
}

impl Page {
    pub(super) fn new(lang: Lang) -> Self {
        Self { text: String::new(), lang }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn text(&self, text: &Text) -> String {
        plain(text.get(self.lang)).into_owned()
    }

    pub(super) fn line(&mut self, words: &str) {
        self.text.push_str(words.trim_end());
        self.text.push('\n');
    }

    fn field(&mut self, zh: &str, en: &str, value: &str) {
        let label = self.say(zh, en);
        let colon = if self.lang == Lang::Zh { "：" } else { ": " };
        let line = format!("{label}{colon}{value}");
        self.line(&line);
    }

    /// One control: what it asks, on what law, with which values, how it is tested.
    pub(super) fn control(&mut self, pack: &Pack, control: &Control, as_of: i32) {
        let title = self.text(&control.title);
        self.line(&format!("{}  {title}", control.id));
        let objective = self.text(&control.objective);
        self.line(&format!("  {objective}"));
        self.line("");
        let severity = self.text(&severity(control.severity));
        self.field("风险等级", "severity", &severity);
        let family = self.text(&pack.family_title(&control.family));
        self.field("类别", "family", &format!("{} {family}", control.family));
        let source = plain(&control.source.name).into_owned();
        self.field("文件", "file", &source);
        if let Some(condition) = &control.applies_if {
            self.field("适用条件", "applies if", &code(condition));
        }
        self.line("");
        self.heading("依据", "provisions");
        for (id, _) in &control.provisions {
            match pack.provisions.get(id) {
                Some(provision) => self.provision_line(pack, provision, as_of),
                None => self.line(&format!("  {id}")),
            }
        }
        if !control.params.is_empty() {
            self.line("");
            self.heading("参数", "parameters");
            for (name, param) in &control.params {
                self.param(name, param);
            }
        }
        for check in &control.checks {
            self.line("");
            self.check(check);
        }
        self.line("");
        let remedy = self.text(&control.remedy);
        self.field("整改建议", "remedy", &remedy);
        let kinds: Vec<String> = session::kinds_of_control(control)
            .into_iter()
            .filter_map(|id| pack.kinds.get(&id).map(|kind| format!("{id}（{}）", kind.title.get(self.lang))))
            .collect();
        let kinds = kinds.join(self.say("、", ", "));
        self.field("所需证据", "evidence", if kinds.is_empty() { "—" } else { &kinds });
    }

    fn heading(&mut self, zh: &str, en: &str) {
        let words = self.say(zh, en).to_owned();
        self.line(&words);
    }

    fn provision_line(&mut self, pack: &Pack, provision: &Provision, as_of: i32) {
        let law = pack.laws.get(&provision.law).map_or_else(|| provision.law.clone(), |law| self.text(&law.title));
        let summary = self.text(&provision.summary);
        let force = self.force(provision, as_of);
        self.line(&format!(
            "  {}  {law} {}  [{force}; {}]",
            provision.id,
            plain(&provision.article),
            self.level(provision.verification)
        ));
        self.line(&format!("      {summary}"));
    }

    fn force(&self, provision: &Provision, as_of: i32) -> String {
        let from = provision.in_force_from.map_or_else(|| "…".to_owned(), date_text);
        let to = provision.in_force_to.map_or_else(|| "…".to_owned(), date_text);
        let span = format!("{from} – {to}");
        if provision.in_force(as_of) {
            span
        } else {
            format!("{span} {}", self.say("基准日未施行", "not in force on the as-of date"))
        }
    }

    fn level(&self, level: Verification) -> &str {
        match level {
            Verification::A => self.say("核实 A：已通读原文副本", "verified A: read in full in a stored copy"),
            Verification::B => self.say("核实 B：二手来源确认", "verified B: confirmed by a secondary source"),
            Verification::C => self.say("核实 C：内容确认，条号推定", "verified C: content confirmed, number derived"),
            Verification::U => self.say("核实 U：未核实", "U: unverified"),
        }
    }

    fn param(&mut self, name: &str, param: &Param) {
        let title = param.title.as_ref().map(|title| self.text(title)).unwrap_or_default();
        let value = value(&param.value, &param.ty);
        let mut notes = Vec::new();
        if param.value != param.default {
            notes.push(format!("{} {}", self.say("内置值", "shipped"), self::value(&param.default, &param.ty)));
        }
        if let Some(min) = &param.min {
            notes.push(format!("≥ {}", self::value(min, &param.ty)));
        }
        if let Some(max) = &param.max {
            notes.push(format!("≤ {}", self::value(max, &param.ty)));
        }
        notes.push(self.threshold_source(param.source).to_owned());
        self.line(&format!("  ${name} = {value}  ({})  {title}", notes.join(", ")));
    }

    fn threshold_source(&self, source: ThresholdSource) -> &str {
        match source {
            ThresholdSource::Law => self.say("法律规定", "law"),
            ThresholdSource::Standard => self.say("标准", "standard"),
            ThresholdSource::Practice => self.say("良好做法", "practice"),
        }
    }

    /// One check: its sentence, key by key, as written.
    pub(super) fn check(&mut self, check: &Check) {
        let title = self.text(&check.title);
        self.line(&format!("{}  {title}", check.id));
        if let Some(condition) = &check.applies_if {
            self.line(&format!("    applies_if: {}", code(condition)));
        }
        for line in procedure(check) {
            self.line(&format!("    {}", plain(&line)));
        }
        for (word, share) in [("at_least", &check.at_least), ("partial_from", &check.partial_from)] {
            if let Some(share) = share {
                self.line(&format!("    {word}: {}", self::share(share)));
            }
        }
        if let Some(threshold) = &check.threshold {
            let basis: Vec<&str> = threshold.basis.iter().map(|(id, _)| id.as_str()).collect();
            let note = threshold.note.as_ref().map(|note| format!("  {}", self.text(note))).unwrap_or_default();
            let source = self.threshold_source(threshold.source);
            let line = format!("    {}: {source} {}{note}", self.say("阈值来源", "threshold"), basis.join(", "));
            self.line(&line);
        }
    }

    /// One provision, with who cites it.
    pub(super) fn provision(&mut self, pack: &Pack, provision: &Provision, as_of: i32) {
        let law = pack.laws.get(&provision.law);
        let name = law.map_or_else(|| provision.law.clone(), |law| self.text(&law.title));
        self.line(&format!("{}  {name} {}", provision.id, plain(&provision.article)));
        let summary = self.text(&provision.summary);
        self.line(&format!("  {summary}"));
        self.line("");
        if let Some(law) = law {
            if let Some(number) = &law.number {
                self.field("文号", "number", &plain(number));
            }
            if let Some(issuer) = &law.issuer {
                let issuer = self.text(issuer);
                self.field("发布机关", "issued by", &issuer);
            }
        }
        let force = self.force(provision, as_of);
        self.field("施行", "in force", &force);
        let binding = match provision.binding {
            Binding::Mandatory => self.say("强制", "mandatory"),
            Binding::Recommended => self.say("推荐", "recommended"),
            Binding::Policy => self.say("政策支持，不设义务", "policy; creates no duty"),
            Binding::Context => self.say("背景，约束他人", "context; binds somebody else"),
        }
        .to_owned();
        self.field("效力", "binding", &binding);
        for quantity in &provision.quantities {
            let note = quantity.note.as_ref().map(|note| format!("  {}", self.text(note))).unwrap_or_default();
            let words = format!("{} {} {} {}", quantity.name, quantity.op, quantity.values.join(" – "), quantity.unit);
            let quantity = format!("{}{note}", plain(&words));
            self.field("数量要求", "quantity", &quantity);
        }
        let level = format!("{} ({})", self.level(provision.verification), plain(&provision.checked_in.join(", ")));
        self.field("核实程度", "verification", &level);
        let citing: Vec<&str> = pack
            .controls
            .values()
            .filter(|control| control.provisions.iter().any(|(id, _)| *id == provision.id))
            .map(|control| control.id.as_str())
            .collect();
        let citing = citing.join(", ");
        self.field("引用它的控制点", "cited by", if citing.is_empty() { "—" } else { &citing });
    }

    /// One evidence kind, with its columns.
    pub(super) fn kind(&mut self, pack: &Pack, kind: &EvidenceKind) {
        let title = self.text(&kind.title);
        self.line(&format!("{}  {title}", kind.id));
        let collect = self.text(&kind.collect);
        self.line(&format!("  {collect}"));
        self.line("");
        if let Some(owner) = &kind.owner {
            self.field("提供部门", "owed by", &plain(owner));
        }
        let patterns = plain(&kind.files.join("  ")).into_owned();
        self.field("文件名", "file names", &patterns);
        if let Some(days) = kind.max_age_days {
            let days = match self.lang {
                Lang::Zh => format!("{days} 天"),
                Lang::En => format!("{days} days"),
            };
            self.field("最长时效", "greatest age", &days);
        }
        let readers: Vec<&str> = pack
            .controls
            .values()
            .filter(|control| session::kinds_of_control(control).contains(&kind.id))
            .map(|control| control.id.as_str())
            .collect();
        let readers = readers.join(", ");
        self.field("使用它的控制点", "read by", if readers.is_empty() { "—" } else { &readers });
        for adapter in &kind.adapters {
            self.line("");
            self.adapter(adapter);
        }
        self.table(kind, &[]);
    }

    /// One adapter: which files it reads, how they come about, and what they give.
    pub(super) fn adapter(&mut self, adapter: &Adapter) {
        let title = self.text(&adapter.file.title);
        let words = self.say("适配器", "adapter");
        self.line(&format!("{words} {}  {title}", adapter.id));
        let collect = self.text(&adapter.file.collect);
        self.line(&format!("  {collect}"));
        let patterns = plain(&adapter.file.files.join("  ")).into_owned();
        self.field("文件名", "file names", &patterns);
        let columns: Vec<&str> = adapter.columns.iter().map(|(name, _)| name.text.as_str()).collect();
        self.field("给出的列", "gives", &format!("{}: {}", adapter.kind.text, columns.join(", ")));
    }

    fn table(&mut self, kind: &EvidenceKind, list: &[String]) {
        // A schema may nest at most as deep as its YAML, which the reader bounds.
        let Some(columns) = table_columns(kind, list) else { return };
        self.line("");
        let name =
            std::iter::once(kind.id.as_str()).chain(list.iter().map(String::as_str)).collect::<Vec<_>>().join(".");
        self.line(&name);
        for (column, info) in &columns {
            let allowed: Vec<String> =
                info.allowed.iter().map(|value| self::value(value, &ParamType::Plain(info.ty.clone()))).collect();
            let allowed = if allowed.is_empty() { String::new() } else { format!("  {}", allowed.join(" | ")) };
            let masked = if info.sensitivity.is_some() { self.say("（遮盖）", " (masked)") } else { "" };
            let line = format!("  {column}: {}  {}{masked}{allowed}", info.ty.name(), plain(&info.title));
            self.line(&line);
        }
        for nested in nested_lists(kind, list) {
            let mut deeper = list.to_vec();
            deeper.push(nested);
            self.table(kind, &deeper);
        }
    }
}

fn code(excerpt: &Excerpt) -> String {
    plain(excerpt.text.trim()).into_owned()
}

fn share(share: &Share) -> String {
    match share {
        Share::Value(units) => percent(*units),
        Share::Param(name) => code(name),
    }
}

fn percent(units: i128) -> String {
    format!("{}%", crate::evidence::decimal_text(units.saturating_mul(100)))
}

/// A value as a policy writes it.
pub(super) fn value(value: &Scalar, ty: &ParamType) -> String {
    match (value, ty) {
        (Scalar::Decimal(units), ParamType::Percent) => percent(*units),
        (Scalar::Null, _) => "NULL".to_owned(),
        (Scalar::Boolean(value), _) => value.to_string(),
        (Scalar::Integer(value), _) => value.to_string(),
        (Scalar::Decimal(units), _) => crate::evidence::decimal_text(*units),
        (Scalar::Text(text), _) => plain(text).into_owned(),
        (Scalar::Date(days), _) => date_text(*days),
        (Scalar::Timestamp(micros), _) => {
            chrono::DateTime::from_timestamp_micros(*micros).map_or_else(|| micros.to_string(), |at| at.to_rfc3339())
        }
        (Scalar::Duration(unit, length), _) => duration(*unit, *length),
        (Scalar::List(item, items), _) => {
            let item = ParamType::Plain(item.clone());
            format!("[{}]", items.iter().map(|value| self::value(value, &item)).collect::<Vec<_>>().join(", "))
        }
    }
}

fn duration(unit: DurationUnit, length: i64) -> String {
    const DAY: i64 = 86_400_000_000;
    const HOUR: i64 = 3_600_000_000;
    const MINUTE: i64 = 60_000_000;
    let (number, word) = match unit {
        DurationUnit::Months if length % 12 == 0 => (length / 12, "year"),
        DurationUnit::Months => (length, "month"),
        DurationUnit::Days => (length / DAY, "day"),
        DurationUnit::Time if length % HOUR == 0 => (length / HOUR, "hour"),
        DurationUnit::Time => (length / MINUTE, "minute"),
    };
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// The shown word of a severity.
pub(super) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Critical => Text::new("重大风险", "critical"),
        Severity::High => Text::new("高风险", "high"),
        Severity::Medium => Text::new("中风险", "medium"),
        Severity::Low => Text::new("低风险", "low"),
        Severity::Info => Text::new("建议项", "info"),
    }
}
