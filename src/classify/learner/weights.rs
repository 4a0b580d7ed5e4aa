//! Trained weights as they are shipped: one byte a weight, read in place, so that starting costs nothing.
//!
//! The head for patterns is a list of rows, ascending by feature key: the key, then one signed byte a class. A common
//! scale turns bytes into weights; rounding to bytes moves a score by a few thousandths. A head for sub-patterns knows
//! some of the same features: it has a bit for each, and the weights of those whose bit is set. So a ticket, which asks
//! for a thousand keys, is looked up once. All numbers are little-endian.

use std::collections::BTreeMap;

use crate::classify::learner::ranks::Ranks;
use crate::classify::learner::train::Fit;

/// Classes that are added up at once.
const LANES: usize = 8;
/// First bits of a key by which most of the unknown are told: a sixteenth of a million slots is taken.
const PREFIX: u32 = 20;
/// Bytes of a key.
const KEY: usize = 4;

/// The classifier of patterns: it knows features by their keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Its classes and the rows of weights, each behind the key of its feature.
    scorer: Scorer,
    /// First bits of the keys.
    prefixes: Ranks,
}

/// The classifier of the sub-patterns of one pattern: it knows some of the features of the head for patterns.
#[derive(Debug, Clone, PartialEq)]
pub struct SubHead {
    scorer: Scorer,
    /// Places of its features in the head for patterns.
    members: Ranks,
}

/// Classes, and rows of weights for them.
#[derive(Debug, Clone, PartialEq)]
struct Scorer {
    classes: Vec<String>,
    scale: f64,
    bias: Vec<f64>,
    /// Bytes before the weights of a row.
    skipped: usize,
    rows: &'static [u8],
}

/// A feature of a row that the head for patterns knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// Its place in the row.
    pub(super) place: u32,
    /// Its place in the head.
    feature: u32,
}

/// Why shipped weights cannot be read: they end too early, or hold something that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the shipped weights are damaged")]
pub struct Damaged;

impl Head {
    /// Ids of its classes.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.scorer.classes
    }

    /// Adds what a row scores for each class, and returns what is known of the row.
    ///
    /// The weights are larger than the caches that are near, and each key is somewhere else in them. So a row is gone
    /// over three times (may it be there, is it, what does it weigh): then no key waits for the memory of another.
    pub(super) fn add(&self, row: &[(u32, f64)], scores: &mut [f64]) -> Vec<Known> {
        let mut known: Vec<Known> = (0..)
            .zip(row)
            .filter_map(|(place, (key, _))| {
                let feature = self.prefixes.rank(prefix(*key))?;
                Some(Known { place, feature })
            })
            .collect();
        known.retain_mut(|known| {
            let key = row[known.place as usize].0;
            // Keys with the same first bits stand behind each other.
            while self.key(known.feature).is_some_and(|other| other < key) {
                known.feature += 1;
            }
            self.key(known.feature) == Some(key)
        });
        let each = known.iter().map(|known| (known.feature, known.place));
        self.scorer.add(row, each, scores);
        known
    }

    /// The weights of one feature for each class.
    pub(super) fn each_weight(&self, known: Known) -> impl Iterator<Item = f64> {
        let weights = self.scorer.row(known.feature).unwrap_or_default();
        weights[..self.scorer.classes.len().min(weights.len())]
            .iter()
            .map(|weight| f64::from(weight.cast_signed()) * self.scorer.scale)
    }

    /// The key of the feature at a place.
    fn key(&self, feature: u32) -> Option<u32> {
        let start = feature as usize * self.scorer.stride();
        let key = self.scorer.rows.get(start..)?.first_chunk()?;
        Some(u32::from_le_bytes(*key))
    }

    /// Reads a head and moves on to what follows it.
    ///
    /// # Errors
    ///
    /// [`Damaged`] if the bytes end too early.
    pub fn read(bytes: &mut &'static [u8]) -> Result<Self, Damaged> {
        let mut scorer = Scorer::read(KEY, bytes)?;
        let count = u32::from_le_bytes(take(bytes)?) as usize;
        scorer.rows = cut(count * scorer.stride(), bytes)?;
        let keys = scorer
            .rows
            .chunks_exact(scorer.stride())
            .filter_map(<[u8]>::first_chunk);
        let prefixes = keys.map(|key| prefix(u32::from_le_bytes(*key)));
        Ok(Self {
            prefixes: Ranks::of(1 << PREFIX, prefixes),
            scorer,
        })
    }
}

impl SubHead {
    /// Ids of its classes; empty for "none of them".
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.scorer.classes
    }

    /// Adds what a row scores for each class, by what is known of it.
    pub(super) fn add(&self, row: &[(u32, f64)], known: &[Known], scores: &mut [f64]) {
        let each = known
            .iter()
            .filter_map(|known| Some((self.members.rank(known.feature as usize)?, known.place)));
        self.scorer.add(row, each, scores);
    }

    /// Reads a head and moves on to what follows it.
    ///
    /// # Errors
    ///
    /// [`Damaged`] if the bytes end too early.
    pub fn read(bytes: &mut &'static [u8]) -> Result<Self, Damaged> {
        let mut scorer = Scorer::read(0, bytes)?;
        let words = u32::from_le_bytes(take(bytes)?) as usize;
        let members = Ranks::of_bits(cut(words * 8, bytes)?.as_chunks().0);
        scorer.rows = cut(members.len() * scorer.stride(), bytes)?;
        Ok(Self { scorer, members })
    }
}

