//! What stands after an operand: operators, and the worded forms `IS`, `IN`, `BETWEEN`, `LIKE`.

use super::super::ast::{Ast, AstKind, BinaryOp};
use super::super::lexer::Token;
use super::super::{Fault, codes};
use super::{AND, COMPARISON, OR, PRODUCT, Parser, SUM};
use crate::text::{Span, Text};

impl Parser<'_> {
    pub(super) fn infix(&mut self, min: u8) -> Ast {
        let start = self.span().start;
        let mut left = self.prefix();
        let mut compared = false;
        while !self.aborted {
            let Some((level, op)) = self.operator() else { break };
            if level < min {
                break;
            }
            if level == COMPARISON {
                if compared {
                    let span = self.span();
                    self.push(
                        Fault::new(&codes::SYNTAX, span, Text::new("比较不能连写", "comparisons do not chain")).help(
                            Text::new(
                                "用括号说明先后，或用 AND 连接两个比较",
                                "say with parentheses which comes first, or join two comparisons with AND",
                            ),
                        ),
                    );
                }
                compared = true;
            }
            let kind = match op {
                Some(op) => {
                    let op_span = self.advance();
                    let right = self.expression(level + 1);
                    AstKind::Binary { op, op_span, left: Box::new(left), right: Box::new(right) }
                }
                None => self.worded(left),
            };
            left = self.node(kind, start);
        }
        left
    }

    /// The operator at hand: its level, and which it is when it has an operand on either side and nothing else.
    fn operator(&self) -> Option<(u8, Option<BinaryOp>)> {
        Some(match self.peek() {
            Token::Symbol(symbol) => match *symbol {
                "=" => (COMPARISON, Some(BinaryOp::Equal)),
                "<>" => (COMPARISON, Some(BinaryOp::NotEqual)),
                "<" => (COMPARISON, Some(BinaryOp::Less)),
                "<=" => (COMPARISON, Some(BinaryOp::LessOrEqual)),
                ">" => (COMPARISON, Some(BinaryOp::Greater)),
                ">=" => (COMPARISON, Some(BinaryOp::GreaterOrEqual)),
                "+" => (SUM, Some(BinaryOp::Add)),
                "-" => (SUM, Some(BinaryOp::Subtract)),
                "||" => (SUM, Some(BinaryOp::Concat)),
                "*" => (PRODUCT, Some(BinaryOp::Multiply)),
                "/" => (PRODUCT, Some(BinaryOp::Divide)),
                _ => return None,
            },
            Token::Word(_) if self.is_word(0, "OR") => (OR, Some(BinaryOp::Or)),
            Token::Word(_) if self.is_word(0, "AND") => (AND, Some(BinaryOp::And)),
            Token::Word(_) if ["IS", "IN", "BETWEEN", "LIKE"].iter().any(|word| self.is_word(0, word)) => {
                (COMPARISON, None)
            }
            Token::Word(_)
                if self.is_word(0, "NOT") && ["IN", "BETWEEN", "LIKE"].iter().any(|word| self.is_word(1, word)) =>
            {
                (COMPARISON, None)
            }
            _ => return None,
        })
    }

    /// `IS …`, `[NOT] IN`, `[NOT] BETWEEN`, `[NOT] LIKE` after their left operand.
    fn worded(&mut self, left: Ast) -> AstKind {
        let left = Box::new(left);
        if self.take_word("IS") {
            let negated = self.take_word("NOT");
            if self.take_word("NULL") {
                return AstKind::IsNull(left, negated);
            }
            if self.take_word("TRUE") {
                return AstKind::IsTrue(left, negated);
            }
            if self.is_word(0, "FALSE") {
                let span = self.advance();
                self.push(
                    Fault::new(&codes::SYNTAX, span, Text::new("没有 `IS FALSE`", "there is no `IS FALSE`"))
                        .help(Text::new("写 `(NOT x) IS TRUE`", "write `(NOT x) IS TRUE`")),
                );
                return AstKind::IsTrue(left, !negated);
            }
            if self.take_word("DISTINCT") {
                if !self.take_word("FROM") {
                    self.unexpected(" `FROM`", "`FROM`");
                }
                let right = self.expression(SUM);
                return AstKind::IsDistinct(left, Box::new(right), negated);
            }
            self.unexpected(" `NULL`、`TRUE` 或 `DISTINCT FROM`", "`NULL`, `TRUE` or `DISTINCT FROM`");
            self.recover();
            return AstKind::Broken;
        }
        let negated = self.take_word("NOT");
        if self.take_word("BETWEEN") {
            let low = self.expression(SUM);
            if !self.take_word("AND") {
                self.unexpected(" `AND`（`BETWEEN 下限 AND 上限`）", "`AND` (`BETWEEN low AND high`)");
                self.recover();
                return AstKind::Broken;
            }
            let high = self.expression(SUM);
            return AstKind::Between(left, Box::new(low), Box::new(high), negated);
        }
        if self.take_word("LIKE") {
            let pattern = self.expression(SUM);
            return AstKind::Like(left, Box::new(pattern), negated);
        }
        self.advance(); // IN
        if self.is_symbol("(") {
            let open = self.advance();
            let items = self.items(")", open);
            if items.is_empty() {
                let span = self.since(open.start);
                let help = Text::new("写 `x IN ('a', 'b')`", "write `x IN ('a', 'b')`");
                self.fault(span, Text::new("`IN` 的列表是空的", "the list of `IN` is empty"), help);
                return AstKind::Broken;
            }
            return AstKind::In(left, items, negated);
        }
        let span = self.span();
        let right = self.expression(SUM);
        if !matches!(right.kind, AstKind::Broken) {
            self.push(
                Fault::new(
                    &codes::SYNTAX,
                    Span { start: span.start, end: right.span.end },
                    Text::new("`IN` 之后应为括号里的列表", "`IN` takes a list in parentheses"),
                )
                .help(Text::new(
                    "`x IN ('a', 'b')`；列表类型的列或参数用 `LIST_CONTAINS(list, x)`",
                    "`x IN ('a', 'b')`; for a column or parameter that is a list, `LIST_CONTAINS(list, x)`",
                )),
            );
        }
        AstKind::Broken
    }
}
