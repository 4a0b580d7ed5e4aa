//! Literals that a regex cannot do without, so that a text can be asked for all of them at once.
//!
//! Read off the nodes, which is cheap: building five hundred matchers to find that twenty of them can speak
//! costs more than all the rest of a short run. Where nothing can be named the answer is `None`, never a guess.

use std::cmp::Reverse;

use super::node::Node;

/// A set larger than this hardly filters and costs more than it saves.
const MOST: usize = 64;

/// Most words of neighbours that are joined.
const FEW: usize = 24;

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
        Node::Cat(nodes) => demanded_in_turn(nodes),
        Node::Alt(alternatives) => demanded_of_any(&alternatives.branches).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The rarest sets of all branches together; `None` if one demands nothing.
fn demanded_of_any(branches: &[Node]) -> Option<Vec<String>> {
    let mut all = Vec::with_capacity(branches.len());
    for branch in branches {
        match branch {
            Node::Word(word) => all.push(word.clone()),
            _ => all.extend(demanded(branch).into_iter().max_by_key(|set| rarity(set))?),
        }
    }
    Some(all)
}

/// Lists the sets of a sequence. Neighbours that match a few words only make longer words together: 「(して|で)(良|よ)い」
/// cannot do without one of four words, each of which is far rarer than 「い」.
fn demanded_in_turn(nodes: &[Node]) -> Vec<Vec<String>> {
    let mut sets = Vec::new();
    let mut run = vec![String::new()];
    let end = |run: &mut Vec<String>, sets: &mut Vec<Vec<String>>| {
        let set = std::mem::replace(run, vec![String::new()]);
        if set.iter().all(|word| !word.is_empty()) {
            sets.push(shortest(set));
        }
    };
    for node in nodes {
        match words(node) {
            Some(words) if run.len() * words.len() <= FEW => run = joined(&run, &words),
            Some(words) => {
                end(&mut run, &mut sets);
                run = words;
            }
            None => {
                end(&mut run, &mut sets);
                sets.extend(demanded(node));
            }
        }
    }
    end(&mut run, &mut sets);
    sets
}

/// All that a node can match, if that is a few words; what takes in nothing is the empty word.
fn words(node: &Node) -> Option<Vec<String>> {
    let or_nothing = |mut words: Vec<String>| {
        words.push(String::new());
        words
    };
    let words = match node {
        Node::Word(word) => vec![word.clone()],
        Node::Set(set) => set.few_chars()?,
        Node::Gap { set, times, .. } => match (times.least, times.most) {
            (1, 1) => set.few_chars()?,
            (0, 1) => or_nothing(set.few_chars()?),
            _ => return None,
        },
        Node::Optional { node, .. } => or_nothing(words(node)?),
        Node::Named { node, .. } => words(node)?,
        Node::Start | Node::LineStart | Node::End | Node::Border | Node::WideBorder => vec![String::new()],
        Node::Cat(nodes) => {
            let mut all = vec![String::new()];
            for node in nodes {
                let words = words(node)?;
                if all.len() * words.len() > FEW {
                    return None;
                }
                all = joined(&all, &words);
            }
            all
        }
        Node::Alt(alternatives) => {
            let mut all = Vec::new();
            for branch in &alternatives.branches {
                all.extend(words(branch)?);
                if all.len() > FEW {
                    return None;
                }
            }
            all
        }
        Node::Repeat { .. } => return None,
    };
    Some(words)
}

/// Each word of the one behind each of the other.
fn joined(before: &[String], behind: &[String]) -> Vec<String> {
    let pairs = before
        .iter()
        .flat_map(|word| behind.iter().map(move |end| [word.as_str(), end]));
    pairs.map(|pair| pair.concat()).collect()
}

/// The words without those that begin with another of them.
fn shortest(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup_by(|word, before| word.starts_with(before.as_str()));
    words
}

/// Longer literals are rarer, and hiragana, which every sentence has, says little; among equals the smaller set is.
fn rarity(set: &[String]) -> (usize, Reverse<usize>) {
    let weight = |c: char| match c {
        'ぁ'..='ゖ' => 1,
        c if c.is_ascii() => 1,
        _ => 3,
    };
    let weights = set.iter().map(|word| word.chars().map(weight).sum());
    (weights.min().unwrap_or(0), Reverse(set.len()))
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
        assert_eq!(of("licen[cs]es?"), [["licence", "license"]]);
    }

    #[test]
    fn neighbours_of_a_few_words_are_named_together() {
        assert_eq!(
            of("(して|で)(良|よ)い(か)?"),
            [["してよい", "して良い", "でよい", "で良い"]]
        );
        assert_eq!(
            of(r"権限(を|も)?(。|$)|(?-u:\b)db(の|を)"),
            [["dbの", "dbを", "権限"]]
        );
        assert_eq!(
            of("招待[^。]{0,9}(を|の)ください"),
            [vec!["招待"], vec!["のください", "をください"]]
        );
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
            for source in ["(権限|招待)a+", "[ab]c|限.", "a{2,3}(権|b)?", "a(b|c(a|b))待?", "(a|bc?)(権|)(限|[ab])", "(?:^|a)b(?:c|$| )", "(a|b)(a|b)(a|b)(a|b)(a|b)c"] {
                let sets = of(source);
                for found in regex::Regex::new(source).unwrap().find_iter(&text) {
                    let holds = |set: &Vec<String>| set.iter().any(|needle| found.as_str().contains(needle));
                    prop_assert!(!sets.is_empty() && sets.iter().all(holds));
                }
            }
        }
    }
}
