//! Merges rows whose texts are near-identical, so that copies of one form never end in two groups.
//!
//! Two rows of a stratum are near-identical when their weighted Jaccard similarity over tokens with repeats is at least
//! 0.9; the relation is closed transitively. Found by prefix filtering (Chaudhuri, Ganti and Kaushik, 2006): rows that
//! similar share one of their rarest few tokens, so only rows that do are compared.

use std::ops::Range;

use rayon::prelude::*;

use super::rows::Row;
use super::sets::DisjointSets;

/// Smallest similarity of near-identical rows, as a fraction: whole numbers keep the comparison exact.
const NEAR: (usize, usize) = (9, 10);

/// Shortest row that can have a near-identical one: below nine tokens one changed token is already too much.
const SHORTEST: usize = 9;

/// How many earlier rows that share a rare token are compared, the nearest in content order. Bounds the work on
/// thousands of rows from one long form, where each row has a near-identical neighbour anyway.
const NEIGHBOURS: usize = 64;

/// Merges near-identical rows; each set keeps the place and the text of its first row and the tickets of all.
pub(super) fn merge(rows: Vec<Row<'_>>, terms: usize) -> Vec<Row<'_>> {
    let features = features(&rows, terms);
    let mut sets = DisjointSets::new(rows.len());
    let mut start = 0;
    for stratum in rows.chunk_by(|left, right| left.stratum == right.stratum) {
        for (left, right) in near_pairs(start..start + stratum.len(), &features) {
            sets.join(left, right);
        }
        start += stratum.len();
    }
    gather(rows, &mut sets)
}

/// Turns each row's tokens into a set: the second use of a token is a feature of its own, so that Jaccard over the
/// features is weighted Jaccard over the tokens. Rare tokens come first, ties in term order.
fn features(rows: &[Row<'_>], terms: usize) -> Vec<Vec<u64>> {
    let mut uses = vec![0u64; terms];
    for token in rows.iter().flat_map(|row| &row.tokens) {
        uses[*token as usize] += 1;
    }
    let mut order: Vec<usize> = (0..terms).collect();
    order.sort_unstable_by_key(|&term| (uses[term], term));
    let mut rarity = vec![0u64; terms];
    (0u64..).zip(&order).for_each(|(rank, &term)| rarity[term] = rank);

    let of_row = |row: &Row<'_>| {
        let runs = row.tokens.chunk_by(|left, right| left == right);
        let mut features: Vec<u64> = runs
            .flat_map(|run| {
                (0u64..)
                    .zip(run)
                    .map(|(nth, &token)| rarity[token as usize] << 32 | nth)
            })
            .collect();
        features.sort_unstable();
        features
    };
    rows.par_iter()
        .map(|row| {
            if row.tokens.len() < SHORTEST {
                Vec::new()
            } else {
                of_row(row)
            }
        })
        .collect()
}

/// Finds near-identical rows of one stratum: enough pairs to join all of them.
fn near_pairs(rows: Range<usize>, features: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let rarest = |row: usize| prefix(&features[row]).iter().map(move |&feature| (feature, row));
    let mut sharing: Vec<(u64, usize)> = rows.flat_map(rarest).collect();
    sharing.par_sort_unstable();
    sharing
        .par_chunk_by(|left, right| left.0 == right.0)
        .filter(|rows| rows.len() > 1)
        .flat_map_iter(|rows| near_neighbours(rows, features))
        .collect()
}

/// The features of which near-identical rows have one in common.
fn prefix(features: &[u64]) -> &[u64] {
    let must_share = (features.len() * NEAR.0).div_ceil(NEAR.1);
    &features[..(features.len() - must_share + 1).min(features.len())]
}

/// Compares each of the rows that share a feature with those before it, unless it is joined to them already.
fn near_neighbours(sharing: &[(u64, usize)], features: &[Vec<u64>]) -> Vec<(usize, usize)> {
    let mut sets = DisjointSets::new(sharing.len());
    let mut pairs = Vec::new();
    for own in 1..sharing.len() {
        for other in (own.saturating_sub(NEIGHBOURS)..own).rev() {
            let (left, right) = (sharing[other].1, sharing[own].1);
            if sets.find(other) != sets.find(own) && near(&features[left], &features[right]) {
                sets.join(other, own);
                pairs.push((left, right));
            }
        }
    }
    pairs
}

/// Says whether two sorted sets have a Jaccard similarity of at least [`NEAR`].
///
/// Stops once either is sure, which among different rows is within the first few, rarest features.
fn near(left: &[u64], right: &[u64]) -> bool {
    // shared / (left + right - shared) >= a / b  means  shared >= a (left + right) / (a + b).
    let must_share = ((left.len() + right.len()) * NEAR.0).div_ceil(NEAR.0 + NEAR.1);
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while shared < must_share {
        if shared + (left.len() - i).min(right.len() - j) < must_share {
            return false;
        }
        let (a, b) = (left[i], right[j]);
        shared += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    true
}

fn gather<'a>(rows: Vec<Row<'a>>, sets: &mut DisjointSets) -> Vec<Row<'a>> {
    let mut place = vec![0; rows.len()];
    let mut merged: Vec<Row<'a>> = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        let first = sets.find(index);
        if first == index {
            place[index] = merged.len();
            merged.push(row);
        } else {
            merged[place[first]].items.extend(row.items);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(stratum: Option<&'static str>, tokens: &[u32], item: usize) -> Row<'static> {
        let mut tokens = tokens.to_vec();
        tokens.sort_unstable();
        Row {
            stratum,
            tokens,
            concepts: Vec::new(),
            items: vec![item],
        }
    }

    fn members(merged: &[Row<'_>]) -> Vec<Vec<usize>> {
        merged.iter().map(|row| row.items.clone()).collect()
    }

    #[test]
    fn one_changed_token_in_twenty_is_near_identical() {
        let form: Vec<u32> = (0..19).collect();
        let with = |last: u32, item| row(None, &[&form[..], &[last]].concat(), item);
        let merged = merge(vec![with(20, 0), with(21, 1), row(None, &form[..10], 2)], 30);
        assert_eq!(members(&merged), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn repeats_count() {
        let once: Vec<u32> = (0..9).collect();
        let often = [&once[..], &[0, 0, 0]].concat();
        assert_eq!(merge(vec![row(None, &once, 0), row(None, &often, 1)], 9).len(), 2);
    }

    #[test]
    fn near_identical_texts_of_two_strata_stay_apart() {
        let form: Vec<u32> = (0..20).collect();
        assert_eq!(
            merge(vec![row(None, &form, 0), row(Some("account"), &form, 1)], 20).len(),
            2
        );
    }

    #[test]
    fn a_chain_of_near_identical_rows_is_one_row() {
        let step = |from: u32| row(None, &(from..from + 30).collect::<Vec<_>>(), from as usize);
        assert_eq!(
            members(&merge((0..5).map(step).collect(), 40)),
            [vec![0, 1, 2, 3, 4]]
        );
    }

    proptest! {
        #[test]
        fn prefix_filtering_misses_no_pair(rows in prop::collection::vec(prop::collection::vec(0u32..4, 0..14), 1..24)) {
            let rows: Vec<Row<'_>> = rows.iter().enumerate().map(|(item, tokens)| row(None, tokens, item)).collect();
            let features = features(&rows, 4);
            let mut expected = DisjointSets::new(rows.len());
            for (left, right) in (0..rows.len()).flat_map(|left| (0..left).map(move |right| (left, right))) {
                if features[left].len() >= SHORTEST && near(&features[left], &features[right]) {
                    expected.join(left, right);
                }
            }
            prop_assert_eq!(members(&merge(rows.clone(), 4)), members(&gather(rows, &mut expected)));
        }
    }
}
