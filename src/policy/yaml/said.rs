//! What the event parser complains of, in Chinese.

use granit_parser::ErrorKind as E;

/// The complaint in Chinese; the parser's own words are English.
pub(super) const fn in_chinese(kind: &E) -> &'static str {
    match kind {
        E::MappingValueNotAllowed => "这里不能再有 `键: 值`（文字里有冒号？）",
        E::InvalidColonPlacement | E::FlowMappingValueAdjacentCollection => "冒号的位置不对（文字里有冒号？）",
        E::InvalidMappingValueWhitespace => "冒号后面要有空格",
        E::MappingKeyNotAllowed => "这里不能有键",
        E::ExpectedBlockMappingKey => "缩进不齐，这里应是一个键",
        E::ExpectedBlockSequenceEntry => "缩进不齐，这里应是 `-` 开头的一项",
        E::ExpectedFlowMappingSeparator => "花括号里少了 `,` 或 `}`",
        E::ExpectedFlowSequenceSeparator => "方括号里少了 `,` 或 `]`",
        E::MismatchedFlowCollectionEnd { .. } => "括号不配对",
        E::MisplacedFlowCollectionEnd => "多了一个括号",
        E::SimpleKeyExpected | E::InvalidSimpleKey => "键后面少了 `:`",
        E::InvalidIndentation | E::InvalidFlowScalarIndent => "缩进不对",
        E::InvalidQuotedScalarIndent => "引号里的续行缩进不对",
        E::InvalidBlockScalarIndent => "块文字里有一行缩进不对",
        E::ZeroBlockScalarIndent | E::InvalidBlockScalarHeader => "`|` 或 `>` 之后只能写缩进数、`+`、`-` 或注释",
        E::UnexpectedCharacter { .. } => "这里不能以该字符开头，请加引号",
        E::PlainScalarStartsWithDashFlowIndicator => "`-` 后面紧跟着括号或逗号，请加引号",
        E::BlockSequenceEntryNotAllowed => "这里不能有 `-` 开头的一项",
        E::BlockEntryInFlowCollection => "括号里不能有 `-` 开头的一项（括号没有闭合？）",
        E::InvalidBlockEntryWhitespace => "`-` 后面要有空格",
        E::UnknownQuotedScalarEscape => "双引号里的转义不认识；反斜杠写两遍，或改用单引号",
        E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => "双引号里的字符转义不完整",
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => "引号之后还有多余的内容",
        E::DocumentIndicatorInQuotedScalar => "引号里不能有单独一行的 `---` 或 `...`",
        E::CommentInterceptedScalar => "注释把一段多行文字隔断了",
        E::CommentNotSeparated => "`#` 前面要有空格",
        E::ExpectedWhitespace => "这里要有空格",
        E::BomInsideDocument => "文件中间有 BOM 字符",
        E::UnknownAnchor => "别名没有对应的锚点",
        E::MissingAnchorOrAliasName => "`&` 或 `*` 后面要有名称；文字请加引号",
        E::UnexpectedEof
        | E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::UnexpectedEofBlockSequence
        | E::UnexpectedEofBlockMapping
        | E::UnexpectedEndOfPlainScalar => "文件提前结束",
        E::ExpectedNodeContent => "这里应有一个值",
        E::InvalidDocumentEnd | E::ExpectedDocumentStart | E::MissingDocumentEndBeforeDirective => {
            "`---` 或 `...` 之后的内容不对"
        }
        E::DuplicateVersionDirective
        | E::UnsupportedYamlMajorVersion
        | E::DuplicateTagDirective
        | E::InvalidDirectiveTerminator
        | E::DirectiveDisallowed
        | E::MissingYamlVersionSeparator
        | E::MissingDirectiveName
        | E::InvalidDirectiveName
        | E::DirectiveByteLimitExceeded { .. }
        | E::TooManyReservedDirectiveParams { .. }
        | E::YamlVersionTooLong
        | E::MissingYamlVersion
        | E::InvalidTagDirectiveTerminator => "`%` 开头的指令不对；文字请加引号",
        E::UndeclaredTagHandle
        | E::ExpectedTagBang
        | E::ExpectedTagDirectiveBang
        | E::InvalidGlobalTagCharacter
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::UnclosedVerbatimTag
        | E::InvalidTagEscape
        | E::InvalidTagUtf8LeadingByte
        | E::InvalidTagUtf8TrailingByte
        | E::InvalidTagUtf8 => "标签（`!` 开头）的写法不对；文字请加引号",
        _ => "这里的写法不对",
    }
}
