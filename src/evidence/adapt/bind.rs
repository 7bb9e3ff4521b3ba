//! Names in the expressions of an adapter → columns of its file; their types held against the kind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regex::Regex;

use super::{Adapted, Groups, Input};
use crate::evidence::columns::{Elements, elements};
use crate::evidence::{TablePath, column_info, table_columns};
use crate::expr::{self, AggregateCall, ColumnId, Expr, Fault, Lift, Name, NameFault, Scalar, Scope, Type};
use crate::model::{Adapter, Each, EvidenceKind, FieldKind, Record, Sensitivity};
use crate::policy::codes;
use crate::text::suggest::nearest;
use crate::text::{Diagnostic, Excerpt, Text};

pub(super) fn bind(adapter: &Arc<Adapter>, kind: &EvidenceKind) -> Result<Adapted, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut rows = RowScope::new(adapter, &mut faults);
    let condition = adapter.condition.as_ref().and_then(|text| {
        let ast = parsed(text, &mut faults)?;
        bound(text, &ast, &mut rows, Some(&Type::Boolean), &mut faults)
    });
    let mut groups = GroupScope { rows, by: Vec::new(), calls: Vec::new() };
    if let Each::Group(names) = &adapter.each {
        for name in names {
            match groups.rows.find(&name.text) {
                Some(found) => groups.by.push((name.text.clone(), found)),
                None => {
                    let known = groups.rows.names();
                    let message = Text::new(
                        format!("文件中没有列 `{}`", name.text),
                        format!("the file has no column `{}`", name.text),
                    );
                    let help = meant(&name.text, known.iter().map(String::as_str));
                    faults.push(
                        Diagnostic::new(&codes::UNKNOWN_COLUMN_OF_KIND, message).at_place(name.whole()).help(help),
                    );
                }
            }
        }
    }
    let mut columns = Vec::new();
    for (name, text) in &adapter.columns {
        let Some(info) = column_info(kind, &[], &name.text).filter(|_| !name.text.starts_with("file.")) else {
            faults.push(no_such_column(name, kind));
            continue;
        };
        let Some(ast) = parsed(text, &mut faults) else { continue };
        let found = match adapter.each {
            Each::Group(_) => bound(text, &ast, &mut groups, None, &mut faults),
            Each::Row => bound(text, &ast, &mut groups.rows, None, &mut faults),
        };
        let Some(found) = found else { continue };
        if !reads_as(&found.ty, &info.ty) {
            faults.push(misfit(text, &found.ty, &info.ty));
        }
        columns.push((name.text.clone(), found));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let file = guarded(adapter, kind, &columns, &groups);
    let GroupScope { rows, by, calls } = groups;
    Ok(Adapted {
        file,
        wanted: (TablePath { kind: adapter.file.id.clone(), list: rows.list }, rows.wanted),
        inputs: rows.inputs,
        condition,
        groups: match adapter.each {
            Each::Row => None,
            Each::Group(_) => Some(Groups { by: by.into_iter().map(|(_, found)| found).collect(), calls }),
        },
        columns,
        adapter: Arc::clone(adapter),
    })
}

/// How the file is read, with every column that a sensitive column of the kind is computed from as sensitive as that: what
/// is said of its cells shows them no clearer.
fn guarded(
    adapter: &Adapter,
    kind: &EvidenceKind,
    columns: &[(String, Expr)],
    groups: &GroupScope<'_>,
) -> EvidenceKind {
    let mut file = adapter.file.clone();
    let rows = &groups.rows;
    for (name, expr) in columns {
        let Some(sensitivity) = column_info(kind, &[], name).and_then(|info| info.sensitivity) else { continue };
        let read: BTreeSet<ColumnId> = match adapter.each {
            Each::Row => expr.columns(),
            Each::Group(_) => {
                let of = |id: ColumnId| match groups.by.get(id) {
                    Some((_, (id, _))) => vec![*id],
                    None => {
                        let call = groups.calls.get(id - groups.by.len());
                        let all = call.into_iter().flat_map(|call| call.arguments.iter().chain(&call.filter));
                        all.flat_map(Expr::columns).collect()
                    }
                };
                expr.columns().into_iter().flat_map(of).collect()
            }
        };
        for id in read {
            if let Some(name) = rows.source_of(id) {
                guard(&mut file.record, &rows.list, name, sensitivity);
            }
        }
    }
    file
}

