//! What an expression starts with: literals, names, brackets, prefix operators.

use super::super::ast::{Ast, AstKind, Literal, Name, UnaryOp};
use super::super::lexer::Token;
use super::super::print::RESERVED;
use super::{MAX_NESTING, NOT, PRODUCT, Parser};
use crate::text::{Span, Text};

impl Parser<'_> {
    pub(super) fn prefix(&mut self) -> Ast {
        let span = self.span();
        if self.is_word(0, "NOT") {
            self.advance();
            let operand = self.expression(NOT);
            return self.node(AstKind::Unary(UnaryOp::Not, Box::new(operand)), span.start);
        }
        if self.is_symbol("-") {
            self.advance();
            let operand = self.unary_operand();
            return self.node(AstKind::Unary(UnaryOp::Minus, Box::new(operand)), span.start);
        }
        if self.is_symbol("+") {
            self.advance();
            let message = Text::new("没有一元 `+`", "there is no unary `+`");
            self.fault(span, message, Text::new("删去 `+`", "leave the `+` out"));
            return self.expression(PRODUCT + 1);
        }
        self.operand()
    }

    fn unary_operand(&mut self) -> Ast {
        self.nesting += 1;
        let ast = if self.nesting > MAX_NESTING * 2 { self.too_deep(self.span()) } else { self.prefix() };
        self.nesting -= 1;
        ast
    }

    fn operand(&mut self) -> Ast {
        let span = self.span();
        let start = span.start;
        let literal = |literal| Ast::new(AstKind::Literal(literal), span);
        match self.peek().clone() {
            Token::Integer(value) => {
                self.advance();
                literal(Literal::Integer(value))
            }
            Token::Decimal(value) => {
                self.advance();
                literal(Literal::Decimal(value))
            }
            Token::Text(value) => {
                self.advance();
                literal(Literal::Text(value))
            }
            Token::Broken => {
                self.advance();
                Ast::new(AstKind::Broken, span)
            }
            Token::Symbol("(") => {
                self.advance();
                let inner = self.expression(0);
                if !self.aborted && !self.is_symbol(")") && !matches!(self.peek(), Token::End) {
                    self.left_over();
                }
                if !self.take_symbol(")") && !self.aborted {
                    self.unclosed(span, ")");
                    self.recover();
                }
                // The brackets belong to the operand's place: a caret under it covers them.
                Ast { span: self.since(start), ..inner }
            }
            Token::Symbol("[") => {
                self.advance();
                let items = self.items("]", span);
                self.node(AstKind::List(items), start)
            }
            Token::Dollar => {
                self.advance();
                if matches!(self.peek(), Token::Word(_) | Token::Quoted(_)) && self.span().start == span.end {
                    let path = self.path();
                    self.node(AstKind::Constant(path), start)
                } else {
                    let message = Text::new("`$` 之后应为参数名", "`$` is followed by the name of a parameter");
                    let help = Text::new("写 `$参数`，中间不留空格", "write `$parameter`, without a blank between");
                    self.fault(span, message, help);
                    if matches!(self.peek(), Token::Word(_) | Token::Quoted(_)) {
                        // The name stands apart; it is no further fault.
                        self.path();
                    }
                    Ast::new(AstKind::Broken, span)
                }
            }
            Token::Quoted(_) => {
                let path = self.path();
                self.node(AstKind::Name(path), start)
            }
            Token::Word(word) => self.word(&word, span),
            Token::Symbol(_) | Token::End => {
                self.unexpected("一个值", "a value");
                self.recover();
                Ast::new(AstKind::Broken, span)
            }
        }
    }

    fn word(&mut self, word: &str, span: Span) -> Ast {
        let start = span.start;
        let upper = word.to_ascii_uppercase();
        let literal = |literal| Ast::new(AstKind::Literal(literal), span);
        match upper.as_str() {
            "NULL" => {
                self.advance();
                return literal(Literal::Null);
            }
            "TRUE" | "FALSE" => {
                self.advance();
                return literal(Literal::Boolean(upper == "TRUE"));
            }
            "CASE" => return self.case(),
            "DATE" | "TIMESTAMP" | "INTERVAL" if matches!(self.peek_at(1), Token::Text(_)) => {
                return self.typed_literal(&upper);
            }
            "CAST" if matches!(self.peek_at(1), Token::Symbol("(")) => return self.cast(),
            _ => {}
        }
        if RESERVED.contains(&upper.as_str()) {
            self.unexpected("一个值", "a value");
            if ["FROM", "FILTER", "AS", "BETWEEN", "IN", "IS", "LIKE", "DISTINCT"].contains(&upper.as_str()) {
                self.advance();
            }
            self.recover();
            return Ast::new(AstKind::Broken, span);
        }
        if matches!(self.peek_at(1), Token::Symbol("(")) {
            return self.call();
        }
        let path = self.path();
        self.node(AstKind::Name(path), start)
    }

    fn path(&mut self) -> Vec<Name> {
        let mut path = Vec::new();
        loop {
            let span = self.span();
            match self.peek().clone() {
                Token::Word(text) | Token::Quoted(text) => {
                    self.advance();
                    path.push(Name { text, span });
                }
                _ => {
                    self.unexpected("名字", "a name");
                    if matches!(self.peek(), Token::Integer(_) | Token::Decimal(_) | Token::Text(_)) {
                        self.advance();
                    }
                    return path;
                }
            }
            if !self.take_symbol(".") {
                return path;
            }
        }
    }
}
