//! Workbooks: XLSX, XLS, ODS, XML of Excel 2003, and HTML tables that systems export under the name `.xls`; the only folder that knows these
//! formats.
//!
//! Each reader hands on [`Block`]s of rows, so that rows of a sheet go the way that rows of CSV go. They are our own, and
//! calamine is what tests hold them against, because of what evidence needs and hostile files do: calamine's reader of XLS
//! follows circular sector chains without end and allocates the rectangle that two far cells span, that of ODS holds up to
//! a hundred million cells, and that of XLSX neither says which rows and columns are hidden nor gives a cell's style
//! together with whether it is a formula that nobody calculated.

mod block;
mod cell_style;
mod fault;
mod format_code;
mod head;
mod html;
mod mark;
mod markup;
mod merged;
pub(crate) mod number;
mod ods;
mod ods_style;
mod ole;
mod package;
mod print;
mod read;
mod sheets;
mod spreadsheetml;
mod spreadsheetml_style;
mod sst;
mod strings;
mod xls;
mod xlsx;

pub(crate) use block::{Block, column_name};
pub(crate) use fault::Fault;
pub(crate) use head::{Head, head_rows};
pub(crate) use html::looks_like as looks_like_html;
pub(crate) use merged::{Merged, REGIONS, Region, Regions};
pub(crate) use read::sheet_of;
pub(crate) use sheets::{NOTES, Sheet};
pub(crate) use spreadsheetml::looks_like as looks_like_spreadsheetml;

use super::Limits;
use super::stated::Stated;
use html::Html;
use ole::Compound;
use package::Package;
use spreadsheetml::SpreadsheetMl;

/// Width in points of a character of the usual size: in a narrower column nothing can be seen.
const CHARACTER: f64 = 5.0;

/// A workbook, whatever its format.
pub(crate) trait Book {
    /// Every sheet with rows, in order, with what is needed to find its header in the first `head_rows` rows.
    ///
    /// # Errors
    /// When the workbook is damaged or passes a limit.
    fn sheets(&mut self, head_rows: u64) -> Result<Vec<Sheet>, Fault>;

    /// Gives `each` the rows of sheets, by their positions in [`Book::sheets`], which ascend: what holds all sheets in one is
    /// gone through once.
    ///
    /// # Errors
    /// When the workbook is damaged, and those of `each`.
    fn rows(&mut self, sheets: &[usize], each: &mut Each<'_>) -> Result<(), Fault>;

    /// Whether the file is text: its rows have lines, its tables no names.
    fn is_text(&self) -> bool {
        false
    }

    /// What the sheets have besides what is read of them, once they were read.
    fn besides(&self) -> Besides {
        Besides::default()
    }

    /// What is stated around the rows of these sheets, once all were asked for: outside tables, or where it is printed on
    /// every page.
    fn around(&mut self, sheets: &[usize]) -> Stated {
        let _ = sheets;
        Stated::default()
    }
}

/// What people may go by and no reader reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Besides {
    /// Cells have comments.
    pub(crate) comments: bool,
    /// Text boxes and other drawings float over cells.
    pub(crate) drawings: bool,
    /// A conditional format strikes out cells.
    pub(crate) marking_rules: bool,
    /// Items of lists outside the tables of a page.
    pub(crate) list_items: u64,
}

/// What is done with the rows of a sheet, which is known by its position.
pub(crate) type Each<'e> = dyn FnMut(usize, &mut (dyn Rows + Send)) -> Result<(), Fault> + 'e;

/// Rows of a sheet on their way.
pub(crate) trait Rows {
    /// The next of them; `None` at the end.
    ///
    /// # Errors
    /// When the workbook is damaged or passes a limit.
    fn next(&mut self) -> Result<Option<Block>, Fault>;

    /// Rows with content so far that the program that opens the file does not show.
    fn hidden_rows(&self) -> u64;
}

/// What holds a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    /// A ZIP package.
    Package,
    /// A compound file.
    Compound,
}

impl Container {
    /// What the first bytes are those of.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Some(Self::Package);
        }
        head.starts_with(ole::MAGIC).then_some(Self::Compound)
    }
}

/// An open workbook.
pub(crate) struct Opened<'b> {
    /// Its sheets.
    pub(crate) book: Box<dyn Book + 'b>,
    /// The word outputs use for its format.
    pub(crate) format: &'static str,
    /// Whether it has macros, which never run.
    pub(crate) macros: bool,
}

/// Opens a workbook that is held whole.
///
/// # Errors
/// When it is none that is read, is damaged or encrypted, or passes a limit.
pub(crate) fn open<'b>(container: Container, bytes: &'b [u8], limits: &Limits) -> Result<Opened<'b>, Fault> {
    match container {
        Container::Package => {
            let mut package = Package::open(bytes, limits)?;
            if ods::is_one(&mut package)? {
                let macros = package.has_under("basic/") || package.has_under("scripts/");
                return Ok(Opened { book: Box::new(ods::Ods::open(package, limits)?), format: "ods", macros });
            }
            if package.has("xl/workbook.bin") {
                return Err(Fault::format(
                    "XLSB（二进制工作簿）尚不能读取",
                    "binary workbooks (XLSB) cannot be read yet",
                ));
            }
            if !package.has("[Content_Types].xml")
                || package.has("word/document.xml")
                || package.has("ppt/presentation.xml")
            {
                return Err(Fault::format("压缩包中没有工作簿", "the package holds no workbook"));
            }
            let macros = package.has("xl/vbaProject.bin");
            Ok(Opened { book: Box::new(xlsx::Xlsx::open(package, limits)?), format: "xlsx", macros })
        }
        Container::Compound => {
            let file = Compound::open(bytes)?;
            if file.has("EncryptedPackage") || file.has("EncryptionInfo") {
                return Err(Fault::encrypted());
            }
            if !file.has("Workbook") && !file.has("Book") {
                return Err(Fault::format("文件中没有工作簿", "the file holds no workbook"));
            }
            let macros = file.has("_VBA_PROJECT_CUR");
            Ok(Opened { book: Box::new(xls::Xls::open(&file, limits)?), format: "xls", macros })
        }
    }
}

/// Opens a workbook that is XML of Excel 2003.
pub(crate) fn open_spreadsheetml<'b>(text: &'b str, limits: &Limits) -> Opened<'b> {
    Opened { book: Box::new(SpreadsheetMl::new(text, limits)), format: "spreadsheetml", macros: false }
}

/// Opens the tables of a page.
pub(crate) fn open_html<'b>(text: &'b str, limits: &Limits) -> Opened<'b> {
    Opened { book: Box::new(Html::new(text, limits)), format: "html", macros: false }
}
