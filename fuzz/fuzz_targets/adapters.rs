#![no_main]
//! Any bytes as the output of a tool that an adapter reads: the first byte says which.

mod reading;

use std::sync::{Arc, LazyLock};

use hegui::model::EvidenceKind;
use hegui::policy::{self, ProfileChoice};
use libfuzzer_sys::fuzz_target;

/// Kinds with adapters, and for each adapter a file name and what such files begin with.
static ADAPTERS: LazyLock<Vec<(Arc<EvidenceKind>, &str, &str)>> = LazyLock::new(|| {
    let pack = policy::load(policy::shipped(), Vec::new(), &ProfileChoice::default(), false).pack;
    let kind = |id: &str| Arc::new(pack.kinds.get(id).expect("a shipped kind").clone());
    vec![
        (kind("backup_jobs"), "restic-backup.log", "== restic backup a b 2026-09-30T00:00:00+08:00\n"),
        (kind("backup_jobs"), "borg-info.json", "{\"chunker_params\": ["),
        (kind("tls_scan"), "nmap.xml", "<nmaprun args=\"ssl-enum-ciphers\">"),
        (kind("tls_scan"), "testssl.json", "{\"Invocation\": \"testssl\", \"startTime\": "),
        (kind("hardening"), "lynis-report.dat", "# Lynis Report\n"),
        (kind("operation_log"), "access.log", ""),
        (kind("av_status"), "clamscan.log", "== clamscan srv1 2026-09-30T00:00:00+08:00 "),
        (kind("media_health"), "smart.json", "{\"smartctl\": {"),
    ]
});

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let (kind, name, begins) = &ADAPTERS[usize::from(*first) % ADAPTERS.len()];
    let text = [begins.as_bytes(), rest].concat();
    reading::read_named(kind, name, &text);
    // And without a beginning of its own, as a file that is only called so.
    reading::read_named(kind, name, rest);
});
