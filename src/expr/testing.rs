//! What the tests of the language share: one row with a value, a blank and a doubt of every type, and the language's
//! own words for what comes out.

use std::collections::BTreeMap;

use super::ast::{Ast, AstKind, Literal};
use super::{
    AggregateCall, Column, ColumnId, Context, Doubt, DurationUnit, Expr, Fault, Frame, Lift, Name, NameFault,
    PreviousCall, Scalar, Scope, Type, WorkingDays, bind, codes, evaluate, parse,
};
use crate::text::{Span, Text, suggest};

/// 2026-09-30, a Wednesday.
pub(super) const AS_OF: i32 = 20_726;

/// As of 2026-09-30 in a zone; 2026 alone is a known year, with made-up holidays from 1 to 7 October and a made-up
/// working Saturday on the 10th.
pub(super) fn context(zone: chrono_tz::Tz) -> Context {
    let holidays: Vec<i32> = (AS_OF + 1..=AS_OF + 7).collect();
    Context { as_of: AS_OF, zone, working_days: WorkingDays::new(&[2026], &holidays, &[AS_OF + 10]).into() }
}

/// A column of the row.
struct Cell {
    ty: Type,
    value: Scalar,
    doubt: u8,
    allowed: Option<Vec<Scalar>>,
}

/// The row: `i` is 5, `i_blank` a blank, `i_doubt` unreadable, `i_lost` of a join without partner; so with the other types.
pub(super) struct Row {
    names: BTreeMap<String, ColumnId>,
    cells: Vec<Cell>,
    /// Whether aggregates and `PREVIOUS` may stand here.
    pub(super) lifts: bool,
    pub(super) aggregates: Vec<AggregateCall>,
    pub(super) previous: Vec<PreviousCall>,
}

fn texts(words: &[&str]) -> Vec<Scalar> {
    words.iter().map(|word| Scalar::Text((*word).to_owned())).collect()
}

impl Row {
    pub(super) fn new() -> Self {
        let mut row =
            Self { names: BTreeMap::new(), cells: Vec::new(), lifts: false, aggregates: vec![], previous: vec![] };
        let list = Type::List(Box::new(Type::Text));
        let values = [
            ("b", Type::Boolean, Scalar::Boolean(true)),
            ("no", Type::Boolean, Scalar::Boolean(false)),
            ("i", Type::Integer, Scalar::Integer(5)),
            ("rate", Type::Decimal, Scalar::Decimal(500_000_000_000)),
            ("t", Type::Text, Scalar::Text("abc".into())),
            ("d", Type::Date, Scalar::Date(AS_OF)),
            // 2026-09-30 08:00 in Shanghai.
            ("at", Type::Timestamp, Scalar::Timestamp(i64::from(AS_OF) * 86_400_000_000)),
            ("days", Type::Duration(DurationUnit::Days), Scalar::Duration(DurationUnit::Days, 2 * 86_400_000_000)),
            ("hours", Type::Duration(DurationUnit::Time), Scalar::Duration(DurationUnit::Time, 3_600_000_000)),
            ("months", Type::Duration(DurationUnit::Months), Scalar::Duration(DurationUnit::Months, 2)),
            ("tags", list.clone(), Scalar::List(Type::Text, texts(&["a", "b"]))),
            ("agreement.signed_on", Type::Date, Scalar::Date(AS_OF)),
            ("工号", Type::Text, Scalar::Text("E1".into())),
        ];
        for (name, ty, value) in values {
            row.add(name, &ty, value, 0);
            if !name.contains('.') {
                row.add(&format!("{name}_blank"), &ty, Scalar::Null, 0);
                row.add(&format!("{name}_doubt"), &ty, Scalar::Null, Doubt::UNREADABLE);
                row.add(&format!("{name}_lost"), &ty, Scalar::Null, Doubt::NO_PARTNER);
            }
        }
        row.add("state", &Type::Text, Scalar::Text("open".into()), 0).allowed = Some(texts(&["open", "closed"]));
        row.add("levels", &Type::List(Box::new(Type::Integer)), Scalar::Null, 0).allowed =
            Some(vec![Scalar::Integer(1), Scalar::Integer(2)]);
        row.add("nothing", &Type::Null, Scalar::Null, 0);
        row
    }

    fn add(&mut self, name: &str, ty: &Type, value: Scalar, doubt: u8) -> &mut Cell {
        self.names.insert(name.to_owned(), self.cells.len());
        self.cells.push(Cell { ty: ty.clone(), value, doubt, allowed: None });
        self.cells.last_mut().unwrap()
    }

    /// The row, `rows` times.
    pub(super) fn columns(&self, rows: usize) -> Vec<Column> {
        let column = |cell: &Cell| Column {
            values: Column::repeat(&cell.value, &cell.ty, rows).values,
            doubt: Doubt::from_rows(vec![cell.doubt; rows]),
        };
        self.cells.iter().map(column).collect()
    }
}

