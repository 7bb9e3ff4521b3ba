//! A seeded generator of one workspace: many backup jobs, and the registers the backup controls compare them with.

use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;

use super::random::Random;

const DATASETS: u64 = 200;

/// Writes the workspace and returns the bytes of its jobs: `rows` of them, spread over the third quarter of 2026 and over
/// so many files.
pub(crate) fn write(folder: &Path, rows: u64, files: u64, seed: u64) -> std::io::Result<u64> {
    let evidence = folder.join("evidence/2026Q3");
    std::fs::create_dir_all(&evidence)?;
    std::fs::write(
        folder.join("hegui.yaml"),
        "schema: hegui/workspace/v1\nentity: {name: 基准测试单位}\nprofile: bookkeeping-agency\n\
         facts: {individuals: 1000, employees: 10, clients: 200, important_data: false, cross_border: false, \
         servers_abroad: false}\ngate: {fail_on: high}\n",
    )?;
    write_policy(&evidence.join("backup_policy.yaml"))?;
    let mut random = Random::new(seed);
    if files == 1 {
        return write_jobs(&evidence.join("backup_jobs.csv"), 0..rows, rows, &mut random);
    }
    (0..files)
        .map(|file| {
            let path = evidence.join(format!("backup_jobs_{file:05}.csv"));
            write_jobs(&path, file * rows / files..(file + 1) * rows / files, rows, &mut random)
        })
        .sum()
}

fn write_policy(path: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "approved_by: E001\napproved_on: 2026-01-05\nreviewed_on: 2026-07-01\ndatasets:")?;
    for dataset in 0..DATASETS {
        writeln!(
            out,
            "  - {{name: DS{dataset:03}, class: 2, method: full, frequency_hours: 24, media: disk, retention_days: 90, \
             rpo_hours: 24, owner: E001}}"
        )?;
    }
    out.flush()
}

/// The jobs of `part`, of `rows` in all.
fn write_jobs(path: &Path, part: Range<u64>, rows: u64, random: &mut Random) -> std::io::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 16, std::fs::File::create(path)?);
    writeln!(
        out,
        "job_id,dataset,data_class,started_at,finished_at,status,method,target,target_type,site,region,encrypted,\
         immutable,bytes,sha256"
    )?;
    let seconds_in_quarter = 92 * 86_400;
    for row in part {
        // In the order of time, as a job log is.
        let started = row * seconds_in_quarter / rows.max(1);
        let target = random.below(3);
        let (target_type, site) = [("disk", "primary"), ("tape", "offsite"), ("object", "cloud")][target as usize];
        writeln!(
            out,
            "J{row:09},DS{:03},{},{},{},{},full,target{target},{target_type},{site},domestic,{},{},{},{:016x}{:016x}{:016x}{:016x}",
            random.below(DATASETS),
            1 + random.below(4),
            stamp(started),
            stamp(started + 60 + random.below(3_600)),
            if random.below(100) < 2 { "failed" } else { "success" },
            if random.below(1_000) < 1 { "false" } else { "true" },
            if target == 2 { "true" } else { "false" },
            random.below(1 << 40),
            random.next(),
            random.next(),
            random.next(),
            random.next(),
        )?;
    }
    out.flush()?;
    Ok(std::fs::metadata(path)?.len())
}

/// Seconds since the start of 2026Q3 as a local timestamp; the quarter has 31, 31 and 30 days.
pub(crate) fn stamp(seconds: u64) -> String {
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let (month, day) = match day {
        0..31 => (7, day + 1),
        31..62 => (8, day - 30),
        _ => (9, (day - 61).min(30)),
    };
    format!("2026-{month:02}-{day:02}T{:02}:{:02}:{:02}+08:00", second / 3_600, second / 60 % 60, second % 60)
}
