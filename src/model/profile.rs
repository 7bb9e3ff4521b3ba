//! A profile: the controls selected and tailored for one sort of entity.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::text::{Excerpt, Source, Text};

/// Controls selected, and tailored values.
#[derive(Debug, Clone)]
pub struct Profile {
    /// `bookkeeping-agency`.
    pub id: String,
    /// Shown name.
    pub title: Text,
    /// Families, ids or globs that are in.
    pub include: Vec<Excerpt>,
    /// Families, ids or globs that are out again.
    pub exclude: Vec<Excerpt>,
    /// `BAK-02.min_copies` → the value as written.
    pub params: BTreeMap<String, Excerpt>,
    /// Vocabulary of the printed outcomes (REPORTS §1.1).
    pub vocabulary: Option<String>,
    /// Facts the profile asks for.
    pub facts: Vec<Excerpt>,
    /// The file it came from.
    pub source: Arc<Source>,
}
