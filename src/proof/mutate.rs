//! Changes of one operator, constant or condition at a time, and which of them no case notices.

use rayon::prelude::*;

use super::case::{Bench, Prepared};
use super::{codes, compare};
use crate::expr::{Ast, AstKind, BinaryOp, Literal, Scalar, Type, parse};
use crate::model::{
    Check, CheckId, Control, Demand, FieldKind, Join, KindId, NotTested, OnEmpty, Outcome, Param, ParamType, Partner,
    Share, SourceSpec, Undecided,
};
use crate::policy::number::ONE as WHOLE;
use crate::policy::{Equivalent, Pack};
use crate::text::{Diagnostic, Excerpt, Place, Span, Text};

/// A control changed in one place.
struct Mutant {
    control: Control,
    /// Checks the change can concern; one, unless it is a parameter.
    checks: Vec<usize>,
    /// Where.
    place: Place,
    /// `n >= 3` → `n > 3`.
    change: (String, String),
    /// Whether only what lies exactly on a boundary comes out differently.
    boundary: bool,
}

/// What trying the changes of a control gave.
pub(super) struct Tried {
    /// Changes that gave a control which can be planned.
    pub(super) count: usize,
    /// Boundaries that no case lies on, and changes declared equivalent for nothing.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Further changes that no case noticed.
    pub(super) survivors: Vec<Diagnostic>,
}

/// Tries the changes of every boundary; with `all`, every change.
pub(super) fn try_changes(bench: &Bench<'_>, control: &Control, all: bool) -> Tried {
    let cases = bench.cases();
    let mutants = mutants(bench.pack(), control);
    let declared: Vec<&Equivalent> = bench.equivalent().collect();
    let excused = |mutant: &Mutant| declared.iter().position(|equivalent| mutant.is(equivalent));
    // Of a check that no case is about, the cases it lacks are told.
    let wanted = |mutant: &&Mutant| {
        (all || mutant.boundary || excused(mutant).is_some()) && mutant.checks(|check| bench.is_about(&check.id))
    };
    let fates: Vec<(&Mutant, Fate)> =
        mutants.par_iter().filter(wanted).map(|mutant| (mutant, fate(mutant, &cases))).collect();
    let mut tried = Tried { count: 0, diagnostics: Vec::new(), survivors: Vec::new() };
    let mut used = vec![false; declared.len()];
    for (mutant, fate) in fates {
        tried.count += usize::from(fate != Fate::Invalid);
        if fate != Fate::Survived {
            continue;
        }
        if let Some(used) = excused(mutant).and_then(|at| used.get_mut(at)) {
            *used = true;
        } else if mutant.boundary {
            tried.diagnostics.push(mutant.lacks_boundary());
        } else {
            tried.survivors.push(mutant.survived());
        }
    }
    let unused = declared.iter().zip(&used).filter(|(_, used)| !**used);
    tried.diagnostics.extend(unused.map(|(equivalent, _)| of_no_use(equivalent)));
    tried
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It gave no valid control.
    Invalid,
    /// A case noticed.
    Noticed,
    /// No case did.
    Survived,
}

