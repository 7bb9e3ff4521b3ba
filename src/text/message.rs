//! Finding texts: small minijinja templates over the columns of one row.

use std::collections::BTreeSet;

/// A finding text that minijinja accepts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    template: String,
    names: BTreeSet<String>,
}

/// Why a template was refused, with the byte range inside the template when the engine told one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFault {
    /// What the template engine said.
    pub detail: String,
    /// Bytes within the template.
    pub range: Option<std::ops::Range<usize>>,
}

fn environment() -> minijinja::Environment<'static> {
    let mut environment = minijinja::Environment::new();
    // A finding text is one line about one row; anything longer is a mistake or an attack.
    environment.set_fuel(Some(20_000));
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment
}

impl Message {
    /// Parses a template.
    ///
    /// # Errors
    /// [`MessageFault`] when it is not a template.
    pub fn parse(template: &str) -> Result<Self, MessageFault> {
        let environment = environment();
        let parsed = environment
            .template_from_str(template)
            .map_err(|fault| MessageFault { detail: fault.to_string(), range: fault.range() })?;
        let names = parsed.undeclared_variables(true).into_iter().collect();
        Ok(Self { template: template.to_owned(), names })
    }

    /// The names the text uses, dotted as written: `name`, `b.copies`.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// The template as written.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// The text for one row. `values` are nested by the dots of [`Message::names`].
    pub fn render(&self, values: &serde_json::Value) -> String {
        environment()
            .render_str(&self.template, minijinja::value::Serde(values))
            .unwrap_or_else(|fault| format!("{} ({})", self.template, fault.kind()))
    }
}
