//! One YAML file → its tree, or what is wrong with it as YAML.

use std::sync::Arc;

use super::codes;
use super::yaml::{self, Fault, FaultKind, Limits, Node};
use crate::text::{Diagnostic, Place, Source, Span, Text};

/// Most bytes of a policy or workspace file.
pub(crate) const MAX_BYTES: u64 = 16 << 20;

/// The tree of a file. Faults are appended to `faults`; a broken file may still give a tree.
pub fn read_yaml(source: &Arc<Source>, faults: &mut Vec<Diagnostic>) -> Option<Node> {
    let (node, found) = yaml::parse(&source.text, Limits::default());
    let broken = !found.is_empty();
    faults.extend(found.into_iter().map(|fault| diagnostic(fault, source)));
    if node.is_none() && !broken {
        let message = Text::new("文件没有内容", "the file holds nothing");
        let help = Text::new("写上内容，或删去文件", "write something into it, or remove it");
        faults.push(Diagnostic::new(&codes::FILE_EMPTY, message).at(source, Span::default()).help(help));
    }
    node
}

fn diagnostic(fault: Fault, source: &Arc<Source>) -> Diagnostic {
    let at = |code, message| Diagnostic::new(code, message).at(source, fault.span);
    match fault.kind {
        FaultKind::Syntax { zh, en } => {
            let message = Text::new(format!("不是有效的 YAML：{zh}"), format!("not valid YAML: {en}"));
            at(&codes::YAML_SYNTAX, message).help(Text::new(
                "检查缩进、引号和括号；含有 `: ` 或 ` #` 的文字请加引号",
                "check indentation, quotes and brackets; quote a text that holds `: ` or ` #`",
            ))
        }
        FaultKind::Tab => at(&codes::YAML_SYNTAX, Text::new("这里不能用制表符", "a tab cannot stand here"))
            .help(Text::new("缩进请用空格", "indent with spaces")),
        FaultKind::Unclosed(what) if what == "quote" => {
            at(&codes::YAML_SYNTAX, Text::new("引号没有闭合", "a quote is never closed")).help(Text::new(
                "补上另一半引号，否则后面别处的引号会被当成它的另一半",
                "add the closing quote, or the next one further down is taken for it",
            ))
        }
        FaultKind::Unclosed(bracket) => {
            let message = Text::new(format!("括号 `{bracket}` 没有闭合"), format!("`{bracket}` is never closed"));
            at(&codes::YAML_SYNTAX, message).help(Text::new("补上另一半括号", "add the closing bracket"))
        }
        FaultKind::DuplicateKey(key, first) => {
            let message = Text::new(format!("键 `{key}` 写了两次"), format!("key `{key}` stands twice"));
            at(&codes::YAML_DUPLICATE_KEY, message)
                .label(Text::new("第二次", "the second time"))
                .related(
                    Place::Source { source: Arc::clone(source), span: first },
                    Text::new("第一次", "the first time"),
                )
                .help(Text::new("删去其中一个", "remove one of them"))
        }
        FaultKind::ComplexKey => {
            at(&codes::YAML_KEY, Text::new("键不能是清单或映射", "a key cannot be a list or a mapping"))
                .help(Text::new("键写成文字", "write a text as the key"))
        }
        FaultKind::TooDeep(limit) => at(
            &codes::YAML_LIMIT,
            Text::new(format!("嵌套超过 {limit} 层"), format!("nested more than {limit} levels deep")),
        )
        .help(Text::new("减少嵌套", "nest less deeply")),
        FaultKind::TooManyNodes(limit) => at(
            &codes::YAML_LIMIT,
            Text::new(
                format!("展开别名后超过 {limit} 个节点"),
                format!("more than {limit} nodes once aliases are followed"),
            ),
        )
        .help(Text::new(
            "删去成倍展开的别名，或分成几个文件",
            "remove aliases that multiply one another, or split the file",
        )),
        FaultKind::TooManyAliases(limit) => {
            at(&codes::YAML_LIMIT, Text::new(format!("别名超过 {limit} 个"), format!("more than {limit} aliases")))
                .help(Text::new("把值直接写出来", "write the values out"))
        }
        FaultKind::TooManyRepeated(limit) => at(
            &codes::YAML_LIMIT,
            Text::new(format!("别名重复的节点超过 {limit} 个"), format!("aliases repeat more than {limit} nodes")),
        )
        .help(Text::new("把值直接写出来", "write the values out")),
        FaultKind::Alias => at(
            &codes::YAML_ALIAS,
            Text::new("别名没有可用的锚点", "the alias names no anchor that is complete before it"),
        )
        .help(Text::new("`*` 开头的文字请加引号", "quote a text that starts with `*`")),
        FaultKind::Tag => at(&codes::YAML_TAG, Text::new("不接受 YAML 标签", "YAML tags are refused"))
            .help(Text::new("删去标签；`!` 开头的文字请加引号", "remove the tag; quote a text that starts with `!`")),
        FaultKind::SecondDocument => {
            at(&codes::YAML_DOCUMENTS, Text::new("文件里有第二份文档", "the file holds a second document"))
                .help(Text::new("分成两个文件", "put it into a file of its own"))
        }
    }
}
