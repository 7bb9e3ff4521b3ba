//! Aggregates: one or more columns of a grouped stage, and the value made of them in the next.

use super::frame::{Frame, Writer, is_name};
use crate::expr::{Aggregate, AggregateCall, Expr, Type};

/// An aggregate, printed.
pub(super) struct Aggregated {
    /// Columns of the grouped stage: `max(x) AS a0__`.
    pub(super) select: Vec<String>,
    /// Their names.
    pub(super) names: Vec<String>,
    /// The value, made of those names.
    pub(super) value: String,
    /// Whether it may be in doubt.
    pub(super) may_doubt: bool,
    /// Whether one of the inputs was in doubt, made of those names; the aggregate is when it is NULL too. Printed when
    /// somebody asks.
    pub(super) doubt: Option<String>,
    /// What a group without rows has.
    pub(super) empty: Empty,
}

/// The result over no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Empty {
    /// NULL.
    Null,
    /// 0.
    Zero,
    /// The distance of the edges; the name has how many rows may count.
    Edges(String),
}

/// What a row without rows to aggregate has instead, printed.
pub(super) struct Otherwise {
    /// TRUE where there were rows.
    pub(super) any: String,
    /// The value without any.
    pub(super) value: String,
    /// Whether that is in doubt; `None` when it cannot be.
    pub(super) doubt: Option<String>,
}

/// An input of an aggregate.
struct Input {
    /// Its SQL.
    text: String,
    /// The same as an operand.
    side: String,
    doubt: Option<String>,
}

