mod faults;
mod forms;
mod limits;
mod round_trip;

use super::super::ast::{Ast, AstKind, UnaryOp};
use super::parse;

/// The tree with every operation in brackets, its operator first: what precedence made of the text.
fn tree(ast: &Ast) -> String {
    let all = |asts: &[Ast]| asts.iter().map(tree).collect::<Vec<_>>().join(" ");
    let not = |negated: bool| if negated { "NOT " } else { "" };
    match &ast.kind {
        AstKind::Unary(UnaryOp::Not, a) => format!("(NOT {})", tree(a)),
        AstKind::Unary(UnaryOp::Minus, a) => format!("(neg {})", tree(a)),
        AstKind::Binary { op, left, right, .. } => format!("({} {} {})", op.symbol(), tree(left), tree(right)),
        AstKind::IsNull(a, negated) => format!("(IS {}NULL {})", not(*negated), tree(a)),
        AstKind::IsTrue(a, negated) => format!("(IS {}TRUE {})", not(*negated), tree(a)),
        AstKind::IsDistinct(a, b, negated) => format!("(IS {}DISTINCT {} {})", not(*negated), tree(a), tree(b)),
        AstKind::In(a, items, negated) => format!("({}IN {} {})", not(*negated), tree(a), all(items)),
        AstKind::Between(a, low, high, negated) => {
            format!("({}BETWEEN {} {} {})", not(*negated), tree(a), tree(low), tree(high))
        }
        AstKind::Like(a, pattern, negated) => format!("({}LIKE {} {})", not(*negated), tree(a), tree(pattern)),
        AstKind::Case { operand, branches, otherwise } => {
            let operand = operand.as_ref().map_or(String::new(), |a| format!(" {}", tree(a)));
            let branches: Vec<String> = branches.iter().map(|(a, b)| format!("{} {}", tree(a), tree(b))).collect();
            let otherwise = otherwise.as_ref().map_or(String::new(), |a| format!(" else {}", tree(a)));
            format!("(CASE{operand}: {}{otherwise})", branches.join(" "))
        }
        AstKind::Cast(a, ty) => format!("(CAST {} {})", tree(a), ty.name()),
        AstKind::Call(call) => {
            let distinct = if call.distinct { "DISTINCT " } else { "" };
            let star = if call.star { "*" } else { "" };
            let filter = call.filter.as_ref().map_or(String::new(), |a| format!(" if {}", tree(a)));
            format!("({}: {distinct}{star}{}{filter})", call.name.text, all(&call.arguments))
        }
        AstKind::List(items) => format!("[{}]", all(items)),
        AstKind::Broken => "?".into(),
        _ => ast.to_string(),
    }
}

/// The tree of a text without fault.
fn parsed(text: &str) -> Ast {
    let (ast, faults) = parse(text);
    assert_eq!(faults, [], "{text}");
    ast.unwrap()
}
