//! Makes nodes of a syntax tree as the crate regex-syntax reads it, for what `syntax` does not read itself.

use regex_syntax::ast::{Assertion, AssertionKind, Ast, Flag, Group, GroupKind};
use regex_syntax::ast::{Repetition, RepetitionKind, RepetitionRange};

use super::matcher::MOST_GROUPS;
use super::node::{Alternatives, Node, Times, repeated, sequence};
use super::set::Set;

/// Makes the nodes of a syntax tree; `None` if it cannot be walked.
pub(super) fn node(ast: &Ast) -> Option<Node> {
    match ast {
        Ast::Empty(_) => Some(Node::Cat(Vec::new())),
        Ast::Literal(literal) => Some(Node::Word(literal.c.to_string())),
        Ast::Dot(_) => Some(Node::Set(Set::new(vec![('\n', '\n')], true))),
        Ast::ClassBracketed(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => Set::of(ast).map(Node::Set),
        Ast::Repetition(repetition) => Some(repeated(node(&repetition.ast)?, times(repetition))),
        Ast::Group(group) => grouped(group),
        Ast::Assertion(assertion) => anchor(assertion),
        Ast::Concat(concat) => Some(sequence(concat.asts.iter().map(node).collect::<Option<_>>()?)),
        Ast::Alternation(alternation) => {
            let nodes = alternation.asts.iter().map(node).collect::<Option<_>>()?;
            Some(Node::Alt(Alternatives::new(nodes)))
        }
        Ast::Flags(_) => None,
    }
}

fn grouped(group: &Group) -> Option<Node> {
    match &group.kind {
        GroupKind::CaptureIndex(_) => node(&group.ast),
        GroupKind::CaptureName { name, .. } => {
            let slot = (name.index as usize)
                .checked_sub(1)
                .filter(|slot| *slot < MOST_GROUPS)?;
            let node = Box::new(node(&group.ast)?);
            Some(Node::Named { slot, node })
        }
        GroupKind::NonCapturing(flags) if flags.items.is_empty() => node(&group.ast),
        // `(?-u:\b)` is how a word border is written once its meaning is narrowed to ASCII.
        GroupKind::NonCapturing(flags) => match &*group.ast {
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::WordBoundary if flags.flag_state(Flag::Unicode) == Some(false) => {
                    Some(Node::Border)
                }
                AssertionKind::StartLine if flags.flag_state(Flag::MultiLine) == Some(true) => {
                    Some(Node::LineStart)
                }
                _ => None,
            },
            _ => None,
        },
    }
}

fn anchor(assertion: &Assertion) -> Option<Node> {
    match assertion.kind {
        AssertionKind::StartLine | AssertionKind::StartText => Some(Node::Start),
        AssertionKind::EndLine | AssertionKind::EndText => Some(Node::End),
        AssertionKind::WordBoundary => Some(Node::WideBorder),
        _ => None,
    }
}

fn times(repetition: &Repetition) -> Times {
    let (least, most) = match repetition.op.kind {
        RepetitionKind::ZeroOrOne => (0, 1),
        RepetitionKind::ZeroOrMore => (0, usize::MAX),
        RepetitionKind::OneOrMore => (1, usize::MAX),
        RepetitionKind::Range(RepetitionRange::Exactly(times)) => (times as usize, times as usize),
        RepetitionKind::Range(RepetitionRange::AtLeast(least)) => (least as usize, usize::MAX),
        RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => (least as usize, most as usize),
    };
    Times {
        least,
        most,
        greedy: repetition.greedy,
    }
}