fn fate(mutant: &Mutant, cases: &[Prepared<'_>]) -> Fate {
    let concerned = |id: &CheckId| mutant.checks(|check| check.id == *id);
    let relevant = |case: &&Prepared<'_>| case.case().expect.iter().any(|expectation| concerned(&expectation.check));
    for case in cases.iter().filter(relevant) {
        let run = case.run(&mutant.control);
        for expectation in case.case().expect.iter().filter(|expectation| concerned(&expectation.check)) {
            let Some(outcome) = run.outcomes.get(&expectation.check) else { continue };
            if outcome.outcome == Outcome::NotTested(NotTested::Error) {
                return Fate::Invalid;
            }
            if !compare::holds(expectation, outcome) {
                return Fate::Noticed;
            }
        }
    }
    Fate::Survived
}

impl Mutant {
    /// Whether one of the checks that the change can concern is such.
    fn checks(&self, is: impl Fn(&Check) -> bool) -> bool {
        self.checks.iter().any(|at| self.control.checks.get(*at).is_some_and(&is))
    }

    /// Whether it is the change that a test file calls equivalent.
    fn is(&self, equivalent: &Equivalent) -> bool {
        let (from, to) = &self.change;
        *from == equivalent.from && *to == equivalent.to && self.checks(|check| check.id == equivalent.check)
    }

    fn names(&self) -> String {
        let checks = self.checks.iter().filter_map(|at| self.control.checks.get(*at));
        checks.map(|check| check.id.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn lacks_boundary(&self) -> Diagnostic {
        let ((from, to), checks) = (&self.change, self.names());
        let message = Text::new(
            format!("{checks} 缺少恰在边界上的用例：把 `{from}` 改为 `{to}`，没有用例发现"),
            format!("{checks} lacks a case exactly on the boundary: no case notices `{from}` changed to `{to}`"),
        );
        let help = Text::new(
            "补一个两边恰好相等的用例，或在测试文件的 `equivalent` 里写明为何含义相同",
            "add a case where both sides are equal, or say under `equivalent` of the test file why it means the same",
        );
        Diagnostic::new(&codes::TEST_BOUNDARY, message).at_place(self.place.clone()).help(help)
    }

    fn survived(&self) -> Diagnostic {
        let ((from, to), checks) = (&self.change, self.names());
        let message = Text::new(
            format!("{checks}：把 `{from}` 改为 `{to}`，没有用例发现"),
            format!("{checks}: no case notices `{from}` changed to `{to}`"),
        );
        let help = Text::new(
            "补一个改动后结果不同的用例，或在测试文件的 `equivalent` 里写明为何含义相同",
            "add a case that comes out differently, or say under `equivalent` of the test file why it means the same",
        );
        Diagnostic::new(&codes::TEST_MUTANT, message).at_place(self.place.clone()).help(help)
    }
}

fn of_no_use(equivalent: &Equivalent) -> Diagnostic {
    let Equivalent { check, from, to, place } = equivalent;
    let message = Text::new(
        format!("{check} 没有这处改动，或者有用例发现了它：`{from}` 改为 `{to}`"),
        format!("{check} has no such change, or a case notices it: `{from}` to `{to}`"),
    );
    let help = Text::new("删去这一条", "remove the entry");
    Diagnostic::new(&codes::TEST_EQUIVALENT, message).at_place(place.whole()).help(help)
}

/// Where in a check an expression stands: a way to reach it in a copy of the check.
type Reach = fn(&mut Check) -> Vec<&mut Excerpt>;

/// Every change of a control, each in a copy of its own.
fn mutants(pack: &Pack, control: &Control) -> Vec<Mutant> {
    let mut all = Vec::new();
    for (at, check) in control.checks.iter().enumerate() {
        let mut push = |place: Place, change: (&str, &str), boundary: bool, edit: &dyn Fn(&mut Check)| {
            let mut changed = control.clone();
            if let Some(check) = changed.checks.get_mut(at) {
                edit(check);
            }
            let change = (change.0.to_owned(), change.1.to_owned());
            all.push(Mutant { control: changed, checks: vec![at], place, change, boundary });
        };
        let mut copy = check.clone();
        let count = expressions(&mut copy).len();
        for number in 0..count {
            let Some(excerpt) = expressions(&mut copy).get(number).map(|excerpt| (**excerpt).clone()) else { continue };
            for Edit { span, after, boundary } in edits(&excerpt.text) {
                let before = excerpt.text.get(span.range()).unwrap_or_default();
                let Some(text) = splice(&excerpt.text, span, &after) else { continue };
                let edit = |check: &mut Check| set(check, expressions, number, &text);
                push(excerpt.place(span), (before, &after), boundary, &edit);
            }
        }
        let conditions = filters(&mut copy).len();
        for number in 0..conditions {
            let Some(excerpt) = filters(&mut copy).get(number).and_then(|filter| (**filter).clone()) else { continue };
            let written = format!("where: {}", excerpt.text.trim());
            push(excerpt.whole(), (&written, "—"), false, &|check| {
                if let Some(filter) = filters(check).into_iter().nth(number) {
                    *filter = None;
                }
            });
        }
        let keys: Vec<usize> = partners(&mut copy).iter().map(|partner| partner.on.len()).collect();
        for (number, keys) in keys.into_iter().enumerate() {
            for key in 0..keys {
                let mut partners_now = partners(&mut copy);
                let Some((theirs, _)) = partners_now.get_mut(number).and_then(|partner| partner.on.get(key)) else {
                    continue;
                };
                push(theirs.whole(), (&format!("on: {}", theirs.text), "—"), false, &|check| {
                    if let Some(partner) = partners(check).into_iter().nth(number) {
                        partner.on.remove(key);
                    }
                });
            }
        }
        let here = check.place.whole();
        if let Some(share) = &check.at_least {
            let written = format!("at_least: {}", share_text(share));
            push(here.clone(), (&written, "—"), false, &|check| check.at_least = None);
            // The least that is more: only a share that is met exactly comes out differently.
            if let Some(value) = share_value(share, control).filter(|value| *value < WHOLE) {
                push(here.clone(), (&written, "…+"), true, &|check| check.at_least = Some(Share::Value(value + 1)));
            }
        }
        if let Some(share) = &check.partial_from {
            let written = format!("partial_from: {}", share_text(share));
            push(here.clone(), (&written, "—"), false, &|check| check.partial_from = None);
            if let Some(value) = share_value(share, control).filter(|value| *value < WHOLE) {
                push(here.clone(), (&written, "…+"), true, &|check| {
                    check.partial_from = Some(Share::Value(value + 1));
                });
            }
        }
        if check.undecided == Undecided::Exclude {
            push(here.clone(), ("undecided: exclude", "undecided: finding"), false, &|check| {
                check.undecided = Undecided::Finding;
            });
        }
        if !can_be_empty(pack, check) {
            continue;
        }
        let other = if check.on_empty == OnEmpty::Satisfied { OnEmpty::NotTested } else { OnEmpty::Satisfied };
        let words = [check.on_empty, other].map(|word| format!("on_empty: {}", on_empty(word)));
        push(here, (&words[0], &words[1]), false, &|check| check.on_empty = other);
    }
    for (name, param) in &control.params {
        let concerned: Vec<usize> = (0..control.checks.len()).filter(|at| uses(control, *at, name)).collect();
        for value in neighbours(param) {
            let written = |value: &Scalar| format!("${name} = {}", crate::policy::written(value, &param.ty));
            let change = (written(&param.value), written(&value));
            let mut changed = control.clone();
            if let Some(param) = changed.params.get_mut(name) {
                param.value = value;
            }
            let place = param.place.whole();
            all.push(Mutant { control: changed, checks: concerned.clone(), place, change, boundary: false });
        }
    }
    all
}

/// A share as written.
fn share_text(share: &Share) -> String {
    match share {
        Share::Value(value) => crate::policy::number::format_percent(*value),
        Share::Param(text) => text.text.trim().to_owned(),
    }
}

/// A share in units of 10⁻¹².
fn share_value(share: &Share, control: &Control) -> Option<i128> {
    match share {
        Share::Value(value) => Some(*value),
        Share::Param(text) => match &control.params.get(text.text.trim().trim_start_matches('$'))?.value {
            Scalar::Decimal(value) => Some(*value),
            _ => None,
        },
    }
}

/// The word of a policy file.
const fn on_empty(outcome: OnEmpty) -> &'static str {
    match outcome {
        OnEmpty::NotTested => "not_tested",
        OnEmpty::Satisfied => "satisfied",
        OnEmpty::NotApplicable => "not_applicable",
        OnEmpty::NotSatisfied => "not_satisfied",
    }
}

/// Whether a population can be empty without its evidence being `evidence_empty`: else `on_empty` is never asked.
fn can_be_empty(pack: &Pack, check: &Check) -> bool {
    if matches!(check.demand, Demand::Count(_)) || check.group_by.as_ref().is_some_and(Vec::is_empty) {
        return false;
    }
    if check.filter.is_some() {
        return true;
    }
    let SourceSpec::Named(name) = &check.over else { return false };
    let mut words = name.text.split('.');
    let first = words.next().unwrap_or_default();
    let Some(kind) = pack.kinds.get(&KindId::new(first)) else { return first == "calendar" };
    let mut list = Vec::new();
    let nested = words.any(|word| {
        let inside = kind.record_at(&list).and_then(|record| record.fields.get(word));
        list.push(word.to_owned());
        matches!(inside.map(|field| &field.kind), Some(FieldKind::Children { may_be_empty: true, .. }))
    });
    kind.may_be_empty || nested
}

fn set(check: &mut Check, reach: Reach, number: usize, text: &str) {
    if let Some(excerpt) = reach(check).into_iter().nth(number) {
        text.clone_into(&mut excerpt.text);
        // The value no longer lies in the file byte by byte.
        excerpt.map = std::sync::Arc::from([]);
    }
}

fn splice(text: &str, span: Span, with: &str) -> Option<String> {
    let (before, after) = (text.get(..span.start as usize)?, text.get(span.end as usize..)?);
    Some(format!("{before}{with}{after}"))
}

/// Every expression a check decides by.
fn expressions(check: &mut Check) -> Vec<&mut Excerpt> {
    let mut found: Vec<&mut Excerpt> = Vec::new();
    found.extend(check.applies_if.as_mut());
    for join in &mut check.joins {
        of_join(join, &mut found);
    }
    found.extend(check.filter.as_mut());
    found.extend(check.lets.iter_mut().map(|(_, value)| value));
    match &mut check.demand {
        Demand::Expect(condition) => found.push(condition),
        Demand::Has { partner, at_least } => {
            found.extend(at_least.as_mut());
            of_partner(partner, &mut found);
        }
        Demand::HasNo(partner) => of_partner(partner, &mut found),
        Demand::Count(bound) => found.push(bound),
    }
    found
}

fn of_join<'a>(join: &'a mut Join, found: &mut Vec<&'a mut Excerpt>) {
    found.extend(join.lets.iter_mut().map(|(_, value)| value));
    of_partner(&mut join.partner, found);
}

fn of_partner<'a>(partner: &'a mut Partner, found: &mut Vec<&'a mut Excerpt>) {
    found.extend(partner.filter.as_mut());
    for join in &mut partner.joins {
        of_join(join, found);
    }
}

