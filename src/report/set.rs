//! The report set: which files, with which names.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::csv::{self, List};
use super::{ReportError, Templates, json, markdown, write_files};
use crate::model::Assessment;
use crate::text::{Diagnostic, Lang};

/// A word of `--report`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `assessment.json`.
    Json,
    /// `report.md`.
    Md,
    /// `gaps.csv` and the other lists.
    Csv,
}

impl Format {
    /// All of them: the default set.
    pub const ALL: [Self; 3] = [Self::Json, Self::Md, Self::Csv];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Md => "md",
            Self::Csv => "csv",
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.word() == word).ok_or(())
    }
}

/// How the texts of a set look.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The report's language.
    pub lang: Lang,
    /// Whether the texts come in the other language too, as `report.en.md` or `report.zh.md`.
    pub second: bool,
    /// Templates and words.
    pub templates: &'a Templates,
}

/// The files of a set, by name. What is wrong with a template is appended to `faults`; the shipped one takes its place.
///
/// # Errors
/// [`ReportError`] when something cannot be rendered.
pub fn render_set(
    assessment: &Assessment,
    formats: &[Format],
    look: Look<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let (other, infix) = match look.lang {
        Lang::Zh => (Lang::En, ".en"),
        Lang::En => (Lang::Zh, ".zh"),
    };
    let mut languages = vec![(look.lang, "")];
    languages.extend(look.second.then_some((other, infix)));
    let mut files = Vec::new();
    for format in Format::ALL.into_iter().filter(|format| formats.contains(format)) {
        if format == Format::Json {
            files.push(("assessment.json".to_owned(), json::to_json(assessment)?));
            continue;
        }
        for (lang, infix) in &languages {
            if format == Format::Md {
                let text = markdown::render_with(assessment, *lang, look.templates, faults)?;
                files.push((format!("report{infix}.md"), text.into_bytes()));
            } else {
                let lists =
                    List::ALL.map(|list| (format!("{}{infix}.csv", list.stem()), csv::render(assessment, list, *lang)));
                files.extend(lists);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Renders a set and writes it into `directory`; the old set stays whole on any failure. What is wrong with a template
/// is appended to `faults`.
///
/// # Errors
/// [`ReportError`] with the path that could not be written, or the part that could not be rendered.
pub fn write_set(
    assessment: &Assessment,
    formats: &[Format],
    look: Look<'_>,
    directory: &Path,
    faults: &mut Vec<Diagnostic>,
) -> Result<Vec<PathBuf>, ReportError> {
    let files = render_set(assessment, formats, look, faults)?;
    if files.is_empty() { Ok(Vec::new()) } else { write_files(directory, &files) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::fixture;

    fn rendered(assessment: &Assessment, formats: &[Format], lang: Lang, second: bool) -> Vec<(String, Vec<u8>)> {
        let mut faults = Vec::new();
        let look = Look { lang, second, templates: &Templates::shipped() };
        let files = render_set(assessment, formats, look, &mut faults).unwrap();
        assert_eq!(faults, []);
        files
    }

    #[test]
    fn names_of_the_files() {
        let names = |formats: &[Format], lang, second| -> Vec<String> {
            let files = rendered(&fixture::rich(), formats, lang, second);
            files.into_iter().map(|(name, _)| name).collect()
        };
        let lists = ["checks.csv", "controls.csv", "evidence.csv", "findings.csv", "gaps.csv"];
        assert_eq!(names(&[Format::Csv], Lang::Zh, false), lists);
        assert_eq!(names(&[Format::Md], Lang::Zh, true), ["report.en.md", "report.md"]);
        assert_eq!(
            names(&[Format::Md, Format::Json], Lang::En, true),
            ["assessment.json", "report.md", "report.zh.md"]
        );
        assert_eq!(names(&[], Lang::En, true), Vec::<String>::new());
    }

    /// The rendered samples beside the templates, for whoever edits a template: one small assessment with every optional
    /// part filled in.
    #[test]
    fn the_samples_are_current() {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/samples");
        let assessment = fixture::rich();
        let mut files = rendered(&assessment, &Format::ALL, Lang::Zh, true);
        for (lang, name) in [(Lang::Zh, "summary.txt"), (Lang::En, "summary.en.txt")] {
            let style = crate::report::table::Style { width: 100, colour: false, lang, report: true };
            files.push((name.to_owned(), crate::report::table::summary(&assessment, style).into_bytes()));
        }
        let differs: Vec<&String> = files
            .iter()
            .filter(|(name, bytes)| std::fs::read(samples.join(name)).unwrap_or_default() != *bytes)
            .map(|(name, _)| name)
            .collect();
        if !differs.is_empty() {
            let new = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/samples");
            write_files(&new, &files).unwrap();
            panic!("out of date: {differs:?}; look at them, then cp {}/* {}", new.display(), samples.display());
        }
    }

    #[test]
    fn the_same_assessment_gives_the_same_bytes() {
        let once = rendered(&fixture::rich(), &Format::ALL, Lang::Zh, true);
        let read = json::from_json(&once[0].1).unwrap();
        assert_eq!(rendered(&read, &Format::ALL, Lang::Zh, true), once);
    }

    #[test]
    fn a_set_on_disk() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("reports/2026Q3");
        let look = Look { lang: Lang::Zh, second: false, templates: &Templates::shipped() };
        let write = |formats: &[Format], out: &Path| write_set(&fixture::rich(), formats, look, out, &mut Vec::new());
        let written = write(&Format::ALL, &out).unwrap();
        assert_eq!(written.len(), 7);
        let json = std::fs::read(out.join("assessment.json")).unwrap();
        assert_eq!(json::from_json(&json).unwrap(), fixture::rich());
        assert!(write(&[], &out.join("none")).unwrap().is_empty());
        assert!(!out.join("none").exists());
    }
}
