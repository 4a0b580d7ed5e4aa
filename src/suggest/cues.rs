//! Chooses the words that find a group again: each is in several of its tickets and in few others, and together they
//! cover as many of its tickets as they can.

use std::collections::{BTreeMap, BTreeSet};

use crate::classify::Wording;

/// Most words of one proposal; a theme that is worded in many ways needs several.
const MOST_WORDS: usize = 12;
/// Fewest tickets of the group that a word must be in.
const FEWEST: usize = 2;
/// Least share of a word's tickets that must be of the group.
const PRECISE: f64 = 0.6;

/// A word of a proposed cue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word as normalised text has it.
    pub text: String,
    /// Tickets of the group that hold it.
    pub inside: usize,
    /// Other tickets that hold it.
    pub outside: usize,
}

/// How many tickets use each word.
pub(super) struct Uses<'s> {
    tickets: BTreeMap<&'s str, usize>,
}

impl<'s> Uses<'s> {
    pub(super) fn count(wordings: &'s [Wording]) -> Self {
        let mut tickets: BTreeMap<&str, usize> = BTreeMap::new();
        for word in wordings.iter().flat_map(|ticket| &ticket.words) {
            *tickets.entry(word).or_default() += 1;
        }
        Self { tickets }
    }

    /// Picks words for a group, one after the other: the one that covers most of the tickets not yet covered; of
    /// equals the more precise, then the one in more tickets, then the first.
    pub(super) fn telling(
        &self,
        members: &[usize],
        wordings: &'s [Wording],
        may_show: &dyn Fn(&str) -> bool,
    ) -> Vec<Word> {
        let mut holders: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for member in members {
            for word in &wordings[*member].words {
                holders.entry(word).or_default().insert(*member);
            }
        }
        let precision = |word: &str, inside: usize| inside as f64 / self.tickets[word] as f64;
        holders
            .retain(|word, of| of.len() >= FEWEST && precision(word, of.len()) >= PRECISE && may_show(word));
        let mut open: BTreeSet<usize> = members.iter().copied().collect();
        let mut words = Vec::new();
        while words.len() < MOST_WORDS {
            let best = holders
                .iter()
                .fold(None, |best: Option<(Rank, &str)>, (word, of)| {
                    let rank = Rank {
                        new: of.intersection(&open).count(),
                        precision: precision(word, of.len()),
                        inside: of.len(),
                    };
                    match best {
                        Some((before, _)) if !rank.beats(&before) => best,
                        _ => Some((rank, word)),
                    }
                });
            let Some((rank, word)) = best.filter(|(rank, _)| rank.new > 0) else {
                break;
            };
            words.push(Word {
                text: word.to_owned(),
                inside: rank.inside,
                outside: self.tickets[word] - rank.inside,
            });
            let word = word.to_owned();
            if let Some(of) = holders.remove(word.as_str()) {
                open.retain(|member| !of.contains(member));
            }
        }
        words
    }
}

/// What makes one word better than another.
#[derive(Clone, Copy)]
struct Rank {
    new: usize,
    precision: f64,
    inside: usize,
}

impl Rank {
    fn beats(&self, other: &Self) -> bool {
        self.new
            .cmp(&other.new)
            .then(self.precision.total_cmp(&other.precision))
            .then(self.inside.cmp(&other.inside))
            .is_gt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wordings(texts: &[&str]) -> Vec<Wording> {
        let of = |text: &&str| Wording {
            words: text.split(' ').map(String::from).collect(),
            ..Wording::default()
        };
        texts.iter().map(of).collect()
    }

    fn telling(texts: &[&str], members: &[usize]) -> Vec<String> {
        let wordings = wordings(texts);
        let words = Uses::count(&wordings).telling(members, &wordings, &|word| word != "secret");
        words.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_cover_the_group_and_little_else() {
        let texts = [
            "loan pc",
            "loan dock",
            "spare pc",
            "spare dock",
            "pc slow",
            "dock slow",
        ];
        assert_eq!(telling(&texts, &[0, 1, 2, 3]), ["loan", "spare"]);
    }

    #[test]
    fn a_word_that_must_not_be_shown_is_left_out() {
        assert_eq!(telling(&["secret loan", "secret loan", "x"], &[0, 1]), ["loan"]);
    }

    #[test]
    fn words_of_everybody_are_no_cue() {
        assert!(telling(&["please a", "please b", "please c", "please d"], &[0, 1]).is_empty());
    }
}