/// Marks a column of a nested list, or of what is around it, as sensitive.
fn guard(record: &mut Record, list: &[String], name: &str, sensitivity: Sensitivity) {
    let (mut list, mut name) = (list, name);
    while let (Some(outer), Some((_, rest))) = (name.strip_prefix("parent."), list.split_last()) {
        (name, list) = (outer, rest);
    }
    let path: Vec<&str> = list.iter().map(String::as_str).chain([name]).flat_map(|part| part.split('.')).collect();
    let Some((last, around)) = path.split_last() else { return };
    let mut at = record;
    for part in around {
        let Some(field) = at.fields.get_mut(*part) else { return };
        at = match &mut field.kind {
            FieldKind::Struct(inner) | FieldKind::Children { record: inner, .. } => inner,
            FieldKind::Column(_) => return,
        };
    }
    if let Some(field) = at.fields.get_mut(*last) {
        field.sensitivity = Some(sensitivity);
    }
}

fn diagnostic(text: &Excerpt, fault: Fault) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(fault.code, fault.message).at_place(text.place(fault.span));
    diagnostic.label = fault.label;
    diagnostic.help = fault.help;
    diagnostic
}

fn parsed(text: &Excerpt, faults: &mut Vec<Diagnostic>) -> Option<expr::Ast> {
    let (ast, found) = expr::parse(&text.text);
    faults.extend(found.into_iter().map(|fault| diagnostic(text, fault)));
    ast
}

fn bound(
    text: &Excerpt,
    ast: &expr::Ast,
    scope: &mut dyn Scope,
    expected: Option<&Type>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Expr> {
    let (expr, found) = expr::bind(ast, scope, expected);
    faults.extend(found.into_iter().map(|fault| diagnostic(text, fault)));
    expr
}

/// Whether a value of a type can be a cell of a column: text is parsed like any cell, and any number is a text.
fn reads_as(given: &Type, column: &Type) -> bool {
    match (given, column) {
        (Type::Duration(_), _) => false,
        (Type::List(given), Type::List(column)) => reads_as(given, column),
        (Type::List(_), _) => false,
        (given, Type::List(column)) => reads_as(given, column),
        (Type::Text | Type::Null, _) => true,
        (Type::Boolean, column) => *column == Type::Boolean,
        (Type::Integer | Type::Decimal, column) => {
            matches!(column, Type::Integer | Type::Decimal | Type::Text | Type::Boolean)
        }
        (Type::Date, column) => matches!(column, Type::Date | Type::Timestamp | Type::Text),
        (Type::Timestamp, column) => matches!(column, Type::Timestamp | Type::Text),
    }
}

fn misfit(text: &Excerpt, given: &Type, column: &Type) -> Diagnostic {
    let (given, column) = (given.name(), column.name());
    let message = Text::new(
        format!("表达式的类型是 {given}，这一列是 {column}"),
        format!("the expression is of type {given}, the column of type {column}"),
    );
    let help = Text::new("改用文字或该类型的值", "give a text, or a value of that type");
    Diagnostic::new(&codes::WRONG_TYPE, message).at_place(text.whole()).help(help)
}

fn no_such_column(name: &Excerpt, kind: &EvidenceKind) -> Diagnostic {
    let known: Vec<String> = table_columns(kind, &[]).into_iter().flatten().map(|(name, _)| name).collect();
    let (id, written) = (&kind.id, &name.text);
    let message = Text::new(
        format!("证据种类 `{id}` 没有列 `{written}`"),
        format!("evidence kind `{id}` has no column `{written}`"),
    );
    Diagnostic::new(&codes::UNKNOWN_COLUMN_OF_KIND, message)
        .at_place(name.whole())
        .help(meant(written, known.iter().map(String::as_str)))
}

/// "did you mean", else what there is.
fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Text {
    match nearest(name, known.clone()) {
        Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
        None => {
            let list = known.collect::<Vec<_>>().join(", ");
            Text::new(format!("已有的列：{list}"), format!("it has: {list}"))
        }
    }
}

/// The columns of the rows of a file, those cut out of others among them.
struct RowScope<'a> {
    adapter: &'a Adapter,
    list: Vec<String>,
    /// Column that each named group is cut from, and the pattern.
    groups: BTreeMap<String, (String, Arc<Regex>)>,
    inputs: Vec<Input>,
    wanted: Vec<String>,
    known: BTreeMap<String, (ColumnId, Type)>,
}