/// Every `where` of a check.
fn filters(check: &mut Check) -> Vec<&mut Option<Excerpt>> {
    let mut found = vec![&mut check.filter];
    for join in &mut check.joins {
        filters_of(&mut join.partner, &mut found);
    }
    match &mut check.demand {
        Demand::Has { partner, .. } | Demand::HasNo(partner) => filters_of(partner, &mut found),
        Demand::Expect(_) | Demand::Count(_) => {}
    }
    found
}

fn filters_of<'a>(partner: &'a mut Partner, found: &mut Vec<&'a mut Option<Excerpt>>) {
    found.push(&mut partner.filter);
    for join in &mut partner.joins {
        filters_of(&mut join.partner, found);
    }
}

/// The partners of a check that stand in it directly.
fn partners(check: &mut Check) -> Vec<&mut Partner> {
    let mut found: Vec<&mut Partner> = check.joins.iter_mut().map(|join| &mut join.partner).collect();
    match &mut check.demand {
        Demand::Has { partner, .. } | Demand::HasNo(partner) => found.push(partner),
        Demand::Expect(_) | Demand::Count(_) => {}
    }
    found
}

/// Whether a check names a parameter anywhere.
fn uses(control: &Control, at: usize, name: &str) -> bool {
    let Some(mut check) = control.checks.get(at).cloned() else { return false };
    let wanted = format!("${name}");
    let shares = [&check.at_least, &check.partial_from];
    let share = shares.into_iter().flatten().any(|share| match share {
        crate::model::Share::Param(text) => text.text.trim() == wanted,
        crate::model::Share::Value(_) => false,
    });
    let source = check.over.place().text.trim() == wanted;
    share
        || source
        || expressions(&mut check).iter().any(|excerpt| {
            let (ast, _) = parse(&excerpt.text);
            let named = ast.as_ref().is_some_and(|ast| {
                ast.constants().iter().any(|path| path.len() == 1 && path.first().is_some_and(|part| part.text == name))
            });
            named || excerpt.text.trim() == wanted || excerpt.text.ends_with(&wanted)
        })
}

