//! Tokens → [`Ast`], by operator precedence, reporting as many faults as it can.
//!
//! From loosest to tightest: `OR`; `AND`; `NOT`; comparisons, `IS`, `IN`, `BETWEEN`, `LIKE` (which do not chain: SQL
//! dialects disagree about `a = b = c`, so parentheses are asked for); `+ - ||`; `* /`; unary `-`.

use super::ast::{Ast, AstKind, BinaryOp, Call, Literal, Name, UnaryOp};
use super::lexer::{Spanned, Token, lex};
use super::print::RESERVED;
use super::{Fault, Type, codes};
use crate::text::{Span, Text};

pub(super) mod literal;

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
        parser.fault(parser.span(), "表达式是空的", "the expression is empty");
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

    fn fault(&mut self, span: Span, zh: impl Into<String>, en: impl Into<String>) {
        self.push(Fault::new(&codes::SYNTAX, span, Text::new(zh, en)));
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
                self.fault(span, format!("到末尾了，还缺{wanted_zh}"), format!("{wanted_en} is missing at the end"));
            }
            _ => {
                let written = self.written(span).to_owned();
                self.fault(
                    span,
                    format!("此处应为{wanted_zh}，而不是 `{written}`"),
                    format!("expected {wanted_en}, found `{written}`"),
                );
            }
        }
    }

    fn left_over(&mut self) {
        let span = self.span();
        let written = self.written(span).to_owned();
        if self.is_symbol(")") || self.is_symbol("]") {
            self.fault(span, format!("多出一个 `{written}`"), format!("this `{written}` closes nothing"));
        } else if self.is_symbol(",") {
            self.fault(span, "这里不能有逗号", "no comma may stand here");
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
                Token::Symbol(")" | "]") if open == 0 => return,
                Token::Symbol(")" | "]") => open -= 1,
                Token::Symbol(",") if open == 0 => return,
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

    fn node(&mut self, kind: AstKind, start: u32) -> Ast {
        let node = Ast::new(kind, self.since(start));
        if node.depth > MAX_DEPTH && !self.aborted { self.too_deep(node.span) } else { node }
    }

    fn expression(&mut self, min: u8) -> Ast {
        self.nesting += 1;
        let ast = if self.aborted {
            Ast::new(AstKind::Broken, self.span())
        } else if self.nesting > MAX_NESTING * 2 {
            // Each pair of brackets costs at most two levels here: the bracket and a prefix operator or right operand.
            self.too_deep(self.span())
        } else {
            self.infix(min)
        };
        self.nesting -= 1;
        ast
    }

    fn infix(&mut self, min: u8) -> Ast {
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
                self.fault(span, "`IN` 的列表是空的", "the list of `IN` is empty");
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

    /// Operands separated by commas up to `close`, which is passed.
    fn items(&mut self, close: &'static str, open: Span) -> Vec<Ast> {
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

    fn unclosed(&mut self, open: Span, close: &str) {
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
            .label(Text::new("在这里打开", "opened here")),
        );
    }

    fn prefix(&mut self) -> Ast {
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
            self.fault(span, "没有一元 `+`", "there is no unary `+`");
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
                    self.fault(span, "`$` 之后应为参数名", "`$` is followed by the name of a parameter");
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
                    return path;
                }
            }
            if !self.take_symbol(".") {
                return path;
            }
        }
    }

    fn case(&mut self) -> Ast {
        let start = self.span();
        self.advance();
        let operand = (!self.is_word(0, "WHEN")).then(|| Box::new(self.expression(0)));
        let mut branches = Vec::new();
        while !self.aborted && self.take_word("WHEN") {
            let condition = self.expression(0);
            if !self.take_word("THEN") {
                self.unexpected(" `THEN`", "`THEN`");
                self.recover();
                if !self.take_word("THEN") {
                    break;
                }
            }
            branches.push((condition, self.expression(0)));
        }
        let otherwise = self.take_word("ELSE").then(|| Box::new(self.expression(0)));
        if branches.is_empty() && !self.aborted {
            self.fault(start, "`CASE` 没有 `WHEN`", "this `CASE` has no `WHEN`");
        }
        if !self.take_word("END") && !self.aborted {
            self.push(
                Fault::new(&codes::SYNTAX, start, Text::new("`CASE` 没有 `END`", "this `CASE` has no `END`"))
                    .label(Text::new("在这里打开", "opened here")),
            );
        }
        self.node(AstKind::Case { operand, branches, otherwise }, start.start)
    }

    fn cast(&mut self) -> Ast {
        let start = self.span().start;
        self.advance();
        let open = self.advance();
        let operand = self.expression(0);
        if !self.take_word("AS") {
            self.unexpected(" `AS 类型`", "`AS type`");
            self.recover();
        }
        let ty = self.type_name();
        if !self.take_symbol(")") && !self.aborted {
            self.unclosed(open, ")");
        }
        match ty {
            Some(ty) => self.node(AstKind::Cast(Box::new(operand), ty), start),
            None => Ast::new(AstKind::Broken, self.since(start)),
        }
    }

    fn type_name(&mut self) -> Option<Type> {
        let Token::Word(word) = self.peek().clone() else {
            if !matches!(self.peek(), Token::End | Token::Symbol(")")) {
                self.advance();
            }
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

    fn call(&mut self) -> Ast {
        let name_span = self.advance();
        let name = Name { text: self.written(name_span).to_owned(), span: name_span };
        let open = self.advance();
        let mut star = false;
        let distinct = self.take_word("DISTINCT");
        let arguments = if self.is_symbol("*") {
            self.advance();
            star = true;
            if !self.take_symbol(")") {
                self.unexpected(" `)`", "`)`");
                self.recover();
                if !self.take_symbol(")") {
                    self.unclosed(open, ")");
                }
            }
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
}
