//! Random expressions as trees, so that a failing one can be cut down.

use std::collections::BTreeSet;

/// Types as the generator sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ty {
    Bool,
    Int,
    Dec,
    Text,
    Date,
    At,
    Days,
    Time,
    Months,
    Ints,
    Decs,
    Texts,
    Dates,
}

impl Ty {
    /// Types with an order.
    pub(crate) const ORDERED: [Ty; 8] = [Ty::Int, Ty::Dec, Ty::Text, Ty::Date, Ty::At, Ty::Days, Ty::Time, Ty::Months];
    /// Types of columns of evidence.
    pub(crate) const STORED: [Ty; 10] =
        [Ty::Bool, Ty::Int, Ty::Dec, Ty::Text, Ty::Date, Ty::At, Ty::Ints, Ty::Texts, Ty::Decs, Ty::Dates];

    pub(crate) fn is_list(self) -> bool {
        matches!(self, Ty::Ints | Ty::Decs | Ty::Texts | Ty::Dates)
    }

    pub(crate) fn item(self) -> Option<Ty> {
        Some(match self {
            Ty::Ints => Ty::Int,
            Ty::Decs => Ty::Dec,
            Ty::Texts => Ty::Text,
            Ty::Dates => Ty::Date,
            _ => return None,
        })
    }
}

/// An expression: text between its operands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub ty: Ty,
    parts: Vec<String>,
    kids: Vec<Node>,
    /// What it covers: functions, operators.
    tag: &'static str,
}

impl Node {
    pub(crate) fn leaf(ty: Ty, text: impl Into<String>, tag: &'static str) -> Self {
        Self { ty, parts: vec![text.into()], kids: Vec::new(), tag }
    }

    /// `template` has one `@` for each operand.
    pub(crate) fn of(ty: Ty, tag: &'static str, template: &str, kids: Vec<Node>) -> Self {
        let parts: Vec<String> = template.split('@').map(str::to_owned).collect();
        assert_eq!(parts.len(), kids.len() + 1, "{template}");
        Self { ty, parts, kids, tag }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = self.parts[0].clone();
        for (kid, part) in self.kids.iter().zip(&self.parts[1..]) {
            text.push_str(&kid.text());
            text.push_str(part);
        }
        text
    }

    pub(crate) fn tags(&self, found: &mut BTreeSet<&'static str>) {
        found.insert(self.tag);
        self.kids.iter().for_each(|kid| kid.tags(found));
    }

    /// Whether it or something in it has a tag.
    pub(crate) fn has(&self, tag: &str) -> bool {
        self.tag == tag || self.kids.iter().any(|kid| kid.has(tag))
    }

    /// Simpler expressions of the same type, the simplest first.
    pub(crate) fn simpler(&self) -> Vec<Node> {
        let mut found = Vec::new();
        if !self.kids.is_empty() {
            let plain = match self.ty {
                Ty::Bool => Some("TRUE"),
                Ty::Int => Some("1"),
                Ty::Dec => Some("1.5"),
                Ty::Text => Some("'a'"),
                Ty::Date => Some("DATE '2026-09-30'"),
                _ => None,
            };
            found.extend(plain.map(|text| Node::leaf(self.ty, text, "literal")));
            found.extend(self.descendants().into_iter().filter(|kid| kid.ty == self.ty).cloned());
        }
        for (at, kid) in self.kids.iter().enumerate() {
            for simpler in kid.simpler() {
                let mut copy = self.clone();
                copy.kids[at] = simpler;
                found.push(copy);
            }
        }
        found
    }

    fn descendants(&self) -> Vec<&Node> {
        self.kids.iter().flat_map(|kid| std::iter::once(kid).chain(kid.descendants())).collect()
    }
}
