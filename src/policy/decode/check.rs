//! One check of a control (LANGUAGE §2).

use super::control::threshold_source;
use super::{Decoder, excerpt, excerpts, meant, string, text, typed};
use crate::expr::{Scalar, Type};
use crate::model::{
    Check, CheckId, Demand, FindingText, Join, Level, OnEmpty, Partner, ProvisionId, Share, SourceSpec, Threshold,
    Undecided, ValuesSpec,
};
use crate::policy::shape::{CHECK, HAS, JOIN};
use crate::policy::tree::{Sort, Value};
use crate::policy::{codes, number};
use crate::text::{Diagnostic, Excerpt, Text, message::Message};

/// The check in `value`; `control` is the id it must start with. As with the control, something stands in for what is
/// missing or ill-typed in a file that is not trusted.
pub(super) fn decode(value: Value<'_>, control: &str, decoder: &mut Decoder<'_>) -> Option<Check> {
    if value.sort() != Sort::Mapping {
        return None;
    }
    let at = |key: &str, decoder: &Decoder<'_>| meant(value, &CHECK, key, decoder);
    let id_value = at("id", decoder).filter(|id| id.text().is_some());
    let id = if decoder.trusted { id_value?.text()? } else { id_value.and_then(Value::text).unwrap_or_default() };
    let over = at("over", decoder).and_then(|over| source(over, decoder)).or_else(|| untold(value, decoder));
    let joins = joins(at("join", decoder), decoder);
    let demand = match demand(value, decoder) {
        None if !decoder.trusted => Some(Demand::Expect(Excerpt { text: "TRUE".to_owned(), ..value.excerpt() })),
        demand => demand,
    };
    let finding = value.get("finding").and_then(|text| finding(text, decoder));
    if let Some(id_value) = id_value {
        about_id(value, id_value, control, demand.as_ref(), decoder);
    }
    Some(Check {
        id: CheckId::new(id),
        title: decoder.needed(text(value.get("title")))?,
        over: over?,
        alias: excerpt(at("as", decoder)),
        joins,
        filter: excerpt(at("where", decoder)),
        order_by: excerpts(at("order_by", decoder)),
        group_by: at("group_by", decoder).map(|keys| excerpts(Some(keys))),
        lets: lets(at("let", decoder)),
        demand: demand?,
        undecided: match string(value.get("undecided")).as_deref() {
            Some("exclude") => Undecided::Exclude,
            _ => Undecided::Finding,
        },
        at_least: value.get("at_least").and_then(share),
        partial_from: value.get("partial_from").and_then(share),
        on_empty: match string(value.get("on_empty")).as_deref() {
            Some("satisfied") => OnEmpty::Satisfied,
            Some("not_applicable") => OnEmpty::NotApplicable,
            Some("not_satisfied") => OnEmpty::NotSatisfied,
            _ => OnEmpty::NotTested,
        },
        level: match string(value.get("level")).as_deref() {
            Some("should") => Level::Should,
            _ => Level::Must,
        },
        applies_if: excerpt(at("applies_if", decoder)),
        method: string(value.get("method")),
        tests: string(value.get("tests")),
        sample: text(value.get("sample")),
        threshold: value.get("threshold").and_then(threshold),
        finding,
        place: id_value.unwrap_or(value).excerpt(),
    })
}

/// The id starts with the control's, and a check that is no count says what it found.
fn about_id(check: Value<'_>, id_value: Value<'_>, control: &str, demand: Option<&Demand>, decoder: &mut Decoder<'_>) {
    let id = id_value.text().unwrap_or_default();
    let belongs = id.strip_prefix(control).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1);
    if !belongs {
        let message = Text::new(
            format!("检查编号 `{id}` 应以 `{control}.` 开头"),
            format!("check id `{id}` should start with `{control}.`"),
        );
        let help = Text::new(format!("改为 `{control}.1` 这样的编号"), format!("write an id such as `{control}.1`"));
        decoder.fault(id_value.fault(&codes::ID_MISMATCH, message).help(help));
    }
    let counts = matches!(demand, Some(Demand::Count(_)));
    if meant(check, &CHECK, "finding", decoder).is_none() && !counts {
        let message = Text::new(format!("检查 `{id}` 缺少 `finding`"), format!("check `{id}` lacks `finding`"));
        let help = Text::new("写明发现了什么：`{zh: …, en: …}`", "say what was found: `{zh: …, en: …}`");
        decoder.fault(id_value.fault(&codes::FINDING_MISSING, message).help(help));
    }
}