/// Values just beside the parameter's own.
fn neighbours(param: &Param) -> Vec<Scalar> {
    const HUNDREDTH: i128 = 10_000_000_000;
    const DAY: i64 = 86_400_000_000;
    match (&param.value, &param.ty) {
        (Scalar::Integer(n), _) => vec![Scalar::Integer(n.saturating_add(1)), Scalar::Integer(n.saturating_sub(1))],
        (Scalar::Decimal(n), ty) => {
            let step = if *ty == ParamType::Percent { HUNDREDTH } else { WHOLE };
            vec![Scalar::Decimal(n.saturating_add(step)), Scalar::Decimal(n.saturating_sub(step))]
        }
        (Scalar::Duration(unit, n), _) => {
            let step = match unit {
                crate::expr::DurationUnit::Days => DAY,
                crate::expr::DurationUnit::Time => 60_000_000,
                crate::expr::DurationUnit::Months => 1,
            };
            vec![Scalar::Duration(*unit, n.saturating_add(step)), Scalar::Duration(*unit, n.saturating_sub(step))]
        }
        (Scalar::Boolean(value), _) => vec![Scalar::Boolean(!value)],
        (Scalar::List(item, items), _) => (0..items.len())
            .map(|at| {
                let mut fewer = items.clone();
                fewer.remove(at);
                Scalar::List(item.clone(), fewer)
            })
            .collect(),
        (Scalar::Date(day), _) => vec![Scalar::Date(day + 1), Scalar::Date(day - 1)],
        (Scalar::Text(_) | Scalar::Timestamp(_) | Scalar::Null, _) => Vec::new(),
    }
}

