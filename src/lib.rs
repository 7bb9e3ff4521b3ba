#![doc = include_str!("../README.md")]
//!
//! # Modules
//!
//! Each uses only those above it; `docs/architecture.md` says what lives where and why.
//!
//! | module | holds |
//! |---|---|
//! | [`text`] | source text, spans, `line:column`, the two languages, [`text::Diagnostic`] |
//! | [`expr`] | the expression language: parse, bind, evaluate over Arrow arrays, print as SQL |
//! | [`model`] | the words of the field: control, check, evidence kind, finding, outcome, gap, assessment |
//! | [`policy`] | packs on disk → model |
//! | [`workspace`] | `hegui.yaml`, periods, manifests → model |
//! | [`evidence`] | files → typed tables whose rows remember where they came from |
//! | [`engine`] | checks × tables → findings |
//! | [`assess`] | findings → outcomes, gaps, scores, the gate |
//! | [`pipeline`] | one workspace from its files to its assessment: start here |
//! | [`proof`] | policy tests, coverage, mutants |
//! | [`report`] | an assessment → terminal, JSON, CSV, Markdown |
//! | [`cli`] | the command line |

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        clippy::cast_possible_wrap,
        reason = "test data are small"
    )
)]

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
