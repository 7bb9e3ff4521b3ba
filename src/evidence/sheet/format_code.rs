//! Format codes of workbooks: sections, the condition of each, and which of them is that of a number.

use super::number::Format;
use crate::evidence::cells::Dress;

/// Numbers that a section is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Condition {
    Always,
    Less(f64),
    AtMost(f64),
    Equal(f64),
    Unequal(f64),
    AtLeast(f64),
    Greater(f64),
}

impl Condition {
    /// What stands in brackets in a code (`>=60`), or behind `value()` in an ODS.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = text.trim_start_matches(['<', '>', '=', '!']);
        let sign = text.get(..text.len() - number.len())?;
        let number = number.trim().parse().ok()?;
        Some(match sign {
            "<" => Self::Less(number),
            "<=" => Self::AtMost(number),
            "=" => Self::Equal(number),
            "<>" | "!=" => Self::Unequal(number),
            ">=" => Self::AtLeast(number),
            ">" => Self::Greater(number),
            _ => return None,
        })
    }

    #[expect(clippy::float_cmp, reason = "programs compare so")]
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Always => true,
            Self::Less(bound) => value < bound,
            Self::AtMost(bound) => value <= bound,
            Self::Equal(bound) => value == bound,
            Self::Unequal(bound) => value != bound,
            Self::AtLeast(bound) => value >= bound,
            Self::Greater(bound) => value > bound,
        }
    }
}

/// Sections that a code has for numbers.
const SECTIONS: usize = 4;

/// What a format code such as `0;-0;"-"` makes of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FormatCode([(Condition, Format); SECTIONS]);

impl Default for FormatCode {
    fn default() -> Self {
        Self::from(Format::Number)
    }
}

impl From<Format> for FormatCode {
    fn from(format: Format) -> Self {
        Self([(Condition::Always, format); SECTIONS])
    }
}

impl FormatCode {
    /// The sections of a code; those without a condition go by the sign.
    pub(crate) fn of(code: &str) -> Self {
        let mut parts = sections(code);
        let is_single = parts.len() == 1;
        // The fourth is for texts, or the last that has the sign for one.
        if parts.len() >= SECTIONS || (!is_single && parts.last().is_some_and(|(_, is_text)| *is_text)) {
            parts.truncate(parts.len().min(SECTIONS) - 1);
        }
        let count = parts.len();
        let section = |(at, &(part, _)): (usize, &(&str, bool))| {
            let by_sign = match (at, count) {
                (0, 2) => Condition::AtLeast(0.0),
                (0, 3..) => Condition::Greater(0.0),
                (1, 3..) => Condition::Less(0.0),
                _ => Condition::Always,
            };
            // Of nought these are blanks: `"-"??` puts a dash where the others have digits.
            let part = if at == 2 && !part.contains(['0', '#']) { part.replace('?', "") } else { part.to_owned() };
            let format = if part.is_empty() && !is_single { Format::Nothing } else { Format::of(&part) };
            (condition(&part).unwrap_or(by_sign), format)
        };
        Self::of_sections(parts.iter().enumerate().map(section))
    }

    /// Sections in the order in which they are tried; the last is for what is left.
    pub(crate) fn of_sections(sections: impl Iterator<Item = (Condition, Format)>) -> Self {
        let mut all = [(Condition::Always, Format::Number); SECTIONS];
        let mut count = 0_usize;
        for (place, section) in all.iter_mut().zip(sections) {
            *place = section;
            count += 1;
        }
        let last = count.checked_sub(1).and_then(|last| all.get(last)).map_or(Format::Number, |(_, format)| *format);
        all.iter_mut().skip(count.max(1) - 1).for_each(|place| *place = (Condition::Always, last));
        // One that decides alone costs nothing to ask.
        if all.iter().all(|(_, format)| *format == last) { Self::from(last) } else { Self(all) }
    }

    /// The formats with a number of their own.
    pub(crate) fn built_in(id: u16) -> Self {
        Self::from(Format::built_in(id))
    }

    /// Whether it shows every number as it is.
    pub(crate) fn is_plain(self) -> bool {
        matches!(self.0.first(), Some((Condition::Always, Format::Number)))
    }

    fn is_single(self) -> bool {
        matches!(self.0.first(), Some((Condition::Always, _)))
    }

    /// Whether it hides numbers, or shows words with them or in their place.
    pub(crate) fn hides(self) -> bool {
        self.0.iter().any(|(_, format)| match format {
            Format::Nothing => true,
            Format::Dressed(dress) => *dress >= Dress::Counting,
            _ => false,
        })
    }

    /// What becomes of a number, which is worked out where there are several sections.
    pub(crate) fn for_value(self, value: impl Fn() -> f64) -> Format {
        let found = self.0.iter().find(|(condition, _)| *condition == Condition::Always || condition.holds(value()));
        match found.map_or(Format::Number, |(_, format)| *format) {
            // The sign of a section for what is below nought.
            Format::Dressed(Dress::Signs) if value() < 0.0 && !self.is_single() => Format::Number,
            // Nobody sees that there is one.
            Format::Nothing if value() != 0.0 => Format::Dressed(Dress::Words),
            format => format,
        }
    }
}

