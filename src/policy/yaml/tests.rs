use super::*;
use crate::text::{LineColumn, Source};

fn tree(text: &str) -> Node {
    let (node, faults) = parse(text, Limits::default());
    assert_eq!(faults, [], "{text}");
    node.unwrap()
}

fn faults(text: &str) -> Vec<(usize, usize, FaultKind)> {
    let source = Source::new("t.yaml", text);
    let (_, faults) = parse(text, Limits::default());
    faults
        .into_iter()
        .map(|fault| {
            let at = source.line_column(fault.span.start);
            (at.line, at.column, fault.kind)
        })
        .collect()
}

/// Value of the key `k`, and what lies in the file under `word` of it.
fn under(text: &str, word: &str) -> (String, LineColumn) {
    let Node::Mapping(mapping) = tree(text) else { panic!("no mapping") };
    let (_, Node::Scalar(scalar)) = &mapping.entries[0] else { panic!("no scalar") };
    let value = scalar.text(text).to_owned();
    let excerpt = crate::text::Excerpt {
        text: value.clone(),
        source: Source::new("t.yaml", text),
        span: scalar.span,
        map: scalar.runs().into(),
    };
    let at = value.find(word).unwrap();
    let crate::text::Place::Source { source, span } = excerpt.place(Span::new(at, at + word.len())) else { panic!() };
    (value, source.line_column(span.start))
}

#[test]
fn words_of_a_scalar_are_found_in_the_file() {
    let at = |line, column| LineColumn { line, column };
    let cases = [
        ("plain", "k: alpha = beta", "alpha = beta", "beta", at(1, 12)),
        ("plain after hanzi", "k: 工号 = beta", "工号 = beta", "beta", at(1, 9)),
        ("plain over two lines", "k: alpha\n   AND beta", "alpha AND beta", "beta", at(2, 8)),
        ("plain with a blank line", "k: alpha\n\n   beta gamma", "alpha\nbeta gamma", "gamma", at(3, 9)),
        ("single quotes", "k: 'it''s = beta'", "it's = beta", "beta", at(1, 13)),
        ("double quotes", "k: \"a = 'x' AND beta\"", "a = 'x' AND beta", "beta", at(1, 17)),
        ("escapes", "k: \"\\u5de5\\\"号 beta\"", "工\"号 beta", "beta", at(1, 15)),
        ("an escaped break", "k: \"alpha \\\n  beta\"", "alpha beta", "beta", at(2, 3)),
        ("a folded quote", "k: \"alpha\n  beta gamma\"", "alpha beta gamma", "gamma", at(2, 8)),
        ("a written line break", "k: \"alpha\\nbeta gamma\"", "alpha\nbeta gamma", "gamma", at(1, 17)),
        ("surrogates", "k: \"\\uD83D\\uDE00 beta\"", "😀 beta", "beta", at(1, 18)),
        ("literal", "k: |\n  alpha\n    beta\n  gamma\n", "alpha\n  beta\ngamma\n", "gamma", at(4, 3)),
        ("literal, deeper line", "k: |\n  alpha\n    beta\n  gamma\n", "alpha\n  beta\ngamma\n", "beta", at(3, 5)),
        ("folded", "k: >-\n  alpha\n  AND beta\n", "alpha AND beta", "beta", at(3, 7)),
        ("folded with a gap", "k: >\n  alpha\n\n  beta\n", "alpha\nbeta\n", "beta", at(4, 3)),
        ("explicit indentation", "k: |2\n    alpha\n  beta\n", "  alpha\nbeta\n", "beta", at(3, 3)),
        ("windows line ends", "k: |\r\n  alpha\r\n  beta\r\n", "alpha\nbeta\n", "beta", at(3, 3)),
        ("repeated words", "k: >\n  a\n  a\n  a b\n", "a a a b\n", "b", at(4, 5)),
    ];
    for (name, text, value, word, place) in cases {
        assert_eq!(under(text, word), (value.to_owned(), place), "{name}");
    }
}

