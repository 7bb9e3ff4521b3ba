//! Random well-typed expressions over every operator and function of the language.

use super::node::{Node, Ty};
use super::random::Random;

/// Names that an expression may use.
pub(crate) type Names = Vec<(String, Ty)>;

pub(crate) fn expression(random: &mut Random, names: &Names, ty: Ty, depth: usize) -> Node {
    let columns: Vec<&(String, Ty)> = names.iter().filter(|(_, known)| *known == ty).collect();
    if !columns.is_empty() && (depth == 0 || random.percent(30)) && random.percent(85) {
        let (name, ty) = random.pick(&columns);
        return Node::leaf(*ty, name.clone(), "column");
    }
    if depth == 0 || random.percent(8) {
        return literal(random, ty);
    }
    let mut e = |random: &mut Random, ty: Ty| expression(random, names, ty, depth - 1);
    match ty {
        Ty::Bool => boolean(random, &mut e),
        Ty::Int => integer(random, &mut e),
        Ty::Dec => decimal(random, &mut e),
        Ty::Text => text(random, &mut e),
        Ty::Date => date(random, &mut e),
        Ty::At => instant(random, &mut e),
        Ty::Days | Ty::Time | Ty::Months => duration(random, ty, &mut e),
        Ty::Ints | Ty::Decs | Ty::Texts | Ty::Dates => list(random, ty, &mut e),
    }
}

type Make<'a> = dyn FnMut(&mut Random, Ty) -> Node + 'a;

pub(crate) fn literal(random: &mut Random, ty: Ty) -> Node {
    let words: &[&str] = match ty {
        Ty::Bool => &["TRUE", "FALSE"],
        Ty::Int => &["0", "1", "2", "3", "-1", "7", "12", "9223372036854775807", "$least"],
        Ty::Dec => &["0.0", "0.5", "1.0", "1.5", "2.25", "-0.5", "0.000000000001", "1000000.0", "0.333"],
        Ty::Text => &["''", "'a'", "'b'", "'c'", "'A'", "'中'", "'a b'", "' a '", "'it''s'", "'a%'", "'1'", "'true'"],
        Ty::Date => &[
            "DATE '2026-09-30'",
            "DATE '2026-09-29'",
            "DATE '2026-01-31'",
            "DATE '2024-02-29'",
            "DATE '9999-12-31'",
            "DATE '2026-02-16'",
            "$as_of",
            "$period_start",
            "$period_end",
        ],
        Ty::At => &[
            "TIMESTAMP '2026-09-30 08:00:00+08:00'",
            "TIMESTAMP '2026-09-29 16:00:00Z'",
            "TIMESTAMP '2026-09-29 15:59:59.999999Z'",
            "TIMESTAMP '2026-02-28 23:30:00+08:00'",
            "TIMESTAMP '1988-06-01 00:00:00Z'",
            "$as_of_end",
        ],
        Ty::Days => &["DAYS(0)", "DAYS(1)", "DAYS(7)", "INTERVAL '30' DAY", "DAYS(-2)", "$age"],
        Ty::Time => &["HOURS(4)", "MINUTES(90)", "HOURS(24)", "HOURS(0)", "INTERVAL '2' HOUR"],
        Ty::Months => &["MONTHS(1)", "MONTHS(6)", "YEARS(1)", "MONTHS(-1)", "$half"],
        Ty::Ints => &["[1, 2]", "[1]", "[2, 3, 3]"],
        Ty::Decs => &["[1.5, 2.0]", "[0.5]"],
        Ty::Texts => &["['a', 'b']", "['中']", "['a', 'a', 'c']", "$words"],
        Ty::Dates => &["[DATE '2026-09-30']", "[DATE '2026-09-30', DATE '2024-02-29']"],
    };
    let text = *random.pick(words);
    let tag = if text.starts_with('$') { "$" } else { "literal" };
    Node::leaf(ty, text, tag)
}

fn any_type(random: &mut Random) -> Ty {
    *random.pick(&Ty::STORED)
}

fn value_type(random: &mut Random) -> Ty {
    *random.pick(&[Ty::Bool, Ty::Int, Ty::Dec, Ty::Text, Ty::Date, Ty::At, Ty::Days, Ty::Time])
}

fn list_type(random: &mut Random) -> Ty {
    *random.pick(&[Ty::Ints, Ty::Texts, Ty::Decs, Ty::Dates])
}