/// What stands in for a source whose absence or fault is told: nothing more is said of its names.
fn untold(value: Value<'_>, decoder: &Decoder<'_>) -> Option<SourceSpec> {
    (!decoder.trusted).then(|| SourceSpec::Named(Excerpt { text: String::new(), ..value.excerpt() }))
}

fn threshold(value: Value<'_>) -> Option<Threshold> {
    Some(Threshold {
        source: threshold_source(value.get("source")?.text()?)?,
        basis: excerpts(value.get("basis"))
            .into_iter()
            .map(|cited| (ProvisionId::new(cited.text.as_str()), cited))
            .collect(),
        note: text(value.get("note")),
    })
}

fn share(value: Value<'_>) -> Option<Share> {
    let written = value.text()?;
    if written.starts_with('$') {
        return Some(Share::Param(value.excerpt()));
    }
    number::parse_share(written).map(Share::Value)
}

fn lets(value: Option<Value<'_>>) -> Vec<(Excerpt, Excerpt)> {
    // One that is no expression was told by the shape; its name is still one.
    value.into_iter().flat_map(Value::named).map(|(name, value)| (name, value.excerpt())).collect()
}

fn demand(value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<Demand> {
    if let Some(expect) = value.get("expect") {
        return excerpt(Some(expect)).map(Demand::Expect);
    }
    if let Some(has) = value.get("has") {
        let at_least = excerpt(has.get("at_least"));
        return partner(has, "in", decoder).map(|partner| Demand::Has { partner, at_least });
    }
    if let Some(has_no) = value.get("has_no") {
        return partner(has_no, "in", decoder).map(Demand::HasNo);
    }
    excerpt(value.get("count")).map(Demand::Count)
}

fn joins(value: Option<Value<'_>>, decoder: &mut Decoder<'_>) -> Vec<Join> {
    let mut joins = Vec::new();
    for (name, value) in value.into_iter().flat_map(Value::named) {
        if let Some(partner) = partner(value, "from", decoder) {
            joins.push(Join { name, partner, lets: lets(meant(value, &JOIN, "let", decoder)) });
        }
    }
    joins
}

fn partner(value: Value<'_>, source_key: &str, decoder: &mut Decoder<'_>) -> Option<Partner> {
    let on = excerpts(value.get("on")).iter().filter_map(|key| key_pair(key, decoder.faults)).collect();
    let joins = joins(value.get("join"), decoder);
    let from = meant(value, if source_key == "in" { &HAS } else { &JOIN }, source_key, decoder);
    // The source names the partner best; a mapping as a whole would underline several lines.
    let place = from.filter(|from| from.sort() == Sort::Scalar).unwrap_or(value).excerpt();
    let source = from.and_then(|from| source(from, decoder)).or_else(|| untold(value, decoder))?;
    Some(Partner { source, on, filter: excerpt(value.get("where")), joins, place })
}

/// `dataset = name` or `person_id`: left of `=` the partner's column, right an expression of this row.
fn key_pair(key: &Excerpt, faults: &mut Vec<Diagnostic>) -> Option<(Excerpt, Option<Excerpt>)> {
    let (left, right) = match key.text.find('=') {
        Some(at) => (key.slice(0..at).trimmed(), Some(key.slice(at + 1..key.text.len()).trimmed())),
        None => (key.trimmed(), None),
    };
    let is_column = !left.text.is_empty()
        && left.text.split('.').all(|part| {
            let mut chars = part.chars();
            chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
                && chars.all(|c| c.is_alphanumeric() || c == '_')
        });
    let right_missing = right.as_ref().is_some_and(|right| right.text.is_empty());
    if !is_column || right_missing {
        let message = Text::new(
            format!("`{}` 不是 `对方的列 = 本行的表达式`", key.text),
            format!("`{}` is not `partner's column = expression of this row`", key.text),
        );
        let help = Text::new(
            "`on` 只写相等，左边是对方的列；其他条件写在 `where`",
            "`on` is equality only, the partner's column on the left; other conditions go into `where`",
        );
        faults.push(Diagnostic::new(&codes::WRONG_WORD, message).at_place(key.whole()).help(help));
        return None;
    }
    Some((left, right))
}

fn source(value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<SourceSpec> {
    match value.sort() {
        Sort::Scalar => {
            let name = value.excerpt();
            let is_name = name
                .text
                .split('.')
                .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'));
            if !is_name {
                let message = Text::new(
                    format!("`{}` 不是来源的名称", name.text),
                    format!("`{}` is not the name of a source", name.text),
                );
                let help = Text::new(
                    "写证据种类、其中的清单或日历",
                    "write an evidence kind, a list inside one, or a calendar",
                );
                decoder.fault(value.fault(&codes::WRONG_WORD, message).help(help));
                return None;
            }
            Some(SourceSpec::Named(name))
        }
        Sort::Mapping => values(value.get("values")?, decoder).map(SourceSpec::Values),
        Sort::Null | Sort::List => None,
    }
}

fn values(value: Value<'_>, decoder: &mut Decoder<'_>) -> Option<ValuesSpec> {
    if value.sort() == Sort::Scalar {
        let name = value.excerpt();
        if name.text.starts_with('$') {
            return Some(ValuesSpec::Param(name));
        }
        let message = Text::new("`values` 应为清单或 `$参数`", "`values` should be a list or a `$parameter`");
        let help = Text::new("写作 `[甲, 乙]` 或 `$参数`", "write `[a, b]` or `$parameter`");
        decoder.fault(value.fault(&codes::WRONG_TYPE, message).help(help));
        return None;
    }
    let mappings = value.items().filter(|item| item.sort() == Sort::Mapping).count();
    let items: Vec<_> = value.items().collect();
    if mappings != 0 && mappings != items.len() {
        let message = Text::new("`values` 里不能既有值又有映射", "`values` cannot mix values and mappings");
        let help = Text::new("每一项都写成值，或都写成映射", "write every item as a value, or every one as a mapping");
        decoder.fault(value.fault(&codes::WRONG_TYPE, message).help(help));
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    if mappings == 0 {
        names.push("value".into());
    }
    for (name, _) in items.iter().flat_map(|item| item.named()) {
        if !names.contains(&name.text) {
            names.push(name.text);
        }
    }
    let cell = |item: &Value<'_>, name: &str| {
        let cell = if mappings == 0 { Some(*item) } else { item.get(name) };
        cell.map_or(Some(Scalar::Null), typed::natural)
    };
    let mut columns = Vec::new();
    let mut rows = vec![Vec::new(); items.len()];
    for name in names {
        let cells: Option<Vec<_>> = items.iter().map(|item| cell(item, &name)).collect();
        let ty = cells.as_ref().and_then(|cells| typed::common(cells.iter().map(Scalar::type_of)));
        let (Some(cells), Some(ty)) = (cells, ty) else {
            let message = Text::new(
                format!("`values` 的列 `{name}` 里类型不一"),
                format!("column `{name}` of `values` mixes types"),
            );
            let help = Text::new(
                "一列只用一种类型；数字作文字时加引号",
                "use one type per column; quote numbers meant as text",
            );
            decoder.fault(value.fault(&codes::WRONG_TYPE, message).help(help));
            return None;
        };
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push(typed::widen(cell, &ty));
        }
        columns.push((name, if ty == Type::Null { Type::Text } else { ty }));
    }
    Some(ValuesSpec::Rows { columns, rows, place: value.excerpt() })
}

fn finding(value: Value<'_>, decoder: &Decoder<'_>) -> Option<FindingText> {
    let message = |value: Value<'_>| {
        let excerpt = excerpt(Some(value))?;
        let message =
            if decoder.trusted { Message::unchecked(&excerpt.text) } else { Message::parse(&excerpt.text).ok()? };
        Some((message, excerpt))
    };
    if value.sort() == Sort::Mapping {
        return Some(FindingText { zh: message(value.get("zh")?)?, en: message(value.get("en")?)? });
    }
    let both = message(value)?;
    Some(FindingText { zh: both.clone(), en: both })
}
