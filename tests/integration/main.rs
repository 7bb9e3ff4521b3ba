//! Behaviour through the command line and the public API. One binary: each further one would link everything again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed; `HEGUI_BLESS` is read from the environment"
)]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod adapters;
mod bad_input;
mod cli;
mod codes;
mod common;
mod differential;
mod docs;
mod example;
mod faults;
mod hostile;
mod language;
mod library;
mod overlays;
mod properties;
mod registers;
mod template;
