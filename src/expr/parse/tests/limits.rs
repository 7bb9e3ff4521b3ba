use super::super::super::testing::Row;
use super::super::super::{Fault, bind, codes};
use super::super::{MAX_BYTES, MAX_DEPTH};
use super::parse;

/// What is said of a text that is too large: once, and nothing else.
fn too_large(text: &str) -> Fault {
    let (ast, mut faults) = parse(text);
    let shown: String = text.chars().take(12).collect();
    assert_eq!(ast, None, "{shown}");
    assert_eq!(faults.len(), 1, "{shown}");
    let fault = faults.remove(0);
    assert_eq!(fault.code, &codes::TOO_LARGE, "{shown}");
    fault
}

#[test]
fn depth_is_bounded_whatever_makes_it() {
    let nested =
        |open: &str, inner: &str, close: &str, n: usize| format!("{}{inner}{}", open.repeat(n), close.repeat(n));
    let cases: [(&str, &str, usize); 12] = [
        ("(", ")", 10_000),
        ("NOT ", "", 10_000),
        ("- ", "", 10_000),
        ("NOT (", ")", 8_000),
        ("1 + (", ")", 8_000),
        ("[", "]", 10_000),
        ("LOWER(", ")", 8_000),
        ("CASE WHEN ", " THEN 1 END", 2_500),
        ("CASE ", " WHEN 1 THEN 1 END", 2_500),
        ("CAST(", " AS text)", 4_000),
        ("a IN (", ")", 8_000),
        ("a BETWEEN b AND (", ")", 3_000),
    ];
    for (open, close, n) in cases {
        let fault = too_large(&nested(open, "a", close, n));
        assert!(fault.help.is_some(), "{open}");
        // Without the closing half it is as deep.
        too_large(&open.repeat(n));
    }
    for link in [" AND ", " OR ", " + ", " || "] {
        too_large(&vec!["a"; 8_000].join(link));
    }
}

#[test]
fn what_people_write_is_far_from_the_limits() {
    let nested = format!("{}a{}", "NOT (".repeat(60), ")".repeat(60));
    let chain = vec!["a"; 190].join(" OR ");
    let list = format!("a IN ({})", vec!["'一个值'"; 3_000].join(", "));
    for text in [nested.as_str(), &chain, &list] {
        assert_eq!(parse(text).1, [], "{}", &text[..20]);
    }
    let (ast, _) = parse(&chain);
    assert!(ast.unwrap().depth <= MAX_DEPTH);
}

#[test]
fn size_is_bounded() {
    let quoted = |bytes: usize| format!("'{}'", "a".repeat(bytes - 2));
    assert_eq!(parse(&quoted(MAX_BYTES)).1, []);
    let fault = too_large(&quoted(MAX_BYTES + 1));
    assert_eq!((fault.span.start, fault.span.end), (0, 65_537));
    assert_eq!(fault.message.en, "the expression has 65537 bytes, the limit is 65536");
}

#[test]
fn the_deepest_tree_binds_and_prints() {
    let deepest = [
        format!("{}b{}", "NOT (".repeat(60), ")".repeat(60)),
        vec!["b"; usize::from(MAX_DEPTH)].join(" AND "),
        format!("{}1{}", "CASE WHEN b THEN ".repeat(120), " END".repeat(120)),
        vec!["i"; usize::from(MAX_DEPTH)].join(" + "),
    ];
    for text in deepest {
        let (ast, faults) = parse(&text);
        assert_eq!(faults, [], "{text}");
        let ast = ast.unwrap();
        assert_eq!(parse(&ast.to_string()).0.as_ref(), Some(&ast), "{text}");
        let (expr, faults) = bind(&ast, &mut Row::new(), None);
        assert!(expr.is_some() && faults.is_empty(), "{text}: {faults:?}");
    }
}

#[test]
fn rubbish_of_any_length_ends_soon() {
    for unit in [
        ")", "(", "]", "[", ",", "' ", "\" ", "= ", "a ", "a) ", "(] ", "CASE ", "END ", "WHEN ", "CAST( ", "$", "%",
        "‘", "--", "/*", "1a ",
    ] {
        let text = unit.repeat(MAX_BYTES / unit.len());
        let (_, faults) = parse(&text);
        assert!(!faults.is_empty(), "{unit}");
        for fault in &faults {
            assert!(text.get(fault.span.range()).is_some(), "{unit}: {:?}", fault.span);
        }
    }
}
