//! Forms with parts of their own: `CASE`, `CAST`, calls, and lists of operands.

use super::super::ast::{Ast, AstKind, Call, Name};
use super::super::lexer::Token;
use super::super::{Fault, Type, codes};
use super::Parser;
use crate::text::{Span, Text};

impl Parser<'_> {
    pub(super) fn case(&mut self) -> Ast {
        let start = self.span();
        self.advance();
        let operand = (!self.is_word(0, "WHEN")).then(|| Box::new(self.expression(0)));
        let mut branches = Vec::new();
        let mut told = false;
        while !self.aborted && self.take_word("WHEN") {
            let condition = self.expression(0);
            if !self.take_word("THEN") {
                told = true;
                self.unexpected(" `THEN`", "`THEN`");
                self.recover();
                if !self.take_word("THEN") {
                    break;
                }
            }
            branches.push((condition, self.expression(0)));
        }
        let otherwise = self.take_word("ELSE").then(|| Box::new(self.expression(0)));
        if branches.is_empty() && !told {
            let help = Text::new("写 `CASE WHEN 条件 THEN 值 END`", "write `CASE WHEN condition THEN value END`");
            self.fault(start, Text::new("`CASE` 没有 `WHEN`", "this `CASE` has no `WHEN`"), help);
        }
        if !self.take_word("END") && !self.aborted {
            self.push(
                Fault::new(&codes::SYNTAX, start, Text::new("`CASE` 没有 `END`", "this `CASE` has no `END`"))
                    .label(Text::new("在这里打开", "opened here"))
                    .help(Text::new("在末尾补上 `END`", "add `END` at its end")),
            );
        }
        self.node(AstKind::Case { operand, branches, otherwise }, start.start)
    }

    pub(super) fn cast(&mut self) -> Ast {
        let start = self.span().start;
        self.advance();
        let open = self.advance();
        let operand = self.expression(0);
        let ty = if self.take_word("AS") {
            self.type_name()
        } else {
            self.unexpected(" `AS 类型`", "`AS type`");
            None
        };
        let silent = if ty.is_some() && self.is_symbol("(") {
            let span = self.span();
            self.push(
                Fault::new(&codes::CAST, span, Text::new("类型没有长度和位数", "a type has neither length nor places"))
                    .help(Text::new(
                        "去掉括号；位数用 `ROUND(x, n)`",
                        "leave the brackets out; for places use `ROUND(x, n)`",
                    )),
            );
            true
        } else {
            ty.is_none()
        };
        self.close(")", open, silent);
        match ty {
            Some(ty) => self.node(AstKind::Cast(Box::new(operand), ty), start),
            None => Ast::new(AstKind::Broken, self.since(start)),
        }
    }

    fn type_name(&mut self) -> Option<Type> {
        let Token::Word(word) = self.peek().clone() else {
            self.unexpected("类型", "a type");
            return None;
        };
        let span = self.advance();
        let ty = match word.to_ascii_lowercase().as_str() {
            "boolean" => Type::Boolean,
            "integer" => Type::Integer,
            "decimal" => Type::Decimal,
            "text" => Type::Text,
            "date" => Type::Date,
            "timestamp" => Type::Timestamp,
            _ => {
                self.push(
                    Fault::new(
                        &codes::CAST,
                        span,
                        Text::new(
                            format!("没有可转换到的类型 `{word}`"),
                            format!("there is no type `{word}` to cast to"),
                        ),
                    )
                    .help(Text::new(
                        "可用：boolean、integer、decimal、text、date、timestamp",
                        "there are: boolean, integer, decimal, text, date, timestamp",
                    )),
                );
                return None;
            }
        };
        Some(ty)
    }

    pub(super) fn call(&mut self) -> Ast {
        let name_span = self.advance();
        let name = Name { text: self.written(name_span).to_owned(), span: name_span };
        let open = self.advance();
        let mut star = false;
        let distinct = self.take_word("DISTINCT");
        let arguments = if self.is_symbol("*") {
            self.advance();
            star = true;
            self.close(")", open, false);
            Vec::new()
        } else {
            self.items(")", open)
        };
        let mut filter = None;
        if self.is_word(0, "FILTER") && matches!(self.peek_at(1), Token::Symbol("(")) {
            self.advance();
            let open = self.advance();
            if !self.take_word("WHERE") {
                self.unexpected(" `WHERE`", "`WHERE`");
            }
            filter = Some(Box::new(self.expression(0)));
            if !self.aborted && !self.is_symbol(")") && !matches!(self.peek(), Token::End) {
                self.left_over();
            }
            if !self.take_symbol(")") && !self.aborted {
                self.unclosed(open, ")");
                self.recover();
            }
        }
        self.node(AstKind::Call(Call { name, arguments, star, distinct, filter }), name_span.start)
    }

    /// Operands separated by commas up to `close`, which is passed.
    pub(super) fn items(&mut self, close: &'static str, open: Span) -> Vec<Ast> {
        let mut items = Vec::new();
        if self.take_symbol(close) {
            return items;
        }
        loop {
            items.push(self.expression(0));
            if self.aborted {
                return items;
            }
            if !matches!(self.peek(), Token::End) && !self.is_symbol(",") && !self.is_symbol(close) {
                self.left_over();
            }
            if self.take_symbol(",") {
                continue;
            }
            if self.take_symbol(close) {
                return items;
            }
            if matches!(self.peek(), Token::End) {
                self.unclosed(open, close);
                return items;
            }
            // `)` where `]` is due, AND or OR after what was left over: go on behind it.
            self.advance();
        }
    }

    pub(super) fn unclosed(&mut self, open: Span, close: &str) {
        let written = self.written(open).to_owned();
        self.push(
            Fault::new(
                &codes::SYNTAX,
                open,
                Text::new(
                    format!("`{written}` 没有配对的 `{close}`"),
                    format!("`{written}` has no matching `{close}`"),
                ),
            )
            .label(Text::new("在这里打开", "opened here"))
            .help(Text::new(format!("补上 `{close}`"), format!("add the `{close}`"))),
        );
    }
}