impl Scorer {
    /// Bytes of a row.
    fn stride(&self) -> usize {
        self.skipped + self.classes.len()
    }

    /// The weights of a row, and what follows them.
    fn row(&self, at: u32) -> Option<&'static [u8]> {
        self.rows.get(at as usize * self.stride() + self.skipped..)
    }

    /// Adds for each class where it starts from, and the weights of some rows, given with places in `row`.
    fn add(&self, row: &[(u32, f64)], each: impl Iterator<Item = (u32, u32)> + Clone, scores: &mut [f64]) {
        for (score, bias) in scores.iter_mut().zip(&self.bias) {
            *score += bias;
        }
        for (nth, scores) in scores.chunks_mut(LANES).enumerate() {
            let mut sums = [0.0; LANES];
            for (at, place) in each.clone() {
                let strength = row[place as usize].1 * self.scale;
                let Some(weights) = self.row(at).and_then(|weights| weights.get(nth * LANES..)) else {
                    continue;
                };
                let mut add = |weights: &[u8]| {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += strength * f64::from(weight.cast_signed());
                    }
                };
                // What stands behind the last class is added to sums that nobody reads: all lanes at once is faster.
                match weights.first_chunk::<LANES>() {
                    Some(lanes) => add(lanes),
                    None => add(weights),
                }
            }
            for (score, sum) in scores.iter_mut().zip(sums) {
                *score += sum;
            }
        }
    }

    /// Reads all but the rows.
    fn read(skipped: usize, bytes: &mut &'static [u8]) -> Result<Self, Damaged> {
        let classes = usize::from(take::<1>(bytes)?[0]);
        let classes: Vec<String> = (0..classes).map(|_| read_text(bytes)).collect::<Result<_, _>>()?;
        let scale = f64::from_le_bytes(take(bytes)?);
        let bias = classes
            .iter()
            .map(|_| take(bytes).map(f64::from_le_bytes))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            classes,
            scale,
            bias,
            skipped,
            rows: &[],
        })
    }
}

fn prefix(key: u32) -> usize {
    (key >> (32 - PREFIX)) as usize
}

/// Fitted weights as bytes, by the keys of their features; features whose weights all round to nothing are left out.
pub struct Rounded<'c> {
    classes: &'c [String],
    scale: f64,
    bias: Vec<f64>,
    rows: BTreeMap<u32, Vec<u8>>,
}

impl<'c> Rounded<'c> {
    /// Rounds a fit.
    #[must_use]
    pub fn of(classes: &'c [String], fit: &Fit) -> Self {
        let largest = fit.weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a weight divided by the scale lies within a signed byte"
        )]
        let byte = |weight: &f64| ((weight / scale).round() as i8).cast_unsigned();
        let weights = fit.weights.chunks_exact(classes.len().max(1));
        let rows = fit.keys.iter().zip(weights);
        Self {
            classes,
            scale,
            // Sums of many roundings: keep what is certain, so that a last bit cannot differ between machines.
            bias: fit.bias.iter().map(|bias| (bias * 1e4).round() / 1e4).collect(),
            rows: rows
                .map(|(key, weights)| (*key, weights.iter().map(byte).collect::<Vec<u8>>()))
                .filter(|(_, weights)| weights.iter().any(|weight| *weight != 0))
                .collect(),
        }
    }

    /// Makes features known that only heads for sub-patterns weigh.
    pub fn know(&mut self, subs: &[Rounded<'_>]) {
        for key in subs.iter().flat_map(|sub| sub.rows.keys()) {
            let nothing = || vec![0; self.classes.len()];
            self.rows.entry(*key).or_insert_with(nothing);
        }
    }

    /// Writes the head for patterns.
    pub fn write(&self, out: &mut Vec<u8>) {
        self.write_scorer(out);
        out.extend(u32::try_from(self.rows.len()).unwrap_or(u32::MAX).to_le_bytes());
        for (key, weights) in &self.rows {
            out.extend(key.to_le_bytes());
            out.extend(weights);
        }
    }

    /// Writes a head for sub-patterns, which knows no feature that the one for patterns does not.
    pub fn write_sub(&self, patterns: &Self, out: &mut Vec<u8>) {
        self.write_scorer(out);
        let mut words = vec![0_u64; patterns.rows.len().div_ceil(64)];
        for (at, key) in patterns.rows.keys().enumerate() {
            words[at / 64] |= u64::from(self.rows.contains_key(key)) << (at % 64);
        }
        out.extend(u32::try_from(words.len()).unwrap_or(u32::MAX).to_le_bytes());
        words.iter().for_each(|word| out.extend(word.to_le_bytes()));
        self.rows.values().for_each(|weights| out.extend(weights));
    }

    fn write_scorer(&self, out: &mut Vec<u8>) {
        out.push(u8::try_from(self.classes.len()).unwrap_or(u8::MAX));
        self.classes.iter().for_each(|class| write_text(class, out));
        out.extend(self.scale.to_le_bytes());
        self.bias.iter().for_each(|bias| out.extend(bias.to_le_bytes()));
    }
}

