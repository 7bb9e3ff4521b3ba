//! `columns` of `hegui.yaml`: what the entity's own exports call their columns, so that an odd export needs no policy.

use std::collections::BTreeMap;

use super::Workspace;
use crate::evidence::normalise;
use crate::policy::{Pack, Value, codes};
use crate::text::{Diagnostic, Text, suggest::nearest};

/// Adds the names to the kinds of a pack; gives what is wrong with them.
pub(super) fn add(workspace: &Workspace, pack: &mut Pack) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let Some((source, node)) = &workspace.file else { return faults };
    for (kind_name, columns) in Value::new(node, source).get("columns").into_iter().flat_map(Value::named) {
        let known: Vec<String> = pack.kinds.keys().map(ToString::to_string).collect();
        let Some(kind) = pack.kinds.get_mut(kind_name.text.as_str()) else {
            let message = Text::new(
                format!("没有证据类型 `{}`", kind_name.text),
                format!("there is no evidence kind `{}`", kind_name.text),
            );
            let fault = Diagnostic::new(&codes::UNKNOWN_KIND, message).at_place(kind_name.whole());
            faults.push(suggested(fault, &kind_name.text, &known));
            continue;
        };
        let mut owners = BTreeMap::new();
        for (column, names) in columns.named() {
            let known: Vec<String> = kind.record.fields.keys().cloned().collect();
            let Some(field) = kind.record.fields.get_mut(&column.text) else {
                let message = Text::new(
                    format!("`{}` 没有列 `{}`", kind_name.text, column.text),
                    format!("`{}` has no column `{}`", kind_name.text, column.text),
                );
                let fault = Diagnostic::new(&codes::UNKNOWN_COLUMN_OF_KIND, message).at_place(column.whole());
                faults.push(suggested(fault, &column.text, &known));
                continue;
            };
            let mut stated = Vec::new();
            for (value, name) in names.one_or_more().filter_map(|value| Some((value, value.text()?))) {
                match owners.get(&normalise(name)) {
                    Some(owner) if *owner != column.text => {
                        let message = Text::new(
                            format!("表头 `{name}` 已写给 `{owner}`，不能再写给 `{}`", column.text),
                            format!(
                                "the heading `{name}` is given to `{owner}` already, not to `{}` as well",
                                column.text
                            ),
                        );
                        let fault = Diagnostic::new(&codes::WORKSPACE_COLUMN_TWICE, message).at_place(value.place());
                        faults.push(fault.help(Text::new(
                            "删去其中一处：文件里的一列只能是一个字段",
                            "take one of the two out: a column of a file is one field",
                        )));
                    }
                    _ => {
                        owners.insert(normalise(name), column.text.clone());
                        stated.push(name.to_owned());
                    }
                }
            }
            field.stated.extend(stated.iter().cloned());
            // What was another word for another column is none here.
            let is_it = |name: &str| stated.iter().any(|stated| normalise(stated) == normalise(name));
            for other in kind.record.fields.values_mut().filter(|other| other.name != column.text) {
                other.aliases.retain(|alias| !is_it(alias));
                other.title.take_if(|title| is_it(title));
            }
        }
    }
    faults
}

fn suggested(fault: Diagnostic, word: &str, known: &[String]) -> Diagnostic {
    match nearest(word, known.iter().map(String::as_str)) {
        Some(near) => fault.help(Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?"))),
        None => {
            let all = known.join(", ");
            fault.help(Text::new(format!("可用的有：{all}"), format!("there are: {all}")))
        }
    }
}