/// The sections of a code, parted by `;` where that is neither quoted nor escaped, and whether each has the sign for a text.
fn sections(code: &str) -> Vec<(&str, bool)> {
    let (mut quoted, mut escaped, mut is_text, mut start) = (false, false, false, 0);
    let mut parts = Vec::new();
    for (at, c) in code.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => escaped = true,
            '@' if !quoted => is_text = true,
            ';' if !quoted => {
                parts.extend(code.get(start..at).map(|part| (part, is_text)));
                (start, is_text) = (at + 1, false);
            }
            _ => {}
        }
    }
    parts.extend(code.get(start..).map(|part| (part, is_text)));
    parts
}

/// The condition of a section: `=0` of `[Red][=0]"-"`.
fn condition(section: &str) -> Option<Condition> {
    let mut rest = section.trim_start();
    while let Some((inside, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        if let Some(condition) = Condition::of(inside) {
            return Some(condition);
        }
        rest = behind.trim_start();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Format = Format::Dressed(Dress::Words);
    const SIGNS: Format = Format::Dressed(Dress::Signs);

    #[test]
    fn each_number_is_shown_by_the_section_that_is_for_it() {
        use Format::{Date, Nothing, Number};
        for (code, positive, zero, negative) in [
            ("General", Number, Number, Number),
            ("General;General;;@", Number, Nothing, Number),
            ("_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"??_ ;_ @_ ", Number, Nothing, Number),
            ("_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"_ ;_ @_ ", Number, Nothing, Number),
            ("0.00;[Red]0.00", Number, Number, Number),
            ("0.00_);(0.00)", Number, Number, Number),
            (";;;", WORDS, Nothing, WORDS),
            ("0;;", Number, Nothing, WORDS),
            ("0;;;@", Number, Nothing, WORDS),
            ("0;\"无效\"", Number, Number, WORDS),
            ("0;-0;\"-\"", Number, Nothing, Number),
            ("0;-0;\"无\"", Number, Nothing, Number),
            ("0;-0;\"∞\"", Number, WORDS, Number),
            ("0;-0;\"未检查\"", Number, WORDS, Number),
            ("0;-0;\"见附件@\"", Number, WORDS, Number),
            ("[=0]\"未检查\";0", Number, WORDS, Number),
            ("[=0]\"\";General", Number, Nothing, Number),
            ("[=0]\"\";0.00;@", Number, Nothing, Number),
            ("[=0]\"\";\\-0.0;0.0", Number, Nothing, Number),
            ("000-0000", SIGNS, SIGNS, SIGNS),
            ("[=0]\"\";\"少\"0;0.0", Number, Nothing, WORDS),
            ("[Red][=0]\"a;b\";0", Number, WORDS, Number),
            ("[<>0]0;\"未检查\"", Number, WORDS, Number),
            ("[>0]0;\"未检查\"", Number, WORDS, WORDS),
            ("[<0]-0;[=0]\"未检查\";0", Number, WORDS, Number),
            ("[<0]-0;[>0]0;\"未检查\"", Number, WORDS, Number),
            ("[>=60]0;\"不及格\"", WORDS, WORDS, WORDS),
            ("[<60]0;\"好\"", Number, Number, Number),
            ("[=1]\"是\";[=0]\"否\"", WORDS, WORDS, WORDS),
            ("0\\;;\"x\"", Number, Number, WORDS),
            ("yyyy/m/d", Date, Date, Date),
            ("yyyy/m/d;@", Date, Date, Date),
            ("yyyy/m/d;;", Date, Nothing, WORDS),
            ("yyyy/m/d;;;", Date, Nothing, WORDS),
            ("yyyy/m/d;;;@", Date, Nothing, WORDS),
            ("yyyy\"年;\"m/d;\"\";\"-\"", Date, Nothing, WORDS),
            ("[=0]\"\";yyyy/m/d", Date, Nothing, Date),
            ("yyyy/m/d;;\"未做\"", Date, WORDS, WORDS),
            ("[h]:mm;;", Format::Elapsed, Nothing, WORDS),
            ("00000;;;@", Format::Digits(5), Nothing, WORDS),
        ] {
            let code_of = FormatCode::of(code);
            let shown = [7.0, 0.0, -7.0].map(|value| code_of.for_value(|| value));
            assert_eq!(shown, [positive, zero, negative], "{code}");
        }
    }

    #[test]
    fn conditions_are_read_as_programs_write_them() {
        for (text, value, expected) in [
            ("=0", 0.0, Some(true)),
            ("<>0", 0.0, Some(false)),
            ("!=0", 1.0, Some(true)),
            (">=60", 60.0, Some(true)),
            ("<=1.7976931348623157E+308", 5.0, Some(true)),
            (">-1", 0.0, Some(true)),
            ("Red", 0.0, None),
            ("$-804", 0.0, None),
            ("", 0.0, None),
            ("=", 0.0, None),
        ] {
            assert_eq!(Condition::of(text).map(|condition| condition.holds(value)), expected, "{text}");
        }
    }

    #[test]
    fn what_hides_or_says_more() {
        for (code, expected) in [
            ("0.00", false),
            ("0%", false),
            ("yyyy/m/d", false),
            ("\"-\"0", false),
            (";;;", true),
            ("0;-0;\"未检查\"", true),
            ("0\"小时\"", true),
        ] {
            assert_eq!(FormatCode::of(code).hides(), expected, "{code}");
        }
    }
}
