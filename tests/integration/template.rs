//! Blank forms, filled in as a person would and read back without a word.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use hegui::evidence::template::{Column, Format, columns, render};
use hegui::expr::Type;
use hegui::model::{EvidenceKind, KindId};
use hegui::policy::{ProfileChoice, load, shipped};
use hegui::text::Lang;
use serde_json::Value;

use super::common::{AS_OF, Run, Workspace, command, hegui, repository};

fn kinds() -> BTreeMap<KindId, EvidenceKind> {
    load(shipped(), Vec::new(), &ProfileChoice::default(), false).pack.kinds
}

/// What is typed into the rows of a form: every word that is offered at least once; ids that all differ.
fn rows(columns: &[Column<'_>]) -> Vec<Vec<String>> {
    let count = columns.iter().map(|column| column.choices.len()).max().unwrap_or_default().max(2);
    let cell = |column: &Column<'_>, row: usize| match column.choices.get(row % column.choices.len().max(1)) {
        Some(word) => word.clone(),
        None => column.example.clone().unwrap_or_else(|| format!("00{row}")),
    };
    (0..count).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
}

/// The first sheet of a workbook with rows below its header, each cell in the format of its column: numbers and days as
/// numbers, as a spreadsheet stores them.
fn fill_workbook(form: &[u8], columns: &[Column<'_>], header_row: usize) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(form)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let styles = styles(&text);
            let mut filled = String::new();
            for (number, row) in (header_row + 1..).zip(rows(columns)) {
                filled += &format!("<row r=\"{number}\">");
                for (position, (column, text)) in (0_u16..).zip(columns.iter().zip(row)) {
                    let at = format!("{}{number}", rust_xlsxwriter::utility::column_number_to_name(position));
                    let style = styles[&position];
                    filled += &match stored(column, &text) {
                        Some(number) => format!("<c r=\"{at}\" s=\"{style}\"><v>{number}</v></c>"),
                        None => format!("<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
                    };
                }
                filled += "</row>";
            }
            assert_eq!(text.matches("</sheetData>").count(), 1);
            text = text.replace("</sheetData>", &format!("{filled}</sheetData>"));
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Style of each column, by position.
fn styles(sheet: &str) -> BTreeMap<u16, u16> {
    let mut styles = BTreeMap::new();
    for column in sheet.split("<col ").skip(1) {
        let number = |name: &str| -> u16 {
            let value = column.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            value.map_or(0, |value| value.parse().unwrap())
        };
        styles.extend((number("min") - 1..number("max")).map(|position| (position, number(" style"))));
    }
    styles
}

/// The number that a spreadsheet makes of what is typed into a cell of the column; `None` for text.
fn stored(column: &Column<'_>, typed: &str) -> Option<String> {
    match &column.kind.ty {
        Type::Integer | Type::Decimal => Some(typed.to_owned()),
        // 2026-09-30 and 08:30 of that day.
        Type::Date => Some("46295".to_owned()),
        Type::Timestamp => Some((46295.0 + 8.5 / 24.0).to_string()),
        _ => None,
    }
}

fn fill_csv(form: &[u8], columns: &[Column<'_>]) -> Vec<u8> {
    let mut text = String::from_utf8(form.to_vec()).unwrap();
    for row in rows(columns) {
        let cells = row.into_iter().map(|cell| if cell.contains(',') { format!("\"{cell}\"") } else { cell });
        text += &(cells.collect::<Vec<_>>().join(",") + "\r\n");
    }
    text.into_bytes()
}

/// A document filled in by what its comments say.
fn fill_document(form: &[u8], lang: Lang) -> Vec<u8> {
    let text = String::from_utf8(form.to_vec()).unwrap();
    let (break_, comma, one_of, such_as) = match lang {
        Lang::Zh => ("；", "、", "可填：", "如 "),
        Lang::En => ("; ", ", ", "one of: ", "e.g. "),
    };
    let line = |line: &str| {
        let Some((key, note)) = line.split_once('#').filter(|(key, _)| key.trim_end().ends_with(':')) else {
            return line.to_owned();
        };
        let parts: Vec<&str> = note.trim().split(break_).collect();
        let said = |words: &str| parts.iter().find_map(|part| part.strip_prefix(words));
        let value = if parts.iter().any(|part| part.starts_with("清单") || part.starts_with("list")) {
            ""
        } else if let Some(list) = said("写作 ").or(said("written ")) {
            list
        } else if let Some(words) = said(one_of) {
            words.split(comma).next().unwrap()
        } else if let Some(example) = said(such_as) {
            example
        } else if parts.contains(&"是或否") {
            "是"
        } else if parts.contains(&"yes or no") {
            "yes"
        } else {
            "A1"
        };
        format!("{key}{value}  #{note}")
    };
    text.lines().map(|text| line(text) + "\n").collect::<String>().into_bytes()
}

/// A workspace whose evidence was all captured a few days before it is judged.
fn workspace(files: &[(String, Vec<u8>)]) -> Workspace {
    let workspace = Workspace::empty();
    let settings = "schema: hegui/workspace/v1\nentity: {name: 测试单位}\ntime_zone: Asia/Shanghai\nprofile: bookkeeping-agency\n\
                    facts: {employees: 3, individuals: 10, clients: 2, important_data: false, cross_border: false, servers_abroad: false}\n";
    workspace.write("hegui.yaml", settings);
    let mut manifest = "schema: hegui/manifest/v1\nfiles:\n".to_owned();
    for (name, bytes) in files {
        manifest += &format!("  - {{path: {name}, captured_on: 2026-10-10}}\n");
        workspace.write(&format!("evidence/2026Q3/{name}"), bytes);
    }
    workspace.write("evidence/2026Q3/manifest.yaml", manifest);
    workspace
}

fn evidence(workspace: &Workspace, arguments: &[&str]) -> Run {
    let path = workspace.path().to_str().unwrap();
    let mut all = vec!["evidence"];
    all.extend(arguments);
    if arguments[0] == "status" {
        all.push(path);
    } else {
        all.extend(["-w", path]);
    }
    hegui(all.into_iter().chain(["--as-of", AS_OF, "--lang", "en", "--format", "json"]))
}

/// The rows of a kind: all of them read, nothing said.
fn shown(workspace: &Workspace, kind: &str) -> Vec<Value> {
    let run = evidence(workspace, &["show", kind, "--unmask", "--limit", "0"]).status(0);
    assert_eq!(run.err, "", "{kind}");
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    shown["rows"].as_array().unwrap().iter().map(|row| row["values"].clone()).collect()
}

#[test]
fn every_form_of_every_kind_reads_back_without_a_word() {
    let kinds = kinds();
    for lang in [Lang::Zh, Lang::En] {
        for format in [Format::Xlsx, Format::Csv, Format::Yaml] {
            let mut files = Vec::new();
            let mut expected = BTreeMap::new();
            for (id, kind) in &kinds {
                let Ok(form) = render(kind, format, lang) else { continue };
                let columns = columns(kind, lang);
                let filled = match format {
                    Format::Xlsx => fill_workbook(&form, &columns, 1),
                    Format::Csv => fill_csv(&form, &columns),
                    Format::Yaml => fill_document(&form, lang),
                };
                files.push((format!("{id}.{}", format.suffix()), filled));
                expected.insert(id.as_str(), if format == Format::Yaml { 1 } else { rows(&columns).len() });
            }
            assert!(files.len() == kinds.len() || format != Format::Yaml, "every kind has a document");
            let workspace = workspace(&files);
            let run = evidence(&workspace, &["status"]);
            assert_eq!(run.err, "", "{lang:?} {format:?}");
            let status: Value = serde_json::from_str(&run.out).unwrap();
            for file in status["files"].as_array().unwrap() {
                let (path, kind) = (file["path"].as_str().unwrap(), file["kind"].as_str().unwrap());
                assert_eq!(path, format!("evidence/2026Q3/{kind}.{}", format.suffix()));
                assert_eq!((&file["status"], &file["rows_read"]), (&"used".into(), &expected[kind].into()), "{path}");
                assert_eq!((&file["rows_rejected"], &file["stale"]), (&0.into(), &false.into()), "{path}");
            }
            for (kind, count) in expected {
                let rows = shown(&workspace, kind);
                assert_eq!(rows.len(), count, "{kind}");
                for (column, value) in rows.iter().flat_map(|row| row.as_object().unwrap()) {
                    assert!(value.is_string(), "{lang:?} {format:?} {kind} {column}: {value}");
                }
            }
            let run = workspace.check(&["--report", "none"]);
            assert!(!run.err.contains("evidence/"), "{lang:?} {format:?}\n{}", run.err);
        }
    }
}

/// What the officer may enter is offered: a list of the words of a closed list, of yes and no; days and numbers are checked.
#[test]
fn a_workbook_offers_the_words_and_checks_what_is_entered() {
    let form = render(&kinds()[&KindId::new("backup_jobs")], Format::Xlsx, Lang::Zh).unwrap();
    let mut sheet = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(&form)).unwrap();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    for words in ["成功,部分成功,失败,已取消,进行中", "是,否"] {
        let list = format!("<formula1>\"{words}\"</formula1>");
        let rules = sheet.split("<dataValidation ").filter(|rule| rule.contains(&list));
        assert!(
            rules.clone().count() > 0 && rules.clone().all(|rule| rule.contains("type=\"list\"")),
            "{words}: {sheet}"
        );
    }
    assert!(sheet.contains("type=\"decimal\"") || sheet.contains("type=\"whole\""), "{sheet}");
}

#[test]
fn days_numbers_and_ids_come_back_as_typed() {
    let kind = &kinds()[&KindId::new("tls_scan")];
    let form = render(kind, Format::Xlsx, Lang::Zh).unwrap();
    let workspace = workspace(&[("外网扫描.xlsx".to_owned(), fill_workbook(&form, &columns(kind, Lang::Zh), 1))]);
    let rows = shown(&workspace, "tls_scan");
    assert_eq!(rows[1]["host"], "001");
    assert_eq!((&rows[0]["port"], &rows[0]["scanned_at"]), (&"1".into(), &"2026-09-30T08:30:00+08:00".into()));
    assert_eq!(rows[3]["protocols"], "[\"TLSv1.1\"]");
    let kind = &kinds()[&KindId::new("training_records")];
    let form = render(kind, Format::Xlsx, Lang::En).unwrap();
    let workspace = self::workspace(&[("签到.xlsx".to_owned(), fill_workbook(&form, &columns(kind, Lang::En), 1))]);
    let row = &shown(&workspace, "training_records")[1];
    assert_eq!((&row["held_on"], &row["hours"]), (&"2026-09-30".into(), &"1.5".into()));
    assert_eq!((&row["topic"], &row["attended"]), (&"operations".into(), &"false".into()));
}

/// A register has no time among its columns: the notes say where the day of capture goes.
#[test]
fn a_form_of_a_register_is_dated_by_its_name() {
    let workspace = workspace(&[]);
    let kind = &kinds()[&KindId::new("roster")];
    let form = render(kind, Format::Xlsx, Lang::Zh).unwrap();
    let filled = fill_workbook(&form, &columns(kind, Lang::Zh), 1);
    workspace.write("evidence/2026Q3/manifest.yaml", "schema: hegui/manifest/v1\nfiles: []\n");
    workspace.write("evidence/2026Q3/roster.xlsx", &filled);
    evidence(&workspace, &["show", "roster"]).status(3).says(&["evidence/undated"]);
    std::fs::remove_file(workspace.join("evidence/2026Q3/roster.xlsx")).unwrap();
    workspace.write("evidence/2026Q3/roster_20260930.xlsx", &filled);
    assert_eq!(shown(&workspace, "roster").len(), 2);
    let about = hegui::evidence::template::about(kind, Lang::Zh);
    assert!(about.iter().any(|(_, text)| text.contains("roster_20260930.xlsx")), "{about:?}");
}

/// Of a kind with one column the notes name as many fields as the table does.
#[test]
fn notes_are_never_taken_for_the_table() {
    let workspace = Workspace::small();
    let kind = "schema: hegui/evidence/v1\nid: names\ntitle: 说明\ncollect: 手填\nowner: it\nfiles: [\"**/names*\"]\nmax_age: 100 days\n\
                several: all\nread: {xlsx: {header_row: 3}}\nrecord: {type: object, required: [类型], properties: {类型: {type: string, enum: [LIST]}}}\n";
    let long: Vec<String> = (0..60).map(|number| format!("第 {number} 号")).collect();
    let kind = kind.replace("LIST", &long.join(", "));
    workspace.write("policies/evidence/names.yaml", &kind);
    workspace.write(
        "evidence/2026Q3/manifest.yaml",
        "schema: hegui/manifest/v1\nfiles: [{path: names.xlsx, captured_on: 2026-10-10}]\n",
    );
    let path = workspace.join("evidence/2026Q3/names.xlsx");
    let (out, dir) = (path.to_str().unwrap(), workspace.path().to_str().unwrap());
    hegui(["evidence", "template", "names", "-w", dir, "--out", out]).status(0).prints(&["names.xlsx"]);
    let form = std::fs::read(&path).unwrap();
    // Sixty words are too many for a rule: it names the cells of the notes where they stand.
    let mut rules = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(&form)).unwrap();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut rules).unwrap();
    assert!(rules.contains("<formula1>'填写说明'!$B$14:$B$73</formula1>"), "{rules}");
    let pack = hegui::policy::PackFiles::from_memory([("evidence/names.yaml", kind.as_str())]);
    let names =
        load(pack, Vec::new(), &ProfileChoice::default(), false).pack.kinds.remove(&KindId::new("names")).unwrap();
    std::fs::write(&path, fill_workbook(&form, &columns(&names, Lang::Zh), 3)).unwrap();
    let rows = shown(&workspace, "names");
    assert_eq!((rows.len(), &rows[59]["类型"]), (60, &"第 59 号".into()));
    // A form that nobody filled in is empty evidence, and nothing else.
    std::fs::write(&path, form).unwrap();
    let run = evidence(&workspace, &["show", "names"]).status(3);
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&shown["rows_total"], &shown["files"][0]["status"]), (&0.into(), &"empty".into()));
    assert_eq!(shown["diagnostics"].as_array().unwrap().len(), 1, "{}", run.out);
    assert_eq!(shown["diagnostics"][0]["code"], "evidence/empty");
}