/// Takes the first bytes off.
pub(super) fn take<const N: usize>(bytes: &mut &'static [u8]) -> Result<[u8; N], Damaged> {
    let (first, rest) = bytes.split_first_chunk::<N>().ok_or(Damaged)?;
    *bytes = rest;
    Ok(*first)
}

fn cut(length: usize, bytes: &mut &'static [u8]) -> Result<&'static [u8], Damaged> {
    let (first, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
    *bytes = rest;
    Ok(first)
}

/// Reads a short text.
pub(super) fn read_text(bytes: &mut &'static [u8]) -> Result<String, Damaged> {
    let length = usize::from(take::<1>(bytes)?[0]);
    String::from_utf8(cut(length, bytes)?.to_vec()).map_err(|_| Damaged)
}

/// Writes a short text; ids are shorter than 256 bytes.
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    let text = &text.as_bytes()[..text.len().min(255)];
    out.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
    out.extend(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// A fit that knows these keys, with weights by key and class.
    fn fit(classes: usize, keys: &BTreeSet<u32>) -> Fit {
        let weight = |key: u32, class: usize| f64::from(key % 251) - 125.0 + class as f64;
        Fit {
            weights: keys
                .iter()
                .flat_map(|key| (0..classes).map(|class| weight(*key, class)))
                .collect(),
            bias: vec![0.5; classes],
            keys: keys.iter().copied().collect(),
        }
    }

    fn names(classes: usize) -> Vec<String> {
        (0..classes).map(|class| class.to_string()).collect()
    }

    /// Two heads as they are read after they were written.
    fn heads(patterns: (usize, &BTreeSet<u32>), subs: (usize, &BTreeSet<u32>)) -> (Head, SubHead) {
        let (classes, of) = (names(patterns.0), names(subs.0));
        let mut rounded = Rounded::of(&classes, &fit(patterns.0, patterns.1));
        let sub = [Rounded::of(&of, &fit(subs.0, subs.1))];
        rounded.know(&sub);
        let mut bytes = Vec::new();
        rounded.write(&mut bytes);
        sub[0].write_sub(&rounded, &mut bytes);
        let mut bytes: &'static [u8] = bytes.leak();
        let read = (
            Head::read(&mut bytes).expect("as it was written"),
            SubHead::read(&mut bytes).expect("as it was written"),
        );
        assert!(bytes.is_empty());
        read
    }

    /// What a fit scores, which bytes come near.
    fn scored(fit: &Fit, row: &[(u32, f64)]) -> Vec<f64> {
        let mut scores = vec![0.0; fit.bias.len()];
        fit.add(row, &mut scores);
        scores
    }

    fn near(found: &[f64], expected: &[f64], row: &[(u32, f64)]) -> bool {
        let room = 1e-9 + row.len() as f64 * 0.25;
        found
            .iter()
            .zip(expected)
            .all(|(one, other)| (one - other).abs() <= room)
    }

    proptest! {
        #[test]
        fn heads_score_as_the_fits_that_they_were_made_of(
            classes in (1_usize..20, 1_usize..20),
            // Many keys with the same first bits, and some others.
            keys in prop::collection::btree_set(prop_oneof![0_u32..9_000, any::<u32>()], 1..80),
            more in prop::collection::btree_set(prop_oneof![0_u32..9_000, any::<u32>()], 1..40),
            others in prop::collection::btree_set(any::<u32>(), 0..20),
        ) {
            let (head, sub) = heads((classes.0, &keys), (classes.1, &more));
            let asked: BTreeSet<u32> = keys.iter().chain(&more).chain(&others).copied().collect();
            let row: Vec<(u32, f64)> = asked.into_iter().map(|key| (key, 0.25)).collect();
            let mut scores = vec![0.0; classes.0];
            let known = head.add(&row, &mut scores);
            prop_assert!(near(&scores, &scored(&fit(classes.0, &keys), &row), &row));
            let mut of_subs = vec![0.0; classes.1];
            sub.add(&row, &known, &mut of_subs);
            prop_assert!(near(&of_subs, &scored(&fit(classes.1, &more), &row), &row));
            for known in &known {
                let key = row[known.place as usize].0;
                prop_assert!(keys.contains(&key) || more.contains(&key));
                prop_assert_eq!(head.each_weight(*known).count(), classes.0);
            }
        }
    }

    #[test]
    fn what_ends_too_early_is_damaged() {
        let keys = BTreeSet::from([1, 2, 3]);
        let classes = names(2);
        let mut bytes = Vec::new();
        Rounded::of(&classes, &fit(2, &keys)).write(&mut bytes);
        let bytes: &'static [u8] = bytes.leak();
        for end in 0..bytes.len() {
            assert_eq!(Head::read(&mut &bytes[..end]), Err(Damaged), "{end}");
        }
    }
}
