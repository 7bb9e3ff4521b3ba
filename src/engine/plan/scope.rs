//! What names mean in each place of a check: the scopes that binding asks.

use super::constants::Constants;
use super::frame::{Aggregates, Declared, Names, Rows, dotted, too_early_let};
use super::{Origin, Slot, Step};
use crate::engine::codes;
use crate::expr::{AggregateCall, ColumnId, Lift, Name, NameFault, PreviousCall, Scalar, Scope, Type};
use crate::text::Text;

/// The population row as seen from inside a partner.
pub(crate) struct Outer<'a> {
    /// Its alias.
    pub(crate) alias: &'a str,
    /// The row that the partner belongs to: the population's, or another partner's in which the alias is a name too.
    pub(crate) frame: &'a mut dyn Names,
    /// The partner's own source ends in the same word, so the alias needs `as`.
    pub(crate) ambiguous: bool,
}

impl Outer<'_> {
    fn reborrow(&mut self) -> Outer<'_> {
        Outer { alias: self.alias, frame: &mut *self.frame, ambiguous: self.ambiguous }
    }

    /// The slot of the row the partner belongs to that holds what `alias.column` names; `None` when the path does not start
    /// with the alias.
    pub(crate) fn resolve(&mut self, path: &[Name]) -> Option<Result<(ColumnId, Slot), NameFault>> {
        let first = path.first()?.text.as_str();
        if first != self.alias || path.len() < 2 {
            return None;
        }
        if self.ambiguous {
            let fault = NameFault::new(
                &codes::NAME_TAKEN,
                Text::new(
                    format!("`{first}` 既可指被检查的行，也可指匹配对象"),
                    format!("`{first}` could be the population row or the partner"),
                ),
            );
            return Some(Err(fault.help(Text::new(
                "用 `as` 给被检查的行另起一个名字",
                "give the population row another name with `as`",
            ))));
        }
        let found = self.frame.population(path);
        Some(found.and_then(|(id, _)| {
            let slot = self.frame.slots().get(id).cloned().ok_or_else(NameFault::reported)?;
            Ok((id, slot))
        }))
    }

    /// The slot of a partner's frame that holds what `alias.column` names.
    fn slot_in(&mut self, rows: &mut Rows, path: &[Name]) -> Option<Result<(ColumnId, Type), NameFault>> {
        let found = self.resolve(path)?;
        Some(found.map(|(outer, slot)| (rows.outer_slot(&dotted(path), outer, &slot), slot.ty)))
    }
}

/// A partner's row as the partners of its own joins see it: its columns, and the population row by its alias.
pub(crate) struct Inside<'a> {
    pub(crate) rows: &'a mut Rows,
    pub(crate) outer: Outer<'a>,
}

impl Names for Inside<'_> {
    fn resolve(&mut self, path: &[Name], needed: bool) -> Result<(ColumnId, Type), NameFault> {
        self.outer.slot_in(self.rows, path).unwrap_or_else(|| self.rows.resolve(path, needed))
    }

    fn population(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        self.resolve(path, true)
    }

    fn slots(&self) -> &[Slot] {
        self.rows.slots()
    }

    fn allowed(&self, slot: ColumnId) -> Option<&[Scalar]> {
        self.rows.allowed(slot)
    }
}

/// Names of the rows of a relation: the population's, or a partner's.
pub(crate) struct RowScope<'a> {
    pub(crate) rows: &'a mut Rows,
    pub(crate) constants: &'a Constants,
    pub(crate) outer: Option<Outer<'a>>,
    /// Where `PREVIOUS` goes; `None`: it may not stand here.
    pub(crate) ordered: Option<&'a mut Vec<Step>>,
    /// Whether something decides by what is named.
    pub(crate) needed: bool,
}