/// Forms every type has.
fn common(random: &mut Random, ty: Ty, e: &mut Make<'_>) -> Node {
    let forms = if ty.is_list() { 3 } else { 6 };
    match random.below(forms) {
        0 => Node::of(
            ty,
            "CASE",
            "CASE WHEN @ THEN @ WHEN @ THEN @ ELSE @ END",
            vec![e(random, Ty::Bool), e(random, ty), e(random, Ty::Bool), e(random, ty), e(random, ty)],
        ),
        1 => Node::of(ty, "COALESCE", "COALESCE(@, @)", vec![e(random, ty), e(random, ty)]),
        2 => Node::of(ty, "CASE", "CASE WHEN @ THEN @ END", vec![e(random, Ty::Bool), e(random, ty)]),
        3 => Node::of(ty, "NULLIF", "NULLIF(@, @)", vec![e(random, ty), e(random, ty)]),
        4 => Node::of(ty, "COALESCE", "COALESCE(@, @, @)", vec![e(random, ty), e(random, ty), e(random, ty)]),
        _ => Node::of(ty, "CASE", "CASE @ WHEN @ THEN @ ELSE @ END", {
            let of = value_type(random);
            vec![e(random, of), e(random, of), e(random, ty), e(random, ty)]
        }),
    }
}

fn extreme(random: &mut Random, ty: Ty, e: &mut Make<'_>) -> Node {
    let (tag, template) =
        *random.pick(&[("LEAST", "LEAST(@, @)"), ("GREATEST", "GREATEST(@, @, @)"), ("GREATEST", "GREATEST(@, @)")]);
    let kids = (0..template.matches('@').count()).map(|_| e(random, ty)).collect();
    Node::of(ty, tag, template, kids)
}

