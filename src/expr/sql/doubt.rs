//! Where an expression is in doubt rather than blank.

use super::super::{Expr, ExprKind, Scalar, Type};
use super::call::bound;
use super::{Form, Level, Piece, Printer};

impl Printer<'_> {
    /// 0 or 1, never NULL; `None` when there cannot be a doubt.
    pub(super) fn doubting(&self, expr: &Expr) -> Option<Piece> {
        match &expr.kind {
            ExprKind::Literal { .. } | ExprKind::Pattern(_) => None,
            ExprKind::Column(id) => Some((self.columns)(*id, Form::Doubt)).filter(|flag| flag != "0").map(Piece::atom),
            ExprKind::Widen(inner) => self.doubting(inner),
            ExprKind::Cast(inner) if never_fails(&inner.ty, &expr.ty) => self.doubting(inner),
            ExprKind::Cast(inner) => Some(self.fallible(expr, &[inner.as_ref()])),
            ExprKind::List(items) => self.either(items),
            ExprKind::Case { branches, otherwise } => self.case_doubt(branches, otherwise.as_deref()),
            ExprKind::Call { function, arguments } => self.call_doubt(function.name, arguments, expr),
        }
    }

    /// Whether any of them is in doubt.
    pub(super) fn either<'e>(&self, arguments: impl IntoIterator<Item = &'e Expr>) -> Option<Piece> {
        let mut parts: Vec<Piece> = Vec::new();
        for piece in arguments.into_iter().filter_map(|argument| self.doubting(argument)) {
            if !parts.iter().any(|known| known.text == piece.text) {
                parts.push(piece);
            }
        }
        match parts.as_slice() {
            [] => None,
            [_] => parts.pop(),
            many => {
                Some(Piece::at(Level::Or, many.iter().map(|part| part.text.clone()).collect::<Vec<_>>().join(" OR ")))
            }
        }
    }

    fn call_doubt(&self, name: &str, arguments: &[Expr], whole: &Expr) -> Option<Piece> {
        match name {
            "IS NULL" | "IS TRUE" | "IS DISTINCT FROM" | "NULLIF" => self.either(arguments),
            // Another operand may decide, or stand in.
            "AND" | "OR" | "IN" | "BETWEEN" | "COALESCE" | "ON_TIME" => {
                let doubt = self.either(arguments)?;
                Some(self.null_and(whole, &doubt))
            }
            _ if fails(name, arguments, whole) => {
                let arguments: Vec<&Expr> = arguments.iter().collect();
                Some(self.fallible(whole, &arguments))
            }
            _ => self.either(arguments),
        }
    }

    /// The whole is NULL, and that for one of these reasons.
    fn null_and(&self, whole: &Expr, reasons: &Piece) -> Piece {
        let value = self.twice(self.print(whole));
        Piece::at(Level::And, format!("{} IS NULL AND {}", value.side(), reasons.above(Level::Or)))
    }

    /// A function that may have no value for arguments that are all there.
    fn fallible(&self, whole: &Expr, arguments: &[&Expr]) -> Piece {
        let there: Vec<String> = arguments
            .iter()
            .filter(|argument| !matches!(&argument.kind, ExprKind::Literal { value, .. } if *value != Scalar::Null))
            .filter(|argument| !matches!(argument.kind, ExprKind::Pattern(_)))
            .map(|argument| format!("{} IS NOT NULL", self.twice(self.print(argument)).side()))
            .collect();
        let failed = if there.is_empty() { "TRUE".to_owned() } else { there.join(" AND ") };
        let reasons = match self.either(arguments.iter().copied()) {
            Some(doubt) => Piece::at(Level::Or, format!("{} OR {failed}", doubt.text)),
            None => Piece::at(Level::And, failed),
        };
        self.null_and(whole, &reasons)
    }

    /// The doubt of the branch taken, or of the condition that kept any from being taken.
    fn case_doubt(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Option<Piece> {
        let zero = || Piece::atom("0");
        let mut text = String::from("CASE");
        let mut any = false;
        for (condition, result) in branches {
            let value = self.twice(self.print(condition));
            let (blank, taken) = (self.doubting(condition), self.doubting(result));
            any |= blank.is_some() || taken.is_some();
            let (taken, blank) = (taken.unwrap_or_else(zero).text, blank.unwrap_or_else(zero).text);
            text.extend([" WHEN ", &value.text, " THEN ", &taken, " WHEN ", &value.side(), " IS NULL THEN ", &blank]);
        }
        let last = otherwise.and_then(|otherwise| self.doubting(otherwise));
        any |= last.is_some();
        text.extend([" ELSE ", &last.unwrap_or_else(zero).text, " END"]);
        any.then(|| Piece::atom(text))
    }
}

fn never_fails(from: &Type, to: &Type) -> bool {
    from == to || matches!((from, to), (Type::Integer, Type::Decimal) | (_, Type::Text) | (Type::Timestamp, Type::Date))
}

/// Whether a strict function may give NULL for arguments that are not null.
fn fails(name: &str, arguments: &[Expr], whole: &Expr) -> bool {
    match name {
        "+" | "-" | "*" | "NEGATE" if matches!(whole.ty, Type::Integer | Type::Duration(_)) => {
            bound(whole) > i128::from(i64::MAX)
        }
        "+"
        | "-"
        | "*"
        | "/"
        | "NEGATE"
        | "ROUND"
        | "FLOOR"
        | "CEIL"
        | "SUBSTR"
        | "HOURS_BETWEEN"
        | "MINUTES_BETWEEN"
        | "WORKING_DAYS_BETWEEN"
        | "WORKING_DAYS_AFTER"
        | "CIDR_CONTAINS"
        | "DATE" => true,
        "DAYS" | "HOURS" | "MINUTES" | "MONTHS" | "YEARS" => {
            let fits = |n: i64| match name {
                "DAYS" => n.checked_mul(86_400_000_000).is_some(),
                "HOURS" => n.checked_mul(3_600_000_000).is_some(),
                "MINUTES" => n.checked_mul(60_000_000).is_some(),
                "MONTHS" => i32::try_from(n).is_ok(),
                _ => n.checked_mul(12).is_some_and(|months| i32::try_from(months).is_ok()),
            };
            !arguments.iter().all(|argument| match argument.kind {
                ExprKind::Literal { value: Scalar::Integer(n), .. } => fits(n),
                ExprKind::Literal { .. } => true,
                _ => false,
            })
        }
        "ABS" => whole.ty == Type::Integer,
        _ => false,
    }
}