/// Filled in and saved by LibreOffice: `tests/fixtures/template/README.md`.
#[test]
fn forms_that_an_office_program_saved_read_back_without_a_word() {
    for suffix in ["xlsx", "ods", "xls"] {
        let files = ["backup_jobs", "training_records"].map(|kind| {
            let name = format!("{kind}.{suffix}");
            let bytes = std::fs::read(repository().join("tests/fixtures/template").join(&name)).unwrap();
            (name, bytes)
        });
        let workspace = workspace(&files);
        let jobs = shown(&workspace, "backup_jobs");
        let told = |row: &Value, names: &[&str]| -> Vec<String> {
            names.iter().map(|name| row[*name].as_str().unwrap_or("·").to_owned()).collect()
        };
        let names = &["job_id", "data_class", "started_at", "finished_at", "status", "encrypted", "bytes"];
        let start = "2026-09-30T02:00:00+08:00";
        assert_eq!(
            told(&jobs[0], names),
            ["000123456789012345678", "3", start, "2026-09-30T02:45:10+08:00", "success", "true", "5368709120"]
        );
        assert_eq!(told(&jobs[1], names), ["002", "4", "2026-10-01T00:00:00+08:00", "·", "failed", "false", "0"]);
        let attended = shown(&workspace, "training_records");
        let names = &["person_id", "name", "held_on", "hours", "attended", "topic"];
        assert_eq!(told(&attended[0], names), ["007", "测试甲", "2026-09-15", "1.5", "true", "awareness"], "{suffix}");
        assert_eq!(told(&attended[1], names), ["0008", "·", "2026-09-16", "·", "false", "emergency"], "{suffix}");
        let run = evidence(&workspace, &["status"]);
        assert_eq!(run.err, "", "{suffix}");
    }
}

