//! Trained weights as they are shipped: one byte a weight, read in place, so that starting costs nothing.
//!
//! A head is a table from feature keys, ascending, to one signed byte a class; a common scale turns bytes into
//! weights. A ticket asks for a thousand keys several times over, so a key is looked up by its first bits. Rounding to bytes moves a score by a few thousandths. All numbers are little-endian.

use std::ops::Range;

use crate::classify::learner::train::Fit;

/// Classes that are added up at once.
const LANES: usize = 8;

/// One trained classifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Ids of its classes; empty for "none of them".
    pub classes: Vec<String>,
    scale: f64,
    bias: Vec<f64>,
    keys: &'static [[u8; 4]],
    /// Where the keys with the same first bits begin in `keys`, and where the last of them end.
    starts: Vec<u32>,
    weights: &'static [u8],
}

/// A feature of a row that a head knows.
#[derive(Debug, Clone, Copy)]
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
    /// Adds what a row scores for each class.
    pub fn add(&self, row: &[(u32, f64)], scores: &mut [f64]) {
        self.add_and_keep(row, scores);
    }

    /// Does the same, and returns what it knows of the row.
    ///
    /// The weights are larger than the caches that are near, and each key is somewhere else in them. So a row is gone
    /// over three times (where to look, what is there, what it weighs): then no key waits for the memory of another.
    pub(super) fn add_and_keep(&self, row: &[(u32, f64)], scores: &mut [f64]) -> Vec<Known> {
        for (score, bias) in scores.iter_mut().zip(&self.bias) {
            *score += bias;
        }
        let near: Vec<Range<usize>> = row.iter().map(|(key, _)| self.near(*key)).collect();
        let found = (0..).zip(row.iter().zip(near));
        let known: Vec<Known> = found
            .filter_map(|(place, ((key, _), near))| {
                let feature = self.place_of(*key, near)?;
                Some(Known { place, feature })
            })
            .collect();
        for (nth, scores) in scores.chunks_mut(LANES).enumerate() {
            self.add_lanes(row, &known, nth * LANES, scores);
        }
        known
    }

    /// Adds what a row scores for a few classes, the first of which is given.
    fn add_lanes(&self, row: &[(u32, f64)], known: &[Known], first: usize, scores: &mut [f64]) {
        let mut sums = [0.0; LANES];
        for (sum, score) in sums.iter_mut().zip(&*scores) {
            *sum = *score;
        }
        for known in known {
            let strength = row[known.place as usize].1 * self.scale;
            let weights = &self.weights[known.feature as usize * self.classes.len() + first..];
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
            *score = sum;
        }
    }

    /// The weights of one feature for each class.
    pub(super) fn each_weight(&self, known: &Known) -> impl Iterator<Item = f64> {
        let classes = self.classes.len();
        let start = known.feature as usize * classes;
        self.weights[start..start + classes]
            .iter()
            .map(|weight| f64::from(weight.cast_signed()) * self.scale)
    }

    /// Where a key may stand: keys are hashes, so their first bits leave a few.
    fn near(&self, key: u32) -> Range<usize> {
        let starts = self.starts.get(first_bits(key, self.keys.len())..);
        let [start, end] = starts.and_then(<[u32]>::first_chunk).unwrap_or(&[0; 2]);
        *start as usize..*end as usize
    }

    /// The place of a key among those near it. The first few are compared without a branch: how many there are is as
    /// random as a hash, and a wrong guess costs more than the comparisons.
    fn place_of(&self, key: u32, near: Range<usize>) -> Option<u32> {
        const COMPARED: usize = 4;
        let is_key = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes) == key;
        let mut rest = near.clone();
        if let Some(first) = self.keys.get(near.start..)?.first_chunk::<COMPARED>() {
            let mut found = COMPARED;
            for (at, bytes) in first.iter().enumerate() {
                found = if is_key(bytes) { at } else { found };
            }
            if found < COMPARED {
                return u32::try_from(near.start + found).ok();
            }
            rest.start += COMPARED;
        }
        let at = self.keys.get(rest.clone())?.iter().position(is_key)?;
        u32::try_from(rest.start + at).ok()
    }

    /// Reads a head and moves on to what follows it.
    ///
    /// # Errors
    ///
    /// [`Damaged`] if the bytes end too early.
    pub fn read(bytes: &mut &'static [u8]) -> Result<Self, Damaged> {
        let classes = usize::from(take::<1>(bytes)?[0]);
        let classes: Vec<String> = (0..classes).map(|_| read_text(bytes)).collect::<Result<_, _>>()?;
        let scale = f64::from_le_bytes(take(bytes)?);
        let bias = classes
            .iter()
            .map(|_| take(bytes).map(f64::from_le_bytes))
            .collect::<Result<_, _>>()?;
        let count = u32::from_le_bytes(take(bytes)?) as usize;
        let (keys, rest) = bytes.split_at_checked(count * 4).ok_or(Damaged)?;
        let (weights, rest) = rest.split_at_checked(count * classes.len()).ok_or(Damaged)?;
        *bytes = rest;
        let keys = keys.as_chunks().0;
        Ok(Self {
            classes,
            scale,
            bias,
            keys,
            starts: starts(keys),
            weights,
        })
    }
}

