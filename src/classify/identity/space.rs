//! The space in which groups are recognised from run to run: words and concepts by their names, nothing fitted.
//!
//! Clustering works in a space of few dimensions that every run fits anew, so nothing of it can be kept. A group is
//! kept as the words and concepts of its tickets instead, and a run weighs them by how rare they are in its own
//! tickets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::classify::cluster::Item;

/// Words and concepts that are kept of a group: more hardly change a cosine.
const KEPT: usize = 80;

/// Length of the concept block beside a word block of length one, as in clustering.
const CONCEPT_LENGTH: f64 = 0.5;

/// What the name of a word begins with, and that of a concept.
const WORD: &str = "w:";
const CONCEPT: &str = "c:";

/// Parts into which weights are rounded, so that they are written and read back exactly.
const PARTS: f64 = 10_000.0;

/// What the tickets of a group have in common: how much each word (`w:`) and concept (`c:`) counts in a ticket on
/// average, in parts of ten thousand, before rarity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile(BTreeMap<String, u32>);

/// A vector of length one, or of nothing; places rise.
pub(super) type Cells = Vec<(u32, f64)>;

/// The items of a run as vectors.
pub(super) struct Space {
    /// Words and concepts by their places, which rise with their names.
    names: Vec<String>,
    rarity: Vec<f64>,
    plain: Vec<Cells>,
    rows: Vec<Cells>,
}

impl Space {
    /// Reads the items; `known` are the profiles that will be compared with them.
    pub(super) fn of<'p>(items: &[Item], known: impl Iterator<Item = &'p Profile>) -> Self {
        let texts: Vec<Vec<(Name<'_>, f64)>> = items.par_iter().map(features).collect();
        let mut seen: HashMap<Name<'_>, u32> = HashMap::new();
        for name in known.flat_map(|profile| profile.0.keys()) {
            number(&mut seen, parted(name));
        }
        let mut plain: Vec<Cells> = Vec::with_capacity(items.len());
        for text in texts {
            let cells = text
                .into_iter()
                .map(|(name, value)| (number(&mut seen, name), value));
            plain.push(cells.collect());
        }
        let (names, rank) = sorted(seen);
        plain.par_iter_mut().for_each(|row| {
            row.iter_mut()
                .for_each(|(place, _)| *place = rank[*place as usize]);
            row.sort_unstable_by_key(|cell| cell.0);
        });
        let rarity = rarity(&plain, names.len());
        let rows = plain.par_iter().map(|row| weighed(row, &rarity)).collect();
        Self {
            names,
            rarity,
            plain,
            rows,
        }
    }

    /// Averages the tickets of a group.
    pub(super) fn profile(&self, members: &[usize]) -> Profile {
        let kept = self.kept(members).into_iter();
        Profile(
            kept.map(|(place, parts)| (self.names[place as usize].clone(), parts))
                .collect(),
        )
    }

    /// Weighs the average of some tickets by what is rare in this run, as [`Space::centre`] weighs their profile.
    pub(super) fn centre_of(&self, members: &[usize]) -> Cells {
        let kept = self.kept(members).into_iter();
        let plain = kept
            .map(|(place, parts)| (place, f64::from(parts) / PARTS))
            .collect();
        weighed(&plain, &self.rarity)
    }

    /// What is kept of the average of some tickets: places with their parts, in the order of the places.
    fn kept(&self, members: &[usize]) -> Vec<(u32, u32)> {
        let mut sums = vec![0.0; self.names.len()];
        for (place, value) in members.iter().flat_map(|member| &self.plain[*member]) {
            sums[*place as usize] += value;
        }
        let mut kept: Vec<(u32, f64)> = (0..).zip(sums).filter(|(_, sum)| *sum > 0.0).collect();
        if kept.len() > KEPT {
            let weight = |(place, sum): &(u32, f64)| sum * self.rarity[*place as usize];
            kept.select_nth_unstable_by(KEPT, |a, b| {
                weight(b).total_cmp(&weight(a)).then_with(|| a.0.cmp(&b.0))
            });
            kept.truncate(KEPT);
        }
        kept.sort_unstable_by_key(|(place, _)| *place);
        let parts = |sum: f64| (sum / members.len() as f64 * PARTS).round().max(1.0) as u32;
        kept.into_iter().map(|(place, sum)| (place, parts(sum))).collect()
    }

    /// Weighs a profile by what is rare in this run.
    pub(super) fn centre(&self, profile: &Profile) -> Cells {
        let values = profile.0.iter();
        let plain = cells(
            &self.names,
            values.map(|(name, parts)| (name.as_str(), f64::from(*parts) / PARTS)),
        );
        weighed(&plain, &self.rarity)
    }

    /// The vector of an item.
    pub(super) fn row(&self, item: usize) -> &Cells {
        &self.rows[item]
    }
}

/// The cosine of two vectors of length one.
pub(super) fn cosine(left: &Cells, right: &Cells) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < left.len() && j < right.len() {
        let (a, b) = (left[i], right[j]);
        if a.0 == b.0 {
            sum += a.1 * b.1;
        }
        i += usize::from(a.0 <= b.0);
        j += usize::from(b.0 <= a.0);
    }
    sum
}

/// The name of a word or a concept: what tells the two apart, and the word itself.
type Name<'n> = (&'n str, &'n str);

/// Parts a name into what it is made of.
fn parted(name: &str) -> Name<'_> {
    let kind = [WORD, CONCEPT]
        .into_iter()
        .find_map(|kind| Some((kind, name.strip_prefix(kind)?)));
    kind.unwrap_or(("", name))
}