#[test]
fn where_a_form_goes_and_what_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut process = command();
        process.current_dir(dir.path()).args(["evidence", "template"]).args(arguments);
        let output = process.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
        Run { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    };
    let list = |names: &[&str]| names.iter().for_each(|name| assert!(dir.path().join(name).is_file(), "{name}"));
    run(&["roster"]).status(0).prints(&["roster.xlsx", "evidence/<期间>/"]);
    run(&["training_plan", "--lang", "en"]).status(0).prints(&["training_plan.yaml", "evidence/<period>/"]);
    run(&["roster", "--format", "csv"]).status(0);
    run(&["roster", "--out", "sub/花名册.csv"]).status(0);
    list(&["roster.xlsx", "training_plan.yaml", "roster.csv", "sub/花名册.csv"]);
    let csv = run(&["roster", "--out", "-", "--format", "csv"]).status(0);
    assert_eq!(csv.out.as_bytes(), std::fs::read(dir.path().join("roster.csv")).unwrap());
    assert!(csv.out.starts_with("\u{feff}*工号,") && csv.out.ends_with("\r\n") && csv.out.lines().count() == 1);

    let before = std::fs::read(dir.path().join("roster.xlsx")).unwrap();
    run(&["roster", "--lang", "en"]).status(2).says(&["not overwritten", "roster.xlsx", "--force"]);
    assert_eq!(std::fs::read(dir.path().join("roster.xlsx")).unwrap(), before);
    run(&["roster", "--lang", "en", "--force"]).status(0);
    assert_ne!(std::fs::read(dir.path().join("roster.xlsx")).unwrap(), before);

    run(&["rooster", "--lang", "en"]).status(2).says(&["no such evidence kind: rooster", "did you mean `roster`?"]);
    run(&["员工花名册"]).status(2).says(&["没有这种证据", "是否指 `roster`"]);
    run(&["zzzzzz", "--lang", "en"]).status(2).says(&["there are accounts, assets"]);
    let nested = run(&["backup_policy", "--format", "xlsx", "--lang", "en"]).status(2);
    nested.says(&["no cell of a table can hold the list `datasets` of `backup_policy`", "help: use --format yaml"]);
    run(&["backup_policy", "--out", "策略.csv"]).status(2).says(&["清单 `datasets`", "--format yaml"]);
    run(&["roster", "--format", "csv", "--out", "a.xlsx"]).status(2).says(&["--format", "a.xlsx"]);
    run(&["roster", "-w", "nowhere"]).status(2).says(&["nowhere"]);
    std::fs::write(dir.path().join("file"), "x").unwrap();
    run(&["roster", "--out", "file/a.xlsx", "--lang", "en"]).status(74).says(&["the form was not written"]);
}
