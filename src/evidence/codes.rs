//! Codes of this layer's diagnostics, with the sentences that `hegui explain CODE` prints.

use crate::text::{Code, Level};

/// `evidence/unreadable-cell`.
pub static UNREADABLE_CELL: Code = Code {
    id: "evidence/unreadable-cell",
    level: Level::Error,
    explain_zh: "单元格有内容，但不能按声明的类型读出，或违反了证据类型声明的约束；它不是空值，也不会算作符合。请在源系统中更正后重新导出。",
    explain_en: "the cell holds something that cannot be read as the declared type, or that breaks a declared constraint; it is not a blank and never conforms. Correct it in the source system and export again.",
};

/// `evidence/rejected-row`.
pub static REJECTED_ROW: Code = Code {
    id: "evidence/rejected-row",
    level: Level::Error,
    explain_zh: "这一行不能读成一条记录（列数与表头不同、不是有效的 JSON 等），因此证据不完整。",
    explain_en: "the row cannot be read as a record (its number of cells differs from the header, it is not valid JSON …), so the evidence is incomplete.",
};

/// `evidence/unreadable-file`.
pub static UNREADABLE_FILE: Code = Code {
    id: "evidence/unreadable-file",
    level: Level::Error,
    explain_zh: "文件不能打开，或者不是其后缀所说的格式。",
    explain_en: "the file cannot be opened, or is not of the format its name says.",
};

/// `evidence/encoding`.
pub static ENCODING: Code = Code {
    id: "evidence/encoding",
    level: Level::Error,
    explain_zh: "文件不是文字，或字符编码无法识别。请另存为 UTF-8，或在 manifest.yaml 中写明 encoding。",
    explain_en: "the file is no text, or its character encoding is not recognised. Save it as UTF-8, or state `encoding` in manifest.yaml.",
};

/// `evidence/format`.
pub static FORMAT: Code = Code {
    id: "evidence/format",
    level: Level::Error,
    explain_zh: "这种文件格式尚不能读取。请另存为 XLSX、CSV（UTF-8）、JSON 或 YAML。",
    explain_en: "files of this format cannot be read yet. Save it as XLSX, CSV (UTF-8), JSON or YAML.",
};

/// `evidence/encrypted`.
pub static ENCRYPTED: Code = Code {
    id: "evidence/encrypted",
    level: Level::Error,
    explain_zh: "工作簿设有打开密码，不能读取。请在表格软件中去掉密码后另存。",
    explain_en: "the workbook needs a password to be opened and cannot be read. Take the password off and save it anew.",
};

/// `evidence/comments`.
pub static COMMENTS: Code = Code {
    id: "evidence/comments",
    level: Level::Warning,
    explain_zh: "工作簿的单元格带有批注。批注不参与判定；其中若说明某行不算数，请改写单元格本身。",
    explain_en: "cells of the workbook have comments. No verdict considers them; where one says that a row does not count, say so in the cells themselves.",
};

/// `evidence/conditional-format`.
pub static CONDITIONAL_FORMAT: Code = Code {
    id: "evidence/conditional-format",
    level: Level::Warning,
    explain_zh: "工作簿用条件格式给单元格加删除线，或隐藏其中的数、换成别的字。条件格式不计算，单元格照常读取；若划掉的行不算数，请改写单元格本身。",
    explain_en: "the workbook strikes out cells by a conditional format, or hides numbers or shows words in their place. Conditions are not worked out, and the cells are read as usual; where a row that is struck out does not count, say so in the cells themselves.",
};

/// `evidence/outside-table`.
pub static OUTSIDE_TABLE: Code = Code {
    id: "evidence/outside-table",
    level: Level::Warning,
    explain_zh: "网页在表格之外还有列表（li）。只读取表格；若列表中也是记录，请改为表格。",
    explain_en: "the page has lists (li) outside its tables. Only tables are read; where items of a list are records, too, make a table of them.",
};

/// `evidence/macros`.
pub static MACROS: Code = Code {
    id: "evidence/macros",
    level: Level::Warning,
    explain_zh: "工作簿带有宏。单元格照常读取，宏不会运行。",
    explain_en: "the workbook has macros. Its cells are read as usual; macros are never run.",
};

