//! Period folders below the evidence roots.

use std::collections::BTreeMap;

use super::Workspace;
use crate::policy::period;

/// A folder named like a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodFolder {
    /// `2026Q3`.
    pub name: String,
    /// First day, days since 1970-01-01.
    pub first: i32,
    /// Last day.
    pub last: i32,
}

/// Period folders directly below any evidence root, by their last day, then the shorter first.
pub(super) fn periods(workspace: &Workspace) -> Vec<PeriodFolder> {
    let mut found = BTreeMap::new();
    for root in &workspace.evidence {
        let Ok(entries) = std::fs::read_dir(workspace.root.join(root)) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if let Some((first, last)) = period::parse(&name).filter(|_| is_folder) {
                found.insert((last, std::cmp::Reverse(first)), PeriodFolder { name, first, last });
            }
        }
    }
    found.into_values().collect()
}
