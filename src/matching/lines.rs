//! Whether a regex can be read line by line, told by its syntax alone.

use regex_syntax::ast::{AssertionKind, Ast, Flag, GroupKind};

use super::set::Set;

/// Says whether every match lies within a line and is found when the line is all there is.
pub(crate) fn stays_on_line(ast: &Ast) -> bool {
    match ast {
        Ast::Empty(_) | Ast::Dot(_) => true,
        Ast::Literal(literal) => literal.c != '\n',
        Ast::ClassBracketed(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => {
            Set::of(ast).is_some_and(|set| !set.has('\n'))
        }
        Ast::Repetition(repetition) => stays_on_line(&repetition.ast),
        Ast::Concat(concat) => concat.asts.iter().all(stays_on_line),
        Ast::Alternation(alternation) => alternation.asts.iter().all(stays_on_line),
        Ast::Assertion(assertion) => assertion.kind == AssertionKind::WordBoundary,
        Ast::Group(group) => match &group.kind {
            GroupKind::NonCapturing(flags) if !flags.items.is_empty() => match &*group.ast {
                Ast::Assertion(assertion) if assertion.kind == AssertionKind::StartLine => {
                    flags.flag_state(Flag::MultiLine) == Some(true)
                }
                Ast::Assertion(assertion) => assertion.kind == AssertionKind::WordBoundary,
                _ => false,
            },
            _ => stays_on_line(&group.ast),
        },
        Ast::Flags(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::ast::parse::Parser;

    #[test]
    fn ends_of_text_and_line_breaks_need_the_whole_text() {
        for (source, expected) in [
            (r"権限[^。\n]{0,9}(?:付与|追加)", true),
            (r"(?-u:\b)repos?(?-u:\b)|(?m:^)a", true),
            ("a.*b", true),
            ("権限[^。]{0,9}付与", false),
            (r"a[\s]b", false),
            ("^a", false),
            ("a$", false),
            ("(?i)a", false),
            ("(?s:a.b)", false),
        ] {
            let ast = Parser::new().parse(source).unwrap();
            assert_eq!(stays_on_line(&ast), expected, "{source}");
        }
    }
}
