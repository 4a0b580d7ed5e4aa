//! Seeded normal scores for a simulation, and the percentiles of what comes out of it.
//!
//! The scores of every input are the same stratified grid in an order of its own (Latin hypercube sampling, McKay,
//! Beckman and Conover 1979): each input hits its percentiles exactly, so 4,000 draws do the work of many more.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

use super::model::Range3;

/// Draws of a simulation.
pub(super) const DRAWS: usize = 4_000;

/// The percentiles of a range.
const SHARES: [f64; 3] = [0.1, 0.5, 0.9];

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
            between(rising(self.scores[index]), rising(self.scores[index + 1]), part)
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
    /// Takes the three percentiles of some draws, interpolating between neighbours (type 7 of Hyndman and Fan 1996).
    ///
    /// Reorders the draws. All percentiles of nothing are 0.
    pub(super) fn of(draws: &mut [f64]) -> Self {
        // What lies below one percentile is left out of the search for the next.
        let mut settled = 0;
        let [p10, p50, p90] = SHARES.map(|share| quantile(draws, share, &mut settled));
        Self { p10, p50, p90 }
    }
}

/// Finds a quantile of draws whose first `settled` are no higher than any other, and settles those below it.
fn quantile(draws: &mut [f64], share: f64, settled: &mut usize) -> f64 {
    let Some(last) = draws.len().checked_sub(1) else {
        return 0.0;
    };
    let (index, part) = place(last, share);
    let (_, &mut below, rest) = draws[*settled..].select_nth_unstable_by(index - *settled, f64::total_cmp);
    *settled = index;
    let above = rest.iter().copied().reduce(f64::min).unwrap_or(below);
    between(below, above, part)
}

/// Where the quantile of a share lies when draws are counted up to `last`: after which draw, and how far.
fn place(last: usize, share: f64) -> (usize, f64) {
    let place = last as f64 * share;
    (place as usize, place.fract())
}

fn between(below: f64, above: f64, part: f64) -> f64 {
    below + part * (above - below)
}

/// The inverse of the standard normal distribution, by the rational approximation of Acklam (2003), whose relative
/// error is below 1.2e-9.
fn normal_quantile(share: f64) -> f64 {
    const TAIL: f64 = 0.024_25;
    if share < TAIL {
        tail((-2.0 * share.ln()).sqrt())
    } else if share > 1.0 - TAIL {
        -tail((-2.0 * (1.0 - share).ln()).sqrt())
    } else {
        centre(share - 0.5)
    }
}

fn centre(from_middle: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const BELOW: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    let square = from_middle * from_middle;
    polynomial(&ABOVE, square) * from_middle / polynomial(&BELOW, square)
}

fn tail(depth: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const BELOW: [f64; 5] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    polynomial(&ABOVE, depth) / polynomial(&BELOW, depth)
}

/// Horner's scheme, highest power first.
fn polynomial(coefficients: &[f64], at: f64) -> f64 {
    coefficients
        .iter()
        .fold(0.0, |sum, coefficient| sum * at + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        for (share, wanted) in [
            (0.5, 0.0),
            (0.9, 1.281_551_566),
            (0.975, 1.959_963_985),
            (0.999, 3.090_232_306),
            (0.01, -2.326_347_874),
        ] {
            assert!((normal_quantile(share) - wanted).abs() < 1e-8, "{share}");
        }
    }

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
        let mut draws: Vec<f64> = deck.scores("play", "minutes").into_iter().map(rising).collect();
        assert_eq!(deck.range(rising), Range3::of(&mut draws));
    }

    #[test]
    fn percentiles_lie_between_neighbours() {
        let range = Range3::of(&mut [5.0, 1.0, 2.0, 4.0, 3.0]);
        assert_eq!((range.p10, range.p50, range.p90), (1.4, 3.0, 4.6));
        assert_eq!(
            Range3::of(&mut []),
            Range3 {
                p10: 0.0,
                p50: 0.0,
                p90: 0.0
            }
        );
        assert_eq!(
            Range3::of(&mut [2.0]),
            Range3 {
                p10: 2.0,
                p50: 2.0,
                p90: 2.0
            }
        );
    }
}
