//! The one clock of an assessment.

use std::sync::Arc;

use crate::expr::{Context, WorkingDays};

/// When the assessment is made, what period it judges, and which days are working days.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The day of judging, days since 1970-01-01 in `zone`.
    pub as_of: i32,
    /// The assessment's time zone.
    pub zone: chrono_tz::Tz,
    /// First and last day of the period that is judged.
    pub period: (i32, i32),
    /// Working days of the years whose official calendar is known.
    pub working_days: Arc<WorkingDays>,
}

impl Clock {
    /// What evaluation needs of it.
    pub fn context(&self) -> Context {
        Context { as_of: self.as_of, zone: self.zone, working_days: Arc::clone(&self.working_days) }
    }
}
