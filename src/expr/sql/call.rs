//! Calls of the function table, by name.

use super::super::{DurationUnit, Expr, ExprKind, Scalar, Type};
use super::{Level, Piece, Printer, quoted};

/// Microseconds in the units of `DAYS`, `HOURS`, `MINUTES`.
const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;
const MINUTE: i64 = 60_000_000;
/// The years 0000 to 9999 in microseconds.
const FIRST_INSTANT: i64 = -62_167_219_200_000_000;
const LAST_INSTANT: i64 = 253_402_300_799_999_999;

impl Printer<'_> {
    pub(super) fn call(&self, name: &str, arguments: &[Expr], whole: &Expr) -> Piece {
        match (name, arguments) {
            ("AND" | "OR", _) => self.connective(name, arguments),
            ("NOT", [a]) => self.not(a),
            ("=" | "<>" | "<" | "<=" | ">" | ">=", [a, b]) => self.compare(name, a, b),
            ("+" | "-" | "*" | "/" | "NEGATE", _) => self.arithmetic(name, arguments, whole),
            ("||", [a, b]) => {
                let (a, b) = (self.print(a).above(Level::Multiply), self.print(b).above(Level::Concat));
                Piece::at(Level::Concat, format!("{a} || {b}"))
            }
            ("IS NULL" | "IS TRUE", [a]) => self.looked_at(name, a),
            ("IS DISTINCT FROM", [a, b]) => self.distinct(name, a, b),
            ("IN", [a, items @ ..]) => self.among(name, a, items),
            ("BETWEEN", [a, low, high]) => self.between(name, a, low, high),
            ("LIKE", [a, pattern]) => self.like("GLOB", a, pattern),
            ("REGEXP_LIKE", _) => self.own("hegui_regexp_like", whole, || self.values(arguments)),
            ("COALESCE", _) => self.coalesce(arguments),
            ("NULLIF", [a, b]) => self.nullif(a, b),
            _ => self
                .text(name, arguments)
                .or_else(|| self.numeric(name, arguments, whole))
                .or_else(|| self.time(name, arguments))
                .or_else(|| self.list_function(name, arguments))
                .unwrap_or_else(|| self.domain(name, arguments, whole)),
        }
    }

    /// `NOT (x IS NULL)` reads better as `x IS NOT NULL`.
    fn not(&self, a: &Expr) -> Piece {
        if let ExprKind::Call { function, arguments } = &a.kind {
            match (function.name, arguments.as_slice()) {
                ("IS NULL", [a]) => return self.looked_at("IS NOT NULL", a),
                ("IS TRUE", [a]) => return self.looked_at("IS NOT TRUE", a),
                ("IS DISTINCT FROM", [a, b]) => return self.distinct("IS NOT DISTINCT FROM", a, b),
                ("IN", [a, items @ ..]) => return self.among("NOT IN", a, items),
                ("BETWEEN", [a, low, high]) => return self.between("NOT BETWEEN", a, low, high),
                ("LIKE", [a, pattern]) => return self.like("NOT GLOB", a, pattern),
                _ => {}
            }
        }
        Piece::at(Level::Not, format!("NOT {}", self.print(a).above(Level::And)))
    }

    fn like(&self, word: &str, a: &Expr, pattern: &Expr) -> Piece {
        Piece::at(Level::Compare, format!("{} {word} {}", self.print(a).side(), self.glob(pattern)))
    }

    pub(super) fn values(&self, arguments: &[Expr]) -> Vec<String> {
        arguments.iter().map(|argument| self.value(argument)).collect()
    }

    fn connective(&self, name: &str, arguments: &[Expr]) -> Piece {
        let (level, least) = if name == "AND" { (Level::And, Some(Level::Or)) } else { (Level::Or, None) };
        let parts: Vec<String> = arguments
            .iter()
            .map(|argument| {
                let part = self.print(argument);
                least.map_or_else(|| part.text.clone(), |least| part.above(least))
            })
            .collect();
        Piece::at(level, parts.join(&format!(" {name} ")))
    }

    pub(super) fn compare(&self, name: &str, a: &Expr, b: &Expr) -> Piece {
        if a.ty == Type::Decimal || b.ty == Type::Decimal {
            return Piece::at(Level::Compare, format!("{} {name} 0", self.decimal_cmp(a, b)));
        }
        Piece::at(Level::Compare, format!("{} {name} {}", self.print(a).side(), self.print(b).side()))
    }

    /// `IS NULL` and its like: NULL of a doubt.
    fn looked_at(&self, name: &str, a: &Expr) -> Piece {
        let value = self.print(a).side();
        unless(self.doubting(a), &Piece::at(Level::Compare, format!("{value} {name}")))
    }

    fn distinct(&self, name: &str, a: &Expr, b: &Expr) -> Piece {
        let answer = if a.ty == Type::Decimal || b.ty == Type::Decimal {
            let (left, right) = (self.print(a), self.print(b));
            let not = if name == "IS DISTINCT FROM" { "<>" } else { "=" };
            Piece::atom(format!(
                "coalesce({} {not} 0, ({} IS NULL) {not} ({} IS NULL))",
                self.decimal_cmp(a, b),
                left.side(),
                right.side()
            ))
        } else {
            Piece::at(Level::Compare, format!("{} {name} {}", self.print(a).side(), self.print(b).side()))
        };
        let doubt = self.either([a, b]);
        unless(doubt, &answer)
    }

    fn among(&self, name: &str, a: &Expr, items: &[Expr]) -> Piece {
        // `IN` a list given as one constant or one column of a list type is not part of the language.
        if a.ty == Type::Decimal || items.iter().any(|item| item.ty == Type::Decimal) {
            let any: Vec<String> = items.iter().map(|item| self.compare("=", a, item).text).collect();
            let any = if any.is_empty() { "FALSE".to_owned() } else { any.join(" OR ") };
            return if name == "IN" {
                Piece::atom(format!("({any})"))
            } else {
                Piece::at(Level::Not, format!("NOT ({any})"))
            };
        }
        let list = self.values(items).join(", ");
        Piece::at(Level::Compare, format!("{} {name} ({list})", self.print(a).side()))
    }

    fn between(&self, name: &str, a: &Expr, low: &Expr, high: &Expr) -> Piece {
        if [a, low, high].iter().any(|side| side.ty == Type::Decimal) {
            let (not, level) = if name == "BETWEEN" { ("", Level::Atom) } else { ("NOT ", Level::Not) };
            let (low, high) = (self.compare(">=", a, low), self.compare("<=", a, high));
            return Piece::at(level, format!("{not}({} AND {})", low.text, high.text));
        }
        let (value, low, high) = (self.print(a).side(), self.print(low).side(), self.print(high).side());
        Piece::at(Level::Compare, format!("{value} {name} {low} AND {high}"))
    }

    /// A `LIKE` pattern as `GLOB` has it, which tells upper from lower case.
    fn glob(&self, pattern: &Expr) -> String {
        let text = match &pattern.kind {
            ExprKind::Pattern(pattern) => &pattern.text,
            ExprKind::Literal { value: Scalar::Text(text), .. } => text,
            _ => return self.value(pattern),
        };
        let mut glob = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '%' => glob.push('*'),
                '_' => glob.push('?'),
                '*' | '?' | '[' => glob.extend(['[', c, ']']),
                c => glob.push(c),
            }
        }
        quoted(&glob)
    }

    /// A doubt is no blank: what follows it does not stand in.
    fn coalesce(&self, arguments: &[Expr]) -> Piece {
        let doubts = arguments.iter().rev().skip(1).any(|argument| self.doubting(argument).is_some());
        if !doubts {
            return Piece::atom(format!("coalesce({})", self.values(arguments).join(", ")));
        }
        let mut text = String::from("CASE");
        let last = arguments.len().saturating_sub(1);
        for (index, argument) in arguments.iter().enumerate() {
            let value = self.print(argument);
            if index == last {
                text.extend([" ELSE ", value.text.as_str()]);
                continue;
            }
            let value = self.twice(value);
            text.extend([" WHEN ", &value.side(), " IS NOT NULL THEN ", &value.text]);
            if let Some(doubt) = self.doubting(argument) {
                text.extend([" WHEN ", &doubt.text, " THEN NULL"]);
            }
        }
        text.push_str(" END");
        Piece::atom(text)
    }

    fn nullif(&self, a: &Expr, b: &Expr) -> Piece {
        let value = self.print(a);
        let value = self.twice(value);
        let equal = self.compare("=", a, b);
        let equal = self.twice(equal);
        let doubt = self.doubting(b).map_or_else(String::new, |doubt| format!(" AND NOT {}", doubt.above(Level::And)));
        Piece::atom(format!("CASE WHEN {} IS NOT TRUE{doubt} THEN {} END", equal.side(), value.text))
    }

    fn text(&self, name: &str, arguments: &[Expr]) -> Option<Piece> {
        let values = self.values(arguments);
        let plain = |name: &str| Some(Piece::atom(format!("{name}({})", values.join(", "))));
        match (name, arguments) {
            ("LOWER" | "UPPER" | "LENGTH" | "REPLACE", _) => plain(&name.to_lowercase()),
            ("TRIM", _) => Some(Piece::atom(format!("trim({}, char(9, 10, 13, 32, 160, 12288))", values.join(", ")))),
            ("SUBSTR", [_, start, rest @ ..]) => {
                let mut guard = Vec::new();
                if !matches!(start.kind, ExprKind::Literal { value: Scalar::Integer(1..), .. }) {
                    guard.push(format!("{} >= 1", self.print(start).side()));
                }
                if let [length] = rest
                    && !matches!(length.kind, ExprKind::Literal { value: Scalar::Integer(0..), .. })
                {
                    guard.push(format!("{} >= 0", self.print(length).side()));
                }
                let text = format!("substr({})", values.join(", "));
                Some(Piece::atom(if guard.is_empty() {
                    text
                } else {
                    format!("CASE WHEN {} THEN {text} END", guard.join(" AND "))
                }))
            }
            ("CONTAINS", [_, _]) => Some(Piece::at(Level::Compare, format!("instr({}) > 0", values.join(", ")))),
            ("STARTS_WITH", [s, p]) => {
                let (s, p) = (self.value(s), self.twice(self.print(p)));
                Some(Piece::at(Level::Compare, format!("substr({s}, 1, length({})) = {}", p.text, p.side())))
            }
            ("ENDS_WITH", [s, p]) => {
                let (s, p) = (self.twice(self.print(s)), self.twice(self.print(p)));
                let (s, side, p) = (s.text, p.side(), p.text);
                Some(Piece::at(Level::Compare, format!("substr({s}, length({s}) - length({p}) + 1) = {side}")))
            }
            _ => None,
        }
    }

    fn numeric(&self, name: &str, arguments: &[Expr], whole: &Expr) -> Option<Piece> {
        let values = || self.values(arguments);
        match (name, arguments) {
            ("LEAST" | "GREATEST", _) => {
                let function = if name == "LEAST" { "min" } else { "max" };
                let decimal = whole.ty == Type::Decimal;
                let mut values = values();
                if decimal && let Some(first) = values.first_mut() {
                    first.push_str(" COLLATE decimal");
                }
                // With one argument SQLite's `min` is the aggregate.
                if let [only] = values.as_slice() {
                    return Some(Piece::at(Level::Or, only.clone()));
                }
                Some(Piece::atom(format!("{function}({})", values.join(", "))))
            }
            ("ABS", [a]) if a.ty == Type::Integer => {
                let a = self.twice(self.print(a));
                Some(Piece::atom(format!("CASE WHEN {} <> {} THEN abs({}) END", a.side(), i64::MIN, a.text)))
            }
            ("ABS", [a]) => Some(Piece::atom(format!("ltrim({}, '-')", self.value(a)))),
            ("HOURS_BETWEEN" | "MINUTES_BETWEEN", _) => {
                let own = if name == "HOURS_BETWEEN" { "hegui_hours_between" } else { "hegui_minutes_between" };
                Some(self.own(own, whole, values))
            }
            ("ROUND" | "FLOOR" | "CEIL", _) => Some(self.rounding(name, arguments, whole)),
            ("DAYS", [n]) => Some(self.product(n, DAY)),
            ("HOURS", [n]) => Some(self.product(n, HOUR)),
            ("MINUTES", [n]) => Some(self.product(n, MINUTE)),
            ("MONTHS", [n]) => Some(self.months(n, 1)),
            ("YEARS", [n]) => Some(self.months(n, 12)),
            _ => None,
        }
    }

    /// `n` times a unit, NULL when it overflows.
    fn product(&self, n: &Expr, unit: i64) -> Piece {
        let text = format!("{} * {unit}", self.print(n).above(Level::Add));
        if bound(n).saturating_mul(i128::from(unit)) <= i128::from(i64::MAX) {
            return Piece::at(Level::Multiply, text);
        }
        self.whole_number(Piece::at(Level::Multiply, text))
    }

    /// Months fit 32 bits.
    fn months(&self, n: &Expr, each: i64) -> Piece {
        let n = self.twice(self.print(n));
        let (most, least) = (i64::from(i32::MAX) / each, i64::from(i32::MIN) / each);
        let product = if each == 1 { n.text.clone() } else { format!("{} * {each}", n.above(Level::Add)) };
        Piece::atom(format!("CASE WHEN {} BETWEEN {least} AND {most} THEN {product} END", n.side()))
    }

    /// A result that SQLite made a float because it overflowed is none.
    pub(super) fn whole_number(&self, sql: Piece) -> Piece {
        let sql = self.twice(sql);
        Piece::atom(format!("CASE typeof({0}) WHEN 'integer' THEN {0} END", sql.text))
    }

    fn arithmetic(&self, name: &str, arguments: &[Expr], whole: &Expr) -> Piece {
        match (&whole.ty, arguments) {
            (Type::Decimal, [a, b]) => self.decimal_arithmetic(name, a, b, whole),
            (Type::Decimal, [a]) => Piece::atom(format!("decimal_sub('0', {})", self.decimal_argument(a))),
            (Type::Date, [a, b]) => self.date_plus(name, a, b),
            (Type::Timestamp, [a, b]) if b.ty == Type::Duration(DurationUnit::Months) => {
                let sign = if name == "-" { "-" } else { "" };
                self.own("hegui_add_months", whole, || {
                    vec![self.value(a), format!("{sign}{}", self.print(b).above(Level::Concat))]
                })
            }
            (Type::Timestamp, [b, a]) if b.ty == Type::Duration(DurationUnit::Months) => {
                self.own("hegui_add_months", whole, || vec![self.value(a), self.value(b)])
            }
            (Type::Timestamp, _) => {
                let raw = self.twice(self.raw_whole(name, arguments));
                let (first, last) = (FIRST_INSTANT, LAST_INSTANT);
                Piece::atom(format!("CASE WHEN {} BETWEEN {first} AND {last} THEN {} END", raw.side(), raw.text))
            }
            (Type::Duration(DurationUnit::Months), _) => {
                let raw = self.twice(self.raw_whole(name, arguments));
                let (first, last) = (i32::MIN, i32::MAX);
                Piece::atom(format!("CASE WHEN {} BETWEEN {first} AND {last} THEN {} END", raw.side(), raw.text))
            }
            _ => {
                let raw = self.raw_whole(name, arguments);
                if bound(whole) <= i128::from(i64::MAX) { raw } else { self.whole_number(raw) }
            }
        }
    }

    /// Arithmetic of whole numbers without the look at its type: a part that overflowed is a float and makes the
    /// whole a float, so one look at the whole is enough.
    fn raw_whole(&self, name: &str, arguments: &[Expr]) -> Piece {
        let raw = |expr: &Expr| match &expr.kind {
            ExprKind::Call { function, arguments }
                if matches!(function.name, "+" | "-" | "*" | "NEGATE")
                    && (expr.ty == Type::Integer || matches!(expr.ty, Type::Duration(_))) =>
            {
                self.raw_whole(function.name, arguments)
            }
            _ => self.print(expr),
        };
        match arguments {
            [a, b] if name == "*" => {
                Piece::at(Level::Multiply, format!("{} * {}", raw(a).above(Level::Add), raw(b).above(Level::Multiply)))
            }
            [a, b] => {
                Piece::at(Level::Add, format!("{} {name} {}", raw(a).above(Level::Compare), raw(b).above(Level::Add)))
            }
            [a] => Piece::at(Level::Concat, format!("-{}", raw(a).above(Level::Concat))),
            _ => Piece::atom("NULL"),
        }
    }

    /// Functions whose rule plain SQL does not have.
    fn domain(&self, name: &str, arguments: &[Expr], whole: &Expr) -> Piece {
        const OWN: [(&str, &str); 8] = [
            ("IS_CN_ID", "hegui_is_cn_id"),
            ("IS_CN_MOBILE", "hegui_is_cn_mobile"),
            ("IS_USCC", "hegui_is_uscc"),
            ("IS_BANK_CARD", "hegui_is_bank_card"),
            ("IS_EMAIL", "hegui_is_email"),
            ("IS_SHA256", "hegui_is_sha256"),
            ("IS_MASKED", "hegui_is_masked"),
            ("CIDR_CONTAINS", "hegui_cidr_contains"),
        ];
        let own = OWN.iter().find(|(known, _)| *known == name).map_or("hegui_unknown", |(_, own)| own);
        self.own(own, whole, || self.values(arguments))
    }
}