impl<'a> RowScope<'a> {
    fn new(adapter: &'a Adapter, faults: &mut Vec<Diagnostic>) -> Self {
        let mut scope = Self {
            adapter,
            list: Vec::new(),
            groups: BTreeMap::new(),
            inputs: Vec::new(),
            wanted: Vec::new(),
            known: BTreeMap::new(),
        };
        for name in &adapter.over {
            let outer = scope.list.clone();
            scope.list.push(name.text.clone());
            if elements(&adapter.file, &scope.list).is_none() {
                let lists = crate::evidence::nested_lists(&adapter.file, &outer);
                let message = Text::new(
                    format!("`record` 里没有清单 `{}`", name.text),
                    format!("`record` has no list `{}`", name.text),
                );
                faults.push(
                    Diagnostic::new(&codes::UNKNOWN_COLUMN_OF_KIND, message)
                        .at_place(name.whole())
                        .help(meant(&name.text, lists.iter().map(String::as_str))),
                );
                return scope;
            }
        }
        for split in &adapter.split {
            let Ok(pattern) = Regex::new(&split.pattern.text) else { continue };
            let column = &split.column;
            let found = column_info(&adapter.file, &scope.list, &column.text);
            if found.as_ref().is_none_or(|info| info.ty != Type::Text) && !scope.groups.contains_key(&column.text) {
                let known = scope.names();
                let message = if found.is_some() {
                    Text::new(format!("`{}` 不是文字的列", column.text), format!("`{}` is no text column", column.text))
                } else {
                    Text::new(format!("没有列 `{}`", column.text), format!("there is no column `{}`", column.text))
                };
                faults.push(
                    Diagnostic::new(&codes::UNKNOWN_COLUMN_OF_KIND, message)
                        .at_place(column.whole())
                        .help(meant(&column.text, known.iter().map(String::as_str))),
                );
                continue;
            }
            let pattern = Arc::new(pattern);
            for group in pattern.capture_names().flatten() {
                if scope.groups.contains_key(group) || column_info(&adapter.file, &scope.list, group).is_some() {
                    let message =
                        Text::new(format!("列 `{group}` 有两个来源"), format!("column `{group}` has two sources"));
                    let help = Text::new("给命名组换一个名字", "give the named group another name");
                    faults.push(
                        Diagnostic::new(&codes::DUPLICATE_ID, message).at_place(split.pattern.whole()).help(help),
                    );
                    // Cut out of itself, a column would be looked for without end.
                    continue;
                }
                scope.groups.insert(group.to_owned(), (column.text.clone(), Arc::clone(&pattern)));
            }
        }
        scope
    }

