//! Dates, instants and working days.

use super::super::{DurationUnit, Expr, ExprKind, Scalar, Type};
use super::{Form, HelperTable, Level, Piece, Printer};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Printer<'_> {
    pub(super) fn time(&self, name: &str, arguments: &[Expr]) -> Option<Piece> {
        Some(match (name, arguments) {
            ("DATE", [at]) => self.local_date(at),
            ("DATE", [year, month, day]) => {
                let year = self.twice(self.print(year));
                let (month, day) = (self.value(month), self.value(day));
                let text = self.twice(Piece::atom(format!("printf('%04d-%02d-%02d', {}, {month}, {day})", year.text)));
                let (year, text) = (year.side(), text.text);
                Piece::atom(format!("CASE WHEN {year} BETWEEN 0 AND 9999 AND date({text}) = {text} THEN {text} END"))
            }
            ("YEAR", [day]) => Piece::atom(part(&self.value(day), 1, 4)),
            ("MONTH", [day]) => Piece::atom(part(&self.value(day), 6, 2)),
            ("DAY", [day]) => Piece::atom(part(&self.value(day), 9, 2)),
            ("QUARTER", [day]) => Piece::at(Level::Multiply, format!("({} + 2) / 3", part(&self.value(day), 6, 2))),
            ("DAYS_BETWEEN", [from, to]) => {
                let (from, to) = (self.value(from), self.value(to));
                Piece::atom(format!("CAST(julianday({to}) - julianday({from}) AS INTEGER)"))
            }
            ("MONTHS_BETWEEN", [from, to]) => self.months_between(from, to),
            ("WORKING_DAYS_BETWEEN", [from, to]) => self.working_days_between(from, to),
            ("WORKING_DAYS_AFTER", [day, n]) => {
                self.needs(HelperTable::WorkingDays);
                let (day, n) = (self.outside(day), self.outside(n));
                let (day, n) = (day.side(), n.above(Level::Add));
                Piece::atom(format!(
                    "(SELECT min(later.day) FROM working_days AS first, working_days AS later \
                     WHERE first.day = {day} AND later.day >= {day} AND later.ordinal = first.ordinal + {n})"
                ))
            }
            ("ON_TIME", [done, due]) => self.on_time(done, due),
            _ => return None,
        })
    }

    /// The local date of an instant.
    pub(super) fn local_date(&self, at: &Expr) -> Piece {
        if let ExprKind::Column(id) = &at.kind {
            let date = (self.columns)(*id, Form::LocalDate);
            if !date.is_empty() {
                return Piece::atom(date);
            }
        }
        self.needs(HelperTable::TimeZone);
        let at = self.outside(at);
        let local = Piece::atom(format!(
            "({} + (SELECT shift FROM time_zone WHERE {} BETWEEN starts_at AND ends_at))",
            at.above(Level::Compare),
            at.side()
        ));
        let local = self.twice(local).text;
        // Whole seconds, downward: a fraction would be rounded.
        Piece::atom(format!("date(({local} - iif({local} < 0, 999999, 0)) / 1000000, 'unixepoch')"))
    }

    /// `date ± days` and `date ± months`.
    pub(super) fn date_plus(&self, name: &str, a: &Expr, b: &Expr) -> Piece {
        let (day, span) = if a.ty == Type::Date { (a, b) } else { (b, a) };
        let day = self.value(day);
        let months = span.ty == Type::Duration(DurationUnit::Months);
        let (unit, floor) = if months { ("months", ", 'floor'") } else { ("days", "") };
        let modifier = self.modifier(name, span, months, unit);
        let text = Piece::atom(format!("date({day}, {modifier}{floor})"));
        if matches!(span.kind, ExprKind::Literal { .. }) {
            return text;
        }
        // Years before 0000 have a sign.
        let text = self.twice(text).text;
        Piece::atom(format!("CASE WHEN {text} >= '0' THEN {text} END"))
    }

    fn modifier(&self, name: &str, span: &Expr, months: bool, unit: &str) -> String {
        let minus = name == "-";
        match &span.kind {
            ExprKind::Literal { value: Scalar::Duration(_, value), name } => {
                let count = i128::from(if months { *value } else { *value / DAY }) * if minus { -1 } else { 1 };
                let comment =
                    name.as_ref().map_or_else(String::new, |name| format!(" /* ${} */", name.trim_start_matches('$')));
                format!("'{count:+} {unit}'{comment}")
            }
            ExprKind::Call { function, arguments } if matches!(function.name, "DAYS" | "MONTHS") => {
                let n = arguments.first().map_or_else(|| Piece::atom("NULL"), |n| self.print(n));
                let sign = if minus { "-" } else { "" };
                format!("{sign}{} || ' {unit}'", n.above(if minus { Level::Concat } else { Level::Multiply }))
            }
            _ => {
                let (n, sign) = (self.print(span), if minus { "-" } else { "" });
                if months {
                    format!("{sign}{} || ' {unit}'", n.above(if minus { Level::Concat } else { Level::Multiply }))
                } else {
                    format!("({sign}{} / {DAY}) || ' {unit}'", n.above(Level::Concat))
                }
            }
        }
    }

    /// Completed months, by the calendar: the first day clamped to the last month's length. Backward the same, negative.
    fn months_between(&self, from: &Expr, to: &Expr) -> Piece {
        let (from, to) = (self.twice(self.print(from)), self.twice(self.print(to)));
        let swapped = format!("{} > {}", from.side(), to.side());
        let a = self.shared.column(format!("min({}, {})", from.text, to.text));
        let b = self.shared.column(format!("max({}, {})", from.text, to.text));
        let months = self.shared.column(format!(
            "12 * ({} - {}) + {} - {}",
            part(&b, 1, 4),
            part(&a, 1, 4),
            part(&b, 6, 2),
            part(&a, 6, 2)
        ));
        let completed = format!("({months} - (date({a}, {months} || ' months', 'floor') > {b}))");
        Piece::at(Level::Multiply, format!("iif({swapped}, -1, 1) * {completed}"))
    }

    fn working_days_between(&self, from: &Expr, to: &Expr) -> Piece {
        self.needs(HelperTable::WorkingDays);
        let ordinal =
            |day: &Expr| format!("(SELECT ordinal FROM working_days WHERE day = {})", self.outside(day).side());
        let text = Piece::at(Level::Add, format!("{} - {}", ordinal(to), ordinal(from)));
        let years = self.context.working_days.years();
        if years.windows(2).all(|pair| matches!(pair, [a, b] if a + 1 == *b)) {
            return text;
        }
        // Years not known in between: ordinals of different runs lie far apart.
        let text = self.twice(text);
        Piece::atom(format!("CASE WHEN abs({}) < 500000 THEN {0} END", text.text))
    }

    fn on_time(&self, done: &Expr, due: &Expr) -> Piece {
        let (at, due_value) = (self.twice(self.print(done)), self.twice(self.print(due)));
        let open = if due.ty == Type::Date {
            let as_of = Self::literal(&Scalar::Date(self.context.as_of), &Type::Date, Some("as_of"));
            format!("{} >= {}", due_value.side(), as_of.text)
        } else {
            let end = self.context.end_of(self.context.as_of).map_or(Scalar::Null, Scalar::Timestamp);
            let end = Self::literal(&end, &Type::Timestamp, Some("as_of_end"));
            format!("{} >= {}", due_value.side(), end.text)
        };
        let doubt = self.doubting(done).map_or_else(String::new, |doubt| format!(" WHEN {} THEN NULL", doubt.text));
        Piece::atom(format!(
            "CASE WHEN {} IS NOT NULL THEN {} <= {}{doubt} ELSE {open} END",
            at.side(),
            at.side(),
            due_value.side()
        ))
    }

    /// A text for use inside a subquery, where the names of the table looked into hide those outside.
    pub(super) fn outside(&self, expr: &Expr) -> Piece {
        const HIDDEN: [&str; 15] = [
            "value",
            "key",
            "type",
            "atom",
            "id",
            "parent",
            "fullkey",
            "path",
            "json",
            "root",
            "day",
            "ordinal",
            "starts_at",
            "ends_at",
            "shift",
        ];
        let piece = self.print(expr);
        let hidden = expr.columns().into_iter().any(|id| {
            let name = (self.columns)(id, Form::Value);
            HIDDEN.contains(&name.trim_matches('`').to_ascii_lowercase().as_str())
        });
        if hidden { Piece::atom(self.shared.column(piece.text)) } else { self.twice(piece) }
    }
}

/// Digits of an ISO date as a number.
fn part(date: &str, start: u8, length: u8) -> String {
    format!("CAST(substr({date}, {start}, {length}) AS INTEGER)")
}
