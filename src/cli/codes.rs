//! Every diagnostic code of every layer, for `explain` and the reference page.

use crate::text::{Code, Level};
use std::fmt::Write as _;

/// The tables of the layers.
const LAYERS: [&[&Code]; 6] = [
    crate::policy::codes::ALL,
    crate::expr::codes::ALL,
    crate::evidence::codes::ALL,
    crate::engine::codes::ALL,
    crate::proof::codes::ALL,
    crate::report::codes::ALL,
];

/// All codes, by id.
pub fn all() -> Vec<&'static Code> {
    let mut all: Vec<&'static Code> = LAYERS.into_iter().flatten().copied().collect();
    all.sort_by_key(|code| code.id);
    all.dedup_by_key(|code| code.id);
    all
}

/// `docs/diagnostics.md`: the page that lists them, held current by a test.
pub fn reference() -> String {
    let mut page = String::from(
        "# Diagnostics\n\nEvery fault in a policy, workspace or evidence file has a stable code. `hegui explain CODE` prints what \
         stands here. This page is generated from the code tables (`tests/integration/docs.rs` holds it current).\n\n\
         | code | level | 说明 | meaning |\n|---|---|---|---|\n",
    );
    for code in all() {
        let level = match code.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let _ = writeln!(page, "| `{}` | {level} | {} | {} |", code.id, cell(code.explain_zh), cell(code.explain_en));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_said_in_both_languages() {
        let count: usize = LAYERS.iter().map(|layer| layer.len()).sum();
        assert_eq!(all().len(), count, "a code is declared twice");
        for code in all() {
            let (family, what) = code.id.split_once('/').unwrap();
            assert!(["policy", "expr", "workspace", "evidence", "engine", "report"].contains(&family), "{}", code.id);
            assert!(!what.is_empty() && what.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", code.id);
            assert!(code.explain_zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{}", code.id);
            assert!(code.explain_en.len() > 10, "{}", code.id);
        }
    }
}