fn boolean(random: &mut Random, e: &mut Make<'_>) -> Node {
    let of = |tag, template: &str, kids| Node::of(Ty::Bool, tag, template, kids);
    match random.below(36) {
        0..=3 => {
            let ty = *random.pick(&Ty::ORDERED);
            let (tag, template) = *random.pick(&[
                ("<", "@ < @"),
                ("<=", "@ <= @"),
                (">", "@ > @"),
                (">=", "@ >= @"),
                ("=", "@ = @"),
                ("<>", "@ <> @"),
            ]);
            let right = match ty {
                Ty::Int if random.percent(20) => Ty::Dec,
                Ty::Days if random.percent(40) => Ty::Time,
                ty => ty,
            };
            of(tag, &format!("({template})"), vec![e(random, ty), e(random, right)])
        }
        4 => {
            let ty = value_type(random);
            let (tag, template) = *random.pick(&[("=", "(@ = @)"), ("<>", "(@ <> @)")]);
            of(tag, template, vec![e(random, ty), e(random, ty)])
        }
        5..=6 => of("AND", "(@ AND @)", vec![e(random, Ty::Bool), e(random, Ty::Bool)]),
        7..=8 => of("OR", "(@ OR @)", vec![e(random, Ty::Bool), e(random, Ty::Bool)]),
        9 => of("NOT", "(NOT @)", vec![e(random, Ty::Bool)]),
        10..=12 => {
            let ty = any_type(random);
            let template = *random.pick(&["(@ IS NULL)", "(@ IS NOT NULL)"]);
            of("IS NULL", template, vec![e(random, ty)])
        }
        13..=14 => {
            let template = *random.pick(&["(@ IS TRUE)", "(@ IS NOT TRUE)"]);
            of("IS TRUE", template, vec![e(random, Ty::Bool)])
        }
        15..=16 => {
            let ty = value_type(random);
            let template = *random.pick(&["(@ IS DISTINCT FROM @)", "(@ IS NOT DISTINCT FROM @)"]);
            of("IS DISTINCT FROM", template, vec![e(random, ty), e(random, ty)])
        }
        17..=18 => {
            let ty = *random.pick(&[Ty::Int, Ty::Text, Ty::Dec, Ty::Date, Ty::Bool, Ty::At]);
            let template = *random.pick(&["(@ IN (@, @))", "(@ NOT IN (@, @))", "(@ IN (@))", "(@ IN (@, @, @))"]);
            let kids = (0..template.matches('@').count()).map(|_| e(random, ty)).collect();
            of("IN", template, kids)
        }
        19..=20 => {
            let ty = *random.pick(&Ty::ORDERED);
            let template = *random.pick(&["(@ BETWEEN @ AND @)", "(@ NOT BETWEEN @ AND @)"]);
            of("BETWEEN", template, vec![e(random, ty), e(random, ty), e(random, ty)])
        }
        21 => {
            let pattern = *random.pick(&["a%", "%", "_", "%b%", "", "A_", "*", "[a]", "a?", "%中", "_t's", "a\\%"]);
            let not = if random.percent(30) { "NOT " } else { "" };
            of("LIKE", &format!("(@ {not}LIKE '{}')", pattern.replace('\'', "''")), vec![e(random, Ty::Text)])
        }
        22 => {
            let (tag, template) = *random.pick(&[
                ("STARTS_WITH", "STARTS_WITH(@, @)"),
                ("ENDS_WITH", "ENDS_WITH(@, @)"),
                ("CONTAINS", "CONTAINS(@, @)"),
            ]);
            of(tag, template, vec![e(random, Ty::Text), e(random, Ty::Text)])
        }
        23 => {
            let pattern = *random.pick(&["^a", "b$", "[0-9]+", "^(a|中)$", ".", "^$"]);
            of("REGEXP_LIKE", &format!("REGEXP_LIKE(@, '{pattern}')"), vec![e(random, Ty::Text)])
        }
        24..=25 => {
            let ty = *random.pick(&[Ty::Date, Ty::At]);
            of("ON_TIME", "ON_TIME(@, @)", vec![e(random, ty), e(random, ty)])
        }
        26..=27 => {
            let ty = list_type(random);
            let Some(item) = ty.item() else { return literal(random, Ty::Bool) };
            of("LIST_CONTAINS", "LIST_CONTAINS(@, @)", vec![e(random, ty), e(random, item)])
        }
        28..=29 => {
            let ty = list_type(random);
            let (tag, template) = *random.pick(&[
                ("LIST_CONTAINS_ALL", "LIST_CONTAINS_ALL(@, @)"),
                ("LIST_CONTAINS_ANY", "LIST_CONTAINS_ANY(@, @)"),
            ]);
            of(tag, template, vec![e(random, ty), e(random, ty)])
        }
        30 | 34 | 35 => {
            let (tag, template) = *random.pick(&[
                ("IS_CN_ID", "IS_CN_ID(@)"),
                ("IS_CN_MOBILE", "IS_CN_MOBILE(@)"),
                ("IS_USCC", "IS_USCC(@)"),
                ("IS_BANK_CARD", "IS_BANK_CARD(@)"),
                ("IS_EMAIL", "IS_EMAIL(@)"),
                ("IS_SHA256", "IS_SHA256(@)"),
                ("IS_MASKED", "IS_MASKED(@)"),
                ("CIDR_CONTAINS", "CIDR_CONTAINS('10.0.0.0/8', @)"),
            ]);
            of(tag, template, vec![e(random, Ty::Text)])
        }
        31 => of("CAST", "CAST(@ AS boolean)", vec![e(random, Ty::Text)]),
        _ => common(random, Ty::Bool, e),
    }
}

fn integer(random: &mut Random, e: &mut Make<'_>) -> Node {
    let of = |tag, template: &str, kids| Node::of(Ty::Int, tag, template, kids);
    match random.below(22) {
        0..=1 => of("+", "(@ + @)", vec![e(random, Ty::Int), e(random, Ty::Int)]),
        2 => of("-", "(@ - @)", vec![e(random, Ty::Int), e(random, Ty::Int)]),
        3 => of("*", "(@ * @)", vec![e(random, Ty::Int), e(random, Ty::Int)]),
        4 => of("NEGATE", "(- @)", vec![e(random, Ty::Int)]),
        5 => of("LENGTH", "LENGTH(@)", vec![e(random, Ty::Text)]),
        6 => of("ABS", "ABS(@)", vec![e(random, Ty::Int)]),
        7 => {
            let (tag, template) = *random.pick(&[("FLOOR", "FLOOR(@)"), ("CEIL", "CEIL(@)")]);
            of(tag, template, vec![e(random, Ty::Dec)])
        }
        8 => extreme(random, Ty::Int, e),
        9..=10 => {
            let (tag, template) = *random.pick(&[
                ("YEAR", "YEAR(@)"),
                ("QUARTER", "QUARTER(@)"),
                ("MONTH", "MONTH(@)"),
                ("DAY", "DAY(@)"),
            ]);
            of(tag, template, vec![e(random, Ty::Date)])
        }
        11 => of("DAYS_BETWEEN", "DAYS_BETWEEN(@, @)", vec![e(random, Ty::Date), e(random, Ty::Date)]),
        12 => of("MONTHS_BETWEEN", "MONTHS_BETWEEN(@, @)", vec![e(random, Ty::Date), e(random, Ty::Date)]),
        13 => of("WORKING_DAYS_BETWEEN", "WORKING_DAYS_BETWEEN(@, @)", vec![e(random, Ty::Date), e(random, Ty::Date)]),
        14..=15 => {
            let ty = list_type(random);
            of("CARDINALITY", "CARDINALITY(@)", vec![e(random, ty)])
        }
        16 => of("CAST", "CAST(@ AS integer)", {
            let ty = *random.pick(&[Ty::Text, Ty::Dec]);
            vec![e(random, ty)]
        }),
        _ => common(random, Ty::Int, e),
    }
}

