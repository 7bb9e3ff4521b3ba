//! Sentences of the policy language as somebody would write them: a pack of one control, with its policy tests.

use super::common::{Workspace, hegui};

const PACK: &str = "\
schema: hegui/pack/v1
name: offices
version: 0.1.0
title: Changes and who may approve them
families: {CHG: Changes}
facts: {}
sources:
  - {id: S, what: a decree on changes, kind: memory, version: '2026'}
";

const LAW: &str = "\
schema: hegui/provisions/v1
law: {id: CHANGES, title: Decree on changes, level: law, issuer: The house, in_force_from: 2020-01-01}
provisions:
  - {id: CHANGES-1, article: '1', binding: mandatory, summary: Changes are approved, verification: {level: U, sources: [S]}}
";

fn kind(id: &str, key: &str, properties: &str) -> String {
    format!(
        "schema: hegui/evidence/v1\nid: {id}\ntitle: {id}\ncollect: From the change system\nowner: it\nfiles: ['**/{id}*']\n\
         max_age: 100 days\nkey: [{key}]\nrecord:\n  type: object\n  properties: {{{properties}}}\n"
    )
}

/// Who held an office on a day is asked of the list of appointments with the day of the change at hand: the approval's own
/// join names the change.
const CONTROL: &str = "\
schema: hegui/control/v1
id: CHG-01
title: Changes are approved by those in office
objective: Nobody approves for an office that somebody else held on the day of the change.
severity: high
provisions: [CHANGES-1]
checks:
  - id: CHG-01.1
    title: Every change was approved by another person, an approver on its day
    over: changes
    as: c
    has:
      in: approvals
      on: change_id = id
      join:
        o:
          from: appointments
          on: person = by
          where: office = 'approver' AND from_on <= c.made_on AND (to_on IS NULL OR to_on >= c.made_on)
          let: {held: COUNT(*)}
      where: by <> c.requester AND o.held > 0
    finding: 'change {{ id }} of {{ made_on }}: no approval by an approver of that day'
remedy: Have the change approved by whoever holds the office.
";

const TESTS: &str = "\
schema: hegui/test/v1
control: CHG-01
as_of: 2026-09-30
cases:
  - name: the day decides, first and last day of the office included
    evidence:
      changes: |
        id,made_on,requester
        the day before,2026-02-28,r
        first day,2026-03-01,r
        last day,2026-05-31,r
        the day after,2026-06-01,r
        between two terms,2026-06-30,r
        second term,2026-07-01,r
      approvals: |
        change_id,by
        the day before,a
        first day,a
        last day,a
        the day after,a
        between two terms,a
        second term,a
      appointments: |
        person,office,from_on,to_on
        a,approver,2026-03-01,2026-05-31
        a,approver,2026-07-01,
        a,auditor,2026-01-01,
    expect:
      CHG-01.1:
        outcome: not_satisfied
        population: 6
        conforming: 3
        findings: [{id: the day before}, {id: the day after}, {id: between two terms}]
  - name: one good approval is enough, one's own is none
    evidence:
      changes: |
        id,made_on,requester
        one of two,2026-03-01,r
        of another change,2026-03-01,r
        own,2026-03-01,a
      approvals: |
        change_id,by
        one of two,x
        one of two,a
        own,a
      appointments: |
        person,office,from_on,to_on
        a,approver,2026-03-01,
        x,auditor,2026-01-01,
    expect:
      CHG-01.1:
        {outcome: not_satisfied, population: 3, conforming: 1, findings: [{id: of another change}, {id: own}]}
  - name: a blank leaves open who was in office
    evidence:
      changes: |
        id,made_on,requester
        no day,,r
        nobody asked,2026-03-01,
        no approver,2026-03-01,r
        no change,2026-03-01,r
        no office,2026-03-01,r
        no beginning,2026-03-01,r
        nobody's office,2026-03-01,r
        ,2026-03-01,r
        whole,2026-03-01,r
      approvals: |
        change_id,by
        no day,a
        nobody asked,a
        no approver,
        ,a
        no office,b
        no beginning,d
        nobody's office,e
        whole,a
      appointments: |
        person,office,from_on,to_on
        a,approver,2026-03-01,
        b,,2026-01-01,2026-12-31
        d,approver,,2026-12-31
        ,approver,2026-01-01,2026-12-31
    expect:
      CHG-01.1:
        outcome: not_satisfied
        population: 9
        conforming: 1
        findings:
          - {id: no day}
          - {id: nobody asked}
          - {id: no approver}
          - {id: no change}
          - {id: no office}
          - {id: no beginning}
          - {id: nobody's office}
          - {id: null}
  - name: no list of offices, nothing to hold approvals against
    evidence:
      changes: |
        id,made_on,requester
        c1,2026-03-01,r
      approvals: |
        change_id,by
        c1,a
    expect:
      CHG-01.1: {outcome: not_tested, reason: evidence_missing}
  - name: no approvals
    evidence:
      changes: |
        id,made_on,requester
        c1,2026-03-01,r
      appointments: |
        person,office,from_on,to_on
        a,approver,2026-03-01,
    expect:
      CHG-01.1: {outcome: not_tested, reason: evidence_missing}
  - name: no changes
    evidence:
      approvals: |
        change_id,by
        c1,a
      appointments: |
        person,office,from_on,to_on
        a,approver,2026-03-01,
    expect:
      CHG-01.1: {outcome: not_tested, reason: evidence_missing}
  - name: all is well
    evidence:
      changes: |
        id,made_on,requester
        c1,2026-03-01,r
      approvals: |
        change_id,by
        c1,a
      appointments: |
        person,office,from_on,to_on
        a,approver,2026-03-01,
    expect:
      CHG-01.1: {outcome: satisfied, population: 1, conforming: 1}
";

#[test]
fn a_partners_own_join_asks_about_the_row_examined() {
    let pack = Workspace::empty();
    let text = |name: &str| format!("{name}: {{type: string}}");
    let date = |name: &str| format!("{name}: {{type: string, format: date}}");
    pack.write("pack.yaml", PACK)
        .write("provisions/CHANGES.yaml", LAW)
        .write(
            "evidence/changes.yaml",
            kind("changes", "id", &[text("id"), date("made_on"), text("requester")].join(", ")),
        )
        .write(
            "evidence/approvals.yaml",
            kind("approvals", "change_id, by", &[text("change_id"), text("by")].join(", ")),
        )
        .write(
            "evidence/appointments.yaml",
            kind(
                "appointments",
                "person, office, from_on",
                &[text("person"), text("office"), date("from_on"), date("to_on")].join(", "),
            ),
        )
        .write("controls/CHG/CHG-01.yaml", CONTROL)
        .write("tests/CHG/CHG-01.yaml", TESTS);
    let path = pack.path().to_str().unwrap();
    hegui(["policy", "lint", path, "--lang", "en"]).status(0);
    // Every change of an operator, constant or condition is noticed by some case, those inside the join too.
    hegui(["policy", "test", path, "--mutate", "--lang", "en"])
        .status(0)
        .prints(&["7 cases, 7 expectations, 0 failed; ", ", 0 noticed by no case"]);
}