impl Writer<'_> {
    /// Prints the calls over the rows of a frame that `filter` (a `WHERE` or nothing) leaves, by some of its columns.
    pub(super) fn aggregates(
        &mut self,
        frame: &mut Frame,
        calls: &[AggregateCall],
        by: &[String],
        filter: &str,
        flagged: &[bool],
    ) -> Vec<Aggregated> {
        let windows = calls.iter().any(|call| matches!(call.function, Aggregate::Latest | Aggregate::MaxGap));
        if windows && !filter.is_empty() {
            // What a window looks at must be no more than what is aggregated.
            self.flush(frame, None);
            let body = format!("SELECT *\nFROM {}{filter}", frame.from);
            let label = frame.label.clone();
            frame.from = self.stage(&label, None, &body);
        }
        let flagged = |number: usize| flagged.get(number).copied().unwrap_or(false);
        let printed =
            calls.iter().enumerate().map(|(number, call)| self.one(frame, call, by, number, flagged(number))).collect();
        self.flush(frame, None);
        printed
    }

    fn input(&mut self, frame: &mut Frame, expr: &Expr, name: &str, flagged: bool, once: bool) -> Input {
        let text = self.print(frame, &[expr], |printer| {
            if expr.ty == Type::Decimal { printer.number(expr) } else { printer.value(expr) }
        });
        let short = if once { 40 } else { 0 };
        let text = if is_name(&text) || text.len() <= short { text } else { frame.add(name, text) };
        let doubt = if flagged { self.doubt(frame, expr) } else { None };
        let doubt = doubt.map(|doubt| if is_name(&doubt) { doubt } else { frame.add(&format!("{name}doubt"), doubt) });
        let side = if is_name(&text) { text.clone() } else { format!("({text})") };
        Input { text, side, doubt }
    }

    fn one(
        &mut self,
        frame: &mut Frame,
        call: &AggregateCall,
        by: &[String],
        number: usize,
        flagged: bool,
    ) -> Aggregated {
        let once = !matches!(call.function, Aggregate::Latest | Aggregate::MaxGap);
        let counts = matches!(call.function, Aggregate::Count | Aggregate::CountDistinct);
        let may_doubt = matches!(call.function, Aggregate::Sum | Aggregate::Avg | Aggregate::MaxGap)
            || call.arguments.iter().chain(&call.filter).any(|expr| self.may_doubt(frame, expr));
        let filter =
            call.filter.as_ref().map(|filter| self.input(frame, filter, &format!("filter{number}__"), flagged, once));
        let inputs: Vec<Input> = call
            .arguments
            .iter()
            .enumerate()
            .map(|(at, argument)| self.input(frame, argument, &format!("arg{number}_{at}__"), flagged || counts, once))
            .collect();
        let ty = call.arguments.first().map_or(Type::Null, |argument| argument.ty.clone());
        let gap = self.window(frame, call, by, number, filter.as_ref(), &inputs);
        let x = inputs.first().map_or("NULL", |input| input.text.as_str());
        let f = filter.as_ref().map(|filter| filter.side.as_str());
        let counted = f.map_or_else(String::new, |f| format!(" FILTER (WHERE {f})"));
        let collate = if ty == Type::Decimal { " COLLATE decimal" } else { "" };
        let name = format!("a{number}__");
        // Rows that leave it open: the filter is NULL, or an input of a row that counts is.
        let certain = |missing: &[String]| match f {
            None if missing.is_empty() => None,
            None => Some(missing.join(" AND ")),
            Some(_) if missing.is_empty() => f.map(|f| format!("count({f}) = count(*)")),
            Some(f) => {
                let nulls: Vec<String> = inputs.iter().map(|input| format!("{} IS NULL", input.side)).collect();
                let nulls = nulls.join(" OR ");
                Some(format!("count(*) FILTER (WHERE {f} IS NULL OR ({f} AND ({nulls}))) = 0"))
            }
        };
        let all: Vec<String> = inputs.iter().map(|input| format!("count({}) = count(*)", input.text)).collect();
        let unless_null = |value: String| match certain(&all) {
            None => value,
            Some(certain) => format!("CASE WHEN {certain} THEN {value} END"),
        };
        let single = |sql: String| (vec![format!("{sql} AS {name}")], vec![name.clone()], name.clone());
        let mut empty = match call.function {
            Aggregate::CountRows | Aggregate::Count | Aggregate::CountDistinct => Empty::Zero,
            _ => Empty::Null,
        };
        let (mut select, mut names, value) = match call.function {
            Aggregate::CountRows => single(match certain(&[]) {
                None => "count(*)".to_owned(),
                Some(certain) => format!("CASE WHEN {certain} THEN count(*){counted} END"),
            }),
            // Blanks are not counted; a doubt may be a value.
            Aggregate::Count | Aggregate::CountDistinct => {
                let distinct = if call.function == Aggregate::Count { String::new() } else { "DISTINCT ".to_owned() };
                let collate = if distinct.is_empty() { "" } else { collate };
                let value = format!("count({distinct}{x}{collate}){counted}");
                let doubt = inputs.first().and_then(|input| input.doubt.as_deref());
                let open = match (f, doubt) {
                    (None, None) => None,
                    (None, Some(doubt)) => Some(format!("coalesce(max({doubt}), 0) = 0")),
                    (Some(f), None) => Some(format!("count({f}) = count(*)")),
                    (Some(f), Some(doubt)) => {
                        Some(format!("count(*) FILTER (WHERE {f} IS NULL OR ({f} AND {doubt})) = 0"))
                    }
                };
                single(match open {
                    None => value,
                    Some(open) => format!("CASE WHEN {open} THEN {value} END"),
                })
            }
            Aggregate::Sum if call.ty == Type::Integer => {
                let sum = unless_null(format!("decimal_sum({x}){counted}"));
                let value = format!(
                    "CASE decimal_cmp({name}, CAST({name} AS INTEGER)) WHEN 0 THEN CAST({name} AS INTEGER) END"
                );
                (vec![format!("{sum} AS {name}")], vec![name.clone()], value)
            }
            Aggregate::Sum => single(unless_null(format!("decimal_sum({x}){counted}"))),
            Aggregate::Avg => {
                let sum = unless_null(format!("decimal_sum({x}){counted}"));
                let rows = format!("n{number}__");
                self.shared.uses("hegui_divide");
                let value = format!("hegui_divide({name}, {rows})");
                (
                    vec![format!("{sum} AS {name}"), format!("count(*){counted} AS {rows}")],
                    vec![name.clone(), rows],
                    value,
                )
            }
            Aggregate::Min => single(unless_null(format!("min({}{collate}){counted}", widened(x, &call.arguments)))),
            Aggregate::Max => single(unless_null(format!("max({}{collate}){counted}", widened(x, &call.arguments)))),
            Aggregate::Any => {
                let any = format!("max({x}){counted}");
                let certain = certain(&all).unwrap_or_else(|| "TRUE".to_owned());
                single(format!("CASE WHEN {any} THEN TRUE WHEN {certain} THEN {any} END"))
            }
            Aggregate::Every => {
                let every = format!("min({x}){counted}");
                let certain = certain(&all).unwrap_or_else(|| "TRUE".to_owned());
                single(format!("CASE WHEN NOT {every} THEN FALSE WHEN {certain} THEN {every} END"))
            }
            Aggregate::ListDistinct => {
                let x = widened(x, &call.arguments);
                let list = format!("json_group_array(DISTINCT {x}{collate} ORDER BY {x}{collate}){counted}");
                let open = certain(&all).map_or_else(String::new, |certain| format!(" AND {certain}"));
                single(format!("CASE WHEN count(*){counted} > 0{open} THEN {list} END"))
            }
            Aggregate::Latest => {
                let latest = format!(" FILTER (WHERE latest{number}__)");
                let x = widened(x, &call.arguments);
                let (least, most) = (format!("min({x}{collate}){latest}"), format!("max({x}{collate}){latest}"));
                let same = if ty == Type::Decimal {
                    format!("decimal_cmp({least}, {most}) = 0")
                } else {
                    format!("{least} = {most}")
                };
                single(unless_null(format!("CASE WHEN {same} THEN {most} END")))
            }
            Aggregate::MaxGap => {
                let (select, mut names, value) = single(gap.unwrap_or_else(|| "NULL".to_owned()));
                let (mut select, rows) = (select, format!("n{number}__"));
                if call.arguments.len() == 3 {
                    let possible = filter
                        .as_ref()
                        .map_or_else(String::new, |f| format!(" FILTER (WHERE {} IS NOT FALSE)", f.side));
                    select.push(format!("count(*){possible} AS {rows}"));
                    names.push(rows.clone());
                    empty = Empty::Edges(rows);
                }
                (select, names, value)
            }
        };
        let doubt = if flagged { Self::reasons(call, number, filter.as_ref(), &inputs) } else { None };
        let doubt = doubt.map(|(column, name, reasons)| {
            select.extend(column);
            names.extend(name);
            reasons
        });
        Aggregated { select, names, value, may_doubt, doubt, empty }
    }

    /// Whether an input that counts is in doubt, or the result itself can be: a column, its name, and the reasons.
    fn reasons(
        call: &AggregateCall,
        number: usize,
        filter: Option<&Input>,
        inputs: &[Input],
    ) -> Option<(Option<String>, Option<String>, String)> {
        let mut doubts: Vec<String> = inputs.iter().filter_map(|input| input.doubt.clone()).collect();
        if let Some(filter) = filter {
            let inner = doubts.join(" OR ");
            doubts = filter.doubt.iter().cloned().collect();
            if !inner.is_empty() {
                doubts.push(format!("({} IS TRUE AND ({inner}))", filter.side));
            }
        }
        // A sum too large, edges that differ or are upside down: no value, and no blank either.
        let name = format!("d{number}__");
        let own = match (call.function, inputs) {
            (Aggregate::Sum | Aggregate::Avg, _) => Some(format!("a{number}__ IS NOT NULL")),
            (Aggregate::MaxGap, [t, from, to]) => {
                let (t, from, to) = (&t.side, &from.side, &to.side);
                let null = format!("{t} IS NULL OR {from} IS NULL OR {to} IS NULL");
                let (open, counted) = match filter {
                    None => (null, String::new()),
                    Some(filter) => {
                        let f = &filter.side;
                        (format!("{f} IS NULL OR ({f} AND ({null}))"), format!(" FILTER (WHERE {f})"))
                    }
                };
                doubts = vec![format!("({})", if doubts.is_empty() { "0".to_owned() } else { doubts.join(" OR ") })];
                let (first, last) = (format!("min({from}){counted}"), format!("max({to}){counted}"));
                let differ =
                    format!("{first} <> max({from}){counted} OR min({to}){counted} <> {last} OR {first} > {last}");
                let column = format!(
                    "max({}) OR (count(*) FILTER (WHERE {open}) = 0 AND ({differ})) AS {name}",
                    doubts.join(" OR ")
                );
                return Some((Some(column), Some(name.clone()), name));
            }
            _ => None,
        };
        match (doubts.is_empty(), own) {
            (true, None) => None,
            (true, Some(own)) => Some((None, None, own)),
            (false, None) => Some((Some(format!("max({}) AS {name}", doubts.join(" OR "))), Some(name.clone()), name)),
            (false, Some(own)) => Some((
                Some(format!("max({}) AS {name}", doubts.join(" OR "))),
                Some(name.clone()),
                format!("{name} OR {own}"),
            )),
        }
    }

    /// What has to be known of each row beside the others: whether it is the latest, the gap before it.
    fn window(
        &mut self,
        frame: &mut Frame,
        call: &AggregateCall,
        by: &[String],
        number: usize,
        filter: Option<&Input>,
        inputs: &[Input],
    ) -> Option<String> {
        let f = filter.map(|filter| filter.side.as_str());
        let partition = |more: Option<&str>| {
            let parts: Vec<&str> = by.iter().map(String::as_str).chain(more).collect();
            if parts.is_empty() { String::new() } else { format!("PARTITION BY {} ", parts.join(", ")) }
        };
        match (call.function, inputs) {
            (Aggregate::Latest, [_, t]) => {
                self.flush(frame, None);
                let counts = f.map_or_else(String::new, |f| format!(" AND {f}"));
                let sql = format!("rank() OVER ({}ORDER BY {} DESC) = 1{counts}", partition(f), t.text);
                frame.add(&format!("latest{number}__"), sql);
                None
            }
            (Aggregate::MaxGap, [t]) => {
                self.flush(frame, None);
                let before = format!("lag({}) OVER ({}ORDER BY {})", t.text, partition(f), t.text);
                let gap = distance(&call.arguments, &before, &t.text);
                let gap = frame.add(&format!("gap{number}__"), gap);
                let counted = f.map_or_else(String::new, |f| format!(" FILTER (WHERE {f})"));
                let certain = match f {
                    None => format!("count({}) = count(*)", t.text),
                    Some(f) => format!("count(*) FILTER (WHERE {f} IS NULL OR ({f} AND {} IS NULL)) = 0", t.side),
                };
                Some(format!("CASE WHEN {certain} THEN max({gap}){counted} END"))
            }
            (Aggregate::MaxGap, [t, from, to]) => {
                let (t, from, to) = (t.side.as_str(), from.side.as_str(), to.side.as_str());
                let among = f.map_or_else(String::new, |f| format!(" AND {f}"));
                self.flush(frame, None);
                let inside = frame.add(&format!("inside{number}__"), format!("{t} BETWEEN {from} AND {to}{among}"));
                self.flush(frame, None);
                let before = format!("lag({t}, 1, {from}) OVER ({}ORDER BY {t})", partition(Some(&inside)));
                let gap = distance(&call.arguments, &before, t);
                let gap = frame.add(&format!("gap{number}__"), gap);
                let counted = f.map_or_else(String::new, |f| format!(" FILTER (WHERE {f})"));
                let (first, last) = (format!("min({from}){counted}"), format!("max({to}){counted}"));
                let end = format!("coalesce(max({t}) FILTER (WHERE {inside}), {first})");
                let rest = distance(&call.arguments, &end, &last);
                let longest = format!("max({gap}) FILTER (WHERE {inside})");
                let null = format!("{t} IS NULL OR {from} IS NULL OR {to} IS NULL");
                let open = f.map_or_else(|| null.clone(), |f| format!("{f} IS NULL OR ({f} AND ({null}))"));
                let edges =
                    format!("{first} = max({from}){counted} AND min({to}){counted} = {last} AND {first} <= {last}");
                Some(format!(
                    "CASE WHEN count(*) FILTER (WHERE {open}) = 0 AND {edges} THEN max(coalesce({longest}, {rest}), {rest}) END"
                ))
            }
            _ => None,
        }
    }
}

/// Decimals are text where they are ordered.
fn widened(x: &str, arguments: &[Expr]) -> String {
    match arguments.first() {
        Some(Expr { kind: crate::expr::ExprKind::Widen(_), .. }) => format!("CAST({x} AS TEXT)"),
        _ => x.to_owned(),
    }
}

/// The duration from `from` to `to` in microseconds.
pub(super) fn distance(arguments: &[Expr], from: &str, to: &str) -> String {
    if arguments.first().is_some_and(|argument| argument.ty == Type::Date) {
        format!("CAST(julianday({to}) - julianday({from}) AS INTEGER) * 86400000000")
    } else {
        format!("{to} - {from}")
    }
}

/// A text with the names of a grouped stage replaced by those of the next.
pub(super) fn renamed(text: &str, names: &[String], rename: &dyn Fn(&str) -> String) -> String {
    names.iter().fold(text.to_owned(), |text, name| text.replace(name.as_str(), &rename(name)))
}
