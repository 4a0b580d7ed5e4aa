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
    /// Up to three concept ids that do the same, best first.
    pub concepts: Vec<String>,
    /// Mean cosine between the tickets and the centre of the group, 0 to 1.
    pub cohesion: f64,
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
            members,
        }
    }

    /// Picks examples: the first ticket of each text, nearest first, then the second tickets, and so on.
    fn examples(&self, rows: &[&Row<'_>]) -> Vec<usize> {
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        let mut examples = Vec::new();
        let deepest = rows.iter().map(|row| row.weight()).max().unwrap_or(0);
        let candidates = (0..deepest).flat_map(|nth| rows.iter().filter_map(move |row| row.items.get(nth)));
        for &item in candidates {
            if examples.len() == MOST_EXAMPLES {
                break;
            }
            if self.items[item]
                .requester
                .as_deref()
                .is_none_or(|requester| asked.insert(requester))
            {
                examples.push(item);
            }
        }
        examples
    }

    /// Hashes the text of a row. Lengths go in too, so that no two texts run together into the same bytes.
    fn id(&self, row: &Row<'_>) -> String {
        let mut hash = Sha256::new();
        let terms = row.tokens.iter().map(|&token| self.rows.terms[token as usize]);
        let concepts = row
            .concepts
            .iter()
            .map(|&concept| self.rows.concepts[concept as usize]);
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
