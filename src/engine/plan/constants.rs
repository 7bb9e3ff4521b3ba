//! `$name`: parameters of the control, facts of the entity, dates of the assessment.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Clock, codes};
use crate::expr::{Name, NameFault, Scalar, Type};
use crate::model::Control;
use crate::text::{Text, suggest::nearest};

/// The constants of one control.
#[derive(Debug)]
pub(crate) struct Constants {
    values: BTreeMap<String, (Scalar, Type)>,
    facts: BTreeMap<String, (Option<Scalar>, Type)>,
    /// Facts that were asked for and that nobody stated.
    missing: RefCell<BTreeSet<String>>,
}

impl Constants {
    pub(crate) fn new(
        control: &Control,
        types: &BTreeMap<String, Type>,
        facts: &BTreeMap<String, Scalar>,
        clock: &Clock,
    ) -> Self {
        let mut values: BTreeMap<String, (Scalar, Type)> = control
            .params
            .iter()
            .map(|(name, param)| {
                let ty = match (&param.value, param.ty.expression_type()) {
                    // A duration's unit is that of its value, whatever the declaration could know.
                    (Scalar::Duration(unit, _), _) => Type::Duration(*unit),
                    (_, ty) => ty,
                };
                (name.clone(), (param.value.clone(), ty))
            })
            .collect();
        let context = clock.context();
        let date = |day: i32| (Scalar::Date(day), Type::Date);
        let end = context.end_of(clock.as_of).map_or(Scalar::Null, Scalar::Timestamp);
        values.insert("as_of".into(), date(clock.as_of));
        values.insert("as_of_end".into(), (end, Type::Timestamp));
        values.insert("period_start".into(), date(clock.period.0));
        values.insert("period_end".into(), date(clock.period.1));
        let facts = types
            .iter()
            .map(|(name, ty)| (name.clone(), (facts.get(name).filter(|v| **v != Scalar::Null).cloned(), ty.clone())))
            .collect();
        Self { values, facts, missing: RefCell::default() }
    }

    /// The value of a parameter or date.
    pub(crate) fn parameter(&self, name: &str) -> Option<Scalar> {
        self.values.get(name).map(|(value, _)| value.clone())
    }

    /// Whether a parameter could not be read, which is told where it is declared.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some((Scalar::Null, Type::Null)))
    }

    /// The value and type of `$path`.
    pub(crate) fn get(&self, path: &[Name]) -> Result<(Scalar, Type), NameFault> {
        let words: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
        match words.as_slice() {
            ["facts", fact] => match self.facts.get(*fact) {
                Some((Some(value), ty)) => {
                    let ty = if let Scalar::Duration(unit, _) = value { Type::Duration(*unit) } else { ty.clone() };
                    Ok((value.clone(), ty))
                }
                Some((None, ty)) => {
                    self.missing.borrow_mut().insert((*fact).to_owned());
                    Ok((Scalar::Null, ty.clone()))
                }
                None => Err(self.unknown_fact(fact).part(1)),
            },
            [name] => match self.values.get(*name) {
                // A parameter that could not be read: its fault is told where it is declared.
                Some((Scalar::Null, Type::Null)) => Err(NameFault::reported()),
                Some(found) => Ok(found.clone()),
                None => Err(self.unknown(name)),
            },
            _ => Err(self.unknown(&words.join("."))),
        }
    }

    /// Facts asked for so far that nobody stated.
    pub(crate) fn take_missing(&self) -> Vec<String> {
        std::mem::take(&mut *self.missing.borrow_mut()).into_iter().collect()
    }

    /// The fault of a name that is no column; where a parameter or fact is called so, with how it is written.
    pub(crate) fn meant(&self, path: &[Name], fault: NameFault) -> NameFault {
        let [name] = path else { return fault };
        let written = if self.values.contains_key(&name.text) {
            format!("${}", name.text)
        } else if self.facts.contains_key(&name.text) {
            format!("$facts.{}", name.text)
        } else {
            return fault;
        };
        fault.help(Text::new(
            format!("参数和事实前面要写 `$`：`{written}`"),
            format!("a parameter or fact is written with `$`: `{written}`"),
        ))
    }

    fn unknown(&self, name: &str) -> NameFault {
        let fault = NameFault::new(
            &codes::UNKNOWN_PARAMETER,
            Text::new(format!("没有参数 `${name}`"), format!("no parameter `${name}`")),
        )
        .label(Text::new("未声明", "not declared"));
        if self.facts.contains_key(name) {
            let help = Text::new(format!("事实写作 `$facts.{name}`"), format!("a fact is written `$facts.{name}`"));
            return fault.help(help);
        }
        fault.help(match nearest(name, self.values.keys().map(String::as_str)) {
            Some(near) => Text::new(format!("是否想写 `${near}`？"), format!("did you mean `${near}`?")),
            None => Text::new("在控制项的 `params` 中声明它", "declare it under `params` of the control"),
        })
    }

    fn unknown_fact(&self, name: &str) -> NameFault {
        let fault =
            NameFault::new(&codes::UNKNOWN_FACT, Text::new(format!("没有事实 `{name}`"), format!("no fact `{name}`")))
                .label(Text::new("未声明", "not declared"));
        fault.help(match nearest(name, self.facts.keys().map(String::as_str)) {
            Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
            None => Text::new("在 pack.yaml 的 `facts` 中声明它", "declare it under `facts` of pack.yaml"),
        })
    }
}