/// The number of a name, in the order of first sight.
fn number<'n>(seen: &mut HashMap<Name<'n>, u32>, name: Name<'n>) -> u32 {
    // Four thousand million different names do not fit into memory before they fail to fit here.
    let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
    *seen.entry(name).or_insert(next)
}

/// Sorts the names; also says, for each number in the order of first sight, its place among them.
fn sorted(seen: HashMap<Name<'_>, u32>) -> (Vec<String>, Vec<u32>) {
    let mut by_name: Vec<(String, u32)> = seen
        .into_iter()
        .map(|((kind, word), number)| (format!("{kind}{word}"), number))
        .collect();
    by_name.par_sort_unstable();
    let mut rank = vec![0; by_name.len()];
    for (place, (_, number)) in (0..).zip(&by_name) {
        rank[*number as usize] = place;
    }
    (by_name.into_iter().map(|(name, _)| name).collect(), rank)
}

/// A ticket before rarity: words by how often they stand in it, concepts once each, each block with its length.
fn features(item: &Item) -> Vec<(Name<'_>, f64)> {
    let mut tokens: Vec<&str> = item.tokens.iter().map(String::as_str).collect();
    tokens.retain(|token| !token.is_empty());
    tokens.sort_unstable();
    let words = tokens
        .chunk_by(|one, other| one == other)
        .map(|same| ((WORD, same[0]), 1.0 + (same.len() as f64).ln()));
    let mut concepts: Vec<&str> = item.concepts.iter().map(String::as_str).collect();
    concepts.sort_unstable();
    concepts.dedup();
    let concepts = concepts.into_iter().map(|concept| ((CONCEPT, concept), 1.0));
    let mut all = scaled(words.collect(), 1.0);
    all.extend(scaled(concepts.collect(), CONCEPT_LENGTH));
    all
}

/// How rare each place is. A text counts once, however often it is filed: filing must not make its words common.
fn rarity(plain: &[Cells], places: usize) -> Vec<f64> {
    let bits = |row: &Cells| -> Vec<(u32, u64)> {
        row.iter()
            .map(|(place, value)| (*place, value.to_bits()))
            .collect()
    };
    let distinct: BTreeSet<Vec<(u32, u64)>> = plain.iter().map(bits).collect();
    let mut texts = vec![0usize; places];
    for (place, _) in distinct.iter().flatten() {
        texts[*place as usize] += 1;
    }
    let all = distinct.len() as f64;
    texts
        .into_iter()
        .map(|count| ((1.0 + all) / (1.0 + count as f64)).ln() + 1.0)
        .collect()
}

fn cells<'n>(names: &[String], named: impl Iterator<Item = (&'n str, f64)>) -> Cells {
    let place = |name: &str| names.binary_search_by(|known| known.as_str().cmp(name)).ok();
    let mut cells: Cells = named
        .filter_map(|(name, value)| Some((place(name)? as u32, value)))
        .collect();
    cells.sort_unstable_by_key(|cell| cell.0);
    cells
}

fn weighed(plain: &Cells, rarity: &[f64]) -> Cells {
    let weighed = plain
        .iter()
        .map(|(place, value)| (*place, value * rarity[*place as usize]));
    scaled(weighed.collect(), 1.0)
}

/// Scales values to a length; nothing stays nothing.
fn scaled<K>(mut values: Vec<(K, f64)>, length: f64) -> Vec<(K, f64)> {
    let long = values.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
    if long > 0.0 {
        values.iter_mut().for_each(|(_, value)| *value *= length / long);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(tokens: &str, concepts: &str) -> Item {
        let owned = |text: &str| text.split_whitespace().map(Into::into).collect();
        Item {
            tokens: owned(tokens),
            concepts: owned(concepts),
            ..Item::default()
        }
    }

    fn space(items: &[Item]) -> Space {
        Space::of(items, std::iter::empty())
    }

    #[test]
    fn a_profile_is_near_its_tickets_and_far_from_others() {
        let items = [
            item("renew certificate gateway", "renew"),
            item("renew certificate broker", "renew"),
            item("lunch menu", ""),
        ];
        let space = space(&items);
        let centre = space.centre(&space.profile(&[0, 1]));
        let near = |item| cosine(space.row(item), &centre);
        assert!(near(0) > 0.8 && near(1) > 0.8 && near(2) < 1e-9);
    }

    #[test]
    fn the_centre_of_tickets_is_that_of_their_profile() {
        let items = [
            item("renew certificate certificate gateway", "renew"),
            item("renew certificate broker", "renew"),
            item("lunch menu", ""),
        ];
        let space = space(&items);
        for members in [&[0, 1][..], &[0, 2], &[2], &[]] {
            assert_eq!(space.centre_of(members), space.centre(&space.profile(members)));
        }
    }

    #[test]
    fn a_profile_reads_back_as_it_was_written() {
        let items = [
            item("renew certificate certificate gateway", "renew"),
            item("renew dns", ""),
        ];
        let profile = space(&items).profile(&[0, 1]);
        let written = serde_json::to_string(&profile).unwrap();
        assert_eq!(serde_json::from_str::<Profile>(&written).unwrap(), profile);
    }

    #[test]
    fn filing_a_text_again_makes_no_word_common() {
        let once = [item("renew dns", ""), item("vpn", "")];
        let often = [once[0].clone(), once[1].clone(), once[0].clone(), once[0].clone()];
        assert_eq!(space(&once).rarity, space(&often).rarity);
    }

    #[test]
    fn nothing_is_near_nothing() {
        let space = space(&[item("", ""), item("dns", "")]);
        assert!(cosine(space.row(0), &space.centre(&Profile::default())).abs() < 1e-9);
    }
}
