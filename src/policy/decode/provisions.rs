//! `hegui/provisions/v1` → [`Law`] and its [`Provision`]s.

use std::sync::Arc;

use super::{Decoder, day, integer, string, strings, text};
use crate::model::{Binding, Law, Provision, ProvisionId, Quantity, Renumbering, Verification};
use crate::policy::codes;
use crate::policy::tree::Value;
use crate::text::Text;

/// The law in `root`, if it could be read, and its provisions.
pub(crate) fn decode(root: Value<'_>, decoder: &mut Decoder<'_>) -> Option<(Law, Vec<Provision>)> {
    let law = law(root, decoder)?;
    let provisions = root
        .get("provisions")
        .into_iter()
        .flat_map(Value::items)
        .filter_map(|value| provision(value, &law, decoder))
        .collect();
    Some((law, provisions))
}

/// Ids of the provisions that are written and could not be read.
pub(crate) fn broken(root: Value<'_>, decoded: Option<&(Law, Vec<Provision>)>) -> Vec<ProvisionId> {
    let read = |id: &str| decoded.is_some_and(|(_, all)| all.iter().any(|provision| provision.id.as_str() == id));
    let written = root.get("provisions").into_iter().flat_map(Value::items);
    written.filter_map(|value| string(value.get("id"))).filter(|id| !read(id)).map(ProvisionId::new).collect()
}

fn law(root: Value<'_>, decoder: &mut Decoder<'_>) -> Option<Law> {
    let value = root.get("law")?;
    let (from, to) = (day(value.get("in_force_from")), day(value.get("in_force_to")));
    decoder.ordered(from, to, value.get("in_force_to").unwrap_or(value));
    Some(Law {
        id: string(value.get("id"))?,
        title: text(value.get("title"))?,
        level: string(value.get("level"))?,
        number: string(value.get("number")),
        issuer: text(value.get("issuer")),
        in_force_from: from,
        in_force_to: to,
        promulgated_on: day(value.get("promulgated_on")),
        note: text(value.get("note")),
        renumbering: root.get("renumbering").and_then(renumbering),
        source: Arc::clone(root.source()),
    })
}

fn renumbering(value: Value<'_>) -> Option<Renumbering> {
    Some(Renumbering {
        from_law: string(value.get("from_law"))?,
        switched_on: day(value.get("switched_on"))?,
        method: string(value.get("method")),
        new_articles: value
            .get("new_articles")
            .into_iter()
            .flat_map(Value::items)
            .filter_map(|article| integer(Some(article)))
            .collect(),
        map: value
            .get("map")
            .into_iter()
            .flat_map(Value::items)
            .filter_map(|row| Some((integer(row.get("old"))?, integer(row.get("new"))?, string(row.get("change"))?)))
            .collect(),
    })
}

fn provision(value: Value<'_>, law: &Law, decoder: &mut Decoder<'_>) -> Option<Provision> {
    let id_value = value.get("id")?;
    let id = id_value.text()?;
    if !id.strip_prefix(law.id.as_str()).is_some_and(|rest| rest.starts_with('-') && rest.len() > 1) {
        let message = Text::new(
            format!("条款编号 `{id}` 应以 `{}-` 开头", law.id),
            format!("provision id `{id}` should start with `{}-`", law.id),
        );
        let help = Text::new(format!("改为 `{}-条号`", law.id), format!("write `{}-` and the article", law.id));
        decoder.fault(id_value.fault(&codes::ID_MISMATCH, message).help(help));
    }
    let (from, to) = (day(value.get("in_force_from")), day(value.get("in_force_to")));
    let stated = from.is_some() || to.is_some();
    let (from, to) = (from.or(law.in_force_from), to.or(law.in_force_to));
    if stated {
        // What the law itself has the wrong way round is told once, at the law.
        decoder.ordered(from, to, value.get("in_force_to").unwrap_or(id_value));
    }
    let verification = value.get("verification")?;
    Some(Provision {
        law: law.id.clone(),
        article: string(value.get("article"))?,
        binding: match value.get("binding")?.text()? {
            "mandatory" => Binding::Mandatory,
            "recommended" => Binding::Recommended,
            "policy" => Binding::Policy,
            "context" => Binding::Context,
            _ => return None,
        },
        in_force_from: from,
        in_force_to: to,
        summary: text(value.get("summary"))?,
        quantities: value.get("quantities").into_iter().flat_map(Value::items).filter_map(quantity).collect(),
        applies_to: strings(value.get("applies_to")),
        replaces: strings(value.get("replaces")).into_iter().map(ProvisionId::new).collect(),
        superseded_by: string(value.get("superseded_by")).map(ProvisionId::new),
        note: text(value.get("note")),
        verification: match verification.get("level")?.text()? {
            "A" => Verification::A,
            "B" => Verification::B,
            "C" => Verification::C,
            "U" => Verification::U,
            _ => return None,
        },
        checked_in: strings(verification.get("sources")),
        checked_path: string(verification.get("path")),
        place: id_value.excerpt(),
        id: ProvisionId::new(id),
    })
}

fn quantity(value: Value<'_>) -> Option<Quantity> {
    Some(Quantity {
        name: string(value.get("name"))?,
        op: string(value.get("op"))?,
        values: strings(value.get("value")),
        unit: string(value.get("unit"))?,
        note: text(value.get("note")),
    })
}
