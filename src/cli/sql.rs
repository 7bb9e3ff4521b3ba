//! `policy show --sql`
use super::args::PolicyShowArgs;
use super::{Console, ExitStatus};
use crate::model::Control;
use crate::policy::Pack;
pub(super) fn show(
    _c: &mut Console<'_>,
    _p: &Pack,
    _control: &Control,
    _check: Option<&str>,
    _args: &PolicyShowArgs,
    _as_of: i32,
) -> ExitStatus {
    ExitStatus::Internal
}