#[test]
fn plain_words_follow_the_core_schema() {
    let cases = [
        ("", Plain::Null),
        ("~", Plain::Null),
        ("null", Plain::Null),
        ("on", Plain::Text),
        ("no", Plain::Text),
        ("yes", Plain::Text),
        ("true", Plain::Boolean(true)),
        ("False", Plain::Boolean(false)),
        ("12", Plain::Integer(12)),
        ("-7", Plain::Integer(-7)),
        ("+7", Plain::Integer(7)),
        ("007", Plain::Integer(7)),
        ("0x1F", Plain::Integer(31)),
        ("0o17", Plain::Integer(15)),
        ("0x-1", Plain::Text),
        ("99999999999999999999", Plain::Number),
        ("0.95", Plain::Number),
        (".5", Plain::Number),
        ("1e3", Plain::Number),
        ("1e", Plain::Text),
        (".", Plain::Text),
        ("-", Plain::Text),
        (".inf", Plain::Text),
        ("95%", Plain::Text),
        ("2026-09-30", Plain::Text),
        ("1_000", Plain::Text),
    ];
    for (text, meaning) in cases {
        assert_eq!(Plain::of(text), meaning, "{text}");
    }
    let text = "- 'true'\n- \"1\"\n- |-\n  1\n";
    let Node::Sequence(list) = tree(text) else { panic!() };
    for item in list.items {
        let Node::Scalar(scalar) = item else { panic!() };
        assert_eq!(scalar.plain(text), Plain::Text);
    }
}

#[test]
fn spans_cover_what_stands_there() {
    let text = "# head\na: {b: [1, 22]}\nc:\n  - d: x\n    e: y\n  - z\n\n# tail\nf:\n";
    let Node::Mapping(root) = tree(text) else { panic!() };
    let slice = |node: &Node| text[node.span().range()].to_owned();
    let value = |index: usize| slice(&root.entries[index].1);
    assert_eq!(value(0), "{b: [1, 22]}");
    assert_eq!(value(1), "- d: x\n    e: y\n  - z");
    assert_eq!(value(2), "");
    assert_eq!(&text[root.entries[1].0.span.range()], "c");
    let Node::Sequence(list) = &root.entries[1].1 else { panic!() };
    assert_eq!(slice(&list.items[0]), "d: x\n    e: y");
}

#[test]
fn faults_are_found_where_they_are() {
    let deep = format!("a: {}1{}", "[".repeat(70), "]".repeat(70));
    let deep_block = (0..70).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    let first = Span::new(0, 1);
    let cases = [
        ("duplicate key", "a: 1\nb: 2\na: 3\n", vec![(3, 1, FaultKind::DuplicateKey("a".into(), first))]),
        ("duplicate in two spellings", "a: 1\n\"a\": 3\n", vec![(2, 1, FaultKind::DuplicateKey("a".into(), first))]),
        ("tag", "a: !!str 5\n", vec![(1, 4, FaultKind::Tag)]),
        ("two tags", "a: !x [1]\nb: !!int 5\n", vec![(1, 4, FaultKind::Tag), (2, 4, FaultKind::Tag)]),
        ("complex key", "? [a]\n: 1\n", vec![(1, 3, FaultKind::ComplexKey)]),
        ("unknown alias", "a: *x\n", vec![(1, 4, FaultKind::Alias)]),
        ("alias inside its anchor", "a: &x [*x]\n", vec![(1, 8, FaultKind::Alias)]),
        ("second document", "a: 1\n---\nb: 2\n", vec![(3, 1, FaultKind::SecondDocument)]),
        ("flow depth", &deep, vec![(1, 67, FaultKind::TooDeep(64))]),
        ("block depth", &deep_block, vec![(65, 65, FaultKind::TooDeep(64))]),
        ("tab", "a:\n\tb: 1\n", vec![(2, 1, FaultKind::Tab)]),
        ("tab under a value", "a:\n  b: high\n\tc: 1\n", vec![(3, 1, FaultKind::Tab)]),
        ("tab after blanks", "a:\n  b: high\n  \tc: 1\n", vec![(3, 3, FaultKind::Tab)]),
        ("open quote", "a: \"high\nb: \"x\"\n", vec![(1, 4, FaultKind::Unclosed("quote".into()))]),
        (
            "open quote in a list",
            "a: [x, 'high]\nb: {c: 'x', d: y}\n",
            vec![(1, 8, FaultKind::Unclosed("quote".into()))],
        ),
        ("open quote, indented", "a:\n  b: 'high\nc: 'x'\n", vec![(2, 6, FaultKind::Unclosed("quote".into()))]),
        ("open bracket before a list", "a: [1,\nb:\n  - c\n", vec![(1, 4, FaultKind::Unclosed("[".into()))]),
        ("open bracket", "a: [1, 2\n", vec![(1, 4, FaultKind::Unclosed("[".into()))]),
    ];
    for (name, text, expected) in cases {
        assert_eq!(faults(text), expected, "{name}");
    }
    assert!(matches!(faults("a: \"x\n").as_slice(), [(1, 4, FaultKind::Unclosed(_))]), "{:?}", faults("a: \"x\n"));
    // A quoted text may run over several lines; what follows it on the last is another fault.
    assert!(
        matches!(faults("a: \"x\" y\n").as_slice(), [(1, 8, FaultKind::Syntax { .. })]),
        "{:?}",
        faults("a: \"x\" y\n")
    );
    assert!(matches!(faults("a: b: c\n").as_slice(), [(1, 5, FaultKind::Syntax { .. })]), "{:?}", faults("a: b: c\n"));
}

