//! Compliance policy engine and audit reporter: declarative controls judged row by row against evidence files.

pub mod assess;
pub mod cli;
pub mod engine;
pub mod evidence;
pub mod expr;
pub mod model;
pub mod pipeline;
pub mod policy;
pub mod proof;
pub mod report;
pub mod text;
pub mod workspace;
