//! Behaviour through the command line and the public API. One binary: each further one would link everything again.

mod bad_input;
mod cli;
mod common;
mod docs;
mod example;
mod library;
mod properties;
