//! The text of a finding: where each value that it names is.

use std::collections::BTreeSet;

use super::Origin;
use super::builder::Builder;
use super::demand::DemandParts;
use super::frame::{Aggregates, Names, Rows, dotted};
use super::scope::GroupNames;
use crate::engine::codes;
use crate::expr::{Name, NameFault};
use crate::model::{self, Check};
use crate::text::{Diagnostic, Excerpt, Text};

impl Builder<'_> {
    /// Where the values of the finding text are; unknown names are reported.
    pub(super) fn text_values(
        &mut self,
        check: &Check,
        rows: &mut Rows,
        group: Option<&mut Aggregates>,
        mut demand: Option<&mut DemandParts>,
    ) -> Vec<(String, super::TextValue)> {
        let Some(text) = &check.finding else { return Vec::new() };
        let mut group = group;
        let mut values = Vec::new();
        let mut seen = BTreeSet::new();
        let counts = matches!(check.demand, model::Demand::Count(_));
        for (message, place) in [&text.zh, &text.en] {
            for name in message.names() {
                if !seen.insert(name.clone()) {
                    continue;
                }
                // The one row of a `count` has nothing but the number.
                if counts {
                    if name != "count" {
                        self.unknown_in_count(name, place);
                    }
                    continue;
                }
                let path: Vec<Name> = name
                    .split('.')
                    .map(|word| Name { text: word.to_owned(), span: crate::text::Span::default() })
                    .collect();
                if let (Some(DemandParts::HasNo(partner)), Some("partner")) =
                    (demand.as_deref_mut(), path.first().map(|word| word.text.as_str()))
                {
                    let found = partner.rows.resolve(path.get(1..).unwrap_or_default(), false);
                    // The population row is in the partner's frame too where something there reads it.
                    match found.map(|(id, _)| (id, partner.rows.slots().get(id).map(|slot| &slot.origin))) {
                        Ok((id, origin)) if !matches!(origin, Some(Origin::Outer(_))) => {
                            values.push((name.clone(), super::TextValue::Partner(id)));
                        }
                        Err(fault) if fault.is_reported() => {}
                        _ => self.unknown_in_text(name, place, &partner.rows, None),
                    }
                    continue;
                }
                // A longer path than any column (`x.length`) is still about its first words.
                let mut told = false;
                let found = (1..=path.len()).rev().find_map(|taken| {
                    let part = path.get(..taken)?;
                    let found = match &mut group {
                        Some(group) => GroupNames { group, rows }.resolve(part, false),
                        None => rows.resolve(part, false),
                    };
                    told |= found.as_ref().is_err_and(NameFault::is_reported);
                    found.ok().map(|(id, _)| (dotted(part), id))
                });
                match found {
                    Some((name, id)) => values.push((name, super::TextValue::Population(id))),
                    // It is at fault where it is made: a source, a join or a `let`.
                    None if told => {}
                    None => self.unknown_in_text(name, place, rows, group.as_deref()),
                }
            }
        }
        values
    }

    fn unknown_in_count(&mut self, name: &str, place: &Excerpt) {
        self.report(unknown_name_in_text(name, place).help(Text::new(
            "`count` 的发现文字里只有 `count`，即数到的行数",
            "the text of a `count` has only `count`, the number of rows counted",
        )));
    }

    fn unknown_in_text(&mut self, name: &str, place: &Excerpt, rows: &Rows, group: Option<&Aggregates>) {
        let mut known: Vec<String> = match group {
            Some(group) => group.index.keys().cloned().collect(),
            None => rows.resolved.as_ref().map(super::source::Resolved::names).unwrap_or_default(),
        };
        if group.is_none() {
            known.extend(rows.declared.keys().cloned());
        }
        let near = crate::text::suggest::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        let list = known.iter().take(30).cloned().collect::<Vec<_>>().join(", ");
        let help = match near {
            Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
            None => Text::new(format!("这里有：{list}"), format!("here there are: {list}")),
        };
        self.report(unknown_name_in_text(name, place).help(help));
    }
}

fn unknown_name_in_text(name: &str, place: &Excerpt) -> Diagnostic {
    let at = place.text.find(name).map(|start| crate::text::Span::new(start, start + name.len()));
    Diagnostic::new(
        &codes::UNKNOWN_NAME_IN_TEXT,
        Text::new(format!("发现文字里的 `{name}` 不存在"), format!("`{name}` in the finding text does not exist")),
    )
    .at_place(at.map_or_else(|| place.whole(), |span| place.place(span)))
    .label(Text::new("不是这里的名称", "not a name here"))
}