/// `evidence/hidden`.
pub static HIDDEN: Code = Code {
    id: "evidence/hidden",
    level: Level::Warning,
    explain_zh: "工作簿中隐藏的工作表、行或列照样读取；看文件的人不会直接看到它们。",
    explain_en: "sheets, rows or columns that the workbook hides are read all the same; whoever opens the file does not see them at once.",
};

/// `evidence/merged-cells`.
pub static MERGED_CELLS: Code = Code {
    id: "evidence/merged-cells",
    level: Level::Warning,
    explain_zh: "表头之下有跨行合并的单元格。看文件的人在每一行都看到同一个值，因此所盖各行都按第一格的值读取；被盖住的内容不读取。请确认每一行确实都是这个值，例如合计数不会被重复计算。",
    explain_en: "cells below the header are merged across rows. Whoever opens the file sees one value for all of them, so each row covered is read with the value of the first, and what stands beneath is not read. See that it is the value of every row: a total would be counted more than once.",
};

/// `evidence/unused-sheet`.
pub static UNUSED_SHEET: Code = Code {
    id: "evidence/unused-sheet",
    level: Level::Warning,
    explain_zh: "只读取是该类型表格的工作表：表头对应字段最多的，以及有每行必有的列的；其他工作表没有使用。一个工作簿含多个台账时，在 manifest.yaml 中按 sheet 各列一条；也可在证据类型的 read.xlsx.sheet 中写明工作表。模板的说明页（A1 为 hegui/template/v1）不在此列。",
    explain_en: "only sheets that are tables of the kind are read: those whose header names the most fields, and those that have the columns every row must have; the others are not used. A workbook that holds several registers is listed in manifest.yaml once for each, with its `sheet`; `read.xlsx.sheet` of the kind can name one, too. The notes of a form (A1 is hegui/template/v1) are not told of.",
};

/// `evidence/no-sheet`.
pub static NO_SHEET: Code = Code {
    id: "evidence/no-sheet",
    level: Level::Error,
    explain_zh: "没有清单中 sheet 或证据类型 read.xlsx.sheet 写明的工作表。",
    explain_en: "the file lacks the sheet that `sheet` in the manifest or `read.xlsx.sheet` of the kind names.",
};

/// `evidence/too-large`.
pub static TOO_LARGE: Code = Code {
    id: "evidence/too-large",
    level: Level::Error,
    explain_zh: "文件超出大小、行数（ODS）、列数、单元格长度、表数、合并区域或文件个数的限制。",
    explain_en: "a limit on size, rows (ODS), columns, cell length, sheets, merged regions or number of files is exceeded.",
};

/// `evidence/too-deep`.
pub static TOO_DEEP: Code = Code {
    id: "evidence/too-deep",
    level: Level::Error,
    explain_zh: "文档或文件夹的嵌套超过限制。",
    explain_en: "a document or folder is nested more deeply than allowed.",
};

/// `evidence/not-regular`.
pub static NOT_REGULAR: Code = Code {
    id: "evidence/not-regular",
    level: Level::Warning,
    explain_zh: "这不是普通文件（管道、设备、套接字等），没有打开。",
    explain_en: "this is not a regular file (a pipe, device, socket …) and was not opened.",
};

/// `evidence/outside-workspace`.
pub static OUTSIDE_WORKSPACE: Code = Code {
    id: "evidence/outside-workspace",
    level: Level::Error,
    explain_zh: "符号链接或路径指向工作区之外，没有读取。",
    explain_en: "the link or path leads out of the workspace and was not followed.",
};

/// `evidence/folder-cycle`.
pub static FOLDER_CYCLE: Code = Code {
    id: "evidence/folder-cycle",
    level: Level::Warning,
    explain_zh: "文件夹的链接指回它自己的上级，没有跟随。",
    explain_en: "a linked folder leads back into one of its own parents and was not followed.",
};

/// `evidence/file-name`.
pub static FILE_NAME: Code = Code {
    id: "evidence/file-name",
    level: Level::Warning,
    explain_zh: "文件名不是 UTF-8，没有读取。请改名。",
    explain_en: "the name of the file is not UTF-8; it was not read. Rename it.",
};

/// `evidence/similar-names`.
pub static SIMILAR_NAMES: Code = Code {
    id: "evidence/similar-names",
    level: Level::Warning,
    explain_zh: "两个文件的名字只差大小写，或只差同一个字的 Unicode 写法（组合与分解）。两个都会读取；在别的系统上只能留下一个，清单指的是哪一个也分不清。",
    explain_en: "the names of two files differ only by case, or by the Unicode form of a character (composed or decomposed). Both are read; on other systems only one of them could exist, and which of them a manifest means cannot be told.",
};