fn decimal(random: &mut Random, e: &mut Make<'_>) -> Node {
    let of = |tag, template: &str, kids| Node::of(Ty::Dec, tag, template, kids);
    let number = |random: &mut Random| *random.pick(&[Ty::Dec, Ty::Dec, Ty::Int]);
    match random.below(18) {
        0..=1 => of(
            "+",
            "(@ + @)",
            vec![e(random, Ty::Dec), {
                let ty = number(random);
                e(random, ty)
            }],
        ),
        2 => of(
            "-",
            "(@ - @)",
            vec![
                {
                    let ty = number(random);
                    e(random, ty)
                },
                e(random, Ty::Dec),
            ],
        ),
        3..=4 => of(
            "*",
            "(@ * @)",
            vec![e(random, Ty::Dec), {
                let ty = number(random);
                e(random, ty)
            }],
        ),
        5..=6 => of(
            "/",
            "(@ / @)",
            vec![
                {
                    let ty = number(random);
                    e(random, ty)
                },
                {
                    let ty = number(random);
                    e(random, ty)
                },
            ],
        ),
        7 => of("NEGATE", "(- @)", vec![e(random, Ty::Dec)]),
        8 => of("ABS", "ABS(@)", vec![e(random, Ty::Dec)]),
        9 => of("ROUND", "ROUND(@)", vec![e(random, Ty::Dec)]),
        10 => of("ROUND", "ROUND(@, @)", vec![e(random, Ty::Dec), e(random, Ty::Int)]),
        11 => of("HOURS_BETWEEN", "HOURS_BETWEEN(@, @)", vec![e(random, Ty::At), e(random, Ty::At)]),
        12 => of("MINUTES_BETWEEN", "MINUTES_BETWEEN(@, @)", vec![e(random, Ty::At), e(random, Ty::At)]),
        13 => extreme(random, Ty::Dec, e),
        14 => of("CAST", "CAST(@ AS decimal)", {
            let ty = *random.pick(&[Ty::Text, Ty::Int]);
            vec![e(random, ty)]
        }),
        _ => common(random, Ty::Dec, e),
    }
}

fn text(random: &mut Random, e: &mut Make<'_>) -> Node {
    let of = |tag, template: &str, kids| Node::of(Ty::Text, tag, template, kids);
    match random.below(14) {
        0 => of("LOWER", "LOWER(@)", vec![e(random, Ty::Text)]),
        1 => of("UPPER", "UPPER(@)", vec![e(random, Ty::Text)]),
        2 => of("TRIM", "TRIM(@)", vec![e(random, Ty::Text)]),
        3 => of("SUBSTR", "SUBSTR(@, @)", vec![e(random, Ty::Text), e(random, Ty::Int)]),
        4 => of("SUBSTR", "SUBSTR(@, @, @)", vec![e(random, Ty::Text), e(random, Ty::Int), e(random, Ty::Int)]),
        5 => of("REPLACE", "REPLACE(@, @, @)", vec![e(random, Ty::Text), e(random, Ty::Text), e(random, Ty::Text)]),
        6..=7 => of("||", "(@ || @)", vec![e(random, Ty::Text), e(random, Ty::Text)]),
        8 => of("CAST", "CAST(@ AS text)", {
            let ty = *random.pick(&[Ty::Int, Ty::Dec, Ty::Bool, Ty::Date]);
            vec![e(random, ty)]
        }),
        9 => extreme(random, Ty::Text, e),
        _ => common(random, Ty::Text, e),
    }
}

