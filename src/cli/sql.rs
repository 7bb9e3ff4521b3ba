//! `policy show --sql`
use super::{Console, ExitStatus};
use crate::engine::Clock;
use crate::expr::Scalar;
use crate::model::Control;
use crate::policy::Pack;
use std::collections::BTreeMap;
pub(super) fn show(
    _c: &mut Console<'_>,
    _p: &Pack,
    _control: &Control,
    _check: Option<&str>,
    _facts: &BTreeMap<String, Scalar>,
    _clock: &Clock,
) -> ExitStatus {
    ExitStatus::Internal
}
