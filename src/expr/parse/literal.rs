//! `DATE '…'`, `TIMESTAMP '…'`, `INTERVAL '…' DAY`.

use chrono::{DateTime, NaiveDate};

use super::super::ast::{Ast, AstKind, Literal};
use super::super::context::{FIRST_DAY, LAST_DAY, MICROS_PER_DAY, day_of};
use super::super::lexer::Token;
use super::super::{DurationUnit, Fault, codes};
use super::Parser;
use crate::text::{Span, Text};

/// The day of `2026-09-30`, and of nothing written otherwise.
pub(in super::super) fn date(text: &str) -> Option<i32> {
    let exact = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    exact.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten().map(day_of)
}

/// The instant of `2026-09-30 08:00:00+08:00` (also with `T`, `Z`, a fraction of up to six digits), microseconds UTC.
pub(in super::super) fn timestamp(text: &str) -> Option<i64> {
    let year_first = text.as_bytes().get(..4).is_some_and(|year| year.iter().all(u8::is_ascii_digit));
    if !year_first
        || text.rsplit_once('.').is_some_and(|(_, tail)| tail.bytes().take_while(u8::is_ascii_digit).count() > 6)
    {
        return None;
    }
    let instant = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1)).ok()?;
    // A leap second has no place on a line of microseconds; an offset may lead out of the years 0000 to 9999.
    let whole = instant.timestamp_subsec_micros() < 1_000_000;
    let day = instant.timestamp_micros().div_euclid(MICROS_PER_DAY);
    let known = (i64::from(FIRST_DAY)..=i64::from(LAST_DAY)).contains(&day);
    (whole && known).then(|| instant.timestamp_micros())
}

impl Parser<'_> {
    pub(super) fn typed_literal(&mut self, keyword: &str) -> Ast {
        let start = self.advance();
        let text_span = self.span();
        let Token::Text(text) = self.peek().clone() else { return Ast::new(AstKind::Broken, start) };
        self.advance();
        let literal = match keyword {
            "DATE" => date(&text).map(Literal::Date).ok_or_else(|| {
                bad(text_span, &text, &Text::new("日期", "date"))
                    .help(Text::new("写作 `DATE '2026-09-30'`", "write `DATE '2026-09-30'`"))
                    .into()
            }),
            "TIMESTAMP" => timestamp(&text).map(Literal::Timestamp).ok_or_else(|| {
                let help = Text::new(
                    "写作 `TIMESTAMP '2026-09-30 08:00:00+08:00'`",
                    "write `TIMESTAMP '2026-09-30 08:00:00+08:00'`",
                );
                bad(text_span, &text, &Text::new("带时区的时间戳", "timestamp with an offset")).help(help).into()
            }),
            _ => self.interval(&text, text_span),
        };
        match literal {
            Ok(literal) => Ast::new(AstKind::Literal(literal), self.since(start.start)),
            Err(fault) => {
                self.push(*fault);
                Ast::new(AstKind::Broken, self.since(start.start))
            }
        }
    }

    fn interval(&mut self, text: &str, text_span: Span) -> Result<Literal, Box<Fault>> {
        let help = Text::new(
            "写作 `INTERVAL '30' DAY`；单位：MINUTE、HOUR、DAY、MONTH、YEAR",
            "write `INTERVAL '30' DAY`; units are MINUTE, HOUR, DAY, MONTH, YEAR",
        );
        let unit = match self.peek() {
            Token::Word(unit) => unit.to_ascii_uppercase(),
            _ => String::new(),
        };
        let (kind, factor) = match unit.as_str() {
            "MINUTE" => (DurationUnit::Time, 60_000_000),
            "HOUR" => (DurationUnit::Time, 3_600_000_000),
            "DAY" => (DurationUnit::Days, MICROS_PER_DAY),
            "MONTH" => (DurationUnit::Months, 1),
            "YEAR" => (DurationUnit::Months, 12),
            _ => {
                let span = if unit.is_empty() { text_span } else { self.advance() };
                let message = Text::new("`INTERVAL` 缺少单位", "this `INTERVAL` lacks its unit");
                return Err(Fault::new(&codes::LITERAL, span, message).help(help).into());
            }
        };
        self.advance();
        let number = text.parse::<i64>().ok().and_then(|number| number.checked_mul(factor));
        let fits = |number: &i64| kind != DurationUnit::Months || i32::try_from(*number).is_ok();
        let plain = text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit());
        number
            .filter(|number| fits(number) && plain)
            .map(|number| Literal::Duration(kind, number))
            .ok_or_else(|| bad(text_span, text, &Text::new("整数", "whole number")).help(help).into())
    }
}

fn bad(span: Span, text: &str, what: &Text) -> Fault {
    Fault::new(
        &codes::LITERAL,
        span,
        Text::new(format!("`{text}` 不是{}", what.zh), format!("`{text}` is no {}", what.en)),
    )
}