impl Scope for RowScope<'_> {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        let rows = &mut *self.rows;
        if let Some(found) = self.outer.as_mut().and_then(|outer| outer.slot_in(rows, path)) {
            return found;
        }
        self.rows.resolve(path, self.needed).map_err(|fault| self.constants.meant(path, fault))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        self.constants.get(path)
    }

    fn allowed(&self, column: ColumnId) -> Option<&[Scalar]> {
        self.rows.allowed(column)
    }

    fn in_rows(&mut self, lift: Lift, bind: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        if lift == Lift::Aggregate || self.ordered.is_none() {
            return Err(NameFault::not_here(lift));
        }
        let mut inner =
            RowScope { rows: self.rows, constants: self.constants, outer: None, ordered: None, needed: true };
        bind(&mut inner);
        Ok(())
    }

    fn lifted_previous(&mut self, call: PreviousCall) -> ColumnId {
        let slot = Slot {
            name: format!("PREVIOUS #{}", self.rows.slots.len()),
            ty: call.value.ty.clone(),
            origin: Origin::Previous,
            sensitivity: super::frame::inherited_sensitivity(&self.rows.slots, &[&call.value]),
            needed: true,
        };
        let slot = self.rows.add_unnamed(slot);
        if let Some(steps) = &mut self.ordered {
            steps.push(Step::Previous { slot, call });
        }
        slot
    }
}

/// Names after `group_by`: its keys and the lets with aggregates.
pub(crate) struct GroupNames<'a> {
    pub(crate) group: &'a mut Aggregates,
    pub(crate) rows: &'a mut Rows,
}

impl Names for GroupNames<'_> {
    fn resolve(&mut self, path: &[Name], _: bool) -> Result<(ColumnId, Type), NameFault> {
        let full = dotted(path);
        if let Some(id) = self.group.index.get(&full) {
            let ty = self.group.output.slots.get(*id).map_or(Type::Null, |slot| slot.ty.clone());
            return Ok((*id, ty));
        }
        match self.group.declared.get(&full) {
            Some(Declared::Broken) => return Err(NameFault::reported()),
            Some(_) => return Err(too_early_let(&full)),
            None => {}
        }
        // A misspelt name is unknown, a known one is gone.
        self.rows.resolve(path, false)?;
        if self.group.broken_key {
            return Err(NameFault::reported());
        }
        let has: Vec<&str> = self.group.index.keys().map(String::as_str).collect();
        let has = has.join(", ");
        Err(NameFault::new(
            &codes::NAME_GONE,
            Text::new(format!("`group_by` 之后不再有 `{full}`"), format!("`{full}` is gone after `group_by`")),
        )
        .label(Text::new("属于分组前的行", "belongs to the rows before grouping"))
        .help(Text::new(
            format!("放进 `let` 的聚合函数里（如 `MAX({full})`），或加入 `group_by`；这里有：{has}"),
            format!("put it into an aggregate in `let` (`MAX({full})`), or into `group_by`; here there are: {has}"),
        )))
    }

    fn slots(&self) -> &[Slot] {
        &self.group.output.slots
    }

    fn allowed(&self, slot: ColumnId) -> Option<&[Scalar]> {
        match self.group.output.slots.get(slot)?.origin {
            Origin::Key(row) => self.rows.allowed(row),
            _ => None,
        }
    }
}

/// The scope of group lets and of what follows `group_by`.
pub(crate) struct GroupScope<'a> {
    pub(crate) names: GroupNames<'a>,
    pub(crate) constants: &'a Constants,
    /// In a `let`, where aggregates may stand; with the steps that `PREVIOUS` inside them goes to.
    pub(crate) aggregates: bool,
    pub(crate) ordered: Option<&'a mut Vec<Step>>,
}

impl Scope for GroupScope<'_> {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        self.names.resolve(path, true).map_err(|fault| self.constants.meant(path, fault))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        self.constants.get(path)
    }

    fn allowed(&self, column: ColumnId) -> Option<&[Scalar]> {
        self.names.allowed(column)
    }

    fn in_rows(&mut self, lift: Lift, bind: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        if lift == Lift::Previous || !self.aggregates {
            return Err(NameFault::not_here(lift));
        }
        let ordered = self.ordered.as_deref_mut();
        let mut inner =
            RowScope { rows: self.names.rows, constants: self.constants, outer: None, ordered, needed: true };
        bind(&mut inner);
        Ok(())
    }

    fn lifted_aggregate(&mut self, call: AggregateCall) -> ColumnId {
        self.names.group.add_call(call)
    }
}

