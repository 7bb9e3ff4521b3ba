//! Expression text → tokens with their bytes.

use super::{DECIMAL_PLACES, Fault, codes};
use crate::text::{Span, Text};

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word: keyword, function or name.
    Word(String),
    /// `"quoted name"`, never a keyword.
    Quoted(String),
    /// `$`, directly followed by a word.
    Dollar,
    /// Digits without a point.
    Integer(i64),
    /// Digits with a point, in units of 10⁻¹².
    Decimal(i128),
    /// `'text'`.
    Text(String),
    /// Operator or punctuation.
    Symbol(&'static str),
    /// A token with a fault that was reported; stands where an operand would.
    Broken,
    /// After the last byte.
    End,
}

/// A token and its place.
#[derive(Debug, Clone)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) span: Span,
}

const SYMBOLS: &[&str] =
    &["<>", "<=", ">=", "!=", "||", "==", "(", ")", "[", "]", ",", ".", "=", "<", ">", "+", "-", "*", "/"];

/// Whether a character may start a name: letters of any script (工号), `_`.
pub(super) fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a character may go on in a name.
pub(super) fn continues_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Splits the text; what is no token is reported, and understood as what was meant or as [`Token::Broken`].
pub(super) fn lex(text: &str, faults: &mut Vec<Fault>) -> Vec<Spanned> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let (token, length) = if first.is_whitespace() {
            (None, first.len_utf8())
        } else if starts_name(first) {
            let length = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
            (Some(Token::Word(rest.get(..length).unwrap_or_default().to_owned())), length)
        } else if first.is_ascii_digit() {
            number(rest, at, faults)
        } else if first == '\'' || first == '"' {
            quoted(rest, first, at, faults)
        } else if first == '$' {
            (Some(Token::Dollar), 1)
        } else {
            symbol(rest, first, at, faults)
        };
        if let Some(token) = token {
            tokens.push(Spanned { token, span: Span::new(at, at + length) });
        }
        at += length;
    }
    tokens.push(Spanned { token: Token::End, span: Span::new(text.len(), text.len()) });
    tokens
}

fn symbol(rest: &str, first: char, at: usize, faults: &mut Vec<Fault>) -> (Option<Token>, usize) {
    let syntax = |length: usize, zh: String, en: String| {
        Fault::new(&codes::SYNTAX, Span::new(at, at + length), Text::new(zh, en))
    };
    if rest.starts_with("--") || rest.starts_with("/*") {
        let length = rest.find(['\n', ')']).unwrap_or(rest.len());
        faults.push(syntax(2, "表达式里不能写 SQL 注释".into(), "an expression has no SQL comments".into()).help(
            Text::new(
                "注释写在 YAML 里：`#`；两次取负请写 `-(-x)`",
                "write comments in YAML, after `#`; for a double minus write `-(-x)`",
            ),
        ));
        return (None, length.max(2));
    }
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        let meant = match *symbol {
            "!=" => Some("<>"),
            "==" => Some("="),
            _ => None,
        };
        if let Some(meant) = meant {
            faults.push(
                syntax(2, format!("没有运算符 `{symbol}`"), format!("there is no operator `{symbol}`"))
                    .help(Text::new(format!("写作 `{meant}`"), format!("write `{meant}`"))),
            );
        }
        return (Some(Token::Symbol(meant.unwrap_or(symbol))), symbol.len());
    }
    // Other languages' connectives: understood as what was meant, so that the rest is looked at.
    for (written, meant) in [("&&", "AND"), ("&", "AND"), ("!", "NOT")] {
        if rest.starts_with(written) {
            let message = (format!("没有运算符 `{written}`"), format!("there is no operator `{written}`"));
            let help = Text::new(format!("写作 `{meant}`"), format!("write `{meant}`"));
            faults.push(syntax(written.len(), message.0, message.1).help(help));
            return (Some(Token::Word(meant.to_owned())), written.len());
        }
    }
    if matches!(first, '‘' | '’' | '“' | '”') {
        let closing = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '‘' | '’' | '“' | '”'));
        let length = closing.map_or(rest.len(), |(index, c)| index + c.len_utf8());
        faults.push(
            syntax(length, "文本用了中文引号".into(), "a text stands in curly quotes".into())
                .help(Text::new("改用半角单引号 `'…'`", "write `'…'`")),
        );
        return (Some(Token::Broken), length);
    }
    // What input methods type in its place.
    let meant = match first {
        '，' | '、' => ",",
        '（' => "(",
        '）' => ")",
        '【' => "[",
        '】' => "]",
        '＝' => "=",
        '＞' => ">",
        '＜' => "<",
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "<>",
        '＄' | '￥' => "$",
        _ => "",
    };
    let length = first.len_utf8();
    let mut fault =
        syntax(length, format!("`{first}` 不能出现在表达式里"), format!("`{first}` has no place in an expression"));
    if !meant.is_empty() {
        fault = fault.help(Text::new(format!("改用半角 `{meant}`"), format!("write `{meant}`")));
    } else if first == '%' {
        fault =
            fault.help(Text::new("百分数写成小数：95% 是 `0.95`", "write a percentage as a decimal: 95% is `0.95`"));
    } else {
        fault = fault.help(Text::new(
            format!("删去 `{first}`；文字放进单引号：`'…'`"),
            format!("remove `{first}`; a text goes into single quotes: `'…'`"),
        ));
    }
    faults.push(fault);
    let token = match SYMBOLS.iter().find(|symbol| **symbol == meant) {
        Some(symbol) => Token::Symbol(symbol),
        None if meant == "$" => Token::Dollar,
        None => Token::Broken,
    };
    (Some(token), length)
}

