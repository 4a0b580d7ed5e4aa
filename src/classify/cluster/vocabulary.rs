//! Strings as numbers: each field of the items gets a sorted vocabulary, each item a sorted list of numbers into it.
//!
//! Numbers rise in the order of the strings, so comparing lists of numbers is comparing the texts, and the rest of the
//! folder never touches a string until it names a group.

use std::collections::HashMap;

use rayon::prelude::*;

use super::discovery::Item;

/// One field of all items, as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vocabulary<'a> {
    /// What the numbers stand for, sorted.
    pub(super) terms: Vec<&'a str>,
    /// One sorted list an item, with repeats.
    pub(super) lists: Vec<Vec<u32>>,
}

impl<'a> Vocabulary<'a> {
    /// Numbers the strings of a field; empty strings say nothing and are left out.
    pub(super) fn read(items: &'a [Item], field: impl Fn(&Item) -> &Vec<String>) -> Self {
        let mut seen: HashMap<&str, u32> = HashMap::new();
        let mut lists: Vec<Vec<u32>> = Vec::with_capacity(items.len());
        for item in items {
            let terms = field(item).iter().filter(|term| !term.is_empty());
            lists.push(terms.map(|term| next_number(&mut seen, term)).collect());
        }
        let (terms, rank) = sorted(&seen);
        lists.par_iter_mut().for_each(|list| {
            list.iter_mut()
                .for_each(|number| *number = rank[*number as usize]);
            list.sort_unstable();
        });
        Self { terms, lists }
    }

    /// Keeps each term of an item once.
    pub(super) fn each_once(mut self) -> Self {
        self.lists.par_iter_mut().for_each(Vec::dedup);
        self
    }
}

fn next_number<'a>(seen: &mut HashMap<&'a str, u32>, term: &'a str) -> u32 {
    // Four thousand million different terms do not fit into memory before they fail to fit here.
    let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
    *seen.entry(term).or_insert(next)
}

/// Sorts the terms; also says, for each number in the order of first sight, its place among them.
fn sorted<'a>(seen: &HashMap<&'a str, u32>) -> (Vec<&'a str>, Vec<u32>) {
    let mut by_term: Vec<(&str, u32)> = seen.iter().map(|(&term, &number)| (term, number)).collect();
    by_term.par_sort_unstable();
    let mut rank = vec![0; by_term.len()];
    for (place, &(_, first_seen)) in (0u32..).zip(&by_term) {
        rank[first_seen as usize] = place;
    }
    (by_term.into_iter().map(|(term, _)| term).collect(), rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Vec<Item> {
        let item = |text: &&str| Item {
            words: text.split(' ').map(Into::into).collect(),
            ..Item::default()
        };
        texts.iter().map(item).collect()
    }

    #[test]
    fn numbers_rise_with_the_strings() {
        let items = read(&["vpn dns vpn", "apply"]);
        let vocabulary = Vocabulary::read(&items, |item| &item.words);
        assert_eq!(vocabulary.terms, ["apply", "dns", "vpn"]);
        assert_eq!(vocabulary.lists, [vec![1, 2, 2], vec![0]]);
        assert_eq!(vocabulary.each_once().lists[0], [1, 2]);
    }

    #[test]
    fn empty_strings_are_left_out() {
        let items = read(&["", "a  b"]);
        let vocabulary = Vocabulary::read(&items, |item| &item.words);
        assert_eq!(vocabulary.lists, [vec![], vec![0, 1]]);
    }
}
