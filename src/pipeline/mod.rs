//! One workspace from its files to its [`Assessment`](crate::model::Assessment): open, index, plan, run, judge.
//!
//! No clock, no environment, no output: [`check`] is given the day and gives a value. Writing reports is
//! [`crate::report::write_set`]'s work, showing them `cli/`'s.

mod check;
mod judge;
mod metadata;
mod open;

use std::sync::Arc;

pub use check::{Checked, check};
pub use judge::{Evaluated, control_inputs, evaluate};
pub use metadata::blank_metadata;
pub(crate) use open::shown;
pub use open::{AsOf, Opened, PipelineError, Policies, Request, read_layers};

use crate::evidence;
use crate::expr::WorkingDays;
use crate::policy::Pack;
use crate::text::{Diagnostic, Source};

/// The faults in the expressions of adapters. A kind that has such an adapter is put out of use: nobody knows which of
/// its files would go unread.
pub fn settle_adapters(pack: &mut Pack) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let overlaid: Vec<Arc<Source>> =
        pack.files.iter().filter(|file| file.overlay).map(|file| Arc::clone(&file.source)).collect();
    let broken_kinds = &mut pack.broken_kinds;
    pack.kinds.retain(|id, kind| {
        let replaced = overlaid.iter().any(|source| Arc::ptr_eq(source, &kind.source));
        let found = evidence::adapter_faults(kind, replaced);
        let sound = found.is_empty();
        faults.extend(found);
        if !sound {
            broken_kinds.insert(id.clone());
        }
        sound
    });
    faults
}

/// Working days of every year whose official calendar the pack has.
pub fn working_days(pack: &Pack) -> Arc<WorkingDays> {
    let years: Vec<i32> = pack.calendars.keys().copied().collect();
    let holidays: Vec<i32> = pack.calendars.values().flat_map(|year| year.holidays.keys().copied()).collect();
    let makeups: Vec<i32> = pack.calendars.values().flat_map(|year| year.working_days.iter().copied()).collect();
    Arc::new(WorkingDays::new(&years, &holidays, &makeups))
}