/// Texts that the parser refuses in ways of its own: each is said in Chinese, without its English.
#[test]
fn what_the_parser_says_is_said_in_chinese() {
    let texts = [
        "a: b: c\n",
        "a: [x, {y: z]\n",
        "a: }\n",
        "a: {b: [c d: e]}\n",
        "a: @x\n",
        "a: `x\n",
        "- a\nb: c\n",
        "a: \"\\q\"\n",
        "a: \"\\u12\"\n",
        "a: 'x' y\n",
        "a: |0\n x\n",
        "a: -[x]\n",
        "a:\n  b: c\n d: e\n",
        "a: *\n",
        "%YAML 9\n---\na: b\n",
        "a: !<x y\n",
        "a: x\n  b: y\n",
        "a: [\n- b\n]\n",
        "a: {b c}\n",
        "? a\n: b\n c\n",
        "a: x\n...\nb: c\n",
        "a: % x\n",
    ];
    let mut seen = std::collections::BTreeSet::new();
    for text in texts {
        for (_, _, fault) in faults(text) {
            let FaultKind::Syntax { zh, en } = fault else { continue };
            assert!(
                zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && zh != "这里的写法不对",
                "{text}: {en}"
            );
            seen.insert(zh);
        }
    }
    assert!(seen.len() >= 10, "{seen:?}");
}

#[test]
fn aliases_repeat_but_never_explode() {
    let text = "a: &x [1, 2]\nb: *x\n";
    let Node::Mapping(root) = tree(text) else { panic!() };
    assert_eq!(root.entries[0].1, root.entries[1].1);

    let mut bomb = String::from("l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = level - 1;
        let uses = vec![format!("*l{before}"); 10].join(", ");
        bomb += &format!("l{level}: &l{level} [{uses}]\n");
    }
    assert!(matches!(faults(&bomb).as_slice(), [(_, _, FaultKind::TooManyNodes(1_000_000))]), "{:?}", faults(&bomb));

    let many = format!("a: &x 1\nb: [{}]\n", vec!["*x"; 1_001].join(", "));
    assert!(matches!(faults(&many).as_slice(), [(2, _, FaultKind::TooManyAliases(1_000))]));
}

#[test]
fn what_anchors_and_aliases_repeat_has_a_limit_of_its_own() {
    let limits = Limits { repeated: 100, ..Limits::default() };
    let kinds = |text: &str| parse(text, limits).1.into_iter().map(|fault| fault.kind).collect::<Vec<_>>();
    let of = |uses: usize| format!("a: &x [1, 2, 3, 4]\nb: [{}]\n", vec!["*x"; uses].join(", "));
    // The copy of the anchor, 5 nodes, and 4 more with each alias beside the one that stands there anyway.
    assert_eq!(kinds(&of(23)), []);
    assert_eq!(kinds(&of(24)), [FaultKind::TooManyRepeated(100)]);
    // A text that is not as it stands in the file is copied too.
    let long = format!("a: &x \"\\t{}\"\nb: [*x]\n", "x".repeat(4_000));
    assert_eq!(kinds(&long), [FaultKind::TooManyRepeated(100)]);
}

#[test]
fn empty_texts_have_no_document() {
    for text in ["", "\n", "# only a remark\n", "\u{feff}"] {
        assert_eq!(parse(text, Limits::default()), (None, vec![]), "{text:?}");
    }
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    fn spans_hold(node: &Node, text: &str) {
        let span = node.span();
        assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?}");
        match node {
            Node::Scalar(scalar) => {
                let value = scalar.text(text).to_owned();
                let runs = scalar.runs();
                for pair in runs.windows(2) {
                    assert!(pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1, "{runs:?} of {value:?} in {text:?}");
                }
                assert!(runs.iter().all(|(at, file)| *at as usize <= value.len() && (*file as usize) <= text.len()));
            }
            Node::Sequence(sequence) => sequence.items.iter().for_each(|item| spans_hold(item, text)),
            Node::Mapping(mapping) => mapping.entries.iter().for_each(|(_, value)| spans_hold(value, text)),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn gives_a_tree_or_faults_in_range(text in r#"([a-c:\-?\[\]{},&*!|>'"%@`#\\ \t\n\r工0-9.]|: |- |\n  |\\n|\u{feff}){0,60}"#) {
            let (documents, faults) = parse_all(&text, Limits::default());
            for fault in faults {
                prop_assert!(text.get(fault.span.range()).is_some(), "{:?}", fault);
            }
            documents.iter().for_each(|node| spans_hold(node, &text));
        }
    }
}