/// A piece of an expression and what stands there instead.
struct Edit {
    span: Span,
    after: String,
    boundary: bool,
}

/// Every change of one operator, constant or condition of an expression.
fn edits(text: &str) -> Vec<Edit> {
    let mut edits = count_edits(text);
    let (Some(ast), faults) = parse(text) else { return edits };
    if !faults.is_empty() {
        return edits;
    }
    ast.walk(&mut |node| node_edits(text, node, &mut edits));
    edits
}

/// `">= 2"` is no expression: its number is moved by one.
fn count_edits(text: &str) -> Vec<Edit> {
    let trimmed = text.trim_start_matches(['<', '>', '=', ' ']);
    let at = text.len() - trimmed.len();
    if at == 0 {
        return Vec::new();
    }
    let Ok(bound) = trimmed.trim().parse::<i64>() else { return Vec::new() };
    let sign = text.get(..at).unwrap_or_default();
    let span = Span::new(0, text.len());
    [bound + 1, bound - 1].map(|after| Edit { span, after: format!("{sign}{after}"), boundary: true }).into()
}

fn node_edits(text: &str, node: &Ast, edits: &mut Vec<Edit>) {
    let slice = |span: Span| text.get(span.range()).unwrap_or_default();
    let plain = |span: Span, after: &str| Edit { span, after: after.to_owned(), boundary: false };
    let mut replace = |span: Span, with: &[&str]| edits.extend(with.iter().map(|with| plain(span, with)));
    match &node.kind {
        AstKind::Binary { op, op_span, left, right } => {
            let others: &[&str] = match op {
                BinaryOp::Or => &["AND"],
                BinaryOp::And => &["OR"],
                BinaryOp::Equal => &["<>"],
                BinaryOp::NotEqual => &["="],
                BinaryOp::Less => &["<=", ">="],
                BinaryOp::LessOrEqual => &["<", ">"],
                BinaryOp::Greater => &[">=", "<="],
                BinaryOp::GreaterOrEqual => &[">", "<"],
                BinaryOp::Add => &["-"],
                BinaryOp::Subtract => &["+"],
                BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Concat => &[],
            };
            // The whole of it is shown: of several `>=` in an expression one is meant.
            let (before, behind) = (node.span.start..op_span.start, op_span.end..node.span.end);
            let part = |range: std::ops::Range<u32>| slice(Span { start: range.start, end: range.end });
            let (before, behind) = (part(before), part(behind));
            for (number, other) in others.iter().enumerate() {
                // The first is the same with or without equality.
                let strict = ["<", "<=", ">", ">="].contains(other);
                edits.push(Edit {
                    span: node.span,
                    after: format!("{before}{other}{behind}"),
                    boundary: strict && number == 0,
                });
            }
            if matches!(op, BinaryOp::And | BinaryOp::Or) {
                // One condition at a time: the other side alone.
                edits.extend([left, right].map(|side| plain(node.span, slice(side.span))));
            }
        }
        AstKind::IsNull(..) | AstKind::IsTrue(..) | AstKind::IsDistinct(..) | AstKind::Like(..) => {
            replace(node.span, &[&format!("(NOT ({}))", slice(node.span))]);
        }
        AstKind::In(of, items, negated) => {
            replace(node.span, &[&format!("(NOT ({}))", slice(node.span))]);
            if items.len() > 1 {
                for gone in 0..items.len() {
                    let kept = items.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, item)| slice(item.span));
                    let kept = kept.collect::<Vec<_>>().join(", ");
                    let word = if *negated { "NOT IN" } else { "IN" };
                    replace(node.span, &[&format!("{} {word} ({kept})", slice(of.span))]);
                }
            }
        }
        AstKind::Between(of, low, high, false) => {
            let (of, low, high) = (slice(of.span), slice(low.span), slice(high.span));
            let edge = |after: String| Edit { span: node.span, after, boundary: true };
            edits.push(edge(format!("({of} > {low} AND {of} <= {high})")));
            edits.push(edge(format!("({of} >= {low} AND {of} < {high})")));
            edits.push(plain(node.span, &format!("({of} >= {low})")));
            edits.push(plain(node.span, &format!("({of} <= {high})")));
        }
        AstKind::Between(..) => replace(node.span, &[&format!("(NOT ({}))", slice(node.span))]),
        AstKind::Unary(crate::expr::UnaryOp::Not, inner) => replace(node.span, &[slice(inner.span)]),
        AstKind::Literal(literal) => literal_edits(node.span, literal, edits),
        AstKind::Call(call) => {
            let other = match call.name.text.to_uppercase().as_str() {
                "ANY" => Some("EVERY"),
                "EVERY" => Some("ANY"),
                "MIN" => Some("MAX"),
                "MAX" => Some("MIN"),
                "LEAST" => Some("GREATEST"),
                "GREATEST" => Some("LEAST"),
                "STARTS_WITH" => Some("ENDS_WITH"),
                "LIST_CONTAINS_ALL" => Some("LIST_CONTAINS_ANY"),
                "LIST_CONTAINS_ANY" => Some("LIST_CONTAINS_ALL"),
                _ => None,
            };
            if let Some(other) = other {
                replace(call.name.span, &[other]);
            }
            if call.distinct
                && let [argument] = call.arguments.as_slice()
                && call.name.text.eq_ignore_ascii_case("COUNT")
            {
                replace(node.span, &[&format!("COUNT({})", slice(argument.span))]);
            }
        }
        AstKind::Name(_)
        | AstKind::Constant(_)
        | AstKind::Unary(crate::expr::UnaryOp::Minus, _)
        | AstKind::Case { .. }
        | AstKind::Cast(_, Type::Null | _)
        | AstKind::List(_)
        | AstKind::Broken => {}
    }
}