fn date(random: &mut Random, e: &mut Make<'_>) -> Node {
    let of = |tag, template: &str, kids| Node::of(Ty::Date, tag, template, kids);
    match random.below(14) {
        0..=1 => of("+", "(@ + @)", vec![e(random, Ty::Date), e(random, Ty::Days)]),
        2 => of("-", "(@ - @)", vec![e(random, Ty::Date), e(random, Ty::Days)]),
        3 => of("+", "(@ + @)", vec![e(random, Ty::Date), e(random, Ty::Months)]),
        4 => of("-", "(@ - @)", vec![e(random, Ty::Date), e(random, Ty::Months)]),
        5 => of("+", "(@ + @)", vec![e(random, Ty::Months), e(random, Ty::Date)]),
        6..=7 => of("DATE", "DATE(@)", vec![e(random, Ty::At)]),
        8 => of("DATE", "DATE(@, @, @)", vec![e(random, Ty::Int), e(random, Ty::Int), e(random, Ty::Int)]),
        9 => of("DATE", "DATE(2026, @, @)", vec![e(random, Ty::Int), e(random, Ty::Int)]),
        10 => of("WORKING_DAYS_AFTER", "WORKING_DAYS_AFTER(@, @)", vec![e(random, Ty::Date), e(random, Ty::Int)]),
        11 => extreme(random, Ty::Date, e),
        12 => of("CAST", "CAST(@ AS date)", vec![e(random, Ty::Text)]),
        _ => common(random, Ty::Date, e),
    }
}

fn instant(random: &mut Random, e: &mut Make<'_>) -> Node {
    let of = |tag, template: &str, kids| Node::of(Ty::At, tag, template, kids);
    let span = *random.pick(&[Ty::Days, Ty::Time, Ty::Time, Ty::Months]);
    match random.below(9) {
        0..=2 => of("+", "(@ + @)", vec![e(random, Ty::At), e(random, span)]),
        3..=4 => of("-", "(@ - @)", vec![e(random, Ty::At), e(random, span)]),
        5 => of("+", "(@ + @)", vec![e(random, span), e(random, Ty::At)]),
        6 => extreme(random, Ty::At, e),
        7 => of("CAST", "CAST(@ AS timestamp)", vec![e(random, Ty::Text)]),
        _ => common(random, Ty::At, e),
    }
}

fn duration(random: &mut Random, ty: Ty, e: &mut Make<'_>) -> Node {
    let of = |tag, template: &str, kids| Node::of(ty, tag, template, kids);
    match (random.below(8), ty) {
        (0..=3, Ty::Days) => of("DAYS", "DAYS(@)", vec![e(random, Ty::Int)]),
        (0..=2, Ty::Time) => of("HOURS", "HOURS(@)", vec![e(random, Ty::Int)]),
        (3, Ty::Time) => of("MINUTES", "MINUTES(@)", vec![e(random, Ty::Int)]),
        (0..=2, Ty::Months) => of("MONTHS", "MONTHS(@)", vec![e(random, Ty::Int)]),
        (3, Ty::Months) => of("YEARS", "YEARS(@)", vec![e(random, Ty::Int)]),
        (4, _) => of("+", "(@ + @)", vec![e(random, ty), e(random, ty)]),
        (5, _) => of("-", "(@ - @)", vec![e(random, ty), e(random, ty)]),
        (6, _) => extreme(random, ty, e),
        _ => common(random, ty, e),
    }
}

fn list(random: &mut Random, ty: Ty, e: &mut Make<'_>) -> Node {
    let Some(item) = ty.item() else { return literal(random, ty) };
    match random.below(4) {
        0..=1 => Node::of(ty, "LIST_MINUS", "LIST_MINUS(@, @)", vec![e(random, ty), e(random, ty)]),
        2 => Node::of(ty, "[]", "[@, @]", vec![e(random, item), e(random, item)]),
        _ => common(random, ty, e),
    }
}

