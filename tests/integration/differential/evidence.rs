//! Random evidence kinds and rows, as a pack and JSON files have them.

use super::expression::Names;
use super::node::Ty;
use super::random::Random;

/// A column of a kind.
#[derive(Debug, Clone)]
pub(crate) struct ColumnOf {
    pub name: String,
    pub ty: Ty,
}

/// A table: a kind or a list of records inside it.
#[derive(Debug, Clone)]
pub(crate) struct TableOf {
    pub columns: Vec<ColumnOf>,
    /// A struct `s` with these columns.
    pub inner: Vec<ColumnOf>,
    pub lists: Vec<(String, TableOf)>,
}

/// A kind and its rows, each a JSON object.
#[derive(Debug, Clone)]
pub(crate) struct KindOf {
    pub id: String,
    pub key: Vec<String>,
    pub table: TableOf,
    /// Rows of each file.
    pub files: Vec<Vec<serde_json::Value>>,
}

fn columns(random: &mut Random, prefix: &str, most: usize) -> Vec<ColumnOf> {
    let mut found = Vec::new();
    for (ty, stem) in Ty::STORED.iter().zip(["ok", "n", "dec", "txt", "on", "at", "ints", "txts", "decs", "days"]) {
        let count = random.below(most + 1).max(usize::from(*ty == Ty::Text || *ty == Ty::Int));
        for number in 1..=count {
            // A name that SQL has for itself, and one in another script.
            let name = match (*ty, number) {
                (Ty::Text, 2) => format!("{prefix}工号"),
                (Ty::Int, 2) if prefix.is_empty() => "value".to_owned(),
                (Ty::Bool, 2) if prefix.is_empty() => "order".to_owned(),
                _ => format!("{prefix}{stem}{number}"),
            };
            found.push(ColumnOf { name, ty: *ty });
        }
    }
    found
}

pub(crate) fn kind(random: &mut Random, id: &str, nested: bool) -> KindOf {
    let mut table = TableOf { columns: columns(random, "", 2), inner: Vec::new(), lists: Vec::new() };
    if random.percent(60) {
        table.inner = columns(random, "i_", 1);
    }
    if nested {
        let mut kids = TableOf { columns: columns(random, "k_", 1), inner: Vec::new(), lists: Vec::new() };
        if random.percent(50) {
            let toys = TableOf { columns: columns(random, "t_", 1), inner: Vec::new(), lists: Vec::new() };
            kids.lists.push(("toys".to_owned(), toys));
        }
        table.lists.push(("kids".to_owned(), kids));
    }
    let scalar = |column: &&ColumnOf| matches!(column.ty, Ty::Text | Ty::Int | Ty::Date);
    let mut key: Vec<String> =
        table.columns.iter().filter(scalar).filter(|_| random.percent(30)).map(|column| column.name.clone()).collect();
    key.truncate(2);
    if random.percent(60) {
        key.clear();
    }
    let files = if random.percent(25) { 2 } else { 1 };
    let files = (0..files)
        .map(|_| {
            let rows = if random.percent(8) { 0 } else { random.below(if nested { 5 } else { 9 }) + 1 };
            (0..rows).map(|_| object(random, &table)).collect()
        })
        .collect();
    KindOf { id: id.to_owned(), key, table, files }
}

fn object(random: &mut Random, table: &TableOf) -> serde_json::Value {
    let mut map = serde_json::Map::new();
    for column in &table.columns {
        if !random.percent(4) {
            map.insert(column.name.clone(), cell(random, column.ty));
        }
    }
    if !table.inner.is_empty() && !random.percent(10) {
        let inner = table.inner.iter().map(|column| (column.name.clone(), cell(random, column.ty))).collect();
        map.insert("s".to_owned(), serde_json::Value::Object(inner));
    }
    for (name, list) in &table.lists {
        if !random.percent(12) {
            let rows = (0..random.below(4)).map(|_| object(random, list)).collect();
            map.insert(name.clone(), serde_json::Value::Array(rows));
        }
    }
    serde_json::Value::Object(map)
}

/// A cell: mostly one of a few values, so that rows tie and join; sometimes blank, sometimes unreadable.
fn cell(random: &mut Random, ty: Ty) -> serde_json::Value {
    use serde_json::{Value, json};
    if random.percent(7) {
        return Value::Null;
    }
    if random.percent(3) {
        return match ty {
            Ty::Text => json!("too long to be allowed"),
            Ty::Ints | Ty::Decs | Ty::Dates => json!(["x"]),
            Ty::Texts => json!(["too long to be allowed"]),
            _ => json!("unreadable"),
        };
    }
    if let Some(item) = ty.item() {
        let count = random.below(4);
        let items: Vec<Value> =
            (0..count).map(|_| if random.percent(8) { Value::Null } else { scalar(random, item) }).collect();
        return Value::Array(items);
    }
    scalar(random, ty)
}

