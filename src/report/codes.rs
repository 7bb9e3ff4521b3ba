//! Codes of the faults found in report templates and locales that a workspace lays over the shipped ones.

use crate::text::{Code, Level};

/// A template that cannot be used.
pub static TEMPLATE: Code = Code {
    id: "report/template",
    level: Level::Error,
    explain_zh: "报告模板无法使用：不是有效的 minijinja 模板，用了没有的名称、过滤器或用词，或者做得太多而被停下。报告改用内置模板写出。",
    explain_en: "A report template cannot be used: it is no valid minijinja template, uses a name, filter or word that is not there, or did so much that it was stopped. The report is written with the shipped template instead.",
};

/// A word that cannot be used.
pub static LOCALE: Code = Code {
    id: "report/locale",
    level: Level::Error,
    explain_zh: "用词文件里的这一项无法使用：必须是一行不含控制字符的文字，占位符与内置用词相同，不与同类另一项的用词相同；自己增加的键要两种语言都有。其余各项照用。",
    explain_en: "This entry of a locale cannot be used: a word is one line of text without control characters, has the placeholders of the shipped word and is not that of another thing of its kind; a key of one's own stands in both languages. The other entries count.",
};

/// A word that nothing uses.
pub static UNUSED_WORD: Code = Code {
    id: "report/unused-word",
    level: Level::Warning,
    explain_zh: "用词文件里的这个键既不是内置的，模板里也没有用到，多半是拼错了。",
    explain_en: "A key of a locale is neither one of the shipped ones nor used by the template: most likely misspelt.",
};

/// A file that nothing uses.
pub static UNUSED_FILE: Code = Code {
    id: "report/unused-file",
    level: Level::Warning,
    explain_zh: "模板文件夹里的这个文件没有被任何报告使用，或者整个文件夹里没有可用的文件。",
    explain_en: "No report uses this file of the template folder, or the folder has no file that any report uses.",
};

/// Every code of this layer.
pub const ALL: &[&Code] = &[&TEMPLATE, &LOCALE, &UNUSED_WORD, &UNUSED_FILE];
