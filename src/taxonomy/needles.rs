//! Literals that a regex cannot do without, so that a text can be asked for all of them at once.
//!
//! Read off the syntax tree, which is cheap: building five hundred matchers to find that twenty of them can speak
//! costs more than all the rest of a short run. Where nothing can be named the answer is `None`, never a guess.

use std::cmp::Reverse;

use regex_syntax::ast::{
    Ast, ClassBracketed, ClassSet, ClassSetItem, Concat, Flag, GroupKind, RepetitionKind,
};
use regex_syntax::ast::{RepetitionOp, RepetitionRange};

/// A set larger than this hardly filters and costs more than it saves.
const MOST: usize = 64;

/// Returns literals of which every match holds at least one: sorted, distinct, none empty.
pub(super) fn needles(ast: &Ast) -> Option<Vec<String>> {
    let mut found = demanded(ast)?;
    found.sort();
    found.dedup();
    (found.len() <= MOST).then_some(found)
}

fn demanded(ast: &Ast) -> Option<Vec<String>> {
    match ast {
        Ast::Literal(literal) => Some(vec![literal.c.to_string()]),
        Ast::ClassBracketed(class) => listed_chars(class),
        Ast::Repetition(repetition) if is_obligatory(&repetition.op) => demanded(&repetition.ast),
        Ast::Group(group) if ignores_case(&group.kind) => None,
        Ast::Group(group) => demanded(&group.ast),
        Ast::Concat(concat) => rarest(concat),
        Ast::Alternation(alternation) => {
            let sets = alternation
                .asts
                .iter()
                .map(demanded)
                .collect::<Option<Vec<_>>>()?;
            Some(sets.concat())
        }
        _ => None,
    }
}

/// The rarest-looking set of a sequence, its literals joined to words. A flag set midway (`(?i)`) changes what
/// follows, in later branches too, so nothing is said then.
fn rarest(concat: &Concat) -> Option<Vec<String>> {
    if concat.asts.iter().any(|part| matches!(part, Ast::Flags(_))) {
        return None;
    }
    let mut sets = Vec::new();
    let mut word = String::new();
    for part in &concat.asts {
        if let Ast::Literal(literal) = part {
            word.push(literal.c);
        } else {
            sets.extend(demanded(part));
            sets.push(vec![std::mem::take(&mut word)]);
        }
    }
    sets.push(vec![word]);
    sets.into_iter()
        .filter(|set| !set.iter().any(String::is_empty))
        .max_by_key(|set| rarity(set))
}

/// Longer literals are rarer; among equals the smaller set is.
fn rarity(set: &[String]) -> (usize, Reverse<usize>) {
    (set.iter().map(String::len).min().unwrap_or(0), Reverse(set.len()))
}

fn listed_chars(class: &ClassBracketed) -> Option<Vec<String>> {
    let ClassSet::Item(item) = &class.kind else {
        return None;
    };
    let items = match item {
        ClassSetItem::Union(union) => &union.items,
        single => std::slice::from_ref(single),
    };
    let chars = items.iter().map(|item| match item {
        ClassSetItem::Literal(literal) => Some(literal.c.to_string()),
        _ => None,
    });
    if class.negated || items.is_empty() {
        None
    } else {
        chars.collect()
    }
}

fn is_obligatory(op: &RepetitionOp) -> bool {
    match &op.kind {
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
        RepetitionKind::OneOrMore => true,
        RepetitionKind::Range(
            RepetitionRange::Exactly(least)
            | RepetitionRange::AtLeast(least)
            | RepetitionRange::Bounded(least, _),
        ) => *least > 0,
    }
}

fn ignores_case(kind: &GroupKind) -> bool {
    match kind {
        GroupKind::NonCapturing(flags) => flags.flag_state(Flag::CaseInsensitive).is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex_syntax::ast::parse::Parser;

    fn of(source: &str) -> Option<Vec<String>> {
        needles(&Parser::new().parse(source).unwrap())
    }

    fn some(words: &[&str]) -> Option<Vec<String>> {
        Some(words.iter().map(|&word| word.to_owned()).collect())
    }

    #[test]
    fn the_longest_obligatory_words_are_named() {
        assert_eq!(of("(権限|ロール)[^。]{0,9}割り当て"), some(&["割り当て"]));
        assert_eq!(of("招待|invite"), some(&["invite", "招待"]));
        assert_eq!(of("サーバー?の?"), some(&["サーバ"]));
        assert_eq!(of("licen[cs]es?"), some(&["licen"]));
    }

    #[test]
    fn what_may_be_missing_is_not_named() {
        assert_eq!(of("a*b?(c|)"), None);
        assert_eq!(of("[0-9]{12}"), None);
        assert_eq!(of("a|.b?"), None);
        assert_eq!(of("[^ab]"), None);
    }

    #[test]
    fn a_regex_that_ignores_case_names_nothing_it_cannot_vouch_for() {
        assert_eq!(of("(?i)é|b"), None);
        assert_eq!(of("(?i:é)"), None);
        assert_eq!(of("a(?i:é)"), some(&["a"]));
    }

    proptest! {
        #[test]
        fn a_match_holds_a_needle(text in "[招待権限a-c ]{0,20}") {
            for source in ["(権限|招待)a+", "[ab]c|限.", "a{2,3}(権|b)?", "a(b|c(a|b))待?"] {
                let needles = of(source).unwrap();
                for found in regex::Regex::new(source).unwrap().find_iter(&text) {
                    prop_assert!(needles.iter().any(|needle| found.as_str().contains(needle)));
                }
            }
        }
    }
}
