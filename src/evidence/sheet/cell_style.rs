//! Styles of cells that go by one another, as ODS and XML of Excel 2003 have them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::fault::Fault;
use super::format_code::FormatCode;
use super::number::Style;

/// What the style of a cell says itself, and the style that it goes by otherwise.
#[derive(Debug, Clone, Default)]
pub(super) struct CellStyle {
    pub(super) format: Option<FormatCode>,
    pub(super) struck: Option<bool>,
    pub(super) symbol: Option<bool>,
    pub(super) parent: Option<String>,
}

impl CellStyle {
    /// How its cells are shown where the style that it goes by shows them in a way.
    fn over(&self, parent: Style) -> Style {
        Style {
            format: self.format.unwrap_or(parent.format),
            struck: self.struck.unwrap_or(parent.struck),
            symbol: self.symbol.unwrap_or(parent.symbol),
        }
    }
}

/// Styles that go by one another.
const PARENTS: usize = 16;

/// Styles of cells that are kept, more than any program has room for.
const STYLES: usize = 200_000;

/// Styles by their names.
#[derive(Debug, Default)]
pub(super) struct CellStyles {
    own: BTreeMap<String, CellStyle>,
    /// How those that were asked for are shown.
    resolved: RefCell<HashMap<String, Style>>,
    /// The one that all others go by at last.
    last: &'static str,
}

impl CellStyles {
    /// None yet; all go by the one of this name at last.
    pub(super) fn going_by(last: &'static str) -> Self {
        Self { last, ..Self::default() }
    }

    /// One more.
    ///
    /// # Errors
    /// When there are too many.
    pub(super) fn insert(&mut self, name: String, style: CellStyle) -> Result<(), Fault> {
        if self.own.len() >= STYLES {
            return Err(Fault::too_large(
                format!("超过 {STYLES} 种单元格样式"),
                format!("more than {STYLES} styles of cells"),
            ));
        }
        self.resolved.get_mut().clear();
        self.own.insert(name, style);
        Ok(())
    }

    /// How the cells of a style are shown. Very many may have one: each style is worked out once.
    pub(super) fn of(&self, name: &str) -> Style {
        let mut resolved = self.resolved.borrow_mut();
        if let Some(style) = resolved.get(name) {
            return *style;
        }
        let (mut line, mut next, mut shown) = (Vec::new(), Some(name), None);
        while let Some(name) = next.filter(|_| line.len() < PARENTS) {
            shown = resolved.get(name).copied();
            let Some((name, style)) = self.own.get_key_value(name).filter(|_| shown.is_none()) else { break };
            line.push((name, style));
            next = style.parent.as_deref();
        }
        let last = self.own.get(self.last).map(|style| style.over(Style::default()));
        let mut shown = shown.or(last).unwrap_or_default();
        for (name, style) in line.into_iter().rev() {
            shown = style.over(shown);
            resolved.insert(name.clone(), shown);
        }
        shown
    }
}