/// The first bits of a key: as many as make half as many buckets as there are keys, or a quarter.
fn first_bits(key: u32, keys: usize) -> usize {
    let bits = keys.checked_ilog2().unwrap_or(0).saturating_sub(1);
    (u64::from(key) >> (32 - bits)) as usize
}

/// Counts where the keys of each bucket begin; the keys are ascending.
fn starts(keys: &[[u8; 4]]) -> Vec<u32> {
    let mut starts = vec![0; first_bits(u32::MAX, keys.len()) + 2];
    for key in keys {
        starts[first_bits(u32::from_le_bytes(*key), keys.len()) + 1] += 1;
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total;
    }
    starts
}

/// Writes a fit as a head; features whose weights all round to nothing are left out.
pub fn write(classes: &[String], fit: &Fit, out: &mut Vec<u8>) {
    let largest = fit.weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a weight divided by the scale lies within a signed byte"
    )]
    let byte = |weight: &f64| (weight / scale).round() as i8;
    let rows: Vec<(u32, Vec<i8>)> = fit
        .keys
        .iter()
        .zip(fit.weights.chunks_exact(classes.len().max(1)))
        .map(|(key, weights)| (*key, weights.iter().map(byte).collect::<Vec<i8>>()))
        .filter(|(_, weights)| weights.iter().any(|weight| *weight != 0))
        .collect();
    out.push(u8::try_from(classes.len()).unwrap_or(u8::MAX));
    classes.iter().for_each(|class| write_text(class, out));
    out.extend(scale.to_le_bytes());
    // Sums of many roundings: keep what is certain, so that a last bit cannot differ between machines.
    fit.bias
        .iter()
        .for_each(|bias| out.extend(((bias * 1e4).round() / 1e4).to_le_bytes()));
    out.extend(u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
    rows.iter().for_each(|(key, _)| out.extend(key.to_le_bytes()));
    rows.iter()
        .for_each(|(_, weights)| out.extend(weights.iter().map(|weight| weight.cast_unsigned())));
}

/// Takes the first bytes off.
pub(super) fn take<const N: usize>(bytes: &mut &'static [u8]) -> Result<[u8; N], Damaged> {
    let (first, rest) = bytes.split_first_chunk::<N>().ok_or(Damaged)?;
    *bytes = rest;
    Ok(*first)
}

/// Reads a short text.
pub(super) fn read_text(bytes: &mut &'static [u8]) -> Result<String, Damaged> {
    let length = usize::from(take::<1>(bytes)?[0]);
    let (text, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).map_err(|_| Damaged)
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

    /// A head of two classes that knows these keys; the weights of each are its place, and one less than nothing.
    fn head(keys: &[u32]) -> Head {
        let weights = (0..keys.len()).flat_map(|at| [f64::from(u8::try_from(at + 1).expect("few")), -1.0]);
        let fit = Fit {
            keys: keys.to_vec(),
            weights: weights.collect(),
            bias: vec![0.0; 2],
        };
        let mut bytes = Vec::new();
        write(&["a".to_owned(), "b".to_owned()], &fit, &mut bytes);
        Head::read(&mut &*bytes.leak()).expect("as it was written")
    }

    proptest! {
        #[test]
        fn a_row_adds_up_class_by_class(classes in 1_usize..20, keys in prop::collection::btree_set(0_u32..50, 1..30)) {
            let keys: Vec<u32> = keys.into_iter().collect();
            let weight = |at: usize| f64::from(u8::try_from(at * 7 % 255).expect("a byte")) - 127.0;
            let fit = Fit {
                weights: (0..keys.len() * classes).map(weight).collect(),
                bias: vec![0.5; classes],
                keys,
            };
            let mut bytes = Vec::new();
            write(&vec![String::new(); classes], &fit, &mut bytes);
            let head = Head::read(&mut &*bytes.leak()).expect("as it was written");
            let row: Vec<(u32, f64)> = (0..50).map(|key| (key, 0.25)).collect();
            let (mut scores, mut expected) = (vec![0.0; classes], vec![0.5; classes]);
            for known in head.add_and_keep(&row, &mut scores) {
                for (sum, weight) in expected.iter_mut().zip(head.each_weight(&known)) {
                    *sum += 0.25 * weight;
                }
            }
            for (score, sum) in scores.iter().zip(&expected) {
                prop_assert!((score - sum).abs() < 1e-9, "{scores:?} {expected:?}");
            }
        }

        #[test]
        fn a_key_is_found_by_its_first_bits_as_by_halving(
            keys in prop::collection::btree_set(any::<u32>(), 0..100),
            others in prop::collection::vec(any::<u32>(), 20),
        ) {
            let keys: Vec<u32> = keys.into_iter().collect();
            let head = head(&keys);
            for key in keys.iter().chain(&others).chain(&[0, u32::MAX]) {
                let place = keys.binary_search(key).ok();
                let known = head.add_and_keep(&[(*key, 1.0)], &mut [0.0; 2]);
                let found = known.first().and_then(|known| head.each_weight(known).next());
                let expected = place.map(|at| (at + 1) as f64);
                prop_assert_eq!(found.is_some(), expected.is_some());
                let near = found.zip(expected).is_none_or(|(found, expected)| (found - expected).abs() < 1.0);
                prop_assert!(near, "{found:?} {expected:?}");
            }
        }
    }
}