/// `evidence/two-kinds`.
pub static TWO_KINDS: Code = Code {
    id: "evidence/two-kinds",
    level: Level::Error,
    explain_zh: "一个文件符合两种以上证据类型，未被采用；或者清单写明的类型与它的文件名、列不符。它可能所属的每个类型都算不完整。请在 manifest.yaml 中写明正确的 kind。",
    explain_en: "one file matches several evidence kinds and was not used, or is stated to be of a kind that neither its name nor its columns are of. Every kind that it may belong to is incomplete. State the right `kind` in manifest.yaml.",
};

/// `evidence/unused-file`.
pub static UNUSED_FILE: Code = Code {
    id: "evidence/unused-file",
    level: Level::Warning,
    explain_zh: "文件不符合任何证据类型的文件名和表头，未被采用。",
    explain_en: "the file matches no evidence kind, by name or by header, and was not used.",
};

/// `evidence/missing-file`.
pub static MISSING_FILE: Code = Code {
    id: "evidence/missing-file",
    level: Level::Error,
    explain_zh: "清单列出的文件不存在。",
    explain_en: "a file that the manifest lists is not there.",
};

/// `evidence/stated-twice`.
pub static STATED_TWICE: Code = Code {
    id: "evidence/stated-twice",
    level: Level::Error,
    explain_zh: "清单把同一个文件列出了两次。",
    explain_en: "the manifest lists one file twice.",
};

/// `evidence/unknown-kind`.
pub static UNKNOWN_KIND: Code = Code {
    id: "evidence/unknown-kind",
    level: Level::Error,
    explain_zh: "清单写明的证据类型不存在。",
    explain_en: "the manifest names an evidence kind that does not exist.",
};

/// `evidence/header`.
pub static HEADER: Code = Code {
    id: "evidence/header",
    level: Level::Error,
    explain_zh: "没有找到表头行：没有一行含有该证据类型的列名。",
    explain_en: "no header row was found: no row has a column name of the kind.",
};

/// `evidence/repeated-header`.
pub static REPEATED_HEADER: Code = Code {
    id: "evidence/repeated-header",
    level: Level::Warning,
    explain_zh: "表头在数据行之间又出现了（几份导出拼在一起，或每页打印一次表头）。与表头完全相同的行不是数据，跳过不读，也不计入行数。",
    explain_en: "the header stands again among the rows (exports joined by hand, or a header on each printed page). A row equal to the header is no data: it is skipped and not counted as a row.",
};

/// `evidence/duplicate-column`.
pub static DUPLICATE_COLUMN: Code = Code {
    id: "evidence/duplicate-column",
    level: Level::Error,
    explain_zh: "两列都对应同一个字段，不能判断以哪一列为准。",
    explain_en: "two columns claim the same field, and which of them is meant cannot be told.",
};

/// `evidence/missing-column`.
pub static MISSING_COLUMN: Code = Code {
    id: "evidence/missing-column",
    level: Level::Error,
    explain_zh: "文件缺少检查需要的列。",
    explain_en: "the file lacks a column that a check needs.",
};

/// `evidence/unread-sheet`.
pub static UNREAD_SHEET: Code = Code {
    id: "evidence/unread-sheet",
    level: Level::Error,
    explain_zh: "工作簿的一张表（或网页的一个表格）可能也有该类型的行，而不能判断：有大部分列却缺少每行必有的列，接着上一张表却没有表头，或看名称像是示例。证据因此不完整。",
    explain_en: "a sheet of a workbook, or a table of a page, may have rows of the kind, too, and nobody can tell: it has most columns and lacks one that every row must have, it goes on without a header where the sheet before it ended, or it is called an example. The evidence is incomplete.",
};

/// `evidence/extra-column`.
pub static EXTRA_COLUMN: Code = Code {
    id: "evidence/extra-column",
    level: Level::Warning,
    explain_zh: "文件有证据类型没有声明的列，未被使用；列名可能写错了。",
    explain_en: "the file has columns that the kind does not declare; they are not used, and a name may be misspelt.",
};

/// `evidence/empty`.
pub static EMPTY: Code = Code {
    id: "evidence/empty",
    level: Level::Error,
    explain_zh: "文件没有数据行，清单也没有写明 rows: 0（零报告），或该类型不允许为空。",
    explain_en: "the file has no rows, and no nil return (`rows: 0` in the manifest, of a kind that may be empty) says that none is right.",
};

