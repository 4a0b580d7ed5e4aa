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

/// Sets that are asked for; a third one hardly filters what two let through.
const SETS: usize = 2;

/// Returns sets of literals, the rarest first: every match holds at least one literal of each set. The literals of a
/// set are sorted and distinct, none is empty.
pub(crate) fn needles(ast: &Ast) -> Vec<Vec<String>> {
    let mut sets = demanded(ast);
    for set in &mut sets {
        set.sort();
        set.dedup();
    }
    sets.retain(|set| set.len() <= MOST);
    sets.sort_by_cached_key(|set| (Reverse(rarity(set)), set.clone()));
    sets.dedup();
    sets.truncate(SETS);
    sets
}

/// Lists sets of which a match holds one literal each.
fn demanded(ast: &Ast) -> Vec<Vec<String>> {
    match ast {
        Ast::Literal(literal) => vec![vec![literal.c.to_string()]],
        Ast::ClassBracketed(class) => listed_chars(class).into_iter().collect(),
        Ast::Repetition(repetition) if is_obligatory(&repetition.op) => demanded(&repetition.ast),
        Ast::Group(group) if ignores_case(&group.kind) => Vec::new(),
        Ast::Group(group) => demanded(&group.ast),
        Ast::Concat(concat) => of_sequence(concat),
        Ast::Alternation(alternation) => {
            let rarest = |ast| demanded(ast).into_iter().max_by_key(|set| rarity(set));
            let sets: Option<Vec<_>> = alternation.asts.iter().map(rarest).collect();
            sets.map(|sets| sets.concat()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The sets of a sequence, its literals joined to words. A flag set midway (`(?i)`) changes what follows, in later
/// branches too, so nothing is said then.
fn of_sequence(concat: &Concat) -> Vec<Vec<String>> {
    if concat.asts.iter().any(|part| matches!(part, Ast::Flags(_))) {
        return Vec::new();
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
    sets.retain(|set| !set.iter().any(String::is_empty));
    sets
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

    fn of(source: &str) -> Vec<Vec<String>> {
        needles(&Parser::new().parse(source).unwrap())
    }

    #[test]
    fn the_longest_obligatory_words_are_named() {
        assert_eq!(
            of("(権限|ロール)[^。]{0,9}割り当て"),
            [vec!["割り当て"], vec!["ロール", "権限"]]
        );
        assert_eq!(of("招待|invite"), [["invite", "招待"]]);
        assert_eq!(of("サーバー?の?"), [["サーバ"]]);
        assert_eq!(of("licen[cs]es?"), [vec!["licen"], vec!["e"]]);
    }

    #[test]
    fn what_may_be_missing_is_not_named() {
        for source in ["a*b?(c|)", "[0-9]{12}", "a|.b?", "[^ab]"] {
            assert!(of(source).is_empty(), "{source}");
        }
    }

    #[test]
    fn a_regex_that_ignores_case_names_nothing_it_cannot_vouch_for() {
        assert!(of("(?i)é|b").is_empty());
        assert!(of("(?i:é)").is_empty());
        assert_eq!(of("a(?i:é)"), [["a"]]);
    }

    proptest! {
        #[test]
        fn a_match_holds_a_needle(text in "[招待権限a-c ]{0,20}") {
            for source in ["(権限|招待)a+", "[ab]c|限.", "a{2,3}(権|b)?", "a(b|c(a|b))待?"] {
                let sets = of(source);
                for found in regex::Regex::new(source).unwrap().find_iter(&text) {
                    let holds = |set: &Vec<String>| set.iter().any(|needle| found.as_str().contains(needle));
                    prop_assert!(!sets.is_empty() && sets.iter().all(holds));
                }
            }
        }
    }
}
