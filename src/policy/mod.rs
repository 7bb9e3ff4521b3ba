//! Packs on disk → model: load, overlay, validate, lint.

pub mod yaml;
