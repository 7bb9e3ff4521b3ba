//! What other libraries and the operating system say, in both languages.
//!
//! They speak English. What is not known here is said in general words in Chinese: the caret shows the place.

use super::Text;

/// Why a file cannot be read or written: what the operating system or, of compressed data, the library says.
pub fn io(error: &std::io::Error) -> Text {
    use std::io::ErrorKind as E;
    if error.raw_os_error().is_none()
        && let Some(text) = damaged(&error.to_string())
    {
        return text;
    }
    let zh = match error.kind() {
        E::NotFound => "文件或文件夹不存在",
        E::PermissionDenied => "没有权限",
        E::AlreadyExists => "已经存在",
        E::NotADirectory => "路径中有一段不是文件夹",
        E::IsADirectory => "是文件夹",
        E::DirectoryNotEmpty => "文件夹不为空",
        E::ReadOnlyFilesystem => "文件系统只读",
        E::StorageFull => "磁盘已满",
        E::QuotaExceeded => "超出磁盘配额",
        E::FileTooLarge => "文件过大",
        E::InvalidFilename => "文件名不可用",
        E::InvalidData => "内容不是预期的格式",
        E::UnexpectedEof => "文件提前结束",
        E::Interrupted => "被中断",
        E::OutOfMemory => "内存不足",
        _ if error.raw_os_error() == Some(LOOP) => "链接绕成了圈",
        _ => "系统拒绝",
    };
    Text::new(zh, error.to_string())
}

/// What is wrong with compressed data.
fn damaged(detail: &str) -> Option<Text> {
    let known = [
        ("checksum", "压缩数据已损坏：校验值不符", "the compressed data is damaged: its checksum does not match"),
        ("deflate", "压缩数据已损坏", "the compressed data is damaged"),
        ("gzip header", "压缩数据已损坏：开头不是 `gzip`", "the compressed data is damaged: it has no gzip header"),
    ];
    let (_, zh, en) = known.iter().find(|(words, ..)| detail.contains(words))?;
    Some(Text::new(*zh, *en))
}

/// `ELOOP`, for which there is no kind.
const LOOP: i32 = if cfg!(target_os = "linux") { 40 } else { 62 };

/// Why a glob is refused, from what the engine says of it.
pub fn glob(detail: &str) -> Text {
    let known = [
        ("unclosed character class", "方括号没有闭合"),
        ("invalid range", "字符范围首尾颠倒"),
        ("unopened alternate", "多了一个 `}`"),
        ("unclosed alternate", "花括号没有闭合"),
        ("dangling", "末尾多了一个反斜杠"),
    ];
    Text::new(known.iter().find(|(english, _)| detail.contains(english)).map_or("写法有误", |(_, zh)| zh), detail)
}

/// Why a text is not the JSON it should be.
pub fn json(error: &serde_json::Error) -> Text {
    use serde_json::error::Category as C;
    let (line, column) = (error.line(), error.column());
    let zh = match error.classify() {
        C::Eof => "内容提前结束".to_owned(),
        C::Syntax => format!("第 {line} 行第 {column} 列不是有效的 JSON"),
        C::Data => format!("第 {line} 行第 {column} 列与格式不符"),
        C::Io => "系统拒绝".to_owned(),
    };
    Text::new(zh, error.to_string())
}

/// Why a regular expression is refused, from the last line of the engine's account.
pub fn regex(detail: &str) -> Text {
    let known = [
        ("look-around", "不支持环视"),
        ("backreferences", "不支持反向引用"),
        ("unclosed group", "圆括号没有闭合"),
        ("unopened group", "多了一个右圆括号"),
        ("unclosed character class", "方括号没有闭合"),
        ("character class range", "字符范围首尾颠倒"),
        ("range boundary", "字符范围的两端应是单个字符"),
        ("repetition operator missing", "重复符号前面没有可重复的内容"),
        ("repetition count", "重复次数首尾颠倒"),
        ("repetition quantifier", "重复次数应是整数"),
        ("unclosed counted repetition", "花括号没有闭合"),
        ("escape sequence", "反斜杠后面的字符不认识"),
        ("hexadecimal", "十六进制字符写法不对"),
        ("capture group name", "分组名称写法不对"),
        ("flag", "`(?…)` 里的标志不认识"),
        ("Unicode", "没有这种字符类别"),
        ("nested", "括号嵌套过深"),
        ("size limit", "展开后过大"),
    ];
    Text::new(known.iter().find(|(english, _)| detail.contains(english)).map_or("写法有误", |(_, zh)| zh), detail)
}

/// Statements that a finding text may use.
const STATEMENTS: [&str; 8] = ["if", "elif", "else", "endif", "for", "endfor", "set", "endset"];