    /// Names that an expression may use, `parent.…` left out.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = match elements(&self.adapter.file, &self.list) {
            Some(Elements::Records(_)) | None => {
                table_columns(&self.adapter.file, &self.list).into_iter().flatten().map(|(name, _)| name).collect()
            }
            Some(Elements::Scalars(..)) => vec!["value".to_owned()],
        };
        names.extend(self.groups.keys().cloned());
        names
    }

    /// The column of the file that a column of the frame is read or cut from.
    fn source_of(&self, id: ColumnId) -> Option<&str> {
        match self.inputs.get(id)? {
            Input::Read(wanted) => self.wanted.get(*wanted).map(String::as_str),
            Input::Group { of, .. } => self.source_of(*of),
        }
    }

    fn find(&mut self, name: &str) -> Option<(ColumnId, Type)> {
        if let Some(known) = self.known.get(name) {
            return Some(known.clone());
        }
        let (input, ty) = if let Some((column, pattern)) = self.groups.get(name).cloned() {
            let (of, _) = self.find(&column)?;
            (Input::Group { of, pattern, group: name.to_owned() }, Type::Text)
        } else {
            let info = column_info(&self.adapter.file, &self.list, name)?;
            self.wanted.push(name.to_owned());
            (Input::Read(self.wanted.len() - 1), info.ty)
        };
        let found = (self.inputs.len(), ty);
        self.inputs.push(input);
        self.known.insert(name.to_owned(), found.clone());
        Some(found)
    }
}

impl Scope for RowScope<'_> {
    fn in_rows(&mut self, lift: Lift, _: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        if lift == Lift::Previous {
            return Err(NameFault::not_here(lift));
        }
        let message = Text::new(
            "聚合函数合并多行，而这里一行给出一行",
            "aggregates put rows together, and here each row gives one",
        );
        let help = Text::new(
            "整个文件只给出一行时写 `each: file`，按列合并时写 `each: [列]`",
            "write `each: file` if the file as a whole gives one row, `each: [column]` to put rows together by columns",
        );
        Err(NameFault::new(&expr::codes::AGGREGATE_NOT_HERE, message).help(help))
    }

    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        let name = dotted(path);
        let Some(found) = self.find(&name) else {
            let message = Text::new(format!("文件中没有列 `{name}`"), format!("the file has no column `{name}`"));
            let known = self.names();
            let help = meant(&name, known.iter().map(String::as_str));
            return Err(NameFault::new(&codes::UNKNOWN_COLUMN_OF_KIND, message).help(help));
        };
        Ok(found)
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        Err(no_parameters(path))
    }
}

/// Rows put together: the columns that they share, and aggregates over the others.
struct GroupScope<'a> {
    rows: RowScope<'a>,
    by: Vec<(String, (ColumnId, Type))>,
    calls: Vec<AggregateCall>,
}

impl Scope for GroupScope<'_> {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        let name = dotted(path);
        if let Some(at) = self.by.iter().position(|(known, _)| *known == name)
            && let Some((_, (_, ty))) = self.by.get(at)
        {
            return Ok((at, ty.clone()));
        }
        let message = Text::new(
            format!("`{name}` 每一行各有一个值，而这里多行合为一行"),
            format!("`{name}` has a value in every row, and many rows make one here"),
        );
        let help = Text::new(
            format!("写聚合函数，例如 `MAX({name})`，或写进 `each`"),
            format!("write an aggregate, as in `MAX({name})`, or add it to `each`"),
        );
        Err(NameFault::new(&codes::UNKNOWN_COLUMN_OF_KIND, message).help(help))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        Err(no_parameters(path))
    }

    fn in_rows(&mut self, lift: Lift, bind: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        match lift {
            Lift::Aggregate => {
                bind(&mut self.rows);
                Ok(())
            }
            Lift::Previous => Err(NameFault::not_here(lift)),
        }
    }

    fn lifted_aggregate(&mut self, call: AggregateCall) -> ColumnId {
        self.calls.push(call);
        self.by.len() + self.calls.len() - 1
    }
}

fn dotted(path: &[Name]) -> String {
    path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

fn no_parameters(path: &[Name]) -> NameFault {
    let name = dotted(path);
    let message = Text::new(format!("这里没有参数 `${name}`"), format!("there is no parameter `${name}` here"));
    let help = Text::new("读取文件不取决于参数与事实", "how a file is read depends on no parameter or fact");
    NameFault::new(&codes::NO_SUCH_PARAM, message).help(help)
}
