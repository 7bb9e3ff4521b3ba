//! The check sentence as lines of a working paper: what was asked of which rows, as the policy writes it.

use crate::model::{Check, Demand, Join, OnEmpty, Partner, SourceSpec, Undecided, ValuesSpec};
use crate::text::Excerpt;

/// `key: expression` per line, partners indented, in the order of evaluation (LANGUAGE §2).
pub fn procedure(check: &Check) -> Vec<String> {
    let mut lines = Vec::new();
    push(&mut lines, 0, "over", &source(&check.over));
    option(&mut lines, 0, "as", check.alias.as_ref());
    joins(&mut lines, 0, &check.joins);
    option(&mut lines, 0, "where", check.filter.as_ref());
    for order in &check.order_by {
        push(&mut lines, 0, "order_by", &order.text);
    }
    if let Some(keys) = &check.group_by {
        let keys: Vec<&str> = keys.iter().map(|key| key.text.as_str()).collect();
        push(&mut lines, 0, "group_by", &format!("[{}]", keys.join(", ")));
    }
    for (name, value) in &check.lets {
        push(&mut lines, 0, &format!("let {}", name.text), &value.text);
    }
    match &check.demand {
        Demand::Expect(condition) => push(&mut lines, 0, "expect", &condition.text),
        Demand::Has { partner: sought, at_least } => {
            partner(&mut lines, 0, "has", sought);
            option(&mut lines, 1, "at_least", at_least.as_ref());
        }
        Demand::HasNo(sought) => partner(&mut lines, 0, "has_no", sought),
        Demand::Count(bound) => push(&mut lines, 0, "count", &bound.text),
    }
    if check.undecided == Undecided::Exclude {
        push(&mut lines, 0, "undecided", "exclude");
    }
    match check.on_empty {
        OnEmpty::NotTested => {}
        OnEmpty::Satisfied => push(&mut lines, 0, "on_empty", "satisfied"),
        OnEmpty::NotApplicable => push(&mut lines, 0, "on_empty", "not_applicable"),
        OnEmpty::NotSatisfied => push(&mut lines, 0, "on_empty", "not_satisfied"),
    }
    lines
}

fn push(lines: &mut Vec<String>, depth: usize, key: &str, value: &str) {
    // A folded expression is one line here.
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.push(format!("{}{key}: {value}", "  ".repeat(depth)));
}

fn option(lines: &mut Vec<String>, depth: usize, key: &str, value: Option<&Excerpt>) {
    if let Some(value) = value {
        push(lines, depth, key, &value.text);
    }
}

fn joins(lines: &mut Vec<String>, depth: usize, joins: &[Join]) {
    for join in joins {
        partner(lines, depth, &format!("join {}", join.name.text), &join.partner);
        for (name, value) in &join.lets {
            push(lines, depth + 1, &format!("let {}", name.text), &value.text);
        }
    }
}

fn partner(lines: &mut Vec<String>, depth: usize, key: &str, partner: &Partner) {
    push(lines, depth, key, &source(&partner.source));
    for (theirs, ours) in &partner.on {
        let key = ours.as_ref().map_or_else(|| theirs.text.clone(), |ours| format!("{} = {}", theirs.text, ours.text));
        push(lines, depth + 1, "on", &key);
    }
    option(lines, depth + 1, "where", partner.filter.as_ref());
    joins(lines, depth + 1, &partner.joins);
}

fn source(source: &SourceSpec) -> String {
    match source {
        SourceSpec::Named(name) => name.text.clone(),
        SourceSpec::Values(ValuesSpec::Param(name)) => format!("values {}", name.text),
        SourceSpec::Values(ValuesSpec::Rows { place, .. }) => format!("values {}", place.text),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{check, excerpt};
    use super::*;

    #[test]
    fn the_sentence_in_the_order_of_evaluation() {
        let mut check = check("BAK-02.1");
        check.over = SourceSpec::Named(excerpt("backup_policy.datasets"));
        check.filter = Some(excerpt("class = 'core'\n  AND name IS NOT NULL"));
        let partner = Partner {
            source: SourceSpec::Named(excerpt("backup_jobs")),
            on: vec![(excerpt("dataset"), Some(excerpt("name"))), (excerpt("site"), None)],
            filter: Some(excerpt("status = 'success'")),
            joins: Vec::new(),
            place: excerpt("{}"),
        };
        check.demand = Demand::Has { partner, at_least: Some(excerpt("3")) };
        check.on_empty = OnEmpty::NotSatisfied;
        let expected = [
            "over: backup_policy.datasets",
            "where: class = 'core' AND name IS NOT NULL",
            "has: backup_jobs",
            "  on: dataset = name",
            "  on: site",
            "  where: status = 'success'",
            "  at_least: 3",
            "on_empty: not_satisfied",
        ];
        assert_eq!(procedure(&check), expected);
    }
}
