//! Whole-process time of `hegui check` on generated workspaces of growing size.
//!
//! ```text
//! cargo bench --bench check                    # 1 thousand to 1 million rows
//! cargo bench --bench check -- --rows 5000000  # one size
//! cargo bench --bench check -- --rows 100000 --files 10000    # many small files; `evidence status` is timed beside `check`
//! ```
//!
//! The data come from a seed, so every machine judges the same rows. Memory is the figure of the operating system;
//! run the printed command under `/usr/bin/time -v` to see it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures time, prints it, and stops at the first thing that is not as it should be"
)]

#[path = "random/mod.rs"]
mod random;
#[path = "workspace/mod.rs"]
mod workspace;

use std::process::{Command, Stdio};
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(|value| value.parse::<u64>().expect("a number"))
    };
    let (wanted, files) = (number("--rows"), number("--files").unwrap_or(1));
    let sizes = wanted.map_or_else(|| vec![1_000, 10_000, 100_000, 1_000_000], |rows| vec![rows]);

    println!("{:>10} {:>12} {:>10} {:>10} {:>14}", "rows", "bytes", "status s", "check s", "rows/second");
    for rows in sizes {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bytes = workspace::write(folder.path(), rows, files, 20_260_930).expect("the workspace is written");
        let best = |command: &[&str]| (0..3).map(|_| run(command, folder.path())).fold(f64::INFINITY, f64::min);
        let status = best(&["evidence", "status"]);
        let check = best(&["check", "--report", "none", "--quiet"]);
        println!("{rows:>10} {bytes:>12} {status:>10.3} {check:>10.3} {:>14.0}", rows as f64 / check);
    }
}

/// Seconds of one run, process start to exit. Any verdict is fine; a fault or a crash is not.
fn run(command: &[&str], workspace: &std::path::Path) -> f64 {
    let started = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_hegui"))
        .args(command)
        .args(["--as-of", "2026-09-30"])
        .arg(workspace)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("hegui starts");
    let seconds = started.elapsed().as_secs_f64();
    let code = status.code();
    assert!(matches!(code, Some(0 | 1 | 3)), "unexpected exit status {code:?}");
    seconds
}
