//! A big access log with six checks: time, and the counts every run must give.
//!
//! ```text
//! cargo bench --bench log                                # 100 thousand and 1 million rows
//! cargo bench --bench log -- --rows 5000000                 # one size
//! cargo bench --bench log -- --rows 5000000 --write DIR     # only write the workspace, to time it from outside
//! ```
//!
//! `benches/duckdb.py DIR` asks `DuckDB` the same six questions about the same file, side by side with `hegui`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::format_push_string,
    reason = "a benchmark measures time, prints it, and stops at the first thing that is not as it should be"
)]

#[path = "log/mod.rs"]
mod log;
#[path = "random/mod.rs"]
mod random;
#[expect(dead_code, reason = "only its time stamps are used here")]
#[path = "workspace/mod.rs"]
mod workspace;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const SEED: u64 = 20_260_930;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let rows = value("--rows").map(|rows| rows.parse::<u64>().expect("--rows takes a number"));
    let format = value("--format").unwrap_or_else(|| "csv".to_owned());
    if let Some(folder) = value("--write") {
        let bytes = log::write(Path::new(&folder), rows.unwrap_or(5_000_000), SEED, &format).expect("it is written");
        println!("{bytes} bytes in {folder}");
        return;
    }
    println!("{:>10} {:>12} {:>10} {:>14}", "rows", "bytes", "seconds", "rows/second");
    for rows in rows.map_or_else(|| vec![100_000, 1_000_000], |rows| vec![rows]) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bytes = log::write(folder.path(), rows, SEED, &format).expect("the workspace is written");
        let best = (0..3).map(|_| run(folder.path())).fold(f64::INFINITY, f64::min);
        println!("{rows:>10} {bytes:>12} {best:>10.3} {:>14.0}", rows as f64 / best);
    }
}

/// Seconds of one run, process start to exit. Any verdict is fine; a fault or a crash is not.
fn run(workspace: &Path) -> f64 {
    let started = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_hegui"))
        .args(["check", "--as-of", "2026-09-30", "--only", "BAK-90", "--report", "none", "--quiet"])
        .arg(workspace)
        .stdout(Stdio::null())
        .status()
        .expect("hegui starts");
    let seconds = started.elapsed().as_secs_f64();
    let code = status.code();
    assert!(matches!(code, Some(0 | 1)), "unexpected exit status {code:?}");
    seconds
}
