use proptest::prelude::*;

use super::super::super::ast::{AstKind, BinaryOp, Call, Literal, UnaryOp};
use super::super::super::context::{FIRST_DAY, LAST_DAY, MICROS_PER_DAY};
use super::super::super::{Ast, DurationUnit, Name, Type};
use super::parse;
use crate::text::Span;

fn node(kind: AstKind) -> Ast {
    Ast::new(kind, Span::default())
}

fn literal() -> impl Strategy<Value = Ast> {
    let minute = 60_000_000_i64;
    let literal = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        (0..=i64::MAX).prop_map(Literal::Integer),
        (0..10_i128.pow(38)).prop_map(Literal::Decimal),
        (0_i128..3_000_000_000_000).prop_map(Literal::Decimal),
        any::<String>().prop_map(Literal::Text),
        (FIRST_DAY..=LAST_DAY).prop_map(Literal::Date),
        (i64::from(FIRST_DAY) * MICROS_PER_DAY..(i64::from(LAST_DAY) + 1) * MICROS_PER_DAY)
            .prop_map(Literal::Timestamp),
        (-9_999_i64..9_999).prop_map(|n| Literal::Duration(DurationUnit::Days, n * MICROS_PER_DAY)),
        (-99_999_i64..99_999).prop_map(move |n| Literal::Duration(DurationUnit::Time, n * minute)),
        (-999_i64..999).prop_map(|n| Literal::Duration(DurationUnit::Months, n)),
    ];
    literal.prop_map(|literal| node(AstKind::Literal(literal)))
}

fn path() -> impl Strategy<Value = Vec<Name>> {
    let word = prop_oneof![
        4 => "[a-zA-Z_][a-z0-9_]{0,6}",
        2 => "[员工部门日期]{1,4}",
        1 => prop::sample::select(vec!["case", "Null", "end", "date", "interval", "cast", "in", "filter", "when"])
            .prop_map(str::to_owned),
        1 => any::<String>().prop_filter("a name is not empty", |name| !name.is_empty()),
    ];
    prop::collection::vec(word.prop_map(|text| Name { text, span: Span::default() }), 1..4)
}

fn binary_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::{
        Add, And, Concat, Divide, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or, Subtract,
    };
    prop::sample::select(vec![
        Or,
        And,
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Add,
        Subtract,
        Multiply,
        Divide,
        Concat,
    ])
}

fn any_ast() -> impl Strategy<Value = Ast> {
    let leaf = prop_oneof![
        literal(),
        path().prop_map(|path| node(AstKind::Name(path))),
        path().prop_map(|path| node(AstKind::Constant(path))),
    ];
    leaf.prop_recursive(6, 40, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let several = |least: usize| prop::collection::vec(inner.clone(), least..4);
        let types = prop::sample::select(vec![
            Type::Boolean,
            Type::Integer,
            Type::Decimal,
            Type::Text,
            Type::Date,
            Type::Timestamp,
        ]);
        let functions = prop::sample::select(vec!["LOWER", "date", "COUNT", "Sum", "interval", "no_such", "函数"]);
        let call = (functions, several(0), any::<bool>(), prop::option::of(boxed()));
        let kind = prop_oneof![
            (any::<bool>(), boxed())
                .prop_map(|(not, a)| AstKind::Unary(if not { UnaryOp::Not } else { UnaryOp::Minus }, a)),
            (binary_op(), boxed(), boxed()).prop_map(|(op, left, right)| AstKind::Binary {
                op,
                op_span: Span::default(),
                left,
                right
            }),
            (boxed(), any::<bool>()).prop_map(|(a, not)| AstKind::IsNull(a, not)),
            (boxed(), any::<bool>()).prop_map(|(a, not)| AstKind::IsTrue(a, not)),
            (boxed(), boxed(), any::<bool>()).prop_map(|(a, b, not)| AstKind::IsDistinct(a, b, not)),
            (boxed(), several(1), any::<bool>()).prop_map(|(a, items, not)| AstKind::In(a, items, not)),
            (boxed(), boxed(), boxed(), any::<bool>()).prop_map(|(a, b, c, not)| AstKind::Between(a, b, c, not)),
            (boxed(), boxed(), any::<bool>()).prop_map(|(a, b, not)| AstKind::Like(a, b, not)),
            (
                prop::option::of(boxed()),
                prop::collection::vec((inner.clone(), inner.clone()), 1..3),
                prop::option::of(boxed())
            )
                .prop_map(|(operand, branches, otherwise)| AstKind::Case { operand, branches, otherwise }),
            (boxed(), types).prop_map(|(a, ty)| AstKind::Cast(a, ty)),
            several(0).prop_map(AstKind::List),
            call.prop_map(|(name, arguments, flag, filter)| {
                let name = Name { text: name.to_owned(), span: Span::default() };
                // `f(*)` and `f(DISTINCT a)`; `f(DISTINCT)` is not written.
                let star = flag && arguments.is_empty();
                AstKind::Call(Call { name, star, distinct: flag && !star, arguments, filter })
            }),
        ];
        kind.prop_map(node)
    })
}

proptest! {
    #[test]
    fn what_is_printed_parses_back(ast in any_ast()) {
        let printed = ast.to_string();
        let (parsed, faults) = parse(&printed);
        prop_assert_eq!(&faults, &[], "{}", printed);
        let parsed = parsed.unwrap();
        prop_assert_eq!(parsed.to_string(), printed);
        prop_assert_eq!(&parsed, &ast);
    }

    #[test]
    fn anything_is_parsed_or_told_in_its_place(text in "(NOT |AND |OR |IS |NULL|IN |BETWEEN |CASE |WHEN |THEN |ELSE |END|CAST|AS |DATE |'x'|INTERVAL |FILTER |[a1 .,$()=<>+*/|'\"-]|\\[|\\]|备|（|‘|，){0,40}") {
        let (ast, faults) = parse(&text);
        for fault in &faults {
            prop_assert!(text.get(fault.span.range()).is_some(), "{:?}", fault);
            prop_assert!(!fault.message.en.is_empty() && !fault.message.zh.is_empty());
        }
        let Some(ast) = ast else {
            prop_assert!(!faults.is_empty());
            return Ok(());
        };
        let mut broken = false;
        ast.walk(&mut |node| broken |= matches!(node.kind, AstKind::Broken));
        prop_assert!(!(broken && faults.is_empty()), "a hole in the tree was not told");
        if faults.is_empty() {
            let again = parse(&ast.to_string()).0;
            prop_assert_eq!(again, Some(ast));
        }
    }

    #[test]
    fn any_text_at_all(text in any::<String>()) {
        let (ast, faults) = parse(&text);
        prop_assert!(ast.is_some() || !faults.is_empty());
        prop_assert!(faults.iter().all(|fault| text.get(fault.span.range()).is_some()));
    }
}