fn dotted(path: &[Name]) -> String {
    path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

impl Scope for Row {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        let name = dotted(path);
        if let Some(id) = self.names.get(&name) {
            return Ok((*id, self.cells[*id].ty.clone()));
        }
        if name == "broken" {
            return Err(NameFault::reported());
        }
        let fault = NameFault::new(&codes::UNKNOWN_NAME, Text::same(format!("no `{name}`")))
            .part(path.len() - 1)
            .help(Text::same("write another"));
        Err(match suggest::nearest(&name, self.names.keys().map(String::as_str)) {
            Some(nearest) => fault.help(Text::same(format!("did you mean `{nearest}`?"))),
            None => fault,
        })
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        let list = Type::List(Box::new(Type::Text));
        Ok(match dotted(path).as_str() {
            "as_of" => (Scalar::Date(AS_OF), Type::Date),
            "min" => (Scalar::Integer(3), Type::Integer),
            "none" => (Scalar::Null, Type::Integer),
            "topics" => (Scalar::List(Type::Text, texts(&["a", "c"])), list),
            "empty" => (Scalar::List(Type::Text, vec![]), list),
            "facts.abroad" => (Scalar::Boolean(true), Type::Boolean),
            "pattern" => (Scalar::Text("a%".into()), Type::Text),
            name => {
                return Err(NameFault::new(&codes::UNKNOWN_NAME, Text::same(format!("no `${name}`")))
                    .help(Text::same("write another")));
            }
        })
    }

    fn allowed(&self, column: ColumnId) -> Option<&[Scalar]> {
        self.cells.get(column)?.allowed.as_deref()
    }

    fn in_rows(&mut self, lift: Lift, bind: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        if self.lifts {
            bind(&mut Self::new());
            Ok(())
        } else {
            Err(NameFault::not_here(lift))
        }
    }

    fn lifted_aggregate(&mut self, call: AggregateCall) -> ColumnId {
        let id = self.cells.len();
        self.add(&format!("aggregate {id}"), &call.ty.clone(), Scalar::Null, 0);
        self.aggregates.push(call);
        id
    }

    fn lifted_previous(&mut self, call: PreviousCall) -> ColumnId {
        let id = self.cells.len();
        self.add(&format!("previous {id}"), &call.value.ty.clone(), Scalar::Null, 0);
        self.previous.push(call);
        id
    }
}

/// What binding the text to the row says.
pub(super) fn bound(text: &str, expected: Option<&Type>) -> (Option<Expr>, Vec<Fault>) {
    let (ast, faults) = parse(text);
    assert_eq!(faults, [], "{text}");
    bind(&ast.unwrap(), &mut Row::new(), expected)
}

/// The value as the language writes it: `'a'`, `DATE '2026-09-30'`, `['a']`; a timestamp in UTC.
pub(super) fn written(value: &Scalar) -> String {
    let literal = match value {
        Scalar::Null => Literal::Null,
        Scalar::Boolean(value) => Literal::Boolean(*value),
        Scalar::Integer(value) => Literal::Integer(*value),
        Scalar::Decimal(units) => Literal::Decimal(*units),
        Scalar::Text(text) => Literal::Text(text.clone()),
        Scalar::Date(day) => Literal::Date(*day),
        Scalar::Timestamp(micros) => Literal::Timestamp(*micros),
        Scalar::Duration(unit, amount) => Literal::Duration(*unit, *amount),
        Scalar::List(_, items) => return format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
    };
    Ast::new(AstKind::Literal(literal), Span::default()).to_string()
}

/// The value of a row, a null with the reasons of its doubt: `NULL unreadable+undecided`.
pub(super) fn cell(column: &Column, row: usize, ty: &Type) -> String {
    let reasons =
        [(Doubt::UNREADABLE, "unreadable"), (Doubt::NO_PARTNER, "no-partner"), (Doubt::UNDECIDED, "undecided")];
    let found: Vec<&str> =
        reasons.iter().filter(|(bit, _)| column.doubt.at(row) & bit != 0).map(|(_, word)| *word).collect();
    let value = written(&column.scalar(row, ty));
    if found.is_empty() { value } else { format!("{value} {}", found.join("+")) }
}

/// The value of an expression over the row, the same however often the row is there.
pub(super) fn value_in(context: &Context, text: &str) -> String {
    let (expr, faults) = bound(text, None);
    assert_eq!(faults, [], "{text}");
    let expr = expr.unwrap_or_else(|| panic!("{text}: bound to nothing"));
    let row = Row::new();
    let over = |rows: usize| {
        let column = evaluate(&expr, &Frame { columns: &row.columns(rows), rows }, context);
        assert_eq!((column.len(), column.values.data_type()), (rows, &expr.ty.arrow()), "{text}");
        column
    };
    over(0);
    let (one, two) = (over(1), over(2));
    let value = cell(&one, 0, &expr.ty);
    assert_eq!([cell(&two, 0, &expr.ty), cell(&two, 1, &expr.ty)], [value.clone(), value.clone()], "{text}");
    value
}

/// A table of expressions and their values, in Shanghai.
pub(super) fn holds(cases: &[(&str, &str)]) {
    holds_in(&context(chrono_tz::Asia::Shanghai), cases);
}

/// A table of expressions and their values.
pub(super) fn holds_in(context: &Context, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = value_in(context, text);
            (found != *expected).then(|| format!("{text}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// An expression and what is told of it.
type Told<'a> = (&'a str, &'a [(&'a str, usize, &'a str)]);

/// A table of faulty expressions: per fault its code without family, the column it starts at, and what it covers. Each
/// has a help.
pub(super) fn told(cases: &[Told<'_>], find: impl Fn(&str) -> Vec<Fault>) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let faults = find(text);
            let found: Vec<(&str, usize, &str)> = faults
                .iter()
                .map(|fault| {
                    let range = fault.span.range();
                    let column = text[..range.start].chars().count() + 1;
                    (fault.code.id.strip_prefix("expr/").unwrap(), column, &text[range])
                })
                .collect();
            let messages: Vec<&str> = faults.iter().map(|fault| fault.message.en.as_str()).collect();
            let helpless = faults.iter().any(|fault| fault.help.is_none());
            (found != *expected || helpless)
                .then(|| format!("{text}\n  expected {expected:?}\n  found    {found:?}\n  {messages:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