/// The scope of a join's lets: its aggregates, its earlier lets, and the population row by its alias.
pub(crate) struct JoinLetScope<'a> {
    pub(crate) result: &'a mut Aggregates,
    pub(crate) partner: &'a mut Rows,
    pub(crate) constants: &'a Constants,
    pub(crate) outer: Outer<'a>,
}

impl Scope for JoinLetScope<'_> {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        let full = dotted(path);
        if let Some(id) = self.result.index.get(&full) {
            let ty = self.result.output.slots.get(*id).map_or(Type::Null, |slot| slot.ty.clone());
            return Ok((*id, ty));
        }
        match self.result.declared.get(&full) {
            Some(Declared::Broken) => return Err(NameFault::reported()),
            Some(_) => return Err(too_early_let(&full)),
            None => {}
        }
        if let Some(found) = self.outer.resolve(path) {
            let (outer, slot) = found?;
            let ty = slot.ty.clone();
            let slot = Slot { name: full, origin: Origin::Outer(outer), ..slot };
            return Ok((self.result.add(slot), ty));
        }
        self.partner.resolve(path, false).map_err(|fault| self.constants.meant(path, fault))?;
        Err(NameFault::new(
            &codes::AGGREGATE_NEEDED,
            Text::new(format!("`{full}` 必须放在聚合函数里"), format!("`{full}` must stand inside an aggregate")),
        )
        .label(Text::new("匹配可能不止一行", "there may be many partners"))
        .help(Text::new(
            format!("如 `MAX({full})`；只要唯一的匹配行时去掉 `let`，写 `名称.{full}`"),
            format!("for instance `MAX({full})`; for the one partner leave out `let` and write `name.{full}`"),
        )))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        self.constants.get(path)
    }

    fn in_rows(&mut self, lift: Lift, bind: &mut dyn FnMut(&mut dyn Scope)) -> Result<(), NameFault> {
        if lift == Lift::Previous {
            return Err(NameFault::not_here(lift));
        }
        let outer = Some(self.outer.reborrow());
        let mut inner = RowScope { rows: self.partner, constants: self.constants, outer, ordered: None, needed: true };
        bind(&mut inner);
        Ok(())
    }

    fn lifted_aggregate(&mut self, call: AggregateCall) -> ColumnId {
        self.result.add_call(call)
    }
}

/// The scope of `applies_if`: constants only.
pub(crate) struct ConstantScope<'a> {
    pub(crate) constants: &'a Constants,
}

impl Scope for ConstantScope<'_> {
    fn column(&mut self, path: &[Name]) -> Result<(ColumnId, Type), NameFault> {
        let full = dotted(path);
        Err(NameFault::new(
            &codes::APPLIES_IF_NAMES,
            Text::new(format!("`applies_if` 里不能使用 `{full}`"), format!("`{full}` cannot be used in `applies_if`")),
        )
        .help(Text::new(
            format!("只能用 `$facts.名称` 和参数；是否想写 `$facts.{full}`？"),
            format!("only `$facts.name` and parameters are; did you mean `$facts.{full}`?"),
        )))
    }

    fn constant(&mut self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        if let [name] = path
            && crate::model::Param::RESERVED.contains(&name.text.as_str())
        {
            let word = &name.text;
            return Err(NameFault::new(
                &codes::APPLIES_IF_NAMES,
                Text::new(
                    format!("`applies_if` 里不能使用 `${word}`"),
                    format!("`${word}` cannot be used in `applies_if`"),
                ),
            )
            .help(Text::new(
                "从哪天起适用由法律决定：把条款写进 `threshold: {source: law, basis: …}`",
                "since when it applies is for the law to say: name the provision in `threshold: {source: law, basis: …}`",
            )));
        }
        self.constants.get(path)
    }
}

/// Adds a computed column to a relation.
pub(crate) fn add_let(rows: &mut Rows, name: &str, value: crate::expr::Expr) -> (ColumnId, Step) {
    let sensitivity = match value.ty {
        Type::Text | Type::List(_) => super::frame::inherited_sensitivity(&rows.slots, &[&value]),
        _ => None,
    };
    let slot = Slot { name: name.to_owned(), ty: value.ty.clone(), origin: Origin::Let, sensitivity, needed: true };
    let id = rows.add(slot, Vec::new());
    rows.declared.insert(name.to_owned(), Declared::Here);
    (id, Step::Let { slot: id, value })
}
