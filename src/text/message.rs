//! Finding texts: small minijinja templates over the columns of one row.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

/// A finding text that minijinja accepts.
#[derive(Debug, Clone, Default)]
pub struct Message {
    template: String,
    names: OnceLock<BTreeSet<String>>,
}

/// Why a template was refused, with the byte range inside the template when the engine told one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFault {
    /// What the template engine said.
    pub detail: String,
    /// Bytes within the template.
    pub range: Option<std::ops::Range<usize>>,
}

static ENVIRONMENT: LazyLock<minijinja::Environment<'static>> = LazyLock::new(|| {
    let mut environment = minijinja::Environment::new();
    // A finding text is one line about one row; anything longer is a mistake or an attack.
    environment.set_fuel(Some(20_000));
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    // A blank cell reads as a dash, not as `none`.
    environment.set_formatter(|out, state, value| {
        if value.is_none() || value.is_undefined() {
            return minijinja::escape_formatter(out, state, &minijinja::Value::from("—"));
        }
        minijinja::escape_formatter(out, state, value)
    });
    environment
});

impl Message {
    /// Parses a template.
    ///
    /// # Errors
    /// [`MessageFault`] when it is not a template.
    pub fn parse(template: &str) -> Result<Self, MessageFault> {
        let message = Self::unchecked(template);
        message.names.set(message.read_names()?).ok();
        Ok(message)
    }

    /// A template that was parsed before, when the pack was built: it is parsed again only if it is used.
    pub fn unchecked(template: &str) -> Self {
        Self { template: template.to_owned(), names: OnceLock::new() }
    }

    fn read_names(&self) -> Result<BTreeSet<String>, MessageFault> {
        let parsed = ENVIRONMENT.template_from_str(&self.template).map_err(|fault| MessageFault {
            detail: fault.detail().map_or_else(|| fault.kind().to_string(), str::to_owned),
            range: fault.range(),
        })?;
        Ok(parsed.undeclared_variables(true).into_iter().collect())
    }

    /// The names the text uses, dotted as written: `name`, `b.copies`.
    pub fn names(&self) -> &BTreeSet<String> {
        self.names.get_or_init(|| self.read_names().unwrap_or_default())
    }

    /// The template as written.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// The text for one row. `values` are nested by the dots of [`Message::names`].
    pub fn render(&self, values: &serde_json::Value) -> String {
        ENVIRONMENT
            .render_str(&self.template, minijinja::value::Serde(values))
            .unwrap_or_else(|fault| format!("{} ({})", self.template, fault.kind()))
    }
}

impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.template == other.template
    }
}

impl Eq for Message {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dotted_as_written() {
        let message = Message::parse("{{ name }}: {{ b.copies }}{% if not b.offsite %}!{% endif %}").unwrap();
        let names: Vec<_> = message.names().iter().map(String::as_str).collect();
        assert_eq!(names, ["b.copies", "b.offsite", "name"]);
        let values = serde_json::json!({"name": "账套", "b": {"copies": 2, "offsite": false}});
        assert_eq!(message.render(&values), "账套: 2!");
    }

    #[test]
    fn an_endless_text_ends() {
        let message = Message::parse("{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}");
        assert!(message.unwrap().render(&serde_json::json!({})).len() < 1_000);
    }

    #[test]
    fn names_may_be_chinese() {
        let message = Message::parse("{{ 工号 }} 无记录").unwrap();
        assert!(message.names().contains("工号"));
        assert_eq!(message.render(&serde_json::json!({"工号": "E01"})), "E01 无记录");
    }

    #[test]
    fn a_fault_says_where() {
        let fault = Message::parse("good {{ name").unwrap_err();
        assert!(fault.range.is_some_and(|range| range.start >= 5), "{}", fault.detail);
    }
}