/// `evidence/stale`.
pub static STALE: Code = Code {
    id: "evidence/stale",
    level: Level::Error,
    explain_zh: "证据的采集日期早于该类型允许的期限。",
    explain_en: "the evidence was captured longer ago than its kind allows.",
};

/// `evidence/undated`.
pub static UNDATED: Code = Code {
    id: "evidence/undated",
    level: Level::Error,
    explain_zh: "不知道证据何时采集：清单没有写明，数据没有时间列，文件名也没有日期。",
    explain_en: "when the evidence was captured is unknown: the manifest does not say, the data has no time, the file name no date.",
};

/// `evidence/future`.
pub static FUTURE: Code = Code {
    id: "evidence/future",
    level: Level::Warning,
    explain_zh: "时间晚于基准日，或采集日期早于数据自身的时间。",
    explain_en: "a time lies after the as-of date, or the capture is dated before the data's own time.",
};

/// `evidence/rows-stated`.
pub static ROWS_STATED: Code = Code {
    id: "evidence/rows-stated",
    level: Level::Error,
    explain_zh: "读到的行数与清单或文件自己（表头上方、表格下方）写明的行数不同。少了的，证据不完整。",
    explain_en: "the number of rows differs from what the manifest, or the file itself above or below its table, states. If there are fewer, the evidence is incomplete.",
};

/// `evidence/part-stated`.
pub static PART_STATED: Code = Code {
    id: "evidence/part-stated",
    level: Level::Error,
    explain_zh: "文件自己写明只是一部分：是几页中的某页，达到导出条数的上限，或按某种条件筛选过。缺页、达到上限、按证据种类的某一列（日期除外）筛选的，证据不完整。请导出全部行；分页的，请把各页放在同一文件中，或写明总条数。",
    explain_en: "the file says itself that it is a part: a page of several, as many rows as an export takes, what a filter let through. Where pages are missing, the limit is reached, or a column of the kind other than a date was filtered by, the evidence is incomplete. Export all rows; put all pages into one file, or have it state the number of rows.",
};

/// `evidence/filter-stated`.
pub static FILTER_STATED: Code = Code {
    id: "evidence/filter-stated",
    level: Level::Warning,
    explain_zh: "文件自己写明了筛选条件，而其中没有该证据种类的列。请确认没有筛掉应有的行；不影响判定。",
    explain_en: "the file states a filter that names no column of the kind. See to it that no row is left out that belongs here; no outcome changes.",
};

/// `evidence/period-stated`.
pub static PERIOD_STATED: Code = Code {
    id: "evidence/period-stated",
    level: Level::Warning,
    explain_zh: "数据的时间范围与清单或文件自己写明的期间不同。",
    explain_en: "the days the data covers differ from the period that the manifest or the file itself states.",
};

/// `evidence/sequence-gap`.
pub static SEQUENCE_GAP: Code = Code {
    id: "evidence/sequence-gap",
    level: Level::Error,
    explain_zh: "文件有“序号”一列，而中间缺了号：有行被筛选掉或删除了，证据不完整。请重新导出全部行。",
    explain_en: "the file numbers its rows, and numbers are left out: rows were filtered or deleted, so the evidence is incomplete. Export all rows again.",
};

/// `evidence/sequence-start`.
pub static SEQUENCE_START: Code = Code {
    id: "evidence/sequence-start",
    level: Level::Warning,
    explain_zh: "文件有“序号”一列，而第一个号不是 1：前面的行可能在另一个文件里，也可能被删去了。",
    explain_en: "the file numbers its rows and does not begin with 1: the rows before may be in another file, or may have been taken away.",
};

/// `evidence/captured-stated`.
pub static CAPTURED_STATED: Code = Code {
    id: "evidence/captured-stated",
    level: Level::Warning,
    explain_zh: "清单写明的采集日期与文件名中的日期不同，以清单为准。",
    explain_en: "the day of capture that the manifest states differs from the date in the file's name; the manifest counts.",
};

/// `evidence/changed`.
pub static CHANGED: Code = Code {
    id: "evidence/changed",
    level: Level::Error,
    explain_zh: "文件与清单写明的 SHA-256 不符，或者在读取时被改动。",
    explain_en: "the file differs from the SHA-256 that the manifest states, or changed while it was read.",
};

