//! What `policy show --sql` prints runs as printed: piped into a database that has nothing of ours.

use rusqlite::fallible_iterator::FallibleIterator as _;

use super::sqlite;
use crate::common::hegui;

/// Ids of the shipped controls.
fn controls() -> Vec<String> {
    let run = hegui(["policy", "list", "--format", "json"]).status(0);
    let list: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let controls = list.as_array().unwrap().iter();
    controls.map(|control| control["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_sql_of_every_shipped_control_runs_as_printed() {
    let ids = controls();
    assert!(ids.len() >= 12, "{ids:?}");
    for id in ids {
        let printed = hegui(["policy", "show", &id, "--sql", "--as-of", "2026-09-30"]).status(0).out;
        assert!(printed.starts_with("-- SQLite 3.44 or later"), "{printed}");
        let db = sqlite::plain_connection();
        let version: String = db.query_row("SELECT sqlite_version()", [], |row| row.get(0)).unwrap();
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        assert!((parts[0], parts[1]) >= (3, 44), "{version}");
        let mut selects = 0;
        let mut batch = rusqlite::Batch::new(&db, &printed);
        while let Some(mut statement) = batch.next().unwrap_or_else(|fault| panic!("{id}: {fault}\n{printed}")) {
            let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let mut rows = statement.query([]).unwrap();
            while rows.next().unwrap_or_else(|fault| panic!("{id}: {fault}\n{printed}")).is_some() {}
            if !columns.is_empty() {
                assert!(columns.contains(&"conforming".to_owned()), "{id}: {columns:?}");
                selects += 1;
            }
        }
        assert!(selects > 0, "{id}: {printed}");
    }
}

/// Checks of one control read different columns of one table, and values beside it: one table has them all.
#[test]
fn checks_of_one_control_share_their_tables() {
    let workspace = crate::common::Workspace::small();
    workspace.edit(
        "policies/controls/BAK/BAK-90.yaml",
        "remedy:",
        "  - {id: BAK-90.2, title: b, over: widgets, expect: IS_EMAIL(id), finding: x}\n  \
         - {id: BAK-90.3, title: c, over: widgets, where: made_on <= $as_of, expect: IS_SHA256(id) AND IS_EMAIL(id), finding: x}\n  \
         - {id: BAK-90.4, title: d, over: widgets, expect: IS_SHA256(id), finding: x}\n\
         remedy:",
    );
    let path = workspace.path().to_str().unwrap();
    let run = hegui(["policy", "show", "BAK-90", "--sql", "--workspace", path, "--as-of", "2026-09-30"]).status(0);
    assert_eq!(run.out.matches("CREATE TABLE").count(), 1, "{}", run.out);
    for column in ["amount", "id", "made_on", "hegui_is_email_1__", "hegui_is_sha256_2__"] {
        assert!(run.out.lines().nth(2).unwrap().contains(column), "{column}:\n{}", run.out);
    }
    assert_eq!(run.out.matches("hegui_is_sha256_2__").count(), 3, "{}", run.out);
    let db = sqlite::plain_connection();
    db.execute_batch(&run.out).unwrap();
}
