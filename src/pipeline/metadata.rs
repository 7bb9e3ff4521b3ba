//! Page 1 of every report: who, what, when, with which tool and policies (REPORTS §2).

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{Opened, Policies, Request};
use crate::engine::Clock;
use crate::model::{Entity, Gate, Inputs, Metadata, PackRef, Period, ProfileRef, ReportKind, Scope, ToolRef};
use crate::policy::{self, Pack};
use crate::text::Text;
use crate::workspace;

/// The metadata of a run, as far as it is known before anything is judged. `prior` is the report number of the earlier
/// period.
pub(super) fn metadata(opened: &Opened, request: &Request, prior: Option<String>) -> Metadata {
    let Opened { workspace, pack, clock, .. } = opened;
    Metadata {
        report_id: workspace.report.number.clone().unwrap_or_default(),
        report_kind: match workspace.report.kind {
            workspace::ReportKind::SelfAssessment => ReportKind::SelfAssessment,
            workspace::ReportKind::ThirdParty => ReportKind::ThirdParty,
        },
        entity: Entity {
            name: workspace.entity.name.clone(),
            uscc: workspace.entity.uscc.clone(),
            address: workspace.entity.address.clone(),
            contact: workspace.entity.contact.clone(),
        },
        data_security_lead: workspace.responsible.data_security.clone(),
        personal_information_lead: workspace.responsible.personal_information.clone(),
        scope: Scope {
            systems: workspace.scope.systems.clone(),
            data: workspace.scope.data.clone(),
            business: workspace.scope.business.clone(),
            clients: workspace.scope.clients.clone(),
            out_of_scope: workspace.scope.out_of_scope.clone(),
        },
        period: period(&opened.period, clock),
        as_of: date(clock.as_of),
        as_of_end: instant(clock.context().end_of(clock.as_of), clock),
        time_zone: clock.zone.name().to_owned(),
        evidence_window: None,
        profile: profile(pack),
        policy: PackRef { name: pack.name.clone(), version: pack.version.clone(), sha256: pack.sha256.clone() },
        tool: tool(),
        inputs: Inputs::default(),
        facts: facts(opened),
        gate: opened.gate,
        repro: repro(opened, request),
        prior,
        prepared_by: workspace.report.prepared_by.clone(),
        reviewed_by: workspace.report.reviewed_by.clone(),
        approved_by: workspace.report.approved_by.clone(),
    }
}

/// Metadata of an assessment that nobody will print: a policy test's.
pub fn blank_metadata(clock: &Clock) -> Metadata {
    Metadata {
        report_id: String::from("-"),
        report_kind: ReportKind::default(),
        entity: Entity::default(),
        data_security_lead: None,
        personal_information_lead: None,
        scope: Scope::default(),
        period: period("", clock),
        as_of: date(clock.as_of),
        as_of_end: instant(clock.context().end_of(clock.as_of), clock),
        time_zone: clock.zone.name().to_owned(),
        evidence_window: None,
        profile: ProfileRef { id: String::new(), title: Text::default(), vocabulary: None },
        policy: PackRef { name: String::new(), version: String::new(), sha256: String::new() },
        tool: tool(),
        inputs: Inputs::default(),
        facts: Vec::new(),
        gate: Gate::default(),
        repro: String::new(),
        prior: None,
        prepared_by: None,
        reviewed_by: None,
        approved_by: None,
    }
}

fn date(day: i32) -> NaiveDate {
    policy::date::from_days(day).unwrap_or_default()
}

fn period(name: &str, clock: &Clock) -> Period {
    let (first, last) = clock.period;
    let context = clock.context();
    Period {
        id: name.to_owned(),
        start: date(first),
        end: date(last),
        starts_at: instant(context.start_of(first), clock),
        ends_at: instant(context.end_of(last), clock),
    }
}

/// Microseconds UTC as an instant with the offset that the assessment's zone has then.
fn instant(micros: Option<i64>, clock: &Clock) -> DateTime<FixedOffset> {
    // INVARIANT: a period lies in the years 0 to 9999, where every day has a start.
    let at = micros.and_then(DateTime::from_timestamp_micros).unwrap_or_default();
    at.with_timezone(&clock.zone).fixed_offset()
}

fn profile(pack: &Pack) -> ProfileRef {
    match pack.profile.as_ref().and_then(|id| pack.profiles.get(id)) {
        Some(profile) => {
            ProfileRef { id: profile.id.clone(), title: profile.title.clone(), vocabulary: profile.vocabulary.clone() }
        }
        None => {
            ProfileRef { id: "all".to_owned(), title: Text::new("全部控制点", "all controls"), vocabulary: None }
        }
    }
}

