//! Literals that a regex cannot do without, so that a text can be asked for all of them at once.
//!
//! Read off the nodes, which is cheap: building five hundred matchers to find that twenty of them can speak
//! costs more than all the rest of a short run. Where nothing can be named the answer is `None`, never a guess.

use std::cmp::Reverse;

use super::node::Node;

/// A set larger than this hardly filters and costs more than it saves.
const MOST: usize = 64;

/// Sets that are asked for; a third one hardly filters what two let through.
const SETS: usize = 2;

/// Returns sets of literals, the rarest first: every match holds at least one literal of each set. The literals of a
/// set are sorted and distinct, none is empty.
pub(super) fn needles(node: &Node) -> Vec<Vec<String>> {
    let mut sets = demanded(node);
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
fn demanded(node: &Node) -> Vec<Vec<String>> {
    match node {
        Node::Word(word) => vec![vec![word.clone()]],
        Node::Set(set) => set.few_chars().into_iter().collect(),
        Node::Gap { set, times, .. } if times.least > 0 => set.few_chars().into_iter().collect(),
        Node::Repeat { node, times } if times.least > 0 => demanded(node),
        Node::Named { node, .. } => demanded(node),
        Node::Cat(nodes) => nodes.iter().flat_map(demanded).collect(),
        Node::Alt(alternatives) => {
            let rarest = |node| demanded(node).into_iter().max_by_key(|set| rarity(set));
            let branches = alternatives.branches.iter();
            let sets: Option<Vec<_>> = branches.map(rarest).collect();
            sets.map(|sets| sets.concat()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Longer literals are rarer; among equals the smaller set is.
fn rarity(set: &[String]) -> (usize, Reverse<usize>) {
    (set.iter().map(String::len).min().unwrap_or(0), Reverse(set.len()))
}

#[cfg(test)]
mod tests {
    use crate::matching::Matcher;
    use proptest::prelude::*;
    use regex_syntax::ast::parse::Parser;

    fn of(source: &str) -> Vec<Vec<String>> {
        let ast = Parser::new().parse(source).unwrap();
        Matcher::compile_any(&ast).unwrap().needles()
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
