//! Seeded normal scores for a simulation, and the percentiles of what comes out of it.
//!
//! The scores of every input are the same stratified grid in an order of its own (Latin hypercube sampling, McKay,
//! Beckman and Conover 1979): each input hits its percentiles exactly, so 4,000 draws do the work of many more.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

use super::model::Range3;
use crate::chance::{Marks, SHARES, normal_quantile};

/// Draws of a simulation.
pub(super) const DRAWS: usize = 4_000;

/// The scores that all inputs of a run are drawn from.
pub(super) struct Deck {
    seed: u64,
    scores: Vec<f64>,
}

impl Deck {
    pub(super) fn new(seed: u64) -> Self {
        let middle = |draw: usize| (draw as f64 + 0.5) / DRAWS as f64;
        Self {
            seed,
            scores: (0..DRAWS).map(|draw| normal_quantile(middle(draw))).collect(),
        }
    }

    /// Shuffles the scores for one input of one candidate.
    ///
    /// The order depends on the seed and the two names alone, so a candidate that comes, goes or changes never moves
    /// the figures of another.
    pub(super) fn scores(&self, candidate: &str, input: &str) -> Vec<f64> {
        let mut random = self.stream(candidate, input);
        let mut scores = self.scores.clone();
        for last in (1..scores.len()).rev() {
            let bound = last as u64 + 1;
            let pick = (u64::from(random.next_u32()) * bound) >> 32;
            scores.swap(last, pick as usize);
        }
        scores
    }

    /// Takes the percentiles of a figure that rises with the scores of a single input.
    pub(super) fn range(&self, rising: impl Fn(f64) -> f64) -> Range3 {
        let [p10, p50, p90] = SHARES.map(|share| {
            let (index, part) = place(DRAWS - 1, share);
            {
                let (below, above) = (rising(self.scores[index]), rising(self.scores[index + 1]));
                below + part * (above - below)
            }
        });
        Range3 { p10, p50, p90 }
    }

    fn stream(&self, candidate: &str, input: &str) -> Xoshiro256PlusPlus {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        // The length keeps ("a", "bc") and ("ab", "c") apart.
        hash.update((candidate.len() as u64).to_le_bytes());
        hash.update(candidate);
        hash.update(input);
        Xoshiro256PlusPlus::from_seed(hash.finalize().into())
    }
}

impl Range3 {
    /// Takes the three percentiles of some draws, interpolating between neighbours.
    ///
    /// All percentiles of nothing are 0.
    pub(super) fn of(draws: &[f64]) -> Self {
        let [p10, p50, p90] = Marks::of(draws).quantiles();
        Self { p10, p50, p90 }
    }
}

/// Where the quantile of a share lies when draws are counted up to `last`: after which draw, and how far.
fn place(last: usize, share: f64) -> (usize, f64) {
    let place = last as f64 * share;
    (place as usize, place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_has_the_same_scores_in_its_own_order() {
        let deck = Deck::new(7);
        let (mut minutes, mut volume) = (deck.scores("play", "minutes"), deck.scores("play", "volume"));
        assert_ne!(minutes, volume);
        assert_eq!(minutes, Deck::new(7).scores("play", "minutes"));
        minutes.sort_by(f64::total_cmp);
        volume.sort_by(f64::total_cmp);
        assert_eq!(minutes, volume);
    }

    #[test]
    fn names_and_seed_make_the_order() {
        let order = Deck::new(7).scores("ab", "c");
        assert_ne!(order, Deck::new(8).scores("ab", "c"));
        assert_ne!(order, Deck::new(7).scores("a", "bc"));
    }

    #[test]
    fn inputs_are_not_correlated() {
        let deck = Deck::new(1);
        let (left, right) = (deck.scores("p", "minutes"), deck.scores("p", "build"));
        let correlation = left.iter().zip(&right).map(|(a, b)| a * b).sum::<f64>() / DRAWS as f64;
        assert!(correlation.abs() < 0.05, "{correlation}");
    }

    #[test]
    fn what_rises_with_one_input_needs_no_draws() {
        let (deck, rising) = (Deck::new(3), |score: f64| (0.7 * score).exp());
        let draws: Vec<f64> = deck.scores("play", "minutes").into_iter().map(rising).collect();
        assert_eq!(deck.range(rising), Range3::of(&draws));
    }

    #[test]
    fn percentiles_lie_between_neighbours() {
        let range = Range3::of(&[5.0, 1.0, 2.0, 4.0, 3.0]);
        assert_eq!((range.p10, range.p50, range.p90), (1.4, 3.0, 4.6));
        assert_eq!(
            Range3::of(&[]),
            Range3 {
                p10: 0.0,
                p50: 0.0,
                p90: 0.0
            }
        );
        assert_eq!(
            Range3::of(&[2.0]),
            Range3 {
                p10: 2.0,
                p50: 2.0,
                p90: 2.0
            }
        );
    }
}