/// A condition: often a simple one about a column, so that rows pass and fail.
pub(crate) fn condition(random: &mut Random, names: &Names) -> Node {
    let simple = |random: &mut Random| {
        let fits: Vec<&(String, Ty)> = names.iter().filter(|(_, ty)| !ty.is_list()).collect();
        if fits.is_empty() {
            return literal(random, Ty::Bool);
        }
        let (name, ty) = *random.pick(&fits);
        let column = Node::leaf(*ty, name.clone(), "column");
        if *ty == Ty::Bool {
            return column;
        }
        let (tag, template) = *random.pick(&[
            ("<=", "(@ <= @)"),
            (">", "(@ > @)"),
            ("=", "(@ = @)"),
            ("<>", "(@ <> @)"),
            ("<>", "(@ <> @)"),
        ]);
        let other = if random.percent(30) { expression(random, names, *ty, 0) } else { literal(random, *ty) };
        Node::of(Ty::Bool, tag, template, vec![column, other])
    };
    match random.below(10) {
        0..=3 => simple(random),
        4 => {
            let depth = 1 + random.below(2);
            let other = expression(random, names, Ty::Bool, depth);
            Node::of(Ty::Bool, "OR", "(@ OR @)", vec![simple(random), other])
        }
        5 => {
            let other = expression(random, names, Ty::Bool, 1);
            Node::of(Ty::Bool, "AND", "(@ AND @)", vec![simple(random), other])
        }
        6 => {
            let other = expression(random, names, Ty::Bool, 2);
            Node::of(Ty::Bool, "IS TRUE", "(@ IS NOT TRUE)", vec![other])
        }
        _ => {
            let depth = *random.pick(&[1, 1, 2, 2, 3]);
            expression(random, names, Ty::Bool, depth)
        }
    }
}

/// An aggregate over the names of rows; `edges` may be named by `MAX_GAP`'s edges.
pub(crate) fn aggregate(random: &mut Random, rows: &Names, edges: &Names, depth: usize) -> Node {
    let number = *random.pick(&[Ty::Int, Ty::Dec]);
    let value = *random.pick(&[Ty::Int, Ty::Dec, Ty::Text, Ty::Date, Ty::Bool, Ty::At]);
    let ordered = *random.pick(&[Ty::Int, Ty::Dec, Ty::Text, Ty::Date, Ty::At]);
    let any = *random.pick(&Ty::STORED);
    let time = *random.pick(&[Ty::Date, Ty::At]);
    let e = |random: &mut Random, ty: Ty| expression(random, rows, ty, depth);
    let gap = if time == Ty::Date { Ty::Days } else { Ty::Time };
    let (ty, tag, template, kids): (Ty, &'static str, &str, Vec<Node>) = match random.below(16) {
        0 => (Ty::Int, "COUNT(*)", "COUNT(*)", vec![]),
        1 => (Ty::Int, "COUNT(x)", "COUNT(@)", vec![e(random, any)]),
        2 => (Ty::Int, "COUNT(DISTINCT x)", "COUNT(DISTINCT @)", vec![e(random, value)]),
        3..=4 => (number, "SUM", "SUM(@)", vec![e(random, number)]),
        5 => (Ty::Dec, "AVG", "AVG(@)", vec![e(random, number)]),
        6 => (ordered, "MIN", "MIN(@)", vec![e(random, ordered)]),
        7 => (ordered, "MAX", "MAX(@)", vec![e(random, ordered)]),
        8 => (Ty::Bool, "ANY", "ANY(@)", vec![e(random, Ty::Bool)]),
        9 => (Ty::Bool, "EVERY", "EVERY(@)", vec![e(random, Ty::Bool)]),
        10 => {
            let (item, list) =
                *random.pick(&[(Ty::Int, Ty::Ints), (Ty::Text, Ty::Texts), (Ty::Date, Ty::Dates), (Ty::Dec, Ty::Decs)]);
            (list, "LIST", "LIST(DISTINCT @)", vec![e(random, item)])
        }
        11..=12 => {
            let t = *random.pick(&[Ty::Date, Ty::At, Ty::Int]);
            (value, "LATEST", "LATEST(@, @)", vec![e(random, value), e(random, t)])
        }
        13 => (gap, "MAX_GAP", "MAX_GAP(@)", vec![e(random, time)]),
        _ => {
            let edge = |random: &mut Random| {
                let depth = usize::from(random.percent(30));
                expression(random, edges, time, depth)
            };
            let (from, to) = (edge(random), edge(random));
            (gap, "MAX_GAP(t, from, to)", "MAX_GAP(@, @, @)", vec![e(random, time), from, to])
        }
    };
    let mut kids = kids;
    let mut template = template.to_owned();
    if random.percent(35) {
        template.push_str(" FILTER (WHERE @)");
        kids.push(e(random, Ty::Bool));
        return Node::of(ty, tag, &template, kids);
    }
    Node::of(ty, tag, &template, kids)
}
