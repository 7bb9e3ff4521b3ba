//! Decimals: text that only the functions of SQLite's decimal extension look at.

use super::super::{DECIMAL_PLACES, Expr, ExprKind, Scalar, Type};
use super::{Level, Piece, Printer};

/// Digits before the point that a decimal column is taken to have at most; with more, a sum could leave the 26 there are.
const COLUMN_DIGITS: u32 = 20;
/// Digits before the point that a decimal can have.
const DIGITS: u32 = 26;

impl Printer<'_> {
    /// An argument of a `decimal_…` function, which takes integers as they are.
    pub(super) fn decimal_argument(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Widen(inner) => self.value(inner),
            _ => self.value(expr),
        }
    }

    pub(super) fn decimal_cmp(&self, a: &Expr, b: &Expr) -> String {
        format!("decimal_cmp({}, {})", self.decimal_argument(a), self.decimal_argument(b))
    }

    pub(super) fn decimal_arithmetic(&self, name: &str, a: &Expr, b: &Expr, whole: &Expr) -> Piece {
        let function = match name {
            "+" => "decimal_add",
            "-" => "decimal_sub",
            "*" => "decimal_mul",
            _ => {
                return self.own("hegui_divide", whole, || vec![self.decimal_argument(a), self.decimal_argument(b)]);
            }
        };
        let text = || format!("{function}({}, {})", self.decimal_argument(a), self.decimal_argument(b));
        let (digits, places) = shape(whole);
        if digits <= DIGITS && places <= u32::from(DECIMAL_PLACES) {
            return Piece::atom(text());
        }
        self.rounded(text())
    }

    /// Rounds half up to 12 places; NULL past 26 digits before the point.
    fn rounded(&self, text: String) -> Piece {
        let x = self.twice(Piece::atom(text)).text;
        let point = format!("instr({x}, '.')");
        let next = format!(
            "CASE WHEN substr({x}, {point} + {}, 1) < '5' THEN '0' \
             WHEN substr({x}, 1, 1) = '-' THEN '-0.000000000001' ELSE '0.000000000001' END",
            DECIMAL_PLACES + 1
        );
        let y = self.twice(Piece::atom(format!(
            "CASE WHEN {point} = 0 OR length({x}) - {point} <= {DECIMAL_PLACES} THEN {x} \
             ELSE decimal_add(substr({x}, 1, {point} + {DECIMAL_PLACES}), {next}) END"
        )));
        let y = y.text;
        Piece::atom(format!(
            "CASE WHEN length(ltrim(substr({y}, 1, instr({y} || '.', '.') - 1), '-0')) <= {DIGITS} THEN {y} END"
        ))
    }

    /// `ROUND`, `FLOOR`, `CEIL`.
    pub(super) fn rounding(&self, name: &str, arguments: &[Expr], whole: &Expr) -> Piece {
        let own = match name {
            "ROUND" => "hegui_round",
            "FLOOR" => "hegui_floor",
            _ => "hegui_ceil",
        };
        self.own(own, whole, || {
            let mut values: Vec<String> = arguments.iter().map(|argument| self.decimal_argument(argument)).collect();
            if name == "ROUND" && values.len() == 1 {
                values.push("0".to_owned());
            }
            values
        })
    }

    /// Decimal text to an integer: NULL when it does not fit or has a fraction.
    pub(super) fn cast_whole(&self, text: Piece) -> Piece {
        let text = self.twice(text).text;
        Piece::atom(format!(
            "CASE decimal_cmp({text}, CAST({text} AS INTEGER)) WHEN 0 THEN CAST({text} AS INTEGER) END"
        ))
    }

    /// `CAST(x AS type)`.
    pub(super) fn cast(&self, inner: &Expr, whole: &Expr) -> Piece {
        let value = || self.print(inner);
        match (&inner.ty, &whole.ty) {
            (from, to) if from == to => value(),
            (Type::Integer, Type::Decimal | Type::Text) => Piece::atom(format!("CAST({} AS TEXT)", value().text)),
            (Type::Decimal, Type::Integer) => self.cast_whole(value()),
            (Type::Date, Type::Text) => value(),
            (Type::Boolean, Type::Text) => {
                let value = self.twice(value());
                Piece::atom(format!("CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' END", value.above(Level::And)))
            }
            (from, to) => {
                let (from, to) = (from.name(), to.name());
                self.own("hegui_cast", whole, || vec![value().text, format!("'{from}'"), format!("'{to}'")])
            }
        }
    }
}

/// Most digits before and after the point that a decimal expression can have.
fn shape(expr: &Expr) -> (u32, u32) {
    match &expr.kind {
        ExprKind::Literal { value: Scalar::Decimal(units), .. } => {
            let text = super::literal::decimal(*units);
            let (whole, part) =
                text.trim_start_matches('-').split_once('.').unwrap_or((text.trim_start_matches('-'), ""));
            (length(whole), length(part))
        }
        ExprKind::Widen(inner) => match &inner.kind {
            ExprKind::Literal { value: Scalar::Integer(value), .. } => (length(&value.unsigned_abs().to_string()), 0),
            _ => (19, 0),
        },
        ExprKind::Call { function, arguments } => match (function.name, arguments.as_slice()) {
            ("+" | "-", [a, b]) => {
                let ((a, p), (b, q)) = (inner(a), inner(b));
                (a.max(b).saturating_add(1), p.max(q))
            }
            ("*", [a, b]) => {
                let ((a, p), (b, q)) = (inner(a), inner(b));
                (a.saturating_add(b), p.saturating_add(q))
            }
            _ => (COLUMN_DIGITS, u32::from(DECIMAL_PLACES)),
        },
        _ => (COLUMN_DIGITS, u32::from(DECIMAL_PLACES)),
    }
}

/// The shape of an operand: what was rounded has 26 and 12.
fn inner(expr: &Expr) -> (u32, u32) {
    let (digits, places) = shape(expr);
    if digits > DIGITS || places > u32::from(DECIMAL_PLACES) {
        (DIGITS, DECIMAL_PLACES.into())
    } else {
        (digits, places)
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