fn literal_edits(span: Span, literal: &Literal, edits: &mut Vec<Edit>) {
    let replacements: Vec<String> = match literal {
        Literal::Boolean(value) => vec![if *value { "FALSE" } else { "TRUE" }.to_owned()],
        Literal::Integer(n) => vec![n.saturating_add(1).to_string(), n.saturating_sub(1).to_string()],
        Literal::Decimal(units) => {
            const HUNDREDTH: i128 = 10_000_000_000;
            [units.saturating_add(HUNDREDTH), units.saturating_sub(HUNDREDTH)]
                .iter()
                .map(|units| {
                    let text = crate::evidence::decimal_text(*units);
                    if text.contains('.') { text } else { format!("{text}.0") }
                })
                .collect()
        }
        Literal::Text(text) => vec![format!("'{}~'", text.replace('\'', "''"))],
        Literal::Date(day) => [day.saturating_add(1), day.saturating_sub(1)]
            .iter()
            .map(|day| format!("DATE '{}'", crate::evidence::date_text(*day)))
            .collect(),
        Literal::Null | Literal::Timestamp(_) | Literal::Duration(..) => Vec::new(),
    };
    edits.extend(replacements.into_iter().map(|after| Edit { span, after, boundary: false }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_at_a_time() {
        let cases = [
            ("ordering", "a >= 3", vec!["a > 3", "a < 3", "a >= 4", "a >= 2"]),
            ("equality", "a = b", vec!["a <> b"]),
            ("conjunction", "a AND b", vec!["a OR b", "a", "b"]),
            ("negation", "NOT a", vec!["a"]),
            ("null test", "a IS NULL", vec!["(NOT (a IS NULL))"]),
            ("text", "a = 'x'", vec!["a <> 'x'", "a = 'x~'"]),
            ("sum", "a + 1", vec!["a - 1", "a + 2", "a + 0"]),
            ("quantifier", "ANY(a)", vec!["EVERY(a)"]),
            ("distinct", "COUNT(DISTINCT a)", vec!["COUNT(a)"]),
            ("count bound", ">= 2", vec![">= 3", ">= 1"]),
            ("list", "a IN (b, c)", vec!["(NOT (a IN (b, c)))", "a IN (c)", "a IN (b)"]),
            ("nothing to change", "a", vec![]),
        ];
        for (name, text, expected) in cases {
            let found: Vec<String> =
                edits(text).iter().filter_map(|edit| splice(text, edit.span, &edit.after)).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn boundaries_are_told_from_other_changes() {
        let cases = [
            ("a >= 3 AND b < c", vec!["a > 3", "b <= c"]),
            ("d BETWEEN e AND f", vec!["(d > e AND d <= f)", "(d >= e AND d < f)"]),
            (">= 2", vec![">= 3", ">= 1"]),
            ("a = 3 OR NOT b", vec![]),
        ];
        for (text, expected) in cases {
            let edits = edits(text);
            let found: Vec<&str> = edits.iter().filter(|edit| edit.boundary).map(|edit| edit.after.as_str()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