fn number(rest: &str, at: usize, faults: &mut Vec<Fault>) -> (Option<Token>, usize) {
    let whole_length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let whole = rest.get(..whole_length).unwrap_or_default();
    let after = rest.get(whole_length..).unwrap_or_default();
    let fraction = after.strip_prefix('.').map(|digits| {
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits.get(..length).unwrap_or_default()
    });
    let mut length = whole_length + fraction.map_or(0, |digits| digits.len() + 1);
    let tail = rest.get(length..).unwrap_or_default();
    let stray = tail.find(|c: char| !continues_name(c)).unwrap_or(tail.len());
    if stray > 0 {
        length += stray;
        faults.push(
            Fault::new(
                &codes::SYNTAX,
                Span::new(at, at + length),
                Text::new("数字后面紧跟着文字", "a number runs into a word"),
            )
            .help(Text::new(
                "中间加空格；以数字开头的名字写在双引号里；天数写 `DAYS(7)`",
                "put a space between them; a name that starts with a digit goes into double quotes; write days as `DAYS(7)`",
            )),
        );
        return (Some(Token::Broken), length);
    }
    let token = match fraction {
        None => whole.parse::<i64>().ok().map(Token::Integer),
        Some("") => None,
        Some(digits) => decimal(whole, digits).map(Token::Decimal),
    };
    if token.is_none() {
        let written = rest.get(..length).unwrap_or_default();
        faults.push(
            Fault::new(
                &codes::LITERAL,
                Span::new(at, at + length),
                Text::new(format!("`{written}` 不是可用的数字"), format!("`{written}` is no number that fits")),
            )
            .help(Text::new(
                "整数至多 64 位；小数的小数点两侧都要有数字，整数部分至多 26 位、小数部分至多 12 位",
                "integers have 64 bits; decimals have digits on both sides of the point, at most 26 before and 12 after it",
            )),
        );
    }
    (Some(token.unwrap_or(Token::Broken)), length)
}

/// Units of 10⁻¹² of `whole.digits`; `None` when it does not fit.
pub(super) fn decimal(whole: &str, digits: &str) -> Option<i128> {
    let places = usize::from(DECIMAL_PLACES);
    let significant = digits.trim_end_matches('0');
    if significant.len() > places {
        return None;
    }
    let units = format!("{whole}{significant:0<places$}").parse::<i128>().ok()?;
    // 38 digits in all is what the column type holds.
    (units < 10_i128.pow(38)).then_some(units)
}

fn quoted(rest: &str, quote: char, at: usize, faults: &mut Vec<Fault>) -> (Option<Token>, usize) {
    let mut value = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((index, c)) = characters.next() {
        if c != quote {
            value.push(c);
        } else if characters.peek().is_some_and(|(_, next)| *next == quote) {
            value.push(quote);
            characters.next();
        } else {
            let length = index + 1;
            if quote == '\'' {
                return (Some(Token::Text(value)), length);
            }
            if value.is_empty() {
                let message = Text::new("名字是空的", "the name is empty");
                let help = Text::new("空文字写作 `''`", "an empty text is written `''`");
                faults.push(Fault::new(&codes::SYNTAX, Span::new(at, at + length), message).help(help));
                return (Some(Token::Broken), length);
            }
            return (Some(Token::Quoted(value)), length);
        }
    }
    faults.push(
        Fault::new(
            &codes::SYNTAX,
            Span::new(at, at + rest.len()),
            Text::new(format!("缺少右引号 `{quote}`"), format!("the closing `{quote}` is missing")),
        )
        .help(Text::new("文本里的单引号写两遍：`'it''s'`", "write a quote inside a text twice: `'it''s'`")),
    );
    (Some(Token::Broken), rest.len())
}