/// This build.
fn tool() -> ToolRef {
    ToolRef { version: env!("CARGO_PKG_VERSION").to_owned(), build: option_env!("HEGUI_BUILD").map(str::to_owned) }
}

fn facts(opened: &Opened) -> Vec<(String, String)> {
    opened
        .facts
        .iter()
        .map(|(name, value)| {
            let written = opened.pack.facts.get(name).map(|fact| policy::written(value, &fact.ty));
            (name.clone(), written.unwrap_or_default())
        })
        .collect()
}

/// The command that gives this assessment again, run inside the workspace: every path in it is relative to that, and no
/// language, which changes no byte of the assessment, is.
fn repro(opened: &Opened, request: &Request) -> String {
    let mut command =
        format!("hegui check . --period {} --as-of {}", opened.period, policy::date::format(opened.clock.as_of));
    match &request.policies {
        Policies::Workspace => {}
        Policies::Shipped => command.push_str(" --policies shipped"),
        Policies::Folders(folders) => {
            for folder in folders {
                let folder = relative(folder, &request.workspace).replace('\\', "/");
                let _ = write!(command, " --policies {}", quoted(&folder));
            }
        }
    }
    if let Some(profile) = &request.profile {
        let _ = write!(command, " --profile {}", quoted(profile));
    }
    for pattern in &request.only {
        let _ = write!(command, " --only {}", quoted(pattern));
    }
    if request.gate.is_some() {
        let _ = write!(command, " --fail-on {}", opened.gate.word());
    }
    command
}

/// A folder as seen from another, both as they are on disk; as given when it cannot be seen from there.
fn relative(folder: &Path, from: &Path) -> String {
    let given = || folder.to_string_lossy().into_owned();
    let (Ok(there), Ok(here)) = (folder.canonicalize(), from.canonicalize()) else { return given() };
    let shared = there.components().zip(here.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return given();
    }
    let up = here.components().skip(shared).map(|_| "..".to_owned());
    let down = there.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let path = up.chain(down).collect::<Vec<_>>().join("/");
    if path.is_empty() { ".".to_owned() } else { path }
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{date::parse, period as spans};

    /// As-of is the last day of the period.
    fn clock(zone: &str, period: &str) -> Clock {
        let period = spans::parse(period).unwrap();
        Clock { as_of: period.1, zone: zone.parse().unwrap(), period, working_days: std::sync::Arc::default() }
    }

    #[test]
    fn days_begin_and_end_as_the_zone_has_them() {
        let cases = [
            ("Asia/Shanghai", "2026-07-01T00:00:00+08:00", "2026-10-01T00:00:00+08:00"),
            ("UTC", "2026-07-01T00:00:00+00:00", "2026-10-01T00:00:00+00:00"),
            ("America/New_York", "2026-07-01T00:00:00-04:00", "2026-10-01T00:00:00-04:00"),
        ];
        for (zone, starts, ends) in cases {
            let clock = clock(zone, "2026Q3");
            let period = period("2026Q3", &clock);
            assert_eq!((period.starts_at.to_rfc3339(), period.ends_at.to_rfc3339()), (starts.into(), ends.into()));
            assert_eq!(blank_metadata(&clock).as_of_end, period.ends_at);
        }
        // The offset is that of the instant: a period over the change of the clocks begins and ends with another.
        let quarter = period("2026Q4", &clock("Europe/Berlin", "2026Q4"));
        assert_eq!(quarter.starts_at.to_rfc3339(), "2026-10-01T00:00:00+02:00");
        assert_eq!(quarter.ends_at.to_rfc3339(), "2027-01-01T00:00:00+01:00");
        // Midnight of 2018-11-04 never was in São Paulo.
        let gap = Clock { as_of: parse("2018-11-03").unwrap(), ..clock("America/Sao_Paulo", "2018-11") };
        assert_eq!(blank_metadata(&gap).as_of_end.to_rfc3339(), "2018-11-04T01:00:00-02:00");
    }

    #[test]
    fn words_of_the_command_are_quoted() {
        let cases = [("BAK-02", "BAK-02"), ("BAK-*", "'BAK-*'"), ("it's", r"'it'\''s'"), ("", "''"), ("方案", "方案")];
        for (word, expected) in cases {
            assert_eq!(quoted(word), expected, "{word}");
        }
    }
}
