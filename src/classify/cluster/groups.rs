//! Turns the rows of a group into what a reader sees: an id, a name, a typical ticket and examples.
//!
//! Promises that an id depends on the typical ticket's content only, not on the order of the tickets, on how many groups
//! there are or on which; keeping ids while groups drift over time is left to `classify`.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::dense::{Dense, dot};
use super::discovery::Item;
use super::rows::{Row, Rows, by_ticket};
use super::strata::centres;
use super::vectors::Sparse;

/// Most examples of a group.
const MOST_EXAMPLES: usize = 3;

/// Bytes of the hash in an id: eight hexadecimal digits, one chance in 40,000 that two of 450 groups share one.
const ID_BYTES: usize = 4;

/// A set of similar tickets nobody named.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// `~` and eight hexadecimal digits, from the content of the medoid: the same in every run over the same tickets.
    pub id: String,
    /// The pattern the rules are sure of; `None` for a group of the pool.
    pub stratum: Option<String>,
    /// Indexes of the items, by ticket id.
    pub members: Vec<usize>,
    /// The most typical item: nearest the centre, of the same text the first ticket id.
    pub medoid: usize,
    /// Up to three items, the medoid first, then by nearness: different texts as far as there are, and no requester
    /// twice. Items without a known requester do not exclude each other.
    pub examples: Vec<usize>,
    /// Up to three words that tell the group from the rest of its stratum, best first.
    pub terms: Vec<String>,
    /// Up to three concept ids that do the same and that at least 30 % of the tickets speak of, best first.
    pub concepts: Vec<String>,
    /// Mean cosine between the tickets and the centre of the group, 0 to 1.
    pub cohesion: f64,
    /// How well the group comes out again when the tickets are drawn anew: mean best Jaccard similarity over twenty
    /// bootstrap samples, 0 to 1; `None` where no sample held two of its tickets.
    pub stability: Option<f64>,
}

/// What all groups are described from.
pub(super) struct Scene<'a> {
    pub(super) items: &'a [Item],
    pub(super) rows: &'a Rows<'a>,
    /// One unit vector a row.
    pub(super) vectors: &'a Dense,
    /// The rows before reduction.
    pub(super) texts: &'a Sparse,
}

impl Scene<'_> {
    /// Describes a group of rows, without words: those need the whole stratum.
    pub(super) fn describe(&self, rows: &[usize]) -> Group {
        let centre = centres(self.vectors, rows.iter().map(|&row| (row, 0)), 1);
        let mut near: Vec<(f64, usize)> = rows
            .iter()
            .map(|&row| (dot(self.vectors.row(row), centre.row(0)), row))
            .collect();
        near.sort_unstable_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));

        let list = &self.rows.list;
        let mut members: Vec<usize> = rows
            .iter()
            .flat_map(|&row| list[row].items.iter().copied())
            .collect();
        members.sort_unstable_by(|&left, &right| by_ticket(self.items, left, right));
        let sum: f64 = near
            .iter()
            .map(|&(cosine, row)| cosine * list[row].weight() as f64)
            .sum();
        let by_nearness: Vec<&Row<'_>> = near.iter().map(|&(_, row)| &list[row]).collect();
        let medoid = by_nearness[0];
        Group {
            id: self.id(medoid),
            stratum: medoid.stratum.map(Into::into),
            medoid: medoid.items[0],
            examples: self.examples(&by_nearness),
            terms: Vec::new(),
            concepts: Vec::new(),
            cohesion: (sum / members.len() as f64).clamp(0.0, 1.0),
            stability: None,
            members,
        }
    }

    /// Picks examples: the first ticket of each text, nearest first, then the other tickets in the same order.
    fn examples(&self, rows: &[&Row<'_>]) -> Vec<usize> {
        let firsts = rows.iter().map(|row| row.items[0]);
        let others = rows.iter().flat_map(|row| row.items[1..].iter().copied());
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        let mut is_new = |item: &usize| {
            let requester = self.items[*item].requester.as_deref();
            requester.is_none_or(|requester| asked.insert(requester))
        };
        firsts
            .chain(others)
            .filter(|item| is_new(item))
            .take(MOST_EXAMPLES)
            .collect()
    }

    /// Hashes the text of a row. Lengths go in too, so that no two texts run together into the same bytes.
    fn id(&self, row: &Row<'_>) -> String {
        let mut hash = Sha256::new();
        let terms = row.tokens.iter().map(|&token| self.rows.terms[token as usize]);
        let concepts = row
            .concepts
            .iter()
            .map(|&concept| self.rows.concepts.terms[concept as usize]);
        hash.update((row.tokens.len() as u64).to_le_bytes());
        for part in terms.chain(concepts).chain(row.stratum) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digits: String = hash
            .finalize()
            .iter()
            .take(ID_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("~{digits}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Discovery, Options, discover};
    use super::*;

    /// Six tickets with two texts; `requesters` names who asked, `-` is unknown.
    fn asked_by(requesters: &str, stratum: Option<&str>) -> Discovery {
        let item = |(nth, requester): (usize, char)| Item {
            id: format!("T-{nth}"),
            stratum: stratum.map(Into::into),
            tokens: ["renew", "certificate", ["gateway", "broker"][nth % 2]]
                .map(Into::into)
                .into(),
            requester: (requester != '-').then(|| requester.into()),
            ..Item::default()
        };
        let items: Vec<Item> = requesters.chars().enumerate().map(item).collect();
        discover(
            &items,
            &Options {
                min_stratum: 1,
                ..Options::default()
            },
        )
    }

    #[test]
    fn different_texts_come_before_second_tickets() {
        let found = asked_by("abcdef", None);
        let examples = &found.groups[0].examples;
        assert_eq!(examples.len(), 3);
        assert!(examples[0] % 2 != examples[1] % 2);
    }

    #[test]
    fn no_requester_is_shown_twice() {
        assert_eq!(asked_by("aaaaaa", None).groups[0].examples.len(), 1);
        assert_eq!(asked_by("aaaaba", None).groups[0].examples.len(), 2);
    }

    #[test]
    fn unknown_requesters_do_not_exclude_each_other() {
        assert_eq!(asked_by("------", None).groups[0].examples.len(), 3);
    }

    #[test]
    fn an_id_comes_from_content_and_stratum_only() {
        let id = |found: Discovery| found.groups[0].id.clone();
        let pool = id(asked_by("abcdef", None));
        assert_eq!(pool, id(asked_by("fedc", None)));
        assert_ne!(pool, id(asked_by("abcdef", Some("tool_config"))));
        assert!(pool.len() == 9 && pool.starts_with('~'));
        assert!(pool[1..].bytes().all(|digit| digit.is_ascii_hexdigit()));
    }
}
