//! Tokens → [`Ast`], by operator precedence, reporting as many faults as it can.
//!
//! From loosest to tightest: `OR`; `AND`; `NOT`; comparisons, `IS`, `IN`, `BETWEEN`, `LIKE` (which do not chain: SQL
//! dialects disagree about `a = b = c`, so parentheses are asked for); `+ - ||`; `* /`; unary `-`.

mod form;
mod infix;
pub(super) mod literal;
mod operand;

use super::ast::{Ast, AstKind};
use super::lexer::{Spanned, Token, lex};
use super::{Fault, codes};
use crate::text::{Span, Text};

/// Brackets within brackets.
const MAX_NESTING: usize = 64;
/// Height of the tree: what a chain of `AND` may add to the brackets.
pub(super) const MAX_DEPTH: u16 = 200;
/// Bytes of text.
const MAX_BYTES: usize = 64 * 1024;

/// Parses an expression.
///
/// The tree is given even beside faults, as far as it was understood, so that binding can report what is wrong in the
/// rest; an expression with any fault must not be used. `None` only for text that is empty, too long or too deep.
///
/// # Examples
/// ```
/// let (_, faults) = hegui::expr::parse("LOWER(a, ) = 'x' AND b + = 2");
/// assert_eq!(faults.len(), 2); // both are reported
/// assert_eq!((faults[0].span.start, faults[1].span.start), (9, 25));
/// ```
pub fn parse(text: &str) -> (Option<Ast>, Vec<Fault>) {
    let mut faults = Vec::new();
    if text.len() > MAX_BYTES {
        faults.push(Fault::new(
            &codes::TOO_LARGE,
            Span::new(0, text.len()),
            Text::new(
                format!("表达式有 {} 字节，上限为 {MAX_BYTES}", text.len()),
                format!("the expression has {} bytes, the limit is {MAX_BYTES}", text.len()),
            ),
        ));
        return (None, faults);
    }
    let tokens = lex(text, &mut faults);
    let mut parser = Parser { text, tokens, at: 0, nesting: 0, faults, aborted: false };
    let ast = if matches!(parser.peek(), Token::End) && parser.faults.is_empty() {
        let help = Text::new("写一个条件，如 `status = 'active'`", "write a condition, such as `status = 'active'`");
        parser.fault(parser.span(), Text::new("表达式是空的", "the expression is empty"), help);
        None
    } else {
        let ast = parser.expression(0);
        while !parser.aborted && !matches!(parser.peek(), Token::End) {
            // What is left over is one fault; what follows the next comma or connective may hold further ones.
            parser.left_over();
            if !matches!(parser.peek(), Token::End) {
                parser.at += 1;
                if !matches!(parser.peek(), Token::End) {
                    parser.expression(0);
                }
            }
        }
        (!parser.aborted).then_some(ast)
    };
    let mut faults = parser.faults;
    faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
    faults.dedup();
    (ast, faults)
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Spanned>,
    at: usize,
    nesting: usize,
    faults: Vec<Fault>,
    /// Too deep: everything unwinds, nothing more is said.
    aborted: bool,
}

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;