/// `evidence/duplicate-file`.
pub static DUPLICATE_FILE: Code = Code {
    id: "evidence/duplicate-file",
    level: Level::Warning,
    explain_zh: "两个文件内容完全相同，其中的行只计一次。",
    explain_en: "two files have the same bytes; their rows count once.",
};

/// `evidence/duplicate-key`.
pub static DUPLICATE_KEY: Code = Code {
    id: "evidence/duplicate-key",
    level: Level::Error,
    explain_zh: "多行的主键相同；这些行的主键列都不可采信，也不知道是几件事，因此该类证据不完整。",
    explain_en: "several rows have the same key; the key columns of all of them count as unreadable, and as nobody can tell how many cases they are, the evidence is incomplete.",
};

/// `evidence/syntax`.
pub static SYNTAX: Code = Code {
    id: "evidence/syntax",
    level: Level::Error,
    explain_zh: "文件不是有效的 JSON、YAML 或 XML。",
    explain_en: "the file is not valid JSON, YAML or XML.",
};

/// `evidence/duplicate-name`.
pub static DUPLICATE_NAME: Code = Code {
    id: "evidence/duplicate-name",
    level: Level::Error,
    explain_zh: "同一个对象中有两个相同的键。",
    explain_en: "one object has the same key twice.",
};

/// `evidence/unclosed-quote`.
pub static UNCLOSED_QUOTE: Code = Code {
    id: "evidence/unclosed-quote",
    level: Level::Error,
    explain_zh: "引号没有闭合，文件可能被截断。",
    explain_en: "a quote is never closed; the file may have been cut short.",
};

/// `evidence/rows-pointer`.
pub static ROWS_POINTER: Code = Code {
    id: "evidence/rows-pointer",
    level: Level::Error,
    explain_zh: "文件中没有证据类型 `rows` 所指的位置。",
    explain_en: "the file has nothing at the place that `rows` of the kind names.",
};

/// `evidence/not-a-list`.
pub static NOT_A_LIST: Code = Code {
    id: "evidence/not-a-list",
    level: Level::Error,
    explain_zh: "这里应当是列表或对象，实际不是。",
    explain_en: "a list or an object belongs here, and something else stands there.",
};

/// `evidence/ambiguous-key`.
pub static AMBIGUOUS_KEY: Code = Code {
    id: "evidence/ambiguous-key",
    level: Level::Error,
    explain_zh: "一行连接到两个以上的对象，不能判断以哪一个为准；连接的列不可采信。",
    explain_en: "a row joins two or more partners, and which of them is meant cannot be told; the joined columns count as unreadable.",
};

/// All of them.
pub const ALL: &[&Code] = &[
    &UNREADABLE_CELL,
    &REJECTED_ROW,
    &UNREADABLE_FILE,
    &ENCODING,
    &FORMAT,
    &ENCRYPTED,
    &COMMENTS,
    &CONDITIONAL_FORMAT,
    &OUTSIDE_TABLE,
    &MACROS,
    &HIDDEN,
    &MERGED_CELLS,
    &UNUSED_SHEET,
    &NO_SHEET,
    &TOO_LARGE,
    &TOO_DEEP,
    &NOT_REGULAR,
    &OUTSIDE_WORKSPACE,
    &FOLDER_CYCLE,
    &FILE_NAME,
    &SIMILAR_NAMES,
    &TWO_KINDS,
    &UNUSED_FILE,
    &MISSING_FILE,
    &STATED_TWICE,
    &UNKNOWN_KIND,
    &HEADER,
    &REPEATED_HEADER,
    &DUPLICATE_COLUMN,
    &MISSING_COLUMN,
    &UNREAD_SHEET,
    &EXTRA_COLUMN,
    &EMPTY,
    &STALE,
    &UNDATED,
    &FUTURE,
    &ROWS_STATED,
    &PART_STATED,
    &FILTER_STATED,
    &PERIOD_STATED,
    &SEQUENCE_GAP,
    &SEQUENCE_START,
    &CAPTURED_STATED,
    &CHANGED,
    &DUPLICATE_FILE,
    &DUPLICATE_KEY,
    &SYNTAX,
    &DUPLICATE_NAME,
    &UNCLOSED_QUOTE,
    &ROWS_POINTER,
    &NOT_A_LIST,
    &AMBIGUOUS_KEY,
];