/// Why a finding text is no template, and what to do.
pub fn template(detail: &str) -> (Text, Text) {
    let write = Text::new("列写作 `{{ 列名 }}`", "write a column as `{{ column }}`");
    if let Some(word) = detail.strip_prefix("unknown statement ") {
        let list = STATEMENTS.map(|known| format!("`{known}`")).join(", ");
        let help = match super::suggest::nearest(word, STATEMENTS) {
            Some(near) => Text::new(format!("是否想写 `{near}`？"), format!("did you mean `{near}`?")),
            None => Text::new(format!("可用的语句：{list}"), format!("statements are {list}")),
        };
        return (Text::new(format!("没有语句 `{word}`"), format!("there is no statement `{word}`")), help);
    }
    let Some((found, wanted)) = detail.strip_prefix("unexpected ").and_then(|rest| rest.split_once(", expected "))
    else {
        return (Text::new("写法有误", detail), write);
    };
    let zh = format!("这里应为{}，却是{}", token(wanted), token(found));
    let help = match wanted {
        "end of variable block" => Text::new("补上 `}}`", "close it with `}}`"),
        "end of block" if found != "end of input" => Text::new("补上 `%}`", "close it with `%}`"),
        _ if found == "end of input" => Text::new(
            "补上没有写完的部分，如 `}}`、`%}`、`{% endif %}`",
            "write what is missing, such as `}}`, `%}` or `{% endif %}`",
        ),
        _ => write,
    };
    (Text::new(zh, detail), help)
}

/// A token as the template engine calls it.
fn token(name: &str) -> &str {
    match name {
        "end of input" => "文字结束",
        "start of variable block" => "`{{`",
        "end of variable block" => "`}}`",
        "start of block" => "`{%`",
        "end of block" => "`%}`",
        "identifier" => "名称",
        "string" => "文字",
        "integer" | "float" => "数字",
        "template-data" => "普通文字",
        quoted if quoted.starts_with('`') => quoted,
        "expression" => "表达式",
        _ => "别的内容",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No run of Latin letters outside backticks.
    fn is_chinese(text: &str) -> bool {
        let outside: String = text.split('`').step_by(2).collect();
        outside.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
            && !outside.chars().any(|c| c.is_ascii_alphabetic())
    }

    #[test]
    fn refusals_of_the_system_are_said_in_chinese() {
        for kind in [std::io::ErrorKind::NotFound, std::io::ErrorKind::PermissionDenied, std::io::ErrorKind::Other] {
            let text = io(&std::io::Error::from(kind));
            assert!(is_chinese(&text.zh) && !is_chinese(&text.en), "{text:?}");
        }
    }

    #[test]
    fn damage_of_compressed_data_is_not_the_system_refusing() {
        for (detail, zh, en) in [
            (
                "corrupt gzip stream does not have a matching checksum",
                "压缩数据已损坏：校验值不符",
                "the compressed data is damaged: its checksum does not match",
            ),
            ("corrupt deflate stream", "压缩数据已损坏", "the compressed data is damaged"),
            (
                "invalid gzip header",
                "压缩数据已损坏：开头不是 `gzip`",
                "the compressed data is damaged: it has no gzip header",
            ),
        ] {
            let text = io(&std::io::Error::new(std::io::ErrorKind::InvalidInput, detail));
            assert!(is_chinese(&text.zh), "{text:?}");
            assert_eq!((text.zh.as_str(), text.en.as_str()), (zh, en));
        }
    }

    #[test]
    fn faults_of_regular_expressions_are_said_in_chinese() {
        let patterns = [
            "(a",
            "a)",
            "[a",
            "[z-a]",
            "*a",
            "a{2,1}",
            "a{x}",
            "\\y",
            "(?=a)b",
            "(a)\\1",
            "(?q)a",
            "\\p{Nothing}",
            "a{1",
        ];
        let limit = std::iter::once("((a{1000}){1000}){1000}");
        for pattern in patterns.into_iter().chain(limit) {
            let error = ::regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
            let Err(error) = error else { continue };
            let said = error.to_string();
            let text = regex(said.lines().last().unwrap_or_default().trim_start_matches("error: "));
            assert!(is_chinese(&text.zh), "{pattern}: {text:?}");
            assert_ne!(text.zh, "写法有误", "{pattern}: {text:?}");
        }
    }

    #[test]
    fn faults_of_finding_texts_are_said_in_chinese_with_help() {
        let cases = [
            ("{{ a", "}}"),
            ("{{ a }", "}}"),
            ("{% if a %}x", "endif"),
            ("{% if a %}x{% endfi %}", "did you mean `endif`?"),
            ("{% while a %}x", "statements are"),
            ("{{ a b }}", "}}"),
            ("{{ 'a }}", ""),
            ("{% if %}x{% endif %}", "write a column"),
        ];
        for (text, help) in cases {
            let Err(fault) = super::super::message::Message::parse(text) else { panic!("{text}") };
            let (said, what) = template(&fault.detail);
            assert!(is_chinese(&said.zh), "{text}: {said:?}");
            assert!(what.en.contains(help), "{text}: {said:?} {what:?}");
        }
    }
}