/// The answer, or NULL where there is doubt.
fn unless(doubt: Option<Piece>, answer: &Piece) -> Piece {
    match doubt {
        None => answer.clone(),
        Some(doubt) => Piece::atom(format!("CASE WHEN NOT {} THEN {} END", doubt.above(Level::And), answer.text)),
    }
}

/// The greatest magnitude a whole number can have, where that is known.
pub(super) fn bound(expr: &Expr) -> i128 {
    let any = if expr.ty == Type::Timestamp { i128::from(LAST_INSTANT) } else { i128::from(i64::MAX) + 1 };
    match &expr.kind {
        ExprKind::Literal {
            value: Scalar::Integer(value) | Scalar::Timestamp(value) | Scalar::Duration(_, value),
            ..
        } => i128::from(*value).abs(),
        ExprKind::Call { function, arguments } => match (function.name, arguments.as_slice()) {
            ("+" | "-", [a, b]) => bound(a).saturating_add(bound(b)),
            ("NEGATE", [a]) => bound(a),
            // Times nothing is nothing, but a part that overflowed on the way is none.
            ("*", [a, b]) => bound(a).saturating_mul(bound(b)).max(bound(a)).max(bound(b)),
            (
                "LENGTH" | "CARDINALITY" | "YEAR" | "QUARTER" | "MONTH" | "DAY" | "DAYS_BETWEEN" | "MONTHS_BETWEEN",
                _,
            ) => 1 << 31,
            ("DAYS", [n]) => bound(n).saturating_mul(DAY.into()).min(any),
            ("HOURS", [n]) => bound(n).saturating_mul(HOUR.into()).min(any),
            ("MINUTES", [n]) => bound(n).saturating_mul(MINUTE.into()).min(any),
            _ => any,
        },
        _ => any,
    }
}