impl Parser<'_> {
    fn peek_at(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).map_or(&Token::End, |spanned| &spanned.token)
    }

    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).map_or_else(|| Span::new(self.text.len(), self.text.len()), |spanned| spanned.span)
    }

    /// End of the token just passed.
    fn end(&self) -> u32 {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |spanned| spanned.span.end)
    }

    fn since(&self, start: u32) -> Span {
        Span { start, end: self.end().max(start) }
    }

    fn advance(&mut self) -> Span {
        let span = self.span();
        if !matches!(self.peek(), Token::End) {
            self.at += 1;
        }
        span
    }

    fn is_word(&self, ahead: usize, keyword: &str) -> bool {
        matches!(self.peek_at(ahead), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(found) if *found == symbol)
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let found = self.is_word(0, keyword);
        if found {
            self.advance();
        }
        found
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn fault(&mut self, span: Span, message: Text, help: Text) {
        self.push(Fault::new(&codes::SYNTAX, span, message).help(help));
    }

    fn push(&mut self, fault: Fault) {
        if !self.aborted {
            self.faults.push(fault);
        }
    }

    fn too_deep(&mut self, span: Span) -> Ast {
        self.push(
            Fault::new(&codes::TOO_LARGE, span, Text::new("表达式嵌套过深", "the expression is nested too deeply"))
                .help(Text::new("用 `let` 把它拆成几部分", "split it into parts with `let`")),
        );
        self.aborted = true;
        self.at = self.tokens.len().saturating_sub(1);
        Ast::new(AstKind::Broken, span)
    }

    fn written(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Reports the token at hand as one that cannot stand here and moves to the next place to go on from.
    fn unexpected(&mut self, wanted_zh: &str, wanted_en: &str) {
        let span = self.span();
        match self.peek() {
            // Its own fault was reported by the lexer.
            Token::Broken => {}
            Token::End => {
                let message =
                    Text::new(format!("到末尾了，还缺{wanted_zh}"), format!("{wanted_en} is missing at the end"));
                let help = Text::new(
                    format!("补上{wanted_zh}，或删去末尾多余的部分"),
                    format!("add {wanted_en}, or remove what was left over before it"),
                );
                self.fault(span, message, help);
            }
            _ => {
                let written = self.written(span).to_owned();
                let message = Text::new(
                    format!("此处应为{wanted_zh}，而不是 `{written}`"),
                    format!("expected {wanted_en}, found `{written}`"),
                );
                let help = Text::new(
                    format!("在 `{written}` 之前写上{wanted_zh}，或删去 `{written}`"),
                    format!("write {wanted_en} before `{written}`, or remove `{written}`"),
                );
                self.fault(span, message, help);
            }
        }
    }

    fn left_over(&mut self) {
        let span = self.span();
        let written = self.written(span).to_owned();
        if self.is_symbol(")") || self.is_symbol("]") {
            let message = Text::new(format!("多出一个 `{written}`"), format!("this `{written}` closes nothing"));
            let help = Text::new("删去它，或补上前一半", "remove it, or open it before");
            self.fault(span, message, help);
        } else if self.is_symbol(",") {
            let help = Text::new(
                "两个条件用 AND 连接；清单写在 `IN (…)` 或 `[…]` 里",
                "join two conditions with AND; a list goes into `IN (…)` or `[…]`",
            );
            self.fault(span, Text::new("这里不能有逗号", "no comma may stand here"), help);
        } else if !matches!(self.peek(), Token::Broken) {
            self.push(
                Fault::new(
                    &codes::SYNTAX,
                    span,
                    Text::new(
                        format!("`{written}` 之前缺少运算符"),
                        format!("an operator is missing before `{written}`"),
                    ),
                )
                .help(Text::new(
                    "用 AND、OR 或比较运算符连接；文本要加单引号",
                    "join them with AND, OR or a comparison; texts go into single quotes",
                )),
            );
        }
        self.recover();
    }

    /// Skips to a token that can follow an operand, over whole brackets.
    fn recover(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Token::End => return,
                Token::Symbol("(" | "[") => open += 1,
                Token::Symbol(")" | "]" | ",") if open == 0 => return,
                Token::Symbol(")" | "]") => open -= 1,
                Token::Word(word)
                    if open == 0
                        && ["AND", "OR", "WHEN", "THEN", "ELSE", "END"]
                            .iter()
                            .any(|k| word.eq_ignore_ascii_case(k)) =>
                {
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Passes `close`. What stands before it instead is one fault, unless `silent` because one was reported already.
    fn close(&mut self, close: &'static str, open: Span, silent: bool) {
        if self.aborted || self.take_symbol(close) {
            return;
        }
        if !silent && !matches!(self.peek(), Token::End) {
            self.unexpected(&format!(" `{close}`"), &format!("`{close}`"));
        }
        loop {
            self.recover();
            if self.take_symbol(close) {
                return;
            }
            if matches!(self.peek(), Token::End) {
                return self.unclosed(open, close);
            }
            // A comma, a connective or another bracket: still inside.
            self.advance();
        }
    }

    fn node(&mut self, kind: AstKind, start: u32) -> Ast {
        let node = Ast::new(kind, self.since(start));
        if node.depth > MAX_DEPTH && !self.aborted { self.too_deep(node.span) } else { node }
    }

    fn expression(&mut self, min: u8) -> Ast {
        self.nesting += 1;
        let ast = if self.aborted {
            Ast::new(AstKind::Broken, self.span())
        } else if self.nesting > MAX_NESTING * 2 {
            // A pair of brackets costs one level, two below a prefix operator or on the right of another.
            self.too_deep(self.span())
        } else {
            self.infix(min)
        };
        self.nesting -= 1;
        ast
    }
}

#[cfg(test)]
mod tests;
