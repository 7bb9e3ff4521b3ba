//! Lists: JSON text, looked into by `json_each`.

use super::super::{Expr, ExprKind, Type};
use super::{Level, Piece, Printer};

impl Printer<'_> {
    /// `[a, b]` with items that are not all constant; NULL if one is.
    pub(super) fn list(&self, items: &[Expr]) -> Piece {
        let pieces: Vec<(bool, Piece)> = items
            .iter()
            .map(|item| match &item.kind {
                ExprKind::Literal { value, .. } => (*value == super::Scalar::Null, self.print(item)),
                _ => (true, self.twice(self.print(item))),
            })
            .collect();
        let guard: Vec<String> = pieces
            .iter()
            .filter(|(nullable, _)| *nullable)
            .map(|(_, piece)| format!("{} IS NOT NULL", piece.side()))
            .collect();
        let texts: Vec<&str> = pieces.iter().map(|(_, piece)| piece.text.as_str()).collect();
        guarded(&guard, &format!("json_array({})", texts.join(", ")))
    }

    pub(super) fn list_function(&self, name: &str, arguments: &[Expr]) -> Option<Piece> {
        Some(match (name, arguments) {
            ("CARDINALITY", [list]) => Piece::atom(format!("json_array_length({})", self.value(list))),
            ("LIST_CONTAINS", [list, item]) => {
                let (texts, guard) = self.both(list, item);
                let [l, x] = texts;
                let same = same("has.value", &x.side(), &item.ty);
                guarded(&guard, &format!("EXISTS (SELECT 1 FROM json_each({}) AS has WHERE {same})", l.text))
            }
            ("LIST_CONTAINS_ALL" | "LIST_CONTAINS_ANY", [list, wanted]) => {
                let (texts, guard) = self.both(list, wanted);
                let [l, w] = texts;
                let same = same("has.value", "wanted.value", &item_of(&list.ty));
                let inner = format!("SELECT 1 FROM json_each({}) AS has WHERE {same}", l.text);
                let test = if name == "LIST_CONTAINS_ALL" {
                    format!("NOT EXISTS (SELECT 1 FROM json_each({}) AS wanted WHERE NOT EXISTS ({inner}))", w.text)
                } else {
                    format!("EXISTS (SELECT 1 FROM json_each({}) AS wanted WHERE EXISTS ({inner}))", w.text)
                };
                guarded(&guard, &test)
            }
            ("LIST_MINUS", [list, taken]) => {
                let (texts, guard) = self.both(list, taken);
                let [l, t] = texts;
                let same = same("has.value", "taken.value", &item_of(&list.ty));
                guarded(
                    &guard,
                    &format!(
                        "(SELECT json_group_array(has.value ORDER BY has.key) FROM json_each({}) AS has \
                         WHERE NOT EXISTS (SELECT 1 FROM json_each({}) AS taken WHERE {same}))",
                        l.text, t.text
                    ),
                )
            }
            _ => return None,
        })
    }

    /// Both operands for use inside a subquery, and the condition that neither is null.
    fn both(&self, a: &Expr, b: &Expr) -> ([Piece; 2], Vec<String>) {
        let texts = [self.outside(a), self.outside(b)];
        let guard = [a, b]
            .iter()
            .zip(&texts)
            .filter(|(expr, _)| !matches!(&expr.kind, ExprKind::Literal { value, .. } if *value != super::Scalar::Null))
            .map(|(_, text)| format!("{} IS NOT NULL", text.above(Level::Compare)))
            .collect();
        (texts, guard)
    }
}

fn guarded(guard: &[String], test: &str) -> Piece {
    if guard.is_empty() {
        return Piece::atom(format!("({test})"));
    }
    Piece::atom(format!("CASE WHEN {} THEN {test} END", guard.join(" AND ")))
}

fn item_of(list: &Type) -> Type {
    if let Type::List(item) = list { item.as_ref().clone() } else { Type::Null }
}

fn same(a: &str, b: &str, ty: &Type) -> String {
    if *ty == Type::Decimal { format!("decimal_cmp({a}, {b}) = 0") } else { format!("{a} = {b}") }
}
