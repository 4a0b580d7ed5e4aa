//! Names a group by the words that tell it from the rest of its stratum.
//!
//! The score is class-based TF-IDF on ticket counts (Grootendorst, 2022, with documents in place of occurrences): a
//! long ticket does not name its group. Words arrive masked and in display form; nothing is rewritten here.

use std::cmp::Reverse;

use super::vocabulary::Vocabulary;

/// Most words of a name.
const MOST_WORDS: usize = 3;

/// Share of a group's tickets a word should cover to stand for the group.
const COVERED: f64 = 0.3;

/// Share that a word must cover to be named at all beside words or concepts of many: one that two tickets of thirty hold
/// says what these two are about, not the group.
const NAMED: f64 = 0.15;

/// The words of a stratum's tickets: the background its groups stand out from.
pub(super) struct Background<'a> {
    vocabulary: &'a Vocabulary<'a>,
    /// Tickets of the stratum that use each term.
    tickets: Vec<usize>,
    /// Average tickets of a class: each group is one, and so is what belongs to none.
    per_class: f64,
}

impl<'a> Background<'a> {
    /// Counts the terms of a stratum's items; the vocabulary has each term of an item once.
    pub(super) fn count(vocabulary: &'a Vocabulary<'a>, stratum: &[usize], groups: usize) -> Self {
        let mut tickets = vec![0; vocabulary.terms.len()];
        for &term in stratum.iter().flat_map(|&item| &vocabulary.lists[item]) {
            tickets[term as usize] += 1;
        }
        Self {
            vocabulary,
            tickets,
            per_class: stratum.len() as f64 / (groups + 1) as f64,
        }
    }

    /// Picks up to three words for a group, best first.
    ///
    /// Words that cover at least 30 % of the tickets, and more than one, come before all others; then the higher score,
    /// then the word itself. Words of fewer than 15 % stand only where no word is of more. A word that contains a better
    /// one, or is part of it, says nothing new and is left out.
    pub(super) fn contrast(&self, members: &[usize]) -> Vec<String> {
        let ranked = self.ranked(members);
        let of_many = distinct(
            ranked
                .iter()
                .filter(|word| word.tickets > 1 && word.share >= NAMED)
                .map(|word| word.text),
        );
        if of_many.is_empty() {
            return distinct(ranked.iter().map(|word| word.text));
        }
        of_many
    }

    /// Picks as [`Self::contrast`] does, but of the words that cover the group only: a notion that few of its tickets
    /// speak of would name it wrongly.
    pub(super) fn covering(&self, members: &[usize]) -> Vec<String> {
        let ranked = self.ranked(members);
        distinct(ranked.iter().filter(|word| word.covers()).map(|word| word.text))
    }

    /// Ranks the words of a group.
    fn ranked(&self, members: &[usize]) -> Vec<Word<'_>> {
        let mut used: Vec<u32> = members
            .iter()
            .flat_map(|&item| &self.vocabulary.lists[item])
            .copied()
            .collect();
        used.sort_unstable();
        let mut ranked: Vec<Word<'_>> = used
            .chunk_by(|left, right| left == right)
            .map(|uses| {
                let share = uses.len() as f64 / members.len() as f64;
                Word {
                    text: self.vocabulary.terms[uses[0] as usize],
                    tickets: uses.len(),
                    share,
                    score: share * (1.0 + self.per_class / self.tickets[uses[0] as usize] as f64).ln(),
                }
            })
            .collect();
        ranked.sort_unstable_by(|left, right| {
            Reverse(left.covers())
                .cmp(&Reverse(right.covers()))
                .then(right.score.total_cmp(&left.score))
                .then(left.text.cmp(right.text))
        });
        ranked
    }
}

/// A word in the tickets of a group.
struct Word<'a> {
    text: &'a str,
    /// Tickets of the group that hold it, and their share.
    tickets: usize,
    share: f64,
    score: f64,
}

impl Word<'_> {
    /// Whether it stands for the group.
    fn covers(&self) -> bool {
        self.share >= COVERED && self.tickets > 1
    }
}

/// Takes the first words that are no part of one another.
fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut name: Vec<String> = Vec::with_capacity(MOST_WORDS);
    for word in words {
        if name.len() == MOST_WORDS {
            break;
        }
        if !name
            .iter()
            .any(|taken| taken.contains(word) || word.contains(taken.as_str()))
        {
            name.push(word.into());
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: [&str; 6] = ["namespace", "request", "環境", "環境構築", "vpn", "zone"];

    fn named(group: &[&[u32]], rest: &[&[u32]]) -> Vec<String> {
        let lists: Vec<Vec<u32>> = group.iter().chain(rest).map(|list| list.to_vec()).collect();
        let stratum: Vec<usize> = (0..lists.len()).collect();
        let vocabulary = Vocabulary {
            terms: TERMS.to_vec(),
            lists,
        };
        Background::count(&vocabulary, &stratum, 1).contrast(&stratum[..group.len()])
    }

    #[test]
    fn words_of_everybody_name_nobody_first() {
        assert_eq!(
            named(&[&[0, 1], &[0, 1]], &[&[1, 4], &[1, 4], &[1, 5]]),
            ["namespace", "request"]
        );
    }

    #[test]
    fn a_part_of_a_better_word_is_left_out() {
        assert_eq!(
            named(&[&[0, 2, 3], &[2, 3], &[0, 2, 3]], &[&[2, 4], &[2, 5]]),
            ["環境構築", "namespace"]
        );
    }

    #[test]
    fn a_word_of_one_ticket_is_no_name_beside_words_of_many() {
        let group: [&[u32]; 4] = [&[1, 5], &[1], &[1], &[1]];
        assert_eq!(named(&group, &[&[1], &[1]]), ["request"]);
    }

    #[test]
    fn where_no_word_is_of_more_one_of_a_single_ticket_stands() {
        let group: [&[u32]; 3] = [&[5], &[], &[]];
        assert_eq!(named(&group, &[&[1], &[1]]), ["zone"]);
    }

    #[test]
    fn equal_scores_keep_word_order() {
        assert_eq!(
            named(&[&[0, 4, 5], &[0, 4, 5]], &[]),
            ["namespace", "vpn", "zone"]
        );
    }

    #[test]
    fn a_group_without_words_has_no_name() {
        assert!(named(&[&[], &[]], &[&[1]]).is_empty());
    }
}
