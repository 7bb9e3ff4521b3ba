//! What every part of planning needs: the surroundings, the diagnostics, parsing and binding with their places.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::constants::Constants;
use super::frame::Rows;
use super::source::{self, Resolved};
use crate::engine::codes;
use crate::expr::{self, Ast, Expr, Fault, Scope, Type};
use crate::model::{EvidenceKind, KindId, SourceSpec, ValuesSpec};
use crate::text::{Diagnostic, Excerpt, Text};

/// Words that no column, join, alias or let may have.
pub(crate) const RESERVED: [&str; 3] = ["parent", "file", "partner"];

/// One check being planned.
pub(crate) struct Builder<'a> {
    pub(crate) kinds: &'a BTreeMap<KindId, Arc<EvidenceKind>>,
    pub(crate) broken_kinds: &'a BTreeSet<KindId>,
    /// A calendar has faults, told where it is read: nobody can count working days.
    pub(crate) broken_calendar: bool,
    pub(crate) constants: &'a Constants,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Something was at fault, reported here or by the layer that read the file.
    pub(crate) failed: bool,
}

impl Builder<'_> {
    /// Reports a fault of the check.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.failed = true;
        self.diagnostics.push(diagnostic);
    }

    /// Reports a fault of an expression.
    pub(crate) fn report_fault(&mut self, text: &Excerpt, fault: Fault) {
        let mut diagnostic = Diagnostic::new(fault.code, fault.message).at_place(text.place(fault.span));
        diagnostic.label = fault.label;
        diagnostic.help = fault.help;
        self.report(diagnostic);
    }

    /// Parses an expression, with all its faults reported.
    pub(crate) fn parse(&mut self, text: &Excerpt) -> Option<Ast> {
        if text.text.trim().is_empty() {
            // The layer that read the file has told that nothing, or no expression, stands here.
            self.failed = true;
            return None;
        }
        let (ast, faults) = expr::parse(&text.text);
        self.failed |= ast.is_none();
        for fault in faults {
            self.report_fault(text, fault);
        }
        if self.broken_calendar && ast.as_ref().is_some_and(counts_working_days) {
            self.failed = true;
        }
        ast
    }

    /// Binds an expression, with all its faults reported.
    pub(crate) fn bind(
        &mut self,
        text: &Excerpt,
        ast: &Ast,
        scope: &mut dyn Scope,
        expected: Option<&Type>,
    ) -> Option<Expr> {
        let (bound, faults) = expr::bind(ast, scope, expected);
        self.failed |= bound.is_none();
        for fault in faults {
            self.report_fault(text, fault);
        }
        bound
    }

    /// Resolves a source; `None` when it is at fault.
    pub(crate) fn resolve_source(&mut self, spec: &SourceSpec) -> Option<Resolved> {
        // A source that is not written was told where the file was read.
        if spec.first_word().is_some_and(|kind| kind.as_str().is_empty() || self.broken_kinds.contains(&kind)) {
            self.failed = true;
            return None;
        }
        if self.broken_calendar
            && matches!(spec, SourceSpec::Named(name) if name.text.trim() == "calendar.working_days")
        {
            self.failed = true;
        }
        let constants = self.constants;
        if let SourceSpec::Values(ValuesSpec::Param(name)) = spec
            && constants.is_broken(name.text.trim().trim_start_matches('$'))
        {
            self.failed = true;
            return None;
        }
        match source::resolve(spec, self.kinds, &|name| constants.parameter(name)) {
            Ok(resolved) => Some(resolved),
            Err(diagnostic) => {
                self.report(*diagnostic);
                None
            }
        }
    }

    /// Refuses a kind whose record has a reserved word as a column.
    pub(crate) fn check_words(&mut self, rows: &Rows) {
        let Some(resolved) = &rows.resolved else { return };
        for word in RESERVED.into_iter().filter(|word| resolved.is_column_word(word)) {
            let shown = resolved.shown.clone();
            self.report(Diagnostic::new(
                &codes::NAME_TAKEN,
                Text::new(
                    format!("`{shown}` 的列名 `{word}` 是保留字"),
                    format!("column `{word}` of `{shown}` is a reserved word"),
                ),
            ));
        }
    }

    /// Refuses the name of a join, alias or let that already means something in this row.
    pub(crate) fn check_name(&mut self, name: &Excerpt, rows: &Rows, taken: &[(&str, Text)]) {
        let word = name.text.as_str();
        if RESERVED.contains(&word) {
            return self.taken(name, &Text::new("这是保留字", "it is a reserved word"));
        }
        if let Some(resolved) = rows.resolved.as_ref().filter(|resolved| resolved.is_column_word(word)) {
            let shown = resolved.shown.clone();
            return self
                .taken(name, &Text::new(format!("它是 `{shown}` 的列"), format!("it is a column of `{shown}`")));
        }
        if let Some((_, what)) = taken.iter().find(|(known, _)| *known == word) {
            self.taken(name, &what.clone());
        }
    }

    /// Reports a name that means two things.
    pub(crate) fn taken(&mut self, name: &Excerpt, why: &Text) {
        let word = &name.text;
        self.report(
            Diagnostic::new(
                &codes::NAME_TAKEN,
                Text::new(format!("名称 `{word}` 已被占用"), format!("the name `{word}` is taken")),
            )
            .at_place(name.whole())
            .label(why.clone())
            .help(Text::new("换一个名称", "choose another name")),
        );
    }
}

fn counts_working_days(ast: &Ast) -> bool {
    let mut found = false;
    ast.walk(&mut |node| {
        if let expr::AstKind::Call(call) = &node.kind {
            found |= call.name.text.to_ascii_uppercase().starts_with("WORKING_DAYS");
        }
    });
    found
}