fn scalar(random: &mut Random, ty: Ty) -> serde_json::Value {
    use serde_json::json;
    let texts = |random: &mut Random, words: &[&str]| json!(*random.pick(words));
    match ty {
        Ty::Bool => json!(random.percent(60)),
        Ty::Int => match random.below(14) {
            0 => json!(i64::MAX),
            1 => json!(i64::MIN),
            2 => json!(random.between(-40, 40)),
            _ => json!(random.between(0, 4)),
        },
        Ty::Dec => {
            let words = [
                "0",
                "0.5",
                "1",
                "1.50",
                "2",
                "2.25",
                "-0.5",
                "0.000000000001",
                "12345678901234.5",
                "-3",
                "0.333333333333",
            ];
            serde_json::from_str::<serde_json::Value>(random.pick::<&str>(&words)).unwrap()
        }
        Ty::Text => texts(
            random,
            &["a", "a", "b", "b", "c", "A", "中", "a b", "it's", "a%", "_", "1", "-2.50", "true", "*", "10.1.2.3"],
        ),
        Ty::Date => texts(
            random,
            &[
                "2026-09-30",
                "2026-09-30",
                "2026-09-29",
                "2026-09-01",
                "2026-07-01",
                "2026-01-31",
                "2024-02-29",
                "2026-10-08",
                "2025-12-31",
                "9999-12-31",
            ],
        ),
        Ty::At => texts(
            random,
            &[
                "2026-09-30T08:00:00+08:00",
                "2026-09-29T16:00:00Z",
                "2026-09-29T15:59:59.999999Z",
                "2026-09-30T23:59:59+08:00",
                "2026-08-31T23:30:00+08:00",
                "2026-01-31T12:00:00+08:00",
                "1988-07-01T00:30:00+09:00",
                "2026-09-30T16:00:00Z",
            ],
        ),
        _ => serde_json::Value::Null,
    }
}

impl TableOf {
    /// Names an expression over a row may use, `parent.` and `file.` not included.
    pub(crate) fn names(&self) -> Names {
        let mut names: Names = self.columns.iter().map(|column| (column.name.clone(), column.ty)).collect();
        names.extend(self.inner.iter().map(|column| (format!("s.{}", column.name), column.ty)));
        names
    }

    fn yaml(&self, indent: usize, text: &mut String) {
        let pad = " ".repeat(indent);
        text.push_str(&format!("{pad}type: object\n{pad}properties:\n"));
        for column in &self.columns {
            text.push_str(&format!("{pad}  {}: {}\n", column.name, schema(column.ty)));
        }
        if !self.inner.is_empty() {
            text.push_str(&format!("{pad}  s:\n{pad}    type: object\n{pad}    properties:\n"));
            for column in &self.inner {
                text.push_str(&format!("{pad}      {}: {}\n", column.name, schema(column.ty)));
            }
        }
        for (name, list) in &self.lists {
            text.push_str(&format!(
                "{pad}  {name}:\n{pad}    type: array\n{pad}    x-may-be-empty: true\n{pad}    items:\n"
            ));
            list.yaml(indent + 6, text);
        }
    }
}

fn schema(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "{type: boolean}",
        Ty::Int => "{type: integer}",
        Ty::Dec => "{type: number}",
        Ty::Text => "{type: string, maxLength: 12}",
        Ty::Date => "{type: string, format: date}",
        Ty::Ints => "{type: array, items: {type: integer}}",
        Ty::Decs => "{type: array, items: {type: number}}",
        Ty::Texts => "{type: array, items: {type: string, maxLength: 12}}",
        Ty::Dates => "{type: array, items: {type: string, format: date}}",
        _ => "{type: string, format: date-time}",
    }
}

impl KindOf {
    pub(crate) fn yaml(&self) -> String {
        let key = if self.key.is_empty() { String::new() } else { format!("key: [{}]\n", self.key.join(", ")) };
        let mut text = format!(
            "schema: hegui/evidence/v1\nid: {0}\ntitle: {{zh: {0}, en: {0}}}\ncollect: {{zh: x, en: x}}\nfiles: ['{0}*']\n\
             may_be_empty: true\n{key}record:\n",
            self.id
        );
        self.table.yaml(2, &mut text);
        text
    }
}
